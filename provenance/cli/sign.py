"""``prov sign``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provenance.cli._beside import authority_of, tsa_option
from provenance.cli._options import (
    FILES,
    OUT,
    context_of,
    home_of,
    is_terminal,
    key_options,
    quoted,
    read_declaration,
    say,
    signer_of,
)
from provenance.model.errors import InputError, ProvError, UsageError
from provenance.model.records import dataclass
from provenance.reports.escaping import shown

if TYPE_CHECKING:
    from provenance.cli._signed import Told
    from provenance.issuing.sign import Draft, Signed, Wishes
    from provenance.signing.signer import Signer
    from provenance.verify.outcome import Context
    from provenance.workspace.drafting import Seen
    from provenance.workspace.home import Home

_EPILOG = """\b
Examples:
  prov sign track.flac
  prov sign --replace track.flac
  prov sign master.wav track.mp3 --manifest declaration.json --key label.pem
  prov sign track.flac --out signed.flac --dry-run
  prov sign track.flac --tsa https://tsa.example/
  prov sign track.flac --key seal.pem --cert seal-chain.pem
\b
Exit codes: 0 done or nothing to do, 1 refused (the rule is named), 2 usage or
            something missing that nobody can be asked for, 5 disk or key,
            70 a bug.
"""


class _Sign(click.Command):
    """Reads a bare ``--replace`` as ``--replace=own``, whatever stands after it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments of one call."""
        end = args.index("--") if "--" in args else len(args)
        wished = ["--replace=own" if arg == "--replace" else arg for arg in args[:end]]
        return super().parse_args(ctx, wished + args[end:])


@click.command("sign", cls=_Sign, epilog=_EPILOG)
@click.argument("files", nargs=-1, required=True, type=FILES, metavar="FILE...")
@click.option("--manifest", type=FILES, help="The declaration. Then all FILEs are one recording.")
@key_options
@click.option("--out", type=OUT, help="Write a signed copy there; the file stays as it is.")
@click.option(
    "--replace",
    "replacing",
    default="no",
    type=click.Choice(["no", "own", "foreign"]),
    metavar="[=foreign]",
    help="Supersede your own declaration in the file; with =foreign even another signer's.",
)
@click.option("--sidecar", is_flag=True, help="Write it beside the file, not into it.")
@click.option("--same-recording", is_flag=True, help="You vouch that the files are one recording.")
@click.option("--no-fingerprint", is_flag=True, help="Leave the fingerprint out (no decoder runs).")
@tsa_option
@click.option("--dry-run", is_flag=True, help="Show what would be signed; write nothing.")
@click.option("--touch", is_flag=True, help="Renew the file's modification time.")
@click.option("--break-link", is_flag=True, help="Replace this name of a hard-linked file only.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before signing.")
def command(files: tuple[Path, ...], manifest: Path | None, **options: Any) -> None:
    """Sign a declaration about a recording and put it into the audio file's own tags.

    Takes the declaration from --manifest, from the draft that 'prov declare' left, or from your
    answers. Shows the sentence that listeners will see and, on a terminal, asks before it signs.
    Audio, other tags, permissions and times stay as they are; the write is atomic.
    """
    from provenance.cli._signed import key_of, tell_end, tell_half

    home = home_of()
    context = context_of(home)
    wishes = _wishes(options)
    if wishes.out is not None and wishes.sidecar:
        raise UsageError("--out and --sidecar: choose one")
    if len(files) > 1 and wishes.out is not None and not wishes.out.is_dir():
        raise UsageError(f"--out {wishes.out}: must be an existing folder for several files")
    told: list[Told] = []
    try:
        options["authority"] = authority_of(options)
        declared = None if manifest is None else read_declaration(manifest)
        looked = _look_at(files, context, wishes, hashed=declared is None)
        signer = signer_of(home, options)
        call = _Call(signer, context, wishes, options, told)
        if declared is not None:
            _sign_set(files, declared, call)
        for seen in looked:
            declaration = _declaration_for(seen, signer.public.thumbprint, home, context, wishes)
            _sign_set((seen.path,), declaration, call)
            if not wishes.dry_run:
                home.drop_draft(seen.essence)
    except (ProvError, OSError, KeyboardInterrupt) as stop:
        tell_half(told, len(files), stop)
        raise
    tell_end(told, key_of(signer, options, home), options, many=len(looked) > 1)


@dataclass(frozen=True)
class _Call:
    """What holds for all files of one call, and what became of them so far."""

    signer: Signer
    context: Context
    wishes: Wishes
    options: dict[str, Any]
    told: list[Told]


def _look_at(
    files: tuple[Path, ...], context: Context, wishes: Wishes, *, hashed: bool
) -> list[Seen]:
    """Every file before any question: what cannot be signed is said first."""
    for file in files:
        if file.is_dir():
            raise InputError(
                f"{file}: is a folder",
                hint="Name its files, or declare them all in one table: "
                f"prov sheet new {quoted(file)}",
            )
    from provenance.files.opening import open_regular
    from provenance.issuing.preparing import adapter_of, require_distinct
    from provenance.issuing.targets import destination, require_targets

    require_distinct(files)
    looked = []
    free = frozenset[Path]()
    if hashed:
        from provenance.workspace.drafting import look_at

        looked = [look_at(file, context.limits) for file in files]
        free = frozenset(seen.path for seen in looked if not seen.scan.carriers)
    else:
        for file in files:
            with open_regular(file) as stream:
                adapter_of(stream, file)
    copies = [destination(file, wishes.out, many=len(files) > 1) for file in files]
    written = [
        file
        for file, copy in zip(files, copies, strict=True)
        if _is_written(file, copy, wishes, context, free=file in free)
    ]
    require_targets(written, wishes, many=len(files) > 1)
    return looked


def _is_written(
    file: Path, copy: Path | None, wishes: Wishes, context: Context, *, free: bool
) -> bool:
    """Whether signing is sure to write: where the declaration stands already, it does not.

    ``free`` says that the file is known to carry none.
    """
    from provenance.issuing.preparing import sidecar_path
    from provenance.issuing.targets import may_be_copy

    if wishes.sidecar:
        return not os.path.lexists(sidecar_path(file))
    return free if copy is None else not may_be_copy(file, copy, context.limits)


EXIT_STOPPED = 130


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


def _declaration_for(
    seen: Seen, key: str, home: Home, context: Context, wishes: Wishes
) -> dict[str, Any]:
    """The draft that is kept, else what this signer's statement in the file says.

    On a terminal, questions that are still open are asked; off it, they are an error.
    """
    from provenance.issuing.targets import destination
    from provenance.workspace.drafting import before

    own = frozenset({key, *context.keyring.own})
    copy = destination(seen.path, wishes.out, many=False)
    kept = before(seen, home, own, context, copy)
    draft: dict[str, Any] = kept["declaration"]
    if kept.get("finished") and draft.get("contributions"):
        return draft
    if not is_terminal():
        part = "the declaration is not finished" if "answered" in kept else "no declaration to sign"
        raise UsageError(
            f"{seen.path}: {part}",
            hint="Use 'prov declare' first, or name a declaration with --manifest.",
        )
    from provenance.cli._questions import ask
    from provenance.issuing.targets import require_targets

    require_targets((seen.path,), wishes, many=False)
    made = ask(seen, home, {}, kept, "The same command goes on.")
    if not made.get("contributions"):
        raise UsageError(
            f"{seen.path}: nothing is declared, so there is nothing to sign",
            hint="Answer at least one question about an area.",
        )
    return made


def _sign_set(files: tuple[Path, ...], declaration: dict[str, Any], call: _Call) -> None:
    from provenance.cli._signed import first_signed, tell
    from provenance.issuing.sign import draft, issue

    wishes, options = call.wishes, call.options
    made = draft(files, declaration, call.signer.public.thumbprint, call.context, wishes)
    _show(made)
    if made.done is None and not wishes.dry_run and is_terminal() and not options["yes"]:
        _confirm(made)
    stamper = None if options["authority"] is None else options["authority"].stamper()
    stamp = stamper.stamp if stamper and not wishes.dry_run else None
    before = len(call.told)

    def after(result: Signed) -> None:
        call.told.append(tell(result, wishes, options, many=len(files) > 1))

    results = issue(made, call.signer, call.context, wishes, stamp, after)
    if stamper is not None and not wishes.dry_run:
        first = first_signed(call.told[before:])
        stamper.tell(first, had=all(r.stamped for r in results))


def _confirm(made: Draft) -> None:
    if click.confirm("Sign this?", default=not made.damaged, err=True):
        return
    say("Not signed; no file of this recording was changed.")
    say(f"To change the declaration: prov declare {quoted(made.files[0].path)}")
    raise click.exceptions.Exit(EXIT_STOPPED)


def _show(made: Draft) -> None:
    from provenance.cli._tools import lines_of
    from provenance.labels.sentence import sentence
    from provenance.wire.decode import decode

    manifest, _ = decode(made.payload)
    if manifest is None:
        raise UsageError("the declaration cannot be read back")
    subject = manifest.subject
    artists = ", ".join(a.name for a in subject.artists if a.name)
    title = shown(subject.title or "(no title)") + (f" \u2014 {shown(artists)}" if artists else "")
    say(f"{title}\nListeners will see: {shown(sentence(manifest, 'en'), 1000)}")
    for line in lines_of(manifest):
        say(line)
    for reason in made.reasons:
        say(f"Left out: {shown(reason)}")
    for path, why in made.damaged:
        say(f"Warning: {shown(str(path))} looks damaged or incomplete: {why}.")
    if made.damaged:
        say("The declaration would be about this damaged audio, not about a whole copy of it.")
