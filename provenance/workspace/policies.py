"""Trust policies on disk: read with the files they name, edited, and one of them the default.

The user's folder remembers which policy is the default, and of every policy that was used the
highest version: an older one that comes back is noticed (spec 14.6, POL-031). Verifying only
reads; ``init``, ``use`` and ``add-party`` write.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from provenance.files.opening import input_error, open_regular
from provenance.model.errors import InputError, PolicyError, UsageError
from provenance.model.records import dataclass
from provenance.trust.loading import MAX_POLICY_BYTES, MAX_READ_BYTES, load
from provenance.trust.policy import Policy
from provenance.workspace.home import Home, make_private, read_json, write_own

_STATE = "policies.json"
_NONE: Mapping[str, bytes] = {}
_SELECT = "Choose one with 'prov trust use POLICY.json'."


@dataclass(frozen=True)
class Seen:
    """What is remembered of a policy that was used: its highest version and that file's digest."""

    version: int
    digest: str


def load_policy(path: Path, home: Home | None = None) -> Policy:
    """A policy with the files that it names, all below its folder.

    With ``home``, a version lower than one used before is noted in the policy. Raises
    ``PolicyError``, or ``InputError`` when the policy itself cannot be read.
    """
    try:
        policy = load(read_policy(path), folder_reader(path.resolve().parent))
    except PolicyError as error:
        raise _named(path, error) from error
    seen = seen_of(home, policy.id) if home else None
    if seen is None or seen.version <= policy.version:
        return policy
    return replace(policy, superseded_by=seen.version)


def _named(path: Path, error: PolicyError) -> PolicyError:
    made = PolicyError(error.rule, f"{path}: {error}", hint=error.hint)
    made.where = error.where
    return made


def read_policy(path: Path) -> bytes:
    """The bytes of a policy file, at most one more than a policy may have."""
    try:
        with open_regular(path) as stream:
            return stream.read(MAX_POLICY_BYTES + 1)
    except InputError as error:
        raise InputError(str(error), hint="Name a trust policy.") from error
    except OSError as error:
        raise input_error(path, error) from error


def folder_reader(folder: Path) -> Callable[[str], bytes]:
    """A reader of files below a folder; links may not lead out of it (POL-005)."""
    top = folder.resolve()

    def read(path: str) -> bytes:
        try:
            place = (top / path).resolve()
            if not place.is_relative_to(top):
                raise PolicyError("policy.path", f"'{path}' leads out of the policy's folder")
            with open_regular(place) as stream:
                return stream.read(MAX_READ_BYTES + 1)
        except (InputError, OSError, RuntimeError) as error:  # RuntimeError: links in a circle
            message = f"'{path}' cannot be read"
            raise PolicyError("policy.file-missing", message) from error

    return read


def writable_by_others(path: Path, policy: Mapping[str, Any]) -> tuple[Path, ...]:
    """What everybody on the computer can change: the policy, the files it names, their folders.

    A folder with the sticky bit lets nobody replace what is another's.
    """
    top = path.resolve().parent
    files = [path.resolve(), *(top / name for name in _named_files(policy))]
    folders = {parent for file in files for parent in file.parents if parent.is_relative_to(top)}
    open_files = [file for file in files if file.stat().st_mode & stat.S_IWOTH]
    modes = {folder: folder.stat().st_mode for folder in sorted(folders)}
    open_folders = [f for f, m in modes.items() if m & stat.S_IWOTH and not m & stat.S_ISVTX]
    return (*open_files, *open_folders)


def _named_files(policy: Mapping[str, Any]) -> Iterator[str]:
    for member, names in (("anchors", ("certs", "crls")), ("tsa", ("roots", "certs"))):
        for entry in policy.get(member, ()):
            yield from (path for name in names for path in entry.get(name, ()))
    for party in policy.get("parties", ()):
        yield from party.get("directories", ())


def files_of(path: Path) -> list[tuple[str, Path]]:
    """The files that a policy names, by their relative names in order; the policy is readable."""
    policy = json.loads(read_policy(path))
    top = path.resolve().parent
    return [(name, top / name) for name in sorted(set(_named_files(policy)))]


def default_policy(home: Home) -> Path | None:
    """The policy that the user chose to verify by, if any."""
    named = _state(home).get("default")
    return Path(named) if isinstance(named, str) else None


def default_place(home: Home) -> Path:
    """Where ``init`` puts a policy; files that it names go into the same folder."""
    return home.path / "policy" / "policy.json"


def seen_of(home: Home, policy_id: str) -> Seen | None:
    """What is remembered of a policy by its id."""
    entry = _state(home).get("seen", {}).get(policy_id)
    if entry is None:
        return None
    try:
        return Seen(int(entry["version"]), str(entry["sha256"]))
    except (KeyError, TypeError, ValueError) as error:
        raise _broken(home) from error


def use(home: Home, path: Path, *, older: bool = False) -> Policy:
    """Make a policy the default and remember its version; a lower one only if ``older``."""
    policy = load_policy(path, home)
    if policy.superseded_by is not None and not older:
        raise UsageError(
            f"{path}: is version {policy.version}, and version {policy.superseded_by} of this "
            "policy was used before",
            hint="Get the current version; --older goes back on purpose.",
        )
    remember(home, policy, default=path)
    return policy


def remember(home: Home, policy: Policy, *, default: Path | None = None) -> None:
    """Note a policy's version and digest; with ``default`` it becomes the one to verify by."""
    state = _state(home)
    seen = {**state.get("seen", {})}
    seen[policy.id] = {"version": policy.version, "sha256": policy.digest}
    state = {**state, "seen": seen}
    if default is not None:
        state["default"] = str(default.resolve())
    make_private(home.path)
    data = json.dumps(state, indent=2, ensure_ascii=False).encode()
    write_own(home.path / _STATE, data + b"\n")


def write_policy(
    path: Path, plain: Mapping[str, Any], files: Mapping[str, bytes] = _NONE, *, new: bool = False
) -> Policy:
    """Write a policy atomically, and before it ``files`` below its folder; but only if it loads.

    Gives what was loaded.
    """
    from provenance.files.replacing import write_new  # verifying does not need it

    policy = require_loadable(path, plain, files)
    for name, data in files.items():
        place = path.parent / name
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise input_error(place.parent, error) from error
        write_new(place, data, overwrite=True)
    write_new(path, dumps(plain), overwrite=not new)
    return policy


def require_loadable(
    path: Path, plain: Mapping[str, Any], files: Mapping[str, bytes] = _NONE
) -> Policy:
    """What would be loaded if policy and files stood there; raises ``PolicyError``."""
    there = folder_reader(path.parent)
    try:
        return load(dumps(plain), lambda name: files[name] if name in files else there(name))
    except PolicyError as error:
        raise _named(path, error) from error


def dumps(plain: Mapping[str, Any]) -> bytes:
    """A policy as text that people read and edit."""
    return json.dumps(plain, indent=2, ensure_ascii=False).encode() + b"\n"


def chosen_policy(home: Home, named: Path | None) -> Path:
    """The policy that a command is about: the one named, else the default."""
    path = named or default_policy(home)
    if path is None:
        hint = "Name one, or make one with 'prov trust init'."
        raise UsageError("you have no trust policy yet", hint=hint)
    if named is None and not path.is_file():
        raise InputError(f"{path}: your default trust policy is not there", hint=_SELECT)
    return path


def _state(home: Home) -> dict[str, Any]:
    path = home.path / _STATE
    found = read_json(path) if path.is_file() else {}
    if not isinstance(found.get("seen", {}), dict):
        raise _broken(home)
    return found


def _broken(home: Home) -> InputError:
    return InputError(f"{home.path / _STATE}: is damaged", hint=f"Move it away. {_SELECT}")
