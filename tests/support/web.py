"""A web server of the test's own: HTTPS on 127.0.0.1, with an authority that it makes itself."""

import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PEM = serialization.Encoding.PEM
TYPE = "application/jwk-set+json"


@dataclass(frozen=True)
class Authority:
    """An authority for TLS certificates; ``path`` is the file that trusts it."""

    key: object
    certificate: x509.Certificate
    path: Path


def authority(folder):
    """A new authority, its certificate in ``folder/ca.pem``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Test CA")])
    usage = x509.KeyUsage(*([False] * 5), *(True, True), *([False] * 2))
    certificate = (
        _builder(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "ca.pem"
    path.write_bytes(certificate.public_bytes(PEM))
    return Authority(key, certificate, path)


def certificate_for(ca, folder, host):
    """A file with a certificate for the host and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    issuer = x509.SubjectKeyIdentifier.from_public_key(ca.key.public_key()).digest
    certificate = (
        _builder(subject, ca.certificate.subject, key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier(issuer, None, None), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(ca.key, hashes.SHA256())
    )
    private = key.private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{host}.pem"
    path.write_bytes(private + certificate.public_bytes(PEM))
    return path


def _builder(subject, issuer, key):
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
    )


def answer(body, *, status="200 OK", kind=TYPE, more=()):
    """A whole HTTP answer as bytes."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *more]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


@dataclass
class Server:
    """Serves ``behave(connection)``, or the bytes ``said``, once a connection."""

    chain: Path | None
    said: bytes = b""
    behave: object = None
    asked: list = field(default_factory=list)

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = self.socket.getsockname()[:2]
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for a connection
        self.socket.close()
        self.thread.join(timeout=2)

    @property
    def place(self):
        """IP:PORT, as ``--address`` takes it."""
        return f"{self.address[0]}:{self.address[1]}"

    def _serve(self):
        while not self.stopped.is_set():
            try:
                plain, _ = self.socket.accept()
            except OSError:
                return
            with plain, suppress(OSError):
                plain.settimeout(120)
                self._speak(self._secured(plain))

    def _secured(self, plain):
        if self.chain is None:
            return plain
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.chain)
        return context.wrap_socket(plain, server_side=True)

    def _speak(self, connection):
        with connection:
            request = b""
            while b"\r\n\r\n" not in request:
                more = connection.recv(4096)
                if not more:
                    return
                request += more
                if self.chain is None:
                    break  # a handshake, most likely: it is answered in plain HTTP
            self.asked.append(request)
            if self.behave is not None:
                self.behave(connection)
            else:
                connection.sendall(self.said)
