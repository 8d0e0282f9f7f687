"""What every import must do, run over all of them by discovery (spec 19.6)."""

from pathlib import Path

import pytest
from provenance.imports import load, names
from provenance.imports.base import Draft
from provenance.model.errors import ProvError
from provenance.wire.decode import decode_declaration
from provenance.wire.strict_json import encode

VECTORS = Path(__file__).parents[1] / "vectors"
UNSUITED = {
    "nothing": b"",
    "zeros": bytes(4096),
    "text": b"Lyrics: none\n",
    "an empty object": b"{}",
    "an empty list": b"[]",
    "deep JSON": b"[" * 100_000,
    "not UTF-8": b"\xff\xfe\x00<a/>",
    "foreign XML": b"<?xml version='1.0'?><a xmlns='http://a.example'><b/></a>",
    "entities": b"<!DOCTYPE a [<!ENTITY b 'cc'><!ENTITY d '&b;&b;'>]><a>&d;</a>",
    "audio without marks": (VECTORS / "verify" / "absent" / "input.wav").read_bytes(),
    "cut audio": (VECTORS / "verify" / "passed-own-key" / "input.wav").read_bytes()[:100],
}


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("what", UNSUITED)
def test_what_is_no_such_document_is_an_error_that_says_what_to_do_or_no_draft(name, what):
    said = "drafts"
    try:
        drafts = load(name).read(UNSUITED[what])
    except ProvError as error:
        drafts, said = (), str(error)

    assert said
    assert type(drafts) is tuple
    for draft in drafts:
        assert_is_unsigned(draft)


@pytest.mark.requirement("EXP-011")
@pytest.mark.requirement("EXP-012")
@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("what", ["audio without marks", "an empty object", "foreign XML"])
def test_what_says_nothing_about_ai_gives_no_level(name, what):
    try:
        drafts = load(name).read(UNSUITED[what])
    except ProvError:
        drafts = ()

    assert [d for d in drafts if d.declaration.get("contributions")] == []


def assert_is_unsigned(draft: Draft):
    assert not {"id", "issued", "sequence", "supersedes"} & set(draft.declaration)
    assert draft.source
    manifest, found = decode_declaration(encode(dict(draft.declaration)))
    assert manifest is not None, found
