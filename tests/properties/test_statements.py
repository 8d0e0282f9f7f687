"""What is said beside a declaration: order means nothing, and strangers change nothing."""

from __future__ import annotations

import importlib.util
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from provenance.containers import load
from provenance.model.codes import Effect
from provenance.trust.loading import load as load_policy
from provenance.trust.requirements import required_of
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify

BUILDER = Path(__file__).resolve().parents[1] / "vectors" / "statements" / "build.py"
_spec = importlib.util.spec_from_file_location("statements_build", BUILDER)
build = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(build)

AUDIO = build.made.wav(build.PCM)
LABEL, SHOP, STRANGER = build.BY_LABEL, build.SHOP, build.STRANGER


def _nobody_refuses(name):
    raise FileNotFoundError(name)


def context():
    policy = load_policy(build.POLICY, _nobody_refuses)
    now = datetime(2027, 1, 1, tzinfo=UTC)
    return Context(now=now, policy=policy, required=required_of(policy), decode="never")


CONTEXT = context()
ENDORSED = build.endorse(LABEL, build.LABEL, SHOP)
DISPUTED = build.endorse(LABEL, build.LABEL, SHOP, "disputes")
OWN_WITHDRAWAL = build.withdraw(LABEL, build.LABEL, build.LABEL)
NEWER = build.later(LABEL, build.LABEL)
KNOWN = [
    LABEL,
    build.BY_ARTIST,
    NEWER,
    ENDORSED,
    DISPUTED,
    OWN_WITHDRAWAL,
    build.withdraw(ENDORSED, SHOP, SHOP),
    build.withdraw(DISPUTED, SHOP, SHOP),
    build.withdraw(NEWER, build.LABEL, build.LABEL),
    build.disclosure(build.LABEL, contributions=[{"area": "leadVocals", "level": "none"}]),
    build.bind(SHOP, build.ARTIST),
]
STRANGERS = [
    *(build.endorse(LABEL, build.LABEL, STRANGER, act) for act in ("accepted", "disputes")),
    build.endorse(build.BY_ARTIST, build.ARTIST, STRANGER, "disputes"),
    build.withdraw(LABEL, build.LABEL, STRANGER),
    build.withdraw(ENDORSED, SHOP, STRANGER),
    build.withdraw(OWN_WITHDRAWAL, build.LABEL, STRANGER),
    build.bind(STRANGER, build.LABEL),
    build.bind(STRANGER, STRANGER),
    build.damaged(DISPUTED),
    build.damaged(OWN_WITHDRAWAL),
    build.damaged(NEWER),
]


def judged(statements):
    """Status and hard codes of the audio with these statements beside it, one by one."""
    beside = [Given(f"given[{n}]", token) for n, token in enumerate(statements)]
    found = verify(io.BytesIO(AUDIO), load("wav"), CONTEXT, beside)
    hard = {f.code.slug for f in found.findings if f.effect in {Effect.BREAKS, Effect.BLOCKS}}
    confirmed = {f.code.slug for f in found.findings if f.effect is Effect.CONFIRMS}
    return found.status, frozenset(hard), frozenset(confirmed)


def test_the_pools_are_what_they_say():
    assert judged([LABEL])[0].value == "PASSED"
    assert judged([LABEL, DISPUTED])[0].value == "INDETERMINATE"
    assert "endorsement.valid" in judged([LABEL, ENDORSED])[2]


@pytest.mark.requirement("VER-001")
@settings(max_examples=40)
@given(st.lists(st.sampled_from(KNOWN + STRANGERS), unique=True, min_size=2).flatmap(
    lambda chosen: st.tuples(st.just(chosen), st.permutations(chosen))
))  # fmt: skip
def test_the_order_of_statements_means_nothing(orders):
    one, other = orders

    assert judged(one) == judged(other)


@pytest.mark.requirement("STM-003")
@pytest.mark.requirement("STM-031")
@pytest.mark.requirement("STM-053")
@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(KNOWN), unique=True),
    st.lists(st.sampled_from(STRANGERS), unique=True, min_size=1),
)
def test_strangers_and_junk_neither_raise_nor_lower(known, strangers):
    before = judged([LABEL, *(k for k in known if k is not LABEL)])

    assert judged([LABEL, *(k for k in known if k is not LABEL), *strangers]) == before
