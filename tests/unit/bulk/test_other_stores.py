"""Google's and Azure's stores, and stores whose addresses have a host (spec 26.5).

Neither emulator is in an extra; each test says what it would need:

    pip install gcsfs gcp-storage-emulator adlfs
    npm install azurite
"""

import io
import json
import shutil

import pytest
from provenance.bulk.items import Item, Sources, items_of
from provenance.bulk.objects import opened, options_of, store_of
from provenance.bulk.settings import Settings, context_of
from provenance.bulk.verifying import verify_item
from provenance.issuing import sign
from provenance.model.errors import NetworkError
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner
from provenance.wire.addresses import without_secrets

from support import samples, stores
from support.stores import BUCKET

AT = "2026-11-24T00:00:00Z"
DECLARED = {
    "declarant": {"role": "artist", "name": "Somebody"},
    "contributions": [{"asset": "recording", "area": "mixing", "level": "utility"}],
}
ACCOUNT = "@devstoreaccount1.dfs.core.windows.net"


@pytest.fixture(scope="module")
def music(tmp_path_factory):
    """A song signed, one with its declaration beside it, and one without."""
    folder = tmp_path_factory.mktemp("music")
    for name in ("signed.flac", "beside.flac", "plain.flac"):
        shutil.copyfile(samples.made("flac"), folder / name)
    context, pen = context_of(Settings(home=str(folder), at=AT)), FileSigner(generate())
    for name in ("signed.flac", "beside.flac"):
        wishes = sign.Wishes(tiers=frozenset({"essence"}), sidecar=name == "beside.flac")
        made = sign.draft([folder / name], DECLARED, pen.public.thumbprint, context, wishes)
        sign.issue(made, pen, context, wishes)
    return folder


@pytest.fixture(scope="module", params=["gs", "abfs"])
def store(request, music, tmp_path_factory):
    """A scheme, options of stores and a file system with the music in it."""
    server = {"gs": stores.gs_server, "abfs": stores.azure_server}[request.param]
    with server(tmp_path_factory.mktemp(request.param)) as (options, fs):
        for path in music.iterdir():
            fs.pipe_file(f"{BUCKET}/in/{path.name}", path.read_bytes())
        fs.pipe_file(f"{BUCKET}/in/deep/er.flac", (music / "plain.flac").read_bytes())
        fs.pipe_file(f"{BUCKET}/in/.hidden.flac", b"x")
        fs.pipe_file(f"{BUCKET}/in/note.txt", b"x")
        yield request.param, options_of(options), fs


def report_of(name, options, place):
    return verify_item(Item(0, name), Settings(home=str(place), at=AT, stores=options))


def names(argument, options):
    return [i.name for i in items_of(Sources((argument,), stores=options), io.BytesIO)]


@pytest.mark.requirement("BLK-041")
@pytest.mark.requirement("BLK-042")
def test_an_object_says_what_its_file_says_with_the_sidecar_beside_it(store, music):
    scheme, options, _ = store
    for name, status in (
        ("signed", "INDETERMINATE"),
        ("beside", "INDETERMINATE"),
        ("plain", "ABSENT"),
    ):
        path = music / f"{name}.flac"
        address = f"{scheme}://{BUCKET}/in/{path.name}"

        there, here = report_of(address, options, music), report_of(str(path), None, music)

        assert there == {**here, "input": {**here["input"], "name": address}}
        assert here["status"] == status
    gone = report_of(f"{scheme}://{BUCKET}/in/none.flac", options, music)
    assert gone["status"] == "ERROR"
    assert "there is no such object" in gone["summary"]


@pytest.mark.requirement("BLK-044")
def test_prefixes_and_patterns_stand_for_their_objects_in_order(store):
    scheme, options, _ = store
    place = f"{scheme}://{BUCKET}/in"

    below = [f"{place}/{n}.flac" for n in ("beside", "deep/er", "plain", "signed")]
    assert names(f"{place}/", options) == below
    assert names(f"{scheme}://{BUCKET}/**/s*.flac", options) == below[3:]
    assert names(f"{place}/*.txt", options) == [f"{place}/note.txt"]


@pytest.mark.requirement("BLK-042")
def test_an_object_that_changes_while_it_is_read_is_an_error(store):
    scheme, options, fs = store
    fs.pipe_file(f"{BUCKET}/changing.wav", bytes(200_000))

    def read_around():
        with opened(store_of(f"{scheme}://{BUCKET}/changing.wav", options)) as stream:
            stream.read(100)
            fs.pipe_file(f"{BUCKET}/changing.wav", bytes(200_001))
            stream.seek(150_000)
            stream.read(100)

    with pytest.raises(NetworkError, match="changed while it was read"):
        read_around()


@pytest.mark.requirement("BLK-044")
@pytest.mark.parametrize("store", ["abfs"], indirect=True)
def test_below_a_prefix_the_account_that_was_named_is_asked(store, music):
    _, options, _ = store

    found = names(f"abfs://{BUCKET}{ACCOUNT}/in/p*", options)

    assert found == [f"abfs://{BUCKET}{ACCOUNT}/in/plain.flac"]
    report = report_of(found[0], options, music)
    assert (report["status"], report["input"]["name"]) == ("ABSENT", found[0])


@pytest.fixture
def hosted():
    """A store whose addresses have a host that its keys do not have, as those of SFTP and HDFS."""
    fsspec = pytest.importorskip("fsspec", reason="the extra 'catalog' is not installed")
    from fsspec.implementations.memory import MemoryFileSystem
    from fsspec.utils import infer_storage_options

    class Hosted(MemoryFileSystem):
        protocol = "hosted"
        cachable = False
        store, pseudo_dirs = {}, [""]

        def __init__(self, host, **options):
            super().__init__(**options)
            self.host = host

        @classmethod
        def _strip_protocol(cls, path):
            return infer_storage_options(path)["path"].rstrip("/")

        @staticmethod
        def _get_kwargs_from_urls(path):
            return {"host": infer_storage_options(path).get("host")}

        def ls(self, path, detail=True, **options):
            assert self.host == "nas.example"
            return super().ls(path, detail, **options)

        def info(self, path, **options):
            assert self.host == "nas.example"
            return super().info(path, **options)

    fsspec.register_implementation("hosted", Hosted, clobber=True)
    return Hosted("nas.example")


@pytest.mark.requirement("BLK-043")
@pytest.mark.requirement("BLK-044")
def test_below_a_prefix_of_a_host_that_host_is_asked(hosted, music):
    hosted.pipe_file("/in/a.flac", (music / "plain.flac").read_bytes())
    hosted.pipe_file("/in/b/c.flac", (music / "signed.flac").read_bytes())

    found = names("hosted://me:secret@nas.example/in/", ())

    assert found == [f"hosted://me:secret@nas.example/in/{n}.flac" for n in ("a", "b/c")]
    reports = [report_of(name, (), music) for name in found]
    assert [r["status"] for r in reports] == ["ABSENT", "INDETERMINATE"]
    assert "secret" not in json.dumps(reports)


@pytest.mark.requirement("BLK-043")
@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("abfs://music@acme.example/a.flac", "abfs://music@acme.example/a.flac"),
        ("ABFSS://music@acme.example", "ABFSS://music@acme.example"),
        ("abfs://me:secret@acme.example/a.flac", "abfs://***@acme.example/a.flac"),
        ("abfs://me@secret@acme.example/a.flac", "abfs://***@acme.example/a.flac"),
        ("abfs://me%3Asecret@acme.example/a.flac", "abfs://***@acme.example/a.flac"),
        (f"az://{'s' * 64}@acme.example/a.flac", "az://***@acme.example/a.flac"),
        ("abfs://mus*@acme.example/a.flac", "abfs://mus*@acme.example/a.flac"),
        ("sftp://me@acme.example/a.flac", "sftp://***@acme.example/a.flac"),
        ("az://music@acme.example/a?sig=secret", "az://music@acme.example/a?sig=***"),
    ],
)
def test_azures_containers_are_shown_and_users_are_not(address, shown):
    assert without_secrets(address) == shown
