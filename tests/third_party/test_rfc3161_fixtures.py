"""Time-stamps that others made: rfc3161-client's fixtures and those in EU DSS's JAdES samples."""

from __future__ import annotations

import base64
import hashlib
import json
import tarfile
from contextlib import suppress
from functools import cache

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificates
from provenance.model.codes import Code
from provenance.trust import _der, timestamps
from provenance.trust.policy import Tsa
from provenance.trust.timestamp_requests import is_signed_by
from provenance.trust.timestamps import IgnoredError, check, response_of
from provenance.wire.etsi import stamp_item, stamps_of

from support.samples import third_party


@cache
def archive(name):
    with tarfile.open(third_party(f"vectors/{name}.tar.gz")) as tar:
        return {m.name: tar.extractfile(m).read() for m in tar if m.isfile()}


# ---- rfc3161-client ----------------------------------------------------------------------------


def fixture(name):
    return archive("rfc3161-client-fixtures")[f"test/fixtures/{name}"]


def token_of(name):
    """The bare token inside a response of the fixtures."""
    return _der.parse(fixture(name)).child(1, _der.SEQUENCE).whole


def authority_of(folder):
    chain = load_pem_x509_certificates(fixture(f"{folder}/ts_chain.pem"))
    der = {c.public_bytes(Encoding.DER): c.issuer == c.subject for c in chain}
    return Tsa(
        folder,
        folder,
        tuple(d for d, is_root in der.items() if is_root),
        tuple(d for d, is_root in der.items() if not is_root),
    )


HELLO = {
    "response-sha256": (None, "2025-05-09T11:58:55Z"),
    "response-sha384": (None, "2025-05-09T11:58:55Z"),
    "response-sha512": (None, "2025-05-09T11:58:56Z"),
    "response-no-embedded-cert": (None, "2025-06-18T08:13:02Z"),
    "response-invalid-signature": ("unknown-authority", None),
}


@pytest.mark.requirement("TIM-002")
@pytest.mark.requirement("TIM-012")
@pytest.mark.requirement("TIM-015")
@pytest.mark.parametrize("name", HELLO)
def test_tokens_of_the_sigstore_staging_authority(name):
    why, at = HELLO[name]
    item = stamp_item(token_of(f"sigstage/{name}.tsr"), as_text=False)

    (found,) = check([item], b"hello", [authority_of("sigstage")])[1]
    (elsewhere,) = check([item], b"hullo", [authority_of("sigstage")])[1]

    if why is None:
        assert (found.code, found.detail["at"]) == (Code.TIME_TRUSTED, at)
    else:
        assert found.detail["reason"] == why
    assert elsewhere.detail["reason"] == "other-signature"


def state(name, folder, monkeypatch):
    """What becomes of a token over a message that nobody has any more: its imprint is believed."""
    token = token_of(f"{folder}/{name}.tsr")
    imprint = response_of(token).tst_info.message_imprint.message
    monkeypatch.setattr(timestamps.hashlib, "new", _believing(imprint))
    timestamps._proof.cache_clear()
    try:
        proofs, found = check([stamp_item(token, as_text=False)], b"?", [authority_of(folder)])
    finally:
        timestamps._proof.cache_clear()
    return proofs[0].at.isoformat() if proofs else found[0].detail["reason"]


def _believing(imprint):
    original = hashlib.new

    class Digest:
        def digest(self):
            return imprint

    return lambda name, data: Digest() if data == b"?" else original(name, data)


@pytest.mark.requirement("TIM-012")
@pytest.mark.requirement("TIM-015")
@pytest.mark.parametrize(
    ("folder", "name", "expected"),
    [
        ("test_tsa", "response", "2024-10-08T15:40:32+00:00"),
        ("test_tsa", "response-injected-certs", "2024-10-08T15:40:32+00:00"),
        # by an authority of the same name with another key
        ("test_tsa", "other_response", "unknown-authority"),
        # its authority's certificates have ended since: TIM-015 asks for the time of the token
        ("sigstore.mock", "response-expired", "2023-02-01T00:00:00+00:00"),
    ],
)
def test_tokens_of_local_authorities(monkeypatch, folder, name, expected):
    assert state(name, folder, monkeypatch) == expected


# ---- EU DSS ------------------------------------------------------------------------------------


def samples():
    """The JSON samples with an ``etsiU``: name, signature text and items of each signature."""
    for path, data in sorted(archive("eu-dss-jades-validation").items()):
        try:
            found = json.loads(data)
        except ValueError:
            continue  # a compact token
        for signature in found.get("signatures", [found]) if isinstance(found, dict) else []:
            items = (signature.get("header") or {}).get("etsiU")
            if isinstance(items, list) and isinstance(signature.get("signature"), str):
                yield path.rpartition("/")[2], signature["signature"].encode(), items


def texts(value):
    """Every string in a JSON value, and in the JSON that strings are the base64url of."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value
        with suppress(ValueError):
            yield from texts(json.loads(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))))


@cache
def tokens():
    """All distinct time-stamp tokens of the samples, of whatever kind."""
    found = set()
    for _, _, items in samples():
        for text in texts(items):
            if text.startswith("MI") and "KoZIhvcNAQcC" in text[:40]:
                found.add(base64.b64decode(text))
    return sorted(found)


@pytest.mark.requirement("TIM-017")
def test_real_tokens_are_read_and_name_their_signers():
    reordered = [t for t in tokens() if timestamps._ordered(t) != t]
    assert len(tokens()) >= 25
    assert len(reordered) == 4

    for token in tokens():
        response = response_of(token)
        embedded = sorted(response.signed_data.certificates)
        signer = timestamps._signer(response, embedded)
        timestamps._require_named(token, signer)
        timestamps._require_purpose(signer)
        assert is_signed_by(token, signer)
        assert not is_signed_by(token[:-1] + bytes([token[-1] ^ 1]), signer)


def _sig_tst(name):
    """What is authored for a sample: how many time-stamps of its signatures fit, and do not."""
    return {
        # over the octets of the signature, as DSS had it until December 2020, not over its text
        "jades-t-clear-etsiu.json": ["other-signature"],
        "jades-with-mixed-etsiU-type.json": ["other-signature"],
        "jades-flattened-BpT-broken-sigTst.json": ["other-signature"],
        # copied from another signature
        "jades-t-copied-sigtst.json": ["other-signature"],
        "jades-two-sigs-copied-tst.json": ["fits", "other-signature"],
        # twice the same, both of this signature
        "jades-t-duplicated-sigtst.json": ["fits", "fits"],
        "jades-double-sig-different-etsiU.json": ["fits", "fits"],
        # no sigTst among the items
        "jades-b-with-xvals.json": [],
        "jades-with-attached-counter-signature-replace-attack.json": [],
        "jades-with-broken-attached-counter-signature.json": [],
        "jades-with-broken-detached-counter-signature.json": [],
        "jades-with-counter-signature.json": [],
    }.get(name, ["fits"])


@pytest.mark.requirement("TIM-002")
@pytest.mark.requirement("TIM-003")
def test_time_stamps_of_signatures_fit_the_text_of_the_signature():
    found = {}
    for name, covered, items in samples():
        for stamp in stamps_of(items):
            found.setdefault(name, [])
            try:
                timestamps.fitting(response_of(stamp.token), stamp.token, covered)
                found[name].append("fits")
            except IgnoredError as ignored:
                found[name].append(ignored.reason)
        found.setdefault(name, [])

    assert found == {name: _sig_tst(name) for name in found}
    assert len(found) >= 20


@pytest.mark.requirement("TIM-015")
@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_a_real_authority_is_verified_up_to_its_root():
    """Izenpe's qualified authority: its root stands among the values of the same sample."""
    ((_, covered, items),) = [s for s in samples() if s[0] == "jades-triple-LTA.json"]
    certificates = set()
    for text in texts(items):
        try:
            loaded = load_der_x509_certificate(base64.b64decode(text, validate=True))
        except ValueError:
            continue
        certificates.add((loaded.subject == loaded.issuer, loaded.public_bytes(Encoding.DER)))
    roots = tuple(der for is_root, der in sorted(certificates) if is_root)
    others = tuple(der for is_root, der in sorted(certificates) if not is_root)

    proofs, _ = check(items, covered, [Tsa("izenpe", "Izenpe", roots, others)])

    assert [p.at.isoformat() for p in proofs] == ["2021-07-25T21:30:44+00:00"]
