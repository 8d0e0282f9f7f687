"""The level function, from entries to levels; the tables are also vectors (tests/vectors/levels)."""

import itertools
import json
from pathlib import Path

import pytest
from provenance.model.contribution import Contribution
from provenance.model.levels import (
    AREAS,
    ASSET_OF_AREA,
    CORE_AREAS,
    Level,
    area_level,
    asset_level,
    asset_of,
    level_of,
    levels_of,
    summary,
)
from provenance.model.manifest import Manifest

VECTORS = sorted((Path(__file__).parents[2] / "vectors" / "levels").glob("*/case.json"))
REGISTRIES = Path(__file__).parents[3] / "schemas" / "registries"


def entry(level, share=None, area="leadVocals", **more):
    return Contribution(area=area, level=Level(level), share=share, **more)


def terms(name):
    return json.loads((REGISTRIES / f"{name}.json").read_text())["terms"]


@pytest.mark.parametrize("path", VECTORS, ids=[p.parent.name for p in VECTORS])
@pytest.mark.requirement("MOD-030")
def test_entries_give_the_level_that_was_worked_out_by_hand(path):
    case = json.loads(path.read_text())
    entries = [
        entry(e["level"], e.get("share"), e["area"], role=e.get("role"))
        for e in case["input"]["contributions"]
    ]

    found = {area: area_level(entries, area) for area in AREAS}

    assert {a: str(v) for a, v in found.items() if v is not None} == case["expect"]["levels"]
    assert summary(Manifest(contributions=tuple(entries))) == case["expect"]["summary"]


def test_no_entry_is_undeclared_and_never_none():
    assert level_of([]) is None
    assert area_level([entry("none")], "lyrics") is None


def test_no_statement_has_no_summary():
    assert summary(Manifest()) is None


ASSETS = {
    "one area": ([("full", "leadVocals")], "recording", "full"),
    "two equal areas": ([("full", "leadVocals"), ("full", "mixing")], "recording", "full"),
    "generated voice, human band": (
        [("full", "leadVocals"), ("none", "instrumentation")],
        "recording",
        "partial",
    ),
    "generated voice, AI mastering": (
        [("full", "leadVocals"), ("utility", "mastering")],
        "recording",
        "partial",
    ),
    "all mainly generated": (
        [("full", "leadVocals"), ("predominant", "instrumentation")],
        "recording",
        "predominant",
    ),
    "only technical help": (
        [("utility", "mixing"), ("none", "leadVocals")],
        "recording",
        "utility",
    ),
    "other assets do not count": ([("full", "artwork"), ("none", "lyrics")], "composition", "none"),
    "nothing stated": ([("full", "artwork")], "video", None),
}


@pytest.mark.parametrize(("entries", "asset", "wanted"), ASSETS.values(), ids=ASSETS)
@pytest.mark.requirement("MOD-031")
def test_an_asset_has_the_level_of_all_its_entries(entries, asset, wanted):
    made = [entry(level, area=area) for level, area in entries]

    assert asset_level(made, asset) == wanted


def test_shares_of_an_asset_are_of_all_its_areas_together():
    # lyrics 1000 generated, composition 1000 human, arrangement 1000 human: a third, not most
    made = [
        entry("full", 1000, "lyrics"),
        entry("none", 1000, "composition"),
        entry("none", 1000, "arrangement"),
    ]

    assert asset_level(made, "composition") is Level.PARTIAL


@pytest.mark.requirement("MOD-022")
def test_an_entry_belongs_to_its_areas_asset_unless_it_states_another():
    assert asset_of(entry("full", area="lyrics")) == "composition"
    assert asset_of(entry("full", area="leadVocals", asset="video")) == "video"
    assert asset_of(entry("full", area="an area of the future")) is None


def test_the_order_of_entries_never_matters():
    kinds = [
        ("none", None),
        ("utility", 100),
        ("partial", 200),
        ("predominant", 300),
        ("full", 600),
    ]
    for chosen in itertools.combinations(kinds, 3):
        results = {
            level_of([entry(level, share) for level, share in order])
            for order in itertools.permutations(chosen)
        }

        assert len(results) == 1


def test_generated_material_never_disappears():
    """Whatever stands beside it, an area with generated material is partial or above."""
    generated = {Level.PARTIAL, Level.PREDOMINANT, Level.FULL}
    for first, second in itertools.product(Level, Level):
        for shares in ((None, None), (1, 999), (999, 1)):
            pair = [entry(first, shares[0]), entry(second, shares[1])]

            assert (level_of(pair) in generated) == bool({first, second} & generated)


@pytest.mark.requirement("MOD-020")
def test_levels_areas_and_assets_are_those_of_the_registries():
    levels = terms("levels")
    areas = terms("areas")

    assert [str(level) for level in Level] == [t["term"] for t in levels]
    assert [t["order"] for t in levels] == list(range(6))
    assert {t["term"]: t["asset"] for t in areas} == ASSET_OF_AREA
    assert list(AREAS) == [t["term"] for t in areas]
    assert list(CORE_AREAS) == [t["term"] for t in areas if t["core"]]


def test_all_areas_at_once_are_each_area_by_itself():
    entries = [
        Contribution(area="mixing", level=Level.UTILITY),
        Contribution(area="leadVocals", level=Level.NONE, share=400),
        Contribution(area="leadVocals", level=Level.FULL, share=600),
        Contribution(area="videogame", level=Level.FULL),
    ]

    assert list(levels_of(entries).items()) == [
        ("leadVocals", Level.PREDOMINANT),
        ("mixing", Level.UTILITY),
    ]
    assert levels_of([]) == {}
