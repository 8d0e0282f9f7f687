"""Detectors' reports, credits, crowd lists, release messages (spec 25.3): rows into items."""

import io
import json
import os
import re
import sys
import tracemalloc
from pathlib import Path

import openpyxl
import pytest
from provenance.audit.model import Keys, Problem
from provenance.audit.sources import _tables, crowd_list, detector, ern
from provenance.audit.sources._files import File
from provenance.cli.audit._telling import summary
from provenance.model.errors import InputError
from provenance.wire import schemas
from provenance.wire.digests import digest_of

from support.evidence import once
from support.message import contributor, delivered, message, recording
from support.samples import third_party

HEADER = "tool,version,score,date,file_sha256,isrc,area,verdict,title,artist\n"
ISRC = "QZZZZ2600001"
HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # SHA-256 of no bytes
EMPTY = "sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
EXHIBIT = schemas.load_json("1.0/audit-exhibit.schema.json")
SPEC = Path(__file__).resolve().parents[4] / "spec" / "25-audit.md"


def row(**changed):
    cells = {"tool": "D", "version": "1", "score": "0.5", "date": "2025-11-10", "isrc": ISRC}
    return {**cells, **changed}


def line(**changed):
    cells = row(**changed)
    return ",".join(cells.get(name, "") for name in HEADER.strip().split(",")) + "\n"


def put(tmp_path, data, name="report.csv"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def read(tmp_path, data, kind="detector", name="report.csv"):
    return once(tmp_path / "store", kind, put(tmp_path, data, name))


def shaped(item):
    wanted = EXHIBIT["$defs"][item.kind]
    assert set(item.says) == set(wanted["required"]) == set(wanted["properties"])
    return item.says


# ---- detectors -------------------------------------------------------------------------------


@pytest.mark.requirement("AUD-028")
def test_a_row_of_a_detector_is_an_item(tmp_path):
    text = HEADER + line(
        tool="Listener", version="3.2", score="97.25 %", file_sha256=HEX, area="LeadVocals",
        verdict="AI", title="Song", artist="Somebody",
    )  # fmt: skip
    item = read(tmp_path, text).one("detector")

    assert shaped(item) == {
        "tool": "Listener",
        "version": "3.2",
        "score": 972,
        "date": "2025-11-10",
        "area": "leadVocals",
        "verdict": "AI",
    }
    assert item.keys == Keys((ISRC,), (EMPTY,), (), (("Somebody", "Song"),))
    assert item.where == "row 2"


@pytest.mark.requirement("AUD-028")
@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"tool": ""}, "audit.cell-missing"),
        ({"version": " "}, "audit.cell-missing"),
        ({"tool": "=1+1"}, "audit.cell-missing"),
        ({"score": "high"}, "audit.score-bad"),
        ({"date": "yesterday"}, "audit.date-bad"),
        ({"date": "2025-02-30"}, "audit.date-bad"),
        ({"date": "2025-11-10Tnoon"}, "audit.date-bad"),
        ({"isrc": "NOT-AN-ISRC"}, "audit.isrc-bad"),
        ({"file_sha256": HEX[:-1]}, "audit.digest-bad"),
        ({"isrc": ""}, "audit.row-without-key"),
        ({"isrc": "", "title": "Song", "artist": "Somebody"}, "audit.row-without-key"),
        ({"area": "vibes"}, "audit.area-unknown"),
    ],
)
def test_a_bad_row_is_named_by_its_number_and_the_others_are_taken(tmp_path, changed, rule):
    made = read(tmp_path, HEADER + line() + line(**changed) + "\n" + line(tool="E"))

    assert [(p.rule, p.row) for p in made.problems] == [(rule, 3)]
    assert [(i.where, i.says["tool"]) for i in made.items] == [("row 2", "D"), ("row 5", "E")]


@pytest.mark.requirement("AUD-028")
@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"isrc": "\ud800"}, "audit.isrc-bad"),
        ({"area": "\udfff"}, "audit.area-unknown"),
        ({"date": "\ud800"}, "audit.date-bad"),
        ({"score": "\udc80"}, "audit.score-bad"),
        ({"isrc": "", "title": "\ud800"}, "audit.row-without-key"),
    ],
)
def test_half_a_character_in_json_is_told_of_as_any_other_value(tmp_path, changed, rule):
    made = read(tmp_path, json.dumps([row(**changed), row(tool="\ud800")]), name="r.json")

    assert [(p.rule, p.row, p.value) for p in made.problems] == [(rule, 1, "?")]
    assert made.one("detector").says["tool"] == "?"


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names are Unicode there")
def test_a_file_whose_name_is_no_utf_8_may_be_named(tmp_path):
    path = tmp_path / os.fsdecode(b"\xff.csv")
    path.write_text(HEADER + line(), encoding="utf-8")
    made = once(tmp_path / "store", "detector", path)

    assert [one.name for one in made.inputs] == ["\\xff.csv"]
    assert made.one("detector").keys.isrcs == (ISRC,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'Weird Al' Yankovic", "'Weird Al' Yankovic"),
        ("'=Ann", "=Ann"),
        ('"=""007"""', "007"),
        ("=Ann", None),
        ("\uff1dAnn", None),
    ],
)
def test_a_cell_is_what_a_person_wrote_in_it(tmp_path, text, expected):
    """An apostrophe is part of a name, but for the one that keeps a text from being a formula."""
    made = read(tmp_path, f"isrc,name,role\n{ISRC},{text},Composer\n", "credits", "c.csv")

    names = [credit["name"] for item in made.items for credit in item.says["credits"]]
    assert names == ([] if expected is None else [expected])
    assert made.rules() == (["audit.cell-missing"] if expected is None else [])


@pytest.mark.requirement("AUD-029")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("1", 1000),
        ("1.0", 1000),
        ("0.9", 900),
        ("0.8999", 899),
        ("0.89999999999999999", 899),
        ("0,5", 500),
        ("90%", 900),
        ("89.99 %", 899),
        ("100%", 1000),
        ("0.5%", 5),
    ],
)
def test_a_score_is_never_shown_higher_than_it_was_reported(text, expected):
    assert detector.permille(text) == expected


@pytest.mark.requirement("AUD-029")
@pytest.mark.parametrize(
    "text", ["95", "1.01", "2", "101%", "-0.5", "", "%", "nan", "1e-3", "0.5.5", "\u0665", "5/10"]
)
def test_what_could_be_two_scores_or_none_is_refused(tmp_path, text):
    made = read(tmp_path, HEADER + line(score=text.replace(",", ".")))

    assert made.items == []
    assert made.rules()[0] in {"audit.score-bad", "audit.cell-missing"}


@pytest.mark.parametrize(
    "data",
    [
        (HEADER + line()).encode("utf-8-sig"),
        (HEADER + line()).replace(",", ";").encode(),
        (HEADER + line()).replace(",", "\t").encode("utf-16"),
        (HEADER.replace("file_sha256", "File SHA256").upper() + line()).encode(),
        (HEADER.replace("tool", "detector").replace("score", "probability") + line()).encode(),
    ],
    ids=range(5),
)
def test_a_report_is_read_however_it_was_saved(tmp_path, data):
    assert read(tmp_path, data).one("detector").says["score"] == 500


def test_a_workbook_and_json_say_the_same(tmp_path):
    book = openpyxl.Workbook()
    for cells in (list(row()), list(row().values())):
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    plain = {**row(), "score": 0.5}
    for name, data in (
        ("r.xlsx", out.getvalue()),
        ("r.json", json.dumps([plain]).encode()),
        ("r.ndjson", json.dumps(plain).encode() + b"\n"),
    ):
        item = read(tmp_path, data, name=name).one("detector")
        assert (item.says["score"], item.says["date"]) == (500, "2025-11-10")
        assert item.keys.isrcs == (ISRC,)


@pytest.mark.requirement("AUD-020")
@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_table_that_became_a_symbolic_link_is_not_followed(tmp_path):
    table = put(tmp_path, f"isrc,name,role\n{ISRC},Ann,Composer\n")
    link = tmp_path / "link.csv"
    link.symlink_to(table)

    (row_,) = _tables.rows(File(table, "report.csv"), "credits", 1)
    (problem,) = _tables.rows(File(link, "link.csv"), "credits", 1)

    assert row_ == (2, {"isrc": ISRC, "name": "Ann", "role": "Composer"})
    assert problem == Problem(1, None, "audit.unreadable", "link.csv")


@pytest.mark.requirement("AUD-021")
def test_a_further_worksheet_that_has_rows_is_named(tmp_path):
    book = openpyxl.Workbook()
    more, _, blank = (book.create_sheet(name) for name in ("More", "Empty", "Blank"))
    for sheet in (book.active, more):
        for cells in (list(row()), list(row().values())):
            sheet.append(cells)
    blank["B7"] = " "
    out = io.BytesIO()
    book.save(out)
    made = read(tmp_path, out.getvalue(), name="r.xlsx")

    assert made.one("detector").where == "row 2"
    assert [(p.rule, p.value) for p in made.problems] == [("audit.worksheet-passed-over", "More")]


@pytest.mark.requirement("AUD-021")
@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        ("r.csv", b"a,b\n1,2\n", "audit.column-missing"),
        ("r.csv", b"", "audit.column-missing"),
        ("r.csv", b"%PDF-1.7\n" + bytes(64), "audit.unreadable"),
        ("r.xlsx", b"PK\x03\x04" + bytes(64), "audit.unreadable"),
        ("r.json", b"[" * 200_000, "audit.unreadable"),
        ("r.json", b"[1, 2", "audit.unreadable"),
        ("r.json", b'[3, {"tool": {"a": []}}]', "audit.row-unreadable"),
        ("r.ndjson", b'{"a": ' * 50_000, "audit.row-unreadable"),
        ("r.ndjson", b'{"score": 1e999}\n', "audit.row-without-key"),
    ],
)
def test_what_is_no_report_is_named(tmp_path, name, data, rule):
    made = read(tmp_path, data, name=name)

    assert made.items == []
    assert made.rules()[0] == rule


@pytest.mark.requirement("AUD-022")
def test_a_long_report_is_read_in_little_memory_and_as_far_as_the_bound(tmp_path, monkeypatch):
    count = 400_000 if os.environ.get("MUSICPROV_TEST_FULL") else 6_000
    monkeypatch.setattr(_tables, "MAX_ROWS", count)
    path = tmp_path / "long.csv"
    with path.open("w") as out:
        out.write(HEADER)
        out.write('"' + "x" * 200_000 + '",1,0.5,2025-11-10,,,,,,\n')
        out.writelines(line(verdict="v" * 900) for _ in range(count))
    rows = _tables.rows(File(path, path.name), "detector", 1)
    first = next(rows)
    tracemalloc.start()
    taken, last = 0, None
    while (one := next(rows, None)) is not None:
        taken, last = taken + 1, one
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert first.rule == "audit.row-unreadable"
    assert (last.rule, last.row) == ("audit.too-many-rows", count + 1)
    assert taken == count - 2 + 1
    assert path.stat().st_size > 5_000_000
    assert peak < 1_000_000


@pytest.mark.requirement("AUD-022")
def test_json_beyond_the_bounds_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(detector, "_MAX_JSON", 100)
    monkeypatch.setattr(detector, "_MAX_LINE", 100)
    long = json.dumps(row(verdict="x" * 100))

    assert read(tmp_path, f"[{long}]", name="a.json").rules() == ["audit.too-large"]
    assert read(tmp_path, long + "\n", name="a.ndjson").rules() == ["audit.row-unreadable"]


def test_the_columns_of_the_standard_are_those_that_are_read():
    text = SPEC.read_text(encoding="utf-8")
    table = text.partition("| `tool`, `version`")[2].partition("\n\n")[0]
    named = set(re.findall(r"^\| (.*?) \|", "\n| `tool`, `version`" + table, re.MULTILINE))
    found = {name for cell in named for name in re.findall("`([a-z0-9_]+)`", cell)}

    assert found == {str(one["column"]) for one in _tables.columns("detector")}
    needed = {"tool", "version", "score", "date"}
    assert _tables.required("detector") == needed


# ---- credits ---------------------------------------------------------------------------------


@pytest.mark.requirement("AUD-028")
def test_credits_that_follow_each_other_are_one_item(tmp_path):
    text = (
        "isrc,title,artist,name,role\n"
        "QZ-ZZZ-26-00001,Song,Band,Ann,Composer\n"
        "QZZZZ2600001,Song,Band,Bob,Vocalist\n"
        "QZZZZ2600001,Song,Band,,Mixer\n"
        ",Other,Band,Cai,Producer\n"
        ",Other,,Dee,Producer\n"
        "XX,Other,Band,Eve,Producer\n"
    )
    made = read(tmp_path, text, "credits", "credits.csv")

    first, second = made.items
    assert shaped(first) == {
        "credits": [{"name": "Ann", "role": "Composer"}, {"name": "Bob", "role": "Vocalist"}]
    }
    assert (first.where, first.keys.isrcs) == ("rows 2 to 3", (ISRC,))
    assert (second.keys.isrcs, second.keys.names) == ((), (("Band", "Other"),))
    assert [(p.rule, p.row) for p in made.problems] == [
        ("audit.cell-missing", 4),
        ("audit.row-without-key", 6),
        ("audit.isrc-bad", 7),
    ]


# ---- crowd lists -----------------------------------------------------------------------------

OWN_LIST = {
    "list": "A list of our own",
    "licence": "CC0-1.0",
    "artists": [
        {"name": "Rusty Circuits", "disclosure": "none", "markers": ["anonymous"], "removed": False,
         "disclosureTypes": ["vocals"], "notes": "<b>n</b>", "issue": 7,
         "dateAdded": "2026-01-01T00:00:00Z", "dateUpdated": None},
        {"name": "Cleared Again", "disclosure": "none", "removed": True},
        {"name": ""},
        "what",
    ],
}  # fmt: skip


@pytest.mark.requirement("AUD-030")
def test_an_entry_keeps_its_list_its_licence_and_that_it_was_removed(tmp_path):
    made = read(tmp_path, json.dumps(OWN_LIST), "crowd-list", "list.json")

    listed, removed = made.items
    assert shaped(listed) == {
        "list": "A list of our own",
        "licence": "CC0-1.0",
        "artist": "Rusty Circuits",
        "disclosure": "none",
        "disclosureTypes": ["vocals"],
        "markers": ["anonymous"],
        "notes": "<b>n</b>",
        "dateAdded": "2026-01-01T00:00:00Z",
        "dateUpdated": None,
        "removed": False,
        "issue": 7,
    }
    assert shaped(removed)["removed"] is True
    unsaid = ("disclosureTypes", "markers", "notes", "dateAdded", "issue")
    assert {removed.says[name] for name in unsaid} == {None}
    assert listed.keys == Keys(names=(("Rusty Circuits", ""),))
    assert [(p.rule, p.row) for p in made.problems] == [
        ("audit.list-entry-bad", 3),
        ("audit.list-entry-bad", 4),
    ]


@pytest.mark.requirement("AUD-030")
def test_a_list_is_called_by_a_name_only_where_its_form_is_exactly_that(tmp_path):
    (known,) = schemas.load_json("audit/crowd-lists.json")["lists"]
    exact = dict.fromkeys(known["members"]) | {"name": "Rusty Circuits"}
    nearly = {**exact, "more": 1}

    said = read(tmp_path, json.dumps([exact]), "crowd-list", "l.json").one("crowdList").says
    other = read(tmp_path, json.dumps([nearly]), "crowd-list", "l.json").one("crowdList").says
    assert (said["list"], said["licence"]) == ("Soul Over AI", "CC-BY-4.0")
    assert (other["list"], other["licence"]) == ("l.json", None)


@pytest.mark.parametrize("data", [b"", b"{}", b"7", b"[" * 100_000, b"\xff\xfe", b'{"artists": 3}'])
def test_what_is_no_list_is_named(tmp_path, data):
    assert read(tmp_path, data, "crowd-list", "l.json").rules() == ["audit.list-unreadable"]


@pytest.mark.requirement("AUD-022")
def test_a_list_beyond_the_bounds_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(crowd_list, "MAX_ENTRIES", 1)
    made = read(tmp_path, json.dumps(OWN_LIST), "crowd-list", "l.json")
    assert (len(made.items), made.rules()) == (1, ["audit.too-many-rows"])

    monkeypatch.setattr(crowd_list, "MAX_BYTES", 10)
    made = read(tmp_path, json.dumps(OWN_LIST), "crowd-list", "l.json")
    assert (made.items, made.rules()) == ([], ["audit.too-large"])


@pytest.mark.requirement("AUD-030")
def test_the_persona_of_the_case_stands_in_the_published_list(tmp_path):
    path = third_party("soul-over-ai/artists.json")
    made = once(tmp_path / "store", "crowd-list", path)

    (persona,) = [i for i in made.items if i.says["artist"] == "Breaking Rust"]
    assert persona.says["list"] == "Soul Over AI"
    assert persona.says["licence"] == "CC-BY-4.0"
    assert persona.says["disclosure"] == "none"
    assert len(made.items) == len(json.loads(path.read_bytes())) > 1_000
    assert made.problems == []
    assert all(shaped(item) for item in made.items)


# ---- release messages ------------------------------------------------------------------------


@pytest.mark.requirement("AUD-031")
def test_a_message_says_what_its_contributors_say_and_no_more(tmp_path):
    digest = bytes.fromhex(HEX).hex()
    one = recording(
        contributor("GenerativeAI", "LeadVocalist"),
        contributor("PAnn", "Lyricist", ai="None"),
        contributor("PBob", "Composer"),
        file=delivered("a.flac", "SHA-256", digest),
        flags="<ContainsAI>Partly</ContainsAI>",
    )
    silent = recording(contributor("PAnn", "Lyricist"), reference="A2", isrc="QZZZZ2600002")
    made = read(tmp_path, message(one, silent), "ern", "m.xml")

    said, nothing = made.items
    assert shaped(said) | {"leftOut": []} == {
        "isrc": ISRC,
        "title": "Sample",
        "sender": "Label & Co PADPIDA2007050901U",
        "version": "4.3.2",
        "areas": {"lyrics": "none", "leadVocals": "full"},
        "containsAi": "Partly",
        "leftOut": [],
    }
    assert said.says["leftOut"]
    assert said.keys == Keys((ISRC,), (EMPTY,), (), (("Ann Lind", "Sample"),))
    assert said.where == "A1"
    assert (nothing.says["areas"], nothing.says["containsAi"]) == ({}, None)


@pytest.mark.requirement("AUD-031")
def test_a_message_of_a_version_without_ai_elements_says_nothing_about_ai(tmp_path):
    old = message(recording(contributor("PAnn", "Lyricist", ai="None")), digits="43")
    says = read(tmp_path, old, "ern", "m.xml").one("ern").says

    assert (says["version"], says["areas"], says["isrc"]) == ("4.3", {}, ISRC)
    assert says["leftOut"] == ["ERN 4.3 has no AI elements that are known here"]


@pytest.mark.requirement("AUD-021")
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html/>",
        b"<a>" * 5_000,
        message(recording())[:-40],
        b'<!DOCTYPE a [<!ENTITY x "y">]>' + message(recording()).partition(b"?>")[2],
        message(recording()).decode().encode("utf-16"),
    ],
    ids=range(6),
)
def test_what_is_no_message_is_named_and_the_next_is_read(tmp_path, data):
    folder = tmp_path / "in"
    folder.mkdir()
    put(folder, data, "a.xml")
    put(folder, message(recording()), "b.XML")
    put(folder, "not asked for", "c.txt")
    made = once(tmp_path / "store", "ern", folder)

    assert made.one("ern").says["isrc"] == ISRC
    assert [(p.rule, p.value) for p in made.problems] == [("audit.message-unreadable", "a.xml")]


@pytest.mark.requirement("AUD-022")
def test_a_message_beyond_the_bound_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(ern, "MAX_BYTES", 100)

    assert read(tmp_path, message(recording()), "ern", "m.xml").rules() == ["audit.too-large"]


def test_the_samples_of_ddex_are_read(tmp_path):
    path = third_party("ddex/samples-ern43/1_Audio.xml")
    made = once(tmp_path / "store", "ern", path.parent)

    assert made.problems == []
    assert len({i.input for i in made.items}) == 6
    assert all(item.says["areas"] == {} for item in made.items)


@pytest.mark.requirement("AUD-021")
@pytest.mark.parametrize(
    ("kind", "ending", "data"),
    [
        ("detector", "csv", HEADER + line()),
        ("detector", "json", json.dumps([row()])),
        ("crowd-list", "json", '[{"name": "A"}]'),
        ("manifests", "musicprov.jws", "a.b.c"),
    ],
)
def test_a_file_that_is_gone_when_it_is_read_is_named_and_the_next_is_read(
    tmp_path, monkeypatch, kind, ending, data
):
    folder = tmp_path / "in"
    folder.mkdir()
    first, _ = put(folder, data, f"a.{ending}"), put(folder, data, f"b.{ending}")
    opened = File.open

    def gone(file):
        if file.path == first:
            raise InputError("gone")
        return opened(file)

    monkeypatch.setattr(File, "open", gone)
    made = once(tmp_path / "store", kind, folder)

    assert made.problems[0].rule == "audit.unreadable"
    assert made.problems[0].value == f"a.{ending}"
    assert [made.named(item) for item in made.items] == [f"b.{ending}"]


@pytest.mark.parametrize("kind", ["ern", "detector", "credits", "crowd-list", "manifests"])
def test_a_source_that_is_not_there_ends_the_audit(tmp_path, kind):
    with pytest.raises(InputError):
        once(tmp_path / "store", kind, tmp_path / "nowhere")


def test_a_digest_of_ours_is_taken_too():
    assert detector.digest_of_text(digest_of(b"x")) == digest_of(b"x")


def test_a_problem_of_no_file_is_told_of_by_what_it_names():
    head = {
        "audit": {"title": "T"},
        "summary": {"entries": 1, "recordings": 1, "states": {}, "flags": {}, "rules": {}},
        "weeks": [{"week": "2025-11-08"}],
        "rules": [],
        "policy": {"keys": [], "sha256": None},
        "columns": {},
        "notes": {},
        "inputs": [{"number": 1, "name": "chart.csv"}],
        "problemsSeen": 1,
        "problems": [{"input": 0, "row": None, "rule": "audit.source-empty", "value": "audio/",
                      "says": "Nothing.", "fix": ""}],
    }  # fmt: skip

    assert list(summary(head))[-1] == "    sources: Nothing. (audio/) [audit.source-empty]"
