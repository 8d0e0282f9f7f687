"""The authorities of the vectors of certificates, for tests that judge chains."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "vectors" / "certificates"


@cache
def module(name):
    """``issuing`` or ``build`` of the vectors."""
    spec = importlib.util.spec_from_file_location(f"certificates_{name}", FOLDER / f"{name}.py")
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made
