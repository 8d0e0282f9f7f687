"""``prov declare``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provenance.cli._options import FILES, OUT, context_of, home_of, is_terminal, quoted, say
from provenance.model.errors import UsageError
from provenance.reports.escaping import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provenance.workspace.drafting import Seen
    from provenance.workspace.home import Home

_EPILOG = """\b
Examples:
  prov declare track.flac
  prov declare track.flac --set leadVocals=full --set lyrics=none
  prov declare track.flac --from declaration.json --title "My Song"
  prov declare track.flac --set mixing=utility --out declaration.json
  prov declare track.flac --drop
\b
Areas:  lyrics, composition, leadVocals, backingVocals, instrumentation,
        arrangement, production, mixing, mastering, artwork, video,
        translation.
Levels: none, utility, assisted, partial, predominant, full; what they mean,
        with examples, is in spec/guides/levels.md.
Exit codes: 0 kept or written, 1 refused (the rule is named), 2 usage or
            nothing given, 5 disk, 70 a bug.
"""


@click.command("declare", epilog=_EPILOG)
@click.argument("file", type=FILES)
@click.option("--set", "levels", multiple=True, metavar="AREA=LEVEL", help="State one area.")
@click.option(
    "--from", "source", type=FILES, help="Start from this declaration (JSON), not from the draft."
)
@click.option("--title", help="Title of the recording. Default: from the tags.")
@click.option("--artist", help="Main artist. Default: from the tags.")
@click.option("--identity", help="human, group, virtualHumanVoiced or aiPersona.")
@click.option("--isrc", help="ISRC. Default: from the tags.")
@click.option("--tool", "tools", multiple=True, metavar="NAME[;COMPANY[;VERSION]]", help="AI tool.")
@click.option("--name", help="Who declares this.")
@click.option("--role", help="artist, label, distributor, manager ...")
@click.option("--out", type=OUT, help="Write the declaration there, instead of keeping a draft.")
@click.option("--restart", is_flag=True, help="Begin anew; the draft goes once there is a new one.")
@click.option("--drop", is_flag=True, help="Forget the draft of this file, and ask nothing.")
def command(file: Path, out: Path | None, restart: bool, drop: bool, **given: Any) -> None:
    """Say what AI did in a recording. On a terminal, asks what was not given.

    Without --out the answers are kept as a draft, which 'prov sign FILE' takes. Every question
    can be skipped; what is skipped is not declared, and that is never 'none'. Questions go on
    where they stopped; when they were all answered, every answer can be changed.

    Without questions the declaration holds only what options and drafts say: nothing is taken
    over from a declaration that the file carries already.
    """
    from provenance.workspace.drafting import before, look_at, signed_before, start

    _require_words(given)
    home = home_of()
    context = context_of(home)
    seen = look_at(file, context.limits)
    if drop:
        _drop(seen, home, given, anew=bool(out or restart))
        return
    afresh = restart or given["source"] is not None
    known = context.keyring.own if is_terminal() else ()  # a script builds on drafts alone
    old = {"declaration": start(seen)} if afresh else before(seen, home, frozenset(known), context)
    declaration = _from_options(given, old["declaration"])
    _require_whole(declaration)
    stated = "contributions" in declaration
    asks = is_terminal() and not (out and stated)
    made = _asked(seen, home, declaration, old, out) if asks else _made(seen, declaration, old)
    _require_whole(made)
    _require_use(made, given["tools"])
    signed = signed_before(seen, frozenset(context.keyring.own), context) is not None
    if signed and not is_terminal():
        say("Only what was set is in it, nothing of the declaration that this file carries.")
    if made.get("contributions"):
        _show(made)
    if out is not None:
        _write(out, made)
        if restart or asks:  # the answers stand in what was written now
            home.drop_draft(seen.essence)
        return
    home.keep_finished(seen.essence, made)
    if not made.get("contributions"):
        say(f"No area is declared yet. Whenever you like: prov declare {quoted(file)}")
        return
    wish = "--replace " if signed else ""
    if signed and not seen.scan.carriers:
        wish += "--sidecar "
    say(f"Kept. Sign it with: prov sign {wish}{quoted(file)}")


def _drop(seen: Seen, home: Home, given: Mapping[str, Any], *, anew: bool) -> None:
    """Forget the draft; raises ``UsageError`` beside options that would make another one."""
    if anew or any(given.values()):
        raise UsageError("--drop: makes no declaration", hint="Leave the other options out.")
    name = shown(str(seen.path))
    say(f"Forgotten: {name}" if home.drop_draft(seen.essence) else f"{name}: has no draft")


def _require_words(given: Mapping[str, Any]) -> None:
    """Raise ``UsageError`` for an option whose words are empty: it would state nothing."""
    for option in ("title", "artist", "identity", "isrc", "name", "role"):
        if given[option] is not None and not given[option].strip():
            raise UsageError(
                f"--{option} '{given[option]}': is empty", hint="Leave it out where there is none."
            )


def _asked(
    seen: Seen,
    home: Home,
    declaration: Mapping[str, Any],
    old: Mapping[str, Any],
    out: Path | None,
) -> dict[str, Any]:
    """The declaration from what was given, what stood before, and the answers."""
    from provenance.cli._questions import ask

    more = "" if out is None else f" --out {'-' if str(out) == '-' else quoted(out)}"
    go_on = f"Go on with: prov declare {quoted(seen.path)}{more}"
    return ask(seen, home, declaration, old, go_on)


def _made(seen: Seen, declaration: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """The declaration from what was given and what stood before; nobody is asked."""
    from provenance.cli._tools import settle
    from provenance.workspace.drafting import merged

    if not declaration:
        raise UsageError(
            f"{seen.path}: nothing to declare was given",
            hint="Use --set AREA=LEVEL or --from FILE.",
        )
    made = merged(old["declaration"], declaration)
    if not made.get("contributions"):
        raise UsageError(
            f"{seen.path}: no area has a level yet", hint="Use --set AREA=LEVEL or --from FILE."
        )
    settle(made, keep=declaration.keys())
    return made


def _from_options(given: dict[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """What the options state; an identity without a name is that of the artist known before."""
    from provenance.cli._options import read_declaration
    from provenance.cli._tools import tool_of
    from provenance.workspace.drafting import set_level

    made: dict[str, Any] = {}
    if given["source"]:
        made = read_declaration(given["source"])
        _require_whole(made, f"{given['source']}: ")
    for area, level in _levels(given["levels"]).items():
        set_level(made, area, level)
    subject = dict(made.get("subject") or {})
    subject |= {"title": given["title"]} if given["title"] else {}
    subject |= {"isrc": _isrc(given["isrc"])} if given["isrc"] else {}
    known = subject.get("artists") or old.get("subject", {}).get("artists", [])
    if given["artist"]:
        subject["artists"] = known = [{"name": given["artist"]}]
    if given["identity"]:
        first = {**(known[0] if known else {}), "identity": given["identity"]}
        subject["artists"] = [first, *known[1:]]
    declarant = {**made.get("declarant", {}), "name": given["name"], "role": given["role"]}
    made |= {"subject": subject} if subject else {}
    declarant = {k: v for k, v in declarant.items() if v}
    made |= {"declarant": declarant} if declarant else {}
    tools = [tool_of(n, text) for n, text in enumerate(given["tools"], 1)]
    return made | ({"tools": tools} if tools else {})


def _levels(wishes: tuple[str, ...]) -> dict[str, str]:
    """The levels that ``--set`` states, one for each area; raises ``UsageError`` for two."""
    levels: dict[str, str] = {}
    for wish in wishes:
        area, sign, level = wish.partition("=")
        if not sign:
            raise UsageError(
                f"--set {wish}: says no level", hint="Write AREA=LEVEL, such as lyrics=none."
            )
        if levels.setdefault(area, level) != level:
            raise UsageError(
                f"--set {wish}: {area} is set to {levels[area]} already", hint="Choose one of both."
            )
    return levels


def _isrc(text: str) -> str:
    """An ISRC as people write it, in the form of a declaration; raises ``UsageError``."""
    from provenance.issuing.from_tags import clean_isrc

    clean = clean_isrc(text)
    if clean is None:
        raise UsageError(f"--isrc '{text}': is no ISRC", hint="Write it like GBXYZ2600123.")
    return clean


def _require_whole(made: Mapping[str, Any], where: str = "") -> None:
    """Raise ``UsageError`` unless this is a well-formed declaration, as far as it goes."""
    from provenance.issuing.making import require_well_formed
    from provenance.wire import strict_json
    from provenance.wire.decode import decode_declaration

    _, found = decode_declaration(strict_json.encode(strict_json.normalise(made)))
    require_well_formed(found, "declaration", where)


def _require_use(made: Mapping[str, Any], tools: tuple[str, ...]) -> None:
    """Raise ``UsageError`` for ``--tool`` where nothing that is declared uses AI."""
    from provenance.cli._tools import says_no_ai

    if tools and "tools" in made and says_no_ai(made):
        raise UsageError(
            f"--tool '{tools[0]}': every area that is declared has the level none",
            hint="Say where the tool was used with --set AREA=LEVEL, or leave it out.",
        )


def _show(made: Mapping[str, Any]) -> None:
    from provenance.cli._tools import lines_of
    from provenance.labels.sentence import sentence
    from provenance.wire import strict_json
    from provenance.wire.decode import decode_declaration

    manifest, _ = decode_declaration(strict_json.encode(strict_json.normalise(made)))
    if manifest is None:
        return
    say(f"Listeners will see: {shown(sentence(manifest, 'en'), 1000)}")
    for line in lines_of(manifest):
        say(line)


def _write(out: Path, made: dict[str, Any]) -> None:
    import json

    from provenance.files.replacing import write_new

    data = json.dumps(made, indent=2, ensure_ascii=False).encode() + b"\n"
    if str(out) == "-":
        click.echo(data.decode(), nl=False)
        return
    write_new(out, data)
    say(f"Written: {shown(str(out))}")
