"""The JSON report, one object a verification (``schemas/1.0/report.schema.json``, spec 9.6)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from provenance.model.codes import Code
from provenance.model.errors import UnsupportedContainerError, UsageError
from provenance.model.findings import Finding
from provenance.model.verdict import Status, Verdict
from provenance.verify.outcome import Candidate, Context, Outcome
from provenance.wire.addresses import without_secrets

if TYPE_CHECKING:
    from provenance.marks.base import Mark
    from provenance.trust.certificates import Certified
    from provenance.trust.moments import Proof
    from provenance.verify.endorsing import Endorsed

REPORT = "musicprov-report/1"
RUN = "musicprov-run/1"
OUTCOMES = ("accept", "hold", "reject")
"""Of a policy at ingest, from the best to the worst."""
PERSONAL = "personal"

_NOT_TRUE = (
    "The signature shows who declared this and that it is unchanged. "
    "It does not show that the declaration is true."
)
_NO_DETECTOR = "No detector was run on the audio."
_MARKS = (
    "Marks of other tools were not verified: anybody can add or remove one, "
    "and that there is none proves nothing."
)
NOT_SAID = (_NOT_TRUE, _NO_DETECTOR, _MARKS)
ABSENT_NOT_SAID = (
    "Nothing is declared here. That is not a declaration that no AI was used.",
    _NO_DETECTOR,
    _MARKS,
)

_ETSI = {
    Status.PASSED: "TOTAL-PASSED",
    Status.FAILED: "TOTAL-FAILED",
    Status.INDETERMINATE: "INDETERMINATE",
    Status.ABSENT: "NO_SIGNATURE_FOUND",
}


def report(name: str, verdict: Verdict, context: Context) -> dict[str, Any]:
    """The report of one input under its name, as plain JSON values."""
    outcome = verdict.subject
    if not isinstance(outcome, Outcome):
        raise TypeError("this verdict is not about a file or token")
    selected = outcome.selected
    made: dict[str, Any] = {
        "report": REPORT,
        "status": verdict.status.value,
        "code": verdict.code,
        "summary": "",
        "axes": verdict.axes,
        "etsi": {"indication": _ETSI[verdict.status], "sub": _etsi_sub(verdict)},
        "statement": _statement(selected),
        "signer": _signer(selected),
        "declaration": _declaration(selected, verdict),
        "time": _time(selected),
        "endorsements": [_endorsed(e) for e in outcome.endorsements],
        "carriers": _carriers(outcome),
        "marks": [mark_of(m) for m in outcome.marks],
        "checks": [_check(f) for f in verdict.findings],
        "notSaid": list(ABSENT_NOT_SAID if verdict.status is Status.ABSENT else NOT_SAID),
        "input": _input(name, outcome),
        "policy": policy_of(context, verdict.required),
        "tool": tool(),
        "verifiedAt": _text(context.now),
    }
    made["summary"] = _summary(made)
    return made


def error_report(
    name: str, message: str, hint: str, context: Context, fault: str, size: int | None = None
) -> dict[str, Any]:
    """The report of an input that could not be looked at; ``fault`` says what that is due to."""
    return {
        "report": REPORT,
        "status": Status.ERROR.value,
        "code": "error",
        "fault": fault,
        "summary": encodable(message if not hint else f"{message}. {hint}"),
        "axes": {},
        "etsi": None,
        "statement": None,
        "signer": None,
        "declaration": None,
        "time": None,
        "endorsements": [],
        "carriers": [],
        "marks": [],
        "checks": [],
        "notSaid": list(ABSENT_NOT_SAID[1:]),
        "input": {"name": input_name(name), "size": size, "container": None, "essence": None},
        "policy": policy_of(context, context.required),
        "tool": tool(),
        "verifiedAt": _text(context.now),
    }


def size_in(error: BaseException) -> int | None:
    """The bytes of what an error is about, where it was read far enough to tell."""
    return error.size if isinstance(error, UnsupportedContainerError) else None


def due_to(error: BaseException) -> str:
    """What an ERROR is due to: what the file is, what the caller asked, or the world (VDT-020)."""
    kinds = {"file": UnsupportedContainerError, "caller": UsageError}
    return next((name for name, kind in kinds.items() if isinstance(error, kind)), "world")


def run(results: Sequence[Mapping[str, Any]], links: int = 0) -> dict[str, Any]:
    """One report a run: all results, counts by status and decision, and of what was passed over.

    By ``schemas/1.0/run.schema.json``.
    """
    counts = {status.value: 0 for status in Status}
    for result in results:
        counts[result["status"]] += 1
    made = {"report": RUN, "results": list(results), "summary": counts}
    decided = [result["decision"]["outcome"] for result in results if "decision" in result]
    if decided:
        made["decisions"] = {name: decided.count(name) for name in OUTCOMES}
    return {**made, "passedOver": {"symbolicLinks": links}}


def dumps(value: Mapping[str, Any], *, indent: int | None = None) -> str:
    """JSON text in ASCII, so that no name can play with a terminal."""
    return json.dumps(value, indent=indent, ensure_ascii=True)


def tool() -> dict[str, str]:
    """The name and version of this tool."""
    from provenance import __version__

    return {"name": "prov", "version": __version__}


def is_verified(verdict: Verdict) -> bool:
    """Whether the declared content may be shown at all: its signature holds."""
    return verdict.has(Code.SIGNATURE_VALID)


def _summary(made: Mapping[str, Any]) -> str:
    from provenance.reports.sentences import headline

    return headline(made)


def _etsi_sub(verdict: Verdict) -> str | None:
    from provenance.wire.registries import codes

    if verdict.status in {Status.PASSED, Status.ABSENT}:
        return None
    entry = codes().get(verdict.code, {})
    sub = entry.get("etsi")
    return sub if isinstance(sub, str) else None


def _statement(selected: Candidate | None) -> dict[str, Any] | None:
    if selected is None or selected.token is None:
        return None
    token, manifest = selected.token, selected.manifest
    return {
        "sid": token.sid,
        "payload": token.payload_digest,
        "typ": token.typ,
        "issued": manifest.issued if manifest else None,
        "sequence": manifest.sequence if manifest else None,
        "id": manifest.id if manifest else None,
    }


def _signer(selected: Candidate | None) -> dict[str, Any] | None:
    if selected is None or selected.token is None:
        return None
    signer = selected.signer
    declarant = selected.manifest.declarant if selected.manifest else None
    return {
        "key": selected.token.key,
        "profile": selected.token.profile,
        "rung": signer.rung if signer else "unknown",
        "party": signer.party if signer else None,
        "name": signer.name if signer else None,
        "by": signer.by if signer else None,
        "certificate": _certificate(signer.certified) if signer and signer.certified else None,
        "callsItself": declarant.name if declarant else None,
    }


def _certificate(certified: Certified) -> dict[str, Any]:
    return {
        "anchor": certified.anchor,
        "subject": dict(certified.attributes),
        "issuer": certified.issuer,
        "serial": certified.serial,
        "notBefore": _text(certified.not_before),
        "notAfter": _text(certified.not_after),
        "seal": certified.seal,
    }


def _endorsed(one: Endorsed) -> dict[str, Any]:
    return {
        "sid": one.sid,
        "of": {"sid": one.of, "key": one.of_key},
        "act": one.act,
        "code": one.code.slug,
        "key": one.key,
        "rung": one.rung,
        "party": one.party,
        "name": one.name,
        "limits": one.limits,
        "basis": [{"check": b.check, "result": b.result} for b in one.basis],
        "issued": one.issued,
        "proven": _text(one.proven) if one.proven else None,
    }


def policy_of(context: Context, required: Mapping[str, str]) -> dict[str, Any]:
    """By which policy a context asks, and what is required."""
    policy = context.policy
    return {
        "id": policy.id if policy else PERSONAL,
        "version": policy.version if policy else None,
        "sha256": policy.digest if policy else None,
        "require": dict(required),
    }


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _declaration(selected: Candidate | None, verdict: Verdict) -> dict[str, Any] | None:
    if selected is None or selected.manifest is None or not is_verified(verdict):
        return None
    from provenance.labels.sentence import levels_of, sentence

    return {
        "areas": levels_of(selected.manifest),
        "sentence": sentence(selected.manifest, "en"),
        "unverifiedClaim": verdict.status is not Status.PASSED,
    }


def _time(selected: Candidate | None) -> dict[str, Any] | None:
    if selected is None or selected.manifest is None:
        return None
    best = selected.best
    return {
        "claimed": selected.manifest.issued,
        "best": _text(best.at) if best and best.proven else None,
        "sources": [_source(proof) for proof in best.proofs] if best else [],
    }


def _source(proof: Proof) -> dict[str, str]:
    return {"kind": proof.kind, "by": proof.by, "name": proof.name, "at": _text(proof.at)}


def _carriers(outcome: Outcome) -> list[dict[str, Any]]:
    """Every place, once for each statement that stands in it."""
    sids: dict[str, list[str]] = {}
    for candidate in (*outcome.candidates, *outcome.others):
        for where in candidate.where:
            known = sids.setdefault(where, [])
            if candidate.token and candidate.token.sid not in known:
                known.append(candidate.token.sid)
    scanned = outcome.scan.carriers if outcome.scan else ()
    names = list(dict.fromkeys((c.where, c.name) for c in scanned))
    tagged = {where for where, _ in names}
    places = (*names, *((where, "MUSICPROV") for where in sids if where not in tagged))
    nothing: list[str | None] = [None]
    return [
        {"where": where, "name": name, "sid": sid}
        for where, name in places
        for sid in (sids.get(where) or nothing)
    ]


def mark_of(mark: Mark) -> dict[str, Any]:
    """One foreign mark, as it is reported."""
    return {
        "kind": mark.kind,
        "where": mark.where,
        "strength": mark.strength,
        "says": mark.says,
        "detail": dict(mark.detail),
    }


def _check(found: Finding) -> dict[str, Any]:
    return {
        "code": found.code.slug,
        "kind": str(found.effect),
        "axis": str(found.axis),
        "where": found.where,
        "detail": dict(found.detail),
    }


def input_name(name: str) -> str:
    r"""A name as reports give it: without what gives access, and in text that harms nobody.

    Each byte that is no UTF-8, or belongs to a control or direction character, is ``\xNN``; so is
    a backslash that stands before an x and two hexadecimal digits. Nothing else changes, so
    putting the bytes back gives the name (ING-020).
    """
    return encodable(_LIKE_A_BYTE.sub(r"\\x5c", without_secrets(name)))


def encodable(text: str) -> str:
    r"""The text with what UTF-8 has no form for, and what plays with a terminal, as ``\xNN``."""
    return text if text.isprintable() else _NO_TEXT.sub(_bytes, text)


_LIKE_A_BYTE = re.compile(r"\\(?=x[0-9A-Fa-f]{2})")
_NO_TEXT = re.compile("[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def _bytes(found: re.Match[str]) -> str:
    is_byte = "\udc80" <= found[0] <= "\udcff"  # of a file name, as Python gives it
    data = found[0].encode("utf-8", "surrogateescape" if is_byte else "surrogatepass")
    return "".join(f"\\x{byte:02x}" for byte in data)


def _input(name: str, outcome: Outcome) -> dict[str, Any]:
    scan = outcome.scan
    return {
        "name": input_name(name),
        "size": scan.size if scan else None,
        "container": scan.container if scan else None,
        "essence": outcome.essence,
    }
