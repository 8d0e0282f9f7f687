"""Connections of uvicorn with the bounds that it does not have (SRV-031), and an end for all.

A connection whose header is late or too large, that does not read its answer, or that goes on
sending after it, is ended; and there is a most of them.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from provenance.service.limits import ServiceLimits
from provenance.service.problems import MEDIA_TYPE, ProblemError

_READ_BYTES = 16 * 1024
"""What is read of one connection before it is another's turn."""
_FEW_LINES, _BYTES_A_LINE = 16, 64
"""Lines that a piece of a body in chunks may have: these, and one for so many bytes."""
_TO_SAY_SO = 2
"""Seconds for the answers of what was ended, before uvicorn breaks them off."""


class Bounded(H11Protocol):
    """One connection; subclasses name its ``limits``."""

    limits: ServiceLimits

    _head_timer: asyncio.TimerHandle | None = None
    _write_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or end it where there are too many."""
        super().connection_made(transport)
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
        """What is no HTTP gets a problem like any other request (SRV-030)."""
        problem = ProblemError("request.malformed", msg.rstrip("."))
        body = json.dumps(problem.plain()).encode()
        headers = [("content-type", MEDIA_TYPE), ("content-length", str(len(body))),
                   ("connection", "close")]  # fmt: skip
        response = h11.Response(status_code=problem.status, headers=headers, reason=b"Bad Request")
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


def protocol(limits: ServiceLimits) -> type[Bounded]:
    """The class of connections with these limits, as uvicorn wants one."""
    return type("Connection", (Bounded,), {"limits": limits})
