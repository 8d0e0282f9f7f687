"""What scripts rely on: exit codes, where output goes, what is refused (spec 6, 9.5)."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from support import command

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "verify"
PLAIN = VECTORS / "absent" / "input.wav"
SIGNED = VECTORS / "passed-own-key" / "input.wav"
DECLARATION = {
    "declarant": {"role": "artist", "name": "Somebody"},
    "contributions": [
        {"asset": "recording", "area": "leadVocals", "level": "full"},
        {"asset": "recording", "area": "mixing", "level": "utility"},
    ],
}


@pytest.fixture
def place(tmp_path):
    shutil.copyfile(PLAIN, tmp_path / "song.wav")
    (tmp_path / "declaration.json").write_text(json.dumps(DECLARATION), encoding="utf-8")
    prov(tmp_path, "keygen", "--no-passphrase", expect=0)
    return tmp_path


def prov(place, *arguments, expect=None, home="home"):
    return command.prov(place, *arguments, expect=expect, home=home)


def sign(place, *more, expect=0, home="home", file="song.wav"):
    arguments = ("sign", file, "--manifest", "declaration.json", "--no-fingerprint", *more)
    return prov(place, *arguments, expect=expect, home=home)


def reports(place, *arguments, home="home"):
    done = prov(place, "verify", "--format", "json", *arguments, home=home)
    return json.loads(done.stdout)["results"]


def carriers(place, file="song.wav"):
    found = json.loads(prov(place, "inspect", "--format", "json", file).stdout)
    return found["files"][0]["carriers"]


def declare(place, **levels):
    changed = {
        **DECLARATION,
        "contributions": [
            {"asset": "recording", "area": area, "level": level} for area, level in levels.items()
        ],
    }
    (place / "declaration.json").write_text(json.dumps(changed), encoding="utf-8")


@pytest.mark.requirement("CON-006")
@pytest.mark.requirement("VSN-001")
@pytest.mark.requirement("CAR-004")
def test_what_is_signed_passes_for_its_signer_and_stands_as_one_compact_token(place):
    sign(place)

    (report,) = reports(place, "song.wav")
    held = next(c for c in carriers(place) if c["name"] == "MUSICPROV")
    token = prov(place, "extract", "--token", "--out", "-", "song.wav").stdout.strip()

    assert report["status"] == "PASSED"
    assert held["content"]["specVersion"] == "1.0"
    assert token.count(".") == 2
    assert token.encode() in (place / "song.wav").read_bytes()


@pytest.mark.requirement("CAR-015")
def test_the_summary_is_made_from_the_manifest(place):
    sign(place)

    summaries = [c["content"] for c in carriers(place) if c["name"] == "AI_DISCLOSURE"]

    assert summaries == ["leadVocals=full; mixing=utility"]


@pytest.mark.requirement("CAR-045")
def test_signing_the_same_again_writes_nothing(place):
    sign(place)
    before = (place / "song.wav").read_bytes(), (place / "song.wav").stat().st_ino

    sign(place)

    assert ((place / "song.wav").read_bytes(), (place / "song.wav").stat().st_ino) == before


@pytest.mark.requirement("CAR-040")
@pytest.mark.requirement("CAR-043")
def test_another_declaration_needs_replace_and_then_supersedes(place):
    sign(place)
    declare(place, leadVocals="partial")
    before = (place / "song.wav").read_bytes()
    old = carriers(place)[0]

    refused = sign(place, expect=1)
    unchanged = (place / "song.wav").read_bytes()
    sign(place, "--replace")
    new = next(c for c in carriers(place) if c["name"] == "MUSICPROV")

    assert "[replace.not-asked]" in refused.stderr
    assert unchanged == before
    assert new["content"]["supersedes"] == old["sid"]
    assert (old["content"]["sequence"], new["content"]["sequence"]) == (1, 2)


@pytest.mark.requirement("CAR-041")
def test_another_signers_statement_is_only_replaced_when_exactly_that_is_asked(place):
    sign(place)
    prov(place, "keygen", "--no-passphrase", home="other", expect=0)
    before = (place / "song.wav").read_bytes()

    for wish in ((), ("--replace",)):
        done = sign(place, *wish, expect=1, home="other")

        assert "[replace.other-signer]" in done.stderr
        assert (place / "song.wav").read_bytes() == before
    sign(place, "--replace=foreign", home="other")

    assert (place / "song.wav").read_bytes() != before


@pytest.mark.requirement("MOD-060")
@pytest.mark.parametrize(
    "member",
    [
        {"id": "urn:uuid:6f1c2a4e-3b5d-4c7e-8f90-a1b2c3d4e5f6"},
        {"issued": "2026-11-23T00:00:00Z"},
        {"sequence": 7},
        {"supersedes": "A" * 43},
        {"subject": {"bindings": []}},
    ],
    ids=lambda m: next(iter(m)),
)
def test_a_declaration_may_not_state_what_the_tool_writes(place, member):
    (place / "declaration.json").write_text(json.dumps(DECLARATION | member), encoding="utf-8")

    done = sign(place, expect=2)

    assert next(iter(member)) in done.stderr
    assert (place / "song.wav").read_bytes() == PLAIN.read_bytes()


@pytest.mark.requirement("CAR-050")
@pytest.mark.requirement("CAR-021")
@pytest.mark.requirement("CAR-023")
def test_stripping_leaves_the_audio_and_no_carrier(place):
    sign(place)
    said = prov(place, "strip", "song.wav", expect=0).stderr

    data = (place / "song.wav").read_bytes()
    pcm = PLAIN.read_bytes()[44:]

    assert said == "song.wav: 2 tags of the declaration removed\n"
    assert pcm in data
    assert b"MUSICPROV" not in data
    assert b"AI_DISCLOSURE" not in data
    prov(place, "inspect", "song.wav", expect=4)


@pytest.mark.requirement("CAR-042")
def test_one_token_cannot_be_taken_out_of_two(place):
    shutil.copyfile(VECTORS / "contradicting" / "input.wav", place / "two.wav")

    done = prov(place, "extract", "--token", "two.wav", expect=1)

    assert "[extract.several]" in done.stderr
    bundle = json.loads(prov(place, "extract", "--out", "-", "two.wav", expect=0).stdout)
    assert len(bundle["statements"]) == 2


@pytest.mark.requirement("CAR-005")
@pytest.mark.requirement("ENV-040")
@pytest.mark.requirement("CAR-008")
def test_the_sidecar_stands_in_for_stripped_tags_in_any_form(place):
    sign(place)
    token = prov(place, "extract", "--token", "--out", "-", "song.wav").stdout.strip()
    prov(place, "extract", "song.wav", expect=0)
    prov(place, "strip", "song.wav", expect=0)
    sidecar = place / "song.wav.musicprov.json"

    as_bundle = prov(place, "verify", "song.wav").returncode
    sidecar.write_text(token, encoding="ascii")
    as_token = prov(place, "verify", "song.wav").returncode
    sidecar.rename(place / "kept.jws")
    (place / "kept.jws").write_text(token + "\n", encoding="ascii")
    given = prov(place, "verify", "--manifest", "kept.jws", "song.wav").returncode

    assert (as_bundle, as_token, given) == (0, 0, 0)


@pytest.mark.requirement("CAR-006")
def test_a_sidecar_that_is_a_link_is_not_read(place):
    sign(place)
    prov(place, "extract", "--out", "elsewhere.json", "song.wav", expect=0)
    prov(place, "strip", "song.wav", expect=0)
    (place / "song.wav.musicprov.json").symlink_to("elsewhere.json")

    prov(place, "verify", "song.wav", expect=4)


@pytest.mark.requirement("CAR-007")
def test_a_sidecar_has_no_precedence_over_the_tag(place):
    sign(place)
    shutil.copyfile(place / "song.wav", place / "first.wav")
    prov(place, "strip", "song.wav", expect=0)
    declare(place, leadVocals="none")
    sign(place)
    prov(place, "extract", "--out", "first.wav.musicprov.json", "song.wav", expect=0)

    (report,) = reports(place, "first.wav")

    assert (report["status"], report["code"]) == ("INDETERMINATE", "carrier.conflict")


@pytest.mark.requirement("CAR-025")
def test_a_copy_never_overwrites(place):
    (place / "there.wav").write_bytes(b"mine")

    sign(place, "--out", "there.wav", expect=5)

    assert (place / "there.wav").read_bytes() == b"mine"


@pytest.mark.requirement("CAR-025")
@pytest.mark.parametrize("verb", ["sign", "strip"])
@pytest.mark.parametrize("out", ["song.wav", "./song.wav", "."])
def test_a_copy_is_never_the_file_itself(place, verb, out):
    sign(place)
    before = (place / "song.wav").read_bytes()

    if verb == "sign":
        done = sign(place, "--out", out, expect=2)
    else:
        done = prov(place, "strip", "song.wav", "--out", out, expect=2)

    assert "is the file itself" in done.stderr
    assert (place / "song.wav").read_bytes() == before


@pytest.mark.parametrize("verb", ["sign", "strip"])
def test_a_copy_is_not_named_as_another_format(place, verb):
    sign(place)
    arguments = ("strip", "song.wav") if verb == "strip" else ("sign", "song.wav", "--manifest", "declaration.json", "--no-fingerprint")  # fmt: skip

    done = prov(place, *arguments, "--out", "copy.mp3", expect=2)
    for name in ("copy.WAVE", "copy.new"):
        prov(place, *arguments, "--out", name, expect=0)

    assert "named as another format" in done.stderr
    assert ".wav" in done.stderr
    assert not (place / "copy.mp3").exists()


def test_a_sidecar_and_a_copy_are_one_or_the_other(place):
    (place / "album").mkdir()

    for out in ("copy.wav", "album"):
        done = sign(place, "--sidecar", "--out", out, expect=2)

        assert done.stderr.strip() == "--out and --sidecar: choose one"
    assert sorted(p.name for p in place.glob("**/*.wav*")) == ["song.wav"]


@pytest.mark.parametrize("form", ["sentence", "code", "svg"])
def test_a_label_never_overwrites(place, form):
    for target in ("song.wav", "./song.wav", "declaration.json"):
        before = (place / target).read_bytes()

        done = prov(place, "label", "--form", form, "--out", target, "declaration.json", expect=5)

        assert "exists already" in done.stderr
        assert "Written" not in done.stderr
        assert (place / target).read_bytes() == before


@pytest.mark.requirement("CAR-026")
def test_a_link_in_place_of_the_file_is_not_followed_for_writing(place):
    (place / "link.wav").symlink_to("song.wav")

    sign(place, file="link.wav", expect=5)

    assert (place / "song.wav").read_bytes() == PLAIN.read_bytes()
    assert (place / "link.wav").is_symlink()


@pytest.mark.requirement("CAR-030")
def test_a_hard_link_is_refused_unless_it_may_be_broken(place):
    os.link(place / "song.wav", place / "other.wav")

    done = sign(place, expect=1)
    sign(place, "--break-link")

    assert "[file.hard-link]" in done.stderr
    assert (place / "other.wav").read_bytes() == PLAIN.read_bytes()


@pytest.mark.requirement("CAR-031")
def test_a_read_only_file_is_refused(place):
    (place / "song.wav").chmod(0o444)

    done = sign(place, expect=1)

    assert "[file.read-only]" in done.stderr
    assert (place / "song.wav").read_bytes() == PLAIN.read_bytes()


@pytest.mark.requirement("CAR-035")
@pytest.mark.requirement("VER-130")
@pytest.mark.requirement("VDT-010")
def test_one_refused_file_keeps_all_files_of_the_set_unwritten(place):
    shutil.copyfile(VECTORS / "refused-container" / "input.wav", place / "odd.wav")
    prov(place, "strip", "odd.wav")

    done = sign(place, "odd.wav", "--same-recording", expect=1)

    assert "[wav." in done.stderr
    assert (place / "song.wav").read_bytes() == PLAIN.read_bytes()


@pytest.mark.requirement("VDT-010")
@pytest.mark.requirement("CAR-030")
@pytest.mark.requirement("CAR-031")
@pytest.mark.parametrize("why", ["hard-link", "read-only"])
def test_a_file_that_cannot_be_replaced_is_known_before_any_of_the_set_is_written(place, why):
    shutil.copyfile(PLAIN, place / "second.wav")
    if why == "hard-link":
        os.link(place / "second.wav", place / "other.wav")
    else:
        (place / "second.wav").chmod(0o444)

    done = sign(place, "second.wav", expect=1)

    assert done.stderr.splitlines()[-1].startswith("second.wav: ")
    assert f"[file.{why}]" in done.stderr
    assert "Signed" not in done.stderr
    assert (place / "song.wav").read_bytes() == PLAIN.read_bytes()


@pytest.mark.requirement("CAR-031")
def test_a_read_only_file_that_is_signed_already_has_nothing_to_be_refused(place):
    sign(place)
    (place / "song.wav").chmod(0o444)

    assert "Nothing to do, already signed" in sign(place).stderr


@pytest.mark.parametrize("again", ["song.wav", "./song.wav", "link.wav"])
@pytest.mark.parametrize("manifest", [("--manifest", "declaration.json"), ()], ids=["set", "each"])
def test_one_file_is_not_named_twice(place, again, manifest):
    (place / "link.wav").symlink_to("song.wav")

    done = prov(place, "sign", "song.wav", again, *manifest, expect=2)

    assert f"{again.removeprefix('./')}: is the same file as song.wav" in done.stderr
    assert (place / "song.wav").read_bytes() == PLAIN.read_bytes()


@pytest.mark.requirement("CAR-025")
def test_two_copies_of_one_name_are_known_before_one_is_written(place):
    for folder in ("a", "b", "copies"):
        (place / folder).mkdir()
        shutil.copyfile(PLAIN, place / folder / "song.wav")
    (place / "copies" / "song.wav").unlink()

    done = sign(place, "b/song.wav", "--out", "copies", expect=2, file="a/song.wav")

    assert "b/song.wav" in done.stderr
    assert list((place / "copies").iterdir()) == []


CHANGES_THE_SECOND = """
import sys
from pathlib import Path
from provenance.signing.keys import load_private
from provenance.signing.signer import FileSigner

Path("second.wav").write_bytes(Path("song.wav").read_bytes()[:60])
key = load_private(Path("home/keys/default.pem").read_bytes(), None)
sys.stdout.buffer.write(FileSigner(key).sign(sys.stdin.buffer.read()))
"""


def test_what_was_signed_before_a_file_of_the_set_failed_is_said(place):
    shutil.copyfile(PLAIN, place / "second.wav")
    (place / "signs.py").write_text(CHANGES_THE_SECOND)
    signing = ("--sign-command", f"{sys.executable} signs.py")
    signing += ("--public-key", "home/keys/default.pub.jwk")

    done = sign(place, "second.wav", *signing, expect=1)

    told = done.stderr.splitlines()
    assert told[-3] == "Signed: song.wav"
    assert told[-2].startswith("Signed so far: 1 of 2 files")
    assert told[-1].startswith("second.wav: ")
    assert reports(place, "song.wav")[0]["status"] == "PASSED"


@pytest.mark.requirement("CAR-035")
@pytest.mark.parametrize(
    "words",
    [
        "sign song.wav odd.wav --same-recording --manifest declaration.json",
        "sign odd.wav",
        "declare odd.wav --set lyrics=none",
        "strip song.wav odd.wav",
        "timestamp odd.wav --tsa http://127.0.0.1:9/",
    ],
)
def test_a_refusal_names_the_file_that_it_is_about(place, words):
    (place / "odd.wav").write_bytes(PLAIN.read_bytes()[:60])

    done = prov(place, *words.split(), expect=1)

    assert done.stderr.splitlines()[-1].startswith("odd.wav: ")
    assert "[wav.data-cut]" in done.stderr


@pytest.mark.requirement("VER-012")
def test_what_was_cut_away_is_not_told_of_as_a_declaration(place):
    (place / "odd.wav").write_bytes(PLAIN.read_bytes()[:-1000])

    done = prov(place, "verify", "odd.wav", expect=3)

    assert "Not all of the file could be looked at" in done.stdout
    assert "The declaration" not in done.stdout


def test_the_exit_codes_of_other_commands(place):
    (place / "text.wav").write_text("no audio")

    assert prov(place, "sign", "song.wav").returncode == 2
    assert prov(place, "sign", "gone.wav", "--manifest", "declaration.json").returncode == 5
    assert prov(place, "inspect", "song.wav").returncode == 4
    assert prov(place, "extract", "song.wav").returncode == 4
    assert prov(place, "strip", "song.wav").returncode == 0
    assert prov(place, "explain", "no.such-code").returncode == 2
    assert prov(place, "verify").returncode == 2
    assert prov(place, "verify", "--require", "colour", "song.wav").returncode == 2


@pytest.mark.requirement("VDT-011")
def test_a_file_of_no_known_container_is_an_error_when_it_is_named(place):
    (place / "text.txt").write_text("no audio")

    done = prov(place, "verify", "text.txt", expect=5)

    assert "ERROR" in done.stdout


@pytest.mark.requirement("VDT-011")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (json.dumps(DECLARATION), "is a declaration that is not signed yet"),
        ('{"contributions": []}\n', None),
        ("", "some.mp3: is empty. Get it once more from where it came."),
        ("no audio", "is no audio file that we know"),
    ],
    ids=["unsigned", "no declaration", "empty", "text"],
)
def test_inspect_says_of_what_is_no_audio_what_verify_says(place, content, said):
    (place / "some.mp3").write_text(content, encoding="utf-8")

    verified = prov(place, "verify", "some.mp3", expect=1 if said is None else 5)
    looked = prov(place, "inspect", "some.mp3", expect=0 if said is None else 5)

    assert said is None or (said in verified.stdout and said in looked.stderr)
    assert said is None or "MUSICPROV" not in looked.stdout


@pytest.mark.requirement("VDT-012")
@pytest.mark.requirement("VDT-010")
def test_a_folder_gives_its_audio_files_in_byte_order_and_passes_over_the_rest(place):
    folder = place / "album"
    (folder / "b").mkdir(parents=True)
    for name in ("b/2.wav", "b/10.wav", "Z.wav", "a.dat", ".hidden.wav"):
        shutil.copyfile(PLAIN, folder / name)
    (folder / "notes.txt").write_text("x" * 200)
    (folder / "a.dat.musicprov.json").write_text('{"bundle":' + " " * 200)
    (folder / "link.wav").symlink_to("Z.wav")

    found = [r["input"]["name"] for r in reports(place, "album")]

    assert found == ["album/Z.wav", "album/a.dat", "album/b/10.wav", "album/b/2.wav"]


@pytest.mark.requirement("VDT-010")
def test_an_empty_folder_is_absent(place):
    (place / "empty").mkdir()

    prov(place, "verify", "empty", expect=4)


@pytest.mark.requirement("VDT-016")
def test_absence_is_said_not_to_mean_no_ai(place):
    (report,) = reports(place, "song.wav")
    text = prov(place, "verify", "song.wav", expect=4).stdout

    assert any("not a declaration that no AI was used" in line for line in report["notSaid"])
    assert "does not mean that no AI was used" in text


@pytest.mark.requirement("VDT-018")
def test_data_goes_to_stdout_and_talk_to_stderr(place):
    signed = sign(place)
    made = prov(place, "declare", "song.wav", "--set", "lyrics=none", "--out", "-", expect=0)

    assert signed.stdout == ""
    assert "Signed" in signed.stderr
    assert json.loads(made.stdout)["contributions"][0]["area"] == "lyrics"


@pytest.mark.requirement("VDT-019")
def test_inspecting_prints_no_status(place):
    sign(place)

    text = prov(place, "inspect", "song.wav", expect=0).stdout

    assert not [s for s in ("PASSED", "FAILED", "INDETERMINATE", "ABSENT") if s in text]


@pytest.mark.requirement("VDT-001")
def test_every_code_of_a_report_is_registered_and_explained(place):
    sign(place)
    (report,) = reports(place, "song.wav", home="stranger")

    for code in {c["code"] for c in report["checks"]}:
        assert prov(place, "explain", code, expect=0).stdout.startswith(f"{code}: ")


@pytest.mark.requirement("SEC-020")
def test_a_statement_holds_nothing_about_the_machine_or_its_user(place):
    sign(place)

    held = next(c for c in carriers(place) if c["name"] == "MUSICPROV")["content"]

    assert set(held) == {
        "type",
        "specVersion",
        "id",
        "issued",
        "sequence",
        "subject",
        "declarant",
        "contributions",
    }
    assert set(held["subject"]) <= {"title", "artists", "isrc", "bindings"}
    assert str(place) not in json.dumps(held)


@pytest.mark.requirement("SEC-023")
def test_keys_pins_and_drafts_are_their_users_alone(place):
    prov(place, "declare", "song.wav", "--set", "lyrics=none", expect=0)
    prov(place, "keygen", "--no-passphrase", "--out", "other.pem", expect=0)
    prov(place, "trust", "pin", "other.pub.jwk", expect=0)

    folders = {p for p in (place / "home").rglob("*") if p.is_dir()} | {place / "home"}
    private = [*(place / "home" / "drafts").iterdir(), place / "home" / "pins.json"]

    assert {p.name for p in folders} == {"home", "keys", "drafts"}
    assert [p.stat().st_mode & 0o777 for p in private] == [0o600] * 2
    assert (place / "home").stat().st_mode & 0o077 == 0
    assert (place / "home" / "drafts").stat().st_mode & 0o077 == 0


@pytest.mark.requirement("KEY-012")
def test_no_option_takes_a_passphrase_or_a_key_as_its_value(place):
    for verb in ("keygen", "sign"):
        text = prov(place, verb, "--help", expect=0).stdout

        assert "--passphrase " not in text
        assert "--private-key " not in text


@pytest.mark.requirement("SEC-011")
def test_a_crafted_title_is_never_a_path(place):
    made = {**DECLARATION, "subject": {"title": "../../evil", "artists": [{"name": "/etc/x"}]}}
    (place / "declaration.json").write_text(json.dumps(made), encoding="utf-8")
    sign(place)
    before = sorted(p.name for p in place.parent.iterdir())

    prov(place, "extract", "song.wav", expect=0)
    prov(place, "label", "--form", "svg", "--out", "label.svg", "song.wav", expect=0)

    assert sorted(p.name for p in place.parent.iterdir()) == before
    assert sorted(p.name for p in place.iterdir()) == [
        "declaration.json",
        "home",
        "label.svg",
        "song.wav",
        "song.wav.musicprov.json",
    ]
