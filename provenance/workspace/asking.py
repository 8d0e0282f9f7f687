"""Whoever asks what others declared: their keyring, the keys they name, policy and wishes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from provenance.model.errors import KeyFileError, UsageError
from provenance.reports.escaping import shown
from provenance.trust.identity import Keyring
from provenance.trust.requirements import PERSONAL, tighten
from provenance.verify.outcome import Context
from provenance.workspace.home import Home

if TYPE_CHECKING:
    from provenance.signing.keys import PublicKey

SMALL_BYTES = 1 << 20


def context_at(
    now: datetime,
    home: Home,
    keys: Sequence[Path] = (),
    require: Sequence[str] = (),
    decode: str = "auto",
    trust: Path | None = None,
) -> Context:
    """The context of a verification at ``now``: keyring, keys named in this call, wishes.

    ``trust`` is the trust policy to ask by; without one the built-in ``personal`` holds. Raises
    ``ProvError`` for a key, policy or wish that cannot be used.
    """
    keyring = home.keyring()
    if keys:
        named = {public_key_of(k).thumbprint: shown(k.name) for k in keys}
        keyring = Keyring(keyring.own, {**dict.fromkeys(named), **keyring.pinned})
    context = Context(now=now, keyring=keyring, required=tighten(PERSONAL, require), decode=decode)
    if trust is None:
        return context
    from provenance.workspace.policies import load_policy
    from provenance.workspace.verifying import under

    return under(context, load_policy(trust, home), require)


def policy_of(home: Home, named: Path | None) -> Path | None:
    """The trust policy to verify by: the one named, else the user's default, else none."""
    if named is not None:
        return named
    from provenance.workspace.policies import chosen_policy, default_policy

    return None if default_policy(home) is None else chosen_policy(home, None)


def public_key_of(path: Path) -> PublicKey:
    """The public key in a file (JWK or PEM). Raises ``KeyFileError`` that names the file."""
    from provenance.signing.keys import load_public

    try:
        return load_public(read_key(path, "a public key (JWK or PEM)"))
    except KeyFileError as error:
        raise KeyFileError(f"{path}: {error}", hint=error.hint) from error


def read_key(path: Path, wanted: str) -> bytes:
    """A file in which a key should be, whole. Raises ``KeyFileError`` for what can be none.

    So whatever is named in place of a key has one exit code (spec 9.5).
    """
    try:
        return read_small(path, wanted=wanted)
    except UsageError as error:
        raise KeyFileError(error.message, hint=error.hint) from error


def read_small(path: Path, limit: int = SMALL_BYTES, wanted: str | None = None) -> bytes:
    """A small file, whole; larger ones are refused, and audio where something else is wanted."""
    from provenance.files.opening import open_regular

    with open_regular(path) as stream:
        data = stream.read(limit + 1)
        if wanted is not None and not data.isascii():
            _require_no_audio(path, stream, wanted)
    if len(data) > limit:
        raise UsageError(f"{path}: is too large for {wanted or 'what it should be'}")
    return data


def parsed(path: Path, data: bytes) -> object:
    """What a declaration file holds, as plain JSON values.

    Raises ``UsageError`` for what is not strict JSON, saying where and how to mend it.
    """
    from provenance.model.limits import DEFAULT_LIMITS as LIMITS
    from provenance.wire.strict_json import JsonError, parse

    try:
        return parse(data, max_bytes=LIMITS.envelope_bytes, max_depth=LIMITS.json_depth)
    except JsonError as error:
        raise UsageError(f"{path}: is not good JSON: {error}", hint=error.hint) from error


def _require_no_audio(path: Path, stream: BinaryIO, wanted: str) -> None:
    from provenance.containers import identify, load

    name = identify(stream)
    if name is not None:
        raise UsageError(f"{path}: is audio, {load(name).title}; it should be {wanted}")
