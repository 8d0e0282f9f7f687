"""Reading a declaration for a target, noting what was copied and what only had an effect.

Losses follow from it and are not stated by hand: whatever is declared and was not copied is
lost, and how it was lost depends on whether an answer looked at it (EXP-002).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from provenance.exports.base import Loss
from provenance.model.manifest import Manifest
from provenance.wire.encode import to_plain


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar and empty list or object of plain JSON with its pointer, in document order.

    An empty ``subject`` is none: the model writes it whatever is declared.
    """
    if value in ([], {}) and pointer not in {"", "/subject"}:
        yield pointer, value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from leaves(item, f"{pointer}/{_token(name)}")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for place, item in enumerate(value):
            yield from leaves(item, f"{pointer}/{place}")
    else:
        yield pointer, value


def _token(name: str) -> str:
    """A name in a JSON Pointer, whole: it must lead back to its member (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def matches(pointer: str, pattern: str) -> bool:
    """Whether a pointer is one of those that a pattern of a crosswalk names."""
    parts, wanted = pointer.split("/"), pattern.split("/")
    return len(parts) >= len(wanted) and all(
        want in {"*", part} for part, want in zip(parts, wanted, strict=False)
    )


class Reading:
    """A declaration as plain values, and the memory of what was done with each of them."""

    def __init__(self, manifest: Manifest) -> None:
        """Nothing is read yet."""
        self.manifest = manifest
        self.plain = to_plain(manifest)
        self._copied: set[str] = set()
        self._used: dict[str, tuple[str, str]] = {}

    def find(self, pointer: str) -> Any:
        """The value at a pointer; None where nothing is declared."""
        value: Any = self.plain
        for token in pointer.split("/")[1:]:
            if isinstance(value, list):
                value = value[int(token)] if int(token) < len(value) else None
            elif isinstance(value, Mapping):
                value = value.get(token)
            else:
                return None
        return value

    def expand(self, pattern: str) -> list[str]:
        """The pointers of declared values that a pattern with ``*`` names, in order."""
        found = [""]
        for token in pattern.split("/")[1:]:
            found = [f"{at}/{name}" for at in found for name in self._names(at, token)]
        return [at for at in found if self.find(at) is not None]

    def _names(self, at: str, token: str) -> Iterable[str]:
        if token != "*":  # noqa: S105
            return (token,)
        value = self.find(at) if at else self.plain
        if isinstance(value, list):
            return (str(place) for place in range(len(value)))
        return tuple(value) if isinstance(value, Mapping) else ()

    def copied(self, pointer: str) -> None:
        """The value stands in the document so that another value would make another document."""
        if self.find(pointer) is not None:
            self._copied.add(pointer)

    def used(self, pointer: str, note: str, *, decided: bool = False) -> None:
        """The value has an effect on the document, but cannot be read back from it."""
        if self.find(pointer) is not None:
            self._used.setdefault(pointer, ("decided" if decided else "coarser", note))

    def losses(self, places: Iterable[str]) -> tuple[Loss, ...]:
        """What is declared and was not copied; ``places`` are the facts that the target asks."""
        asked = tuple(places)
        lost = (at for at, _ in leaves(self.plain) if at not in self._copied)
        return tuple(self._loss(at, asked) for at in lost)

    def _loss(self, pointer: str, asked: tuple[str, ...]) -> Loss:
        if pointer in self._used:
            return Loss(pointer, *self._used[pointer])
        is_asked = any(matches(pointer, pattern) for pattern in asked)
        return Loss(pointer, "not-asked" if is_asked else "no-field")
