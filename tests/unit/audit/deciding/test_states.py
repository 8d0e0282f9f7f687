"""Every row of the tables of spec 25.4: which state, and what says otherwise."""

import dataclasses

import pytest
from provenance.audit.model import Sure
from provenance.audit.rendering.words import Words
from provenance.wire.schemas import check

from support.exhibits import (
    ARTIST,
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
    reasons,
    recording,
    said,
    subject,
    track,
    trust,
)

NONE, FULL = disclosure("none"), disclosure("full")
ASSISTED, UTILITY = disclosure("assisted"), disclosure("utility")
PARTIAL = disclosure("partial")
BY_STRANGER = disclosure("full", STRANGER)
BY_SHOP = disclosure("full", SHOP)
DAMAGED = S.damaged(NONE)
NEWER = newer(NONE)
WITHDRAWN = S.withdraw(NONE, LABEL, LABEL)
DISPUTED = S.endorse(NONE, LABEL, SHOP, "disputes")
STRANGER_DISPUTES = S.endorse(NONE, LABEL, STRANGER, "disputes")
ELSEWHERE = disclosure("none", subject=subject(isrc="QZZZZ2600002"))
WITHOUT_ISRC = disclosure("none", subject=subject(isrc=None))
SAME = disclosure("none", id="urn:uuid:11111111-1111-4111-8111-111111111111")
LYRICS_FULL = disclosure(contributions=[*said("none"), *said("full", ["mastering"])])
PERSONA = disclosure(subject=subject(artists=[{"name": "X", "identity": "aiPersona"}]))
HUMAN = disclosure(subject=subject(artists=[{"name": "X", "identity": "human"}]))

U, N, C, D = "undeclared", "unverifiable", "contradicted", "declared"
LIKELY, WEAK = {"sure": Sure.LIKELY}, {"sure": Sure.WEAK}
ASTRAY = {"pcm": OTHER_PCM, "by": "declaration", "sure": Sure.WEAK}
"""Other audio into which somebody copied a declaration."""


def row(name, state, *joins, why=(), **rest):
    return pytest.param(state, joins, set(why), rest, id=name.replace(" ", "-"))


TABLE = [
    # 1: nothing is, or may be, a declaration about this recording
    row("nothing at all", U, why=["nothingFound"]),
    row("a track that carries nothing", U, track(), why=["nothingFound"]),
    row("a mark is no declaration", U, track(marks=[mark()])),
    row("a detector is none", U, detector(999)),
    row("a crowd list is none", U, crowd()),
    row("a message is none", U, ern({"lyrics": "none"}, "None")),
    row("credits are none", U, credit()),
    row("endorsements of nothing", U, manifest(DISPUTED)),
    row("signed for another ISRC", U, track(ELSEWHERE, **LIKELY), why=["signedIsrcDiffers"]),
    # 2: none holds
    row("the signature is broken", N, manifest(DAMAGED), why=["doesNotHold"]),
    row("a stranger alone", N, track(BY_STRANGER), why=["doesNotHold"]),
    row("a party without the right to declare", N, track(BY_SHOP), why=["doesNotHold"]),
    row("other audio", N, track(NONE, pcm=OTHER_PCM), why=["doesNotHold", "audioDiffers"]),
    row("other audio beside the manifest", N, manifest(NONE), track(NONE, pcm=OTHER_PCM, **LIKELY)),
    row("other audio beside the right one", N, track(NONE), track(NONE, pcm=OTHER_PCM, **LIKELY)),
    row("other audio that has nothing but a copy", N, track(NONE, **ASTRAY), why=["doesNotHold", "audioDiffers"]),
    row("a place that cannot be read", N, track(b"{broken"), why=["doesNotHold"]),
    row("withdrawn", N, manifest(NONE, WITHDRAWN), why=["doesNotHold"]),
    row("withdrawn from another file", N, track(NONE), manifest(WITHDRAWN)),
    row("disputed by a party", N, manifest(NONE, DISPUTED), why=["doesNotHold"]),
    row("disputed from another file", N, track(NONE), manifest(DISPUTED)),
    row("replaced by one that does not hold", N, track(NONE), manifest(newer(NONE, issued="2026-01-01T00:00:00Z")), why=["doesNotHold", "replaces"]),
    # 3: something says otherwise
    row("a stated mark", C, track(NONE, marks=[mark()]), why=["contradictedByMark", "holds"]),
    row("a stated mark in another copy", C, manifest(NONE), track(marks=[mark()])),
    row("a mark says no AI", C, track(FULL, marks=[mark("none")])),
    row("a mark says used", C, track(NONE, marks=[mark("used")])),
    row("a detector of the whole", C, track(NONE), detector(900), why=["contradictedByDetector", "holds"]),
    row("a detector against assisted", C, track(ASSISTED), detector(900)),
    row("a detector of one area", C, track(UTILITY), detector(900, "leadVocals")),
    row("a message that says full", C, track(NONE), ern({"lyrics": "full"}), why=["contradictedByErn", "holds"]),
    row("a message that says partial", C, track(UTILITY), ern({"lyrics": "partial"})),
    row("a message that says none", C, track(PARTIAL), ern({"lyrics": "none"})),
    row("ContainsAI All", C, track(ASSISTED), ern({}, "All")),
    row("ContainsAI Partly", C, track(NONE), ern({}, "Partly")),
    row("ContainsAI None", C, track(PARTIAL), ern({}, "None")),
    row("the label says two things", C, manifest(NONE), manifest(FULL), why=["contradictedByDeclaration", "holdsWithoutAudio"]),
    row("two things in two files", C, track(NONE), track(FULL)),
    row("a known party says otherwise", C, track(NONE), manifest(BY_SHOP)),
    row("two things in one file", C, track(NONE, FULL)),
    row("a stranger in the same file", C, track(NONE, BY_STRANGER)),
    row("a stranger in the same bundle", C, manifest(NONE, BY_STRANGER)),
    row("a stranger in the same file and a clean copy", C, track(NONE, BY_STRANGER), track(NONE)),
    row("human here and persona there", C, manifest(HUMAN), manifest(PERSONA)),
    # 4: open
    row("two of one content in one file", N, track(NONE, SAME), why=["conflict"]),
    row("two of one content in one bundle", N, manifest(NONE, SAME), why=["conflict"]),
    row("two of one content and a clean copy", N, track(NONE, SAME), track(NONE)),
    # 5: declared
    row("it passes", D, track(NONE), why=["holds"]),
    row("it passes but for the audio", D, manifest(NONE), why=["holdsWithoutAudio"]),
    row("two of one content in two files", D, manifest(NONE), manifest(SAME), why=["holdsWithoutAudio", "sameElsewhere"]),
    row("one of them states more", D, manifest(NONE), manifest(LYRICS_FULL)),
    row("replaced by a newer one", D, manifest(NONE), manifest(NEWER), why=["holdsWithoutAudio", "replaces"]),
    row("replaced in one file", D, track(NONE, NEWER), why=["holds", "replaces"]),
    row("a broken one beside it", D, track(NONE), manifest(DAMAGED)),
    row("a broken copy of it beside it", D, track(NONE), track(DAMAGED, **LIKELY)),
    row("a stranger elsewhere", D, track(NONE), manifest(BY_STRANGER), why=["holds", "notHeardDiffers"]),
    row("a stranger elsewhere says the same", D, track(NONE), manifest(disclosure("none", STRANGER, id="urn:uuid:11111111-1111-4111-8111-111111111111")), why=["holds", "notHeard"]),
    row("disputed by a stranger", D, track(NONE), manifest(STRANGER_DISPUTES), why=["holds", "disputeNotHeard"]),
    row("withdrawn by a stranger", D, track(NONE), manifest(S.withdraw(NONE, LABEL, STRANGER)), why=["holds", "withdrawalNotHeard"]),
    row("withdrawn beside another of the same content", D, manifest(SAME), manifest(NONE, WITHDRAWN)),
    row("one for another ISRC beside it", D, track(NONE), track(disclosure("full", subject=subject(isrc="QZZZZ2600002")), **LIKELY), why=["holds", "signedIsrcDiffers"]),
    row("by an identifier that it does not state", D, track(WITHOUT_ISRC, **LIKELY), why=["holds", "joinedByIdentifier"]),
    row("by name only", D, manifest(WITHOUT_ISRC, **NAMED), why=["holdsWithoutAudio", "joinedByName"]),
    row("another one by name only", D, track(NONE), manifest(disclosure("full", subject=subject(isrc=None)), **NAMED)),
    row("a residue", D, track(NONE, marks=[mark(strength="residue")]), why=["holds", "residueNotHeard"]),
    row("a mark on what has AI", D, track(FULL, marks=[mark()])),
    row("other audio by name only", D, manifest(NONE), track(NONE, pcm=OTHER_PCM, **NAMED), why=["holdsWithoutAudio", "weakAudioDiffers"]),
    row("other audio by name only beside the right one", D, track(NONE), track(NONE, pcm=OTHER_PCM, **NAMED), why=["holds"]),
    row("the right audio by name only", D, manifest(NONE), track(NONE, **NAMED), why=["holds"]),
    row("the right audio and other audio by name only", D, manifest(NONE), track(NONE, **NAMED), track(NONE, pcm=OTHER_PCM, **NAMED), why=["holds", "weakAudioDiffers"]),
    row("other audio and the right audio by name only", D, manifest(NONE), track(NONE, pcm=OTHER_PCM, **NAMED), track(NONE, **NAMED), why=["holds", "weakAudioDiffers"]),
    row("a copy in other audio beside the right one", D, track(NONE), track(NONE, **ASTRAY), why=["holds", "copyAudioDiffers"]),
    row("a copy in other audio before the right one", D, track(NONE, **ASTRAY), track(NONE), why=["holds", "copyAudioDiffers"]),
    row("a copy in other audio beside the manifest", D, track(NONE, **ASTRAY), manifest(NONE), why=["holdsWithoutAudio", "copyAudioDiffers"]),
    row("a copy in other audio with a mark", D, track(NONE), track(NONE, marks=[mark()], **ASTRAY), why=["holds", "copyAudioDiffers"]),
    row("copies of two in other audio", D, track(NONE), track(NONE, SAME, **ASTRAY), why=["holds", "copyAudioDiffers"]),
    row("a mark by name only", D, manifest(NONE), track(marks=[mark()], **NAMED)),
    row("a crowd list", D, track(NONE), crowd()),
    row("credits", D, track(FULL), credit()),
    row("a score below the threshold", D, track(NONE), detector(899)),
    row("a score on what has AI", D, track(FULL), detector(999)),
    row("a score on an area that is not declared", D, track(NONE), detector(999, "artwork")),
    row("a score by name only", D, track(NONE), detector(999, **NAMED)),
    row("a message that agrees", D, track(NONE), ern({"lyrics": "none"}, "None")),
    row("Partly rules out no suggestions", D, track(ASSISTED), ern({"lyrics": "partial"}, "Partly")),
    row("a message about what is not declared", D, track(NONE), ern({"artwork": "full"})),
    row("a message by name only", D, track(NONE), ern({"lyrics": "full"}, **NAMED)),
]  # fmt: skip


@pytest.mark.requirement("AUD-040 AUD-041 AUD-042 AUD-043 AUD-044 AUD-045 AUD-056 AUD-057 AUD-108")
@pytest.mark.requirement("AUD-117")
@pytest.mark.parametrize(("state", "joins", "why", "rest"), TABLE)
def test_each_row_of_the_table(state, joins, why, rest):
    made = exhibit(*joins, **rest)

    assert made["state"] == state, made["why"]
    assert why <= set(reasons(made))
    assert (made["declared"] is not None) == (state in {D, C})
    assert bool(made["contradictions"]) == (state == C)
    assert [str(fault) for fault in check(made, "audit-exhibit")] == []


@pytest.mark.requirement("AUD-056")
def test_what_was_found_by_name_does_not_count_even_if_it_was_compared():
    """It holds with its audio; the one that was found more surely had none to be compared with."""
    nameless = disclosure("none", subject=subject(isrc=None))
    for joins in (
        (manifest(NONE), track(nameless, **NAMED)),
        (track(nameless, **NAMED), manifest(NONE)),
    ):
        made = exhibit(*joins)
        (counts,) = [one for one in made["declarations"] if one["counts"]]

        assert counts["id"] == made["declared"]
        assert (counts["join"]["sure"], counts["binding"]) == ("certain", "notCompared")


@pytest.mark.requirement("AUD-042")
def test_the_table_has_every_state():
    assert {parameter.values[0] for parameter in TABLE} == {U, N, C, D}


@pytest.mark.requirement("AUD-042")
@pytest.mark.parametrize(
    ("join", "code"),
    [
        (manifest(DAMAGED), "signature.invalid"),
        (manifest(BY_STRANGER), "identity.unknown"),
        (manifest(BY_SHOP), "authority.not-granted"),
        (track(NONE, pcm=OTHER_PCM), "binding.mismatch"),
        (manifest(NONE, WITHDRAWN), "currency.withdrawn"),
        (manifest(NONE, DISPUTED), "endorsement.dispute"),
        (track(NONE, given=[DISPUTED]), "endorsement.dispute"),
    ],
)
def test_what_does_not_hold_says_by_which_code(join, code):
    made = exhibit(join)

    assert {"reason": "doesNotHold", "detail": {"declaration": "d1", "code": code}} in made["why"]
    assert made["declarations"][0]["code"] == code
    assert not made["declarations"][0]["counts"]


@pytest.mark.requirement("AUD-040")
def test_co_signed_statements_are_one_declaration():
    co_signed = disclosure("none", ARTIST)
    made = exhibit(manifest(NONE), manifest(co_signed))

    assert [d["id"] for d in made["declarations"]] == ["d1"]
    assert made["declarations"][0]["signer"]["name"] == "Vector Label"
    assert made["state"] == D


@pytest.mark.requirement("AUD-040")
def test_a_broken_signature_is_a_declaration_of_its_own():
    made = exhibit(manifest(NONE), manifest(DAMAGED))

    assert [d["status"] for d in made["declarations"]] == ["INDETERMINATE", "FAILED"]
    assert made["declarations"][1]["areas"] == {}


@pytest.mark.requirement("AUD-041")
def test_the_verification_of_the_audio_says_how_it_compares():
    made = exhibit(manifest(NONE), track(NONE))
    alone = exhibit(manifest(NONE))

    assert made["declarations"][0]["binding"] == "exact"
    assert made["declarations"][0]["status"] == "PASSED"
    assert alone["declarations"][0]["binding"] == "notCompared"
    assert "audioNotCompared" not in flags(made)


@pytest.mark.requirement("AUD-041")
def test_a_track_by_name_only_decides_where_there_is_no_surer_one():
    """A chart without ISRCs: all that is known is by name."""
    other = track(WITHOUT_ISRC, pcm=OTHER_PCM, **NAMED)
    about = recording(isrc=None)

    assert exhibit(manifest(WITHOUT_ISRC, **NAMED), other, about=about)["state"] == N
    assert exhibit(track(WITHOUT_ISRC), other, about=about)["state"] == D


@pytest.mark.requirement("AUD-117")
def test_a_copy_in_other_audio_takes_nothing_from_what_was_found_by_name_either():
    about = recording(isrc=None)
    astray = track(WITHOUT_ISRC, marks=[mark()], **ASTRAY)
    for joins in (
        [track(WITHOUT_ISRC, **NAMED), astray],
        [astray, track(WITHOUT_ISRC, **NAMED)],
        [astray, manifest(WITHOUT_ISRC, **NAMED)],
    ):
        made = exhibit(*joins, about=about)
        assert (made["state"], made["contradictions"]) == (D, [])
        assert made["declarations"][0]["join"]["by"] == "name"
        assert "copyAudioDiffers" in reasons(made)
        assert "marked" not in flags(made)
        assert [str(fault) for fault in check(made, "audit-exhibit")] == []
    assert exhibit(astray, about=about)["state"] == N


@pytest.mark.requirement("AUD-039 AUD-108")
@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("binding.mismatch", "weakAudioDiffers"),
        ("binding.altered", "weakAudioAlike"),
        ("binding.similar", "weakAudioAlike"),
    ],
)
@pytest.mark.parametrize(
    "joins", [[manifest(NONE)], [track(NONE)], [manifest(BY_STRANGER)], [manifest(NONE), detector()]]
)  # fmt: skip
def test_audio_that_only_a_name_ties_to_a_declaration_changes_nothing_and_is_told(
    joins, code, told
):
    about = {"rules": ("sverigetopplistan", "norway")}
    without = exhibit(*joins, track(pcm=OTHER_PCM, **NAMED), **about)
    named = track(pcm=OTHER_PCM, named=[(NONE, code), (BY_STRANGER, code)], **NAMED)
    made = exhibit(*joins, named, **about)
    last = made["why"].pop()

    evidence = made["evidence"][-1]["id"]
    assert last["reason"] == told
    assert last["detail"] == {"declaration": "d1", "evidence": evidence, "code": code}
    assert made == without
    assert [str(fault) for fault in check(made, "audit-exhibit")] == []


@pytest.mark.requirement("AUD-108")
@pytest.mark.parametrize(
    "joins", [[manifest(NONE), manifest(NEWER)], [manifest(NONE, WITHDRAWN)], [manifest(ELSEWHERE)]]
)  # fmt: skip
def test_only_declarations_that_stand_are_held_against_a_name(joins):
    """Not one that was replaced or taken back, nor one that is about another recording."""
    named = [(NONE, "binding.mismatch"), (ELSEWHERE, "binding.mismatch")]
    made = exhibit(*joins, track(pcm=OTHER_PCM, named=named, **NAMED))

    assert "weakAudioDiffers" not in reasons(made)


@pytest.mark.requirement("AUD-042")
def test_a_policy_that_asks_for_nothing_is_met_by_nothing():
    context = trust(binding="any", identity="unknown", authority="any")
    loose = exhibit(manifest(BY_STRANGER, context=context), context=context)
    from provenance.verify.outcome import Context

    from support.exhibits import NOW

    nothing = Context(NOW, required={})

    assert loose["state"] == D
    assert exhibit(manifest(NONE, context=nothing), context=nothing)["state"] == N


@pytest.mark.requirement("AUD-044")
def test_a_contradiction_stands_beside_what_is_declared():
    def said(by, evidence, says, area):
        plain = {"by": by, "evidence": evidence, "says": says, "area": area}
        return {**plain, "declared": "none", "declaration": None}

    made = exhibit(
        track(NONE, marks=[mark(), mark(kind="c2pa")]), detector(970, "leadVocals"),
        ern({"lyrics": "full", "composition": "none"}), manifest(BY_SHOP),
    )  # fmt: skip

    assert made["contradictions"] == [
        *(
            {**said("declaration", "e4", "full", a), "declaration": "d2"}
            for a in ("lyrics", "composition", "leadVocals", "instrumentation", "production")
        ),
        said("mark", "e1", "generated", None),
        said("detector", "e2", "970", "leadVocals"),
        said("ern", "e3", "full", "lyrics"),
    ]
    assert {
        "reason": "contradictedByDeclaration",
        "detail": {"declaration": "d1", "other": "d2", "signer": "Vector Shop"},
    } in made["why"]
    assert [e["contradicts"] for e in made["evidence"]] == [True] * 4


UNKNOWN, NOT_GRANTED = "endorsement.unknown-endorser", "endorsement.not-granted"


@pytest.mark.requirement("AUD-110")
@pytest.mark.parametrize(
    ("joins", "key", "detail"),
    [
        ([track(NONE), manifest(BY_STRANGER)], "notHeardDiffers", {"other": "d2", "signer": STRANGER.thumbprint}),
        ([track(NONE), manifest(STRANGER_DISPUTES)], "disputeNotHeard", {"signer": STRANGER.thumbprint, "code": UNKNOWN}),
        ([manifest(NONE, STRANGER_DISPUTES)], "disputeNotHeard", {"signer": STRANGER.thumbprint, "code": UNKNOWN}),
        ([manifest(NONE), manifest(S.endorse(NONE, LABEL, LABEL, "disputes"))], "disputeNotHeard", {"signer": "Vector Label", "code": NOT_GRANTED}),
        ([track(NONE), manifest(S.withdraw(NONE, LABEL, STRANGER))], "withdrawalNotHeard", {"signer": STRANGER.thumbprint}),
        ([manifest(NONE), manifest(S.withdraw(NONE, LABEL, SHOP))], "withdrawalNotHeard", {"signer": "Vector Shop"}),
    ],
)  # fmt: skip
def test_who_says_otherwise_and_does_not_count_is_named(joins, key, detail):
    made = exhibit(*joins)

    assert made["state"] == D
    assert {"reason": key, "detail": {"declaration": "d1", **detail}} in made["why"]
    for language in ("en", "sv"):
        one = next(r for r in made["why"] if r["reason"] == key)
        assert detail["signer"] in Words(language).said(one)
    assert not {"disputeNotHeard", "withdrawalNotHeard", "notHeardDiffers"} & set(
        reasons(exhibit(joins[0] if len(joins) > 1 else manifest(NONE)))
    )


@pytest.mark.requirement("AUD-110")
@pytest.mark.parametrize(
    "track_of",
    [
        lambda left: track(NONE, marks=[mark(None, **left)]),
        lambda left: track(FULL, marks=[mark(**left)]),
        lambda left: track(NONE, marks=[mark(strength="unread")]),
        lambda left: track(BY_STRANGER, marks=[mark(**left)]),
    ],
    ids=["says nothing", "agrees", "is not read", "nothing counts"],
)
def test_a_residue_that_contradicts_nothing_that_counts_is_no_reason(track_of):
    assert "residueNotHeard" not in reasons(exhibit(track_of({"strength": "residue"})))


@pytest.mark.requirement("AUD-110")
def test_many_of_one_kind_take_no_place_of_another():
    ids = [f"urn:uuid:11111111-1111-4111-8111-11111111111{n}" for n in range(9)]
    alike = [manifest(disclosure("none", STRANGER, id=one)) for one in ids]
    dispute = [S.endorse(NONE, LABEL, STRANGER, "disputes", limits=f"{n}") for n in range(9)]
    made = exhibit(
        track(NONE),
        *alike,
        manifest(BY_STRANGER),
        *[manifest(one) for one in dispute],
        manifest(S.withdraw(NONE, LABEL, STRANGER)),
    )

    told = [one["reason"] for one in made["why"]]
    assert made["state"] == D
    assert {key: told.count(key) for key in told} == {
        "holds": 1,
        "notHeard": 8,
        "notHeardDiffers": 1,
        "disputeNotHeard": 8,
        "withdrawalNotHeard": 1,
    }


@pytest.mark.requirement("AUD-049")
def test_more_than_is_looked_at_is_never_declared():
    many = [manifest(disclosure("none", STRANGER, sequence=n)) for n in range(1, 34)]
    made = exhibit(track(NONE), *many)
    crowded = exhibit(track(NONE), *[crowd()] * 256)

    assert (made["state"], reasons(made)) == (N, ["tooMany"])
    assert len(made["declarations"]) == 32
    assert (crowded["state"], len(crowded["evidence"])) == (N, 256)
    assert exhibit(track(NONE), *[crowd()] * 255)["state"] == D


@pytest.mark.requirement("AUD-045")
def test_a_chart_without_isrcs_takes_what_is_found_by_name():
    about = recording(isrc=None)
    made = exhibit(manifest(NONE, **NAMED), about=about)

    assert made["state"] == D
    assert "joinedByName" in flags(made)
    assert made["declarations"][0]["join"]["sure"] == "weak"
    assert ISRC == S.ISRC


@pytest.mark.requirement("AUD-049")
def test_files_full_of_statements_take_no_time_and_declare_nothing():
    """Each distinct, none with a signature that holds, and endorsements of no statement at all."""
    item, *join = manifest(NONE)
    head, payload, signature = NONE.decode().split(".")
    broken = [f"{head}.{payload}.{n:04}{signature[4:]}" for n in range(4_000)]
    says = {**item.says, "_tokens": [*item.says["_tokens"], *broken]}
    made = exhibit((dataclasses.replace(item, says=says), *join))

    assert made["state"] == N
    assert made["why"] == [{"reason": "tooMany", "detail": {"limit": 512}}]
    assert len(made["declarations"]) == 32


def test_texts_that_are_no_statements_break_nothing():
    item, *join = manifest(NONE)
    junk = ["", "{", "a.b.c", "\ud800", "é", "{}", '{"bundle": 1}', NONE.decode() + "\n"]
    says = {**item.says, "_tokens": [*item.says["_tokens"], *junk]}
    made = exhibit((dataclasses.replace(item, says=says), *join))

    assert made["state"] == D
    assert [d["areas"] for d in made["declarations"]][1:] == [{}] * (len(made["declarations"]) - 1)
