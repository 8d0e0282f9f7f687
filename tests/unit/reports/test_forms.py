"""The forms: what arrives is written, each is read by what reads it in the world, none is played."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from provenance.model.errors import MissingExtraError, UsageError
from provenance.model.levels import AREAS
from provenance.reports.as_json import dumps, run
from provenance.reports.as_text import one_line, render
from provenance.reports.forms import load, names
from provenance.reports.forms.base import Layout
from provenance.reports.forms.sarif import artifact
from provenance.wire.cell_texts import plain
from provenance.wire.schemas import is_valid, validator

from support import reports

EVERY = reports.every()
DECISION = {
    "outcome": "hold",
    "rules": [{"rule": "unknown-key", "outcome": "hold", "says": {"en": "Which key?"}}],
    "tell": {"en": "Please tell us which key you sign with."},
    "policy": {"id": "example", "version": 1, "sha256": "sha-256:" + "A" * 43},
}


def written(form, results, layout=None):
    found = load(form)
    out = io.StringIO() if found.is_text else io.BytesIO()
    writer = found.begin(out, layout or Layout())
    for name, report in results:
        writer.each(name, report)
    writer.end()
    return out.getvalue()


def count(results):
    return Counter(report["status"] for _, report in results)


def with_decision(results):
    return [(name, {**report, "decision": DECISION}) for name, report in results]


def test_the_forms_are_those_of_the_chapter_and_no_other_name_is_taken():
    assert names() == (
        "csv", "github", "html", "json", "junit", "ndjson", "parquet", "sarif", "table", "text",
    )  # fmt: skip
    with pytest.raises(UsageError, match="no form 'xml'"):
        load("xml")
    with pytest.raises(UsageError) as caught:
        load("parket")
    assert caught.value.hint.startswith("Did you mean 'parquet'? There are: csv,")


def test_the_reports_that_the_forms_are_tried_with_are_real_and_of_every_kind():
    assert set(count(EVERY)) == {"PASSED", "FAILED", "INDETERMINATE", "ABSENT", "ERROR"}
    for _, report in EVERY:
        assert is_valid(report, "report"), list(validator("report").iter_errors(report))[:1]
    for _, report in with_decision(EVERY[:3]):
        assert is_valid(report, "report")
        broken = {**report, "decision": {**DECISION, "outcome": "maybe"}}
        assert not is_valid(broken, "report")


@pytest.mark.parametrize("form", names())
def test_a_run_of_nothing_is_written_too(form):
    if form == "parquet":
        pytest.importorskip("duckdb")
    assert form == "ndjson" or written(form, ())


@pytest.mark.requirement("ING-010")
@pytest.mark.parametrize("form", ["text", "table", "json", "ndjson", "csv", "sarif", "github"])
def test_each_result_is_written_before_the_next_one_arrives(form):
    raw = io.BytesIO()  # what a reader at the other end of a pipe has
    found, out = load(form), io.BufferedWriter(raw, 1 << 20)
    writer = found.begin(io.TextIOWrapper(out, "utf-8") if found.is_text else out, Layout())
    before = len(raw.getvalue())
    for name, report in [entry for entry in EVERY if entry[1]["status"] != "PASSED"]:
        writer.each(name, report)
        assert len(raw.getvalue()) > before
        before = len(raw.getvalue())


@pytest.mark.requirement("ING-010")
def test_json_that_is_written_as_it_arrives_is_the_json_of_the_whole():
    for results in ((), EVERY[:1], EVERY, with_decision(EVERY[:3])):
        whole = dumps(run([report for _, report in results]), indent=2) + "\n"

        assert written("json", results).decode() == whole
    assert is_valid(json.loads(written("json", EVERY)), "run")


@pytest.mark.requirement("ING-014")
def test_json_counts_the_decisions_of_a_policy():
    found = json.loads(written("json", with_decision(EVERY[:3])))

    assert is_valid(found, "run")
    assert found["decisions"] == {"accept": 0, "hold": 3, "reject": 0}
    assert "decisions" not in json.loads(written("json", EVERY[:3]))
    assert not is_valid({**found, "decisions": {"hold": 3}}, "run")


def test_ndjson_is_one_report_a_line():
    lines = written("ndjson", EVERY).decode().splitlines()

    assert [json.loads(line) for line in lines] == [report for _, report in EVERY]


def test_text_says_everything_of_one_file_and_a_line_each_of_several():
    alone = Layout(many=False)
    for name, report in reports.verified():
        assert written("text", [(name, report)], alone) == render(name, report) + "\n"
    lines = written("text", EVERY).splitlines()
    assert lines[:-1] == [one_line(name, report) for name, report in EVERY]
    assert lines[-1].startswith(f"{len(EVERY)} files: ")
    assert all(f"{n} {status}" in lines[-1] for status, n in count(EVERY).items())


def test_text_tells_the_decision_and_what_to_write_to_the_uploader():
    text = written("text", with_decision(EVERY[:1]), Layout(many=False))

    assert "  Ingest: hold (unknown-key)\n" in text
    assert "  Tell:   [en] Please tell us which key you sign with.\n" in text


def expecting(matches):
    found = {"isrc": "QZZZZ2600009", "declared": "QZZZZ2600001", "tag": None, "matches": matches}
    name, report = next(entry for entry in EVERY if entry[1]["status"] == "PASSED")
    return [(name, {**report, "expected": found})]


@pytest.mark.requirement("BLK-013")
@pytest.mark.parametrize("form", ["text", "html", "junit"])
def test_an_isrc_that_is_not_the_one_expected_is_told_of_what_passed_too(form):
    said = "he ISRC is not the one that you expect, QZZZZ2600009 (declared: QZZZZ2600001)"

    for many in (False, True):
        text = written(form, expecting(False), Layout(many=many))
        text = text if isinstance(text, str) else text.decode()
        assert said in text
        assert form != "text" or f"\n  Note:   t{said}\n" in text
    for matches in (True, None):
        text = written(form, expecting(matches))
        assert "expect" not in (text if isinstance(text, str) else text.decode())


@pytest.mark.parametrize("form", ["text", "table", "github"])
def test_the_last_line_counts_what_was_decided_too(form):
    held, (name, report) = with_decision(EVERY[:3]), EVERY[3]
    accepted = (name, {**report, "decision": {**DECISION, "outcome": "accept"}})

    last = str(written(form, [*held, accepted]).splitlines()[-1])
    assert "at ingest: 1 accept, 3 hold" in last
    assert "at ingest" not in str(written(form, EVERY))


def test_a_table_has_its_columns_one_below_another_whatever_the_names():
    lines = written("table", with_decision(EVERY)).splitlines()

    place = lines[0].index("FILE")
    rows = [line for line in lines[1:-1] if not line.startswith("  ")]
    assert len(lines) == len(EVERY) + 2 + count(EVERY)["ERROR"]
    for line, (_, report) in zip(rows, EVERY, strict=True):
        assert line[:place].split()[:3] == [report["status"], "hold", line[23:place].split()[0]]
        assert line[place - 2 : place] == "  "


def test_a_table_says_below_a_line_why_an_input_could_not_be_looked_at():
    _, line, below, _ = written("table", [reports.unreadable("gone.flac")]).splitlines()

    assert (line[:5], below) == ("ERROR", "  gone.flac: there is no such file. Look at the path.")


DECIDING = (
    {"rule": "not-passed", "outcome": "hold", "says": {"en": "Which <key>?", "de": "?"}},
    {"rule": "core-areas", "outcome": "hold", "says": {"en": "Declare mixing too."}},
    {"rule": "thanked", "outcome": "accept", "says": {"en": "Thank you."}},
)
NO_RULE = {**DECISION, "rules": [], "tell": {"en": "It has to wait.\n- Ask us."}}


@pytest.mark.requirement("ING-014")
@pytest.mark.parametrize(
    "form", ["text", "json", "ndjson", "csv", "junit", "github", "sarif", "html"]
)
@pytest.mark.parametrize("status", ["PASSED", "INDETERMINATE"])
def test_the_rules_by_which_a_policy_holds_are_named_with_what_they_say(form, status):
    name, report = next(entry for entry in EVERY if entry[1]["status"] == status)
    asked = "Which <key>?", "Declare mixing too."
    tell = {"en": "\n- ".join(("Please:", *asked))}
    decision = {**DECISION, "rules": DECIDING, "tell": tell}
    held = Layout(fails=lambda report: report["decision"]["outcome"] == "hold")
    found = written(form, [(name, {**report, "decision": decision})], held)
    text = found if isinstance(found, str) else found.decode()

    for rule in ("not-passed", "core-areas"):
        assert rule in text
    for said in asked:
        assert said in text or said.replace("<", "&lt;").replace(">", "&gt;") in text
    if form in {"junit", "github", "sarif", "html"}:
        assert "Thank you." not in text


def held_by(form, results):
    return written(form, results, Layout(fails=lambda report: "decision" in report)).decode()


@pytest.mark.requirement("ING-014")
def test_what_passed_and_is_held_is_told_of_by_the_rule_and_not_by_what_is_well(tmp_path):
    passed = next(entry for entry in EVERY if entry[1]["status"] == "PASSED")
    _, suite = junit_of(held_by("junit", with_decision([passed])).encode(), tmp_path)
    ((result,),) = ([*case.result] for case in suite)
    first, _ = held_by("github", with_decision([passed])).splitlines()
    (otherwise,) = json.loads(held_by("sarif", [(passed[0], {**passed[1], "decision": NO_RULE})]))[
        "runs"
    ]

    assert result.type == "ingest.unknown-key"
    assert result.message.startswith("PASSED, hold by unknown-key: Intact;")
    assert result.text.endswith("Decision at ingest: hold. unknown-key: Which key?")
    assert ",title=PASSED%2C hold by unknown-key::" in first
    (told,) = otherwise["results"]
    assert (told["ruleId"], told["level"]) == ("ingest.otherwise", "warning")
    assert told["message"]["text"].startswith("It has to wait. Ask us. (Intact;")


LINKS = "2 symbolic links were passed over in folders; to verify what such links lead to: "


@pytest.mark.requirement("BLK-005")
@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("form", ["text", "table", "github", "junit", "html", "sarif", "json"])
def test_links_that_were_passed_over_are_told_where_the_form_has_a_place(form, many, tmp_path):
    def said(links):
        text = written(form, EVERY[:1], Layout(many=many, links=lambda: links))
        return text if isinstance(text, str) else text.decode()

    assert ("symbolic link" in said(0)) is False
    if form == "json":
        assert json.loads(said(2))["passedOver"] == {"symbolicLinks": 2}
        assert json.loads(said(2)) == run([report for _, report in EVERY[:1]], 2)
        assert is_valid(json.loads(said(2)), "run")
        return
    assert LINKS in said(2)
    assert "1 symbolic link was passed over" in said(1)
    if form in {"text", "table"}:
        assert said(2).splitlines()[-1].startswith(LINKS)
    if form == "junit":
        _, suite = junit_of(said(2).encode(), tmp_path)
        (told,) = (part.text for part in suite._elem if part.tag == "system-out")
        assert told.startswith(LINKS)
    if form == "sarif":
        (invocation,) = json.loads(said(2))["runs"][0]["invocations"]
        assert invocation["executionSuccessful"]
        (notification,) = invocation["toolExecutionNotifications"]
        assert notification["message"]["text"].startswith(LINKS)


def test_a_sarif_with_links_passed_over_is_what_its_schema_takes():
    sarif = pytest.importorskip("pydantic_sarif.model")
    found = json.loads(written("sarif", EVERY, Layout(links=lambda: 1)))

    sarif.StaticAnalysisResultsFormatSarifVersion210JsonSchema.model_validate(found)


@pytest.mark.requirement("ING-020")
@pytest.mark.parametrize(
    "form", ["text", "table", "github", "junit", "html", "sarif", "json", "ndjson"]
)
def test_no_name_sends_a_control_or_direction_character(form):
    text = written(form, EVERY)
    text = text if isinstance(text, str) else text.decode()

    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u2028\u202a-\u202e\u2066-\u2069\ufffe]", text
    )


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


@pytest.mark.requirement("ING-020")
def test_no_cell_of_csv_is_run_as_a_formula_and_every_name_comes_back():
    rows = rows_of(written("csv", EVERY))

    assert len(rows) == len(EVERY)
    for found, (_, report) in zip(rows, EVERY, strict=True):
        assert not any(re.match(r"\s*[=+\-@\t\r]", cell) for cell in found.values())
        assert plain(found["name"]) == report["input"]["name"]
        assert (found["status"], found["code"]) == (report["status"], report["code"])


@pytest.mark.requirement("ING-022")
def test_an_area_that_is_not_declared_is_an_empty_cell_and_never_none():
    areas = 0
    for found, (_, report) in zip(rows_of(written("csv", EVERY)), EVERY, strict=True):
        declared = (report["declaration"] or {"areas": {}})["areas"]
        areas += len(declared)
        for area in AREAS:
            assert found[f"declared_{area}"] == declared.get(str(area), "")
        claim = {True: "true", False: "false"}[report["status"] != "PASSED"]
        assert found["unverified_claim"] == (claim if report["declaration"] else "")
    assert areas > 10


def test_csv_and_parquet_have_the_expected_isrc_and_the_decision():
    name, report = with_decision(EVERY)[0]
    expected = {"isrc": "QZZZZ2600001", "declared": None, "tag": "QZZZZ2600002", "matches": False}
    (found,) = rows_of(written("csv", [(name, {**report, "expected": expected})]))

    assert (found["isrc_expected"], found["isrc_declared"]) == ("QZZZZ2600001", "")
    assert (found["isrc_tag"], found["isrc_matches"]) == ("QZZZZ2600002", "false")
    assert (found["decision"], found["decision_rules"]) == ("hold", "unknown-key")
    assert found["tell"] == DECISION["tell"]["en"]


@pytest.mark.requirement("ING-012")
@pytest.mark.parametrize(("form", "read"), [("csv", "read_csv"), ("ndjson", "read_json")])
def test_duckdb_counts_what_was_written(tmp_path, form, read):
    duckdb = pytest.importorskip("duckdb")
    file = tmp_path / f"run.{form}"
    file.write_bytes(written(form, EVERY))

    with duckdb.connect() as engine:
        found = engine.sql(f"SELECT status, count(*) FROM {read}('{file}') GROUP BY ALL").fetchall()
    assert dict(found) == count(EVERY)


@pytest.mark.requirement("ING-012")
@pytest.mark.requirement("ING-022")
def test_duckdb_reads_parquet_with_its_types_in_the_same_order(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    file = tmp_path / "run.parquet"
    file.write_bytes(written("parquet", EVERY))

    with duckdb.connect() as engine:
        rows = engine.sql(
            f"SELECT name, status, size, declared_leadVocals FROM '{file}'"
        ).fetchall()
        kinds = dict(
            engine.sql(f"SELECT name, duckdb_type FROM parquet_schema('{file}')").fetchall()
        )
    assert [row[:3] for row in rows] == [
        (r["input"]["name"], r["status"], r["input"]["size"]) for _, r in EVERY
    ]
    assert {row[3] for row in rows} > {None}
    assert (kinds["size"], kinds["unverified_claim"]) == ("BIGINT", "BOOLEAN")


def test_parquet_without_the_extra_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)

    with pytest.raises(MissingExtraError, match="extra 'catalog'") as caught:
        load("parquet").begin(io.BytesIO(), Layout())
    assert "pip install 'musicprov[catalog]'" in caught.value.hint


def junit_of(data, tmp_path):
    junitparser = pytest.importorskip("junitparser")
    file = tmp_path / "junit.xml"
    file.write_bytes(data)
    found = junitparser.JUnitXml.fromfile(str(file))
    (suite,) = list(found)
    return found, suite


@pytest.mark.requirement("ING-011")
@pytest.mark.requirement("ING-012")
def test_a_junit_reader_finds_a_case_a_result_and_the_totals_in_front(tmp_path):
    data = written("junit", EVERY)
    found, suite = junit_of(data, tmp_path)
    totals = count(EVERY)

    assert (found.tests, suite.tests, len(list(suite))) == (len(EVERY),) * 3
    assert (suite.errors, suite.skipped) == (totals["ERROR"], 0)
    assert suite.failures == len(EVERY) - totals["ERROR"] - totals["PASSED"]
    for case, (_, report) in zip(suite, EVERY, strict=True):
        kinds = [type(result).__name__.lower() for result in case.result]
        wanted = {"PASSED": [], "ERROR": ["error"]}.get(report["status"], ["failure"])
        assert kinds == wanted
        assert [r.type for r in case.result] == [report["code"]] * len(wanted)


def test_what_does_not_count_against_the_run_is_skipped_in_junit(tmp_path):
    only = Layout(fails=lambda report: report["status"] == "FAILED")
    _, suite = junit_of(written("junit", EVERY, only), tmp_path)
    totals = count(EVERY)

    assert (suite.failures, suite.errors) == (totals["FAILED"], 0)
    assert suite.skipped == len(EVERY) - totals["FAILED"] - totals["PASSED"]


@pytest.mark.requirement("ING-012")
def test_sarif_is_what_its_schema_takes_with_rules_in_the_registrys_words():
    sarif = pytest.importorskip("pydantic_sarif.model")
    data = written("sarif", with_decision(EVERY))
    found = json.loads(data)
    sarif.StaticAnalysisResultsFormatSarifVersion210JsonSchema.model_validate(found)
    (one,) = found["runs"]
    wanted = [(name, report) for name, report in EVERY if report["status"] != "PASSED"]
    rules = one["tool"]["driver"]["rules"]
    results, decided = one["results"][::2], one["results"][1::2]

    assert [result["ruleId"] for result in results] == [r["code"] for _, r in wanted]
    assert {result["ruleId"] for result in decided} == {"ingest.unknown-key"}
    assert [r["level"] for r in decided] == [r["level"] for r in results]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert {rules[result["ruleIndex"]]["id"] for result in decided} == {"ingest.unknown-key"}
    for result, (_, report) in zip(results, wanted, strict=True):
        assert rules[result["ruleIndex"]]["id"] == report["code"]
        assert result["level"] == (
            "error" if report["status"] in {"FAILED", "ERROR"} else "warning"
        )
    ((invocation,), unread) = one["invocations"], count(EVERY)["ERROR"]
    assert invocation["executionSuccessful"]  # the run is whole, its results are not of all inputs
    (note,) = invocation["toolExecutionNotifications"]
    assert (note["level"], note["message"]["text"][:9]) == ("error", f"{unread} inputs")


@pytest.mark.requirement("ING-012")
def test_a_sarif_that_its_schema_does_not_take_is_refused_by_the_reader():
    sarif = pytest.importorskip("pydantic_sarif.model")
    found = json.loads(written("sarif", EVERY))
    found["runs"][0]["results"][0]["level"] = "grave"

    with pytest.raises(ValueError, match="level"):
        sarif.StaticAnalysisResultsFormatSarifVersion210JsonSchema.model_validate(found)


@pytest.mark.requirement("ING-020")
def test_places_in_sarif_are_uris_that_lead_back_to_the_bytes_of_the_path():
    found = json.loads(written("sarif", list(reports.hostile())))["runs"][0]["results"]
    names_ = [name for name, _ in reports.hostile()]

    assert len(found) == len(names_)
    for result, name in zip(found, names_, strict=True):
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert re.fullmatch(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*", place["uri"])
        if name.startswith("s3://"):
            assert place == {"uri": "s3://bucket/a%20b/%C3%A9.flac?versionId=1%25202"}
        elif name.startswith("/"):
            assert place == {"uri": "file:///absolute/%2541.wav"}
        else:
            assert not urlsplit(place["uri"]).scheme
            assert unquote_to_bytes(place["uri"]) == name.encode(
                "utf-8", "surrogateescape" if "\ud800" not in name else "replace"
            )


@pytest.mark.requirement("ING-020")
@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("s3://in/2026/q?x=1#frag.flac", "s3://in/2026/q%3Fx%3D1%23frag.flac"),
        ("s3://in/a;b&c,d+e%41:@.flac", "s3://in/a%3Bb%26c%2Cd%2Be%2541%3A%40.flac"),
        ("s3://in/a#1.flac?versionId=x&y", "s3://in/a%231.flac?versionId=x&y"),
        ("gs://in/a?b#17", "gs://in/a?b#17"),
        ("abfs://in@host.example/a?b", "abfs://in@host.example/a%3Fb"),
        ("file:///in/100%41.wav", "file:///in/100%2541.wav"),
        ("https://[::1]:8/a b;c+%41[1].wav?x=a/b&y=1%#t=1#2", "https://[::1]:8/a%20b;c+%41%5B1%5D.wav?x=a/b&y=1%25#t=1%232"),
        ("HTTPS://h", "HTTPS://h"),
    ],
)  # fmt: skip
def test_places_of_objects_in_sarif_are_uris_of_whole_keys_and_urls_stay_what_they_are(name, uri):
    assert artifact(name) == {"uri": uri}


ANNOTATION = re.compile(
    r"::(error|warning|notice) ((?:[a-zA-Z]+=[^,:\r\n]*)(?:,[a-zA-Z]+=[^,:\r\n]*)*)::([^\r\n]*)"
)
"""A command as the runner splits it: up to '::', properties at ',' and '='."""


def unescaped(text):
    for sign, code in ((":", "%3A"), (",", "%2C"), ("\n", "%0A"), ("\r", "%0D"), ("%", "%25")):
        text = text.replace(code, sign)
    return text


@pytest.mark.requirement("ING-012")
@pytest.mark.requirement("ING-020")
def test_github_gets_one_command_a_line_and_no_name_begins_another():
    lines = written("github", EVERY).decode().split("\n")
    wanted = [(name, report) for name, report in EVERY if report["status"] != "PASSED"]

    assert lines.pop() == ""
    assert len(lines) == len(wanted) + 1
    for line, (name, report) in zip(lines, wanted, strict=False):
        level, given, message = ANNOTATION.fullmatch(line).groups()
        properties = dict(part.split("=", 1) for part in given.split(","))
        assert level == ("error" if report["status"] in {"FAILED", "ERROR"} else "warning")
        assert set(properties) == {"file", "title"}
        if name.isprintable():
            assert unescaped(properties["file"]) == name
        assert unescaped(properties["title"]) == f"{report['status']} {report['code']}"
        assert unescaped(message)[:20] in report["summary"] or not name.isprintable()
    assert lines[-1].startswith(
        f"::notice title=prov verify::{len(EVERY)} files%3A".replace("%3A", ":")
    )


class Page(HTMLParser):
    """What a browser would see: elements, attributes, text."""

    VOID = frozenset({"meta", "br", "img", "link"})

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.text, self.metas = [], Counter(), [], []
        self.attributes = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        if tag == "meta":
            self.metas.append(dict(attrs))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not self.open or self.open[-1] != "style":
            self.text.append(data)


@pytest.mark.requirement("ING-020")
@pytest.mark.requirement("ING-021")
def test_a_page_is_whole_runs_nothing_and_loads_nothing():
    page = Page(written("html", with_decision(EVERY)).decode())
    (policy,) = [
        m["content"] for m in page.metas if m.get("http-equiv") == "Content-Security-Policy"
    ]

    assert page.open == []
    assert set(page.seen) <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table", "caption",
        "thead", "tbody", "tr", "th", "td", "br", "ul", "li", "bdi",
    }  # fmt: skip
    assert page.attributes <= {"lang", "charset", "http-equiv", "content", "name", "scope", "class"}
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert any("<script>alert(1)</script>.flac" in text for text in page.text)


@pytest.mark.requirement("ING-012")
def test_a_page_has_no_error_that_a_strict_reader_of_html_5_finds():
    html5 = pytest.importorskip("html5rdf")
    page = written("html", with_decision(EVERY))

    html5.HTMLParser(strict=True).parse(io.BytesIO(page))
    with pytest.raises(html5.html5parser.ParseError):
        html5.HTMLParser(strict=True).parse(io.BytesIO(page.replace(b"</table>", b"</tabel>", 1)))


@pytest.mark.requirement("ING-021")
def test_a_browser_shows_the_page_and_runs_none_of_it(tmp_path):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not os.environ.get("MUSICPROV_TEST_FULL"):
        pytest.skip("MUSICPROV_TEST_FULL=1: a page in Chromium")
    if browser is None:
        pytest.skip("no Chromium: a page is not looked at in a browser")
    page = tmp_path / "page.html"
    # A script that got in all the same would not run: the policy of the page forbids it.
    forced = b"<script>document.title = 'ran'</script></body>"
    page.write_bytes(written("html", EVERY).replace(b"</body>", forced))
    flags = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'user'}")
    call = [browser, *flags, "--dump-dom", page.as_uri()]
    shown = subprocess.run(call, capture_output=True, text=True, timeout=600, check=True).stdout

    assert f"<title>Verification of {len(EVERY)} files</title>" in shown
    assert "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;.flac</bdi>" in shown
    without = tmp_path / "without.html"
    without.write_bytes(re.sub(b"<meta http-equiv[^>]*>", b"", page.read_bytes()))
    call[-1] = without.as_uri()
    shown = subprocess.run(call, capture_output=True, text=True, timeout=600, check=True).stdout
    assert "<title>ran</title>" in shown


def test_a_page_has_the_counts_and_shows_what_asks_for_attention_first():
    text = " ".join(Page(written("html", EVERY).decode()).text)
    attention = len(EVERY) - count(EVERY)["PASSED"]

    assert f"Asks for attention ({attention})" in text
    assert text.index("Asks for attention") < text.index("Nothing to do")
    assert "It does not show that the declaration is true." in text


@pytest.mark.requirement("ING-011")
def test_a_page_of_many_says_how_many_it_does_not_show():
    absent = next(entry for entry in EVERY if entry[1]["status"] == "ABSENT")
    text = written("html", [absent] * 2100).decode()

    assert "Asks for attention (2100; 100 more are not shown here" in text
    assert text.count("<bdi>") == 2000


@pytest.mark.slow
@pytest.mark.requirement("ING-011")
@pytest.mark.parametrize("form", ["csv", "json", "junit", "sarif", "html", "parquet"])
def test_memory_does_not_grow_with_the_run(form):
    import tracemalloc

    if form == "parquet":
        pytest.importorskip("duckdb")
    absent = next(entry for entry in EVERY if entry[1]["status"] == "ABSENT")

    class Nowhere(io.RawIOBase):
        def write(self, data):
            return len(data)

    name, text = absent[0], json.dumps(absent[1])
    writer = load(form).begin(Nowhere(), Layout())
    for _ in range(2500):  # beyond what html shows, and what a spool holds in memory
        writer.each(name, json.loads(text))
    tracemalloc.start()
    for _ in range(1500):
        writer.each(name, json.loads(text))
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert grown < 1_100_000 < 1500 * len(text)
