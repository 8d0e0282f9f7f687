"""What each vector operation does with its input (CON)."""

from __future__ import annotations

import importlib.util
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import unescape

from provenance.conformance.cases import Case
from provenance.containers import identify, load
from provenance.model.codes import Code, Effect
from provenance.model.findings import Finding
from provenance.model.limits import DEFAULT_LIMITS
from provenance.trust.identity import Keyring
from provenance.trust.requirements import PERSONAL, tighten
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify
from provenance.workspace.verifying import under

if TYPE_CHECKING:
    from provenance.trust.policy import Policy
    from provenance.wire.ern import Message

Result = dict[str, Any]

_HARD = frozenset({Effect.BREAKS, Effect.BLOCKS})


def perform(case: Case) -> dict[str, Any]:
    """Run a case; the answer that the runner protocol asks for."""
    operation = OPERATIONS.get(case.operation)
    if operation is None:
        return {"id": case.id, "skipped": f"no operation '{case.operation}'"}
    lacking = [f for f in case.content.get("features", ()) if f in _EXTRAS and not _has(f)]
    if lacking:
        return {"id": case.id, "skipped": f"needs the extra '{_EXTRAS[lacking[0]][0]}'"}
    return {"id": case.id, "result": operation(case)}


_EXTRAS = {"rfc3161": ("time", "rfc3161_client")}
"""Features of cases that an extra brings: its name, and the module that shows it."""


def _has(feature: str) -> bool:
    return importlib.util.find_spec(_EXTRAS[feature][1]) is not None


def _slugs(findings: Sequence[Finding], effects: frozenset[Effect]) -> list[str]:
    return sorted({f.code.slug for f in findings if f.effect in effects})


def _verify(case: Case) -> Result:
    """The whole procedure, with the time, keys, policy and wishes that the case states."""
    options = case.options
    keyring = Keyring(
        dict.fromkeys(options.get("own", ())),
        dict.fromkeys(options.get("pinned", ())),
    )
    policy = _policy(case)
    context = Context(
        now=datetime.fromisoformat(options["now"].removesuffix("Z")).replace(tzinfo=UTC),
        keyring=keyring,
        required=tighten(PERSONAL, options.get("require", ())),
        limits=replace(DEFAULT_LIMITS, **options.get("limits", {})),
        decode=options.get("decode", "auto"),
    )
    if policy is not None:
        context = under(context, policy, options.get("require", ()))
    beside = case.file("given")
    given = (Given("given", beside.read_bytes()),) if beside else ()
    audio = case.file()
    stream = io.BytesIO(audio.read_bytes()) if audio else None
    name = identify(stream) if stream else None
    verdict = verify(stream, load(name) if name else None, context, given)
    return {
        "status": verdict.status.value,
        "code": verdict.code,
        "codes": _slugs(verdict.findings, _HARD),
        "informs": _slugs(verdict.findings, frozenset({Effect.INFORMS})),
        "confirms": _slugs(verdict.findings, frozenset({Effect.CONFIRMS})),
        "marks": [
            {"kind": m.kind, "where": m.where, "strength": m.strength, "says": m.says}
            for m in getattr(verdict.subject, "marks", ())
        ],
        "contradicted": [
            f.where for f in verdict.findings if f.code is Code.CONTENT_MARK_CONTRADICTS
        ],
    }


def _policy(case: Case) -> Policy | None:
    """The trust policy that the case names; the files that it names lie beside it."""
    path = case.file("trust")
    if path is None:
        return None
    from provenance.trust.loading import load as load_policy

    return load_policy(
        path.read_bytes(),
        lambda name: (case.folder / name).read_bytes(),
        seen_version=case.options.get("seenVersion"),
    )


def _load_policy(case: Case) -> Result:
    """A trust policy: whether it can be used, else the rule that refuses it."""
    from provenance.model.errors import PolicyError
    from provenance.trust.loading import load as load_policy
    from provenance.workspace.policies import folder_reader

    path = case.file()
    try:
        load_policy(path.read_bytes() if path else b"", folder_reader(case.folder))
    except PolicyError as error:
        return {"ok": False, "error": error.rule}
    return {"ok": True, "error": None}


def _authority(case: Case) -> Result:
    """A policy, a claim and a time to the code of the authority axis and the grants behind it."""
    from provenance.trust.authority import Claim, authorise
    from provenance.trust.loading import load as load_policy
    from provenance.workspace.policies import folder_reader

    policy = load_policy(json.dumps(case.content["input"]).encode(), folder_reader(case.folder))
    asked = dict(case.options["claim"])
    claim = Claim(
        act=asked.pop("act"),
        party=asked.pop("party", None),
        vouched_by=tuple(asked.pop("vouchedBy", ())),
        iswc=tuple(asked.pop("iswc", ())),
        **asked,
    )
    at = datetime.fromisoformat(case.options["at"].removesuffix("Z")).replace(tzinfo=UTC)
    found = authorise(policy, claim, at)
    return {
        "code": found.code.slug,
        "grant": found.detail.get("grant"),
        "against": found.detail.get("against"),
    }


def _scan(case: Case) -> Result:
    """One container's walk: carriers, essence or refusal, notes."""
    from provenance.bindings.base import presentation_as_json
    from provenance.verify.steps import essence_digest, with_digest

    path = case.file()
    stream = io.BytesIO(path.read_bytes() if path else b"")
    scan = load(str(identify(stream))).scan(stream, DEFAULT_LIMITS, True)
    scan = with_digest(stream, scan)
    essence = scan.essence
    return {
        "container": scan.container,
        "refusal": scan.refusal.rule if scan.refusal else None,
        "incomplete": scan.incomplete,
        "essence": {"profile": essence.profile, "digest": essence_digest(scan)}
        if essence
        else None,
        "presentation": presentation_as_json(essence.presentation) if essence else None,
        "carriers": [
            {"name": c.name, "where": c.where, "value": c.value.decode("utf-8", "replace")}
            for c in scan.carriers
        ],
        "notes": sorted({f.code.slug for f in scan.notes}),
    }


def _envelope(case: Case) -> Result:
    """A token: framing, header, key, signature."""
    from provenance.signing import envelope

    path = case.file()
    limits = replace(DEFAULT_LIMITS, **case.options.get("limits", {}))
    token, found = envelope.read(path.read_bytes() if path else b"", limits)
    if token is not None and not _slugs(found, _HARD):
        found = (*found, envelope.check_signature(token))
    valid = any(f.code is Code.SIGNATURE_VALID for f in found)
    return {
        "codes": _slugs(found, _HARD),
        "informs": _slugs(found, frozenset({Effect.INFORMS})),
        "valid": valid,
        "sid": token.sid if token else None,
        "key": token.key if token else None,
        "payload": token.payload_digest if token else None,
    }


def _content(case: Case) -> Result:
    """A payload: strict JSON, text, version, schema, consistency."""
    from provenance.wire.decode import decode

    path = case.file()
    _, found = decode(path.read_bytes() if path else b"", strict=bool(case.options.get("strict")))
    return {
        "codes": _slugs(found, _HARD),
        "informs": _slugs(found, frozenset({Effect.INFORMS})),
        "where": sorted({f.where for f in found if f.effect in _HARD and f.where}),
    }


def _statement(case: Case) -> Result:
    """The payload of a statement beside a disclosure, as its ``typ`` wants it."""
    from provenance.wire.statements import decode_statement

    path, options = case.file(), case.options
    payload = path.read_bytes() if path else b""
    strict = bool(options.get("strict"))
    _, found = decode_statement(str(options["typ"]), payload, strict=strict)
    return {
        "codes": _slugs(found, _HARD),
        "informs": _slugs(found, frozenset({Effect.INFORMS})),
        "where": sorted({f.where for f in found if f.effect in _HARD and f.where}),
    }


def _area_level(case: Case) -> Result:
    """Contributions to the level of each declared area, and to the summary tag."""
    from provenance.labels.sentence import levels_of
    from provenance.model.levels import summary
    from provenance.wire.decode import decode_declaration
    from provenance.wire.strict_json import encode

    manifest, found = decode_declaration(encode(case.content["input"]))
    if manifest is None:
        return {"levels": None, "codes": _slugs(found, _HARD)}
    return {"levels": levels_of(manifest), "summary": summary(manifest)}


def _label(case: Case) -> Result:
    """A declaration to its label in one language: sentence, short code, text of the picture."""
    from provenance.labels.forms import label
    from provenance.labels.standing import Standing
    from provenance.model.errors import UsageError
    from provenance.wire.decode import decode_declaration
    from provenance.wire.strict_json import encode

    manifest, found = decode_declaration(encode(case.content["input"]))
    if manifest is None:
        return {"sentence": None, "code": None, "codes": _slugs(found, _HARD)}
    language = str(case.options.get("language", "en"))
    standing = Standing.SIGNED if case.options.get("passed", True) else Standing.UNVERIFIED
    standing = standing if case.options.get("signed", True) else Standing.UNSIGNED
    words: str | None = None
    seen: str | None = None
    with suppress(UsageError):
        words = label(manifest, "sentence", language, standing)
        seen = _words_seen(label(manifest, "svg", language, standing))
    return {
        "sentence": words,
        "code": label(manifest, "code", language, standing),
        "picture": seen,
    }


def _words_seen(picture: str) -> str:
    """The text that a picture shows, from its beginning to its end."""
    return unescape(" ".join(re.findall("<text[^>]*>([^<]*)</text>", picture)))


def _pcm(case: Case) -> Result:
    """Tier 2 of a file that needs no decoder."""
    from provenance.bindings.compute import compute

    path = case.file()
    stream = io.BytesIO(path.read_bytes() if path else b"")
    scan = load(identify(stream) or "wav").scan(stream, DEFAULT_LIMITS, False)
    wanted = frozenset({"samples"})
    made = compute(stream, scan, DEFAULT_LIMITS, want=wanted, decode="never")
    reason = made.missing.get("samples")
    return {
        "digest": made.samples.digest if made.samples else None,
        "reason": reason.slug if reason else None,
    }


def _score(case: Case) -> Result:
    """Two fingerprints to their score and coverage in permille."""
    from provenance.bindings.score import likeness

    found = likeness(case.content["first"], case.content["second"])
    return {"score": found.score, "coverage": found.coverage}


def _compare(case: Case) -> Result:
    """Recorded bindings against what was computed of a file."""
    from provenance.bindings.base import REASON_BY_SLUG, Computed, from_json
    from provenance.bindings.compare import judge

    file = case.content["file"]
    computed = [from_json(b) for b in file["computed"]]
    ineligible: Any = from_json(file["ineligible"]) if "ineligible" in file else None
    facts = Computed(
        tuple(b for b in computed if b is not None),
        {tier: REASON_BY_SLUG[slug] for tier, slug in file["missing"].items()},
        ineligible,
    )
    found = judge(case.content["recorded"], facts, rate=file["rate"], rule=file.get("refusal"))
    return {"codes": sorted(f.code.slug for f in found)}


def _profile(case: Case) -> Result:
    """Declarations to the outcomes of the rules that each of them asks for."""
    from provenance.profiles.base import Evidence
    from provenance.profiles.judging import judge
    from provenance.wire.decode import decode_declaration
    from provenance.wire.strict_json import encode

    found = {}
    for name, asked in case.content["input"].items():
        plain = _with_levels(asked["declaration"], asked.get("levels", {}))
        manifest, faults = decode_declaration(encode(plain))
        if _slugs(faults, _HARD):
            return {"outcomes": None, "codes": _slugs(faults, _HARD)}
        document = _message(asked["document"]) if "document" in asked else None
        evidence = Evidence(manifest, asked.get("facts", {}), document)
        answers = judge(case.options["profile"], evidence, asked.get("set", {}))
        found[name] = {a.rule["id"]: a.outcome for a in answers if a.rule["id"] in asked["rules"]}
    return {"outcomes": found}


def _message(text: str) -> Message:
    """A release message."""
    from provenance.wire import ern

    return ern.read([text.encode()])


def _export(case: Case) -> Result:
    """A declaration to the answers of forms (spec 19.5)."""
    from provenance.exports import load
    from provenance.exports.base import Source
    from provenance.wire.decode import decode_declaration
    from provenance.wire.strict_json import encode

    manifest, found = decode_declaration(encode(case.content["input"]))
    if manifest is None:
        return {"answers": None, "codes": _slugs(found, _HARD)}
    answers: dict[str, dict[str, list[Any]]] = {}
    for name, asked in case.options["ask"].items():
        export = load(name)
        form = {"format": "json"} if "json" in export.formats else {}
        source = Source(manifest, options={**asked.get("set", {}), **form})
        made = json.loads(export.render(source).data)
        answers[name] = {wanted: list(_answers(made, wanted)) for wanted in asked["ids"]}
    return {"answers": answers}


def _answers(made: Any, wanted: str) -> Iterator[Any]:
    """The answers of a form to a question; what stands at a pointer into another document."""
    if not wanted.startswith("/"):
        yield from (one["answer"] for one in made["answers"] if one["id"] == wanted)
        return
    for token in wanted.split("/")[1:]:
        if isinstance(made, list):
            made = made[int(token)] if int(token) < len(made) else None
        else:
            made = made.get(token) if isinstance(made, dict) else None
    found = made if isinstance(made, list) else [] if made is None else [made]
    yield from (one if isinstance(one, str) else json.dumps(one) for one in found)


def _with_levels(declaration: Result, levels: Mapping[str, str]) -> Result:
    """The declaration with one entry for each of ``levels``; ``*`` is every other area."""
    from provenance.model.levels import AREAS

    entries = list(declaration.get("contributions", ()))
    entries += [{"area": area, "level": level} for area, level in levels.items() if area != "*"]
    if "*" in levels:
        stated = {entry["area"] for entry in entries}
        entries += [{"area": a, "level": levels["*"]} for a in AREAS if a not in stated]
    return {**declaration, "contributions": entries} if entries else declaration


OPERATIONS: Mapping[str, Callable[[Case], Result]] = {
    "verify": _verify,
    "policy": _load_policy,
    "authority": _authority,
    "scan": _scan,
    "envelope": _envelope,
    "content": _content,
    "statement": _statement,
    "area-level": _area_level,
    "label": _label,
    "pcm": _pcm,
    "profile": _profile,
    "score": _score,
    "compare": _compare,
    "export": _export,
}
