"""The description of the service, OpenAPI 3.1, made from the schemas it checks by (SRV-026).

Each schema of ``schemas/1.0`` that is used stands whole under ``components``; references
between them are turned into references inside the document, so that nothing is to be fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from provenance.service.problems import MEDIA_TYPE as PROBLEM
from provenance.wire.registries import problems
from provenance.wire.schemas import load_json

Plain = dict[str, Any]

_SCHEMA = ".schema.json"
_DROPPED = frozenset({"$id", "$schema", "$comment"})
_JSON = "application/json"
_ANY = "application/octet-stream"
_ANYWHERE = ("request.head-too-large", "request.malformed")
"""What is no HTTP, or too much of it."""
_GATED = (*_ANYWHERE, "service.busy", "service.client-busy", "service.fault")
_WORKED = (*_GATED, "service.stopping")
_BODY = (
    "request.encoding",
    "request.interrupted",
    "request.media-type",
    "request.schema",
    "request.too-large",
    "request.too-slow",
)
_REFUSALS = {
    "verify": (*_WORKED, *_BODY, "request.empty", "request.parts", "service.full"),
    "verifyUrl": (
        *_WORKED,
        *_BODY,
        "service.full",
        "url.address",
        "url.failed",
        "url.host",
        "url.off",
        "url.refused",
        "url.too-large",
    ),
    "verifyManifest": (*_WORKED, *_BODY),
    "getLabel": (*_WORKED, "label.nothing", "request.schema"),
    "label": (*_WORKED, *_BODY, "label.nothing"),
    "explain": (*_GATED, "code.unknown", "request.not-found"),
    "health": _ANYWHERE,
    "ready": (*_ANYWHERE, "service.busy"),
    "metrics": _ANYWHERE,
    "describe": _ANYWHERE,
}
"""The problems that each operation can answer with."""
_LABEL_FORMS = ("text/plain", "image/svg+xml")


def document(version: str) -> Plain:
    """The whole description; ``version`` is the tool's."""
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "MusicProv verification",
            "version": version,
            "description": "Says who declared what about a recording, and whether it is "
            "unchanged; never that it is true. An HTTP status is about the request, the status "
            "of a report about the file.",
            "license": {"name": "CC0-1.0", "identifier": "CC0-1.0"},
        },
        "paths": _paths(),
        "components": {"schemas": dict(_components("report", "problem", "label", "explanation",
                                                   "manifest-request", "url-request",
                                                   "label-request"))},
    }  # fmt: skip


def _paths() -> Plain:
    return {
        "/v1/verify": {"post": _operation("verify", "Verify an uploaded file", "report",
                                          takes=_upload())},
        "/v1/verify-url": {"post": _operation("verifyUrl", "Verify a file at an address of a "
                                              "host that the operator allows", "report",
                                              takes=_json("url-request"))},
        "/v1/verify-manifest": {"post": _operation("verifyManifest", "Verify a statement, and "
                                                   "digests of its audio", "report",
                                                   takes=_json("manifest-request"))},
        "/v1/label": {
            "get": _labelling(_operation("getLabel", "The label of a statement", "label",
                                         parameters=list(_label_parameters()))),
            "post": _labelling(_operation("label", "The label of a statement or a declaration",
                                          "label", takes=_json("label-request"))),
        },
        "/v1/explain/{code}": {"get": _operation(
            "explain", "What a code, a status, a rule or a problem means", "explanation",
            parameters=[_parameter("code", "path", {"type": "string", "minLength": 1})])},
        "/healthz": {"get": _plain("health", "That the service answers", _JSON)},
        "/readyz": {"get": _plain("ready", "Whether it can verify now", _JSON)},
        "/metrics": {"get": _plain("metrics", "Figures for Prometheus", "text/plain")},
        "/openapi.json": {"get": _plain("describe", "This document", _JSON)},
    }  # fmt: skip


def _operation(
    name: str,
    summary: str,
    gives: str,
    *,
    takes: Plain | None = None,
    parameters: list[Plain] | None = None,
) -> Plain:
    """One operation with its answer, and its problems by their statuses."""
    content: Plain = {_JSON: {"schema": _ref(gives)}}
    made: Plain = {"operationId": name, "summary": summary}
    if parameters:
        made["parameters"] = parameters
    if takes:
        made["requestBody"] = {"required": True, "content": takes}
    made["responses"] = {
        "200": {"description": "The answer", "content": content},
        **_refusals(name),
    }
    return made


def _labelling(operation: Plain) -> Plain:
    """An operation that gives a label: its other forms, and its headers."""
    answer = operation["responses"]["200"]
    answer["content"] |= {media: {"schema": {"type": "string"}} for media in _LABEL_FORMS}
    answer["headers"] = _label_headers()
    return operation


def _plain(name: str, summary: str, media: str) -> Plain:
    answer = {"description": "The answer", "content": {media: {"schema": {}}}}
    responses = {"200": answer, **_refusals(name)}
    return {"operationId": name, "summary": summary, "responses": responses}


def _refusals(name: str) -> Plain:
    """The statuses of an operation's problems, each with the codes that it can have."""
    codes: dict[str, list[str]] = {}
    for code in sorted(_REFUSALS[name]):
        codes.setdefault(str(problems()[code]["status"]), []).append(code)
    return {
        status: {"description": ", ".join(codes[status]), "content": _json("problem", PROBLEM)}
        for status in sorted(codes)
    }


def _json(name: str, media: str = _JSON) -> Plain:
    return {media: {"schema": _ref(name)}}


def _upload() -> Plain:
    raw = {"schema": {"type": "string", "minLength": 1, "contentMediaType": _ANY}}
    form = {
        "type": "object",
        "required": ["file"],
        "additionalProperties": False,
        "properties": {
            "file": {"type": "string", "contentMediaType": _ANY},
            "manifest": {"type": "string", "description": "a token or bundle beside the file"},
            "isrc": load_json(f"1.0/url-request{_SCHEMA}")["properties"]["isrc"],
        },
    }
    return {"application/octet-stream": raw, "audio/*": raw, "multipart/form-data":
            {"schema": form}}  # fmt: skip


def _label_parameters() -> Iterator[Plain]:
    properties = load_json(f"1.0/label-request{_SCHEMA}")["properties"]
    token = {"type": "string", "minLength": 1, "description": "a compact token"}
    yield _parameter("of", "query", token)
    for name in ("form", "lang", "theme"):
        yield _parameter(name, "query", properties[name], required=False)


def _label_headers() -> Plain:
    """What the forms that are no JSON cannot say themselves (SRV-025)."""
    properties = load_json(f"1.0/label{_SCHEMA}")["properties"]
    statuses = [word or "UNSIGNED" for word in properties["status"]["enum"]]
    return {
        "Musicprov-Status": {
            "required": True,
            "description": "The status of the statement; UNSIGNED of a declaration",
            "schema": {"type": "string", "enum": statuses},
        },
        "Musicprov-Unverified": {
            "required": True,
            "description": "Whether what the label says is an unverified claim",
            "schema": {"type": "string", "enum": ["true", "false"]},
        },
    }


def _parameter(name: str, place: str, schema: Plain, *, required: bool = True) -> Plain:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _ref(name: str) -> Plain:
    return {"$ref": f"#/components/schemas/{name}"}


def _components(*names: str) -> Iterator[tuple[str, Plain]]:
    """The named schemas, and those that they refer to."""
    waiting, seen = list(names), set(names)
    while waiting:
        name = waiting.pop(0)
        found = load_json(f"1.0/{name}{_SCHEMA}")
        moved = _moved(found, name)
        others = [other for other in dict.fromkeys(_named(found)) if other not in seen]
        seen |= set(others)
        waiting += others
        yield name, {key: value for key, value in moved.items() if key not in _DROPPED}


def _named(part: Any) -> Iterator[str]:
    """The names of other schemas that a schema refers to."""
    if isinstance(part, list):
        for one in part:
            yield from _named(one)
    elif isinstance(part, dict):
        target = part.get("$ref")
        if isinstance(target, str) and not target.startswith("#"):
            yield target.partition("#")[0].removesuffix(_SCHEMA)
        for one in part.values():
            yield from _named(one)


def _moved(part: Any, name: str) -> Any:
    """The same with its references leading into the document."""
    if isinstance(part, list):
        return [_moved(one, name) for one in part]
    if not isinstance(part, dict):
        return part
    made = {key: _moved(value, name) for key, value in part.items()}
    target = part.get("$ref")
    if isinstance(target, str):
        file, _, pointer = target.partition("#")
        made["$ref"] = f"#/components/schemas/{file.removesuffix(_SCHEMA) or name}{pointer}"
    return made
