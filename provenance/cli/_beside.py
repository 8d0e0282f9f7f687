"""What the verbs for statements beside a disclosure share: parties, signers, where it goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from provenance.cli._options import OUT, home_of, quoted, say
from provenance.model.errors import UsageError
from provenance.reports.escaping import shown

if TYPE_CHECKING:
    from provenance.cli._stamping import Authority, Stamper
    from provenance.issuing.beside import Place
    from provenance.signing.signer import Signer
    from provenance.verify.outcome import Candidate, Context

F = TypeVar("F", bound=Callable[..., Any])

ROLES = ("artist", "label", "distributor", "manager", "producer", "publisher", "society")
_SCHEMES = ("isni", "ipi", "ipn", "dpid", "domain")


def party_options(whose: str) -> Callable[[F], F]:
    """``--role``, ``--name`` and one option an identifier: who speaks, by their own account."""

    def add(function: F) -> F:
        options = [
            click.option("--role", type=click.Choice(ROLES), help=f"As what {whose} speak."),
            click.option("--name", help=f"The name that {whose} go by."),
            click.option(
                "--id",
                "ids",
                multiple=True,
                metavar="KIND=VALUE",
                help=f"An identifier that {whose} have: isni, ipi, ipn, dpid, domain or another.",
            ),
        ]
        for option in reversed(options):
            function = option(function)
        return function

    return add


def identifier_options(function: F) -> F:
    """``--isni``, ``--ipi``, ``--ipn``, ``--dpid``, ``--domain``."""
    for scheme in reversed(_SCHEMES):
        function = click.option(f"--{scheme}", help=f"Their {scheme.upper()}.")(function)
    return function


def exact_ids(given: dict[str, str | None]) -> dict[str, str]:
    """Identifiers in their exact forms. Raises ``UsageError`` for one that is none."""
    from provenance.model.identifiers import CHECKS, normalise

    found: dict[str, str] = {}
    for kind, value in given.items():
        if value is None:
            continue
        exact = normalise(kind, value) if kind in CHECKS else value.strip()
        if exact is None:
            raise UsageError(f"{value} is no {kind.upper()}", hint="Look for a mistyped character.")
        found[kind] = exact
    return found


def ids_of(wishes: tuple[str, ...]) -> dict[str, str]:
    """Identifiers that were given as ``KIND=VALUE``."""
    given: dict[str, str | None] = {}
    for wish in wishes:
        kind, equals, value = wish.partition("=")
        if not equals or not kind or not value:
            raise UsageError(f"--id {wish}: is not KIND=VALUE", hint="Like --id isni=0000....")
        given[kind.lower()] = value
    return exact_ids(given)


def declarant(options: dict[str, Any]) -> Any:
    """Who speaks, of ``party_options``; None when nothing was said."""
    from provenance.model.parties import Declarant

    ids = ids_of(options["ids"])
    if not (options["role"] or options["name"] or ids):
        return None
    return Declarant(role=options["role"], name=options["name"], ids=ids)


def place_options(function: F) -> F:
    """``--out``, ``--sidecar``, ``--touch``, ``--break-link``: where the new statement goes."""
    options = (
        click.option("--out", type=OUT, help="Write it there alone; the file stays as it is."),
        click.option("--sidecar", is_flag=True, help="Add it beside the file, not into it."),
        click.option("--touch", is_flag=True, help="Renew the file's modification time."),
        click.option(
            "--break-link", is_flag=True, help="Replace this name of a hard-linked file only."
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def place_of(options: dict[str, Any]) -> Place:
    """The place of ``place_options``."""
    from provenance.files.replacing import Replacing
    from provenance.issuing.beside import Place

    if options["out"] is not None and options["sidecar"]:
        raise UsageError("--out and --sidecar: choose one")
    how = Replacing(touch=options["touch"], break_link=options["break_link"])
    return Place(sidecar=options["sidecar"], out=options["out"], files=how)


def signer_from(options: dict[str, Any]) -> Signer:
    """The signer of ``key_options``."""
    from provenance.cli._options import signer_of

    return signer_of(home_of(), options)


def tsa_option(function: F) -> F:
    """``--tsa``: who is asked for a time-stamp of what is signed."""
    made = click.option(
        "--tsa", metavar="URL", help="Time-stamp it there; signs all the same if that fails."
    )
    return made(function)


def authority_of(options: dict[str, Any]) -> Authority | None:
    """The authority of ``tsa_option``; what stands against asking is said before signing."""
    if options["tsa"] is None:
        return None
    from provenance.cli._stamping import Authority

    return Authority(options["tsa"], home_of())


def stamper_of(options: dict[str, Any]) -> Stamper | None:
    """Whoever asks that authority for one time-stamp."""
    authority = authority_of(options)
    return None if authority is None else authority.stamper()


def told(path: Path, place: Place) -> str:
    """Where it went, for a person."""
    if place.out is not None:
        return f"Written: {shown(str(path))}"
    return f"Added to: {shown(str(path))}"


def said_already(path: Path, options: dict[str, Any]) -> str:
    """That this key has said the same there, for a person."""
    words = f"Nothing to do, you have said so already: {shown(str(path))}"
    if options["tsa"] is None:
        return words
    url = quoted(options["tsa"])
    return f"{words}\nTo time-stamp it: prov timestamp {quoted(path)} --tsa {url}"


def say_about(candidate: Candidate, context: Context) -> None:
    """Which statement this is about, before it is signed."""
    manifest, token = candidate.manifest, candidate.token
    if manifest is not None:
        title = shown(manifest.subject.title or "(no title)")
        artists = ", ".join(a.name for a in manifest.subject.artists if a.name)
        say(f"About: {title}" + (f" \u2014 {shown(artists)}" if artists else ""))
    elif candidate.statement is not None:
        say(f"About: {shown(str(candidate.statement.type))}")
    if token is not None:
        name = context.keyring.name(token.key)
        known = f", {shown(name)}" if name else ""
        say(f"  statement {token.sid}, signed by key {token.key}{known}")


def say_check(path: Path, signer: Signer, options: dict[str, Any]) -> None:
    """What to do next; ``options`` are those that name the signer and the place."""
    if options["out"] is not None:
        alone = quoted(options["out"])
        say(f"Send it to whoever has the file; they run: prov verify --statement {alone} FILE")
        return
    from provenance.cli._signed import check_with, key_of

    say(check_with([path], key_of(signer, options, home_of())))
