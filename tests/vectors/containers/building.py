"""What the builders of container vectors share: digests, cases, writing and checking.

Nothing of the package under test is imported.
"""

from __future__ import annotations

import hashlib
import struct
import sys
from base64 import urlsafe_b64encode
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from making import dumps, keep


def spelled(data: bytes) -> str:
    return "sha-256:" + urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def essence(
    profile: str, params: bytes, payload: bytes, sizes: list[int] | None = None
) -> dict[str, str]:
    """The expected essence (spec 5.2), from the audio bytes that the builder put in."""
    framed = b"musicprov/essence/1\0" + profile.encode() + b"\0" + params + payload
    if sizes is not None:
        framed += struct.pack(">Q", len(sizes)) + b"".join(struct.pack(">I", n) for n in sizes)
    return {"profile": profile, "digest": spelled(framed)}


def carrier(where: str, value: str, name: str = "MUSICPROV") -> dict[str, str]:
    return {"name": name, "where": where, "value": value}


def case(
    requirements: str, description: str, data: bytes, *, refusal: str | None = None, made: dict[str, str] | None = None,
    carriers: list[dict[str, str]] | None = None, notes: list[str] | None = None, incomplete: bool = False, danger: str = "",
    shown: dict[str, int] | None = None,
) -> dict[str, object]:  # fmt: skip
    """``shown`` is the presentation, where a case is about it."""
    return {
        "requirements": requirements.split(),
        "description": description,
        "danger": danger,
        "data": data,
        "expect": {
            "refusal": refusal,
            "incomplete": incomplete,
            "essence": None if refusal else made,
            "carriers": carriers or [],
            "notes": notes or [],
            **({"presentation": shown} if shown is not None else {}),
        },
    }


def id3(frames: list[tuple[str, str]]) -> bytes:
    """An ID3v2.4 tag of user text frames."""
    body = b""
    for name, value in frames:
        text = b"\x03" + name.encode() + b"\0" + value.encode()
        body += b"TXXX" + synchsafe(len(text)) + b"\0\0" + text
    return b"ID3\x04\0\0" + synchsafe(len(body)) + body


def synchsafe(number: int) -> bytes:
    return bytes((number >> shift) & 0x7F for shift in (21, 14, 7, 0))


def noise(seed: int, count: int) -> bytes:
    """Made-up bytes without FF, so that no sync word appears by accident."""
    state, out = seed, bytearray()
    for _ in range(count):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        out.append((state >> 16) % 255)
    return bytes(out)


def main(folder: Path, container: str, suffix: str, cases: dict[str, dict[str, object]]) -> int:
    """Write every case below ``folder``; with ``--check`` only compare, and exit 1 on drift."""
    wanted = {}
    for slug, made in cases.items():
        name = f"input.{suffix}"
        plain = {
            "id": f"containers/{container}/{slug}",
            "operation": "scan",
            "requirements": made["requirements"],
            "description": made["description"],
            "danger": made["danger"],
            "input": name,
            "expect": {"container": container, **made["expect"]},  # type: ignore[dict-item]
            "source": "hand-made",
        }
        wanted[slug] = {"case.json": dumps(plain), name: made["data"]}
    return keep(folder, wanted)  # type: ignore[arg-type]
