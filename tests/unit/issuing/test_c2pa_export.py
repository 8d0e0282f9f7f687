"""A C2PA manifest after ours, in a new file (spec 23): what it says, and that nothing is lost."""

import io
import os
import shutil
import socket
import subprocess
import sys
from functools import cache

import pytest
from provenance.containers import identify, load
from provenance.containers.base import MANIFEST_TAG
from provenance.issuing import c2pa_export
from provenance.model.codes import Code
from provenance.model.errors import (
    InputError,
    KeyFileError,
    MissingExtraError,
    RefusedError,
    UsageError,
)
from provenance.model.limits import DEFAULT_LIMITS
from provenance.model.verdict import Status
from provenance.signing import c2pa
from provenance.verify.procedure import verify

from support import c2pa as made
from support import samples

pytestmark = pytest.mark.usefixtures("library")
KINDS = {"mp3": "mp3", "flac": "flac", "wav": "wav", "m4a": "mp4"}
REAL = {"mp3_v0": "mp3", "flac5": "flac", "wav16": "wav", "aac_256": "mp4"}


@pytest.fixture
def library():
    return made.library()


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Python cannot reach anything; the C library is watched by strace below."""

    def refuse(*_args, **_kwargs):
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.fixture
def fresh(tmp_path):
    def copy(kind):
        path = tmp_path / f"track.{kind}"
        shutil.copyfile(samples.made(kind), path)
        return path

    return copy


@cache
def who():
    return made.credentials()


def written(path, out=None, **options):
    out = out or path.with_name(f"c2pa-{path.name}")
    result = c2pa_export.export(path, out, who(), made.context(), options)
    return out, result


def scan_of(path):
    with path.open("rb") as stream:
        return load(identify(stream)).scan(stream, DEFAULT_LIMITS, True)


def content(path, parts):
    data = path.read_bytes()
    return [data[part.start : part.start + part.length] for part in parts]


def audio(path):
    data = path.read_bytes()
    return b"".join(data[at : at + size] for at, size in scan_of(path).essence.ranges)


def read(path, anchors=""):
    with path.open("rb") as stream:
        return c2pa.read(stream, c2pa.media_type_of(scan_of(path).container), anchors)


def verdict_of(path):
    with path.open("rb") as stream:
        return verify(stream, load(identify(stream)), made.context())


def assertions(path):
    found = read(path).manifest["assertions"]
    return {f"{a['label']}#{a.get('instance', 0)}": a["data"] for a in found}


def require_nothing_lost(before, after):
    """Compared by hand, not by the code under test: items, carriers, audio, sound."""
    old, new = scan_of(before), scan_of(after)
    kept = content(before, old.items)
    there = content(after, new.items)
    for item in kept:
        there.remove(item)  # raises where one is missing
    assert len(there) == 1, "nothing but the manifest was added"
    assert [c.value for c in old.carriers] == [c.value for c in new.carriers]
    assert old.tags == new.tags
    assert audio(before) == audio(after)
    assert made.sound(before) == made.sound(after)


def require_valid(out):
    found, anchored = read(out), read(out, made.chain()[0].decode())
    assert (found.state, found.failures, found.is_bound) == ("Valid", (), True)
    assert (anchored.state, anchored.failures) == ("Trusted", ())
    verdict = verdict_of(out)
    assert verdict.has(Code.BINDING_EXACT)
    assert verdict.has(Code.SIGNATURE_VALID)


@pytest.mark.requirement("C2P-001, C2P-010, C2P-011")
@pytest.mark.parametrize("kind", KINDS)
def test_a_manifest_is_added_and_nothing_else_changes(fresh, kind):
    path = fresh(kind)
    made.signed(path)
    before = path.read_bytes()

    out, result = written(path)

    assert path.read_bytes() == before
    assert result.state == "Valid"
    require_nothing_lost(path, out)
    require_valid(out)


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.parametrize("form", REAL)
def test_real_tracks_keep_every_tag_and_sample(tmp_path, form):
    tracks = samples.corpus(form)
    step = 5 if os.environ.get("MUSICPROV_TEST_FULL") else max(len(tracks) // 2, 1)
    for track in tracks[::step]:
        path = tmp_path / track.name
        shutil.copyfile(track, path)
        made.signed(path)
        out, _ = written(path)
        require_nothing_lost(path, out)
        require_valid(out)
        for file in (path, out):
            file.unlink()


@pytest.mark.requirement("C2P-010")
@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("encoding", [0, 1])
def test_an_mp3_tag_keeps_its_version_and_its_encodings(fresh, version, encoding):
    """The library's own writer makes 2.4 and UTF-8 of it, and loses the padding."""
    from mutagen import id3

    path = fresh("mp3")
    tags = id3.ID3(path)
    tags.add(id3.TPE2(encoding=encoding, text="Ä" if encoding else "A"))
    tags.add(id3.TXXX(encoding=encoding, desc="Mood", text=["calm", "slow"]))
    tags.add(id3.PRIV(owner="x", data=b"\xff\x00" * 9))
    tags.save(path, v2_version=version)
    made.signed(path)

    out, _ = written(path)

    assert out.read_bytes()[3] == path.read_bytes()[3] == version
    require_nothing_lost(path, out)
    require_valid(out)


@pytest.mark.requirement("C2P-010")
def test_synced_lyrics_which_the_library_would_lose_are_kept(fresh):
    from mutagen import id3

    path = fresh("mp3")
    tags = id3.ID3(path)
    tags.add(id3.SYLT(encoding=1, lang="eng", format=2, type=1, desc="", text=[("La", 10)]))
    tags.save(path)
    made.signed(path)

    out, _ = written(path)

    require_nothing_lost(path, out)
    require_valid(out)
    assert id3.ID3(out).getall("SYLT")[0].text == [("La", 10)]


@pytest.mark.requirement("C2P-011, C2P-012")
def test_a_tag_that_the_library_cannot_parse_is_refused_by_name(fresh):
    """With its own writer, title, ISRC and picture would be gone and the verdict Trusted."""
    from mutagen import id3

    path = fresh("mp3")
    tags = id3.ID3(path)
    tags.add(id3.SYLT(encoding=3, lang="eng", format=2, type=1, desc="", text=[("La", 10)]))
    tags.save(path)
    made.signed(path)
    before = sorted(path.parent.iterdir()), path.read_bytes()

    with pytest.raises(RefusedError) as refused:
        written(path)

    assert refused.value.rule == "c2pa.not-valid"
    assert (sorted(path.parent.iterdir()), path.read_bytes()) == before


@pytest.mark.requirement("C2P-010")
def test_an_id3_tag_before_flac_that_the_library_would_make_anew_is_refused(fresh):
    from mutagen import id3

    path = fresh("flac")
    tags = id3.ID3()
    tags.add(id3.TPE2(encoding=1, text="Ä"))
    tags.add(id3.TYER(encoding=0, text="1999"))
    tags.save(path.with_name("tag"), v2_version=3)
    path.write_bytes(path.with_name("tag").read_bytes() + path.read_bytes())
    path.with_name("tag").unlink()
    made.signed(path)

    with pytest.raises(RefusedError) as refused:
        written(path)

    assert refused.value.rule == "c2pa.lossy"
    assert list(path.parent.iterdir()) == [path]


def test_a_streamed_wav_whose_audio_the_library_would_delete_keeps_it(fresh):
    """RIFF and data sizes of 0, as a pipe leaves them; our signing states the true ones."""
    path = fresh("wav")
    data = path.read_bytes()
    at = data.index(b"data")
    path.write_bytes(data[:4] + bytes(4) + data[8 : at + 4] + bytes(4) + data[at + 8 :])
    made.signed(path)

    out, _ = written(path)

    require_nothing_lost(path, out)
    require_valid(out)
    assert data[at + 8 :] in out.read_bytes()


def test_an_mp3_without_a_tag_gets_one_for_the_manifest(fresh):
    path = fresh("mp3")
    made.signed(path)
    data = path.read_bytes()
    scan = scan_of(path)
    bare = path.with_name("bare.mp3")
    bare.write_bytes(data[scan.layout.lead_end :])
    with bare.open("rb") as stream:
        splices, start = c2pa_export_place(stream, scan_of(bare), b"store")

    assert splices[0].data[:5] == b"ID3\x04\x00"
    assert splices[0].data[start:] == b"store"


def c2pa_export_place(stream, scan, content):
    from provenance.containers._geob import placed

    return placed(stream, scan, content)


@pytest.mark.requirement("C2P-010, C2P-012")
@pytest.mark.parametrize("what", ["tag", "audio", "twice", "ours"])
def test_a_writer_that_loses_something_is_refused_and_leaves_nothing(fresh, monkeypatch, what):
    """The library's place is taken by one that damages the file a little."""
    path = fresh("wav")
    made.signed(path)
    real = c2pa.sign_into

    def damaging(definition, asserted, credentials, media_type, source, target):
        store = real(definition, asserted, credentials, media_type, source, target)
        scan = scan_of(path)
        if what == "twice":
            target.seek(0, 2)
            target.write(b"C2PA" + len(store).to_bytes(4, "little") + store)
            return store
        at = {
            "tag": lambda: next(i.start + i.length - 3 for i in scan.items if "LIST" in i.where),
            "audio": lambda: scan.essence.ranges[0][0] + 999,
            "ours": lambda: scan.named(MANIFEST_TAG)[0].start + 60,
        }[what]()
        target.seek(at)
        byte = target.read(1)[0]
        target.seek(at)
        target.write(bytes([byte ^ 1]))
        return store

    monkeypatch.setattr(c2pa, "sign_into", damaging)
    with pytest.raises(RefusedError) as refused:
        written(path)

    assert refused.value.rule == "c2pa.lossy"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.requirement("C2P-011")
@pytest.mark.parametrize(
    "found",
    [
        None,
        c2pa.Found("Invalid", ("assertion.dataHash.mismatch",), (), {}, True),
        c2pa.Found("Trusted", (), (c2pa.EXCLUDED,), {}, True),
    ],
)
def test_a_manifest_that_does_not_bind_is_refused(fresh, monkeypatch, found):
    path = fresh("wav")
    made.signed(path)
    monkeypatch.setattr(c2pa, "read", lambda *_a, **_k: found)

    with pytest.raises(RefusedError) as refused:
        written(path)

    assert refused.value.rule == "c2pa.not-valid"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.requirement("C2P-002")
@pytest.mark.parametrize("kind", KINDS)
def test_what_another_says_of_the_file_is_not_replaced(fresh, kind):
    path = fresh(kind)
    made.signed(path)
    out, _ = written(path)

    with pytest.raises(RefusedError) as refused:
        written(out)

    assert refused.value.rule == "c2pa.present"


@pytest.mark.requirement("C2P-001")
def test_without_a_statement_that_holds_there_is_no_manifest(fresh):
    path = fresh("flac")
    with pytest.raises(RefusedError) as refused:
        written(path)
    assert refused.value.rule == "c2pa.no-statement"

    made.withdrawn(path)
    with pytest.raises(RefusedError, match="was taken back"):
        written(path)
    other = fresh("wav")
    made.signed(other)
    data = bytearray(other.read_bytes())
    data[scan_of(other).essence.ranges[0][0] + 5] ^= 1
    other.write_bytes(data)
    with pytest.raises(RefusedError) as refused:
        written(other)
    assert refused.value.rule == "c2pa.no-statement"


@pytest.mark.requirement("C2P-003")
@pytest.mark.parametrize(("kind", "rule"), [("ogg", "container"), ("aiff", "container")])
def test_a_container_without_a_place_is_refused(fresh, kind, rule):
    path = fresh(kind)
    made.signed(path)

    with pytest.raises(RefusedError) as refused:
        written(path)

    assert refused.value.rule == f"c2pa.{rule}"


@pytest.mark.requirement("C2P-003")
@pytest.mark.parametrize("form", ["rf64", "unsynchronised"])
def test_a_form_that_cannot_take_it_is_refused(fresh, form):
    path = fresh("wav" if form == "rf64" else "mp3")
    data = path.read_bytes()
    if form == "rf64":
        at = data.index(b"data")
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        sizes = b"".join(n.to_bytes(8, "little") for n in (len(data) + 28, size, 0)) + bytes(4)
        ds64 = b"ds64" + len(sizes).to_bytes(4, "little") + sizes
        head = b"RF64" + b"\xff" * 4 + b"WAVE" + ds64
        path.write_bytes(head + data[12 : at + 4] + b"\xff" * 4 + data[at + 8 :])
    else:
        path.write_bytes(data[:5] + bytes([data[5] | 0x80]) + data[6:])
    made.signed(path)

    with pytest.raises(RefusedError) as refused:
        written(path)

    assert refused.value.rule == "c2pa.no-place"


@pytest.mark.requirement("C2P-012")
def test_the_new_file_must_not_exist(fresh):
    path = fresh("flac")
    made.signed(path)
    before = path.read_bytes()

    with pytest.raises(Exception, match="exists already"):
        written(path, path)

    assert path.read_bytes() == before


@pytest.mark.requirement("C2P-001")
def test_the_manifest_says_what_the_declaration_says(fresh):
    """Authored from spec 23.1 and the crosswalk."""
    path = fresh("flac")
    plain = {
        "subject": {"title": "Song", "isrc": "QZZZZ2600101", "artists": [{"name": "Ann"}]},
        "tools": [
            {"ref": "a", "provider": "Acme", "system": "Singer", "version": "2", "modelId": "m:1"},
            {"ref": "b", "system": "Master"},
        ],
        "people": [{"ref": "p", "name": "Ann"}],
        "contributions": [
            {"area": "composition", "level": "none", "agents": [{"person": "p"}]},
            {
                "area": "leadVocals",
                "role": "LeadVocalist",
                "level": "full",
                "process": "generated",
                "agents": [{"tool": "a"}],
                "interaction": "promptAndSelect",
                "timeRanges": [{"startMs": 500, "endMs": 1500}],
            },
            {"area": "mastering", "level": "utility", "agents": [{"tool": "b"}]},
        ],
        "permissions": [
            {"use": "generativeAiTraining", "permission": "notAllowed"},
            {"use": "dataMining", "permission": "constrained", "constraints": "Ask."},
        ],
    }
    token = made.signed(path, plain)
    iptc = "http://cv.iptc.org/newscodes/digitalsourcetype/"

    out, result = written(path)

    found = assertions(out)
    assert read(out).manifest["title"] == "Song"
    assert found["c2pa.actions.v2#0"] == {
        "allActionsIncluded": False,
        "actions": [
            {"action": "c2pa.created", "digitalSourceType": f"{iptc}compositeSynthetic"},
            {
                "action": "c2pa.edited",
                "digitalSourceType": f"{iptc}digitalCreation",
                "description": "composition",
            },
            {
                "action": "c2pa.edited",
                "digitalSourceType": f"{iptc}trainedAlgorithmicMedia",
                "description": "leadVocals; LeadVocalist",
                "softwareAgent": {"name": "Acme Singer", "version": "2"},
                "changes": [
                    {
                        "region": [
                            {
                                "type": "temporal",
                                "time": {"type": "npt", "start": "0.500", "end": "1.500"},
                            }
                        ]
                    }
                ],
            },
            {
                "action": "c2pa.edited",
                "digitalSourceType": f"{iptc}algorithmicallyEnhanced",
                "description": "mastering",
                "softwareAgent": {"name": "Master"},
            },
        ],
    }
    assert found["c2pa.ai-disclosure#0"] == {
        "modelType": "c2pa.types.model",
        "modelName": "Singer 2",
        "modelIdentifier": "m:1",
        "contentProfile": {"humanOversightLevel": "prompt_guided"},
    }
    assert found["c2pa.ai-disclosure#1"] == {
        "modelType": "c2pa.types.model",
        "modelName": "Master",
    }
    assert found["cawg.training-mining#0"]["entries"] == {
        "cawg.ai_generative_training": {"use": "notAllowed"},
        "cawg.data_mining": {"use": "constrained", "constraints_info": "Ask."},
    }
    assert found["org.musicprov.disclosure#0"] == {"statement": token}
    assert all(a["created"] for a in read(out).manifest["assertions"])
    lost = {loss.pointer for loss in result.losses}
    assert {"/people/0/name", "/contributions/1/interaction"} <= lost
    assert "/tools/0/system" not in lost
    assert any("changes a tag" in warning for warning in result.warnings)


def test_a_parameter_decides_the_word_for_mixed_material(fresh):
    path = fresh("wav")
    entries = [{"area": a, "level": n} for a, n in (("leadVocals", "full"), ("mixing", "none"))]
    made.signed(path, {"contributions": entries})

    out, _ = written(path, mixed="compositeWithTrainedAlgorithmicMedia")

    created = assertions(out)["c2pa.actions.v2#0"]["actions"][0]
    assert created["digitalSourceType"].endswith("/compositeWithTrainedAlgorithmicMedia")


@pytest.mark.parametrize("purpose", ["server", "none"])
def test_a_certificate_that_c2pa_does_not_take_is_refused_with_what_it_must_be(fresh, purpose):
    path = fresh("flac")
    made.signed(path)

    with pytest.raises(UsageError) as refused:
        c2pa_export.export(
            path,
            path.with_name("out.flac"),
            made.credentials(purpose=purpose),
            made.context(),
            {},
        )

    assert "e-mail protection" in refused.value.hint
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("which", [{"purpose": "documents"}, {"kind": "ed25519"}, {"kind": "rsa"}])
def test_other_purposes_and_keys_that_c2pa_takes(fresh, which):
    path = fresh("mp3")
    made.signed(path)
    out = path.with_name("out.mp3")

    c2pa_export.export(path, out, made.credentials(**which), made.context(), {})

    assert read(out, made.chain(**which)[0].decode()).state == "Trusted"


def test_a_key_that_is_not_the_certificates_is_refused():
    _, leaf, _ = made.chain()
    with pytest.raises(KeyFileError):
        c2pa.credentials(made.chain(kind="ed25519")[2], leaf)


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "c2pa", None)
    with pytest.raises(MissingExtraError) as missing:
        c2pa.read_bytes(b"", "audio/wav")

    assert "musicprov[c2pa]" in missing.value.hint


@pytest.mark.requirement("C2P-011")
@pytest.mark.parametrize("kind", ["mp3", "flac"])
def test_a_changed_byte_beside_the_manifest_is_never_read_as_valid(fresh, kind):
    """Of the manifest itself, the padding of its signature alone is free."""
    path = fresh(kind)
    made.signed(path)
    out, _ = written(path)
    data = out.read_bytes()
    start = data.index(b"c2pa manifest store")
    end = data.index(b"fLaC") if kind == "flac" else scan_of(out).layout.lead_end
    places = [12, start - 40, *range(end, len(data), (len(data) - end) // 8), len(data) - 1]
    for at in places:
        out.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        try:
            found = read(out)
        except InputError:
            continue
        assert found is None or not found.is_bound, at


@pytest.mark.requirement("C2P-020")
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_nothing_is_fetched_whatever_the_manifest_names(fresh, monkeypatch):
    """A manifest elsewhere on this machine, which the library fetches unless it is told not to."""
    monkeypatch.undo()
    path = fresh("wav")
    _, leaf, key = made.chain()
    source, target = io.BytesIO(path.read_bytes()), io.BytesIO()
    c2pa_python = made.library()
    builder = c2pa_python.Builder({"claim_generator_info": [{"name": "x"}], "assertions": [
        {"label": "c2pa.actions.v2", "data": {"actions": [{"action": "c2pa.created",
            "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/composite"}]}}]})  # fmt: skip
    builder.set_no_embed()
    builder.set_remote_url("http://127.0.0.1:9/manifest.c2pa")
    info = c2pa_python.C2paSignerInfo("es256", leaf, key, None)
    builder.sign(c2pa_python.Signer.from_info(info), "audio/wav", source, target)
    assert b"127.0.0.1:9" in target.getvalue()
    remote, log = path.with_name("remote.wav"), path.with_name("log")
    remote.write_bytes(target.getvalue())
    made.signed(path)
    out, _ = written(path)
    script = (
        "import sys\n"
        "from provenance.imports import load\n"
        "from provenance.model.errors import InputError\n"
        "assert load('c2pa').read(open(sys.argv[1], 'rb').read())\n"
        "try:\n"
        "    found = load('c2pa').read(open(sys.argv[2], 'rb').read())\n"
        "    print('none' if not found else found)\n"
        "except InputError as error:\n"
        "    print('none', error)\n"
    )
    watched = ["strace", "-f", "-qq", "-e", "trace=network", "-o", log, sys.executable, "-c"]

    command = [*watched, script, out, remote]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout[:4]) == (0, "none"), done.stderr
    calls = [line for line in log.read_text().splitlines() if "AF_INET" in line]
    assert calls == []


def test_ours_still_says_that_a_retagged_file_is_the_same_recording(fresh):
    """What C2PA calls invalid, and why both stand in the file."""
    from mutagen.flac import FLAC

    path = fresh("flac")
    made.signed(path)
    out, _ = written(path)
    tags = FLAC(out)
    tags["TITLE"] = "Corrected"
    tags.save()

    assert not read(out).is_bound
    assert verdict_of(out).has(Code.BINDING_EXACT)
    assert verdict_of(out).status is not Status.FAILED
