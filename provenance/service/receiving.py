"""Bodies of requests, taken within their bounds: onto disk, or into memory where they are small.

The size, the time and the rate of a body are bounded (SRV-031), compressed ones are refused
(SRV-022), and nothing of a body is ever a path.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from functools import partial
from typing import Any

from provenance.bulk.items import Item
from provenance.model.records import dataclass
from provenance.service.limits import ServiceLimits
from provenance.service.multipart import Form, boundary_of
from provenance.service.problems import ProblemError
from provenance.service.spool import Spool, Upload

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

_UNNAMED = "upload"
_NO_AUDIO = frozenset({"application/json", "application/x-www-form-urlencoded"})
_BLOCK = 256 * 1024
"""Bytes that are gathered before they are written: a trip to a thread for each."""
_DRAIN_BYTES, _DRAIN_SECONDS = 64 * 1024 * 1024, 2.0
"""What is still read of a body that is refused, so that its sender gets to the answer."""


class Body:
    """A request's body before it is read: its headers, and how to get it."""

    def __init__(self, headers: Mapping[str, str], receive: Receive, limits: ServiceLimits) -> None:
        self.headers, self.limits = headers, limits
        self._receive = receive
        self._is_whole = self._has_begun = False
        self._is_asked_for = "expect" in headers

    @property
    def media_type(self) -> str:
        """In lower case, without parameters; empty if none is stated."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    async def blocks(self, most: int) -> AsyncIterator[bytes]:
        """The body as it arrives; ``ProblemError`` for one that is refused, large or slow."""
        self.require_plain()
        self._require_bounded(most)
        begun = time.monotonic()
        size = 0
        while not self._is_whole:
            allowed = self.limits.body_seconds + size / self.limits.body_rate
            block = await self._next(begun + allowed - time.monotonic())
            size += len(block)
            if size > most:
                raise ProblemError("request.too-large", f"the body has more than {most} bytes")
            if block:
                yield block

    def require_plain(self) -> None:
        """Raise ``ProblemError`` for a compressed body, whatever is in it (SRV-022)."""
        named = self.headers.get("content-encoding", "identity").strip().lower()
        if named != "identity":
            raise ProblemError("request.encoding", f"the body has a Content-Encoding, {named[:20]}")

    def _require_bounded(self, most: int) -> None:
        stated = self.headers.get("content-length", "0")
        if stated.isdecimal() and int(stated) > most:
            raise ProblemError("request.too-large", f"the body has more than {most} bytes")

    async def _next(self, seconds: float) -> bytes:
        try:
            async with asyncio.timeout(max(seconds, 0.001)):
                message = await self._receive()
        except TimeoutError as error:
            raise ProblemError("request.too-slow") from error
        if message["type"] != "http.request":
            raise ProblemError("request.interrupted")
        self._has_begun = True
        self._is_whole = not message.get("more_body", False)
        block: bytes = message.get("body", b"")
        return block

    async def drain(self) -> None:
        """Read on for a little while, so that whoever still sends gets to read the answer."""
        if self._is_asked_for and not self._has_begun:
            return  # its sender waits for a word before sending anything
        size, until = 0, time.monotonic() + _DRAIN_SECONDS
        while not self._is_whole and size < _DRAIN_BYTES and time.monotonic() < until:
            try:
                size += len(await self._next(until - time.monotonic()))
            except ProblemError:
                return


async def small(body: Body) -> bytes:
    """A body of JSON, whole."""
    body.require_plain()
    if body.media_type not in {"application/json", ""}:
        raise ProblemError("request.media-type")
    found = bytearray()
    async for block in body.blocks(body.limits.json_bytes):
        found += block
    return bytes(found)


@dataclass(frozen=True)
class Received:
    """An upload that is on disk: what is asked about it, and the statements that came with it."""

    item: Item
    given: tuple[bytes, ...] = ()


async def onto_disk(body: Body, spool: Spool, upload: Upload) -> Received:
    """Write an upload: the body itself, or the part ``file`` of a form (SRV-020)."""
    body.require_plain()
    kind, most = body.media_type, body.limits.body_bytes
    if kind == "multipart/form-data":
        form = Form(boundary_of(body.headers.get("content-type", "")), body.limits)
        room = body.limits.parts * (body.limits.part_bytes + body.limits.part_head_bytes)
        await _written(body.blocks(most + room), spool, upload, partial(_parsed, form, upload))
        form.end()
        if not upload.size:
            await asyncio.to_thread(upload.write, b"")  # an empty file is one
        received = Received(Item(0, form.name or _UNNAMED, form.isrc), form.statements)
    elif kind in _NO_AUDIO or kind.startswith("multipart/"):
        raise ProblemError("request.media-type")
    else:
        await _written(body.blocks(most), spool, upload, upload.write)
        if not upload.size:
            raise ProblemError("request.empty")
        received = Received(Item(0, _UNNAMED))
    return received


async def _written(
    blocks: AsyncIterator[bytes], spool: Spool, upload: Upload, take: Callable[[bytes], None]
) -> None:
    """Hand blocks on in larger ones, each in a thread: the event loop neither parses nor writes."""
    held = bytearray()
    async for block in blocks:
        spool.reserve(upload, len(block))
        held += block
        if len(held) >= _BLOCK:
            await asyncio.to_thread(take, bytes(held))
            held.clear()
    if held:
        await asyncio.to_thread(take, bytes(held))


def _parsed(form: Form, upload: Upload, data: bytes) -> None:
    for part in form.feed(data):
        upload.write(part)
    if upload.size > form.limits.body_bytes:
        raise ProblemError("request.too-large")
