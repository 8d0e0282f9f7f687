"""The form of ``schemas/crosswalks/believe.json``."""

from provenance.exports._forms import form_export

EXPORT = form_export("believe")
