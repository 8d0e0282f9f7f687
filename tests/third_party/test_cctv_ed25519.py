"""The edge cases of Ed25519 that implementations judge differently (C2SP/CCTV): one answer each.

The standard's answer follows from three rules: a key is canonical and not of low order (KEY-004);
S is below the order, and R is compared as bytes (RFC 8032 5.1.7); nothing is multiplied by the
cofactor, as in the libraries that people have.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter

import pytest
from provenance.signing.keys import KeyValueError, b64encode_url, public_from_jwk

from support.samples import third_party

KEY_FAULTS = {"low_order_A", "non_canonical_A"}
SIGNATURE_FAULTS = {"non_canonical_R", "low_order_residue", "reencoded_k"}


def judge(test):
    x = b64encode_url(bytes.fromhex(test["key"]))
    try:
        key = public_from_jwk({"kty": "OKP", "crv": "Ed25519", "x": x})
    except KeyValueError:
        return "key refused"
    good = key.verify(bytes.fromhex(test["sig"]), test["msg"].encode())
    return "valid" if good else "invalid"


def expected(test):
    flags = set(test["flags"] or ())
    if flags & KEY_FAULTS:
        return "key refused"
    return "invalid" if flags & SIGNATURE_FAULTS else "valid"


@pytest.mark.requirement("KEY-004")
def test_every_edge_case_has_the_answer_that_the_rules_give():
    path = third_party("vectors/cctv__ed25519vectors.json.gz")
    tests = json.loads(gzip.decompress(path.read_bytes()))

    wrong = [(t["number"], judge(t), t["flags"]) for t in tests if judge(t) != expected(t)]

    assert wrong == []
    counts = Counter(map(expected, tests))
    assert len(tests) == 914
    assert counts["key refused"] > 500
    assert counts["valid"] > 10
    assert counts["invalid"] > 10
