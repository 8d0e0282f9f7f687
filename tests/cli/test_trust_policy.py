"""Trust policies by the command line (spec 14.6, 14.7): made, added to, chosen, asked why."""

import json
import shutil
from pathlib import Path

import pytest
from provenance.cli.main import cli, show_error
from provenance.model.errors import ProvError

from support import terminal
from support.command import prov

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "trust"
PLAIN = ROOT / "tests" / "vectors" / "verify" / "absent" / "input.wav"
DECLARATION = {
    "declarant": {"role": "label", "name": "Somebody"},
    "subject": {"isrc": "GBXYZ2600123"},
    "contributions": [{"area": "mixing", "level": "utility"}],
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A label's key, a file that it signed, and a policy that knows it and lets it speak."""
    place = tmp_path_factory.mktemp("world")
    shutil.copyfile(PLAIN, place / "song.wav")
    (place / "d.json").write_text(json.dumps(DECLARATION), encoding="utf-8")
    for name in ("label", "other"):
        prov(place, "keygen", "--out", f"{name}.pem", "--no-passphrase")
    how = ("--manifest", "d.json", "--no-fingerprint", "--key", "label.pem")
    prov(place, "sign", "song.wav", *how)
    prov(place, "trust", "init", "--preset", "distributor", "--out", "p.json")
    who = ("--id", "north", "--name", "Northern Lights", "--key", "label.pub.jwk")
    prov(place, "trust", "add-party", "p.json", *who, "--may-declare", "gbxyz*", "--as", "label")
    return place


@pytest.fixture
def place(world, tmp_path):
    return shutil.copytree(world, tmp_path / "here")


def read(path):
    return json.loads(path.read_bytes())


def put(path, **members):
    path.write_text(json.dumps({**read(path), **members}), encoding="utf-8")


@pytest.mark.requirement("POL-033")
@pytest.mark.requirement("POL-040")
def test_the_policy_is_the_one_that_is_named_else_the_default_else_personal(place):
    prov(place, "trust", "init", "--preset", "open", "--out", "open.json")
    prov(place, "verify", "song.wav", expect=3)

    named = prov(place, "verify", "--trust", "p.json", "song.wav").stdout
    prov(place, "trust", "use", "p.json")
    mine = json.loads(prov(place, "verify", "--format", "json", "song.wav").stdout)["results"][0]

    assert "Northern Lights" in named
    assert mine["policy"]["id"] == read(place / "p.json")["id"]
    assert mine["policy"]["version"] == 2
    prov(place, "verify", "--trust", "open.json", "song.wav")
    prov(place, "verify", "--require", "time", "song.wav", expect=3)


def test_every_verb_that_says_whether_a_declaration_passes_asks_the_same_policy(place):
    asked = (
        ("check", "song.wav", "--profile", "musichub"),
        ("export", "song.wav", "--to", "spotify"),
        ("label", "song.wav"),
    )
    said = [prov(place, *words, expect=None) for words in asked]
    assert ["identity.unknown" in done.stdout + done.stderr for done in said] == [True] * 3

    prov(place, "trust", "use", "p.json")
    said = [prov(place, *words, expect=None) for words in asked]

    assert ["nverified claim" in done.stdout + done.stderr for done in said] == [False] * 3
    assert "Declared: PASSED" in said[0].stdout


@pytest.mark.requirement("POL-033")
@pytest.mark.requirement("POL-013")
def test_a_default_that_is_gone_or_broken_is_an_error_and_never_personal(place):
    prov(place, "trust", "pin", "label.pub.jwk")
    prov(place, "trust", "use", "p.json")

    put(place / "p.json", expire="2020-01-01T00:00:00Z")
    broken = prov(place, "verify", "song.wav", expect=5)
    (place / "p.json").unlink()
    gone = prov(place, "verify", "song.wav", expect=5)

    assert "/expire" in broken.stderr
    assert "policy.member-unknown" in broken.stderr
    assert "Did you mean 'expires'?" in broken.stderr
    assert "prov trust use" in gone.stderr
    assert broken.stdout == gone.stdout == ""


def test_pinned_keys_count_beside_a_policy_that_asks_for_no_more(place):
    prov(place, "trust", "init", "--preset", "personal", "--out", "mine.json")
    prov(place, "verify", "--trust", "mine.json", "song.wav", expect=3)

    key = ("--key", "label.pub.jwk")

    prov(place, "verify", "--trust", "mine.json", *key, "song.wav")
    prov(place, "verify", "--trust", "p.json", *key, "song.wav")


@pytest.mark.requirement("POL-031")
@pytest.mark.requirement("POL-032")
def test_an_older_version_that_comes_back_passes_nothing(place):
    old = (place / "p.json").read_bytes()
    prov(place, "trust", "use", "p.json")
    prov(place, "trust", "add-party", "--id", "north", "--may-endorse", "*")
    (place / "p.json").write_bytes(old)

    done = prov(place, "verify", "song.wav", expect=3)
    named = prov(place, "verify", "--trust", "p.json", "song.wav", expect=3)
    refused = prov(place, "trust", "use", "p.json", expect=2)

    assert "policy.rollback" in done.stdout
    assert "policy.rollback" in named.stdout
    assert "--older" in refused.stderr
    prov(place, "trust", "use", "--older", "p.json")
    prov(place, "verify", "song.wav")


def test_a_policy_that_changed_without_a_new_version_is_remarked_on(place):
    prov(place, "trust", "use", "p.json")
    quiet = prov(place, "trust", "list")
    pinned = prov(place, "trust", "pin", "other.pub.jwk")
    put(place / "p.json", grants=[])

    loud = prov(place, "trust", "list")

    assert "identity vouched" in pinned.stderr
    assert "was it you" not in quiet.stderr
    assert "was it you" in loud.stderr
    assert "Northern Lights" in loud.stdout


@pytest.mark.requirement("POL-053")
def test_adding_shows_what_changed_and_raises_the_version(place):
    before = read(place / "p.json")
    identifiers = ("--isni", "0000 0001 2150 090X", "--dpid", "PA-DPIDA-2013020802-I")

    shown = prov(place, "trust", "add-party", "p.json", "--id", "north", *identifiers)

    after = read(place / "p.json")
    assert after["version"] == before["version"] + 1
    assert after["parties"][0]["ids"] == {
        "isni": ["000000012150090X"], "dpid": ["PADPIDA2013020802I"],
    }  # fmt: skip
    assert after["grants"] == before["grants"]
    assert '+          "000000012150090X"' in shown.stdout
    assert f'-  "version": {before["version"]},' in shown.stdout


@pytest.mark.requirement("POL-053")
@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--id", "new"), 2),  # no name
        (("--id", "north", "--name", "Somebody Else"), 2),
        (("--id", "north", "--key", "label.pub.jwk"), 2),  # there already
        (("--id", "north", "--as", "label"), 2),
        (("--id", "north", "--isni", "1"), 2),
        (("--id", "north", "--key-until", "soon", "--key", "other.pub.jwk"), 2),
        (("--id", "north", "--subject", "seals"), 2),
        (("--id", "Not an id", "--name", "X"), 5),
        (("--id", "two", "--name", "X", "--key", "label.pub.jwk"), 5),  # of another party
        (("--id", "north", "--may-declare", "GB.*"), 5),
        (("--id", "north", "--may-vouch", "shoe-size"), 5),
        (("--id", "north", "--subject", "seals=1"), 5),  # no such anchor
        (("--id", "north", "--may-declare", "GB*", "--as", "boss"), 5),
        (("--id", "north", "--key", "gone.jwk"), 5),
    ],
)
def test_what_would_not_load_is_not_written(world, monkeypatch, capsys, more, code):
    before = (world / "p.json").read_bytes()
    monkeypatch.chdir(world)
    monkeypatch.setenv("MUSICPROV_HOME", str(world / "home"))

    with pytest.raises(ProvError) as caught:
        cli.main(["trust", "add-party", "p.json", *more], standalone_mode=False)

    assert show_error(caught.value) == code
    assert capsys.readouterr().err.strip()
    assert (world / "p.json").read_bytes() == before


def test_a_dry_run_writes_nothing(place):
    before = {p: p.read_bytes() for p in place.rglob("*") if p.is_file()}
    who = ("--id", "north", "--may-declare", "*")

    done = prov(place, "trust", "add-party", "p.json", *who, "--dry-run")
    files = ("--id", "seals", "--cert", EXAMPLE / "anchors/example-seals.pem")
    prov(place, "trust", "add-authority", "p.json", *files, "--dry-run")

    assert '+      "act": "declare"' in done.stdout
    assert {p: p.read_bytes() for p in place.rglob("*") if p.is_file()} == before


def test_an_authority_comes_with_its_files(place):
    cert, crl = EXAMPLE / "anchors/example-seals.pem", EXAMPLE / "crl/example-seals.crl"
    prov(place, "trust", "add-authority", "p.json", "--id", "seals", "--cert", cert, "--seal")
    prov(place, "trust", "add-authority", "p.json", "--id", "seals", "--crl", crl)
    tsa = ("--id", "tsa1", "--tsa", "--cert", EXAMPLE / "anchors/example-tsa.pem")
    prov(place, "trust", "add-authority", "p.json", *tsa)
    subject = ("--id", "north", "--subject", "seals=NTRGB-01234567")
    prov(place, "trust", "add-party", "p.json", *subject)

    made = read(place / "p.json")

    (anchor,) = made["anchors"]
    assert (place / anchor["certs"][0]).read_bytes() == cert.read_bytes()
    assert (place / anchor["crls"][0]).read_bytes() == crl.read_bytes()
    assert (anchor["seal"], anchor["requireEku"]) == (True, False)
    assert made["tsa"][0]["roots"] == ["anchors/tsa1.pem"]
    prov(place, "verify", "--trust", "p.json", "song.wav")
    prov(place, "trust", "add-authority", "p.json", "--id", "new", "--crl", crl, expect=2)
    prov(place, "trust", "add-authority", "p.json", "--id", "new", "--cert", "d.json", expect=5)
    assert not (place / "anchors" / "new.der").exists()


def test_a_stolen_key_is_revoked_by_its_file_or_thumbprint(place):
    key = read(place / "p.json")["parties"][0]["keys"][0]["key"]
    why = ("--reason", "keyCompromise", "--invalid-from", "2026-05-20")

    prov(place, "trust", "revoke", "label.pub.jwk", "p.json", *why)
    done = prov(place, "verify", "--trust", "p.json", "song.wav", expect=1)
    prov(place, "trust", "revoke", key, "p.json", "--reason", "superseded", "--at", "2026-06-01")
    later = prov(place, "verify", "--trust", "p.json", "song.wav", expect=3)

    assert "identity.revoked]" in done.stdout
    assert "identity.revoked-no-poe" in later.stdout
    prov(place, "trust", "revoke", "other.pub.jwk", "p.json", *why, expect=2)
    wrong = ("--reason", "superseded", "--invalid-from", "2026-05-20")
    prov(place, "trust", "revoke", key, "p.json", *wrong, expect=2)


@pytest.mark.requirement("POL-052")
def test_explaining_names_the_lines_that_granted_and_those_that_did_not(place):
    good = prov(place, "trust", "explain", "--trust", "p.json", "song.wav").stdout
    put(
        place / "p.json",
        parties=[*read(place / "p.json")["parties"], {"id": "buyer", "name": "Buyer"}],
        grants=[
            {"party": "north", "act": "declare", "as": ["artist"], "over": {"isrc": ["GB*"]}},
            {"party": "north", "act": "declare", "over": {"isrc": ["GBXYZ*"]}},
            {"party": "buyer", "act": "declare", "over": {"isrc": ["GBXYZ2600123"]}},
            {"party": "buyer", "act": "declare", "over": {"isrc": ["SE*"]}},
        ],
    )
    bad = prov(place, "trust", "explain", "--trust", "p.json", "song.wav", expect=3).stdout

    assert good.startswith("PASSED  song.wav")
    assert "+  /parties/0/keys/0  identity.party" in good
    assert "+  /grants/0  north: covers it by isrc GBXYZ*" in good
    assert "+  /require/authority  authority granted: met" in good
    assert "[authority.conflict]" in bad
    assert "/grants/0  north: not for this role, which is 'label'" in bad
    assert "/grants/1  north: covers it, but /grants/2 is narrower" in bad
    assert "/grants/2  reserved for buyer by isrc GBXYZ2600123" in bad
    assert "/grants/3" not in bad
    assert "-  /require/authority  authority granted: not met, found authority.conflict" in bad


def test_a_stranger_is_told_whose_recording_it_is(place):
    shutil.copyfile(PLAIN, place / "strange.wav")
    how = ("--manifest", "d.json", "--no-fingerprint", "--key", "other.pem")
    prov(place, "sign", "strange.wav", *how)

    done = prov(place, "trust", "explain", "--trust", "p.json", "strange.wav", expect=3)

    assert done.stdout.startswith("INDETERMINATE  strange.wav   [identity.unknown]")
    assert "/grants/0  reserved for north by isrc GBXYZ*" in done.stdout


@pytest.mark.requirement("POL-051")
def test_linting_ends_with_1_for_danger_only_and_is_data_on_request(place):
    careful = prov(place, "trust", "lint", "p.json")
    put(place / "p.json", require={"binding": "any", "identity": "unknown", "authority": "any"})
    found = json.loads(prov(place, "trust", "lint", "p.json", "--format", "json", expect=1).stdout)
    (place / "p.json").chmod(0o666)
    text = prov(place, "trust", "lint", "p.json", expect=1).stdout

    assert "key-without-end  /parties/0/keys/0 (north)" in careful.stdout
    assert [r["remark"] for r in found["remarks"] if r["dangerous"]] == [
        "stranger-passes", "grants-not-required", "any-audio",
    ]  # fmt: skip
    assert text.count("DANGER") == 4
    assert text.startswith("DANGER  writable-by-others (")


@pytest.mark.parametrize("verb", ["lint", "add-party --id x", "explain song.wav"])
def test_without_a_policy_the_way_to_one_is_said_in_one_line(place, verb):
    done = prov(place, "trust", *verb.split(), expect=2)

    assert done.stderr.count("\n") == 1
    assert "prov trust init" in done.stderr


def test_nobody_is_asked_where_nobody_is(place):
    done = prov(place, "trust", "init", expect=2)

    assert done.stderr.count("\n") == 1
    assert "--preset" in done.stderr
    assert not (place / "home").exists()
    prov(place, "trust", "init", "--preset", "lax", expect=2)
    prov(place, "trust", "init", "--preset", "open", "--expires", "soon", expect=2)
    done = prov(place, "trust", "init", "--preset", "open", "--out", "p.json", expect=5)
    assert "exists already" in done.stderr


def test_a_person_is_asked_for_preset_name_and_end(place):
    session = terminal.prov(place, "trust", "init")

    session.answer("Number", "9\n")
    session.answer("Number", "3\n")
    session.answer("random one", "https://shop.example/trust\n")
    session.answer("never", "2027-12-31\n")

    assert session.finish() == 0, session.text
    made = read(place / "home" / "policy" / "policy.json")
    assert made["id"] == "https://shop.example/trust"
    assert made["expires"] == "2028-01-01T00:00:00Z"
    assert made["require"] == {"binding": "exact", "identity": "vouched", "authority": "granted"}
    assert (place / "home" / "policy").stat().st_mode & 0o777 == 0o700
    prov(place, "verify", "song.wav", expect=3)
    who = ("--id", "north", "--name", "North", "--key", "label.pub.jwk", "--may-declare", "GB*")
    prov(place, "trust", "add-party", *who)
    prov(place, "verify", "song.wav")


def test_a_policys_names_cannot_play_with_the_terminal(place):
    plain = read(place / "p.json")
    plain["parties"][0]["name"] = "North\u2028Lights \u00e9"
    put(place / "p.json", parties=plain["parties"])

    shown = prov(place, "verify", "--trust", "p.json", "song.wav").stdout

    assert "\u2028" not in shown
