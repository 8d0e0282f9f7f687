"""The colours, by the formulas of WCAG 2.2 (relative luminance, contrast ratio)."""

import re
from itertools import pairwise

import pytest
from provenance.audit.rendering.markup import TEMPLATES
from provenance.audit.rendering.palette import (
    DARK,
    LEVELS,
    LIGHT,
    ON_DARK,
    STATES,
    classes,
    variables,
)

THEMES = {"light": LIGHT, "dark": DARK}


def luminance(colour):
    def linear(part):
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[n : n + 2]) for n in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.requirement("AUD-067")
@pytest.mark.parametrize("name", THEMES)
def test_text_can_be_read(name):
    theme = THEMES[name]
    pairs = [(text, ground) for text in ("ink", "soft", "link") for ground in ("ground", "raised")]
    pairs += [
        ("on-dark" if level in ON_DARK else "on-light", f"level-{level}")
        for level in LEVELS
        if level != "undeclared"
    ]
    pairs += [("on-dark", "declared"), ("ink", "ground")]
    low = {pair: contrast(theme[pair[0]], theme[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


@pytest.mark.requirement("AUD-067")
@pytest.mark.parametrize("name", THEMES)
def test_shapes_can_be_seen(name):
    theme = THEMES[name]
    pairs = [("edge", "ground"), ("edge", "raised"), ("focus", "ground"), ("focus", "raised")]
    pairs += (
        [("declared", "ground"), ("contradicted", "mark"), ("on-light", "unverifiable")]
        if name == "light"
        else [("declared", "ground"), ("contradicted", "mark")]
    )
    low = {pair: contrast(theme[pair[0]], theme[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 3} == {}


@pytest.mark.requirement("AUD-066")
@pytest.mark.parametrize("name", THEMES)
def test_levels_go_one_way_from_light_to_dark(name):
    theme = THEMES[name]
    found = [luminance(theme[f"level-{level}"]) for level in LEVELS if level != "undeclared"]
    ordered = sorted(found, reverse=name == "light")
    assert found == ordered
    steps = [max(a + 0.05, b + 0.05) / min(a + 0.05, b + 0.05) for a, b in pairwise(found)]
    assert min(steps) > 1.15


def test_a_colour_that_is_too_pale_would_be_found():
    assert contrast("#9aa0a6", LIGHT["ground"]) < 3 < contrast(LIGHT["edge"], LIGHT["ground"])


@pytest.mark.requirement("AUD-067")
def test_the_style_has_no_colour_of_its_own():
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsl", style) == []
    known = set(re.findall(r"--([a-z-]+):", variables(LIGHT)))
    assert set(re.findall(r"var\(--([a-z-]+)\)", style)) <= known
    assert set(LIGHT) == set(DARK)
    assert all(f".p-{state}{{" in classes(DARK) for state in STATES)
