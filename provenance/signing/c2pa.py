"""The one door to c2pa-python (extra ``c2pa``): manifests signed, placed and read, offline.

Nothing is fetched: no manifest that a file names, no revocation list, no time-stamp. Its C
library offers two ways of signing. ``sign_into`` lets it write the new file. ``Placement`` gives
bytes of a known size that the caller has put somewhere, and then those that belong there; its
Python classes do not offer that one, so the library's own functions are called.
"""

from __future__ import annotations

import ctypes
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from provenance.model.errors import (
    InputError,
    KeyFileError,
    LibraryFaultError,
    MissingExtraError,
    UsageError,
)
from provenance.model.records import dataclass

_CHAIN = 4
_RAW = b"application/c2pa"
"""The format that gives a manifest store as it is, without the frame of any container."""
_ALGORITHMS = {"ES256": "es256", "ES384": "es384", "ES512": "es512", "Ed25519": "ed25519",
               "EdDSA": "ed25519", "PS256": "ps256"}  # fmt: skip
_PURPOSES = "1.3.6.1.5.5.7.3.4\n1.3.6.1.5.5.7.3.36\n1.3.6.1.4.1.62558.2.1\n"
"""What a certificate may be for: e-mail, documents, C2PA claims."""
_UNANCHORED = "signingCredential.untrusted"
EXCLUDED = "assertion.dataHash.additionalExclusionsPresent"
"""More is left out of the hash than the manifest itself: it fits any sound."""
GOOD = frozenset({"Valid", "Trusted"})

Asserted = tuple[str, ...]
"""Labels of assertions that the signer makes their own (created, not gathered)."""


@dataclass(frozen=True)
class Credentials:
    """Whose claim it is: an unencrypted PKCS#8 key and its chain, leaf first, both PEM."""

    algorithm: str
    key: bytes
    chain: bytes


@dataclass(frozen=True)
class Found:
    """What c2pa-python says about a file's manifest."""

    state: str
    """``Trusted``, ``Valid`` or ``Invalid``, in its words."""
    failures: tuple[str, ...]
    """Codes, without the one that says that no anchor is known."""
    notes: tuple[str, ...]
    """Codes that only inform."""
    manifest: Mapping[str, Any]
    """The active manifest, as plain JSON values."""
    is_embedded: bool

    @property
    def is_bound(self) -> bool:
        """Whether it is shown to be about exactly this file."""
        return self.state in GOOD and not self.failures and EXCLUDED not in self.notes


def credentials(key: bytes, chain: bytes, passphrase: bytes | None = None) -> Credentials:
    """A key and its certificates from PEM files, in the form that the library wants.

    The chain is put in order and its root left out. Raises ``KeyFileError`` saying what is wrong.
    """
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import load_der_x509_certificate

    from provenance.signing import certificates, keys

    pair = keys.load_private(key, passphrase, rsa=True)
    ordered = certificates.load_chain(chain, pair.public, _CHAIN)
    pems = (load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in ordered)
    algorithm = _ALGORITHMS.get(pair.alg)
    if algorithm is None:
        raise KeyFileError(f"C2PA does not sign with {pair.alg}", hint="Use ES256 or Ed25519.")
    return Credentials(algorithm, keys.private_pem(pair, None), b"".join(pems))


def sign_into(
    definition: str,
    asserted: Asserted,
    who: Credentials,
    media_type: str,
    source: BinaryIO,
    target: BinaryIO,
) -> bytes:
    """Write ``source`` with a signed manifest to ``target``; the manifest store.

    What else the library changes is for the caller to find. Raises ``UsageError`` with the
    library's own words where it will not sign.
    """
    library = _library()
    source.seek(0)
    with _refusing(library), _signer(library, who) as signer:
        builder = library.Builder(definition, context=_context(library, asserted=asserted))
        store: bytes = builder.sign(signer, media_type, source, target)
    return store


class Placement:
    """A manifest that the caller puts into a file: first its size, then its bytes."""

    def __init__(self, definition: str, asserted: Asserted, who: Credentials) -> None:
        """Raises ``UsageError`` where the library will not sign with these credentials."""
        self._library = _library()
        self._native = _native(self._library)
        with _refusing(self._library):
            context = _context(self._library, asserted=asserted)
            self._builder = self._library.Builder(definition, context=context)
            self._who = who

    def reserve(self) -> bytes:
        """Bytes of the size of the manifest store that ``sign`` will give."""
        with _refusing(self._library), _signer(self._library, self._who) as signer:
            return self._called(
                self._native.c2pa_builder_data_hashed_placeholder,
                _pointer(self._builder._handle),  # noqa: SLF001 - see the module's docstring
                ctypes.c_size_t(signer.reserve_size()),
                ctypes.c_char_p(_RAW),
            )

    def sign(self, stream: BinaryIO, start: int, length: int) -> bytes:
        """The manifest store for a file in which it stands at ``start``; of that ``length``."""
        hashed = {
            "exclusions": _excluded(start, length),
            "name": "jumbf manifest",
            "alg": "sha256",
            "hash": [],
            "pad": [],
        }
        stream.seek(0)
        with _refusing(self._library), _signer(self._library, self._who) as signer:
            given = self._library.Stream(stream)
            try:
                store = self._called(
                    self._native.c2pa_builder_sign_data_hashed_embeddable,
                    _pointer(self._builder._handle),  # noqa: SLF001
                    _pointer(signer._handle),  # noqa: SLF001
                    ctypes.c_char_p(json.dumps(hashed).encode()),
                    ctypes.c_char_p(_RAW),
                    _pointer(given._stream),  # noqa: SLF001
                )
            finally:
                given.close()
        if len(store) != length:
            raise LibraryFaultError("c2pa-python gave another number of bytes than it announced")
        return store

    def _called(self, function: Any, *arguments: Any) -> bytes:
        """The bytes that a function of the C library gives through its last argument."""
        given = ctypes.POINTER(ctypes.c_ubyte)()
        function.restype = ctypes.c_int64
        function.argtypes = [*(type(a) for a in arguments), ctypes.c_void_p]
        size = function(*arguments, ctypes.cast(ctypes.byref(given), ctypes.c_void_p))
        if size <= 0 or not given:
            said = self._library.c2pa._read_native_error()  # noqa: SLF001
            raise self._library.C2paError(said or "no manifest was made")
        try:
            return ctypes.string_at(given, size)
        finally:
            self._native.c2pa_free(given)


def _excluded(start: int, length: int) -> list[dict[str, int]]:
    """What the hash leaves out: the manifest store and nothing else."""
    return [{"start": start, "length": length}]


def read(stream: BinaryIO, media_type: str, anchors: str = "") -> Found | None:
    """What a file's manifest says and whether it holds; None where there is none.

    ``anchors`` are PEM certificates that the asker trusts to name signers. Raises ``InputError``
    for a manifest that cannot be read, or that stands elsewhere than in the file.
    """
    library = _library()
    stream.seek(0)
    try:
        context = _context(library, anchors=anchors)
        reader = library.Reader.try_create(media_type, stream, context=context)
        if reader is None:
            return None
        with reader:
            return _found(reader)
    except library.C2paError as error:
        raise InputError(
            f"its C2PA manifest cannot be read: {str(error)[:200]}",
            hint="It is damaged, or not in the file: a manifest elsewhere is never fetched.",
        ) from error


def _found(reader: Any) -> Found:
    results = (reader.get_validation_results() or {}).get("activeManifest") or {}
    codes = {kind: tuple(_codes(results.get(kind))) for kind in ("failure", "informational")}
    return Found(
        str(reader.get_validation_state()),
        tuple(code for code in codes["failure"] if code != _UNANCHORED),
        codes["informational"],
        reader.get_active_manifest() or {},
        bool(reader.is_embedded()),
    )


def _codes(found: Sequence[Mapping[str, Any]] | None) -> Iterator[str]:
    yield from (str(one.get("code")) for one in found or ())


def _library() -> Any:
    try:
        import c2pa
        import c2pa.c2pa
    except ImportError as error:
        raise MissingExtraError(
            "C2PA needs the extra 'c2pa'",
            hint="Install it with: pip install 'musicprov[c2pa]'.",
        ) from error
    return c2pa


def _native(library: Any) -> Any:
    """The C library itself. Raises ``LibraryFaultError`` where it has become another one."""
    native = getattr(library.c2pa, "_lib", None)
    wanted = ("c2pa_builder_data_hashed_placeholder", "c2pa_builder_sign_data_hashed_embeddable")
    if native is None or not all(hasattr(native, name) for name in wanted):
        raise LibraryFaultError("this version of c2pa-python cannot sign what others place")
    return native


def _pointer(handle: Any) -> ctypes.c_void_p:
    return ctypes.cast(handle, ctypes.c_void_p)


def _context(library: Any, *, asserted: Asserted = (), anchors: str = "") -> Any:
    """Settings under which nothing is fetched and nothing is added unasked."""
    trust = {"trust_config": _PURPOSES, **({"user_anchors": anchors} if anchors else {})}
    settings = {
        "core": {"allowed_network_hosts": []},
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
        "builder": {"created_assertion_labels": list(asserted), "thumbnail": {"enabled": False}},
        "trust": trust,
    }
    return library.Context(library.Settings.from_dict(settings))


@contextmanager
def _signer(library: Any, who: Credentials) -> Iterator[Any]:
    info = library.C2paSignerInfo(who.algorithm, who.chain, who.key, None)
    with library.Signer.from_info(info) as signer:
        yield signer


@contextmanager
def _refusing(library: Any) -> Iterator[None]:
    """The library's refusals as an error that says what to do."""
    try:
        yield
    except library.C2paError as error:
        raise UsageError(
            f"C2PA: {str(error)[:200]}",
            hint="The certificate must be issued by another (not self-signed), name an "
            "organisation, and be for e-mail protection or document signing.",
        ) from error


def media_type_of(container: str) -> str | None:
    """What the library calls a container of ours; None for those that it cannot write."""
    known = {"mp3": "audio/mpeg", "flac": "audio/flac", "wav": "audio/wav", "mp4": "audio/mp4"}
    return known.get(container)


def read_bytes(data: bytes, media_type: str, anchors: str = "") -> Found | None:
    """As ``read``, of a file in memory."""
    return read(io.BytesIO(data), media_type, anchors)
