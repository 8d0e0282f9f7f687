"""Extracting the statements of a file, as they are (spec 6.3)."""

from __future__ import annotations

from pathlib import Path

from provenance.containers import load
from provenance.files.opening import open_regular
from provenance.issuing.preparing import adapter_of, existing_statements
from provenance.model.errors import RefusedError
from provenance.signing import bundle, etsi
from provenance.verify.outcome import Context


def extract(path: Path, context: Context, form: str, sid: str | None = None) -> bytes | None:
    """The statements of an audio file: ``bundle``, ``token`` or ``payload``; None if none.

    A compact token has no place for time-stamps; a bundle keeps them. ``sid`` names one of
    several by its first characters.

    Raises ``RefusedError`` when a single token or payload is asked for and there are several.
    """
    with open_regular(path) as stream:
        container = load(adapter_of(stream, path).name)
        scan = container.scan(stream, context.limits, False)
    candidates = existing_statements(scan, context)
    tokens = [c.token for c in candidates if c.token is not None]
    tokens = [t for t in tokens if sid is None or t.sid.startswith(sid)]
    if not tokens:
        return None
    if form == "bundle":
        stamped = [t for c in candidates for t in c.variants if t.etsi_u]
        return bundle.write_bundle([etsi.jws_of(t) for t in (*tokens, *stamped)])
    if len(tokens) > 1:
        raise RefusedError(
            "extract.several",
            f"{path}: carries {len(tokens)} different statements",
            hint="Name one with --sid, or extract a bundle, which holds them all.",
        )
    return tokens[0].payload if form == "payload" else tokens[0].compact.encode()
