"""Archives are written one way and read with suspicion (spec 25.7)."""

import io
import stat
import struct
import time
import zipfile

import pytest
from provenance.audit import packing
from provenance.model.errors import RefusedError


def packed(path, members):
    with zipfile.ZipFile(path, "x") as archive:
        for name, data in members.items():
            packing.add_bytes(archive, name, data)
    return path


def read(path):
    with packing.opened(path) as members:
        return {name: one.read(1 << 20) for name, one in members.items()}


def foreign(path, *infos, compression=zipfile.ZIP_STORED):
    """An archive that somebody else's program wrote."""
    with zipfile.ZipFile(path, "x", compression) as archive:
        for info, data in infos:
            archive.writestr(info, data)
    return path


def rejects(path):
    with pytest.raises(RefusedError) as caught:
        read(path)
    assert caught.value.rule == "audit.archive-form"
    return str(caught.value)


def test_what_is_written_is_read_and_the_bytes_depend_on_nothing_else(tmp_path):
    members = {"a/b.txt": b"one", "z Åäö \u05d0.json": b"{}", "empty": b""}
    first = packed(tmp_path / "1.zip", members)
    time.sleep(0.01)
    second = packed(tmp_path / "2.zip", members)

    assert read(first) == members
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {i.external_attr >> 16 for i in archive.infolist()} == {stat.S_IFREG | 0o644}


@pytest.mark.requirement("AUD-085")
@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../up", "a/../../up", "a//b", "./a", "a/.", "", "a\nb", "x" * 300, "a/" * 600],
)
def test_a_name_that_leads_out_or_is_none_is_refused(tmp_path, name):
    rejects(foreign(tmp_path / "x.zip", (zipfile.ZipInfo(name), b"x")))
    assert not packing.is_name(name)


@pytest.mark.requirement("AUD-085")
@pytest.mark.parametrize("name", ["a", "a/b.c", "..a", "a..", "C:x", "\\\\host", "Åäö", "x" * 255])
def test_a_name_that_stays_inside_is_taken(tmp_path, name):
    assert read(packed(tmp_path / "x.zip", {name: b"x"})) == {name: b"x"}


@pytest.mark.requirement("AUD-085")
def test_a_name_that_is_cut_at_a_nul_is_refused(tmp_path):
    path = packed(tmp_path / "x.zip", {"aXb": b"x"})
    path.write_bytes(path.read_bytes().replace(b"aXb", b"a\x00b"))

    rejects(path)


@pytest.mark.requirement("AUD-085")
@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_is_refused_before_anything_is_unpacked(tmp_path, method):
    bomb = foreign(tmp_path / "x.zip", ("bomb", b"\x00" * (1 << 22)), compression=method)

    assert "compressed" in rejects(bomb)


@pytest.mark.requirement("AUD-085")
def test_members_that_lie_on_top_of_each_other_are_refused(tmp_path):
    path = packed(tmp_path / "x.zip", {"a": b"x" * 4000, "b": b"y"})
    data = bytearray(path.read_bytes())
    entries = [n for n in range(len(data)) if data[n : n + 4] == b"PK\x01\x02"]
    second = entries[1]
    data[second + 16 : second + 28] = data[entries[0] + 16 : entries[0] + 28]  # crc and sizes
    data[second + 42 : second + 46] = data[entries[0] + 42 : entries[0] + 46]  # place
    path.write_bytes(data)

    rejects(path)


@pytest.mark.requirement("AUD-085")
def test_two_members_of_one_name_are_refused(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = foreign(tmp_path / "x.zip", ("a", b"1"), ("a", b"2"))

    assert "two members" in rejects(path)


@pytest.mark.requirement("AUD-085")
@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR])
def test_links_folders_and_devices_are_refused(tmp_path, kind):
    info = zipfile.ZipInfo("link")
    info.create_system, info.external_attr = 3, (kind | 0o777) << 16

    assert "regular" in rejects(foreign(tmp_path / "x.zip", (info, b"/etc/passwd")))


@pytest.mark.requirement("AUD-085")
def test_a_file_cannot_stand_in_the_place_of_a_folder(tmp_path):
    path = packed(tmp_path / "x.zip", {"a": b"1", "a/b": b"2"})

    with packing.opened(path) as members:
        members["a"].unpack(tmp_path / "out" / "a")
        with pytest.raises(RefusedError):
            members["a/b"].unpack(tmp_path / "out" / "a" / "b")
        with pytest.raises(RefusedError):
            members["a"].unpack(tmp_path / "out" / "a")


@pytest.mark.requirement("AUD-085")
@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: data + b"more",
        lambda data: data[:-2] + b"\x02\x00hi",
        lambda data: data.replace(b"inside", b"INSIDE"),
        lambda data: data.replace(b"PK\x01\x02", b"PK\x01\x03"),
        lambda data: data[:-12] + struct.pack("<L", 1 << 31) + data[-8:],
        lambda data: data[:-14] + struct.pack("<HL", 65000, (1 << 32) - 2) + data[-8:],
        lambda data: data[:-6] + struct.pack("<L", 1 << 30) + data[-2:],
    ],
)
def test_what_is_damaged_is_refused(tmp_path, change):
    path = packed(tmp_path / "x.zip", {"a": b"inside", "b": b"two"})
    path.write_bytes(change(path.read_bytes()))

    rejects(path)


@pytest.mark.requirement("AUD-085")
def test_too_many_members_are_refused_before_they_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(packing, "MAX_MEMBERS", 3)
    good = {str(n): b"" for n in range(3)}

    assert read(packed(tmp_path / "good.zip", good)) == good
    rejects(packed(tmp_path / "many.zip", {**good, "4": b""}))


def test_every_cut_and_flip_is_read_or_refused_and_never_more(tmp_path):
    whole = packed(tmp_path / "x.zip", {"a": b"inside", "b/c": b"two"}).read_bytes()
    for place in range(len(whole)):
        for value in (0, 0xFF, whole[place] ^ 1):
            changed = bytearray(whole)
            changed[place] = value
            path = tmp_path / "y.zip"
            path.write_bytes(changed)
            assert outcome(path)


def outcome(path):
    """Whether an archive is read as one, or refused by name."""
    try:
        return all(packing.is_name(name) for name in read(path))
    except RefusedError as error:
        return error.rule == "audit.archive-form"


def test_a_member_is_read_up_to_a_limit(tmp_path):
    path = packed(tmp_path / "x.zip", {"a": b"12345"})

    with packing.opened(path) as members:
        assert members["a"].read(5) == b"12345"
        with pytest.raises(RefusedError):
            members["a"].read(4)


def test_a_large_member_has_its_digest_in_pieces(tmp_path):
    data = io.BytesIO(b"x" * 3_000_000)
    (tmp_path / "big").write_bytes(data.getvalue())
    with zipfile.ZipFile(tmp_path / "x.zip", "x") as archive:
        digest = packing.add_file(archive, "big", tmp_path / "big")

    with packing.opened(tmp_path / "x.zip") as members:
        assert members["big"].digest() == digest
        assert members["big"].size == 3_000_000
