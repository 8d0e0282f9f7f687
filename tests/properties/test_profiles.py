"""Profiles are monotonic (PRF-010): leaving a fact out never clears a rule."""

import copy
import json
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from provenance.model.levels import AREAS, Level
from provenance.profiles import load, names
from provenance.profiles._facts import WRITTEN_AND_PLAYED
from provenance.profiles._logic import all_of, any_of, more_than, negated
from provenance.profiles.base import Evidence
from provenance.profiles.judging import judge, rules_of
from provenance.wire import consistency, decode

from support.unchecked import unchecked

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/declaration.json"))
PROFILES = [name for name in names() if rules_of(name)["kind"] != "standard"]
PREDICATES = {
    answer.rule["id"]: (load(name).rules[answer.rule["id"]], answer.parameters)
    for name in PROFILES
    for answer in judge(
        name, Evidence(None, {}), {"apple-2": {"requiredFrom": "2026-01-01"}}
    )
}  # fmt: skip
KEPT = {"area", "level", "ref", "kind", "asset", "basis", "timeRanges", "use", "permission"}
"""Members that cannot be left out, or whose absence has a meaning."""
LEVELS = [level.value for level in Level]
GENERATED = {"partial", "predominant", "full"}


def answers(plain, context):
    """What every predicate says; None for a declaration that contradicts itself."""
    manifest = unchecked(plain)
    if any(consistency.check(manifest)) or imitates_without_ai(plain):
        return None
    evidence = Evidence(manifest, context)
    return {rule: judged(evidence, p) for rule, (judged, p) in PREDICATES.items()}


def imitates_without_ai(plain):
    """No AI anywhere, and AI imitates: no rule of 2.14 says so, but both cannot be."""
    facts, levels = plain.get("facts", {}), {}
    for entry in plain.get("contributions", []):
        levels.setdefault(entry["area"], set()).add(entry["level"])
    without = all(levels.get(area) == {"none"} for area in WRITTEN_AND_PLAYED)
    return without and (facts.get("realisticImitation") or facts.get("styleImitation"))


def without(plain):
    """The declaration with one fact less, in every way, and what was left out."""
    for area in {c["area"] for c in plain.get("contributions", [])}:
        less = copy.deepcopy(plain)
        less["contributions"] = [c for c in less["contributions"] if c["area"] != area]
        yield f"area {area}", pruned(less)
    yield from ((where, pruned(less)) for where, less in members(plain))
    less = copy.deepcopy(plain)
    for entry in less.get("contributions", []):
        entry["agents"] = [a for a in entry.get("agents", []) if "tool" not in a]
    for voice in less.get("voices", []):
        voice.pop("tool", None)
    less.pop("tools", None)
    yield "tools and every reference", pruned(less)


def members(value, where=""):
    """The value without one of its members, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in KEPT:
                continue
            yield f"{where}/{name}", {k: v for k, v in value.items() if k != name}
            for place, less in members(inner, f"{where}/{name}"):
                yield place, {**value, name: less}
    if isinstance(value, list):
        for number, inner in enumerate(value):
            for place, less in members(inner, f"{where}/{number}"):
                yield place, [*value[:number], less, *value[number + 1 :]]


def pruned(value):
    """The same without empty lists and objects, which a declaration does not have."""
    if isinstance(value, dict):
        kept = {name: pruned(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner not in ([], {})}
    return [pruned(inner) for inner in value] if isinstance(value, list) else value


def require_monotonic(plain, context):
    before = answers(plain, context)
    if before is None:
        return 0
    fewer = [(f"--fact {name}", plain, {k: v for k, v in context.items() if k != name})
             for name in context]  # fmt: skip
    fewer += [(where, less, context) for where, less in without(plain)]
    tried = 0
    for where, less, known in fewer:
        after = answers(less, known)
        if after is None:
            continue
        tried += 1
        cleared = {r for r in before if before[r] is not False and after[r] is False}
        assert cleared == set(), (where, plain, context)
    return tried


# ---- declarations --------------------------------------------------------------------------


def maybe(strategy):
    return st.none() | strategy


def some(**members):
    """An object with any of these members."""
    made = st.fixed_dictionaries({name: maybe(inner) for name, inner in members.items()})
    return made.map(lambda found: {k: v for k, v in found.items() if v is not None})


tools = st.builds(
    lambda ref, more, licence: {"ref": ref, **more, **({"licence": licence} if licence else {})},
    st.sampled_from(["t1", "t2"]),
    some(
        provider=st.sampled_from(["Example AI", "Suno"]),
        system=st.sampled_from(["SongMaker", "suno"]),
        version=st.just("5"),
        usedFrom=st.just("2026-09-10"),
    ),
    some(
        status=st.sampled_from(["licensed", "unlicensed", "unknown"]),
        trainingDisclosure=st.just("https://e.example"),
    ),
)
yes_no = st.booleans()


@st.composite
def entries(draw, area):
    level = draw(st.sampled_from(LEVELS))
    made = {"area": area, "level": level}
    if draw(yes_no):
        made["share"] = draw(st.sampled_from([100, 400, 500]))
    if level != "none":
        made |= draw(some(
            interaction=st.sampled_from(["promptOnly", "promptAndSelect", "coCreated"]),
            material=yes_no,
            basis=st.sampled_from(["declared", "detected", "verified"]),
        ))  # fmt: skip
        refs = draw(st.sets(st.sampled_from(["t1", "t2"])))
        if refs:
            made["agents"] = [{"tool": ref} for ref in sorted(refs)]
    return made


@st.composite
def voices(draw, levels):
    area = draw(st.sampled_from(["leadVocals", "backingVocals"]))
    synthetic = not levels.get(area) or levels[area] & GENERATED
    human = not levels.get(area) or levels[area] != {"full"}
    kinds = ["fictional", "selfClone", "thirdPartyClone", "thirdPartyClone"] if synthetic else []
    kind = draw(st.sampled_from([*kinds, *(["notSynthetic"] if human else [])]))
    placed = {"area": area} if draw(st.integers(0, 3)) else {}
    status = draw(maybe(st.sampled_from(["granted", "refused", "unknown"])))
    return {"kind": kind, **placed, **({"consent": {"status": status}} if status else {})}


@st.composite
def declarations(draw):
    made = {"tools": [{"ref": "t1"}, {"ref": "t2"}]}
    for number in (0, 1):
        made["tools"][number] = {**draw(tools), "ref": f"t{number + 1}"}
    every = draw(st.sampled_from([0, 6, 9, 9]))
    found = []
    for area in AREAS[:10] if every == 9 else draw(st.lists(st.sampled_from(AREAS), unique=True)):
        found += draw(st.lists(entries(area), min_size=1, max_size=2))
    if found:
        made["contributions"] = found
    levels = {}
    for entry in found:
        levels.setdefault(entry["area"], set()).add(entry["level"])
    made["voices"] = draw(st.lists(voices(levels), max_size=2))
    expression = some(lyrics=yes_no, music=yes_no, recording=yes_no)
    made["facts"] = draw(some(
        humanVoice=yes_no, humanPerformance=yes_no, peopleComplete=yes_no,
        realisticImitation=yes_no, styleImitation=yes_no, humanExpression=expression,
    ))  # fmt: skip
    names_ = ["Mara Lind", "Udio"]
    people = draw(st.lists(some(name=st.sampled_from(names_), featured=yes_no), max_size=2))
    made["people"] = [
        {"ref": f"p{n}", **p, **({} if "name" in p else {"withheld": True})}
        for n, p in enumerate(people)
    ]
    identity = st.sampled_from(["human", "group", "virtualHumanVoiced", "aiPersona"])
    artists = draw(st.lists(some(identity=identity, identityPublic=yes_no), max_size=2))
    made["subject"] = {"artists": [{"name": "X", **artist} for artist in artists]}
    return pruned(made)


contexts = some(
    date=st.sampled_from(["2026-08-01", "2026-12-31"]),
    takedown=yes_no, marked=yes_no, marksRemoved=yes_no, operator=yes_no, aigcMark=yes_no,
    tagsDelivered=yes_no, manyWorks=yes_no, catalogueMostlyAi=yes_no,
    category=st.sampled_from(["songwriting", "performance", "other"]),
    aiReleasesInWeek=st.integers(0, 3),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.requirement("PRF-010")
@settings(
    max_examples=25,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(declarations(), contexts)
def test_leaving_a_fact_out_never_clears_a_rule(plain, context):
    assert decode.decode_declaration(json.dumps(plain).encode())[0] or answers(plain, {}) is None
    require_monotonic(plain, context)


@pytest.mark.requirement("PRF-010")
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.parent.name)
def test_leaving_a_fact_out_of_an_example_never_clears_a_rule(path):
    plain = json.loads(path.read_bytes())
    context = {"date": "2026-11-24", "takedown": True, "marked": False, "operator": True}

    assert require_monotonic(plain, context) > len(plain["contributions"])


def test_there_is_something_to_clear():
    human = {"contributions": [{"area": area, "level": "none"} for area in AREAS]}
    found = answers(human, {"date": "2026-11-24", "takedown": False})

    assert sum(value is False for value in found.values()) > 40


# ---- the logic -----------------------------------------------------------------------------

tri = st.sampled_from([True, False, None])


@given(st.lists(tri, max_size=6), st.data())
def test_settling_an_open_fact_changes_no_settled_answer(values, data):
    settled = [data.draw(yes_no) if value is None else value for value in values]

    for function in (any_of, all_of, lambda found: more_than(found, 0.5)):
        if function(values) is not None:
            assert function(settled) is function(values)
        assert function(settled) is not None


def test_the_logic_on_settled_values_is_the_usual_one():
    assert (any_of([]), all_of([])) == (False, True)
    assert (negated(True), negated(False), negated(None)) == (False, True, None)
    assert more_than([True, True, False, False], 0.5) is False
    assert more_than([True, True, True, False], 0.5) is True
    assert more_than([True, True, None, False], 0.5) is None
