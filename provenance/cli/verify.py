"""``prov verify``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from provenance.cli._options import FILES, context_of, home_of, say
from provenance.cli._wrapping import fitted
from provenance.model.errors import InputError, ProvError, UnsupportedContainerError
from provenance.model.verdict import EXIT_CODES, Status, Verdict, worst
from provenance.verify.outcome import Context, Given
from provenance.workspace.asking import policy_of

_EPILOG = """\b
Examples:
  prov verify track.flac
  prov verify --format ndjson uploads/
  prov verify --key label.pub.jwk track.flac
  prov verify --trust policy.json incoming/
  prov verify --require binding=exact track.flac
  prov verify --manifest track.flac.musicprov.json stripped.flac
  prov verify --statement artist.musicprov.jws track.flac
\b
Exit codes: 0 PASSED, 1 FAILED, 2 usage, 3 INDETERMINATE, 4 ABSENT, 5 ERROR,
            70 a bug. Several inputs: the worst counts.
"""


@click.command("verify", epilog=_EPILOG)
@click.argument("paths", nargs=-1, required=True, type=FILES, metavar="PATH...")
@click.option("--key", "keys", multiple=True, type=FILES, help="A public key that you know (JWK).")
@click.option("--trust", type=FILES, help="Trust policy. Default: yours (prov trust use).")
@click.option("--manifest", type=FILES, help="Token or bundle for audio that carries none.")
@click.option(
    "--statement",
    "statements",
    multiple=True,
    type=FILES,
    help="What else is at hand: endorsements, key bindings, withdrawals, newer declarations.",
)
@click.option(
    "--require", multiple=True, metavar="AXIS[=VALUE]", help="Ask for more: binding=exact, time ..."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "ndjson"]), default="text",
    show_default=True, help="json is one object a run, ndjson one report a line.",
)  # fmt: skip
@click.option(
    "--decode",
    type=click.Choice(["auto", "never"]),
    default="auto",
    help="Whether a limited child process may decode audio when the coded audio differs.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show every check.")
@click.pass_context
def command(  # noqa: PLR0913 - one parameter an option
    ctx: click.Context,
    paths: tuple[Path, ...],
    keys: tuple[Path, ...],
    trust: Path | None,
    manifest: Path | None,
    statements: tuple[Path, ...],
    require: tuple[str, ...],
    form: str,
    decode: str,
    verbose: bool,
) -> None:
    """Verify audio files, folders, or bare declarations: who declared what, and is it unchanged.

    Never uses the network. A folder is searched for audio; files that are no audio are passed
    over there. The result says nothing about whether a declaration is true.
    """
    home = home_of()
    context = context_of(home, keys, require, decode, policy_of(home, trust))
    given = _given(manifest, statements, context)
    inputs = list(_inputs(paths))
    statuses = list(_FORMS[form](inputs, context, given, verbose))
    ctx.exit(EXIT_CODES[worst(statuses)])


def _given(
    manifest: Path | None, statements: tuple[Path, ...], context: Context
) -> tuple[Given, ...]:
    """What stands beside the audio, by the caller's word: tokens or bundles."""
    named = [("given", manifest)] if manifest is not None else []
    named += [(f"given[{n}]", path) for n, path in enumerate(statements)]
    if not named:
        return ()
    from provenance.workspace.verifying import read_value

    return tuple(Given(where, read_value(path, context.limits)) for where, path in named)


def _inputs(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            from provenance.workspace.verifying import audio_below

            yield from audio_below(path)
        else:
            yield path


def _verify(path: Path, context: Context, given: tuple[Given, ...]) -> Verdict | ProvError:
    from provenance.workspace.verifying import verify_path

    try:
        return verify_path(path, context, given)
    except (InputError, UnsupportedContainerError) as error:
        return error


def _text(
    inputs: list[Path], context: Context, given: tuple[Given, ...], verbose: bool
) -> Iterator[Status]:
    from provenance.reports.as_text import one_line, render

    counts: dict[str, int] = {}
    for path in inputs:
        result = _report(path, context, given)
        status = result["status"]
        counts[status] = counts.get(status, 0) + 1
        if status == "ERROR" or len(inputs) == 1 or verbose:
            text = render(str(path), result, verbose=verbose)
            click.echo(fitted(text, sys.stdout))
            _say_next(result)
        else:
            click.echo(one_line(str(path), result))
        yield Status(status)
    if len(inputs) != 1:
        total = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
        click.echo(f"{len(inputs)} files: {total or 'nothing to verify'}")


def _say_next(report: dict[str, Any]) -> None:
    """What to do about a result that is not PASSED, in the registry's words."""
    if report["status"] in {"PASSED", "ERROR"}:
        return
    from provenance.wire.registries import codes

    say(f"  Next:   {codes()[report['code']]['fix']}")


def _report(path: Path, context: Context, given: tuple[Given, ...]) -> dict[str, Any]:
    from provenance.reports.as_json import error_report, report

    result = _verify(path, context, given)
    if isinstance(result, ProvError):
        return error_report(str(path), str(result), result.hint, context)
    return report(str(path), result, context)


def _json(
    inputs: list[Path], context: Context, given: tuple[Given, ...], verbose: bool
) -> Iterator[Status]:
    from provenance.reports.as_json import dumps, run

    del verbose
    results = [_report(path, context, given) for path in inputs]
    click.echo(dumps(run(results), indent=2))
    yield from (Status(r["status"]) for r in results)


def _ndjson(
    inputs: list[Path], context: Context, given: tuple[Given, ...], verbose: bool
) -> Iterator[Status]:
    from provenance.reports.as_json import dumps

    del verbose
    for path in inputs:
        result = _report(path, context, given)
        click.echo(dumps(result))
        yield Status(result["status"])
    if not inputs:
        say("Nothing to verify.")


_FORMS = {"text": _text, "json": _json, "ndjson": _ndjson}
