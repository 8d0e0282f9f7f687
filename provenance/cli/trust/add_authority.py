"""``prov trust add-authority``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from provenance.cli._options import FILES
from provenance.model.errors import UsageError

_EPILOG = """\b
Examples:
  prov trust add-authority --id seals --cert root.pem --crl seals.crl --seal
  prov trust add-authority --id seals --crl newer.crl
  prov trust add-authority --id tsa1 --cert tsa-root.pem --tsa
"""
_CERTIFICATE_BYTES, _CRL_BYTES = 64 << 10, 16 << 20


@click.command("add-authority", epilog=_EPILOG)
@click.argument("policy", type=FILES, required=False)
@click.option("--id", "authority_id", required=True, help="Your short name for it.")
@click.option("--name", help="Its name as reports show it. Default: the short name.")
@click.option(
    "--cert", "certs", type=FILES, multiple=True, help="A certificate of its own (PEM or DER)."
)
@click.option(
    "--crl", "crls", type=FILES, multiple=True,
    help="Its list of revoked certificates; takes the place of the one before.",
)  # fmt: skip
@click.option("--seal", is_flag=True, help="It issues electronic seals, which name no purpose.")
@click.option(
    "--purpose", "ekus", multiple=True, metavar="OID", help="An accepted purpose of certificates."
)
@click.option("--tsa", is_flag=True, help="It issues time-stamps, not certificates of signers.")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
def command(  # noqa: PLR0913 - one parameter an option
    policy: Path | None,
    authority_id: str,
    name: str | None,
    certs: tuple[Path, ...],
    crls: tuple[Path, ...],
    seal: bool,
    ekus: tuple[str, ...],
    tsa: bool,
    dry_run: bool,
) -> None:
    """Add an authority of certificates or time-stamps to a trust policy. Default: your policy.

    Its files are copied into the policy's folder. Get them from the authority's own site:
    whatever it certifies is believed.
    """
    from provenance.cli.trust._saving import change
    from provenance.workspace.asking import read_small
    from provenance.workspace.editing import Authority, add_authority

    if tsa and (seal or crls or ekus):
        raise UsageError("--tsa takes --cert and --name only", hint="Leave the others out.")
    made = Authority(
        id=authority_id,
        name=name,
        certificates=tuple(read_small(path, _CERTIFICATE_BYTES) for path in certs),
        crls=tuple(read_small(path, _CRL_BYTES) for path in crls),
        seal=seal,
        ekus=ekus,
        is_tsa=tsa,
    )
    change(
        policy,
        lambda plain, path: add_authority(plain, made, path.parent, datetime.now(UTC)),
        dry_run=dry_run,
    )
