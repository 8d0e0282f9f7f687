"""The AIGC label written into every container: nothing else changes (spec 21.5)."""

import hashlib
import json
import shutil
from collections import Counter

import pytest
from click.testing import CliRunner
from provenance.cli.main import cli
from provenance.containers import identify, load
from provenance.issuing.aigc_tag import write
from provenance.marks import find
from provenance.model.errors import RefusedError, UsageError
from provenance.model.limits import DEFAULT_LIMITS

from support.raw_tags import foreign
from support.samples import made

KINDS = ["wav", "aiff", "flac", "mp3", "m4a", "fast.m4a", "alac.m4a", "ogg", "opus", "oga"]
LABEL = json.dumps(
    dict.fromkeys(("Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator",
                   "PropagateID", "ReservedCode2"), "1"), separators=(",", ":")
).encode()  # fmt: skip
DECLARATION = {
    "declarant": {"role": "artist", "name": "Somebody"},
    "contributions": [
        {"area": "leadVocals", "level": "full", "agents": [{"tool": "t1"}]},
        {"area": "lyrics", "level": "none"},
    ],
    "tools": [{"ref": "t1", "provider": "Example Audio", "system": "Singer", "outputId": "o-1"}],
}


def scanned(path):
    with path.open("rb") as stream:
        container = load(identify(stream))
        scan = container.scan(stream, DEFAULT_LIMITS, True)
        return scan, find(stream, container, scan)


def audio_of(path):
    scan, _ = scanned(path)
    essence = scan.essence
    if essence.digest is not None:
        return essence.digest
    data = path.read_bytes()
    return hashlib.sha256(b"".join(data[s : s + n] for s, n in essence.ranges)).digest()


@pytest.mark.requirement("MRK-031")
@pytest.mark.parametrize("kind", KINDS)
def test_the_label_is_there_and_nothing_else_changed(tmp_path, kind):
    out = tmp_path / f"out.{kind}"

    write(made(kind), LABEL, out)

    scan, marks = scanned(out)
    assert [(m.kind, m.says) for m in marks] == [("aigc", "generated")]
    assert scan.refusal is None
    assert audio_of(out) == audio_of(made(kind))
    before, after = foreign(made(kind)), foreign(out)
    label = [(place, data) for place, data in after if b"ReservedCode1" in data]
    assert len(label) == 1
    kept = Counter(data for place, data in after if (place, data) not in label)
    was = Counter(data for _, data in before)
    assert was - kept == Counter()
    assert set(kept - was) <= {b"\x04\0\0"}  # the head of a tag that is new


@pytest.mark.slow
@pytest.mark.requirement("MRK-031")
@pytest.mark.parametrize("kind", ["wav", "flac", "mp3", "m4a", "ogg"])
def test_a_signed_file_stays_signed(tmp_path, monkeypatch, kind):
    monkeypatch.setenv("MUSICPROV_HOME", str(tmp_path / "home"))
    song, out = tmp_path / f"song.{kind}", tmp_path / f"out.{kind}"
    shutil.copyfile(made(kind), song)
    (tmp_path / "d.json").write_text(json.dumps(DECLARATION))

    def run(*arguments):
        return CliRunner().invoke(cli, [*map(str, arguments)])

    assert run("keygen", "--no-passphrase").exit_code == 0
    signed = run("sign", song, "--manifest", tmp_path / "d.json", "--yes")
    assert signed.exit_code == 0, signed.output
    scan, marks = scanned(song)
    assert marks == ()
    carriers = [(c.name, c.value) for c in scan.carriers]

    done = run("export", song, "--to", "aigc", "--into", song, "--out", out)

    assert done.exit_code == 0, done.output
    scan, (mark,) = scanned(out)
    assert mark.detail["ContentProducer"] == "Example Audio"
    assert mark.detail["ProduceID"] == "o-1"
    assert [(c.name, c.value) for c in scan.carriers] == carriers
    verified = run("verify", out)
    assert verified.exit_code == 0, verified.output
    assert "CONTRADICTION" not in verified.output


@pytest.mark.requirement("MRK-002")
def test_the_places_are_those_of_the_table(tmp_path):
    places = {}
    for kind in ("mp3", "aiff", "flac", "ogg", "wav", "m4a"):
        out = tmp_path / f"out.{kind}"
        write(made(kind), LABEL, out)
        places[kind] = scanned(out)[1][0].where
    data = (tmp_path / "out.wav").read_bytes()
    at = data.index(b"AIGC")

    assert places["mp3"].startswith("mp3:ID3v2[0]/TXXX[")
    assert places["aiff"].startswith("aiff:id3[0]/TXXX[")
    assert places["flac"].startswith("flac:VORBIS_COMMENT[0][")
    assert places["ogg"].startswith("ogg:vorbis[")
    assert data[12:16] == b"fmt "
    assert at == 20 + int.from_bytes(data[16:20], "little")
    assert b"----" in (tmp_path / "out.m4a").read_bytes()
    assert "/ilst/----[" in places["m4a"]


@pytest.mark.requirement("MRK-030")
@pytest.mark.parametrize("kind", ["wav", "flac", "mp3", "m4a", "ogg"])
def test_a_label_is_never_written_over(tmp_path, kind):
    first, second = tmp_path / f"a.{kind}", tmp_path / f"b.{kind}"
    write(made(kind), LABEL, first)

    with pytest.raises(RefusedError) as refused:
        write(first, LABEL, second)

    assert refused.value.rule == "aigc.present"
    assert not second.exists()


@pytest.mark.requirement("MRK-032")
def test_a_file_with_a_c2pa_manifest_is_refused(tmp_path):
    song = tmp_path / "song.wav"
    song.write_bytes(made("wav").read_bytes() + b"C2PA\x04\0\0\0abcd")

    with pytest.raises(RefusedError) as refused:
        write(song, LABEL, tmp_path / "out.wav")

    assert refused.value.rule == "aigc.sealed"


@pytest.mark.requirement("MRK-033")
def test_our_tags_in_several_places_are_refused(tmp_path):
    from mutagen.id3 import ID3, TXXX

    song = tmp_path / "song.mp3"
    shutil.copyfile(made("mp3"), song)
    tags = ID3(song)
    tags.add(TXXX(encoding=3, desc="MUSICPROV", text=["a"]))
    tags.add(TXXX(encoding=3, desc="musicprov", text=["b"]))
    tags.save()

    with pytest.raises(RefusedError) as refused:
        write(song, LABEL, tmp_path / "out.mp3")

    assert refused.value.rule == "aigc.untidy"


def test_where_no_label_is_due_nothing_is_written(tmp_path):
    plain = tmp_path / "d.json"
    plain.write_text(json.dumps({"contributions": [{"area": "leadVocals", "level": "none"}]}))

    done = CliRunner().invoke(
        cli,
        ["export", str(plain), "--to", "aigc", "--into", str(made("wav")), "--out",
         str(tmp_path / "out.wav")],
        env={"MUSICPROV_HOME": str(tmp_path / "home")},
    )  # fmt: skip

    assert isinstance(done.exception, UsageError)
    assert "no label is due" in str(done.exception)
    assert not (tmp_path / "out.wav").exists()
