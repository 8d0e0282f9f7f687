"""How a result is compared with the authored one, of this implementation or any other (CON)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from provenance.conformance.cases import Case


def differences(case: Case, result: Mapping[str, Any] | None) -> Iterator[str]:
    """How a result differs from the authored one; nothing when the case passes.

    Every member of ``expect`` must be equal, but ``informs`` and ``confirms``: those must be among
    the result's.
    """
    if result is None:
        yield "no answer"
        return
    for member, wanted in case.expect.items():
        have = result.get(member)
        if member in {"informs", "confirms"}:
            missing = sorted(set(wanted) - set(have or ()))
            if missing:
                yield f"lacks {', '.join(missing)}"
        elif have != wanted:
            yield f"{member}: {_short(have)}, should be {_short(wanted)}"


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) < 200 else text[:197] + "..."
