"""The vectors of the profile ddex: for each rule a message that breaks it, one that does not.

Nothing of the package under test is imported. The messages are our own, no sample of anybody's;
outcomes follow from the clauses in ``schemas/profiles/ddex.json``. ``build.py`` writes the case.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from support.message import contributor, message, recording  # noqa: E402

ALL, PARTLY, NONE = (f"<ContainsAI>{word}</ContainsAI>" for word in ("All", "Partly", "None"))
SUNG = "<HasVocalPerformance>true</HasVocalPerformance>"
AI = contributor("GenerativeAI", "LeadVocalist")
ANN = contributor("PAnn", "LeadVocalist")
GENERATED = {"contributions": [{"area": "lyrics", "level": "partial"}]}
UTILITY = {"contributions": [{"area": "mixing", "level": "utility"}]}


def one(*contributors: str, flags: str = "", **more: Any) -> bytes:
    return message(recording(*contributors, flags=flags), **more)


def ann(answer: str) -> str:
    return contributor("PAnn", "LeadVocalist", ai=answer)


CASES: dict[str, tuple[str, str, bytes, dict[str, Any]]] = {
    "ddex-1 fires": ("ddex-1", "error", one(ann("All"), flags=PARTLY), {}),
    "ddex-1 clear": ("ddex-1", "clear", one(ann("Partly"), flags=PARTLY), {}),
    "ddex-2 fires": (
        "ddex-2",
        "error",
        one(contributor("GenerativeAI", "Mixer", ai="Partly"), flags=PARTLY),
        {},
    ),
    "ddex-2 clear": ("ddex-2", "clear", one(AI, flags=PARTLY), {}),
    "ddex-3 fires": ("ddex-3", "error", one(AI, flags=NONE), {}),
    "ddex-3 clear": ("ddex-3", "clear", one(ann("None"), flags=NONE), {}),
    "ddex-4 fires": ("ddex-4", "error", one(AI, ANN, flags=ALL), {}),
    "ddex-4 clear": ("ddex-4", "clear", one(AI, flags=ALL), {}),
    "ddex-5 fires": ("ddex-5", "warning", one(ann("Partly")), {}),
    "ddex-5 clear": ("ddex-5", "clear", one(ann("None")), {}),
    "ddex-6 fires": ("ddex-6", "warning", one(AI, flags=PARTLY + SUNG), {}),
    "ddex-6 clear": ("ddex-6", "clear", one(AI, ANN, flags=PARTLY + SUNG), {}),
    "ddex-7 fires": ("ddex-7", "warning", one(flags=NONE, release_ai="All"), {}),
    "ddex-7 clear": ("ddex-7", "clear", one(flags=NONE, release_ai="None"), {}),
    "ddex-8 fires": ("ddex-8", "warning", one(digits="43"), GENERATED),
    "ddex-8 clear": ("ddex-8", "clear", one(), GENERATED),
    "ddex-8 utility": ("ddex-8", "clear", one(digits="43"), UTILITY),
}
"""Name of the case: rule, outcome, message, declaration."""


def case() -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    outcomes: dict[str, Any] = {}
    for name, (rule, outcome, document, declaration) in CASES.items():
        text = document.decode()
        inputs[name] = {"rules": [rule], "declaration": declaration, "document": text}
        outcomes[name] = {rule: outcome}
    inputs["no message"] = {"rules": ["ddex-1", "ddex-8"], "declaration": GENERATED}
    outcomes["no message"] = {"ddex-1": "notStated", "ddex-8": "notStated"}
    return {
        "id": "profiles/ddex",
        "operation": "profile",
        "requirements": ["PRF-001", "PRF-040"],
        "description": "Each rule of DDEX on a message that breaks it, and on one that does not.",
        "danger": "A message would contradict itself, and the schema lets it through.",
        "input": inputs,
        "options": {"profile": "ddex"},
        "expect": {"outcomes": outcomes},
        "source": "hand-made",
    }
