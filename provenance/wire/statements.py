"""From bytes to the statements beside a disclosure: endorsements, key bindings, withdrawals.

The reading is that of ``wire.reading``, as for disclosures (spec 17.1, STM-001).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from provenance.model.findings import Finding
from provenance.model.limits import DEFAULT_LIMITS, Limits
from provenance.model.parties import Declarant
from provenance.model.records import dataclass
from provenance.model.statements import (
    BoundParty,
    Check,
    Endorsement,
    KeyBinding,
    Reference,
    Statement,
    SubjectReference,
    Withdrawal,
)
from provenance.wire.consistency import Inconsistency
from provenance.wire.reading import Nested, Shape, read


@dataclass(frozen=True)
class Kind:
    """A kind of statement: the header's ``typ`` and ``cty``, and how its payload is read."""

    typ: str
    cty: str
    shape: Shape
    strict: Shape


def decode_statement(
    typ: str, payload: bytes, limits: Limits = DEFAULT_LIMITS, *, strict: bool = False
) -> tuple[Statement | None, tuple[Finding, ...]]:
    """Read the payload of a statement of this ``typ``. Never raises for what the bytes say.

    The statement is None when it cannot be read or judged. ``strict`` refuses unknown members:
    for producers (WIR-021). Raises ``KeyError`` for a ``typ`` that is none of ``BY_TYP``.
    """
    kind = BY_TYP[typ]
    return read(payload, limits, kind.strict if strict else kind.shape)


def kind_of(statement: Statement) -> Kind:
    """The kind that a statement is of."""
    return next(k for k in BY_TYP.values() if isinstance(statement, k.shape.record))


def _endorsement(statement: Endorsement) -> Iterator[Inconsistency]:
    """STM-012: nothing builds upon the very statement that is endorsed."""
    if statement.of is not None and statement.of.sid in statement.also:
        text = "'also' names earlier endorsements, not the endorsed statement: remove it there"
        yield Inconsistency("also-endorsed", "/also", text)


def _key_binding(statement: KeyBinding) -> Iterator[Inconsistency]:
    """STM-016: the time in which the keys are the party's ends after it starts."""
    start, end = statement.from_, statement.until
    if start is not None and end is not None and _sortable(end) <= _sortable(start):
        yield Inconsistency("range-order", "/until", "it ends before it starts")


def _sortable(time: str) -> str:
    """A time in UTC (WIR-008) so that texts sort as times do, with or without a fraction."""
    seconds, _, fraction = time.removesuffix("Z").partition(".")
    return seconds + fraction.ljust(9, "0")


def _withdrawal(statement: Withdrawal) -> Iterator[Inconsistency]:
    """STM-021: nothing is replaced by itself."""
    if statement.of is not None and statement.replacement == statement.of.sid:
        text = "a statement does not replace itself: name the new one, or remove this"
        yield Inconsistency("replacement-itself", "/replacement", text)


_NESTED: Nested = {
    Endorsement: {
        "endorser": Declarant,
        "of": Reference,
        "subject": SubjectReference,
        "basis": [Check],
    },
    KeyBinding: {"voucher": Declarant, "party": BoundParty},
    Withdrawal: {"of": Reference},
}

_PREFIX = "vnd.musicprov."


def _kind(name: str, record: type, rules: Callable[[Any], Iterator[Inconsistency]]) -> Kind:
    shape = Shape(record, name, _NESTED, rules)
    strict = Shape(record, f"{name}-strict", _NESTED, rules)
    return Kind(f"{_PREFIX}{name}+jwt", f"{_PREFIX}{name}+json", shape, strict)


BY_TYP: Mapping[str, Kind] = {
    kind.typ: kind
    for kind in (
        _kind("endorsement", Endorsement, _endorsement),
        _kind("key-binding", KeyBinding, _key_binding),
        _kind("withdrawal", Withdrawal, _withdrawal),
    )
}
"""The kinds by the ``typ`` of their headers."""
