"""Real tracks in all families: sign, verify, inspect, extract, strip; all else byte for byte.

With the full corpus this runs over at least 60 tracks of each format; MUSICPROV_TEST_TRACKS
bounds how many of each are taken (default 2). Every second track is tagged by mutagen first.
MUSICPROV_TEST_FULL=1 adds the originals as their makers released them, with their own tags::

    MUSICPROV_TEST_TRACKS=60 MUSICPROV_TEST_FULL=1 python -m pytest -n 2 tests/conformance/test_real_music.py
"""

import hashlib
import os
import shutil
import subprocess
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import mutagen
import pytest
from mutagen import id3, mp4
from mutagen.flac import FLAC, Picture

from support import samples
from support.raw_tags import foreign, is_chained

FORMATS = (
    "wav16", "wav24", "rf64", "bwf", "flac5", "flac24", "alac16", "alac24", "aiff16", "aiff24",
    "mp3_320", "mp3_v0", "aac_256", "vorbis_q5", "opus_96", "oggflac",
)  # fmt: skip
SOLD = {"flac5", "mp3_320"}
"""Tried wherever it is late too."""
TRACKS = int(os.environ.get("MUSICPROV_TEST_TRACKS", "2"))
FULL = bool(os.environ.get("MUSICPROV_TEST_FULL"))
DECLARATION = {"contributions": [{"asset": "recording", "area": "leadVocals", "level": "full"}]}
SUMMARY = "leadVocals=full"

_PLACES = {
    "wav": ["wav:id3[0]/TXXX", "wav:id3[0]/TXXX"],
    "aiff": ["aiff:id3[0]/TXXX", "aiff:id3[0]/TXXX"],
    "mp3": ["mp3:ID3v2[0]/TXXX", "mp3:ID3v2[0]/TXXX"],
    "flac": ["flac:VORBIS_COMMENT[0]", "flac:VORBIS_COMMENT[0]"],
    "mp4": ["mp4:moov/udta/meta/ilst/----", "mp4:moov/udta/meta/ilst/----"],
    "vorbis": ["ogg:vorbis"] * 2,
    "opus": ["ogg:opus"] * 2,
    "oggflac": ["ogg:flac"] * 2,
}
"""Where the spec's container pages put the two tags."""

_ID3 = {"wav", "aiff", "mp3"}
"""A file without an ID3 tag is the same after it was signed and stripped (spec/containers/id3.md)."""

_SECOND = {
    "flac": [
        "flac",
        "-s",
        "-d",
        "-c",
        "-F",
        "--force-raw-format",
        "--endian=little",
        "--sign=signed",
    ],
    "wav": ["sox", "-D", "-V1"],
    "aiff": ["sox", "-D", "-V1"],
    "mp3": ["lame", "--quiet", "--decode", "-t"],
    "vorbis": ["oggdec", "-Q", "-R", "-o", "-"],
    "opus": ["opusdec", "--quiet", "--force-wav"],
}
"""A second decoder of each family, by other people; there is none for AAC and ALAC here."""


def decoded(path):
    """What ffmpeg plays of a file."""
    done = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:a", "-f", "md5", "-"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def decoded_elsewhere(path, family, form):
    """What the second decoder plays; None where there is none (RF64: sox does not read it)."""
    command = _SECOND.get(family)
    if command is None or shutil.which(command[0]) is None or form == "rf64":
        return None
    tail = {"sox": ["-t", "raw", "-"], "lame": ["-"], "opusdec": ["-"]}.get(command[0], [])
    if command[0] == "sox":
        command = [*command, "-t", "wav" if family == "wav" else "aiff"]
    done = subprocess.run([*command, str(path), *tail], capture_output=True, check=True)
    assert done.stdout, path
    return hashlib.sha256(done.stdout).digest()


def tags(path):
    """Every other tag as mutagen reads it; None where it cannot (RF64)."""
    if path.read_bytes()[:4] == b"RF64":
        return None
    found = mutagen.File(path).tags or {}
    items = found if isinstance(found, list) else found.items()
    return sorted((key, plain(value)) for key, value in items if not is_ours(key))


def is_ours(key):
    return "MUSICPROV" in key.upper() or "AI_DISCLOSURE" in key.upper()


def plain(value):
    """A tag's value for comparing: pictures as digests."""
    if isinstance(getattr(value, "data", None), bytes):
        return hashlib.sha256(value.data).hexdigest()
    if isinstance(value, (list, tuple)):
        return repr([plain(one) for one in value])
    return value.hex() if isinstance(value, bytes) else repr(value)


def tag(path):
    """Tags and a picture, as a label's file has them."""
    file = mutagen.File(path)
    if file.tags is None:
        file.add_tags()
    cover = bytes(range(256)) * 90
    if isinstance(file.tags, id3.ID3):
        file.tags.add(id3.TIT2(text="Söng"))
        file.tags.add(id3.TPE1(text="Somebody"))
        file.tags.add(id3.TSRC(text="QZZZZ2600001"))
        file.tags.add(id3.APIC(encoding=0, mime="image/png", type=3, data=cover))
    elif isinstance(file.tags, mp4.MP4Tags):
        file.tags["\xa9nam"], file.tags["\xa9ART"] = ["Söng"], ["Somebody"]
        file.tags["covr"] = [mp4.MP4Cover(cover)]
        file.tags["----:com.apple.iTunes:ISRC"] = [b"QZZZZ2600001"]
    else:
        file.tags["title"], file.tags["isrc"] = "Söng", "QZZZZ2600001"
        file.tags["artist"] = ["Somebody", "Another"]
        if isinstance(file, FLAC):
            picture = Picture()
            picture.type, picture.mime, picture.data = 3, "image/png", cover
            file.add_picture(picture)
    file.save()


@pytest.fixture(scope="module")
def signer():
    from provenance.signing.keys import generate
    from provenance.signing.signer import FileSigner

    return FileSigner(generate("ES256"))


@pytest.fixture(scope="module")
def context(signer):
    from provenance.trust.identity import Keyring
    from provenance.verify.outcome import Context

    return Context(now=datetime.now(UTC), keyring=Keyring({signer.public.thumbprint: None}))


def family_of(form):
    """The place of the tags and the second decoder go by this."""
    others = {"rf64": "wav", "bwf": "wav", "alac": "mp4", "aac": "mp4"}
    named = next((f for f in (*others, *_PLACES) if form.startswith(f)), form)
    return others.get(named, named)


def round_trip(path, form, signer, context, *, twice=True):
    """Sign, verify, inspect, extract, sign again, strip; what became of the original bytes.

    ``twice``: the second decoder plays it too.
    """
    from provenance.files.replacing import Replacing
    from provenance.issuing.sign import Wishes, draft, issue
    from provenance.issuing.strip import strip
    from provenance.workspace.extracting import extract
    from provenance.workspace.inspecting import inspect_path
    from provenance.workspace.verifying import verify_path

    family = family_of(form)
    original, beside, old_tags = path.read_bytes(), foreign(path), tags(path)
    family_or_none = family if twice else None
    sounds = decoded(path), decoded_elsewhere(path, family_or_none, form)
    before = path.stat()
    wishes = Wishes(tiers=frozenset({"essence", "samples"}))
    made = draft([path], DECLARATION, signer.public.thumbprint, context, wishes)
    token = issue(made, signer, context, wishes)[0].token

    verdict = verify_path(path, context)
    assert (verdict.status.value, verdict.code) == ("PASSED", "binding.exact"), path
    assert (decoded(path), decoded_elsewhere(path, family_or_none, form)) == sounds, path
    assert foreign(path) == beside, path
    assert tags(path) == old_tags, path
    assert path.stat().st_mtime_ns == before.st_mtime_ns

    found = inspect_path(path, context)
    shown = [(c["name"], c["where"].rpartition("[")[0]) for c in found["carriers"]]
    assert shown == list(zip(["MUSICPROV", "AI_DISCLOSURE"], _PLACES[family], strict=True)), path
    assert found["refusal"] is None
    assert found["carriers"][0]["content"]["contributions"] == DECLARATION["contributions"]
    assert found["carriers"][1]["content"] == SUMMARY
    assert extract(path, context, "token") == token.encode()

    signed = path.read_bytes()
    cheap = Wishes(tiers=frozenset({"essence"}))
    again = draft([path], DECLARATION, signer.public.thumbprint, context, cheap)
    assert [r.state for r in issue(again, signer, context, cheap)] == ["unchanged"]
    assert path.read_bytes() == signed

    assert strip(path, context, out=None, how=Replacing()) == 2
    assert verify_path(path, context).status.value == "ABSENT"
    assert foreign(path) == beside, path
    stripped = path.read_bytes()
    if stripped == original:
        return "the original, byte for byte"
    if original[:3] == b"ID3" and "ID3 frame" not in [place for place, _ in beside]:
        assert original.endswith(stripped), path
        assert not any(original[10 : len(original) - len(stripped)]), path
        return "the original but for its empty ID3 tag"  # ID3-025
    assert len(signed) > len(original), f"{path}: the padding sufficed, and was not given back"
    assert family not in _ID3 or "ID3 frame" in [place for place, _ in beside], path
    assert decoded(path) == sounds[0]
    assert tags(path) == old_tags, path
    return "the original but for padding"


@pytest.mark.corpus
@pytest.mark.parametrize(
    "form", [pytest.param(f, marks=() if f in SOLD else pytest.mark.slow) for f in FORMATS]
)
def test_real_tracks_survive_signing_and_stripping(form, tmp_path, signer, context, capsys):
    became = Counter()
    for number, source in enumerate(samples.corpus(form)[:TRACKS]):
        path = tmp_path / source.name
        shutil.copyfile(source, path)
        tagged = number % 2 == 1 and form != "rf64"
        if tagged:
            tag(path)
        result = round_trip(path, form, signer, context, twice=tagged or number == 0)
        became["tagged: " * tagged + result] += 1
        path.unlink()
    with capsys.disabled():
        print(f"\n{form}: {sum(became.values())} tracks; stripped: {dict(became)}")


def originals():
    """Files as their makers released them (FLAC, MP3, Ogg), with their own tags."""
    named = os.environ.get("MUSICPROV_TEST_CORPUS")
    found = sorted((Path(named) / "src").rglob("*.*")) if named else []
    return [path for path in found if path.is_file()]


def form_of(path):
    """The family that the bytes of an original belong to."""
    head = path.read_bytes()[:64]
    for magic, form in ((b"vorbis", "vorbis"), (b"OpusHead", "opus"), (b"\x7fFLAC", "oggflac")):
        if head[:4] == b"OggS" and magic in head:
            return form
    return {".mp3": "mp3", ".flac": "flac"}[path.suffix]


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.skipif(not FULL, reason="MUSICPROV_TEST_FULL=1: all originals of the corpus")
def test_originals_with_their_own_tags_survive(tmp_path, signer, context, capsys):
    from provenance.model.errors import RefusedError

    became = Counter()
    for source in originals():
        path = tmp_path / source.name
        shutil.copyfile(source, path)
        form = form_of(path)
        if not is_chained(source):
            became[form, round_trip(path, form, signer, context)] += 1
        else:
            with pytest.raises(RefusedError) as caught:
                round_trip(path, form, signer, context)
            assert caught.value.rule == "ogg.chained"
            assert path.read_bytes() == source.read_bytes(), path
            became[form, "refused by ogg.chained"] += 1
        path.unlink()
    with capsys.disabled():
        print(f"\n{sum(became.values())} originals; stripped: {dict(became)}")

    assert became
