"""Runs crafted files through verify, inspect, extract, strip and sign, and says what went wrong.

``python judge.py FAMILY...`` prints one JSON line a case. Each case runs in a forked process of
its own, so that a crash, a hang and the peak of memory belong to one file. Times are of the
processor and held against its own speed, so that a busy or slow machine does not make faults.
"""

import gc
import json
import math
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import unicodedata
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from provenance.containers import identify, load
from provenance.containers.base import MANIFEST_TAG, SUMMARY_TAG
from provenance.files.replacing import Replacing
from provenance.issuing.sign import Wishes, draft, issue
from provenance.issuing.strip import strip
from provenance.model.errors import ProvError, RefusedError
from provenance.model.limits import DEFAULT_LIMITS
from provenance.reports.as_json import dumps, report
from provenance.reports.as_text import render
from provenance.verify.steps import essence_digest, with_digest
from provenance.workspace.extracting import extract
from provenance.workspace.inspecting import as_text, inspect_path
from provenance.workspace.verifying import verify_path

from hostile import parts
from hostile.case import Case
from hostile.families import FAMILIES
from support.speed import ratio, slower

SECONDS = {"verify": 2.0, "inspect": 2.0, "extract": 2.0, "strip": 4.0, "sign": 4.0}
"""For a file of less than 5 MB (SEC-004); strip and sign scan and hash the old file and the new.

On the machine that ``support.speed`` means; a slower one is given as much more.
"""
TRIES = 3
MEBIBYTES = 100
HANG_SECONDS = 60
SMALL_BYTES = 5_000_000
REPORT_BYTES = 1_000_000
"""Of a report, whatever the file holds (CAR-060)."""
KNOWN_RULE = re.compile(r"[a-z0-9]+\.[a-z0-9-]+")


class FaultError(Exception):
    """What an invariant says against."""


def judge(case, data, path):
    """Every operation over one file; the faults, times (s) and peaks of memory (MiB)."""
    found = {"name": case.name, "bytes": len(data), "faults": [], "did": {}, "s": {}, "mib": {}}
    for name, operation in OPERATIONS.items():
        path.write_bytes(data)
        idle = _memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")
        begin = time.process_time()
        check = _attempt(operation, path)
        found["s"][name] = round(time.process_time() - begin, 3)
        found["mib"][name] = (_memory("VmHWM") - idle) // 1024
        try:
            found["did"][name] = check(case, data, path)
        except FaultError as fault:
            found["faults"].append(f"{name}: {fault}")
        left = sorted(p.name for p in path.parent.iterdir() if p != path)
        if left:
            found["faults"].append(f"{name}: left over: {left}")
    if len(data) < SMALL_BYTES:
        slow = [name for name, seconds in found["s"].items() if seconds > SECONDS[name] * _here()]
        for name in slow:
            least = min(_seconds(OPERATIONS[name], data, path) for _ in range(TRIES))
            allowed = SECONDS[name] * ratio(of=max)
            if least > allowed:
                found["faults"].append(f"{name}: took {least:.3f} s, of {allowed:.3f} s")
    large = {n: m for n, m in found["mib"].items() if m > MEBIBYTES}
    found["faults"] += [f"{n}: took {m} MiB" for n, m in large.items()]
    return found


@cache
def _here():
    """How many times longer it takes on this machine, as it was before the first case."""
    return ratio(of=max)


def _seconds(operation, data, path):
    """The processor's time of doing it to the file once more."""
    path.write_bytes(data)
    begin = time.process_time()
    _attempt(operation, path)
    return time.process_time() - begin


def _attempt(operation, path):
    """Do it; a function that says what became of it, or raises what is wrong with that."""
    try:
        return operation(path)
    except ProvError as error:
        return lambda _case, data, path, error=error: _refused(error, data, path)
    except Exception:
        trace = traceback.format_exc(limit=-4)
        return lambda *_: _crashed(trace)


def _crashed(trace):
    raise FaultError(trace)


def _refused(error, data, path):
    if path.read_bytes() != data:
        raise FaultError("refused, but the file was changed")
    if not isinstance(error, RefusedError):
        return type(error).__name__
    if not KNOWN_RULE.fullmatch(error.rule):
        raise FaultError(f"refused without a rule: {error}")
    return error.rule


def _memory(field):
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{field}:\s+(\d+)", status)[1])


def _verify(path):
    verdict = verify_path(path, parts.context())
    text = render(str(path), report(str(path), verdict, parts.context()), verbose=True)
    plain = dumps(report(str(path), verdict, parts.context()))

    def check(case, data, _):
        _require_plain(text)
        json.loads(plain)
        if len(plain) > REPORT_BYTES:
            raise FaultError(f"a report of {len(plain):,} bytes")
        if verdict.status.value == "PASSED":
            _require_signed_audio(case, data)
        return verdict.status.value

    return check


def _require_signed_audio(case, data):
    if case.base is None or not parts.holds_audio(data, case.base):
        raise FaultError("PASSED, but this is not the audio that was signed")


def _inspect(path):
    found = inspect_path(path, parts.context())
    text, plain = as_text(found), dumps(found)

    def check(*_):
        _require_plain(text)
        json.loads(plain)
        return len(found["carriers"])

    return check


def _require_plain(text):
    bad = {
        c for c in set(text) if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Cn"}
    }
    if bad:
        raise FaultError(f"prints {sorted(map(ascii, bad))}")


def _extract(path):
    data = extract(path, parts.context(), "bundle")
    return lambda *_: None if data is None else len(json.loads(data)["statements"])


def _strip(path):
    count = strip(path, parts.context(), out=None, how=Replacing())

    def check(_, data, path):
        new = path.read_bytes()
        if not count and new != data:
            raise FaultError("nothing to strip, but the file was changed")
        _require_rest(data, new, path)
        if _scan(path).carriers:
            raise FaultError("stripped, but carriers are left")
        return count

    return check


def _sign(path):
    wishes = Wishes(replace="foreign", tiers=frozenset({"essence"}))
    key = parts.signer()
    made = draft([path], parts.DECLARATION, key.public.thumbprint, parts.context(), wishes)
    state = issue(made, key, parts.context(), wishes)[0].state

    def check(case, data, path):
        new = path.read_bytes()
        _require_rest(data, new, path)
        verdict = verify_path(path, parts.context())
        if verdict.status.value != "PASSED":
            codes = [
                f.code.slug for f in verdict.findings if f.effect.value in {"breaks", "blocks"}
            ]
            raise FaultError(f"signed, but {verdict.status.value}: {codes}")
        if state == "signed":
            names = [c.name for c in _scan(path).carriers]
            if sorted(names) != sorted((MANIFEST_TAG, SUMMARY_TAG)):
                raise FaultError(f"signed, but carries {names}")
        return state

    return check


def _require_rest(old, new, path):
    """After a successful write the audio and every foreign byte are there as before."""
    before = path.with_name("before")
    before.write_bytes(old)
    try:
        if _essence(before) != _essence(path):
            raise FaultError("the essence was changed")
        if _foreign(before, old) != _foreign(path, new):
            raise FaultError("foreign items were changed")
    finally:
        before.unlink()


def _scan(path):
    with path.open("rb") as stream:
        return load(identify(stream)).scan(stream, DEFAULT_LIMITS, False)


def _essence(path):
    with path.open("rb") as stream:
        scan = load(identify(stream)).scan(stream, DEFAULT_LIMITS, True)
        return essence_digest(with_digest(stream, scan)), scan.essence and scan.essence.presentation


def _foreign(path, data):
    scan = _scan(path)
    return [data[i.start : i.start + i.length] for i in scan.items], scan.tags


OPERATIONS = {
    "verify": _verify,
    "inspect": _inspect,
    "extract": _extract,
    "strip": _strip,
    "sign": _sign,
}


def run(cases, folder):
    """Judge each case in a forked process; yields what was found."""
    for case in cases:
        data = case.build()
        path = folder / f"{os.getpid()}" / f"song.{case.suffix}"
        path.parent.mkdir()
        found = _forked(case, data, path)
        if any(" took " in fault for fault in found["faults"]):
            found = _forked(case, data, path)  # a busy machine: the caches were not ours
        yield found
        shutil.rmtree(path.parent)


def _forked(case, data, path):
    hangs = math.ceil(HANG_SECONDS * slower())
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        signal.alarm(hangs)
        resource.setrlimit(resource.RLIMIT_DATA, (4 << 30, 4 << 30))
        with os.fdopen(writing, "w") as answer:
            json.dump(judge(case, data, path), answer)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    _, status = os.waitpid(child, 0)
    if status or not text:
        fault = f"ended by signal {status & 0x7F}" if status & 0x7F else f"exit {status >> 8}"
        return {
            "name": case.name,
            "bytes": len(data),
            "faults": [fault],
            "did": {},
            "s": {},
            "mib": {},
        }
    return json.loads(text)


def warm_up(folder, kinds):
    """Load what every run loads, so that it does not count for one file."""
    for kind in kinds:
        path = folder / "warm" / f"song.{kind}"
        path.parent.mkdir()
        judge(Case("warm", kind, bytes, kind), parts.signed(kind), path)
        judge(Case("warm", kind, bytes, kind), parts.bare(kind), path)
        shutil.rmtree(path.parent)


def main(names, *, full):
    """Print one line a case of these families (or of the cases named)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cases = [c for f, make in FAMILIES.items() for c in make() if _is_wanted(c, f, names)]
        wanted = [c for c in cases if full or not c.slow]
        _here()  # in the process that forks for each case
        warm_up(folder, sorted({c.suffix for c in wanted}))
        gc.freeze()
        for found in run(wanted, folder):
            print(json.dumps(found), flush=True)


def _is_wanted(case, family, names):
    return family in names or any("/" in n and case.name.startswith(n) for n in names)


if __name__ == "__main__":
    main(sys.argv[1:], full=bool(os.environ.get("MUSICPROV_TEST_FULL")))
