"""Ogg pages of every length, wherever they stand in what is read at once."""

import copy
import hashlib
import io
import random
import struct
import sys
from bisect import bisect_right
from dataclasses import replace
from functools import cache
from itertools import accumulate

import pytest
from provenance.containers import _ogg_pages, _ogg_sizes, ogg
from provenance.containers._ogg_clock import Clock
from provenance.containers._ogg_codecs import identify
from provenance.containers.ogg import CONTAINER
from provenance.model.limits import DEFAULT_LIMITS

HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 2, 312, 44100, 0, 0)
TAGS = b"OpusTags" + struct.pack("<I", 1) + b"v" + bytes(4)
STREAMINFO = b"\0\0\0\x22" + bytes(10) + (44100 << 44 | 1 << 41 | 15 << 36).to_bytes(8, "big")
FLAC_HEAD = b"\x7fFLAC\1\0\0\1fLaC" + STREAMINFO + bytes(16)
FLAC_TAGS = b"\x84\0\0\x09" + struct.pack("<I", 1) + b"v" + bytes(4)


def _remainder(byte):
    value = byte << 24
    for _ in range(8):
        value = value << 1 ^ (0x104C11DB7 if value & 0x80000000 else 0)
    return value


REMAINDERS = [_remainder(byte) for byte in range(256)]


def page(number, lacing, body, flags=0, granule=0):
    head = b"OggS\0" + bytes((flags,)) + struct.pack("<qII", granule, 7, number)
    rest = bytes((len(lacing),)) + bytes(lacing) + body
    return head + struct.pack("<I", table_driven(head + bytes(4) + rest)) + rest


def stream(packets, chance, *, flac=False):
    """The packets on pages that hold 1 to 255 lacing values, whether packets end there or not."""
    lacing = [value for p in packets for value in (*[255] * (len(p) // 255), len(p) % 255)]
    data, pages, at, value = b"".join(packets), [], 0, 0
    headers = (FLAC_HEAD, FLAC_TAGS) if flac else (HEAD, TAGS)
    for number, packet in enumerate(headers):
        pages.append(page(number, [len(packet)], packet, flags=0 if number else 2))
    while value < len(lacing):
        part = lacing[value : value + chance.choice((255, 255, 3, 1, chance.randint(1, 255)))]
        goes_on = value > 0 and lacing[value - 1] == 255
        ends = value + len(part) == len(lacing)
        flags = goes_on | (4 if ends else 0)
        granule = -1 if set(part) == {255} else 960
        body = data[at : at + sum(part)]
        pages.append(page(len(pages), part, body, flags, granule))
        value, at = value + len(part), at + len(body)
    return pages


@cache
def made(seed, *, flac=False):
    """The packets, and the pages that they stand on."""
    chance = random.Random(seed)
    lengths = (0, 1, 254, 255, 256, 509, 510, 511, 300, 1275, 66_000, 140_000)
    packets = [chance.randbytes(chance.choice(lengths)) for _ in range(35)]
    packets.append(b"the last")
    return packets, stream(packets, chance, flac=flac)


def expected(packets, *, flac=False):
    params = struct.pack(">IBB10x", 44100, 2, 16) if flac else b"\2\0"
    digest = hashlib.sha256(b"musicprov/essence/1\0" + (b"flac\0" if flac else b"opus\0") + params)
    digest.update(b"".join(packets))
    if not flac:
        digest.update(struct.pack(">Q", len(packets)))
        digest.update(struct.pack(f">{len(packets)}I", *map(len, packets)))
    return digest.digest()


class Dribbling(io.BytesIO):
    """A stream that gives few bytes at once."""

    def readinto(self, buffer):
        return super().readinto(memoryview(buffer)[:1000])


@pytest.mark.requirement("OGG-020")
@pytest.mark.parametrize("flac", [False, True])
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("kind", [io.BytesIO, Dribbling])
def test_packets_are_joined_wherever_their_pages_stand(kind, seed, flac):
    packets, pages = made(seed, flac=flac)
    data = b"".join(pages)

    found = CONTAINER.scan(kind(data + bytes(300_000)), DEFAULT_LIMITS, True)

    assert found.refusal is None
    assert found.essence.digest == expected(packets, flac=flac)
    assert b"".join(data[s : s + n] for s, n in found.essence.ranges) == b"".join(packets)


FRAMES = (*(480, 960, 1920, 2880) * 3, *(480, 960) * 2, *(120, 240, 480, 960) * 4)
"""Samples at 48 kHz by the configuration of an Opus packet (RFC 6716 3.1, table 2)."""


def added_by(packet):
    """RFC 6716 3.2: one frame, two, or as many as the second byte says."""
    if not packet:
        return 0
    code = packet[0] & 3
    count = (1, 2, 2)[code] if code < 3 else (packet[1] & 63 if len(packet) > 1 else 0)
    return FRAMES[packet[0] >> 3] * count


@pytest.mark.requirement("OGG-022")
@pytest.mark.parametrize("seed", range(4))
def test_a_packet_adds_what_its_head_tells_wherever_it_began(seed):
    """Also where a page with nothing on it stands between."""
    packets, pages = made(seed)
    chance, clock = random.Random(seed), Clock(identify(HEAD), TAGS)
    ends = list(accumulate(len(packet) // 255 + 1 for packet in packets))
    data = b"".join(pages)
    laced = 0

    for one, body in list(_ogg_pages.Pages(io.BytesIO(data)))[2:]:
        del body  # it is another page's by now
        clock.take(one.granule, one.lacing, memoryview(data), one.start)
        laced += len(one.lacing)
        if one.granule == -1 and chance.random() < 0.5:
            clock.take(960, b"", memoryview(b""), 0)
        ended = bisect_right(ends, laced)
        assert clock.total == sum(map(added_by, packets[:ended]))
    assert ended == len(packets)


@pytest.mark.requirement("OGG-020")
@pytest.mark.parametrize("seed", range(4))
def test_the_sizes_of_packets_are_those_that_their_lacing_values_add_up_to(seed):
    chance = random.Random(seed)
    lengths = [*range(3), *range(252, 258), *range(508, 513), 65 * 255 - 1, 65 * 255, 70_000]
    table, sizes, size = bytearray(), [], 0
    for _ in range(200):
        most = chance.choice((3, 9, len(lengths)))
        packets = [chance.choice(lengths[:most]) for _ in range(chance.randrange(40))]
        lacing = b"".join(b"\xff" * (n // 255) + bytes((n % 255,)) for n in packets)
        lacing += b"\xff" * chance.choice((0, 0, 1, 300))
        left = _ogg_sizes.add(table, lacing, size)
        for value in lacing:
            size += value
            if value < 255:
                sizes.append(size)
                size = 0
        assert left == size
    assert bytes(table) == struct.pack(f">{len(sizes)}I", *sizes)


@cache
def music(seed):
    """Some hundred pages as encoders make them; a few have no end of a packet, no body, or nothing."""
    chance, pages, goes_on = random.Random(seed), [], False
    for number in range(2, 150):
        lacing = [chance.choice((255, 40, 254)) for _ in range(chance.randint(1, 60))]
        lacing[-1] = chance.choice((255, 7, 7, 7)) if number < 149 else 7
        if chance.random() < 0.2 and number < 149:
            lacing = chance.choice(([255] * len(lacing), [], [0, 0]))
        ended = any(value < 255 for value in lacing) or chance.random() < 0.1
        body = chance.randbytes(sum(lacing))
        pages.append(page(number, lacing, body, goes_on, 960 * number if ended else -1))
        goes_on = lacing[-1] == 255 if lacing else goes_on
    return [page(0, [len(HEAD)], HEAD, 2), page(1, [len(TAGS)], TAGS), *pages]


@pytest.mark.requirement("OGG-001")
@pytest.mark.parametrize("seed", range(4))
def test_pages_that_are_taken_together_are_the_same(seed):
    source = io.BytesIO(b"".join(music(seed)))
    single = [(one, bytes(body)) for one, body in _ogg_pages.Pages(source)]
    looked_at = [(one.granule, one.lacing, one.start, body) for one, body in single]

    found, runs, fed, goes_on = [], 0, [], False
    pages = _ogg_pages.Pages(source)
    for one, body in pages:
        assert (one, bytes(body)) == single[len(found)]
        found.append((one.granule, one.lacing, one.start, bytes(body)))
        if not one.sequence:
            continue
        goes_on = one.lacing[-1] == 255 if one.lacing else goes_on
        while True:
            run = pages.several(
                one.serial, len(found), goes_on, lambda body: fed.append(bytes(body))
            )
            bodies = [bytes(run.view[at - run.base :][:size]) for at, size in run.places]
            starts = [at for at, _ in run.places]
            found += zip(run.granules, run.lacings, starts, bodies, strict=True)
            goes_on = next(
                (values[-1] == 255 for values in reversed(run.lacings) if values), goes_on
            )
            assert fed[len(fed) - len(bodies) :] == bodies
            runs += bool(bodies)
            if not bodies:
                break

    assert found == looked_at
    assert 1 < runs < len(single) / 10


@pytest.mark.requirement("OGG-005")
@pytest.mark.parametrize("at", [20, 90])
@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"flags": 1}, "ogg.sequence-gap"),
        ({"flags": 2}, "ogg.several-streams"),
        ({"flags": 4}, "ogg.chained"),
        ({"number": 7}, "ogg.sequence-gap"),
        ({"serial": 8}, "ogg.several-streams"),
        ({"capture": b"OggX"}, "ogg.junk"),
        ({"version": 1}, "ogg.version"),
    ],
)
def test_what_is_odd_about_a_page_is_seen_amid_others(at, change, rule):
    pages = [page(0, [len(HEAD)], HEAD, 2), page(1, [len(TAGS)], TAGS)]
    pages += [page(number, [9, 9], bytes(18), granule=960) for number in range(2, 120)]
    capture, version, flags, granule, serial, number = struct.unpack_from("<4sBBqII", pages[at])
    fields = {"capture": capture, "version": version, "flags": flags, "granule": granule}
    fields |= {"serial": serial, "number": number} | change
    head = struct.pack("<4sBBqII", *fields.values())
    rest = pages[at][26:]
    whole = head + struct.pack("<I", table_driven(head + bytes(4) + rest)) + rest
    assert _rule(b"".join(pages)) is None
    assert _rule(b"".join([*pages[:at], whole, *pages[at + 1 :]])) == rule


@pytest.mark.requirement("OGG-009")
@pytest.mark.parametrize("limit", ["ogg_pages", "ogg_packets"])
def test_more_pages_or_packets_than_the_limits_are_refused(limit):
    data = b"".join(music(0))
    pages = music(0)[2:]
    values = [one[27 : 27 + one[26]] for one in pages]
    most = {
        "ogg_pages": sum(any(lacing) for lacing in values),
        "ogg_packets": sum(len(lacing) - lacing.count(255) for lacing in values),
    }[limit]
    for count, rule in ((most, None), (most - 1, "ogg.too-long")):
        found = CONTAINER.scan(io.BytesIO(data), replace(DEFAULT_LIMITS, **{limit: count}), True)
        assert (found.refusal and found.refusal.rule) == rule


def table_driven(data):
    crc = 0
    for byte in data:
        crc = (crc << 8 & 0xFFFFFFFF) ^ REMAINDERS[crc >> 24 ^ byte]
    return crc


@pytest.mark.requirement("OGG-003")
def test_the_quick_checksum_and_that_of_the_standard_library_are_the_one_that_is_meant(monkeypatch):
    chance = random.Random(2)
    lengths = [*range(40), 255, 256, 4096, 65_307, *(chance.randrange(65_308) for _ in range(12))]
    pages = [bytearray(chance.randbytes(length)) for length in lengths]
    _ogg_pages._checksum.cache_clear()
    quick = _ogg_pages._checksum()
    monkeypatch.setitem(sys.modules, "fastcrc.crc32", None)
    _ogg_pages._checksum.cache_clear()
    plain = _ogg_pages._checksum()
    _ogg_pages._checksum.cache_clear()

    assert plain is _ogg_pages.checksum_by_zlib is not quick
    for one in pages:
        assert quick(one) == plain(one) == table_driven(one)


@pytest.mark.requirement("OGG-003")
@pytest.mark.parametrize("by_zlib", [False, True])
def test_a_wrong_bit_or_a_cut_anywhere_is_refused(monkeypatch, by_zlib):
    if by_zlib:
        monkeypatch.setattr(_ogg_pages, "_checksum", lambda: _ogg_pages.checksum_by_zlib)
    _, pages = made(1)
    data, chance = b"".join(pages), random.Random(1)
    at = 0
    for one in pages:
        behind = at + len(one)
        place = chance.randrange(at + 5, behind)
        if not at + 26 <= place < at + 27 + one[26]:  # one in the lacing moves the page's end
            wrong = data[:place] + bytes((data[place] ^ 1 << chance.randrange(8),))
            assert _rule(wrong + data[place + 1 :]) == "ogg.page-crc"
        assert _rule(data[: chance.randrange(at + 4, behind)]) == "ogg.page-cut"
        at = behind
    assert _rule(data + b"\0\0x") == _rule(data + b"x") == "ogg.junk"
    assert _rule(data) is None


@pytest.mark.requirement("OGG-009")
def test_a_packet_whose_size_might_not_fit_into_four_bytes_is_refused():
    """As far as 66,045 full pages, a file of 4 GiB, would have brought it."""
    full, end = (_audio(255, 255), _audio(255, 254))
    state = ogg._Pass(DEFAULT_LIMITS, False, sizes=bytearray(), open_size=66_045 * 255 * 255)

    ogg._take_audio(state, full, memoryview(b""))
    ogg._take_audio(copy.deepcopy(state), end, memoryview(b""))
    with pytest.raises(ogg._RefusedError) as refused:
        ogg._take_audio(state, full, memoryview(b""))

    assert refused.value.rule == "ogg.too-long"


def _audio(lacing, last):
    """A page of 255 lacing values whose body nobody looks at."""
    values = bytes([lacing] * 254 + [last])
    return _ogg_pages.Page(0, -1, 7, 2, values, 0, 0)


def _rule(data):
    found = CONTAINER.scan(io.BytesIO(data), DEFAULT_LIMITS, True)
    return found.refusal.rule if found.refusal else None
