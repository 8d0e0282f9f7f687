"""MusicProv: say what AI did in a recording, sign it, embed it, verify it.

The public face is small: ``verify_file`` and ``verify_many`` here, the command ``prov``, the JSON
of reports, the schemas, the codes and the vectors. Names with an underscore, and the wording of
messages, are not public (spec 12.6).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provenance.bulk.running import verify_many
    from provenance.model.verdict import Verdict
    from provenance.verify.outcome import Context

__version__ = "1.0.0.dev1"
__all__ = ["__version__", "verify_file", "verify_many"]


def verify_file(path: str | Path, context: Context | None = None) -> Verdict:
    """Verify one audio file (and its sidecar), and return the verdict (spec 8).

    Without a context: the user's own keyring, the built-in policy ``personal``, and now.
    Raises ``provenance.model.errors.ProvError`` when the file cannot be looked at at all.
    """
    from provenance.workspace.verifying import personal_context, verify_path

    return verify_path(Path(path), context or personal_context())


def __getattr__(name: str) -> object:
    """``verify_many``, loaded when somebody asks for it (spec 26.5)."""
    if name != "verify_many":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from provenance.bulk import running

    return running.verify_many
