"""What stands in the place of a file: links, FIFOs, folders, devices, odd names (spec 6.6).

Everything goes through the real command line. Nothing may block, nothing but the named file may
change, and nothing may be left over.
"""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from support import samples
from support.command import prov

DECLARATION = '{"contributions":[{"asset":"recording","area":"lyrics","level":"full"}]}'
WRITING = (("sign", "--manifest", "d.json", "--no-fingerprint"), ("strip",))
READING = (("verify",), ("inspect",), ("extract",))
ODD = {
    "leading dash": b"-rf.wav",
    "spaces": b" two  words .wav",
    "newline": b"a\nb.wav",
    "carriage return": b"a\rb.wav",
    "escape codes": b"\x1b[2J\x1b]0;evil\x07.wav",
    "right to left": "\u202evaw.gnos.wav".encode(),
    "no UTF-8": b"caf\xe9\xff.wav",
    "quotes and dollars": b"'\"$(id)`id`;.wav",
    "percent and braces": b"%s%n{0}.wav",
    "only a suffix": b".wav",
    "255 bytes": b"x" * 251 + b".wav",
    "255 bytes of umlauts": b"y" + "\u00e4".encode() * 125 + b".wav",
}
SOON = ("spaces", "newline", "no UTF-8")
"""The odd names that stand for all of them where it is late."""


class Place:
    """A folder with a song, a declaration and a key; prov runs in it."""

    def __init__(self, folder):
        self.folder = folder
        self.song = folder / "work" / "song.wav"
        self.song.parent.mkdir()
        self.data = samples.made("wav", 1).read_bytes()
        self.song.write_bytes(self.data)
        (folder / "d.json").write_text(DECLARATION)
        assert self.prov("keygen", "--no-passphrase").returncode == 0

    def prov(self, *arguments):
        return prov(self.folder, *arguments, expect=None, text=False)

    def sign(self, *more):
        return self.prov("sign", "--manifest", "d.json", "--no-fingerprint", *more)

    def beside(self):
        return sorted(p.name for p in self.song.parent.iterdir())


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def make_folder(path):
    path.mkdir()


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def make_dangling(path):
    path.symlink_to("nothing-there.wav")


def make_loop(path):
    path.symlink_to(path.name)


KINDS = {
    "FIFO": os.mkfifo,
    "folder": make_folder,
    "socket": make_socket,
    "dangling link": make_dangling,
    "link to itself": make_loop,
}


@pytest.mark.requirement("CAR-026")
@pytest.mark.requirement("CAR-027")
@pytest.mark.parametrize("command", [*WRITING, *READING], ids=lambda c: c[0])
@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_what_is_no_file_is_an_error_without_waiting(tmp_path, monkeypatch, make, command):
    place = Place(tmp_path)
    monkeypatch.chdir(place.song.parent)
    target = Path("odd.wav")
    make(target)
    before = os.lstat(target)

    done = place.prov(*command, str(place.song.parent / target))

    searched = command[0] == "verify" and stat.S_ISDIR(before.st_mode)
    assert done.returncode == (4 if searched else 5), done.stderr
    assert b"Traceback" not in done.stderr
    assert os.lstat(target).st_ino == before.st_ino
    assert place.beside() == ["odd.wav", "song.wav"]


@pytest.mark.requirement("CAR-026")
@pytest.mark.parametrize("command", [*WRITING, *READING], ids=lambda c: c[0])
@pytest.mark.parametrize("device", ["null", "zero", "full", "tty"])
def test_a_device_is_an_error_without_waiting(place, command, device):
    done = place.prov(*command, f"{os.sep}dev{os.sep}{device}")

    assert done.returncode == 5, done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.requirement("CAR-026")
@pytest.mark.parametrize("command", WRITING, ids=lambda c: c[0])
def test_a_symbolic_link_is_not_written_through(place, command):
    place.song.rename(place.song.with_name("real.wav"))
    place.song.symlink_to("real.wav")

    done = place.prov(*command, str(place.song))

    real = place.song.with_name("real.wav")
    if command[0] == "strip":
        assert done.returncode in {0, 5}  # there is nothing to strip
    else:
        assert done.returncode == 5, done.stderr
        assert b"symbolic link" in done.stderr
    assert place.song.is_symlink()
    assert real.read_bytes() == place.data
    assert place.beside() == ["real.wav", "song.wav"]


@pytest.mark.requirement("CAR-027")
def test_a_symbolic_link_is_followed_for_reading(place):
    assert place.sign(str(place.song)).returncode == 0
    link = place.song.with_name("link.wav")
    link.symlink_to("song.wav")

    assert place.prov("verify", str(link)).returncode == 0


@pytest.mark.requirement("CAR-030")
def test_a_hard_link_is_refused_unless_it_may_be_broken(place):
    other = place.song.with_name("other.wav")
    os.link(place.song, other)

    refused = place.sign(str(place.song))

    assert refused.returncode == 1
    assert b"file.hard-link" in refused.stderr
    assert place.song.read_bytes() == other.read_bytes() == place.data
    assert place.song.stat().st_nlink == 2

    assert place.sign("--break-link", str(place.song)).returncode == 0
    assert other.read_bytes() == place.data
    assert place.prov("verify", str(place.song)).returncode == 0
    assert (place.song.stat().st_nlink, other.stat().st_nlink) == (1, 1)


@pytest.mark.requirement("CAR-030")
def test_stripping_a_hard_link_is_refused_too(place):
    assert place.sign(str(place.song)).returncode == 0
    signed = place.song.read_bytes()
    os.link(place.song, place.song.with_name("other.wav"))

    refused = place.prov("strip", str(place.song))

    assert refused.returncode == 1
    assert b"file.hard-link" in refused.stderr
    assert place.song.read_bytes() == signed


@pytest.mark.requirement("CAR-031")
def test_a_file_that_is_marked_read_only_is_refused(place):
    place.song.chmod(0o444)

    done = place.sign(str(place.song))

    assert done.returncode == 1
    assert b"file.read-only" in done.stderr
    assert place.song.read_bytes() == place.data
    assert place.beside() == ["song.wav"]


def test_a_folder_that_cannot_be_written_is_an_error_that_names_it(place):
    if os.geteuid() == 0:
        pytest.skip("the administrator may write anywhere: 1 case skipped")
    place.song.parent.chmod(0o555)
    try:
        done = place.sign(str(place.song))
    finally:
        place.song.parent.chmod(0o755)

    assert done.returncode == 5
    assert place.song.read_bytes() == place.data
    assert place.beside() == ["song.wav"]


@pytest.mark.requirement("CAR-021")
@pytest.mark.requirement("SEC-010")
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, id=kind, marks=() if kind in SOON else pytest.mark.slow)
        for kind, name in ODD.items()
    ],
)
def test_an_odd_name_is_signed_verified_and_never_printed_raw(place, name):
    path = place.song.with_name(os.fsdecode(name))
    place.song.rename(path)
    said = b""

    for command in (("sign", "--manifest", "d.json", "--no-fingerprint"), ("verify",), ("inspect",), ("extract", "--out", "-"), ("strip",)):  # fmt: skip
        done = place.prov(*command, str(path))
        assert done.returncode == 0, (command, done.stderr)
        said += done.stdout + done.stderr

    text = said.decode("utf-8")
    assert not {"\x1b", "\x07", "\r", "\u202e"} & set(text)
    assert b"a\nb" not in said
    assert place.beside() == [path.name]
    assert path.read_bytes() == place.data


@pytest.mark.requirement("SEC-010")
def test_a_name_that_begins_with_a_dash_is_a_file_behind_two_dashes(place):
    odd = place.folder / "-n.wav"
    odd.write_bytes(place.data)

    assert place.sign("--", "-n.wav").returncode == 0
    assert place.prov("verify", "--", "-n.wav").returncode == 0
    assert not list(place.folder.glob(".*musicprov*"))


@pytest.mark.requirement("CAR-022")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755, 0o4755])
def test_mode_times_and_attributes_are_kept(place, mode):
    attributes = {"user.comment": b"mine \x00\xff", "user.xdg.origin.url": b"x" * 200}
    try:
        for key, value in attributes.items():
            os.setxattr(place.song, key, value)
    except OSError:
        attributes = {}
    place.song.chmod(mode)
    os.utime(place.song, ns=(1_500_000_000_123_456_789, 1_400_000_000_987_654_321))
    before = place.song.stat()

    for command in ("sign", "strip"):
        done = (
            place.sign(str(place.song))
            if command == "sign"
            else place.prov("strip", str(place.song))
        )
        assert done.returncode == 0, done.stderr
        after = place.song.stat()
        assert stat.S_IMODE(after.st_mode) == mode
        assert after.st_mtime_ns == before.st_mtime_ns
        assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
        kept = {k: os.getxattr(place.song, k) for k in os.listxattr(place.song) if k in attributes}
        assert kept == attributes

    os.utime(place.song, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert place.sign("--touch", str(place.song)).returncode == 0
    assert place.song.stat().st_mtime_ns > before.st_mtime_ns
    assert stat.S_IMODE(place.song.stat().st_mode) == mode


OUT = {
    "file": lambda p: p.write_bytes(b"precious"),
    "link to a file": lambda p: p.symlink_to("song.wav"),
    "dangling link": make_dangling,
    "FIFO": os.mkfifo,
}


@pytest.mark.requirement("CAR-025")
@pytest.mark.parametrize("command", ["sign", "strip", "extract"])
@pytest.mark.parametrize("make", OUT.values(), ids=OUT)
def test_what_stands_at_the_place_of_a_copy_is_not_overwritten(place, make, command):
    out = place.song.with_name("copy.wav")
    if command != "sign":
        assert place.sign(str(place.song)).returncode == 0
    data = place.song.read_bytes()
    make(out)
    before = os.lstat(out)

    done = (
        place.sign("--out", str(out), str(place.song))
        if command == "sign"
        else place.prov(command, "--out", str(out), str(place.song))
    )

    assert done.returncode == 5, done.stderr
    now = os.lstat(out)
    assert all(
        getattr(now, m) == getattr(before, m)
        for m in ("st_ino", "st_mode", "st_size", "st_mtime_ns")
    )
    assert place.song.read_bytes() == data
    assert place.beside() == ["copy.wav", "song.wav"]


@pytest.mark.requirement("CAR-024")
def test_what_a_dead_process_left_is_removed_and_what_a_living_one_writes_is_not(place):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    stale = place.song.with_name(f".song.wav.musicprov-{dead.pid}-0123abcd")
    living = place.song.with_name(f".song.wav.musicprov-{os.getpid()}-0123abcd")
    others = [
        place.song.with_name(f".other.wav.musicprov-{dead.pid}-0123abcd"),
        place.song.with_name(f".song.wav.musicprov-{dead.pid}-0123abcd.bak"),
        place.song.with_name(f"song.wav.musicprov-{dead.pid}-0123abcd"),
        place.song.with_name(".song.wav.musicprov-x-0123abcd"),
    ]
    for path in (stale, living, *others):
        path.write_bytes(b"half")

    assert place.sign(str(place.song)).returncode == 0

    assert not stale.exists()
    assert all(path.read_bytes() == b"half" for path in (living, *others))


@pytest.mark.requirement("CAR-024")
def test_what_looks_left_over_but_is_a_folder_or_a_link_does_no_harm(place):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    precious = place.folder / "precious"
    precious.write_bytes(b"precious")
    place.song.with_name(f".song.wav.musicprov-{dead.pid}-00000001").symlink_to(precious)
    place.song.with_name(f".song.wav.musicprov-{dead.pid}-00000002").mkdir()

    assert place.sign(str(place.song)).returncode == 0
    assert precious.read_bytes() == b"precious"
    assert place.prov("verify", str(place.song)).returncode == 0


@pytest.mark.requirement("CAR-006")
@pytest.mark.parametrize("make", [*OUT.values(), make_folder, make_socket], ids=[*OUT, "folder", "socket"])  # fmt: skip
def test_a_sidecar_that_is_no_regular_file_is_not_read(place, monkeypatch, make):
    monkeypatch.chdir(place.song.parent)
    sidecar = Path("song.wav.musicprov.json")
    make(sidecar)
    regular = sidecar.is_file() and not sidecar.is_symlink()

    done = place.prov("verify", str(place.song))

    assert done.returncode == (1 if regular else 4), done.stdout
    assert b"Traceback" not in done.stderr


@pytest.mark.requirement("SEC-001")
def test_a_huge_sidecar_is_read_to_its_limit_only(place):
    sidecar = place.song.with_name("song.wav.musicprov.json")
    with sidecar.open("wb") as stream:
        stream.write(b"{")
        stream.truncate(1 << 34)

    done = place.prov("verify", str(place.song))

    assert done.returncode in {1, 3}, done.stdout
    assert b"carrier.too-large" in done.stdout


@pytest.mark.requirement("CAR-033")
def test_a_target_that_is_replaced_meanwhile_is_left_as_it_is(tmp_path):
    from provenance.files.replacing import replace_file
    from provenance.model.errors import InputError, RefusedError

    song = tmp_path / "song.wav"
    song.write_bytes(b"old")

    def make(source, target):
        target.write(source.read() + b" and new")
        (tmp_path / "other").write_bytes(b"of another program")
        (tmp_path / "other").replace(song)

    with pytest.raises((InputError, RefusedError), match="changed by another program"):
        replace_file(song, make)

    assert song.read_bytes() == b"of another program"
    assert [p.name for p in tmp_path.iterdir()] == ["song.wav"]
