"""Forms: the questions of a crosswalk, answered from a declaration (spec 19.3).

The crosswalk says what is asked and in which words it is answered; here stand only the ways in
which an answer is found. ``HOW`` has one function for each, named as in the crosswalk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from provenance.exports._reading import Reading
from provenance.exports._rows import NOT_DECLARED, rows_of, said
from provenance.exports._settled import completions, undeclared
from provenance.exports._writing import FORMATS, write
from provenance.exports.base import Export, Exported, Source
from provenance.model.contribution import Contribution
from provenance.model.errors import UsageError
from provenance.model.levels import AREAS, GENERATED, asset_of, level_of
from provenance.model.records import dataclass
from provenance.wire.crosswalks import crosswalk

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """One line of a form: what is asked and what is answered; None where nothing is said."""

    id: str
    asks: str
    value: str | None


@dataclass(frozen=True)
class Form:
    """A filled form: its parts with title and answers, and what to know before sending it."""

    name: str
    title: str
    parts: tuple[tuple[str, tuple[Answer, ...]], ...]
    warnings: tuple[str, ...]


class Filling:
    """What the ways of answering work with: the declaration, the parameters, the warnings."""

    def __init__(self, source: Source, parameters: Mapping[str, str]) -> None:
        """Nothing is answered yet."""
        self.reading = Reading(source.manifest)
        self.is_signed = source.token is not None
        self.parameters = parameters
        self.warnings: list[str] = []

    def entries(self, spec: Data) -> list[tuple[int, Contribution]]:
        """Contributions about the ``asset`` or the ``areas`` of a question, with their places."""
        found = enumerate(self.reading.manifest.contributions)
        if "asset" in spec:
            return [(place, entry) for place, entry in found if asset_of(entry) == spec["asset"]]
        areas = spec.get("areas", AREAS)
        return [(place, entry) for place, entry in found if entry.area in areas]

    def word(self, word: str | None) -> tuple[str | None, bool]:
        """A word of the crosswalk, and whether a parameter decided it (``$name``)."""
        if word is not None and word.startswith("$"):
            return self.parameters[word[1:]], True
        return word, False


def form_export(name: str) -> Export:
    """The export of a crosswalk that is a form, named as the crosswalk."""

    def render(source: Source) -> Exported:
        return exported(source, name)

    data = crosswalk(name)
    return Export(data["title"], "text/plain; charset=utf-8", ".txt", name, render, FORMATS)


def refuse_into(source: Source, hint: str = "Use --out.") -> None:
    """Raise ``UsageError`` where a document was named that this target cannot be put into."""
    if source.into is not None:
        raise UsageError("--into: this target is a document of its own", hint=hint)


def exported(source: Source, name: str) -> Exported:
    """A crosswalk's form, filled and written. Raises ``UsageError`` for an option it lacks."""
    refuse_into(source)
    data = crosswalk(name)
    options = dict(source.options)
    form_of = options.pop("format", FORMATS[0])
    if form_of not in FORMATS:
        raise UsageError(f"no format '{form_of}'", hint=f"There are: {', '.join(FORMATS)}.")
    filling = Filling(source, parameters_of(data, options))
    form = fill(filling, data)
    losses = filling.reading.losses(fact["fact"] for fact in data["facts"])
    return Exported(write(form, form_of), losses, form.warnings)


def parameters_of(data: Data, options: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a crosswalk: its defaults, and what ``options`` set (EXP-005)."""
    known = {p["name"]: p for p in data.get("parameters", ())}
    for name, value in options.items():
        if name not in known:
            raise UsageError(
                f"{data['crosswalk']}: no parameter '{name}'",
                hint=f"There are: {', '.join(known)}." if known else "It has none.",
            )
        choices = [known[name]["default"], *known[name]["alternatives"]]
        if len(choices) > 1 and value not in choices:
            raise UsageError(
                f"{data['crosswalk']}: '{name}' cannot be '{value}'",
                hint=f"Choose one of: {', '.join(choices)}.",
            )
    return {**{name: str(p["default"]) for name, p in known.items()}, **options}


def fill(filling: Filling, data: Data) -> Form:
    """Answer all questions of a crosswalk, section by section."""
    office = filling.parameters.get("office", "all")
    whole = [{"id": "", "title": "", "answers": data["answers"]}] if "answers" in data else []
    wanted = [s for s in data.get("sections", ()) if office in {"all", s["id"]}]
    parts = tuple((s["title"], tuple(answers(filling, s["answers"]))) for s in [*whole, *wanted])
    told = (w["text"] for w in data.get("warnings", ()) if WHEN[w["when"]](filling))
    warnings = tuple(dict.fromkeys([*told, *filling.warnings]))
    return Form(data["crosswalk"], data["title"], parts, warnings)


def answers(filling: Filling, specs: Sequence[Data]) -> Iterator[Answer]:
    """The answers to some questions; a question about a list has one for each of its rows."""
    for spec in specs:
        values = HOW[spec["how"]](filling, spec)
        for value in values or (spec.get("undeclared", NOT_DECLARED),):
            yield Answer(spec["id"], spec["asks"], value)


Values = list[str | None]


def _text(filling: Filling, spec: Data) -> Values:
    """A declared text as it stands; one answer for each where there are several."""
    found = filling.reading.expand(spec["from"])
    for pointer in found:
        filling.reading.copied(pointer)
    return [said(filling.reading.find(pointer)) for pointer in found]


def _flag(filling: Filling, spec: Data) -> Values:
    """Yes or no, in the regime's words; undeclared is neither."""
    reading, words = filling.reading, spec["words"]
    if "voices" in spec and _has_voice(filling, spec):
        reading.used(spec["from"], spec["asks"])
        return [words["true"]]
    value = reading.find(spec["from"])
    if value is None:
        return []
    if len(set(words.values())) == len(words) and "voices" not in spec:
        reading.copied(spec["from"])
    reading.used(spec["from"], spec["asks"])
    return [words.get(said(value), said(value))]


def _has_voice(filling: Filling, spec: Data) -> bool:
    """Whether a voice of one of the kinds in ``voices`` is heard."""
    for place, _ in enumerate(filling.reading.manifest.voices):
        filling.reading.used(f"/voices/{place}/kind", spec["asks"])
    return any(voice.kind in spec["voices"] for voice in filling.reading.manifest.voices)


def _level(filling: Filling, spec: Data) -> Values:
    """One word for the level of some areas together (spec 2.6), or for a material portion."""
    found = filling.entries(spec)
    if not found:
        return []
    settled = _word_of_level(filling, spec, [entry for _, entry in found])
    word, decided = settled or (None, False)
    for place, _ in found:
        for member in ("asset", "area", "level", "share", *_extra_members(spec)):
            at = f"/contributions/{place}/{member}"
            filling.reading.used(at, spec["asks"], decided=decided and member == "level")
    if settled is None:
        return []
    return [None if word is None else spec.get("texts", {}).get(word, word)]


def _extra_members(spec: Data) -> Iterator[str]:
    if spec.get("material"):
        yield "material"
    if "altered" in spec:
        yield "process"


Word = tuple[str | None, bool] | None
"""A word, and whether a parameter decided it; None where there is none."""


def _word_of_level(filling: Filling, spec: Data, entries: Sequence[Contribution]) -> Word:
    """The word for some entries; where areas of ``core`` are undeclared, one that stands.

    That is the word that is the same whatever those areas are, else the one of ``open`` where
    something is generated, else none (EXP-013).
    """
    if spec.get("material"):
        if any(entry.material for entry in entries):
            return "yes", False
        entries = [entry for entry in entries if entry.material is None]
    declared = filling.entries(spec)
    missing = undeclared(
        filling.reading.manifest, (entry for _, entry in declared), spec.get("core", ())
    )
    if not missing:
        return _word(filling, spec, entries)
    found = {_word(filling, spec, made) for made in completions(entries, len(missing))}
    if len(found) == 1:
        return found.pop()
    level = level_of(entries)
    word = spec.get("open", {}).get(level)
    says = "is not settled" if word is None else "says only what is declared"
    filling.warnings.append(f"Not declared: {', '.join(missing)}. '{spec['asks']}' {says}.")
    return None if word is None else filling.word(word)


def _word(filling: Filling, spec: Data, entries: Sequence[Contribution]) -> Word:
    """The word for all of these entries together; "no" where only immaterial ones are left."""
    level = level_of(entries)
    if level is None:
        return ("no", False) if spec.get("material") else None
    words = dict(spec["words"])
    if all(entry.process == "altered" for entry in entries if entry.level in GENERATED):
        words.update(spec.get("altered", {}))
    return filling.word(words[level])


def _signed(filling: Filling, spec: Data) -> Values:
    """Whether there is a signed statement to be exported."""
    return [spec["words"][said(filling.is_signed)]]


def _fixed(filling: Filling, spec: Data) -> Values:
    """What the regime wants to be written whatever is declared."""
    return [filling.word(spec["text"])[0]]


def _rows(filling: Filling, spec: Data) -> Values:
    """One answer for each row of a list of the declaration."""
    return list(rows_of(filling.reading, spec))


HOW: Mapping[str, Callable[[Filling, Data], Values]] = {
    "text": _text,
    "flag": _flag,
    "level": _level,
    "signed": _signed,
    "fixed": _fixed,
    "entries": _rows,
    "people": _rows,
    "tools": _rows,
    "voices": _rows,
}


def _clone_without_consent(filling: Filling) -> bool:
    return any(
        voice.kind == "thirdPartyClone"
        and (voice.consent is None or voice.consent.status != "granted")
        for voice in filling.reading.manifest.voices
    )


def _tool_not_licensed(filling: Filling) -> bool:
    tools = filling.reading.manifest.tools
    return any(tool.licence is None or tool.licence.status != "licensed" for tool in tools)


def _generated(filling: Filling) -> bool:
    return any(c.level in GENERATED for c in filling.reading.manifest.contributions)


WHEN: Mapping[str, Callable[[Filling], bool]] = {
    "always": lambda _: True,
    "clone-without-consent": _clone_without_consent,
    "tool-not-licensed": _tool_not_licensed,
    "generated": _generated,
    "tool-unknown": lambda f: _generated(f) and not f.reading.manifest.tools,
    "not-signed": lambda f: not f.is_signed,
}
