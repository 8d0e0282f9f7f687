"""Keys that are held elsewhere: the commands of ``examples/signing``, as their readme says.

SoftHSM (packages softhsm2, opensc) stands for an HSM; the test is skipped aloud without it.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from support import command
from support.certificates import module
from support.samples import made

I = module("issuing")  # noqa: E741
B = module("build")
EXAMPLES = Path(__file__).parents[2] / "examples" / "signing"
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")
PIN = "528491"
YEARS = ("2024-01-01", "2039-12-31")


class Foreign:
    """A key of which only the public half can be had: what an issuer needs."""

    curve = "P-256"

    def __init__(self, der):
        self.private = self
        self._public = serialization.load_der_public_key(der)

    def public_key(self):
        return self._public


def ran(command, **more):
    done = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=600,
        check=False,
        **more,
    )
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    return done.stdout


def prov(place, *arguments):
    return command.prov(place, *arguments, expect=None)


def signs_and_verifies(place, command, leaf):
    """Sign a real file with a command and its certificate; another asker sees whose it is."""
    shutil.copyfile(made("flac"), place / "song.flac")
    said = {"declarant": {"role": "label", "name": "Somebody"}, "contributions": B.SAID}
    (place / "said.json").write_text(json.dumps(said), encoding="utf-8")
    (place / "chain.pem").write_bytes(leaf.public_bytes(serialization.Encoding.PEM) + B.CA.pem)
    (place / "root.pem").write_bytes(B.ROOT.pem)
    policy = {
        "policy": "musicprov-trust-policy/1",
        "id": "test",
        "version": 1,
        "issued": "2026-11-01T00:00:00Z",
        "require": {"binding": "exact", "identity": "certified", "authority": "any"},
        "anchors": [{"id": "seal-ca", "certs": ["root.pem"]}],
    }
    (place / "policy.json").write_text(json.dumps(policy), encoding="utf-8")
    words = shlex.join(str(word) for word in command)

    done = prov(
        place, "sign", "song.flac", "--manifest", "said.json", "--no-fingerprint",
        "--sign-command", words, "--cert", "chain.pem",
    )  # fmt: skip
    seen = prov(place, "verify", "song.flac", "--trust", "policy.json")

    assert done.returncode == 0, done.stderr
    assert seen.returncode == 0, seen.stdout + seen.stderr
    assert "Northern Lights Records Ltd" in seen.stdout


@pytest.mark.requirement("KEY-020")
@pytest.mark.requirement("CRT-040")
def test_a_key_in_a_pkcs11_token_signs(tmp_path, monkeypatch):
    library = next((m for m in MODULES if Path(m).is_file()), None)
    if library is None or not all(map(shutil.which, ("pkcs11-tool", "softhsm2-util", "openssl"))):
        pytest.skip("softhsm2 or opensc is not installed: no key in a token")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    (tmp_path / "pin").write_text(f"{PIN}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    ran(
        [
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            "label",
            "--so-pin",
            PIN,
            "--pin",
            PIN,
        ]
    )
    tool = ["pkcs11-tool", "--module", library, "--token-label", "label", "--login", "--pin", PIN]
    ran([*tool, "--keypairgen", "--key-type", "EC:prime256v1", "--label", "seal", "--id", "01"])
    public = tmp_path / "public.der"
    ran([*tool, "--read-object", "--type", "pubkey", "--label", "seal", "--output-file", public])
    leaf = B.CA.leaf(B.LABEL, Foreign(public.read_bytes()), dates=YEARS)

    command = [EXAMPLES / "pkcs11-sign", library, "label", "seal", tmp_path / "pin"]
    signs_and_verifies(tmp_path, command, leaf)


@pytest.mark.requirement("KEY-020")
def test_a_key_file_signs_through_openssl(tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    key = tmp_path / "key.pem"
    ran(
        [
            "openssl",
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-out",
            key,
        ]
    )
    public = ran(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"])
    leaf = B.CA.leaf(B.LABEL, Foreign(public), dates=YEARS)

    command = [EXAMPLES / "sign-with-openssl", key]
    signs_and_verifies(tmp_path, command, leaf)

    (tmp_path / "key.pub.pem").write_bytes(ran(["openssl", "pkey", "-in", key, "-pubout"]))
    bare = prov(
        tmp_path, "sign", "song.flac", "--replace=foreign", "--manifest", "said.json",
        "--no-fingerprint", "--sign-command", shlex.join(map(str, command)),
        "--public-key", "key.pub.pem",
    )  # fmt: skip
    assert bare.returncode == 0, bare.stderr
