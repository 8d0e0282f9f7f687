#!/usr/bin/env python3
"""Build the vectors of trust policies: what refuses one, what its grants say, what it does.

Three kinds of cases (spec 14): ``policy`` (a file and the rule that refuses it), ``authority``
(grants, a claim, a time and the code), ``verify`` (a tiny WAV file by a policy). Nothing of the
package under test is imported; audio, keys and signatures are made as for ``verify``, whose
builder is used. ``--check`` exits 1 on drift.
"""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from making import keep, load  # noqa: E402

made = load("verify_build", "verify/build.py")

ARTIST, STRANGER = made.ARTIST, made.OTHER
LABEL, RIVAL = made.Key("musicprov vectors: label"), made.Key("musicprov vectors: rival")
ISRC = "QZZZZ2600001"
DPID, ISNI = "PADPIDA2013020802I", "000000012150090X"
SHORT = made.samples(7, 200)
AT = "2026-12-01T00:00:00Z"
REQUIRE = {"binding": "exact", "identity": "party", "authority": "granted"}
GONE = object()


def policy(**changed: Any) -> dict[str, Any]:
    """A policy with one label; ``GONE`` takes a member away."""
    plain: dict[str, Any] = {
        "policy": "musicprov-trust-policy/1",
        "id": "https://dist.example/trust",
        "version": 14,
        "issued": "2026-11-01T00:00:00Z",
        "expires": "2027-02-01T00:00:00Z",
        "require": REQUIRE,
        "parties": [party("label", LABEL)],
        "grants": [grant("label", isrc=["QZZZZ*"])],
    }
    plain.update(changed)
    return {name: value for name, value in plain.items() if value is not GONE}


def party(short: str, *keys: Any, **more: Any) -> dict[str, Any]:
    listed = [{"key": key.thumbprint} for key in keys]
    return {"id": short, "name": f"Vector {short}", **({"keys": listed} if keys else {}), **more}


def grant(holder: str | None, act: str = "declare", **over: Any) -> dict[str, Any]:
    more = {n: over.pop(n) for n in ("roles", "vouchedBy", "until", "since") if n in over}
    plain: dict[str, Any] = {"party": holder, "act": act} if holder else {"act": act}
    if "vouchedBy" in more:
        plain["vouchedBy"] = more["vouchedBy"]
    if "roles" in more:
        plain["as"] = more["roles"]
    if over:
        plain["over"] = over
    if "since" in more:
        plain["from"] = more["since"]
    if "until" in more:
        plain["until"] = more["until"]
    return plain


# ---- policy: what refuses it ---------------------------------------------------------------


def with_key(**changed: Any) -> dict[str, Any]:
    entry = {"key": LABEL.thumbprint, **changed}
    return policy(parties=[party("label", keys=[entry])])


def with_over(**over: Any) -> dict[str, Any]:
    return policy(grants=[grant("label", **over)])


def with_anchor(**more: Any) -> dict[str, Any]:
    return policy(anchors=[{"id": "seals", "certs": ["junk.pem"], **more}])


LOADS: dict[str, tuple[str, str, Any]] = {
    # slug: requirement, description, policy (or bytes)
    "plain": ("POL-003", "A policy with one party and one grant.", policy()),
    "without-parties": ("POL-003", "Nobody is known.", policy(parties=GONE, grants=GONE)),
    "without-expires": ("POL-003", "It never expires.", policy(expires=GONE)),
    "until-null": ("POL-003", "Times of a grant may be null.", policy(
        grants=[grant("label", since="2026-01-01", until=None)])),
    "lower-case-isrc": ("POL-011", "Patterns in lower case and with hyphens.", with_over(
        isrc=["qz-zzz-26-00001", "QZ-ZZZ-26-00001-QZ-ZZZ-26-00009", "qz-zz*"])),
    "every-pattern": ("POL-011", "Patterns of every kind.", with_over(
        isrc=["*"], upc=["0936*", "093624920472"], iswc=["T0345246801", "T03*"],
        grid=["A12425*", "A12425GABC1234002M"])),
    "same-key-in-two-grants": ("POL-007", "A key may limit many grants.", policy(
        grants=[grant("label", key=[LABEL.thumbprint])] * 2)),
    "one-day": ("POL-009", "A grant for one day: it begins with it and ends with it.", policy(
        grants=[grant("label", since="2026-12-01", until="2026-12-01")])),
    "revoked-at-once": ("POL-009", "invalidFrom and at are one moment.", with_key(revoked={
        "at": AT, "reason": "keyCompromise", "invalidFrom": AT})),
}  # fmt: skip

REFUSED: dict[str, tuple[str, str, Any, str]] = {
    # slug: rule, description, policy (or bytes), danger
    "no-json": ("policy.json", "It is no JSON.", b"{", ""),
    "member-twice": ("policy.json", "A member stands twice.", made.compact(policy())[:-1]
                     + b',"require":{"binding":"any","identity":"unknown","authority":"any"}}',
                     "Two readers, two policies."),
    "byte-order-mark": ("policy.json", "It begins with a byte order mark.",
                        b"\xef\xbb\xbf" + made.compact(policy()), ""),
    "fraction": ("policy.json", "A version of 1.5.", made.compact(policy()).replace(
        b'"version":14', b'"version":14.5'), ""),
    "name-with-escape": ("policy.text", "A name with a terminal's escape sequence.", policy(
        parties=[party("label", LABEL, name="\x1b[2JNorthern")]), "Names play with the terminal."),
    "name-turned-around": ("policy.text", "A name with a direction override.", policy(
        parties=[party("label", LABEL, name="\u202eslebal")]), "A name that reads as another."),
    "unknown-member": ("policy.member-unknown", "A member that is misspelt.", policy(
        expire="2026-11-02T00:00:00Z"), "A limit that is not one."),
    "unknown-in-grant": ("policy.member-unknown", "'untill' in a grant.", policy(
        grants=[{**grant("label"), "untill": "2026-11-02"}]), "A grant that never ends."),
    "unknown-in-key": ("policy.member-unknown", "'revocation' of a key.", with_key(
        revocation={"at": AT}), "A revoked key that is believed."),
    "unknown-in-over": ("policy.member-unknown", "'ISRC' in a scope.", with_over(ISRC=["QZ*"]),
                        "A grant over everything."),
    "unknown-in-require": ("policy.member-unknown", "'seals' in require.", policy(
        require={**REQUIRE, "seals": True}), "A requirement that nobody checks."),
    "unknown-in-ids": ("policy.member-unknown", "An identifier of an unknown kind.", policy(
        parties=[party("label", LABEL, ids={"vat": ["GB1"]})]), ""),
    "logs": ("policy.member-unknown", "Logs come with a later version.", policy(
        logs="logs.policy"), "A requirement that nobody checks."),
    "is-list": ("policy.schema", "A list of nothing.", b"[]", ""),
    "other-version": ("policy.schema", "A policy of another version.", policy(
        policy="musicprov-trust-policy/2"), ""),
    "without-id": ("policy.schema", "It has no name.", policy(id=GONE), ""),
    "without-require": ("policy.schema", "It requires nothing.", policy(require=GONE),
                        "Whatever a reader takes for the default."),
    "without-identity": ("policy.schema", "It does not say which identity is enough.", policy(
        require={"binding": "exact", "authority": "granted"}), ""),
    "version-zero": ("policy.schema", "Version 0.", policy(version=0), ""),
    "identity-self": ("policy.schema", "'self' cannot be required.", policy(
        require={**REQUIRE, "identity": "self"}), ""),
    "bad-thumbprint": ("policy.schema", "A thumbprint that lacks a character.", policy(
        parties=[party("label", keys=[{"key": LABEL.thumbprint[:-1]}])]), ""),
    "thumbprint-not-canonical": ("policy.schema", "A thumbprint with bits left over.", policy(
        parties=[party("label", keys=[{"key": "A" * 42 + "B"}])]), "One key, two spellings."),
    "thumbprint-uri": ("policy.schema", "A thumbprint as a URN.", policy(parties=[party(
        "label", keys=[{"key": "urn:ietf:params:oauth:jwk-thumbprint:sha-256:" + "A" * 43}])]), ""),
    "bad-isni": ("policy.schema", "An ISNI with a wrong check character.", policy(
        parties=[party("label", LABEL, ids={"isni": [ISNI[:-1] + "1"]})]), ""),
    "empty-scope": ("policy.schema", "An empty list of ISRCs.", with_over(isrc=[]),
                    "Nothing, or everything?"),
    "bad-role": ("policy.schema", "A role that does not exist.", policy(
        grants=[grant("label", roles=["boss"])]), ""),
    "bad-act": ("policy.schema", "An act that does not exist.", policy(
        grants=[grant("label", "sign")]), ""),
    "bad-time": ("policy.schema", "A time without a zone.", policy(
        expires="2027-02-01T00:00:00"), ""),
    "month-as-day": ("policy.schema", "'until' names a month.", policy(
        grants=[grant("label", until="2027-01")]), "Does it end with it or before it?"),
    "subject-without-attribute": ("policy.schema", "A subject that every certificate fits.",
                                  policy(parties=[party("label", subjects=[{"anchor": "seals"}])]),
                                  "Everybody under an authority is the label."),
    "rsa-1024": ("policy.schema", "RSA keys of 1024 bits.", policy(
        algorithms={"rsaMinBits": 1024}), "Keys that can be broken."),
    "alg-none": ("policy.schema", "'none' as an algorithm.", policy(
        algorithms={"allow": ["none"]}), "Unsigned statements."),
    "party-twice": ("policy.id-repeated", "Two parties with one id.", policy(
        parties=[party("label", LABEL), party("label", RIVAL)]), "A grant for one, used by two."),
    "anchor-twice": ("policy.id-repeated", "Two anchors with one id.", policy(
        anchors=[{"id": "seals", "certs": ["a.pem"]}] * 2), ""),
    "tsa-twice": ("policy.id-repeated", "Two time-stamping authorities with one id.", policy(
        tsa=[{"id": "tsa", "roots": ["a.pem"]}] * 2), ""),
    "grant-for-nobody": ("policy.party-unknown", "A grant for a party that is not there.", policy(
        grants=[grant("lable")]), "A limit for somebody else than was meant."),
    "vouched-by-nobody": ("policy.party-unknown", "vouchedBy names nobody.", policy(
        grants=[grant(None, vouchedBy="society")]), ""),
    "subject-of-no-anchor": ("policy.anchor-unknown", "A subject under no anchor.", policy(
        parties=[party("label", LABEL, subjects=[
            {"anchor": "seals", "organizationIdentifier": "NTRGB-01234567"}])]), ""),
    "key-of-two-parties": ("policy.key-shared", "One key, two parties.", policy(
        parties=[party("label", LABEL), party("rival", LABEL)]), "Who signed?"),
    "key-twice": ("policy.key-repeated", "One key twice, with two ends.", policy(
        parties=[party("label", LABEL, LABEL)]), "When does it end?"),
    "id-of-two-parties": ("policy.id-shared", "One DPID, two parties.", policy(
        parties=[party("label", LABEL, ids={"dpid": [DPID]}),
                 party("rival", RIVAL, ids={"dpid": [DPID]})]), "Whose is it?"),
    "subject-of-two-parties": ("policy.subject-shared", "A certificate may fit two.", policy(
        anchors=[{"id": "seals", "certs": ["junk.pem"]}],
        parties=[
            party("label", subjects=[{"anchor": "seals", "organization": "Northern Lights"}]),
            party("rival", subjects=[{"anchor": "seals", "organization": "Northern Lights",
                                      "commonName": "Seal"}])]), "Who signed?"),
    "grant-without-holder": ("policy.holder", "A grant for nobody in particular.", policy(
        grants=[grant(None)]), "A grant for everybody."),
    "grant-with-two-holders": ("policy.holder", "A party and whom it vouches for.", policy(
        grants=[grant("label", vouchedBy="label")]), ""),
    "roles-for-endorsing": ("policy.scope", "'as' where it limits nothing.", policy(
        grants=[grant("label", "endorse", roles=["label"])]), "A limit that is not one."),
    "ids-for-declaring": ("policy.scope", "'ids' where it limits nothing.", with_over(
        ids=["dpid"]), "A limit that is not one."),
    "isrc-for-vouching": ("policy.scope", "ISRCs where they limit nothing.", policy(
        grants=[grant("label", "vouch", isrc=["QZ*"])]), "A limit that is not one."),
    "vouched-may-vouch": ("policy.scope", "Whoever is vouched for may vouch.", policy(
        grants=[grant(None, "vouch", vouchedBy="label", ids=["isni"])]),
        "One careless voucher lets in everybody."),
    "isrc-too-short": ("policy.pattern", "An ISRC that lacks a digit.", with_over(
        isrc=["QZZZZ260001"]), ""),
    "isrc-star-inside": ("policy.pattern", "A star that is not at the end.", with_over(
        isrc=["QZ*2600001"]), ""),
    "isrc-prefix-too-long": ("policy.pattern", "A whole ISRC and a star.", with_over(
        isrc=["QZZZZ2600001*"]), ""),
    "isrc-prefix-digits": ("policy.pattern", "A country in digits.", with_over(isrc=["12*"]), ""),
    "isrc-range-backwards": ("policy.pattern", "A range that ends before it begins.", with_over(
        isrc=["QZZZZ2600009-QZZZZ2600001"]), ""),
    "isrc-range-of-two": ("policy.pattern", "A range over two registrants.", with_over(
        isrc=["QZZZY2600001-QZZZZ2600001"]), "Everything that lies between them."),
    "isrc-expression": ("policy.pattern", "A regular expression.", with_over(isrc=["QZ.{10}"]), ""),
    "upc-check-digit": ("policy.pattern", "A UPC with a wrong check digit.", with_over(
        upc=["093624920473"]), ""),
    "iswc-prefix-letter": ("policy.pattern", "An ISWC that begins with X.", with_over(
        iswc=["X03*"]), ""),
    "grid-prefix": ("policy.pattern", "A GRid that begins with B.", with_over(grid=["B1*"]), ""),
    "expires-before-issued": ("policy.times", "It expires before it was issued.", policy(
        expires="2026-10-01T00:00:00Z"), ""),
    "exp-before-nbf": ("policy.times", "A key ends before it begins.", with_key(
        nbf="2027-01-01T00:00:00Z", exp="2026-01-01T00:00:00Z"), ""),
    "invalid-after-revoked": ("policy.times", "Invalid only after it was revoked.", with_key(
        revoked={"at": AT, "reason": "keyCompromise", "invalidFrom": "2026-12-02T00:00:00Z"}),
        "Statements of the thief."),
    "until-before-from": ("policy.times", "A grant ends before it begins.", policy(
        grants=[grant("label", since="2027-01-02", until="2027-01-01")]), ""),
    "path-upwards": ("policy.path", "A path that leads upwards.", with_anchor(
        certs=["../junk.pem"]), "Files that somebody else put there."),
    "path-inside-upwards": ("policy.path", "A path that leads upwards in the middle.", with_anchor(
        certs=["a/../../junk.pem"]), ""),
    "path-from-the-root": ("policy.path", "A path from the root.", with_anchor(
        certs=["/junk.pem"]), ""),
    "path-with-backslash": ("policy.path", "A path with backslashes.", with_anchor(
        certs=["..\\junk.pem"]), ""),
    "path-with-dot": ("policy.path", "A path through '.'.", with_anchor(certs=["./junk.pem"]), ""),
    "file-missing": ("policy.file-missing", "A file that is not there.", with_anchor(
        certs=["gone.pem"]), "An authority without its list of revoked certificates."),
    "certificate-unreadable": ("policy.certificate", "A file that holds no certificate.",
                               with_anchor(), ""),
    "tsa-root-unreadable": ("policy.certificate", "A root that is no certificate.", policy(
        tsa=[{"id": "tsa", "roots": ["junk.pem"]}]), ""),
    "directory-unreadable": ("policy.directory", "A snapshot that is none.", policy(
        parties=[party("label", LABEL, directories=["junk.pem"])]), ""),
}  # fmt: skip
JUNK = {"junk.pem": b"nothing to read here\n"}


def requirement_of(rule: str) -> str:
    rules = json.loads((HERE.parents[2] / "schemas/registries/rules/policy.json").read_bytes())
    return next(r["requirement"] for r in rules["rules"] if r["rule"] == rule)


def files_ofload(slug: str, plain: Any, expect: dict[str, Any], **more: Any) -> dict[str, bytes]:
    data = plain if isinstance(plain, bytes) else made.compact(plain) + b"\n"
    beside = {name: JUNK[name] for name in JUNK if f'"{name}"'.encode() in data}
    case = {"id": f"policy/{slug}", "operation": "policy", **more, "input": "policy.json"}
    if beside:
        case["options"] = {"files": sorted(beside)}
    case |= {"expect": expect, "source": "hand-made"}
    return {"case.json": dumps(case), "policy.json": data, **beside}


def loads() -> dict[str, dict[str, bytes]]:
    found = {}
    for slug, (requirement, description, plain) in LOADS.items():
        about = {"requirements": [requirement], "description": description}
        found[f"loads-{slug}"] = files_ofload(
            f"loads-{slug}", plain, {"ok": True, "error": None}, **about
        )
    for slug, (rule, description, plain, danger) in REFUSED.items():
        about = {"requirements": [requirement_of(rule)], "description": description}
        about |= {"danger": danger} if danger else {}
        expect = {"ok": False, "error": rule}
        found[f"refused-{slug}"] = files_ofload(f"refused-{slug}", plain, expect, **about)
    return found


def dumps(value: Any) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=False).encode() + b"\n"


# ---- authority: what grants say ------------------------------------------------------------

GRANTED, NOT, CONFLICT = "authority.granted", "authority.not-granted", "authority.conflict"
PARTIES = [party("label", LABEL), party("rival", RIVAL), party("society"), party("shop")]


def row(
    requirement: str,
    description: str,
    grants: list[dict[str, Any]],
    code: str,
    places: tuple[int | None, int | None] = (None, None),
    at: str = AT,
    **claim: Any,
) -> dict[str, Any]:
    """``places``: the numbers of the grant that is named, and of the one that stands against."""
    names = [None if n is None else f"/grants/{n}" for n in places]
    asked = {"act": "declare", "party": "label", "role": "label", "key": LABEL.thumbprint}
    asked |= {"isrc": ISRC, **claim}
    return {
        "requirements": [requirement],
        "description": description,
        "input": policy(parties=PARTIES, grants=grants),
        "options": {"at": at, "claim": {k: v for k, v in asked.items() if v is not None}},
        "expect": {"code": code, "grant": names[0], "against": names[1]},
    }


def authority() -> dict[str, dict[str, Any]]:
    g = grant
    first, second = (0, None), (1, None)
    rows: dict[str, dict[str, Any]] = {}

    def add(slug: str, *given: Any, **claim: Any) -> None:
        rows[slug] = row(*given, **claim)

    add("prefix", "POL-020", "A prefix covers it.", [g("label", isrc=["QZZZZ*"])], GRANTED, first)
    add("exact", "POL-020", "The ISRC itself.", [g("label", isrc=[ISRC])], GRANTED, first)
    add(
        "range",
        "POL-020",
        "The first of a range.",
        [g("label", isrc=[f"{ISRC}-QZZZZ2600099"])],
        GRANTED,
        first,
    )
    add(
        "range-last",
        "POL-020",
        "The last of a range.",
        [g("label", isrc=[f"QZZZZ2500000-{ISRC}"])],
        GRANTED,
        first,
    )
    add(
        "range-before",
        "POL-021",
        "One before a range.",
        [g("label", isrc=["QZZZZ2600002-QZZZZ2600099"])],
        NOT,
    )
    add(
        "range-after",
        "POL-021",
        "One after a range.",
        [g("label", isrc=["QZZZZ2500000-QZZZZ2600000"])],
        NOT,
    )
    add(
        "lower-case",
        "POL-011",
        "A pattern in lower case.",
        [g("label", isrc=["qz-zzz*"])],
        GRANTED,
        first,
    )
    add("other-prefix", "POL-021", "Another prefix.", [g("label", isrc=["QZZZY*"])], NOT)
    add("everything", "POL-020", "No scope at all.", [g("label")], GRANTED, first)
    add("star", "POL-020", "Every ISRC.", [g("label", isrc=["*"])], GRANTED, first)
    add(
        "star-without-isrc",
        "POL-010",
        "Every ISRC, but it has none.",
        [g("label", isrc=["*"])],
        NOT,
        isrc=None,
    )
    add(
        "everything-without-isrc",
        "POL-010",
        "No scope covers what has no ISRC.",
        [g("label")],
        GRANTED,
        first,
        isrc=None,
    )
    add("no-grant", "POL-021", "A known party without a grant.", [], NOT)
    add("stranger", "POL-021", "Nobody is granted anything.", [], NOT, party=None)
    add("other-act", "POL-010", "Only endorsing is granted.", [g("label", "endorse")], NOT)
    add(
        "role",
        "POL-010",
        "The role is among those.",
        [g("label", roles=["artist", "label"])],
        GRANTED,
        first,
    )
    add(
        "other-role",
        "POL-010",
        "Granted as artist, declared as label.",
        [g("label", roles=["artist"])],
        NOT,
    )
    add(
        "no-role",
        "POL-010",
        "Granted as label, no role declared.",
        [g("label", roles=["label"])],
        NOT,
        role=None,
    )
    add(
        "key",
        "POL-010",
        "With the key that may.",
        [g("label", key=[LABEL.thumbprint])],
        GRANTED,
        first,
    )
    add(
        "other-key",
        "POL-010",
        "With another key of the party.",
        [g("label", key=[RIVAL.thumbprint])],
        NOT,
    )
    add(
        "from-that-day",
        "POL-014",
        "On the first moment of the day.",
        [g("label", since="2026-12-01")],
        GRANTED,
        first,
    )
    add(
        "before-that-day",
        "POL-014",
        "A second before the day.",
        [g("label", since="2026-12-01")],
        NOT,
        at="2026-11-30T23:59:59Z",
    )
    add(
        "until-that-day",
        "POL-014",
        "On the last second of the day.",
        [g("label", until="2026-12-01")],
        GRANTED,
        first,
        at="2026-12-01T23:59:59Z",
    )
    add(
        "after-that-day",
        "POL-014",
        "On the first moment of the next day.",
        [g("label", until="2026-12-01")],
        NOT,
        at="2026-12-02T00:00:00Z",
    )
    add(
        "until-that-time",
        "POL-014",
        "At the moment that 'until' names.",
        [g("label", until=AT)],
        NOT,
    )
    add(
        "upc",
        "POL-010",
        "Both the ISRC and the UPC match.",
        [g("label", isrc=["QZ*"], upc=["0936*"])],
        GRANTED,
        first,
        upc="093624920472",
    )
    add(
        "upc-differs",
        "POL-010",
        "The ISRC matches, the UPC does not.",
        [g("label", isrc=["QZ*"], upc=["0936*"])],
        NOT,
        upc="012345678905",
    )
    add(
        "upc-missing",
        "POL-010",
        "A UPC is asked for, there is none.",
        [g("label", upc=["0936*"])],
        NOT,
    )
    add(
        "iswc-one-of-two",
        "POL-010",
        "One of two works matches.",
        [g("label", iswc=["T0345246801"])],
        GRANTED,
        first,
        iswc=["T0000000010", "T0345246801"],
    )
    add(
        "grid",
        "POL-010",
        "A beginning of a GRid.",
        [g("label", grid=["A12425*"])],
        GRANTED,
        first,
        grid="A12425GABC1234002M",
    )
    add(
        "second-grant",
        "POL-020",
        "The second of two grants covers it.",
        [g("label", isrc=["QZZZY*"]), g("label", isrc=["QZZZZ*"])],
        GRANTED,
        second,
    )

    # reservations
    add(
        "rival-narrower",
        "POL-022",
        "Another party holds a longer prefix.",
        [g("label", isrc=["QZZZZ*"]), g("rival", isrc=["QZZZZ26*"])],
        CONFLICT,
        (0, 1),
    )
    add(
        "rival-wider",
        "POL-012",
        "Another party holds a shorter prefix.",
        [g("rival", isrc=["QZZZ*"]), g("label", isrc=["QZZZZ*"])],
        GRANTED,
        second,
    )
    add(
        "rival-equal",
        "POL-012",
        "Both hold the same prefix: both may.",
        [g("label", isrc=["QZZZZ*"]), g("rival", isrc=["QZZZZ*"])],
        GRANTED,
        first,
    )
    add(
        "rival-exact",
        "POL-022",
        "Another party holds the ISRC itself.",
        [g("label", isrc=["QZZZZ2600001-QZZZZ2600002"]), g("rival", isrc=[ISRC])],
        CONFLICT,
        (0, 1),
    )
    add(
        "exact-against-range",
        "POL-012",
        "The ISRC itself against a range.",
        [g("rival", isrc=["QZZZZ2600001-QZZZZ2600002"]), g("label", isrc=[ISRC])],
        GRANTED,
        second,
    )
    add(
        "range-against-prefix",
        "POL-012",
        "A range of 100 against a prefix of 100,000.",
        [g("rival", isrc=["QZZZZ26*"]), g("label", isrc=["QZZZZ2600000-QZZZZ2600099"])],
        GRANTED,
        second,
    )
    add(
        "prefix-against-range",
        "POL-012",
        "A prefix of 10 against a range of 100.",
        [g("rival", isrc=["QZZZZ2600000-QZZZZ2600099"]), g("label", isrc=["QZZZZ260000*"])],
        GRANTED,
        second,
    )
    add(
        "prefix-as-wide-as-range",
        "POL-012",
        "A prefix of 10 against a range of 10.",
        [g("label", isrc=["QZZZZ260000*"]), g("rival", isrc=["QZZZZ2600000-QZZZZ2600009"])],
        GRANTED,
        first,
    )
    add(
        "range-against-wider-range",
        "POL-012",
        "A range of 99 against one of 100.",
        [
            g("rival", isrc=["QZZZZ2600000-QZZZZ2600099"]),
            g("label", isrc=["QZZZZ2600001-QZZZZ2600099"]),
        ],
        GRANTED,
        second,
    )
    add(
        "narrowest-of-many",
        "POL-012",
        "The narrowest pattern that matches is counted.",
        [g("label", isrc=["QZ*", ISRC]), g("rival", isrc=["QZZZZ26*"])],
        GRANTED,
        first,
    )
    add(
        "best-of-own",
        "POL-020",
        "A second grant of the signer's is narrow enough.",
        [g("label", isrc=["QZZZZ*"]), g("rival", isrc=["QZZZZ26*"]), g("label", isrc=[ISRC])],
        GRANTED,
        (2, None),
    )
    add(
        "rival-over-everything",
        "POL-012",
        "A grant over everything reserves nothing.",
        [g("label"), g("rival")],
        GRANTED,
        first,
    )
    add(
        "rival-over-every-isrc",
        "POL-012",
        "Neither does one over every ISRC.",
        [g("label", isrc=["*"]), g("rival", isrc=["*"])],
        GRANTED,
        first,
    )
    add(
        "narrow-against-everything",
        "POL-022",
        "Everything is wider than any prefix.",
        [g("label"), g("rival", isrc=["QZ*"])],
        CONFLICT,
        (0, 1),
    )
    add(
        "rival-in-other-role",
        "POL-020",
        "Another party holds it in another role.",
        [g("label", isrc=["QZZZZ*"], roles=["label"]), g("rival", isrc=[ISRC], roles=["artist"])],
        GRANTED,
        first,
    )
    add(
        "rival-later",
        "POL-020",
        "Another party holds it from next year on.",
        [g("label", isrc=["QZZZZ*"]), g("rival", isrc=[ISRC], since="2027-01-01")],
        GRANTED,
        first,
    )
    add(
        "rival-since",
        "POL-022",
        "The catalogue was sold: the old owner signs once more.",
        [g("label", isrc=["QZZZZ*"]), g("rival", isrc=[ISRC], since="2026-11-01")],
        CONFLICT,
        (0, 1),
    )
    add(
        "rival-with-key",
        "POL-022",
        "The other party may use one key only: it is reserved still.",
        [g("label", isrc=["QZZZZ*"]), g("rival", isrc=[ISRC], key=[RIVAL.thumbprint])],
        CONFLICT,
        (0, 1),
    )
    add(
        "reserved-and-no-grant",
        "POL-021",
        "A known party takes what is somebody else's.",
        [g("rival", isrc=["QZZZZ*"])],
        NOT,
    )
    add(
        "reserved-and-stranger",
        "POL-021",
        "A stranger takes what is somebody's.",
        [g("label", isrc=["QZZZZ*"])],
        NOT,
        party=None,
        key=STRANGER.thumbprint,
    )
    add(
        "two-kinds-cross",
        "POL-012",
        "One is narrower by ISRC, the other by UPC.",
        [g("label", isrc=[ISRC], upc=["0936*"]), g("rival", isrc=["QZ*"], upc=["093624920472"])],
        GRANTED,
        first,
        upc="093624920472",
    )
    add(
        "two-kinds-agree",
        "POL-012",
        "Narrower by ISRC, equal by UPC.",
        [g("label", isrc=[ISRC], upc=["0936*"]), g("rival", isrc=["QZ*"], upc=["0936*"])],
        GRANTED,
        first,
        upc="093624920472",
    )
    add(
        "endorse-is-not-reserved",
        "POL-012",
        "Nobody reserves endorsing.",
        [g("label", "endorse", isrc=["QZ*"]), g("rival", "endorse", isrc=[ISRC])],
        GRANTED,
        first,
        act="endorse",
        role=None,
    )

    # whoever is vouched for
    vouched = {"party": None, "vouchedBy": ["society"], "role": "artist"}
    add(
        "vouched",
        "POL-020",
        "Whoever the society vouches for.",
        [g(None, vouchedBy="society", isrc=["QZ*"])],
        GRANTED,
        first,
        **vouched,
    )
    add(
        "vouched-by-other",
        "POL-021",
        "Another party vouches.",
        [g(None, vouchedBy="shop")],
        NOT,
        **vouched,
    )
    add(
        "voucher-itself",
        "POL-021",
        "The voucher itself has no such grant.",
        [g(None, vouchedBy="society")],
        NOT,
        party="society",
    )
    add(
        "vouched-against-party",
        "POL-022",
        "A party holds a longer prefix.",
        [g(None, vouchedBy="society", isrc=["QZ*"]), g("label", isrc=["QZZZZ*"])],
        CONFLICT,
        (0, 1),
        **vouched,
    )
    add(
        "party-against-vouched",
        "POL-022",
        "Others who are vouched for hold the ISRC.",
        [g("label", isrc=["QZ*"]), g(None, vouchedBy="society", isrc=[ISRC])],
        CONFLICT,
        (0, 1),
    )
    return rows  # fmt: skip


# ---- verify: what a policy does ------------------------------------------------------------


def verified() -> dict[str, dict[str, Any]]:
    """Tiny WAV files, signed by the label of the policy or by others."""
    label = made.manifest(SHORT, declarant={"role": "label", "name": "Vector Label"})
    signed = made.token(label, LABEL)
    wide = {**REQUIRE, "identity": "pinned", "authority": "any"}
    new = party("label", LABEL, ids={"dpid": [DPID]})
    rows: dict[str, dict[str, Any]] = {}

    def add(
        slug: str,
        requirement: str,
        description: str,
        plain: Any,
        expect: Any,
        token: bytes = signed,
        **options: Any,
    ) -> None:
        rows[slug] = {
            "requirements": [requirement], "description": description, "policy": plain,
            "token": token, "options": {"now": "2027-01-01T00:00:00Z", **options},
            "expect": expect,
        }  # fmt: skip

    passed = {"status": "PASSED", "codes": [], "confirms": ["identity.party", GRANTED]}
    doubt = {"status": "INDETERMINATE"}
    add("granted", "POL-041", "The label signs what is its own.", policy(), passed)
    add(
        "not-granted",
        "POL-041",
        "The label signs what nobody lets it speak for.",
        policy(grants=[grant("label", isrc=["GBXYZ*"])]),
        {**doubt, "code": NOT, "codes": ["policy.unmet"], "informs": [NOT]},
    )
    add(
        "not-granted-not-asked",
        "POL-041",
        "The same, where authority is not required.",
        policy(grants=[grant("label", isrc=["GBXYZ*"])], require=wide),
        {"status": "PASSED", "codes": [], "informs": [NOT]},
    )
    add(
        "conflict",
        "POL-022",
        "The label signs what is reserved for another party.",
        policy(
            parties=[party("label", LABEL), party("rival", RIVAL)],
            grants=[grant("label", isrc=["QZ*"]), grant("rival", isrc=["QZZZZ*"])],
        ),
        {**doubt, "code": CONFLICT, "codes": [CONFLICT, "policy.unmet"]},
    )
    add(
        "conflict-not-asked",
        "POL-022",
        "A conflict blocks even where authority is not required.",
        policy(
            parties=[party("label", LABEL), party("rival", RIVAL)],
            require=wide,
            grants=[grant("label", isrc=["QZ*"]), grant("rival", isrc=["QZZZZ*"])],
        ),
        {**doubt, "code": CONFLICT, "codes": [CONFLICT]},
    )
    add(
        "stranger-takes-a-reserved-isrc",
        "POL-021",
        "A stranger signs in the label's name.",
        policy(),
        {
            **doubt,
            "code": "identity.unknown",
            "codes": ["policy.unmet"],
            "informs": ["identity.unknown", NOT],
        },
        made.token(label, STRANGER),
    )
    add(
        "open",
        "POL-040",
        "Whoever signs passes by the preset open, where nothing is reserved.",
        policy(
            require={"binding": "lossless", "identity": "unknown", "authority": "any"}, grants=GONE
        ),
        {"status": "PASSED", "codes": [], "informs": ["identity.unknown", NOT]},
        made.token(label, STRANGER),
    )
    add(
        "pinned-beside-policy",
        "POL-041",
        "A pinned key is not one of a party.",
        policy(grants=[]),
        {**doubt, "code": "identity.pinned", "codes": ["policy.unmet"]},
        made.token(label, STRANGER),
        pinned=[STRANGER.thumbprint],
    )
    add(
        "own-key-is-no-party",
        "POL-041",
        "The asker's own key is not one of a party.",
        policy(grants=[]),
        {**doubt, "code": "identity.self", "codes": ["policy.unmet"]},
        made.token(label, STRANGER),
        own=[STRANGER.thumbprint],
    )
    add(
        "expired",
        "POL-030",
        "The policy has expired.",
        policy(),
        {**doubt, "code": "policy.expired", "codes": ["policy.expired"]},
        now="2027-02-01T00:00:00Z",
    )
    add(
        "last-second",
        "POL-030",
        "A second before it expires.",
        policy(),
        passed,
        now="2027-01-31T23:59:59Z",
    )
    add(
        "rollback",
        "POL-031",
        "Version 15 was used before.",
        policy(),
        {**doubt, "code": "policy.rollback", "codes": ["policy.rollback"]},
        seenVersion=15,
    )
    add(
        "seen-before",
        "POL-031",
        "Version 14 itself was used before.",
        policy(),
        passed,
        seenVersion=14,
    )
    add(
        "time-not-proven",
        "POL-041",
        "A proven time is required, nothing proves it.",
        policy(require={**REQUIRE, "time": "trusted"}),
        {**doubt, "code": "time.claimed", "codes": ["policy.unmet"]},
    )
    add(
        "no-endorsement",
        "POL-041",
        "An endorsement is required, there is none.",
        policy(require={**REQUIRE, "endorsement": "valid"}),
        {**doubt, "code": "policy.unmet", "codes": ["policy.unmet"]},
    )
    add(
        "no-seal",
        "POL-043",
        "A seal is required, the key is a bare one.",
        policy(require={**REQUIRE, "seal": True}),
        {**doubt, "code": "identity.party", "codes": ["policy.unmet"]},
    )
    add(
        "wish-tightens",
        "VER-113",
        "A call asks for more than the policy.",
        policy(require=wide),
        {**doubt, "code": "time.claimed", "codes": ["policy.unmet"]},
        require=["time"],
    )
    add(
        "wish-never-loosens",
        "VER-113",
        "A call asks for less than the policy.",
        policy(),
        {**doubt, "code": "identity.pinned", "codes": ["policy.unmet"]},
        made.token(
            made.manifest(SHORT, subject={**label["subject"], "isrc": "GBXYZ2600001"}), STRANGER
        ),
        pinned=[STRANGER.thumbprint],
        require=["identity=unknown", "binding=any"],
    )
    add(
        "policy-inside-the-manifest",
        "POL-004",
        "The manifest brings a policy of its own.",
        policy(),
        {**doubt, "code": "identity.unknown", "codes": ["policy.unmet"]},
        made.token(
            {
                **label,
                "extensions": {"example.label.trust": policy(parties=[party("label", STRANGER)])},
            },
            STRANGER,
        ),
    )
    add(
        "id-of-the-label",
        "POL-004",
        "A stranger gives the label's DPID: nobody becomes it so.",
        policy(parties=[new], grants=[]),
        {**doubt, "code": "identity.unknown", "codes": ["policy.unmet"]},
        made.token(
            made.manifest(
                SHORT, declarant={"role": "label", "name": "Vector label", "ids": {"dpid": DPID}}
            ),
            STRANGER,
        ),
    )
    return rows


def files_of_verify(slug: str, row: dict[str, Any]) -> dict[str, bytes]:
    case = {
        "id": f"policy/{slug}",
        "operation": "verify",
        "requirements": row["requirements"],
        "description": row["description"],
        "input": "input.wav",
        "options": {**row["options"], "trust": "policy.json"},
        "expect": row["expect"],
        "source": "hand-made",
    }
    audio = made.wav(made.le16(SHORT), made.tagged(row["token"]))
    return {
        "case.json": dumps(case),
        "policy.json": made.compact(row["policy"]) + b"\n",
        "input.wav": audio,
    }


def everything() -> dict[str, dict[str, bytes]]:
    found = loads()
    for slug, made_row in authority().items():
        name = f"grants-{slug}"
        case = {"id": f"policy/{name}", "operation": "authority", **copy.deepcopy(made_row)}
        found[name] = {"case.json": dumps({**case, "source": "hand-made"})}
    for slug, made_row in verified().items():
        found[f"verify-{slug}"] = files_of_verify(f"verify-{slug}", made_row)
    return found


def main() -> int:
    return keep(HERE, everything())


if __name__ == "__main__":
    sys.exit(main())
