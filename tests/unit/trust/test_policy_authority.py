"""Grants (spec 14.4) where the vectors do not reach: who may vouch, how many a pattern covers."""

from datetime import UTC, datetime, timedelta

import pytest
from provenance.model.codes import Code
from provenance.trust import authority
from provenance.trust.authority import (
    Claim,
    authorise,
    breadth,
    covers,
    holder,
    may_vouch,
    misses,
)
from provenance.trust.policy import Grant, Policy, Scope

NOW = datetime(2026, 12, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def policy(*grants):
    return Policy(id="p", version=1, issued=NOW, expires=None, grants=grants)


def vouch(party="society", **more):
    return Grant(act="vouch", party=party, **more)


VOUCHING = [
    # grants, kind, key, whether
    ([], "isni", None, False),
    ([vouch()], "isni", None, True),
    ([vouch(over=Scope(ids=("isni", "ipi")))], "ipi", None, True),
    ([vouch(over=Scope(ids=("isni",)))], "ipi", None, False),
    ([vouch(over=Scope(ids=("isni",)))], "name", None, False),
    ([vouch(over=Scope(ids=("isni",))), vouch(over=Scope(ids=("ipi",)))], "ipi", None, True),
    ([vouch(party="other")], "isni", None, False),
    ([Grant(act="endorse", party="society")], "isni", None, False),
    ([vouch(start=NOW)], "isni", None, True),
    ([vouch(start=NOW + HOUR)], "isni", None, False),
    ([vouch(end=NOW)], "isni", None, False),
    ([vouch(end=NOW + HOUR)], "isni", None, True),
    ([vouch(over=Scope(keys=("k1",)))], "isni", "k1", True),
    ([vouch(over=Scope(keys=("k1",)))], "isni", "k2", False),
    ([vouch(over=Scope(keys=("k1",)))], "isni", None, False),
]


@pytest.mark.requirement("POL-023")
@pytest.mark.parametrize(("grants", "kind", "key", "wanted"), VOUCHING)
def test_who_may_vouch_by_what(grants, kind, key, wanted):
    assert may_vouch(policy(*grants), "society", kind, NOW, key) is wanted


BREADTHS = [
    ("isrc", "GBXYZ2600123", 1),
    ("isrc", "GBXYZ2600100-GBXYZ2600199", 100),
    ("isrc", "GBXYZ2699999-GBXYZ2700000", 2),
    ("isrc", "GBXYZ260012*", 10),
    ("isrc", "GBXYZ*", 10**7),
    ("isrc", "GBXY*", 36 * 10**7),
    ("isrc", "GB*", 36**3 * 10**7),
    ("isrc", "G*", 26 * 36**3 * 10**7),
    ("isrc", "*", 26**2 * 36**3 * 10**7),
    ("upc", "093624920472", 1),
    ("upc", "0936*", 10**10),
    ("iswc", "T034*", 10**7),
    ("iswc", "*", 10**10),
    ("grid", "A12425G*", 36**11),
    ("grid", "*", 36**16),
]


@pytest.mark.requirement("POL-012")
@pytest.mark.parametrize(("kind", "pattern", "count"), BREADTHS)
def test_how_many_a_pattern_covers(kind, pattern, count):
    assert breadth(kind, pattern) == count


def test_a_range_covers_both_ends_and_nothing_of_other_lengths():
    both = "GBXYZ2600100-GBXYZ2600199"

    assert covers("isrc", both, "GBXYZ2600100")
    assert covers("isrc", both, "GBXYZ2600199")
    assert not covers("isrc", both, "GBXYZ2600200")
    assert not covers("isrc", both, "GBXYZ26001")
    assert not covers("isrc", both, "GBXYZ26001000")


def test_the_finding_names_the_lines_and_their_holders():
    own = Grant(act="declare", party="label", over=Scope(isrc=("GB*",)), place="/grants/0")
    rival = Grant(act="declare", vouched_by="shop", over=Scope(isrc=("GBXYZ*",)), place="/grants/1")
    claim = Claim("declare", "label", isrc="GBXYZ2600123")

    granted = authorise(policy(own), claim, NOW)
    conflict = authorise(policy(own, rival), claim, NOW)
    nothing = authorise(policy(rival), claim, NOW)

    assert dict(granted.detail) == {"grant": "/grants/0", "holder": "label"}
    assert conflict.code is Code.AUTHORITY_CONFLICT
    assert (conflict.detail["grant"], conflict.detail["against"]) == ("/grants/0", "/grants/1")
    assert nothing.detail["holder"] == holder(rival) == "whoever shop vouches for"


def declare(place, **more):
    return Grant(act="declare", party="label", place=place, **more)


@pytest.mark.requirement("POL-021")
@pytest.mark.parametrize(
    ("grants", "told"),
    [
        ([declare("/grants/0", roles=("label",))],
         {"nearest": "/grants/0", "missed": "role", "role": "artist"}),
        ([declare("/grants/0", over=Scope(isrc=("QZZZZ2600002",)))],
         {"nearest": "/grants/0", "missed": "isrc"}),
        ([declare("/grants/0", roles=("label",), end=NOW), declare("/grants/1", roles=("label",))],
         {"nearest": "/grants/1", "missed": "role", "role": "artist"}),
        ([Grant(act="declare", party="other"), Grant(act="endorse", party="label")], {}),
        ([], {}),
    ],
)  # fmt: skip
def test_the_grant_that_misses_by_the_least_is_named_with_what_it_misses(grants, told):
    claim = Claim("declare", "label", role="artist", isrc="QZZZZ2600001")
    found = authorise(policy(*grants), claim, NOW)

    assert found.code is Code.AUTHORITY_NOT_GRANTED
    assert {n: v for n, v in found.detail.items() if n in {"nearest", "missed", "role"}} == told


@pytest.mark.requirement("POL-021")
def test_no_grant_is_looked_at_after_one_that_misses_by_one_thing(monkeypatch):
    far = declare("/grants/0", roles=("label",), over=Scope(isrc=("QZZZZ2600002",)))
    near = [declare(f"/grants/{n}", over=Scope(isrc=("QZZZY*",))) for n in range(1, 1000)]
    looked = []
    monkeypatch.setattr(authority, "misses", lambda *of: looked.append(of) or misses(*of))

    found = authorise(
        policy(far, *near), Claim("declare", "label", role="artist", isrc="QZZZX2600001"), NOW
    )
    assert (found.detail["nearest"], found.detail["missed"]) == ("/grants/1", "isrc")
    assert len(looked) == 2
