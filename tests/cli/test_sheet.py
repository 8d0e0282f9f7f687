"""``prov sheet``: from a folder to signed tracks, by way of a spreadsheet program (spec 22)."""

import contextlib
import csv
import io
import json
import os
import shutil
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import mutagen
import openpyxl
import pytest
from mutagen import id3

from support import command, terminal

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
PLAIN = {
    "a.flac": "containers/flac/plain/input.flac",
    "b.mp3": "containers/mp3/no-tags/input.mp3",
    "c.wav": "containers/wav/plain/input.wav",
    "d.m4a": "containers/mp4/plain/input.m4a",
    "e.ogg": "containers/ogg/vorbis/input.ogg",
    "sub/f.aiff": "containers/aiff/plain/input.aiff",
}


def prov(place, *arguments, expect=None, home="home"):
    """The command line in this process, which spares the start of another for each call."""
    from provenance.cli.main import main

    out, err = io.StringIO(), io.StringIO()
    words = ["prov", *map(str, arguments)]
    with (
        contextlib.chdir(place),
        mock.patch.dict(os.environ, MUSICPROV_HOME=str(place / home)),
        mock.patch.object(sys, "argv", words),
        mock.patch.object(sys, "stdin", io.StringIO()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as left,
    ):
        main()
    done = SimpleNamespace(returncode=left.value.code, stdout=out.getvalue(), stderr=err.getvalue())
    if expect is not None:
        assert done.returncode == expect, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A folder with six tracks, one of each family, and a key."""
    place = tmp_path_factory.mktemp("sheet")
    for name, source in PLAIN.items():
        target = place / "release" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        found = next((VECTORS / source).parent.glob("input.*"))
        shutil.copyfile(found, target)
    prov(place, "keygen", "--no-passphrase", expect=0)
    return place


@pytest.fixture
def place(world, tmp_path):
    shutil.copytree(world, tmp_path, dirs_exist_ok=True)
    return tmp_path


def rows_of(path):
    """A CSV as a spreadsheet program has it: the header, and a dictionary a row."""
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def save(path, rows, names=None):
    out = io.StringIO(newline="")
    names = list(rows[0]) if names is None else names
    writer = csv.DictWriter(out, names, extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode())


def bytes_of(place):
    return {p: p.read_bytes() for p in sorted((place / "release").rglob("*")) if p.is_file()}


def sign(place, *more, expect=0, **options):
    words = ("sheet", "sign", "sheet.csv", "--no-fingerprint", *more)
    return prov(place, *words, expect=expect, **options)


def filled(place, **cells):
    """A new sheet in which every row has these cells."""
    prov(place, "sheet", "new", "release", expect=0)
    rows = [{**row, **cells} for row in rows_of(place / "sheet.csv")]
    save(place / "sheet.csv", rows)
    return rows


def retitle(path, title):
    """Put a title into a file's tags, with another program's code."""
    found = mutagen.File(path)
    if found.tags is None:
        found.add_tags()
    if isinstance(found.tags, id3.ID3):
        found.tags.add(id3.TIT2(3, [title]))
    else:
        found["\xa9nam" if path.suffix == ".m4a" else "title"] = [title]
    found.save()


@pytest.mark.slow
@pytest.mark.requirement("SHT-024")
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_folder_of_all_families_goes_from_new_to_verify(place, suffix):
    sheet = f"sheet.{suffix}"
    prov(place, "sheet", "new", "release", "--out", sheet, expect=0)
    if suffix == "csv":
        save(place / sheet, [{**r, "leadVocals": "none"} for r in rows_of(place / sheet)])
    else:
        book = openpyxl.load_workbook(place / sheet)
        head = {cell.value: cell.column for cell in book["Tracks"][1]}
        for number in range(2, 8):
            book["Tracks"].cell(number, head["leadVocals"], "none")
        book.save(place / sheet)

    checked = prov(place, "sheet", "check", sheet, expect=0)
    signed = prov(place, "sheet", "sign", sheet, "--no-fingerprint", expect=0)
    verified = prov(place, "verify", "release", expect=0)
    again = prov(place, "sheet", "sign", sheet, "--no-fingerprint", expect=0)

    assert checked.stdout == ""
    assert "6 good rows (0 signed already), 0 bad." in checked.stderr
    assert "6 to sign, 0 signed already, 0 bad." in signed.stderr
    assert verified.stdout.count("PASSED  ") == 6
    assert "0 to sign, 6 signed already, 0 bad." in again.stderr
    assert "0 signed, 6 signed already" in again.stderr


@pytest.mark.requirement("SHT-024")
def test_bad_rows_and_their_files_stay_as_they_are_and_stop_nobody(place):
    rows = filled(place, leadVocals="full")
    rows[0]["leadVocals"] = "lots"
    rows[1]["humanLeadVoice"] = "yes"
    rows[2]["isrc"] = "1.2E+11"
    (place / "release" / "d.m4a").chmod(0o444)
    (place / "release" / "e.ogg").write_bytes(b"OggS" + bytes(200))
    save(place / "sheet.csv", rows)
    before = bytes_of(place)

    check = prov(place, "sheet", "check", "sheet.csv", "--out", "errors.csv", expect=1)
    done = sign(place, "--errors", "errors.csv", expect=1)
    after = bytes_of(place)

    changed = {p.name for p in before if before[p] != after[p]}
    listed = rows_of(place / "errors.csv")
    assert changed == {"f.aiff"}
    assert "1 signed, 0 signed already, 5 bad" in done.stderr
    assert [(e["row"], e["column"]) for e in listed] == [
        ("2", "leadVocals"), ("3", "humanLeadVoice"), ("4", "isrc"), ("5", "file"), ("6", "file"),
    ]  # fmt: skip
    assert [e["rule"] for e in listed][:4] == [
        "sheet.value", "content.inconsistent", "sheet.damaged", "file.read-only",
    ]  # fmt: skip
    assert all(e["problem"] and e["what to do"] for e in listed[:4])
    assert check.stdout.count("\nrow ") == 4
    assert check.stdout.startswith("row 2, leadVocals: 'lots' ")


@pytest.mark.requirement("SHT-020")
def test_paths_lead_nowhere_but_below_the_folder(place):
    rows = filled(place, lyrics="none")
    outside = place.parent / f"{place.name}-outside.flac"
    shutil.copyfile(place / "release" / "a.flac", outside)
    (place / "release" / "link").symlink_to(place.parent)
    (place / "release" / "link.flac").symlink_to("a.flac")
    os.mkfifo(place / "release" / "pipe")
    paths = {
        f"../{outside.name}": "sheet.path-outside",
        str(outside): "sheet.path-outside",
        f"release/../../{outside.name}": "sheet.path-outside",
        f"release/link/{outside.name}": "sheet.path-outside",
        "release/link.flac": "sheet.no-file",
        "release/gone.flac": "sheet.no-file",
        "release": "sheet.no-file",
        "release/pipe": "sheet.no-file",
        "x" * 300: "sheet.no-file",
        "": "sheet.no-file",
    }
    save(place / "sheet.csv", [{**rows[0], "file": path} for path in paths])
    before = outside.read_bytes()

    done = sign(place, "--errors", "errors.csv", expect=1)

    assert [e["rule"] for e in rows_of(place / "errors.csv")] == list(paths.values())
    assert "0 signed" in done.stderr
    assert outside.read_bytes() == before
    outside.unlink()


@pytest.mark.requirement("SHT-014")
def test_a_ditto_is_never_signed_as_what_it_reads(place):
    rows = filled(place, lyrics="none")
    rows[0]["label"] = rows[1]["title"] = rows[2]["label"] = '"'
    rows[1]["label"] = "L"
    save(place / "sheet.csv", rows)

    checked = prov(place, "sheet", "check", "sheet.csv", expect=1)

    assert checked.stdout.count("[sheet.value]") == 2
    assert "row 2, label: '\"' stands for the cell above" in checked.stdout
    assert "row 3, title: '\"' stands for the cell above" in checked.stdout


@pytest.mark.requirement("SHT-021")
def test_every_row_of_a_file_that_two_rows_name_is_refused(place):
    rows = filled(place, lyrics="none")
    again = {**rows[0], "file": "release/./a.flac", "lyrics": "full"}
    save(place / "sheet.csv", [*rows, again])
    before = (place / "release" / "a.flac").read_bytes()

    done = prov(place, "sheet", "check", "sheet.csv", expect=1)
    sign(place, expect=1)

    assert done.stdout.count("[sheet.file-twice]") == 2
    assert "row 2, file" in done.stdout
    assert "the same file as in row 8" in done.stdout
    assert (place / "release" / "a.flac").read_bytes() == before
    assert prov(place, "verify", "release").stdout.count("PASSED  ") == 5


@pytest.mark.requirement("SHT-022")
def test_empty_cells_declare_nothing(place):
    filled(place)

    done = prov(place, "sheet", "check", "sheet.csv", expect=1)

    assert done.stdout.count("[sheet.nothing-declared]") == 6


@pytest.mark.slow
@pytest.mark.requirement("SHT-013")
@pytest.mark.requirement("SHT-011")
def test_hostile_tags_are_harmless_in_the_sheet_and_the_same_in_the_declaration(place):
    titles = {
        "a.flac": '=HYPERLINK("http://x")', "b.mp3": "@SUM(1)", "c.wav": "-1+1",
        "d.m4a": "3/4", "e.ogg": "x;=cmd|' /C calc'!A0", "sub/f.aiff": "+44",
    }  # fmt: skip
    shutil.copyfile(place / "release" / "a.flac", place / "release" / "=1+1.flac")
    for name, title in {**titles, "=1+1.flac": "same as above"}.items():
        retitle(place / "release" / name, title)

    rows = filled(place, lyrics="none")
    raw = (place / "sheet.csv").read_text(encoding="utf-8")
    sign(place)
    found = json.loads(prov(place, "verify", "--format", "json", "release", expect=0).stdout)
    held = prov(place, "inspect", "--format", "json", *sorted(map(str, bytes_of(place))))
    said = {
        Path(f["input"]["name"] if "input" in f else f["name"]).name: c["content"]["subject"]
        for f in json.loads(held.stdout)["files"]
        for c in f["carriers"]
        if c["name"] == "MUSICPROV"
    }

    assert rows[0]["file"] == "release/=1+1.flac"
    assert not [r for r in rows if r["title"][:1] in set("=+-@")]
    assert "=HYPERLINK" in raw
    assert len(found["results"]) == 7
    assert {n: said[Path(n).name]["title"] for n in titles} == titles
    assert said["=1+1.flac"]["title"] == "same as above"


@pytest.mark.requirement("SHT-011")
def test_a_title_that_excel_made_a_date_is_refused_by_what_the_tag_says(place):
    rows = filled(place, lyrics="none")
    retitle(place / "release" / "a.flac", "3/4")
    for title, is_bad in (("04-Mar", True), ("3/4", False), ("Waltz", False)):
        save(place / "sheet.csv", [{**rows[0], "title": title}])

        done = prov(place, "sheet", "check", "sheet.csv", expect=int(is_bad))

        assert ("the tag of the file says '3/4'" in done.stdout) == is_bad


@pytest.mark.requirement("SHT-023")
def test_a_changed_cell_supersedes_and_keeps_what_the_sheet_cannot_show(place):
    declaration = {
        "contributions": [
            {"area": "lyrics", "level": "none", "share": 500},
            {"area": "lyrics", "level": "full", "share": 500},
            {"area": "mixing", "level": "utility", "description": "EQ"},
        ],
        "permissions": [{"use": "dataMining", "permission": "notAllowed"}],
    }
    (place / "d.json").write_text(json.dumps(declaration))
    words = ("sign", "release/a.flac", "--manifest", "d.json", "--no-fingerprint")
    prov(place, *words, expect=0)
    rows = filled(place)[:1]

    same = sign(place, expect=1)
    save(place / "sheet.csv", [{**rows[0], "mixing": "assisted"}])
    unasked = sign(place, expect=1)
    checked = prov(place, "sheet", "check", "sheet.csv", expect=0)
    sign(place, "--replace")

    held = json.loads(prov(place, "inspect", "--format", "json", "release/a.flac").stdout)
    said = next(c["content"] for c in held["files"][0]["carriers"] if c["name"] == "MUSICPROV")
    assert (rows[0]["lyrics"], rows[0]["mixing"]) == ("partial", "utility")
    assert "0 to sign, 1 signed already, 5 bad" in same.stderr
    assert "[replace.not-asked]" in unasked.stderr
    assert "1 replace what you declared before" in checked.stderr
    assert said["sequence"] == 2
    assert said["permissions"] == declaration["permissions"]
    assert [c.get("share") for c in said["contributions"]] == [500, 500, None]
    assert said["contributions"][2] == {**declaration["contributions"][2], "level": "assisted"}


@pytest.mark.slow
@pytest.mark.parametrize("key", ["mine", "label.pem"])
def test_the_command_that_check_names_signs_what_check_calls_good(place, key):
    private = () if key == "mine" else ("--key", key)
    public = () if key == "mine" else ("--key", "label.pub.jwk")
    prov(place, "keygen", "--no-passphrase", "--out", "label.pem", expect=0)
    rows = filled(place, lyrics="none")
    sign(place, *private)
    for row in rows[:2]:
        row["lyrics"] = "full"
    save(place / "sheet.csv", rows)

    checked = prov(place, "sheet", "check", "sheet.csv", *public, expect=0)
    named = checked.stderr.splitlines()[-1].removeprefix("Sign them with: prov ")
    done = prov(place, *named.split(), "--no-fingerprint", expect=0)

    assert "2 signed, 4 signed already, 0 bad" in done.stderr


@pytest.mark.requirement("SHT-005")
def test_whoever_checks_or_signs_is_told_which_columns_are_not_declared(place):
    filled(place, lyrics="none", tool4="SecretGPT")

    checked = prov(place, "sheet", "check", "sheet.csv", expect=0)
    signed = sign(place, "--dry-run")

    assert "Note: No column has the name 'tool4'" in " ".join(checked.stderr.split())
    assert "Note: No column has the name 'tool4'" in " ".join(signed.stderr.split())


def test_check_names_no_private_key_that_it_does_not_see(place):
    prov(place, "keygen", "--no-passphrase", "--out", "label.pem", expect=0)
    (place / "label.pem").unlink()
    filled(place, lyrics="none")

    checked = prov(place, "sheet", "check", "sheet.csv", "--key", "label.pub.jwk", expect=0)

    assert "prov sheet sign sheet.csv --key KEY.pem\n" in checked.stderr


def test_what_another_key_has_declared_is_not_taken_over_and_not_replaced(place):
    (place / "d.json").write_text('{"contributions": [{"area": "lyrics", "level": "none"}]}')
    prov(place, "keygen", "--no-passphrase", home="other", expect=0)
    words = ("sign", "release/a.flac", "--manifest", "d.json", "--no-fingerprint")
    prov(place, *words, home="other", expect=0)
    rows = filled(place, mixing="utility")

    done = sign(place, "--replace", expect=1)
    key = "other/keys/default.pub.jwk"
    prov(place, "sheet", "new", "release", "--key", key, "--out", "theirs.csv", expect=0)

    assert rows[0]["lyrics"] == ""
    assert "[replace.other-signer]" in done.stderr
    assert "5 signed" in done.stderr
    assert rows_of(place / "theirs.csv")[0]["lyrics"] == "none"


def test_a_row_that_somebody_co_signed_is_signed_already(place):
    filled(place, lyrics="none")
    sign(place)
    prov(place, "keygen", "--no-passphrase", "--out", "label.pem", expect=0)
    prov(place, "cosign", "release/a.flac", "--key", "label.pem", expect=0)
    before = bytes_of(place)

    again = sign(place)

    assert "0 to sign, 6 signed already" in again.stderr
    assert "0 signed, 6 signed already" in again.stderr
    assert bytes_of(place) == before


def test_a_dry_run_writes_no_audio_file(place):
    filled(place, lyrics="none")
    before = bytes_of(place)

    done = sign(place, "--dry-run")

    assert "6 to sign" in done.stderr
    assert bytes_of(place) == before


def test_the_folder_may_be_elsewhere(place, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("sheets") / "sheet.csv"
    prov(place, "sheet", "new", "release", "--out", elsewhere, expect=0)
    save(elsewhere, [{**r, "lyrics": "none"} for r in rows_of(elsewhere)])

    alone = prov(place, "sheet", "check", elsewhere, expect=1)
    with_folder = prov(place, "sheet", "check", elsewhere, "--folder", "release", expect=0)

    assert rows_of(elsewhere)[0]["file"] == "a.flac"
    assert alone.stdout.count("[sheet.no-file]") == 6
    assert "6 good rows" in with_folder.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("new", "gone"), 2, "is no folder"),
        (("new", "release", "--out", "sheet.ods"), 2, ".csv or .xlsx"),
        (("new", "home"), 4, "no audio file"),
        (("check", "gone.csv"), 5, "no such file"),
        (("check", "bad.csv"), 1, "[sheet.no-file-column]"),
        (("check", "twice.csv"), 1, "twice.csv: two columns are named"),
        (("check", "twice.csv"), 1, "Keep one of them"),
        (("check", "bad.csv", "--out", "errors.txt"), 2, ".csv or .xlsx"),
        (("sign", "bad.csv"), 1, "[sheet.no-file-column]"),
    ],
    ids=lambda x: "-".join(x) if isinstance(x, tuple) else "",
)
def test_what_cannot_be_done_is_said_with_its_exit_code(world, words, code, said):
    (world / "bad.csv").write_text("title\nx\n")
    (world / "twice.csv").write_text("file,title,title\nx,y,z\n")

    done = prov(world, "sheet", *words, expect=code)

    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_no_sheet_is_ever_written_over_but_an_error_sheet(place):
    filled(place)
    before = (place / "sheet.csv").read_bytes()

    prov(place, "sheet", "new", "release", expect=5)
    prov(place, "sheet", "check", "sheet.csv", "--out", "sheet.csv", expect=5)
    prov(place, "sheet", "check", "sheet.csv", "--out", "errors.csv", expect=1)
    prov(place, "sheet", "check", "sheet.csv", "--out", "errors.csv", expect=1)

    assert (place / "sheet.csv").read_bytes() == before


@pytest.mark.parametrize(("count", "said"), [(1, "1 symbolic link."), (2, "2 symbolic links.")])
def test_links_are_in_no_new_sheet_and_counted(place, count, said):
    for n in range(count):
        (place / "release" / f"link{n}.flac").symlink_to("a.flac")

    made = prov(place, "sheet", "new", "release", "--out", "sheet.csv", expect=0)

    assert f"Passed over: {said}" in made.stderr
    assert not [row for row in rows_of(place / "sheet.csv") if "link" in row["file"]]


def test_files_that_cannot_be_signed_are_left_out_of_a_new_sheet_and_named(place):
    (place / "release" / "z.flac").write_bytes(b"fLaC" + bytes(100))
    (place / "release" / "two\nlines.wav").write_bytes((place / "release/c.wav").read_bytes())

    done = prov(place, "sheet", "new", "release", expect=1)

    assert done.stderr.count("Left out: ") == 2
    assert len(rows_of(place / "sheet.csv")) == 6


def test_what_is_named_like_audio_and_is_none_is_named_by_a_new_sheet(place):
    folder = place / "release"
    (folder / "text.mp3").write_text("<html>not found</html>" * 9, encoding="utf-8")
    (folder / "empty.FLAC").touch()
    (folder / "nowhere.ogg").symlink_to("gone.ogg")
    os.mkfifo(folder / "pipe.wav")
    (folder / "notes.txt").write_text("no audio, and not named like it\n" * 9, encoding="utf-8")
    for n in range(25):
        (folder / f"{n:02}.aiff").touch()

    done = prov(place, "sheet", "new", "release", expect=1)

    named = [*(f"{n:02}.aiff" for n in range(25)), "empty.FLAC", "nowhere.ogg", "pipe.wav"]
    lines = [line for line in done.stderr.splitlines() if line.startswith("Left out: ")]
    assert len(lines) == len(named) + 1
    assert all(f"Left out: release/{name}: " in done.stderr for name in [*named, "text.mp3"])
    assert len(rows_of(place / "sheet.csv")) == 6


def test_what_is_wrong_reads_as_a_sentence_beside_the_value_of_the_cell(place):
    rows = filled(place, leadVocals="none", voice="selfClone")
    rows[1] |= {"leadVocals": "full", "voice": "notSynthetic"}
    rows[2] |= {"voice": "robot"}
    rows[3] |= {"voice": "", "voiceOf": "Ann"}
    save(place / "sheet.csv", rows)

    said = prov(place, "sheet", "check", "sheet.csv", expect=1).stdout

    for line in (
        "row 2, voice: 'selfClone': the voice is synthetic, but nothing in leadVocals is",
        "row 3, voice: 'notSynthetic': the voice is not synthetic, but all of leadVocals is",
        "row 4, voice: 'robot' is no term of this column.",
        "row 5, voiceOf: 'Ann': nothing is said about the voice.",
    ):
        assert line in said


def test_two_titles_of_one_isrc_deserve_a_remark(place):
    rows = filled(place, lyrics="none", isrc="GBXYZ2600123", title="One")
    rows[1]["title"] = "Another"
    save(place / "sheet.csv", rows)

    done = prov(place, "sheet", "check", "sheet.csv", expect=0)

    assert "same ISRC GBXYZ2600123" in " ".join(done.stderr.split())


def test_on_a_terminal_it_asks_and_shows_a_bar_and_no_means_no(place):
    filled(place, lyrics="none")
    before = bytes_of(place)
    words = ("sheet", "sign", "sheet.csv", "--no-fingerprint")

    refusing = terminal.prov(place, *words)
    refusing.answer("Sign them?", "n\n")
    assert refusing.finish() == 130
    assert bytes_of(place) == before

    agreeing = terminal.prov(place, *words)
    agreeing.answer("Sign them?", "\n")
    assert agreeing.finish() == 0
    assert "6 to sign, 0 signed already, 0 bad." in agreeing.text
    assert "6 signed" in agreeing.text
    assert "Signing" in agreeing.text


@pytest.mark.slow
@pytest.mark.requirement("SHT-024")
def test_ctrl_c_leaves_whole_files_and_the_same_command_goes_on(place):
    for number in range(60):
        shutil.copyfile(place / "release/c.wav", place / f"release/{number}.wav")
    filled(place, lyrics="none")
    first = place / rows_of(place / "sheet.csv")[0]["file"]

    session = terminal.prov(place, "sheet", "sign", "sheet.csv", "--no-fingerprint")
    session.answer("Sign them?", "\n")
    while b"MUSICPROV" not in first.read_bytes():
        time.sleep(0.001)
    session.send(terminal.INTERRUPT)
    code = session.finish()
    stopped = json.loads(prov(place, "verify", "--format", "json", "release").stdout)["results"]
    after = sign(place)

    states = [r["status"] for r in stopped]
    assert code == 130
    assert "Stopped." in session.text
    assert set(states) == {"PASSED", "ABSENT"}
    assert f"{states.count('ABSENT')} to sign, {states.count('PASSED')} signed" in after.stderr
    assert not [p for p in (place / "release").iterdir() if p.name.startswith(".")]
    assert prov(place, "verify", "release", expect=0).stdout.count("PASSED  ") == 66


def test_a_csv_loads_no_library_of_workbooks_and_a_pipe_no_progress_bar(place):
    filled(place, lyrics="none")
    code = """
import json, sys
sys.argv[:] = ["prov", "sheet", "sign", "sheet.csv", "--no-fingerprint"]
from provenance.cli.main import main
try:
    main()
except SystemExit as leave:
    assert leave.code == 0
print(json.dumps(sorted(sys.modules)))
"""
    done = command.run(place, (sys.executable, "-c", code))

    assert done.returncode == 0, done.stderr
    assert not {"rich", "openpyxl", "xlsxwriter", "lxml", "av"} & set(json.loads(done.stdout))
    assert "\x1b" not in done.stderr


def test_album_label_and_barcode_of_the_tags_stand_in_a_new_sheet(place):
    files = ("a.flac", "b.mp3", "d.m4a", "e.ogg")
    given = {"title": "T", "isrc": "QZZZZ2600001", "album": "A", "label": "L",
             "barcode": "012345678905"}  # fmt: skip
    frames = {"title": "TIT2", "isrc": "TSRC", "album": "TALB", "label": "TPUB"}
    for name in files:
        found = mutagen.File(place / "release" / name)
        if found.tags is None:
            found.add_tags()
        for key, text in given.items():
            if name.endswith("mp3"):
                is_user = key not in frames
                frame = id3.TXXX if is_user else getattr(id3, frames[key])
                found.tags.add(frame(3, desc="BARCODE", text=[text]) if is_user else frame(3, text))
            elif name.endswith("m4a"):
                plain = {"title": "\xa9nam", "album": "\xa9alb"}
                box = plain.get(key, f"----:com.apple.iTunes:{key.upper()}")
                found[box] = [text if key in plain else text.encode()]
            else:
                found[key] = [text]
        found.save()

    rows = filled(place)

    expected = {"title": "T", "isrc": "QZZZZ2600001", "release": "A", "label": "L",
                "upc": "012345678905"}  # fmt: skip
    shown = {Path(r["file"]).name: {n: r[n] for n in expected} for r in rows}
    assert {name: shown[name] for name in files} == dict.fromkeys(files, expected)
