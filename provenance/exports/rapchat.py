"""The form of ``schemas/crosswalks/rapchat.json``."""

from provenance.exports._forms import form_export

EXPORT = form_export("rapchat")
