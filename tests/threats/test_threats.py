"""The threat table (spec/threats.md), row by row: each attack is made and judged end to end.

One test a row that concerns signatures, identity, time or policy, named by the row's number.
Rows that others hold are named in the table itself.
"""

import json
import re
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID
from provenance.model.errors import PolicyError, RefusedError
from provenance.reports.as_json import report
from provenance.reports.as_text import render
from provenance.wire import schemas

from support import speed
from threats.world import (
    ACCEPTED_TSA,
    ANCHORS,
    BY_LABEL,
    CHART,
    COMPANY,
    DPID,
    IAT,
    LABEL,
    NEXT,
    OTHER_LEVELS,
    PARTIES,
    ROOT,
    ROOT_FILES,
    SHOP,
    STRANGER,
    TSA,
    TSA_FILES,
    I,
    S,
    V,
    asker,
    by_certificate,
    certifying_asker,
    codes,
    declared,
    file,
    raw,
    stamped,
    status,
    with_stamp,
)  # fmt: skip

ROOT_FOLDER = Path(__file__).resolve().parents[2]
TABLE = ROOT_FOLDER / "spec" / "threats.md"
SHOP_ASKS = asker()

TRUSTED = {"more": ACCEPTED_TSA, "files": TSA_FILES}


def passes(verdict):
    return status(verdict) == "PASSED"


def test_without_an_attack_the_declaration_passes():
    verdict = SHOP_ASKS.judge(file(BY_LABEL))

    assert passes(verdict), codes(verdict)
    assert {"identity.party", "authority.granted", "binding.exact"} <= codes(verdict)


def test_row_01_a_lie_is_signed_and_nobody_is_told_that_it_is_true():
    verdict = SHOP_ASKS.judge(file(BY_LABEL))
    found = report("song.wav", verdict, SHOP_ASKS.context())

    assert "truth.not-assessed" in codes(verdict)
    assert any("does not show that the declaration is true" in text for text in found["notSaid"])
    assert "whether the declaration is true" in render(
        "song.wav", report("song.wav", verdict, SHOP_ASKS.context())
    )


def test_row_02_a_stripped_file_is_absent_and_nothing_else():
    verdict = SHOP_ASKS.judge(V.wav(S.PCM, []))

    assert status(verdict) == "ABSENT"
    assert "That does not mean that no AI was used" in render(
        "x", report("x", verdict, SHOP_ASKS.context())
    )


def test_row_03_moved_to_another_recording_it_fails():
    verdict = SHOP_ASKS.judge(file(BY_LABEL, pcm=V.le16(S.SECOND)))

    assert status(verdict) == "FAILED"
    assert "binding.mismatch" in codes(verdict)


def test_row_04_an_older_statement_that_is_put_back():
    newer = S.later(BY_LABEL, LABEL)
    elsewhere = V.token(V.manifest(S.SECOND, sequence=2, supersedes=V.sid(BY_LABEL)), LABEL)

    both = SHOP_ASKS.judge(file(BY_LABEL, newer))
    seen = SHOP_ASKS.judge(file(BY_LABEL), elsewhere)
    alone = SHOP_ASKS.judge(file(BY_LABEL))

    assert passes(both)
    assert "currency.superseded" in codes(both)
    assert both.subject.selected.token.sid == V.sid(newer)
    assert status(seen) == "INDETERMINATE"
    assert "currency.rollback" in codes(seen)
    assert "currency.not-checked" in codes(alone)


def test_row_05_a_distributor_can_neither_edit_nor_replace_only_endorse_or_dispute():
    head, _, signature = BY_LABEL.split(b".")
    softer = V.compact(V.manifest(S.SONG, contributions=OTHER_LEVELS))
    edited = b".".join((head, V.b64(softer).encode(), signature))
    own = declared(SHOP, contributions=OTHER_LEVELS)

    assert status(SHOP_ASKS.judge(file(edited))) == "FAILED"
    assert "signature.invalid" in codes(SHOP_ASKS.judge(file(edited)))
    for grants, code in (
        (SHOP_ASKS.plain["grants"], "authority.not-granted"),
        ([*SHOP_ASKS.plain["grants"], S.grant("shop", "declare", "QZ*")], "authority.conflict"),
    ):
        replaced = SHOP_ASKS.with_(grants=grants).judge(file(own))
        assert status(replaced) == "INDETERMINATE"
        assert code in codes(replaced)
    endorsed = SHOP_ASKS.judge(file(BY_LABEL, S.endorse(BY_LABEL, LABEL, SHOP)))
    assert passes(endorsed)
    assert "endorsement.valid" in codes(endorsed)
    disputed = SHOP_ASKS.judge(file(BY_LABEL, S.endorse(BY_LABEL, LABEL, SHOP, "disputes")))
    assert status(disputed) == "INDETERMINATE"
    assert "endorsement.dispute" in codes(disputed)


def test_row_06_a_label_s_name_and_number_in_another_s_statement():
    claim = {"role": "label", "name": "Vector Label", "ids": {"dpid": DPID}}
    stranger = SHOP_ASKS.judge(file(declared(STRANGER, declarant=claim)))
    shop = SHOP_ASKS.judge(file(declared(SHOP, declarant=claim)))
    text = render("song.wav", report("song.wav", stranger, SHOP_ASKS.context()))

    assert status(stranger) == "INDETERMINATE"
    assert {"identity.unknown", "content.suspicious-text"} <= codes(stranger)
    assert 'calls itself "Vector Label"' in text
    assert status(shop) == "FAILED"
    assert "identity.mismatch" in codes(shop)

    alike = I.name("Vector Label", organization="Vector Label", organizationIdentifier="NTRFR-9")
    leaf = ROOT.leaf(alike, STRANGER)
    namesake = certifying_asker().judge(file(by_certificate(STRANGER, leaf, declarant=claim)))
    assert not passes(namesake)
    assert "identity.party" not in codes(namesake)
    assert {"identity.certified", "content.suspicious-text"} <= codes(namesake)
    shown = report("song.wav", namesake, certifying_asker().context())["signer"]["certificate"]
    assert shown["subject"]["organizationIdentifier"] == "NTRFR-9"
    assert shown["issuer"] == "Example Seal CA"


def test_row_07_a_recording_that_is_not_theirs_to_speak_for():
    foreign = declared(LABEL, subject={**V.manifest(S.SONG)["subject"], "isrc": "USABC2600001"})
    reserved = asker(
        grants=[*S.MAY_ENDORSE, S.MAY_DECLARE, S.grant("chart", "declare", "QZZZZ2600*")]
    )

    verdict = SHOP_ASKS.judge(file(foreign))
    assert status(verdict) == "INDETERMINATE"
    assert "authority.not-granted" in codes(verdict)
    verdict = reserved.judge(file(BY_LABEL))
    assert status(verdict) == "INDETERMINATE"
    assert "authority.conflict" in codes(verdict)


@pytest.mark.parametrize(
    "junk",
    [
        b"junk",
        b"ey.ey.ey",
        b"{}",
        S.damaged(declared(STRANGER, contributions=OTHER_LEVELS)),
        declared(STRANGER, header={"crit": ["x"]}, contributions=OTHER_LEVELS),
        raw(b"{}", STRANGER),
        S.endorse(BY_LABEL, STRANGER, STRANGER, "disputes"),
        S.withdraw(BY_LABEL, LABEL, STRANGER),
    ],
    ids=["text", "dots", "object", "damaged", "crit", "payload", "dispute", "withdrawal"],
)
def test_row_08_junk_and_strangers_words_beside_a_good_statement(junk):
    for tags in (V.tagged(BY_LABEL, junk), V.tagged(junk, BY_LABEL)):
        verdict = SHOP_ASKS.judge(V.wav(S.PCM, tags))

        assert passes(verdict), codes(verdict)


def test_row_09_two_intact_rivals_are_a_conflict_whichever_a_program_would_read():
    rival = declared(STRANGER, contributions=OTHER_LEVELS)

    for tags in (V.tagged(BY_LABEL, rival), V.tagged(rival, BY_LABEL)):
        verdict = SHOP_ASKS.judge(V.wav(S.PCM, tags))

        assert status(verdict) == "INDETERMINATE"
        assert "carrier.conflict" in codes(verdict)


GOOD_PAYLOAD = V.compact(V.manifest(S.SONG))
PAYLOADS = {
    "duplicate": GOOD_PAYLOAD.replace(b'"sequence":1', b'"sequence":1,"sequence":1'),
    "nested duplicate": GOOD_PAYLOAD.replace(b'"title":', b'"title":"x","title":'),
    "NaN": GOOD_PAYLOAD.replace(b'"sequence":1', b'"sequence":NaN'),
    "fraction": GOOD_PAYLOAD.replace(b'"sequence":1', b'"sequence":1.0'),
    "large number": GOOD_PAYLOAD.replace(b'"sequence":1', b'"sequence":9007199254740993'),
    "byte order mark": b"\xef\xbb\xbf" + GOOD_PAYLOAD,
    "UTF-16": GOOD_PAYLOAD.decode().encode("utf-16"),
    "lone surrogate": GOOD_PAYLOAD.replace(b"Vector Song", b"\\ud800"),
    "depth": GOOD_PAYLOAD[:-1] + b',"extensions":{"org.example.a":' + b"[" * 5000 + b"]" * 5000 + b"}}",
}  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_row_10_json_that_two_programs_read_in_two_ways(payload):
    verdict = SHOP_ASKS.judge(file(raw(payload, LABEL)))

    assert status(verdict) == "FAILED"
    assert "content.json-invalid" in codes(verdict)


def test_row_10_the_policy_and_the_header_are_read_as_strictly():
    plain = json.dumps(SHOP_ASKS.plain)
    twice = plain.replace('"version": 1', '"version": 1, "version": 1')
    head = V.compact(V.header(LABEL)).replace(b'"alg":"ES256"', b'"alg":"none","alg":"ES256"')
    signing_input = V.b64(head).encode() + b"." + V.b64(GOOD_PAYLOAD).encode()
    token = signing_input + b"." + V.b64(LABEL.sign(signing_input)).encode()

    from provenance.trust.loading import load

    assert twice != plain
    with pytest.raises(PolicyError):
        load(twice.encode(), {}.__getitem__)
    verdict = SHOP_ASKS.judge(file(token))
    assert status(verdict) == "FAILED"
    assert "jws.header.duplicate" in codes(verdict)


@pytest.mark.requirement("DIR-051")
@pytest.mark.parametrize(
    "name",
    [
        "Vector Label",
        "V\u0435ctor Label",  # Cyrillic e
        "\u0405h\u043er",  # no party's look; mixed all the same
        "Vector Labe1",
        "Vector\u200b Label",
        "\uff36\uff45\uff43\uff54\uff4f\uff52 Label",
    ],
)
def test_row_11_a_name_that_looks_like_another_is_remarked_on_and_believed_by_nobody(name):
    verdict = SHOP_ASKS.judge(file(declared(STRANGER, declarant={"role": "label", "name": name})))

    assert status(verdict) == "INDETERMINATE"
    assert {"content.suspicious-text", "identity.unknown"} <= codes(verdict)
    assert verdict.subject.selected.signer.name is None


def test_row_11_what_turns_the_reading_direction_is_refused():
    name = "\u202elebaL rotceV"

    verdict = SHOP_ASKS.judge(file(declared(LABEL, declarant={"role": "label", "name": name})))

    assert status(verdict) == "FAILED"
    assert "content.json-invalid" in codes(verdict)


@pytest.mark.parametrize(
    "alg", ["none", "nOnE", "HS256", "ES384", "Ed25519", "RS256", "ES256K", ""]
)
def test_row_12_no_algorithm_another_one_or_the_public_key_as_a_secret(alg):
    import hashlib
    import hmac

    head = V.b64(V.compact(V.header(LABEL, alg=alg))).encode()
    signing_input = head + b"." + V.b64(GOOD_PAYLOAD).encode()
    secret = V.compact(LABEL.jwk)
    by_secret = V.b64(hmac.new(secret, signing_input, hashlib.sha256).digest()).encode()

    for signature in (by_secret, V.b64(LABEL.sign(signing_input)).encode(), b"AA"):
        verdict = SHOP_ASKS.judge(file(signing_input + b"." + signature))

        assert status(verdict) == "FAILED"
        assert codes(verdict) & {"alg.forbidden", "alg.key-mismatch"}


def test_row_13_a_key_in_the_header_proves_nothing_about_whose_it_is():
    honest = declared(STRANGER)
    kid = V.header(LABEL)["kid"]
    lying = declared(STRANGER, header={"kid": kid})
    swapped = declared(STRANGER, header={"jwk": LABEL.jwk, "kid": kid})

    verdict = SHOP_ASKS.judge(file(honest))
    assert status(verdict) == "INDETERMINATE"
    assert "identity.unknown" in codes(verdict)
    assert "jws.key.mismatch" in codes(SHOP_ASKS.judge(file(lying)))
    assert "signature.invalid" in codes(SHOP_ASKS.judge(file(swapped)))
    assert not passes(SHOP_ASKS.judge(file(lying)))
    assert not passes(SHOP_ASKS.judge(file(swapped)))


@pytest.fixture
def no_network(monkeypatch):
    """Fail, and note it, when anything asks the network or a name of it."""
    asked = []

    def ask(*arguments, **more):
        asked.append(arguments)
        raise OSError("the network was asked")

    for name in ("getaddrinfo", "create_connection", "gethostbyname"):
        monkeypatch.setattr(socket, name, ask)
    monkeypatch.setattr(socket.socket, "connect", ask)
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", ask)
    return asked


@pytest.mark.parametrize("member", ["jku", "x5u"])
def test_row_14_addresses_of_keys_in_the_header_are_refused(member, no_network):
    token = declared(LABEL, header={member: "https://127.0.0.1:1/keys.json"})

    verdict = SHOP_ASKS.judge(file(token))

    assert status(verdict) == "FAILED"
    assert "jws.header.forbidden" in codes(verdict)
    assert no_network == []


def test_row_14_addresses_in_certificates_are_never_followed(no_network):
    address = x509.UniformResourceIdentifier("http://127.0.0.1:1/x")
    access = x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(method, address)
            for method in (
                AuthorityInformationAccessOID.CA_ISSUERS,
                AuthorityInformationAccessOID.OCSP,
            )
        ]
    )
    point = x509.DistributionPoint([address], None, None, None)
    more = [(access, False), (x509.CRLDistributionPoints([point]), False)]
    leaf = ROOT.leaf(
        COMPANY, LABEL, extensions=(I.NO_CA, I.SEAL_USAGE, I.eku(I.DOCUMENT_SIGNING), *more)
    )

    verdict = certifying_asker().judge(file(by_certificate(LABEL, leaf)))

    assert passes(verdict), codes(verdict)
    assert "identity.revocation-unknown" in codes(verdict)
    assert no_network == []


def test_row_15_a_second_signature_value_is_the_same_statement_and_a_second_spelling_none():
    head, payload, signature = BY_LABEL.split(b".")
    value = V.urlsafe_b64encode  # the value's other form: r, and the order less s
    plain = _decoded(signature)
    s = V.ORDER - int.from_bytes(plain[32:], "big")
    twin = b".".join((head, payload, value(plain[:32] + s.to_bytes(32, "big")).rstrip(b"=")))
    padded = BY_LABEL + b"="
    endorsed = S.endorse(BY_LABEL, LABEL, SHOP)

    assert twin != BY_LABEL
    verdict = SHOP_ASKS.judge(file(BY_LABEL, twin, endorsed))
    assert passes(verdict)
    assert "carrier.conflict" not in codes(verdict)
    assert "endorsement.valid" in codes(SHOP_ASKS.judge(file(twin, endorsed)))
    verdict = SHOP_ASKS.judge(V.wav(S.PCM, V.tagged(padded)))
    assert status(verdict) == "FAILED"
    assert "jws.malformed" in codes(verdict)


def _decoded(text):
    from base64 import urlsafe_b64decode

    return urlsafe_b64decode(text + b"=" * (-len(text) % 4))


def _patterns(value):
    if isinstance(value, dict):
        for name, item in value.items():
            if name == "pattern" and isinstance(item, str):
                yield item
            yield from _patterns(item)
    elif isinstance(value, list):
        for item in value:
            yield from _patterns(item)


PATTERNS = sorted(
    {
        pattern
        for path in (ROOT_FOLDER / "schemas" / "1.0").glob("*.json")
        for pattern in _patterns(json.loads(path.read_text(encoding="utf-8")))
    }
)


def test_row_18_no_pattern_of_a_schema_takes_long_whatever_the_text():
    texts = [c * 60_000 + end for c in "aA0-_. *" for end in ("", "!", "\n", "-")]
    texts += [c * 30_000 + "!" for c in ("0.", "a-", "A0", "a.", "-_", " a")]

    assert len(PATTERNS) > 10
    with speed.under(5):
        for pattern in PATTERNS:
            for text in texts:
                re.search(pattern, text)


def test_row_19_a_context_is_never_loaded(no_network):
    for context in ("http://127.0.0.1:1/c.jsonld", "file:///etc/passwd", {"@import": "file:///x"}):
        verdict = SHOP_ASKS.judge(file(declared(LABEL, **{"@context": context})))

        assert "content.member-unknown" in codes(verdict)
    assert no_network == []
    assert "rdflib" not in _loaded_by_verifying()


def _loaded_by_verifying():
    code = (
        "import sys; sys.path[:0] = ['tests']; from threats.world import *; "
        "assert status(asker().judge(file(BY_LABEL))) == 'PASSED'; print(*sorted(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT_FOLDER, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_row_20_a_schema_refers_to_shipped_schemas_and_nowhere_else(no_network):
    from referencing.exceptions import NoSuchResource, Unresolvable

    for address in (
        "https://musicprov.org/schemas/1.0/unknown.schema.json",
        "https://musicprov.org/schemas/1.0/../registries/codes.json",
        "https://evil.example/1.0/manifest.schema.json",
        "file:///etc/passwd",
    ):
        with pytest.raises((NoSuchResource, Unresolvable)):
            schemas._shipped(address)
    for path in (ROOT_FOLDER / "schemas" / "1.0").glob("*.json"):
        list(schemas.check({"policy": {}, "keys": [{}]}, path.name.removesuffix(".schema.json")))
    assert no_network == []


def test_row_21_verifying_reads_no_xml():
    assert not [name for name in _loaded_by_verifying() if name.split(".")[0] in {"xml", "lxml"}]


ESCAPES = "\x1b[2J\x07\nPASSED  song.wav\u202e"


def test_row_22_names_that_play_with_a_terminal_are_shown_as_escapes():
    nasty = I.name("x", organization=f"Evil{ESCAPES}", organizationIdentifier=f"N{ESCAPES}")
    leaf = ROOT.leaf(nasty, STRANGER)
    other = ROOT.leaf(COMPANY, STRANGER)
    asking = certifying_asker(identity="certified", authority="any")
    for data in (
        file(by_certificate(STRANGER, leaf)),
        file(by_certificate(STRANGER, other, declarant={"role": "label", "name": "=cmd()"})),
    ):
        verdict = asking.judge(data)
        text = render(
            "\x1b]0;song.wav", report("\x1b]0;song.wav", verdict, asking.context()), verbose=True
        )

        assert "identity.certified" in codes(verdict)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
        assert "\nPASSED" not in text.replace(text.split("\n")[0], "", 1)


def test_row_22_and_in_a_policy_or_a_directory_they_are_refused():
    parties = [{**PARTIES[0], "name": f"Label{ESCAPES}"}]

    with pytest.raises(PolicyError):
        asker(parties, [S.MAY_DECLARE]).policy()
    from provenance.workspace.snapshots import accepted_content

    body = {"keys": [], "musicprov": {"party": f"x{ESCAPES}", "updated": "2026-11-01T00:00:00Z"}}
    with pytest.raises(RefusedError):
        accepted_content("label.example", json.dumps(body).encode())


SUB_KEY = V.Key("musicprov threats: intermediate")
SUB_KEY.curve = "P-256"
PERMITTED = x509.NameConstraints([x509.DirectoryName(I.name("Other"))], None)
SUB = I.Issuer(I.name("Sub CA"), SUB_KEY, ROOT)
NARROW = I.Issuer(
    I.name("Narrow CA"), SUB_KEY, ROOT, extensions=(I.IS_CA, I.CA_USAGE, (PERMITTED, True))
)
SERVERS = I.Issuer(
    I.name("Server CA"), SUB_KEY, ROOT, extensions=(I.IS_CA, I.CA_USAGE, I.eku(I.SERVER))
)
BASIC = (I.NO_CA, I.SIGN_USAGE, I.eku(I.DOCUMENT_SIGNING))
PLAIN_LEAF = ROOT.leaf(COMPANY, LABEL)
FORGED = I.Issuer(I.name("Vector Label"), LABEL, ROOT, extensions=(I.NO_CA, I.SIGN_USAGE))
CHAINS = {
    "an authority as the leaf": (
        [ROOT.leaf(COMPANY, LABEL, extensions=(I.IS_CA, I.CA_USAGE))],
        "identity.chain-invalid",
    ),
    "a leaf as an authority": (
        [FORGED.leaf(COMPANY, LABEL), FORGED.certificate],
        "identity.chain-invalid",
    ),
    "another purpose": (
        [ROOT.leaf(COMPANY, LABEL, extensions=(I.NO_CA, I.SIGN_USAGE, I.eku(I.SERVER)))],
        "identity.eku",
    ),
    "an authority for another purpose": (
        [SERVERS.leaf(COMPANY, LABEL), SERVERS.certificate],
        "identity.eku",
    ),
    "expired": (
        [ROOT.leaf(COMPANY, LABEL, dates=("2025-01-01", "2026-06-01"))],
        "identity.expired-no-poe",
    ),
    "an unknown critical extension": (
        [ROOT.leaf(COMPANY, LABEL, extensions=(*BASIC, I.UNKNOWN))],
        "identity.chain-invalid",
    ),
    "a name that the authority may not give": (
        [NARROW.leaf(COMPANY, LABEL), NARROW.certificate],
        "identity.chain-invalid",
    ),
    "nobody's authority": (
        [I.Issuer(I.name("Example Seal CA"), STRANGER).leaf(COMPANY, LABEL)],
        "identity.chain-invalid",
    ),
}


@pytest.mark.parametrize(("chain", "code"), CHAINS.values(), ids=CHAINS)
def test_row_23_tricks_with_certificates(chain, code):
    asking = certifying_asker()

    assert passes(asking.judge(file(by_certificate(LABEL, PLAIN_LEAF))))
    assert passes(
        asking.judge(file(by_certificate(LABEL, SUB.leaf(COMPANY, LABEL), SUB.certificate)))
    )
    verdict = asking.judge(file(by_certificate(LABEL, *chain)))
    assert status(verdict) == "INDETERMINATE"
    assert code in codes(verdict)


REVOKED = {
    "key": LABEL.thumbprint,
    "revoked": {
        "at": "2026-12-01T00:00:00Z",
        "reason": "keyCompromise",
        "invalidFrom": "2026-11-20T00:00:00Z",
    },
}


def test_row_24_a_stolen_key_cannot_date_back_and_what_is_proven_older_stands():
    parties = [S.party("label", REVOKED, NEXT), *PARTIES[1:]]
    asking = asker(parties, **TRUSTED)
    day = 86_400
    back_dated = declared(
        LABEL,
        header={"iat": IAT - 30 * day},
        issued="2026-10-24T00:00:00Z",
        contributions=OTHER_LEVELS,
    )
    honest = declared(LABEL, header={"iat": IAT - 30 * day}, issued="2026-10-24T00:00:00Z")

    for data in (
        file(back_dated),
        stamped(back_dated, "2026-12-10T00:00:00Z"),
        stamped(back_dated, "2026-11-25T00:00:00Z"),
    ):
        verdict = asking.judge(data)
        assert status(verdict) == "FAILED"
        assert "identity.revoked" in codes(verdict)
    stands = asking.judge(stamped(honest, "2026-10-24T00:01:00Z"))
    assert passes(stands), codes(stands)
    assert passes(asking.judge(file(declared(NEXT))))


def test_row_24_a_stolen_key_of_a_domain_or_a_certificate_is_no_better():
    revoked = {
        "revoked_at": 1_796_083_200,
        "reason": "keyCompromise",
        "invalid_from": 1_763_000_000,
    }
    directory = {"keys": [{**LABEL.jwk, "kid": LABEL.thumbprint, "revoked": revoked}]}
    snapshot = {
        "snapshot": "musicprov-directory-snapshot/1",
        "domain": "label.example",
        "fetchedAt": "2026-12-02T00:00:00Z",
        "digest": V.digest(V.compact(directory)),
        "directory": directory,
    }
    parties = [{"id": "label", "name": "Vector Label", "directories": ["label.json"]}]
    by_domain = asker(
        parties,
        [S.MAY_DECLARE],
        files={"label.json": json.dumps(snapshot).encode()},
        identity="domain",
    )
    leaf = ROOT.leaf(COMPANY, LABEL)
    reason = {"reason": "keyCompromise", "invalidity": "2026-01-15"}
    crl = ROOT.crl({leaf.serial_number: ("2026-12-01", reason)})
    anchors = [{**ANCHORS["anchors"][0], "crls": ["root.crl"]}]
    asking = certifying_asker()
    by_list = asker(
        asking.plain["parties"],
        files={**ROOT_FILES, "root.crl": crl},
        more={"anchors": anchors},
    )

    for verdict in (
        by_domain.judge(file(BY_LABEL)),
        by_list.judge(file(by_certificate(LABEL, leaf))),
    ):
        assert status(verdict) == "FAILED"
        assert "identity.revoked" in codes(verdict)


def test_row_27_an_authority_that_is_not_accepted_or_whose_clock_is_wrong_proves_nothing():
    asking = asker(time="trusted", **TRUSTED)
    pinned = {**ACCEPTED_TSA["tsa"][0], "policyOids": ["1.2.3.4.99"]}
    narrow = asker(time="trusted", files=TSA_FILES, more={"tsa": [pinned]})
    stranger = type(TSA)(root=type(TSA.root)(name="Another Root"))
    good = "2026-11-23T00:01:00Z"

    assert passes(asking.judge(stamped(BY_LABEL, good)))
    for verdict in (
        asking.judge(stamped(BY_LABEL, good, stranger)),
        narrow.judge(stamped(BY_LABEL, good)),
        asking.judge(stamped(BY_LABEL, good, ess="none")),
    ):
        assert status(verdict) == "INDETERMINATE"
        assert "time.token-ignored" in codes(verdict)
        assert "time.trusted" not in codes(verdict)
    early = asking.judge(stamped(BY_LABEL, "2026-11-01T00:00:00Z"))
    assert status(early) == "INDETERMINATE"
    assert "time.order" in codes(early)


def test_row_28_a_policy_that_is_older_expired_or_misspelt_lets_nothing_pass():
    older = asker(seen=2).judge(file(BY_LABEL))
    expired = asker(more={"expires": "2026-12-31T00:00:00Z"}).judge(file(BY_LABEL))

    assert status(older) == "INDETERMINATE"
    assert "policy.rollback" in codes(older)
    assert status(expired) == "INDETERMINATE"
    assert "policy.expired" in codes(expired)
    for member in (
        {"expire": "2026-12-31T00:00:00Z"},
        {"parties": [{**PARTIES[0], "revoked": True}]},
        {"grants": [{**S.MAY_DECLARE, "util": "2026-12-31"}]},
        {"require": {**SHOP_ASKS.plain["require"], "tiem": "trusted"}},
        {"parties": [PARTIES[0], S.party("shop", LABEL)]},
    ):
        with pytest.raises(PolicyError):
            SHOP_ASKS.with_(**member).policy()


def test_row_29_an_endorsement_or_a_time_stamp_of_another_statement_says_nothing_here():
    other = declared(LABEL, contributions=OTHER_LEVELS)
    moved = S.endorse(other, LABEL, SHOP)
    half = S.endorse(other, LABEL, SHOP, of={**S.reference(other, LABEL), "sid": V.sid(BY_LABEL)})
    asking = asker(endorsement="valid", **TRUSTED)

    assert passes(asking.judge(file(BY_LABEL, S.endorse(BY_LABEL, LABEL, CHART))))
    for one in (moved, half):
        verdict = asking.judge(file(BY_LABEL, one))
        assert status(verdict) == "INDETERMINATE"
        assert "endorsement.orphan" in codes(verdict)
        assert "endorsement.valid" not in codes(verdict)

    trusting = asker(time="trusted", **TRUSTED)
    val = TSA.token(other.split(b".")[2], I.at("2026-11-23T00:01:00"))
    verdict = trusting.judge(with_stamp(*(part.decode() for part in BY_LABEL.split(b".")), val))
    assert status(verdict) == "INDETERMINATE"
    assert "time.token-ignored" in codes(verdict)


# ---- the table itself ------------------------------------------------------------------------

ROW = re.compile(r"\| (\d+) \| (.+) \| (.+) \| (.*) \| (.+) \|")
ROWS = {
    int(m[1]): m for m in map(ROW.fullmatch, TABLE.read_text(encoding="utf-8").split("\n")) if m
}
MINE = [*range(3, 16), *range(18, 25), *range(27, 30)]


def test_every_row_of_the_table_is_there_once():
    assert list(ROWS) == list(range(1, 42))


@pytest.mark.parametrize("number", ROWS)
def test_a_row_names_a_test_that_exists_or_is_for_later(number):
    held = ROWS[number][5]
    named = re.findall(r"`([\w/.]+\.py)::(\w+)`", held)

    assert bool(named) != (held == "later")
    for path, test in named:
        text = (ROOT_FOLDER / path).read_text(encoding="utf-8")
        assert re.search(rf"^def {test}\(", text, flags=re.MULTILINE), test


def test_the_rows_of_signatures_identity_time_and_policy_have_tests_here_by_their_number():
    here = Path(__file__).read_text(encoding="utf-8")
    tests = re.findall(r"^def (test_row_(\d\d)_\w+)\(", here, flags=re.MULTILINE)

    assert set(MINE) <= {int(number) for _, number in tests}
    for name, number in tests:
        assert f"`tests/threats/test_threats.py::{name}`" in ROWS[int(number)][5]
