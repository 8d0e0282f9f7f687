"""When a decoder runs (spec 5.6): for intact statements that nothing cheaper has settled, once."""

import importlib.util
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import provenance.bindings.essence
import pytest
from provenance.bindings.compare import InHand
from provenance.bindings.essence import essence_digest
from provenance.containers import load
from provenance.model.codes import Axis, Code
from provenance.model.limits import DEFAULT_LIMITS
from provenance.trust.identity import Keyring
from provenance.verify.outcome import Context
from provenance.verify.procedure import verify

BUILD = Path(__file__).resolve().parents[2] / "vectors" / "verify" / "build.py"
STARTED: list[str] = []
"""The commands of every process that this test process started (audit events stay for good)."""


def _listen(event, arguments):
    if event == "subprocess.Popen":
        STARTED.append(" ".join(map(str, arguments[1])))


sys.addaudithook(_listen)


def _builder():
    spec = importlib.util.spec_from_file_location("verify_build", BUILD)
    module = importlib.util.module_from_spec(spec)
    sys.modules["verify_build"] = module
    spec.loader.exec_module(module)
    return module


V = _builder()
ALL = ("essence", "samples", "fingerprint")
OTHER_AUDIO = V.le16(V.samples(3, 3000))


def statement(*tiers, **changed):
    return V.token(V.manifest(V.SONG, *(tiers or ALL), **changed))


def broken(token):
    head, payload, signature = token.split(b".")
    return b".".join((head, payload, (b"A" if signature[:1] != b"A" else b"B") + signature[1:]))


def runs(audio, *tokens, decode="auto", hand=None):
    """How many decoders were started to verify a WAV file with these statements."""
    data = V.wav(audio, [("MUSICPROV", t.decode()) for t in tokens])
    keyring = Keyring(own={V.ARTIST.thumbprint: None})
    context = Context(now=datetime(2027, 1, 1, tzinfo=UTC), keyring=keyring, decode=decode)
    before = len(STARTED)
    verdict = verify(io.BytesIO(data), load("wav"), context, hand=hand)
    assert verdict.code
    return sum("provenance.bindings._child" in command for command in STARTED[before:])


@pytest.fixture(autouse=True)
def _fingerprints():
    pytest.importorskip("av", reason="no PyAV: no decoder could run")
    pytest.importorskip("acoustid", reason="no pyacoustid: no decoder could run")


@pytest.mark.requirement("BND-071")
@pytest.mark.parametrize(
    "tokens",
    [
        [statement()],
        [statement(), statement(sequence=2, supersedes="A" * 43)],
        [broken(statement()), statement(sequence=2, supersedes="A" * 43)],
    ],
    ids=["one", "two", "one beside a broken one"],
)
def test_for_intact_statements_about_other_audio_it_runs_once(tokens):
    assert runs(OTHER_AUDIO, *tokens) == 1


@pytest.mark.requirement("BND-071")
def test_for_a_file_that_is_verified_again_it_does_not_run_again():
    stream, wav = io.BytesIO(V.wav(OTHER_AUDIO, [])), load("wav")
    hand = InHand(stream, wav.scan(stream, DEFAULT_LIMITS, True), DEFAULT_LIMITS)

    assert [runs(OTHER_AUDIO, statement(), hand=hand) for _ in range(2)] == [1, 0]


@pytest.mark.requirement("BND-070")
@pytest.mark.parametrize(
    "tokens",
    [[statement()], [statement(), broken(statement(sequence=2, supersedes="A" * 43))]],
    ids=["one", "one beside a broken one"],
)
def test_when_the_essence_holds_it_does_not_run(tokens):
    assert runs(V.le16(V.SONG), *tokens) == 0


NOT_INTACT = {
    "an edited signature": lambda: broken(statement()),
    "a signature by another key": lambda: (
        (made := statement()).rsplit(b".", 1)[0]
        + b"."
        + V.b64(V.OTHER.sign(made.rsplit(b".", 1)[0])).encode()
    ),
    "alg none": lambda: V.token(V.manifest(V.SONG, *ALL), alg="none"),
    "an unknown type": lambda: V.token(V.manifest(V.SONG, *ALL), typ="JWT"),
    "a payload that is no JSON": lambda: V.token(V.compact(V.manifest(V.SONG, *ALL))[:-1]),
    "a payload of another version": lambda: statement(specVersion="2.0"),
    "no token": lambda: b"eyJhbGciOiJFUzI1NiJ9",
}


@pytest.mark.requirement("BND-070")
@pytest.mark.parametrize("made", NOT_INTACT.values(), ids=NOT_INTACT)
@pytest.mark.parametrize("beside", [(), ("essence",)], ids=["alone", "beside one without tier 3"])
def test_for_a_statement_that_is_not_intact_it_does_not_run(made, beside):
    others = [statement(*beside)] if beside else []

    assert runs(OTHER_AUDIO, made(), *others) == 0


@pytest.mark.requirement("BND-073")
def test_it_does_not_run_when_the_asker_says_so():
    assert runs(OTHER_AUDIO, statement(), decode="never") == 0


@pytest.mark.parametrize("name", [*NOT_INTACT, "one that is intact"])
def test_audio_is_hashed_where_a_signature_holds_and_told_of_where_the_statement_counts(
    name, monkeypatch
):
    hashed = []

    def counted(stream, essence):
        hashed.append(1)
        return essence_digest(stream, essence)

    monkeypatch.setattr(provenance.bindings.essence, "essence_digest", counted)
    made = NOT_INTACT.get(name, statement)()
    data = V.wav(V.le16(V.SONG), [("MUSICPROV", made.decode())])

    verdict = verify(io.BytesIO(data), load("wav"), Context(now=datetime(2027, 1, 1, tzinfo=UTC)))

    assert len(hashed) == (verdict.has(Code.SIGNATURE_VALID))
    assert (verdict.subject.essence is not None) == (name == "one that is intact")
    assert any(f.code.axis is Axis.BINDING for f in verdict.findings) == (
        name == "one that is intact"
    )
