"""What to verify, one after another: never a list of all, however many there are (spec 26.1)."""

from __future__ import annotations

import errno
import fnmatch
import io
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from provenance.bulk.settings import StoreOptions
from provenance.files.opening import input_error, is_closed
from provenance.model.errors import InputError, ProvError
from provenance.model.records import dataclass
from provenance.wire.addresses import scheme_of

STDIN = "-"
LIST = "@"
_DEEP = "**"
_WILD = re.compile(r"[*?\[]")

Entry = tuple[str, str | None, ProvError | None]
"""A name, the ISRC that is expected of it, and why it stands for nothing, if it does not."""


@dataclass(frozen=True)
class Item:
    """One thing to verify."""

    number: int
    """From 0, in the order given."""
    name: str
    """As the caller wrote it: a path, or a URL with a scheme (``s3://``, ``https://`` ...)."""
    isrc: str | None = None
    """The ISRC that the caller expects, in its exact form or as it was written."""
    fault: ProvError | None = None
    """Why the name stands for nothing, or not for all that it should."""


@dataclass(frozen=True)
class Sources:
    """Where items come from, in this order: arguments, then a table."""

    arguments: tuple[str, ...] = ()
    table: str | None = None
    """A CSV with a column ``path`` and perhaps ``isrc``; ``-`` for standard input."""
    nul: bool = False
    """Whether names in lists end with NUL in place of a line end."""
    stores: StoreOptions | None = None
    """What stores are opened with, to list what is below an address."""

    @property
    def are_files(self) -> bool:
        """Whether they can be read a second time: no standard input, pipe or listing of a store."""
        if STDIN in (*self.arguments, self.table) or any(map(is_address, self.arguments)):
            return False
        return all(map(os.path.isfile, self._lists))

    @property
    def _lists(self) -> tuple[str, ...]:
        """The files of the lists and of the table."""
        lists = tuple(a[1:] for a in self.arguments if a.startswith(LIST))
        return lists if self.table is None or self.table == STDIN else (*lists, self.table)

    def require_lists(self) -> None:
        """Raise ``InputError`` for a list or table that cannot be opened (BLK-006).

        None is opened, for it may be a pipe.
        """
        for name in self._lists:
            try:
                if stat.S_ISDIR(Path(name).stat().st_mode):
                    raise IsADirectoryError(errno.EISDIR, "")
                if not os.access(name, os.R_OK):
                    raise PermissionError(errno.EACCES, "")
            except OSError as error:
                raise input_error(name, error) from error
            except ValueError as error:  # a NUL in the name
                raise InputError(f"{name}: not a file name") from error


class PassedOver:
    """Counts what looking through folders passed over (BLK-005)."""

    def __init__(self) -> None:
        self.links = 0
        """Symbolic links: what they lead to was not looked at."""

    def link(self) -> None:
        """Count one link."""
        self.links += 1


def items_of(
    sources: Sources,
    stdin: Callable[[], io.BufferedReader],
    passed: PassedOver | None = None,
) -> Iterator[Item]:
    """The items of all sources, each when it is asked for; ``stdin`` opens standard input.

    Raises ``InputError`` or ``UsageError`` for a list or table that cannot be read. What a single
    entry is like is said of that item when it is verified. ``passed`` counts what is passed over
    until then.
    """
    on_link = (passed or PassedOver()).link
    for number, entry in enumerate(_entries(sources, stdin, on_link)):
        yield Item(number, *entry)


def is_address(name: str) -> bool:
    """Whether a name is a URL with a scheme, not a path."""
    return bool(scheme_of(name))


def _entries(
    sources: Sources, stdin: Callable[[], io.BufferedReader], on_link: Callable[[], None]
) -> Iterator[Entry]:
    for argument in sources.arguments:
        if argument == STDIN:
            yield from _plain(_in_list(stdin(), on_link, nul=sources.nul))
        elif argument.startswith(LIST):
            with _opened(argument[1:]) as stream:
                yield from _plain(_in_list(stream, on_link, nul=sources.nul))
        else:
            try:
                yield from _plain(_named(argument, sources.stores, on_link))
            except ProvError as error:  # the rest goes on (BLK-003)
                yield argument, None, error
    if sources.table is not None:
        from provenance.bulk.lists import rows_in

        with stdin() if sources.table == STDIN else _opened(sources.table) as stream:
            yield from ((name, isrc, None) for name, isrc in rows_in(stream))


def _plain(names: Iterator[str]) -> Iterator[Entry]:
    return ((name, None, None) for name in names)


def _in_list(stream: io.BufferedReader, on_link: Callable[[], None], *, nul: bool) -> Iterator[str]:
    from provenance.bulk.lists import names_in

    given = names_in(stream, nul=nul)
    return (name for entry in given for name in _listed(entry, on_link))


def _opened(name: str) -> io.BufferedReader:
    """A list or table; unlike an audio file it may be a pipe, as a shell's ``<(...)`` is."""
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise input_error(name, error) from error
    except ValueError as error:  # a NUL in the name
        raise InputError(f"{name}: not a file name") from error


def _named(
    argument: str, stores: StoreOptions | None, on_link: Callable[[], None]
) -> Iterator[str]:
    """What an argument stands for: itself, the audio below a folder, what a pattern matches.

    Raises ``ProvError`` where it stands for nothing, or what there is cannot be listed.
    """
    if is_address(argument) and stores is not None:
        from provenance.bulk.listing import addresses_of

        yield from addresses_of(argument, stores)
        return
    if _WILD.search(argument) and not os.path.lexists(argument) and not is_address(argument):
        found = False
        for name in matching(argument, on_link):
            found = True
            yield from _listed(name, on_link)
        if not found:
            hint = "Check the pattern, and the folder that it starts from."
            raise InputError(f"{argument}: matches nothing", hint=hint)
        return
    yield from _listed(argument, on_link)


def _listed(name: str, on_link: Callable[[], None]) -> Iterator[str]:
    """What an entry of a list stands for: the uploads below a folder, else itself (BLK-003)."""
    if is_address(name) or not _is_dir(name):
        yield name if is_address(name) else str(Path(name))
        return
    from provenance.workspace.verifying import uploads_below

    yield from map(str, uploads_below(Path(name), on_link))


def matching(pattern: str, on_link: Callable[[], None]) -> Iterator[str]:
    """The paths that a pattern matches, in byte order of names, folder by folder (BLK-002).

    ``*``, ``?`` and ``[...]`` stand within a name and never for a hidden one; ``**`` stands for
    any number of folders, none of them hidden or a link, and a pattern with it matches no folder.
    A folder that it leads into and that cannot be read is given itself. ``on_link`` is called for
    each link to a folder that ``**`` does not stand for.
    """
    whole = Path(pattern)
    parts = whole.parts[1:] if whole.anchor else whole.parts
    start = Path(whole.anchor) if whole.anchor else Path()
    found = _below(start, (*parts, "*") if parts[-1:] == (_DEEP,) else parts, on_link)
    return (str(path) for path, fits in found if not (fits and _DEEP in parts and _is_dir(path)))


def _below(
    folder: Path, parts: tuple[str, ...], on_link: Callable[[], None]
) -> Iterator[tuple[Path, bool]]:
    """What matches, and with False a folder in which nobody can tell."""
    if not parts:
        yield folder, True
    elif _WILD.search(parts[0]):
        yield from _inside(folder, parts, on_link)
    elif os.path.lexists(folder / parts[0]):
        yield from _below(folder / parts[0], parts[1:], on_link)
    elif is_closed(folder):
        yield folder, False


def _inside(
    folder: Path, parts: tuple[str, ...], on_link: Callable[[], None]
) -> Iterator[tuple[Path, bool]]:
    from provenance.workspace.verifying import entries

    try:
        found = entries(folder)
    except InputError:
        if _is_dir(folder):  # else it is a file, in which a pattern matches nothing
            yield folder, False
        return
    part, rest = parts[0], parts[1:]
    if part != _DEEP:
        for path in found:
            if fnmatch.fnmatchcase(path.name, part):
                yield from _below(path, rest, on_link)
        return
    yield from _below(folder, rest, on_link)
    for path in filter(_is_dir, found):
        if path.is_symlink():
            on_link()
        else:
            yield from _below(path, parts, on_link)


def _is_dir(path: Path | str) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - never raises
