"""The sentences that reports share: made late, from codes and typed details (spec 9.6).

They read the JSON report (``report.schema.json``) and its parts, so that a report that was
kept, or came from another machine, reads like one that was just made.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from provenance.reports import endorsers
from provenance.reports.escaping import shown
from provenance.wire.registries import codes

Plain = Mapping[str, Any]
"""A report, or a part of one."""

_AUDIO = {
    "binding.exact": "exact match",
    "binding.lossless": "same samples, stored differently (lossless)",
    "binding.similar": "not the signed audio; sounds like it: a re-encoding or an edit",
    "binding.altered": "not the signed audio; only partly like it: altered, or a part",
    "binding.mismatch": "NOT what was signed: another recording, or its sound was changed",
    "binding.not-checked": "not compared",
    "binding.unsupported": "cannot be compared: a rule refuses this file",
    "presentation.cut": "same coded audio, but the file plays part of it, or plays it differently",
}

_WHO = {
    "self": "your own key",
    "party": "a party of your policy",
    "certified": "certified by {by}",
    "vouched": "as {by} vouches",
    "domain": "by the key directory of {by}",
    "pinned": "a key that you named or pinned",
    "unknown": "a key you have not been told about",
}

_NO_LONGER = {
    "identity.revoked": "a revoked key",
    "identity.revoked-no-poe": "a revoked key",
    "identity.expired": "an expired key",
    "identity.expired-no-poe": "an expired key",
    "identity.not-yet-valid": "a key that is not valid yet",
}

_IGNORED = {
    "no-authority": "a time-stamp is there; your policy lists no time-stamping authority",
    "unknown-authority": "a time-stamp is there, by an authority that your policy does not list",
    "other-signature": "a time-stamp is there, of another statement",
    "not-installed": "a time-stamp is there; to check it: pip install 'musicprov[time]'",
}

_FAILED = {
    "identity.revoked": "The key that signed was revoked: whoever stole it may have signed this.",
    "identity.expired": "The key that signed had expired when the declaration was made.",
    "identity.mismatch": "The declaration claims to be somebody whom your policy knows as another.",
    "signature.invalid": "The declaration was changed after it was signed.",
    "binding.mismatch": "The declaration was made for other audio than this: another recording, "
    "or this one with its sound changed.",
}


_KINDS = {
    "aigc": "an AIGC label (China)",
    "c2pa": "a C2PA manifest store (not read here)",
    "disclosure": "an unsigned disclosure",
    "generator": "what a generator leaves behind",
    "iptc": "an IPTC source type",
    "more": "more marks than were looked at",
    "transparentmeta": "a TransparentMeta label",
}
_SAYS = {
    "generated": "AI generated at least some of this",
    "used": "AI was used",
    "suspected": "this may be AI-generated",
    "none": "no AI was used",
}
_DECLARED = {
    "none": "declared none",
    "utility": "declared no more than AI that corrects",
    "assisted": "declared no more than AI that suggests",
}


_MINUTES_FROM = 120


def codes_of(report: Plain) -> set[str]:
    """The slugs of everything that was found."""
    return {check["code"] for check in report["checks"]}


def fix_of(report: Plain, file: str = "FILE") -> str:
    """What to do, in the registry's words; empty where the summary says it (ERROR, PASSED).

    ``file`` stands in commands for the input, as it can be typed.
    """
    if report["status"] in {"PASSED", "ERROR"}:
        return ""
    signer = report["signer"]
    if report["code"] == "currency.withdrawn" and signer is not None and signer["rung"] == "self":
        return _TO_DECLARE_ANEW.format(file=file)
    if report["status"] == "ABSENT" and "carrier.statement-alone" in codes_of(report):
        return str(codes()["carrier.statement-alone"]["fix"])
    if report["code"] == "binding.not-checked":
        causes = (c["detail"].get("cause") for c in report["checks"] if c["code"] == report["code"])
        cause = next(causes, None)
        if cause in _UNCOMPARED:
            return _UNCOMPARED[cause]
    if report["code"] == "identity.unknown" and _has_certificate(report):
        return _WITH_CERTIFICATE
    if report["code"] == "authority.not-granted" and _is_without_role(report):
        return _WITHOUT_ROLE
    return str(codes().get(report["code"], {}).get("fix", ""))


def _has_certificate(report: Plain) -> bool:
    """Whether a certificate came with the declaration, or with what was signed beside it."""
    signed = (c["detail"] for c in report["checks"] if c["code"] == "carrier.co-signed")
    return any(one.get("profile") == "C" for one in (report["signer"] or {}, *signed))


_WITH_CERTIFICATE = (
    "A certificate came with it: if you accept the authority that issued it, name that in your "
    "trust policy with 'prov trust add-authority' ('prov trust init' makes a policy). Or get the "
    "public key from the signer in a way you trust, and pin it with 'prov trust pin'."
)


def _is_without_role(report: Plain) -> bool:
    """Whether a grant asks for a role, and the declaration names none."""
    found = (c["detail"] for c in report["checks"] if c["code"] == report["code"])
    return any("role" in str(d.get("missed", "")).split() and not d.get("role") for d in found)


_WITHOUT_ROLE = (
    "The declaration names no role, so no grant with --as or --vouched-as reaches it: ask the "
    "signer to declare one, or grant without: prov trust add-party --id THEIRS --may-declare "
    "ISRCS (of whom somebody vouches for: --id VOUCHER --vouched-may-declare ISRCS)."
)
_INSTALL = "Install what the line names, and verify again."
_UNDECODED = (
    "The audio could not be decoded here: verify it on another machine, or get the file as it was "
    "signed, whose audio needs no decoding."
)
_DAMAGED = (
    "The audio is cut short, damaged, or was rewritten under the header of another: get the file "
    "as it was signed, or ask the signer to sign this one."
)
_UNCOMPARED = {
    "decode-off": "Verify again with --decode auto.",
    "extra-missing": _INSTALL,
    "library-missing": _INSTALL,
    "no-decoder": _UNDECODED,
    "decoder-timeout": _UNDECODED,
    "decoder-memory": _UNDECODED,
    "decoder-not-started": _UNDECODED,
    "decoder-crashed": _UNDECODED,
    "decoder-error": _DAMAGED,
    "stream-disagrees": _DAMAGED,
    "partial-frame": _DAMAGED,
    "audio-unknown": _DAMAGED,
    "unbound": "The declaration names no audio: ask its signer to sign this file.",
    "recorded-unusable": "The declaration cannot be compared with audio: ask its signer to sign "
    "this file.",
}
"""What to do where audio that is there was not compared, by the cause."""


def marked(found: Plain) -> str:
    """A foreign mark, or one that the declaration contradicts, for a person (MRK-011, MRK-021)."""
    code, detail = found["code"], found["detail"]
    kind, says = str(detail.get("kind")), detail.get("says")
    words = f"{_KINDS.get(kind, kind)} at {shown(found['where'] or '?')}"
    extra = detail.get("tool") or detail.get("term")
    words += f" ({shown(str(extra), 80)})" if extra else ""
    words += f" that says: {_SAYS[str(says)]}" if says in _SAYS else ""
    end = f"not verified, anybody can write one [{code}]"
    if code == "carrier.mark-found":
        return f"the file carries {words}; {end}"
    level = str(detail.get("declared"))
    declared = _DECLARED.get(level, f"declared '{level}'")
    return f"CONTRADICTION: {declared}, but the file carries {words}; {end}"


def cut_short(report: Plain) -> str:
    """That the audio is too short to be compared with what was signed; empty where it is not."""
    found = (c["detail"] for c in report["checks"] if c["code"] == "binding.mismatch")
    detail = next((d for d in found if d.get("cause") == "too-short"), None)
    if detail is None:
        return ""
    there, signed = (_seconds(detail.get(n, 0)) for n in ("durationMs", "recordedDurationMs"))
    return f"too short to compare: {there} of the {signed} that were signed; perhaps cut"


def _seconds(milliseconds: Any) -> str:
    seconds = milliseconds // 1000
    return f"{seconds} s" if seconds < _MINUTES_FROM else f"{seconds // 60} min {seconds % 60} s"


def audio(report: Plain) -> str:
    """What the binding axis shows, in words, with the score or reason behind it."""
    cut = cut_short(report)
    if cut:
        return cut
    slug = report["axes"].get("binding", "binding.not-checked")
    words = _AUDIO.get(slug, slug)
    leading = next((check for check in report["checks"] if check["code"] == slug), None)
    detail = leading["detail"] if leading else {}
    score = detail.get("score")
    if isinstance(score, int):
        words += f" (score {score / 1000:.2f})"
    extra = detail.get("rule") or detail.get("reason")
    return f"{words} ({extra})" if extra else words


_REASONS = {
    "error": ": it was wrong",
    "superseded": ": another one takes its place",
    "rights-transfer": ": its signer no longer speaks for the recording",
    "key-compromise": ": the key may be in other hands",
}


def is_no_longer(signer: Plain, codes: Collection[str]) -> bool:
    """Whether the key is known to be somebody's, and no longer to be believed."""
    return (
        signer["rung"] == "unknown"
        and bool(signer["name"])
        and any(slug in codes for slug in _NO_LONGER)
    )


def who(signer: Plain | None, codes: Collection[str] = ()) -> str:
    """Whose key it is and whose word that is, in words.

    The signer's name is the caller's to add, but for a key that is no longer to be believed;
    ``codes`` are the slugs that were found.
    """
    if signer is None:
        return "nobody that can be named"
    rung, certificate = signer["rung"], signer["certificate"]
    if rung == "party" and certificate is not None:
        return f"{_WHO['party']}, certified by {shown(certificate['issuer'])}"
    if rung == "unknown" and not signer["name"] and signer.get("profile") == "C":
        return f"{_WHO['unknown']}, with a certificate under no authority that you accept"
    if rung != "unknown" or not signer["name"]:
        return _WHO[rung].format(by=shown(signer["by"] or "somebody"))
    return next((words for slug, words in _NO_LONGER.items() if slug in codes), "a key") + (
        f" of {shown(signer['name'])}"
    )


_TO_DECLARE_ANEW = (
    "It is your own declaration: prov declare {file}, then prov sign --replace {file}, "
    "make another one."
)

_ALONE = {
    "Endorsement": "what somebody says about a declaration (an endorsement or a dispute)",
    "KeyBinding": "what somebody says about whose a key is (a key binding)",
    "Withdrawal": "what takes a declaration back (a withdrawal)",
}


def note(found: Plain) -> str | None:
    """A remark in words, for codes that a person meets often; None for the others."""
    code, reason = found["code"], str(found["detail"].get("reason"))
    if code == "time.token-ignored":
        words = _IGNORED.get(reason, f"a time-stamp is there, and of no use: {reason}")
        return f"{words} [{code}]"
    if code == "carrier.statement-alone":
        words = _ALONE.get(str(found["detail"].get("type")), "a statement of somebody")
        return f"it holds {words}, and not the declaration itself [{code}]"
    if code in CO_SIGNATURES:
        return f"{co_signature(found)} [{code}]"
    if code == "identity.revocation-unknown":
        holder = found["detail"].get("name")
        of = f" of '{shown(str(holder), 80)}'" if holder else ""
        words = f"whether the certificate{of} has been revoked is not known: {shown(reason)}"
        return f"{words} [{code}]"
    if code in endorsers.REMARKED:
        return f"{endorsers.remark(code, found['detail'])} [{code}]"
    return None


def left_unread(found: Plain) -> str | None:
    """What was not read because a limit is shared, and which limit; None where that is not so."""
    size, limit, most = map(found["detail"].get, ("bytes", "sharedLimit", "sharedBytes"))
    if not (isinstance(size, int) and isinstance(most, int)):
        return None
    words = f"not read: its {size:,} bytes would pass the {most:,} that all share"
    return f"{shown(str(found['where']))}: {words} [{shown(str(limit))}]"


def other_isrc(report: Plain) -> str:
    """That the ISRC is not the one that the asker expects; empty where it is, or none was found."""
    expected = report.get("expected")
    if expected is None or expected["matches"] is not False:
        return ""
    places = (("declared", expected["declared"]), ("in the tags", expected["tag"]))
    found = ", ".join(f"{place}: {shown(isrc)}" for place, isrc in places if isrc is not None)
    return f"the ISRC is not the one that you expect, {shown(expected['isrc'])} ({found})"


CO_SIGNATURES = frozenset({"carrier.co-signed", "currency.co-signature-withdrawn"})
"""What is found about other signatures of the very declaration that counts."""


def co_signature(found: Plain) -> str:
    """Who else signed the same declaration, and whether they took that back."""
    detail = found["detail"]
    words = f"{who({**detail, 'name': None, 'certificate': None})} ({detail['key'][:12]}\u2026)"
    if detail["rung"] != "unknown" and detail["name"]:
        words = f"{shown(detail['name'])}, {words}"
    words += " signed the same declaration"
    gone = found["code"] == "currency.co-signature-withdrawn"
    return f"{words}; that was {withdrawn(found)}" if gone else words


def withdrawn(found: Plain) -> str:
    """Why a statement was taken back, and what takes its place."""
    why = _REASONS.get(str(found["detail"].get("reason")), "")
    replacement = found["detail"].get("replacement")
    return "taken back" + why + (f", replaced by {shown(str(replacement))}" if replacement else "")


def headline(report: Plain) -> str:
    """One or two sentences that say the result to a person; not of an ERROR."""
    status, code, codes = report["status"], report["code"], codes_of(report)
    if status == "ABSENT":
        return "No declaration was found. That does not mean that no AI was used."
    cut = cut_short(report) if code == "binding.mismatch" else ""
    if cut:
        return f"The audio is {cut}."
    if status == "FAILED":
        return _FAILED.get(code, f"The declaration does not hold ({code}).")
    if code == "carrier.scan-incomplete" and "carrier.found" not in codes:
        return "Not all of the file could be looked at; no declaration was found in what could."
    if "signature.valid" not in codes:
        return f"The declaration could not be judged ({code})."
    if status != "PASSED":
        for slug, words in _DOUBTS.items():
            if slug in codes:
                return words
    return f"Intact; signed by {who(report['signer'], codes)}; audio: {audio(report)}."


_DOUBTS = {
    "identity.revoked-no-poe": "The key is revoked, and nothing proves that the declaration is "
    "older than that.",
    "identity.expired-no-poe": "The key has expired, and nothing proves that the declaration is "
    "older than that.",
    "carrier.conflict": "The file carries declarations that contradict each other; none is "
    "preferred.",
}
