"""``prov label``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from provenance.cli._options import FILES, OUT, asker_of, home_of, say
from provenance.cli._refusing import refuse
from provenance.reports.escaping import shown

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest

_EPILOG = """\b
Examples:
  prov label track.flac
  prov label --form code track.flac
  prov label --form svg --theme dark --lang sv --out label.svg track.flac
  prov label declaration.json
\b
Exit codes: 0 made, 1 refused (it does not hold, or was taken back), 2 usage,
            4 there is nothing to show, 5 disk, 70 a bug.
"""


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Languages for the shell's completion."""
    del ctx, param
    from provenance.labels.messages import languages

    return [name for name in languages() if name.startswith(incomplete)]


@click.command("label", epilog=_EPILOG)
@click.argument("file", type=FILES)
@click.option(
    "--form",
    type=click.Choice(["sentence", "code", "svg"]),
    default="sentence",
    show_default=True,
    help="A sentence, a short code for tables, or a picture.",
)
@click.option(
    "--lang",
    default="en",
    show_default=True,
    help="Language: en, de, es, fr, sv.",
    shell_complete=_complete,
)
@click.option(
    "--theme",
    type=click.Choice(["auto", "light", "dark"]),
    default="auto",
    show_default=True,
    help="Colours of the picture; auto follows the reader's setting.",
)
@click.option("--out", type=OUT, help="Write it there; the file must not exist yet.")
@click.pass_context
def command(
    ctx: click.Context, file: Path, form: str, lang: str, theme: str, out: Path | None
) -> None:
    """Make the label of a signed file, or of a declaration (JSON) that is not signed yet.

    The label says what is declared. When the file does not verify for you, the label says so;
    of what does not hold, or was taken back by its signer, no label is made.
    """
    from provenance.labels.forms import label
    from provenance.labels.standing import standing_of

    lang = lang.replace("_", "-")  # as operating systems write it
    manifest, status = _manifest(ctx, file)
    text = label(manifest, form, lang, standing_of(status), theme)
    text += "" if form == "svg" else "\n"
    if out is None:
        click.echo(text, nl=False)
        return
    from provenance.files.replacing import write_new

    write_new(out, text.encode("utf-8"))
    say(f"Written: {shown(str(out))}")


EXIT_NOTHING = 4


def _manifest(ctx: click.Context, file: Path) -> tuple[Manifest, str | None]:
    """What the label is made of, and its status where it is signed; leaves where there is none."""
    from provenance.labels.standing import fallen
    from provenance.model.verdict import Status
    from provenance.verify.outcome import Outcome
    from provenance.workspace.drafting import read_unsigned
    from provenance.workspace.verifying import verify_path

    unsigned = read_unsigned(file)
    if unsigned is not None:
        say("Not signed yet: this label is a preview.")
        return unsigned, None
    verdict = verify_path(file, asker_of(home_of()))
    code = fallen(verdict)
    if code is not None:
        refuse(ctx, file, "no label is made", code)
    outcome = verdict.subject
    selected = outcome.selected if isinstance(outcome, Outcome) else None
    if selected is None or selected.manifest is None:
        say(f"{shown(str(file))}: carries no declaration that can be shown [{verdict.code}]")
        ctx.exit(EXIT_NOTHING)
    if verdict.status is not Status.PASSED:
        say(f"Unverified claim: {verdict.status.value} [{verdict.code}]")
    return selected.manifest, verdict.status.value
