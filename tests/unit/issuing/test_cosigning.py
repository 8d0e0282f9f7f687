"""Co-signing (spec 17.8): the same bytes, another key, within a day."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from provenance.issuing.cosigning import cosign
from provenance.model.codes import Code
from provenance.model.errors import RefusedError, UsageError
from provenance.signing import envelope
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner
from provenance.trust.identity import Keyring
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DIGEST = "sha-256:" + "A" * 43
FIRST, SECOND = FileSigner(generate()), FileSigner(generate("Ed25519"))


def payload_of(issued):
    manifest = {
        "type": "Disclosure",
        "specVersion": "1.0",
        "id": "urn:uuid:11111111-1111-4111-8111-111111111111",
        "issued": issued,
        "sequence": 1,
        "declarant": {"role": "artist", "name": "Somebody"},
        "subject": {
            "title": "A",
            "bindings": [{"tier": "essence", "profile": "pcm-1", "digest": DIGEST}],
        },
        "contributions": [{"asset": "recording", "area": "leadVocals", "level": "full"}],
    }
    return json.dumps(manifest).encode()


def token_of(payload, signer, at=NOW):
    kind = {"typ": envelope.DISCLOSURE_TYP, "cty": envelope.DISCLOSURE_CTY}
    return envelope.write(payload, signer, issued_at=at, **kind)


def looked_at(*tokens, own=()):
    context = Context(NOW, Keyring(own=dict.fromkeys(own)))
    given = [Given(f"given {n}", token.encode()) for n, token in enumerate(tokens)]
    return verify(None, None, context, given), context


@pytest.fixture
def first():
    return token_of(payload_of(issued="2026-11-23T10:00:00Z"), FIRST)


@pytest.mark.requirement("STM-070")
def test_the_same_bytes_are_signed_and_both_count_as_one_declaration(first):
    verdict, context = looked_at(first)

    made = cosign(verdict.subject.selected, SECOND, context)

    assert made.split(".")[1] == first.split(".")[1]
    both, _ = looked_at(first, made, own=[SECOND.public.thumbprint])
    assert not both.has(Code.CARRIER_CONFLICT)
    assert both.subject.selected.token.key == SECOND.public.thumbprint
    digests = {hashlib.sha256(c.token.payload).digest() for c in both.subject.candidates}
    assert len(digests) == 1


@pytest.mark.requirement("STM-070")
def test_a_key_that_has_signed_it_is_refused(first):
    verdict, context = looked_at(first)
    second = cosign(verdict.subject.selected, SECOND, context)
    both, _ = looked_at(first, second)

    for signer in (FIRST, SECOND):
        with pytest.raises(RefusedError, match=r"cosign\.same-key"):
            cosign(both.subject.selected, signer, context, both.subject.candidates)


def test_a_signature_that_does_not_verify_is_not_handed_out(first):
    class Wrong(FileSigner):
        def sign(self, signing_input):
            return super().sign(signing_input + b"!")

    verdict, context = looked_at(first)

    with pytest.raises(UsageError, match="does not verify"):
        cosign(verdict.subject.selected, Wrong(generate()), context)


@pytest.mark.requirement("STM-071")
@pytest.mark.parametrize(("hours", "fine"), [(-25, False), (-23, True), (23, True), (26, False)])
def test_only_within_a_day_of_what_it_says(first, hours, fine):
    verdict, context = looked_at(first)
    issued = datetime(2026, 11, 23, 10, tzinfo=UTC)
    later = replace(context, now=issued + timedelta(hours=hours))

    if fine:
        assert cosign(verdict.subject.selected, SECOND, later)
    else:
        with pytest.raises(RefusedError, match=r"cosign\.too-late"):
            cosign(verdict.subject.selected, SECOND, later)
