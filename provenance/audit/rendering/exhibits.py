"""What an exhibit's page shows: values of the JSON in the words of the report (AUD-070).

A score and a crowd list are shown with what they are not: proof (AUD-071).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from provenance.audit.naming import instead_of
from provenance.audit.reasons import is_by_name
from provenance.audit.rendering.markup import Markup
from provenance.audit.rendering.words import Words, isolated, linked
from provenance.model.levels import AREAS, CORE_AREAS
from provenance.wire.registries import codes

_TERMS = {
    ("superseded", "replaced"): "declaration",
    ("superseded", "by"): "declaration",
    ("conflicting", "first"): "declaration",
    ("conflicting", "second"): "declaration",
    ("withdrawn", "declaration"): "declaration",
    ("withdrawn", "reason"): "withdrawn",
    ("withdrawn", "issued"): "time",
    ("disputed", "declaration"): "declaration",
    ("disputed", "issued"): "time",
    ("audioNotCompared", "declaration"): "declaration",
    ("namesDiffer", "declaration"): "declaration",
    ("marked", "kind"): "mark",
    ("marked", "strength"): "strength",
    ("marked", "says"): "marksays",
    ("detected", "score"): "permille",
    ("detected", "threshold"): "permille",
    ("joinedByName", "by"): "by",
    ("ernContradicts", "says"): "level",
    ("ernContradicts", "declared"): "level",
}
"""The members of a flag's detail that are terms, and of which kind."""
_CODE = frozenset({"sha256", "essence", "code"})
_READ = frozenset({"tags", "marks", "essence"})
_STEPS = {"none": 0, "utility": 1, "assisted": 2, "partial": 3, "predominant": 4, "full": 5}
Text = TypeVar("Text")
"""Plain text or markup."""
Said = tuple[str, Sequence[str]]
"""A label and what stands under it."""


def counted(exhibit: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The declaration that counts; None where there is none."""
    wanted = exhibit["declared"]
    return next((d for d in exhibit["declarations"] if d["id"] == wanted), None)


def code_of(exhibit: Mapping[str, Any], name: str, say: Callable[..., Text]) -> Text | str:
    """The ISRC or UPC of an exhibit; else that there is none, and what the chart has instead.

    ``say`` is ``words.text`` or ``words.html``.
    """
    found = exhibit["recording"][name]
    if found is not None:
        return str(found)
    value = instead_of(exhibit, name)
    return say("notStated") if value is None else say(f"instead.{name}", value=value)


def said_of(one: Mapping[str, Any], words: Words) -> str:
    """What contradicts a declaration, in words: a level, what a mark says, a score."""
    says = one["says"]
    if one["by"] == "mark":
        return words.one_of("marksays", says)
    if one["by"] == "detector" and str(says).isdecimal():
        return words.text("against.score", score=words.permille(int(says)))
    return words.level(says)


def opponent_of(
    one: Mapping[str, Any], exhibit: Mapping[str, Any], words: Words
) -> tuple[str, dict[str, Any]]:
    """Who or what contradicts: a message and its values. Of a declaration, whose it is."""
    if one["declaration"] is None:
        values = {"by": words.one_of("against", one["by"]), "id": one["evidence"]}
        return "against.seeEvidence", values
    signers = {d["id"]: d["signer"] or {} for d in exhibit["declarations"]}
    signer = signers.get(one["declaration"], {})
    name = signer.get("name") or signer.get("key") or words.text("declaration.nobody")
    values = {"name": name, "id": one["declaration"], "evidence": one["evidence"]}
    return "against.seeDeclaration", values


def basis_of(exhibit: Mapping[str, Any], words: Words) -> str:
    """What the rules went by; nothing where that is simply what is declared (AUD-052, AUD-053)."""
    if is_by_name(exhibit):
        return words.text("judged.byName")
    if exhibit["state"] == "declared":
        return ""
    key = "contradicted" if exhibit["state"] == "contradicted" else "asNothing"
    return words.text(f"judged.{key}")


def nothing_of(exhibit: Mapping[str, Any], words: Words) -> str:
    """What is said where no declaration counts: there is none, none was read, or none counts."""
    if exhibit["declarations"]:
        return words.text("exhibit.noneHolds")
    is_empty = exhibit["state"] == "undeclared"
    return words.text("exhibit.nothing" if is_empty else "exhibit.noneRead")


def apart_of(exhibit: Mapping[str, Any], words: Words) -> str:
    """What the rules make of the entries that the declaration does not name (AUD-109)."""
    found = [
        words.text("says.pair", name=one["title"], value=words.one_of("outcome", one["outcome"]))
        for one in exhibit["rulesNamesDiffer"]
    ]
    return words.text("judged.namesDiffer", list=words.listed(found))


def identity_of(declaration: Mapping[str, Any], words: Words) -> str:
    """What the artists are declared to be, one after the other."""
    terms = str(declaration["identity"]).split(", ")
    return words.listed([words.one_of("identity", term) for term in terms])


def about_of(declaration: Mapping[str, Any], words: Words) -> str:
    """Which recording a declaration whose signature holds says that it is about."""
    about = declaration["about"]
    title, isrc = words.value(about["title"]), words.value(about["isrc"])
    artist = words.listed(about["artists"]) or words.value(None)
    return words.text("declaration.aboutLine", title=title, artist=artist, isrc=isrc)


def holder_of(signer: Mapping[str, Any], words: Words) -> str:
    """Whose key it is, by whoever knows; by evidence that failed it is the key's name (AUD-116)."""
    if _is_failed(signer):
        return words.text("signer.keyOf", name=signer["name"])
    return str(signer.get("name") or words.text("declaration.nobody"))


def act_of(one: Mapping[str, Any], declaration: Mapping[str, Any], words: Words) -> str:
    """What somebody signed about a declaration; whose signature, where it is not its own."""
    act, of = one["act"], one["of"]
    if act == "verified-signer" and of["sid"] != declaration["statement"]["sid"]:
        return words.text("act.verifiedCoSigner", thumbprint=of["key"])
    return words.one_of("act", act)


def _is_failed(signer: Mapping[str, Any]) -> bool:
    return bool(signer.get("name")) and signer.get("rung", "unknown") == "unknown"


def rung_of(signer: Mapping[str, Any], words: Words, say: Callable[..., Text]) -> Text:
    """How it is known whose key it is, by ``words.text`` or ``words.html``."""
    if _is_failed(signer):
        return say("rung.failed")
    by = signer.get("by") or words.text("rung.somebody")
    key = f"rung.{signer.get('rung')}"
    return say(key if words.has(key) else "rung.unknown", by=by)


def is_unread(member: str, value: object) -> bool:
    """Whether it is unknown what a track has here, for it could not be read to its end."""
    return member in _READ and value is None


def mark_of(mark: Mapping[str, Any], words: Words) -> str:
    """A mark in a line: its kind, where it is, how strong it is, what it says."""
    return words.text(
        "mark.line",
        kind=words.one_of("mark", mark["kind"]),
        where=mark["where"],
        strength=words.one_of("strength", mark["strength"]),
        says=words.one_of("marksays", "null" if mark["says"] is None else mark["says"]),
    )


def views(head: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """What templates call."""
    view = _View(head, words)
    return {
        name: getattr(view, name)
        for name in (
            "about_of", "act_of", "anchors", "apart_of", "areas_of", "basis_of", "code_meaning",
            "code_of", "details_of", "facts_of", "holder_of", "identity_of", "join_line",
            "known_of", "name_of", "nothing_of", "opponent_of", "proven_of", "rung_of", "said_of",
            "says_of", "signer_name",
        )
    }  # fmt: skip


class _View:
    """Values in words, for one report."""

    def __init__(self, head: Mapping[str, Any], words: Words) -> None:
        self._words = words
        self._names = {one["number"]: one["name"] for one in head["inputs"]}

    def name_of(self, number: int) -> str:
        """The name of an input."""
        return str(self._names.get(number, number))

    def anchors(self, names: Sequence[str]) -> Markup:
        """Links to where declarations and evidence stand on the page."""
        return Markup(", ").join(linked(name) for name in names)

    def areas_of(self, declaration: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
        """Each area with its level and how many of five boxes are filled; core areas always."""
        found = declaration["areas"]
        known = [str(a) for a in AREAS]
        core = {str(a) for a in CORE_AREAS}
        shown = [a for a in known if a in found or a in core]
        for area in [*shown, *(a for a in found if a not in known)]:
            level = found.get(area, "undeclared")
            yield area, level, _STEPS.get(level, 0)

    def holder_of(self, signer: Mapping[str, Any]) -> str:
        """Whose key it is, of a declaration or of what others signed about one."""
        return holder_of(signer, self._words)

    def act_of(self, one: Mapping[str, Any], declaration: Mapping[str, Any]) -> str:
        """What somebody signed about a declaration."""
        return act_of(one, declaration, self._words)

    def signer_name(self, declaration: Mapping[str, Any]) -> str:
        """Whose key it is, by whoever knows; never by the declaration's own word."""
        return holder_of(declaration["signer"] or {}, self._words)

    def about_of(self, declaration: Mapping[str, Any]) -> str:
        """Which recording it says that it is about, where its signature holds."""
        return about_of(declaration, self._words)

    def code_of(self, exhibit: Mapping[str, Any], name: str) -> Markup | str:
        """The ISRC or UPC, or what the chart has instead."""
        return code_of(exhibit, name, self._words.html)

    def nothing_of(self, exhibit: Mapping[str, Any]) -> str:
        """What is said where no declaration counts."""
        return nothing_of(exhibit, self._words)

    def identity_of(self, declaration: Mapping[str, Any]) -> str:
        """What the artists are declared to be."""
        return identity_of(declaration, self._words)

    def rung_of(self, signer: Mapping[str, Any]) -> Markup:
        """How it is known whose key it is."""
        return rung_of(signer, self._words, self._words.html)

    def known_of(self, declaration: Mapping[str, Any]) -> Iterator[tuple[str, Markup]]:
        """How the signer is known: rung, certificate, key, what it calls itself."""
        signer, words = declaration["signer"], self._words
        if signer is None:
            return
        yield words.text("declaration.known"), self.rung_of(signer)
        if signer["callsItself"] and signer["callsItself"] != signer["name"]:
            claim = words.html("declaration.claim", name=signer["callsItself"])
            yield words.text("declaration.calls"), claim
        if signer["certificate"]:
            yield words.text("declaration.certificate"), self._certificate(signer["certificate"])
        yield words.text("declaration.key"), _code(signer["key"])

    def _certificate(self, found: Mapping[str, Any]) -> Markup:
        words = self._words
        span = {"from": words.time(found["notBefore"]), "to": words.time(found["notAfter"])}
        subject = words.value(found["subject"])
        taken = {member: found[member] for member in ("issuer", "serial")}
        return words.html("declaration.certificateLine", subject=subject, **taken, **span)

    def proven_of(self, time: Mapping[str, Any]) -> Markup:
        """What proves when it was there, or that nothing does."""
        if time["best"] is None:
            return self._words.html("declaration.notProven")
        names = self._words.listed([str(one["name"]) for one in time["sources"]])
        at = self._words.time(time["best"])
        return self._words.html("declaration.provenBy", at=at, names=names)

    def join_line(self, join: Mapping[str, Any]) -> Markup:
        """By what something was joined, and how sure that is."""
        words = self._words
        by, sure = words.one_of("by", join["by"]), words.one_of("sure", join["sure"])
        line = words.html("evidence.joinLine", by=by, sure=sure)
        if not join["detail"]:
            return line
        return line + " (" + isolated(words.value(join["detail"])) + ")"

    def said_of(self, one: Mapping[str, Any]) -> str:
        """What contradicts, in words: a level, what a mark says, a score."""
        return said_of(one, self._words)

    def opponent_of(self, one: Mapping[str, Any], exhibit: Mapping[str, Any]) -> Markup:
        """Who or what contradicts, with links to it."""
        key, values = opponent_of(one, exhibit, self._words)
        places = {n: linked(v) for n, v in values.items() if n in {"id", "evidence"}}
        return self._words.html(key, **{**values, **places})

    def details_of(self, flag: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """What a flag tells about itself, terms in words; what is not stated is left out."""
        words = self._words
        for name, value in flag["detail"].items():
            if value is None:
                continue
            label = words.one_of("detail", name)
            kind = _TERMS.get((flag["flag"], name))
            if kind == "level":
                yield label, words.level(value)
            elif kind == "permille" and isinstance(value, int):
                yield label, words.permille(value)
            elif kind == "declaration":
                yield label, self.anchors([value])
            elif kind == "time":
                yield label, words.time(value)
            else:
                yield label, words.one_of(kind, value) if kind else words.value(value)

    def says_of(self, item: Mapping[str, Any]) -> Iterator[Said]:
        """What a piece of evidence says, member by member."""
        for member, value in item["says"].items():
            label = self._words.one_of("says", member)
            if member in _CODE and value is not None:
                yield label, [_code(value)]
            elif is_unread(member, value):
                yield label, [self._words.text("notRead")]
            else:
                yield label, self._lines(member, value) or [self._nothing(member)]

    def _nothing(self, member: str) -> str:
        """An empty list says that there is none; of areas, that no level is stated."""
        return self._words.text("notStated" if member == "areas" else "none")

    def _lines(self, member: str, value: Any) -> list[str]:
        words = self._words
        one_line: dict[str, Callable[[Any], str]] = {
            "score": words.permille,
            "status": lambda status: words.one_of("status", status),
            "area": words.area,
        }
        if value is None:
            return [words.value(None)]
        if member in one_line:
            return [one_line[member](value)]
        if member == "marks":
            return [self._mark(mark) for mark in value]
        if member == "credits":
            return [words.text("says.credit", name=c["name"], role=c["role"]) for c in value]
        if member == "areas":
            value = {words.area(area): words.level(level) for area, level in value.items()}
        if member == "tags":
            value = {words.one_of("tag", name): text for name, text in value.items()}
        if isinstance(value, Mapping):
            return [words.text("says.pair", name=n, value=v) for n, v in value.items()]
        if isinstance(value, list):
            return [str(one) for one in value]
        return [words.value(value)]

    def _mark(self, mark: Mapping[str, Any]) -> str:
        line = mark_of(mark, self._words)
        return f"{line} ({self._words.value(mark['detail'])})" if mark["detail"] else line

    def facts_of(self, rule: Mapping[str, Any]) -> Iterator[str]:
        """What a rule looked at, with which parameters, and what is missing."""
        words = self._words
        for name, value in rule["parameters"].items():
            changed = f" {words.text('judged.changed')}" if name in rule["changed"] else ""
            yield f"{name} = {words.value(value)}{changed}"
        yield from (f"{name}: {v}" for name, v in rule["facts"].items() if v is not None)
        if rule["missing"]:
            yield words.text("judged.missing", list=words.listed(list(rule["missing"])))

    def basis_of(self, exhibit: Mapping[str, Any]) -> str:
        """What the rules went by, where it is not simply what is declared (AUD-052, AUD-053)."""
        return basis_of(exhibit, self._words)

    def apart_of(self, exhibit: Mapping[str, Any]) -> str:
        """What the rules make of the entries that the declaration does not name (AUD-109)."""
        return apart_of(exhibit, self._words)

    def code_meaning(self, code: str) -> str:
        """What a code of a verification means."""
        return str(codes().get(code, {}).get("meaning", ""))


def _code(text: str) -> Markup:
    return Markup('<span class="code digest">{}</span>').format(isolated(text))
