"""What ``prov`` does where the system, or the owner of a file, does not let it write."""

import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from support import command, powerless, terminal
from support.command import prov

PLAIN = Path(__file__).resolve().parents[1] / "vectors" / "verify" / "absent" / "input.wav"
DECLARATION = {"contributions": [{"asset": "recording", "area": "mixing", "level": "full"}]}
SIGN = ("sign", "--manifest", "d.json", "--no-fingerprint")
STRANGER = 65534


@pytest.fixture
def place(tmp_path):
    prov(tmp_path, "keygen", "--no-passphrase")
    shutil.copyfile(PLAIN, tmp_path / "song.wav")
    (tmp_path / "d.json").write_text(json.dumps(DECLARATION))
    return tmp_path


@pytest.fixture
def locked(place):
    """A folder that nothing can be made in, with a file that may be written to."""
    folder = place / "locked"
    folder.mkdir()
    shutil.copyfile(PLAIN, folder / "song.wav")
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)


def run(place, *arguments):
    return command.run(place, (*powerless.PROV, *arguments))


def give_away(path, mode, group=STRANGER):
    if os.geteuid() != 0:
        pytest.skip("only the administrator can give a file to another user: 1 case skipped")
    os.chown(path, STRANGER, group)
    path.chmod(mode)


@pytest.mark.requirement("CAR-031")
@pytest.mark.parametrize("verb", [SIGN, ("strip",)], ids=["sign", "strip"])
def test_a_file_that_may_only_be_read_is_not_replaced(place, verb):
    song = place / "song.wav"
    if verb == ("strip",):
        prov(place, *SIGN, "song.wav")
    give_away(song, 0o644)
    before = song.read_bytes()

    done = run(place, *verb, "song.wav")
    copied = run(place, *verb, "song.wav", "--out", "copy.wav")

    assert done.returncode == 1
    assert "song.wav: you may not write to it [file.read-only]" in done.stderr
    assert "--out" in done.stderr
    assert (song.read_bytes(), song.stat().st_uid) == (before, STRANGER)
    assert copied.returncode == 0
    assert (place / "copy.wav").is_file()


@pytest.mark.requirement("CAR-057")
@pytest.mark.parametrize(("owner", "whose"), [(STRANGER, "owner"), (0, "group")])
def test_a_file_whose_owner_or_group_would_change_is_not_replaced(place, owner, whose):
    song = place / "song.wav"
    give_away(song, 0o666)
    os.chown(song, owner, STRANGER)

    done = run(place, *SIGN, "song.wav")

    assert done.returncode == 1
    assert f"has another {whose}" in done.stderr
    assert "[file.owner]" in done.stderr
    assert song.read_bytes() == PLAIN.read_bytes()
    assert (song.stat().st_uid, song.stat().st_gid) == (owner, STRANGER)


@pytest.mark.requirement("CAR-057")
def test_whoever_may_give_files_away_keeps_the_owner(place):
    song = place / "song.wav"
    give_away(song, 0o644)

    prov(place, *SIGN, "song.wav")

    found = song.stat()
    assert (found.st_uid, found.st_gid) == (STRANGER, STRANGER)
    assert stat.S_IMODE(found.st_mode) == 0o644
    prov(place, "verify", "song.wav")


@pytest.mark.parametrize(
    ("more", "hint"),
    [((), "--out"), (("--sidecar",), "--out"), (("--out", "locked/new.wav"), "another folder")],
    ids=["in place", "sidecar", "copy"],
)
def test_a_folder_that_may_not_be_written_to_is_called_so(place, locked, more, hint):
    done = run(place, *SIGN, "locked/song.wav", *more)

    assert done.returncode == 5
    assert "locked: not writable. " in done.stderr
    assert hint in done.stderr
    assert [p.name for p in locked.iterdir()] == ["song.wav"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("locked/song.wav",), "locked: not writable"),
        (("song.wav", "--out", "nowhere/new.wav"), "nowhere: no such folder"),
        (("song.wav", "--out", "locked/new.wav"), "locked: not writable"),
        (("song.wav", "--out", f"{'n' * 252}.wav"), "the name is too long"),
        ((f"{'n' * 245}.wav", "--sidecar"), "the name is too long"),
    ],
    ids=["in place", "no folder", "copy", "long copy", "long sidecar"],
)
@pytest.mark.parametrize("manifest", [(), ("--manifest", "d.json")], ids=["asked", "given"])
def test_what_cannot_be_written_is_said_before_anything_is_asked(
    place, locked, words, why, manifest
):
    (place / words[0]).exists() or shutil.copyfile(PLAIN, place / words[0])
    session = terminal.prov(
        place, "sign", *words, *manifest, "--no-fingerprint", program=powerless.PROV
    )

    assert session.finish() == 5
    assert why in " ".join(session.text.split())
    assert "Title" not in session.text
    assert "Sign this?" not in session.text


@pytest.mark.requirement("CAR-058")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444, 0o755])
def test_a_sidecar_is_read_by_those_who_may_read_the_file(place, mode):
    for name in ("signed.wav", "extracted.wav"):
        shutil.copyfile(PLAIN, place / name)
    prov(place, *SIGN, "extracted.wav")
    for name in ("signed.wav", "extracted.wav"):
        (place / name).chmod(mode)

    prov(place, *SIGN, "signed.wav", "--sidecar")
    prov(place, "extract", "extracted.wav")

    made = [place / f"{name}.wav.musicprov.json" for name in ("signed", "extracted")]
    assert {stat.S_IMODE(p.stat().st_mode) for p in made} == {mode & 0o666 | 0o200}
    made[0].chmod(0o600)
    prov(place, "withdraw", "signed.wav", "--reason", "error", "--sidecar")
    assert stat.S_IMODE(made[0].stat().st_mode) == 0o600


@pytest.mark.requirement("CAR-058")
def test_a_sidecar_lets_in_no_group_but_that_of_the_file(place):
    give_away(place / "song.wav", 0o640)
    os.chown(place / "song.wav", 0, STRANGER)

    done = run(place, *SIGN, "song.wav", "--sidecar")
    made = (place / "song.wav.musicprov.json").stat()

    assert done.returncode == 0
    assert (made.st_gid, stat.S_IMODE(made.st_mode)) == (0, 0o600)


@pytest.mark.requirement("CAR-031")
def test_a_sidecar_that_may_only_be_read_is_not_replaced(place):
    prov(place, *SIGN, "song.wav", "--sidecar")
    beside = place / "song.wav.musicprov.json"
    give_away(beside, 0o644)
    before = beside.read_bytes()

    signed = run(place, *SIGN, "song.wav", "--sidecar")
    done = run(place, "withdraw", "song.wav", "--reason", "error", "--sidecar")

    assert signed.returncode == 0  # it holds the declaration already
    assert done.returncode == 1
    assert "[file.read-only]" in done.stderr
    assert (beside.read_bytes(), beside.stat().st_uid) == (before, STRANGER)


@pytest.mark.requirement("VDT-010")
@pytest.mark.parametrize("verb", [SIGN, ("verify",), ("inspect",), ("label",), ("strip",)])
def test_a_file_that_cannot_be_read_is_the_worlds_fault(place, verb):
    (place / "song.wav").chmod(0o000)

    done = run(place, *verb, "song.wav")

    assert done.returncode == 5
    assert "song.wav: not readable" in done.stdout + done.stderr
    assert "Usage" not in done.stderr
