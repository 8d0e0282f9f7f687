"""The profile ddex: each rule where it fires, where it does not, and without a message."""

import json
from pathlib import Path

import pytest
from provenance.conformance.cases import load_case
from provenance.conformance.comparing import differences
from provenance.conformance.operations import perform
from provenance.profiles import load
from provenance.profiles.base import Evidence
from provenance.profiles.ddex import FINDERS
from provenance.profiles.judging import judge, rules_of
from provenance.wire import ern
from provenance.wire.decode import decode_declaration

from support.message import contributor, message, recording
from support.walking import Watched

ALL = "<ContainsAI>All</ContainsAI>"
PARTLY = "<ContainsAI>Partly</ContainsAI>"
NONE = "<ContainsAI>None</ContainsAI>"
SUNG = "<HasVocalPerformance>true</HasVocalPerformance>"
AI = contributor("GenerativeAI", "LeadVocalist")
ANN = contributor("PAnn", "LeadVocalist")


def ann(answer, role="LeadVocalist"):
    return contributor("PAnn", role, ai=answer)


def ai(answer):
    return contributor("GenerativeAI", "LeadVocalist", ai=answer)


def both(first, second, said):
    two = recording(flags=second, reference="A2", isrc="QZZZZ2600002")
    return message(recording(flags=first), two, references=("A1", "A2"), release_ai=said)


CASES = {
    "ddex-1": (
        [message(recording(ann("All"), flags=PARTLY))],
        [message(recording(ann("Partly"), flags=PARTLY)), message(recording(ai("All"), flags=ALL))],
    ),
    "ddex-2": (
        [message(recording(ai("None"))), message(recording(ai("Partly"), flags=PARTLY))],
        [message(recording(AI, flags=ALL)), message(recording(ai("All"), flags=ALL))],
    ),
    "ddex-3": (
        [
            message(recording(ann("Partly"), flags=NONE)),
            message(recording(ann("All"), flags=NONE)),
            message(recording(AI, flags=NONE)),
        ],
        [
            message(recording(ann("None"), flags=NONE)),
            message(recording(ANN, flags=NONE)),
            message(recording(AI, flags=PARTLY)),
        ],
    ),
    "ddex-4": (
        [
            message(recording(AI, ANN, flags=ALL)),
            message(recording(contributor("PBob", "Mixer", ai="None"), flags=ALL)),
        ],
        [message(recording(AI, flags=ALL)), message(recording(AI, ANN, flags=PARTLY))],
    ),
    "ddex-5": (
        [message(recording(AI)), message(recording(ann("Partly")))],
        [message(recording(AI, flags=PARTLY)), message(recording(ann("None")))],
    ),
    "ddex-6": (
        [message(recording(AI, contributor("PAnn", "Mixer"), flags=PARTLY + SUNG))],
        [
            message(recording(AI, ANN, flags=PARTLY + SUNG)),
            message(recording(AI, flags=PARTLY)),
            message(recording(contributor("GenerativeAI", "Mixer"), flags=PARTLY + SUNG)),
        ],
    ),
    "ddex-7": (
        [both(ALL, NONE, "All"), both(ALL, ALL, "Partly"), both(NONE, PARTLY, "None")],
        [
            both(ALL, NONE, "Partly"),
            both(ALL, ALL, "All"),
            both(NONE, NONE, "None"),
            both(ALL, "", "Partly"),
            both(ALL, NONE, None),
        ],
    ),
}
GENERATED = {"contributions": [{"area": "lyrics", "level": "partial"}]}
UTILITY = {"contributions": [{"area": "mixing", "level": "utility"}]}


def answers(document, plain=None):
    manifest = None
    if plain is not None:
        manifest, wrong = decode_declaration(json.dumps(plain).encode())
        assert manifest is not None, wrong
    found = judge("ddex", Evidence(manifest, {}, document and ern.read([document])))
    return {answer.rule["id"]: answer for answer in found}


@pytest.mark.parametrize(
    ("rule", "document"), [(rule, d) for rule, (bad, _) in CASES.items() for d in bad]
)
def test_a_rule_fires_on_what_breaks_it(rule, document):
    found = answers(document)[rule]

    assert found.fired is True
    assert found.outcome == found.rule["outcome"]


@pytest.mark.parametrize(
    ("rule", "document"), [(rule, d) for rule, (_, good) in CASES.items() for d in good]
)
def test_a_rule_does_not_fire_on_what_keeps_it(rule, document):
    assert answers(document)[rule].fired is False


def test_contradictions_are_errors_and_what_is_only_likely_wrong_is_a_warning():
    outcomes = {rule["id"]: rule["outcome"] for rule in rules_of("ddex")["rules"]}

    assert [r for r, o in outcomes.items() if o == "error"] == [
        "ddex-1",
        "ddex-2",
        "ddex-3",
        "ddex-4",
    ]
    assert {o for r, o in outcomes.items() if r > "ddex-4"} == {"warning"}


@pytest.mark.parametrize(
    ("digits", "plain", "fired"),
    [
        ("43", GENERATED, True),
        ("383", GENERATED, True),
        ("432", GENERATED, False),
        ("44", GENERATED, False),
        ("43", UTILITY, False),
        ("43", {"subject": {"title": "A"}}, False),
        ("43", None, None),
        ("432", None, None),
    ],
)
def test_an_old_message_loses_what_is_declared(digits, plain, fired):
    assert answers(message(recording(), digits=digits), plain)["ddex-8"].fired is fired


def test_without_a_message_nothing_is_settled():
    found = answers(None, GENERATED)

    assert {answer.fired for answer in found.values()} == {None}
    assert {answer.outcome for answer in found.values()} == {"notStated"}


def test_the_roles_of_voices_are_a_parameter():
    document = message(recording(AI, flags=PARTLY + SUNG))
    evidence = Evidence(None, {}, ern.read([document]))
    found = {a.rule["id"]: a for a in judge("ddex", evidence, {"ddex-6": {"roles": "Vocalist"}})}

    assert found["ddex-6"].fired is False


def test_contributors_of_an_edition_count():
    edition = ann("All").replace("Contributor>", "EditionContributor>", 1)
    edition = edition.replace("</Contributor>", "</EditionContributor>")
    document = message(recording(file=edition, flags=PARTLY))

    assert answers(document)["ddex-1"].fired is True


def test_places_are_said_in_words():
    (place,) = FINDERS["ddex-1"](ern.read([CASES["ddex-1"][0][0]]), None, {})

    assert place == "SoundRecording A1 (QZZZZ2600001): Ann Lind has AiContribution All"


def test_rules_and_places_are_the_same():
    assert set(FINDERS) == set(load("ddex").rules) == {r["id"] for r in rules_of("ddex")["rules"]}


def test_the_vectors_hold_and_show_every_rule_with_and_without():
    folder = Path(__file__).parents[2] / "vectors" / "profiles"
    case = load_case(folder / "ddex" / "case.json")

    assert list(differences(case, perform(case)["result"])) == []
    outcomes = case.expect["outcomes"]
    for rule in rules_of("ddex")["rules"]:
        assert outcomes[f"{rule['id']} fires"] == {rule["id"]: rule["outcome"]}
        assert outcomes[f"{rule['id']} clear"] == {rule["id"]: "clear"}


def test_of_two_resources_with_one_reference_both_count():
    resources = tuple(ern.Resource("Video", "A1", contains_ai=said) for said in ("None", "All"))
    release = ern.Release("R0", contains_ai="None", resources=frozenset({"A1"}))
    read = ern.Message(ern.VERSION, resources=resources, releases=(release,))

    (said,) = FINDERS["ddex-7"](read, None, {})

    assert said.endswith("together are Partly")


@pytest.mark.requirement("SEC-002")
def test_resources_are_not_looked_through_anew_for_each_release():
    resources = Watched(ern.Resource("Video", f"A{n}", contains_ai="All") for n in range(9))
    releases = tuple(
        ern.Release(f"R{n}", contains_ai="None", resources=frozenset({f"A{n}"})) for n in range(9)
    )
    read = ern.Message(ern.VERSION, resources=resources, releases=releases)

    assert len(list(FINDERS["ddex-7"](read, None, {}))) == 9
    assert resources.walks <= 1
