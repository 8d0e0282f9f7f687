"""Reading finished reports: a folder, a ``report.json`` or an archive, line by line (spec 25.9).

A report is read as ``provenance.audit.document`` writes it, one entry or exhibit at a time, so
that memory does not grow with the weeks. Whether it is unchanged is for ``prov audit check``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, NoReturn

from provenance.files.opening import open_regular
from provenance.model.errors import RefusedError, UsageError
from provenance.model.limits import MIB
from provenance.model.records import dataclass

MAX_REPORTS = 10_000
LINE_BYTES = 64 * MIB
"""One member of the head, or one entry or exhibit."""
_REPORT = "report.json"
_LISTS = ("entries", "exhibits")
_ZIP = b"PK\x03\x04"
_ID = re.compile(r"sha-256:([A-Za-z0-9_-]{43})", re.ASCII)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)
_KIND = "musicprov-audit/1"


def refuse(what: str) -> NoReturn:
    """Raise the ``RefusedError`` of a report that has not the form of one (AUD-102)."""
    raise RefusedError(
        "audit.report-form",
        f"{what}: is no report.json as 'prov audit' writes it",
        hint="Take the report as it was made; make it again with 'prov audit rerun'.",
    )


@dataclass(frozen=True)
class Report:
    """One report on disk: what its head says, and where its rows are."""

    path: Path
    shown: str
    """What it is called in messages."""
    audit: str
    """The name of its node: ``ni:///sha-256;`` and the audit's id."""
    chart: str
    at: str
    auditor: str
    weeks: tuple[str, ...]

    @property
    def age(self) -> tuple[str, str]:
        """By what the latest of several reports is known."""
        return self.at, self.audit

    def entries(self) -> Iterator[Mapping[str, Any]]:
        """The rows of the charts, in order."""
        yield from self._rows("entries")

    def exhibits(self) -> Iterator[Mapping[str, Any]]:
        """The exhibits, by number."""
        yield from self._rows("exhibits")

    def _rows(self, wanted: str) -> Iterator[Mapping[str, Any]]:
        with open_regular(self.path) as stream:
            for member, line in _members(stream, self.shown):
                if member == f"{wanted}[]":
                    yield _value(line, self.shown)


@contextmanager
def opened(paths: Sequence[Path]) -> Iterator[tuple[Report, ...]]:
    """The reports, by time; the same audit twice is one report (AUD-101).

    An archive is made into its report again in a folder of its own, which is gone afterwards.
    Raises ``RefusedError`` for what is no report, ``UsageError`` for too many of them.
    """
    if len(paths) > MAX_REPORTS:
        raise UsageError(f"more than {MAX_REPORTS} reports", hint="Ask over fewer of them.")
    with ExitStack() as stack:
        found: dict[str, Report] = {}
        for path in paths:
            one = _head(_file(path, stack), str(path))
            found.setdefault(one.audit, one)
        yield tuple(sorted(found.values(), key=lambda one: one.age))


def _file(path: Path, stack: ExitStack) -> Path:
    if path.is_dir():
        return path / _REPORT
    with open_regular(path) as stream:
        is_archive = stream.read(len(_ZIP)) == _ZIP
    if not is_archive:
        return path
    return _made_again(path, Path(stack.enter_context(TemporaryDirectory(prefix="musicprov-"))))


def _made_again(path: Path, folder: Path) -> Path:
    """The ``report.json`` of an archive: it has all that the report was made from."""
    from provenance.audit.archive import RECORD
    from provenance.audit.auditing import NO_READERS, run
    from provenance.audit.document import write_report
    from provenance.audit.rerunning import asked_of, recorded
    from provenance.audit.sealing import list_file
    from provenance.audit.store import opened as new_store
    from provenance.audit.unpacking import unpack

    bundle = unpack(path, folder / "archive")
    made, record = folder / _REPORT, bundle.folder / RECORD
    readers = {"tracks": recorded(record)} if record.exists() else NO_READERS
    with new_store(folder) as store:
        tick = lambda _what, _done, _total: None  # noqa: E731
        write_report(run(asked_of(bundle), store, tick, readers=readers), made)
    wanted = {one["name"]: one["sha256"] for one in bundle.listing["files"]}
    if list_file(made, _REPORT).sha256 != wanted.get(_REPORT):
        raise RefusedError(
            "audit.report-differs",
            f"{path}: makes another report now than the one that it is of",
            hint="See 'prov audit rerun' for what differs, and name the report itself.",
        )
    return made


def _head(path: Path, shown: str) -> Report:
    head: dict[str, Any] = {}
    with open_regular(path) as stream:
        for member, line in _members(stream, shown):
            if member.endswith("[]"):
                break
            head |= _value(line, shown)
    try:
        audit = head["audit"]
        named = _ID.fullmatch(audit["id"])
        weeks = tuple(one["week"] for one in head["weeks"])
        texts = (audit["title"], audit["at"], audit["auditor"], *weeks)
        fits = head["report"] == _KIND and _TIME.fullmatch(audit["at"])
        for day in (*weeks, audit["at"][:10]):
            date.fromisoformat(day)
    except (KeyError, TypeError, ValueError):
        refuse(shown)
    if not fits or named is None or not all(isinstance(text, str) for text in texts):
        refuse(shown)
    return Report(
        path=path,
        shown=shown,
        audit=f"ni:///sha-256;{named[1]}",
        chart=audit["title"],
        at=audit["at"],
        auditor=audit["auditor"],
        weeks=weeks,
    )


def _members(stream: BinaryIO, shown: str) -> Iterator[tuple[str, bytes]]:
    """Each member of the head as an object, and (``entries[]``, row) of each row of the lists."""
    if _line(stream, shown) != b"{":
        refuse(shown)
    lists, name, inside = list(_LISTS), "", False
    while (line := _line(stream, shown)) != b"}" or inside or lists:
        if not line:
            refuse(shown)
        if inside and line in {b"]", b"],"}:
            inside = False
        elif inside:
            yield f"{name}[]", line.removesuffix(b",")
        elif lists and line == f'"{lists[0]}": ['.encode():
            name, inside = lists.pop(0), True
        elif len(lists) == len(_LISTS):
            yield "", b"{" + line.removesuffix(b",") + b"}"
        else:
            refuse(shown)
    if stream.read(1):
        refuse(shown)


def _line(stream: BinaryIO, shown: str) -> bytes:
    line = stream.readline(LINE_BYTES + 1)
    if len(line) > LINE_BYTES:
        refuse(shown)
    return line.rstrip(b"\n")


def _value(text: bytes, shown: str) -> dict[str, Any]:
    try:
        found = json.loads(text.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        refuse(shown)
    if not isinstance(found, dict):
        refuse(shown)
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
