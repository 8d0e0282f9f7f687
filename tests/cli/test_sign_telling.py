"""What ``prov sign`` says to whoever signs: before it asks, before it writes, and at the end."""

import json
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from support import terminal
from support.command import prov

PLAIN = Path(__file__).resolve().parents[1] / "vectors" / "verify" / "absent" / "input.wav"


DECLARATION = {"contributions": [{"asset": "recording", "area": "mixing", "level": "full"}]}


@pytest.fixture
def place(tmp_path):
    shutil.copyfile(PLAIN, tmp_path / "My song.wav")
    (tmp_path / "d.json").write_text(json.dumps(DECLARATION))
    return tmp_path


SIGNS = """
import sys
from pathlib import Path
from provenance.signing.keys import load_private
from provenance.signing.signer import FileSigner

key = load_private(Path("my key.pem").read_bytes(), None)
sys.stdout.buffer.write(FileSigner(key).sign(sys.stdin.buffer.read()))
"""


def with_key(place):
    assert terminal.prov(place, "keygen", "--no-passphrase").finish() == 0


@pytest.mark.parametrize("why", ["read-only", "hard-link", "exists already"])
def test_a_file_that_cannot_be_written_is_said_before_the_first_question(place, why):
    with_key(place)
    more = ()
    if why == "read-only":
        (place / "My song.wav").chmod(0o444)
    elif why == "hard-link":
        (place / "other.wav").hardlink_to(place / "My song.wav")
    else:
        more = ("--out", "there.wav")
        (place / "there.wav").write_bytes(b"mine")

    session = terminal.prov(place, "sign", "My song.wav", *more)

    assert session.finish() == (5 if more else 1)
    assert why in session.text
    assert "Title" not in session.text


def sign(place, *words, **more):
    return prov(place, "sign", *words, "--no-fingerprint", "-y", **more).stderr


def commands(said):
    """The commands that are told, by what stands before each."""
    lines = [line.partition("prov ") for line in said.splitlines() if "prov " in line]
    return {before.strip(): shlex.split(words) for before, _, words in lines}


@pytest.mark.parametrize("form", ["key file", "program"])
def test_the_check_that_is_told_passes_for_a_key_that_is_not_the_default_one(place, form):
    prov(place, "keygen", "--no-passphrase", "--out", "my key.pem")
    if form == "program":
        shutil.copyfile(place / "my key.pub.jwk", place / "given.jwk")
        (place / "signs.py").write_text(SIGNS)
        words = ("--sign-command", f"{sys.executable} signs.py", "--public-key", "given.jwk")
    else:
        words = ("--key", "my key.pem")

    told = commands(sign(place, "My song.wav", "--manifest", "d.json", *words))

    public = "given.jwk" if form == "program" else "my key.pub.jwk"
    assert told["Check it with:"] == ["verify", "--key", public, "My song.wav"]
    assert told[""] == ["trust", "pin", public]
    prov(place, *told["Check it with:"])
    prov(place, *told[""])


def test_the_check_names_no_key_that_is_known_and_none_that_is_another(place):
    prov(place, "keygen", "--no-passphrase")
    prov(place, "keygen", "--no-passphrase", "--out", "old.pem")
    prov(place, "keygen", "--no-passphrase", "--out", "other.pem")
    shutil.copyfile(place / "old.pub.jwk", place / "other.pub.jwk")

    own = commands(sign(place, "My song.wav", "--manifest", "d.json"))
    words = ("--manifest", "d.json", "--key", "other.pem", "--replace=foreign")
    other = commands(sign(place, "My song.wav", *words))

    assert own["Check it with:"] == other["Check it with:"] == ["verify", "My song.wav"]
    assert own[""] == ["trust", "pin", "default.pub.jwk"]
    assert other[""] == ["trust", "pin", "KEY.pub.jwk"]


@pytest.mark.parametrize("count", [3, 5])
def test_what_to_do_next_is_told_once_for_all_recordings(place, count):
    prov(place, "keygen", "--no-passphrase")
    names = [f"{n}.wav" for n in range(count)]
    for n, name in enumerate(names):
        data = bytearray(PLAIN.read_bytes())
        data[100] = n
        (place / name).write_bytes(data)
        prov(place, "declare", name, "--set", "lyrics=none")

    said = sign(place, *names)
    again = sign(place, *names)

    checks = [words for before, words in commands(said).items() if before.startswith("Check")]
    assert [line for line in said.splitlines() if line.startswith("Signed")] == [
        f"Signed: {name}" for name in names
    ]
    assert checks == [["verify", *names] if count == 3 else ["verify", names[0]]]
    assert said.count("Others can know") == 1
    assert again.count("To change what one says") == 1
    prov(place, *checks[0])


def test_whoever_names_a_folder_is_told_of_sheets(place):
    (place / "my album").mkdir()
    shutil.copyfile(PLAIN, place / "my album" / "a.wav")

    for words in (("my album",), ("my album", "--manifest", "d.json")):
        told = commands(sign(place, *words, expect=5))

        assert list(told.values()) == [["sheet", "new", "my album"]]
    prov(place, *next(iter(told.values())))
    assert (place / "sheet.csv").is_file()


def test_saying_no_to_one_recording_claims_nothing_about_another(place):
    with_key(place)
    for name in ("a.wav", "b.wav"):
        data = bytearray(PLAIN.read_bytes())
        data[100] = ord(name[0])
        (place / name).write_bytes(data)
        prov(place, "declare", name, "--set", "lyrics=none")
    session = terminal.prov(place, "sign", "a.wav", "b.wav", "--no-fingerprint")
    session.answer("Sign this? [Y/n]: ", "y\n")
    session.answer("Sign this? [Y/n]: ", "n\n")

    assert session.finish() == 130
    assert "Signed: a.wav" in session.text
    assert "no file was changed" not in session.text
