"""JAdES: what we write fits ETSI's schemas, and EU DSS's samples meet the rules that refuse them.

The schemas and samples are those of esig/dss. None of the samples is a statement of ours: each has
a member or a form that the profile leaves out, and is refused by the first of its rules (ENV 4.7).
"""

from __future__ import annotations

import io
import json
import tarfile
from collections import Counter
from functools import cache

import pytest
from jsonschema import Draft7Validator
from provenance.signing import envelope
from provenance.signing.certificates import decode_x5c, leaf_key
from provenance.signing.etsi import with_stamp
from provenance.signing.keys import b64decode_url
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from support.certificates import module
from support.samples import third_party

I = module("issuing")  # noqa: E741
B = module("build")
BASE = "https://schemas.example/"


@cache
def files(name):
    data = third_party(f"vectors/eu-dss-jades-{name}.tar.gz").read_bytes()
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        found = {m.name: archive.extractfile(m) for m in archive.getmembers() if m.isfile()}
        return {path: stream.read() for path, stream in found.items()}


@cache
def registry():
    found = Registry()
    for path, data in files("schemas").items():
        name = path.rpartition("/")[2]
        resource = Resource.from_contents(json.loads(data), default_specification=DRAFT7)
        for place in (name, f"rfcs/{name}"):
            found = found.with_resource(BASE + place, resource)
    return found


def errors(name, value):
    validator = Draft7Validator({"$ref": BASE + name}, registry=registry())
    return [error.message for error in validator.iter_errors(value)]


def header_of(token):
    return json.loads(b64decode_url(token.split(".")[0]))


def written(key):
    made = I.token(key, (B.CA.leaf(B.LABEL, key), B.CA.certificate)).decode()
    assert envelope.read(made.encode())[0] is not None
    return made


def flattened(token, **more):
    return {
        **dict(zip(("protected", "payload", "signature"), token.split("."), strict=True)),
        **more,
    }


KEYS = {key.alg: key for key in (B.P256, B.P384, B.ED, B.RSA3072)}
TIME_STAMP = b"\x30\x03\x02\x01\x00"


@pytest.mark.requirement("CRT-040")
@pytest.mark.parametrize("alg", KEYS)
def test_our_header_fits_the_schema_of_jades(alg):
    assert errors("19182-protected-jsonSchema.json", header_of(written(KEYS[alg]))) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"iat": ...},
        {"x5c": ..., "x5t#S256": ...},
        {"sigT": "2026-11-23T00:00:00Z"},
        {"x5t": "AAAA"},
    ],
)
def test_the_schema_refuses_what_is_no_jades(changed):
    header = {**header_of(written(B.P256)), **changed}
    header = {name: value for name, value in header.items() if value is not ...}

    assert errors("19182-protected-jsonSchema.json", header)


@pytest.mark.requirement("CRT-040")
def test_our_flattened_forms_fit_the_schemas():
    token = written(B.P256)
    stamped = with_stamp(token, TIME_STAMP)

    assert errors("rfc7515-jws.json", flattened(token)) == []
    assert errors("rfc7515-jws.json", stamped) == []
    assert errors("19182-unprotected-jsonSchema.json", stamped["header"]) == []
    assert errors("19182-unprotected-jsonSchema.json", {**stamped["header"], "kid": "a"})
    assert errors("19182-unprotected-jsonSchema.json", {})


def test_our_bare_key_makes_no_jades_signature():
    bare = I.T.token(B.P256).decode()

    assert errors("19182-protected-jsonSchema.json", header_of(bare))


# ---- the samples -----------------------------------------------------------------------------

WITHOUT_PAYLOAD = "the payload is elsewhere (sigD)"


def signatures():
    """Every signature of the samples in flattened form: (file, its bytes)."""
    for path, data in sorted(files("validation").items()):
        if not path.endswith(".json"):
            continue
        name = path.rpartition("/")[2]
        try:
            found = json.loads(data)
        except ValueError:
            yield name, data.strip()
            continue
        parts = found.get("signatures", [found])
        for part in parts if isinstance(parts, list) else []:
            one = {**part, "payload": found.get("payload")}
            extra = set(found) - {"payload", "signatures", "protected", "signature", "header"}
            yield name, json.dumps({**one, **{m: found[m] for m in extra}}).encode()


def parts(data):
    """Protected header, payload and signature as texts, leniently."""
    if data[:1] == b"{":
        found = json.loads(data)
        return [found.get(m) for m in ("protected", "payload", "signature")]
    return data.decode("ascii", "replace").split(".")


def once(pairs):
    """The object; None when a member is there twice."""
    return dict(pairs) if len(dict(pairs)) == len(pairs) else None


def expected(data):
    """The code of the first rule that a sample breaks, from the order of 4.7 by hand."""
    try:
        head, payload, _ = parts(data)
        found = json.loads(data) if data[:1] == b"{" else {}
    except ValueError:
        return "jws.malformed"
    items = found.get("header", {}).get("etsiU", [{}])
    odd = set(found) - {"payload", "protected", "signature", "header"}
    mixed = not isinstance(items, list) or len({type(i) for i in items} & {dict, str}) != 1
    if odd or mixed or not isinstance(payload, str) or not payload:
        return "jws.malformed"
    plain = json.loads(b64decode_url(head), object_pairs_hook=once)
    if plain is None:
        return "jws.header.duplicate"
    for member, code in (("crit", "jws.crit.unsupported"), ("nbf", "jws.header.forbidden")):
        if member in plain:
            return code
    return "jws.typ.unsupported" if "iat" in plain else "jws.header.missing"


@pytest.mark.requirement("VER-030")
def test_every_sample_is_refused_by_the_first_rule_that_it_breaks():
    counts, wrong = Counter(), []
    for name, data in signatures():
        token, found = envelope.read(data)
        code = found[0].code.slug
        counts[code] += 1
        if token is not None or code != expected(data):
            wrong.append((name, code, expected(data)))

    assert wrong == []
    assert counts == {
        "jws.crit.unsupported": 45,
        "jws.malformed": 11,
        "jws.typ.unsupported": 3,
        "jws.header.duplicate": 1,
        "jws.header.forbidden": 1,
        "jws.header.missing": 1,
    }


@pytest.mark.requirement("ENV-023")
def test_the_signatures_of_the_samples_hold_below_our_profile():
    counts, bad = Counter(), []
    for name, data in signatures():
        try:
            head, payload, signature = parts(data)
            header = json.loads(b64decode_url(head))
        except (ValueError, TypeError):
            counts["no header"] += 1
            continue
        chain = decode_x5c(header.get("x5c"), 10)
        if chain is None or header["alg"] not in {"RS256", "ES256", "PS256"}:
            counts["no certificate, or another algorithm"] += 1
        elif not payload or not isinstance(payload, str) or header.get("b64") is False:
            counts[WITHOUT_PAYLOAD] += 1
        else:
            key = leaf_key(chain[0])
            good = key.verify(b64decode_url(signature), f"{head}.{payload}".encode(), header["alg"])
            counts[good] += 1
            if not good:
                bad.append(name)

    print(counts)
    assert bad == ["altered-jws.json", "jades-with-double-sigt.json"]  # both edited by hand
    assert counts[True] == 47
    assert counts.total() == 62
