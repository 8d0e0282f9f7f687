#!/usr/bin/env python3
"""Build the carrier vectors: odd places, odd values and limits, in tiny WAV files.

The audio, the statement and the keys are those of ``../verify/build.py``; nothing of the package
under test is imported. A rebuild gives the same bytes; ``--check`` exits 1 on drift.
"""

from __future__ import annotations

import json
import sys
import zlib
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from making import dumps, keep, load  # noqa: E402

V = load("verify_build", "verify/build.py")
PCM = V.le16(V.SONG)
OWN = {"own": [V.ARTIST.thumbprint]}
TOKEN = V.GOOD.decode()


def with_id3(*tags: bytes, pcm: bytes = PCM) -> bytes:
    return V.wav(pcm, extra=b"".join(V.chunk(b"id3 ", tag) for tag in tags))


def compressed(name: str, value: str) -> bytes:
    """An ID3v2.4 tag with one TXXX frame, compressed, with a data length indicator."""
    plain = b"\x03" + name.encode() + b"\0" + value.encode()
    body = V.synchsafe(len(plain)) + zlib.compress(plain, 9)
    frame = b"TXXX" + V.synchsafe(len(body)) + b"\0\x09" + body
    return b"ID3\x04\0\0" + V.synchsafe(len(frame)) + frame


def flat(statement: bytes) -> dict[str, str]:
    names = ("protected", "payload", "signature")
    return dict(zip(names, statement.decode().split("."), strict=True))


def bundle(*statements: bytes, version: int = 1) -> str:
    made = {
        "bundle": f"musicprov-bundle/{version}",
        "statements": [flat(one) for one in statements],
    }
    return json.dumps(made, separators=(",", ":"))


def flattened(statement: bytes) -> str:
    return json.dumps(flat(statement))


def content(tag: tuple[str, str]) -> int:
    """Bytes of the content of an ID3 frame, as ``V.id3`` makes it."""
    name, value = tag
    return 1 + len(value) + (0 if name == "TIT2" else len(name) + 1)


def cases() -> dict[str, tuple[dict[str, object], bytes]]:
    one = V.tagged(V.GOOD)
    moods = [(f"MOOD{n}", "calm") for n in range(9)]
    brief, short = V.le16(V.SHORT), V.token(V.manifest(V.SHORT, "essence"))
    rival = V.token(
        V.manifest(V.SHORT, "essence", sequence=1, declarant={"role": "label", "name": "Rival"})
    )
    titled = [("TIT2", "Vector Song"), *V.tagged(short)]
    few = [V.id3(moods[:3]), V.id3(moods[3:6]), V.id3(V.tagged(short))]
    bundles = [("MUSICPROV", bundle(short) + " " * n) for n in range(3)]
    return {
        "other-case-name": case(
            "The tag is named musicprov, in small letters.",
            V.wav(PCM, [("musicprov", TOKEN)]),
            "PASSED",
            requirements=["CAR-002"],
        ),
        "second-tag": case(
            "The statement stands in a second ID3 tag, where our writer would not put it.",
            with_id3(V.id3([("MOOD", "calm")]), V.id3(one)),
            "PASSED",
            informs=["carrier.unexpected-place"],
            requirements=["CAR-010", "CAR-012"],
            danger="A reader that stops at the first tag sees no declaration.",
        ),
        "rival-in-second-tag": case(
            "An intact statement in the first tag, another one in the second.",
            with_id3(V.id3(one), V.id3(V.tagged(V.RIVAL))),
            "INDETERMINATE",
            ["carrier.conflict", "currency.fork"],
            code="carrier.conflict",
            requirements=["CAR-010", "CAR-011", "VER-101"],
            danger="Two programs read two declarations from one file.",
        ),
        "compressed-frame": case(
            "The statement stands in a compressed frame, which is never expanded.",
            with_id3(compressed("MUSICPROV", TOKEN)),
            "ABSENT",
            ["carrier.absent"],
            informs=["carrier.unreadable-item"],
            requirements=["CAR-013"],
            danger="A small frame that expands to gigabytes.",
        ),
        "bundle-in-tag": case(
            "A tag that holds a bundle of one statement.",
            V.wav(PCM, [("MUSICPROV", bundle(V.GOOD))]),
            "PASSED",
            requirements=["ENV-040"],
        ),
        "flattened-in-tag": case(
            "A tag that holds a flattened statement.",
            V.wav(PCM, [("MUSICPROV", flattened(V.GOOD))]),
            "PASSED",
            requirements=["ENV-040"],
        ),
        "same-statement-in-three-forms": case(
            "Compact, flattened and in a bundle: one statement in three places.",
            V.wav(
                PCM,
                [*one, ("MUSICPROV", flattened(V.GOOD)), ("MUSICPROV", bundle(V.GOOD))],
            ),
            "PASSED",
            informs=["carrier.duplicate-identical"],
            requirements=["ENV-040", "VER-020"],
        ),
        "bundle-of-another-version": case(
            "The only value is a bundle of a version that does not exist.",
            V.wav(PCM, [("MUSICPROV", bundle(V.GOOD, version=9))]),
            "INDETERMINATE",
            code="carrier.malformed",
            informs=["carrier.malformed"],
            requirements=["VER-021", "VER-114", "VDT-003", "VDT-006"],
            danger="A value without any statement that passes for want of a failure.",
        ),
        "empty-bundle": case(
            "The only value is a bundle without a statement.",
            V.wav(PCM, [("MUSICPROV", bundle())]),
            "INDETERMINATE",
            code="carrier.malformed",
            informs=["carrier.malformed"],
            requirements=["VER-021", "VER-114", "VDT-003", "VDT-006"],
            danger="A value without any statement that passes for want of a failure.",
        ),
        "no-statement": case(
            "The only value is a word.",
            V.wav(PCM, [("MUSICPROV", "hello")]),
            "FAILED",
            ["jws.malformed"],
            code="jws.malformed",
            requirements=["VER-021", "ENV-040"],
        ),
        "nothing-in-the-tag": case(
            "The only value is empty.",
            V.wav(PCM, [("MUSICPROV", "")]),
            "FAILED",
            ["jws.malformed"],
            code="jws.malformed",
            requirements=["VER-021", "ENV-040"],
        ),
        "empty-object": case(
            "The only value is an empty object.",
            V.wav(PCM, [("MUSICPROV", "{}")]),
            "FAILED",
            ["jws.malformed"],
            code="jws.malformed",
            requirements=["VER-021", "ENV-040"],
        ),
        "bundle-without-name": case(
            "A good statement in a bundle that does not say that it is one.",
            V.wav(PCM, [("MUSICPROV", json.dumps({"statements": [flat(V.GOOD)]}))]),
            "FAILED",
            ["jws.malformed"],
            code="jws.malformed",
            requirements=["VER-021", "ENV-040"],
        ),
        "bundle-named-twice": case(
            "A good statement in a bundle with a member twice.",
            V.wav(
                PCM,
                [("MUSICPROV", bundle(V.GOOD).replace("{", '{"bundle":"musicprov-bundle/1",', 1))],
            ),
            "FAILED",
            ["jws.malformed"],
            code="jws.malformed",
            requirements=["VER-021", "ENV-040"],
            danger="Two readers, two bundles.",
        ),
        "bundle-cut": case(
            "A bundle that breaks off.",
            V.wav(PCM, [("MUSICPROV", bundle(V.GOOD)[:-1])]),
            "FAILED",
            ["jws.malformed"],
            code="jws.malformed",
            requirements=["VER-021", "ENV-040"],
        ),
        "bundle-of-text": case(
            "A bundle with a compact token, which is no flattened one.",
            V.wav(
                PCM,
                [
                    (
                        "MUSICPROV",
                        json.dumps({"bundle": "musicprov-bundle/1", "statements": [TOKEN]}),
                    )
                ],
            ),
            "FAILED",
            ["jws.malformed"],
            code="jws.malformed",
            requirements=["VER-021", "ENV-040"],
        ),
        "bundle-of-no-list": case(
            "A bundle whose statements are one object.",
            V.wav(
                PCM,
                [
                    (
                        "MUSICPROV",
                        json.dumps({"bundle": "musicprov-bundle/1", "statements": flat(V.GOOD)}),
                    )
                ],
            ),
            "INDETERMINATE",
            [],
            code="carrier.malformed",
            informs=["carrier.malformed"],
            requirements=["VER-021", "VDT-006"],
        ),
        "bundle-with-more": case(
            "A bundle with members of other versions, and those of a token by another key.",
            V.wav(
                PCM,
                [
                    (
                        "MUSICPROV",
                        json.dumps({**json.loads(bundle(V.GOOD)), **flat(V.RIVAL), "tlog": []}),
                    )
                ],
            ),
            "PASSED",
            [],
            requirements=["ENV-040"],
            danger="One value read as two declarations.",
        ),
        "malformed-beside-good": case(
            "A bundle of another version beside a good statement.",
            V.wav(PCM, [*one, ("MUSICPROV", bundle(V.GOOD, version=9))]),
            "PASSED",
            informs=["carrier.malformed"],
            requirements=["VER-021", "VER-102"],
        ),
        "statement-too-large": case(
            "The statement is larger than the limit, here 1,000 bytes.",
            V.wav(PCM, one),
            "INDETERMINATE",
            ["carrier.too-large"],
            code="carrier.too-large",
            options={"limits": {"envelope_bytes": 1000}},
            requirements=["SEC-001"],
            danger="Work without bound before a signature is checked.",
        ),
        "value-too-large": case(
            "The only value is larger than any may be, here 5,000 bytes: it is not read.",
            V.wav(PCM, [("MUSICPROV", "x" * 5001)]),
            "INDETERMINATE",
            ["carrier.too-large"],
            code="carrier.too-large",
            options={"limits": {"bundle_bytes": 5000}},
            requirements=["CAR-019", "ID3-006", "SEC-001"],
            danger="What was not read shown as broken, or as nothing.",
        ),
        "value-too-large-beside-good": case(
            "Such a value in a second tag, beside a good statement.",
            with_id3(V.id3(one), V.id3([("MUSICPROV", "x" * 5001)])),
            "PASSED",
            informs=["carrier.unusable", "carrier.multiple"],
            options={"limits": {"bundle_bytes": 5000}},
            requirements=["CAR-019", "VER-102"],
            danger="Whoever can add a tag takes a good statement's result away.",
        ),
        "bundle-too-large-beside-good": case(
            "The same with a value that begins like a bundle.",
            with_id3(V.id3(one), V.id3([("MUSICPROV", bundle(V.RIVAL) + " " * 5001)])),
            "PASSED",
            informs=["carrier.unusable", "carrier.multiple"],
            options={"limits": {"bundle_bytes": 5000}},
            requirements=["CAR-019", "VER-102"],
        ),
        "value-past-a-shared-limit": case(
            "A value that is small enough, but with the title passes what all tags may have: it "
            "is not read.",
            V.wav(brief, titled),
            "INDETERMINATE",
            ["carrier.scan-incomplete"],
            code="carrier.scan-incomplete",
            options={"limits": {"tag_read_bytes": sum(map(content, titled)) - 1}},
            requirements=["CAR-056", "ID3-009", "SEC-001"],
            danger="A small declaration called too large, and its declarant asked for another.",
        ),
        "value-within-a-shared-limit": case(
            "The same with one byte more to share.",
            V.wav(brief, titled),
            "PASSED",
            options={"limits": {"tag_read_bytes": sum(map(content, titled))}},
            requirements=["CAR-056", "ID3-009"],
        ),
        "bundle-past-a-shared-limit": case(
            "Of three bundles that are small enough, the JSON of two may be read: the last one is "
            "left, and the token after it, a rival, is read.",
            V.wav(brief, [*bundles, *V.tagged(rival)]),
            "INDETERMINATE",
            ["carrier.conflict", "carrier.scan-incomplete", "currency.fork"],
            code="carrier.scan-incomplete",
            options={"limits": {"bundle_bytes": len(bundles[-1][1])}},
            requirements=["CAR-056", "VER-012", "VER-101"],
            danger="Bundles in front hide a rival.",
        ),
        "scan-cut-by-a-limit": case(
            "More tag frames than the limit, here 3, so a declaration may be behind them.",
            V.wav(PCM, [*moods, *one]),
            "INDETERMINATE",
            ["carrier.scan-incomplete"],
            code="carrier.scan-incomplete",
            options={"limits": {"items": 3}},
            requirements=["VER-012", "SEC-001"],
            danger="A file that was not read to the end shown as 'nothing declared'.",
        ),
        "more-carriers-than-the-limit": case(
            "One statement three times, where the limit is two: the third may be another.",
            V.wav(PCM, [("MUSICPROV", TOKEN)] * 3),
            "INDETERMINATE",
            ["carrier.scan-incomplete"],
            code="carrier.scan-incomplete",
            informs=["carrier.duplicate-identical"],
            options={"limits": {"carriers": 2}},
            requirements=["CAR-060", "VER-012", "SEC-001"],
            danger="A small file makes a report of many megabytes.",
        ),
        "as-many-carriers-as-the-limit": case(
            "The same, and three are allowed.",
            V.wav(PCM, [("MUSICPROV", TOKEN)] * 3),
            "PASSED",
            informs=["carrier.duplicate-identical"],
            options={"limits": {"carriers": 3}},
            requirements=["CAR-060"],
        ),
        "more-unreadable-items-than-the-limit": case(
            "Two frames that are not opened, where the limit is one, and nothing else.",
            with_id3(compressed("MUSICPROV", TOKEN), compressed("MUSICPROV", TOKEN)),
            "INDETERMINATE",
            ["carrier.scan-incomplete"],
            code="carrier.scan-incomplete",
            informs=["carrier.unreadable-item"],
            options={"limits": {"carriers": 1}},
            requirements=["CAR-060", "VER-012"],
            danger="A file of which not everything was told shown as 'nothing declared'.",
        ),
        "frames-past-a-shared-limit": case(
            "Three tags with few frames each, and together more than the limit, here 6.",
            with_id3(*few, pcm=brief),
            "INDETERMINATE",
            ["carrier.scan-incomplete"],
            code="carrier.scan-incomplete",
            options={"limits": {"items": 6}},
            requirements=["ID3-009", "VER-012", "SEC-001"],
            danger="Work and memory without bound, in chunks that are small one by one.",
        ),
        "frames-within-a-shared-limit": case(
            "The same with as many frames more as the third tag has.",
            with_id3(*few, pcm=brief),
            "PASSED",
            informs=["carrier.unexpected-place"],
            options={"limits": {"items": 6 + len(V.tagged(short))}},
            requirements=["ID3-009"],
        ),
        "too-many-statements": case(
            "More distinct statements than the limit, here 1.",
            V.wav(PCM, V.tagged(V.GOOD, V.RIVAL)),
            "INDETERMINATE",
            ["carrier.scan-incomplete"],
            code="carrier.scan-incomplete",
            options={"limits": {"statements": 1}},
            requirements=["VER-012", "SEC-001"],
        ),
        "payloads-past-the-limit": case(
            "Two statements whose payloads together pass the limit: the second one is not read.",
            V.wav(PCM, V.tagged(V.GOOD, V.RIVAL)),
            "INDETERMINATE",
            ["carrier.scan-incomplete"],
            code="carrier.scan-incomplete",
            options={"limits": {"payload_bytes": len(V.body(V.GOOD)) + 10}},
            requirements=["VER-012", "SEC-001"],
            danger="A rival statement that is passed over in silence.",
        ),
        "summary-of-other-case": case(
            "The summary is named ai_disclosure and agrees with the statement.",
            V.wav(PCM, [*one, ("ai_disclosure", V.SUMMARY)]),
            "PASSED",
            requirements=["CAR-002", "CAR-017"],
        ),
    }


def case(
    description: str,
    data: bytes,
    status: str,
    codes: list[str] | None = None,
    *,
    requirements: list[str],
    options: dict[str, object] | None = None,
    danger: str = "",
    **more: object,
) -> tuple[dict[str, object], bytes]:
    plain = {
        "operation": "verify",
        "requirements": requirements,
        "description": description,
        "danger": danger,
        "input": "input.wav",
        "options": {"now": V.NOW, **OWN, **(options or {})},
        "expect": {"status": status, "codes": codes or [], **more},
        "source": "hand-made",
    }
    return plain, data


def main() -> int:
    made = {
        slug: {"case.json": dumps({"id": f"carriers/{slug}", **plain}), "input.wav": data}
        for slug, (plain, data) in cases().items()
    }
    return keep(HERE, made)


if __name__ == "__main__":
    sys.exit(main())
