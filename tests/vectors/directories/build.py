#!/usr/bin/env python3
"""Build the vectors of key directories: a policy, a snapshot that it names, and a signed WAV.

The audio, the statements and the keys are those of ``../verify/build.py``; nothing of the package
under test is imported. A rebuild gives the same bytes; ``--check`` exits 1 on drift.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from making import keep, load  # noqa: E402

V = load("verify_build", "verify/build.py")
Plain = dict[str, object]

MARCH_2026, DECEMBER_2026, FEBRUARY_2027 = 1_772_323_200, 1_796_083_200, 1_801_440_000
SNAPSHOT = "label.example.json"
NAME = "Northern Lights Records"


def policy(identity: str = "domain", **party: object) -> Plain:
    """A policy that knows a label by its domain alone."""
    return {
        "policy": "musicprov-trust-policy/1",
        "id": "https://shop.example/trust",
        "version": 1,
        "issued": "2026-11-01T00:00:00Z",
        "require": {"binding": "exact", "identity": identity, "authority": "any"},
        "parties": [{"id": "label", "name": NAME, "directories": [SNAPSHOT], **party}],
    }


def snapshot(key: object, **more: object) -> Plain:
    entry = {**key.jwk, "kid": key.thumbprint, "use": "sig", **more}  # type: ignore[attr-defined]
    directory = {"keys": [entry]}
    return {
        "snapshot": "musicprov-directory-snapshot/1",
        "domain": "label.example",
        "fetchedAt": "2026-11-20T00:00:00Z",
        "digest": V.digest(V.compact(directory)),
        "directory": directory,
    }


def revoked(reason: str, **more: int) -> Plain:
    return {"revoked": {"revoked_at": DECEMBER_2026, "reason": reason, **more}}


def cases() -> dict[str, Plain]:
    """Whose word a directory is, and what its times and revocations do (now: 2027-01-01)."""
    listed = snapshot(V.ARTIST)
    unmet = "policy.unmet"
    return {
        "known-by-domain": {
            "description": "The key stands in the snapshot that the policy names for a party.",
            "files": (policy(), listed),
            "expect": {"status": "PASSED", "codes": []},
            "requirements": ["DIR-001", "DIR-030"],
        },
        "domain-is-no-party": {
            "description": "The same, for somebody who asks for a key that the policy itself lists.",
            "danger": "Whoever takes over a web site would stand where the asker's own word stands.",
            "files": (policy("party"), listed),
            "expect": {"status": "INDETERMINATE", "code": "identity.domain", "codes": [unmet]},
            "requirements": ["DIR-001"],
        },
        "key-of-nobody": {
            "description": "The snapshot lists another key than the one that signed.",
            "files": (policy(), snapshot(V.OTHER)),
            "expect": {
                "status": "INDETERMINATE",
                "code": "identity.unknown",
                "codes": [unmet],
                "informs": ["identity.unknown"],
            },
            "requirements": ["DIR-001"],
        },
        "key-has-ended": {
            "description": "The listed key ended a month ago, and nothing proves when it signed.",
            "danger": "A key that was given up years ago would sign for ever.",
            "files": (policy(), snapshot(V.ARTIST, exp=DECEMBER_2026)),
            "expect": {"status": "INDETERMINATE", "codes": ["identity.expired-no-poe", unmet]},
            "requirements": ["DIR-001", "IDN-021"],
        },
        "key-begins-later": {
            "description": "The listed key begins a month from now.",
            "files": (policy(), snapshot(V.ARTIST, nbf=FEBRUARY_2027)),
            "expect": {"status": "INDETERMINATE", "codes": ["identity.not-yet-valid", unmet]},
            "requirements": ["DIR-001", "IDN-022"],
        },
        "key-is-replaced": {
            "description": "The listed key is revoked as superseded, and nothing proves the time.",
            "files": (policy(), snapshot(V.ARTIST, **revoked("superseded"))),
            "expect": {"status": "INDETERMINATE", "codes": ["identity.revoked-no-poe", unmet]},
            "requirements": ["DIR-001", "IDN-024"],
        },
        "key-was-stolen": {
            "description": "The listed key is revoked as compromised; the signer claims a time before.",
            "danger": "Whoever has the stolen key dates back as far as they like.",
            "files": (
                policy(),
                snapshot(V.ARTIST, **revoked("keyCompromise", invalid_from=MARCH_2026)),
            ),
            "expect": {"status": "FAILED", "codes": ["identity.revoked"]},
            "requirements": ["DIR-001", "IDN-023"],
        },
        "stranger-of-that-name": {
            "description": "A stranger calls itself as the party of the directory does.",
            "danger": "People read names, and would take the stranger for the label.",
            "files": (policy(), snapshot(V.OTHER)),
            "manifest": {"declarant": {"role": "label", "name": NAME}},
            "expect": {
                "status": "INDETERMINATE",
                "code": "identity.unknown",
                "codes": [unmet],
                "informs": ["content.suspicious-text", "identity.unknown"],
            },
            "requirements": ["DIR-050", "DIR-051"],
        },
        "stranger-of-a-name-alike": {
            "description": "A stranger's name has a capital I where the party's has an l.",
            "danger": "People read names, and would take the stranger for the label.",
            "files": (policy(), snapshot(V.OTHER)),
            "manifest": {"declarant": {"role": "label", "name": "Northern Iights Records"}},
            "expect": {
                "status": "INDETERMINATE",
                "codes": [unmet],
                "informs": ["content.suspicious-text"],
            },
            "requirements": ["DIR-050", "DIR-051"],
        },
    }


def files_of(slug: str, made: Plain) -> dict[str, bytes]:
    trust, listed = made["files"]  # type: ignore[misc]
    changed: dict[str, object] = made.get("manifest", {})  # type: ignore[assignment]
    token = V.token(V.manifest(**changed))
    plain = {
        "id": f"directories/{slug}",
        "operation": "verify",
        "requirements": made["requirements"],
        "description": made["description"],
        "danger": made.get("danger", ""),
        "input": "input.wav",
        "options": {"now": V.NOW, "trust": "policy.json", "files": [SNAPSHOT]},
        "expect": made["expect"],
        "source": "hand-made",
    }
    return {
        "case.json": _text(plain),
        "input.wav": V.wav(V.le16(V.SONG), V.tagged(token)),
        "policy.json": _text(trust),
        SNAPSHOT: _text(listed),
    }


def _text(plain: object) -> bytes:
    return json.dumps(plain, indent=2, ensure_ascii=False).encode() + b"\n"


def main() -> int:
    return keep(HERE, {slug: files_of(slug, made) for slug, made in cases().items()})


if __name__ == "__main__":
    sys.exit(main())
