"""A signed C2PA manifest written after ours, into a new file, and checked (spec 23).

The C2PA library rewrites MP3 tags and loses some (spec 23.3), so there the manifest's frame is
put in by us and only signed by it. Whatever wrote, the new file is compared with the old one:
every foreign item and every byte of coded audio. Any difference refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from provenance.containers.base import (
    MANIFEST_TAG,
    SUMMARY_TAG,
    Carrier,
    Change,
    Container,
    Item,
    Scan,
    splice,
)
from provenance.exports.base import Loss, Source
from provenance.files.replacing import write_copy
from provenance.issuing.embedding import differences, require_writable
from provenance.issuing.preparing import adapter_of, naming
from provenance.model.codes import Code
from provenance.model.errors import InputError, RefusedError
from provenance.model.records import dataclass
from provenance.model.verdict import Status
from provenance.signing import c2pa
from provenance.verify.outcome import Context, Outcome
from provenance.verify.procedure import verify

if TYPE_CHECKING:
    from provenance.signing.c2pa import Credentials

_ASSERTED = (
    "c2pa.actions",
    "c2pa.actions.v2",
    "c2pa.ai-disclosure",
    "cawg.training-mining",
    "cawg.metadata",
    "org.musicprov.disclosure",
)
_PRESENT = re.compile(
    rb"(?i:application/(x-)?c2pa)|\AC2PA|\A.{4}uuid\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c", re.DOTALL
)
_LOOKED_AT = 256
_WIDE = (b"RF64", b"BW64")


@dataclass(frozen=True)
class Written:
    """What the new file's C2PA manifest says, as c2pa-python reads it, and what it does not."""

    state: str
    losses: tuple[Loss, ...]
    warnings: tuple[str, ...]


def export(
    path: Path, out: Path, who: Credentials, context: Context, options: Mapping[str, str]
) -> Written:
    """Write ``path`` with a C2PA manifest to ``out``, which must not exist; atomically.

    Raises ``RefusedError`` with a rule of ``c2pa``; nothing is left behind then.
    """
    made: list[Written] = []

    def make(source: BinaryIO, target: BinaryIO) -> None:
        made.append(_make(_Original(path, source, context), who, options, target))

    with naming(path):
        write_copy(path, out, make)
    return made[0]


class _Original:
    """The file as it is: our statement in it, which holds and is about this sound."""

    def __init__(self, path: Path, stream: BinaryIO, context: Context) -> None:
        self.path, self.stream, self.context = path, stream, context
        self.container = adapter_of(stream, path)
        media_type = c2pa.media_type_of(self.container.name)
        if media_type is None:
            raise _refused("container", f"{path}: C2PA has no place in {self.container.title}")
        self.media_type = media_type
        self.scan = self.container.scan(stream, context.limits, True)
        require_writable(self.scan)
        self._require_room()

    def _require_room(self) -> None:
        self.stream.seek(0)
        if self.stream.read(4) in _WIDE:
            raise _refused("no-place", f"{self.path}: c2pa-python does not write RF64 or BW64")
        for item in self.scan.items:
            self.stream.seek(item.start)
            if _PRESENT.search(self.stream.read(min(item.length, _LOOKED_AT))):
                raise _refused("present", f"{self.path}: {item.where} is a C2PA manifest")

    def source(self, options: Mapping[str, str]) -> Source:
        """What is exported, with our statement as it stands in the tags."""
        verdict = verify(self.stream, self.container, self.context)
        outcome = verdict.subject
        selected = outcome.selected if isinstance(outcome, Outcome) else None
        is_exact = verdict.has(Code.BINDING_EXACT) and verdict.status is not Status.FAILED
        if selected is None or selected.manifest is None or not is_exact:
            raise _refused("no-statement", f"{self.path}: no statement of ours holds in it")
        if verdict.has(Code.CARRIER_CONFLICT):
            raise _refused("no-statement", f"{self.path}: its statements contradict each other")
        if verdict.has(Code.CURRENCY_WITHDRAWN):
            raise _refused("no-statement", f"{self.path}: its statement was taken back")
        values = (c for c in self.scan.named(MANIFEST_TAG) if c.where in selected.where)
        token = next(values).value.decode("utf-8", "replace")
        return Source(selected.manifest, token, options)


def _refused(name: str, message: str) -> RefusedError:
    return RefusedError(f"c2pa.{name}", message, hint=f"Nothing was written: {_HINTS[name]}")


_HINTS = {
    "container": "convert it to MP3, FLAC, WAV or M4A and sign that.",
    "no-place": "make a new file with plain tags (RIFF, ID3v2.4) and sign it again.",
    "present": "it says where the file comes from; a new one would take its place.",
    "no-statement": "sign the file with 'prov sign' first.",
    "lossy": "c2pa-python would change what it does not understand; take away what is named.",
    "not-valid": "c2pa-python does not find its own manifest valid in this file.",
}


def _make(
    original: _Original, who: Credentials, options: Mapping[str, str], target: BinaryIO
) -> Written:
    from provenance.exports import load

    exported = load("c2pa").render(original.source(options))
    definition = exported.data.decode()
    if original.container.name == "mp3":
        store = _place(original, definition, who, target)
    else:
        store = c2pa.sign_into(
            definition, _ASSERTED, who, original.media_type, original.stream, target
        )
    target.flush()
    _require_kept(original, target, store)
    state = _require_valid(original, target)
    return Written(state, exported.losses, (*exported.warnings, *_warnings(original.container)))


def _place(original: _Original, definition: str, who: Credentials, target: BinaryIO) -> bytes:
    """Our own frame around the store: no other byte of the tag changes but its size."""
    from provenance.containers import _geob

    placement = c2pa.Placement(definition, _ASSERTED, who)
    reserved = placement.reserve()
    splices, start = _geob.placed(original.stream, original.scan, reserved)
    splice(original.stream, original.scan.size, splices, target)
    target.flush()
    store = placement.sign(target, start, len(reserved))
    target.seek(start)
    target.write(store)
    return store


def _require_kept(original: _Original, target: BinaryIO, store: bytes) -> None:
    """C2P-010: all that was there is there, and one item more."""
    before = original.scan
    after = original.container.scan(target, original.context.limits, False)
    added = [item for item in after.items if _holds(target, item, store)]
    if len(added) != 1:
        raise _refused("lossy", f"{original.path}: the manifest does not stand there once")
    rest = replace(after, items=tuple(item for item in after.items if item is not added[0]))
    for what in _changed(original, before, target, rest):
        raise _refused("lossy", f"{original.path}: {what} would not stay as it is")


def _changed(original: _Original, before: Scan, target: BinaryIO, rest: Scan) -> Iterator[str]:
    manifest = before.named(MANIFEST_TAG)[0].value
    summaries = [c.value.decode("utf-8", "replace") for c in before.named(SUMMARY_TAG)]
    change = Change(manifest, summaries[0] if summaries else None)
    yield from differences(original.stream, before, target, rest, change)
    if _values(before.carriers) != _values(rest.carriers):
        yield "our statement"
    if before.tags != rest.tags:
        yield "a tag"


def _values(carriers: tuple[Carrier, ...]) -> list[tuple[str, bytes]]:
    return [(carrier.name, carrier.value) for carrier in carriers]


def _holds(stream: BinaryIO, item: Item, store: bytes) -> bool:
    if not len(store) <= item.length <= len(store) + _LOOKED_AT:
        return False
    stream.seek(item.start)
    return store in stream.read(item.length)


def _require_valid(original: _Original, target: BinaryIO) -> str:
    """C2P-011: the library reads its manifest as valid, and ours still holds exactly."""
    try:
        found = c2pa.read(target, original.media_type)
    except InputError as error:
        raise _refused("not-valid", f"{original.path}: {error}") from error
    if found is None or not found.is_bound:
        codes = ", ".join(found.failures) if found else "it is not found"
        raise _refused("not-valid", f"{original.path}: the manifest would not be valid ({codes})")
    verdict = verify(target, original.container, original.context)
    if not verdict.has(Code.BINDING_EXACT):
        raise _refused("lossy", f"{original.path}: our statement would not hold any more")
    return found.state


def _warnings(container: Container) -> Iterator[str]:
    yield "Whatever changes a tag of this file afterwards makes its C2PA manifest invalid."
    if container.name == "flac":
        yield (
            "An ID3v2 tag stands before the FLAC stream now, as C2PA wants it: the flac "
            "encoder and some players refuse such files."
        )
