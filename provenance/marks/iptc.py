"""IPTC Digital Source Type, in an XMP packet or a tag of its name (MRK-006).

An AIGC label in the packet is told too (namespace of TC260). The packet is searched for the
terms' addresses and never parsed as XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from provenance.marks._entries import Entry
from provenance.marks.base import GENERATED, USED, Mark

_TERM = re.compile(rb"digitalsourcetype/([A-Za-z]{1,64})")
_TC260 = b"tc260.org.cn/ns/AIGC/"
_LABEL = re.compile(rb'Label(?:"|&quot;|&#34;)\s*:\s*(?:"|&quot;|&#34;)([0-9A-Za-z]{1,8})')
SAYS = {
    "trainedAlgorithmicMedia": GENERATED,
    "compositeWithTrainedAlgorithmicMedia": GENERATED,
    "compositeSynthetic": GENERATED,
    "algorithmicallyEnhanced": USED,
}
"""The terms that speak of AI (a model that was trained); the others say nothing about it."""


def read(entry: Entry) -> Iterator[Mark]:
    """A mark for an AIGC label, and for each term that stands there, once."""
    if _TC260 in entry.value:
        from provenance.marks.aigc import of_label

        label = _LABEL.search(entry.value)
        yield of_label(entry.where, label[1].decode() if label else None)
    found = _TERM.findall(entry.value)
    bare = entry.value.strip()
    if entry.name != "XMP" and re.fullmatch(rb"[A-Za-z]{1,64}", bare):
        found = [bare]
    for term in dict.fromkeys(t.decode() for t in found):
        yield Mark("iptc", entry.where, "stated", SAYS.get(term), {"term": term})
