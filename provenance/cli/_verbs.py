"""Groups of verbs whose modules are imported on demand: the command line starts quickly."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from keyword import iskeyword

import click

EXIT_USAGE = 2


class Verbs(click.Group):
    """A group that imports a verb only when it is called.

    ``verbs`` are the names with their lines in help, in help order; each is the attribute
    ``command`` of a module of ``package``.
    """

    verbs: Mapping[str, str] = {}
    package = ""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Without any argument show the help; nothing was done, so it ends as a wrong call does.

        Said here, because click's versions differ in where it goes and how it ends.
        """
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(EXIT_USAGE)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in help order."""
        del ctx
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command; imports only that verb."""
        del ctx
        if cmd_name not in self.verbs:
            return None
        name = cmd_name.replace("-", "_")
        module = importlib.import_module(f"{self.package}.{name}{'_' * iskeyword(name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(self.verbs.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest verb when one is mistyped."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from provenance.plugins import did_you_mean

            said = f"{error.message} {did_you_mean(args[0], self.verbs)}".rstrip()
            raise click.UsageError(said, ctx) from None
