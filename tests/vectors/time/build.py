#!/usr/bin/env python3
"""Build the vectors of time: what time-stamps prove, what they do not, and timelines (spec 16).

Nothing of the package under test is imported. Statements are made as for ``verify``, certificates
as for ``certificates``; the authority is that of ``tests/support``, whose tokens are the same at
every rebuild. ``--check`` exits 1 on drift.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from making import keep, load  # noqa: E402

V = load("verify_build", "verify/build.py")
I = load("vector_issuing", "certificates/issuing.py")  # noqa: E741
A = load("support_tsa", "../support/tsa.py")

TSA = A.PythonTsa()
CODE_SIGNING = A.ExtendedKeyUsageOID.CODE_SIGNING
TINY = V.samples(7, 100)
PCM = V.le16(TINY)
SIGNED = A.day("2026-11-23")
EARLY, LATER = A.day("2026-11-24"), A.day("2030-06-01")
PAYLOAD = V.compact(V.manifest(TINY, "essence"))
PLAIN = V.token(PAYLOAD)
OTHER = V.token(V.manifest(V.samples(8, 100), "essence"))

SEAL_ROOT = I.Issuer(I.name("Example Root"), I.T.Key("root"))
LEAF = SEAL_ROOT.leaf(
    I.name("Northern Lights Seal", organization="Northern Lights Records Ltd"),
    I.T.Key("label"),
    dates=("2026-01-01", "2029-01-01"),
)
CERTIFIED = I.token(I.T.Key("label"), (LEAF,), PAYLOAD, iat=V.IAT)


def covered(token: bytes) -> bytes:
    """What a time-stamp is over: the text of the signature."""
    return token.rpartition(b".")[2]


def stamp(token: bytes = PLAIN, at: Any = EARLY, tsa: Any = TSA, **more: Any) -> bytes:
    made: bytes = tsa.token(covered(token), at, **more)
    return made


def item(*tokens: bytes) -> dict[str, Any]:
    return {"sigTst": {"tstTokens": [{"val": b64encode(t).decode()} for t in tokens]}}


def text(of: Mapping[str, Any]) -> str:
    return str(V.b64(V.compact(of)))


def flat(token: bytes, *items: Any) -> dict[str, Any]:
    protected, payload, signature = token.decode().split(".")
    made: dict[str, Any] = {"payload": payload, "protected": protected, "signature": signature}
    return {**made, "header": {"etsiU": list(items)}} if items else made


def bundle(*statements: Mapping[str, Any]) -> bytes:
    made: bytes = V.compact({"bundle": "musicprov-bundle/1", "statements": list(statements)})
    return made


def malleated(token: bytes) -> bytes:
    """The other signature value that the same key and message have: r and n - s."""
    head, _, tail = token.rpartition(b".")
    raw = urlsafe_b64decode(tail + b"==")
    s = V.ORDER - int.from_bytes(raw[32:], "big")
    made: bytes = head + b"." + V.b64(raw[:32] + s.to_bytes(32, "big")).encode()
    return made


def flipped(token: bytes) -> bytes:
    """One bit of the authority's signature, which ends the token, is changed."""
    return token[:-1] + bytes([token[-1] ^ 1])


def reordered(token: bytes) -> bytes:
    """The certificates of a token with two of them in the other order."""
    first, second = sorted((TSA.certificate, TSA.root.der))
    if token.count(first + second) != 1:
        raise ValueError("not in the order of DER")
    return token.replace(first + second, second + first)


@dataclass(frozen=True)
class Trial:
    """One file, its asker and what must follow."""

    ids: str
    what: str
    items: Sequence[Any]
    status: str = "PASSED"
    codes: Sequence[str] = ()
    token: bytes = PLAIN
    now: str = "2027-01-01T00:00:00Z"
    require: str | None = "trusted"
    tsa: Mapping[str, Any] | None = field(default_factory=dict)
    """What the policy's authority has beside its root; None: the policy has none."""
    given_certs: Sequence[bytes] = ()
    root: bytes = TSA.root.pem
    key: Mapping[str, Any] = field(default_factory=dict)
    confirms: Sequence[str] = ()
    informs: Sequence[str] = ()
    danger: str = ""
    carriers: Sequence[bytes] = ()


UNMET = ("policy.unmet",)
FAKE_PROOF = "A time that nobody proved would be believed."


def passes(ids: str, what: str, *items: Any, **more: Any) -> Trial:
    return Trial(ids, what, items, confirms=("time.trusted",), **more)


def ignored(ids: str, what: str, *items: Any, **more: Any) -> Trial:
    more.setdefault("danger", FAKE_PROOF)
    more.setdefault("informs", ("time.token-ignored",))
    return Trial(ids, what, items, "INDETERMINATE", UNMET, **more)


def proofs() -> Iterator[tuple[str, Trial]]:
    """16.1 and 16.2: what is accepted."""
    good = item(stamp())
    yield "trusted", passes("TIM-001 TIM-015", "A time-stamp of a known authority.", good)
    yield "not-stamped", Trial(
        "TIM-023", "No time-stamp: iat and issued prove nothing.", (), "INDETERMINATE", UNMET,
        informs=("time.claimed",), danger="The signer's own clock taken for evidence.",
    )  # fmt: skip
    yield "item-as-text", passes("TIM-003", "The item as the base64url of an object.", text(good))
    for digest in ("sha384", "sha512"):
        made = item(stamp(digest=digest))
        yield f"imprint-{digest}", passes("TIM-002", f"An imprint by {digest}.", made)
    yield "named-by-sha1", passes("TIM-013", "ESSCertID, by SHA-1.", item(stamp(ess="v1")))
    yield "named-by-sha512", passes("TIM-013", "By SHA-512.", item(stamp(ess="v2-sha512")))
    others = ({"xVals": []}, {"arcTst": {}})
    yield "beside-other-items", passes("TIM-004", "Other items are there.", *others, good)
    yield "good-behind-broken", passes(
        "TIM-010 TIM-011", "A broken time-stamp, then a good one.", item(b"broken"), good,
        informs=("time.token-ignored",),
    )  # fmt: skip
    more = [TSA.certificate, TSA.root.der, A.Authority("Injected").der]
    yield (
        "certificates-put-in",
        passes("TIM-012", "Somebody put certificates into it.", item(stamp(certificates=more))),
    )
    out_of_order = reordered(stamp(certificates=[TSA.certificate, TSA.root.der]))
    yield (
        "certificates-in-any-order",
        passes("TIM-017", "The set of certificates is not in DER's order.", item(out_of_order)),
    )
    yield "certificate-from-policy", passes(
        "TIM-012", "The token holds no certificate, the policy does.", item(stamp(certificates=())),
        given_certs=[TSA.certificate],
    )  # fmt: skip
    yield "tsa-policy-accepted", passes(
        "TIM-016", "Under a TSA policy that the asker accepts.", good,
        tsa={"policyOids": ["1.2.3", A.POLICY]},
    )  # fmt: skip
    yield "plain-beside-stamped", passes(
        "VER-023 ENV-042", "The same statement without a time-stamp stands first.", good,
        carriers=(PLAIN, bundle(flat(PLAIN, good))),
    )  # fmt: skip
    yield "malleated-beside-stamped", passes(
        "VER-023 TIM-002", "Before it stands the same statement with another signature value.",
        good, carriers=(malleated(PLAIN), bundle(flat(PLAIN, good))),
        danger="Whoever can add a tag would take away a proof.",
    )  # fmt: skip
    junk = [item(b"junk %d" % n) for n in range(8)]
    yield "behind-malleated-with-junk", passes(
        "VER-023 TIM-011", "Another signature value, with a worthless time-stamp, stands first.",
        good, carriers=(bundle(flat(malleated(PLAIN), *junk[:1])), bundle(flat(PLAIN, good))),
        informs=("time.token-ignored",), danger="Whoever can add a tag would take away a proof.",
    )  # fmt: skip
    yield "behind-a-copy-full-of-junk", passes(
        "VER-023 TIM-011", "A copy with eight worthless time-stamps stands first.",
        good, carriers=(bundle(flat(PLAIN, *junk)), bundle(flat(PLAIN, good))),
        informs=("time.token-ignored",), danger="Whoever can add a tag would take away a proof.",
    )  # fmt: skip
    yield "authority-ended-since", passes(
        "TIM-015", "The authority's certificate ended in 2028; it is 2031.",
        item(stamp(tsa=A.PythonTsa(end=A.day("2028-01-01")))), now="2031-01-01T00:00:00Z",
    )  # fmt: skip


def worthless() -> Iterator[tuple[str, Trial]]:
    """16.2: every reason why a time-stamp proves nothing."""
    good = item(stamp())
    copied = item(stamp(OTHER))
    yield "copied", ignored("TIM-010", "The time-stamp of another statement.", copied)
    yield "copied-not-required", Trial(
        "TIM-011", "The same, and no proof is required: it does no harm.", (copied,),
        require=None, informs=("time.token-ignored", "time.claimed"),
        danger="Anybody could break a statement by adding a time-stamp.",
    )  # fmt: skip
    yield "no-authority", ignored("TIM-010", "The policy lists no authority.", good, tsa=None)
    yield "unknown-authority", ignored(
        "TIM-015", "By an authority that the policy does not list.", good,
        root=A.Authority("Another Root").pem,
    )  # fmt: skip
    yield "namesake-authority", ignored(
        "TIM-015", "By an authority of the same name with another key.",
        item(stamp(tsa=A.PythonTsa(_namesake()))),
    )  # fmt: skip
    yield "flipped-bit", ignored("TIM-015", "A bit of it was changed.", item(flipped(stamp())))
    yield "cut", ignored("TIM-010", "Cut by one byte.", item(stamp()[:-1]))
    yield "no-token", ignored("TIM-010", "No DER at all.", item(b"2026-11-24"))
    yield "two-tokens", ignored("TIM-010", "Two tokens in an item.", item(stamp(), stamp()))
    yield "sha1", ignored("TIM-002", "An imprint by SHA-1.", item(stamp(digest="sha1")))
    octets = TSA.token(urlsafe_b64decode(covered(PLAIN) + b"=="), EARLY)
    yield "over-octets", ignored("TIM-002", "Over the signature's octets.", item(octets))
    yield "over-payload", ignored("TIM-002", "Over the payload.", item(TSA.token(PAYLOAD, EARLY)))
    yield (
        "tsa-policy",
        ignored("TIM-016", "Under another TSA policy.", good, tsa={"policyOids": ["1.2.3"]}),
    )
    other = A.PythonTsa(name="Other")
    yield (
        "names-another",
        ignored("TIM-013", "It names another certificate.", item(stamp(named=other.certificate))),
    )
    yield "names-none", ignored("TIM-013", "It names no certificate.", item(stamp(ess="none")))
    yield (
        "no-certificate",
        ignored(
            "TIM-012",
            "Neither it nor the policy has the certificate.",
            item(stamp(certificates=())),
        ),
    )
    twin = A.PythonTsa(end=A.day("2039-01-01"))
    yield "two-certificates", ignored(
        "TIM-012", "Two certificates fit.",
        item(stamp(certificates=[TSA.certificate, twin.certificate])),
    )  # fmt: skip
    for slug, what, tsa in (
        ("purpose-not-critical", "The purpose is not critical.", A.PythonTsa(critical=False)),
        ("purpose-none", "No purpose is stated.", A.PythonTsa(purposes=None)),
        ("purpose-other", "It is for code.", A.PythonTsa(purposes=(CODE_SIGNING,))),
        (
            "purpose-two",
            "It is for code too.",
            A.PythonTsa(purposes=(A.TIME_STAMPING, CODE_SIGNING)),
        ),
        ("stamped-by-authority", "The certificate issues others.", A.PythonTsa(is_ca=True)),
    ):
        yield slug, ignored("TIM-014", what, item(stamp(tsa=tsa)))
    yield "before-the-authority", ignored(
        "TIM-015", "Its time is before the authority's certificate began.",
        item(stamp(at=A.day("2026-12-31"), tsa=A.PythonTsa(start=A.day("2027-01-01")))),
        now="2031-01-01T00:00:00Z",
    )  # fmt: skip
    yield "after-the-authority", ignored(
        "TIM-015", "Its time is after the authority's certificate ended.",
        item(stamp(at=A.day("2028-01-02"), tsa=A.PythonTsa(end=A.day("2028-01-01")))),
        now="2031-01-01T00:00:00Z",
    )  # fmt: skip


def _namesake() -> Any:
    class Namesake(A.Authority):  # type: ignore[misc, name-defined]
        key = A.key_of("musicprov vectors: somebody else")

    return Namesake()


ENDS = {"exp": "2029-01-01T00:00:00Z"}
IN_2031 = {"now": "2031-01-01T00:00:00Z", "require": None}
STOLEN = {
    "revoked": {
        "at": "2026-12-10T00:00:00Z",
        "reason": "keyCompromise",
        "invalidFrom": "2026-12-01T00:00:00Z",
    }
}
LEFT = {"revoked": {"at": "2026-12-10T00:00:00Z", "reason": "cessationOfOperation"}}
THIEF = "Whoever steals a key could sign what its owner said years ago."


def timelines() -> Iterator[tuple[str, Trial]]:
    """16.3, 13.4: a key and a certificate that end, a key that is stolen."""
    good, late = item(stamp()), item(stamp(at=LATER))
    unproven = ("identity.expired-no-poe", *UNMET)
    yield "key-ended", Trial(
        "TIM-020 IDN-021", "Signed in 2026 by a key that ended in 2029; it is 2031.", (),
        "INDETERMINATE", unproven, key=ENDS, **IN_2031,
    )  # fmt: skip
    yield (
        "key-ended-stamped",
        passes("TIM-020", "The same with a time-stamp of 2026.", good, key=ENDS, **IN_2031),
    )
    yield "key-ended-stamped-late", Trial(
        "TIM-020 TIM-021 IDN-020", "The same with a time-stamp of 2030.", (late,),
        "FAILED", ("identity.expired",), key=ENDS, informs=("time.late",), **IN_2031,
        danger="A key that has ended would sign on.",
    )  # fmt: skip
    yield (
        "key-ended-earliest-counts",
        passes("TIM-020", "With both: the earlier one counts.", late, good, key=ENDS, **IN_2031),
    )
    yield "key-ended-stamp-copied", Trial(
        "TIM-020 IDN-021", "With the time-stamp of another statement of 2026.",
        (item(stamp(OTHER)),), "INDETERMINATE", unproven, key=ENDS,
        informs=("time.token-ignored",), danger=THIEF, **IN_2031,
    )  # fmt: skip
    yield "key-ended-stamp-to-come", Trial(
        "TIM-020 IDN-020", "With a time-stamp of 2035: it proves no more than now.",
        (item(stamp(at=A.day("2035-01-01"))),), "FAILED", ("identity.expired",), key=ENDS,
        informs=("time.late",), **IN_2031,
    )  # fmt: skip
    yield from certificates()
    yield "key-stolen-stamped-before", passes(
        "TIM-020 IDN-023", "The key was stolen on 1 December; stamped on 24 November.", good,
        key=STOLEN, require=None,
    )  # fmt: skip
    yield "key-stolen", Trial(
        "TIM-023 IDN-023", "Not stamped: it claims 23 November, as the thief could.", (), "FAILED",
        ("identity.revoked",), key=STOLEN, require=None, danger=THIEF,
    )  # fmt: skip
    after = item(stamp(at=A.day("2026-12-05")))
    yield "key-stolen-stamped-after", Trial(
        "TIM-020 IDN-023", "Dated back to 23 November, stamped on 5 December.", (after,), "FAILED",
        ("identity.revoked",), key=STOLEN, require=None, informs=("time.late",), danger=THIEF,
    )  # fmt: skip
    yield "key-retired", Trial(
        "TIM-020 IDN-024", "The holder ceased on 10 December; not stamped.", (), "INDETERMINATE",
        ("identity.revoked-no-poe", *UNMET), key=LEFT, require=None,
    )  # fmt: skip
    yield (
        "key-retired-stamped-before",
        passes("TIM-020", "The same, stamped on 24 November.", good, key=LEFT, require=None),
    )
    early = V.token(PAYLOAD, iat=V.IAT + 86_400 + 301)
    yield "claims-to-be-later", Trial(
        "TIM-022", "iat is five minutes and a second after the proof.",
        (item(stamp(early)),), "INDETERMINATE", ("time.order",), token=early,
        confirms=("time.trusted",),
    )  # fmt: skip
    near = V.token(PAYLOAD, iat=V.IAT + 300)
    at_once = item(stamp(near, SIGNED))
    yield (
        "five-minutes-fast",
        passes("TIM-022", "The signer's clock is five minutes fast.", at_once, token=near),
    )
    yield "stamped-later-on", passes(
        "TIM-021", "Stamped a month after it was signed.", item(stamp(at=A.day("2026-12-23"))),
        informs=("time.late",),
    )  # fmt: skip


def certificates() -> Iterator[tuple[str, Trial]]:
    how: dict[str, Any] = {**IN_2031, "token": CERTIFIED}
    good = item(stamp(CERTIFIED))
    yield "certificate-ended", Trial(
        "TIM-020 IDN-021", "Signed in 2026, certificate until 2029; it is 2031.", (),
        "INDETERMINATE", ("identity.expired-no-poe", *UNMET), **how,
    )  # fmt: skip
    yield "certificate-ended-stamped", Trial(
        "TIM-020", "The same with a time-stamp of 2026.", (good,),
        confirms=("time.trusted", "identity.certified"), **how,
    )  # fmt: skip
    yield "certificate-ended-stamped-late", Trial(
        "TIM-020 IDN-020", "The same with a time-stamp of 2030.",
        (item(stamp(CERTIFIED, LATER)),), "FAILED", ("identity.expired",), **how,
    )  # fmt: skip
    yield "certificate-ended-authority-too", Trial(
        "TIM-015 TIM-020", "The authority's certificate has ended as well, in 2028.",
        (item(stamp(CERTIFIED, tsa=A.PythonTsa(end=A.day("2028-01-01")))),),
        confirms=("time.trusted", "identity.certified"), **how,
    )  # fmt: skip


def files_of(slug: str, trial: Trial) -> dict[str, bytes]:
    certified = trial.token == CERTIFIED
    require = {"binding": "exact", "authority": "any"}
    require["identity"] = "certified" if certified else "party"
    if trial.require:
        require["time"] = trial.require
    policy: dict[str, Any] = {
        "policy": "musicprov-trust-policy/1",
        "id": "vectors",
        "version": 1,
        "issued": "2026-11-01T00:00:00Z",
        "require": require,
    }
    out: dict[str, bytes] = {}
    if certified:
        policy["anchors"] = [{"id": "seal-ca", "certs": ["seal.der"]}]
        out["seal.der"] = SEAL_ROOT.der
    else:
        key = {"key": V.ARTIST.thumbprint, **trial.key}
        policy["parties"] = [{"id": "artist", "name": "Vector Artist", "keys": [key]}]
    if trial.tsa is not None:
        tsa = {"id": "tsa", "name": "Vector Time", "roots": ["root.pem"], **trial.tsa}
        if trial.given_certs:
            out |= {f"given{n}.der": der for n, der in enumerate(trial.given_certs)}
            tsa["certs"] = [name for name in out if name.startswith("given")]
        policy["tsa"] = [tsa]
        out["root.pem"] = trial.root
    values = trial.carriers or (
        (bundle(flat(trial.token, *trial.items)),) if trial.items else (trial.token,)
    )
    out["policy.json"] = V.compact(policy)
    out["input.wav"] = V.wav(PCM, V.tagged(*values))
    expect: dict[str, Any] = {"status": trial.status, "codes": sorted(trial.codes)}
    if trial.confirms:
        expect["confirms"] = sorted(trial.confirms)
    if trial.informs:
        expect["informs"] = sorted(trial.informs)
    case: dict[str, Any] = {
        "id": f"time/{slug}",
        "operation": "verify",
        "requirements": trial.ids.split(),
        "description": trial.what,
        "danger": trial.danger,
        "features": ["rfc3161"],
        "input": "input.wav",
        "options": {"now": trial.now, "trust": "policy.json"},
        "expect": expect,
        "source": "hand-made",
    }
    if not trial.items:
        del case["features"]
    out["case.json"] = json.dumps(case, indent=2).encode() + b"\n"
    return out


def everything() -> dict[str, dict[str, bytes]]:
    out: dict[str, dict[str, bytes]] = {}
    for made in (proofs(), worthless(), timelines()):
        for slug, trial in made:
            if slug in out:
                raise ValueError(slug)
            out[slug] = files_of(slug, trial)
    return out


def main() -> int:
    return keep(HERE, everything())


if __name__ == "__main__":
    sys.exit(main())
