#!/usr/bin/env python3
"""Build the vectors of labels: declarations, and the words that follow by hand.

Nothing of the package under test is imported; every text was put together from chapter 11 and
the catalogues in ``schemas/messages``. ``--check`` exits 1 on drift.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from making import dumps, keep  # noqa: E402

Plain = dict[str, object]
SEVERAL = "Two labels of one declaration would say different things."
NOT_SAID = "A listener would read a statement that nobody made."


def levels(**areas: str) -> Plain:
    return {"contributions": [{"area": area, "level": level} for area, level in areas.items()]}


CORE = {
    "lyrics": "none",
    "composition": "none",
    "leadVocals": "none",
    "instrumentation": "none",
    "mixing": "none",
    "mastering": "none",
}
NONE_OF_CORE = "Lyrics, composition, lead vocals, instruments, mixing and mastering: no AI used."
GERMAN = (
    "Text und Hauptgesang: vollständig von KI gemacht. "
    "Mischung: von Menschen gemacht; KI nur als technisches Werkzeug. "
    "Nicht angegeben: Komposition, Instrumente und Mastering."
)
MIXED = levels(mixing="utility", leadVocals="full", lyrics="full")
MIXED_CODE = "LY-F LV-F MX-U"
NOTHING = "Nothing is declared about the use of AI."
SUNG = levels(**(CORE | {"leadVocals": "full"}))
SUNG_TEXT = (
    "Lead vocals: made entirely by AI. "
    "Lyrics, composition, instruments, mixing and mastering: no AI used."
)
SUNG_CODE = "LY-N CO-N LV-F IN-N MX-N MA-N"


def voice(**members: object) -> Plain:
    return {**SUNG, "voices": [{"area": "leadVocals", **members}]}


def artists(*them: Plain) -> Plain:
    return {**levels(**CORE), "subject": {"artists": list(them)}}


SEEN: Plain = {
    **SUNG,
    "subject": {"title": "Static", "artists": [{"name": "Nova", "identity": "aiPersona"}]},
    "declarant": {"role": "label", "name": "Blue & Co"},
    "voices": [{"area": "leadVocals", "kind": "thirdPartyClone", "consent": {"status": "refused"}}],
}

CODE_OF_CORE = "LY-N CO-N LV-N IN-N MX-N MA-N"
COPY = "The voice (lead vocals) is a synthetic copy of another person's voice; consent: "

# slug: (what and why, what it holds up, declaration, language, sentence, short code, danger)
CASES: dict[str, tuple[str, list[str], Plain, str | None, str | None, str, str]] = {
    "example-of-the-chapter": (
        "The example of 11.2: the areas of one level together, what is missing at the end.",
        ["LBL-002", "LBL-003", "LBL-010", "LBL-020"],
        MIXED, None,
        ("Lyrics and lead vocals: made entirely by AI. "
        "Mixing: made by people; AI only as a technical tool. "
        "Not declared: composition, instruments and mastering."),
        MIXED_CODE, SEVERAL,
    ),
    "nothing-declared": (
        "Nothing is declared: the sentence says that, and the code is a hyphen.",
        ["LBL-004", "LBL-010", "LBL-020"],
        {}, None, NOTHING, "-", NOT_SAID,
    ),
    "every-level": (
        "One area of each level: the strongest first, whatever the order of entries.",
        ["LBL-010", "LBL-020"],
        levels(mastering="none", mixing="utility", instrumentation="assisted",
               leadVocals="partial", composition="predominant", lyrics="full"),
        None,
        ("Lyrics: made entirely by AI. Composition: made mainly by AI. "
        "Lead vocals: made partly by AI, partly by people. "
        "Instruments: made by people with suggestions from AI. "
        "Mixing: made by people; AI only as a technical tool. Mastering: no AI used."),
        "LY-F CO-M LV-P IN-A MX-U MA-N", SEVERAL,
    ),
    "areas-beside-the-core": (
        "Areas that are not core are named where they are declared, and not missed otherwise.",
        ["LBL-003", "LBL-010", "LBL-020"],
        levels(**CORE, artwork="full", video="full"), None,
        f"Artwork and video: made entirely by AI. {NONE_OF_CORE}",
        f"{CODE_OF_CORE} AW-F MV-F", SEVERAL,
    ),
    "all-core-declared": (
        "Every core area is declared: there is no second part.",
        ["LBL-003", "LBL-010"],
        levels(**CORE), None, NONE_OF_CORE, CODE_OF_CORE, NOT_SAID,
    ),
    "none-is-not-undeclared": (
        "One area at none, the others not declared.",
        ["LBL-003", "LBL-004"],
        levels(leadVocals="none"), None,
        ("Lead vocals: no AI used. "
        "Not declared: lyrics, composition, instruments, mixing and mastering."),
        "LV-N", NOT_SAID,
    ),
    "two-entries-of-one-area": (
        "A generated voice and a singer: the level of the area is that of 2.6.",
        ["LBL-002"],
        {"contributions": [{"area": "leadVocals", "level": "full"},
                           {"area": "leadVocals", "level": "none"}]},
        None,
        ("Lead vocals: made partly by AI, partly by people. "
        "Not declared: lyrics, composition, instruments, mixing and mastering."),
        "LV-P", SEVERAL,
    ),
    "artist-who-is-a-persona": (
        "An AI persona stands behind the areas.",
        ["LBL-010"],
        artists({"name": "Nova", "identity": "aiPersona"}), None,
        f"{NONE_OF_CORE} The artist Nova is an AI persona.", CODE_OF_CORE, SEVERAL,
    ),
    "artists-of-every-identity": (
        "A virtual artist is told, a person and a group are not, in the order of the manifest.",
        ["LBL-010"],
        artists({"name": "Ann", "identity": "human"},
                {"name": "Mira", "identity": "virtualHumanVoiced"},
                {"name": "The Nine", "identity": "group"},
                {"name": "Nova", "identity": "aiPersona"}),
        None,
        (f"{NONE_OF_CORE} The artist Mira is a virtual artist with a human voice. "
        "The artist Nova is an AI persona."), CODE_OF_CORE, SEVERAL,
    ),
    "artist-without-a-name": (
        "A persona whose name is not stated cannot be told of.",
        ["LBL-010"],
        artists({"identity": "aiPersona"}), None, NONE_OF_CORE, CODE_OF_CORE, SEVERAL,
    ),
    "artist-with-braces": (
        "A name is put in as it stands.",
        ["LBL-001"],
        artists({"name": "{areas} {level}", "identity": "aiPersona"}), None,
        f"{NONE_OF_CORE} The artist {{areas}} {{level}} is an AI persona.", CODE_OF_CORE,
        "A name would change what the label says.",
    ),
    "artist-and-nothing-declared": (
        "No area is declared, and the artist is an AI persona.",
        ["LBL-004", "LBL-010"],
        {"subject": {"artists": [{"name": "Nova", "identity": "aiPersona"}]}}, None,
        f"{NOTHING} The artist Nova is an AI persona.", "-", NOT_SAID,
    ),
    "voice-of-nobody": (
        "A synthetic voice that imitates nobody.",
        ["LBL-010"],
        voice(kind="fictional"), None,
        f"{SUNG_TEXT} The voice (lead vocals) is synthetic and imitates nobody.",
        SUNG_CODE, SEVERAL,
    ),
    "voice-of-the-artist": (
        "A synthetic copy of the artist's own voice; consent is not spoken of.",
        ["LBL-010"],
        voice(kind="selfClone"), None,
        f"{SUNG_TEXT} The voice (lead vocals) is a synthetic copy of the artist's own voice.",
        SUNG_CODE, SEVERAL,
    ),
    "voice-with-consent": (
        "A copy of another person's voice who agreed.",
        ["LBL-010"],
        voice(kind="thirdPartyClone", consent={"status": "granted"}), None,
        f"{SUNG_TEXT} {COPY}given.", SUNG_CODE, NOT_SAID,
    ),
    "voice-refused": (
        "A copy of another person's voice who refused.",
        ["LBL-010"],
        voice(kind="thirdPartyClone", consent={"status": "refused"}), None,
        f"{SUNG_TEXT} {COPY}refused.", SUNG_CODE, NOT_SAID,
    ),
    "voice-without-a-word-of-consent": (
        "A copy of another person's voice, and nothing about consent.",
        ["LBL-010"],
        voice(kind="thirdPartyClone"), None,
        f"{SUNG_TEXT} {COPY}not declared.", SUNG_CODE, NOT_SAID,
    ),
    "voice-without-an-area": (
        "It is not stated where the voice is heard: the brackets are left out.",
        ["LBL-010"],
        {**SUNG, "voices": [{"kind": "fictional"}]}, None,
        f"{SUNG_TEXT} The voice is synthetic and imitates nobody.", SUNG_CODE, SEVERAL,
    ),
    "voice-that-is-not-synthetic": (
        "A voice that is not synthetic has no sentence.",
        ["LBL-010"],
        {**levels(**CORE), "voices": [{"area": "leadVocals", "kind": "notSynthetic"}]}, None,
        NONE_OF_CORE, CODE_OF_CORE, SEVERAL,
    ),
    "extension": (
        "An extension says otherwise: the label is that of the areas.",
        ["VSN-003", "LBL-001"],
        {**MIXED, "extensions": {"org.example.label": {"leadVocals": "none"}}}, None,
        ("Lyrics and lead vocals: made entirely by AI. "
        "Mixing: made by people; AI only as a technical tool. "
        "Not declared: composition, instruments and mastering."),
        MIXED_CODE, "An extension would turn a generated voice into a human one.",
    ),
    "in-german": (
        "In German; the code is the same in every language.",
        ["LBL-010", "LBL-020"],
        MIXED, "de", GERMAN, MIXED_CODE, SEVERAL,
    ),
    "in-french": (
        "In French: the space before the colon is the catalogue's.",
        ["LBL-010"],
        levels(**CORE), "fr",
        "Paroles, composition, voix principale, instruments, mixage et mastering : sans IA.",
        CODE_OF_CORE, SEVERAL,
    ),
    "in-swedish": (
        "In Swedish, a voice and who agreed.",
        ["LBL-010"],
        voice(kind="thirdPartyClone", consent={"status": "granted"}), "sv",
        ("Huvudsång: helt gjort av AI. "
        "Text, komposition, instrument, mixning och mastring: ingen AI. "
        "Rösten (huvudsång) är en syntetisk kopia av en annan persons röst; samtycke: givet."),
        SUNG_CODE, SEVERAL,
    ),
    "in-spanish": (
        "In Spanish, nothing declared.",
        ["LBL-004", "LBL-010"],
        {}, "es", "No se declara nada sobre el uso de IA.", "-", NOT_SAID,
    ),
    "language-with-a-region": (
        "The German of Austria is German.",
        ["LBL-041"],
        MIXED, "de-AT", GERMAN, MIXED_CODE, SEVERAL,
    ),
    "language-with-a-script": (
        "Letters of either case, a script and a region.",
        ["LBL-041"],
        MIXED, "DE-Latn-CH", GERMAN, MIXED_CODE, SEVERAL,
    ),
    "language-without-a-catalogue": (
        "Nobody wrote a catalogue: there is no sentence, and no other language in its place.",
        ["LBL-041"],
        MIXED, "tlh", None, MIXED_CODE, "A listener would get words that were not asked for.",
    ),
}  # fmt: skip


PICTURE = ["LBL-001", "LBL-003", "LBL-035", "LBL-037"]
HIDDEN = "Who only sees the picture would not learn whose voice it is, or that nobody signed."

# slug: (language, is signed, sentence, text of the picture) of SEEN
PICTURES: dict[str, tuple[str, bool, str, str]] = {
    "picture": (
        "en", True,
        f"{SUNG_TEXT} The artist Nova is an AI persona. {COPY}refused.",
        ("AI disclosure Static Nova Lyrics no AI Composition no AI Lead vocals entirely AI "
        "Instruments no AI Mixing no AI Mastering no AI The artist Nova is an AI persona. "
        f"{COPY}refused. Declared by: Blue & Co A signed declaration, not a test result."),
    ),
    "picture-not-signed": (
        "en", False,
        f"{SUNG_TEXT} The artist Nova is an AI persona. {COPY}refused.",
        ("AI disclosure Static Nova Lyrics no AI Composition no AI Lead vocals entirely AI "
        "Instruments no AI Mixing no AI Mastering no AI The artist Nova is an AI persona. "
        f"{COPY}refused. Declared by: Blue & Co Not signed: nobody stands for this declaration."),
    ),
    "picture-in-german": (
        "de", False,
        ("Hauptgesang: vollständig von KI gemacht. "
        "Text, Komposition, Instrumente, Mischung und Mastering: keine KI verwendet. "
        "Nova ist eine KI-Persona. Die Stimme (Hauptgesang) ist eine synthetische Kopie der "
        "Stimme einer anderen Person; Einwilligung: verweigert."),
        ("KI-Angaben Static Nova Text keine KI Komposition keine KI Hauptgesang ganz KI "
        "Instrumente keine KI Mischung keine KI Mastering keine KI Nova ist eine KI-Persona. "
        "Die Stimme (Hauptgesang) ist eine synthetische Kopie der Stimme einer anderen Person; "
        "Einwilligung: verweigert. Angegeben von: Blue & Co "
        "Nicht signiert: Niemand steht für diese Angabe ein."),
    ),
    "picture-in-spanish": (
        "es", False,
        ("Voz principal: hecho enteramente por IA. "
        "Letra, composición, parte instrumental, mezcla y masterización: sin IA. "
        "Nova es un personaje de IA. La voz (voz principal) es una copia sintética de la voz de "
        "otra persona; consentimiento: denegado."),
        ("Declaración de IA Static Nova Letra sin IA Composición sin IA Voz principal todo IA "
        "Parte instrumental sin IA Mezcla sin IA Masterización sin IA "
        "Nova es un personaje de IA. La voz (voz principal) es una copia sintética de la voz de "
        "otra persona; consentimiento: denegado. Declarado por: Blue & Co "
        "Sin firmar: nadie responde de esta declaración."),
    ),
    "picture-in-french": (
        "fr", False,
        ("Voix principale : entièrement par IA. "
        "Paroles, composition, instruments, mixage et mastering : sans IA. "
        "Nova est une persona créée par IA. La voix (voix principale) est une copie synthétique "
        "de la voix d’une autre personne ; consentement : refusé."),
        ("Déclaration d’IA Static Nova Paroles sans IA Composition sans IA "
        "Voix principale tout IA Instruments sans IA Mixage sans IA Mastering sans IA "
        "Nova est une persona créée par IA. La voix (voix principale) est une copie synthétique "
        "de la voix d’une autre personne ; consentement : refusé. Déclaré par : Blue & Co "
        "Non signée : personne ne répond de cette déclaration."),
    ),
    "picture-in-swedish": (
        "sv", False,
        ("Huvudsång: helt gjort av AI. "
        "Text, komposition, instrument, mixning och mastring: ingen AI. "
        "Nova är en AI-persona. Rösten (huvudsång) är en syntetisk kopia av en annan persons "
        "röst; samtycke: nekat."),
        ("AI-uppgifter Static Nova Text ingen AI Komposition ingen AI Huvudsång helt AI "
        "Instrument ingen AI Mixning ingen AI Mastring ingen AI "
        "Nova är en AI-persona. Rösten (huvudsång) är en syntetisk kopia av en annan persons "
        "röst; samtycke: nekat. Uppgivet av: Blue & Co "
        "Inte signerad: ingen står för den här uppgiften."),
    ),
}  # fmt: skip


# language: the slug of its picture above, what its foot begins with there, and says instead.
UNVERIFIED: dict[str, tuple[str, str, str, str]] = {
    "en": ("picture", "Declared by:",
           "Declared by (not verified): Blue & Co", "Unverified claim: signed, but not confirmed."),
    "de": ("picture-in-german", "Angegeben von:", "Angegeben von (nicht bestätigt): Blue & Co",
           "Ungeprüfte Angabe: signiert, aber nicht bestätigt."),
    "es": ("picture-in-spanish", "Declarado por:", "Declarado por (sin verificar): Blue & Co",
           "Afirmación sin verificar: firmada, pero no confirmada."),
    "fr": ("picture-in-french", "Déclaré par :", "Déclaré par (non vérifié) : Blue & Co",
           "Déclaration non vérifiée : signée, mais pas confirmée."),
    "sv": ("picture-in-swedish", "Uppgivet av:", "Uppgivet av (inte verifierat): Blue & Co",
           "Overifierad uppgift: signerad men inte bekräftad."),
}  # fmt: skip


def unverified(language: str) -> Plain:
    slug, foot, by, note = UNVERIFIED[language]
    made = pictured(slug)
    expected = made["expect"]
    seen = expected["picture"].partition(foot)[0]
    return {
        **made,
        "id": f"labels/unverified-in-{language}",
        "requirements": ["LBL-001", "LBL-052"],
        "description": f"All forms of the label of a statement that did not pass, in '{language}'.",
        "danger": "Anybody could have a clean label made that names whom they like.",
        "options": {"language": language, "passed": False},
        "expect": {
            "sentence": f"{expected['sentence']} {note}",
            "code": f"{SUNG_CODE} UNVERIFIED",
            "picture": f"{seen}{by} {note}",
        },
    }


def pictured(slug: str) -> Plain:
    language, is_signed, sentence, picture = PICTURES[slug]
    signed = "a signed declaration" if is_signed else "a declaration that is not signed"
    return {
        "id": f"labels/{slug}",
        "operation": "label",
        "requirements": PICTURE,
        "description": f"All the text of the picture of {signed}, in '{language}'.",
        "danger": HIDDEN,
        "input": SEEN,
        "options": {"language": language, "signed": is_signed},
        "expect": {"sentence": sentence, "code": SUNG_CODE, "picture": picture},
        "source": "hand-made",
    }


def case(slug: str) -> Plain:
    if slug in PICTURES:
        return pictured(slug)
    if slug.startswith("unverified-in-"):
        return unverified(slug.removeprefix("unverified-in-"))
    description, requirements, declaration, language, sentence, code, danger = CASES[slug]
    return {
        "id": f"labels/{slug}",
        "operation": "label",
        "requirements": requirements,
        "description": description,
        "danger": danger,
        "input": declaration,
        **({"options": {"language": language}} if language else {}),
        "expect": {"sentence": sentence, "code": code},
        "source": "hand-made",
    }


if __name__ == "__main__":
    slugs = (*CASES, *PICTURES, *(f"unverified-in-{language}" for language in UNVERIFIED))
    sys.exit(keep(HERE, {slug: {"case.json": dumps(case(slug))} for slug in slugs}))
