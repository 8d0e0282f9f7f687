"""What the verbs that change a trust policy have in common: check, write, show what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from provenance.cli._options import home_of, quoted, say
from provenance.reports.escaping import shown

Plain = Mapping[str, Any]
Edit = Callable[[Plain, Path], tuple[dict[str, Any], Mapping[str, bytes]]]
"""From a policy and its place to the policy as it should be, and files to put beside it."""


def change(named: Path | None, edit: Edit, *, dry_run: bool) -> None:
    """Change the policy that is named, or the user's own, and show the lines that changed.

    Nothing is written when the result would not load.
    """
    from provenance.trust.loading import parse
    from provenance.workspace import policies
    from provenance.workspace.editing import difference

    home = home_of()
    path = policies.chosen_policy(home, named).resolve()
    before = parse(policies.read_policy(path))
    after, files = edit(before, path)
    if dry_run:
        policies.require_loadable(path, after, files)
    else:
        made = policies.write_policy(path, after, files)
        chosen = policies.default_policy(home)
        if chosen is not None and chosen.resolve() == path:
            policies.remember(home, made)
    for line in difference(policies.dumps(before), policies.dumps(after)):
        click.echo(shown(line, 1000))
    for name in files:
        say(f"{'Would write' if dry_run else 'Wrote'} {quoted(path.parent / name)}")
    done = "Would change" if dry_run else "Changed"
    say(f"{done} {quoted(named or path)}: version {after['version']}.")
    if not dry_run:
        say(f"What is dangerous in it: prov trust lint{f' {quoted(named)}' if named else ''}")
