"""What is shipped: the wheel and the source distribution, and the tool installed without extras.

Builds and installs for real, in virtual environments of its own, outside the checkout.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
FLAC = CHECKOUT / "tests" / "vectors" / "containers" / "flac"
VECTOR_LIMIT_BYTES = 3_600_000

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Built:
    """A wheel and a source distribution of this checkout."""

    wheel: Path
    sdist: Path
    python: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    place = tmp_path_factory.mktemp("build")
    python = _environment(place / "venv", "hatchling>=1.27")
    _build(python, CHECKOUT, place / "dist")
    (wheel,) = (place / "dist").glob("*.whl")
    (sdist,) = (place / "dist").glob("*.tar.gz")
    return Built(wheel, sdist, python)


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """The folder of the commands of an environment that has the wheel and no extra."""
    place = tmp_path_factory.mktemp("installed")
    return _environment(place / "venv", str(built.wheel)).parent


def _environment(folder, *packages):
    """A fresh virtual environment with these packages; skips when no index can be reached."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    unreachable = r"No matching distribution found|Could not find a version|Connection|timed out"
    if done.returncode and re.search(unreachable, done.stderr):
        pytest.skip(f"no package index with {packages[0]} can be reached")
    assert done.returncode == 0, done.stderr
    return python


def _build(python, source, out):
    command = [python, "-m", "hatchling", "build", "--directory", out]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _below(folder, keep=lambda path: True):
    """The files below a folder of the checkout, as relative paths."""
    found = (p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return {p.relative_to(folder).as_posix() for p in found if keep(p)}


def _names(wheel, prefix=""):
    with zipfile.ZipFile(wheel) as archive:
        names = [n for n in archive.namelist() if not n.endswith("/")]
    return {n.removeprefix(prefix) for n in names if n.startswith(prefix)}


def test_the_wheel_has_the_package_schemas_vectors_typing_mark_and_licence(built):
    names = _names(built.wheel)
    shipped = _names(built.wheel, "provenance/_data/vectors/")

    assert _names(built.wheel, "provenance/_data/schemas/") == _below(CHECKOUT / "schemas")
    assert {n for n in shipped if n.endswith("case.json")} == {
        n for n in _below(CHECKOUT / "tests" / "vectors") if n.endswith("case.json")
    }
    assert {n for n in names if n.startswith("provenance/") and n.endswith(".py")} == {
        f"provenance/{n}" for n in _below(CHECKOUT / "provenance") if n.endswith(".py")
    }
    assert "provenance/py.typed" in names
    assert any(re.fullmatch(r"musicprov-[^/]+\.dist-info/licenses/LICENSE", n) for n in names)


def test_the_wheel_has_nothing_else(built):
    tops = {n.split("/")[0] for n in _names(built.wheel)}

    assert sorted(re.sub(r"-.*\.", ".", top) for top in tops) == [
        "musicprov.dist-info",
        "provenance",
    ]
    assert not [n for n in _names(built.wheel) if "__pycache__" in n or n.endswith(".pyc")]
    assert not [n for n in _names(built.wheel) if n.endswith(".pem") and "/vectors/" not in n]
    with zipfile.ZipFile(built.wheel) as archive:
        assert not [
            n
            for n in archive.namelist()
            if b"PRIVATE KEY" in archive.read(n) and not n.endswith(".py")
        ]
    assert not [n for n in _names(built.wheel, "provenance/_data/") if n.endswith(".py")]


def test_the_vectors_in_the_wheel_stay_small(built):
    with zipfile.ZipFile(built.wheel) as archive:
        sizes = [i.file_size for i in archive.infolist() if "/_data/vectors/" in i.filename]

    assert sum(sizes) <= VECTOR_LIMIT_BYTES


def test_the_metadata_says_what_it_is(built):
    with zipfile.ZipFile(built.wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        text = archive.read(name).decode()
        (points,) = (n for n in archive.namelist() if n.endswith("entry_points.txt"))
        entry_points = archive.read(points).decode()

    assert "\nName: musicprov\n" in text
    assert "\nLicense-Expression: Apache-2.0\n" in text
    assert "\nRequires-Python: >=3.11\n" in text
    assert "\nProvides-Extra: audio\n" in text
    assert "prov = provenance.cli.main:main" in entry_points


def test_the_source_distribution_builds_the_same_wheel(built, tmp_path):
    with tarfile.open(built.sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = (p for p in tmp_path.iterdir() if p.is_dir())
    for name in ("spec/README.md", "schemas", "tests/vectors", "examples", "LICENSE", "README.md"):
        assert (source / name).exists(), name
    assert (source / ".ci" / "test").is_file()

    _build(built.python, source, tmp_path / "again")

    (wheel,) = (tmp_path / "again").glob("*.whl")
    with zipfile.ZipFile(wheel) as again, zipfile.ZipFile(built.wheel) as first:
        assert {i.filename: i.CRC for i in again.infolist()} == {
            i.filename: i.CRC for i in first.infolist()
        }


def _prov(installed, place, *arguments):
    """The installed command, away from the checkout; its exit code and what it printed."""
    variables = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV"))}
    done = subprocess.run(
        [installed / "prov", *map(str, arguments)],
        cwd=place,
        env={**variables, "MUSICPROV_HOME": str(place / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_it_is_installed_without_extras_and_from_the_wheel(installed, tmp_path):
    code = "import provenance, importlib.util as u; print(provenance.__file__, u.find_spec('av'))"
    done = subprocess.run(
        [installed / "python", "-I", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    where, av = done.stdout.split()

    assert Path(where).is_relative_to(installed.parent)
    assert av == "None"


def test_the_demo_runs_without_extras(installed, tmp_path):
    code, text = _prov(installed, tmp_path, "demo")

    assert code == 0, text
    assert "Every step answered as it should." in text
    assert list(tmp_path.iterdir()) == []


def test_a_flac_file_is_signed_and_verified_without_extras(installed, tmp_path):
    source = next(p for p in sorted(FLAC.glob("*/input.flac")) if _is_plain(p))
    shutil.copyfile(source, tmp_path / "track.flac")

    steps = [
        _prov(installed, tmp_path, "keygen", "--no-passphrase"),
        _prov(installed, tmp_path, "declare", "track.flac", "--set", "leadVocals=full"),
        _prov(installed, tmp_path, "sign", "track.flac"),
        _prov(installed, tmp_path, "verify", "track.flac"),
    ]

    assert [code for code, _ in steps] == [0, 0, 0, 0], steps
    assert "fingerprint: " in steps[2][1]
    assert "pip install" in steps[2][1]
    assert "PASSED" in steps[3][1]


def _is_plain(path):
    case = json.loads((path.parent / "case.json").read_bytes())
    found = case["expect"]
    return found["essence"] and not (found["refusal"] or found["carriers"] or found["notes"])


def test_the_vectors_run_outside_the_checkout(installed, tmp_path):
    code, text = _prov(installed, tmp_path, "vectors", "run")

    assert code == 0, text[-2000:]
    assert re.search(r"[1-9]\d* passed, 0 failed", text)


def test_python_can_be_asked_for_the_version_and_a_verdict(installed, tmp_path):
    shutil.copyfile(CHECKOUT / "tests/vectors/verify/absent/input.wav", tmp_path / "song.wav")
    code = "from provenance import verify_file; print(verify_file('song.wav').status)"
    done = subprocess.run(
        [installed / "python", "-I", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "ABSENT" in done.stdout, done.stderr
    assert _prov(installed, tmp_path, "--version")[1].startswith("prov 1.")


def test_the_tests_run_against_the_same_version():
    metadata = subprocess.run(
        [sys.executable, "-m", "provenance", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert metadata.stdout.split()[1] in (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
