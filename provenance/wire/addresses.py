"""Addresses: what is one, its parts, and how it may be shown, without what gives access."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_USER = re.compile(
    r"^(?!(?i:abfss?|az|wasbs?)://[a-z0-9$*\[\]-]{1,63}@[^/?#@]*(?:[/?#]|$))"
    r"([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@"
)
"""Not the container, or pattern of one, that stands before the account in Azure's addresses."""
_MEMBER = re.compile(r"[?&#][^&#]*")
"""A member of a query, or of a fragment that is written like one, with its value."""
_GIVES_ACCESS = re.compile(r"(?i)sig|token|secret|passw|key|cred|auth")
"""In names of members such as ``X-Amz-Signature``, ``sig``, ``token``, ``AWSAccessKeyId``."""
_IN_TEXT = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,31}:/)(/?)(\S+?)(?=[:.,;'\")]{0,2}(?:\s|$))")
"""An address in a sentence, without what ends that; of its two slashes a path keeps one."""
HIDDEN = "***"
WEB = frozenset({"http", "https"})
_QUERIES = (
    (WEB, re.compile(r"(?s)[?#].*")),
    (frozenset({"s3", "s3a"}), re.compile(r"(?s)\?versionId=.*")),
    (frozenset({"abfs", "abfss", "az"}), re.compile(r"(?s)\?versionid=.*")),
    (frozenset({"gs", "gcs"}), re.compile(r"(?:\?[^?#]*)?#\d+\Z|\?(?:[^?#]*&)?generation=\d+\Z")),
)
"""What follows the object in an address: on the web a query and fragment, in a store a version."""


def scheme_of(name: str) -> str:
    """The scheme of a URL (RFC 3986, 3.1) with its ``://``; empty for a path."""
    found = _SCHEME.match(name)
    return found[0] if found else ""


def parted(address: str) -> tuple[str, str]:
    """The address of an object, and what follows it: query and fragment, or which version it is.

    In a store ``?`` and ``#`` are letters of a key, unless a version is named as its library does.
    """
    scheme = address.partition("://")[0].lower()
    found = next((query.search(address) for known, query in _QUERIES if scheme in known), None)
    return (address[: found.start()], found[0]) if found else (address, "")


def without_secrets_in(text: str) -> str:
    """A sentence with user, password and signature of every address in it hidden."""
    return _IN_TEXT.sub(_hidden, text) if ":/" in text else text


def _hidden(found: re.Match[str]) -> str:
    scheme, second, rest = found.groups()
    return scheme + second + without_secrets(f"{scheme}/{rest}").removeprefix(f"{scheme}/")


def without_secrets(name: str) -> str:
    """The name with user, password and signature of an address hidden; other names as they are."""
    if "://" not in name:
        return name
    return _MEMBER.sub(_without_value, _USER.sub(rf"\1{HIDDEN}@", name))


def _without_value(found: re.Match[str]) -> str:
    """A member with its value hidden where its name, or that of a query in it, gives access."""
    parts = found[0].split("=")
    for n, part in enumerate(parts[:-1]):
        name = part if n == 0 else part.partition("?")[2]
        if _GIVES_ACCESS.search(name):
            return "=".join([*parts[: n + 1], HIDDEN])
    return found[0]
