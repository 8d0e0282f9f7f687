"""The colours of a report, light and dark, as data (spec 25.6).

States differ in hue, in lightness and in pattern; levels are one hue from light to dark, so that
both can be told apart without colour, and in black and white print. Contrast is computed in a test
(AUD-067; WCAG 2.2, 1.4.3 and 1.4.11).
"""

from __future__ import annotations

from collections.abc import Mapping

from provenance.audit.model import State

LEVELS = ("none", "utility", "assisted", "partial", "predominant", "full", "undeclared")
"""The levels in the order of plots; 'undeclared' is none of them."""
STATES = tuple(str(state) for state in State)

LIGHT: Mapping[str, str] = {
    "ground": "#ffffff", "raised": "#f6f6f3", "ink": "#1c1d1f", "soft": "#55585c",
    "rule": "#d8d8d2", "edge": "#6d7176", "link": "#0b4f8a", "focus": "#b34700",
    "declared": "#1b5e9b", "contradicted": "#c2410c", "unverifiable": "#e0b33a",
    "undeclared": "#e6e6e2", "mark": "#ffffff", "hatch": "#8b9095",
    "level-none": "#f3f7f6", "level-utility": "#d3e6e2", "level-assisted": "#a3cdc6",
    "level-partial": "#63aaa1", "level-predominant": "#26756d", "level-full": "#093f3b",
    "level-undeclared": "#ffffff", "on-light": "#14171a", "on-dark": "#ffffff",
}  # fmt: skip
DARK: Mapping[str, str] = {
    "ground": "#15181b", "raised": "#1e2226", "ink": "#ecebe6", "soft": "#b3b7bb",
    "rule": "#3a4046", "edge": "#9aa0a6", "link": "#8fc3f5", "focus": "#ffb066",
    "declared": "#72b2ee", "contradicted": "#ff8f63", "unverifiable": "#e6c04e",
    "undeclared": "#363c42", "mark": "#15181b", "hatch": "#7f868d",
    "level-none": "#1b2625", "level-utility": "#23413e", "level-assisted": "#2a5d58",
    "level-partial": "#3a8079", "level-predominant": "#7cc2ba", "level-full": "#cdf0eb",
    "level-undeclared": "#15181b", "on-light": "#ffffff", "on-dark": "#14171a",
}  # fmt: skip
ON_DARK = frozenset({"predominant", "full"})
"""The levels whose text is ``on-dark``."""


def variables(theme: Mapping[str, str]) -> str:
    """The colours as custom properties of CSS."""
    return "".join(f"--{name}:{colour};" for name, colour in theme.items())


def classes(theme: Mapping[str, str]) -> str:
    """The colours as rules for the parts of a plot, for renderers that know no custom property."""
    fills = [f".p-{name}{{fill:{theme[name]}}}" for name in STATES]
    levels = [name for name in LEVELS if name != "undeclared"]
    fills += [f".p-{name}{{fill:{theme[f'level-{name}']}}}" for name in levels]
    fills += [
        f".p-open{{fill:{theme['level-undeclared']}}}",
        f".ground{{fill:{theme['ground']}}}.ink{{fill:{theme['ink']}}}.soft{{fill:{theme['soft']}}}",
        f".on-light{{fill:{theme['on-light']}}}.on-dark{{fill:{theme['on-dark']}}}",
        f".edge{{stroke:{theme['edge']}}}.rule{{stroke:{theme['rule']}}}",
        f".mark{{stroke:{theme['mark']}}}.markfill{{fill:{theme['mark']}}}",
        f".hatch{{stroke:{theme['hatch']}}}.dot{{fill:{theme['on-light']}}}",
    ]
    return "".join(fills)
