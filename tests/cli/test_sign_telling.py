"""What ``prov sign`` says to whoever signs: before it asks, before it writes, and at the end."""

import shutil
from pathlib import Path

import pytest

from support import terminal

PLAIN = Path(__file__).resolve().parents[1] / "vectors" / "verify" / "absent" / "input.wav"


@pytest.fixture
def place(tmp_path):
    shutil.copyfile(PLAIN, tmp_path / "My song.wav")
    return tmp_path


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
