"""Every column of the matrix of regimes: the model has a member for what somebody asks."""

import pytest
from provenance.wire.decode import decode_declaration
from provenance.wire.encode import to_plain
from provenance.wire.strict_json import encode

AREAS = {
    "lyrics": "lyrics", "composition": "composition", "lead vocals": "leadVocals",
    "backing vocals": "backingVocals", "instrumentation": "instrumentation",
    "arrangement": "arrangement", "production": "production", "mixing": "mixing",
    "mastering": "mastering", "artwork": "artwork", "music video": "video",
    "translation": "translation",
}  # fmt: skip

TOOL = {"ref": "t1", "system": "Maker"}
PERSON = {"ref": "p1", "name": "Ann"}
COLUMNS = {
    **{name: {"contributions": [{"area": area, "level": "full"}]} for name, area in AREAS.items()},
    "persona": {"subject": {"artists": [{"identity": "aiPersona", "identityPublic": False}]}},
    "level": {"contributions": [{"area": "lyrics", "level": "predominant", "material": True}]},
    "voice clone and consent": {
        "people": [PERSON],
        "voices": [{"kind": "selfClone", "person": "p1", "consent": {"status": "granted"}}],
    },
    "training data and licence": {
        "tools": [
            {**TOOL, "licence": {"status": "licensed", "trainingDisclosure": "https://a.example"}}
        ],
        "permissions": [{"use": "generativeAiTraining", "permission": "notAllowed"}],
    },
    "AI tool, name and version": {
        "tools": [{**TOOL, "provider": "Company", "version": "5", "modelId": "urn:example:m5"}]
    },
    "human contributors": {"people": [{**PERSON, "featured": True, "roles": ["Composer"]}],
                           "facts": {"peopleComplete": True}},
    "date": {"subject": {"created": "2026-11-23"}, "tools": [{**TOOL, "usedFrom": "2026-11-01"}]},
    "unique id": {
        "subject": {"isrc": "QZZZZ2600101", "iswc": ["T0345246801"],
                    "release": {"upc": "036000291452"}, "ids": {"c2pa": "urn:c2pa:example"}},
        "tools": [{**TOOL, "outputId": "out-1"}],
    },
}  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def test_the_model_carries_it(column):
    manifest, found = decode_declaration(encode(COLUMNS[column]))

    assert manifest is not None, found
    assert manifest.unknown == {}
    assert to_plain(manifest) == {"subject": {}, **COLUMNS[column]}


def test_there_are_the_twenty_columns():
    assert len(COLUMNS) == 20
