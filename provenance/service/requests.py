"""Requests in JSON, read strictly: one reader for the queue and for HTTP (spec 28.2, 28.3)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from provenance.bulk.items import Item
from provenance.model.identifiers import is_isrc
from provenance.model.limits import DEFAULT_LIMITS
from provenance.service.limits import DEFAULT_LIMITS as SERVICE
from provenance.service.problems import ProblemError
from provenance.wire import strict_json
from provenance.wire.addresses import without_secrets
from provenance.wire.schemas import check

if TYPE_CHECKING:
    from provenance.bindings.base import Computed
    from provenance.verify.outcome import Given

Plain = Mapping[str, Any]

UNNAMED = "manifest"
"""The name of a statement that was sent without one."""
_MOST_ITEMS = 32
"""Of any list of a request: looked at before the schema, which would look at every item."""


def read(body: bytes, schema: str) -> dict[str, Any]:
    """The members of a request. Raises ``ProblemError`` for what the schema refuses (SRV-026)."""
    most = SERVICE.json_bytes
    try:
        found = strict_json.parse(body, max_bytes=most, max_depth=DEFAULT_LIMITS.json_depth)
    except strict_json.JsonError as error:
        code = "request.too-large" if error.reason == "too-large" else "request.malformed"
        raise ProblemError(code, f"this is not good JSON: {error}") from error
    if not isinstance(found, dict):
        raise ProblemError("request.malformed", "this is not a JSON object")
    for name, value in islice(found.items(), _MOST_ITEMS):
        if isinstance(value, list) and len(value) > _MOST_ITEMS:
            raise ProblemError("request.schema", f"'{name}' has more than {_MOST_ITEMS} items")
    faults = tuple(check(found, schema))
    if faults:
        raise ProblemError("request.schema", faults=faults)
    return found


def item_of(request: Plain, name: str) -> Item:
    """What is asked about: its name in the report, and the ISRC that is expected of it."""
    return Item(0, name, request.get("isrc"))


def unchecked(body: bytes) -> Plain:
    """The members of a request whatever it is like; none where it is no JSON object.

    A member that stands twice is none.
    """
    try:
        found = json.loads(body, object_pairs_hook=_those_that_stand_once)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _those_that_stand_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    times = Counter(name for name, _ in pairs)
    return {name: value for name, value in pairs if times[name] == 1}


def unchecked_item_of(body: bytes) -> Item:
    """What a request was about whose process ended; it may not have got to be checked."""
    request = unchecked(body)
    names = (request.get(member) for member in ("path", "url", "name"))
    unnamed = UNNAMED if "manifest" in request else "request"
    name = next((found for found in names if isinstance(found, str)), unnamed)
    isrc = request.get("isrc")
    return Item(0, without_secrets(name), isrc if isinstance(isrc, str) and is_isrc(isrc) else None)


def statement_bytes(statement: Any) -> bytes:
    """A token, statement, bundle or declaration as bytes, whether it came as text or object."""
    if isinstance(statement, str):
        return statement.strip().encode("utf-8", "replace")
    return strict_json.encode(statement)


def given_of(request: Plain) -> tuple[Given, ...]:
    """What stands beside the audio by the word of whoever asks."""
    from provenance.verify.outcome import Given

    return tuple(Given(where, statement_bytes(value)) for where, value in _statements(request))


def _statements(request: Plain) -> Iterator[tuple[str, Any]]:
    if "manifest" in request:
        yield "given", request["manifest"]
    for n, statement in enumerate(request.get("statements", ())):
        yield f"given[{n}]", statement


def stated_of(request: Plain) -> Computed | None:
    """The digests that a request states, or None. Raises ``ProblemError`` for others (SRV-006)."""
    from provenance.bindings.compare import stated

    digests = request.get("digests")
    if "essence" in request:  # any profile: the digest covers it (BND-003)
        digests = [{"tier": "essence", "profile": "stated", "digest": request["essence"]}]
    if digests is None:
        return None
    try:
        return stated(digests)
    except ValueError as error:
        raise ProblemError("request.schema", f"'digests' cannot be used: {error}") from error
