"""What is drafted from a C2PA manifest (spec 23.4), and what hostile ones do."""

import json
import os
import random
import shutil
import struct

import pytest
from provenance.containers import identify, load
from provenance.containers._geob import placed
from provenance.containers.base import splice
from provenance.imports import load as load_import
from provenance.imports.c2pa import _Manifest
from provenance.issuing import c2pa_export
from provenance.model.errors import InputError
from provenance.model.limits import DEFAULT_LIMITS
from provenance.signing import c2pa
from provenance.wire.decode import decode_declaration

from support import c2pa as made
from support import samples

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
CREATED = {"action": "c2pa.created", "digitalSourceType": f"{IPTC}trainedAlgorithmicMedia"}


@pytest.fixture(autouse=True)
def library():
    return made.library()


def read(path):
    return load_import("c2pa").read(path.read_bytes())


def definition(*actions, **more):
    assertions = [{"label": "c2pa.actions.v2", "data": {"actions": list(actions or [CREATED])}}]
    assertions += [{"label": label, "data": data} for label, data in more.items()]
    return json.dumps({"claim_generator_info": [{"name": "Test"}], "assertions": assertions})


def foreign(tmp_path, text, kind="mp3", content=None):
    """A file of somebody else's with this manifest, put in by hand."""
    path, out = samples.made(kind), tmp_path / f"foreign.{kind}"
    placement = c2pa.Placement(text, (), made.credentials())
    store = placement.reserve() if content is None else content
    with path.open("rb") as source, out.open("w+b") as target:
        scan = load(identify(source)).scan(source, DEFAULT_LIMITS, True)
        splices, start = placed(source, scan, store)
        splice(source, scan.size, splices, target)
        target.flush()
        if content is None:
            store = placement.sign(target, start, len(store))
        target.seek(start)
        target.write(store)
    return out


def draft(tmp_path, text):
    (found,) = read(foreign(tmp_path, text))
    manifest, wrong = decode_declaration(json.dumps(found.declaration).encode())
    assert manifest is not None, wrong
    assert not [w for w in wrong if w.effect.value in {"breaks", "blocks"}]
    return found


def of(manifest, *, state="Valid", failures=(), notes=()):
    """A draft from what the library might say."""
    return _Manifest(c2pa.Found(state, failures, notes, manifest, is_embedded=True)).draft()


@pytest.mark.requirement("C2P-021")
def test_a_generator_s_manifest_is_drafted_with_its_tool_and_signer(tmp_path):
    action = CREATED | {"softwareAgent": {"name": "Acme Singer", "version": "2"}}
    more = {
        "c2pa.ai-disclosure": {
            "modelType": "c2pa.types.model",
            "modelName": "Singer 2",
            "modelIdentifier": "m:1",
            "contentProfile": {"humanOversightLevel": "fully_autonomous"},
        },
        "cawg.training-mining": {
            "entries": {
                "cawg.data_mining": {"use": "notAllowed"},
                "cawg.ai_inference": {"use": "constrained", "constraints_info": "Ask."},
                "cawg.ai_training": {"use": "constrained"},
            }
        },
    }

    found = draft(tmp_path, definition(action, **more))

    assert found.declaration["contributions"] == [
        {
            "asset": "recording",
            "area": "production",
            "level": "full",
            "process": "generated",
            "basis": "declared",
            "agents": [{"tool": "t1"}],
            "interaction": "autonomous",
        }
    ]
    assert found.declaration["tools"] == [{"ref": "t1", "system": "Singer 2", "modelId": "m:1"}]
    permissions = {p["use"]: p for p in found.declaration["permissions"]}
    assert permissions["dataMining"]["permission"] == "notAllowed"
    assert permissions["aiInference"]["constraints"] == "Ask."
    assert permissions["nonGenerativeAiTraining"]["permission"] == "notAllowed"
    assert found.said_by == "Test Leaf, Example Label"
    assert found.source.startswith("c2pa urn:")
    assert "state Valid: bound" in found.left_out[0]
    assert any("of the whole file" in text for text in found.left_out)


@pytest.mark.parametrize("term", ["digitalCapture", "composite", "humanEdits", "nonsense"])
def test_a_source_type_that_says_nothing_about_ai_gives_no_level(tmp_path, term):
    found = draft(tmp_path, definition(CREATED | {"digitalSourceType": f"{IPTC}{term}"}))

    assert "contributions" not in found.declaration
    assert any(term in text for text in found.left_out)


def actions(*listed, **more):
    data = {"actions": list(listed)}
    return of({"assertions": [{"label": "c2pa.actions.v2", "data": data}], **more})


GENERATED = {"action": "c2pa.edited", "digitalSourceType": f"{IPTC}trainedAlgorithmicMedia"}


@pytest.mark.requirement("C2P-022")
@pytest.mark.parametrize(
    "beginning",
    [
        {"action": "c2pa.created", "digitalSourceType": f"{IPTC}digitalCapture"},
        {"action": "c2pa.opened"},
    ],
)
def test_a_generated_edit_of_what_was_there_does_not_make_all_of_it_generated(beginning):
    found = actions(beginning, GENERATED)

    (entry,) = found.declaration["contributions"]
    assert (entry["area"], entry["level"], entry["process"]) == (
        "production", "partial", "generated",
    )  # fmt: skip
    assert any("is of an edit" in text for text in found.left_out)


@pytest.mark.requirement("C2P-022")
@pytest.mark.parametrize("listed", [(CREATED, GENERATED), (GENERATED,)])
def test_what_was_generated_whole_stays_so(listed):
    (entry,) = actions(*listed).declaration["contributions"]

    assert entry["level"] == "full"


def told(found):
    return [text for text in found.left_out if text.startswith("an action about the whole file")]


@pytest.mark.requirement("C2P-024")
@pytest.mark.parametrize("turned", [False, True])
def test_of_several_actions_about_the_whole_file_that_of_the_highest_level_is_drafted(turned):
    mastered = {"action": "c2pa.edited", "description": "Mastered by a model.",
                "digitalSourceType": f"{IPTC}algorithmicallyEnhanced"}  # fmt: skip
    listed = [mastered, CREATED][:: -1 if turned else 1]

    found = actions(*listed)

    (entry,) = found.declaration["contributions"]
    assert (entry["area"], entry["level"]) == ("production", "full")
    assert told(found) == [
        "an action about the whole file, read as utility, is left out: Mastered by a model."
    ]


@pytest.mark.requirement("C2P-024")
def test_beside_parts_no_action_about_the_whole_file_is_drafted_and_each_is_told():
    part = GENERATED | {"description": "leadVocals; The chorus."}

    found = actions(CREATED, part, GENERATED)

    assert [entry["area"] for entry in found.declaration["contributions"]] == ["leadVocals"]
    assert told(found) == [
        "an action about the whole file, read as full, is left out",
        "an action about the whole file, read as partial, is left out",
    ]


@pytest.mark.requirement("C2P-024")
def test_an_action_that_names_production_is_about_that_part():
    named = GENERATED | {"description": "production; The beat."}

    found = actions(CREATED, named, GENERATED | {"description": "leadVocals"})

    entries = found.declaration["contributions"]
    assert [(e["area"], e.get("description")) for e in entries] == [
        ("production", "The beat."),
        ("leadVocals", None),
    ]
    assert told(found) == ["an action about the whole file, read as full, is left out"]


@pytest.mark.requirement("C2P-024")
def test_one_action_about_the_whole_file_leaves_none_out():
    assert told(actions(CREATED)) == []


@pytest.mark.requirement("C2P-023")
def test_an_ingredient_with_a_manifest_of_its_own_is_told():
    ingredients = [{"title": "take.mp3", "active_manifest": "urn:c2pa:1"}, {"title": "cover.png"}]

    found = actions({"action": "c2pa.opened"}, ingredients=ingredients)

    assert [text for text in found.left_out if "ingredient" in text] == [
        "ingredient take.mp3 has a manifest of its own, which was not read"
    ]


@pytest.mark.requirement("EXP-012")
def test_what_an_action_says_in_words_and_of_times_is_drafted_or_told():
    def span(start, end, kind="npt"):
        time = {"type": kind, "start": start, "end": end}
        return {"region": [{"type": "temporal", "time": time}]}

    described = {"description": "instrumentation; Musician; Bass; second verse"}
    changes = [
        span("15.000", "184.5"),
        span("9", "3"),
        span("0", "1", "wallClock"),
        {"region": [{}]},
    ]

    found = actions(GENERATED | described | {"changes": changes})

    (entry,) = found.declaration["contributions"]
    assert entry["description"] == "Musician; Bass; second verse"
    assert entry["timeRanges"] == [{"startMs": 15_000, "endMs": 184_500}]
    assert any("no span of seconds" in text for text in found.left_out)


@pytest.mark.parametrize("kind", ["mp3", "flac", "wav", "m4a"])
def test_our_own_export_is_read_back_from_every_container(tmp_path, kind):
    path, out = tmp_path / f"a.{kind}", tmp_path / f"b.{kind}"
    shutil.copyfile(samples.made(kind), path)
    plain = {
        "subject": {"title": "Song"},
        "tools": [{"ref": "x", "provider": "Acme", "system": "Singer", "version": "2"}],
        "contributions": [
            {"area": "leadVocals", "level": "full", "process": "generated",
             "agents": [{"tool": "x"}], "description": "The chorus.",
             "timeRanges": [{"startMs": 40, "endMs": 90}]},
            {"area": "lyrics", "level": "none"},
        ],
    }  # fmt: skip
    made.signed(path, plain)
    c2pa_export.export(path, out, made.credentials(), made.context(), {})

    (found,) = read(out)

    assert found.declaration["subject"]["title"] == "Song"
    (entry,) = found.declaration["contributions"]
    assert (entry["area"], entry["level"]) == ("leadVocals", "full")
    assert entry["description"] == "The chorus."
    assert entry["timeRanges"] == [{"startMs": 40, "endMs": 90}]
    assert found.declaration["tools"] == [{"ref": "t1", "system": "Singer 2"}]
    assert any("signed statement of this standard" in text for text in found.left_out)


def test_a_file_without_a_manifest_gives_no_draft():
    assert read(samples.made("flac")) == ()


@pytest.mark.requirement("C2P-021")
def test_a_manifest_that_leaves_the_audio_out_is_not_bound(tmp_path, monkeypatch):
    """The library itself says Valid: only a note tells that the audio may be any."""
    path = samples.made("mp3")
    size = path.stat().st_size

    def all_of_it(start, length):
        rest = start + length
        return [
            {"start": start, "length": length},
            {"start": rest + 2000, "length": size - 8000},
        ]

    monkeypatch.setattr(c2pa, "_excluded", all_of_it)
    out = foreign(tmp_path, definition())
    data = bytearray(out.read_bytes())
    data[-7000] ^= 0xFF
    out.write_bytes(data)

    with out.open("rb") as stream:
        found = c2pa.read(stream, "audio/mpeg")
    (drafted,) = read(out)

    assert found.state == "Valid"
    assert c2pa.EXCLUDED in found.notes
    assert not found.is_bound
    assert "NOT bound" in drafted.left_out[0]


@pytest.mark.requirement("C2P-021")
def test_a_manifest_of_another_sound_is_read_and_said_to_be_not_bound(tmp_path):
    out = foreign(tmp_path, definition())
    data = bytearray(out.read_bytes())
    data[-2000] ^= 0xFF
    out.write_bytes(data)

    (found,) = read(out)

    assert "state Invalid: NOT bound" in found.left_out[0]
    assert "mismatch" in found.left_out[0]


BROKEN = {
    "zeros": bytes(4000),
    "text": b"this is no JUMBF" * 50,
    "lying length": struct.pack(">I4s", 0xFFFFFFF0, b"jumb") + bytes(200),
    "nested": b"".join(struct.pack(">I4s", 80_000 - 8 * n, b"jumb") for n in range(9_000)),
    "huge": struct.pack(">I4s", 8 << 20, b"jumb") + bytes((8 << 20) - 8),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_manifest_store_is_an_input_error(tmp_path, what):
    out = foreign(tmp_path, definition(), content=BROKEN[what])

    with pytest.raises(InputError, match="C2PA"):
        read(out)


def test_an_empty_manifest_store_is_none(tmp_path):
    assert read(foreign(tmp_path, definition(), content=b"")) == ()


def test_two_manifests_are_refused(tmp_path):
    first = foreign(tmp_path, definition())
    with first.open("rb") as source:
        scan = load("mp3").scan(source, DEFAULT_LIMITS, True)
        splices, _ = placed(source, scan, b"\x00\x00\x00\x08jumb")
        with (tmp_path / "two.mp3").open("w+b") as target:
            splice(source, scan.size, splices, target)

    with pytest.raises(InputError):
        read(tmp_path / "two.mp3")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04" + bytes(99), b"\xff\xd8\xff\xe0" + bytes(99)])
def test_what_is_no_audio_is_an_input_error(data):
    with pytest.raises(InputError):
        load_import("c2pa").read(data)


@pytest.mark.parametrize("kind", ["ogg", "aiff"])
def test_a_container_without_c2pa_is_named(kind):
    with pytest.raises(InputError, match="MP3, FLAC, WAV and M4A"):
        read(samples.made(kind))


def test_a_damaged_manifest_never_does_more_than_fail(tmp_path):
    """Bytes of the store are changed at random; a draft is well-formed or there is none."""
    out = foreign(tmp_path, definition())
    data = out.read_bytes()
    start = data.index(b"c2pa manifest store") + 20
    rolled = random.Random(7)
    for _ in range(2000 if os.environ.get("MUSICPROV_TEST_FULL") else 60):
        at, there = start + rolled.randrange(3000), bytearray(data)
        there[at : at + rolled.randrange(1, 5)] = rolled.randbytes(rolled.randrange(5))
        try:
            drafts = load_import("c2pa").read(bytes(there))
        except InputError:
            continue
        for one in drafts:
            assert decode_declaration(json.dumps(one.declaration).encode())[0] is not None


ODD = [
    {},
    {"assertions": None, "signature_info": [], "title": 7, "label": {}},
    {"assertions": [None, 3, {"label": "c2pa.actions", "data": 5}]},
    {"assertions": [{"label": "c2pa.actions", "data": {"actions": [None, {"digitalSourceType": 1}]}}]},
    {"assertions": [{"label": "c2pa.ai-disclosure", "data": {"modelName": ["x"]}}]},
    {"assertions": [{"label": "c2pa.ai-disclosure__1", "data": {"modelName": "a\u202eb\x00\n\ufeffc"}}]},
    {"assertions": [{"label": "cawg.training-mining", "data": {"entries": {"cawg.data_mining": 1}}}]},
    {"assertions": [{"label": "cawg.metadata", "data": {"dc:creator": "Ann", "dc:language": "!",
                                                        "dc:identifier": "nonsense"}}]},
    {"title": "e\u0301" * 4000, "signature_info": {"issuer": "\u2067x" * 900}},
    {"title": "Singer", "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [
        {"digitalSourceType": f"{IPTC}trainedAlgorithmicMedia", "softwareAgent": f"Agent {n}"}
        for n in range(5000)]}}]},
]  # fmt: skip


@pytest.mark.parametrize("manifest", ODD, ids=range(len(ODD)))
def test_odd_content_gives_a_well_formed_draft_or_less(manifest):
    found = of(manifest)

    declaration, wrong = decode_declaration(json.dumps(found.declaration).encode())
    assert declaration is not None, wrong
    assert not [w for w in wrong if w.effect.value in {"breaks", "blocks"}]
    assert len(found.declaration.get("tools", ())) <= 100
