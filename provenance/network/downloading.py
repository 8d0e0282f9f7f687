"""Fetching an audio file that a request names: from hosts that the operator allows, and no others.

``https`` alone, one request, no redirect, no cookies, no proxies; the host is one of those that
were named, and its address one of the open internet or the one that was given for it (SRV-023,
SRV-024). The name is resolved once and that address is used.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from http.client import HTTPResponse, IncompleteRead
from typing import BinaryIO
from urllib.parse import urlsplit

from provenance.model.errors import InputError, NetworkError, RefusedError, UsageError
from provenance.model.records import dataclass
from provenance.network.fetching import (
    HEADER_BYTES,
    Bounded,
    Route,
    connected,
    is_plain,
    opened,
    target_of,
    tls,
    told,
)
from provenance.network.hosts import host_of

TOO_LARGE = "url.too-large"
_TRANSIENT = frozenset({408, 425, 429})
"""Statuses of 4xx that say nothing of the file."""
_BLOCK = 64 * 1024
_OK, _REDIRECT, _FAULT = 200, 3, 5
_FROM = "Give an https address of a host's name, without user, password or port; a space is %20."


class NoFileError(NetworkError):
    """A host answered, with the HTTP ``status``, and not with the file.

    ``is_final`` where it will answer so again (SRV-033).
    """

    def __init__(self, message: str, status: int, *, is_final: bool) -> None:
        super().__init__(message)
        self.status, self.is_final = status, is_final


@dataclass(frozen=True)
class Address:
    """Where a file is: a host of the operator's list, and what to ask it for."""

    host: str
    target: str


def address_of(url: str) -> Address:
    """The host and the target of an address; raises ``UsageError`` for one that is not taken."""
    if not url.isascii() or any(c <= " " or c == "\x7f" for c in url):
        raise _untaken("the address has a space, or another character that is written with %")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _untaken("this is no address") from error
    if parts.scheme != "https":
        raise _untaken("the address does not begin with https://")
    if "@" in parts.netloc:
        raise _untaken("the address has a user or a password")
    if port is not None:
        raise _untaken("the address has a port")
    return Address(host_of(parts.netloc), target_of(parts))


def _untaken(said: str) -> UsageError:
    return UsageError(said, hint=_FROM)


def download(
    address: Address, routes: Mapping[str, Route], into: BinaryIO, *, most: int, seconds: float
) -> int:
    """Write what the address gives into a file, at most ``most`` bytes; how many it was.

    ``routes`` are the hosts that are allowed. Raises ``UsageError`` for another host,
    ``NetworkError`` when the host does not give the file within ``seconds`` (``NoFileError``
    where it answered), ``RefusedError`` (``url.too-large``) for more bytes, and ``InputError``,
    caused by an ``OSError``, when they cannot be written.
    """
    host = address.host
    route = routes.get(host)
    if route is None:
        raise UsageError(f"{host}: is not a host that the operator allows")
    deadline = time.monotonic() + seconds
    with (
        told(host, seconds),
        connected(host, route, deadline) as plain,
        tls(route).wrap_socket(plain, server_hostname=host) as secure,
    ):
        source = Bounded(secure, deadline, most + HEADER_BYTES, TOO_LARGE)
        response = opened(host, address.target, "*/*", source)
        _require_file(host, response, most)
        return _copied(host, response, into, most)


def _require_file(host: str, response: HTTPResponse, most: int) -> None:
    status = response.status
    if status // 100 == _REDIRECT:
        said = f"{host}: names another address, which is not followed (HTTP status {status})"
        raise NoFileError(said, status, is_final=True)
    if status != _OK:
        said = f"{host}: does not give the file (HTTP status {status})"
        is_final = status // 100 != _FAULT and status not in _TRANSIENT
        raise NoFileError(said, status, is_final=is_final)
    if not is_plain(response):
        said = f"{host}: sends the file compressed, which was not asked for"
        raise NoFileError(said, status, is_final=True)
    if response.length is not None and response.length > most:
        raise RefusedError(TOO_LARGE)


def _copied(host: str, response: HTTPResponse, into: BinaryIO, most: int) -> int:
    size = 0
    while block := _block(host, response):
        size += len(block)
        if size > most:
            raise RefusedError(TOO_LARGE)
        try:
            into.write(block)
        except OSError as error:
            raise InputError(f"the file cannot be kept: {error.strerror}") from error
    if response.length:
        raise _broken_off(host)
    return size


def _block(host: str, response: HTTPResponse) -> bytes:
    """What comes next; empty at the end."""
    try:
        return response.read(_BLOCK)
    except (IncompleteRead, ConnectionError, ssl.SSLEOFError) as error:
        raise _broken_off(host) from error


def _broken_off(host: str) -> NetworkError:
    return NetworkError(f"{host}: broke off in the middle of the file")
