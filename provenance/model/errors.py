"""Errors: what the world or the caller did (findings describe the artefact).

Every error says what happened and what to do next; the command line maps each class to one
exit code (spec 9.5).
"""

from __future__ import annotations

from collections.abc import Iterable


class ProvError(Exception):
    """Base: ``str()`` says what happened, ``hint`` what to do next.

    ``places`` are told below ``message``, a line each; all else is one line, whatever it holds.
    """

    def __init__(self, message: str, *, hint: str = "", places: Iterable[str] = ()) -> None:
        self.message, self.places, self.hint = message, tuple(places), hint
        super().__init__("\n".join([message, *(f"  {place}" for place in self.places)]))


class InputError(ProvError):
    """The world refused: path, permission, disk, a file that is not a regular file."""


class UnsupportedContainerError(ProvError):
    """No container adapter recognises the file, which has ``size`` bytes."""

    def __init__(self, message: str, *, hint: str = "", size: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.size = size


class UsageError(ProvError):
    """The caller asked for something that cannot be asked, or left out what is needed."""


class KeyFileError(ProvError):
    """A key file is unusable, or its passphrase does not open it."""


class SignerError(ProvError):
    """An external signer failed or answered something that is no signature."""


class NetworkError(ProvError):
    """A host cannot be reached, does not prove its name, or answers what is not accepted."""


class MissingExtraError(ProvError):
    """A capability needs an extra that is not installed."""


class LibraryFaultError(ProvError):
    """A dependency broke its contract; the cause is chained."""


class PolicyError(ProvError):
    """A trust policy that cannot be used: nothing is verified by it (spec 14.3).

    ``rule`` is the rule's registered name (``schemas/registries/rules/policy.json``), ``where``
    a JSON Pointer into the policy.
    """

    def __init__(self, rule: str, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message, hint=hint)
        self.rule = rule
        self.where = where


class RefusedError(ProvError):
    """A rule of the standard refuses this artefact; nothing was written.

    ``rule`` is the rule's registered name (``schemas/registries/rules``).
    """

    def __init__(self, rule: str, message: str = "", *, hint: str = "") -> None:
        super().__init__(message or rule, hint=hint)
        self.rule = rule
