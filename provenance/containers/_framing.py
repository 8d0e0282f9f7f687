"""The framing of the essence hash: the one place that knows its prefix (spec 5.2, BND-002)."""

from __future__ import annotations

import hashlib
from typing import Any

PREFIX = b"musicprov/essence/1"


def begin(profile: str, params: bytes) -> Any:  # a hashlib object has no public type
    """Start the hash of an essence: prefix, NUL, profile, NUL, parameters."""
    digest = hashlib.sha256(PREFIX)
    digest.update(b"\x00" + profile.encode("ascii") + b"\x00" + params)
    return digest


def end(digest: Any, sizes: bytes | None) -> bytes:
    """Finish it: for packet codecs the u64 packet count and the u32 packet sizes follow.

    ``sizes`` is the packed big-endian u32 table, or None for self-framing codecs and PCM.
    """
    if sizes is not None:
        digest.update((len(sizes) // 4).to_bytes(8, "big"))
        digest.update(sizes)
    return bytes(digest.digest())
