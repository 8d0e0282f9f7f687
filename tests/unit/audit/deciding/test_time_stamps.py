"""What a time-stamp proves holds wherever an audit looks at the statement (AUD-041, AUD-070)."""

import json
from base64 import b64encode
from datetime import datetime

import pytest
from provenance.audit.joining import items_of
from provenance.wire.schemas import check

from support import audit_world
from support.evidence import read
from support.exhibits import LABEL, SHOP, S, disclosure, exhibit, reasons
from support.tsa import PythonTsa
from threats import world
from threats.world import TSA, V

NONE = disclosure("none")
BEFORE, AFTER = "2026-11-23T00:01:00Z", "2026-11-29T00:00:00Z"


def stolen(name, key, reason="keyCompromise"):
    """A party whose key is revoked: since the first of December, of no worth from the 28th."""
    revoked = {"at": "2026-12-01T00:00:00Z", "reason": reason}
    if reason == "keyCompromise":
        revoked["invalidFrom"] = "2026-11-28T00:00:00Z"
    return S.party(name, {"key": key.thumbprint, "revoked": revoked})


def trusting(**parties):
    """A policy that knows these parties so, and the authority of time-stamps."""
    known = [parties.get(one["id"], one) for one in world.PARTIES]
    more, files = world.ACCEPTED_TSA, world.TSA_FILES
    return world.asker(known, files=files, more=more).context()


def stamped(token, *times, tsa=TSA):
    """A statement that a time-stamping authority has seen at these times."""
    protected, payload, signature = (part.decode() for part in token.split(b"."))
    vals = [tsa.token(signature.encode(), datetime.fromisoformat(at)) for at in times]
    items = [{"sigTst": {"tstTokens": [{"val": b64encode(val).decode()}]}} for val in vals]
    made = {"payload": payload, "protected": protected, "signature": signature}
    return V.compact({**made, "header": {"etsiU": items}})


def audited(tmp_path, context, files):
    """The exhibit of the recording with these files, each a kind, a name and its bytes."""
    for kind, name, data in files:
        (tmp_path / kind).mkdir(exist_ok=True)
        (tmp_path / kind / name).write_bytes(data)
    sources = [(kind, tmp_path / kind) for kind in dict.fromkeys(kind for kind, *_ in files)]
    with read(tmp_path / "store", sources, context) as made:
        found = exhibit(*items_of(made.recording(), made.store), context=context)
    assert [str(fault) for fault in check(found, "audit-exhibit")] == []
    return found


def song(token):
    return "tracks", "song.wav", S.wav(token)


def sent(token, name="song"):
    return "manifests", f"{name}.musicprov.json", token


@pytest.mark.requirement("AUD-041")
@pytest.mark.parametrize("reason", ["keyCompromise", "superseded"])
@pytest.mark.parametrize("place", [song, sent])
def test_a_declaration_that_is_proven_older_than_the_theft_of_its_key_holds(
    tmp_path, reason, place
):
    context = trusting(label=stolen("label", LABEL, reason))
    made = audited(tmp_path, context, [place(stamped(NONE, BEFORE))])

    (declared,) = made["declarations"]
    assert made["state"] == "declared"
    assert declared["time"]["best"] == BEFORE
    assert declared["token"] == NONE.decode()


@pytest.mark.requirement("AUD-041")
@pytest.mark.parametrize("token", [NONE, stamped(NONE, "2026-12-05T00:00:00Z")])
def test_one_that_is_not_does_not_hold(tmp_path, token):
    made = audited(tmp_path, trusting(label=stolen("label", LABEL)), [song(token), sent(token)])

    assert (made["state"], reasons(made)) == ("unverifiable", ["doesNotHold"])
    assert made["declarations"][0]["code"] == "identity.revoked"


@pytest.mark.slow
@pytest.mark.requirement("AUD-041")
@pytest.mark.parametrize("at_hand", [NONE, stamped(NONE, AFTER), stamped(NONE, AFTER, BEFORE)])
def test_of_several_copies_the_earliest_proof_counts_and_junk_takes_none_away(tmp_path, at_hand):
    context = trusting(label=stolen("label", LABEL))
    nobody = [PythonTsa(name=f"Nobody {n}") for n in range(34)]
    others = [sent(stamped(NONE, BEFORE, tsa=tsa), f"junk-{tsa.name}") for tsa in nobody]
    made = audited(tmp_path, context, [song(stamped(NONE, BEFORE)), sent(at_hand), *others])

    (declared,) = made["declarations"]
    assert (made["state"], declared["time"]["best"]) == ("declared", BEFORE)


@pytest.mark.requirement("AUD-070")
def test_what_others_signed_has_the_time_that_is_proven(tmp_path):
    disputed = stamped(S.endorse(NONE, LABEL, SHOP, "disputes"), BEFORE)
    context = trusting(shop=stolen("shop", SHOP))
    made = audited(tmp_path, context, [song(NONE), sent(disputed, "dispute")])

    (declared,) = made["declarations"]
    assert declared["code"] == "endorsement.dispute"
    assert [one["proven"] for one in declared["opposed"]] == [BEFORE]
    assert [one["evidence"] for one in declared["opposed"]] == [["e2"]]


@pytest.mark.requirement("AUD-088")
def test_the_record_of_a_track_keeps_the_time_stamps(tmp_path):
    folder = audit_world.inputs(tmp_path / "in")
    token = stamped(world.BY_LABEL, BEFORE)
    (folder / "tracks/song.wav").write_bytes(world.file(token))
    report = audit_world.audited(audit_world.asked(folder), tmp_path / "report")

    record = audit_world.members(report / "archive.zip")["tracks.ndjson"]
    lines = [json.loads(line) for line in record.splitlines()]
    tokens = [text for one in lines if "item" in one for text in one["item"]["tokens"]]
    assert token.decode() in tokens
