"""The table of addresses (spec 28.3): Starlette leads each to the desk."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from provenance import __version__
from provenance.service.desk import Desk, Work
from provenance.service.metrics import MEDIA_TYPE as METRICS
from provenance.service.openapi import document
from provenance.service.problems import ProblemError

Endpoint = Callable[[Request], Awaitable[Response]]

_JSON = "application/json"
_PROBLEMS = {404: "request.not-found", 405: "request.method"}


def app_of(desk: Desk) -> Starlette:
    """The ASGI application of a desk."""
    app = Starlette(
        routes=[
            Route("/v1/verify", _asked(desk, "verify", desk.upload), methods=["POST"]),
            Route("/v1/verify-url", _asked(desk, "verify-url", desk.url), methods=["POST"]),
            Route("/v1/verify-manifest", _asked(desk, "verify-manifest", desk.manifest),
                  methods=["POST"]),
            Route("/v1/label", _asked(desk, "label", desk.label), methods=["GET", "POST"]),
            Route("/v1/explain/{code}", _asked(desk, "explain", desk.explain)),
            Route("/healthz", _fixed({"status": "ok"})),
            Route("/readyz", _ready(desk)),
            Route("/metrics", _metrics(desk)),
            Route("/openapi.json", _fixed(document(__version__))),
        ],
        exception_handlers={HTTPException: _refused(desk)},
    )  # fmt: skip
    app.router.redirect_slashes = False
    return app


def _asked(desk: Desk, kind: str, work: Work) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await desk.answered(kind, request, work)

    return endpoint


def _fixed(value: object) -> Endpoint:
    """An answer that waits for nothing (SRV-027)."""
    body = json.dumps(value).encode()

    async def endpoint(request: Request) -> Response:
        del request
        return Response(body, media_type=_JSON)

    return endpoint


def _ready(desk: Desk) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        del request
        if not desk.is_ready:
            return desk.refusal(ProblemError("service.busy", "the service is not ready yet"))
        return Response('{"status": "ready"}', media_type=_JSON)

    return endpoint


def _metrics(desk: Desk) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        del request
        return Response(desk.metrics.text(), headers={"Content-Type": METRICS})

    return endpoint


def _refused(desk: Desk) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handler(request: Request, error: Exception) -> Response:
        del request
        if not isinstance(error, HTTPException):
            raise error
        problem = ProblemError(_PROBLEMS.get(error.status_code, "request.malformed"))
        return desk.refusal(problem, desk.refused(problem), **dict(error.headers or {}))

    return handler
