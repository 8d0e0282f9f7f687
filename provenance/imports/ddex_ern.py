"""DDEX ERN 4.3.2: what a release message says about AI, one draft for each sound recording.

What a level was is not in the message: ``Partly`` has no bounds, and ``None`` is also written for
AI that generated nothing. The draft takes the plain reading and says so.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator
from typing import Any

from provenance.imports.base import Draft, Import
from provenance.model.identifiers import is_grid, is_isrc, is_upc, normalise
from provenance.wire import ern
from provenance.wire.registries import terms

_LEVELS = {"None": "none", "Partly": "partial"}
_READ_AS = {
    "None": "AiContribution None is read as level none; it may stand for utility or assisted",
    "Partly": "AiContribution Partly is read as level partial; it may stand for predominant",
}
_REF = re.compile(r"[A-Za-z0-9._-]{1,40}")
_MAX_NAME, _MAX_ROLE = 500, 100


def _read(document: bytes) -> tuple[Draft, ...]:
    """Raises ``InputError`` for what is no message of ERN 4.3.2, saying what to do."""
    message = ern.read([document])
    ern.require_version(message.version)
    return tuple(draft_of(message, one) for one in message.recordings)


def draft_of(message: ern.Message, recording: ern.Resource) -> Draft:
    """What a message of ERN 4.3.2 says about one of its sound recordings."""
    return _Recording(message, recording).draft()


class _Recording:
    """The reading of one sound recording."""

    def __init__(self, message: ern.Message, recording: ern.Resource) -> None:
        self._message = message
        self._recording = recording
        self._left_out: list[str] = []
        self._areas = {t["term"]: t["areas"] for t in terms("roles")}
        self._people: dict[str, dict[str, Any]] = {}
        self._roles: dict[str, dict[str, None]] = {}
        """The roles of each person, each once, in order."""

    def draft(self) -> Draft:
        """The draft, with what could not be carried."""
        contributions = list(self._contributions())
        whole = {
            "subject": self._subject(),
            "contributions": contributions,
            "people": [
                {**person, "roles": [*self._roles[ref]]} if ref in self._roles else person
                for ref, person in self._people.items()
            ],
            "facts": self._facts(contributions),
        }
        if self._recording.contains_ai is not None:
            said = self._recording.contains_ai
            self._leave(f"ContainsAI {said}: of which parts it speaks is not said")
        sender = [self._message.sender, self._message.sender_id]
        return Draft(
            {member: value for member, value in whole.items() if value},
            f"ddex-ern {self._recording.name}",
            " ".join(_clean(text) for text in sender if text) or None,
            tuple(dict.fromkeys(self._left_out)),
        )

    def _leave(self, text: str) -> None:
        self._left_out.append(_clean(text))

    def _subject(self) -> dict[str, Any]:
        recording = self._recording
        isrcs = [isrc for isrc in recording.isrcs if is_isrc(isrc)]
        if len(isrcs) > 1:
            self._leave(f"several ISRCs: {', '.join(isrcs)}")
        for artist in recording.special_artists:
            self._leave(f"display artist {artist}: a name for it is not in the message")
        artists = [
            {"name": name, "role": _clean(role)[:_MAX_ROLE]}
            for reference, role in recording.artists
            if (name := self._party_name(reference))
        ]
        found = {
            "title": _clean(recording.title or ""),
            "isrc": isrcs[0] if len(isrcs) == 1 else None,
            "artists": artists,
            "release": self._release(),
        }
        return {member: value for member, value in found.items() if value}

    def _release(self) -> dict[str, str]:
        release = self._message.holding.get(self._recording.reference or "")
        if release is None:
            return {}
        found = {"title": _clean(release.title or "")}
        if release.icpn and is_upc(release.icpn):
            found["upc"] = release.icpn
        if release.grid and is_grid(release.grid):
            found["grid"] = release.grid
        return {member: value for member, value in found.items() if value}

    def _contributions(self) -> Iterator[dict[str, Any]]:
        for one in self._recording.contributors:
            level = self._level(one)
            ref = self._person(one)
            for role in one.roles:
                term = _clean(role.value)[:_MAX_ROLE]
                if ref is not None and term:
                    self._roles.setdefault(ref, {})[term] = None
                areas = self._areas.get(role.value, [])
                if not areas and level is not None:
                    self._leave(f"{self._name(one)} as {role.value}: of which part is not known")
                if level is not None:
                    yield from self._entries(role, areas, level, ref)

    def _entries(
        self, role: ern.Role, areas: list[str], level: str, ref: str | None
    ) -> Iterator[dict[str, Any]]:
        if len(areas) > 1:
            self._leave(f"role {role.value} is read for each of {', '.join(areas)}")
        for area in areas:
            for instrument in role.instruments or (None,):
                entry = {
                    "area": area,
                    "role": role.value,
                    "instrument": (_clean(instrument)[:_MAX_ROLE] or None) if instrument else None,
                    "level": level,
                    "agents": [{"person": ref}] if ref is not None else None,
                }
                yield {member: value for member, value in entry.items() if value is not None}

    def _level(self, one: ern.Contributor) -> str | None:
        """The level of a contributor; None where nothing is said, or what cannot be."""
        if one.generative and one.ai in {None, "All"}:
            self._leave("GenerativeAI: which tool it was is not said")
            return "full"
        if one.ai is None:
            return None
        if one.generative or one.ai not in _LEVELS:
            self._leave(f"{self._name(one)} with AiContribution {one.ai}: DDEX does not allow it")
            return None
        self._leave(_READ_AS[one.ai])
        return _LEVELS[one.ai]

    def _name(self, one: ern.Contributor) -> str:
        return one.special or self._message.name_of(one.party)

    def _person(self, one: ern.Contributor) -> str | None:
        """The reference of a contributor as a person; None where it is no named party."""
        if one.special is not None or one.party is None:
            if one.special is not None and not one.generative:
                self._leave(f"contributor {one.special}: nobody in particular")
            return None
        name = self._party_name(one.party)
        if not name:
            self._leave(f"contributor {one.party}: the message has no name of it")
            return None
        party = self._message.parties[one.party]
        ref = _ref_of(one.party)
        person = self._people.setdefault(ref, {"ref": ref, "name": name})
        if one.featured is not None:
            person["featured"] = one.featured
        ids = {
            scheme: exact
            for scheme, text in party.ids.items()
            if (exact := normalise(scheme, text)) is not None
        }
        if ids:
            person["ids"] = ids
        return ref

    def _party_name(self, reference: str) -> str:
        party = self._message.parties.get(reference)
        return _clean(party.names[0]) if party is not None and party.names else ""

    def _facts(self, contributions: list[dict[str, Any]]) -> dict[str, bool]:
        lead = [c["level"] for c in contributions if c["area"] == "leadVocals"]
        foreground = self._recording.foreground_vocal
        if foreground and lead and set(lead) == {"full"}:
            self._leave("HasForegroundVocalPerformance true: all lead vocals are GenerativeAI")
            foreground = None
        vocal = self._recording.vocal
        if foreground and vocal is False:
            self._leave("HasVocalPerformance false and HasForegroundVocalPerformance true")
            foreground = vocal = None
        found = {"humanLeadVoice": foreground, "humanVoice": vocal}
        return {member: value for member, value in found.items() if value is not None}


def _ref_of(reference: str) -> str:
    """The reference of a party as one of a declaration; one that does not fit keeps its own."""
    if _REF.fullmatch(reference):
        return reference
    plain = re.sub("[^A-Za-z0-9._-]", "_", reference)
    return f"{plain[:30]}-{zlib.crc32(reference.encode()):08x}"


def _clean(text: str) -> str:
    """Text as a declaration has it: composed, without controls, on one line, not too long."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(c for c in plain if unicodedata.category(c) not in {"Cc", "Cs"})[:_MAX_NAME]


IMPORT = Import("DDEX ERN 4.3.2", _read)
