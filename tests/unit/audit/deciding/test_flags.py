"""What else is said about a recording (spec 25.4): flags, what was not checked, words."""

import dataclasses
import re

import pytest
from provenance.audit import reasons as words
from provenance.audit.flagging import first_charted, is_one_name
from provenance.audit.model import Flag, State, Sure
from provenance.audit.naming import are_alike
from provenance.audit.rendering.words import Words
from provenance.trust.identity import Keyring
from provenance.verify.outcome import Context
from provenance.wire.registries import codes
from provenance.wire.schemas import load_json

from support.exhibits import (
    LABEL,
    NAMED,
    NOW,
    SHOP,
    STRANGER,
    S,
    credit,
    crowd,
    cut_short,
    detector,
    disclosure,
    ern,
    exhibit,
    flags,
    manifest,
    mark,
    newer,
    reasons,
    recording,
    subject,
    track,
    trust,
)

NONE = disclosure("none")
SIGNED = "2026-11-23"
"""The day that the statements here claim."""


def flag(made, name):
    return next(one for one in made["flags"] if one["flag"] == name)


@pytest.mark.requirement("AUD-046")
@pytest.mark.parametrize(
    ("name", "joins", "evidence"),
    [
        ("superseded", [manifest(NONE), manifest(newer(NONE))], ["e2", "e1"]),
        ("withdrawn", [manifest(NONE, S.withdraw(NONE, LABEL, LABEL))], ["e1"]),
        ("disputed", [track(), manifest(NONE, S.endorse(NONE, LABEL, SHOP, "disputes"))], ["e2"]),
        ("conflicting", [manifest(NONE), manifest(disclosure("full"))], ["e1", "e2"]),
        ("conflicting", [track(NONE), manifest(disclosure("full", STRANGER))], ["e1", "e2"]),
        ("conflicting", [track(NONE, disclosure("full"))], ["e1"]),
        ("marked", [track(), track(marks=[mark(strength="residue")])], ["e2"]),
        ("marked", [track(marks=[mark("suspected")])], ["e1"]),
        ("detected", [detector(899), detector(900)], ["e2"]),
        ("listed", [crowd(removed=True), crowd()], ["e2"]),
        ("ernContradicts", [track(NONE), ern({"lyrics": "full"})], ["e2"]),
        ("joinedByName", [track(NONE), detector(10, **NAMED)], ["e2"]),
        ("joinedByName", [track(by="fileName", sure=Sure.WEAK)], ["e1"]),
        ("audioNotCompared", [track(), manifest(NONE)], ["e2"]),
        ("audioNotCompared", [manifest(NONE, disclosure("full"))], ["e1"]),
        ("declaredAfterCharting", [track(NONE)], ["e1"]),
        ("signerNotLabel", [track(NONE)], ["e1"]),
    ],
)
def test_a_flag_names_its_evidence(name, joins, evidence):
    about = recording(weeks=("2026-11-07",), label="Prairie Sound")

    assert flag(exhibit(*joins, about=about), name)["evidence"] == evidence


@pytest.mark.requirement("AUD-046")
@pytest.mark.parametrize(
    ("name", "joins"),
    [
        ("superseded", [manifest(NONE), manifest(newer(NONE, key=STRANGER))]),
        ("withdrawn", [manifest(NONE), manifest(S.withdraw(NONE, LABEL, STRANGER))]),
        ("disputed", [manifest(NONE, S.endorse(NONE, LABEL, STRANGER, "disputes"))]),
        ("conflicting", [manifest(NONE), manifest(newer(NONE))]),
        ("conflicting", [track(NONE), manifest(disclosure("full"), **NAMED)]),
        ("marked", [track(marks=[mark("none"), mark(None, "unread", "c2pa")])]),
        ("detected", [detector(899)]),
        ("listed", [crowd(removed=True)]),
        ("ernContradicts", [track(NONE), ern({"lyrics": "none"})]),
        ("joinedByName", [track(NONE, by="fingerprint", sure=Sure.WEAK)]),
        ("joinedByName", [track(NONE), crowd()]),
        ("audioNotCompared", [track(NONE)]),
        ("audioNotCompared", [track(NONE, disclosure("full"))]),
        ("audioNotCompared", [manifest(disclosure("none", STRANGER))]),
        ("declaredAfterCharting", [track(NONE)]),
        ("signerNotLabel", [track(NONE)]),
    ],
)
def test_and_is_not_there_without(name, joins):
    assert name not in flags(exhibit(*joins))


@pytest.mark.requirement("AUD-047")
@pytest.mark.parametrize(
    ("weeks", "on_chart", "late"),
    [
        (("2026-11-24",), None, None),
        ((SIGNED,), None, None),
        (("2026-11-22",), None, "2026-11-22"),
        (("2026-12-01", "2026-11-17"), None, "2026-11-17"),
        (("2026-12-05",), 1, None),
        (("2026-12-05",), 3, "2026-11-21"),
        (("2026-12-05",), 10**9, "1931-02-14"),
    ],
)
def test_declared_after_the_first_week_that_is_known(weeks, on_chart, late):
    made = exhibit(track(NONE), about=recording(weeks=weeks, on_chart=on_chart))

    if late is None:
        assert "declaredAfterCharting" not in flags(made)
    else:
        detail = flag(made, "declaredAfterCharting")["detail"]
        assert detail == {
            "declared": SIGNED,
            "proven": False,
            "charted": late,
            "weeksOnChart": on_chart and min(on_chart, 5_000),
            "firstDeclared": None,
        }


@pytest.mark.requirement("AUD-047")
def test_a_newer_declaration_says_when_the_first_one_was_made():
    later = newer(NONE, issued="2026-11-24T00:00:00Z")
    made = exhibit(manifest(NONE), manifest(later), about=recording(weeks=("2026-11-23",)))

    detail = flag(made, "declaredAfterCharting")["detail"]
    assert (detail["declared"], detail["firstDeclared"]) == ("2026-11-24", SIGNED)


def test_a_time_that_is_proven_counts_before_the_one_that_is_claimed():
    join = track(NONE)
    join[0].says["_report"]["time"]["best"] = "2026-11-29T10:00:00Z"
    made = exhibit(join, about=recording(weeks=("2026-11-28",)))

    detail = flag(made, "declaredAfterCharting")["detail"]
    assert (detail["declared"], detail["proven"]) == ("2026-11-29", True)
    assert "timeNotProven" not in reasons(made, "notChecked")


def test_a_chart_that_says_no_day_flags_nothing():
    assert first_charted(recording(weeks=("week 12",)).entries) == (None, None)
    day, weeks = first_charted(recording(weeks=("0001-01-05",), on_chart=99).entries)
    assert (day.year, weeks) == (1, 99)


@pytest.mark.requirement("AUD-047")
@pytest.mark.parametrize(
    ("weeks", "on_chart", "entered", "late"),
    [
        (("2026-12-05",), 3, None, ("2026-11-21", 3)),
        (("2026-12-05",), 3, "reEntry", ("2026-11-21", 3)),
        (("2026-12-05",), 3, "new", None),
        (("2026-11-22",), 3, "new", ("2026-11-22", None)),
        (("2026-11-21", "2026-12-05"), 3, None, ("2026-11-07", 3)),
        (("2026-11-21", "2026-11-28"), 2, "new", ("2026-11-21", None)),
    ],
)
def test_a_reckoned_first_week_says_from_what_and_a_new_entry_is_believed(
    weeks, on_chart, entered, late
):
    about = recording(weeks=weeks, on_chart=on_chart)
    entries = tuple(dataclasses.replace(one, entered=entered) for one in about.entries)
    made = exhibit(track(NONE), about=dataclasses.replace(about, entries=entries))

    told = [one["detail"] for one in made["flags"] if one["flag"] == "declaredAfterCharting"]
    assert [(one["charted"], one["weeksOnChart"]) for one in told] == ([late] if late else [])
    assert [one["entered"] for one in made["appearances"]] == [entered] * len(weeks)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Nordljud AB", "NORDLJUD", True),
        ("Northern Lights Records Ltd", "Northern Lights", True),
        ("Fjell", "Fjell / Big Distribution", True),
        ("Åsa Musik", "Asa Musik", True),
        ("Music Records", "Records Music", True),
        ("Fjell Records", "Prairie Records", False),
        ("Records", "Prairie Records", False),
        ("Aggregator 9", "Prairie Sound", False),
        ("中文唱片", "Prairie Sound", False),
    ],
)
def test_names_of_companies(one, other, same):
    assert is_one_name(one, other) is same
    assert is_one_name(other, one) is same


def test_the_label_of_the_chart_may_be_unknown():
    assert "signerNotLabel" not in flags(exhibit(track(NONE), about=recording(label="")))
    assert "signerNotLabel" in flags(exhibit(track(NONE), about=recording(label="Fjell")))


@pytest.mark.requirement("AUD-046")
@pytest.mark.parametrize(("label", "differs"), [("Vector Label Ltd", False), ("Fjell", True)])
def test_a_key_that_the_auditor_named_has_the_name_that_its_signer_gives(label, differs):
    """Not that of the key's file, which is no signer's name."""
    key = Keyring(pinned={LABEL.thumbprint: "mailed-in-may.pub.jwk"})
    context = Context(NOW, keyring=key, decode="never")

    made = exhibit(track(NONE, context=context), context=context, about=recording(label=label))

    assert ("signerNotLabel" in flags(made)) is differs
    if differs:
        assert flag(made, "signerNotLabel")["detail"]["ownWord"] is True
    claims = [one["detail"] for one in made["notChecked"] if one["reason"] == "signerNamesItself"]
    assert claims == [{"declaration": "d1", "name": "Vector Artist"}]


@pytest.mark.parametrize("joins", [track, manifest])
def test_under_a_policy_that_asks_for_no_identity_a_reason_names_the_key(joins):
    context = trust(identity="unknown", authority="any")
    made = exhibit(
        joins(disclosure("none", STRANGER), context=context),
        context=context,
        about=recording(label="Omega"),
    )

    assert made["state"] == "declared"
    assert made["why"][0]["detail"]["signer"] == STRANGER.thumbprint
    assert flag(made, "signerNotLabel")["detail"]["ownWord"] is True
    assert "signerNamesItself" in reasons(made, "notChecked")


@pytest.mark.requirement("AUD-046")
@pytest.mark.parametrize(
    ("title", "artists", "differs"),
    [
        ("Vector Song", ["Vector Artist"], False),
        ("Vector Song (Live)", ["Somebody", "Vector Artist"], False),
        ("VECTOR-SONG", ["Vector Artist & Friends"], False),
        ("Vector Song", [], False),
        ("Totally Other", ["Vector Artist"], True),
        ("Vector Song", ["Zed"], True),
    ],
)
def test_a_declaration_for_another_name_is_flagged_and_says_its_own(title, artists, differs):
    named = [{"name": name} for name in artists]
    said = subject(title=title, artists=named or None)
    made = exhibit(track(disclosure("none", subject=said)))

    (declared,) = made["declarations"]
    assert declared["about"] == {"isrc": "QZZZZ2600001", "title": title, "artists": artists}
    assert made["state"] == "declared"
    assert ("namesDiffer" in flags(made)) is differs
    if differs:
        assert flag(made, "namesDiffer") == {
            "flag": "namesDiffer",
            "detail": {"declaration": "d1", "title": title, "artist": ", ".join(artists),
                       "otherTitle": "Vector Song", "otherArtist": "Vector Artist"},
            "evidence": ["e1"],
        }  # fmt: skip


def test_what_nobody_signed_is_about_nothing():
    made = exhibit(track(S.damaged(NONE)))

    assert [one["about"] for one in made["declarations"]] == [None]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Song", "SONG!", True),
        ("Song", "Song (Remastered 2011)", True),
        ("S-o-n-g", "Song", True),
        ("Beyonc\u00e9", "Beyonce\u0301 feat. Jay-Z", True),
        ("Earth, Wind & Fire", "Earth Wind and Fire", True),
        ("\u6b4c", "\u6b4c (Live)", True),
        ("", "Song", True),
        ("Song", "Songbird", False),
        ("Ten", "Eleven", False),
        ("Clean (Remix)", "Clean (Live)", False),
        ("\u0926\u093f\u0932", "\u0926\u0932", False),
    ],
)
def test_names_that_may_be_one(one, other, alike):
    assert are_alike(one, other) is alike
    assert are_alike(other, one) is alike


def charted(*rows):
    """A recording whose entries the chart names and labels like this."""
    base = recording()
    entries = tuple(
        dataclasses.replace(base.entries[0], row=n, title=title, artist=artist, label=label)
        for n, (title, artist, label) in enumerate(rows, 2)
    )
    title, artist, label = rows[-1]
    return dataclasses.replace(base, title=title, artist=artist, label=label, entries=entries)


def test_two_songs_under_one_isrc_are_said_to_be_two():
    made = exhibit(
        track(NONE), about=charted(("Ten", "Jay", "Vector Label"), ("Eleven", "Kay", ""))
    )

    assert flag(made, "chartNamesDiffer") == {
        "flag": "chartNamesDiffer",
        "detail": {"title": "Ten", "artist": "Jay", "row": 2,
                   "otherTitle": "Eleven", "otherArtist": "Kay", "otherRow": 3},
        "evidence": [],
    }  # fmt: skip
    shown = [(a["title"], a["artist"], a["label"]) for a in made["appearances"]]
    assert shown == [("Ten", "Jay", "Vector Label"), ("Eleven", "Kay", "")]


def test_a_name_with_an_addition_is_the_same_song():
    rows = [("Song", "Ann", ""), ("Song (Radio Edit)", "Ann feat. Bo", "")]

    assert "chartNamesDiffer" not in flags(exhibit(track(NONE), about=charted(*rows)))


@pytest.mark.requirement("AUD-046")
@pytest.mark.parametrize("rows", [("Vector Label", "Omega"), ("Omega", "Vector Label")])
def test_the_signer_is_compared_with_the_label_of_each_entry(rows):
    made = exhibit(track(NONE), about=charted(*[("Song", "Ann", label) for label in rows]))

    assert flag(made, "signerNotLabel")["detail"]["label"] == "Omega"


def test_the_name_of_a_party_is_not_its_own_word():
    made = exhibit(track(NONE), about=recording(label="Fjell"))

    assert flag(made, "signerNotLabel")["detail"]["ownWord"] is None
    assert "signerNamesItself" not in reasons(made, "notChecked")


@pytest.mark.requirement("AUD-050")
@pytest.mark.parametrize(
    ("joins", "there", "absent"),
    [
        ([], {"audioNotAtHand", "noDetectorReport", "noReleaseMessage", "noCredits"}, {"truthNotAssessed"}),
        ([track(NONE)], {"truthNotAssessed", "timeNotProven"}, {"audioNotAtHand", "audioNotCompared"}),
        ([manifest(NONE)], {"audioNotAtHand", "audioNotCompared"}, {"marksNotVerified"}),
        ([detector(10)], {"detectorNotTested"}, {"noDetectorReport"}),
        ([ern()], {"noCredits"}, {"noReleaseMessage"}),
        ([credit()], {"noReleaseMessage"}, {"noCredits"}),
        ([crowd()], {"listUnverified"}, {"namesNotChecked"}),
        ([track(**NAMED)], {"namesNotChecked"}, {"audioNotAtHand"}),
        ([track(marks=[mark()])], {"marksNotVerified"}, {"truthNotAssessed"}),
    ],
)  # fmt: skip
def test_what_was_not_checked_is_said(joins, there, absent):
    found = set(reasons(exhibit(*joins), "notChecked"))

    assert there | {"noRegistryAsked", "otherCopies"} <= found
    assert not absent & found


def test_a_file_that_could_not_be_read_is_said():
    from provenance.reports.as_json import error_report

    from support.exhibits import CONTEXT

    join = track()
    made = error_report("a.wav", "cannot be read", "", CONTEXT, "world")
    join[0].says.update(status="ERROR", code="error", _report=made)

    assert reasons(exhibit(join)) == ["nothingFound"]
    assert "fileNotRead" in reasons(exhibit(join), "notChecked")


# ---- words ---------------------------------------------------------------------------------

PLACE = re.compile(r"{(\w+)}")
REASONS = load_json("audit/reasons.json")


def test_states_and_flags_have_words():
    names = load_json("audit/states.json")

    assert list(names["states"]) == [state.value for state in State]
    assert list(names["flags"]) == [flag.value for flag in Flag]
    for kind, found in names.items():
        for name in found:
            for language in ("en", "sv"):
                assert words.title(kind, name, language).strip()
                assert words.meaning(kind, name, language).endswith(".")


@pytest.mark.parametrize("key", REASONS)
def test_a_reason_says_the_same_in_each_language(key):
    texts = REASONS[key]

    assert set(texts) == {"en", "sv"}
    assert len({tuple(sorted(PLACE.findall(text))) for text in texts.values()}) == 1


@pytest.mark.requirement("AUD-051")
def test_what_a_report_does_not_say_has_words_without_places():
    assert len(words.NOT_SAID) == 6
    for key in words.NOT_SAID:
        assert words.template(key, "sv") != words.template(key, "en")
        assert not PLACE.search(REASONS[key]["en"])


def test_every_reason_that_is_given_has_its_values():
    stated = disclosure("none", subject=subject(isrc=None))
    exhibits = [
        exhibit(),
        exhibit(track(NONE, marks=[mark()]), detector(), ern({}, "All"), crowd(), manifest(disclosure("full"))),
        exhibit(track(NONE, pcm=S.made.le16(S.SECOND))),
        exhibit(track(NONE, disclosure("none", sequence=2)), track(**NAMED)),
        exhibit(manifest(NONE), manifest(newer(NONE)), manifest(disclosure("full", STRANGER))),
        exhibit(manifest(stated), track(disclosure(subject=subject(isrc="QZZZZ2600002")))),
        exhibit(manifest(stated, **NAMED)),
        exhibit(*[crowd()] * 300),
    ]  # fmt: skip
    given = [one for made in exhibits for one in (*made["why"], *made["notChecked"])]

    assert len({one["reason"] for one in given}) > 20
    for one in given:
        places = set(PLACE.findall(REASONS[one["reason"]]["en"]))
        assert places == set(one["detail"]), one


@pytest.mark.requirement("AUD-111")
@pytest.mark.parametrize(
    ("join", "code", "said"),
    [
        (track(NONE, pcm=S.made.le16(S.SECOND)), "binding.mismatch", "other audio"),
        (manifest(NONE, S.withdraw(NONE, LABEL, LABEL)), "currency.withdrawn", "taken back"),
        (manifest(NONE, S.endorse(NONE, LABEL, SHOP, "disputes")), "endorsement.dispute", "disputes it"),
        (manifest(disclosure("full", STRANGER)), "identity.unknown", "whose key signed it"),
        (manifest(disclosure("full", SHOP)), "authority.not-granted", "may speak for"),
        (manifest(S.damaged(NONE)), "signature.invalid", "was changed after"),
    ],
)  # fmt: skip
def test_why_a_declaration_does_not_hold_is_said_in_words(join, code, said):
    made = exhibit(join)
    one = made["why"][0]

    assert one["detail"]["code"] == code
    assert said in Words("en").said(one)
    assert Words("sv").said(one) == REASONS[f"doesNotHold.{code}"]["sv"].format_map(one["detail"])
    for language in ("en", "sv"):
        assert "policy" not in words.finding(made, language)


def test_words_for_a_code_are_of_a_code_that_there_is():
    with_code = [key.partition(".") for key in REASONS if "." in key]

    assert len(with_code) > 20
    for key, _, code in with_code:
        assert code in codes()
        assert PLACE.findall(REASONS[f"{key}.{code}"]["en"]).count("code") == 1
        assert set(PLACE.findall(REASONS[f"{key}.{code}"]["en"])) == set(
            PLACE.findall(REASONS[key]["en"])
        )
    assert words.template("doesNotHold", "en", "time.order") == REASONS["doesNotHold"]["en"]


@pytest.mark.requirement("AUD-042")
@pytest.mark.parametrize(
    ("joins", "kind"),
    [
        ([cut_short()], "unread"),
        ([cut_short(**NAMED)], "unreadByName"),
        ([cut_short(**NAMED), cut_short()], "unread"),
        ([cut_short(), manifest(S.damaged(NONE))], "meaning"),
        ([*[crowd()] * 300], "tooMany"),
    ],
)
def test_what_could_not_be_read_is_not_said_to_be_a_declaration(joins, kind):
    made = exhibit(*joins)
    states = load_json("audit/states.json")["states"]

    assert made["state"] == "unverifiable"
    for language in ("en", "sv"):
        assert words.finding(made, language) == states["unverifiable"][kind][language]


def test_words_for_what_is_not_known():
    assert words.template("ofALaterVersion", "en") is None
    assert words.template("doesNotHold", "sv-SE") == REASONS["doesNotHold"]["sv"]
    assert words.title("states", "declared", "fi") == "Declared"
