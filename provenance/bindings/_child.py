"""The decoder's process: decodes standard input once, answers one JSON line (spec 5.6).

The only module that loads the decoder and the fingerprint library. It limits itself before it
reads a byte of the file: memory, processor time, no file written, no core dump. Time counts from
when the libraries are loaded, which an empty line tells. An exception that nobody expected ends
it, and the parent reports a crash.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import json
import math
import sys
import time
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Literal

from provenance.bindings.base import Reason
from provenance.bindings.samples import INTEGER, MAX_CHANNELS, begin, widen
from provenance.containers import _streaminfo
from provenance.containers._streaminfo import StreamInfo

_MILLI = 1000
_MICRO = 1_000_000
_TOLERATED = 50
"""One packet in so many may be damaged before a lossy stream has no fingerprint."""


class _StreamChangedError(Exception):
    """The audio changes its format in mid-stream."""


def main() -> int:
    """Answer the request that stands in the first argument."""
    request = json.loads(sys.argv[1])
    _limit(request)
    loaded = _load(request)
    _limit_time(request)
    sys.stdout.write("\n")
    sys.stdout.flush()
    answer = _answer(request, loaded)
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


def _limit(request: Mapping[str, Any]) -> None:
    _bound({"RLIMIT_DATA": request["memoryBytes"], "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0})


def _load(request: Mapping[str, Any]) -> dict[str, Any]:
    """What is decoded with, by name: the module, or why there is none, told where it is used."""
    loaded: dict[str, Any] = {}
    for name in request["modules"]:
        try:
            loaded[name] = importlib.import_module(name)
        except (ImportError, MemoryError) as error:
            loaded[name] = error
    return loaded


def _limit_time(request: Mapping[str, Any]) -> None:
    """The system counts whole seconds from the start of the process: of those, what is left."""
    _bound({"RLIMIT_CPU": math.floor(time.process_time() + request["cpuSeconds"]) + 1})


def _bound(bounds: Mapping[str, int]) -> None:
    try:
        import resource
    except ImportError:  # not on this system; the parent's deadline still holds
        return
    for name, bound in bounds.items():
        number = getattr(resource, name)
        _, hard = resource.getrlimit(number)
        low = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        with contextlib.suppress(ValueError, OSError):  # a system that has no such limit
            resource.setrlimit(number, (low, low))


def _answer(request: Mapping[str, Any], loaded: Mapping[str, Any]) -> dict[str, Any]:
    tiers: list[str] = request["tiers"]
    av = loaded["av"]
    if isinstance(av, Exception):
        why = Reason.MEMORY if isinstance(av, MemoryError) else Reason.EXTRA_MISSING
        return dict.fromkeys(tiers, why.slug)
    try:
        return _decode(request, loaded)
    except (MemoryError, av.error.MemoryError):
        return dict.fromkeys(tiers, Reason.MEMORY.slug)
    except (av.error.FFmpegError, OSError, _StreamChangedError):
        return dict.fromkeys(tiers, Reason.DECODER.slug)


def _decode(request: Mapping[str, Any], loaded: Mapping[str, Any]) -> dict[str, Any]:
    av = loaded["av"]
    # Samples are taken before any trim (spec 5.4): presentation is compared beside them.
    whole = request["lossless"] and request["demuxer"] == "mov"
    options = {"ignore_editlist": "1"} if whole else {}
    with av.open(sys.stdin.buffer, format=request["demuxer"], options=options) as container:
        if not container.streams.audio:
            return dict.fromkeys(request["tiers"], Reason.UNKNOWN_AUDIO.slug)
        stream = container.streams.audio[0]
        stream.codec_context.thread_count = 1
        if request["lossless"]:
            stream.codec_context.options = {"err_detect": "crccheck+explode"}
        work = _Work(request, stream, loaded)
        for frame in _frames(container, stream, work, av):
            work.take(frame)
            if work.is_done():
                break
        return work.answer(container.duration)


def _frames(container: Any, stream: Any, work: _Work, av: Any) -> Iterator[Any]:
    """Every decoded frame; what cannot be decoded is counted and passed over."""
    for packet in container.demux(stream):
        work.packets += 1
        work.packet_size = packet.size
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            work.damaged += 1


class _Work:
    """The tiers in the making, fed frame by frame."""

    def __init__(self, request: Mapping[str, Any], stream: Any, loaded: Mapping[str, Any]) -> None:
        self.packets = 0
        self.damaged = 0
        self.packet_size = 0
        """In bytes, of the packet of which the next frame is."""
        self._request = request
        self._format: tuple[str, int, int] | None = None
        self._samples: _SamplesMaker | None = None
        if "samples" in request["tiers"]:
            self._samples = _SamplesMaker(request, stream)
        self._print: _PrintMaker | str | None = None
        if "fingerprint" in request["tiers"]:
            self._print = _print_maker(request, loaded)
        self._count = 0

    def take(self, frame: Any) -> None:
        """Feed one frame to each tier."""
        form = (frame.format.name, frame.sample_rate, frame.layout.nb_channels)
        if self._format is None:
            self._format = form
        if form != self._format:
            raise _StreamChangedError
        if not frame.samples:
            return
        data = _interleaved(frame) if frame.format.name in _PLAIN else None
        if self._samples is not None:
            self._samples.take(data, form, frame.samples, self.packet_size)
        if isinstance(self._print, _PrintMaker):
            self._print.take(frame, data, self._count)
        self._count += frame.samples

    def is_done(self) -> bool:
        """Whether the rest of the file would change nothing."""
        if self._samples is not None:
            return False
        rate = self._format[1] if self._format else 0
        enough = self._request["fingerprintSeconds"] * rate
        return not isinstance(self._print, _PrintMaker) or self._count >= enough > 0

    def answer(self, duration: int | None) -> dict[str, Any]:
        """The tiers, or why they could not be made; ``duration`` is the container's, in us."""
        result: dict[str, Any] = {}
        if self._samples is not None:
            made = self._samples.answer(self._count)
            result["samples"] = Reason.DECODER.slug if self.damaged else made
        if isinstance(self._print, _PrintMaker):
            broken = self.damaged * _TOLERATED > self.packets
            result["fingerprint"] = (
                Reason.DECODER.slug if broken else self._print.answer(self._milliseconds(duration))
            )
        elif self._print is not None:
            result["fingerprint"] = self._print
        return result

    def _milliseconds(self, duration: int | None) -> int:
        """What was decoded; when that is not all, what the container says if it is more."""
        rate = self._format[1] if self._format else 1
        decoded = self._count * _MILLI // rate
        stated = (duration or 0) * _MILLI // _MICRO
        return max(decoded, stated) if self.is_done() else decoded


_PLAIN = {"s16": 2, "s16p": 2, "s32": 4, "s32p": 4}
"""Sample formats that need no conversion, with their bytes a sample."""


def _interleaved(frame: Any) -> bytes:
    """The samples of a frame in channel order, as the decoder left them, without padding."""
    width = _PLAIN[frame.format.name]
    channels = frame.layout.nb_channels
    if not frame.format.is_planar or channels == 1:
        return bytes(memoryview(frame.planes[0])[: frame.samples * width * channels])
    mixed = bytearray(frame.samples * width * channels)
    code: Literal["h", "i"] = "h" if width == 2 else "i"
    lanes = memoryview(mixed).cast(code)
    for channel, plane in enumerate(frame.planes):
        lanes[channel::channels] = memoryview(plane).cast("B")[: frame.samples * width].cast(code)
    return bytes(mixed)


class _SamplesMaker:
    """Tier 2: the hash of the samples, checked against STREAMINFO where there is one."""

    def __init__(self, request: Mapping[str, Any], stream: Any) -> None:
        told = self._told = _streaminfo_of(stream.codec_context)
        self._sizes = _Sizes(told.sizes) if told else None
        self._bits = told.bits if told else request["bits"]
        self._digest: Any = None
        self._md5 = hashlib.md5(usedforsecurity=False) if told and any(told.md5) else None
        self._form: tuple[str, int, int] = ("", 0, 0)
        self._reason = Reason.DECODER

    def take(self, data: bytes | None, form: tuple[str, int, int], samples: int, size: int) -> None:
        name, rate, channels = form
        self._form = form
        if self._sizes is not None:
            self._sizes.take(samples, size)
        if channels > MAX_CHANNELS:
            self._reason = Reason.CHANNELS
            return
        if data is None:
            return
        width = _PLAIN[name]
        self._bits = self._bits or width * 8
        if self._digest is None:
            self._digest = begin(rate, channels, INTEGER)
        self._digest.update(widen(data, width, sys.byteorder))
        if self._md5 is not None:
            self._md5.update(_right_justified(data, width, self._bits))

    def answer(self, count: int) -> dict[str, Any] | str:
        if self._digest is None:
            return self._reason.slug
        if not self._agrees(count):
            return Reason.DISAGREES.slug
        return {
            "digest": self._digest.hexdigest(),
            "rate": self._form[1],
            "channels": self._form[2],
            "bits": self._bits,
            "samples": count,
        }

    def _agrees(self, count: int) -> bool:
        """Whether the frames are what STREAMINFO says, where there is one; zeros are unknown."""
        if self._told is None or self._sizes is None:
            return True
        same = self._md5 is None or self._md5.digest() == self._told.md5
        return same and self._sizes.agree and self._told.samples in {0, count}


class _Sizes:
    """Samples and bytes of each frame of FLAC against the least and largest that are stated.

    Of the last one only the largest count: it is as long as what is left.
    """

    def __init__(self, stated: bytes) -> None:
        self._stated = [int.from_bytes(stated[a:b], "big") for a, b in pairwise((0, 2, 4, 7, 10))]
        self._was_small = False
        self.agree = True

    def take(self, samples: int, size: int) -> None:
        least_samples, most_samples, least_size, most_size = self._stated
        self.agree &= not self._was_small
        self.agree &= samples <= most_samples and (not most_size or size <= most_size)
        self._was_small = samples < least_samples or size < least_size


def _streaminfo_of(context: Any) -> StreamInfo | None:
    """What a FLAC stream says of itself; None of other streams."""
    data = bytes(context.extradata or b"")
    is_told = context.name == "flac" and len(data) == _streaminfo.BYTES
    return _streaminfo.read(data) if is_told else None


def _right_justified(data: bytes, width: int, bits: int) -> bytes | bytearray:
    """Left-justified samples as FLAC's MD5 wants them: sign-extended in ceil(bits / 8) bytes."""
    wanted = (bits + 7) // 8
    if bits % 8:
        data = _shifted(data, width, bits)
    keep = range(width - wanted, width) if bits % 8 == 0 else range(wanted)
    places = keep if sys.byteorder == "little" else [width - 1 - place for place in keep]
    narrow = bytearray(len(data) // width * wanted)
    for target, source in enumerate(places):
        narrow[target::wanted] = data[source::width]
    return narrow


def _shifted(data: bytes, width: int, bits: int) -> bytes:
    """Each sample shifted down to its lowest bits, sign-extended, in one big-integer step."""
    lane = 8 * width
    ones = ((1 << (8 * len(data))) - 1) // ((1 << lane) - 1)
    row = int.from_bytes(data, sys.byteorder)
    low = (row >> (lane - bits)) & (ones * ((1 << bits) - 1))
    signs = (low >> (bits - 1)) & ones
    return (low | signs * ((1 << lane) - (1 << bits))).to_bytes(len(data), sys.byteorder)


def _print_maker(request: Mapping[str, Any], loaded: Mapping[str, Any]) -> _PrintMaker | str:
    chromaprint = loaded["chromaprint"]
    if isinstance(chromaprint, MemoryError):
        raise chromaprint
    if isinstance(chromaprint, ImportError):
        absent = isinstance(chromaprint, ModuleNotFoundError)
        return (Reason.EXTRA_MISSING if absent else Reason.LIBRARY_MISSING).slug
    return _PrintMaker(chromaprint, loaded["av"], request["fingerprintSeconds"])


class _PrintMaker:
    """Tier 3: 16-bit samples into Chromaprint, up to its limit of seconds."""

    def __init__(self, chromaprint: Any, av: Any, seconds: int) -> None:
        self._library = chromaprint
        self._printer = chromaprint.Fingerprinter(chromaprint.Fingerprinter.ALGORITHM_TEST2)
        self._resampler = av.AudioResampler(format="s16")
        self._seconds = seconds
        self._started = False
        self._failed = False

    def take(self, frame: Any, data: bytes | None, before: int) -> None:
        room = self._seconds * frame.sample_rate - before
        if room <= 0 or self._failed:
            return
        channels = frame.layout.nb_channels
        try:
            if not self._started:
                self._printer.start(frame.sample_rate, channels)
                self._started = True
            self._printer.feed(self._short(frame, data)[: room * channels * 2])
        except self._library.FingerprintError:
            self._failed = True

    def _short(self, frame: Any, data: bytes | None) -> bytes:
        """The frame as interleaved 16-bit samples."""
        if data is None:
            return b"".join(
                bytes(memoryview(f.planes[0])[: f.samples * 2 * f.layout.nb_channels])
                for f in self._resampler.resample(frame)
            )
        if _PLAIN[frame.format.name] == 2:
            return data
        return memoryview(data).cast("h")[1 if sys.byteorder == "little" else 0 :: 2].tobytes()

    def answer(self, milliseconds: int) -> dict[str, Any] | str:
        if not self._started or self._failed:
            return Reason.DECODER.slug
        try:
            value = self._printer.finish()
        except self._library.FingerprintError:
            return Reason.TOO_SHORT.slug
        return {"value": value.decode("ascii"), "durationMs": milliseconds}


if __name__ == "__main__":
    sys.exit(main())
