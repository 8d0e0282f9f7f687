"""Addresses as they may be shown: without what gives access (BLK-043)."""

from __future__ import annotations

import re

_USER = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@")
_GIVES_ACCESS = re.compile(
    r"(?i)([?&][^=&#]*(?:sig|token|secret|passw|key|cred|auth)[^=&#]*=)[^&#]*"
)
"""Members of a query such as ``X-Amz-Signature``, ``sig``, ``token``, ``AWSAccessKeyId``."""
HIDDEN = "***"


def without_secrets(name: str) -> str:
    """The name with user, password and signature of an address hidden; other names as they are."""
    if "://" not in name:
        return name
    return _GIVES_ACCESS.sub(rf"\1{HIDDEN}", _USER.sub(rf"\1{HIDDEN}@", name))
