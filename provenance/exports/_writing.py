"""A filled form as text to be pasted, as JSON, or as CSV (spec 19.4)."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provenance.exports._forms import Form

FORMATS = ("text", "json", "csv")
_FORMULA = ("=", "+", "-", "@", "\t", "'")


def write(form: Form, how: str) -> bytes:
    """A form as UTF-8 bytes that end with a line feed; the same form gives the same bytes."""
    return {"text": _text, "json": _json, "csv": _csv}[how](form).encode("utf-8")


def _text(form: Form) -> str:
    lines = [form.title]
    for title, answers in form.parts:
        lines += ["", *([title, "-" * len(title)] if title else [])]
        asked = ""
        for answer in answers:
            if answer.asks != asked:
                lines.append(answer.asks)
            asked = answer.asks
            lines += [f"    {line}" for line in _shown(answer.value).split("\n")]
    return "\n".join(lines) + "\n"


def _shown(value: str | None) -> str:
    return "(leave empty)" if value is None else value


def _json(form: Form) -> str:
    plain = {
        "export": form.name,
        "title": form.title,
        "answers": [
            {
                **({"part": title} if title else {}),
                "id": answer.id,
                "asks": answer.asks,
                "answer": answer.value,
            }
            for title, answers in form.parts
            for answer in answers
        ],
    }
    return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"


def _csv(form: Form) -> str:
    """A table with a row for each answer; what a spreadsheet would calculate is made text."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["part", "id", "asks", "answer"])
    for title, answers in form.parts:
        for answer in answers:
            rows.writerow([title, answer.id, answer.asks, _harmless(answer.value or "")])
    return out.getvalue()


def _harmless(text: str) -> str:
    """A leading apostrophe keeps a spreadsheet from taking text for a formula (EXP-007)."""
    return f"'{text}" if text.startswith(_FORMULA) else text
