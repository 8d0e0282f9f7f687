"""Names that look like other names: remarks, never evidence (spec 18.5)."""

from datetime import UTC, datetime

import pytest
from provenance.trust.names import skeleton
from provenance.trust.policy import Party, Policy
from provenance.wire.strict_json import find_text_faults

from support import speed

KNOWN = Policy(
    "x",
    1,
    datetime(2026, 11, 1, tzinfo=UTC),
    None,
    parties=(
        Party("northernlights", "Northern Lights Records"),
        Party("axel", "Axel & S\u00f8n"),
        Party("ru", "\u0421\u043e\u0440\u043e\u043a\u0430"),
    ),
)


@pytest.mark.requirement("DIR-050")
@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("Northern Lights Records", "northernlights"),
        ("NORTHERN LIGHTS RECORDS", "northernlights"),
        ("N\u043erthern Lights Records", "northernlights"),  # Cyrillic o
        ("\u039dorthern Lights Records", "northernlights"),  # Greek Nu
        ("Northern Iights Records", "northernlights"),  # capital I for l
        ("N0rthern L1ghts Records", "northernlights"),
        ("Northem Lights Records", "northernlights"),  # m for rn
        ("Northern-Lights  Records.", "northernlights"),
        ("Northern\u200bLights Records", "northernlights"),  # a space of no width
        ("N\u00f6rth\u00e9rn Lights Records", "northernlights"),
        ("\uff2e\uff4f\uff52\uff54\uff48\uff45\uff52\uff4e Lights Records", "northernlights"),
        ("\U0001d40dorthern Lights Records", "northernlights"),  # a mathematical bold N
        ("\u0410\u0445el & Son", "axel"),  # Cyrillic A and kha
        ("CopoKa", "ru"),  # Latin letters for a Russian name
        ("Northern Light Records", None),
        ("Southern Lights Records", None),
        ("Axel and Son", None),
        ("\u65e5\u672c", None),
        ("", None),
        ("---", None),
    ],
)
def test_whose_name_it_looks_like(name, party):
    assert [p.id for p in KNOWN.looking_like(name)] == ([party] if party else [])


def test_vowel_signs_of_other_scripts_are_letters():
    assert skeleton("\u0915\u093f") != skeleton("\u0915\u093e")


@pytest.mark.requirement("WIR-012")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Northern Lights", None),
        ("Bj\u00f6rk", None),
        ("\u0421\u043e\u0440\u043e\u043a\u0430", None),
        ("DJ \u0421\u043e\u0440\u043e\u043a\u0430", None),  # two words, a script each
        ("J\u30dd\u30c3\u30d7", None),  # Latin and Katakana do not look alike
        ("\u0645\u06cc\u200c\u0631\u0648\u062f", None),  # a joiner that Persian needs
        ("N\u043erthern", "mixed-script"),
        ("Ale\u03c7", "mixed-script"),
        ("\u054forthern", "mixed-script"),  # Armenian
        ("\u13aaxel", "mixed-script"),  # Cherokee
        ("\u03bf\u043e", "mixed-script"),  # Greek and Cyrillic o
        ("Northern\u200d", "invisible"),
        ("North\u00adern", "invisible"),
        ("Northern\u3164", "invisible"),
        ("Northern\U000e0041", "invisible"),  # a tag character
    ],
)
def test_what_deserves_a_remark_by_itself(name, reason):
    assert [fault for _, fault in find_text_faults(name)] == ([reason] if reason else [])


def test_a_name_is_compared_with_twenty_thousand_in_no_time():
    parties = tuple(Party(f"p{n}", f"Label number {n} of all") for n in range(20_000))
    policy = Policy("x", 1, datetime(2026, 11, 1, tzinfo=UTC), None, parties=parties)

    with speed.under(0.5):
        (found,) = policy.looking_like("LABEL NUMBER 19999 OF ALL")
    assert found.id == "p19999"
