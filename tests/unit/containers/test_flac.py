"""FLAC with foreign tags around it."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from provenance.containers import load
from provenance.containers.base import Change
from provenance.model.limits import DEFAULT_LIMITS

from hostile import parts
from support import samples


def scan(data, limits=DEFAULT_LIMITS):
    return load("flac").scan(io.BytesIO(data), limits, True)


def with_comment(value):
    source, target = io.BytesIO(Path(samples.made("flac")).read_bytes()), io.BytesIO()
    container = load("flac")
    made = container.scan(source, DEFAULT_LIMITS, False)
    container.write(source, made, Change(value, None), target)
    return target.getvalue()


@pytest.mark.requirement("CAR-060")
def test_the_first_carriers_of_the_file_are_given_whatever_is_read_first():
    data = parts.id3(parts.txxx(b"MUSICPROV", b"a\0b")) + with_comment(b"c")
    data += parts.ape([(b"MUSICPROV", b"d\0e")])
    for most in range(1, 7):
        found = scan(data, replace(DEFAULT_LIMITS, carriers=most))
        assert b"".join(c.value for c in found.carriers) == b"abcde"[:most]
        assert found.incomplete == (most < 5)
