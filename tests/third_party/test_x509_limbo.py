"""x509-limbo's core cases through our own judgement of chains (spec 15.2, 15.3).

The cases are about web servers: the accepted purpose is set to theirs, and none is required. An
x5c is one chain, so every chain that can be made of a case's intermediates is tried, as somebody
who wants to get through would. Lists count as ours do: a certificate whose state is not known is
no success where a case has lists. Whatever comes out differently is named, with the reason.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64decode
from collections import Counter
from datetime import UTC, datetime
from functools import cache

import pytest
from provenance.signing.certificates import decode_x5c, encode_x5c, leaf_key
from provenance.signing.keys import KeyValueError
from provenance.trust.certificates import certify
from provenance.trust.moments import BestTime
from provenance.trust.paths import load
from provenance.trust.policy import Anchor

from support.samples import third_party

PURPOSES = {"SERVER": "1.3.6.1.5.5.7.3.1", "CLIENT": "1.3.6.1.5.5.7.3.2"}
MOST_CHAINS = 200

NAMES = "the name of a web server: we compare no host names"
WEB = "a rule for certificates of web servers"
ISSUING = "what an authority should write; RFC 5280 6 does not ask for it in a path"
LEAF = "CRT-014: an authority's own certificate is no leaf here"

MORE_LENIENT = {
    **dict.fromkeys(("webpki::cn::", "webpki::san::", "rfc5280::san::"), NAMES),
    **dict.fromkeys(("webpki::eku::", "webpki::forbidden-rsa-not-divisible"), WEB),
    **dict.fromkeys(
        (
            "rfc5280::aki::",
            "rfc5280::ski::",
            "webpki::aki::",
            "rfc5280::nc::not-allowed-in-ee-",
            "rfc5280::nc::permitted-dns-match-noncritical",
            "rfc5280::pc::ica-noncritical-pc",
            "rfc5280::ee-critical-aia-invalid",
            "crl::crlnumber-missing",
        ),
        ISSUING,
    ),
    "pathlen::max-chain-depth-": "a depth of the case's own: ours is three certificates",
}
STRICTER = {
    "crl::issuer-no-keyusage-extension": "CRT-013: an authority has a key usage",
    "pathlen::validation-ignores-pathlen-in-leaf": LEAF,
    "rfc5280::ca-as-leaf": LEAF,
    "rfc5280::nc::permitted-dn-match": "directoryName constraints are not judged: refused",
    "pathlen::self-issued-certs-pathlen": "the library counts self-issued authorities too",
}


@cache
def cases():
    path = third_party("vectors/x509-limbo__core-194.json.gz")
    return json.loads(gzip.decompress(path.read_bytes()))


def der(pem):
    lines = [line for line in pem.splitlines() if line and ":" not in line]
    return b64decode("".join(line for line in lines if not line.startswith("-")))


def names(certificate):
    found = load(certificate)
    return None if found is None else (found.issuer, found.subject)


def chains(leaf, intermediates):
    """Every chain of at most four that begins with the leaf and is in the order of issuing."""
    read = [(c, n) for c, n in ((c, names(c)) for c in intermediates) if n]
    waiting = [((leaf,), names(leaf))]
    while waiting:
        chain, last = waiting.pop()
        yield chain
        if last is None or len(chain) == 4:
            continue
        for one, name in read:
            if name[1] == last[0] and one not in chain:
                waiting.append(((*chain, one), name))


def accepted(case):
    """Whether one chain of the case is certified, of a key that the envelope takes."""
    text = case["validation_time"]
    at = datetime.fromisoformat(text) if text else datetime(2026, 11, 23, tzinfo=UTC)
    anchor = Anchor(
        "limbo",
        "Limbo",
        tuple(der(c) for c in case["trusted_certs"]),
        ekus=(PURPOSES[case["validation_kind"]],),
        require_eku=False,
        crls=tuple(der(c) for c in case["crls"]),
    )
    leaf = der(case["peer_certificate"])
    try:
        leaf_key(leaf)
    except KeyValueError:
        return False
    others = [der(c) for c in case["untrusted_intermediates"]]
    for n, chain in enumerate(chains(leaf, others)):
        if decode_x5c(encode_x5c(chain), 4) is None:
            continue
        _, found = certify(chain, [anchor], BestTime(at, proven=False), at)
        codes = {f.code.slug for f in found}
        listed = not case["crls"] or "identity.revocation-unknown" not in codes
        if "identity.certified" in codes and listed:
            return True
        if n > MOST_CHAINS:
            return False
    return False


def reason(case, reasons):
    return next((why for start, why in reasons.items() if case["id"].startswith(start)), None)


@pytest.mark.requirement("CRT-010")
def test_chains_are_judged_as_the_cases_say_but_for_what_is_named():
    wrong, counts, used = [], Counter(), Counter()
    for case in cases():
        found, expected = accepted(case), case["expected_result"] == "SUCCESS"
        counts[expected, found] += 1
        if found != expected:
            why = reason(case, MORE_LENIENT if found else STRICTER)
            used[why] += 1
            if why is None:
                wrong.append((case["id"], case["expected_result"]))

    print(counts, *used.items(), sep="\n")
    assert wrong == []
    assert len(cases()) == counts.total() == 194
    assert set(used) == {*MORE_LENIENT.values(), *STRICTER.values()}


@pytest.mark.requirement("CRT-012")
def test_junk_among_the_certificates_is_refused_quickly():
    """The hundred intermediates of the pathological cases do not fit into x5c at all."""
    hostile = [c for c in cases() if len(c["untrusted_intermediates"]) > 50]

    assert len(hostile) == 4
    assert not any(map(accepted, hostile))
