"""Vector cases on disk: a folder with ``case.json`` and its inputs (spec 12.4, CON)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provenance.model.errors import InputError


@dataclass(frozen=True)
class Case:
    """One case: its folder, and the parsed ``case.json``."""

    folder: Path
    content: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The case's name, the same everywhere: ``verify/edited-payload``."""
        return str(self.content["id"])

    @property
    def operation(self) -> str:
        """What is to be done with the input."""
        return str(self.content["operation"])

    @property
    def expect(self) -> Mapping[str, Any]:
        """The authored result."""
        found: Mapping[str, Any] = self.content["expect"]
        return found

    @property
    def options(self) -> Mapping[str, Any]:
        """Time, keys, wishes: everything that a verification depends on."""
        found: Mapping[str, Any] = self.content.get("options") or {}
        return found

    def file(self, member: str = "input") -> Path | None:
        """The path of an input, if the case names one."""
        name = self.content.get(member) or self.options.get(member)
        return self.folder / str(name) if name else None


def load_case(path: Path) -> Case:
    """Read one ``case.json``; raises ``InputError`` when it is not one."""
    try:
        content = json.loads(path.read_bytes())
        return Case(path.parent, {"id": content["id"], **content})
    except (OSError, ValueError, RecursionError, KeyError, TypeError) as error:
        raise InputError(f"{path}: is not a vector case: {error}") from error


def find_cases(root: Path) -> Iterator[Case]:
    """All cases below a folder, in byte order of their paths."""
    for path in sorted(root.rglob("case.json")):
        yield load_case(path)


def vectors_root() -> Path:
    """The shipped vectors; in a checkout, ``tests/vectors``."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "_data" / "vectors"
    return shipped if shipped.is_dir() else package.parent / "tests" / "vectors"
