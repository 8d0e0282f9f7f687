"""Whatever stands in a policy or in its files: it loads, or is refused by a rule (POL-013)."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from provenance.model.errors import PolicyError
from provenance.trust.authority import Claim, authorise, may_vouch
from provenance.trust.lint import lint
from provenance.trust.loading import load
from provenance.trust.requirements import required_of, standing
from provenance.wire.registries import rules

EXAMPLE = Path(__file__).parents[2] / "examples" / "trust"
PLAIN = json.loads((EXAMPLE / "policy.json").read_bytes())
FILES = {p.relative_to(EXAMPLE).as_posix(): p.read_bytes() for p in EXAMPLE.glob("*/*")}
NOW = datetime(2026, 12, 1, tzinfo=UTC)

ODD = st.sampled_from([
    None, True, 0, -1, 2**53, 1.5, "", "*", "-", "\x00", "\ud800", "9999-12-31", "0001-01-01",
    "9999-12-31T23:59:59Z", "2026-11-23T08:00:00.999999999Z", "GBXYZ2600100-GBXYZ2600199", "1.2",
    "northernlights", "example-seals", "anchors/example-seals.pem", "crl/example-seals.crl",
    "a" * 43, [], {}, [[]], ["*"], {"isrc": ["*"]}, {"at": "2026-12-01T00:00:00Z"},
])  # fmt: skip


def places(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for name, item in items:
        yield from places(item, (*path, name))


PLACES = [path for path in places(PLAIN) if path]


def changed(plain, path, value):
    place = plain
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value


def reading(files):
    """A reader of these files, as a folder's would be."""

    def read(path):
        if path not in files:
            raise FileNotFoundError(2, "no such file")
        return files[path]

    return read


def used(data, read=reading(FILES)):  # noqa: B008 - the same for all
    """Load, and ask everything that a policy is asked; or the rule that refused."""
    try:
        policy = load(data, read)
    except PolicyError as error:
        return error.rule if error.rule in rules() else pytest.fail(error.rule)
    claim = Claim("declare", "northernlights", role="label", isrc="GBXYZ2600123")
    lint(policy, NOW)
    list(standing(policy, NOW))
    required_of(policy)
    authorise(policy, claim, NOW)
    may_vouch(policy, "bigdist", "isni", NOW)
    return None


def test_the_example_is_used():
    assert used(json.dumps(PLAIN).encode()) is None


@pytest.mark.requirement("POL-013")
@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(PLACES), ODD), min_size=1, max_size=2))
def test_odd_values_at_any_place(changes):
    plain = copy.deepcopy(PLAIN)
    for path, value in changes:
        try:
            changed(plain, path, value)
        except (KeyError, IndexError, TypeError):
            return  # the place went with the first change
    used(json.dumps(plain).encode())


@pytest.mark.requirement("POL-013")
@pytest.mark.parametrize("path", ["/grants/0/until", "/grants/1/from", "/expires"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "9999-12-31T23:59:59.999999999Z"])
def test_the_ends_of_the_calendar(path, day):
    plain = copy.deepcopy(PLAIN)
    *above, last = [int(n) if n.isdigit() else n for n in path[1:].split("/")]
    changed(plain, [*above, last], day)

    assert used(json.dumps(plain).encode()) in {None, "policy.schema", "policy.times"}


@pytest.mark.requirement("POL-013")
@settings(max_examples=100)
@given(st.data())
def test_damaged_files(data):
    name = data.draw(st.sampled_from(sorted(FILES)))
    damaged = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(damaged)))
    files = {**FILES, name: bytes(damaged[:cut] if data.draw(st.booleans()) else damaged)}

    used(json.dumps(PLAIN).encode(), reading(files))


@settings(max_examples=100)
@given(st.binary(max_size=60))
def test_any_bytes_are_refused(data):
    assert used(data) in {"policy.json", "policy.schema", "policy.text"}
