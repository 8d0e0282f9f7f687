"""Of what nothing is made for others: ``prov label`` and ``prov export`` say it in one way."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import click

from provenance.cli._options import quoted, say
from provenance.reports.escaping import shown

EXIT_REFUSED = 1
_WHY = {
    "currency.withdrawn": "its signer took the declaration back",
    "carrier.conflict": "it carries declarations that contradict each other",
}


def refuse(ctx: click.Context, file: Path, what: str, code: str) -> NoReturn:
    """Say ``what`` is not done with a file and why, by the code of its verdict, and leave."""
    why = _WHY.get(code, "what it carries does not hold")
    say(f"{shown(str(file))}: {what}: {why} [{code}]")
    say(f"More: prov verify {quoted(file)}. What to do: prov explain {code}")
    ctx.exit(EXIT_REFUSED)
