"""What a person meets who types ``prov`` on a terminal: questions, resuming, saying no."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import terminal

ISRC = "GBXYZ2600123"
PLAIN = Path(__file__).resolve().parents[1] / "vectors" / "verify" / "absent" / "input.wav"


@pytest.fixture
def place(tmp_path):
    shutil.copyfile(PLAIN, tmp_path / "My song.wav")
    return tmp_path


def with_key(place):
    done = terminal.prov(place, "keygen", "--no-passphrase").finish()
    assert done == 0


def verify(place, home="home"):
    session = terminal.prov(place, "verify", "My song.wav", home=home)
    return session.finish(), session.text


def tagged(place, title, artist=None):
    from mutagen.id3 import TIT2, TPE1
    from mutagen.wave import WAVE

    song = WAVE(place / "My song.wav")
    song.add_tags()
    song.tags.add(TIT2(text=title))
    if artist is not None:
        song.tags.add(TPE1(text=artist))
    song.save()


def draft(place):
    (path,) = (place / "home" / "drafts").iterdir()
    return json.loads(path.read_bytes())


@pytest.mark.requirement("SEC-021")
def test_sign_and_nothing_else_makes_a_key_asks_shows_the_sentence_and_signs(place):
    session = terminal.prov(place, "sign", "My song.wav", "--no-fingerprint")

    session.answer("Choose a passphrase, or press Enter for none: ", "\n")
    session.read_until("Your key is")
    session.answer("Title", "My Song\n")
    assert session.run() == 0

    own, text = verify(place)
    stranger, stranger_text = verify(place, home="stranger")
    assert str(place / "home" / "keys" / "default.pem") in session.text
    assert session.text.index("Listeners will see: ") < session.text.index("Sign this? [Y/n]")
    assert "prov verify 'My song.wav'" in session.text
    assert (own, "your own key" in text) == (0, True)
    assert stranger == 3
    assert "intact" in stranger_text
    assert "a key you have not been told about" in stranger_text


def test_a_file_that_cannot_be_signed_is_said_before_a_key_is_made(place):
    session = terminal.prov(place, "sign", "no-such.wav")

    assert session.finish() == 5
    assert "no such file" in session.text
    assert not (place / "home").exists()


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["declare", "sign"])
@pytest.mark.parametrize("leaving", [terminal.INTERRUPT, terminal.END], ids=["ctrl-c", "ctrl-d"])
def test_questions_go_on_where_they_stopped(place, verb, leaving):
    with_key(place)
    first = terminal.prov(place, "declare", "My song.wav")
    for question, answer in (("Title", "T"), ("Artist", "A"), ("Number", "1"), ("ISRC", "")):
        first.answer(question, f"{answer}\n")
    first.answer("(1 of 9) Who wrote the lyrics?", "3\n")
    first.answer("(2 of 9)", leaving)
    stopped = first.finish()

    more = ["--no-fingerprint"] if verb == "sign" else []
    second = terminal.prov(place, verb, "My song.wav", *more)
    ended = second.run()

    assert stopped == 130
    assert "prov declare 'My song.wav'" in first.text
    assert "Traceback" not in first.text
    assert ended == 0
    assert "(1 of 9)" not in second.text
    assert "(2 of 9)" in second.text
    assert "Lyrics: made by people with suggestions from AI" in " ".join(second.text.split())


@pytest.mark.slow
@pytest.mark.parametrize("verb", [("sign",), ("sign", "--replace"), ("supersede",)], ids=" ".join)
def test_whoever_stops_while_signing_goes_on_with_the_same_command(place, verb):
    with_key(place)
    if verb != ("sign",):
        terminal.prov(place, "sign", "My song.wav", "--no-fingerprint").run()
    begun = terminal.prov(place, "declare", "My song.wav", "--restart")
    begun.answer("Title: ", "T\n")
    begun.answer("Artist: ", terminal.END)
    begun.finish()
    command = (*verb, "My song.wav", "--no-fingerprint")
    first = terminal.prov(place, *command)
    first.answer("Artist: ", "\n")
    first.answer("ISRC", "\n")
    first.answer("(1 of 9)", "6\n")
    first.answer("(2 of 9)", terminal.END)
    stopped = first.finish()
    second = terminal.prov(place, *command)

    assert second.run() == 0
    assert stopped == 130
    assert "Your answers are kept. The same command goes on." in first.text
    assert "prov declare" not in first.text
    assert "(1 of 9)" not in second.text
    assert "Signed: My song.wav" in second.text


def test_whoever_stops_while_declaring_into_a_file_goes_on_into_that_file(place):
    session = terminal.prov(place, "declare", "My song.wav", "--out", "made.json", "--restart")
    session.answer("Title: ", "T\n")
    session.answer("Artist: ", terminal.END)

    assert session.finish() == 130
    assert "Go on with: prov declare 'My song.wav' --out made.json\n" in session.text


@pytest.mark.slow
def test_the_draft_stays_until_the_first_answer_that_takes_its_place(place):
    known = ("--set", "lyrics=full", "--title", "Old")
    terminal.prov(place, "declare", "My song.wav", *known).run()
    before = draft(place)
    early = terminal.prov(place, "declare", "My song.wav", "--restart")
    early.answer("Title: ", terminal.END)
    early_end, after_early = early.finish(), draft(place)
    later = terminal.prov(place, "declare", "My song.wav", "--restart")
    later.answer("Title", "New\n")
    later.answer("Artist: ", terminal.END)
    later.finish()

    assert early_end == 130
    assert after_early == before
    assert draft(place)["declaration"] == {"subject": {"title": "New"}}


def test_an_option_that_is_wrong_is_said_before_any_question(place):
    session = terminal.prov(place, "declare", "My song.wav", "--role", "nonsense")

    assert session.finish() == 2
    assert "nonsense" in session.text
    assert "Press Enter" not in session.text
    assert not (place / "home").exists()


def test_off_a_terminal_half_a_declaration_is_not_signed(place):
    with_key(place)
    first = terminal.prov(place, "declare", "My song.wav")
    for question, answer in (("Title", "T"), ("Artist", "A"), ("Number", "1"), ("ISRC", "")):
        first.answer(question, f"{answer}\n")
    first.answer("(1 of 9)", "3\n")
    first.answer("(2 of 9)", terminal.INTERRUPT)
    first.finish()

    done = subprocess.run(
        [sys.executable, "-m", "provenance", "sign", "My song.wav"],
        cwd=place,
        env={"MUSICPROV_HOME": str(place / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "not finished" in done.stderr
    assert (place / "My song.wav").read_bytes() == PLAIN.read_bytes()


@pytest.mark.slow
def test_only_what_was_not_given_is_asked(place):
    options = ("--set", "lyrics=none", "--title", "T", "--artist", "A", "--name", "N")
    session = terminal.prov(place, "declare", "My song.wav", *options, "--tool", "X")

    assert session.run() == 0

    asked = [
        q
        for q in ("Title", "Artist:", "lyrics?", "Which AI tool", "Your name")
        if q in session.text
    ]
    assert asked == []
    assert "(2 of 9)" in session.text


@pytest.mark.slow
def test_everything_may_be_skipped_and_then_nothing_is_declared(place):
    session = terminal.prov(place, "declare", "My song.wav")

    assert session.run(lambda _: "\n") == 0
    assert draft(place)["declaration"].get("contributions") is None
    assert "No area is declared yet" in session.text

    with_key(place)
    signing = terminal.prov(place, "sign", "My song.wav")
    assert signing.run(lambda _: "\n") == 2
    assert "nothing to sign" in " ".join(signing.text.split())
    assert (place / "My song.wav").read_bytes() == PLAIN.read_bytes()


@pytest.mark.slow
def test_a_wrong_number_is_asked_again_and_examples_are_shown(place):
    session = terminal.prov(place, "declare", "My song.wav")
    for question, answer in (("Title", ""), ("Artist", ""), ("ISRC", "")):
        session.answer(question, f"{answer}\n")
    session.read_until("(1 of 9)")
    session.answer("Enter to skip: ", "7\n")
    session.read_until("from 1 to 6")
    session.answer("Enter to skip: ", "?\n")
    session.read_until("chatbot")
    session.answer("Enter to skip: ", "5\n")

    assert session.run(lambda _: "\n") == 0
    assert draft(place)["declaration"]["contributions"] == [
        {"asset": "composition", "area": "lyrics", "level": "predominant"}
    ]


@pytest.mark.slow
def test_a_finished_declaration_can_be_changed_answer_by_answer(place):
    terminal.prov(place, "declare", "My song.wav", "--title", "T").run()
    session = terminal.prov(place, "declare", "My song.wav")
    for question, answer in (("back [T]", ""), ("back [1]", ""), ("keep 1", ""), ("ISRC", "")):
        session.answer(question, f"{answer}\n")
    session.answer("(1 of 9)", "6\n")
    session.answer("(2 of 9)", "-\n")

    assert session.run(lambda _: "\n") == 0

    made = draft(place)["declaration"]
    levels = {c["area"]: c["level"] for c in made["contributions"]}
    assert made["subject"]["title"] == "T"
    assert levels["lyrics"] == "full"
    assert "composition" not in levels
    assert levels["mixing"] == "none"


@pytest.mark.slow
def test_what_only_the_tags_say_is_not_offered_to_be_taken_back(place):
    tagged(place, "Dawn", "Ana")
    session = terminal.prov(place, "declare", "My song.wav")
    session.answer("Title, as the file's tags have it [Dawn]", "Dusk\n")
    session.answer("Artist, as the file's tags have it [Ana]", "\n")
    assert session.run(lambda _: "\n") == 0

    changing = terminal.prov(place, "declare", "My song.wav")
    changing.answer("Title, - to take it back [Dusk]", "\n")
    changing.answer("Artist, as the file's tags have it [Ana]", "\n")
    assert changing.run(lambda _: "\n") == 0


@pytest.mark.slow
def test_answers_that_are_written_elsewhere_leave_no_draft(place):
    session = terminal.prov(place, "declare", "My song.wav", "--out", str(place / "made.json"))

    assert session.run() == 0

    assert json.loads((place / "made.json").read_bytes())["contributions"]
    assert not list((place / "home" / "drafts").iterdir())


def answering(*pairs):
    """Answers in turn, each to the first question that has its words; else what a person types."""
    waiting, before = list(pairs), [0]

    def answer(shown):
        question, before[0] = shown[before[0] :], len(shown)
        if waiting and waiting[0][0] in question:
            return f"{waiting.pop(0)[1]}\n"
        return terminal.answer_as_a_person(shown)

    return answer


@pytest.mark.slow
def test_what_stands_can_be_taken_back_and_question_marks_are_answered(place):
    known = ("--title", "T", "--artist", "A", "--isrc", ISRC, "--name", "N")
    terminal.prov(place, "declare", "My song.wav", *known).run()
    session = terminal.prov(place, "declare", "My song.wav")
    answers = answering(
        ("back [T]: ", "?"),
        ("as listeners see it", "-"),
        ("back [A]: ", "-"),
        (f"back [{ISRC}]: ", "nonsense"),
        ("not an ISRC", "-"),
        ("back [N]: ", "-"),
    )

    assert session.run(answers) == 0

    made = draft(place)["declaration"]
    assert "subject" not in made
    assert made["declarant"] == {"role": "artist"}


@pytest.mark.slow
def test_an_isrc_is_asked_again_and_taken_as_people_write_it(place):
    session = terminal.prov(place, "declare", "My song.wav", "--title", "T", "--artist", "A")
    session.answer("ISRC", "?\n")
    session.read_until("The number of the recording")
    session.answer("ISRC", "1\n")
    session.read_until("not an ISRC")
    session.answer("ISRC", "gb-xyz-26-00123\n")

    assert session.run() == 0
    assert draft(place)["declaration"]["subject"]["isrc"] == "GBXYZ2600123"


@pytest.mark.slow
def test_what_the_tags_say_comes_back_and_that_is_said(place):
    pytest.importorskip("mutagen.wave")
    tagged(place, title="Of the tag")
    session = terminal.prov(place, "declare", "My song.wav", "--artist", "A", "--isrc", ISRC)
    session.answer("have it [Of the tag]: ", "-\n")

    assert session.run() == 0
    assert "file's own tags state what you left out" in " ".join(session.text.split())


def with_tools(place, *tools):
    """A finished declaration: the lyrics partly AI, by these tools, all else by people."""
    session = terminal.prov(place, "declare", "My song.wav", "--title", "T", "--artist", "A")
    named = [pair for t in tools for pair in (("no more", t), ("company", ""), ("version", ""))]

    assert session.run(answering(("(1 of 9)", "4"), *named)) == 0
    return session


@pytest.mark.slow
def test_whoever_declares_no_ai_in_the_end_has_no_tools(place):
    first = with_tools(place, "Suno")
    kept = draft(place)["declaration"]["tools"]
    changing = terminal.prov(place, "declare", "My song.wav")

    assert changing.run() == 0
    assert kept == [{"ref": "t1", "system": "Suno"}]
    assert "AI tools: Suno\n" in first.text
    assert "tools" not in draft(place)["declaration"]
    assert "Left out, for no area uses AI now: Suno." in changing.text


@pytest.mark.slow
def test_who_declares_and_the_tools_are_shown_before_the_question(place):
    with_key(place)
    with_tools(place, "Suno", "Udio")
    session = terminal.prov(place, "sign", "My song.wav", "--no-fingerprint")
    session.answer("Sign this? [Y/n]: ", "y\n")

    assert session.finish() == 0
    before = session.text[: session.text.index("Sign this?")]
    assert "Who declares it: 1, artist\n" in before
    assert "AI tools: Suno, Udio\n" in before


@pytest.mark.slow
def test_tools_can_be_taken_back_and_none_is_no_tool(place):
    with_tools(place, "Suno", "Udio")
    session = terminal.prov(place, "declare", "My song.wav", "--set", "lyrics=partial")
    answers = answering(
        ("AI tools so far: Suno, Udio.", "-"),
        ("Which AI tool", "none"),
        ("Just press Enter when there are no more.", "?"),
        ("The program or service", "Other"),
        ("company", "Somebody"),
        ("version", "2"),
    )

    assert session.run(answers) == 0
    made = [{"ref": "t1", "system": "Other", "provider": "Somebody", "version": "2"}]
    assert draft(place)["declaration"]["tools"] == made
    assert "AI tools: Other 2 (Somebody)" in session.text


@pytest.mark.slow
def test_examples_are_those_of_the_area_that_is_asked_about(place):
    session = terminal.prov(place, "declare", "My song.wav", "--title", "T", "--artist", "A")

    assert session.run(answering(("(3 of 9)", "?"), ("(8 of 9)", "?"))) == 0
    assert "1  none: for example, a person sang it" in session.text
    assert "2  utility: for example, an AI mastering service" in session.text


@pytest.mark.slow
def test_what_was_signed_is_offered_again_and_superseded(place):
    with_key(place)
    terminal.prov(place, "sign", "My song.wav", "--no-fingerprint").run()
    changing = terminal.prov(place, "declare", "My song.wav")
    changing.answer("Title, - to take it back [1]", "Better\n")
    changing.run(lambda _: "\n")
    session = terminal.prov(place, "sign", "--replace", "My song.wav", "--no-fingerprint")

    assert session.run() == 0
    assert "prov sign --replace 'My song.wav'" in changing.text
    assert "Better" in session.text
    assert verify(place)[0] == 0


@pytest.mark.slow
def test_saying_no_signs_nothing_and_keeps_the_answers(place):
    with_key(place)
    terminal.prov(place, "declare", "My song.wav").run()
    session = terminal.prov(place, "sign", "My song.wav", "--no-fingerprint")
    session.answer("Sign this? [Y/n]: ", "n\n")

    assert session.finish() == 130
    assert "Not signed" in session.text
    assert (place / "My song.wav").read_bytes() == PLAIN.read_bytes()
    assert draft(place)["finished"]


@pytest.mark.slow
def test_a_passphrase_is_asked_for_and_may_be_mistyped(place):
    (place / "secret").write_text("correct\n")
    terminal.prov(place, "keygen", "--passphrase-file", "secret").finish()
    terminal.prov(place, "declare", "My song.wav").run()
    session = terminal.prov(place, "sign", "-y", "My song.wav", "--no-fingerprint")
    session.answer("default.pem: ", "wrong\n")
    session.read_until("Try again")
    session.answer("default.pem: ", "correct\n")

    assert session.finish() == 0
    assert "correct" not in session.text


@pytest.mark.slow
@pytest.mark.requirement("VDT-017")
def test_lines_break_between_words_on_a_narrow_terminal(place):
    with_key(place)
    terminal.prov(place, "sign", "My song.wav", "--no-fingerprint").run()

    _, text = verify(place)

    assert max(map(len, text.split("\n"))) <= 80
    assert "\n          " in text


@pytest.mark.slow
@pytest.mark.requirement("SEC-010")
def test_a_crafted_tag_cannot_play_with_the_terminal(place):
    pytest.importorskip("mutagen.wave")
    tagged(place, title="Red \x1b[31m title\x07\nsecond", artist="Evil \u202egnp.exe")

    session = terminal.prov(place, "declare", "My song.wav")
    assert session.run(lambda _: "\n") == 0

    assert "\x1b" not in session.text
    assert "\x07" not in session.text
    assert "\u202e" not in session.text
    assert draft(place)["declaration"]["subject"] == {"title": "Red [31m title second"}


@pytest.mark.slow
@pytest.mark.requirement("STM-070")
def test_a_key_that_has_signed_is_told_so_before_any_question(place):
    with_key(place)
    terminal.prov(place, "sign", "My song.wav", "--no-fingerprint").run()
    session = terminal.prov(place, "cosign", "My song.wav")

    assert session.finish() == 1
    assert "cosign.same-key" in session.text
    assert "Sign this?" not in session.text
