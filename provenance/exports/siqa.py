"""The form of ``schemas/crosswalks/siqa.json``."""

from provenance.exports._forms import form_export

EXPORT = form_export("siqa")
