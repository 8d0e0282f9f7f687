"""Statements at hand are found by each of their links once (spec 25.3)."""

import sqlite3

import pytest
from provenance.audit.at_hand import NAME, AtHand, Held, Links
from provenance.bindings.base import SamplesBinding
from provenance.signing.envelope import DISCLOSURE_TYP

ISRC, SAMPLES = "QZZZZ2600001", SamplesBinding("sha-256:" + "A" * 43, 44_100, 2, 16, 9)
LINKS = Links(
    isrc=ISRC,
    bindings=(SAMPLES, SAMPLES),
    names=(("Ann", "Song"), ("ANN", "song!"), ("Bo", "Song"), ("...", "Song")),
)
CHARTED = [("Ann", "Song"), ("Ann", "Other"), ("ann", "OTHER"), ("", "Song")]


@pytest.mark.requirement("AUD-039")
def test_a_statement_is_linked_to_a_name_once_whoever_gives_it(tmp_path):
    hand = AtHand.written(tmp_path)
    one = Held(0, "S" * 43, DISCLOSURE_TYP, "K" * 43, None, True, None, "a.jws", 0)
    hand.add(one, LINKS, b"statement")
    hand.call(lambda isrc: CHARTED if isrc == ISRC else [])
    hand.close()
    with sqlite3.connect(tmp_path / NAME) as made:
        kinds = [kind for (kind,) in made.execute("SELECT kind FROM link ORDER BY kind")]

    read = AtHand.read(tmp_path)
    assert kinds == ["isrc", "name", "name", "name", "samples"]
    for name in ("ann:song", "bo:song", "ann:other"):
        assert [h.sid for h in read.disclosures("name", name)] == [one.sid]
    assert read.disclosures("name", ":song") == []
