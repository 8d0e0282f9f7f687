"""Statements at hand: those of the manifests, found by what they are about (spec 25.3).

A file of its own beside the store. It is written while manifests are read and only read
afterwards, so that processes that verify audio can each open it. Only statements whose signature
holds are in it: what nobody signed is about nothing.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from provenance.audit.model import Keys
from provenance.audit.store import name_key
from provenance.bindings.base import Binding, EssenceBinding, FingerprintBinding, SamplesBinding
from provenance.model.records import dataclass
from provenance.signing.envelope import DISCLOSURE_TYP, KEY_BINDING_TYP, WITHDRAWAL_TYP

NAME = "statements.sqlite"
_TABLES = """
CREATE TABLE statement (
    id INTEGER PRIMARY KEY, sid TEXT, typ TEXT, signer TEXT, party TEXT, known INTEGER,
    about TEXT, place TEXT, value BLOB, digest BLOB UNIQUE);
CREATE INDEX statement_about ON statement (about);
CREATE TABLE link (kind TEXT, value TEXT, statement INTEGER);
CREATE INDEX link_value ON link (kind, value);
CREATE TABLE print (duration INTEGER, value TEXT, statement INTEGER);
CREATE INDEX print_duration ON print (duration);
"""
_HELD = "statement.id,sid,typ,signer,party,known,about,place,length(statement.value)"
_MOST = 256
"""Statements that one question looks at, those of signers who are known first."""
_MOST_STEPS = 16
"""Declarations one after another, each superseding the one before."""


@dataclass(frozen=True)
class Held:
    """One statement at hand."""

    number: int
    sid: str
    typ: str
    signer: str
    """The thumbprint of its key."""
    party: str | None
    """The signer's id in the trust policy."""
    known: bool
    """Whether the auditor knows the signer."""
    about: str | None
    """The ``sid`` that it speaks of: what it endorses, takes back or supersedes."""
    place: str
    """The file that it stands in, by its relative name."""
    size: int
    """Bytes of it; they are fetched when they are wanted (``AtHand.value``)."""


@dataclass(frozen=True)
class Links:
    """By what a statement may be found."""

    about: str | None = None
    keys: tuple[str, ...] = ()
    """Keys that a key binding is about."""
    isrc: str | None = None
    bindings: tuple[Binding, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    """Artist and title."""

    @property
    def essences(self) -> tuple[str, ...]:
        """The digests of its coded audio."""
        return tuple(b.digest for b in self.bindings if isinstance(b, EssenceBinding))


class AtHand:
    """The statements at hand; opened for writing once, and for reading as often as is needed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    def written(cls, folder: Path) -> AtHand:
        """The file of this folder, made for writing; there must be none yet."""
        connection = sqlite3.connect(folder / NAME, isolation_level=None)
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.executescript(_TABLES)
        return cls(connection)

    @classmethod
    def read(cls, folder: Path) -> AtHand | None:
        """The file of this folder, for reading; None where no manifest was read."""
        path = (folder / NAME).resolve()
        if not path.exists():
            return None
        return cls(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True))

    def close(self) -> None:
        """No more questions."""
        self._db.close()

    def add(self, one: Held, links: Links, value: bytes) -> None:
        """Keep a statement; the same bytes are kept once, under the place that came first."""
        made = self._db.execute(
            "INSERT OR IGNORE INTO statement (sid,typ,signer,party,known,about,place,value,digest)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            (one.sid, one.typ, one.signer, one.party, one.known, links.about, one.place,
             value, hashlib.sha256(value).digest()),
        )  # fmt: skip
        if not made.rowcount:
            return
        rows = [("key", key) for key in links.keys]
        rows += [("isrc", links.isrc)] if links.isrc else []
        rows += [("essence", digest) for digest in links.essences]
        rows += [("name", key) for name in links.names if (key := name_key(*name)) is not None]
        for binding in links.bindings:
            if isinstance(binding, SamplesBinding):
                rows.append(("samples", binding.digest))
            elif isinstance(binding, FingerprintBinding):
                row = (binding.duration_ms, binding.value, made.lastrowid)
                self._db.execute("INSERT INTO print VALUES (?,?,?)", row)
        marked = [(kind, value, made.lastrowid) for kind, value in dict.fromkeys(rows)]
        self._db.executemany("INSERT INTO link VALUES (?,?,?)", marked)

    def call(self, charted: Callable[[str], Iterable[tuple[str, str]]]) -> None:
        """Let what is about an ISRC be found by each artist and title that charts give it, too."""
        sql = "SELECT DISTINCT value FROM link WHERE kind = 'isrc'"
        for (isrc,) in self._db.execute(sql).fetchall():
            named = dict.fromkeys(name_key(*name) for name in charted(isrc))
            self._db.executemany(
                "INSERT INTO link SELECT 'name', ?, statement FROM link"
                " WHERE kind = 'isrc' AND value = ?"
                " EXCEPT SELECT kind, value, statement FROM link WHERE kind = 'name' AND value = ?",
                [(key, isrc, key) for key in named if key is not None],
            )

    def value(self, one: Held) -> bytes:
        """The statement itself."""
        sql = "SELECT value FROM statement WHERE id = ?"
        (value,) = self._db.execute(sql, (one.number,)).fetchone()
        return bytes(value)

    def vouched(self) -> Iterator[Held]:
        """Statements of signers who are not known, but for whose keys somebody known vouches."""
        sql = (
            f"SELECT {_HELD} FROM statement WHERE NOT known AND signer IN"  # noqa: S608
            " (SELECT link.value FROM link JOIN statement AS said ON statement = said.id"
            " WHERE kind = 'key' AND said.known) ORDER BY statement.id"
        )
        yield from (Held(*row) for row in self._db.execute(sql).fetchall())

    def know(self, one: Held) -> None:
        """The signer is known after all."""
        self._db.execute("UPDATE statement SET known = 1 WHERE id = ?", (one.number,))

    def key_bindings(self, keys: Iterable[str]) -> list[Held]:
        """What signers who are known say about whose these keys are."""
        found = [h for key in dict.fromkeys(keys) for h in self._linked("key", key)]
        return [h for h in found if h.typ == KEY_BINDING_TYP and h.known]

    def disclosures(self, kind: str, value: str) -> list[Held]:
        """Disclosures by ``isrc``, ``essence``, ``samples`` or ``name`` (``store.name_key``).

        Those of signers who are known come first.
        """
        return [h for h in self._linked(kind, value) if h.typ == DISCLOSURE_TYP]

    def prints(self, low: int, high: int, most: int) -> Iterator[tuple[str, Held]]:
        """Recorded fingerprints of a length between two, in milliseconds, with the disclosure."""
        sql = (
            f"SELECT print.value,{_HELD} FROM print JOIN statement ON statement = statement.id"  # noqa: S608
            " WHERE duration BETWEEN ? AND ? ORDER BY known DESC, statement.id LIMIT ?"
        )
        for row in self._db.execute(sql, (low, high, most)):
            yield row[0], Held(*row[1:])

    def has_tier(self, tier: str) -> bool:
        """Whether anything at hand records ``samples`` or a ``fingerprint``."""
        sql = "SELECT 1 FROM print LIMIT 1"
        if tier == "samples":
            sql = "SELECT 1 FROM link WHERE kind = 'samples' LIMIT 1"
        return self._db.execute(sql).fetchone() is not None

    def newer(self, sid: str, key: str) -> Iterator[Held]:
        """The disclosures that say that they supersede this one, and those that supersede them."""
        waiting, seen = {sid: key}, {sid}
        for _ in range(_MOST_STEPS):
            found = [h for pair in waiting.items() for h in self._about(*pair)]
            fresh = {h.sid: h for h in found if h.typ == DISCLOSURE_TYP and h.sid not in seen}
            seen |= fresh.keys()
            yield from fresh.values()
            waiting = {h.sid: h.signer for h in fresh.values()}

    def beside(self, targets: Mapping[str, str]) -> list[Held]:
        """What others say about statements, given as ``sid`` to key, and who vouches for whom.

        The most important first: what takes a statement back by its own key, then what is of
        signers whom the auditor knows, then the rest; each in the order in which it was read.
        """
        said = self._ranked(self._others(targets), targets)[:_MOST]
        said += self._others({h.sid: h.signer for h in said})
        bound = self.key_bindings([*targets.values(), *(h.signer for h in said)])
        bound += self._others({h.sid: h.signer for h in bound})
        return self._ranked((*said, *bound), targets)

    def _ranked(self, found: Iterable[Held], targets: Mapping[str, str]) -> list[Held]:
        once = {h.number: h for h in found}
        signers = {**targets, **{h.sid: h.signer for h in once.values()}}

        def rank(one: Held) -> tuple[int, int]:
            takes_back = one.typ == WITHDRAWAL_TYP and signers.get(one.about or "") == one.signer
            return (0 if takes_back else 1 if one.known else 2, one.number)

        return sorted(once.values(), key=rank)

    def _others(self, targets: Mapping[str, str]) -> list[Held]:
        found = [h for sid, key in targets.items() for h in self._about(sid, key)]
        return [h for h in found if h.typ != DISCLOSURE_TYP]

    def _about(self, sid: str, key: str) -> list[Held]:
        """What speaks of a statement, what its own key says first."""
        sql = (
            f"SELECT {_HELD} FROM statement WHERE about = ?"  # noqa: S608
            f" ORDER BY signer = ? DESC, known DESC, id LIMIT {_MOST}"
        )
        return [Held(*row) for row in self._db.execute(sql, (sid, key))]

    def _linked(self, kind: str, value: str) -> list[Held]:
        sql = (
            f"SELECT {_HELD} FROM link JOIN statement ON statement = statement.id"  # noqa: S608
            f" WHERE kind = ? AND link.value = ? ORDER BY known DESC, statement.id LIMIT {_MOST}"
        )
        return [Held(*row) for row in self._db.execute(sql, (kind, value))]


def keys_of(links: Links) -> Keys:
    """By what a disclosure that stands by itself is joined to entries and other items."""
    isrcs = (links.isrc,) if links.isrc else ()
    return Keys(isrcs=isrcs, essences=tuple(dict.fromkeys(links.essences)), names=links.names)
