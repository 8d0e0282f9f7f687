"""The form of ``schemas/crosswalks/tall-tracks.json``."""

from provenance.exports._forms import form_export

EXPORT = form_export("tall-tracks")
