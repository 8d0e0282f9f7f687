"""Audio files: what each carries, who signed it, and the manifests at hand that belong to it."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from provenance.audit.at_hand import AtHand
from provenance.audit.model import Input, Item, Problem
from provenance.audit.sources._files import File, files, numbered, registered, storable
from provenance.audit.sources._judging import Judged, judge
from provenance.audit.sources.base import Reading, SourceKind
from provenance.issuing.preparing import sidecar_path
from provenance.model.errors import InputError
from provenance.verify.outcome import Context
from provenance.workspace.verifying import is_audio

MAX_SEARCHED = 1_000
"""The first so many tracks may be decoded to look for a declaration by what they sound like."""
_AHEAD = 4
"""Files a process that are handed out before the first is waited for."""
_FEW = 8
"""Files for fewer of which no process is started: that takes longer than they do."""

Answer = Callable[[], Judged]
Ask = Callable[[File, bool], Answer]
"""Have a file judged; what comes back gives the answer when it is called."""


def _read(path: Path, reading: Reading) -> Iterator[Item | Problem]:
    found: Iterator[File | Problem] = files(path, lambda file: is_audio(file.path))
    few = list(islice(found, _FEW))
    found, jobs = chain(few, found), reading.jobs if len(few) == _FEW else 1
    with _asking(reading.asked.context, reading.store.folder, jobs) as ask:
        waiting: deque[Iterator[Item | Problem]] = deque()
        count = 0
        for one in _numbered(found, reading):
            if isinstance(one, Problem):
                waiting.append(iter([one]))
            else:
                made, file = one
                waiting.append(_items(made, file, ask(file, count < MAX_SEARCHED)))
                count += 1
            if len(waiting) > _AHEAD * (jobs - 1):
                yield from waiting.popleft()
        for left in waiting:
            yield from left


def _numbered(
    found: Iterator[File | Problem], reading: Reading
) -> Iterator[tuple[Input, File] | Problem]:
    """Each file with its number; its sidecar, which is read with it, has the number after it."""
    for one in numbered(found, "track", reading):
        yield one
        if isinstance(one, Problem):
            continue
        file = one[1]
        beside = sidecar_path(file.path)
        if beside.is_file() and not beside.is_symlink():
            sidecar = registered(File(beside, f"{file.name}.musicprov.json"), "manifest", reading)
            if isinstance(sidecar, Problem):
                yield sidecar


@contextmanager
def _asking(context: Context, folder: Path, jobs: int) -> Iterator[Ask]:
    """How files are judged: here, or in processes; the answers are the same (AUD-036)."""
    if jobs == 1:
        hand = AtHand.read(folder)
        yield lambda file, search: partial(judge, file, context, hand, search)
        if hand is not None:
            hand.close()
        return
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, spawned, _start, (context, folder)) as pool:
        yield lambda file, search: partial(_answer, pool.submit(_judge, file, search))


_process: dict[str, Any] = {}
"""What a process was started with."""


def _start(context: Context, folder: Path) -> None:
    _process.update(context=context, hand=AtHand.read(folder))


def _judge(file: File, search: bool) -> Judged:
    return judge(file, _process["context"], _process["hand"], search)


def _answer(future: Future[Judged]) -> Judged:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise InputError(
            "a process that verified audio ended", hint="Run it again with --jobs 1."
        ) from error


def _items(made: Input, file: File, answer: Answer) -> Iterator[Item | Problem]:
    judged = answer()
    yield from (Problem(made.number, None, rule, file.name) for rule in judged.rules)
    says = storable({"size": made.size, "sha256": made.sha256, **judged.says})
    yield Item("track", made.number, "", replace(judged.keys, files=(made.sha256,)), says)


SOURCE = SourceKind("Tracks", _read)
