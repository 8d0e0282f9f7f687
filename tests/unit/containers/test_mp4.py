"""MP4: what is read of the sample tables where the file changes meanwhile."""

import io

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
