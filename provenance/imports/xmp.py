"""IPTC Digital Source Type, from an XMP packet or a tag of an audio file.

The packet is searched for the terms' addresses and never parsed. A term is about the whole file.
"""

from __future__ import annotations

from provenance.imports._marked import WHOLE, entries_of
from provenance.imports.base import Draft, Import
from provenance.marks.iptc import read

_LEVELS = {
    "trainedAlgorithmicMedia": ("full", "generated"),
    "compositeWithTrainedAlgorithmicMedia": ("partial", "altered"),
    "compositeSynthetic": ("partial", "generated"),
    "algorithmicallyEnhanced": ("utility", "altered"),
}
"""Our reading of the terms that speak of AI; the others are told and not drafted from."""
_NAMES = frozenset({"XMP", "DIGITALSOURCETYPE"})
_MOST = 20


def _read(document: bytes) -> tuple[Draft, ...]:
    """Raises ``InputError`` for what is no audio file."""
    found = [
        _draft(mark.where, str(mark.detail["term"]))
        for entry in entries_of(document, "XMP", _NAMES)
        for mark in read(entry)
        if mark.kind == "iptc"
    ]
    return tuple(found[:_MOST])


def _draft(where: str, term: str) -> Draft:
    source = f"IPTC digital source type at {where}"
    if term not in _LEVELS:
        return Draft({}, source, None, (f"{term}: says nothing about AI",))
    level, process = _LEVELS[term]
    entry = {"asset": "recording", "area": WHOLE, "level": level, "process": process}
    told = f"{term} is said of the whole file: divide the entry by area, and check its level"
    return Draft({"contributions": [entry]}, source, None, (told,))


IMPORT = Import("IPTC digital source type (XMP), from a file's tags", _read)
