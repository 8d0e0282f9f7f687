"""Fetching an audio file from a host that is allowed (spec 28.3)."""

import errno
import io
import os
from dataclasses import replace

import pytest
from provenance.model.errors import InputError, NetworkError, ProvError, RefusedError, UsageError
from provenance.network import downloading, fetching
from provenance.network.downloading import address_of, download
from provenance.service import answers

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


@pytest.mark.requirement("SRV-033")
@pytest.mark.parametrize(
    ("status", "is_final"),
    [
        ("404 Not Found", True), ("410 Gone", True), ("403 Forbidden", True), ("302 Found", True),
        ("206 Partial Content", True), ("408 Request Timeout", False), ("425 Too Early", False),
        ("429 Too Many Requests", False), ("500 Internal Server Error", False), ("503 No", False),
    ],
)  # fmt: skip
def test_whether_a_host_will_answer_so_again_is_told_with_its_status(ca, chain, status, is_final):
    with (
        web.Server(chain, web.answer(b"", status=status)) as server,
        pytest.raises(downloading.NoFileError) as caught,
    ):
        got(ca, server)

    assert (caught.value.is_final, caught.value.status) == (is_final, int(status[:3]))
    assert f"(HTTP status {status[:3]})" in str(caught.value)


@pytest.mark.requirement("SRV-024")
@pytest.mark.parametrize(
    "said",
    [
        HEAD + b"Content-Length: 99999\r\n\r\n" + BODY[:1000],
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n" + BODY[:1000],
    ],
    ids=["a number", "chunks"],
)
def test_a_transfer_that_broke_off_is_told_as_that(ca, chain, said):
    with web.Server(chain, said) as server, pytest.raises(NetworkError) as caught:
        got(ca, server, most=200_000)

    assert str(caught.value) == f"{HOST}: broke off in the middle of the file"


class Refusing(io.BytesIO):
    """A file that takes nothing."""

    def __init__(self, number):
        super().__init__()
        self.number = number

    def write(self, data):
        raise OSError(self.number, os.strerror(self.number))


@pytest.mark.requirement("SRV-032")
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_only_what_is_about_space_says_that_there_is_none(ca, chain, number):
    fetching_ = answers.Fetching({}, 20_000, 5.0)
    with web.Server(chain, web.answer(BODY)) as server:
        routes = {HOST: fetching.Route(server.address, ca.path)}
        gone = {HOST: fetching.Route(server.address, ca.path.with_name("none.pem"))}
        with pytest.raises(ProvError) as caught:
            answers._download(
                f"https://{HOST}/a", replace(fetching_, routes=routes), Refusing(number)
            )
        with pytest.raises(InputError, match="no certificates"):
            answers._download(f"https://{HOST}/a", replace(fetching_, routes=gone), io.BytesIO())

    is_full = number != errno.EIO
    assert (getattr(caught.value, "code", None) == "service.full") == is_full


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
