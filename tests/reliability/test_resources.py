"""Bounds on memory and time (spec 10.1), on files that a careless reader would choke on."""

import io
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from provenance.containers import identify, load
from provenance.model.limits import DEFAULT_LIMITS
from provenance.verify.steps import essence_digest, with_digest

from support import speed

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
TINY = VECTORS / "verify" / "passed-own-key" / "input.wav"
WAV_BYTES = 240_000_000
FIVE_MB = 5_000_000
MEGABYTE = 1_000_000

CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from provenance.issuing.sign import Wishes, draft, issue
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner
from provenance.verify.outcome import Context
from provenance.workspace.verifying import verify_path

context = Context(now=datetime(2027, 1, 1, tzinfo=UTC), decode="never")
path = Path(sys.argv[2])
if sys.argv[1] == "verify":
    assert verify_path(path, context).code
else:
    pen = FileSigner(generate())
    declared = {
        "declarant": {"role": "artist", "name": "Somebody"},
        "contributions": [{"area": "mixing", "level": "utility"}],
    }
    wishes = Wishes(replace="foreign")
    made = draft([path], declared, pen.public.thumbprint, context, wishes)
    assert issue(made, pen, context, wishes)[0].state == "signed"
"""


def peak(action, path):
    """Peak resident bytes of a process that does one thing to a file."""
    child = subprocess.Popen([sys.executable, "-c", CHILD, action, str(path)])
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return usage.ru_maxrss * 1024


@pytest.mark.slow
@pytest.mark.requirement("SEC-003")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ru_maxrss is in KiB here")
@pytest.mark.parametrize("action", ["verify", "sign"])
def test_the_size_of_a_file_is_not_the_size_of_the_process(tmp_path, action):
    small, large = tmp_path / "small.wav", tmp_path / "large.wav"
    small.write_bytes(TINY.read_bytes())
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, 44_100, 176_400, 4, 16)
    tag = TINY.read_bytes()
    tag = tag[tag.index(b"id3 ") :]
    riff = b"RIFF" + struct.pack("<I", 28 + 8 + WAV_BYTES + len(tag)) + b"WAVE"
    with large.open("wb") as file:
        file.write(riff + fmt + b"data" + struct.pack("<I", WAV_BYTES))
        file.seek(WAV_BYTES, os.SEEK_CUR)
        file.write(tag)

    over = peak(action, large) - peak(action, small)

    assert over < 100 * MEGABYTE


def filled(piece, head=b"", tail=b""):
    """Just under 5 MB of one piece over and over."""
    return head + piece * ((FIVE_MB - 1000 - len(head) - len(tail)) // len(piece)) + tail


def riff(body):
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def id3(body):
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\0\0" + size + body


def wav_of(body):
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 44_100, 88_200, 2, 16)
    return riff(fmt + body)


def page(kind):
    """An Ogg page with an empty packet, with its checksum (RFC 3533)."""
    made = b"OggS" + struct.pack("<BBqIIIB", 0, kind, 0, 1, 0, 0, 1) + b"\0"
    value = 0
    for byte in made:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value >> 31 else value << 1) & 0xFFFFFFFF
    return made[:22] + struct.pack("<I", value) + made[26:]


SLOW = {
    "WAV of empty chunks": riff(filled(b"junk\0\0\0\0")),
    "WAV of samples": wav_of(b"data" + struct.pack("<I", 4_900_000) + bytes(4_900_000)),
    "WAV with an ID3 tag of tiny frames": wav_of(
        b"data\x02\0\0\0\0\0"
        b"id3 " + struct.pack("<I", len(tag := id3(filled(b"TXXX\0\0\0\x01\0\0\x03")))) + tag
    ),
    "MP3 of the smallest frames": filled(b"\xff\xfb\x10\xc4" + bytes(100)),
    "MP3 of sync words": id3(b"") + filled(b"\xff\xfb"),
    "MP3 under an ID3 tag of tiny frames": id3(filled(b"TXXX\0\0\0\x01\0\0\x03"))
    + (b"\xff\xfb\x90\xc4" + bytes(413)) * 3,
    "FLAC of empty blocks": filled(b"\x01\0\0\0", b"fLaC\0\0\0\x22" + bytes(34)),
    "MP4 of empty boxes": filled(b"\0\0\0\x08free", b"\0\0\0\x10ftypM4A \0\0\0\0"),
    "MP4 of nested boxes": b"\0\0\0\x10ftypM4A \0\0\0\0"
    + b"".join(struct.pack(">I4s", 4_900_000 - 8 * n, b"moov") for n in range(600_000)),
    "Ogg of tiny pages": filled(page(0), page(2)),
    "AIFF of empty chunks": b"FORM"
    + struct.pack(">I", 4_900_000)
    + filled(b"ANNO\0\0\0\0", b"AIFF"),
}


@pytest.mark.requirement("SEC-004")
@pytest.mark.parametrize("data", SLOW.values(), ids=SLOW)
def test_no_file_under_five_megabytes_is_slow(data):
    assert len(data) < FIVE_MB + 300_000
    stream = io.BytesIO(data)
    name = identify(stream)
    assert name is not None

    with speed.under(2):
        scan = with_digest(stream, load(name).scan(stream, DEFAULT_LIMITS, True))

    assert scan.incomplete or scan.refusal or essence_digest(scan)
