"""TransparentMeta 0.1: JSON in a user text frame, its signature in another one (MRK-005).

The signature covers the JSON alone and no audio: it can be moved to any file. It is not checked.
"""

from __future__ import annotations

from collections.abc import Iterator

from provenance.marks._entries import Entry
from provenance.marks.base import GENERATED, MAX_SHOWN, NO_AI, USED, Mark, json_of
from provenance.model.findings import Scalar

KEYS = ("company", "model", "created_at", "ai_usage_level", "content_id")
_SAYS = {"ai_generated": GENERATED, "ai_assisted": USED, "human_created": NO_AI}


def read(entry: Entry) -> Iterator[Mark]:
    """The mark of an object that states a level; other values of that name are none."""
    plain = json_of(entry.value)
    if not isinstance(plain, dict) or "ai_usage_level" not in plain:
        return
    detail: dict[str, Scalar] = {
        key: plain[key][:MAX_SHOWN] for key in KEYS if isinstance(plain.get(key), str)
    }
    yield Mark(
        "transparentmeta", entry.where, "stated", _SAYS.get(str(plain["ai_usage_level"])), detail
    )
