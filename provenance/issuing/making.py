"""Making a signed statement: only of what is well-formed, only one that verifies (spec 8.13)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from provenance.model.codes import Code, Effect
from provenance.model.errors import UsageError
from provenance.model.findings import Finding
from provenance.model.limits import Limits
from provenance.signing import envelope

if TYPE_CHECKING:
    from provenance.signing.signer import Signer

DISCLOSURE = (envelope.DISCLOSURE_TYP, envelope.DISCLOSURE_CTY)
"""The ``typ`` and ``cty`` of a disclosure."""
_MOST_SHOWN = 10


def require_well_formed(found: Iterable[Finding], what: str, where: str = "") -> None:
    """Raise ``UsageError`` with the places of what breaks or blocks, if anything does.

    ``what`` names what was read, and ``where`` is said before it.
    """
    faults = [f for f in found if f.effect in {Effect.BREAKS, Effect.BLOCKS}]
    if faults:
        raise UsageError(
            f"{where}the {what} is not well-formed:",
            places=(
                f"{f.where or '/'}: {f.detail.get('message') or f.code.slug}"
                for f in faults[:_MOST_SHOWN]
            ),
            hint="Mend these places and run the same command again.",
        )


def signed(
    payload: bytes, signer: Signer, kind: tuple[str, str], now: datetime, limits: Limits
) -> str:
    """The compact token of a payload; ``kind`` is its ``typ`` and ``cty``.

    Raises ``UsageError`` where it does not verify, ``KeyFileError`` for a certificate that is not
    valid now (CRT-043), and what the signer raises.
    """
    if signer.certificates:
        from provenance.signing.certificates import require_current

        require_current(signer.certificates, now)
    typ, cty = kind
    token = envelope.write(payload, signer, typ=typ, cty=cty, issued_at=now)
    read, _ = envelope.read(token.encode(), limits)
    if read is None or envelope.check_signature(read).code is not Code.SIGNATURE_VALID:
        raise UsageError("the signature that was just made does not verify")
    return token
