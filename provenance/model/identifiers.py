"""Identifiers and their check rules, as pure functions (spec 2.3; ISO 3901, 15707, 27729).

``is_`` functions take the exact form that a manifest uses; ``normalise_`` functions take what
people and tags write. A well-formed identifier proves nothing about who owns what.
"""

from __future__ import annotations

import re

_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", re.ASCII)
_ISWC = re.compile(r"T[0-9]{10}", re.ASCII)
_ISNI = re.compile(r"[0-9]{15}[0-9X]", re.ASCII)
_UPC = re.compile(r"[0-9]{12,14}", re.ASCII)
_GRID = re.compile(r"A1[A-Z0-9]{16}", re.ASCII)
_IPI = re.compile(r"[0-9]{11}", re.ASCII)
_DPID = re.compile(r"PADPIDA[A-Z0-9]{10}[A-Z0-9]", re.ASCII)
_SEPARATORS = str.maketrans("", "", " -.\u2010\u2011")


def normalise_isrc(text: str) -> str | None:
    """An ISRC as people write it (``GB-XYZ-26-00123``, ``ISRC GBXYZ...``); None if it is none."""
    plain = text[:40].upper().removeprefix("ISRC").lstrip(": ").translate(_SEPARATORS).strip()
    return plain if is_isrc(plain) else None


def is_isrc(text: str) -> bool:
    """ISO 3901: country, registrant, year, designation; there is no check digit."""
    return bool(_ISRC.fullmatch(text))


def is_iswc(text: str) -> bool:
    """ISO 15707: T, nine digits, a check digit (modulus 10 over weighted digits)."""
    if not _ISWC.fullmatch(text):
        return False
    weighted = 1 + sum(n * int(d) for n, d in enumerate(text[1:10], 1))
    return (10 - weighted % 10) % 10 == int(text[10])


def is_isni(text: str) -> bool:
    """ISO 27729: 16 characters, the last a check character (ISO 7064 MOD 11-2)."""
    if not _ISNI.fullmatch(text):
        return False
    total = 0
    for digit in text[:15]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return text[15] == ("X" if check == 10 else str(check))


def is_upc(text: str) -> bool:
    """UPC-A, EAN-13 or GTIN-14 with its check digit."""
    if not _UPC.fullmatch(text):
        return False
    weighted = sum(int(d) * (3 if n % 2 == 0 else 1) for n, d in enumerate(reversed(text[:-1])))
    return (10 - weighted % 10) % 10 == int(text[-1])


def is_grid(text: str) -> bool:
    """GRid: A1, issuer, number, check character (ISO 7064 MOD 37,36)."""
    if not _GRID.fullmatch(text):
        return False
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = 36
    for char in text[:-1]:
        total = (total + alphabet.index(char)) % 36 or 36
        total = total * 2 % 37
    return (total + alphabet.index(text[-1])) % 36 == 1


def is_ipi(text: str) -> bool:
    """IPI name number: eleven digits (its check rule is not published)."""
    return bool(_IPI.fullmatch(text))


def is_dpid(text: str) -> bool:
    """DDEX party identifier: PADPIDA, ten characters, a check character (not verified)."""
    return bool(_DPID.fullmatch(text))
