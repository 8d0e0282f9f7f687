"""The report as JSON: one document, and one for each exhibit (spec 25.6).

Entries and exhibits stand one to a line, so that the document can be written, compared and gone
through line by line however many there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

from provenance.audit.report import AuditReport

EXHIBITS = "exhibits"


def line(value: Any) -> str:
    """One JSON value on one line; the same bytes wherever it is written."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ": "))


def exhibit_name(number: int) -> str:
    """How the files of an exhibit are named, without a suffix: ``0001``."""
    return f"{number:04}"


def write_report(report: AuditReport, path: Path) -> None:
    """Write ``report.json`` (``audit.schema.json``)."""
    with path.open("x", encoding="utf-8", newline="\n") as out:
        out.write("{\n")
        for member, value in report.head.items():
            out.write(f"{line(member)}: {line(value)},\n")
        _many(out, "entries", report.entries())
        out.write(",\n")
        _many(out, "exhibits", report.exhibits())
        out.write("\n}\n")


def _many(out: TextIO, member: str, values: Iterable[Mapping[str, Any]]) -> None:
    out.write(f"{line(member)}: [")
    out.writelines(f"{',' if place else ''}\n{line(value)}" for place, value in enumerate(values))
    out.write("\n]")


def write_exhibits(report: AuditReport, folder: Path) -> None:
    """Write ``exhibits/NNNN.json``, one file an exhibit (``audit-exhibit.schema.json``)."""
    place = folder / EXHIBITS
    place.mkdir(exist_ok=True)
    for one in report.exhibits():
        text = json.dumps(one, ensure_ascii=False, indent=2) + "\n"
        name = f"{exhibit_name(one['exhibit'])}.json"
        (place / name).write_text(text, encoding="utf-8", newline="\n")
