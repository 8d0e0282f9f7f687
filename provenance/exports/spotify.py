"""The form of ``schemas/crosswalks/spotify.json``."""

from provenance.exports._forms import form_export

EXPORT = form_export("spotify")
