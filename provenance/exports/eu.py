"""The form of ``schemas/crosswalks/eu.json``."""

from provenance.exports._forms import form_export

EXPORT = form_export("eu")
