"""``prov label``: of what a label is made, and what it says where it goes (spec 11.4, 11.6)."""

import json
import shutil
import wave
from xml.etree import ElementTree as ET

import pytest

from support import command

TEXT = "{http://www.w3.org/2000/svg}text"
DECLARED = {
    "subject": {"title": "T", "artists": [{"name": "Nova", "identity": "aiPersona"}]},
    "contributions": [{"asset": "recording", "area": "leadVocals", "level": "full"}],
}
FORMS = ("sentence", "code", "svg")


def wav(path, step):
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(bytes(n * step // 7 % 251 for n in range(32000)))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    place = tmp_path_factory.mktemp("labels")
    (place / "declaration.json").write_text(json.dumps(DECLARED))
    wav(place / "track.wav", 3)
    wav(place / "other.wav", 5)
    command.prov(place, "keygen", "--no-passphrase")
    words = ("--manifest", "declaration.json", "--no-fingerprint", "-y")
    command.prov(place, "sign", "track.wav", *words)
    shutil.copy(place / "track.wav", place / "withdrawn it is.wav")
    command.prov(place, "withdraw", "withdrawn it is.wav", "--reason", "error")
    command.prov(place, "extract", "track.wav", "--out", "other.wav.musicprov.json")
    return place


@pytest.mark.requirement("LBL-051")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("file", "code", "why"),
    [
        ("other.wav", "binding.mismatch", "what it carries does not hold"),
        ("withdrawn it is.wav", "currency.withdrawn", "its signer took the declaration back"),
    ],
)
def test_what_does_not_hold_or_was_taken_back_has_no_label(made, form, file, code, why):
    out = made / f"{form}.svg"
    done = command.prov(made, "label", "--form", form, "--out", out, file, expect=1)

    assert done.stdout == ""
    assert not out.exists()
    assert f"{file}: no label is made: {why} [{code}]" in done.stderr
    assert f"prov explain {code}" in done.stderr
    quoted = f"'{file}'" if " " in file else file
    assert f"prov verify {quoted}" in " ".join(done.stderr.split())


@pytest.mark.requirement("LBL-037")
def test_the_picture_says_whether_the_declaration_is_signed(made):
    def foot(file, expect=0):
        done = command.prov(made, "label", "--form", "svg", file, expect=expect)
        return [t.text for t in ET.fromstring(done.stdout).iter(TEXT)][-1]

    assert foot("track.wav") == "A signed declaration, not a test result."
    assert foot("declaration.json") == "Not signed: nobody stands for this declaration."


@pytest.mark.requirement("LBL-052")
def test_a_label_for_a_stranger_is_an_unverified_claim_and_made(made, tmp_path):
    shutil.copy(made / "track.wav", tmp_path)

    done = command.prov(tmp_path, "label", "track.wav")
    code = command.prov(tmp_path, "label", "track.wav", "--form", "code")
    picture = ("label", "track.wav", "--form", "svg", "--lang", "sv", "--out", "u.svg")
    command.prov(tmp_path, *picture)

    assert "Unverified claim: INDETERMINATE [identity.unknown]" in done.stderr
    assert done.stdout.startswith("Lead vocals: made entirely by AI.")
    assert done.stdout.endswith(" Unverified claim: signed, but not confirmed.\n")
    assert code.stdout == "LV-F UNVERIFIED\n"
    seen = [t.text for t in ET.parse(tmp_path / "u.svg").getroot().iter(TEXT)]
    assert seen[-1] == "Overifierad uppgift: signerad men inte bekräftad."
    assert "En signerad uppgift, inte ett testresultat." not in seen


@pytest.mark.requirement("LBL-041")
def test_a_language_may_be_written_as_operating_systems_do(made):
    asked = ("label", "--form", "svg", "track.wav", "--lang")
    written, tag = (command.prov(made, *asked, lang).stdout for lang in ("de_DE", "de-DE"))

    assert 'lang="de-DE"' in tag
    assert written == tag
