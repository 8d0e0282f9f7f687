"""Asking a time-stamping authority: one request, within bounds (spec 16.4)."""

import socket
import threading
import time
from contextlib import suppress

import pytest
from provenance.model.errors import NetworkError, UsageError
from provenance.network import tsa

from support.speed import under
from support.tsa import QUERY, REPLY, served

GOOD = {"Content-Type": REPLY}


def answering(status, headers, body=b"x"):
    return lambda _, __: (status, headers, body)


@pytest.mark.requirement("TIM-035")
def test_one_post_with_the_query_gives_the_answer(monkeypatch):
    seen = []
    monkeypatch.setenv(
        "http_proxy", "http://127.0.0.1:9/"
    )  # a proxy of the environment is not used

    def answer(body, path):
        seen.append((body, path))
        return 200, {"Content-Type": REPLY + "; charset=binary"}, b"reply"

    with served(answer) as url:
        assert tsa.ask(url + "tsr", b"query") == b"reply"

    assert seen == [(b"query", "/tsr")]


@pytest.mark.requirement("TIM-035")
def test_the_query_says_what_it_is():
    found = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            with server.accept()[0] as connection:
                found.append(connection.recv(65536))
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n"
                    b"Content-Length: 1\r\n\r\nx"
                )

        thread = threading.Thread(target=answer)
        thread.start()
        tsa.ask(f"http://127.0.0.1:{server.getsockname()[1]}/", b"query")
        thread.join()

    head = found[0].split(b"\r\n\r\n")[0].decode()
    assert head.startswith("POST / HTTP/1.1")
    assert f"Content-Type: {QUERY}" in head
    assert "Cookie" not in head
    assert "Authorization" not in head


ODD = {
    "another type": (answering(200, {"Content-Type": "text/html"}), "text/html"),
    "no type": (answering(200, {}), "not a time-stamp"),
    "too much": (answering(200, GOOD, b"x" * 65_537), "more than a time-stamp"),
    "a redirect to another host": (
        answering(302, {**GOOD, "Location": "http://127.0.0.2/"}),
        "pointing to http://127.0.0.2/",
    ),
    "a redirect on the same host": (answering(307, {**GOOD, "Location": "/tsr"}), "307"),
    "an error": (answering(503, GOOD), "answered 503"),
    "not found": (answering(404, {"Content-Type": "text/html"}), "answered 404"),
}


@pytest.mark.requirement("TIM-035")
@pytest.mark.parametrize(("answer", "says"), ODD.values(), ids=ODD)
def test_any_other_answer_is_refused_in_words(answer, says):
    asked = []

    def counted(body, path):
        asked.append(path)
        return answer(body, path)

    with served(counted) as url, pytest.raises(NetworkError, match=says):
        tsa.ask(url, b"query")

    assert asked == ["/"]


@pytest.mark.requirement("TIM-035")
def test_an_answer_of_the_greatest_size_is_taken():
    with served(answering(200, GOOD, b"x" * 65_536)) as url:
        assert len(tsa.ask(url, b"query")) == 65_536


_OK = b"HTTP/1.1 200 OK\r\n"
_REPLIES = _OK + b"Content-Type: application/timestamp-reply\r\n"
NEVER_ENDING = {
    "silence": (b"", b""),
    "a body a byte at a time": (_REPLIES + b"Content-Length: 1000\r\n\r\n", b"x"),
    "a head a line at a time": (_OK, b"X-More: y\r\n"),
    "one line of a head": (_OK + b"X-More: ", b"y"),
    "answers that are none yet": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "what follows the last chunk": (
        _REPLIES + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n",
        b"X-More: y\r\n",
    ),
}


@pytest.mark.slow
@pytest.mark.requirement("TIM-035")
@pytest.mark.parametrize(("first", "again"), NEVER_ENDING.values(), ids=NEVER_ENDING)
def test_an_answer_that_never_ends_is_left(first, again):
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def answer():
            with server.accept()[0] as connection, suppress(OSError):
                connection.recv(65536)
                connection.sendall(first)
                while not done.wait(0.05):
                    connection.sendall(again)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        last = threading.Timer(120, done.set)
        last.daemon = True
        last.start()
        with under(2, time.monotonic), pytest.raises(NetworkError):
            tsa.ask(f"http://127.0.0.1:{server.getsockname()[1]}/", b"query", seconds=0.4)
        done.set()
        last.cancel()

    assert tsa.SECONDS == 10


def test_nobody_there_is_told():
    with pytest.raises(NetworkError, match="could not be asked"):
        tsa.ask("http://127.0.0.1:9/", b"query")


@pytest.mark.requirement("TIM-035")
def test_what_is_no_http_is_told():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            with server.accept()[0] as connection:
                connection.recv(65536)
                connection.sendall(b"\x00\x01 nonsense\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(NetworkError):
            tsa.ask(f"http://127.0.0.1:{server.getsockname()[1]}/", b"query")
        thread.join()


@pytest.mark.requirement("TIM-035")
@pytest.mark.parametrize(
    "url",
    [
        "tsa.example", "ftp://tsa.example/", "file:///etc/passwd", "http://", "https:///x", "",
        "http://a:b@tsa.example/", "https://a@tsa.example/", "http://tsa.example:99999/",
        "http://tsa.example/ x", "http://t\u00e9.example/", "http://tsa.example/\r\nX: y",
    ],
)  # fmt: skip
def test_an_address_is_http_without_a_password(url):
    with pytest.raises(UsageError):
        tsa.ask(url, b"query")


@pytest.mark.parametrize("url", ["http://tsa.example/", "HTTPS://tsa.example:8080/tsr?x=1"])
def test_good_addresses(url):
    tsa.require_address(url)
