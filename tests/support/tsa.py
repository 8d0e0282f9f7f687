"""Time-stamping authorities for tests: one of our own, at any time, and one by ``openssl ts``.

``PythonTsa`` makes its keys from labels and signs deterministically (RFC 6979), so the same
arguments give the same token; nothing of the package under test is imported.
"""

from __future__ import annotations

import hashlib
import http.server
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ORDER = int("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16)
POLICY = "1.2.3.4.1"
TIME_STAMPING = ExtendedKeyUsageOID.TIME_STAMPING
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


def key_of(label: str) -> ec.EllipticCurvePrivateKey:
    """The P-256 key of a label."""
    secret = int.from_bytes(hashlib.sha256(label.encode()).digest(), "big") % (ORDER - 1) + 1
    return ec.derive_private_key(secret, ec.SECP256R1())


def day(text: str) -> datetime:
    """Midnight of a day in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def name_of(text: str) -> x509.Name:
    """A distinguished name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass
class Authority:
    """A root certificate that issues others."""

    name: str = "Vector TSA Root"
    start: datetime = field(default_factory=lambda: day("2025-01-01"))
    end: datetime = field(default_factory=lambda: day("2045-01-01"))

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        """Its key, from its name."""
        return key_of(f"musicprov vectors: {self.name}")

    @property
    def certificate(self) -> x509.Certificate:
        """Its certificate, signed by itself."""
        made = _builder(self.name, self.name, self.key, 1, self.start, self.end)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        made = made.add_extension(_ca_usage(), critical=True)
        return made.sign(self.key, hashes.SHA256(), ecdsa_deterministic=True)

    @property
    def der(self) -> bytes:
        """Its certificate in DER."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        """Its certificate in PEM."""
        return self.certificate.public_bytes(Encoding.PEM)


def _builder(
    subject: str, issuer: str, key: ec.EllipticCurvePrivateKey, serial: int, start: datetime, end: datetime
) -> x509.CertificateBuilder:  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(name_of(subject))
        .issuer_name(name_of(issuer))
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(end)
    )


def _ca_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


@dataclass
class PythonTsa:
    """An authority that stamps at any time that it is asked for, right or wrong."""

    root: Authority = field(default_factory=Authority)
    name: str = "Vector TSA"
    start: datetime = field(default_factory=lambda: day("2025-01-01"))
    end: datetime = field(default_factory=lambda: day("2040-01-01"))
    serial: int = 7
    purposes: Sequence[x509.ObjectIdentifier] | None = (TIME_STAMPING,)
    critical: bool = True
    is_ca: bool = False

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        """Its key, from its name."""
        return key_of(f"musicprov vectors: {self.name}")

    @property
    def certificate(self) -> bytes:
        """The certificate that it signs time-stamps with, in DER."""
        made = _builder(self.name, self.root.name, self.key, self.serial, self.start, self.end)
        made = made.add_extension(
            x509.BasicConstraints(ca=self.is_ca, path_length=None), critical=True
        )
        if self.purposes is not None:
            usage = x509.ExtendedKeyUsage(self.purposes)
            made = made.add_extension(usage, critical=self.critical)
        signed = made.sign(self.root.key, hashes.SHA256(), ecdsa_deterministic=True)
        return signed.public_bytes(Encoding.DER)

    def token(
        self,
        covered: bytes,
        at: datetime,
        *,
        nonce: int | None = None,
        digest: str = "sha256",
        imprint: bytes | None = None,
        policy: str = POLICY,
        certificates: Sequence[bytes] | None = None,
        named: bytes | None = None,
        ess: str = "v2",
        fraction: bool = False,
    ) -> bytes:
        """A TimeStampToken over the covered bytes.

        ``certificates`` replaces the signer's as what is embedded, ``named`` as what the signed
        attributes name; ``ess`` is ``v1``, ``v2`` or ``none``.
        """
        made = {
            "version": "v1",
            "policy": policy,
            "message_imprint": {
                "hash_algorithm": {"algorithm": digest},
                "hashed_message": imprint or hashlib.new(digest, covered).digest(),
            },
            "serial_number": int.from_bytes(hashlib.sha256(covered).digest()[:8], "big"),
            "gen_time": at.replace(microsecond=250_000) if fraction else at,
        }
        info = tsp.TSTInfo({**made, **({} if nonce is None else {"nonce": nonce})}).dump()
        own = self.certificate
        embedded = [own] if certificates is None else list(certificates)
        attributes = cms.CMSAttributes(
            list(_attributes(info, own if named is None else named, ess))
        )
        signature = self.key.sign(
            attributes.dump(), ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        )
        certificate = asn1_x509.Certificate.load(own)
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    "issuer_and_serial_number",
                    {"issuer": certificate.issuer, "serial_number": certificate.serial_number},
                ),
                "digest_algorithm": {"algorithm": "sha256"},
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": signature,
            }
        )
        signed = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(info),
            },
            "signer_infos": [signer],
        }
        if embedded:
            signed["certificates"] = [asn1_x509.Certificate.load(c) for c in embedded]
        content = cms.SignedData(signed)
        return cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()

    def reply(self, query: bytes, at: datetime, **more: object) -> bytes:
        """The TimeStampResp to a TimeStampReq."""
        asked = tsp.TimeStampReq.load(query)
        imprint = asked["message_imprint"]
        given = {
            "nonce": asked["nonce"].native,
            "digest": imprint["hash_algorithm"]["algorithm"].native,
            "imprint": imprint["hashed_message"].native,
            **({} if asked["cert_req"].native else {"certificates": ()}),
            **more,
        }
        token = self.token(b"", at, **given)
        status = {"status": "granted"}
        made = {"status": status, "time_stamp_token": cms.ContentInfo.load(token)}
        return tsp.TimeStampResp(made).dump()


def refusal() -> bytes:
    """A TimeStampResp that says no."""
    return bytes.fromhex("30053003020102")


def _attributes(info: bytes, certificate: bytes, ess: str) -> Iterator[dict[str, object]]:
    yield {"type": "content_type", "values": ["tst_info"]}
    yield {"type": "message_digest", "values": [hashlib.sha256(info).digest()]}
    if ess == "v2":
        one = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(certificate).digest()})
        named = tsp.SigningCertificateV2({"certs": [one]})
        yield {"type": "signing_certificate_v2", "values": [named]}
    elif ess == "v2-sha512":
        algorithm = algos.DigestAlgorithm({"algorithm": "sha512"})
        digest = hashlib.sha512(certificate).digest()
        one = tsp.ESSCertIDv2({"hash_algorithm": algorithm, "cert_hash": digest})
        named = tsp.SigningCertificateV2({"certs": [one]})
        yield {"type": "signing_certificate_v2", "values": [named]}
    elif ess == "v1":
        one = tsp.ESSCertID({"cert_hash": hashlib.sha1(certificate).digest()})
        yield {"type": "signing_certificate", "values": [tsp.SigningCertificate({"certs": [one]})]}


def sid_text(token: str) -> bytes:
    """What a time-stamp of a compact token covers: the ASCII of its signature."""
    return token.rpartition(".")[2].encode()


# ---- openssl ts ------------------------------------------------------------------------------

_CONFIG = """\
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/tsu.pem
certs = {folder}/ca.pem
signer_key = {folder}/tsu.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = yes
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[tsu]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
[req]
distinguished_name = dn
[dn]
"""


class OpensslTsa:
    """``openssl ts`` with a root and a certificate for time-stamps (RSA), at the present time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "tsa.cnf"
        self.config.write_text(_CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        request = ("req", "-config", str(self.config), "-newkey", "rsa:2048", "-nodes")
        self._run(
            *request, "-x509", "-days", "30", "-extensions", "ca",
            "-subj", "/CN=Openssl TSA Root", "-keyout", "ca.key", "-out", "ca.pem",
        )  # fmt: skip
        self._run(*request, "-subj", "/CN=Openssl TSA", "-keyout", "tsu.key", "-out", "tsu.csr")
        self._run(
            "x509", "-req", "-in", "tsu.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "30",
            "-CAcreateserial", "-extfile", str(self.config), "-extensions", "tsu", "-out", "tsu.pem",
        )  # fmt: skip

    @property
    def root(self) -> bytes:
        """Its root certificate in DER."""
        pem = (self.folder / "ca.pem").read_bytes()
        return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)

    def reply(self, query: bytes) -> bytes:
        """The TimeStampResp to a TimeStampReq, now."""
        (self.folder / "q.tsq").write_bytes(query)
        config = str(self.config)
        self._run("ts", "-reply", "-config", config, "-section", "here",
                  "-queryfile", "q.tsq", "-out", "r.tsr")  # fmt: skip
        return (self.folder / "r.tsr").read_bytes()

    def _run(self, *words: str) -> None:
        done = subprocess.run(
            ("openssl", *words), cwd=self.folder, capture_output=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr.decode())


# ---- HTTP ------------------------------------------------------------------------------------

Answer = tuple[int, dict[str, str], bytes]


@contextmanager
def served(answer: Callable[[bytes, str], Answer | bytes]) -> Iterator[str]:
    """A local HTTP server that answers POSTs with ``answer(body, path)``; its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            given = answer(body, self.path)
            status, headers, data = (
                given if isinstance(given, tuple) else (200, {"Content-Type": REPLY}, given)
            )
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            try:
                self.wfile.write(data)
            except OSError:
                self.close_connection = True

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
