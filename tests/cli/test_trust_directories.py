"""``prov trust publish`` and ``prov trust fetch``: from one's own keys to another's policy."""

import json

import pytest

from support import terminal, web
from support.command import prov

HOST = "label.example"
ISNI = "0000000073669144"


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    place = tmp_path_factory.mktemp("keys")
    made = {}
    for name in ("one", "two"):
        done = prov(place, "keygen", "--no-passphrase", "--out", f"{name}.pem")
        made[name] = (place / f"{name}.pub.jwk", done.stdout.strip())
    return made


@pytest.fixture(scope="module")
def ca(tmp_path_factory):
    return web.authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def chain(ca):
    return web.certificate_for(ca, ca.path.parent, HOST)


def publish(place, *arguments, expect=0):
    return prov(place, "trust", "publish", *arguments, expect=expect)


@pytest.fixture(scope="module")
def there(tmp_path_factory, keys):
    """A directory with the first key."""
    place = tmp_path_factory.mktemp("there")
    publish(place, keys["one"][0], "--party", "x", "--out", "there.json")
    return place / "there.json"


def fetch(place, ca, server, *more, expect=0, host=HOST):
    own = ("--address", server.place, "--ca", ca.path)
    return prov(place, "trust", "fetch", host, *own, *more, expect=expect)


def served(place, chain, name="keys.json"):
    return web.Server(chain, web.answer((place / name).read_bytes()))


def entries(path):
    return {entry["kid"]: entry for entry in json.loads(path.read_bytes())["keys"]}


@pytest.mark.requirement("DIR-041")
@pytest.mark.requirement("DIR-042")
def test_keys_come_end_and_are_revoked_and_never_go(tmp_path, keys):
    (one, first), (two, second) = keys["one"], keys["two"]
    path = tmp_path / "keys.json"
    named = ("--party", "Northern Lights", "--isni", ISNI)

    publish(tmp_path, one, *named, "--from", "2026-01-01", "--out", path)
    plain = json.loads(path.read_bytes())
    path.write_text(json.dumps({**plain, "later": {"kept": True}}), encoding="utf-8")
    publish(tmp_path, "--update", path, two, "--until", "2030-12-31", "--retire", first)
    retired = entries(path)
    revoke = ("--update", path, "--revoke", first, "--reason")
    publish(tmp_path, *revoke, "superseded")
    publish(tmp_path, *revoke, "keyCompromise", "--invalid-from", "2026-05-20")
    refused = publish(tmp_path, *revoke, "superseded", expect=1)
    weaker = publish(tmp_path, *revoke, "keyCompromise", "--invalid-from", "2026-06-20", expect=1)

    found, plain = entries(path), json.loads(path.read_bytes())
    assert (list(found), plain["later"]) == ([first, second], {"kept": True})
    assert plain["musicprov"]["ids"] == {"isni": [ISNI]}
    assert found[first]["nbf"] == 1767225600
    assert retired[first]["exp"] < found[second]["exp"] == 1924905600
    assert found[first]["revoked"]["reason"] == "keyCompromise"
    assert found[first]["revoked"]["invalid_from"] == 1779235200
    assert "[directory.key-revoked]" in refused.stderr
    assert "[directory.key-revoked]" in weaker.stderr


@pytest.mark.parametrize(
    ("arguments", "expect"),
    [
        (["{one}", "--party", "x"], 2),  # nowhere to write it
        (["{one}", "--out", "new.json"], 2),  # nobody named
        (["--party", "x", "--out", "new.json"], 2),  # no key
        (["{one}", "{one}", "--party", "x", "--out", "new.json"], 2),
        (["{one}", "--party", "x", "--isni", "12", "--out", "new.json"], 2),
        (["{one}", "--party", "x", "--from", "2026-02-30", "--out", "new.json"], 2),
        (["{one}", "--party", "x", "--from", "2030-01-01", "--until", "2029-01-01",
          "--out", "new.json"], 2),
        (["--update", "there.json", "--revoke", "{first}"], 2),  # no reason
        (["--update", "there.json", "--reason", "superseded"], 2),
        (["--update", "there.json", "--revoke", "{first}", "--reason", "keyCompromise",
          "--invalid-from", "2999-01-01"], 2),
        (["--update", "there.json", "--retire", "A" * 43], 1),
        (["{one}", "--party", "x", "--out", "there.json"], 5),
        (["--update", "gone.json", "{two}"], 5),
        (["--update", "{one}", "{two}"], 5),  # no directory
    ],
)  # fmt: skip
def test_what_publish_refuses(tmp_path, keys, there, arguments, expect):
    before = there.read_bytes()
    (tmp_path / "there.json").write_bytes(before)
    fills = {"one": keys["one"][0], "two": keys["two"][0], "first": keys["one"][1]}

    publish(tmp_path, *(a.format(**fills) for a in arguments), expect=expect)

    assert (tmp_path / "there.json").read_bytes() == before
    assert not (tmp_path / "new.json").exists()


@pytest.mark.requirement("DIR-020")
@pytest.mark.requirement("DIR-022")
def test_a_first_contact_says_so_and_a_second_shows_what_changed(tmp_path, keys, ca, chain):
    (one, first), (two, second) = keys["one"], keys["two"]
    publish(tmp_path, one, "--party", "Northern Lights", "--out", "keys.json")
    with served(tmp_path, chain) as server:
        refused = fetch(tmp_path, ca, server, expect=2)
        assert not (tmp_path / f"{HOST}.json").exists()
        made = fetch(tmp_path, ca, server, "--yes")
    snapshot = json.loads((tmp_path / f"{HOST}.json").read_bytes())

    publish(tmp_path, "--update", "keys.json", two, "--retire", first)
    with served(tmp_path, chain) as server:
        again = fetch(tmp_path, ca, server, "--yes", host=f"did:web:{HOST}")

    assert "--yes" in refused.stderr
    assert first in made.stdout
    assert "first time" in made.stdout
    assert "calls itself Northern Lights" in made.stdout
    assert "another way" in made.stderr
    assert (snapshot["domain"], snapshot["directory"]["keys"][0]["kid"]) == (HOST, first)
    assert "first time" not in again.stdout
    lines = [line.split()[:2] for line in again.stdout.split("\n") if line.startswith("  ")]
    assert lines == [["changed", first], ["new", second]]


@pytest.mark.requirement("DIR-021")
def test_a_key_or_revocation_that_went_must_be_accepted_on_its_own(tmp_path, keys, ca, chain):
    (one, first), (two, second) = keys["one"], keys["two"]
    publish(tmp_path, one, two, "--party", "x", "--out", "keys.json")
    publish(tmp_path, "--update", "keys.json", "--revoke", second, "--reason", "keyCompromise")
    with served(tmp_path, chain) as server:
        fetch(tmp_path, ca, server, "--yes")
    before = (tmp_path / f"{HOST}.json").read_bytes()
    publish(tmp_path, two, "--party", "x", "--out", "taken-over.json")

    with served(tmp_path, chain, "taken-over.json") as server:
        refused = fetch(tmp_path, ca, server, "--yes", expect=1)
        assert (tmp_path / f"{HOST}.json").read_bytes() == before
        fetch(tmp_path, ca, server, "--yes", "--accept-losses")

    assert "[directory.losses]" in refused.stderr
    assert "WARNING" in refused.stderr
    lines = [line.split()[:2] for line in refused.stdout.split("\n") if line.startswith("  ")]
    assert lines == [["gone", first], ["unrevoked", second]]
    assert first not in (tmp_path / f"{HOST}.json").read_text(encoding="utf-8")


def test_on_a_terminal_somebody_is_asked(tmp_path, keys, ca, chain):
    publish(tmp_path, keys["one"][0], "--party", "x", "--out", "keys.json")
    for answer, code in (("n", 1), ("y", 0)):
        with served(tmp_path, chain) as server:
            own = ("--address", server.place, "--ca", str(ca.path))
            session = terminal.prov(tmp_path, "trust", "fetch", HOST, *own)
            session.answer("Take this? [y/N]: ", f"{answer}\n")
            assert session.finish() == code, session.text
        assert (tmp_path / f"{HOST}.json").exists() is (answer == "y")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (web.answer(b'{"keys":[],"keys":[]}'), "[directory.malformed]"),
        (web.answer(b" " * 70_000), "[directory.too-large]"),
    ],
)
@pytest.mark.requirement("DIR-009")
@pytest.mark.requirement("DIR-013")
def test_what_a_host_serves_may_be_refused(tmp_path, ca, chain, said, words):
    with web.Server(chain, said) as server:
        done = fetch(tmp_path, ca, server, "--yes", expect=1)

    assert words in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.requirement("DIR-010")
@pytest.mark.parametrize(
    "arguments",
    [
        ["http://label.example"],
        ["did:web:label.example:artists"],
        ["label.example", "--address", "label.example:443"],
        ["label.example", "--address", "127.0.0.1"],
        ["label.example", "--address", "127.0.0.1:99999"],
        ["label.example", "--into", "policy.json"],
    ],
)
def test_what_cannot_be_asked(tmp_path, arguments):
    prov(tmp_path, "trust", "fetch", *arguments, expect=2)


POLICY = {
    "policy": "musicprov-trust-policy/1",
    "id": "https://dist.example/trust",
    "version": 3,
    "issued": "2026-11-01T00:00:00Z",
    "require": {"binding": "lossless", "identity": "domain", "authority": "any"},
    "parties": [{"id": "label", "name": "Northern Lights Records"}],
}


def test_into_a_policy_it_goes_once_and_the_policy_gets_a_new_version(tmp_path, keys, ca, chain):
    policy = tmp_path / "policy.json"
    policy.write_text(json.dumps(POLICY), encoding="utf-8")
    publish(tmp_path, keys["one"][0], "--party", "x", "--out", "keys.json")
    into = ("--yes", "--into", policy, "--party")

    for _ in range(2):
        with served(tmp_path, chain) as server:
            fetch(tmp_path, ca, server, *into, "label")
    with served(tmp_path, chain) as server:
        unknown = fetch(tmp_path, ca, server, *into, "lable", expect=2)
        elsewhere = ("--out", tmp_path.parent / f"{tmp_path.name}-elsewhere.json")
        fetch(tmp_path, ca, server, *into, "label", *elsewhere, expect=2)

    plain = json.loads(policy.read_bytes())
    assert plain["parties"][0]["directories"] == [f"snapshots/{HOST}.json"]
    assert plain["version"] == 4
    assert (tmp_path / "snapshots" / f"{HOST}.json").exists()
    assert "label" in unknown.stderr
