"""The score against a plain reading of the chapter, one bit at a time, with fractions."""

import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from provenance.bindings.score import likeness

WORDS = st.integers(0, (1 << 32) - 1)


def noise(seed, count):
    state, words = seed, []
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        words.append(state >> 32)
    return words


def plain_score(a, b, offset):
    first, second = a[max(offset, 0) :], b[max(-offset, 0) :]
    n = min(len(first), len(second))
    first, second = first[:n], second[:n]
    s = Fraction(sum(32 - (x ^ y).bit_count() for x, y in zip(first, second, strict=True)), 32 * n)
    e = Fraction(0)
    for k in range(32):
        p = Fraction(sum(v >> k & 1 for v in first), n)
        q = Fraction(sum(v >> k & 1 for v in second), n)
        e += (p * q + (1 - p) * (1 - q)) / 32
    return 0 if e > Fraction(999, 1000) else max(0, int((s - e) / (1 - e) * 1000))


@pytest.mark.requirement("BND-034")
@settings(max_examples=30)
@given(st.integers(0, 1 << 60), st.integers(-81, 81), st.integers(0, 3), WORDS)
def test_the_score_is_the_one_of_the_chapter(seed, shift, noise_level, always):
    song = noise(seed, 420)
    masks = noise(seed + 1, 420)
    copy = [
        v ^ (m & masks[i - 1] & masks[i - 2]) if noise_level else v
        for i, (v, m) in enumerate(zip(song, masks, strict=True))
    ]
    first = [v | always for v in song][max(-shift, 0) :]
    second = [v | always for v in copy][max(shift, 0) :]

    found = likeness(first, second)

    assert found.score == plain_score(first, second, found.offset)
    if always.bit_count() < 31:
        assert found.offset == shift


@pytest.mark.requirement("BND-034")
def test_the_order_of_the_two_does_not_matter():
    one, two = noise(1, 400), noise(1, 400)[30:] + noise(2, 30)

    forth, back = likeness(one, two), likeness(two, one)

    assert (forth.score, forth.coverage, forth.offset) == (back.score, back.coverage, -back.offset)


@pytest.mark.requirement("BND-035")
def test_a_song_whose_rest_was_replaced_is_not_covered():
    song, other = noise(3, 2430), noise(4, 2430)

    found = likeness(song, song[:1215] + other[1215:])

    assert found.coverage == 500
    assert 400 < found.score < 600


@pytest.mark.parametrize(
    "pair", [([], []), ([1], []), (noise(1, 161), noise(1, 161)), (noise(1, 161), noise(1, 4000))]
)
def test_too_little_to_compare_scores_nothing(pair):
    found = likeness(*pair)

    assert (found.score, found.coverage) == (0, 0)


def test_a_pair_of_ten_minutes_takes_no_time_to_speak_of():
    song, copy = noise(5, 4846), noise(6, 4846)

    least = min(timed(lambda: likeness(song, copy)) for _ in range(3))

    assert least < 0.15


def timed(work):
    start = time.process_time()
    work()
    return time.process_time() - start
