"""Which items belong to a recording, by what, and how sure that is (spec 25.3).

Identifiers first, then the bytes and the coded audio that items share with each other, then
names. A chain of joins is no surer than its weakest link, and what an identifier keeps apart no
name joins. What nothing but a declaration about other audio ties to a recording takes nothing away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any

from provenance.audit.evidence import BY_DECLARATION
from provenance.audit.model import Item, Problem, Recording, Sure
from provenance.audit.store import Store, folded, name_key
from provenance.model.findings import Scalar
from provenance.model.identifiers import normalise_isrc

_DECLARING_NOTHING = frozenset({"ern", "detector", "credits"})
"""Kinds that hold no declaration, so that they can only add doubt."""
MAX_JOINED = 200
"""Items under one key that are joined; manifests of unknown signers last."""
_ORDER = (Sure.CERTAIN, Sure.LIKELY, Sure.WEAK)
_MISMATCH = "binding.mismatch"
_FEATURING = re.compile(r"\s+[\[(]?(?:feat|ft|featuring)\b\.?\s*", re.IGNORECASE)

Joined = tuple[Item, str, Sure, Mapping[str, Scalar]]
"""An item, by what it is joined, how sure that is, and the details."""


def items_of(recording: Recording, store: Store) -> Iterator[Joined]:
    """The items about a recording, each once and by its surest way, in an order that is fixed.

    Where a key has more items than are joined the store is told of it (``audit.too-many-joined``).
    """
    search = _Search(recording, store)
    yield from search.reached(search.by_identifier())
    yield from search.reached(search.by_name())


class _Search:
    """One search: what was found so far, and what is to be looked at, the surest first."""

    def __init__(self, recording: Recording, store: Store) -> None:
        self._recording = recording
        self._store = store
        self._seen: set[int] = set()
        self._count = count()

    def reached(self, first: Iterable[Joined]) -> Iterator[Joined]:
        """These, and what shares bytes or coded audio with them, and so on (AUD-033)."""
        waiting = [self._ranked(one) for one in first]
        heapify(waiting)
        while waiting:
            *_, joined = heappop(waiting)
            if joined[0].number not in self._seen:
                self._seen.add(joined[0].number)
                yield joined
                for other in self._through(joined):
                    heappush(waiting, self._ranked(other))

    def _ranked(self, one: Joined) -> tuple[int, int, Joined]:
        return _ORDER.index(one[2]), next(self._count), one

    def by_identifier(self) -> Iterator[Joined]:
        """AUD-032: by the ISRC of the chart."""
        isrc = self._recording.isrc
        if isrc is not None:
            for item in self._under("isrc", isrc):
                yield (item, *_by_isrc(item, isrc), {"isrc": isrc})

    def _through(self, joined: Joined) -> Iterator[Joined]:
        """What shares bytes or coded audio with an item, no surer than the item's own join."""
        item, by, sure, _ = joined
        if by == "isrc" and self._recording.isrc is None:
            return
        is_stray = by == BY_DECLARATION
        keys = [] if is_stray else [("file", value) for value in item.keys.files]
        keys += [] if is_stray else [("essence", value) for value in item.keys.essences]
        for key, value in keys:
            for other in self._under(key, value):
                by, link = _shared(item, other, key, value)
                weakest = max(sure, link, key=_ORDER.index)
                yield other, by, weakest, {key: value, "throughInput": item.input}
        for sid in _sids(item):
            for other in self._under("statement", sid):
                yield other, "statement", sure, {"throughInput": item.input}
        if self._recording.isrc is None and not is_stray:
            yield from self._by_its_isrc(item)

    def _by_its_isrc(self, item: Item) -> Iterator[Joined]:
        """AUD-037: what is said of the ISRC of an item, where the chart has none; never more.

        Joined declarations would make an entry declared by an ISRC that anybody can claim.
        """
        for isrc in item.keys.isrcs:
            for other in self._under("isrc", isrc):
                if other.kind in _DECLARING_NOTHING:
                    yield other, "isrc", Sure.WEAK, {"isrc": isrc, "throughInput": item.input}

    def by_name(self) -> Iterator[Joined]:
        """AUD-034, AUD-035: by artist and title, and of crowd lists by artist; always weak."""
        artist, title = self._recording.artist, self._recording.title
        key = name_key(artist, title)
        if key is not None:
            detail = {"artist": artist, "title": title}
            for item in self._under("name", key):
                if not self._is_kept_apart(item):
                    is_stray = item.kind == "track" and _is_stray(item.says, key)
                    yield item, BY_DECLARATION if is_stray else "name", Sure.WEAK, detail
        for name in _artists(self._recording.artist):
            for item in self._under("artist", folded(name)):
                if item.kind == "crowdList":
                    yield item, "artist", Sure.WEAK, {"artist": name}

    def _under(self, key: str, value: str) -> Iterator[Item]:
        """The items of a key that are not joined yet; what is too many is told of."""
        if self._store.count_with(key, value) > MAX_JOINED:
            self._store.add_problem(Problem(0, None, "audit.too-many-joined", f"{key} {value}"))
        for item in self._store.items_with(key, value, MAX_JOINED):
            if item.number not in self._seen:
                yield item

    def _is_kept_apart(self, item: Item) -> bool:
        """Whether the item has an ISRC and the recording another: names do not join these."""
        mine = self._recording.isrc
        return mine is not None and bool(item.keys.isrcs) and mine not in item.keys.isrcs


def _sids(item: Item) -> list[str]:
    """The statements that took part in verifying an item."""
    places = item.says.get("_report", {}).get("carriers", ())
    return list(dict.fromkeys(one["sid"] for one in places if one["sid"]))


def _by_isrc(item: Item, isrc: str) -> tuple[str, Sure]:
    """By what an item has the ISRC, and how sure that is (AUD-032)."""
    if item.kind == "manifest":
        return "isrc", Sure.CERTAIN
    if item.kind != "track":
        return "isrc", Sure.LIKELY
    if item.says["declaredIsrc"] == isrc:
        by, sure = _declared(item.says)
        if sure is not Sure.WEAK or not _is_tagged(item.says, isrc):
            return by, sure
    return ("isrc", Sure.LIKELY) if _is_tagged(item.says, isrc) else ("fileName", Sure.WEAK)


def _declared(says: Mapping[str, Any]) -> tuple[str, Sure]:
    """How sure a track is what its declaration names: as sure as the audio was compared."""
    code = binding_of(says)
    if code == "binding.lossless":
        return "samples", Sure.CERTAIN
    if code == "binding.exact":
        return "isrc", Sure.CERTAIN
    if code in {"binding.similar", "binding.altered"}:
        return "fingerprint", Sure.WEAK
    if code == _MISMATCH:
        return BY_DECLARATION, Sure.WEAK
    return "isrc", Sure.LIKELY


def binding_of(says: Mapping[str, Any]) -> str | None:
    """The code of the axis ``binding`` in what a track says."""
    found = says.get("_report", {}).get("axes", {}).get("binding")
    return str(found) if found is not None else None


def _is_stray(says: Mapping[str, Any], name: str) -> bool:
    """Whether nothing but a declaration about other audio gives a track this name (AUD-117)."""
    if binding_of(says) != _MISMATCH:
        return False
    artists, (title, *_) = _tags(says, "artist"), _tags(says, "title")
    named = {name_key(artist, title) for artist in (*artists, " ".join(artists))}
    return name not in named and not _is_tagged(says, says["declaredIsrc"])


def _is_tagged(says: Mapping[str, Any], isrc: str | None) -> bool:
    found = {normalise_isrc(text) for text in _tags(says, "isrc")} - {None}
    return isrc in found


def _tags(says: Mapping[str, Any], name: str) -> list[str]:
    """The texts of a tag; one that is empty, where there is none."""
    return ((says["tags"] or {}).get(name) or "").split("; ")


def _shared(item: Item, other: Item, key: str, value: str) -> tuple[str, Sure]:
    """By what two items are one recording: bytes, coded audio, samples or likeness."""
    if key == "file":
        return "fileHash", Sure.CERTAIN
    for one in (item, other):
        if one.kind == "track" and one.says["essence"] != value:
            if binding_of(one.says) == "binding.similar":
                return "fingerprint", Sure.WEAK
            return "samples", Sure.CERTAIN
    return "essence", Sure.CERTAIN


def _artists(text: str) -> list[str]:
    """The artist as the chart has it, and those that it says are featured."""
    names = [text, *_FEATURING.split(text)]
    plain = (name.strip(" )]") for name in names)
    return [name for name in dict.fromkeys(plain) if folded(name)]
