"""Rules of the procedure that hold whatever file is verified (spec 8), on bare statements."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from provenance.model.errors import UsageError
from provenance.reports import as_json
from provenance.reports.as_text import render
from provenance.trust.identity import Keyring
from provenance.trust.requirements import PERSONAL, tighten
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify

CASE = Path(__file__).resolve().parents[2] / "vectors" / "verify" / "bare-token"
TOKEN = (CASE / "given.jws").read_bytes()
KEY = json.loads((CASE / "case.json").read_text(encoding="utf-8"))["options"]["own"][0]
NOW = datetime(2027, 1, 1, tzinfo=UTC)


def context(**more):
    return Context(now=NOW, **more)


def verdict(value, where=None):
    return verify(None, None, where or context(), (Given("given", value),))


def slugs(found):
    return [f.code.slug for f in found.findings]


EMPTY = {
    "an empty bundle": b'{"bundle":"musicprov-bundle/1","statements":[]}',
    "a bundle of another version": b'{"bundle":"musicprov-bundle/2","statements":[]}',
    "a bundle without statements": b'{"bundle":"musicprov-bundle/1"}',
    "an empty object": b"{}",
    "an empty value": b"",
    "white space": b" \n",
    "a half token": b"eyJhbGciOiJFUzI1NiJ9.",
    "only dots": b"..",
    "bytes that are no text": bytes(range(256)),
    "an oversize bundle": b'{"bundle":"' + b"x" * (1 << 20) + b'"}',
    "a deep bundle": b'{"bundle":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "a bundle of nothing": b'{"bundle":"musicprov-bundle/1","statements":[null,1,"x",[],{}]}',
}


@pytest.mark.requirement("VER-114")
@pytest.mark.requirement("VER-021")
@pytest.mark.requirement("VDT-003")
@pytest.mark.parametrize("value", EMPTY.values(), ids=EMPTY)
def test_what_holds_no_statement_never_passes(value):
    assert verdict(value).status.value in {"FAILED", "INDETERMINATE", "ABSENT"}


@pytest.mark.requirement("VER-114")
def test_nothing_at_all_never_passes():
    assert verify(None, None, context()).status.value in {"INDETERMINATE", "ABSENT"}


@pytest.mark.requirement("SEC-002")
@pytest.mark.parametrize("value", EMPTY.values(), ids=EMPTY)
def test_junk_beside_a_good_statement_leaves_its_evidence_alone(value):
    given = (Given("given", TOKEN), Given("sidecar", value))

    found = slugs(verify(None, None, context(), given))

    assert "signature.valid" in found
    assert "signature.invalid" not in found


@pytest.mark.requirement("VER-041")
def test_the_payload_of_a_bad_signature_is_not_looked_at():
    head, payload, signature = TOKEN.split(b".")
    other = b"A" if signature[:1] != b"A" else b"B"

    found = verdict(b".".join((head, payload, other + signature[1:])))

    assert found.code == "signature.invalid"
    assert not [s for s in slugs(found) if s.startswith("content.")]
    assert as_json.report("x", found, context())["declaration"] is None


@pytest.mark.requirement("VER-071")
def test_the_name_shown_is_the_one_that_the_asker_gave():
    known = context(keyring=Keyring(pinned={KEY: "My friend"}))

    stranger = as_json.report("x", verdict(TOKEN), context())["signer"]
    friend = as_json.report("x", verdict(TOKEN, known), known)["signer"]

    assert (stranger["name"], stranger["callsItself"]) == (None, "Vector Artist")
    assert friend["name"] == "My friend"


@pytest.mark.requirement("VER-080")
def test_without_audio_nothing_is_bound():
    assert "binding.not-checked" in slugs(verdict(TOKEN))


@pytest.mark.requirement("VER-112")
def test_without_a_policy_it_is_personal():
    assert context().required == PERSONAL
    assert dict(PERSONAL) == {
        "integrity": "confirmed",
        "content": "confirmed",
        "binding": "lossless",
        "identity": "pinned",
    }


WISHES = {
    "a stricter binding": ("binding=exact", "binding", "exact"),
    "a weaker binding": ("binding=any", "binding", "lossless"),
    "a bare binding is weaker": ("binding", "binding", "lossless"),
    "a stranger's key": ("identity=unknown", "identity", "pinned"),
    "a known party": ("identity=party", "identity", "party"),
    "another axis": ("time", "time", "confirmed"),
}


@pytest.mark.requirement("VER-113")
@pytest.mark.parametrize(("wish", "axis", "expected"), WISHES.values(), ids=WISHES)
def test_a_wish_only_adds_or_tightens(wish, axis, expected):
    assert tighten(PERSONAL, [wish])[axis] == expected


@pytest.mark.requirement("VER-111")
@pytest.mark.parametrize("value", [TOKEN, *EMPTY.values()], ids=["a good one", *EMPTY])
def test_what_is_required_changes_no_finding_but_its_own(value):
    wishes = [(), *([wish] for wish, _, _ in WISHES.values())]

    found = [
        [f for f in verdict(value, context(required=tighten({}, w))).findings if not _unmet(f)]
        for w in wishes
    ]

    assert all(one == found[0] for one in found)


def _unmet(one):
    return one.code.slug == "policy.unmet"


@pytest.mark.parametrize("wish", ["truth", "policy", "colour", "binding=perfect", "time=now"])
def test_a_wish_that_cannot_be_met_by_any_code_is_a_usage_error(wish):
    with pytest.raises(UsageError):
        tighten(PERSONAL, [wish])


@pytest.mark.requirement("VDT-014")
def test_what_is_declared_is_marked_as_a_claim_unless_it_passed():
    report = as_json.report("x", verdict(TOKEN), context())

    assert report["status"] != "PASSED"
    assert report["declaration"]["unverifiedClaim"] is True
    assert "(unverified claim)" in render("x", as_json.report("x", verdict(TOKEN), context()))


@pytest.mark.requirement("CON-001")
@pytest.mark.requirement("VDT-015")
@pytest.mark.parametrize("value", [TOKEN, *EMPTY.values()], ids=["a good one", *EMPTY])
def test_every_report_says_that_truth_is_not_assessed(value):
    report = as_json.report("x", verdict(value), context())

    assert report["axes"]["truth"] == "truth.not-assessed"
    assert any("true" in line or "no AI" in line for line in report["notSaid"])


@pytest.mark.requirement("VDT-017")
def test_the_text_report_has_its_lines_in_order():
    lines = render("song.flac", as_json.report("song.flac", verdict(TOKEN), context())).split("\n")

    assert [line.split(":")[0].split()[0] for line in lines[:5]] == [
        "INDETERMINATE",
        "Says",
        "Who",
        "When",
        "Not",
    ]
    assert lines[0].endswith("song.flac")
    assert lines[4].endswith("[binding.not-checked]")
    assert "\x1b" not in "\n".join(lines)


@pytest.mark.requirement("SEC-010")
def test_a_crafted_file_name_is_shown_as_escapes():
    text = render(
        "a\x1b[2Jb\u202ec\nd", as_json.report("a\x1b[2Jb\u202ec\nd", verdict(TOKEN), context())
    )

    assert text.split("\n")[0].endswith("a\\u001b[2Jb\\u202ec\\u000ad")
