"""``prov verify`` of addresses, run as a program (spec 26.5)."""

from pathlib import Path

import pytest

from support import stores, web
from support.command import prov
from support.stores import Page, Web

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "verify"
SIGNED = VECTORS / "passed-own-key" / "input.wav"


@pytest.fixture(autouse=True)
def _libraries():
    stores.require_libraries()


@pytest.mark.requirement("BLK-042")
def test_https_counts_with_an_authority_that_is_trusted_and_not_without(tmp_path, monkeypatch):
    ca = web.authority(tmp_path)
    chain = web.certificate_for(ca, tmp_path, "localhost")
    with Web(chain) as server:
        server.pages["/a.wav"] = Page(SIGNED.read_bytes())
        stranger = prov(tmp_path, "verify", f"{server.at}/a.wav", expect=5)
        asked = list(server.asked)
        monkeypatch.setenv("SSL_CERT_FILE", str(ca.path))
        known = prov(tmp_path, "verify", f"{server.at}/a.wav", expect=3)
        with Web() as plain:
            plain.pages["/a.wav"] = Page(SIGNED.read_bytes())
            server.pages["/b.wav"] = Page(status=302, location=f"{plain.at}/a.wav")
            server.pages["/c.wav"] = Page(status=302, location=f"{server.at}/a.wav")
            lowered = prov(tmp_path, "verify", f"{server.at}/b.wav", expect=5)
            moved = prov(tmp_path, "verify", f"{server.at}/c.wav", expect=3)

    assert "cannot prove that it is this host" in stranger.stdout + stranger.stderr
    assert asked == []
    assert "leads to an address without https" in lowered.stdout + lowered.stderr
    assert known.stdout.replace("a.wav", "c.wav") == moved.stdout


def test_a_storage_option_is_a_name_and_a_value(tmp_path):
    done = prov(tmp_path, "verify", "--storage-option", "geheim", "s3://b/a.wav", expect=2)

    assert "NAME=VALUE" in done.stderr
    assert "geheim" not in done.stderr
