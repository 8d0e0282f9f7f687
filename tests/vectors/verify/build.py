#!/usr/bin/env python3
"""Build the verification vectors: tiny WAV and AIFF files with statements, and what must follow.

Nothing of the package under test is imported: the files, tags, digests and signatures are made
here by hand from the specification. Keys come from labels, times are fixed, signatures are
deterministic (RFC 6979), so a rebuild gives the same bytes; ``--check`` exits 1 on drift.
"""

from __future__ import annotations

import hashlib
import json
import struct
import sys
from base64 import urlsafe_b64encode
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from making import keep  # noqa: E402

NOW = "2027-01-01T00:00:00Z"
IAT = 1_795_392_000  # 2026-11-23T00:00:00Z
ISSUED = "2026-11-23T00:00:00Z"
TYP = "vnd.musicprov.disclosure+jwt"
CTY = "vnd.musicprov.disclosure+json"
ORDER = int("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16)


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def digest(data: bytes) -> str:
    return "sha-256:" + b64(hashlib.sha256(data).digest())


class Key:
    """A P-256 key derived from a label."""

    def __init__(self, label: str) -> None:
        secret = int.from_bytes(hashlib.sha256(label.encode()).digest(), "big") % (ORDER - 1) + 1
        self.private = ec.derive_private_key(secret, ec.SECP256R1())
        numbers = self.private.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        self.jwk = {"kty": "EC", "crv": "P-256", "x": b64(x), "y": b64(y)}
        canonical = {"crv": "P-256", "kty": "EC", "x": b64(x), "y": b64(y)}
        text = json.dumps(canonical, separators=(",", ":"))
        self.thumbprint = b64(hashlib.sha256(text.encode()).digest())

    def sign(self, data: bytes) -> bytes:
        algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        r, s = decode_dss_signature(self.private.sign(data, algorithm))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


ARTIST, OTHER = Key("musicprov vectors: artist"), Key("musicprov vectors: other")


def header(key: Key, **changed: object) -> dict[str, object]:
    made: dict[str, object] = {
        "alg": "ES256",
        "typ": TYP,
        "cty": CTY,
        "iat": IAT,
        "jwk": key.jwk,
        "kid": "urn:ietf:params:oauth:jwk-thumbprint:sha-256:" + key.thumbprint,
    }
    made.update(changed)
    return {k: v for k, v in made.items() if v is not None}


def token(manifest: object, key: Key = ARTIST, **changed: object) -> bytes:
    payload = manifest if isinstance(manifest, bytes) else compact(manifest)
    signing_input = f"{b64(compact(header(key, **changed)))}.{b64(payload)}".encode()
    return signing_input + b"." + b64(key.sign(signing_input)).encode()


def sid(made: bytes) -> str:
    return b64(hashlib.sha256(made.rsplit(b".", 1)[0]).digest())


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


# ---- audio, by hand ----------------------------------------------------------------------


def samples(seed: int, count: int = 2000) -> list[int]:
    """A made-up 16-bit waveform (an LCG, so every seed sounds different)."""
    state, out = seed, []
    for _ in range(count):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        out.append((state >> 15) - 32768)
    return out


def le16(values: list[int]) -> bytes:
    return struct.pack(f"<{len(values)}h", *values)


def be16(values: list[int]) -> bytes:
    return struct.pack(f">{len(values)}h", *values)


RATE = 44_100


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + (b"\0" if len(body) % 2 else b"")


def id3(frames: list[tuple[str, str]]) -> bytes:
    """An ID3v2.4 tag: (description or frame id, value); four-letter ids are plain frames."""
    body = b""
    for name, value in frames:
        if name in {"TIT2", "TPE1", "TSRC"}:
            frame_id, text = name, b"\x03" + value.encode()
        else:
            frame_id, text = "TXXX", b"\x03" + name.encode() + b"\0" + value.encode()
        body += frame_id.encode() + synchsafe(len(text)) + b"\0\0" + text
    return b"ID3\x04\0\0" + synchsafe(len(body)) + body


def synchsafe(number: int) -> bytes:
    return bytes((number >> shift) & 0x7F for shift in (21, 14, 7, 0))


def wav(
    pcm: bytes, tags: list[tuple[str, str]] = (), *, bits: int = 16, extra: bytes = b""
) -> bytes:
    fmt = struct.pack("<HHIIHH", 1, 1, RATE, RATE * bits // 8, bits // 8, bits)
    body = b"WAVE" + chunk(b"fmt ", fmt) + chunk(b"data", pcm) + extra
    if tags:
        body += chunk(b"id3 ", id3(list(tags)))
    return b"RIFF" + struct.pack("<I", len(body)) + body


def aiff(pcm: bytes, tags: list[tuple[str, str]]) -> bytes:
    def be_chunk(name: bytes, body: bytes) -> bytes:
        return name + struct.pack(">I", len(body)) + body + (b"\0" if len(body) % 2 else b"")

    rate = struct.pack(">HQ", 16383 + 15, RATE << 48)  # 80-bit float of 44,100
    comm = struct.pack(">hIh", 1, len(pcm) // 2, 16) + rate
    body = b"AIFF" + be_chunk(b"COMM", comm) + be_chunk(b"SSND", bytes(8) + pcm)
    body += be_chunk(b"ID3 ", id3(tags))
    return b"FORM" + struct.pack(">I", len(body)) + body


def essence(profile: str, bits: int, pcm: bytes) -> str:
    params = struct.pack(">BIHB", 1, RATE, 1, bits)
    framed = b"musicprov/essence/1\0" + profile.encode() + b"\0" + params + pcm
    return digest(framed)


def pcm_hash(values: list[int]) -> str:
    left = struct.pack(f"<{len(values)}i", *(v << 16 for v in values))
    return digest(b"pcm/1\0" + struct.pack(">IHB", RATE, 1, 1) + left)


def bindings(values: list[int], *tiers: str) -> list[dict[str, object]]:
    made: dict[str, dict[str, object]] = {
        "essence": {
            "tier": "essence",
            "profile": "pcm-le",
            "digest": essence("pcm-le", 16, le16(values)),
        },
        "samples": {
            "tier": "samples",
            "digest": pcm_hash(values),
            "rate": RATE,
            "channels": 1,
            "bits": 16,
            "samples": len(values),
        },
        "fingerprint": {
            "tier": "fingerprint",
            "algorithm": "chromaprint-1",
            "value": "AQAAAA",
            "durationMs": 45,
        },
    }
    return [made[t] for t in (tiers or ("essence", "samples"))]


SONG, SECOND, SHORT = samples(1), samples(2), samples(4, 100)


def manifest(values: list[int] = SONG, *tiers: str, **changed: object) -> dict[str, object]:
    made: dict[str, object] = {
        "type": "Disclosure",
        "specVersion": "1.0",
        "id": "urn:uuid:6f1c2a4e-3b5d-4c7e-8f90-a1b2c3d4e5f6",
        "issued": ISSUED,
        "sequence": 1,
        "declarant": {"role": "artist", "name": "Vector Artist"},
        "subject": {
            "title": "Vector Song",
            "isrc": "QZZZZ2600001",
            "bindings": bindings(values, *tiers),
        },
        "contributions": [
            {"asset": "recording", "area": "leadVocals", "level": "full"},
            {"asset": "recording", "area": "mixing", "level": "utility"},
        ],
    }
    made.update(changed)
    return {k: v for k, v in made.items() if v is not None}


SUMMARY = "leadVocals=full; mixing=utility"
GOOD = token(manifest())
RIVAL = token(
    manifest(contributions=[{"asset": "recording", "area": "leadVocals", "level": "none"}])
)


def tagged(*tokens: bytes, more: list[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    return [("MUSICPROV", t.decode()) for t in tokens] + list(more)


def flipped(values: list[int]) -> list[int]:
    return [*values[:1000], values[1000] ^ 1, *values[1001:]]


def edited(made: bytes) -> bytes:
    head, body, tail = made.split(b".")
    plain = compact(
        manifest(contributions=[{"asset": "recording", "area": "leadVocals", "level": "none"}])
    )
    return b".".join((head, b64(plain).encode(), tail)) if body else made


def cases() -> dict[str, dict[str, object]]:
    own, pinned = {"own": [ARTIST.thumbprint]}, {"pinned": [ARTIST.thumbprint]}
    newer = token(
        manifest(
            sequence=2,
            supersedes=sid(GOOD),
            contributions=[{"asset": "recording", "area": "leadVocals", "level": "partial"}],
        )
    )
    stolen = token(
        manifest(
            sequence=2,
            supersedes=sid(GOOD),
            contributions=[{"asset": "recording", "area": "leadVocals", "level": "none"}],
        ),
        OTHER,
    )
    third = token(
        manifest(
            sequence=3,
            supersedes=sid(stolen),
            contributions=[{"asset": "recording", "area": "leadVocals", "level": "partial"}],
        )
    )
    # as ASCII text the sids are -8Bg... < 8vMh... < Y7h_...; as bytes it is the other way round
    brief = manifest(SHORT, "essence")
    shown, cosigned = token(brief), token(brief, OTHER)
    named = {"title": "Another Song", "bindings": bindings(SHORT, "essence")}
    other_id = "urn:uuid:00000047-3b5d-4c7e-8f90-a1b2c3d4e5f6"
    renamed = token(brief | {"id": other_id, "subject": named})
    retitled = [("TIT2", "Another Song")]
    duet = manifest()
    duet["subject"] |= {"artists": [{"name": "Ana Exampel"}, {"name": "Bob Guest"}]}
    pcm = le16(SONG)
    return {
        "passed-own-key": case(
            "A statement of the user's own key, bound exactly.",
            wav(pcm, tagged(GOOD)),
            own,
            "PASSED",
            [],
            ["VER-001"],
            code="binding.exact",
            informs=[
                "truth.not-assessed",
                "authority.not-evaluated",
                "currency.not-checked",
                "time.claimed",
            ],
        ),
        "passed-pinned-key": case(
            "The same file for someone who pinned the key.",
            wav(pcm, tagged(GOOD)),
            pinned,
            "PASSED",
            [],
            ["VER-001"],
        ),
        "unknown-key": case(
            "The same file for a stranger: intact, but nobody they know signed it.",
            wav(pcm, tagged(GOOD)),
            {},
            "INDETERMINATE",
            ["policy.unmet"],
            ["VER-001"],
            code="identity.unknown",
            informs=["identity.unknown"],
            danger="A green light for anyone's key.",
        ),
        "absent": case(
            "A file without any declaration.",
            wav(pcm),
            own,
            "ABSENT",
            ["carrier.absent"],
            ["VER-001"],
            code="carrier.absent",
            danger="Absence shown as 'no AI'.",
        ),
        "absent-with-summary": case(
            "Only the unsigned summary tag: nobody declared anything.",
            wav(pcm, [("AI_DISCLOSURE", SUMMARY)]),
            own,
            "ABSENT",
            ["carrier.absent"],
            ["VER-001"],
            informs=["carrier.summary-unsigned"],
            danger="An unsigned tag taken for a declaration.",
        ),
        "edited-payload": case(
            "The payload was edited after signing.",
            wav(pcm, tagged(edited(GOOD))),
            own,
            "FAILED",
            ["signature.invalid"],
            ["VER-001"],
            code="signature.invalid",
            danger="Anyone could edit a signed declaration.",
        ),
        "swapped-key": case(
            "jwk of another key under the old kid.",
            wav(pcm, tagged(token(manifest(), ARTIST, jwk=OTHER.jwk))),
            own,
            "FAILED",
            ["jws.key.mismatch"],
            ["VER-001"],
            danger="A key id that lies about the key.",
        ),
        "signed-by-other-key": case(
            "Header names the artist's key, another key signed.",
            wav(pcm, tagged(resigned())),
            own,
            "FAILED",
            ["signature.invalid"],
            ["VER-001"],
            danger="Signing as somebody else.",
        ),
        "copied-to-other-recording": case(
            "The manifest of one recording in the file of another.",
            wav(le16(samples(3, 3000)), tagged(GOOD)),
            own,
            "FAILED",
            ["binding.mismatch"],
            ["VER-001"],
            code="binding.mismatch",
            danger="A declaration moved to another song.",
        ),
        "one-sample-flipped": case(
            "One bit of one sample was changed: same length, other samples.",
            wav(le16(flipped(SONG)), tagged(GOOD)),
            own,
            "FAILED",
            ["binding.mismatch"],
            ["VER-001"],
            danger="Edited audio under an intact declaration.",
        ),
        "essence-only-other-audio": case(
            "A manifest with tier 1 only, other audio.",
            wav(le16(SECOND), tagged(token(manifest(SONG, "essence")))),
            own,
            "FAILED",
            ["binding.mismatch"],
            ["VER-001"],
        ),
        "retagged": case(
            "Title and more tags were added after signing; the audio is the same.",
            wav(pcm, tagged(GOOD, more=[("TPE1", "Somebody"), ("MOOD", "calm")])),
            own,
            "PASSED",
            [],
            ["VER-001"],
            code="binding.exact",
        ),
        "lossless-aiff": case(
            "The same samples in an AIFF file.",
            aiff(be16(SONG), tagged(GOOD)),
            own,
            "PASSED",
            [],
            ["VER-001"],
            code="binding.lossless",
            name="input.aiff",
        ),
        "lossless-refused-by-wish": case(
            "The same, when the asker requires the exact bytes.",
            aiff(be16(SONG), tagged(GOOD)),
            {**own, "require": ["binding=exact"]},
            "INDETERMINATE",
            ["policy.unmet"],
            ["VER-001"],
            code="binding.lossless",
            name="input.aiff",
        ),
        "fingerprint-not-computed": case(
            "Other audio; tier 3 is recorded but no decoder may run.",
            wav(
                le16(samples(3, 3000)),
                tagged(token(manifest(SONG, "essence", "samples", "fingerprint"))),
            ),
            {**own, "decode": "never"},
            "INDETERMINATE",
            ["binding.not-checked", "policy.unmet"],
            ["VER-001"],
            code="binding.not-checked",
        ),
        "refused-container": case(
            "A WAV with two data chunks has no essence; no other tier can hold.",
            wav(pcm, tagged(token(manifest(SONG, "essence"))), extra=chunk(b"data", pcm)),
            own,
            "INDETERMINATE",
            ["binding.unsupported", "policy.unmet"],
            ["VER-001"],
            code="binding.unsupported",
        ),
        "bare-token": case(
            "A token without audio binds nothing.",
            None,
            {**own, "given": "given.jws"},
            "INDETERMINATE",
            ["binding.not-checked", "policy.unmet"],
            ["VER-001"],
            given=GOOD,
        ),
        "given-for-stripped-file": case(
            "The tag was stripped; the extracted token is given beside.",
            wav(pcm),
            {**own, "given": "given.jws"},
            "PASSED",
            [],
            ["VER-001"],
            given=GOOD,
        ),
        "identical-twice": case(
            "The same token stands twice: it collapses.",
            wav(pcm, tagged(GOOD, GOOD)),
            own,
            "PASSED",
            [],
            ["VER-001"],
            informs=["carrier.duplicate-identical"],
        ),
        "junk-beside-good": case(
            "A second tag holds junk: it never lowers a good one, but is named.",
            wav(pcm, tagged(GOOD, b"eyJunk")),
            own,
            "PASSED",
            [],
            ["VER-001"],
            informs=["carrier.multiple", "carrier.unusable"],
            danger="Spoiling a good declaration by adding a tag.",
        ),
        "contradicting": case(
            "Two intact statements of one key contradict each other.",
            wav(pcm, tagged(GOOD, RIVAL)),
            own,
            "INDETERMINATE",
            ["carrier.conflict", "currency.fork"],
            ["VER-001"],
            code="carrier.conflict",
            informs=["carrier.multiple"],
            danger="A verifier that picks one.",
        ),
        "contradicting-stranger": case(
            "A stranger's rival statement beside the user's own: still a conflict.",
            wav(pcm, tagged(GOOD, token(json.loads(body(RIVAL)), OTHER))),
            own,
            "INDETERMINATE",
            ["carrier.conflict"],
            ["VER-001", "VER-103"],
            code="carrier.conflict",
        ),
        "conflict-of-numbers": case(
            "Two heads of one key: the one with the higher number is shown, so none is newer.",
            wav(pcm, tagged(third, GOOD)),
            own,
            "INDETERMINATE",
            ["carrier.conflict"],
            ["VER-001", "VER-101", "VER-103"],
            code="carrier.conflict",
        ),
        "conflict-of-numbers-and-keys": case(
            "The same for a stranger's third: the own key stands higher, and nothing is newer.",
            wav(pcm, tagged(token(json.loads(body(third)), OTHER), GOOD)),
            own,
            "INDETERMINATE",
            ["carrier.conflict"],
            ["VER-001", "VER-103"],
            code="carrier.conflict",
        ),
        "conflict-by-sid": case(
            "Two heads differ in their sids alone: the greater as ASCII text, 8vMh..., is shown, "
            "and not -8Bg..., whose title the file has.",
            wav(le16(SHORT), tagged(renamed, shown, more=retitled)),
            own,
            "INDETERMINATE",
            ["carrier.conflict", "currency.fork"],
            ["VER-103"],
            code="carrier.conflict",
            informs=["content.tag-differs"],
            danger="Two programs show two declarations of one file.",
        ),
        "conflict-by-sid-first": case(
            "The same with the greater sid in front.",
            wav(le16(SHORT), tagged(shown, renamed, more=retitled)),
            own,
            "INDETERMINATE",
            ["carrier.conflict", "currency.fork"],
            ["VER-103"],
            code="carrier.conflict",
            informs=["content.tag-differs"],
        ),
        "cosigned-by-sid": case(
            "One payload by an own key with the lesser sid, 8vMh..., and by a pinned one with "
            "the greater, Y7h_...: both keys stand equally high, so the sid decides.",
            wav(le16(SHORT), tagged(shown, cosigned)),
            {**own, "pinned": [OTHER.thumbprint]},
            "PASSED",
            [],
            ["VER-103"],
            confirms=["identity.pinned"],
        ),
        "two-broken": case(
            "A value that is no statement, and one whose payload was edited: that got further.",
            wav(pcm, [("MUSICPROV", "hello"), *tagged(edited(GOOD))]),
            own,
            "FAILED",
            ["signature.invalid"],
            ["VER-001", "VER-100"],
            code="signature.invalid",
            informs=["carrier.unusable"],
            danger="Junk in front of an edited declaration tells another story of it.",
        ),
        "superseded": case(
            "An older statement beside the one that supersedes it.",
            wav(pcm, tagged(GOOD, newer)),
            own,
            "PASSED",
            [],
            ["VER-001"],
            informs=["currency.superseded"],
        ),
        "superseded-by-stranger": case(
            "A stranger's statement claims to supersede: no lineage, a conflict.",
            wav(pcm, tagged(GOOD, stolen)),
            own,
            "INDETERMINATE",
            ["carrier.conflict"],
            ["VER-001"],
            informs=["currency.superseded-by-other"],
            danger="Anyone could supersede a label's declaration.",
        ),
        "co-signed": case(
            "Two keys signed the same payload bytes.",
            wav(pcm, tagged(token(manifest(), OTHER), GOOD)),
            own,
            "PASSED",
            [],
            ["VER-001"],
            informs=["carrier.multiple"],
        ),
        "summary-differs": case(
            "The unsigned summary says something else than the signed statement.",
            wav(pcm, tagged(GOOD, more=[("AI_DISCLOSURE", "leadVocals=none")])),
            own,
            "PASSED",
            [],
            ["VER-001"],
            informs=["content.summary-differs"],
        ),
        "tag-differs": case(
            "The title tag differs from the signed title.",
            wav(pcm, tagged(GOOD, more=[("TIT2", "Another Title")])),
            own,
            "PASSED",
            [],
            ["VER-001"],
            informs=["content.tag-differs"],
        ),
        "tag-artists-differ": case(
            "Two signed artists, of whom the tags name one.",
            wav(pcm, tagged(token(duet), more=[("TPE1", "Ana Exampel")])),
            own,
            "PASSED",
            [],
            ["VER-001", "VER-120"],
            informs=["content.tag-differs"],
        ),
        "unknown-typ": case(
            "A statement of a type that this version does not know.",
            wav(pcm, tagged(token(manifest(), typ="vnd.musicprov.disclosure.v2+jwt"))),
            own,
            "INDETERMINATE",
            ["jws.typ.unsupported"],
            ["VER-001"],
        ),
        "forbidden-alg": case(
            "alg none.",
            wav(pcm, tagged(token(manifest(), alg="none"))),
            own,
            "FAILED",
            ["alg.forbidden"],
            ["VER-001"],
            danger="Unsigned statements.",
        ),
        "newer-version": case(
            "specVersion 2.0.",
            wav(pcm, tagged(token(manifest(specVersion="2.0")))),
            own,
            "INDETERMINATE",
            ["content.version-unsupported"],
            ["VER-001"],
        ),
        "must-understand": case(
            "A member that must be understood and is not.",
            wav(pcm, tagged(token(manifest(mustUnderstand=["quantumShare"], quantumShare=1)))),
            own,
            "INDETERMINATE",
            ["content.must-understand"],
            ["VER-001"],
        ),
        "bad-level": case(
            "A level that does not exist.",
            wav(
                pcm,
                tagged(
                    token(
                        manifest(
                            contributions=[
                                {"asset": "recording", "area": "leadVocals", "level": "partly"}
                            ]
                        )
                    )
                ),
            ),
            own,
            "FAILED",
            ["content.schema-invalid"],
            ["VER-001"],
        ),
        "duplicate-member": case(
            "A member name twice in the payload.",
            wav(pcm, tagged(token(compact(manifest())[:-1] + b',"sequence":1}'))),
            own,
            "FAILED",
            ["content.json-invalid"],
            ["VER-001"],
            danger="Two readers, two meanings.",
        ),
        "issued-long-before-iat": case(
            "issued and iat are two days apart.",
            wav(pcm, tagged(token(manifest(), iat=IAT + 2 * 86400))),
            own,
            "INDETERMINATE",
            ["time.order"],
            ["VER-001"],
        ),
        "unknown-member": case(
            "A member that this version does not know is kept and named.",
            wav(pcm, tagged(token(manifest(mood="calm")))),
            own,
            "PASSED",
            [],
            ["VER-001"],
            informs=["content.member-unknown"],
        ),
    }


def body(made: bytes) -> bytes:
    from base64 import urlsafe_b64decode

    part = made.split(b".")[1]
    return urlsafe_b64decode(part + b"=" * (-len(part) % 4))


def resigned() -> bytes:
    signing_input = GOOD.rsplit(b".", 1)[0]
    return signing_input + b"." + b64(OTHER.sign(signing_input)).encode()


def case(
    description: str,
    data: bytes | None,
    options: dict[str, object],
    status: str,
    codes: list[str],
    requirements: list[str],
    **more: object,
) -> dict[str, object]:
    return {
        "description": description,
        "data": data,
        "options": options,
        "status": status,
        "codes": codes,
        "requirements": requirements,
        **more,
    }


def files_of(slug: str, made: dict[str, object]) -> dict[str, bytes]:
    name = str(made.get("name", "input.wav"))
    expect = {"status": made["status"], "codes": made["codes"]}
    expect |= {k: made[k] for k in ("code", "informs", "confirms") if k in made}
    plain = {
        "id": f"verify/{slug}",
        "operation": "verify",
        "requirements": made["requirements"],
        "description": made["description"],
        "danger": made.get("danger", ""),
        "input": name if made["data"] is not None else None,
        "options": {"now": NOW, **made["options"]},  # type: ignore[dict-item]
        "expect": expect,
        "source": "hand-made",
    }
    out = {"case.json": json.dumps(plain, indent=2, ensure_ascii=False).encode() + b"\n"}
    if made["data"] is not None:
        out[name] = made["data"]  # type: ignore[assignment]
    if "given" in made:
        out["given.jws"] = made["given"]  # type: ignore[assignment]
    return out


def main() -> int:
    return keep(HERE, {slug: files_of(slug, made) for slug, made in cases().items()})


if __name__ == "__main__":
    sys.exit(main())
