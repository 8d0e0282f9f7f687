"""The plots: what they say in words, as numbers, and as shapes (spec 25.6)."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from provenance.audit.rendering.palette import DARK, LEVELS, LIGHT, STATES
from provenance.audit.rendering.plots import files_of, plots_of
from provenance.audit.rendering.words import Words

from support.audits import HOSTILE_ARTIST, HOSTILE_TITLE, sample

SVG = "{http://www.w3.org/2000/svg}"
WORDS = Words("en")


def drawn(name, head, theme="auto"):
    plot = next(p for p in plots_of(head, WORDS) if p.name == name)
    return plot, ET.fromstring(plot.document("en", theme))


def bars(root, plot):
    """Each bar as rows of what stands for which name: name and width, from left to right."""
    found = {}
    for rect in root.iter(f"{SVG}rect"):
        fill = rect.get("fill") or ""
        if fill.startswith(f"url(#{plot}-p-") and rect.get("height") == "20":
            name = fill.removeprefix(f"url(#{plot}-p-").rstrip(")")
            found.setdefault(rect.get("y"), []).append(
                (name, float(rect.get("x")), float(rect.get("width")))
            )
    return list(found.values())


def head_with(states=None, **summary):
    base = {**sample().head, "weeks": []}
    states = states or {"declared": 1}
    whole = {
        "entries": sum(states.values()),
        "states": states,
        "areas": {},
        "labels": [],
        "otherLabels": 0,
        "flags": {},
        "rules": {},
    }
    return {**base, "summary": {**base["summary"], **whole, **summary}}


@pytest.mark.requirement("AUD-066")
def test_the_bars_are_as_long_as_the_counts():
    head = head_with({"declared": 50, "contradicted": 25, "unverifiable": 100, "undeclared": 0})
    _, root = drawn("states", head)
    widths = {name: width for bar in bars(root, "states") for name, _, width in bar}
    assert widths == {"declared": 189, "contradicted": 94, "unverifiable": 378}


@pytest.mark.requirement("AUD-066")
def test_segments_of_a_bar_share_it_without_gaps():
    levels = {"none": 3, "full": 2, "undeclared": 5}
    _, root = drawn("areas", head_with(areas={"lyrics": levels}))
    (bar,) = bars(root, "areas")
    assert [name for name, _, _ in bar] == ["none", "full", "undeclared"]
    assert all(x + width == after for (_, x, width), (_, after, _) in pairwise(bar))
    assert [round(width / 378, 2) for _, _, width in bar] == [0.3, 0.2, 0.5]


@pytest.mark.requirement("AUD-066")
def test_the_table_beside_it_has_the_same_numbers():
    head = sample(40, 3).head
    found = {p.name: p for p in plots_of(head, WORDS)}
    states = head["summary"]["states"]
    assert [row[:2] for row in found["states"].rows] == [
        (WORDS.state(s), str(states.get(s, 0))) for s in STATES
    ]
    areas = [
        (WORDS.area(a).capitalize(), *(str(c.get(level, 0)) for level in LEVELS))
        for a, c in head["summary"]["areas"].items()
    ]
    assert [tuple(row) for row in found["areas"].rows] == areas
    labels = [
        (one["label"] or "(no label in the chart)", str(one["entries"]))
        for one in head["summary"]["labels"]
    ]
    assert [row[:2] for row in found["labels"].rows] == labels
    weeks = [(w["week"], *(str(w["states"].get(s, 0)) for s in STATES)) for w in head["weeks"]]
    assert [tuple(row) for row in found["weeks"].rows] == weeks
    assert all(len(row) == len(p.head) for p in found.values() for row in p.rows)


@pytest.mark.requirement("AUD-066")
def test_the_areas_say_how_much_is_contradicted_or_found_by_name_alone():
    counted = {"withoutAudio": 0, "byName": 1}
    plot, root = drawn("areas", head_with(states={"contradicted": 3}, counted=counted))

    assert "although something contradicts the declaration: 3 entries." in plot.note
    assert "found by name or likeness only: 1 entry." in plot.note
    assert plot.note in root.find(f"{SVG}desc").text
    nothing = {"withoutAudio": 4, "byName": 0}
    plain, _ = drawn("areas", head_with(states={"declared": 7}, counted=nothing))
    assert plain.note == ""
    assert plain.description == WORDS.text("plot.areas.desc")


@pytest.mark.requirement("AUD-066")
def test_columns_of_weeks_stand_on_each_other():
    head = sample(40, 5).head
    plot, root = drawn("weeks", head)
    boxes = [
        r
        for r in root.iter(f"{SVG}rect")
        if (r.get("fill") or "").startswith("url(#weeks-p-") and r.get("width") != "16"
    ]
    columns = {}
    for box in boxes:
        columns.setdefault(box.get("x"), []).append((float(box.get("y")), float(box.get("height"))))
    assert len(columns) == 5
    for column, week in zip(columns.values(), head["weeks"], strict=True):
        assert all(y == below + height for (y, _), (below, height) in pairwise(column))
        assert abs(sum(height for _, height in column) / 170 - week["entries"] / 40) < 0.02
    assert "from 2025-11-08 to 2025-12-06" in plot.description


@pytest.mark.requirement("AUD-066")
def test_each_state_and_level_has_a_pattern_of_its_own():
    for name, kinds in (("labels", STATES), ("areas", LEVELS)):
        _, root = drawn(name, sample().head)
        patterns = {
            p.get("id").removeprefix(f"{name}-p-"): ET.tostring(p)
            for p in root.iter(f"{SVG}pattern")
        }
        assert tuple(patterns) == kinds
        plain = {re.sub(rb'id="[^"]*"|class="p-[a-z]*"', b"", text) for text in patterns.values()}
        used = {
            re.sub(r".*-p-(.*)\)", r"\1", r.get("fill"))
            for r in root.iter(f"{SVG}rect")
            if "url(" in (r.get("fill") or "")
        }
        assert used == set(kinds)
        assert len(plain) == (
            4 if name == "labels" else 2
        )  # levels differ in lightness: see test_palette


@pytest.mark.requirement("AUD-066")
@pytest.mark.parametrize("language", ["en", "sv"])
def test_each_has_title_and_description(language):
    words = Words(language)
    for plot in plots_of(sample(20, 2).head, words):
        root = ET.fromstring(plot.document(language))
        title, about = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert (title.text, about.text) == (plot.title, plot.description)
        assert root.get("role") == "img"
        assert root.get("aria-labelledby").split() == [title.get("id"), about.get("id")]
        assert plot.title == words.text(f"plot.{plot.name}.title")
    numbers = next(p for p in plots_of(sample().head, words) if p.name == "states").description
    assert f"{words.state('contradicted')}: 3 (" in numbers


@pytest.mark.requirement("AUD-063")
def test_a_crafted_label_is_text():
    evil = [
        {"label": text, "entries": 1, "states": {"declared": 1}}
        for text in (HOSTILE_TITLE, HOSTILE_ARTIST, "\ud800]]>&", "x" * 5000)
    ]
    plot, root = drawn("labels", head_with(labels=evil))
    texts = [e.text for e in root.iter(f"{SVG}text")]
    assert '<script>alert("t")</script><img src=x' in "".join(texts)
    assert "\u202e" not in plot.document("en")
    assert max(map(len, texts)) < 250
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "style",
        "rect",
        "defs",
        "pattern",
        "path",
        "circle",
        "text",
    }
    names = {name.rpartition("}")[2] for e in root.iter() for name in e.attrib}
    assert not {n for n in names if n.startswith("on") or n in {"href", "style", "src"}}


@pytest.mark.parametrize(("left", "says"), [(0, False), (1234, True)])
def test_labels_that_are_left_out_are_counted(left, says):
    plot, root = drawn("labels", head_with(labels=[], otherLabels=left))
    assert ("Other labels: 1,234 more entries." in root.find(f"{SVG}desc").text) == says
    assert plot.rows == ()


def test_nothing_is_drawn_of_nothing_and_little_of_one_week():
    assert plots_of(head_with(entries=0), WORDS) == []
    assert [p.name for p in plots_of(sample().head, WORDS)] == ["states", "labels", "areas"]
    _, root = drawn("labels", head_with(labels=[]))
    assert bars(root, "labels") == []


@pytest.mark.parametrize("weeks", [2, 52, 400])
def test_weeks_stay_within_the_picture(weeks):
    one = {"entries": 7, "states": {"declared": 7}, "flags": {}, "areas": {}}
    head = {**head_with(), "weeks": [{"week": f"2025-{n:03}", **one} for n in range(weeks)]}
    _, root = drawn("weeks", head)
    left, _, width, _ = map(float, root.get("viewBox").split())
    for element in root.iter():
        if element.get("x") and element.tag != f"{SVG}pattern":
            assert left <= float(element.get("x")) <= left + width
            assert float(element.get("x")) + float(element.get("width") or 0) <= left + width + 1
    names = [e for e in root.iter(f"{SVG}text") if (e.text or "").startswith("2025-")]
    assert 1 <= len(names) <= 5


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_a_file_knows_its_theme(theme):
    plot, _ = drawn("states", sample().head)
    text = plot.document("en", theme)
    assert (LIGHT["contradicted"] in text) == (theme in {"light", "auto"})
    assert (DARK["contradicted"] in text) == (theme in {"dark", "auto"})
    assert [name for name, _ in files_of([plot], "en")] == ["states.svg"]
