"""Stripping: both tags out of a file, everything else as it was (spec 6.8)."""

from __future__ import annotations

from pathlib import Path

from provenance.containers.base import Change
from provenance.files.replacing import Replacing
from provenance.issuing.preparing import prepare
from provenance.issuing.targets import apply, require_copy
from provenance.verify.outcome import Context


def strip(path: Path, context: Context, *, out: Path | None, how: Replacing) -> int:
    """Remove every carrier from a file; how many there were.

    Raises ``RefusedError`` when one of them cannot be removed; nothing is written then.
    """
    if out is not None:
        require_copy(path, out)
    prepared = prepare(path, context, tiers=frozenset({"essence"}))
    count = len(prepared.scan.carriers)
    if count or out is not None:
        apply(prepared, Change(None, None), context, out, how)
    return count
