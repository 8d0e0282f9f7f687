"""The text report: five lines for a person, no colour needed, all foreign text escaped."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from provenance.model.codes import Code, Effect
from provenance.model.findings import Finding
from provenance.model.verdict import Status, Verdict
from provenance.reports import sentences
from provenance.reports.as_json import is_verified
from provenance.reports.escaping import shown
from provenance.verify.outcome import Candidate, Context, Outcome
from provenance.verify.signers import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterator


def render(name: str, verdict: Verdict, context: Context, *, verbose: bool = False) -> str:
    """Five lines (spec 9.7): status and file; what it says; who; when and audio; limits."""
    outcome = verdict.subject
    if not isinstance(outcome, Outcome):
        raise TypeError("this verdict is not about a file or token")
    lines = [f"{verdict.status.value}  {shown(name)}"]
    if verdict.status is Status.ABSENT:
        lines.append("  " + sentences.headline(verdict))
    else:
        lines += _body(verdict, outcome)
    lines += _notes(verdict)
    if verbose:
        lines.append(f"  Policy: {_policy(context)}")
        lines += [f"    {_check(f)}" for f in verdict.findings]
    return "\n".join(lines)


def one_line(name: str, verdict: Verdict) -> str:
    """The line for one file of many."""
    return f"{verdict.status.value:13}  {shown(name)}  [{verdict.code}]"


def _body(verdict: Verdict, outcome: Outcome) -> list[str]:
    selected = outcome.selected
    return [
        f"  Says:   {_says(verdict, selected)}",
        f"  Who:    {_who(verdict, selected)}",
        f"  When:   {_when(selected)}    Audio: {sentences.audio(verdict)}",
        *_others(verdict, outcome),
        f"  Not shown: {_unshown(verdict)}whether the declaration is true.   [{verdict.code}]",
    ]


def _others(verdict: Verdict, outcome: Outcome) -> Iterator[str]:
    """One line for each party that endorses or disputes; strangers are told as remarks."""
    if is_verified(verdict):
        for one in outcome.endorsements:
            if one.rung != "unknown":
                yield f"  Others: {sentences.endorsed(one)}"
        for found in verdict.findings:
            if found.code is Code.CURRENCY_WITHDRAWN:
                yield f"  Since:  {sentences.withdrawn(found)}"


def _says(verdict: Verdict, selected: Candidate | None) -> str:
    if selected is None or selected.manifest is None or not is_verified(verdict):
        return sentences.headline(verdict)
    from provenance.labels.sentence import sentence

    said = shown(sentence(selected.manifest, "en"), 600)
    if verdict.status is Status.PASSED:
        return said
    held = verdict.has(Code.BINDING_EXACT) or verdict.has(Code.BINDING_LOSSLESS)
    intact = "intact; " if held and verdict.status is Status.INDETERMINATE else ""
    return f"({intact}unverified claim) {said}"


def _unshown(verdict: Verdict) -> str:
    """What else is not shown: whose key it is, when nobody told the asker."""
    if verdict.status is Status.INDETERMINATE and verdict.has(Code.IDENTITY_UNKNOWN):
        return "whose key this is, and "
    return ""


def _who(verdict: Verdict, selected: Candidate | None) -> str:
    if selected is None or selected.token is None or not is_verified(verdict):
        return "not established"
    signer = selected.signer
    codes = {f.code.slug for f in verdict.findings}
    known = f"{shown(signer.name)}, " if signer and signer.is_known and signer.name else ""
    words = f"{known}{sentences.who(signer, codes)} ({selected.token.key[:12]}\u2026)"
    declarant = selected.manifest.declarant if selected.manifest else None
    if declarant is not None and declarant.name:
        words += f'; calls itself "{shown(declarant.name)}"'
    if "authority" in verdict.required and verdict.has(Code.AUTHORITY_NOT_GRANTED):
        words += "; your policy does not let them speak for this recording"
    return words


def _policy(context: Context) -> str:
    policy = context.policy
    return f"{shown(policy.id)}, version {policy.version}" if policy else "personal"


def _when(selected: Candidate | None) -> str:
    best = selected.best if selected else None
    if best is not None and best.proven:
        first = min(best.proofs, key=lambda p: p.at)
        return f"{best.at:%d %b %Y %H:%M} UTC, proven by {shown(first.name)}"
    issued = selected.manifest.issued if selected and selected.manifest else None
    at = parse_time(issued)
    return f"{at:%d %b %Y %H:%M} UTC, as the signer says" if at else "not established"


_SAID_ABOVE = {
    "authority.not-evaluated",
    "currency.not-checked",
    "truth.not-assessed",
    "time.claimed",
    "authority.not-granted",
    "endorsement.dispute",
    "identity.unknown",
    "binding.similar",
    "binding.altered",
}


_MOST_LINES = 20
"""Remarks, and doubts, that are shown: a crafted file can have thousands."""


def _notes(verdict: Verdict) -> Iterator[str]:
    """One line for each remark that a person should see, and what each doubt asks for."""
    counts: Counter[str] = Counter()
    for line in _remarks(verdict):
        kind = line[:8]
        counts[kind] += 1
        if counts[kind] <= _MOST_LINES:
            yield line
    for kind, count in counts.items():
        if count > _MOST_LINES:
            yield f"{kind}  and {count - _MOST_LINES} more (--format json shows all)"


def _remarks(verdict: Verdict) -> Iterator[str]:
    for found in verdict.findings:
        if found.code.slug in _SAID_ABOVE or found.code.slug == verdict.code:
            continue
        if _is_said(found, verdict):
            continue
        if found.effect is Effect.INFORMS:
            yield f"  Note:   {sentences.note(found) or _check(found)}"
        elif found.effect is Effect.BLOCKS and verdict.status is not Status.ABSENT:
            yield f"  Open:   {_unmet(found) or _check(found)}"


def _unmet(found: Finding) -> str | None:
    """What the policy asks for and does not get, in words."""
    if found.code is not Code.POLICY_UNMET:
        return None
    axis, want, have = (found.detail.get(k) for k in ("axis", "want", "have"))
    if want == "confirmed":
        want = {"authority": "granted", "time": "trusted"}.get(str(axis), want)
    return f"you require {axis} '{want}'; this shows {have or 'nothing'} [policy.unmet]"


def _is_said(found: Finding, verdict: Verdict) -> bool:
    """Whether it is said already: the key that nobody told the asker about, a mark twice."""
    if found.code is Code.CARRIER_MARK_FOUND:
        against = (f for f in verdict.findings if f.code is Code.CONTENT_MARK_CONTRADICTS)
        return any(f.where == found.where for f in against)
    wanted = found.code is Code.POLICY_UNMET and found.detail.get("want") in {"pinned", "confirmed"}
    return wanted and found.detail.get("have") == "identity.unknown" and bool(_unshown(verdict))


def _check(found: Finding) -> str:
    if found.code in {Code.CARRIER_MARK_FOUND, Code.CONTENT_MARK_CONTRADICTS}:
        return sentences.marked(found)
    place = f" at {shown(found.where)}" if found.where else ""
    details = "; ".join(f"{k}: {shown(str(v), 80)}" for k, v in found.detail.items())
    return f"{found.code.slug}{place}" + (f" ({details})" if details else "")
