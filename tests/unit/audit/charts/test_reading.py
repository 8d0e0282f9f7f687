"""Charts as people have them (spec 25.2): entries, problems by row, or one clear refusal."""

import io
from types import SimpleNamespace

import openpyxl
import pytest
from provenance.audit.charts.reading import read_chart, repeated_weeks
from provenance.audit.model import Entry, Problem
from provenance.audit.store import opened
from provenance.model.errors import InputError, MissingExtraError, RefusedError, UsageError
from provenance.wire.registries import rule

HEADER = "Week,Rank,Title,Artist,ISRC,Label,UPC,LW,WOC"
ROW = "2025-11-08,1,Söng,Ann,SEABC2500001,Lä Bel,602455678904,2,5"
PLAIN = f"{HEADER}\r\n{ROW}\r\n"


class Read:
    """A chart that was read to its end."""

    def __init__(self, path, asked):
        self.reading = read_chart(path, 1, asked)
        found = list(self.reading.rows)
        self.entries = [one for one in found if isinstance(one, Entry)]
        self.problems = [(p.row, p.rule, p.value) for p in found if isinstance(p, Problem)]
        self.columns, self.notes = dict(self.reading.columns), self.reading.notes

    @property
    def rules(self):
        return [(row, name) for row, name, _ in self.problems]


@pytest.fixture
def read(tmp_path):
    def read(data, name="chart.csv", week=None, **columns):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        made = Read(path, SimpleNamespace(columns=columns, week=week))
        assert all(rule(name) for _, name, _ in made.problems)
        return made

    return read


@pytest.mark.requirement("AUD-060")
def test_the_order_in_which_columns_are_named_shows_nowhere(read):
    """An archive keeps them in one order, and makes the same report from it."""
    chart = "P,S,Who\n1,Song,Ann\n"
    one = read(chart, week="2025-11-08", title="S", rank="P", artist="Who")
    other = read(chart, week="2025-11-08", rank="P", artist="Who", title="S")

    assert list(one.columns.items()) == list(other.columns.items())


def refusal(read, *args, **more):
    with pytest.raises(RefusedError) as error:
        read(*args, **more)
    assert rule(error.value.rule)
    return error.value


def book(sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def ranks(made):
    return [(e.week, e.rank, e.title, e.artist) for e in made.entries]


# encodings and separators


@pytest.mark.requirement("AUD-001")
@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.replace("\r\n", "\n").encode(),
        PLAIN.replace("\r\n", "\r").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", "|").encode(),
        PLAIN.encode("utf-16"),
        PLAIN.replace(",", "\t").encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.removesuffix("\r\n").encode(),
        PLAIN.replace("Söng", '"Söng"').encode(),
        PLAIN.replace("602455678904", '="602455678904"').encode(),
        book({"x": [HEADER.split(","), ROW.split(",")]}),
        book(
            {"x": [HEADER.split(","), ["2025-11-08", 1, *ROW.split(",")[2:6], 602455678904, 2, 5]]}
        ),
    ],
    ids=range(15),
)
def test_a_chart_is_read_however_it_was_saved(read, data):
    made = read(data, "whatever")

    assert made.entries == [
        Entry(1, 2, "2025-11-08", 1, "Söng", "Ann", "SEABC2500001", "Lä Bel", "602455678904", 2, 5)
    ]
    assert made.problems == []
    assert made.columns == {
        "week": "Week", "rank": "Rank", "title": "Title", "artist": "Artist", "isrc": "ISRC",
        "label": "Label", "upc": "UPC", "lastWeek": "LW", "weeksOnChart": "WOC",
    }  # fmt: skip


@pytest.mark.requirement("AUD-001")
@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 x", b"\xd0\xcf\x11\xe0" + b"\0" * 99, b"<html><table>", b"PK\x03\x04junk",
             b'{"rank": 1}', b'[{"rank": 1, "title": "A", "artist": "B"}]', b'\n[\n  {"rank": 1}\n]\n']
)  # fmt: skip
def test_what_is_no_table_is_refused_with_a_way_out(read, data):
    error = refusal(read, data)

    assert error.rule == "chart.unreadable"
    assert "XLSX" in error.hint or data.startswith(b"PK")


def test_what_is_not_utf_8_says_so(read):
    assert "Windows-1252" in read(PLAIN.encode("cp1252")).notes[0]
    assert read(PLAIN.encode("cp1252")).entries[0].title == "Söng"


def test_utf_8_with_a_broken_place_stays_utf_8(read):
    data = PLAIN.encode() + "2025-11-08,2,Två för ".encode() + b"\xff,\xc3\x85sa,SEABC2500002,,,,\n"

    made = read(data)

    assert made.entries[0].title == "Söng"
    assert made.entries[1].artist == "Åsa"
    assert made.rules == [(3, "chart.text-damaged")]


def test_a_missing_file_and_a_folder_say_what_to_name(tmp_path):
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(InputError) as error:
            read_chart(path, 1, SimpleNamespace(columns={}, week=None))
        assert "audio" not in error.value.hint


def test_without_the_extra_csv_works_and_xlsx_says_what_to_install(read, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "openpyxl", None)

    assert read(PLAIN).entries
    with pytest.raises(MissingExtraError) as error:
        read(b"PK\x03\x04")
    assert "musicprov[sheets]" in error.value.hint


# headers


@pytest.mark.requirement("AUD-005")
@pytest.mark.parametrize(
    "header",
    [
        "Week,TW,Title,Artist(s),ISRC Code,Record Label,EAN,Last Week,Wks on chart",
        "Vecka,Placering,Titel,Artist,ISRC-kod,Skivbolag,Streckkod,Förra veckan,Antal veckor",
        "Uke,Plassering,Tittel,Artist,ISRC,Plateselskap,EAN,Forrige uke,Uker på listen",
        "Uge,Placering,Titel,Kunstner,ISRC,Pladeselskab,UPC,Sidste uge,Uger",
        "Datum,Platz,Titel,Interpret,ISRC,Firma,EAN,Vorwoche,Wochen",
        "Date,Classement,Titre,Artiste,Code ISRC,Distributeur,Code-barres,Semaine dernière,Semaines",
        "Fecha,Posición,Título,Intérprete,Código ISRC,Sello,EAN,Semana anterior,Semanas en lista",
        "Data,Posizione,Titolo,Artista,ISRC,Etichetta,EAN,Settimana precedente,Settimane",
        "Viikko,Sija,Kappale,Esittäjä,ISRC-koodi,Levy-yhtiö,Viivakoodi,Edellinen,Viikkoja",
        "chart_date,POS.,SONG_NAME,PERFORMER,isrc,label name,barcode,prev. pos,weeks-on-board",
        "日付,順位,曲名,アーティスト,ISRC,レーベル,JAN,前週,登場週数",
    ],
)
def test_headers_of_many_languages_are_known(read, header):
    made = read(f"{header}\n{ROW}\n")

    assert made.entries == read(PLAIN).entries


@pytest.mark.requirement("AUD-005")
def test_columns_come_in_any_order_below_lines_of_any_kind_and_above_footnotes(read):
    data = (
        "Topplistan,,\n,,\nWeek ending 8 November 2025,,\n----,----,----\n"
        "Artist,Label,Pos,Title\nAnn,L,1,One\n\nArtist,Label,Pos,Title\nBob,,2,Two\n===,,\n"
        "Source: the bureau,,\n"
    )

    made = read(data)

    assert ranks(made) == [("2025-11-08", 1, "One", "Ann"), ("2025-11-08", 2, "Two", "Bob")]
    assert [e.row for e in made.entries] == [6, 9]
    assert made.problems == [(11, "chart.row-passed-over", "Source: the bureau")]


@pytest.mark.requirement("AUD-005")
def test_a_missing_column_is_one_error_that_says_what_is_there_and_how_to_map(read):
    error = refusal(read, "Our chart\nPos,Hit,Code\n1,One,X\n")

    assert error.rule == "chart.columns-missing"
    assert "row 2" in str(error)
    assert "the title or the artist" in str(error)
    assert "'Pos', 'Hit', 'Code'" in str(error)
    assert "--map title=" in error.hint


@pytest.mark.requirement("AUD-005")
@pytest.mark.parametrize(
    "data", ["", "\n\n", "----\n", "Rank,Title,Artist\n", "Rank,Title,Artist\n,,\n"]
)
def test_a_chart_without_rows_is_refused(read, data):
    assert refusal(read, data, week="2025-11-08").rule == "chart.empty"


@pytest.mark.requirement("AUD-006")
def test_what_the_auditor_names_goes_before_any_guess(read):
    data = "Pos,Rank,Title,Artist,Name,Hit\n1,9,A,B,C,D\n"

    plain, mapped = read(data, week="2025-11-08"), None
    mapped = read(data, week="2025-11-08", Rank="rank", title="Hit", artist="#5")

    assert ranks(plain) == [("2025-11-08", 1, "A", "B")]
    assert any("'Rank' was not used" in note for note in plain.notes)
    assert ranks(mapped) == [("2025-11-08", 9, "D", "C")]
    assert mapped.columns == {"rank": "Rank", "title": "Hit", "artist": "Name"}


@pytest.mark.requirement("AUD-006")
def test_a_mapping_that_cannot_be_is_refused(read):
    assert "no column is named 'Posn'" in str(refusal(read, PLAIN, rank="Posn"))
    with pytest.raises(UsageError, match="no such column"):
        read(PLAIN, place="Pos")


@pytest.mark.requirement("AUD-006")
def test_columns_without_a_header_are_told_by_what_stands_in_them_and_it_says_so(read):
    data = ",Title,Artist,Ident,Peak\n" + "".join(
        f"{n},T{n},A{n},SE-ABC-25-0000{n},{n}\n" for n in range(1, 5)
    )

    made = read(data, week="2025-11-08")

    assert [e.isrc for e in made.entries] == [f"SEABC250000{n}" for n in range(1, 5)]
    assert made.columns == {"title": "Title", "artist": "Artist", "isrc": "Ident", "rank": "#1"}
    assert "'Ident' was taken for isrc by what stands in it." in made.notes
    assert "Columns that were not used: Peak." in made.notes


@pytest.mark.requirement("AUD-006")
def test_a_chart_without_any_header_takes_columns_by_their_place(read):
    data = "1,One,Ann\n2,Two,Bob\n3,Three,Cid\n"

    assert refusal(read, data).rule == "chart.columns-missing"
    made = read(data, week="2025-11-08", title="#2", artist="#3")
    assert [(e.rank, e.title, e.artist) for e in made.entries] == [
        (1, "One", "Ann"), (2, "Two", "Bob"), (3, "Three", "Cid"),
    ]  # fmt: skip


def test_a_weak_name_gives_way_to_a_strong_one(read):
    made = read("#,Pos,Title,Artist,Distributor,Label\n7,1,T,A,Big,Own\n", week="2025-11-08")

    assert (made.entries[0].rank, made.entries[0].label) == (1, "Own")
    made = read("Pos,Title,Artist,Distributor\n1,T,A,Big\n", week="2025-11-08")
    assert made.entries[0].label == "Big"
    assert "'Distributor' was taken for label by its name alone." in made.notes


PUBLIC = {
    "Spotify, downloaded": (
        "regional-se-weekly-2025-11-06.csv",
        (
            "rank,uri,artist_names,track_name,source,peak_rank,previous_rank,weeks_on_chart,streams\n"
            '1,spotify:track:4mDQOPKb6NeXAWwbSSZgJF,"Ann, Bob",One,Nord,1,3,12,43950715\n'
        ),
    ),
    "Spotify, before 2022": (
        "regional-se-weekly-2025-10-31--2025-11-06.csv",
        (
            ',,,"Note that these figures are generated using a formula that protects against any artificial'
            ' inflation of chart positions.",\nPosition,"Track Name",Artist,Streams,URL\n'
            '1,One,"Ann, Bob",43950715,https://open.example/track/0bAkKNCQfWkexHFn7fIKns\n'
        ),
    ),
    "Hot 100, collected": (
        "hot.csv",
        (
            "chart_week,current_week,title,performer,last_week,peak_pos,wks_on_chart\n"
            '2025-11-06,1,One,"Ann, Bob",NA,1,1\n'
        ),
    ),
    "Hot 100, an older collection": (
        "hot.csv",
        (
            "url,WeekID,Week Position,Song,Performer,SongID,Instance,Previous Week Position,Peak Position,"
            'Weeks on Chart\nhttp://x.invalid/,11/6/2025,1,One,"Ann, Bob",OneAnn,1,,1,1\n'
            'http://x.invalid/,11/13/2025,1,One,"Ann, Bob",OneAnn,1,1,1,2\n'
        ),
    ),
    "Kworb": (
        "totals-2025-11-06.csv",
        'Pos,Artist and Title,Wks,T10,Pk,(x?),PkStreams,Total\n1,"Ann, Bob - One",160,34.0,1,(x14),64,2397\n',
    ),
    "Official, pasted": (
        "x.csv",
        (
            "Official Singles Chart Top 100\n31 October 2025 - 6 November 2025\n\n"
            'Pos\tLW\tTitle, Artist\tPeak Pos\tWoC\n1\tNew\t"One\nAnn, Bob"\t1\t1\n'
        ),
    ),
    "Luminate-like": (
        "Week 45 2025.csv",
        (
            "TW Rank;LW Rank;Artist;Title;Label Abbrev;ISRC;TW Streams;Weeks On\n"
            "1;2;Ann, Bob;One;NRD;SEABC2500001;1,234,567;5\n"
        ),
    ),
}
"""Headers as publishers and collectors of charts write them, above rows of our own."""


@pytest.mark.requirement("AUD-005")
@pytest.mark.parametrize("which", PUBLIC)
def test_charts_as_publishers_and_collectors_write_them(read, which):
    name, data = PUBLIC[which]

    made = read(data, name)

    first = made.entries[0]
    assert (first.rank, first.title, first.artist) == (1, "One", "Ann, Bob")
    assert first.week in {"2025-11-06", "2025-10-31", "2025-11-03"}
    assert [p for p in made.problems if p[1] != "chart.isrc-missing"] == []


# artist and title in one cell


@pytest.mark.requirement("AUD-008")
@pytest.mark.parametrize(
    ("header", "cell", "artist", "title"),
    [
        ("Artist - Title", "Ann - One - Two", "Ann", "One - Two"),
        ("Artist/Title", "Ann – One", "Ann", "One"),
        ("Title / Artist", "One / Ann", "Ann", "One"),
        ("Titel & Artist", '"One\nAnn"', "Ann", "One"),
        ("Artist – Låt", "Ann — One", "Ann", "One"),
    ],
)
def test_one_cell_is_split_and_it_says_so(read, header, cell, artist, title):
    made = read(f"Pos;{header}\n1;{cell}\n2;Alone\n", week="2025-11-08")

    assert [(e.artist, e.title) for e in made.entries] == [(artist, title), ("", "Alone")]
    assert any("was split" in note and "--map" in note for note in made.notes)
    assert made.problems == [(3, "chart.not-split", "Alone")]


@pytest.mark.requirement("AUD-008")
def test_a_lone_title_column_with_hyphens_is_artist_and_title(read):
    rows = "Pos,Song\n1,Ann - One\n2,Bob - Two\n3,Cid - Three\n4,Zed\n"

    made = read(rows, week="2025-11-08")
    other = read(rows, week="2025-11-08", titleArtist="Song")

    assert (made.entries[0].artist, made.entries[0].title) == ("Ann", "One")
    assert (other.entries[0].artist, other.entries[0].title) == ("One", "Ann")
    assert made.rules == [(5, "chart.not-split")]


@pytest.mark.requirement("AUD-008")
def test_a_hyphen_in_a_title_splits_nothing_where_the_artist_has_a_column(read):
    made = read("Pos,Title,Artist\n1,One - Remastered,Ann\n", week="2025-11-08")

    assert made.entries[0].title == "One - Remastered"
    assert not any("split" in note for note in made.notes)


# weeks

BARE = "Pos,Title,Artist\n1,One,Ann\n"


@pytest.mark.requirement("AUD-009")
@pytest.mark.parametrize(
    ("said", "week"),
    [
        ("2025-11-08", "2025-11-08"),
        ("2025-11-8", "2025-11-08"),
        ("20251108", "2025-11-08"),
        ("2025/11/08", "2025-11-08"),
        ("2025-11-08T00:00:00", "2025-11-08"),
        ("8.11.2025", "2025-11-08"),
        ("25/11/2025", "2025-11-25"),
        ("11/25/2025", "2025-11-25"),
        ("8 November 2025", "2025-11-08"),
        ("November 8th, 2025", "2025-11-08"),
        ("8. november 2025", "2025-11-08"),
        ("8 de noviembre de 2025", "2025-11-08"),
        ("8 novembre 2025", "2025-11-08"),
        ("2025年11月8日", "2025-11-08"),
        ("2025-W45", "2025-11-03"),
        ("2025v45", "2025-11-03"),
        ("Vecka 45 2025", "2025-11-03"),
        ("v. 45, 2025", "2025-11-03"),
        ("KW 45/2025", "2025-11-03"),
        ("Week 1, 2026", "2025-12-29"),
        ("Week ending 8 Nov 2025", "2025-11-08"),
    ],
)
def test_weeks_are_read_as_charts_write_them(read, said, week):
    assert read(f'Week,Pos,Title,Artist\n"{said}",1,One,Ann\n').entries[0].week == week
    assert read(f'"The chart, {said}"\n{BARE}').entries[0].week == week


@pytest.mark.requirement("AUD-009")
@pytest.mark.parametrize(
    "said", ["45", "2025", "next week", "08.11.25", "03/04/2026", "2025-13-40", "2025-W54"]
)
def test_a_week_that_is_no_date_or_has_two_meanings_keeps_its_row_out(read, said):
    made = read(f"Week,Pos,Title,Artist\n2025-11-08,1,One,Ann\n{said},2,Two,Bob\n")

    assert ranks(made) == [("2025-11-08", 1, "One", "Ann")]
    assert made.problems == [(3, "chart.week", said)]


@pytest.mark.requirement("AUD-009")
@pytest.mark.parametrize(
    ("other", "week"), [("13/04/2026", "2026-04-03"), ("04/13/2026", "2026-03-04")]
)
def test_another_date_of_the_column_says_whether_the_day_comes_first(read, other, week):
    made = read(f"Week,Pos,Title,Artist\n03/04/2026,1,One,Ann\n{other},1,One,Ann\n")

    assert made.entries[0].week == week
    assert any(note.startswith("Dates such as") for note in made.notes)


@pytest.mark.requirement("AUD-009")
def test_the_week_is_taken_from_the_row_then_asked_then_above_then_the_name(read):
    name = "top-2025-11-22.csv"
    above = f"Chart of 2025-11-15\n{BARE}"
    column = "Chart of 2025-11-15\nWeek,Pos,Title,Artist\n2025-11-01,1,One,Ann\n"

    assert read(column, name, week="2025-11-08").entries[0].week == "2025-11-01"
    assert read(above, name, week="2025-W45").entries[0].week == "2025-11-03"
    assert read(above, name).entries[0].week == "2025-11-15"
    assert read(BARE, name).entries[0].week == "2025-11-22"
    assert "name of the file" in " ".join(read(BARE, name).notes)
    assert refusal(read, BARE).rule == "chart.week-missing"
    assert "--week" in refusal(read, BARE).hint
    with pytest.raises(UsageError, match="is no week"):
        read(BARE, week="soon")


@pytest.mark.requirement("AUD-009")
def test_weeks_follow_each_other_in_a_column_in_parts_and_in_worksheets(read):
    column = "Week,Pos,Title,Artist\n2025-11-01,1,One,Ann\n,2,Two,Bob\n2025-11-08,1,Two,Bob\n"
    names = "Pos,Title,Artist\n"
    parts = f"Week of 2025-11-01,,\n{names}1,One,Ann\n2,Two,Bob\nWeek of 2025-11-08,,\n{names}1,Two,Bob\n"
    year = "År,Vecka,Pos,Title,Artist\n2025,44,1,One,Ann\n2025,44,2,Two,Bob\n2025,45,1,Two,Bob\n"
    rows = [["Pos", "Title", "Artist"], [1, "One", "Ann"], [2, "Two", "Bob"]]
    sheets = {"Cover": [["Our charts"]], "2025-11-01": rows, "2025-11-08": [rows[0], [1, "Two", "Bob"]],
              "Albums": rows, "Notes": [["made by us"]], "Empty": []}  # fmt: skip

    wanted = [
        ("2025-11-01", 1, "One", "Ann"),
        ("2025-11-01", 2, "Two", "Bob"),
        ("2025-11-08", 1, "Two", "Bob"),
    ]
    assert ranks(read(column)) == wanted
    assert ranks(read(parts)) == wanted
    assert read(parts).problems == []
    iso = {"2025-11-01": "2025-10-27", "2025-11-08": "2025-11-03"}
    assert ranks(read(year)) == [(iso[week], *rest) for week, *rest in wanted]
    made = read(book(sheets), "x.xlsx")
    assert ranks(made) == wanted
    assert made.problems == [
        (None, "chart.worksheet-passed-over", "Cover"),
        (None, "chart.worksheet-passed-over", "Albums"),
        (None, "chart.worksheet-passed-over", "Notes"),
    ]


def test_a_date_of_a_workbook_is_a_week(read):
    import datetime as dt

    made = read(
        book({"x": [["Datum", "Pos", "Titel", "Artist"], [dt.date(2025, 11, 8), 1, "One", "Ann"]]})
    )

    assert made.entries[0].week == "2025-11-08"


# ranks, numbers, identifiers


def one(read, **cells):
    """The one row of a chart in which some cells are other than they should be."""
    names = HEADER.split(",")
    row = dict(zip(names, ROW.split(","), strict=True)) | cells
    made = read("\t".join(names) + "\n" + "\t".join(row.values()) + "\n")
    return made.entries[0], [(name, value) for _, name, value in made.problems]


@pytest.mark.requirement("AUD-010")
@pytest.mark.parametrize(
    "text",
    [
        "1",
        "1.",
        "#1",
        "1=",
        "=1",
        "T1",
        "01",
        "1st",
        "No. 1",
        "1 (NEW)",
        "1 ▲",
        "1.0",
        "１",
        "1:a",
        "1位",
    ],
)
def test_ranks_as_charts_write_them(read, text):
    entry, problems = one(read, Rank=text, WOC="1")

    assert entry.rank == 1
    assert problems == []


@pytest.mark.requirement("AUD-010")
@pytest.mark.parametrize("text", ["NEW", "RE", "-", "", "0", "1-2", "-1", "1.5", "one", "99999999"])
def test_a_rank_that_is_none_is_told_and_the_entry_is_kept(read, text):
    entry, problems = one(read, Rank=text, WOC="1")

    assert entry.rank is None
    assert entry.isrc == "SEABC2500001"
    assert problems == [("chart.rank", text)]
    assert entry.problems == (("chart.rank", text),)


@pytest.mark.requirement("AUD-010")
@pytest.mark.parametrize(
    "text", ["NEW", "RE", "-", "–", "", "n/a", "Ny", "(new)", "0", "re-entry", "*"]
)
def test_no_place_in_the_week_before_is_no_problem(read, text):
    entry, problems = one(read, LW=text, WOC="1")

    assert (entry.last_week, problems) == (None, [])


@pytest.mark.requirement("AUD-010")
@pytest.mark.parametrize(
    ("cells", "came"),
    [
        ({"LW": "NEW"}, "new"),
        ({"LW": "(new)"}, "new"),
        ({"LW": "Ny"}, "new"),
        ({"WOC": "New!"}, "new"),
        ({"Rank": "1 (NEW)"}, "new"),
        ({"LW": "RE"}, "reEntry"),
        ({"LW": "re-entry", "WOC": "9"}, "reEntry"),
        ({"Rank": "1 RE"}, "reEntry"),
        ({"LW": "-"}, None),
        ({"LW": "E"}, None),
        ({"LW": "7", "WOC": "2"}, None),
    ],
)
def test_what_a_chart_says_of_how_an_entry_came_in_is_kept(read, cells, came):
    entry, problems = one(read, **{"WOC": "1", **cells})

    assert (entry.entered, problems) == (came, [])


@pytest.mark.requirement("AUD-010")
@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"LW": "NEW", "WOC": "3"}, [("chart.new-weeks", "3")]),
        ({"LW": "NEW", "WOC": "1"}, []),
        ({"LW": "NEW", "WOC": "0"}, []),
        ({"LW": "RE", "WOC": "3"}, []),
    ],
)
def test_a_new_entry_with_more_than_one_week_is_told(read, cells, told):
    entry, problems = one(read, **cells)

    assert (problems, entry.weeks_on_chart) == (told, int(cells["WOC"]))


@pytest.mark.requirement("AUD-010")
@pytest.mark.parametrize("name", ["LW", "WOC"])
def test_a_number_that_is_none_is_told(read, name):
    entry, problems = one(read, **{name: "many"})

    assert entry.last_week is None or entry.weeks_on_chart is None
    assert [name for name, _ in problems] == ["chart.number"]


@pytest.mark.requirement("AUD-010")
@pytest.mark.parametrize(
    "text", ["se-abc-25-00001", "ISRC SEABC2500001", "SE ABC 25 00001", "SEABC2500001"]
)
def test_an_isrc_is_normalised(read, text):
    assert one(read, ISRC=text)[0].isrc == "SEABC2500001"


@pytest.mark.requirement("AUD-010")
@pytest.mark.parametrize(
    ("text", "told"), [("SEABC250001", "chart.isrc"), ("1,2E+11", "chart.isrc"), ("SEABC2500001; SEABC2500002", "chart.isrc"),
                       ("", "chart.isrc-missing"), ("-", "chart.isrc-missing")]
)  # fmt: skip
def test_a_bad_or_missing_isrc_is_told_and_the_entry_is_kept(read, text, told):
    entry, problems = one(read, ISRC=text)

    assert (entry.isrc, entry.title) == (None, "Söng")
    assert [name for name, _ in problems] == [told]


@pytest.mark.requirement("AUD-010")
@pytest.mark.parametrize(
    ("text", "upc"), [("602455678904", "602455678904"), ("0602455678904", "0602455678904"), ("12345678905", "012345678905"),
                      ("", None), ("602455678905", None), ("6,02E+11", None), ("0", None),
                      ("602455678904" + "-" * 50 + "7", None)]
)  # fmt: skip
def test_a_upc_has_its_check_digit_and_gets_lost_zeros_back(read, text, upc):
    entry, problems = one(read, UPC=text)

    assert entry.upc == upc
    assert problems == ([("chart.upc", text)] if text and upc is None else [])


@pytest.mark.requirement("AUD-010")
def test_a_missing_title_or_artist_is_told_and_the_entry_is_kept(read):
    assert one(read, Title="")[1] == [("chart.title-missing", "SEABC2500001")]
    assert one(read, Artist="")[1] == [("chart.artist-missing", "SEABC2500001")]


@pytest.mark.requirement("AUD-011")
def test_what_comes_twice_in_a_week_is_told_and_kept(read):
    data = (
        "Week,Pos,Title,Artist,ISRC\n"
        "2025-11-08,1,A,B,SEABC2500001\n2025-11-08,1,C,D,SEABC2500002\n"
        "2025-11-08,2=,E,F,SEABC2500003\n2025-11-08,2=,G,H,SEABC2500001\n"
        "2025-11-15,1,A,B,SEABC2500001\n2025-11-15,4,I,J,SEABC2500004\n2025-11-15,7,K,L,SEABC2500005\n"
    )

    made = read(data)

    assert len(made.entries) == 7
    assert made.problems == [
        (3, "chart.rank-twice", "1"),
        (5, "chart.isrc-twice", "SEABC2500001"),
        (None, "chart.rank-gap", "2025-11-15: 2 to 3"),
        (None, "chart.rank-gap", "2025-11-15: 5 to 6"),
    ]


@pytest.mark.requirement("AUD-011")
def test_a_week_that_two_charts_have_is_told_of_the_second(tmp_path):
    weeks = {1: ("2025-11-01", "2025-11-08"), 2: ("2025-11-08",), 3: ("2025-11-15",)}

    with opened(tmp_path) as store:
        for number, of in weeks.items():
            store.add_entries(Entry(number, 2, week, 1, "One", "Ann") for week in of)
        told = list(repeated_weeks(store))

    assert told == [Problem(2, None, "chart.week-twice", "2025-11-08")]


@pytest.mark.requirement("AUD-011")
def test_several_dates_of_one_iso_week_are_told(read):
    rows = ["2026-11-14,1,A,Ann", "2026-W46,2,B,Bob", "14.11.2026,3,C,Cyd", "2026-11-16,1,A,Ann"]
    made = read("Week,Pos,Title,Artist\n" + "\n".join(rows) + "\n")

    assert [e.week for e in made.entries] == [
        "2026-11-14",
        "2026-11-09",
        "2026-11-14",
        "2026-11-16",
    ]
    told = [value for _, name, value in made.problems if name == "chart.week-dates"]
    assert told == ["2026-W46: 2026-11-09, 2026-11-14"]


@pytest.mark.requirement("AUD-011")
def test_shared_ranks_leave_no_gap(read):
    ranks_ = ["1", "2=", "2=", "4", "5=", "5=", "5=", "6"]

    made = read(
        BARE.splitlines()[0] + "\n" + "".join(f"{r},T{n},A\n" for n, r in enumerate(ranks_)),
        week="2025-W45",
    )

    assert made.problems == []


@pytest.mark.requirement("AUD-007")
def test_no_row_that_says_something_is_dropped_without_a_word(read):
    data = "Pos,Title,Artist\n,Footnote only,\n1,One,Ann\nTotal,,\n,,© the bureau\n2,,\n"

    made = read(data, week="2025-W45")

    assert [e.row for e in made.entries] == [3]
    assert made.rules == [(n, "chart.row-passed-over") for n in (2, 4, 5, 6)]
    assert read("Pos,Title,Artist\nx,,\n", week="2025-W45").rules[-1] == (None, "chart.no-entries")
