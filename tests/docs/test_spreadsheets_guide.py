"""The guide to tables of tracks: its commands in order, each as it is written.

Between them somebody fills the table in with a spreadsheet program, as the text says.
"""

import csv
import io
import os
import shutil
import sys
from pathlib import Path

import openpyxl
import pytest

from support import command, documents, samples, terminal

GUIDE = documents.CHECKOUT / "spec" / "guides" / "spreadsheets.md"
SECTIONS = (
    "From a folder to signed tracks",
    "With drop-down lists",
    "When something changes",
    "In a script",
)
LEVEL = {
    "From a folder to signed tracks": "none",
    "With drop-down lists": "none",
    "When something changes": "utility",
}


def blocks():
    return [b for b in documents.blocks(GUIDE) if documents.commands(b)]


def test_every_section_with_commands_is_run_in_the_order_of_the_guide():
    assert tuple(dict.fromkeys(b.heading for b in blocks())) == SECTIONS


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("spreadsheets-guide")
    (place / "release").mkdir()
    for name, kind in (("one.wav", "wav"), ("two.mp3", "mp3")):
        shutil.copyfile(samples.made(kind), place / "release" / name)
    for words in (("keygen",), ("keygen", "--out", "label.pem")):
        command.prov(place, *words, "--no-passphrase")
    return place


def fill(path, level):
    """Put a level for mastering into every row, and save."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        sheet = book["Tracks"]
        place = next(cell.column for cell in sheet[1] if cell.value == "mastering")
        for number in range(2, sheet.max_row + 1):
            sheet.cell(number, place, level)
        book.save(path)
        return
    found = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(found[0]))
        writer.writeheader()
        writer.writerows({**row, "mastering": level} for row in found)


def run(place, line):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    variables = {**os.environ, "MUSICPROV_HOME": str(place / "home"), "PATH": path, "TERM": "xterm"}
    session = terminal.Session(["bash", "-c", line], variables, place)
    return session.run(), session.text


def before(heading, place):
    """What the reader of the guide has done when a section begins."""
    if heading == "When something changes":
        fill(place / "sheet.csv", LEVEL[heading])
    if heading == "In a script":
        for path in (place / "release").iterdir():
            assert run(place, f"prov strip release/{path.name}")[0] == 0


@pytest.mark.slow
def test_the_commands_of_the_guide_do_what_it_says(place):
    done = []
    for block in blocks():
        before(block.heading, place)
        for line in documents.commands(block):
            code, text = run(place, line)

            assert code == 0, f"$ {line}\n{text}"
            assert "Traceback" not in text
            if line.startswith("prov sheet new"):
                fill(place / line.split()[-1], LEVEL[block.heading])
            done.append((line, text))

    signed = [text for line, text in done if line.startswith("prov sheet sign")]
    verified = [text for line, text in done if line.startswith("prov verify")]
    assert len(signed) == 3
    assert all("2 signed, 0 signed already, 0 bad" in " ".join(t.split()) for t in signed)
    assert "2 replace what you declared before" in " ".join(signed[1].split())
    assert verified[0].count("PASSED  ") == 2
    assert (place / "errors.csv").is_file()
