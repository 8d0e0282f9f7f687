"""Fetching an audio file that a request names: from hosts that the operator allows, and no others.

``https`` alone, one request, no redirect, no cookies, no proxies; the host is one of those that
were named, and its address one of the open internet or the one that was given for it (SRV-023,
SRV-024). The name is resolved once and that address is used.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
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
_BLOCK = 64 * 1024
_OK = 200
_FROM = "Give an https address of a host's name, without user, password or port; a space is %20."


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
    ``NetworkError`` when the host does not give the file within ``seconds``, and
    ``RefusedError`` (``url.too-large``) for more bytes.
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
        return _copied(response, into, most)


def _require_file(host: str, response: HTTPResponse, most: int) -> None:
    if response.status != _OK:
        raise NetworkError(f"{host}: does not give the file (HTTP status {response.status})")
    if not is_plain(response):
        raise NetworkError(f"{host}: sends the file compressed, which was not asked for")
    if response.length is not None and response.length > most:
        raise RefusedError(TOO_LARGE)


def _copied(response: HTTPResponse, into: BinaryIO, most: int) -> int:
    size = 0
    while block := response.read(_BLOCK):
        size += len(block)
        if size > most:
            raise RefusedError(TOO_LARGE)
        try:
            into.write(block)
        except OSError as error:
            raise InputError(f"no room for the file: {error.strerror}") from error
    if response.length:
        raise HTTPException("broke off")
    return size
