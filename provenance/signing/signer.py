"""Signers: a key file, or a program that holds the key (spec 7.6)."""

from __future__ import annotations

import os
import select
import selectors
import subprocess
import time
from collections.abc import Sequence
from typing import Protocol

from provenance.model.errors import SignerError
from provenance.model.records import dataclass
from provenance.signing.algorithms import BY_CURVE
from provenance.signing.keys import KeyPair, PublicKey, raw_signature

_TIMEOUT_SECONDS = 120.0
_MAX_ANSWER_BYTES = 4096
_MAX_WORDS_BYTES = 200
_ECDSA = frozenset({"P-256", "P-384"})


class Signer(Protocol):
    """Whoever can sign: its public key, its algorithm, and raw signatures on request."""

    @property
    def public(self) -> PublicKey:
        """The public key that verifies what this signs."""

    @property
    def certificates(self) -> tuple[bytes, ...]:
        """The certificates of that key (DER, leaf first); none for a bare key."""

    @property
    def alg(self) -> str:
        """The ``alg`` of its signatures."""

    def sign(self, signing_input: bytes) -> bytes:
        """Raw signature: r||s, 64 bytes of Ed25519, or PS256."""


@dataclass(frozen=True)
class FileSigner:
    """Signs with a private key in memory."""

    pair: KeyPair
    certificates: tuple[bytes, ...] = ()

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
    certificates: tuple[bytes, ...] = ()

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
            hint="It must print the raw signature of its stdin, by the key of --public-key "
            "or --cert.",
        )

    def _ask(self, signing_input: bytes) -> bytes:
        try:
            code, answer, words = _converse(self.command, signing_input, self.timeout)
        except (OSError, subprocess.TimeoutExpired, ValueError) as error:
            raise SignerError(f"the signing command could not be run: {error}") from error
        if code:
            hint = words[-_MAX_WORDS_BYTES:].decode("utf-8", "replace").strip()
            raise SignerError(f"the signing command ended with {code}", hint=hint)
        if len(answer) > _MAX_ANSWER_BYTES:
            raise SignerError(f"the signing command answered more than {_MAX_ANSWER_BYTES} bytes")
        return answer

    def _readings(self, answer: bytes) -> list[bytes]:
        """The answer as it is, and as DER where the key is an ECDSA key."""
        found = [answer] if len(answer) == self.public.signature_bytes else []
        if self.public.curve in _ECDSA and answer[:1] == b"\x30":
            try:
                found.append(raw_signature(answer, self.public.curve))
            except (ValueError, OverflowError):
                return found
        return found


def _converse(command: Sequence[str], data: bytes, timeout: float) -> tuple[int, bytes, bytes]:
    """Run a program on ``data``: its exit code, and the beginning of what it wrote and said.

    Whatever it prints, little is kept; at the deadline, or when it prints too much, it is killed.
    Raises ``OSError``, ``subprocess.TimeoutExpired`` or ``ValueError`` (a NUL in an argument).
    """
    deadline = time.monotonic() + timeout
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)  # noqa: S603
    with process:
        try:
            answer, words = _exchange(process, data, deadline)
            if len(answer) > _MAX_ANSWER_BYTES:
                process.kill()
                return 0, answer, words
            return process.wait(max(0.0, deadline - time.monotonic())), answer, words
        except subprocess.TimeoutExpired:
            process.kill()
            raise subprocess.TimeoutExpired(command, timeout) from None


def _exchange(
    process: subprocess.Popen[bytes], data: bytes, deadline: float
) -> tuple[bytes, bytes]:
    """Write everything and read a little, until both outputs end or the answer is too long."""
    answer, words = bytearray(), bytearray()
    unsent = memoryview(data)
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ, answer)  # type: ignore[arg-type]
        waiting.register(process.stderr, selectors.EVENT_READ, words)  # type: ignore[arg-type]
        waiting.register(process.stdin, selectors.EVENT_WRITE)  # type: ignore[arg-type]
        while waiting.get_map() and len(answer) <= _MAX_ANSWER_BYTES:
            ready = waiting.select(max(0.0, deadline - time.monotonic()))
            if not ready and time.monotonic() >= deadline:
                raise subprocess.TimeoutExpired(process.args, 0)
            for key, _ in ready:
                if key.data is None:
                    unsent = unsent[_send(key.fd, unsent) :]
                    more = bool(unsent)
                else:
                    piece = os.read(key.fd, _MAX_ANSWER_BYTES)
                    key.data.extend(piece)
                    del key.data[: -2 * _MAX_ANSWER_BYTES]
                    more = bool(piece)
                if not more:
                    waiting.unregister(key.fileobj)
                    key.fileobj.close()  # type: ignore[union-attr]
    return bytes(answer), bytes(words)


def _send(descriptor: int, data: memoryview) -> int:
    """How much was taken; all of it when nobody reads any more."""
    try:
        return os.write(descriptor, data[: select.PIPE_BUF])
    except BrokenPipeError:
        return len(data)
