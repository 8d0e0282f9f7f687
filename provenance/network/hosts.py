"""Host names as a user may give them, and addresses that the world can reach (spec 18.3)."""

from __future__ import annotations

import ipaddress
import re

from provenance.model.errors import UsageError
from provenance.wire.formats import is_domain

_DID_WEB = "did:web:"
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_PORT, _MOST_PORT = re.compile(r"[1-9][0-9]{0,4}", re.ASCII), 65_535
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


DIRECTORY = "Name the host alone, like label.example: its directory stands at a fixed place."


def host_of(text: str, *, hint: str = DIRECTORY) -> str:
    """The host that somebody names, as ``label.example`` or ``did:web:label.example``.

    Raises ``UsageError`` for anything that is more, or other, than a name of a host (DIR-010),
    with a ``hint`` of what to name.
    """
    name = text.removeprefix(_DID_WEB)
    if name != text and (":" in name or "%" in name):
        raise UsageError(
            f"'{text}': a did:web with a path or a port names no directory",
            hint="Ask for the directory of the host itself, or for the owner's public key.",
        )
    if not name.isascii():
        raise UsageError(
            f"'{text}': a host name has ASCII letters only",
            hint="Give the form that begins with xn--, and ask its owner whether it is right.",
        )
    lowered = name.lower()
    if re.search(r"[/:@?#\[\]\\]", lowered):
        raise UsageError(f"'{text}': is more than the name of a host", hint=hint)
    if not is_domain(lowered) or _NUMBER.fullmatch(lowered.rpartition(".")[2]):
        raise UsageError(f"'{text}': is no name of a host on the internet", hint=hint)
    return lowered


def endpoint_of(text: str) -> tuple[str, int]:
    """The IP address and the port (1 to 65535) in ``10.0.0.5:8443`` or ``[fd00::5]:8443``.

    Raises ``UsageError`` for anything else, a name among it.
    """
    where, _, port = text.rpartition(":")
    try:
        address = str(ipaddress.ip_address(where.strip("[]")))
    except ValueError:
        address = ""
    if not address or not _PORT.fullmatch(port) or int(port) > _MOST_PORT:
        hint = "Write it like 10.0.0.5:8443."
        raise UsageError(f"'{text}': is no address and port", hint=hint)
    return address, int(port)


def is_public(address: str) -> bool:
    """Whether an IP address, in text, is one of the open internet (DIR-011).

    An IPv6 address that stands for an IPv4 one is judged by what it stands for.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # among them those of one link only: fe80::1%eth0
        return False
    judged = _meant(ip) if isinstance(ip, ipaddress.IPv6Address) else ip
    return judged.is_global and not judged.is_multicast and not judged.is_reserved


def _meant(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)
