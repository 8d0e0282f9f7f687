"""An answer in four forms: text for people, CSV, JSON, NDJSON; values are plain (spec 25.9)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence

from provenance.audit.questions.catalogue import Answer, Question
from provenance.audit.questions.vocabulary import Value
from provenance.reports.escaping import shown
from provenance.wire.cell_texts import harmless

FORMS = ("text", "csv", "json", "ndjson")
_WIDEST = 48
"""Characters of a column of text; the other forms have all of it."""


def told(
    question: Question, values: Mapping[str, Value], rows: Sequence[Answer], form: str
) -> Iterator[str]:
    """The lines of an answer, without their ends."""
    if form == "json":
        yield json.dumps(document(question, values, rows), ensure_ascii=False, indent=2)
    elif form == "ndjson":
        yield from (json.dumps(row, ensure_ascii=False) for row in rows)
    elif form == "csv":
        yield from _csv(question, rows)
    else:
        yield from _text(question, rows)


def document(
    question: Question, values: Mapping[str, Value], rows: Sequence[Answer]
) -> dict[str, object]:
    """The whole answer as JSON; levels among the values are numbers, 0 for none to 5 for full."""
    return {
        "report": "musicprov-answer/1",
        "question": question.name,
        "title": question.title,
        "answers": question.answers,
        "caveat": question.caveat,
        "parameters": dict(values),
        "columns": {name: said["means"] for name, said in question.columns.items()},
        "rows": list(rows),
    }


def _csv(question: Question, rows: Sequence[Answer]) -> Iterator[str]:
    """RFC 4180; a text that a spreadsheet program would run is no formula (SHT-013)."""
    for cells in (list(question.columns), *([_cell(v) for v in row.values()] for row in rows)):
        line = io.StringIO()
        csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\r").writerow(cells)
        yield line.getvalue()


def _cell(value: Value) -> str:
    if isinstance(value, str):
        return harmless("".join(c if c.isprintable() else "\ufffd" for c in value))
    return _plain(value)


def _plain(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _text(question: Question, rows: Sequence[Answer]) -> Iterator[str]:
    """A table, every foreign text escaped; numbers to the right."""
    names = list(question.columns)
    lines = [names, *([shown(_plain(value), _WIDEST) for value in row.values()] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(names))]
    right = [question.columns[name]["kind"] == "integer" for name in names]
    for line in lines:
        cells = (
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(line, widths, right, strict=True)
        )
        yield "  ".join(cells).rstrip()


def listed(questions: Sequence[Question]) -> Iterator[str]:
    """What can be asked: name, title, what it answers, parameters with defaults, caveat."""
    for one in questions:
        yield one.name
        yield f"  {one.answers}"
        for name, said in one.parameters.items():
            yield f"  --param {name}={said['default']}: {said['means']}"
        yield f"  Note: {one.caveat}"
