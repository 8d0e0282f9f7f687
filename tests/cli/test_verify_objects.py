"""``prov verify`` of addresses, run as a program (spec 26.5)."""

from pathlib import Path
from urllib.parse import unquote

import pytest
from provenance.reports.forms import names

from support import stores, web
from support.command import prov
from support.stores import Page, Web

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "verify"
SIGNED = VECTORS / "passed-own-key" / "input.wav"


@pytest.fixture(autouse=True)
def _libraries():
    stores.require_libraries()


@pytest.mark.slow
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
    assert (
        "leads to an address without https. Give an address that leads"
        in lowered.stdout + lowered.stderr
    )
    assert known.stdout.replace("a.wav", "c.wav") == moved.stdout


SECRETS = "?X-Amz-Signature=geheim&X-Amz-Credential=geheim"


@pytest.mark.slow
@pytest.mark.requirement("BLK-043")
@pytest.mark.parametrize("form", names())
def test_no_form_shows_what_gives_access(tmp_path, form):
    if form == "parquet":
        pytest.importorskip("duckdb")
    with Web() as server:
        server.pages[f"/a.wav{SECRETS}"] = Page(SIGNED.read_bytes())
        known = server.at.replace("://", "://user:geheim@") + f"/a.wav{SECRETS}"
        gone = f"http://user:geheim@127.0.0.1:1/b.wav{SECRETS}"
        command = ("verify", "--format", form)
        one = prov(tmp_path, *command, known, expect=3, text=False)
        many = prov(tmp_path, *command, known, gone, expect=5, text=False)

    for done in (one, many):
        assert b"geheim" not in done.stdout + done.stderr
    if form == "parquet":
        duckdb = pytest.importorskip("duckdb")
        (tmp_path / "made.parquet").write_bytes(many.stdout)
        shown = str(duckdb.read_parquet(str(tmp_path / "made.parquet")).fetchall())
    else:
        shown = unquote(many.stdout.decode()).replace("&amp;", "&").replace("%3A", ":")
    assert "geheim" not in shown
    assert "X-Amz-Signature=***&X-Amz-Credential=***" in shown


@pytest.mark.requirement("BLK-043")
@pytest.mark.parametrize("arguments", [("--from-csv",), ("--key",), ("--manifest",)])
def test_an_address_where_a_file_is_meant_keeps_its_secrets_in_the_error(tmp_path, arguments):
    address = f"https://user:geheim@store.example/a{SECRETS}"
    files = () if arguments == ("--from-csv",) else (str(SIGNED),)

    done = prov(tmp_path, "verify", *arguments, address, *files, expect=5)

    assert "geheim" not in done.stdout + done.stderr
    assert "***@store.example/a" in done.stdout + done.stderr


def test_a_storage_option_is_a_name_and_a_value(tmp_path):
    done = prov(tmp_path, "verify", "--storage-option", "geheim", "s3://b/a.wav", expect=2)

    assert "NAME=VALUE" in done.stderr
    assert "geheim" not in done.stderr


@pytest.mark.requirement("BLK-022")
def test_a_server_that_gives_a_byte_now_and_then_is_given_up(tmp_path):
    server = web.Server(None)

    def dribble(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
        while not server.stopped.wait(0.1):
            connection.sendall(b"R")

    server.behave = dribble
    with server:
        address = f"http://{server.place}/a.wav"
        done = prov(tmp_path, "verify", "--timeout", 1, address, expect=5)

    assert f"{address}: was not verified within 1 second" in done.stdout + done.stderr
