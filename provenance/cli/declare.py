"""``prov declare``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from provenance.cli._options import FILES, home_of, is_terminal, say
from provenance.model.errors import UsageError
from provenance.model.limits import DEFAULT_LIMITS
from provenance.reports.escaping import shown

_EPILOG = """\b
Examples:
  prov declare track.flac                                        asks plain questions
  prov declare track.flac --set leadVocals=full --set lyrics=none --out declaration.json
Levels: none, utility, assisted, partial, predominant, full (spec/guides/levels.md).
"""


@click.command("declare", epilog=_EPILOG)
@click.argument("file", type=FILES)
@click.option("--set", "levels", multiple=True, metavar="AREA=LEVEL", help="State one area.")
@click.option("--from", "source", type=FILES, help="Start from this declaration (JSON).")
@click.option("--title", help="Title of the recording. Default: from the tags.")
@click.option("--artist", help="Main artist. Default: from the tags.")
@click.option("--identity", help="human, group, virtualHumanVoiced or aiPersona.")
@click.option("--isrc", help="ISRC. Default: from the tags.")
@click.option("--tool", "tools", multiple=True, metavar="NAME[;COMPANY[;VERSION]]", help="AI tool.")
@click.option("--name", help="Who declares this.")
@click.option("--role", help="artist, label, distributor, manager ...")
@click.option("--out", type=FILES, help="Write the declaration there, instead of keeping a draft.")
@click.option("--restart", is_flag=True, help="Forget the draft and ask everything again.")
def command(file: Path, out: Path | None, restart: bool, **given: Any) -> None:
    """Say what AI did in a recording. On a terminal, asks what was not given.

    Without --out the answers are kept as a draft, which 'prov sign FILE' takes. Every question
    can be skipped; what is skipped is not declared, and that is never 'none'.
    """
    from provenance.workspace.drafting import look_at

    home = home_of()
    seen = look_at(file, DEFAULT_LIMITS)
    if restart:
        home.drop_draft(seen.essence)
    declaration = _from_options(given)
    if is_terminal() and out is None:
        from provenance.cli._questions import ask

        made = ask(seen, home, declaration)
    else:
        made = _merged(seen, home, declaration)
    _check(made)
    if out is not None:
        _write(out, made)
    else:
        home.write_draft(seen.essence, {"declaration": made, "answered": []})
        say(f"Kept. Sign it with: prov sign {shown(str(file))}")


def _from_options(given: dict[str, Any]) -> dict[str, Any]:
    from provenance.cli._options import read_declaration
    from provenance.workspace.drafting import set_level

    made: dict[str, Any] = read_declaration(given["source"]) if given["source"] else {}
    for wish in given["levels"]:
        area, _, level = wish.partition("=")
        set_level(made, area, level)
    subject = dict(made.get("subject") or {})
    subject |= {k: given[k] for k in ("title", "isrc") if given[k]}
    if given["artist"] or given["identity"]:
        artist = {"name": given["artist"], "identity": given["identity"]}
        subject["artists"] = [{k: v for k, v in artist.items() if v}]
    declarant = {**made.get("declarant", {}), "name": given["name"], "role": given["role"]}
    made |= {"subject": subject} if subject else {}
    declarant = {k: v for k, v in declarant.items() if v}
    made |= {"declarant": declarant} if declarant else {}
    tools = [_tool(n, text) for n, text in enumerate(given["tools"], 1)]
    return made | ({"tools": tools} if tools else {})


def _tool(number: int, text: str) -> dict[str, str]:
    parts = dict(zip(("system", "provider", "version"), text.split(";"), strict=False))
    return {"ref": f"t{number}", **{k: v.strip() for k, v in parts.items() if v.strip()}}


def _merged(seen: Any, home: Any, declaration: dict[str, Any]) -> dict[str, Any]:
    """Off a terminal: tags, then the kept draft, then what was given; something must be stated."""
    from provenance.workspace.drafting import start

    kept = (home.read_draft(seen.essence) or {}).get("declaration", {})
    subject = {
        **start(seen).get("subject", {}),
        **kept.get("subject", {}),
        **declaration.get("subject", {}),
    }
    made = {**kept, **declaration, **({"subject": subject} if subject else {})}
    if not made.get("contributions"):
        raise UsageError(
            "nothing to declare was given", hint="Use --set AREA=LEVEL or --from FILE."
        )
    return made


def _check(made: dict[str, Any]) -> None:
    from provenance.labels.sentence import sentence
    from provenance.wire import strict_json
    from provenance.wire.decode import decode_declaration

    manifest, found = decode_declaration(strict_json.encode(made))
    if manifest is None:
        lines = "\n".join(f"  {f.where or '/'}: {f.detail.get('message')}" for f in found[:10])
        raise UsageError(f"the declaration is not well-formed:\n{lines}")
    say(f"Listeners will see: {shown(sentence(manifest, 'en'), 1000)}")


def _write(out: Path, made: dict[str, Any]) -> None:
    import json

    from provenance.files.replacing import write_new

    data = json.dumps(made, indent=2, ensure_ascii=False).encode() + b"\n"
    if str(out) == "-":
        click.echo(data.decode(), nl=False)
        return
    write_new(out, data)
    say(f"Written: {shown(str(out))}")
