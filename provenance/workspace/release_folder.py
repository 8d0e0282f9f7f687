"""A release as a distributor receives it: the message, the audio, the declarations in it.

Each sound recording of the message is matched with its audio, and the three are compared:
message with itself (profile ``ddex``), message with audio, message with declaration. Every
mismatch is a row; what agrees has none.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from provenance.containers import identify, load
from provenance.exports._ern_plan import plan_of
from provenance.exports._reading import Reading
from provenance.files.opening import input_error, open_regular
from provenance.model.errors import InputError, UsageError
from provenance.model.identifiers import normalise_isrc
from provenance.model.records import dataclass
from provenance.model.verdict import Status
from provenance.profiles.ddex import FINDERS, is_older
from provenance.profiles.judging import OUTCOMES, rules_of
from provenance.verify.outcome import Outcome
from provenance.wire import ern, xml
from provenance.workspace.verifying import audio_below, verify_path

if TYPE_CHECKING:
    from provenance.exports._ern_plan import Plan
    from provenance.model.manifest import Manifest
    from provenance.verify.outcome import Context

_HEAD_BYTES = 4096
_LENGTH_TOLERANCE_S = 1.0
_HASHES = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "SHA384": "sha384", "SHA512": "sha512"}

_DURATION = re.compile(r"PT(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6}(?:\.\d{1,9})?)S)?")


@dataclass(frozen=True)
class Row:
    """One mismatch."""

    rule: str
    """``ddex-3``, or ``folder-`` and what was compared."""
    outcome: str
    """As profiles have it: ``error``, ``warning``, ``review``, ``notStated``."""
    where: str
    """A resource of the message, or a file."""
    message: str


@dataclass(frozen=True)
class Audio:
    """One audio file of the folder, and what was found in it."""

    path: Path
    name: str
    isrcs: tuple[str, ...]
    seconds: float | None
    manifest: Manifest | None
    status: Status


def is_message(path: Path) -> bool:
    """Whether a file begins as a release message does."""
    try:
        with open_regular(path) as stream:
            head = stream.read(_HEAD_BYTES)
    except InputError:
        return False
    return b"NewReleaseMessage" in head and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def messages_in(folder: Path) -> list[Path]:
    """The release messages that lie in a folder itself, by name."""
    try:
        there = sorted(folder.iterdir())
    except OSError as error:
        raise input_error(folder, error) from error
    found = (p for p in there if p.suffix.lower() == ".xml" and not p.is_symlink())
    return [p for p in found if p.is_file() and is_message(p)]


def read_message(path: Path) -> ern.Message:
    """A message from a file, in bounded memory. Raises ``InputError``."""
    with open_regular(path) as stream:
        return ern.read(xml.chunks_of(stream))


def check_message(path: Path, manifest: Manifest | None = None) -> tuple[Row, ...]:
    """A message by the rules of DDEX, with a declaration where there is one."""
    message = read_message(path)
    rows = list(_coherence(message, manifest))
    if manifest is None and is_older(message):
        text = f"the message is ERN {message.version}: what is declared about AI has no place in it"
        rows.append(Row("ddex-8", "notStated", "message", text))
    return tuple(rows)


def check_folder(folder: Path, context: Context) -> tuple[Row, ...]:
    """A release folder: message against itself, audio and declarations.

    Raises ``UsageError`` where there is no message or more than one, ``InputError`` where
    something cannot be read.
    """
    found = messages_in(folder)
    if len(found) != 1:
        names = ", ".join(p.name for p in found) or "none"
        raise UsageError(
            f"{folder}: a release folder has one NewReleaseMessage (.xml) in it; found: {names}",
            hint="Name the message itself, or keep one in the folder.",
        )
    message = read_message(found[0])
    audio = [_look_at(path, folder, context) for path in audio_below(folder)]
    rows = list(_coherence(message, None))
    used: set[str] = set()
    for recording in message.recordings:
        matching = _matching(recording, audio)
        used |= {one.name for one in matching}
        rows += _recording(message, recording, matching, folder)
    rows += [
        Row("folder-audio", "warning", one.name, "no sound recording of the message is this file")
        for one in audio
        if one.name not in used
    ]
    return tuple(rows)


def worst(rows: tuple[Row, ...]) -> str:
    """The worst outcome; ``clear`` where there is no row."""
    return max((row.outcome for row in rows), key=OUTCOMES.index, default="clear")


def as_json(rows: tuple[Row, ...]) -> list[dict[str, Any]]:
    """The rows as plain values, those of a rule with its clause, source and confidence."""
    return [
        {
            "rule": row.rule,
            "outcome": row.outcome,
            "where": row.where,
            "message": row.message,
            **_of_rule(row.rule),
        }
        for row in rows
    ]


def _of_rule(identifier: str) -> dict[str, Any]:
    rules = (rule for rule in rules_of("ddex")["rules"] if rule["id"] == identifier)
    found: dict[str, Any] = next(rules, {})
    return {k: found[k] for k in ("clause", "source", "date", "confidence", "inferred") if found}


def as_text(rows: list[dict[str, Any]]) -> str:
    """Plain rows for a person, the worst first; every foreign string escaped."""
    from provenance.reports.escaping import shown

    if not rows:
        return "Nothing contradicts anything."
    ordered = sorted(rows, key=lambda row: -OUTCOMES.index(row["outcome"]))
    return "\n".join(
        f"{row['outcome']:<9} {row['rule']:<18} {shown(row['where'])}: {shown(row['message'], 500)}"
        for row in ordered
    )


def _coherence(message: ern.Message, manifest: Manifest | None) -> Iterator[Row]:
    for rule in rules_of("ddex")["rules"]:
        defaults = {n: p["default"] for n, p in rule.get("parameters", {}).items()}
        for place in FINDERS[rule["id"]](message, manifest, defaults):
            where, colon, rest = place.partition(": ")
            text = rest if colon else place
            yield Row(rule["id"], rule["outcome"], where if colon else "message", text)


def _look_at(path: Path, folder: Path, context: Context) -> Audio:
    with open_regular(path) as stream:
        name = identify(stream)
        scan = load(name).scan(stream, context.limits, False) if name else None
    verdict = verify_path(path, context)
    outcome = verdict.subject
    selected = outcome.selected if isinstance(outcome, Outcome) else None
    facts = scan.audio if scan else None
    seconds = facts.samples / facts.rate if facts and facts.samples and facts.rate else None
    return Audio(
        path,
        path.relative_to(folder).as_posix(),
        tuple(normalise_isrc(v) or v for v in (scan.tags.isrc if scan else ())),
        seconds,
        selected.manifest if selected is not None else None,
        verdict.status,
    )


def _matching(recording: ern.Resource, audio: list[Audio]) -> list[Audio]:
    """The files that the message names for a recording, else those that say its ISRC."""
    named = [PurePosixPath(f.uri.replace("\\", "/")) for f in recording.files]
    whole = [one for one in audio if PurePosixPath(one.name) in named]
    if whole:
        return whole
    by_name = [one for one in audio if one.path.name in {n.name for n in named}]
    return by_name or [one for one in audio if _isrcs_said(one) & set(recording.isrcs)]


def _isrcs_said(one: Audio) -> set[str]:
    declared = one.manifest.subject.isrc if one.manifest is not None else None
    return {*one.isrcs, *([declared] if declared else [])}


def _recording(
    message: ern.Message, recording: ern.Resource, matching: list[Audio], folder: Path
) -> Iterator[Row]:
    if not matching and recording.files:
        files = ", ".join(f.uri for f in recording.files)
        yield Row("folder-audio", "error", recording.name, f"its audio is missing: {files}")
    elif not matching:
        text = "the message names no file for it, and none has its ISRC"
        yield Row("folder-audio", "warning", recording.name, text)
    for one in matching:
        yield from _audio(recording, one, folder)
        yield from _declaration(message, recording, one)


def _audio(recording: ern.Resource, one: Audio, folder: Path) -> Iterator[Row]:
    """The message against the file."""
    if one.isrcs and recording.isrcs and not set(one.isrcs) & set(recording.isrcs):
        text = f"the ISRC in its tags is {', '.join(one.isrcs)}, not that of {recording.name}"
        yield Row("folder-isrc", "error", one.name, text)
    for stated in recording.files:
        if PurePosixPath(stated.uri.replace("\\", "/")).name == one.path.name:
            yield from _hash_sum(stated, one, folder)
    stated_seconds = _seconds(recording.duration)
    if one.seconds is None or stated_seconds is None:
        return
    if abs(one.seconds - stated_seconds) > _LENGTH_TOLERANCE_S:
        text = f"it lasts {one.seconds:.3f} s, the message says {stated_seconds:.3f} s"
        yield Row("folder-duration", "warning", one.name, text)


def _hash_sum(stated: ern.DeliveredFile, one: Audio, folder: Path) -> Iterator[Row]:
    if stated.hash_sum is None:
        return
    name = _HASHES.get((stated.algorithm or "").upper().replace("-", ""))
    if name is None:
        text = f"its hash sum is by {stated.algorithm}, which is not computed here"
        yield Row("folder-hash", "notStated", one.name, text)
        return
    with open_regular(folder / one.name) as stream:
        made = hashlib.new(name, usedforsecurity=False)
        for chunk in xml.chunks_of(stream):
            made.update(chunk)
    digest = made.hexdigest()
    if digest != stated.hash_sum.strip().lower():
        text = f"its {stated.algorithm} hash sum is not the one in the message"
        yield Row("folder-hash", "error", one.name, text)


def _seconds(duration: str | None) -> float | None:
    """``PT4M23.583S`` in seconds; None for what is no such duration."""
    match = _DURATION.fullmatch(duration or "")
    if match is None:
        return None
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return 3600 * hours + 60 * minutes + seconds


def _declaration(message: ern.Message, recording: ern.Resource, one: Audio) -> Iterator[Row]:
    """The message against what the file declares."""
    if one.manifest is None:
        text = "it carries no declaration that can be read, so nothing is compared with it"
        yield Row("folder-declaration", "notStated", one.name, text)
        return
    if one.status is Status.FAILED:
        text = "its declaration does not hold, and nothing is compared with it: see prov verify"
        yield Row("folder-declaration", "error", one.name, text)
        return
    if one.status is not Status.PASSED:
        text = f"its declaration is {one.status}: see prov verify"
        yield Row("folder-declaration", "review", one.name, text)
    declared = one.manifest.subject.isrc
    if declared is not None and recording.isrcs and declared not in recording.isrcs:
        text = f"the declaration is about {declared}, not about {recording.name}"
        yield Row("folder-isrc", "error", one.name, text)
    for row in _coherence(message, one.manifest):
        if row.rule == "ddex-8":
            yield Row(row.rule, row.outcome, one.name, row.message)
            return
    yield from _said(recording, message, plan_of(Reading(one.manifest), {}))


def _said(recording: ern.Resource, message: ern.Message, plan: Plan) -> Iterator[Row]:
    """What the message says of AI against what follows from the declaration."""
    pairs: Mapping[str, tuple[Any, Any]] = {
        "ContainsAI": (recording.contains_ai, plan.contains_ai),
        "HasVocalPerformance": (recording.vocal, plan.vocal),
        "HasForegroundVocalPerformance": (recording.foreground_vocal, plan.foreground_vocal),
    }
    for name, (said, wanted) in pairs.items():
        if said is not None and wanted is not None and said != wanted:
            text = f"{name} is {_word(said)} in the message, {_word(wanted)} by the declaration"
            yield Row("folder-ai", "error", recording.name, text)
        elif said is not None and wanted is None and name == "ContainsAI":
            text = f"{name} is {said} in the message; the declaration leaves it open"
            yield Row("folder-ai", "notStated", recording.name, text)
        elif said is None and wanted in {"All", "Partly"}:
            text = f"{name} is not stated in the message, {wanted} by the declaration"
            yield Row("folder-ai", "warning", recording.name, text)
    generated = {r.value for c in recording.contributors if c.generative for r in c.roles}
    declared = {r.value for c in plan.credits if c.person is None for r in c.roles}
    for role in sorted(declared - generated):
        text = f"{role} is GenerativeAI by the declaration; the message does not say so"
        yield Row("folder-ai", "warning", recording.name, text)
    for role in sorted(generated - declared):
        text = f"{role} is GenerativeAI in the message; the declaration does not say so"
        yield Row("folder-ai", "error", recording.name, text)
    yield from _people(recording, message, plan)


def _people(recording: ern.Resource, message: ern.Message, plan: Plan) -> Iterator[Row]:
    declared = {
        (_folded(c.person.name), r.value): c.ai
        for c in plan.credits
        if c.person is not None and c.person.name
        for r in c.roles
    }
    for contributor in recording.contributors:
        name = message.name_of(contributor.party)
        for role in contributor.roles:
            wanted = declared.get((_folded(name), role.value))
            if contributor.ai is not None and wanted is not None and contributor.ai != wanted:
                text = (
                    f"{name} as {role.value} has AiContribution {contributor.ai} in the message, "
                    f"{wanted} by the declaration"
                )
                yield Row("folder-ai", "error", recording.name, text)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
