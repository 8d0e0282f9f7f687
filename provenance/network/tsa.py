"""Asking a time-stamping authority over HTTP (RFC 3161 3.4; spec 16.4).

``http://`` is allowed: the token is signed, and nothing is sent but a digest and a number.
Nothing is believed of the answer here; who asks also checks what came back. One request, no
redirect, no cookies, 10 seconds and 64 KiB in all.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from urllib.parse import SplitResult, urlsplit

from provenance.model.errors import NetworkError, RefusedError, UsageError
from provenance.model.limits import DEFAULT_LIMITS
from provenance.network.fetching import (
    HEADER_BYTES,
    Bounded,
    Route,
    opened,
    reached,
    resolved,
    target_of,
    tls,
)

SECONDS = 10.0
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
_OK, _TOO_LARGE = 200, "tsa.too-large"
_MOST = DEFAULT_LIMITS.stamp_bytes + HEADER_BYTES
_ANOTHER = "Try again later, or name another authority."


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
    parts, deadline = urlsplit(url), time.monotonic() + seconds
    try:
        with _connected(parts, deadline) as connection:
            source = Bounded(connection, deadline, _MOST, _TOO_LARGE)
            response = opened(parts.netloc, target_of(parts), _REPLY, source, (_QUERY, query))
            return _body(response, url)
    except RefusedError as error:
        raise NetworkError(f"{url}: answered with more than a time-stamp", hint=_ANOTHER) from error
    except TimeoutError as error:
        raise NetworkError(f"{url}: took too long to answer", hint=_ANOTHER) from error
    except (HTTPException, OSError, ValueError) as error:
        raise NetworkError(f"{url}: could not be asked: {error}", hint=_ANOTHER) from error


@contextmanager
def _connected(parts: SplitResult, deadline: float) -> Iterator[socket.socket]:
    host, is_secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    with reached([(one, port) for one in resolved(host, deadline)], deadline) as plain:
        if not is_secure:
            yield plain
            return
        with tls(Route()).wrap_socket(plain, server_hostname=host) as secure:
            yield secure


def _body(response: HTTPResponse, url: str) -> bytes:
    if response.status != _OK:
        raise NetworkError(f"{url}: answered {_status(response)}", hint=_ANOTHER)
    kind = response.headers.get_content_type()
    if kind != _REPLY:
        raise NetworkError(f"{url}: answered with {kind[:80]}, not a time-stamp", hint=_ANOTHER)
    body = response.read(DEFAULT_LIMITS.stamp_bytes + 1)
    if len(body) > DEFAULT_LIMITS.stamp_bytes:
        raise RefusedError(_TOO_LARGE)
    return body


def _status(response: HTTPResponse) -> str:
    where = response.headers.get("Location") if 300 <= response.status < 400 else None
    return f"{response.status}, pointing to {where[:200]}" if where else str(response.status)
