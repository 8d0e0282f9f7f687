"""An object on a web server: in ranges where the server gives them, else as one stream.

The first request asks for the first range. Its answer says how long the object is and which
version it is (RFC 9110, 14 and 8.8); a server without ranges sends the whole in the same answer.
Addresses that are signed for GET are never asked with HEAD.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any, BinaryIO

from provenance.bulk._ranged import AGAIN, CHANGED, FIRST_BYTES, BrokenError, Ranged
from provenance.bulk._store_words import said, status_of
from provenance.model.errors import NetworkError

SPOOL_BYTES = 8 << 30
"""The most of a stream without ranges; it goes into a temporary file."""
_CHUNK_BYTES = 1 << 20
_DOWNLOAD = "Download the file, and verify that."
_ADDRESS = "Check the address."
_CONNECT_SECONDS, _READ_SECONDS = 10.0, 30.0
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
_WHOLE, _PART, _NO_RANGE = 200, 206, 416


class WebObject:
    """One address on a web server, asked through a file system of fsspec.

    Its methods raise what the library raises, and ``NetworkError`` for answers that make no sense.
    """

    def __init__(self, fs: Any, address: str, name: str) -> None:
        self._fs, self._address, self._name = fs, address, name
        self._version: Mapping[str, str] = {}
        self._end = 0

    def opened(self, stack: ExitStack) -> BinaryIO:
        """A seekable stream of the object."""
        try:
            first: bytes | BinaryIO = self._sync(self._first(stack))
        except Exception as error:
            if status_of(error) != _NO_RANGE:
                raise
            return io.BytesIO()  # an empty object has no first range
        if not isinstance(first, bytes):
            return first
        ranged = Ranged(self._fetch, self._end, self._name)
        ranged.keep(0, first)
        return io.BufferedReader(ranged, FIRST_BYTES)

    def head(self, most: int) -> bytes:
        """The first ``most`` bytes, or the whole; for what is small."""
        data: bytes = self._sync(self._small(most))
        return data

    def _fetch(self, start: int, end: int) -> bytes:
        try:
            data: bytes = self._sync(self._range(start, end))
        except BrokenError:
            raise
        except Exception as error:  # a library's errors are of every kind
            raise BrokenError(said(self._name, error)) from error
        return data

    def _sync(self, coroutine: Any) -> Any:
        from fsspec.asyn import sync

        async def run() -> Any:
            return await coroutine

        return sync(self._fs.loop, run)

    async def _get(self, span: str | None, more: Mapping[str, str] | None = None) -> Any:
        import aiohttp

        session = await self._fs.set_session()
        options = dict(self._fs.kwargs)
        headers = {**options.pop("headers", {}), "Accept-Encoding": "identity", **(more or {})}
        if span is not None:
            headers["Range"] = span
        time = aiohttp.ClientTimeout(
            total=None, sock_connect=_CONNECT_SECONDS, sock_read=_READ_SECONDS
        )
        url = self._fs.encode_url(self._address)
        response = await session.get(url, **{"timeout": time, **options}, headers=headers)
        if self._address.startswith("https:") and response.url.scheme != "https":
            response.close()
            hint = "Give an address that leads to https alone."
            raise NetworkError(f"{self._name}: leads to an address without https", hint=hint)
        response.raise_for_status()  # and lets the connection go
        return response

    async def _first(self, stack: ExitStack) -> bytes | BinaryIO:
        """The first range; or a file with the whole, where the server gives no ranges."""
        async with await self._get(f"bytes=0-{FIRST_BYTES - 1}") as response:
            span = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
            if response.status == _PART and span is not None and int(span[1]) == 0:
                self._end = int(span[3])
                tag = response.headers.get("ETag", "")
                if tag and not tag.startswith("W/"):
                    self._version = {"If-Match": tag}
                elif "Last-Modified" in response.headers:
                    self._version = {"If-Unmodified-Since": response.headers["Last-Modified"]}
                return await self._exactly(response, min(FIRST_BYTES, self._end))
            if response.status == _PART:
                what = f"{self._name}: the server gives a part that was not asked for"
                raise NetworkError(what, hint=_DOWNLOAD)
            if response.status != _WHOLE:
                what = f"{self._name}: the server does not give it (HTTP status {response.status})"
                raise NetworkError(what, hint=_ADDRESS)
            return await self._spooled(response, stack)

    async def _spooled(self, response: Any, stack: ExitStack) -> BinaryIO:
        file = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        size = 0
        async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
            size += len(chunk)
            if size > SPOOL_BYTES:
                what = f"{self._name}: is longer than {SPOOL_BYTES >> 30} GiB"
                raise NetworkError(what, hint=_DOWNLOAD)
            file.write(chunk)
        file.flush()
        file.seek(0)
        return file

    async def _range(self, start: int, end: int) -> bytes:
        async with await self._get(f"bytes={start}-{end - 1}", self._version) as response:
            span = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
            if response.status != _PART or span is None or int(span[1]) != start:
                raise NetworkError(f"{self._name}: the server stopped giving ranges", hint=AGAIN)
            if int(span[3]) != self._end:
                raise BrokenError(NetworkError(f"{self._name}: {CHANGED}", hint=AGAIN))
            return await self._exactly(response, end - start)

    async def _exactly(self, response: Any, length: int) -> bytes:
        """Not more than was asked for, whatever the server sends; less is found by ``Ranged``."""
        parts, left = [], length
        while left:
            part = await response.content.read(left)
            if not part:
                break
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    async def _small(self, most: int) -> bytes:
        async with await self._get(None) as response:
            return await self._exactly(response, most)
