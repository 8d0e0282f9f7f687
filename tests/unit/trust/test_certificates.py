"""Chains and revocation at proven times, and what is remembered (spec 15).

What needs no proof of time stands in ``tests/vectors/certificates``.
"""

from __future__ import annotations

import warnings

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from provenance.model.codes import Code
from provenance.trust import paths, revocation
from provenance.trust.algorithms import judge
from provenance.trust.certificates import certify
from provenance.trust.identity import Asker, identify
from provenance.trust.moments import BestTime
from provenance.trust.policy import Anchor, CertificateSubject, Party, Policy

from support.certificates import module

I = module("issuing")  # noqa: E741
B = module("build")
KEYS = (I.der(B.LEAF), B.CA.der)
SERIAL = B.LEAF.serial_number
NOW = "2030-06-01"


@pytest.fixture(autouse=True)
def _forgetful():
    for kept in (paths._known, paths.load):
        kept.cache_clear()
    for kept in (revocation._parsed, revocation._examined, revocation._entry):
        kept.cache_clear()


def anchor(*crls, roots=(B.ROOT,), **more):
    return Anchor("seal-ca", "Seal CA", tuple(r.der for r in roots), crls=crls, **more)


def codes(at, *, proven=True, now=NOW, crls=(), chain=KEYS, anchors=None):
    best = BestTime(I.at(at), proven)
    certified, found = certify(chain, anchors or [anchor(*crls)], best, I.at(now))
    assert certified is None or certified.attributes["organizationIdentifier"] == "NTRGB-01234567"
    return [f.code.slug.removeprefix("identity.") for f in found]


def test_a_signature_that_is_proven_outlives_its_certificate():
    assert codes("2027-06-01") == ["certified", "revocation-unknown"]
    assert codes("2027-06-01", proven=False, now="2027-06-01") == [
        "certified",
        "revocation-unknown",
    ]


@pytest.mark.requirement("CRT-015")
def test_a_signature_that_is_proven_after_the_end_is_a_failure():
    assert codes("2029-01-01") == ["expired", "revocation-unknown"]
    assert codes("2028-12-31 00:00:01") == ["expired", "revocation-unknown"]
    assert codes("2028-12-31 00:00:00.9") == ["certified", "revocation-unknown"]
    assert codes("2025-01-01") == ["not-yet-valid", "revocation-unknown"]


REVOKED = {
    "before": ("2026-11-30", "superseded", None, ["certified"]),
    "at": ("2026-12-01", "superseded", None, ["revoked"]),
    "after": ("2026-12-02", "superseded", None, ["revoked"]),
    "stolen-before": ("2026-11-30", "keyCompromise", None, ["certified"]),
    "stolen-after": ("2026-12-01", "keyCompromise", None, ["revoked"]),
    "stolen-before-found": ("2026-11-20", "keyCompromise", "2026-11-10", ["revoked"]),
    "stolen-before-stolen": ("2026-11-09", "keyCompromise", "2026-11-10", ["certified"]),
    "invalid-later": ("2026-12-02", "keyCompromise", "2027-01-10", ["revoked"]),
}


@pytest.mark.requirement("CRT-024")
@pytest.mark.parametrize(("at", "reason", "invalid", "expected"), REVOKED.values(), ids=REVOKED)
def test_a_revocation_counts_from_its_cut_off(at, reason, invalid, expected):
    more = {"reason": reason, **({"invalidity": invalid} if invalid else {})}
    dates = ("2026-12-10", "2030-12-31")
    lists = (B.CA.crl({SERIAL: ("2026-12-01", more)}, dates=dates), B.ROOT.crl(dates=dates))

    assert codes(at, crls=lists) == expected


@pytest.mark.requirement("CRT-023")
def test_a_list_that_was_made_after_the_proven_time_speaks_even_when_it_is_old():
    made = {"dates": ("2027-07-01", "2027-08-01")}
    lists = (B.CA.crl(**made), B.ROOT.crl(**made))

    assert codes("2027-06-01", crls=lists) == ["certified"]
    assert codes("2027-07-02", crls=lists) == ["certified", "revocation-unknown"]
    assert codes("2027-06-01", proven=False, crls=lists, now="2027-07-20") == ["certified"]


@pytest.mark.requirement("CRT-023")
def test_a_list_from_after_the_end_speaks_when_it_keeps_expired_certificates():
    oid = I.ObjectIdentifier("2.5.29.60")

    def since(text):
        value = b"\x18\x0f" + text.encode()
        return (I.x509.UnrecognizedExtension(oid, value), False)

    def lists(*extensions):
        dates = ("2030-05-01", "2030-07-01")
        return [i.crl(dates=dates, extensions=extensions) for i in (B.CA, B.ROOT)]

    early, late = since("20200101000000Z"), since("20300101000000Z")
    assert codes("2027-06-01", crls=lists(early)) == ["certified"]
    assert codes("2027-06-01", crls=lists()) == ["certified", "revocation-unknown"]
    assert codes("2027-06-01", crls=lists(late)) == ["certified", "revocation-unknown"]
    assert codes("2027-06-01", crls=lists(since("soon"))) == ["certified", "revocation-unknown"]


@pytest.mark.requirement("CRT-024")
def test_of_two_lists_the_graver_word_counts_whatever_their_order():
    made = {"dates": ("2026-12-10", "2030-12-31")}
    mild = B.CA.crl({SERIAL: ("2026-12-01", {"reason": "superseded"})}, **made)
    grave = B.CA.crl({SERIAL: ("2026-12-05", {"reason": "keyCompromise"})}, **made)
    above = B.ROOT.crl(**made)

    for lists in ((mild, grave, above), (grave, mild, above)):
        assert codes("2027-06-01", proven=False, crls=lists) == ["revoked"]
    assert codes("2027-06-01", proven=False, crls=(mild, above)) == ["revoked-no-poe"]


@pytest.mark.requirement("CRT-021")
def test_a_list_that_is_signed_with_a_weak_digest_says_nothing():
    above = B.ROOT.crl(dates=("2027-06-01", "2030-12-31"))
    made = (
        I.x509.CertificateRevocationListBuilder()
        .issuer_name(B.CA.name)
        .last_update(I.at("2027-06-01"))
        .next_update(I.at("2030-12-31"))
    )
    for algorithm, expected in (
        (hashes.SHA256(), ["certified"]),
        (hashes.SHA224(), ["certified", "revocation-unknown"]),
    ):
        weak = made.sign(B.CA.key.private, algorithm).public_bytes(Encoding.DER)
        assert codes("2027-06-01", crls=(weak, above)) == expected


@pytest.mark.requirement("CRT-010")
def test_more_than_three_authorities_between_are_too_many():
    issuers = [B.ROOT]
    for n in range(4):
        issuers.append(I.Issuer(I.name(f"CA {n}"), I.T.Key(f"ca {n}"), issuers[-1]))
    for above, expected in ((issuers[:4], "certified"), (issuers, "chain-invalid")):
        leaf = above[-1].leaf(B.LABEL, B.P256)
        chain = (I.der(leaf), *(i.der for i in above[:0:-1]))
        assert codes("2027-06-01", chain=chain)[0] == expected


@pytest.mark.requirement("CRT-031")
def test_an_old_name_of_an_algorithm_counts_as_the_new_one():
    policy = Policy("p", 1, I.at(NOW), None, algorithms=frozenset({"Ed25519"}))

    assert list(judge("EdDSA", None, policy, I.at(NOW))) == []
    assert [f.code.slug for f in judge("ES256", None, policy, I.at(NOW))] == ["alg.weak"]
    assert list(judge("ES256", None, None, I.at(NOW))) == []


@pytest.mark.requirement("CRT-020")
@pytest.mark.parametrize("junk", [b"", b"\x30\x03\x02\x01\x00", b"\0" * 64])
def test_a_list_that_cannot_be_read_says_nothing(junk):
    _, found = certify(KEYS, [anchor(junk)], BestTime(I.at(NOW), proven=False), I.at(NOW))

    unknown = [f for f in found if f.code.slug == "identity.revocation-unknown"]
    assert [f.detail["reason"] for f in unknown] == ["a list cannot be read"]


@pytest.mark.requirement("CRT-020")
def test_whose_state_is_not_known_is_named():
    def holder(*crls):
        _, found = certify(KEYS, [anchor(*crls)], BestTime(I.at("2027-06-01"), proven=False), now)
        return next(f.detail["name"] for f in found if f.code is Code.IDENTITY_REVOCATION_UNKNOWN)

    now = I.at("2027-06-01")
    made = {"dates": ("2027-05-01", "2027-07-01")}

    assert holder(B.ROOT.crl(**made)) == "Northern Lights Seal"
    assert holder(B.CA.crl(**made)) == "Example Seal CA G1"


@pytest.mark.requirement("CRT-015")
def test_the_end_of_a_party_s_certificate_is_found_once():
    subject = CertificateSubject("seal-ca", {"organizationIdentifier": "NTRGB-01234567"})
    label = Party("label", "The label", {}, (), subjects=(subject,))
    policy = Policy("p", 1, I.at("2026-01-01"), None, anchors=(anchor(),), parties=(label,))
    late = I.at("2029-01-01")

    signer, found = identify(
        "K", Asker(policy=policy), BestTime(late, proven=False), now=late, certificates=KEYS
    )

    assert (signer.rung, signer.name) == ("unknown", "The label")
    assert [f.code for f in found] == [Code.IDENTITY_EXPIRED_NO_POE]


@pytest.mark.requirement("CRT-002")
def test_what_a_certificate_says():
    best = BestTime(I.at("2027-06-01"), proven=False)
    found, _ = certify(KEYS, [anchor(seal=True)], best, best.at)

    assert found.attributes == {
        "organizationIdentifier": "NTRGB-01234567",
        "organization": "Northern Lights Records Ltd",
        "commonName": "Northern Lights Seal",
    }
    assert (found.name, found.issuer) == ("Northern Lights Records Ltd", "Example Seal CA G1")
    assert (found.anchor, found.serial, found.seal) == ("seal-ca", f"{SERIAL:x}", True)
    assert (found.not_before, found.not_after) == (I.at("2026-01-01"), I.at("2028-12-31"))


@pytest.mark.requirement("CRT-001")
def test_the_name_is_given_even_when_something_speaks_against_it():
    best = BestTime(I.at("2029-06-01"), proven=False)
    found, said = certify(KEYS, [anchor()], best, best.at)

    assert found.name == "Northern Lights Records Ltd"
    assert "identity.certified" not in {f.code.slug for f in said}


def test_whoever_has_no_anchors_has_not_asked():
    best = BestTime(I.at(NOW), proven=False)

    assert certify(KEYS, [], best, best.at) == (None, ())
    assert certify((), [anchor()], best, best.at) == (None, ())


@pytest.mark.parametrize("junk", [b"", b"\0", I.der(B.LEAF)[:-1]])
def test_certificates_that_cannot_be_read_are_no_chain(junk):
    for chain in ((junk, B.CA.der), (KEYS[0], junk)):
        assert codes("2027-06-01", chain=chain) == ["chain-invalid"]


def test_an_anchor_that_cannot_be_read_accepts_nothing():
    broken = Anchor("a", "A", (b"\0",))

    assert codes("2027-06-01", anchors=[broken]) == ["chain-invalid"]
    assert codes("2027-06-01", anchors=[broken, anchor()])[0] == "certified"


def test_one_of_several_anchors_is_enough():
    strict = Anchor("strict", "Strict", (B.ROOT.der,), ekus=("1.2.3",))

    assert codes("2027-06-01", anchors=[strict]) == ["eku"]
    for both in ([strict, anchor()], [anchor(), strict]):
        assert codes("2027-06-01", anchors=both)[0] == "certified"


@pytest.mark.requirement("CRT-035")
def test_what_is_remembered_changes_nothing():
    moments = ("2025-06-01", "2027-06-01", "2029-06-01", "2027-06-02", "2025-06-01")
    fresh = []
    for moment in moments:
        paths._known.cache_clear()
        fresh.append(codes(moment))

    for order in (moments, moments[::-1]):
        paths._known.cache_clear()
        assert [codes(m) for m in order] == (fresh if order == moments else fresh[::-1])


@pytest.mark.requirement("CRT-035")
def test_equal_chains_cost_one_search(monkeypatch):
    searched = []
    search = paths._search
    monkeypatch.setattr(paths, "_search", lambda *a: searched.append(1) or search(*a))

    for day in range(1, 20):
        codes(f"2027-06-{day:02}")
    assert len(searched) == 1

    for _ in range(5):
        codes("2029-06-01")
    assert len(searched) == 2

    codes("2027-06-01", anchors=[anchor(require_eku=False)])
    assert len(searched) == 3


@pytest.mark.requirement("CRT-035")
def test_a_chain_that_fails_is_remembered_too(monkeypatch):
    searched = []
    search = paths._search
    monkeypatch.setattr(paths, "_search", lambda *a: searched.append(1) or search(*a))
    other = [anchor(roots=(I.Issuer(B.ROOT.name, B.OTHER),))]

    assert codes("2027-06-01", anchors=other) == ["chain-invalid"]
    first = len(searched)
    for _ in range(20):
        assert codes("2027-06-01", anchors=other) == ["chain-invalid"]

    assert len(searched) == first <= 4


@pytest.mark.requirement("CRT-035")
def test_a_failure_at_one_time_is_none_at_another():
    """A root that was valid for a short time, and one in x5c that has gone since."""
    short = [anchor(roots=(I.Issuer(B.ROOT.name, B.ROOT.key, dates=("2026-05-01", "2026-08-01")),))]
    for moment in ("2027-06-01", "2026-02-01", "2026-06-01", "2028-06-01"):
        found = codes(moment, anchors=short)
        before, after = moment < "2026-05-01", moment > "2026-08-01"
        assert found[0] == ("not-yet-valid" if before else "expired" if after else "certified")

    old = I.Issuer(B.ROOT.name, B.ROOT.key, dates=("2010-01-01", "2026-06-01"))
    new = [anchor(roots=(I.Issuer(B.ROOT.name, B.ROOT.key, dates=("2026-07-01", "2040-01-01")),))]
    for moment in ("2026-06-15", "2027-06-01", "2026-06-15"):
        found = codes(moment, anchors=new, chain=(*KEYS, old.der))
        assert found[0] == ("certified" if moment > "2026-07-01" else "not-yet-valid")


def test_the_root_that_was_valid_then_is_found_whatever_was_asked_before():
    old = I.Issuer(B.ROOT.name, B.ROOT.key, dates=("2010-01-01", "2026-06-01"))
    new = I.Issuer(B.ROOT.name, B.ROOT.key, dates=("2026-05-01", "2040-01-01"))
    both = [anchor(roots=(old, new))]

    for moment in ("2027-06-01", "2026-02-01", "2026-05-15", "2027-06-01"):
        assert codes(moment, anchors=both)[0] == "certified", moment


def flipped(data):
    """The data with one bit turned, at every byte."""
    for place in range(len(data)):
        yield data[:place] + bytes([data[place] ^ (1 << place % 8)]) + data[place + 1 :]


def test_no_certificate_with_a_turned_bit_is_certified():
    """But for the number of unused bits behind the signature, which nothing depends on."""
    leaf, issuer = KEYS
    chains = [*((one, issuer) for one in flipped(leaf)), *((leaf, one) for one in flipped(issuer))]

    certified = [c for c in chains if codes("2027-06-01", chain=c) != ["chain-invalid"]]

    assert len(chains) > 900
    assert len(certified) <= 1
    for chain in certified:
        for one, whole in zip(chain, KEYS, strict=True):
            assert paths.load(one).tbs_certificate_bytes == paths.load(whole).tbs_certificate_bytes
            assert paths.load(one).signature == paths.load(whole).signature


def test_no_list_with_a_turned_bit_speaks():
    dates = ("2027-06-01", "2030-12-31")
    good, above = B.CA.crl(dates=dates), B.ROOT.crl(dates=dates)
    assert codes("2027-06-01", crls=(good, above)) == ["certified"]

    found = {tuple(codes("2027-06-01", crls=(one, above))) for one in flipped(good)}

    assert found == {("certified", "revocation-unknown")}


def test_odd_names_are_judged_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        country = I.x509.NameAttribute(I.NameOID.COUNTRY_NAME, "Nowhere at all", _validate=False)
        odd = I.x509.Name([country, *B.LABEL])
        chain = (I.der(B.CA.leaf(odd, B.P256)), B.CA.der)
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        assert codes("2027-06-01", chain=chain) == ["certified", "revocation-unknown"]
