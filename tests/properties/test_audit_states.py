"""One state a recording, whatever stands beside it (AUD-042, AUD-048, AUD-057).

Evidence is drawn from a pool: what holds under the policy, and what anybody can make.
"""

import json
import os
import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, example, given, settings
from provenance.audit.joining import items_of
from provenance.audit.model import State, Sure
from provenance.wire.schemas import check

from support.evidence import read
from support.exhibits import (
    CONTEXT,
    ISRC,
    LABEL,
    NAMED,
    OTHER_PCM,
    SHOP,
    STRANGER,
    S,
    credit,
    crowd,
    detector,
    disclosure,
    ern,
    exhibit,
    flags,
    manifest,
    mark,
    newer,
    recording,
    subject,
    track,
)

MANY = 400 if os.environ.get("MUSICPROV_TEST_FULL") else 40
NONE, FULL = disclosure("none"), disclosure("full")
NAMELESS = disclosure("none", subject=subject(isrc=None))
SAME = disclosure("none", id="urn:uuid:11111111-1111-4111-8111-111111111111")
BY_STRANGER = disclosure("full", STRANGER)
AGREES = disclosure("none", STRANGER, id="urn:uuid:22222222-2222-4222-8222-222222222222")
LIKELY = {"sure": Sure.LIKELY}

HOLDING = {
    "track": track(NONE),
    "manifest": manifest(NONE),
    "the other way": manifest(FULL),
    "again": manifest(SAME),
    "newer": manifest(newer(NONE)),
    "two in one": track(NONE, FULL),
    "by name": manifest(NAMELESS, **NAMED),
    "by tag": track(NAMELESS, **LIKELY),
    "track by name": track(NAMELESS, **NAMED),
}
"""What somebody signed whom the policy lets declare."""
JUNK = {
    "marked": track(marks=[mark(), mark("none")]),
    "marked by name": track(marks=[mark()], **NAMED),
    "residue": track(marks=[mark(strength="residue")]),
    "score": detector(1000),
    "low score": detector(0, "lyrics"),
    "score by name": detector(1000, **NAMED),
    "list": crowd(),
    "message": ern({"lyrics": "none", "leadVocals": "full"}, "None"),
    "message by name": ern({}, "All", **NAMED),
    "credits": credit(),
    "stranger": manifest(BY_STRANGER),
    "stranger with audio": track(BY_STRANGER, **LIKELY),
    "stranger who agrees": manifest(AGREES),
    "stranger by name": manifest(BY_STRANGER, **NAMED),
    "no right to declare": manifest(disclosure("none", SHOP)),
    "replaces, they say": manifest(newer(FULL, "none", STRANGER)),
    "damaged": manifest(S.damaged(NONE)),
    "damaged in a file": track(S.damaged(FULL), **LIKELY),
    "copied to other audio": track(NONE, pcm=OTHER_PCM, **LIKELY),
    "copied by name": track(NAMELESS, pcm=OTHER_PCM, **NAMED),
    "copied astray": track(NONE, pcm=OTHER_PCM, by="declaration", sure=Sure.WEAK),
    "copied with a tag": track(NAMELESS, pcm=OTHER_PCM, **LIKELY),
    "put beside": track(NONE, BY_STRANGER),
    "agrees beside": manifest(NAMELESS, AGREES),
    "unreadable": track(b"{", **LIKELY),
    "nothing": track(**LIKELY),
    "foreign": track(disclosure("none", subject=subject(isrc="QZZZZ2600002")), **LIKELY),
    "withdrawn, they say": manifest(S.withdraw(FULL, LABEL, STRANGER)),
    "endorsed": manifest(S.endorse(NONE, LABEL, STRANGER)),
    "disputed, they say": manifest(S.endorse(FULL, LABEL, STRANGER, "disputes")),
}
"""What anybody can make, or copy, without a key that the policy knows."""
LOWERING = {
    "withdrawn": manifest(S.withdraw(NONE, LABEL, LABEL)),
    "disputed": manifest(S.endorse(NONE, LABEL, SHOP, "disputes")),
}

COPIES = frozenset(
    {"copied to other audio", "copied by name", "copied with a tag", "put beside"}
    | {"copied astray"}
    | {"agrees beside", "foreign"}
)
"""Junk around a statement that holds; without an ISRC in the chart some of it may belong here."""

junk = st.lists(st.sampled_from(sorted(JUNK)), max_size=6, unique=True)
known = st.lists(st.sampled_from(sorted(HOLDING | LOWERING)), max_size=4, unique=True)
about = st.sampled_from([recording(), recording(isrc=None)])
bounded = settings(max_examples=MANY, suppress_health_check=list(HealthCheck), derandomize=True)


def joins(*names):
    pool = {**HOLDING, **JUNK, **LOWERING}
    return [pool[name] for chosen in names for name in chosen]


@pytest.mark.requirement("AUD-057")
@bounded
@given(junk, about)
def test_nothing_that_anybody_can_make_declares(chosen, entry):
    made = exhibit(*joins(chosen), about=entry)

    if not COPIES & set(chosen):
        assert made["state"] in {"undeclared", "unverifiable"}
        assert made["declared"] is None
    if entry.isrc is not None:
        assert made["state"] != "declared"


@pytest.mark.slow
@pytest.mark.requirement("AUD-057")
@bounded
@given(known, junk, about)
def test_what_is_added_never_lifts_a_recording_to_declared(base, added, entry):
    before = exhibit(*joins(base), about=entry)
    after = exhibit(*joins(base, added), about=entry)

    if before["state"] in {"contradicted", "unverifiable"}:
        assert after["state"] != "declared", (base, added)


@bounded
@pytest.mark.requirement("AUD-117")
@given(known, junk, about)
def test_a_copy_in_other_audio_takes_no_state_from_what_was_found_elsewhere(base, added, entry):
    evidence = joins(base, [one for one in added if one != "copied astray"])
    before = exhibit(*evidence, about=entry)
    after = exhibit(*evidence, *joins(["copied astray"]), about=entry)

    if NONE.decode() in {one["token"] for one in before["declarations"]}:
        assert (after["state"], after["contradictions"]) == (
            before["state"],
            before["contradictions"],
        )
        assert flags(after) == flags(before)


@pytest.mark.slow
@pytest.mark.requirement("AUD-042 AUD-048")
@bounded
@given(known, junk, about, st.randoms(use_true_random=False))
def test_the_state_depends_on_the_evidence_and_not_on_its_order(base, added, entry, random):
    evidence = joins(base, added)
    shuffled = random.sample(evidence, len(evidence))
    made, again = exhibit(*evidence, about=entry), exhibit(*shuffled, about=entry)

    assert made["state"] == again["state"]
    assert flags(made) == flags(again)
    assert made["state"] in set(State)
    assert json.dumps(exhibit(*evidence, about=entry)) == json.dumps(made)


@bounded
@given(known, junk, about)
def test_every_exhibit_is_valid_and_holds_together(base, added, entry):
    made = exhibit(*joins(base, added), about=entry, rules=("norway",))
    ids = {one["id"] for one in made["evidence"]}
    named = {one["id"] for one in made["declarations"]}

    assert [str(fault) for fault in check(made, "audit-exhibit")] == []
    assert {d["evidence"] for d in made["declarations"]} <= ids
    assert {e for flag in made["flags"] for e in flag["evidence"]} <= ids
    assert {c["evidence"] for c in made["contradictions"]} <= ids
    assert [d["id"] for d in made["declarations"] if d["counts"]] == [made["declared"]] * (
        made["declared"] is not None
    )
    assert (made["state"] in {"declared", "contradicted"}) == (made["declared"] in named)
    for one in (*made["why"], *made["notChecked"]):
        detail = one["detail"]
        assert {detail[k] for k in ("declaration", "other") if k in detail} <= named
        assert detail.get("evidence", None) in {None, *ids}


ELSEWHERE = disclosure("none", values=S.SECOND)
"""The label's, for this ISRC and other audio."""
SENT = {"this": NONE, "otherwise": FULL, "other audio": ELSEWHERE, "newer": newer(NONE)}
PUT = {
    "stranger": BY_STRANGER,
    "agrees": AGREES,
    "damaged": S.damaged(NONE),
    "no right to declare": disclosure("none", SHOP),
    "for another ISRC": disclosure("none", subject=subject(isrc="QZZZZ2600002")),
    "of another song": disclosure("none", values=S.SECOND, subject=subject(S.SECOND, isrc=None)),
    "other audio": ELSEWHERE,
    "replaces, they say": newer(FULL, "none", STRANGER),
    "withdrawn, they say": S.withdraw(NONE, LABEL, STRANGER),
}
"""What anybody can make or copy and put into the file of a recording."""


def audited(sent, put):
    """The exhibit of a file with an ordinary tag, with this sent beside it and this put into it."""
    tags = [("TSRC", ISRC)]
    if put:
        tags.append(("MUSICPROV", S.bundle(*put).decode()))
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        for folder in ("tracks", "manifests"):
            (top / folder).mkdir()
        (top / "tracks/song.wav").write_bytes(S.made.wav(S.PCM, tags))
        for n, token in enumerate(sent):
            (top / f"manifests/{n}.musicprov.jws").write_bytes(token)
        sources = [(kind, top / kind) for kind in ("manifests", "tracks")]
        with read(top / "store", sources, CONTEXT) as made:
            return exhibit(*items_of(made.recording(), made.store))


@pytest.mark.requirement("AUD-025")
@pytest.mark.requirement("AUD-057")
@bounded
@given(
    st.lists(st.sampled_from(sorted(SENT)), max_size=3, unique=True),
    st.lists(st.sampled_from(sorted(PUT)), min_size=1, max_size=3, unique=True),
)
@example([], ["for another ISRC", "stranger", "other audio"])
def test_what_is_put_into_a_file_never_lifts_its_recording_to_declared(sent, put):
    """Nor keeps what was sent for it from being compared with its audio."""
    before = audited([SENT[one] for one in sent], [])
    after = audited([SENT[one] for one in sent], [PUT[one] for one in put])

    if before["state"] != "declared":
        assert after["state"] != "declared", (sent, put)
    if ELSEWHERE.decode() in {one["token"] for one in after["declarations"] if one["counts"]}:
        raise AssertionError((sent, put))


def test_without_evidence_nothing_is_declared():
    assert exhibit()["state"] == "undeclared"
    assert exhibit(about=recording(isrc=None))["state"] == "undeclared"
