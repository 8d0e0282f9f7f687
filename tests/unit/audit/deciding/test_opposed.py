"""What takes a declaration back or disputes it stands in the exhibit (AUD-038, AUD-046)."""

import pytest
from provenance.audit.joining import items_of
from provenance.wire.schemas import check

from support.evidence import read
from support.exhibits import (
    CONTEXT,
    LABEL,
    SHOP,
    STRANGER,
    S,
    disclosure,
    exhibit,
    flags,
    manifest,
    subject,
    track,
)
from threats.world import V

NONE = disclosure("none")
NAMELESS = disclosure("full", values=S.SECOND, subject=subject(S.SECOND, isrc=None, title="Other"))
WITHDRAWN = S.withdraw(NONE, LABEL, LABEL)
DISPUTED = S.endorse(NONE, LABEL, SHOP, "disputes")


def audited(tmp_path, *sent):
    """The exhibit of a file with a declaration, and these statements each in a file beside it."""
    (tmp_path / "manifests").mkdir()
    (tmp_path / "song.wav").write_bytes(S.wav(NONE))
    for n, token in enumerate(sent):
        (tmp_path / f"manifests/{n}.musicprov.jws").write_bytes(token)
    sources = [("manifests", tmp_path / "manifests"), ("tracks", tmp_path / "song.wav")]
    with read(tmp_path / "store", sources, CONTEXT) as made:
        found = exhibit(*items_of(made.recording(), made.store))
    assert [str(fault) for fault in check(found, "audit-exhibit")] == []
    return found


@pytest.mark.requirement("AUD-038")
@pytest.mark.requirement("AUD-046")
@pytest.mark.parametrize(
    ("said", "flag", "act", "key", "reason"),
    [
        (WITHDRAWN, "withdrawn", "withdraws", LABEL, "error"),
        (DISPUTED, "disputed", "disputes", SHOP, None),
    ],
)
def test_it_is_evidence_with_its_file_signer_time_and_token(tmp_path, said, flag, act, key, reason):
    made = audited(tmp_path, said)

    song, other = made["evidence"]
    assert (song["kind"], other["kind"]) == ("track", "manifest")
    assert (other["join"]["by"], other["join"]["sure"]) == ("statement", song["join"]["sure"])
    (declared,) = made["declarations"]
    (opposed,) = declared["opposed"]
    assert (opposed["act"], opposed["sid"], opposed["key"]) == (act, V.sid(said), key.thumbprint)
    assert (opposed["evidence"], opposed["token"]) == ([other["id"]], said.decode())
    assert (opposed["issued"], opposed["reason"]) == ("2026-11-23T00:00:00Z", reason)
    (flagged,) = (one for one in made["flags"] if one["flag"] == flag)
    assert flagged["evidence"] == [other["id"]]
    assert flagged["detail"]["issued"] == opposed["issued"]
    assert flagged["detail"]["by"] == opposed["name"]


@pytest.mark.requirement("AUD-038")
@pytest.mark.parametrize(
    "said",
    [
        S.withdraw(NONE, LABEL, STRANGER),
        S.endorse(NONE, LABEL, STRANGER, "disputes"),
        S.endorse(NONE, LABEL, SHOP),
        S.withdraw(NAMELESS, LABEL, LABEL),
    ],
)
def test_what_strangers_say_endorsements_and_other_withdrawals_are_not_joined(tmp_path, said):
    made = audited(tmp_path, said)

    assert [one["kind"] for one in made["evidence"]] == ["track"]
    assert made["declarations"][0]["opposed"] == []
    assert made["state"] == "declared"


@pytest.mark.requirement("AUD-038")
@pytest.mark.requirement("AUD-057")
def test_a_withdrawal_brings_no_declaration_along(tmp_path):
    """A copy of the label's word about another song, bundled with what takes this one back."""
    made = audited(tmp_path, S.bundle(NAMELESS, WITHDRAWN))

    assert [one["kind"] for one in made["evidence"]] == ["track"]
    assert [one["id"] for one in made["declarations"]] == ["d1"]
    assert made["state"] == "unverifiable"
    assert "withdrawn" in flags(made)


def test_in_the_file_of_the_declaration_it_stands_there():
    for joins in ([manifest(NONE, WITHDRAWN)], [track(NONE, WITHDRAWN)]):
        made = exhibit(*joins)
        assert made["declarations"][0]["opposed"][0]["evidence"] == ["e1"]


@pytest.mark.requirement("AUD-070")
@pytest.mark.parametrize("key", [SHOP, STRANGER])
def test_what_others_signed_has_key_times_and_token(tmp_path, key):
    said = S.endorse(NONE, LABEL, key, "received")
    (declared,) = audited(tmp_path, said)["declarations"]

    (endorsed,) = declared["endorsements"]
    assert (endorsed["sid"], endorsed["key"]) == (V.sid(said), key.thumbprint)
    assert (endorsed["issued"], endorsed["proven"]) == ("2026-11-23T00:00:00Z", None)
    assert endorsed["token"] == said.decode()
