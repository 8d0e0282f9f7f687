"""Reports of real verifications, and of what somebody might send to play with whoever reads them."""

import functools
import io
from datetime import UTC, datetime

from provenance.conformance.cases import find_cases, vectors_root
from provenance.containers import identify, load
from provenance.reports.as_json import error_report, report
from provenance.trust.identity import Keyring
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify

NOW = datetime(2027, 1, 1, tzinfo=UTC)

HOSTILE_NAMES = (
    '=cmd|"/c calc"!A1.flac',
    "-2+3, =1+1.flac",
    "<script>alert(1)</script>.flac",
    "\"><img src=x onerror=alert(1)>&amp;'.wav",
    "]]></failure><testcase name='x'/>\x00\x08\x1b[2J\ufffe.wav",
    "a\r\n::error file=x::forged%0A,:.wav",
    "100% sure: really,.wav",
    "%0A%3A%25.wav",
    "undecodable-\udcff\udc80.wav",
    "half-\ud800.wav",
    "\u202egpj.cilum\u2066.wav",
    "sp ace/\u00e5\u00e4\u00f6 \U0001f3b5/?#[]@!.flac",
    "s3://bucket/a b/\u00e9.flac?versionId=1%202",
    "/absolute/%41.wav",
    "\t@SUM(A1)\n.wav",
    "'",
    "",
)


@functools.cache
def verified():
    """Name and report of every case of ``tests/vectors/verify``: all statuses but ERROR."""
    return tuple(_verified(case) for case in find_cases(vectors_root() / "verify"))


def _verified(case):
    options = case.options
    keyring = Keyring(
        dict.fromkeys(options.get("own", ())), dict.fromkeys(options.get("pinned", ()))
    )
    context = Context(now=NOW, keyring=keyring, decode="never")
    audio, beside = case.file(), case.file("given")
    stream = io.BytesIO(audio.read_bytes()) if audio else None
    name = identify(stream) if stream else None
    given = (Given("given", beside.read_bytes()),) if beside else ()
    verdict = verify(stream, load(name) if name else None, context, given)
    path = f"{case.id}/{audio.name if audio else 'given'}"
    return path, report(path, verdict, context)


def unreadable(name):
    """The report of an input that could not be looked at."""
    context = Context(now=NOW)
    return name, error_report(
        name, f"{name}: there is no such file", "Look at the path.", context, "world"
    )


def hostile():
    """Names that somebody chose to play with whoever reads a report, on two kinds of result."""
    absent = next(found for _, found in verified() if found["status"] == "ABSENT")
    for name in HOSTILE_NAMES:
        yield unreadable(name)
        yield (
            name,
            {**absent, "input": {**absent["input"], "name": unreadable(name)[1]["input"]["name"]}},
        )


def every():
    """All of them."""
    return (*verified(), unreadable("gone.flac"), *hostile())
