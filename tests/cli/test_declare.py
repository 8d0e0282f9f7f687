"""``prov declare`` without questions: what is refused, and what a later call changes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PLAIN = Path(__file__).resolve().parents[1] / "vectors" / "verify" / "absent" / "input.wav"


@pytest.fixture
def place(tmp_path):
    shutil.copyfile(PLAIN, tmp_path / "song.wav")
    return tmp_path


def declare(place, *options, expect=0, file="song.wav"):
    done = subprocess.run(
        [sys.executable, "-m", "provenance", "declare", file, *options],
        cwd=place,
        env={**os.environ, "MUSICPROV_HOME": str(place / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return done


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


@pytest.mark.parametrize("tool", ["", ";;", ";;5", " ; ", "none", "a;b;c;d"])
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
