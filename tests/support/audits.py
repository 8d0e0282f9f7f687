"""A finished audit, made up by hand: every state, flag, kind of evidence, and hostile texts.

``sample()`` is an ``AuditReport``. Its counts are made here, from its own entries and exhibits, so
that a renderer that counts wrongly differs from them.
"""

import base64
import copy
import hashlib
import json
from collections import Counter
from datetime import date, timedelta

from provenance.wire.schemas import load_json

HOSTILE_TITLE = '<script>alert("t")</script><img src=x onerror=alert(1)>'
HOSTILE_ARTIST = "\u202egnos tsitra\u202c \u0000\u001b[31m {{ 7*7 }} {% raw %} </style></table>"
HOSTILE_LABEL = '=HYPERLINK("https://example.invalid/","pay")'
HOSTILE_LINK = "javascript:alert(document.domain)"
LONG_WORD = "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" * 60
AREAS = tuple(t["term"] for t in load_json("registries/areas.json")["terms"])
CORE = ("lyrics", "composition", "leadVocals", "backingVocals", "instrumentation", "arrangement",
        "production", "mixing", "mastering")  # fmt: skip
PROFILES = ("sverigetopplistan", "norway", "billboard")
NOT_SAID = (
    "notTrue",
    "notDeclaredIsNotNone",
    "noDetectorRun",
    "marksUnverified",
    "rulesAreExamples",
    "nothingDecided",
)
FIRST_WEEK = date(2025, 11, 8)

ALL_NONE = dict.fromkeys(CORE, "none")
ALL_FULL = dict.fromkeys(CORE, "full")
MIXED = {"lyrics": "none", "composition": "assisted", "leadVocals": "none", "instrumentation": "partial",
         "production": "utility", "mixing": "utility", "mastering": "predominant", "artwork": "full"}  # fmt: skip


def digest(text):
    """A digest as reports write it, of a text."""
    found = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return f"sha-256:{thumb(found)}"


def thumb(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _key(name):
    return digest(name)[8:]


def reason(key, **detail):
    return {"reason": key, "detail": detail}


def join(by, sure, **detail):
    return {"by": by, "sure": sure, "detail": detail}


def flag(name, *evidence, **detail):
    return {"flag": name, "detail": detail, "evidence": list(evidence)}


def token(subject):
    """Something of the form of a compact JWS; nobody signed it."""
    parts = ({"alg": "ES256", "typ": "musicprov+jws"}, {"subject": subject})
    texts = [thumb(json.dumps(p).encode()) for p in parts]
    return ".".join([*texts, thumb(hashlib.sha512(subject.encode("utf-8", "replace")).digest())])


def signer(name="Nordljud AB", rung="party", **more):
    party = name.casefold().split()[0] if rung == "party" and name else None
    base = {"key": _key(name or "nobody"), "profile": "K", "rung": rung, "party": party,
            "name": name if rung != "unknown" else None, "by": None, "certificate": None,
            "callsItself": name}  # fmt: skip
    return {**base, **more}


CERTIFICATE = {
    "anchor": "example-root", "subject": {"CN": "Fjell Records", "O": "Fjell Records AS", "C": "NO"},
    "issuer": "Example Seal CA 1", "serial": "4f:12:9a", "notBefore": "2025-01-01T00:00:00Z",
    "notAfter": "2027-01-01T00:00:00Z", "seal": True,
}  # fmt: skip


def check(code, kind="confirms", where=None, **detail):
    return {"code": code, "kind": kind, "axis": {"alg": "envelope", "jws": "envelope", "signature": "integrity"}
            .get(code.split(".")[0], code.split(".")[0]), "where": where, "detail": detail}  # fmt: skip


def endorsement(act="verified-signer", name="STIM", **more):
    base = {"sid": _key(f"sid {act} {name}"), "of": {"sid": _key("of"), "key": _key("signer of it")},
            "act": act, "code": "endorsement.valid", "key": _key(name), "rung": "party", "party": "stim", "name": name, "limits": None,
            "basis": [{"check": "signer-identity", "result": "met"}], "issued": "2025-10-30T12:00:00Z",
            "proven": "2025-10-30T12:00:05Z", "token": token(f"{act} {name}")}  # fmt: skip
    return {**base, **more}


TAKEN_BACK = "2025-11-02T08:00:00Z"


def opposed(act="withdraws", name="Prairie Sound"):
    """A statement against a declaration."""
    return {"act": act, "sid": _key(f"sid {act} {name}"), "key": _key(name), "name": name, "rung": "party",
            "issued": TAKEN_BACK, "proven": None, "reason": "error", "evidence": ["e1"],
            "token": token(f"{act} {name}")}  # fmt: skip


def declaration(number, evidence, areas, who=None, **more):
    """A declaration; ``more`` replaces members."""
    who = signer() if who is None else who
    issued = more.pop("issued", "2025-10-28T09:30:00Z")
    proven = more.pop("proven", None)
    source = (
        [{"kind": "rfc3161", "by": "example-tsa", "name": "Example TSA", "at": proven}]
        if proven
        else []
    )
    base = {
        "id": f"d{number}", "evidence": evidence, "counts": True, "status": "PASSED", "code": "signature.valid",
        "areas": dict(areas),
        "about": {"isrc": "SEABC2500001", "title": "Slow Train", "artists": ["Ann", "Bo"]} if areas else None,
        "sentence": "Lyrics, composition and lead vocals: no AI used." if areas else None,
        "identity": None,
        "statement": {"sid": _key(f"s{number}{who['key']}"), "payload": _key(f"p{number}{who['key']}"),
                      "typ": "musicprov+jws", "issued": issued, "sequence": number,
                      "id": "urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020100"},
        "signer": who, "time": {"claimed": issued, "best": proven, "sources": source}, "endorsements": [], "opposed": [],
        "binding": "exact", "comparedWith": evidence,
        "checks": [check("carrier.found", where="flac:VORBIS_COMMENT[0][7]"), check("signature.valid"),
                   check("content.valid"), check("binding.exact"), check(f"identity.{who['rung']}"),
                   check("time.claimed", "informs"), check("truth.not-assessed", "informs")],
        "token": token(f"{evidence} {who['key']} {number}"), "join": join("isrc", "certain", isrc="SEABC2500001"),
    }  # fmt: skip
    of = {"sid": base["statement"]["sid"], "key": who["key"]}
    said = [{**one, "of": of} for one in more.pop("endorsements", [])]
    return {**base, "endorsements": said, **more}


def evidence(number, kind, says, joined, **more):
    base = {"id": f"e{number}", "kind": kind, "input": INPUT_OF[kind], "where": "", "join": joined,
            "says": says, "contradicts": False}  # fmt: skip
    return {**base, **more}


INPUT_OF = {"track": 2, "manifest": 4, "ern": 5, "detector": 6, "crowdList": 7, "credits": 8}
MARK = {"kind": "generator", "where": "mp3:ID3v2[0]/COMM[0]", "strength": "residue", "says": "generated",
        "detail": {"tool": "Example Song Maker", "text": "made with Example Song Maker v4"}}  # fmt: skip


def track(number, name, joined=None, **more):
    contradicts = more.pop("contradicts", False)
    says = {"container": "flac", "size": 31_457_280 + number, "sha256": digest(f"file {name}"),
            "essence": digest(f"essence {name}"), "tags": {"title": name, "artist": None, "album": None,
            "isrc": "SEABC2500001"}, "declaredIsrc": "SEABC2500001", "marks": [], "status": "PASSED",
            "code": "signature.valid", **more}  # fmt: skip
    joined = joined or join("isrc", "certain", isrc="SEABC2500001")
    return evidence(number, "track", says, joined, contradicts=contradicts)


def manifest(number, **more):
    says = {"statements": 1, "status": "INDETERMINATE", "code": "binding.not-checked",
            "declaredIsrc": "SEABC2500001", **more}  # fmt: skip
    return evidence(
        number, "manifest", says, join("isrc", "certain", isrc="SEABC2500001"), where="/0"
    )


def ern(number, areas, contains, **more):
    says = {"isrc": "SEABC2500001", "title": "As the message has it", "sender": "PADPIDA2014021301A",
            "version": "4.3.2", "areas": areas, "containsAi": contains, "leftOut": ["a role 'Toastmaster' of no area"]}  # fmt: skip
    return evidence(
        number, "ern", says, join("isrc", "likely", isrc="SEABC2500001"), where="A3", **more
    )


def detector(number, score=973, **more):
    contradicts = more.pop("contradicts", False)
    says = {"tool": "Example Detector", "version": "2.4.1", "score": score, "date": "2025-11-09",
            "area": None, "verdict": "likely AI", **more}  # fmt: skip
    return evidence(
        number,
        "detector",
        says,
        join("fileHash", "certain"),
        where="row 12",
        contradicts=contradicts,
    )


def crowd(number, **more):
    says = {"list": "Example crowd list", "licence": "CC-BY-4.0", "artist": "Rusty Ledger", "disclosure": "none",
            "disclosureTypes": [], "markers": ["artwork", "release rate"],
            "notes": f"see {HOSTILE_LINK}", "dateAdded": "2025-10-02", "dateUpdated": None, "removed": False,
            "issue": 42, **more}  # fmt: skip
    return evidence(
        number, "crowdList", says, join("artist", "weak", artist=says["artist"]), where="/17"
    )


def credits_of(number):
    names = [
        {"name": "Åsa Öberg", "role": "Vocalist"},
        {"name": "DJ <b>Bold</b>", "role": "Producer"},
    ]
    return evidence(
        number,
        "credits",
        {"credits": names},
        join("isrc", "likely", isrc="SEABC2500001"),
        where="row 3",
    )


def against(by, proof, says, declared, area=None, declaration=None):
    return {"by": by, "evidence": proof, "says": says, "declared": declared, "area": area,
            "declaration": declaration}  # fmt: skip


# what is known of one recording each: state, why, flags, declared, declarations, evidence, contradictions, notChecked


def _known(state, why, **more):
    base = {"state": state, "why": why, "flags": [], "declared": None, "declarations": [], "evidence": [],
            "contradictions": [], "notChecked": [reason("noRegistryAsked"), reason("noDetectorReport")]}  # fmt: skip
    return {**base, **more}


def _undeclared_listed():
    return _known(
        "undeclared", [reason("nothingFound", items=0)],
        flags=[flag("listed", "e1", list="Example crowd list"), flag("joinedByName", "e1", "e2")],
        evidence=[crowd(1), track(2, "Grind of the Prairie", join("name", "weak", artist="Rusty Ledger", title="Grind of the Prairie"),
                                  status="ABSENT", code="carrier.absent", declaredIsrc=None)],
    )  # fmt: skip


def _declared_none():
    one = declaration(1, "e1", ALL_NONE, proven="2025-10-28T09:30:04Z", identity="human",
                      endorsements=[endorsement(), endorsement("accepted", "Nordic Distribution")])  # fmt: skip
    return _known("declared", [reason("holds", declaration="d1", signer="Nordljud AB", code="signature.valid")], declared="d1",
                  declarations=[one], evidence=[track(1, "Vinterljus"), credits_of(2)])  # fmt: skip


def _declared_full():
    who = signer(
        "Fjell Records", "certified", by="Example Seal CA 1", certificate=CERTIFICATE, profile="C"
    )
    one = declaration(1, "e1", ALL_FULL, who, identity="aiPersona",
                      sentence="Lyrics and composition: made entirely by AI. The artist Neon Fjord is an AI persona.")  # fmt: skip
    return _known("declared", [reason("holds", declaration="d1", signer="Fjell Records", code="signature.valid")], declared="d1",
                  declarations=[one], evidence=[track(1, "Aurora Drive"), detector(2)])  # fmt: skip


def _contradicted_by_mark():
    one = declaration(1, "e1", ALL_NONE, signer("Prairie Sound", "pinned"))
    return _known(
        "contradicted", [reason("contradictedByMark", declaration="d1", evidence="e1"), reason("contradictedByDetector", declaration="d1", evidence="e2", score=973)],
        flags=[flag("marked", "e1", says="generated"), flag("detected", "e2", score=973, tool="Example Detector")],
        declared="d1", declarations=[one],
        evidence=[track(1, "Walk It Off", marks=[MARK], contradicts=True), detector(2, contradicts=True)],
        contradictions=[against("mark", "e1", "generated", "none", "leadVocals"), against("detector", "e2", "973", "none")],
    )  # fmt: skip


def _unverifiable_changed():
    one = declaration(1, "e1", {}, signer("Somebody", "unknown"), status="FAILED", code="signature.invalid",
                      counts=False, sentence=None, binding="notChecked",
                      checks=[check("carrier.found"), check("signature.invalid", "breaks")])  # fmt: skip
    return _known("unverifiable", [reason("doesNotHold", declaration="d1", code="signature.invalid")], declarations=[one],
                  evidence=[track(1, "Second Hand", status="FAILED", code="signature.invalid")])  # fmt: skip


def _superseded():
    new = declaration(2, "e1", MIXED, issued="2025-11-02T08:00:00Z")
    old = declaration(
        1,
        "e2",
        ALL_NONE,
        counts=False,
        binding="notCompared",
        comparedWith=None,
        status="INDETERMINATE",
        code="currency.superseded",
    )
    return _known("declared", [reason("holds", declaration="d1", signer="Nordljud AB", code="signature.valid")], declared="d2",
                  flags=[flag("superseded", "e2", replaced="d1", by="d2")], declarations=[new, old],
                  evidence=[track(1, "Om igen"), manifest(2)])  # fmt: skip


def _disputed():
    no = endorsement(
        "disputes",
        "Sångarförbundet",
        code="endorsement.dispute",
        limits="the lead vocal is not ours",
    )
    one = declaration(
        1, "e1", MIXED, status="INDETERMINATE", code="endorsement.dispute", endorsements=[no]
    )
    return _known("unverifiable", [reason("doesNotHold", declaration="d1", code="endorsement.dispute")], declared="d1",
                  flags=[flag("disputed", "e1", by="Sångarförbundet")], declarations=[one], evidence=[track(1, "Gränsland")])  # fmt: skip


def _withdrawn():
    one = declaration(
        1, "e1", MIXED, counts=False, status="INDETERMINATE", code="currency.withdrawn"
    )
    return _known("unverifiable", [reason("doesNotHold", declaration="d1", code="currency.withdrawn")],
                  flags=[flag("withdrawn", "e1", declaration="d1", reason="error", by="Prairie Sound", issued=TAKEN_BACK)],
                  declarations=[{**one, "opposed": [opposed()]}], evidence=[manifest(1)])  # fmt: skip


def _conflicting():
    one = declaration(1, "e1", ALL_NONE)
    two = declaration(
        1, "e2", ALL_FULL, signer("Fjell Records"), id="d2", counts=False, binding="lossless"
    )
    return _known(
        "contradicted", [reason("contradictedByDeclaration", declaration="d1", other="d2", signer="Fjell Records")],
        flags=[flag("conflicting", "e1", "e2", first="d1", second="d2")], declared="d1", declarations=[one, two],
        evidence=[track(1, "Twice Told"), manifest(2)],
        contradictions=[against("declaration", "e2", "full", "none", area, "d2") for area in ("lyrics", "leadVocals")],
    )  # fmt: skip


def _late_by_another():
    one = declaration(1, "e1", MIXED, signer("Aggregator 9", "domain", by="aggregator.example"),
                      issued="2025-11-20T10:00:00Z", proven="2025-11-20T10:00:03Z", binding="similar")  # fmt: skip
    return _known("declared", [reason("holds", declaration="d1", signer="Aggregator 9", code="signature.valid")], declared="d1",
                  flags=[flag("declaredAfterCharting", "e1", declared="2025-11-20", charted="2025-11-08"),
                         flag("signerNotLabel", "e1", signer="Aggregator 9", label="Prairie Sound"),
                         flag("namesDiffer", "e1", declaration="d1", title="Zed", artist="Totally Other",
                              otherTitle="Three", otherArtist="Cee"),
                         flag("chartNamesDiffer", title="Ten", artist="Jay", row=2, otherTitle="Eleven",
                              otherArtist="Kay", otherRow=3)],
                  declarations=[one], evidence=[track(1, "Slow Train")])  # fmt: skip


def _ern_contradicts():
    one = declaration(
        1,
        "e1",
        ALL_NONE,
        binding="notCompared",
        comparedWith=None,
        status="INDETERMINATE",
        code="binding.not-checked",
    )
    return _known(
        "contradicted", [reason("contradictedByErn", declaration="d1", evidence="e2")],
        flags=[flag("ernContradicts", "e2"), flag("audioNotCompared", "e1")], declared="d1", declarations=[one],
        evidence=[manifest(1), ern(2, {"leadVocals": "full"}, True, contradicts=True), credits_of(3)],
        contradictions=[against("ern", "e2", "full", "none", "leadVocals"), against("credits", "e3", "Vocalist", "full", "leadVocals")],
        notChecked=[reason("audioNotCompared", declaration="d1"), reason("noRegistryAsked")],
    )  # fmt: skip


def _hostile():
    who = signer(HOSTILE_ARTIST, "vouched", by=HOSTILE_LINK)
    one = declaration(1, "e1", {"lyrics": "none", "video": "assisted"}, who, sentence=HOSTILE_TITLE,
                      identity="virtualHumanVoiced", binding="altered", status="INDETERMINATE", code="binding.not-checked",
                      endorsements=[endorsement(name="\u202eevil", limits=HOSTILE_LINK, code="endorsement.unknown-endorser")],
                      checks=[check("content.suspicious-text", "informs", HOSTILE_TITLE, text=HOSTILE_LINK)])  # fmt: skip
    return _known(
        "unverifiable", [reason("doesNotHold", declaration="d1", code="binding.not-checked"), reason("aReasonOfALaterVersion", text=HOSTILE_TITLE)],
        declared="d1", declarations=[one],
        evidence=[track(1, HOSTILE_TITLE, marks=[{**MARK, "where": HOSTILE_LINK, "detail": {"text": HOSTILE_TITLE, "long": LONG_WORD}}],
                        tags={"title": HOSTILE_TITLE, "artist": HOSTILE_ARTIST, "comment": LONG_WORD}),
                  crowd(2, artist=HOSTILE_ARTIST, notes=HOSTILE_LINK + " " + HOSTILE_TITLE, removed=True)],
    )  # fmt: skip


def _plain_undeclared():
    return _known("undeclared", [reason("nothingFound", items=0)])


def _plain_declared():
    return _known("declared", [reason("holds", declaration="d1", signer="Nordljud AB", code="signature.valid")], declared="d1",
                  declarations=[declaration(1, "e1", MIXED)], evidence=[track(1, "Plain")])  # fmt: skip


KINDS = (
    ("Grind of the Prairie", "Rusty Ledger", "Prairie Sound", _undeclared_listed),
    ("Vinterljus", "Åsa Öberg & Norrskenskören", "Nordljud AB", _declared_none),
    ("Aurora Drive", "Neon Fjord", "Fjell Records", _declared_full),
    ("Walk It Off", "The Tin Badges", "Prairie Sound", _contradicted_by_mark),
    ("Second Hand", "Marlow", "", _unverifiable_changed),
    ("Om igen", "Systrarna Lind", "Nordljud AB", _superseded),
    ("Gränsland", "Ebba Ström", "Nordljud AB", _disputed),
    ("Taken Back", "Cole Hart", "Prairie Sound", _withdrawn),
    ("Twice Told", "Ida & the Ohms", "Nordljud AB", _conflicting),
    ("Slow Train", "Cole Hart", "Prairie Sound", _late_by_another),
    ("Message in the Message", "فيروز الجديدة", "Fjell Records", _ern_contradicts),
    (HOSTILE_TITLE, HOSTILE_ARTIST, HOSTILE_LABEL, _hostile),
)
"""The first twelve recordings: title, artist, label, what is known."""
_LABELS = ("Nordljud AB", "Prairie Sound", "Fjell Records", "Kvarn", "Hjärtslag Musik", "")


class Sample:
    """An ``AuditReport`` in memory."""

    def __init__(self, head, entries, exhibits):
        self.head = head
        self._entries = entries
        self._exhibits = exhibits

    def entries(self, week=None):
        yield from (copy.deepcopy(e) for e in self._entries if week in {None, e["week"]})

    def exhibits(self):
        yield from (copy.deepcopy(e) for e in self._exhibits)

    def exhibit(self, number):
        return copy.deepcopy(self._exhibits[number - 1])

    def whole(self):
        """The report as one object, by ``audit.schema.json``."""
        return {**self.head, "entries": self._entries, "exhibits": self._exhibits}


def sample(recordings=12, weeks=1, language="en"):
    """A report over this many recordings (12 have all kinds) in this many weeks."""
    days = [str(FIRST_WEEK + timedelta(days=7 * n)) for n in range(weeks)]
    audit = {"id": digest(f"{recordings} {weeks} {language}"), "title": "Country Digital Song Sales",
             "at": "2026-01-15T12:00:00Z", "auditor": "Example Chart Bureau <audit@example.invalid>", "language": language}  # fmt: skip
    exhibits = [_exhibit(n, days, audit, recordings) for n in range(1, recordings + 1)]
    entries = [_entry(x, a) for x in exhibits for a in x["appearances"]]
    entries.sort(key=lambda e: (e["week"], e["rank"] is None, e["rank"] or 0, e["row"]))
    return Sample(_head(audit, days, entries, exhibits), entries, exhibits)


def _exhibit(number, days, audit, recordings):
    title, artist, label, known = _subject(number)
    hostile = number == 12
    found = known()
    flags = {one["flag"] for one in found["flags"]}
    apart, others = "namesDiffer" in flags, "chartNamesDiffer" in flags
    return {
        "report": "musicprov-exhibit/1", "exhibit": number, "audit": audit,
        "recording": {"isrc": None if hostile else f"SEABC25{number:05d}", "title": title, "artist": artist,
                      "label": label, "upc": None if number % 3 else "7312345678904",
                      "otherNames": [{"title": "Ten", "artist": "Jay"}] if others else []},
        "appearances": [{**one, "namesDiffer": apart} for one in _appearances(number, days, recordings)],
        **found, "rules": [_judged(name, found) for name in PROFILES],
        "rulesNamesDiffer": [_judged(name, _plain_undeclared()) for name in PROFILES if apart],
    }  # fmt: skip


def _subject(number):
    if number <= len(KINDS):
        return KINDS[number - 1]
    known = (_plain_undeclared, _plain_declared, _plain_undeclared, _declared_none, _plain_undeclared, _late_by_another,
             _contradicted_by_mark)[number % 7]  # fmt: skip
    return f"Song number {number}", f"Artist {number % 41}", _LABELS[number % 6], known


def _appearances(number, days, recordings):
    title, artist, label, _ = _subject(number)
    bad = {"rule": "chart.isrc", "value": HOSTILE_TITLE[:200], "says": "this is no ISRC"}
    named = {
        "title": title,
        "artist": artist,
        "label": label,
        "problems": [bad] if number == 12 else [],
    }
    found = []
    for n, day in enumerate(days):
        if n and (number + n) % 5 == 0 and number != 1:
            continue  # out of the chart this week
        rank = None if number == 12 else (number - 1 + n * 3 * (number % 2)) % recordings + 1
        before = found[-1]["rank"] if found else None
        found.append({"week": day, "rank": rank, "lastWeek": before, "weeksOnChart": len(found) + 1 if number != 12 else None,
                      "entered": None if found or number == 12 else "new",
                      "input": 1, "row": n * recordings + number + 1, **named})  # fmt: skip
    return found


def _judged(name, found):
    """A profile's answer of the right shape: here by the strongest level alone."""
    data = load_json(f"profiles/{name}.json")
    taken = {
        m: data[m]
        for m in ("profile", "title", "issuer", "kind", "source", "confidence", "note")
        if m in data
    }
    levels = next((d["areas"] for d in found["declarations"] if d["id"] == found["declared"]), None)
    fired = None if levels is None else "full" in levels.values()
    rules = []
    for rule in data["rules"]:
        outcome = {True: rule["outcome"], False: "clear", None: rule["unsettled"]}[fired]
        parameters = {n: p["default"] for n, p in rule.get("parameters", {}).items()}
        rules.append({
            "rule": rule["id"], "outcome": outcome, "fired": fired,
            "says": rule["message"] if fired else "Not stated: lyrics." if fired is None else "Does not apply, by what is declared.",
            **{m: rule[m] for m in ("clause", "quote", "source", "date", "confidence", "inferred") if m in rule},
            "parameters": parameters, "changed": [n for n in parameters if n == "mainly" and name == "sverigetopplistan"],
            "facts": {"level.leadVocals": (levels or {}).get("leadVocals")}, "missing": [] if levels else ["level.leadVocals"],
        })  # fmt: skip
    order = (
        "clear",
        "eligible",
        "advisory",
        "label",
        "notStated",
        "warning",
        "review",
        "ineligible",
        "error",
    )
    return {**taken, "outcome": max((r["outcome"] for r in rules), key=order.index), "rules": rules}


def _entry(exhibit, appearance):
    problems = ["chart.isrc"] if exhibit["exhibit"] == 12 else []
    taken = {**appearance, **exhibit["recording"], "problems": problems, "exhibit": exhibit["exhibit"],
             "state": exhibit["state"], "flags": [f["flag"] for f in exhibit["flags"]]}  # fmt: skip
    return {
        member: taken[member] for member in taken if member not in {"namesDiffer", "otherNames"}
    }


def _counts(entries, exhibits):
    states = Counter(e["state"] for e in entries)
    flags = Counter(f for e in entries for f in e["flags"])
    areas = {}
    for entry in entries:
        one = exhibits[entry["exhibit"] - 1]
        levels = next((d["areas"] for d in one["declarations"] if d["id"] == one["declared"]), {})
        for area in CORE:
            areas.setdefault(area, Counter())[levels.get(area, "undeclared")] += 1
    return {"entries": len(entries), "states": dict(sorted(states.items())), "flags": dict(sorted(flags.items())),
            "areas": {area: dict(sorted(found.items())) for area, found in areas.items()}}  # fmt: skip


def _counted(entries, exhibits):
    """What else is to be said of the declarations that count."""
    found = [
        (one, e["state"])
        for e in entries
        for one in exhibits[e["exhibit"] - 1]["declarations"]
        if one["counts"]
    ]
    silent = [state == "declared" and one["binding"] == "notCompared" for one, state in found]
    return {
        "withoutAudio": sum(silent),
        "byName": sum(one["join"]["sure"] == "weak" for one, _ in found),
        "declaredByName": sum(
            one["join"]["sure"] == "weak" and state == "declared" for one, state in found
        ),
        "unread": sum(
            exhibits[e["exhibit"] - 1]["why"][0]["reason"] == "unreadable" for e in entries
        ),
    }


def _labels(entries):
    found = {}
    for entry in entries:
        found.setdefault(entry["label"], Counter())[entry["state"]] += 1
    order = sorted(found, key=lambda name: (-found[name].total(), name))
    return [
        {"label": n, "entries": found[n].total(), "states": dict(sorted(found[n].items()))}
        for n in order
    ]


def _judging(entry):
    return "rulesNamesDiffer" if "namesDiffer" in entry["flags"] else "rules"


def _rules(entries, exhibits):
    return {name: dict(sorted(Counter(
        next(r["outcome"] for r in exhibits[e["exhibit"] - 1][_judging(e)] if r["profile"] == name) for e in entries
    ).items())) for name in PROFILES}  # fmt: skip


def _head(audit, days, entries, exhibits):
    labels = _labels(entries)
    weeks = [
        {"week": day, **_counts([e for e in entries if e["week"] == day], exhibits)} for day in days
    ]
    profiles = [
        {m: v for m, v in _judged(n, _plain_undeclared()).items() if m not in {"outcome", "rules"}}
        for n in PROFILES
    ]
    settings = {"sverigetopplistan": ["se-1.mainly=0.4"]}
    return {
        "report": "musicprov-audit/1", "audit": audit, "tool": {"name": "prov", "version": "1.0.0"}, "inputs": _inputs(),
        "policy": {"id": "example-policy", "version": 3, "sha256": _key("policy"), "require": {"identity": "party"},
                   "keys": [{"name": HOSTILE_LABEL, "thumbprint": _key("known")}]},
        "rules": [{**p, "settings": settings.get(p["profile"], [])} for p in profiles],
        "columns": {"1": {"rank": "Pos.", "title": "Titel", "artist": "Artist <i>", "isrc": "ISRC", "label": "Bolag"}},
        "notes": {"1": ["read as Windows-1252, so names might be wrong", f"column {HOSTILE_TITLE} was passed over"]},
        "weeks": weeks,
        "summary": {**_counts(entries, exhibits), "recordings": len(exhibits), "labels": labels[:30],
                    "counted": _counted(entries, exhibits),
                    "otherLabels": sum(one["entries"] for one in labels[30:]), "rules": _rules(entries, exhibits)},
        "problems": [
            {"input": 1, "row": 13, "rule": "chart.isrc", "value": HOSTILE_TITLE[:200], "says": "this is no ISRC", "fix": "write twelve characters"},
            {"input": 1, "row": 14, "rule": "chart.formula", "value": HOSTILE_LABEL, "says": "a cell holds a formula", "fix": "write the value"},
            {"input": 6, "row": None, "rule": "audit.detector-column", "value": "", "says": "a column is missing", "fix": "add it"},
        ],
        "problemsSeen": 5, "notSaid": list(NOT_SAID),
    }  # fmt: skip


def _inputs():
    files = (("chart", "chart.csv", 18_211), ("track", "tracks/01 Vinterljus.flac", 31_457_281),
             ("track", f"tracks/{HOSTILE_TITLE.replace('/', '_')}.mp3", 7_340_032), ("manifest", "manifests/om-igen.musicprov.json", 9_120),
             ("ern", "ern/release.xml", 44_031), ("detector", "detector.csv", 2_048), ("crowdList", "crowd/artists.json", 612_004),
             ("credits", "credits.csv", 1_024), ("trustPolicy", "policy.json", 3_200), ("key", "keys/prairie.pub", 178))  # fmt: skip
    return [{"number": n, "role": role, "name": name, "size": size, "sha256": digest(name)}
            for n, (role, name, size) in enumerate(files, 1)]  # fmt: skip
