"""``prov worker``."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import click

from provenance.cli._asking import settings_of
from provenance.cli._options import say
from provenance.cli._output import given_up, unwritten
from provenance.cli._serving import asking_options, jobs_of, routes_of

_EPILOG = """\b
Examples:
  prov worker < requests.ndjson
  prov worker --jobs 8 --policy ingest.json
  prov worker --order done --allow-host audio.example
\b
A request is one line: {"id": 1, "path": "track.flac"}; so is its answer:
{"id": 1, "report": {...}}, or {"id": 1, "problem": {...}}.
\b
Exit codes: 0 the input ended, or it was told to stop; 2 usage, 5 nobody reads
            the answers, a policy or key cannot be used, or another fault of
            the world; 70 a bug.
"""


@click.command("worker", epilog=_EPILOG)
@click.option(
    "--order", type=click.Choice(["asked", "done"]), default="asked", show_default=True,
    help="Answer in the order of the requests, or as answers are ready.",
)  # fmt: skip
@asking_options
@click.pass_context
def command(ctx: click.Context, /, order: str, **options: Any) -> None:
    """Answer requests to verify, one line each on stdin and stdout, for as long as there are any.

    For a queue in any language. It stops at the end of its input, or when it is told to
    (SIGTERM), after it has answered what it took.
    """
    from provenance.bulk.engines import DEFAULT
    from provenance.bulk.engines.base import Wishes, engine_of
    from provenance.service.answers import Fetching, warm
    from provenance.service.limits import DEFAULT_LIMITS as LIMITS
    from provenance.service.lines import lines_of
    from provenance.service.queue import Queue

    settings, jobs, seconds = settings_of(options), jobs_of(options), options["timeout"]
    routes = routes_of(options["hosts"], options["host_ca"])
    fetching = Fetching(routes, LIMITS.body_bytes, seconds)
    stopped, stop = _stopping()
    queue = Queue(settings, fetching, jobs, in_order=order == "asked", gave_up=stop)
    with engine_of(DEFAULT).open(DEFAULT, Wishes(jobs, seconds)) as executor:
        for _ in range(jobs):
            executor.submit(warm, settings)
        lines = lines_of(sys.stdin.fileno(), stopped, LIMITS.json_bytes)
        fault = queue.serve(lines, executor, sys.stdout.buffer)
        if fault is not None:
            given_up()
            if isinstance(fault, OSError) and not isinstance(fault, BrokenPipeError):
                raise unwritten("the answers", fault)
            say("Nobody reads the answers any more.")
            ctx.exit(_EXIT_WORLD)  # nor waits for those that are under way


_EXIT_WORLD = 5


def _stopping() -> tuple[int, Callable[[], object]]:
    """A descriptor that can be read as soon as this process is to stop, and what makes it so.

    Somebody asks it to (SRV-013), or its answers cannot be written.
    """
    reading, writing = os.pipe()

    def stop(*_: object) -> None:
        os.write(writing, b"x")

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    return reading, stop
