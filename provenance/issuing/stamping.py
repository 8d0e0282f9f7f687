"""Time-stamping statements: as they are signed, or later, whoever signed them (spec 16.4).

Nothing is signed anew and no ``sid`` changes: a token of an authority is attached to a signature.
The network is the caller's: an ``Ask`` sends a query and gives the answer back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from provenance.containers import identify
from provenance.files.opening import open_regular
from provenance.files.replacing import Replacing
from provenance.issuing import carrying
from provenance.issuing.preparing import prepare, sidecar_path
from provenance.model.codes import Code
from provenance.model.errors import NetworkError, UnsupportedContainerError
from provenance.model.limits import DEFAULT_LIMITS, Limits
from provenance.model.records import dataclass
from provenance.signing import bundle, envelope, etsi
from provenance.signing.bundle import Jws
from provenance.trust.moments import EARLY_SECONDS
from provenance.trust.policy import Tsa
from provenance.trust.timestamp_requests import UnusableError, query_for, token_in
from provenance.trust.timestamps import IgnoredError, fitting, response_of
from provenance.verify.outcome import Context
from provenance.wire.etsi import stamps_of

Ask = Callable[[bytes], bytes]
"""Sends a time-stamp query; raises ``NetworkError``."""


@dataclass(frozen=True)
class Stamped:
    """A statement with its new time-stamp, and the time that this states."""

    statement: Jws
    at: datetime
    by: str
    """What the authority's certificate calls it: nobody has checked that."""


def stamped(
    statement: Jws, ask: Ask, tsas: Sequence[Tsa], limits: Limits = DEFAULT_LIMITS
) -> Stamped:
    """The statement with one more time-stamp, checked before it is attached (TIM-031).

    Raises ``NetworkError`` when the authority does not answer, or with what cannot be used.
    """
    token, _ = envelope.read(bundle.compact_of(statement).encode("ascii"), limits)
    covered = signature_text(statement)
    query = query_for(covered)
    try:
        der, read = token_in(ask(query.der), query, tsas)
    except UnusableError as error:
        raise NetworkError(
            f"the answer of the time-stamping authority cannot be used: {error}", hint=error.hint
        ) from error
    if token is not None and token.iat > read.at.timestamp() + EARLY_SECONDS:
        raise NetworkError(
            f"the time-stamp says {read.at:%Y-%m-%d %H:%M} UTC, but the declaration claims to be "
            "signed later than that",
            hint="Set your computer's clock, and sign again with --replace.",
        )
    made = etsi.with_stamp(statement, der, limits)
    return Stamped(made, read.at, read.signer.subject.rfc4514_string())


def signature_text(statement: Jws) -> bytes:
    """What a time-stamp covers: the ASCII of the base64url signature (TIM-002)."""
    return bundle.compact_of(statement).rpartition(".")[2].encode("ascii")


def has_stamp(statement: Jws, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Whether a time-stamp of this very signature is there, whoever issued it."""
    covered = signature_text(statement)
    return any(
        stamp.token is not None and _fits(stamp.token, covered)
        for stamp in stamps_of(bundle.etsi_u_of(statement), limits)
    )


def _fits(token: bytes, covered: bytes) -> bool:
    try:
        fitting(response_of(token), token, covered)
    except IgnoredError as ignored:
        return ignored.reason in {"certificate", "algorithm"}
    return True


def is_intact(statement: Jws, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Whether its signature holds: nothing else is worth a time-stamp."""
    token, _ = envelope.read(bundle.compact_of(statement).encode("ascii"), limits)
    return token is not None and envelope.check_signature(token).code is Code.SIGNATURE_VALID


@dataclass(frozen=True)
class Added:
    """What became of the statements of one place."""

    statements: tuple[Jws, ...]
    new: tuple[Stamped, ...]
    had: int
    """Intact statements that had a time-stamp already and were left as they are."""


def added(
    statements: Sequence[Jws], stamp: Callable[[Jws], Stamped], *, again: bool = False
) -> Added:
    """Stamp the intact statements of a list that have no time-stamp yet; all with ``again``.

    ``stamp`` is ``stamped`` with its authority; what it raises ends this.
    """
    made: list[Jws] = []
    new: list[Stamped] = []
    had = 0
    for statement in statements:
        intact = is_intact(statement)
        if intact and (again or not has_stamp(statement)):
            new.append(stamp(statement))
            made.append(new[-1].statement)
        else:
            had += intact
            made.append(statement)
    return Added(tuple(made), tuple(new), had)


@dataclass(frozen=True)
class Place:
    """Where statements stand, and how they are written back."""

    path: Path
    statements: tuple[Jws, ...]
    write: Callable[[Sequence[Jws]], None]

    def add(self, stamp: Callable[[Jws], Stamped], *, again: bool = False) -> Added:
        """Stamp what stands here and write it back, if anything is new (TIM-033)."""
        result = added(self.statements, stamp, again=again)
        if result.new:
            self.write(result.statements)
        return result


def places_of(path: Path, context: Context, how: Replacing) -> list[Place]:
    """The places of an audio file that hold statements (tags, sidecar), or a bare file.

    Raises ``RefusedError`` for one that cannot be written back whole.
    """
    limits = context.limits
    with open_regular(path) as stream:
        name = identify(stream)
        stream.seek(0)
        value = b"" if name else stream.read(limits.bundle_bytes + 2)
    if name is None:
        if value[:2] != b"ey" and value[:1] != b"{":
            raise UnsupportedContainerError(
                f"{path}: is no audio file that we know, and no declaration",
                hint="Only MP3, FLAC, WAV, AIFF, MP4/M4A and Ogg can carry one.",
            )
        found = carrying.statements_in([value], limits, path)
        return [Place(path, tuple(found), partial(_write_bare, path, limits))]
    file = prepare(path, context, tiers=frozenset({"essence"}))
    places = []
    for sidecar in (False, True):
        found = carrying.statements_of(file, limits, sidecar=sidecar)
        if found:
            where = sidecar_path(path) if sidecar else path
            put = partial(carrying.put, file, context=context, sidecar=sidecar, how=how)
            places.append(Place(where, tuple(found), put))
    return places


def _write_bare(path: Path, limits: Limits, statements: Sequence[Jws]) -> None:
    carrying.put_bare(path, statements, limits)
