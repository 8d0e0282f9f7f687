"""Decoding: exact codes and places, nothing lost, nothing raised."""

import copy
import json
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from provenance.model.codes import Code, Effect
from provenance.model.levels import Level
from provenance.model.limits import DEFAULT_LIMITS
from provenance.wire import decode as module
from provenance.wire.decode import decode, decode_declaration

from support import speed

VECTORS = sorted((Path(__file__).parents[2] / "vectors" / "content").glob("*/case.json"))
GOOD = json.loads((VECTORS[0].parents[1] / "good" / "input.json").read_bytes())
EVERYTHING = json.loads((VECTORS[0].parents[1] / "everything" / "input.json").read_bytes())


def bytes_of(plain):
    return json.dumps(plain, ensure_ascii=False).encode("utf-8", "surrogatepass")


def changed(**members):
    return bytes_of({**copy.deepcopy(GOOD), **members})


def slugs(found):
    return {f.code.slug for f in found}


@pytest.mark.parametrize("path", VECTORS, ids=[p.parent.name for p in VECTORS])
def test_a_payload_gets_exactly_the_codes_and_places_of_its_vector(path):
    case = json.loads(path.read_text())
    wanted = case["expect"]

    _, found = decode((path.parent / case["input"]).read_bytes(), **case.get("options", {}))

    good = set() if wanted["codes"] else {"content.valid"}
    assert slugs(found) == {*wanted["codes"], *wanted["informs"], *good}
    hard = [f for f in found if f.effect in {Effect.BREAKS, Effect.BLOCKS}]
    assert sorted({f.where for f in hard if f.where}) == wanted["where"]
    assert all(f.detail["message"] for f in hard)


def test_every_consistency_rule_has_a_vector_that_breaks_it_and_one_that_does_not():
    from provenance.wire import consistency

    rules = {rule.__name__.strip("_").replace("_", "-") for rule in consistency._RULES}
    broken, kept = set(), set()
    for path in VECTORS:
        case = json.loads(path.read_text())
        _, found = decode((path.parent / case["input"]).read_bytes())
        broken |= {f.detail["rule"] for f in found if f.code is Code.CONTENT_INCONSISTENT}
        kept |= set() if case["expect"]["codes"] else set(case["requirements"])
    text = (Path(__file__).parents[3] / "spec" / "02-model.md").read_text()
    numbers = {f"MOD-{n:03}" for n in range(81, 96)}

    assert broken == rules
    assert all(f"| `{rule}` | MOD-" in text for rule in rules)
    assert kept >= numbers


def test_a_manifest_is_given_as_records():
    manifest, _ = decode(bytes_of(EVERYTHING))

    assert manifest.spec_version == "1.0"
    assert manifest.declarant.ids["domain"] == "artist.example"
    assert manifest.subject.artists[0].identity_public is True
    assert manifest.subject.release.grid == "A12425GABC1234002M"
    assert manifest.subject.bindings[2]["durationMs"] == 45
    assert manifest.contributions[1].level is Level.FULL
    assert manifest.contributions[1].time_ranges[0].end_ms == 60000
    assert manifest.contributions[1].agents[0].tool == "t1"
    assert manifest.tools[0].licence.training_disclosure == "https://example.com/training"
    assert manifest.voices[0].consent.status == "granted"
    assert manifest.facts.human_expression.lyrics is True
    assert manifest.evidence[0].areas == ("leadVocals",)
    assert manifest.extensions["org.example.mood"]["mood"] == "calm"


def test_what_is_not_declared_is_none():
    manifest, _ = decode(bytes_of(GOOD))

    assert manifest.facts is None
    assert manifest.supersedes is None
    assert manifest.contributions[0].material is None
    assert manifest.contributions[0].basis is None
    assert manifest.voices == ()


@pytest.mark.requirement("WIR-020")
def test_unknown_members_are_kept_where_they_stood_and_named():
    plain = copy.deepcopy(EVERYTHING)
    plain["a"] = [1]
    plain["contributions"][1]["b"] = {"c": None}
    plain["contributions"][1]["timeRanges"][0]["d/e"] = 1
    plain["facts"]["humanExpression"]["f"] = "g"
    plain["unknown"] = "a member of this very name"

    manifest, found = decode(bytes_of(plain))

    assert manifest.unknown == {"a": [1], "unknown": "a member of this very name"}
    assert manifest.contributions[1].unknown == {"b": {"c": None}}
    assert manifest.contributions[1].time_ranges[0].unknown == {"d/e": 1}
    assert manifest.facts.human_expression.unknown == {"f": "g"}
    assert {f.where for f in found if f.code is Code.CONTENT_MEMBER_UNKNOWN} == {
        "/a",
        "/unknown",
        "/contributions/1/b",
        "/contributions/1/timeRanges/0/d~1e",
        "/facts/humanExpression/f",
    }


@pytest.mark.requirement("MOD-006")
def test_the_order_of_members_means_nothing():
    def backwards(value):
        if isinstance(value, dict):
            return {k: backwards(v) for k, v in reversed(value.items())}
        return [backwards(v) for v in value] if isinstance(value, list) else value

    assert decode(bytes_of(backwards(EVERYTHING))) == decode(bytes_of(EVERYTHING))


def test_a_disclosure_that_contradicts_itself_is_shown_but_never_valid():
    manifest, found = decode(changed(sequence=2))

    assert manifest is not None
    assert slugs(found) == {"content.inconsistent"}


@pytest.mark.parametrize("strict", [False, True])
def test_what_breaks_before_consistency_gives_no_manifest(strict):
    assert decode(changed(sequence="one"), strict=strict)[0] is None


def declaration(**members):
    return bytes_of({"contributions": [{"area": "lyrics", "level": "full"}], **members})


@pytest.mark.requirement("MOD-060")
def test_a_declaration_needs_nothing_that_the_tool_adds():
    manifest, found = decode_declaration(declaration())

    assert slugs(found) == {"content.valid"}
    assert manifest.id is None
    assert manifest.sequence is None


@pytest.mark.requirement("MOD-060")
@pytest.mark.parametrize(
    "members",
    [
        {"id": GOOD["id"]},
        {"issued": GOOD["issued"]},
        {"sequence": 1},
        {"supersedes": "A" * 43},
        {"subject": {"bindings": GOOD["subject"]["bindings"]}},
    ],
)
def test_a_declaration_has_nothing_that_the_tool_adds(members):
    manifest, found = decode_declaration(declaration(**members))

    assert manifest is None
    assert slugs(found) == {"content.schema-invalid"}


def test_a_declaration_that_contradicts_itself_is_not_given():
    manifest, found = decode_declaration(declaration(people=[{"ref": "p1"}], tools=[{"ref": "p1"}]))

    assert manifest is None
    assert {f.detail["rule"] for f in found} == {"ref-twice", "person-named"}


def test_the_limits_are_the_callers():
    small = replace(DEFAULT_LIMITS, envelope_bytes=100)
    flat = replace(DEFAULT_LIMITS, json_depth=2)

    assert slugs(decode(bytes_of(GOOD), small)[1]) == {"content.json-invalid"}
    assert slugs(decode(bytes_of(GOOD), flat)[1]) == {"content.json-invalid"}


def test_json_faults_say_what_to_do():
    _, found = decode(bytes_of(GOOD).replace(b'"sequence": 1', b'"sequence": 1.5'))

    assert found[0].where is None
    assert found[0].detail["rule"] == "not-an-integer"
    assert "write whole numbers only" in found[0].detail["message"]


FLOODS = {
    "unknown members": {**GOOD, **{f"m{n}": n for n in range(9_000)}},
    "control characters": {**GOOD, "x": ["\u0007"] * 9_000},
    "direction marks": {**GOOD, "x": ["\u200f"] * 9_000},
    "demands": {**GOOD, "mustUnderstand": [f"m{n}" for n in range(9_000)]},
    "inconsistencies": {**GOOD, "people": [{"ref": "p1"}] * 500},
    "schema faults": {**GOOD, "contributions": [{}] * 9_000},
}


@pytest.mark.parametrize("plain", FLOODS.values(), ids=FLOODS)
def test_a_flood_of_faults_is_told_in_few_findings(plain):
    _, found = decode(bytes_of(plain))

    assert 20 <= len(found) <= 3 * 20 + 1


def nested(depth, name, value):
    for _ in range(depth):
        value = {name: value}
    return value


BOMBS = {
    "a long name over many values": {**GOOD, "x" * 100_000: ["a"] * 30_000},
    "deep long names over many values": {**GOOD, "y": nested(28, "n" * 2000, ["a"] * 40_000)},
    "many references that lead nowhere": {
        **GOOD,
        "contributions": [
            {"area": "mixing", "level": "full", "agents": [{"tool": f"t{n}x{m}"} for m in range(9)]}
            for n in range(500)
        ],
    },
    "many names of identifiers": {
        **GOOD,
        "declarant": {"ids": {f"i{n}": "1" for n in range(15_000)}},
    },
    "one word of two scripts": {
        **GOOD,
        "declarant": {"name": "a\u0431" * 400},
        "x": "a\u0431" * 40_000,
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("plain", BOMBS.values(), ids=BOMBS)
def test_a_payload_within_the_limits_costs_little_memory_and_time(plain):
    payload = bytes_of(plain)
    assert len(payload) <= DEFAULT_LIMITS.envelope_bytes
    decode(bytes_of(GOOD))
    tracemalloc.start()

    with speed.under(5):  # tracing costs a factor of five
        _, found = decode(payload)

    assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
    tracemalloc.stop()
    assert found


def test_long_names_and_texts_do_not_flood_a_report():
    _, found = decode(bytes_of({**GOOD, "x" * 100_000: 1, "specVersion": "1.0"}))

    assert all(len(f.where or "") < 300 for f in found)


def test_reading_costs_no_schema_library_before_it_is_needed():
    code = (
        "import sys, provenance.wire.decode, provenance.wire.encode; "
        "print([n for n in ('jsonschema', 'attrs', 'referencing', 'difflib') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_the_version_that_is_read_is_the_one_that_is_written():
    assert GOOD["specVersion"] == module.SPEC_VERSION
