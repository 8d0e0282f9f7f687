"""Certificate authorities, leaves and revocation lists for the vectors of certificates (spec 15).

Nothing of the package under test is imported. Keys come from labels (``envelope/tokens.py``) or
stand here (RSA); serial numbers and dates are fixed; signatures are deterministic: a rebuild gives
the same bytes. All private keys are public: they are for tests alone.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier


def _load(name: str, path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent.parent / path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


T = _load("vector_tokens", "envelope/tokens.py")

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
EMAIL, SERVER = ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.SERVER_AUTH
ANY = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE
ORGANIZATION_ID = ObjectIdentifier("2.5.4.97")
QC_STATEMENTS = ObjectIdentifier("1.3.6.1.5.5.7.1.3")
_QUALIFIED = bytes.fromhex("3008060604008e460101")
_TYPE = "3013060604008e4601063009060704008e460106"
"""ETSI EN 319 412-5: it is qualified; and for electronic signatures (01) or seals (02)."""

_RSA = {
    1024: """
f351802a8b394d1c31b15cde15f1ea2248df0799abdf5ac4b054aac90f86e34162c353f875ca8c3556a6c057a8
582494bb5210da371af98f2c25d39249330505

c97de00fdbeb1b67c2e3c94dcf5a98025682c9061e49097b8eb4a2cd383673eab405c33fc0855f45e4cb67016e
ac0c0c597ef9385523c2a50d1ad0c05f1b773d
""",
    2048: """
e45e283723005f1ef15832817131135410be3cbf06cbff69318225d94d733298903b09e5a67e8985bd313dc9b0
fb5fb93ea292e26898365b64ed82160bec74b27874ee151322e61bb165724a5dbbb34ebe3f023b3ed3c3efc537
14a96ffbeb070c221a5f700ea42b0a3e0084aa77b6167ecdaf49512c1b639142634f5641975b

c89a2cbf52dea0e33660182290063c5416887ca01228788f2785601f131f6eadf4c040fb89d82b6f8b0c7ec89b
c2baa20cb7191fad19d0d16942c1f22cbb047ea6f2ad1ce925513497ebb1ce574869bd7e1692bdd2dd367f6ed2
da371f35cbba8bd4528f3d5f3d3a5e2bc476c06227a485c51dd8d2f707ca610e4b0323fe624d
""",
    3072: """
dce16be1d07d54558c8a4f91a6c23ecff20b3656c3bbe3b31e93e1cbd8c98a4f9727d9039f93200baef0030446
3ff7cc3a002196c168128a5078a7abd06ce92c35bd97d8c2dc36ea1736ddd9ad6b1e8405a1a1b101b1b46ed057
e823f041a96317ade742a716ae5d075c2b264a563ccfb0fe2768ae0e305e10307806a000a692e507422d809693
e8f5bd1bb006a632a475d5be93974203be1c4378e73805fde2bf6ea4c1f204ae4ab52df649d54d99de690b338b
50854a147e4e539f52f4a867

d6150aa3bc12aaa87e1e61a5526a4c204e5e4431649ef76a25a9d29481b4ee02ba733128a6edadc066415d5c64
388317e7df7a3c4f2550c196fc98c1f3702f48f78970df5f1971195f598ab2990c3c0384346f855a8ed8ac03ce
972f970fddc1118033389595dbf37098e5188341e13c7eb3f2ce489499645e0416483fbd13c8de4204cd921028
b3af5b35abf10b888bf3e9178fe44638032f7585019ce69aae9851dddd3b6dd1e0457a53675a43749cc96b871d
36b7cc987e26f767562b0bb5
""",
}
"""The two primes of a key, in hexadecimal."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class _PublicOnly:
    def __init__(self, public: Any) -> None:
        self._public = public

    def public_key(self) -> Any:
        return self._public


class Strange:
    """A key of a curve that the standard does not use; it is certified and never signs."""

    def __init__(self, curve: str) -> None:
        self.curve = curve
        self.private = ec.derive_private_key(
            7, {"P-521": ec.SECP521R1, "secp256k1": ec.SECP256K1}[curve]()
        )


class RsaKey:
    """An RSA key of the vectors; signs PS256 with a salt from the message, or RS256."""

    curve = "RSA"

    def __init__(self, bits: int, alg: str = "PS256", exponent: int = 65537) -> None:
        self.alg = alg
        p, q = (int(text.replace("\n", ""), 16) for text in _RSA[bits].split("\n\n"))
        d = pow(65537, -1, (p - 1) * (q - 1))
        self._n, self._d, self._bytes = p * q, d, bits // 8
        numbers = rsa.RSAPrivateNumbers(
            p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(65537, p * q)
        )
        self.private = numbers.private_key(unsafe_skip_rsa_key_validation=True)
        if exponent != 65537:  # for certificates alone: the public half is all that they need
            self.private = _PublicOnly(rsa.RSAPublicNumbers(exponent, p * q).public_key())
        n = T.b64(self._n.to_bytes(self._bytes, "big"))
        self.jwk = {"kty": "RSA", "e": "AQAB", "n": n}
        self.thumbprint = T.sha256(T.compact({"e": "AQAB", "kty": "RSA", "n": n}))

    def sign(self, data: bytes) -> bytes:
        if self.alg == "RS256":
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.pss(data, hashlib.sha256(b"salt" + data).digest())

    def pss(self, data: bytes, salt: bytes) -> bytes:
        """EMSA-PSS with a given salt (RFC 8017 9.1.1), and the private operation."""
        digest = hashlib.sha256(bytes(8) + hashlib.sha256(data).digest() + salt).digest()
        size = self._bytes - 32 - 1
        block = bytes(size - len(salt) - 1) + b"\1" + salt
        mask = b"".join(
            hashlib.sha256(digest + n.to_bytes(4, "big")).digest() for n in range(size // 32 + 1)
        )
        masked = bytes(a ^ b for a, b in zip(block, mask, strict=False))
        message = bytes([masked[0] & 0x7F]) + masked[1:] + digest + b"\xbc"
        number = pow(int.from_bytes(message, "big"), self._d, self._n)
        return number.to_bytes(self._bytes, "big")


def name(common: str, **more: str) -> x509.Name:
    oids = {
        "organization": NameOID.ORGANIZATION_NAME,
        "organizationIdentifier": ORGANIZATION_ID,
        "serialNumber": NameOID.SERIAL_NUMBER,
        "country": NameOID.COUNTRY_NAME,
    }
    parts = [x509.NameAttribute(oids[kind], value) for kind, value in more.items()]
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def usage(*names: str) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{one: one in names for one in every})


CA_USAGE = (usage("key_cert_sign", "crl_sign"), True)
SEAL_USAGE = (usage("content_commitment"), True)
SIGN_USAGE = (usage("digital_signature"), True)
IS_CA = (x509.BasicConstraints(ca=True, path_length=None), True)
NO_CA = (x509.BasicConstraints(ca=False, path_length=None), True)
UNKNOWN = (x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00"), True)


def _qualified(kind: str) -> tuple[x509.UnrecognizedExtension, bool]:
    body = _QUALIFIED + bytes.fromhex(_TYPE + kind)
    value = bytes([0x30, len(body)]) + body
    return x509.UnrecognizedExtension(QC_STATEMENTS, value), False


QC, QC_SIGN = _qualified("02"), _qualified("01")


def eku(*oids: ObjectIdentifier) -> tuple[x509.ExtendedKeyUsage, bool]:
    return x509.ExtendedKeyUsage(oids), False


Extension = tuple[x509.ExtensionType, bool]


class Issuer:
    """An authority: its certificate and key. Serial numbers come from labels."""

    def __init__(
        self,
        subject: x509.Name,
        key: Any,
        parent: Issuer | None = None,
        *,
        extensions: Sequence[Extension] = (IS_CA, CA_USAGE),
        dates: tuple[str, str] = ("2024-01-01", "2040-01-01"),
    ) -> None:
        self.name, self.key = subject, key
        self.certificate = certificate(subject, key, parent or self, extensions, dates)

    @property
    def der(self) -> bytes:
        return der(self.certificate)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def leaf(
        self,
        subject: x509.Name,
        key: Any,
        *,
        extensions: Sequence[Extension] = (NO_CA, SIGN_USAGE, eku(DOCUMENT_SIGNING)),
        dates: tuple[str, str] = ("2026-01-01", "2028-12-31"),
        serial: int | None = None,
    ) -> x509.Certificate:
        return certificate(subject, key, self, extensions, dates, serial)

    def crl(
        self,
        revoked: Mapping[int, tuple[str, Mapping[str, Any]]] | None = None,
        *,
        dates: tuple[str, str] = ("2026-11-01", "2027-02-01"),
        extensions: Sequence[Extension] = (),
        issuer: x509.Name | None = None,
    ) -> bytes:
        """A revocation list: serial number to date and ``reason``, ``invalidity``."""
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer or self.name)
            .last_update(at(dates[0]))
            .next_update(at(dates[1]))
            .add_extension(x509.CRLNumber(7), critical=False)
            .add_extension(_key_id(self.key), critical=False)
        )
        for value, critical in extensions:
            made = made.add_extension(value, critical)
        for serial, (date, more) in (revoked or {}).items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at(date))
            if "reason" in more:
                flag = x509.ReasonFlags(more["reason"])
                entry = entry.add_extension(x509.CRLReason(flag), critical=False)
            if "invalidity" in more:
                value = x509.InvalidityDate(at(more["invalidity"]))
                entry = entry.add_extension(value, critical=False)
            made = made.add_revoked_certificate(entry.build())
        signed = made.sign(self.key.private, hash_of(self.key), **_deterministic(self.key))
        return signed.public_bytes(serialization.Encoding.DER)


class Given:
    """A certificate that a policy names as an anchor."""

    def __init__(self, found: x509.Certificate) -> None:
        self.der = der(found)


def hash_of(key: Any) -> Any:
    return {"P-256": hashes.SHA256(), "P-384": hashes.SHA384(), "RSA": hashes.SHA256()}.get(
        key.curve
    )


def _deterministic(key: Any) -> dict[str, Any]:
    return {"ecdsa_deterministic": True} if key.curve in {"P-256", "P-384"} else {}


def _key_id(key: Any) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.private.public_key())


def certificate(
    subject: x509.Name,
    key: Any,
    issuer: Issuer,
    extensions: Sequence[Extension],
    dates: tuple[str, str],
    serial: int | None = None,
) -> x509.Certificate:
    label = repr((subject.rfc4514_string(), dates, issuer.name.rfc4514_string())).encode()
    number = serial or int.from_bytes(hashlib.sha256(label).digest()[:15], "big")
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.name)
        .public_key(key.private.public_key())
        .serial_number(number)
        .not_valid_before(at(dates[0]))
        .not_valid_after(at(dates[1]))
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.private.public_key()), critical=False
        )
        .add_extension(_key_id(issuer.key), critical=False)
    )
    for value, critical in extensions:
        made = made.add_extension(value, critical)
    return made.sign(issuer.key.private, hash_of(issuer.key), **_deterministic(issuer.key))


def der(found: Any) -> bytes:
    return found.public_bytes(serialization.Encoding.DER)


def header_of(key: Any, chain: Sequence[x509.Certificate], **changed: Any) -> dict[str, Any]:
    """The header of a statement with certificates; what is changed to ``...`` is left out."""
    ders = [der(c) for c in chain]
    made: dict[str, Any] = {
        "alg": key.alg,
        "typ": T.TYP,
        "cty": T.CTY,
        "iat": T.IAT,
        "x5t#S256": T.sha256(ders[0]),
        "x5c": [b64encode(one).decode() for one in ders],
    }
    made.update(changed)
    return {member: value for member, value in made.items() if value is not ...}


def token(
    key: Any, chain: Sequence[x509.Certificate], payload: bytes = T.PAYLOAD, **changed: Any
) -> bytes:
    made: bytes = T.sealed(T.compact(header_of(key, chain, **changed)), key, payload)
    return made
