"""Options that ``prov worker`` and ``prov serve`` share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from provenance.cli._options import FILES, Seconds, processors
from provenance.service.limits import DEFAULT_LIMITS

if TYPE_CHECKING:
    from provenance.network.fetching import Route

F = TypeVar("F", bound=Callable[..., Any])


def asking_options(function: F) -> F:
    """Whom to believe, what to require, what to fetch, and how much of this machine to use."""
    options = (
        click.option("--jobs", type=click.IntRange(1, 256), help="Processes. Default: the CPUs."),
        click.option("--timeout", type=Seconds(1),
                     default=DEFAULT_LIMITS.verify_seconds, show_default=True,
                     metavar="SECONDS", help="Time for one file."),
        click.option("--trust", type=FILES, help="Trust policy. Default: yours (prov trust use)."),
        click.option("--key", "keys", multiple=True, type=FILES,
                     help="A public key that you know (JWK)."),
        click.option("--require", multiple=True, metavar="AXIS[=VALUE]",
                     help="Ask for more: binding=exact, time ..."),
        click.option("--policy", "ingest", metavar="POLICY",
                     help="Accept, hold or reject by a policy at ingest; 'welcoming' and "
                     "'strict' are ready-made."),
        click.option("--decode", type=click.Choice(["never", "auto"]), default="never",
                     show_default=True, help="Whether a limited child process may decode audio."),
        click.option("--allow-host", "hosts", multiple=True, metavar="HOST[=IP:PORT]",
                     help="A host from which files may be fetched. Default: none."),
        click.option("--host-ca", type=FILES,
                     help="Authorities (PEM) for the certificates of these hosts."),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


_HOST = "Name the host alone, like audio.example; for one in your own network add =10.0.0.5:8443."


def jobs_of(options: Mapping[str, Any]) -> int:
    """Processes to verify with: as many as were asked for, or as there are processors."""
    named: int | None = options["jobs"]
    return named or processors()


def routes_of(hosts: tuple[str, ...], authorities: Path | None) -> dict[str, Route]:
    """The hosts that may be fetched from.

    Raises ``UsageError`` for what names none, ``InputError`` for authorities that cannot be used.
    """
    if not hosts and authorities is None:
        return {}
    from provenance.network.fetching import Route, tls
    from provenance.network.hosts import endpoint_of, host_of

    tls(Route(None, authorities))
    found: dict[str, Route] = {}
    for named in hosts:
        name, given, address = named.partition("=")
        found[host_of(name, hint=_HOST)] = Route(
            endpoint_of(address) if given else None, authorities
        )
    return found
