"""``prov verify``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from provenance.bulk.engines import DEFAULT
from provenance.bulk.exits import AT_INGEST, USUAL, FailOn, fail_on
from provenance.bulk.items import PassedOver, Sources
from provenance.bulk.settings import Settings, StoreOptions
from provenance.cli._asking import settings_of
from provenance.cli._many import (
    TIMEOUT_SECONDS,
    Run,
    drawn,
    finished,
    one_by_one,
    over_many,
)
from provenance.cli._options import FILES, OUT, Seconds, processors
from provenance.cli._telling import Teller
from provenance.cli._wrapping import fitted
from provenance.model.errors import UsageError
from provenance.model.limits import DEFAULT_LIMITS
from provenance.reports import forms
from provenance.reports.forms.base import Layout

_EPILOG = """\b
Examples:
  prov verify track.flac
  prov verify --format ndjson uploads/
  prov verify 'delivery/**/*.wav'
  find uploads -name '*.flac' -print0 | prov verify -0 -
  prov verify --from-csv delivery.csv --format csv > result.csv
  prov verify --policy strict --format junit uploads/ > results.xml
  prov verify --resume state --format ndjson @catalogue.txt > result.ndjson
  prov verify --engine dask://HOST:8786 --format ndjson 's3://bucket/2026/**'
  prov verify --key label.pub.jwk track.flac
  prov verify --trust policy.json incoming/
  prov verify --require binding=exact track.flac
  prov verify --manifest track.flac.musicprov.json stripped.flac
\b
PATH is a file, a folder, a pattern in quotes, - for names on standard input,
@LIST for names in a file, or an address such as https://host/track.flac.
\b
Exit codes: 0 PASSED, 1 FAILED, 2 usage, 3 INDETERMINATE, 4 ABSENT or nothing
            to verify, 5 ERROR, 70 a bug, 130 stopped. Of several inputs the
            worst counts. With --policy: 0 all accepted, 3 some held,
            1 some rejected.
"""


def _names(
    ctx: click.Context, param: click.Parameter, value: str | tuple[str, ...] | None
) -> str | tuple[str, ...] | None:
    """Names as they were typed; an empty one is refused: it would stand for the working folder."""
    if value is not None and "" in (value if isinstance(value, tuple) else (value,)):
        raise click.BadParameter("an empty name", ctx, param)
    return value


@click.command("verify", epilog=_EPILOG)
@click.argument("paths", nargs=-1, callback=_names, metavar="PATH...")
@click.option(
    "--from-csv",
    "table",
    callback=_names,
    metavar="FILE",
    help="CSV with a file a row: columns 'path', and 'isrc' where you expect one.",
)
@click.option("-0", "--null", "nul", is_flag=True, help="Names in lists end with NUL.")
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
    "--format",
    "form",
    type=click.Choice(forms.names()),
    default="text",
    show_default=True,
    help="json is one object a run, ndjson one report a line.",
)
@click.option(
    "--decode",
    type=click.Choice(["auto", "never"]),
    default="auto",
    help="Whether a limited child process may decode audio when the coded audio differs.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Files at the same time. Default: the number of processors.",
)
@click.option(
    "--timeout",
    type=Seconds(0),
    default=TIMEOUT_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="What one file may take; a single one on disk may take longer unless you say.",
)
@click.option(
    "--engine",
    default=DEFAULT,
    show_default=True,
    metavar="ADDRESS",
    help="What many files are verified on: processes, or dask://HOST:PORT.",
)
@click.option(
    "--storage-option",
    "stores",
    multiple=True,
    metavar="NAME=VALUE",
    help="How stores are opened: endpoint_url, anon ... Secrets belong in the environment.",
)
@click.option(
    "--resume",
    "state",
    type=OUT,
    metavar="STATE",
    help="Keep what is found in this file, and go on from it after a stop.",
)
@click.option(
    "--policy",
    "ingest",
    callback=_names,
    metavar="FILE",
    help="Accept, hold or reject by a policy at ingest; 'welcoming' and 'strict' are ready-made.",
)
@click.option(
    "--fail-on",
    metavar="WORDS",
    help="What counts against the run: failed,error ... a code, hold, reject, or never.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show every check.")
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """Verify audio files, folders, or bare declarations: who declared what, and is it unchanged.

    Uses no network but to read an address that you name. A folder is searched for audio, and
    for what is named like audio; other files are passed over there, and so are symbolic links,
    which are counted at the end. The result says nothing about whether a declaration is true.
    """
    stores = _stores(options["stores"])
    run = _run(options, stores, is_timed=_is_named(ctx, "timeout"))
    settings = settings_of(
        options,
        given=tuple(_given(options["manifest"], options["statements"])),
        at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        stores=stores,
    )
    passed = PassedOver()
    items, only = drawn(run, passed)
    form, verbose = options["form"], options["verbose"]
    counts = _counts(options["fail_on"], settings)
    layout = Layout(
        only is None,
        verbose,
        counts.fails,
        lambda text: fitted(text, sys.stdout),
        lambda: passed.links,
    )
    teller = Teller(form, layout, counts, goes_on=run.state is not None)
    with teller.closing():
        if only is not None and not run.needs_worker(only):
            for item, report in one_by_one(items, settings):
                teller.take(item, report)
        else:
            over_many(run, items, settings, teller)
    teller.end()
    finished(run)
    ctx.exit(teller.exit_code)


def _stores(words: tuple[str, ...]) -> StoreOptions:
    """What stores are opened with: the addresses are the user's own (BLK-040)."""
    if not words:
        return ()
    from provenance.bulk.objects import options_of

    return options_of(words)


def _counts(words: str | None, settings: Settings) -> FailOn:
    """What counts against the run."""
    if words is not None:
        return fail_on(words)
    return USUAL if settings.ingest is None else AT_INGEST


def _given(manifest: Path | None, statements: tuple[Path, ...]) -> Iterator[tuple[str, bytes]]:
    """What stands beside the audio, by the caller's word: tokens or bundles."""
    named = [("given", manifest)] if manifest is not None else []
    named += [(f"given[{n}]", path) for n, path in enumerate(statements)]
    for where, path in named:
        from provenance.workspace.verifying import read_value

        yield where, read_value(path, DEFAULT_LIMITS)


def _is_named(ctx: click.Context, option: str) -> bool:
    return ctx.get_parameter_source(option) is not click.core.ParameterSource.DEFAULT


def _run(options: Mapping[str, Any], stores: StoreOptions | None, *, is_timed: bool) -> Run:
    sources = Sources(options["paths"], options["table"], options["nul"], stores)
    if not sources.arguments and sources.table is None:
        hint = "Name a file, a folder, - for names on standard input, or --from-csv FILE."
        raise UsageError("there is nothing to verify", hint=hint)
    sources.require_lists()
    return Run(
        sources,
        jobs=options["jobs"] or processors(),
        seconds=options["timeout"],
        engine=options["engine"],
        state=options["state"],
        is_timed=is_timed,
    )
