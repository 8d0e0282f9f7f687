"""The form of ``schemas/crosswalks/apple.json``."""

from provenance.exports._forms import form_export

EXPORT = form_export("apple")
