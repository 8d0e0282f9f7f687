"""``prov verify`` with a policy at ingest, ``--fail-on`` and the forms, as a program."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from provenance.wire.schemas import is_valid

from support import samples
from support.command import prov

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "verify"
DECLARATION = {
    "contributions": [
        {"asset": "composition", "area": "lyrics", "level": "none"},
        {"asset": "recording", "area": "leadVocals", "level": "full"},
    ]
}
INGEST = {
    "ingestPolicy": "musicprov-ingest/1",
    "id": "example.org/ingest",
    "version": 1,
    "languages": ["sv", "en"],
    "profiles": ["spotify"],
    "rules": [
        {"id": "failed", "when": {"status": ["FAILED"]}, "outcome": "reject"},
        {"id": "lyrics", "when": {"missing": ["lyrics"]}, "outcome": "hold"},
    ],
    "otherwise": "accept",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A signed MP3, one whose audio was changed after signing, a file that declares nothing."""
    folder = tmp_path_factory.mktemp("ingest")
    (folder / "declaration.json").write_text(json.dumps(DECLARATION))
    (folder / "ingest.json").write_text(json.dumps(INGEST))
    (folder / "plain.wav").write_bytes((VECTORS / "absent" / "input.wav").read_bytes())
    shutil.copy(samples.made("mp3"), folder / "good.mp3")
    prov(folder, "keygen", "--no-passphrase")
    prov(folder, "sign", "good.mp3", "--manifest", "declaration.json")
    changed = bytearray((folder / "good.mp3").read_bytes())
    changed[len(changed) - 2000] ^= 1
    (folder / "bad.mp3").write_bytes(changed)
    return folder


FILES = ("good.mp3", "bad.mp3", "plain.wav")


@pytest.mark.requirement("ING-030")
@pytest.mark.requirement("ING-031")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("bad.mp3", "--policy", "ingest.json"), 1),
        (("plain.wav", "--policy", "ingest.json"), 3),
        (("plain.wav", "--policy", "welcoming"), 0),
        (("plain.wav", "--fail-on", "failed"), 0),
        (("plain.wav", "good.mp3", "--fail-on", "absent"), 4),
        (("good.mp3", "--fail-on", "faild"), 2),
        (("good.mp3", "--policy", "gone.json"), 5),
    ],
)
def test_the_exit_code_is_that_of_what_counts(place, arguments, code):
    prov(place, "verify", *arguments, expect=code)


@pytest.mark.requirement("ING-030")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 4),
        (("--policy", "strict"), 4),
        (("--policy", "welcoming", "--fail-on", "reject"), 4),
        (("--fail-on", "FAILED,error,indeterminate"), 4),
        (("--fail-on", "never"), 0),
        (("--policy", "strict", "--fail-on", "never"), 0),
    ],
)
@pytest.mark.parametrize("form", ["github", "ndjson"])
def test_a_folder_in_which_there_is_nothing_is_no_success(tmp_path, arguments, code, form):
    (tmp_path / "incoming").mkdir()
    (tmp_path / "incoming" / "cover.jpg").write_bytes(bytes(200))

    prov(tmp_path, "verify", "--format", form, *arguments, "incoming/", expect=code)


@pytest.mark.requirement("ING-044")
@pytest.mark.requirement("ING-046")
def test_each_report_of_a_run_carries_its_decision_in_the_languages_of_the_policy(place):
    done = prov(place, "verify", *FILES, "--policy", "ingest.json", "--format", "ndjson", expect=1)
    found = [json.loads(line) for line in done.stdout.splitlines()]

    assert all(is_valid(report, "report") for report in found)
    decided = [
        (r["status"], r["decision"]["outcome"], [x["rule"] for x in r["decision"]["rules"]])
        for r in found
    ]
    assert decided == [
        ("PASSED", "accept", []),
        ("FAILED", "reject", ["failed", "lyrics"]),
        ("ABSENT", "hold", ["lyrics"]),
    ]
    assert list(found[1]["decision"]["tell"]) == ["sv", "en"]
    assert [p["profile"] for p in found[0]["profiles"]] == ["spotify"]


def test_the_uploaders_text_stands_below_the_line_of_the_file(place):
    done = prov(place, "verify", "bad.mp3", "--policy", "welcoming", expect=3)

    assert "\n  Ingest: hold (failed)\n  Tell:   [en] Before this file can go on, " in done.stdout
    assert "\n    - The declaration was made for other audio than this" in done.stdout


def test_an_expected_isrc_that_differs_is_told_in_the_table(place):
    (place / "delivery.csv").write_text("path,isrc\nplain.wav,\ngood.mp3,GBXYZ2600123\n")
    call = ("verify", "--from-csv", "delivery.csv", "--policy", "welcoming", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(prov(place, *call, expect=3).stdout)))

    assert [row["decision"] for row in rows] == ["accept", "hold"]
    assert (rows[1]["decision_rules"], rows[1]["isrc_matches"]) == ("isrc", "false")
    assert "GBXYZ2600123" in rows[1]["tell"]
    assert (rows[1]["declared_lyrics"], rows[1]["declared_mixing"]) == ("none", "")


@pytest.mark.requirement("BLK-013")
def test_a_cell_that_is_no_isrc_is_the_askers_mistake_and_is_told_to_nobody_else(place):
    (place / "hello.csv").write_text("path,isrc\ngood.mp3,hello\nbad.mp3,\n")
    call = ("verify", "--from-csv", "hello.csv", "--policy", "strict")
    done = prov(place, *call, expect=1)

    assert (
        "ERROR  good.mp3: 'hello' is no ISRC to expect. Write it like GBXYZ2600123" in done.stdout
    )
    assert done.stdout.count("hello") == 1
    assert "bad.mp3" in done.stdout


@pytest.mark.requirement("ING-041")
def test_a_trust_policy_of_the_policy_at_ingest_is_used_and_no_other(place):
    folder = place / "policies"
    folder.mkdir()
    prov(place, "trust", "init", "--preset", "open", "--out", "policies/trust.json", expect=None)
    assert (folder / "trust.json").is_file()
    (folder / "ingest.json").write_text(json.dumps({**INGEST, "trust": "trust.json"}))

    call = ("verify", "good.mp3", "--policy", "policies/ingest.json", "--format", "ndjson")
    found = json.loads(prov(place, *call).stdout)
    assert found["policy"]["id"] == json.loads((folder / "trust.json").read_text())["id"]
    (place / "other.json").write_bytes((folder / "trust.json").read_bytes())
    done = prov(place, *call, "--trust", "other.json", expect=2)
    assert "names another trust policy" in done.stderr
    same = json.loads(prov(place, *call, "--trust", "policies/trust.json").stdout)
    assert same["policy"] == found["policy"]


@pytest.mark.requirement("ING-040")
@pytest.mark.requirement("VDT-010")
@pytest.mark.parametrize("call", [("verify", *FILES), ("worker",), ("serve", "--port", "0")])
def test_a_policy_with_a_fault_stops_a_program_before_any_file_is_looked_at(place, call):
    (place / "broken.json").write_text(json.dumps({**INGEST, "otherwize": "hold"}))
    done = prov(place, *call, "--policy", "broken.json", expect=5)

    assert done.stdout == ""
    assert "[ingest.member-unknown]" in done.stderr
    assert "did you mean 'otherwise'?" in done.stderr.lower()
    misspelt = prov(place, *call, "--policy", "strickt", expect=5)
    assert "welcoming, strict" in misspelt.stderr
