"""The pages in a real browser: nothing runs but the table's script, which works (spec 25.6)."""

import importlib.resources
import json

import pytest
from provenance.audit.rendering.pages import _Pages

from support.audits import HOSTILE_TITLE, Sample, sample
from support.browser import browser

PAGES = ("index.html", "method.html", "exhibits/0004.html", "exhibits/0012.html")
ROWS = "[...document.querySelectorAll('table[data-tools] tbody tr')]"
SEEN = f"{ROWS}.filter(r => getComputedStyle(r).display !== 'none')"
WAYS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@pytest.fixture(scope="module")
def page():
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """More rows than are shown at once, in one week."""
    folder = tmp_path_factory.mktemp("many")
    _Pages(sample(600), folder).write_index()
    return folder


def titles(page, of=SEEN):
    return page.run(f"{of}.map(r => r.cells[1].querySelector('a').textContent)")


def choose(page, name, value):
    script = f"""(() => {{ const e = document.querySelector('.tools [name="{name}"]');
        e.value = {json.dumps(value)}; e.dispatchEvent(new Event(e.tagName === 'INPUT' ? 'input' : 'change', {{bubbles: true}}));
        return e.value; }})()"""
    assert page.run(script) == value


@pytest.mark.slow
@pytest.mark.requirement("AUD-061")
@pytest.mark.requirement("AUD-063")
@pytest.mark.parametrize("name", PAGES)
def test_nothing_runs_and_nothing_is_asked_for(page, reports, name):
    page.complaints.clear()
    page.requests.clear()
    page.open(reports["en"] / name)
    assert page.run("document.readyState") == "complete"
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith("file:")] == []
    assert len(page.requests) == 1


@pytest.mark.slow
@pytest.mark.requirement("AUD-063")
def test_a_title_full_of_accents_paints_over_no_other_row(page, tmp_path):
    image = pytest.importorskip("PIL.Image")
    seen = []
    for title in ("Z", "Z" + "\u0301" * 800):
        folder = tmp_path / str(len(title))
        folder.mkdir()
        report = sample(6)
        entries, exhibits = list(report.entries()), list(report.exhibits())
        number = entries[3]["exhibit"]
        entries[3]["title"] = exhibits[number - 1]["recording"]["title"] = title
        _Pages(Sample(report.head, entries, exhibits), folder).write_index()
        page.open(folder / "index.html", height=6000)
        texts = "[...document.querySelectorAll('table[data-tools] tbody tr')[2].cells[1].children]"
        edges = "map(e => e.getBoundingClientRect()).map(r => [r.left, r.top, r.right, r.bottom])"
        found = page.run(f"{texts}.{edges}")
        box = [*map(min, *(e[:2] for e in found)), *map(max, *(e[2:] for e in found))]
        page.picture(folder / "page.png")
        seen.append(image.open(folder / "page.png").crop([int(edge) for edge in box]).tobytes())

    assert seen[0] == seen[1]


@pytest.mark.slow
@pytest.mark.requirement("AUD-062")
def test_the_policy_stops_what_would_slip_through(page, reports, tmp_path):
    bad = "<script>window.ran = 1</script><img src='https://example.invalid/x.png' onerror='window.ran = 2'>"
    text = (
        (reports["en"] / "index.html")
        .read_text(encoding="utf-8")
        .replace("</main>", f"{bad}</main>")
    )
    (tmp_path / "index.html").write_text(text, encoding="utf-8")
    page.complaints.clear()
    page.open(tmp_path / "index.html")
    assert page.run("window.ran ?? null") is None
    assert sum("Content Security Policy" in json.dumps(c) for c in page.complaints) >= 2
    page.complaints.clear()


@pytest.mark.requirement("AUD-064")
def test_the_table_is_searched_and_filtered(page, reports):
    report = sample()
    page.open(reports["en"] / "index.html")
    assert len(titles(page)) == 12
    choose(page, "search", "oberg")
    assert titles(page) == ["Vinterljus"]
    assert page.run("document.querySelector('.tools output').textContent") == "1 of 12 rows"
    choose(page, "search", "")
    choose(page, "state", "contradicted")
    assert titles(page) == [e["title"] for e in report.entries() if e["state"] == "contradicted"]
    choose(page, "flag", "marked")
    assert titles(page) == ["Walk It Off"]
    page.run("document.querySelector('.tools [name=reset]').click()")
    assert titles(page) == [e["title"] for e in report.entries()]


@pytest.mark.requirement("AUD-064")
def test_the_table_is_sorted_by_its_heads(page, reports):
    page.open(reports["en"] / "index.html")
    click = "document.querySelectorAll('table[data-tools] thead th')[{}].querySelector('button').click()"
    page.run(click.format(0))
    page.run(click.format(0))
    ranks = page.run(f"{SEEN}.map(r => r.cells[0].textContent)")
    assert ranks == [*(str(n) for n in range(11, 0, -1)), "no rank"]
    assert (
        page.run("document.querySelector('[aria-sort]').getAttribute('aria-sort')") == "descending"
    )
    page.run(click.format(1))
    assert titles(page) == page.run(f"{ROWS}.map(r => r.cells[1].querySelector('a').textContent)"
                                    ".sort(new Intl.Collator('en', {numeric: true}).compare)")  # fmt: skip
    assert HOSTILE_TITLE in titles(page)
    assert page.run("document.querySelectorAll('[aria-sort]').length") == 1


@pytest.mark.slow
@pytest.mark.requirement("AUD-064")
def test_many_rows_are_shown_in_parts_and_printed_as_chosen(page, many):
    page.open(many / "index.html")
    assert len(titles(page)) == 250
    more = "document.querySelector('.more button').click()"
    page.run(more)
    assert len(titles(page)) == 500
    page.run(more)
    assert len(titles(page)) == 600
    assert page.run("document.querySelector('.more').hidden")
    choose(page, "state", "declared")
    chosen = sum(e["state"] == "declared" for e in sample(600).entries())
    page("Emulation.setEmulatedMedia", media="print")
    assert len(titles(page)) == chosen
    heads = "[...document.querySelectorAll('[data-tools] thead th')].map(h => h.innerText.trim())"
    assert page.run(heads)[:3] == ["Rank", "Title and artist", "Label"]
    assert page.run("getComputedStyle(document.querySelector('thead button')).display") == "none"
    page("Emulation.setEmulatedMedia", media="screen")


@pytest.mark.slow
@pytest.mark.requirement("AUD-064")
def test_without_scripts_every_row_is_there(page, many):
    page("Emulation.setScriptExecutionDisabled", value=True)
    try:
        page.open(many / "index.html")
        assert len(titles(page)) == 600
        assert page.run("getComputedStyle(document.querySelector('.tools')).display") == "none"
    finally:
        page("Emulation.setScriptExecutionDisabled", value=False)


def wider(page):
    """What is wider than the screen and does not scroll within itself."""
    return page.run("""(() => { const wide = document.documentElement.clientWidth;
        return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > wide + 1
            && !e.closest('.wide, .skip, thead, svg')).map(e => e.outerHTML.slice(0, 80)); })()""")


@pytest.mark.slow
@pytest.mark.requirement("AUD-068")
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 375])
def test_no_page_is_wider_than_the_screen(page, reports, name, width):
    page.open(reports["sv"] / name, width=width)
    page.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.run("document.documentElement.scrollWidth") == width
    assert wider(page) == []


@pytest.mark.requirement("AUD-068")
def test_a_tablet_has_room_too(page, reports):
    page.open(reports["en"] / "index.html", width=768)
    assert page.run("document.documentElement.scrollWidth") == 768


@pytest.mark.requirement("AUD-068")
def test_what_is_too_wide_would_be_found(page, reports, tmp_path):
    text = (reports["en"] / "method.html").read_text(encoding="utf-8")
    (tmp_path / "wide.html").write_text(
        text.replace("</main>", f"<table><tr><td>{'x' * 200}</table></main>"), encoding="utf-8"
    )
    page.open(tmp_path / "wide.html", width=375)
    assert page.run("document.documentElement.scrollWidth") > 375
    assert wider(page) != []


@pytest.mark.slow
@pytest.mark.requirement("AUD-067")
@pytest.mark.parametrize(
    ("name", "theme"),
    [("index.html", "light"), ("exhibits/0002.html", "dark"), ("method.html", "light")],
)
def test_axe_finds_nothing(page, reports, name, theme):
    page.open(reports["en"] / name, width=1280, theme=theme)
    assert violations(page) == []


@pytest.mark.requirement("AUD-067")
def test_axe_would_find_it(page, reports):
    page.open(reports["en"] / "method.html")
    page.run(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<h2></h2><input><img src=\"data:,\">')"
    )
    assert {"empty-heading", "label", "image-alt"} <= {name for name, _ in violations(page)}
    page.complaints.clear()


def violations(page):
    axe = importlib.resources.files(pytest.importorskip("axe_core_python")) / "axe.min.js"
    page.run(f"{axe.read_text(encoding='utf-8')}\n;0")
    page.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    asked = json.dumps({"runOnly": WAYS})
    found = page.run(
        f"axe.run(document, {asked}).then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 90))]))"
    )
    return [tuple(one) for one in found]


@pytest.mark.requirement("AUD-067")
def test_focus_is_seen_and_targets_are_large_enough(page, reports):
    page.open(reports["en"] / "index.html", width=375)
    page("Input.dispatchKeyEvent", type="keyDown", key="Tab", code="Tab", windowsVirtualKeyCode=9)
    focused = page.run(
        "(() => { const s = getComputedStyle(document.activeElement); return [document.activeElement.className, s.outlineStyle, s.outlineWidth]; })()"
    )
    assert focused == ["skip", "solid", "3px"]
    assert page.run("document.activeElement.getBoundingClientRect().left") >= 0
    small = page.run("""[...document.querySelectorAll('button, select, input, summary, nav a')].filter(e => {
        const r = e.getBoundingClientRect(); return !e.closest('thead') && r.width && (r.height < 24 || r.width < 24); })
        .map(e => e.outerHTML.slice(0, 60))""")
    assert small == []  # WCAG 2.2, 2.5.8: 24 by 24 CSS pixels
    moving = "[...document.querySelectorAll('*')].some(e => parseFloat(getComputedStyle(e).transitionDuration) > 0)"
    assert page.run(moving) is False
