"""Between a row and a declaration (spec 22.3): only what the row changes is changed."""

import copy
import json
from pathlib import Path

import pytest
from provenance.files.tables import folded
from provenance.sheets.cells import Cell, value_of
from provenance.sheets.columns import column, columns
from provenance.sheets.declaring import RowError, cells_of, column_of, with_cells
from provenance.wire import strict_json
from provenance.wire.cell_texts import harmless
from provenance.wire.decode import decode_declaration
from provenance.wire.registries import terms
from provenance.wire.schemas import check, load_json

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted(ROOT.glob("examples/*/declaration.json"))
RICH = {
    "declarant": {"role": "label", "name": "L", "ids": {"isni": "0000000121032683"}},
    "subject": {
        "title": "T",
        "artists": [{"name": "A", "role": "MainArtist", "identity": "group"}, {"name": "B"}],
        "release": {"title": "R", "ids": {"catalogue": "7"}},
    },
    "contributions": [
        {"asset": "recording", "area": "leadVocals", "level": "none", "role": "LeadVocalist"},
        {"asset": "recording", "area": "leadVocals", "level": "full", "agents": [{"tool": "x"}]},
        {"asset": "recording", "area": "mixing", "level": "utility", "description": "EQ"},
    ],
    "tools": [{"ref": "x", "system": "S", "plan": "pro", "licence": {"basis": "contract"}}],
    "people": [{"ref": "singer", "name": "Ann", "roles": ["LeadVocalist"]}],
    "voices": [{"area": "leadVocals", "kind": "selfClone", "person": "singer", "tool": "x"}],
    "facts": {"humanVoice": True, "humanExpression": {"lyrics": True, "description": "all"}},
    "permissions": [{"use": "dataMining", "permission": "notAllowed"}],
}
SINGLE = {
    "title": "Song", "version": "Live", "artists": "Ann; Bob", "artistIdentity": "human",
    "isrc": "GBXYZ2600123", "language": "en", "release": "Album", "label": "L",
    "upc": "012345678905", "releaseDate": "2026-11", "declarant": "D", "declarantRole": "label",
    "lyrics": "none", "composition": "utility", "leadVocals": "full", "backingVocals": "partial",
    "instrumentation": "assisted", "arrangement": "predominant", "production": "none",
    "mixing": "utility", "mastering": "utility", "artwork": "full", "video": "full",
    "translation": "none",
    "tool1": "S1", "tool1Provider": "P1", "tool1Version": "1", "tool1Licence": "licensed",
    "tool1Areas": "leadVocals; artwork",
    "tool2": "S2", "tool2Provider": "P2", "tool2Version": "2", "tool2Licence": "unknown",
    "tool2Areas": "leadVocals",
    "tool3": "S3", "tool3Provider": "P3", "tool3Version": "3", "tool3Licence": "unlicensed",
    "tool3Areas": "mastering",
    "voice": "thirdPartyClone", "voiceOf": "Carl", "consent": "granted", "consentBy": "C",
    "consentDate": "2026-01-02",
    "humanLeadVoice": "no", "humanVoice": "yes", "humanPerformance": "yes", "humanLyrics": "yes",
    "humanMusic": "no", "humanRecording": "yes", "realisticImitation": "no",
    "styleImitation": "yes",
}  # fmt: skip


def whole(made):
    manifest, found = decode_declaration(strict_json.encode(made))
    assert manifest is not None, found
    return manifest


def test_the_columns_follow_their_schema_and_no_name_is_taken_twice():
    names = [folded(n) for c in columns() for n in (c.name, *c.also)]

    assert list(check(load_json("sheets/columns.json"), "sheet-columns")) == []
    assert len(names) == len(set(names))
    assert [c.area for c in columns() if c.area] == [t["term"] for t in terms("areas")]


def test_the_guide_lists_the_columns_as_they_are():
    from provenance.sheets.workbooks import takes

    text = (ROOT / "spec" / "guides" / "spreadsheets.md").read_text(encoding="utf-8")
    rows = [line for line in text.split("\n") if line.startswith("| `")]

    assert rows == [f"| `{c.name}` | {takes(c)} | {c.note} |" for c in columns()]


def test_a_row_with_every_column_is_a_whole_declaration_and_shows_the_same_again():
    made = with_cells({}, SINGLE)

    manifest = whole(made)
    assert set(SINGLE) == {c.name for c in columns()} - {"file"}
    assert cells_of(made) == SINGLE
    assert manifest.facts.human_lead_voice is False
    assert [t.system for t in manifest.tools] == ["S1", "S2", "S3"]
    assert manifest.voices[0].consent.status == "granted"
    assert manifest.people[0].name == "Carl"


@pytest.mark.requirement("SHT-022")
@pytest.mark.parametrize("name", sorted(SINGLE.keys() - {"tool1", "tool2", "tool3"}))
def test_an_emptied_cell_takes_exactly_its_own_fact_back(name):
    made = with_cells({}, SINGLE)
    needs = {"voice": {"voiceOf", "consent", "consentBy", "consentDate"},
             "artists": {"artistIdentity"}}  # fmt: skip
    areas = [n for n in ("tool1Areas", "tool2Areas", "tool3Areas") if name in SINGLE[n]]
    emptied = {**SINGLE, name: "", **dict.fromkeys(needs.get(name, ()), "")}
    for tool in areas:
        emptied[tool] = "; ".join(a for a in SINGLE[tool].split("; ") if a != name)

    changed = with_cells(made, emptied)

    assert cells_of(changed) == emptied
    whole(changed)


def test_an_empty_row_is_an_empty_declaration():
    assert with_cells({}, dict.fromkeys(SINGLE, "")) == {}
    assert with_cells(with_cells({}, SINGLE), dict.fromkeys(SINGLE, "")) == {}


@pytest.mark.requirement("SHT-023")
@pytest.mark.parametrize("path", [*EXAMPLES, None], ids=lambda p: p.parent.name if p else "rich")
def test_a_row_that_says_the_same_changes_nothing(path):
    base = RICH if path is None else json.loads(path.read_text(encoding="utf-8"))
    before = copy.deepcopy(base)

    assert with_cells(base, cells_of(base)) == base == before


@pytest.mark.requirement("SHT-023")
def test_one_changed_cell_changes_that_fact_alone():
    expected = copy.deepcopy(RICH)
    expected["contributions"][2]["level"] = "assisted"
    expected["tools"][0]["version"] = "9"
    expected["subject"]["artists"].append({"name": "C"})

    changes = {"mixing": "assisted", "tool1Version": "9", "artists": "A; B; C"}

    assert with_cells(RICH, {**cells_of(RICH), **changes}) == expected


@pytest.mark.requirement("SHT-023")
def test_a_level_of_several_entries_shows_as_one_and_is_kept_until_it_is_changed():
    cells = cells_of(RICH)

    changed = with_cells(RICH, {**cells, "leadVocals": "partial"})
    other = with_cells(RICH, {**cells, "leadVocals": "full", "tool1Areas": "leadVocals"})

    assert cells["leadVocals"] == "partial"
    assert changed == RICH
    assert [c for c in other["contributions"] if c["area"] == "leadVocals"] == [
        {"asset": "recording", "area": "leadVocals", "level": "full", "agents": [{"tool": "x"}]}
    ]


@pytest.mark.requirement("SHT-023")
@pytest.mark.parametrize("title", [" spaced  out ", "'=x", "=x", "same as above", "#N/A", "04-Mar"])
def test_a_text_that_a_cell_cannot_hold_as_it_is_is_no_change(title):
    base = {**RICH, "subject": {"title": title, "artists": [{"name": " A"}, {"name": "B\\;"}]}}
    read = {
        name: value_of(column(name), Cell(harmless(text))) for name, text in cells_of(base).items()
    }

    assert with_cells(base, read) == base


def test_columns_that_are_not_there_change_nothing():
    assert with_cells(RICH, {"title": "T"}) == RICH


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ({"tool1Provider": "", "tool1Version": "2"}, "tool1"),
        ({"tool2Provider": "P"}, "tool2"),
        ({"lyrics": "full", "tool1Provider": "P", "tool1Areas": "lyrics"}, "tool1"),
        ({"tool1": "S", "tool1Areas": "mixing"}, "tool1Areas"),
        ({"mixing": "none", "tool1": "S", "tool1Areas": "mixing"}, "tool1Areas"),
        ({"consent": "granted"}, "consent"),
        ({"artistIdentity": "human"}, "artistIdentity"),
    ],
)
def test_a_row_that_contradicts_itself_says_in_which_column(cells, where):
    with pytest.raises(RowError) as error:
        with_cells({}, cells)

    assert error.value.column == where
    assert error.value.fix


@pytest.mark.requirement("SHT-025")
@pytest.mark.parametrize("name", ["tool1", "tool2", "tool3"])
def test_the_name_of_a_tool_is_not_taken_back_alone(name):
    with pytest.raises(RowError) as error:
        with_cells(with_cells({}, SINGLE), {**SINGLE, name: ""})

    assert error.value.column == name


@pytest.mark.requirement("SHT-025")
def test_a_tool_that_was_declared_without_a_name_can_be_changed_and_named():
    base = {**RICH, "tools": [{"ref": "x", "provider": "P"}]}
    cells = cells_of(base)

    changed = with_cells(base, {**cells, "tool1Version": "2"})
    named = with_cells(base, {**cells, "tool1": "S"})

    assert changed["tools"] == [{"ref": "x", "provider": "P", "version": "2"}]
    assert named["tools"] == [{"ref": "x", "provider": "P", "system": "S"}]


def test_a_place_in_a_declaration_leads_to_its_column():
    made = with_cells({}, SINGLE)

    assert column_of("/subject/release/upc", made) == "upc"
    assert column_of("/contributions/2/level", made) == "leadVocals"
    assert column_of("/tools/1/version", made) == "tool2Version"
    assert column_of("/voices/0/kind", made) == "voice"
    assert column_of("/facts/humanLeadVoice", made) == "humanLeadVoice"
    assert column_of("/subject/artists/0/identity", made) in {"artists", "artistIdentity"}
    assert column_of("/permissions/0", made) == ""
    assert column_of("", made) == ""
