"""The form of ``schemas/crosswalks/registration.json``."""

from provenance.exports._forms import form_export

EXPORT = form_export("registration")
