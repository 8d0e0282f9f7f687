"""The identity ladder (spec 13): all evidence, the highest rung, failures, revocation, mismatch."""

from datetime import UTC, datetime, timedelta

import pytest
from provenance.model.codes import Code
from provenance.trust.identity import Asker, Keyring, Vouch, identify
from provenance.trust.moments import BestTime
from provenance.trust.policy import (
    Directory,
    Grant,
    KnownKey,
    Party,
    Policy,
    Revocation,
    Scope,
)

NOW = datetime(2027, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ISNI, DPID = "0000000121032683", "PADPIDA2014120301U"


def policy(*parties, grants=()):
    return Policy("p", 1, NOW - DAY, None, parties=parties, grants=grants)


def codes(found):
    return [f.code for f in found]


def known_as(key, asker, *, proven=None, claimed=None, now=NOW):
    best = BestTime(proven or now, proven=proven is not None)
    return identify(key, asker, best, now=now, claimed=claimed)


LABEL = Party("label", "Northern Lights", {"dpid": (DPID,)}, (KnownKey("K"),))
DISTRIBUTOR = Party("dist", "Big Distribution", {}, (KnownKey("D"),))
SITE = Party("site", "Site", {}, directories=(Directory("site.example", NOW, (KnownKey("S"),)),))
MAY_VOUCH = Grant("vouch", party="dist", over=Scope(ids=("isni", "dpid")))


def vouch(**changes):
    given = {"voucher": "dist", "name": "Ada", "ids": {"isni": ISNI}, "keys": ("V",), "at": NOW}
    return Vouch(**{**given, "sid": "s", **changes})


@pytest.mark.requirement("IDN-001")
def test_all_evidence_is_reported_and_the_highest_counts():
    asker = Asker(Keyring(own={"K": None}, pinned={"S": "their site"}), policy(LABEL, SITE))

    signer, found = known_as("K", asker)
    assert codes(found) == [Code.IDENTITY_PARTY, Code.IDENTITY_SELF]
    assert (signer.rung, signer.party, signer.name) == ("party", "label", "Northern Lights")

    signer, found = known_as("S", asker)
    assert codes(found) == [Code.IDENTITY_DOMAIN, Code.IDENTITY_PINNED]
    assert (signer.rung, signer.party, signer.by) == ("domain", "site", "site.example")


@pytest.mark.requirement("IDN-005")
def test_the_policys_name_goes_before_the_keyrings():
    asker = Asker(Keyring(pinned={"K": "somebody else"}), policy(LABEL))

    assert known_as("K", asker)[0].name == "Northern Lights"


TABLE = [
    # not_before, not_after, revoked, proven, code: the rows of the table in 13.4
    (NOW + DAY, None, None, None, Code.IDENTITY_NOT_YET_VALID),
    (NOW, None, None, None, None),
    (NOW - DAY, None, None, NOW - 2 * DAY, Code.IDENTITY_NOT_YET_VALID),
    (None, NOW, None, NOW, Code.IDENTITY_EXPIRED),
    (None, NOW, None, NOW - DAY, None),
    (None, NOW, None, None, Code.IDENTITY_EXPIRED_NO_POE),
    (None, NOW + DAY, None, None, None),
    (None, None, Revocation(NOW, "superseded"), NOW - DAY, None),
    (None, None, Revocation(NOW, "superseded"), NOW, Code.IDENTITY_REVOKED),
    (None, None, Revocation(NOW, "superseded"), None, Code.IDENTITY_REVOKED_NO_POE),
    (None, None, Revocation(NOW, "keyCompromise"), NOW - DAY, None),
    (None, None, Revocation(NOW, "keyCompromise"), NOW, Code.IDENTITY_REVOKED),
    (None, None, Revocation(NOW, "keyCompromise"), None, Code.IDENTITY_REVOKED),
    (None, None, Revocation(NOW, "keyCompromise", NOW - 9 * DAY), NOW - DAY, Code.IDENTITY_REVOKED),
    (None, None, Revocation(NOW, "keyCompromise", NOW - 9 * DAY), NOW - 10 * DAY, None),
    (None, None, Revocation(NOW, "superseded", NOW - 9 * DAY), NOW - DAY, None),
]


@pytest.mark.requirement("IDN-020, IDN-021, IDN-022, IDN-023, IDN-024")
@pytest.mark.parametrize(("start", "end", "revoked", "proven", "code"), TABLE)
def test_the_table_of_expiry_and_revocation(start, end, revoked, proven, code):
    known = KnownKey("K", start, end, revoked)
    asker = Asker(policy=policy(Party("label", "Label", {}, (known,))))

    signer, found = known_as("K", asker, proven=proven)

    if code is None:
        assert codes(found) == [Code.IDENTITY_PARTY]
        assert signer.party == "label"
    else:
        assert code in codes(found)
        assert Code.IDENTITY_PARTY not in codes(found)
        assert (signer.rung, signer.party) == ("unknown", None)


@pytest.mark.requirement("IDN-003")
def test_an_expired_entry_does_no_harm_where_other_evidence_holds_a_revocation_does():
    expired = KnownKey("K", None, NOW)
    revoked = KnownKey("K", None, None, Revocation(NOW, "superseded"))
    pins = Keyring(pinned={"K": None})

    _, found = known_as("K", Asker(pins, policy(Party("a", "A", {}, (expired,)))))
    assert codes(found) == [Code.IDENTITY_PINNED]

    signer, found = known_as("K", Asker(pins, policy(Party("a", "A", {}, (revoked,)))))
    assert codes(found) == [Code.IDENTITY_PINNED, Code.IDENTITY_REVOKED_NO_POE]
    assert (signer.rung, signer.party) == ("unknown", None)


@pytest.mark.requirement("STM-040")
def test_whoever_may_vouch_gives_a_name_and_identifiers():
    asker = Asker(policy=policy(DISTRIBUTOR, grants=(MAY_VOUCH,)), vouches=(vouch(),))

    signer, found = known_as("V", asker)

    assert codes(found) == [Code.IDENTITY_VOUCHED]
    assert (signer.rung, signer.party, signer.name) == ("vouched", None, "Ada")
    assert (signer.by, signer.vouched_by) == ("Big Distribution", ("dist",))


def test_an_identifier_of_a_known_party_makes_the_vouched_signer_that_party():
    given = vouch(ids={"dpid": DPID}, name="calls itself anything")
    asker = Asker(policy=policy(LABEL, DISTRIBUTOR, grants=(MAY_VOUCH,)), vouches=(given,))

    signer, _ = known_as("V", asker)

    assert (signer.rung, signer.party, signer.name) == ("vouched", "label", "Northern Lights")


@pytest.mark.parametrize(
    "given",
    [
        vouch(ids={"ipi": "00000000199"}),
        vouch(ids={"isni": ISNI, "ipi": "00000000199"}),
        vouch(ids={}),
        vouch(voucher="nobody"),
        vouch(keys=("other",)),
    ],
)
def test_a_voucher_who_may_not_says_nothing(given):
    asker = Asker(policy=policy(DISTRIBUTOR, grants=(MAY_VOUCH,)), vouches=(given,))

    assert codes(known_as("V", asker)[1]) == [Code.IDENTITY_UNKNOWN]


def test_vouchers_who_disagree_leave_the_signer_unknown():
    two = (vouch(), vouch(ids={"isni": "000000012103268X"}, sid="t"))
    asker = Asker(policy=policy(DISTRIBUTOR, grants=(MAY_VOUCH,)), vouches=two)

    signer, found = known_as("V", asker)

    assert Code.IDENTITY_VOUCHED not in codes(found)
    assert not signer.is_known


def test_a_key_binding_that_has_ended_is_judged_like_a_key():
    ended = vouch(end=NOW)
    asker = Asker(policy=policy(DISTRIBUTOR, grants=(MAY_VOUCH,)), vouches=(ended,))

    assert Code.IDENTITY_EXPIRED_NO_POE in codes(known_as("V", asker)[1])
    assert codes(known_as("V", asker, proven=NOW - DAY)[1]) == [Code.IDENTITY_VOUCHED]


@pytest.mark.requirement("IDN-010")
def test_a_known_signer_who_claims_anothers_identifier_is_a_mismatch():
    asker = Asker(policy=policy(LABEL, DISTRIBUTOR))

    assert Code.IDENTITY_MISMATCH in codes(known_as("D", asker, claimed={"dpid": DPID})[1])
    assert codes(known_as("K", asker, claimed={"dpid": DPID})[1]) == [Code.IDENTITY_PARTY]
    assert codes(known_as("D", asker, claimed={"isni": ISNI})[1]) == [Code.IDENTITY_PARTY]


def test_an_unknown_signer_who_claims_an_identifier_stays_unknown_and_is_told():
    asker = Asker(policy=policy(LABEL))

    signer, (found,) = known_as("X", asker, claimed={"dpid": DPID})

    assert found.code is Code.IDENTITY_UNKNOWN
    assert found.detail["claims"] == "label"
    assert signer.party is None


@pytest.mark.requirement("IDN-004")
def test_a_name_is_never_looked_up():
    namesake = Party("x", "K", {"name": ("K",)}, (KnownKey("other"),))

    assert codes(known_as("K", Asker(policy=policy(namesake)))[1]) == [Code.IDENTITY_UNKNOWN]
