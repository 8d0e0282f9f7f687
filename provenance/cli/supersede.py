"""``prov supersede``: ``prov sign --replace`` for a file that carries a declaration of yours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from provenance.cli import sign
from provenance.cli._options import context_of, home_of
from provenance.model.errors import ProvError, RefusedError

_EPILOG = """\b
Examples:
  prov supersede track.flac --manifest corrected.json
  prov supersede track.flac
\b
Exit codes: as those of 'prov sign'.
"""


def _supersede(files: tuple[Path, ...], **options: Any) -> None:
    """Replace your declaration in a file by a new one that names it.

    The new declaration has the next sequence number and says which one it supersedes, so that
    whoever sees both knows which counts. This is 'prov sign --replace', but it wants something to
    be there that can be replaced. Without --manifest it starts from what 'prov declare' left, or
    from your answers. What others said about the old declaration goes with it.
    """
    from provenance.cli._signed import tell_half
    from provenance.issuing import beside

    context = context_of(home_of())
    try:
        for file in files:
            found = beside.look(file, context)
            if not any(c.manifest is not None for c in found.disclosures):
                raise RefusedError(
                    "statement.none",
                    f"{file}: carries no declaration that could be superseded",
                    hint="Sign a first one with 'prov sign'.",
                )
    except (ProvError, OSError) as stop:
        tell_half((), len(files), stop)
        raise
    callback = sign.command.callback
    if callback is None:
        raise TypeError("prov sign has a callback")
    callback(files=files, replacing="own", **options)


command = click.Command(
    "supersede",
    callback=_supersede,
    params=[p for p in sign.command.params if p.name != "replacing"],
    help=_supersede.__doc__,
    epilog=_EPILOG,
)
