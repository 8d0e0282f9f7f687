"""Comparing the audio of the old and the new file, however each one cuts it (spec 6.6)."""

from __future__ import annotations

import io

import pytest
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
