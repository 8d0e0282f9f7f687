"""The door to Jinja2 and MarkupSafe, which come with the extra ``report`` (spec/decisions/0021).

Importing this module without them raises ``MissingExtraError``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from provenance.model.errors import MissingExtraError
from provenance.reports.escaping import shown

try:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup, escape
except ImportError as error:
    raise MissingExtraError(
        "a report as pages or PDF needs the extra 'report'",
        hint="Install it with: pip install 'musicprov[report]'",
    ) from error

__all__ = ["TEMPLATES", "Environment", "Markup", "environment", "escape"]

TEMPLATES = Path(__file__).parent / "templates"
_MAX_TEXT = 1_000_000


def environment() -> Environment:
    """The templates; whatever they put out is escaped and harmless (AUD-063)."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _harmless(value: Any) -> Any:
    """What an expression puts out, without control characters and direction overrides."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return shown(value, _MAX_TEXT)
    return value
