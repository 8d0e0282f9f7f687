"""``prov trust revoke``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from provenance.cli._options import FILES
from provenance.model.errors import UsageError
from provenance.trust.policy import KEY_COMPROMISE, REVOCATION_REASONS

_EPILOG = """\b
Examples:
  prov trust revoke KEY --reason keyCompromise --invalid-from 2026-05-20
  prov trust revoke old.pub.jwk --reason superseded
"""


@click.command("revoke", epilog=_EPILOG)
@click.argument("key", metavar="KEY")
@click.argument("policy", type=FILES, required=False)
@click.option(
    "--reason", type=click.Choice(REVOCATION_REASONS), required=True, metavar="REASON",
    help="keyCompromise, superseded, cessationOfOperation or affiliationChanged.",
)  # fmt: skip
@click.option("--at", metavar="DAY", help="Since when it is revoked. Default: now.")
@click.option(
    "--invalid-from", metavar="DAY",
    help="For keyCompromise: since when others may have had it. Default: as --at.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
def command(
    key: str,
    policy: Path | None,
    reason: str,
    at: str | None,
    invalid_from: str | None,
    dry_run: bool,
) -> None:
    """No longer believe a key of a party, by thumbprint or public key file. Default: your policy.

    What it signed still counts when a time-stamp proves that it is older. After keyCompromise
    nothing counts that is not proven; after another reason it is a doubt.
    """
    from provenance.cli.trust._saving import change
    from provenance.workspace.editing import revoke

    if invalid_from and reason != KEY_COMPROMISE:
        raise UsageError("--invalid-from is for --reason keyCompromise", hint="Use --at.")
    now = datetime.now(UTC)
    entry = {"at": _time("--at", at) or _spelled(now), "reason": reason}
    if invalid_from:
        entry["invalidFrom"] = _time("--invalid-from", invalid_from)
    thumbprint = _thumbprint(key)
    change(
        policy,
        lambda plain, path: (revoke(plain, path, thumbprint, entry, now), {}),
        dry_run=dry_run,
    )


def _thumbprint(key: str) -> str:
    """The key by its thumbprint, or by a file that holds it."""
    from provenance.workspace.asking import public_key_of

    path = Path(key)
    return public_key_of(path).thumbprint if path.is_file() else key


def _time(option: str, day: str | None) -> str:
    """The beginning of a day, or a time as it is; empty when there is none."""
    from provenance.trust.checking import moment
    from provenance.wire.formats import is_date_or_time

    if not day:
        return ""
    if len(day) < len("2026-11-23") or not is_date_or_time(day):
        hint = "Write a day like 2026-05-20, or a time like 2026-05-20T08:00:00Z."
        raise UsageError(f"{option}: '{day}' is no day", hint=hint)
    return _spelled(moment(day))


def _spelled(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
