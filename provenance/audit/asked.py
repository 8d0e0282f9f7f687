"""What an auditor asks for: everything that an audit's result depends on (spec 25.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import Any

from provenance.model.records import dataclass
from provenance.trust.identity import Keyring
from provenance.verify.outcome import Context

NO_MAP: Mapping[str, str] = {}


@dataclass(frozen=True)
class Source:
    """Where evidence of one kind is: a file or a folder."""

    kind: str
    """The name of a module of ``provenance.audit.sources``: ``tracks``, ``manifests``, ``ern``,
    ``detector``, ``crowd-list``, ``credits``."""
    path: Path


@dataclass(frozen=True)
class Asked:
    """One audit. The same values over the same bytes give the same report, wherever."""

    charts: tuple[Path, ...]
    context: Context
    """Time of the audit (``now``), policy, pinned keys, requirements.

    The user's own keyring is not in it: what another user's audit would not see does not count.
    """
    trust: Path | None = None
    """The trust policy's file, which the report names and the archive keeps."""
    keys: tuple[Path, ...] = ()
    """Public keys that the auditor knows (``--key`` of ``prov verify``)."""
    sources: tuple[Source, ...] = ()
    columns: Mapping[str, str] = field(default_factory=lambda: NO_MAP)
    """Chart column to the header that it has here (``--map rank=Pos``)."""
    week: str | None = None
    """The week of a chart that does not say it (``--week``)."""
    rules: tuple[str, ...] = ()
    """Profiles to judge by, in the order of the report."""
    settings: tuple[str, ...] = ()
    """``RULE.PARAM=VALUE`` (``--set``)."""
    threshold: float = 0.9
    """The score from which a detector's report counts as 'detected'."""
    title: str = ""
    auditor: str = ""
    language: str = "en"


def plain(asked: Asked) -> dict[str, Any]:
    """What was asked beside files and time: what an archive keeps and an audit's id is over.

    As plain JSON values; the threshold as text, so that it comes back as the same number.
    """
    return {
        "columns": dict(sorted(asked.columns.items())),
        "week": asked.week,
        "rules": list(asked.rules),
        "settings": list(asked.settings),
        "threshold": repr(asked.threshold),
        "title": asked.title,
        "auditor": asked.auditor,
        "language": asked.language,
        "decode": asked.context.decode,
    }


def context_of(
    trust: Path | None, keys: Sequence[Path], at: datetime, decode: str = "auto"
) -> Context:
    """The context of an audit: a policy's file, named public keys, a time; nobody's keyring.

    Raises ``PolicyError``, ``KeyFileError`` or ``InputError`` for what cannot be used.
    """
    from provenance.workspace.asking import public_key_of
    from provenance.workspace.policies import load_policy
    from provenance.workspace.verifying import under

    pinned: dict[str, str | None] = {public_key_of(key).thumbprint: key.name for key in keys}
    context = Context(now=at, until=at, keyring=Keyring(pinned=pinned), decode=decode)
    return context if trust is None else under(context, load_policy(trust))
