"""Where the user's files live, and how they are read and written (spec 7, KEY).

Everything stands under one folder, 0700: ``keys/`` (PKCS#8 PEM and public JWK), ``pins.json``,
``drafts/``. ``MUSICPROV_HOME`` names another folder; tests and scripts use that.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from provenance.files.opening import input_error
from provenance.model.errors import InputError
from provenance.model.records import dataclass
from provenance.trust.identity import Keyring

DEFAULT_KEY = "default"
_PINS = "pins.json"
_MAX_FILE_BYTES = 1 << 20


@dataclass(frozen=True)
class Home:
    """The user's folder; nothing is created before something is written."""

    path: Path

    @property
    def keys(self) -> Path:
        """The folder of the user's own keys."""
        return self.path / "keys"

    @property
    def drafts(self) -> Path:
        """The folder of declarations that are not signed yet."""
        return self.path / "drafts"

    def default_key(self) -> Path | None:
        """The private key that ``sign`` takes when none is named, if there is one."""
        path = self.keys / f"{DEFAULT_KEY}.pem"
        return path if path.is_file() else None

    def half_a_key(self) -> Path | None:
        """The public half of the default key, where its private half is not there any more."""
        public = self.keys / f"{DEFAULT_KEY}.pub.jwk"
        return public if os.path.lexists(public) and self.default_key() is None else None

    def new_default_key(self) -> Path:
        """Where the first key goes; makes the folder (0700)."""
        make_private(self.keys)
        return self.keys / f"{DEFAULT_KEY}.pem"

    def keyring(self) -> Keyring:
        """The own and pinned keys, by thumbprint. Raises ``InputError`` for a broken file."""
        from provenance.wire.thumbprints import thumbprint

        own: dict[str, str | None] = {}
        if self.keys.is_dir():
            for path in sorted(self.keys.glob("*.pub.jwk")):
                try:
                    own[thumbprint(read_json(path))] = None
                except (KeyError, TypeError) as error:
                    raise InputError(f"{path}: is no public key", hint="Move it away.") from error
        pins = self._pins()
        return Keyring(own, {key: _name(entry) for key, entry in pins.items()})

    def _pins(self) -> dict[str, Mapping[str, Any]]:
        path = self.path / _PINS
        if not path.is_file():
            return {}
        found = read_json(path).get("pins")
        if not isinstance(found, dict):
            raise InputError(f"{path}: is not a list of pinned keys", hint="Move it away.")
        return {key: entry for key, entry in found.items() if isinstance(entry, dict)}

    def pin(self, key: str, name: str | None, at: str) -> None:
        """Remember a key under the user's own name for it (``at``: RFC 3339)."""
        make_private(self.path)
        pins = {**self._pins(), key: {"name": name, "pinnedAt": at}}
        data = json.dumps({"pins": pins}, indent=2, ensure_ascii=False).encode()
        write_own(self.path / _PINS, data + b"\n")

    def draft(self, essence: str) -> Path:
        """Where the draft for a recording stands, by its essence digest."""
        return self.drafts / f"{essence.replace(':', '_')}.json"

    def read_draft(self, essence: str) -> dict[str, Any] | None:
        """The draft declaration made before for this recording, if any."""
        path = self.draft(essence)
        return read_json(path) if path.is_file() else None

    def write_draft(self, essence: str, declaration: Mapping[str, Any]) -> Path:
        """Keep a draft declaration; replaces an older one."""
        make_private(self.drafts)
        path = self.draft(essence)
        data = json.dumps(declaration, indent=2, ensure_ascii=False).encode()
        write_own(path, data + b"\n")
        return path

    def keep_finished(self, essence: str, declaration: Mapping[str, Any]) -> Path:
        """Keep a declaration of which nothing is left to ask: ``sign`` takes it as it is."""
        return self.write_draft(essence, {"declaration": declaration, "finished": True})

    def drop_draft(self, essence: str) -> bool:
        """Forget the draft of a recording; whether there was one."""
        try:
            self.draft(essence).unlink()
        except FileNotFoundError:
            return False
        return True


def find_home(environment: Mapping[str, str] = os.environ) -> Home:
    """The user's folder: ``MUSICPROV_HOME``, else the platform's place for user data."""
    named = environment.get("MUSICPROV_HOME")
    if named:
        return Home(Path(named))
    import platformdirs

    return Home(Path(platformdirs.user_data_dir("musicprov", appauthor=False)))


def _name(entry: Mapping[str, Any]) -> str | None:
    name = entry.get("name")
    return name if isinstance(name, str) else None


def make_private(folder: Path) -> None:
    """Make a folder that only the user can enter (0700)."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise input_error(folder, error) from error


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object of the user's folder; raises ``InputError`` when it is none."""
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise InputError(f"{path}: is too large for what it should be", hint="Move it away.")
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise input_error(path, error) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is not JSON", hint="Mend it or move it away.") from error
    if not isinstance(found, dict):
        raise InputError(f"{path}: is not a JSON object", hint="Mend it or move it away.")
    return found


def write_own(path: Path, data: bytes) -> None:
    """Write a file of the user's folder, which only the user may read."""
    from provenance.files.replacing import write_new  # whoever only reads files does not need it

    write_new(path, data, mode=0o600, overwrite=True)
