"""The sentences that reports share: made late, from codes and typed details (spec 9.6)."""

from __future__ import annotations

from provenance.model.codes import Code
from provenance.model.findings import Finding
from provenance.model.verdict import Status, Verdict

_AUDIO = {
    "binding.exact": "exact match",
    "binding.lossless": "same samples, stored differently (lossless)",
    "binding.similar": "not the signed audio; sounds like it: a re-encoding or an edit",
    "binding.altered": "not the signed audio; only partly like it: altered, or a part",
    "binding.mismatch": "NOT what was signed: another recording, or its sound was changed",
    "binding.not-checked": "not compared",
    "binding.unsupported": "cannot be compared: a rule refuses this file",
    "presentation.cut": "same coded audio, but the file plays another part of it",
}

_WHO = {
    "identity.self": "your own key",
    "identity.pinned": "a key that you pinned",
    "identity.unknown": "a key you have not been told about",
}

_FAILED = {
    "signature.invalid": "The declaration was changed after it was signed.",
    "binding.mismatch": "The declaration was made for other audio than this: another recording, "
    "or this one with its sound changed.",
}


def first(verdict: Verdict, code: Code) -> Finding | None:
    """The first finding of a code, if there is one."""
    return next((f for f in verdict.findings if f.code is code), None)


def audio(verdict: Verdict) -> str:
    """What the binding axis shows, in words, with the score or reason behind it."""
    slug = verdict.axes.get("binding", "binding.not-checked")
    words = _AUDIO.get(slug, slug)
    leading = next((f for f in verdict.findings if f.code.slug == slug), None)
    detail = leading.detail if leading else {}
    score = detail.get("score")
    if isinstance(score, int):
        words += f" (score {score / 1000:.2f})"
    extra = detail.get("rule") or detail.get("reason")
    return f"{words} ({extra})" if extra else words


def who(verdict: Verdict) -> str:
    """What the identity axis shows, in words."""
    return _WHO.get(verdict.axes.get("identity", ""), "nobody that can be named")


def headline(verdict: Verdict) -> str:
    """One or two sentences that say the result to a person."""
    status = verdict.status
    if status is Status.ABSENT:
        return "No declaration was found. That does not mean that no AI was used."
    if status is Status.FAILED:
        return _FAILED.get(verdict.code, f"The declaration does not hold ({verdict.code}).")
    if not verdict.has(Code.SIGNATURE_VALID):
        return f"The declaration could not be judged ({verdict.code})."
    if status is Status.PASSED:
        return f"Intact; signed by {who(verdict)}; audio: {audio(verdict)}."
    if verdict.has(Code.CARRIER_CONFLICT):
        return "The file carries declarations that contradict each other; none is preferred."
    return f"Intact; signed by {who(verdict)}; audio: {audio(verdict)}."
