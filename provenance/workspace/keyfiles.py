"""Public keys as people keep them: a JWK or PEM file that somebody names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from provenance.files.opening import open_regular
from provenance.model.errors import KeyFileError

if TYPE_CHECKING:
    from provenance.signing.keys import PublicKey

_MAX_BYTES = 1 << 20


def public_key_of(path: Path) -> PublicKey:
    """The public key in a file (JWK or PEM).

    Raises ``KeyFileError`` that names the file, ``InputError`` when it cannot be opened.
    """
    from provenance.signing.keys import load_public

    with open_regular(path) as stream:
        data = stream.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise KeyFileError(f"{path}: is too large for a key", hint="Name the .pub.jwk file.")
    try:
        return load_public(data)
    except KeyFileError as error:
        raise KeyFileError(f"{path}: {error}", hint=error.hint) from error
