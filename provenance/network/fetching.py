"""Fetching the key directory of a domain: one request, within bounds (spec 18.3, DIR).

Nothing that verifies imports this. The name is resolved once and that address is used, so it
cannot lead elsewhere between the look and the leap. No redirect is followed; there are no
cookies and no proxies; what the environment says about proxies is not read.
"""

from __future__ import annotations

import io
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import SplitResult

from provenance.model.errors import InputError, NetworkError, RefusedError
from provenance.model.records import dataclass
from provenance.network.hosts import is_public
from provenance.wire.digests import digest_of

PATH = "/.well-known/musicprov-keys.json"
MEDIA_TYPES = ("application/jwk-set+json", "application/json")
MAX_BYTES = 64 * 1024
SECONDS = 10.0
HEADER_BYTES = 16 * 1024
"""The most that the head of an answer may take."""
_TOO_LARGE = "directory.too-large"
_PORT = 443
_OK, _REDIRECT = 200, 3


@dataclass(frozen=True)
class Route:
    """How to reach a host in one's own network: where it is, and who signs its certificates."""

    address: tuple[str, int] | None = None
    """Instead of asking for the name's address; it may be private, for the user said it."""
    authorities: Path | None = None
    """PEM file of the authorities that the server's certificate may come from."""


@dataclass(frozen=True)
class Fetched:
    """What a host served: the bytes, and the digest of the certificate that it showed."""

    host: str
    body: bytes
    certificate: str


def fetch_directory(host: str, route: Route | None = None) -> Fetched:
    """The bytes of the host's key directory; ``host`` is one of ``hosts.host_of``.

    Raises ``NetworkError`` when the host cannot be reached, does not prove its name or does not
    answer as it must (DIR-011 to DIR-015), ``RefusedError`` for an answer that is too large.
    """
    route = route or Route()
    deadline = time.monotonic() + SECONDS
    with told(host, SECONDS), connected(host, route, deadline) as plain:
        context = tls(route)
        with context.wrap_socket(plain, server_hostname=host) as secure:
            certificate = secure.getpeercert(binary_form=True) or b""
            body = _asked(host, secure, deadline)
    return Fetched(host, body, digest_of(certificate))


@contextmanager
def told(host: str, seconds: float) -> Iterator[None]:
    """Turn what the network does into words that say what happened, as ``NetworkError``."""
    try:
        yield
    except TimeoutError as error:
        raise NetworkError(
            f"{host}: gave no whole answer within {seconds:.0f} seconds", hint="Try again later."
        ) from error
    except ssl.SSLCertVerificationError as error:
        raise NetworkError(
            f"{host}: cannot prove that it is this host: {error.verify_message}",
            hint="Do not go on: ask the owner, by another way.",
        ) from error
    except (ssl.SSLError, HTTPException, ValueError) as error:  # ValueError: odd chunk sizes
        raise NetworkError(f"{host}: does not speak HTTPS as it should") from error
    except OSError as error:
        raise NetworkError(
            f"{host}: cannot be reached ({error.strerror or error})",
            hint="Check the name, and your connection.",
        ) from error


def tls(route: Route) -> ssl.SSLContext:
    """The checks of a server's certificate. Raises ``InputError`` for no authorities."""
    try:
        context = ssl.create_default_context(cafile=route.authorities)
    except (OSError, ssl.SSLError) as error:
        hint = "Name a file of certificates in PEM."
        raise InputError(
            f"{route.authorities}: holds no certificates that can be read", hint=hint
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


@contextmanager
def connected(host: str, route: Route, deadline: float) -> Iterator[socket.socket]:
    """A connection to the host, at an address of the open internet or at the route's own."""
    addresses = [route.address] if route.address else _public_addresses(host, deadline)
    with reached(addresses, deadline) as plain:
        yield plain


@contextmanager
def reached(addresses: Sequence[tuple[str, int]], deadline: float) -> Iterator[socket.socket]:
    """A connection to the first of the addresses that takes it; raises ``OSError`` for none."""
    failed: OSError = OSError("it has no address")
    for number, (address, port) in enumerate(addresses):
        rest = _left(deadline) / (len(addresses) - number)
        try:
            plain = socket.create_connection((address, port), timeout=rest)
        except OSError as error:
            failed = error
            continue
        with plain:
            plain.settimeout(_left(deadline))
            yield plain
            return
    raise failed


def _public_addresses(host: str, deadline: float) -> list[tuple[str, int]]:
    """The name's addresses, asked for once; one that is not public refuses the name."""
    found = resolved(host, deadline)
    private = [address for address in found if not is_public(address)]
    if private:
        raise NetworkError(
            f"{host}: leads to {private[0]}, which is not on the open internet",
            hint="For a host in your own network give its --address.",
        )
    return [(address, _PORT) for address in found]


def resolved(host: str, deadline: float) -> list[str]:
    """Ask the system's resolver, which has no bound of its own, in a thread that is left behind."""
    answer: list[Any] = []

    def ask() -> None:
        try:
            answer.append(socket.getaddrinfo(host, _PORT, type=socket.SOCK_STREAM))
        except OSError as error:
            answer.append(error)

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_left(deadline))
    if not answer:
        raise TimeoutError
    if isinstance(answer[0], OSError):
        raise answer[0]
    entries: Sequence[Any] = answer[0]
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class Bounded(io.RawIOBase):
    """What a socket gives until a deadline, and not more than a number of bytes.

    What is more raises ``RefusedError`` with ``rule``.
    """

    def __init__(self, source: socket.socket, deadline: float, limit: int, rule: str) -> None:
        self.source, self.deadline, self.limit, self.rule = source, deadline, limit, rule

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """What comes next, at the socket's pace."""
        if self.limit <= 0:
            raise RefusedError(self.rule)
        self.source.settimeout(_left(self.deadline))
        count = self.source.recv_into(memoryview(buffer)[: self.limit])
        self.limit -= count
        return count

    def makefile(self, mode: str) -> io.BufferedReader:
        """Stands for the socket to ``HTTPResponse``, which asks for a file."""
        del mode
        return io.BufferedReader(self)


def target_of(parts: SplitResult) -> str:
    """The path and the query of an address, as a request names them (RFC 9112, 3.2.1)."""
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def opened(
    host: str, target: str, accept: str, source: Bounded, posted: tuple[str, bytes] | None = None
) -> HTTPResponse:
    """Ask a host for one thing over ``source``: the head of its answer, whose body can be read.

    ``posted`` is what is sent along, its media type and its bytes. Raises ``HTTPException`` or
    ``OSError`` for what ``told`` puts into words, ``RefusedError`` for a head that passes the
    bound of ``source``.
    """
    kind, body = posted or ("", b"")
    method = "POST" if posted else "GET"
    lines = [
        f"{method} {target} HTTP/1.1",
        f"Host: {host}",
        *([f"Content-Type: {kind}", f"Content-Length: {len(body)}"] if posted else []),
        f"Accept: {accept}",
        "Accept-Encoding: identity",
        "User-Agent: musicprov",
        "Connection: close",
    ]
    source.source.sendall("\r\n".join([*lines, "", ""]).encode("ascii") + body)
    plain: Any = source
    response = HTTPResponse(plain, method=method)
    response.begin()
    return response


def is_plain(response: HTTPResponse) -> bool:
    """Whether the body comes as it is, not compressed."""
    return response.headers.get("Content-Encoding", "identity").lower() == "identity"


def _asked(host: str, secure: ssl.SSLSocket, deadline: float) -> bytes:
    source = Bounded(secure, deadline, MAX_BYTES + HEADER_BYTES, _TOO_LARGE)
    response = opened(host, PATH, ", ".join(MEDIA_TYPES), source)
    _require_plain_answer(host, response)
    body = response.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise RefusedError(_TOO_LARGE)
    if response.length:
        raise NetworkError(f"{host}: broke off in the middle", hint="Try again.")
    return body


def _require_plain_answer(host: str, response: HTTPResponse) -> None:
    if response.status // 100 == _REDIRECT:
        to = response.headers.get("Location", "nowhere")
        raise NetworkError(
            f"{host}: sends its visitors on to {to}",
            hint="That is not followed. If the other host is the owner's too, name it instead.",
        )
    if response.status != _OK:
        raise NetworkError(
            f"{host}: shows no key directory (HTTP status {response.status})",
            hint=f"It should stand at https://{host}{PATH}.",
        )
    if response.headers.get_content_type() not in MEDIA_TYPES:
        raise NetworkError(
            f"{host}: gives its directory out as {response.headers.get_content_type()}",
            hint=f"Its owner should serve it as {MEDIA_TYPES[0]}.",
        )
    if not is_plain(response):
        raise NetworkError(
            f"{host}: sends its directory compressed, which was not asked for",
            hint="Its owner should serve it as it is.",
        )
