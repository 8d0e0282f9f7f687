"""What is exported from a file on disk: its selected statement, or an unsigned declaration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from provenance.exports.base import Source
from provenance.labels.standing import fallen
from provenance.model.codes import Code
from provenance.model.records import dataclass
from provenance.model.verdict import Status
from provenance.verify.outcome import Context, Outcome
from provenance.workspace.drafting import read_unsigned
from provenance.workspace.verifying import verify_path

if TYPE_CHECKING:
    from provenance.model.verdict import Verdict


@dataclass(frozen=True)
class Exportable:
    """What a file has to export; without a source there is nothing, or nothing that holds."""

    source: Source | None
    verdict: Verdict | None
    """None for a declaration that nobody has signed yet."""

    @property
    def is_absent(self) -> bool:
        """Whether there is no declaration at all."""
        return self.verdict is not None and self.verdict.status is Status.ABSENT

    @property
    def refused(self) -> str:
        """The code for which what it carries is not exported; empty without a verdict."""
        return "" if self.verdict is None else fallen(self.verdict) or self.verdict.code


def exportable(
    path: Path, context: Context, options: Mapping[str, str], into: bytes | None
) -> Exportable:
    """The statement of a file as it verifies for the asker (EXP-010).

    What is broken, what was taken back, and what contradicts another statement in the same file,
    is not exported.
    Raises ``InputError``, ``UsageError`` or ``UnsupportedContainerError``.
    """
    unsigned = read_unsigned(path)
    if unsigned is not None:
        return Exportable(Source(unsigned, None, options, into), None)
    verdict = verify_path(path, context)
    outcome = verdict.subject
    selected = outcome.selected if isinstance(outcome, Outcome) else None
    if selected is None or selected.manifest is None or selected.token is None:
        return Exportable(None, verdict)
    if fallen(verdict) is not None or verdict.has(Code.CARRIER_CONFLICT):
        return Exportable(None, verdict)
    return Exportable(Source(selected.manifest, selected.token.compact, options, into), verdict)
