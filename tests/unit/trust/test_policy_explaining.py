"""``prov trust explain`` (POL-052): which line speaks for the result, which against it, and why."""

from datetime import UTC, datetime, timedelta

import pytest
from provenance.model.codes import Code
from provenance.model.findings import finding
from provenance.trust.authority import Claim
from provenance.trust.explaining import Binding, Found, explain
from provenance.trust.moments import BestTime, Proof
from provenance.trust.policy import Anchor, Directory, Grant, KnownKey, Party, Policy, Scope, Tsa
from provenance.trust.requirements import required_of

NOW = datetime(2026, 12, 1, tzinfo=UTC)
KEY = "k" * 43
ISRC = "GBXYZ2600123"
POLICY = Policy(
    id="p",
    version=1,
    issued=NOW,
    expires=NOW,
    require={"binding": "exact", "identity": "party", "authority": "granted"},
    anchors=(Anchor("web", "Web", ()), Anchor("seals", "Seals", ())),
    parties=(
        Party("other", "Other"),
        Party(
            "label",
            "Northern Lights",
            keys=(KnownKey("x" * 43), KnownKey(KEY)),
            directories=(
                Directory("old.example", NOW, ()),
                Directory("label.example", NOW, (KnownKey(KEY),)),
            ),
        ),
        Party("shop", "The Shop"),
    ),
    grants=(
        Grant("declare", "label", over=Scope(isrc=("GBXYZ*",)), place="/grants/0"),
        Grant("vouch", "shop", over=Scope(ids=("isni",)), place="/grants/1"),
    ),
    tsas=(Tsa("t0", "Other", ()), Tsa("t1", "Time", ())),
)
CLAIM = Claim("declare", "label", role="label", key=KEY, isrc=ISRC)


def lines(*findings, claim=CLAIM, best=None, policy=POLICY, bindings=(), strict=frozenset()):
    best = best or BestTime(NOW, proven=False)
    found = Found(findings, required_of(policy), strict, claim, best, bindings)
    return [(x.topic, x.holds, x.where, x.text) for x in explain(policy, found)]


def about(topic, *findings, **more):
    return [line[1:] for line in lines(*findings, **more) if line[0] == topic]


IDENTITIES = [
    (finding(Code.IDENTITY_PARTY, key=KEY, party="label", via="key"), True, "/parties/1/keys/1",
     f"identity.party: the key {KEY} is listed for Northern Lights"),
    (finding(Code.IDENTITY_PARTY, key=KEY, party="label", via="certificate"), True,
     "/parties/1/subjects", "identity.party: the certificate fits what is said of Northern Lights"),
    (finding(Code.IDENTITY_DOMAIN, key=KEY, party="label", domain="label.example"), True,
     "/parties/1/directories/1",
     f"identity.domain: label.example listed the key {KEY}, for Northern Lights"),
    (finding(Code.IDENTITY_CERTIFIED, name="N", issuer="CA", anchor="seals",
             organizationIdentifier=None), True, "/anchors/1", None),
    (finding(Code.IDENTITY_VOUCHED, key=KEY, by="shop", name="Ana", sid="s"), True, "/grants/1",
     f"identity.vouched: shop says that the key {KEY} is that of Ana"),
    (finding(Code.IDENTITY_PINNED, key=KEY), True, "", None),
    (finding(Code.IDENTITY_UNKNOWN, key=KEY, claims="label"), False, "",
     (f"identity.unknown: nobody whom the policy trusts says whose the key {KEY} is;"
     " it claims to be label")),
    (finding(Code.IDENTITY_EXPIRED_NO_POE, party="label", notAfter="2026"), False, "/parties/1",
     "identity.expired-no-poe (party label, notAfter 2026)"),
    (finding(Code.IDENTITY_REVOCATION_UNKNOWN, anchor="seals"), None, "/anchors/1", None),
]  # fmt: skip


@pytest.mark.requirement("POL-052")
@pytest.mark.parametrize(("found", "holds", "where", "text"), IDENTITIES)
def test_each_identity_names_its_line(found, holds, where, text):
    ((shown, place, words),) = about("identity", found)

    assert (shown, place) == (holds, where)
    assert words.startswith(found.code.slug)
    assert text in {None, words}


@pytest.mark.requirement("POL-052")
def test_time_names_the_authority_or_says_that_there_is_none():
    proof = Proof("rfc3161", "t1", "Time", NOW - timedelta(days=1))
    proven = BestTime(proof.at, proven=True, proofs=(proof,))

    assert about("time", best=proven) == [(True, "/tsa/1", "Time proves 2026-11-30T00:00:00Z")]
    ((holds, where, text),) = about("time")
    assert (holds, where) == (None, "/tsa")
    assert "nothing proves" in text


@pytest.mark.requirement("POL-052")
def test_requirements_say_what_was_found_instead():
    found = (finding(Code.IDENTITY_DOMAIN, party="label"), finding(Code.BINDING_EXACT))

    rows = {where: (holds, text) for holds, where, text in about("require", *found) if where}

    assert rows == {
        "/require/binding": (True, "binding exact: met"),
        "/require/identity": (False, "identity party: not met, found identity.domain"),
        "/require/authority": (False, "authority granted: not met, found nothing"),
    }
    seal = about("require", *found, strict=frozenset({"seal", "revocation"}))[-2:]
    assert seal == [
        (True, "/require/revocation", "revocation known: met"),
        (False, "/require/seal", "seal: not met"),
    ]


def test_what_is_wrong_with_the_policy_comes_first():
    found = lines(finding(Code.POLICY_EXPIRED, policy="p"), finding(Code.POLICY_ROLLBACK, seen=2))

    assert [line[:3] for line in found[:2]] == [
        ("policy", False, "/expires"), ("policy", False, "/version"),
    ]  # fmt: skip


def test_nothing_is_asked_for_a_declaration_that_does_not_hold():
    found = lines(finding(Code.SIGNATURE_INVALID))

    assert [line[0] for line in found] == ["time", "authority"]
    assert "whatever the policy says" in found[-1][3]
    assert lines(claim=None) == []


@pytest.mark.requirement("POL-052")
def test_key_bindings_that_are_not_believed_say_why():
    unknown = finding(Code.IDENTITY_UNKNOWN, key=KEY)
    bindings = (
        Binding(None, "v" * 43, ("isni",), NOW, "s1"),
        Binding("shop", "v" * 43, ("isni", "ipi"), NOW, "s2"),
        Binding("label", "v" * 43, ("isni",), NOW, "s3"),
        Binding("shop", "v" * 43, ("isni",), NOW, "s4"),
    )
    heard = finding(Code.IDENTITY_VOUCHED, key=KEY, by="shop", name="Ana", sid="s4")

    rows = about("identity", unknown, bindings=bindings)[1:]

    assert [(where, text.partition(", which ")[2]) for _, where, text in rows] == [
        ("", "is not a key of a party"),
        ("/grants/1", "may not vouch by ipi"),
        ("", "may not vouch by isni"),
        ("", "does not count: see 'prov verify -v'"),
    ]
    assert about("identity", heard, bindings=bindings[3:])[1:] == []
