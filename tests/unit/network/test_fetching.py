"""Fetching a key directory: what is asked, what is refused, and how long it may take (spec 18.3)."""

import time

import pytest
from provenance.model.errors import InputError, NetworkError, RefusedError, UsageError
from provenance.network import fetching
from provenance.network.hosts import endpoint_of, host_of, is_public

from support import web
from support.speed import under

HOST = "label.example"
BODY = b'{"keys":[]}'


@pytest.fixture(scope="module")
def ca(tmp_path_factory):
    return web.authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def chain(ca):
    return web.certificate_for(ca, ca.path.parent, HOST)


def fetch(ca, server, host=HOST):
    return fetching.fetch_directory(host, fetching.Route(server.address, ca.path))


def fails(ca, chain, said, *, error=NetworkError):
    with web.Server(chain, said) as server, pytest.raises(error) as caught:
        fetch(ca, server)
    return str(caught.value)


@pytest.mark.requirement("DIR-010")
@pytest.mark.requirement("DIR-014")
def test_one_plain_question_to_the_fixed_place_and_the_bytes_as_they_are(ca, chain):
    with web.Server(chain, web.answer(BODY)) as server:
        got = fetch(ca, server)

    (asked,) = server.asked
    lines = asked.decode().split("\r\n")
    assert (got.host, got.body) == (HOST, BODY)
    assert got.certificate.startswith("sha-256:")
    assert lines[:2] == ["GET /.well-known/musicprov-keys.json HTTP/1.1", f"Host: {HOST}"]
    assert {line.split(":")[0].lower() for line in lines[1:] if line} == {
        *("host", "accept", "accept-encoding", "user-agent", "connection"),
    }


@pytest.mark.requirement("DIR-015")
@pytest.mark.parametrize("kind", ["application/json", "application/jwk-set+json; charset=utf-8"])
def test_the_usual_types_of_a_static_host_are_taken(ca, chain, kind):
    with web.Server(chain, web.answer(BODY, kind=kind)) as server:
        assert fetch(ca, server).body == BODY


def test_an_answer_in_chunks_or_without_a_length_is_read_to_its_end(ca, chain):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {web.TYPE}\r\n".encode()
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n4\r\n" + BODY[:4] + b"\r\n"
    chunked += b"7\r\n" + BODY[4:] + b"\r\n0\r\n\r\n"

    for said in (chunked, head + b"\r\n" + BODY):
        with web.Server(chain, said) as server:
            assert fetch(ca, server).body == BODY


@pytest.mark.requirement("DIR-012")
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_never_followed(ca, chain, status):
    more = ("Location: https://label.example/elsewhere",)

    said = fails(ca, chain, web.answer(b"", status=status, more=more))

    assert "https://label.example/elsewhere" in said


@pytest.mark.requirement("DIR-015")
@pytest.mark.parametrize(
    ("said", "words"),
    [
        (web.answer(b"no", status="404 Not Found"), "404"),
        (web.answer(BODY, kind="text/html"), "text/html"),
        (web.answer(BODY, kind="application/jose+json"), "application/jose+json"),
        (web.answer(BODY, more=("Content-Encoding: gzip",)), "compressed"),
        (web.answer(BODY)[:-3], "broke off"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: " + web.TYPE.encode() + b"\r\nTransfer-Encoding: "
         b"chunked\r\n\r\nff\r\n{", "HTTPS"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: " + web.TYPE.encode() + b"\r\nTransfer-Encoding: "
         b"chunked\r\n\r\n-5\r\n{}", "HTTPS"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "HTTPS"),
        (b"", "HTTPS"),
    ],
)  # fmt: skip
def test_any_other_answer_is_refused(ca, chain, said, words):
    assert words in fails(ca, chain, said)


@pytest.mark.requirement("DIR-013")
def test_what_is_too_large_is_not_read_to_its_end(ca, chain):
    exact = b'{"keys":[]' + b" " * (fetching.MAX_BYTES - len(BODY)) + b"}"
    with web.Server(chain, web.answer(exact)) as server:
        assert fetch(ca, server).body == exact

    sent = []

    def flood(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: " + web.TYPE.encode() + b"\r\n\r\n")
        for _ in range(4096):
            connection.sendall(b" " * 4096)
            sent.append(4096)

    with web.Server(chain, behave=flood) as server, pytest.raises(RefusedError) as caught:
        fetch(ca, server)
    assert caught.value.rule == "directory.too-large"
    assert sum(sent) < 16 * 2**20
    assert fails(ca, chain, web.answer(exact + b" "), error=RefusedError)


@pytest.mark.requirement("DIR-013")
def test_endless_headers_are_too_large_too(ca, chain):
    assert fails(ca, chain, b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 90_000)


@pytest.mark.slow
@pytest.mark.requirement("DIR-013")
@pytest.mark.parametrize("part", [b"HTTP/1.1 200 OK\r\n", web.answer(b" " * 1000)[:-990], b""])
def test_whoever_drips_is_left_at_the_deadline(ca, chain, part, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.6)

    def drip(connection):
        connection.sendall(part)
        for _ in range(1200):
            time.sleep(0.1)
            connection.sendall(b" " if part else b"H")

    with (
        web.Server(chain, behave=drip) as server,
        under(2, time.monotonic),
        pytest.raises(NetworkError, match="no whole"),
    ):
        fetch(ca, server)


@pytest.mark.requirement("DIR-011")
def test_a_host_that_does_not_prove_its_name_is_refused(ca, chain, tmp_path):
    other = web.certificate_for(ca, tmp_path, "other.example")
    stranger = web.authority(tmp_path)
    foreign = web.certificate_for(stranger, tmp_path, HOST)

    for shown in (other, foreign):
        with web.Server(shown, web.answer(BODY)) as server:
            with pytest.raises(NetworkError, match="cannot prove"):
                fetch(ca, server)
            assert server.asked == []


@pytest.mark.requirement("DIR-011")
def test_plain_http_is_never_spoken(ca):
    with web.Server(None, web.answer(BODY)) as server:
        with pytest.raises(NetworkError):
            fetch(ca, server)
        assert not any(b"GET" in request for request in server.asked)


def test_nobody_there_and_no_authorities_are_told(ca, tmp_path):
    with web.Server(None) as server:
        pass
    with pytest.raises(NetworkError, match="cannot be reached"):
        fetch(ca, server)
    (tmp_path / "empty.pem").write_text("no certificates")
    with web.Server(None) as server, pytest.raises(InputError):
        fetching.fetch_directory(HOST, fetching.Route(server.address, tmp_path / "empty.pem"))


@pytest.mark.requirement("DIR-011")
@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["93.184.216.34", "192.168.1.1"],
        ["::1"],
        ["fe80::1%2"],
        ["::ffff:127.0.0.1"],
    ],
)
def test_a_name_that_leads_into_a_private_network_is_refused(monkeypatch, addresses):
    asked = []
    monkeypatch.setattr(
        fetching.socket, "getaddrinfo", lambda *a, **k: [(2, 1, 6, "", (x, 443)) for x in addresses]
    )
    monkeypatch.setattr(fetching.socket, "create_connection", lambda *a, **k: asked.append(a))

    with pytest.raises(NetworkError, match="open internet"):
        fetching.fetch_directory(HOST)

    assert asked == []


@pytest.mark.requirement("DIR-011")
def test_the_address_that_was_looked_at_is_the_one_that_is_used(monkeypatch):
    """A name that answers differently the second time (DNS rebinding) gains nothing."""
    answers = iter([[(2, 1, 6, "", ("93.184.216.34", 443))], [(2, 1, 6, "", ("127.0.0.1", 443))]])
    used = []

    def connect(address, timeout):
        used.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *a, **k: next(answers))
    monkeypatch.setattr(fetching.socket, "create_connection", connect)

    with pytest.raises(NetworkError, match="refused"):
        fetching.fetch_directory(HOST)

    assert used == [("93.184.216.34", 443)]


def test_a_resolver_that_hangs_is_left_at_the_deadline(monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.2)
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *a, **k: time.sleep(3))

    with pytest.raises(NetworkError, match="no whole answer"):
        fetching.fetch_directory(HOST)


@pytest.mark.requirement("DIR-011")
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("64:ff9b::5db8:d822", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("::ffff:10.0.0.1", False),
        ("0.0.0.0", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("172.16.0.1", False),
        ("192.0.2.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("fc00::1", False),
        ("fd00:ec2::254", False),
        ("fe80::1", False),
        ("ff02::1", False),
        ("no address", False),
    ],
)
def test_public_addresses(address, expected):
    assert is_public(address) is expected


@pytest.mark.requirement("DIR-010")
@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("label.example", "label.example"),
        ("Label.Example", "label.example"),
        ("did:web:label.example", "label.example"),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
    ],
)
def test_names_of_hosts(text, host):
    assert host_of(text) == host


@pytest.mark.requirement("DIR-010")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "label",
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "label.0x7f",
        "[::1]",
        "::1",
        "label.example:8443",
        "label.example.",
        ".label.example",
        "label..example",
        "-label.example",
        "user@label.example",
        "user:secret@label.example",
        "label.example/keys.json",
        "label.example?x",
        "label.example#x",
        "label.example\\x",
        "http://label.example",
        "https://label.example",
        "label .example",
        "label.example\r\nHost: other.example",
        "label\0.example",
        "m\u00fcnchen.example",
        "l\u0430bel.example",
        "label\u3002example",
        "did:web:label.example:artists:1",
        "did:web:label.example%3A8443",
        "did:web:",
        "did:key:z6Mk",
        "a" * 64 + ".example",
        ".".join(["a" * 60] * 5),
    ],
)
def test_what_is_no_name_of_a_host(text):
    with pytest.raises(UsageError):
        host_of(text)


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("10.0.0.5:8443", ("10.0.0.5", 8443)),
        ("[FD00::5]:65535", ("fd00::5", 65535)),
        ("fd00::5:1", ("fd00::5", 1)),
    ],
)
def test_an_address_and_a_port(text, endpoint):
    assert endpoint_of(text) == endpoint


@pytest.mark.parametrize(
    "text",
    ["", ":443", "10.0.0.5", "10.0.0.5:", "10.0.0.5:0", "10.0.0.5:65536", "10.0.0.5:-1",
     "10.0.0.5: 1", "10.0.0.5:1_0", "label.example:443", "10.0.0.256:443"],
)  # fmt: skip
def test_what_is_no_address_and_port(text):
    with pytest.raises(UsageError):
        endpoint_of(text)
