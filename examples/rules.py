#!/usr/bin/env python3
"""Make the page of rules: the six examples under every profile, and where each rule was found.

python examples/rules.py           writes spec/guides/rules.md
python examples/rules.py --check   exits 1 when the page is no longer what the tool makes
"""

from __future__ import annotations

import sys
from pathlib import Path

from provenance.profiles import names
from provenance.profiles.base import Evidence
from provenance.profiles.judging import Answer, judge, rules_of, worst
from provenance.reports.profiles import clause, origin
from provenance.wire.decode import decode_declaration

HERE = Path(__file__).parent
PAGE = HERE.parent / "spec" / "guides" / "rules.md"
DAY = "2026-11-24"
EXAMPLES = (
    "all-human",
    "ai-mastering-only",
    "licensed-bass-stem",
    "own-voice-clone",
    "unlicensed-third-party-clone",
    "walk-my-walk",
)
KINDS = {
    "delivery": "Services and stores",
    "distributor": "Distributors",
    "chart": "Charts and airplay",
    "award": "Awards and badges",
    "society": "Societies and offices",
    "law": "Law",
}

# ruff: noqa: E501 - a sentence of a page is one line
INTRO = f"""# Rules, and six examples under them

This page is made by `examples/rules.py` from `schemas/profiles` and the declarations in `examples`, as of {DAY}; a test holds it to them.
What the words mean stands in [profiles](../20-profiles.md).

The rules are examples, each with its source and date, and not the issuers' own texts; charts and stores decide by theirs.
*Walk My Walk* is an illustration: nobody has declared anything about that song.

A cell names the worst outcome and the rules that gave it; where none applies, all that were looked at.
`review` means that what the example states does not settle it: what is not stated is never taken for `none`.
For your own recording: `prov check track.flac --profile all`.
"""


def evidence(example: str) -> Evidence:
    manifest, found = decode_declaration((HERE / example / "declaration.json").read_bytes())
    if manifest is None:
        raise SystemExit(f"{example}: {found}")
    return Evidence(manifest, {"date": DAY})


def cell(answers: tuple[Answer, ...]) -> str:
    outcome = worst(answers)
    rules = [a.rule["id"] for a in answers if a.outcome == outcome]
    return f"{outcome}: {', '.join(rules)}"


def page() -> str:
    held = {example: evidence(example) for example in EXAMPLES}
    parts, rules = [INTRO], []
    for kind, title in KINDS.items():
        profiles = [name for name in names() if rules_of(name)["kind"] == kind]
        parts += [f"## {title}\n", row(["profile", *EXAMPLES]), row(["---"] * (len(EXAMPLES) + 1))]
        parts += [
            row([f"`{name}`", *(cell(judge(name, held[e])) for e in EXAMPLES)]) for name in profiles
        ]
        parts.append("")
        rules += [(name, rule) for name in profiles for rule in rules_of(name)["rules"]]
    parts += ["## What the examples do not state\n", row(["example", "facts"]), row(["---"] * 2)]
    parts += [row([example, ", ".join(missing(held[example]))]) for example in EXAMPLES]
    parts += ["", "## Where each rule was found\n", row(["rule", "of", "says", "source"])]
    parts.append(row(["---"] * 4))
    parts += [
        row([f"`{rule['id']}`", rules_of(name)["issuer"], clause(rule), origin(rule)])
        for name, rule in rules
    ]
    return "\n".join(parts) + "\n"


def missing(declared: Evidence) -> list[str]:
    """The facts that rules which are open look for and do not find."""
    profiles = [name for name in names() if rules_of(name)["kind"] in KINDS]
    open_rules = [a for n in profiles for a in judge(n, declared) if a.fired is None]
    return sorted({f"`{name}`" for answer in open_rules for name in answer.missing})


def row(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def main() -> int:
    text = page()
    if "--check" not in sys.argv:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PAGE.name} is not what the tool makes")
    return 1


if __name__ == "__main__":
    sys.exit(main())
