"""``prov export``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provenance.cli._options import FILES, OUT, asker_of, home_of, say
from provenance.cli._refusing import refuse
from provenance.model.errors import UsageError
from provenance.reports.escaping import shown
from provenance.workspace.asking import read_small

if TYPE_CHECKING:
    from provenance.exports.base import Export, Exported, Source

_EPILOG = """\b
Examples:
  prov export track.flac --to spotify
  prov export track.flac --to apple --set partial=yes
  prov export declaration.json --to distrokid --format csv --out form.csv
  prov export track.flac --to registration --set office=prs
  prov export track.flac --to spotify --losses
  prov export a.wav --to aigc --into a.wav --out labelled.wav
  prov export a.flac --to c2pa --key claim.pem --cert chain.pem --out b.flac
  prov export --list
\b
Exit codes: 0 exported, 1 refused (what the file carries does not hold, or
            was taken back), 2 usage, 4 there is nothing to export, 5 disk,
            70 a bug.
"""
EXIT_NOTHING = 4
_INTO_BYTES = 256 << 20


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Names of exports for the shell's completion."""
    del ctx, param
    from provenance.exports import names

    return [name for name in names() if name.startswith(incomplete)]


@click.command("export", epilog=_EPILOG)
@click.argument("file", type=FILES, required=False)
@click.option("--to", "target", metavar="NAME", shell_complete=_complete, help="For whom it is.")
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="Decide a parameter.")
@click.option(
    "--format", "form", metavar="FORM",
    help="Form: text, json or csv; of rdf: json-ld, turtle or n-triples.",
)  # fmt: skip
@click.option("--into", type=FILES, help="Put it into this document, where the target can.")
@click.option("--out", type=OUT, help="Write it there; the file must not exist yet.")
@click.option("--key", type=FILES, help="C2PA: sign a copy with this claim key (PEM).")
@click.option("--cert", type=FILES, help="C2PA: the key's certificates (PEM), leaf first.")
@click.option("--passphrase-file", type=FILES, help="File whose first line opens the key.")
@click.option("--losses", is_flag=True, help="Print what is not carried (JSON), not the document.")
@click.option("--list", "is_list", is_flag=True, help="List the targets and their parameters.")
@click.pass_context
def command(ctx: click.Context, /, file: Path | None, target: str | None, **options: Any) -> None:
    """Say what a declaration says in the form that a store, society or law asks for.

    FILE is a signed audio file, a statement, or a declaration (JSON) that is not signed yet.
    What the target cannot carry is said on stderr. With --losses and --out both are written.
    """
    if options["is_list"]:
        click.echo("\n".join(_listed()))
        return
    if file is None or target is None:
        raise UsageError("name a FILE and --to", hint="'prov export --list' shows the targets.")
    from provenance.cli import _c2pa
    from provenance.exports import load

    export = load(target)
    settings = _settings(export, options)
    if _c2pa.is_wanted(options):
        made = _c2pa.exported(target, file, settings, options)
        _tell(target, made, losses=options["losses"])
        return
    labelled = options["into"] if target == "aigc" else None
    source, whose = _source(ctx, file, settings, None if labelled else options["into"])
    made = export.render(source)
    if whose:
        say(whose)
    if whose and options["losses"]:
        made = replace(made, warnings=(whose, *made.warnings))
    if labelled is not None:
        from provenance.cli import _aigc

        _aigc.write(made, file, labelled, options["out"])
        _tell(target, made, losses=options["losses"])
        return
    _write(target, made, options["out"], losses=options["losses"])


def _settings(export: Export, options: dict[str, Any]) -> dict[str, str]:
    """The parameters that were set, and the form."""
    settings = {}
    for text in options["given"]:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise UsageError(f"--set {text}: is no NAME=VALUE", hint="As in: --set partial=yes")
        settings[name] = value
    if options["form"] is not None:
        if not export.formats:
            raise UsageError("--format: this target has one form", hint="Leave the option out.")
        settings["format"] = options["form"]
    elif "format" in settings:
        raise UsageError("--set format: is an option", hint=f"--format {settings['format']}")
    return settings


def _source(
    ctx: click.Context, file: Path, settings: dict[str, str], into: Path | None
) -> tuple[Source, str]:
    """What is exported, and what is to be said of whose word it is; leaves where nothing holds."""
    from provenance.model.verdict import Status
    from provenance.workspace.exporting import exportable

    patched = None if into is None else read_small(into, _INTO_BYTES)
    found = exportable(file, asker_of(home_of()), settings, patched)
    if found.source is None:
        if found.is_absent:
            say(f"{shown(str(file))}: carries no declaration")
            ctx.exit(EXIT_NOTHING)
        refuse(ctx, file, "not exported", found.refused)
    whose = ""
    if found.verdict is None:
        whose = "Not signed yet: nobody stands for this declaration."
    elif found.verdict.status is not Status.PASSED:
        whose = f"Unverified claim: {found.verdict.status.value} [{found.verdict.code}]"
    return found.source, whose


def _write(target: str, made: Exported, out: Path | None, *, losses: bool) -> None:
    """The document, or the report of losses, or both."""
    if out is not None:
        from provenance.files.replacing import write_new

        write_new(out, made.data)
        say(f"Written: {shown(str(out))}")
    elif not losses:
        sys.stdout.flush()
        sys.stdout.buffer.write(made.data)
        sys.stdout.buffer.flush()
    _tell(target, made, losses=losses)


def _tell(target: str, made: Exported, *, losses: bool) -> None:
    """The report of losses to stdout, or what is lost in a few lines to stderr."""
    if losses:
        click.echo(json.dumps(_report(target, made), ensure_ascii=False, indent=2))
        return
    from provenance.cli._losses import summary

    for warning in made.warnings:
        say(f"Note: {shown(warning, 1000)}")
    for line in summary(made.losses):
        say(line)


def _report(target: str, made: Exported) -> dict[str, Any]:
    """The report of losses as plain JSON values (spec 19.2)."""
    lost = [
        {
            "pointer": loss.pointer,
            "reason": loss.reason,
            **({"note": loss.note} if loss.note else {}),
        }
        for loss in made.losses
    ]
    return {"export": target, "losses": lost, "warnings": list(made.warnings)}


def _listed() -> Iterator[str]:
    """Each target with its title, source and parameters."""
    from provenance.exports import known
    from provenance.wire.crosswalks import crosswalk

    for module, export in known().items():
        data = crosswalk(export.crosswalk)
        source = data["source"]
        yield f"{module.replace('_', '-'):16} {export.title}"
        date = source["date"]
        dated = f"seen {source['seen']}" if date == "not stated" else f"of {date}"
        yield f"{'':16} source {dated}, {data['confidence']}"
        for parameter in data.get("parameters", ()):
            choices = ", ".join(parameter["alternatives"]) or "any text"
            yield f"{'':16} --set {parameter['name']}={parameter['default']} (or: {choices})"
