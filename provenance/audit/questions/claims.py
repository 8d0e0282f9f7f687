"""What declarations say, read from the tokens that a report carries (spec 25.9).

A claim is taken from a token only if the token's own signature holds and it is the statement that
the report names: a report cannot put words into a signer's mouth (AUD-104).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provenance.model.manifest import Manifest
from provenance.model.records import dataclass


@dataclass(frozen=True)
class Claim:
    """One declaration whose signature holds."""

    sid: str
    token: str
    manifest: Manifest


def claim_of(declaration: Mapping[str, Any]) -> Claim | None:
    """The claim of a declaration of an exhibit; None where its token does not bear one out."""
    from provenance.model.codes import Code
    from provenance.signing import envelope
    from provenance.wire.decode import decode

    token, said = declaration["token"], declaration["statement"]
    if not isinstance(token, str) or said is None or not token.isascii():
        return None
    read, _ = envelope.read(token.encode("ascii"))
    if read is None or read.sid != said["sid"] or read.typ != envelope.DISCLOSURE_TYP:
        return None
    if envelope.check_signature(read).code is not Code.SIGNATURE_VALID:
        return None
    manifest, _ = decode(read.payload)
    return None if manifest is None else Claim(read.sid, read.compact, manifest)
