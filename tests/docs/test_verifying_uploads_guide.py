"""The guide to verifying uploads: its commands, its CI recipe and its tables."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from provenance.labels.messages import catalogue
from provenance.wire.registries import codes
from provenance.wire.schemas import is_valid

from support import documents, samples, stores, uploading
from support.service import running

GUIDE = uploading.GUIDE
DASK = (
    "prov verify --engine dask://scheduler.example:8786 --format ndjson s3://incoming/"
    " > results.ndjson"
)
SERVE = "prov serve --port 8080 --policy welcoming"
BUCKET = "prov verify --format ndjson s3://incoming/2026/ > results.ndjson"
NEEDS_A_NETWORK = {SERVE, BUCKET, DASK}
"""Run by tests of their own, here and in ``tests/reliability/test_cluster.py``."""
TOO_LONG = {"prov bench"}  # makes songs: the next command measures; tests/cli/test_bench.py
CODES = {  # 0 unless said
    "prov verify --policy strict --format json track.flac > report.json": 3,  # areas are missing
    "prov verify --format ndjson incoming/ > results.ndjson": 4,
    "prov verify --from-csv delivery.csv --format csv > results.csv": 4,
    "prov verify --policy ingest.json --format ndjson incoming/ > results.ndjson": 3,
}


def blocks(*languages):
    return [b for b in documents.blocks(GUIDE) if b.language in languages]


def block_of(heading, language):
    (found,) = (b for b in blocks(language) if b.heading == heading)
    return "\n".join(found.lines) + "\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """An ingest engineer's folder: signed by their own key, a file without declaration beside."""
    place = tmp_path_factory.mktemp("uploads-guide")
    for name in ("incoming", "release"):
        (place / name).mkdir()
    shutil.copyfile(samples.made("flac"), place / "track.flac")
    declaration = {
        "contributions": [{"asset": "recording", "area": "leadVocals", "level": "none"}],
    }
    (place / "declaration.json").write_text(json.dumps(declaration), encoding="utf-8")
    assert bash(place, "prov keygen --no-passphrase").returncode == 0
    signed = "prov sign track.flac --manifest declaration.json --no-fingerprint"
    done = bash(place, signed)
    assert done.returncode == 0, done.stderr
    shutil.copyfile(place / "home/keys/default.pub.jwk", place / "label.pub.jwk")
    for target in ("incoming/song.flac", "release/song.flac"):
        shutil.copyfile(place / "track.flac", place / target)
    shutil.copyfile(samples.made("mp3"), place / "incoming/nothing.mp3")
    (place / "delivery.csv").write_text(
        "path,isrc\nincoming/song.flac,GBXYZ2600123\nincoming/nothing.mp3,\n", encoding="utf-8"
    )
    (place / "catalogue.txt").write_text("track.flac\nincoming/song.flac\n", encoding="utf-8")
    (place / "requests.ndjson").write_text(block_of("In a queue", "json"), encoding="utf-8")
    (place / "ingest.json").write_text(block_of("Your own rules", "json"), encoding="utf-8")
    return place


def bash(place, line):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", line],
        cwd=place,
        env={**os.environ, "MUSICPROV_HOME": str(place / "home"), "PATH": path},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


COMMANDS = [line for block in blocks("") for line in documents.commands(block)]


def test_what_is_not_run_here_is_in_the_guide():
    assert {*NEEDS_A_NETWORK, *TOO_LONG, *CODES} <= set(COMMANDS)


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", [line for line in COMMANDS if line not in NEEDS_A_NETWORK | TOO_LONG]
)
def test_a_command_of_the_guide_ends_as_it_says(place, line):
    done = bash(place, line)

    assert done.returncode == CODES.get(line, 0), done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_results_have_what_the_guide_says_of_them(place):
    bash(place, "prov verify --policy strict --format json track.flac > report.json")
    (report,) = json.loads((place / "report.json").read_text(encoding="utf-8"))["results"]
    assert report["decision"]["outcome"] == "hold"
    assert set(report["decision"]["tell"]) == {"en"}

    bash(place, "prov verify --from-csv delivery.csv --format ndjson > results.ndjson")
    song, nothing = lines(place / "results.ndjson")
    assert song["expected"]["isrc"] == "GBXYZ2600123"
    assert "expected" not in nothing

    bash(place, "prov verify --policy ingest.json --format ndjson incoming/ > results.ndjson")
    decisions = {
        Path(r["input"]["name"]).name: r["decision"] for r in lines(place / "results.ndjson")
    }
    assert decisions["song.flac"]["outcome"] == "accept"
    assert decisions["nothing.mp3"]["outcome"] == "hold"
    assert set(decisions["nothing.mp3"]["tell"]) == {"en", "de"}
    assert [rule["rule"] for rule in decisions["nothing.mp3"]["rules"]] == ["nothing"]


@pytest.mark.slow
def test_the_queue_answers_as_the_guide_says(place):
    bash(place, "prov worker --policy welcoming < requests.ndjson > answers.ndjson")
    first, second = lines(place / "answers.ndjson")

    assert [first["id"], second["id"]] == [1, 2]
    assert [a["report"]["status"] for a in (first, second)] == ["PASSED", "ABSENT"]

    (place / "queue.py").write_text(block_of("In a queue", "python"), encoding="utf-8")
    done = bash(place, f"{sys.executable} queue.py")
    assert done.stdout.splitlines() == ["0 PASSED accept", "1 ABSENT accept"], done.stderr


@pytest.mark.slow
def test_the_service_takes_what_the_guide_sends_to_it(place):
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed: what the guide sends to the service is not tried")
    (block,) = (b for b in blocks("") if any(line.startswith("curl") for line in b.lines))

    with running(home=place / "home", jobs=1, settings={"ingest": "welcoming"}) as service:
        for line in block.lines:
            done = bash(place, line.replace("localhost:8080", f"localhost:{service.port}"))
            report = json.loads(done.stdout)

            assert report.get("status") == "PASSED", (line, report)
            assert report["decision"]["outcome"] == "accept"
    assert len(block.lines) == 2


@pytest.mark.slow
def test_a_bucket_is_verified_as_the_guide_says(place, tmp_path):
    with stores.s3_server(tmp_path) as (endpoint, fs), pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", endpoint)
        fs.mkdir("incoming")
        for path in (place / "incoming").iterdir():
            fs.put_file(str(path), f"incoming/2026/{path.name}")

        done = bash(place, BUCKET)

    assert done.returncode == 4, done.stderr
    assert [(r["input"]["name"], r["status"]) for r in lines(place / "results.ndjson")] == [
        ("s3://incoming/2026/nothing.mp3", "ABSENT"),
        ("s3://incoming/2026/song.flac", "PASSED"),
    ]


def test_the_policy_of_the_guide_is_one():
    assert is_valid(json.loads(block_of("Your own rules", "json")), "ingest-policy")


@pytest.fixture(scope="module")
def bad(place):
    """What uploads can be like: beside a good one, in which lead vocals are declared, bad ones."""
    folder = place / "bad"
    folder.mkdir()
    good = (place / "incoming/song.flac").read_bytes()
    (folder / "good.flac").write_bytes(good)
    (folder / "empty.flac").touch()
    (folder / "garbage.mp3").write_bytes(b"no music at all" * 1000)
    (folder / "cut.wav").write_bytes(samples.made("wav").read_bytes()[:3000])
    for vector in ("edited-payload", "one-sample-flipped"):
        source = samples.CHECKOUT / "tests/vectors/verify" / vector / "input.wav"
        shutil.copyfile(source, folder / f"{vector}.wav")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["ingest.json", "strict"])
def test_a_policy_of_the_guide_tells_uploaders_nothing_that_is_untrue(place, bad, policy):
    rows = "".join(f"{path},QZZZZ2600001\n" for path in sorted(bad.iterdir()))
    (place / "bad.csv").write_text(f"path,isrc\n{rows}", encoding="utf-8")
    bash(place, f"prov verify --policy {policy} --from-csv bad.csv --format ndjson > bad.ndjson")
    found = {Path(r["input"]["name"]).stem: r for r in lines(place / "bad.ndjson")}

    words = catalogue("en")["uploader"]["asks"]
    told = {
        name: report["decision"]["tell"]["en"].split("\n- ")[1:]
        for name, report in found.items()
        if name != "good"
    }
    assert told == {
        "empty": [words["complete-file"]],
        "garbage": [words["complete-file"]],
        "cut": [words["complete-file"]],
        "one-sample-flipped": [words["signed-audio"]],
        "edited-payload": [words["same-declaration"]],
    }
    assert found["good"]["status"] == "PASSED"


def recipe():
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    return yaml.safe_load(block_of("In continuous integration", "yaml"))


def test_the_recipe_is_a_workflow_whose_steps_each_do_one_thing():
    found = recipe()

    # YAML 1.1 takes the key 'on' for true; GitHub does not.
    assert set(found) == {"name", True, "permissions", "jobs"}
    (job,) = found["jobs"].values()
    assert job["runs-on"] == "ubuntu-latest"
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    assert all(step["uses"].count("@v") == 1 for step in job["steps"] if "uses" in step)


def steps():
    (job,) = recipe()["jobs"].values()
    install, *runs = [step for step in job["steps"] if "run" in step]
    assert install["run"] == "pip install 'musicprov[fast]'"
    return runs, next(
        s["with"]["path"]
        for s in job["steps"]
        if s.get("name") is None and "path" in s.get("with", {})
    )


@pytest.mark.slow
@pytest.mark.parametrize("spoiled", [False, True])
def test_the_recipe_lets_a_release_through_only_if_every_file_holds(place, tmp_path, spoiled):
    """Each step in a shell as a runner starts it; the user's folder there has no keys."""
    runs, artefacts = steps()
    shutil.copytree(place / "release", tmp_path / "release")
    shutil.copyfile(place / "label.pub.jwk", tmp_path / "label.pub.jwk")
    if spoiled:
        shutil.copyfile(place / "incoming/nothing.mp3", tmp_path / "release/nothing.mp3")

    gate, report = (bash(tmp_path, step["run"]) for step in runs)

    assert gate.returncode == (4 if spoiled else 0), gate.stdout + gate.stderr
    assert ("nothing.mp3" in gate.stdout) == spoiled
    assert runs[1]["if"] == "always()"
    assert report.returncode == 0, report.stderr
    assert sorted(p.name for p in tmp_path.glob(artefacts)) == ["results.html", "results.xml"]
    junit = (tmp_path / "results.xml").read_text(encoding="utf-8")
    assert f'tests="{1 + spoiled}" failures="{int(spoiled)}"' in junit


def test_the_tables_are_what_the_registries_say():
    assert uploading.main(["--check"]) == 0


def test_a_changed_registry_would_be_noticed(monkeypatch):
    monkeypatch.setattr(uploading, "_read", _with_another_fix(uploading._read))

    assert uploading.main(["--check"]) == 1


def _with_another_fix(read):
    def changed(name):
        found = read(name)
        if name.endswith("codes.json"):
            next(c for c in found["codes"] if c["code"] == "binding.mismatch")["fix"] = "Another."
        return found

    return changed


def test_every_code_that_breaks_or_blocks_stands_in_the_guide():
    rows = {
        row.split("`")[1]
        for row in GUIDE.read_text(encoding="utf-8").split("\n")
        if row[:3] == "| `"
    }

    wanted = {
        slug
        for slug, entry in codes().items()
        if entry["effect"] in {"breaks", "blocks"} and entry["status"] == "active"
    }
    assert wanted
    assert wanted <= rows
