"""``prov audit ask``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from provenance.cli._options import OUT, say
from provenance.cli.audit._progress import ticking
from provenance.model.errors import UsageError

if TYPE_CHECKING:
    from provenance.audit.questions.catalogue import Question

_EPILOG = """\b
Examples:
  prov audit ask --list
  prov audit ask 2026-*/report states-by-week
  prov audit ask report/ composer-across-personas --param personas=5
  prov audit ask report/archive.zip rule-outcomes --engine sparql
  prov audit ask 2026-*/report --write history.duckdb
\b
Reports with the same title are of one chart; of one week the latest counts.
'prov audit check' says whether a report is unchanged.
\b
Exit codes: 0 answered, 1 no report (the rule is named), 2 usage, 5 disk or a
            missing extra, 70 a bug.
"""


@click.command("ask", epilog=_EPILOG)
@click.argument("names", nargs=-1, metavar="REPORT... QUESTION")
@click.option("--list", "listing", is_flag=True, help="List the questions and their parameters.")
@click.option("--param", "settings", multiple=True, metavar="NAME=VALUE", help="Set a parameter.")
@click.option(
    "--engine",
    type=click.Choice(["sql", "sparql"]),
    default="sql",
    show_default=True,
    help="Tables or a graph: the same answer (extras catalog, graph).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "json", "ndjson"]),
    default="text",
    show_default=True,
    help="text for people, the others for programs.",
)
@click.option("--write", "file", type=OUT, help="Write all for other tools: *.nq, *.duckdb.")
def command(
    names: tuple[str, ...],
    listing: bool,
    settings: tuple[str, ...],
    engine: str,
    form: str,
    file: Path | None,
) -> None:
    """Ask a named question over reports of audits: folders, report.json files or archives.

    Nothing but the questions that --list shows is ever run. No answer says that anything is true.
    """
    if listing:
        _list()
    elif file is not None:
        _write(names, file)
    elif len(names) < 2:
        raise UsageError(
            "name at least one report, and then a question", hint="See 'prov audit ask --list'."
        )
    else:
        _ask(tuple(map(Path, names[:-1])), names[-1], settings, (engine, form))


def _list() -> None:
    from provenance.audit.questions.answers import listed
    from provenance.audit.questions.catalogue import names, question

    for line in listed([question(name) for name in names()]):
        click.echo(line)


def _write(names: tuple[str, ...], file: Path) -> None:
    from provenance.audit.questions.asking import write

    if not names:
        raise UsageError("no report is named", hint="Name reports of audits.")
    with ticking() as tick:
        write([Path(name) for name in names], file, lambda what, done: tick(what, done, None))


def _ask(
    reports: tuple[Path, ...], name: str, settings: tuple[str, ...], how: tuple[str, str]
) -> None:
    from provenance.audit.questions.answers import told
    from provenance.audit.questions.asking import ask
    from provenance.audit.questions.catalogue import question

    asked = question(name)
    values = asked.values(settings)
    engine, form = how
    with ticking() as tick:
        rows = ask(reports, asked, values, engine, lambda what, done: tick(what, done, None))
    for line in told(asked, values, rows, form):
        click.echo(line)
    if form == "text":
        _say(asked, len(rows))


def _say(asked: Question, rows: int) -> None:
    say(f"{asked.title}: {rows} {'row' if rows == 1 else 'rows'}")
    say(f"Note: {asked.caveat}")
