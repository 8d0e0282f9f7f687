"""What crafted files have found, each by its name; the files are cases of this folder."""

import io

import pytest
from provenance.containers import load
from provenance.containers.base import MAX_TAG_VALUES, Change
from provenance.issuing.embedding import embed
from provenance.issuing.sign import Wishes, draft, issue
from provenance.model.codes import Code
from provenance.model.errors import RefusedError
from provenance.model.findings import finding
from provenance.model.limits import DEFAULT_LIMITS
from provenance.model.verdict import Verdict
from provenance.reports.as_json import report
from provenance.reports.as_text import render
from provenance.verify.outcome import Outcome
from provenance.verify.steps import Unread, examine, parse
from provenance.workspace.verifying import verify_path

from hostile import parts
from hostile.families import FAMILIES

CHANGE = Change(b"eyJ" + b"A" * 700, "lyrics=full")


def crafted(name):
    family = name.split("/", maxsplit=1)[0]
    return next(c for c in FAMILIES[family]() if c.name == name).build()


def scan(container, data):
    return load(container).scan(io.BytesIO(data), DEFAULT_LIMITS, True)


@pytest.mark.requirement("WAV-032")
@pytest.mark.parametrize("size", [1, 7])
def test_a_riff_that_ends_before_its_audio_is_signed_and_its_size_mended(size):
    data = crafted(f"wav/riff-size-{size}")
    source, target = io.BytesIO(data), io.BytesIO()

    embed(load("wav"), source, scan("wav", data), CHANGE, target, DEFAULT_LIMITS)

    new = target.getvalue()
    assert 8 + int.from_bytes(new[4:8], "little") == new.index(b"id3 ")


@pytest.mark.requirement("AIF-032")
@pytest.mark.parametrize("size", [0, 1, 7])
def test_a_form_that_ends_before_its_audio_is_signed_and_its_size_mended(size):
    data = crafted(f"aiff/form-size-{size}")
    source, target = io.BytesIO(data), io.BytesIO()

    embed(load("aiff"), source, scan("aiff", data), CHANGE, target, DEFAULT_LIMITS)

    new = target.getvalue()
    assert 8 + int.from_bytes(new[4:8], "big") == new.index(b"ID3 ")


@pytest.mark.requirement("MPF-002")
def test_a_64_bit_size_of_zero_is_not_to_the_end():
    found = scan("mp4", crafted("mp4/long-size-zero"))

    assert found.refusal.rule == "mp4.box-size"


@pytest.mark.slow
@pytest.mark.requirement("SEC-001")
def test_half_a_million_boxes_are_a_scan_that_was_cut():
    found = scan("mp4", crafted("mp4/60-udtas-of-9000"))

    assert found.incomplete


@pytest.mark.requirement("SEC-001")
def test_a_hundred_thousand_pieces_of_audio_are_refused():
    found = scan("mp4", crafted("mp4/stco-1M"))

    assert found.refusal.rule == "mp4.too-many-samples"


@pytest.mark.requirement("SEC-001")
def test_of_a_million_titles_a_hundred_are_kept():
    found = scan("mp3", crafted("mp3/tag/title-4M-values"))

    assert found.tags.title == ("ab",) * MAX_TAG_VALUES


@pytest.mark.requirement("SEC-001")
def test_bundles_beyond_the_limit_are_told_and_not_taken_for_nothing():
    many = [("a", b'{"x":' + b"%d" % n + b" " * 900_000 + b"}") for n in range(4)]

    values, _ = parse(many, DEFAULT_LIMITS)
    _, notes = examine(values, parts.context())

    assert Code.CARRIER_SCAN_INCOMPLETE in {f.code for f in notes}
    assert any(isinstance(value, Unread) for _, value in values)


def test_a_report_of_ten_thousand_remarks_shows_some_and_counts_the_rest():
    odd = tuple(finding(Code.CARRIER_UNREADABLE_ITEM, f"place {n}") for n in range(10_000))
    verdict = Verdict(odd, {}, Outcome(None, (), None))

    lines = render("song", report("song", verdict, parts.context())).split("\n")

    assert len(lines) < 40
    assert any("and 9980 more" in line for line in lines)


@pytest.mark.requirement("CAR-045")
def test_a_statement_whose_audio_is_played_cut_is_not_called_signed_already(tmp_path):
    song = tmp_path / "song.m4a"
    song.write_bytes(crafted("mp4/elst-64"))
    assert verify_path(song, parts.context()).has(Code.PRESENTATION_CUT)
    key = parts.signer()

    def sign(replacing):
        wishes = Wishes(replace=replacing, tiers=frozenset({"essence"}))
        made = draft([song], parts.DECLARATION, key.public.thumbprint, parts.context(), wishes)
        return issue(made, key, parts.context(), wishes)[0].state

    with pytest.raises(RefusedError, match="different declaration"):
        sign("no")
    assert sign("own") == "signed"
    assert verify_path(song, parts.context()).status.value == "PASSED"
