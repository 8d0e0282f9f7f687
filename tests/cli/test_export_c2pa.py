"""``prov export --to c2pa --key``: its options, exit codes and what it tells."""

import json
import shutil

import pytest

from support import c2pa as made
from support import command, samples


@pytest.fixture
def track(tmp_path):
    made.library()
    path = tmp_path / "track.flac"
    shutil.copyfile(samples.made("flac"), path)
    made.signed(path)
    root, leaf, key = made.chain()
    (tmp_path / "chain.pem").write_bytes(leaf + root)
    (tmp_path / "claim.pem").write_bytes(key)
    return path


def prov(track, *words):
    done = command.prov(track.parent, *words, expect=None)
    return done.returncode, done.stdout, done.stderr


def run(track, *words, **named):
    options = {
        "to": "c2pa",
        "key": track.with_name("claim.pem"),
        "cert": track.with_name("chain.pem"),
        "out": track.with_name("new.flac"),
        **named,
    }
    given = [word for name, value in options.items() if value for word in (f"--{name}", value)]
    return prov(track, "export", track, *given, *words)


def test_a_copy_is_sealed_and_losses_are_told(track):
    before = track.read_bytes()

    code, out, err = run(track)

    assert (code, out) == (0, "")
    assert "C2PA manifest (Valid)" in err
    assert "No place for" in err
    assert track.read_bytes() == before
    assert b"c2pa manifest store" in track.with_name("new.flac").read_bytes()[:200]


def test_losses_as_json(track):
    code, out, _ = run(track, "--losses")

    report = json.loads(out)
    assert (code, report["export"]) == (0, "c2pa")
    assert any(loss["pointer"] == "/contributions/0/level" for loss in report["losses"])


def test_without_a_key_the_definition_is_written(track):
    code, out, _ = run(track, key=None, cert=None, out=None)

    labels = [a["label"] for a in json.loads(out)["assertions"]]
    assert code == 0
    assert labels[0] == "c2pa.actions.v2"
    assert labels[-1] == "org.musicprov.disclosure"


@pytest.mark.parametrize("named", [{"out": None}, {"cert": None}, {"key": None}, {"to": "spotify"}])
def test_half_a_request_is_usage(track, named):
    code, _, err = run(track, **named)

    assert code == 2
    assert "--key" in err
    assert not track.with_name("new.flac").exists()


def test_what_is_refused_has_its_rule_and_leaves_nothing(track):
    shutil.copyfile(samples.made("flac"), track)

    code, _, err = run(track)

    assert (code, "[c2pa.no-statement]" in err) == (1, True)
    assert not track.with_name("new.flac").exists()


def test_a_file_that_is_there_is_not_overwritten(track):
    track.with_name("new.flac").write_bytes(b"mine")

    assert run(track)[0] == 5
    assert track.with_name("new.flac").read_bytes() == b"mine"


def test_a_sealed_file_is_imported_as_a_draft(track):
    run(track)

    code, out, err = prov(track, "import", track.with_name("new.flac"), "--from", "c2pa")

    assert code == 0
    assert json.loads(out)["contributions"]
    assert "Said by: Test Leaf, Example Label" in err
