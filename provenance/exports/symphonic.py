"""The form of ``schemas/crosswalks/symphonic.json``."""

from provenance.exports._forms import form_export

EXPORT = form_export("symphonic")
