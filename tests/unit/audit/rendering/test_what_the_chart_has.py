"""An exhibit alone says what its chart has where that was not taken (spec 25.6)."""

import html
import json
import re

import pytest
from provenance.audit.rendering.printed_exhibits import Exhibits
from provenance.audit.rendering.words import Words
from provenance.wire.registries import rule
from provenance.wire.schemas import validator

from support import audit_world as w

MARKUP = "<b>no</b>"
FORMULA = '=HYPERLINK("https://example.invalid/","pay")'
HIDDEN = "Turned \u202egnos"
CHART = f"""rank,title,artist,isrc,upc,label,week
1,One,Ann,GBNRD26XX,12,L,2026-12-26
2,Two,{json.dumps(FORMULA).replace(chr(92) + '"', '""')},QZZZZ2600009,,L,2026-12-26
3,{HIDDEN},Bo,QZZZZ2600008,,L,2026-12-26
4,Four,Cy,{MARKUP},,L,2026-12-26
5,Five,Di,,,L,2026-12-26
6,Six,Ed,QZZZZ2600007,,L,2026-12-26
"""
ISRC = (
    "not stated; the chart has ‘GBNRD26XX’, which is no ISRC",
    "inte angivet; listan har ”GBNRD26XX”, som inte är någon ISRC",
)


@pytest.fixture(scope="module", params=["en", "sv"])
def report(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("audit")
    (folder / "chart.csv").write_text(CHART, encoding="utf-8")
    inputs = w.inputs(folder / "in")
    wanted = w.asked(inputs, charts=(folder / "chart.csv",), sources=(), language=request.param)
    made = w.audited(wanted, folder / "report", None)
    return request.param, made


def exhibit(made, number):
    found = json.loads((made / f"exhibits/{number:04}.json").read_text(encoding="utf-8"))
    assert list(validator("audit-exhibit").iter_errors(found)) == []
    return found


def page(made, number):
    """The text of an exhibit's page, and its markup."""
    text = (made / f"exhibits/{number:04}.html").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", text))), text


def printed(made, language, number):
    """The lines of an exhibit in the PDF."""
    view = Exhibits(Words(language), {1: "chart.csv"}).view(exhibit(made, number))
    lines = [f"{line.lead} {line.text}" for part in view["parts"] for line in part.lines]
    return "\n".join([view["name"], view["about"], *lines])


@pytest.mark.requirement("AUD-115")
@pytest.mark.parametrize(
    ("number", "name", "value"),
    [
        (1, "chart.isrc", "GBNRD26XX"),
        (1, "chart.upc", "12"),
        (2, "chart.formula", f"artist: {FORMULA}"),
        (3, "chart.text-changed", "Turned \\u202egnos"),
        (4, "chart.isrc", MARKUP),
        (5, "chart.isrc-missing", ""),
        (2, "chart.artist-missing", ""),
    ],
)
def test_json_page_and_pdf_say_it_in_words(report, number, name, value):
    language, made = report
    says = rule(name)["meaning"]
    (one,) = exhibit(made, number)["appearances"]

    assert {"rule": name, "value": value, "says": says} in one["problems"]
    text, markup = page(made, number)
    assert f"{says} " in text
    assert f'<span class="code soft">{name}</span>' in markup
    for found in (text, printed(made, language, number)):
        assert says in found
        assert value in found
        assert name in found
    assert MARKUP not in markup
    assert "\u202e" not in markup


@pytest.mark.requirement("AUD-115")
def test_the_isrc_that_is_none_stands_where_one_would(report):
    language, made = report
    said = ISRC[language == "sv"]

    assert said in page(made, 1)[0]
    assert said in printed(made, language, 1)
    letter = next((made / "letters").glob("*.txt")).read_text(encoding="utf-8")
    assert re.search(r"ISRC: \((the chart has|listan har) ['”]GBNRD26XX['”], (which|som)", letter)
    assert f"<dd>{Words(language).text('notStated')}</dd>" in page(made, 5)[1]


@pytest.mark.requirement("AUD-115")
def test_an_artist_that_was_not_taken_is_not_left_out(report):
    language, made = report
    said = Words(language).text("exhibit.noArtist")

    assert said in page(made, 2)[0]
    assert said in printed(made, language, 2)
    assert said not in page(made, 6)[0]


@pytest.mark.requirement("AUD-115")
def test_a_row_that_was_taken_as_it_stands_has_no_such_line(report):
    language, made = report

    assert exhibit(made, 6)["appearances"][0]["problems"] == []
    assert "chart." not in printed(made, language, 6).replace("chart.csv", "")
    head = json.loads((made / "report.json").read_text(encoding="utf-8"))
    assert head["entries"][0]["problems"] == ["chart.isrc", "chart.upc"]
