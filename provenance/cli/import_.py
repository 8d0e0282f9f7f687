"""``prov import``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from provenance.cli._options import FILES, OUT, quoted, say
from provenance.model.errors import UsageError
from provenance.reports.escaping import shown
from provenance.workspace.asking import read_small

if TYPE_CHECKING:
    from provenance.imports.base import Draft

_EPILOG = """\b
Examples:
  prov import --list
  prov import message.xml --from ddex-ern --out declaration.json
  prov import message.xml --from ddex-ern --number 2
\b
Exit codes: 0 read, 2 usage (or several drafts: name one), 4 it says nothing
            about AI or recordings, 5 disk, 70 a bug.
"""
EXIT_NOTHING = 4
_DOCUMENT_BYTES = 512 << 20


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Names of imports for the shell's completion."""
    del ctx, param
    from provenance.imports import names

    return [name for name in names() if name.startswith(incomplete)]


@click.command("import", epilog=_EPILOG)
@click.argument("file", type=FILES, required=False)
@click.option("--from", "origin", metavar="NAME", shell_complete=_complete, help="What it is.")
@click.option("--number", type=click.IntRange(min=1), help="Which draft, where there are several.")
@click.option("--out", type=OUT, help="Write it there; the file must not exist yet.")
@click.option("--list", "is_list", is_flag=True, help="List what can be read.")
@click.pass_context
def command(
    ctx: click.Context,
    file: Path | None,
    origin: str | None,
    number: int | None,
    out: Path | None,
    is_list: bool,
) -> None:
    """Draft a declaration from another regime's document. Nothing is signed.

    What is read is somebody else's word: who said it is told on stderr. It becomes yours only
    when you have checked it and sign it with 'prov sign --manifest'.
    """
    from provenance.imports import load, names

    if is_list:
        click.echo("\n".join(f"{name:16} {load(name).title}" for name in names()))
        return
    if file is None or origin is None:
        raise UsageError("name a FILE and --from", hint="'prov import --list' shows what is read.")
    drafts = load(origin).read(read_small(file, _DOCUMENT_BYTES))
    draft = _chosen(drafts, number) if drafts else None
    if draft is not None:
        _tell(draft)
    if draft is None or not draft.declaration:
        say(f"{shown(str(file))}: says nothing that a declaration could say")
        ctx.exit(EXIT_NOTHING)
    text = json.dumps(draft.declaration, ensure_ascii=False, indent=2) + "\n"
    if out is None:
        click.echo(text, nl=False)
        return
    from provenance.files.replacing import write_new

    write_new(out, text.encode("utf-8"))
    say(f"Written: {shown(str(out))}. Check it, then: prov sign --manifest {quoted(out)} FILE")


def _chosen(drafts: tuple[Draft, ...], number: int | None) -> Draft:
    if number is None and len(drafts) == 1:
        return drafts[0]
    if number is None or number > len(drafts):
        for place, draft in enumerate(drafts, 1):
            say(f"{place}: {shown(draft.source, 200)}")
        raise UsageError(f"there are {len(drafts)} drafts", hint="Name one with --number.")
    return drafts[number - 1]


def _tell(draft: Draft) -> None:
    """Where it was read, who said it, and what could not be taken."""
    by = "nobody is named" if draft.said_by is None else shown(draft.said_by, 200)
    say(f"Read from: {shown(draft.source, 200)}. Said by: {by}; nobody has checked that.")
    for left in draft.left_out:
        say(f"Left out: {shown(left, 500)}")
