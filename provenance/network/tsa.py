"""Asking a time-stamping authority over HTTP (RFC 3161 3.4; spec 16.4).

``http://`` is allowed: the token is signed, and nothing is sent but a digest and a number.
Nothing is believed of the answer here; who asks also checks what came back. One request, no
redirect, no cookies, 10 seconds and 64 KiB in all.
"""

from __future__ import annotations

import time
from http.client import HTTPException, HTTPResponse
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPDefaultErrorHandler as _Errors
from urllib.request import HTTPErrorProcessor as _Statuses
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, OpenerDirector, Request

from provenance.model.errors import NetworkError, UsageError
from provenance.model.limits import DEFAULT_LIMITS

SECONDS = 10.0
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
_BLOCK = 8192
_ANOTHER = "Try again later, or name another authority."


class _Stay(HTTPRedirectHandler):
    """Follows nothing: a redirect is an answer like any other status."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        """No request."""
        del req, fp, code, msg, headers, newurl


def require_address(url: str) -> None:
    """Raise ``UsageError`` for anything but an ``http`` or ``https`` address without a password."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and url.isascii()
        good = good and parts.port != 0 and not any(c.isspace() or c < " " for c in url)
    except ValueError:
        good = False
    if not good:
        raise UsageError(
            f"{url}: is no address of a time-stamping authority",
            hint="It begins with https:// or http://.",
        )
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "the address of the authority holds a name or password",
            hint="Other users of this computer could read it; no authority needs it in a command.",
        )


def ask(url: str, query: bytes, seconds: float = SECONDS) -> bytes:
    """The authority's answer to a query, as it came.

    Raises ``UsageError`` for an address that is none, ``NetworkError`` when there is no answer
    in time or it is not a time-stamp reply.
    """
    require_address(url)
    opener = OpenerDirector()
    for handler in (HTTPHandler(), HTTPSHandler(), _Stay(), _Errors(), _Statuses()):
        opener.add_handler(handler)
    headers = {"Content-Type": _QUERY, "Accept": _REPLY, "User-Agent": "musicprov"}
    request = Request(url, data=query, headers=headers, method="POST")  # noqa: S310 -- checked above
    deadline = time.monotonic() + seconds
    try:
        with opener.open(request, timeout=seconds) as response:
            return _body(response, url, deadline)
    except HTTPError as error:
        error.close()
        raise NetworkError(f"{url}: answered {_status(error)}", hint=_ANOTHER) from error
    except (URLError, HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise NetworkError(f"{url}: could not be asked: {reason}", hint=_ANOTHER) from error


def _status(error: HTTPError) -> str:
    where = error.headers.get("Location") if 300 <= error.code < 400 else None
    return f"{error.code}, pointing to {where[:200]}" if where else str(error.code)


def _body(response: HTTPResponse, url: str, deadline: float) -> bytes:
    kind = response.headers.get_content_type()
    if kind != _REPLY:
        raise NetworkError(f"{url}: answered with {kind[:80]}, not a time-stamp", hint=_ANOTHER)
    body = b""
    while block := response.read1(_BLOCK):
        body += block
        if len(body) > DEFAULT_LIMITS.stamp_bytes:
            raise NetworkError(f"{url}: answered with more than a time-stamp", hint=_ANOTHER)
        if time.monotonic() > deadline:
            raise NetworkError(f"{url}: took too long to answer", hint=_ANOTHER)
    return body
