"""The samples of DDEX as ERN 4.3.2: valid, survive AI elements, and what the schema lets through."""

import json
import re

import pytest
from provenance.exports import load
from provenance.exports.base import Source
from provenance.imports import load as load_import
from provenance.model.errors import InputError
from provenance.profiles.base import Evidence
from provenance.profiles.judging import judge
from provenance.wire import ern as wire_ern
from provenance.wire.decode import decode_declaration
from provenance.wire.registries import terms

from support import ern
from support.message import contributor, message, recording
from support.samples import third_party

EXPORT, IMPORT = load("ddex-ern"), load_import("ddex-ern")
CONTRADICTIONS = {
    "ddex-1": message(recording(contributor("PAnn", "LeadVocalist", ai="All"))),
    "ddex-2": message(recording(contributor("GenerativeAI", "LeadVocalist", ai="None"))),
    "ddex-3": message(
        recording(
            contributor("GenerativeAI", "LeadVocalist"), flags="<ContainsAI>None</ContainsAI>"
        )
    ),
    "ddex-4": message(
        recording(contributor("PAnn", "LeadVocalist"), flags="<ContainsAI>All</ContainsAI>")
    ),
    "ddex-5": message(recording(contributor("GenerativeAI", "LeadVocalist"))),
    "ddex-6": message(
        recording(
            contributor("GenerativeAI", "LeadVocalist"),
            flags="<ContainsAI>All</ContainsAI><HasVocalPerformance>true</HasVocalPerformance>",
        )
    ),
    "ddex-7": message(recording(flags="<ContainsAI>None</ContainsAI>"), release_ai="All"),
}
AI = re.compile(
    rb"\s*<(AiContribution|ContainsAI|HasVocalPerformance|HasForegroundVocalPerformance)>[^<]*</\1>"
    rb"|\s*<Contributor>\s*<SpecialContributor>GenerativeAI<.*?</Contributor>",
    re.DOTALL,
)


def first(document):
    return wire_ern.read([document]).recordings[0]


def declaration_for(document):
    """All that can be said of the people whom a sample credits, and a part that AI made."""
    found = wire_ern.read([document])
    areas = {t["term"]: t["areas"] for t in terms("roles")}
    people, entries = [], []
    one = found.recordings[0]
    for contributed in one.contributors:
        for role in contributed.roles:
            for area in areas.get(role.value, ())[:1]:
                ref = f"p{len(people) + 1}"
                people.append({"ref": ref, "name": found.name_of(contributed.party)})
                agents = [{"person": ref}]
                entries.append(
                    {"area": area, "role": role.value, "level": "none", "agents": agents}
                )
    entries.append({"area": "instrumentation", "level": "full", "instrument": "Theremin"})
    plain = {
        "subject": {"isrc": one.isrcs[0]},
        "contributions": entries,
        "facts": {"humanVoice": False},
    }
    plain = {**plain, "people": people} if people else plain
    manifest, wrong = decode_declaration(json.dumps(plain).encode())
    assert manifest is not None, wrong
    return manifest


@pytest.mark.parametrize("name", ern.SAMPLES)
def test_a_sample_lifted_is_valid_and_a_sample_as_it_is_has_no_place_for_ai(name):
    assert ern.faults(ern.lifted(name)) == []
    with pytest.raises(InputError, match=r"ERN 4\.3 has no AI elements"):
        IMPORT.read(ern.sample(name))


@pytest.mark.parametrize("name", ern.AUDIO)
def test_a_sample_takes_ai_elements_and_stays_the_same_around_them(name):
    before = ern.lifted(name)
    made = EXPORT.render(Source(declaration_for(before), into=before))

    assert ern.faults(made.data) == []
    assert AI.sub(b"", made.data) == AI.sub(b"", before)
    assert first(made.data).contains_ai == "Partly"
    assert [c.generative for c in first(made.data).contributors].count(True) == 1
    fired = [a.rule["id"] for a in judge("ddex", evidence(made.data)) if a.fired]
    assert fired == []


@pytest.mark.parametrize("name", ern.AUDIO)
def test_a_sample_with_ai_elements_is_read_back(name):
    before = ern.lifted(name)
    made = EXPORT.render(Source(declaration_for(before), into=before)).data
    drafts = IMPORT.read(made)

    assert len(drafts) == len(wire_ern.read([before]).recordings)
    for draft in drafts:
        manifest, wrong = decode_declaration(json.dumps(draft.declaration).encode())
        assert manifest is not None, (draft.source, wrong)
    entries = drafts[0].declaration["contributions"]
    assert {
        "area": "instrumentation",
        "role": "Musician",
        "instrument": "Theremin",
        "level": "full",
    } in entries


def evidence(document, manifest=None):
    return Evidence(manifest, {}, wire_ern.read([document]))


@pytest.mark.parametrize("rule", CONTRADICTIONS)
def test_the_schema_lets_a_contradiction_through_and_the_profile_does_not(rule):
    document = CONTRADICTIONS[rule]
    fired = [a.rule["id"] for a in judge("ddex", evidence(document)) if a.fired]

    assert ern.faults(document) == []
    assert rule in fired


@pytest.mark.parametrize("name", ern.AUDIO)
@pytest.mark.parametrize("rule", ["ddex-1", "ddex-3", "ddex-4"])
def test_a_contradiction_put_into_a_sample_is_found(name, rule):
    before = ern.lifted(name)
    named = re.search(rb"<PartyReference>([^<]+)<", before)[1].decode()
    people = {
        "ddex-1": contributor(named, "LeadVocalist", ai="All"),
        "ddex-3": contributor(named, "LeadVocalist", ai="Partly"),
        "ddex-4": contributor(named, "LeadVocalist"),
    }[rule]
    answer = {"ddex-1": "Partly", "ddex-3": "None", "ddex-4": "All"}[rule]
    document = put_in(before, people, answer)

    fired = [a.rule["id"] for a in judge("ddex", evidence(document)) if a.fired]

    assert ern.faults(document) == []
    assert fired == [rule]


def put_in(document, extra, answer):
    """One more contributor and an answer in the first sound recording."""
    manifest, _ = decode_declaration(
        json.dumps(
            {
                "subject": {"isrc": first(document).isrcs[0]},
                "contributions": [
                    {"area": "lyrics", "level": "full"},
                    {"area": "composition", "level": "none"},
                ],
            }
        ).encode()
    )
    made = EXPORT.render(Source(manifest, into=document)).data
    made = re.sub(
        rb"<Contributor>\s*<SpecialContributor>GenerativeAI<.*?</Contributor>",
        extra.encode(),
        made,
        count=1,
        flags=re.DOTALL,
    )
    return made.replace(
        b"<ContainsAI>Partly</ContainsAI>", f"<ContainsAI>{answer}</ContainsAI>".encode()
    )


def test_whole_messages_are_valid():
    options = {
        "form": "message",
        "sender": "Example Label",
        "sender-dpid": "PADPIDA2007050901U",
        "recipient": "Example Shop",
        "recipient-dpid": "PADPIDA2007050901U",
        "created": "2026-11-26T08:00:00Z",
        "message-id": "M1",
        "duration": "PT3M23S",
        "genre": "Country",
    }
    plain = {
        "subject": {
            "title": "A & B <live>",
            "version": "Live",
            "isrc": "QZZZZ2600001",
            "iswc": ["T0345246801"],
            "language": "en",
            "created": "2026-09-30",
            "release": {
                "title": "All of It",
                "label": "Example Label",
                "upc": "036000291452",
                "grid": "A12425GABC1234002M",
                "date": "2026-12-01",
            },
            "artists": [
                {"name": "Ann Lind", "role": "MainArtist"},
                {"name": "The Others", "role": "Ensemble"},
                {"name": "Persona", "identity": "aiPersona"},
            ],
        },
        "contributions": [
            {"area": "leadVocals", "level": "partial", "agents": [{"person": "a"}]},
            {"area": "instrumentation", "level": "full", "instrument": "drums"},
            {"area": "instrumentation", "level": "full", "instrument": "a saw, bowed"},
            {"area": "artwork", "level": "full"},
        ],
        "people": [
            {
                "ref": "a",
                "name": "Ann Lind",
                "featured": True,
                "roles": ["Mixer"],
                "ids": {"isni": "0000000121032683", "ipi": "00014107338", "ipn": "1234"},
            }
        ],
        "facts": {"humanVoice": True, "humanLeadVoice": True},
    }
    manifest, wrong = decode_declaration(json.dumps(plain).encode())
    assert manifest is not None, wrong

    made = EXPORT.render(Source(manifest, options=options))

    assert ern.faults(made.data) == []
    assert {r.kind: r.contains_ai for r in wire_ern.read([made.data]).resources} == {
        "SoundRecording": "Partly",
        "Image": "All",
    }
    assert [a.rule["id"] for a in judge("ddex", evidence(made.data)) if a.fired] == []


def test_the_terms_of_the_crosswalk_are_those_of_the_value_sets():
    from provenance.wire.crosswalks import crosswalk

    text = third_party("ddex/allowed-value-sets.xsd").read_text(encoding="utf-8")

    def values(name):
        found = re.search(rf'<xs:simpleType name="{name}">.*?</xs:simpleType>', text, re.DOTALL)
        return set(re.findall(r'enumeration value="([^"]+)"', found[0]))

    data = crosswalk("ddex-ern")
    assert set(data["levels"]["words"].values()) == values("ContainsAI")
    assert set(data["roles"].values()) <= values("ContributorRole")
    assert {t["term"] for t in terms("roles")} <= values("ContributorRole")
    assert set(data["instruments"].values()) <= values("InstrumentType")
    assert wire_ern.GENERATIVE_AI in values("SpecialContributorType")
