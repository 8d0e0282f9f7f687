"""Clients that do not take their answers (SRV-031), each seen on a server with this timer alone.

The server is uvicorn with the service's class of connections; the system holds as little of an
answer as it lets us ask for, so that the rest waits in the server.
"""

import socket
import threading
import time
from contextlib import contextmanager

import pytest
from provenance.service.connections import protocol
from provenance.service.limits import ServiceLimits

from support.speed import slower

uvicorn = pytest.importorskip("uvicorn", reason="the extra 'service' is not installed")

SECONDS = 0.4 * slower()
"""Until a client that does not read is let go; all other times are long."""
LIMITS = ServiceLimits(body_seconds=SECONDS, head_seconds=600.0, idle_seconds=600.0)
GET = b"GET /%d HTTP/1.1\r\nHost: x\r\n%b\r\n"
CLOSE = b"Connection: close\r\n"
BIG, SMALL = 3_000_000, 40_000
"""More than a transport takes before it asks for a pause by itself (64 KiB), and less."""


async def _app(scope, receive, send):
    """Answers with as many bytes as the path says."""
    size = int(scope["path"][1:])
    headers = [(b"content-length", b"%d" % size)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"x" * size})


class Served:
    """A server in a thread, and what it has open."""

    def __init__(self, server, port):
        self._server, self._port = server, port

    def client(self, data):
        """A connection that the system holds very little for; ``data`` is sent on it."""
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        raw.settimeout(120)
        raw.connect(("127.0.0.1", self._port))
        raw.sendall(data)
        self.until(1)
        return raw

    def until(self, count):
        """Seconds until so many connections are open."""
        began = time.monotonic()
        while len(self._server.server_state.connections) != count:
            assert time.monotonic() < began + SECONDS * 12, "the connection is still open"
            time.sleep(0.01)
        return time.monotonic() - began


@pytest.fixture(scope="module")
def served():
    with _running() as found:
        yield found


@contextmanager
def _running():
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2048)  # of what it accepts, too
    config = uvicorn.Config(
        _app, http=protocol(LIMITS, str), ws="none", lifespan="off", log_config=None,
        timeout_keep_alive=600, timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield Served(server, listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(10)


def taken(raw, most=BIG * 2, pause=0.0):
    """How many bytes the client gets, at most so many, until the end or a reset."""
    count = 0
    try:
        while count < most and (part := raw.recv(min(16_384, most - count))):
            count += len(part)
            time.sleep(pause)
    except ConnectionResetError:
        pass
    return count


@pytest.mark.slow
@pytest.mark.requirement("SRV-031")
@pytest.mark.parametrize("also", [b"", CLOSE], ids=["kept alive", "to be closed"])
@pytest.mark.parametrize("size", [BIG, SMALL])
def test_an_answer_that_nobody_takes_ends_its_connection(served, size, also):
    with served.client(GET % (size, also)) as raw:
        waited = served.until(0)

        assert SECONDS * 0.5 < waited < SECONDS * 4
        assert taken(raw) < size


@pytest.mark.slow
@pytest.mark.requirement("SRV-031")
def test_whoever_stops_reading_in_the_middle_or_says_that_no_more_comes_is_let_go_too(served):
    with served.client(GET % (SMALL, CLOSE)) as raw:
        assert taken(raw, SMALL - 12_000) == SMALL - 12_000
        served.until(0)
    with served.client(GET % (SMALL, b"")) as raw:
        raw.shutdown(socket.SHUT_WR)
        served.until(0)


@pytest.mark.requirement("SRV-031")
def test_the_answers_to_requests_that_came_together_are_waited_for_no_longer(served):
    with served.client(GET % (SMALL, b"") * 50) as raw:
        served.until(0)

        assert taken(raw) < SMALL * 50


@pytest.mark.slow
@pytest.mark.requirement("SRV-031")
def test_whoever_reads_gets_all_of_it_and_may_ask_again_later_than_that(served):
    with served.client(GET % (SMALL, b"")) as raw:
        assert taken(raw, SMALL) == SMALL
        time.sleep(SECONDS * 1.5)
        raw.sendall(GET % (SMALL, CLOSE))

        assert taken(raw, pause=0.01) > SMALL
    served.until(0)
