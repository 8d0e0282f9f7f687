"""The entries as CSV (spec 25.6)."""

import csv

import pytest
from provenance.audit.rendering.tables import write_csv

from support import audits
from support.audits import sample


def read(report, tmp_path):
    write_csv(report, tmp_path / "entries.csv")
    data = (tmp_path / "entries.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n")
    text = data.decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines(keepends=True)))


@pytest.mark.requirement("AUD-072")
def test_each_entry_has_a_row_in_order(tmp_path):
    report = sample(30, 3)
    rows = read(report, tmp_path)
    entries = list(report.entries())
    assert len(rows) == len(entries) > 60
    for row, entry in zip(rows, entries, strict=True):
        known = {"week": entry["week"], "rank": "" if entry["rank"] is None else str(entry["rank"]),
                 "isrc": entry["isrc"] or "", "state": entry["state"], "flags": " ".join(entry["flags"]),
                 "exhibit": str(entry["exhibit"]), "row": str(entry["row"]), "problems": " ".join(entry["problems"])}  # fmt: skip
        assert {k: row[k] for k in known} == known
        judged = "rulesNamesDiffer" if "namesDiffer" in entry["flags"] else "rules"
        rules = {p["profile"]: p["outcome"] for p in report.exhibit(entry["exhibit"])[judged]}
        assert {name: row[name] for name in audits.PROFILES} == rules


@pytest.mark.requirement("AUD-072")
@pytest.mark.parametrize(
    "text",
    [audits.HOSTILE_LABEL, "+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\uff1dx", "  =1", "a;=1"],
)
def test_nothing_in_a_cell_is_run(tmp_path, text):
    report = sample()
    entries = [{**e, "title": text, "artist": text} for e in report.entries()]
    row = read(audits.Sample(report.head, entries, list(report.exhibits())), tmp_path)[0]
    for cell in (row["title"], row["artist"]):
        assert not any(
            part.lstrip(" ")[:1] in set("=+-@\uff1d") for part in cell.replace("\t", ";").split(";")
        )
        assert cell.replace("'", "") == text.replace("'", "")


@pytest.mark.requirement("AUD-072")
def test_a_harmless_cell_stays_as_it_is(tmp_path):
    rows = read(sample(), tmp_path)
    assert [r["title"] for r in rows[:3]] == ["Grind of the Prairie", "Vinterljus", "Aurora Drive"]
    assert rows[11]["label"] == "'" + audits.HOSTILE_LABEL
    assert rows[10]["artist"] == "فيروز الجديدة"


def test_control_characters_and_lines_do_not_get_in(tmp_path):
    report = sample()
    entries = [
        {**e, "title": "a\r\n=1\u0000\u202e\ud800", "label": "x" * 40_000} for e in report.entries()
    ]
    row = read(audits.Sample(report.head, entries, list(report.exhibits())), tmp_path)[0]
    assert row["title"] == "a\ufffd\ufffd=1\ufffd\ufffd\ufffd"
    assert len(row["label"]) == 32_000
