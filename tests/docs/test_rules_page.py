"""The page of rules: what the tool makes of the examples, with the source of every rule."""

import re
import subprocess
import sys
from pathlib import Path

from provenance.profiles import names
from provenance.profiles.judging import OUTCOMES, rules_of

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "spec" / "guides" / "rules.md").read_text(encoding="utf-8")
PROFILES = [name for name in names() if rules_of(name)["kind"] != "standard"]
EXAMPLES = sorted(p.parent.name for p in (ROOT / "examples").glob("*/declaration.json"))


def rows(beginning):
    return [
        line.strip("| ").split(" | ") for line in TEXT.split("\n") if line.startswith(beginning)
    ]


def test_the_page_is_what_the_tool_makes():
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "rules.py"), "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_profile_has_a_cell_for_every_example_with_rule_and_source():
    sourced = {found[0] for found in rows("| `") if len(found) == 4}

    for name in PROFILES:
        (found,) = [r for r in rows(f"| `{name}` |") if len(r) == 1 + len(EXAMPLES)]
        for cell in found[1:]:
            outcome, _, rules = cell.partition(": ")
            assert outcome in OUTCOMES
            assert rules
            assert {f"`{rule}`" for rule in rules.split(", ")} <= sourced


def test_the_columns_are_the_six_examples():
    (head,) = {tuple(r) for r in rows("| profile |")}

    assert sorted(head[1:]) == EXAMPLES


def test_every_rule_stands_with_its_confidence():
    for name in PROFILES:
        for rule in rules_of(name)["rules"]:
            (found,) = [r for r in rows(f"| `{rule['id']}` |") if len(r) == 4]

            assert re.search(r": (seen in|as others|tested|inferred)", found[3])
            assert ("[our reading]" in found[2]) == rule["inferred"]
