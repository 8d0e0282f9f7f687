"""Reports of audits, made up by hand, with declarations that are really signed.

``report()`` makes one, ``write()`` puts it into a folder as an audit does. ``WORLD`` is three
reports of one chart whose answers stand in ``tests/unit/audit/questions/test_answers.py``.
"""

from functools import cache
from types import SimpleNamespace

from provenance.audit.document import write_report

from support import audits
from threats.world import ARTIST, LABEL, SHOP, STRANGER, S, V

SIGNERS = {"Alfa": LABEL, "Beta": ARTIST, "Shop": SHOP, "Stranger": STRANGER}
NONE = {"leadVocals": "none", "mixing": "none"}
TOOLS = [
    {"ref": "t1", "system": "SongMaker", "provider": "Example AI"},
    {"ref": "t2", "system": "Master <b>&\u2028\"\\'"},
]


@cache
def _token(who, number, text):
    import json

    named = {"id": f"urn:uuid:6f1c2a4e-3b5d-4c7e-8f90-{number:012d}"}
    return V.token(V.manifest(S.SONG, **named, **json.loads(text)), SIGNERS[who])


def token(who, number, levels, **members):
    """A declaration, signed: levels by area, and other members."""
    import json

    tools = members.pop("by", {})
    members["contributions"] = [
        {"area": area, "level": level}
        | ({"agents": [{"tool": tools[area]}]} if area in tools else {})
        for area, level in levels.items()
    ]
    artists = members.pop("artists", None)
    subject = V.manifest(S.SONG)["subject"] | ({"artists": artists} if artists else {})
    return _token(who, number, json.dumps({"subject": subject, **members}))


def declared(made, levels, who="Alfa", **more):
    """A declaration as an exhibit has it, with the token that it is from."""
    rung = "unknown" if who == "Stranger" else "party"
    signer = audits.signer(who, rung) | {"key": SIGNERS[who].thumbprint}
    found = audits.declaration(1, "e1", levels, signer, **more)
    payload = V.b64(__import__("hashlib").sha256(_payload(made)).digest())
    said = found["statement"] | {"sid": V.sid(made), "payload": payload}
    return found | {"token": made.decode(), "statement": said}


def _payload(made):
    from base64 import urlsafe_b64decode

    part = made.split(b".")[1]
    return urlsafe_b64decode(part + b"=" * (-len(part) % 4))


def recording(
    title, artist, label, *declarations, isrc=None, state="undeclared", flags=(), rules=()
):
    """One recording as a report knows it."""
    numbered = [one | {"id": f"d{n}"} for n, one in enumerate(declarations, 1)]
    return SimpleNamespace(
        recording={
            "isrc": isrc,
            "title": title,
            "artist": artist,
            "label": label,
            "upc": None,
            "otherNames": [],
        },
        state=state,
        flags=list(flags),
        declarations=numbered,
        rules=list(rules),
    )


def outcome(profile, rule, said, clause="A clause."):
    """One profile of one rule."""
    one = {"rule": rule, "outcome": said, "fired": None, "says": "", "clause": clause, "source": "",
           "date": None, "confidence": "secondary", "inferred": True, "parameters": {}, "changed": [],
           "facts": {}, "missing": []}  # fmt: skip
    return {"profile": profile, "title": profile, "issuer": f"{profile} Ltd", "kind": "chart",
            "source": {}, "confidence": "secondary", "outcome": said, "rules": [one]}  # fmt: skip


def report(weeks, at, chart="Test Chart", **more):
    """A report over weeks, each a list of (rank, recording)."""
    audit = {"id": audits.digest(f"{at} {chart} {more}"), "title": chart, "at": at,
             "auditor": "Example Bureau", "language": "en"}  # fmt: skip
    subjects = []
    for rows in weeks.values():
        subjects += [one for _, one in rows if not any(one is seen for seen in subjects)]
    exhibits = [_exhibit(n, one, audit, weeks) for n, one in enumerate(subjects, 1)]
    entries = [
        audits._entry(exhibit, appearance)
        for exhibit in exhibits
        for appearance in exhibit["appearances"]
    ]
    entries.sort(key=lambda e: (e["week"], e["rank"] is None, e["rank"] or 0, e["row"]))
    base = audits.sample(1).head
    head = {**base, "audit": audit}
    head["weeks"] = [{"week": week, "entries": len(rows), "states": {}, "flags": {}, "areas": {}}
                     for week, rows in sorted(weeks.items())]  # fmt: skip
    return audits.Sample(head, entries, exhibits)


def _exhibit(number, one, audit, weeks):
    seen = [(week, rank) for week, rows in sorted(weeks.items()) for rank, it in rows if it is one]
    counts = next((d["id"] for d in one.declarations if d["counts"]), None)
    return {
        "report": "musicprov-exhibit/1", "exhibit": number, "audit": audit, "recording": one.recording,
        "appearances": [{"week": week, "rank": rank, "lastWeek": None, "weeksOnChart": None, "entered": None, "input": 1,
                         "row": number, "problems": [], "namesDiffer": False,
                         **{m: one.recording[m] for m in ("title", "artist", "label")}} for week, rank in seen],
        "state": one.state, "why": [audits.reason("nothingFound", items=0)], "flags": one.flags,
        "declared": counts, "declarations": one.declarations, "evidence": [], "contradictions": [],
        "rules": one.rules, "rulesNamesDiffer": [], "notChecked": [],
    }  # fmt: skip


def write(made, folder):
    """The report's folder, with its ``report.json``."""
    folder.mkdir(parents=True)
    write_report(made, folder / "report.json")
    return folder


# ---- a world whose answers are known -------------------------------------------------------

AASA, AASA_AGAIN = "Åsa Öberg", "ÅSA  Oberg"


def persona(name, isrc, number, issued, composer):
    """A song of an AI persona, all made by a tool but its lyrics."""
    levels = {"leadVocals": "full", "mixing": "utility", "lyrics": "none"}
    made = token(
        "Alfa", number, levels, issued=issued, by={"leadVocals": "t1", "mixing": "t2"}, tools=TOOLS,
        artists=[{"name": name, "identity": "aiPersona"}],
        people=[{"ref": "p1", "name": composer, "roles": ["Composer"]}, {"ref": "p2", "withheld": True},
                {"ref": "p3", "name": "Mixer", "roles": ["Mixer"]}],
    )  # fmt: skip
    one = declared(made, levels, issued=issued)
    rules = [outcome("norway", "no-1", "ineligible")]
    return recording(f"Song {number}", name, "Alfa", one, isrc=isrc, state="declared", rules=rules)


def _plain():
    made = token("Beta", 50, NONE, issued="2026-01-01T00:00:00Z")
    rules = [outcome("norway", "no-1", "clear")]
    one = declared(made, NONE, "Beta")
    return recording(
        "Plain", "Ann", "Beta", one, isrc="SEABC2600002", state="declared", rules=rules
    )


def _twice():
    full = {"leadVocals": "full"}
    mine = token("Beta", 51, NONE, issued="2026-01-01T00:00:00Z")
    voices = [{"kind": "selfClone", "area": "leadVocals"}]
    theirs = token("Alfa", 52, full, issued="2026-01-02T00:00:00Z", voices=voices)
    return recording(
        "Twice", "Ann", "Beta", declared(mine, NONE, "Beta"), declared(theirs, full, counts=False),
        isrc="SEABC2600003", state="contradicted", rules=[outcome("norway", "no-1", "review")],
    )  # fmt: skip


def _late():
    made = token("Shop", 53, NONE, issued="2026-01-09T00:00:00Z")
    one = declared(made, NONE, "Shop", issued="2026-01-09T00:00:00Z", proven="2026-01-09T01:00:00Z")
    flags = [
        audits.flag("declaredAfterCharting", "e1", declared="2026-01-09", charted="2026-01-03", weeksOnChart=3,
                    proven=True),
        audits.flag("signerNotLabel", "e1", signer="Shop", label="Gamma"),
    ]  # fmt: skip
    return recording(
        "Late", "Cid", "Gamma", one, isrc="SEABC2600005", state="declared", flags=flags
    )


def _revoked():
    levels = {"leadVocals": "partial"}
    made = token("Stranger", 54, levels)
    checks = [audits.check("signature.valid"), audits.check("identity.revoked-no-poe", "blocks")]
    one = declared(made, levels, "Stranger", checks=checks, status="INDETERMINATE",
                   code="identity.revoked-no-poe", counts=False)  # fmt: skip
    return recording("Revoked", "Dee", "Gamma", one, isrc="SEABC2600006", state="unverifiable")


def world():
    """Three reports: two weeks, the second of them again two days later, and a third week."""
    neon = persona("Neon", "SEABC2600001", 1, "2026-01-01T08:00:00Z", AASA)
    aurora = persona("Aurora", "SEABC2600007", 2, "2026-01-10T08:00:00Z", AASA_AGAIN)
    far = persona("Far", "SEABC2600008", 3, "2026-03-01T08:00:00Z", AASA)
    silent = recording("Silent", "Nobody", "", rules=[outcome("norway", "no-1", "review")])
    plain, twice, late, revoked = _plain(), _twice(), _late(), _revoked()
    first = report(
        {"2026-01-03": [(1, neon), (2, plain), (3, silent), (4, late)],
         "2026-01-10": [(1, plain), (2, silent)]},
        "2026-01-11T00:00:00Z",
    )  # fmt: skip
    again = report({"2026-01-10": [(1, plain), (2, twice), (3, neon)]}, "2026-01-13T00:00:00Z")
    third = report(
        {"2026-01-17": [(1, aurora), (2, far), (None, revoked), (4, twice)]}, "2026-03-18T00:00:00Z"
    )
    return first, again, third
