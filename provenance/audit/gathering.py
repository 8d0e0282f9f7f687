"""The statements that all evidence of one recording holds: disclosures by payload, and the rest.

Nothing is verified here but signatures, which decide what belongs together (AUD-040).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from provenance.audit.evidence import Found
from provenance.model.records import dataclass

if TYPE_CHECKING:
    from provenance.signing.envelope import Token
    from provenance.verify.outcome import Context

MAX_DECLARATIONS = 32
"""Declarations of one recording that are looked at (AUD-049)."""
MAX_STATEMENTS = 512
"""Distinct statements of one recording, of any kind, that are looked at (AUD-049)."""


@dataclass(frozen=True)
class Statement:
    """One distinct token and where it stands."""

    text: str
    value: str
    """The same with the time-stamps of the copy that proves the earliest time."""
    token: Token | None
    valid: bool
    at: tuple[Found, ...]

    @property
    def group(self) -> str:
        """What makes it one declaration with others: a payload that is signed."""
        if self.token is not None and self.valid:
            return f"payload:{self.token.payload_digest}"
        return f"text:{self.text}"


class Gathered:
    """The tokens of all items: disclosures by payload, and what others say."""

    def __init__(self, evidence: Sequence[Found], context: Context) -> None:
        from provenance.signing.envelope import DISCLOSURE_TYP

        self.evidence = evidence
        places: dict[str, dict[str, list[Found]]] = {}
        for found in evidence:
            for value, text in dict(zip(found.values, found.tokens, strict=True)).items():
                places.setdefault(text, {}).setdefault(value, []).append(found)
        self.limit: int | None = MAX_STATEMENTS if len(places) > MAX_STATEMENTS else None
        """The number that was passed, where there were more than are looked at."""
        by_group: dict[str, list[Statement]] = {}
        self._others: list[tuple[Statement, str | None]] = []
        for text, copies in islice(places.items(), MAX_STATEMENTS):
            one = _read(text, copies, context)
            if one.token is not None and one.token.typ != DISCLOSURE_TYP:
                self._others.append((one, _about(one)))
            else:
                by_group.setdefault(one.group, []).append(one)
        self.groups = list(by_group.values())
        if self.limit is None and len(self.groups) > MAX_DECLARATIONS:
            self.limit = MAX_DECLARATIONS

    def beside(self, sids: frozenset[str]) -> Iterator[Statement]:
        """What endorses or takes back one of these statements, or says whose a key is.

        A withdrawal of an endorsement belongs to what was endorsed.
        """
        about = set(sids)
        for _ in range(2):
            hits = [one for one, of in self._others if of is None or of in about]
            about |= {one.token.sid for one in hits if one.token is not None}
        yield from hits


def _read(text: str, copies: Mapping[str, Sequence[Found]], context: Context) -> Statement:
    from provenance.model.codes import Code
    from provenance.signing import envelope

    token, _ = envelope.read(text.encode("utf-8", "replace"), context.limits)
    valid = token is not None and envelope.check_signature(token).code is Code.SIGNATURE_VALID
    at = {found.id: found for several in copies.values() for found in several}
    value = next(iter(copies)) if len(copies) == 1 else _earliest(copies, context)
    surest = sorted(at.values(), key=lambda found: -found.rank)
    return Statement(text, value, token, valid, tuple(surest))


def _earliest(copies: Iterable[str], context: Context) -> str:
    """The copy whose time-stamps prove the earliest time (TIM-020); one alone is verified."""
    from provenance.signing import envelope
    from provenance.verify.signers import proven_time

    def moment(value: str) -> datetime:
        token, _ = envelope.read(value.encode("utf-8", "replace"), context.limits)
        return context.now if token is None else proven_time((token,), context)[0].at

    return min(copies, key=moment)


def _about(one: Statement) -> str | None:
    """The statement that an endorsement or withdrawal names; None for a key binding."""
    from provenance.signing.envelope import KEY_BINDING_TYP
    from provenance.wire.strict_json import JsonError, parse

    if one.token is None or one.token.typ == KEY_BINDING_TYP:
        return None
    try:
        said = parse(one.token.payload, max_bytes=len(one.token.payload), max_depth=32)
    except JsonError:
        return ""
    of = said.get("of") if isinstance(said, dict) else None
    return str(of.get("sid", "")) if isinstance(of, dict) else ""
