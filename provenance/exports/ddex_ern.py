"""DDEX ERN 4.3.2: the AI elements of a release message, alone, in a new message or in an old one.

What the elements and terms are stands in ``schemas/crosswalks/ddex-ern.json``.
"""

from __future__ import annotations

from provenance.exports._ern_message import elements, message
from provenance.exports._ern_patch import patched
from provenance.exports._ern_plan import NAME, data, plan_of
from provenance.exports._forms import parameters_of
from provenance.exports._reading import Reading
from provenance.exports.base import Export, Exported, Source


def _render(source: Source) -> Exported:
    """Raises ``UsageError`` or ``InputError`` where the message cannot be made or changed."""
    parameters = parameters_of(data(), source.options)
    reading = Reading(source.manifest)
    plan = plan_of(reading, source.options)
    warnings = plan.warnings
    if source.into is not None:
        written, more = patched(reading, plan, source.into, parameters["isrc"])
        warnings += more
    elif parameters["form"] == "message":
        written = message(reading, plan, source.options).encode()
    else:
        written = elements(reading, plan).encode()
    asked = tuple(fact["fact"] for fact in data()["facts"])
    return Exported(written, reading.losses(asked), warnings)


EXPORT = Export("DDEX ERN 4.3.2", "application/xml", ".xml", NAME, _render)
