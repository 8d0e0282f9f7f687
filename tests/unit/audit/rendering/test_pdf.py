"""The PDF: tagged, in its language, with its fonts, and made of nothing but the report."""

# ruff: noqa: E402

import itertools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pikepdf = pytest.importorskip("pikepdf")
try:
    import weasyprint
except (ImportError, OSError) as error:  # the library Pango is missing
    pytest.skip(f"no PDF can be made here: {error}", allow_module_level=True)

from provenance.audit.rendering import pdf, printed
from provenance.audit.rendering.printed_exhibits import MAX_LINES, Exhibits
from provenance.audit.rendering.words import Words
from provenance.model.errors import MissingExtraError

from support.audits import HOSTILE_TITLE, sample

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The PDF of the report with everything in it, in Swedish, of two weeks."""
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    pdf.write_pdf(sample(12, weeks=2, language="sv"), path)
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The PDF of a small report."""
    path = tmp_path_factory.mktemp("small") / "report.pdf"
    pdf.write_pdf(sample(3, language="sv"), path)
    return path


def exhibits_printed():
    """The exhibits that the PDF of everything has: those of its latest week."""
    report = sample(12, weeks=2, language="sv")
    last = report.head["weeks"][-1]["week"]
    return [report.exhibit(n) for n in sorted({one["exhibit"] for one in report.entries(last)})]


@pytest.fixture(scope="module")
def text(made):
    """Its text as a program that reads PDFs finds it."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    done = subprocess.run(["pdftotext", "-raw", made, "-"], capture_output=True, check=True)
    return re.sub(r"\s+", " ", done.stdout.decode())


def elements(node):
    """Every element of a structure tree, in its order."""
    kids = node.get("/K", [])
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    for kid in kids:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


@pytest.mark.slow
def test_it_is_tagged_and_says_its_language_and_title(made):
    with pikepdf.open(made) as document:
        root = document.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang) == "sv"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert str(document.docinfo.Title).startswith("Country Digital Song Sales")
        with document.open_metadata() as metadata:
            assert metadata.get("pdfuaid:part") == "1"


@pytest.mark.slow
def test_its_structure_has_headings_tables_lists_and_figures_with_words(made):
    with pikepdf.open(made) as document:
        found = list(elements(document.Root.StructTreeRoot))
    kinds = [str(one.S) for one in found]
    for kind in ("/H1", "/H2", "/H3", "/H4", "/P", "/Table", "/TR", "/TH", "/TD", "/L", "/Figure"):
        assert kind in kinds, kind
    assert kinds.count("/H1") == 1
    levels = [int(kind[2]) for kind in kinds if re.fullmatch("/H[1-6]", kind)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    figures = [one for one in found if str(one.S) == "/Figure"]
    assert len(figures) == 4
    assert all(len(str(one.get("/Alt", ""))) > 20 for one in figures)
    heads = [one for one in found if str(one.S) == "/TH"]
    assert all("/A" in one for one in heads)


def test_it_has_bookmarks_for_its_parts_and_exhibits(made):
    with pikepdf.open(made) as document, document.open_outline() as outline:
        names = [one.title for one in outline.root[0].children]
        exhibits = next(
            one for one in outline.root[0].children if len(one.children) == len(exhibits_printed())
        )
    words = Words("sv")
    assert words.text("summary.title") in names
    assert words.text("method.title") in names
    assert exhibits.title == words.text("pdf.exhibits")


def test_every_font_is_in_it(made):
    with pikepdf.open(made) as document:
        fonts = [one for one in document.objects if isinstance(one, pikepdf.Dictionary)
                 and one.get("/Type") == "/FontDescriptor"]  # fmt: skip
    assert fonts
    assert all("/FontFile2" in one or "/FontFile3" in one for one in fonts)


def test_nothing_in_it_runs_or_leads_out(made):
    with pikepdf.open(made) as document:
        things = [one for one in document.objects if isinstance(one, pikepdf.Dictionary)]
        assert not any("/JS" in one or "/JavaScript" in one or "/URI" in one for one in things)
        assert "/OpenAction" not in document.Root
        assert "/AA" not in document.Root


def test_what_the_report_says_is_in_it(text):
    words = Words("sv")
    report = sample(12, weeks=2, language="sv")
    assert len(exhibits_printed()) > 8
    for exhibit in exhibits_printed():
        if exhibit["exhibit"] < 12:
            assert exhibit["recording"]["title"] in text
        for one in exhibit["declarations"]:
            assert one["statement"]["sid"] in text
            assert one["signer"]["key"] in text
    for state in ("declared", "contradicted", "unverifiable", "undeclared"):
        assert words.state(state) in text
        assert words.meaning("states", state)[:40] in text
    assert words.text("method.statesLess")[:40] in text
    assert words.raw("plot.areas.counted").partition(":")[0] in text
    for one in report.head["inputs"]:
        assert one["sha256"].removeprefix("sha-256:")[:20] in text.replace(" ", "")
    assert report.head["audit"]["id"] in text
    assert words.text("pdf.otherWeeks")[:30] in text


def test_the_summary_says_how_many_rest_on_no_audio():
    report = sample(12)
    report.head["summary"]["counted"] |= {"withoutAudio": 2, "declaredByName": 1, "unread": 3}
    said = printed.Printed(report, Words("en"), None).front()["summary"]

    place = next(n for n, line in enumerate(said) if "a declaration that holds" in line)
    assert said[place].endswith("and nothing that counts here contradicts it.")
    assert said[place + 1] == (
        "For 1 entry of these, the declaration was found by name or likeness alone."
    )
    assert said[place + 2].startswith("For 2 entries of these, the declaration was compared")
    place = next(n for n, line in enumerate(said) if "it cannot be relied on" in line)
    assert said[place + 1].startswith("For 3 entries of these, no declaration was found, but")


def test_it_has_the_latest_week_or_the_one_asked_for(tmp_path):
    report = sample(3, weeks=2)
    first, last = (one["week"] for one in report.head["weeks"])
    views = {
        week: printed.Printed(report, Words("en"), week).table()["table_title"]
        for week in (None, first)
    }

    assert last in views[None]
    assert first in views[first]


def test_hostile_text_is_text(made, text):
    assert HOSTILE_TITLE[:20] in text
    assert "\u202e" not in text
    assert "{{ 7*7 }}" in text
    assert "\\u202e" in text


def test_a_template_puts_nothing_harmful_out():
    report = sample(12)
    title = "a\u202eb\n<i>{{ 7*7 }}"
    body = {**report.exhibit(1), "why": [{"reason": title, "detail": {}}]}
    page = pdf._html(_Only(report, body), Words("en"), [], None)

    assert "\u202e" not in page
    assert "a\\u202eb\\u000a&lt;i&gt;{{ 7*7 }}" in page


class _Only:
    """A report in which every exhibit is the same."""

    def __init__(self, report, body):
        self.head = report.head
        self.entries = report.entries
        self.exhibit = lambda number: body | {"exhibit": number}


def test_nothing_is_fetched():
    fetcher = pdf._fetcher({"states": "<svg xmlns='http://www.w3.org/2000/svg'/>"})

    assert fetcher("plot:states").read().startswith(b"<svg")
    for url in ("http://example.invalid/", "file:///etc/hostname", "data:,x", "plot:other"):
        with pytest.raises(ValueError, match="not fetched"):
            fetcher(url)
    page = (
        "<img src='http://example.invalid/x.png'><p style='background:url(file:///etc/hostname)'>x"
    )
    with pytest.raises(BaseException, match="Error fetching"):
        weasyprint.HTML(string=page, url_fetcher=fetcher).write_pdf()


@pytest.mark.slow
def test_the_identifier_is_that_of_what_it_says(made, small, tmp_path):
    (tmp_path / "none.pdf").write_bytes(b"%PDF-1.7\nstartxref\n9999999\n%%EOF\n")
    (tmp_path / "empty.pdf").write_bytes(b"")

    assert re.fullmatch("sha-256:[A-Za-z0-9_-]{43}", pdf.content_of(made))
    assert pdf.content_of(small) != pdf.content_of(made)
    assert pdf.content_of(tmp_path / "none.pdf") is None
    assert pdf.content_of(tmp_path / "empty.pdf") is None


_MAKE = """
import sys, pathlib
sys.path[:0] = ["tests"]
from support.audits import sample
from provenance.audit.rendering.pdf import write_pdf
write_pdf(sample(3, language="sv"), pathlib.Path(sys.argv[1]))
"""


@pytest.mark.slow
def test_another_locale_time_zone_user_and_hash_seed_make_the_same_bytes(small, tmp_path):
    path = tmp_path / "again.pdf"
    more = {"LANG": "sv_SE.UTF-8", "LC_ALL": "", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "99",
            "USER": "somebody", "SOURCE_DATE_EPOCH": "1"}  # fmt: skip
    subprocess.run(
        [sys.executable, "-c", _MAKE, path], cwd=ROOT, env={**os.environ, **more}, check=True
    )

    assert path.read_bytes() == small.read_bytes()


def test_what_is_too_much_for_paper_is_cut_and_said():
    report = sample(12)
    body = report.exhibit(1)
    body["evidence"] = [{**body["evidence"][0], "id": f"e{n}"} for n in range(40)]
    view = Exhibits(Words("en"), {})
    part = next(
        p for p in view.view(body)["parts"] if p.title == Words("en").text("evidence.title")
    )

    assert len(part.lines) == MAX_LINES + 1
    assert "28" in part.lines[-1].text


def test_several_artists_are_each_what_they_are_declared_to_be():
    body = next(x for x in exhibits_printed() if x["declarations"])
    one = {**body["declarations"][0], "identity": "group, aiPersona"}
    parts = Exhibits(Words("en"), {}).view({**body, "declarations": [one]})["parts"]

    told = " ".join(line.text for line in parts[0].lines)
    assert "The artist is declared to be: a group of people, an AI persona." in told


def test_a_signer_who_is_known_in_a_way_of_a_later_version_is_nobody():
    body = next(x for x in exhibits_printed() if x["declarations"])
    one = body["declarations"][0]
    known = {rung: {**one["signer"], "rung": rung, "by": "STIM"} for rung in ("vouched", "later")}
    view = Exhibits(Words("en"), {})
    told = {
        rung: " ".join(line.text for line in view.view(shown)["parts"][0].lines)
        for rung, who in known.items()
        for shown in [{**body, "declarations": [{**one, "signer": who}]}]
    }

    assert "(as STIM vouches)" in told["vouched"]
    assert "(nobody has said whose key it is)" in told["later"]


def test_more_exhibits_than_are_printed_are_said(monkeypatch):
    monkeypatch.setattr(printed, "MAX_EXHIBITS", 5)
    monkeypatch.setattr(printed, "MAX_ROWS", 8)
    monkeypatch.setattr(printed, "MAX_INPUTS", 2)
    view = printed.Printed(sample(12), Words("en"), None)
    table, back = view.table(), view.back()

    assert (len(table["rows"]), len(table["exhibits"])) == (8, 5)
    assert "5" in table["exhibits_cut"]
    assert "entries.csv" in table["table_note"]
    assert [row["linked"] for row in table["rows"]].count(True) == 5
    assert len(back["input_rows"]) == 2
    assert "report.json" in back["inputs_cut"]


def test_a_missing_library_is_one_line_that_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "weasyprint", None)

    with pytest.raises(MissingExtraError) as caught:
        pdf.write_pdf(sample(3), tmp_path / "x.pdf")
    assert "musicprov[report]" in caught.value.hint
    assert not (tmp_path / "x.pdf").exists()


_MEASURE = """
import pathlib, resource, sys, time
sys.path[:0] = ["tests"]
import weasyprint
from support.audits import sample
from provenance.audit.rendering.pdf import write_pdf
report = sample(400)
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
idle = peak()
write_pdf(report, pathlib.Path(sys.argv[1]))
print(peak() - idle, int(time.process_time()))
"""


@pytest.mark.slow
def test_the_largest_document_stays_within_bounds(tmp_path):
    if os.environ.get("MUSICPROV_TEST_FULL") != "1":
        pytest.skip("the largest PDF takes half a minute: MUSICPROV_TEST_FULL=1")
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, tmp_path / "x.pdf"], cwd=ROOT, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    megabytes, seconds = map(int, done.stdout.split())

    assert megabytes < 300, "MB over idle, for 250 entries and 200 exhibits"
    assert seconds < 90, "seconds of processor time"
    with pikepdf.open(tmp_path / "x.pdf") as document:
        assert len(document.pages) > 100
