"""What the questions are made of: every area that is asked about has all that it needs."""

from pathlib import Path

import click
import pytest
from provenance.cli._examples import EXAMPLES
from provenance.cli._questions import AREAS, LEVELS, ask
from provenance.cli._tools import settle
from provenance.model.limits import DEFAULT_LIMITS
from provenance.workspace.drafting import look_at
from provenance.workspace.home import Home

PLAIN = Path(__file__).resolve().parents[2] / "vectors" / "verify" / "absent" / "input.wav"
STOP = object()
LEAD = {"asset": "recording", "area": "leadVocals", "level": "full"}


class Interview:
    """Somebody who is asked: words of a question and its answer, in turn; the rest is skipped."""

    def __init__(self, monkeypatch, place, capsys):
        self.capsys, self.lines = capsys, []
        self.home = Home(place / "home")
        self.seen = look_at(PLAIN, DEFAULT_LIMITS)
        self.waiting, self.asked = [], []
        monkeypatch.setattr(click, "prompt", self._answer)

    def _answer(self, question, default="", **_):
        title = question
        if question.startswith("Number, "):
            title = next(line for line in reversed(self.said()) if line.endswith(("?", "...")))
        self.asked.append(title)
        if self.waiting and self.waiting[0][0] in title:
            answer = self.waiting.pop(0)[1]
            if answer is STOP:
                raise click.Abort
            return answer or default
        return default

    def __call__(self, *answers, before=None):
        """One call of the questions; what was declared, or None where it was stopped."""
        self.waiting, self.asked = list(answers), []
        if before is None:
            before = self.home.read_draft(self.seen.essence) or {}
        try:
            return ask(self.seen, self.home, {}, before, "Go on.")
        except click.Abort:
            return None
        finally:
            assert self.waiting == []

    def said(self):
        """All lines that were said so far."""
        self.lines += self.capsys.readouterr().err.splitlines()
        return self.lines


@pytest.fixture
def interview(monkeypatch, tmp_path, capsys):
    return Interview(monkeypatch, tmp_path, capsys)


def test_every_area_has_an_example_for_each_level():
    assert set(EXAMPLES) == {area for area, _ in AREAS}
    assert {len(examples) for examples in EXAMPLES.values()} == {len(LEVELS)}


def test_a_voice_goes_with_the_area_that_has_it_and_its_tool_stays_where_ai_is_used():
    made = {
        "contributions": [
            {"area": "leadVocals", "level": "none"},
            {"area": "lyrics", "level": "assisted"},
        ],
        "voices": [
            {"area": "leadVocals", "kind": "selfClone", "tool": "t1"},
            {"area": "backingVocals", "kind": "fictional"},
        ],
        "tools": [{"ref": "t1", "system": "X"}],
    }

    settle(made)

    assert made["voices"] == [{"area": "backingVocals", "kind": "fictional"}]
    assert made["tools"] == [{"ref": "t1", "system": "X"}]


def test_tools_go_with_what_refers_to_them():
    made = {
        "contributions": [{"area": "leadVocals", "level": "none"}],
        "voices": [{"area": "leadVocals", "kind": "notSynthetic", "tool": "t1"}],
        "tools": [{"ref": "t1", "system": "X"}],
    }

    settle(made)

    assert made["voices"] == [{"area": "leadVocals", "kind": "notSynthetic"}]
    assert "tools" not in made


def test_a_tool_stays_where_nothing_says_that_no_ai_was_used():
    tools = [{"ref": "t1", "system": "X"}]
    video = {"contributions": [{"area": "video", "level": "none"}], "tools": tools}
    video["voices"] = [{"area": "video", "kind": "fictional", "tool": "t1"}]

    for made in ({"tools": tools}, video):
        settle(made)

        assert made["tools"] == tools


ANSWERS = (
    ("Title", "T"),
    ("Artist", "Ana"),
    ("Is Ana ...", "1"),
    ("ISRC", "GBXYZ2600123"),
    ("lyrics?", "6"),
    ("sings the lead?", "6"),
    ("Whose voice does", "3"),
    ("which it imitates", "Carl"),
    ("Did that person agree?", "1"),
    ("Who gave consent", "His heirs"),
    ("When they did", "2026-01"),
    ("You are signing as", "2"),
    ("Your name", "N"),
)
TOOL = (("Which AI tool", "Suno"), ("company", "Suno Inc"), ("version", "5"))
NAMED = {"ref": "t1", "system": "Suno", "provider": "Suno Inc", "version": "5"}


@pytest.mark.parametrize("stop", range(1, len(ANSWERS)))
def test_every_answer_is_kept_at_once_and_not_asked_for_again(interview, stop):
    done, left = ANSWERS[:stop], ANSWERS[stop:]
    interview(*done, (left[0][0], STOP))

    made = interview(*left)

    assert left[0][0] in interview.asked[0]
    assert not [q for q in interview.asked if any(words in q for words, _ in done)]
    assert made["subject"] == {
        "title": "T",
        "artists": [{"name": "Ana", "identity": "human"}],
        "isrc": "GBXYZ2600123",
    }
    assert {c["area"]: c["level"] for c in made["contributions"]} == {
        "lyrics": "full",
        "leadVocals": "full",
    }
    assert made["voices"] == [
        {
            "area": "leadVocals",
            "kind": "thirdPartyClone",
            "person": "p1",
            "consent": {"status": "granted", "by": "His heirs", "date": "2026-01"},
        }
    ]
    assert made["people"] == [{"ref": "p1", "name": "Carl"}]
    assert made["declarant"] == {"role": "label", "name": "N"}


@pytest.mark.parametrize("stop", [1, 2])
def test_what_was_said_of_a_tool_is_kept_at_once(interview, stop):
    interview(("lyrics?", "6"), *TOOL[:stop], (TOOL[stop][0], STOP))

    made = interview(("Another AI tool", ""))

    said = ("ref", "system", "provider", "version")[: stop + 1]
    assert made["tools"] == [{part: NAMED[part] for part in said}]


def test_the_question_before_can_be_asked_again(interview):
    made = interview(
        ("Title", "<"),
        ("Title", "T"),
        ("Artist", "An"),
        ("Is An ...", "1"),
        ("ISRC", "<"),
        ("Is An ...", "<"),
        ("Artist", "Ana"),
        ("Is Ana ...", "4"),
        ("lyrics?", "6"),
        ("music", "<"),
        ("lyrics?", "5"),
        ("Which AI tool", "Sumo"),
        ("company", "<"),
        ("Which AI tool", "Suno"),
        ("company", "Suno Inc"),
        ("version", "5"),
        ("Another AI tool", "<"),
        ("cover?", ""),
        ("Another AI tool", ""),
    )

    said = " ".join(interview.said())
    assert made["subject"] == {
        "title": "T",
        "artists": [{"name": "Ana", "identity": "aiPersona"}],
    }
    assert [c["level"] for c in made["contributions"]] == ["predominant"]
    assert made["tools"] == [NAMED]
    assert said.count("< goes back to the question before") == 1
    assert said.count("This is the first question.") == 1


def test_what_applies_since_an_answer_was_changed_is_asked_on_the_way(interview):
    before = {"declaration": {"contributions": [LEAD]}, "answered": ["title", "artists"]}

    made = interview(("ISRC", "<"), ("Artist", "Ana"), ("ISRC", ""), before=before)

    assert made["subject"]["artists"] == [{"name": "Ana"}]
    assert interview.asked[:4] == [
        "ISRC, if it has one",
        "Artist",
        "Is Ana ...",
        "ISRC, if it has one",
    ]
    assert "Title" not in interview.asked


@pytest.mark.parametrize(
    ("question", "means"),
    [
        ("Is Ana ...", "AI generates what goes under this name"),
        ("lyrics?", "utility: for example, AI corrected your spelling"),
        ("Whose voice does", "fictional: it imitates nobody, living or dead"),
        ("Did that person agree?", "they did, or whoever speaks for them"),
        ("You are signing as", "the company that releases the recording"),
    ],
)
def test_what_is_meant_is_said_wherever_a_number_is_asked_for(interview, question, means):
    at = next(n for n, (words, _) in enumerate(ANSWERS) if words == question)

    interview(*ANSWERS[:at], (question, "?"), *ANSWERS[at:])

    said = "\n".join(interview.said())
    assert means in said
    assert "Please type a number" not in said


def test_the_words_of_a_declaration_are_answers_too(interview):
    made = interview(
        ("Artist", "Ana"),
        ("Is Ana ...", "group"),
        ("lyrics?", "none"),
        ("music", "Predominant"),
        ("sings the lead?", "full"),
        ("Whose voice", "selfclone"),
        ("signing as", "label"),
    )

    assert made["subject"]["artists"] == [{"name": "Ana", "identity": "group"}]
    assert {c["area"]: c["level"] for c in made["contributions"]} == {
        "lyrics": "none",
        "composition": "predominant",
        "leadVocals": "full",
    }
    assert made["voices"] == [{"area": "leadVocals", "kind": "selfClone"}]
    assert made["declarant"] == {"role": "label"}
    assert "Please type a number" not in "\n".join(interview.said())


def test_enter_keeps_what_the_questions_do_not_offer(interview):
    before = {
        "declaration": {
            "contributions": [LEAD],
            "voices": [
                {
                    "area": "leadVocals",
                    "kind": "thirdPartyClone",
                    "consent": {"status": "notNeeded", "scope": "S"},
                }
            ],
            "declarant": {"role": "producer"},
        },
        "finished": True,
    }

    kept = interview(before=before)
    taken = interview(("Did that", "-"), ("You are signing", "-"), before=before)

    assert (kept["voices"], kept["declarant"]) == (
        before["declaration"]["voices"],
        before["declaration"]["declarant"],
    )
    assert taken["voices"] == [{"area": "leadVocals", "kind": "thirdPartyClone"}]
    assert "declarant" not in taken


@pytest.mark.parametrize("title", ["?", "-", "<"])
def test_a_title_that_looks_like_an_answer_is_kept_by_enter(interview, title):
    before = {"declaration": {"subject": {"title": title}}}

    assert interview(before=before)["subject"]["title"] == title


OF_A_CLONE = ("which it imitates", "Did that", "Who gave consent", "When they did")


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ([("sings the lead?", "1")], ()),
        ([("sings the lead?", "6"), ("Whose voice does", "1")], ()),
        ([("sings the lead?", "6"), ("Whose voice does", "2")], ()),
        ([("sings the lead?", "6"), ("Whose voice does", "3")], OF_A_CLONE[:2]),
        ([*ANSWERS[5:7], ("Did that person agree?", "2")], OF_A_CLONE[:2]),
        ([*ANSWERS[5:7], ("Did that person agree?", "1")], OF_A_CLONE),
    ],
    ids=["no AI", "invented", "own", "another's", "refused", "granted"],
)
def test_only_whoever_clones_another_s_voice_is_asked_whose_and_who_agreed(
    interview, answers, asked
):
    made = interview(*answers)

    assert [w for w in OF_A_CLONE if any(w in q for q in interview.asked)] == list(asked)
    assert "people" not in made
    assert not [v for v in made.get("voices", []) if "person" in v]


def test_a_date_of_consent_is_asked_again_until_it_has_one_meaning(interview):
    made = interview(
        *ANSWERS[5:9], ("When they did", "03/04/2026"), ("When they did", "2026-04-03")
    )

    assert made["voices"][0]["consent"]["date"] == "2026-04-03"
    assert "Write it like 2026-11-23" in "\n".join(interview.said())


def clone(**consent):
    people = [{"ref": "p1", "name": "Carl"}]
    voice = {"area": "leadVocals", "kind": "thirdPartyClone", "person": "p1", "consent": consent}
    made = {"contributions": [LEAD], "voices": [voice], "people": people}
    return {"declaration": made, "finished": True}


@pytest.mark.parametrize(
    ("answers", "person", "consent"),
    [
        ((), "Carl", {"status": "granted", "by": "C", "date": "2026", "scope": "S"}),
        (
            (("which it", "Dora"), ("Who gave", "-")),
            "Dora",
            {"status": "granted", "date": "2026", "scope": "S"},
        ),
        ((("which it", "-"), ("Did that", "2")), None, {"status": "refused", "scope": "S"}),
        ((("Whose voice does", "1"),), None, None),
        ((("Whose voice does", "-"),), None, None),
        ((("sings the lead?", "1"),), None, None),
        ((("sings the lead?", "-"),), None, None),
    ],
    ids=["kept", "changed", "refused", "invented", "taken back", "no AI", "not declared"],
)
def test_what_is_said_of_a_cloned_voice_goes_where_it_is_true_no_more(
    interview, answers, person, consent
):
    before = clone(status="granted", by="C", date="2026", scope="S")

    made = interview(*answers, before=before)

    named = [p["name"] for p in made.get("people", [])]
    assert named == ([] if person is None else [person])
    assert [v["consent"] for v in made.get("voices", []) if "consent" in v] == (
        [] if consent is None else [consent]
    )


def test_a_person_who_is_more_than_a_voice_stays_when_the_voice_goes(interview):
    before = clone(status="unknown")
    before["declaration"]["people"][0]["roles"] = ["Composer"]

    made = interview(("Whose voice does", "1"), before=before)

    assert [p["name"] for p in made["people"]] == ["Carl"]


def test_a_person_who_is_not_named_stays_so(interview):
    before = clone(status="unknown")
    before["declaration"]["people"] = people = [{"ref": "p1", "withheld": True}]

    made = interview(before=before)

    assert (made["people"], made["voices"][0]["person"]) == (people, "p1")


def test_the_voice_goes_with_a_lead_that_is_not_declared_any_more(interview):
    voices = [{"area": "leadVocals", "kind": "fictional"}]
    before = {"declaration": {"contributions": [LEAD], "voices": voices}, "finished": True}

    assert interview(before=before)["voices"] == voices
    assert "voices" not in interview(("sings the lead?", "-"), before=before)
