"""The form of ``schemas/crosswalks/musichub.json``."""

from provenance.exports._forms import form_export

EXPORT = form_export("musichub")
