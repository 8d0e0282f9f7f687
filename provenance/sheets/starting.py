"""A new sheet for a folder: a row a track, filled from its tags or its declaration (spec 22.3)."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from provenance.issuing.from_tags import clean_text
from provenance.model.errors import ProvError
from provenance.model.identifiers import normalise
from provenance.model.records import dataclass
from provenance.sheets.columns import columns
from provenance.sheets.declaring import cells_of
from provenance.verify.outcome import Context
from provenance.workspace.drafting import Seen, look_at, signed_before, start


@dataclass(frozen=True)
class Started:
    """The rows of a new sheet, and why files were left out."""

    rows: tuple[tuple[str, ...], ...]
    left_out: tuple[str, ...]


def rows_of(
    files: Iterable[Path], base: Path, context: Context, done: Callable[[], None]
) -> Started:
    """A row for each file, with its path from ``base`` on; ``done`` is called after each.

    What one of the own keys has declared in a file stands in its row; else what the tags say.
    """
    rows: list[tuple[str, ...]] = []
    left_out: list[str] = []
    own = frozenset(context.keyring.own)
    for file in files:
        try:
            rows.append(_row(file, base, own, context))
        except (ProvError, OSError, EOFError) as error:
            left_out.append(str(error))
        done()
    return Started(tuple(rows), tuple(left_out))


def _row(file: Path, base: Path, own: frozenset[str], context: Context) -> tuple[str, ...]:
    name = path_in_sheet(file, base)
    seen = look_at(file, context.limits)
    declared = signed_before(seen, own, context)
    cells = cells_of(_from_tags(seen) if declared is None else declared)
    return tuple(name if c.kind == "path" else cells[c.name] for c in columns())


def _from_tags(seen: Seen) -> dict[str, Any]:
    """What the tags say, the label and barcode of the release included."""
    made = start(seen)
    subject = dict(made.get("subject", {}))
    release = dict(subject.get("release", {}))
    label = clean_text(seen.tags.label[0]) if seen.tags.label else None
    upc = normalise("upc", seen.tags.barcode[0]) if seen.tags.barcode else None
    release |= {name: text for name, text in (("label", label), ("upc", upc)) if text}
    subject |= {"release": release} if release else {}
    return {"subject": subject}


def path_in_sheet(file: Path, base: Path) -> str:
    """A file's path from the folder of the sheet on, with ``/`` between its parts.

    Raises ``ProvError`` for one that no cell can hold.
    """
    name = Path(os.path.relpath(file, base)).as_posix()
    odd = any(unicodedata.category(c) in {"Cc", "Cs"} for c in name)
    if odd or name != name.strip():
        raise ProvError(f"{file}: its name cannot stand in a sheet; give it another")
    return name
