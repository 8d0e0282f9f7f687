"""The limits of the text are those of the code."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from provenance.model.limits import DEFAULT_LIMITS, Limits

PAGE = Path(__file__).resolve().parents[3] / "spec" / "10-security.md"
ROW = re.compile(r"^\| `([a-z0-9_]+)` \| ([0-9]+) \| ([a-z]+) \|", re.MULTILINE)


@pytest.mark.requirement("SEC-001")
def test_the_table_has_exactly_the_limits_of_the_record_with_their_values():
    table = {name: int(value) for name, value, _ in ROW.findall(PAGE.read_text(encoding="utf-8"))}

    assert table == {f.name: getattr(DEFAULT_LIMITS, f.name) for f in fields(Limits)}


def test_a_unit_in_a_name_is_the_unit_of_the_table():
    for name, _, unit in ROW.findall(PAGE.read_text(encoding="utf-8")):
        for word in ("bytes", "seconds"):
            assert (word in name) == (unit == word), name
