"""Shell completion, asked as the shells ask."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


def shell(program, script):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [program, "-c", script],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ver", {"verify"}),
        ("verify --for", {"--format"}),
        ("verify --format nd", {"ndjson"}),
        ("trust pi", {"pin"}),
        ("label --lang s", {"sv"}),
        ("explain binding.si", {"binding.similar"}),
        ("sign --repl", {"--replace"}),
    ],
)
def test_bash_completes(words, expected):
    given = words.split(" ")
    array = " ".join(f"'{word}'" for word in ("prov", *given))
    script = (
        'eval "$(prov completion bash)"\n'
        "compopt() { :; }\n"
        f"COMP_WORDS=({array}); COMP_CWORD={len(given)}\n"
        "_prov_completion prov\n"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )

    assert set(shell("bash", script).split()) == expected


@pytest.mark.parametrize("name", ["zsh", "fish"])
def test_the_script_of_another_shell_is_one_that_it_can_read(name):
    begin = {
        "zsh": 'autoload -U compinit && compinit -u -D\neval "$(prov completion zsh)"\necho ok',
        "fish": 'prov completion fish | source; complete -C "prov veri"',
    }[name]

    assert {"zsh": "ok", "fish": "verify"}[name] in shell(name, begin)
