"""Ordinary tags beside a signed statement: what disagrees is remarked on (spec 8.12; VER-120)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
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
    artists = " ".join(a.name for a in subject.artists if a.name)
    stated = (
        ("/subject/title", subject.title, scan.tags.title),
        ("/subject/isrc", subject.isrc, scan.tags.isrc),
        ("/subject/artists", artists, scan.tags.artist),
    )
    for where, signed, tagged in stated:
        if signed and tagged and not any(_same_text(signed, tag) for tag in tagged):
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


def _same_text(signed: str, tag: str) -> bool:
    """Equal but for case, white space, punctuation; or every signed word stands in the tag."""
    if signed == tag:
        return True
    mine, other = _words(signed), _words(tag)
    return mine == other or "".join(mine) == "".join(other) or set(mine) <= set(other)


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c if c.isalnum() else " " for c in folded).split()
