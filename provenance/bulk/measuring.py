"""How quick verifying is here, against SHA-256 of the same bytes by the same processes.

Hashing and verifying go over the same files through the same executor, in turn, several times.
What a file takes is the CPU time, user and system, of the process that does it: the least of the
rounds. What a run takes is wall time, from the first file to the last report: the least again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

from provenance.bulk.items import Item
from provenance.bulk.running import verify_many
from provenance.bulk.settings import Settings
from provenance.bulk.verifying import verify_in_stages
from provenance.reports.as_json import dumps, tool
from provenance.verify.stages import Stages

BENCH = "musicprov-bench/1"
MAX_FILES = 20_000
"""What is measured of each file is held in memory."""

_SPENT = "nanoseconds"
_NS = 1000

Action = Callable[[Item, Settings], dict[str, Any]]


@dataclass
class Bench:
    """What was measured, file by file and round by round."""

    jobs: int
    rounds: int
    files: list[_File] = field(default_factory=list)
    hashing: int = 0
    """Wall time of the quickest run over all files that hashed them; nanoseconds."""
    verifying: int = 0
    """Of the quickest run that verified them."""


@dataclass
class _File:
    """One file: its container, whether it is left out and why, and the least it took."""

    container: str | None = None
    size: int = 0
    left_out: str | None = None
    hashing: int | None = None
    verifying: int | None = None


def measure(
    items: Sequence[Item], executor: Executor, settings: Settings, jobs: int, rounds: int
) -> Bench:
    """Hash and verify each item ``rounds`` times on an executor of ``jobs`` processes.

    Raises ``ProvError`` for settings that cannot be used. A file that cannot be read, or of which
    verifying need not read the audio because nothing is declared, is counted and left out.
    """
    bench = Bench(jobs, rounds, [_File() for _ in items])
    hashing, verifying = [], []
    for _ in range(rounds):
        before = time.perf_counter_ns()
        for item, found in verify_many(items, executor, settings, verify=hash_item):
            file = bench.files[item.number]
            file.hashing = _least(file.hashing, found)
        between = time.perf_counter_ns()
        for item, found in verify_many(items, executor, settings, verify=verify_timed):
            _take(bench.files[item.number], found)
        hashing.append(between - before)
        verifying.append(time.perf_counter_ns() - between)
    bench.hashing, bench.verifying = min(hashing), min(verifying)
    return bench


def hash_item(item: Item, settings: Settings) -> dict[str, Any]:
    """SHA-256 of the whole file, by the quickest way that Python has, and the time it took."""
    del settings
    before = time.process_time_ns()
    with open(item.name, "rb", buffering=0) as stream:  # noqa: PTH123 - nothing but the hash
        made = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"sha256": made, _SPENT: time.process_time_ns() - before}


def verify_timed(item: Item, settings: Settings) -> Stages[dict[str, Any]]:
    """The report of ``verify_item`` in stages, and the time that all of them took."""
    stages, spent = verify_in_stages(item, settings), 0
    while True:
        before = time.process_time_ns()
        try:
            next(stages)
        except StopIteration as end:
            return {**end.value, _SPENT: spent + time.process_time_ns() - before}
        spent += time.process_time_ns() - before
        yield


def _take(file: _File, report: dict[str, Any]) -> None:
    """What one verification of a file says about it; the report is written, as a run does."""
    spent = report.pop(_SPENT, None)
    dumps(report)
    file.container, file.size = report["input"]["container"], report["input"]["size"] or 0
    if report["status"] == "ERROR":
        file.left_out = "error"
    elif report["status"] == "ABSENT" or report["input"]["essence"] is None:
        file.left_out = "audioNotRead"
    file.verifying = _least(file.verifying, {_SPENT: spent})


def _least(known: int | None, found: dict[str, Any]) -> int | None:
    spent: int | None = found.get(_SPENT)
    return min((n for n in (known, spent) if n is not None), default=None)


def bench_report(bench: Bench) -> dict[str, Any]:
    """The figures as plain JSON values (``schemas/1.0/bench.schema.json``)."""
    counted = [file for file in bench.files if file.left_out is None]
    kinds = sorted({file.container for file in counted if file.container is not None})
    rows = [_row([f for f in counted if f.container == kind]) for kind in kinds]
    return {
        "bench": BENCH,
        "tool": tool(),
        "jobs": bench.jobs,
        "rounds": bench.rounds,
        "quickSchemas": _has_quick_schemas(),
        "containers": [{"container": k, **row} for k, row in zip(kinds, rows, strict=True)],
        "total": _row(counted),
        "run": {
            "files": len(bench.files),
            "sha256": bench.hashing // _NS,
            "verify": bench.verifying // _NS,
        },
        "leftOut": {
            why: sum(file.left_out == why for file in bench.files)
            for why in ("audioNotRead", "error")
        },
    }


def _row(files: Sequence[_File]) -> dict[str, int]:
    """Files and bytes, and the CPU time in microseconds that they took."""
    return {
        "files": len(files),
        "bytes": sum(file.size for file in files),
        "sha256": sum(_spent(file.hashing for file in files)),
        "verify": sum(_spent(file.verifying for file in files)),
    }


def _spent(times: Iterator[int | None]) -> Iterator[int]:
    return ((spent or 0) // _NS for spent in times)


def _has_quick_schemas() -> bool:
    from importlib.util import find_spec

    return find_spec("jsonschema_rs") is not None
