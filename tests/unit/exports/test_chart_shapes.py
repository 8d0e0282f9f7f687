"""The shapes of charts' rules report as the profiles judge, and say the clause."""

import json
import os
from functools import cache
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from provenance.exports._rdf_document import document_of
from provenance.exports.rdf import graph_of
from provenance.profiles.base import Evidence
from provenance.profiles.judging import judge, rules_of
from provenance.wire.decode import decode_declaration
from rdflib import RDF, Graph, URIRef

from properties.test_profiles import declarations
from support import chart_shapes

pyshacl = pytest.importorskip("pyshacl")

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "examples").glob("*/declaration.json"))
SH, MPS = "http://www.w3.org/ns/shacl#", "https://musicprov.org/schemas/shapes/1.0.ttl#"
SEVERITY = {
    "error": "Violation",
    "ineligible": "Violation",
    "review": "Warning",
    "warning": "Warning",
}
FULL = os.environ.get("MUSICPROV_TEST_FULL") == "1"
AREAS = (
    "lyrics",
    "composition",
    "leadVocals",
    "backingVocals",
    "arrangement",
    "instrumentation",
    "production",
)


@pytest.fixture(autouse=True, scope="module")
def _quick_queries():
    """A query is parsed once, not for each declaration that pyshacl asks about."""
    from rdflib.plugins.sparql import processor

    plain = processor.translateQuery, processor.parseQuery
    parse = cache(plain[1])
    processor.parseQuery, made = (lambda text, *_: text), {}

    def translate(text, *more):
        if text not in made:
            made[text] = plain[0](parse(text), *more)
        return made[text]

    processor.translateQuery = translate
    yield
    processor.translateQuery, processor.parseQuery = plain


@cache
def shapes(profile):
    return Graph().parse(chart_shapes.FOLDER / f"{profile}.ttl", format="turtle")


def declared(plain):
    manifest, _ = decode_declaration(json.dumps(plain).encode())
    return manifest


def reported(profile, manifests):
    """{declaration: {rule: outcome}} of what the shapes of a profile report, each held to its words."""
    graph = Graph()
    for manifest in manifests:
        graph += graph_of(document_of(manifest))
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes(profile), advanced=True, inplace=True)
    found = {}
    clauses = {rule["id"]: rule["clause"] for rule in rules_of(profile)["rules"]}
    for result in report.subjects(RDF.type, URIRef(f"{SH}ValidationResult")):
        shape = report.value(result, URIRef(f"{SH}sourceShape"))
        rule = str(shape).partition("#")[2].removesuffix("-unsettled")
        outcome = str(shapes(profile).value(shape, URIRef(f"{MPS}outcome")))
        assert str(report.value(result, URIRef(f"{SH}resultMessage"))) == clauses[rule]
        severity = str(report.value(result, URIRef(f"{SH}resultSeverity")))
        assert severity == SH + SEVERITY.get(outcome, "Info")
        mine = found.setdefault(str(report.value(result, URIRef(f"{SH}focusNode"))), {})
        assert rule not in mine
        mine[rule] = outcome
    return found


def compared(profile, manifests):
    """The shapes against the profile; which outcomes there were."""
    manifests = [m for m in manifests if m is not None]
    found, seen = reported(profile, manifests), set()
    for manifest in manifests:
        answers = {a.rule["id"]: a.outcome for a in judge(profile, Evidence(manifest, {}))}
        seen |= set(answers.items())
        said = found.get(document_of(manifest)["id"], {})
        assert {rule: said.get(rule, "clear") for rule in answers} == answers, manifest
    return seen


def whole(level, **more):
    return {"contributions": [{"area": area, "level": level, **more} for area in AREAS]}


def parts(*shares, least="full"):
    """Lead vocals by AI and by a person, with shares."""
    human = [
        {"area": "leadVocals", "level": "none", **({"share": s} if s else {})} for s in shares[1:]
    ]
    first = {"area": "leadVocals", "level": least, **({"share": shares[0]} if shares[0] else {})}
    return {"contributions": [first, *human, *({"area": a, "level": "full"} for a in AREAS[:2])]}


TOOL = {"tools": [{"ref": "t1", "provider": "P", "system": "S"}]}
BARE = {"tools": [{"ref": "t1", "system": "S"}]}
PEOPLE = {"people": [{"ref": "p1", "name": "A"}]}
MADE_BY = {"agents": [{"tool": "t1"}]}
AUTHORLESS = {"humanPerformance": False, "humanExpression": {"lyrics": False, "music": False}}
CLAIMED = {"humanPerformance": True, "humanExpression": {"lyrics": True, "music": True}}
HAND = [
    {}, whole("none"), whole("full"), whole("full", basis="detected"), whole("partial"), whole("predominant"),
    whole("full", **MADE_BY) | TOOL, whole("full", **MADE_BY) | BARE, whole("full") | TOOL, whole("partial") | PEOPLE,
    whole("assisted") | {"facts": {"humanVoice": True}}, whole("full") | {"facts": {"humanVoice": False}},
    whole("full") | {"facts": AUTHORLESS}, whole("partial") | {"facts": AUTHORLESS}, whole("partial") | {"facts": CLAIMED},
    whole("full") | {"facts": CLAIMED}, {"facts": {"humanVoice": False}},
    *(whole("full") | {"voices": [{"kind": kind, **place}]} for kind in ("thirdPartyClone", "selfClone", "fictional")
      for place in ({}, {"area": "leadVocals"})),
    *(parts(*shares) for shares in ((600, 400), (400, 600), (501, 400), (500, 500), (None, 400), (600, None), (600, 700))),
    {"contributions": [{"area": "leadVocals", "level": "full"}, {"area": "production", "level": "partial"}]},
]  # fmt: skip
"""By what the rules turn on."""


@pytest.mark.requirement("AUD-107")
def test_the_shapes_are_those_that_the_profiles_make():
    assert chart_shapes.main(["--check"]) == 0


@pytest.mark.requirement("AUD-107")
def test_another_clause_is_noticed(tmp_path, monkeypatch, capsys):
    for name in ("shapes/charts", "profiles"):
        (tmp_path / "schemas" / name).mkdir(parents=True)
    for profile in chart_shapes.RULES:
        text = (ROOT / f"schemas/profiles/{profile}.json").read_text("utf-8")
        (tmp_path / f"schemas/profiles/{profile}.json").write_text(
            text.replace("AI-generated", "machine-made")
        )
    monkeypatch.setattr(chart_shapes, "ROOT", tmp_path)
    monkeypatch.setattr(chart_shapes, "FOLDER", tmp_path / "schemas/shapes/charts")

    assert chart_shapes.main(["--check"]) == 1
    assert chart_shapes.main([]) == 0
    assert chart_shapes.main(["--check"]) == 0
    made = (tmp_path / "schemas/shapes/charts/sverigetopplistan.ttl").read_text("utf-8")
    assert "mainly machine-made" in made
    assert capsys.readouterr().out.count("is not what this makes") == 4


@pytest.mark.slow
@pytest.mark.requirement("AUD-107")
@pytest.mark.parametrize("profile", sorted(chart_shapes.RULES))
def test_shapes_report_as_the_profile_judges(profile):
    plain = [*HAND, *(json.loads(path.read_bytes()) for path in EXAMPLES)]
    plain = plain if FULL else plain[sorted(chart_shapes.RULES).index(profile) :: 6]
    seen = compared(profile, [declared({"specVersion": "1.0", **one}) for one in plain])

    assert len({outcome for _, outcome in seen}) > 1
    if not FULL:
        return
    reachable = {(rule["id"], outcome) for rule in rules_of(profile)["rules"]
                 for outcome in (rule["outcome"], rule["unsettled"], "clear")}  # fmt: skip
    missed = {rule for rule, _ in reachable - seen}
    assert missed == {"grammy": {"gram-1", "gram-2"}}.get(profile, set())


@pytest.mark.slow
@pytest.mark.requirement("AUD-107")
@settings(
    max_examples=20 if FULL else 1,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(st.lists(declarations(), min_size=2, max_size=2))
def test_shapes_report_as_profiles_judge_anything(found):
    manifests = [declared({"specVersion": "1.0", **plain}) for plain in found]
    for profile in sorted(chart_shapes.RULES):
        compared(profile, manifests)
