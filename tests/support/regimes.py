"""Pages about regimes, the guide of one declaration, and golden files: made from the data.

    python tests/support/regimes.py            writes them
    python tests/support/regimes.py --check    exits 1 when one of them is not what is made

A page has text of its own above the line that says where the tables begin; it is kept.
"""

import importlib.util
import json
import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path

from provenance.exports import load, names
from provenance.exports.base import Source
from provenance.model.errors import ProvError
from provenance.model.levels import Level
from provenance.wire.crosswalks import crosswalk
from provenance.wire.decode import decode, decode_declaration
from provenance.wire.schemas import schema_root

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "spec" / "regimes"
GUIDE = ROOT / "spec" / "guides" / "one-declaration.md"
GOLDEN = ROOT / "tests" / "contracts" / "golden" / "exports"
BEGIN = "<!-- What follows is made from the data by tests/support/regimes.py. -->"
EXAMPLES = (
    "all-human",
    "ai-mastering-only",
    "licensed-bass-stem",
    "own-voice-clone",
    "unlicensed-third-party-clone",
    "walk-my-walk",
)
ASK = "Not declared: ask whoever made the recording."
SHOWN = {
    "spotify": "ai-credits",
    "apple": "track",
    "distrokid": "audio",
    "symphonic": "audio",
    "believe": "use",
    "tunecore-japan": "extent",
    "rapchat": "use",
    "tall-tracks": "use",
    "musichub": "composer",
    "traxsource": "state",
    "youtube": "contains-synthetic-media",
    "siqa": "tier",
    "registration": "lyrics",
    "california": "manifest-disclosure",
    "eu": "icon",
}
"""The answer of each form that the table of the guide shows."""


@cache
def example(name):
    if name == "every-member":
        manifest, _ = decode(
            (ROOT / "tests" / "vectors" / "exports" / "every-member.json").read_bytes(), strict=True
        )
    else:
        path = ROOT / "examples" / name / "declaration.json"
        manifest, _ = decode_declaration(path.read_bytes())
    return manifest


def crosswalks():
    return sorted(p.stem for p in (schema_root() / "crosswalks").glob("*.json"))


def forms():
    """Exports whose answers are all in their crosswalk."""
    there = set(crosswalks())
    return [name for name in names() if name in there and is_form(name)]


def is_form(name):
    """Whether the crosswalk has questions."""
    return bool({"answers", "sections"} & set(crosswalk(name)))


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cell(c) for c in row)} |" for row in lines]


def cell(value):
    text = "" if value is None else str(value)
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def source_of(data):
    for source in (data["source"], *data.get("sources", ())):
        where = " ".join(
            part
            for part in (source.get("document"), f"<{source['url']}>" if "url" in source else "")
            if part
        )
        note = f" {source['note']}" if "note" in source else ""
        yield f"- {where}; dated: {source['date']}; read: {source['seen']}.{note}"


def page(name):
    """The part of a page that is made from the crosswalk."""
    data = crosswalk(name)
    lines = [BEGIN, "", f"Issuer: {data['issuer']}.", "", f"Confidence: {data['confidence']}.", ""]
    lines += ["Sources:", "", *source_of(data), ""]
    lines += [f"- {text}" for text in data.get("says", ())]
    if data.get("says"):
        lines.append("")
    lines += levels_of(data)
    if data.get("parameters"):
        lines += ["## Parameters", ""]
        rows = [
            (
                f"`{p['name']}`",
                p["default"] or "(empty)",
                ", ".join(p["alternatives"]) or "any text",
                p["decides"],
            )
            for p in data["parameters"]
        ]
        lines += [*table(("name", "default", "or", "decides"), rows), ""]
    if data["facts"]:
        lines += ["## Facts", ""]
        rows = [
            (f"`{f['fact']}`", f["field"], "yes" if f["lossy"] else "no", f.get("note", ""))
            for f in data["facts"]
        ]
        lines += [*table(("member", "goes to", "loses meaning", "note"), rows), ""]
        lines += ["Members that are not listed have no place there.", ""]
    lines += sections_of(data)
    if data.get("warnings"):
        lines += ["## Warnings", ""]
        rows = [(w["when"], w["text"], w.get("confidence", "")) for w in data["warnings"]]
        lines += [*table(("when", "text", "confidence"), rows), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def levels_of(data, title="## Levels"):
    if "levels" not in data:
        return []
    words = data["levels"]["words"]
    rows = [(f"`{level}`", "-" if words[level] is None else words[level]) for level in Level]
    note = [data["levels"]["note"], ""] if "note" in data["levels"] else []
    confidence = [f"Confidence: {data['levels']['confidence']}.", ""]
    return [title, "", *table(("level", "what is said there"), rows), "", *note, *confidence]


def sections_of(data):
    lines = []
    if "answers" in data:
        lines += ["## Questions", "", *questions(data["answers"]), ""]
    for section in data.get("sections", ()):
        lines += [f"## {section['title']}", "", f"Issuer: {section['issuer']}.", ""]
        lines += [*source_of(section), "", f"Confidence: {section['confidence']}.", ""]
        lines += [*levels_of(section, "Levels:"), *questions(section["answers"]), ""]
    return lines


def questions(answers):
    return table(("id", "asks", "answered by"), [(a["id"], a["asks"], way(a)) for a in answers])


def way(answer):
    parts = [answer["how"]]
    for member in ("from", "asset", "areas", "core", "levels", "only"):
        if member in answer:
            value = answer[member]
            parts.append(f"{member} {', '.join(value) if type(value) is list else value}")
    if "fields" in answer:
        parts.append("fields " + ", ".join(f["member"] for f in answer["fields"]))
    return "; ".join(parts)


def answered(name, where):
    """The shown answers of a form to an example."""
    made = load(name).render(Source(example(where), options={"format": "json"}))
    found = [a for a in json.loads(made.data)["answers"] if a["id"] == SHOWN[name]]
    if name == "registration":
        return "; ".join(f"{a['part']}: {a['answer']}" for a in found)
    return "; ".join(a["answer"] or "(leave empty)" for a in found)


def dated(source):
    date = source["date"]
    return f"read {source['seen']}" if date == "not stated" else date


DOCUMENTS = {
    "ddex-ern": ("ContainsAI of the recording", r"<ContainsAI>(\w+)</ContainsAI>"),
    "aigc": ("Label", r'"Label": ?"(\w+)"'),
    "c2pa": ("digitalSourceType of what was created", r"digitalsourcetype/(\w+)"),
    "schema-org": ("digitalSourceType of the recording", r"digitalsourcetype/(\w+)"),
}
"""What the table of the guide shows of documents that are no forms, and where it stands."""


def found_in(name, where):
    """The shown value of a document that is no form."""
    try:
        data = load(name).render(Source(example(where))).data
    except ProvError as error:
        return f"(not made: {error})"
    found = re.search(DOCUMENTS[name][1], data.decode("utf-8", "replace"))
    return f"`{found[1]}`" if found else "-"


def glance():
    """One row for each export: the answer that matters most, for each of the six examples."""
    head = ["target", *(f"[{e}](../../examples/{e}/README.md)" for e in EXAMPLES)]
    rows = []
    for name in names():
        if name in DOCUMENTS:
            title, cells = DOCUMENTS[name][0], [found_in(name, where) for where in EXAMPLES]
        elif name == "rdf":
            title, cells = "everything, as triples", [str(triples(where)) for where in EXAMPLES]
        else:
            title = asks_of(name)
            cells = [answered(name, where).replace(ASK, "not declared") for where in EXAMPLES]
        data = crosswalk(name)
        shown = name if name == "aigc" else f"[{name}](../regimes/{name}.md)"
        source = f"{dated(data['source'])}, {data['confidence']}"
        rows.append((f"{shown}: {title} ({source})", *cells))
    return table(head, [*rows, *under_rules()])


def triples(where):
    """How many triples the RDF of an example has."""
    data = load("rdf").render(Source(example(where), options={"format": "n-triples"})).data
    return data.count(b" .\n")


def under_rules():
    """One row for each profile: the worst outcome with its rules, for each of the six examples."""
    spec = importlib.util.spec_from_file_location("rules_page", ROOT / "examples" / "rules.py")
    page = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(page)
    held = {where: page.evidence(where) for where in EXAMPLES}
    for name in page.names():
        known = page.rules_of(name)
        if known["kind"] not in page.KINDS:
            continue
        dates = {rule["date"] for rule in known["rules"]} - {None}
        seen = ", ".join((*sorted(dates), *sorted({r["confidence"] for r in known["rules"]})))
        first = f"[check {name}](rules.md): {known['issuer']} ({seen})"
        yield (first, *(page.cell(page.judge(name, held[where])) for where in EXAMPLES))


def asks_of(name):
    data = crosswalk(name)
    asked = [a for s in (data, *data.get("sections", ())) for a in s.get("answers", ())]
    return next(a["asks"] for a in asked if a["id"] == SHOWN[name])


def guide():
    """The tables of the guide: each form over the six examples, with its source."""
    lines = [BEGIN, "", "## At a glance", "", *glance(), "", "## Form by form", ""]
    for name in forms():
        data = crosswalk(name)
        asks = asks_of(name)
        source = f"[{data['title']}](../regimes/{name}.md), {dated(data['source'])}, {data['confidence']}"
        lines += [f"### {data['title']}", "", f"Asked: {asks}", "", f"Source: {source}.", ""]
        rows = [
            (
                f"[{where}](../../examples/{where}/README.md)",
                answered(name, where),
                counted(name, where),
            )
            for where in EXAMPLES
        ]
        lines += [*table(("declaration", "answer", "not carried as declared"), rows), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def counted(name, where):
    losses = load(name).render(Source(example(where))).losses
    counts = Counter(loss.reason for loss in losses)
    return ", ".join(f"{count} {reason}" for reason, count in sorted(counts.items()))


def golden():
    """Each form over the six examples as text; over the fullest declaration in every format."""
    for name in (*forms(), "schema-org", "c2pa"):
        export = load(name)
        for where in EXAMPLES:
            yield name, where, export.suffix, {}
        yield name, "every-member", export.suffix, {}
    yield "spotify", "every-member", ".csv", {"format": "csv"}
    yield "spotify", "every-member", ".json", {"format": "json"}


def files():
    """Every file that is made, with its content; pages keep what stands above the line."""
    for name in crosswalks():
        path = PAGES / f"{name}.md"
        if is_made(name, path):
            yield path, above(path, f"# {crosswalk(name)['title']}\n\n") + page(name)
    yield GUIDE, above(GUIDE, "# One declaration, every answer\n\n") + guide()
    for name, where, suffix, options in golden():
        data = load(name).render(Source(example(where), options=options)).data
        yield GOLDEN / name / f"{where}{suffix}", data.decode("utf-8")


def is_made(name, path):
    """Whether a page is made here: of forms always, of other documents where the page asks."""
    if path.is_file():
        return BEGIN in path.read_text(encoding="utf-8")
    return name == "schema-org" or name not in names() or is_form(name)


def above(path, new):
    if not path.is_file():
        return new
    text = path.read_text(encoding="utf-8")
    return text[: text.index(BEGIN)] if BEGIN in text else text.rstrip("\n") + "\n\n"


def main():
    drift = []
    for path, text in files():
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            drift.append(str(path.relative_to(ROOT)))
    print("\n".join(drift), end="\n" if drift else "")
    return 1 if drift else 0


if __name__ == "__main__":
    sys.exit(main())
