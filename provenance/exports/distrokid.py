"""The form of ``schemas/crosswalks/distrokid.json``."""

from provenance.exports._forms import form_export

EXPORT = form_export("distrokid")
