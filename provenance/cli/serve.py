"""``prov serve``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from provenance.cli._asking import settings_of
from provenance.cli._options import FILES
from provenance.cli._serving import asking_options, jobs_of, routes_of
from provenance.model.limits import MIB
from provenance.service.limits import DEFAULT_LIMITS as LIMITS
from provenance.service.limits import ServiceLimits

_EPILOG = """\b
Examples:
  prov serve
  prov serve --host 0.0.0.0 --port 8080 --policy ingest.json
  prov serve --allow-host audio.example --max-mib 256
\b
Ask it:
  curl -F file=@track.flac localhost:8765/v1/verify
  curl localhost:8765/openapi.json
\b
Exit codes: 0 it was told to stop (SIGTERM), 2 usage, 5 the address is taken,
            or another fault of the world; 70 a bug.
"""

F = TypeVar("F", bound=Callable[..., Any])


def _whole(name: str, default: int, text: str) -> Callable[[F], F]:
    """An option that takes a whole number from 1."""
    return click.option(
        name, type=click.IntRange(min=1), default=default, show_default=True, help=text
    )


@click.command("serve", epilog=_EPILOG)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="Port to listen on; 0 takes a free one, which the log names.",
)
@_whole("--max-mib", LIMITS.body_bytes // MIB, "The largest upload.")
@click.option("--spool", type=FILES, help="Folder for uploads. Default: that for temporary files.")
@_whole("--spool-mib", LIMITS.spool_bytes // MIB, "Room for all uploads at a time.")
@_whole("--requests", LIMITS.requests, "Requests at a time; others are told to come back.")
@_whole("--client-requests", LIMITS.client_requests, "Of these, from one address.")
@asking_options
def command(
    host: str, port: int, max_mib: int, spool: Path | None, spool_mib: int, **options: Any
) -> None:  # fmt: skip
    """Verify for others over HTTP: uploads, addresses, or manifests with digests.

    Behind your own gateway: it knows no users and no TLS. It fetches nothing unless you name
    hosts, decodes nothing unless you ask for it, and keeps nothing.
    """
    from provenance.service.answers import Fetching
    from provenance.service.running import Serving, serve

    limits = ServiceLimits(
        body_bytes=max_mib * MIB,
        spool_bytes=spool_mib * MIB,
        requests=options["requests"],
        client_requests=options["client_requests"],
        verify_seconds=options["timeout"],
        wait_seconds=max(LIMITS.wait_seconds, 2 * options["timeout"]),
    )
    routes = routes_of(options["hosts"], options["host_ca"])
    fetching = Fetching(routes, limits.body_bytes, limits.verify_seconds)
    settings = settings_of(options)
    serve(Serving(settings, fetching, limits, jobs_of(options), host, port, spool))
