"""Text, data, code and tests name the same requirements and codes, in every direction.

A requirement is a line of ``spec/**/*.md`` that begins with its number in bold. It is *held*
when the code cites it, a test is marked with it, a vector names it, or a vector yields a code
or rule whose registry entry names it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "spec"
NUMBER = r"[A-Z][A-Z0-9]{2}-[0-9]{3}"
LINE = re.compile(rf"\*\*({NUMBER})\*\* (.+)")
CITED = re.compile(rf"\b({NUMBER})\b(?: to ({NUMBER}))?")
NO_PREFIX = {"AES", "SHA"}
KEYWORD = re.compile(
    r"\b(MUST NOT|MUST|REQUIRED|SHALL NOT|SHALL|SHOULD NOT|SHOULD"
    r"|NOT RECOMMENDED|RECOMMENDED|MAY|OPTIONAL)\b"
)
BINDING = {"MUST", "MUST NOT", "REQUIRED", "SHALL", "SHALL NOT"}
MARKER = re.compile(r"mark\.requirement\(([^)]*)\)")

NOT_YIELDED = {}
"""Active codes that no vector yields yet, each with the reason. Only ever shorter."""

NOT_NAMED = {
    "jws.profile.unsupported": "It is deprecated: no text speaks of it any more.",
}
"""Codes that the section of their requirement does not name, each with the reason."""


def pages() -> list[Path]:
    return sorted(SPEC.rglob("*.md"))


def lines_outside_code(page: Path) -> Iterator[str]:
    inside = False
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            inside = not inside
        elif not inside:
            yield line


@cache
def numbered() -> tuple[tuple[str, str, Path], ...]:
    found = []
    for page in pages():
        for line in lines_outside_code(page):
            match = LINE.match(line)
            if match:
                found.append((match[1], match[2], page))
    return tuple(found)


@cache
def sections() -> dict[str, tuple[str, Path]]:
    """The text around each requirement, from one heading to the next, and its page."""
    found = {}
    for page in pages():
        section: list[str] = []
        for line in (*lines_outside_code(page), "#"):
            if line.startswith("#"):
                numbers = [m[1] for m in map(LINE.match, section) if m]
                found |= dict.fromkeys(numbers, ("\n".join(section), page))
                section = []
            section.append(line)
    return found


def requirements() -> dict[str, str]:
    return {number: text for number, text, _ in numbered()}


def musts() -> set[str]:
    return {n for n, text in requirements().items() if set(KEYWORD.findall(text)) & BINDING}


def cited_in(text: str) -> set[str]:
    """The numbers that a text names; of a range ("FLC-001 to FLC-005") also those between."""
    found: set[str] = set()
    for first, last in CITED.findall(text):
        if first[:3] in NO_PREFIX:
            continue
        found |= {first, last} if last else {first}
        if last:
            found |= {n for n in requirements() if first < n < last and n[:3] == first[:3]}
    return found


@cache
def cited_by_code() -> dict[str, str]:
    found = {}
    for path in sorted((ROOT / "provenance").rglob("*.py")):
        for number in cited_in(path.read_text(encoding="utf-8")):
            found[number] = str(path.relative_to(ROOT))
    return found


@cache
def cited_by_tests() -> dict[str, str]:
    found = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for marker in MARKER.findall(path.read_text(encoding="utf-8")):
            for number in cited_in(marker):
                found[number] = str(path.relative_to(ROOT))
    return found


@cache
def cases() -> tuple[tuple[Path, dict[str, Any]], ...]:
    paths = sorted((ROOT / "tests" / "vectors").rglob("case.json"))
    return tuple((p, json.loads(p.read_text(encoding="utf-8"))) for p in paths)


@cache
def cited_by_vectors() -> dict[str, str]:
    return {n: case["id"] for _, case in cases() for n in case["requirements"]}


@cache
def registry(name: str) -> tuple[dict[str, Any], ...]:
    content = json.loads((ROOT / "schemas" / "registries" / name).read_text(encoding="utf-8"))
    return tuple(content["codes"] if name == "codes.json" else content["rules"])


def codes() -> tuple[dict[str, Any], ...]:
    return tuple(c for c in registry("codes.json") if c["status"] == "active")


def rules_and_sources() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each rule with the page that its registry names as its source."""
    for path in sorted((ROOT / "schemas" / "registries" / "rules").glob("*.json")):
        source = json.loads(path.read_text(encoding="utf-8"))["source"]
        yield from ((source, rule) for rule in registry(f"rules/{path.name}"))


def rules() -> tuple[dict[str, Any], ...]:
    return tuple(rule for _, rule in rules_and_sources())


def words_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from words_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from words_of(item)


@cache
def yielded() -> frozenset[str]:
    """Every word of an expected result, codes and rules among them; and what PASSED implies."""
    words = {word for _, case in cases() for word in words_of(case["expect"])}
    return frozenset(words | {code for _, case in cases() for code in implied(case)})


def implied(case: dict[str, Any]) -> Iterator[str]:
    """The confirming codes of a case that passes: VDT-003 and the policy `personal` demand them."""
    if case["operation"] != "verify" or case["expect"]["status"] != "PASSED":
        return
    yield from ("carrier.found", "signature.valid", "content.valid")
    known = [kind for kind in ("own", "pinned") if case["options"].get(kind)]
    if len(known) == 1:
        yield {"own": "identity.self", "pinned": "identity.pinned"}[known[0]]


def held() -> set[str]:
    through = {c["requirement"] for c in codes() if c["code"] in yielded()}
    through |= {r["requirement"] for r in rules() if r["rule"] in yielded()}
    return through | set(cited_by_code()) | set(cited_by_tests()) | set(cited_by_vectors())


def not_checkable() -> set[str]:
    found = set()
    for line in lines_outside_code(SPEC / "not-checkable.md"):
        match = re.match(rf"\| ({NUMBER}) \| .{{12,}} \|", line)
        if match:
            found.add(match[1])
    return found


def test_there_are_requirements_and_vectors_at_all():
    assert len(numbered()) > 150
    assert len(cases()) > 150


def test_no_number_is_given_twice():
    twice = [n for n, count in Counter(n for n, _, _ in numbered()).items() if count > 1]

    assert twice == []


def test_a_prefix_belongs_to_one_page():
    pages_of: dict[str, set[str]] = {}
    for number, _, page in numbered():
        pages_of.setdefault(number[:3], set()).add(page.name)
    shared = {p: names for p, names in pages_of.items() if len(names) > 1}

    assert shared == {"CON": {"01-introduction.md", "12-versioning.md"}}


def test_every_requirement_has_exactly_one_bcp_14_word():
    wrong = {n: KEYWORD.findall(text) for n, text, _ in numbered()}

    assert {n: words for n, words in wrong.items() if len(words) != 1} == {}


def test_every_requirement_is_one_sentence():
    wrong = [n for n, text, _ in numbered() if not re.search(r"[.:]$", text.rstrip())]

    assert wrong == []


def test_a_number_in_bold_stands_at_the_start_of_its_line():
    bold = re.compile(rf"\*\*{NUMBER}\*\*")
    astray = [
        f"{page.name}: {line[:60]}"
        for page in pages()
        for line in lines_outside_code(page)
        if bold.search(re.sub("`[^`]*`", "", line)) and not LINE.match(line)
    ]

    assert astray == []


def test_no_binding_word_stands_outside_a_numbered_line():
    chapters = [*SPEC.glob("[0-9][0-9]-*.md"), *(SPEC / "containers").glob("*.md")]
    astray = [
        f"{page.name}: {line[:80]}"
        for page in chapters
        for line in lines_outside_code(page)
        if not LINE.match(line) and set(KEYWORD.findall(line)) & {"MUST", "MUST NOT", "SHALL"}
    ]

    assert astray == []


@pytest.mark.parametrize("cited", [cited_by_code, cited_by_tests, cited_by_vectors])
def test_every_number_that_is_cited_exists(cited):
    unknown = {n: where for n, where in cited().items() if n not in requirements()}

    assert unknown == {}


def test_every_number_in_schemas_and_registries_exists():
    unknown = {}
    for path in sorted((ROOT / "schemas").rglob("*.json")):
        for number in cited_in(path.read_text(encoding="utf-8")):
            if number not in requirements():
                unknown[number] = path.name

    assert unknown == {}


def test_every_number_that_the_text_itself_cites_exists():
    unknown = {}
    for page in pages():
        if page.name == "README.md":
            continue
        for number in cited_in("\n".join(lines_outside_code(page))):
            if number not in requirements():
                unknown[number] = page.name

    assert unknown == {}


def test_the_section_of_the_requirement_of_a_code_names_the_code():
    pointed = {c["code"]: c["requirement"] for c in registry("codes.json") if c["requirement"]}
    unnamed = {c for c, number in pointed.items() if f"`{c}`" not in sections()[number][0]}

    assert unnamed == set(NOT_NAMED)


def test_the_requirement_of_a_rule_is_on_the_page_of_its_registry_or_beside_its_name():
    astray = {
        rule["rule"]: rule["requirement"]
        for source, rule in rules_and_sources()
        if sections()[rule["requirement"]][1] != ROOT / source
        and f"`{rule['rule']}`" not in sections()[rule["requirement"]][0]
    }

    assert astray == {}


def test_every_active_code_has_a_vector_that_yields_it():
    missing = {c["code"] for c in codes()} - yielded()

    assert missing == set(NOT_YIELDED)


def test_every_reason_on_the_list_of_missing_vectors_is_a_sentence():
    assert [c for c, reason in NOT_YIELDED.items() if not reason.endswith(".")] == []


def test_every_must_is_held_by_code_a_test_or_a_vector():
    assert sorted(musts() - held() - not_checkable()) == []


def test_what_is_listed_as_not_checkable_exists_and_is_not_held_after_all():
    assert sorted(not_checkable() - set(requirements())) == []
    assert sorted(not_checkable() & (set(cited_by_tests()) | set(cited_by_vectors()))) == []


def test_links_between_pages_lead_somewhere():
    broken = []
    for page in pages():
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(SPEC)}: {target}")

    assert broken == []
