"""Making a report again from its archive, and saying what differs (spec 25.7).

The audit runs again over the archived inputs at the recorded time; of audio that was not archived
the record stands in, and audio that is given is verified anew and compared with the record.
Seals are carried over. Every token is checked again, for what it says as well as its signature.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provenance.audit.archive import PRIVATE, RECORD, RULES, versions
from provenance.audit.asked import Asked, Source, context_of
from provenance.audit.auditing import NO_READERS, Tick
from provenance.audit.checking import Seal, seal_from
from provenance.audit.document import EXHIBITS, exhibit_name
from provenance.audit.model import Input, Item, Keys, Problem
from provenance.audit.packing import refused
from provenance.audit.report import AuditReport
from provenance.audit.sealing import ARCHIVE, FILES, REPORT_SEAL, list_file, names_of
from provenance.audit.sources.base import Reading, SourceKind
from provenance.audit.unpacking import Bundle, unpack
from provenance.audit.writing import Forms, new_folder
from provenance.model.limits import MIB
from provenance.model.records import dataclass
from provenance.trust.identity import NO_KEYS, Keyring

if TYPE_CHECKING:
    from provenance.audit.at_hand import AtHand
    from provenance.audit.sources._files import File
    from provenance.audit.store import Store
    from provenance.signing.envelope import Token

_LINE_BYTES = 16 * MIB
"""One line of the record: a track with all that was verified of it."""


@dataclass(frozen=True)
class Tokens:
    """The statements of a report, checked again without it."""

    checked: int
    failing: tuple[str, ...] = ()
    """Declarations whose signature does not hold, though the report says that it does."""
    differing: tuple[str, ...] = ()
    """Declarations that say something else than their token."""


@dataclass(frozen=True)
class Anew:
    """Audio that was given and verified again."""

    same: int = 0
    differing: tuple[str, ...] = ()
    """Recorded names whose result is another now."""
    missing: tuple[str, ...] = ()
    """Recorded names of which no file with that digest was given."""


@dataclass(frozen=True)
class Rerun:
    """What came of making a report again."""

    audit: Mapping[str, Any]
    same: int
    """Files that are byte for byte what the list says."""
    alike: tuple[str, ...] = ()
    """PDFs that differ in bytes, but not in text and structure."""
    differing: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Files of the report that were not made now."""
    extra: tuple[str, ...] = ()
    """Files that were made now and are not in the report."""
    rules: tuple[str, ...] = ()
    """Profiles whose data is not what it was."""
    versions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What has another version: then, and now; empty where it is not there."""
    tokens: Tokens = Tokens(0)
    anew: Anew | None = None
    """None where no audio was given."""
    seal: Seal | None = None

    @property
    def is_same(self) -> bool:
        """Whether the report follows from its archive, and every token bears it out."""
        off = self.differing or self.missing or self.extra
        tokens = self.tokens.failing or self.tokens.differing
        return not (off or tokens or (self.anew is not None and self.anew.differing))


@dataclass(frozen=True)
class Wishes:
    """How a report is made again."""

    tracks: Path | None = None
    """Audio to verify anew: a folder or a file."""
    keyring: Keyring = NO_KEYS
    """In which the key of the seal is looked up."""
    jobs: int = 1


PLAIN = Wishes()


def rerun(archive: Path, out: Path | None, tick: Tick, wishes: Wishes = PLAIN) -> Rerun:
    """Make the report of an archive again, into ``out`` if it is given (AUD-087 to AUD-089).

    A report that is kept has its archive beside it, without which it is not whole.
    Raises ``RefusedError`` for an archive that is damaged or was changed, and what an audit raises.
    """
    with tempfile.TemporaryDirectory(prefix="musicprov-rerun-") as name:
        work = Path(name)
        bundle = unpack(archive, work / "archive")
        if out is None:
            made = work / "report"
            made.mkdir()
            return _made(bundle, made, work, tick, wishes)
        with new_folder(out) as folder:
            found = _made(bundle, folder, work, tick, wishes)
            shutil.copyfile(archive, folder / ARCHIVE)
            return found


def _made(bundle: Bundle, folder: Path, work: Path, tick: Tick, wishes: Wishes) -> Rerun:
    from provenance.audit.auditing import run
    from provenance.audit.store import opened
    from provenance.audit.writing import write

    asked = asked_of(bundle)
    record = bundle.folder / RECORD
    readers = {"tracks": recorded(record)} if record.exists() else NO_READERS
    value = bundle.seals.get(REPORT_SEAL)
    seal = None if value is None else seal_from(value, REPORT_SEAL, wishes.keyring)
    forms = Forms(**bundle.asked["forms"], key=None if seal is None else seal.key)
    with opened(work) as store:
        report = run(asked, store, tick, jobs=wishes.jobs, readers=readers)
        write(report, folder, tick, forms)
        found = _compared(bundle, folder)
        tokens = _tokens(report, asked)
        anew = None if wishes.tracks is None else _anew(wishes.tracks, store, asked)
    _carry(bundle, folder)
    return Rerun(
        bundle.listing["audit"],
        **found,
        rules=tuple(_rules_changed(bundle)),
        versions=_versions_changed(bundle),
        tokens=tokens,
        anew=anew,
        seal=seal,
    )


def asked_of(bundle: Bundle) -> Asked:
    """What was asked then, over the files that were unpacked."""
    said, top = bundle.asked, bundle.folder
    at = datetime.strptime(said["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    trust = None if said["trust"] is None else top / said["trust"]
    keys = tuple(top / key for key in said["keys"])
    return Asked(
        charts=tuple(top / chart for chart in said["charts"]),
        context=context_of(trust, keys, at, said["decode"]),
        trust=trust,
        keys=keys,
        sources=tuple(_source(source, top) for source in said["sources"]),
        columns=said["columns"],
        week=said["week"],
        rules=tuple(said["rules"]),
        settings=tuple(said["settings"]),
        threshold=float(said["threshold"]),
        title=said["title"],
        auditor=said["auditor"],
        language=said["language"],
    )


def _source(said: Mapping[str, Any], top: Path) -> Source:
    """A source; a folder that had nothing in it is made, for no archive holds one."""
    if said["path"] is None:
        return Source(said["kind"], top / RECORD)
    path = top / said["path"]
    if said["folder"]:
        path.mkdir(parents=True, exist_ok=True)
    return Source(said["kind"], path)


# the record in the place of audio


def recorded(record: Path) -> SourceKind:
    """A source of tracks that gives what was recorded of them; all of it when it is first read."""
    given: list[Path] = []

    def read(_: Path, reading: Reading) -> Iterator[Item | Problem]:
        if given:
            return
        given.append(record)
        for one in _lines(record):
            if "input" in one:
                _register(Input(**one["input"]), reading)
            elif "item" in one:
                yield _item(one["item"])
            else:
                yield Problem(**one["problem"])

    return SourceKind("Tracks (recorded)", read)


def _register(one: Input, reading: Reading) -> None:
    if one.number != reading.store.next_input():
        raise refused(f"{RECORD}: its files have other numbers than the inputs leave them")
    reading.store.add_input(one)


def _lines(record: Path) -> Iterator[Mapping[str, Any]]:
    """The record line by line, each by its schema; raises ``RefusedError`` for any other."""
    from provenance.wire import schemas

    with record.open("rb") as stream:
        while text := stream.readline(_LINE_BYTES + 1):
            try:
                one: Any = json.loads(text) if len(text) <= _LINE_BYTES else None
            except (ValueError, RecursionError):
                one = None
            if not schemas.is_valid(one, "audit-record"):
                raise refused(f"{RECORD}: a line is no record")
            yield one


def _item(said: Mapping[str, Any]) -> Item:
    keys = said["keys"]
    names = tuple((artist, title) for artist, title in keys["names"])
    about = tuple(keys.get("statements", ()))
    made = Keys(tuple(keys["isrcs"]), tuple(keys["files"]), tuple(keys["essences"]), names, about)
    says = {**said["says"], **{name: said.get(member) for name, member in PRIVATE.items()}}
    return Item(said["kind"], said["input"], said["where"], made, says)


# what differs


def _compared(bundle: Bundle, folder: Path) -> dict[str, Any]:
    from provenance.audit.rendering.pdf import content_of

    wanted = {one["name"]: one for one in bundle.listing["files"]}
    made = {name: folder / name for name in names_of(folder)}
    both = [name for name in wanted if name in made]
    off = [name for name in both if list_file(made[name], "").sha256 != wanted[name]["sha256"]]
    alike = [
        name
        for name in off
        if wanted[name].get("content") and content_of(made[name]) == wanted[name]["content"]
    ]
    return {
        "same": len(both) - len(off),
        "alike": tuple(alike),
        "differing": tuple(name for name in off if name not in alike),
        "missing": tuple(name for name in wanted if name not in made),
        "extra": tuple(name for name in made if name not in wanted),
    }


def _rules_changed(bundle: Bundle) -> Iterator[str]:
    from provenance.wire.schemas import schema_root

    for name in bundle.asked["rules"]:
        now = schema_root() / "profiles" / f"{name}.json"
        then = bundle.folder / RULES / f"{name}.json"
        if not then.exists() or not now.exists() or now.read_bytes() != then.read_bytes():
            yield name


def _versions_changed(bundle: Bundle) -> dict[str, tuple[str, str]]:
    from provenance.reports.as_json import tool

    made_by, here = bundle.asked["tool"], tool()
    then = {made_by["name"]: made_by["version"], **bundle.asked["versions"]}
    now = {here["name"]: here["version"], **versions()}
    names = sorted({*then, *now})
    both = {name: (then.get(name, ""), now.get(name, "")) for name in names}
    return {name: pair for name, pair in both.items() if pair[0] != pair[1]}


def _carry(bundle: Bundle, folder: Path) -> None:
    (folder / FILES).write_bytes(bundle.listing_bytes)
    (folder / EXHIBITS).mkdir(exist_ok=True)
    for name, value in bundle.seals.items():
        (folder / name).write_bytes(value)


# tokens and audio again


def _tokens(report: AuditReport, asked: Asked) -> Tokens:
    checked = 0
    faults: dict[str, list[str]] = {"signature": [], "says": []}
    for exhibit in report.exhibits():
        for one in exhibit["declarations"]:
            name = f"{EXHIBITS}/{exhibit_name(exhibit['exhibit'])} {one['id']}"
            said = [other["token"] for other in (*one["opposed"], *one["endorsements"])]
            if any(text and _signed(text.encode("utf-8")) is None for text in said):
                faults["signature"].append(name)
            if one["token"] is not None:
                checked += 1
                fault = _fault(one, asked)
                if fault is not None:
                    faults[fault].append(name)
    return Tokens(checked, tuple(faults["signature"]), tuple(faults["says"]))


def _signed(value: bytes) -> Token | None:
    """A token whose own signature holds."""
    from provenance.model.codes import Code
    from provenance.signing import envelope

    token, _ = envelope.read(value)
    if token is None or envelope.check_signature(token).code is not Code.SIGNATURE_VALID:
        return None
    return token


def _fault(one: Mapping[str, Any], asked: Asked) -> str | None:
    """What a declaration says against its own token (AUD-088); None where they agree."""
    value = one["token"].encode("utf-8")
    token = _signed(value)
    if token is None:
        return "signature" if one["areas"] or one["status"] == "PASSED" else None
    said, who = one["statement"], one["signer"]
    if said is not None and said["payload"] != token.payload_digest:
        return "says"
    if said is not None and said["sid"] == token.sid and who is not None:
        is_same = who["key"] == token.key
    else:
        is_same = True
    return None if is_same and one["areas"] in ({}, _areas(value, asked)) else "says"


def _areas(value: bytes, asked: Asked) -> Mapping[str, str]:
    """The levels that a token declares, read from it alone."""
    from provenance.labels.sentence import levels_of
    from provenance.verify.outcome import Given, Outcome
    from provenance.verify.procedure import verify

    outcome = verify(None, None, asked.context, (Given("token", value),)).subject
    found = outcome.candidates if isinstance(outcome, Outcome) else ()
    return levels_of(found[0].manifest) if found and found[0].manifest is not None else {}


def _anew(given: Path, store: Store, asked: Asked) -> Anew:
    """Verify again what was given of the audio, and compare (AUD-089).

    With the record; where the archive has the audio itself, with what that gave now.
    """
    from provenance.audit.at_hand import AtHand
    from provenance.audit.sources._files import File, files
    from provenance.workspace.verifying import is_audio

    found = files(given, lambda one: is_audio(one.path))
    at_hand = {list_file(one.path, "").sha256: one.path for one in found if isinstance(one, File)}
    hand = AtHand.read(store.folder)
    same, differing, missing = 0, [], []
    for said in (item.says for item in store.items("track")):
        name, path = said["_report"]["input"]["name"], at_hand.get(said["sha256"])
        if path is None:
            missing.append(name)
        elif _is_judged_alike(said, File(path, name), asked, hand):
            same += 1
        else:
            differing.append(name)
    if hand is not None:
        hand.close()
    return Anew(same, tuple(differing), tuple(missing))


def _is_judged_alike(
    said: Mapping[str, Any], file: File, asked: Asked, hand: AtHand | None
) -> bool:
    from provenance.audit.sources._files import storable
    from provenance.audit.sources._judging import judge

    judged = judge(file, asked.context, hand, search=True)
    now = json.loads(json.dumps(storable(judged.says)))
    return all(said.get(member) == value for member, value in now.items())
