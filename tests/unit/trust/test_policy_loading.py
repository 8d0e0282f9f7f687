"""Reading a trust policy (spec 14.2, 14.3): the records that come out, and what never comes in."""

import dataclasses
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from provenance.model.errors import PolicyError
from provenance.trust import loading
from provenance.trust.loading import load, parse
from provenance.trust.patterns import normalise_pattern
from provenance.trust.policy import KEY_COMPROMISE, Revocation
from provenance.wire.registries import rules
from provenance.workspace.policies import folder_reader, load_policy

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "trust"
SCHEMA = json.loads((ROOT / "schemas/1.0/trust-policy.schema.json").read_text())
CASES = [
    json.loads(path.read_bytes()) for path in ROOT.glob("tests/vectors/policy/refused-*/case.json")
]


def at(*moment):
    return datetime(*moment, tzinfo=UTC)


def plain(**changed):
    made = {
        "policy": "musicprov-trust-policy/1",
        "id": "https://dist.example/trust",
        "version": 1,
        "issued": "2026-11-01T00:00:00Z",
        "require": {"binding": "exact", "identity": "party", "authority": "granted"},
        **changed,
    }
    return json.dumps(made).encode()


def refused(data, read=lambda path: b""):
    with pytest.raises(PolicyError) as caught:
        load(data, read)
    return caught.value


@pytest.fixture(scope="module")
def example():
    return load_policy(EXAMPLE / "policy.json")


def test_a_range_whose_ends_make_none_is_told_why():
    text = (ROOT / "tests/vectors/policy/refused-isrc-range-backwards/policy.json").read_bytes()

    assert "the first stand before the last" in refused(text).hint


def test_the_example_says_what_its_page_says(example):
    label, buyer, distributor = example.parties

    assert (example.id, example.version, example.expires) == (
        "https://shop.example/trust",
        3,
        at(2027, 12, 1),
    )
    assert example.require == {
        "binding": "exact",
        "identity": "vouched",
        "authority": "granted",
        "time": "claimed",
    }
    assert example.strict == {"revocation"}
    assert label.ids == {"isni": ("000000012150090X",), "domain": ("northernlights.example",)}
    assert label.keys[1].revoked == Revocation(at(2026, 6, 1), KEY_COMPROMISE, at(2026, 5, 20))
    assert dict(label.subjects[0].attributes) == {"organizationIdentifier": "NTRGB-01234567"}
    assert [k.key for k in buyer.directories[0].keys] == [k.key for k in buyer.keys]
    assert distributor.keys[0].not_after == at(2028, 1, 1)
    assert [g.place for g in example.grants] == [f"/grants/{n}" for n in range(5)]
    assert example.grants[0].end == at(2028, 1, 1)
    assert example.grants[1].start == at(2026, 10, 1)
    assert example.grants[3].vouched_by == "bigdist"
    assert example.anchors[0].seal
    assert not example.anchors[0].require_eku
    assert len(example.anchors[0].crls) == len(example.tsas[0].roots) == 1


def test_what_is_left_out_takes_the_values_of_the_chapter():
    policy = load(plain(), lambda path: b"")

    assert (policy.expires, policy.strict, policy.algorithms) == (None, frozenset(), frozenset())
    assert (policy.rsa_min_bits, policy.decode, policy.superseded_by) == (3072, None, None)
    assert policy.parties == policy.grants == policy.anchors == policy.tsas == ()


def test_certificates_are_the_same_from_pem_and_der(example):
    der = example.anchors[0].certificates[0]

    def read(path):
        return der if path == "a.der" else (EXAMPLE / "anchors/example-seals.pem").read_bytes() * 2

    policy = load(plain(anchors=[{"id": "a", "certs": ["a.der", "b.pem"]}]), read)

    assert policy.anchors[0].certificates == (der,)


@pytest.mark.requirement("POL-031")
@pytest.mark.parametrize(("seen", "superseded"), [(None, None), (1, None), (2, 2)])
def test_a_version_seen_before_is_kept_when_it_is_higher(seen, superseded):
    assert load(plain(), lambda path: b"", seen_version=seen).superseded_by == superseded


@pytest.mark.requirement("POL-002")
def test_no_object_of_the_schema_lets_an_unknown_member_in():
    def objects(part, place="#"):
        if isinstance(part, dict):
            if part.get("type") == "object":
                yield place, part
            for name, value in part.items():
                yield from objects(value, f"{place}/{name}")
        elif isinstance(part, list):
            for number, value in enumerate(part):
                yield from objects(value, f"{place}/{number}")

    found = dict(objects(SCHEMA))

    assert len(found) > 10
    assert [p for p, o in found.items() if o.get("additionalProperties") is not False] == []


@pytest.mark.requirement("POL-001")
def test_a_policy_of_more_than_4_mib_is_refused():
    data = plain(parties=[]) + b" " * (4 << 20)

    assert refused(data).rule == "policy.json"


@pytest.mark.requirement("POL-005")
@pytest.mark.parametrize(
    ("kind", "member", "limit"),
    [
        ("certificate", {"anchors": [{"id": "a", "certs": ["f"]}]}, 64 << 10),
        ("crl", {"anchors": [{"id": "a", "certs": ["c"], "crls": ["f"]}]}, 16 << 20),
        ("directory", {"parties": [{"id": "a", "name": "A", "directories": ["f"]}]}, 512 << 10),
    ],
)
def test_files_have_their_limits(kind, member, limit):
    certificate = (EXAMPLE / "anchors/example-seals.pem").read_bytes()

    def read(size):
        return lambda path: certificate if path == "c" else b" " * size

    assert refused(plain(**member), read(limit + 1)).rule == "policy.file-too-large"
    assert refused(plain(**member), read(limit)).rule == f"policy.{kind}"


@pytest.mark.requirement("POL-005")
def test_no_link_leads_out_of_the_folder_and_no_pipe_is_waited_for(tmp_path):
    folder = tmp_path / "policy"
    (folder / "below").mkdir(parents=True)
    (tmp_path / "outside").write_bytes(b"outside")
    (folder / "below" / "file").write_bytes(b"inside")
    (folder / "inside").symlink_to("below/file")
    (folder / "out").symlink_to("../outside")
    (folder / "up").symlink_to("..")
    (folder / "circle").symlink_to("circle")
    os.mkfifo(folder / "pipe")
    read = folder_reader(folder)

    assert read("below/file") == read("inside") == b"inside"
    for path, rule in {
        "out": "policy.path",
        "up/outside": "policy.path",
        "pipe": "policy.file-missing",
        "below": "policy.file-missing",
        "gone": "policy.file-missing",
        "circle": "policy.file-missing",
        "n" * 300: "policy.file-missing",
    }.items():
        with pytest.raises(PolicyError) as caught:
            read(path)
        assert caught.value.rule == rule, path


@pytest.mark.requirement("POL-005")
@pytest.mark.parametrize("error", [OSError("the disk"), PermissionError(13, "no")])
def test_a_file_that_the_world_keeps_back_is_an_error_that_names_its_line(error):
    def read(path):
        raise error

    found = refused(plain(anchors=[{"id": "a", "certs": ["f"]}]), read)

    assert (found.rule, found.where) == ("policy.file-missing", "/anchors/0/certs/0")


@pytest.mark.requirement("POL-007")
def test_a_key_in_a_directory_is_its_partys_and_nobody_elses(example):
    snapshot = (EXAMPLE / "snapshots/southpier.example.json").read_bytes()
    (key,) = (k.key for k in example.parties[1].directories[0].keys)
    one = {"id": "one", "name": "One", "directories": ["s.json"]}
    others = (
        {"id": "two", "name": "Two", "keys": [{"key": key}]},
        {"id": "two", "name": "Two", "directories": ["s.json"]},
    )

    for parties in [[one, other] for other in others] + [[other, one] for other in others]:
        found = refused(plain(parties=parties), lambda path: snapshot)
        assert found.rule == "policy.key-shared"
    load(plain(parties=[{**one, "keys": [{"key": key}]}]), lambda path: snapshot)


def test_every_rule_is_yielded_by_a_vector_or_here():
    here = {"policy.file-too-large", "policy.crl"}
    by_vectors = {case["expect"]["error"] for case in CASES}

    assert {rule for rule in rules() if rule.startswith("policy.")} == by_vectors | here


def test_a_fault_names_its_line_and_says_what_to_do():
    found = refused(plain(grants=[{"party": "x", "act": "declare", "untill": "2026-12-01"}]))

    assert (found.rule, found.where) == ("policy.member-unknown", "/grants/0/untill")
    assert "untill" in str(found)
    assert found.hint == "Did you mean 'until'?"


def test_how_to_mend_json_is_told_where_it_is_known():
    found = refused(b"\xef\xbb\xbf" + plain())

    assert (found.rule, found.hint) == (
        "policy.json", "Save it as UTF-8 without BOM (byte order mark).",
    )  # fmt: skip


def test_parsing_alone_reads_no_file():
    assert parse(plain(anchors=[{"id": "a", "certs": ["gone"]}]))["version"] == 1


def test_the_records_have_no_member_that_the_schema_lacks():
    """Every limit that a record knows can be written into a file, and the other way round."""
    names = {field.name for field in dataclasses.fields(loading.Scope)}

    members = SCHEMA["$defs"]["scope"]["properties"]
    assert {"keys" if name == "key" else name for name in members} == names


PATTERNS = [
    ("isrc", "GBXYZ2600123", "GBXYZ2600123"),
    ("isrc", " gb-xyz-26-00123", "GBXYZ2600123"),
    ("isrc", "gbxyz*", "GBXYZ*"),
    ("isrc", "GB-XYZ-26-*", "GBXYZ26*"),
    ("isrc", "*", "*"),
    ("isrc", "G*", "G*"),
    ("isrc", "GB1*", "GB1*"),
    ("isrc", "GBXYZ2600100-GBXYZ2600199", "GBXYZ2600100-GBXYZ2600199"),
    ("isrc", "gb-xyz-26-00100-gb-xyz-27-00000", "GBXYZ2600100-GBXYZ2700000"),
    ("isrc", "GBXYZ2600100-GBXYZ2600100", "GBXYZ2600100-GBXYZ2600100"),
    ("isrc", "GBXYZ2600199-GBXYZ2600100", None),
    ("isrc", "GBXYZ2600100-GBXYY2600199", None),
    ("isrc", "GBXYZ26001", None),
    ("isrc", "GBXYZ2600123*", None),
    ("isrc", "GBXYZ26A*", None),
    ("isrc", "**", None),
    ("isrc", "GB.*", None),
    ("isrc", "", None),
    ("isrc", "\u0393BXYZ*", None),
    ("isrc", "GBXYZ260012\u0663", None),
    ("upc", "0936249*", "0936249*"),
    ("upc", "093624920472", "093624920472"),
    ("upc", "093624920471", None),
    ("upc", "09362492047212*", None),
    ("iswc", "T-034.524.680-1", "T0345246801"),
    ("iswc", "t-03*", "T03*"),
    ("iswc", "T-034.*", "T034*"),
    ("iswc", "03*", None),
    ("grid", "A1-2425G*", "A12425G*"),
]


@pytest.mark.requirement("POL-011")
@pytest.mark.parametrize(("kind", "text", "exact"), PATTERNS)
def test_patterns_have_one_exact_form(kind, text, exact):
    assert normalise_pattern(kind, text) == exact
    if exact is not None:
        assert normalise_pattern(kind, exact) == exact
