#!/usr/bin/env python3
"""Build the vectors of exports: what the forms are answered from each of the six examples.

Nothing of the package under test is imported. The answers were written down from the facts about
each regime and from the declarations, before a form was filled; the words are those of the
crosswalks. ``--check`` exits 1 on drift.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[2] / "examples"

ASK = "Not declared: ask whoever made the recording."
ON, OFF = "Set the tag.", "Leave the tag off."
LEFT = "Not declared: leave the tag off, which says nothing."
NOBODY = "No person is declared for these roles."
NO_CREDIT = "None: no role is declared as fully made by AI."
NO_TOOL = "No tool is declared."
NO_AUTHOR = "No person is declared: leave no tool's name here."
ALL_FOUR = ["Lyricist", "Composer", "Vocalist", "Instrumentalist"]
REALISTIC = (
    "Not declared: is something in it that could be taken for a real person, place or event?"
)
SALE = "Fully AI-generated: not sold here"

HUMAN = ["Human"] * 6
FULL_PART = [
    "Entirely AI-generated: not eligible",
    "AI-generated output: not to be registered",
    "AI Generated: not to be registered",
    "Purely AI-generated: cannot be registered",
    "AI's part: not declarable",
    "AI's part: not declarable",
]
ASSISTED_PART = [
    "Human",
    "AI-assisted",
    "AI Assisted",
    "Human, with AI as a tool",
    "Human, AI as an accessory",
    "Human, AI as an accessory",
]
DEEPFAKE = "Yes: disclose it, for a work of art in a manner that does not hamper enjoyment"

Answers = dict[str, dict[str, list[str | None]]]

BASS = "The bass line, from the first verse to the end."
SUNG = "Sung by the artist, then converted to a model of the artist's own voice."
SINGER = "The voice of a singer who did not take part."

EXPECTED: dict[str, Answers] = {
    "all-human": {
        "spotify": {
            "ai-credits": [NO_CREDIT],
            "human-credits": [
                "Lyricist: Mara Lind",
                "Composer: Mara Lind",
                "Vocalist: Mara Lind",
                "Vocalist: a person who is not named",
                "Instrumentalist: Mara Lind",
                "Producer: Otis Berg",
            ],
        },
        "apple": {"track": [OFF], "composition": [OFF], "artwork": [OFF], "video": [LEFT]},
        "distrokid": {
            "lyrics": ["No"], "music": ["No"], "audio": ["No"], "persona": ["A human artist"],
        },
        "symphonic": {"audio": ["No"], "artwork": ["No"], "tools": [NO_TOOL]},
        "believe": {"use": ["No"], "tools": [NO_TOOL]},
        "tunecore-japan": {"extent": ["No"], "expression-lyrics": ["Yes"], "work": [
            "Nothing that stands was generated."]},
        "rapchat": {"use": ["Nothing"], "source": [NO_TOOL]},
        "tall-tracks": {"use": ["No AI was used in what is declared."]},
        "musichub": {"composer": ["Mara Lind"], "lyricist": ["Mara Lind"]},
        "traxsource": {"state": ["Human-Made"]},
        "youtube": {"contains-synthetic-media": [REALISTIC]},
        "siqa": {"tier": ["out of scope"], "voice": ["none; Of: Mara Lind"], "tools": [NO_TOOL]},
        "california": {"output": [NO_TOOL], "created": ["2026-08"],
                       "manifest-disclosure": ["none"]},
        "eu": {"icon": ["No icon"], "deepfake": [ASK],
               "kind": ["Nothing is declared as generated or manipulated."]},
        "registration": {
            "lyrics": HUMAN, "music": HUMAN, "excluded": ["Nothing"],
            "authors": ["Mara Lind", "a person who is not named", "Otis Berg"],
            "line-up": [
                ("Mara Lind; featured; Roles: Lyricist, Composer, LeadVocalist, Musician; "
                "IPN: not declared"),
                ("a person who is not named; not featured; Roles: BackgroundVocalist, "
                "Photographer; IPN: not declared"),
            ],
            "complete": ["Yes: nobody else performed"],
        },
    },
    "ai-mastering-only": {
        "spotify": {"ai-credits": [NO_CREDIT], "human-credits": [NOBODY]},
        "apple": {"track": [OFF], "composition": [OFF], "artwork": [LEFT], "video": [LEFT]},
        "distrokid": {
            "lyrics": ["No"], "music": ["No"], "audio": ["No"], "persona": ["Human artists"],
        },
        "symphonic": {"audio": ["No"], "artwork": [ASK], "tools": [
            "Tool: MasterBox; Version: 3.1; Model: not declared; Company: Example Audio"]},
        "believe": {"use": ["No"], "tools": [
            ("Tool: MasterBox; Version: 3.1; Company: Example Audio; Plan: not declared; "
            "Licence: not declared; Basis: not declared; Reference: not declared")]},
        "tunecore-japan": {"extent": ["No"], "expression-lyrics": [ASK], "work": [
            "Nothing that stands was generated."]},
        "rapchat": {"use": ["Nothing"], "source": [
            "No declared tool generated anything that stands."]},
        "tall-tracks": {"use": [("Mastering: AI corrected or balanced; By: MasterBox; "
                                "Loudness and equaliser set by the service.")]},
        "musichub": {"composer": [ASK], "lyricist": [ASK]},
        "traxsource": {"state": ["Human-Made"]},
        "youtube": {"contains-synthetic-media": [REALISTIC]},
        "siqa": {"tier": ["out of scope"], "voice": [ASK], "tools": [
            "Tool: MasterBox; Version: 3.1; Model: not declared; Company: Example Audio"]},
        "california": {"output": [
            ("Provider: Example Audio; System: MasterBox; Version: 3.1; Used from: 2026-11-02; "
            "Used until: not declared; Identifier of the output: not declared")],
            "created": ["not declared"], "manifest-disclosure": ["none"]},
        "eu": {"icon": ["No icon"], "deepfake": [ASK],
               "kind": ["Nothing is declared as generated or manipulated."]},
        "registration": {
            "lyrics": HUMAN, "music": HUMAN, "excluded": ["Nothing"],
            "authors": ["No person is declared."],
            "line-up": ["No person is declared: the share is withheld."],
            "complete": [ASK],
        },
    },
    "licensed-bass-stem": {
        "spotify": {
            "ai-credits": ["Instrumentalist: AI credit"],
            "human-credits": [f"{role}: Ines Okafor" for role in ALL_FOUR],
        },
        "apple": {"track": [ON], "composition": [OFF], "artwork": [LEFT], "video": [LEFT]},
        "distrokid": {
            "lyrics": ["No"], "music": ["No"], "audio": ["Part of the audio"],
            "persona": ["A human artist"],
        },
        "symphonic": {"audio": ["Assisted"], "artwork": [ASK], "tools": [
            ("Tool: StemMaker; Version: 2026.3; Model: urn:example:stemmaker-2026-3; "
            "Company: Example AI"),
            "Tool: Talker; Version: 4; Model: not declared; Company: Example Chat"]},
        "believe": {"use": ["Partly"], "tools": [
            ("Tool: StemMaker; Version: 2026.3; Company: Example AI; Plan: pro; "
            "Licence: licensed; Basis: The provider's training licence with rights holders; "
            "Reference: https://stemmaker.example/licence"),
            ("Tool: Talker; Version: 4; Company: Example Chat; Plan: not declared; "
            "Licence: not declared; Basis: not declared; Reference: not declared")]},
        "tunecore-japan": {"extent": ["No: some elements"], "expression-lyrics": ["Yes"], "work": [
            "Instruments: queries, and a choice among results"]},
        "rapchat": {"use": ["Beat: yes"], "source": [
            ("Tool: StemMaker; Company: Example AI; "
            "Training disclosed at: https://stemmaker.example/training; "
            "Training licence: licensed")]},
        "tall-tracks": {"use": [
            ("Lyrics: AI suggested; By: Ines Okafor; "
            "A chatbot proposed themes; every line was written by hand."),
            f"Instruments: fully AI-generated; Bass; By: StemMaker; {BASS}"]},
        "musichub": {"composer": ["Ines Okafor"], "lyricist": ["Ines Okafor"]},
        "traxsource": {"state": ["AI-Assisted"]},
        "youtube": {"contains-synthetic-media": [REALISTIC]},
        "siqa": {"tier": ["AI-Assisted"], "voice": [ASK], "tools": [
            ("Tool: StemMaker; Version: 2026.3; Model: urn:example:stemmaker-2026-3; "
            "Company: Example AI"),
            "Tool: Talker; Version: 4; Model: not declared; Company: Example Chat"]},
        "california": {"output": [
            ("Provider: Example AI; System: StemMaker; Version: 2026.3; Used from: 2026-09-10; "
            "Used until: 2026-09-12; Identifier of the output: stem-7f31"),
            ("Provider: Example Chat; System: Talker; Version: 4; Used from: not declared; "
            "Used until: not declared; Identifier of the output: not declared")],
            "created": ["not declared"],
            "manifest-disclosure": ["Contains AI-generated content"]},
        "eu": {"icon": ["Basic"], "deepfake": [ASK],
               "kind": ["Instruments: generated; By: StemMaker"]},
        "registration": {
            "lyrics": ASSISTED_PART, "music": HUMAN,
            "excluded": [f"Instruments: entirely; Bass; 15.000 s to 184.000 s; {BASS}"],
            "authors": ["Ines Okafor"],
            "line-up": [("Ines Okafor; featured; Roles: Lyricist, Composer, LeadVocalist, "
                        "Musician; IPN: not declared")],
            "complete": [ASK],
        },
    },
    "own-voice-clone": {
        "spotify": {
            "ai-credits": [NO_CREDIT],
            "human-credits": ["Lyricist: Teo Marsh", "Composer: Teo Marsh", "Vocalist: Teo Marsh"],
        },
        "apple": {"track": [ON], "composition": [OFF], "artwork": [LEFT], "video": [LEFT]},
        "distrokid": {
            "lyrics": ["No"], "music": ["No"], "audio": ["Part of the audio"],
            "persona": ["A human artist"],
        },
        "symphonic": {"audio": ["Assisted"], "artwork": [ASK], "tools": [
            "Tool: SameVoice; Version: 1.4; Model: not declared; Company: Example Voice"]},
        "believe": {"use": ["Partly"], "tools": [
            ("Tool: SameVoice; Version: 1.4; Company: Example Voice; Plan: not declared; "
            "Licence: licensed; Basis: Trained on the artist's own recordings only; "
            "Reference: not declared")]},
        "tunecore-japan": {"extent": ["No: some elements"], "expression-lyrics": [ASK], "work": [
            "Lead vocals: edited by people"]},
        "rapchat": {"use": ["Vocals: yes"], "source": [
            ("Tool: SameVoice; Company: Example Voice; Training disclosed at: not declared; "
            "Training licence: licensed")]},
        "tall-tracks": {"use": [
            f"Lead vocals: partly AI-generated; By: Teo Marsh, SameVoice; {SUNG}"]},
        "musichub": {"composer": ["Teo Marsh"], "lyricist": ["Teo Marsh"]},
        "traxsource": {"state": ["AI-Assisted"]},
        "youtube": {"contains-synthetic-media": ["false"]},
        "siqa": {"tier": ["AI-Assisted"],
                 "voice": ["the artist's own voice: Human + AI Hybrid; Of: Teo Marsh"],
                 "tools": [("Tool: SameVoice; Version: 1.4; Model: not declared; "
                           "Company: Example Voice")]},
        "california": {"output": [
            ("Provider: Example Voice; System: SameVoice; Version: 1.4; Used from: not declared; "
            "Used until: not declared; Identifier of the output: not declared")],
            "created": ["not declared"],
            "manifest-disclosure": ["Contains AI-generated content"]},
        "eu": {"icon": ["Partially AI-Modified"], "deepfake": ["No"],
               "kind": ["Lead vocals: manipulated; By: Teo Marsh, SameVoice"]},
        "registration": {
            "lyrics": HUMAN, "music": HUMAN, "excluded": [f"Lead vocals: in part; {SUNG}"],
            "authors": ["Teo Marsh"],
            "line-up": [("Teo Marsh; featured; Roles: Lyricist, Composer, LeadVocalist; "
                        "IPN: not declared")],
            "complete": [ASK],
        },
    },
    "unlicensed-third-party-clone": {
        "spotify": {"ai-credits": [f"{role}: AI credit" for role in ALL_FOUR],
                    "human-credits": [NOBODY]},
        "apple": {"track": [ON], "composition": [ON], "artwork": [LEFT], "video": [LEFT]},
        "distrokid": {
            "lyrics": ["Yes"], "music": ["Yes"], "audio": ["All of the audio"], "persona": [ASK],
        },
        "symphonic": {"audio": ["Fully"], "artwork": [ASK], "tools": [
            "Tool: AnyVoice; Version: 9; Model: not declared; Company: Example Voices",
            "Tool: SongMaker; Version: 5; Model: not declared; Company: Example AI"]},
        "believe": {"use": ["Fully"], "tools": [
            ("Tool: AnyVoice; Version: 9; Company: Example Voices; Plan: not declared; "
            "Licence: not licensed; Basis: The provider states no licence and the singer's label "
            "has complained; Reference: not declared"),
            ("Tool: SongMaker; Version: 5; Company: Example AI; Plan: not declared; "
            "Licence: not known; Basis: not declared; Reference: not declared")]},
        "tunecore-japan": {"extent": ["Yes: every element"], "expression-lyrics": [ASK], "work": [
            "Lyrics: queries only", "Composition: queries only", "Lead vocals: not declared",
            "Instruments: queries only"]},
        "rapchat": {"use": ["Lyrics: yes", "Beat or melody: yes", "Vocals: yes", "Beat: yes"],
                    "source": [
            ("Tool: AnyVoice; Company: Example Voices; Training disclosed at: not declared; "
            "Training licence: not licensed"),
            ("Tool: SongMaker; Company: Example AI; Training disclosed at: not declared; "
            "Training licence: not known")]},
        "tall-tracks": {"use": [
            "Lyrics: fully AI-generated; By: SongMaker",
            "Composition: fully AI-generated; By: SongMaker",
            f"Lead vocals: fully AI-generated; By: AnyVoice; {SINGER}",
            "Instruments: fully AI-generated; By: SongMaker"]},
        "musichub": {"composer": [NO_AUTHOR], "lyricist": [NO_AUTHOR]},
        "traxsource": {"state": [SALE]},
        "youtube": {"contains-synthetic-media": ["true"]},
        "siqa": {"tier": ["Fully AI-Generated"], "voice": [
            ("another person's voice: not allowed for public figures; "
            "Of: a person who is not named")], "tools": [
            "Tool: AnyVoice; Version: 9; Model: not declared; Company: Example Voices",
            "Tool: SongMaker; Version: 5; Model: not declared; Company: Example AI"]},
        "california": {"output": [
            ("Provider: Example Voices; System: AnyVoice; Version: 9; Used from: not declared; "
            "Used until: not declared; Identifier of the output: not declared"),
            ("Provider: Example AI; System: SongMaker; Version: 5; Used from: not declared; "
            "Used until: not declared; Identifier of the output: not declared")],
            "created": ["not declared"], "manifest-disclosure": ["AI-generated content"]},
        "eu": {"icon": ["Fully AI-Generated"], "deepfake": [DEEPFAKE], "kind": [
            "Lyrics: generated; By: SongMaker", "Composition: By: SongMaker",
            "Lead vocals: generated; By: AnyVoice", "Instruments: By: SongMaker"]},
        "registration": {
            "lyrics": FULL_PART, "music": FULL_PART,
            "excluded": ["Lyrics: entirely", "Composition: entirely",
                         f"Lead vocals: entirely; {SINGER}", "Instruments: entirely"],
            "authors": ["No person is declared to have made a part."],
            "line-up": ["No performer is declared: the share is withheld."],
            "complete": [ASK],
        },
    },
    "walk-my-walk": {
        "spotify": {"ai-credits": [f"{role}: AI credit" for role in ALL_FOUR],
                    "human-credits": [NOBODY]},
        "apple": {"track": [ON], "composition": [ON], "artwork": [LEFT], "video": [LEFT]},
        "distrokid": {
            "lyrics": ["Yes"], "music": ["Yes"], "audio": ["All of the audio"],
            "persona": ["An AI persona"],
        },
        "symphonic": {"audio": ["Fully"], "artwork": [ASK], "tools": [NO_TOOL]},
        "believe": {"use": ["Fully"], "tools": [NO_TOOL]},
        "tunecore-japan": {"extent": ["Yes: every element"], "expression-lyrics": [ASK], "work": [
            "Lyrics: not declared", "Composition: not declared", "Lead vocals: not declared",
            "Instruments: not declared"]},
        "rapchat": {"use": ["Lyrics: yes", "Beat or melody: yes", "Vocals: yes", "Beat: yes"],
                    "source": [NO_TOOL]},
        "tall-tracks": {"use": [
            "Lyrics: fully AI-generated", "Composition: fully AI-generated",
            "Lead vocals: fully AI-generated", "Instruments: fully AI-generated"]},
        "musichub": {"composer": [ASK], "lyricist": [ASK]},
        "traxsource": {"state": [SALE]},
        "youtube": {"contains-synthetic-media": [REALISTIC]},
        "siqa": {"tier": ["Fully AI-Generated"], "voice": [ASK], "tools": [NO_TOOL]},
        "california": {"output": [NO_TOOL], "created": ["not declared"],
                       "manifest-disclosure": ["AI-generated content"]},
        "eu": {"icon": ["Fully AI-Generated"], "deepfake": [ASK], "kind": [
            "Lyrics: not declared", "Composition: not declared", "Lead vocals: not declared",
            "Instruments: not declared"]},
        "registration": {
            "lyrics": FULL_PART, "music": FULL_PART,
            "excluded": ["Lyrics: entirely", "Composition: entirely", "Lead vocals: entirely",
                         "Instruments: entirely"],
            "authors": ["No person is declared."],
            "line-up": ["No person is declared: the share is withheld."],
            "complete": [ASK],
        },
    },
}  # fmt: skip


def levels(**of: str) -> list[dict[str, Any]]:
    return [{"area": area, "level": level} for area, level in of.items()]


CORE = ("lyrics", "composition", "leadVocals", "instrumentation")

# slug: what it shows, requirements, declaration, what is asked with which parameters, answers.
MORE: dict[str, tuple[str, list[str], dict[str, Any], dict[str, Any], Answers]] = {
    "nothing-declared-is-no-answer": (
        "A declaration that states no area answers no question with no.",
        ["EXP-004"],
        {"subject": {"title": "Blank"}},
        {},
        {
            "distrokid": {"lyrics": [ASK], "music": [ASK], "audio": [ASK], "persona": [ASK]},
            "apple": {"track": [LEFT], "composition": [LEFT]},
            "symphonic": {"audio": [ASK], "artwork": [ASK]},
            "eu": {"icon": [ASK], "deepfake": [ASK], "kind": [ASK]},
            "traxsource": {"state": [ASK]},
            "registration": {"lyrics": [ASK] * 6, "music": [ASK] * 6, "excluded": [ASK]},
        },
    ),
    "a-core-area-that-is-undeclared": (
        "Vocals without instruments: what is asked about both is not settled by one of them.",
        ["EXP-004"],
        {"contributions": levels(leadVocals="none")},
        {},
        {"distrokid": {"audio": [ASK]}, "symphonic": {"audio": [ASK]}},
    ),
    "full-where-a-core-area-is-undeclared": (
        ("Fully generated vocals are part of the audio, not all of it, while nothing is known "
        "about the instruments."),
        ["EXP-004"],
        {"contributions": levels(leadVocals="full")},
        {},
        {"distrokid": {"audio": ["Part of the audio"]}, "symphonic": {"audio": ["Assisted"]}},
    ),
    "a-stated-material-portion-decides": (
        "A material portion is the declarant's judgement and comes before the level.",
        ["EXP-005"],
        {"contributions": [
            {"area": "mixing", "level": "utility", "material": True},
            {"area": "lyrics", "level": "predominant", "material": False},
        ]},
        {},
        {"apple": {"track": [ON], "composition": [OFF]}},
    ),
    "partial-without-a-judgement": (
        "Partly generated, and nobody said whether that is material: a person decides.",
        ["EXP-005"],
        {"contributions": levels(instrumentation="partial", lyrics="predominant")},
        {},
        {"apple": {"track": [("Undecided: is what AI generated a material portion? Say so with "
                             "--set partial=yes or --set partial=no.")], "composition": [ON]}},
    ),
    "partial-decided-by-parameter": (
        "The same with the parameter: the tag is set.",
        ["EXP-005"],
        {"contributions": levels(instrumentation="partial")},
        {"apple": {"partial": "yes"}},
        {"apple": {"track": [ON]}},
    ),
    "mastering-by-ai-is-exempt-or-not": (
        ("DistroKid needs no credit for AI in mastering, Tall Tracks wants it disclosed, and for "
        "the others a parameter decides."),
        ["EXP-005"],
        {"contributions": levels(**dict.fromkeys(CORE, "none"), mastering="utility")},
        {"symphonic": {"utility": "Assisted"}, "traxsource": {"utility": "AI-Assisted"}},
        {
            "distrokid": {"audio": ["No"]},
            "tall-tracks": {"use": ["Mastering: AI corrected or balanced"]},
            "symphonic": {"audio": ["Assisted"]},
            "traxsource": {"state": ["AI-Assisted"]},
        },
    ),
    "assisted-is-not-one-word": (
        "What AI only suggested is AI Assisted for PRS, and to be asked for SIQA.",
        ["EXP-008"],
        {"contributions": levels(**dict.fromkeys((*CORE, "production"), "assisted"))},
        {"registration": {"office": "prs"}},
        {"registration": {"lyrics": ["AI Assisted"], "music": ["AI Assisted"]},
         "siqa": {"tier": ["to be asked"]}, "eu": {"icon": ["Basic"]}},
    ),
    "the-icon-of-an-altered-part": (
        ("Altered human content is Partially AI-Modified, a part generated anew is Basic, and "
        "parameters turn both round."),
        ["EXP-005"],
        {"contributions": [
            *levels(lyrics="none", composition="none", instrumentation="none"),
            {"area": "leadVocals", "level": "partial", "process": "altered"},
        ]},
        {"eu": {"altered-icon": "Basic"}},
        {"eu": {"icon": ["Basic"], "kind": ["Lead vocals: manipulated"]}},
    ),
    "a-tool-is-no-author": (
        "A person and a tool wrote together: only the person is named where authors are.",
        ["EXP-008"],
        {
            "contributions": [{"area": "lyrics", "level": "partial",
                               "agents": [{"person": "p1"}, {"tool": "t1"}]}],
            "tools": [{"ref": "t1", "system": "Writer"}],
            "people": [{"ref": "p1", "name": "Ann Example"}],
        },
        {"registration": {"office": "usco"}},
        {
            "registration": {"authors": ["Ann Example"], "created": ["Lyrics: By: Ann Example"]},
            "musichub": {"lyricist": ["Ann Example"]},
            "spotify": {"human-credits": ["Lyricist: Ann Example"]},
        },
    ),
}  # fmt: skip


def cases() -> dict[str, dict[str, Any]]:
    made = {}
    for slug, answers in EXPECTED.items():
        declaration = json.loads((EXAMPLES / slug / "declaration.json").read_bytes())
        text = f"What {len(answers)} forms are answered from the example {slug}."
        made[slug] = case(slug, (text, ["EXP-004", "EXP-008"], declaration, {}, answers))
    return {**made, **{slug: case(slug, row) for slug, row in MORE.items()}}


def case(slug: str, row: tuple[str, list[str], dict[str, Any], Any, Answers]) -> dict[str, Any]:
    description, requirements, declaration, parameters, answers = row
    asked = {
        name: {"ids": list(ids), **({"set": parameters[name]} if name in parameters else {})}
        for name, ids in answers.items()
    }
    return {
        "id": f"exports/{slug}",
        "operation": "export",
        "requirements": requirements,
        "description": description,
        "danger": "A shop, a society or a law would be told something that nobody declared.",
        "input": declaration,
        "options": {"ask": asked},
        "expect": {"answers": answers},
        "source": "hand-made",
    }


def main() -> int:
    drift = 0
    for slug, content in cases().items():
        path = HERE / slug / "case.json"
        text = json.dumps(content, separators=(",", ":")) + "\n"
        if "--check" in sys.argv:
            drift += not path.is_file() or path.read_text(encoding="utf-8") != text
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if "--check" in sys.argv:
        drift += {p.parent.name for p in HERE.glob("*/case.json")} != set(cases())
    return 1 if drift else 0


if __name__ == "__main__":
    sys.exit(main())
