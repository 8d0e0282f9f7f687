"""What ``sign --tsa`` and ``timestamp`` share: the authority, asked over the network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from provenance.cli._options import quoted, say
from provenance.model.errors import NetworkError
from provenance.network import tsa
from provenance.reports.escaping import shown
from provenance.workspace.asking import policy_of

if TYPE_CHECKING:
    from provenance.issuing.stamping import Stamped
    from provenance.signing.bundle import Jws
    from provenance.trust.policy import Tsa
    from provenance.workspace.home import Home


class Authority:
    """A time-stamping authority by its address; what it answers is checked before it is used.

    Where the user's trust policy lists authorities, a token must be by one of them. Raises
    ``UsageError`` for an address that is none, ``MissingExtraError`` without the extra ``time``:
    both before anything is signed.
    """

    def __init__(self, url: str, home: Home) -> None:
        from provenance.trust.timestamp_requests import query_for

        tsa.require_address(url)
        query_for(b"installed?")
        self.url = url
        self.known = _authorities(home)

    def stamp(self, statement: Jws) -> Stamped:
        """The statement with a new time-stamp; raises ``NetworkError``."""
        from provenance.issuing.stamping import stamped

        return stamped(statement, lambda query: tsa.ask(self.url, query), self.known)

    def stamper(self) -> Stamper:
        """Whoever asks it for the time-stamp of one signature."""
        return Stamper(self)

    def told(self, made: Stamped) -> str:
        """What was stamped, for a person: the name is checked only if a policy knows it."""
        who = "by an authority of your trust policy" if self.known else "by its own account"
        return f"{made.at:%Y-%m-%d %H:%M:%S} UTC, {shown(made.by)} ({who})"


class Stamper:
    """Asks for one time-stamp; a statement is signed and written all the same without it."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self.made: Stamped | None = None
        self.failed: NetworkError | None = None

    def stamp(self, token: str) -> Jws:
        """The token with its time-stamp, or as it is."""
        try:
            self.made = self.authority.stamp(token)
        except NetworkError as error:
            self.failed = error
            return token
        return self.made.statement

    def tell(self, path: Path, *, had: bool = False) -> None:
        """What became of it, and how to add it later; ``had``: it was there already."""
        if self.made is not None:
            say(f"Time-stamp: {self.authority.told(self.made)}")
            return
        if self.failed is not None:
            say(f"No time-stamp: {shown(str(self.failed), 1000)}. {shown(self.failed.hint)}")
            say("What was signed is whole without it.")
        elif had:
            say("It has a time-stamp already.")
            return
        url = self.authority.url
        say(f"To add it later: prov timestamp {quoted(path)} --tsa {quoted(url)}")


def _authorities(home: Home) -> tuple[Tsa, ...]:
    path = policy_of(home, None)
    if path is None:
        return ()
    from provenance.workspace.policies import load_policy

    return load_policy(path, home).tsas
