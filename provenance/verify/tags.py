"""Ordinary tags beside a signed statement: what disagrees is remarked on (spec 8.12; VER-120)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from provenance.containers.base import SUMMARY_TAG, Scan
from provenance.model.codes import Code
from provenance.model.findings import Finding, finding
from provenance.verify.steps import shown_value

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest


def compare_tags(manifest: Manifest, scan: Scan) -> Iterator[Finding]:
    """Ordinary tags that disagree with the signed statement: remarks, never failures."""
    from provenance.model.levels import summary

    subject = manifest.subject
    artists = ", ".join(a.name for a in subject.artists if a.name)
    named = scan.tags.artist
    named = (", ".join(named), *named) if named else ()
    stated = (
        ("/subject/title", subject.title, scan.tags.title),
        ("/subject/isrc", subject.isrc, scan.tags.isrc),
        ("/subject/artists", artists, named),
    )
    for where, signed, tagged in stated:
        if signed and tagged and not _is_among(signed, tagged):
            yield finding(Code.CONTENT_TAG_DIFFERS, where, signed=signed[:200], tag=tagged[0][:200])
    expected = summary(manifest)
    for carrier in scan.named(SUMMARY_TAG):
        if shown_value(carrier.value) != (expected or ""):
            yield finding(
                Code.CONTENT_SUMMARY_DIFFERS,
                carrier.where,
                signed=expected,
                tag=shown_value(carrier.value),
            )


def _is_among(signed: str, tagged: Sequence[str]) -> bool:
    """Whether a tag equals it but for case, white space, punctuation, or has every signed word."""
    if signed in tagged:
        return True
    mine = _words(signed)
    joined, each = "".join(mine), set(mine)
    return any(joined == "".join(words) or each <= set(words) for words in map(_words, tagged))


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c if c.isalnum() else " " for c in folded).split()
