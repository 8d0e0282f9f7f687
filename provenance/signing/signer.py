"""Signers: a key file, or a program that holds the key (spec 7.6)."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from typing import Protocol

from provenance.model.errors import SignerError
from provenance.model.records import dataclass
from provenance.signing.algorithms import BY_CURVE, COORDINATE_BYTES
from provenance.signing.keys import KeyPair, PublicKey, raw_signature

_TIMEOUT_SECONDS = 120.0
_MAX_ANSWER_BYTES = 4096


class Signer(Protocol):
    """Whoever can sign: its public key, its algorithm, and raw signatures on request."""

    @property
    def public(self) -> PublicKey:
        """The public key that verifies what this signs."""

    @property
    def alg(self) -> str:
        """The ``alg`` of its signatures."""

    def sign(self, signing_input: bytes) -> bytes:
        """Raw signature: r||s, or 64 bytes of Ed25519."""


@dataclass(frozen=True)
class FileSigner:
    """Signs with a private key in memory."""

    pair: KeyPair

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return self.pair.public

    @property
    def alg(self) -> str:
        """The algorithm of the key's curve."""
        return self.pair.alg

    def sign(self, signing_input: bytes) -> bytes:
        """Sign; never fails for a loaded key."""
        return self.pair.sign(signing_input)


@dataclass(frozen=True)
class CommandSigner:
    """Signs by a program (HSM, PKCS#11, remote seal): bytes on stdin, raw signature on stdout.

    No shell is involved. A DER ECDSA signature is converted. An answer that does not verify
    with the given public key is a ``SignerError`` (KEY-020).
    """

    command: Sequence[str]
    public: PublicKey
    timeout: float = _TIMEOUT_SECONDS

    @property
    def alg(self) -> str:
        """The algorithm of the public key's curve."""
        return BY_CURVE[self.public.curve].name

    def sign(self, signing_input: bytes) -> bytes:
        """Ask the program; raises ``SignerError`` for a failure or a wrong answer."""
        answer = self._ask(signing_input)
        for signature in self._readings(answer):
            if self.public.verify(signature, signing_input):
                return signature
        raise SignerError(
            f"the signing command's answer ({len(answer)} bytes) does not verify",
            hint="It must print the raw signature of its stdin, by the key of --public-key.",
        )

    def _ask(self, signing_input: bytes) -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - the program that the user named
                list(self.command),
                input=signing_input,
                capture_output=True,
                timeout=self.timeout,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired, ValueError) as error:
            raise SignerError(f"the signing command could not be run: {error}") from error
        if done.returncode:
            words = done.stderr[-200:].decode("utf-8", "replace").strip()
            raise SignerError(f"the signing command ended with {done.returncode}", hint=words)
        return done.stdout[:_MAX_ANSWER_BYTES]

    def _readings(self, answer: bytes) -> list[bytes]:
        """The answer as it is, and as DER where the key is an ECDSA key."""
        found = [answer] if len(answer) == 2 * COORDINATE_BYTES[self.public.curve] else []
        if self.public.curve != "Ed25519" and answer[:1] == b"\x30":
            try:
                found.append(raw_signature(answer, self.public.curve))
            except (ValueError, OverflowError):
                return found
        return found
