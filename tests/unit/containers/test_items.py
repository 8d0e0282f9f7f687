"""Which parts of a file are foreign items, that a write must keep (spec 6.6, CAR-021)."""

import io
import sys
from importlib import import_module
from pathlib import Path

import pytest
from provenance.containers import load
from provenance.model.limits import DEFAULT_LIMITS

VECTORS = Path(__file__).parents[2] / "vectors" / "containers"


@pytest.fixture
def mp4(monkeypatch):
    """The module that builds the vectors of MP4, for its hand-made boxes."""
    monkeypatch.syspath_prepend(str(VECTORS))
    monkeypatch.syspath_prepend(str(VECTORS / "mp4"))
    monkeypatch.delitem(sys.modules, "build", raising=False)
    made = import_module("build")
    monkeypatch.delitem(sys.modules, "build")
    return made


def items(name, data):
    """Where the items of a file stand, and their bytes."""
    found = load(name).scan(io.BytesIO(data), DEFAULT_LIMITS, False)
    assert found.refusal is None
    return [(item.where, data[item.start : item.start + item.length]) for item in found.items]


@pytest.mark.requirement("CAR-021")
def test_items_of_mp4_are_boxes_but_for_structure_space_sample_data_and_offsets(mp4):
    box = mp4.box
    tags = mp4.meta(mp4.plain_tag(b"cpil", "1"), mp4.atom("eyJ.A.B"))
    udta = box(b"udta", tags, box(b"name", b"x"), box(b"hdlr", b"y"), box(b"free", bytes(9)))
    more = box(b"skip", b"1"), box(b"udta", b"3456"), box(b"udta", b"34567")
    data = mp4.mp4(udta=udta, more=b"".join(more), tail=box(b"wide") + box(b"uuid", b"end"))

    found = items("mp4", data)

    tables = [f"mp4:moov/trak/mdia/minf/stbl/{name}" for name in ("stsd", "stts", "stsc", "stsz")]
    track = ["tkhd", "mdia/mdhd", "mdia/hdlr", "mdia/minf/smhd"]
    assert {where for where, _ in found} == {
        *("mp4:ftyp", "mp4:moov/mvhd", "mp4:moov/udta", "mp4:uuid"),
        *("mp4:moov/udta/meta/ilst/cpil[0]", "mp4:moov/udta/name", "mp4:moov/udta/hdlr"),
        *(f"mp4:moov/trak/{name}" for name in track),
        *tables,
    }
    assert len(found) == 15
    assert ("mp4:moov/udta/name", box(b"name", b"x")) in found
    assert ("mp4:moov/udta", box(b"udta", b"34567")) in found


@pytest.mark.requirement("CAR-021")
@pytest.mark.parametrize("name", ["wav", "aiff"])
@pytest.mark.parametrize("first", [0x00, 0x1F, 0x20, 0x7F, 0x80, 0xFF])
@pytest.mark.parametrize("place", [0, 3])
def test_what_has_no_id_of_four_printable_characters_is_no_chunk(name, first, place):
    """A space may end an id and not begin it."""
    order = "little" if name == "wav" else "big"
    data = (VECTORS / name / "plain" / f"input.{name}").read_bytes()
    wrong = bytearray(b"abcd")
    wrong[place] = first
    more = bytes(wrong) + (2).to_bytes(4, order) + b"xy"
    size = (len(data) - 8 + len(more)).to_bytes(4, order)

    found = items(name, data[:4] + size + data[8:] + more)

    is_chunk = first == 0x20 and place == 3
    assert found[-1] == (f"{name}:abc[2]" if is_chunk else f"{name}:rest", more)
