"""Connections of uvicorn with the bounds that it does not have (SRV-031), and an end for all.

A connection whose header is late or too large, that does not read its answer, or that goes on
sending after it, is ended; and there is a most of them.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Callable
from http import HTTPStatus

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from provenance.service.limits import ServiceLimits
from provenance.service.problems import MEDIA_TYPE, ProblemError

_READ_BYTES = 16 * 1024
"""What is read of one connection before it is another's turn."""
_FEW_LINES, _BYTES_A_LINE = 16, 64
"""Lines that a piece of a body in chunks may have: these, and one for so many bytes."""
_HEAD_TOO_LARGE = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
_TO_SAY_SO = 2
"""Seconds for the answers of what was ended, before uvicorn breaks them off."""


class _Parser(h11.Connection):
    """h11 with a most for a head that is whole; by itself it bounds what is not whole alone."""

    def __init__(self, most: int) -> None:
        super().__init__(h11.SERVER, most)
        self._most, self._unread = most, 0

    def receive_data(self, data: bytes) -> None:
        """Take bytes of the client."""
        super().receive_data(data)
        self._unread += len(data)

    def next_event(self) -> h11.Event | type[h11.NEED_DATA | h11.PAUSED]:
        """What comes next of what was taken."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            after = len(self.trailing_data[0])
            if self._unread - after > self._most:
                raise h11.RemoteProtocolError("head too large", error_status_hint=_HEAD_TOO_LARGE)
        return event

    def start_next_cycle(self) -> None:
        """Be ready for another request."""
        super().start_next_cycle()
        self._unread = len(self.trailing_data[0])


class Bounded(H11Protocol):
    """One connection; subclasses name its ``limits``, and who is told what was refused here.

    ``refused`` counts a problem, and gives the number of its request.
    """

    limits: ServiceLimits
    refused: Callable[[ProblemError], str]

    _head_timer: asyncio.TimerHandle | None = None
    _write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or end it where there are too many."""
        super().connection_made(transport)
        self.conn = _Parser(self.limits.head_bytes)
        transport.max_size = _READ_BYTES  # type: ignore[attr-defined]
        transport.set_write_buffer_limits(high=0)  # so that all that waits to be sent is timed
        if len(self.connections) > self.limits.connections:
            transport.abort()
        else:
            self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Bytes from the client; in chunks of a few bytes each they cost too much to be read."""
        if self._chunked(data).count(b"\r\n") > _FEW_LINES + len(data) // _BYTES_A_LINE:
            self.transport.abort()
            return
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self.conn.their_state is not h11.IDLE:
            _cancel(self._head_timer)
            self._head_timer = None
            if self.conn.our_state is h11.DONE and self.conn.their_state is h11.SEND_BODY:
                self.transport.close()  # answered, and still sending
        elif self._head_timer is None:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The end, whoever made it."""
        _cancel(self._head_timer)
        _cancel(self._write_timer)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Something waits to be sent: whoever does not take it is not waited for."""
        super().pause_writing()
        self._write_timer = self.loop.call_later(self.limits.body_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """All is sent."""
        _cancel(self._write_timer)
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP, or too much of it, gets a problem like any other (SRV-030)."""
        problem = ProblemError("request.malformed", msg.rstrip("."))
        more = {}
        if self.cycle is None or self.cycle.response_complete:  # no other request is spoilt by it
            if getattr(sys.exception(), "error_status_hint", 0) == _HEAD_TOO_LARGE:
                problem = ProblemError("request.head-too-large")
            more["request"] = self.refused(problem)
        body = json.dumps(problem.plain(**more)).encode()
        headers = [("content-type", MEDIA_TYPE), ("content-length", str(len(body))),
                   ("connection", "close")]  # fmt: skip
        headers += [("x-request-id", number) for number in more.values()]
        reason = HTTPStatus(problem.status).phrase.encode()
        response = h11.Response(status_code=problem.status, headers=headers, reason=reason)
        try:
            for event in (response, h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        except h11.LocalProtocolError:  # an answer was under way already
            pass
        self.transport.close()

    def _chunked(self, data: bytes) -> bytes:
        """The part of the bytes that belongs to a body in chunks."""
        if self.conn.their_state is h11.SEND_BODY:
            return data if any(n == b"transfer-encoding" for n, _ in self.headers) else b""
        head, _, body = data.partition(b"\r\n\r\n")
        return body if b"chunked" in head.lower() else b""

    def _wait_for_head(self) -> None:
        self._head_timer = self.loop.call_later(self.limits.head_seconds, self.transport.abort)


class Server(uvicorn.Server):
    """One that, told to stop, has what is still begun after ``stop_seconds`` ended (SRV-028)."""

    def __init__(
        self, config: uvicorn.Config, limits: ServiceLimits, end: Callable[[], None]
    ) -> None:
        config.timeout_graceful_shutdown = int(limits.stop_seconds) + _TO_SAY_SO
        super().__init__(config)
        self._seconds, self._end = limits.stop_seconds, end

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more, and wait for what is begun."""
        asyncio.get_running_loop().call_later(self._seconds, self._end)
        await super().shutdown(sockets)


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()


def protocol(limits: ServiceLimits, refused: Callable[[ProblemError], str]) -> type[Bounded]:
    """The class of connections with these limits, as uvicorn wants one."""
    return type("Connection", (Bounded,), {"limits": limits, "refused": staticmethod(refused)})
