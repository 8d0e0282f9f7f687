#!/usr/bin/env python3
"""Build the vectors of endorsements, key bindings, withdrawals and of what they do (spec 17).

Two kinds of cases: payloads with the codes they get (``statement``), and tiny WAV files that carry
several statements (``verify``), for an asker with or without a trust policy. Nothing of the
package under test is imported; audio, keys and signatures are made as for ``verify``, whose
builder is used. ``--check`` exits 1 on drift.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from making import keep, load  # noqa: E402

made = load("verify_build", "verify/build.py")

ARTIST, STRANGER = made.ARTIST, made.OTHER
LABEL, LABEL_NEW = made.Key("musicprov vectors: label"), made.Key("musicprov vectors: label, new")
SHOP, CHART = made.Key("musicprov vectors: distributor"), made.Key("musicprov vectors: chart")
SOCIETY = made.Key("musicprov vectors: society")
ISRC = "QZZZZ2600001"
ISNI, OTHER_ISNI = "0000000121032683", "0000000114559647"
KINDS = {"Endorsement": "endorsement", "KeyBinding": "key-binding", "Withdrawal": "withdrawal"}
SID = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"  # of no bytes
SID_2 = "u4OuXXbMRmoFYmbgXXXXXXXXXXXXXXXXXXXXXXXXXXY"[:42] + "A"

# ---- payloads ----------------------------------------------------------------------------

HEAD = {
    "specVersion": "1.0",
    "id": "urn:uuid:2f0d3c5e-1a2b-4c3d-9e8f-0a1b2c3d4e5f",
    "issued": made.ISSUED,
}
REFERENCE = {"sid": SID, "payload": SID, "key": SID}
GOOD: dict[str, dict[str, Any]] = {
    "endorsement": {
        "type": "Endorsement",
        **HEAD,
        "endorser": {"role": "distributor", "name": "Vector Distribution"},
        "of": REFERENCE,
        "subject": {"isrc": ISRC, "essence": ["sha-256:" + SID]},
        "act": "verified-signer",
        "basis": [{"check": "account-kyc", "result": "pass"}],
        "limits": "Audio not examined for AI use.",
    },
    "key-binding": {
        "type": "KeyBinding",
        **HEAD,
        "voucher": {"role": "society", "name": "Vector Society"},
        "party": {"name": "Vector Artist", "ids": {"isni": ISNI}},
        "keys": [SID],
        "from": "2026-01-01T00:00:00Z",
        "until": "2028-01-01T00:00:00Z",
        "basis": "registry-record",
        "limits": "Identity seen once, in 2025.",
    },
    "withdrawal": {
        "type": "Withdrawal",
        **HEAD,
        "of": REFERENCE,
        "reason": "superseded",
        "replacement": SID_2,
    },
}

Change = Callable[[dict[str, Any]], object]
SCHEMA, CLASH, JSON = "content.schema-invalid", "content.inconsistent", "content.json-invalid"


def put(pointer: str, value: object) -> Change:
    def change(plain: dict[str, Any]) -> None:
        *path, last = pointer.strip("/").split("/")
        place: Any = plain
        for part in path:
            place = place[int(part)] if isinstance(place, list) else place[part]
        place[int(last) if isinstance(place, list) else last] = value

    return change


def drop(pointer: str) -> Change:
    def change(plain: dict[str, Any]) -> None:
        *path, last = pointer.strip("/").split("/")
        place: Any = plain
        for part in path:
            place = place[part]
        del place[last]

    return change


def both(*changes: Change) -> Change:
    return lambda plain: [change(plain) for change in changes]


# One line a payload: slug, kind, requirements, what it is, change, codes, places, remarks.
# fmt: off
E, K, W = "endorsement", "key-binding", "withdrawal"
PAYLOADS: tuple[tuple[Any, ...], ...] = (
    ("endorsement-good", E, "STM-001 STM-002 STM-010 STM-011 STM-012", "All members.", both()),
    ("key-binding-good", K, "STM-001 STM-015 STM-016", "All members.", both()),
    ("withdrawal-good", W, "STM-001 STM-002 STM-020 STM-021", "All members.", both()),
    ("endorsement-least", E, "STM-010", "Only what must be there.", both(drop("endorser"), drop("basis"), put("subject", {}))),
    ("accurate-without-limits", E, "STM-011", "Who attests accuracy needs no limits.", both(put("act", "attests-accurate"), drop("limits"))),
    ("verified-without-limits", E, "STM-011", "'Verified', and not a word about what was not.", drop("limits"), SCHEMA, ""),
    ("dispute-without-limits", E, "STM-011", "A dispute says what it is about, too.", both(put("act", "disputes"), drop("limits")), SCHEMA, ""),
    ("reference-without-key", E, "STM-002", "A reference that does not say whose key.", drop("of/key"), SCHEMA, "/of"),
    ("reference-without-payload", W, "STM-002", "A reference that does not say which payload.", drop("of/payload"), SCHEMA, "/of"),
    ("endorsement-without-of", E, "STM-010", "About nothing.", drop("of"), SCHEMA, ""),
    ("endorsement-without-subject", E, "STM-010", "About no recording.", drop("subject"), SCHEMA, ""),
    ("endorsement-without-act", E, "STM-010", "Saying nothing.", drop("act"), SCHEMA, ""),
    ("act-unknown", E, "STM-010", "An act that is not registered.", put("act", "approves"), SCHEMA, "/act"),
    ("also-endorsed", E, "STM-012", "It builds upon the statement that it endorses.", put("also", [SID_2, SID]), CLASH, "/also"),
    ("also-good", E, "STM-012", "It builds upon another one.", put("also", [SID_2])),
    ("check-name", E, "STM-001", "The name of a check has capitals.", put("basis/0/check", "Account KYC"), SCHEMA, "/basis/0/check"),
    ("key-binding-without-name", K, "STM-015", "Keys of nobody by name.", drop("party/name"), SCHEMA, "/party"),
    ("key-binding-without-keys", K, "STM-015", "A name and no key.", drop("keys"), SCHEMA, ""),
    ("key-binding-without-basis", K, "STM-015", "Not a word how it is known.", drop("basis"), SCHEMA, ""),
    ("key-binding-isni", K, "STM-015", "An ISNI with a wrong check character.", put("party/ids/isni", "0000000121032684"), SCHEMA, "/party/ids/isni"),
    ("key-binding-ends-first", K, "STM-016", "It ends before it starts.", put("until", "2025-12-31T23:59:59Z"), CLASH, "/until"),
    ("key-binding-ends-at-once", K, "STM-016", "It ends at the moment at which it starts.", put("until", "2026-01-01T00:00:00.000Z"), CLASH, "/until"),
    ("key-binding-half-a-second", K, "STM-016", "It lasts for half a second.", put("until", "2026-01-01T00:00:00.5Z")),
    ("key-binding-open", K, "STM-016", "It has no end.", drop("until")),
    ("withdrawal-without-reason", W, "STM-020", "Not a word why.", drop("reason"), SCHEMA, ""),
    ("withdrawal-without-of", W, "STM-020", "Of nothing.", drop("of"), SCHEMA, ""),
    ("replacement-itself", W, "STM-021", "Replaced by itself.", put("replacement", SID), CLASH, "/replacement"),
    ("unknown-member-kept", E, "STM-001", "Unknown members are kept and noted.", both(put("mood", "calm"), put("of/hint", "x")), "", "", "content.member-unknown"),
    ("unknown-member-strict", E, "STM-001", "A producer writes none.", put("mood", "calm"), SCHEMA, "/mood", "", True),
    ("unknown-member-deep-strict", K, "STM-001", "Nor deeper down.", put("party/mood", "calm"), SCHEMA, "/party/mood", "", True),
    ("good-strict", E, "STM-001", "What a producer writes.", both(), "", "", "", True),
    ("must-understand", W, "STM-001", "A member that must be understood and is not.", both(put("mustUnderstand", ["partly"]), put("partly", True)), "content.must-understand", "/mustUnderstand/0"),
    ("version-2", K, "STM-001", "Another major version.", put("specVersion", "2.0"), "content.version-unsupported", "/specVersion"),
    ("bidi", E, "STM-001", "The limits turn the reading direction.", put("limits", "Audio \u202enot examined."), JSON, "/limits"),
    ("of-another-kind", W, "STM-001", "The payload of an endorsement under the header of a withdrawal.", put("type", "Endorsement"), SCHEMA, "/type"),
)
# fmt: on


def payload_case(row: tuple[Any, ...]) -> dict[str, bytes]:
    slug, kind, requirements, description, change, *rest = row
    codes, where, informs, strict = (*rest, *("", "", "", False)[len(rest) :])
    plain = copy.deepcopy(GOOD[kind])
    change(plain)
    options: dict[str, object] = {"typ": f"vnd.musicprov.{kind}+jwt"}
    options |= {"strict": True} if strict else {}
    case = {
        "id": f"statements/{slug}",
        "operation": "statement",
        "requirements": requirements.split(),
        "description": description,
        "danger": "Half a statement would be taken for a whole one." if codes else "",
        "input": "input.json",
        "options": options,
        "expect": {
            "codes": codes.split(),
            "informs": informs.split(),
            # a fault of the whole object has no place of its own
            "where": [where] if where else [],
        },
        "source": "hand-made",
    }
    return {"case.json": text(case), "input.json": made.compact(plain)}


def text(value: object) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


# ---- statements in files -----------------------------------------------------------------

SONG, SECOND = made.samples(1, 100), made.samples(2, 100)
PCM = made.le16(SONG)


def manifest(values: list[int] = SONG, **changed: object) -> dict[str, Any]:
    """A short disclosure; what is bound to other audio has the samples too, to show that."""
    tiers = ("essence",) if values is SONG else ()
    entry = [{"asset": "recording", "area": "leadVocals", "level": "full"}]
    return made.manifest(values, *tiers, **{"contributions": entry, **changed})


def signed(payload: dict[str, Any], key: Any, **header: object) -> bytes:
    kind = KINDS[payload["type"]]
    types = {"typ": f"vnd.musicprov.{kind}+jwt", "cty": f"vnd.musicprov.{kind}+json"}
    return made.token(payload, key, **{**types, **header})


def reference(token: bytes, key: Any) -> dict[str, str]:
    digest = made.digest(made.body(token)).removeprefix("sha-256:")
    return {"sid": made.sid(token), "payload": digest, "key": key.thumbprint}


def essences(token: bytes) -> list[str]:
    bindings = json.loads(made.body(token))["subject"]["bindings"]
    return [b["digest"] for b in bindings if b["tier"] == "essence"]


def endorse(
    of: bytes, of_key: Any, key: Any, act: str = "verified-signer", /, **changed: object
) -> bytes:
    payload: dict[str, Any] = {
        "type": "Endorsement",
        **HEAD,
        "of": reference(of, of_key),
        "subject": {"isrc": ISRC, "essence": essences(of)},
        "act": act,
        "limits": "Nothing else was looked at.",
        **changed,
    }
    return signed(payload, key)


def bind(key: Any, of: Any, *, ids: dict[str, str] | None = None, **changed: object) -> bytes:
    party: dict[str, object] = {"name": "Vector Artist"}
    party |= {"ids": {"isni": ISNI} if ids is None else ids} if ids != {} else {}
    payload: dict[str, Any] = {
        "type": "KeyBinding",
        **HEAD,
        "party": party,
        "keys": [of.thumbprint],
        "basis": "account-kyc",
        **changed,
    }
    return signed(payload, key)


def withdraw(of: bytes, of_key: Any, key: Any, /, **changed: object) -> bytes:
    payload: dict[str, Any] = {
        "type": "Withdrawal",
        **HEAD,
        "of": reference(of, of_key),
        "reason": "error",
        **changed,
    }
    return signed(payload, key)


def damaged(token: bytes) -> bytes:
    """The same with one bit of the signature turned."""
    head, payload, signature = token.split(b".")
    last = b"B" if signature[:1] != b"B" else b"C"
    return b".".join((head, payload, last + signature[1:]))


def bundle(*tokens: bytes) -> bytes:
    statements = []
    for token in tokens:
        protected, payload, signature = (part.decode() for part in token.split(b"."))
        statements.append({"payload": payload, "protected": protected, "signature": signature})
    return made.compact({"bundle": "musicprov-bundle/1", "statements": statements})


def wav(*tokens: bytes, pcm: bytes = PCM) -> bytes:
    value = tokens[0] if len(tokens) == 1 else bundle(*tokens)
    return made.wav(pcm, [("MUSICPROV", value.decode())])


def party(name: str, *keys: Any, ids: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """A party of the policy; a key is a key, or a key with what the policy says of it."""
    listed = [k if isinstance(k, dict) else {"key": k.thumbprint} for k in keys]
    plain: dict[str, Any] = {"id": name, "name": f"Vector {name.title()}", "keys": listed}
    return {**plain, **({"ids": ids} if ids else {})}


def policy(parties: list[dict[str, Any]], *grants: dict[str, Any], **require: object) -> bytes:
    return made.compact(
        {
            "policy": "musicprov-trust-policy/1",
            "id": "urn:example:vectors",
            "version": 1,
            "issued": "2026-11-01T00:00:00Z",
            "require": {"binding": "exact", "identity": "party", "authority": "granted", **require},
            "parties": parties,
            "grants": list(grants),
        }
    )


def grant(who: str, act: str, isrc: str | None = "QZZZZ26*", **more: object) -> dict[str, Any]:
    over = {} if isrc is None else {"over": {"isrc": [isrc]}}
    return {"party": who, "act": act, **over, **more}


EVERYBODY = [party("label", LABEL), party("shop", SHOP), party("chart", CHART)]
MAY_DECLARE = grant("label", "declare")
MAY_ENDORSE = grant("shop", "endorse"), grant("chart", "endorse", "QZ*")
POLICY = policy(EVERYBODY, MAY_DECLARE, *MAY_ENDORSE)

BY_ARTIST = made.token(manifest())
BY_LABEL = made.token(manifest(), LABEL)
OWN = {"own": [ARTIST.thumbprint]}


def disclosure(key: Any, **changed: object) -> bytes:
    return made.token(manifest(**changed), key)


def later(old: bytes, key: Any, level: str = "partial", **changed: object) -> bytes:
    entry = [{"asset": "recording", "area": "leadVocals", "level": level}]
    return disclosure(key, sequence=2, supersedes=made.sid(old), contributions=entry, **changed)


CASES: dict[str, dict[str, object]] = {}


def case(
    slug: str,
    requirements: str,
    description: str,
    data: bytes | None,
    status: str,
    codes: str = "",
    *,
    options: dict[str, object] | None = None,
    trust: bytes | None = None,
    given: bytes | None = None,
    danger: str = "",
    **expect: object,
) -> None:
    assert slug not in CASES, slug
    CASES[slug] = {
        "requirements": requirements.split(),
        "description": description,
        "danger": danger,
        "data": data,
        "options": options or {},
        "trust": trust,
        "given": given,
        "expect": {"status": status, "codes": sorted(codes.split()), **expect},
    }


# One line a case.
# fmt: off


def label_case(slug: str, requirements: str, description: str, *more: bytes, **rest: Any) -> None:
    """The label's statement, which passes alone, with others beside it."""
    rest.setdefault("status", "PASSED")
    rest.setdefault("trust", POLICY)
    case(slug, requirements, description, wav(BY_LABEL, *more), **rest)


def about_endorsements() -> None:
    good = endorse(BY_LABEL, LABEL, SHOP)
    dispute = endorse(BY_LABEL, LABEL, SHOP, "disputes")
    label_case("label-alone", "STM-030", "The label's statement alone, under the policy.")
    label_case("endorsed", "STM-030 STM-003 STM-004 STM-034", "A known distributor, which may, endorses it.", good, confirms=["endorsement.valid"])
    case("endorsed-from-beside", "STM-030", "The same endorsement, given beside the file.", wav(BY_LABEL), "PASSED", trust=POLICY, given=good, confirms=["endorsement.valid"])
    case("endorsed-demanded", "STM-030", "The policy demands an endorsement, and there is one.", wav(BY_LABEL, good), "PASSED", trust=policy(EVERYBODY, MAY_DECLARE, *MAY_ENDORSE, endorsement="valid"))
    demanding = {"status": "INDETERMINATE", "codes": "policy.unmet", "danger": "A chart that asks for a distributor's word, and takes none."}
    label_case("demanded-and-none", "STM-030", "The policy demands an endorsement, and there is none.", trust=policy(EVERYBODY, MAY_DECLARE, *MAY_ENDORSE, endorsement="valid"), **demanding)
    label_case("demanded-and-orphan", "STM-032", "The policy demands an endorsement, and there is one of another statement.", endorse(BY_ARTIST, ARTIST, SHOP), trust=policy(EVERYBODY, MAY_DECLARE, *MAY_ENDORSE, endorsement="valid"), **demanding)
    label_case("demanded-and-not-granted", "STM-036", "The policy demands an endorsement, and does not let the endorser give it.", good, trust=policy(EVERYBODY, MAY_DECLARE, grant("shop", "endorse", "GBXYZ*"), endorsement="valid"), **demanding)
    case("endorsed-by-pinned", "STM-030", "Without a policy: the endorser's key is pinned.", wav(BY_ARTIST, endorse(BY_ARTIST, ARTIST, SHOP)), "PASSED", options={**OWN, "pinned": [SHOP.thumbprint]}, confirms=["endorsement.valid"])
    label_case("endorsed-by-stranger", "STM-031", "Nobody has told the asker whose key endorsed it.", endorse(BY_LABEL, LABEL, STRANGER), informs=["endorsement.unknown-endorser"], danger="A line 'verified' that anybody can add.")
    case("endorsed-by-stranger-demanded", "STM-031", "The policy demands an endorsement; a stranger's is none.", wav(BY_LABEL, endorse(BY_LABEL, LABEL, STRANGER)), "INDETERMINATE", "policy.unmet", trust=policy(EVERYBODY, MAY_DECLARE, *MAY_ENDORSE, endorsement="valid"), danger="A chart that asks for a distributor's word takes anybody's.")
    label_case("disputed-by-stranger", "STM-031 STM-033", "A stranger's dispute lowers nothing.", endorse(BY_LABEL, LABEL, STRANGER, "disputes"), informs=["endorsement.unknown-endorser"], danger="Anybody could block anybody's music.")
    no_grant = policy(EVERYBODY, MAY_DECLARE, grant("shop", "endorse", "GBXYZ*"))
    label_case("endorsed-not-granted", "STM-036", "A known distributor that may endorse other recordings only.", good, trust=no_grant, informs=["endorsement.not-granted"])
    label_case("disputed-not-granted", "STM-036", "A known distributor disputes what it may not speak about.", dispute, trust=no_grant, informs=["endorsement.not-granted"])
    label_case("disputed", "STM-033", "A known distributor, which may, disputes it.", dispute, status="INDETERMINATE", codes="endorsement.dispute", code="endorsement.dispute", danger="Paying out on a statement that the distributor has called wrong.")
    label_case("endorsed-and-disputed", "STM-033", "One party endorses it, another one disputes it.", good, endorse(BY_LABEL, LABEL, CHART, "disputes"), status="INDETERMINATE", codes="endorsement.dispute", confirms=["endorsement.valid"])
    case("disputed-by-pinned", "STM-033", "Without a policy: a pinned key disputes it.", wav(BY_ARTIST, endorse(BY_ARTIST, ARTIST, SHOP, "disputes")), "INDETERMINATE", "endorsement.dispute", options={**OWN, "pinned": [SHOP.thumbprint]})

    danger = "An endorsement moved to a statement that nobody endorsed."
    changed = reference(BY_LABEL, LABEL)
    orphans = {
        "statement": ("It names another statement.", endorse(BY_ARTIST, ARTIST, SHOP)),
        "payload": ("It names another payload.", endorse(BY_LABEL, LABEL, SHOP, of={**changed, "payload": SID})),
        "key": ("It names another key.", endorse(BY_LABEL, LABEL, SHOP, of={**changed, "key": ARTIST.thumbprint})),
        "isrc": ("It names another ISRC.", endorse(BY_LABEL, LABEL, SHOP, subject={"isrc": "QZZZZ2600002", "essence": essences(BY_LABEL)})),
        "no-isrc": ("It leaves the ISRC out.", endorse(BY_LABEL, LABEL, SHOP, subject={"essence": essences(BY_LABEL)})),
        "essence": ("It names other audio.", endorse(BY_LABEL, LABEL, SHOP, subject={"isrc": ISRC, "essence": ["sha-256:" + SID]})),
        "more-essence": ("It names more audio.", endorse(BY_LABEL, LABEL, SHOP, subject={"isrc": ISRC, "essence": [*essences(BY_LABEL), "sha-256:" + SID]})),
        "no-essence": ("It names no audio.", endorse(BY_LABEL, LABEL, SHOP, subject={"isrc": ISRC})),
    }
    for slug, (description, orphan) in orphans.items():
        label_case(f"orphan-{slug}", "STM-032 STM-002", description, orphan, informs=["endorsement.orphan"], danger=danger)
    label_case("orphan-dispute", "STM-032", "A dispute of another statement.", endorse(BY_ARTIST, ARTIST, SHOP, "disputes"), informs=["endorsement.orphan"])

    by_artist = endorse(BY_ARTIST, ARTIST, SHOP)
    case("endorsed-signer-stays-unknown", "STM-034", "A known distributor endorses a statement of an unknown key.", wav(BY_ARTIST, by_artist), "INDETERMINATE", "policy.unmet", trust=POLICY, informs=["identity.unknown", "authority.not-granted"], confirms=["endorsement.valid"], danger="An endorsement that makes a stranger somebody.")
    case("endorsed-co-signed", "STM-030", "The endorsed signature is the artist's; the label signed the same payload.", wav(BY_ARTIST, BY_LABEL, by_artist), "PASSED", trust=POLICY, confirms=["endorsement.valid"])
    case("disputed-co-signed", "STM-033", "The same with a dispute: a second signature is no way around it.", wav(BY_ARTIST, BY_LABEL, endorse(BY_ARTIST, ARTIST, SHOP, "disputes")), "INDETERMINATE", "endorsement.dispute", trust=POLICY, danger="Co-signing away a dispute.")

    co_signature_gone = wav(BY_ARTIST, BY_LABEL, withdraw(BY_ARTIST, ARTIST, ARTIST), by_artist)
    case("endorsed-co-signature-withdrawn", "STM-038", "The endorsed signature is the artist's, who took it back; the label's stands.", co_signature_gone, "PASSED", trust=POLICY, informs=["endorsement.orphan", "currency.co-signature-withdrawn"], danger="'Verified who signed it', of a signature that is no more.")
    case("disputed-co-signature-withdrawn", "STM-038 STM-033", "The disputed signature is the artist's, who took it back; the label's stands.", wav(BY_ARTIST, BY_LABEL, withdraw(BY_ARTIST, ARTIST, ARTIST), endorse(BY_ARTIST, ARTIST, SHOP, "disputes")), "INDETERMINATE", "endorsement.dispute", trust=POLICY, informs=["currency.co-signature-withdrawn"], danger="Taking a signature back, and the dispute of what it says with it.")

    two = [party("label", LABEL, LABEL_NEW), party("shop", SHOP)]
    self_policy = policy(two, MAY_DECLARE, grant("shop", "endorse"), grant("label", "endorse"))
    label_case("endorsed-by-itself", "STM-035", "The signer endorses itself.", endorse(BY_LABEL, LABEL, LABEL), trust=self_policy, informs=["endorsement.self"], danger="Praising oneself, counted as a second opinion.")
    label_case("endorsed-by-its-party", "STM-035 STM-045", "Another key of the same party endorses it.", endorse(BY_LABEL, LABEL, LABEL_NEW), trust=self_policy, informs=["endorsement.self"])
    label_case("disputed-by-its-party", "STM-035", "Another key of the same party disputes it: the first may be stolen.", endorse(BY_LABEL, LABEL, LABEL_NEW, "disputes"), trust=self_policy, status="INDETERMINATE", codes="endorsement.dispute")

    unusable = {
        "damaged": ("The signature of the dispute does not hold.", damaged(dispute)),
        "half": ("The dispute has no limits, so it cannot be read.", endorse(BY_LABEL, LABEL, SHOP, "disputes", limits="")),
        "late": ("The dispute contradicts itself about its time.", signed(json.loads(made.body(dispute)), SHOP, iat=made.IAT + 2 * 86_400)),
    }
    for slug, (description, bad) in unusable.items():
        label_case(f"unusable-{slug}", "STM-003 STM-001", description, bad, informs=["carrier.unusable"], danger="Junk that spoils a good statement.")
    case("endorsement-alone", "STM-004 STM-005", "An endorsement and no declaration: nothing is declared.", wav(good), "ABSENT", "carrier.absent", trust=POLICY, code="carrier.absent", informs=["carrier.statement-alone"], danger="Somebody's word about a declaration taken for one.")
    later = made.wav(PCM, [("MUSICPROV", '{"bundle":"musicprov-bundle/9","statements":[]}')])
    case("endorsement-beside-malformed", "STM-004 VER-021", "An endorsement beside a bundle of another version, which may hold a declaration.", later, "INDETERMINATE", trust=POLICY, given=good, code="carrier.malformed", informs=["carrier.malformed"], danger="Somebody's word makes a declaration that was not read one that is not there.")


VOUCHING = [party("label", LABEL, ids={"isni": [OTHER_ISNI]}), party("shop", SHOP), party("society", SOCIETY)]
VOUCHED = {"vouchedBy": "shop", "act": "declare", "over": {"isrc": ["QZZZZ26*"]}}


def may_vouch(who: str, *kinds: str) -> dict[str, Any]:
    return {"party": who, "act": "vouch", "over": {"ids": list(kinds)}}


def vouching(*grants: dict[str, Any]) -> bytes:
    return policy(VOUCHING, VOUCHED, *grants, identity="vouched")


def about_key_bindings() -> None:
    by_shop = bind(SHOP, ARTIST)
    trust = vouching(may_vouch("shop", "isni"))
    unknown = {"informs": ["identity.unknown", "authority.not-granted"], "danger": "A name for whoever can write one."}

    def artist_case(slug: str, requirements: str, description: str, *more: bytes, status: str = "INDETERMINATE", codes: str = "policy.unmet", trust: bytes | None = trust, **rest: Any) -> None:
        case(slug, requirements, description, wav(BY_ARTIST, *more), status, "" if status == "PASSED" else codes, trust=trust, **rest)

    artist_case("vouched", "STM-040 STM-041 STM-042 STM-044", "The distributor says whose key it is, and may.", by_shop, status="PASSED", confirms=["identity.vouched"])
    artist_case("vouched-without-grant", "STM-040", "The distributor says whose key it is, and may not.", by_shop, trust=vouching(), **unknown)
    artist_case("vouched-by-stranger", "STM-040", "A stranger says whose key it is.", bind(STRANGER, ARTIST), **unknown)
    artist_case("vouched-by-itself", "STM-040", "The artist's own key says whose key it is.", bind(ARTIST, ARTIST), **unknown)
    artist_case("vouched-for-other-key", "STM-040", "The binding names another key.", bind(SHOP, STRANGER), **unknown)
    artist_case("vouched-beyond-its-kinds", "STM-042", "Besides the ISNI it gives a DPID, which it may not.", bind(SHOP, ARTIST, ids={"isni": ISNI, "dpid": "PADPIDA2013020802I"}), **unknown)
    artist_case("vouched-name-only", "STM-042", "A name and no identifier; it may give names.", bind(SHOP, ARTIST, ids={}), status="PASSED", trust=vouching(may_vouch("shop", "name")), confirms=["identity.vouched"])
    artist_case("vouched-name-not-granted", "STM-042", "A name and no identifier; it may give an ISNI only.", bind(SHOP, ARTIST, ids={}), **unknown)
    as_label = bind(SHOP, STRANGER, ids={"isni": OTHER_ISNI})
    artist_case("vouched-by-vouched", "STM-041", "The voucher's key is itself known by a binding only, as a party that may vouch.", as_label, bind(STRANGER, ARTIST), trust=policy(VOUCHING, {**VOUCHED, "vouchedBy": "label"}, may_vouch("shop", "isni"), may_vouch("label", "isni"), identity="vouched"), **unknown)
    both_may = vouching(may_vouch("shop", "isni"), may_vouch("society", "isni"))
    artist_case("vouchers-agree", "STM-043", "Two vouchers give one ISNI.", by_shop, bind(SOCIETY, ARTIST), status="PASSED", trust=both_may, confirms=["identity.vouched"])
    artist_case("vouchers-disagree", "STM-043", "Two vouchers give two ISNIs.", by_shop, bind(SOCIETY, ARTIST, ids={"isni": OTHER_ISNI}), trust=both_may, **unknown)
    case("vouched-without-policy", "STM-044", "The voucher's key is pinned, and there is no policy.", wav(BY_ARTIST, by_shop), "INDETERMINATE", "policy.unmet", options={"pinned": [SHOP.thumbprint]}, informs=["identity.unknown"])
    artist_case("vouched-until-last-month", "STM-040 STM-016", "The binding has ended, and nothing proves an earlier signature.", bind(SHOP, ARTIST, until="2026-12-01T00:00:00Z"), codes="identity.expired-no-poe policy.unmet")
    artist_case("vouched-damaged", "STM-003", "The signature of the binding does not hold.", damaged(by_shop), informs=["identity.unknown", "carrier.unusable"])
    artist_case("vouched-withdrawn", "STM-054", "The distributor takes its binding back.", by_shop, withdraw(by_shop, SHOP, SHOP), informs=["identity.unknown", "carrier.unusable"], danger="A name that its giver has taken back.")
    artist_case("vouched-withdrawn-by-stranger", "STM-053", "A stranger takes the distributor's binding back.", by_shop, withdraw(by_shop, SHOP, STRANGER), status="PASSED", informs=["currency.withdrawal-ignored"], confirms=["identity.vouched"])


ROTATED = [party("label", LABEL, LABEL_NEW), party("shop", SHOP), party("chart", CHART)]
ROTATION = policy(ROTATED, MAY_DECLARE, *MAY_ENDORSE)


def known_as(key: Any, **more: object) -> dict[str, object]:
    return {"key": key.thumbprint, **more}


def about_lineage() -> None:
    old = known_as(LABEL, exp="2026-12-01T00:00:00Z")
    expired = policy([party("label", old, LABEL_NEW)], MAY_DECLARE)
    case("superseded-by-new-key", "STM-045 STM-051", "The party's old key has expired; its new key supersedes.", wav(BY_LABEL, later(BY_LABEL, LABEL_NEW)), "PASSED", trust=expired, informs=["currency.superseded"])
    case("superseded-by-other-party", "STM-045", "Another known party claims to supersede.", wav(BY_LABEL, later(BY_LABEL, SHOP)), "INDETERMINATE", "carrier.conflict", trust=POLICY, informs=["currency.superseded-by-other"], danger="A distributor that rewrites what the label declared.")
    case("superseded-by-own-key", "STM-045", "Two keys of the asker's own.", wav(BY_ARTIST, later(BY_ARTIST, STRANGER)), "PASSED", options={"own": [ARTIST.thumbprint, STRANGER.thumbprint]}, informs=["currency.superseded"])
    case("superseded-by-pinned-key", "STM-045", "Two keys that are pinned are two signers.", wav(BY_ARTIST, later(BY_ARTIST, STRANGER)), "INDETERMINATE", "carrier.conflict", options={"pinned": [ARTIST.thumbprint, STRANGER.thumbprint]}, informs=["currency.superseded-by-other"])

    case("co-signed-by-expired", "STM-072", "A party signed the same declaration, with a key that has expired since.", wav(BY_LABEL, BY_ARTIST), "PASSED", trust=policy([party("label", LABEL), party("artist", known_as(ARTIST, exp="2026-12-01T00:00:00Z"))], MAY_DECLARE), informs=["carrier.multiple", "carrier.unusable"])

    rival = [{"asset": "recording", "area": "leadVocals", "level": "none"}]
    second = disclosure(LABEL, contributions=rival)
    label_case("fork", "STM-051", "One key, one number, two declarations of one recording.", second, status="INDETERMINATE", codes="carrier.conflict currency.fork", danger="Saying one thing to one and another thing to another.")
    label_case("co-signed", "STM-072", "The artist, unknown, signed the same declaration as the label.", BY_ARTIST, informs=["carrier.multiple", "carrier.co-signed"])
    case("co-signed-by-two-known", "STM-072", "Two pinned keys signed the same declaration.", wav(BY_ARTIST, BY_LABEL), "PASSED", options={"pinned": [ARTIST.thumbprint, LABEL.thumbprint]}, informs=["carrier.multiple", "carrier.co-signed"])
    label_case("fork-of-a-party", "STM-051 STM-045", "Two keys of one party, one number, two declarations.", disclosure(LABEL_NEW, contributions=rival), trust=ROTATION, status="INDETERMINATE", codes="carrier.conflict currency.fork")
    label_case("fork-by-audio", "STM-051", "The same, and only the audio is the same: one has no ISRC.", disclosure(LABEL, contributions=rival, subject={"title": "Vector Song", "bindings": made.bindings(SONG, "essence")}), trust=policy(EVERYBODY, grant("label", "declare", None)), status="INDETERMINATE", codes="carrier.conflict currency.fork")
    label_case("two-signers-are-no-fork", "STM-051", "Two parties, one number, two declarations: a conflict and no fork.", disclosure(SHOP, contributions=rival), status="INDETERMINATE", codes="carrier.conflict")
    label_case("two-numbers-are-no-fork", "STM-051", "One key, two numbers, and neither supersedes the other.", disclosure(LABEL, contributions=rival, sequence=2, supersedes=SID), status="INDETERMINATE", codes="carrier.conflict")

    elsewhere = manifest(SECOND, sequence=2, supersedes=made.sid(BY_LABEL))
    newer = made.token(elsewhere, LABEL)
    danger = "An old declaration brought back after the new one was seen."

    def beside(slug: str, requirements: str, description: str, given: bytes, **rest: Any) -> None:
        rest.setdefault("status", "PASSED")
        rest.setdefault("trust", ROTATION)
        case(slug, requirements, description, wav(BY_LABEL), given=given, **rest)

    back = {"status": "INDETERMINATE", "codes": "currency.rollback", "code": "currency.rollback", "danger": danger}
    beside("rollback", "STM-052", "A newer statement of the same signer and ISRC is at hand, for other audio.", newer, **back)
    beside("rollback-of-a-party", "STM-052 STM-045", "The newer statement is signed by the party's other key.", made.token(elsewhere, LABEL_NEW), **back)
    beside("newer-by-stranger", "STM-052", "The newer number is a stranger's.", made.token(elsewhere, STRANGER))
    beside("newer-damaged", "STM-052", "The signature of the newer statement does not hold.", damaged(newer))
    beside("newer-other-isrc", "STM-052", "The newer number is about another recording.", made.token({**elsewhere, "subject": {**elsewhere["subject"], "isrc": "QZZZZ2600002"}}, LABEL))
    beside("older-elsewhere", "STM-052", "The other statement has the same number.", made.token(manifest(SECOND), LABEL))
    by_chart = [party("label", LABEL, known_as(LABEL_NEW, revoked={"at": "2026-11-20T00:00:00Z", "reason": "keyCompromise"}))]
    beside("newer-by-stolen-key", "STM-052", "The newer number is by a key of the party that was stolen.", made.token(elsewhere, LABEL_NEW), trust=policy(by_chart, MAY_DECLARE), danger="A thief that blocks the owner's good statement.")


def about_withdrawals() -> None:
    own = withdraw(BY_LABEL, LABEL, LABEL)
    gone = {"status": "INDETERMINATE", "codes": "currency.withdrawn", "code": "currency.withdrawn"}
    stays = {"informs": ["currency.withdrawal-ignored"], "danger": "Anybody could take back anybody's statement."}
    may = policy(EVERYBODY, MAY_DECLARE, *MAY_ENDORSE, grant("chart", "withdraw", "QZ*"))

    label_case("withdrawn", "STM-050", "The signer takes it back.", own, **gone, danger="A statement that its signer has taken back.")
    case("withdrawn-from-beside", "STM-050", "The withdrawal is given beside the file.", wav(BY_LABEL), trust=POLICY, given=own, **gone)
    case("withdrawn-own", "STM-050", "Without a policy, by the asker's own key.", wav(BY_ARTIST, withdraw(BY_ARTIST, ARTIST, ARTIST)), "INDETERMINATE", "currency.withdrawn", options=OWN)
    label_case("withdrawn-by-new-key", "STM-050 STM-045", "Another key of the signer's party takes it back.", withdraw(BY_LABEL, LABEL, LABEL_NEW), trust=ROTATION, **gone)
    label_case("withdrawn-by-right", "STM-050", "A party that the policy lets withdraw takes it back.", withdraw(BY_LABEL, LABEL, CHART), trust=may, **gone)
    label_case("withdrawal-by-stranger", "STM-053", "A stranger takes it back.", withdraw(BY_LABEL, LABEL, STRANGER), **stays)
    label_case("withdrawal-without-right", "STM-053", "A known party that may not takes it back.", withdraw(BY_LABEL, LABEL, CHART), **stays)
    label_case("withdrawal-right-elsewhere", "STM-053", "A party that may withdraw other recordings takes it back.", withdraw(BY_LABEL, LABEL, CHART), trust=policy(EVERYBODY, MAY_DECLARE, grant("chart", "withdraw", "GBXYZ*")), **stays)
    label_case("withdrawal-of-other-payload", "STM-053 STM-002", "The signer's withdrawal names another payload.", withdraw(BY_LABEL, LABEL, LABEL, of={**reference(BY_LABEL, LABEL), "payload": SID}), **stays)
    label_case("withdrawal-of-other-key", "STM-053 STM-002", "The signer's withdrawal names another key.", withdraw(BY_LABEL, LABEL, LABEL, of={**reference(BY_LABEL, LABEL), "key": SID}), **stays)
    case("withdrawal-alone", "STM-004 STM-005", "A withdrawal in a file of its own.", None, "ABSENT", "carrier.absent", given=own, code="carrier.absent", informs=["carrier.statement-alone"])
    label_case("withdrawal-of-another", "STM-050", "The signer takes back a statement that is not at hand.", withdraw(BY_ARTIST, ARTIST, LABEL))
    stolen = [party("label", LABEL, known_as(LABEL_NEW, revoked={"at": "2026-11-20T00:00:00Z", "reason": "keyCompromise"}))]
    label_case("withdrawal-by-stolen-key", "STM-053", "A stolen key of the same party takes it back.", withdraw(BY_LABEL, LABEL, LABEL_NEW), trust=policy(stolen, MAY_DECLARE), informs=["currency.withdrawal-ignored"], danger="A thief that takes back what another key has signed.")
    revoked = [party("label", known_as(LABEL, revoked={"at": "2026-12-01T00:00:00Z", "reason": "superseded"}))]
    label_case("withdrawn-by-revoked-key", "STM-050", "The signing key takes it back, and is revoked.", own, trust=policy(revoked, MAY_DECLARE), status="INDETERMINATE", codes="currency.withdrawn identity.revoked-no-poe policy.unmet")
    askew = signed(json.loads(made.body(own)), LABEL, iat=made.IAT + 2 * 86_400)
    label_case("withdrawn-askew", "STM-050", "The signing key takes it back, and is unclear about the time.", askew, **gone)
    label_case("withdrawal-damaged", "STM-003", "The signature of the withdrawal does not hold.", damaged(own), informs=["carrier.unusable"])
    label_case("withdrawal-withdrawn", "STM-053", "The signer takes its withdrawal back: a new statement is the way.", own, withdraw(own, LABEL, LABEL), status="INDETERMINATE", codes="currency.withdrawn", informs=["currency.withdrawal-ignored"])

    newer = later(BY_LABEL, LABEL)
    label_case("withdrawn-newer", "STM-050", "The newer statement is taken back; the older one does not come back.", newer, withdraw(newer, LABEL, LABEL), **gone, informs=["currency.superseded"])
    label_case("withdrawn-older", "STM-050", "The older statement is taken back; the newer one stands.", newer, own, informs=["currency.superseded"])
    case("withdrawn-co-signature", "STM-050 STM-055", "The artist takes its signature back; the label's stands.", wav(BY_ARTIST, BY_LABEL, withdraw(BY_ARTIST, ARTIST, ARTIST)), "PASSED", trust=POLICY, informs=["currency.co-signature-withdrawn"], danger="One of those who signed takes it back, and nobody hears of it.")
    by_stranger = made.token(manifest(), STRANGER)
    label_case("withdrawn-co-signature-of-stranger", "STM-055", "A stranger co-signs, and takes that back.", by_stranger, withdraw(by_stranger, STRANGER, STRANGER), informs=["currency.co-signature-withdrawn"], danger="Anybody could take back anybody's statement.")
    label_case("withdrawal-of-co-signature-by-stranger", "STM-053 STM-072", "A stranger takes the artist's co-signature back.", BY_ARTIST, withdraw(BY_ARTIST, ARTIST, STRANGER), informs=["currency.withdrawal-ignored", "carrier.co-signed"])
    case("withdrawn-better-signature", "STM-050 STM-055", "The label takes its signature back; the unknown artist's stands.", wav(BY_ARTIST, BY_LABEL, own), "INDETERMINATE", "policy.unmet", trust=POLICY, informs=["identity.unknown", "currency.co-signature-withdrawn"], danger="A label's name on what it no longer stands by.")

    demanded = policy(EVERYBODY, MAY_DECLARE, *MAY_ENDORSE, endorsement="valid")
    good, dispute = endorse(BY_LABEL, LABEL, SHOP), endorse(BY_LABEL, LABEL, SHOP, "disputes")
    label_case("endorsement-withdrawn", "STM-054", "The endorser takes its endorsement back.", good, withdraw(good, SHOP, SHOP), trust=demanded, status="INDETERMINATE", codes="policy.unmet", informs=["carrier.unusable"])
    label_case("endorsement-withdrawn-by-other", "STM-053", "Another party takes the endorsement back.", good, withdraw(good, SHOP, CHART), trust=demanded, informs=["currency.withdrawal-ignored"], confirms=["endorsement.valid"])
    label_case("endorsement-withdrawn-by-right", "STM-054", "A party that may withdraw takes the endorsement back.", good, withdraw(good, SHOP, CHART), trust=policy(EVERYBODY, MAY_DECLARE, *MAY_ENDORSE, grant("chart", "withdraw"), endorsement="valid"), status="INDETERMINATE", codes="policy.unmet", informs=["carrier.unusable"])
    back = withdraw(dispute, SHOP, SHOP)
    label_case("dispute-withdrawn", "STM-054", "The disputing party takes its dispute back.", dispute, back, informs=["carrier.unusable"])
    unclear = signed(json.loads(made.body(back)), SHOP, iat=made.IAT + 2 * 86_400)
    label_case("dispute-withdrawn-askew", "STM-053", "A withdrawal that is unclear about its time does not end a dispute.", dispute, unclear, status="INDETERMINATE", codes="endorsement.dispute", informs=["currency.withdrawal-ignored", "carrier.unusable"], danger="Ending a dispute with a withdrawal that does not count.")
    label_case("dispute-withdrawn-by-signer", "STM-053", "The disputed signer takes the dispute back.", dispute, withdraw(dispute, SHOP, LABEL), status="INDETERMINATE", codes="endorsement.dispute", informs=["currency.withdrawal-ignored"], danger="The accused drops the charge.")


# fmt: on


def case_files(slug: str) -> dict[str, bytes]:
    row = CASES[slug]
    trust, given, data = row["trust"], row["given"], row["data"]
    options: dict[str, object] = {"now": made.NOW, **row["options"]}  # type: ignore[dict-item]
    options |= {"trust": "policy.json"} if trust else {}
    options |= {"given": "given.jws"} if given else {}
    plain = {
        "id": f"statements/{slug}",
        "operation": "verify",
        "requirements": row["requirements"],
        "description": row["description"],
        "danger": row["danger"],
        "input": "input.wav" if data else None,
        "options": options,
        "expect": row["expect"],
        "source": "hand-made",
    }
    files = {"case.json": text(plain), "policy.json": trust, "given.jws": given, "input.wav": data}
    return {name: content for name, content in files.items() if content}  # type: ignore[misc]


def main() -> int:
    about_endorsements()
    about_key_bindings()
    about_lineage()
    about_withdrawals()
    wanted = {row[0]: payload_case(row) for row in PAYLOADS}
    assert not set(wanted) & set(CASES)
    wanted |= {slug: case_files(slug) for slug in CASES}
    return keep(HERE, wanted)


if __name__ == "__main__":
    sys.exit(main())
