"""What makes a policy at ingest unusable, each with its rule and place (ING-040 to ING-042)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provenance.labels.messages import languages
from provenance.model.errors import PolicyError
from provenance.plugins import did_you_mean
from provenance.profiles import names as profile_names
from provenance.profiles.judging import rules_of
from provenance.wire import schemas, strict_json
from provenance.wire.registries import codes, rule

_MAX_DEPTH = 12
_UNKNOWN = "member-unknown"
MARK_CODES = frozenset({"carrier.mark-found", "content.mark-contradicts"})

Plain = Mapping[str, Any]


def parse(data: bytes, max_bytes: int) -> dict[str, Any]:
    """The plain JSON values of a policy that its schema accepts (ING-040)."""
    try:
        plain = strict_json.parse(data, max_bytes=max_bytes, max_depth=_MAX_DEPTH)
    except strict_json.JsonError as error:
        raise _refused("ingest.json", f"is no strict JSON: {error}", "/", error.hint) from error
    for pointer, fault in strict_json.find_text_faults(plain):
        if fault not in strict_json.REMARKS:
            raise _refused("ingest.text", f"has a text fault: {fault}", pointer)
    faults = list(schemas.check(plain, "ingest-policy"))
    if faults:
        first = next((f for f in faults if f.rule == _UNKNOWN), faults[0])
        slug = "ingest.member-unknown" if first.rule == _UNKNOWN else "ingest.schema"
        near = "did you mean" in first.fix
        fix = (
            "" if first.rule == _UNKNOWN and not near else f"{first.fix[:1].upper()}{first.fix[1:]}"
        )
        raise _refused(slug, first.message, first.pointer or "/", fix)
    found: dict[str, Any] = plain
    return found


def require_sound(plain: Plain) -> None:
    """Refuse a policy that does not hold together (ING-041, ING-042)."""
    _require_profiles(plain)
    _require_languages(plain)
    seen: dict[str, int] = {}
    for n, entry in enumerate(plain["rules"]):
        where = f"/rules/{n}"
        if entry["id"] in seen:
            message = f"'{entry['id']}' stands at /rules/{seen[entry['id']]} already"
            raise _refused("ingest.rule-repeated", message, f"{where}/id")
        seen[entry["id"]] = n
        for member in ("when", "unless"):
            _require_conditions(entry.get(member, {}), f"{where}/{member}", plain)
        if "unless" in entry and _never_applies(entry["when"], entry["unless"]):
            message = "never applies: where its 'when' holds, its 'unless' does"
            raise _refused("ingest.rule-dead", message, f"{where}/unless")
        _require_words(entry, where, plain)
        if entry["outcome"] == "reject" and _asks_for_marks(entry["when"]):
            message = "rejects and asks for marks of other tools"
            raise _refused("ingest.mark-rejects", message, where)


def _require_profiles(plain: Plain) -> None:
    known = profile_names()
    for n, name in enumerate(plain.get("profiles", ())):
        if name not in known or rules_of(name)["kind"] == "standard":
            message = f"there is no profile '{name}' for recordings"
            near = "" if name in known else did_you_mean(name, known).strip()
            raise _refused("ingest.profile-unknown", message, f"/profiles/{n}", near)


def _require_languages(plain: Plain) -> None:
    for n, language in enumerate(plain.get("languages", ())):
        if language not in languages():
            message = f"there are no words for uploaders in '{language}'"
            fix = f"There are: {', '.join(languages())}."
            raise _refused("ingest.language-unknown", message, f"/languages/{n}", fix)


def _require_words(entry: Plain, where: str, plain: Plain) -> None:
    """Words of the service's own stand in every language of the policy, or in none."""
    told = plain.get("languages", ("en",))
    for language in told:
        if "says" in entry and language not in entry["says"]:
            message = f"there are no words in '{language}'"
            raise _refused("ingest.words-missing", message, f"{where}/says")
    for language in entry.get("says", ()):
        if language not in told:
            message = f"nobody is told the words in '{language}'"
            raise _refused("ingest.words-unused", message, f"{where}/says/{language}")


def _never_applies(when: Plain, unless: Plain) -> bool:
    """Whether each member of ``unless`` holds wherever the same member of ``when`` does."""
    return all(member in when and _implies(when[member], unless[member]) for member in unless)


def _implies(one: Any, other: Any) -> bool:
    """Whether a member holds wherever it does with other values: of every axis or profile one."""
    if isinstance(other, Mapping):
        return all(name in one and set(one[name]) <= set(other[name]) for name in other)
    return set(one) <= set(other)


def _require_conditions(conditions: Plain, where: str, plain: Plain) -> None:
    for place, slug, axis in _codes_of(conditions):
        entry = codes().get(slug)
        if entry is None or entry["status"] != "active":
            known = [c for c, e in codes().items() if e["status"] == "active"]
            near = did_you_mean(slug, known).strip()
            raise _refused("ingest.code-unknown", f"there is no code '{slug}'", where + place, near)
        if axis is not None and entry["axis"] != axis:
            message = f"'{slug}' is on the axis '{entry['axis']}'"
            raise _refused("ingest.axis-code", message, where + place)
    for name in conditions.get("profile", {}):
        if name not in plain.get("profiles", ()):
            message = f"'{name}' is not named in 'profiles'"
            place = f"{where}/profile/{schemas.pointer_token(name)}"
            raise _refused("ingest.profile-not-judged", message, place)


def _codes_of(conditions: Plain) -> Iterator[tuple[str, str, str | None]]:
    """Every code that is asked for: its place, the code, and the axis that it is given for."""
    for n, slug in enumerate(conditions.get("code", ())):
        yield f"/code/{n}", slug, None
    for axis, slugs in conditions.get("axis", {}).items():
        for n, slug in enumerate(slugs):
            yield f"/axis/{axis}/{n}", slug, axis


def _asks_for_marks(conditions: Plain) -> bool:
    return "marks" in conditions or any(slug in MARK_CODES for _, slug, _ in _codes_of(conditions))


def _refused(slug: str, message: str, where: str, fix: str = "") -> PolicyError:
    entry = rule(slug)
    hint = fix or (entry["fix"] if entry else "")
    hint = hint if hint.endswith((".", "?")) else f"{hint}."
    return PolicyError(slug, message, where=where, hint=hint)
