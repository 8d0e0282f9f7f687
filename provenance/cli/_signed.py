"""What ``prov sign`` says of what it signed: each file as it stands, and once at the end.

How it is checked is said by the other verbs that sign in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provenance.cli._options import public_path, quoted, say
from provenance.model.errors import ProvError
from provenance.model.records import dataclass
from provenance.reports.escaping import shown

if TYPE_CHECKING:
    from provenance.issuing.sign import Signed, Wishes
    from provenance.issuing.standing import Gone
    from provenance.signing.signer import Signer
    from provenance.workspace.home import Home

_STATES = {
    "signed": "Signed",
    "unchanged": "Nothing to do, already signed",
    "planned": "Would sign",
}
_OTHERS = ("statement of somebody else", "statements of others")
_OWN = ("statement of your own", "statements of your own")
_NAMED = 4
"""How many files the command that checks them names."""
_SIGNER = ("key", "sign_command", "public_key", "cert", "passphrase_file")


@dataclass(frozen=True)
class Told:
    """A file of a call, and how it is named to verify it."""

    result: Signed
    path: Path


def tell(result: Signed, wishes: Wishes, options: Mapping[str, Any], *, many: bool) -> Told:
    """Say what became of one file; ``many`` files are of its recording.

    ``options`` are those of the call, for what is told to do next.
    """
    from provenance.issuing.preparing import sidecar_path
    from provenance.issuing.targets import destination

    if wishes.sidecar:
        checked, written = result.path, sidecar_path(result.path)
    else:
        checked = written = destination(result.path, wishes.out, many=many) or result.path
    say(f"{_STATES[result.state]}: {shown(str(written))}")
    _tell_gone(result.gone)
    if result.inside:
        whose = "another declaration" + (" by another key" if result.inside == "foreign" else "")
        again = sign_again(options, quoted(result.path), replace=result.inside)
        say(f"  The file itself still carries {whose}; without the sidecar, that one counts.")
        say(f"  To replace it there too: {again}")
    return Told(result, checked)


def sign_again(
    options: Mapping[str, Any], path: str, *, replace: str = "own", sidecar: bool = False
) -> str:
    """The command that replaces what was signed, by the signer of this call."""
    words = ["prov sign", "--replace" if replace == "own" else f"--replace={replace}"]
    words += ["--sidecar"] if sidecar else []
    for name in _SIGNER:
        if options[name] is not None:
            words += [f"--{name.replace('_', '-')}", quoted(options[name])]
    return " ".join([*words, path])


def _tell_gone(gone: Gone) -> None:
    """What went with what was replaced, and whose it was."""
    if gone.declarations:
        said = "declaration" if gone.declarations == 1 else "declarations"
        say(f"  {gone.declarations} {said} signed by another key went, as you asked.")
    for count, whose in ((gone.others, _OTHERS), (gone.own, _OWN)):
        if count:
            said = whose[count > 1]
            say(f"  {count} {said} about the replaced declaration went with it.")


def tell_half(told: Sequence[Told], files: int, stop: BaseException) -> None:
    """Say how far a call for several files came that something stopped, which is said after it.

    Whoever stops it by hand may do so between a file and its place among those told of.
    """
    if any(one.result.state == "signed" for one in told):
        say(f"Signed so far: {len(told)} of {files} files; the same command goes on with the rest.")
    elif files > 1 and not isinstance(stop, KeyboardInterrupt):
        say(f"Nothing was signed: none of the {files} files was changed.")


def first_signed(told: Sequence[Told]) -> Path:
    """The first file that was signed, as it is named to verify it."""
    return next((one.path for one in told if one.result.state == "signed"), told[0].path)


@dataclass(frozen=True)
class Key:
    """The key that signed: whether ``prov verify`` knows it, and where its public half stands."""

    is_known: bool
    is_certified: bool
    public: Path | None


def key_of(signer: Signer, options: Mapping[str, Any], home: Home) -> Key:
    """What is known now of the key that signed: this call may have made it."""
    thumbprint, ring = signer.public.thumbprint, home.keyring()
    is_known = thumbprint in ring.own or thumbprint in ring.pinned
    public = _public_file(options, home)
    if public is not None and _thumbprint(public) != thumbprint:
        public = None
    return Key(is_known, bool(signer.certificates), public)


def _public_file(options: Mapping[str, Any], home: Home) -> Path | None:
    if options["sign_command"] is not None:
        named: Path | None = options["public_key"]
        return named
    private: Path | None = options["key"] or home.default_key()
    return None if private is None else public_path(private)


def _thumbprint(public: Path) -> str:
    from provenance.workspace.asking import public_key_of

    try:
        return public_key_of(public).thumbprint
    except ProvError:
        return ""


def tell_end(told: Sequence[Told], key: Key, options: Mapping[str, Any], *, many: bool) -> None:
    """Say what to do next, once for all files; ``many`` of them are recordings of their own."""
    if told and all(one.result.state == "unchanged" for one in told):
        what, path = ("one", "FILE") if many else ("it", quoted(told[0].path))
        again = sign_again(options, path, sidecar=options["sidecar"])
        say(f"To change what {what} says: prov declare {path}, then {again}")
    signed = [one.path for one in told if one.result.state == "signed"]
    if not signed:
        return
    say(check_with(signed, key))
    if key.is_certified:
        say("Whoever accepts the authority of your certificate can know that it is you.")
        return
    where = f", {shown(str(key.public))}" if key.public else ""
    say(f"Others can know that it is you by your public key{where}; they run:")
    say(f"  prov trust pin {quoted(Path(key.public.name)) if key.public else 'KEY.pub.jwk'}")


def check_with(signed: Sequence[Path], key: Key) -> str:
    """The command that shows its signer that what was signed holds, and what it needs."""
    if key.is_known:
        return _check_with(signed, "prov verify")
    if key.public is not None:
        return _check_with(signed, f"prov verify --key {quoted(key.public)}")
    told = _check_with(signed, "prov verify")
    return f"{told}\n{_NEEDED}" if key.is_certified else told


_NEEDED = (
    "It can pass once your trust policy names the authority of your certificate: "
    "prov trust add-authority"
)


def _check_with(signed: Sequence[Path], words: str) -> str:
    if len(signed) == 1:
        return f"Check it with: {words} {quoted(signed[0])}"
    if len(signed) > _NAMED:
        return f"Check each of them as the first: {words} {quoted(signed[0])}"
    return f"Check them with: {words} {' '.join(map(quoted, signed))}"
