"""Charts and sources made to do harm, through the command line: nothing runs, codes are right."""

import csv
import io
import json
import os
import subprocess
import sys
import time

import openpyxl
import pytest

from support.browser import browser
from support.command import prov
from support.speed import slower

MIB = 1 << 20
FULL = os.environ.get("MUSICPROV_TEST_FULL") == "1"
RUN = "window.__ran=1"
SCRIPT = f"<script>{RUN}</script>"
HOSTILE = [
    f'{SCRIPT}<img src=x onerror="{RUN}"><svg onload="{RUN}">',
    f"</title></style></script></textarea>{SCRIPT}",
    f"\"'><a href=\"javascript:{RUN}\" onclick='{RUN}'>x</a>",
    "\u202egnos\u202c \u2066\u200b\ufeffA\x1b[31mB\x07",
    "{{ 7*7 }}{% include '/etc/passwd' %}${7*7}",
    "@SUM(1+1)|cmd",
    "]]>--></svg><iframe srcdoc='" + SCRIPT.replace("'", "") + "'>",
    "javascript:" + RUN,
]
"""What may stand in any cell, each as title, artist and label."""
TOUCH = """document.querySelectorAll('*').forEach(e => {
    if (e.tagName === 'DETAILS') e.open = true;
    for (const what of ['mouseover', 'focus', 'error', 'load']) e.dispatchEvent(new Event(what));
    if (!e.closest('[href]')) e.dispatchEvent(new Event('click'));
})"""
"""A reader who points at everything, and opens what can be opened."""
FORMULA = '=HYPERLINK("https://example.invalid/","pay")'


def chart(path, rows, encoding="utf-8"):
    """A chart in CSV as a program would write it."""
    text = io.StringIO()
    csv.writer(text).writerows([["rank", "title", "artist", "label", "isrc"], *rows])
    path.write_bytes(text.getvalue().encode(encoding, "surrogatepass"))
    return path


def rows(texts=HOSTILE):
    return [[n, t, t, t, f"QZZZZ25{n:05}"] for n, t in enumerate(texts, 1)]


def head(folder):
    """The report without its entries' text, and the terminal's part of it."""
    return json.loads((folder / "report/report.json").read_bytes())


def audit(place, path, *more, expect=0, timeout=120):
    return prov(
        place, "audit", path, "--week", "2025-11-08", "--unsigned", "--no-pdf", "--out", "report",
        *more, expect=expect, timeout=timeout * slower(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def harmed(tmp_path_factory):
    """The report of a chart, a detector's table and a crowd list that are all hostile."""
    place = tmp_path_factory.mktemp("hostile")
    lines = [*rows(), [9, FORMULA, "A", "B", "QZZZZ2500009"], [10, "x" * (10 * MIB), "A", "B", ""],
             [11, "Last", "A", "B", "QZZZZ2500011"]]  # fmt: skip
    chart(place / f"{SCRIPT.replace('/', '')}.csv", lines)
    detector = io.StringIO()
    csv.writer(detector).writerows(
        [["tool", "version", "score", "date", "isrc", "verdict"],
         *([t, t, "0.99", "2025-11-09", f"QZZZZ25{n:05}", t] for n, t in enumerate(HOSTILE, 1))]
    )  # fmt: skip
    (place / "scores.csv").write_text(detector.getvalue(), encoding="utf-8")
    people = [{"id": f"a{n}", "name": t, "removed": False, "notes": t, "disclosure": t}
              for n, t in enumerate(HOSTILE)]  # fmt: skip
    listed = {"list": SCRIPT, "licence": SCRIPT, "artists": people}
    (place / "list.json").write_text(json.dumps(listed), encoding="utf-8")
    begin = time.monotonic()
    done = audit(
        place, place / f"{SCRIPT.replace('/', '')}.csv", "--detector", "scores.csv",
        "--crowd-list", "list.json", "--rules", "norway", "--title", SCRIPT, "--auditor", HOSTILE[1],
    )  # fmt: skip
    return place, done, time.monotonic() - begin


@pytest.mark.requirement("AUD-003")
@pytest.mark.requirement("AUD-004")
def test_a_hostile_chart_is_audited_and_what_is_wrong_is_named_by_row(harmed):
    place, done, seconds = harmed
    found = head(place)

    named = {(p["row"], p["rule"]) for p in found["problems"]}

    assert (10, "chart.formula") in named
    assert any(row == 11 for row, _ in named)
    assert [e["title"] for e in found["entries"] if e["rank"] == 11] == ["Last"]
    assert (place / "report/report.json").stat().st_size < MIB
    assert seconds < 60
    assert not {c for c in done.stdout + done.stderr if ord(c) < 32} - {"\n"}
    assert "\u202e" not in done.stdout + done.stderr


@pytest.mark.requirement("AUD-012")
@pytest.mark.requirement("AUD-072")
def test_no_cell_of_the_table_is_a_formula_nor_turns_the_text(harmed):
    place, _, _ = harmed
    text = (place / "report/entries.csv").read_text(encoding="utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]

    assert [c for c in cells if c[:1] in set("=+-@\t\r")] == []
    assert not {"\u202e", "\u2066", "\u200b", "\x1b", "\x07"} & set(text)


@pytest.mark.slow
@pytest.mark.requirement("AUD-061")
@pytest.mark.requirement("AUD-063")
def test_nothing_executes_in_any_page_of_it(harmed):
    place, _, _ = harmed
    pages = sorted((place / "report").rglob("*.html"))
    assert len(pages) > len(HOSTILE)

    with browser() as page:
        for path in pages:
            page.open(path)
            page.run(TOUCH)
            assert page.run("typeof window.__ran") == "undefined", path.name
            assert page.run("document.querySelectorAll('iframe, object, img[src]').length") == 0
            inside = "[...document.querySelectorAll('[href]')].map(a => a.getAttribute('href'))"
            assert [h for h in page.run(inside) if ":" in h] == [], path.name
        assert page.complaints == []
        assert [url for url in page.requests if not url.startswith("file:")] == []


@pytest.mark.slow
def test_a_page_shows_the_hostile_title_as_it_stands(harmed):
    place, _, _ = harmed
    with browser() as page:
        page.open(place / "report/exhibits/0001.html")

        assert page.run("document.querySelector('h1').textContent") == HOSTILE[0]


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("utf-16", "Räksmörgås 東京"),
        ("utf-16-be", "Räksmörgås 東京"),
        ("utf-8-sig", "Räksmörgås 東京"),
        ("cp1252", "Räksmörgås"),
    ],
)
@pytest.mark.requirement("AUD-001")
def test_encodings_that_programs_save(tmp_path, encoding, title):
    path = chart(tmp_path / "chart.csv", rows([title]), encoding)
    if encoding == "utf-16-be":
        path.write_bytes(b"\xfe\xff" + path.read_bytes())

    done = audit(tmp_path, path, "--no-letters", "--no-archive")

    assert [e["title"] for e in head(tmp_path)["entries"]] == [title]
    assert ("Windows-1252" in done.stdout) is (encoding == "cp1252")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "chart.empty"),
        (b"\x00\xff" * 5_000, "chart."),
        (b"PK\x03\x04" + bytes(500), "chart."),
        (b"<html><body>rank,title,artist</body></html>", "chart.unreadable"),
        (b"rank,title,artist\n", "chart.empty"),
        (b"one,two\n1,2\n", "chart.columns-missing"),
    ],
)
@pytest.mark.requirement("AUD-005")
def test_what_is_no_chart_is_refused_in_one_line_and_leaves_nothing(tmp_path, data, rule):
    (tmp_path / "chart.csv").write_bytes(data)

    done = audit(tmp_path, "chart.csv", expect=1)

    assert f"[{rule}" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    assert {p.name for p in tmp_path.iterdir()} <= {"chart.csv", "home"}


@pytest.mark.requirement("AUD-004")
def test_formulas_and_macros_words_of_a_workbook_do_not_run(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["rank", "title", "artist", "isrc"], [1, FORMULA, "A", "QZZZZ2500001"],
                [2, "=1+1", '=DDE("cmd";"/C calc")', "QZZZZ2500002"]):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "chart.xlsx")

    audit(tmp_path, "chart.xlsx", "--no-letters", "--no-archive")

    found = head(tmp_path)
    assert [(e["title"], e["artist"]) for e in found["entries"]] == [("", "A"), ("", "")]
    assert {p["rule"] for p in found["problems"]} >= {"chart.formula", "chart.title-missing"}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "darwin", reason="a name there is always UTF-8")
def test_names_that_are_no_text_are_written_out(tmp_path):
    """A chart and a table whose names no text file can hold; the archive gives the same again."""
    name, table = os.fsdecode(b"\xe9.csv"), os.fsdecode(b"\xff.csv")
    chart(tmp_path / name, rows(["Song"]))
    (tmp_path / table).write_text(
        "isrc,score,tool,version,date\nQZZZZ2500001,0.95,T,1,2025-11-09\n"
    )

    audit(tmp_path, name, "--detector", table, "--no-letters")

    found = head(tmp_path)
    assert found["audit"]["title"] == "\\xe9"
    assert [one["name"] for one in found["inputs"]] == ["\\xe9.csv", "\\xff.csv"]
    again = prov(tmp_path, "audit", "rerun", "report/archive.zip")
    assert "the same" in again.stdout
    told = audit(tmp_path, name, "--title", os.fsdecode(b"\xe9"), "--out", "other", expect=2)
    assert "--title" in told.stderr
    assert not (tmp_path / "other").exists()


@pytest.mark.requirement("AUD-058")
def test_an_unknown_rule_is_told_of_before_any_file_is_read(tmp_path):
    for more in (("--rules", "nowhere"), ("--rules", "norway", "--set", "norway.x=1")):
        told = audit(tmp_path, "gone.csv", "--trust", "gone.json", *more, expect=2)

        assert "gone" not in told.stderr


@pytest.mark.skipif(not FULL, reason="a million rows take minutes: MUSICPROV_TEST_FULL=1")
@pytest.mark.requirement("AUD-002")
def test_a_million_rows_are_read_in_memory_that_does_not_grow(tmp_path):
    """The peak of a process over a tenth of the rows, and over all."""
    peaks = {}
    for count in (100_000, 1_000_000):
        path = tmp_path / f"{count}.csv"
        with path.open("w", encoding="utf-8") as out:
            out.write("rank,title,artist,isrc,week\n")
            for n in range(count):
                at = f"20{n // 50_000:02}-01-{n // 5_000 % 10 + 10}"
                out.write(f"{n % 5_000 + 1},Song {n % 500},Artist,QZZZZ25{n % 500:05},{at}\n")
        script = (
            "import sys\nfrom provenance.cli.main import main\n"
            "try:\n    main()\nfinally:\n"  # getrusage counts the memory of who started it
            "    status = open('/proc/self/status').read()\n"
            "    print(status.partition('VmHWM:')[2].split()[0], file=sys.stderr)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, "audit", path.name, "--unsigned", "--no-pdf",
             "--no-archive", "--no-letters", "--out", f"report-{count}"],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=7_200,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        peaks[count] = int(done.stderr.split()[-1])
    assert peaks[1_000_000] < peaks[100_000] * 1.5, peaks
