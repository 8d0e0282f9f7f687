"""``prov sign --out`` again: what an earlier call has written is there, and the rest follows."""

import json
import shutil
from pathlib import Path

import pytest

from support.command import prov

PLAIN = Path(__file__).resolve().parents[1] / "vectors" / "verify" / "absent" / "input.wav"


def declaration(level):
    return {"contributions": [{"asset": "recording", "area": "mixing", "level": level}]}


@pytest.fixture
def place(tmp_path):
    data = PLAIN.read_bytes()
    (tmp_path / "one.wav").write_bytes(data)
    (tmp_path / "two.wav").write_bytes(data[:-2] + b"\x11\x22")
    for level in ("full", "none"):
        (tmp_path / f"{level}.json").write_text(json.dumps(declaration(level)))
    (tmp_path / "copies").mkdir()
    prov(tmp_path, "keygen", "--no-passphrase")
    return tmp_path


def sign(place, *words, expect=0):
    out = () if "--out" in words else ("--out", "copies")
    return prov(place, "sign", *words, *out, "--no-fingerprint", "-y", expect=expect).stderr


def contents(place):
    return {path.name: path.read_bytes() for path in sorted((place / "copies").iterdir())}


@pytest.mark.requirement("CAR-045")
@pytest.mark.parametrize("draft", ["kept", "gone"])
def test_the_same_call_goes_on_where_it_was_stopped(place, draft):
    for name in ("one.wav", "two.wav"):
        prov(place, "declare", name, "--set", "mixing=full")
    sign(place, "one.wav")
    first = contents(place)
    if draft == "kept":
        prov(place, "declare", "one.wav", "--set", "mixing=full")

    said = sign(place, "one.wav", "two.wav")

    assert "Nothing to do, already signed: copies/one.wav" in said
    assert "Signed: copies/two.wav" in said
    assert contents(place)["one.wav"] == first["one.wav"]
    passed = prov(place, "verify", "copies/one.wav", "copies/two.wav").stdout
    assert passed.count("PASSED ") == 2
    said = sign(place, "one.wav", "two.wav")
    assert said.count("Nothing to do, already signed") == 2


@pytest.mark.requirement("CAR-045")
def test_a_set_that_lacks_a_copy_gets_it_with_the_same_token(place):
    shutil.copyfile(place / "one.wav", place / "same.wav")
    words = ("one.wav", "same.wav", "--manifest", "full.json")
    sign(place, *words)
    whole = contents(place)
    (place / "copies" / "same.wav").unlink()

    said = sign(place, *words)

    assert "Nothing to do, already signed: copies/one.wav" in said
    assert "Signed: copies/same.wav" in said
    assert contents(place) == whole


@pytest.mark.requirement("CAR-025")
@pytest.mark.parametrize("why", ["another declaration", "other audio", "unsigned", "no audio"])
@pytest.mark.parametrize("more", [(), ("--replace",)])
def test_what_is_no_such_copy_is_not_overwritten(place, why, more):
    taken = place / "copies" / "one.wav"
    if why == "another declaration":
        sign(place, "one.wav", "--manifest", "none.json")
    elif why == "other audio":
        sign(place, "two.wav", "--manifest", "full.json", "--out", "copies/one.wav")
    elif why == "unsigned":
        shutil.copyfile(place / "one.wav", taken)
    else:
        taken.write_bytes(b"mine")
    before = contents(place)

    said = sign(place, "one.wav", "--manifest", "full.json", *more, expect=5)

    assert "copies/one.wav: exists already" in said
    assert contents(place) == before


def test_a_copy_of_another_key_is_not_taken_for_ones_own(place):
    prov(place, "keygen", "--no-passphrase", "--out", "other.pem")
    words = ("one.wav", "--manifest", "full.json")
    sign(place, *words, "--key", "other.pem")
    before = contents(place)

    assert "exists already" in sign(place, *words, expect=5)
    assert contents(place) == before


def test_what_to_do_next_names_the_copy(place):
    words = ("one.wav", "--manifest", "full.json")
    sign(place, *words)

    said = sign(place, *words)

    assert "prov declare copies/one.wav, then prov sign --replace copies/one.wav" in said
