"""The shipped schemas and registries, and how faults are told."""

import dataclasses
import importlib.util
import json
import re
import socket
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from provenance.model.contribution import Contribution, TimeRange
from provenance.model.facts import Evidence, Expression, Facts, Permission
from provenance.model.manifest import Manifest
from provenance.model.parties import Agent, Artist, Declarant, Person
from provenance.model.recording import Release, Subject
from provenance.model.statements import (
    BoundParty,
    Check,
    Endorsement,
    KeyBinding,
    Reference,
    SubjectReference,
    Withdrawal,
)
from provenance.model.tools import Licence, Terms, Tool
from provenance.model.voices import Consent, Voice
from provenance.wire import formats, schemas
from provenance.wire.encode import members
from provenance.wire.registries import terms

from support import speed

ROOT = Path(__file__).parents[3]
SCHEMAS = sorted((ROOT / "schemas" / "1.0").glob("*.schema.json"))
EVERY_SCHEMA = sorted((ROOT / "schemas").rglob("*.schema.json"))
REGISTRIES = sorted((ROOT / "schemas" / "registries").glob("*.json"))
TERM_LISTS = [path for path in REGISTRIES if "terms" in json.loads(path.read_text())]
MANIFEST = json.loads((ROOT / "schemas/1.0/manifest.schema.json").read_text())
DEFINITIONS = {
    "declarant": Declarant,
    "artist": Artist,
    "release": Release,
    "subject": Subject,
    "agent": Agent,
    "timeRange": TimeRange,
    "contribution": Contribution,
    "licence": Licence,
    "terms": Terms,
    "tool": Tool,
    "person": Person,
    "consent": Consent,
    "voice": Voice,
    "expression": Expression,
    "facts": Facts,
    "permission": Permission,
    "evidence": Evidence,
}
STATEMENTS = {
    "endorsement": (
        Endorsement,
        {"statement": Reference, "recording": SubjectReference, "check": Check},
    ),
    "key-binding": (KeyBinding, {"party": BoundParty}),
    "withdrawal": (Withdrawal, {"statement": Reference}),
}
STRICT_STATEMENTS = [f"{name}-strict" for name in STATEMENTS]


def declared(**members_):
    return {"contributions": [{"area": "lyrics", "level": "none"}], **members_}


def told(value, schema="declaration"):
    return [(f.pointer, f.rule, f.fix) for f in schemas.check(value, schema)]


# ---- the files ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda p: p.name)
def test_a_schema_is_well_formed_and_named_as_its_file(path):
    content = json.loads(path.read_text())

    Draft202012Validator.check_schema(content)
    assert content["$id"] == f"https://musicprov.org/schemas/1.0/{path.name}"
    assert content["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("path", TERM_LISTS, ids=lambda p: p.name)
def test_a_registry_of_terms_has_its_form(path):
    content = json.loads(path.read_text())

    assert list(schemas.check(content, "registry")) == []
    assert content["registry"] == path.stem
    names = [t["term"] for t in content["terms"]]
    assert len(names) == len(set(names))


@pytest.mark.requirement("WIR-021")
@pytest.mark.requirement("MOD-060")
def test_the_strict_schemas_follow_from_the_tolerant_one():
    path = Path(__file__).with_name("derive_schemas.py")
    spec = importlib.util.spec_from_file_location("derive_schemas", path)
    derive = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(derive)

    for name, (source, made) in derive.DERIVED.items():
        assert derive.read(name) == made(derive.read(source))


def objects(schema, place=""):
    """Every object of a schema that lists members, with its place."""
    if isinstance(schema, dict):
        if "properties" in schema and "then" not in place.split("/")[-1:]:
            yield place, schema
        for name, part in schema.items():
            yield from objects(part, f"{place}/{name}")
    elif isinstance(schema, list):
        for n, part in enumerate(schema):
            yield from objects(part, f"{place}/{n}")


@pytest.mark.parametrize("name", ["manifest-strict", "declaration", *STRICT_STATEMENTS])
def test_a_strict_schema_leaves_no_object_open(name):
    content = schemas.load_json(f"1.0/{name}.schema.json")
    open_ones = [
        place
        for place, part in objects(content)
        if part.get("additionalProperties", True) is True
        and not place.endswith(("/if", "/binding"))
    ]

    assert open_ones == []


@pytest.mark.requirement("MOD-006")
@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_record_has_the_members_of_its_schema_in_their_order(name):
    kind = DEFINITIONS[name]

    assert [member for _, member in members(kind)] == list(MANIFEST["$defs"][name]["properties"])
    required = {
        member
        for (attribute, member) in members(kind)
        for field in dataclasses.fields(kind)
        if field.name == attribute
        and field.default is dataclasses.MISSING
        and field.default_factory is dataclasses.MISSING
    }
    assert required == set(MANIFEST["$defs"][name].get("required", []))


def test_the_manifest_has_the_members_of_its_schema_in_their_order():
    assert [member for _, member in members(Manifest)] == list(MANIFEST["properties"])


@pytest.mark.requirement("STM-001")
@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_has_the_members_of_its_schema_in_their_order(name):
    content = schemas.load_json(f"1.0/{name}.schema.json")
    kind, nested = STATEMENTS[name]

    assert [member for _, member in members(kind)] == list(content["properties"])
    for definition, record in nested.items():
        listed = list(content["$defs"][definition]["properties"])
        assert [member for _, member in members(record)] == listed


@pytest.mark.parametrize("name", STATEMENTS)
def test_what_statements_share_with_the_manifest_is_defined_alike(name):
    content = schemas.load_json(f"1.0/{name}.schema.json")

    for definition in set(content["$defs"]) & set(MANIFEST["$defs"]):
        assert content["$defs"][definition] == MANIFEST["$defs"][definition]


ENUMERATIONS_OF_STATEMENTS = {
    "acts": ("endorsement", "act"),
    "vouching-bases": ("key-binding", "basis"),
    "withdrawal-reasons": ("withdrawal", "reason"),
}


@pytest.mark.requirement("MOD-004")
@pytest.mark.parametrize("registry", ENUMERATIONS_OF_STATEMENTS)
def test_a_schema_of_a_statement_lists_the_terms_of_the_registry(registry):
    name, member = ENUMERATIONS_OF_STATEMENTS[registry]
    content = schemas.load_json(f"1.0/{name}.schema.json")
    text = (ROOT / "spec" / "17-statements.md").read_text()

    assert content["properties"][member]["enum"] == [t["term"] for t in terms(registry)]
    assert {t["term"] for t in terms(registry) if f"`{t['term']}`" not in text} == set()


ENUMERATIONS = {
    "declarant-roles": "declarant/role",
    "identities": "artist/identity",
    "assets": "contribution/asset",
    "areas": "contribution/area",
    "levels": "contribution/level",
    "processes": "contribution/process",
    "bases": "contribution/basis",
    "interactions": "contribution/interaction",
    "licence-status": "licence/status",
    "consent-status": "consent/status",
    "voice-kinds": "voice/kind",
    "uses": "permission/use",
    "permissions": "permission/permission",
    "evidence-kinds": "evidence/kind",
}


@pytest.mark.requirement("MOD-004")
@pytest.mark.parametrize("registry", ENUMERATIONS)
def test_a_schema_lists_the_terms_of_the_registry(registry):
    definition, member = ENUMERATIONS[registry].split("/")

    listed = MANIFEST["$defs"][definition]["properties"][member]["enum"]

    assert listed == [t["term"] for t in terms(registry)]


def test_every_registry_of_terms_is_used_by_a_schema_or_known_to_be_open():
    used = {*ENUMERATIONS, *ENUMERATIONS_OF_STATEMENTS}

    assert {path.stem for path in TERM_LISTS} == used | {"roles", "identifiers"}


def test_every_role_of_an_area_is_a_registered_role_and_back():
    by_role = {t["term"]: t["areas"] for t in terms("roles")}
    by_area = {t["term"]: t["roles"] for t in terms("areas")}

    for area, roles in by_area.items():
        assert {role for role, areas in by_role.items() if area in areas} == set(roles)


def test_every_area_of_a_voice_is_an_area():
    areas = {t["term"] for t in terms("areas")}

    assert set(MANIFEST["$defs"]["voice"]["properties"]["area"]["enum"]) <= areas


def test_every_member_stands_in_the_spec():
    text = (ROOT / "spec" / "02-model.md").read_text()
    own = {"binding", "presentation"}  # chapter 5
    names = set(MANIFEST["properties"])
    for name, definition in MANIFEST["$defs"].items():
        names |= set() if name in own else set(definition.get("properties", {}))

    assert {name for name in names if f"`{name}`" not in text} == set()


@pytest.mark.parametrize("registry", [*ENUMERATIONS, "levels"])
def test_every_term_stands_in_the_spec(registry):
    text = (ROOT / "spec" / "02-model.md").read_text()

    assert {t["term"] for t in terms(registry) if f"`{t['term']}`" not in text} == set()


def test_every_level_has_one_definition():
    text = (ROOT / "spec" / "02-model.md").read_text()

    for term in terms("levels"):
        assert f"| `{term['term']}` | {term['definition']} |" in text


# ---- the reader --------------------------------------------------------------------------


def test_nothing_is_fetched_and_nothing_unknown_resolves(monkeypatch):
    from jsonschema.exceptions import _WrappedReferencingError

    def refuse(*_, **__):
        raise AssertionError("a schema reached for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    registry = schemas.validator("manifest")._registry
    outside = {"$ref": "https://musicprov.org/schemas/2.0/manifest.schema.json"}
    inside = {"$ref": "https://musicprov.org/schemas/1.0/manifest.schema.json"}

    with pytest.raises(_WrappedReferencingError):
        Draft202012Validator(outside, registry=registry).is_valid({})
    assert not Draft202012Validator(inside, registry=registry).is_valid({})


def test_a_validator_is_built_once():
    assert schemas.validator("manifest") is schemas.validator("manifest")


def _spoiled(value):
    """The value with one part after another replaced by something of another type, or left out."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for name, part in [*parts] if isinstance(value, (dict, list)) else ():
        for other in ({}, [], "x", 7, None, [part]):
            yield {**value, name: other} if isinstance(value, dict) else [other]
        if isinstance(value, dict):
            yield {kept: one for kept, one in value.items() if kept != name}
        for spoiled in _spoiled(part) if isinstance(part, (dict, list)) else ():
            yield {**value, name: spoiled} if isinstance(value, dict) else [spoiled]


def test_definitions_put_in_place_judge_as_references_do():
    plain = json.loads((ROOT / "examples" / "own-voice-clone" / "declaration.json").read_text())
    content = schemas.load_json("1.0/declaration.schema.json")
    with_references = Draft202012Validator(
        content, format_checker=schemas.validator("declaration").format_checker
    )

    results = [
        (with_references.is_valid(one), schemas.is_valid(one, "declaration"))
        for one in (plain, *_spoiled(plain))
    ]

    assert len(results) > 200
    assert len(set(results)) == 2
    assert all(one == other for one, other in results)


def test_a_definition_that_contains_itself_stays_a_reference():
    part = {"items": {"$ref": "#/$defs/tree"}}
    tree = {"$defs": {"tree": {"type": "array", **part}}, "$ref": "#/$defs/tree", **part}

    kept = Draft202012Validator(schemas._in_place(tree))

    assert kept.is_valid([[], [[[]]]])
    assert not kept.is_valid([[], [[[1]]]])


TOLD = {
    "a term": (
        declared(contributions=[{"area": "lyrics", "level": "partly"}]),
        [("/contributions/0/level", "term-unknown", "did you mean 'partial'?")],
    ),
    "a term of DDEX": (
        declared(contributions=[{"area": "lyrics", "level": "All"}]),
        [("/contributions/0/level", "term-unknown", "did you mean 'full'?")],
    ),
    "a term with spaces": (
        declared(contributions=[{"area": "Lead vocals", "level": "none"}]),
        [("/contributions/0/area", "term-unknown", "did you mean 'leadVocals'?")],
    ),
    "a term like no other": (
        declared(contributions=[{"area": "xyzzy", "level": "none"}]),
        [("/contributions/0/area", "term-unknown", "write one of these")],
    ),
    "an unknown member": (
        declared(tool=[]),
        [("/tool", "member-unknown", "did you mean 'tools'?")],
    ),
    "an unknown member like no other": (
        declared(xyzzy=1),
        [("/xyzzy", "member-unknown", "put it under 'extensions', or remove it")],
    ),
    "a member of the tool": (
        declared(sequence=1),
        [("/sequence", "member-unknown", "put it under 'extensions', or remove it")],
    ),
    "two missing members": (
        declared(contributions=[{}]),
        [
            ("/contributions/0", "member-missing", "add it"),
            ("/contributions/0", "member-missing", "add it"),
        ],
    ),
    "an identifier as printed": (
        declared(subject={"isrc": "GB-XYZ-26-00123"}),
        [("/subject/isrc", "format-isrc", "write GBXYZ2600123")],
    ),
    "an identifier that is none": (
        declared(subject={"isrc": "none yet"}),
        [
            (
                "/subject/isrc",
                "format-isrc",
                "write 12 characters without hyphens, like GBXYZ2600123",
            )
        ],
    ),
    "true as text": (
        declared(facts={"humanVoice": "yes"}),
        [("/facts/humanVoice", "type", "write true or false without quotes")],
    ),
    "text as a list": (
        declared(declarant={"name": ["A"]}),
        [("/declarant/name", "type", "write text in quotes")],
    ),
    "null": (
        declared(facts={"humanVoice": None}),
        [("/facts/humanVoice", "type", "remove the member")],
    ),
    "an empty list": (
        declared(tools=[]),
        [("/tools", "empty", "remove the member when there is nothing to declare")],
    ),
    "too much": (
        declared(contributions=[{"area": "lyrics", "level": "full", "share": 1001}]),
        [("/contributions/0/share", "bounds", "keep to the limit of 1000")],
    ),
    "an extension under no domain": (
        declared(extensions={"mood": 1}),
        [
            (
                "/extensions/mood",
                "member-name",
                "write a name under a domain of yours, the domain reversed, like org.example.mood",
            )
        ],
    ),
    "a name with a slash": (
        declared(**{"a/b~c": 1}),
        [("/a~1b~0c", "member-unknown", "put it under 'extensions', or remove it")],
    ),
    "shallow before deep": (
        declared(contributions=[{"area": "lyrics", "level": "x"}], typ=1),
        [
            ("/typ", "member-unknown", "did you mean 'type'?"),
            ("/contributions/0/level", "term-unknown", "write one of these"),
        ],
    ),
}


@pytest.mark.parametrize(("value", "wanted"), TOLD.values(), ids=TOLD)
def test_a_fault_names_the_place_the_rule_and_the_fix(value, wanted):
    assert told(value) == wanted


def test_a_fault_reads_as_one_sentence():
    value = declared(contributions=[{"area": "lyrics", "level": "partly"}])

    assert [str(f) for f in schemas.check(value, "declaration")] == [
        (
            '"partly" is not one of none, utility, assisted, partial, predominant, full: '
            "did you mean 'partial'?"
        )
    ]


HOSTILE = {
    "many unknown members": {str(n): 1 for n in range(20_000)},
    "many bad entries": declared(contributions=[{"area": 1}] * 20_000),
    "many bad terms": declared(contributions=[{"area": "x" * 40, "level": "y" * 40}] * 2_000),
    "a long term": declared(contributions=[{"area": "leadVocals" * 20_000, "level": "none"}]),
    "a long name": declared(**{"x" * 200_000: 1}),
    "mixed names": declared(mustUnderstand=[*map(str, range(20_000)), 1]),
    "a long identifier": declared(subject={"isrc": "GB-" * 60_000}),
    "a long language": declared(subject={"language": "a" + "-a" * 100_000}),
    "a long domain": declared(declarant={"ids": {"domain": "a." * 100_000}}),
    "a long extension name": declared(extensions={"a." * 100_000: 1}),
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_hostile_values_are_refused_in_short_time_and_few_words(value):
    with speed.under(1):
        found = list(schemas.check(value, "declaration"))

    assert 0 < len(found) <= schemas.MAX_FAULTS
    assert all(len(str(fault)) < 500 and len(fault.pointer) < 200 for fault in found)


FORMATS = {
    "date-time": (
        ["2026-11-23T08:00:00Z", "2026-11-23T08:00:00.125Z", "2024-02-29T23:59:59Z"],
        [
            "2026-11-23T08:00:00",
            "2026-11-23T08:00:00+00:00",
            "2026-11-23t08:00:00z",
            "2026-11-23 08:00:00Z",
            "2026-02-29T08:00:00Z",
            "2026-11-23T24:00:00Z",
            "2026-11-23T23:59:60Z",
            "2026-11-23T08:00Z",
            "2026-11-23T08:00:00.Z",
            "2026-11-23T08:00:00Z\n",
            "\u0662026-11-23T08:00:00Z",
        ],
    ),
    "date": (
        ["2026", "2026-11", "2026-11-23", "2024-02-29"],
        ["26", "2026-13", "2026-00", "2026-11-31", "20261123", "2026-1-1", "0000", "2026-11-23\n"],
    ),
    "date-or-time": (["2026-11", "2026-11-23T08:00:00Z"], ["2026-11-23T08:00", "yesterday"]),
    "uuid": (["b1a9c0e9-d987-4042-ae91-78d6a3267d69"], ["B1A9C0E9-D987-4042-AE91-78D6A3267D69"]),
    "uuid-urn": (
        ["urn:uuid:6f1c2a4e-3b5d-4c7e-8f90-a1b2c3d4e5f6"],
        [
            "6f1c2a4e-3b5d-4c7e-8f90-a1b2c3d4e5f6",
            "urn:uuid:6f1c2a4e-3b5d-1c7e-8f90-a1b2c3d4e5f6",
            "urn:uuid:6f1c2a4e-3b5d-4c7e-7f90-a1b2c3d4e5f6",
            "URN:UUID:6f1c2a4e-3b5d-4c7e-8f90-a1b2c3d4e5f6",
        ],
    ),
    "language": (
        [
            "en",
            "pt-BR",
            "zh-Hans-CN",
            "zxx",
            "es-419",
            "EN",
            "ZH-hans-cn",
            "sl-rozaj-biske",
            "x-klingon",
            "de-1996",
            "zh-cmn-Hans",
            "en-u-co-phonebk",
            "en-a-bb-x-1-c",
        ],
        [
            *[
                "English!",
                "English",
                "english",
                "e",
                "en_GB",
                "en-",
                "latn",
                "x",
                "en-x",
                "i-klingon",
                "en-1",
                "en-a",
            ],
            *("", "en-Latn-Latn", "\u017fv", "\u212aa", "en\n", "en-" + "abcde-" * 10 + "a"),
        ],
    ),
    "domain": (
        ["artist.example", "xn--bcher-kva.example", "a.b.c"],
        [
            "localhost",
            "Artist.example",
            "artist.example.",
            "-a.example",
            "a..b",
            "https://a.b",
            "a b.c",
        ],
    ),
}


@pytest.mark.requirement("MOD-007")
@pytest.mark.requirement("WIR-008")
@pytest.mark.requirement("MOD-009")
@pytest.mark.parametrize("name", FORMATS)
def test_a_format_takes_its_own_and_nothing_else(name):
    good, bad = FORMATS[name]

    assert [text for text in good if not formats.FORMATS[name](text)] == []
    assert [text for text in bad if formats.FORMATS[name](text)] == []


def test_every_format_of_a_schema_is_known_and_explained():
    named = set()
    for path in SCHEMAS:
        text = path.read_text()
        named |= {part.split('"')[1] for part in text.split('"format": ')[1:]}

    assert named <= set(formats.FORMATS)
    assert all(formats.how_to_write(name, 1) != f"write {name}" for name in formats.FORMATS)


@pytest.mark.requirement("WIR-030")
@pytest.mark.parametrize("path", EVERY_SCHEMA, ids=lambda path: path.name)
def test_a_schema_takes_one_spelling_of_a_digest(path):
    """The last letter of 32 bytes has two bits to spare; other spellings set them."""
    patterns = {p for p in _patterns(json.loads(path.read_bytes())) if _is_of_a_digest(p)}

    assert [p for p in patterns if _takes(p, "A" * 42 + "B")] == []


def _patterns(value):
    if isinstance(value, dict):
        found = value.get("pattern")
        yield from [found] if isinstance(found, str) else []
        for item in value.values():
            yield from _patterns(item)
    elif isinstance(value, list):
        for item in value:
            yield from _patterns(item)


def _is_of_a_digest(pattern):
    """It takes 43 letters and no other number of them."""
    return [count for count in (42, 43, 44) if _takes(pattern, "A" * count)] == [43]


def _takes(pattern, text):
    return any(re.search(pattern, before + text) for before in ("sha-256:", ""))


@pytest.mark.requirement("BLK-043")
@pytest.mark.parametrize(
    "address",
    [
        "http://user:secretpw@host.example/a.wav?sig=tokensecret",
        " https://user:secretpw@host.example/a.wav?sig=tokensecret",
        "http://user:my secretpw@host.example/a.wav?X-Amz-Signature=tokensecret#x",
        f"http://user:{'secretpw' * 20}@host.example/a.wav?sig=tokensecret",
        f"https://user:secretpw@host.example/{'a' * 2048}?sig=tokensecret",
    ],
)
@pytest.mark.parametrize("schema", ["url-request", "worker-request"])
def test_a_refused_address_is_not_given_back_with_its_secrets(address, schema):
    faults = schemas.check({"id": "1", "url": address}, schema)

    (message,) = [fault.message for fault in faults if fault.pointer == "/url"]
    assert "secret" not in message
    assert "***@host.example" in message
