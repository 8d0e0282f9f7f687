"""Verifying what stands on disk: opens the file, looks for the sidecar, asks the procedure."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from provenance.containers import identify, load
from provenance.files.opening import input_error, open_regular
from provenance.issuing.preparing import sidecar_of
from provenance.model.errors import InputError, UnsupportedContainerError
from provenance.model.limits import Limits
from provenance.model.verdict import Verdict
from provenance.trust.policy import Policy
from provenance.trust.requirements import required_of, tighten
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify
from provenance.workspace.home import find_home

_HEAD_BYTES = 64


def personal_context() -> Context:
    """The context of the user who runs the tool: now, their keyring, and their policy.

    That is the trust policy that they chose as their default, else the built-in ``personal``.
    """
    from provenance.workspace.policies import chosen_policy, default_policy, load_policy

    home = find_home()
    context = Context(now=datetime.now(UTC), keyring=home.keyring())
    if default_policy(home) is None:
        return context
    return under(context, load_policy(chosen_policy(home, None), home))


def under(context: Context, policy: Policy, wishes: Sequence[str] = ()) -> Context:
    """The same context with a trust policy; wishes only tighten it (VER-113)."""
    return replace(
        context,
        policy=policy,
        required=tighten(required_of(policy), wishes),
        strict=policy.strict,
        decode="never" if policy.decode == "never" else context.decode,
    )


def verify_path(path: Path, context: Context, given: Sequence[Given] = ()) -> Verdict:
    """Verify an audio file with its sidecar, or a bare token or bundle.

    Raises ``InputError`` or ``UnsupportedContainerError`` when it cannot be looked at.
    """
    with open_regular(path) as stream:
        name = identify(stream)
        if name is None:
            return _verify_token(path, context, given)
        beside = (*given, *sidecar_of(path, context.limits))
        try:
            return verify(stream, load(name), context, beside)
        except EOFError as error:
            raise InputError(f"{path}: {error}", hint="Run the same command again.") from error
        except OSError as error:
            raise input_error(path, error) from error


def _verify_token(path: Path, context: Context, given: Sequence[Given]) -> Verdict:
    value = read_value(path, context.limits)
    if not looks_like_statement(value):
        raise UnsupportedContainerError(
            f"{path}: is no audio file that we know, and no declaration",
            hint="MP3, FLAC, WAV, AIFF, MP4/M4A and Ogg can carry one; see 'prov verify --help'.",
        )
    return verify(None, None, context, (Given(str(path.name), value), *given))


def read_value(path: Path, limits: Limits) -> bytes:
    """A token or bundle from a file: at most a bundle's size; one trailing line feed is dropped."""
    with open_regular(path) as stream:
        value = stream.read(limits.bundle_bytes + 2)
    return value.removesuffix(b"\n")


def looks_like_statement(value: bytes) -> bool:
    """Whether bytes begin as a compact token or a JSON object does."""
    return value[:2] == b"ey" or value[:1] == b"{"


def audio_below(folder: Path, *, strict: bool = True) -> Iterator[Path]:
    """Audio files in a folder, recursively, in byte order of names (VDT-012).

    Hidden entries are skipped, no symbolic link is followed, sidecars are not inputs, and what
    no adapter recognises is passed over. A folder that cannot be read raises ``InputError``, or
    is given itself where not ``strict``. The names of one folder at a time are held.
    """
    waiting: list[Iterator[Path]] = [iter((folder,))]
    while waiting:
        path = next(waiting[-1], None)
        if path is None:
            waiting.pop()
        elif path.is_dir():
            try:
                waiting.append(entries(path))
            except InputError:
                if strict:
                    raise
                yield path
        elif path.is_file() and is_audio(path):
            yield path


def entries(folder: Path) -> Iterator[Path]:
    """What stands in a folder and is neither hidden nor a link, in byte order of names.

    Raises ``InputError`` for a folder that cannot be read.
    """
    try:
        with os.scandir(folder) as found:
            shown = (e for e in found if not e.name.startswith(".") and not e.is_symlink())
            names = sorted(os.fsencode(entry.name) for entry in shown)
    except OSError as error:
        raise input_error(folder, error) from error
    return (folder / os.fsdecode(name) for name in names)


def is_audio(path: Path) -> bool:
    """Whether an adapter recognises a file, or nobody can tell because it cannot be opened."""
    if path.stat().st_size < _HEAD_BYTES:
        return False
    try:
        with open_regular(path, follow=False) as stream:
            return identify(stream) is not None
    except InputError:
        return True  # it may be audio: verifying it will say what is wrong
