"""What an export does not carry, for the person whose declaration it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from provenance.reports.escaping import shown

if TYPE_CHECKING:
    from provenance.exports.base import Loss

_SAID = {
    "no-field": "No place for",
    "coarser": "Said with less meaning",
    "decided": "Decided by a parameter",
    "not-asked": "Not asked here",
}

_OF_THE_STATEMENT = (
    "type",
    "specVersion",
    "id",
    "issued",
    "sequence",
    "supersedes",
    "mustUnderstand",
    "subject/bindings",
)
"""What the signer's tool wrote and nobody declared."""

_WORDS = {
    "declarant": "who declares",
    "subject": "the recording",
    "subject/title": "the title",
    "subject/version": "the version of the title",
    "subject/isrc": "the ISRC",
    "subject/iswc": "the ISWC",
    "subject/language": "the language",
    "subject/created": "when it was made",
    "subject/release": "the release",
    "subject/ids": "identifiers of the recording",
    "subject/artists": "the artists",
    "subject/artists/identity": "whether the artists are people, groups or AI personas",
    "subject/artists/role": "the roles of the artists",
    "subject/artists/ids": "identifiers of the artists",
    "contributions": "what each part of the music is",
    "contributions/level": "how much AI is in each part",
    "contributions/area": "how much AI is in each part",
    "contributions/asset": "how much AI is in each part",
    "contributions/role": "the roles in each part",
    "contributions/instrument": "the instruments",
    "contributions/process": "how AI was used",
    "contributions/material": "whether the part is material",
    "contributions/basis": "what a part was made from",
    "contributions/agents": "which tools and people made each part",
    "contributions/interaction": "how people worked with the tool",
    "contributions/share": "shares",
    "contributions/timeRanges": "where in the recording a part is heard",
    "contributions/description": "descriptions of the parts",
    "tools": "details of the tools",
    "tools/ref": "the tools",
    "tools/provider": "the tools",
    "tools/system": "the tools",
    "tools/version": "versions of the tools",
    "tools/licence": "licences of the tools",
    "tools/terms": "terms of the tools",
    "people": "the people",
    "people/roles": "roles of the people",
    "people/ids": "identifiers of the people",
    "voices": "the synthetic voices",
    "voices/consent": "whether those whose voices are imitated agreed",
    "facts": "what is said of people in the recording",
    "permissions": "permissions",
    "evidence": "evidence",
    "extensions": "extensions",
}


def summary(losses: Iterable[Loss]) -> Iterator[str]:
    """A line for each reason, with what of the declaration it is about, in words."""
    told = [(loss.reason, _members(loss.pointer)) for loss in losses]
    for reason, words in _SAID.items():
        found = (_words(members) for r, members in told if r == reason and _is_declared(members))
        named = list(dict.fromkeys(found))
        if named:
            yield f"{words}: {', '.join(named)}"


def _members(pointer: str) -> str:
    """A pointer without the places in lists: ``subject/artists/role``."""
    return "/".join(part for part in pointer.split("/")[1:] if not part.isdecimal())


def _is_declared(members: str) -> bool:
    return not f"{members}/".startswith(tuple(f"{name}/" for name in _OF_THE_STATEMENT))


def _words(members: str) -> str:
    """The words for a member, or for the nearest one that it stands in."""
    while members not in _WORDS and "/" in members:
        members = members.rpartition("/")[0]
    return _WORDS.get(members) or shown(members)
