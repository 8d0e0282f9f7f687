"""The guide to keys that others believe: its commands in order, each as it is written.

The world is stood in for by what is local: a web server for label.example and an authority for
its certificate, a time-stamping authority, a certification authority for seals. A `prov` before
the real one in the path adds where they are, and nothing else.
"""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from support import command, documents, samples, terminal, tsa, web

GUIDE = documents.CHECKOUT / "spec" / "guides" / "keys.md"
HOST = "label.example"
PEM = serialization.Encoding.PEM
PLACEHOLDER = "THUMBPRINT"

# Heading: who stands there, and what each command must end with (0 unless said).
SECTIONS = {
    "An artist without a web site": ("artist", {}),
    "A distributor who vouches for its artists": ("distributor", {}),
    "Relying on a distributor": ("shop", {"prov trust explain track.flac": 3}),
    "A label with a web site": ("label", {}),
    "Relying on a label's web site": ("radio", {}),
    "A label with a certificate or an electronic seal": ("company", {}),
    "Relying on certificates": ("chart", {}),
    "When a key ends, or is stolen": ("label", {}),
}


def blocks():
    return [b for b in documents.blocks(GUIDE) if documents.commands(b)]


def test_every_section_with_commands_is_run_in_the_order_of_the_guide():
    assert list(dict.fromkeys(b.heading for b in blocks())) == list(SECTIONS)


def give(root, giver, taker, *names):
    """Hand files over, as the text between the commands says."""
    for name in names:
        shutil.copyfile(root / giver / name, root / taker / name)


def before(heading, root):
    """What came by post, was put on a web site, or lay on the table already."""
    if heading == "A distributor who vouches for its artists":
        give(root, "artist", "distributor", "ana.pub.jwk", "track.flac")
    elif heading == "Relying on a distributor":
        give(root, "distributor", "shop", "dist.pub.jwk", "track.flac")
    elif heading == "Relying on a label's web site":
        give(root, "label", "radio", "track.flac")
    elif heading == "Relying on certificates":
        give(root, "company", "chart", "track.flac", "master.flac")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("keys-guide")
    for name in {who for who, _ in SECTIONS.values()}:
        (root / name).mkdir()
    for who in ("artist", "label", "company"):
        recording(root / who / "track.flac")
    recording(root / "company" / "master.flac")
    return root


def recording(path):
    """A track with an ISRC in its tags."""
    shutil.copyfile(samples.made("flac"), path)
    code = (
        "import sys, mutagen; f = mutagen.File(sys.argv[1]); f['isrc'] = 'QZZZZ2600001'; f.save()"
    )
    subprocess.run([sys.executable, "-c", code, path], check=True)


@pytest.fixture(scope="module")
def world(root):
    """The web site and the authorities; the folder of the `prov` that knows where they are."""
    ca = web.authority(root)
    chain = web.certificate_for(ca, root, HOST)
    seals(root)
    stamps = tsa.PythonTsa()
    (root / "chart" / "tsa-root.pem").write_bytes(stamps.root.pem)

    def site(connection):
        connection.sendall(web.answer((root / "label" / "musicprov-keys.json").read_bytes()))

    def stamp(body, _):
        return stamps.reply(body, datetime.now(UTC).replace(microsecond=0))

    with web.Server(chain, behave=site) as server, tsa.served(stamp) as url:
        real = shutil.which("prov", path=path_with(Path(sys.executable).parent))
        assert real, "the package is not installed beside this Python"
        folder = root / "bin"
        folder.mkdir()
        script = f"""#!/bin/bash
words=()
for word in "$@"; do words+=("${{word/#https:\\/\\/tsa.example\\//{url}}}"); done
[ "$1 $2" != "trust fetch" ] || words+=(--address {server.place} --ca {ca.path})
exec {real} "${{words[@]}}"
"""
        (folder / "prov").write_text(script, encoding="utf-8")
        (folder / "prov").chmod(0o755)
        yield folder


def path_with(folder):
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def seals(root):
    """The company's seal, its issuer's certificate, and the copy that the chart has of that."""
    issuer = ec.generate_private_key(ec.SECP256R1())
    own = ec.generate_private_key(ec.SECP256R1())
    top = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Seal CA")])
    company = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "GB"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Northern Lights Ltd"),
            x509.NameAttribute(x509.ObjectIdentifier("2.5.4.97"), "NTRGB-01234567"),
        ]
    )
    ca = signed(top, top, issuer.public_key(), issuer, is_ca=True)
    leaf = signed(company, top, own.public_key(), issuer, is_ca=False)
    private = own.private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (root / "company" / "seal-key.pem").write_bytes(private)
    (root / "company" / "seal-chain.pem").write_bytes(leaf + ca)
    (root / "chart" / "seal-root.pem").write_bytes(ca)


def signed(subject, issuer, key, by, *, is_ca):
    now = datetime.now(UTC)
    usage = x509.KeyUsage(False, not is_ca, False, False, False, is_ca, is_ca, False, False)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=700))
        .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False
        )
        .sign(by, hashes.SHA256())
        .public_bytes(PEM)
    )


def person(shown):
    """Somebody who accepts what is shown, answers '1' to questions and signs."""
    return "y\n" if shown.endswith("[y/N]: ") else terminal.answer_as_a_person(shown)


@pytest.mark.slow
def test_the_commands_of_the_guide_do_what_it_says(root, world):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: nothing to stand for a signing device")
    for heading, (who, codes) in SECTIONS.items():
        place = root / who
        before(heading, root)
        for block in (b for b in blocks() if b.heading == heading):
            for line in documents.commands(block):
                run(line, place, world, root, codes.get(line, 0))
        after(heading, place)


def run(line, place, world, root, code):
    """One line in a shell on a terminal; the placeholder is the label's thumbprint."""
    typed = line.replace(PLACEHOLDER, thumbprint(root / "label" / "label.pub.jwk"))
    session = terminal.Session(["bash", "-c", typed], variables(place, world), place)
    assert session.run(person) == code, f"$ {typed}\n{session.text}"
    assert "Traceback" not in session.text
    assert "Internal error" not in session.text


def variables(place, world):
    return {
        **os.environ,
        "MUSICPROV_HOME": str(place / "home"),
        "PATH": path_with(world),
        "TERM": "xterm",
    }


def thumbprint(path):
    """The thumbprint of a public key file, by hand (RFC 7638)."""
    import hashlib
    from base64 import urlsafe_b64encode

    if not path.is_file():
        return PLACEHOLDER
    jwk = json.loads(path.read_bytes())
    text = json.dumps({m: jwk[m] for m in ("crv", "kty", "x", "y")}, separators=(",", ":"))
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def report(place):
    done = command.prov(place, "verify", "--format", "ndjson", "track.flac", expect=None)
    return json.loads(done.stdout)


def after(heading, place):
    """What the guide promises beside exit codes."""
    if heading == "Relying on a distributor":
        found = report(place)
        assert (found["status"], found["axes"]["identity"]) == ("PASSED", "identity.vouched")
        assert found["signer"]["name"] == "Ana Example"
        assert "endorsement.valid" in {check["code"] for check in found["checks"]}
    elif heading == "Relying on a label's web site":
        found = report(place)
        assert (found["status"], found["axes"]["identity"]) == ("PASSED", "identity.domain")
    elif heading == "Relying on certificates":
        found = report(place)
        assert (found["status"], found["axes"]["identity"]) == ("PASSED", "identity.party")
        assert found["axes"]["time"] == "time.trusted"
    elif heading == "When a key ends, or is stolen":
        (old, new) = json.loads((place / "musicprov-keys.json").read_bytes())["keys"]
        assert old["revoked"]["reason"] == "keyCompromise"
        assert "revoked" not in new
