"""Containers: one file an audio container, told apart by content, loaded on demand (spec 6)."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import BinaryIO

from provenance.containers._magic import MAGIC, SUFFIXES
from provenance.containers.base import Container, Scan
from provenance.model.limits import Limits

_HEAD_BYTES = 16
_MAX_LEAD_TAGS = 16
_ID3_HEADER = 10
_FOOTER_FLAG = 0x10
_VERSION_WITH_FOOTER = 4


@cache
def load(name: str) -> Container:
    """The adapter of a container by its name; imports only that module.

    Its scan has no more carriers and notes than the limits allow, in every container.
    """
    module = importlib.import_module(f"provenance.containers.{name}")
    container: Container = module.CONTAINER
    return replace(container, scan=partial(_scan_within, container.scan))


def _scan_within(
    scan: Callable[[BinaryIO, Limits, bool], Scan],
    stream: BinaryIO,
    limits: Limits,
    want_digest: bool,
) -> Scan:
    return scan(stream, limits, want_digest).within(limits)


@cache
def known() -> Mapping[str, Container]:
    """All adapters, by discovery: for listings and for the contract tests."""
    from provenance.plugins import discover

    return {name: load(name) for name in discover("provenance.containers", Container, "CONTAINER")}


def identify(stream: BinaryIO) -> str | None:
    """Which container a stream is, by its first bytes and never by its name; None if unknown.

    The table of first bytes is copied from the adapters (a test holds them equal), so that
    only the adapter that is needed is imported. What follows leading ID3 tags decides between
    FLAC and MP3; MPEG audio has no magic bytes, so MP3 is asked last.
    """
    stream.seek(0)
    head = stream.read(_HEAD_BYTES)
    for name, alternatives in MAGIC.items():
        if any(all(head[o : o + len(b)] == b for o, b in parts) for parts in alternatives):
            return name
    if head[:3] == b"ID3" and _after_id3(stream) == b"fLaC":
        return "flac"
    return "mp3" if load("mp3").recognises(stream) else None


def is_named_as_audio(name: str) -> bool:
    """Whether a file's name ends as those of some container do, whatever is in the file."""
    return name.lower().endswith(SUFFIXES)


def _after_id3(stream: BinaryIO) -> bytes:
    """The four bytes that follow the leading ID3v2 tags."""
    at = 0
    for _ in range(_MAX_LEAD_TAGS):
        stream.seek(at)
        header = stream.read(_ID3_HEADER)
        if len(header) < _ID3_HEADER or header[:3] != b"ID3" or max(header[6:10]) > 0x7F:
            return header[:4]
        size = sum(byte << shift for byte, shift in zip(header[6:10], (21, 14, 7, 0), strict=True))
        footer = header[3] == _VERSION_WITH_FOOTER and header[5] & _FOOTER_FLAG
        at += _ID3_HEADER + size + (_ID3_HEADER if footer else 0)
    return b""
