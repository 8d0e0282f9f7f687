"""Discovery: the modules of a package that declare one object of a kind (style of F0).

The only dynamic import of the code base. Modules named ``base`` or beginning with an underscore
are helpers and are passed over.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

T = TypeVar("T")


def discover(package: str, kind: type[T], attribute: str) -> Mapping[str, T]:
    """Import every public module of ``package`` and take its ``attribute``, by module name.

    Raises ``TypeError`` for a module that does not declare exactly one object of ``kind``.
    """
    found: dict[str, T] = {}
    root = importlib.import_module(package)
    for info in sorted(pkgutil.iter_modules(root.__path__), key=lambda i: i.name):
        if info.name == "base" or info.name.startswith("_"):
            continue
        declared = getattr(importlib.import_module(f"{package}.{info.name}"), attribute, None)
        if not isinstance(declared, kind):
            raise TypeError(f"{package}.{info.name} declares no {attribute}")
        found[info.name] = declared
    return MappingProxyType(found)
