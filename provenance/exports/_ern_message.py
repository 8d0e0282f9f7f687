"""A whole minimal NewReleaseMessage of ERN 4.3.2, and the bare elements for one recording."""

from __future__ import annotations

from collections.abc import Mapping

from provenance.exports._ern_elements import (
    contributors_xml,
    flags_xml,
    party_xml,
    people_of,
    person_xml,
    reference_of,
)
from provenance.exports._ern_plan import Plan, plan_of
from provenance.exports._reading import Reading
from provenance.model.errors import UsageError
from provenance.model.recording import Release, Subject
from provenance.wire.ern import NAMESPACE
from provenance.wire.xml import element

_AVS_VERSION = "9"
_ARTIST_ROLES = ("Artist", "Brand", "Composer", "FeaturedArtist", "MainArtist")
_ARTWORK = frozenset({"artwork"})
_NOTE = (
    "<!-- Elements for one SoundRecording of an ERN 4.3.2 message, in the order of its schema, "
    "and the parties that they name. This is no message. -->"
)


def elements(reading: Reading, plan: Plan) -> str:
    """The AI elements of one sound recording, with the parties: to be put into a message."""
    parties = [person_xml(p, reference_of(p), reading) for p in people_of([plan])]
    recording = [*contributors_xml(plan, reading), *(text for _, text in flags_xml(plan))]
    inner = [element("PartyList", parties)] if parties else []
    inner.append(element("ResourceList", [element("SoundRecording", recording)]))
    return "\n".join([_HEAD, _NOTE, element("ern:NewReleaseMessage", inner, **_ROOT), ""])


_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_ROOT: Mapping[str, str] = {"xmlns:ern": NAMESPACE}


_DECLARED = {
    "isrc": "/subject/isrc",
    "label": "/subject/release/label",
    "created": "/issued",
    "message-id": "/id",
}
"""Options, and the declared members that stand there without them."""


class Facts:
    """What a message must say that is no matter of AI: from the declaration, else from options."""

    def __init__(self, reading: Reading, options: Mapping[str, str]) -> None:
        """Raises ``UsageError`` that names everything that is missing."""
        manifest = reading.manifest
        subject = manifest.subject
        release = subject.release or Release()
        self.title = subject.title or ""
        self.isrc = options.get("isrc") or subject.isrc or ""
        self.label = options.get("label") or release.label or ""
        self.created = options.get("created") or manifest.issued or ""
        self.message_id = options.get("message-id") or manifest.id or ""
        self.duration = options.get("duration") or _duration(subject) or ""
        self.genre = options.get("genre", "")
        self.sender = (options.get("sender", ""), options.get("sender-dpid", ""))
        self.recipient = (options.get("recipient", ""), options.get("recipient-dpid", ""))
        missing = {
            "subject.title": self.title,
            "subject.artists": "".join(a.name or "" for a in subject.artists),
            "subject.release.upc or grid": release.upc or release.grid,
            "--set isrc=": self.isrc,
            "--set label=": self.label,
            "--set created=": self.created,
            "--set message-id=": self.message_id,
            "--set duration=": self.duration,
            "--set genre=": self.genre,
            "--set sender=": self.sender[0],
            "--set sender-dpid=": self.sender[1],
            "--set recipient=": self.recipient[0],
            "--set recipient-dpid=": self.recipient[1],
        }
        lacking = [name for name, value in missing.items() if not value]
        if lacking:
            raise UsageError(
                f"a whole message needs more than is declared: {', '.join(lacking)}",
                hint="Give them, or export the elements alone (--set form=elements).",
            )
        for name, pointer in _DECLARED.items():
            if not options.get(name):
                reading.copied(pointer)


def _duration(subject: Subject) -> str | None:
    """The duration that a signed fingerprint states, in whole milliseconds."""
    for binding in subject.bindings:
        milliseconds = binding.get("durationMs")
        if isinstance(milliseconds, int):
            seconds = f"{milliseconds / 1000:.3f}".rstrip("0").rstrip(".")
            return f"PT{seconds}S"
    return None


def message(reading: Reading, plan: Plan, options: Mapping[str, str]) -> str:
    """A NewReleaseMessage with one release of one recording, and its cover where it is declared.

    Raises ``UsageError`` for what is missing; nothing is invented.
    """
    facts = Facts(reading, options)
    cover = plan_of(reading, options, _ARTWORK)
    has_cover = bool(cover.credits) or cover.contains_ai is not None
    people = people_of([plan, cover])
    artists = _Artists(reading, {p.name: reference_of(p) for p in people})
    parties = [person_xml(p, reference_of(p), reading) for p in people]
    parties += [*artists.parties, party_xml("PLabel", facts.label)]
    resources = [_recording(reading, plan, facts, artists)]
    if has_cover:
        resources.append(_image(reading, cover, facts))
    inner = [
        _header(facts),
        element("PartyList", parties),
        element("ResourceList", resources),
        element("ReleaseList", [_release(reading, facts, artists, has_cover)]),
    ]
    root = {**_ROOT, "AvsVersionId": _AVS_VERSION, "LanguageAndScriptCode": "und"}
    return "\n".join([_HEAD, element("ern:NewReleaseMessage", inner, **root), ""])


class _Artists:
    """The display artists: parties of their own unless they are people of the declaration."""

    def __init__(self, reading: Reading, people: Mapping[str | None, str]) -> None:
        self.parties: list[str] = []
        self.display: list[str] = []
        names: list[str] = []
        for n, artist in enumerate(reading.manifest.subject.artists):
            if artist.name is None:
                continue
            reference = people.get(artist.name) or f"PArtist{n + 1}"
            if artist.name not in people:
                self.parties.append(party_xml(reference, artist.name, artist.ids.items()))
            role = artist.role or ("MainArtist" if not names else "Artist")
            names.append(artist.name)
            own = {} if role in _ARTIST_ROLES else {"Namespace": "MusicProv"}
            term = "UserDefined" if own else role
            inner = [
                element("ArtistPartyReference", reference),
                element("DisplayArtistRole", term, **own, UserDefinedValue=role if own else None),
            ]
            self.display.append(element("DisplayArtist", inner, SequenceNumber=str(len(names))))
            at = f"/subject/artists/{n}"
            ids = () if artist.name in people else ("isni", "dpid", "ipi", "ipn")
            for member in ("name", "role", *(f"ids/{scheme}" for scheme in ids)):
                reading.copied(f"{at}/{member}")
        self.name = element("DisplayArtistName", ", ".join(names))


def _header(facts: Facts) -> str:
    def party(name: str, of: tuple[str, str]) -> str:
        full = element("PartyName", [element("FullName", of[0])])
        return element(name, [element("PartyId", of[1]), full])

    return element(
        "MessageHeader",
        [
            element("MessageId", facts.message_id),
            party("MessageSender", facts.sender),
            party("MessageRecipient", facts.recipient),
            element("MessageCreatedDateTime", facts.created),
        ],
    )


def _titles(title: str, version: str | None = None) -> list[str]:
    text = f"{title} ({version})" if version else title
    inner = [element("TitleText", title), *([element("SubTitle", version)] if version else [])]
    return [element("DisplayTitleText", text), element("DisplayTitle", inner)]


def _recording(reading: Reading, plan: Plan, facts: Facts, artists: _Artists) -> str:
    subject = reading.manifest.subject
    for member in ("title", "version", "language"):
        reading.copied(f"/subject/{member}")
    works = []
    for n, iswc in enumerate(subject.iswc):
        reading.copied(f"/subject/iswc/{n}")
        works.append(element("WorkId", [element("ISWC", iswc)]))
    identifier = element("ResourceId", [element("ISRC", facts.isrc)])
    made = (subject.created or "").partition("T")[0]
    if made == subject.created:
        reading.copied("/subject/created")
    else:
        reading.used("/subject/created", "written as a day, without the time")
    spoken = [element("LanguageOfPerformance", subject.language)] if subject.language else []
    return element(
        "SoundRecording",
        [
            element("ResourceReference", "A1"),
            element("Type", "MusicalWorkSoundRecording"),
            element("SoundRecordingEdition", [identifier]),
            *works,
            *_titles(facts.title, subject.version),
            artists.name,
            *artists.display,
            *contributors_xml(plan, reading),
            element("Duration", facts.duration),
            *([element("CreationDate", made)] if made else []),
            *(text for _, text in flags_xml(plan)),
            *spoken,
        ],
    )


def _image(reading: Reading, plan: Plan, facts: Facts) -> str:
    own = element("ProprietaryId", f"{facts.message_id}-cover", Namespace=facts.sender[1])
    return element(
        "Image",
        [
            element("ResourceReference", "A2"),
            element("Type", "FrontCoverImage"),
            element("ResourceId", [own]),
            *contributors_xml(plan, reading),
            *(text for _, text in flags_xml(plan)),
        ],
    )


def _release(reading: Reading, facts: Facts, artists: _Artists, has_cover: bool) -> str:
    subject = reading.manifest.subject
    release = subject.release or Release()
    ids = [element("GRid", release.grid)] if release.grid else []
    ids += [element("ICPN", release.upc)] if release.upc else []
    for member in ("title", "upc", "grid", "date"):
        reading.copied(f"/subject/release/{member}")
    titles = _titles(release.title) if release.title else _titles(facts.title, subject.version)
    held = [element("ReleaseResourceReference", "A1")]
    item = element("ResourceGroupContentItem", [element("SequenceNumber", "1"), *held])
    cover = [element("LinkedReleaseResourceReference", "A2")] if has_cover else []
    return element(
        "Release",
        [
            element("ReleaseReference", "R0"),
            element("ReleaseType", "Single"),
            element("ReleaseId", ids),
            *titles,
            artists.name,
            *artists.display,
            element("ReleaseLabelReference", "PLabel"),
            element("DisplayGenre", [element("GenreText", facts.genre)]),
            *([element("ReleaseDate", release.date)] if release.date else []),
            element("ResourceGroup", [item, *cover]),
        ],
    )
