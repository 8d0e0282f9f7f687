"""A label, a shop, a chart and a stranger; the policy of somebody who knows the first three.

Statements, keys and audio are those of the vectors' builders, which import nothing of the
package: what an attacker would make by hand.
"""

import importlib.util
import io
import json
import sys
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from provenance.containers import identify, load
from provenance.trust.identity import Keyring
from provenance.trust.loading import load as load_policy
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify
from provenance.workspace.verifying import under

from support.tsa import PythonTsa

VECTORS = Path(__file__).resolve().parents[1] / "vectors"


def _builder(name):
    path = VECTORS / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"threats_{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


S = _builder("statements/build")
I = _builder("certificates/issuing")  # noqa: E741
V = S.made

LABEL, NEXT, SHOP, CHART = S.LABEL, S.LABEL_NEW, S.SHOP, S.CHART
ARTIST, STRANGER = S.ARTIST, S.STRANGER
NOW = "2027-01-01T00:00:00Z"
IAT = V.IAT
DPID, ISRC = "PADPIDA2007040502I", S.ISRC
BY_LABEL = V.token(V.manifest(S.SONG, declarant={"role": "label", "name": "Vector Label"}), LABEL)
OTHER_LEVELS = [{"asset": "recording", "area": "leadVocals", "level": "none"}]
for _key in (LABEL, NEXT, SHOP, CHART, ARTIST, STRANGER):
    _key.curve = "P-256"
PARTIES = [
    S.party("label", LABEL, ids={"dpid": [DPID]}),
    S.party("shop", SHOP),
    S.party("chart", CHART),
]
GRANTS = [*S.MAY_ENDORSE, S.MAY_DECLARE]
TSA = PythonTsa()


@dataclass(frozen=True)
class Asker:
    """Somebody who verifies: a policy, the files that it names, what the time is."""

    plain: dict
    files: dict = field(default_factory=dict)
    now: str = NOW
    seen: int | None = None

    def policy(self):
        return load_policy(json.dumps(self.plain).encode(), self.files.__getitem__,
                           seen_version=self.seen)  # fmt: skip

    def context(self, keyring=None):
        at = datetime.fromisoformat(self.now).astimezone(UTC)
        return under(Context(now=at, keyring=keyring or Keyring()), self.policy())

    def judge(self, data, *given):
        """What a file comes out as, with other statements from elsewhere."""
        stream = io.BytesIO(data)
        beside = [Given("given", one) for one in given]
        return verify(stream, load(identify(stream)), self.context(), beside)

    def with_(self, **members):
        """The same asker, whose policy has other members."""
        return Asker({**self.plain, **members}, self.files, self.now, self.seen)


def asker(parties=PARTIES, grants=GRANTS, *, files=None, now=NOW, seen=None, more=None, **require):
    """Somebody whose policy asks for a party with the right to declare, unless said otherwise."""
    plain = json.loads(S.policy(parties, *grants, **require))
    return Asker({**plain, **(more or {})}, files or {}, now, seen)


def codes(verdict):
    return {f.code.slug for f in verdict.findings}


def status(verdict):
    return verdict.status.value


def file(*tokens, pcm=S.PCM):
    """A WAV file with these statements in its tag."""
    return S.wav(*tokens, pcm=pcm)


def declared(key, *, header=None, **changed):
    """A declaration for the song, with members and header changed."""
    return V.token(V.manifest(S.SONG, **changed), key, **(header or {}))


def raw(payload, key):
    """A signed payload of any bytes."""
    return V.token(payload, key)


def stamped(token, at, tsa=TSA, **more):
    """A file with one statement that a time-stamping authority has seen at a time."""
    protected, payload, signature = (part.decode() for part in token.split(b"."))
    val = tsa.token(signature.encode(), datetime.fromisoformat(at).astimezone(UTC), **more)
    return with_stamp(protected, payload, signature, val)


def with_stamp(protected, payload, signature, val):
    item = {"sigTst": {"tstTokens": [{"val": b64encode(val).decode()}]}}
    made = {
        "payload": payload,
        "protected": protected,
        "signature": signature,
        "header": {"etsiU": [item]},
    }
    return V.wav(S.PCM, [("MUSICPROV", V.compact(made).decode())])


ACCEPTED_TSA = {"tsa": [{"id": "tsa1", "name": "Vector TSA", "roots": ["tsa.pem"]}]}
TSA_FILES = {"tsa.pem": TSA.root.pem}


# ---- certificates ----------------------------------------------------------------------------

ROOT_KEY = V.Key("musicprov threats: root")
ROOT_KEY.curve = "P-256"
ROOT = I.Issuer(I.name("Example Seal CA"), ROOT_KEY)
NUMBER = "NTRGB-01234567"
COMPANY = I.name("Vector Label", organization="Vector Label", organizationIdentifier=NUMBER)
ANCHORS = {"anchors": [{"id": "seals", "name": "Example Seal CA", "certs": ["root.pem"]}]}
ROOT_FILES = {"root.pem": ROOT.pem}
CERTIFIED_LABEL = {
    "id": "label",
    "name": "Vector Label",
    "subjects": [{"anchor": "seals", "organizationIdentifier": NUMBER}],
}


def by_certificate(key, *chain, header=None, **changed):
    """A declaration under a certificate; the leaf comes first."""
    ders = [I.der(c) for c in chain]
    x5t = urlsafe_b64encode(I.hashlib.sha256(ders[0]).digest()).rstrip(b"=").decode()
    more = {
        "jwk": None,
        "kid": None,
        "x5t#S256": x5t,
        "x5c": [b64encode(one).decode() for one in ders],
    }
    return declared(key, header={**more, **(header or {})}, **changed)


def certifying_asker(**more):
    """Somebody who knows the label by the number in its certificate."""
    parties = [CERTIFIED_LABEL, *PARTIES[1:]]
    return asker(
        parties, files={**ROOT_FILES, **TSA_FILES}, more={**ANCHORS, **ACCEPTED_TSA}, **more
    )
