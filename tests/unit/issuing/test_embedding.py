"""What is written into real files is read back, and any difference leaves the file (CAR-032)."""

import io
from dataclasses import replace

import pytest
from provenance.containers import load
from provenance.containers.base import Change
from provenance.files import copying
from provenance.files.opening import open_regular
from provenance.files.replacing import replace_file
from provenance.issuing import embedding
from provenance.model.errors import InputError, RefusedError
from provenance.model.limits import DEFAULT_LIMITS

from support import samples

CHANGE = Change(b"eyJ" + b"A" * 500, "lyrics=full")


@pytest.fixture(params=["flac", "wav", "mp3", "m4a", "ogg", "aiff"])
def song(request, tmp_path):
    path = tmp_path / f"song.{request.param}"
    path.write_bytes(samples.made(request.param).read_bytes())
    return path


def container_of(path):
    return load({".m4a": "mp4"}.get(path.suffix, path.suffix[1:]))


def scan_of(path):
    with open_regular(path) as stream:
        return container_of(path).scan(stream, DEFAULT_LIMITS, True)


def rewrite(path, container):
    """Embed as signing does."""
    before = scan_of(path)

    def make(source, target):
        embedding.embed(container, source, before, CHANGE, target, DEFAULT_LIMITS)

    replace_file(path, make)
    return before, scan_of(path)


def damaging(container, at):
    """An adapter that changes one bit when all is written; ``at`` says where, from a scan."""

    def write(source, scan, change, target):
        container.write(source, scan, change, target)
        place = at(container.scan(target, DEFAULT_LIMITS, False))
        target.seek(place)
        old = target.read(1)
        target.seek(place)
        target.write(bytes([old[0] ^ 1]))
        target.seek(0, io.SEEK_END)

    return replace(container, write=write)


def first(scan):
    return scan.essence.ranges[0][0]


def last(scan):
    start, length = scan.essence.ranges[-1]
    return start + length - 1


@pytest.mark.requirement("CAR-023")
def test_audio_that_reads_back_while_it_is_copied_is_not_read_once_more(song, monkeypatch):
    again = []
    plain = embedding._same_range
    monkeypatch.setattr(
        embedding, "_same_range", lambda *call: again.append(call[-1]) or plain(*call)
    )

    before, after = rewrite(song, container_of(song))

    assert after.essence.digest == before.essence.digest
    assert after.carriers[0].value == CHANGE.manifest
    assert sum(again) < 16_384 + song.stat().st_size / 8


@pytest.mark.requirement("CAR-023")
@pytest.mark.requirement("CAR-032")
@pytest.mark.parametrize("at", [first, last])
def test_audio_that_is_changed_after_it_was_copied_is_found(song, at):
    old = song.read_bytes()

    with pytest.raises(RefusedError) as refused:
        rewrite(song, damaging(container_of(song), at))

    assert refused.value.rule == "write.check-failed"
    assert song.read_bytes() == old
    assert list(song.parent.iterdir()) == [song]


@pytest.mark.requirement("CAR-032")
def test_a_disk_that_gives_other_bytes_back_is_found(song, monkeypatch):
    class Disk(io.FileIO):
        def readinto(self, block):
            count = super().readinto(block)
            if count == len(block) > 4096:
                block[4096] ^= 1
            return count

    old = song.read_bytes()
    monkeypatch.setattr(copying.io, "FileIO", Disk)

    with pytest.raises(RefusedError) as refused:
        rewrite(song, container_of(song))

    assert refused.value.rule == "write.check-failed"
    assert song.read_bytes() == old


@pytest.mark.requirement("CAR-033")
def test_a_file_that_is_cut_while_it_is_copied_is_an_error_and_left(song):
    plain = container_of(song)

    def write(source, scan, change, target):
        with song.open("r+b") as other:
            other.truncate(scan.size - 60)
        plain.write(source, scan, change, target)

    with pytest.raises(InputError, match="changed by another program"):
        rewrite(song, replace(plain, write=write))

    assert list(song.parent.iterdir()) == [song]
