"""What a run has found so far, on disk, so that the same call goes on after it (spec 26.4).

NDJSON: a line that says of which call, then one report a line, in the order of the items. Of a
report that would be too large to be read back, the line has the name alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple, replace
from pathlib import Path
from stat import S_ISREG
from typing import IO, Any

from provenance.bulk.items import Item, Sources
from provenance.bulk.settings import Settings, context_of
from provenance.files.opening import input_error
from provenance.model.errors import InputError, UsageError
from provenance.model.limits import MIB
from provenance.reports.as_json import dumps, input_name
from provenance.wire.schemas import is_valid

FORMAT = "musicprov-verify-state/1"
_AGAIN = "Remove it to begin again."
_LINE_BYTES = 16 * MIB
"""Of a report with its line feed; the largest that limits let through have some hundred KiB."""
_ALONE = "again"
"""What a line has instead of a report: the name of an item that is verified again."""

Report = dict[str, Any]


def call_of(sources: Sources, settings: Settings) -> str:
    """What tells one call from another: what is verified, by whose keys and by what policy."""
    context = context_of(settings)
    parts = (
        astuple(replace(sources, stores=None)),
        astuple(replace(settings, at=None, stores=None)),
        sorted(context.required.items()),
        sorted({**context.keyring.own, **context.keyring.pinned}),
        context.policy.digest if context.policy else None,
        _digest(settings),
    )
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _digest(settings: Settings) -> str | None:
    """The digest of the policy at ingest, as it was read to decide by; None without one."""
    if settings.ingest is None:
        return None
    from provenance.bulk.judging import policy_of  # profiles are loaded where there is a policy

    policy = policy_of(settings)
    return None if policy is None else policy.digest


class Journal:
    """The state of one run. The reports of a run that was broken off come first."""

    def __init__(self, path: Path, stream: IO[bytes]) -> None:
        self._path, self._stream = path, stream
        self.done = 0

    def kept(self, items: Iterator[Item]) -> Iterator[tuple[Item, Report | None]]:
        """The items that are done, drawn from ``items``, each with its report (BLK-030).

        None stands for a report that was too large to be kept: that item is verified again.
        Raises ``UsageError`` where the items are not the ones of before, and for what is no report:
        the file may have been damaged, or written by somebody else.
        """
        while True:
            place = self._stream.tell()
            line = self._stream.readline(_LINE_BYTES)
            is_torn = not line.endswith(b"\n") and len(line) < _LINE_BYTES
            if is_torn:  # the end, or what was written when the run broke off
                self._stream.truncate(place)
                self._stream.seek(place)
                return
            name, report = self._read(line)
            item = next(items, None)
            if item is None or input_name(item.name) != name:
                message = f"{self._path}: is of a run over other files than there are now"
                raise UsageError(message, hint=_AGAIN)
            self.done += 1
            yield item, report

    def _read(self, line: bytes) -> tuple[str, Report | None]:
        """The name in a line, and the report where there is one."""
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict) and set(found) == {_ALONE} and isinstance(found[_ALONE], str):
            return found[_ALONE], None
        if not is_valid(found, "report"):
            raise UsageError(f"{self._path}: is damaged", hint=_AGAIN)
        return found["input"]["name"], found

    def keep(self, report: Report) -> None:
        """Keep the report of the next item, or where it is too large its name."""
        line = dumps(report).encode() + b"\n"
        if len(line) > _LINE_BYTES:
            line = dumps({_ALONE: report["input"]["name"]}).encode() + b"\n"
        try:
            self._stream.write(line)
            self._stream.flush()
        except OSError as error:
            raise input_error(self._path, error) from error
        self.done += 1


@contextmanager
def journal(path: Path, call: str) -> Iterator[Journal]:
    """The journal at ``path`` of the call ``call``; made where there is none.

    Raises ``UsageError`` for a file that is no journal, is another call's, or is in use.
    """
    stream = _opened(path)
    try:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            hint = "Wait for it, or name another state."
            raise UsageError(f"{path}: another run is using it", hint=hint) from error
        _begin(path, stream, call)
        yield Journal(path, stream)
    finally:
        with suppress(OSError):  # what could not be written was told when it was to be
            stream.close()


def _opened(path: Path) -> IO[bytes]:
    flags = os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_NOFOLLOW
    try:
        descriptor = os.open(path, flags, 0o666)
    except OSError as error:
        raise input_error(path, error) from error
    if not S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InputError(f"{path}: is not a regular file", hint="Name a file for the state.")
    return os.fdopen(descriptor, "r+b")


def _begin(path: Path, stream: IO[bytes], call: str) -> None:
    """Read the first line, or write it; the stream stands behind it then."""
    head = json.dumps({"state": FORMAT, "call": call}).encode() + b"\n"
    found = stream.readline(len(head) + 1)
    if found == head:
        return
    if head.startswith(found):  # nothing, or what was written when the run broke off
        try:
            stream.seek(0)
            stream.truncate()
            stream.write(head)
            stream.flush()
        except OSError as error:
            raise input_error(path, error) from error
        return
    if found.startswith(head[: head.index(b"call")]):
        message = f"{path}: is the state of another call: other files, keys, policy or options"
        raise UsageError(message, hint=_AGAIN)
    raise UsageError(f"{path}: is no state of a run", hint="Name a file that there is not yet.")
