#!/usr/bin/env python3
"""Build the vectors of public keys: every way in which a key in a header is wrong (spec 7.1).

Each case is a token whose ``jwk`` is in question; ``kid`` is its right thumbprint, so that nothing
but the key can refuse it. ``--check`` exits 1 on drift.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from making import load  # noqa: E402

T = load("vector_tokens", "envelope/tokens.py")
Row, good = T.Row, T.good

P256, P384, ED = T.Key("artist"), T.Key("label", "P-384"), T.Key("persona", "Ed25519")
INVALID = T.bad("jws.key.invalid")
PRIME = T.PRIMES["Ed25519"]
D = -121665 * pow(121666, -1, PRIME) % PRIME
B_P256 = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B


def named(jwk: Any, key: Any = P256, **changed: Any) -> bytes:
    """A token with this jwk under its own thumbprint, signed by ``key``."""
    right = isinstance(jwk, Mapping) and {"kty", "crv", "x"} <= set(jwk)
    kid = T.KID + (T.thumbprint(jwk) if right else key.thumbprint)
    made: bytes = T.token(key, jwk=jwk, kid=kid, **changed)
    return made


def members() -> Iterator[tuple[str, Row]]:
    private = T.b64(P256.secret)
    leak = "A private key would be published and taken for a good one."
    for slug, more in {
        "private-d": {"d": private},
        "private-d-empty": {"d": ""},
        "private-k": {"k": private},
        "more-use": {"use": "sig"},
        "more-alg": {"alg": "ES256"},
        "more-kid": {"kid": P256.thumbprint},
        "more-key-ops": {"key_ops": ["verify"]},
        "more-x5c": {"x5c": ["MIIB"]},
        "more-unknown": {"note": "hello"},
    }.items():
        row = Row(
            "KEY-001", f"A key with {next(iter(more))}.", named({**P256.jwk, **more}), INVALID
        )
        yield slug, Row(row.requirements, row.description, row.data, INVALID, danger=leak)
    for name in ("kty", "crv", "x", "y"):
        jwk = {m: v for m, v in P256.jwk.items() if m != name}
        yield f"without-{name}", Row("KEY-001", f"A key without {name}.", named(jwk), INVALID)
    row = Row("KEY-001", "Ed25519 with y.", named({**ED.jwk, "y": ED.jwk["x"]}, ED), INVALID)
    yield "ed25519-with-y", row
    for slug, jwk in {
        "is-null": None,
        "is-text": P256.jwk["x"],
        "is-list": [P256.jwk],
        "is-empty": {},
        "is-thumbprint-uri": T.KID + P256.thumbprint,
        "x-number": {**P256.jwk, "x": 1},
        "x-null": {**P256.jwk, "x": None},
        "kty-list": {**P256.jwk, "kty": ["EC"]},
    }.items():
        data = T.token(P256, jwk=jwk)
        yield slug, Row("KEY-001", f"{slug.replace('-', ' ')}: no JWK.", data, INVALID)
    secret = "A secret that everybody can read, or a key of another kind, would verify."
    for slug, jwk in {
        "oct": {"kty": "oct", "k": T.b64(b"secret")},
        "rsa": {"kty": "RSA", "n": T.b64(b"\xff" * 256), "e": "AQAB"},
        "kty-okp-for-p256": {**P256.jwk, "kty": "OKP"},
        "kty-ec-for-ed25519": {**ED.jwk, "kty": "EC"},
        "kty-lower-case": {**P256.jwk, "kty": "ec"},
        "crv-lower-case": {**P256.jwk, "crv": "p-256"},
        "crv-p521": {**P256.jwk, "crv": "P-521"},
        "crv-secp256k1": {**P256.jwk, "crv": "secp256k1"},
        "crv-x25519": {**ED.jwk, "crv": "X25519"},
        "crv-ed448": {**ED.jwk, "crv": "Ed448"},
        "crv-ed25519-for-ec": {**P256.jwk, "crv": "Ed25519"},
        "crv-p256-for-okp": {**ED.jwk, "crv": "P-256"},
    }.items():
        key = ED if "y" not in jwk and jwk["kty"] in {"OKP", "EC"} else P256
        row = Row(
            "KEY-001", "A key of no kind in the table.", named(jwk, key), INVALID, danger=secret
        )
        yield slug, row


def coordinates() -> Iterator[tuple[str, Row]]:
    zero = next(
        key
        for n in itertools.count()
        if (key := T.Key(f"zero {n}")) and key.private.public_key().public_numbers().x >> 248 == 0
    )
    made = T.token(zero)
    yield "leading-zero", Row("KEY-002", "x begins with a zero byte.", made, good(made, zero))
    numbers = zero.private.public_key().public_numbers()
    point = P256.private.public_key().public_numbers()
    x, y = (n.to_bytes(32, "big") for n in (point.x, point.y))
    ed = ED.private.public_key().public_bytes_raw()
    short = T.b64(numbers.x.to_bytes(31, "big"))
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    bits = P256.jwk["x"][:-1] + alphabet[alphabet.index(P256.jwk["x"][-1]) ^ 1]
    twice = "One key would have two thumbprints: pinned under one, it signs under the other."
    for slug, jwk, key in (
        ("leading-zero-dropped", {**zero.jwk, "x": short}, zero),
        ("zero-before", {**P256.jwk, "x": T.b64(b"\0" + x)}, P256),
        ("x-padded", {**P256.jwk, "x": P256.jwk["x"] + "="}, P256),
        ("x-other-bits", {**P256.jwk, "x": bits}, P256),
        ("x-white-space", {**P256.jwk, "x": P256.jwk["x"] + "\n"}, P256),
        ("x-empty", {**P256.jwk, "x": ""}, P256),
        ("x-hexadecimal", {**P256.jwk, "x": x.hex()}, P256),
        ("x-is-a-whole-point", {**P256.jwk, "x": T.b64(b"\x04" + x + y)}, P256),
        ("p256-with-p384-length", {**P384.jwk, "crv": "P-256"}, P256),
        ("ed25519-short", {**ED.jwk, "x": T.b64(ed[:31])}, ED),
        ("ed25519-long", {**ED.jwk, "x": T.b64(ed + b"\0")}, ED),
        ("ed25519-empty", {**ED.jwk, "x": ""}, ED),
    ):
        row = Row("KEY-002", slug.replace("-", " ") + ".", named(jwk, key), INVALID, danger=twice)
        yield slug, row
    standard = next(
        key
        for n in itertools.count()
        if (key := T.Key(f"alphabet {n}")) and {"-", "_"} & set(key.jwk["x"])
    )
    jwk = {**standard.jwk, "x": standard.jwk["x"].replace("-", "+").replace("_", "/")}
    row = Row("KEY-002", "The standard alphabet.", named(jwk, standard), INVALID, danger=twice)
    yield "x-standard-alphabet", row


def ec_jwk(x: int, y: int, curve: str = "P-256") -> dict[str, str]:
    size = T.SIZES[curve]
    x_text, y_text = (T.b64(n.to_bytes(size, "big")) for n in (x, y))
    return {"kty": "EC", "crv": curve, "x": x_text, "y": y_text}


def points() -> Iterator[tuple[str, Row]]:
    numbers = P256.private.public_key().public_numbers()
    prime = T.PRIMES["P-256"]
    root = pow(B_P256, (prime + 1) // 4, prime)  # y of the point with x = 0
    wide = P384.private.public_key().public_numbers()
    off = "An invalid point gives away secrets or makes signatures of anybody hold."
    for slug, what, jwk, key in (
        ("p256-off-curve", "y is one too large.", ec_jwk(numbers.x, numbers.y + 1), P256),
        ("p256-zero", "x and y are 0.", ec_jwk(0, 0), P256),
        ("p256-swapped", "y before x.", ec_jwk(numbers.y, numbers.x), P256),
        ("p256-largest", "All bits set.", ec_jwk(2**256 - 1, 2**256 - 1), P256),
        ("p256-x-plus-prime", "The point with x = 0, spelled p.", ec_jwk(prime, root), P256),
        ("p384-off-curve", "y is one too large.", ec_jwk(wide.x, wide.y + 1, "P-384"), P384),
        ("p384-zero", "x and y are 0.", ec_jwk(0, 0, "P-384"), P384),
    ):
        yield slug, Row("KEY-003", what, named(jwk, key), INVALID, danger=off)
    for slug, y in {"ed25519-off-curve": 2, "ed25519-off-curve-7": 7}.items():
        if has_x(y):
            raise ValueError(y)
        yield (
            slug,
            Row("KEY-003", f"No point has y = {y}.", named(ed_jwk(y), ED), INVALID, danger=off),
        )


def has_x(y: int) -> bool:
    """Whether x^2 = (y^2 - 1) / (d y^2 + 1) has a root (RFC 8032 5.1.3)."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    return square == 0 or pow(square, (PRIME - 1) // 2, PRIME) == 1


def ed_jwk(y: int, sign: int = 0) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": T.b64((y | sign << 255).to_bytes(32, "little"))}


def edwards() -> Iterator[tuple[str, Row]]:
    eighth = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
    y8 = int.from_bytes(bytes.fromhex(eighth), "little")
    anyone = "Under a key of low order one signature holds for many messages, without a secret."
    for slug, y, sign in (
        ("low-order-1", 1, 0),
        ("low-order-2", PRIME - 1, 0),
        ("low-order-4", 0, 0),
        ("low-order-4-negative", 0, 1),
        ("low-order-8", y8, 0),
        ("low-order-8-negative", y8, 1),
        ("low-order-8-other", PRIME - y8, 0),
        ("low-order-8-other-negative", PRIME - y8, 1),
        ("low-order-1-negative-zero", 1, 1),
        ("low-order-2-negative-zero", PRIME - 1, 1),
        ("low-order-4-plus-prime", PRIME, 0),
        ("low-order-1-plus-prime", PRIME + 1, 0),
    ):
        message = T.signing_input(
            T.compact(
                T.header_of(ED, jwk=ed_jwk(y, sign), kid=T.KID + T.thumbprint(ed_jwk(y, sign)))
            )
        )
        forged = T.join(message, (1).to_bytes(32, "little") + bytes(32))
        yield (
            slug,
            Row(
                "KEY-004",
                "A key of low order, R its identity, S 0.",
                forged,
                INVALID,
                danger=anyone,
            ),
        )
    for y in range(3, 19):
        if has_x(y):
            row = Row(
                "KEY-004",
                f"The point with y = {y}, spelled p + {y}.",
                named(ed_jwk(PRIME + y), ED),
                INVALID,
                danger="One key would have two thumbprints.",
            )
            yield f"ed25519-not-canonical-{y}", row
    row = Row("KEY-004", "All bits set.", named(ed_jwk(2**255 - 1, 1), ED), INVALID)
    yield "ed25519-largest", row


def names() -> Iterator[tuple[str, Row]]:
    for key in (P256, P384, ED):
        made = T.token(key)
        row = Row("KEY-001 KEY-005", f"A good key of {key.curve}.", made, good(made, key))
        yield f"good-{key.curve.lower().replace('-', '')}", row
    secret = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    key = T.Key("", "Ed25519", bytes.fromhex(secret))
    made = T.token(key)
    published = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    row = Row(
        "KEY-005",
        "The key of RFC 8037 A.1 with its published thumbprint.",
        made,
        {**good(made, key), "key": published},
        source="RFC 8037 A.1 to A.3",
    )
    yield "rfc-8037", row
    jwk = dict(reversed(P256.jwk.items()))
    made = T.token(P256, jwk=jwk)
    yield "other-order", Row("KEY-005", "The members in another order.", made, good(made, P256))


def rows() -> dict[str, Row]:
    out: dict[str, Row] = {}
    for made in (members(), coordinates(), points(), edwards(), names()):
        for slug, row in made:
            if slug in out:
                raise ValueError(slug)
            out[slug] = row
    return out


if __name__ == "__main__":
    sys.exit(T.build(HERE, rows()))
