"""Whose key it is (spec 7.3, 8.7): looked up, never believed, and named by the asker alone."""

import json
import re
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from provenance.model.codes import Code, Effect
from provenance.model.errors import InputError
from provenance.trust.identity import LADDER, NO_KEYS, Asker, Keyring, Signer, identify, rung
from provenance.trust.moments import BestTime
from provenance.workspace.home import Home

MINE, KNOWN, STRANGE = "mine", "known", "strange"
NOW = datetime(2027, 1, 1, tzinfo=UTC)
RING = Keyring(own={MINE: None}, pinned={KNOWN: "My label"})


def looked_up(key, keyring):
    """The signer and the one finding about them."""
    signer, (found,) = identify(key, Asker(keyring), BestTime(NOW, proven=False), now=NOW)
    return signer, found


@pytest.mark.requirement("VER-070")
@pytest.mark.parametrize(
    ("key", "keyring", "code"),
    [
        (MINE, RING, Code.IDENTITY_SELF),
        (KNOWN, RING, Code.IDENTITY_PINNED),
        (STRANGE, RING, Code.IDENTITY_UNKNOWN),
        (MINE, NO_KEYS, Code.IDENTITY_UNKNOWN),
        (MINE, Keyring(own={MINE: None}, pinned={MINE: "me"}), Code.IDENTITY_SELF),
        (KNOWN.upper(), RING, Code.IDENTITY_UNKNOWN),
        (KNOWN[:-1], RING, Code.IDENTITY_UNKNOWN),
        ("", RING, Code.IDENTITY_UNKNOWN),
    ],
)
def test_a_key_is_looked_up_own_keys_first(key, keyring, code):
    signer, found = looked_up(key, keyring)

    assert found.code is code
    assert found.detail["key"] == key
    assert signer == Signer(key, code.slug.removeprefix("identity."), name=keyring.name(key))


@pytest.mark.requirement("ENV-024")
def test_a_key_that_nobody_knows_confirms_nothing():
    effects = [looked_up(key, RING)[1].effect for key in (STRANGE, MINE, KNOWN)]

    assert effects == [Effect.INFORMS, Effect.CONFIRMS, Effect.CONFIRMS]


@pytest.mark.requirement("KEY-013")
def test_a_name_comes_from_the_keyring_or_there_is_none():
    assert [RING.name(key) for key in (MINE, KNOWN, STRANGE)] == [None, "My label", None]
    assert Keyring(own={MINE: None}, pinned={MINE: "me"}).name(MINE) == "me"


def test_the_ladder_is_climbed_in_the_order_of_the_standard():
    assert LADDER == ("unknown", "pinned", "domain", "vouched", "certified", "party")
    assert rung("identity.self") == rung("identity.pinned") == 1
    assert rung("identity.unknown") == 0
    assert rung("identity.party") == 5
    assert rung("identity.made-up") == rung("binding.exact") == -1


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.requirement("KEY-013")
def test_pinning_keeps_the_users_own_name_and_renames(home):
    home.pin(KNOWN, "My label", "2027-01-01T00:00:00Z")
    home.pin(STRANGE, None, "2027-01-02T00:00:00Z")
    home.pin(KNOWN, "Their label", "2027-01-03T00:00:00Z")

    assert dict(home.keyring().pinned) == {KNOWN: "Their label", STRANGE: None}
    assert home.keyring().own == {}
    assert mode(home.path) == 0o700
    assert mode(home.path / "pins.json") == 0o600


@pytest.mark.requirement("KEY-005")
def test_an_own_key_is_known_by_its_thumbprint(home):
    jwk = {  # RFC 8037 A.2
        "kty": "OKP",
        "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }
    home.keys.mkdir(parents=True)
    (home.keys / "default.pub.jwk").write_text(json.dumps(jwk), encoding="utf-8")

    assert dict(home.keyring().own) == {"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k": None}


def test_nothing_is_made_by_looking(home):
    assert home.keyring() == Keyring()
    assert home.default_key() is None
    assert not home.path.exists()


BROKEN = {
    "no JSON": b"{",
    "deep JSON": b"[" * 100_000,
    "no object": b"[]",
    "no key": b"{}",
    "a kind that does not exist": b'{"kty":"x"}',
    "a kind that is a list": b'{"kty":[]}',
    "a coordinate too few": b'{"kty":"EC","crv":"P-256","x":"AAAA"}',
    "large": b" " * 1_100_000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_in_the_own_folder_is_named(home, content):
    home.keys.mkdir(parents=True)
    path = home.keys / "default.pub.jwk"
    path.write_bytes(content)

    with pytest.raises(InputError, match=re.escape(str(path))):
        home.keyring()


@pytest.mark.requirement("KEY-013")
@pytest.mark.parametrize("name", [1, None, ["x"], {"x": 1}])
def test_a_pinned_name_that_is_no_text_is_none(home, name):
    home.path.mkdir()
    pins = {"pins": {KNOWN: {"name": name}, STRANGE: "odd"}}
    (home.path / "pins.json").write_text(json.dumps(pins), encoding="utf-8")

    assert dict(home.keyring().pinned) == {KNOWN: None}
