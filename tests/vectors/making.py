"""What the builders of vectors share: loading another builder, writing cases, comparing them.

Nothing of the package under test is imported.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

VECTORS = Path(__file__).parent


def load(name: str, path: str) -> ModuleType:
    """Another builder by its path below ``tests/vectors``, under a module name of its own."""
    spec = importlib.util.spec_from_file_location(name, VECTORS / path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def dumps(value: object) -> bytes:
    """A JSON file as people read it."""
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


def compact(value: object) -> bytes:
    """A JSON file on one line, where there are many."""
    return (json.dumps(value, separators=(",", ":")) + "\n").encode()


def keep(folder: Path, cases: Mapping[str, Mapping[str, bytes]]) -> int:
    """Write the files of every case; with ``--check`` only compare, and 1 on drift.

    ``cases`` are by slug, their files by name. A file that no case names is drift too.
    """
    wanted = {
        folder / slug / name: data for slug, files in cases.items() for name, data in files.items()
    }
    if "--check" not in sys.argv[1:]:
        for path, data in wanted.items():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        return 0
    there = {p for p in folder.glob("*/*") if p.parent.name != "__pycache__"}
    drift = [p for p, data in wanted.items() if p not in there or p.read_bytes() != data]
    drift += sorted(there - wanted.keys())
    for path in drift:
        print(f"differs: {path.relative_to(folder)}")
    return 1 if drift else 0
