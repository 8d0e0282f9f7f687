"""MP4: what is read of the sample tables where the file changes meanwhile."""

import io
import tracemalloc

import pytest
from provenance.containers import load
from provenance.model.limits import DEFAULT_LIMITS

from unit.containers.test_writing import builder


class Shrinking(io.BytesIO):
    """A file that somebody cuts off before it is read for the nth time."""

    def __init__(self, data, reads, left):
        super().__init__(data)
        self.reads, self.left = reads, left

    def read(self, size=-1):
        self.reads -= 1
        if self.reads == 0:
            at = self.tell()
            self.truncate(self.left)
            self.seek(at)
        return super().read(size)


@pytest.mark.parametrize("cut", [1, 3, 6, 11])
def test_a_file_that_is_cut_off_while_it_is_read_says_so_or_is_refused(cut):
    data = builder("mp4").mp4()
    seen = set()
    for reads in range(1, 80):
        stream = Shrinking(data, reads, len(data) - cut)
        try:
            found = load("mp4").scan(stream, DEFAULT_LIMITS, True)
        except EOFError:
            seen.add("told")
        else:
            seen.add("refused" if found.refusal else "whole")

    assert {"told", "whole"} <= seen


@pytest.mark.requirement("MPF-036")
def test_a_table_of_times_with_many_rows_takes_little_more_memory_than_it_has_bytes():
    rows = 300_000
    data = builder("mp4").mp4(times=(1, 1024) * rows)
    stream = io.BytesIO(data)
    tracemalloc.start()
    try:
        scan = load("mp4").scan(stream, DEFAULT_LIMITS, False)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert scan.essence.presentation.unusual  # 300,000 times, five packets
    assert peak < 4 * 8 * rows
