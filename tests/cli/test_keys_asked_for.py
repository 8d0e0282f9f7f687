"""Keys and passphrases: how often they are asked for, and what is said of a wrong one."""

import shutil
from pathlib import Path

import pytest

from support import terminal
from support.command import prov

PLAIN = Path(__file__).resolve().parents[1] / "vectors" / "verify" / "absent" / "input.wav"
DECLARATION = '{"contributions": [{"asset": "recording", "area": "mixing", "level": "none"}]}'
SIGN = ("sign", "-y", "song.wav", "--no-fingerprint")


@pytest.fixture
def place(tmp_path):
    shutil.copyfile(PLAIN, tmp_path / "song.wav")
    (tmp_path / "declaration.json").write_text(DECLARATION, encoding="utf-8")
    return tmp_path


def signing(place, *more):
    return terminal.prov(place, *SIGN, "--manifest", "declaration.json", *more)


def test_a_new_key_is_used_without_asking_for_its_passphrase_again(place):
    session = signing(place)
    session.answer("or press Enter for none: ", "secret\n")
    session.answer("The same again: ", "secret\n")

    assert session.finish() == 0
    assert "Passphrase of" not in session.text
    assert "secret" not in session.text
    assert b"ENCRYPTED" in (place / "home" / "keys" / "default.pem").read_bytes()


def test_no_passphrase_is_said_once(place):
    session = signing(place)
    session.answer("or press Enter for none: ", "\n")

    assert session.finish() == 0
    assert "The same again" not in session.text
    assert "It has no passphrase" in session.text


def test_two_that_differ_are_asked_for_again(place):
    session = terminal.prov(place, "keygen", "--out", "my.pem")
    session.answer("or press Enter for none: ", "secret\n")
    session.answer("The same again: ", "secrte\n")
    session.read_until("not the same")
    session.answer("or press Enter for none: ", "secret\n")
    session.answer("The same again: ", "secret\n")

    assert session.finish() == 0
    (place / "secret.txt").write_text("secret\n", encoding="utf-8")
    more = ("--key", "my.pem", "--passphrase-file", "secret.txt")
    prov(place, *SIGN, "--manifest", "declaration.json", *more)


def test_the_passphrase_that_was_given_is_that_of_the_first_key(place):
    (place / "secret.txt").write_text("secret\n", encoding="utf-8")
    session = signing(place, "--passphrase-file", "secret.txt")

    assert session.finish() == 0
    assert "Choose a passphrase" not in session.text
    assert b"ENCRYPTED" in (place / "home" / "keys" / "default.pem").read_bytes()


@pytest.mark.parametrize(
    "call",
    [(*SIGN, "--manifest", "declaration.json"), ("keygen",), ("keygen", "--no-passphrase")],
    ids=" ".join,
)
def test_a_private_key_that_is_lost_is_called_so_and_what_was_signed_stays_ones_own(place, call):
    prov(place, "keygen", "--no-passphrase")
    prov(place, *SIGN, "--manifest", "declaration.json")
    keys = place / "home" / "keys"
    (keys / "default.pem").rename(place / "copy.pem")

    alone = prov(place, *call, expect=5).stderr
    asked = terminal.prov(place, *call)
    ended = asked.finish()
    left = [path.name for path in keys.iterdir()]
    (keys / "default.pub.jwk").rename(keys / "old.pub.jwk")
    prov(place, "keygen", "--no-passphrase")

    assert ended == 5
    assert "Choose a passphrase" not in asked.text
    for text in (alone, " ".join(asked.text.split())):
        assert "your private key is missing; its public half, default.pub.jwk, is there" in text
        assert "old.pub.jwk" in text
    assert left == ["default.pub.jwk"]
    prov(place, "verify", "song.wav")
    prov(place, *SIGN, "--replace", "--manifest", "declaration.json")


@pytest.mark.slow
def test_a_wrong_passphrase_is_named_with_both_files(place):
    (place / "secret.txt").write_text("secret\n", encoding="utf-8")
    (place / "other.txt").write_text("other\n", encoding="utf-8")
    prov(place, "keygen", "--out", "my.pem", "--passphrase-file", "secret.txt")
    more = ("--key", "my.pem", "--passphrase-file", "other.txt")
    done = prov(place, *SIGN, "--manifest", "declaration.json", *more, expect=5)

    assert "my.pem: wrong passphrase (from other.txt)" in done.stderr


@pytest.mark.parametrize("size", [0, 2_000_000])
@pytest.mark.parametrize(
    ("options", "wanted", "code"),
    [
        (("--key", "audio.wav", "--manifest", "declaration.json"), "a private key (PEM)", 5),
        (("--manifest", "audio.wav"), "a declaration (JSON)", 2),
    ],
)
def test_audio_in_the_place_of_a_small_file_is_called_so(place, options, wanted, code, size):
    (place / "audio.wav").write_bytes(PLAIN.read_bytes() + bytes(size))

    done = prov(place, *SIGN, *options, expect=code)

    assert "audio.wav: is audio, WAV" in done.stderr
    assert f"it should be {wanted}" in done.stderr


@pytest.mark.parametrize("name", ["my.pub.jwk", "my.PUB.JWK", ".pub.jwk"])
def test_a_private_key_takes_no_name_of_a_public_one(place, name):
    before = sorted(place.iterdir())

    done = prov(place, "keygen", "--no-passphrase", "--out", name, expect=2)

    assert "Name the private key, such as my.pem." in done.stderr
    assert sorted(place.iterdir()) == before
