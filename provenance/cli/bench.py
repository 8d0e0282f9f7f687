"""``prov bench``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from subprocess import SubprocessError
from typing import TYPE_CHECKING, Any

import click

from provenance.cli._options import home_of, processors, say
from provenance.model.errors import InputError

if TYPE_CHECKING:
    from provenance.bulk.items import Item
    from provenance.bulk.settings import Settings

_SECONDS = 600.0
_EPILOG = """\b
Examples:
  prov bench
  prov bench --jobs 4 catalogue/
  prov bench --format json incoming/*.flac > speed.json
\b
Exit codes: 0 measured, 2 usage, 5 nothing could be measured.
"""


@click.command("bench", epilog=_EPILOG)
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes. Default: the CPUs.")
@click.option(
    "--rounds", type=click.IntRange(2, 100), default=3, show_default=True,
    help="How often each file is hashed and verified; the least counts.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How to say it.",
)  # fmt: skip
def command(paths: tuple[str, ...], jobs: int | None, rounds: int, form: str) -> None:
    """Measure verifying on this machine against SHA-256 of the same files.

    Both run over the same files, by as many processes, in turn. Without PATHS a song is made and
    signed in each container. Files in which nothing is declared are counted and left out: of
    most their audio is not read. Nothing of yours is written to.
    """
    from provenance.bulk.engines import DEFAULT
    from provenance.bulk.engines.base import TOGETHER, Wishes, engine_of
    from provenance.bulk.measuring import bench_report, measure
    from provenance.bulk.settings import Settings, context_of
    from provenance.reports.as_json import dumps

    jobs = jobs or processors()
    with ExitStack() as stack:
        if paths:
            items, home = _named(paths), home_of().path
        else:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="prov-bench-")))
            items, home = _made(folder), folder / "home"
        settings = Settings(home=str(home), decode="never")
        context_of(settings)
        executor = stack.enter_context(
            engine_of(DEFAULT).open(DEFAULT, Wishes(jobs, _SECONDS, TOGETHER))
        )
        found = bench_report(measure(items, executor, settings, jobs, rounds))
    if not found["total"]["files"]:
        raise _nothing(found["leftOut"], items, settings)
    click.echo(dumps(found) if form == "json" else "\n".join(_lines(found)))


def _named(paths: tuple[str, ...]) -> list[Item]:
    """The files that were named.

    Raises ``InputError`` for none, and for more than are measured at once.
    """
    from provenance.bulk.items import Sources, items_of
    from provenance.bulk.measuring import MAX_FILES
    from provenance.cli._many import stdin

    items = list(islice(items_of(Sources(paths), stdin), MAX_FILES + 1))
    if len(items) > MAX_FILES:
        hint = "Name fewer: a thousand say as much."
        raise InputError(f"there are more than {MAX_FILES:,} files", hint=hint)
    if not items:
        hint = "Name others, or run 'prov bench' without files."
        raise InputError("there is nothing to measure: no audio is in what was named", hint=hint)
    return items


def _made(folder: Path) -> list[Item]:
    """Songs of our own. Raises ``InputError`` where there is no room for them, or no encoder."""
    from provenance.bulk.items import Item
    from provenance.cli._bench_music import has_encoders, signed_songs

    say("Making and signing songs ...")
    if not has_encoders():
        say("Only WAV: pip install 'musicprov[audio]' to measure the other containers.")
    try:
        songs = signed_songs(folder, folder / "home")
        return [Item(n, str(path)) for n, path in enumerate(songs)]
    except (OSError, SubprocessError) as error:
        hint = "Name files of yours: prov bench FILE..."
        raise InputError(f"the songs cannot be made: {error}", hint=hint) from error


def _nothing(left_out: Mapping[str, int], items: Sequence[Item], settings: Settings) -> InputError:
    plain, unread = left_out["audioNotRead"], left_out["error"]
    if not plain:
        from provenance.bulk.verifying import verify_item

        why = verify_item(items[0], settings)["summary"]
        hint = f"Of {unread - 1:,} more none can be verified either." if unread > 1 else ""
        return InputError(f"there is nothing to measure: {why}", hint=hint)
    what = f"in {plain:,} nothing is declared, {unread:,} cannot be verified"
    hint = "Sign some of them first (prov sign), or run 'prov bench' without files."
    return InputError(f"there is nothing to measure: {what}", hint=hint)


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The figures for people."""
    jobs, rounds = found["jobs"], found["rounds"]
    yield f"{'':10}{'files':>7}{'MB':>10}{'SHA-256':>12}{'verify':>12}{'of its rate':>13}  beyond"
    for row in found["containers"]:
        yield _line(row["container"], row)
    yield _line("total", found["total"])
    run = found["run"]
    many = f"{jobs} process{'' if jobs == 1 else 'es'}"
    rate = run["files"] / max(run["verify"], 1) * 1e6
    yield ""
    yield (
        f"By the clock, {many}: {rate:,.0f} files a second; SHA-256 alone takes"
        f" {run['sha256'] / max(run['verify'], 1):.0%} of that time."
    )
    yield f"CPU time of one process, the least of {rounds} rounds; the files lie in the page cache."
    if not found["quickSchemas"]:
        yield "Quicker: pip install 'musicprov[fast]'"
    for why, words in _LEFT_OUT.items():
        if found["leftOut"][why]:
            yield f"Left out: {found['leftOut'][why]:,} {words}"


_LEFT_OUT = {
    "audioNotRead": "in which nothing is declared: their audio need not be read",
    "error": "that could not be verified",
}


def _line(name: str, row: Mapping[str, int]) -> str:
    sha, verify = max(row["sha256"], 1), max(row["verify"], 1)
    each = (verify - sha) / row["files"] / 1000
    return (
        f"{name:10}{row['files']:7,}{row['bytes'] / 1e6:10,.1f}"
        f"{row['bytes'] / sha:7,.0f} MB/s{row['bytes'] / verify:7,.0f} MB/s{sha / verify:13.0%}"
        f"  {each:.1f} ms a file"
    )
