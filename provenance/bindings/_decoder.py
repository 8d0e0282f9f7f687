"""The parent's side of decoding: one child process a file, with limits (spec 5.6).

Valid files have crashed the best decoders, so none runs in this process, and none is imported
here. The child gets the open file as its standard input, a request as its argument, little
environment, and a deadline; it answers an empty line when it has loaded its libraries, then one
JSON line. What it answers is checked like any other input.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from provenance.bindings.base import (
    CHROMAPRINT_1,
    REASON_BY_SLUG,
    FingerprintBinding,
    Reason,
    SamplesBinding,
)
from provenance.containers.base import Scan
from provenance.model.limits import MIB, Limits
from provenance.model.records import dataclass
from provenance.wire.digests import spell

_DEMUXERS = {
    "flac": "flac",
    "mp3": "mp3",
    "ogg": "ogg",
    "wav": "wav",
    "aiff": "aiff",
    "mp4": "mov",
}
"""FFmpeg's reader for each of our containers: it never guesses."""
_MODULES = {"samples": ("av",), "fingerprint": ("av", "chromaprint")}
_KEPT_VARIABLES = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "SYSTEMROOT",
)
_MAX_ANSWER = 128 * 1024
_OUT_OF_TIME = {getattr(signal, "SIGXCPU", 24), getattr(signal, "SIGKILL", 9)}
"""How the system ends a process that used up its processor time (or memory: no telling)."""
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Decoded:
    """What the child answered: tiers that it made, and reasons for those that it did not."""

    samples: SamplesBinding | None = None
    fingerprint: FingerprintBinding | None = None
    missing: Mapping[str, Reason] = field(default_factory=dict)


def decode(stream: BinaryIO, scan: Scan, limits: Limits, tiers: frozenset[str]) -> Decoded:
    """Decode once and make the wanted tiers (``samples``, ``fingerprint``) of them.

    Never raises for what the file holds; the position of ``stream`` is kept.
    """
    missing = {tier: Reason.EXTRA_MISSING for tier in tiers if not _installed(tier)}
    wanted = tiers - missing.keys()
    if not wanted:
        return Decoded(missing=missing)
    demuxer = _DEMUXERS.get(scan.container)
    if demuxer is None:
        return Decoded(missing=missing | dict.fromkeys(wanted, Reason.NO_DECODER))
    seconds = processor_seconds(scan.size, limits)
    request = _request(scan, limits, wanted, demuxer, seconds)
    try:
        with _descriptor(stream) as descriptor:
            answer = _ask(request, descriptor, limits, seconds)
    except OSError:
        answer = Reason.NOT_STARTED
    if isinstance(answer, Reason):
        return Decoded(missing=missing | dict.fromkeys(wanted, answer))
    return _agreeing(_read(answer, wanted, missing), scan)


def _agreeing(decoded: Decoded, scan: Scan) -> Decoded:
    """Without samples whose rate or channels are not what the file states (BND-023).

    A header that says twice the rate of its frames is played twice as fast by some players.
    """
    made, audio = decoded.samples, scan.audio
    if made is None or audio is None or (made.rate, made.channels) == (audio.rate, audio.channels):
        return decoded
    missing = {**decoded.missing, "samples": Reason.DISAGREES}
    return Decoded(None, decoded.fingerprint, missing)


def processor_seconds(size: int, limits: Limits) -> float:
    """What the child may compute: a base, and one second for each MiB, up to a ceiling."""
    return min(limits.decoder_max_seconds, limits.decoder_base_seconds + size / MIB)


def deadline(seconds: float, limits: Limits) -> float:
    """How long to wait for that many seconds of processor time: longer, for others compute too."""
    return min(limits.decoder_max_seconds, limits.decoder_patience * seconds)


def _installed(tier: str) -> bool:
    """Whether the extra is there; nothing is imported to find out."""
    return all(importlib.util.find_spec(module) is not None for module in _MODULES[tier])


def _request(
    scan: Scan, limits: Limits, tiers: frozenset[str], demuxer: str, seconds: float
) -> dict[str, Any]:
    audio = scan.audio
    return {
        "demuxer": demuxer,
        "tiers": sorted(tiers),
        "modules": sorted({module for tier in tiers for module in _MODULES[tier]}),
        "lossless": audio is not None and audio.lossless,
        "bits": audio.bits if audio else None,
        "fingerprintSeconds": limits.decode_seconds,
        "memoryBytes": limits.decoder_memory_bytes,
        "cpuSeconds": seconds,
    }


@contextmanager
def _descriptor(stream: BinaryIO) -> Iterator[int]:
    """A descriptor of the whole file, at its start; the stream's own position is put back.

    The child shares the position with us, so nothing else may read the stream meanwhile.
    """
    try:
        number = stream.fileno()
    except (OSError, AttributeError):
        with tempfile.TemporaryFile() as copy:
            stream.seek(0)
            shutil.copyfileobj(stream, copy)
            copy.flush()
            os.lseek(copy.fileno(), 0, os.SEEK_SET)
            yield copy.fileno()
        return
    position = os.lseek(number, 0, os.SEEK_CUR)
    os.lseek(number, 0, os.SEEK_SET)
    try:
        yield number
    finally:
        os.lseek(number, position, os.SEEK_SET)


def _ask(
    request: Mapping[str, Any], descriptor: int, limits: Limits, seconds: float
) -> dict[str, Any] | Reason:
    """Run the child; its answer, or why there is none.

    It is waited for twice: until it has loaded its libraries, which no file makes longer, and
    then until it has answered, for ``seconds`` of processor time.
    """
    expired = threading.Event()
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
        _command(request),
        stdin=descriptor,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(os.sep).resolve(),
        env=_environment(),
    ) as child:

        def expire() -> None:
            expired.set()
            child.kill()

        stdout = cast("IO[bytes]", child.stdout)
        try:
            with _timer(limits.decoder_max_seconds, expire):
                stdout.readline(_MAX_ANSWER)
            with _timer(deadline(seconds, limits), expire):
                output = stdout.read(_MAX_ANSWER + 1)
                if len(output) <= _MAX_ANSWER:
                    child.wait()
        finally:
            child.kill()
    if expired.is_set() or -(child.returncode or 0) in _OUT_OF_TIME:
        return Reason.TIMEOUT
    return _parse(output)


@contextmanager
def _timer(seconds: float, act: Callable[[], None]) -> Iterator[None]:
    """``act`` is called where what is done here takes longer."""
    timer = threading.Timer(seconds, act)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _command(request: Mapping[str, Any]) -> list[str]:
    """``-P`` keeps the current folder off the import path; ``-B`` because it may write nothing."""
    module = "provenance.bindings._child"
    return [sys.executable, "-P", "-B", "-m", module, json.dumps(request)]


def _environment() -> dict[str, str]:
    """Little of ours, no secrets; the package is found where this process found it."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    inherited = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    paths = [str(_ROOT), *(path for path in inherited if Path(path).is_absolute())]
    return kept | {"PYTHONPATH": os.pathsep.join(paths)}


def _parse(output: bytes) -> dict[str, Any] | Reason:
    if not output.endswith(b"\n") or len(output) > _MAX_ANSWER:
        return Reason.CRASHED
    try:
        answer = json.loads(output)
    except (ValueError, RecursionError):
        return Reason.CRASHED
    return answer if isinstance(answer, dict) else Reason.CRASHED


def _read(
    answer: Mapping[str, Any], wanted: frozenset[str], missing: Mapping[str, Reason]
) -> Decoded:
    reasons = dict(missing)
    made: dict[str, Any] = {}
    for tier in wanted:
        given = answer.get(tier)
        try:
            made[tier] = _MAKERS[tier](given)
        except (TypeError, ValueError, KeyError):
            slug = given if isinstance(given, str) else ""
            reasons[tier] = REASON_BY_SLUG.get(slug, Reason.CRASHED)
    return Decoded(made.get("samples"), made.get("fingerprint"), reasons)


def _samples(given: Any) -> SamplesBinding:
    digest = bytes.fromhex(given["digest"])
    if len(digest) != 32:
        raise ValueError("not a digest")
    counts = (int(given[name]) for name in ("rate", "channels", "bits", "samples"))
    return SamplesBinding(spell(digest), *counts)


def _fingerprint(given: Any) -> FingerprintBinding:
    return FingerprintBinding(CHROMAPRINT_1, str(given["value"]), int(given["durationMs"]))


_MAKERS = {"samples": _samples, "fingerprint": _fingerprint}
