"""``prov check`` of release messages and folders: exit codes and reports (spec 20.5)."""

import json
import shutil

import pytest
from click.testing import CliRunner
from provenance.cli.main import cli
from provenance.model.errors import InputError, UsageError
from provenance.wire.schemas import check as faults_of

from support.message import contributor, delivered, message, recording
from support.samples import made

PARTLY = "<ContainsAI>Partly</ContainsAI>"
GOOD = message(recording(contributor("PAnn", "Mixer", ai="Partly"), flags=PARTLY))
BAD = message(recording(contributor("PAnn", "Mixer", ai="All"), flags=PARTLY))
LIKELY = message(recording(contributor("PAnn", "Mixer", ai="Partly")))


def run(*arguments):
    done = CliRunner(env={"MUSICPROV_HOME": "/nonexistent/home"}).invoke(
        cli, ["check", *map(str, arguments)]
    )
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout


@pytest.fixture
def file(tmp_path):
    return tmp_path / "message.xml"


@pytest.mark.requirement("PRF-040")
@pytest.mark.parametrize(
    ("document", "code", "outcome", "rules"),
    [
        (GOOD, 0, "clear", []),
        (BAD, 1, "error", ["ddex-1"]),
        (LIKELY, 0, "warning", ["ddex-5"]),
    ],
)
def test_a_message_is_checked_by_the_rules_of_ddex(file, document, code, outcome, rules):
    file.write_bytes(document)
    ended, text = run(file)
    also, named = run(file, "--profile", "ddex", "--format", "json")
    found = json.loads(named)

    assert (ended, also) == (code, code)
    assert found["outcome"] == outcome
    assert [row["rule"] for row in found["rows"]] == rules
    assert all(rule in text for rule in rules)
    assert text.startswith(f"{file}: {outcome}") or str(file.name) in text


@pytest.mark.requirement("PRF-042")
@pytest.mark.parametrize("document", [GOOD, BAD, LIKELY])
def test_a_report_for_programs_is_valid(file, document):
    file.write_bytes(document)
    found = json.loads(run(file, "--format", "json")[1])

    assert [str(f) for f in faults_of(found, "release-check")] == []


@pytest.mark.requirement("PRF-041")
def test_a_folder_is_checked_whole(tmp_path, file):
    shutil.copy(made("flac"), tmp_path / "a.flac")
    file.write_bytes(message(recording(file=delivered("a.flac", "MD5", "0" * 32))))

    code, text = run(tmp_path, "--format", "json")
    found = json.loads(text)

    assert code == 1
    assert [(row["rule"], row["outcome"]) for row in found["rows"]] == [
        ("folder-hash", "error"),
        ("folder-declaration", "notStated"),
    ]
    assert list(faults_of(found, "release-check")) == []


def test_other_profiles_are_about_declarations(file):
    file.write_bytes(GOOD)

    with pytest.raises(UsageError, match="ddex only"):
        run(file, "--profile", "spotify")


def test_a_folder_without_a_message_and_a_hostile_message_are_refused(tmp_path, file):
    with pytest.raises(UsageError, match="one NewReleaseMessage"):
        run(tmp_path)
    file.write_bytes(b"<!DOCTYPE NewReleaseMessage [<!ENTITY a 'b'>]>\n" + GOOD[40:])
    with pytest.raises(InputError, match="DOCTYPE"):
        run(file)
