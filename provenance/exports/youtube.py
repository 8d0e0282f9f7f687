"""The form of ``schemas/crosswalks/youtube.json``."""

from provenance.exports._forms import form_export

EXPORT = form_export("youtube")
