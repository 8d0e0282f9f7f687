"""``sign --tsa`` and ``timestamp``, as people use them, with an authority on this computer."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from provenance.cli.main import cli, show_error
from provenance.model.errors import ProvError
from provenance.signing import bundle
from provenance.wire.schemas import is_valid

from support.tsa import PythonTsa, served

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "verify"
DECLARATION = {"contributions": [{"asset": "recording", "area": "mixing", "level": "utility"}]}
TSA = PythonTsa()
NOBODY = "http://127.0.0.1:9/"
POLICY = {
    "policy": "musicprov-trust-policy/1",
    "id": "https://asker.example/trust",
    "version": 1,
    "issued": "2026-01-01T00:00:00Z",
    "require": {"binding": "exact", "identity": "pinned", "authority": "any", "time": "trusted"},
    "tsa": [{"id": "here", "name": "The Authority Here", "roots": ["root.pem"]}],
}


class World:
    """A folder with a key, a song, a declaration and a policy that knows the authority."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        monkeypatch.chdir(folder)
        monkeypatch.setenv("MUSICPROV_HOME", str(folder / "home"))
        (folder / "song.wav").write_bytes((VECTORS / "absent" / "input.wav").read_bytes())
        (folder / "d.json").write_text(json.dumps(DECLARATION))
        (folder / "policy.json").write_text(json.dumps(POLICY))
        (folder / "root.pem").write_bytes(TSA.root.pem)
        self.run("keygen", "--no-passphrase")

    def run(self, *words, code=0):
        done = CliRunner().invoke(cli, [*words], standalone_mode=False)
        self.said = done.output
        got = done.exit_code
        if isinstance(done.exception, ProvError):
            got = show_error(done.exception)
            self.said += str(done.exception)
        elif done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        got = done.return_value if isinstance(done.return_value, int) and not got else got
        assert got == code, (words, got, self.said)
        return self.said

    def sign(self, *more, code=0):
        return self.run(
            "sign", "song.wav", "--manifest", "d.json", "--no-fingerprint", *more, code=code
        )

    def values(self, name="song.wav"):
        """The statements in the file's tags, and the value itself."""
        from provenance.containers import load
        from provenance.model.limits import DEFAULT_LIMITS

        with (self.folder / name).open("rb") as stream:
            scan = load("wav").scan(stream, DEFAULT_LIMITS, True)
        (carrier,) = scan.named("MUSICPROV")
        return carrier.value

    def statement(self, name="song.wav"):
        (one,), _ = bundle.read_values(self.values(name))
        return bundle.as_statement(one)

    def report(self, *more, code=0):
        said = self.run(
            "verify", "--format", "ndjson", "--trust", "policy.json", *more, "song.wav", code=code
        )
        return json.loads(said.strip().splitlines()[-1])


@pytest.fixture
def world(tmp_path, monkeypatch):
    return World(tmp_path, monkeypatch)


@pytest.fixture
def url():
    with served(
        lambda query, _: TSA.reply(query, datetime.now(UTC).replace(microsecond=0))
    ) as address:
        yield address


@pytest.mark.requirement("TIM-001")
@pytest.mark.requirement("TIM-031")
def test_signing_with_an_authority_proves_the_time_to_whoever_lists_it(world, url):
    said = world.sign("--tsa", url)

    assert "Time-stamp: 2" in said
    assert "CN=Vector TSA" in said
    report = world.report()
    assert report["status"] == "PASSED"
    assert report["axes"]["time"] == "time.trusted"
    assert report["time"]["sources"][0]["name"] == "The Authority Here"
    assert json.loads(world.values())["bundle"] == "musicprov-bundle/1"
    assert world.run("verify", "song.wav").startswith("PASSED")


@pytest.mark.requirement("TIM-034")
def test_without_an_answer_it_is_signed_all_the_same_and_stamped_later(world, url):
    said = world.sign("--tsa", NOBODY)

    assert "Signed: song.wav" in said
    assert "No time-stamp" in said
    assert f"prov timestamp song.wav --tsa {NOBODY}" in said
    before = world.values()
    assert before.startswith(b"ey")
    assert world.report(code=3)["axes"]["time"] == "time.claimed"

    assert "UTC, CN=Vector TSA" in world.run("timestamp", "song.wav", "--tsa", url)

    assert bundle.compact_of(world.statement()).encode() == before
    assert world.report()["axes"]["time"] == "time.trusted"


@pytest.mark.requirement("TIM-034")
def test_an_answer_of_nonsense_is_no_answer(world):
    with served(lambda *_: b"nonsense") as bad:
        said = world.sign("--tsa", bad)

    assert "cannot be used" in said
    assert world.values().startswith(b"ey")


def test_signing_again_leaves_the_stamp_and_the_file_alone(world, url):
    world.sign("--tsa", url)
    before = (world.folder / "song.wav").read_bytes()

    for more in ((), ("--tsa", NOBODY)):
        assert "Nothing to do" in world.sign(*more)
        assert (world.folder / "song.wav").read_bytes() == before
    assert "has a time-stamp already" in world.run("timestamp", "song.wav", "--tsa", NOBODY)
    assert (world.folder / "song.wav").read_bytes() == before


def test_a_second_file_gets_the_statement_with_its_stamp(world, url):
    world.sign("--tsa", url)
    other = world.folder / "copy.wav"
    other.write_bytes((VECTORS / "absent" / "input.wav").read_bytes())

    world.run("sign", "song.wav", "copy.wav", "--manifest", "d.json", "--no-fingerprint")

    assert world.statement("copy.wav") == world.statement()


def test_another_stamp_is_added_when_asked(world, url):
    world.sign("--tsa", url)

    world.run("timestamp", "song.wav", "--tsa", url, "--again")

    assert len(bundle.etsi_u_of(world.statement())) == 2


def test_replacing_the_declaration_drops_the_old_stamp_with_it(world, url):
    world.sign("--tsa", url)
    (world.folder / "d.json").write_text(
        json.dumps({"contributions": [{"area": "lyrics", "level": "none"}]})
    )

    world.sign("--replace=own")

    assert world.values().startswith(b"ey")


def test_trying_asks_nobody(world):
    asked = []

    def answer(query, _):
        asked.append(query)
        return b""

    with served(answer) as url:
        assert "Would sign" in world.sign("--dry-run", "--tsa", url)

    assert asked == []


def test_extracting_keeps_the_stamp_and_stripping_takes_it_out(world, url):
    world.sign("--tsa", url)
    had = world.statement()

    world.run("extract", "song.wav")
    world.run("strip", "song.wav")

    beside = json.loads((world.folder / "song.wav.musicprov.json").read_bytes())
    assert beside["statements"] == [had]
    assert world.report()["axes"]["time"] == "time.trusted"


def test_inspecting_shows_what_a_stamp_says_and_that_nobody_checked_it(world, url):
    world.sign("--tsa", url)

    assert "Time-stamp (not checked): says 2" in world.run("inspect", "song.wav")
    found = json.loads(world.run("inspect", "--format", "json", "song.wav"))
    assert is_valid(found, "inspection")
    carrier = found["files"][0]["carriers"][0]
    (stamp,) = carrier["stamps"]
    assert stamp["by"] == "CN=Vector TSA"
    assert stamp["reason"] is None
    assert stamp["at"].startswith("2")


def test_sidecars_bundles_and_tokens_are_stamped_where_they_stand(world, url):
    world.sign("--sidecar")
    world.run("extract", "song.wav", code=4)
    world.run("timestamp", "song.wav", "--tsa", url)
    beside = world.folder / "song.wav.musicprov.json"
    (stamped,) = json.loads(beside.read_bytes())["statements"]
    assert len(bundle.etsi_u_of(stamped)) == 1

    world.run("timestamp", beside.name, "--tsa", url, "--again")
    assert len(json.loads(beside.read_bytes())["statements"][0]["header"]["etsiU"]) == 2

    token = world.folder / "song.musicprov.jws"
    token.write_text(bundle.compact_of(stamped) + "\n")
    world.run("timestamp", token.name, "--tsa", url)
    assert set(json.loads(token.read_bytes())) == {"payload", "protected", "signature", "header"}
    world.run("verify", "--trust", "policy.json", token.name, code=3)


def test_what_cannot_be_kept_whole_is_refused(world, url):
    path = world.folder / "bundle.json"
    path.write_text('{"bundle":"musicprov-bundle/2","statements":[{}]}')

    world.run("timestamp", "bundle.json", "--tsa", url, code=1)


@pytest.mark.requirement("TIM-031")
def test_the_users_own_policy_decides_which_authorities_are_attached(world, url):
    world.run("trust", "use", "policy.json")
    assert "an authority of your trust policy" in world.sign("--tsa", url)

    from support.tsa import Authority

    stranger = PythonTsa(Authority("Another"), name="Stranger")
    with served(lambda q, _: stranger.reply(q, datetime.now(UTC).replace(microsecond=0))) as other:
        said = world.run("timestamp", "song.wav", "--tsa", other, "--again", code=5)
    assert "no authority of your trust policy issued it" in said


@pytest.mark.requirement("VDT-010")
def test_signing_needs_an_address_that_is_one_before_it_signs(world):
    world.sign("--tsa", "tsa.example", code=2)
    assert "is no address" in world.said
