"""Real tracks in all families: sign, verify, inspect, strip; audio and other tags untouched.

With the full corpus this runs over at least 60 tracks of each format; MUSICPROV_TEST_TRACKS
bounds how many of each are taken (default 4).
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from support import samples

FORMATS = (
    "wav16", "wav24", "rf64", "bwf", "flac5", "flac24", "alac16", "alac24", "aiff16", "aiff24",
    "mp3_320", "mp3_v0", "aac_256", "vorbis_q5", "opus_96", "oggflac",
)  # fmt: skip
TRACKS = int(os.environ.get("MUSICPROV_TEST_TRACKS", "4"))
DECLARATION = {"contributions": [{"asset": "recording", "area": "leadVocals", "level": "full"}]}

_DUMP = """
import json, sys, hashlib, mutagen
def plain(v):
    if hasattr(v, 'data') and isinstance(getattr(v, 'data'), bytes): return hashlib.sha256(v.data).hexdigest()
    if isinstance(v, bytes): return v.hex()
    if isinstance(v, (list, tuple)): return [plain(x) for x in v]
    return repr(v)
f = mutagen.File(sys.argv[1])
tags = f.tags or {}
items = tags if isinstance(tags, list) else tags.items()
out = [[k, plain(v)] for k, v in items if 'MUSICPROV' not in k.upper() and 'AI_DISCLOSURE' not in k.upper()]
print(json.dumps(sorted(out, key=str)))
"""


def decoded(path):
    done = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:a", "-f", "md5", "-"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def tags(path):
    """Every other tag as mutagen reads it, in another process; None where it cannot (RF64)."""
    done = subprocess.run(
        [sys.executable, "-c", _DUMP, str(path)], capture_output=True, text=True, check=False
    )
    return json.loads(done.stdout) if done.returncode == 0 else None


def tag(path):
    code = (
        "import mutagen, sys\n"
        "f = mutagen.File(sys.argv[1], easy=True)\n"
        "if f is None: sys.exit()\n"
        "if f.tags is None: f.add_tags()\n"
        "try:\n"
        "    f['title'] = 'Song'; f['artist'] = 'Somebody'; f['album'] = 'Album'; f.save()\n"
        "except TypeError:\n"
        "    from mutagen.id3 import TIT2, APIC, TSRC\n"
        "    f = mutagen.File(sys.argv[1])\n"
        "    f.tags.add(TIT2(text='Song')); f.tags.add(TSRC(text='QZZZZ2600001'))\n"
        "    f.tags.add(APIC(encoding=0, mime='image/png', type=3, data=bytes(range(256)) * 90)); f.save()\n"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, check=False)


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


@pytest.mark.corpus
@pytest.mark.parametrize("form", FORMATS)
def test_real_tracks_survive_signing_and_stripping(form, tmp_path, signer, context):
    from provenance.files.replacing import Replacing
    from provenance.issuing.sign import Wishes, draft, issue
    from provenance.issuing.strip import strip
    from provenance.workspace.inspecting import inspect_path
    from provenance.workspace.verifying import verify_path

    wishes = Wishes(tiers=frozenset({"essence", "samples"}))
    for source in samples.corpus(form)[:TRACKS]:
        path = tmp_path / source.name
        shutil.copyfile(source, path)
        tag(path)
        before, sound, old_tags = path.stat(), decoded(path), tags(path)

        made = draft([path], DECLARATION, signer.public.thumbprint, context, wishes)
        issue(made, signer, context, wishes)

        verdict = verify_path(path, context)
        assert (verdict.status.value, verdict.code) == ("PASSED", "binding.exact"), path
        assert decoded(path) == sound
        assert tags(path) == old_tags
        assert path.stat().st_mtime_ns == before.st_mtime_ns
        found = inspect_path(path, context)
        assert [c["name"] for c in found["carriers"]] == ["MUSICPROV", "AI_DISCLOSURE"]

        signed = hashlib.sha256(path.read_bytes()).digest()
        again = draft([path], DECLARATION, signer.public.thumbprint, context, wishes)
        assert [r.state for r in issue(again, signer, context, wishes)] == ["unchanged"]
        assert hashlib.sha256(path.read_bytes()).digest() == signed

        strip(path, context, out=None, how=Replacing())
        assert verify_path(path, context).status.value == "ABSENT"
        assert decoded(path) == sound
        assert tags(path) == old_tags
        path.unlink()
