"""``prov``: the list of verbs, in the order in which help shows them, loaded on demand."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from provenance.cli._output import given_up, open_missing, unwritten
from provenance.cli._verbs import Verbs
from provenance.model.errors import PolicyError, ProvError, RefusedError, UsageError

VERBS = {
    "declare": "Say what AI did in a recording (asks plain questions).",
    "sign": "Sign the declaration and put it into the audio file.",
    "verify": "Say who declared what, and whether it is unchanged.",
    "inspect": "Show every declaration that a file carries; approves nothing.",
    "timestamp": "Have an authority confirm when a declaration existed.",
    "check": "Say which written rules of stores, charts, laws a recording meets.",
    "label": "Make the sentence, short code or picture that listeners see.",
    "export": "Answer what a store, society or law asks, from a declaration.",
    "import": "Draft a declaration from another regime's document.",
    "extract": "Write the declaration of a file beside it.",
    "strip": "Take the declaration out of a file; nothing else changes.",
    "supersede": "Replace your declaration in a file by a new one that names it.",
    "withdraw": "Say that a statement of yours no longer stands.",
    "cosign": "Sign the very declaration that a file carries, beside its signer.",
    "endorse": "Say something about somebody else's declaration, or dispute it.",
    "vouch": "Say whose key a key is.",
    "sheet": "Declare and sign many recordings in one table.",
    "audit": "Say what is known of every entry of a chart, in a report.",
    "keygen": "Make a signing key.",
    "trust": "Pin the keys of people whom you know.",
    "worker": "Verify for a queue: requests on stdin, answers on stdout.",
    "serve": "Verify for others over HTTP (extra 'service').",
    "bench": "Measure verifying on this machine against SHA-256.",
    "explain": "Say what a code or rule means and what to do.",
    "vectors": "Run the conformance vectors of the standard.",
    "demo": "Make music, declare, sign, verify and attack it, in one go.",
    "completion": "Print the shell completion script.",
}

EXIT_REFUSED, EXIT_USAGE, EXIT_WORLD, EXIT_BUG = 1, 2, 5, 70


class _Verbs(Verbs):
    """The verbs of ``prov``."""

    verbs = VERBS
    package = "provenance.cli"

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        """Read the command line, which may be answered at once, as ``--help`` is."""
        with _written_or_said():
            return super().make_context(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb."""
        with _written_or_said():
            made = super().invoke(ctx)
            sys.stdout.flush()
            return made


@contextmanager
def _written_or_said() -> Iterator[None]:
    """Output that cannot be written is the world's fault, and said to be."""
    try:
        yield
    except BrokenPipeError:  # a reader that went away (click would end with 1)
        given_up()
        raise click.exceptions.Exit(EXIT_WORLD) from None
    except OSError as error:
        given_up()
        raise _of_the_world(error) from error


def _of_the_world(error: OSError) -> ProvError:
    """What the system refused: a file by its name, else the output."""
    from provenance.files.opening import input_error

    return input_error(error.filename, error) if error.filename else unwritten("the output", error)


@click.group(
    cls=_Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Start with:
  prov demo
  prov sign track.flac
  prov verify track.flac
""",
)
@click.version_option(package_name="musicprov", prog_name="prov", message="%(prog)s %(version)s")
def cli() -> None:
    """Say what AI did in a recording, sign it, and verify what others signed.

    A valid signature shows who declared something about a recording and that it is unchanged.
    It never shows that the declaration is true, and 'not declared' is never 'none'.
    """


def main() -> NoReturn:
    """Run the command line; every kind of error has one exit code (spec 9.5)."""
    atexit.register(gc.freeze)  # all is closed by then: a search for cycles only takes time
    open_missing()
    _never_fail_to_print()
    try:
        color = False if os.environ.get("NO_COLOR") else None
        code: Any = cli.main(prog_name="prov", standalone_mode=False, color=color)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.ClickException as error:
        vars(error)["message"] = _one_line(error.message)
        error.show()
        sys.exit(EXIT_USAGE)
    except (click.Abort, KeyboardInterrupt):
        _say("Stopped. Nothing was left half done.")
        sys.exit(130)
    except ProvError as error:
        sys.exit(show_error(error))
    except Exception as error:  # the last line of the command line: our own bug
        _say(f"Internal error: {type(error).__name__}. This is a bug in prov; please report it.")
        if os.environ.get("PROV_DEBUG"):
            raise
        sys.exit(EXIT_BUG)


def _never_fail_to_print() -> None:
    """What the terminal's encoding does not have is shown as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def show_error(error: ProvError) -> int:
    """Print what happened and what to do; the exit code that belongs to it."""
    rule, message, hint = "", error.message, error.hint
    if isinstance(error, (RefusedError, PolicyError)):
        from provenance.wire.registries import explained

        rule = f" [{error.rule}]"
        message, hint = explained(error)
    first, hint = _one_line(message), _one_line(hint)
    more = [f"  {_one_line(place)}" for place in error.places]
    if hint and not more:
        _say(f"{first.removesuffix('.')}{rule}. {hint}")
    else:
        _say("\n".join([first + rule, *more, *([hint] if hint else [])]))
    if isinstance(error, RefusedError):
        return EXIT_REFUSED
    return EXIT_USAGE if isinstance(error, UsageError) else EXIT_WORLD


def _one_line(text: str) -> str:
    """Foreign text without secrets, and without what plays with a terminal, as reports have it."""
    from provenance.reports.as_json import encodable
    from provenance.reports.escaping import shown
    from provenance.wire.addresses import without_secrets_in

    return shown(encodable(without_secrets_in(text)), 1000)


def _say(text: str) -> None:
    from provenance.cli._wrapping import fitted

    click.echo(fitted(text, sys.stderr), err=True)
