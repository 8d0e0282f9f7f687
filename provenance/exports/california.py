"""The form of ``schemas/crosswalks/california.json``."""

from provenance.exports._forms import form_export

EXPORT = form_export("california")
