"""The words of a report: the same messages in each language, and everything has words."""

import re
import subprocess
import sys

import pytest
from provenance.audit.model import Flag, State, Sure
from provenance.audit.rendering.markup import TEMPLATES
from provenance.audit.rendering.words import Words, isolated, languages, messages
from provenance.model.errors import UsageError
from provenance.profiles.judging import OUTCOMES
from provenance.wire.registries import names
from provenance.wire.schemas import load_json

PLACE = re.compile(r"\{\w+\}")


def differing(one, other):
    """Keys that only one has, or whose places differ."""
    yield from set(one) ^ set(other)
    yield from (
        k
        for k in set(one) & set(other)
        if sorted(PLACE.findall(one[k])) != sorted(PLACE.findall(other[k]))
    )


@pytest.mark.requirement("AUD-073")
def test_each_language_has_every_message_with_its_places():
    assert languages() == ("en", "sv")
    assert list(differing(messages("en"), messages("sv"))) == []
    alike = {
        k
        for k, v in messages("en").items()
        if v == messages("sv")[k] and re.search("[a-z]{3}.* ", v) and not PLACE.search(v)
    }
    assert alike == set()  # nothing was forgotten in English


def test_auditor_and_audit_have_one_word_each_in_swedish():
    reasons = load_json("audit/reasons.json").values()
    pairs = [(one["en"], one["sv"]) for one in reasons]
    for en, sv in (
        (messages("en"), messages("sv")),
        (load_json("audit/letters/en.json"), load_json("audit/letters/sv.json")),
    ):
        pairs += [(PLACE.sub("", en[k]), sv[k].lower()) for k in en]

    for english, one in (("auditor", "revisor"), ("audit", "revision")):
        said = [sv for en, sv in pairs if re.search(rf"(?i)\b{english}\b", en)]
        assert len(said) > 2
        assert [sv for sv in said if one not in sv] == []


@pytest.mark.requirement("AUD-073")
def test_a_message_that_is_missing_would_be_found():
    en = dict(messages("en"))
    changed = {**en, "tiles.share": "without a place"}
    del changed["skip"]
    assert sorted(differing(en, changed)) == ["skip", "tiles.share"]


@pytest.mark.requirement("AUD-073")
@pytest.mark.parametrize("language", ["en", "sv"])
def test_everything_that_a_report_can_say_has_words(language):
    words = Words(language)
    wanted = [f"outcome.{o}" for o in OUTCOMES] + [f"sure.{s}.means" for s in Sure]
    wanted += [f"identity.{i}" for i in names("identities")] + [f"act.{a}" for a in names("acts")]
    exhibit, report = (
        load_json("1.0/audit-exhibit.schema.json")["$defs"],
        load_json("1.0/report.schema.json"),
    )
    wanted += [f"binding.{b}" for b in exhibit["declaration"]["properties"]["binding"]["enum"]]
    wanted += [f"by.{b}" for b in exhibit["join"]["properties"]["by"]["enum"]]
    kinds = exhibit["evidence"]["properties"]["kind"]["enum"]
    wanted += [f"{part}.{kind}" for kind in kinds for part in ("kind", "evidence.note")]
    wanted += [f"says.{member}" for kind in kinds for member in exhibit[kind]["properties"]]
    wanted += [f"status.{s}" for s in report["properties"]["status"]["enum"]]
    signer = report["properties"]["signer"]["anyOf"][0]["properties"]
    wanted += [f"rung.{r}" for r in signer["rung"]["enum"]]
    mark = report["$defs"]["mark"]["properties"]
    wanted += [f"mark.{k}" for k in mark["kind"]["enum"]] + [
        f"strength.{s}" for s in mark["strength"]["enum"]
    ]
    wanted += [f"marksays.{s or 'null'}" for s in mark["says"]["enum"]]
    check = report["properties"]["checks"]["items"]["properties"]
    wanted += [f"effect.{k}" for k in check["kind"]["enum"]]
    contradiction = load_json("1.0/audit-exhibit.schema.json")["properties"]["contradictions"][
        "items"
    ]["properties"]
    wanted += [f"against.{b}" for b in contradiction["by"]["enum"]]
    wanted += [f"withdrawn.{r}" for r in names("withdrawal-reasons")]
    roles = load_json("1.0/audit.schema.json")["properties"]["inputs"]["items"]["properties"][
        "role"
    ]["enum"]
    wanted += [f"role.{r}" for r in roles] + [f"summary.{s}" for s in State]
    assert [key for key in wanted if not words.has(key)] == []
    assert all(words.flag(f) and words.meaning("flags", f) for f in Flag)


def test_every_message_is_used():
    folder = TEMPLATES
    source = "".join(
        p.read_text(encoding="utf-8") for p in [*folder.iterdir(), *folder.parent.glob("*.py")]
    )
    prefixes = set(re.findall(r'(?:one_of|count)\("(\w+)"', source)) | set(
        re.findall(r'"([\w.]+)\." ~', source)
    )
    prefixes |= set(re.findall(r'f"([\w.]+?)\.\{', source)) | {"plot"}
    prefixes |= set(re.findall(r'\): "(\w+)"', source))
    unused = [
        k
        for k in messages("en")
        if k != "language"
        and not re.search(rf"['\"]{re.escape(k)}['\"]", source)
        and not any(k.startswith(f"{p}.") for p in prefixes)
    ]
    assert [k for k in unused if not k.startswith(("pdf.", "method.step"))] == []


def test_numbers_are_written_as_the_language_does():
    en, sv = Words("en"), Words("sv-SE")
    assert (en.number(1234567), sv.number(1234567)) == ("1,234,567", "1\u00a0234\u00a0567")
    assert (en.share(1, 8), sv.share(1, 8), en.share(0, 0)) == ("13%", "13\u00a0%", "0%")
    assert (en.permille(973), sv.permille(1000)) == ("0.973", "1,000")
    assert (en.count("entries", 1), sv.count("entries", 2)) == ("1 entry", "2 placeringar")
    assert en.time("2026-01-15T12:00:00Z") == "2026-01-15 12:00:00 UTC"
    assert (en.time("yesterday"), en.time(None)) == ("yesterday", "not stated")


@pytest.mark.requirement("AUD-063")
def test_values_in_a_message_are_harmless():
    words = Words("en")
    assert words.text("exhibit.declaredBy", name="a\u202eb\n") == "Declared by a\\u202eb\\u000a."
    assert (
        words.html("exhibit.declaredBy", name="<b>\u202e")
        == "Declared by <bdi>&lt;b&gt;\\u202e</bdi>."
    )
    assert words.html("exhibit.declaredBy", name="{name}") == "Declared by <bdi>{name}</bdi>."
    assert isolated("x" * 601) == f"<bdi>{'x' * 599}\u2026</bdi>"
    assert isolated(isolated("<")) == "<bdi>&lt;</bdi>"


def test_a_reason_links_what_stands_on_the_page():
    words = Words("en")
    said = words.reason(
        {"reason": "holds", "detail": {"declaration": "d1", "signer": "d2", "code": "<x>"}}
    )
    assert (
        said
        == 'Declaration <a href="#d1">d1</a>, signed by <bdi>d2</bdi>, holds by the trust policy (<bdi>&lt;x&gt;</bdi>).'
    )
    crafted = words.reason({"reason": "holds", "detail": {"declaration": 'd1"><script>'}})
    assert "<script>" not in crafted
    assert "{signer}" in crafted
    assert words.reason({"reason": "<new>", "detail": {}}) == "<bdi>&lt;new&gt;</bdi>"


def test_a_reason_in_plain_text_is_harmless_and_has_a_score_as_detectors_write_it():
    detail = {"declaration": "d1", "evidence": "e2", "score": 970}
    one = {"reason": "contradictedByDetector", "detail": detail}

    assert "(e2) gives 0.970, where declaration d1" in Words("en").said(one)
    assert "(e2) ger 0,970, medan uppgift d1" in Words("sv").said(one)
    assert ") gives <bdi>0.970</bdi>, where" in Words("en").reason(one)
    holds = {"reason": "holds", "detail": {"declaration": "d1", "signer": "a\u202eb"}}
    assert Words("en").said(holds) == (
        "Declaration d1, signed by a\\u202eb, holds by the trust policy ({code})."
    )
    assert Words("en").said({"reason": "a\n", "detail": {}}) == "a\\u000a"


def test_a_language_without_words_is_refused():
    with pytest.raises(UsageError, match="no report in 'xx' yet") as error:
        Words("xx")
    assert error.value.hint == "There are: en, sv."


def test_without_the_extra_one_line_says_how_to_get_it():
    program = (
        "import sys; sys.modules['jinja2'] = None\n"
        "from provenance.model.errors import MissingExtraError\n"
        "try:\n    import provenance.audit.rendering.pages\n"
        "except MissingExtraError as error:\n    print(error.hint)\n"
    )
    line = [sys.executable, "-c", program]
    said = subprocess.run(line, capture_output=True, text=True, check=True, timeout=600).stdout
    assert said == "Install it with: pip install 'musicprov[report]'\n"
