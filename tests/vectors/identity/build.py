#!/usr/bin/env python3
"""Build the vectors of the identity ladder (spec 13): whose key, to an asker with a policy.

Each is a tiny WAV file with one statement, and a policy beside it. Audio, keys and signatures are
made as for ``verify``, whose builder is used; nothing of the package under test is imported.
``--check`` exits 1 on drift.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from making import dumps, keep, load  # noqa: E402

made = load("verify_build", "verify/build.py")

LABEL, RIVAL = made.Key("musicprov vectors: label"), made.Key("musicprov vectors: rival")
STRANGER = made.OTHER
DPID, OTHER_DPID = "PADPIDA2013020802I", "PADPIDA2007040502I"
SHORT = made.samples(7, 200)
NOW = "2027-01-01T00:00:00Z"
BEFORE, AFTER = "2026-12-01T00:00:00Z", "2027-02-01T00:00:00Z"


def policy(*keys: dict[str, Any], rung: str = "party") -> dict[str, Any]:
    """A policy with a label of these key entries, and a rival with a DPID."""
    label = {"id": "label", "name": "Vector Label", "ids": {"dpid": [DPID]}, "keys": list(keys)}
    rival = {
        "id": "rival",
        "name": "Rival Records",
        "ids": {"dpid": [OTHER_DPID]},
        "keys": [{"key": RIVAL.thumbprint}],
    }
    return {
        "policy": "musicprov-trust-policy/1",
        "id": "https://dist.example/trust",
        "version": 1,
        "issued": "2026-11-01T00:00:00Z",
        "require": {"binding": "exact", "identity": rung, "authority": "any"},
        "parties": [label if keys else {k: v for k, v in label.items() if k != "keys"}, rival],
    }


def key(**more: Any) -> dict[str, Any]:
    return {"key": LABEL.thumbprint, **more}


def revoked(reason: str, at: str, invalid_from: str | None = None) -> dict[str, Any]:
    more = {"invalidFrom": invalid_from} if invalid_from else {}
    return key(revoked={"at": at, "reason": reason, **more})


def by(signer: Any, **declarant: Any) -> bytes:
    given = {"role": "label", "name": "Somebody", **declarant}
    return made.token(made.manifest(SHORT, declarant=given), signer)


ROWS: dict[str, tuple[Any, ...]] = {
    # slug: requirement, description, policy, token, status, code, codes, more expectations, options
    "party": (
        "IDN-002", "The key stands in the policy.", policy(key()), by(LABEL),
        "PASSED", "binding.exact", [], {"confirms": ["identity.party"]}, {}),
    "party-and-pinned": (
        "IDN-001", "Listed and pinned: both are reported.", policy(key()), by(LABEL),
        "PASSED", "binding.exact", [], {"confirms": ["identity.party", "identity.pinned"]},
        {"pinned": [LABEL.thumbprint]}),
    "pinned-only": (
        "IDN-001", "Pinned, and a party is asked for.", policy(), by(LABEL),
        "INDETERMINATE", "identity.pinned", ["policy.unmet"], {"confirms": ["identity.pinned"]},
        {"pinned": [LABEL.thumbprint]}),
    "own-key-satisfies-nothing-higher": (
        "IDN-001", "The asker's own key, and a directory's is asked for.",
        policy(rung="domain"), by(LABEL), "INDETERMINATE", "identity.self", ["policy.unmet"], {},
        {"own": [LABEL.thumbprint]}),
    "named-like-the-label": (
        "IDN-004", "A stranger calls itself by the label's name.", policy(key()),
        by(STRANGER, name="Vector Label"), "INDETERMINATE", "identity.unknown", ["policy.unmet"],
        {"informs": ["content.suspicious-text", "identity.unknown"]}, {}),
    "mismatch": (
        "IDN-010", "The rival's key, the label's DPID.", policy(key()),
        by(RIVAL, ids={"dpid": DPID}), "FAILED", "identity.mismatch", ["identity.mismatch"], {}, {}),
    "own-identifier": (
        "IDN-010", "The label's key, the label's DPID.", policy(key()),
        by(LABEL, ids={"dpid": DPID}), "PASSED", "binding.exact", [], {}, {}),
    "identifier-of-nobody": (
        "IDN-010", "The label's key, an ISNI that the policy gives to nobody.", policy(key()),
        by(LABEL, ids={"isni": "000000012150090X"}), "PASSED", "binding.exact", [], {}, {}),
    "stranger-claims-identifier": (
        "IDN-010", "A key nobody knows, the label's DPID: it may be the label's new key.",
        policy(key()), by(STRANGER, ids={"dpid": DPID}),
        "INDETERMINATE", "identity.unknown", ["policy.unmet"], {}, {}),
    "not-yet": (
        "IDN-022", "The key begins next month.", policy(key(nbf=AFTER)), by(LABEL),
        "INDETERMINATE", "identity.not-yet-valid", ["identity.not-yet-valid", "policy.unmet"],
        {}, {}),
    "begins-now": (
        "IDN-022", "The key begins at this second.", policy(key(nbf=NOW)), by(LABEL),
        "PASSED", "binding.exact", [], {}, {}),
    "expired": (
        "IDN-021", "The key ended last month, and nothing proves the statement to be older.",
        policy(key(exp=BEFORE)), by(LABEL),
        "INDETERMINATE", "identity.expired-no-poe", ["identity.expired-no-poe", "policy.unmet"],
        {}, {}),
    "ends-now": (
        "IDN-021", "The key ends at this second.", policy(key(exp=NOW)), by(LABEL),
        "INDETERMINATE", "identity.expired-no-poe", ["identity.expired-no-poe", "policy.unmet"],
        {}, {}),
    "ends-later": (
        "IDN-021", "The key ends next month.", policy(key(exp=AFTER)), by(LABEL),
        "PASSED", "binding.exact", [], {}, {}),
    "expired-and-pinned": (
        "IDN-003", "The listed entry has expired, and the key is pinned.",
        policy(key(exp=BEFORE), rung="pinned"), by(LABEL),
        "PASSED", "binding.exact", [], {"confirms": ["identity.pinned"]},
        {"pinned": [LABEL.thumbprint]}),
    "superseded": (
        "IDN-024", "Revoked as superseded; no proof of time.",
        policy(revoked("superseded", BEFORE)), by(LABEL),
        "INDETERMINATE", "identity.revoked-no-poe", ["identity.revoked-no-poe", "policy.unmet"],
        {}, {}),
    "compromised": (
        "IDN-023", "Revoked as compromised; what it claims about its time is worth nothing.",
        policy(revoked("keyCompromise", "2026-12-20T00:00:00Z", BEFORE)), by(LABEL),
        "FAILED", "identity.revoked", ["identity.revoked"], {}, {}),
    "revoked-and-pinned": (
        "IDN-003", "Pinned, but revoked in the policy: a revocation always counts.",
        policy(revoked("keyCompromise", BEFORE), rung="pinned"), by(LABEL),
        "FAILED", "identity.revoked", ["identity.revoked"], {}, {"pinned": [LABEL.thumbprint]}),
}  # fmt: skip


def files_of(slug: str, row: tuple[Any, ...]) -> dict[str, bytes]:
    requirement, description, trust, token, status, code, codes, more, options = row
    case = {
        "id": f"identity/{slug}",
        "operation": "verify",
        "requirements": [requirement],
        "description": description,
        "input": "input.wav",
        "options": {"now": NOW, "trust": "policy.json", **options},
        "expect": {"status": status, "code": code, "codes": codes, **more},
        "source": "hand-made",
    }
    audio = made.wav(made.le16(SHORT), made.tagged(token))
    return {"case.json": dumps(case), "policy.json": dumps(trust), "input.wav": audio}


def main() -> int:
    return keep(HERE, {slug: files_of(slug, row) for slug, row in ROWS.items()})


if __name__ == "__main__":
    sys.exit(main())
