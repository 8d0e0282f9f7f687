"""Thumbprints of keys: RFC 7638 with SHA-256, base64url without padding (KEY-005).

Nothing here looks at the numbers: whether a key is any good is asked in ``signing.keys``.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

MEMBERS: Mapping[str, tuple[str, ...]] = {
    "EC": ("crv", "kty", "x", "y"),
    "OKP": ("crv", "kty", "x"),
    "RSA": ("e", "kty", "n"),
}
"""The members that make a key of a kind, in the order in which they are hashed."""


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The thumbprint of a JWK; raises ``KeyError`` for another kind or a member that is missing."""
    required = {name: jwk[name] for name in MEMBERS[jwk["kty"]]}
    canonical = json.dumps(required, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
