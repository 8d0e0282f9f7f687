"""The tags before and after audio are found, read in file order, and cleaned."""

import io
import struct

import pytest
from mutagen.apev2 import APEv2
from provenance.containers._regions import edit_regions, walk
from provenance.containers.base import Change, splice
from provenance.model.errors import RefusedError
from provenance.model.limits import DEFAULT_LIMITS, Limits

AUDIO = b"<" + b"audio" * 60 + b">"
NOTHING = Change(None, None)


def safe(number):
    return bytes(number >> shift & 127 for shift in (21, 14, 7, 0))


def tag(*values, footer=False, name=b"MUSICPROV", rest=b""):
    body = b"".join(
        b"TXXX" + safe(len(v) + len(name) + 2) + b"\0\0\3" + name + b"\0" + v for v in values
    )
    head = bytes([4, 0, 0x10 if footer else 0]) + safe(len(body + rest))
    return b"ID3" + head + body + rest + (b"3DI" + head if footer else b"")


def ape(*items, header=True, count=None, version=2000):
    body = b"".join(struct.pack("<II", len(v), 0) + k + b"\0" + v for k, v in items)
    numbers = struct.pack("<III", version, len(body) + 32, len(items) if count is None else count)
    flags = 0x80000000 if header else 0
    begin = b"APETAGEX" + numbers + struct.pack("<I", flags | 0x20000000) + bytes(8)
    return (
        (begin if header else b"")
        + body
        + b"APETAGEX"
        + numbers
        + struct.pack("<I", flags)
        + bytes(8)
    )


ID3V1 = b"TAG" + bytes(125)
PLUS = b"TAG+" + bytes(223)
LYRICS2 = b"LYRICSBEGINabc" + b"000014LYRICS200"
LYRICS1 = b"LYRICSBEGINabcLYRICSEND"
OTHER = tag(b"kept", name=b"other")


def regions(data, limits=DEFAULT_LIMITS, canonical=True):
    return walk(io.BytesIO(data), len(data), "x", limits, id3_canonical=canonical)


def edit(data, change):
    stream, out = io.BytesIO(data), io.BytesIO()
    splice(stream, len(data), edit_regions(stream, regions(data), change), out)
    return out.getvalue()


@pytest.mark.requirement("ID3-030")
@pytest.mark.parametrize(
    ("lead", "tail"),
    [
        (b"", b""),
        (tag(b"a"), b""),
        (tag(b"a") + OTHER + tag(b"b", footer=True), b""),
        (b"", ID3V1),
        (b"", PLUS + ID3V1),
        (b"", ape((b"Title", b"x")) + ID3V1),
        (b"", ape((b"Title", b"x"), header=False)),
        (b"", ID3V1 + ape((b"Title", b"x"))),
        (b"", LYRICS2 + ID3V1),
        (b"", LYRICS1 + ID3V1),
        (tag(b"a"), tag(b"b", footer=True) + ape() + LYRICS2 + PLUS + ID3V1),
    ],
)
def test_audio_is_what_lies_between_the_tags(lead, tail):
    found = regions(lead + AUDIO + tail)
    assert (found.lead_end, found.tail_start) == (len(lead), len(lead + AUDIO))
    assert found.refusal is None


def test_id3v1_counts_once_and_its_extension_only_before_it():
    assert regions(AUDIO + ID3V1 + ID3V1).tail_start == len(AUDIO + ID3V1)
    assert regions(AUDIO + PLUS).tail_start == len(AUDIO + PLUS)


@pytest.mark.requirement("ID3-033")
def test_carriers_come_in_file_order_and_only_the_first_tag_is_canonical():
    data = OTHER + tag(b"1", b"2") + AUDIO + tag(b"3", footer=True) + ape((b"musicprov", b"4\x005"))
    found = regions(data)
    assert [(c.value, c.where) for c in found.carriers] == [
        (b"1", "x:ID3v2[1]/TXXX[0]"),
        (b"2", "x:ID3v2[1]/TXXX[1]"),
        (b"3", "x:ID3v2[2]/TXXX[0]"),
        (b"4", "x:APEv2[0][0]"),
        (b"5", "x:APEv2[0][0]"),
    ]
    assert not any(c.canonical for c in found.carriers)
    first = tag(b"1") + tag(b"2") + AUDIO + tag(b"3", footer=True)
    assert [c.canonical for c in regions(first).carriers] == [True, False, False]
    assert not any(c.canonical for c in regions(first, canonical=False).carriers)
    behind = AUDIO + tag(b"1", footer=True)
    assert not any(c.canonical for c in regions(behind).carriers)


@pytest.mark.requirement("MOD-013")
def test_the_artists_credited_are_those_of_the_first_tag_that_has_any():
    frame = b"TPE1" + safe(4) + bytes(2) + b"\3Ana"
    tail = ape((b"Artist", b"A\0B"))

    both = regions(tag(rest=frame) + AUDIO + tail).tags
    assert (both.artist, both.credited) == (("Ana", "A", "B"), ("Ana",))
    assert regions(tag() + AUDIO + tail).tags.credited == ("A", "B")


def test_items_are_foreign_and_in_file_order():
    data = (
        OTHER
        + AUDIO
        + ape((b"Title", b"T"), (b"MUSICPROV", b"v"), (b"Isrc", b"I"))
        + LYRICS2
        + ID3V1
    )
    found = regions(data)
    wheres = [item.where for item in found.items]
    assert wheres == [
        "x:ID3v2[0]/TXXX[0]",
        "x:APEv2[0][0]",
        "x:APEv2[0][2]",
        "x:Lyrics3",
        "x:ID3v1",
    ]
    starts = [item.start for item in found.items]
    assert starts == sorted(starts)
    assert (found.tags.title, found.tags.isrc) == (("T",), ("I",))


@pytest.mark.requirement("ID3-031")
@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("id3.size", b"ID3\4\0\0\0\0\x80\0" + AUDIO),
        ("id3.version", b"ID3\5\0\0\0\0\0\0" + AUDIO),
        ("id3.version", b"ID3\1\0\0\0\0\0\0" + AUDIO),
        ("id3.past-end", b"ID3\4\0\0\0\0\x7f\0" + AUDIO),
        ("id3.past-end", b"ID3\4\0\x10" + safe(len(AUDIO)) + AUDIO),
        ("id3.footer", AUDIO + b"3DI\4\0\x10\0\0\0\1"),
        ("id3.footer", AUDIO + b"3DI\4\0\x10\xff\0\0\1"),
        ("id3.footer", AUDIO + tag(b"a", footer=True)[:-3] + b"\0\1\1"),
        ("id3.footer", AUDIO + b"ID3\4\0\0\0\0\0\0" + b"3DI\4\0\0\0\0\0\0"),
        ("id3.lyrics3", AUDIO + b"LYRICS200"),
        ("id3.lyrics3", AUDIO + b"99999xLYRICS200"),
        ("id3.lyrics3", AUDIO + b"000009LYRICS200"),
        ("id3.lyrics3", AUDIO + b"999999LYRICS200"),
        ("id3.lyrics3", AUDIO + b"LYRICSEND"),
        ("id3.lyrics3", b"LYRICSBEGIN" + bytes(5101) + b"LYRICSEND"),
        ("ape.footer", AUDIO + ape()[-32:-20] + struct.pack("<I", 31) + ape()[-16:]),
        ("ape.footer", AUDIO + ape()[-32:-20] + struct.pack("<I", 1 << 31) + ape()[-16:]),
        ("ape.footer", AUDIO + ape(version=3000)),
        ("ape.footer", AUDIO + b"no header" * 4 + ape()[32:]),
        ("ape.footer", AUDIO + ape()[:32]),
    ],
)
def test_a_tag_that_cannot_be_what_it_says_is_refused(rule, data):
    found = regions(data)
    assert found.refusal.rule == rule
    with pytest.raises(RefusedError) as refused:
        edit_regions(io.BytesIO(data), found, NOTHING)
    assert refused.value.rule == rule


def test_what_was_read_before_a_refusal_is_still_told():
    found = regions(tag(b"a") + AUDIO + ape((b"MUSICPROV", b"b"))[:-16] + bytes(16) + b"LYRICS200")
    assert found.refusal.rule == "id3.lyrics3"
    assert [c.value for c in found.carriers] == [b"a"]


@pytest.mark.requirement("ID3-032")
def test_sixteen_tags_are_read_and_seventeen_refused():
    for data in (OTHER * 16 + AUDIO, AUDIO + ape() * 16):
        assert regions(data).refusal is None
    for data in (OTHER * 17 + AUDIO, AUDIO + ape() * 17):
        assert regions(data).refusal.rule == "id3.too-many-tags"


def test_the_reading_budget_is_shared_by_all_tags():
    data = tag(b"v" * 400) * 3 + AUDIO + ape((b"MUSICPROV", b"v" * 400))
    assert not regions(data, Limits(tag_read_bytes=1700)).incomplete
    assert regions(data, Limits(tag_read_bytes=1300)).incomplete
    assert regions(data, Limits(tag_read_bytes=1000)).incomplete


@pytest.mark.requirement("ID3-009")
@pytest.mark.requirement("APE-003")
def test_frames_and_items_of_all_tags_share_their_limit():
    data = OTHER * 2 + AUDIO + ape((b"Mood", b"calm"), (b"Mood", b"wild"))
    assert not regions(data, Limits(items=4)).incomplete
    for most in range(4):
        assert regions(data, Limits(items=most)).incomplete


@pytest.mark.requirement("CAR-060")
def test_of_the_carriers_of_all_tags_one_more_than_the_limit_is_kept():
    data = tag(b"a\0b\0c") + AUDIO + ape((b"MUSICPROV", b"d\0e\0f"), (b"MUSICPROV", b"g"))
    for most, values in (
        (9, b"abcdefg"),
        (7, b"abcdefg"),
        (6, b"abcdefg"),
        (3, b"abcd"),
        (1, b"ab"),
    ):
        kept = regions(data, Limits(carriers=most)).carriers
        assert b"".join(c.value for c in kept) == values


@pytest.mark.requirement("CAR-060")
def test_of_what_cannot_be_read_one_more_than_the_limit_is_noted():
    empty = b"ID3\4\0\0\0\0\0\x32" + (b"TXXX" + bytes(6)) * 5
    assert len(regions(empty * 2 + AUDIO, Limits(carriers=7)).notes) == 8
    assert len(regions(empty * 2 + AUDIO).notes) == 10


@pytest.mark.requirement("ID3-034")
@pytest.mark.requirement("APE-004")
def test_every_carrier_is_taken_out_and_nothing_else():
    foreign = (b"Title", b"x"), (b"MP3GAIN_UNDO", b"+1")
    both = ape(foreign[0], (b"MusicProv", b"4"), foreign[1], (b"AI_Disclosure", b"5"))
    data = OTHER + tag(b"1") + AUDIO + tag(b"3", footer=True) + both + ID3V1
    assert edit(data, NOTHING) == OTHER + AUDIO + ape(*foreign) + ID3V1
    assert edit(AUDIO + ape((b"MUSICPROV", b"v")), NOTHING) == AUDIO
    assert edit(AUDIO + ape((b"MUSICPROV", b"v"), header=False), NOTHING) == AUDIO


def test_mutagen_reads_an_ape_tag_that_we_cleaned(tmp_path):
    path = tmp_path / "a.ape"
    path.write_bytes(AUDIO)
    made = APEv2()
    made.update({"Title": "Söng", "MUSICPROV": "v" * 500, "REPLAYGAIN_TRACK_GAIN": "-1 dB"})
    made.save(path)
    assert [c.value for c in regions(path.read_bytes()).carriers] == [b"v" * 500]
    path.write_bytes(edit(path.read_bytes(), NOTHING))
    left = APEv2(path)
    assert {key: str(value) for key, value in left.items()} == {
        "Title": "Söng",
        "REPLAYGAIN_TRACK_GAIN": "-1 dB",
    }


@pytest.mark.requirement("APE-005")
def test_new_values_replace_carriers_of_all_tags():
    data = tag(b"1") + AUDIO + ape((b"MUSICPROV", b"2")) + ID3V1
    new = edit(data, Change(b"new", None))
    assert [(c.value, c.canonical) for c in regions(new).carriers] == [(b"new", True)]
    assert new.endswith(AUDIO + ID3V1)


def test_a_file_without_a_tag_in_front_gets_one_and_loses_it_again():
    for data in (AUDIO, AUDIO + ID3V1, AUDIO + tag(footer=True, rest=OTHER[10:]) + ID3V1):
        new = edit(data, Change(b"new", "x=y"))
        assert new.startswith(b"ID3\4")
        assert new.endswith(data)
        assert [c.canonical for c in regions(new).carriers] == [True, True]
        assert edit(new, NOTHING) == data


@pytest.mark.requirement("APE-002")
@pytest.mark.parametrize(
    "broken",
    [
        struct.pack("<II", 900, 0) + b"Key\0short",
        struct.pack("<II", 1, 0) + b"no end of the key",
        struct.pack("<II", 1, 0) + b"\xffbad key\0v",
        b"four",
    ],
)
def test_an_ape_item_that_does_not_end_in_its_tag_is_kept_as_it_is(broken):
    whole = ape((b"MUSICPROV", b"v"), (b"Title", b"x"))
    size = len(whole) - 32 + len(broken)
    numbers = struct.pack("<III", 2000, size, 3)
    data = AUDIO + b"".join(
        [whole[:8], numbers, whole[20:-32], broken, whole[-32:-24], numbers, whole[-12:]]
    )
    found = regions(data)
    assert [i.where for i in found.items] == ["x:APEv2[0][1]", "x:APEv2[0]/trailing"]
    cleaned = edit(data, NOTHING)
    assert broken in cleaned
    assert regions(cleaned).carriers == ()
    assert regions(cleaned).refusal is None


@pytest.mark.requirement("APE-003")
@pytest.mark.requirement("APE-006")
def test_an_ape_tag_that_a_limit_cut_is_not_edited():
    data = AUDIO + ape(*[(b"Key%d" % n, b"v") for n in range(5)])
    found = regions(data, Limits(items=4))
    assert found.incomplete
    with pytest.raises(RefusedError) as refused:
        edit_regions(io.BytesIO(data), found, NOTHING)
    assert refused.value.rule == "ape.incomplete"


@pytest.mark.requirement("CAR-056")
def test_an_ape_value_past_what_all_tags_may_have_is_told_as_that():
    data = AUDIO + ape((b"Title", b"x" * 50), (b"MUSICPROV", b"v" * 200))
    found = regions(data, Limits(tag_read_bytes=249))
    assert [(c.value, c.too_large, c.unread) for c in found.carriers] == [(b"", None, 200)]
    assert found.incomplete
    assert not regions(data, Limits(tag_read_bytes=250)).incomplete


def test_a_huge_ape_value_is_told_and_can_be_taken_out():
    data = AUDIO + ape((b"MUSICPROV", b"v" * 200), (b"Title", b"x"))
    found = regions(data, Limits(bundle_bytes=100))
    assert [(c.value, c.too_large) for c in found.carriers] == [(b"", 200)]
    assert not found.notes
    assert edit(data, NOTHING) == AUDIO + ape((b"Title", b"x"))
