"""What every container adapter must do, run over all of them (spec 6; containers/base.py)."""

import dataclasses
import io
import json
import random
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from provenance.containers import identify, is_named_as_audio, known, load
from provenance.containers._magic import MAGIC, SUFFIXES
from provenance.containers.base import MANIFEST_TAG, SUMMARY_TAG, Change
from provenance.issuing.embedding import differences
from provenance.model.limits import DEFAULT_LIMITS
from provenance.trust.identity import Keyring
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify
from provenance.verify.steps import essence_digest, with_digest

from support import samples, speed

VECTORS = Path(__file__).parents[1] / "vectors" / "containers"
KINDS = {
    "flac": ("flac",), "mp3": ("mp3",), "wav": ("wav",), "aiff": ("aiff",),
    "mp4": ("m4a", "fast.m4a", "alac.m4a"), "ogg": ("ogg", "opus", "oga"),
}  # fmt: skip
SAMPLES = [(name, kind) for name, kinds in KINDS.items() for kind in kinds]
VALUE = b"eyJ" + b"A" * 3000
OTHER = b"eyJ" + b"B" * 5000
TOKEN = (VECTORS.parent / "verify" / "given-for-stripped-file" / "given.jws").read_bytes()
SMALL = dataclasses.replace(DEFAULT_LIMITS, bundle_bytes=len(TOKEN))
HUGE = [b"x" * 20_000, b"{" * 20_000, b'{"bundle":"musicprov-bundle/1"%s}' % (b" " * 20_000)]


@pytest.fixture(params=SAMPLES, ids=lambda p: p[1])
def sample(request):
    name, kind = request.param
    return load(name), samples.made(kind).read_bytes()


def scan_of(container, data):
    return container.scan(io.BytesIO(data), DEFAULT_LIMITS, True)


def digest_of(container, data):
    stream = io.BytesIO(data)
    return essence_digest(with_digest(stream, container.scan(stream, DEFAULT_LIMITS, True)))


def written(container, data, change):
    target = io.BytesIO()
    source = io.BytesIO(data)
    container.write(source, scan_of(container, data), change, target)
    return target.getvalue()


def values(scan, name):
    return [c.value for c in scan.named(name)]


def test_every_adapter_has_samples_and_vectors():
    assert set(known()) == set(KINDS)
    for name in known():
        assert list((VECTORS / name).glob("*/case.json")), f"no vectors for {name}"


def test_the_table_of_magic_bytes_agrees_with_the_adapters():
    assert set(MAGIC) == set(known()) - {"mp3"}
    for name, alternatives in MAGIC.items():
        for parts in alternatives:
            head = bytearray(64)
            for offset, data in parts:
                head[offset : offset + len(data)] = data
            recognised = [n for n, c in known().items() if c.recognises(io.BytesIO(bytes(head)))]
            assert recognised == [name]


def test_the_table_of_suffixes_agrees_with_the_adapters():
    of_adapters = [suffix for container in known().values() for suffix in container.suffixes]

    assert sorted(SUFFIXES) == sorted(of_adapters)
    assert is_named_as_audio("A.FLAC")
    assert not is_named_as_audio("a.flac.musicprov.json")


def test_it_recognises_its_own_and_nobody_elses(sample):
    container, data = sample

    assert identify(io.BytesIO(data)) == container.name
    assert [n for n, c in known().items() if c.recognises(io.BytesIO(data))] == [container.name]


def test_an_untouched_sample_has_no_carrier_and_an_essence(sample):
    container, data = sample
    scan = scan_of(container, data)

    assert (scan.carriers, scan.refusal, scan.incomplete) == ((), None, False)
    assert scan.size == len(data)
    assert digest_of(container, data) is not None


def test_ordinary_tags_are_read(sample):
    container, data = sample

    assert scan_of(container, data).tags.title == ("Sample",)


def test_what_was_written_reads_back_once_and_nothing_else_changed(sample):
    container, data = sample
    change = Change(VALUE, "lyrics=full")

    new = written(container, data, change)

    before, after = scan_of(container, data), scan_of(container, new)
    assert values(after, MANIFEST_TAG) == [VALUE]
    assert values(after, SUMMARY_TAG) == [b"lyrics=full"]
    assert all(c.canonical for c in after.carriers)
    assert list(differences(io.BytesIO(data), before, io.BytesIO(new), after, change)) == []
    assert digest_of(container, new) == digest_of(container, data)


@pytest.mark.requirement("VER-012")
@pytest.mark.requirement("WAV-009")
@pytest.mark.requirement("AIF-010")
def test_wherever_a_file_is_cut_its_declaration_is_never_said_to_be_absent(sample):
    container, data = sample
    whole = written(container, data, Change(VALUE, "lyrics=full"))
    places = [*range(64, len(whole), len(whole) // 100), *range(len(whole) - 40, len(whole))]

    silent = []
    for end in places:
        scan = scan_of(container, whole[:end])
        if not (values(scan, MANIFEST_TAG) or scan.incomplete):
            silent.append(end)

    assert silent == []


def test_replacing_is_as_writing_at_once(sample):
    container, data = sample
    twice = written(container, written(container, data, Change(VALUE, "a=b")), Change(OTHER, None))

    after = scan_of(container, twice)
    assert values(after, MANIFEST_TAG) == [OTHER]
    assert values(after, SUMMARY_TAG) == []
    assert digest_of(container, twice) == digest_of(container, data)


def test_the_same_change_twice_gives_the_same_bytes(sample):
    container, data = sample
    change = Change(VALUE, "lyrics=full")
    once = written(container, data, change)

    assert written(container, once, change) == once


def test_removing_leaves_no_carrier_and_every_foreign_item(sample):
    container, data = sample
    signed = written(container, data, Change(VALUE, "lyrics=full"))

    bare = written(container, signed, Change(None, None))

    before, after = scan_of(container, signed), scan_of(container, bare)
    assert after.carriers == ()
    none = Change(None, None)
    assert list(differences(io.BytesIO(signed), before, io.BytesIO(bare), after, none)) == []


@pytest.mark.parametrize("kind", ["wav", "aiff", "flac", "mp3"])
def test_sign_and_strip_give_the_original_bytes_back(kind):
    container, data = load(kind), samples.made(kind).read_bytes()
    if kind in {"aiff", "wav"}:
        assert len(data) % 2 == 0

    bare = written(container, written(container, data, Change(VALUE, None)), Change(None, None))

    if kind == "mp3":  # freed bytes become padding of the tag that was there
        assert digest_of(container, bare) == digest_of(container, data)
    else:
        assert bare == data


class DiskGoneError(OSError):
    """Told apart from any other error of the operating system."""


class Failing(io.BytesIO):
    """A stream that fails after n reads."""

    def __init__(self, data, reads):
        super().__init__(data)
        self.left = reads

    def read(self, *arguments):
        self._count()
        return super().read(*arguments)

    def readinto(self, buffer):
        self._count()
        return super().readinto(buffer)

    def _count(self):
        self.left -= 1
        if self.left < 0:
            raise DiskGoneError


def test_a_failing_stream_raises_only_its_own_error(sample):
    container, data = sample
    for reads in range(0, 40, 3):
        with suppress(DiskGoneError):
            container.scan(Failing(data, reads), DEFAULT_LIMITS, True)


def test_truncations_never_raise_and_never_take_long(sample):
    container, data = sample
    step = max(1, len(data) // 150)
    for length in [*range(0, 600, 7), *range(600, len(data), step)]:
        with speed.under(2):
            scan_of(container, data[:length])


def test_mutations_never_raise_and_never_take_long(sample):
    container, data = sample
    signed = written(container, data, Change(VALUE, "lyrics=full"))
    dice = random.Random(20261124)
    for number in range(300):
        broken = bytearray(signed)
        for _ in range(1 + number % 4):
            at = (
                dice.randrange(min(len(broken), 8192))
                if number % 3
                else dice.randrange(len(broken))
            )
            broken[at] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
        with speed.under(2):
            scan = scan_of(container, bytes(broken))
        assert scan.size == len(broken)


@pytest.mark.requirement("CAR-060")
def test_more_carriers_than_the_limit_are_not_given_and_said(sample):
    container, data = sample
    both = written(container, data, Change(VALUE, "lyrics=full"))
    for most, count in ((2, 2), (1, 1)):
        few = dataclasses.replace(DEFAULT_LIMITS, carriers=most)
        scan = container.scan(io.BytesIO(both), few, True)
        assert [c.name for c in scan.carriers] == [MANIFEST_TAG, SUMMARY_TAG][:count]
        assert scan.incomplete == (most < 2)
        assert scan.essence is not None


def test_a_small_limit_of_items_is_said_and_never_absent(sample):
    container, data = sample
    few = dataclasses.replace(DEFAULT_LIMITS, items=1)
    scan = container.scan(io.BytesIO(data), few, True)

    assert scan.incomplete or scan.refusal is not None


def cases():
    return sorted(VECTORS.glob("*/*/case.json"))


@pytest.mark.parametrize("path", cases(), ids=lambda p: f"{p.parts[-3]}/{p.parts[-2]}")
def test_vector(path):
    from provenance.conformance.cases import load_case
    from provenance.conformance.comparing import differences as judged
    from provenance.conformance.operations import perform

    case = load_case(path)

    assert list(judged(case, perform(case)["result"])) == []


def test_every_refusal_of_a_vector_is_a_registered_rule():
    from provenance.wire.registries import rules

    used = {json.loads(p.read_bytes())["expect"].get("refusal") for p in cases()} - {None}
    assert used <= set(rules())


@pytest.mark.slow
@pytest.mark.requirement("CAR-019")
@pytest.mark.parametrize("value", HUGE, ids=["text", "brackets", "bundle"])
def test_a_value_that_is_too_large_is_a_statement_that_fails_for_itself(sample, value):
    container, data = sample
    changed = written(container, data, Change(value, None))
    scan = container.scan(io.BytesIO(changed), SMALL, True)
    context = Context(now=datetime(2027, 1, 1, tzinfo=UTC), keyring=Keyring(), limits=SMALL)

    alone = verify(io.BytesIO(changed), container, context)
    beside = verify(io.BytesIO(changed), container, context, (Given("given", TOKEN),))

    assert [(c.value, c.too_large >= 20_000) for c in scan.carriers] == [(b"", True)]
    assert not scan.incomplete
    assert (alone.status.value, alone.code) == ("INDETERMINATE", "carrier.too-large")
    assert "carrier.too-large" not in {f.code.slug for f in beside.findings}
    assert "carrier.unusable" in {f.code.slug for f in beside.findings}
    assert beside.subject.selected.where == ("given",)


@pytest.mark.requirement("CAR-056")
def test_a_value_that_a_shared_limit_leaves_unread_names_that_limit(sample):
    container, data = sample
    changed = written(container, data, Change(TOKEN, None))
    few = dataclasses.replace(DEFAULT_LIMITS, tag_read_bytes=len(TOKEN) - 1)
    scan = container.scan(io.BytesIO(changed), few, True)
    context = Context(now=datetime(2027, 1, 1, tzinfo=UTC), keyring=Keyring(), limits=few)

    found = verify(io.BytesIO(changed), container, context)

    told = [f.detail for f in found.findings if f.where and f.code.slug == found.code]
    assert (found.status.value, found.code) == ("INDETERMINATE", "carrier.scan-incomplete")
    assert "carrier.too-large" not in {f.code.slug for f in found.findings}
    assert scan.incomplete
    if container.name in {"flac", "ogg"}:  # tags are read as a whole
        assert (scan.carriers, told) == ((), [])
        return
    (carrier,) = scan.carriers
    assert (carrier.value, carrier.too_large) == (b"", None)
    assert carrier.unread >= len(TOKEN)
    assert told == [
        {
            "bytes": carrier.unread,
            "sharedLimit": "tag_read_bytes",
            "sharedBytes": len(TOKEN) - 1,
        }
    ]


@pytest.mark.requirement("CAR-019")
def test_a_summary_that_is_too_large_hides_nothing_and_declares_nothing(sample):
    container, data = sample
    changed = written(container, data, Change(None, "lyrics=full; " * 1_000))
    context = Context(now=datetime(2027, 1, 1, tzinfo=UTC), limits=SMALL)

    found = verify(io.BytesIO(changed), container, context)

    assert found.status.value == "ABSENT"


@pytest.mark.requirement("CAR-019")
def test_a_value_that_is_too_large_is_taken_out_with_the_others(sample):
    container, data = sample
    changed = written(container, data, Change(HUGE[0], None))
    source, target = io.BytesIO(changed), io.BytesIO()

    container.write(source, container.scan(source, SMALL, True), Change(None, None), target)

    assert not scan_of(container, target.getvalue()).carriers


HIDING = {
    "a version that does not exist": b"ID3\x05" + bytes(6),
    "twenty empty tags": b"ID3\x04" + bytes(6) + (b"ID3\x04" + bytes(6)) * 19,
    "a size that is none": b"ID3\x04\0\0\0\0\x80\0",
}


@pytest.mark.requirement("ID3-035")
@pytest.mark.requirement("VER-012")
@pytest.mark.parametrize("front", HIDING.values(), ids=HIDING)
@pytest.mark.parametrize("kind", ["mp3", "flac"])
def test_what_stands_in_front_never_makes_a_signed_file_one_without_a_declaration(kind, front):
    signed = written(load(kind), samples.made(kind).read_bytes(), Change(TOKEN, None))
    data = io.BytesIO(front + signed)

    found = verify(data, load(identify(data)), Context(now=datetime(2027, 1, 1, tzinfo=UTC)))

    assert (found.status.value, found.code) == ("INDETERMINATE", "carrier.scan-incomplete")
