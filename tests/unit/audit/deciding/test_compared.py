"""Which file's audio a declaration was compared with (AUD-070)."""

import pytest
from provenance.audit.model import Sure
from provenance.wire.schemas import check

from support.exhibits import OTHER_PCM, disclosure, exhibit, manifest, track

NONE = disclosure("none")
MANIFEST = manifest(NONE)


@pytest.mark.requirement("AUD-070")
@pytest.mark.parametrize(
    ("joins", "binding", "compared"),
    [
        ([MANIFEST], "notCompared", None),
        ([MANIFEST, track(NONE)], "exact", "e2"),
        ([MANIFEST, track(given=[NONE])], "exact", "e2"),
        ([MANIFEST, track(NONE, pcm=OTHER_PCM)], "mismatch", "e2"),
        ([track(NONE), MANIFEST, track(NONE, pcm=OTHER_PCM)], "mismatch", "e3"),
        ([track(NONE), MANIFEST], "exact", "e1"),
        ([MANIFEST, track(NONE, by="name", sure=Sure.WEAK)], "exact", "e2"),
    ],
    ids=["no audio", "a copy in a file", "a file without", "other audio", "one of two", "its own", "by name"],
)  # fmt: skip
def test_a_declaration_says_which_file_it_was_compared_with(joins, binding, compared):
    made = exhibit(*joins)
    (one,) = made["declarations"]

    assert [str(fault) for fault in check(made, "audit-exhibit")] == []
    assert one["evidence"] == "e1"
    assert (one["binding"], one["comparedWith"]) == (binding, compared)
