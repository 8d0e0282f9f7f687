"""Reports are valid by their schemas, whatever was verified (spec 9.6)."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from provenance.reports import as_json
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify
from referencing import Registry, Resource

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = {
    path.name: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "schemas" / "1.0").glob("*.schema.json"))
}
OFFLINE = Registry().with_resources(
    [(schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()]
)
NOW = Context(now=datetime(2027, 1, 1, tzinfo=UTC))
TOKEN = (ROOT / "tests/vectors/verify/bare-token/given.jws").read_bytes()
VALUES = {
    "a good statement": TOKEN,
    "a broken signature": TOKEN[:-8] + b"AAAAAAAA",
    "junk": b"eyJ",
    "an empty bundle": b'{"bundle":"musicprov-bundle/1","statements":[]}',
}


def faults(value, name):
    return [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(SCHEMAS[name], registry=OFFLINE).iter_errors(value)
    ]


def report(value, name="song.flac"):
    return as_json.report(name, verify(None, None, NOW, (Given("given", value),)), NOW)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_a_schema_and_its_id_is_its_place(name):
    Draft202012Validator.check_schema(SCHEMAS[name])

    assert SCHEMAS[name]["$id"] == f"https://musicprov.org/schemas/1.0/{name}"


@pytest.mark.requirement("VDT-013")
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_report_is_valid(value):
    assert faults(report(value), "report.schema.json") == []


@pytest.mark.requirement("VDT-013")
def test_the_report_of_an_error_is_valid():
    said = ("gone.flac: no such file", "Check the name.")
    made = as_json.error_report("gone.flac", *said, NOW, "world")

    assert faults(made, "report.schema.json") == []


@pytest.mark.requirement("VDT-020")
def test_an_error_says_what_it_is_due_to_and_nothing_else_does():
    made = as_json.error_report("a.flac", "a.flac: no audio", "", NOW, "file")

    assert faults({n: v for n, v in made.items() if n != "fault"}, "report.schema.json")
    assert faults({**made, "fault": "uploader"}, "report.schema.json")
    assert faults({**report(TOKEN), "fault": "file"}, "report.schema.json")


@pytest.mark.requirement("VDT-013")
def test_a_run_is_valid_and_counts():
    made = as_json.run([report(v) for v in VALUES.values()])

    assert faults(made, "run.schema.json") == []
    assert sum(made["summary"].values()) == len(VALUES)


@pytest.mark.requirement("VDT-013")
@pytest.mark.parametrize("name", ["a\x1b[2J", "\udcff.flac", "\u202e", "é.flac", ""])
def test_an_odd_name_gives_a_valid_report_in_ascii(name):
    made = report(TOKEN, name)

    assert faults(made, "report.schema.json") == []
    assert as_json.dumps(made).isascii()
    assert "\x1b" not in json.loads(as_json.dumps(made))["input"]["name"]


NAMES = {
    "jp/\u591c\u3000\u97f3.flac": "jp/\u591c\u3000\u97f3.flac",
    "a\u00a0b\u200d\u200c\ufeff\ue000'\".wav": "a\u00a0b\u200d\u200c\ufeff\ue000'\".wav",
    "caf\udce9.wav": r"caf\xe9.wav",
    r"caf\xe9.wav": r"caf\x5cxe9.wav",
    r"C:\xyz\n.wav": r"C:\xyz\n.wav",
    "\\\udce9x41": r"\\xe9x41",
    "\x1b[2J\n\x85": r"\x1b[2J\x0a\xc2\x85",
    "\u202egpj": r"\xe2\x80\xaegpj",
    "half\ud800": r"half\xed\xa0\x80",
}


@pytest.mark.requirement("ING-020")
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_kept_as_it_is_and_its_bytes_can_be_had_back(name):
    found = report(TOKEN, name)["input"]["name"]
    back = re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes.fromhex(m[1].decode()), found.encode())

    assert found == NAMES[name]
    if name != "half\ud800":  # no file system has it
        assert back == os.fsencode(name)


CHANGES = {
    "an unknown member": lambda r: r | {"trusted": True},
    "another status": lambda r: r | {"status": "OK"},
    "a code that is no code": lambda r: r | {"code": "Fine"},
    "no reasons": lambda r: r | {"checks": []},
    "nothing left unsaid": lambda r: r | {"notSaid": []},
    "an error with a declaration": lambda r: r | {"status": "ERROR"},
    "a check without a kind": lambda r: (
        r | {"checks": [{k: v for k, v in c.items() if k != "kind"} for c in r["checks"]]}
    ),
    "a level that does not exist": lambda r: (
        r | {"declaration": r["declaration"] | {"areas": {"lyrics": "undeclared"}}}
    ),
    "a float": lambda r: r | {"input": r["input"] | {"size": 1.5}},
    "a local time": lambda r: r | {"verifiedAt": "2027-01-01T00:00:00+01:00"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_schema_refuses(change):
    assert faults(change(report(TOKEN)), "report.schema.json") != []
