"""What every export must do, run over all of them by discovery (spec 19)."""

import copy
import dataclasses
import json
import os
import re
from functools import cache
from pathlib import Path

import pytest
from provenance.conformance.cases import load_case
from provenance.conformance.comparing import differences
from provenance.conformance.operations import perform
from provenance.exports import known, load, names
from provenance.exports._reading import leaves
from provenance.exports.base import Source
from provenance.model.errors import UsageError
from provenance.wire.crosswalks import crosswalk
from provenance.wire.decode import decode, decode_declaration
from provenance.wire.encode import members, to_plain
from provenance.wire.reading import SPEC_VERSION
from provenance.wire.registries import terms
from provenance.wire.schemas import check, schema_root
from provenance.wire.strict_json import encode

from support import regimes
from support.unchecked import unchecked

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "vectors" / "exports"
FULL = VECTORS / "every-member.json"
EXAMPLES = {p.parent.name: p for p in sorted(ROOT.glob("examples/*/declaration.json"))}
MOST = 100
"""Changes that are tried for one export; MUSICPROV_TEST_FULL=1 tries all of them."""
REASONS = {"no-field", "coarser", "not-asked", "decided"}
CROSSWALKS = sorted(p.stem for p in (schema_root() / "crosswalks").glob("*.json"))
TERMS = {
    "asset": "assets", "area": "areas", "level": "levels", "process": "processes",
    "basis": "bases", "interaction": "interactions", "identity": "identities",
    "kind": "voice-kinds", "permission": "permissions", "use": "uses",
}  # fmt: skip


@cache
def manifest_of(where):
    if where == "every-member":
        found, wrong = decode(FULL.read_bytes(), strict=True)
    else:
        found, wrong = decode_declaration(EXAMPLES[where].read_bytes())
    assert found is not None, wrong
    return found


def exported(name, manifest, **options):
    return load(name).render(Source(manifest, options=options))


def read(plain):
    """Plain JSON as a model, whether it is well-formed and consistent or not."""
    return unchecked(plain)


def others(pointer, value):
    """Values that the model could have in place of this one."""
    if value is True or value is False:
        return [not value]
    if type(value) is int:
        return [value - 1 if value else 1]
    member = re.sub(r"(/\d+)+$", "", pointer).rsplit("/", 1)[-1]
    registry = {"/status": "licence-status"}.get(pointer[-7:], TERMS.get(member))
    if "consent" in pointer and member == "status":
        registry = "consent-status"
    if pointer.startswith("/evidence") and member == "kind":
        registry = "evidence-kinds"
    if registry and not pointer.startswith("/extensions"):
        return [t["term"] for t in terms(registry) if t["term"] != value]
    if member in {"digest", "supersedes", "id"}:
        return [value[:-2] + ("A" if value[-2] != "A" else "E") + value[-1]]
    if member in {"person", "tool", "ref"} and len(value) == 2:
        return [value[0] + "9", value[0] + ("1" if value[1] == "2" else "2")]
    return [value + "x"]


def changed(plain, pointer, value):
    made = copy.deepcopy(plain)
    names_on_the_way = [t.replace("~1", "/").replace("~0", "~") for t in pointer.split("/")[1:]]
    *path, last = names_on_the_way
    at = made
    for token in path:
        at = at[int(token)] if isinstance(at, list) else at[token]
    at[int(last) if isinstance(at, list) else last] = value
    return made


def test_the_fullest_declaration_has_every_member_of_the_model():
    plain = to_plain(manifest_of("every-member"))
    missing = []

    def look(record, at):
        for attribute, member in members(type(record)):
            value = getattr(record, attribute)
            items = value if isinstance(value, tuple) else (value,)
            stated.setdefault(f"{type(record).__name__}.{member}", False)
            if value not in (None, (), {}):
                stated[f"{type(record).__name__}.{member}"] = True
            for item in items:
                if dataclasses.is_dataclass(item):
                    look(item, f"{at}/{member}")

    stated = {}
    look(manifest_of("every-member"), "")
    missing = [name for name, there in stated.items() if not there]
    assert missing == []
    assert plain["specVersion"] == SPEC_VERSION


@pytest.mark.requirement("EXP-001")
@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("where", ["every-member", *EXAMPLES])
def test_the_same_declaration_gives_the_same_bytes(name, where):
    first, again = exported(name, manifest_of(where)), exported(name, manifest_of(where))

    assert first == again
    assert first.data.endswith(b"\n")


@pytest.mark.slow
@pytest.mark.requirement("EXP-002")
@pytest.mark.parametrize("name", names())
def test_whatever_is_changed_changes_the_document_or_is_a_stated_loss(name):
    manifest = manifest_of("every-member")
    plain = to_plain(manifest)
    before = exported(name, manifest)
    lost = {loss.pointer for loss in before.losses}
    kept = [(p, other) for p, v in leaves(plain) if p not in lost for other in others(p, v)]
    if len(kept) > MOST and not os.environ.get("MUSICPROV_TEST_FULL"):
        kept = kept[:: len(kept) // MOST + 1]
    silent = [
        (pointer, other)
        for pointer, other in kept
        if exported(name, read(changed(plain, pointer, other))).data == before.data
    ]
    assert silent == []


@pytest.mark.requirement("EXP-002")
@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("where", ["every-member", *EXAMPLES])
def test_losses_lead_to_declared_members_once_and_have_a_reason(name, where):
    manifest = manifest_of(where)
    declared = [pointer for pointer, _ in leaves(to_plain(manifest))]
    lost = exported(name, manifest).losses

    assert {loss.reason for loss in lost} <= REASONS
    pointers = [loss.pointer for loss in lost]
    assert len(set(pointers)) == len(pointers)
    assert all(any(d == p or d.startswith(f"{p}/") for d in declared) for p in pointers)


@pytest.mark.requirement("EXP-004")
@pytest.mark.parametrize("name", regimes.forms())
def test_where_nothing_is_declared_no_form_says_a_level_or_a_no(name):
    nothing, _ = decode_declaration(encode({"subject": {"title": "A"}}))
    data = crosswalk(name)
    asked = [q for s in (data, *data.get("sections", ())) for q in s.get("answers", ())]
    words = {}
    for question in asked:
        of_it = {**question.get("words", {}), **question.get("texts", {})}.values()
        words.setdefault(question["id"], set()).update(set(of_it) - {question.get("undeclared")})
    filled = json.loads(exported(name, nothing, format="json").data)["answers"]

    said = [a for a in filled if a["answer"] in words[a["id"]] and a["id"] != "signed"]
    assert len(filled) == len(asked)
    assert said == []


@pytest.mark.requirement("EXP-003")
@pytest.mark.parametrize("name", CROSSWALKS)
def test_a_crosswalk_is_valid_and_names_members_of_the_model(name):
    data = crosswalk(name)
    known_members = {
        re.sub(r"/\d+", "/*", p) for p, _ in leaves(to_plain(manifest_of("every-member")))
    }

    assert [str(f) for f in check(data, "crosswalk")] == []
    assert data["crosswalk"] == name
    for fact in data["facts"]:
        wanted = fact["fact"].split("/")
        assert any(
            len(have := known_member.split("/")) >= len(wanted)
            and all(w in {"*", h} or h == "*" for w, h in zip(wanted, have, strict=False))
            for known_member in known_members
        ), fact["fact"]


def test_every_export_has_its_crosswalk():
    for name, export in known().items():
        assert export.crosswalk in CROSSWALKS, name
        assert export.suffix.startswith(".")


QUESTIONS = regimes.forms()
FORMS = [*QUESTIONS, "schema-org"]


@pytest.mark.requirement("EXP-003")
@pytest.mark.parametrize("name", FORMS)
def test_the_table_of_facts_is_what_the_form_does(name):
    """Each fact of the table is asked, as lossy as it says; no other is asked."""
    facts = {fact["fact"]: fact["lossy"] for fact in crosswalk(name)["facts"]}
    kept, looked_at, asked = set(), set(), set()
    for where in ("every-member", *EXAMPLES):
        manifest = manifest_of(where)
        losses = {loss.pointer: loss.reason for loss in exported(name, manifest).losses}
        for pointer, _ in leaves(to_plain(manifest)):
            fact = re.sub(r"/\d+(?=/|$)", "/*", pointer)
            reason = losses.get(pointer)
            if reason is None:
                kept.add(fact)
            elif reason in {"coarser", "decided"}:
                looked_at.add(fact)
            elif reason == "not-asked":
                asked.add(fact)

    assert {f for f, lossy in facts.items() if not lossy} == kept
    assert {f for f, lossy in facts.items() if lossy} == looked_at - kept
    assert asked <= set(facts)


@pytest.mark.requirement("EXP-005")
@pytest.mark.parametrize("name", FORMS)
def test_parameters_are_those_of_the_crosswalk(name):
    manifest = manifest_of("every-member")
    with pytest.raises(UsageError):
        exported(name, manifest, **{"no-such-parameter": "yes"})
    for parameter in crosswalk(name).get("parameters", ()):
        for value in (parameter["default"], *parameter["alternatives"]):
            exported(name, manifest, **{parameter["name"]: value})
        if parameter["alternatives"]:
            with pytest.raises(UsageError):
                exported(name, manifest, **{parameter["name"]: "no such value"})


@pytest.mark.parametrize("name", [name for name in names() if name != "ddex-ern"])
def test_what_is_not_put_into_a_document_refuses_one(name):
    with pytest.raises(UsageError, match="--into"):
        load(name).render(Source(manifest_of("every-member"), into=b"{}"))


def settings():
    return [
        (name, p["name"], value)
        for name in FORMS
        for p in crosswalk(name).get("parameters", ())
        for value in p["alternatives"]
    ]


@pytest.mark.requirement("EXP-005")
@pytest.mark.parametrize(("name", "parameter", "value"), settings())
def test_every_alternative_of_a_parameter_changes_some_form(name, parameter, value):
    areas = ("lyrics", "composition", "leadVocals", "instrumentation", "artwork", "video")
    found = []
    for level in [t["term"] for t in terms("levels")]:
        for process in ({}, {"process": "altered"}):
            entries = [
                {"area": a, "level": level, **(process if level != "none" else {})} for a in areas
            ]
            manifest, _ = decode_declaration(encode({"contributions": entries}))
            default = exported(name, manifest).data
            found.append(exported(name, manifest, **{parameter: value}).data != default)

    assert any(found)


@pytest.mark.requirement("EXP-006")
@pytest.mark.parametrize("name", QUESTIONS)
def test_every_format_says_the_same(name):
    manifest = manifest_of("every-member")
    plain = json.loads(exported(name, manifest, format="json").data)
    text = exported(name, manifest).data.decode()
    table = exported(name, manifest, format="csv").data.decode()

    for answer in plain["answers"]:
        assert answer["asks"] in text
        for line in (answer["answer"] or "(leave empty)").split("\n"):
            assert line in text
        assert (answer["answer"] or "").split("\n")[0].replace('"', '""') in table
    with pytest.raises(UsageError):
        exported(name, manifest, format="pdf")


@pytest.mark.requirement("EXP-007")
@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@a", "'quoted"])
def test_a_table_holds_no_formula(title):
    manifest, _ = decode_declaration(encode({"subject": {"title": title}}))

    rows = exported("spotify", manifest, format="csv").data.decode().split("\n")

    assert any(row.endswith(f",'{title}") for row in rows)


@pytest.mark.requirement("EXP-008")
def test_no_code_has_the_words_of_a_regime():
    """Answers stand in the crosswalks: none of them is spelt in the code of the forms."""
    code = "".join(
        (ROOT / "provenance" / "exports" / f"{module}.py").read_text(encoding="utf-8")
        for module in ("_forms", "_rows", "_reading", "_writing")
    )
    spoken = {
        word
        for name in FORMS
        for _, word in leaves(crosswalk(name))
        if type(word) is str and re.fullmatch(r"[A-Z][A-Za-z]+(-[A-Z][A-Za-z]+| [A-Za-z-]+)+", word)
    }
    assert len(spoken) > 50
    assert [word for word in spoken if word in code] == []


def test_golden_files_pages_and_guide_are_what_is_made_from_the_data():
    """What stands in them was checked against the facts: see tests/vectors/exports/build.py."""
    made = dict(regimes.files())
    differ = [
        str(path.relative_to(ROOT))
        for path, text in made.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]

    assert differ == []
    for name in FORMS:
        assert set((regimes.GOLDEN / name).iterdir()) <= set(made)


def test_every_crosswalk_has_a_page():
    pages = {p.stem for p in regimes.PAGES.glob("*.md")}

    assert {name for name in CROSSWALKS if regimes.is_form(name)} <= pages


@pytest.mark.parametrize(
    ("where", "recording", "composition"),
    [
        ("all-human", "digitalCreation", "digitalCreation"),
        ("ai-mastering-only", "algorithmicallyEnhanced", "digitalCreation"),
        ("licensed-bass-stem", "compositeSynthetic", "humanEdits"),
        ("own-voice-clone", "compositeWithTrainedAlgorithmicMedia", "digitalCreation"),
        ("unlicensed-third-party-clone", "trainedAlgorithmicMedia", "trainedAlgorithmicMedia"),
        ("walk-my-walk", "trainedAlgorithmicMedia", "trainedAlgorithmicMedia"),
    ],
)
def test_the_source_types_of_the_examples_are_those_of_the_level_table(
    where, recording, composition
):
    made = json.loads(exported("schema-org", manifest_of(where)).data)
    iptc = "http://cv.iptc.org/newscodes/digitalsourcetype/"

    assert made["digitalSourceType"][0] == iptc + recording
    assert made["recordingOf"]["digitalSourceType"][0] == iptc + composition
    for more in made["digitalSourceType"][1:]:
        name = recording[0].upper() + recording[1:]
        assert more == f"https://schema.org/{name}DigitalSource"


def test_what_schema_org_has_no_member_for_is_iptcs_alone():
    made = json.loads(exported("schema-org", manifest_of("all-human")).data)

    assert len(made["digitalSourceType"]) == 1


@pytest.mark.parametrize("path", sorted(VECTORS.glob("*/case.json")), ids=lambda p: p.parts[-2])
def test_vector(path):
    case = load_case(path)

    assert list(differences(case, perform(case)["result"])) == []
