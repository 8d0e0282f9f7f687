"""``prov export`` and ``prov import``: what is exported, where output goes, how it ends."""

import json
import shlex
import shutil
from pathlib import Path

import pytest
from provenance.cli import import_
from provenance.cli._losses import summary
from provenance.exports.base import Loss
from provenance.imports.base import Draft

from support.command import prov

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests" / "vectors" / "verify"
DECLARATION = ROOT / "examples" / "licensed-bass-stem" / "declaration.json"


def test_a_declaration_becomes_a_form_and_its_losses_are_said(tmp_path):
    done = prov(tmp_path, "export", DECLARATION, "--to", "spotify", expect=0)

    assert "Instrumentalist: AI credit" in done.stdout
    assert "Not signed yet" in done.stderr
    (lost,) = (line for line in done.stderr.splitlines() if line.startswith("No place for: "))
    assert lost.startswith("No place for: who declares, ")
    assert ", versions of the tools" in lost


def test_what_no_place_is_for_is_told_without_what_the_tool_itself_wrote(tmp_path):
    (tmp_path / "d.json").write_bytes(DECLARATION.read_bytes())
    prov(tmp_path, "keygen", "--no-passphrase")
    shutil.copy(VECTORS / "absent" / "input.wav", tmp_path / "a b.wav")
    sign = ("sign", "a b.wav", "--manifest", "d.json", "--no-fingerprint", "-y")
    prov(tmp_path, *sign)
    unsigned = prov(tmp_path, "export", "d.json", "--to", "spotify").stderr.splitlines()
    signed = prov(tmp_path, "export", "a b.wav", "--to", "spotify").stderr.splitlines()

    assert [x for x in signed if x.startswith("No place")] == [
        x for x in unsigned if x.startswith("No place")
    ]


def test_every_member_of_a_declaration_has_words_that_are_no_name_of_a_member():
    schema = json.loads((ROOT / "schemas/1.0/manifest.schema.json").read_bytes())
    losses = [Loss(f"/{name}/0/x", "no-field") for name in schema["properties"]]
    losses += [
        Loss(f"/subject/{name}", "coarser") for name in schema["$defs"]["subject"]["properties"]
    ]
    no_place, coarser = summary(losses)

    assert no_place == (
        "No place for: who declares, the recording, what each part of the music is, details of "
        "the tools, the people, the synthetic voices, what is said of people in the recording, "
        "permissions, evidence, extensions"
    )
    assert "the title, the version of the title, the ISRC" in coarser
    assert "bindings" not in coarser


def test_the_hint_for_a_labelled_copy_names_the_file(tmp_path):
    declared = ROOT / "examples" / "unlicensed-third-party-clone" / "declaration.json"
    shutil.copy(declared, tmp_path / "my song.json")
    shutil.copy(VECTORS / "absent" / "input.wav", tmp_path / "my song.wav")
    asked = ("export", "my song.json", "--to", "aigc", "--into", "my song.wav")
    said = prov(tmp_path, *asked, expect=2).stderr
    command = (
        "prov export 'my song.json' --to aigc --into 'my song.wav' --out 'labelled my song.wav'"
    )

    assert command in said
    prov(tmp_path, *shlex.split(command)[1:])
    assert (tmp_path / "labelled my song.wav").is_file()


def test_losses_are_a_report_with_pointers_and_both_are_written_with_out(tmp_path):
    out = tmp_path / "form.csv"
    asked = ("export", DECLARATION, "--to", "spotify", "--format", "csv", "--losses", "--out", out)
    done = prov(tmp_path, *asked, expect=0)

    report = json.loads(done.stdout)
    lost = {loss["pointer"]: loss["reason"] for loss in report["losses"]}
    assert report["export"] == "spotify"
    assert lost["/tools/0/version"] == "no-field"
    assert lost["/contributions/4/level"] == "coarser"
    assert "/subject/title" not in lost
    assert any("does not say that no AI" in text for text in report["warnings"])
    assert out.read_text(encoding="utf-8").startswith("part,id,asks,answer\n")
    prov(tmp_path, *asked, expect=5)


@pytest.mark.requirement("EXP-010")
@pytest.mark.parametrize(
    ("vector", "code", "said"),
    [
        ("passed-own-key", 0, "Unverified claim: INDETERMINATE [identity.unknown]"),
        ("edited-payload", 1, "signature.invalid"),
        ("one-sample-flipped", 1, "binding.mismatch"),
        ("contradicting", 1, "contradict each other [carrier.conflict]"),
        ("absent", 4, "carries no declaration"),
        ("../statements/withdrawn", 1, "took the declaration back [currency.withdrawn]"),
        ("../statements/withdrawn-co-signature", 0, "Unverified claim"),
    ],
)
def test_only_what_holds_is_exported(tmp_path, vector, code, said):
    path = VECTORS / vector / "input.wav"
    done = prov(tmp_path, "export", path, "--to", "california", expect=code)

    assert said in " ".join(done.stderr.split())
    assert bool(done.stdout) is (code == 0)


@pytest.mark.requirement("EXP-010")
def test_what_did_not_pass_is_called_a_claim_in_the_report_too_and_its_key_is_nobodys(tmp_path):
    path = VECTORS / "passed-own-key" / "input.wav"

    report = prov(tmp_path, "export", path, "--to", "eu", "--losses")
    form = prov(tmp_path, "export", path, "--to", "eu")

    said = "Unverified claim: INDETERMINATE [identity.unknown]"
    assert json.loads(report.stdout)["warnings"][0] == said
    assert said in form.stderr
    assert "Yes; whose key it is" in form.stdout
    assert "declarant's key" not in form.stdout


@pytest.mark.requirement("EXP-010")
def test_what_was_taken_back_and_is_of_other_audio_is_told_to_be_of_other_audio(tmp_path):
    plain = (VECTORS / "absent" / "input.wav").read_bytes()
    (tmp_path / "other.wav").write_bytes(plain[:-1] + bytes([plain[-1] ^ 1]))
    withdrawn = VECTORS / "../statements/withdrawn/input.wav"
    prov(tmp_path, "extract", withdrawn, "--out", "other.wav.musicprov.json")

    done = prov(tmp_path, "export", "other.wav", "--to", "california", expect=1)

    said = " ".join(done.stderr.split())
    assert "other.wav: not exported: what it carries does not hold [binding.mismatch]" in said
    assert "prov explain binding.mismatch" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("--to", "spotfy"),
        ("--to", "spotify", "--format", "pdf"),
        ("--to", "schema-org", "--format", "csv"),
        ("--to", "apple", "--set", "partial=maybe"),
        ("--to", "apple", "--set", "partial"),
        ("--to", "apple", "--set", "format=csv"),
        ("--to", "apple", "--into", DECLARATION),
        ("--to", "schema-org", "--into", DECLARATION),
        ("--to", "c2pa", "--into", DECLARATION),
        (),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(tmp_path, arguments):
    assert prov(tmp_path, "export", DECLARATION, *arguments, expect=2).stdout == ""


def test_a_copy_that_c2pa_signs_is_not_put_into_a_file(tmp_path):
    asked = ("--to", "c2pa", "--key", "k.pem", "--cert", "c.pem", "--out", "b.wav")
    done = prov(tmp_path, "export", DECLARATION, *asked, "--into", DECLARATION, expect=2)

    assert "--into: a signed copy is a file of its own" in done.stderr


def test_the_list_names_every_target_with_its_parameters(tmp_path):
    listed = prov(tmp_path, "export", "--list", expect=0).stdout

    assert "spotify" in listed
    assert "--set partial=ask (or: yes, no)" in listed
    assert "secondary" in listed


DRAFTS = (
    Draft({"subject": {"title": "One"}}, "test A1", "Somebody", ("a thing",)),
    Draft({"subject": {"title": "Two"}}, "test A2", None),
)


@pytest.mark.requirement("EXP-011")
def test_an_import_says_where_it_was_read_and_by_whom_it_was_said(capsys):
    import_._tell(DRAFTS[0])
    import_._tell(DRAFTS[1])

    said = capsys.readouterr().err
    assert "Read from: test A1. Said by: Somebody; nobody has checked that." in said
    assert "Left out: a thing" in said
    assert "nobody is named" in said


@pytest.mark.requirement("EXP-012")
def test_of_what_a_declaration_cannot_say_no_empty_draft_is_made(tmp_path):
    (tmp_path / "label.json").write_text('{"Label":"1","ContentProducer":""}', encoding="utf-8")
    asked = ("import", "label.json", "--from", "aigc", "--out", "draft.json")
    done = prov(tmp_path, *asked, expect=4)

    assert "Left out: Label 1" in done.stderr
    assert "label.json: says nothing that a declaration could say" in done.stderr
    assert not (tmp_path / "draft.json").exists()


def test_of_several_drafts_one_is_named():
    assert import_._chosen(DRAFTS, 2) is DRAFTS[1]
    assert import_._chosen(DRAFTS[:1], None) is DRAFTS[0]
    for number in (None, 3):
        with pytest.raises(import_.UsageError):
            import_._chosen(DRAFTS, number)
