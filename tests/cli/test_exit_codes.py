"""Every exit code of every verb (spec 9.5), and what stands on which stream.

One row is one call in a folder that has a key, a plain file, a signed one and some odd ones.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import click
import pytest
from provenance.cli._options import OUT
from provenance.cli.main import cli
from provenance.wire.schemas import is_valid

from support import command

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "verify"
DECLARATION = {"contributions": [{"asset": "recording", "area": "mixing", "level": "utility"}]}
OTHER = {"contributions": [{"asset": "recording", "area": "mixing", "level": "full"}]}

ROWS = [
    # keygen
    ("keygen --out new.pem --no-passphrase", 0),
    ("keygen --out new.pem --passphrase-file secret.txt", 0),
    ("keygen --out new.pem", 2),
    ("keygen --alg RSA --no-passphrase", 2),
    ("keygen --no-passphrase", 5),
    ("keygen --out home/keys/default.pem --no-passphrase", 5),
    ("keygen --out no/such/folder/new.pem --no-passphrase", 5),
    # declare
    ("declare plain.wav --set lyrics=none", 0),
    ("declare plain.wav --from declaration.json --title X --out -", 0),
    ("declare refused.wav --set lyrics=none", 1),
    ("declare plain.wav", 2),
    ("declare plain.wav --set lyrics", 2),
    ("declare plain.wav --set lyric=none", 2),
    ("declare plain.wav --set lyrics=some", 2),
    ("declare plain.wav --identity robot --set lyrics=none", 2),
    ("declare plain.wav --from text.txt", 2),
    ("declare plain.wav --from misshapen.json", 2),
    ("declare plain.wav --from misspelt.json", 2),
    ("declare plain.wav --from gone.json", 5),
    ("declare gone.wav --set lyrics=none", 5),
    ("declare text.txt --set lyrics=none", 5),
    ("declare plain.wav --set lyrics=none --out declaration.json", 5),
    # sign
    ("sign plain.wav --manifest declaration.json", 0),
    ("sign plain.wav --manifest declaration.json --dry-run", 0),
    ("sign plain.wav --manifest declaration.json --out copy.wav", 0),
    ("sign plain.wav --manifest declaration.json --sidecar", 0),
    ("sign signed.wav --manifest declaration.json", 0),
    ("sign signed.wav", 0),
    ("sign --replace signed.wav --manifest other.json", 0),
    ("sign signed.wav --manifest other.json", 1),
    ("sign refused.wav --manifest declaration.json", 1),
    ("sign read-only.wav --manifest declaration.json", 1),
    ("sign plain.wav", 2),
    ("sign", 2),
    ("sign plain.wav --manifest text.txt", 2),
    ("sign plain.wav --manifest misspelt.json", 2),
    ("sign plain.wav signed.wav --manifest declaration.json --out there.wav", 2),
    ("sign plain.wav --manifest declaration.json --sign-command true", 2),
    ("sign --replace=all plain.wav --manifest declaration.json", 2),
    ("sign gone.wav --manifest declaration.json", 5),
    ("sign plain.wav --manifest gone.json", 5),
    ("sign plain.wav --manifest declaration.json --key gone.pem", 5),
    ("sign plain.wav --manifest declaration.json --key text.txt", 5),
    ("sign plain.wav --manifest declaration.json --key plain.wav", 5),
    ("sign plain.wav --manifest declaration.json --key locked.pem", 5),
    ("sign plain.wav --manifest declaration.json --key locked.pem --passphrase-file text.txt", 5),
    ("sign plain.wav --manifest declaration.json --key locked.pem --passphrase-file secret.txt", 0),
    ("sign plain.wav --manifest declaration.json --out no/such/copy.wav", 5),
    ("sign . --manifest declaration.json", 5),
    # verify
    ("verify signed.wav", 0),
    ("verify --require binding=exact signed.wav", 0),
    ("verify --require binding=any --require identity=unknown signed.wav", 0),
    ("verify --key stranger.pub.jwk strange.wav", 0),
    ("verify bad.wav", 1),
    ("verify --require binding=any bad.wav", 1),
    ("verify signed.wav plain.wav strange.wav bad.wav gone.wav", 1),
    ("verify", 2),
    ("verify --require colour signed.wav", 2),
    ("verify --require binding=blue signed.wav", 2),
    ("verify --format yaml signed.wav", 2),
    ("verify strange.wav", 3),
    ("verify --require time signed.wav", 3),
    ("verify --require identity=party signed.wav", 3),
    ("verify signed.wav strange.wav plain.wav", 3),
    ("verify plain.wav", 4),
    ("verify signed.wav plain.wav", 4),
    ("verify empty", 4),
    ("verify gone.wav", 5),
    ("verify text.txt", 5),
    ("verify pipe", 5),
    ("verify signed.wav strange.wav gone.wav", 5),
    ("verify --key text.txt signed.wav", 5),
    ("verify --key signed.wav signed.wav", 5),
    ("verify --key gone.jwk signed.wav", 5),
    ("verify --key stranger.pem signed.wav", 5),
    ("verify --timeout inf signed.wav", 2),
    ("verify --timeout nan signed.wav", 2),
    ("verify --timeout 86401 signed.wav", 2),
    ("verify --timeout 86400 signed.wav", 0),
    ("worker --timeout nan", 2),
    ("worker --timeout inf", 2),
    ("serve --timeout inf", 2),
    ("verify --manifest gone.jws plain.wav", 5),
    # time-stamps: nobody listens on port 9
    ("sign plain.wav --manifest declaration.json --tsa http://127.0.0.1:9/", 0),
    ("sign plain.wav --manifest declaration.json --tsa 127.0.0.1", 2),
    ("timestamp plain.wav --tsa http://127.0.0.1:9/", 4),
    ("timestamp signed.wav --tsa http://127.0.0.1:9/", 5),
    ("timestamp gone.wav --tsa http://127.0.0.1:9/", 5),
    ("timestamp text.txt --tsa http://127.0.0.1:9/", 5),
    ("timestamp signed.wav --tsa ftp://127.0.0.1/", 2),
    ("timestamp signed.wav", 2),
    # inspect, extract, strip, label
    ("inspect signed.wav", 0),
    ("inspect plain.wav", 4),
    ("inspect plain.wav gone.wav", 5),
    ("inspect text.txt", 5),
    ("inspect declaration.json", 5),
    ("extract signed.wav --out -", 0),
    ("extract two.wav --token --out -", 1),
    ("extract plain.wav", 4),
    ("extract gone.wav", 5),
    ("extract signed.wav --out declaration.json", 5),
    ("strip signed.wav", 0),
    ("strip plain.wav", 0),
    ("strip read-only-signed.wav", 1),
    ("strip signed.wav plain.wav --out text.txt", 2),
    ("strip gone.wav", 5),
    ("label signed.wav", 0),
    ("label declaration.json", 0),
    ("label --lang tlh signed.wav", 2),
    ("label --form gif signed.wav", 2),
    ("label misspelt.json", 2),
    ("label plain.wav", 4),
    ("label gone.wav", 5),
    ("label --out no/such/label.svg signed.wav", 5),
    ("label --out declaration.json signed.wav", 5),
    # the rest
    ("trust pin stranger.pub.jwk --name Me", 0),
    ("trust list", 0),
    ("trust pin text.txt", 5),
    ("trust pin gone.jwk", 5),
    ("explain binding.exact", 0),
    ("explain wav.codec", 0),
    ("explain binding.exakt", 2),
    ("vectors run --only levels/", 0),
    ("vectors run --only no-such/", 2),
    ("vectors run --only levels/ --entrypoint cat", 5),
    ("vectors run --only levels/ --entrypoint true", 1),
    ("vectors run --only levels/ --entrypoint false", 5),
    ("vectors run --only levels/ --entrypoint no-such-program", 5),
    ("completion bash", 0),
    ("completion tcsh", 2),
    ("demo --dir album", 2),
    ("", 2),
    ("--version", 0),
    ("--help", 0),
    ("verfy signed.wav", 2),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A folder that is copied for each row."""
    place = tmp_path_factory.mktemp("world")
    shutil.copyfile(VECTORS / "absent" / "input.wav", place / "plain.wav")
    shutil.copyfile(VECTORS / "refused-container" / "input.wav", place / "refused.wav")
    shutil.copyfile(VECTORS / "contradicting" / "input.wav", place / "two.wav")
    for name, content in (
        ("declaration.json", json.dumps(DECLARATION)),
        ("other.json", json.dumps(OTHER)),
        ("misshapen.json", '{"subject": 5, "contributions": {"a": 1}}'),
        ("misspelt.json", json.dumps({**DECLARATION, "declarent": {"name": "X"}})),
        ("text.txt", "no audio and no key\n"),
        ("secret.txt", "correct horse\n"),
    ):
        (place / name).write_text(content, encoding="utf-8")
    for name in ("signed", "read-only", "read-only-signed", "strange", "bad"):
        shutil.copyfile(place / "plain.wav", place / f"{name}.wav")
    prov(place, "keygen", "--no-passphrase", expect=0)
    prov(place, "keygen", "--out", "stranger.pem", "--no-passphrase", expect=0)
    prov(place, "keygen", "--out", "locked.pem", "--passphrase-file", "secret.txt", expect=0)
    how = ("--manifest", "declaration.json", "--no-fingerprint")
    for name in ("signed", "read-only-signed", "bad"):
        prov(place, "sign", f"{name}.wav", *how, expect=0)
    prov(place, "sign", "strange.wav", *how, "--key", "stranger.pem", expect=0)
    data = bytearray((place / "bad.wav").read_bytes())
    data[data.index(b"data") + 100] ^= 1
    (place / "bad.wav").write_bytes(data)
    (place / "empty").mkdir()
    (place / "album").mkdir()
    shutil.copyfile(place / "signed.wav", place / "album" / "1.wav")
    return place


def prov(place, *arguments, expect=None, text=False):
    return command.prov(place, *arguments, expect=expect, text=text)


@pytest.fixture
def place(world, tmp_path):
    copy = shutil.copytree(world, tmp_path / "here")
    os.mkfifo(copy / "pipe")
    for name in ("read-only.wav", "read-only-signed.wav"):
        (copy / name).chmod(0o444)
    return copy


@pytest.mark.requirement("VDT-010")
@pytest.mark.requirement("VDT-018")
@pytest.mark.parametrize(("line", "code"), ROWS, ids=[f"{c}-{x[:50]}" for x, c in ROWS])
def test_a_call_ends_with_its_code_and_says_why_in_words(place, line, code):
    before = {p.name: p.read_bytes() for p in place.iterdir() if p.suffix == ".wav"}

    done = prov(place, *line.split(), text=True)

    said = done.stderr + (done.stdout if line.startswith("verify") else "")
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "Internal error" not in done.stderr
    if code in {1, 2, 5} and not line.startswith("vectors"):
        assert said.strip()
        after = {p.name: p.read_bytes() for p in place.iterdir() if p.suffix == ".wav"}
        assert after == before


@pytest.mark.parametrize("group", ["", "audit", "sheet", "trust"])
def test_whoever_names_no_verb_gets_the_help_as_it_is(place, group):
    asked = prov(place, *group.split(), "--help", expect=0, text=True)

    done = prov(place, *group.split(), expect=2, text=True)

    assert (done.stdout, done.stderr) == ("", asked.stdout)


@pytest.mark.parametrize("line", ["sign plain.wav", "keygen --out new.pem", "declare plain.wav"])
def test_what_nobody_can_be_asked_for_is_said_in_one_line(place, line):
    done = prov(place, *line.split(), text=True)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


@pytest.mark.requirement("KEY-014")
def test_no_key_is_made_when_nobody_is_there(place):
    shutil.rmtree(place / "home")

    done = prov(place, "sign", "plain.wav", "--manifest", "declaration.json", text=True)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "prov keygen" in done.stderr
    assert not (place / "home").exists()


@pytest.mark.parametrize("verb", ["verify", "sign", "inspect"])
def test_a_bug_of_the_tool_is_told_apart(place, verb):
    code = (
        "import sys\n"
        "import provenance.files.opening as opening, provenance.containers as c\n"
        "def boom(*a, **k): raise ZeroDivisionError\n"
        "for name in list(sys.modules): pass\n"
        "c.identify = boom\n"
        "from provenance.cli.main import main\n"
        "main()\n"
    )
    more = ("--manifest", "declaration.json") if verb == "sign" else ()
    done = command.run(place, (sys.executable, "-c", code, verb, "signed.wav", *more))

    assert done.returncode == 70
    assert "This is a bug in prov" in done.stderr
    assert "Traceback" not in done.stderr


def test_stopping_leaves_nothing_and_ends_with_130(place):
    process = subprocess.Popen(
        [sys.executable, "-m", "provenance", "keygen", "--out", "new.pem", "--passphrase-fd", "0"],
        cwd=place,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    _until_it_reads(process)

    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=600)

    assert process.returncode == 130
    assert said.strip() == "Stopped. Nothing was left half done."
    assert not (place / "new.pem").exists()


def _until_it_reads(process):
    """It waits for the passphrase now: it is blocked in reading a pipe, as Linux tells."""
    waits = Path(f"/proc/{process.pid}/wchan")
    if not waits.exists():
        time.sleep(5)
        return
    end = time.monotonic() + 120
    while "pipe" not in waits.read_text():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize(
    "line", ["verify --format ndjson album", "explain --list", "inspect signed.wav"]
)
def test_a_reader_that_goes_away_is_no_verdict(place, line):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "provenance", *line.split()],
            cwd=place,
            env={**os.environ, "MUSICPROV_HOME": str(place / "home")},
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writing)

    assert done.returncode == 5
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "json", "ndjson"])
@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252"])
def test_any_encoding_of_the_terminal_will_do(place, form, encoding):
    done = subprocess.run(
        [sys.executable, "-m", "provenance", "verify", "--format", form, "signed.wav"],
        cwd=place,
        env={
            **os.environ,
            "MUSICPROV_HOME": str(place / "home"),
            "PYTHONIOENCODING": encoding,
        },
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.requirement("SEC-010")
def test_names_that_are_no_text_are_verified_signed_and_shown_as_escapes(place):
    name = os.fsdecode(b"s\xffng\x1b[31m.wav")
    shutil.copyfile(place / "plain.wav", place / name)
    prov(place, "sign", name, "--manifest", "declaration.json", expect=0)
    prov(place, "extract", name, expect=0)

    text = prov(place, "verify", name, expect=0).stdout
    run = json.loads(prov(place, "verify", "--format", "json", name, expect=0).stdout)
    (line,) = prov(place, "verify", "--format", "ndjson", name, expect=0).stdout.splitlines()
    prov(place, "inspect", "--format", "json", name, expect=0)

    assert b"\\xff" in text
    assert b"\x1b" not in text
    assert is_valid(run, "run")
    assert json.loads(line)["input"]["name"] == run["results"][0]["input"]["name"]


@pytest.mark.requirement("VDT-013")
def test_json_is_one_run_even_for_one_input_and_ndjson_one_bare_report_a_line(place):
    one = json.loads(prov(place, "verify", "--format", "json", "signed.wav").stdout)
    more = prov(place, "verify", "--format", "json", "signed.wav", "gone.wav", "text.txt", "album")
    lines = prov(place, "verify", "--format", "ndjson", "signed.wav", "gone.wav", "album")
    run = json.loads(more.stdout)

    assert (one["report"], len(one["results"])) == ("musicprov-run/1", 1)
    assert is_valid(one, "run")
    assert is_valid(run, "run")
    assert [r["status"] for r in run["results"]] == ["PASSED", "ERROR", "ERROR", "PASSED"]
    assert more.stderr == b""
    reports = [json.loads(line) for line in lines.stdout.splitlines()]
    assert [r["report"] for r in reports] == ["musicprov-report/1"] * 3
    assert all(is_valid(r, "report") for r in reports)
    assert [r["input"]["name"] for r in reports] == ["signed.wav", "gone.wav", "album/1.wav"]


@pytest.mark.requirement("VDT-019")
def test_what_inspect_prints_meets_its_schema(place):
    prov(place, "extract", "signed.wav", "--out", "bare.json", expect=0)
    (place / "bare.jws").write_text("eyJ.not.signed", encoding="ascii")
    names = ("signed.wav", "plain.wav", "refused.wav", "two.wav", "bare.json", "bare.jws")

    found = json.loads(prov(place, "inspect", "--format", "json", *names, expect=0).stdout)

    assert is_valid(found, "inspection")
    assert [file["name"] for file in found["files"]] == list(names)
    assert [bool(file["carriers"]) for file in found["files"]] == [
        True, False, True, True, True, True,
    ]  # fmt: skip


def test_a_report_is_there_before_the_next_name_is(place):
    """A producer may wait for each answer: nothing is held back for company."""
    process = subprocess.Popen(
        [sys.executable, "-m", "provenance", "verify", "--format", "ndjson", "-"],
        cwd=place,
        env={**os.environ, "MUSICPROV_HOME": str(place / "home")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    patience = threading.Timer(120, process.kill)
    patience.start()
    told = []

    for name in ("signed.wav", "plain.wav", *["signed.wav"] * 12):
        process.stdin.write(f"{name}\n")
        told.append(json.loads(process.stdout.readline())["status"])
    process.stdin.close()

    assert told == ["PASSED", "ABSENT", *["PASSED"] * 12]
    assert process.stdout.read() == ""
    assert process.wait(timeout=600) == 4
    patience.cancel()


@pytest.mark.requirement("VDT-012")
def test_a_folder_that_is_named_by_a_link_is_looked_into_but_no_link_in_it(place):
    (place / "shortcut").symlink_to("album")
    (place / "album" / "loop").symlink_to(".")
    (place / "album" / "2.wav").symlink_to("../strange.wav")
    (place / "album" / ".cache").mkdir()
    shutil.copyfile(place / "bad.wav", place / "album" / ".cache" / "3.wav")

    run = json.loads(prov(place, "verify", "--format", "json", "shortcut", expect=0).stdout)

    assert [r["input"]["name"] for r in run["results"]] == ["shortcut/1.wav"]
    assert run["passedOver"] == {"symbolicLinks": 2}


@pytest.mark.slow
@pytest.mark.requirement("BLK-005")
@pytest.mark.parametrize("form", ["ndjson", "csv", "junit", "text"])
def test_links_in_a_folder_are_counted_at_the_end_and_the_hint_includes_them(place, form):
    (place / "linked").mkdir()
    for name in ("a.wav", "b.wav"):
        (place / "linked" / name).symlink_to("../strange.wav")
    said = b"2 symbolic links were passed over in folders"

    done = prov(place, "verify", "--format", form, "linked", expect=4)

    where = done.stdout if form == "text" else done.stderr
    assert where.splitlines()[-1].startswith(said)
    hint = where.splitlines()[-1].decode().partition("lead to: ")[2]
    assert hint == "find FOLDER -type l -print0 | prov verify -0 -"
    found = subprocess.run(
        ["find", "linked", "-type", "l", "-print0"], cwd=place, capture_output=True, check=True
    )
    (place / "list").write_bytes(found.stdout)
    followed = prov(place, "verify", "--format", "json", "-0", "@list")
    run = json.loads(followed.stdout)
    assert [r["code"] for r in run["results"]] == ["identity.unknown"] * 2
    assert run["passedOver"] == {"symbolicLinks": 0}
    assert b"symbolic" not in followed.stderr


def test_an_empty_name_is_not_the_working_folder(place):
    for verb in ("verify", "inspect", "strip"):
        prov(place, verb, "", expect=2)


@pytest.mark.parametrize("name", ["new/", "new/.", "text.txt/"])
@pytest.mark.parametrize(
    "line",
    [
        "sign plain.wav --manifest declaration.json",
        "strip signed.wav",
        "extract signed.wav",
        "label signed.wav",
        "declare plain.wav --set lyrics=none",
        "keygen --no-passphrase",
    ],
)
def test_what_ends_as_a_folders_name_does_is_not_written_as_a_file(place, line, name):
    before = sorted(p.name for p in place.iterdir())

    done = prov(place, *line.split(), "--out", name, expect=2, text=True)

    assert f"--out {name}: must be an existing folder" in done.stderr
    assert sorted(p.name for p in place.iterdir()) == before


def test_every_verb_looks_at_how_the_name_of_its_output_ends():
    makes_a_folder = {"audit run", "audit rerun"}
    options = {words: option for words, option in _options(cli) if "--out" in option.opts}

    assert len(options) > len(makes_a_folder) + 10
    assert {words for words, option in options.items() if option.type is not OUT} == makes_a_folder


def _options(group, words=""):
    context = click.Context(group)
    for name in group.list_commands(context):
        verb, named = group.get_command(context, name), f"{words} {name}".strip()
        if isinstance(verb, click.Group):
            yield from _options(verb, named)
        else:
            yield from ((named, option) for option in verb.params)


@pytest.mark.requirement("VDT-017")
def test_many_files_get_one_line_each_and_a_count(place):
    text = prov(place, "verify", "signed.wav", "plain.wav", "gone.wav", text=True).stdout

    assert [line.split()[0] for line in text.splitlines()] == ["PASSED", "ABSENT", "ERROR", "3"]


@pytest.mark.requirement("VDT-017")
def test_a_strangers_intact_file_gets_five_lines_and_the_next_step_apart(place):
    done = prov(place, "verify", "strange.wav", text=True)

    lines = done.stdout.splitlines()
    assert len(lines) == 5
    assert "intact" in lines[1]
    assert "a key you have not been told about" in lines[2]
    assert "[identity.unknown]" in lines[4]
    assert "prov trust pin" in done.stderr


def test_a_copy_leaves_the_file_and_is_named(place):
    before = (place / "plain.wav").read_bytes()
    done = prov(
        place, "sign", "plain.wav", "--manifest", "declaration.json", "--out", "copy.wav", text=True
    )

    assert (place / "plain.wav").read_bytes() == before
    assert "Signed: copy.wav" in done.stderr
    prov(place, "verify", "copy.wav", expect=0)


@pytest.mark.requirement("CAR-005")
@pytest.mark.requirement("VER-102")
def test_a_broken_sidecar_never_spoils_a_good_tag(place):
    (place / "signed.wav.musicprov.json").write_text("{not json", encoding="utf-8")

    (report,) = json.loads(prov(place, "verify", "--format", "json", "signed.wav").stdout)[
        "results"
    ]

    assert report["status"] == "PASSED"
    assert (
        len({c["code"] for c in report["checks"]} & {"carrier.malformed", "carrier.unusable"}) > 0
    )


def test_a_sidecar_that_is_too_large_is_named_and_not_read(place):
    (place / "plain.wav.musicprov.json").write_bytes(b'{"bundle":[' + b" " * (1 << 20))

    done = prov(place, "verify", "--format", "json", "plain.wav")

    (report,) = json.loads(done.stdout)["results"]
    assert report["status"] != "ABSENT"
    assert "carrier.too-large" in {c["code"] for c in report["checks"]}


def test_stripping_says_that_a_sidecar_stays(place):
    prov(place, "extract", "signed.wav", expect=0)

    done = prov(place, "strip", "signed.wav", text=True)

    assert "signed.wav.musicprov.json" in done.stderr
    prov(place, "verify", "signed.wav", expect=0)


def test_signing_beside_the_file_leaves_it_and_verifies(place):
    before = (place / "plain.wav").read_bytes()
    prov(place, "sign", "plain.wav", "--manifest", "declaration.json", "--sidecar", expect=0)

    assert (place / "plain.wav").read_bytes() == before
    prov(place, "verify", "plain.wav", expect=0)


def test_a_dry_run_writes_nothing(place):
    names = sorted(p.name for p in place.rglob("*"))
    before = (place / "plain.wav").read_bytes()

    done = prov(
        place, "sign", "plain.wav", "--manifest", "declaration.json", "--dry-run", text=True
    )

    assert "Would sign" in done.stderr
    assert "Listeners will see" in done.stderr
    assert (place / "plain.wav").read_bytes() == before
    assert sorted(p.name for p in place.rglob("*")) == names
