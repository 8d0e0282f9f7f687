"""AIGC: the implicit label of GB 45438-2025, a JSON object under one name (MRK-004).

``Label``: 1 is, 2 may be, 3 is suspected to be AI-generated; files with other values are in use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provenance.marks._entries import Entry
from provenance.marks.base import GENERATED, MAX_SHOWN, SUSPECTED, Mark, json_of, text_of
from provenance.model.findings import Scalar

KEYS = (
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
)
_SAYS = {"1": GENERATED, "AIGC": GENERATED, "2": SUSPECTED, "3": SUSPECTED}


def read(entry: Entry) -> Iterator[Mark]:
    """The mark; what is no JSON object is told as it stands."""
    plain = parse(entry.value)
    if plain is None:
        yield Mark("aigc", entry.where, "stated", None, {"text": text_of(entry.value)})
        return
    detail: dict[str, Scalar] = {
        key: str(plain[key])[:MAX_SHOWN] for key in KEYS if plain.get(key) not in {None, ""}
    }
    missing = [key for key in KEYS if key not in plain]
    if missing:
        detail["missing"] = ", ".join(missing)
    yield Mark("aigc", entry.where, "stated", _SAYS.get(str(plain.get("Label"))), detail)


def of_label(where: str, label: str | None) -> Mark:
    """The mark of a label of which only this value was read."""
    detail: dict[str, Scalar] = {} if label is None else {"Label": label}
    return Mark("aigc", where, "stated", _SAYS.get(label or ""), detail)


def parse(value: bytes) -> Mapping[str, Any] | None:
    """The object of a tag's value; some writers put it into another one under ``AIGC``."""
    plain = json_of(value)
    if isinstance(plain, dict) and isinstance(plain.get("AIGC"), dict):
        plain = plain["AIGC"]
    if not isinstance(plain, dict):
        return None
    return {k: v for k, v in plain.items() if isinstance(v, str | int)}
