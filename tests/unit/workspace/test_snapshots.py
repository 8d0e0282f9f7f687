"""What changed in a directory since the last look, and which changes are losses (spec 18.4)."""

from datetime import UTC, datetime

import pytest
from provenance.model.errors import RefusedError
from provenance.trust.directories import Content
from provenance.trust.policy import KnownKey, Revocation
from provenance.workspace.snapshots import accepted_content, changes

MAY, JUNE, JULY = (datetime(2026, month, 1, tzinfo=UTC) for month in (5, 6, 7))
STOLEN = Revocation(JUNE, "keyCompromise", MAY)


def content(*keys):
    return Content(keys, (), None, {}, {})


def kinds(before, now):
    old = None if before is None else content(*before)
    return [(c.kind, c.key.key, c.loss) for c in changes(old, content(*now))]


@pytest.mark.requirement("DIR-020")
def test_what_is_new_what_changed_and_what_stayed():
    before = [KnownKey("a"), KnownKey("b"), KnownKey("c")]
    now = [KnownKey("a"), KnownKey("b", not_after=JULY), KnownKey("c", revoked=STOLEN)]

    assert kinds(None, [KnownKey("a")]) == [("new", "a", False)]
    assert kinds(before, before) == []
    assert kinds(before, [*now, KnownKey("d")]) == [
        ("changed", "b", False),
        ("revoked", "c", False),
        ("new", "d", False),
    ]


@pytest.mark.requirement("DIR-021")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (STOLEN, None),
        (STOLEN, Revocation(JUNE, "keyCompromise", JUNE)),
        (STOLEN, Revocation(JUNE, "keyCompromise")),
        (STOLEN, Revocation(JUNE, "superseded", MAY)),
        (Revocation(JUNE, "superseded"), Revocation(JULY, "superseded")),
    ],
)
def test_a_revocation_that_went_or_reaches_less_far_is_a_loss(old, new):
    before, now = KnownKey("a", revoked=old), KnownKey("a", revoked=new)

    assert kinds([before], [KnownKey("b"), now]) == [("unrevoked", "a", True), ("new", "b", False)]


@pytest.mark.parametrize(
    "new",
    [Revocation(JUNE, "keyCompromise", MAY), Revocation(MAY, "superseded")],
)
def test_a_revocation_that_gets_worse_is_none(new):
    before = KnownKey("a", revoked=Revocation(JUNE, "superseded"))

    assert kinds([before], [KnownKey("a", revoked=new)]) == [("revoked", "a", False)]


@pytest.mark.requirement("DIR-021")
def test_a_key_that_is_gone_is_a_loss_and_comes_first():
    assert kinds([KnownKey("a"), KnownKey("b")], [KnownKey("c"), KnownKey("b")]) == [
        ("gone", "a", True),
        ("new", "c", False),
    ]


@pytest.mark.requirement("DIR-003")
def test_a_key_that_lies_on_no_curve_is_refused_when_it_is_fetched():
    import json

    from provenance.wire.thumbprints import thumbprint

    key = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}
    body = json.dumps({"keys": [{**key, "kid": thumbprint(key)}]}).encode()

    with pytest.raises(RefusedError) as caught:
        accepted_content("label.example", body)

    assert caught.value.rule == "directory.malformed"
    assert "not-on-curve" in str(caught.value)
