"""Identifiers and their check rules, as pure functions (spec 2.4).

``is_`` functions take the exact form that a manifest uses; ``normalise`` takes what people and
tags write. A well-formed identifier proves nothing about who owns what.

Check rules: ISRC has none (ISO 3901); ISWC ISO 15707; ISNI ISO 27729 with ISO 7064 MOD 11-2;
GRid and DPID ISO 7064 MOD 37,36; UPC and EAN GS1 modulus 10; IPI name number modulus 101 (CISAC).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_ISWC = re.compile(r"T[0-9]{10}")
_ISNI = re.compile(r"[0-9]{15}[0-9X]")
_UPC = re.compile(r"[0-9]{12,14}")
_GRID = re.compile(r"A1[A-Z0-9]{16}")
_IPI = re.compile(r"[0-9]{11}")
_IPN = re.compile(r"[0-9]{1,20}")
_DPID = re.compile(r"PADPIDA[0-9]{10}[A-Z0-9]")

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SEPARATORS = str.maketrans("", "", " -.:_/\t\u00a0\u2010\u2011\u2012\u2013\u2014")
_LONGEST = 60
_IPI_DIGITS = 11


def is_isrc(text: str) -> bool:
    """ISO 3901: country, registrant, year, designation; there is no check digit."""
    return bool(_ISRC.fullmatch(text))


def is_iswc(text: str) -> bool:
    """ISO 15707: T, nine digits, a check digit over the weighted digits."""
    if not _ISWC.fullmatch(text):
        return False
    weighted = 1 + sum(n * int(digit) for n, digit in enumerate(text[1:10], 1))
    return -weighted % 10 == int(text[10])


def is_isni(text: str) -> bool:
    """ISO 27729: 16 characters, the last a check character (ISO 7064 MOD 11-2)."""
    if not _ISNI.fullmatch(text):
        return False
    total = 0
    for digit in text[:15]:
        total = (total + int(digit)) * 2
    return text[15] == "0123456789X"[(12 - total % 11) % 11]


def is_upc(text: str) -> bool:
    """UPC-A (12 digits), EAN-13 or GTIN-14, with the check digit of GS1."""
    if not _UPC.fullmatch(text):
        return False
    weighted = sum(int(d) * (1 if n % 2 else 3) for n, d in enumerate(reversed(text[:-1])))
    return -weighted % 10 == int(text[-1])


def is_grid(text: str) -> bool:
    """GRid: A1, issuer, number, check character (ISO 7064 MOD 37,36)."""
    return bool(_GRID.fullmatch(text)) and _holds_mod_37_36(text)


def is_dpid(text: str) -> bool:
    """DDEX party identifier: PADPIDA, ten digits, check character (ISO 7064 MOD 37,36)."""
    return bool(_DPID.fullmatch(text)) and _holds_mod_37_36(text)


def is_ipi(text: str) -> bool:
    """IPI name number: eleven digits, the last two a check number (modulus 101)."""
    if not _IPI.fullmatch(text):
        return False
    weighted = sum(int(digit) * (10 - n) for n, digit in enumerate(text[:9]))
    return -weighted % 101 % 100 == int(text[9:])


def is_ipn(text: str) -> bool:
    """International performer number: digits (its check rule is not published)."""
    return bool(_IPN.fullmatch(text))


def _holds_mod_37_36(text: str) -> bool:
    product = 36
    for character in text[:-1]:
        product = ((product + _ALPHABET.index(character)) % 36 or 36) * 2 % 37
    return (product + _ALPHABET.index(text[-1])) % 36 == 1


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "isrc": is_isrc,
    "iswc": is_iswc,
    "isni": is_isni,
    "upc": is_upc,
    "grid": is_grid,
    "ipi": is_ipi,
    "ipn": is_ipn,
    "dpid": is_dpid,
}
"""The check of each kind of identifier."""


def normalise(kind: str, text: str) -> str | None:
    """The exact form of an identifier of a kind of ``CHECKS``; None when the text is none.

    Takes separators, lower case and a leading name of the scheme: ``ISRC gb-xyz-26-00123``,
    ``T-034.524.680-1``, ``PA-DPIDA-2007040502-I``; IPI numbers are filled up to eleven digits.
    """
    plain = text[:_LONGEST].translate(_SEPARATORS).upper()
    for candidate in (plain, plain.removeprefix(kind.upper())):
        exact = candidate.zfill(_IPI_DIGITS) if kind == "ipi" else candidate
        if exact.isascii() and CHECKS[kind](exact):
            return exact
    return None


def normalise_isrc(text: str) -> str | None:
    """An ISRC as people and tags write it; None when it is none."""
    return normalise("isrc", text)
