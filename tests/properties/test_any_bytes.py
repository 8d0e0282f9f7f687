"""Whatever is done to a valid file or statement: a verdict, never harm, never a false PASSED.

The mutations and the invariants are those of ``tests/hostile/fuzz.py``, which runs for as long
as one wants; here Hypothesis chooses, shrinks and remembers. MUSICPROV_TEST_FULL=1 tries more.
"""

import os
import random

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from hostile import fuzz, parts

FULL = bool(os.environ.get("MUSICPROV_TEST_FULL"))
BOUNDED = settings(
    max_examples=1500 if FULL else 25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
BYTE = st.integers(0, 255)


@pytest.mark.requirement("SEC-002")
@pytest.mark.requirement("CAR-032")
@pytest.mark.parametrize("kind", fuzz.KINDS)
@BOUNDED
@given(seed=st.integers(0, 2**32))
def test_a_file_changed_at_random_is_answered_and_never_harmed(kind, seed):
    data = fuzz.mutated(parts.signed(kind), random.Random(seed), parts.bare(kind))

    fuzz.check_file(data, kind)


@pytest.mark.requirement("SEC-002")
@pytest.mark.parametrize("kind", fuzz.KINDS)
@BOUNDED
@given(data=st.data())
def test_a_few_bytes_of_the_structure_changed_are_answered(kind, data):
    found = bytearray(parts.signed(kind))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, min(len(found), 3000) - 1))
        found[at] = data.draw(BYTE)
    changed = bytes(found)
    if kind in parts.KINDS["ogg"] and data.draw(st.booleans()):
        changed = parts.recrc(changed)

    fuzz.check_file(changed, kind)


@pytest.mark.requirement("SEC-002")
@BOUNDED
@given(
    head=st.sampled_from(
        [b"fLaC", b"ID3\4\0\0", b"ID3\3\0\x80", b"RIFF\0\0\0\0WAVE", b"FORM\0\0\0\0AIFF", b"OggS\0\2",
         b"\0\0\0\x10ftypM4A ", b"\xff\xfb\x90\0", b"RF64\xff\xff\xff\xffWAVEds64", b""]
    ),
    body=st.binary(max_size=400),
)  # fmt: skip
def test_any_bytes_behind_a_magic_are_answered(head, body):
    fuzz.check_file(head + body, "wav")


@pytest.mark.requirement("SEC-002")
@BOUNDED
@given(value=st.binary(max_size=300) | st.binary(max_size=80).map(lambda b: b"ey" + b))
def test_any_bytes_for_a_statement_are_answered(value):
    fuzz.check_statement(value)


@pytest.mark.requirement("SEC-002")
@BOUNDED
@given(seed=st.integers(0, 2**32), form=st.integers(0, 2))
def test_an_envelope_or_bundle_changed_at_random_is_answered(seed, form):
    forms = fuzz.statements()

    fuzz.check_statement(fuzz.mutated(forms[form], random.Random(seed), forms[0]))
