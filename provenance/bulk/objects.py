"""Objects in stores: ``s3://``, ``gs://``, ``https://`` and what else fsspec knows (spec 26.5).

The one door to fsspec (extra ``catalog``). An address is opened because the caller named it;
nothing that stands in an artefact comes here.
"""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from provenance.bulk import _web
from provenance.bulk._ranged import AGAIN, CHANGED, FIRST_BYTES, BrokenError, Fetch, Ranged
from provenance.bulk._store_words import said, status_of, telling
from provenance.bulk.settings import Hidden, StoreOptions
from provenance.issuing.preparing import SIDECAR, SIDECAR_SUFFIX
from provenance.model.errors import MissingExtraError, NetworkError, ProvError, UsageError
from provenance.model.records import dataclass
from provenance.model.verdict import Verdict
from provenance.verify.outcome import Context, Given
from provenance.wire.addresses import WEB, parted, without_secrets
from provenance.workspace.verifying import Opened, verify_path, verify_stream

_LOCAL = frozenset({"file", "local"})
_VERSIONS = ("ETag", "etag", "generation", "md5Hash", "LastModified", "mtime", "updated", "size")
"""What a store says that tells one version of an object from another."""
_NONE_BESIDE = frozenset({401, 403, 404, 410})
"""Answers of a web server that does not give a sidecar: it lists nothing, so they are alike."""
_EMPTY = 416


@dataclass(frozen=True)
class Store:
    """A file system of fsspec, and the address in it."""

    fs: Any
    scheme: str
    address: str
    name: str
    """The address as it may be shown."""

    @property
    def path(self) -> str:
        """The address as the file system takes it."""
        path = self.fs._strip_protocol(self.address)  # noqa: SLF001 - fsspec's rule for subclasses
        return str(path)


def options_of(words: Sequence[str]) -> StoreOptions:
    """Options of stores, each ``NAME=VALUE`` or ``SCHEME.NAME=VALUE`` for stores of one scheme.

    Raises ``UsageError``, which shows no value.
    """
    found = []
    for word in words:
        name, sign, value = word.partition("=")
        if not name or not sign:
            hint = "Write --storage-option endpoint_url=https://store.example"
            raise UsageError("an option of a store is NAME=VALUE", hint=hint)
        found.append((name, Hidden(value)))
    return tuple(found)


def store_of(address: str, options: StoreOptions | None) -> Store:
    """The store that an address is in.

    Raises ``UsageError`` where no address may be opened or none knows its scheme, and
    ``MissingExtraError`` without the packages that it needs.
    """
    name = without_secrets(address)
    if options is None:
        hint = "Give the settings 'stores' where addresses are the caller's own."
        raise UsageError(f"{name}: addresses are not opened here", hint=hint)
    scheme = address.partition("://")[0].lower()
    try:
        import fsspec
    except ImportError as error:
        hint = "Install it with: pip install 'musicprov[catalog]'"
        raise MissingExtraError(
            f"{name}: opening addresses needs the extra 'catalog'", hint=hint
        ) from error
    try:
        kind = fsspec.get_filesystem_class(scheme)
    except ValueError as error:
        hint = "s3://, gs:// and https:// are known, and what else fsspec knows."
        raise UsageError(f"{name}: no store is known as {scheme}://", hint=hint) from error
    except ImportError as error:
        raise MissingExtraError(f"{name}: a package is missing", hint=str(error)) from error
    with telling(name):
        asked = kind._get_kwargs_from_urls(address)  # noqa: SLF001 - as fsspec's own opening does
        version = "" if scheme in WEB else parted(address)[1]
        if version and not version.endswith("="):
            asked["version_aware"] = True  # where a "#" in the key hides the version from that
        fs = kind(**{**_given(options, scheme), **asked})
    return Store(fs, scheme, address, name)


def _given(options: StoreOptions, scheme: str) -> dict[str, Any]:
    """The options that are for stores of a scheme: ``NAME``, or ``SCHEME.NAME`` for one scheme."""
    found = {}
    for option, value in options:
        only, point, name = option.rpartition(".")
        if not point or only == scheme:
            found[name] = _value(value)
    return found


def _value(text: str) -> Any:
    """A value as it is meant: true, false, a JSON object, or the text."""
    if text in {"true", "false"} or text.startswith("{"):
        try:
            return json.loads(text)
        except ValueError:
            pass
    return str(text)


def verify_object(
    address: str, options: StoreOptions | None, context: Context, given: Sequence[Given] = ()
) -> Verdict:
    """Verify an object with its sidecar, or a bare token or bundle.

    Raises ``ProvError`` when it cannot be looked at: it is not there, may not be read, changed
    while it was read, or is no audio that is known.
    """
    store = store_of(address, options)
    if store.scheme in _LOCAL:
        with _named(store, Path(address.partition("://")[2])) as path:
            return verify_path(path, context, given)
    where = PurePosixPath(parted(store.name)[0]).name
    with opened(store) as stream:
        try:
            return verify_stream(
                Opened(stream, store.name, where),
                context,
                given,
                lambda: _sidecar(store, context.limits.bundle_bytes),
            )
        except EOFError as error:
            raise NetworkError(f"{store.name}: {CHANGED}", hint=AGAIN) from error


@contextmanager
def _named(store: Store, path: Path) -> Iterator[Path]:
    """What is wrong with a path is said of the address that was given for it."""
    try:
        yield path
    except ProvError as error:
        error.message = error.message.replace(f"{path}: ", f"{store.name}: ", 1)
        error.args = (error.message,)
        if error.message.endswith(": is a folder"):
            error.hint = "End it with / for the audio below it."
        raise


@contextmanager
def opened(store: Store) -> Iterator[BinaryIO]:
    """A seekable stream of the object, of one version of it (BLK-041, BLK-042).

    Raises ``InputError`` or ``NetworkError``, as does leaving: reading the stream raises an
    ``OSError`` in between, which is turned into them here.
    """
    with ExitStack() as stack:
        with telling(store.name):
            stream, require_same = _opened(store, stack)
        try:
            yield stream
        except BrokenError as error:
            raise error.said from error
        with telling(store.name):
            require_same()


def _opened(store: Store, stack: ExitStack) -> tuple[BinaryIO, Callable[[], None]]:
    if store.scheme in WEB:
        return _web.WebObject(store.fs, store.address, store.name).opened(stack), lambda: None
    file = stack.enter_context(store.fs.open(store.path, "rb", cache_type="none"))
    is_pinned = bool(getattr(file, "read_kw", {}).get("IfMatch"))  # the store refuses another one
    version = None if is_pinned else _version(store)
    size = getattr(file, "size", None)
    if isinstance(size, int):
        ranged = Ranged(_fetching(file, store.name), size, store.name)
        stream: BinaryIO = io.BufferedReader(ranged, FIRST_BYTES)
    else:
        stream = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        shutil.copyfileobj(file, stream)

    def require_same() -> None:
        if not is_pinned and _version(store) != version:
            raise NetworkError(f"{store.name}: {CHANGED}", hint=AGAIN)

    return stream, require_same


def _version(store: Store) -> list[str]:
    info = store.fs.info(store.path)
    if info.get("type") == "directory":
        raise IsADirectoryError
    return [str(info.get(key)) for key in _VERSIONS]


def _fetching(file: Any, name: str) -> Fetch:
    def fetch(start: int, end: int) -> bytes:
        try:
            file.seek(start)
            data: bytes = file.read(end - start)
        except Exception as error:  # a library's errors are of every kind
            raise BrokenError(said(name, error)) from error
        return data

    return fetch


def _sidecar(store: Store, most: int) -> tuple[Given, ...]:
    """What stands beside the object under the sidecar's name (CAR-005), in its newest version."""
    address, rest = parted(store.address)
    is_web = store.scheme in WEB
    if is_web and rest.startswith("?"):  # signed for this object alone, or no file name
        return ()
    address += SIDECAR_SUFFIX
    beside = replace(store, address=address, name=without_secrets(address))
    with telling(beside.name):
        try:
            value = _small(beside, most + 1)
        except FileNotFoundError:
            return ()
        except Exception as error:
            status = status_of(error)
            if is_web and status in _NONE_BESIDE:
                return ()
            if status != _EMPTY:
                raise
            value = b""
    return (Given(SIDECAR, value),)


def _small(store: Store, most: int) -> bytes:
    if store.scheme in WEB:
        return _web.WebObject(store.fs, store.address, store.name).head(most)
    data: bytes = store.fs.cat_file(store.path, start=0, end=most)
    return data
