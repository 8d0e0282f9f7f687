"""Release messages of DDEX (ERN): who sends what, and what it says about AI (spec/regimes).

Read in one pass over a stream with bounded memory. Elements are found by the names of ERN 4;
of ERN 3 only the version, the sender and the ISRCs are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from functools import cached_property

from provenance.model.errors import InputError
from provenance.model.identifiers import normalise_isrc
from provenance.model.records import dataclass
from provenance.wire import xml
from provenance.wire.xml import Node

NAMESPACE = "http://ddex.net/xml/ern/432"
VERSION = "4.3.2"
"""The one version whose AI elements were seen; where they stand is known for it alone."""

GENERATIVE_AI = "GenerativeAI"
RESOURCES = ("SoundRecording", "Video", "Image", "Text", "SheetMusic", "Software")
MAX_HELD = 200_000
"""Resources, parties, releases, contributors and files of one message, together."""
MAX_TEXT = 1000
"""Characters of one text that are kept."""

_ROOT = re.compile(r"http://ddex\.net/xml/ern/([0-9]{2,4}) NewReleaseMessage")
_PARTS = frozenset(
    {"MessageHeader", "PartyList/Party", "ReleaseList/Release"}
    | {f"ResourceList/{kind}" for kind in RESOURCES}
)
_PARTY_IDS = {"ISNI": "isni", "DPID": "dpid", "IpiNameNumber": "ipi", "IPN": "ipn"}


@dataclass(frozen=True)
class Role:
    """A role of a contributor, as the message spells it, and the instruments in it."""

    value: str
    instruments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contributor:
    """One ``Contributor`` or ``EditionContributor``."""

    party: str | None
    """Reference of a party; None for a special contributor."""
    special: str | None
    """``GenerativeAI``, ``Traditional`` ...; None for a party."""
    roles: tuple[Role, ...]
    ai: str | None
    """``AiContribution``: ``All``, ``Partly``, ``None``; None where nothing is stated."""
    of_edition: bool = False
    featured: bool | None = None

    @property
    def generative(self) -> bool:
        """Whether it stands for generative AI."""
        return self.special == GENERATIVE_AI

    @property
    def says_ai(self) -> bool:
        """Whether it says that AI contributed."""
        return self.generative or self.ai in {"All", "Partly"}


@dataclass(frozen=True)
class DeliveredFile:
    """A file that the message names, with the hash sum that it states."""

    uri: str
    algorithm: str | None = None
    hash_sum: str | None = None


@dataclass(frozen=True)
class Resource:
    """A sound recording, video, image ... of a message."""

    kind: str
    reference: str | None
    isrcs: tuple[str, ...] = ()
    """As normal form where they have one, else as written."""
    title: str | None = None
    artists: tuple[tuple[str, str], ...] = ()
    """(reference of a party, role) of each display artist, in order."""
    special_artists: tuple[str, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    contains_ai: str | None = None
    vocal: bool | None = None
    foreground_vocal: bool | None = None
    duration: str | None = None
    files: tuple[DeliveredFile, ...] = ()

    @property
    def name(self) -> str:
        """How a report calls it: ``SoundRecording A1 (GBXYZ2600123)``."""
        ids = f" ({', '.join(self.isrcs)})" if self.isrcs else ""
        return f"{self.kind} {self.reference or '?'}{ids}"


@dataclass(frozen=True)
class Party:
    """A party of the message's list."""

    reference: str
    names: tuple[str, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Release:
    """The release, and which resources it holds."""

    reference: str | None
    title: str | None = None
    icpn: str | None = None
    grid: str | None = None
    contains_ai: str | None = None
    resources: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Message:
    """A NewReleaseMessage, as far as it matters here."""

    version: str
    sender: str | None = None
    sender_id: str | None = None
    parties: Mapping[str, Party] = field(default_factory=dict)
    resources: tuple[Resource, ...] = ()
    releases: tuple[Release, ...] = ()

    @property
    def recordings(self) -> tuple[Resource, ...]:
        """Its sound recordings."""
        return tuple(r for r in self.resources if r.kind == "SoundRecording")

    @cached_property
    def holding(self) -> Mapping[str, Release]:
        """The first release that holds a resource, by the resource's reference."""
        found: dict[str, Release] = {}
        for release in self.releases:
            for reference in release.resources:
                found.setdefault(reference, release)
        return found

    def name_of(self, reference: str | None) -> str:
        """A party's name, else its reference."""
        party = self.parties.get(reference or "")
        return party.names[0] if party and party.names else reference or "?"


def read(chunks: Iterable[bytes]) -> Message:
    """Read a message. Raises ``InputError`` (or ``XmlError``) for what is none."""
    parties: dict[str, Party] = {}
    resources: list[Resource] = []
    releases: list[Release] = []
    sender: tuple[str | None, str | None] = (None, None)
    held = 0
    found = xml.parts(chunks, _PARTS)
    version = version_of(next(found))
    for part in found:
        if part.name == "MessageHeader":
            sender = (
                _said(part, "MessageSender", "PartyName", "FullName"),
                _said(part, "MessageSender", "PartyId"),
            )
        elif part.name == "Party":
            party = _party(part)
            parties[party.reference] = party
        elif part.name == "Release":
            releases.append(_release(part))
        else:
            resource = resource_of(part)
            resources.append(resource)
            held += len(resource.contributors) + len(resource.files) + len(resource.artists)
        held += 1
        if held > MAX_HELD:
            text = f"the message has more than {MAX_HELD} resources, parties and contributors"
            raise InputError(text, hint="Split it.")
    return Message(version, *sender, parties, tuple(resources), tuple(releases))


def version_of(root: Node) -> str:
    """``4.3.2`` of the root's namespace; raises ``InputError`` where it is no such message."""
    match = _ROOT.fullmatch(root.name)
    if match is None:
        text = f"this is no NewReleaseMessage of DDEX: its root is '{root.name[:100]}'"
        raise InputError(text, hint="Give the ERN message itself, as it is delivered.")
    return ".".join(match[1])


def require_version(version: str) -> None:
    """Raise ``InputError``, saying what to do, unless AI elements can stand in the message."""
    if version == VERSION:
        return
    if version in {"4.3", "4.2", "4.1", "4.1.1"}:
        hint = (
            "Lift it to ERN 4.3.2 first: the namespace, AvsVersionId, DisplayGenre for Genre, "
            "Role with Value, no AdditionalTitle. Then run the same command again."
        )
    elif version.startswith("3"):
        hint = (
            "Ask whether the receiver takes ERN 4.3.2, and have the message made anew in it: "
            "ERN 3 and 4 are too different to be lifted by hand."
        )
    else:
        hint = "Where AI elements stand in that version has not been seen; have it made as 4.3.2."
    raise InputError(f"ERN {version} has no AI elements that are known here", hint=hint)


def resource_of(part: Node) -> Resource:
    """One resource of the list."""
    edition = f"{part.name}Edition"
    contributors = [_contributor(n, of_edition=False) for n in part.all("Contributor")]
    contributors += [
        _contributor(n, of_edition=True) for n in part.all(edition, "EditionContributor")
    ]
    artists = tuple(
        (reference, _said(node, "DisplayArtistRole") or "MainArtist")
        for node in part.all("DisplayArtist")
        if (reference := _said(node, "ArtistPartyReference"))
    )
    special = (n.said("SpecialDisplayArtist") for n in part.all("DisplayArtist"))
    return Resource(
        part.name,
        _said(part, "ResourceReference"),
        tuple(dict.fromkeys(isrcs_of(part))),
        _said(part, "DisplayTitle", "TitleText") or _said(part, "DisplayTitleText"),
        artists,
        tuple(one for one in special if one),
        tuple(contributors),
        _said(part, "ContainsAI"),
        _flag(_said(part, "HasVocalPerformance")),
        _flag(_said(part, "HasForegroundVocalPerformance")),
        _said(part, "Duration"),
        tuple(_files(part)),
    )


def isrcs_of(part: Node) -> Iterator[str]:
    """The ISRCs of a resource itself, not of those that it is related to."""
    places = ((f"{part.name}Edition", "ResourceId"), ("ResourceId",), (f"{part.name}Id",))
    for place in places:
        for node in part.all(*place, "ISRC"):
            if node.text:
                yield normalise_isrc(node.text) or node.text[:40]


def _contributor(node: Node, *, of_edition: bool) -> Contributor:
    return Contributor(
        _said(node, "ContributorPartyReference"),
        _said(node, "SpecialContributor"),
        tuple(role for n in node.all("Role") if (role := role_of(n)).value),
        _said(node, "AiContribution"),
        of_edition,
        _flag(_said(node, "HasMadeFeaturedContribution")),
    )


def role_of(node: Node) -> Role:
    """A role: with ``Value`` in ERN 4.3.2, plain text before; a user-defined one by its text."""
    value = node.first("Value") or node
    instruments = (_term(n) for n in node.all("InstrumentType"))
    return Role(_term(value), tuple(one for one in instruments if one))


def _term(node: Node) -> str:
    if node.text == "UserDefined":
        return node.attributes.get("UserDefinedValue", "UserDefined")[:MAX_TEXT]
    return node.text[:MAX_TEXT]


def _files(part: Node) -> Iterator[DeliveredFile]:
    details = [*part.all(f"{part.name}Edition", "TechnicalDetails"), *part.all("TechnicalDetails")]
    for technical in details:
        for node in [*technical.all("DeliveryFile", "File"), *technical.all("File")]:
            uri = _said(node, "URI") or _said(node, "FileName")
            if uri:
                algorithm = _said(node, "HashSum", "Algorithm")
                yield DeliveredFile(uri, algorithm, _said(node, "HashSum", "HashSumValue"))


def _flag(text: str | None) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(text or "")


def _party(node: Node) -> Party:
    names = tuple(n.text[:MAX_TEXT] for n in node.all("PartyName", "FullName") if n.text)
    ids = {
        name: text
        for tag, name in _PARTY_IDS.items()
        if (text := _said(node, "PartyId", tag)) is not None
    }
    return Party(_said(node, "PartyReference") or "?", names, ids)


def _release(node: Node) -> Release:
    names = {"ReleaseResourceReference", "LinkedReleaseResourceReference"}
    held = (n.text for n in node.walk() if n.name in names and n.text)
    return Release(
        _said(node, "ReleaseReference"),
        _said(node, "DisplayTitle", "TitleText") or _said(node, "DisplayTitleText"),
        _said(node, "ReleaseId", "ICPN"),
        _said(node, "ReleaseId", "GRid"),
        _said(node, "ContainsAI"),
        frozenset(held),
    )


def _said(node: Node, *path: str) -> str | None:
    """The text at a path, cut where it is very long."""
    text = node.said(*path)
    return text[:MAX_TEXT] if text is not None else None
