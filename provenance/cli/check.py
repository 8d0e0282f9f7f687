"""``prov check``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from provenance.cli._options import FILES, asker_of, home_of
from provenance.cli._releases import is_release, show_release
from provenance.model.errors import UsageError

_EPILOG = """\b
Examples:
  prov check track.flac --profile spotify --profile prs
  prov check declaration.json --profile all
  prov check track.flac --profile norway --set no-1.mainly=0.7
  prov check track.flac --profile grammy --fact category=songwriting
  prov check message.xml
  prov check release/
  prov check --list
  prov check --explain se-1
\b
Exit codes: 0 nothing against it, 1 a rule says error or ineligible, 2 usage,
3 a person has to review something, 5 the file could not be looked at.
"""

EXITS = {"error": 1, "ineligible": 1, "review": 3}


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Profiles for the shell's completion."""
    del ctx, param
    from provenance.profiles import names

    return [name for name in ("all", *names()) if name.startswith(incomplete)]


@click.command("check", epilog=_EPILOG)
@click.argument("file", required=False, type=FILES)
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    metavar="NAME",
    shell_complete=_complete,
    help="Whose rules; may be given several times. 'all' takes every one.",
)
@click.option(
    "--set", "settings", multiple=True, metavar="RULE.PARAM=VALUE", help="Change a parameter."
)
@click.option(
    "--fact",
    "facts",
    multiple=True,
    metavar="NAME=VALUE",
    help="State what no declaration says: takedown=yes.",
)
@click.option("--date", "day", metavar="DAY", help="Judge as of this day. Default: today.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text for people, json for programs.",
)
@click.option("--list", "listing", is_flag=True, help="List all rules, parameters and facts.")
@click.option("--explain", metavar="RULE", help="Say everything about one rule.")
@click.pass_context
def command(  # noqa: PLR0913
    ctx: click.Context,
    file: Path | None,
    profiles: tuple[str, ...],
    settings: tuple[str, ...],
    facts: tuple[str, ...],
    day: str | None,
    form: str,
    listing: bool,
    explain: str | None,
) -> None:
    """Say which written rules of stores, charts, societies and laws a recording meets.

    FILE is an audio file, a declaration (JSON), a token or a bundle. The rules are examples as
    they were found, not the issuers' own texts; 'prov check --explain RULE' shows the source.
    A release message (ERN), or a folder with one and its audio, is checked by the profile ddex:
    message against itself, the files, and what they declare.
    """
    if listing:
        click.echo(_listed())
    elif explain is not None:
        click.echo(_explained(explain))
    elif file is None:
        raise UsageError("no file is named", hint="See 'prov check --help'.")
    elif is_release(file):
        ctx.exit(EXITS.get(show_release(file, profiles, form), 0))
    else:
        found = _report(file, profiles, settings, facts, day)
        _print(found, form)
        ctx.exit(EXITS.get(found["outcome"], 0))


def _report(
    file: Path,
    profiles: tuple[str, ...],
    settings: tuple[str, ...],
    facts: tuple[str, ...],
    day: str | None,
) -> dict[str, Any]:
    from provenance.profiles.judging import overrides_of, read_facts
    from provenance.workspace.checking import check_path

    chosen = _chosen(profiles)
    overrides = overrides_of(settings, chosen)
    known = {**read_facts(facts), "date": _day(day)}
    return check_path(file, chosen, asker_of(home_of()), known, overrides)


_OF_YOUR_OWN = (
    "'prov check --list' shows them. What you ask for yourself stands in a policy at ingest: "
    "prov verify --policy FILE."
)


def _chosen(profiles: tuple[str, ...]) -> tuple[str, ...]:
    from provenance.profiles import load
    from provenance.profiles.judging import every

    if not profiles:
        hint = f"Say --profile all, or one or more of: {', '.join(every())}."
        raise UsageError("no profile is named", hint=hint)
    if "all" in profiles:
        return every()
    for name in profiles:
        if name.endswith(".json"):
            raise UsageError(f"no profile '{name}': all of them come with prov", hint=_OF_YOUR_OWN)
        load(name)
    return profiles


def _day(text: str | None) -> str:
    from datetime import UTC, datetime

    from provenance.profiles.judging import day

    if text is None:
        return datetime.now(UTC).date().isoformat()
    try:
        return day(text)
    except ValueError:
        raise UsageError(f"'{text}' is no day", hint="Write 2026-11-23.") from None


def _print(found: dict[str, Any], form: str) -> None:
    if form == "json":
        from provenance.reports.as_json import dumps

        click.echo(dumps(found, indent=2))
        return
    import sys

    from provenance.cli._wrapping import fitted
    from provenance.reports.profiles import as_text

    click.echo(fitted(as_text(found), sys.stdout))


def _listed() -> str:
    from provenance.profiles import names
    from provenance.profiles.judging import FACTS, rules_of

    lines = []
    for name in names():
        data = rules_of(name)
        lines.append(f"{name}: {data['title']} ({data['issuer']}; {data['kind']})")
        for rule in data["rules"]:
            lines.append(f"  {rule['id']:16} {rule['outcome']}: {rule['clause']}")
            lines += [f"  {'':16} --set {rule['id']}.{p}" for p in rule.get("parameters", {})]
    facts = [f"  --fact {name}: {meaning}" for name, meaning in FACTS.items()]
    return "\n".join([*lines, "Facts that no declaration states:", *facts])


def _explained(identifier: str) -> str:
    import sys

    from provenance.cli._wrapping import fitted
    from provenance.profiles.judging import rule_named
    from provenance.reports.profiles import explained

    return fitted(explained(*rule_named(identifier)), sys.stdout)
