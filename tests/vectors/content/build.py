#!/usr/bin/env python3
"""Build the vectors of content: payloads, the codes they get, and the places of the faults.

Every payload is the good one below with one thing changed, so the difference explains the code.
Nothing of the package under test is imported. ``--check`` exits 1 on drift.
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
from making import keep  # noqa: E402

DIGEST = "sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"  # of no bytes, RFC 4648 5
SID = DIGEST.removeprefix("sha-256:")

GOOD: dict[str, Any] = {
    "type": "Disclosure",
    "specVersion": "1.0",
    "id": "urn:uuid:6f1c2a4e-3b5d-4c7e-8f90-a1b2c3d4e5f6",
    "issued": "2026-11-23T08:00:00Z",
    "sequence": 1,
    "declarant": {"role": "artist", "name": "Vector Artist"},
    "subject": {
        "title": "Vector Song",
        "artists": [{"name": "Vector Artist", "identity": "human"}],
        "bindings": [{"tier": "essence", "profile": "flac", "digest": DIGEST}],
    },
    "contributions": [
        {"area": "leadVocals", "level": "none", "agents": [{"person": "p1"}]},
        {"area": "instrumentation", "level": "full", "agents": [{"tool": "t1"}]},
    ],
    "tools": [{"ref": "t1", "provider": "Example AI", "system": "SongMaker", "version": "5"}],
    "people": [{"ref": "p1", "name": "Vector Artist", "roles": ["LeadVocalist"]}],
}

Change = Callable[[dict[str, Any]], object]


def put(pointer: str, value: object) -> Change:
    """Set the member or list item at a pointer; a list grows by one at its end."""

    def change(plain: dict[str, Any]) -> None:
        *path, last = pointer.strip("/").split("/")
        place: Any = plain
        for part in path:
            place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
        if not isinstance(place, list):
            place[last] = value
        elif int(last) == len(place):
            place.append(value)
        else:
            place[int(last)] = value

    return change


def drop(pointer: str) -> Change:
    def change(plain: dict[str, Any]) -> None:
        *path, last = pointer.strip("/").split("/")
        place: Any = plain
        for part in path:
            place = place[int(part)] if isinstance(place, list) else place[part]
        del place[int(last) if isinstance(place, list) else last]

    return change


def all_of(*changes: Change) -> Change:
    return lambda plain: [change(plain) for change in changes]


def nothing(plain: dict[str, Any]) -> object:
    return plain


def bytes_of(plain: object) -> bytes:
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False).encode()


def changed(change: Change) -> bytes:
    plain = copy.deepcopy(GOOD)
    change(plain)
    return bytes_of(plain)


def raw(old: bytes, new: bytes) -> bytes:
    """The good payload with one piece of text replaced, for what no JSON writer makes."""
    good = bytes_of(GOOD)
    assert good.count(old) == 1, old
    return good.replace(old, new)


Row = tuple[str, bytes, list[str], list[str], list[str], list[str], dict[str, bool]]
ROWS: dict[str, Row] = {}


def row(
    slug: str,
    requirements: str,
    description: str,
    payload: bytes | Change,
    codes: str = "",
    where: str = "",
    informs: str = "",
    *,
    strict: bool = False,
) -> None:
    data = payload if isinstance(payload, bytes) else changed(payload)
    options = {"strict": True} if strict else {}
    assert slug not in ROWS
    ROWS[slug] = (
        description,
        data,
        requirements.split(),
        codes.split(),
        where.split(),
        informs.split(),
        options,
    )


JSON = "content.json-invalid"
SCHEMA = "content.schema-invalid"
VERSION = "content.version-unsupported"
UNDERSTAND = "content.must-understand"
CLASH = "content.inconsistent"
UNKNOWN = "content.member-unknown"
SUSPICIOUS = "content.suspicious-text"

# ---- good ones ---------------------------------------------------------------------------

EVERYTHING = all_of(
    put("sequence", 2),
    put("supersedes", SID),
    put("mustUnderstand", ["contributions", "voices"]),
    put("declarant/ids", {"isni": "000000012150090X", "domain": "artist.example"}),
    put("subject/version", "Live"),
    put("subject/isrc", "GBXYZ2600123"),
    put("subject/iswc", ["T0345246801"]),
    put("subject/language", "pt-BR"),
    put("subject/created", "2026-10"),
    put(
        "subject/release",
        {
            "title": "Vector Album",
            "label": "Vector Label",
            "upc": "093624920472",
            "grid": "A12425GABC1234002M",
            "date": "2026-12-01",
            "ids": {"catalogue": "VEC 001"},
        },
    ),
    put("subject/artists/0/role", "MainArtist"),
    put("subject/artists/0/identityPublic", True),
    put("subject/ids", {"mbid": "b1a9c0e9-d987-4042-ae91-78d6a3267d69"}),
    put("subject/bindings/0/presentation", {"startTrim": 0, "duration": 9, "unusual": True}),
    put(
        "subject/bindings/1",
        {
            "tier": "samples",
            "digest": DIGEST,
            "rate": 44100,
            "channels": 2,
            "bits": 16,
            "samples": 9,
        },
    ),
    put(
        "subject/bindings/2",
        {"tier": "fingerprint", "algorithm": "chromaprint-1", "value": "AQAA", "durationMs": 45},
    ),
    put(
        "contributions/1",
        {
            "asset": "recording",
            "area": "instrumentation",
            "role": "Programmer",
            "instrument": "Bass",
            "level": "full",
            "process": "generated",
            "material": True,
            "basis": "declared",
            "agents": [{"tool": "t1"}],
            "interaction": "promptAndSelect",
            "share": 400,
            "timeRanges": [{"startMs": 0, "endMs": 60000}],
            "description": "Bass line.\nNothing else.",
        },
    ),
    put("tools/0/plan", "pro"),
    put("tools/0/modelId", "urn:example:songmaker-5"),
    put("tools/0/usedFrom", "2026-09-01"),
    put("tools/0/usedUntil", "2026-09-02T10:00:00Z"),
    put("tools/0/outputId", "gen-123"),
    put(
        "tools/0/licence",
        {
            "status": "licensed",
            "basis": "Fairly Trained",
            "reference": "L-1",
            "trainingDisclosure": "https://example.com/training",
        },
    ),
    put("tools/0/terms", {"reference": "v3", "retrieved": "2026-09-01", "digest": DIGEST}),
    put("tools/0/ids", {"dpid": "PADPIDA2013020802I"}),
    put("people/0/featured", True),
    put("people/0/ids", {"ipi": "00014107338", "ipn": "123456"}),
    put("people/1", {"ref": "p2", "withheld": True, "roles": ["Composer"]}),
    put(
        "voices",
        [
            {
                "area": "leadVocals",
                "kind": "notSynthetic",
                "person": "p1",
                "consent": {
                    "status": "granted",
                    "by": "Vector Artist",
                    "date": "2026-09-01",
                    "scope": "This song.",
                    "reference": "C-1",
                },
            }
        ],
    ),
    put(
        "facts",
        {
            "humanLeadVoice": True,
            "humanVoice": True,
            "humanPerformance": True,
            "peopleComplete": True,
            "realisticImitation": False,
            "styleImitation": False,
            "humanExpression": {
                "lyrics": True,
                "music": True,
                "recording": True,
                "description": "Sung.",
            },
        },
    ),
    put("permissions", [{"use": "dataMining", "permission": "constrained", "constraints": "Ask."}]),
    put(
        "evidence",
        [
            {
                "kind": "detectorReport",
                "areas": ["leadVocals"],
                "digest": DIGEST,
                "createdAt": "2026-10-01T00:00:00Z",
                "tool": "Detector 2",
                "score": 12,
                "description": "Whole track.",
            }
        ],
    ),
    put("extensions", {"org.example.mood": {"mood": "calm", "list": [1, None, True]}}),
)

row("good", "MOD-001", "A small whole disclosure.", nothing)
row("good-strict", "WIR-021", "The same, read as a producer reads it.", nothing, strict=True)
row("everything", "MOD-001", "Every member that this version knows.", EVERYTHING)
row(
    "everything-strict",
    "WIR-021",
    "The same, read as a producer reads it.",
    EVERYTHING,
    strict=True,
)
row(
    "least",
    "MOD-001 MOD-021",
    "The fewest members that a disclosure can have.",
    all_of(
        drop("declarant"),
        drop("tools"),
        drop("people"),
        drop("subject/title"),
        drop("subject/artists"),
        put("contributions", [{"area": "mixing", "level": "utility"}]),
    ),
)

# One row a case.
# fmt: off
# ---- strict JSON and text ----------------------------------------------------------------

row("json-not-json", "VER-050", "The last bracket is missing.", bytes_of(GOOD)[:-1], JSON)
row("json-empty", "VER-050", "No bytes at all.", b"", JSON)
row("json-list", "VER-050", "A list instead of an object.", b"[" + bytes_of(GOOD) + b"]", JSON)
row("json-bom", "WIR-002", "A byte order mark first.", b"\xef\xbb\xbf" + bytes_of(GOOD), JSON)
row("json-latin-1", "WIR-002", "A byte that is no UTF-8.", raw(b"Vector Song", b"Vector S\xf6ng"), JSON)
row("json-duplicate", "WIR-003", "The level of an entry is stated twice: two readers, two meanings.", raw(b'"level":"full"', b'"level":"full","level":"none"'), JSON)
row("json-fraction", "WIR-004", "A number with a fraction.", raw(b'"sequence":1', b'"sequence":1.0'), JSON)
row("json-exponent", "WIR-004", "A number with an exponent.", raw(b'"sequence":1', b'"sequence":1e0'), JSON)
row("json-nan", "WIR-004", "NaN as a number.", raw(b'"sequence":1', b'"sequence":NaN'), JSON)
row("json-too-large-number", "WIR-005", "2^53 is the first integer that programs read in two ways.", raw(b'"sequence":1', b'"sequence":9007199254740992'), JSON)
row("json-too-deep", "WIR-007", "An extension nested deeper than 32.", put("extensions", {"org.example.deep": json.loads("[" * 40 + "]" * 40)}), JSON)
row("json-lone-surrogate", "WIR-006", "Half a character, escaped.", raw(b"Vector Song", b"Vector \\ud83d Song"), JSON)
row("json-noncharacter", "WIR-006", "A code point that is no character, escaped.", raw(b"Vector Song", b"Vector \\ufffe Song"), JSON)
row("text-control", "WIR-010", "A bell in the title.", put("subject/title", "Vector\u0007 Song"), JSON, "/subject/title")
row("text-line-feed-in-title", "WIR-010", "A line break where text is short: a second line could pose as another answer.", put("subject/title", "Vector Song\nDeclared by: somebody else"), JSON, "/subject/title")
row("text-line-feed-in-description", "WIR-010", "A line break where text may be long.", put("contributions/1/description", "Bass.\nDrums."))
row("text-bidi-override", "WIR-010", "A title that reads in another direction than it is written.", put("subject/title", "Vector \u202eSong"), JSON, "/subject/title")
row("text-bidi-in-member-name", "WIR-010", "A member name of an extension with a direction control.", put("extensions", {"org.example.a": {"le\u2066vel": 1}}), JSON, "/extensions/org.example.a/le\u2066vel")
row("text-not-nfc", "WIR-011", "An accent as a character of its own: the same title in other bytes.", put("subject/title", "Cafe\u0301"), JSON, "/subject/title")
row("text-fault-behind-many-marks", "WIR-010", "Thirty remarks do not hide one fault.", put("extensions", {"org.example.a": ["\u200fx"] * 30 + ["\u202ex"]}), JSON, "/extensions/org.example.a/30", SUSPICIOUS)
row("text-direction-mark", "WIR-012", "A right-to-left mark in a real Hebrew title: kept, and remarked on.", put("subject/title", "\u05e9\u05d9\u05e8\u200f!"), informs=SUSPICIOUS)
row("text-mixed-script-name", "WIR-012", "The second letter of the artist's name is Cyrillic: a look-alike, perhaps.", put("subject/artists/0/name", "V\u0435ctor Artist"), informs=SUSPICIOUS)
row("text-invisible-in-name", "WIR-012", "A space of no width in the artist's name: another name in the same letters.", put("subject/artists/0/name", "Vector\u200b Artist"), informs=SUSPICIOUS)
row("text-joiner-in-persian-name", "WIR-012", "A joiner of no width where the script needs it.", put("subject/artists/0/name", "\u0645\u06cc\u200c\u0631\u0648\u062f"))
row("text-joiner-in-latin-name", "WIR-012", "The same joiner beside a letter of ASCII: another name in the same letters.", put("subject/artists/0/name", "Vector\u200c Artist"), informs=SUSPICIOUS)
row("text-mixed-script-tool", "WIR-012", "A tool whose provider mixes alphabets.", put("tools/0/provider", "Ex\u0430mple AI"), informs=SUSPICIOUS)
row("text-cyrillic-name", "WIR-012", "A name wholly in Cyrillic is a name.", put("subject/artists/0/name", "\u041a\u0438\u043d\u043e"))

# ---- version, mustUnderstand, unknown members --------------------------------------------

row("version-2", "MOD-052", "Another major version.", put("specVersion", "2.0"), VERSION, "/specVersion")
row("version-2-is-not-judged", "MOD-052", "Another major version, with members that version 1 would refuse.", all_of(put("specVersion", "2.0"), put("contributions", "other"), drop("id")), VERSION, "/specVersion")
row("version-0-9", "MOD-052", "Before version 1.", put("specVersion", "0.9"), VERSION, "/specVersion")
row("version-text", "MOD-052", "What is no version at all is a fault, not the future.", put("specVersion", "banana"), SCHEMA, "/specVersion")
row("version-number", "MOD-052", "The version as a number.", put("specVersion", 1), SCHEMA, "/specVersion")
row("minor-later", "MOD-054", "A later minor version with a member that is new.", all_of(put("specVersion", "1.1"), put("mood", "calm")), informs=UNKNOWN)
row("minor-later-new-term", "MOD-054", "A later minor version with a term that is new: not supported here, and not invalid.", all_of(put("specVersion", "1.7"), put("contributions/0/area", "choreography")), VERSION, "/contributions/0/area")
row("minor-later-new-long-text", "MOD-054", "A later minor version may know more members with long text.", all_of(put("specVersion", "1.1"), put("liner", "One.\nTwo.")), VERSION, "/liner")
row("minor-later-control-character", "MOD-054", "No minor version makes control characters legal.", all_of(put("specVersion", "1.1"), put("liner", "One.\u0000")), JSON, "/liner")
row("must-understand-unknown", "WIR-022 MOD-052", "A member that must be understood and is not known.", all_of(put("mustUnderstand", ["quantumShare"]), put("quantumShare", 1)), UNDERSTAND, "/mustUnderstand/0")
row("must-understand-extension", "WIR-022 MOD-052", "An extension that must be understood.", all_of(put("mustUnderstand", ["contributions", "org.example.mood"]), put("extensions", {"org.example.mood": 1})), UNDERSTAND, "/mustUnderstand/1")
row("must-understand-known", "WIR-022 MOD-052", "Members that everyone understands may be demanded.", put("mustUnderstand", ["contributions", "tools"]))
row("must-understand-behind-many", "WIR-022 MOD-052", "Thirty known names do not hide an unknown one.", put("mustUnderstand", ["tools"] * 30 + ["quantumShare"]), UNDERSTAND, "/mustUnderstand/30")
row("unknown-member", "WIR-020", "Kept, and remarked on.", put("mood", "calm"), informs=UNKNOWN)
row("unknown-member-nested", "WIR-020", "In a record inside a record.", put("tools/0/licence", {"status": "licensed", "auditor": "X"}), informs=UNKNOWN)
row("unknown-member-strict", "WIR-021", "A typing error is not signed.", put("contributions/0/materiel", True), SCHEMA, "/contributions/0/materiel", strict=True)
row("unknown-binding-tier", "WIR-020", "A binding of a tier that is not known here is nothing against the others.", put("subject/bindings/1", {"tier": "watermark", "key": "k"}))
row("unknown-binding-tier-strict", "WIR-021", "A producer writes the three tiers only.", put("subject/bindings/1", {"tier": "watermark", "key": "k"}), SCHEMA, "/subject/bindings/1/tier", strict=True)

# ---- schema ------------------------------------------------------------------------------

row("type-other", "MOD-001", "Another type.", put("type", "Endorsement"), SCHEMA, "/type")
for name in ("type", "id", "issued", "sequence", "subject", "contributions"):
    row(f"missing-{name}", "MOD-001", f"There is no {name}.", drop(name), SCHEMA)
row("missing-version", "MOD-001", "No specVersion.", drop("specVersion"), SCHEMA)
row("missing-bindings", "MOD-015", "Tied to no recording.", drop("subject/bindings"), SCHEMA, "/subject")
row("missing-level", "MOD-021", "An entry that states no level.", drop("contributions/0/level"), SCHEMA, "/contributions/0")
row("missing-area", "MOD-021", "An entry that states no area.", drop("contributions/0/area"), SCHEMA, "/contributions/0")
row("empty-contributions", "WIR-023", "A list of nothing.", put("contributions", []), SCHEMA, "/contributions")
row("empty-text", "WIR-023", "A title of no characters.", put("subject/title", ""), SCHEMA, "/subject/title")
row("empty-ids", "WIR-023", "An object of nothing.", put("declarant/ids", {}), SCHEMA, "/declarant/ids")
row("null-member", "WIR-023", "Null is no way to say nothing.", put("subject/isrc", None), SCHEMA, "/subject/isrc")
row("level-partly", "MOD-004 MOD-020", "DDEX's word for a level.", put("contributions/0/level", "partly"), SCHEMA, "/contributions/0/level")
row("level-case", "MOD-004", "Terms are compared letter by letter.", put("contributions/0/level", "None"), SCHEMA, "/contributions/0/level")
row("area-unknown", "MOD-004", "An area that does not exist.", put("contributions/0/area", "drums"), SCHEMA, "/contributions/0/area")
row("identity-unknown", "MOD-004", "An identity that does not exist.", put("subject/artists/0/identity", "robot"), SCHEMA, "/subject/artists/0/identity")
row("material-text", "MOD-004", "True as text.", put("contributions/1/material", "true"), SCHEMA, "/contributions/1/material")
row("share-above-whole", "MOD-028", "1001 permille.", put("contributions/1/share", 1001), SCHEMA, "/contributions/1/share")
row("sequence-zero", "MOD-001", "Statements are counted from 1.", put("sequence", 0), SCHEMA, "/sequence")
row("id-not-version-4", "MOD-007", "A UUID that can be guessed.", put("id", "urn:uuid:6f1c2a4e-3b5d-1c7e-8f90-a1b2c3d4e5f6"), SCHEMA, "/id")
row("id-upper-case", "MOD-007", "One spelling only.", put("id", "urn:uuid:6F1C2A4E-3B5D-4C7E-8F90-A1B2C3D4E5F6"), SCHEMA, "/id")
row("issued-offset", "WIR-008", "A time with an offset.", put("issued", "2026-11-23T09:00:00+01:00"), SCHEMA, "/issued")
row("issued-naive", "WIR-008", "A time of no zone.", put("issued", "2026-11-23T08:00:00"), SCHEMA, "/issued")
row("issued-impossible", "WIR-008", "The 30th of February.", put("issued", "2026-02-30T08:00:00Z"), SCHEMA, "/issued")
row("issued-fraction", "WIR-008", "A fraction of a second is allowed.", put("issued", "2026-11-23T08:00:00.125Z"))
row("date-impossible", "MOD-009", "Month 13.", put("subject/created", "2026-13"), SCHEMA, "/subject/created")
row("date-year", "MOD-009", "A year is a date.", put("subject/created", "2026"))
row("isrc-hyphens", "MOD-011", "As printed, not as stored.", put("subject/isrc", "GB-XYZ-26-00123"), SCHEMA, "/subject/isrc")
row("iswc-check-digit", "MOD-011", "The check digit is wrong.", put("subject/iswc", ["T0345246802"]), SCHEMA, "/subject/iswc/0")
row("isni-check-character", "MOD-011", "The check character is wrong.", put("people/0/ids", {"isni": "0000000121500901"}), SCHEMA, "/people/0/ids/isni")
row("upc-check-digit", "MOD-011", "The check digit is wrong.", put("subject/release", {"upc": "093624920473"}), SCHEMA, "/subject/release/upc")
row("grid-check-character", "MOD-011", "The check character is wrong.", put("subject/release", {"grid": "A12425GABC1234002N"}), SCHEMA, "/subject/release/grid")
row("ipi-check-number", "MOD-011", "The check number is wrong.", put("people/0/ids", {"ipi": "00014107339"}), SCHEMA, "/people/0/ids/ipi")
row("dpid-check-character", "MOD-011", "The check character is wrong.", put("declarant/ids", {"dpid": "PADPIDA2013020802J"}), SCHEMA, "/declarant/ids/dpid")
row("domain-url", "MOD-011", "An address is no host name.", put("declarant/ids", {"domain": "https://artist.example"}), SCHEMA, "/declarant/ids/domain")
row("ids-of-other-kinds", "MOD-011", "Identifiers of other kinds are kept as text.", put("declarant/ids", {"spotify": "4Z8W4fKeB5YxbusRsdQVPb"}))
row("language-name", "WIR-040", "A language by its name.", put("subject/language", "english"), SCHEMA, "/subject/language")
row("language-capitals", "WIR-040", "A language tag in capitals: case does not count.", put("subject/language", "EN-gb"))
row("language-private", "WIR-040", "A private language tag.", put("subject/language", "x-klingon"))
row("language-loose", "WIR-040", "A subtag that can be none.", put("subject/language", "en-1"), SCHEMA, "/subject/language")
row("leap-second", "WIR-040", "A leap second: no two clocks agree about it.", put("issued", "2026-12-31T23:59:60Z"), SCHEMA, "/issued")
row("digest-hex", "MOD-015 WIR-030", "A digest in hexadecimal.", put("subject/bindings/0/digest", "sha-256:" + "e3b0c44298fc1c149afbf4c8996fb924" * 2), SCHEMA, "/subject/bindings/0/digest")
row("digest-loose-bits", "MOD-015 WIR-030", "Base64url whose last character has loose bits: a second spelling.", put("subject/bindings/0/digest", DIGEST[:-1] + "V"), SCHEMA, "/subject/bindings/0/digest")
row("binding-without-digest", "MOD-015", "A tier without what it promises.", drop("subject/bindings/0/digest"), SCHEMA, "/subject/bindings/0")
row("binding-without-tier", "MOD-015", "A binding of no tier.", drop("subject/bindings/0/tier"), SCHEMA, "/subject/bindings/0")
row("extension-name", "MOD-051", "A name that is under nobody's domain.", put("extensions", {"mood": "calm"}), SCHEMA, "/extensions/mood")
row("extension-name-good", "MOD-051", "A name under a reversed domain.", put("extensions", {"org.example.mood": "calm"}))
row("ref-with-space", "MOD-004", "A ref that is no plain name.", put("tools/0/ref", "tool one"), SCHEMA, "/tools/0/ref")
row("voice-without-kind", "MOD-043", "A voice that says nothing.", put("voices", [{"area": "leadVocals"}]), SCHEMA, "/voices/0")
row("several-faults", "MOD-004", "Every place is named, not the first alone.", all_of(put("contributions/0/level", "some"), put("subject/isrc", "x"), put("declarant/role", "boss")), SCHEMA, "/contributions/0/level /declarant/role /subject/isrc")

# ---- consistency: a fail and a pass a rule ------------------------------------------------

row("lineage-later-without-supersedes", "MOD-081", "The second of what?", put("sequence", 2), CLASH, "/sequence")
row("lineage-first-with-supersedes", "MOD-081", "A first statement supersedes nothing.", put("supersedes", SID), CLASH, "/supersedes")
row("lineage-good", "MOD-081", "The second says what it supersedes.", all_of(put("sequence", 2), put("supersedes", SID)))
row("ref-twice-among-tools", "MOD-082", "Two tools of one ref.", put("tools/1", {"ref": "t1", "system": "Other"}), CLASH, "/tools/1/ref")
row("ref-twice-tool-and-person", "MOD-082", "A person with the ref of a tool.", put("people/1", {"ref": "t1", "name": "Somebody"}), CLASH, "/people/1/ref")
row("ref-twice-good", "MOD-082", "A second tool with a ref of its own.", put("tools/1", {"ref": "t2", "system": "Other"}))
row("ref-unknown-tool", "MOD-083", "A reference that leads nowhere.", put("contributions/1/agents/0/tool", "t9"), CLASH, "/contributions/1/agents/0/tool")
row("ref-unknown-person", "MOD-083", "A reference that leads nowhere.", put("contributions/0/agents/0/person", "p9"), CLASH, "/contributions/0/agents/0/person")
row("ref-tool-as-person", "MOD-083", "A tool is referred to as a person.", put("contributions/0/agents/0/person", "t1"), CLASH, "/contributions/0/agents/0/person")
row("ref-unknown-in-voice", "MOD-083", "Whose voice?", put("voices", [{"kind": "selfClone", "person": "p9", "tool": "t9"}]), CLASH, "/voices/0/person /voices/0/tool")
row("ref-good-in-voice", "MOD-083", "A voice with its person and tool.", put("voices", [{"kind": "selfClone", "person": "p1", "tool": "t1"}]))
row("agent-both", "MOD-084", "A person and a tool in one agent.", put("contributions/1/agents/0", {"tool": "t1", "person": "p1"}), CLASH, "/contributions/1/agents/0")
row("agent-neither", "MOD-084", "An agent that is nobody.", put("contributions/1/agents/0", {}), CLASH, "/contributions/1/agents/0")
row("agent-two-entries", "MOD-084", "A tool and a person, each an agent.", put("contributions/1/agents/1", {"person": "p1"}))
row("tool-as-person", "MOD-085", "The tool's name among the people.", put("people/1", {"ref": "p2", "name": "song maker"}), CLASH, "/people/1/name")
row("tool-as-person-good", "MOD-085", "A person whose name merely has the word in it.", put("people/1", {"ref": "p2", "name": "Ann Songmaker"}))
row("person-unnamed", "MOD-086", "Neither named nor said to be withheld.", drop("people/0/name"), CLASH, "/people/0")
row("person-withheld-and-named", "MOD-086", "Withheld and named at once.", put("people/0/withheld", True), CLASH, "/people/0")
row("person-withheld", "MOD-086", "There is somebody who is not named.", all_of(drop("people/0/name"), put("people/0/withheld", True)))
row("none-with-tool", "MOD-087", "No AI, by an AI tool.", put("contributions/0/agents", [{"tool": "t1"}]), CLASH, "/contributions/0/agents")
row("none-with-tool-and-person", "MOD-087", "No AI, by a person and an AI tool.", put("contributions/0/agents/1", {"tool": "t1"}), CLASH, "/contributions/0/agents")
row("none-and-material", "MOD-087", "No AI, in a material portion.", put("contributions/0/material", True), CLASH, "/contributions/0/material")
row("none-and-interaction", "MOD-087", "No AI, after prompts.", put("contributions/0/interaction", "promptOnly"), CLASH, "/contributions/0/interaction")
row("none-and-process", "MOD-087", "No AI, but altered by it.", put("contributions/0/process", "altered"), CLASH, "/contributions/0/process")
row("none-and-not-material", "MOD-087", "No AI, and no material portion.", put("contributions/0/material", False))
row("full-by-people", "MOD-088", "Generated altogether, by people.", put("contributions/1/agents", [{"person": "p1"}]), CLASH, "/contributions/1/agents")
row("full-without-agents", "MOD-088", "Who or what is not declared.", drop("contributions/1/agents"))
row("share-sum", "MOD-089", "600 and 500 permille of one part.", all_of(put("contributions/1/share", 600), put("contributions/2", {"area": "instrumentation", "level": "none", "share": 500})), CLASH, "/contributions/2/share")
row("share-sum-good", "MOD-089", "600 and 400 permille of one part.", all_of(put("contributions/1/share", 600), put("contributions/2", {"area": "instrumentation", "level": "none", "share": 400})))
row("share-sum-other-role", "MOD-089", "Each role is a whole.", all_of(put("contributions/1/share", 1000), put("contributions/2", {"area": "instrumentation", "role": "Musician", "level": "none", "share": 1000})))
row("range-backwards", "MOD-090", "Ends before it starts.", put("contributions/1/timeRanges", [{"startMs": 5, "endMs": 4}]), CLASH, "/contributions/1/timeRanges/0/endMs")
row("range-of-nothing", "MOD-090", "Ends where it starts.", put("contributions/1/timeRanges", [{"startMs": 5, "endMs": 5}]), CLASH, "/contributions/1/timeRanges/0/endMs")
row("range-good", "MOD-090", "One millisecond.", put("contributions/1/timeRanges", [{"startMs": 5, "endMs": 6}]))
row("use-backwards", "MOD-090", "Used until before it was used from.", all_of(put("tools/0/usedFrom", "2026-05"), put("tools/0/usedUntil", "2026-04-30")), CLASH, "/tools/0/usedUntil")
row("use-within-a-month", "MOD-090", "A month holds its days.", all_of(put("tools/0/usedFrom", "2026-05-20"), put("tools/0/usedUntil", "2026-05")))
row("human-voice-all-full", "MOD-091", "A human lead voice where all of it is generated.", all_of(put("contributions/0", {"area": "leadVocals", "level": "full"}), put("facts", {"humanLeadVoice": True})), CLASH, "/facts/humanLeadVoice")
row("human-voice-beside-generated", "MOD-091", "A human lead voice beside a generated one.", all_of(put("contributions/2", {"area": "leadVocals", "level": "full"}), put("facts", {"humanLeadVoice": True})))
row("human-voice-undeclared-area", "MOD-091", "Nothing is declared about the lead vocals.", all_of(drop("contributions/0"), put("facts", {"humanLeadVoice": True})))
row("voice-facts", "MOD-092", "A human lead voice, but no human voice.", put("facts", {"humanLeadVoice": True, "humanVoice": False}), CLASH, "/facts/humanVoice")
row("voice-facts-good", "MOD-092", "A human voice that is not the lead.", put("facts", {"humanLeadVoice": False, "humanVoice": True}))
row("voice-synthetic-in-none", "MOD-093", "A cloned voice where no AI was used.", put("voices", [{"area": "leadVocals", "kind": "selfClone"}]), CLASH, "/voices/0/kind")
row("voice-human-in-full", "MOD-093", "A person's voice where all is generated.", all_of(put("contributions/0", {"area": "leadVocals", "level": "full"}), put("voices", [{"area": "leadVocals", "kind": "notSynthetic"}])), CLASH, "/voices/0/kind")
row("voice-human-and-synthetic", "MOD-093", "Both kinds in an area that is partly generated.", all_of(put("contributions/0", {"area": "leadVocals", "level": "partial"}), put("voices", [{"area": "leadVocals", "kind": "notSynthetic"}, {"area": "leadVocals", "kind": "fictional"}])))
row("voice-clone-without-consent", "WIR-023", "Consent that is not stated is undeclared, which is no contradiction.", all_of(put("contributions/0", {"area": "leadVocals", "level": "full"}), put("voices", [{"area": "leadVocals", "kind": "thirdPartyClone"}])))
row("permission-twice", "MOD-094", "Allowed and not allowed.", put("permissions", [{"use": "dataMining", "permission": "allowed"}, {"use": "dataMining", "permission": "notAllowed"}]), CLASH, "/permissions/1/use")
row("permission-good", "MOD-094", "Each use once.", put("permissions", [{"use": "dataMining", "permission": "allowed"}, {"use": "generativeAiTraining", "permission": "notAllowed"}]))
row("constraints-missing", "MOD-095", "Constrained, but how?", put("permissions", [{"use": "dataMining", "permission": "constrained"}]), CLASH, "/permissions/0")
row("constraints-with-allowed", "MOD-095", "Allowed, with constraints.", put("permissions", [{"use": "dataMining", "permission": "allowed", "constraints": "Ask."}]), CLASH, "/permissions/0")
row("constraints-good", "MOD-095", "Constrained, and how.", put("permissions", [{"use": "dataMining", "permission": "constrained", "constraints": "Ask first."}]))
row("several-contradictions", "MOD-083", "Every contradiction is named, not the first alone.", all_of(put("sequence", 2), put("people/0/withheld", True), put("contributions/1/agents/0/tool", "t9")), CLASH, "/contributions/1/agents/0/tool /people/0 /sequence")

# fmt: on

DANGERS = {
    JSON: "Two programs would read one signed declaration in two ways, or a text would deceive.",
    SCHEMA: "A declaration that cannot be compared or counted would pass for a whole one.",
    VERSION: "A program would judge what it does not understand, or call the future invalid.",
    UNDERSTAND: "A program would leave out a part without which the rest means something else.",
    CLASH: "A declaration that contradicts itself would be quoted for whichever half suits.",
}


def case(slug: str) -> dict[str, object]:
    description, _, requirements, codes, where, informs, options = ROWS[slug]
    good = "A good declaration would be refused."
    made: dict[str, object] = {
        "id": f"content/{slug}",
        "operation": "content",
        "requirements": requirements,
        "description": description,
        "danger": DANGERS[codes[0]] if codes else good,
        "input": "input.json",
    }
    if options:
        made["options"] = options
    expect: dict[str, object] = {"codes": codes, "informs": informs, "where": sorted(where)}
    return {**made, "expect": expect, "source": "hand-made"}


def files_of(slug: str) -> dict[str, bytes]:
    text = json.dumps(case(slug), indent=2) + "\n"
    return {"case.json": text.encode(), "input.json": ROWS[slug][1]}


def main() -> int:
    return keep(HERE, {slug: files_of(slug) for slug in ROWS})


if __name__ == "__main__":
    sys.exit(main())
