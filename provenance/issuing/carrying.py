"""The statements that a file carries, as a list that is rewritten without signing (spec 6.9).

What is not signed by us is kept as it came: a statement is a compact token, or a flattened JWS
where it has an unprotected header (time-stamps) or is more than we know.
"""

from __future__ import annotations

import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from provenance.containers.base import MANIFEST_TAG, Change
from provenance.files.replacing import (
    Replacing,
    require_overwritable,
    require_replaceable,
    write_new,
)
from provenance.issuing.preparing import Prepared, existing_statements, sidecar_of, sidecar_path
from provenance.issuing.targets import apply
from provenance.model.errors import RefusedError
from provenance.model.limits import DEFAULT_LIMITS, Limits
from provenance.signing import bundle
from provenance.signing.bundle import Jws
from provenance.verify import steps
from provenance.verify.currency import Known, manifest_of, supersession, token_of, withdrawals
from provenance.verify.outcome import Context, Given

_BARE_SUFFIX = ".musicprov.jws"


def statements_of(
    file: Prepared, limits: Limits = DEFAULT_LIMITS, *, sidecar: bool = False
) -> list[Jws]:
    """The statements in a file's tags, or in its sidecar; equal ones are one.

    Raises ``RefusedError`` where something stands there that is no statement: writing over it
    would lose it.
    """
    if sidecar:
        values = [given.value for given in sidecar_of(file.path, limits)]
    else:
        values = [carrier.value for carrier in file.scan.named(MANIFEST_TAG)]
    return statements_in(values, limits, file.path)


def statements_in(values: Sequence[bytes], limits: Limits, path: Path) -> list[Jws]:
    """The statements in carrier values; see ``statements_of``."""
    found: list[Jws] = []
    for value in values:
        parts, notes = bundle.read_values(value.removesuffix(b"\n"), limits)
        for part in parts:
            statement = bundle.as_statement(part)
            if statement is None:
                raise _not_understood(path)
            found = with_statement(found, statement)
        if notes or not parts:
            raise _not_understood(path)
    return found


def _not_understood(path: Path) -> RefusedError:
    return RefusedError(
        "carrier.not-understood",
        f"{path}: carries something that is no statement, or of a later version",
        hint="Look at it with 'prov inspect'; 'prov sign --replace' or 'prov strip' removes it.",
    )


def with_statement(statements: Sequence[Jws], new: Jws) -> list[Jws]:
    """The list with one more; where the same signature is there, their time-stamps are united."""
    kept = list(statements)
    for place, old in enumerate(kept):
        if bundle.compact_of(old) == bundle.compact_of(new):
            kept[place] = bundle.united(old, new)
            return kept
    return [*kept, new]


def joined(there: Sequence[Jws], new: Sequence[Jws]) -> list[Jws]:
    """The list with several more; see ``with_statement``."""
    made = list(there)
    for statement in new:
        made = with_statement(made, statement)
    return made


def put(
    file: Prepared,
    statements: Sequence[Jws],
    context: Context,
    *,
    sidecar: bool = False,
    out: Path | None = None,
    how: Replacing | None = None,
) -> None:
    """Write the list as what the file carries: into its tags, or its sidecar, atomically.

    ``AI_DISCLOSURE`` is made anew from the disclosure among them that stands (CAR-015). Raises
    ``RefusedError`` when they are more than a bundle holds.
    """
    require_fits(statements, context.limits)
    if sidecar:
        write_sidecar(file.path, bundle.write_bundle(statements), overwrite=True)
        return
    change = Change(bundle.write_value(statements), summary_of(statements, context))
    apply(file, change, context, out, how or Replacing())


def put_bare(path: Path, statements: Sequence[Jws], limits: Limits) -> None:
    """Write the list into a token file (one statement) or bundle file that exists already.

    Raises ``RefusedError`` for more than a bundle holds, or a file that may not be written to.
    """
    require_fits(statements, limits)
    single = len(statements) == 1 and path.name.endswith(_BARE_SUFFIX)
    data = bundle.write_token(statements[0]) if single else bundle.write_bundle(statements)
    require_replaceable(path, Replacing(break_link=True))
    like = path.stat()
    write_new(path, data + b"\n", mode=like.st_mode & 0o777, owner=like, overwrite=True)


def require_fits(statements: Sequence[Jws], limits: Limits) -> None:
    """Refuse more statements than a reader takes (CAR-055)."""
    size = len(bundle.write_bundle(statements))
    if len(statements) > limits.statements or size > limits.bundle_bytes:
        raise RefusedError(
            "carrier.full",
            f"{len(statements)} statements of {size} bytes are more than a file carries",
            hint="At most 32 statements in 1 MiB; take away what is no longer needed.",
        )


def summary_of(statements: Sequence[Jws], context: Context) -> str | None:
    """The text of ``AI_DISCLOSURE`` beside these: of the newest disclosure that stands.

    There is none where whoever signed them has taken them back (CAR-059).
    """
    from provenance.model.levels import summary

    written = Given("", bundle.write_bundle(statements))
    disclosures, others = steps.split(existing_statements(None, context, [written]))
    heads, _ = supersession([c for c in disclosures if c.counts], Known())
    taken_back = withdrawals(heads, others, Known()).by
    standing = [manifest_of(c) for c in heads if token_of(c).sid not in taken_back]
    if not standing:
        return None
    return summary(max(standing, key=lambda m: m.sequence or 1))


def write_sidecar(path: Path, data: bytes, *, overwrite: bool) -> None:
    """Write a file's sidecar, for those to read who may read the file (CAR-058).

    One that is written over stays as private as it was.
    """
    beside, like = sidecar_path(path), path.stat()
    mode = like.st_mode & 0o666 | stat.S_IWUSR
    if overwrite:
        require_overwritable(beside)
        with suppress(FileNotFoundError):
            found = beside.lstat()
            if stat.S_ISREG(found.st_mode):
                like, mode = found, stat.S_IMODE(found.st_mode)
    write_new(beside, data, mode=mode, owner=like, overwrite=overwrite)
