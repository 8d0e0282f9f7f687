"""Objects below a prefix, or that a pattern matches, page by page (BLK-044)."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Sequence

from provenance.bulk._store_words import telling
from provenance.bulk.objects import Store, store_of
from provenance.bulk.settings import StoreOptions
from provenance.containers import is_named_as_audio
from provenance.model.errors import InputError
from provenance.wire.addresses import WEB

_WILD = re.compile(r"[*\[]")
_DEEP = "**"
_S3 = frozenset({"s3", "s3a"})
_NOT_ALL = "not all of it could be listed"
_NONE_BELOW = "nothing is below it that is named like audio"


def is_many(address: str) -> bool:
    """Whether an address stands for what is below it, or for what it matches."""
    if address.partition("://")[0].lower() in WEB:
        return False  # a web server has no listing
    return address.endswith("/") or bool(_WILD.search(address))


def addresses_of(address: str, options: StoreOptions | None) -> Iterator[str]:
    """The addresses that one stands for, in the byte order of their keys; itself for one object.

    Below a prefix, or where a pattern ends with ``**``, those whose suffix is one of audio.
    Names that begin with a point are passed over. Raises ``ProvError`` for what cannot be listed,
    at the place where it cannot, and for what stands for nothing.
    """
    if not is_many(address):
        yield address
        return
    store = store_of(address, options)
    path = store.path + "/" if address.endswith("/") else store.path
    parts = _parts(path)
    start, is_empty = _start(parts), True
    before, instead = _place(address, path)
    keys = _keys(store, start)
    while True:
        with telling(store.name if is_empty else f"{store.name}: {_NOT_ALL}", is_list=True):
            key = next(keys, None)
        if key is None:
            break
        names = key.split("/")
        if _is_wanted(names, parts):
            is_empty = False
            yield before + key.removeprefix(instead)
    if is_empty:
        _require_object(store, path)
        yield address  # an object whose own name is the pattern


def _require_object(store: Store, path: str) -> None:
    if path.endswith("/"):
        raise InputError(f"{store.name}: {_NONE_BELOW}", hint="Check the address.")
    with telling(store.name):
        is_there = store.fs.exists(path)
    if not is_there:
        raise InputError(f"{store.name}: matches nothing", hint="Check the pattern.")


def _place(address: str, path: str) -> tuple[str, str]:
    """What an address has before its path, and what of a key stands in the place of that.

    ``s3://`` and nothing; ``sftp://host`` and nothing, where keys begin with a slash;
    ``abfs://music@account.example`` and ``music``.
    """
    scheme, _, typed = address.partition("://")
    theirs, ours = typed.rstrip("/").split("/"), path.rstrip("/").split("/")
    while theirs and ours and theirs[-1] == ours[-1]:
        theirs.pop()
        ours.pop()
    before, instead = "/".join(theirs), "/".join(ours)
    return (f"{scheme}://", "") if _WILD.search(instead) else (f"{scheme}://{before}", instead)


def _parts(path: str) -> tuple[str, ...]:
    parts = [*path.rstrip("/").split("/"), *([_DEEP] if path.endswith("/") else [])]
    return tuple(p for n, p in enumerate(parts) if p != _DEEP or parts[n - 1 : n] != [_DEEP])


def _start(parts: Sequence[str]) -> str:
    """The folder that all keys are below."""
    place = next((n for n, part in enumerate(parts) if _WILD.search(part)), len(parts))
    return "/".join(parts[:place])


def _is_wanted(names: Sequence[str], parts: Sequence[str]) -> bool:
    if not names[-1] or any(name.startswith(".") for name in names):
        return False
    if parts[-1] == _DEEP and not is_named_as_audio(names[-1]):
        return False
    return _matches(names, parts)


def _matches(names: Sequence[str], parts: Sequence[str]) -> bool:
    if not parts:
        return not names
    if parts[0] == _DEEP:
        return any(_matches(names[n:], parts[1:]) for n in range(len(names) + 1))
    is_first = bool(names) and (
        names[0] == parts[0]
        if not _WILD.search(parts[0])
        else fnmatch.fnmatchcase(names[0], parts[0])
    )
    return is_first and _matches(names[1:], parts[1:])


def _keys(store: Store, start: str) -> Iterator[str]:
    return _pages(store, start) if store.scheme in _S3 else _walked(store, start)


def _pages(store: Store, start: str) -> Iterator[str]:
    """Keys of S3, at most 1,000 a request, in the byte order that S3 gives them in."""
    bucket, _, prefix = start.partition("/")
    asked = {"Bucket": bucket, "Prefix": f"{prefix}/" if prefix else ""}
    while True:
        page = store.fs.call_s3("list_objects_v2", **asked)
        for entry in page.get("Contents", []):
            yield f"{bucket}/{entry['Key']}"
        if not page.get("IsTruncated"):
            return
        asked["ContinuationToken"] = page["NextContinuationToken"]


def _walked(store: Store, folder: str) -> Iterator[str]:
    """Keys of another store; the names of one folder at a time are held."""
    entries = store.fs.ls(folder, detail=True)
    store.fs.invalidate_cache(folder)
    for name in sorted((_ordered(e["name"], e["type"]) for e in entries), key=str.encode):
        if not name.endswith("/"):
            yield name
        elif name.rstrip("/") != folder.rstrip("/"):
            yield from _walked(store, name.rstrip("/"))


def _ordered(name: str, kind: str) -> str:
    return f"{name.rstrip('/')}/" if kind == "directory" else name
