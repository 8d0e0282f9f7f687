"""What stores do, in words (BLK-042). A library's own text is never shown: it may hold secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from provenance.bulk._ranged import AGAIN, CHANGED, BrokenError
from provenance.model.errors import InputError, NetworkError, ProvError, UsageError

_CREDENTIALS = "Check the credentials, and what they may read."
_NOT_THERE = ("there is no such object", "Check the address; for all below a prefix end it with /.")
_NOT_ALLOWED = ("the store does not allow it to be read", _CREDENTIALS)
_NO_CREDENTIALS = (
    "there are no credentials for the store",
    "Set them in the environment, or give --storage-option anon=true for a public bucket.",
)
_LATE = ("the store gave no answer in time", "Try again later.")
_NOT_REACHED = ("the store cannot be reached", "Check the address, and your connection.")
_ITSELF = "Give the address of the file itself."
_NOT_PROVEN = (
    "the store cannot prove that it is this host",
    "For authorities of your own set SSL_CERT_FILE, or AWS_CA_BUNDLE for s3.",
)
_OF_LISTS = {
    _NOT_THERE: ("there is no such bucket or folder", "Check the address."),
    _NOT_ALLOWED: (
        "the store does not allow it to be listed",
        "Check the credentials, and what they may list.",
    ),
}
_STATUS = {
    401: _NOT_ALLOWED,
    403: _NOT_ALLOWED,
    404: _NOT_THERE,
    410: _NOT_THERE,
    412: (CHANGED, AGAIN),
    416: (CHANGED, AGAIN),
}
_KINDS = {
    "TooManyRedirects": ("leads from one address to the next without end", _ITSELF),
    "RedirectClientError": ("leads to what is no address on the web", _ITSELF),
    "ContentEncodingError": (
        "it cannot be unpacked as the server says that it is packed",
        "Ask whoever runs the server to send the file without Content-Encoding.",
    ),
    "FileExpired": (CHANGED, AGAIN),
    "FileNotFoundError": _NOT_THERE,
    "IsADirectoryError": _NOT_THERE,
    "PermissionError": _NOT_ALLOWED,
    "NoCredentialsError": _NO_CREDENTIALS,
    "PartialCredentialsError": _NO_CREDENTIALS,
    "ClientConnectorCertificateError": _NOT_PROVEN,
    "ClientConnectorSSLError": _NOT_PROVEN,
    "SSLCertVerificationError": _NOT_PROVEN,
    "SSLError": _NOT_PROVEN,
    "TimeoutError": _LATE,
    "FSTimeoutError": _LATE,
    "ConnectTimeoutError": _LATE,
    "ReadTimeoutError": _LATE,
    "ClientPayloadError": ("the store broke off while it was read", AGAIN),
    "IncompleteRead": ("the store broke off while it was read", AGAIN),
    "ServerDisconnectedError": _NOT_REACHED,
    "EndpointConnectionError": _NOT_REACHED,
    "ClientConnectorError": _NOT_REACHED,
    "ConnectionError": _NOT_REACHED,
}
"""By the name of a class, so that no library of a store has to be there."""
_OPTION = re.compile(r"unexpected keyword argument '(\w{1,60})'")
"""Python's and botocore's words for a name that a function does not take."""


@contextmanager
def telling(name: str, *, is_list: bool = False) -> Iterator[None]:
    """Turn what a store's libraries raise into a ``ProvError`` as ``said`` makes it.

    ``is_list`` where it is asked for the names of objects, not for one.
    """
    try:
        yield
    except BrokenError as error:
        raise error.said from error
    except ProvError:
        raise
    except Exception as error:  # a library's errors are of every kind
        raise said(name, error, is_list=is_list) from error


def said(name: str, error: BaseException, *, is_list: bool = False) -> ProvError:
    """The error in words: its HTTP status first, then what kind it or its cause is of.

    A ``UsageError`` for an option that the store does not know, an ``InputError`` for what is not
    there or may not be read, else a ``NetworkError``.
    """
    chain = list(_chain(error))
    option = next((o for o in map(_unknown_option, chain) if o), None)
    if option:
        hint = "Check --storage-option; write SCHEME.NAME for an option of one kind of store."
        return UsageError(f"{name}: the store knows no option '{option}'", hint=hint)
    status = status_of(error)
    found = _STATUS.get(status or 0) or next((k for k in map(_kind, chain) if k), None)
    kind = InputError if found in {_NOT_THERE, _NOT_ALLOWED} else NetworkError
    if found is None and status is not None:
        found = (f"the store does not give it (HTTP status {status})", "Try again later.")
    if found is None:
        hint = "Check the address and the options of the store."
        found = (f"the store does not give it ({type(error).__name__})", hint)
    what, hint = _OF_LISTS.get(found, found) if is_list else found
    return kind(f"{name}: {what}", hint=hint)


def _unknown_option(error: BaseException) -> str | None:
    found = _OPTION.search(str(error)) if isinstance(error, TypeError) else None
    return found[1] if found else None


def status_of(error: BaseException) -> int | None:
    """The HTTP status that an error of aiohttp or botocore, or its cause, is about."""
    return next((s for s in map(_status, _chain(error)) if s is not None), None)


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status", None)
    if isinstance(status, int):
        return status
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        return None
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return status if isinstance(status, int) else None


def _kind(error: BaseException) -> tuple[str, str] | None:
    return next((_KINDS[c.__name__] for c in type(error).__mro__ if c.__name__ in _KINDS), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """What caused an error first, at most eight deep."""
    found: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in found and len(found) < 8:
        found.append(at)
        at = at.__cause__
    return reversed(found)
