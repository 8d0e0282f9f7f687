"""Tier 1: the bytes that are hashed, by construction."""

import hashlib
import io
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from provenance.bindings.essence import essence_digest
from provenance.containers.base import Essence

AUDIO = bytes(range(256)) * 8


@pytest.mark.requirement("BND-002")
def test_self_framing_audio_is_hashed_after_prefix_profile_and_parameters():
    essence = Essence("flac", b"\x01\x02", ((10, 100),))

    expected = hashlib.sha256(b"musicprov/essence/1\x00flac\x00\x01\x02" + AUDIO[10:110]).digest()
    assert essence_digest(io.BytesIO(AUDIO), essence) == expected


@pytest.mark.requirement("BND-002")
def test_ranges_are_joined_in_the_order_that_the_scan_gives():
    essence = Essence("mp3", b"", ((100, 5), (0, 7), (50, 0)))

    expected = hashlib.sha256(b"musicprov/essence/1\x00mp3\x00" + AUDIO[100:105] + AUDIO[:7])
    assert essence_digest(io.BytesIO(AUDIO), essence) == expected.digest()


@pytest.mark.requirement("BND-004")
def test_count_and_sizes_of_packets_follow_the_joined_packets():
    sizes = struct.pack(">3I", 3, 0, 4)
    essence = Essence("opus", b"\x02\x00", ((0, 7),), sizes)

    framed = b"musicprov/essence/1\x00opus\x00\x02\x00" + AUDIO[:7] + struct.pack(">Q", 3) + sizes
    assert essence_digest(io.BytesIO(AUDIO), essence) == hashlib.sha256(framed).digest()


@pytest.mark.requirement("BND-004")
def test_the_same_bytes_split_into_other_packets_have_another_digest():
    one = Essence("aac", b"\x12\x10", ((0, 7),), struct.pack(">2I", 3, 4))
    two = Essence("aac", b"\x12\x10", ((0, 7),), struct.pack(">2I", 4, 3))

    assert essence_digest(io.BytesIO(AUDIO), one) != essence_digest(io.BytesIO(AUDIO), two)


def test_audio_larger_than_the_buffer_is_hashed_whole():
    audio = bytes(range(251)) * 4000
    essence = Essence("pcm-le", b"p", ((1, len(audio) - 2),))

    expected = hashlib.sha256(b"musicprov/essence/1\x00pcm-le\x00p" + audio[1:-1]).digest()
    assert essence_digest(io.BytesIO(audio), essence) == expected


def test_a_digest_that_the_scan_made_is_taken_without_reading():
    class Unreadable(io.BytesIO):
        def readinto(self, buffer):
            raise AssertionError("read")

    essence = Essence("mp3", b"", ((0, 5),), digest=b"d" * 32)

    assert essence_digest(Unreadable(AUDIO), essence) == b"d" * 32


def test_a_file_that_became_shorter_is_an_end_of_file_error():
    essence = Essence("flac", b"", ((0, len(AUDIO) + 1),))

    with pytest.raises(EOFError, match="shorter"):
        essence_digest(io.BytesIO(AUDIO), essence)


WHILE_ANOTHER = """
import hashlib, io, os
from provenance.bindings.essence import essence_digest
from provenance.containers.base import Essence

def digest(stream):
    return essence_digest(stream, Essence("flac", b"", ((0, 9000),)))

class Waiting(io.BytesIO):
    def readinto(self, buffer):
        count = super().readinto(buffer)
        os.write(begin, b"!")
        os.waitpid(child, 0)
        return count

digest(io.BytesIO(bytes(9000)))
wait, begin = os.pipe()
child = os.fork()
if not child:
    os.read(wait, 1)
    digest(io.BytesIO(b"x" * 9000))
    os._exit(0)
expected = hashlib.sha256(b"musicprov/essence/1\\0flac\\0" + b"y" * 9000).digest()
raise SystemExit(digest(Waiting(b"y" * 9000)) != expected)
"""


def test_a_process_that_was_forked_does_not_hash_in_the_memory_of_this_one():
    subprocess.run([sys.executable, "-c", WHILE_ANOTHER], check=True, timeout=600)


def test_threads_that_hash_at_one_time_have_each_its_own_memory():
    def hashed(number):
        audio = bytes([number]) * 300_000
        expected = hashlib.sha256(b"musicprov/essence/1\x00flac\x00" + audio).digest()
        return essence_digest(io.BytesIO(audio), Essence("flac", b"", ((0, 300_000),))) == expected

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(hashed, range(100)))
