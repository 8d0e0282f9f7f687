"""Trust policies are monotonic (POL-050): taking a permission away never lets anybody in.

Over the module that evaluates grants, and over whole verifications of a file. Permissions are
what a policy says in favour of a signer; a reservation is what it says in favour of others.
"""

import copy
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations, product
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from provenance.containers import load as container
from provenance.model.codes import Code
from provenance.model.verdict import Status
from provenance.trust.authority import Claim, authorise, breadth, covers, is_own, may_vouch, misses
from provenance.trust.identity import Keyring
from provenance.trust.loading import load
from provenance.trust.patterns import normalise_pattern
from provenance.trust.policy import Grant, Policy, Scope
from provenance.trust.requirements import required_of
from provenance.verify.outcome import Context
from provenance.verify.procedure import verify

VECTORS = Path(__file__).parents[1] / "vectors" / "policy"
CASE = VECTORS / "verify-granted"
SIGNED = (CASE / "input.wav").read_bytes()
BASE = json.loads((CASE / "policy.json").read_bytes())
LABEL = BASE["parties"][0]["keys"][0]["key"]
ISRC = "QZZZZ2600001"
NOW = datetime(2027, 1, 1, tzinfo=UTC)

PARTIES = ("label", "rival", "shop")
ISRCS = (ISRC, "QZZZZ2600002", "QZZZZ2500001", "GBXYZ2600001", None)
PATTERNS = (
    "*", "Q*", "QZ*", "QZZZZ*", "QZZZZ26*", "QZZZZ260000*", ISRC, "QZZZZ2600000-QZZZZ2600009",
    "QZZZZ2600001-QZZZZ2600099", "GB*", "GBXYZ2600001",
)  # fmt: skip
TIMES = (None, NOW - timedelta(days=1), NOW, NOW + timedelta(days=1))

HOLDERS = ({"party": "label"}, {"party": "rival"}, {"vouched_by": "shop"}, {"party": "shop"})
POOL = tuple(
    Grant(act="declare", roles=roles, over=Scope(isrc=isrc), **holder)
    for holder in HOLDERS[:3]
    for isrc, roles in (
        ((), ()),
        (("QZ*",), ()),
        (("QZZZZ26*",), ()),
        (("QZZZZ2600000-QZZZZ2600009",), ()),
        ((ISRC,), ("label",)),
    )
)
"""A small world, in which every set of up to three grants is tried."""
ODD = (
    *POOL,
    *(
        Grant(act=act, roles=roles, over=over, start=start, end=end, **holder)
        for holder in HOLDERS
        for act, roles in (
            ("declare", ()),
            ("declare", ("artist",)),
            ("endorse", ()),
            ("vouch", ()),
        )
        for over in (
            Scope(isrc=("*",)),
            Scope(isrc=("QZZZZ2600001-QZZZZ2600099", "GB*")),
            Scope(isrc=("QZ*",), upc=("0936*",)),
            Scope(upc=("093624920472",), keys=("k1",)),
            Scope(keys=("k2",), ids=("isni",)),
        )
        for start, end in product(TIMES, TIMES)
    ),
)
"""A large one, of which sets are drawn."""
CLAIMS = tuple(
    Claim("declare", party, vouched_by, role, "k1", isrc)
    for party, vouched_by in (("label", ()), (None, ("shop",)), ("label", ("shop",)), (None, ()))
    for role in ("label", "artist")
    for isrc in (ISRC, "QZZZZ2600002")
)
grants = st.sampled_from(ODD)
claims = st.builds(
    Claim,
    act=st.sampled_from(["declare", "declare", "endorse"]),
    party=st.sampled_from([None, *PARTIES]),
    vouched_by=st.sampled_from([(), ("rival",), ("rival", "shop")]),
    role=st.sampled_from([None, "label", "artist"]),
    key=st.sampled_from(["k1", "k2"]),
    isrc=st.sampled_from(ISRCS),
    upc=st.sampled_from([None, "093624920472", "012345678905"]),
)


def policy_of(held):
    return Policy(id="p", version=1, issued=NOW, expires=None, grants=tuple(held))


def answered(held, claim):
    """Whether authority is granted: all that a policy lets through which requires it."""
    return authorise(policy_of(held), claim, NOW).code is Code.AUTHORITY_GRANTED


def require_monotonic(every, claim):
    """Without a grant of the signer's no more is granted; without another's no less."""
    before = answered(every, claim)
    for number, grant in enumerate(every):
        after = answered((*every[:number], *every[number + 1 :]), claim)
        assert after <= before if is_own(grant, claim) else after >= before, (every, claim, grant)


@pytest.mark.requirement("POL-050")
@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_every_set_of_up_to_three_grants_is_monotonic(claim):
    answers = set()
    for every in chain.from_iterable(combinations(POOL, n) for n in (1, 2, 3)):
        require_monotonic(every, claim)
        answers.add(answered(every, claim))

    known = claim.party is not None or claim.vouched_by
    assert answers == ({True, False} if known else {False})


@pytest.mark.slow
@pytest.mark.requirement("POL-050")
@settings(max_examples=300)
@given(st.lists(grants, min_size=1, max_size=6), claims)
def test_larger_sets_of_odd_grants_are_monotonic(every, claim):
    require_monotonic(every, claim)


@settings(max_examples=200)
@given(st.lists(grants, max_size=6), claims, st.randoms())
def test_the_order_of_grants_has_no_meaning(every, claim, random):
    shuffled = list(every)
    random.shuffle(shuffled)

    assert answered(shuffled, claim) == answered(every, claim)


@settings(max_examples=200)
@given(st.lists(grants, max_size=6), claims)
def test_a_signer_who_is_better_known_never_gets_less(every, claim):
    stranger = replace(claim, party=None, vouched_by=())

    assert answered(every, stranger) <= answered(every, claim)


@pytest.mark.requirement("POL-050")
@settings(max_examples=200)
@given(st.lists(grants, min_size=1, max_size=6), st.data())
def test_no_right_to_vouch_comes_from_taking_a_grant_away(every, data):
    number = data.draw(st.integers(0, len(every) - 1))
    fewer = policy_of(every[:number] + every[number + 1 :])

    for party in PARTIES:
        for kind in ("isni", "ipi"):
            if may_vouch(fewer, party, kind, NOW, "k1"):
                assert may_vouch(policy_of(every), party, kind, NOW, "k1")


@settings(max_examples=200)
@given(st.lists(grants, max_size=6), claims)
def test_the_index_leaves_out_no_grant_that_covers(every, claim):
    about = policy_of(every).grants_about(claim.isrc)

    assert list(about) == [g for g in every if g in about]
    assert all("isrc" in misses(g, claim, NOW) for g in every if g not in about)


@pytest.mark.requirement("POL-012")
@pytest.mark.parametrize("one", PATTERNS)
@pytest.mark.parametrize("other", PATTERNS)
def test_what_lies_within_a_pattern_is_no_wider(one, other):
    ends = [f"QZZZZ26{n:05}" for n in range(200)] + ["GBXYZ2600001", "QZAAA0000000"]
    mine, theirs = ({e for e in ends if covers("isrc", p, e)} for p in (one, other))
    if mine < theirs:
        assert breadth("isrc", one) < breadth("isrc", other)


letters = st.sampled_from("ABXYZ")
isrcs = st.builds(
    lambda country, registrant, serial: f"{country}{registrant}{serial:07}",
    st.text(letters, min_size=2, max_size=2),
    st.text(st.sampled_from("AZ09"), min_size=3, max_size=3),
    st.integers(0, 9_999_999),
)


@pytest.mark.requirement("POL-012")
@settings(max_examples=200)
@given(isrcs, st.integers(0, 11), st.integers(0, 11))
def test_a_longer_beginning_is_narrower_and_covers_less(isrc, first, second):
    short, long = sorted((first, second))
    wide, narrow = (normalise_pattern("isrc", isrc[:n] + "*") for n in (short, long))

    assert covers("isrc", wide, isrc)
    assert covers("isrc", narrow, isrc)
    assert (breadth("isrc", narrow) < breadth("isrc", wide)) == (short < long)
    assert breadth("isrc", isrc) == 1


# ---- whole verifications -------------------------------------------------------------------


def judged(plain, *, pinned=False):
    policy = load(json.dumps(plain).encode(), lambda path: b"")
    keyring = Keyring(pinned={LABEL: None} if pinned else {})
    context = Context(NOW, keyring, required_of(policy), policy=policy, strict=policy.strict)
    return verify(io.BytesIO(SIGNED), container("wav"), context).status


over = st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=2, unique=True)
plain_grants = st.fixed_dictionaries(
    {"party": st.sampled_from(["label", "rival"]), "act": st.just("declare")},
    optional={
        "over": over.map(lambda patterns: {"isrc": patterns}),
        "as": st.sampled_from([["label"], ["artist"], ["label", "artist"]]),
        "until": st.sampled_from(["2026-12-31", "2027-12-31"]),
    },
)


@st.composite
def policies(draw):
    made = copy.deepcopy(BASE)
    made["require"] = {
        "binding": "exact",
        "identity": draw(st.sampled_from(["pinned", "vouched", "party"])),
        "authority": "granted",
    }
    made["grants"] = draw(st.lists(plain_grants, max_size=4))
    made["parties"].append({"id": "rival", "name": "Rival", "keys": [{"key": "A" * 43}]})
    return made


@pytest.mark.requirement("POL-050")
@settings(max_examples=60)
@given(policies(), st.booleans(), st.data())
def test_taking_away_what_is_the_signers_never_makes_a_file_pass(plain, pinned, data):
    fewer = copy.deepcopy(plain)
    own = [g for g in fewer["grants"] if g["party"] == "label"]
    taken = data.draw(st.sampled_from(["key", "party", *range(len(own))]))
    if taken == "key":
        fewer["parties"][0]["keys"] = []
    elif taken == "party":
        fewer["parties"] = fewer["parties"][1:]
        fewer["grants"] = [g for g in fewer["grants"] if g["party"] != "label"]
    else:
        fewer["grants"].remove(own[taken])

    if judged(fewer, pinned=pinned) is Status.PASSED:
        assert judged(plain, pinned=pinned) is Status.PASSED


@pytest.mark.requirement("POL-050")
@settings(max_examples=60)
@given(policies(), plain_grants, st.booleans())
def test_adding_for_somebody_else_never_makes_a_file_pass(plain, grant, pinned):
    more = copy.deepcopy(plain)
    more["grants"].append({**grant, "party": "rival"})
    more["parties"].append({"id": "third", "name": "Third", "keys": [{"key": "A" * 42 + "E"}]})

    if judged(more, pinned=pinned) is Status.PASSED:
        assert judged(plain, pinned=pinned) is Status.PASSED


def test_there_is_something_to_lose():
    assert judged(BASE) is Status.PASSED
    assert judged({**BASE, "grants": []}) is Status.INDETERMINATE
