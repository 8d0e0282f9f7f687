"""What is required (spec 8.11): a wish only tightens, and nothing is met without evidence."""

from datetime import UTC, datetime, timedelta
from itertools import permutations, product

import pytest
from provenance.model.codes import Axis, Code, Effect
from provenance.model.errors import UsageError
from provenance.model.findings import finding
from provenance.trust.identity import LADDER
from provenance.trust.policy import Policy
from provenance.trust.requirements import PERSONAL, required_of, standing, tighten, unmet

EXPIRES = datetime(2027, 2, 1, tzinfo=UTC)
CONFIRMED = "confirmed"
VALUES = {
    "binding": ("any", "similar", "lossless", "exact", CONFIRMED),
    "identity": (*LADDER, CONFIRMED),
    "integrity": (CONFIRMED,),
    "time": (CONFIRMED,),
}
BINDING = [c for c in Code if c.slug.startswith("binding.")]
IDENTITY = [c for c in Code if c.axis is Axis.IDENTITY]


def met(required, *codes):
    return not list(unmet(required, [finding(code) for code in codes]))


@pytest.mark.requirement("VER-113")
@pytest.mark.parametrize("axis", VALUES)
def test_a_wish_never_lets_pass_what_did_not_pass_before(axis):
    codes = [c for c in Code if c.axis.value == axis]
    for have, want in product(VALUES[axis], repeat=2):
        both = tighten({axis: have}, [f"{axis}={want}"])
        for code in codes:
            assert met(both, code) == (met({axis: have}, code) and met({axis: want}, code))


@pytest.mark.requirement("VER-113")
def test_the_order_of_wishes_does_not_matter_and_axes_only_come_in():
    wishes = ["binding=exact", "binding=any", "identity=domain", "identity", "time"]

    made = [tighten(PERSONAL, order) for order in permutations(wishes)]

    assert all(one == made[0] for one in made)
    assert made[0] == {**PERSONAL, "binding": "exact", "identity": "domain", "time": CONFIRMED}
    assert tighten(PERSONAL, []) == dict(PERSONAL)


@pytest.mark.requirement("VER-113")
@pytest.mark.parametrize(("axis", "value"), [(a, v) for a in VALUES for v in VALUES[a]])
def test_an_axis_that_the_policy_lacks_is_required_as_wished(axis, value):
    assert tighten({}, [f"{axis}={value}"]) == {axis: value}


@pytest.mark.requirement("VER-113")
def test_the_policy_itself_is_left_as_it_is():
    before = dict(PERSONAL)

    tighten(PERSONAL, ["binding=exact", "time"])

    assert dict(PERSONAL) == before


ABOVE = ("identity.domain", "identity.vouched", "identity.certified", "identity.party")
MET = {
    ("binding", "exact"): {"binding.exact"},
    ("binding", "lossless"): {"binding.exact", "binding.lossless"},
    ("binding", "similar"): {"binding.exact", "binding.lossless", "binding.similar"},
    ("binding", CONFIRMED): {"binding.exact", "binding.lossless"},
    ("identity", "unknown"): {"identity.self", "identity.pinned", *ABOVE, "identity.unknown"},
    ("identity", "pinned"): {"identity.self", "identity.pinned", *ABOVE},
    ("identity", CONFIRMED): {"identity.self", "identity.pinned", *ABOVE},
    ("identity", "domain"): set(ABOVE),
    ("identity", "vouched"): set(ABOVE[1:]),
    ("identity", "certified"): set(ABOVE[2:]),
    ("identity", "party"): {"identity.party"},
}


@pytest.mark.requirement("VER-110")
@pytest.mark.parametrize(("axis", "value"), MET)
def test_each_value_is_met_by_these_codes_and_no_others(axis, value):
    codes = BINDING if axis == "binding" else IDENTITY

    assert {c.slug for c in codes if met({axis: value}, c)} == MET[axis, value]


@pytest.mark.requirement("VER-110")
@pytest.mark.parametrize("axis", [a.value for a in Axis])
def test_nothing_is_met_without_a_finding_or_by_another_axis(axis):
    others = [c for c in Code if c.axis.value != axis and c.effect is Effect.CONFIRMS]

    (found,) = unmet({axis: CONFIRMED}, [finding(c) for c in others])

    assert found.code is Code.POLICY_UNMET
    assert dict(found.detail) == {"axis": axis, "have": None, "want": CONFIRMED}


@pytest.mark.requirement("VER-110")
def test_what_it_has_is_the_weightiest_finding():
    found = [finding(Code.IDENTITY_UNKNOWN), finding(Code.BINDING_SIMILAR)]
    broken = [finding(Code.BINDING_EXACT), finding(Code.BINDING_MISMATCH)]

    details = [dict(f.detail) for f in unmet(PERSONAL, found)]

    assert details == [
        {"axis": "integrity", "have": None, "want": CONFIRMED},
        {"axis": "content", "have": None, "want": CONFIRMED},
        {"axis": "binding", "have": "binding.similar", "want": "lossless"},
        {"axis": "identity", "have": "identity.unknown", "want": "pinned"},
    ]
    (one,) = unmet({"time": CONFIRMED, "binding": "exact"}, broken)
    assert one.detail["axis"] == "time"


BAD = ["", "=", "truth", "policy", "colour", "binding=perfect", "time=now", "Binding"]


@pytest.mark.parametrize("wish", BAD)
def test_a_wish_that_nothing_can_meet_is_a_mistake_of_the_caller(wish):
    with pytest.raises(UsageError):
        tighten(PERSONAL, [wish])


# ---- a trust policy's requirements -------------------------------------------------------


def policy(**more):
    moments = {"issued": datetime(2026, 11, 1, tzinfo=UTC), "expires": EXPIRES}
    return Policy(**{"id": "p", "version": 3, **moments, **more})


@pytest.mark.requirement("POL-041")
def test_a_policys_words_become_requirements_over_integrity_and_content():
    lenient = {"authority": "any", "time": "claimed", "endorsement": "any"}
    strict = {"authority": "granted", "time": "trusted", "endorsement": "valid"}
    least = {"integrity": CONFIRMED, "content": CONFIRMED}

    first = required_of(policy(require={"binding": "any", "identity": "unknown", **lenient}))
    second = required_of(policy(require={"binding": "exact", "identity": "party", **strict}))

    assert first == {**least, "binding": "any", "identity": "unknown"}
    assert second == {
        **least, "binding": "exact", "identity": "party", **dict.fromkeys(strict, CONFIRMED)
    }  # fmt: skip


@pytest.mark.requirement("VER-113")
@pytest.mark.parametrize("wish", ["authority=granted", "time=trusted", "endorsement=valid"])
def test_the_words_of_policies_are_wishes_too(wish):
    axis = wish.partition("=")[0]

    assert tighten({}, [wish]) == tighten({}, [axis]) == {axis: CONFIRMED}


@pytest.mark.requirement("POL-030")
@pytest.mark.requirement("POL-031")
def test_what_stands_against_a_policy_is_its_age():
    second = timedelta(seconds=1)

    assert list(standing(policy(), EXPIRES - second)) == []
    assert [f.code for f in standing(policy(), EXPIRES)] == [Code.POLICY_EXPIRED]
    assert list(standing(policy(expires=None), EXPIRES + second)) == []
    (found,) = standing(policy(superseded_by=4), EXPIRES - second)
    assert (found.code, found.detail["version"], found.detail["seen"]) == (
        Code.POLICY_ROLLBACK, 3, 4,
    )  # fmt: skip


STRICT = [
    # strict, findings, what is unmet
    ("revocation", [finding(Code.IDENTITY_CERTIFIED)], []),
    ("revocation", [finding(Code.IDENTITY_PARTY, via="key")], []),
    ("revocation", [finding(Code.IDENTITY_CERTIFIED), finding(Code.IDENTITY_REVOCATION_UNKNOWN)],
     [("identity.revocation-unknown", "revocation known")]),
    ("seal", [finding(Code.IDENTITY_CERTIFIED, seal=True)], []),
    ("seal", [finding(Code.IDENTITY_CERTIFIED, seal=False)], [("identity.certified", "seal")]),
    ("seal", [finding(Code.IDENTITY_CERTIFIED)], [("identity.certified", "seal")]),
    ("seal", [finding(Code.IDENTITY_PARTY, seal=True)], [("identity.party", "seal")]),
    ("seal", [], [(None, "seal")]),
]  # fmt: skip


@pytest.mark.requirement("POL-042")
@pytest.mark.requirement("POL-043")
@pytest.mark.parametrize(("name", "found", "wanted"), STRICT)
def test_what_a_certificate_must_be_besides(name, found, wanted):
    made = list(unmet({}, found, frozenset({name})))

    assert [(f.detail["have"], f.detail["want"]) for f in made] == wanted
    assert {f.detail["axis"] for f in made} <= {"identity"}
    assert list(unmet({}, found)) == []
