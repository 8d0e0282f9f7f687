"""What is done for a request, in a worker process: plain values in, an answer in bytes out.

Nothing here knows HTTP or a queue. ``ProblemError`` is raised for requests that cannot be
answered; whatever a file is like is a report (SRV-002).
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from provenance.bulk import verifying
from provenance.bulk.items import Item, is_address
from provenance.bulk.settings import Settings, context_of, given_of
from provenance.files.opening import open_regular
from provenance.model.errors import (
    InputError,
    NetworkError,
    ProvError,
    RefusedError,
    UsageError,
)
from provenance.model.records import dataclass
from provenance.reports.as_json import dumps, report
from provenance.service import requests
from provenance.service.problems import ProblemError
from provenance.service.spool import is_about_space
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify
from provenance.wire.addresses import without_secrets
from provenance.workspace.verifying import Opened, verify_stream

if TYPE_CHECKING:
    from provenance.model.verdict import Verdict
    from provenance.network.fetching import Route

NOT_LOOKED_AT = (
    "The audio itself was not looked at: its digests are the word of whoever asked, "
    "and so is that they are of this recording."
)


@dataclass(frozen=True)
class Answer:
    """A document for whoever asked, and of it what is counted."""

    body: bytes
    media_type: str = "application/json"
    status: str | None = None
    """Of the report."""
    code: str | None = None
    decision: str | None = None
    is_report: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    taken: int | None = None
    """Bytes of the upload."""

    @property
    def figures(self) -> dict[str, Any]:
        """What the log says of it: nothing that it holds (SRV-040)."""
        found = {"status": self.status, "code": self.code, "decision": self.decision}
        return {**found, "bytes": self.taken}

    def of(self, size: int) -> Answer:
        """The same, about an upload of so many bytes."""
        return replace(self, taken=size)


@dataclass(frozen=True)
class Fetching:
    """What may be fetched: hosts with the ways to them, and the bounds."""

    routes: Mapping[str, Route]
    most: int
    seconds: float
    """Of a whole verification."""


_OF_A_HOST = 0.9
"""Of these, until the file is there: a host that is late is told of before its process is ended."""


def warm(settings: Settings) -> None:
    """Load what every verification needs, and read keys and policies."""
    context = context_of(settings)
    report("warm", verify(None, None, context, (Given("given", b"e30.e30.AA"),)), context)


def verify_upload(path: str, item: Item, given: Sequence[bytes], settings: Settings) -> Answer:
    """The report of a file that was uploaded to ``path``; an item's name is shown (SRV-004)."""
    name = item.name
    beside = tuple(Given("given", value.strip()) for value in given)

    def look(context: Context) -> Verdict:
        with open_regular(Path(path)) as stream:
            return _verdict(stream, name, context, (*beside, *given_of(settings)))

    return _answered(item, look, settings)


def verify_url(body: bytes, fetching: Fetching, settings: Settings) -> Answer:
    """The report of what an address gives (``url-request.schema.json``)."""
    request = requests.read(body, "url-request")
    return _fetched(request, fetching, settings)


def verify_manifest(body: bytes, settings: Settings) -> Answer:
    """The report of a statement and digests (``manifest-request.schema.json``; SRV-006)."""
    return _stated(requests.read(body, "manifest-request"), settings)


def verify_line(line: bytes, fetching: Fetching, settings: Settings) -> bytes:
    """One answer of the queue (``worker-answer.schema.json``) to a line that is a request."""
    request = requests.read(line, "worker-request")
    if "path" in request:
        answer = _at_path(request, settings)
    elif "url" in request:
        answer = _fetched(request, fetching, settings)
    else:
        answer = _stated(request, settings)
    return b'{"id": %s, "report": %s}' % (json.dumps(request["id"]).encode(), answer.body)


def _at_path(request: requests.Plain, settings: Settings) -> Answer:
    from provenance.workspace.verifying import verify_path

    item = requests.item_of(request, request["path"])
    beside = (*requests.given_of(request), *given_of(settings))

    def look(context: Context) -> Verdict:
        path = Path(item.name)
        if is_address(item.name) and not os.path.lexists(path):
            hint = "Give an https address in 'url'; other stores are read by prov verify."
            raise UsageError(f"{without_secrets(item.name)}: is no path, but an address", hint=hint)
        return verify_path(path, context, beside)

    return _answered(item, look, settings)


def _stated(request: requests.Plain, settings: Settings) -> Answer:
    stated = requests.stated_of(request)
    beside = (*requests.given_of(request), *given_of(settings))
    item = requests.item_of(request, request.get("name", requests.UNNAMED))

    def look(context: Context) -> Verdict:
        return verify(None, None, context, beside, stated)

    return _answered(item, look, settings, more=(NOT_LOOKED_AT,) if stated else ())


def _fetched(request: requests.Plain, fetching: Fetching, settings: Settings) -> Answer:
    """The file goes where nothing can be left: into a file without a name (SRV-021)."""
    item = requests.item_of(request, without_secrets(request["url"]))
    beside = (*requests.given_of(request), *given_of(settings))
    with tempfile.TemporaryFile() as stream:
        _download(request["url"], fetching, stream)
        stream.seek(0)
        return _answered(
            item, lambda context: _verdict(stream, item.name, context, beside), settings
        )


def _download(url: str, fetching: Fetching, stream: Any) -> None:
    from provenance.network.downloading import NoFileError, address_of, download

    if not fetching.routes:
        raise ProblemError("url.off")
    try:
        address = address_of(url)
    except UsageError as error:
        raise ProblemError("url.address", str(error)) from error
    if address.host not in fetching.routes:
        raise ProblemError("url.host", f"{address.host} is not among the hosts that are allowed")
    seconds = fetching.seconds * _OF_A_HOST
    try:
        download(address, fetching.routes, stream, most=fetching.most, seconds=seconds)
        stream.flush()
    except RefusedError as error:
        raise ProblemError("url.too-large") from error
    except NoFileError as error:
        code = "url.refused" if error.is_final else "url.failed"
        raise ProblemError(code, str(error), upstream=error.status) from error
    except NetworkError as error:
        raise ProblemError("url.failed", str(error)) from error
    except (InputError, OSError) as error:
        if not is_about_space(error):
            raise
        raise ProblemError("service.full") from error


def _verdict(stream: BinaryIO, name: str, context: Context, beside: tuple[Given, ...]) -> Verdict:
    """The verdict of an open file: audio, or a bare token or bundle."""
    try:
        return verify_stream(Opened(stream, name, "given"), context, beside)
    except (EOFError, OSError) as error:
        raise InputError(f"{name}: could not be read") from error


def _answered(
    item: Item, look: Callable[[Context], Verdict], settings: Settings, more: tuple[str, ...] = ()
) -> Answer:
    """The report of what ``look`` finds, with the decision where there is a policy for it."""
    context = context_of(settings)
    try:
        verdict = look(context)
    except ProvError as error:
        return failed(item, error, settings)
    made = verifying.completed(report(item.name, verdict, context), item, verdict, settings)
    made["notSaid"] = [*more, *made["notSaid"]]
    return _reported(made)


def failed(item: Item, error: ProvError, settings: Settings) -> Answer:
    """The report of what could not be looked at, or ended its process, or was late (SRV-003)."""
    name = without_secrets(item.name)
    said = str(error) if str(error).startswith((name, str(Path(name)))) else f"{name}: {error}"
    return _reported(verifying.failed(item, said, error.hint, settings, error))


def _reported(made: dict[str, Any]) -> Answer:
    decision = made.get("decision")
    return Answer(
        dumps(made).encode(),
        status=made["status"],
        code=made["code"],
        decision=decision["outcome"] if decision else None,
        is_report=True,
    )
