"""Comparing the audio of the old and the new file, however each one cuts it (spec 6.6)."""

from __future__ import annotations

import io
import os

import pytest
from provenance.files.copying import NewFile
from provenance.issuing.embedding import same_bytes

AUDIO = bytes(range(256)) * 4096
SPLIT = ((3, 5), (8, 0), (10, 600_000), (700_001, len(AUDIO) - 600_005))


def stream_of(audio, ranges):
    """A file that holds ``audio`` in these ranges, with other bytes between them."""
    data = bytearray(b"\xee" * (max(start + length for start, length in ranges) + 7))
    at = 0
    for start, length in ranges:
        data[start : start + length] = audio[at : at + length]
        at += length
    return io.BytesIO(bytes(data))


def test_the_same_bytes_in_other_pieces_at_other_places_are_equal():
    whole = ((0, len(AUDIO)),)

    assert same_bytes(stream_of(AUDIO, whole), whole, stream_of(AUDIO, SPLIT), SPLIT)
    assert same_bytes(stream_of(AUDIO, SPLIT), SPLIT, stream_of(AUDIO, whole), whole)


@pytest.mark.parametrize("at", [0, 4, 5, 262_144, 600_004, 600_005, len(AUDIO) - 1])
def test_one_changed_byte_is_found_wherever_it_stands(at):
    changed = bytearray(AUDIO)
    changed[at] ^= 1
    whole = ((0, len(AUDIO)),)

    assert not same_bytes(stream_of(AUDIO, whole), whole, stream_of(changed, SPLIT), SPLIT)
    assert not same_bytes(stream_of(changed, SPLIT), SPLIT, stream_of(AUDIO, whole), whole)


def test_other_lengths_and_files_that_became_shorter_are_not_equal():
    whole = ((0, len(AUDIO)),)
    cut = io.BytesIO(AUDIO[:-1])

    assert not same_bytes(io.BytesIO(AUDIO), whole, io.BytesIO(AUDIO), ((0, len(AUDIO) - 1),))
    assert not same_bytes(io.BytesIO(AUDIO), whole, cut, whole)
    assert not same_bytes(cut, whole, io.BytesIO(AUDIO), whole)
    assert not same_bytes(cut, whole, cut, whole)


def test_no_bytes_at_all_are_equal():
    assert same_bytes(io.BytesIO(), (), io.BytesIO(b"x"), ((1, 0),))


def test_ranges_that_were_copied_in_one_piece_are_not_read_and_others_are(tmp_path):
    (tmp_path / "old").write_bytes(b"head" + AUDIO)
    descriptor = os.open(tmp_path / "new", os.O_RDWR | os.O_CREAT, 0o600)
    with (tmp_path / "old").open("rb") as source, NewFile(descriptor) as target:
        target.write(b"a longer head")
        target.copy(source, 4, len(AUDIO))
        pages = [(4 + n, 90_000) for n in range(0, 1_000_000, 100_000)]
        moved = [(at + 9, length) for at, length in pages]
        elsewhere = [*moved[:5], (moved[5][0] + 1, 90_000), *moved[6:]]

        assert same_bytes(source, pages, target, moved)
        assert not same_bytes(source, pages, target, elsewhere)
        assert not same_bytes(source, pages, target, moved[:-1])
        assert same_bytes(source, [(4, 1), *pages[1:]], target, [(13, 1), *moved[1:]])
        os.pwrite(descriptor, b"?" * 1000, 13)  # unseen: nothing is read where all is known
        assert same_bytes(source, pages, target, moved)
        target.seek(20)
        target.write(b"?")
        assert not same_bytes(source, pages, target, moved)
