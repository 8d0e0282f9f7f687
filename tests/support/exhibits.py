"""Evidence about one recording, made by hand, for tests of what an audit makes of it.

Statements are those of the builders of vectors, which import nothing of the package under test;
tracks and manifests carry the reports that verifying them gives.
"""

import dataclasses
import functools
import hashlib
import importlib.util
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from provenance.audit.asked import Asked
from provenance.audit.assembling import exhibit_of
from provenance.audit.model import Entry, Item, Keys, Recording, Sure
from provenance.containers import load
from provenance.reports.as_json import report
from provenance.trust.loading import load as load_policy
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify
from provenance.wire.digests import spell
from provenance.workspace.verifying import under

VECTORS = Path(__file__).resolve().parents[1] / "vectors"


@functools.cache
def _builder():
    name, path = "statements_build", VECTORS / "statements" / "build.py"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


S = _builder()
ISRC = S.ISRC
NOW = datetime(2027, 1, 1, tzinfo=UTC)
LABEL, ARTIST, STRANGER, SHOP = S.LABEL, S.ARTIST, S.STRANGER, S.SHOP
CORE = ("lyrics", "composition", "leadVocals", "instrumentation", "production")
OTHER_PCM = S.made.le16(S.SECOND)
"""Audio that none of the disclosures here is about."""


def _nothing_read(name):
    raise FileNotFoundError(name)


def trust(**require):
    """A context under a policy that knows label, shop and chart, and asks for the label's word."""
    data = S.policy(S.EVERYBODY, S.grant("label", "declare", None), *S.MAY_ENDORSE, **require)
    return under(Context(NOW, decode="never"), load_policy(data, _nothing_read))


CONTEXT = trust()


def said(level="none", areas=CORE, **more):
    """Contributions: one level for all areas."""
    asset = {"lyrics": "composition", "composition": "composition"}
    return [{"asset": asset.get(a, "recording"), "area": a, "level": level, **more} for a in areas]


def disclosure(level="none", key=LABEL, values=S.SONG, **changed):
    """A signed disclosure about the first song."""
    made = {"contributions": said(level), **changed}
    return S.made.token(S.manifest(values, **made), key)


def subject(values=S.SONG, **changed):
    """The subject of a disclosure, for those that change a part of it."""
    base = {"title": "Vector Song", "isrc": ISRC, "bindings": S.made.bindings(values, "essence")}
    return {k: v for k, v in {**base, **changed}.items() if v is not None}


def newer(old, level="full", key=LABEL, **changed):
    """A disclosure that supersedes another."""
    changed = {"sequence": 2, "supersedes": S.made.sid(old), **changed}
    return disclosure(level, key, **changed)


def _verified(verdict, name, context, tokens):
    made = report(name, verdict, context)
    return {
        "status": made["status"],
        "code": made["code"],
        "declaredIsrc": None,
        "_report": made,
        "_tokens": [token.decode("utf-8", "replace") for token in tokens],
    }


def manifest(*tokens, by="isrc", sure=Sure.CERTAIN, context=CONTEXT):
    """A file of statements, verified without audio."""
    given = [Given(f"statement {n}", token) for n, token in enumerate(tokens)]
    verdict = verify(None, None, context, given)
    says = {"statements": len(tokens), **_verified(verdict, "a.musicprov.json", context, tokens)}
    return joined("manifest", says, by=by, sure=sure)


def track(
    *tokens, pcm=S.PCM, given=(), marks=(), by="isrc", sure=Sure.CERTAIN, context=CONTEXT, named=()
):
    """A WAV file with statements in it or given beside it, verified.

    ``named`` are statements that only a name ties to it, each with the code of comparing them.
    """
    data = S.wav(*tokens, pcm=pcm) if tokens else S.made.wav(pcm)
    beside = [Given(f"given {n}", token) for n, token in enumerate(given)]
    verdict = verify(io.BytesIO(data), load("wav"), context, beside)
    says = {
        "container": "wav",
        "size": len(data),
        "sha256": spell(hashlib.sha256(data).digest()),
        "essence": verdict.subject.essence,
        "tags": {"title": "Vector Song", "artist": None, "isrc": ISRC},
        "marks": list(marks),
        "_named": [{"sid": S.made.sid(token), "code": code} for token, code in named],
        **_verified(verdict, "a.wav", context, (*tokens, *given)),
    }
    return joined("track", says, by=by, sure=sure)


def cut_short(**join):
    """A file whose places for a declaration could not be read to their end."""
    item, *_ = track()
    report = item.says["_report"]
    found = {"status": "INDETERMINATE", "code": "carrier.scan-incomplete"}
    return joined("track", {**item.says, **found, "_report": {**report, **found}}, **join)


def mark(says="generated", strength="stated", kind="aigc"):
    return {"kind": kind, "where": "wav:AIGC", "strength": strength, "says": says, "detail": {}}


def ern(areas=None, contains=None, **join):
    says = {
        "isrc": ISRC,
        "title": "Vector Song",
        "sender": "Vector Distribution",
        "version": "4.3.2",
        "areas": areas or {},
        "containsAi": contains,
        "leftOut": [],
    }
    return joined("ern", says, **join)


def detector(score=950, area=None, **join):
    says = {
        "tool": "Example Detector",
        "version": "3",
        "score": score,
        "date": "2026-11-01",
        "area": area,
        "verdict": None,
    }
    return joined("detector", says, **join)


def crowd(removed=False, **join):
    says = {
        "list": "Example crowd list",
        "licence": "CC-BY-4.0",
        "artist": "Vector Artist",
        "disclosure": "none",
        "disclosureTypes": [],
        "markers": [],
        "notes": None,
        "dateAdded": "2026-01-01",
        "dateUpdated": None,
        "removed": removed,
        "issue": None,
    }
    return joined("crowdList", says, **{"by": "artist", "sure": Sure.WEAK, **join})


def credit(**join):
    return joined("credits", {"credits": [{"name": "Somebody", "role": "Vocals"}]}, **join)


def joined(kind, says, *, by="isrc", sure=Sure.LIKELY):
    """An item with its join."""
    return Item(kind, 1, "", Keys(), says), by, sure, {}


NAMED = {"by": "name", "sure": Sure.WEAK}


def recording(isrc=ISRC, label="Vector Label", weeks=("2026-12-05",), on_chart=None, **more):
    entries = tuple(
        Entry(1, n + 2, week, n + 1, "Vector Song", "Vector Artist", isrc, label,
              weeks_on_chart=on_chart)
        for n, week in enumerate(weeks)
    )  # fmt: skip
    plain = Recording(1, isrc, "Vector Song", "Vector Artist", label, None, entries)
    return dataclasses.replace(plain, **more)


def at_two_songs(isrc=ISRC):
    """A recording whose ISRC the chart has at another song as well, one rank below."""
    first, *_ = recording(isrc).entries
    other = dataclasses.replace(first, row=3, rank=2, title="Other Words", artist="Somebody Else")
    named = {"title": other.title, "artist": other.artist}
    return recording(isrc, entries=(first, other), **named)


AUDIT = {
    "id": "sha-256:" + "A" * 43,
    "title": "A chart",
    "at": "2027-01-01T00:00:00Z",
    "auditor": "",
    "language": "en",
}


def exhibit(*joins, rules=(), settings=(), about=None, context=CONTEXT, threshold=0.9):
    """The exhibit of the recording with this evidence."""
    asked = Asked((), context, rules=rules, settings=settings, threshold=threshold)
    return exhibit_of(about or recording(), list(joins), asked, AUDIT)


def reasons(made, member="why"):
    """The keys of reasons."""
    return [one["reason"] for one in made[member]]


def flags(made):
    """The names of flags."""
    return [one["flag"] for one in made["flags"]]
