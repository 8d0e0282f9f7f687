"""A manifest that c2pa-python itself wrote is found in each container that it knows (MRK-003)."""

import json
import shutil

import pytest
from provenance.containers import identify, load
from provenance.marks import find
from provenance.model.limits import DEFAULT_LIMITS

from support import c2pa as made
from support import samples

TYPES = {"mp3": "audio/mpeg", "flac": "audio/flac", "wav": "audio/wav", "m4a": "audio/mp4"}
DEFINITION = {
    "claim_generator_info": [{"name": "test", "version": "1"}],
    "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [
        {"action": "c2pa.created", "digitalSourceType":
         "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"}]}}],
}  # fmt: skip


@pytest.mark.requirement("MRK-002", "MRK-003")
@pytest.mark.parametrize("kind", TYPES)
def test_it_is_found_and_told_as_unread(tmp_path, kind):
    made.library()
    import c2pa

    root, leaf, key = made.chain()
    info = c2pa.C2paSignerInfo(b"es256", leaf + root, key, None)
    source, target = tmp_path / f"a.{kind}", tmp_path / f"b.{kind}"
    shutil.copyfile(samples.made(kind), source)
    with source.open("rb") as read, target.open("w+b") as write:
        c2pa.Builder(json.dumps(DEFINITION)).sign(
            c2pa.Signer.from_info(info), TYPES[kind], read, write
        )

    with target.open("rb") as stream:
        container = load(identify(stream))
        marks = find(stream, container, container.scan(stream, DEFAULT_LIMITS, False))

    assert [(m.kind, m.strength, m.says) for m in marks] == [("c2pa", "unread", None)]
