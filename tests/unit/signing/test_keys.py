"""Keys in memory: the points of small order, thumbprints, and what signs with what (spec 7.1)."""

import pytest
from provenance.model.errors import KeyFileError
from provenance.signing import keys
from provenance.signing.keys import (
    KeyValueError,
    b64decode_url,
    b64encode_url,
    generate,
    public_from_jwk,
    thumbprint,
)

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def add(one, two):
    """Addition on edwards25519 (RFC 8032 5.1.4), in affine coordinates."""
    (x1, y1), (x2, y2) = one, two
    k = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P
    return x, (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P


def point(y):
    """The point with this y, if there is one."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    return (x, y) if x * x % P == square else None


def order_divides_eight(y):
    found = point(y)
    for _ in range(3):
        found = add(found, found)
    return found == (0, 1)


@pytest.mark.requirement("KEY-004")
def test_the_list_of_points_of_small_order_is_the_true_one():
    assert all(order_divides_eight(y) for y in keys._LOW_ORDER_Y)
    found = {(x, y) for y in keys._LOW_ORDER_Y for x in {point(y)[0], -point(y)[0] % P}}
    assert len(found) == 8  # the cofactor: there are no others


@pytest.mark.requirement("KEY-004")
@pytest.mark.parametrize("y", sorted(keys._LOW_ORDER_Y))
@pytest.mark.parametrize("sign", [0, 1])
def test_a_key_of_small_order_is_refused_in_both_signs(y, sign):
    x = b64encode_url((y | sign << 255).to_bytes(32, "little"))

    with pytest.raises(KeyValueError, match="low-order"):
        public_from_jwk({"kty": "OKP", "crv": "Ed25519", "x": x})


@pytest.mark.requirement("KEY-003")
@pytest.mark.parametrize("curve", ["P-256", "P-384"])
def test_a_point_has_one_spelling(curve):
    size, prime = keys.COORDINATE_BYTES[curve], keys._PRIMES[curve]
    b = {
        "P-256": 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        "P-384": int(
            "B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE814112"
            "0314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF",
            16,
        ),
    }[curve]
    x = next(x for x in range(100) if pow((x**3 - 3 * x + b) % prime, (prime - 1) // 2, prime) == 1)
    y = pow(x**3 - 3 * x + b, (prime + 1) // 4, prime)

    def jwk(number):
        texts = (b64encode_url(n.to_bytes(size, "big")) for n in (number, y))
        return dict(zip(("x", "y"), texts, strict=True), kty="EC", crv=curve)

    assert public_from_jwk(jwk(x)).curve == curve
    with pytest.raises(KeyValueError, match="not-canonical"):
        public_from_jwk(jwk(x + prime))


@pytest.mark.requirement("KEY-005")
def test_the_thumbprint_is_the_published_one():
    published = {  # RFC 8037 A.2, A.3
        "kty": "OKP",
        "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }

    assert thumbprint(published) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert public_from_jwk(published).thumbprint == thumbprint(published)


@pytest.mark.requirement("ENV-003")
@pytest.mark.parametrize(
    "text", ["", "AA==", "AB", "A", "AAAAA", "+/+/", "AA A", "AAA\n", "AAA=", "\u00e9AAA", "AAF"]
)
def test_only_one_spelling_of_bytes_is_read(text):
    decoded = b64decode_url(text)

    assert decoded in {None, b""}
    assert (decoded is None) == bool(text)


@pytest.mark.requirement("ENV-003")
def test_every_length_comes_back():
    for size in range(70):
        data = bytes(range(size))
        assert b64decode_url(b64encode_url(data)) == data


@pytest.mark.requirement("ENV-020")
@pytest.mark.parametrize("alg", ["EdDSA", "HS256", "none", "RS256", "ES512", ""])
def test_no_key_is_made_for_what_never_signs(alg):
    with pytest.raises(KeyFileError):
        generate(alg)


@pytest.mark.requirement("ENV-022")
@pytest.mark.parametrize("alg", ["ES256", "ES384", "Ed25519"])
def test_a_signature_has_one_length_and_belongs_to_its_bytes(alg):
    pair = generate(alg)
    good = pair.sign(b"message")

    assert pair.public.verify(good, b"message")
    assert not pair.public.verify(good, b"massage")
    assert not pair.public.verify(good[:-1], b"message")
    assert not pair.public.verify(good + b"\0", b"message")
    assert not pair.public.verify(bytes(len(good)), b"message")
    assert not generate(alg).public.verify(good, b"message")
