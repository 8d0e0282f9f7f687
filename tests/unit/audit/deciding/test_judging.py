"""What written rules make of entries of a chart (spec 25.5)."""

import pytest
from provenance.audit.judging import require_rules, rules_asked
from provenance.audit.model import Sure
from provenance.audit.reasons import finding
from provenance.audit.rendering.exhibits import basis_of
from provenance.audit.rendering.words import Words
from provenance.model.errors import UsageError
from provenance.profiles import names
from provenance.wire.schemas import check, load_json

from support.exhibits import (
    LABEL,
    NAMED,
    STRANGER,
    S,
    at_two_songs,
    crowd,
    detector,
    disclosure,
    exhibit,
    manifest,
    mark,
    recording,
    said,
    subject,
    track,
)

NONE, FULL = disclosure("none"), disclosure("full")
CHARTS = ("sverigetopplistan", "norway", "billboard")
HUMAN_VOICE = disclosure("none", facts={"humanVoice": True})
NAMELESS = subject(isrc=None)
DETECTED = disclosure(contributions=said("full", basis="detected"))


def outcomes(*joins, rules=CHARTS, **rest):
    made = exhibit(*joins, rules=rules, **rest)
    assert [str(fault) for fault in check(made, "audit-exhibit")] == []
    return {p["profile"]: p["outcome"] for p in made["rules"]}


def rule(made, name):
    return next(r for p in made["rules"] for r in p["rules"] if r["rule"] == name)


@pytest.mark.requirement("AUD-052")
@pytest.mark.parametrize(
    ("joins", "sweden", "norway"),
    [
        ([], "review", "review"),
        ([track(HUMAN_VOICE)], "clear", "clear"),
        ([track(FULL)], "ineligible", "ineligible"),
        ([manifest(FULL)], "ineligible", "ineligible"),
        ([track(disclosure("full", STRANGER))], "review", "review"),
        ([track(disclosure("none", STRANGER, facts={"humanVoice": True}))], "review", "review"),
        ([manifest(FULL, S.withdraw(FULL, LABEL, LABEL))], "review", "review"),
        ([detector(1000), crowd(), track(marks=[mark()])], "review", "review"),
        ([track(DETECTED)], "ineligible", "review"),
        ([track(disclosure("full", subject=NAMELESS), **NAMED)], "review", "review"),
        (
            [track(disclosure("none", subject=NAMELESS, facts={"humanVoice": True}), **NAMED)],
            "review",
            "review",
        ),
        ([manifest(FULL, by="fingerprint", sure=Sure.WEAK)], "review", "review"),
    ],
)
def test_rules_see_what_holds_and_nothing_else(joins, sweden, norway):
    found = outcomes(*joins)

    assert found == {"sverigetopplistan": sweden, "norway": norway, "billboard": "eligible"}


@pytest.mark.requirement("AUD-052")
@pytest.mark.parametrize("more", [[], [detector(1000, **NAMED)]])
def test_what_was_found_by_name_is_not_said_to_be_about_this_recording(more):
    states = load_json("audit/states.json")["states"]
    for language in ("en", "sv"):
        words = Words(language)
        surely = exhibit(track(NONE), rules=CHARTS)
        by_name = exhibit(track(disclosure("none", subject=NAMELESS), **NAMED), *more, rules=CHARTS)

        assert finding(by_name, language) == states[by_name["state"]]["byName"][language]
        assert basis_of(by_name, words) == words.text("judged.byName")
        assert finding(surely, language) == states["declared"]["meaning"][language]
        assert basis_of(surely, words) == ""
    assert by_name["state"] == ("contradicted" if more else "declared")


@pytest.mark.requirement("AUD-053")
def test_what_is_contradicted_clears_no_rule():
    clear = outcomes(track(HUMAN_VOICE))
    made = exhibit(track(HUMAN_VOICE, marks=[mark()]), rules=CHARTS)

    assert clear["sverigetopplistan"] == "clear"
    assert [p["outcome"] for p in made["rules"]] == ["review", "review", "eligible"]
    assert rule(made, "se-1")["fired"] is None
    assert rule(made, "se-1")["says"].startswith("Whether the song is mainly AI-generated.")


@pytest.mark.requirement("AUD-053")
def test_what_is_contradicted_and_fires_stays():
    assert outcomes(track(FULL, marks=[mark("none")]))["norway"] == "ineligible"


@pytest.mark.requirement("AUD-052")
@pytest.mark.parametrize("name", names())
def test_no_rule_of_any_profile_is_cleared_by_silence(name):
    """But one that is not in force yet, by its day."""
    made = exhibit(track(), rules=(name,))
    stranger = exhibit(track(disclosure("none", STRANGER)), rules=(name,))
    clear = [r for p in made["rules"] for r in p["rules"] if r["fired"] is False]

    assert [r["rule"] for r in clear if "context.date" not in r["facts"]] == []
    assert made["rules"] == stranger["rules"]


@pytest.mark.requirement("AUD-052")
def test_the_day_is_that_of_the_latest_week():
    early = exhibit(rules=("apple",), about=recording(weeks=("2020-01-03",)))
    late = exhibit(rules=("apple",), about=recording(weeks=("2020-01-03", "2030-01-04")))
    day = [r["facts"].get("context.date") for p in late["rules"] for r in p["rules"]]
    before = [r["facts"].get("context.date") for p in early["rules"] for r in p["rules"]]

    assert set(day) - {None} == {"2030-01-04"}
    assert set(before) - {None} == {"2020-01-03"}


def test_a_mark_in_a_track_is_a_fact_as_in_a_check():
    facts = [track(marks=[mark()]), track(marks=[mark()], **NAMED), detector(1000)]
    found = [
        {r["rule"]: r["facts"] for p in exhibit(one, rules=("china",))["rules"] for r in p["rules"]}
        for one in facts
    ]

    assert any(v.get("context.aigcMark") == "yes" for v in found[0].values())
    for other in found[1:]:
        assert not any(v.get("context.aigcMark") for v in other.values())


def test_settings_are_applied_and_told():
    settings = ("no-1.mainly=0.9",)
    found = rules_asked(("norway", "billboard", "norway"), settings)
    made = exhibit(track(FULL), rules=("norway",), settings=("no-1.voiceAndMusic=false",))

    assert [(one["profile"], one["settings"]) for one in found] == [
        ("norway", ["no-1.mainly=0.9"]),
        ("billboard", []),
    ]
    assert "rules" not in found[0]
    assert rule(made, "no-1")["changed"] == ["voiceAndMusic"]


@pytest.mark.requirement("AUD-058")
@pytest.mark.parametrize(
    ("rules", "settings"),
    [
        (("atlantis",), ()),
        (("norway",), ("se-1.mainly=0.5",)),
        (("norway",), ("no-1.mainly",)),
        (("norway",), ("no-1.mainly=much",)),
        (("norway",), ("no-1.other=1",)),
    ],
)
def test_what_there_is_not_is_refused(rules, settings):
    with pytest.raises(UsageError) as refusal:
        require_rules(rules, settings)

    assert refusal.value.hint


@pytest.mark.requirement("AUD-058")
def test_what_there_is_is_taken():
    require_rules((), ())
    require_rules(CHARTS, ("no-1.mainly=0.5", "se-1.mainly=0.4"))
    assert exhibit(track(NONE))["rules"] == []


@pytest.mark.requirement("AUD-109")
@pytest.mark.parametrize(
    ("joins", "named", "other"),
    [
        ([track(HUMAN_VOICE)], "clear", "review"),
        ([track(FULL)], "ineligible", "review"),
        ([track(HUMAN_VOICE), detector()], "review", "review"),
    ],
)
def test_a_declaration_decides_nothing_of_a_song_that_it_does_not_name(joins, named, other):
    made = exhibit(*joins, rules=["norway"], about=at_two_songs())

    assert [str(fault) for fault in check(made, "audit-exhibit")] == []
    assert [one["namesDiffer"] for one in made["appearances"]] == [False, True]
    assert made["recording"]["otherNames"] == [{"title": "Vector Song", "artist": "Vector Artist"}]
    assert [one["outcome"] for one in made["rules"]] == [named]
    assert [one["outcome"] for one in made["rulesNamesDiffer"]] == [other]


@pytest.mark.requirement("AUD-109")
def test_where_it_names_none_of_them_the_rules_are_those_of_nothing_declared():
    called = disclosure("none", facts={"humanVoice": True}, subject=subject(title="Zed"))
    made = exhibit(track(called), rules=["norway"])

    assert made["state"] == "declared"
    assert [one["outcome"] for one in made["rules"]] == ["review"]
    assert made["rulesNamesDiffer"] == made["rules"]
    assert exhibit(track(HUMAN_VOICE), rules=["norway"])["rulesNamesDiffer"] == []
