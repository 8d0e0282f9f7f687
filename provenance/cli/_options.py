"""Options and small talk that several verbs share."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from provenance.cli._wrapping import fitted
from provenance.model.errors import InputError, KeyFileError, UsageError
from provenance.reports.escaping import shown
from provenance.verify.outcome import Context
from provenance.workspace.asking import (
    context_at,
    parsed,
    policy_of,
    public_key_of,
    read_key,
    read_small,
)
from provenance.workspace.home import Home, find_home

if TYPE_CHECKING:
    from provenance.signing.keys import KeyPair, PublicKey
    from provenance.signing.signer import Signer

F = TypeVar("F", bound=Callable[..., Any])


class Seconds(click.FloatRange):
    """A time that a clock can count: a number, of no more than a day."""

    def __init__(self, least: float) -> None:
        super().__init__(least, _DAY_SECONDS, min_open=not least)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The time that was named; NaN is within every range."""
        found = float(super().convert(value, param, ctx))
        if math.isnan(found):
            self.fail(f"{value} is no number of seconds", param, ctx)
        return found


class _Files(click.Path):
    """A path; an empty one is refused, which would otherwise stand for the working folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path that was named."""
        if value == "":
            self.fail("an empty name", param, ctx)
        return Path(str(super().convert(value, param, ctx)))


class _Out(_Files):
    """Where a file is written; what ends as a folder's name does is not taken for a file's."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path that was named; ``Path`` itself drops the separator at its end."""
        path = super().convert(value, param, ctx)
        if os.path.basename(value) in {"", "."} and not path.is_dir():  # noqa: PTH119 - as above
            name = param.opts[0] if param else "the output"
            raise UsageError(
                f"{name} {value}: must be an existing folder",
                hint=f"Without {os.sep} at its end it is the name of a file.",
            )
        return path


FILES = _Files(readable=False)
"""Whether it can be read is for whoever opens it to say: that is no fault of the call."""
OUT = _Out(readable=False)
"""What a file is written to, or a folder that it is written into."""
PUBLIC = ".pub.jwk"
"""How the name of a public key's file ends."""
_PASSPHRASE_BYTES = 4096
_PASSPHRASE_TRIES = 3
_DAY_SECONDS = 86_400.0


def is_terminal() -> bool:
    """Whether a person sits at both ends: only then questions are asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS


def say(text: str) -> None:
    """Talk goes to stderr, data to stdout."""
    click.echo(fitted(text, sys.stderr), err=True)


def quoted(path: Path | str) -> str:
    """A path as it can be typed in a shell after a verb, harmless for a terminal."""
    import shlex

    text = str(path)
    if text.startswith("-"):
        text = f"./{text}"
    if all(shown(char) == char for char in text):
        return shlex.quote(text)
    return f"$'{''.join(map(_quoted, text))}'"


def _quoted(char: str) -> str:
    """A character between ``$'`` and ``'``; what a terminal must not get as octal bytes."""
    if shown(char) != char:
        return "".join(f"\\{byte:03o}" for byte in os.fsencode(char))
    return f"\\{char}" if char in "\\'" else char


def key_options(function: F) -> F:
    """``--key``, ``--sign-command``, ``--public-key``, ``--cert`` and the passphrase options."""
    options = (
        click.option("--key", type=FILES, help="Private key file (PEM). Default: your own key."),
        click.option(
            "--sign-command",
            metavar="COMMAND",
            help="Program that signs: gets the bytes on stdin, answers the raw signature.",
        ),
        click.option("--public-key", type=FILES, help="Public key (JWK or PEM) of --sign-command."),
        click.option("--cert", type=FILES, help="The key's certificate, and its issuers' (PEM)."),
        click.option("--passphrase-file", type=FILES, help="File whose first line opens the key."),
        click.option("--passphrase-fd", type=int, help="File descriptor to read it from."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def context_of(
    home: Home,
    keys: tuple[Path, ...] = (),
    require: tuple[str, ...] = (),
    decode: str = "auto",
    trust: Path | None = None,
) -> Context:
    """The user's context: their keyring, the keys named in this call, their wishes.

    ``trust`` is the trust policy to ask by; without one the built-in ``personal`` holds, which is
    right for whoever signs: see ``asker_of`` for whoever asks.
    """
    return context_at(datetime.now(UTC), home, keys, require, decode, trust)


def asker_of(home: Home) -> Context:
    """The context of whoever asks what others declared: keyring and trust policy, as ``verify``.

    Every verb that says whether a declaration passes takes this one, so that all say the same.
    """
    return context_of(home, trust=policy_of(home, None))


def end_of_day(option: str, day: str, form: str = "a day like 2027-12-31") -> str:
    """The end of a day that an option names, as a time."""
    from datetime import timedelta

    try:
        end = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC) + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{option}: '{day}' is no day", hint=f"Write {form}.") from error
    return end.strftime("%Y-%m-%dT%H:%M:%SZ")


def read_declaration(path: Path) -> dict[str, Any]:
    """A declaration file as plain JSON values; raises ``UsageError`` when it is not good JSON."""
    found = parsed(path, read_small(path, wanted="a declaration (JSON)"))
    if not isinstance(found, dict):
        raise UsageError(f"{path}: is not a JSON object")
    return found


def passphrase_of(passphrase_file: Path | None, passphrase_fd: int | None) -> bytes | None:
    """The passphrase from a file or descriptor (never from an argument); None if not given.

    An empty one is refused: a secret that did not arrive must not make a key without one.
    """
    if passphrase_file is not None:
        given = read_small(passphrase_file, _PASSPHRASE_BYTES, "a passphrase on its first line")
    elif passphrase_fd is not None:
        import os

        try:
            given = os.read(passphrase_fd, _PASSPHRASE_BYTES)
        except OSError as error:
            raise UsageError(f"--passphrase-fd {passphrase_fd}: {error.strerror}") from error
    else:
        return None
    passphrase = given.split(b"\n")[0]
    if not passphrase:
        raise UsageError(
            "the passphrase that was given is empty",
            hint="Put it on the first line; for a key without one leave the option out.",
        )
    return passphrase


def signer_of(home: Home, options: Mapping[str, Any]) -> Signer:
    """The signer that the options of ``key_options`` name, or the user's default key.

    On a terminal a missing default key is made; off a terminal it is never made.
    """
    from provenance.signing.signer import CommandSigner, FileSigner

    cert, public_key = options["cert"], options["public_key"]
    sign_command = options["sign_command"]
    if sign_command is not None:
        if public_key is None and cert is None:
            raise UsageError(
                "--sign-command needs --public-key or --cert",
                hint="Name the key's JWK, or its certificate.",
            )
        named = None if public_key is None else public_key_of(public_key)
        chain, leaf = _chain_of(cert, named)
        return CommandSigner(_words(sign_command), leaf, certificates=chain)
    passphrase = passphrase_of(options["passphrase_file"], options["passphrase_fd"])
    path = options["key"] or home.default_key()
    if path is None:
        pair = _first_key(home, passphrase)
    else:
        pair = _open_key(path, passphrase, options["passphrase_file"], rsa=cert is not None)
    chain, _ = _chain_of(cert, pair.public)
    return FileSigner(pair, chain)


def _chain_of(cert: Path | None, public: PublicKey | None) -> tuple[tuple[bytes, ...], Any]:
    """The certificates of ``--cert`` as DER and the leaf's key; none and ``public`` without."""
    if cert is None:
        return (), public
    from provenance.model.limits import DEFAULT_LIMITS
    from provenance.signing.certificates import leaf_key, load_chain, require_current
    from provenance.signing.keys import KeyValueError

    try:
        chain = load_chain(read_small(cert), public, DEFAULT_LIMITS.chain)
        require_current(chain, datetime.now(UTC))
        return chain, leaf_key(chain[0])
    except KeyFileError as error:
        raise KeyFileError(f"{cert}: {error}", hint=error.hint) from error
    except KeyValueError as error:
        raise KeyFileError(f"{cert}: its key cannot be used: {error.reason}") from error


def _words(command: str) -> tuple[str, ...]:
    """A command in the words that a shell would see; no shell is asked (KEY-020)."""
    import shlex

    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise UsageError(f"--sign-command: {error}", hint="Close the quotation mark.") from error
    if not words:
        raise UsageError("--sign-command names no program", hint="Name the program that signs.")
    return words


def _open_key(
    path: Path, passphrase: bytes | None, source: Path | None = None, *, rsa: bool = False
) -> KeyPair:
    """The key in a file; errors name the file, and ``source`` where a passphrase came from it."""
    from provenance.signing.keys import is_encrypted, load_private

    pem = read_key(path, "a private key (PEM)")
    if passphrase is None and is_encrypted(pem):
        if not is_terminal():
            raise KeyFileError(
                f"{path}: needs its passphrase",
                hint="Give it with --passphrase-file or --passphrase-fd.",
            )
        return _asked_open(path, pem, rsa=rsa)
    try:
        return load_private(pem, passphrase, rsa=rsa)
    except KeyFileError as error:
        by = f" (from {source})" if source is not None and is_encrypted(pem) else ""
        raise KeyFileError(f"{path}: {error}{by}", hint=error.hint) from error


def _asked_open(path: Path, pem: bytes, *, rsa: bool = False) -> KeyPair:
    """The key, opened with a passphrase that is asked for, three times at most."""
    from provenance.signing.keys import load_private

    for left in reversed(range(_PASSPHRASE_TRIES)):
        given = click.prompt(f"Passphrase of {shown(str(path))}", hide_input=True, err=True)
        try:
            return load_private(pem, given.encode(), rsa=rsa)
        except KeyFileError as error:
            if not left:
                raise
            say(f"{str(error).capitalize()}. Try again.")
    raise AssertionError(path)


def _first_key(home: Home, passphrase: bytes | None) -> KeyPair:
    """The user's first key, made here; its passphrase is asked for where none was given."""
    from provenance.signing.keys import load_private

    require_no_half(home)
    if not is_terminal():
        raise UsageError(
            "you have no key yet", hint="Make one with 'prov keygen', or name one with --key."
        )
    say("You have no signing key yet: making one. A passphrase protects it on this computer.")
    passphrase = passphrase or ask_passphrase()
    path = home.new_default_key()
    make_key(path, "ES256", passphrase or None)
    say(f"Your key is {shown(str(path))}. Keep a copy of it in a safe place.")
    if not passphrase:
        say("It has no passphrase: whoever can read this file can sign as you.")
    say("")
    return load_private(read_small(path), passphrase or None)


def require_no_half(home: Home) -> None:
    """Refuse to go on, or to make a key, where only the public half of one's own key is left."""
    public = home.half_a_key()
    if public is None:
        return
    private = public.with_name(public.name.removesuffix(PUBLIC) + ".pem")
    raise KeyFileError(
        f"{private}: your private key is missing; its public half, {public.name}, is there",
        hint="Put your copy of it back. Without one: give the public half another name, such as "
        f"old{PUBLIC}, by which what you signed stays yours, and make a new key: prov keygen",
    )


def ask_passphrase() -> bytes:
    """A new passphrase, asked twice; empty means that the key is stored without one."""
    while answer := _hidden("Choose a passphrase, or press Enter for none"):
        if answer == _hidden("The same again"):
            break
        say("These two are not the same.")
    return answer.encode()


def _hidden(question: str) -> str:
    answer: str = click.prompt(question, default="", show_default=False, hide_input=True, err=True)
    return answer


def make_key(path: Path, alg: str, passphrase: bytes | None) -> str:
    """Write a new private key (0600) and its public JWK; the thumbprint. Never overwrites."""
    import json
    import os

    from provenance.files.replacing import write_new
    from provenance.signing.keys import generate, private_pem

    pair = generate(alg)
    public = public_path(path)
    if os.path.lexists(public):
        raise InputError(f"{public}: exists already", hint="Choose another name, or move it away.")
    write_new(path, private_pem(pair, passphrase), mode=0o600)
    jwk = json.dumps(dict(pair.public.jwk), indent=2).encode() + b"\n"
    write_new(public, jwk, mode=0o644)
    return str(pair.public.thumbprint)


def public_path(private: Path) -> Path:
    """Where ``make_key`` puts the public half of a private key's file."""
    return private.with_name(private.name.removesuffix(".pem") + PUBLIC)


def without_policy(context: Context) -> Context:
    """The same context, requiring nothing: for commands that look but do not approve."""
    return replace(context, required={}, decode="never")


def home_of() -> Home:
    """The user's own folder."""
    return find_home()
