"""The door to Jinja2 and MarkupSafe, which come with the extra ``report`` (spec/decisions/0021).

Importing this module without them raises ``MissingExtraError``.
"""

from __future__ import annotations

from provenance.model.errors import MissingExtraError

try:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup, escape
except ImportError as error:
    raise MissingExtraError(
        "a report as pages or PDF needs the extra 'report'",
        hint="Install it with: pip install 'musicprov[report]'",
    ) from error

__all__ = ["Environment", "FileSystemLoader", "Markup", "StrictUndefined", "escape"]
