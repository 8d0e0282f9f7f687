"""``prov trust lint`` (spec 14.7): every remark has a policy that gets it, and a good one gets none."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from provenance.trust.lint import lint
from provenance.trust.loading import load
from provenance.trust.presets import presets
from provenance.wire.registries import lint_remarks
from provenance.workspace.policies import folder_reader

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "trust"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
GONE = object()


def put(pointer, value):
    """A change of the example: the value at a pointer, ``GONE`` removes it."""

    def change(plain):
        *path, last = pointer.strip("/").split("/")
        place = plain
        for part in path:
            place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
        name = int(last) if isinstance(place, list) else last
        if value is GONE:
            del place[name]
        elif isinstance(place, list) and name == len(place):
            place.append(value)
        else:
            place[name] = value

    return change


DANGEROUS = [
    ("stranger-passes", "/require/identity", put("/require/identity", "unknown")),
    ("grants-not-required", "/require/authority", put("/require/authority", "any")),
    ("any-audio", "/require/binding", put("/require/binding", "any")),
    ("declare-everything", "/grants/0", put("/grants/0/over", {})),
    ("declare-everything", "/grants/0", put("/grants/0/over", {"isrc": ["GB*", "*"]})),
    ("declare-everything", "/grants/3", put("/grants/3/over", GONE)),
    ("withdraw-everything", "/grants/5",
     put("/grants/5", {"party": "bigdist", "act": "withdraw"})),
    ("vouch-every-kind", "/grants/2", put("/grants/2/over", GONE)),
    ("vouch-by-name", "/grants/2", put("/grants/2/over/ids", ["isni", "name"])),
    ("purpose-not-asked", "/anchors/0/requireEku", put("/anchors/0/seal", GONE)),
    ("expired", "/expires", put("/expires", "2026-12-01T00:00:00Z")),
]  # fmt: skip
OTHERS = [
    ("no-party", "/parties", [put("/parties", []), put("/grants", [])]),
    ("similar-audio", "/require/binding", put("/require/binding", "similar")),
    ("any-role", "/grants/0", put("/grants/0/as", GONE)),
    ("voucher-without-right", "/grants/3", put("/grants/3/vouchedBy", "southpier")),
    ("grant-ended", "/grants/0", put("/grants/0/until", "2026-11-30")),
    ("party-unreachable", "/parties/3", put("/parties/3", {"id": "x", "name": "X"})),
    ("party-without-grant", "/parties/3",
     put("/parties/3", {"id": "x", "name": "X", "ids": {"ipn": ["1"]}})),
    ("key-without-end", "/parties/0/keys/0", put("/parties/0/keys/0/exp", GONE)),
    ("suspicious-name", "/parties/0/name", put("/parties/0/name", "N\u043erthern Lights")),
    ("directory-without-own-key", "/parties/1/directories/0", put("/parties/1/keys", GONE)),
    ("anchor-without-crls", "/anchors/0", put("/anchors/0/crls", GONE)),
    ("anchor-unmapped", "/anchors/0", put("/parties/0/subjects", GONE)),
    ("rs256-allowed", "/algorithms/allow", put("/algorithms", {})),
    ("rs256-allowed", "/algorithms/allow", put("/algorithms/allow", ["RS256"])),
    ("rsa-short", "/algorithms/rsaMinBits", put("/algorithms/rsaMinBits", 2048)),
    ("no-seal-authority", "/require/seal", [
        put("/require/seal", True), put("/anchors/0/seal", False),
        put("/anchors/0/requireEku", True)]),
    ("no-time-stamping", "/require/time", [put("/require/time", "trusted"), put("/tsa", GONE)]),
    ("never-expires", "/expires", put("/expires", GONE)),
    ("expires-late", "/expires", put("/expires", "2029-01-01T00:00:00Z")),
]  # fmt: skip
AGED = [
    ("directory-old", "/parties/1/directories/0", datetime(2027, 2, 18, 9, 0, 1, tzinfo=UTC)),
    ("crl-old", "/anchors/0/crls/0", datetime(2027, 11, 1, 0, 0, 1, tzinfo=UTC)),
    ("certificate-expired", "/anchors/0/certs", datetime(2046, 1, 1, 0, 0, 1, tzinfo=UTC)),
]


def remarks(*changes, now=NOW):
    plain = json.loads((EXAMPLE / "policy.json").read_bytes())
    for change in changes:
        change(plain)
    found = lint(load(json.dumps(plain).encode(), folder_reader(EXAMPLE)), now)
    return {(r.slug, r.where): r for r in found}


def test_the_example_gets_none():
    assert remarks() == {}


@pytest.mark.requirement("POL-051")
@pytest.mark.parametrize(("slug", "where", "change"), DANGEROUS)
def test_what_lets_somebody_pass_is_dangerous(slug, where, change):
    found = remarks(change)

    assert [key for key, remark in found.items() if remark.is_dangerous] == [(slug, where)]


@pytest.mark.requirement("POL-051")
@pytest.mark.parametrize(("slug", "where", "change"), OTHERS)
def test_what_is_surely_a_mistake_is_remarked_on(slug, where, change):
    found = remarks(*(change if isinstance(change, list) else [change]))

    assert (slug, where) in found
    assert not any(remark.is_dangerous for remark in found.values())


@pytest.mark.parametrize(("slug", "where", "first"), AGED)
def test_what_grows_old_is_remarked_on_from_then_on(slug, where, first):
    assert (slug, where) not in remarks(now=first - timedelta(seconds=2))
    assert (slug, where) in remarks(now=first)


def test_every_remark_of_the_registry_is_tried_and_has_words():
    on_disk = {"writable-by-others"}  # tests/unit/workspace/test_policies.py
    tried = {slug for slug, *_ in (*DANGEROUS, *OTHERS, *AGED)}
    dangerous = {s for s, r in lint_remarks().items() if r["dangerous"]}

    assert set(lint_remarks()) == tried | on_disk
    assert dangerous == {s for s, *_ in DANGEROUS} | on_disk
    assert all(
        r["meaning"].endswith(".") and r["fix"].endswith(".") for r in lint_remarks().values()
    )


def test_the_dangerous_ones_come_first():
    found = remarks(put("/grants/0/as", GONE), put("/require/binding", "any"))

    assert [r.is_dangerous for r in found.values()] == [True, False]


PRESETS = {
    "open": ("lossless", "unknown", "any"),
    "personal": ("lossless", "pinned", "any"),
    "distributor": ("exact", "vouched", "granted"),
    "chart": ("exact", "vouched", "granted"),
    "qualified": ("exact", "certified", "granted"),
}
MORE = {"chart": {"time": "trusted"}} | {
    "qualified": {"time": "trusted", "revocation": "hard", "seal": True}
}


@pytest.mark.requirement("POL-041")
@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_those_of_the_chapter(name):
    require = dict(zip(("binding", "identity", "authority"), PRESETS[name], strict=True))

    assert presets()[name]["require"] == {**require, **MORE.get(name, {})}
    assert list(presets()) == list(PRESETS)
