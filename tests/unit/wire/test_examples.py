"""The examples are well-formed and say what their pages say."""

import json
from pathlib import Path

import pytest
from provenance.model.levels import summary
from provenance.wire.decode import decode_declaration
from provenance.wire.encode import to_plain

EXAMPLES = Path(__file__).parents[3] / "examples"
DECLARATIONS = sorted(EXAMPLES.glob("*/declaration.json"))
WANTED = {
    "ai-mastering-only",
    "all-human",
    "licensed-bass-stem",
    "own-voice-clone",
    "unlicensed-third-party-clone",
    "walk-my-walk",
}


def test_the_six_examples_are_there():
    assert {path.parent.name for path in DECLARATIONS} >= WANTED


@pytest.mark.parametrize("path", DECLARATIONS, ids=lambda path: path.parent.name)
def test_an_example_is_a_well_formed_declaration(path):
    manifest, found = decode_declaration(path.read_bytes())

    assert [f.code.slug for f in found] == ["content.valid"], found
    assert to_plain(manifest) == json.loads(path.read_text())


@pytest.mark.parametrize("path", DECLARATIONS, ids=lambda path: path.parent.name)
def test_the_page_of_an_example_says_what_listeners_read(path):
    manifest, _ = decode_declaration(path.read_bytes())

    page = path.with_name("README.md").read_text()

    assert f"`{summary(manifest)}`" in page


def test_the_illustration_is_marked_and_claims_no_more_than_is_known():
    plain = json.loads((EXAMPLES / "walk-my-walk" / "declaration.json").read_text())

    assert plain["extensions"]["org.musicprov.example"]["illustration"] is True
    assert "nobody declared this" in (EXAMPLES / "walk-my-walk" / "README.md").read_text().lower()
    assert {c["area"] for c in plain["contributions"]} == {
        "lyrics",
        "composition",
        "leadVocals",
        "instrumentation",
    }
    assert not {"declarant", "tools", "people", "voices", "facts"} & set(plain)


def test_the_rows_of_the_guide_use_areas_and_levels_of_the_registries():
    from provenance.wire.registries import terms

    guide = (EXAMPLES.parent / "spec" / "guides" / "levels.md").read_text()
    known = {t["term"] for name in ("areas", "levels") for t in terms(name)}
    section = guide.split("## Everyday cases")[1].split("## ")[0]
    rows = [line.split("|")[1:-1] for line in section.splitlines() if "`" in line]
    used = {word for row in rows for cell in row[1:3] for word in cell.split("`")[1::2]}

    assert len(rows) >= 25
    assert used <= known
    assert {t["term"] for t in terms("levels")} <= used
