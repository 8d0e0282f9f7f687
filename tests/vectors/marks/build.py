#!/usr/bin/env python3
"""Build the vectors of marks: what other tools write about AI, in tiny WAV and AIFF files.

The audio, the statements and the keys are those of ``../verify/build.py``; nothing of the package
under test is imported. A rebuild gives the same bytes; ``--check`` exits 1 on drift.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from making import dumps, keep, load  # noqa: E402

V = load("verify_build", "verify/build.py")
SONG = V.samples(1, 100)
PCM = V.le16(SONG)
FULL = V.token(V.manifest(SONG)).decode()
OWN = {"own": [V.ARTIST.thumbprint]}
AIGC = json.dumps(
    {
        "Label": "1",
        "ContentProducer": "001191440300708461136T1XGW3",
        "ProduceID": "track-1",
        "ReservedCode1": "",
        "ContentPropagator": "",
        "PropagateID": "",
        "ReservedCode2": "",
    },
    separators=(",", ":"),
)
SUNO = "made with suno; created=2026-02-25T03:57:12Z; id=6ec687e6-b51d-4a4b-9472-27bd8be77ffa"
TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def declared(**levels: str) -> str:
    """A statement that declares these levels and nothing else."""
    return V.token(
        V.manifest(SONG, contributions=[{"area": a, "level": level} for a, level in levels.items()])
    ).decode()


NONE = declared(lyrics="none", composition="none", leadVocals="none", instrumentation="none")
ASSISTED = declared(lyrics="assisted", leadVocals="none")
MIXED = declared(mixing="none", mastering="none")


def id3(*frames: bytes) -> bytes:
    body = b"".join(frames)
    return b"ID3\x04\0\0" + V.synchsafe(len(body)) + body


def frame(name: str, content: bytes) -> bytes:
    return name.encode() + V.synchsafe(len(content)) + b"\0\0" + content


def txxx(name: str, value: str) -> bytes:
    return frame("TXXX", b"\x03" + name.encode() + b"\0" + value.encode())


def comm(text: str) -> bytes:
    return frame("COMM", b"\x03eng\0" + text.encode())


def tagged(statement: str | None, *frames: bytes, extra: bytes = b"") -> bytes:
    """The song with one ID3 chunk: the statement and these frames."""
    ours = [] if statement is None else [txxx("MUSICPROV", statement)]
    tag = id3(*ours, *frames)
    return V.wav(PCM, extra=extra + V.chunk(b"id3 ", tag))


def info(**items: str) -> bytes:
    body = b"INFO" + b"".join(V.chunk(n.encode(), v.encode() + b"\0") for n, v in items.items())
    return V.chunk(b"LIST", body)


def xmp(term: str) -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><Iptc4xmpExt:DigitalSourceType>'
        f"{TERMS}{term}</Iptc4xmpExt:DigitalSourceType></x:xmpmeta>"
    ).encode()


def mark(kind: str, where: str, strength: str, says: str | None) -> dict[str, str | None]:
    return {"kind": kind, "where": where, "strength": strength, "says": says}


TX1, TX0, COMMENT = "wav:id3[0]/TXXX[1]", "wav:id3[0]/TXXX[0]", "wav:id3[0]/COMM[0]"


def cases() -> dict[str, tuple[dict[str, object], bytes]]:
    c2pa = b"\x00application/c2pa\0c2pa\0c2pa manifest store\0" + bytes(40)
    suno_label = mark("generator", COMMENT, "residue", "generated")
    meta = {"company": "Example", "model": "m1", "created_at": "2026-01-01T00:00:00"}
    return {
        "none-declared-aigc-label": case(
            "No AI is declared, and the file carries the label of a generator in China.",
            tagged(NONE, txxx("AIGC", AIGC)),
            marks=[mark("aigc", TX1, "stated", "generated")],
            contradicted=[TX1],
            requirements=["MRK-002", "MRK-010", "MRK-012", "MRK-020"],
            danger="A declaration that the file itself contradicts, and nobody says so.",
        ),
        "full-declared-aigc-label": case(
            "Lead vocals are declared as full: the label says nothing else.",
            tagged(FULL, txxx("AIGC", AIGC)),
            marks=[mark("aigc", TX1, "stated", "generated")],
            requirements=["MRK-010", "MRK-020"],
        ),
        "assisted-declared-suno-comment": case(
            "AI that suggests is declared; the comment is that of a generator's download.",
            tagged(ASSISTED, comm(SUNO)),
            marks=[suno_label],
            contradicted=[COMMENT],
            requirements=["MRK-008", "MRK-020"],
        ),
        "only-mixing-declared-suno-comment": case(
            "Of the areas that make a track none is declared: that is not 'none'.",
            tagged(MIXED, comm(SUNO)),
            marks=[suno_label],
            requirements=["MRK-022"],
            danger="Silence taken for a denial.",
        ),
        "aigc-chunk": case(
            "The label in a chunk of its own, where the practice guide has it.",
            V.wav(PCM, V.tagged(NONE.encode()), extra=V.chunk(b"AIGC", AIGC.encode())),
            marks=[mark("aigc", "wav:AIGC[2]", "stated", "generated")],
            contradicted=["wav:AIGC[2]"],
            requirements=["MRK-002", "MRK-020"],
        ),
        "aigc-suspected": case(
            "A platform suspects: that contradicts nobody.",
            tagged(NONE, txxx("aigc", AIGC.replace('"1"', '"3"'))),
            marks=[mark("aigc", TX1, "stated", "suspected")],
            requirements=["MRK-002", "MRK-020"],
        ),
        "aigc-no-json": case(
            "A value that is no JSON object is told as it stands.",
            tagged(NONE, txxx("AIGC", "yes")),
            marks=[mark("aigc", TX1, "stated", None)],
            requirements=["MRK-004"],
        ),
        "c2pa-store": case(
            "A C2PA manifest store stands in the file; what it says is not read.",
            tagged(NONE, frame("GEOB", c2pa)),
            marks=[mark("c2pa", "wav:id3[0]/GEOB[0]", "unread", None)],
            requirements=["MRK-003"],
        ),
        "c2pa-chunk": case(
            "The same in a chunk.",
            V.wav(PCM, V.tagged(NONE.encode()), extra=V.chunk(b"C2PA", bytes(40))),
            marks=[mark("c2pa", "wav:C2PA[2]", "unread", None)],
            requirements=["MRK-002", "MRK-003"],
        ),
        "transparentmeta-human": case(
            "The mark says that people made it; the declaration says that AI sang it.",
            tagged(
                FULL,
                txxx("transparency", json.dumps({**meta, "ai_usage_level": "human_created"})),
                txxx("signature", "00" * 64),
            ),
            marks=[mark("transparentmeta", TX1, "stated", "none")],
            contradicted=[TX1],
            requirements=["MRK-005", "MRK-020"],
            danger="A copied label that passes for a verified one.",
        ),
        "xmp-trained": case(
            "An XMP packet with the term for what a trained model made.",
            V.wav(
                PCM,
                V.tagged(NONE.encode()),
                extra=V.chunk(b"_PMX", xmp("trainedAlgorithmicMedia")),
            ),
            marks=[mark("iptc", "wav:_PMX[2]", "stated", "generated")],
            contradicted=["wav:_PMX[2]"],
            requirements=["MRK-002", "MRK-006", "MRK-020"],
        ),
        "xmp-capture": case(
            "A term that says nothing about AI.",
            tagged(FULL, frame("PRIV", b"XMP\0" + xmp("digitalCapture"))),
            marks=[mark("iptc", "wav:id3[0]/PRIV[0]", "stated", None)],
            requirements=["MRK-006", "MRK-020"],
        ),
        "unsigned-summary": case(
            "The short text of a declaration without the declaration.",
            tagged(None, txxx("AI_DISCLOSURE", "leadVocals=full")),
            status="ABSENT",
            codes=["carrier.absent"],
            marks=[mark("disclosure", TX0, "stated", "generated")],
            requirements=["MRK-007", "MRK-011"],
        ),
        "own-tags-are-no-marks": case(
            "A statement and its summary: nothing foreign.",
            tagged(FULL, txxx("AI_DISCLOSURE", V.SUMMARY)),
            marks=[],
            requirements=["MRK-007"],
        ),
        "names-that-are-no-marks": case(
            "A title, a comment and a product that only look like it.",
            tagged(
                FULL,
                frame("TIT2", b"\x03made with suno"),
                comm("made with sunoptic lenses"),
                txxx("ENCODER", "Lavf60.16.100"),
                extra=info(ISFT="Lavf60.16.100", ICMT="https://notsuno.com/song/1"),
            ),
            marks=[],
            requirements=["MRK-008"],
            danger="People who are accused because of a word.",
        ),
        "suno-info-comment": case(
            "The same comment in LIST/INFO.",
            V.wav(PCM, V.tagged(NONE.encode()), extra=info(ICMT=SUNO)),
            marks=[mark("generator", "wav:LIST[2]", "residue", "generated")],
            contradicted=["wav:LIST[2]"],
            requirements=["MRK-002", "MRK-008", "MRK-020"],
        ),
        "suno-url": case(
            "The address of the song at the generator's.",
            tagged(
                NONE,
                frame("WOAS", b"https://suno.com/song/6ec687e6-b51d-4a4b-9472-27bd8be77ffa"),
            ),
            marks=[mark("generator", "wav:id3[0]/WOAS[0]", "residue", "generated")],
            contradicted=["wav:id3[0]/WOAS[0]"],
            requirements=["MRK-008", "MRK-020"],
        ),
        "more-than-are-told": case(
            "A hundred and one marks: a hundred are told, and that there are more.",
            tagged(NONE, *[txxx("AIGC", "x")] * 101),
            marks=[
                *(mark("aigc", f"wav:id3[0]/TXXX[{n}]", "stated", None) for n in range(1, 101)),
                mark("more", "wav", "unread", None),
            ],
            requirements=["MRK-009"],
            danger="A report without end.",
        ),
    }


def case(
    description: str,
    data: bytes,
    *,
    marks: list[dict[str, str | None]],
    requirements: list[str],
    status: str = "PASSED",
    codes: list[str] | None = None,
    contradicted: list[str] | None = None,
    danger: str = "",
) -> tuple[dict[str, object], bytes]:
    informs = ["carrier.mark-found"] * bool(marks) + ["content.mark-contradicts"] * bool(
        contradicted
    )
    plain = {
        "operation": "verify",
        "requirements": requirements,
        "description": description,
        "danger": danger,
        "input": "input.wav",
        "options": {"now": V.NOW, **OWN},
        "expect": {
            "status": status,
            "codes": codes or [],
            "informs": informs,
            "marks": marks,
            "contradicted": contradicted or [],
        },
        "source": "hand-made",
    }
    return plain, data


def main() -> int:
    made = {
        slug: {"case.json": dumps({"id": f"marks/{slug}", **plain}), "input.wav": data}
        for slug, (plain, data) in cases().items()
    }
    return keep(HERE, made)


if __name__ == "__main__":
    sys.exit(main())
