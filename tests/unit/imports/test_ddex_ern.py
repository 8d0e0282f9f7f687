"""The import ddex-ern: what a message says, by whom, and what a declaration cannot take from it."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provenance.imports import load, names
from provenance.imports.ddex_ern import draft_of
from provenance.model.errors import InputError
from provenance.wire import ern
from provenance.wire.decode import decode_declaration

from support import speed
from support.message import contributor, message, recording
from support.walking import Watched

IMPORT = load("ddex-ern")


def drafts(*recordings, **options):
    found = IMPORT.read(message(*recordings, **options))
    for draft in found:
        manifest, wrong = decode_declaration(json.dumps(draft.declaration).encode())
        assert manifest is not None, wrong
    return found


def test_it_is_an_import():
    assert "ddex-ern" in names()


def test_each_recording_is_a_draft_of_its_own_with_its_origin():
    one, two = drafts(recording(), recording(reference="A2", isrc="QZZZZ2600002", title="Other"))

    assert one.source == "ddex-ern SoundRecording A1 (QZZZZ2600001)"
    assert one.said_by == "Label & Co PADPIDA2007050901U"
    assert two.declaration["subject"]["isrc"] == "QZZZZ2600002"
    assert two.declaration["subject"]["title"] == "Other"
    assert one.declaration["subject"]["release"] == {"title": "Sample", "upc": "036000291452"}
    assert "release" not in two.declaration["subject"]
    assert "contributions" not in one.declaration
    assert "declarant" not in one.declaration


def test_answers_become_levels_and_the_reading_is_said():
    (draft,) = drafts(
        recording(
            contributor("PAnn", "LeadVocalist", "Lyricist", ai="None"),
            contributor("PBob", "Mixer", ai="Partly"),
            contributor("GenerativeAI", "Musician"),
            flags="<ContainsAI>Partly</ContainsAI>",
        )
    )

    assert draft.declaration["contributions"] == [
        {"area": "leadVocals", "role": "LeadVocalist", "level": "none", "agents": [{"person": "PAnn"}]},
        {"area": "lyrics", "role": "Lyricist", "level": "none", "agents": [{"person": "PAnn"}]},
        {"area": "mixing", "role": "Mixer", "level": "partial", "agents": [{"person": "PBob"}]},
        {"area": "instrumentation", "role": "Musician", "level": "full"},
    ]  # fmt: skip
    assert draft.declaration["people"] == [
        {
            "ref": "PAnn",
            "name": "Ann Lind",
            "ids": {"isni": "0000000121032683"},
            "roles": ["LeadVocalist", "Lyricist"],
        },
        {"ref": "PBob", "name": "Bob Ék", "roles": ["Mixer"]},
    ]
    for text in ("None is read as", "Partly is read as", "which tool", "ContainsAI Partly"):
        assert any(text in line for line in draft.left_out), text


def test_who_says_nothing_about_ai_is_a_person_and_no_level():
    more = "<HasMadeFeaturedContribution>true</HasMadeFeaturedContribution>"
    (draft,) = drafts(recording(contributor("PAnn", "LeadVocalist", "Soloist", more=more)))

    assert "contributions" not in draft.declaration
    (person,) = draft.declaration["people"]
    assert person["featured"] is True
    assert person["roles"] == ["LeadVocalist", "Soloist"]


@pytest.mark.parametrize(
    ("who", "answer"), [("PAnn", "All"), ("GenerativeAI", "None"), ("GenerativeAI", "Partly")]
)
def test_what_ddex_does_not_allow_is_no_level(who, answer):
    (draft,) = drafts(recording(contributor(who, "LeadVocalist", ai=answer)))

    assert "contributions" not in draft.declaration
    assert any("DDEX does not allow it" in line for line in draft.left_out)


def test_a_role_of_no_area_and_one_of_two_are_told():
    (draft,) = drafts(
        recording(
            contributor("PAnn", "Soloist", ai="None"),
            contributor("PBob", "ComposerLyricist", ai="None"),
        )
    )

    assert [c["area"] for c in draft.declaration["contributions"]] == ["lyrics", "composition"]
    assert any("Soloist: of which part" in line for line in draft.left_out)
    assert any("ComposerLyricist is read for each" in line for line in draft.left_out)


def flag(name, value):
    return f"<{name}>{value}</{name}>"


@pytest.mark.parametrize(
    ("vocal", "foreground", "facts"),
    [
        (None, None, None),
        ("false", None, {"humanVoice": False}),
        ("1", "0", {"humanLeadVoice": False, "humanVoice": True}),
        (None, "true", None),
        ("false", "true", None),
    ],
)
def test_flags_are_facts_unless_they_contradict_the_credits(vocal, foreground, facts):
    flags = flag("HasVocalPerformance", vocal) if vocal else ""
    flags += flag("HasForegroundVocalPerformance", foreground) if foreground else ""

    (draft,) = drafts(recording(contributor("GenerativeAI", "Vocalist"), flags=flags))

    said = any("HasForegroundVocalPerformance true" in line for line in draft.left_out)
    assert said == (foreground == "true")
    found = draft.declaration.get("facts")
    assert found == ({"humanVoice": False} if vocal == "false" else facts)


@pytest.mark.parametrize("digits", ["43", "383", "431"])
def test_messages_without_ai_elements_are_refused_with_what_to_do(digits):
    with pytest.raises(InputError) as caught:
        IMPORT.read(message(recording(), digits=digits))

    assert caught.value.hint


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tail):
    document = message(recording(contributor("PAnn", "Mixer", ai="None")))
    for broken in (tail, document[: len(tail) * 5] + tail, tail + document):
        with contextlib.suppress(InputError):
            IMPORT.read(broken)


def test_empty_and_nameless_things_are_passed_over():
    nameless = "<Party><PartyReference>PNo</PartyReference><PartyId><IPN>1</IPN></PartyId></Party>"
    (draft,) = drafts(
        recording(
            contributor("PNo", "Mixer", ai="None"),
            contributor("PAnn", " ", "Mixer", ai="None"),
            contributor("PNobody", "Lyricist"),
        ),
        parties=nameless,
    )

    assert [p["ref"] for p in draft.declaration["people"]] == ["PAnn"]
    assert draft.declaration["people"][0]["roles"] == ["Mixer"]
    assert [c.get("agents") for c in draft.declaration["contributions"]] == [
        None,
        [{"person": "PAnn"}],
    ]
    assert sum("has no name" in line for line in draft.left_out) == 2


def test_references_that_do_not_fit_stay_apart():
    first, second = "P" + "x" * 45 + "1", "P" + "x" * 45 + "2"
    parties = "".join(
        f"<Party><PartyReference>{ref}</PartyReference><PartyName><FullName>N{ref[-1]}</FullName>"
        "</PartyName></Party>"
        for ref in (first, second)
    )
    both = [contributor(ref, "Mixer", ai="None") for ref in (first, second)]
    (draft,) = drafts(recording(*both), parties=parties)

    assert [p["name"] for p in draft.declaration["people"]] == ["N1", "N2"]
    assert len({p["ref"] for p in draft.declaration["people"]}) == 2


@pytest.mark.requirement("SEC-002")
def test_releases_are_not_looked_through_anew_for_each_recording():
    releases = Watched(
        ern.Release(f"R{n}", f"Release {n}", resources=frozenset({f"A{n}", "A1"})) for n in range(9)
    )
    recordings = tuple(ern.Resource("SoundRecording", f"A{n}") for n in range(9))
    message = ern.Message(ern.VERSION, resources=recordings, releases=releases)

    found = [draft_of(message, one).declaration["subject"]["release"] for one in recordings]

    assert [release["title"] for release in found] == [
        f"Release {n if n != 1 else 0}" for n in range(9)
    ]
    assert releases.walks <= 1


@pytest.mark.requirement("SEC-002")
def test_forty_thousand_roles_of_one_person_are_read_once_each():
    roles = tuple(ern.Role(f"Role {n // 2}") for n in range(80_000))
    recording = ern.Resource(
        "SoundRecording", "A1", contributors=(ern.Contributor("P1", None, roles, None),)
    )
    message = ern.Message(
        ern.VERSION, parties={"P1": ern.Party("P1", ("Ann",))}, resources=(recording,)
    )

    with speed.under(10):
        (person,) = draft_of(message, recording).declaration["people"]

    assert person["roles"] == [f"Role {n}" for n in range(40_000)]
