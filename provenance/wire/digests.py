"""The spelling of digests: ``sha-256:`` and base64url without padding (spec 4.2)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import BinaryIO

_PREFIX = "sha-256:"
_SPELLING = re.compile(r"sha-256:[A-Za-z0-9_-]{43}", re.ASCII)


def spell(digest: bytes) -> str:
    """The spelling of 32 bytes of SHA-256."""
    return _PREFIX + base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def digest_of(data: bytes) -> str:
    """The spelled SHA-256 of some bytes."""
    return spell(hashlib.sha256(data).digest())


def digest_of_stream(stream: BinaryIO) -> str:
    """The spelled SHA-256 of what is left of a stream; raises what reading it raises."""
    return spell(hashlib.file_digest(stream, "sha256").digest())  # type: ignore[arg-type]


def parse_digest(text: str) -> bytes | None:
    """The 32 bytes of a spelled digest; None for any other spelling, near misses included."""
    if not _SPELLING.fullmatch(text):
        return None
    try:
        digest = base64.urlsafe_b64decode(text.removeprefix(_PREFIX) + "=")
    except binascii.Error:
        return None
    return digest if spell(digest) == text else None
