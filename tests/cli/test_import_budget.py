"""What the verbs load: a cold start stays quick, and verifying stays clear of what it must not use.

The figures of time stand in ``tests/bench``; what can be counted is held here.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
SIGNED = VECTORS / "verify" / "passed-own-key"
CONTAINERS = {
    "aiff": "plain",
    "flac": "plain",
    "mp3": "no-tags",
    "mp4": "plain",
    "ogg": "vorbis",
    "wav": "plain",
}
DECLARATION = {
    "declarant": {"role": "artist", "name": "Somebody"},
    "contributions": [{"asset": "recording", "area": "mixing", "level": "utility"}],
}

NEVER = {"rdflib", "rich", "lxml", "jinja2", "cryptography.x509", "numpy", "matplotlib"}
DECODERS = {"av", "acoustid", "chromaprint"}
NETWORK = {"ssl", "http.client", "urllib.request", "asyncio", "ftplib", "smtplib"}
PROCESSES = {"subprocess", "multiprocessing", "concurrent.futures"}
MUTAGEN = {"mutagen"}
WRITING = {f"provenance.files.{name}" for name in ("replacing", "temporaries", "copying")}
SCHEMAS = {"jsonschema", "jsonschema_rs"}
MANY = {
    "provenance.cli._progress",
    "provenance.bulk.running",
    "provenance.bulk.journal",
    "textwrap",
    "shutil",
}
"""What a run over many files, or a terminal, needs."""

RUN = """
import json, sys
sys.argv[:] = ["prov", *sys.argv[1:]]
from provenance.cli.main import main
try:
    main()
except SystemExit as leave:
    code = leave.code
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""


def loaded(folder, *arguments, expect=0):
    """The modules that were loaded when a command ended."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *map(str, arguments)],
        env={**os.environ, "MUSICPROV_HOME": str(folder / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code in {0, 3} if expect is None else code == expect, done.stdout + done.stderr
    return set(modules)


def test_verifying_loads_what_it_checks_with_and_nothing_that_writes_fetches_or_decodes(tmp_path):
    modules = loaded(tmp_path, "verify", "--format", "json", SIGNED / "input.wav", expect=3)

    assert not modules & (NEVER | DECODERS | NETWORK | PROCESSES | MUTAGEN | WRITING)
    assert "cryptography.hazmat.primitives.asymmetric.ec" in modules
    assert len(modules & SCHEMAS) == 1  # the quick one says yes; who has the say is not needed
    assert "cryptography.hazmat.primitives.serialization" not in modules


def test_verifying_by_a_policy_loads_what_reads_it_and_no_certificates_where_it_names_none(
    tmp_path,
):
    case = VECTORS / "policy" / "verify-granted"

    modules = loaded(tmp_path, "verify", "--trust", case / "policy.json", case / "input.wav")

    assert {"provenance.trust.loading", "provenance.trust.authority"} <= modules
    assert not modules & (NEVER | DECODERS | NETWORK | PROCESSES | MUTAGEN | WRITING)


def test_inspecting_loads_no_more_than_verifying(tmp_path):
    verifying = loaded(tmp_path, "verify", SIGNED / "input.wav", expect=3)

    inspecting = loaded(tmp_path, "inspect", "--format", "json", SIGNED / "input.wav")

    assert not inspecting & (NEVER | DECODERS | NETWORK | PROCESSES | MUTAGEN)
    assert not {m for m in inspecting - verifying if not m.startswith("provenance.")}


@pytest.mark.parametrize("name", CONTAINERS)
def test_verifying_loads_the_adapter_of_the_container_in_hand_alone(tmp_path, name):
    (path,) = (VECTORS / "containers" / name / CONTAINERS[name]).glob("input.*")

    modules = loaded(tmp_path, "verify", path, expect=4)

    adapters = {other for other in CONTAINERS if f"provenance.containers.{other}" in modules}
    assert adapters == {name}
    assert not modules & (NEVER | DECODERS | NETWORK | PROCESSES | MUTAGEN | SCHEMAS | MANY)


def test_signing_loads_nothing_that_fetches_and_no_decoder(tmp_path):
    shutil.copyfile(VECTORS / "verify" / "absent" / "input.wav", tmp_path / "song.wav")
    declaration = tmp_path / "declaration.json"
    declaration.write_text(json.dumps(DECLARATION), encoding="utf-8")
    loaded(tmp_path, "keygen", "--no-passphrase")

    modules = loaded(
        tmp_path, "sign", tmp_path / "song.wav", "--manifest", declaration, "--no-fingerprint"
    )

    assert "provenance.issuing.sign" in modules
    assert not modules & (NEVER | DECODERS | NETWORK | MUTAGEN)


def test_help_loads_the_command_line_alone(tmp_path):
    modules = loaded(tmp_path, "--help")

    assert not modules & (NEVER | DECODERS | NETWORK | PROCESSES | MUTAGEN)
    assert not modules & {
        *SCHEMAS,
        "cryptography",
        "provenance.verify",
        "provenance.containers",
    }


def test_a_certificate_costs_its_library_only_where_there_is_one(tmp_path):
    certified = VECTORS / "certificates" / "list-good"

    bare = loaded(tmp_path, "verify", SIGNED / "input.wav", expect=3)
    unasked = loaded(tmp_path, "verify", certified / "input.wav", expect=3)
    asked = loaded(
        tmp_path,
        "verify",
        certified / "input.wav",
        "--trust",
        certified / "policy.json",
        expect=None,  # its lists and its certificate grow old
    )

    judging = {"provenance.trust.paths", "provenance.trust.revocation"}
    assert not bare & {"cryptography.x509", "provenance.signing.certificates", *judging}
    assert "cryptography.x509" in unasked
    assert not unasked & judging
    assert judging <= asked
    assert not asked & ((NEVER - {"cryptography.x509"}) | DECODERS | NETWORK | PROCESSES | MUTAGEN)
