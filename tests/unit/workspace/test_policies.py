"""Policies on disk (spec 14.6): what is remembered of them, and how one joins a verification."""

import json
from datetime import UTC, datetime

import pytest
from provenance.model.errors import InputError, PolicyError, UsageError
from provenance.trust.policy import Policy
from provenance.verify.outcome import Context
from provenance.workspace import policies
from provenance.workspace.home import Home
from provenance.workspace.verifying import under

NOW = datetime(2026, 12, 1, tzinfo=UTC)
PLAIN = {
    "policy": "musicprov-trust-policy/1",
    "id": "urn:example:one",
    "version": 3,
    "issued": "2026-11-01T00:00:00Z",
    "require": {"binding": "exact", "identity": "party", "authority": "granted"},
}


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def path(tmp_path):
    return written(tmp_path / "p.json")


def written(path, **more):
    path.write_text(json.dumps({**PLAIN, **more}), encoding="utf-8")
    return path


def policy(**more):
    return Policy(id="p", version=1, issued=NOW, expires=None, **more)


@pytest.mark.requirement("POL-044")
@pytest.mark.parametrize(
    ("call", "says", "wanted"),
    [("auto", None, "auto"), ("auto", "auto", "auto"), ("auto", "never", "never"),
     ("never", "auto", "never"), ("never", None, "never")],
)  # fmt: skip
def test_either_the_call_or_the_policy_can_forbid_decoders(call, says, wanted):
    assert under(Context(NOW, decode=call), policy(decode=says)).decode == wanted


@pytest.mark.requirement("VER-113")
def test_a_policy_takes_the_place_of_personal_and_wishes_tighten_it():
    made = under(Context(NOW), policy(require={"binding": "similar"}, strict={"seal"}), ["time"])

    assert made.required == {
        "integrity": "confirmed", "content": "confirmed", "binding": "similar", "time": "confirmed",
    }  # fmt: skip
    assert made.strict == {"seal"}


@pytest.mark.requirement("POL-032")
def test_the_highest_version_of_each_policy_is_remembered(home, path, tmp_path):
    assert policies.seen_of(home, "urn:example:one") is None
    assert policies.default_policy(home) is None

    policies.use(home, path)
    other = written(tmp_path / "other.json", id="urn:example:two", version=1)
    policies.use(home, other)

    assert policies.seen_of(home, "urn:example:one").version == 3
    assert policies.seen_of(home, "urn:example:two").version == 1
    assert policies.default_policy(home) == other.resolve()
    assert (home.path / "policies.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.requirement("POL-031")
@pytest.mark.requirement("POL-032")
def test_a_lower_version_is_noticed_and_taken_on_purpose_only(home, path):
    policies.use(home, path)
    written(path, version=2)

    assert policies.load_policy(path, home).superseded_by == 3
    assert policies.load_policy(path).superseded_by is None
    with pytest.raises(UsageError, match="version 3"):
        policies.use(home, path)
    policies.use(home, path, older=True)
    assert policies.load_policy(path, home).superseded_by is None
    assert policies.seen_of(home, "urn:example:one").version == 2


@pytest.mark.requirement("POL-053")
def test_what_does_not_load_is_not_written_nor_are_its_files(path):
    before = path.read_bytes()
    bad = {**PLAIN, "anchors": [{"id": "a", "certs": ["anchors/a.pem"]}]}

    with pytest.raises(PolicyError) as caught:
        policies.write_policy(path, bad, {"anchors/a.pem": b"no certificate"})

    assert caught.value.rule == "policy.certificate"
    assert str(path) in str(caught.value)
    assert path.read_bytes() == before
    assert not (path.parent / "anchors").exists()


@pytest.mark.parametrize("state", ['{"seen": []}', '{"seen": {"urn:example:one": {}}}', "[]", "{"])
def test_a_damaged_memory_is_said_and_never_taken_for_none(home, path, state):
    home.path.mkdir()
    (home.path / "policies.json").write_text(state)

    with pytest.raises(InputError):
        policies.load_policy(path, home)


def test_a_policy_behind_a_link_reads_the_files_beside_itself(home, path, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "link.json").symlink_to(path)

    policies.use(home, elsewhere / "link.json")

    assert policies.default_policy(home) == path.resolve()


@pytest.mark.requirement("POL-051")
def test_what_everybody_can_change_is_found(tmp_path):
    folder = tmp_path / "policy"
    (folder / "anchors").mkdir(parents=True)
    (folder / "anchors" / "a.pem").write_bytes(b"")
    path = written(folder / "p.json")
    plain = {**PLAIN, "anchors": [{"id": "a", "certs": ["anchors/a.pem"]}]}

    def found():
        exposed = policies.writable_by_others(path, plain)
        return [p.relative_to(tmp_path).as_posix() for p in exposed]

    for place in (folder, folder / "anchors"):
        place.chmod(0o755)
    assert found() == []
    (folder / "anchors" / "a.pem").chmod(0o666)
    folder.chmod(0o777)
    assert found() == ["policy/anchors/a.pem", "policy"]
    folder.chmod(0o1777)
    assert found() == ["policy/anchors/a.pem"]
