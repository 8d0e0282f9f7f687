"""Chunks of WAV and AIFF: what many tags may cost."""

import importlib.util
import io
import sys
from pathlib import Path

import pytest
from provenance.containers import load
from provenance.model.limits import DEFAULT_LIMITS, Limits

VECTORS = Path(__file__).parents[2] / "vectors" / "containers"
KINDS = ("wav", "aiff")


def builder(name):
    """The module that builds a container's vectors, for its hand-made files."""
    sys.path.insert(0, str(VECTORS))
    try:
        spec = importlib.util.spec_from_file_location(f"build_{name}", VECTORS / name / "build.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(VECTORS))
    return module


MADE = {name: builder(name) for name in KINDS}


def scan(name, data, limits=DEFAULT_LIMITS):
    return load(name).scan(io.BytesIO(data), limits, False)


def whole(name, *chunks):
    """A file with ours, then these chunks."""
    made = MADE[name]
    if name == "wav":
        return made.riff(made.F, made.D, *chunks)
    return made.form(made.comm(), made.ssnd(), *chunks)


class Counting(io.BytesIO):
    """Counts the bytes that are read."""

    count = 0

    def read(self, size=-1):
        data = super().read(size)
        self.count += len(data)
        return data


def tags(name, number, frames):
    """That many ID3 chunks with that many empty user texts each, after ours."""
    made = MADE[name]
    return whole(name, *[made.chunk(b"ID3 ", made.id3([("MOOD", "")] * frames))] * number)


@pytest.mark.requirement("ID3-009")
@pytest.mark.parametrize("name", KINDS)
def test_the_tags_of_all_chunks_share_the_number_of_frames(name):
    data = tags(name, 5, 4)

    assert not scan(name, data, Limits(items=20)).incomplete
    cut = scan(name, data, Limits(items=19))
    assert cut.incomplete
    assert sum("/TXXX" in i.where for i in cut.items) == 19


@pytest.mark.requirement("ID3-009")
@pytest.mark.parametrize("name", KINDS)
def test_the_tags_of_all_chunks_share_the_bytes_that_are_read(name):
    made = MADE[name]
    tag = made.chunk(b"ID3 ", made.id3([("MUSICPROV", "x" * 50_000)]))
    data = whole(name, *[tag] * 60)
    stream = Counting(data)

    found = load(name).scan(stream, Limits(tag_read_bytes=110_000), False)

    assert found.incomplete
    assert [len(c.value) for c in found.carriers] == [50_000] * 2 + [0] * 58
    assert {c.unread for c in found.carriers[2:]} == {50_011}
    assert stream.count < 200_000


@pytest.mark.requirement("ID3-009")
@pytest.mark.parametrize("name", KINDS)
def test_the_tags_of_all_chunks_share_the_number_of_values(name):
    made = MADE[name]
    tag = made.chunk(b"ID3 ", made.id3([("MUSICPROV", "\0".join("abcdefgh"))]))

    assert not scan(name, whole(name, *[tag] * 3), Limits(items=24)).incomplete
    cut = scan(name, whole(name, *[tag] * 3), Limits(items=20))
    assert cut.incomplete
    assert len(cut.carriers) == 20
