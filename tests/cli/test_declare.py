"""``prov declare`` without questions: what is refused, and what a later call changes."""

import json
import shutil
from pathlib import Path

import pytest

from support.command import prov

PLAIN = Path(__file__).resolve().parents[1] / "vectors" / "verify" / "absent" / "input.wav"


@pytest.fixture
def place(tmp_path):
    shutil.copyfile(PLAIN, tmp_path / "song.wav")
    return tmp_path


def declare(place, *options, expect=0):
    return prov(place, "declare", "song.wav", *options, expect=expect)


def draft(place):
    (path,) = (place / "home" / "drafts").iterdir()
    return json.loads(path.read_bytes())["declaration"]


def test_a_tool_is_named_and_shown(place):
    tool = " Suno ; Suno Inc ;5"
    done = declare(place, "--set", "lyrics=full", "--tool", tool, "--name", "N", "--role", "label")

    assert draft(place)["tools"] == [
        {"ref": "t1", "system": "Suno", "provider": "Suno Inc", "version": "5"}
    ]
    assert "AI tools: Suno 5 (Suno Inc)" in done.stderr.splitlines()
    assert "Who declares it: N, label" in done.stderr.splitlines()


@pytest.mark.parametrize("tool", ["", ";;", ";;5", " ; ", ";Suno Inc", "none", "a;b;c;d"])
def test_what_names_no_tool_is_refused(place, tool):
    done = declare(place, "--set", "lyrics=full", "--tool", tool, expect=2)

    assert "names no tool" in done.stderr
    assert not (place / "home" / "drafts").exists()


def test_a_tool_that_nothing_uses_is_refused(place):
    done = declare(place, "--set", "lyrics=none", "--tool", "Suno", expect=2)

    assert "level none" in done.stderr
    assert not (place / "home" / "drafts").exists()


def test_tools_go_when_no_area_uses_ai_any_more(place):
    declare(place, "--set", "lyrics=full", "--tool", "Suno")
    first = draft(place)["tools"]

    more = declare(place, "--set", "mixing=none")
    still = draft(place)["tools"]
    done = declare(place, "--set", "lyrics=none")

    assert first == still == [{"ref": "t1", "system": "Suno"}]
    assert "Left out" not in more.stderr
    assert "tools" not in draft(place)
    assert "Left out, for no area uses AI now: Suno." in done.stderr


def test_the_voice_of_before_goes_with_its_level(place):
    made = {
        "contributions": [{"area": "leadVocals", "level": "full"}],
        "voices": [{"area": "leadVocals", "kind": "fictional", "tool": "t1"}],
        "tools": [{"ref": "t1", "system": "X"}],
    }
    (place / "made.json").write_text(json.dumps(made), encoding="utf-8")
    declare(place, "--from", "made.json")
    before = draft(place)

    declare(place, "--set", "leadVocals=none")

    assert before["voices"] == made["voices"]
    assert not {"voices", "tools"} & draft(place).keys()


@pytest.mark.parametrize("isrc", ["GB-XYZ-26-00123", "isrc gb xyz 26 00123", "GBXYZ2600123"])
def test_an_isrc_is_taken_as_people_write_it(place, isrc):
    declare(place, "--set", "lyrics=none", "--isrc", isrc)

    assert draft(place)["subject"]["isrc"] == "GBXYZ2600123"


def test_what_is_no_isrc_is_refused(place):
    done = declare(place, "--set", "lyrics=none", "--isrc", "GB-XYZ-26", expect=2)

    assert "--isrc 'GB-XYZ-26': is no ISRC" in done.stderr


def test_two_levels_for_one_area_are_refused_and_one_said_twice_is_not(place):
    done = declare(place, "--set", "lyrics=full", "--set", "lyrics=none", expect=2)
    declare(place, "--set", "lyrics=none", "--set", "lyrics=none")

    assert "lyrics is set to full already" in done.stderr
    assert [c["level"] for c in draft(place)["contributions"]] == ["none"]


def test_a_misspelt_area_is_answered_in_whole_sentences(place):
    done = declare(place, "--set", "leadVocal=none", expect=2)

    assert "no area 'leadVocal'. Did you mean 'leadVocals'? There are: lyrics, " in done.stderr


def test_a_declaration_that_is_no_json_says_where_and_how_to_save_it(place):
    (place / "bad.json").write_text('{\n  "contributions": [,]\n}', encoding="utf-8")
    (place / "notepad.json").write_text("{}", encoding="utf-8-sig")

    bad = declare(place, "--from", "bad.json", expect=2)
    marked = declare(place, "--from", "notepad.json", expect=2)

    assert "bad.json: is not good JSON: not-json at line 2, column 21" in bad.stderr
    assert "Save it as UTF-8 without BOM" in marked.stderr


def test_without_questions_what_is_signed_is_not_taken_over_and_that_is_said(place):
    prov(place, "keygen", "--no-passphrase")
    first = declare(place, "--set", "lyrics=none", "--set", "mixing=none", "--name", "N")
    prov(place, "sign", "song.wav", "--no-fingerprint")

    done = declare(place, "--set", "mastering=utility")

    said = "Only what was set is in it, nothing of the declaration that this file carries."
    assert said not in first.stderr
    assert said in done.stderr
    assert [c["area"] for c in draft(place)["contributions"]] == ["mastering"]


@pytest.mark.parametrize("option", ["title", "artist", "identity", "isrc", "name", "role"])
@pytest.mark.parametrize("words", ["", " "])
def test_an_option_without_words_is_refused(place, option, words):
    done = declare(place, "--set", "lyrics=none", f"--{option}", words, expect=2)

    assert f"--{option} '{words}': is empty" in done.stderr
    assert not (place / "home" / "drafts").exists()


@pytest.mark.parametrize("words", [(), ("--set", "lyrics=nun"), ("--title", "New")])
def test_the_draft_stays_where_nothing_takes_its_place(place, words):
    declare(place, "--set", "lyrics=full", "--title", "Old")
    before = draft(place)

    declare(place, "--restart", *words, expect=2)

    assert draft(place) == before


def test_beginning_anew_leaves_nothing_of_the_draft(place):
    declare(place, "--set", "lyrics=full", "--title", "Old")

    declare(place, "--restart", "--set", "mixing=none")

    assert "subject" not in draft(place)
    assert [c["area"] for c in draft(place)["contributions"]] == ["mixing"]


def test_the_draft_goes_once_what_replaces_it_is_written(place):
    declare(place, "--set", "lyrics=full")
    anew = ("--restart", "--set", "mixing=none", "--out")
    declare(place, *anew, "no-such/made.json", expect=5)
    still = draft(place)["contributions"]

    declare(place, *anew, "made.json")

    assert [c["area"] for c in still] == ["lyrics"]
    assert not list((place / "home" / "drafts").iterdir())


def test_a_draft_can_be_dropped(place):
    declare(place, "--set", "lyrics=full")
    refused = declare(place, "--drop", "--set", "mixing=none", expect=2)
    still = draft(place)["contributions"]

    first, second = declare(place, "--drop"), declare(place, "--drop")

    assert "--drop: makes no declaration" in refused.stderr
    assert [c["area"] for c in still] == ["lyrics"]
    assert not list((place / "home" / "drafts").iterdir())
    assert "Forgotten: " in first.stderr
    assert "has no draft" in second.stderr
