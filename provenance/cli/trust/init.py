"""``prov trust init``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from provenance.cli._options import OUT, home_of, is_terminal, quoted, say
from provenance.model.errors import InputError, UsageError

_EPILOG = """\b
Examples:
  prov trust init
  prov trust init --preset distributor
  prov trust init --preset chart --expires 2027-12-31 --out policy.json
\b
Exit codes: 0 made, 2 usage, 5 the policy exists already, or disk,
            70 a bug.
"""
_YEAR = timedelta(days=365)
_NEVER = "never"


@click.command("init", epilog=_EPILOG)
@click.option("--preset", help="What to require: open, personal, distributor, chart, qualified.")
@click.option("--id", "policy_id", help="Its name for ever: an address of yours. Default: random.")
@click.option(
    "--expires", metavar="DATE", help="Last day on which it counts, or never. Default: in a year."
)
@click.option("--out", type=OUT, help="File to write. Default: your own, used from now on.")
def command(
    preset: str | None, policy_id: str | None, expires: str | None, out: Path | None
) -> None:
    """Make a trust policy: what you require, and nobody in it yet.

    Without --out it goes into your own folder, and 'prov verify' uses it from now on. Add whom
    you know with 'prov trust add-party'.
    """
    from provenance.workspace.home import make_private
    from provenance.workspace.policies import default_place, remember, write_policy

    home = home_of()
    place = out or default_place(home)
    if place.exists():
        hint = "Add to it with 'prov trust add-party', or name another file with --out."
        raise InputError(f"{place}: exists already", hint=hint)
    chosen = _preset(preset)
    ask = preset is None and is_terminal()
    named = policy_id or _named(ask=ask)
    plain = _policy(chosen, named, expires or _last_day(ask=ask))
    if out is None:
        make_private(place.parent)
    policy = write_policy(place, plain, new=True)
    if out is None:
        remember(home, policy, default=place)
    say(f"Made {quoted(place)} ({chosen}).")
    say(_MEANS.get(chosen, "It lists nobody yet, so nothing passes by it."))
    more = "" if out is None else f" {quoted(place)}"
    say(f"Next: prov trust add-party{more} --id ... --name ... --key ... --may-declare ...")
    say(
        "It is your default from now on: 'prov verify' uses it."
        if out is None
        else f"To make it your default: prov trust use {quoted(place)}"
    )


_MEANS = {
    "open": "Whoever signed passes by it: it says nothing about who somebody is.",
    "personal": "Your own key and those that you pinned pass by it, as they do without a policy.",
}


def _preset(named: str | None) -> str:
    from provenance.trust.presets import presets

    known = presets()
    if named is None:
        named = _asked_preset()
    if named not in known:
        raise UsageError(f"--preset: no preset '{named}'", hint=f"Presets: {', '.join(known)}.")
    return named


def _asked_preset() -> str:
    from provenance.trust.presets import presets

    if not is_terminal():
        names = ", ".join(presets())
        raise UsageError("what the policy requires is not said", hint=f"Name a --preset: {names}.")
    say("What must a declaration show to pass?")
    listed = list(presets())
    for number, (name, entry) in enumerate(presets().items(), 1):
        say(f"  {number}  {name:12} {entry['meaning']}")
    while True:
        answer: str = click.prompt("Number", err=True).strip()
        if answer in listed:
            return answer
        if answer.isdigit() and 1 <= int(answer) <= len(listed):
            return listed[int(answer) - 1]
        say(f"Please type a number from 1 to {len(listed)}.")


def _named(*, ask: bool) -> str:
    from uuid import uuid4

    made = f"urn:uuid:{uuid4()}"
    question = "Its name, an address of yours perhaps (Enter for a random one)"
    return _asked(question, made, shown=False) if ask else made


def _last_day(*, ask: bool) -> str:
    day = (datetime.now(UTC) + _YEAR).strftime("%Y-%m-%d")
    return _asked("Last day on which it counts, or never", day, shown=True) if ask else day


def _asked(question: str, default: str, *, shown: bool) -> str:
    answer: str = click.prompt(question, default=default, show_default=shown, err=True)
    return answer.strip()


def _policy(preset: str, policy_id: str, expires: str) -> dict[str, Any]:
    from provenance.trust.presets import presets

    plain: dict[str, Any] = {
        "policy": "musicprov-trust-policy/1",
        "id": policy_id,
        "version": 1,
        "issued": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if expires != _NEVER:
        plain["expires"] = _end_of(expires)
    return {**plain, "require": dict(presets()[preset]["require"]), "parties": [], "grants": []}


def _end_of(day: str) -> str:
    """The end of a day as a time."""
    from provenance.cli._options import end_of_day

    return end_of_day("--expires", day, "a day like 2027-12-31, or never")
