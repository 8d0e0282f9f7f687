"""POL-050 over every vector that has a policy: no entry of the signer's stands in its own way.

Each entry in favour of the signer is removed in turn: no result that was not PASSED becomes it.
"""

import copy
import io
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from provenance.containers import identify
from provenance.containers import load as container
from provenance.model.verdict import Status
from provenance.trust.identity import Keyring
from provenance.trust.loading import load
from provenance.trust.requirements import PERSONAL, tighten
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify
from provenance.workspace.policies import folder_reader
from provenance.workspace.verifying import under

VECTORS = Path(__file__).parents[1] / "vectors"


@cache
def cases():
    found = []
    for path in sorted(VECTORS.glob("*/*/case.json")):
        case = json.loads(path.read_bytes())
        name = (case.get("options") or {}).get("trust")
        if case["operation"] != "verify" or name is None:
            continue
        plain = json.loads((path.parent / name).read_bytes())
        if plain.get("require", {}).get("identity") != "unknown":
            found.append((path.parent, case, plain))
    return found


def judged(folder, case, plain):
    options = case["options"]
    policy = load(json.dumps(plain).encode(), folder_reader(folder))
    own, pinned = (dict.fromkeys(options.get(kind, ())) for kind in ("own", "pinned"))
    now = datetime.fromisoformat(options["now"].removesuffix("Z")).replace(tzinfo=UTC)
    context = Context(now, Keyring(own, pinned), tighten(PERSONAL, []), decode="never")
    context = under(context, policy, options.get("require", ()))
    given = options.get("given")
    beside = (Given("given", (folder / given).read_bytes()),) if given else ()
    stream = io.BytesIO((folder / case["input"]).read_bytes()) if case.get("input") else None
    name = identify(stream) if stream else None
    return verify(stream, container(name) if name else None, context, beside)


def without(plain, *path):
    fewer = copy.deepcopy(plain)
    place = fewer
    for name in path[:-1]:
        place = place[name]
    del place[path[-1]]
    if not place and path[-2] == "directories":
        return without(plain, *path[:-1])
    return fewer


def in_favour(plain, signer):
    """The policy without one entry in favour of the signer, for each of them.

    Another key of the signer's party is none: it may withdraw what this one signed.
    """
    vouchers = signer.vouched_by if len(signer.vouched_by) == 1 else ()
    for number, party in enumerate(plain.get("parties", ())):
        if party["id"] not in {signer.party, *vouchers}:
            continue
        for member in ("keys", "subjects", "directories"):
            for other, entry in enumerate(party.get(member, ())):
                own = party["id"] == signer.party and member == "keys"
                if "revoked" not in entry and (not own or entry["key"] == signer.key):
                    yield without(plain, "parties", number, member, other)
    asked = plain["require"]["authority"] == "granted"
    for number, grant in enumerate(plain.get("grants", ()) if asked else ()):
        is_own = grant.get("party") == signer.party or grant.get("vouchedBy") in vouchers
        is_vouching = grant["act"] == "vouch" and grant.get("party") in vouchers
        if is_vouching or (is_own and grant["act"] == "declare"):
            yield without(plain, "grants", number)
    leaned = signer.certified.anchor if signer.certified else None
    for number, anchor in enumerate(plain.get("anchors", ())):
        if anchor["id"] == leaned and "crls" not in anchor:
            fewer = without(plain, "anchors", number)
            for party in fewer.get("parties", ()):
                party["subjects"] = [s for s in party.get("subjects", ()) if s["anchor"] != leaned]
            yield fewer


@pytest.mark.slow
@pytest.mark.requirement("POL-050")
def test_removing_what_is_the_signers_never_makes_a_vector_pass():
    passed, tried, wrong = 0, 0, []
    for folder, case, plain in cases():
        verdict = judged(folder, case, plain)
        passed += verdict.status is Status.PASSED
        selected = verdict.subject.selected
        if verdict.status is Status.PASSED or selected is None or selected.signer is None:
            continue
        for fewer in in_favour(plain, selected.signer):
            tried += 1
            if judged(folder, case, fewer).status is Status.PASSED:
                wrong.append((case["id"], fewer))

    assert wrong == []
    assert passed > 10
    assert tried > 20


@pytest.mark.slow
def test_what_passes_leans_on_what_is_removed_here():
    """So that the test above is about something: many a file no longer passes without an entry."""
    leaning = 0
    for folder, case, plain in cases():
        verdict = judged(folder, case, plain)
        if verdict.status is Status.PASSED:
            fewer = in_favour(plain, verdict.subject.selected.signer)
            leaning += any(judged(folder, case, one).status is not Status.PASSED for one in fewer)

    assert leaning > 20
