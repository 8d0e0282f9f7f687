"""What the service does with each request: takes it in, has it answered, and counts (spec 28.3).

Nothing is verified, checked or parsed in the event loop: that is done in worker processes, and
writing in threads, so that health is answered whatever else goes on (SRV-003, SRV-027).
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from functools import partial
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from provenance.bulk.engines.base import LateError, WorkerError
from provenance.bulk.items import Item
from provenance.bulk.settings import Settings
from provenance.model.records import dataclass
from provenance.service import answers, labels, requests
from provenance.service.admission import Gate
from provenance.service.answers import Answer, Fetching
from provenance.service.limits import ServiceLimits
from provenance.service.logs import Log
from provenance.service.metrics import Metrics
from provenance.service.problems import MEDIA_TYPE, ProblemError
from provenance.service.receiving import Body, onto_disk, small
from provenance.service.spool import Spool

_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
_OK = 200
_REQUEST = Item(0, "request")
_LATE = "Verify the file where it is with prov verify, or ask the operator for more time."
_RETRY = frozenset({429, 503})

T = TypeVar("T")
Work = Callable[[Request, str], Awaitable[Answer]]


@dataclass(frozen=True)
class Means:
    """What a service has to work with."""

    settings: Settings
    limits: ServiceLimits
    fetching: Fetching
    executor: Executor
    spool: Spool
    log: Log
    jobs: int


class Desk:
    """One service: takes requests and answers each once (SRV-001)."""

    def __init__(self, means: Means) -> None:
        self.means = means
        self.metrics = Metrics()
        self.gate = Gate(means.limits)
        self._begun: set[asyncio.Timeout] = set()
        self.metrics.under_way.set_function(lambda: self.gate.under_way)
        self.metrics.spooled.set_function(lambda: means.spool.held)
        self._warmed = [
            means.executor.submit(answers.warm, means.settings) for _ in range(means.jobs)
        ]

    @property
    def is_ready(self) -> bool:
        """Whether its processes have shown that they can verify."""
        return all(f.done() and not f.cancelled() and not f.exception() for f in self._warmed)

    async def answered(self, kind: str, request: Request, work: Work) -> Response:
        """Do the work for a request within the bounds; its answer, or its problem."""
        number, begun = secrets.token_hex(8), time.monotonic()
        try:
            with self.gate.entered(request.client.host if request.client else ""):
                answer = await self._until_the_end(work(request, number))
        except ProblemError as problem:
            self._count(kind, number, begun, problem=problem)
            return self.refusal(problem, number)
        except Exception as error:  # noqa: BLE001 - a bug costs its request, and is logged
            own = ProblemError("service.fault")
            self._count(kind, number, begun, problem=own, fault=error)
            return self.refusal(own, number)
        self._count(kind, number, begun, answer=answer)
        return _response(answer, number)

    def end(self) -> None:
        """Nothing is waited for any longer: what is begun is answered so now (SRV-028)."""
        now = asyncio.get_running_loop().time()
        for until in self._begun:
            until.reschedule(now)

    async def _until_the_end(self, work: Awaitable[T]) -> T:
        until = asyncio.timeout(None)
        self._begun.add(until)
        try:
            async with until:
                return await work
        except TimeoutError as error:
            if until.expired():
                raise ProblemError("service.stopping") from error
            raise
        finally:
            self._begun.discard(until)

    def refused(self, problem: ProblemError) -> str:
        """Count a request that is of no kind; its number."""
        number = secrets.token_hex(8)
        self._count("none", number, time.monotonic(), problem=problem)
        return number

    def _count(
        self,
        kind: str,
        number: str,
        begun: float,
        *,
        answer: Answer | None = None,
        problem: ProblemError | None = None,
        fault: Exception | None = None,
    ) -> None:
        """One answer in the figures and in the log."""
        seconds = time.monotonic() - begun
        http = problem.status if problem else _OK
        self.metrics.answered(kind, http, seconds, answer)
        self.means.log.line(
            "request",
            request=number,
            kind=kind,
            http=http,
            seconds=round(seconds, 4),
            **(answer.figures if answer else {}),
            problem=problem.code if problem else None,
            fault=type(fault).__name__ if fault else None,
            trace=_trace(fault) if fault else None,
        )

    def refusal(self, problem: ProblemError, number: str = "", **headers: str) -> Response:
        """A problem as an answer (SRV-030); the connection ends with it, the body may be unread."""
        more = {"request": number} if number else {}
        sent = {**_HEADERS, **headers, "Connection": "close"}
        if number:
            sent["X-Request-Id"] = number
        if problem.status in _RETRY:
            sent["Retry-After"] = str(self.means.limits.retry_seconds)
        body = json.dumps(problem.plain(**more))
        return Response(body, problem.status, sent, MEDIA_TYPE)

    async def upload(self, request: Request, number: str) -> Answer:
        """``POST /v1/verify``."""
        means, body = self.means, _body(request, self.means.limits)
        with means.spool.upload(number) as upload:
            received = await _read(body, onto_disk(body, means.spool, upload))
            self.metrics.uploaded(upload.size)
            path = str(upload.path)
            item = received.item
            asked = (path, item, received.given, means.settings)
            answer = await self._done(answers.verify_upload, *asked, about=lambda: item)
            return answer.of(upload.size)

    async def url(self, request: Request, number: str) -> Answer:
        """``POST /v1/verify-url``."""
        del number
        body = await self._small(request)
        asked = (body, self.means.fetching, self.means.settings)
        return await self._done(answers.verify_url, *asked, about=_item_of(body))

    async def manifest(self, request: Request, number: str) -> Answer:
        """``POST /v1/verify-manifest``."""
        del number
        body = await self._small(request)
        asked = (body, self.means.settings)
        return await self._done(answers.verify_manifest, *asked, about=_item_of(body))

    async def label(self, request: Request, number: str) -> Answer:
        """``GET`` and ``POST /v1/label``."""
        del number
        if request.method == "POST":
            body = await self._small(request)
        else:
            body = json.dumps(dict(request.query_params)).encode()
        return await self._done(labels.label, body, self.means.settings)

    async def explain(self, request: Request, number: str) -> Answer:
        """``GET /v1/explain/{code}``."""
        del number
        return Answer(json.dumps(labels.explain(request.path_params["code"])).encode())

    async def _small(self, request: Request) -> bytes:
        body = _body(request, self.means.limits)
        return await _read(body, small(body))

    async def _done(
        self,
        work: Callable[..., Answer],
        *arguments: Any,
        about: Callable[[], Item] = lambda: _REQUEST,
    ) -> Answer:
        """What a worker process answers; a report where it ended or was late (SRV-003).

        ``about`` tells, in a thread, what that report is about.
        """
        try:
            begun = self.means.executor.submit(work, *arguments)
        except RuntimeError as error:  # it takes nothing more
            raise ProblemError("service.stopping") from error
        try:
            future = asyncio.wrap_future(begun)
            return await asyncio.wait_for(future, self.means.limits.wait_seconds)
        except TimeoutError as error:
            raise ProblemError("service.busy") from error
        except WorkerError as error:
            told = LateError(str(error), hint=_LATE) if isinstance(error, LateError) else error
            return answers.failed(await asyncio.to_thread(about), told, self.means.settings)


def _item_of(body: bytes) -> Callable[[], Item]:
    return partial(requests.unchecked_item_of, body)


def _body(request: Request, limits: ServiceLimits) -> Body:
    return Body(request.headers, request.receive, limits)


async def _read(body: Body, reading: Awaitable[T]) -> T:
    """What reading a body gives; of one that is refused a little more is read."""
    try:
        return await reading
    except ProblemError as problem:
        if problem.code not in {"request.too-slow", "request.interrupted"}:
            await body.drain()
        raise


def _response(answer: Answer, number: str) -> Response:
    headers = {**_HEADERS, **dict(answer.headers), "X-Request-Id": number}
    return Response(answer.body, _OK, headers, answer.media_type)


def _trace(fault: Exception) -> list[str]:
    """Where a fault came from, here or in a worker process: places in code, and no values."""
    return [*traceback.format_tb(fault.__traceback__), *getattr(fault, "__notes__", ())]
