"""Findings: what a procedure found in an artefact (spec 9.1).

A finding is a code from the registry, where it was found, and typed details.
Sentences are made late, by reports, so no message can be wrong in one place only.
Findings describe the artefact; exceptions (``model.errors``) describe the world or the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType

from provenance.model.codes import Axis, Code, Effect
from provenance.model.records import dataclass

Scalar = str | int | bool | None
Detail = Mapping[str, Scalar]

_NO_DETAIL: Detail = MappingProxyType({})


@dataclass(frozen=True)
class Finding:
    """One code, with the place it was found and its details.

    ``where`` is a carrier place (``flac:VORBIS_COMMENT[0]``), a JSON Pointer into the
    manifest (``/subject/isrc``) or None when the finding concerns the whole input.
    """

    code: Code
    where: str | None = None
    detail: Detail = field(default_factory=lambda: _NO_DETAIL)

    @property
    def axis(self) -> Axis:
        """The axis that the code belongs to."""
        return self.code.axis

    @property
    def effect(self) -> Effect:
        """What the code does to the status."""
        return self.code.effect


def finding(code: Code, where: str | None = None, **detail: Scalar) -> Finding:
    """Make a finding with its details as keywords."""
    return Finding(code, where, MappingProxyType(dict(detail)))
