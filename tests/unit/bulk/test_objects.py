"""Objects in stores: a real S3 server, and web servers that behave and that do not (spec 26.5)."""

import io
import json
import pickle
import shutil
import sys
import time
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path

import pytest
from provenance.bulk import _web, listing, objects
from provenance.bulk._ranged import FIRST_BYTES, MOST_BYTES, BrokenError, Ranged
from provenance.bulk.items import Item, Sources, items_of
from provenance.bulk.lists import NAME_BYTES
from provenance.bulk.objects import opened, options_of, store_of, verify_object
from provenance.bulk.settings import Settings, context_of
from provenance.bulk.verifying import verify_item
from provenance.containers import identify, load
from provenance.issuing import sign
from provenance.model.errors import MissingExtraError, NetworkError, UsageError
from provenance.model.limits import DEFAULT_LIMITS
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner
from provenance.verify.outcome import Context
from provenance.wire.addresses import parted, without_secrets, without_secrets_in
from provenance.wire.schemas import check

from support import samples, speed, stores
from support.command import prov
from support.stores import BUCKET, Page, Web

VECTORS = Path(__file__).parents[2] / "vectors" / "verify"
PLAIN = VECTORS / "absent" / "input.wav"
SIGNED = VECTORS / "passed-own-key" / "input.wav"
TOKEN = VECTORS / "bare-token" / "given.jws"
DECLARATION = samples.CHECKOUT / "examples" / "walk-my-walk" / "declaration.json"
AT = "2026-11-24T00:00:00Z"


@pytest.fixture(scope="module", autouse=True)
def _libraries():
    stores.require_libraries()


@pytest.fixture(scope="module")
def s3(tmp_path_factory):
    with stores.s3_server(tmp_path_factory.mktemp("s3")) as found:
        yield found


@pytest.fixture
def settings(tmp_path):
    return Settings(home=str(tmp_path / "home"), at=AT, stores=())


@pytest.fixture
def on_s3(settings, s3):
    return replace(settings, stores=options_of([f"s3.endpoint_url={s3[0]}"]))


@pytest.fixture
def web():
    with Web() as server:
        yield server


def report_of(name, settings):
    report = verify_item(Item(0, name), settings)
    assert not list(check(report, "report"))
    return report


def locally(path, name, settings):
    """The report of the same bytes on disk, under another name."""
    report = verify_item(Item(0, str(path)), settings)
    return {**report, "input": {**report["input"], "name": name}}


def signed(path, plain=None, **wishes):
    """Sign a file in place, by a key that nobody knows."""
    declared = plain or json.loads(DECLARATION.read_text(encoding="utf-8"))
    signer = FileSigner(generate())
    context = Context(context_of(Settings(home=str(path.parent), at=AT)).now)
    how = sign.Wishes(tiers=frozenset({"essence"}), **wishes)
    draft = sign.draft([path], declared, signer.public.thumbprint, context, how)
    return sign.issue(draft, signer, context, how)[0].token


# --- what is opened at all


@pytest.mark.slow
@pytest.mark.requirement("BLK-040")
def test_an_address_is_opened_where_the_caller_allows_addresses_and_nowhere_else(settings, web):
    web.pages["/a.wav"] = Page(SIGNED.read_bytes())
    name = f"{web.at}/a.wav"

    refused = report_of(name, replace(settings, stores=None))
    asked = list(web.asked)
    taken = report_of(name, settings)

    assert refused["status"] == "ERROR"
    assert "addresses are not opened here" in refused["summary"]
    assert asked == []
    assert taken == locally(SIGNED, name, settings)
    assert taken["status"] == "INDETERMINATE"


@pytest.mark.requirement("BLK-040")
def test_nothing_that_stands_in_an_artefact_is_asked_for(settings, web, tmp_path):
    path = tmp_path / "song.mp3"
    shutil.copyfile(samples.made("mp3"), path)
    declared = json.loads(DECLARATION.read_text(encoding="utf-8"))
    leak = f"{web.at}/leak"
    declared["subject"]["title"] = leak
    declared["extensions"]["org.musicprov.example"]["note"] = leak
    signed(path, declared)
    web.pages |= {"/song.mp3": Page(path.read_bytes()), "/leak": Page(b"gone")}
    beside = json.dumps({"$schema": leak, "musicprovBundle": leak, "url": leak})
    web.pages["/song.mp3.musicprov.json"] = Page(beside.encode())

    report = report_of(f"{web.at}/song.mp3", settings)

    assert leak in json.dumps(report)
    assert {path for _, path, _ in web.asked} == {"/song.mp3", "/song.mp3.musicprov.json"}


@pytest.mark.slow
@pytest.mark.requirement("BLK-040")
def test_a_list_names_objects_and_stands_for_no_more_than_them(on_s3, s3, tmp_path):
    _, fs = s3
    fs.put_file(str(PLAIN), f"{BUCKET}/listed/[odd] *.wav")
    (tmp_path / "list").write_text(f"s3://{BUCKET}/listed/[odd] *.wav\ns3://{BUCKET}/listed/\n")

    found = list(items_of(Sources((f"@{tmp_path}/list",), stores=on_s3.stores), io.BytesIO))

    reports = [report_of(item.name, on_s3) for item in found]
    assert [r["status"] for r in reports] == ["ABSENT", "ERROR"]


def test_other_stores_of_fsspec_files_and_unknown_schemes(settings, tmp_path):
    import fsspec

    fs = fsspec.filesystem("memory")
    fs.pipe_file("/in/a.wav", SIGNED.read_bytes())
    fs.pipe_file("/in/deep/b.flac", b"")
    fs.pipe_file("/in/b.txt", b"")

    found = list(items_of(Sources(("memory://in/", "memory://in/*.wav"), stores=()), io.BytesIO))

    assert [i.name for i in found] == [
        "memory:///in/a.wav", "memory:///in/deep/b.flac", "memory:///in/a.wav",
    ]  # fmt: skip
    assert report_of("memory://in/a.wav", settings)["status"] == "INDETERMINATE"
    assert report_of(f"file://{SIGNED}", settings)["status"] == "INDETERMINATE"
    assert "is not a regular file" in report_of("file:///dev/zero", settings)["summary"]
    assert "no store is known as what://" in report_of("what://in/a.wav", settings)["summary"]
    assert report_of("memory://in", settings)["summary"].startswith("memory://in: there is no such")


def test_what_is_wrong_with_a_file_is_said_of_its_address(settings, tmp_path):
    (tmp_path / "a.wav").write_bytes(b"no audio")
    at = f"file://{tmp_path}"

    folder, gone, other = (
        report_of(name, settings) for name in (at, f"{at}/gone.wav", f"{at}/a.wav")
    )

    assert folder["summary"] == f"{at}: is a folder. End it with / for the audio below it."
    assert gone["summary"] == f"{at}/gone.wav: no such file. Check the name."
    assert other["summary"].startswith(f"{at}/a.wav: is no audio file that we know")
    assert other["input"]["size"] == 8


def test_without_the_extra_one_line_says_what_to_install(settings, monkeypatch):
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    assert "gcsfs" in report_of("gs://bucket/a.wav", settings)["summary"]
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(MissingExtraError) as caught:
        store_of("s3://bucket/a.wav", ())

    assert "pip install 'musicprov[catalog]'" in caught.value.hint


# --- reading in ranges


def ranged(size, fetched):
    def fetch(start, end):
        fetched.append((start, end))
        return bytes(end - start)

    return Ranged(fetch, size, "it")


@pytest.mark.requirement("BLK-041")
def test_ranges_grow_while_a_stream_is_read_on_and_memory_does_not():
    fetched, held = [], []
    stream = ranged(200 << 20, fetched)
    while stream.readinto(bytearray(1 << 20)):
        held.append(sum(len(data) for _, data in stream._kept))

    assert fetched[0] == (0, FIRST_BYTES)
    assert len(fetched) < 32
    assert all(end - start <= MOST_BYTES for start, end in fetched)
    assert [start for start, _ in fetched] == [0, *(end for _, end in fetched[:-1])]
    assert fetched[-1][1] == 200 << 20
    assert max(held) <= 24 << 20


@pytest.mark.requirement("BLK-041")
def test_a_jump_costs_little_and_what_is_kept_is_not_fetched_again():
    fetched = []
    stream = io.BufferedReader(ranged(100 << 20, fetched))
    stream.read(10)
    stream.seek(-100, io.SEEK_END)
    assert len(stream.read()) == 100
    stream.seek(5)
    stream.read(FIRST_BYTES)

    assert fetched == [
        (0, FIRST_BYTES),
        ((100 << 20) - 100, 100 << 20),
        (FIRST_BYTES, 5 * FIRST_BYTES),
    ]


def test_a_stream_that_is_shorter_than_was_said_is_no_end_of_file():
    stream = Ranged(lambda start, end: bytes(7), 1000, "it")

    with pytest.raises(BrokenError, match="changed while it was read"):
        stream.read(100)


FORMATS = ("flac5", "alac16", "wav16", "rf64", "aiff16", "aac_256", "mp3_320", "vorbis_q5")


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.requirement("BLK-041")
@pytest.mark.parametrize("form", FORMATS)
def test_real_music_is_fetched_once(on_s3, s3, tmp_path, monkeypatch, form):
    import s3fs.core

    source = min(samples.corpus(form), key=lambda path: path.stat().st_size)
    path = tmp_path / source.name
    shutil.copyfile(source, path)
    signed(path)
    s3[1].put_file(str(path), f"{BUCKET}/{form}/{path.name}")
    fetched, fetch = [], s3fs.core._fetch_range

    def counted(fs, bucket, key, version, start, end, **more):
        fetched.append((start, end))
        return fetch(fs, bucket, key, version, start, end, **more)

    monkeypatch.setattr(s3fs.core, "_fetch_range", counted)
    name = f"s3://{BUCKET}/{form}/{path.name}"
    found = report_of(name, on_s3)

    size = path.stat().st_size
    assert found == locally(path, name, on_s3)
    assert found["axes"]["binding"] == "binding.exact"
    assert sum(end - start for start, end in fetched) <= size
    assert len(fetched) <= 8 + size // MOST_BYTES
    spans = sorted(fetched)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.slow
@pytest.mark.requirement("BLK-041")
@pytest.mark.parametrize("kind", ["wav", "flac", "aiff", "m4a"])
def test_of_audio_without_a_declaration_little_is_fetched(settings, web, kind):
    data = samples.made(kind, 20).read_bytes()
    web.pages[f"/a.{kind}"] = Page(data)

    assert report_of(f"{web.at}/a.{kind}", settings)["status"] == "ABSENT"

    spans = [r.removeprefix("bytes=").split("-") for _, p, r in web.asked if p == f"/a.{kind}"]
    fetched = sum(min(int(end) + 1, len(data)) - int(start) for start, end in spans)
    assert fetched <= 3 * FIRST_BYTES
    assert kind == "m4a" or fetched < len(data) // 2


@pytest.mark.requirement("BLK-041")
def test_a_server_without_ranges_is_read_as_one_stream_of_a_bounded_length(settings, web):
    data = samples.made("m4a").read_bytes()
    for name, page in {
        "/known": Page(data, ranges=False),
        "/open": Page(data, ranges=False, length=False),
    }.items():
        web.pages[name] = page
        web.asked.clear()
        report = report_of(web.at + name, settings)
        assert report["status"] == "ABSENT"
        assert report["input"]["size"] == len(data)
        assert [path for _, path, _ in web.asked].count(name) == 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_web, "SPOOL_BYTES", 1000)
        report = report_of(f"{web.at}/open", settings)
    assert report["status"] == "ERROR"
    assert "is longer than" in report["summary"]


# --- what a store does


def summary(name, settings):
    report = report_of(name, settings)
    assert report["status"] == "ERROR"
    return report["summary"].removeprefix(f"{report['input']['name']}: ")


def read_around(store, change):
    """Read the start of an object, let something happen to it, and read on."""
    with opened(store) as stream:
        stream.read(10)
        change()
        stream.seek(200_000)
        stream.read(10)


@pytest.mark.requirement("BLK-042")
def test_an_object_that_changes_while_it_is_read_is_no_result(on_s3, s3):
    _, fs = s3
    name = f"s3://{BUCKET}/changing.wav"
    fs.pipe_file(f"{BUCKET}/changing.wav", bytes(300_000))

    def change():
        fs.pipe_file(f"{BUCKET}/changing.wav", bytes([1]) * 300_000)

    with pytest.raises(NetworkError, match="changed while it was read"):
        read_around(store_of(name, on_s3.stores), change)

    fs.pipe_file(f"{BUCKET}/changing.wav", SIGNED.read_bytes())
    assert report_of(name, on_s3)["status"] == "INDETERMINATE"


@pytest.mark.requirement("BLK-042")
@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', None], ids=["strong", "weak", "none"])
def test_a_page_that_changes_while_it_is_read_is_no_result(web, tag):
    web.pages["/a"] = Page(bytes(300_000), tag)

    def change():
        web.pages["/a"] = Page(bytes(300_001), tag and tag.replace("1", "2"))

    with pytest.raises(NetworkError, match="changed while it was read"):
        read_around(store_of(f"{web.at}/a", ()), change)


@pytest.mark.requirement("BLK-042")
def test_a_store_that_pins_no_version_is_asked_at_the_end():
    import fsspec

    fs = fsspec.filesystem("memory")
    fs.pipe_file("/same.wav", PLAIN.read_bytes())
    store = store_of("memory://same.wav", ())
    read_around(store, lambda: None)

    with pytest.raises(NetworkError, match="changed while it was read"):
        read_around(store, lambda: fs.pipe_file("/same.wav", PLAIN.read_bytes() + b"x"))


@pytest.mark.requirement("BLK-042")
@pytest.mark.parametrize("status", [401, 403, 404, 410, 500, 503])
def test_what_a_web_server_answers_is_told(settings, web, status):
    web.pages["/a.wav"] = Page(status=status)
    words = {
        401: "the store does not allow it to be read",
        403: "the store does not allow it to be read",
        404: "there is no such object",
        410: "there is no such object",
    }

    said = summary(f"{web.at}/a.wav", settings)

    assert said.startswith(words.get(status, f"the store does not give it (HTTP status {status})"))
    assert said.endswith(".")


@pytest.mark.requirement("BLK-042")
def test_what_s3_answers_is_told(on_s3, settings, web, monkeypatch):
    assert summary(f"s3://{BUCKET}/none.wav", on_s3).startswith("there is no such object")
    assert summary("s3://no-such-bucket/a.wav", on_s3).startswith("there is no such object")
    web.pages["/music/a.wav"] = Page(status=403)
    denying = replace(settings, stores=options_of([f"endpoint_url={web.at}"]))
    assert summary("s3://music/a.wav", denying).startswith("the store does not allow it to be read")
    once = 'config_kwargs={"retries": {"max_attempts": 0}}'
    nowhere = f"endpoint_url=http://127.0.0.1:{stores.free_port()}"
    gone = replace(settings, stores=options_of([nowhere, once]))
    monkeypatch.setattr("s3fs.S3FileSystem.retries", 1)
    assert summary("s3://music/a.wav", gone).startswith("the store cannot be reached")


def broken_off(handler):
    handler.send_response(206)
    handler.send_header("Content-Range", "bytes 0-65535/100000")
    handler.send_header("Content-Length", "65536")
    handler.end_headers()
    handler.wfile.write(bytes(100))
    handler.close_connection = True


def silent(handler):
    time.sleep(2)
    handler.close_connection = True


def other_part(handler):
    handler.say(206, bytes(1000), [("Content-Range", "bytes 5-1004/100000")])


def not_packed(handler):
    handler.say(200, SIGNED.read_bytes(), [("Content-Encoding", "gzip")])


def nowhere(handler):
    handler.say(302, b"no")


def nonsense(handler):
    handler.wfile.write(b"SSH-2.0-what\r\n\r\n")
    handler.close_connection = True


@pytest.mark.requirement("BLK-042")
@pytest.mark.parametrize(
    ("behave", "said"),
    [
        (broken_off, "the store broke off while it was read"),
        (silent, "the store gave no answer in time"),
        (other_part, "the server gives a part that was not asked for. Download the file"),
        (not_packed, "it cannot be unpacked as the server says that it is packed. Ask whoever"),
        (nowhere, "the server does not give it (HTTP status 302). Check the address"),
        (nonsense, "the store does not give it"),
    ],
)
def test_servers_that_do_not_behave_cost_their_object_an_error(
    settings, web, monkeypatch, behave, said
):
    monkeypatch.setattr(_web, "_READ_SECONDS", 0.5)
    web.pages["/a.wav"] = Page(behave=behave)

    assert summary(f"{web.at}/a.wav", settings).startswith(said)


@pytest.mark.requirement("BLK-042")
@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("/a.wav", "leads from one address to the next without end. Give the address of"),
        ("file:///etc/passwd", "leads to what is no address on the web. Give the address of"),
        ("http://[:/", "leads to what is no address on the web. Give the address of"),
    ],
)
def test_an_address_that_leads_nowhere_says_so(settings, web, location, said):
    web.pages["/a.wav"] = Page(status=302, location=location)

    assert summary(f"{web.at}/a.wav", settings).startswith(said)


@pytest.mark.requirement("BLK-042")
@pytest.mark.parametrize(
    ("name", "option", "unknown"),
    [
        (f"s3://{BUCKET}/a.wav", "endpoint_ulr=geheim", "endpoint_ulr"),
        (f"s3://{BUCKET}/a.wav", 'config_kwargs={"retires": "geheim"}', "retires"),
        ("http://localhost/a.wav", "anno=geheim", "anno"),
        (f"s3://{BUCKET}/*.wav", "endpoint_ulr=geheim", "endpoint_ulr"),
    ],
)
def test_an_option_that_a_store_does_not_know_is_named_without_its_value(
    settings, s3, name, option, unknown
):
    asked = replace(settings, stores=options_of([option]))
    (item,) = items_of(Sources((name,), stores=asked.stores), io.BytesIO)

    report = verify_item(item, asked)

    assert report["fault"] == "caller"
    assert report["summary"].startswith(f"{name}: the store knows no option '{unknown}'. Check --s")
    assert "geheim" not in json.dumps(report)


@pytest.mark.requirement("BLK-042")
def test_a_server_that_sends_more_than_was_asked_for_is_not_listened_to(settings, web):
    data = SIGNED.read_bytes()

    def endless(handler):
        handler.send_response(206)
        handler.send_header("Content-Range", f"bytes 0-{len(data) - 1}/{len(data)}")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(data)
        for _ in range(10_000):
            handler.wfile.write(bytes(1 << 20))

    assert len(data) < FIRST_BYTES
    web.pages["/a.wav"] = Page(behave=endless)

    assert report_of(f"{web.at}/a.wav", settings)["status"] == "INDETERMINATE"


def test_an_empty_object_is_no_audio(settings, on_s3, s3, web):
    web.pages["/a.wav"] = Page(b"")
    s3[1].pipe_file(f"{BUCKET}/empty.wav", b"")

    for name, asked in ((f"{web.at}/a.wav", settings), (f"s3://{BUCKET}/empty.wav", on_s3)):
        assert summary(name, asked).startswith("is empty. ")
        assert report_of(name, asked)["input"]["size"] == 0


# --- what stands beside


def test_a_sidecar_beside_an_object_counts_as_one_beside_a_file(on_s3, s3, web, tmp_path):
    path = tmp_path / "song.wav"
    shutil.copyfile(PLAIN, path)
    signed(path, sidecar=True)
    beside = path.with_name("song.wav.musicprov.json")
    s3[1].put_file(str(path), f"{BUCKET}/beside/song.wav")
    s3[1].put_file(str(beside), f"{BUCKET}/beside/song.wav.musicprov.json")
    web.pages |= {
        "/song.wav": Page(path.read_bytes()),
        "/song.wav?sig=abc": Page(path.read_bytes()),
        "/song.wav.musicprov.json": Page(beside.read_bytes()),
    }

    for name in (f"s3://{BUCKET}/beside/song.wav", f"{web.at}/song.wav"):
        found = report_of(name, on_s3)
        assert found == locally(path, name, on_s3)
        assert found["axes"]["binding"] == "binding.exact"
    web.asked.clear()
    assert report_of(f"{web.at}/song.wav?sig=abc", on_s3)["status"] == "ABSENT"
    assert len(web.asked) == 1


@pytest.mark.slow
@pytest.mark.requirement("BLK-042")
@pytest.mark.parametrize("key", ["song.wav", "q?x=1#7.wav"])
def test_of_every_version_of_an_object_the_sidecar_that_is_there_now_is_read(
    on_s3, s3, tmp_path, key
):
    _, fs = s3
    if not fs.exists("versions"):
        fs.mkdir("versions")
        on = {"Status": "Enabled"}
        fs.call_s3("put_bucket_versioning", Bucket="versions", VersioningConfiguration=on)
    path = tmp_path / "song.wav"
    shutil.copyfile(PLAIN, path)

    def put(name, place):
        made = fs.call_s3("put_object", Bucket="versions", Key=name, Body=place.read_bytes())
        return made["VersionId"]

    first = put(key, path)
    signed(path, sidecar=True)
    put(f"{key}.musicprov.json", path)  # no sidecar: a newer version of it counts
    put(f"{key}.musicprov.json", path.with_name("song.wav.musicprov.json"))
    put(key, SIGNED)

    for version in (first, ""):
        name = f"s3://versions/{key}?versionId={version}"
        if not version:
            shutil.copyfile(SIGNED, path)
        found = report_of(name, on_s3)
        assert found == locally(path, name, on_s3)
        assert found["status"] != "ABSENT"
    assert found["input"]["size"] == SIGNED.stat().st_size
    latest = replace(on_s3, stores=(*on_s3.stores, *options_of(["version_aware=false"])))
    again = report_of(f"s3://versions/{key}?versionId={first}", latest)
    assert again["input"]["size"] == PLAIN.stat().st_size
    gone = report_of(f"s3://versions/{key}?versionId=none", latest)
    assert "there is no such object" in gone["summary"]


def test_a_fragment_is_no_part_of_a_sidecars_address(settings, web, tmp_path):
    path = tmp_path / "song.wav"
    shutil.copyfile(PLAIN, path)
    signed(path, sidecar=True)
    beside = path.with_name("song.wav.musicprov.json").read_bytes()
    web.pages |= {"/song.wav": Page(path.read_bytes()), "/song.wav.musicprov.json": Page(beside)}
    name = f"{web.at}/song.wav#t=10"

    assert report_of(name, settings) == locally(path, name, settings)
    assert [path for _, path, _ in web.asked] == ["/song.wav", "/song.wav.musicprov.json"]


@pytest.mark.requirement("BLK-042")
@pytest.mark.parametrize(
    ("address", "rest"),
    [
        ("https://h/a.flac?x=1#t", "?x=1#t"),
        ("HTTP://h/a.flac#t?x", "#t?x"),
        ("s3://b/a.flac?versionId=", "?versionId="),
        ("s3://b/q?x=1#7.flac?versionId=1.a", "?versionId=1.a"),
        ("s3://b/a.flac?versionid=1", ""),
        ("s3://b/a.flac#17", ""),
        ("abfs://c@host/a.flac?versionid=2026-11-24T00:00:00Z", "?versionid=2026-11-24T00:00:00Z"),
        ("gs://b/a.flac#17", "#17"),
        ("gs://b/a.flac?userProject=p&generation=17", "?userProject=p&generation=17"),
        ("gs://b/a?x=1#17", "?x=1#17"),
        ("gs://b/a#1.flac", ""),
        ("sftp://h/a?x#17", ""),
        ("a?x#17", ""),
    ],
)
def test_what_follows_the_object_in_an_address(address, rest):
    assert parted(address) == (address.removesuffix(rest), rest)


def test_a_sidecar_that_a_store_keeps_back_is_not_taken_for_none(settings, web, monkeypatch):
    for name, value in stores.KEYS.items():
        monkeypatch.setenv(name, value)
    keeping = replace(settings, stores=options_of([f"s3.endpoint_url={web.at}"]))
    web.pages["/music/a.wav"] = Page(PLAIN.read_bytes())
    beside = "/music/a.wav.musicprov.json"
    assert report_of("s3://music/a.wav", keeping)["status"] == "ABSENT"
    assert report_of(f"{web.at}/music/a.wav", keeping)["status"] == "ABSENT"

    web.pages[beside] = Page(status=403)
    report = report_of("s3://music/a.wav", keeping)
    assert report["status"] == "ERROR"
    assert "a.wav.musicprov.json: the store does not allow it to be read" in report["summary"]
    assert report_of(f"{web.at}/music/a.wav", keeping)["status"] == "ABSENT"

    web.pages[beside] = Page(status=500)
    assert report_of(f"{web.at}/music/a.wav", keeping)["status"] == "ERROR"


def test_a_sidecar_of_any_length_is_read_as_far_as_one_may_be_long(settings, web, tmp_path):
    path = tmp_path / "a.wav"
    shutil.copyfile(PLAIN, path)
    beside = b"{" * (30 << 20)
    path.with_name("a.wav.musicprov.json").write_bytes(beside)
    web.pages |= {"/a.wav": Page(PLAIN.read_bytes()), "/a.wav.musicprov.json": Page(beside)}
    name = f"{web.at}/a.wav"

    found = report_of(name, settings)

    assert found == locally(path, name, settings)
    assert found["status"] != "ABSENT"


def test_a_bare_declaration_is_an_object_too(on_s3, s3):
    s3[1].put_file(str(TOKEN), f"{BUCKET}/given.jws")
    name = f"s3://{BUCKET}/given.jws"

    assert report_of(name, on_s3) == locally(TOKEN, name, on_s3)


# --- secrets


@pytest.mark.requirement("BLK-043")
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("https://user:pw@host/a.wav", "https://***@host/a.wav"),
        ("s3://key:se/cret@bucket/a", "s3://key:se/cret@bucket/a"),
        (
            "https://h/a?X-Amz-Signature=ab&X-Amz-Date=2&X-Amz-Credential=c%2Fd&x-amz-security-token=t",
            "https://h/a?X-Amz-Signature=***&X-Amz-Date=2&X-Amz-Credential=***&x-amz-security-token=***",
        ),
        ("https://h/a?sv=1&sig=x%3D#y", "https://h/a?sv=1&sig=***#y"),
        (
            "https://h/a?AWSAccessKeyId=K&Signature=s",
            "https://h/a?AWSAccessKeyId=***&Signature=***",
        ),
        ("https://h/a?track=7", "https://h/a?track=7"),
        ("https://h/a#access_token=t&x=1", "https://h/a#access_token=***&x=1"),
        ("s3://b/a#7.flac", "s3://b/a#7.flac"),
        ("C?sig=x.wav", "C?sig=x.wav"),
    ],
)
def test_what_gives_access_is_not_shown(name, shown):
    assert without_secrets(name) == shown


@pytest.mark.requirement("BLK-043")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://h/a?sig=geheim: is not there", "https://h/a?sig=***: is not there"),
        ("no file 'https:/u:geheim@h/a?sig=x'. Try", "no file 'https:/***@h/a?sig=***'. Try"),
        ("s3://k:geheim@b and s3://b/?a=1,", "s3://***@b and s3://b/?a=1,"),
        ("a: b/c?sig=d", "a: b/c?sig=d"),
    ],
)
def test_of_an_address_in_a_sentence_what_ends_it_stays(text, shown):
    assert without_secrets_in(text) == shown


@pytest.mark.parametrize("part", ["?sig", "&sig", "=sig", "?", "a", "a:", "://"])
def test_a_name_as_long_as_a_list_may_have_costs_no_time(part):
    """It may come from whoever sent a delivery, and is hidden where no time-out holds."""
    name = "s3://b/" + part * (NAME_BYTES // len(part))

    with speed.under(1):
        without_secrets(name)
        without_secrets_in(f"no file {name[5:]}: s3://")


@pytest.mark.requirement("BLK-043")
def test_secrets_are_in_no_report_error_or_log(settings, web):
    web.pages["/a.wav?X-Amz-Signature=geheim"] = Page(SIGNED.read_bytes())
    options = options_of(
        ["s3.secret=geheim", "key=geheim", "endpoint_url=http://geheim@localhost:1"]
    )

    fine = report_of(f"{web.at}/a.wav?X-Amz-Signature=geheim", settings)
    gone = report_of(f"{web.at}/b.wav?token=geheim", settings)
    user = report_of("http://user:geheim@localhost:1/a", settings)
    with pytest.raises(UsageError) as caught:
        options_of(["=geheim"])

    assert fine["status"] == "INDETERMINATE"
    assert fine["input"]["name"] == f"{web.at}/a.wav?X-Amz-Signature=***"
    shown = json.dumps([fine, gone, user]) + str(caught.value) + caught.value.hint
    assert "geheim" not in shown + repr(replace(settings, stores=options)) + repr(options)
    moved = pickle.loads(pickle.dumps(options))
    assert dict(moved)["key"] == "geheim"
    assert "geheim" not in repr(moved)


# --- listing


@pytest.fixture(scope="module")
def shelf(s3):
    keys = [
        "2026/a/1.flac", "2026/a/.hidden.wav", "2026/a/1.flac.musicprov.json", "2026/a/cover.jpg",
        "2026/a.wav", "2026/B/Ä.MP3", "2026/B/x.m4a", "2026/b/[live].ogg", "2026/b/c/d/deep.wav",
        "2026/", "2026/b/", "2027/other.wav",
    ]  # fmt: skip
    for key in keys:
        s3[1].call_s3("put_object", Bucket=BUCKET, Key=f"shelf/{key}", Body=b"x")
    return f"s3://{BUCKET}/shelf"


ALL = ["B/x.m4a", "B/Ä.MP3", "a.wav", "a/1.flac", "b/[live].ogg", "b/c/d/deep.wav"]


@pytest.mark.requirement("BLK-044")
@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("2026/", ALL),
        ("2026/**", ALL),
        ("2026/**/*.wav", ["a.wav", "b/c/d/deep.wav"]),
        ("2026/*/*", ["B/x.m4a", "B/Ä.MP3", "a/1.flac", "a/1.flac.musicprov.json", "a/cover.jpg", "b/[live].ogg"]),
        ("2026/[ab]/*.[fo]*[cg]", ["a/1.flac", "b/[live].ogg"]),
        ("2026/a/1.flac", ["a/1.flac"]),
        ("2026/none/", ["none/"]),
        ("2026/*.aiff", ["*.aiff"]),
    ],
)  # fmt: skip
def test_prefixes_and_patterns_stand_for_objects_in_the_order_of_their_keys(
    on_s3, shelf, pattern, expected
):
    found = items_of(Sources((f"{shelf}/{pattern}",), stores=on_s3.stores), io.BytesIO)

    assert [i.name for i in found] == [f"{shelf}/2026/{name}" for name in expected]


@pytest.mark.requirement("BLK-044")
def test_a_bucket_is_listed_page_by_page(on_s3, shelf):
    store = store_of(f"{shelf}/", on_s3.stores)
    pages = []

    class Few:
        """The same store, with two keys a page."""

        def call_s3(self, method, **asked):
            pages.append(asked)
            return store.fs.call_s3(method, **asked, MaxKeys=2)

    keys = listing._keys(replace(store, fs=Few()), store.path)
    first = list(islice(keys, 2))
    at_first = len(pages)
    rest = list(keys)

    assert at_first == 1
    assert len(pages) >= 6
    assert first + rest == sorted(first + rest, key=str.encode)
    assert len(set(first + rest)) == 12


@pytest.mark.requirement("BLK-044")
def test_a_web_server_lists_nothing(settings):
    names = ["https://h/a/", "https://h/*.wav", "http://h/[x]"]

    found = items_of(Sources(tuple(names), stores=()), io.BytesIO)

    assert [i.name for i in found] == names


@pytest.mark.requirement("BLK-044")
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("s3://no-such-bucket/", "there is no such bucket or folder. Check the address."),
        ("s3://no-such-bucket/in/*.wav", "there is no such bucket or folder. Check the address."),
        (f"s3://{BUCKET}/none/", "nothing is below it that is named like audio. Check the address."),
        (f"s3://{BUCKET}/none/*.zip", "matches nothing. Check the pattern."),
        ("memory://none/", "there is no such bucket or folder. Check the address."),
        ("nope://none/", "no store is known as nope://."),
    ],
)  # fmt: skip
def test_what_cannot_be_listed_is_an_error_in_its_name_and_the_rest_goes_on(
    on_s3, s3, address, said
):
    s3[1].pipe_file(f"{BUCKET}/there.wav", SIGNED.read_bytes())
    there = f"s3://{BUCKET}/there.wav"

    found = list(items_of(Sources((address, there), stores=on_s3.stores), io.BytesIO))
    moved = pickle.loads(pickle.dumps(found))
    reports = [verify_item(item, on_s3) for item in moved]

    assert [item.name for item in moved] == [address, there]
    assert [report["status"] for report in reports] == ["ERROR", "INDETERMINATE"]
    assert reports[0]["summary"].startswith(f"{address}: {said}")


@pytest.mark.slow
@pytest.mark.requirement("BLK-044")
def test_a_store_that_does_not_allow_its_list_is_told_and_so_are_no_credentials(
    settings, web, monkeypatch, tmp_path
):
    for name in stores.KEYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    at = options_of([f"endpoint_url={web.at}"])
    (none,) = items_of(Sources(("s3://music/in/",), stores=at), io.BytesIO)
    web.pages["/music?list-type=2&prefix=in%2F&encoding-type=url"] = Page(status=403)
    anonymous = options_of([f"endpoint_url={web.at}", "anon=true"])
    (denied,) = items_of(Sources(("s3://music/in/",), stores=anonymous), io.BytesIO)

    assert str(none.fault) == "s3://music/in/: there are no credentials for the store"
    assert str(denied.fault) == "s3://music/in/: the store does not allow it to be listed"


@pytest.mark.requirement("BLK-044")
def test_a_list_that_breaks_off_is_told_beside_what_was_listed(on_s3, shelf, monkeypatch):
    pages = listing._pages

    def broken(store, start):
        yield from islice(pages(store, start), 5)
        raise TimeoutError

    monkeypatch.setattr(listing, "_pages", broken)
    *found, last = items_of(Sources((f"{shelf}/",), stores=on_s3.stores), io.BytesIO)

    assert len(found) > 1
    assert last.name == f"{shelf}/"
    late = "the store gave no answer in time"
    assert str(last.fault) == f"{shelf}/: not all of it could be listed: {late}"


@pytest.mark.requirement("BLK-044")
def test_an_object_whose_own_name_is_a_pattern_is_that_object(on_s3, s3):
    s3[1].pipe_file(f"{BUCKET}/song [live].wav", SIGNED.read_bytes())
    name = f"s3://{BUCKET}/song [live].wav"

    (found,) = items_of(Sources((name,), stores=on_s3.stores), io.BytesIO)

    assert (found.name, found.fault) == (name, None)
    assert verify_item(found, on_s3)["status"] == "INDETERMINATE"


def test_every_adapter_scans_an_object_as_it_scans_a_file(web):
    for kind in ("wav", "aiff", "flac", "mp3", "m4a", "fast.m4a", "ogg", "opus"):
        path = samples.made(kind)
        web.pages[f"/{kind}"] = Page(path.read_bytes())
        with opened(store_of(f"{web.at}/{kind}", ())) as stream, path.open("rb") as file:
            adapter = load(identify(stream))
            scans = [adapter.scan(s, DEFAULT_LIMITS, True) for s in (stream, file)]
        assert replace(scans[0], layout=None) == replace(scans[1], layout=None)
        assert scans[0].essence is not None


def test_as_a_library_an_object_is_verified_by_its_address(web):
    web.pages["/a.wav"] = Page(SIGNED.read_bytes())

    verdict = verify_object(
        f"{web.at}/a.wav", (), Context(context_of(Settings(home="/", at=AT)).now)
    )

    assert verdict.status.value == "INDETERMINATE"
    assert objects.options_of(['client_kwargs={"a": 1}', "s3.anon=true", "n=5"]) == (
        ("client_kwargs", '{"a": 1}'), ("s3.anon", "true"), ("n", "5"),
    )  # fmt: skip
    assert objects._given(objects.options_of(["s3.anon=true", "n=5", 'c={"a": 1}']), "s3") == {
        "anon": True, "n": "5", "c": {"a": 1},
    }  # fmt: skip
    assert objects._given(objects.options_of(["s3.anon=true"]), "https") == {}


@pytest.mark.slow
@pytest.mark.requirement("BLK-044")
@pytest.mark.requirement("BLK-043")
def test_a_bucket_gives_what_the_same_files_give_on_disk(tmp_path, s3):
    endpoint, fs = s3
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for kind in ("wav", "flac", "m4a", "mp3", "ogg", "aiff"):
        shutil.copyfile(samples.made(kind), shelf / f"song.{kind}")
    shutil.copyfile(SIGNED, shelf / "signed.wav")
    for path in shelf.iterdir():
        fs.put_file(str(path), f"{BUCKET}/bulk/{path.name}")
    options = ["--format", "ndjson", "--jobs", 1, "--storage-option", f"endpoint_url={endpoint}"]

    there = prov(tmp_path, "verify", *options, f"s3://{BUCKET}/bulk/**", expect=3)

    home = Settings(home=str(tmp_path / "home"), at=AT)
    found = [json.loads(line) for line in there.stdout.splitlines()]
    assert [r["input"]["name"] for r in found] == [
        f"s3://{BUCKET}/bulk/{path.name}" for path in sorted(shelf.iterdir())
    ]
    for report, path in zip(found, sorted(shelf.iterdir()), strict=True):
        here = locally(path, report["input"]["name"], home)
        assert {**report, "verifiedAt": AT} == {**here, "verifiedAt": AT}
    assert there.stderr == ""
    assert stores.KEYS["AWS_SECRET_ACCESS_KEY"] not in there.stdout
