"""What stands in the pages, by an HTML parser of its own (spec 25.6)."""

import base64
import functools
import hashlib
import itertools
import json
import re
from collections import Counter
from urllib.parse import unquote, urlsplit

import html5lib
import pytest
from provenance.audit.model import Flag, State
from provenance.audit.rendering import pages
from provenance.audit.rendering.counts import said_of_states
from provenance.audit.rendering.pages import write_pages
from provenance.audit.rendering.printed_exhibits import Exhibits
from provenance.audit.rendering.words import Words
from provenance.audit.sources._judging import _TAGS

from support import audits
from support.audits import sample

RUNS = {"script", "iframe", "object", "embed", "link", "form", "base", "img", "audio", "video", "applet", "frame"}  # fmt: skip
NAMES_A_FILE = (
    "href",
    "src",
    "srcset",
    "poster",
    "data",
    "action",
    "formaction",
    "background",
    "ping",
)
FORBIDDEN = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u0000\u001b"


@functools.cache
def tree(path):
    """A page as a tree; what is not valid HTML fails here."""
    return parsed(path.read_text(encoding="utf-8"))


def parsed(text):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def text_of(element):
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def all_pages(folder):
    return sorted(folder.rglob("*.html"))


def table_of(document):
    return next(t for t in document.iter("table") if "data-tools" in t.attrib)


def rows_of(table):
    return [[text_of(cell) for cell in row] for row in table.find("tbody")]


@pytest.mark.parametrize("name", ["en", "sv", "weeks"])
def test_there_is_a_page_for_everything(reports, name):
    folder = reports[name]
    head = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    numbers = [f"{x['exhibit']:04}" for x in head["exhibits"]]
    assert [p.stem for p in sorted((folder / "exhibits").glob("*.html"))] == numbers
    weeks = [w["week"] for w in head["weeks"]]
    assert [p.stem for p in sorted(folder.glob("weeks/*.html"))] == (
        weeks if len(weeks) > 1 else []
    )
    plots = {p.stem for p in (folder / "plots").glob("*.svg")}
    assert plots == {"states", "labels", "areas"} | ({"weeks"} if len(weeks) > 1 else set())


# AUD-061, AUD-062: nothing from outside, nothing runs


def references(document):
    for element in document.iter():
        for name, value in element.attrib.items():
            if str(name).rpartition("}")[2] in NAMES_A_FILE:
                yield value


def leads_nowhere(folder, page, documents):
    """The references of a page that do not lead to a file, or a place in one, of the report."""
    for value in references(documents[page]):
        parts = urlsplit(value)
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        inside = target.is_relative_to(folder.resolve()) and target.is_file()
        if (
            parts.scheme
            or parts.netloc
            or not inside
            or (
                parts.fragment
                and parts.fragment not in {e.get("id") for e in documents[target].iter()}
            )
        ):
            yield value


@pytest.mark.requirement("AUD-061")
@pytest.mark.parametrize("name", ["en", "weeks"])
def test_pages_refer_to_nothing_outside_the_report(reports, name):
    folder = reports[name].resolve()
    documents = {page: tree(page) for page in all_pages(folder)}
    for page in documents:
        assert list(leads_nowhere(folder, page, documents)) == []
        assert not re.search(r"url\((?!#)|@import", page.read_text(encoding="utf-8"))


@pytest.mark.requirement("AUD-061")
def test_a_reference_to_elsewhere_would_be_found(reports):
    folder = reports["en"].resolve()
    page = folder / "index.html"
    for bad in (
        "https://example.invalid/",
        "//example.invalid/x",
        "../../etc/passwd",
        "javascript:alert(1)",
        "#nowhere",
        "no.html",
    ):
        text = page.read_text(encoding="utf-8").replace(
            "</main>", f'<p><a href="{bad}">x</a></p></main>'
        )
        assert list(leads_nowhere(folder, page, {page: parsed(text)}))[-1] == bad


def digests(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def policy_faults(document):
    """What a page could run or load that its policy does not name, and what the policy lets in."""
    policy = next(
        m.get("content")
        for m in document.iter("meta")
        if m.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    scripts = ["".join(e.itertext()) for e in document.iter("script")]
    styles = ["".join(e.itertext()) for e in document.iter("style")]
    wanted = {
        "default-src": "'none'", "base-uri": "'none'", "form-action": "'none'",
        "style-src": " ".join(f"'sha256-{digests(s)}'" for s in styles),
        "script-src": " ".join(f"'sha256-{digests(s)}'" for s in scripts) or "'none'",
    }  # fmt: skip
    yield from (key for key in {*rules, *wanted} if rules.get(key) != wanted.get(key))
    first = next(document.iter("head"))
    places = [e.get("http-equiv") or e.tag for e in first]
    if places.index("Content-Security-Policy") > 1:
        yield "late"
    for element in document.iter():
        yield from (
            name for name in element.attrib if name == "style" or str(name).startswith("on")
        )
        if element.tag in RUNS - {"script"}:
            yield element.tag


@pytest.mark.requirement("AUD-062")
def test_a_policy_lets_in_the_pages_own_style_and_script(reports):
    for page in [p for folder in reports.values() for p in all_pages(folder)]:
        document = tree(page)
        assert list(policy_faults(document)) == []
        has_table = page.name == "index.html" or page.parent.name == "weeks"
        assert len(list(document.iter("script"))) == has_table


@pytest.mark.requirement("AUD-062")
@pytest.mark.parametrize(
    "bad",
    [
        "<script>x()</script>",
        "<style>p{}</style>",
        '<p style="x">',
        '<p onclick="x()">',
        "<object></object>",
    ],
)
def test_another_script_or_style_would_be_found(reports, bad):
    text = (
        (reports["en"] / "index.html")
        .read_text(encoding="utf-8")
        .replace("</main>", f"{bad}</main>")
    )
    document = html5lib.parse(text, namespaceHTMLElements=False)
    assert list(policy_faults(document))


# AUD-063: what is foreign is text


@pytest.mark.requirement("AUD-063")
def test_foreign_text_is_text(reports):
    for name, pages_with_it in (
        ("index.html", 1),
        ("exhibits/0012.html", 1),
        ("exhibits/0001.html", 0),
    ):
        document = tree(reports["en"] / name)
        shown = [text_of(e) for e in document.iter("bdi")]
        assert (audits.HOSTILE_TITLE in shown) == bool(pages_with_it), name
        texts = "".join(document.itertext())
        assert not set(texts) & set(FORBIDDEN)
        assert not list(document.iter("img"))
    names = [text_of(e) for e in tree(reports["en"] / "exhibits/0012.html").iter("bdi")]
    escaped = "\\u202egnos tsitra\\u202c \\u0000\\u001b[31m {{ 7*7 }} {% raw %} </style></table>"
    assert escaped in names
    assert audits.HOSTILE_LABEL in names


@pytest.mark.requirement("AUD-063")
def test_every_text_of_a_report_may_be_an_attack(tmp_path):
    """Each string of each member, one attack everywhere: nothing of it becomes markup."""
    attack = "</title></style></script>'\"><img src=x onerror=alert(1)><a href=javascript:alert(1)>{{x}}\u202e\ud800"
    keep = {
        "state",
        "flag",
        "id",
        "evidence",
        "declared",
        "kind",
        "by",
        "sure",
        "week",
        "language",
        "at",
        "status",
        "rung",
    }
    keep |= {
        "profile",
        "counts",
        "rule",
        "outcome",
        "reason",
        "confidence",
        "declared",
        "number",
        "isrc",
        "level",
        "role",
    }
    keep |= {
        "report",
        "sha256",
        "act",
        "binding",
        "identity",
        "strength",
        "flags",
        "token",
        "code",
        "container",
    }

    def hurt(value, name=""):
        if isinstance(value, dict):
            return {k: hurt(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [hurt(one, name) for one in value]
        return attack if isinstance(value, str) and name not in keep else value

    whole = sample()
    report = audits.Sample(
        hurt(whole.head), [hurt(e) for e in whole.entries()], [hurt(x) for x in whole.exhibits()]
    )
    write_pages(report, tmp_path, lambda *_: None)
    for page in all_pages(tmp_path):
        document = tree(page)
        assert list(policy_faults(document)) == []
        assert not set("".join(document.itertext())) & set(FORBIDDEN)
        assert {urlsplit(r).scheme for r in references(document)} == {""}
    assert text_of(next(tree(tmp_path / "index.html").iter("h1"))).startswith("</title></style>")


def test_a_text_that_is_too_long_is_cut(reports):
    shown = "".join(tree(reports["en"] / "exhibits/0012.html").itertext())
    assert audits.LONG_WORD[:500] in shown
    assert audits.LONG_WORD not in shown


# AUD-064, AUD-065: everything is there without the script


@pytest.mark.requirement("AUD-064")
def test_the_table_has_all_rows_without_a_script(reports):
    rows = rows_of(table_of(tree(reports["en"] / "index.html")))
    assert [r[0] for r in rows] == [*(str(n) for n in range(1, 12)), "no rank"]
    hidden = [e for e in tree(reports["en"] / "index.html").iter() if "hidden" in e.attrib]
    assert [e.get("id") for e in hidden] == ["tools", "tools-more"]


def test_the_table_of_weeks_has_each_recording_once(reports):
    report = sample(16, 3)
    rows = rows_of(table_of(tree(reports["weeks"] / "index.html")))
    assert len(rows) == 16
    best = [
        min((a["rank"] for a in x["appearances"] if a["rank"]), default=None)
        for x in report.exhibits()
    ]
    assert [r[0] for r in rows] == [str(rank) if rank else "no rank" for rank in best]
    assert [int(r[3]) for r in rows] == [len(x["appearances"]) for x in report.exhibits()]


def test_a_week_has_its_entries(reports):
    report = sample(16, 3)
    for week in report.head["weeks"]:
        document = tree(reports["weeks"] / "weeks" / f"{week['week']}.html")
        ranks = [
            "no rank" if e["rank"] is None else str(e["rank"]) for e in report.entries(week["week"])
        ]
        assert [r[0] for r in rows_of(table_of(document))] == ranks


@pytest.mark.requirement("AUD-065")
@pytest.mark.parametrize(("limit", "says"), [(10, True), (12, False)])
def test_rows_that_are_left_out_are_counted(tmp_path, monkeypatch, limit, says):
    monkeypatch.setattr(pages, "MAX_ROWS", limit)
    write_pages(sample(), tmp_path, lambda *_: None)
    document = tree(tmp_path / "index.html")
    assert len(rows_of(table_of(document))) == min(limit, 12)
    sentence = f"The table has the first {limit} of 12; the others stand in entries.csv and have exhibits too."
    assert (sentence in text_of(document)) == says


@pytest.mark.requirement("AUD-065")
@pytest.mark.parametrize(("limit", "says"), [(9, True), (10, False)])
def test_inputs_that_are_left_out_are_counted(tmp_path, monkeypatch, limit, says):
    monkeypatch.setattr(pages, "MAX_INPUTS", limit)
    write_pages(sample(), tmp_path, lambda *_: None)
    text = text_of(tree(tmp_path / "method.html"))
    assert (f"The first {limit} of 10 files are listed; all stand in report.json." in text) == says
    assert (sample().head["inputs"][9]["sha256"][8:] in text) != says


def test_what_the_states_mean_is_not_all_that_is_said_of_them(reports):
    """An exhibit whose declaration was compared with no audio does not hold by the policy."""
    english = text_of(tree(reports["en"] / "method.html"))
    swedish = text_of(tree(reports["sv"] / "method.html"))
    assert "its exhibit says that in other words: that no audio was compared" in english
    assert "säger dess bilaga det med andra ord: att inget ljud har jämförts" in swedish


# AUD-067: what a parser sees of accessibility; colours and the rest are tested elsewhere


def outline(document):
    return [int(e.tag[1]) for e in document.iter() if re.fullmatch("h[1-6]", str(e.tag))]


def faults(document):
    """What is missing for a reader who does not see the page."""
    ids = [e.get("id") for e in document.iter() if e.get("id")]
    yield from {i for i in ids if ids.count(i) > 1}
    levels = outline(document)
    yield from (f"h{b} after h{a}" for a, b in itertools.pairwise(levels) if b > a + 1)
    if levels.count(1) != 1 or levels[0] != 1:
        yield "no single h1"
    yield from (
        tag for tag in ("header", "main", "footer", "title") if len(list(document.iter(tag))) < 1
    )
    for table in document.iter("table"):
        if table.find("caption") is None or not text_of(table.find("caption")):
            yield "caption"
        yield from ("scope" for head in table.iter("th") if head.get("scope") not in {"row", "col"})
        yield from ("empty header" for head in table.iter("th") if not text_of(head))
    for element in document.iter():
        yield from (r for r in (element.get("aria-labelledby") or "").split() if r not in ids)
        if element.tag in {"input", "select"} and not any(
            element in label.iter() for label in document.iter("label")
        ):
            yield "label"
    if not next(document.iter("html")).get("lang"):
        yield "lang"


@pytest.mark.requirement("AUD-067")
def test_pages_can_be_read_without_seeing_them(reports):
    for page in [p for folder in reports.values() for p in all_pages(folder)]:
        assert list(faults(tree(page))) == [], page.name
    skip = next(tree(reports["en"] / "index.html").iter("a"))
    assert skip.get("href") == "#content"


@pytest.mark.requirement("AUD-067")
@pytest.mark.parametrize(
    "bad",
    [
        "<table><tr><td>x</td></tr></table>",
        "<h4>x</h4>",
        '<p id="content">',
        '<p aria-labelledby="q">',
        "<input>",
    ],
)
def test_what_cannot_be_read_would_be_found(reports, bad):
    text = (
        (reports["en"] / "index.html")
        .read_text(encoding="utf-8")
        .replace("</main>", f"{bad}</main>")
    )
    assert list(faults(html5lib.parse(text, namespaceHTMLElements=False)))


# AUD-069 to AUD-071: what is said, and what is not


@pytest.mark.requirement("AUD-069")
@pytest.mark.parametrize(("name", "words"), [("en", "Not stated"), ("sv", "Inte angivet")])
def test_an_undeclared_entry_is_not_stated(reports, name, words):
    report = sample(language=name)
    by_row = {e["exhibit"]: e["state"] for e in report.entries()}
    rows = rows_of(table_of(tree(reports[name] / "index.html")))
    assert {n: words in row for n, row in enumerate(rows, 1)} == {
        n: s == "undeclared" for n, s in by_row.items()
    }
    page = tree(reports[name] / "exhibits/0001.html")
    finding = text_of(next(e for e in page.iter("div") if e.get("class") == "verdict v-undeclared"))
    assert finding.startswith(words)
    assert not re.search(r"\b(human|människa)\b", finding.casefold())


def section(document, name):
    return text_of(next(e for e in document.iter("section") if e.get("aria-labelledby") == name))


@pytest.mark.requirement("AUD-070")
def test_an_exhibit_says_all_that_is_known(reports):
    report = sample()
    for number in (2, 3, 4, 6, 11):
        exhibit = report.exhibit(number)
        document = tree(reports["en"] / "exhibits" / f"{number:04}.html")
        declared = section(document, "declarations")
        for one in exhibit["declarations"]:
            expected = [
                one["signer"]["key"],
                one["signer"]["name"],
                one["statement"]["sid"],
                one["token"],
            ]
            expected += [c["code"] for c in one["checks"]] + [
                e["name"] for e in one["endorsements"]
            ]
            expected += [one["time"]["claimed"][:10], f"({one['code']})"]
            assert [e for e in expected if e not in declared] == []
        for one in exhibit["evidence"]:
            expected = [
                f"Evidence {one['id']}",
                one["join"]["sure"],
                one["says"].get("sha256") or "",
            ]
            assert [e for e in expected if e not in section(document, "evidence")] == []
        for rule in [r for p in exhibit["rules"] for r in p["rules"]]:
            expected = [
                rule["rule"],
                rule["clause"],
                rule["source"],
                str(rule["date"]),
                *rule["parameters"],
            ]
            assert [e for e in expected if e not in section(document, "judged")] == []
        assert len(rows_of(next(document.iter("table")))) == (8 if number == 6 else 9)
        assert "no registry and no public log was asked" in section(document, "unchecked")


@pytest.mark.requirement("AUD-070")
def test_contradictions_stand_side_by_side(reports):
    document = tree(reports["en"] / "exhibits/0004.html")
    table = next(
        t
        for t in document.iter("table")
        if "beside what contradicts it" in text_of(t.find("caption"))
    )
    assert rows_of(table) == [
        ["lead vocals", "no AI", "AI generated at least some of this", "a mark in the file, evidence e1"],
        ["the recording as a whole", "no AI", "score 0.973, which is no proof", "a detector, evidence e2"],
    ]  # fmt: skip
    assert "Contradictions" not in text_of(tree(reports["en"] / "exhibits/0002.html"))


@pytest.mark.requirement("AUD-070")
def test_of_a_declaration_that_contradicts_it_says_whose_it_is(reports):
    document = tree(reports["en"] / "exhibits/0009.html")
    row = ["lyrics", "no AI", "entirely AI", "Fjell Records: declaration d2, in e2"]

    assert row in [found for table in document.iter("table") for found in rows_of(table)]
    assert "Declaration d2, signed by Fjell Records, says something else" in text_of(document)


@pytest.mark.parametrize(("sure", "named"), [("likely", False), ("weak", True)])
def test_where_a_declaration_may_stand_and_could_not_be_read_none_is_said_to_be_at_hand(
    tmp_path, sure, named
):
    whole = sample(3)
    exhibits = list(whole.exhibits())
    report = audits.Sample(whole.head, list(whole.entries()), exhibits)
    one = exhibits[1]
    seen = audits.track(1, "x", audits.join("isrc", sure), status="INDETERMINATE")
    why = [audits.reason("unreadable", evidence="e1", code="carrier.scan-incomplete")]
    one |= {"state": "unverifiable", "why": why, "declared": None, "declarations": []}
    one["evidence"] = [seen]
    write_pages(report, tmp_path, lambda *_: None)
    document = tree(tmp_path / "exhibits/0002.html")

    finding = section(document, "finding")
    assert "whether anything is declared is not known" in finding
    assert ("nothing surer than a name" in finding) == named
    assert "A declaration is at hand" not in finding
    assert "Nothing is declared about" not in text_of(document)
    declared = section(document, "declared")
    assert "could be read. Something at hand holds, or may hold, one" in declared
    printed = Exhibits(Words("en"), {}).view(one)
    assert printed["parts"][0].lines[0].text.startswith("No declaration about this recording could")


def test_that_shares_are_rounded_is_said_where_they_do_not_add_up():
    def said(**states):
        head = {"entries": sum(states.values()), "states": states, "counted": Counter()}
        return list(said_of_states(head, Words("en")))

    assert (
        said(declared=20, contradicted=6, unverifiable=11, undeclared=3)[-1]
        == "Shares are rounded."
    )
    assert "Shares are rounded." not in said(declared=1, undeclared=1)


@pytest.mark.requirement("AUD-071")
def test_what_is_no_proof_says_so_where_it_stands(reports):
    report = sample()
    said = {
        "detector": "A score is no proof",
        "crowdList": "It is no proof",
        "track": "anybody can write or remove",
    }
    seen = set()
    for exhibit in report.exhibits():
        document = tree(reports["en"] / "exhibits" / f"{exhibit['exhibit']:04}.html")
        articles = {e.get("aria-labelledby"): text_of(e) for e in document.iter("article")}
        for one in exhibit["evidence"]:
            found = {kind for kind, words in said.items() if words in articles[one["id"]]}
            assert found == {one["kind"]} & set(said)
            seen |= found
    assert seen == set(said)


def test_the_summary_counts_as_the_report_does(reports):
    head = sample(16, 3).head
    document = tree(reports["weeks"] / "index.html")
    summary = section(document, "summary")
    words = Words("en")
    assert (
        f"The chart has {head['summary']['entries']} entries of 16 recordings in 3 weeks."
        in summary
    )
    tiles = next(e for e in document.iter("ul") if e.get("class") == "tiles")
    numbers = {
        text_of(li)[: len(words.state(s))]: text_of(li.find("b"))
        for s, li in zip(State, tiles, strict=True)
    }
    assert numbers == {words.state(s): str(head["summary"]["states"].get(s, 0)) for s in State}
    flags = {words.flag(f): str(n) for f, n in head["summary"]["flags"].items()}
    table = next(document.iter("table"))
    assert {row[0]: row[2] for row in rows_of(table)} == flags
    assert set(head["summary"]["flags"]) == set(Flag)


@pytest.mark.slow
def test_what_rests_on_no_audio_is_said_of_the_declared_and_in_the_finding(tmp_path):
    whole = sample(16, 3)
    exhibits = list(whole.exhibits())
    report = audits.Sample(whole.head, list(whole.entries()), exhibits)
    one = next(x for x in exhibits if x["state"] == "declared")
    one["flags"] = [*one["flags"], audits.flag("audioNotCompared", "e1", declaration="d1")]
    report.head["summary"]["counted"] |= {"withoutAudio": 1}
    write_pages(report, tmp_path, lambda *_: None)

    said = section(tree(tmp_path / "index.html"), "summary")
    assert "contradicts it. For 1 entry of these, the declaration was compared" in said
    page = tree(tmp_path / f"exhibits/{one['exhibit']:04}.html")
    assert "but for the audio: it was compared with none." in section(page, "finding")
    for other in exhibits:
        if "audioNotCompared" not in {flag["flag"] for flag in other["flags"]}:
            page = tree(tmp_path / f"exhibits/{other['exhibit']:04}.html")
            assert "but for the audio" not in section(page, "finding")


@pytest.mark.requirement("AUD-073")
def test_the_names_of_tags_are_words_of_the_report(tmp_path):
    whole = sample(language="sv")
    exhibits = list(whole.exhibits())
    for one in (e for x in exhibits for e in x["evidence"] if e["kind"] == "track"):
        one["says"]["tags"] = {name: name.upper() for name in _TAGS} | {"comment": "x"}
    report = audits.Sample(whole.head, list(whole.entries()), exhibits)
    write_pages(report, tmp_path, lambda *_: None)

    number = next(x["exhibit"] for x in exhibits if x["evidence"][0]["kind"] == "track")
    said = text_of(tree(tmp_path / f"exhibits/{number:04}.html"))
    for line in ("titel: TITLE", "artist: ARTIST", "skivbolag: LABEL", "streckkod: BARCODE"):
        assert line in said
    assert "comment: x" in said
    assert all(Words("sv").has(f"tag.{name}") for name in _TAGS)


def test_an_empty_chart_has_a_report(tmp_path):
    report = sample()
    nothing = {"entries": 0, "states": {}, "flags": {}, "areas": {}}
    head = {**report.head, "weeks": [], "rules": [], "problems": [], "problemsSeen": 0}
    head["summary"] = {**nothing, "recordings": 0, "labels": [], "otherLabels": 0, "rules": {}}
    write_pages(audits.Sample(head, [], []), tmp_path, lambda *_: None)
    text = text_of(tree(tmp_path / "index.html"))
    assert "The chart has no entries that could be read." in text
    assert list((tmp_path / "plots").iterdir()) == []


@pytest.mark.requirement("AUD-067")
def test_an_entry_without_a_title_can_be_opened(tmp_path):
    report = sample()
    nameless = {"title": "", "artist": "", "label": "", "upc": None, "isrc": None}
    exhibits = [{**x, "recording": {**nameless, "otherNames": []}} for x in report.exhibits()]
    entries = [{**e, **nameless} for e in report.entries()]
    write_pages(audits.Sample(report.head, entries, exhibits), tmp_path, lambda *_: None)
    links = [e for e in tree(tmp_path / "index.html").iter("a") if "exhibits/" in e.get("href")]
    assert [text_of(e) for e in links] == ["(no title)"] * 12
    page = tree(tmp_path / "exhibits/0001.html")
    assert text_of(next(page.iter("h1"))) == "(no title)"
    assert list(faults(page)) == []


def test_progress_is_told(tmp_path):
    told = []
    write_pages(sample(12, 2), tmp_path, lambda *step: told.append(step))
    assert ("Weeks", 1, 2) in told
    assert ("Exhibits", 11, 12) in told


def test_what_a_flag_tells_is_in_words(reports):
    four = section(tree(reports["en"] / "exhibits/0004.html"), "finding")
    assert "(Says: AI generated at least some of this)" in four
    assert "(Score: 0.973; Tool: Example Detector)" in four
    eight = section(tree(reports["sv"] / "exhibits/0008.html"), "finding")
    assert "Skäl: den var fel; Av: Prairie Sound; Utfärdat: 2025-11-02 08:00:00 UTC" in eight
    against = section(tree(reports["sv"] / "exhibits/0008.html"), "declarations")
    assert "Prairie Sound" in against
    assert "drar tillbaka den" in against
    six = tree(reports["en"] / "exhibits/0006.html")
    assert "(Replaced: d1; By: d2)" in section(six, "finding")
    assert next(a.get("href") for a in six.iter("a") if text_of(a) == "d1") == "#d1"


@pytest.mark.requirement("AUD-109")
def test_an_exhibit_says_each_name_and_which_row_is_not_the_declarations(tmp_path):
    report = sample()
    write_pages(report, tmp_path, lambda *_: None)
    page = (tmp_path / "exhibits/0010.html").read_text(encoding="utf-8")

    assert "under the same ISRC also <bdi>Ten</bdi>, by <bdi>Jay</bdi>." in page
    assert page.count("The declaration is for another title or other artists.") == 1
    assert "the rules were applied as if nothing were declared: " in page
    other = (tmp_path / "exhibits/0002.html").read_text(encoding="utf-8")
    assert "under the same ISRC also" not in other
    assert "The declaration is for another title" not in other


def test_a_new_entry_is_called_that_where_its_last_week_would_stand(tmp_path):
    report = sample(12, 2)
    write_pages(report, tmp_path, lambda *_: None)
    first, later = (tmp_path / f"weeks/{w['week']}.html" for w in report.head["weeks"])

    assert first.read_text(encoding="utf-8").count('data-label="Last week" data-v="">new<') == 11
    assert ">new<" not in later.read_text(encoding="utf-8")
    assert 'data-label="Last week">new<' in (tmp_path / "exhibits/0001.html").read_text("utf-8")
