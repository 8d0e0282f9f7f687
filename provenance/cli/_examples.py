"""What each answer stands for, area by area: what ``?`` shows (spec/guides/levels.md)."""

from __future__ import annotations

_VOCALS = (
    "a person sang it; pitch correction that follows fixed rules is no AI",
    "AI removed noise from the take; pitch correction that learned from voices",
    "AI sang a guide to learn from; only people are heard",
    "your take, turned into another voice by AI; a generated voice beside yours",
    "most of it was generated; a few lines are yours",
    "a voice out of a generator; a model of your own voice that sings from text",
)

EXAMPLES: dict[str, tuple[str, ...]] = {
    "lyrics": (
        "you wrote every word; a spelling dictionary is no AI",
        "AI corrected your spelling",
        "a chatbot proposed rhymes or titles; you wrote every line yourself",
        "two generated lines stand in your text word for word",
        "a chatbot wrote the text, and you changed a few words",
        "the text came out of a generator; you wrote prompts and chose",
    ),
    "composition": (
        "you wrote tune and chords; an arpeggiator that follows rules is no AI",
        "AI wrote down the notes of what you had played",
        "AI suggested chords; you chose others and wrote the tune yourself",
        "a generated melody in the chorus, your own in the verses",
        "the tune was generated, and you changed a few bars",
        "tune and chords came out of a generator, also where you sing and play them",
    ),
    "leadVocals": _VOCALS,
    "backingVocals": _VOCALS,
    "instrumentation": (
        "people played or programmed it; synthesisers, samples and drum machines are no AI",
        "AI removed noise from what was played, or separated its stems",
        "AI proposed a beat; you made another yourself",
        "a generated bass line beside your guitars; samples made by AI in your own beat",
        "a generated backing track, with one guitar of yours",
        "everything that plays came out of a generator",
    ),
    "production": (
        "people recorded it, chose the sounds and cut the takes",
        "AI cleaned, sorted or aligned the takes",
        "a chatbot gave ideas for the sound; you followed your own",
        "some sounds or transitions were generated",
        "a generator built the track, and you made some parts anew",
        "the recording was made from a prompt",
    ),
    "mixing": (
        "you set levels, equalisers and reverbs; plug-ins that follow fixed rules are no AI",
        "a mix assistant set levels and equalisers; AI separated the stems that you mixed",
        "AI proposed a balance; you made your own",
        "a generated effect or transition is heard in a mix of your own",
        "most of what the mix adds was generated; you changed a little",
        "it came out of a song generator as one finished mix",
    ),
    "mastering": (
        "people mastered it, with ordinary compressors, equalisers and limiters",
        "an AI mastering service balanced it and made it louder",
        "AI suggested settings; you mastered it yourself",
        "AI added sound in places that was not in the mix, such as new highs",
        "most of what the mastering adds was generated; you changed a little",
        "it came out of a song generator as it is; nobody mastered it",
    ),
    "artwork": (
        "people drew, photographed or designed it",
        "a photograph whose background AI removed",
        "an image generator gave ideas; you drew the cover yourself",
        "a photograph with a generated sky",
        "a generated picture that you painted over in places",
        "it came out of an image generator; you wrote prompts and chose",
    ),
}
"""For every area that is asked about, one example for each level, from none to full."""
