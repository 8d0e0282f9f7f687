#!/usr/bin/env python3
"""Build the vectors of the envelope: every rule of the JWS profile, kept and broken (spec 4).

Every refused token is a good one with one thing changed and, where that is possible, signed again
as it stands, so that nothing but the rule in question can refuse it. ``--check`` exits 1 on drift.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from making import load  # noqa: E402

T = load("vector_tokens", "envelope/tokens.py")
V = load("verify_build", "verify/build.py")
Row, good, bad = T.Row, T.good, T.bad

P256, P384, ED = T.Key("artist"), T.Key("label", "P-384"), T.Key("persona", "Ed25519")
OTHER = T.Key("other")
GOOD = T.token(P256)
HEAD, BODY, TAIL = GOOD.split(b".")
TEXT = T.text_of(P256)
MESSAGE = GOOD.rsplit(b".", 1)[0]

MALFORMED = bad("jws.malformed")
SPELLING = (
    "Second spellings of one signed statement, told apart by some programs and not by others."
)
READING = "Two programs would read two different things from one signed header."
FORGED = "A statement that this key never signed would pass."


def sealed(text: str | bytes, key: Any = P256) -> bytes:
    made: bytes = T.sealed(text, key)
    return made


def with_member(member: str) -> bytes:
    """The good header with one more member, as text, signed."""
    return sealed(TEXT[:-1] + "," + member + "}")


def forms() -> Iterator[tuple[str, Row]]:
    """4.1, 4.2: types, forms, spelling, size."""
    for slug, typ in {
        "typ-upper-case": "VND.MUSICPROV.DISCLOSURE+JWT",
        "typ-with-application": "application/vnd.musicprov.disclosure+jwt",
        "typ-with-application-upper-case": "Application/vnd.musicprov.disclosure+jwt",
    }.items():
        made = T.token(P256, typ=typ)
        yield slug, Row("ENV-001", f"typ {typ}", made, good(made, P256))
    for slug, typ in {
        "typ-of-version-2": "vnd.musicprov.disclosure.v2+jwt",
        "typ-jwt": "JWT",
        "typ-with-parameter": "vnd.musicprov.disclosure+jwt;v=1",
        "typ-longer": "vnd.musicprov.disclosure+jwtx",
        "typ-shorter": "vnd.musicprov.disclosure",
        "typ-with-space": "vnd.musicprov.disclosure+jwt ",
        "typ-application-twice": "application/application/vnd.musicprov.disclosure+jwt",
        "typ-of-another-tree": "text/vnd.musicprov.disclosure+jwt",
        "typ-long-s": "vnd.mu\u017ficprov.disclosure+jwt",
        "typ-is-the-cty": T.CTY,
        "typ-empty": "",
    }.items():
        yield (
            slug,
            Row(
                "ENV-001",
                f"typ {typ!a}, signed.",
                T.token(P256, typ=typ),
                bad("jws.typ.unsupported"),
                danger="A statement of another kind would be taken for a disclosure.",
            ),
        )
    made = T.token(P256, cty="Application/" + T.CTY)
    yield "cty-with-application", Row("ENV-002", "cty spelled out.", made, good(made, P256))
    for slug, cty in {"cty-json": "json", "cty-is-the-typ": T.TYP, "cty-empty": ""}.items():
        yield (
            slug,
            Row(
                "ENV-002",
                f"cty {cty!r}, signed.",
                T.token(P256, cty=cty),
                bad("jws.typ.unsupported"),
            ),
        )
    yield from spellings()
    yield from segments()
    yield from sizes()
    yield from flattened()


def other_bits(segment: bytes) -> bytes:
    """The segment with other bits after its last byte: it decodes to the same."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    if len(segment) % 4 == 0:
        raise ValueError("no bits are left over")
    return segment[:-1] + alphabet[alphabet.index(segment[-1]) ^ 1 :][:1]


def uneven(part: int) -> tuple[bytes, bytes, bytes]:
    """A good token whose segment of this number has bits left over."""
    for extra in range(3):
        payload = T.PAYLOAD + b" " * extra
        made = T.token(P256, payload, pad="x" * (extra + 1)).split(b".")
        if len(made[part]) % 4:
            return tuple(made)
    raise ValueError("none")


def spellings() -> Iterator[tuple[str, Row]]:
    def spelled(slug: str, description: str, data: bytes) -> tuple[str, Row]:
        return slug, Row("ENV-003", description, data, MALFORMED, danger=SPELLING)

    for part, name in enumerate(("header", "payload", "signature")):
        parts = list(uneven(part))
        padded, bits = list(parts), list(parts)
        padded[part] += b"=" * (-len(parts[part]) % 4)
        bits[part] = other_bits(parts[part])
        yield spelled(f"padding-in-{name}", f"The {name} with padding.", b".".join(padded))
        yield spelled(f"bits-in-{name}", f"Other left-over bits in the {name}.", b".".join(bits))
    wordy = bytes(BODY)
    for standard in ((b"-", b"+"), (b"_", b"/")):
        if standard[0] not in wordy:
            raise ValueError("the payload does not need this letter")
    yield spelled(
        "standard-alphabet",
        "The payload in the standard alphabet.",
        b".".join((HEAD, BODY.replace(b"-", b"+").replace(b"_", b"/"), TAIL)),
    )
    for slug, mark in {
        "space": b" ",
        "line-feed": b"\n",
        "line-break": b"\r\n",
        "tab": b"\t",
        "nul": b"\0",
        "non-ascii": "\u00e9".encode(),
        "no-break-space": "\u00a0".encode(),
        "percent": b"%2E",
        "equals": b"=",
    }.items():
        yield spelled(
            f"{slug}-inside",
            f"The signature with {mark!r} after its eighth letter.",
            b".".join((HEAD, BODY, TAIL[:8] + mark + TAIL[8:])),
        )
    yield spelled("line-feed-after", "A line feed after the token.", GOOD + b"\n")
    yield spelled("space-before", "A space before the token.", b" " + GOOD)
    yield spelled("bom-before", "A byte order mark before the token.", b"\xef\xbb\xbf" + GOOD)
    yield spelled("quoted", "The token as a JSON string.", b'"' + GOOD + b'"')
    yield spelled("bearer", "A scheme before the token.", b"Bearer " + GOOD)
    yield spelled("letter-too-many", "One letter more: no whole byte.", GOOD + b"A" * 3)


def segments() -> Iterator[tuple[str, Row]]:
    def form(slug: str, description: str, data: bytes, danger: str = "") -> tuple[str, Row]:
        return slug, Row("ENV-004", description, data, MALFORMED, danger=danger)

    unsigned = sealed(T.text_of(P256, alg="none")).rsplit(b".", 1)[0]
    yield form("empty", "No bytes at all.", b"")
    yield form("one-segment", "The header alone.", HEAD)
    yield form("two-segments", "No signature, no dot.", MESSAGE, FORGED)
    yield form("empty-signature", "alg none, as RFC 7515 would write it.", unsigned + b".", FORGED)
    yield form("empty-signature-es256", "The signature was cut off.", MESSAGE + b".", FORGED)
    yield form("empty-payload", "Nothing is signed.", T.token(P256, b""))
    yield form("empty-header", "No header.", b"." + BODY + b"." + TAIL)
    yield form("dots-only", "Two dots.", b"..")
    yield form("four-segments", "A segment too many.", GOOD + b".AAAA")
    yield form("dot-after", "A dot after the token.", GOOD + b".")
    yield form("dot-before", "A dot before the token.", b"." + GOOD)
    jwe = T.text_of(P256, alg="ECDH-ES", enc="A256GCM").encode()
    yield form(
        "five-segments-of-jwe",
        "An encrypted token (JWE).",
        b".".join((T.b64(jwe).encode(), b"AAAA", b"AAAA", BODY, TAIL)),
        "A program that decrypts what strangers send.",
    )


def sizes() -> Iterator[tuple[str, Row]]:
    at = {"limits": {"envelope_bytes": len(GOOD)}}
    under = {"limits": {"envelope_bytes": len(GOOD) - 1}}
    small = {"limits": {"envelope_bytes": 64}}
    large = bad("carrier.too-large")
    danger = "Memory and time for anyone's bytes."
    yield (
        "size-at-limit",
        Row("ENV-005", "Exactly as large as allowed.", GOOD, good(GOOD, P256), at),
    )
    yield "size-over-limit", Row("ENV-005", "One byte too large.", GOOD, large, under, danger)
    yield "size-dots", Row("ENV-005", "Dots alone, too many.", b"." * 65, large, small, danger)
    yield (
        "size-flattened",
        Row("ENV-005", "A flattened token, too large.", b"{" * 65, large, small, danger),
    )
    yield (
        "size-before-spelling",
        Row("ENV-005", "Too large and not ASCII: the size counts.", b"\xff" * 65, large, small),
    )
    yield (
        "size-of-dots",
        Row("ENV-004", "Dots alone, within the limit.", b"." * 64, MALFORMED, small),
    )


def flat(made: bytes = GOOD, **changed: Any) -> bytes:
    members = {**T.flat_of(made), **changed}
    return json.dumps({k: v for k, v in members.items() if v is not ...}, indent=1).encode()


def flattened() -> Iterator[tuple[str, Row]]:
    def kept(slug: str, description: str, data: bytes) -> tuple[str, Row]:
        return slug, Row("ENV-006", description, data, good(GOOD, P256))

    def broken(slug: str, description: str, data: bytes, danger: str = "") -> tuple[str, Row]:
        return slug, Row("ENV-006", description, data, MALFORMED, danger=danger)

    stamp = {"sigTst": {"tstTokens": [{"val": "AAAA"}]}}
    yield kept("flat-good", "The flattened form.", flat())
    yield kept("flat-good-with-line-feed", "White space after JSON is JSON.", flat() + b"\n")
    yield kept("flat-etsi-objects", "etsiU with objects.", flat(header={"etsiU": [stamp]}))
    yield kept("flat-etsi-texts", "etsiU with strings.", flat(header={"etsiU": ["AAAA"] * 8}))
    header = "A header that nobody signed would be obeyed."
    for slug, value in {
        "flat-unprotected-alg": {"alg": "none"},
        "flat-unprotected-kid": {"etsiU": [stamp], "kid": T.KID + OTHER.thumbprint},
        "flat-unprotected-jwk": {"jwk": OTHER.jwk},
        "flat-unprotected-empty": {},
        "flat-unprotected-text": "etsiU",
        "flat-unprotected-null": None,
        "flat-etsi-empty": {"etsiU": []},
        "flat-etsi-nine": {"etsiU": ["AAAA"] * 9},
        "flat-etsi-mixed": {"etsiU": ["AAAA", stamp]},
        "flat-etsi-numbers": {"etsiU": [1, 2]},
        "flat-etsi-lists": {"etsiU": [["AAAA"]]},
        "flat-etsi-object": {"etsiU": stamp},
    }.items():
        yield broken(slug, f"header {json.dumps(value)[:60]}.", flat(header=value), header)
    for name in ("payload", "protected", "signature"):
        yield broken(f"flat-without-{name}", f"No {name}.", flat(**{name: ...}))
        yield broken(f"flat-{name}-no-text", f"{name} is a list.", flat(**{name: ["AAAA"]}))
        yield broken(f"flat-{name}-empty", f"{name} is empty.", flat(**{name: ""}))
    yield broken("flat-unknown-member", "One member more.", flat(note="hello"))
    parts = T.flat_of(GOOD)
    signature = {"protected": parts["protected"], "signature": parts["signature"]}
    general = {"payload": parts["payload"], "signatures": [signature]}
    both = {
        "payload": parts["payload"],
        "signatures": [{**signature, "signature": "AAAA"}, signature],
    }
    yield broken("general-form", "The general form, one signature.", T.compact(general))
    yield broken("general-form-two", "The general form, one good of two.", T.compact(both), FORGED)
    text = flat().decode()
    yield broken(
        "flat-payload-twice",
        "Two payloads, the signed one last.",
        ('{"payload":"e30",' + text[1:]).encode(),
        READING,
    )
    yield broken("flat-cut", "The last brace is missing.", flat()[:-1])
    yield broken("flat-trailing", "A second object after the first.", flat() + b"{}")
    deep: Any = "AAAA"
    for _ in range(40):
        deep = {"a": deep}
    yield broken("flat-deep", "etsiU, forty levels deep.", flat(header={"etsiU": [deep]}))
    yield broken("flat-non-ascii", "A letter of the payload is wide.", flat(payload="\uff41AAA"))
    yield (
        "flat-space-before",
        Row(
            "ENV-040", "White space before the brace: none of the forms.", b" " + flat(), MALFORMED
        ),
    )
    yield (
        "flat-bom-before",
        Row("ENV-040", "A byte order mark before the brace.", b"\xef\xbb\xbf" + flat(), MALFORMED),
    )
    spaced = sealed("\r\n" + json.dumps(T.header_of(P256), indent="\t"))
    row = Row(
        "ENV-040",
        "White space before the header: no ey at the beginning.",
        spaced,
        good(spaced, P256),
    )
    yield "compact-without-ey", row
    yield "flat-list", Row("ENV-040", "A list of tokens.", b"[" + flat() + b"]", MALFORMED)


FORBIDDEN: dict[str, Any] = {
    "jku": "https://example.com/keys",
    "x5u": "https://example.com/chain",
    "zip": "DEF",
    "b64": False,
    "enc": "A256GCM",
    "epk": OTHER.jwk,
    "apu": "AAAA",
    "apv": "AAAA",
    "iv": "AAAA",
    "tag": "AAAA",
    "p2s": "AAAA",
    "p2c": 1_000_000_000,
    "url": "https://example.com/",
    "sigD": {"mId": "http://uri.etsi.org/19182/HttpHeaders", "pars": []},
    "x5t": "AAAA",
    "exp": T.IAT + 60,
    "nbf": T.IAT,
    "nonce": "AAAA",
}


def headers() -> Iterator[tuple[str, Row]]:
    """4.3: the header."""
    yield from strictness()
    for slug, value in {
        "crit-empty": [],
        "crit-alg": ["alg"],
        "crit-b64": ["b64"],
        "crit-exp": ["exp"],
        "crit-unknown": ["musicprov"],
        "crit-null": None,
        "crit-text": "alg",
    }.items():
        row = Row(
            "ENV-011",
            f"crit {json.dumps(value)}, signed.",
            T.token(P256, crit=value),
            bad("jws.crit.unsupported"),
            danger="What the signer calls critical would be left out.",
        )
        yield slug, row
    for name, value in FORBIDDEN.items():
        row = Row(
            "ENV-012",
            f"A header with {name}, signed.",
            T.token(P256, **{name: value}),
            bad("jws.header.forbidden"),
            danger="Something else would be fetched, unpacked or checked than what stands there.",
        )
        yield f"forbidden-{name.lower()}", row
    true = Row(
        "ENV-012", "b64 true, its default.", T.token(P256, b64=True), bad("jws.header.forbidden")
    )
    yield "forbidden-b64-true", true
    yield from members()
    yield from remarks()


def strictness() -> Iterator[tuple[str, Row]]:
    double = bad("jws.header.duplicate")
    twice = {
        "duplicate-alg-none-first": TEXT.replace('"alg":', '"alg":"none","alg":'),
        "duplicate-alg-none-last": TEXT[:-1] + ',"alg":"none"}',
        "duplicate-kid": TEXT[:-1] + f',"kid":"{T.KID}{OTHER.thumbprint}"}}',
        "duplicate-equal": TEXT[:-1] + f',"iat":{T.IAT}}}',
        "duplicate-escaped": TEXT[:-1] + ',"\\u0061lg":"none"}',
        "duplicate-in-jwk": TEXT.replace('"x":', f'"x":"{OTHER.jwk["x"]}","x":'),
        "duplicate-unknown": TEXT[:-1] + ',"note":1,"note":2}',
        "duplicate-lone-surrogate": TEXT[:-1] + ',"\\ud800":1,"\\ud800":2}',
    }
    for slug, text in twice.items():
        row = Row("ENV-010", "A member twice, signed.", sealed(text), double, danger=READING)
        yield slug, row

    def deep(levels: int) -> str:
        inner = levels - 1  # the header itself is the first
        return TEXT[:-1] + ',"note":' + "[" * inner + "]" * inner + "}"

    for slug, text in {
        "json-deep-33": deep(33),
        "json-deep-5000": deep(5000),
        "json-nan": TEXT[:-1] + ',"note":NaN}',
        "json-infinity": TEXT[:-1] + ',"note":-Infinity}',
        "json-fraction": TEXT[:-1] + ',"note":1.0}',
        "json-exponent": TEXT[:-1] + ',"note":1e3}',
        "json-big-integer": TEXT[:-1] + f',"note":{2**53}}}',
        "json-lone-surrogate": TEXT[:-1] + ',"note":"\\ud800"}',
        "json-lone-surrogate-name": TEXT[:-1] + ',"\\udfff":1}',
        "json-noncharacter": TEXT[:-1] + ',"note":"\\ufdd0"}',
        "json-noncharacter-plane-16": TEXT[:-1] + ',"note":"\\udbff\\udfff"}',
        "json-trailing-comma": TEXT[:-1] + ",}",
        "json-comment": TEXT[:-1] + "/* */}",
        "json-single-quotes": TEXT.replace('"', "'"),
        "json-control-character": TEXT[:-1] + ',"note":"\n"}',
        "json-cut": TEXT[:-1],
        "json-second-object": TEXT + "{}",
        "json-list": f"[{TEXT}]",
        "json-text": '"ES256"',
        "json-null": "null",
        "json-empty-object-after-text": "x" + TEXT,
    }.items():
        yield slug, Row("ENV-010", "No strict JSON object, signed.", sealed(text), MALFORMED)
    for slug, data in {
        "json-bom": b"\xef\xbb\xbf" + TEXT.encode(),
        "json-utf-16": TEXT.encode("utf-16"),
        "json-utf-16-without-bom": TEXT.encode("utf-16-le"),
        "json-latin-1": (TEXT[:-1] + ',"note":"\u00e9"}').encode("latin-1"),
        "json-overlong": TEXT[:-1].encode() + b',"note":"\xc1\xa1"}',
        "json-encoded-surrogate": TEXT[:-1].encode() + b',"note":"\xed\xa0\x80"}',
        "json-nul-after": TEXT.encode() + b"\0",
    }.items():
        row = Row("ENV-010", "Other bytes than plain UTF-8, signed.", sealed(data), MALFORMED)
        yield slug, row
    for slug, text in {
        "json-white-space": "{" + json.dumps(T.header_of(P256), indent="\t")[3:] + "\r\n ",
        "json-escapes": TEXT.replace("ES256", "\\u0045S256"),
        "json-other-order": T.compact(dict(reversed(T.header_of(P256).items()))).decode(),
    }.items():
        made = sealed(text)
        yield slug, Row("ENV-010", "Another spelling of good JSON.", made, good(made, P256))
    made = sealed(deep(32))
    row = Row("ENV-010", "As deep as allowed.", made, good(made, P256, "jws.header.unknown"))
    yield "json-deep-32", row


def members() -> Iterator[tuple[str, Row]]:
    for name in ("alg", "typ", "cty", "iat", "kid"):
        row = Row(
            "ENV-013",
            f"A header without {name}, signed.",
            T.token(P256, **{name: ...}),
            bad("jws.header.missing"),
        )
        yield f"without-{name}", row
    for slug, changed in {
        "alg-null": {"alg": None},
        "alg-list": {"alg": ["ES256"]},
        "alg-number": {"alg": 256},
        "typ-null": {"typ": None},
        "typ-list": {"typ": [T.TYP]},
        "cty-null": {"cty": None},
        "cty-true": {"cty": True},
        "kid-null": {"kid": None},
        "kid-number": {"kid": 1},
        "iat-null": {"iat": None},
        "iat-text": {"iat": str(T.IAT)},
        "iat-true": {"iat": True},
        "iat-zero": {"iat": 0},
        "iat-negative": {"iat": -T.IAT},
        "iat-second-too-early": {"iat": 1_577_836_799},
        "iat-list": {"iat": [T.IAT]},
    }.items():
        row = Row(
            "ENV-017", f"{slug.replace('-', ' ')}, signed.", T.token(P256, **changed), MALFORMED
        )
        yield slug, row
    for slug, iat in {"iat-first": 1_577_836_800, "iat-last": 2**53 - 1}.items():
        made = T.token(P256, iat=iat)
        yield slug, Row("ENV-017", f"iat {iat}, at the edge.", made, good(made, P256))
    ambiguous = bad("jws.key.ambiguous")
    x5c = ["MIIB"]
    choose = "A program would choose the key that suits."
    yield "no-key", Row("ENV-015", "Neither jwk nor x5c.", T.token(P256, jwk=...), ambiguous)
    yield (
        "two-keys",
        Row("ENV-015", "jwk and x5c.", T.token(P256, x5c=x5c), ambiguous, danger=choose),
    )
    made = T.token(P256, jwk=..., x5c=x5c, alg="none")
    yield "certificate-none", Row("ENV-020", "A certificate, alg none.", made, bad("alg.forbidden"))
    mismatch = bad("jws.key.mismatch")
    for slug, kid in {
        "kid-of-another-key": T.KID + OTHER.thumbprint,
        "kid-bare": P256.thumbprint,
        "kid-of-another-hash": T.KID.replace("256", "512") + P256.thumbprint,
        "kid-upper-case-prefix": T.KID.upper() + P256.thumbprint,
        "kid-padded": T.KID + P256.thumbprint + "=",
        "kid-name": "artist",
        "kid-empty": "",
    }.items():
        row = Row(
            "ENV-016",
            f"kid {kid[:60]!r}, signed.",
            T.token(P256, kid=kid),
            mismatch,
            danger="A statement shown under another key than the one that was checked.",
        )
        yield slug, row


def remarks() -> Iterator[tuple[str, Row]]:
    unknown = "jws.header.unknown"
    for slug, changed in {
        "unknown-member": {"note": "hello"},
        "unknown-jades": {"sigPl": {"addressCountry": "NO"}},
        "unknown-upper-case": {"CRIT": ["alg"], "Alg": "none", "JKU": "https://example.com/"},
        "unknown-empty-name": {"": 1},
        "unknown-forty": {f"m{n}": n for n in range(40)},
    }.items():
        made = T.token(P256, **changed)
        row = Row(
            "ENV-014",
            "Members that are not in the table.",
            made,
            good(made, P256, unknown),
            danger="A good statement of a newer program would be refused.",
        )
        yield slug, row


def algorithms() -> Iterator[tuple[str, Row]]:
    """4.4: algorithms, keys, signatures."""
    for key in (P256, P384, ED):
        made = T.token(key)
        row = Row("ENV-019 ENV-023", f"A good {key.alg} token.", made, good(made, key))
        yield f"good-{key.alg.lower()}", row
    made = T.token(ED, alg="EdDSA")
    row = Row(
        "ENV-019 ENV-020", "Ed25519 by its old name.", made, good(made, ED, "alg.deprecated-name")
    )
    yield "good-eddsa", row
    for slug, alg in {
        "alg-none": "none",
        "alg-none-mixed-case": "nOnE",
        "alg-empty": "",
        "alg-es256-lower-case": "es256",
        "alg-es256-with-space": "ES256 ",
        "alg-es256k": "ES256K",
        "alg-es512": "ES512",
        "alg-rs256": "RS256",
        "alg-ps256": "PS256",
        "alg-hs512": "HS512",
        "alg-ed448": "Ed448",
    }.items():
        row = Row(
            "ENV-020",
            f"alg {alg!r} with a signature of ES256.",
            T.token(P256, alg=alg),
            bad("alg.forbidden"),
            danger="Unsigned or weakly signed statements would pass.",
        )
        yield slug, row
    for slug, secret in {
        "alg-hs256-keyed-with-pem": P256.pem(),
        "alg-hs256-keyed-with-jwk": T.compact(P256.jwk),
        "alg-hs256-keyed-with-nothing": b"",
    }.items():
        message = T.signing_input(T.compact(T.header_of(P256, alg="HS256")))
        data = T.join(message, hmac.digest(secret, message, "sha256"))
        row = Row("ENV-020", "HMAC with a public key.", data, bad("alg.forbidden"), danger=FORGED)
        yield slug, row
    for slug, key, alg in (
        ("es256-with-p384", P384, "ES256"),
        ("es256-with-ed25519", ED, "ES256"),
        ("es384-with-p256", P256, "ES384"),
        ("ed25519-with-p256", P256, "Ed25519"),
        ("eddsa-with-p256", P256, "EdDSA"),
        ("es384-with-ed25519", ED, "ES384"),
    ):
        row = Row(
            "ENV-021",
            f"alg {alg}, a key of {key.curve} and its signature.",
            T.token(key, alg=alg),
            bad("alg.key-mismatch"),
            danger="alg would choose how the key is read.",
        )
        yield f"mismatch-{slug}", row
    yield from signatures()


def signatures() -> Iterator[tuple[str, Row]]:
    invalid = bad("signature.invalid")
    order = T.ORDERS["P-256"]
    signature = P256.sign(MESSAGE)
    r, s = (int.from_bytes(signature[n : n + 32], "big") for n in (0, 32))

    def is_bad(slug: str, what: str, value: bytes, ids: str = "ENV-023") -> tuple[str, Row]:
        return slug, Row(ids, what, T.join(MESSAGE, value), invalid, danger=FORGED)

    for slug, what, value in (
        ("length-der", "The signature in DER.", P256.der(MESSAGE)),
        ("length-63", "A byte too short.", signature[:-1]),
        ("length-65", "A byte too long.", signature + b"\0"),
        ("length-64-leading-zero", "A zero before r.", b"\0" + signature),
        ("length-96", "The length of ES384.", b"".join(n.to_bytes(48, "big") for n in (r, s))),
        ("length-twice", "The signature twice.", signature * 2),
        ("length-1", "One byte.", b"\0"),
        ("length-60", "Two bytes cut from each number.", signature[2:32] + signature[34:]),
    ):
        yield is_bad(slug, what, value, "ENV-022")
    for slug, what, pair in (
        ("r-zero", "r is zero.", (0, s)),
        ("s-zero", "s is zero.", (r, 0)),
        ("r-and-s-zero", "The psychic signature.", (0, 0)),
        ("r-is-order", "r is the order.", (order, s)),
        ("s-is-order", "s is the order.", (r, order)),
        ("r-and-s-order", "Both are the order.", (order, order)),
        ("r-is-prime", "r is the field's prime.", (T.PRIMES["P-256"], s)),
        ("r-and-s-one", "Both are 1.", (1, 1)),
        ("r-one-s-zero", "1 and 0.", (1, 0)),
        ("r-and-s-largest", "All bits set.", (2**256 - 1, 2**256 - 1)),
        ("r-and-s-swapped", "s before r.", (s, r)),
        ("r-negated", "The order less r.", (order - r, s)),
        ("bit-flipped", "The last bit of s.", (r, s ^ 1)),
    ):
        yield is_bad(slug, what, T.raw(*pair))
    yield is_bad("signed-by-another-key", "Another key signed.", OTHER.sign(MESSAGE))
    yield is_bad("signed-payload-only", "The payload's text alone was signed.", P256.sign(BODY))
    yield is_bad(
        "signed-decoded",
        "The decoded payload was signed (b64 false).",
        P256.sign(HEAD + b"." + T.PAYLOAD),
    )
    yield is_bad("signed-whole", "The token with its dot was signed.", P256.sign(MESSAGE + b"."))
    digest = hashlib.sha256(MESSAGE).digest()
    yield is_bad("signed-digest", "The digest was signed: hashed twice.", P256.sign(digest))
    twin = T.join(MESSAGE, T.raw(r, order - s))
    row = Row(
        "ENV-030",
        "The malleated twin (r, n - s): another signature, the same statement.",
        twin,
        good(GOOD, P256),
        danger="One signing act would be counted twice.",
    )
    yield "twin-of-good-es256", row
    yield (
        "flat-same-sid",
        Row("ENV-030", "The flattened form has the same sid.", flat(), good(GOOD, P256)),
    )
    body = T.b64(T.PAYLOAD.replace(b"Disclosure", b"disclosure")).encode()
    row = Row(
        "ENV-023", "The payload was edited.", b".".join((HEAD, body, TAIL)), invalid, danger=FORGED
    )
    yield "edited-payload", row
    head = T.b64(T.text_of(P256, iat=T.IAT + 1).encode()).encode()
    row = Row(
        "ENV-023", "The header was edited.", b".".join((head, BODY, TAIL)), invalid, danger=FORGED
    )
    yield "edited-header", row
    head = T.b64(T.text_of(OTHER).encode()).encode()
    row = Row(
        "ENV-023",
        "The key was changed for another one.",
        b".".join((head, BODY, TAIL)),
        invalid,
        danger=FORGED,
    )
    yield "edited-key", row
    yield from edwards()


def edwards() -> Iterator[tuple[str, Row]]:
    order, invalid = T.ORDERS["Ed25519"], bad("signature.invalid")
    made = T.token(ED)
    message = made.rsplit(b".", 1)[0]
    signature = ED.sign(message)
    scalar = int.from_bytes(signature[32:], "little")
    wide = (scalar + order).to_bytes(32, "little")
    digest = hashlib.sha512(ED.secret).digest()[:32]
    secret = int.from_bytes(digest, "little") & ((1 << 254) - 8) | (1 << 254)
    public = ED.private.public_key().public_bytes_raw()

    def with_nonce_zero(point: bytes) -> bytes:
        """The owner's signature with nonce 0, whose R is written as ``point``."""
        challenge = hashlib.sha512(point + public + message).digest()
        value = int.from_bytes(challenge, "little") * secret % order
        return point + value.to_bytes(32, "little")

    identity = T.PRIMES["Ed25519"] + 1
    for slug, what, value in (
        ("ed25519-s-plus-order", "S + L: a second spelling.", signature[:32] + wide),
        ("ed25519-s-zero", "S is zero.", signature[:32] + bytes(32)),
        ("ed25519-all-zero", "All bytes 0.", bytes(64)),
        ("ed25519-bit-flipped", "The first bit.", bytes([signature[0] ^ 1]) + signature[1:]),
        (
            "ed25519-r-not-canonical",
            "R is spelled p + 1.",
            with_nonce_zero(identity.to_bytes(32, "little")),
        ),
        ("ed25519-of-another-key", "Another key signed.", T.Key("x", "Ed25519").sign(message)),
        ("ed25519-prehashed", "The SHA-512 was signed.", ED.sign(hashlib.sha512(message).digest())),
    ):
        yield slug, Row("ENV-023", what, T.join(message, value), invalid, danger=FORGED)
    for slug, what, value in (
        ("ed25519-length-63", "A byte too short.", signature[:-1]),
        ("ed25519-length-65", "A byte too long.", signature + b"\0"),
    ):
        yield slug, Row("ENV-022", what, T.join(message, value), invalid)
    made = T.token(P384)
    message = made.rsplit(b".", 1)[0]
    signature = P384.sign(message)
    for slug, what, value, ids in (
        (
            "es384-bit-flipped",
            "The last bit.",
            signature[:-1] + bytes([signature[-1] ^ 1]),
            "ENV-023",
        ),
        ("es384-zeros", "r and s are 0.", bytes(96), "ENV-023"),
        ("es384-length-64", "The length of ES256.", signature[:64], "ENV-022"),
        ("es384-der", "The signature in DER.", P384.der(message), "ENV-022"),
    ):
        yield slug, Row(ids, what, T.join(message, value), invalid, danger=FORGED)


def order_of_rules() -> Iterator[tuple[str, Row]]:
    """4.7: of two faults the earlier one is named."""
    bits = other_bits(uneven(2)[2])
    for slug, what, data, code in (
        ("order-spelling-before-crit", "crit, and a payload with padding.", T.token(P256, crit=[]).replace(b".", b"=.", 2), "jws.malformed"),
        ("order-signature-before-header", "crit, and left-over bits in the signature.", b".".join((*T.token(P256, crit=[]).split(b".")[:2], bits)), "jws.malformed"),
        ("order-crit-before-forbidden", "crit and jku.", T.token(P256, crit=["jku"], jku="x"), "jws.crit.unsupported"),
        ("order-forbidden-before-missing", "jku, and no alg.", T.token(P256, jku="x", alg=...), "jws.header.forbidden"),
        ("order-missing-before-kind", "No iat, and alg is a number.", T.token(P256, alg=1, iat=...), "jws.header.missing"),
        ("order-kind-before-type", "iat is a text, of an unknown typ.", T.token(P256, iat="1", typ="JWT"), "jws.malformed"),
        ("order-type-before-algorithm", "An unknown typ, alg none.", T.token(P256, typ="JWT", alg="none"), "jws.typ.unsupported"),
        ("order-algorithm-before-key", "alg none, no key.", T.token(P256, alg="none", jwk=...), "alg.forbidden"),
        ("order-key-before-kid", "A key with d, and no kid.", T.token(P256, jwk={**P256.jwk, "d": "AAAA"}, kid=...), "jws.key.invalid"),
        ("order-kid-before-algorithm", "Another kid, and ES384 with P-256.", T.token(P256, alg="ES384", kid=T.KID), "jws.key.mismatch"),
        ("order-mismatch-before-length", "ES384 with P-256, 64 bytes.", T.token(P256, alg="ES384"), "alg.key-mismatch"),
    ):  # fmt: skip
        yield slug, Row("VER-030", what, data, bad(code))


def bundles() -> Iterator[tuple[str, Row]]:
    """4.4 to 4.6, through the whole procedure: no audio, so nothing is bound."""
    statements = [
        V.token(V.manifest(sequence=n + 1, supersedes=T.sha256(b"%d" % n)) if n else V.manifest())
        for n in range(3)
    ]

    def bundle(*flat_ones: Any, **more: Any) -> bytes:
        return T.compact({"bundle": "musicprov-bundle/1", "statements": list(flat_ones), **more})

    def row(
        ids: str, what: str, given: bytes, codes: list[str], *informs: str, **limits: int
    ) -> Row:
        options: dict[str, Any] = {"now": V.NOW, "own": [V.ARTIST.thumbprint]}
        if limits:
            options["limits"] = limits
        expect = {"status": "INDETERMINATE", "codes": sorted(codes), "informs": sorted(informs)}
        return Row(ids, what, None, expect, options, operation="verify", given=given)

    one, two, three = (T.flat_of(s) for s in statements)
    unbound = ["binding.not-checked", "policy.unmet"]
    yield (
        "embedded-key-is-not-trusted",
        Row(
            "ENV-024",
            "The embedded key verifies the signature and nobody knows it.",
            None,
            {"status": "INDETERMINATE", "codes": unbound, "informs": ["identity.unknown"]},
            {"now": V.NOW},
            "Anyone could sign with a key that they bring along.",
            "verify",
            statements[0],
        ),
    )
    yield "bundle-one", row("ENV-040", "A bundle of one.", bundle(one), unbound)
    yield (
        "bundle-same-twice",
        row(
            "ENV-042",
            "One statement, twice in a bundle.",
            bundle(one, one),
            unbound,
            "carrier.duplicate-identical",
        ),
    )
    yield (
        "bundle-same-spelled-apart",
        row(
            "ENV-042 ENV-030",
            "The same statement with its members in another order and spacing.",
            json.dumps(
                {"statements": [one, dict(reversed(one.items()))], "bundle": "musicprov-bundle/1"},
                indent=3,
            ).encode(),
            unbound,
            "carrier.duplicate-identical",
        ),
    )
    many = [*unbound, "carrier.conflict"]
    yield (
        "bundle-at-limit",
        row(
            "ENV-041",
            "As many as allowed.",
            bundle(one, two),
            many,
            "carrier.multiple",
            statements=2,
        ),
    )
    yield (
        "bundle-over-limit",
        row(
            "ENV-041",
            "One too many: what was not read is said.",
            bundle(one, two, three),
            [*many, "carrier.scan-incomplete"],
            "carrier.multiple",
            statements=2,
        ),
    )
    whole = bundle(one)
    yield (
        "bundle-too-large",
        row(
            "ENV-041",
            "A byte too large.",
            whole,
            ["carrier.too-large"],
            bundle_bytes=len(whole) - 1,
        ),
    )


def rows() -> dict[str, Row]:
    out: dict[str, Row] = {}
    for made in (forms(), headers(), algorithms(), order_of_rules(), bundles()):
        for slug, row in made:
            if slug in out:
                raise ValueError(slug)
            out[slug] = row
    return out


if __name__ == "__main__":
    sys.exit(T.build(HERE, rows()))
