"""Tiers 2 and 3, apart from the rest: what hashing samples and making a fingerprint cost.

CPU of this process and of the decoder's process together, over SHA-256 of the same file, the least
of three. WAV and AIFF samples are read by our own reader; all else is decoded by a limited child.
"""

import resource

import material
from provenance.bindings.compute import compute
from provenance.containers import identify, load
from provenance.model.limits import DEFAULT_LIMITS

ROUNDS = 3
KINDS = ("wav", "aiff", "flac", "alac", "mp3", "aac", "vorbis", "opus")
LOSSLESS = {"wav", "aiff", "flac", "alac"}


def cpu_ms(action, *arguments):
    """Milliseconds of CPU for one call, children included."""
    before = _used()
    action(*arguments)
    return (_used() - before) * 1000


def _used():
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in spent)


def _tier(path, tier):
    with path.open("rb") as stream:
        scan = load(identify(stream)).scan(stream, DEFAULT_LIMITS, False)
        made = compute(stream, scan, DEFAULT_LIMITS, want=frozenset({tier}))
    assert [b.tier for b in made.bindings] == [tier], made.missing


def run():
    """Print both tiers for each kind."""
    print(f"tiers 2 and 3 of {material.SECONDS} s of music, CPU with the decoder's process")
    for kind in KINDS:
        path = material.plain(kind)
        sha = min(cpu_ms(material.read, path) for _ in range(ROUNDS))
        shown = [f"  {material.KINDS[kind].title:10} SHA-256 {sha:6.1f} ms"]
        for tier in ("samples", "fingerprint") if kind in LOSSLESS else ("fingerprint",):
            least = min(cpu_ms(_tier, path, tier) for _ in range(ROUNDS))
            shown.append(f"{tier} {least:7.1f} ms {least / sha:6.1f} x")
        print("  ".join(shown), flush=True)


if __name__ == "__main__":
    run()
