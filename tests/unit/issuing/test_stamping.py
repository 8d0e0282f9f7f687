"""Time-stamps on statements: asked for, checked, attached (spec 16.4)."""

import hashlib
import importlib.util
import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import tsp
from provenance.issuing.stamping import added, has_stamp, stamped
from provenance.model.errors import NetworkError, RefusedError
from provenance.signing import bundle, etsi
from provenance.trust.policy import Tsa
from provenance.trust.timestamp_requests import query_for
from provenance.trust.timestamps import check

from support.tsa import Authority, OpensslTsa, PythonTsa, day, refusal, sid_text

VECTORS = Path(__file__).resolve().parents[2] / "vectors"


def _builder():
    spec = importlib.util.spec_from_file_location("verify_build", VECTORS / "verify" / "build.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["verify_build"] = module
    spec.loader.exec_module(module)
    return module


V = _builder()
TOKEN, OTHER = V.GOOD.decode(), V.token(V.manifest(), V.OTHER).decode()
SIGNED = day("2026-11-23")
TSA = PythonTsa()
KNOWN = Tsa("one", "First", (TSA.root.der,))


def asking(at=SIGNED, tsa=TSA, **more):
    return lambda query: tsa.reply(query, at, **more)


def stamps(statement):
    return bundle.etsi_u_of(statement)


@pytest.mark.requirement("TIM-031")
@pytest.mark.requirement("TIM-033")
def test_a_stamp_is_attached_and_nothing_else_changes():
    made = stamped(TOKEN, asking(), [KNOWN])

    assert bundle.compact_of(made.statement) == TOKEN
    assert set(made.statement) == {"payload", "protected", "signature", "header"}
    proofs, _ = check(stamps(made.statement), sid_text(TOKEN), [KNOWN])
    assert [p.at for p in proofs] == [SIGNED] == [made.at]
    assert made.by == "CN=Vector TSA"


@pytest.mark.requirement("TIM-005")
@pytest.mark.requirement("TIM-033")
def test_a_further_stamp_stands_behind_the_others_in_their_form():
    others = {
        "clear": [{"xVals": []}],
        "text": ["e30"],
    }
    for form, items in others.items():
        before = {**bundle.flattened_of(TOKEN), "header": {"etsiU": items}}

        made = stamped(before, asking(), [])

        assert stamps(made.statement)[:1] == items
        assert isinstance(stamps(made.statement)[1], dict if form == "clear" else str)
        assert check(stamps(made.statement), sid_text(TOKEN), [KNOWN])[0]


@pytest.mark.requirement("TIM-030")
def test_the_request_asks_for_a_digest_a_nonce_and_the_certificate():
    queries = [tsp.TimeStampReq.load(query_for(sid_text(TOKEN)).der) for _ in range(2)]

    for query in queries:
        imprint = query["message_imprint"]
        assert imprint["hash_algorithm"]["algorithm"].native == "sha256"
        assert imprint["hashed_message"].native == hashlib.sha256(sid_text(TOKEN)).digest()
        assert query["cert_req"].native is True
        assert query["nonce"].native > 2**32
    assert queries[0]["nonce"].native != queries[1]["nonce"].native


NONSENSE = {
    "nothing": (lambda _: b"", "no time-stamp"),
    "text": (lambda _: b"<html>", "no time-stamp"),
    "a refusal": (lambda _: refusal(), "refused"),
    "a refusal with a number of thousands of digits": (
        lambda _: bytes.fromhex("3082100a3082100402821000") + b"\x7f" * 4096 + b"\x05\x00",
        "refused",
    ),
    "a bare token": (lambda _: TSA.token(sid_text(TOKEN), SIGNED), "no time-stamp"),
    "another nonce": (asking(nonce=5), "another request"),
    "no nonce": (asking(nonce=None), "another request"),
    "of something else": (asking(imprint=hashlib.sha256(b"x").digest()), "something else"),
    "of another digest": (
        asking(digest="sha512", imprint=hashlib.sha512(b"x").digest()),
        "something else",
    ),
    "SHA-1": (asking(digest="sha1", imprint=hashlib.sha1(sid_text(TOKEN)).digest()), "digest"),
    "no certificate": (asking(certificates=()), "who issued it"),
    "another certificate named": (asking(named=b"x"), "who issued it"),
    "a certificate for anything": (asking(tsa=PythonTsa(purposes=None)), "who issued it"),
    "before it was signed": (asking(SIGNED - timedelta(minutes=5, seconds=1)), "later than that"),
}


@pytest.mark.requirement("TIM-031")
@pytest.mark.requirement("TIM-036")
@pytest.mark.parametrize(("ask", "says"), NONSENSE.values(), ids=NONSENSE)
def test_an_answer_that_cannot_be_used_is_not_attached(ask, says):
    with pytest.raises(NetworkError, match=says):
        stamped(TOKEN, ask, [])


@pytest.mark.requirement("TIM-036")
def test_five_minutes_of_the_clock_are_forgiven():
    assert stamped(TOKEN, asking(SIGNED - timedelta(minutes=5)), []).at < SIGNED


@pytest.mark.requirement("TIM-031")
def test_where_the_policy_lists_authorities_it_must_be_one_of_them():
    stranger = PythonTsa(Authority("Nobody's Root"), name="Nobody")

    assert stamped(TOKEN, asking(tsa=stranger), []).by == "CN=Nobody"
    with pytest.raises(NetworkError, match="no authority of your trust policy"):
        stamped(TOKEN, asking(tsa=stranger), [KNOWN])


@pytest.mark.requirement("TIM-031")
@pytest.mark.parametrize("known", [[], [KNOWN]], ids=["no policy", "a policy"])
def test_a_token_that_was_changed_on_its_way_is_seen(known):
    """The authority's signature ends the answer; the time stands before it."""

    def signature_changed(query):
        answer = TSA.reply(query, SIGNED)
        return answer[:-1] + bytes([answer[-1] ^ 1])

    def time_changed(query):
        return TSA.reply(query, SIGNED).replace(b"20261123000000Z", b"20261123000100Z")

    for changed in (signature_changed, time_changed):
        with pytest.raises(NetworkError):
            stamped(TOKEN, changed, known)


@pytest.mark.requirement("TIM-032")
def test_eight_unsigned_items_are_enough():
    def having(count):
        return {**bundle.flattened_of(TOKEN), "header": {"etsiU": [{"xVals": []}] * count}}

    assert len(stamps(stamped(having(7), asking(), []).statement)) == 8
    with pytest.raises(RefusedError) as refused:
        stamped(having(8), asking(), [])
    assert refused.value.rule == "time.full"


@pytest.mark.requirement("TIM-033")
def test_the_answer_of_openssl_is_attached_and_verifies(tmp_path):
    authority = OpensslTsa(tmp_path)
    known = Tsa("openssl", "openssl ts", (authority.root,))

    made = stamped(TOKEN, authority.reply, [known])

    ((proof,), _) = check(stamps(made.statement), sid_text(TOKEN), [known])
    assert (proof.by, proof.at) == ("openssl", made.at)
    assert made.by == "CN=Openssl TSA"


# ---- several statements ------------------------------------------------------------------------


def broken():
    head, payload, signature = TOKEN.split(".")
    return ".".join((head, payload, ("A" if signature[0] != "A" else "B") + signature[1:]))


def stamp(statement):
    return stamped(statement, asking(), [])


@pytest.mark.requirement("TIM-033")
def test_only_whole_statements_without_a_stamp_get_one():
    had = stamp(OTHER).statement

    result = added([TOKEN, had, broken()], stamp)

    assert [bundle.compact_of(s) for s in result.statements] == [TOKEN, OTHER, broken()]
    assert [len(stamps(s)) for s in result.statements] == [1, 1, 0]
    assert (len(result.new), result.had) == (1, 1)
    assert result.statements[1] == had


def test_asked_again_all_get_one_more():
    had = stamp(OTHER).statement

    result = added([TOKEN, had], stamp, again=True)

    assert [len(stamps(s)) for s in result.statements] == [1, 2]


def test_a_stamp_of_another_statement_is_not_taken_for_one():
    foreign = etsi.with_stamp(TOKEN, TSA.token(sid_text(OTHER), SIGNED))
    broken_one = {**bundle.flattened_of(TOKEN), "header": {"etsiU": [{"sigTst": 5}]}}
    unnamed = etsi.with_stamp(TOKEN, TSA.token(sid_text(TOKEN), SIGNED, certificates=()))

    assert not has_stamp(TOKEN)
    assert not has_stamp(foreign)
    assert not has_stamp(broken_one)
    assert has_stamp(unnamed)
    assert has_stamp(stamp(TOKEN).statement)


def test_nothing_is_written_half_when_the_authority_fails_in_between():
    asked = []

    def failing(statement):
        asked.append(statement)
        if len(asked) == 2:
            raise NetworkError("gone")
        return stamp(statement)

    with pytest.raises(NetworkError):
        added([TOKEN, OTHER], failing)


def test_what_is_attached_is_plain_json():
    json.dumps(stamp(TOKEN).statement)
