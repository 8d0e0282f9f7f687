"""The shapes: good graphs conform; each shape finds its own fault, and says the rule's words."""

import copy
import json
import re
from functools import cache
from pathlib import Path

import pytest
from provenance.exports.base import Source
from provenance.exports.rdf import EXPORT
from provenance.wire.decode import decode, decode_declaration
from provenance.wire.linked import NAMESPACE
from provenance.wire.registries import terms
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.collection import Collection

pyshacl = pytest.importorskip("pyshacl")

ROOT = Path(__file__).parents[3]
SHAPES = ROOT / "schemas" / "shapes" / "1.0.ttl"
SH = "http://www.w3.org/ns/shacl#"
MPS = "https://musicprov.org/schemas/shapes/1.0.ttl#"
PROV = "http://www.w3.org/ns/prov#"
TRUE, FALSE = Literal(True), Literal(False)

GOOD = {
    "type": "Disclosure",
    "specVersion": "1.0",
    "id": "",
    "issued": "2026-11-24T12:00:00Z",
    "sequence": 1,
    "declarant": {"role": "artist"},
    "subject": {
        "artists": [{"name": "A", "identity": "human"}],
        "bindings": [
            {
                "tier": "essence",
                "profile": "flac",
                "digest": "sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
            }
        ],
    },
    "contributions": [
        {
            "area": "leadVocals",
            "level": "full",
            "agents": [{"tool": "t1"}],
            "share": 400,
            "timeRanges": [{"startMs": 0, "endMs": 1000}],
        },
        {"area": "leadVocals", "level": "none", "agents": [{"person": "p1"}], "share": 600},
        {"area": "mixing", "level": "utility"},
    ],
    "tools": [
        {"ref": "t1", "system": "Example Voice", "licence": {"status": "licensed"}},
        {"ref": "t2", "system": "Other"},
    ],
    "people": [{"ref": "p1", "name": "Ann"}, {"ref": "p2", "withheld": True}],
    "voices": [
        {
            "area": "leadVocals",
            "kind": "selfClone",
            "person": "p1",
            "tool": "t1",
            "consent": {"status": "granted"},
        }
    ],
    "facts": {"humanLeadVoice": True, "humanVoice": True},
    "permissions": [
        {"use": "dataMining", "permission": "constrained", "constraints": "Ask."},
        {"use": "aiInference", "permission": "allowed"},
    ],
    "evidence": [{"kind": "stems", "areas": ["leadVocals"], "score": 10}],
}

LEAD, HUMAN, MIXING = "/contributions/0", "/contributions/1", "/contributions/2"
WORD = Literal("word")
CASES = {
    "Disclosure-specVersion": [("", "specVersion", Literal("2.0"))],
    "Disclosure-issued": [("", "issued", None)],
    "Disclosure-sequence": [("", "sequence", Literal(0)), ("", "supersedes", None)],
    "Disclosure-subject": [("", "subject", None)],
    "Disclosure-contributions": [("", "contributions", None)],
    "Disclosure-bindings": [("/subject", "bindings", None)],
    "Declarant-role": [("/declarant", "role", WORD)],
    "Artist-identity": [("/subject/artists/0", "identity", WORD)],
    "Contribution-area": [(MIXING, "area", Literal("tuning"))],
    "Contribution-level": [(MIXING, "level", Literal("some"))],
    "Contribution-asset": [(MIXING, "asset", WORD)],
    "Contribution-process": [(MIXING, "process", WORD)],
    "Contribution-basis": [(MIXING, "basis", WORD)],
    "Contribution-interaction": [(MIXING, "interaction", WORD)],
    "Contribution-share": [(MIXING, "share", Literal(-1))],
    "Agent-reference": [(f"{LEAD}/agents/0", "prov:agent", None)],
    "TimeRange-start": [(f"{LEAD}/timeRanges/0", "startMs", Literal(-1))],
    "TimeRange-end": [(f"{LEAD}/timeRanges/0", "endMs", None)],
    "TimeRange-order": [(f"{LEAD}/timeRanges/0", "startMs", Literal(1000))],
    "Tool-ref": [("/tools/1", "ref", None)],
    "Licence-status": [("/tools/0/licence", "status", WORD)],
    "Person-ref": [("/people/1", "ref", None)],
    "Voice-kind": [("/voices/0", "kind", None)],
    "Voice-area": [("/voices/0", "area", Literal("mixing"))],
    "Consent-status": [("/voices/0/consent", "status", WORD)],
    "Permission-use": [("/permissions/1", "use", WORD)],
    "Permission-permission": [("/permissions/1", "permission", None)],
    "Evidence-kind": [("/evidence/0", "kind", WORD)],
    "Evidence-areas": [("/evidence/0", "areas", WORD)],
    "Evidence-score": [("/evidence/0", "score", Literal(1001))],
    "Binding-tier": [("/subject/bindings/0", "tier", None)],
    "name": [],
    "lineage": [("", "sequence", Literal(2))],
    "agent-one": [(f"{LEAD}/agents/0", "person", Literal("p1"))],
    "voice-tool": [("/voices/0", "byTool", None)],
    "voice-person": [("/voices/0", "ofPerson", None)],
    "person-named": [("/people/0", "withheld", TRUE)],
    "none-without-ai": [(HUMAN, "material", TRUE)],
    "full-by-people": [(f"{LEAD}/agents/0", "tool", None), (f"{LEAD}/agents/0", "person", WORD)],
    "voice-facts": [("/facts", "humanVoice", FALSE)],
    "constraints-stated": [("/permissions/0", "constraints", None)],
    "ref-twice": [("/people/1", "ref", Literal("t2"))],
    "tool-as-person": [("/people/0", "name", Literal("example voice"))],
    "permission-once": [("/permissions/1", "use", Literal("dataMining"))],
    "share-sum": [(HUMAN, "share", Literal(601))],
    "human-voice": [(HUMAN, "area", Literal("lyrics"))],
    "voice-level": [(LEAD, "level", Literal("assisted"))],
}
"""For each shape the members that are taken out of a good graph, and what is put there instead."""

ALSO = {
    "none-without-ai: a tool": [(f"{HUMAN}/agents/0", "tool", Literal("t1"))],
    "none-without-ai: a prompt": [(HUMAN, "interaction", Literal("edited"))],
    "none-without-ai: a process": [(HUMAN, "process", Literal("altered"))],
    "lineage: the first of nothing": [("", "supersedes", WORD)],
    "person-named: nobody": [("/people/0", "name", None)],
    "agent-one: nobody": [(f"{HUMAN}/agents/0", "person", None)],
    "constraints-stated: on what is allowed": [("/permissions/1", "constraints", WORD)],
    "voice-level: a person's": [
        ("/voices/0", "kind", Literal("notSynthetic")),
        (HUMAN, "level", Literal("full")),
        (f"{HUMAN}/agents/0", "tool", Literal("t1")),
        (f"{HUMAN}/agents/0", "person", None),
        ("/facts", "humanLeadVoice", FALSE),
    ],
}
ALL = CASES | ALSO
WITH_OTHERS = {
    "none-without-ai: a tool": {"agent-one"},
    "Disclosure-sequence": {"lineage"},
    "Disclosure-subject": {"Disclosure-bindings"},
}
"""What cannot be wrong alone."""
QUERIES = {
    "ref-twice",
    "tool-as-person",
    "permission-once",
    "share-sum",
    "human-voice",
    "voice-level",
}
"""Shapes that hold a query; pyshacl reads it again for each statement, which takes its time."""


def name_of(place):
    return f"urn:uuid:6f1c2a4e-3b5d-4c7e-8f90-{place:012}"


def good(place):
    plain = copy.deepcopy(GOOD) | {"id": name_of(place)}
    manifest, found = decode(json.dumps(plain).encode())
    assert [str(finding.code) for finding in found] == ["content.valid"]
    return EXPORT.render(Source(manifest, options={"format": "n-triples"})).data.decode()


def iri(term):
    return URIRef(PROV + term[5:] if term.startswith("prov:") else NAMESPACE + term)


def changed(place, edits):
    graph = Graph().parse(data=good(place), format="nt")
    for pointer, term, value in edits:
        node = URIRef(name_of(place) + (f"#{pointer}" if pointer else ""))
        assert (node, RDF.type, None) in graph
        graph.remove((node, iri(term), None))
        if value is not None:
            graph.add((node, iri(term), value))
    if not edits:
        text = graph.serialize(format="nt").replace("3b5d-4c7e", "3b5d-1c7e")
        return Graph().parse(data=text, format="nt")
    return graph


@cache
def shapes(*, queries=True):
    graph = Graph().parse(SHAPES, format="turtle")
    if not queries:
        graph.remove((None, URIRef(f"{SH}sparql"), None))
    return graph


def results(graph, **which):
    """(statement, shape, message) of each result."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes(**which), inplace=True)
    for result in report.subjects(RDF.type, URIRef(f"{SH}ValidationResult")):
        focus, shape, message = (
            str(report.value(result, URIRef(SH + term), any=True))
            for term in ("focusNode", "sourceShape", "resultMessage")
        )
        yield focus.split("#")[0], shape.removeprefix(MPS), message


@cache
def found():
    """All cases, each a statement of its own, in one graph; those of queries in another."""
    core, queried = Graph(), Graph()
    for place, (case, edits) in enumerate(ALL.items()):
        union = queried if case.split(":")[0] in QUERIES else core
        union += changed(place, edits)
    core.parse(data=good(998), format="nt")
    queried.parse(data=good(999), format="nt")
    said = {}
    for statement, shape, message in (*results(core, queries=False), *results(queried)):
        said.setdefault(statement.replace("3b5d-1c7e", "3b5d-4c7e"), set()).add((shape, message))
    return said


@cache
def messages():
    """Every shape that says something, with what it says."""
    graph = shapes()
    said = {}
    for shape in set(graph.subjects(RDF.type, None)):
        holder = graph.value(shape, URIRef(f"{SH}sparql")) or shape
        message = graph.value(holder, URIRef(f"{SH}message"))
        if message is not None:
            said[str(shape).removeprefix(MPS)] = str(message)
    return said


def test_every_shape_has_a_case_and_every_case_a_shape():
    assert set(messages()) == set(CASES)
    assert {str(s).removeprefix(MPS) for s in shapes().subjects(URIRef(f"{SH}sparql"))} == QUERIES
    assert {case.split(":")[0] for case in ALSO} <= set(CASES)


@pytest.mark.slow
@pytest.mark.requirement("RDF-020")
@pytest.mark.parametrize("case", ALL)
def test_a_shape_finds_its_fault_and_says_the_rule(case):
    shape = case.split(":")[0]
    said = found()[name_of(list(ALL).index(case))]

    assert (shape, messages()[shape]) in said
    assert {name for name, _ in said} == {shape} | WITH_OTHERS.get(case, set())


def test_the_good_ones_among_them_conform():
    assert not {name_of(998), name_of(999)} & set(found())


@pytest.mark.requirement("RDF-020")
@pytest.mark.parametrize("shape", CASES)
def test_a_message_is_the_requirement_word_for_word(shape):
    number, _, text = messages()[shape].partition(" ")
    chapters = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "spec").glob("[0-9]*.md"))

    assert f"\n**{number}** {text}\n" in chapters


@pytest.mark.requirement("RDF-020")
@pytest.mark.parametrize(
    ("shape", "registry"),
    [
        ("Declarant-role", "declarant-roles"),
        ("Artist-identity", "identities"),
        ("Contribution-area", "areas"),
        ("Contribution-level", "levels"),
        ("Contribution-asset", "assets"),
        ("Contribution-process", "processes"),
        ("Contribution-basis", "bases"),
        ("Contribution-interaction", "interactions"),
        ("Licence-status", "licence-status"),
        ("Voice-kind", "voice-kinds"),
        ("Consent-status", "consent-status"),
        ("Permission-use", "uses"),
        ("Permission-permission", "permissions"),
        ("Evidence-kind", "evidence-kinds"),
        ("Evidence-areas", "areas"),
    ],
)
def test_a_list_of_terms_is_that_of_the_registry(shape, registry):
    listed = shapes().value(URIRef(MPS + shape), URIRef(f"{SH}in"))

    assert [str(v) for v in Collection(shapes(), listed)] == [t["term"] for t in terms(registry)]


@pytest.mark.slow
def test_the_examples_and_the_fullest_declaration_conform():
    union = Graph()
    full = ROOT / "tests" / "vectors" / "exports" / "every-member.json"
    made = [decode(full.read_bytes(), strict=True)[0]]
    made += [
        decode_declaration(path.read_bytes())[0]
        for path in sorted(ROOT.glob("examples/*/declaration.json"))
    ]
    assert len(made) == 7
    for manifest in made:
        data = EXPORT.render(Source(manifest, options={"format": "turtle"})).data
        union.parse(data=data, format="turtle")

    assert list(results(union)) == []


def test_consistency_rules_without_a_shape_are_those_that_the_text_names():
    text = (ROOT / "spec" / "02-model.md").read_text(encoding="utf-8")
    rules = {n for n in re.findall(r"\*\*(MOD-0[89][0-9])\*\*", text) if n >= "MOD-081"}
    shaped = {message.split(" ")[0] for message in messages().values()}

    assert len(rules) == 15
    assert rules - shaped == set()
