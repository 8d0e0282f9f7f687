"""``prov completion``."""

from __future__ import annotations

import click

_EPILOG = """\b
Examples:
  prov completion bash > ~/.local/share/bash-completion/completions/prov
  prov completion zsh > ~/.zfunc/_prov
  prov completion fish > ~/.config/fish/completions/prov.fish
\b
The folder must exist; open a new shell afterwards. For zsh, ~/.zfunc must be
in fpath before compinit.
"""


@click.command("completion", epilog=_EPILOG)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of a shell."""
    from click.shell_completion import get_completion_class

    from provenance.cli.main import cli

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(kind(cli, {}, "prov", "_PROV_COMPLETE").source())
