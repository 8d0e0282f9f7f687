"""Verifying what stands on disk: opens the file, looks for the sidecar, asks the procedure."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from provenance.containers import identify, is_named_as_audio, load
from provenance.files.opening import input_error, is_closed, open_regular
from provenance.issuing.preparing import sidecar_of
from provenance.model.errors import InputError, UnsupportedContainerError
from provenance.model.limits import Limits
from provenance.model.records import dataclass
from provenance.model.verdict import Verdict
from provenance.trust.policy import Policy
from provenance.trust.requirements import required_of, tighten
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify, verifying
from provenance.verify.stages import Stages, done
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
    return done(verifying_path(path, context, given))


def verifying_path(path: Path, context: Context, given: Sequence[Given] = ()) -> Stages[Verdict]:
    """``verify_path`` in stages; the file stays open between them."""
    with open_regular(path) as stream:
        opened = Opened(stream, str(path), path.name)
        beside = partial(sidecar_of, path, context.limits)
        try:
            return (yield from verifying_stream(opened, context, given, beside))
        except EOFError as error:
            raise InputError(f"{path}: {error}", hint="Run the same command again.") from error
        except OSError as error:
            raise input_error(path, error) from error


@dataclass(frozen=True)
class Opened:
    """What is verified: a stream that can be read anywhere."""

    stream: BinaryIO
    name: str
    """As errors name it."""
    where: str
    """Where a bare token or bundle stands, as findings name it."""


def verify_stream(
    opened: Opened,
    context: Context,
    given: Sequence[Given] = (),
    sidecar: Callable[[], Sequence[Given]] = tuple,
) -> Verdict:
    """Verify an open audio file, or a bare token or bundle; ``sidecar`` is asked for audio alone.

    Raises ``UnsupportedContainerError`` for what is neither; what reading the stream raises
    (``OSError``, or ``EOFError`` where it is shorter than it was) is the caller's to name.
    """
    return done(verifying_stream(opened, context, given, sidecar))


def verifying_stream(
    opened: Opened, context: Context, given: Sequence[Given], sidecar: Callable[[], Sequence[Given]]
) -> Stages[Verdict]:
    """``verify_stream`` in stages."""
    kind = identify(opened.stream)
    if kind is not None:
        beside = (*given, *sidecar())
        return (yield from verifying(opened.stream, load(kind), context, beside))
    value = bare_value(opened.stream, opened.name, context.limits)
    return verify(None, None, context, (Given(opened.where, value), *given))


def bare_value(stream: BinaryIO, name: str, limits: Limits) -> bytes:
    """What a stream that is no audio holds, when that may be a token or a bundle.

    Raises ``UnsupportedContainerError`` for anything else, a declaration that nobody has signed
    among it (VDT-011).
    """
    size = stream.seek(0, os.SEEK_END)
    if not size:
        hint = "Get it once more from where it came."
        raise UnsupportedContainerError(f"{name}: is empty", hint=hint, size=size)
    stream.seek(0)
    value = _value(stream, limits)
    if not looks_like_statement(value):
        raise UnsupportedContainerError(
            f"{name}: is no audio file that we know, and no declaration",
            hint="MP3, FLAC, WAV, AIFF, MP4/M4A and Ogg can carry one.",
            size=size,
        )
    if _is_unsigned(value, limits):
        raise UnsupportedContainerError(
            f"{name}: is a declaration that is not signed yet",
            hint="Sign it for a recording with: prov sign --manifest DECLARATION RECORDING",
            size=size,
        )
    return value


def _is_unsigned(value: bytes, limits: Limits) -> bool:
    """Whether it is a whole declaration before signing, which is no signed form (spec 2.13)."""
    if value[:1] != b"{" or b'"payload"' in value:
        return False
    from provenance.wire.decode import decode_declaration

    return decode_declaration(value, limits)[0] is not None


def read_value(path: Path, limits: Limits) -> bytes:
    """A token or bundle from a file: at most a bundle's size; one trailing line feed is dropped."""
    with open_regular(path) as stream:
        return _value(stream, limits)


def _value(stream: BinaryIO, limits: Limits) -> bytes:
    return stream.read(limits.bundle_bytes + 2).removesuffix(b"\n")


def looks_like_statement(value: bytes) -> bool:
    """Whether bytes begin as a compact token or a JSON object does."""
    return value[:2] == b"ey" or value[:1] == b"{"


def audio_below(folder: Path, on_link: Callable[[], None] = lambda: None) -> Iterator[Path]:
    """Audio files in a folder, recursively, in byte order of names, by their content.

    Hidden entries are skipped, sidecars are not inputs, what no adapter recognises is passed over,
    and so is each symbolic link, for which ``on_link`` is called. Raises ``InputError`` for a
    folder that cannot be read.
    """
    for path in _below(folder, strict=True):
        if path.is_symlink():
            on_link()
        elif path.is_file() and is_audio(path):
            yield path


def uploads_below(folder: Path, on_link: Callable[[], None]) -> Iterator[Path]:
    """What is to be verified of a folder: audio, and what is named like it (VDT-012).

    What is named like audio is given unread, be it a pipe, a device or a link that leads nowhere,
    and so is a folder that cannot be read: verifying them says what is wrong. ``on_link`` is called
    for each other link, which is passed over.
    """
    return (p for p in _below(folder, strict=False) if _is_upload(p, on_link))


def _is_upload(path: Path, on_link: Callable[[], None]) -> bool:
    is_named = is_named_as_audio(path.name)
    if is_named and not os.path.exists(path):  # noqa: PTH110 - never raises
        return True
    if os.path.islink(path):  # noqa: PTH114 - never raises
        on_link()
        return False
    if os.path.isdir(path):  # noqa: PTH112 - never raises
        return True
    return is_named or (os.path.isfile(path) and is_audio(path))  # noqa: PTH113 - never raises


def _below(folder: Path, *, strict: bool) -> Iterator[Path]:
    """All that is no folder, depth first; no link is followed, each is given itself.

    A folder that cannot be read raises ``InputError`` where ``strict``; else it is given itself.
    The names of one folder at a time are held.
    """
    waiting: list[Iterator[Path]] = [iter((folder,))]
    while waiting:
        path = next(waiting[-1], None)
        if path is None:
            waiting.pop()
        elif path is not folder and os.path.islink(path):  # noqa: PTH114 - never raises
            yield path
        elif os.path.isdir(path):  # noqa: PTH112 - never raises
            try:
                waiting.append(entries(path))
            except InputError:
                if strict:
                    raise
                yield path
        else:
            yield path


def entries(folder: Path) -> Iterator[Path]:
    """What stands in a folder and is not hidden, links among it, in byte order of names.

    Raises ``InputError`` for a folder that cannot be read, or whose entries cannot be looked at.
    """
    try:
        if is_closed(folder):
            raise PermissionError(errno.EACCES, "")
        with os.scandir(folder) as found:
            names = sorted(os.fsencode(e.name) for e in found if not e.name.startswith("."))
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
