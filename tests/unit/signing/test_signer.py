"""External signers (spec 7.4): what they are given, what is believed, and how long one waits."""

import json
import os
import shutil
import sys
import time
from pathlib import Path

import pytest
from provenance.model.errors import SignerError
from provenance.signing.keys import generate, private_pem
from provenance.signing.signer import CommandSigner

from support.command import prov
from support.speed import under

PLAIN = Path(__file__).resolve().parents[2] / "vectors" / "verify" / "absent" / "input.wav"
PAIRS = {alg: generate(alg) for alg in ("ES256", "ES384", "Ed25519")}
OTHER = generate("ES256")
MESSAGE = b"eyJ9.e30"

PROGRAM = """\
import sys
from provenance.signing.keys import load_private
pair = load_private(open(sys.argv[1], "rb").read(), None)
data = sys.stdin.buffer.read()
raw = pair.sign(data)
"""
RAW = "sys.stdout.buffer.write(raw)"
DER = """\
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
half = len(raw) // 2
numbers = [int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big")]
sys.stdout.buffer.write(encode_dss_signature(*numbers))
"""


def signer(tmp_path, script, alg="ES256", *, program=PROGRAM, **more):
    """A signer whose program is a Python script with the key of this kind at hand."""
    (tmp_path / "key.pem").write_bytes(private_pem(PAIRS[alg], None))
    (tmp_path / "program.py").write_text(program + script, encoding="utf-8")
    command = (sys.executable, str(tmp_path / "program.py"), str(tmp_path / "key.pem"))
    return CommandSigner(command, PAIRS[alg].public, **more)


@pytest.mark.requirement("KEY-020")
@pytest.mark.parametrize("alg", PAIRS)
def test_a_raw_signature_is_taken_as_it_is(alg, tmp_path):
    asked = signer(tmp_path, RAW, alg)

    assert asked.alg == alg
    assert asked.sign(MESSAGE) == PAIRS[alg].sign(MESSAGE)


@pytest.mark.requirement("KEY-020")
@pytest.mark.parametrize("alg", ["ES256", "ES384"])
def test_a_der_signature_is_converted(alg, tmp_path):
    assert signer(tmp_path, DER, alg).sign(MESSAGE) == PAIRS[alg].sign(MESSAGE)


@pytest.mark.requirement("KEY-020")
def test_the_program_is_given_the_signing_input_whole_even_when_it_is_large(tmp_path):
    message = os.urandom(400_000)

    assert PAIRS["ES256"].public.verify(signer(tmp_path, RAW).sign(message), message)


WRONG = {
    "of other bytes": "sys.stdout.buffer.write(pair.sign(data + b'x'))",
    "cut": "sys.stdout.buffer.write(raw[:-1])",
    "with a line feed": "sys.stdout.buffer.write(raw + b'\\n')",
    "in base64": "import base64; sys.stdout.buffer.write(base64.b64encode(raw))",
    "in hexadecimal": "print(raw.hex())",
    "nothing": "pass",
    "zeros": "sys.stdout.buffer.write(bytes(64))",
    "no DER": "sys.stdout.buffer.write(b'\\x30' + raw)",
    "DER of negative numbers": "sys.stdout.buffer.write(bytes.fromhex('3006020181020181'))",
    "DER of huge numbers": "sys.stdout.buffer.write(bytes.fromhex('3026') + bytes.fromhex('0221') + b'\\x7f' * 33 + bytes.fromhex('020101'))",
    "words": "print('signed.')",
}


@pytest.mark.requirement("KEY-020")
@pytest.mark.parametrize("script", WRONG.values(), ids=WRONG)
def test_an_answer_that_does_not_verify_is_refused(script, tmp_path):
    with pytest.raises(SignerError, match="does not verify"):
        signer(tmp_path, script).sign(MESSAGE)


@pytest.mark.requirement("KEY-020")
def test_a_good_signature_by_another_key_is_refused(tmp_path):
    asked = signer(tmp_path, RAW)
    (tmp_path / "key.pem").write_bytes(private_pem(OTHER, None))

    with pytest.raises(SignerError, match="does not verify"):
        asked.sign(MESSAGE)


def test_a_program_that_fails_is_quoted(tmp_path):
    script = "sys.stdout.buffer.write(raw); sys.exit('slot 3 is locked')"

    with pytest.raises(SignerError, match="ended with 1") as error:
        signer(tmp_path, script).sign(MESSAGE)

    assert error.value.hint == "slot 3 is locked"


def test_only_the_end_of_many_words_is_quoted(tmp_path):
    script = "import sys\nsys.stderr.write('x' * 1_000_000 + 'the end'); sys.exit(4)"

    with pytest.raises(SignerError, match="ended with 4") as error:
        signer(tmp_path, script, program="").sign(MESSAGE)

    assert error.value.hint.endswith("the end")
    assert len(error.value.hint) <= 200


def test_a_program_that_is_killed_is_a_failure(tmp_path):
    script = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"

    with pytest.raises(SignerError, match="ended with -9"):
        signer(tmp_path, script, program="").sign(MESSAGE)


HANGS = {
    "it sleeps": "import time; time.sleep(60)",
    "it reads and sleeps": "import sys, time; sys.stdin.read(); time.sleep(60)",
    "it answers and sleeps": "import sys, time; print('x', flush=True); time.sleep(60)",
    "it closes its output and sleeps": "import os, time; os.close(1); os.close(2); time.sleep(60)",
    "its child sleeps": "import subprocess, time; subprocess.Popen(['sleep', '8']); time.sleep(60)",
}


@pytest.mark.slow
@pytest.mark.requirement("KEY-020")
@pytest.mark.parametrize("script", HANGS.values(), ids=HANGS)
def test_a_program_that_hangs_is_waited_for_as_long_as_the_limit_says(script, tmp_path):
    with under(4, time.monotonic), pytest.raises(SignerError, match="timed out"):
        signer(tmp_path, script, program="", timeout=0.5).sign(MESSAGE * 40_000)


@pytest.mark.slow
@pytest.mark.requirement("KEY-020")
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_program_that_never_stops_talking_takes_no_memory(stream, tmp_path):
    import tracemalloc

    script = f"import sys\nwhile True: sys.{stream}.write('y' * 65536)"
    tracemalloc.start()
    try:
        with pytest.raises(SignerError, match=r"more than|timed out"):
            signer(tmp_path, script, program="", timeout=1).sign(MESSAGE)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 1_000_000


@pytest.mark.requirement("KEY-020")
def test_a_program_that_reads_nothing_can_still_answer(tmp_path):
    (tmp_path / "raw").write_bytes(PAIRS["ES256"].sign(MESSAGE * 40_000))
    script = f"import sys; sys.stdout.buffer.write(open({str(tmp_path / 'raw')!r}, 'rb').read())"

    answer = signer(tmp_path, script, program="").sign(MESSAGE * 40_000)

    assert PAIRS["ES256"].public.verify(answer, MESSAGE * 40_000)


@pytest.mark.parametrize("command", [("no-such-program-here",), (".",), ("a\0b",)])
def test_a_program_that_cannot_be_started_is_an_error_of_the_signer(command):
    with pytest.raises(SignerError, match="could not be run"):
        CommandSigner(command, PAIRS["ES256"].public).sign(MESSAGE)


@pytest.mark.requirement("KEY-020")
def test_no_shell_reads_the_command(tmp_path):
    mark = tmp_path / "mark"
    command = (sys.executable, "-c", "import sys; sys.exit(repr(sys.argv[1:]))")
    odd = (f"; touch {mark}", f"$(touch {mark})", f"`touch {mark}`", f"> {mark}", "*")

    with pytest.raises(SignerError) as error:
        CommandSigner((*command, *odd), PAIRS["ES256"].public).sign(MESSAGE)

    assert not mark.exists()
    assert error.value.hint.endswith("'*']")


@pytest.fixture
def place(tmp_path):
    shutil.copyfile(PLAIN, tmp_path / "song.wav")
    (tmp_path / "key.pem").write_bytes(private_pem(PAIRS["ES256"], None))
    jwk = json.dumps(dict(PAIRS["ES256"].public.jwk))
    (tmp_path / "key.pub.jwk").write_text(jwk, encoding="utf-8")
    declared = {
        "declarant": {"role": "artist", "name": "Somebody"},
        "contributions": [{"asset": "recording", "area": "mixing", "level": "utility"}],
    }
    (tmp_path / "m.json").write_text(json.dumps(declared), encoding="utf-8")
    return tmp_path


def sign_by(place, command, public="key.pub.jwk"):
    key = ("--sign-command", command, "--public-key", public)
    words = ("sign", "song.wav", "--manifest", "m.json", "--no-fingerprint")
    return prov(place, *words, *key, expect=None)


@pytest.mark.slow
@pytest.mark.requirement("KEY-020")
def test_a_file_is_signed_by_openssl_and_passes_for_whoever_has_the_key(place):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no external signer to try")

    done = sign_by(place, "openssl dgst -sha256 -sign key.pem")

    assert done.returncode == 0, done.stderr
    prov(place, "verify", "--key", "key.pub.jwk", "song.wav")


@pytest.mark.requirement("KEY-020")
def test_a_wrong_answer_writes_nothing(place):
    before = (place / "song.wav").read_bytes()

    done = sign_by(place, f'{sys.executable} -c \'print(1); open("mark", "w")\' ; touch mark2')

    assert done.returncode == 5, done.stderr
    assert "does not verify" in done.stderr
    assert (place / "song.wav").read_bytes() == before
    assert (place / "mark").exists()
    assert not (place / "mark2").exists()


@pytest.mark.parametrize("command", ["", "  ", "'", 'openssl "dgst'])
def test_a_command_that_is_none_is_a_mistake_of_the_caller(place, command):
    done = sign_by(place, command)

    assert done.returncode == 2, done.stderr
    assert "--sign-command" in done.stderr
