"""The form of ``schemas/crosswalks/tunecore-japan.json``."""

from provenance.exports._forms import form_export

EXPORT = form_export("tunecore-japan")
