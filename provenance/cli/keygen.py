"""``prov keygen``."""

from __future__ import annotations

from pathlib import Path

import click

from provenance.cli._options import (
    FILES,
    OUT,
    PUBLIC,
    ask_passphrase,
    home_of,
    is_terminal,
    make_key,
    passphrase_of,
    public_path,
    require_no_half,
    say,
)
from provenance.model.errors import InputError, UsageError
from provenance.reports.escaping import shown

_EPILOG = """\b
Examples:
  prov keygen
  prov keygen --out label.pem --passphrase-file secret.txt
\b
Exit codes: 0 made, 2 usage or no passphrase, 5 a key is there
            already, or its public half, or disk, 70 a bug.
"""


@click.command("keygen", epilog=_EPILOG)
@click.option("--out", type=OUT, help="Where the key goes. Default: your own keyring.")
@click.option(
    "--alg",
    type=click.Choice(["ES256", "Ed25519"]),
    default="ES256",
    show_default=True,
    help="Kind of key.",
)
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
    _require_free(out)
    passphrase = passphrase_of(passphrase_file, passphrase_fd)
    if passphrase is None and not no_passphrase:
        passphrase = _asked()
    path = out or home_of().new_default_key()
    thumbprint = make_key(path, alg, passphrase or None)
    say(f"Private key: {shown(str(path))}  (keep it to yourself, and keep a copy)")
    say(f"Public key:  {shown(str(public_path(path)))}  (give it to whoever verifies)")
    if not passphrase:
        say("It has no passphrase: whoever can read the private key can sign as you.")
    say("Thumbprint, by which others can check that the key is yours:")
    click.echo(thumbprint)


def _require_free(out: Path | None) -> None:
    """A private key takes no name that another file has or that is for a public one.

    It is said before a passphrase is asked for.
    """
    if out is not None and out.name.casefold().endswith(PUBLIC):
        raise UsageError(
            f"--out {out}: {PUBLIC} is the name of a public key, which is given to others",
            hint=f"Name the private key, such as {out.name[: -len(PUBLIC)] or 'my'}.pem.",
        )
    home = home_of()
    if out is None:
        require_no_half(home)
    path = out or home.default_key()
    if path is None or not path.exists():
        return
    hint = "Choose another name with --out." if out else "'prov sign' takes it. Use --out for more."
    raise InputError(f"{path}: {'exists already' if out else 'is your key already'}", hint=hint)


def _asked() -> bytes:
    if not is_terminal():
        raise UsageError(
            "a key needs a passphrase, or --no-passphrase",
            hint="Give it with --passphrase-file or --passphrase-fd.",
        )
    return ask_passphrase()
