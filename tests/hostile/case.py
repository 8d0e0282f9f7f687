"""What a case is, and the mutations that fit every format."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from hostile import parts


@dataclass(frozen=True)
class Case:
    """A crafted file: ``base`` is the signed sample whose statement it may carry."""

    name: str
    suffix: str
    build: Callable[[], bytes]
    base: str | None = None
    slow: bool = False
    """Only in the full run."""


SELDOM = tuple(f"-{n}" for n in parts.LIES if n not in {0, 1 << 31, (1 << 32) - 1})


def case(name, suffix, data, base=None, *, slow=False):
    """A case from bytes or from a function that makes them."""
    slow = bool(slow) or name.endswith(SELDOM)
    return Case(name, suffix, data if callable(data) else lambda: data, base, slow)


def generic(family, marks):
    """Cuts, flips, lies and junk at the places ``marks(data)`` of the format's structure."""
    first, *others = parts.KINDS[family]
    yield from _of_kind(family, first, marks)
    for kind in others:
        for n, one in enumerate(_of_kind(family, kind, marks)):
            yield replace(one, slow=one.slow or n % 6 != 0)


def _of_kind(family, kind, marks):
    def make(name, change, *, slow=False):
        def build():
            return change(parts.signed(kind))

        return case(f"{family}/{kind}/{name}", kind, build, kind, slow=slow)

    yield make("whole", lambda d: d)
    for n in range(28):
        yield make(f"cut-at-boundary-{n}", lambda d, n=n: d[: _nth(marks(d), n, 28)], slow=n % 4)
    for cut in (1, 2, 3, 4, 7, 8, 12, 16, 27, 28, 44, 100):
        yield make(f"cut-to-{cut}", lambda d, c=cut: d[:c], slow=cut in {2, 3, 7, 16, 28})
    for cut in (1, 2, 3, 128, 1000):
        yield make(f"cut-end-{cut}", lambda d, c=cut: d[:-c], slow=cut in {2, 128})
    for n in range(24):
        yield make(f"flip-{n}", lambda d, n=n: _flip(d, marks(d), n), slow=n % 4)
    for n in range(24):
        yield make(f"lie-{n}", lambda d, n=n: _lie(d, marks(d), n), slow=n % 4)
    for n in range(8):
        yield make(f"audio-bit-{n}", lambda d, n=n: _audio_bit(d, kind, n), slow=n % 4)
    for n, junk in enumerate((b"\0", b"\xff" * 7, b"TAG" + bytes(125), b"x" * 100_000)):
        yield make(f"junk-behind-{n}", lambda d, j=junk: d + j)
        yield make(f"junk-in-front-{n}", lambda d, j=junk: j + d)
    yield make("twice", lambda d: d + d)
    yield make("signed-then-bare", lambda d: d + parts.bare(kind))
    yield make("bare-then-signed", lambda d: parts.bare(kind) + d)
    yield make("zeros-in-the-middle", lambda d: d[: len(d) // 2] + bytes(len(d) - len(d) // 2))
    yield make("head-twice", lambda d: d[:64] + d)


def _nth(places, n, of):
    places = sorted(set(places))
    return places[min(len(places) - 1, n * len(places) // of)] if places else n


def _flip(data, places, n):
    chance = random.Random(n)
    found = bytearray(data)
    for _ in range(1 + n % 4):
        at = min(chance.choice(places) + chance.randrange(12), len(data) - 1)
        found[at] ^= 1 << chance.randrange(8)
    return bytes(found)


def _lie(data, places, n):
    chance = random.Random(1000 + n)
    at = chance.choice(places) + chance.choice((0, 4, 8))
    number = parts.u32(chance.choice(parts.LIES), chance.choice(("big", "little")))
    return data[:at] + number + data[at + 4 :]


def _audio_bit(data, kind, n):
    size = len(parts.audio(kind))
    ogg = kind in parts.KINDS["ogg"]
    start = len(data) - size if ogg else data.index(parts.audio(kind))
    at = start + 50 + n * (size - 100) // 8
    changed = data[:at] + bytes((data[at] ^ 1 << n,)) + data[at + 1 :]
    return parts.recrc(changed) if ogg else changed
