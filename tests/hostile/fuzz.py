"""Mutates valid files of each container, and statements, and says what went wrong.

``python fuzz.py [SECONDS] [SEED]`` prints the inputs tried and the distinct faults; a fault's
input is kept beside its trace in the folder that ``MUSICPROV_FUZZ_KEEP`` names. One process, one
core. A find becomes a named case of this folder.
"""

import contextlib
import io
import json
import os
import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from provenance.containers import identify, load
from provenance.containers.base import MANIFEST_TAG, SUMMARY_TAG, Change
from provenance.issuing.embedding import embed
from provenance.model.errors import ProvError, RefusedError
from provenance.model.limits import DEFAULT_LIMITS
from provenance.reports.as_json import dumps, report
from provenance.reports.as_text import render
from provenance.signing import bundle
from provenance.verify.outcome import Given
from provenance.verify.procedure import verify
from provenance.verify.steps import essence_digest, with_digest

from hostile import parts

SECONDS = 2.0
INTERESTING = (b"\0" * 4, b"\xff" * 4, b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\0\0\0\1", b"\0\0\1\0")
KINDS = [kind for kinds in parts.KINDS.values() for kind in kinds]
CHANGE = Change(b"eyJ" + b"A" * 700, "lyrics=full")
NOTHING = Change(None, None)


class FaultError(Exception):
    """What an invariant says against."""


def mutated(data, chance, other=b""):
    """One to six random changes: flips, sizes, cuts, copies, moves, splices of another file."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        _mutate(found, chance, other)
    return bytes(found)


def _mutate(found, chance, other):
    head = min(len(found), 4096)
    at = chance.randrange((head if chance.random() < 0.7 else len(found)) or 1)
    span = chance.choice((1, 4, 8, 27, 64, 500, 5000))
    part = bytes(found[at : at + span])
    kind = chance.randrange(9)
    if kind == 0 and found:
        found[min(at, len(found) - 1)] ^= 1 << chance.randrange(8)
    elif kind == 1:
        found[at : at + 4] = chance.choice(INTERESTING)
    elif kind == 2:
        found[at : at + 4] = chance.randrange(1 << 32).to_bytes(4, chance.choice(("big", "little")))
    elif kind == 3:
        del found[at : at + span]
    elif kind == 4:
        found[at:at] = part * chance.choice((1, 2, 40))
    elif kind == 5:
        to = chance.randrange(len(found) or 1)
        found[to : to + len(part)] = part
    elif kind == 6:
        del found[chance.randrange(len(found) or 1) :]
    elif kind == 7 and other:
        start = chance.randrange(len(other))
        found[at:at] = other[start : start + span]
    else:
        small = chance.randrange(-8, 9)
        number = int.from_bytes(found[at : at + 4], "big") + small
        found[at : at + 4] = parts.u32(number)


def check_file(data, base):
    """Hold the invariants over one file; raises what is wrong."""
    stream = io.BytesIO(data)
    name = identify(stream)
    if name is None:
        return "unknown"
    container = load(name)
    verdict = verify(stream, container, parts.context())
    render("song", report("song", verdict, parts.context()), verbose=True)
    dumps(report("song", verdict, parts.context()))
    if verdict.status.value == "PASSED" and not parts.holds_audio(data, base):
        raise FaultError("PASSED, but this is not the audio that was signed")
    scan = container.scan(stream, DEFAULT_LIMITS, True)
    _require_inside(scan, len(data))
    for change in (CHANGE, NOTHING):
        _check_write(container, stream, scan, change)
    if stream.getvalue() != data:
        raise FaultError("the source was written to")
    return verdict.status.value


def _require_inside(scan, size):
    for one in (*scan.items, *scan.carriers):
        if not (one.start >= 0 <= one.length and one.start + one.length <= size):
            raise FaultError(f"{one.where} leaves the file")
    if scan.essence is not None:
        for start, length in scan.essence.ranges:
            if not (start >= 0 < length and start + length <= size):
                raise FaultError("the essence leaves the file")


def _check_write(container, stream, scan, change):
    target = io.BytesIO()
    try:
        after = embed(container, stream, scan, change, target, DEFAULT_LIMITS)
    except RefusedError as refused:
        if refused.rule == "write.check-failed":
            raise FaultError(f"the writer would have done harm: {refused}") from None
        return
    for tag, value in ((MANIFEST_TAG, change.manifest), (SUMMARY_TAG, change.summary)):
        if len(after.named(tag)) != (value is not None):
            raise FaultError(f"{tag} was written more or less than once")
    if essence_digest(with_digest(stream, scan)) != essence_digest(with_digest(target, after)):
        raise FaultError("the essence was changed")
    if change == CHANGE and identify(target) != container.name:
        raise FaultError("the new file is of another kind")


def check_statement(data):
    """A value from beside the audio: whatever its bytes, there is a verdict."""
    verdict = verify(None, None, parts.context(), (Given("given", data),))
    dumps(report("given", verdict, parts.context()))
    if verdict.status.value == "PASSED":
        raise FaultError("PASSED without audio")
    return verdict.status.value


def attempt(check, *arguments):
    """The name of the fault and its trace, or None and what became of it."""
    begin = time.process_time()
    try:
        outcome = check(*arguments)
    except (ProvError, OSError, EOFError) as error:
        return f"escaped {type(error).__name__}: {error}"[:200], traceback.format_exc()
    except FaultError as fault:
        return str(fault)[:200], ""
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return (
            f"{type(error).__name__} in {last.name}, {Path(last.filename).name}",
            traceback.format_exc(),
        )
    if time.process_time() - begin > SECONDS:
        return "took more than two seconds", ""
    return None, outcome


def statements():
    """Valid statements in every form, to be mutated."""
    token = parts.token("flac")
    plain = bundle.write_bundle([token.decode()])
    return [token, plain, json.dumps(json.loads(plain)["statements"][0]).encode()]


def main(seconds, seed):
    """Fuzz for so long; print what was tried and found."""
    chance, tried, faults = random.Random(seed), Counter(), {}
    begin = time.monotonic()
    forms = statements()
    outcomes = Counter()
    while time.monotonic() - begin < seconds:
        kind = chance.choice((*KINDS, "statement"))
        if kind == "statement":
            data = mutated(chance.choice(forms), chance, chance.choice(forms))
            fault, more = attempt(check_statement, data)
        else:
            data = parts.signed(kind) if chance.random() < 0.8 else parts.bare(kind)
            data = mutated(data, chance, parts.signed(chance.choice(KINDS)))
            if kind in parts.KINDS["ogg"] and chance.random() < 0.8:
                data = parts.recrc(data)
            fault, more = attempt(check_file, data, kind)
        tried[kind] += 1
        outcomes[str(more) if fault is None else "fault"] += 1
        if fault is not None and (kind, fault) not in faults:
            faults[kind, fault] = more
            _keep(kind, fault, more, data, len(faults))
    print(f"{sum(tried.values())} inputs in {int(time.monotonic() - begin)} s: {dict(tried)}")
    print(f"outcomes: {dict(outcomes)}")
    print(f"{len(faults)} distinct faults")
    return len(faults)


def _keep(kind, fault, more, data, number):
    print(f"{kind}: {fault}\n{more}", flush=True)
    folder = os.environ.get("MUSICPROV_FUZZ_KEEP")
    if folder:
        with contextlib.suppress(OSError):
            Path(folder).mkdir(exist_ok=True)
            (Path(folder) / f"{os.getpid()}-{number}.{kind}").write_bytes(data)


if __name__ == "__main__":
    numbers = [int(n) for n in sys.argv[1:]]
    sys.exit(bool(main(*(numbers + [60, 1][len(numbers) :]))))
