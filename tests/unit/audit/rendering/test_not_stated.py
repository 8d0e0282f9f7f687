"""What is not stated, or could not be read, is shown as that (spec 25.6)."""

import re

import pytest
from provenance.audit.rendering.exhibits import views
from provenance.audit.rendering.pages import write_pages
from provenance.audit.rendering.printed_exhibits import MAX_LINES, Exhibits
from provenance.audit.rendering.words import Words

from support import audits
from support.audits import sample


@pytest.mark.requirement("AUD-112")
@pytest.mark.parametrize(
    ("item", "shown", "printed"),
    [
        (audits.crowd(1, markers=None, disclosure=None, notes=None), "not stated", ""),
        (audits.crowd(1, markers=[]), "none", ""),
        (audits.track(1, "a.mp3", marks=None), "could not be read", "could not be read"),
        (audits.track(1, "a.mp3", marks=[]), "none", ""),
        (audits.track(1, "a.mp3", essence=None), "could not be read", ""),
        (audits.ern(1, {}, None), "not stated", ""),
    ],
    ids=["list without", "empty list", "not read", "no mark", "no audio", "no level"],
)
def test_not_stated_and_not_read_are_not_none(item, shown, printed):
    words = Words("en")
    member = {"crowdList": "markers", "track": "marks", "ern": "areas"}[item["kind"]]
    member = member if item["says"].get("essence", "") is not None else "essence"
    label = words.text(f"says.{member}")
    page = dict(views(sample().head, words)["says_of"](item))

    assert page[label] == [shown]
    if item["says"].get("disclosure", "") is None:
        assert page[words.text("says.disclosure")] == ["not stated"]
    body = {**sample().exhibit(1), "evidence": [item]}
    parts = Exhibits(words, {}).view(body)["parts"]
    line = next(p for p in parts if p.title == words.text("evidence.title")).lines[0].text
    assert (f"{label}: {printed}." in line) == bool(printed)
    assert printed or f"{label}:" not in line


@pytest.mark.requirement("AUD-112")
def test_a_name_of_the_chart_that_lacks_a_part_says_so_on_the_page_and_in_the_pdf(tmp_path):
    whole = sample(3)
    exhibits = list(whole.exhibits())
    one = exhibits[1]
    one["recording"]["otherNames"] = [
        {"title": "", "artist": "Jay"},
        {"title": "Ten", "artist": ""},
    ]
    report = audits.Sample(whole.head, list(whole.entries()), exhibits)
    write_pages(report, tmp_path, lambda *_: None)
    page = (tmp_path / "exhibits/0002.html").read_text(encoding="utf-8")
    printed = Exhibits(Words("en"), {}).view(one)["about"]

    for text in (re.sub("<[^>]*>", "", page), printed):
        assert "also (no title), by Jay." in text
        assert "also Ten, by not stated." in text


def test_names_of_the_chart_that_the_pdf_leaves_out_are_counted():
    body = sample().exhibit(1)
    names = [{"title": f"Song {n}", "artist": "Jay"} for n in range(MAX_LINES + 2)]
    body = {**body, "recording": {**body["recording"], "otherNames": names}}
    words = Words("en")
    printed = Exhibits(words, {}).view(body)["about"]

    assert printed.count("under the same ISRC") == MAX_LINES
    assert words.text("pdf.moreLines", n=2) in printed
