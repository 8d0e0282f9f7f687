"""``prov sign``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provenance.cli._options import (
    FILES,
    context_of,
    home_of,
    is_terminal,
    key_options,
    read_declaration,
    say,
    signer_of,
)
from provenance.model.errors import UsageError
from provenance.reports.escaping import shown

if TYPE_CHECKING:
    from provenance.issuing.sign import Draft, Signed, Wishes
    from provenance.signing.signer import Signer
    from provenance.verify.outcome import Context
    from provenance.workspace.home import Home

_EPILOG = """\b
Examples:
  prov sign track.flac                      asks, shows what listeners will see, signs
  prov sign track.flac track.mp3 --manifest declaration.json --key label.pem
Exit codes: 0 done or nothing to do, 1 refused (the rule is named), 2 usage, 5 disk or key.
"""


@click.command("sign", epilog=_EPILOG)
@click.argument("files", nargs=-1, required=True, type=FILES, metavar="FILE...")
@click.option("--manifest", type=FILES, help="The declaration. Then all FILEs are one recording.")
@key_options
@click.option("--out", type=FILES, help="Write a signed copy there; the file stays as it is.")
@click.option(
    "--replace",
    "replacing",
    is_flag=False,
    flag_value="own",
    default="no",
    type=click.Choice(["no", "own", "foreign"]),
    help="Supersede the declaration in the file (=foreign: even another signer's).",
)
@click.option("--sidecar", is_flag=True, help="Write it beside the file, not into it.")
@click.option("--same-recording", is_flag=True, help="You vouch that the files are one recording.")
@click.option("--no-fingerprint", is_flag=True, help="Leave the fingerprint out (no decoder runs).")
@click.option("--dry-run", is_flag=True, help="Show what would be signed; write nothing.")
@click.option("--touch", is_flag=True, help="Renew the file's modification time.")
@click.option("--break-link", is_flag=True, help="Replace this name of a hard-linked file only.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before signing.")
def command(files: tuple[Path, ...], manifest: Path | None, **options: Any) -> None:
    """Sign a declaration about a recording and put it into the audio file's own tags.

    Takes the declaration from --manifest, from the draft that 'prov declare' left, or from your
    answers. Audio, other tags, permissions and times stay as they are; the write is atomic.
    """
    home = home_of()
    context = context_of(home)
    signer = signer_of(home, *(options[n] for n in _KEY_OPTIONS))
    wishes = _wishes(options)
    if manifest is not None:
        _sign_set(files, read_declaration(manifest), signer, context, wishes, options)
        return
    if len(files) > 1 and wishes.out is not None and not wishes.out.is_dir():
        raise UsageError(f"--out {wishes.out}: must be an existing folder for several files")
    for file in files:
        declaration, essence = _declaration_for(file, home, context)
        _sign_set((file,), declaration, signer, context, wishes, options)
        if not wishes.dry_run:
            home.drop_draft(essence)


_KEY_OPTIONS = ("key", "sign_command", "public_key", "passphrase_file", "passphrase_fd")


def _wishes(options: dict[str, Any]) -> Wishes:
    from provenance.files.replacing import Replacing
    from provenance.issuing.sign import ALL_TIERS, Wishes

    without = {"fingerprint"} if options["no_fingerprint"] else set()
    return Wishes(
        replace=options["replacing"],
        same_recording=options["same_recording"],
        sidecar=options["sidecar"],
        out=options["out"],
        dry_run=options["dry_run"],
        tiers=ALL_TIERS - without,
        files=Replacing(touch=options["touch"], break_link=options["break_link"]),
    )


def _declaration_for(file: Path, home: Home, context: Context) -> tuple[dict[str, Any], str]:
    """The draft made before; else, on a terminal, the answers to the questions."""
    from provenance.workspace.drafting import look_at

    seen = look_at(file, context.limits)
    kept = home.read_draft(seen.essence)
    if kept is not None:
        from provenance.workspace.drafting import finished

        return finished(kept), seen.essence
    if not is_terminal():
        raise UsageError(
            f"{file}: no declaration to sign",
            hint="Make one with 'prov declare', or name one with --manifest.",
        )
    from provenance.cli._questions import ask

    return ask(seen, home), seen.essence


def _sign_set(
    files: tuple[Path, ...],
    declaration: dict[str, Any],
    signer: Signer,
    context: Context,
    wishes: Wishes,
    options: dict[str, Any],
) -> None:
    from provenance.issuing.sign import draft, issue

    made = draft(files, declaration, signer.public.thumbprint, context, wishes)
    _show(made)
    if made.done is None and not wishes.dry_run and is_terminal() and not options["yes"]:
        click.confirm("Sign this?", default=True, abort=True, err=True)
    results = issue(made, signer, context, wishes)
    _tell(results, wishes, _public_file(home_of(), options["key"]))


def _show(made: Draft) -> None:
    from provenance.labels.sentence import sentence
    from provenance.wire.decode import decode

    manifest, _ = decode(made.payload)
    if manifest is None:
        raise UsageError("the declaration cannot be read back")
    subject = manifest.subject
    artists = ", ".join(a.name for a in subject.artists if a.name)
    title = shown(subject.title or "(no title)") + (f" \u2014 {shown(artists)}" if artists else "")
    say(f"{title}\nListeners will see: {shown(sentence(manifest, 'en'), 1000)}")
    for reason in made.reasons:
        say(f"Left out: {shown(reason)}")


def _public_file(home: Home, key: Path | None) -> str:
    """Where the public half of the signing key stands, as far as the tool can know."""
    private = key or home.default_key()
    return shown(str(private).removesuffix(".pem") + ".pub.jwk") if private else "KEY.pub.jwk"


def _tell(results: list[Signed], wishes: Wishes, public: str) -> None:
    states = {
        "signed": "Signed",
        "unchanged": "Nothing to do, already signed",
        "planned": "Would sign",
    }
    for result in results:
        say(f"{states[result.state]}: {shown(str(result.path))}")
    done = [r for r in results if r.state == "signed"]
    if done and not wishes.sidecar and wishes.out is None:
        say(f"Check it with: prov verify {shown(str(done[0].path))}")
        say(f"Others need your public key ({public}): they run 'prov trust pin' with it.")
