#!/usr/bin/env python3
"""Build the vectors of certificates: header, leaf, chain, purpose, revocation (spec 4, 7.1, 15).

Nothing of the package under test is imported. Every refused case is a good one with one thing
changed, and everything is signed as it stands. ``--check`` exits 1 on drift.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from making import keep, load  # noqa: E402

I = load("vector_issuing", "certificates/issuing.py")  # noqa: E741
V = load("verify_build", "verify/build.py")
T = I.T
Row, good, bad = T.Row, T.good, T.bad

ROOT = I.Issuer(I.name("Example Root"), T.Key("root"))
CA = I.Issuer(I.name("Example Seal CA G1", organization="Example Trust"), T.Key("seal ca"), ROOT)
LABEL = I.name(
    "Northern Lights Seal",
    organization="Northern Lights Records Ltd",
    organizationIdentifier="NTRGB-01234567",
)
P256, P384, ED = T.Key("label"), T.Key("label", "P-384"), T.Key("label", "Ed25519")
RSA3072, RSA2048, RS256 = I.RsaKey(3072), I.RsaKey(2048), I.RsaKey(2048, "RS256")
OTHER = T.Key("other")
LEAF = CA.leaf(LABEL, P256)
CHAIN = (LEAF, CA.certificate)
ALONE = CHAIN[:1]
MALFORMED = bad("jws.malformed")
FORGED = "A statement that this key never signed would pass."
ANYBODY = "Anybody's certificate would be shown as the label's."


def envelopes() -> Iterator[tuple[str, Any]]:
    """4.3, 4.4, 7.1: what can be said of a token without asking who issued the certificate."""
    for key in (P256, P384, ED, RSA3072):
        made = I.token(key, (CA.leaf(LABEL, key), CA.certificate))
        row = Row("ENV-019 ENV-025 KEY-006", f"A good {key.alg} token.", made, good(made, key))
        yield f"good-{key.alg.lower()}", row
    made = I.token(RS256, (CA.leaf(LABEL, RS256), CA.certificate))
    yield (
        "good-rs256",
        Row("ENV-019 KEY-007", "RS256, which is only read.", made, good(made, RS256)),
    )
    for slug, what, chain in (
        ("leaf-alone", "The leaf alone.", CHAIN[:1]),
        ("chain-with-root", "The root as well.", (*CHAIN, ROOT.certificate)),
        ("chain-of-four", "As many as allowed.", (*CHAIN, ROOT.certificate, ROOT.certificate)),
    ):
        made = I.token(P256, chain)
        yield slug, Row("ENV-025", what, made, good(made, P256))
    for slug, changed in {"kid-beside": {"kid": "label-1"}, "kid-no-text": {"kid": 7}}.items():
        made = I.token(P256, ALONE, **changed)
        yield slug, Row("ENV-017", f"kid {changed['kid']!r}: ignored.", made, good(made, P256))
    for slug, changed in {
        "jades-place": {"sigPl": {"addressCountry": "NO"}},
        "jades-commitment": {
            "srCms": [{"commId": {"id": "http://uri.etsi.org/01903/v1.2.2#ProofOfOrigin"}}]
        },
        "jades-attributes": {"srAts": [{"claimed": {}}]},
        "jades-policy": {"sigPId": {"id": {"id": "urn:oid:1.2.3"}}},
        "jades-content-time": {"adoTst": {"tstTokens": [{"val": "AAAA"}]}},
        "jades-sigt": {"sigT": "2026-11-23T00:00:00Z"},
    }.items():
        made = I.token(P256, ALONE, **changed)
        row = Row(
            "ENV-014", "A signed property of JAdES.", made, good(made, P256, "jws.header.unknown")
        )
        yield slug, row
    made = I.token(P256, ALONE, sigT="2026-11-23T00:00:00Z", crit=["sigT"])
    yield (
        "jades-sigt-critical",
        Row("ENV-011", "sigT as of old.", made, bad("jws.crit.unsupported")),
    )
    yield from members()
    yield from spellings()
    yield from leaves()
    yield from signatures()


def members() -> Iterator[tuple[str, Any]]:
    twice = bad("jws.key.ambiguous")
    row = Row("ENV-015", "jwk and x5c.", I.token(P256, ALONE, jwk=P256.jwk), twice)
    yield "jwk-beside", row
    made = T.token(P256, **{"x5t#S256": T.sha256(I.der(LEAF))})
    yield "digest-beside-jwk", Row("ENV-015", "x5t#S256 beside jwk.", made, twice)
    made = I.token(P256, ALONE, x5c=...)
    yield "digest-alone", Row("ENV-015", "x5t#S256 without x5c.", made, twice)
    made = I.token(P256, ALONE, **{"x5t#S256": ...})
    yield "without-digest", Row("ENV-013", "x5c alone.", made, bad("jws.header.missing"))
    mismatch = bad("jws.key.mismatch")
    digest = T.sha256(I.der(LEAF))
    for slug, what, value in (
        ("digest-of-issuer", "The issuer's digest.", T.sha256(CA.der)),
        ("digest-padded", "The digest with padding.", digest + "="),
        ("digest-hexadecimal", "The digest in hexadecimal.", "00" * 32),
        ("digest-empty", "An empty digest.", ""),
    ):
        made = I.token(P256, ALONE, **{"x5t#S256": value})
        yield slug, Row("ENV-018", what, made, mismatch, danger=FORGED)
    made = I.token(P256, ALONE, **{"x5t#S256": [digest]})
    yield "digest-list", Row("ENV-017", "The digest in a list.", made, MALFORMED)
    made = I.token(
        OTHER, (CA.leaf(I.name("Somebody"), OTHER), CA.certificate), **{"x5t#S256": digest}
    )
    yield "leaf-swapped", Row("ENV-018", "Another leaf.", made, mismatch, danger=FORGED)
    for name in ("x5u", "jku", "x5t"):
        made = I.token(P256, ALONE, **{name: "https://example.com/"})
        yield (
            f"forbidden-{name}",
            Row("ENV-012", f"{name}, which is never there.", made, bad("jws.header.forbidden")),
        )


def spellings() -> Iterator[tuple[str, Any]]:
    """ENV-025: what ``x5c`` is."""
    text = b64encode(I.der(LEAF)).decode()
    others = (CA.leaf(I.name("x" * n), P256) for n in range(1, 9))
    unpadded = next(t for t in (b64encode(I.der(o)).decode() for o in others) if t[-1] == "=")
    for slug, what, value in (
        ("x5c-empty", "An empty list.", []),
        ("x5c-text", "A text, not a list.", text),
        ("x5c-null", "x5c is null.", None),
        ("x5c-number", "A number in the list.", [text, 7]),
        ("x5c-five", "Five certificates.", [text] * 5),
        ("x5c-empty-text", "An empty text.", [text, ""]),
        ("x5c-unpadded", "Without padding.", [unpadded.rstrip("=")]),
        ("x5c-base64url", "The other alphabet.", [text.replace("+", "-").replace("/", "_")]),
        ("x5c-line-break", "A line break.", [text[:64] + "\n" + text[64:]]),
        ("x5c-pem", "PEM instead of DER.", [f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"]),
        ("x5c-other-bits", "Bits that are left over.", [text, other_bits(unpadded)]),
    ):  # fmt: skip
        yield slug, Row("ENV-025", what, I.token(P256, ALONE, x5c=value), MALFORMED)


def other_bits(text: str) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    body = text.rstrip("=")
    return body[:-1] + alphabet[alphabet.index(body[-1]) ^ 1] + text[len(body) :]


def leaves() -> Iterator[tuple[str, Any]]:
    """KEY-006, KEY-007: the key in the leaf."""
    invalid = bad("jws.key.invalid")
    for slug, what, der in (
        ("leaf-no-certificate", "No certificate at all.", b"\0"),
        ("leaf-cut", "The last byte is missing.", I.der(LEAF)[:-1]),
        ("leaf-and-more", "A byte after the end.", I.der(LEAF) + b"\0"),
        ("leaf-request", "A request for a certificate.", request()),
    ):
        made = I.token(P256, ALONE, **named(der))
        yield slug, Row("KEY-006", what, made, invalid)
    for slug, what, key in (
        ("leaf-p521", "P-521.", I.Strange("P-521")),
        ("leaf-secp256k1", "secp256k1.", I.Strange("secp256k1")),
    ):
        made = I.token(P256, ALONE, **named(I.der(CA.leaf(LABEL, key))))
        yield slug, Row("KEY-006", f"A key of {what}", made, invalid)
    for slug, what, key in (
        ("rsa-exponent-3", "A key with the exponent 3.", I.RsaKey(3072, exponent=3)),
        ("rsa-1024", "A key of 1,024 bits.", I.RsaKey(1024)),
    ):
        made = I.token(RSA3072, ALONE, **named(I.der(CA.leaf(LABEL, key))))
        yield slug, Row("KEY-007", what, made, invalid, danger=FORGED)


def named(der: bytes) -> dict[str, Any]:
    return {"x5c": [b64encode(der).decode()], "x5t#S256": T.sha256(der)}


def request() -> bytes:
    made = x509.CertificateSigningRequestBuilder().subject_name(LABEL)
    signed = made.sign(P256.private, hashes.SHA256(), ecdsa_deterministic=True)
    return I.der(signed)


def signatures() -> Iterator[tuple[str, Any]]:
    """ENV-020 to ENV-023."""
    mismatch, invalid = bad("alg.key-mismatch"), bad("signature.invalid")
    for slug, key, alg in (
        ("ps256-with-2048-bits", RSA2048, "PS256"),
        ("es256-with-rsa", RSA3072, "ES256"),
        ("ps256-with-p256", P256, "PS256"),
        ("rs256-with-p256", P256, "RS256"),
        ("es256-with-p384", P384, "ES256"),
    ):
        made = I.token(key, (CA.leaf(LABEL, key),), alg=alg)
        row = Row("ENV-021", slug.replace("-", " "), made, mismatch, danger=FORGED)
        yield f"mismatch-{slug}", row
    for alg in ("PS384", "RS512", "RS1", "HS256", "none"):
        made = I.token(RSA3072, (CA.leaf(LABEL, RSA3072),), alg=alg)
        yield (
            f"alg-{alg.lower()}",
            Row("ENV-020", f"alg {alg} with a certificate.", made, bad("alg.forbidden")),
        )
    chain = (CA.leaf(LABEL, RSA3072),)
    made = I.token(RSA3072, chain)
    message, tail = made.rsplit(b".", 1)
    signature = RSA3072.sign(message)
    for slug, what, value, ids in (
        ("ps256-flipped", "A bit of the signature.", signature[:-1] + bytes([signature[-1] ^ 1]), "ENV-023"),
        ("ps256-without-salt", "PSS without a salt.", RSA3072.pss(message, b""), "ENV-023"),
        ("ps256-salt-of-20", "A salt of 20 bytes.", RSA3072.pss(message, bytes(20)), "ENV-023"),
        ("ps256-is-rs256", "PKCS #1 v1.5 under PS256.", I.RsaKey(3072, "RS256").sign(message), "ENV-023"),
        ("ps256-short", "A byte too short.", signature[:-1], "ENV-022"),
        ("ps256-long", "A zero before it.", b"\0" + signature, "ENV-022"),
        ("ps256-zero", "All bytes 0.", bytes(384), "ENV-023"),
    ):  # fmt: skip
        yield slug, Row(ids, what, T.join(message, value), invalid, danger=FORGED)
    del tail
    made = I.token(RS256, (CA.leaf(LABEL, RS256),))
    message = made.rsplit(b".", 1)[0]
    value = RS256.pss(message, bytes(32))
    row = Row("ENV-023", "PSS under RS256.", T.join(message, value), invalid, danger=FORGED)
    yield "rs256-is-ps256", row
    made = I.token(OTHER, ALONE)
    yield (
        "signed-by-another-key",
        Row("ENV-023", "Another key signed.", made, invalid, danger=FORGED),
    )
    made = I.token(P256, ALONE)
    head, body, tail = made.split(b".")
    edited = T.b64(T.PAYLOAD.replace(b"Disclosure", b"disclosure")).encode()
    row = Row(
        "ENV-023",
        "The payload was edited.",
        b".".join((head, edited, tail)),
        invalid,
        danger=FORGED,
    )
    yield "edited-payload", row
    del body


# ---- chains: the whole procedure, with a policy that names the root -------------------------

TINY = V.samples(7, 64)
NOW = "2027-01-01T00:00:00Z"
SAID = [{"asset": "recording", "area": "leadVocals", "level": "full"}]
PAYLOAD = V.compact(V.manifest(TINY, "essence", contributions=SAID))
UNMET = ["policy.unmet"]


@dataclass(frozen=True)
class Trial:
    """One verification: who signed with which chain, whom the asker accepts, what follows."""

    ids: str
    what: str
    status: str
    codes: Sequence[str] = ()
    informs: Sequence[str] = ()
    key: Any = P256
    chain: Sequence[x509.Certificate] = CHAIN
    anchor: Mapping[str, Any] = field(default_factory=dict)
    roots: Sequence[Any] = (ROOT,)
    crls: Sequence[bytes] = ()
    now: str = NOW
    policy: Mapping[str, Any] = field(default_factory=dict)
    danger: str = ""
    code: str | None = None
    confirms: Sequence[str] = ()


def passes(ids: str, what: str, **more: Any) -> Trial:
    more.setdefault("informs", ("identity.revocation-unknown",))
    return Trial(ids, what, "PASSED", (), **more)


def doubtful(ids: str, what: str, code: str, **more: Any) -> Trial:
    return Trial(ids, what, "INDETERMINATE", sorted([code, *UNMET]), code=code, **more)


def invalid(ids: str, what: str, **more: Any) -> Trial:
    more.setdefault("danger", ANYBODY)
    return doubtful(ids, what, "identity.chain-invalid", **more)


def eku(ids: str, what: str, **more: Any) -> Trial:
    danger = "A certificate that was issued for another purpose, and with less care, would do."
    return doubtful(ids, what, "identity.eku", danger=danger, **more)


def chains() -> Iterator[tuple[str, Trial]]:
    yield (
        "chain-good",
        passes(
            "CRT-001 CRT-010",
            "A leaf, its issuer, an accepted root.",
            confirms=("identity.certified",),
        ),
    )
    for key in (P384, ED, RSA3072):
        chain = (CA.leaf(LABEL, key), CA.certificate)
        trial = passes("CRT-010", f"A {key.alg} leaf.", key=key, chain=chain)
        yield f"chain-{key.alg.lower()}", trial
    yield (
        "chain-from-anchor",
        passes("CRT-010", "The anchor is the issuer itself.", chain=CHAIN[:1], roots=(CA,)),
    )
    yield (
        "chain-with-root-too",
        passes("CRT-012", "The root stands in x5c too.", chain=(*CHAIN, ROOT.certificate)),
    )
    yield (
        "chain-other-root",
        invalid(
            "CRT-010", "Another root is accepted.", roots=(I.Issuer(I.name("Other Root"), OTHER),)
        ),
    )
    namesake = I.Issuer(I.name("Example Root"), OTHER)
    yield (
        "chain-namesake-root",
        invalid("CRT-010", "A root of the same name and another key.", roots=(namesake,)),
    )
    yield "chain-without-issuer", invalid("CRT-010", "The issuer is missing.", chain=CHAIN[:1])
    forger = I.Issuer(CA.name, OTHER, namesake)
    yield (
        "chain-forged-issuer",
        invalid(
            "CRT-010",
            "An issuer of the same name that the root never certified.",
            chain=(forger.leaf(LABEL, P256), forger.certificate),
        ),
    )
    yield (
        "chain-order",
        invalid(
            "CRT-012",
            "The root stands before the issuer.",
            chain=(LEAF, ROOT.certificate, CA.certificate),
        ),
    )
    stranger = I.Issuer(I.name("Stranger"), OTHER)
    yield (
        "chain-stranger-between",
        invalid(
            "CRT-012", "A certificate that issued nothing.", chain=(*CHAIN, stranger.certificate)
        ),
    )
    yield from authorities()
    yield from ends()
    yield from purposes()
    yield from times()


def under(*extensions: Any, **more: Any) -> tuple[Any, ...]:
    """A chain whose issuer has these extensions."""
    issuer = I.Issuer(
        I.name("Changed CA"), T.Key("changed ca"), ROOT, extensions=extensions, **more
    )
    return (issuer.leaf(LABEL, P256), issuer.certificate)


def authorities() -> Iterator[tuple[str, Trial]]:
    plain = x509.BasicConstraints(ca=True, path_length=None)
    for slug, what, chain in (
        ("issuer-no-ca", "The issuer is no authority.", under(I.NO_CA, I.CA_USAGE)),
        ("issuer-without-constraints", "Nothing says that the issuer is an authority.", under(I.CA_USAGE)),
        ("issuer-not-critical", "Basic constraints are not critical.", under((plain, False), I.CA_USAGE)),
        ("issuer-may-not-issue", "The issuer's key may sign lists only.", under(I.IS_CA, (I.usage("crl_sign"), True))),
        ("issuer-without-usage", "Nothing says what the issuer's key may do.", under(I.IS_CA)),
        ("issuer-unknown-critical", "The issuer has a critical extension that is not known.", under(I.IS_CA, I.CA_USAGE, I.UNKNOWN)),
    ):  # fmt: skip
        yield slug, invalid("CRT-013 CRT-010", what, chain=chain)
    label = I.Issuer(LABEL, P256, CA, extensions=(I.NO_CA, I.SIGN_USAGE))
    chain = (label.leaf(I.name("Vector Artist"), OTHER), label.certificate, CA.certificate)
    yield (
        "leaf-issues",
        invalid(
            "CRT-013", "The label's own certificate issued another one.", key=OTHER, chain=chain
        ),
    )
    short = I.Issuer(
        I.name("Short CA"), T.Key("short"), ROOT,
        extensions=((x509.BasicConstraints(ca=True, path_length=0), True), I.CA_USAGE),
    )  # fmt: skip
    below = I.Issuer(I.name("Below CA"), T.Key("below"), short)
    chain = (below.leaf(LABEL, P256), below.certificate, short.certificate)
    yield "path-too-long", invalid("CRT-010", "Path length 0, and one authority more.", chain=chain)
    old = I.Issuer(I.name("RSA CA"), RSA2048, ROOT)
    chain = (old.leaf(LABEL, P256), old.certificate)
    yield "issuer-rsa", passes("CRT-010", "An issuer with RSA of 2,048 bits.", chain=chain)
    small = I.Issuer(I.name("Small CA"), I.RsaKey(1024), ROOT)
    chain = (small.leaf(LABEL, P256), small.certificate)
    yield "issuer-rsa-1024", invalid("CRT-010", "An issuer with RSA of 1,024 bits.", chain=chain)


def ends() -> Iterator[tuple[str, Trial]]:
    """CRT-014: what a leaf is."""
    purpose = I.eku(I.DOCUMENT_SIGNING)
    for slug, what, extensions in (
        ("leaf-is-ca", "An authority's own certificate.", (I.IS_CA, I.CA_USAGE, purpose)),
        ("leaf-is-ca-and-signs", "An authority that may sign too.", (I.IS_CA, (I.usage("key_cert_sign", "digital_signature"), True), purpose)),
        ("leaf-is-ca-by-word", "An authority whose key may not issue.", (I.IS_CA, I.SIGN_USAGE, purpose)),
        ("leaf-issues-without-ca", "A leaf whose key may issue.", (I.NO_CA, (I.usage("key_cert_sign", "digital_signature"), True), purpose)),
        ("leaf-encrypts", "A key for encryption.", (I.NO_CA, (I.usage("key_encipherment"), True), purpose)),
        ("leaf-unknown-critical", "A critical extension that is not known.", (I.NO_CA, I.SIGN_USAGE, purpose, I.UNKNOWN)),
    ):  # fmt: skip
        chain = (CA.leaf(LABEL, P256, extensions=extensions), CA.certificate)
        yield slug, invalid("CRT-014 CRT-010", what, chain=chain)
    for slug, what, extensions in (
        ("leaf-without-usage", "Nothing limits the leaf's key.", (I.NO_CA, purpose)),
        ("leaf-without-constraints", "Nothing is said about authority.", (I.SIGN_USAGE, purpose)),
        ("leaf-non-repudiation", "The usage of electronic seals.", (I.NO_CA, I.SEAL_USAGE, purpose)),
        ("leaf-unknown-other", "An extension that is not known.", (I.NO_CA, I.SIGN_USAGE, purpose, (I.UNKNOWN[0], False))),
    ):  # fmt: skip
        chain = (CA.leaf(LABEL, P256, extensions=extensions), CA.certificate)
        yield slug, passes("CRT-014", what, chain=chain)
    yield (
        "leaf-is-anchor",
        invalid(
            "CRT-013",
            "The leaf itself is given as an anchor.",
            roots=(I.Given(LEAF),),
            chain=CHAIN[:1],
        ),
    )
    for slug, count, make in (("names-100", 100, passes), ("names-101", 101, invalid)):
        many = x509.SubjectAlternativeName([x509.RFC822Name(f"a@b{n}") for n in range(count)])
        leaf = CA.leaf(LABEL, P256, extensions=(I.NO_CA, I.SIGN_USAGE, purpose, (many, False)))
        yield slug, make("CRT-016", f"A leaf with {count} names.", chain=(leaf, CA.certificate))
    own = I.Issuer(LABEL, P256, extensions=(I.NO_CA, I.SIGN_USAGE, purpose))
    yield (
        "leaf-signs-itself",
        invalid(
            "CRT-013",
            "A certificate that signs itself and is given as an anchor.",
            roots=(own,),
            chain=(own.certificate,),
        ),
    )
    for slug, what, constraint, good_one in (
        (
            "names-permitted",
            "An e-mail address that the issuer may certify.",
            "label.example",
            True,
        ),
        (
            "names-not-permitted",
            "An e-mail address that the issuer may not certify.",
            "other.example",
            False,
        ),
    ):
        limited = x509.NameConstraints([x509.RFC822Name(constraint)], None)
        issuer = I.Issuer(
            I.name("Limited CA"), T.Key("limited"), ROOT,
            extensions=(I.IS_CA, I.CA_USAGE, (limited, True)),
        )  # fmt: skip
        address = (x509.SubjectAlternativeName([x509.RFC822Name("seal@label.example")]), False)
        leaf = issuer.leaf(LABEL, P256, extensions=(I.NO_CA, I.SIGN_USAGE, purpose, address))
        make = passes if good_one else invalid
        yield slug, make("CRT-010", what, chain=(leaf, issuer.certificate))


def purposes() -> Iterator[tuple[str, Trial]]:
    """CRT-011: extended key usage, at the leaf and above."""

    def leaf(*oids: Any) -> tuple[Any, ...]:
        given = (I.eku(*oids),) if oids else ()
        made = CA.leaf(LABEL, P256, extensions=(I.NO_CA, I.SIGN_USAGE, *given))
        return (made, CA.certificate)

    def nested(*oids: Any) -> tuple[Any, ...]:
        return under(I.IS_CA, I.CA_USAGE, I.eku(*oids))

    yield "purpose-email", passes("CRT-011", "E-mail protection.", chain=leaf(I.EMAIL))
    yield (
        "purpose-two",
        passes("CRT-011", "One of two will do.", chain=leaf(I.SERVER, I.DOCUMENT_SIGNING)),
    )
    yield "purpose-server", eku("CRT-011", "A web server's certificate.", chain=leaf(I.SERVER))
    yield "purpose-none", eku("CRT-011", "No purpose is named.", chain=leaf())
    yield "purpose-any", eku("CRT-011", "Any purpose names none.", chain=leaf(I.ANY))
    loose = {"requireEku": False}
    yield "purpose-none-needed", passes("CRT-011", "None is needed.", chain=leaf(), anchor=loose)
    yield (
        "purpose-server-loose",
        eku("CRT-011", "None is needed, and it has another.", chain=leaf(I.SERVER), anchor=loose),
    )
    other = {"eku": ["1.2.3.4"]}
    yield "purpose-of-anchor", eku("CRT-011", "The anchor is for another purpose.", anchor=other)
    own = leaf(I.ObjectIdentifier("1.2.3.4"))
    yield (
        "purpose-of-anchor-good",
        passes("CRT-011", "The anchor's own purpose.", chain=own, anchor=other),
    )
    yield "nested-server", eku("CRT-011", "The issuer is for web servers.", chain=nested(I.SERVER))
    yield "nested-any", passes("CRT-011", "The issuer is for any purpose.", chain=nested(I.ANY))
    yield (
        "nested-document",
        passes("CRT-011", "The issuer is for documents.", chain=nested(I.DOCUMENT_SIGNING)),
    )
    limited = I.Issuer(
        I.name("Server Root"),
        T.Key("server root"),
        extensions=(I.IS_CA, I.CA_USAGE, I.eku(I.SERVER)),
    )
    chain = (limited.leaf(LABEL, P256),)
    yield (
        "nested-root",
        eku("CRT-011", "The root is for web servers.", chain=chain, roots=(limited,)),
    )
    seal = {"requireEku": False, "seal": True}
    shaped = CA.leaf(LABEL, P256, extensions=(I.NO_CA, I.SEAL_USAGE, I.QC))
    strict = {
        "require": {"identity": "certified", "binding": "exact", "authority": "any", "seal": True}
    }
    chain = (shaped, CA.certificate)
    yield (
        "seal",
        passes(
            "CRT-003 CRT-014",
            "An electronic seal: no alternative name, nonRepudiation, qcStatements, no purpose.",
            chain=chain, anchor=seal, policy=strict,
        ),
    )  # fmt: skip
    signature = CA.leaf(LABEL, P256, extensions=(I.NO_CA, I.SEAL_USAGE, I.QC_SIGN))
    for slug, what, made, anchor in (
        (
            "seal-is-signature",
            "A person's qualified certificate.",
            (signature, CA.certificate),
            seal,
        ),
        ("seal-of-other-authority", "The authority is not one of seals.", chain, loose),
    ):
        yield (
            slug,
            Trial(
                "CRT-003", what, "INDETERMINATE", UNMET, chain=made, anchor=anchor, policy=strict
            ),
        )


def times() -> Iterator[tuple[str, Trial]]:
    """CRT-015: validity at the best signature time, which is now where nothing proves another."""
    late = "2029-06-01T00:00:00Z"
    for slug, what, now, code in (
        ("time-expired", "The leaf has expired.", late, "identity.expired-no-poe"),
        (
            "time-second-late",
            "A second after the end.",
            "2028-12-31T00:00:01Z",
            "identity.expired-no-poe",
        ),
        (
            "time-early",
            "The leaf is not valid yet.",
            "2025-12-31T23:59:59Z",
            "identity.not-yet-valid",
        ),
    ):
        yield slug, doubtful("CRT-015", what, code, now=now)
    for slug, what, now in (
        ("time-last-second", "The last second.", "2028-12-31T00:00:00Z"),
        ("time-first-second", "The first second.", "2026-01-01T00:00:00Z"),
    ):
        yield slug, passes("CRT-015", what, now=now)
    chain = under(I.IS_CA, I.CA_USAGE, dates=("2024-01-01", "2026-06-01"))
    yield (
        "time-issuer-expired",
        doubtful(
            "CRT-015",
            "The issuer has expired, the leaf has not.",
            "identity.expired-no-poe",
            chain=chain,
        ),
    )
    old = I.Issuer(ROOT.name, ROOT.key, dates=("2010-01-01", "2026-06-01"))
    yield (
        "time-root-expired",
        doubtful("CRT-015", "The root has expired.", "identity.expired-no-poe", roots=(old,)),
    )
    yield (
        "time-root-renewed",
        passes("CRT-015", "The expired root and its successor.", roots=(old, ROOT)),
    )
    apart = under(I.IS_CA, I.CA_USAGE, dates=("2024-01-01", "2025-06-01"))
    yield (
        "time-never-together",
        invalid("CRT-015", "Leaf and issuer were never valid at one time.", chain=apart),
    )


def revocations() -> Iterator[tuple[str, Trial]]:
    """15.3: lists of revoked certificates."""
    serial = LEAF.serial_number
    by_root = ROOT.crl()
    unknown = "identity.revocation-unknown"

    def listed(reason: str | None = None, date: str = "2026-12-01", **more: Any) -> bytes:
        entry = {**({"reason": reason} if reason else {}), **more}
        return CA.crl({serial: (date, entry)})

    yield (
        "list-good",
        Trial("CRT-023", "Current lists of both issuers.", "PASSED", crls=(CA.crl(), by_root)),
    )
    yield "list-other-serial", Trial(
        "CRT-023", "Another certificate is revoked.", "PASSED",
        crls=(CA.crl({serial + 1: ("2026-12-01", {})}), by_root),
    )  # fmt: skip
    for reason in (
        None,
        "superseded",
        "cessationOfOperation",
        "affiliationChanged",
        "certificateHold",
    ):
        yield f"revoked-{(reason or 'unspecified').lower()}", doubtful(
            "CRT-024", f"Revoked: {reason or 'no reason'}; nothing proves when it was signed.",
            "identity.revoked-no-poe", crls=(listed(reason), by_root),
        )  # fmt: skip
    for reason in ("keyCompromise", "cACompromise", "aACompromise"):
        yield f"revoked-{reason.lower()}", Trial(
            "CRT-024", f"Revoked: {reason}; whoever has the key can back-date.", "FAILED",
            ["identity.revoked"], crls=(listed(reason, invalidity="2026-11-20"), by_root),
            danger="Statements of a stolen key would pass.", code="identity.revoked",
        )  # fmt: skip
    yield "revoked-by-old-list", doubtful(
        "CRT-024", "A list that is out of date names the certificate.", "identity.revoked-no-poe",
        crls=(CA.crl({serial: ("2026-11-05", {})}, dates=("2026-11-10", "2026-12-01")), by_root),
    )  # fmt: skip
    chain_revoked = ROOT.crl(
        {CA.certificate.serial_number: ("2026-12-01", {"reason": "cACompromise"})}
    )
    yield "revoked-issuer", Trial(
        "CRT-024", "The issuer's own certificate is revoked.", "FAILED", ["identity.revoked"],
        crls=(CA.crl(), chain_revoked), code="identity.revoked",
    )  # fmt: skip
    other = I.Issuer(CA.name, OTHER)
    partial = (
        x509.IssuingDistributionPoint(None, None, True, False, None, False, False), True
    )  # fmt: skip
    delta = (x509.DeltaCRLIndicator(5), True)
    for slug, what, crls in (
        ("list-none", "No list at all.", ()),
        ("list-of-leaf-only", "The root's list is missing.", (CA.crl(),)),
        ("list-of-root-only", "The issuer's list is missing.", (by_root,)),
        ("list-stale", "The list is out of date.", (CA.crl(dates=("2026-11-01", "2026-12-31")), by_root)),
        ("list-of-the-future", "The list is from the future.", (CA.crl(dates=("2027-01-02", "2027-03-01")), by_root)),
        ("list-forged", "The list is signed by another key.", (other.crl({serial: ("2026-12-01", {})}), by_root)),
        ("list-partial", "A list of leaves alone, which may be a part.", (CA.crl(extensions=(partial,)), by_root)),
        ("list-partial-quietly", "A part that does not say so critically.", (CA.crl(extensions=((partial[0], False),)), by_root)),
        ("list-delta", "A list of changes.", (CA.crl(extensions=(delta,)), by_root)),
        ("list-unknown-critical", "A critical extension that is not known.", (CA.crl(extensions=(I.UNKNOWN,)), by_root)),
    ):  # fmt: skip
        yield slug, passes("CRT-020 CRT-021 CRT-022", what, crls=crls, informs=(unknown,))
    silent = I.Issuer(
        I.name("Silent CA"),
        T.Key("silent"),
        ROOT,
        extensions=(I.IS_CA, (I.usage("key_cert_sign"), True)),
    )
    leaf = silent.leaf(LABEL, P256)
    yield "list-by-key-that-may-not", passes(
        "CRT-021", "The issuer's key may not sign lists.", chain=(leaf, silent.certificate),
        crls=(silent.crl({leaf.serial_number: ("2026-12-01", {})}), by_root), informs=(unknown,),
    )  # fmt: skip
    late = "2029-06-01T00:00:00Z"
    yield "list-after-the-end", doubtful(
        "CRT-023", "The list was made after the certificate's end.", "identity.expired-no-poe",
        crls=(CA.crl(dates=("2029-05-01", "2029-08-01")), ROOT.crl(dates=("2029-05-01", "2029-08-01"))),
        now=late,
    )  # fmt: skip
    hard = {
        "require": {
            "identity": "certified",
            "binding": "exact",
            "authority": "any",
            "revocation": "hard",
        }
    }
    yield (
        "list-needed",
        Trial(
            "CRT-020",
            "No list, and the asker needs one.",
            "INDETERMINATE",
            UNMET,
            (unknown,),
            policy=hard,
        ),
    )
    yield "list-needed-good", Trial(
        "CRT-020", "Current lists, which the asker needs.", "PASSED",
        crls=(CA.crl(), by_root), policy=hard,
    )  # fmt: skip


def algorithms() -> Iterator[tuple[str, Trial]]:
    """15.4: strength at the best signature time."""
    low = {"algorithms": {"allow": ["ES256", "RS256"], "rsaMinBits": 2048}}
    dates = ("2026-01-01", "2032-01-01")
    chain = (CA.leaf(LABEL, RS256, dates=dates),)
    weak = ["alg.weak"]

    def rs256(what: str, status: str, codes: Sequence[str], now: str, policy: Any) -> Trial:
        return Trial(
            "CRT-030 CRT-031", what, status, codes, key=RS256, chain=chain, now=now, policy=policy
        )

    yield (
        "rs256-in-2028",
        rs256("RS256, the last second.", "PASSED", (), "2028-12-31T23:59:59Z", low),
    )
    yield (
        "rs256-in-2029",
        rs256("RS256, a second later.", "INDETERMINATE", weak, "2029-01-01T00:00:00Z", low),
    )
    only = {"algorithms": {"allow": ["ES256"], "rsaMinBits": 2048}}
    yield (
        "rs256-not-accepted",
        rs256("The policy does not accept RS256.", "INDETERMINATE", weak, NOW, only),
    )
    yield "rsa-too-small", rs256("The policy needs 3,072 bits.", "INDETERMINATE", weak, NOW, {})
    yield "es384-not-accepted", Trial(
        "CRT-031", "The policy does not accept ES384.", "INDETERMINATE", weak,
        key=P384, chain=(CA.leaf(LABEL, P384), CA.certificate), policy=only,
    )  # fmt: skip


def identities() -> Iterator[tuple[str, Trial]]:
    """15.1: what the certificate says, and whom the asker takes that for."""

    def mapped(**attributes: str) -> dict[str, Any]:
        subject = {"anchor": "seal-ca", **attributes}
        party = {"id": "northern", "name": "Northern Lights", "subjects": [subject]}
        require = {"identity": "party", "binding": "exact", "authority": "any"}
        return {"parties": [party], "require": require}

    yield (
        "mapped",
        passes(
            "CRT-002",
            "The subject is a party's.",
            policy=mapped(organizationIdentifier="NTRGB-01234567"),
        ),
    )
    for slug, what, policy in (
        (
            "mapped-other",
            "The subject is another's.",
            mapped(organizationIdentifier="NTRGB-76543210"),
        ),
        (
            "mapped-name-case",
            "The name differs in case.",
            mapped(organization="NORTHERN LIGHTS RECORDS LTD"),
        ),
    ):
        yield slug, Trial("CRT-002", what, "INDETERMINATE", UNMET, policy=policy)
    twice = x509.Name(
        [
            x509.NameAttribute(I.ORGANIZATION_ID, "NTRGB-76543210"),
            *I.name("Two", organizationIdentifier="NTRGB-01234567"),
        ]
    )
    chain = (CA.leaf(twice, P256), CA.certificate)
    for slug, value in (("first", "NTRGB-76543210"), ("last", "NTRGB-01234567")):
        yield f"mapped-twice-{slug}", Trial(
            "CRT-002", "Two organization identifiers: neither counts.", "INDETERMINATE", UNMET,
            chain=chain, policy=mapped(organizationIdentifier=value), danger=ANYBODY,
        )  # fmt: skip


WHOLE = frozenset(
    (
        "list-good",
        "list-of-leaf-only",
        "list-of-root-only",
        "list-by-key-that-may-not",
        "revoked-issuer",
    )
)
"""What needs the root of its chain; elsewhere the issuer itself is the anchor, to keep files small."""


def short(trial: Trial) -> Trial:
    lists = tuple(crl for crl in trial.crls if crl != ROOT.crl())
    return replace(trial, roots=(CA,), chain=trial.chain[:1], crls=lists)


def trials() -> Iterator[tuple[str, Trial]]:
    yield from chains()
    for made in (revocations(), algorithms(), identities()):
        for slug, trial in made:
            yield slug, trial if slug in WHOLE else short(trial)


def files_of(slug: str, trial: Trial) -> dict[str, bytes]:
    made = I.token(trial.key, trial.chain, PAYLOAD)
    out = {f"root{n}.der": root.der for n, root in enumerate(trial.roots)}
    out |= {f"list{n}.crl": crl for n, crl in enumerate(trial.crls)}
    anchor: dict[str, Any] = {"id": "seal-ca", "certs": [n for n in out if n.endswith(".der")]}
    lists = [n for n in out if n.endswith(".crl")]
    policy = {
        "policy": "musicprov-trust-policy/1",
        "id": "vectors",
        "version": 1,
        "issued": "2026-11-01T00:00:00Z",
        "require": {"identity": "certified", "binding": "exact", "authority": "any"},
        "anchors": [{**anchor, **({"crls": lists} if lists else {}), **trial.anchor}],
        **trial.policy,
    }
    out["policy.json"] = T.compact(policy)
    out["input.wav"] = V.wav(V.le16(TINY), V.tagged(made))
    expect: dict[str, Any] = {"status": trial.status, "codes": list(trial.codes)}
    if trial.code:
        expect["code"] = trial.code
    if trial.confirms:
        expect["confirms"] = list(trial.confirms)
    if trial.informs:
        expect["informs"] = list(trial.informs)
    case = {
        "id": f"certificates/{slug}",
        "operation": "verify",
        "requirements": trial.ids.split(),
        "description": trial.what,
        "danger": trial.danger,
        "input": "input.wav",
        "options": {"now": trial.now, "trust": "policy.json"},
        "expect": expect,
        "source": "hand-made",
    }
    out["case.json"] = json.dumps(case, indent=2).encode() + b"\n"
    return out


def everything() -> dict[str, dict[str, bytes]]:
    out: dict[str, dict[str, bytes]] = {}
    rows = ((slug, T.files_of(HERE.name, slug, row)) for slug, row in envelopes())
    for slug, files in (*rows, *((slug, files_of(slug, trial)) for slug, trial in trials())):
        if slug in out:
            raise ValueError(slug)
        out[slug] = files
    return out


def main() -> int:
    return keep(HERE, everything())


if __name__ == "__main__":
    sys.exit(main())
