"""Labels and explanations for whoever asks (spec 28.3; ``label.schema.json``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provenance.bulk.settings import Settings, context_of
from provenance.labels.standing import fallen, standing_of
from provenance.model.limits import DEFAULT_LIMITS
from provenance.model.verdict import Status
from provenance.reports.as_json import dumps, is_verified
from provenance.service import requests
from provenance.service.answers import Answer
from provenance.service.problems import ProblemError
from provenance.verify.outcome import Context, Given, Outcome
from provenance.verify.procedure import verify

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest

_MEDIA = {"sentence": "text/plain; charset=utf-8", "code": "text/plain; charset=utf-8"}
_SVG = "image/svg+xml"
_SVG_POLICY = ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
"""A picture that somebody opens by its address runs and fetches nothing."""


def label(body: bytes, settings: Settings) -> Answer:
    """The label that a request asks for (``label-request.schema.json``; SRV-025).

    Raises ``ProblemError`` where there is no declaration that could be shown.
    """
    from provenance.labels.forms import label as label_of

    request = requests.read(body, "label-request")
    value = requests.statement_bytes(request["of"])
    manifest, status, code = _unsigned(value) or _signed(value, context_of(settings))
    form, language = request.get("form", "json"), request.get("lang", "en")
    standing = standing_of(status)
    said = "UNSIGNED" if status is None else status
    headers = (("Musicprov-Status", said), ("Musicprov-Unverified", _flag(status)))
    if form == "svg":
        text = label_of(manifest, form, language, standing, request.get("theme", "auto"))
        return Answer(text.encode(), _SVG, status, code, headers=(*headers, _SVG_POLICY))
    if form == "json":
        made = _words(manifest, language, status, code)
        return Answer(dumps(made).encode(), status=status, code=code, headers=headers)
    text = label_of(manifest, form, language, standing)
    return Answer(f"{text}\n".encode(), _MEDIA[form], status, code, headers=headers)


def _flag(status: str | None) -> str:
    return "false" if status == Status.PASSED.value else "true"


def _words(
    manifest: Manifest, language: str, status: str | None, code: str | None
) -> dict[str, Any]:
    from provenance.labels.sentence import levels_of, sentence
    from provenance.labels.short_code import short_code

    return {
        "status": status,
        "code": code,
        "unverifiedClaim": status != Status.PASSED.value,
        "sentence": sentence(manifest, language),
        "short": short_code(manifest),
        "areas": levels_of(manifest),
    }


def _unsigned(value: bytes) -> tuple[Manifest, None, None] | None:
    """A declaration that is not signed; None for what is signed, or pretends to be."""
    from provenance.wire.decode import decode_declaration
    from provenance.wire.strict_json import JsonError, parse

    if value[:1] != b"{":
        return None
    try:
        plain = parse(value, max_bytes=len(value), max_depth=DEFAULT_LIMITS.json_depth)
    except JsonError as error:
        raise ProblemError("request.malformed", f"this is not good JSON: {error}") from error
    if "payload" in plain or "bundle" in plain:
        return None
    manifest, found = decode_declaration(value)
    if manifest is None:
        faults = "; ".join(f"{f.where or '/'}: {f.detail.get('message')}" for f in found[:3])
        raise ProblemError("label.nothing", f"this is no well-formed declaration: {faults}")
    return manifest, None, None


def _signed(value: bytes, context: Context) -> tuple[Manifest, str, str]:
    verdict = verify(None, None, context, (Given("given", value),))
    code = fallen(verdict)
    if code is not None:
        detail = f"no label is made of what does not hold or was taken back [{code}]"
        raise ProblemError("label.nothing", detail)
    outcome = verdict.subject
    selected = outcome.selected if isinstance(outcome, Outcome) else None
    if selected is None or selected.manifest is None or not is_verified(verdict):
        detail = f"this carries nothing that can be shown [{verdict.code}]"
        raise ProblemError("label.nothing", detail)
    return selected.manifest, verdict.status.value, verdict.code


def explain(name: str) -> dict[str, Any]:
    """What a code, status, rule or problem means (``explanation.schema.json``).

    Raises ``ProblemError`` for what is none of these.
    """
    from provenance.wire.registries import codes, problems, rules, statuses

    known = {"code": codes(), "status": statuses(), "rule": rules(), "problem": problems()}
    for kind, registry in known.items():
        entry = registry.get(name)
        if entry is not None:
            made = {"code": name, "kind": kind, "meaning": entry["meaning"], "fix": entry["fix"]}
            more: dict[str, Any] = {
                n: entry[n] for n in ("axis", "effect", "requirement") if n in entry
            }
            status = {"status": entry["status"]} if kind == "code" else {}
            return {**made, **more, **status}
    raise ProblemError("code.unknown")
