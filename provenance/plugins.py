"""Discovery: the modules of a package that declare one object of a kind (style of F0).

Modules named ``base`` or ``judging`` (what packages of plugins share with others), or beginning
with an underscore, are passed over.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

from provenance.model.errors import UsageError

T = TypeVar("T")
_SHARED = frozenset({"base", "judging"})


def discover(package: str, kind: type[T], attribute: str) -> Mapping[str, T]:
    """Import every public module of ``package`` and take its ``attribute``, by module name.

    Raises ``TypeError`` for a module that does not declare exactly one object of ``kind``.
    """
    found: dict[str, T] = {}
    root = importlib.import_module(package)
    for info in sorted(pkgutil.iter_modules(root.__path__), key=lambda i: i.name):
        if not _is_plugin(info.name):
            continue
        declared = getattr(importlib.import_module(f"{package}.{info.name}"), attribute, None)
        if not isinstance(declared, kind):
            raise TypeError(f"{package}.{info.name} declares no {attribute}")
        found[info.name] = declared
    return MappingProxyType(found)


def names(package: str) -> tuple[str, ...]:
    """The names of a package's public modules as they are typed: ``ddex-ern``; imports none."""
    root = importlib.import_module(package)
    found = (info.name for info in pkgutil.iter_modules(root.__path__))
    return tuple(sorted(n.replace("_", "-") for n in found if _is_plugin(n)))


def _is_plugin(module: str) -> bool:
    return module not in _SHARED and not module.startswith("_")


def one(package: str, kind: type[T], attribute: str, name: str) -> T:
    """The object of one module by its typed name; imports only that one.

    Raises ``UsageError`` for a name that there is not.
    """
    known = names(package)
    if name not in known:
        what = kind.__name__.lower()
        hint = f"{did_you_mean(name, known)}There are: {', '.join(known)}."
        raise UsageError(f"no {what} '{name}'", hint=hint)
    module = importlib.import_module(f"{package}.{name.replace('-', '_')}")
    declared = getattr(module, attribute)
    if not isinstance(declared, kind):
        raise TypeError(f"{module.__name__} declares no {attribute}")
    return declared


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question with the known name that is nearest to one that there is not; empty for none."""
    import difflib  # only where somebody made a mistake

    folded = {one.lower(): one for one in known}
    near = difflib.get_close_matches(name.lower()[:60], list(folded), n=1)
    return f"Did you mean '{folded[near[0]]}'? " if near else ""
