"""Frozen dataclasses that are quick to make: ``dataclasses.dataclass`` for a cold start.

The standard decorator (before Python 3.13) compiles six methods a class, one after another: a
millisecond each, and a verification needs sixty classes. Here one method is compiled, and the
others are shared. What comes out is a dataclass to ``fields``, ``replace`` and
``is_dataclass``; a type checker sees the standard decorator. ``tests/unit/model/test_records.py``
holds both equal.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

_FACTORY = object()
"""Stands for a default that is made anew for each instance."""

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, kw_only: bool = False) -> Any:
        """Decorate a class as ``dataclasses.dataclass(frozen=True)`` does; nothing else is here.

        All fields take part in comparing and hashing; ``field`` may only give defaults.
        """
        if not frozen:
            raise TypeError("for mutable records take dataclasses.dataclass")

        def make(cls: type) -> type:
            made = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only)(cls)
            made.__dataclass_params__.frozen = True
            made.__init__ = _init(made)
            for name, method in _SHARED.items():
                if name not in vars(cls):
                    setattr(made, name, method)
            return made

        return make


def _init(cls: Any) -> Any:
    """The one method that is compiled: its parameters are the fields."""
    known: dict[str, Any] = {"_FACTORY": _FACTORY}
    positional: list[str] = ["self"]
    named: list[str] = []
    body = [" _all = self.__dict__"]
    for one in dataclasses.fields(cls):
        parameter = value = one.name
        if one.default is not dataclasses.MISSING:
            known[f"_default_{one.name}"] = one.default
            parameter += f"=_default_{one.name}"
        elif one.default_factory is not dataclasses.MISSING:
            known[f"_make_{one.name}"] = one.default_factory
            parameter += "=_FACTORY"
            value = f"_make_{one.name}() if {one.name} is _FACTORY else {one.name}"
        (named if one.kw_only else positional).append(parameter)
        body.append(f" _all[{one.name!r}] = {value}")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    parameters = ", ".join([*positional, *(["*"] if named else []), *named])
    # The text is made of the names of our own fields and of nothing else.
    exec(f"def __init__({parameters}):\n" + "\n".join(body), known)  # noqa: S102
    init = known["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__module__ = cls.__module__
    return init


def _values(record: Any) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in record.__dataclass_fields__)


def _eq(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return _values(self) == _values(other)


def _hash(self: Any) -> int:
    return hash(_values(self))


def _repr(self: Any) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name in self.__dataclass_fields__)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _setattr(self: Any, name: str, value: Any) -> None:
    del self, value
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(self: Any, name: str) -> None:
    del self
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


_SHARED = {
    "__eq__": _eq,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _setattr,
    "__delattr__": _delattr,
}
