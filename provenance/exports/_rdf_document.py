"""A declaration as one JSON-LD document: members as they are, nodes named, PROV-O added (spec 24).

Every node has a name, so there are no blank nodes: the statement's ``id``, and in its fragment the
JSON Pointer of the object. A declaration that has no ``id`` is named by its own digest (RFC 6920).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from provenance.model.levels import ASSET_OF_AREA
from provenance.model.manifest import Manifest
from provenance.wire import linked
from provenance.wire.digests import digest_of
from provenance.wire.encode import encode, to_plain

Plain = Mapping[str, Any]
_ID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SCHEME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SID = re.compile(r"[A-Za-z0-9_-]{43}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{1,9})?Z")
_CLASSES: Mapping[str, tuple[str, ...]] = {
    "declarant": ("Declarant", "prov:Agent"),
    "subject": ("Recording", "prov:Entity"),
    "release": ("Release", "prov:Entity"),
    "artists": ("Artist", "prov:Agent"),
    "bindings": ("Binding",),
    "presentation": ("Presentation",),
    "contributions": ("Contribution", "prov:Activity"),
    "agents": ("Agent", "prov:Association"),
    "timeRanges": ("TimeRange",),
    "tools": ("Tool", "prov:SoftwareAgent"),
    "licence": ("Licence",),
    "terms": ("Terms", "prov:Entity"),
    "people": ("Person", "prov:Person"),
    "voices": ("Voice", "prov:Entity"),
    "consent": ("Consent",),
    "facts": ("Facts",),
    "humanExpression": ("Expression",),
    "permissions": ("Permission",),
    "evidence": ("Evidence", "prov:Entity"),
}
"""What the objects of a member are, in our terms and in those of PROV-O."""


def document_of(manifest: Manifest, token: str | None = None) -> dict[str, Any]:
    """The document without its ``@context``; the same declaration gives the same document."""
    plain = to_plain(manifest)
    stated = str(plain.get("id", ""))
    name = stated if _ID.fullmatch(stated) else _named(encode(manifest))
    root = _node(plain, name, "", ["Declaration", "prov:Entity"])
    if plain.get("type") == "Disclosure":
        root["type"].insert(0, "Disclosure")
    _attribute(root)
    if token is not None:
        root["alternateOf"] = _named(token.rpartition(".")[0].encode())
    _relate(root)
    return root


def _named(data: bytes) -> str:
    """The name of some bytes by their digest (RFC 6920)."""
    return f"ni:///{digest_of(data).replace(':', ';')}"


def _node(plain: Plain, name: str, pointer: str, types: list[str]) -> dict[str, Any]:
    """One object: what the context has a term for stands as it is, the rest is a JSON value."""
    made: dict[str, Any] = {"id": f"{name}#{pointer}" if pointer else name, "type": types}
    order: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for member, value in plain.items():
        if pointer == "" and _is_said_by_the_node(member, value):
            continue
        if not _has_the_form(member, value):
            others[member] = value
            continue
        made[member] = _value(member, value, name, f"{pointer}/{member}")
        if member in linked.TEXT_LISTS and len(value) > 1:
            order[member] = value
    return made | ({"order": order} if order else {}) | ({"otherMembers": others} if others else {})


def _is_said_by_the_node(member: str, value: Any) -> bool:
    """``type`` and ``id`` of the statement are the type and the name of its node."""
    if member == "type":
        return bool(value == "Disclosure")
    return member == "id" and bool(_ID.fullmatch(str(value)))


def _has_the_form(member: str, value: Any) -> bool:
    """Whether a value is of the kind that its term is for; unknown members have no term."""
    if member not in linked.members():
        return False
    if member in linked.NODE_LISTS:
        return _is_list_of(value, Mapping)
    if member in linked.TEXT_LISTS:
        return _is_list_of(value, str)
    if member in linked.NODES | linked.JSON_VALUES:
        return isinstance(value, Mapping)
    return _are_identifiers(value) if member == "ids" else isinstance(value, (str, int))


def _is_list_of(value: Any, kind: type) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, kind) for v in value)


def _are_identifiers(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and bool(value)
        and all(_SCHEME.fullmatch(k) and isinstance(v, str) for k, v in value.items())
    )


def _value(member: str, value: Any, name: str, pointer: str) -> Any:
    if member in linked.NODE_LISTS:
        return [
            _node(item, name, f"{pointer}/{place}", list(_CLASSES[member])) | {"position": place}
            for place, item in enumerate(value)
        ]
    if member in linked.NODES:
        return _node(value, name, pointer, list(_CLASSES[member]))
    if member == "ids":
        return [
            {
                "id": f"{name}#{pointer}/{scheme}",
                "type": ["Identifier"],
                "scheme": scheme,
                "identifier": text,
            }
            for scheme, text in value.items()
        ]
    return list(value) if member in linked.TEXT_LISTS else value


def _attribute(root: dict[str, Any]) -> None:
    """Who says so, when, in place of what, and what could be shown."""
    if "declarant" in root:
        root["wasAttributedTo"] = root["declarant"]["id"]
    if _TIME.fullmatch(str(root.get("issued", ""))):
        root["generatedAtTime"] = root["issued"]
    if _SID.fullmatch(str(root.get("supersedes", ""))):
        root["wasRevisionOf"] = f"ni:///sha-256;{root['supersedes']}"
    if "evidence" in root:
        root["hadPrimarySource"] = [item["id"] for item in root["evidence"]]
    for item in root.get("evidence", ()):
        if _TIME.fullmatch(str(item.get("createdAt", ""))):
            item["generatedAtTime"] = item["createdAt"]


def _relate(root: dict[str, Any]) -> None:
    """Which activity had which agent, in which part; whose voice; what the recording came from."""
    tools = {tool.get("ref"): tool["id"] for tool in reversed(root.get("tools", []))}
    people = {person.get("ref"): person["id"] for person in reversed(root.get("people", []))}
    own: list[str] = []
    others: list[str] = []
    for entry in root.get("contributions", ()):
        asset = entry.get("asset") or ASSET_OF_AREA.get(str(entry.get("area")))
        (own if asset == "recording" else others).append(entry["id"])
        for agent in entry.get("agents", ()):
            _associate(agent, entry, list(_referred(agent, tools, people)))
    for voice in root.get("voices", ()):
        if voice.get("tool") in tools:
            voice["byTool"] = tools[voice["tool"]]
        if voice.get("person") in people:
            voice["ofPerson"] = people[voice["person"]]
    if "subject" in root:
        root["subject"] |= {"wasGeneratedBy": own} if own else {}
        root["subject"] |= {"wasInfluencedBy": others} if others else {}


def _associate(agent: dict[str, Any], entry: dict[str, Any], who: list[str]) -> None:
    entry.setdefault("qualifiedAssociation", []).append(agent["id"])
    if entry.get("area") in ASSET_OF_AREA:
        agent["hadRole"] = f"{linked.NAMESPACE}area-{entry['area']}"
    if who:
        agent["agent"] = who
        known = entry.setdefault("wasAssociatedWith", [])
        known += [one for one in who if one not in known]


def _referred(agent: Plain, tools: Plain, people: Plain) -> Iterator[str]:
    if agent.get("tool") in tools:
        yield tools[agent["tool"]]
    if agent.get("person") in people:
        yield people[agent["person"]]
