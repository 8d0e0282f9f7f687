"""Commands as the documents write them: fenced blocks, inline code, examples in help pages."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import click
from provenance.cli.main import cli

CHECKOUT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    [
        CHECKOUT / "README.md",
        CHECKOUT / "provenance" / "README.md",
        *CHECKOUT.glob("spec/**/*.md"),
        *CHECKOUT.glob("examples/**/README.md"),
    ]
)
_OPERATORS = {">", "|", "||", "&&", ";", "<", "#"}


@dataclass(frozen=True)
class Block:
    """A fenced block: under which heading of which document, its language, its lines."""

    document: str
    heading: str
    language: str
    lines: tuple


def blocks(path):
    """The fenced blocks of a document."""
    heading, language, lines = "", None, []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("```"):
            if language is None:
                language, lines = line[3:].strip(), []
            else:
                name = str(path.relative_to(CHECKOUT))
                yield Block(name, heading, language, tuple(lines))
                language = None
        elif language is not None:
            lines.append(line)
        elif line.startswith("#"):
            heading = line.lstrip("# ").strip()


def commands(block):
    """The shell lines of a block that run prov, comments cut off."""
    found = (re.sub(r"\s+#.*$", "", line).strip() for line in block.lines)
    return [line for line in found if re.match(r"(\S*/)?prov ", line)]


def inline(path):
    """Every `prov ...` in running text."""
    text = re.sub(
        r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    return re.findall(r"`(prov [^`]+)`", text)


def words(line):
    """The arguments of the first prov of a shell line, as far as the shell gives them to it."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split, lexer.commenters = True, ""  # a shell's # begins a word
    found = list(lexer)
    end = next((n for n, word in enumerate(found) if word in _OPERATORS), len(found))
    return found[1:end]


def resolve(arguments):
    """The command that the first words name, and the words that are left for it."""
    command, rest = cli, list(arguments)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        inner = command.get_command(click.Context(command), rest[0])
        if inner is None and hasattr(command, "default"):  # 'prov audit CHART'
            rest.insert(0, command.default)
            continue
        if inner is None:
            raise ValueError(f"no command: prov {' '.join(arguments)}")
        command, rest = inner, rest[1:]
    return command, rest


def parse(arguments):
    """Parse without running; raises ``click.UsageError`` for a call that could never run."""
    command, rest = resolve(arguments)
    assert not isinstance(command, click.Group), f"half a command: prov {' '.join(arguments)}"
    command.make_context(" ".join(["prov", *arguments]), rest)


def all_commands():
    """Every command with the words that lead to it."""
    waiting = [((), cli)]
    while waiting:
        path, command = waiting.pop()
        yield path, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                waiting.append(((*path, name), command.get_command(context, name)))


def examples(command):
    """The example lines of a help page."""
    lines = re.sub(r"^Examples?: ", "  ", command.epilog or "", flags=re.MULTILINE).split("\n")
    return [line.strip() for line in lines if line.startswith("  prov ")]
