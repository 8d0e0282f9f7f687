#!/usr/bin/env python3
"""Make the label and the report of every example, with a fixed key, time and recording.

    python examples/build.py           writes label.svg, label.txt and report.json
    python examples/build.py --check   exits 1 when one of them is no longer what the tool makes

The key is derived from a label and protects nothing.
"""

from __future__ import annotations

import hashlib
import json
import struct
import sys
import tempfile
import wave
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from provenance.issuing.sign import Wishes, draft, issue
from provenance.labels.sentence import sentence
from provenance.labels.short_code import short_code
from provenance.labels.standing import Standing
from provenance.labels.svg import svg
from provenance.reports.as_json import dumps, report
from provenance.reports.as_text import render
from provenance.signing.keys import load_private
from provenance.signing.signer import FileSigner
from provenance.trust.identity import Keyring
from provenance.verify.outcome import Context
from provenance.wire.decode import decode_declaration
from provenance.workspace.verifying import verify_path

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LANGUAGES = ("en", "de", "es", "fr", "sv")


IMAGES = HERE.parent / "spec" / "images"
PICTURED = "walk-my-walk"


def compose(path: Path) -> None:
    """Two seconds of triangle waves, in whole numbers, so that every machine makes the same."""
    samples = []
    for n in range(44_100):
        step = (221, 277, 331)[n // 14_700]
        samples.append(abs((n * step) % 44_100 - 22_050) - 11_025)
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 22_050, 0, "NONE", ""))
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))


def picture(text: str) -> str:
    """Lines of a terminal as SVG."""
    lines = [line for raw in text.split("\n") for line in folded(raw)]
    height = 28 + 19 * len(lines)
    rows = "".join(
        f'<text x="16" y="{32 + 19 * n}" xml:space="preserve">{escape(line)}</text>'
        for n, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t" width="860" '
        f'height="{height}" viewBox="0 0 860 {height}"><title id="t">{escape(text)}</title>'
        f"<style>text{{font:13px ui-monospace,monospace;fill:#f2f2f2}}</style>"
        f'<rect width="860" height="{height}" rx="8" fill="#16181c"/>{rows}</svg>\n'
    )


def folded(line: str, width: int = 100) -> list[str]:
    if len(line) <= width:
        return [line]
    cut = line.rfind(" ", 0, width)
    return [line[:cut], *folded(" " * 10 + line[cut + 1 :], width)]


def signer() -> FileSigner:
    secret = int.from_bytes(hashlib.sha256(b"musicprov examples").digest(), "big") >> 1
    pem = ec.derive_private_key(secret, ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return FileSigner(load_private(pem, None))


def made(folder: Path, recording: Path) -> dict[str, str]:
    """The files that belong to one example."""
    plain = json.loads((folder / "declaration.json").read_bytes())
    manifest, found = decode_declaration((folder / "declaration.json").read_bytes())
    if manifest is None:
        raise SystemExit(f"{folder.name}: {[f.detail.get('message') for f in found]}")
    sentences = "".join(f"{lang}: {sentence(manifest, lang)}\n" for lang in LANGUAGES)
    key = signer()
    context = Context(now=NOW, keyring=Keyring({key.public.thumbprint: None}))
    song = recording.with_name("song.wav")
    song.write_bytes(recording.read_bytes())
    number = hashlib.sha256(folder.name.encode()).digest()[:16]
    wishes = Wishes(
        tiers=frozenset({"essence", "samples"}),
        new_id=lambda: f"urn:uuid:{UUID(bytes=number, version=4)}",
    )
    prepared = draft([song], plain, key.public.thumbprint, context, wishes)
    issue(prepared, key, context, wishes)
    verdict = verify_path(song, context)
    result = report("song.wav", verdict, context)
    if folder.name == PICTURED:
        keep(IMAGES / "verdict.svg", picture(render("song.wav", result)))
        keep(IMAGES / "label.svg", svg(manifest, "en", "light", standing=Standing.SIGNED))
    return {
        "label.svg": svg(manifest, "en", standing=Standing.SIGNED),
        "label.txt": f"code: {short_code(manifest)}\n{sentences}",
        "report.json": dumps(result, indent=2) + "\n",
    }


drift: list[str] = []


def keep(path: Path, text: str) -> None:
    """Write a file, or with --check note that it differs."""
    if "--check" not in sys.argv:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    elif not path.is_file() or path.read_text(encoding="utf-8") != text:
        drift.append(str(path.relative_to(HERE.parent)))


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        recording = Path(name) / "master.wav"
        compose(recording)
        for folder in sorted(p.parent for p in HERE.glob("*/declaration.json")):
            for file, text in made(folder, recording).items():
                keep(folder / file, text)
    for path in drift:
        print(f"{path} is not what the tool makes")
    return 1 if drift else 0


if __name__ == "__main__":
    sys.exit(main())
