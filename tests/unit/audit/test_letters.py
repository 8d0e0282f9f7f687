"""Letters to labels: drafts that are neutral, complete, harmless and never sent (spec 25.8)."""

import copy
import json
import re
import string
import unicodedata

import pytest
from provenance.audit import letters
from provenance.audit.letters import STATES, write_letters
from provenance.wire.schemas import load_json, schema_root

from support.audits import sample

LANGUAGES = sorted(p.stem for p in (schema_root() / "audit/letters").glob("*.json"))


class Changed:
    """A report in which some recordings are other than in the sample."""

    def __init__(self, report, change):
        self.head = report.head
        self._exhibits = [copy.deepcopy(one) for one in report.exhibits()]
        for one in self._exhibits:
            change(one)

    def exhibits(self):
        return iter(self._exhibits)

    def exhibit(self, number):
        return self._exhibits[number - 1]


def written(tmp_path, report):
    folder = tmp_path / "letters"
    count = write_letters(report, folder)
    found = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}
    assert count == len(found) - ("not-drafted.txt" in found)
    return found


def flowing(text):
    """The words of a letter without its line breaks."""
    return " ".join(text.split())


def relabelled(name):
    def change(one):
        one["state"] = "undeclared"
        one["recording"]["label"] = name(one["exhibit"])

    return change


@pytest.mark.requirement("AUD-090")
def test_there_is_one_letter_a_label_that_has_something_to_be_told(tmp_path):
    report = sample(recordings=40)
    wanted = {}
    for one in report.exhibits():
        if one["state"] in STATES:
            wanted.setdefault(one["recording"]["label"], []).append(one["recording"]["title"])

    found = written(tmp_path, report)

    assert len(found) == len(wanted)
    assert "to-label-not-stated.txt" in found
    assert "Second Hand" in found["to-label-not-stated.txt"]
    assert "Vinterljus\n" not in "".join(found.values())  # declared, so nothing is to be told
    for label, titles in wanted.items():
        letter = next(t for t in found.values() if f"\nTo: {label or '[the label of'}" in t)
        assert letter.count("\n   Artist: ") == len(titles)
        assert all(title in letter for title in titles if title.isascii())


@pytest.mark.requirement("AUD-090")
def test_labels_that_differ_in_case_and_punctuation_alone_share_a_letter(tmp_path):
    names = ("Nordljud AB", "NORDLJUD A.B.", "Nordljüd AB")

    found = written(tmp_path, Changed(sample(recordings=3), relabelled(lambda n: names[n - 1])))

    assert len(found) == 2


@pytest.mark.requirement("AUD-090")
def test_a_chart_of_very_many_labels_does_not_make_very_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(letters, "MAX_LETTERS", 3)

    found = written(tmp_path, Changed(sample(recordings=8), relabelled(lambda n: f"Label {n}")))

    assert len(found) == 4
    assert "5 more labels" in found["not-drafted.txt"]


def test_a_report_in_which_all_is_declared_has_no_letters(tmp_path):
    report = Changed(sample(recordings=3), lambda one: one.update(state="declared"))

    assert written(tmp_path, report) == {}


@pytest.mark.requirement("AUD-091")
@pytest.mark.parametrize(
    ("language", "words"), [("en", "Draft: not sent"), ("sv", "Utkast: inte skickat")]
)
def test_a_letter_begins_with_what_it_is(tmp_path, language, words):
    for text in written(tmp_path, sample(language=language)).values():
        assert text.startswith(f"{words}\n")


@pytest.mark.requirement("AUD-092")
def test_each_recording_has_what_is_known_and_from_whom_and_what_was_not_checked(tmp_path):
    found = written(tmp_path, sample())
    prairie, fjell = found["to-prairie-sound.txt"], flowing(found["to-fjell-records.txt"])

    for line in ("1. Grind of the Prairie", "   Artist: Rusty Ledger", "   ISRC: SEABC2500001",
                 "   On the chart: week 2025-11-08, rank 1", "   Exhibit 1 of the report"):  # fmt: skip
        assert f"\n{line}\n" in prairie
    prairie = flowing(prairie)
    for words in (
        "Not stated: No declaration about this recording was found in what was given.",
        (
            "[e1] Example crowd list, a list that volunteers keep, names the artist Rusty Ledger. It is "
            "not about this recording, and it is no proof. It was found by name only"
        ),
        "[d1] A declaration signed by Prairie Sound (a key that the auditor named), dated 2025-10-28.",
        "carries what another tool wrote about AI (generator, at mp3:ID3v2[0]/COMM[0]). Anybody can add",
        (
            "[e2] The detector Example Detector 2.4.1, 2025-11-09 (file detector.csv): 0.973. A score"
            " is no proof."
        ),
        "What was not checked: - Whether newer declarations or withdrawals stand elsewhere",
    ):
        assert words in prairie
    for words in ("[e2] A release message of PADPIDA2014021301A (file ern/release.xml)", "AI: yes",
                  "[e3] Credits (file credits.csv): Åsa Öberg, Vocalist"):  # fmt: skip
        assert words in fjell
    nordljud = flowing(found["to-nordljud-ab.txt"])
    assert "[d1] Sångarförbundet disputes this declaration: the lead vocal is not ours" in nordljud


UNKNOWN = {"rung": "unknown", "name": None, "party": None, "by": None, "certificate": None}
DISPUTE = {"act": "disputes", "key": "K" * 43, "name": None, "limits": None,
           "code": "endorsement.unknown-endorser", "rung": "unknown"}  # fmt: skip


@pytest.mark.requirement("AUD-092")
@pytest.mark.parametrize(
    ("limits", "ending"), [(None, "changes nothing here."), ("Not by them", "here: Not by them")]
)
def test_a_key_that_nobody_knows_is_said_to_be_that_whatever_it_calls_itself(
    tmp_path, limits, ending
):
    def change(one):
        for declared in one["declarations"]:
            declared["signer"] |= UNKNOWN | {"callsItself": "Major Music Group", "key": "S" * 43}
            declared["endorsements"] = [DISPUTE | {"limits": limits}]

    text = flowing("".join(written(tmp_path, Changed(sample(), change)).values()))

    assert f"signed by a key that calls itself 'Major Music Group', {'S' * 43} (nobody has" in text
    assert "signed by Major Music Group" not in text
    assert (
        f"Somebody whose key the auditor does not know ({'K' * 43}) disputes this declaration"
        in text
    )
    assert ending in text


@pytest.mark.requirement("AUD-092")
def test_a_declaration_of_nobody_and_a_dispute_without_limits_are_whole_sentences(tmp_path):
    def change(one):
        for declared in one["declarations"]:
            declared["signer"] = None
            known = {"name": "Union", "code": "endorsement.dispute", "rung": "party"}
            declared["endorsements"] = [DISPUTE | known]

    text = flowing("".join(written(tmp_path, Changed(sample(), change)).values()))

    assert "signed by nobody that can be named (nobody has said whose key it is)" in text
    assert "Union disputes this declaration. " in text


@pytest.mark.requirement("AUD-092")
@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        ("INDETERMINATE", "endorsement.dispute", "a party that the trust policy accepts disputes"),
        ("INDETERMINATE", "currency.withdrawn", "its declaration was taken back."),
        ("INDETERMINATE", "identity.unknown", "and the auditor was not told whose it is."),
        ("INDETERMINATE", "binding.not-checked", "compared with no audio."),
        ("INDETERMINATE", "currency.fork", "not settled whether its declaration can be relied on"),
        ("FAILED", "signature.invalid", "its declaration does not hold."),
        (
            "INDETERMINATE",
            "carrier.scan-incomplete",
            "whether it carries a declaration is not known.",
        ),
        (
            "INDETERMINATE",
            "carrier.unreadable-item",
            "whether it carries a declaration is not known.",
        ),
        ("ERROR", "io.refused", "it could not be looked at."),
    ],
)
def test_a_file_says_what_became_of_its_declaration(tmp_path, status, code, said):
    def change(one):
        for found in (e["says"] for e in one["evidence"] if e["kind"] in {"track", "manifest"}):
            found.update(status=status, code=code)

    text = flowing("".join(written(tmp_path, Changed(sample(), change)).values()))

    assert said in text
    assert "in full" not in text


@pytest.mark.requirement("AUD-092")
def test_of_a_declaration_without_audio_it_is_not_said_that_it_holds_by_the_policy(tmp_path):
    def change(one):
        one["state"], one["flags"] = "contradicted", [{"flag": "audioNotCompared"}]

    text = flowing("".join(written(tmp_path, Changed(sample(), change)).values()))

    assert (
        "Contradicted: A declaration holds but for the audio, for it was compared with none" in text
    )
    assert "A declaration holds, and" not in text


@pytest.mark.requirement("AUD-092")
def test_what_a_statement_that_does_not_hold_says_is_not_repeated(tmp_path):
    def change(one):
        for declared in one["declarations"]:
            declared.update(status="FAILED", sentence="All by hand.")

    for text in written(tmp_path, Changed(sample(), change)).values():
        assert "All by hand." not in text


@pytest.mark.requirement("AUD-092")
def test_many_weeks_and_much_evidence_are_summed_up(tmp_path):
    def change(one):
        one["evidence"] = one["evidence"][:1] * 500

    found = written(tmp_path, Changed(sample(weeks=52), change))

    assert "weeks from 2025-11-08 to 2026-10-31, best rank 1\n" in found["to-prairie-sound.txt"]
    assert "more in the report" in flowing(found["to-prairie-sound.txt"])
    assert max(map(len, found.values())) < 60_000


@pytest.mark.requirement("AUD-092")
@pytest.mark.parametrize("many", [20, 21, 25])
def test_of_many_credits_a_letter_says_how_many_more_there_are(tmp_path, many):
    def change(one):
        for found in (e["says"] for e in one["evidence"] if e["kind"] == "credits"):
            found["credits"] = found["credits"][:1] * many

    text = flowing(written(tmp_path, Changed(sample(), change))["to-fjell-records.txt"])

    assert text.count("Åsa Öberg, Vocalist") == 20
    assert text.count("more in the report") == (many > 20)
    assert many == 20 or f"Vocalist; and {many - 20} more in the report." in text


@pytest.mark.requirement("AUD-092")
def test_of_many_marks_a_letter_says_how_many_more_there_are(tmp_path):
    def change(one):
        for found in (e["says"] for e in one["evidence"] if e["kind"] == "track"):
            found["marks"] = found["marks"][:1] * 500

    few, many = (
        next(entry for entry in re.split(r"\n[0-9]+\. ", letter) if "what another tool" in entry)
        for letter in (
            written(tmp_path, report)["to-prairie-sound.txt"]
            for report in (sample(), Changed(sample(), change))
        )
    )

    assert few.count("what another tool") == 1
    lines = len(re.findall(r"- \[[de]\d+\]", few)) - 1 + 500
    assert f"- and {lines - 20} more in the report\n" in many


@pytest.mark.requirement("AUD-093")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_decides_nothing_and_says_what_can_be_done(tmp_path, language):
    words = load_json(f"audit/letters/{language}.json")

    for text in map(flowing, written(tmp_path, sample(language=language)).values()):
        for key in (
            "decided",
            "silence",
            "canDeclare",
            "canEndorse",
            "canSupersede",
            "canEvidence",
        ):
            assert flowing(words[key]) in text
        assert "taken for nothing" not in text
        for command in ("declare", "sign", "endorse", "supersede", "withdraw", "verify"):
            assert f"prov {command} " in text


@pytest.mark.requirement("AUD-093")
def test_a_letter_accuses_nobody_and_does_not_guess(tmp_path):
    def change(one):
        one["recording"].update(title="T", artist="A")
        one["declarations"], one["evidence"], one["why"] = [], [], []

    for text in written(tmp_path, Changed(sample(), change)).values():
        own = text.lower()
        for word in ("fake", "fraud", "cheat", "violat", "must ", "deadline", "accus", "suspect",
                     "guilty", "removed from the chart", "ineligible"):  # fmt: skip
            assert word not in own


HOSTILE = (
    "a\n\nDraft: sent\nTo: everybody",
    "a\r\nBcc: all@example.invalid",
    "a\u2028b\u2029c\x85d\x0be",
    "a\u202egnp\u2066x",
    "\x1b]0;title\x07",
    "{label} {0.__class__} %s",
    "x" * 100_000,
    "\ud800",
)


@pytest.mark.requirement("AUD-094")
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_foreign_text_breaks_a_line_or_turns_it(tmp_path, text):
    def change(one):
        one["state"] = "contradicted"
        one["recording"].update(title=text, artist=text, label=text)
        for found in one["evidence"]:
            for name, value in found["says"].items():
                if isinstance(value, str) and name != "status":
                    found["says"][name] = text
        for declared in one["declarations"]:
            declared["sentence"] = text
            declared["signer"]["name"] = text

    report = Changed(sample(), change)
    report.head = json.loads(json.dumps(report.head)) | {}
    report.head["audit"] |= {"title": text, "auditor": text}
    for one in report.head["inputs"]:
        one["name"] = text
    plain = (
        written(tmp_path / "plain", Changed(sample(), relabelled(lambda _: "L")))
        if (tmp_path / "plain").mkdir() is None
        else {}
    )
    (letter,) = written(tmp_path, report).values()

    assert not [
        c for c in letter if c != "\n" and unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cs"}
    ]
    assert not set(letter) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    heads = [line for line in letter.split("\n") if re.match(r"(Draft|To|Bcc|Date|From):", line)]
    assert [line.partition(":")[0] for line in heads] == ["Draft", "Date", "From", "To"]
    assert max(map(len, letter.split("\n"))) < 1_000
    assert plain


@pytest.mark.requirement("AUD-095")
def test_names_of_files_are_harmless_and_differ(tmp_path):
    names = [
        "../../etc/passwd", "CON", "nul.", "a/b", "a\\b", "A B", "a-b", "レーベル", "唱片", "…", "x" * 5_000,
        "x" * 5_001, ".hidden", "-rf", "label not stated", "", "Nordljud AB/", "C:\\x", "\u202etxt", "a b ",
    ]  # fmt: skip

    report = Changed(sample(recordings=len(names)), relabelled(lambda n: names[n - 1]))
    found = written(tmp_path, report)

    allowed = set(string.ascii_lowercase + string.digits + "-")
    for name in found:
        assert set(name.removesuffix(".txt")) <= allowed
        assert re.fullmatch(r"to-[^-].{0,70}\.txt", name)
    assert len({name.casefold() for name in found}) == len(found)
    assert len(found) == len({letters.folded(name) for name in names})


@pytest.mark.requirement("AUD-096")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_address_is_made_up(tmp_path, language):
    report = sample(language=language)
    report.head["audit"].update(auditor="", title="")

    for text in written(tmp_path, report).values():
        assert "@" not in text
        gaps = re.findall(r"^[^\s:]+[^:\n]*: \[[^\]]+\]$", text, re.MULTILINE)
        assert len(gaps) >= 2


def test_languages_have_the_same_messages_with_the_same_places():
    own = [load_json(f"audit/letters/{language}.json") for language in LANGUAGES]

    assert LANGUAGES == ["en", "sv"]
    assert all(list(one) == list(own[0]) for one in own)
    for key in own[0]:
        assert len({frozenset(re.findall(r"\{(\w+)\}", one[key])) for one in own}) == 1


def test_the_same_audit_gives_the_same_letters_and_another_language_falls_back(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    report = sample()

    first, second = (written(tmp_path / name, report) for name in "ab")
    report.head["audit"]["language"] = "tlh"

    assert first == second
    assert written(tmp_path / "c", report) == first


@pytest.mark.requirement("AUD-092")
def test_a_letter_names_each_song_that_the_chart_has_under_one_isrc(tmp_path):
    def change(one):
        if one["exhibit"] == 1:
            (seen,) = one["appearances"]
            other = {**seen, "title": "Coherence", "artist": "Shares One", "rank": 30, "row": 31}
            one["appearances"].append(other)
            named = {"title": "Coherence", "artist": "Shares One"}
            one["recording"]["otherNames"] = [named]

    found = written(tmp_path, Changed(sample(), change))
    text = flowing(next(t for t in found.values() if "Grind of the Prairie" in t))

    assert "On the chart: week 2025-11-08, rank 1 The chart has" in text
    assert (
        "The chart has under this ISRC also Coherence, by Shares One: week 2025-11-08, rank 30"
        in text
    )


@pytest.mark.requirement("AUD-092")
@pytest.mark.parametrize(("many", "left"), [(6, 0), (9, 3)])
def test_of_many_songs_under_one_isrc_a_letter_says_how_many_more_there_are(tmp_path, many, left):
    def change(one):
        (seen,) = one["appearances"]
        names = [{"title": f"Song {n}", "artist": ""} for n in range(many)]
        one["appearances"] += [{**seen, **name} for name in names]
        one["recording"]["otherNames"] = names

    (text, *_) = map(flowing, written(tmp_path, Changed(sample(1), change)).values())

    assert text.count("The chart has under this ISRC also Song") == many - left
    assert ("and 3 more in the report" in text) is bool(left)
