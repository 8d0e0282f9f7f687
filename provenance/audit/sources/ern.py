"""Release messages of DDEX: what a label told a shop about each sound recording (spec 25.3).

What a message says about AI is read as the import reads it (spec 19); a message of a version
that has no AI elements says nothing about it, which is not 'none'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from provenance.audit.model import Input, Item, Keys, Problem
from provenance.audit.sources._files import File, each, ending, storable
from provenance.audit.sources._statements import paired
from provenance.audit.sources.base import Reading, SourceKind
from provenance.audit.sources.detector import digest_of_text
from provenance.model.errors import InputError
from provenance.model.identifiers import is_isrc
from provenance.wire import ern
from provenance.wire.xml import chunks_of

MAX_BYTES = 256 << 20
_MAX_ARTISTS = 8
_MAX_LEFT_OUT = 50
_SHA_256 = frozenset({"SHA-256", "SHA256", "SHA2-256"})


def _read(path: Path, reading: Reading) -> Iterator[Item | Problem]:
    return each(path, ending(".xml"), "ern", reading, _recordings)


def _recordings(made: Input, file: File) -> Iterator[Item | Problem]:
    if made.size > MAX_BYTES:
        yield Problem(made.number, None, "audit.too-large", file.name)
        return
    try:
        with file.open() as stream:
            message = ern.read(chunks_of(stream))
    except (InputError, OSError):
        yield Problem(made.number, None, "audit.message-unreadable", file.name)
        return
    for one in message.recordings:
        where = one.reference or ""
        says = storable(_says(message, one))
        yield Item("ern", made.number, where, _keys(message, one), says)


def _says(message: ern.Message, one: ern.Resource) -> Mapping[str, Any]:
    sender = [text for text in (message.sender, message.sender_id) if text]
    isrcs = [isrc for isrc in one.isrcs if is_isrc(isrc)]
    areas, left_out = _areas(message, one)
    return {
        "isrc": isrcs[0] if isrcs else None,
        "title": one.title,
        "sender": " ".join(sender) or None,
        "version": message.version,
        "areas": areas,
        "containsAi": one.contains_ai,
        "leftOut": left_out[:_MAX_LEFT_OUT],
    }


def _areas(message: ern.Message, one: ern.Resource) -> tuple[dict[str, str], list[str]]:
    """The level of each area that the message speaks of, and what could not be read as one."""
    from provenance.imports.ddex_ern import draft_of
    from provenance.model.contribution import Contribution
    from provenance.model.levels import Level, levels_of

    if message.version != ern.VERSION:
        return {}, [f"ERN {message.version} has no AI elements that are known here"]
    draft = draft_of(message, one)
    entries = [
        Contribution(area=c["area"], level=Level(c["level"]))
        for c in draft.declaration.get("contributions", ())
    ]
    found = {area: str(level) for area, level in levels_of(entries).items()}
    return found, list(draft.left_out)


def _keys(message: ern.Message, one: ern.Resource) -> Keys:
    """ISRCs, the files that are delivered with it, and its names (AUD-031)."""
    digests = [
        digest
        for file in one.files
        if (file.algorithm or "").upper() in _SHA_256
        and (digest := digest_of_text(file.hash_sum or "")) is not None
    ]
    artists = [message.name_of(reference) for reference, _ in one.artists[:_MAX_ARTISTS]]
    isrcs = tuple(isrc for isrc in one.isrcs if is_isrc(isrc))
    return Keys(isrcs, tuple(digests), (), paired(artists, one.title or ""))


SOURCE = SourceKind("Release messages", _read)
