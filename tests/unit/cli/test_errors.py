"""What goes wrong is said in lines of the tool's own: a name cannot make one."""

import pickle

import pytest
from provenance.cli.main import show_error
from provenance.model.errors import InputError, RefusedError, UsageError

from support.command import prov

NAME = "a\nPASSED  b.flac\x1b[2J\x85.json"
SHOWN = "a\\x0aPASSED  b.flac\\x1b[2J\\xc2\\x85.json"


@pytest.mark.requirement("SEC-010")
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InputError(f"{NAME}: no such file"), f"{SHOWN}: no such file\n"),
        (UsageError("No.", hint=f"Give {NAME}"), f"No. Give {SHOWN}\n"),
        (RefusedError("sign.x", f"{NAME}: no"), f"{SHOWN}: no [sign.x]\n"),
        (UsageError("Not good:", places=[f"/a: {NAME}", "/b: no"], hint="Mend these."),
         f"Not good:\n  /a: {SHOWN}\n  /b: no\nMend these.\n"),
    ],
    ids=["message", "hint", "refusal", "places"],
)  # fmt: skip
def test_a_line_break_in_what_is_named_makes_no_line(error, said, capsys):
    show_error(error)

    assert capsys.readouterr().err == said


def test_an_error_comes_out_of_another_process_as_it_was():
    error = UsageError("Not good:", places=["/a: no"], hint="Mend it.")
    copy = pickle.loads(pickle.dumps(error))

    assert str(copy) == str(error) == "Not good:\n  /a: no"
    assert (copy.message, copy.places, copy.hint) == ("Not good:", ("/a: no",), "Mend it.")


@pytest.mark.requirement("SEC-010")
@pytest.mark.parametrize(
    "words", [("label", NAME), ("explain", NAME), ("inspect", NAME), ("sign", NAME), (NAME,),
              ("label", "a.wav", NAME), ("label", "--form", NAME, "a.wav"), (f"--{NAME}",)],
    ids=["no file", "no code", "another file", "signing", "no verb", "too many", "no choice",
         "no option"],
)  # fmt: skip
def test_no_line_and_no_escape_sequence_of_a_name_is_printed(tmp_path, words):
    done = prov(tmp_path, *words, expect=None)

    assert done.returncode in {2, 5}
    assert "\x1b" not in done.stdout + done.stderr
    assert "\x85" not in done.stdout + done.stderr
    assert not any(line.startswith("PASSED") for line in done.stderr.splitlines())
