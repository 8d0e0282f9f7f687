"""A certificate chain that C2PA accepts, and signed files to put a manifest into.

The chain is what C2PA's certificate profile wants: v3, no CA, digitalSignature alone, e-mail
protection, key identifiers, an organisation; issued by another.
"""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from provenance.issuing import beside, sign
from provenance.model.statements import Withdrawal
from provenance.signing import c2pa
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner
from provenance.verify.outcome import Context

EXAMPLES = Path(__file__).parents[2] / "examples"
TIERS = frozenset({"essence"})


def library():
    """c2pa-python itself; skips aloud without the extra."""
    return pytest.importorskip("c2pa", reason="the extra 'c2pa' is not installed")


@cache
def chain(purpose="email", kind="p256"):
    """Root, leaf and key as PEM; ``purpose``: email, documents, server or none."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    made = {
        "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "rsa": lambda: rsa.generate_private_key(65537, 2048),
    }
    root, leaf = made["p256"](), made[kind]()
    purposes = {"email": "1.3.6.1.5.5.7.3.4", "documents": "1.3.6.1.5.5.7.3.36",
                "server": "1.3.6.1.5.5.7.3.1"}  # fmt: skip

    def name(text):
        organisation = x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Example Label")
        return x509.Name([organisation, x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    def certificate(subject, key, *, is_ca):
        usage = x509.KeyUsage(not is_ca, False, False, False, False, is_ca, is_ca, False, False)
        public = key.public_key()
        build = (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("Test Root"))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime.now(UTC) - timedelta(days=1))
            .not_valid_after(datetime.now(UTC) + timedelta(days=30))
            .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()),
                critical=False,
            )
        )
        if not is_ca and purpose in purposes:
            oid = x509.ObjectIdentifier(purposes[purpose])
            build = build.add_extension(x509.ExtendedKeyUsage([oid]), critical=False)
        return build.sign(root, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    key = leaf.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return (
        certificate("Test Root", root, is_ca=True),
        certificate("Test Leaf", leaf, is_ca=False),
        key,
    )


def credentials(**which):
    """Who signs; the root stands before the leaf, which ``credentials`` puts right."""
    root, leaf, key = chain(**which)
    return c2pa.credentials(key, root + leaf)


def context():
    return Context(datetime.now(UTC))


def declaration(example="walk-my-walk"):
    return json.loads((EXAMPLES / example / "declaration.json").read_text(encoding="utf-8"))


def signed(path, plain=None, key=None):
    """The file with our statement in its tags; its token."""
    signer, wishes = FileSigner(key or generate()), sign.Wishes(tiers=TIERS)
    made = sign.draft([path], plain or declaration(), signer.public.thumbprint, context(), wishes)
    return sign.issue(made, signer, context(), wishes)[0].token


def withdrawn(path):
    """The file with our statement, and its signer's withdrawal of it, in its tags."""
    key = generate()
    signed(path, key=key)
    meant = beside.choose(beside.look(path, context()), None)
    head, of = beside.head(context().now), beside.reference_to(meant)
    said = Withdrawal(type="Withdrawal", **head, of=of, reason="error")
    token = beside.make(said, FileSigner(key), context())
    beside.add(path, [token], context(), beside.Place())


def sound(path):
    """MD5 of the decoded samples."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:a", "-f", "md5", "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout
