"""``prov vectors run``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from provenance.cli._options import FILES
from provenance.model.errors import InputError, UsageError

_EPILOG = """\b
Examples:
  prov vectors run
  prov vectors run --only verify/ --verbose
  prov vectors run --entrypoint './my-implementation --vectors'
\b
A foreign program reads the path of one case.json a line on stdin and answers
one line of JSON each: {"id": ..., "result": {...}} or
{"id": ..., "skipped": "reason"}. See spec/12-versioning.md.
Exit codes: 0 all passed, 1 a case failed, 2 usage, 5 the program cannot run.
"""


@click.group("vectors", epilog="Example: prov vectors run")
def command() -> None:
    """The conformance vectors of the standard."""


@command.command("run", epilog=_EPILOG)
@click.option("--from", "source", type=FILES, help="Folder of cases. Default: those shipped.")
@click.option("--only", default="", help="Only cases whose id starts with this.")
@click.option("--entrypoint", help="Command of another implementation. Default: this one.")
@click.option("-v", "--verbose", is_flag=True, help="Name the cases that pass, too.")
@click.pass_context
def run(
    ctx: click.Context, source: Path | None, only: str, entrypoint: str | None, verbose: bool
) -> None:
    """Run every case and compare with the authored result. Exit 0: all passed."""
    from provenance.conformance.cases import Case, find_cases, vectors_root

    cases = [c for c in find_cases(source or vectors_root()) if c.id.startswith(only)]
    if not cases:
        raise UsageError(f"no case starts with '{only}'")
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    answers: Iterator[tuple[Case, dict[str, Any]]] = (
        _foreign(cases, entrypoint) if entrypoint else _own(cases)
    )
    for case, answer in answers:
        state, why = _judge(case, answer)
        counts[state] += 1
        if verbose or state != "passed":
            click.echo(f"{state.upper():8}{case.id}{f': {why}' if why else ''}")
    click.echo(", ".join(f"{n} {state}" for state, n in counts.items()))
    ctx.exit(1 if counts["failed"] else 0)


def _own(cases: list[Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    from provenance.conformance.operations import perform

    for case in cases:
        yield case, perform(case)


def _foreign(cases: list[Any], entrypoint: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    import json
    import shlex
    import subprocess

    lines = "".join(f"{case.folder / 'case.json'}\n" for case in cases)
    try:
        done = subprocess.run(  # noqa: S603 - the program that the user named
            shlex.split(entrypoint), input=lines, capture_output=True, text=True, check=False
        )
    except (OSError, ValueError) as error:
        raise InputError(f"{entrypoint}: cannot be run: {error}") from error
    if done.returncode:
        raise InputError(f"{entrypoint}: ended with {done.returncode}", hint=done.stderr[-300:])
    try:
        found = [json.loads(line) for line in done.stdout.splitlines() if line.strip()]
        answers = {answer["id"]: answer for answer in found}
    except (ValueError, RecursionError, TypeError, KeyError) as error:
        raise InputError(
            f"{entrypoint}: answered something that is no answer",
            hint="One JSON object a line, with an id; see spec/12-versioning.md.",
        ) from error
    for case in cases:
        yield case, answers.get(case.id, {"id": case.id, "result": None})


def _judge(case: Any, answer: dict[str, Any]) -> tuple[str, str]:
    from provenance.conformance.comparing import differences

    if "skipped" in answer:
        return "skipped", str(answer["skipped"])
    why = "; ".join(differences(case, answer.get("result")))
    return ("failed", why) if why else ("passed", "")
