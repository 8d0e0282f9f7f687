"""What a verification is asked with, as plain values that any process can be handed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from provenance.model.errors import UsageError
from provenance.model.records import dataclass
from provenance.verify.outcome import Context, Given
from provenance.workspace.asking import context_at
from provenance.workspace.home import Home


class Hidden(str):
    """A text that is not shown where a value is printed, such as a secret in a log of tasks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


StoreOptions = tuple[tuple[str, Hidden], ...]
"""Names and values that stores are opened with, beside what the environment says."""


@dataclass(frozen=True)
class Settings:
    """One for all files of a run; paths are as the process that verifies can open them."""

    home: str
    """The user's folder, with the own and the pinned keys."""
    trust: str | None = None
    """The trust policy; None for the built-in ``personal``."""
    keys: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    decode: str = "auto"
    given: tuple[tuple[str, bytes], ...] = ()
    """Tokens and bundles from beside the audio: where each is from, and its bytes."""
    at: str | None = None
    """The time to verify at, RFC 3339; None for the clock."""
    ingest: str | None = None
    """The policy at ingest; None for none."""
    profiles: tuple[str, ...] = ()
    stores: StoreOptions | None = None
    """What stores are opened with; None where no address may be opened (BLK-040)."""


def context_of(settings: Settings) -> Context:
    """The context of one verification; keys and policy are read once a process (BLK-011).

    Raises ``ProvError`` for a key, a policy, a wish or a time that cannot be used.
    """
    context = _kept(settings)
    return context if settings.at is not None else replace(context, now=datetime.now(UTC))


def forget() -> None:
    """Let go of the keys and policies that were read: the same names may mean others now."""
    _kept.cache_clear()


@lru_cache(maxsize=4)
def _kept(settings: Settings) -> Context:
    return context_at(
        datetime.now(UTC) if settings.at is None else _time(settings.at),
        Home(Path(settings.home)),
        tuple(Path(key) for key in settings.keys),
        settings.require,
        settings.decode,
        None if settings.trust is None else Path(settings.trust),
    )


def _time(text: str) -> datetime:
    from provenance.verify.signers import parse_time

    found = parse_time(text)
    if found is None:
        hint = "Write it like 2026-11-23T00:00:00Z."
        raise UsageError(f"'{text}' is no time to verify at", hint=hint)
    return found


def given_of(settings: Settings) -> tuple[Given, ...]:
    """What stands beside the audio, by the caller's word."""
    return tuple(Given(where, value) for where, value in settings.given)
