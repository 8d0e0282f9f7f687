"""Reading the statements beside a disclosure: exact codes and places, nothing lost or raised."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from provenance.model.codes import Code, Effect
from provenance.model.statements import Endorsement, KeyBinding, Withdrawal
from provenance.wire.encode import to_plain
from provenance.wire.statements import BY_TYP, decode_statement, kind_of

VECTORS = Path(__file__).parents[2] / "vectors" / "statements"
CASES = [
    path
    for path in sorted(VECTORS.glob("*/case.json"))
    if json.loads(path.read_text())["operation"] == "statement"
]
_spec = importlib.util.spec_from_file_location("statements_build", VECTORS / "build.py")
build = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(build)
KINDS = {"endorsement": Endorsement, "key-binding": KeyBinding, "withdrawal": Withdrawal}


def read(kind, plain, **how):
    payload = json.dumps(plain, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return decode_statement(f"vnd.musicprov.{kind}+jwt", payload, **how)


def hard(found):
    return {f.code for f in found if f.effect in {Effect.BREAKS, Effect.BLOCKS}}


@pytest.mark.parametrize("path", CASES, ids=[p.parent.name for p in CASES])
def test_a_payload_gets_exactly_the_codes_of_its_vector_and_says_what_to_do(path):
    case = json.loads(path.read_text())
    payload = (path.parent / case["input"]).read_bytes()
    strict = case["options"].get("strict", False)

    _, found = decode_statement(case["options"]["typ"], payload, strict=strict)

    wanted, good = case["expect"], set() if case["expect"]["codes"] else {"content.valid"}
    assert {f.code.slug for f in found} == {*wanted["codes"], *wanted["informs"], *good}
    faults = [f for f in found if f.effect in {Effect.BREAKS, Effect.BLOCKS}]
    assert all(f.detail["message"] for f in faults)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_read_is_a_record_and_goes_back_unchanged(kind):
    plain = {**build.GOOD[kind], "mood": {"calm": True}}

    statement, found = read(kind, plain)

    assert isinstance(statement, KINDS[kind])
    assert [f.code for f in found] == [Code.CONTENT_MEMBER_UNKNOWN, Code.CONTENT_VALID]
    assert to_plain(statement) == plain
    assert kind_of(statement) is BY_TYP[f"vnd.musicprov.{kind}+jwt"]


def spoiled(value):
    """The value with one part after another replaced by another type, or left out."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for name, part in list(parts):
        for other in ({}, [], "x", 7, None, True, [part], "x" * 2000):
            yield {**value, name: other} if isinstance(value, dict) else [other]
        if isinstance(value, dict):
            yield {kept: one for kept, one in value.items() if kept != name}
        for inner in spoiled(part) if isinstance(part, (dict, list)) else ():
            yield {**value, name: inner} if isinstance(value, dict) else [inner]


@pytest.mark.parametrize("kind", KINDS)
def test_a_spoiled_payload_is_judged_and_never_raises(kind):
    judged = [(plain, *read(kind, plain)) for plain in spoiled(build.GOOD[kind])]

    assert len(judged) > 60
    assert {bool(hard(found)) for _, _, found in judged} == {True, False}
    for plain, statement, found in judged:
        assert (Code.CONTENT_VALID in {f.code for f in found}) == (not hard(found))
        assert statement is not None or hard(found), plain


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_later_minor_version_allows_is_not_held_against_it(kind):
    statement, found = read(kind, {**build.GOOD[kind], "specVersion": "1.7", "issued": 7})

    assert statement is None
    assert hard(found) == {Code.CONTENT_VERSION_UNSUPPORTED}
