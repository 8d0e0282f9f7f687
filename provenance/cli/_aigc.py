"""``prov export --to aigc --into AUDIO --out COPY``: the label as a tag of an audio file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from provenance.cli._options import quoted, say
from provenance.model.errors import UsageError

if TYPE_CHECKING:
    from provenance.exports.base import Exported


def write(made: Exported, file: Path, into: Path, out: Path | None) -> None:
    """Write a copy of an audio file with the label of ``file``. Raises what refuses it."""
    label = made.data.strip()
    if label == b"{}":
        raise UsageError(
            "no label is due by this declaration: nothing was written",
            hint="Without --into the notes say why.",
        )
    if out is None:
        copy = into.with_name(f"labelled {into.name}")
        raise UsageError(
            "a labelled file needs --out: a copy is written",
            hint=f"prov export {quoted(file)} --to aigc --into {quoted(into)} --out {quoted(copy)}",
        )
    from provenance.issuing.aigc_tag import write as write_tag

    write_tag(into, label, out)
    say(f"Written: {quoted(out)}, with the label. An audible or visible one is asked for too.")
