"""Files that change between looking and writing: the user is asked a question in between."""

import os
import time
from datetime import UTC, datetime

import pytest
from provenance.containers.base import MANIFEST_TAG, Change
from provenance.files.opening import open_regular
from provenance.files.replacing import Replacing
from provenance.issuing.preparing import adapter_of, prepare
from provenance.issuing.targets import apply
from provenance.model.errors import RefusedError
from provenance.model.limits import DEFAULT_LIMITS
from provenance.trust.identity import Keyring
from provenance.verify.outcome import Context

from support import samples

CONTEXT = Context(now=datetime(2027, 1, 1, tzinfo=UTC), keyring=Keyring())
CHANGE = Change(b"eyJ" + b"A" * 500, None)


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "song.wav"
    path.write_bytes(samples.made("wav").read_bytes())
    return path


def looked_at(path):
    made = prepare(path, CONTEXT, tiers=frozenset({"essence"}))
    time.sleep(0.05)  # more than a step of the file system's clock
    return made


def written_over(path, at, data):
    """Written to in place; size and time of modification are what they were."""
    before = path.stat()
    with path.open("r+b") as stream:
        stream.seek(at)
        stream.write(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def carried(path):
    with open_regular(path) as stream:
        scan = adapter_of(stream, path).scan(stream, DEFAULT_LIMITS, True)
    return [c.value for c in scan.named(MANIFEST_TAG)]


@pytest.mark.requirement("CAR-033")
@pytest.mark.parametrize("copied", [False, True])
def test_other_audio_with_the_old_time_of_modification_is_not_signed(song, copied):
    found = looked_at(song)
    written_over(song, 5000, b"ABCDEFGH")
    old = song.read_bytes()
    copy = song.with_name("copy.wav") if copied else None

    with pytest.raises(RefusedError) as refused:
        apply(found, CHANGE, CONTEXT, copy, Replacing())

    assert refused.value.rule == "write.changed-meanwhile"
    assert song.read_bytes() == old
    assert list(song.parent.iterdir()) == [song]


@pytest.mark.requirement("CAR-033")
@pytest.mark.parametrize("what", ["mode", "a second name", "other times", "equal bytes"])
def test_what_changes_no_audio_is_no_reason_to_refuse(song, what):
    found = looked_at(song)
    if what == "mode":
        song.chmod(0o600)
    elif what == "a second name":
        os.link(song, song.with_name("other.wav"))
    elif what == "other times":
        os.utime(song, ns=(1, 1))
    else:
        written_over(song, 5000, song.read_bytes()[5000:5008])

    apply(found, CHANGE, CONTEXT, None, Replacing(break_link=True))

    assert carried(song) == [CHANGE.manifest]


@pytest.mark.requirement("CAR-033")
def test_a_source_that_was_renamed_is_copied(song):
    found = looked_at(song)
    song.rename(song.with_name("moved.wav"))
    song.with_name("moved.wav").rename(song)

    apply(found, CHANGE, CONTEXT, song.with_name("copy.wav"), Replacing())

    assert carried(song.with_name("copy.wav")) == [CHANGE.manifest]
    assert carried(song) == []
