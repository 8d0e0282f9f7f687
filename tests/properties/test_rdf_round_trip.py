"""Whatever a manifest says comes back from RDF as it was, in each form; processors agree."""

import importlib.util
import json
import os
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from provenance.exports.base import Source
from provenance.exports.rdf import EXPORT
from provenance.imports.rdf import declarations
from provenance.wire.decode import decode, decode_declaration
from provenance.wire.encode import to_plain

HERE = Path(__file__).parent
spec = importlib.util.spec_from_file_location("round_trip", HERE / "test_round_trip.py")
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)

FEW = settings(made.QUICK, max_examples=400 if os.environ.get("MUSICPROV_TEST_FULL") else 20)
FILES = sorted((HERE.parents[1] / "examples").glob("*/declaration.json"))
UNKNOWN = st.dictionaries(
    st.one_of(
        made.TEXT,
        st.sampled_from(["@context", "@id", "id", "type", "ids", "order", "level", "tools", "mp"]),
    ),
    made.JSON,
    max_size=3,
)
PLACES = (
    ("subject",),
    ("contributions", 0),
    ("subject", "bindings", 0),
    ("tools", 0, "ids"),
    ("evidence", 0),
    ("facts",),
    ("declarant",),
    (),
)


def back(manifest, form):
    data = EXPORT.render(Source(manifest, options={"format": form})).data
    ((_, plain),) = declarations(data)
    return plain


@FEW
@given(plain=made.DECLARATIONS, form=st.sampled_from(EXPORT.formats))
def test_a_declaration_comes_back_as_it_was(plain, form):
    manifest, _ = decode_declaration(made.bytes_of(plain))
    if manifest is not None:
        assert back(manifest, form) == to_plain(manifest)


@pytest.mark.slow
@pytest.mark.requirement("RDF-003, RDF-004, RDF-005")
@FEW
@given(
    plain=made.DISCLOSURES,
    unknown=UNKNOWN,
    place=st.sampled_from(PLACES),
    form=st.sampled_from(EXPORT.formats),
)
def test_a_disclosure_comes_back_with_unknown_members_whatever_they_are_called(
    plain, unknown, place, form
):
    at = plain
    for step in place:
        if isinstance(step, str) and step not in at:
            return
        at = at[step]
    at.update({name: value for name, value in unknown.items() if name not in at})
    manifest, _ = decode(made.bytes_of(plain))
    if manifest is not None:
        assert back(manifest, form) == to_plain(manifest)


@pytest.mark.parametrize("form", EXPORT.formats)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_the_examples_come_back_as_they_were(path, form):
    manifest, _ = decode_declaration(path.read_bytes())

    assert back(manifest, form) == json.loads(path.read_bytes())
