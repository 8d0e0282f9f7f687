"""``prov export --to c2pa --key --cert --out``: the export that writes a signed file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provenance.cli._options import passphrase_of, quoted, say
from provenance.model.errors import UsageError
from provenance.workspace.asking import read_small

if TYPE_CHECKING:
    from provenance.exports.base import Exported


def is_wanted(options: Mapping[str, Any]) -> bool:
    """Whether a file shall be signed."""
    return any(options[name] is not None for name in ("key", "cert"))


def exported(
    target: str, file: Path, settings: Mapping[str, str], options: Mapping[str, Any]
) -> Exported:
    """Write the signed copy; what it does not carry. Raises what refuses it."""
    if target != "c2pa":
        raise UsageError("--key and --cert are for --to c2pa", hint="Other targets sign nothing.")
    key, cert, out = (options[name] for name in ("key", "cert", "out"))
    if options["into"] is not None:
        raise UsageError("--into: a signed copy is a file of its own", hint="Leave the option out.")
    if key is None or cert is None or out is None:
        raise UsageError(
            "a signed file needs --key, --cert and --out",
            hint="prov export track.flac --to c2pa --key claim.pem --cert chain.pem --out new.flac",
        )
    from provenance.exports.base import Exported
    from provenance.issuing import c2pa_export
    from provenance.signing import c2pa
    from provenance.verify.outcome import Context

    passphrase = passphrase_of(options["passphrase_file"], None)
    who = c2pa.credentials(read_small(key), read_small(cert), passphrase)
    written = c2pa_export.export(file, out, who, Context(datetime.now(UTC)), settings)
    say(f"Written: {quoted(out)}, with our statement and a C2PA manifest ({written.state}).")
    return Exported(b"", written.losses, written.warnings)
