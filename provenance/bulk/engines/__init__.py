"""What runs verifications: one file an engine, found by name (``provenance.plugins``)."""

from __future__ import annotations

DEFAULT = "processes"
