"""What others say about a declaration, in words (spec 17.3): endorsements and disputes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provenance.reports.escaping import shown

Plain = Mapping[str, Any]

_ACTS = {
    "received": "received it",
    "verified-signer": "verified who signed it",
    "verified-binding": "verified that it is about this recording",
    "attests-accurate": "says that it is accurate",
    "accepted": "accepted it",
    "disputes": "DISPUTES it",
}

REMARKED = {
    "endorsement.unknown-endorser": "a key you do not know ({key}) {says}",
    "endorsement.self": "the signer ({key}) {says}, which adds nothing",
    "endorsement.not-granted": "{name} {says}, but may not endorse by your policy",
}


def remark(code: str, detail: Plain) -> str:
    """An endorsement that counts for nothing to the asker: by whom it is, and what it says."""
    key = f"{shown(str(detail.get('key')))[:12]}\u2026"
    name = shown(str(detail["name"])) if detail.get("name") else f"a key that you know ({key})"
    act, limits = str(detail.get("act")), detail.get("limits")
    co_signer = detail.get("coSigner")
    says = _act(act, None if co_signer is None else str(co_signer))
    words = REMARKED[code].format(key=key, name=name, says=says)
    return words + (f' ("{shown(str(limits))}")' if limits else "")


def endorsed(one: Plain, signer: Plain) -> str:
    """What one endorser says, who that is to the asker, and what it does not cover.

    Of a signer who was verified and is not that of the declaration that counts, the key.
    """
    nameless = {"self": "your own key", "pinned": "a key that you named or pinned"}
    words = nameless.get(one["rung"], "a key you do not know")
    name = shown(one["name"]) if one["name"] else f"{words} ({one['key'][:12]}\u2026)"
    of = one["of"]["key"]
    words = f"{name} {_act(one['act'], of if of != signer['key'] else None)}"
    return words + (f' ("{shown(one["limits"])}")' if one["limits"] else "")


def _act(act: str, co_signer: str | None) -> str:
    """What is said; whose signature, where that is another one than the signer's (STM-037)."""
    if act == "verified-signer" and co_signer:
        return f"verified who holds another key that signed it ({shown(co_signer)[:12]}\u2026)"
    return _ACTS.get(act, shown(act))
