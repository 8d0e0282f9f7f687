"""The form of ``schemas/crosswalks/traxsource.json``."""

from provenance.exports._forms import form_export

EXPORT = form_export("traxsource")
