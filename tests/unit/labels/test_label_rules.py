"""Labels: the sentence, the short code, the picture, the catalogues (spec 11)."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from provenance.labels.forms import label
from provenance.labels.messages import languages
from provenance.labels.sentence import OF_AREA, sentence
from provenance.labels.short_code import short_code
from provenance.labels.standing import Standing, standing_of
from provenance.labels.svg import _fitting
from provenance.labels.svg import svg as svg_of
from provenance.model.errors import UsageError
from provenance.wire.decode import decode_declaration

ROOT = Path(__file__).resolve().parents[3]
SVG = "{http://www.w3.org/2000/svg}"
CORE = ("lyrics", "composition", "lead vocals", "instruments", "mixing", "mastering")


def declared(levels, **more):
    assets = {"lyrics": "composition", "composition": "composition", "artwork": "artwork"}
    entries = [
        {"asset": assets.get(area, "recording"), "area": area, "level": level}
        for area, level in levels.items()
    ]
    plain = {"contributions": entries, **more} if entries else more
    manifest, found = decode_declaration(json.dumps(plain).encode())
    assert manifest is not None, found
    return manifest


def svg(manifest, language, theme="auto", standing=Standing.SIGNED):
    return svg_of(manifest, language, theme, standing=standing)


def seen(picture):
    return [t.text for t in ET.fromstring(picture).iter(f"{SVG}text")]


def terms(name):
    content = json.loads((ROOT / f"schemas/registries/{name}.json").read_text(encoding="utf-8"))
    return [t["term"] for t in content["terms"]]


def catalogue(language):
    return json.loads((ROOT / f"schemas/messages/{language}.json").read_text(encoding="utf-8"))


MIXED = declared({"mixing": "utility", "leadVocals": "full", "lyrics": "full", "artwork": "none"})


@pytest.mark.requirement("LBL-010")
@pytest.mark.requirement("LBL-003")
def test_clauses_stand_strongest_first_with_areas_in_registry_order_then_what_is_missing():
    assert sentence(MIXED, "en") == (
        "Lyrics and lead vocals: made entirely by AI. "
        "Mixing: made by people; AI only as a technical tool. "
        "Artwork: no AI used. "
        "Not declared: composition, instruments and mastering."
    )


@pytest.mark.requirement("LBL-003")
@pytest.mark.requirement("CON-003")
def test_every_core_area_is_named_whatever_is_declared():
    for area in ("lyrics", "backingVocals", "video"):
        text = sentence(declared({area: "assisted"}), "en").casefold()

        assert all(name in text for name in CORE)
        assert text.count("made by people with suggestions from ai") == 1


@pytest.mark.requirement("LBL-004")
@pytest.mark.requirement("CON-002")
@pytest.mark.parametrize("language", languages())
def test_what_is_not_declared_never_reads_like_none(language):
    words = catalogue(language)
    text = sentence(declared({"lyrics": "full"}), language)
    picture = svg(declared({"lyrics": "full"}), language)

    assert words["levels"]["none"] not in text
    assert words["levelWords"]["none"] not in re.sub(r"<desc.*?</desc>", "", picture)
    assert words["levelWords"]["undeclared"] in picture


@pytest.mark.requirement("LBL-002")
def test_two_entries_of_one_area_give_the_level_of_the_model():
    manifest = declared(
        {},
        contributions=[
            {"asset": "recording", "area": "leadVocals", "level": "full"},
            {"asset": "recording", "area": "leadVocals", "level": "none"},
        ],
    )

    assert short_code(manifest) == "LV-P"


@pytest.mark.requirement("LBL-020")
def test_the_short_code_lists_declared_areas_in_registry_order():
    assert short_code(MIXED) == "LY-F LV-F MX-U AW-N"


@pytest.mark.requirement("LBL-020")
def test_the_short_code_of_an_empty_declaration_is_a_hyphen():
    manifest = declared({}, declarant={"role": "artist", "name": "A"})

    assert short_code(manifest) == "-"


@pytest.mark.requirement("LBL-030")
@pytest.mark.parametrize("language", languages())
def test_the_picture_tells_a_screen_reader_everything(language):
    root = ET.fromstring(svg(MIXED, language))

    assert root.get("role") == "img"
    assert root.get("lang") == language
    assert root.find(f"{SVG}title").text
    note = catalogue(language)["svg"]["note"]
    assert root.find(f"{SVG}desc").text == f"{sentence(MIXED, language)} {note}"
    assert root.get("aria-labelledby").split() == ["t", "d"]


@pytest.mark.requirement("LBL-031")
def test_every_level_stands_in_words_and_in_the_number_of_filled_boxes():
    words = catalogue("en")["levelWords"]
    steps = ("none", "utility", "assisted", "partial", "predominant", "full")
    for filled, level in enumerate(steps):
        root = ET.fromstring(svg(declared({"mastering": level}), "en"))
        row = next(
            g for g in root.iter(f"{SVG}g") if "Mastering" in [t.text for t in g.iter(f"{SVG}text")]
        )
        classes = [r.get("class") for r in row.iter(f"{SVG}rect")]

        assert classes == ["f"] * filled + ["b"] * (5 - filled)
        assert words[level] in [t.text for t in row.iter(f"{SVG}text")]


@pytest.mark.requirement("LBL-037")
@pytest.mark.parametrize("language", languages())
def test_what_is_not_signed_is_called_so_in_sight_and_for_a_screen_reader(language):
    words = catalogue(language)["svg"]
    both = (Standing.SIGNED, Standing.UNSIGNED)
    signed, unsigned = (svg(MIXED, language, standing=one) for one in both)

    assert seen(signed)[-1] == words["note"]
    assert seen(unsigned)[-1] == words["unsigned"]
    assert words["note"] not in unsigned
    assert words["unsigned"] in ET.fromstring(unsigned).find(f"{SVG}desc").text


@pytest.mark.requirement("LBL-052")
@pytest.mark.parametrize("language", languages())
def test_an_unverified_claim_is_called_so_in_every_form(language):
    words = catalogue(language)["svg"]
    manifest = declared({"mixing": "none"}, declarant={"role": "artist", "name": "Anybody"})
    made = {
        form: label(manifest, form, language, Standing.UNVERIFIED)
        for form in ("sentence", "code", "svg")
    }
    clean = label(manifest, "svg", language, Standing.SIGNED)

    by, note = words["claimedBy"].format(name="Anybody"), words["unverified"]
    assert seen(made["svg"])[-2:] == [by, note]
    assert ET.fromstring(made["svg"]).find(f"{SVG}desc").text.endswith(note)
    for word in (words["note"], words["declaredBy"].format(name="Anybody")):
        assert word not in made["svg"]
        assert word in clean
    assert made["sentence"] == f"{sentence(manifest, language)} {note}"
    assert made["code"] == "MX-N UNVERIFIED"
    assert _fitting(note) == len(note)


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        (None, Standing.UNSIGNED),
        ("PASSED", Standing.SIGNED),
        ("INDETERMINATE", Standing.UNVERIFIED),
        ("ABSENT", Standing.UNVERIFIED),
    ],
)
def test_nothing_but_passed_is_shown_as_verified(status, standing):
    assert standing_of(status) is standing


PERSONA = declared(
    {"leadVocals": "full"},
    subject={"title": "T", "artists": [{"name": "Nova", "identity": "aiPersona"}]},
    voices=[
        {"area": "leadVocals", "kind": "thirdPartyClone", "consent": {"status": "refused"}},
        {"area": "backingVocals", "kind": "fictional"},
    ],
)


@pytest.mark.requirement("LBL-035")
@pytest.mark.parametrize("language", languages())
def test_the_picture_shows_personas_copied_voices_and_refused_consent(language):
    words = catalogue(language)
    text = " ".join(seen(svg(PERSONA, language)))
    lead, backing = (words["areas"][a] for a in ("leadVocals", "backingVocals"))

    assert words["artist"]["aiPersona"].format(name="Nova") in text
    assert words["voice"]["fictional"].format(areas=backing) in text
    refused = words["voice"]["thirdPartyClone"]
    assert refused.format(areas=lead, consent=words["consent"]["refused"]) in text


@pytest.mark.requirement("LBL-035")
@pytest.mark.parametrize(
    "name", ["N" * 900, "two words " * 80 + "end", "\u97f3" * 400, "x\u0323" * 300],
    ids=["one word", "words", "wide", "combining"],
)  # fmt: skip
def test_what_is_said_of_an_artist_is_whole_however_long_and_within_the_picture(name):
    manifest = declared({}, subject={"artists": [{"name": name, "identity": "aiPersona"}]})
    root = ET.fromstring(svg(manifest, "en"))
    texts = list(root.iter(f"{SVG}text"))
    shown = "".join(t.text for t in texts)

    assert f"The artist {name} is an AI persona.".replace(" ", "") in shown.replace(" ", "")
    assert max(int(t.get("y")) for t in texts) < int(root.get("height"))
    assert all(len(t.text) <= 2 * 58 for t in texts)


@pytest.mark.requirement("LBL-036")
def test_a_long_title_and_long_artists_are_each_shortened_for_themselves():
    subject = {"title": "Title " * 60, "artists": [{"name": "Artist " * 60}]}
    manifest = declared({}, subject=subject, declarant={"name": "Declarant " * 60})
    lines = seen(svg(manifest, "en"))
    title, artist, declarant = (
        next(t for t in lines if t.startswith(word))
        for word in ("Title", "Artist", "Declared by: Declarant")
    )

    assert all(50 < len(t) <= 58 and t.endswith("\u2026") for t in (title, artist, declarant))


def test_rows_and_lines_stand_below_each_other_with_all_of_them_and_with_none():
    for manifest in (PERSONA, declared({}, declarant={"name": "D"}), declared({"lyrics": "full"})):
        root = ET.fromstring(svg(manifest, "en"))
        heights = [int(t.get("y")) for t in root.iter(f"{SVG}text")]
        lines = sorted(set(heights))

        assert heights == sorted(heights)
        assert all(b - a >= 15 for a, b in pairwise(lines))


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, two):
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.requirement("LBL-032")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_enough_contrast(theme):
    fills = re.findall(r"(\.g|\btext|\.s|\.f)\{fill:(#[0-9a-f]{6})", svg(MIXED, "en", theme))
    style = dict(fills)

    assert contrast(style["text"], style[".g"]) >= 4.5
    assert contrast(style[".s"], style[".g"]) >= 4.5
    assert contrast(style[".f"], style[".g"]) >= 3


@pytest.mark.requirement("LBL-033")
def test_the_picture_refers_to_nothing_outside_itself():
    text = svg(MIXED, "en")
    names = {e.tag.removeprefix(SVG) for e in ET.fromstring(text).iter()}

    assert names == {"svg", "title", "desc", "style", "rect", "text", "g"}
    assert re.findall(r"(?:href|url\(|@import|https?:)", text) == ["http:"]


HOSTILE = {
    "markup": "</text><script>alert(1)</script>",
    "entity": "&xxe; ]]> <!--",
    "quotes": "\"'><a href='x'>",
    "private": "\ue000\U0010fffd",
}


@pytest.mark.requirement("LBL-034")
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_foreign_text_stays_text(text):
    manifest = declared({"lyrics": "full"}, subject={"title": text}, declarant={"name": text})

    root = ET.fromstring(svg(manifest, "en"))

    assert any(text[:10] in (t.text or "") for t in root.iter(f"{SVG}text"))
    assert "script" not in {e.tag.removeprefix(SVG) for e in root.iter()}


@pytest.mark.requirement("LBL-001")
@pytest.mark.parametrize("language", languages())
def test_equal_manifests_give_equal_bytes(language):
    again = declared(
        {"mixing": "utility", "leadVocals": "full", "lyrics": "full", "artwork": "none"}
    )

    assert svg(again, language) == svg(MIXED, language)
    assert sentence(again, language) == sentence(MIXED, language)


def paths(value, at=""):
    if not isinstance(value, dict):
        return {at}
    return {p for k, v in value.items() for p in paths(v, f"{at}/{k}")}


@pytest.mark.requirement("LBL-040")
@pytest.mark.parametrize("language", languages())
def test_a_catalogue_has_words_for_every_area_and_level(language):
    words = catalogue(language)

    assert list(words["areas"]) == terms("areas")
    assert set(words["levels"]) == set(terms("levels"))
    assert set(words["levelWords"]) == {*terms("levels"), "undeclared"}
    assert paths(words) == paths(catalogue("en"))


@pytest.mark.parametrize("language", languages())
def test_a_catalogue_keeps_the_places_for_names(language):
    mine, english = catalogue(language), catalogue("en")
    for path in sorted(paths(english)):
        one, other = english, mine
        for step in path.strip("/").split("/"):
            one, other = one[step], other[step]

        assert set(re.findall(r"\{\w+\}", other)) == set(re.findall(r"\{\w+\}", one)), path


@pytest.mark.requirement("LBL-010")
@pytest.mark.parametrize("language", languages())
def test_the_words_of_a_voice_hold_without_its_area(language):
    assert all(text.count(OF_AREA) == 1 for text in catalogue(language)["voice"].values())


@pytest.mark.requirement("LBL-041")
def test_a_region_falls_back_to_its_language_and_an_unknown_one_is_refused():
    assert sentence(MIXED, "de-AT") == sentence(MIXED, "de")
    with pytest.raises(UsageError, match="xx"):
        sentence(MIXED, "xx")


@pytest.mark.requirement("VSN-003")
def test_an_extension_never_changes_a_level_or_a_label():
    plain = {"lyrics": "full", "mixing": "utility"}
    extended = declared(
        plain,
        extensions={
            "example.org": {"noAiUsed": True, "level": "none", "areas": {"lyrics": "none"}}
        },
    )

    assert sentence(extended, "en") == sentence(declared(plain), "en")
    assert short_code(extended) == "LY-F MX-U"
