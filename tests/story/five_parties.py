"""The story of five parties, told by the package itself with the clock in our hands.

An artist, a distributor, a label, a thief and a chart. Keys come from labels and everything is
signed deterministically, so the reports are the same each time; ``spec/guides/five-parties.md``
shows them.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from provenance.issuing import beside, carrying, cosigning, preparing, sign, stamping
from provenance.model.parties import Declarant
from provenance.model.statements import (
    BoundParty,
    Check,
    Endorsement,
    KeyBinding,
)
from provenance.reports.as_json import report
from provenance.reports.as_text import render
from provenance.signing.keys import KeyPair, load_private
from provenance.signing.signer import FileSigner
from provenance.trust.loading import load
from provenance.verify.outcome import Context
from provenance.workspace.verifying import under, verify_path

from support.samples import made
from support.tsa import Authority, PythonTsa, key_of

ISNI = "0000000121032683"
DPID = "PADPIDA2007040502I"
RELEASED = datetime(2027, 3, 1, 9, tzinfo=UTC)
CHECKED = RELEASED + timedelta(hours=5)
COSIGNED = RELEASED + timedelta(hours=8)
STOLEN = datetime(2027, 8, 15, tzinfo=UTC)
NOTICED = datetime(2027, 9, 1, tzinfo=UTC)
LEAF_ENDS = datetime(2028, 12, 31, 23, 59, 59, tzinfo=UTC)
LATER = datetime(2030, 6, 1, tzinfo=UTC)

DECLARED = {
    "declarant": {"role": "artist", "name": "Nova"},
    "subject": {
        "title": "Paper Moon",
        "isrc": "QZNVA2700001",
        "artists": [{"name": "Nova", "identity": "human"}],
    },
    "contributions": [
        {"asset": "composition", "area": "lyrics", "level": "none"},
        {"asset": "recording", "area": "leadVocals", "level": "none"},
        {"asset": "recording", "area": "instrumentation", "level": "partial"},
        {"asset": "recording", "area": "mastering", "level": "full"},
    ],
}
FALSE = {
    **DECLARED,
    "contributions": [
        {"asset": "recording", "area": area, "level": "none"}
        for area in ("leadVocals", "instrumentation", "mastering")
    ],
}


def pair_of(label: str) -> KeyPair:
    """The P-256 key pair of a label."""
    key = key_of(f"musicprov story: {label}")
    return load_private(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), None)


@dataclass(frozen=True)
class World:
    """Who there is, and the folder in which all of it happens."""

    folder: Path
    artist: FileSigner
    distributor: FileSigner
    label: FileSigner
    chart: FileSigner
    tsa: PythonTsa

    @property
    def song(self) -> Path:
        """The released file."""
        return self.folder / "paper-moon.flac"


def world(folder: Path) -> World:
    """The parties with their keys; the authorities whose certificates the chart accepts."""
    root = Authority("Example Seal CA", datetime(2025, 1, 1, tzinfo=UTC))
    label = pair_of("label")
    chain = (_leaf(root, label),)
    (folder / "seal-root.pem").write_bytes(root.pem)
    tsa = PythonTsa(root=Authority("Example TSA Root"), name="Example TSA")
    (folder / "tsa-root.pem").write_bytes(tsa.root.pem)
    _master(folder / "paper-moon.flac")
    return World(
        folder,
        FileSigner(pair_of("artist")),
        FileSigner(pair_of("distributor")),
        FileSigner(label, chain),
        FileSigner(pair_of("chart")),
        tsa,
    )


def _master(path: Path) -> None:
    """The recording with its ordinary tags."""
    from mutagen.flac import FLAC

    shutil.copy(made("flac", 8), path)
    tags = FLAC(path)
    tags["title"], tags["artist"], tags["isrc"] = "Paper Moon", "Nova", "QZNVA2700001"
    tags.save()


def _leaf(root: Authority, label: KeyPair) -> bytes:
    """The label's seal certificate: shaped as e-seals are, without any SAN."""
    named = [
        (NameOID.COUNTRY_NAME, "GB"),
        (NameOID.ORGANIZATION_NAME, "Northern Lights Records Ltd"),
        (NameOID.ORGANIZATION_IDENTIFIER, "NTRGB-01234567"),
        (NameOID.COMMON_NAME, "Northern Lights Records Ltd"),
    ]
    usage = dict.fromkeys(
        (
            "digital_signature", "key_encipherment", "data_encipherment", "key_agreement",
            "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
        ),
        False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(oid, text) for oid, text in named]))
        .issuer_name(root.certificate.subject)
        .public_key(label.handle.public_key())
        .serial_number(1001)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(LEAF_ENDS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(content_commitment=True, **usage), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")]), critical=False
        )
    )
    made_leaf = builder.sign(root.key, hashes.SHA256(), ecdsa_deterministic=True)
    return made_leaf.public_bytes(Encoding.DER)


def the_artist_signs(it: World, at: datetime = RELEASED) -> None:
    """With a bare key: prov sign."""
    sign_as(it.song, DECLARED, it.artist, at)


def sign_as(path: Path, declared: dict, signer: FileSigner, at: datetime, replacing="no") -> None:
    context = Context(at)
    wishes = sign.Wishes(replace=replacing, tiers=frozenset({"essence", "samples"}))
    draft = sign.draft((path,), declared, signer.public.thumbprint, context, wishes)
    sign.issue(draft, signer, context, wishes)


def the_distributor_vouches_and_endorses(it: World, at: datetime = CHECKED) -> None:
    """It knows the artist by the account: prov vouch --into, prov endorse."""
    context = Context(at)
    binding = KeyBinding(
        type="KeyBinding",
        **beside.head(at),
        voucher=Declarant(role="distributor", name="Big Distribution"),
        party=BoundParty(name="Nova", ids={"isni": ISNI}),
        keys=(it.artist.public.thumbprint,),
        basis="account-kyc",
        limits="Who the person is; not what they declare.",
    )
    made_binding = beside.make(binding, it.distributor, context)
    beside.add(it.song, [made_binding], context, beside.Place())
    endorse(it, it.distributor, "verified-signer", at)


def endorse(it: World, signer: FileSigner, act: str, at: datetime) -> None:
    """prov endorse."""
    context = Context(at)
    meant = beside.choose(beside.look(it.song, context), None)
    endorsement = Endorsement(
        type="Endorsement",
        **beside.head(at),
        endorser=Declarant(role="distributor", name="Big Distribution"),
        of=beside.reference_to(meant),
        subject=beside.subject_of(meant),
        act=act,
        basis=(Check(check="account-kyc", result="pass"),),
        limits="Audio not examined for AI use.",
    )
    beside.add(it.song, [beside.make(endorsement, signer, context)], context, beside.Place())


def stamp_all(it: World, at: datetime) -> None:
    """prov timestamp."""
    context = Context(at)
    file = preparing.prepare(it.song, context, tiers=frozenset({"essence"}))
    there = carrying.statements_of(file)
    done = [stamping.stamped(s, lambda query: it.tsa.reply(query, at), ()) for s in there]
    carrying.put(file, [one.statement for one in done], context)


def the_label_cosigns(it: World, at: datetime = COSIGNED, *, stamped: bool = True) -> None:
    """The same words, by certificate, with a time-stamp: prov cosign --cert --tsa."""
    context = Context(at)
    found = beside.look(it.song, context)
    meant = beside.choose(found, None)
    token = cosigning.cosign(meant, it.label, context, found.disclosures)
    statement = token
    if stamped:
        statement = stamping.stamped(token, lambda query: it.tsa.reply(query, at), ()).statement
    beside.add(it.song, [statement], context, beside.Place())


def the_thief_signs(it: World, path: Path) -> None:
    """With the artist's stolen key, dated back; the distributor's word is copied along."""
    _master(path)
    sign_as(path, FALSE, it.artist, RELEASED - timedelta(days=1))
    context = Context(NOTICED)
    copied = [
        c.token.compact
        for c in beside.look(it.song, context).others
        if isinstance(c.statement, KeyBinding)
    ]
    beside.add(path, copied, context, beside.Place())


def the_thief_supersedes(it: World, path: Path) -> None:
    """With the stolen key, beside what is there: 'this replaces the artist's declaration'."""
    shutil.copy(it.song, path)
    other = it.folder / "other.flac"
    _master(other)
    sign_as(other, DECLARED, it.artist, RELEASED)
    sign_as(other, FALSE, it.artist, RELEASED + timedelta(hours=1), "own")
    context = Context(NOTICED)
    token = beside.look(other, context).disclosures[0].token
    beside.add(path, [token.compact], context, beside.Place())


def policy(it: World, *, revoked: bool) -> dict:
    """The chart's policy: version 1, and version 2 after the theft was noticed."""
    key = {"key": it.artist.public.thumbprint}
    gone = {
        "at": f"{NOTICED:%Y-%m-%dT%H:%M:%SZ}",
        "reason": "keyCompromise",
        "invalidFrom": f"{STOLEN:%Y-%m-%dT%H:%M:%SZ}",
    }
    nova = {"id": "nova", "name": "Nova", "ids": {"isni": [ISNI]}}
    if revoked:
        nova["keys"] = [{**key, "revoked": gone}]
    return {
        "policy": "musicprov-trust-policy/1",
        "id": "https://chart.example/trust",
        "version": 2 if revoked else 1,
        "issued": "2027-01-01T00:00:00Z",
        "expires": "2032-01-01T00:00:00Z",
        "require": {"binding": "lossless", "identity": "vouched", "authority": "granted"},
        "anchors": [
            {
                "id": "seal-ca",
                "name": "Example Seal CA",
                "certs": ["seal-root.pem"],
                "seal": True,
            }
        ],
        "parties": [
            {
                "id": "bigdist",
                "name": "Big Distribution",
                "keys": [{"key": it.distributor.public.thumbprint}],
            },
            {
                "id": "northernlights",
                "name": "Northern Lights Records",
                "ids": {"dpid": [DPID]},
                "subjects": [{"anchor": "seal-ca", "organizationIdentifier": "NTRGB-01234567"}],
            },
            {
                "id": "chart",
                "name": "The chart itself",
                "keys": [{"key": it.chart.public.thumbprint}],
            },
            nova,
        ],
        "grants": [
            {"party": "bigdist", "act": "vouch", "over": {"ids": ["isni"]}},
            {"party": "bigdist", "act": "endorse", "over": {"isrc": ["*"]}},
            {"party": "chart", "act": "endorse", "over": {"isrc": ["*"]}},
            {
                "vouchedBy": "bigdist",
                "act": "declare",
                "as": ["artist"],
                "over": {"isrc": ["QZNVA*"]},
            },
            {"party": "northernlights", "act": "declare", "over": {"isrc": ["QZNVA*"]}},
        ],
        "tsa": [{"id": "tsa1", "name": "Example TSA", "roots": ["tsa-root.pem"]}],
    }


def context_of(it: World, at: datetime, *, revoked: bool = False) -> Context:
    """The chart's context: its policy, a date."""
    data = json.dumps(policy(it, revoked=revoked)).encode()
    known = load(data, lambda name: (it.folder / name).read_bytes())
    return under(replace(Context(at), decode="never"), known, ())


def the_chart_asks(it: World, path: Path, at: datetime, *, revoked: bool = False):
    """The verdict by the chart's policy at a date, and the report for its auditor."""
    context = context_of(it, at, revoked=revoked)
    verdict = verify_path(path, context)
    return verdict, render(path.name, report(path.name, verdict, context))


def forget() -> None:
    """Empty what is kept of chains, lists and time-stamps between verifications."""
    from provenance.trust import paths, revocation, timestamps

    for module in (paths, revocation, timestamps):
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()
