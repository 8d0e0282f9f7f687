"""What is declared of parts is not said of the whole (spec 19.1, 23.1)."""

import json
from itertools import product

import pytest
from provenance.exports import load
from provenance.exports.base import Source
from provenance.imports.c2pa import _Manifest
from provenance.signing.c2pa import Found
from provenance.wire.decode import decode_declaration

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
CORE = ("lyrics", "composition", "leadVocals", "instrumentation", "mixing", "mastering")
NO_ONE = dict.fromkeys(CORE, "none")


def exported(name, of, *, language=None):
    entries = [{"area": area, "level": level} for area, level in of.items()]
    plain = {"contributions": entries} if entries else {}
    plain["subject"] = {"title": "Song", **({"language": language} if language else {})}
    manifest, wrong = decode_declaration(json.dumps(plain).encode())
    assert manifest is not None, wrong
    made = load(name).render(Source(manifest))
    return json.loads(made.data), made.warnings


def about(warnings):
    """The note about the recording, if there is one."""
    return next((w for w in warnings if w.startswith("digitalSourceType of the recording")), None)


@pytest.mark.requirement("EXP-004")
@pytest.mark.requirement("EXP-013")
@pytest.mark.parametrize(
    ("of", "term", "missing"),
    [
        ({"mastering": "none"}, None, "leadVocals, instrumentation, mixing"),
        ({"mastering": "utility"}, None, "leadVocals, instrumentation, mixing"),
        ({"leadVocals": "assisted"}, None, "instrumentation, mixing, mastering"),
        ({**NO_ONE, "mixing": None}, None, "mixing"),
        (NO_ONE, "digitalCreation", None),
        ({**NO_ONE, "mastering": "utility"}, "algorithmicallyEnhanced", None),
        ({"leadVocals": "full"}, "compositeSynthetic", "instrumentation"),
        ({"leadVocals": "predominant"}, "compositeSynthetic", "instrumentation"),
        ({"leadVocals": "full", "mastering": "none"}, "compositeSynthetic", None),
        ({"leadVocals": "full", "instrumentation": "full"}, "trainedAlgorithmicMedia", None),
    ],
)
def test_a_source_type_is_true_whatever_is_not_declared(of, term, missing):
    of = {area: level for area, level in of.items() if level}
    manifest, notes = exported("c2pa", of)
    page, told = exported("schema-org", of)

    created = manifest["assertions"][0]["data"]["actions"][0]
    assert created["digitalSourceType"] == IPTC + (term or "composite")
    assert page.get("digitalSourceType", [None])[0] == (IPTC + term if term else None)
    for note in (about(notes), about(told)):
        assert (note is None) == (missing is None)
        assert missing is None or note.endswith(f"nothing is declared of {missing}.")


@pytest.mark.requirement("EXP-013")
@pytest.mark.parametrize("of", [{"artwork": "none"}, {"lyrics": "none"}, {"lyrics": "full"}])
def test_another_asset_says_nothing_of_the_recording(of):
    manifest, notes = exported("c2pa", of)
    page, _ = exported("schema-org", of)

    created = manifest["assertions"][0]["data"]["actions"][0]
    assert created["digitalSourceType"] == f"{IPTC}composite"
    assert about(notes).endswith("leadVocals, instrumentation, mixing, mastering.")
    assert "digitalSourceType" not in page


@pytest.mark.requirement("C2P-004")
@pytest.mark.parametrize("of", [{}, {"mastering": "none"}, NO_ONE])
def test_a_manifest_never_says_that_its_actions_are_all_there_were(of):
    manifest, _ = exported("c2pa", of)

    assert manifest["assertions"][0]["data"]["allActionsIncluded"] is False


@pytest.mark.requirement("EXP-012")
@pytest.mark.parametrize(
    ("of", "back"),
    [
        ({"mastering": "none"}, {}),
        ({"lyrics": "full", "leadVocals": "full"}, {"lyrics": "full", "leadVocals": "full"}),
        ({"leadVocals": "full", "mastering": "none"}, {"leadVocals": "full"}),
    ],
)
def test_what_is_read_back_is_no_more_than_was_declared(of, back):
    manifest, _ = exported("c2pa", of)
    found = _Manifest(Found("Valid", (), (), manifest, is_embedded=True)).draft()

    entries = found.declaration.get("contributions", ())
    assert {entry["area"]: entry["level"] for entry in entries} == back


@pytest.mark.requirement("EXP-013")
def test_that_no_label_is_due_needs_every_core_area():
    empty, notes = exported("aigc", {"mastering": "none"})
    same, none_due = exported("aigc", NO_ONE)

    assert empty == same == {}
    assert notes[0].endswith("nothing is declared of lyrics, composition, leadVocals, "
                             "instrumentation, mixing.")  # fmt: skip
    assert none_due[0].startswith("No label is due")


@pytest.mark.requirement("EXP-013")
def test_an_instrumental_needs_no_words_and_no_voice():
    of = {"composition": "full", "instrumentation": "full"}

    page, notes = exported("schema-org", of, language="zxx")
    sung, told = exported("schema-org", of, language="en")

    assert page["recordingOf"]["digitalSourceType"][0] == f"{IPTC}trainedAlgorithmicMedia"
    assert notes == ()
    assert sung["digitalSourceType"][0] == f"{IPTC}compositeSynthetic"
    assert len(told) == 2


def answered(name, wanted, of):
    plain = {"contributions": [{"area": a, "level": level} for a, level in of.items()]}
    manifest, _ = decode_declaration(json.dumps(plain).encode())
    made = load(name).render(Source(manifest, options={"format": "json"}))
    answers = {one["id"]: one["answer"] for one in json.loads(made.data)["answers"]}
    return answers[wanted], [note for note in made.warnings if note.startswith("Not declared")]


@pytest.mark.requirement("EXP-013")
@pytest.mark.parametrize(
    ("name", "wanted", "stated", "left_out"),
    [
        ("distrokid", "audio", ["leadVocals"], ["instrumentation"]),
        ("symphonic", "audio", ["leadVocals"], ["instrumentation"]),
        ("believe", "use", ["lyrics", "composition", "leadVocals"], ["instrumentation"]),
        ("tunecore-japan", "extent", ["composition"], ["lyrics", "leadVocals", "instrumentation"]),
        ("traxsource", "state", ["composition"], ["leadVocals", "instrumentation"]),
        ("siqa", "tier", ["lyrics", "composition"], ["leadVocals", "instrumentation"]),
        ("eu", "icon", ["lyrics", "composition", "leadVocals"], ["instrumentation"]),
    ],
)
def test_leaving_an_area_out_gives_no_answer_that_stating_it_would_not(
    name, wanted, stated, left_out
):
    """Every combination: an answer without a note is the one that any completion gives."""
    settled = 0
    for levels in product(("none", "utility", "assisted", "full"), repeat=len(stated)):
        part = dict(zip(stated, levels, strict=True))
        answer, notes = answered(name, wanted, part)
        if notes:
            continue
        settled += 1
        for more in product(("none", "utility", "partial", "full"), repeat=len(left_out)):
            filled = part | dict(zip(left_out, more, strict=True))
            assert answered(name, wanted, filled) == (answer, []), filled

    assert settled or name in {"distrokid", "tunecore-japan"}


@pytest.mark.requirement("EXP-013")
def test_a_note_says_which_areas_an_answer_needs():
    open_answer, notes = answered("traxsource", "state", {"leadVocals": "full"})
    _, told = answered("california", "manifest-disclosure", {"leadVocals": "full"})

    assert open_answer.startswith("Not declared whether")
    (note,) = notes
    assert note.startswith("Not declared: composition, instrumentation.")
    assert told[0].endswith("says only what is declared.")
