"""The documents' commands: each parses, and those of the README and guides do what they say.

They run as they are written, on a terminal, by somebody who answers every question with '1' and
signs where they are asked, with the installed ``prov``.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from support import documents, samples, terminal
from support.command import prov

ALL = sorted({(str(p.relative_to(documents.CHECKOUT)), line)
              for p in documents.DOCUMENTS
              for block in documents.blocks(p) if block.language != "json"
              for line in documents.commands(block)})  # fmt: skip
INLINE = sorted({(str(p.relative_to(documents.CHECKOUT)), line)
                 for p in documents.DOCUMENTS for line in documents.inline(p)})  # fmt: skip
HELP = [(" ".join(path), line)
        for path, command in documents.all_commands()
        for line in documents.examples(command)]  # fmt: skip
GUIDES = [documents.CHECKOUT / "README.md", *sorted(documents.CHECKOUT.glob("spec/guides/*.md"))]
STORIES = {
    "chart-audit.md",
    "keys.md",
    "spreadsheets.md",
    "verifying-uploads.md",
}  # test_<name>_guide.py
BLOCKS = [
    block
    for path in GUIDES
    if path.name not in STORIES
    for block in documents.blocks(path)
    if block.heading != "Audit a chart"  # of the README: test_chart_audit_guide.py
    if documents.commands(block) or block.language == "python"
]

# (document, heading): who stands there, and what each command must end with (0 unless said).
SECTIONS = {
    ("README.md", "Sign your own track"): ("artist", {}),
    ("README.md", "Verify what others sent"): (
        "asker",
        {  # a stranger's file in each, and in uploads/ one that declares nothing
            "prov verify --format ndjson uploads/": 3,
            "prov verify --resume state --format ndjson @catalogue.txt > results.ndjson": 3,
            "prov verify --policy strict --format junit uploads/ > results.xml": 3,
        },
    ),
    ("README.md", "Decide whom you believe"): (
        "asker",
        {"prov verify uploads/": 3, "prov trust explain track.flac": 3},
    ),
    ("README.md", "Ask which rules a recording meets"): (
        "asker",
        {
            "prov check track.flac --profile spotify --profile sverigetopplistan": 3,
            "prov check declaration.json --profile all --format json": 3,
        },
    ),
    ("spec/guides/signing.md", "In one command"): ("artist", {}),
    ("spec/guides/signing.md", "Without questions"): ("script", {}),
    ("spec/guides/signing.md", "Several files of one recording"): ("artist", {}),
    ("spec/guides/signing.md", "You made a mistake"): ("signer", {}),
    ("spec/guides/signing.md", "You want to take it back"): (
        "signer",
        {"prov verify --statement withdrawn.musicprov.jws track.flac": 3},
    ),
    ("spec/guides/signing.md", "A proof of when"): (  # nobody answers there
        "artist",
        {"prov timestamp track.flac --tsa https://tsa.example/": 5},
    ),
    ("spec/guides/signing.md", "Before it goes to a shop"): ("signer", {}),
    ("spec/guides/signing.md", "Let others know that it is your key"): ("asker", {}),
    ("spec/guides/signing.md", "To take it all out again"): ("signer", {}),
    ("spec/guides/one-declaration.md", "One declaration, every answer"): ("signer", {}),
    ("spec/guides/verifying.md", "By hand"): (
        "asker",
        {"prov verify track.flac": 3, "prov verify incoming/": 3},
    ),
    ("spec/guides/verifying.md", "Getting to know a key"): ("asker", {}),
    ("spec/guides/verifying.md", "By a policy of your own"): (
        "asker",
        {"prov verify track.flac": 3, "prov trust explain track.flac": 3},
    ),
    ("spec/guides/verifying.md", "In a program"): (
        "asker",
        {
            "prov verify --format ndjson uploads/": 3,
            "prov verify --require binding=exact track.flac": 3,
        },
    ),
    ("spec/guides/verifying.md", "In continuous integration"): ("friend", {}),
    ("spec/guides/verifying.md", "On files from strangers"): ("asker", {}),
}


@pytest.mark.parametrize(("where", "line"), ALL, ids=lambda x: str(x)[:60])
def test_every_command_of_the_documents_parses(where, line):
    documents.parse(documents.words(line))


@pytest.mark.parametrize(("where", "line"), INLINE, ids=lambda x: str(x)[:60])
def test_every_command_in_running_text_exists(where, line):
    command, rest = documents.resolve(documents.words(line))
    options = {name for parameter in command.params for name in parameter.opts}

    assert {word.split("=")[0] for word in rest if word.startswith("-")} <= options


@pytest.mark.parametrize(("verb", "line"), HELP, ids=lambda x: str(x)[:60])
def test_every_example_of_a_help_page_parses_and_is_of_that_command(verb, line):
    arguments = documents.words(line)

    documents.parse(arguments)
    assert arguments[: len(verb.split())] == verb.split()


@pytest.mark.parametrize(
    ("path", "command"),
    list(documents.all_commands()),
    ids=lambda x: " ".join(x) if type(x) is tuple else "",
)
def test_every_help_page_has_an_example_and_fits_80_columns(path, command):
    text = command.get_help(
        click.Context(command, info_name=" ".join(("prov", *path)), terminal_width=80)
    )

    assert documents.examples(command)
    assert max(len(line) for line in text.split("\n")) <= 80
    for parameter in command.params:
        assert not isinstance(parameter, click.Option) or parameter.help, parameter.name


def test_a_call_that_cannot_run_does_not_parse():
    with pytest.raises(click.UsageError):
        documents.parse(["verify", "--formt", "json", "track.flac"])
    with pytest.raises(ValueError):
        documents.parse(["verifi", "track.flac"])


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """Folders as the people of the guides have them, made once."""
    root = tmp_path_factory.mktemp("worlds")
    artist = root / "artist"
    artist.mkdir()
    for name, kind in (("track.flac", "flac"), ("track.mp3", "mp3"), ("master.wav", "wav")):
        shutil.copyfile(samples.made(kind, 40), artist / name)
    (artist / "secret.txt").write_text("correct horse\n")
    prov(artist, "declare", "track.flac", "--set", "lyrics=none", "--out", "declaration.json")
    prov(root, "keygen", "--no-passphrase", "--out", root / "label.pem")
    shutil.copyfile(root / "label.pub.jwk", artist / "you.pub.jwk")

    script = shutil.copytree(artist, root / "script")
    (script / "declaration.json").unlink()
    signer = shutil.copytree(artist, root / "signer")
    prov(signer, "keygen", "--no-passphrase")
    prov(signer, "sign", "track.flac", "--manifest", "declaration.json")
    _asker(root, shutil.copytree(artist, root / "asker"))
    friend = shutil.copytree(root / "asker", root / "friend")
    prov(friend, "trust", "pin", "label.pub.jwk")
    return root


def _asker(root, asker):
    prov(asker, "sign", "track.flac", "--manifest", "declaration.json", "--key", root / "label.pem")
    prov(asker, "extract", "track.flac")
    prov(asker, "strip", "track.flac", "--out", "stripped.flac")
    for name in ("label.pub.jwk", "your.pub.jwk"):
        shutil.copyfile(root / "label.pub.jwk", asker / name)
    for folder in ("uploads", "incoming", "release"):
        (asker / folder).mkdir()
        shutil.copyfile(asker / "track.flac", asker / folder / "song.flac")
    shutil.copyfile(asker / "track.mp3", asker / "uploads" / "nothing.mp3")
    (asker / "catalogue.txt").write_text("track.flac\nincoming/song.flac\n")
    (asker / "requests.ndjson").write_text('{"id": "1", "path": "track.flac"}\n')


def test_every_section_with_commands_is_run():
    assert {(block.document, block.heading) for block in BLOCKS} == set(SECTIONS)


@pytest.mark.slow
@pytest.mark.parametrize(
    "section",
    [pytest.param(s, marks=() if s[0] == "README.md" else pytest.mark.slow) for s in SECTIONS],
    ids=lambda s: f"{Path(s[0]).stem}-{s[1].replace(' ', '-')}",
)
def test_the_commands_of_a_section_do_what_it_says(section, worlds, tmp_path):
    who, codes = SECTIONS[section]
    place = tmp_path / who
    shutil.copytree(worlds / who, place)
    found = [b for b in BLOCKS if (b.document, b.heading) == section]
    if section[1] == "Several files of one recording":
        _require_chromaprint()

    for line in [line for block in found for line in documents.commands(block)]:
        session = _shell(place, line)
        assert session.run() == codes.get(line, 0), f"$ {line}\n{session.text}"
        assert "Traceback" not in session.text
        assert "Internal error" not in session.text
    for block in found:
        if block.language == "python":
            _python(place, "\n".join(block.lines))


def test_the_first_command_of_the_readme_ends_with_a_demo_that_shows_what_it_promises(tmp_path):
    (block,) = (b for b in documents.blocks(GUIDES[0]) if b.heading == "Try it")
    (line,) = block.lines
    *setup, demo = line.split(" && ")

    session = _shell(tmp_path, f"NO_COLOR=1 {demo.removeprefix('.venv/bin/')}")

    assert [part.split(" ")[0] for part in setup] == ["python3", ".venv/bin/pip"]
    assert session.run() == 0, session.text
    steps = session.text.split("\n== ")[1:]
    results = [re.findall("^  ([A-Z]{6,})  ", step, flags=re.MULTILINE) for step in steps]
    assert [r[0] for r in results if r] == [
        *("PASSED", "INDETERMINATE", "PASSED", "PASSED"),
        *("FAILED", "FAILED", "FAILED", "ABSENT"),
    ]
    assert "content.tag-differs" in session.text
    assert "Every step answered as it should." in session.text
    assert not (tmp_path / "home").exists()


def _require_chromaprint():
    done = subprocess.run(
        [sys.executable, "-c", "import av, chromaprint"], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("libchromaprint is not installed: files cannot be shown to be one recording")


def _shell(place, line):
    """A line in a shell on a terminal; ``prov`` is the one beside this Python."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    variables = {**os.environ, "MUSICPROV_HOME": str(place / "home"), "PATH": path, "TERM": "xterm"}
    assert shutil.which("prov", path=path), "the package is not installed beside this Python"
    return terminal.Session(["bash", "-c", line], variables, place)


def _python(place, code):
    environment = {**os.environ, "MUSICPROV_HOME": str(place / "home")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
