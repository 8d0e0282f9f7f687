"""What a time-stamp proves about a signature, and every reason why one proves nothing (spec 16)."""

import base64
import builtins
import json
import random
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.x509 import ObjectIdentifier, load_der_x509_certificate
from cryptography.x509.oid import ExtendedKeyUsageOID
from provenance.model.codes import Code
from provenance.model.limits import DEFAULT_LIMITS
from provenance.trust import _der, timestamps
from provenance.trust.moments import BestTime, Proof, best_time, disagreements
from provenance.trust.policy import Tsa
from provenance.trust.timestamps import check
from provenance.wire.etsi import stamp_item, stamps_of

from support.tsa import Authority, PythonTsa, day

COVERED = b"c2lnbmF0dXJl"
AT = day("2026-06-01")
TSA = PythonTsa()
KNOWN = Tsa("one", "First TSA", (TSA.root.der,))
OTHER_ROOT = Authority("Another Root")
OTHER = PythonTsa(OTHER_ROOT, name="Another TSA")


def item(token):
    return stamp_item(token, as_text=False)


def judged(token, *tsas, covered=COVERED):
    """The proofs, and the reasons of what was ignored."""
    proofs, found = check([item(token)], covered, tsas or (KNOWN,))
    trusted = [f for f in found if f.code is Code.TIME_TRUSTED]
    assert len(trusted) == len(proofs)
    return proofs, [f.detail["reason"] for f in found if f.code is Code.TIME_TOKEN_IGNORED]


def reason(token, *tsas, **more):
    proofs, reasons = judged(token, *tsas, **more)
    assert proofs == ()
    assert len(reasons) == 1
    return reasons[0]


PROOF = (Proof("rfc3161", "one", "First TSA", AT),)


@pytest.mark.requirement("TIM-001")
def test_a_time_stamp_of_a_known_authority_proves_its_time():
    proofs, found = check([item(TSA.token(COVERED, AT))], COVERED, [KNOWN])

    assert proofs == PROOF
    assert [f.code for f in found] == [Code.TIME_TRUSTED]
    assert found[0].detail == {"at": "2026-06-01T00:00:00Z", "by": "one", "name": "First TSA"}


@pytest.mark.requirement("TIM-002")
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_three_digests_are_accepted(digest):
    assert judged(TSA.token(COVERED, AT, digest=digest)) == (PROOF, [])


@pytest.mark.requirement("TIM-002")
@pytest.mark.parametrize("digest", ["sha1", "sha224", "md5"])
def test_other_digests_are_not(digest):
    assert reason(TSA.token(COVERED, AT, digest=digest)) == "algorithm"


@pytest.mark.requirement("TIM-003")
def test_both_forms_of_items_are_read():
    token = TSA.token(COVERED, AT)

    for as_text in (False, True):
        one = stamp_item(token, as_text=as_text)
        assert check([one], COVERED, [KNOWN])[0] == PROOF
        assert isinstance(one, str) == as_text


@pytest.mark.requirement("TIM-004")
def test_other_items_are_passed_over_without_a_word():
    others = [{"xVals": [{"x509Cert": {"val": "AAAA"}}]}, {"cSig": "x"}, {}, {"arcTst": {}}]

    assert check(others, COVERED, [KNOWN]) == ((), ())
    assert check([*others, item(TSA.token(COVERED, AT))], COVERED, [KNOWN])[0] == PROOF


def sig_tst(*tokens, **more):
    return {"sigTst": {"tstTokens": list(tokens)}, **more}


GOOD = {"val": base64.b64encode(TSA.token(COVERED, AT)).decode()}
FORMS = {
    "no list": ({"sigTst": {"tstTokens": GOOD}}, "malformed"),
    "no object": ({"sigTst": [GOOD]}, "malformed"),
    "no tokens member": ({"sigTst": {}}, "malformed"),
    "no token": (sig_tst(), "not-one-token"),
    "two tokens": (sig_tst(GOOD, GOOD), "not-one-token"),
    "another member beside it": (sig_tst(GOOD, xVals=[]), "malformed"),
    "a token that is text": (sig_tst(GOOD["val"]), "malformed"),
    "a value that is a number": (sig_tst({"val": 5}), "malformed"),
    "base64url": (sig_tst({"val": "-___"}), "malformed"),
    "base64 without its end": (sig_tst({"val": "AAA"}), "malformed"),
    "white space": (sig_tst({"val": GOOD["val"] + "\n"}), "malformed"),
    "nothing": (sig_tst({"val": ""}), "malformed"),
    "a text that is no base64url": ("{}", "malformed"),
    "a text of no JSON": ("AAAA", "malformed"),
    "a text of a list": (base64.urlsafe_b64encode(b"[1]").decode().rstrip("="), "malformed"),
    "a text beyond ASCII": ("\u00e9\u00e9\u00e9\u00e9", "malformed"),
    "too large": (sig_tst({"val": "A" * 87_388}), "too-large"),
    "at the limit, but no token": (sig_tst({"val": "A" * 87_384}), "malformed"),
}


@pytest.mark.requirement("TIM-010")
@pytest.mark.requirement("TIM-011")
@pytest.mark.parametrize(("odd", "why"), FORMS.values(), ids=FORMS)
def test_an_odd_item_is_ignored_by_name_and_leaves_the_good_one_alone(odd, why):
    proofs, found = check([odd, item(TSA.token(COVERED, AT))], COVERED, [KNOWN])

    assert proofs == PROOF
    assert [(f.code, f.detail.get("reason")) for f in found] == [
        (Code.TIME_TOKEN_IGNORED, why),
        (Code.TIME_TRUSTED, None),
    ]


@pytest.mark.requirement("SEC-001")
def test_the_items_of_all_copies_of_a_statement_are_looked_at():
    """Eight a copy (ENV-006), 32 copies."""
    items = [{"sigTst": {}}] * 300

    assert len(list(stamps_of(items))) == DEFAULT_LIMITS.etsi_u * DEFAULT_LIMITS.statements == 256


BROKEN = {
    "no DER": b"hello",
    "cut": TSA.token(COVERED, AT)[:-1],
    "more": TSA.token(COVERED, AT) + b"\0",
    "a length beyond all": b"\x30\x84\xff\xff\xff\xff" + TSA.token(COVERED, AT)[4:],
    "an endless length": b"\x30\x80" + TSA.token(COVERED, AT)[4:] + b"\0\0",
    "a response": _der.wrapped(_der.SEQUENCE, timestamps._GRANTED + TSA.token(COVERED, AT)),
    "a sequence of nothing": b"\x30\x00",
}


@pytest.mark.requirement("TIM-010")
@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_token_is_malformed(broken):
    assert reason(broken) == "malformed"


@pytest.mark.requirement("TIM-010")
def test_a_token_of_another_statement_is_ignored():
    """Threat 29: a time-stamp that is moved from one statement to another."""
    assert reason(TSA.token(b"another", AT)) == "other-signature"
    assert reason(TSA.token(COVERED, AT), covered=COVERED + b"=") == "other-signature"


@pytest.mark.requirement("TIM-012")
def test_the_signer_is_found_among_the_policys_certificates_when_the_token_has_none():
    token = TSA.token(COVERED, AT, certificates=())

    assert reason(token) == "certificate"
    assert judged(token, replace(KNOWN, certificates=(TSA.certificate,))) == (PROOF, [])
    assert reason(token, replace(KNOWN, certificates=(OTHER.certificate,))) == "certificate"


@pytest.mark.requirement("TIM-012")
def test_two_certificates_of_one_issuer_and_serial_are_none():
    twin = PythonTsa(end=day("2039-01-01"))
    both = [TSA.certificate, twin.certificate]

    assert reason(TSA.token(COVERED, AT, certificates=both)) == "certificate"
    assert judged(TSA.token(COVERED, AT, certificates=[TSA.certificate] * 2)) == (PROOF, [])


@pytest.mark.requirement("TIM-012")
def test_certificates_that_others_put_in_do_not_matter():
    more = [OTHER.certificate, OTHER_ROOT.der, TSA.certificate, TSA.root.der]

    assert judged(TSA.token(COVERED, AT, certificates=more)) == (PROOF, [])


@pytest.mark.requirement("TIM-013")
@pytest.mark.parametrize("ess", ["v1", "v2", "v2-sha512"])
def test_the_signed_attributes_name_the_certificate(ess):
    assert judged(TSA.token(COVERED, AT, ess=ess)) == (PROOF, [])
    assert reason(TSA.token(COVERED, AT, ess=ess, named=OTHER.certificate)) == "certificate"


@pytest.mark.requirement("TIM-013")
def test_a_token_that_names_no_certificate_is_ignored():
    assert reason(TSA.token(COVERED, AT, ess="none")) == "certificate"


CODE_SIGNING = ExtendedKeyUsageOID.CODE_SIGNING
UNFIT = {
    "not critical": PythonTsa(critical=False),
    "no purpose": PythonTsa(purposes=None),
    "another purpose": PythonTsa(purposes=(CODE_SIGNING,)),
    "two purposes": PythonTsa(purposes=(ExtendedKeyUsageOID.TIME_STAMPING, CODE_SIGNING)),
    "any purpose": PythonTsa(purposes=(ObjectIdentifier("2.5.29.37.0"),)),
    "an authority": PythonTsa(is_ca=True),
}


@pytest.mark.requirement("TIM-014")
@pytest.mark.parametrize("unfit", UNFIT.values(), ids=UNFIT)
def test_a_certificate_is_for_time_stamps_and_nothing_else(unfit):
    """Threats 23 and 27: certificates that were made for something else."""
    assert reason(unfit.token(COVERED, AT)) == "certificate"


@pytest.mark.requirement("TIM-015")
def test_an_authority_that_the_policy_does_not_list_proves_nothing():
    assert reason(OTHER.token(COVERED, AT)) == "unknown-authority"
    assert judged(OTHER.token(COVERED, AT), KNOWN, Tsa("two", "Second", (OTHER_ROOT.der,)))[0] == (
        Proof("rfc3161", "two", "Second", AT),
    )


@pytest.mark.requirement("TIM-015")
def test_a_stranger_that_calls_itself_the_same_proves_nothing():
    """Threat 6, for authorities: the name of a certificate is not its key."""

    class Stranger(Authority):
        key = Authority("Someone").key

    assert reason(PythonTsa(Stranger(TSA.root.name)).token(COVERED, AT)) == "unknown-authority"


@pytest.mark.requirement("TIM-015")
@pytest.mark.parametrize(
    ("at", "holds"),
    [("2024-12-31", False), ("2025-01-02", True), ("2027-12-30", True), ("2028-01-02", False)],
)
def test_it_is_judged_at_the_time_that_the_token_states(at, holds):
    ended = PythonTsa(end=day("2028-01-01"))

    proofs, reasons = judged(ended.token(COVERED, day(at)))

    assert [p.at for p in proofs] == ([day(at)] if holds else [])
    assert reasons == ([] if holds else ["unknown-authority"])


@pytest.mark.requirement("TIM-016")
@pytest.mark.parametrize(
    ("accepted", "why"),
    [
        ((), None),
        (("1.2.3.4.1",), None),
        (("1.2.3", "1.2.3.4.1"), None),
        (("1.2.3",), "tsa-policy"),
    ],
)
def test_where_the_asker_lists_tsa_policies_the_token_is_under_one(accepted, why):
    proofs, reasons = judged(TSA.token(COVERED, AT), replace(KNOWN, policy_oids=accepted))

    assert reasons == ([why] if why else [])
    assert proofs == (() if why else PROOF)


@pytest.mark.requirement("TIM-016")
def test_of_two_entries_for_one_authority_the_one_that_accepts_counts():
    strict = replace(KNOWN, policy_oids=("1.2.3",))
    token = TSA.token(COVERED, AT)

    assert judged(token, strict, replace(KNOWN, id="two"))[0][0].by == "two"
    assert reason(token, strict, Tsa("x", "X", (OTHER_ROOT.der,))) == "tsa-policy"


def reordered(token):
    """The same token with the certificates in the other order."""
    signed = _der.parse(token).child(1, 0xA0).child(0, _der.SEQUENCE)
    found = next(c for c in signed.children() if c.tag == 0xA0)
    backwards = b"".join(c.whole for c in reversed(found.children()))
    return token[: found.start] + backwards + token[found.stop :]


@pytest.mark.requirement("TIM-017")
def test_certificates_stand_in_any_order():
    from rfc3161_client import decode_timestamp_response

    token = TSA.token(COVERED, AT, certificates=[TSA.certificate, TSA.root.der])
    other = reordered(token)

    assert token != other
    assert judged(token) == judged(other) == (PROOF, [])
    body = timestamps._GRANTED + other
    with pytest.raises(ValueError, match="InvalidSetOrdering"):  # what is mended here
        decode_timestamp_response(b"\x30\x82" + len(body).to_bytes(2, "big") + body)


def flips(token, count):
    chosen = random.Random(3161)
    for place in sorted(chosen.sample(range(8 * len(token)), count)):
        data = bytearray(token)
        data[place // 8] ^= 1 << place % 8
        yield bytes(data)


@pytest.mark.requirement("TIM-010")
def test_a_flipped_bit_changes_nothing_or_makes_it_worthless(recwarn):
    """The version numbers and the OID beside the signature are covered by nothing."""
    token = TSA.token(COVERED, AT)
    whole = range(len(token) * 8) if _full() else ()
    sample = list(flips(token, len(whole) or 600))

    results = [judged(one) for one in sample]

    accepted = [proofs for proofs, _ in results if proofs]
    assert all(proofs == PROOF for proofs in accepted)
    assert len(accepted) < len(results) / 50
    assert {why for _, reasons in results for why in reasons} <= {
        "malformed", "other-signature", "certificate", "algorithm", "unknown-authority",
    }  # fmt: skip
    assert [str(w.message) for w in recwarn] == []


def _full():
    import os

    return os.environ.get("MUSICPROV_TEST_FULL") == "1"


@pytest.mark.requirement("SEC-002")
def test_no_bytes_make_it_raise():
    chosen = random.Random(1)
    token = TSA.token(COVERED, AT)
    for _ in range(1500):
        data = bytearray(token)
        for _ in range(chosen.randint(1, 6)):
            at = chosen.randrange(len(data))
            piece = chosen.randbytes(chosen.randint(0, 4))
            data[at : at + chosen.randint(0, 4)] = piece
        proofs, reasons = judged(bytes(data))
        assert bool(proofs) != bool(reasons)
        assert proofs in ((), PROOF)


@pytest.mark.requirement("TIM-010")
def test_without_authorities_nothing_is_loaded_and_nothing_is_believed():
    odd = {"sigTst": 5}
    proofs, found = check([item(TSA.token(COVERED, AT)), odd], COVERED, ())

    assert proofs == ()
    assert [f.detail["reason"] for f in found] == ["no-authority", "no-authority"]


@pytest.mark.requirement("TIM-010")
def test_without_the_extra_it_says_so(monkeypatch):
    load = builtins.__import__

    def without(name, *more, **and_more):
        if name.partition(".")[0] == "rfc3161_client":
            raise ImportError(name)
        return load(name, *more, **and_more)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.delitem(sys.modules, "rfc3161_client", raising=False)
    timestamps._proof.cache_clear()
    try:
        assert reason(TSA.token(COVERED, AT)) == "not-installed"
    finally:
        timestamps._proof.cache_clear()


@pytest.mark.requirement("SEC-001")
def test_a_token_of_too_many_certificates_is_not_walked():
    many = [Authority(f"Root {n}").der for n in range(_der.MOST)]

    assert reason(TSA.token(COVERED, AT, certificates=[TSA.certificate, *many])) == "malformed"
    assert judged(TSA.token(COVERED, AT, certificates=[TSA.certificate, *many[1:]])) == (PROOF, [])


@pytest.mark.requirement("TIM-015")
def test_among_many_authorities_the_one_that_issued_it_is_named():
    many = [Tsa(f"{n}", f"TSA {n}", (Authority(f"Root {n}").der,)) for n in range(5)]

    assert judged(TSA.token(COVERED, AT), *many, KNOWN, many[0]) == (PROOF, [])
    assert reason(TSA.token(COVERED, AT), *many) == "unknown-authority"
    strict = replace(KNOWN, policy_oids=("1.2.3",))
    assert reason(TSA.token(COVERED, AT), *many, strict) == "tsa-policy"


@pytest.mark.requirement("POL-050")
def test_taking_authorities_away_never_adds_a_proof():
    tsas = [KNOWN, Tsa("two", "Second", (OTHER_ROOT.der,)), replace(KNOWN, policy_oids=("1.2.3",))]
    items = [item(TSA.token(COVERED, AT)), item(OTHER.token(COVERED, day("2026-05-01")))]
    every = {p.at for p in check(items, COVERED, tsas)[0]}

    for gone in range(len(tsas)):
        left = {
            p.at for p in check(items, COVERED, [t for n, t in enumerate(tsas) if n != gone])[0]
        }
        assert left <= every
    assert len(every) == 2


def test_the_same_time_stamp_twice_is_one_proof():
    one = item(TSA.token(COVERED, AT))
    later = item(TSA.token(COVERED, day("2026-07-01")))

    proofs, _ = check([one, later, one], COVERED, [KNOWN])

    assert [p.at for p in proofs] == [AT, day("2026-07-01")]


# ---- the best signature time -------------------------------------------------------------------

NOW = day("2031-01-01")


def proofs_at(*days):
    return tuple(Proof("rfc3161", "one", "First TSA", day(d)) for d in days)


@pytest.mark.requirement("TIM-020")
@pytest.mark.requirement("TIM-023")
def test_the_earliest_proof_counts_and_without_one_now():
    assert best_time((), NOW) == BestTime(NOW, proven=False)
    made = proofs_at("2027-01-01", "2026-01-01", "2028-01-01")
    assert best_time(made, NOW) == BestTime(day("2026-01-01"), proven=True, proofs=made)


@pytest.mark.requirement("TIM-020")
def test_a_proof_of_a_time_to_come_proves_no_more_than_now():
    made = proofs_at("2040-01-01")

    assert best_time(made, NOW) == BestTime(NOW, proven=True, proofs=made)


SECOND = timedelta(seconds=1)
FIVE, DAY = timedelta(minutes=5), timedelta(days=1)


@pytest.mark.requirement("TIM-021")
@pytest.mark.requirement("TIM-022")
@pytest.mark.parametrize(
    ("claimed", "code"),
    [
        (timedelta(0), None),
        (FIVE, None),
        (FIVE + SECOND, Code.TIME_ORDER),
        (365 * DAY, Code.TIME_ORDER),
        (-DAY, None),
        (-DAY - SECOND, Code.TIME_LATE),
    ],
)
def test_what_is_claimed_is_held_against_the_earliest_proof(claimed, code):
    best = best_time(proofs_at("2027-01-01", "2026-01-01"), NOW)
    iat = int((day("2026-01-01") + claimed).timestamp())

    found = list(disagreements(iat, best))

    assert [f.code for f in found] == ([code] if code else [])
    assert all(f.detail["proven"] == "2026-01-01T00:00:00Z" for f in found)


@pytest.mark.requirement("TIM-022")
def test_without_a_proof_nothing_contradicts_and_no_claim_is_too_large():
    assert list(disagreements(2**53 - 1, best_time((), NOW))) == []
    (found,) = disagreements(2**53 - 1, best_time(proofs_at("2026-01-01"), NOW))
    assert found.detail["claimed"] == "9999-12-31T23:59:59Z"


def test_the_test_authority_stamps_the_same_twice():
    assert TSA.token(COVERED, AT) == PythonTsa().token(COVERED, AT)
    assert load_der_x509_certificate(TSA.certificate).serial_number == 7
    assert json.dumps(item(TSA.token(COVERED, AT)))
