"""What a profile is: named predicates over a declaration, joined with their clauses by rule id.

A predicate is a pure function of at most ten lines: facts and parameters in, ``True`` when the
rule fires. What a rule then says (outcome, clause, source, date, confidence, defaults of its
parameters) stands in ``schemas/profiles/<profile>.json``. Rules are monotonic: a fact that is
missing never helps (spec 20).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from provenance.model.manifest import Manifest
from provenance.model.records import dataclass

Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Evidence:
    """The facts that rules see: what is declared, and what is established beside it."""

    manifest: Manifest | None
    """None when nothing is declared: a rule must never take that for 'no AI'."""
    context: Mapping[str, Any]
    """Facts from elsewhere: ``date``, ``charting``, ``takedown`` ...; absent where not known."""
    document: Any = None
    """A regime's own document (an ERN message), for rules of coherence."""


Predicate = Callable[[Evidence, Parameters], bool | None]
"""Whether the rule fires; None when what it needs is not stated (outcome ``review``)."""


@dataclass(frozen=True)
class Profile:
    """One issuer's rules: rule id to predicate."""

    title: str
    rules: Mapping[str, Predicate]
