"""One audit from its inputs to a finished report (spec 25): the steps, in their order.

1.  Inputs    each file gets a number and its digest: charts, policy, keys, then the sources.
2.  Charts    rows become entries, or problems.
3.  Sources   manifests, tracks, messages, detectors, lists, credits become items (25.3).
4.  Exhibits  each recording with all that is joined to it: state, flags, rules (25.4, 25.5).
5.  Summary   counts over entries.

The result depends on the bytes of the inputs, on what was asked, and on the version of the tool:
on no clock, path, user, locale or order of folders. Nothing here writes the report's files; that
is ``writing``'s.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from provenance.audit.asked import Asked, plain
from provenance.audit.model import Entry, Input, Problem
from provenance.audit.sources import ORDER, load
from provenance.audit.sources._files import shown
from provenance.audit.sources.base import Reading, SourceKind
from provenance.audit.store import Store
from provenance.files.opening import open_regular
from provenance.model.errors import UsageError
from provenance.wire.digests import digest_of, digest_of_stream

REPORT = "musicprov-audit/1"
Tick = Callable[[str, int, int | None], None]
"""What is being done, how many are done, of how many; None where that is not known."""
NO_READERS: Mapping[str, SourceKind] = {}
_TIME = "%Y-%m-%dT%H:%M:%SZ"


class Finished:
    """The audit of a store that is filled: an ``AuditReport``."""

    def __init__(self, store: Store, head: Mapping[str, Any]) -> None:
        self._store = store
        self._head = head

    @property
    def head(self) -> Mapping[str, Any]:
        """The report without its entries and exhibits."""
        return self._head

    def entries(self, week: str | None = None) -> Iterator[Mapping[str, Any]]:
        """The rows of the charts, of one week or of all."""
        return self._store.rows(week)

    def exhibits(self) -> Iterator[Mapping[str, Any]]:
        """All exhibits by number."""
        return self._store.exhibits()

    def exhibit(self, number: int) -> Mapping[str, Any]:
        """One exhibit."""
        return self._store.exhibit(number)


def run(
    asked: Asked,
    store: Store,
    tick: Tick,
    *,
    jobs: int = 1,
    readers: Mapping[str, SourceKind] = NO_READERS,
) -> Finished:
    """Audit into an empty store. ``readers`` stand in for kinds of sources (an archive's record).

    Raises ``RefusedError`` for a chart that cannot be read, ``InputError`` for what cannot be
    opened, ``UsageError`` for an unknown profile or setting, or a title that is no text.
    """
    from provenance.audit.judging import require_rules

    require_rules(asked.rules, asked.settings)
    _require_text(asked)
    register = _Register(store)
    columns, notes = _read_charts(asked, store, register, tick)
    _register_trust(asked, register)
    _read_sources(asked, store, Reading(asked, store, register, jobs), readers, tick)
    total = store.number_recordings()
    member = _audit_member(asked, store)
    _assemble(asked, store, member, total, tick)
    return Finished(store, _head(asked, store, member, columns, notes))


def _require_text(asked: Asked) -> None:
    try:
        f"{asked.title}{asked.auditor}".encode()
    except UnicodeEncodeError:
        message = "the title or the auditor's name has bytes that are no UTF-8"
        hint = "Choose others with --title and --auditor."
        raise UsageError(message, hint=hint) from None


class _Register:
    """Gives each file that is read its number, and keeps its digest."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __call__(self, role: str, path: Path, name: str) -> Input:
        """Read a file whole for its digest. Raises ``InputError`` when it cannot be opened."""
        with open_regular(path) as stream:
            sha256, size = digest_of_stream(stream), stream.tell()
        number, text = self._store.next_input(), shown(os.fsencode(name))
        made = Input(number, role, text, size, sha256)
        self._store.add_input(made)
        return made


def _read_charts(
    asked: Asked, store: Store, register: _Register, tick: Tick
) -> tuple[dict[str, Mapping[str, str]], dict[str, tuple[str, ...]]]:
    from provenance.audit.charts.reading import read_chart, repeated_weeks

    columns: dict[str, Mapping[str, str]] = {}
    notes: dict[str, tuple[str, ...]] = {}
    for place, path in enumerate(asked.charts):
        tick("Charts", place, len(asked.charts))
        made = register("chart", path, path.name)
        reading = read_chart(path, made.number, asked)
        store.add_entries(_entries(reading.rows, store))
        columns[str(made.number)] = dict(reading.columns)
        notes[str(made.number)] = reading.notes
    for problem in repeated_weeks(store):
        store.add_problem(problem)
    return columns, notes


def _entries(rows: Iterator[Entry | Problem], store: Store) -> Iterator[Entry]:
    for row in rows:
        if isinstance(row, Problem):
            store.add_problem(row)
        else:
            yield row


def _register_trust(asked: Asked, register: _Register) -> None:
    from provenance.workspace.policies import files_of

    if asked.trust is not None:
        register("trustPolicy", asked.trust, asked.trust.name)
        for name, path in files_of(asked.trust):
            register("trustPolicy", path, name)
    for key in asked.keys:
        register("key", key, key.name)


def _read_sources(
    asked: Asked,
    store: Store,
    reading: Reading,
    readers: Mapping[str, SourceKind],
    tick: Tick,
) -> None:
    for kind in ORDER:
        for source in (s for s in asked.sources if s.kind == kind):
            reader = readers.get(kind) or load(kind)
            for done, found in enumerate(reader.read(source.path, reading)):
                tick(reader.title, done, None)
                if isinstance(found, Problem):
                    store.add_problem(found)
                else:
                    store.add_item(found)


def _assemble(
    asked: Asked, store: Store, member: Mapping[str, Any], total: int, tick: Tick
) -> None:
    from provenance.audit.assembling import assemble

    for done, recording in enumerate(store.recordings()):
        tick("Entries", done, total)
        store.put_exhibit(recording.number, assemble(recording, asked, store, member))


def _audit_member(asked: Asked, store: Store) -> dict[str, Any]:
    """Which audit this is: its id follows from what was asked and from the inputs' digests."""
    from provenance.audit.document import line

    at = asked.context.now.strftime(_TIME)
    inputs = [[one.role, one.name, one.sha256] for one in store.inputs()]
    said = [at, plain(asked), dict(sorted(asked.context.required.items())), inputs]
    return {
        "id": digest_of(line(said).encode("utf-8")),
        "title": asked.title or shown(os.fsencode(asked.charts[0].stem)),
        "at": at,
        "auditor": asked.auditor,
        "language": asked.language,
    }


def _head(
    asked: Asked,
    store: Store,
    member: Mapping[str, Any],
    columns: Mapping[str, Mapping[str, str]],
    notes: Mapping[str, tuple[str, ...]],
) -> dict[str, Any]:
    from provenance.audit.judging import rules_asked
    from provenance.audit.reasons import NOT_SAID
    from provenance.audit.summary import summarise
    from provenance.reports.as_json import tool

    weeks, summary = summarise(store)
    return {
        "report": REPORT,
        "audit": dict(member),
        "tool": tool(),
        "inputs": [one.as_json() for one in store.inputs()],
        "policy": _policy(asked),
        "rules": rules_asked(asked.rules, asked.settings),
        "columns": {number: dict(found) for number, found in columns.items()},
        "notes": {number: list(found) for number, found in notes.items()},
        "weeks": weeks,
        "summary": summary,
        "problems": [_problem(one) for one in store.problems()],
        "problemsSeen": store.problems_seen,
        "notSaid": list(NOT_SAID),
    }


def _policy(asked: Asked) -> dict[str, Any]:
    """By what it was decided whose signatures count: policy and known keys (AUD-114)."""
    from provenance.reports.as_json import policy_of

    pinned = asked.context.keyring.pinned
    keys = [
        {"name": shown(os.fsencode(name or "")), "thumbprint": thumbprint}
        for thumbprint, name in pinned.items()
    ]
    return {**policy_of(asked.context, asked.context.required), "keys": keys}


def _problem(one: Problem) -> dict[str, Any]:
    from provenance.wire.registries import rule

    entry = rule(one.rule) or {}
    return {
        "input": one.input,
        "row": one.row,
        "rule": one.rule,
        "value": one.value,
        "says": entry.get("meaning", one.rule),
        "fix": entry.get("fix", ""),
    }
