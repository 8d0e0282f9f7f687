"""What ``prov sign`` says to whoever signs: before it asks, before it writes, and at the end."""

import json
import random
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from support import c2pa, terminal
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


@pytest.mark.parametrize("verb", ["sign", "cosign"])
def test_whoever_signs_with_a_certificate_is_told_of_the_authority(place, verb):
    root, leaf, key = c2pa.chain()
    for name, data in (("root.pem", root), ("chain.pem", leaf + root), ("seal.pem", key)):
        (place / name).write_bytes(data)
    seal = ("--key", "seal.pem", "--cert", "chain.pem")
    if verb == "cosign":
        prov(place, "keygen", "--no-passphrase", "--out", "artist.pem")
        sign(place, "My song.wav", "--manifest", "d.json", "--key", "artist.pem")
        said = prov(place, "cosign", "My song.wav", *seal).stderr
    else:
        said = sign(place, "My song.wav", "--manifest", "d.json", *seal)

    told = commands(said)
    unknown = prov(place, *told["Check it with:"], expect=3)
    needed = told["It can pass once your trust policy names the authority of your certificate:"]
    prov(place, "trust", "init", "--preset", "personal")
    prov(place, *needed, "--id", "seals", "--name", "Seals", "--cert", "root.pem")

    certificate = "a key you have not been told about, with a certificate under no authority"
    assert certificate in unknown.stdout
    assert "prov trust add-authority" in unknown.stderr
    assert "certified by Test Root" in prov(place, *told["Check it with:"]).stdout


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


def half_a_flac(path):
    """A FLAC that was cut in the middle, as by a download that broke off."""
    av = pytest.importorskip("av")
    whole = path.with_name("whole.flac")
    with av.open(str(whole), "w", format="flac") as out:
        stream = out.add_stream("flac", rate=44_100, layout="mono")
        for n in range(40):
            frame = av.AudioFrame(format="s16", layout="mono", samples=4096)
            frame.sample_rate, frame.pts = 44_100, n * 4096
            noise = random.Random(n).randbytes(8192)
            frame.planes[0].update(noise)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    data = whole.read_bytes()
    path.write_bytes(data[: len(data) // 2])


LOOKS_DAMAGED = "cut.flac looks damaged or incomplete: the decoder reports damaged audio."


@pytest.mark.slow
def test_a_damaged_file_is_signed_by_a_script_and_called_damaged(place):
    prov(place, "keygen", "--no-passphrase")
    half_a_flac(place / "cut.flac")

    shown = sign(place, "cut.flac", "--manifest", "d.json", "--dry-run")
    said = sign(place, "cut.flac", "--manifest", "d.json")
    again = sign(place, "cut.flac", "--manifest", "d.json")
    whole = sign(place, "whole.flac", "--manifest", "d.json")

    for told in (shown, said):
        assert f"Warning: {LOOKS_DAMAGED}" in told
        assert "about this damaged audio" in told
    assert said.index("Warning") < said.index("Signed: cut.flac")
    assert "looks damaged" not in again + whole


@pytest.mark.parametrize(("answer", "code"), [("\n", 130), ("y\n", 0)])
def test_enter_does_not_sign_a_damaged_file(place, answer, code):
    with_key(place)
    half_a_flac(place / "cut.flac")
    before = (place / "cut.flac").read_bytes()
    session = terminal.prov(place, "sign", "cut.flac", "--manifest", "d.json", "--no-fingerprint")
    session.answer("Sign this? [y/N]: ", answer)

    assert session.finish() == code
    assert LOOKS_DAMAGED in " ".join(session.text.split())
    assert ((place / "cut.flac").read_bytes() == before) == (code == 130)


def test_a_sheet_tells_which_rows_look_damaged(place):
    prov(place, "keygen", "--no-passphrase")
    half_a_flac(place / "cut.flac")
    (place / "s.csv").write_text("file,lyrics\ncut.flac,none\nwhole.flac,none\n")

    said = prov(place, "sheet", "sign", "s.csv", "-y", "--no-fingerprint").stderr
    again = prov(place, "sheet", "sign", "s.csv", "-y", "--no-fingerprint").stderr

    assert said.count("damaged or incomplete") == 1
    assert "Warning: row 2, cut.flac: signed, but looks damaged" in said
    assert "2 signed" in said
    assert "damaged" not in again


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


@pytest.mark.parametrize(
    "why", ["data-cut", "no such file", "not finished", "no key", "is not JSON"]
)
def test_one_file_that_stops_all_says_that_nothing_was_signed(place, why):
    data = PLAIN.read_bytes()
    for n in range(3):
        (place / f"{n}.wav").write_bytes(data)
    if why != "no key":
        with_key(place)
    if why == "data-cut":
        (place / "1.wav").write_bytes(data[:60])
    elif why == "no such file":
        (place / "1.wav").unlink()
    declared = () if why == "not finished" else ("--manifest", "d.json")
    if why == "is not JSON":
        (place / "d.json").write_text("{")
    names = [path.name for path in sorted(place.glob("?.wav"))]
    before = [(place / name).read_bytes() for name in names]

    done = prov(
        place, "sign", "0.wav", "1.wav", "2.wav", *declared, "--no-fingerprint", expect=None
    )
    alone = prov(place, "sign", "1.wav", *declared, "--no-fingerprint", expect=None)

    said = "Nothing was signed: none of the 3 files was changed."
    assert done.returncode
    assert done.stderr.splitlines()[-2] == said
    assert "Nothing was signed" not in alone.stderr
    assert [(place / name).read_bytes() for name in names] == before


def test_what_was_signed_before_another_recording_failed_is_counted(place):
    with_key(place)
    for name in ("a.wav", "b.wav"):
        data = bytearray(PLAIN.read_bytes())
        data[100] = ord(name[0])
        (place / name).write_bytes(data)
    prov(place, "declare", "a.wav", "--set", "lyrics=none")

    first, again = (sign(place, "a.wav", "b.wav", expect=2).splitlines() for _ in range(2))
    said = prov(place, "supersede", "a.wav", "b.wav", expect=1).stderr.splitlines()
    assert said[0] == "Nothing was signed: none of the 2 files was changed."
    assert said[1].startswith("b.wav: carries no declaration")
    assert first[-2] == "Signed so far: 1 of 2 files; the same command goes on with the rest."
    assert again[-2] == "Nothing was signed: none of the 2 files was changed."
    assert all(told[-1].startswith("b.wav: no declaration to sign") for told in (first, again))


def test_what_to_do_again_keeps_the_sidecar_and_the_key(place):
    with_key(place)
    prov(place, "keygen", "--no-passphrase", "--out", "my key.pem")
    words = ("My song.wav", "--manifest", "d.json", "--sidecar", "--key", "my key.pem")
    sign(place, *words)

    again = sign(place, *words)
    (told,) = (line for line in again.splitlines() if line.startswith("To change"))
    then = shlex.split(told.split(", then prov ")[1])
    prov(place, "declare", "My song.wav", "--set", "lyrics=none")
    sign(place, *then[1:])

    assert "Nothing to do" in again
    assert {"--replace", "--sidecar", "--key", "my key.pem"} < set(then)
    assert (place / "My song.wav").read_bytes() == PLAIN.read_bytes()
    assert "Lyrics" in prov(place, "verify", "My song.wav", "--key", "my key.pub.jwk").stdout


def test_whoever_declares_again_is_told_of_the_sidecar(place):
    prov(place, "keygen", "--no-passphrase")
    sign(place, "My song.wav", "--manifest", "d.json", "--sidecar")

    said = prov(place, "declare", "My song.wav", "--set", "lyrics=none").stderr

    assert "prov sign --replace --sidecar 'My song.wav'" in said


@pytest.mark.parametrize("signer", ["own", "foreign"])
def test_a_sidecar_tells_of_the_declaration_that_stays_in_the_file(place, signer):
    prov(place, "keygen", "--no-passphrase")
    prov(place, "keygen", "--no-passphrase", "--out", "other.pem")
    key = ("--key", "other.pem") if signer == "foreign" else ()
    sign(place, "My song.wav", "--manifest", "d.json", *key)
    (place / "d.json").write_text(json.dumps({"contributions": [{**DECLARATION["contributions"][0], "level": "none"}]}))  # fmt: skip

    wish = "--replace" if signer == "own" else "--replace=foreign"
    said = sign(place, "My song.wav", "--manifest", "d.json", "--sidecar", wish)
    again = sign(place, "My song.wav", "--manifest", "d.json", "--sidecar")
    told = commands(said)["To replace it there too:"]
    after = sign(place, *told[1:])
    (place / "My song.wav.musicprov.json").rename(place / "away.json")

    assert "The file itself still carries another declaration" in " ".join(said.split())
    assert "The file itself still carries" in " ".join(again.split())
    assert told == ["sign", wish, "My song.wav"]
    assert "Signed" in after
    assert "Mixing: no AI used" in prov(place, "verify", "My song.wav").stdout
    assert "still carries" not in sign(place, "My song.wav", "--manifest", "d.json", "--sidecar")
