"""Remarks in words: whatever the reason, a sentence with its code, and nothing that plays."""

import pytest
from provenance.bindings.base import Reason
from provenance.model.codes import Code
from provenance.model.findings import finding
from provenance.reports import sentences
from provenance.reports.as_json import _check
from provenance.reports.as_text import render
from provenance.reports.sentences import note

from support import reports


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("no-authority", "your policy lists no time-stamping authority"),
        ("unknown-authority", "by an authority that your policy does not list"),
        ("other-signature", "of another statement"),
        ("not-installed", "musicprov[time]"),
        ("malformed", "of no use: malformed"),
    ],
)
def test_an_ignored_time_stamp_is_told_in_words(reason, words):
    said = note(_check(finding(Code.TIME_TOKEN_IGNORED, reason=reason)))

    assert words in said
    assert said.endswith("[time.token-ignored]")


def test_an_unknown_state_of_revocation_is_told_with_its_reason_escaped():
    said = note(_check(finding(Code.IDENTITY_REVOCATION_UNKNOWN, reason="a list\x1b[2J")))

    assert "whether the certificate has been revoked is not known: a list" in said
    assert "\x1b" not in said


def test_whose_certificate_it_is_of_which_nothing_is_known_is_told():
    said = note(_check(finding(Code.IDENTITY_REVOCATION_UNKNOWN, reason="old", name="A\x1bB")))

    assert said.startswith("whether the certificate of 'A")
    assert "B' has been revoked is not known: old [" in said
    assert "\x1b" not in said


def test_other_remarks_are_left_to_their_codes():
    assert note(_check(finding(Code.ESSENCE_JUNK))) is None


def unread(**detail):
    (name, one), *_ = reports.verified()
    found = finding(Code.CARRIER_SCAN_INCOMPLETE, "wav:id3[0]/TXXX[3]", **detail)
    code = Code.CARRIER_SCAN_INCOMPLETE.slug
    cut = {**one, "status": "INDETERMINATE", "code": code, "checks": [_check(found)]}
    return [line for line in render(name, cut).splitlines() if line.startswith("  Open: ")]


@pytest.mark.requirement("CAR-056")
def test_what_a_shared_limit_leaves_unread_is_told_with_that_limit_though_its_code_is_told():
    told = {"bytes": 1207, "sharedLimit": "tag_read_bytes", "sharedBytes": 16 << 20}

    words = "not read: its 1,207 bytes would pass the 16,777,216 that all share [tag_read_bytes]"
    assert unread(**told) == [f"  Open:   wav:id3[0]/TXXX[3]: {words}"]
    assert unread(**told | {"sharedBytes": "\x1b[2J"}) == []
    assert unread(container="wav") == []


def mismatch(cause, had=30_146, recorded=60_000):
    found = next(r for _, r in reports.verified() if r["code"] == "binding.mismatch")
    (check,) = (c for c in found["checks"] if c["code"] == "binding.mismatch")
    lengths = {"durationMs": had, "recordedDurationMs": recorded}
    detail = {"tiers": "essence fingerprint", "score": 0, "coverage": 0, **lengths, **cause}
    others = [c for c in found["checks"] if c is not check]
    return {**found, "checks": [*others, {**check, "detail": detail}]}


@pytest.mark.requirement("BND-037")
def test_audio_that_is_too_short_to_compare_is_not_called_another_recording():
    cut = mismatch({"cause": "too-short"})

    words = "too short to compare: 30 s of the 60 s that were signed; perhaps cut"
    assert sentences.audio(cut) == words
    assert sentences.headline(cut) == f"The audio is {words}."
    long = mismatch({"cause": "too-short"}, recorded=245_000)
    assert "30 s of the 4 min 5 s" in sentences.audio(long)
    for other in ({"cause": "too-uniform"}, {}):
        assert sentences.audio(mismatch(other)).startswith("NOT what was signed")
        assert "another recording" in sentences.headline(mismatch(other))


ENDORSED = {"sid": "S" * 43, "key": "K" * 43, "act": "accepted", "party": None, "name": None,
            "limits": "No check of our own."}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "more", "said"),
    [
        (Code.ENDORSEMENT_UNKNOWN_ENDORSER, {},
         'a key you do not know (KKKKKKKKKKKK\u2026) accepted it ("No check of our own.")'),
        (Code.ENDORSEMENT_UNKNOWN_ENDORSER, {"act": "disputes", "limits": None},
         "a key you do not know (KKKKKKKKKKKK\u2026) DISPUTES it"),
        (Code.ENDORSEMENT_SELF, {"limits": None},
         "the signer (KKKKKKKKKKKK\u2026) accepted it, which adds nothing"),
        (Code.ENDORSEMENT_NOT_GRANTED, {"name": "A\x1b[2J", "limits": None},
         "A\\u001b[2J accepted it, but may not endorse by your policy"),
        (Code.ENDORSEMENT_NOT_GRANTED, {"limits": None},
         "a key that you know (KKKKKKKKKKKK\u2026) accepted it, but may not endorse by your policy"),
    ],
)  # fmt: skip
def test_an_endorsement_that_does_not_count_is_told_in_words(code, more, said):
    (name, one), *_ = reports.verified()
    told = render(name, {**one, "checks": [_check(finding(code, None, **(ENDORSED | more)))]})

    assert f"  Note:   {said} [{code.slug}]" in told.splitlines()


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("code", [Code.ESSENCE_JUNK, Code.CURRENCY_FORK, Code.POLICY_UNMET])
def test_nothing_that_is_null_is_printed(code, verbose):
    (name, one), *_ = reports.verified()
    check = _check(finding(code, None, **dict.fromkeys(("a", "limits"), None), reason="because"))

    assert "None" not in render(name, {**one, "checks": [check]}, verbose=verbose)


def test_what_to_do_fits_the_reason_why_audio_was_not_compared():
    (_, one), *_ = reports.verified()
    slug = Code.BINDING_NOT_CHECKED.slug

    def fix(**detail):
        check = _check(finding(Code.BINDING_NOT_CHECKED, None, **detail))
        return sentences.fix_of({**one, "status": "INDETERMINATE", "code": slug, "checks": [check]})

    there = [r for r in Reason if r.applies and r is not Reason.NOT_GIVEN]
    said = {r: fix(tier="samples", reason=r.words, cause=r.slug) for r in there}
    assert not any("Give the audio file" in words for words in said.values())
    assert {r for r, words in said.items() if "nstall" in words} == {
        Reason.EXTRA_MISSING, Reason.LIBRARY_MISSING,
    }  # fmt: skip
    assert said[Reason.DECODE_OFF] == "Verify again with --decode auto."
    assert "get the file as it was signed" in said[Reason.DISAGREES]
    assert "sign this file" in fix(cause="unbound", reason="x")
    assert fix().startswith("Give the audio file together")
    assert fix(cause=Reason.NOT_GIVEN.slug).startswith("Give the audio file together")


def spoiled(report):
    """The report with each text of each finding's details ending in what plays, in turn.

    A rung is a term, and no text.
    """
    for n, check in enumerate(report["checks"]):
        for name, value in check["detail"].items():
            if isinstance(value, str) and name != "rung":
                detail = {**check["detail"], name: f"{value}\x1b[2J\nPASSED"}
                checks = [*report["checks"]]
                checks[n] = {**check, "detail": detail}
                yield name, {**report, "checks": checks}


def test_no_detail_of_any_finding_plays_or_makes_a_line_of_its_own():
    told = {"nearest": "/grants/0", "missed": "isrc", "role": "artist"}
    names = set()
    for report in (granting(**told), *(r for _, r in reports.verified())):
        for name, one in spoiled(report):
            names.add(name)
            first, *more = render("a.wav", one, verbose=True).splitlines()
            assert "\x1b" not in "".join((first, *more)), name
            assert not any(line.startswith("PASSED") for line in more), name
    assert names >= {*told, "reason", "key", "have"}


def not_granted(**detail):
    return render("a.wav", granting(**detail), verbose=True)


def granting(**detail):
    found = (
        finding(Code.AUTHORITY_NOT_GRANTED, party="label", act="declare", holder=None, **detail),
        finding(
            Code.POLICY_UNMET, axis="authority", have="authority.not-granted", want="confirmed"
        ),
    )
    one = next(r for _, r in reports.verified() if r["status"] == "PASSED")
    more = {"status": "INDETERMINATE", "code": found[0].code.slug}
    required = {**one["policy"], "require": {"authority": "confirmed"}}
    checks = [*one["checks"], *map(_check, found)]
    return {**one, **more, "policy": required, "checks": checks}


@pytest.mark.requirement("POL-021")
def test_why_a_grant_does_not_reach_is_told_with_its_place():
    role = not_granted(nearest="/grants/0", missed="role", role="artist\x1b[2J")

    words = "your policy does not let them speak for this recording"
    assert f"{words}: not for this role, which is 'artist" in role
    assert " (/grants/0)\n" in role
    assert "\x1b" not in role
    several = not_granted(nearest="/grants/1", missed="role isrc", role="artist")
    assert "not for this role, which is 'artist', not this ISRC (/grants/1)\n" in several
    isrc = not_granted(nearest="/grants/7", missed="time isrc")
    assert f"{words}: not at this time, not this ISRC (/grants/7)\n" in isrc
    assert f"{words}\n" in not_granted()


@pytest.mark.parametrize("code", [Code.IDENTITY_EXPIRED_NO_POE, Code.IDENTITY_REVOKED])
def test_the_policy_is_not_named_as_the_cause_where_the_key_holds_no_longer(code):
    one = granting()
    signer = {**one["signer"], "rung": "unknown", "name": "Northern Lights"}
    checks = [*one["checks"], _check(finding(code))]

    held, ended = (
        render("a.wav", {**one, "signer": signer, "checks": c}) for c in (one["checks"], checks)
    )

    assert "your policy does not let them speak" in held
    assert " key of Northern Lights" in ended
    assert "your policy does not let them speak" not in ended


def test_who_declares_no_role_is_not_told_to_be_granted_one():
    none = granting(nearest="/grants/2", missed="role")
    other = granting(nearest="/grants/2", missed="role", role="label")

    assert "not for this role, as none is declared (/grants/2)\n" in render("a.wav", none)
    assert "ask the signer to declare one, or grant without" in sentences.fix_of(none)
    assert sentences.fix_of(other) == sentences.fix_of(granting())
    assert "--as ROLE where they declare that role" in sentences.fix_of(other)


def test_what_is_required_has_one_word_wherever_it_is_told():
    said = not_granted()

    assert "Open:   you require authority 'granted'; this shows authority.not-granted" in said
    assert "policy.unmet (axis: authority; have: authority.not-granted; want: granted)" in said
    assert "confirmed" not in said


def test_a_key_that_was_named_is_not_said_to_be_pinned_only():
    one = next(r for _, r in reports.verified() if r["status"] == "PASSED")
    signer = {**one["signer"], "rung": "pinned", "name": None, "certificate": None}

    assert sentences.who(signer) == "a key that you named or pinned"
