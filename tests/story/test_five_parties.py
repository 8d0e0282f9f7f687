"""The five-party story, date by date, and the page that tells it (spec/guides/five-parties.md)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from provenance.model.codes import Code
from provenance.model.verdict import Status

from story import five_parties as told

PAGE = Path(__file__).parents[2] / "spec" / "guides" / "five-parties.md"
MOMENT = timedelta(hours=1)


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """The whole story once; what the chart saw at each date, by the name of the scene."""
    pytest.importorskip("rfc3161_client")
    it = told.world(tmp_path_factory.mktemp("story"))
    seen = {}

    def look(scene, path, at, **how):
        seen[scene] = told.the_chart_asks(it, path, at, **how)

    told.the_artist_signs(it)
    look("signed", it.song, told.RELEASED + MOMENT)
    told.the_distributor_vouches_and_endorses(it)
    look("vouched", it.song, told.CHECKED + MOMENT)
    unstamped = it.folder / "unstamped.flac"
    unstamped.write_bytes(it.song.read_bytes())
    released = it.song.read_bytes()
    told.the_label_cosigns(it, stamped=False)
    unstamped.write_bytes(it.song.read_bytes())
    it.song.write_bytes(released)
    told.the_label_cosigns(it)
    look("cosigned", it.song, told.COSIGNED + MOMENT)

    forged, added = it.folder / "forged.flac", it.folder / "added.flac"
    told.the_thief_signs(it, forged)
    told.the_thief_supersedes(it, added)
    look("forged, unnoticed", forged, told.NOTICED - MOMENT)
    look("forged", forged, told.NOTICED + MOMENT, revoked=True)
    look("added", added, told.NOTICED + MOMENT, revoked=True)
    look("original", it.song, told.NOTICED + MOMENT, revoked=True)
    look("expired", it.song, told.LATER, revoked=True)
    look("expired, unstamped", unstamped, told.LATER, revoked=True)
    return seen


def without_sids(text):
    """A report without the names of statements, which are random."""
    return re.sub(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])", "\u2026", text)


def codes(verdict):
    return {f.code for f in verdict.findings}


def test_a_bare_key_is_intact_and_unknown(story):
    verdict, text = story["signed"]

    assert verdict.status is Status.INDETERMINATE
    assert verdict.code == "identity.unknown"
    assert 'calls itself "Nova"' in text


def test_the_distributors_word_gives_the_key_a_name_and_the_right_to_declare(story):
    verdict, text = story["vouched"]

    assert verdict.status is Status.PASSED
    assert {Code.IDENTITY_VOUCHED, Code.AUTHORITY_GRANTED, Code.ENDORSEMENT_VALID} <= codes(verdict)
    assert "Nova, as Big Distribution vouches" in text
    assert 'Big Distribution verified who signed it ("Audio not examined for AI use.")' in text


def test_the_label_signs_the_same_words_with_certificate_and_time(story):
    verdict, text = story["cosigned"]

    assert verdict.status is Status.PASSED
    assert {Code.IDENTITY_PARTY, Code.IDENTITY_CERTIFIED, Code.TIME_TRUSTED} <= codes(verdict)
    assert Code.CARRIER_CONFLICT not in codes(verdict)
    assert "Northern Lights Records, a party of your policy, certified by" in text
    assert "01 Mar 2027 17:00 UTC, proven by Example TSA" in text
    assert len({c.token.payload_digest for c in verdict.subject.candidates}) == 1


def test_before_the_theft_is_noticed_nobody_can_tell(story):
    verdict, text = story["forged, unnoticed"]

    assert verdict.status is Status.PASSED
    assert "28 Feb 2027 09:00 UTC, as the signer says" in text
    assert Code.TIME_TRUSTED not in codes(verdict)


def test_a_back_dated_statement_of_the_stolen_key_is_refused(story):
    verdict, text = story["forged"]

    assert verdict.status is Status.FAILED
    assert verdict.code == "identity.revoked"
    assert "revoked" in text


def test_a_back_dated_successor_beside_the_original_lowers_nothing(story):
    verdict, _ = story["added"]

    assert verdict.status is Status.PASSED
    assert Code.CARRIER_UNUSABLE in codes(verdict)
    assert verdict.subject.selected.signer.party == "northernlights"


def test_the_original_stands_by_the_labels_proven_signature(story):
    verdict, _ = story["original"]

    assert verdict.status is Status.PASSED
    assert verdict.subject.selected.signer.party == "northernlights"
    artist = [c for c in verdict.subject.candidates if c.signer.party != "northernlights"]
    assert [Code.IDENTITY_REVOKED in {f.code for f in c.findings} for c in artist] == [True]


def test_the_time_stamped_signature_outlives_its_certificate(story):
    assert story["expired"][0].status is Status.PASSED

    verdict, _ = story["expired, unstamped"]
    assert verdict.status is Status.INDETERMINATE
    assert verdict.code == "identity.expired-no-poe"


def test_no_date_moves_the_answers_but_those_of_the_story(story):
    statuses = {scene: verdict.status.value for scene, (verdict, _) in story.items()}

    assert statuses == {
        "signed": "INDETERMINATE",
        "vouched": "PASSED",
        "cosigned": "PASSED",
        "forged, unnoticed": "PASSED",
        "forged": "FAILED",
        "added": "PASSED",
        "original": "PASSED",
        "expired": "PASSED",
        "expired, unstamped": "INDETERMINATE",
    }


def test_the_page_shows_what_the_story_gives(story):
    page = PAGE.read_text(encoding="utf-8")
    blocks = dict(re.findall(r"<!-- scene: ([a-z, ]+) -->\n\n```\n(.*?)\n```", page, re.DOTALL))

    assert set(blocks) == set(story)
    for scene, (_, text) in story.items():
        assert blocks[scene] == without_sids(text), scene


def test_the_dates_of_the_page_are_those_of_the_story():
    page = PAGE.read_text(encoding="utf-8")

    for at in (told.RELEASED, told.STOLEN, told.NOTICED, told.LEAF_ENDS, told.LATER):
        assert f"{at.day} {at:%B %Y}" in page
    assert datetime(2027, 1, 1, tzinfo=UTC) < told.RELEASED
