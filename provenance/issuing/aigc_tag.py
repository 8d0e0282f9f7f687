"""The AIGC label of GB 45438-2025 into a copy of an audio file (spec 21.5).

It is an item of somebody else's scheme: it is written once, never over one that is there, and
everything else in the file stays. The new file is read back and compared before it gets its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from provenance.containers.base import (
    AIGC_TAG,
    MANIFEST_TAG,
    SUMMARY_TAG,
    Change,
    Container,
    Scan,
)
from provenance.files.replacing import write_copy
from provenance.issuing.embedding import differences, require_writable
from provenance.issuing.preparing import adapter_of, naming
from provenance.marks import entries, find
from provenance.model.errors import RefusedError
from provenance.model.limits import DEFAULT_LIMITS, Limits


def write(path: Path, label: bytes, out: Path, limits: Limits = DEFAULT_LIMITS) -> None:
    """Write ``path`` with the label to ``out``, which must not exist yet (MRK-030 to MRK-032).

    ``label`` is the JSON object as UTF-8. Raises ``RefusedError`` with the rule that stands
    against it; nothing is written then.
    """

    def make(source: BinaryIO, target: BinaryIO) -> None:
        container = adapter_of(source, path)
        scan = container.scan(source, limits, False)
        require_writable(scan)
        _require_free(source, container, scan)
        change = Change(_only(scan, MANIFEST_TAG), _summary(scan), label)
        container.write(source, scan, change, target)
        target.flush()
        after = container.scan(target, limits, False)
        for what in _lost(source, scan, target, after, change, container):
            raise RefusedError(
                "write.check-failed",
                f"the new file would differ in more than the label ({what}); nothing was written",
                hint="Please report this file's format.",
            )

    with naming(path):
        write_copy(path, out, make)


def _require_free(source: BinaryIO, container: Container, scan: Scan) -> None:
    """There is no label yet, and no seal over the whole file that the label would break."""
    kinds = {mark.kind for mark in find(source, container, scan)}
    if kinds & {"aigc", "more"}:
        raise RefusedError(
            "aigc.present",
            "the file has an AIGC label, which is not for others to change",
            hint="Look at it with 'prov inspect'; ask whoever made it for another one.",
        )
    if "c2pa" in kinds:
        raise RefusedError(
            "aigc.sealed",
            "the file carries a C2PA manifest, which any new tag makes invalid",
            hint="Write the label first and sign by C2PA last.",
        )


def _only(scan: Scan, name: str) -> bytes | None:
    """The one value of a tag of ours, which is written again as it is."""
    found = scan.named(name)
    if len(found) > 1 or any(not c.canonical for c in found):
        raise RefusedError(
            "aigc.untidy",
            f"{name} stands in several places, or in an unusual one",
            hint="Sign the file anew with 'prov sign --replace', then write the label.",
        )
    return found[0].value if found else None


def _summary(scan: Scan) -> str | None:
    value = _only(scan, SUMMARY_TAG)
    if value is None:
        return None
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise RefusedError("aigc.untidy", f"{SUMMARY_TAG} is no text") from None


def _lost(
    source: BinaryIO,
    before: Scan,
    target: BinaryIO,
    after: Scan,
    change: Change,
    container: Container,
) -> Iterator[str]:
    """What differs beside the label, which must read back once."""
    label = change.aigc or b""
    found = [e for e in entries(target, container, after) if e.name == AIGC_TAG]
    if [e.value for e in found] != [label]:
        yield "the label does not read back"
        return
    items = tuple(i for i in after.items if i.where != found[0].where)
    layout: Any = after.layout
    if container.comments is not None:
        layout = _without(layout, label)
    yield from differences(
        source, before, target, replace(after, items=items, layout=layout), change
    )


def _without(layout: Any, label: bytes) -> Any:
    """Ogg: the digests of what is foreign, without the one of the label's comment."""
    comment = AIGC_TAG.encode() + b"=" + label
    digest = hashlib.sha256(len(comment).to_bytes(4, "little") + comment).digest()
    kept = list(layout.foreign)
    if digest in kept:
        kept.remove(digest)
    return replace(layout, foreign=tuple(kept))
