"""Running the service: a socket, worker processes, a spool, and their orderly end (SRV-028)."""

from __future__ import annotations

import errno
import gc
import logging
import signal
import socket
import sys
from concurrent.futures import Executor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from provenance.bulk.engines import DEFAULT
from provenance.bulk.engines.base import Wishes, engine_of
from provenance.bulk.settings import Settings
from provenance.model.errors import InputError, MissingExtraError
from provenance.model.records import dataclass
from provenance.service.answers import Fetching
from provenance.service.limits import ServiceLimits

if TYPE_CHECKING:
    from provenance.service.spool import Spool


@dataclass(frozen=True)
class Serving:
    """Where and how a service runs."""

    settings: Settings
    fetching: Fetching
    limits: ServiceLimits
    jobs: int
    host: str = "127.0.0.1"
    port: int = 8765
    """0 is any that is free; the log says which."""
    spool: Path | None = None
    """The folder for uploads; None for that of temporary files."""


def serve(serving: Serving) -> None:
    """Answer requests until the process is told to stop (SIGTERM, SIGINT).

    Raises ``MissingExtraError`` without the extra, and ``InputError`` where the address is taken
    or there is no folder for uploads.
    """
    _require_extra()
    from provenance.service import spool

    limits = serving.limits
    wishes = Wishes(serving.jobs, limits.verify_seconds)
    with (
        _listening(serving.host, serving.port) as listening,
        spool.opened(serving.spool, limits.spool_bytes) as uploads,
        suppress(_Over),
        engine_of(DEFAULT).open(DEFAULT, wishes) as executor,
    ):
        _run(serving, listening, uploads, executor)
        raise _Over


_ADDRESS = "--host is an address of this machine."
_NOT_TAKEN = {
    errno.EADDRINUSE: (
        "another program listens there",
        "Take another port with --port; 0 takes a free one, which the log names.",
    ),
    errno.EACCES: ("listening there is not allowed", "Take a port from 1024 on with --port."),
    errno.EADDRNOTAVAIL: ("this machine does not have that address", _ADDRESS),
}


class _Over(Exception):  # noqa: N818 - no error: nobody waits for what still runs, so it is ended
    """All requests have their answers."""


def _require_extra() -> None:
    try:
        import prometheus_client
        import python_multipart
        import starlette
        import uvicorn
    except ImportError as error:
        hint = "Install it with: pip install 'musicprov[service]'."
        raise MissingExtraError("serving over HTTP needs the extra 'service'", hint=hint) from error
    del prometheus_client, python_multipart, starlette, uvicorn


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, OverflowError) as error:
        known = _NOT_TAKEN.get(getattr(error, "errno", None) or 0)
        what, hint = known or (getattr(error, "strerror", None) or str(error), _ADDRESS)
        raise InputError(f"{host}:{port}: {what}", hint=hint) from error


def _run(serving: Serving, listening: socket.socket, uploads: Spool, executor: Executor) -> None:
    import uvicorn

    from provenance.service.app import app_of
    from provenance.service.connections import Server, protocol
    from provenance.service.desk import Desk, Means
    from provenance.service.logs import Log

    limits, log = serving.limits, Log(sys.stderr)
    desk = Desk(
        Means(serving.settings, limits, serving.fetching, executor, uploads, log, serving.jobs)
    )
    config = uvicorn.Config(
        app_of(desk),
        http=protocol(limits, desk.refused),
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=int(limits.idle_seconds),
    )
    log.takes("uvicorn.error", logging.INFO)
    log.takes("", logging.ERROR)  # below that, libraries quote what they were sent
    host, port = listening.getsockname()[:2]
    gc.collect()
    gc.freeze()  # what is there now stays: searching it for garbage would keep health waiting
    log.line("listening", host=host, port=port, jobs=serving.jobs)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: None)  # uvicorn raises them again when it is done
    Server(config, limits, desk.end).run(sockets=[listening])
    log.line("stopped")
