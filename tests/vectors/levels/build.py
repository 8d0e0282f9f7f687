#!/usr/bin/env python3
"""Build the vectors of the level function: contributions, and the levels that follow by hand.

Nothing of the package under test is imported; every expected level was worked out from the four
rules of spec 2.6. ``--check`` exits 1 on drift.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from making import dumps, keep  # noqa: E402

Entry = dict[str, object]


def lead(level: str, share: int | None = None, **more: object) -> Entry:
    return entry("leadVocals", level, share=share, **more)


def band(level: str, share: int | None = None, **more: object) -> Entry:
    return entry("instrumentation", level, share=share, **more)


def entry(area: str, level: str, **more: object) -> Entry:
    made = {"area": area, "level": level, **more}
    return {name: value for name, value in made.items() if value is not None}


# slug: (what and why, entries, level of each declared area, the summary)
CASES: dict[str, tuple[str, list[Entry], dict[str, str], str]] = {
    # rule 1: no entry
    "undeclared-is-left-out": (
        "One area is stated; the eleven others are undeclared and stand nowhere.",
        [entry("mixing", "utility")],
        {"mixing": "utility"},
        "mixing=utility",
    ),
    # rule 2: all equal
    "none-is-written": (
        "None is a statement and is written; it is not the same as saying nothing.",
        [lead("none")],
        {"leadVocals": "none"},
        "leadVocals=none",
    ),
    "single-entries-of-every-level": (
        "One entry an area: the area has the level of its entry.",
        [
            entry("lyrics", "none"),
            entry("composition", "utility"),
            entry("leadVocals", "assisted"),
            entry("backingVocals", "partial"),
            entry("instrumentation", "predominant"),
            entry("arrangement", "full"),
        ],
        {
            "lyrics": "none",
            "composition": "utility",
            "leadVocals": "assisted",
            "backingVocals": "partial",
            "instrumentation": "predominant",
            "arrangement": "full",
        },
        (
            "lyrics=none; composition=utility; leadVocals=assisted; backingVocals=partial; "
            "instrumentation=predominant; arrangement=full"
        ),
    ),
    "equal-full": (
        "Two generated voices, no human one: all equal, so full.",
        [lead("full"), lead("full")],
        {"leadVocals": "full"},
        "leadVocals=full",
    ),
    "equal-none": (
        "Two singers without AI.",
        [lead("none"), lead("none")],
        {"leadVocals": "none"},
        "leadVocals=none",
    ),
    "equal-partial-whatever-the-shares": (
        "Equal levels win before shares are looked at.",
        [band("partial", 900, role="Musician"), band("partial", 100, role="Musician")],
        {"instrumentation": "partial"},
        "instrumentation=partial",
    ),
    "equal-none-with-shares": (
        "Two people share the part; no AI.",
        [lead("none", 500), lead("none", 500)],
        {"leadVocals": "none"},
        "leadVocals=none",
    ),
    # rule 3: shares
    "share-just-above-half": (
        "501 of 1000 permille are generated: predominant.",
        [lead("full", 501), lead("none", 499)],
        {"leadVocals": "predominant"},
        "leadVocals=predominant",
    ),
    "share-exactly-half": (
        "500 of 1000 permille are not more than half: rule 4, partial.",
        [lead("full", 500), lead("none", 500)],
        {"leadVocals": "partial"},
        "leadVocals=partial",
    ),
    "share-minority": (
        "A fifth is generated.",
        [band("full", 200), band("none", 800)],
        {"instrumentation": "partial"},
        "instrumentation=partial",
    ),
    "share-of-predominant-counts": (
        "An entry at predominant counts as generated with its whole share.",
        [band("predominant", 600), band("none", 400)],
        {"instrumentation": "predominant"},
        "instrumentation=predominant",
    ),
    "share-of-predominant-and-full-add-up": (
        "300 and 300 permille are more than half together.",
        [band("predominant", 300), band("full", 300), band("none", 400)],
        {"instrumentation": "predominant"},
        "instrumentation=predominant",
    ),
    "share-of-partial-does-not-count": (
        "An entry at partial is not counted as generated, however large: rule 4, partial.",
        [band("partial", 900), band("none", 100)],
        {"instrumentation": "partial"},
        "instrumentation=partial",
    ),
    "share-of-utility-does-not-count": (
        "Utility is not generated; a tenth is: partial.",
        [band("utility", 900), band("full", 100)],
        {"instrumentation": "partial"},
        "instrumentation=partial",
    ),
    "share-missing-in-one-entry": (
        "Without a share in every entry, shares are not used: rule 4, partial.",
        [lead("full", 900), lead("none")],
        {"leadVocals": "partial"},
        "leadVocals=partial",
    ),
    "share-zero-is-a-share": (
        "A human share of nothing: all of the whole is generated, the entries still differ.",
        [lead("full", 1000), lead("none", 0)],
        {"leadVocals": "predominant"},
        "leadVocals=predominant",
    ),
    "shares-that-do-not-fill-the-whole": (
        "400 and 100 permille are stated: 400 is not more than half of the whole of 1000.",
        [lead("full", 400), lead("none", 100)],
        {"leadVocals": "partial"},
        "leadVocals=partial",
    ),
    "shares-of-two-roles-half": (
        "Each role is shared out by itself: 1000 of 2000 is not more than half.",
        [band("full", 1000, role="Programmer"), band("none", 1000, role="Musician")],
        {"instrumentation": "partial"},
        "instrumentation=partial",
    ),
    "shares-of-two-roles-more-than-half": (
        "1000 and 600 of 2000 are more than half.",
        [
            band("full", 1000, role="Programmer"),
            band("full", 600, role="Musician"),
            band("none", 400, role="Musician"),
        ],
        {"instrumentation": "predominant"},
        "instrumentation=predominant",
    ),
    # rule 4: mixed
    "full-beside-predominant": (
        "Every entry is mainly generated, so the area is.",
        [lead("full"), lead("predominant")],
        {"leadVocals": "predominant"},
        "leadVocals=predominant",
    ),
    "full-beside-none": (
        "A generated voice beside a human one: partial, never full and never none.",
        [lead("full"), lead("none")],
        {"leadVocals": "partial"},
        "leadVocals=partial",
    ),
    "full-beside-utility": (
        "A generated voice beside a tuned one.",
        [lead("full"), lead("utility")],
        {"leadVocals": "partial"},
        "leadVocals=partial",
    ),
    "full-beside-assisted": (
        "Generated lines beside lines written after suggestions.",
        [entry("lyrics", "full"), entry("lyrics", "assisted")],
        {"lyrics": "partial"},
        "lyrics=partial",
    ),
    "full-beside-partial": (
        "Not every entry is mainly generated.",
        [lead("full"), lead("partial")],
        {"leadVocals": "partial"},
        "leadVocals=partial",
    ),
    "predominant-beside-none": (
        "Mainly generated beside human work, no shares.",
        [band("predominant"), band("none")],
        {"instrumentation": "partial"},
        "instrumentation=partial",
    ),
    "partial-beside-none": (
        "Generated material is there.",
        [band("partial"), band("none")],
        {"instrumentation": "partial"},
        "instrumentation=partial",
    ),
    "assisted-beside-none": (
        "The highest of what is there.",
        [entry("lyrics", "assisted"), entry("lyrics", "none")],
        {"lyrics": "assisted"},
        "lyrics=assisted",
    ),
    "utility-beside-none": (
        "One of two voices was tuned by AI.",
        [lead("none"), lead("utility")],
        {"leadVocals": "utility"},
        "leadVocals=utility",
    ),
    "none-utility-assisted": (
        "The highest of three, whatever the order of the entries.",
        [band("none"), band("assisted"), band("utility")],
        {"instrumentation": "assisted"},
        "instrumentation=assisted",
    ),
    # around the function
    "areas-do-not-mix": (
        "Each area has its own level.",
        [entry("lyrics", "full"), lead("none"), entry("mastering", "utility")],
        {"lyrics": "full", "leadVocals": "none", "mastering": "utility"},
        "lyrics=full; leadVocals=none; mastering=utility",
    ),
    "registry-order": (
        "The summary has the areas in the order of the registry, not of the entries.",
        [entry("translation", "assisted"), entry("mixing", "none"), entry("lyrics", "partial")],
        {"lyrics": "partial", "mixing": "none", "translation": "assisted"},
        "lyrics=partial; mixing=none; translation=assisted",
    ),
    "material-does-not-change-the-level": (
        "Material is a statement of its own.",
        [band("partial", material=False), entry("mastering", "utility", material=True)],
        {"instrumentation": "partial", "mastering": "utility"},
        "instrumentation=partial; mastering=utility",
    ),
    "asset-does-not-change-the-area": (
        "The voice of the video counts for the area as the voice of the recording does.",
        [lead("none", asset="recording"), lead("full", asset="video")],
        {"leadVocals": "partial"},
        "leadVocals=partial",
    ),
    "agents-and-text-do-not-change-the-level": (
        "Who it was and how it is described has no say.",
        [
            lead("full", interaction="promptOnly", description="Sung by nobody.", basis="declared"),
        ],
        {"leadVocals": "full"},
        "leadVocals=full",
    ),
}


def case(slug: str) -> dict[str, object]:
    description, entries, levels, summary = CASES[slug]
    return {
        "id": f"levels/{slug}",
        "operation": "area-level",
        "requirements": ["MOD-030", "MOD-032"],
        "description": description,
        "danger": "Two programs would show different levels for one declaration.",
        "input": {"contributions": entries},
        "expect": {"levels": levels, "summary": summary},
        "source": "hand-made",
    }


def main() -> int:
    return keep(HERE, {slug: {"case.json": dumps(case(slug))} for slug in CASES})


if __name__ == "__main__":
    sys.exit(main())
