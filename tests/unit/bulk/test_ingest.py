"""Policies at ingest: what is refused, which rules apply, what is decided, what is told."""

import json
import os
import re
from pathlib import Path

import pytest
from provenance.bulk._uploader import asks
from provenance.bulk.engines.base import WorkerError
from provenance.bulk.ingest import decide, load, load_policy, presets
from provenance.bulk.items import Item
from provenance.bulk.judging import judged, under
from provenance.bulk.running import fault_of
from provenance.bulk.settings import Settings
from provenance.bulk.verifying import verify_item
from provenance.labels.messages import catalogue, languages
from provenance.model.errors import InputError, PolicyError
from provenance.model.levels import AREAS
from provenance.wire.registries import codes, rules
from provenance.wire.schemas import is_valid, load_json

from support import reports, samples

BASE = {
    "ingestPolicy": "musicprov-ingest/1",
    "id": "example.org/ingest",
    "version": 3,
    "rules": [],
    "otherwise": "accept",
}
VECTORS = Path(__file__).parents[2] / "vectors" / "verify"


def policy(*rules, **more):
    return load(json.dumps({**BASE, "rules": list(rules), **more}).encode())


def rule(when, outcome="hold", name="a", **more):
    return {"id": name, "when": when, "outcome": outcome, **more}


def report(name):
    """The report of a case of ``tests/vectors/verify``."""
    return next(found for path, found in reports.verified() if path.startswith(f"verify/{name}/"))


PASSED, ALTERED = report("passed-pinned-key"), report("one-sample-flipped")
ABSENT, UNKNOWN = report("absent"), report("unknown-key")
GONE = reports.unreadable("gone.wav")[1]
ERROR = {**GONE, "fault": "file"}


def expecting(found, matches):
    tag = {True: "QZZZZ2600001", False: "QZZZZ2600002", None: None}[matches]
    return {
        **found,
        "expected": {"isrc": "QZZZZ2600001", "declared": None, "tag": tag, "matches": matches},
    }


def outcome(found, *rules, **more):
    made = decide(found, policy(*rules, **more))
    assert is_valid({**found, "decision": made}, "report")
    return made["outcome"]


def test_the_reports_are_what_their_names_say():
    statuses = [found["status"] for found in (PASSED, ALTERED, ABSENT, UNKNOWN, ERROR)]

    assert statuses == ["PASSED", "FAILED", "ABSENT", "INDETERMINATE", "ERROR"]


REFUSED = [
    (b"{", "ingest.json", ""),
    (json.dumps(BASE).replace('"version": 3', '"version": 3, "version": 3').encode(), "ingest.json", ""),
    (b" " * 300_000, "ingest.json", ""),
    ({"note": "a\u202eb"}, "ingest.text", "/note"),
    ({"rule": []}, "ingest.member-unknown", "/rule"),
    ({"rules": [rule({"statuss": ["FAILED"]})]}, "ingest.member-unknown", "/rules/0/when/statuss"),
    ({"version": 0}, "ingest.schema", "/version"),
    ({"otherwise": "keep"}, "ingest.schema", "/otherwise"),
    ({"rules": [rule({})]}, "ingest.schema", "/rules/0/when"),
    ({"rules": [rule({"status": ["failed"]})]}, "ingest.schema", "/rules/0/when/status/0"),
    ({"rules": [rule({"missing": ["vocals"]})]}, "ingest.schema", "/rules/0/when/missing/0"),
    ({"rules": [rule({"status": ["FAILED"]}), rule({"status": ["ABSENT"]})]}, "ingest.rule-repeated", "/rules/1/id"),
    ({"rules": [rule({"code": ["binding.wrong"]})]}, "ingest.code-unknown", "/rules/0/when/code/0"),
    ({"rules": [rule({"code": ["log.absent"]})]}, "ingest.code-unknown", "/rules/0/when/code/0"),
    (
        {"rules": [rule({"status": ["FAILED"]}, unless={"axis": {"binding": ["identity.self"]}})]},
        "ingest.axis-code",
        "/rules/0/unless/axis/binding/0",
    ),
    ({"profiles": ["spotifi"]}, "ingest.profile-unknown", "/profiles/0"),
    ({"profiles": ["ddex"]}, "ingest.profile-unknown", "/profiles/0"),
    (
        {"rules": [rule({"profile": {"spotify": ["error"]}})]},
        "ingest.profile-not-judged",
        "/rules/0/when/profile/spotify",
    ),
    ({"languages": ["en", "tlh"]}, "ingest.language-unknown", "/languages/1"),
    (
        {"languages": ["en", "sv"], "rules": [rule({"status": ["ABSENT"]}, says={"en": "Sign it."})]},
        "ingest.words-missing",
        "/rules/0/says",
    ),
    ({"rules": [rule({"status": ["ABSENT"]}, says={"en": "Sign it.", "fr": "Signez."})]}, "ingest.words-unused", "/rules/0/says/fr"),
    ({"rules": [rule({"status": ["FAILED"]}, unless={"status": ["FAILED", "ERROR"]})]}, "ingest.rule-dead", "/rules/0/unless"),
    (
        {"rules": [rule({"axis": {"binding": ["binding.mismatch"]}, "status": ["FAILED"]}, unless={"axis": {"binding": ["binding.mismatch"]}})]},
        "ingest.rule-dead",
        "/rules/0/unless",
    ),
    (
        {"rules": [rule({"axis": {"binding": ["binding.mismatch"], "identity": ["identity.unknown"]}}, unless={"axis": {"binding": ["binding.mismatch"]}})]},
        "ingest.rule-dead",
        "/rules/0/unless",
    ),
    ({"trust": "policy.json"}, "ingest.trust-path", "/trust"),
    ({"rules": [rule({"marks": ["generated"]}, "reject")]}, "ingest.mark-rejects", "/rules/0"),
    ({"rules": [rule({"status": ["PASSED"], "code": ["binding.mismatch", "content.mark-contradicts"]}, "reject")]}, "ingest.mark-rejects", "/rules/0"),
    ({"rules": [rule({"axis": {"carrier": ["carrier.mark-found"]}}, "reject")]}, "ingest.mark-rejects", "/rules/0"),
]  # fmt: skip


@pytest.mark.requirement("ING-040")
@pytest.mark.requirement("ING-041")
@pytest.mark.requirement("ING-042")
@pytest.mark.parametrize(("change", "slug", "where"), REFUSED)
def test_a_policy_that_does_not_hold_together_is_refused_by_name_with_what_to_do(
    change, slug, where
):
    data = change if isinstance(change, bytes) else json.dumps({**BASE, **change}).encode()

    with pytest.raises(PolicyError) as caught:
        load(data)
    assert caught.value.rule == slug
    assert slug in rules()
    assert caught.value.where.startswith(where)
    assert caught.value.hint.endswith((".", "?"))
    assert len(str(caught.value)) > 10


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"rules": [rule({})]}, "Write a value that is not empty."),
        ({"otherwise": None}, "Write one of these."),
        ({"rules": None}, "Write a value, or remove the member if it may be left out."),
        ({"languages": ["en", "en"]}, "Write each value once."),
        ({"mood": 1}, "Correct the name, or remove the member."),
        ({"profiles": ["spotfy"]}, "Did you mean 'spotify'?"),
        ({"rules": [rule({"code": ["binding.mismach"]})]}, "Did you mean 'binding.mismatch'?"),
    ],
)
def test_what_is_wrong_with_a_policy_is_told_in_words_for_policies(change, hint):
    with pytest.raises(PolicyError) as caught:
        load(json.dumps({**BASE, **change}).encode())

    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (b"\xef\xbb\xbf{}", "Save it as UTF-8 without BOM (byte order mark)."),
        (b" \n", "It is empty."),
        (b'{"a": 1,}', "A comma, quotation mark or bracket is missing there or too many."),
        (b'{"a": 1, "a": 1}', "Mend the file at the place that is named."),
    ],
)
def test_how_to_mend_json_is_told_where_it_is_known(data, hint):
    with pytest.raises(PolicyError) as caught:
        load(data)

    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("when", "unless"),
    [
        ({"status": ["FAILED", "ERROR"]}, {"status": ["FAILED"]}),
        ({"status": ["FAILED"]}, {"status": ["FAILED"], "isrc": ["matches"]}),
        (
            {"axis": {"identity": ["identity.unknown"]}},
            {"axis": {"binding": ["binding.exact"], "identity": ["identity.unknown"]}},
        ),
    ],
)
def test_an_exception_for_some_of_what_is_asked_for_is_none_for_all(when, unless):
    assert policy(rule(when, unless=unless)).rules[0].unless == unless


def test_every_rule_that_refuses_a_policy_has_a_policy_that_it_refuses():
    registered = {slug for slug in rules() if slug.startswith("ingest.")}

    assert {slug for _, slug, _ in REFUSED} == registered


@pytest.mark.requirement("ING-042")
def test_a_mark_is_a_reason_to_ask_and_may_soften_a_rule():
    policy(
        rule({"marks": ["generated"]}, "hold"),
        rule({"status": ["FAILED"]}, "reject", "b", unless={"marks": ["used"]}),
    )


@pytest.mark.requirement("ING-041")
@pytest.mark.parametrize(
    "name", ["../outside.json", "/etc/hostname", "gone.json", "folder", "out.json", "a\u0000b"]
)
def test_a_trust_policy_elsewhere_is_refused(tmp_path, name):
    folder = tmp_path / "policies"
    (folder / "folder").mkdir(parents=True)
    (tmp_path / "outside.json").write_text("{}")
    (folder / "out.json").symlink_to(tmp_path / "outside.json")

    with pytest.raises(PolicyError) as caught:
        load(json.dumps({**BASE, "trust": name}).encode(), folder)
    assert caught.value.rule in {"ingest.trust-path", "ingest.text"}


@pytest.mark.requirement("ING-041")
def test_the_trust_policy_of_the_folder_is_the_one_to_verify_by(tmp_path):
    (tmp_path / "trust.json").write_text("{}")
    file = tmp_path / "ingest.json"
    file.write_text(json.dumps({**BASE, "trust": "trust.json"}))
    settings = Settings(home="home", trust="mine.json", ingest=str(file))

    assert under(settings).trust == str(tmp_path / "trust.json")
    assert under(Settings(home="home", trust="mine.json", ingest="strict")).trust == "mine.json"
    assert under(Settings(home="home")).trust is None


def test_a_policy_that_is_not_there_is_an_error_that_names_the_presets(tmp_path):
    with pytest.raises(InputError) as caught:
        load_policy(str(tmp_path / "gone.json"))
    assert "welcoming, strict" in caught.value.hint
    with pytest.raises(InputError) as caught:
        load_policy("stric")
    assert caught.value.hint.startswith("Did you mean 'strict'? ")


def test_a_fault_in_a_file_is_told_with_its_name(tmp_path):
    file = tmp_path / "ingest.json"
    file.write_text("{}")

    with pytest.raises(PolicyError, match=re.escape(str(file))) as caught:
        load_policy(str(file))
    assert (caught.value.rule, caught.value.where) == ("ingest.schema", "/")


CONDITIONS = [
    ({"status": ["FAILED", "ERROR"]}, ALTERED, PASSED),
    ({"status": ["FAILED", "ERROR"]}, ERROR, ABSENT),
    ({"code": ["binding.mismatch", "carrier.absent"]}, ABSENT, PASSED),
    ({"code": ["identity.pinned"]}, PASSED, UNKNOWN),
    ({"axis": {"binding": ["binding.exact"], "identity": ["identity.unknown"]}}, UNKNOWN, PASSED),
    ({"axis": {"binding": ["binding.exact"]}}, PASSED, ABSENT),
    ({"missing": ["video"]}, PASSED, None),
    ({"missing": ["lyrics", "composition", "mixing"]}, ABSENT, None),
    ({"isrc": ["differs"]}, expecting(PASSED, False), expecting(PASSED, True)),
    ({"isrc": ["unknown", "differs"]}, expecting(PASSED, None), expecting(PASSED, True)),
    ({"isrc": ["matches"]}, expecting(PASSED, True), expecting(PASSED, None)),
    ({"isrc": ["matches", "differs", "unknown"]}, expecting(PASSED, True), PASSED),
    ({"status": ["PASSED"], "missing": ["video"]}, PASSED, ABSENT),
]


@pytest.mark.requirement("ING-043")
@pytest.mark.parametrize(("when", "holds", "does_not"), CONDITIONS)
def test_a_rule_applies_when_all_members_hold_and_a_member_when_one_value_does(
    when, holds, does_not
):
    assert outcome(holds, rule(when)) == "hold"
    if does_not is not None:
        assert outcome(does_not, rule(when)) == ("hold" if does_not is ERROR else "accept")


@pytest.mark.requirement("ING-043")
def test_an_exception_keeps_a_rule_from_applying():
    when, unless = {"status": ["INDETERMINATE"]}, {"code": ["identity.unknown"]}

    assert outcome(UNKNOWN, rule(when)) == "hold"
    assert outcome(UNKNOWN, rule(when, unless=unless)) == "accept"
    other = {**unless, "status": ["PASSED"]}  # all members of an exception have to hold
    assert outcome(UNKNOWN, rule(when, unless=other)) == "hold"


@pytest.mark.requirement("ING-043")
def test_marks_hold_a_file_by_what_they_say():
    mark = {"kind": "iptc", "where": "x", "strength": "stated", "says": "generated", "detail": {}}
    marked = {**PASSED, "marks": [mark]}

    assert outcome(marked, rule({"marks": ["generated"]})) == "hold"
    assert outcome(marked, rule({"marks": ["none"]})) == "accept"
    assert outcome(PASSED, rule({"marks": ["generated"]})) == "accept"


@pytest.mark.requirement("ING-043")
def test_every_profile_of_a_condition_has_to_have_one_of_its_outcomes():
    answers = (("spotify", "label"), ("grammy", "review"))
    judged_ = [{"profile": name, "outcome": o, "rules": []} for name, o in answers]
    found = {**PASSED, "profiles": judged_}
    names = ["spotify", "grammy"]

    both = {"spotify": ["label", "error"], "grammy": ["review"]}
    assert outcome(found, rule({"profile": both}), profiles=names) == "hold"
    one = {"spotify": ["label"], "grammy": ["ineligible"]}
    assert outcome(found, rule({"profile": one}), profiles=names) == "accept"
    told = decide(found, policy(rule({"profile": both}), profiles=names))["tell"]["en"]
    assert "Spotify and Recording Academy" in told


@pytest.mark.requirement("ING-044")
def test_the_worst_of_all_rules_that_apply_decides_whatever_their_order():
    accept = rule({"status": ["FAILED"]}, "accept", "a")
    hold = rule({"code": ["binding.mismatch"]}, "hold", "b")
    reject = rule({"axis": {"binding": ["binding.mismatch"]}}, "reject", "c")
    other = rule({"status": ["PASSED"]}, "reject", "d")

    assert outcome(ALTERED, accept, otherwise="reject") == "accept"
    assert outcome(ALTERED, hold, accept) == outcome(ALTERED, accept, hold) == "hold"
    assert outcome(ALTERED, reject, hold, accept) == outcome(ALTERED, accept, reject) == "reject"
    assert [outcome(ALTERED, other, otherwise=o) for o in ("accept", "hold", "reject")] == [
        "accept", "hold", "reject",
    ]  # fmt: skip
    made = decide(ALTERED, policy(accept, other, hold, reject))
    assert [r["rule"] for r in made["rules"]] == ["a", "b", "c"]


@pytest.mark.requirement("ING-045")
def test_what_could_not_be_looked_at_is_never_accepted():
    accept = rule({"status": ["ERROR", "PASSED"]}, "accept")

    assert outcome(ERROR) == outcome(ERROR, accept) == "hold"
    assert outcome(ERROR, otherwise="hold") == "hold"
    assert outcome(ERROR, rule({"status": ["ERROR"]}, "reject")) == "reject"
    assert [r["rule"] for r in decide(ERROR, policy(accept))["rules"]] == ["a", "error"]
    assert outcome(PASSED, accept, otherwise="reject") == "accept"


@pytest.mark.requirement("ING-046")
def test_what_failed_is_taken_as_not_declared():
    declared = next(iter(PASSED["declaration"]["areas"]))
    assert declared in ALTERED["declaration"]["areas"]

    assert outcome(PASSED, rule({"missing": [declared]})) == "accept"
    assert outcome(UNKNOWN, rule({"missing": [declared]})) == "accept"
    assert outcome(ALTERED, rule({"missing": [declared]})) == "hold"


def verified(name, ingest, tmp_path, isrc=None):
    made = verify_item(
        Item(0, str(VECTORS / name / "input.wav"), isrc),
        Settings(str(tmp_path), decode="never", at="2027-01-01T00:00:00Z", ingest=ingest),
    )
    assert is_valid(made, "report")
    return made


@pytest.mark.requirement("ING-046")
def test_profiles_judge_what_is_declared_and_nothing_that_failed(tmp_path):
    file = tmp_path / "ingest.json"
    made = {
        **BASE,
        "profiles": ["spotify", "grammy"],
        "rules": [rule({"profile": {"grammy": ["review"]}})],
    }
    file.write_text(json.dumps(made))

    unknown, altered = (
        verified(name, str(file), tmp_path) for name in ("unknown-key", "one-sample-flipped")
    )
    absent = verified("absent", str(file), tmp_path)
    for found in (unknown, altered, absent):
        assert [p["profile"] for p in found["profiles"]] == ["spotify", "grammy"]
        reviewed = found["profiles"][1]["outcome"] == "review"
        assert found["decision"]["outcome"] == ("hold" if reviewed else "accept")
    assert altered["profiles"] == absent["profiles"]


def test_a_report_that_no_profile_judged_is_not_decided_about():
    made = policy(profiles=["spotify"])

    with pytest.raises(ValueError, match="not judged"):
        decide(PASSED, made)
    assert decide(ERROR, made)["outcome"] == "hold"


def test_a_verification_carries_the_decision_with_the_policy_and_its_digest(tmp_path):
    found = verified("absent", "strict", tmp_path, isrc="QZZZZ2600001")

    assert found["decision"]["outcome"] == "hold"
    assert {r["rule"] for r in found["decision"]["rules"]} >= {"not-passed"}
    assert found["decision"]["policy"]["id"] == "preset:strict"
    assert found["decision"]["policy"]["sha256"] == load_policy("strict").digest
    gone = verify_item(Item(0, "gone.wav"), Settings(str(tmp_path), ingest="welcoming"))
    assert (gone["status"], gone["decision"]["outcome"]) == ("ERROR", "hold")


def test_nothing_is_decided_where_no_policy_is_given(tmp_path):
    assert "decision" not in verified("absent", None, tmp_path)
    assert judged({}, None, Settings("home"), None) == {}


@pytest.mark.requirement("ING-050")
@pytest.mark.parametrize("language", languages())
def test_what_is_told_names_what_to_do_for_each_rule_once(language):
    rules_ = (
        rule({"status": ["INDETERMINATE"]}, "reject", "a"),
        rule({"code": ["identity.unknown"]}, "hold", "b"),
        rule({"missing": ["video", "lyrics"]}, "hold", "c"),
        rule({"isrc": ["differs"]}, "hold", "d"),
        rule({"status": ["INDETERMINATE"]}, "accept", "e"),
    )
    found = expecting(UNKNOWN, False)
    made = decide(
        found, policy(*rules_, languages=[language, "en"] if language != "en" else ["en"])
    )
    words = catalogue(language)["uploader"]
    opening, *lines = made["tell"][language].split("\n- ")

    assert opening == words["reject"]
    assert len(lines) == len(set(lines)) == 3
    assert lines[0] == words["asks"]["which-key"]
    assert catalogue(language)["areas"]["video"] in lines[1]
    assert "QZZZZ2600001" in lines[2]
    assert not re.search(r"[{}]", made["tell"][language])


CORE = ["lyrics", "composition", "leadVocals", "instrumentation", "mixing", "mastering"]
HIDDEN = [
    (ERROR, "complete-file"),
    (ALTERED, "signed-audio"),
    (report("edited-payload"), "same-declaration"),
    (report("newer-version"), "we-look"),
]


@pytest.mark.requirement("ING-050")
@pytest.mark.parametrize(("found", "ask"), HIDDEN)
def test_what_nobody_could_see_is_told_of_nobody_as_missing(found, ask):
    rules_ = (rule({"missing": CORE}, name="a"), rule({"isrc": ["unknown"]}, name="b"))
    made = decide(expecting(found, None), policy(*rules_))

    assert made["outcome"] == "hold"
    assert made["tell"]["en"].split("\n- ")[1:] == [catalogue("en")["uploader"]["asks"][ask]]


@pytest.mark.requirement("ING-050")
def test_an_uploader_is_asked_for_the_whole_of_a_file_that_is_cut_and_for_nothing_else(tmp_path):
    whole = (VECTORS / "passed-pinned-key" / "input.wav").read_bytes()
    (tmp_path / "cut.wav").write_bytes(whole[: len(whole) // 2])
    settings = Settings(str(tmp_path), decode="never", ingest="strict")
    made = verify_item(Item(0, str(tmp_path / "cut.wav"), "QZZZZ2600001"), settings)

    assert made["code"] == "carrier.scan-incomplete"
    assert [r["rule"] for r in made["decision"]["rules"]] == ["not-passed", "core-areas", "isrc"]
    complete = catalogue("en")["uploader"]["asks"]["complete-file"]
    assert made["decision"]["tell"]["en"].split("\n- ")[1:] == [complete]


@pytest.mark.requirement("ING-050")
@pytest.mark.parametrize(
    "when", [{"status": ["FAILED"]}, {"code": ["binding.mismatch"]}, {"missing": CORE}]
)
def test_whether_a_file_is_complete_is_asked_where_its_audio_was_too_short_to_compare(when):
    checks = [
        {**c, "detail": {**c["detail"], "cause": "too-short"}}
        if c["code"] == "binding.mismatch" else c
        for c in ALTERED["checks"]
    ]  # fmt: skip
    told = decide({**ALTERED, "checks": checks}, policy(rule(when)))["tell"]["en"]

    assert told.split("\n- ")[1:] == [catalogue("en")["uploader"]["asks"]["whole-audio"]]
    assert "check that the file is complete" in told


@pytest.mark.requirement("ING-050")
@pytest.mark.parametrize("found", [ABSENT, UNKNOWN])
def test_what_shows_as_missing_is_asked_for(found):
    rules_ = (rule({"missing": ["video"]}, name="a"), rule({"isrc": ["unknown"]}, name="b"))
    told = decide(expecting(found, None), policy(*rules_))["tell"]["en"].split("\n- ")[1:]

    assert told == [
        "Please declare these too: video. Then sign the file again.",
        "Neither the file nor its declaration gives an ISRC. Please add QZZZZ2600001, and sign again.",
    ]


@pytest.mark.requirement("ING-045")
@pytest.mark.requirement("ING-050")
def test_whoever_sent_what_could_not_be_looked_at_is_told_so_whatever_other_rules_say():
    own = rule({"missing": ["lyrics"]}, says={"en": "Please declare the lyrics."})
    made = decide(ERROR, policy(own))
    complete = catalogue("en")["uploader"]["asks"]["complete-file"]

    assert [r["rule"] for r in made["rules"]] == ["a", "error"]
    assert made["tell"]["en"].split("\n- ")[1:] == ["Please declare the lyrics.", complete]
    asked = decide(ERROR, policy(rule({"status": ["ERROR"]}, says={"en": "Send it again."})))
    assert asked["tell"]["en"].split("\n- ")[1:] == ["Send it again."]


OPENINGS = [("hold", "hold-unasked"), ("reject", "reject-unasked")]


@pytest.mark.requirement("ING-052")
@pytest.mark.requirement("ING-053")
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("outcome_", "opening"), OPENINGS)
@pytest.mark.parametrize("fault", ["world", "caller"])
def test_of_what_is_not_the_files_fault_the_uploader_is_asked_for_nothing(
    fault, outcome_, opening, language
):
    rules_ = (rule({"status": ["ERROR"]}, outcome_), rule({"missing": CORE}, name="b"))
    made = decide({**GONE, "fault": fault}, policy(*rules_, languages=[language]))
    words = catalogue(language)["uploader"]

    assert made["tell"][language] == f"{words[opening]}\n- {words['asks']['we-look']}"


PLACES = {
    "gone": lambda path: None,
    "a folder": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "a link to itself": lambda path: path.symlink_to(path),
}


@pytest.mark.requirement("ING-052")
@pytest.mark.requirement("VDT-020")
@pytest.mark.parametrize("place", PLACES)
def test_what_a_path_leads_to_is_no_fault_of_the_file(tmp_path, place):
    path = tmp_path / "song.flac"
    PLACES[place](path)
    made = verify_item(Item(0, str(path)), Settings(str(tmp_path), ingest="strict"))

    assert (made["status"], made["fault"]) == ("ERROR", "world")
    assert told_in(made) == [catalogue("en")["uploader"]["asks"]["we-look"]]


@pytest.mark.requirement("ING-052")
@pytest.mark.requirement("VDT-020")
@pytest.mark.parametrize(
    "error", [WorkerError("ended (SIGKILL)"), MemoryError(), ZeroDivisionError()]
)
def test_what_happens_to_a_process_is_no_fault_of_the_file(tmp_path, error):
    made = fault_of(Item(0, "song.flac"), error, Settings(str(tmp_path), ingest="welcoming"))

    assert (made["status"], made["fault"]) == ("ERROR", "world")
    assert told_in(made) == [catalogue("en")["uploader"]["asks"]["we-look"]]


@pytest.mark.requirement("VDT-020")
@pytest.mark.parametrize("data", [b"", b"<html>" * 100, b"version https://git-lfs.github.com/spec"])
def test_what_is_no_audio_is_the_files_fault_and_an_isrc_that_is_none_the_callers(tmp_path, data):
    path = tmp_path / "song.flac"
    path.write_bytes(data)
    settings = Settings(str(tmp_path), ingest="welcoming")
    made = verify_item(Item(0, str(path)), settings)
    hello = verify_item(Item(0, str(path), "hello"), settings)

    assert (made["fault"], hello["fault"]) == ("file", "caller")
    asks_ = catalogue("en")["uploader"]["asks"]
    assert (told_in(made), told_in(hello)) == ([asks_["complete-file"]], [asks_["we-look"]])


def told_in(made):
    assert is_valid(made, "report")
    assert made["decision"]["outcome"] == "hold"
    return made["decision"]["tell"]["en"].split("\n- ")[1:]


@pytest.mark.requirement("ING-053")
@pytest.mark.parametrize(("outcome_", "opening"), OPENINGS)
def test_no_opening_asks_where_no_rule_applies_and_nothing_is_asked(outcome_, opening):
    words = catalogue("en")["uploader"]
    told = decide(report("newer-version"), policy(otherwise=outcome_))["tell"]["en"]

    assert told == f"{words[opening]}\n- {words['asks']['we-look']}"


@pytest.mark.requirement("ING-053")
@pytest.mark.parametrize("says", [None, {"en": "Please call us."}])
def test_nobody_is_told_to_do_nothing_beside_what_they_are_asked_for(says):
    looked_at = rule({"code": ["identity.unknown"], "isrc": ["matches"]}, name="a")
    ours = rule({"isrc": ["matches"]}, name="b")
    other = rule({"missing": ["video"]}, name="c", **({"says": says} if says else {}))
    words = catalogue("en")["uploader"]
    made = decide(expecting(UNKNOWN, True), policy(looked_at, ours, other))

    asked = says["en"] if says else "Please declare these too: video. Then sign the file again."
    opening, *lines = made["tell"]["en"].split("\n- ")
    assert (opening, lines) == (words["hold"], [words["asks"]["which-key"], asked])
    assert made["rules"][1]["says"]["en"] == words["asks"]["we-look"]


def not_compared(cause):
    """A report that the audio could not be compared, with its cause."""
    checks = [
        {**c, "code": "binding.not-checked", "detail": {"tier": "samples", "cause": cause}}
        if c["code"] == "binding.mismatch" else c
        for c in ALTERED["checks"]
    ]  # fmt: skip
    return {**ALTERED, "status": "INDETERMINATE", "code": "binding.not-checked", "checks": checks}


@pytest.mark.requirement("ING-053")
@pytest.mark.parametrize(
    ("cause", "ask"),
    [
        ("decoder-error", "damaged-audio"),
        ("stream-disagrees", "damaged-audio"),
        ("extra-missing", "not-compared"),
        ("decoder-crashed", "not-compared"),
        ("decode-off", "not-compared"),
    ],
)
@pytest.mark.parametrize("when", [{"status": ["INDETERMINATE"]}, {"code": ["binding.not-checked"]}])
def test_whether_a_file_is_complete_is_asked_where_its_audio_is_damaged(cause, ask, when):
    told = decide(not_compared(cause), policy(rule(when)))["tell"]["en"]

    assert told.split("\n- ")[1:] == [catalogue("en")["uploader"]["asks"][ask]]


@pytest.mark.requirement("ING-053")
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("outcome_", "opening"), OPENINGS)
def test_that_audio_was_not_compared_is_said_beside_what_is_asked_for_and_asks_for_nothing(
    language, outcome_, opening
):
    found, words = not_compared("decode-off"), catalogue(language)["uploader"]
    audio, areas = rule({"code": ["binding.not-checked"]}, outcome_), rule({"missing": ["video"]})
    alone = decide(found, policy(audio, languages=[language]))
    both = decide(found, policy(audio, {**areas, "id": "b"}, languages=[language]))

    said = words["asks"]["not-compared"]
    assert alone["tell"][language] == f"{words[opening]}\n- {said}"
    first, *lines = both["tell"][language].split("\n- ")
    assert (first, len(lines), lines[-1]) == (words[outcome_], 2, said)


@pytest.mark.requirement("ING-060")
@pytest.mark.parametrize(
    ("code", "ask"),
    [("binding.not-checked", "not-compared"), ("binding.similar", "signed-audio")],
)
def test_strict_says_what_is_not_shown_about_the_audio_whatever_leads(code, ask):
    found = not_compared("decode-off")
    checks = [
        {**c, "code": code} if c["code"] == "binding.not-checked" else c for c in found["checks"]
    ]
    made = decide({**found, "code": "identity.unknown", "checks": checks}, load_policy("strict"))
    words = catalogue("en")["uploader"]["asks"]

    assert [r["rule"] for r in made["rules"]][:2] == ["not-passed", "audio"]
    told = made["tell"]["en"].split("\n- ")[1:]
    assert {words["which-key"], words[ask]} <= set(told)


@pytest.mark.requirement("ING-050")
def test_words_of_the_services_own_stand_in_the_place_of_ours():
    says = {"en": "Please call us.", "sv": "Ring oss."}
    made = decide(ABSENT, policy(rule({"status": ["ABSENT"]}, says=says), languages=["en", "sv"]))

    assert made["rules"][0]["says"] == says
    assert made["tell"]["en"].split("\n- ")[1:] == ["Please call us."]
    assert made["tell"]["sv"].split("\n- ")[1:] == ["Ring oss."]


@pytest.mark.requirement("ING-050")
def test_what_no_rule_covers_is_told_too_and_what_is_accepted_is_thanked():
    held = decide(ABSENT, policy(otherwise="hold"))["tell"]["en"]

    assert held.split("\n- ")[1:] == [catalogue("en")["uploader"]["asks"]["declare"]]
    assert decide(ABSENT, policy())["tell"]["en"] == catalogue("en")["uploader"]["accept"]


def test_every_code_that_fails_or_doubts_asks_the_uploader_for_something():
    hard = {
        slug
        for slug, c in codes().items()
        if c["status"] == "active" and c["effect"] in {"breaks", "blocks"}
    }

    assert hard <= set(asks())
    assert set(asks()) - {"error"} <= set(codes())
    listed = [
        code
        for entry in load_json("registries/uploader-asks.json")["asks"]
        for code in entry["codes"]
    ]
    assert len(listed) == len(set(listed))


@pytest.mark.requirement("ING-051")
@pytest.mark.parametrize("language", languages())
def test_words_for_uploaders_are_in_every_language_and_neither_blame_nor_speak_of_ai(language):
    words, english = catalogue(language)["uploader"], catalogue("en")["uploader"]
    texts = [*(text for text in words.values() if isinstance(text, str)), *words["asks"].values()]

    assert set(words) == set(english)
    assert len(texts) == 5 + len(english["asks"])
    assert list(words["asks"]) == [
        e["ask"] for e in load_json("registries/uploader-asks.json")["asks"]
    ]
    for ask, text in words["asks"].items():
        assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", english["asks"][ask])
    for text in texts:
        assert not re.search(
            r"\b(AI|KI|IA|artificial|k\u00fcnstlich\w*|artificiell\w*)\b", text, re.IGNORECASE
        )
        assert not re.search(
            r"\b(you (did|failed|forgot|lied)|your (fault|mistake)|wrong|false|fraud\w*|untrue|fake\w*"
            r"|falsch\w*|fehler\w*|fals[oa]s?|error|faux|fausse|faute|fel|falsk\w*)\b",
            text,
            re.IGNORECASE,
        )


@pytest.mark.requirement("ING-060")
@pytest.mark.parametrize("name", ["welcoming", "strict"])
def test_a_preset_is_a_policy_that_loads_and_says_what_the_chapter_says(name):
    made = load_policy(name)

    assert set(presets()) == {"welcoming", "strict"}
    assert made.id == f"preset:{name}"
    assert is_valid(presets()[name]["policy"], "ingest-policy")
    wanted = {
        "welcoming": {"PASSED": "accept", "FAILED": "hold", "ABSENT": "accept", "ERROR": "hold"},
        "strict": {"FAILED": "reject", "INDETERMINATE": "hold", "ABSENT": "hold", "ERROR": "hold"},
    }[name]
    for _, found in reports.every():
        if found["status"] in wanted and found["code"] != "endorsement.dispute":
            assert decide(found, made)["outcome"] == wanted[found["status"]]


@pytest.mark.requirement("ING-060")
def test_welcoming_thanks_nobody_for_a_file_that_is_cut(tmp_path):
    whole = (VECTORS / "passed-pinned-key" / "input.wav").read_bytes()
    (tmp_path / "cut.wav").write_bytes(whole[: len(whole) // 2])
    settings = Settings(str(tmp_path), decode="never", ingest="welcoming")
    made = verify_item(Item(0, str(tmp_path / "cut.wav")), settings)

    words = catalogue("en")["uploader"]
    assert made["code"] == "carrier.scan-incomplete"
    assert made["decision"]["outcome"] == "hold"
    assert made["decision"]["tell"]["en"] == f"{words['hold']}\n- {words['asks']['complete-file']}"


@pytest.mark.parametrize(
    "kind", ["wav", "aiff", "m4a", "alac.m4a", "ogg", "opus", "oga", "flac", "mp3"]
)
def test_a_file_that_broke_off_is_noticed_without_a_declaration_where_the_guide_says(
    kind, tmp_path
):
    whole = samples.made(kind).read_bytes()
    path = tmp_path / f"song.{kind}"
    path.write_bytes(whole[: len(whole) // 2])

    made = verify_item(Item(0, str(path)), Settings(str(tmp_path)))

    is_noticed = kind not in {"flac", "mp3"}
    assert made["code"] == ("carrier.scan-incomplete" if is_noticed else "carrier.absent")


@pytest.mark.requirement("ING-060")
@pytest.mark.parametrize(
    ("code", "ask"),
    [
        ("binding.similar", "signed-audio"),
        ("binding.altered", "signed-audio"),
        ("presentation.cut", "signed-audio"),
        ("binding.unsupported", "other-format"),
        ("binding.not-checked", "not-compared"),
    ],
)
def test_welcoming_holds_what_is_not_shown_to_be_about_this_audio(code, ask):
    found = not_compared("extra-missing")
    checks = [
        {**c, "code": code} if c["code"] == "binding.not-checked" else c for c in found["checks"]
    ]
    made = decide({**found, "code": code, "checks": checks}, load_policy("welcoming"))

    assert (made["outcome"], [r["rule"] for r in made["rules"]]) == ("hold", ["audio"])
    assert made["tell"]["en"].split("\n- ")[1:] == [catalogue("en")["uploader"]["asks"][ask]]
    assert decide(UNKNOWN, load_policy("welcoming"))["outcome"] == "accept"


@pytest.mark.requirement("ING-060")
def test_strict_asks_for_every_core_area_of_what_passed():
    whole = {**PASSED["declaration"], "areas": dict.fromkeys(map(str, AREAS), "none")}
    passed = {**PASSED, "declaration": whole}

    assert decide(passed, load_policy("strict"))["outcome"] == "accept"
    less = {**whole, "areas": {a: "none" for a in whole["areas"] if a != "mixing"}}
    made = decide({**PASSED, "declaration": less}, load_policy("strict"))
    assert made["outcome"] == "hold"
    assert made["tell"]["en"].split("\n- ")[1:] == [
        "Please declare these too: mixing. Then sign the file again."
    ]
