"""Charts that somebody made to do harm: nothing runs, time and memory are bounded (spec 25.2)."""

import io
import os
import time
import tracemalloc
import unicodedata
import zipfile
from types import SimpleNamespace

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from provenance.audit.charts.reading import read_chart
from provenance.audit.model import Entry, Problem
from provenance.model.errors import RefusedError
from provenance.sheets import tables

from support import speed

HEADER = "Pos,Title,Artist,ISRC\n"
FULL = os.environ.get("MUSICPROV_TEST_FULL") == "1"
MIB = 1 << 20
BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def asked(week="2025-11-08"):
    return SimpleNamespace(columns={}, week=week)


def saved(tmp_path, data):
    path = tmp_path / "chart.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def read(path):
    found = list(read_chart(path, 1, asked()).rows)
    entries = [one for one in found if isinstance(one, Entry)]
    return entries, [(p.row, p.rule, p.value) for p in found if isinstance(p, Problem)]


def refusal(path):
    with pytest.raises(RefusedError) as error:
        read(path)
    return error.value.rule


def row(rank, title="T"):
    return f"{rank},{title},A,SEABC25{rank:05}\n"


def peak_of(work):
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.requirement("AUD-004")
@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("http://x.invalid","y")',
        "= SUM(A1)",
        "＝A1",
        "==x",
    ],
)
def test_formulas_in_csv_are_told_and_never_values(tmp_path, text):
    quoted = text.replace('"', '""')

    entries, problems = read(saved(tmp_path, f'{HEADER}1,"{quoted}",A,SEABC2500001\n'))

    assert entries[0].title == ""
    assert problems[0] == (2, "chart.formula", f"title: {text}")


@pytest.mark.requirement("AUD-004")
def test_formulas_in_xlsx_are_told_and_never_values(tmp_path):
    book = openpyxl.Workbook()
    for cells in (
        HEADER.strip().split(","),
        ["=1+1", "=B9", "A", "SEABC2500001"],
        [2, "T", "#N/A", "SEABC2500002"],
    ):
        book.active.append(cells)
    book.save(tmp_path / "x.xlsx")

    entries, problems = read(tmp_path / "x.xlsx")

    assert [(e.rank, e.title, e.artist) for e in entries] == [(None, "", "A"), (2, "T", "")]
    assert problems == [
        (2, "chart.formula", "title: =B9"),
        (2, "chart.formula", "rank: =1+1"),
        (2, "chart.title-missing", "SEABC2500001"),
        (3, "chart.text-damaged", "artist: #N/A"),
        (3, "chart.artist-missing", "SEABC2500002"),
        (None, "chart.rank-gap", "2025-11-08: 1"),
    ]


@pytest.mark.parametrize(
    "text", ["=", "÷", "-", "+44", "@you", "=1", "<b>x</b>", "&amp;", "{{7*7}}", "%s%n", "../../x"]
)
def test_texts_that_only_look_odd_stay_as_they_are(tmp_path, text):
    entries, problems = read(saved(tmp_path, f"{HEADER}1,{text},A,SEABC2500001\n"))

    assert (entries[0].title, problems) == (text, [])


@pytest.mark.requirement("AUD-012")
@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("a\u202egnp.exe", "agnp.exe"),
        ("a\u2066b\u2069", "ab"),
        ("a\x00b", "ab"),
        ("a\x1b[31mb", "a[31mb"),
        ("a\u200bb", "ab"),
        ("a\u00adb", "ab"),
        ("\ufeffab", "ab"),
        ("a\U000e0041b", "ab"),
    ],
)
def test_what_nobody_sees_is_taken_out_and_told(tmp_path, text, title):
    entries, problems = read(saved(tmp_path, f"{HEADER}1,{text},A,SEABC2500001\n"))

    assert entries[0].title == title
    assert [(n, rule) for n, rule, _ in problems] == [(2, "chart.text-changed")]
    assert problems[0][2].isprintable()


@pytest.mark.requirement("AUD-012")
@pytest.mark.parametrize("text", ["Beyonc\u00c3\u00a9", "Bj\ufffdrk", "it\u00e2\u20ac\u2122s"])
def test_texts_that_lost_characters_are_told(tmp_path, text):
    entries, problems = read(saved(tmp_path, f"{HEADER}1,{text},A,SEABC2500001\n"))

    assert entries[0].title == text
    assert problems == [(2, "chart.text-damaged", text)]


@pytest.mark.requirement("AUD-012")
@pytest.mark.parametrize(
    "text",
    [
        "Beyonc\u00e9",
        "\u0645\u0631\u062d\u0628\u0627",
        "\u6771\u4eac",
        "e\u0301",
        "\U0001f469\u200d\U0001f3a4",
        "It\u2019s",
    ],
)
def test_names_of_all_languages_are_no_problem(tmp_path, text):
    entries, problems = read(saved(tmp_path, f"{HEADER}1,{text},A,SEABC2500001\n"))

    assert entries[0].title == text.replace("e\u0301", "\u00e9")
    assert problems == []


@pytest.mark.requirement("AUD-003")
@pytest.mark.parametrize(
    "bad",
    [
        "x" * (10 * MIB),
        '"' + "x" * (10 * MIB) + '"',
        "x" * 200_000,
        '"' + "x\n" * 50 + '"',
        '"never closed',
        ",".join('"\n"' for _ in range(400)),
        "," * (2 * MIB),
    ],
    ids=[
        "10 MB",
        "10 MB quoted",
        "200 kB",
        "50 lines",
        "open quote",
        "many lines",
        "many cells",
    ],
)
def test_a_row_that_cannot_be_read_takes_no_other_with_it(tmp_path, bad):
    path = saved(tmp_path, HEADER + row(1) + f"2,{bad},A,SEABC2500002\n" + row(3) + row(4))

    made = []
    peak = peak_of(lambda: made.append(read(path)))
    entries, problems = made[0]

    assert [e.rank for e in entries] == [1, 3, 4]
    assert (3, "chart.row-unreadable", "line 3") in problems
    assert peak < 24 * MIB


@pytest.mark.requirement("AUD-003")
def test_quotation_marks_that_are_never_closed_cost_little(tmp_path):
    path = saved(tmp_path, HEADER + row(1) + "".join(f'2,"T{n},A,B\n' for n in range(20_001)))

    with speed.under(10):
        entries, problems = read(path)

    assert len(entries) == 1 or all("\n" not in e.title for e in entries)
    assert len(problems) > 9_000


def test_what_is_binary_is_refused_or_told(tmp_path):
    path = saved(tmp_path, bytes(range(256)) * 4000)

    assert refusal(path) in {"chart.columns-missing", "chart.empty", "chart.unreadable"}


@pytest.mark.requirement("AUD-002")
def test_a_chart_that_is_too_large_is_refused_at_once(tmp_path, monkeypatch):
    path = tmp_path / "large.csv"
    path.write_text(HEADER + row(1))
    os.truncate(path, tables.MAX_BYTES + 1)  # a sparse file

    assert refusal(path) == "chart.too-large"
    monkeypatch.setattr("provenance.audit.charts.reading.MAX_ROWS", 3)
    assert refusal(saved(tmp_path, HEADER + "".join(map(row, range(1, 5))))) == "chart.too-large"
    assert len(read(saved(tmp_path, HEADER + "".join(map(row, range(1, 4)))))[0]) == 3


# workbooks


def workbook(tmp_path, change):
    """A chart as XLSX whose parts were changed: name and bytes to bytes."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    for cells in (HEADER.strip().split(","), [1, "T", "A", "SEABC2500001"]):
        book.active.append(cells)
    book.save(out)
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(tmp_path / "x.xlsx", "w", 8) as new:
        for name in old.namelist():
            with new.open(name, "w", force_zip64=True) as part:
                for block in change(name, old.read(name)):
                    part.write(block)
    return tmp_path / "x.xlsx"


SHEET = "xl/worksheets/sheet1.xml"


def inside(data, more):
    before, _, after = data.partition(b"</sheetData>")
    return [before, *more, b"</sheetData>" + after]


def test_the_workbook_of_these_tests_is_read(tmp_path):
    entries, problems = read(workbook(tmp_path, lambda _, data: [data]))

    assert ([e.title for e in entries], problems) == (["T"], [])


@pytest.mark.requirement("AUD-002")
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "[Content_Types].xml"])
def test_entities_are_refused(tmp_path, part):
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'

    path = workbook(
        tmp_path,
        lambda name, data: [bomb, data.partition(b"?>")[2] or data] if name == part else [data],
    )

    assert refusal(path) == "chart.unreadable"


@pytest.mark.slow
@pytest.mark.requirement("AUD-002")
@pytest.mark.parametrize(
    ("part", "more"),
    [
        (SHEET, lambda: (b" " * MIB for _ in range(140))),
        ("xl/styles.xml", lambda: (b" " * MIB for _ in range(40))),
        (
            SHEET,
            lambda: (
                b"<row r='3'><c t='inlineStr'><is><t>",
                *(b"x" * MIB for _ in range(40)),
                b"</t></is></c></row>",
            ),
        ),
        (SHEET, lambda: (b"<row r='3'/>", *(b"<!--</row>-->" * 80_000 for _ in range(40)))),
        (SHEET, lambda: (b"<row r='3'>", b"<c r='XFD3'/>" * 3_000_000, b"</row>")),
    ],
    ids=["bomb", "large part", "large cell", "comments", "large row"],
)
def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, part, more):
    path = workbook(tmp_path, lambda name, data: inside(data, more()) if name == part else [data])

    assert path.stat().st_size < MIB
    with speed.under(15):
        assert peak_of(lambda: refusal(path)) < 64 * MIB
        assert refusal(path) == "chart.too-large"


@pytest.mark.requirement("AUD-002")
def test_a_large_part_that_is_a_worksheet_and_something_else_is_refused(tmp_path):
    def change(name, data):
        if name == "[Content_Types].xml":
            other = b'<Override PartName="/%s" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
            return [data.replace(b"</Types>", other % SHEET.encode() + b"</Types>")]
        rows = (b"<row><c><v>1</v></c></row>" * 40_000 for _ in range(40))
        return inside(data, rows) if name == SHEET else [data]

    assert refusal(workbook(tmp_path, change)) == "chart.too-large"


@pytest.mark.requirement("AUD-002")
def test_a_row_or_column_far_away_is_refused_soon(tmp_path):
    far = [b"<row r='%d'><c r='XFD%d' t='str'><v>x</v></c></row>" % (n, n) for n in range(3, 400)]
    path = workbook(tmp_path, lambda name, data: inside(data, far) if name == SHEET else [data])

    with speed.under(15):
        assert refusal(path) == "chart.too-large"


# long charts


def long_chart(path, rows, weeks=1):
    each = rows // weeks
    with path.open("w", encoding="utf-8") as out:
        out.write("Week,Pos,Title,Artist,ISRC,Label,UPC,LW,WOC\n")
        for n in range(rows):
            week = f"20{n // each % 90 + 10}-{n // each // 90 % 12 + 1:02}-01"
            out.write(
                f"{week},{n % each + 1},Title {n},Artist {n % 977},SEA{n % 97:02}{n:07},Label {n % 31},,{n % 40},3\n"
            )
    return path


def count_of(path):
    return sum(isinstance(one, Entry) for one in read_chart(path, 1, asked()).rows)


@pytest.mark.requirement("AUD-002")
def test_memory_does_not_grow_with_the_rows(tmp_path):
    short, long = (long_chart(tmp_path / f"{n}.csv", n) for n in (1_000, 5_000))

    count_of(short)
    first, second = peak_of(lambda: count_of(short)), peak_of(lambda: count_of(long))

    assert second < first + 2 * MIB


@pytest.mark.skipif(not FULL, reason="a million rows: MUSICPROV_TEST_FULL=1")
@pytest.mark.parametrize("weeks", [1, 520])
def test_a_million_rows_are_read_in_bounded_time_and_memory(tmp_path, weeks):
    import resource

    path = long_chart(tmp_path / "million.csv", 1_000_000, weeks)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()

    assert count_of(path) >= 999_000
    seconds = time.process_time() - start
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"{weeks} weeks: {seconds:.1f} s, {grown / 1024:.0f} MiB more")
    assert seconds < 120
    assert grown < 64 * 1024


@pytest.mark.slow
@given(
    data=st.binary(max_size=600) | st.text(max_size=400).map(lambda t: t.encode("utf-8", "replace"))
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_at_all_break_the_reading(tmp_path, data):
    for chart in (
        data,
        HEADER.encode() + data,
        HEADER.encode() + b'1,"' + data + b'",A,B\n',
        b"PK\x03\x04" + data,
    ):
        path = saved(tmp_path, chart)
        try:
            entries, problems = read(path)
        except RefusedError:
            continue
        for one in entries:
            text = one.title + one.artist
            assert not {unicodedata.category(c) for c in text} & {"Cc", "Zl", "Zp", "Cs"}
            assert not set(text) & BIDI
            assert one.isrc is None or len(one.isrc) == 12
        assert all(len(value) <= 200 for _, _, value in problems)
