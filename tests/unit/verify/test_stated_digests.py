"""What somebody says of audio that they do not give is compared as the audio would be (SRV-006)."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from provenance.bindings.compare import stated
from provenance.trust.identity import Keyring
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify
from provenance.wire.strict_json import parse

CASE = Path(__file__).resolve().parents[2] / "vectors" / "verify" / "bare-token"
TOKEN = (CASE / "given.jws").read_bytes()
KEY = json.loads((CASE / "case.json").read_text(encoding="utf-8"))["options"]["own"][0]
CONTEXT = Context(now=datetime(2027, 1, 1, tzinfo=UTC), keyring=Keyring(own={KEY: None}))


def recorded():
    from provenance.signing.keys import b64decode_url

    payload = b64decode_url(TOKEN.split(b".")[1].decode())
    return parse(payload, max_bytes=1 << 20, max_depth=32)["subject"]["bindings"]


ESSENCE, SAMPLES = recorded()
OTHER = "sha-256:" + "A" * 43


def binding(*digests):
    found = verify(None, None, CONTEXT, (Given("given", TOKEN),), stated(digests))
    code = next(f for f in found.findings if f.axis.value == "binding")
    return found.status.value, code.code.slug, dict(code.detail)


@pytest.mark.requirement("SRV-006")
@pytest.mark.parametrize(
    ("digests", "status", "code"),
    [
        ([ESSENCE], "PASSED", "binding.exact"),
        ([ESSENCE, SAMPLES], "PASSED", "binding.exact"),
        ([SAMPLES], "PASSED", "binding.lossless"),
        ([{**ESSENCE, "digest": OTHER}, SAMPLES], "PASSED", "binding.lossless"),
        ([{**ESSENCE, "digest": OTHER}], "INDETERMINATE", "binding.not-checked"),
        (
            [{**ESSENCE, "digest": OTHER}, {**SAMPLES, "digest": OTHER}],
            "FAILED",
            "binding.mismatch",
        ),
        ([], "INDETERMINATE", "binding.not-checked"),
    ],
)
def test_each_tier_says_what_it_would_say_of_a_file(digests, status, code):
    assert binding(*digests)[:2] == (status, code)


@pytest.mark.requirement("SRV-006")
def test_what_was_not_given_is_named_with_what_to_do():
    detail = binding({**ESSENCE, "digest": OTHER})[2]

    assert detail["cause"] == "not-given"
    assert detail["tier"] == "samples"
    assert detail["hint"]


@pytest.mark.requirement("SRV-006")
def test_a_presentation_that_cuts_is_told():
    cut = {**ESSENCE, "presentation": {"startTrim": 44_101}}

    assert binding(cut)[0] == "INDETERMINATE"


@pytest.mark.parametrize(
    "digests", [[ESSENCE, ESSENCE], [{"tier": "taste"}], [{"tier": "essence"}]]
)
def test_what_is_no_digest_raises(digests):
    with pytest.raises(ValueError, match=r"."):
        stated(digests)
