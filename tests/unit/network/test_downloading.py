"""Fetching an audio file from a host that is allowed (spec 28.3)."""

import io

import pytest
from provenance.model.errors import NetworkError, RefusedError, UsageError
from provenance.network import downloading, fetching
from provenance.network.downloading import address_of, download

from support import web

HOST = "audio.example"
BODY = bytes(range(256)) * 40
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: audio/flac\r\n"


@pytest.fixture(scope="module")
def ca(tmp_path_factory):
    return web.authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def chain(ca):
    return web.certificate_for(ca, ca.path.parent, HOST)


def got(ca, server, *, most=20_000, seconds=5.0, url=f"https://{HOST}/a%20b.flac?x=1"):
    into = io.BytesIO()
    routes = {HOST: fetching.Route(server.address, ca.path)}
    size = download(address_of(url), routes, into, most=most, seconds=seconds)
    assert size == len(into.getvalue())
    return into.getvalue()


@pytest.mark.requirement("SRV-024")
def test_the_bytes_come_as_they_are_however_their_number_is_told(ca, chain):
    chunked = b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in (BODY[:7], BODY[7:])) + b"0\r\n\r\n"
    for said in (
        web.answer(BODY, kind="audio/flac"),
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunked,
        HEAD + b"\r\n" + BODY,
    ):
        with web.Server(chain, said) as server:
            assert got(ca, server) == BODY
        assert server.asked[0].startswith(
            b"GET /a%20b.flac?x=1 HTTP/1.1\r\nHost: audio.example\r\n"
        )


@pytest.mark.requirement("SRV-031")
@pytest.mark.parametrize("head", [b"Content-Length: 10240\r\n\r\n", b"\r\n"])
def test_more_than_may_be_is_not_read_to_its_end(ca, chain, head):
    with web.Server(chain, HEAD + head + BODY) as server, pytest.raises(RefusedError) as caught:
        got(ca, server, most=10_239)

    assert caught.value.rule == downloading.TOO_LARGE


@pytest.mark.requirement("SRV-024")
@pytest.mark.parametrize(
    "said",
    [
        HEAD + b"Content-Length: 99999\r\n\r\n" + BODY,
        web.answer(b"", status="302 Found", more=(f"Location: https://{HOST}/b",)),
        web.answer(BODY, status="206 Partial Content"),
        web.answer(BODY, more=("Content-Encoding: gzip",)),
        b"ICY 200 OK\r\n\r\n" + BODY,
        b"",
    ],
    ids=["broken off", "moved", "a part", "compressed", "no HTTP", "nothing"],
)
def test_anything_but_the_whole_file_is_no_file(ca, chain, said):
    with web.Server(chain, said) as server, pytest.raises(NetworkError):
        got(ca, server, most=200_000)


@pytest.mark.requirement("SRV-023")
def test_a_host_that_is_not_named_is_not_asked(ca, chain):
    with web.Server(chain, web.answer(BODY)) as server:
        with pytest.raises(UsageError):
            got(ca, server, url="https://other.example/a.flac")
        assert server.asked == []


@pytest.mark.requirement("SRV-024")
@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1"])
def test_a_host_that_leads_into_a_private_network_is_refused(monkeypatch, address):
    entry = (2, 1, 6, "", (address, 443))
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: [entry])

    with pytest.raises(NetworkError, match="not on the open internet"):
        download(address_of(f"https://{HOST}/"), {HOST: fetching.Route()}, io.BytesIO(),
                 most=1, seconds=2.0)  # fmt: skip


@pytest.mark.requirement("SRV-024")
@pytest.mark.parametrize(
    "url",
    [
        "http://audio.example/a", "ftp://audio.example/a", "https://audio.example:443/a",
        "https://user@audio.example/a", "https://audio.example:x/", "https://[::1]/a",
        "https://127.0.0.1/a", "https://0x7f.1/a", "https://localhost/a", "https:///a",
        "https://audio.example/a b", "https://audio.example/\r\nX: y", "https://bücher.example/",
        "https://audio.example\\@evil.example/", "file:///etc/passwd", "https://[/",
    ],
)  # fmt: skip
def test_other_addresses_are_none(url):
    with pytest.raises(UsageError):
        address_of(url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://audio.example/a b.flac", "a space"),
        ("https://audio.example/\xfc", "a space, or another character"),
        ("https://audio.example:443/a", "a port"),
        ("https://user:secret@audio.example/a", "a user or a password"),
        ("http://audio.example/a", "does not begin with https://"),
        ("https://localhost/a", "'localhost': is no name of a host"),
        ("https://[/", "no address"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(url, said):
    with pytest.raises(UsageError) as caught:
        address_of(url)

    assert said in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_host_is_compared_in_lower_case_and_a_fragment_is_not_sent():
    assert address_of("https://AUDIO.example?x#y") == downloading.Address(HOST, "/?x")
