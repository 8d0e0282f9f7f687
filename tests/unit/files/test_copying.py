"""A file made from another one knows which of its bytes read back as they were."""

import io
import os

import pytest
from provenance.files import copying
from provenance.files.copying import NewFile

MUSIC = os.urandom(1_300_007)
"""More than two blocks, and enough for space to be asked for at once."""


class Flipping(io.FileIO):
    """A disk that gives one bit back otherwise than it was written."""

    def readinto(self, block):
        count = super().readinto(block)
        if count:
            block[0] ^= 1
        return count


class FlippingOnce(Flipping):
    """The same, of the first block alone."""

    def readinto(self, block):
        self.readinto = super(Flipping, self).readinto
        return super().readinto(block)


class Short(io.FileIO):
    """A disk that has lost the end of what was written."""

    def readinto(self, block):
        return super().readinto(block[: len(block) // 2])


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "old"
    path.write_bytes(b"head" + MUSIC + b"tail")
    with path.open("rb") as stream:
        yield stream


@pytest.fixture
def target(tmp_path):
    with new_file(tmp_path) as made:
        yield made


def new_file(folder):
    return NewFile(os.open(folder / "new", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def content(target):
    target.flush()
    return os.pread(target.fileno(), 1 << 22, 0)


def test_what_is_written_and_copied_stands_in_that_order(source, target):
    target.write(b"tag")
    target.copy(source, 4, len(MUSIC))
    target.write(b"more")
    target.copy(source, 0, 4)
    target.copy(source, 7, 0)
    target.write(b"end")

    assert content(target) == b"tag" + MUSIC + b"more" + b"head" + b"end"
    assert target.tell() == len(MUSIC) + 14


def test_a_part_of_a_copy_is_one_and_nothing_beyond_or_beside_it(source, target):
    target.write(b"a longer tag")
    target.copy(source, 4, len(MUSIC))
    at = len(b"a longer tag")

    assert target.is_copy(source, 4, at, len(MUSIC))
    assert target.is_copy(source, 104, at + 100, len(MUSIC) - 100)
    assert not target.is_copy(source, 104, at + 101, 50)
    assert not target.is_copy(source, 3, at - 1, 50)
    assert not target.is_copy(source, 4, at, len(MUSIC) + 1)
    assert not target.is_copy(io.BytesIO(), 4, at, 50)


@pytest.mark.parametrize("at", [0, 100, len(MUSIC) - 1])
def test_what_is_written_into_a_copy_makes_it_none(source, target, at):
    target.copy(source, 4, len(MUSIC))
    target.seek(at)
    target.write(b"!")

    assert not target.is_copy(source, 4, 0, len(MUSIC))
    assert content(target) == MUSIC[:at] + b"!" + MUSIC[at + 1 :]


@pytest.mark.parametrize("length", [4, 20_000, 1_200_000])
def test_what_is_copied_into_a_copy_makes_it_none(source, target, length):
    target.copy(source, 4, len(MUSIC))
    target.seek(9)
    target.copy(source, 0, length)

    assert not target.is_copy(source, 4, 0, len(MUSIC))
    assert content(target) == MUSIC[:9] + (b"head" + MUSIC)[:length] + MUSIC[9 + length :]


def test_what_is_cut_makes_a_copy_none(source, target):
    target.copy(source, 4, len(MUSIC))
    target.truncate(len(MUSIC) - 1)

    assert not target.is_copy(source, 4, 0, len(MUSIC))


def test_reading_in_between_moves_nothing(source, target):
    target.write(b"tag")
    target.seek(0)
    assert target.read(2) == b"ta"
    target.seek(0, 2)
    target.copy(source, 4, len(MUSIC))
    target.seek(1)
    assert target.read(6) == b"ag" + MUSIC[:4]
    target.seek(0, 2)
    target.write(b"end")

    assert target.is_copy(source, 4, 3, len(MUSIC))
    assert content(target) == b"tag" + MUSIC + b"end"


@pytest.mark.requirement("CAR-032")
@pytest.mark.parametrize("disk", [Flipping, FlippingOnce])
def test_what_reads_back_otherwise_is_not_known_as_a_copy(source, tmp_path, monkeypatch, disk):
    monkeypatch.setattr(copying.io, "FileIO", disk)
    with new_file(tmp_path) as target:
        target.copy(source, 4, len(MUSIC))
        target.write(b"end")

        assert content(target) == MUSIC + b"end"
        assert not target.is_copy(source, 4, 0, len(MUSIC))


@pytest.mark.requirement("CAR-032")
def test_what_does_not_read_back_to_its_end_is_not_known_as_a_copy(tmp_path, monkeypatch):
    """Silence: what was read back of the block before has the same bytes."""
    monkeypatch.setattr(copying.io, "FileIO", Short)
    monkeypatch.setattr(copying, "_spare", [(bytearray(1 << 20), bytearray(1 << 20))])
    with new_file(tmp_path) as target:
        silence = io.BytesIO(bytes(1_300_000))
        target.copy(silence, 0, 1_300_000)

        assert not target.is_copy(silence, 0, 0, 1_300_000)


@pytest.mark.parametrize("length", [9, len(MUSIC)])
def test_a_source_that_is_shorter_is_an_error(source, target, length):
    with pytest.raises(EOFError):
        target.copy(source, len(MUSIC) + 9 - length, length)


def test_a_disk_that_takes_part_of_a_block_gets_the_rest(source, tmp_path, monkeypatch):
    class Slow(io.FileIO):
        def write(self, block):
            return super().write(memoryview(block)[:100_000])

    monkeypatch.setattr(copying.io, "FileIO", Slow)
    with new_file(tmp_path) as target:
        target.copy(source, 4, len(MUSIC))

        assert content(target) == MUSIC
        assert target.is_copy(source, 4, 0, len(MUSIC))


@pytest.mark.parametrize("refuse", ["absent", "failing"])
def test_space_that_cannot_be_asked_for_is_no_error(source, target, monkeypatch, refuse):
    def fail(*_):
        raise OSError(95, "not supported")

    if refuse == "absent":
        monkeypatch.delattr(os, "posix_fallocate", raising=False)
    else:
        monkeypatch.setattr(os, "posix_fallocate", fail, raising=False)

    target.copy(source, 4, len(MUSIC))

    assert content(target) == MUSIC
