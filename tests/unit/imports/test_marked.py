"""Drafts from AIGC labels, TransparentMeta and XMP: what they say, and never more (spec 19.6)."""

import json

import pytest
from provenance.imports import load
from provenance.model.errors import InputError
from provenance.wire.decode import decode_declaration
from provenance.wire.strict_json import encode

from support.samples import made

AIGC = {"Label": "1", "ContentProducer": "001191440300708461136T1XGW3", "ProduceID": "track-1",
        "ReservedCode1": "", "ContentPropagator": "Some Platform", "PropagateID": "9",
        "ReservedCode2": ""}  # fmt: skip
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def frame(name, content):
    size = bytes((len(content) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return name + size + b"\0\0" + content


def mp3(*frames):
    body = b"".join(frames)
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\0\0" + size + body


def txxx(name, value):
    return frame(b"TXXX", b"\x03" + name.encode() + b"\0" + value.encode())


def drafts(name, document):
    found = load(name).read(document)
    for draft in found:
        if draft.declaration:
            manifest, wrong = decode_declaration(encode(dict(draft.declaration)))
            assert manifest is not None, wrong
    return found


@pytest.mark.requirement("EXP-011", "EXP-012")
@pytest.mark.parametrize("bare", [True, False])
def test_an_aigc_label_names_a_provider_and_no_level(bare):
    text = json.dumps(AIGC)
    (draft,) = drafts("aigc", text.encode() if bare else mp3(txxx("AIGC", text)))

    assert draft.declaration == {
        "tools": [{"ref": "t1", "outputId": "track-1", "ids": {"aigc": AIGC["ContentProducer"]}}]
    }
    assert draft.said_by == AIGC["ContentProducer"]
    assert any(left.startswith("Label 1: ") for left in draft.left_out)
    assert "ContentPropagator: Some Platform" in draft.left_out


def test_a_producer_that_is_a_name_is_a_provider():
    (draft,) = drafts("aigc", json.dumps({**AIGC, "ContentProducer": "Example Ltd"}).encode())

    assert draft.declaration["tools"][0]["provider"] == "Example Ltd"


@pytest.mark.parametrize("producer", ["", "Example Ltd"])
def test_the_identifier_of_a_declaration_is_no_output_of_a_tool(producer):
    declaration = "urn:uuid:6f1c2a4e-3b5d-4c7e-8f90-a1b2c3d4e5f6"
    plain = {**AIGC, "ContentProducer": producer, "ProduceID": declaration}
    (draft,) = drafts("aigc", json.dumps(plain).encode())

    named = [{"ref": "t1", "provider": producer}]
    assert draft.declaration == ({"tools": named} if producer else {})
    assert any(declaration in left for left in draft.left_out)


def test_a_number_of_nobody_is_no_tool():
    (draft,) = drafts("aigc", json.dumps({**AIGC, "ContentProducer": ""}).encode())

    assert draft.declaration == {}
    assert "ProduceID: track-1: whose number it is, is not said" in draft.left_out


@pytest.mark.requirement("EXP-012")
@pytest.mark.parametrize(
    ("level", "entries"),
    [("ai_generated", [("production", "full")]), ("ai_assisted", []), ("human_created", [])],
)
def test_transparentmeta(level, entries):
    text = json.dumps({"company": "C", "model": "M", "content_id": "i", "ai_usage_level": level})
    (draft,) = drafts("transparentmeta", mp3(txxx("transparency", text)))

    found = [(c["area"], c["level"]) for c in draft.declaration.get("contributions", [])]
    assert found == entries
    assert draft.declaration["tools"] == [
        {"ref": "t1", "provider": "C", "system": "M", "outputId": "i"}
    ]
    assert "its signature was not checked, and covers no audio" in draft.left_out


@pytest.mark.requirement("EXP-012")
@pytest.mark.parametrize(
    ("term", "level"),
    [("trainedAlgorithmicMedia", "full"), ("compositeSynthetic", "partial"),
     ("algorithmicallyEnhanced", "utility"), ("digitalCapture", None)],
)  # fmt: skip
def test_xmp(term, level):
    packet = f"<x:xmpmeta><a>{IPTC}{term}</a></x:xmpmeta>".encode()
    (draft,) = drafts("xmp", mp3(frame(b"PRIV", b"XMP\0" + packet)))

    found = [c["level"] for c in draft.declaration.get("contributions", [])]
    assert found == ([level] if level else [])


@pytest.mark.parametrize("name", ["aigc", "transparentmeta", "xmp"])
def test_a_file_without_marks_gives_no_draft_and_other_files_are_refused(name):
    assert drafts(name, made("mp3").read_bytes()) == ()
    with pytest.raises(InputError):
        drafts(name, b"hello")


@pytest.mark.parametrize("name", ["aigc", "transparentmeta", "xmp"])
@pytest.mark.parametrize(
    "value",
    ["", "{}", "[]", "[" * 5000, '{"Label":{}}', '{"ai_usage_level":[]}',
     '{"Label":"\\u202e\\u0007","ContentProducer":"' + "a\\n" * 3000 + '"}'],
)  # fmt: skip
def test_hostile_values_give_valid_drafts_or_none(name, value):
    for key in ("AIGC", "transparency", "DigitalSourceType"):
        for draft in drafts(name, mp3(txxx(key, value))):
            assert all(len(left) < 700 for left in draft.left_out)
