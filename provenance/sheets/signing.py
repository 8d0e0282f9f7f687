"""Signing every good row, one after another; a row that fails never stops the rest (SHT-024)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from provenance.issuing.sign import draft, issue
from provenance.model.errors import KeyFileError, ProvError, SignerError
from provenance.model.records import dataclass
from provenance.sheets.checking import STRUCTURE, Asked, Fault, Good, fault_of_error
from provenance.signing.signer import Signer


@dataclass(frozen=True)
class Signed:
    """What became of a good row: ``signed`` or ``unchanged``, or the fault that kept it.

    ``damaged`` says what speaks for damaged or incomplete audio in a file that was signed.
    """

    row: Good
    state: str
    fault: Fault | None = None
    damaged: str = ""


def sign_rows(
    rows: Sequence[Good], signer: Signer, asked: Asked, clock: Callable[[], datetime]
) -> Iterator[Signed]:
    """Sign row by row; each file is replaced whole or not at all.

    ``clock`` is asked anew for each statement. Raises ``SignerError`` or ``KeyFileError`` when
    the key itself fails: no row could be signed with it.
    """
    for row in rows:
        try:
            yield _sign(row, signer, asked, clock())
        except (SignerError, KeyFileError):
            raise
        except (ProvError, OSError, EOFError) as error:
            fault = fault_of_error(row.row, row.file, row.path, error)
            yield Signed(row, "bad", fault)


def _sign(row: Good, signer: Signer, asked: Asked, now: datetime) -> Signed:
    context, wishes = replace(asked.context, now=now), asked.wishes
    if row.state == "unchanged":  # its bindings stand in the file already
        wishes = replace(wishes, tiers=STRUCTURE)
    made = draft((row.path,), row.declaration, asked.key, context, wishes)
    (result,) = issue(made, signer, context, wishes)
    return Signed(row, result.state, damaged="; ".join(why for _, why in made.damaged))
