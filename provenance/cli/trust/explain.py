"""``prov trust explain``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from provenance.cli._options import FILES, context_of, home_of, quoted, say
from provenance.cli._wrapping import fitted
from provenance.model.verdict import EXIT_CODES
from provenance.reports.escaping import shown

if TYPE_CHECKING:
    from provenance.model.verdict import Verdict
    from provenance.trust.explaining import Binding, Found
    from provenance.trust.policy import Policy
    from provenance.verify.outcome import Context, Outcome

_EPILOG = """\b
Examples:
  prov trust explain track.flac
  prov trust explain --trust policy.json track.flac
\b
Exit codes: those of 'prov verify'.
"""
_MARKS = {True: "+", False: "-", None: " "}


@click.command("explain", epilog=_EPILOG)
@click.argument("file", type=FILES)
@click.option("--trust", type=FILES, help="Trust policy. Default: yours (prov trust use).")
@click.option("--key", "keys", multiple=True, type=FILES, help="A public key that you know (JWK).")
@click.pass_context
def command(ctx: click.Context, file: Path, trust: Path | None, keys: tuple[Path, ...]) -> None:
    """Say which line of your trust policy granted or refused a file, and why.

    '+' speaks for it, '-' against it; lines with neither were looked at. Lines of the policy are
    named by JSON Pointers: /grants/2 is the third grant.
    """
    from provenance.trust.explaining import explain
    from provenance.workspace.policies import chosen_policy
    from provenance.workspace.verifying import verify_path

    home = home_of()
    path = chosen_policy(home, trust)
    context = context_of(home, keys, trust=path)
    policy = context.policy
    if policy is None:
        raise AssertionError(path)
    verdict = verify_path(file, context)
    click.echo(f"{verdict.status.value}  {shown(str(file))}   [{verdict.code}]")
    _say_policy(path, policy)
    lines = explain(policy, _found(verdict, context))
    for topic, group in groupby(lines, key=lambda line: line.topic):
        click.echo(f"{topic}:")
        for line in group:
            where = f"  {line.where}" if line.where else ""
            text = f"  {_MARKS[line.holds]}{where}  {shown(line.text, 1000)}"
            click.echo(fitted(text, sys.stdout))
    ctx.exit(EXIT_CODES[verdict.status])


def _say_policy(path: Path, policy: Policy) -> None:
    say(f"By {quoted(path)}: {shown(policy.id)}, version {policy.version}.")


def _found(verdict: Verdict, context: Context) -> Found:
    from provenance.trust.explaining import Found
    from provenance.verify.outcome import Outcome
    from provenance.verify.signers import claim_of

    claim = best = None
    outcome = verdict.subject
    if not isinstance(outcome, Outcome):
        raise TypeError("this verdict is not about a file or token")
    selected = outcome.selected
    if selected is not None and selected.manifest and selected.signer and selected.token:
        claim = claim_of(selected.manifest, selected.signer, selected.token.key)
        best = selected.best
    bindings = tuple(_bindings(outcome, claim.key)) if claim else ()
    return Found(verdict.findings, context.required, context.strict, claim, best, bindings)


def _bindings(outcome: Outcome, key: str) -> Iterator[Binding]:
    """The key bindings that came with the file and name the signer's key."""
    from provenance.model.statements import KeyBinding
    from provenance.trust.explaining import Binding

    for other in outcome.others:
        said, token, signer, best = other.statement, other.token, other.signer, other.best
        if not isinstance(said, KeyBinding) or key not in said.keys:
            continue
        if token is None or signer is None or best is None:
            continue
        kinds = tuple(said.party.ids) or ("name",)
        yield Binding(signer.party, token.key, kinds, best.at, token.sid)
