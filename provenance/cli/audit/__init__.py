"""``prov audit``: a chart in, a report out."""

from __future__ import annotations

import click

from provenance.cli._verbs import Verbs

VERBS = {
    "run": "Audit charts (what 'prov audit CHART' does).",
    "check": "Say whether a report or one exhibit of it is unchanged, and whose it is.",
    "rerun": "Make a report again from its archive, and say what differs.",
    "ask": "Ask a named question over one report or many.",
}


class _Audit(Verbs):
    """The verbs of ``prov audit``; whatever is none of them begins an audit."""

    verbs = VERBS
    package = "provenance.cli.audit"
    default = "run"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take ``prov audit CHART ...`` for ``prov audit run CHART ...``."""
        if args and args[0] not in self.verbs and args[0] not in {"-h", "--help"}:
            args = [self.default, *args]
        return super().parse_args(ctx, args)


@click.group(
    "audit",
    cls=_Audit,
    epilog="""\b
Examples:
  prov audit week.csv --tracks audio/ --trust chart.json --out report/
  prov audit check report/
  prov audit rerun report/archive.zip
  prov audit ask report/ --list
\b
See 'prov audit run --help' for what an audit takes.
""",
)
def command() -> None:
    """Say, for each entry of a chart, who declared what, how that is known, and what rules say.

    An entry about which nothing is declared is 'not stated': neither 'human' nor 'AI'.
    """
