"""Whatever the schema allows goes through the model and back and loses nothing.

The values are made from the schema alone, so schema and model are two statements that must agree.
"""

import copy
import json
import unicodedata
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from provenance.model.codes import Code, Effect
from provenance.wire import schemas
from provenance.wire.decode import decode, decode_declaration
from provenance.wire.encode import encode, to_plain
from provenance.wire.strict_json import find_text_faults

SCHEMAS = Path(__file__).parents[2] / "schemas" / "1.0"
STRICT = json.loads((SCHEMAS / "manifest-strict.schema.json").read_text())
DECLARATION = json.loads((SCHEMAS / "declaration.schema.json").read_text())

FORMATS = {
    "date-time": ["2026-11-23T08:00:00Z", "2024-02-29T23:59:59.5Z"],
    "date": ["2026", "2026-11", "2026-11-23"],
    "date-or-time": ["2026-11", "2026-11-23T08:00:00Z"],
    "uuid": ["b1a9c0e9-d987-4042-ae91-78d6a3267d69"],
    "uuid-urn": ["urn:uuid:6f1c2a4e-3b5d-4c7e-8f90-a1b2c3d4e5f6"],
    "language": ["en", "pt-BR", "zxx"],
    "domain": ["artist.example"],
    "isrc": ["GBXYZ2600123"],
    "iswc": ["T0345246801"],
    "isni": ["000000012150090X"],
    "upc": ["093624920472"],
    "grid": ["A12425GABC1234002M"],
    "ipi": ["00014107338"],
    "ipn": ["123456"],
    "dpid": ["PADPIDA2013020802I"],
}

LETTERS = st.characters(exclude_categories=["C", "Zl", "Zp"])
TEXT = (
    st.text(LETTERS, min_size=1, max_size=12)
    .map(lambda text: unicodedata.normalize("NFC", text))
    .filter(lambda text: not any(f != "mixed-script" for _, f in find_text_faults(text)))
)
NUMBER = st.integers(-(2**53) + 1, 2**53 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
EXTENSIONS = st.dictionaries(
    st.from_regex(r"org\.example\.[a-z]{1,8}", fullmatch=True), JSON, min_size=1, max_size=2
)


def of(schema, root):
    """A strategy for the values that a schema allows; only the keywords that ours use."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        return EXTENSIONS if name == "extensions" else of(root["$defs"][name], root)
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema.get("type") == "object" or "allOf" in schema:
        return of_object(schema, root)
    if schema["type"] == "array":
        return st.lists(of(schema["items"], root), min_size=schema.get("minItems", 0), max_size=3)
    if schema["type"] == "boolean":
        return st.booleans()
    if schema["type"] == "integer":
        return st.integers(schema["minimum"], schema["maximum"])
    if "format" in schema:
        return st.sampled_from(FORMATS[schema["format"]])
    if "pattern" in schema:
        return st.from_regex(schema["pattern"].strip("^$").replace("60000", "60"), fullmatch=True)
    return TEXT


def of_object(schema, root):
    if "allOf" in schema:
        parts = [p.get("then", p) for p in schema["allOf"]]
        if "then" in schema["allOf"][0]:
            forms = [{**p, "required": ["tier", *p["required"]]} for p in parts]
            return st.one_of([of_object(form, root) for form in forms])
        merged = {"type": "object", "properties": {}, "required": []}
        for part in parts:
            found = root["$defs"][part["$ref"].removeprefix("#/$defs/")] if "$ref" in part else part
            merged["properties"] |= found.get("properties", {})
            merged["required"] = [*merged["required"], *found.get("required", [])]
        return of_object(merged, root)
    required = set(schema.get("required", []))
    made = {name: of(part, root) for name, part in schema.get("properties", {}).items()}
    fixed = {n: s for n, s in made.items() if n in required}
    free = {n: s for n, s in made.items() if n not in required}
    least = 1 if schema.get("minProperties") and not required else 0
    found = st.fixed_dictionaries(fixed, optional=free)
    return found.filter(lambda value: len(value) >= least)


for schema in (STRICT, DECLARATION):
    known = {"enum": list(STRICT["properties"])}
    schema["properties"]["mustUnderstand"] = {"type": "array", "items": known, "minItems": 1}
DISCLOSURES = of_object(STRICT, STRICT)
DECLARATIONS = of_object(DECLARATION, DECLARATION)
QUICK = settings(
    max_examples=60,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)


def bytes_of(plain):
    return json.dumps(plain, ensure_ascii=False).encode()


@QUICK
@given(plain=DISCLOSURES)
def test_a_disclosure_goes_through_the_model_and_loses_nothing(plain):
    manifest, found = decode(bytes_of(plain))

    assert manifest is not None, found
    assert not [f for f in found if f.code is Code.CONTENT_MEMBER_UNKNOWN]
    assert to_plain(manifest) == plain
    assert decode(encode(manifest)) == (manifest, found)


@QUICK
@given(plain=DISCLOSURES)
def test_what_the_model_writes_is_valid_for_readers_and_producers(plain):
    manifest, _ = decode(bytes_of(plain))
    written = json.loads(encode(manifest))

    assert schemas.is_valid(written, "manifest")
    assert schemas.is_valid(written, "manifest-strict")


@pytest.mark.slow
@QUICK
@given(plain=DECLARATIONS)
def test_a_declaration_is_read_or_only_contradicts_itself(plain):
    manifest, found = decode_declaration(bytes_of(plain))

    if manifest is None:
        assert {f.code for f in found if f.effect is Effect.BREAKS} == {Code.CONTENT_INCONSISTENT}
    else:
        assert to_plain(manifest) | {"subject": plain.get("subject", {})} == plain | {
            "subject": plain.get("subject", {})
        }


def records(value, place=""):
    """Every object of a disclosure that is a record of the model."""
    if isinstance(value, dict):
        if not place.endswith(("ids", "extensions")) and "/bindings/" not in place:
            yield value
            for name, part in value.items():
                if name not in {"extensions", "ids"}:
                    yield from records(part, f"{place}/{name}")
    elif isinstance(value, list):
        for n, part in enumerate(value):
            yield from records(part, f"{place}/{n}")


@pytest.mark.slow
@QUICK
@given(
    plain=DISCLOSURES,
    extra=st.dictionaries(TEXT.map("x-{}".format), JSON, min_size=1, max_size=2),
    data=st.data(),
)
@pytest.mark.requirement("WIR-020")
def test_unknown_members_survive_wherever_they_stand_and_change_nothing_else(plain, extra, data):
    more = copy.deepcopy(plain)
    places = list(records(more))
    data.draw(st.sampled_from(places)).update(extra)

    manifest, found = decode(bytes_of(more))
    alone, without = decode(bytes_of(plain))

    assert to_plain(manifest) == more
    assert {f.code for f in found} == {f.code for f in without} | {Code.CONTENT_MEMBER_UNKNOWN} | {
        f.code for f in found if f.code is Code.CONTENT_SUSPICIOUS_TEXT
    }
    assert [c.level for c in manifest.contributions] == [c.level for c in alone.contributions]
    assert not schemas.is_valid(more, "manifest-strict")


@QUICK
@given(plain=DISCLOSURES, data=st.data())
def test_a_changed_byte_never_raises_and_never_goes_unnoticed_as_other_content(plain, data):
    payload = bytearray(bytes_of(plain))
    at = data.draw(st.integers(0, len(payload) - 1))
    payload[at] = data.draw(st.integers(0, 255))

    manifest, found = decode(bytes(payload))

    assert found
    if manifest is not None:
        assert to_plain(manifest) == json.loads(payload)


@QUICK
@given(payload=st.binary(max_size=60) | JSON.map(bytes_of))
def test_anything_at_all_is_answered_with_findings(payload):
    manifest, found = decode(payload)

    assert manifest is None
    assert {f.effect for f in found} & {Effect.BREAKS, Effect.BLOCKS}
