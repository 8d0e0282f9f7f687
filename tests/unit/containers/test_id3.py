"""ID3v2 tags are read in every version and edited without touching a foreign byte."""

import io
import struct
import zlib

import pytest
from mutagen.id3 import APIC, ID3, TIT2, TXXX
from provenance.containers._id3 import edit_tag, read_tag, render_tag
from provenance.containers._id3_text import resynchronise, unsynchronise
from provenance.containers.base import Change, splice
from provenance.model.codes import Code
from provenance.model.errors import RefusedError
from provenance.model.limits import DEFAULT_LIMITS, Limits

AFTER = b"\xff\xfb\x10\xc0 audio"
NOTHING = Change(None, None)
OURS = Change(b"eyJ.A.B", "lyrics=full")


def safe(number, length=4):
    return bytes(number >> 7 * place & 127 for place in reversed(range(length)))


def tag(body, version=4, flags=0, footer=False):
    head = bytes([version, 0, flags | (0x10 if footer else 0)]) + safe(len(body))
    return b"ID3" + head + body + (b"3DI" + head if footer else b"")


def frame24(name, payload, flags=b"\0\0"):
    return name + safe(len(payload)) + flags + payload


def frame23(name, payload, flags=b"\0\0"):
    return name + struct.pack(">I", len(payload)) + flags + payload


def frame22(name, payload):
    return name + struct.pack(">I", len(payload))[1:] + payload


TITLE24 = frame24(b"TIT2", b"\3Song")
TITLE23 = frame23(b"TIT2", b"\0Song")
OLD24 = frame24(b"TXXX", b"\3MUSICPROV\0old")


def read(data, limits=DEFAULT_LIMITS):
    return read_tag(io.BytesIO(data), 0, len(data), "t", limits)


def edit(data, change):
    stream, out = io.BytesIO(data), io.BytesIO()
    splice(stream, len(data), edit_tag(stream, read(data), change), out)
    return out.getvalue()


def values(data):
    return [(c.name, c.value) for c in read(data).carriers]


BOTH = [("MUSICPROV", b"eyJ.A.B"), ("AI_DISCLOSURE", b"lyrics=full")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"ID3",
        b"ID4\4\0\0\0\0\0\0",
        b"ID3\4\0\0\0\0\0\x80",
        b"ID3\xff\0\0\0\0\0\0",
        b"ID3\1\0\0\0\0\0\0",
        b"ID3\5\0\0\0\0\0\0",
        b"ID3\4\0\0\0\0\0\1",
    ],
)
def test_what_is_no_tag_that_fits_is_none(data):
    assert read(data) is None


def test_a_tag_that_mutagen_wrote_is_read(tmp_path):
    path = tmp_path / "a.mp3"
    path.write_bytes(AFTER)
    made = ID3()
    made.add(TIT2(encoding=1, text=["Søng"]))
    made.add(APIC(encoding=0, mime="image/png", type=3, desc="", data=b"\xff\0\xff\xe0" * 50))
    made.add(TXXX(encoding=1, desc="MusicProv", text=["æ", "b"]))
    made.save(path, v2_version=4)
    found = read(path.read_bytes())
    assert [(c.name, c.value) for c in found.carriers] == [
        ("MUSICPROV", "æ".encode()),
        ("MUSICPROV", b"b"),
    ]
    assert found.tags.title == ("Søng",)
    assert [item.where for item in found.items] == ["t/TIT2[0]", "t/APIC[0]"]
    assert not found.notes


def test_ranges_are_whole_frames():
    data = tag(TITLE24 + OLD24 + bytes(20))
    found = read(data)
    (item,), (carrier,) = found.items, found.carriers
    assert data[item.start : item.start + item.length] == TITLE24
    assert data[carrier.start : carrier.start + carrier.length] == OLD24


@pytest.mark.requirement("ID3-001")
def test_a_longer_or_accented_name_is_not_ours():
    other = [
        b"MUSICPROV2",
        b"xMUSICPROV",
        b"MUSICPROV ",
        "MUSıCPROV".encode(),
        "AI_DıSCLOSURE".encode(),
    ]
    data = tag(b"".join(frame24(b"TXXX", b"\3" + name + b"\0v") for name in other))
    assert not read(data).carriers
    assert len(read(data).items) == len(other)


@pytest.mark.requirement("ID3-002")
@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"\3MUSICPROV\0a", [b"a"]),
        (b"\3MUSICPROV\0a\0", [b"a"]),
        (b"\3MUSICPROV\0a\0\0b", [b"a", b"", b"b"]),
        (b"\3MUSICPROV\0", [b""]),
        (b"\3MUSICPROV", [b""]),
        (b"\0MUSICPROV\0\xe5", ["å".encode()]),
        (b"\3MUSICPROV\0\xff\xe5", [b"\xff\xe5"]),
    ],
)
def test_values_of_one_frame(payload, expected):
    assert [c.value for c in read(tag(frame24(b"TXXX", payload))).carriers] == expected


@pytest.mark.requirement("ID3-003")
def test_each_utf16_part_may_have_its_own_byte_order():
    payload = (
        b"\1\xff\xfe" + "MUSICPROV\0".encode("utf-16-le") + b"\xfe\xff" + "Ω\0".encode("utf-16-be")
    )
    payload += b"\xff\xfe" + "z".encode("utf-16-le")
    assert [c.value for c in read(tag(frame24(b"TXXX", payload))).carriers] == ["Ω".encode(), b"z"]


@pytest.mark.requirement("ID3-004")
@pytest.mark.parametrize(
    "frame",
    [
        frame24(b"TXXX", b"\0\0\0\11packed", b"\0\11"),
        frame24(b"TXXX", b"\1locked", b"\0\4"),
        frame24(b"TXXX", b"\7MUSICPROV\0a"),
        frame24(b"TXXX", b""),
    ],
)
def test_an_unreadable_user_text_is_kept_and_told(frame):
    found = read(tag(frame))
    assert not found.carriers
    assert [n.code for n in found.notes] == [Code.CARRIER_UNREADABLE_ITEM]
    assert edit(tag(frame + bytes(64)), OURS).count(frame) == 1


@pytest.mark.requirement("ID3-006")
def test_a_huge_value_is_not_read():
    limits = Limits(bundle_bytes=100)
    for size in (101, 5000):
        found = read(tag(frame24(b"TXXX", b"\3MUSICPROV\0" + b"x" * size)), limits)
        assert [(c.value, c.too_large) for c in found.carriers] == [(b"", size + 11)]
        assert not found.notes
    found = read(tag(frame24(b"TXXX", b"\3MUSICPROV\0" + b"x" * 100)), limits)
    assert [len(c.value) for c in found.carriers] == [100]


@pytest.mark.requirement("ID3-009")
def test_a_scan_that_a_limit_cut_says_so_and_is_not_edited():
    many = tag(TITLE24 * 3)
    assert not read(many, Limits(items=3)).incomplete
    cut = read(many, Limits(items=2))
    assert cut.incomplete
    assert len(cut.items) == 2
    with pytest.raises(RefusedError) as refused:
        edit_tag(io.BytesIO(many), cut, NOTHING)
    assert refused.value.rule == "id3.incomplete"
    assert read(tag(OLD24 * 3), Limits(tag_read_bytes=30)).incomplete


@pytest.mark.requirement("ID3-010")
def test_plain_sizes_are_read_only_where_synchsafe_ones_lead_nowhere():
    long = frame23(b"PRIV", b"p" * 300)
    assert [i.length for i in read(tag(long + TITLE23)).items] == [310, len(TITLE23)]
    assert next(i.length for i in read(tag(frame24(b"PRIV", b"p" * 300) + TITLE24)).items) == 310
    neither = b"PRIV" + struct.pack(">I", 300) + b"\0\0" + b"p" * 400
    assert [i.where for i in read(tag(neither)).items] == ["t/PRIV[0]", "t/trailing"]


@pytest.mark.requirement("ID3-008")
def test_a_frame_that_passes_the_end_is_trailing_bytes():
    cut = b"APIC" + safe(500) + b"\0\0" + b"j" * 40
    data = tag(TITLE24 + cut)
    found = read(data)
    assert [i.where for i in found.items] == ["t/TIT2[0]", "t/trailing"]
    new = edit(data, OURS)
    assert new.endswith(cut)
    assert values(new) == BOTH
    assert edit(new, NOTHING) == data


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"\xff\xe0", b"\xff\0\xff", b"a\xff\xff\xfeb\xff\x01"]
)
def test_stuffing_is_undone(data):
    stuffed = unsynchronise(data)
    assert resynchronise(stuffed) == data
    assert not any(
        stuffed[i] == 0xFF and stuffed[i + 1 : i + 2] >= b"\xe0" for i in range(len(stuffed))
    )


@pytest.mark.requirement("ID3-022")
@pytest.mark.requirement("ID3-020")
@pytest.mark.parametrize(
    ("version", "title"), [(2, frame22(b"TT2", b"\0Song")), (3, TITLE23), (4, TITLE24)]
)
def test_padding_is_used_and_given_back(version, title):
    data = tag(title + bytes(200), version) + AFTER
    new = edit(data, OURS)
    assert len(new) == len(data)
    assert new[:10] == data[:10]
    assert new[10 : 10 + len(title)] == title
    assert values(new) == BOTH
    assert edit(new, OURS) == new
    assert edit(new, NOTHING) == data


@pytest.mark.requirement("ID3-020")
def test_frames_are_as_each_version_wants_them():
    assert frame22(b"TXX", b"\0MUSICPROV\0A") in edit(
        tag(frame22(b"TT2", b"\0S"), 2), Change(b"A", None)
    )
    assert frame23(b"TXXX", b"\0MUSICPROV\0A") in edit(tag(TITLE23, 3), Change(b"A", None))
    assert frame24(b"TXXX", b"\3MUSICPROV\0A") in edit(tag(TITLE24), Change(b"A", None))
    wide = (
        b"\1\xff\xfe"
        + "AI_DISCLOSURE\0".encode("utf-16-le")
        + b"\xff\xfe"
        + "å".encode("utf-16-le")
    )
    assert frame23(b"TXXX", wide) in edit(tag(TITLE23, 3), Change(None, "å"))


@pytest.mark.requirement("ID3-023")
@pytest.mark.requirement("ID3-021")
def test_a_tag_without_room_grows_by_our_frames_and_padding():
    data = tag(TITLE24 + bytes(5)) + AFTER
    new = edit(data, Change(b"A", None))
    ours = frame24(b"TXXX", b"\3MUSICPROV\0A")
    assert new == tag(TITLE24 + ours + bytes(1024)) + AFTER


@pytest.mark.requirement("ID3-024")
def test_freed_bytes_become_padding_up_to_a_bound():
    small, huge = b"s" * 5000, b"h" * (1 << 21)
    for value, expected in ((small, None), (huge, 1024)):
        ours = frame24(b"TXXX", b"\3MUSICPROV\0" + value)
        new = edit(tag(TITLE24 + ours) + AFTER, NOTHING)
        assert new == tag(TITLE24 + bytes(len(ours) if expected is None else expected)) + AFTER


@pytest.mark.requirement("ID3-025")
def test_a_tag_with_nothing_left_goes_and_one_that_never_had_ours_stays():
    assert edit(tag(OLD24 + bytes(9)) + AFTER, NOTHING) == AFTER
    for data in (tag(bytes(9)) + AFTER, tag(TITLE24) + AFTER):
        assert edit(data, NOTHING) == data


def test_only_our_frames_are_taken_out_wherever_they_stand():
    data = tag(OLD24 + TITLE24 + OLD24 + frame24(b"TPE1", b"\3Who") + OLD24)
    assert edit(data, NOTHING) == tag(TITLE24 + frame24(b"TPE1", b"\3Who") + bytes(3 * len(OLD24)))


@pytest.mark.requirement("ID3-026")
def test_a_footer_is_mended_and_no_padding_made():
    data = tag(TITLE24, footer=True) + AFTER
    new = edit(data, Change(b"A", None))
    assert new == tag(TITLE24 + frame24(b"TXXX", b"\3MUSICPROV\0A"), footer=True) + AFTER
    assert edit(new, NOTHING) == data


@pytest.mark.requirement("ID3-027")
def test_an_unsynchronised_tag_stays_so():
    picture = frame23(b"APIC", b"\0image/png\0\3\0\xff\xd8\xff\xe0\0")
    for version, body in (
        (3, unsynchronise(picture + TITLE23)),
        (4, frame24(b"APIC", unsynchronise(b"\0\xff\xe0"), b"\0\2")),
    ):
        data = tag(body, version, 0x80) + AFTER
        new = edit(data, Change(b"v" * 255, None))
        assert body in new
        assert values(new) == [("MUSICPROV", b"v" * 255)]
        assert b"\xff\xe0" not in new[: -len(AFTER)]
        assert values(edit(new, NOTHING)) == []


def test_mutagen_reads_what_was_put_into_an_unsynchronised_tag(tmp_path):
    path = tmp_path / "a.mp3"
    for version, title in ((3, TITLE23), (4, frame24(b"TIT2", b"\3Song", b"\0\2"))):
        value = b"v" * (0xFF - 11)  # the frame's size is 00 00 00 FF, and 00 follows
        path.write_bytes(edit(tag(title, version, 0x80), Change(value, None)) + AFTER)
        made = ID3(path)
        assert made["TXXX:MUSICPROV"].text == [value.decode()]
        assert made["TIT2"].text == ["Song"]
        assert made.version == (2, version, 0)


@pytest.mark.requirement("ID3-028")
def test_the_extended_header_of_23_is_mended():
    def made(frames, padding):
        extended = struct.pack(">IHII", 10, 0x8000, padding, zlib.crc32(frames))
        return tag(extended + frames + bytes(padding), 3, 0x40) + AFTER

    ours = frame23(b"TXXX", b"\0MUSICPROV\0A")
    assert edit(made(TITLE23, 50), Change(b"A", None)) == made(TITLE23 + ours, 50 - len(ours))
    assert edit(made(TITLE23, 0), Change(b"A", None)) == made(TITLE23 + ours, 1024)
    assert edit(made(TITLE23 + ours, 0), NOTHING) == made(TITLE23, len(ours))


@pytest.mark.requirement("ID3-028")
def test_the_extended_header_of_24_is_mended():
    def made(body):
        extended = safe(13) + b"\1\x60\0\5" + safe(zlib.crc32(body), 5)
        return tag(extended + body, 4, 0x40) + AFTER

    ours = frame24(b"TXXX", b"\3MUSICPROV\0A")
    assert edit(made(TITLE24 + bytes(50)), Change(b"A", None)) == made(
        TITLE24 + ours + bytes(50 - len(ours))
    )
    assert edit(made(TITLE24 + ours), NOTHING) == made(TITLE24 + bytes(len(ours)))


RESTRICTED = tag(safe(8) + b"\1\x10\1\0" + TITLE24, 4, 0x40)
SEALED = [
    ("id3.unknown-flags", tag(TITLE24, 4, 0x01)),
    ("id3.unknown-flags", tag(TITLE23, 3, 0x10)),
    ("id3.compressed", tag(b"packed", 2, 0x40)),
    ("id3.extended-header", tag(b"\0\0\0\3" + TITLE24, 4, 0x40)),
    ("id3.extended-header", tag(safe(6) + b"\1\1" + TITLE24, 4, 0x40)),
    ("id3.extended-header", tag(struct.pack(">IHIH", 8, 0, 0, 0) + TITLE23, 3, 0x40)),
    ("id3.extended-header", tag(struct.pack(">IHI", 6, 0x8000, 0) + TITLE23, 3, 0x40)),
    ("id3.extended-header", tag(struct.pack(">IHI", 6, 0, 0) + TITLE23, 3, 0xC0)),
    ("id3.restrictions", RESTRICTED),
]


@pytest.mark.requirement("ID3-029")
@pytest.mark.parametrize(("rule", "data"), SEALED)
def test_a_tag_that_cannot_be_edited_is_refused_by_name(rule, data):
    with pytest.raises(RefusedError) as refused:
        edit(data, OURS)
    assert refused.value.rule == rule
    assert edit(data, NOTHING) == data


def test_our_frames_can_be_taken_out_of_a_restricted_tag():
    data = tag(safe(8) + b"\1\x10\1\0" + TITLE24 + OLD24, 4, 0x40)
    assert values(edit(data, NOTHING)) == []


@pytest.mark.slow
def test_too_large_frames_are_refused():
    with pytest.raises(RefusedError) as refused:
        edit(tag(frame22(b"TT2", b"\0S"), 2), Change(b"x" * (1 << 24), None))
    assert refused.value.rule == "id3.too-large"
    with pytest.raises(RefusedError) as refused:
        render_tag(Change(b"x" * (1 << 28), None))
    assert refused.value.rule == "id3.too-large"


def test_a_new_tag_is_2_4_with_padding():
    ours = frame24(b"TXXX", b"\3MUSICPROV\0A") + frame24(b"TXXX", b"\3AI_DISCLOSURE\0x=y")
    assert render_tag(Change(b"A", "x=y")) == tag(ours + bytes(1024))
    assert render_tag(NOTHING) == b""


def test_old_names_in_newer_tags_do_not_end_the_walk():
    data = tag(frame23(b"TT2\0", b"\0Old") + frame23(b"TXX ", b"\0MUSICPROV\0A"), 3)
    assert read(data).tags.title == ("Old",)
    assert values(data) == [("MUSICPROV", b"A")]


def test_a_tag_of_seventy_megabytes_is_skipped_by_seek():
    class Counting(io.BytesIO):
        taken = 0

        def read(self, size=-1, /):
            data = super().read(size)
            self.taken += len(data)
            return data

    picture = frame24(b"APIC", bytes(70_000_000))
    stream = Counting(tag(picture + OLD24))
    found = read_tag(stream, 0, len(picture) + len(OLD24) + 10, "t", DEFAULT_LIMITS)
    assert [c.value for c in found.carriers] == [b"old"]
    assert stream.taken < 500
