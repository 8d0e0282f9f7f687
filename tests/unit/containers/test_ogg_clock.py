"""Granule positions amid a stream, held against what the packets decode to (OGG-025)."""

import io
import random
from itertools import pairwise

import pytest
from provenance.containers import _ogg_clock
from provenance.containers.base import Change
from provenance.containers.ogg import CONTAINER
from provenance.model.errors import RefusedError
from provenance.model.limits import DEFAULT_LIMITS

from unit.containers.test_ogg import FLAC_HEAD, FLAC_TAGS, HEAD, TAGS, music, page
from unit.containers.test_writing import builder

MADE = builder("ogg")
VORBIS_TAGS = b"\x03vorbis" + MADE.block() + b"\1"
BLOCKS = (256, 2048)


def opus_packets(chance, *, odd):
    """Packets of several configurations and counts, and what each adds at 48 kHz (RFC 6716 3)."""
    kinds = ((0xF8, 960), (0xFC & ~3 | 1, 1920), (0x08, 960), (0x18, 2880), (0xE0, 120))
    for _ in range(400):
        toc, samples = chance.choice(kinds)
        if odd and chance.random() < 0.1:
            count = chance.randint(1, 3)
            yield bytes((0xF8 | 3, count)) + chance.randbytes(chance.choice(LENGTHS)), 960 * count
        elif odd and chance.random() < 0.05:
            yield b"", 0
        else:
            yield bytes((toc,)) + chance.randbytes(chance.choice(LENGTHS)), samples


def vorbis_packets(chance, *, odd):
    """Packets of both blocks, some of no audio; the first adds nothing (Vorbis I 4.3.8)."""
    before = 0
    for _ in range(400):
        if odd and chance.random() < 0.03:
            yield b"\1" + chance.randbytes(5), 0
            continue
        long = chance.random() < 0.7
        block = BLOCKS[long]
        yield (
            bytes((2 * long,)) + chance.randbytes(chance.choice(LENGTHS)),
            ((before + block) // 4 if before else 0),
        )
        before = block


def flac_packets(chance, *, odd):
    """Frames with block sizes of every kind (RFC 9639 9.1.1)."""
    del odd
    for number in range(200):
        code, behind, samples = chance.choice(
            ((1, b"", 192), (3, b"", 1152), (12, b"", 4096), (6, b"\x0f", 16), (7, b"\x0f\xff", 4096))
        )  # fmt: skip
        coded = (
            bytes((number,)) if number < 128 else bytes((0xC0 | number >> 6, 0x80 | number & 63))
        )
        head = b"\xff\xf8" + bytes((code << 4 | 9, 0x18)) + coded + behind
        yield head + chance.randbytes(20 + chance.choice(LENGTHS)), samples


LENGTHS = (0, 1, 40, 253, 254, 255, 509, 700, 3000)
CODECS = {
    "opus": ([HEAD, TAGS], opus_packets),
    "vorbis": ([MADE.IDENT, VORBIS_TAGS, MADE.TIMED_SETUP], vorbis_packets),
    "flac": ([FLAC_HEAD, FLAC_TAGS], flac_packets),
}


def stream(codec, seed, change=lambda granules: None):
    """The packets on pages that hold up to 60 lacing values, with positions that follow them."""
    chance = random.Random(seed)
    headers, packets = CODECS[codec]
    parts = [(page_of([header]), 0) for header in headers]
    lacing, body, time, ended = [], b"", 0, False
    for packet, samples in packets(chance, odd=seed % 2 > 0):
        pieces = [packet[at : at + 255] for at in range(0, len(packet) + 1, 255)]
        for number, piece in enumerate(pieces):
            lacing.append(len(piece))
            body += piece
            if number == len(pieces) - 1:
                time, ended = time + samples, True
            if len(lacing) >= 60 or chance.random() < 0.01:
                parts.append(((lacing, body), time if ended else -1))
                lacing, body, ended = [], b"", False
    parts.append(((lacing or [0], body), time))
    granules = [granule for _, granule in parts]
    change(granules)
    out, goes_on = [], False
    for number, ((values, data), _) in enumerate(parts):
        last = number == len(parts) - 1
        flags = goes_on | (0 if number else 2) | (4 if last else 0)
        out.append(page(number, values, data, flags, granules[number]))
        goes_on = values[-1] == 255
    return b"".join(out)


def page_of(packets):
    lacing = [v for p in packets for v in (*[255] * (len(p) // 255), len(p) % 255)]
    return lacing, b"".join(packets)


def is_unusual(data):
    scan = CONTAINER.scan(io.BytesIO(data), DEFAULT_LIMITS, True)
    assert scan.refusal is None
    return scan.essence.presentation.unusual


@pytest.mark.requirement("OGG-025")
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("codec", CODECS)
def test_positions_that_follow_the_packets_are_usual(codec, seed):
    assert not is_unusual(stream(codec, seed))


def added_between(pages):
    """What is added up to each position."""
    found, open_sum = [], 0
    for granule, _, added in pages:
        open_sum += added
        if granule >= 0:
            found.append(open_sum)
            open_sum = 0
    return found


def told_by(monkeypatch, data):
    """What of each page is compared, added up at once and page by page; and how often at once."""
    told, at_once = [], []
    compare, by_run = _ogg_clock.Clock._compare, _ogg_clock.Clock._added_by_run

    def noted(self, granule, ended, added):
        told[-1].append((granule, ended, added))
        compare(self, granule, ended, added)

    def counted(self, *arguments):
        added = by_run(self, *arguments)
        at_once.append(added is not None)
        return added

    def by_pages(self, run, sizes, open_size):
        for granule, lacing, (at, _) in zip(run.granules, run.lacings, run.places, strict=True):
            self.take(granule, lacing, run.view, at - run.base)

    monkeypatch.setattr(_ogg_clock.Clock, "_added_by_run", counted)
    monkeypatch.setattr(_ogg_clock.Clock, "_compare", noted)
    for way in (_ogg_clock.Clock.take_run, by_pages):
        monkeypatch.setattr(_ogg_clock.Clock, "take_run", way)
        told.append([])
        CONTAINER.scan(io.BytesIO(data), DEFAULT_LIMITS, True)
    return *told, sum(at_once)


@pytest.mark.requirement("OGG-022")
@pytest.mark.requirement("OGG-025")
@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("codec", CODECS)
def test_packets_add_what_they_decode_to_by_pages_and_at_once(monkeypatch, codec, seed):
    by_run, by_page, at_once = told_by(monkeypatch, stream(codec, seed))

    times = [granule for granule, _, _ in by_run if granule >= 0]
    assert added_between(by_run) == [b - a for a, b in pairwise((0, *times))]
    assert by_run == by_page
    assert len(by_run) > 5
    if codec != "flac":
        assert (at_once > 0) == (seed % 2 == 0)  # odd packets are looked at one by one


@pytest.mark.requirement("OGG-025")
@pytest.mark.parametrize("seed", range(4))
def test_pages_without_an_end_a_body_or_anything_are_the_same_by_pages_and_at_once(
    monkeypatch, seed
):
    by_run, by_page, _ = told_by(monkeypatch, b"".join(music(seed)))

    assert by_run == by_page
    assert len(by_run) == 148


def later(granules, by):
    """The first position far enough into the stream for ``by`` to leave it above zero."""
    at = next(n for n, g in enumerate(granules) if g > 110_000)
    granules[at] += by


CHANGES = {
    "ahead": lambda g: later(g, 60_000),
    "behind": lambda g: later(g, -60_000),
    "missing": lambda g: g.__setitem__(next(n for n, v in enumerate(g) if v > 50_000), -1),
    "negative": lambda g: g.__setitem__(next(n for n, v in enumerate(g) if v > 50_000), -5),
    "in a header": lambda g: g.__setitem__(1, 960),
    "all at the end": lambda g: g.__setitem__(slice(5, None), [g[-1]] * (len(g) - 5)),
    "the last ahead": lambda g: g.__setitem__(-1, g[-1] + 60_000),
}


@pytest.mark.requirement("OGG-025")
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("codec", CODECS)
def test_positions_that_do_not_are_unusual(codec, change):
    assert is_unusual(stream(codec, 1, CHANGES[change]))


@pytest.mark.requirement("OGG-025")
@pytest.mark.parametrize("by", [-30_000, 30_000])
@pytest.mark.parametrize("codec", CODECS)
def test_less_than_a_second_is_usual_and_so_is_a_last_position_that_cuts_off(codec, by):
    def change(granules):
        later(granules, by)
        granules[-1] -= 30_000

    assert not is_unusual(stream(codec, 2, change))


@pytest.mark.requirement("OGG-025")
def test_where_vorbis_does_not_tell_its_samples_only_missing_positions_count(monkeypatch):
    unread = [MADE.IDENT, VORBIS_TAGS, MADE.NO_MODES]
    monkeypatch.setitem(CODECS, "vorbis", (unread, vorbis_packets))

    assert not is_unusual(stream("vorbis", 1, CHANGES["ahead"]))
    assert is_unusual(stream("vorbis", 1, CHANGES["missing"]))


@pytest.mark.requirement("OGG-034")
@pytest.mark.parametrize("codec", CODECS)
def test_a_position_in_a_header_would_be_lost_by_writing_so_nothing_is_written(codec):
    change = Change(b"A", None)
    sound, odd = stream(codec, 2), stream(codec, 2, CHANGES["in a header"])
    written = io.BytesIO()

    scan = CONTAINER.scan(io.BytesIO(odd), DEFAULT_LIMITS, False)
    with pytest.raises(RefusedError) as refused:
        CONTAINER.write(io.BytesIO(odd), scan, change, io.BytesIO())
    source = io.BytesIO(sound)
    CONTAINER.write(source, CONTAINER.scan(source, DEFAULT_LIMITS, False), change, written)

    assert refused.value.rule == "ogg.comment-not-writable"
    assert CONTAINER.scan(written, DEFAULT_LIMITS, False).carriers[0].value == b"A"
