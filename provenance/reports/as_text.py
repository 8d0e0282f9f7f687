"""The text report: five lines for a person, no colour needed, all foreign text escaped.

It is made of the JSON report and of nothing else, so whatever made that, here or elsewhere, it
reads the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from provenance.reports import endorsers, sentences
from provenance.reports.escaping import shown
from provenance.reports.sentences import Plain, codes_of
from provenance.trust.authority import in_words
from provenance.verify.signers import parse_time

_MOST_SUMMARY = 1000
"""Characters of the summary of an ERROR: a path, what is wrong with it, and what to do."""


def render(name: str, report: Plain, *, verbose: bool = False) -> str:
    """Five lines (spec 9.7): status and file; what it says; who; when and audio; limits."""
    status = report["status"]
    if status == "ERROR":
        return f"ERROR  {shown(report['summary'], _MOST_SUMMARY)}"
    lines = [f"{status}  {shown(name)}"]
    if status == "ABSENT":
        lines.append(f"  {report['summary']}")
    else:
        lines += _body(report)
    lines += _notes(report)
    if verbose:
        lines.append(f"  Policy: {_policy(report['policy'])}")
        lines += [f"    {_check(check)}" for check in report["checks"]]
    return "\n".join(shown(line, len(line)) for line in lines)


def one_line(name: str, report: Plain) -> str:
    """The line for one file of many."""
    if report["status"] == "ERROR":
        return render(name, report)
    return f"{report['status']:13}  {shown(name)}  [{report['code']}]"


def _body(report: Plain) -> list[str]:
    return [
        f"  Says:   {_says(report)}",
        f"  Who:    {_who(report)}",
        f"  When:   {_when(report['time'])}    Audio: {sentences.audio(report)}",
        *_others(report),
        f"  Not shown: {_unshown(report)}whether the declaration is true.   [{report['code']}]",
    ]


def _is_verified(report: Plain) -> bool:
    return "signature.valid" in codes_of(report)


def _others(report: Plain) -> Iterator[str]:
    """One line for each party that endorses, disputes or signs too; strangers are remarks."""
    if _is_verified(report):
        for one in report["endorsements"]:
            if one["rung"] != "unknown":
                yield f"  Others: {endorsers.endorsed(one, report['signer'])}"
        for check in report["checks"]:
            if check["code"] == "currency.withdrawn":
                yield f"  Since:  {sentences.withdrawn(check)}"
            elif _is_known_co_signature(check):
                yield f"  Also:   {sentences.co_signature(check)}"


def _is_known_co_signature(check: Plain) -> bool:
    """Whether somebody whom the asker knows signed the same declaration."""
    return check["code"] in sentences.CO_SIGNATURES and check["detail"]["rung"] != "unknown"


def _says(report: Plain) -> str:
    if report["declaration"] is None:
        return str(report["summary"])
    said = shown(report["declaration"]["sentence"], 600)
    if report["status"] == "PASSED":
        return said
    if "currency.withdrawn" in codes_of(report):
        return f"(taken back; unverified claim) {said}"
    held = codes_of(report) & {"binding.exact", "binding.lossless"}
    intact = "intact; " if held and report["status"] == "INDETERMINATE" else ""
    return f"({intact}unverified claim) {said}"


def _unshown(report: Plain) -> str:
    """What else is not shown: whose key it is, when nobody told the asker."""
    if report["status"] == "INDETERMINATE" and "identity.unknown" in codes_of(report):
        return "whose key this is, and "
    return ""


def _who(report: Plain) -> str:
    signer = report["signer"]
    if signer is None or not _is_verified(report):
        return "not established"
    codes, name = codes_of(report), signer["name"]
    known = f"{shown(name)}, " if signer["rung"] != "unknown" and name else ""
    words = f"{known}{sentences.who(signer, codes)} ({signer['key'][:12]}\u2026)"
    if signer["callsItself"]:
        words += f'; calls itself "{shown(signer["callsItself"])}"'
    wanted = "authority" in report["policy"]["require"] and "authority.not-granted" in codes
    if wanted and not sentences.is_no_longer(signer, codes):  # else not even whose it is holds
        words += f"; your policy does not let them speak for this recording{_missed(report)}"
    return words


def _missed(report: Plain) -> str:
    """What the grant misses that comes nearest to what the signer does."""
    checks = (c["detail"] for c in report["checks"] if c["code"] == "authority.not-granted")
    detail = next((d for d in checks if d.get("missed")), None)
    if detail is None:
        return ""
    role = shown(detail["role"]) if detail.get("role") else None
    return f": {in_words(detail['missed'].split(), role)} ({detail['nearest']})"


def _policy(policy: Plain) -> str:
    version = policy["version"]
    return "personal" if version is None else f"{shown(policy['id'])}, version {version}"


def _when(time: Plain | None) -> str:
    if time is not None and time["best"] is not None:
        first = min(time["sources"], key=lambda source: str(source["at"]))
        return f"{_day(parse_time(time['best']))}, proven by {shown(first['name'])}"
    at = parse_time(time["claimed"]) if time else None
    return f"{_day(at)}, as the signer says" if at else "not established"


def _day(at: datetime | None) -> str:
    return f"{at:%d %b %Y %H:%M} UTC"


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


def _notes(report: Plain) -> Iterator[str]:
    """One line for each remark that a person should see, and what each doubt asks for."""
    counts: Counter[str] = Counter()
    for line in _remarks(report):
        kind = line[:8]
        counts[kind] += 1
        if counts[kind] <= _MOST_LINES:
            yield line
    for kind, count in counts.items():
        if count > _MOST_LINES:
            yield f"{kind}  and {count - _MOST_LINES} more (--format json shows all)"


def _remarks(report: Plain) -> Iterator[str]:
    marks = _contradicted(report)
    unshown = bool(_unshown(report))
    co_signed = sum(c["code"] in sentences.CO_SIGNATURES for c in report["checks"])
    for check in report["checks"]:
        unread = sentences.left_unread(check)
        if unread:
            yield f"  Open:   {unread}"
        if unread or check["code"] in _SAID_ABOVE or check["code"] == report["code"]:
            continue
        if _is_said(check, marks, unshown=unshown) or _is_all_co_signed(check, co_signed):
            continue
        if check["kind"] == "informs":
            yield f"  Note:   {sentences.note(check) or _check(check)}"
        elif check["kind"] == "blocks" and report["status"] != "ABSENT":
            yield f"  Open:   {_unmet(check) or _check(check)}"


def _unmet(check: Plain) -> str | None:
    """What the policy asks for and does not get, in words."""
    if check["code"] != "policy.unmet":
        return None
    axis, want, have = (_as_required(check).get(k) for k in ("axis", "want", "have"))
    return f"you require {axis} '{want}'; this shows {have or 'nothing'} [policy.unmet]"


def _as_required(check: Plain) -> Plain:
    """The details of a finding; what is required, in the word that policies have for it."""
    detail: Plain = check["detail"]
    if check["code"] != "policy.unmet" or detail.get("want") != "confirmed":
        return detail
    axis = str(detail.get("axis"))
    return {**detail, "want": {"authority": "granted", "time": "trusted"}.get(axis, "confirmed")}


def _contradicted(report: Plain) -> set[str | None]:
    """Where the marks stand that the declaration contradicts: they are told once."""
    found = (c for c in report["checks"] if c["code"] == "content.mark-contradicts")
    return {check["where"] for check in found}


def _is_all_co_signed(check: Plain, told: int) -> bool:
    """Whether it says that there are several, and every other one is told as a co-signature."""
    is_several = check["code"] == "carrier.multiple"
    return is_several and bool(check["detail"].get("statements") == told + 1)


def _is_said(check: Plain, marks: set[str | None], *, unshown: bool) -> bool:
    """Whether it is said already: a known co-signer, an unknown key, a mark twice."""
    if _is_known_co_signature(check):
        return True
    if check["code"] == "carrier.mark-found":
        return check["where"] in marks
    detail = check["detail"]
    wanted = check["code"] == "policy.unmet" and detail.get("want") in {"pinned", "confirmed"}
    return wanted and detail.get("have") == "identity.unknown" and unshown


def _check(check: Plain) -> str:
    if check["code"] in {"carrier.mark-found", "content.mark-contradicts"}:
        return sentences.marked(check)
    place = f" at {shown(check['where'])}" if check["where"] else ""
    stated = ((k, v) for k, v in _as_required(check).items() if v is not None)
    details = "; ".join(f"{k}: {shown(str(v), 80)}" for k, v in stated)
    return f"{check['code']}{place}" + (f" ({details})" if details else "")
