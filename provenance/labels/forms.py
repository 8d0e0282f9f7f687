"""A label in each of its forms, with what it stands on (spec 11.6, LBL-052)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provenance.labels.messages import catalogue
from provenance.labels.sentence import sentence
from provenance.labels.short_code import short_code
from provenance.labels.standing import Standing
from provenance.labels.svg import svg

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest

_MARK = "UNVERIFIED"


def label(
    manifest: Manifest, form: str, language: str, standing: Standing, theme: str = "auto"
) -> str:
    """The label as text without a line's end, or as an SVG document.

    Raises ``UsageError`` for a language without a catalogue; the code has no language.
    """
    if form == "svg":
        return svg(manifest, language, theme, standing=standing)
    is_claim = standing is Standing.UNVERIFIED
    if form == "code":
        return short_code(manifest) + (f" {_MARK}" if is_claim else "")
    note = f" {catalogue(language)['svg'][standing]}" if is_claim else ""
    return sentence(manifest, language) + note
