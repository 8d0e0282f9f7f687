"""Sheets as people and their programs save them (spec 22.1): read, or refused by name."""

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace
from unittest import mock

import openpyxl
import pytest
from provenance.model.errors import RefusedError
from provenance.sheets import reading, workbooks
from provenance.sheets.cells import value_of
from provenance.sheets.columns import column, columns
from provenance.sheets.writing import write_sheet

NAMES = [c.name for c in columns()]
PLAIN = "file,title\r\na.flac,S\u00f6ng\r\nb.flac,Two\r\n"


def read(tmp_path, data, name="sheet.csv"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return reading.read_sheet(path)


def texts(table):
    return [(r.number, {n: c.text for n, c in r.cells.items()}) for r in table.rows]


def refused(tmp_path, data, name="sheet.csv"):
    with pytest.raises(RefusedError) as error:
        read(tmp_path, data, name)
    return error.value.rule


@pytest.mark.requirement("SHT-001")
@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.replace("\r\n", "\n").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        ("sep=;\r\n" + PLAIN.replace(",", ";")).encode("utf-8-sig"),
        PLAIN.replace(",", "\t").encode("utf-16"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.replace("a.flac", '"a.flac"').replace("title", '"title"').encode(),
        PLAIN.replace("file,title", "File Name,TRACK_TITLE").encode(),
        PLAIN.replace("\r\n", ",,,\r\n").encode(),
        PLAIN.removesuffix("\r\n").encode(),
    ],
    ids=range(14),
)
def test_a_csv_is_read_however_it_was_saved(tmp_path, data):
    table = read(tmp_path, data)

    hint = data.startswith(b"\xef\xbb\xbfsep")
    assert texts(table) == [
        (2 + hint, {"file": "a.flac", "title": "S\u00f6ng"}),
        (3 + hint, {"file": "b.flac", "title": "Two"}),
    ]
    assert table.notes == ()


def test_what_is_not_utf_8_is_read_as_windows_1252_and_says_so(tmp_path):
    table = read(tmp_path, PLAIN.encode("cp1252"))

    assert table.rows[0].cells["title"].text == "S\u00f6ng"
    assert "Windows-1252" in table.notes[0]


def test_rows_keep_their_numbers_over_blank_lines(tmp_path):
    data = "\r\n\r\nfile,title\r\n\r\na.flac,A\r\n,\r\n , \r\nb.flac,B\r\n\r\n"

    assert [n for n, _ in texts(read(tmp_path, data))] == [5, 8]


def test_a_row_may_take_what_the_one_above_has_but_not_its_file(tmp_path):
    data = 'file,title,label\na,T,L\nb,"""",""""\nc,x,same as above\n'

    rows = [cells for _, cells in texts(read(tmp_path, data))]

    assert [r["label"] for r in rows] == ["L", "L", "L"]
    assert rows[1]["title"] == '"'


@pytest.mark.requirement("SHT-003")
@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ("", "sheet.no-file-column"),
        ("\r\n\r\n", "sheet.no-file-column"),
        ("title,isrc\nA,B\n", "sheet.no-file-column"),
        ("file,title,Title\na,A,B\n", "sheet.column-twice"),
        ("file,path\na,b\n", "sheet.column-twice"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR", "sheet.unreadable"),
        (b"\xff\xfe\x00", "sheet.unreadable"),
        (b"fi\x00le,title\n", "sheet.unreadable"),
        (b"PK\x03\x04 and then nothing", "sheet.unreadable"),
    ],
    ids=range(9),
)
def test_what_is_no_table_of_files_is_refused_by_name(tmp_path, data, rule):
    assert refused(tmp_path, data) == rule


@pytest.mark.requirement("SHT-004")
def test_a_renamed_column_is_refused_and_its_old_name_suggested(tmp_path):
    data = "file,title,leadVocal\na.flac,A,full\n"

    with pytest.raises(RefusedError) as error:
        read(tmp_path, data)

    assert error.value.rule == "sheet.column-unknown"
    assert "'leadVocals'" in error.value.hint


@pytest.mark.requirement("SHT-004")
def test_a_tool_too_many_is_not_taken_for_another_s_name(tmp_path):
    header = ",".join(n for n in NAMES if n != "tool3")

    hints = {}
    for name in ("tool4", "tool"):
        with pytest.raises(RefusedError) as error:
            read(tmp_path, f"{header},{name}\na.flac{',x' * (len(NAMES) - 1)}\n")
        hints[name] = error.value.hint

    assert hints == {
        "tool4": "Begin its name with # to have it passed over.",
        "tool": "If it is 'tool3', give it this name back. "
        "Begin its name with # to have it passed over.",
    }


@pytest.mark.requirement("SHT-005")
def test_columns_that_are_passed_over_are_named_unless_they_say_so_themselves(tmp_path):
    header = ",".join([*NAMES, "tool4", "tool4Areas", "#mine", "empty"])
    row = "a.flac" + "," * len(NAMES) + "SecretGPT,lyrics,x,"

    table = read(tmp_path, f"{header}\n{row}\n")

    assert len(table.notes) == 1
    assert "'tool4', 'tool4Areas': what stands there is passed over" in table.notes[0]


@pytest.mark.requirement("SHT-005")
def test_of_many_columns_that_are_passed_over_a_few_are_named(tmp_path):
    header = ",".join([*NAMES, *(f"c{n}" for n in range(9))])

    table = read(tmp_path, f"{header}\na.flac{',x' * (len(NAMES) + 8)}\n")

    assert "'c4' and 4 more" in table.notes[0]


@pytest.mark.requirement("SHT-005")
def test_a_column_without_a_name_is_told_as_that(tmp_path):
    values = ",x" * len(NAMES)

    noted = read(tmp_path, f"{','.join(NAMES)},\na.flac{values}\n").notes[0]
    with pytest.raises(RefusedError, match="a column with values has no name"):
        read(tmp_path, "file,title,\na.flac,A,x\n")

    assert noted.startswith("A column with values has no name: what stands there is passed over")


@pytest.mark.requirement("SHT-004")
@pytest.mark.parametrize(
    "header",
    ["file,title,#notes", ",".join([*NAMES, "notes"])],
    ids=["begins with #", "none is missing"],
)
def test_columns_of_ones_own_are_passed_over(tmp_path, header):
    width = header.count(",")
    table = read(tmp_path, f"{header}\na.flac{',x' * width}\n")

    assert "notes" not in "".join(table.columns)
    assert table.rows[0].cells["title"].text == "x"


def test_an_empty_column_of_ones_own_is_passed_over(tmp_path):
    assert read(tmp_path, "file,title,notes\na.flac,A,\n").columns == ("file", "title")


@pytest.mark.requirement("SHT-002")
def test_a_sheet_beyond_the_limits_is_refused(tmp_path):
    many = "file\n" + "a\n" * 10_001
    wide = "file," + ",".join(f"#{n}" for n in range(200)) + "\na\n"
    large = b"file\n" + b"a" * (16 * 1024 * 1024)

    assert [refused(tmp_path, d) for d in (many, wide, large)] == ["sheet.too-large"] * 3
    assert len(read(tmp_path, "file\n" + "a\n" * 10_000).rows) == 10_000


@pytest.mark.requirement("SHT-010")
def test_a_formula_in_a_csv_is_seen(tmp_path):
    table = read(tmp_path, 'file,title\na,=A1\nb," =HYPERLINK(""x"")"\nc,-x\nd,\'=x\n')

    assert [r.cells["title"].form for r in table.rows] == ["formula", "formula", "text", "text"]


def workbook(tmp_path, rows, change=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change is not None:
        change(book)
    path = tmp_path / "sheet.xlsx"
    book.save(path)
    return path


@pytest.mark.requirement("SHT-010")
@pytest.mark.requirement("SHT-011")
def test_what_a_program_made_of_a_cell_is_seen_in_xlsx(tmp_path):
    made = [
        ("1984", 1984),
        ("012345678905", 12345678905),
        ("0.75", 0.75),
        ("2026-03-04", dt.datetime(2026, 3, 4)),  # noqa: DTZ001 - cells have no zone
        ("12:30:00", dt.time(12, 30)),
        ("yes", True),
        ("=A1+1", "=A1+1"),
        ("#N/A", "#N/A"),
        ("text", "text"),
        ("", None),
    ]
    path = workbook(tmp_path, [["file", "title"], *[["a", value] for _, value in made]])

    table = reading.read_sheet(path)

    forms = ["number", "number", "number", "date", "date", "yesno", "formula", "error", "text"]
    assert [r.cells["title"].form for r in table.rows] == [*forms, "text"]
    assert table.rows[3].cells["title"].text == "2026-03-04"
    assert value_of(column("upc"), table.rows[1].cells["title"]) == made[1][0]
    assert value_of(column("releaseDate"), table.rows[3].cells["title"]) == "2026-03-04"


def test_the_worksheet_with_files_is_taken_wherever_it_stands(tmp_path):
    def change(book):
        other = book.create_sheet("Mine")
        other.append(["file", "title"])
        other.append(["a.flac", "A"])

    path = workbook(tmp_path, [["Dear colleague"], ["see the next worksheet"]], change)

    assert texts(reading.read_sheet(path)) == [(2, {"file": "a.flac", "title": "A"})]


def test_rows_of_a_workbook_keep_their_numbers(tmp_path):
    rows = [[], ["file", "title"], [None, None], ["a", "A"], [" "], ["b", "B"]]

    assert [n for n, _ in texts(reading.read_sheet(workbook(tmp_path, rows)))] == [4, 6]


def repacked(path, change):
    """The same workbook with its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>"""


@pytest.mark.requirement("SHT-002")
@pytest.mark.parametrize("head", [BOMB, EXTERNAL, BOMB.decode().encode("utf-16")], ids=range(3))
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_a_workbook_that_declares_entities_is_refused(tmp_path, head, part):
    path = workbook(tmp_path, [["file"], ["a"]])

    data = repacked(path, lambda n, d: head + d.partition(b"?>")[2] if n == part else d)

    assert refused(tmp_path, data, "x.xlsx") == "sheet.unreadable"


@pytest.mark.requirement("SHT-002")
def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path):
    path = workbook(tmp_path, [["file"], ["a"]])
    part = "xl/worksheets/sheet1.xml"

    data = repacked(path, lambda n, d: d + b" " * (64 << 20) if n == part else d)

    assert len(data) < 1 << 20
    assert refused(tmp_path, data, "x.xlsx") == "sheet.too-large"


@pytest.mark.requirement("SHT-002")
def test_a_row_far_beyond_the_last_is_refused_soon(tmp_path):
    path = workbook(tmp_path, [["file"], ["a"]])

    data = repacked(path, lambda _, d: d.replace(b'r="2"', b'r="4000000000"'))

    assert refused(tmp_path, data, "x.xlsx") == "sheet.too-large"


@pytest.mark.parametrize("cut", [100, 1000, -30])
def test_a_damaged_workbook_is_refused(tmp_path, cut):
    data = workbook(tmp_path, [["file"], ["a"]]).read_bytes()[:cut]

    assert refused(tmp_path, data, "x.xlsx") == "sheet.unreadable"


@pytest.mark.requirement("SHT-013")
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_what_is_written_is_read_back_to_the_same_text(tmp_path, suffix):
    hostile = ["=1+1", "-x", "@x", "+1", "'=x", "007", "1E5", "3/4", "#N/A", '"', "a;=b", "TRUE",
               "_x0041_", "http://x.example", "{=x}", "<b>&amp;", "same as above"]  # fmt: skip
    rows = [["a.flac", text, *[""] * (len(NAMES) - 2)] for text in hostile]
    path = tmp_path / f"sheet.{suffix}"

    write_sheet(path, "Tracks", columns(), rows)
    table = reading.read_sheet(path)

    assert [value_of(column("title"), r.cells["title"]) for r in table.rows] == hostile
    assert {r.cells["title"].form for r in table.rows} == {"text"}


def test_the_same_rows_give_the_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx", "a.csv", "b.csv"):
        write_sheet(tmp_path / name, "Tracks", columns(), [["a.flac", *[""] * (len(NAMES) - 1)]])

    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_workbook_has_lists_notes_text_cells_and_a_header_that_stays(tmp_path):
    path = tmp_path / "sheet.xlsx"
    write_sheet(path, "Tracks", columns(), [["a.flac", *[""] * (len(NAMES) - 1)]])

    sheet = openpyxl.load_workbook(path)["Tracks"]

    lists = {str(v.sqref).split(":")[0]: v.formula1 for v in sheet.data_validations.dataValidation}
    heads = {cell.value: cell for cell in sheet[1]}
    level = f'"{",".join(column("leadVocals").terms)}"'
    assert lists[heads["leadVocals"].column_letter + "2"] == level
    assert lists[heads["humanVoice"].column_letter + "2"] == '"yes,no"'
    assert len(lists) == sum(bool(c.choices) for c in columns())
    assert all(heads[c.name].comment.text == c.note for c in columns())
    assert sheet.freeze_panes == "B2"
    assert {sheet.column_dimensions[heads[n].column_letter].width > 0 for n in NAMES} == {True}
    assert sheet["A2"].number_format == "@"


def test_without_the_extra_csv_works_and_xlsx_says_what_to_install(tmp_path, monkeypatch):
    import sys

    from provenance.model.errors import MissingExtraError

    monkeypatch.setitem(sys.modules, "openpyxl", None)
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)

    write_sheet(tmp_path / "a.csv", "Tracks", columns(), [])
    assert read(tmp_path, PLAIN).rows
    with pytest.raises(MissingExtraError, match="XLSX") as error:
        write_sheet(tmp_path / "a.xlsx", "Tracks", columns(), [])
    assert "musicprov[sheets]" in error.value.hint
    with pytest.raises(MissingExtraError):
        workbooks.read_workbook(b"PK\x03\x04", 1)


@pytest.mark.requirement("SHT-002")
def test_rows_that_are_one_cell_far_to_the_right_are_refused_soon(tmp_path):
    path = workbook(tmp_path, [["file"], ["a"]])
    cells = b"".join(b'<row r="%d"><c r="XFD%d"/></row>' % (n, n) for n in range(3, 2000))

    data = repacked(path, lambda _, d: d.replace(b"</sheetData>", cells + b"</sheetData>"))

    assert refused(tmp_path, data, "x.xlsx") == "sheet.too-large"


MAIN = workbooks.ROW.partition(" ")[0].encode()
ROW_HEAD, TEXT_END = b"<sheetData>", b"</si>"
LOTS = workbooks.SHEET.elements + 1


def within(part, mark, more):
    """A change of one part: ``more`` behind a mark of it."""
    return lambda name, data: data.replace(mark, mark + more, 1) if name == part else data


SHEET_1 = "xl/worksheets/sheet1.xml"
SHARED = "xl/sharedStrings.xml"
BOMBS = {
    "a part that is read whole": within("xl/styles.xml", b"<cellXfs", b"><xf/" + b"><xf/" * LOTS),
    "a row": within(SHEET_1, ROW_HEAD, b"<row>" + b"<a/>" * LOTS + b"</row>"),
    "rows that are none": within(
        SHEET_1, ROW_HEAD, b'<row xmlns:z="u">' + b"<a/><z:row></z:row>" * LOTS + b"</row>"
    ),
    "rows in a row": within(SHEET_1, ROW_HEAD, b"<row>" + b"<a/><row></row>" * LOTS + b"</row>"),
    "depth": within(SHEET_1, ROW_HEAD, b"<a>" * 65 + b"</a>" * 65),
    "many rows": within(SHEET_1, ROW_HEAD, b"<row/>" * (workbooks.SHEET.items + 1)),
    "a text": within(SHARED, TEXT_END, b"<si>" + b"<a/>" * LOTS + b"</si>"),
    "texts in a text": within(SHARED, TEXT_END, b"<si>" + b"<a/><si></si>" * LOTS + b"</si>"),
    "many texts": within(SHARED, TEXT_END, b"<si/>" * (workbooks.SHEET.items + 1)),
    "a long namespace": within(SHEET_1, ROW_HEAD, b'<a xmlns="' + b"u" * 300 + b'"/>'),
}


@pytest.mark.requirement("SHT-002")
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_workbook_of_many_small_elements_is_refused_before_they_are_built(tmp_path, bomb):
    path = tmp_path / "made.xlsx"
    write_sheet(path, "Tracks", columns(), [])

    data = repacked(path, BOMBS[bomb])

    with mock.patch("openpyxl.reader.excel.ExcelReader.read") as build:
        assert refused(tmp_path, data, "x.xlsx") == "sheet.too-large"
    assert not build.called


@pytest.mark.slow
def test_many_texts_that_cells_share_are_no_bomb(tmp_path):
    path = tmp_path / "made.xlsx"
    names = ("file", "title", "label")
    rows = [[f"{name} {n}" for name in names] for n in range(LOTS // 5)]
    write_sheet(path, "Tracks", [column(name) for name in names], rows)

    with zipfile.ZipFile(path) as packed:
        assert packed.read(SHARED).count(b"<t") > workbooks.SHEET.elements // 2
    assert len(reading.read_sheet(path).rows) == len(rows)


def test_an_ods_is_not_read(tmp_path):
    path = tmp_path / "sheet.ods"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", "<office:document-content/>")

    assert refused(tmp_path, path.read_bytes(), path.name) == "sheet.unreadable"


ROWS = b"<row><a/></row>" * LOTS
WORKSHEET = b'<worksheet xmlns="%b"><sheetData>%b</sheetData></worksheet>' % (MAIN, ROWS)
TEXTS = b'<sst xmlns="%b">%b</sst>' % (MAIN, b"<si><a/></si>" * LOTS)
TYPES, RELATIONS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.%s+xml"


def typed(name, kind):
    """The changes of a workbook in which one part says that it is of this kind alone."""
    entry = f'<Override PartName="/{name}" ContentType="{KIND % kind}"/></Types>'.encode()
    others = re.compile(rb'<Override PartName="/%b"[^>]*>' % re.escape(name.encode()))
    return {TYPES: lambda data: others.sub(b"", data).replace(b"</Types>", entry)}


DISGUISED = {
    "styles": typed("xl/styles.xml", "worksheet") | {"xl/styles.xml": lambda _: WORKSHEET},
    "properties": typed("docProps/core.xml", "worksheet")
    | {"docProps/core.xml": lambda _: WORKSHEET},
    "properties that are texts": typed("docProps/core.xml", "sharedStrings")
    | {"docProps/core.xml": lambda _: TEXTS},
    "relations": typed(RELATIONS, "worksheet") | {RELATIONS: lambda _: WORKSHEET},
}


@pytest.mark.requirement("SHT-002")
@pytest.mark.parametrize("part", DISGUISED)
def test_a_part_that_says_it_is_rows_and_is_read_whole_is_bounded_as_a_whole(tmp_path, part):
    path = workbook(tmp_path, [["file"], ["a"]])
    changes = DISGUISED[part]

    data = repacked(path, lambda name, data: changes.get(name, bytes)(data))

    assert refused(tmp_path, data, "x.xlsx") == "sheet.too-large"


@pytest.mark.requirement("SHT-002")
@pytest.mark.parametrize("kind", ["sharedStrings", "calcChain"])
def test_a_worksheet_that_says_it_is_something_else_is_not_read(tmp_path, kind):
    path = workbook(tmp_path, [["file"], ["a"]])
    changes = typed(SHEET_1, kind)

    data = repacked(path, lambda name, data: changes.get(name, bytes)(data))

    assert refused(tmp_path, data, "x.xlsx") == "sheet.unreadable"


@pytest.mark.requirement("SHT-002")
def test_an_encoding_that_only_the_library_reads_is_refused(tmp_path):
    path = workbook(tmp_path, [["file"], ["a"]])

    def change(name, data):
        text = data.decode().partition("?>")[2] or data.decode()
        return text.encode("utf-32-le") if name == "xl/styles.xml" else data

    assert refused(tmp_path, repacked(path, change), "x.xlsx") == "sheet.unreadable"


@pytest.mark.requirement("SHT-002")
@pytest.mark.parametrize("kind", ["calcChain", "pivotCacheRecords"])
def test_what_programs_write_of_many_formulas_and_pivot_tables_is_no_bomb(tmp_path, kind):
    path = workbook(tmp_path, [["file"], ["a"]])
    changes = typed("xl/more.xml", kind)

    data = repacked(path, lambda name, data: changes.get(name, bytes)(data))
    with zipfile.ZipFile(path, "w") as packed, zipfile.ZipFile(io.BytesIO(data)) as before:
        for part in before.infolist():
            packed.writestr(part, before.read(part))
        packed.writestr("xl/more.xml", b'<c xmlns="%b">%b</c>' % (MAIN, b"<c/>" * LOTS))

    assert len(reading.read_sheet(path).rows) == 1


def test_a_sheet_that_is_a_chart_is_passed_over(tmp_path):
    def change(book):
        book.create_chartsheet("Chart", 0)

    path = workbook(tmp_path, [["file"], ["a"]], change)

    assert len(reading.read_sheet(path).rows) == 1


def test_rows_of_spaces_count_as_none(tmp_path):
    path = workbook(tmp_path, [["file"], *[[" "]] * (reading.MAX_ROWS + 5), ["a"]])

    assert [row.cells["file"].text for row in reading.read_sheet(path).rows] == ["a"]


@pytest.mark.requirement("SHT-002")
def test_the_cells_of_all_worksheets_are_counted_together(tmp_path, monkeypatch):
    def change(book):
        for _ in range(4):
            book.create_sheet().append(["x"] * 20)

    path = workbook(tmp_path, [["file"], ["a"]], change)
    monkeypatch.setattr(workbooks, "SHEET", replace(workbooks.SHEET, cells=80))

    assert refused(tmp_path, path.read_bytes(), "x.xlsx") == "sheet.too-large"


def test_a_row_of_a_csv_that_is_commas_alone_costs_nothing_and_a_wide_one_is_refused(tmp_path):
    wide = "file" + "," * 500_000

    assert read(tmp_path, f"{wide}\na.flac\n").columns == ("file",)
    assert refused(tmp_path, f"{wide}x\na.flac\n") == "sheet.too-large"
