"""Real tracks through ``prov sheet new``, ``check``, ``sign`` and ``verify`` (spec 22).

A few of several formats by default; MUSICPROV_TEST_FULL=1 takes 500 and prints how long each
command takes::

    MUSICPROV_TEST_FULL=1 python -m pytest -s -n 0 tests/conformance/test_sheet_corpus.py
"""

import json
import os
import resource
import shutil
import time
from pathlib import Path

import openpyxl
import pytest

from support import command, samples

FORMATS = ("mp3_320", "flac5", "wav16", "aac_256", "vorbis_q5", "opus_96", "aiff16", "alac16",
           "oggflac")  # fmt: skip
FULL = bool(os.environ.get("MUSICPROV_TEST_FULL"))
TRACKS = 500 if FULL else 4
SECONDS = 3600
ANSWERS = {
    "declarant": "Example Label", "declarantRole": "label", "lyrics": "none",
    "leadVocals": "none", "mastering": "utility", "tool1": "Masterer", "tool1Provider": "Example",
    "tool1Version": "2", "tool1Licence": "licensed", "tool1Areas": "mastering",
    "voice": "notSynthetic", "humanLeadVoice": "yes", "humanMusic": "yes", "humanRecording": "yes",
}  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder of real tracks, some formats each, and a key."""
    place = tmp_path_factory.mktemp("catalogue")
    found = [samples.corpus(name) for name in FORMATS]
    if FULL:
        chosen = [path for paths in found for path in paths][:TRACKS]
    else:
        chosen = [paths[n % len(paths)] for n, paths in enumerate(found)][:TRACKS]
    for path in chosen:
        target = place / "release" / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    prov(place, "keygen", "--no-passphrase")
    yield place
    shutil.rmtree(place / "release")


def prov(place, *arguments, expect=0):
    before, used = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = command.prov(place, *arguments, expect=expect, timeout=SECONDS)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    print(
        f"\n{' '.join(map(str, arguments[:2]))}: {time.monotonic() - before:.1f} s, CPU {cpu:.1f} s"
    )
    return done


def fill(path):
    """What somebody types once and copies down to the last row."""
    book = openpyxl.load_workbook(path)
    sheet = book["Tracks"]
    head = {cell.value: cell.column for cell in sheet[1]}
    files = sheet.max_row - 1
    for number in range(2, files + 2):
        for name, value in ANSWERS.items():
            sheet.cell(number, head[name], value)
        sheet.cell(number, head["isrc"], f"qz-zzz-26-{number:05d}")
        if not sheet.cell(number, head["title"]).value:
            name = Path(sheet.cell(number, head["file"]).value).stem
            sheet.cell(number, head["title"], name)
    book.save(path)
    return files


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.requirement("SHT-024")
def test_real_tracks_go_from_a_folder_to_verified_declarations(place):
    count = len([p for p in (place / "release").rglob("*") if p.is_file()])

    prov(place, "sheet", "new", "release", "--out", "sheet.xlsx")
    filled = fill(place / "sheet.xlsx")
    checked = prov(place, "sheet", "check", "sheet.xlsx", "--out", "errors.csv")
    signed = prov(place, "sheet", "sign", "sheet.xlsx", "--errors", "errors.csv")
    verified = prov(place, "verify", "--format", "json", "release")
    again = prov(place, "sheet", "sign", "sheet.xlsx")
    prov(place, "sheet", "new", "release", "--out", "again.csv")
    unchanged = prov(place, "sheet", "check", "again.csv")

    results = json.loads(verified.stdout)["results"]
    assert count == filled == min(TRACKS, sum(len(samples.corpus(name)) for name in FORMATS))
    assert f"{count} good rows (0 signed already), 0 bad." in checked.stderr
    assert f"{count} signed, 0 signed already, 0 bad" in signed.stderr
    assert {(r["status"], r["code"]) for r in results} == {("PASSED", "binding.exact")}
    assert len(results) == count
    assert f"0 signed, {count} signed already, 0 bad" in again.stderr
    assert f"{count} good rows ({count} signed already), 0 bad." in unchanged.stderr
