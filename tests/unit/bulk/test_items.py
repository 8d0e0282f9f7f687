"""What arguments, lists and tables stand for (spec 26.1)."""

import io
import os
import shutil
from pathlib import Path

import pytest
from provenance.bulk.items import PassedOver, Sources, items_of
from provenance.bulk.settings import Settings
from provenance.bulk.verifying import verify_item
from provenance.model.errors import InputError, UsageError

PLAIN = Path(__file__).parents[2] / "vectors" / "verify" / "absent" / "input.wav"


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b.wav", "a.wav", "in/B.wav", "in/a.wav", "in/deep/c.wav", ".hidden/x.wav"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PLAIN, tmp_path / name)
    (tmp_path / "notes.txt").write_text("no audio" * 50)
    (tmp_path / "empty").mkdir()
    return tmp_path


def named(*arguments, stdin=b"", **more):
    sources = Sources(arguments, **more)
    found = list(items_of(sources, lambda: io.BufferedReader(io.BytesIO(stdin))))
    assert [item.number for item in found] == list(range(len(found)))
    return [item.name for item in found]


def expected(data):
    Path("t.csv").write_bytes(data)
    sources = Sources(table="t.csv")
    return [(i.name, i.isrc) for i in items_of(sources, io.BufferedReader)]


@pytest.mark.requirement("BLK-001")
def test_a_list_has_a_name_a_line_or_ends_each_with_nul(place):
    lines = b"\xef\xbb\xbfb.wav\r\n\na.wav\nb.wav"
    zeros = b"b.wav\0new\nline.wav\0a.wav\0"
    (place / "list").write_bytes(lines)

    assert named("-", stdin=lines) == ["b.wav", "a.wav", "b.wav"]
    assert named("@list") == ["b.wav", "a.wav", "b.wav"]
    assert named("-", stdin=zeros, nul=True) == ["b.wav", "new\nline.wav", "a.wav"]


@pytest.mark.requirement("BLK-001")
def test_bytes_of_a_name_that_are_no_utf_8_are_kept(place):
    (name,) = named("-", stdin=b"caf\xe9.wav\n")

    assert os.fsencode(name) == b"caf\xe9.wav"


@pytest.mark.requirement("BLK-001")
@pytest.mark.parametrize(
    "text", ["b.wav\n".encode("utf-16"), b"x" * 70_000, b"a\n" + b"y" * 70_000]
)
def test_a_list_that_cannot_be_one_is_refused(place, text):
    with pytest.raises(UsageError) as refused:
        named("-", stdin=text)

    assert refused.value.hint


@pytest.mark.requirement("BLK-001")
def test_a_name_is_there_as_soon_as_its_line_is(place):
    reading, writing = os.pipe()
    items = items_of(Sources(("-",)), lambda: os.fdopen(reading, "rb"))

    os.write(writing, b"a.wav\nb.w")
    first = next(items)
    os.write(writing, b"av\n")
    second = next(items)
    os.close(writing)

    assert [first.name, second.name, *items] == ["a.wav", "b.wav"]


@pytest.mark.requirement("BLK-002")
@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.wav", ["a.wav", "b.wav"]),
        ("in/?.wav", ["in/B.wav", "in/a.wav"]),
        ("in/[!a]*.wav", ["in/B.wav"]),
        ("**/*.wav", ["a.wav", "b.wav", "in/B.wav", "in/a.wav", "in/deep/c.wav"]),
        ("in/**", ["in/B.wav", "in/a.wav", "in/deep/c.wav"]),
        ("i*", ["in/B.wav", "in/a.wav", "in/deep/c.wav"]),
        ("n*", ["notes.txt"]),
        ("*.flac", ["*.flac"]),
    ],
)
def test_a_pattern_matches_in_byte_order_and_nothing_hidden(place, pattern, names):
    assert named(pattern) == names
    assert named(str(place / pattern)) == [str(place / name) for name in names]


@pytest.mark.requirement("BLK-002")
def test_a_file_with_the_name_of_a_pattern_is_that_file(place):
    (place / "[ab].wav").touch()

    assert named("[ab].wav") == ["[ab].wav"]


@pytest.mark.requirement("BLK-002")
def test_a_pattern_follows_no_link_into_deeper_folders(place):
    (place / "in" / "loop").symlink_to("..")

    assert named("in/**/*.wav") == ["in/B.wav", "in/a.wav", "in/deep/c.wav"]


LINKED = {
    "a folder": (("in",), b"", 3),
    "a folder in a list": (("-",), b"in\nb.wav\n", 3),
    "two that are one": (("in", "in/"), b"", 6),
    "a pattern over folders": (("in/**/*.wav",), b"", 1),
    "a pattern in one folder": (("in/*.wav",), b"", 0),
    "links that are named": (("in/link.wav", "-"), b"in/link.wav\n", 0),
}


@pytest.mark.requirement("BLK-005")
@pytest.mark.parametrize(("arguments", "stdin", "count"), LINKED.values(), ids=LINKED)
def test_links_that_are_passed_over_are_counted(place, arguments, stdin, count):
    (place / "in" / "loop").symlink_to("..")
    (place / "in" / "link.wav").symlink_to("../b.wav")
    (place / "in" / "deep" / "unnamed").symlink_to("../../b.wav")
    (place / "in" / "broken.wav").symlink_to("nowhere")
    (place / "in" / ".hidden").symlink_to("../b.wav")
    passed = PassedOver()

    items = items_of(Sources(arguments), lambda: io.BufferedReader(io.BytesIO(stdin)), passed)
    names = [item.name for item in items]

    assert passed.links == count
    assert ("in/link.wav" in names) == (count < 2)


@pytest.mark.requirement("BLK-002")
@pytest.mark.parametrize("pattern", ["in/*.wav", "in/**/*.wav", "in/**"])
def test_a_link_to_a_file_is_matched_by_its_name(place, pattern):
    (place / "in" / "link.wav").symlink_to("../b.wav")

    assert "in/link.wav" in named(pattern)


@pytest.mark.requirement("BLK-006")
def test_a_list_whose_name_is_a_hyphen_is_a_file_and_a_table_so_named_is_standard_input(place):
    Sources(table="-").require_lists()
    with pytest.raises(InputError, match="-: no such file"):
        Sources(("@-",)).require_lists()

    (place / "-").write_text("a.wav\n")
    Sources(("@-",)).require_lists()
    assert named("@-") == ["a.wav"]
    assert Sources(("@-",)).are_files
    assert not Sources(table="-").are_files
    assert not Sources(("-",)).are_files


@pytest.mark.requirement("BLK-002")
def test_a_pattern_that_matches_nothing_is_said_to_and_the_rest_goes_on(place):
    nothing, rest = items_of(Sources(("sub/*.nope", "gone.wav")), io.BytesIO)

    assert (nothing.name, str(nothing.fault)) == ("sub/*.nope", "sub/*.nope: matches nothing")
    assert nothing.fault.hint
    assert (rest.name, rest.fault) == ("gone.wav", None)


@pytest.mark.requirement("BLK-003")
def test_an_entry_of_a_list_is_a_file_or_folder_and_nothing_else(place):
    (place / "@b").touch()
    entries = b"in\nnotes.txt\n*.wav\n@b\n-\ngone.wav\nempty\n"

    assert named("-", stdin=entries) == [
        "in/B.wav", "in/a.wav", "in/deep/c.wav", "notes.txt", "*.wav", "@b", "-", "gone.wav",
    ]  # fmt: skip


@pytest.mark.requirement("BLK-003")
def test_a_folder_that_cannot_be_read_is_an_item_and_the_rest_goes_on(place, monkeypatch):
    scandir = os.scandir

    def refusing(path):
        if str(path) == "in/deep":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)

    assert named("in", "b.wav") == ["in/B.wav", "in/a.wav", "in/deep", "b.wav"]


@pytest.mark.requirement("BLK-003")
def test_names_with_a_scheme_stay_as_they_are(place):
    assert named("s3://music/a//b*.wav", "./a.wav") == ["s3://music/a//b*.wav", "a.wav"]


def test_a_list_that_is_not_there_is_said(place):
    with pytest.raises(InputError, match=r"gone: no such file"):
        named("a.wav", "@gone")


@pytest.mark.requirement("BLK-004")
@pytest.mark.parametrize(
    "data",
    [
        b"path,isrc\na.wav,QZZZZ2600001\nb.wav,\n",
        b"\xef\xbb\xbfTitle;ISRC;File name\r\nX;QZZZZ2600001;a.wav\r\nY;;b.wav\r\n",
        "File\tISRC Code\r\na.wav\tQZZZZ2600001\r\n\r\nb.wav\t\r\n".encode("utf-16"),
        b'sep=,\n"isrc","path"\n"QZZZZ2600001","a.wav"\n"","b.wav"\n',
        b"path,isrc\ra.wav,QZZZZ2600001\rb.wav,\r",
    ],
    ids=["plain", "excel-semicolons", "utf-16-tabs", "told-separator", "old-mac"],
)
def test_a_table_is_read_as_programs_save_it(place, data):
    assert expected(data) == [("a.wav", "QZZZZ2600001"), ("b.wav", None)]


@pytest.mark.requirement("BLK-004")
@pytest.mark.parametrize(
    "data",
    [b"", b"title,isrc\nx,y\n", b"path,file\na,b\n", b'path\n"' + b"x" * 200_000 + b'"\n', b"path\n" + b"x" * (1 << 21)],
    ids=["empty", "no-path", "two-paths", "huge-cell", "huge-row"],
)  # fmt: skip
def test_a_table_that_cannot_be_one_is_refused_with_what_to_do(place, data):
    with pytest.raises(UsageError) as refused:
        expected(data)

    assert refused.value.hint


@pytest.mark.requirement("BLK-004")
def test_a_name_in_another_encoding_is_the_file_that_stands_there_else_windows_1252(place):
    shutil.copyfile(PLAIN, os.fsencode(place) + b"/caf\xe9.wav")

    (raw, _), (guessed, _) = expected(b"path\ncaf\xe9.wav\nn\xf6.wav\n")

    assert os.fsencode(raw) == b"caf\xe9.wav"
    assert guessed == "nö.wav"


@pytest.mark.requirement("BLK-004")
@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b";;\n"])
def test_a_table_without_any_row_is_called_empty(place, data):
    with pytest.raises(UsageError, match="the table is empty"):
        expected(data)

    assert expected(b"path,isrc\n") == []


@pytest.mark.requirement("BLK-004")
def test_a_row_without_a_name_is_said_by_its_number_and_the_rest_goes_on(place):
    assert expected(b"path,isrc\na.wav,\n,QZZZZ2600001\nb.wav,\n") == [
        ("a.wav", None), ("(row 3 names no file)", "QZZZZ2600001"), ("b.wav", None),
    ]  # fmt: skip


@pytest.mark.requirement("BLK-004")
def test_a_folder_is_an_error_in_a_table_and_stands_for_its_audio_in_a_list(place):
    (place / "list").write_text("in/\n")
    (place / "t.csv").write_text("path,isrc\nin/,QZZZZ2600001\n")
    settings = Settings(home=str(place), at="2026-11-24T00:00:00Z")

    (row,) = items_of(Sources(table="t.csv"), io.BufferedReader)
    report = verify_item(row, settings)

    assert named("@list") == ["in/B.wav", "in/a.wav", "in/deep/c.wav"]
    assert report["status"] == "ERROR"
    assert report["summary"] == "in: is a folder. Name a file."


def test_sources_that_can_be_counted_beside_the_run(place):
    (place / "list").write_bytes(b"a.wav\n")

    assert Sources(("in", "@list")).are_files
    assert not Sources(("-",)).are_files
    assert not Sources(("in",), table="-").are_files
    assert not Sources(("@gone",)).are_files
