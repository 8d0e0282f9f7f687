"""The forms in which the results of a run are written, one file a form (``FORM = Form(...)``).

Every form is made of JSON reports (``report.schema.json``) as they arrive, in their order, and
holds no more of them than one (spec 27.1).
"""

from __future__ import annotations

from provenance import plugins
from provenance.reports.forms.base import Form


def names() -> tuple[str, ...]:
    """The names of all forms as they are typed; imports none of them."""
    return plugins.names(__name__)


def load(name: str) -> Form:
    """A form by its name; imports only that one. Raises ``UsageError`` for an unknown one."""
    return plugins.one(__name__, Form, "FORM", name)
