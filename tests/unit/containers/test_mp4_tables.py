"""Chunks of samples are added up at once, and as one by one (MPF-024)."""

import random
from array import array

import pytest
from provenance.containers._mp4_tables import sums


@pytest.mark.requirement("MPF-024")
@pytest.mark.parametrize("count", [1, 2, 3, 21, 43, 255, 256, 700])
@pytest.mark.parametrize("chunks", [1, 2, 16, 17, 18, 240])
@pytest.mark.parametrize("most", [255, 900, (1 << 24) - 1, 1 << 24, (1 << 32) - 1])
def test_what_is_added_at_once_is_the_sum(count, chunks, most):
    chance = random.Random(f"{count} {chunks} {most}")
    sizes = array(
        "I", (chance.choice((0, most, chance.randint(0, most))) for _ in range(count * chunks))
    )
    expected = [sum(sizes[at : at + count]) for at in range(0, len(sizes), count)]
    assert list(sums(sizes, count)) == expected
    assert list(sums(array("I", [most]) * (count * chunks), count)) == [most * count] * chunks
