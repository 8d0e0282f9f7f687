#!/usr/bin/env python3
"""Rebuild the situation of a week in November 2025: charts, music, declarations, and the audits.

    python examples/country-digital-song-sales/build.py FOLDER            all three cases
    python examples/country-digital-song-sales/build.py FOLDER declared   one of them

Everything is made up and synthesised here; keys come from labels, protect nothing, and are the
same each time. FOLDER/<case>/ has the chart, the audio, the declarations, the policy; its report
is in FOLDER/<case>/report/.
"""

from __future__ import annotations

import csv
import hashlib
import json
import struct
import subprocess
import sys
import wave
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from mutagen.id3 import COMM, TIT2, TPE1, TSRC, TXXX
from mutagen.wave import WAVE
from provenance.issuing import beside
from provenance.issuing.sign import Wishes, draft, issue
from provenance.model.parties import Declarant
from provenance.model.statements import Endorsement
from provenance.signing.keys import load_private
from provenance.signing.signer import FileSigner
from provenance.verify.outcome import Context

HERE = Path(__file__).parent
CHART = json.loads((HERE / "chart.json").read_bytes())
CASES = ("undeclared", "declared", "contradicted")
DECLARED_ON = datetime(2025, 5, 20, 9, tzinfo=UTC)
LATE = datetime(2025, 11, 14, 16, tzinfo=UTC)
AUDITED_AT = "2025-11-17T09:00:00Z"
RULES = "sverigetopplistan,norway,billboard"
TIERS = frozenset({"essence", "samples"})
RATE, SECONDS = 8_000, 6

CORE = ("lyrics", "composition", "leadVocals", "instrumentation")
PARTIES = {
    "Northern Lights": "northernlights",
    "Southpier": "southpier",
    "Dry Creek": "drycreek",
    "Harrow Tunes": "harrow",
}
"""The labels that the chart knows, by their ids in its trust policy."""
LEVELS: dict[str, dict[str, str]] = {
    "none": {**dict.fromkeys(CORE, "none"), "mixing": "none", "mastering": "none"},
    "utility": {**dict.fromkeys(CORE, "none"), "mixing": "utility", "mastering": "utility"},
    "assisted": {**dict.fromkeys(CORE, "none"), "lyrics": "assisted", "mastering": "assisted"},
    "partial": {**dict.fromkeys(CORE, "none"), "instrumentation": "partial"},
    "full": dict.fromkeys(CORE, "full"),
}


def key_of(name: str) -> ec.EllipticCurvePrivateKey:
    """The key of a label: an example's key, known to everybody."""
    secret = int.from_bytes(hashlib.sha256(f"musicprov case: {name}".encode()).digest(), "big") >> 1
    return ec.derive_private_key(secret, ec.SECP256R1())


def pem_of(name: str) -> bytes:
    return key_of(name).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def signer(name: str) -> FileSigner:
    return FileSigner(load_private(pem_of(name), None))


def compose(path: Path, isrc: str) -> None:
    """A few seconds of music of its own for each ISRC, as a WAV file."""
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(_samples(isrc))


@cache
def _samples(isrc: str) -> bytes:
    """Two voices in triangle waves, in whole numbers: the same everywhere, and in every case."""
    seed = hashlib.sha256(isrc.encode()).digest()
    scale = (196, 220, 247, 262, 294, 330, 349, 392)
    samples = []
    for n in range(RATE * SECONDS):
        beat = n * 3 // RATE
        high, low = scale[seed[beat % 32] % 8] * 2, scale[seed[(beat // 4 + 7) % 32] % 8]
        samples.append((_wave(n * high) + _wave(n * low)) // 2)
    return struct.pack(f"<{len(samples)}h", *samples)


def _wave(phase: int) -> int:
    return abs(phase % RATE - RATE // 2) * 4 - RATE


def tag(path: Path, entry: dict[str, Any], *, marked: bool) -> None:
    """Ordinary tags; with ``marked`` also what a generator would write about itself."""
    audio = WAVE(path)
    audio.add_tags()
    audio.tags.add(TIT2(text=entry["title"]))
    audio.tags.add(TPE1(text=entry["artist"]))
    audio.tags.add(TSRC(text=entry["isrc"]))
    if marked:
        source = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
        audio.tags.add(TXXX(desc="DIGITALSOURCETYPE", text=source))
        audio.tags.add(COMM(lang="eng", text="Made with SongMaker 5"))
    audio.save()


def declaration(entry: dict[str, Any], level: str, *, persona: bool = False) -> dict[str, Any]:
    identity = "aiPersona" if persona else "human"
    artist = {"name": entry["artist"], "identity": identity, "identityPublic": True}
    found: dict[str, Any] = {
        "declarant": {"role": "label", "name": entry["label"]},
        "subject": {"title": entry["title"], "isrc": entry["isrc"], "artists": [artist]},
        "contributions": [
            {"asset": _asset(area), "area": area, "level": value}
            for area, value in LEVELS[level].items()
        ],
    }
    is_sung = level != "full"
    found["facts"] = {"humanLeadVoice": is_sung, "humanVoice": is_sung, "peopleComplete": is_sung}
    if level == "full":
        found["tools"] = [{"ref": "t1", "provider": "Example AI", "system": "SongMaker"}]
        for one in found["contributions"]:
            one["agents"] = [{"tool": "t1"}]
    return found


def _asset(area: str) -> str:
    return "composition" if area in {"lyrics", "composition"} else "recording"


def _wishes(*words: str, **more: Any) -> Wishes:
    number = UUID(bytes=hashlib.sha256(" ".join(words).encode()).digest()[:16], version=4)
    return Wishes(tiers=TIERS, new_id=lambda: f"urn:uuid:{number}", **more)


def sign(path: Path, said: dict[str, Any], who: str, at: datetime, **more: Any) -> str:
    """Sign a declaration into a file; the token."""
    key = signer(who)
    context = Context(now=at)
    wishes = _wishes(path.name, who, at.isoformat(), **more)
    made = draft([path], said, key.public.thumbprint, context, wishes)
    (result,) = issue(made, key, context, wishes)
    return result.token


def dispute(path: Path, who: str, name: str) -> None:
    """Somebody else says that a declaration is not right."""
    context = Context(now=LATE)
    meant = beside.choose(beside.look(path, context), None)
    number = UUID(bytes=hashlib.sha256(path.name.encode()).digest()[:16], version=4)
    said = Endorsement(
        type="Endorsement",
        **{**beside.head(LATE), "id": f"urn:uuid:{number}"},
        endorser=Declarant(role="label", name=name),
        of=beside.reference_to(meant),
        subject=beside.subject_of(meant),
        act="disputes",
        limits="The lead voice sounds like our artist's; nothing else was looked at.",
    )
    beside.add(path, [beside.make(said, signer(who), context)], context, beside.Place())


def place(entry: dict[str, Any], case: str, tracks: Path, declared: Path) -> None:
    """The audio of one entry, and what is declared about it."""
    kind = entry["as"] if entry["as"] != "case" else f"case-{case}"
    path = tracks / f"{entry['isrc']}.wav"
    compose(path, entry["isrc"])
    tag(path, entry, marked=kind in {"marked", "case-contradicted"})
    who = PARTIES.get(entry["label"], "stranger")
    if kind in LEVELS:
        sign(path, declaration(entry, kind), who, DECLARED_ON)
    else:
        OTHERWISE[kind](path, entry, who, declared)


def _nothing(path: Path, entry: dict[str, Any], who: str, declared: Path) -> None:
    del path, entry, who, declared


def _stranger(path: Path, entry: dict[str, Any], who: str, declared: Path) -> None:
    del who, declared
    sign(path, declaration(entry, "none"), "stranger", DECLARED_ON)


def _changed(path: Path, entry: dict[str, Any], who: str, declared: Path) -> None:
    """A sample was changed after signing."""
    del declared
    sign(path, declaration(entry, "none"), who, DECLARED_ON)
    data = bytearray(path.read_bytes())
    data[data.index(b"data") + 8 + RATE] ^= 1
    path.write_bytes(data)


def _superseded(path: Path, entry: dict[str, Any], who: str, declared: Path) -> None:
    """The file has the first declaration; the second, which replaces it, was sent by itself."""
    sign(path, declaration(entry, "none"), who, DECLARED_ON)
    first = path.read_bytes()
    at = DECLARED_ON + timedelta(days=20)
    newer = sign(path, declaration(entry, "assisted"), who, at, replace="own")
    path.write_bytes(first)
    (declared / f"{path.stem}.musicprov.jws").write_text(newer + "\n", encoding="ascii")


def _disputed(path: Path, entry: dict[str, Any], who: str, declared: Path) -> None:
    del declared
    sign(path, declaration(entry, "none"), who, DECLARED_ON)
    dispute(path, "northernlights", "Northern Lights")


def _late(path: Path, entry: dict[str, Any], who: str, declared: Path) -> None:
    del declared
    sign(path, declaration(entry, "partial"), who, LATE)


def _sent(path: Path, entry: dict[str, Any], who: str, declared: Path) -> None:
    """The declaration was sent, the audio was not."""
    token = sign(path, declaration(entry, "utility"), who, DECLARED_ON)
    path.unlink()
    (declared / f"{path.stem}.musicprov.jws").write_text(token + "\n", encoding="ascii")


def _case_declared(path: Path, entry: dict[str, Any], who: str, declared: Path) -> None:
    del declared
    sign(path, declaration(entry, "full", persona=True), who, DECLARED_ON)


def _case_contradicted(path: Path, entry: dict[str, Any], who: str, declared: Path) -> None:
    """Declared as made by people; the file carries what a generator writes about itself."""
    del declared
    sign(path, declaration(entry, "none"), who, DECLARED_ON)


OTHERWISE: dict[str, Callable[[Path, dict[str, Any], str, Path], None]] = {
    "nothing": _nothing,
    "marked": _nothing,
    "stranger": _stranger,
    "changed": _changed,
    "superseded": _superseded,
    "disputed": _disputed,
    "late": _late,
    "sent": _sent,
    "case-undeclared": _nothing,
    "case-declared": _case_declared,
    "case-contradicted": _case_contradicted,
}


def write_chart(path: Path) -> None:
    """The chart as a chart body might export it."""
    with path.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow([CHART["title"], "", "", "", "", "", ""])
        rows.writerow(["Pos.", "LW", "WOC", "Title", "Artist", "Label", "ISRC code"])
        for one in CHART["entries"]:
            before = one["lastWeek"] or "NEW"
            rows.writerow([one["rank"], before, one["weeks"], one["title"], one["artist"],
                           one["label"], one["isrc"]])  # fmt: skip


def write_policy(path: Path) -> None:
    """Whom the chart believes: four labels, each for its own recordings."""
    over = {label: f"{_prefix(label)}*" for label in PARTIES}
    found = {
        "policy": "musicprov-trust-policy/1",
        "id": "https://chart.example/trust",
        "version": 1,
        "issued": "2025-10-01T00:00:00Z",
        "expires": "2030-01-01T00:00:00Z",
        "require": {"binding": "exact", "identity": "vouched", "authority": "granted"},
        "parties": [
            {
                "id": party,
                "name": label,
                "keys": [{"key": signer(party).public.thumbprint, "exp": "2030-01-01T00:00:00Z"}],
            }
            for label, party in PARTIES.items()
        ],
        "grants": [
            *(
                {"party": party, "act": "declare", "as": ["label"], "over": {"isrc": [over[label]]}}
                for label, party in PARTIES.items()
            ),
            {"party": "northernlights", "act": "endorse", "over": {"isrc": ["*"]}},
        ],
    }
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def _prefix(label: str) -> str:
    return next(str(e["isrc"])[:5] for e in CHART["entries"] if e["label"] == label)


def write_detector(path: Path) -> None:
    """What a detector said about a few entries: scores, which prove nothing."""
    rows = [("QZHRW2500001", "0.97"), ("QZPRM2500001", "0.99"), ("QZBSS2500001", "0.12"),
            ("QZNLT2500001", "0.08"), ("QZPRM2500002", "0.95")]  # fmt: skip
    lines = [f"Example Detector,2.1,{score},2025-11-16,{isrc}" for isrc, score in rows]
    path.write_text("\n".join(["tool,version,score,date,isrc", *lines, ""]), encoding="utf-8")


def build(case: str, folder: Path) -> None:
    """The inputs of one case."""
    tracks, declared = folder / "tracks", folder / "declared"
    tracks.mkdir(parents=True)
    declared.mkdir()
    for entry in CHART["entries"]:
        place(entry, case, tracks, declared)
    write_chart(folder / "chart.csv")
    write_policy(folder / "policy.json")
    write_detector(folder / "detector.csv")
    (folder / "auditor.pem").write_bytes(pem_of("auditor"))
    (folder / "auditor.pem").chmod(0o600)
    public = json.dumps(dict(signer("auditor").public.jwk), indent=2)
    (folder / "auditor.pub.jwk").write_text(f"{public}\n", encoding="utf-8")


def audit(folder: Path, *more: str) -> None:
    """The audit, by the command that a chart's auditor would run."""
    command = [
        sys.executable, "-m", "provenance", "audit", "chart.csv",
        "--week", CHART["week"], "--tracks", "tracks", "--manifests", "declared",
        "--detector", "detector.csv", "--trust", "policy.json", "--rules", RULES,
        "--title", CHART["title"], "--auditor", "Example Chart Audit",
        "--at", AUDITED_AT, "--key", "auditor.pem", "--out", "report", *more,
    ]  # fmt: skip
    subprocess.run(command, cwd=folder, check=True)


def main(arguments: list[str]) -> int:
    """Build and audit the cases that are named, or all."""
    if not arguments or arguments[0].startswith("-") or not set(arguments[1:]) <= set(CASES):
        print(__doc__)
        return 2
    top, *cases = arguments
    for case in cases or CASES:
        folder = Path(top) / case
        build(case, folder)
        audit(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
