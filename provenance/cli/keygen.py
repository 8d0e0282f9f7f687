"""``prov keygen``."""

from __future__ import annotations

from pathlib import Path

import click

from provenance.cli._options import (
    FILES,
    home_of,
    is_terminal,
    make_key,
    passphrase_of,
    say,
)
from provenance.model.errors import UsageError


@click.command("keygen", epilog="Example: prov keygen --out label.pem")
@click.option("--out", type=FILES, help="Where the key goes. Default: your own keyring.")
@click.option("--alg", type=click.Choice(["ES256", "Ed25519"]), default="ES256", show_default=True)
@click.option("--no-passphrase", is_flag=True, help="Store the key unencrypted.")
@click.option("--passphrase-file", type=FILES, help="File whose first line becomes it.")
@click.option("--passphrase-fd", type=int, help="File descriptor to read it from.")
def command(
    out: Path | None,
    alg: str,
    no_passphrase: bool,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
) -> None:
    """Make a signing key: KEY.pem (private, 0600) and KEY.pub.jwk (give it to others).

    Without --out it becomes your default key, which 'prov sign' takes by itself. Prints the
    key's thumbprint: the short name by which others can check that a key is yours.
    """
    passphrase = passphrase_of(passphrase_file, passphrase_fd)
    if passphrase is None and not no_passphrase:
        passphrase = _asked()
    path = out or home_of().new_default_key()
    thumbprint = make_key(path, alg, passphrase or None)
    say(f"Private key: {path}  (keep it to yourself, and keep a copy)")
    say(f"Public key:  {str(path).removesuffix('.pem')}.pub.jwk  (give it to whoever verifies)")
    click.echo(thumbprint)


def _asked() -> bytes:
    if not is_terminal():
        raise UsageError(
            "a key needs a passphrase, or --no-passphrase",
            hint="Give it with --passphrase-file or --passphrase-fd.",
        )
    answer: str = click.prompt(
        "Choose a passphrase (empty: none)",
        default="",
        show_default=False,
        hide_input=True,
        confirmation_prompt=True,
        err=True,
    )
    return answer.encode()
