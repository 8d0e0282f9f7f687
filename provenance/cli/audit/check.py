"""``prov audit check``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from provenance.cli._options import FILES, home_of
from provenance.reports.escaping import shown

if TYPE_CHECKING:
    from provenance.audit.checking import Checked, Seal
    from provenance.trust.identity import Keyring

_EPILOG = """\b
Examples:
  prov audit check report/
  prov audit check report/ --known-key bureau.pub.jwk
  prov audit check exhibits/0001.json
\b
Name the auditor's key, and the exit code says whether that key signed it.
\b
Exit codes: 0 whole and unchanged, 1 something is changed, extra or missing
            (the archive too), or no report at all, 2 usage, 3 whole, but
            signed by none of the keys that --known-key names, 5 disk,
            70 a bug.
"""
_LISTED = 20


@click.command("check", epilog=_EPILOG)
@click.argument("report", type=FILES)
@click.option("--known-key", "keys", multiple=True, type=FILES, help="A public key you know (JWK).")
@click.pass_context
def command(context: click.Context, report: Path, keys: tuple[Path, ...]) -> None:
    """Say whether a report, or one exhibit with its .jws beside it, is as the auditor signed it.

    A good signature says whose report it is and that it is unchanged; never that it is right.
    """
    from provenance.audit.checking import check
    from provenance.audit.sealing import ARCHIVE

    named = named_of(keys)
    found = check(report, keyring_of(named))
    for line in _told(found):
        click.echo(line)
    if ARCHIVE in found.missing:
        click.echo(f"  {ARCHIVE} is not here: the report cannot be made again")
    finish(context, found.seal, named, is_good=found.is_whole)


def named_of(keys: tuple[Path, ...]) -> dict[str, str]:
    """The keys that are named: each thumbprint with the name of its file."""
    from provenance.workspace.asking import public_key_of

    return {public_key_of(key).thumbprint: key.name for key in keys}


def keyring_of(named: Mapping[str, str]) -> Keyring:
    """The user's keyring, and the keys that are named."""
    from provenance.trust.identity import Keyring

    mine = home_of().keyring()
    return Keyring(mine.own, {**dict.fromkeys(named), **mine.pinned, **named})


def finish(
    context: click.Context, seal: Seal | None, named: Mapping[str, str], *, is_good: bool
) -> None:
    """End with 1 where something differs, with 3 where none of the named keys signed it."""
    is_theirs = not named or (seal is not None and seal.holds and seal.key in named)
    if not is_theirs:
        click.echo(f"  NOT signed by {' or '.join(map(shown, named.values()))}")
    if not is_good:
        context.exit(1)
    if not is_theirs:
        context.exit(3)


def _told(found: Checked) -> Iterator[str]:
    if found.audit:
        auditor = shown(found.audit["auditor"]) or "not said"
        yield f"{shown(found.audit['title'])}, as of {found.audit['at']}, audited by: {auditor}"
        yield f"  Audit {found.audit['id']}"
    yield f"  {signature_line(found.seal)}"
    yield f"  {found.intact} {'file is' if found.intact == 1 else 'files are'} unchanged"
    for what, names in (
        ("Changed", found.changed),
        ("Missing", found.missing),
        ("Not part of it", found.extra),
    ):
        yield from listed(what, names)


def signature_line(seal: Seal | None) -> str:
    """Whose signature there is, in one line."""
    if seal is None:
        return "Not signed: this shows damage, not who wrote it"
    if not seal.holds:
        return "The signature does NOT hold"
    if not seal.is_known:
        return f"Signed with a key that you do not know: {seal.key}"
    return f"Signed by {shown(seal.known_as or 'a key of yours')} ({seal.key})"


def listed(what: str, names: tuple[str, ...]) -> Iterator[str]:
    """Some names under a heading, a line each; nothing where there are none."""
    if not names:
        return
    yield f"  {what}: {len(names)}"
    yield from (f"    {shown(name)}" for name in names[:_LISTED])
    if len(names) > _LISTED:
        yield f"    ... and {len(names) - _LISTED} more"
