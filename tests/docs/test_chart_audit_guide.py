"""The guide to chart audits: its commands in order, each as it is written."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from provenance.audit.charts.columns import known, names
from provenance.wire.schemas import load_json

from support import documents, samples
from threats import world

GUIDE = documents.CHECKOUT / "spec" / "guides" / "chart-audit.md"
README = documents.CHECKOUT / "README.md"
HEADER = "Placering;Titel;Artist;ISRC;Skivbolag\n"


def blocks():
    return [b for b in documents.blocks(GUIDE) if documents.commands(b)]


def prov(place, line):
    """Run a line as a shell would, with the prov of this checkout."""
    script = place / "bin" / "prov"
    return subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=place,
        env={
            **os.environ,
            "MUSICPROV_HOME": str(place / "home"),
            "PATH": f"{script.parent}:{os.environ['PATH']}",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    pytest.importorskip("weasyprint")
    pytest.importorskip("duckdb")
    place = tmp_path_factory.mktemp("chart-audit-guide")
    for folder in ("audio", "declared", "weeks", "bin"):
        (place / folder).mkdir()
    (place / "bin" / "prov").write_text(f'#!/bin/sh\nexec {sys.executable} -m provenance "$@"\n')
    (place / "bin" / "prov").chmod(0o755)
    shutil.copyfile(samples.made("flac", 40), place / "audio" / "one.flac")
    row = "1;Ett;Ann;SEABC2500001;Nord\n2;Två;Bob;;Syd\n"
    (place / "week.csv").write_text(f"Vecka 45, 2025\n{HEADER}{row}")
    (place / "odd.csv").write_text("Pts,Sung by,\n1,Ann,Ett\n2,Bob,Två\n")
    for day in ("2025-11-01", "2025-11-08"):
        (place / "weeks" / f"{day}.csv").write_text(HEADER + row)
    day = "Example,1.0,0.97,2025-11-09,SEABC2500001"
    (place / "scores.csv").write_text(f"tool,version,score,date,isrc\n{day}\n")
    people = [{"id": "bob", "name": "Bob", "removed": False}]
    listed = {"list": "A list", "licence": None, "artists": people}
    (place / "artists.json").write_text(json.dumps(listed))
    (place / "credits.csv").write_text("isrc,name,role\nSEABC2500001,Ann,singer\n")
    for line in (
        "prov keygen --no-passphrase",
        "prov keygen --no-passphrase --out label.pem",
        "prov declare audio/one.flac --set lyrics=none --isrc SEABC2500001 --title Ett --artist Ann --out d.json",
        "prov sign audio/one.flac --manifest d.json --key label.pem --yes",
        "prov extract audio/one.flac --out declared/one.musicprov.json",
    ):
        done = prov(place, line)
        assert done.returncode == 0, done.stderr
    shutil.copy(place / "home/keys/default.pub.jwk", place / "auditor.pub.jwk")
    return place


@pytest.mark.slow
def test_the_commands_of_the_guide_do_what_it_says(place):
    for line in [line for block in blocks() for line in documents.commands(block)]:
        done = prov(place, line)
        assert done.returncode == 0, f"$ {line}\n{done.stderr}"
        assert "Traceback" not in done.stderr

    first, second, year, full = (
        json.loads((place / name / "report.json").read_text())
        for name in ("report", "report2", "year", "full")
    )
    assert [e["state"] for e in first["entries"]] == ["declared", "undeclared"]
    assert {e["week"] for e in first["entries"]} == {"2025-11-03"}
    assert [p["rule"] for p in first["problems"]] == ["chart.isrc-missing"]
    assert [p.name for p in (place / "report" / "letters").iterdir()] == ["to-syd.txt"]
    assert [(e["rank"], e["artist"], e["title"]) for e in second["entries"]] == [
        (1, "Ann", "Ett"),
        (2, "Bob", "Två"),
    ]
    assert [w["week"] for w in year["weeks"]] == ["2025-11-01", "2025-11-08"]
    one, two = full["entries"]
    assert one["state"] == "contradicted"
    assert {"detected", "listed"} <= {*one["flags"], *two["flags"]}
    assert (place / "again" / "report.json").read_bytes() == (
        place / "report" / "report.json"
    ).read_bytes()


def test_the_states_and_flags_of_the_guide_are_those_that_there_are_in_their_words():
    text = GUIDE.read_text(encoding="utf-8")
    words = load_json("audit/states.json")

    for title in (one["title"]["en"] for kind in words.values() for one in kind.values()):
        assert re.search(rf"^\|[^|]*{re.escape(title)}[^|]*\|", text, re.MULTILINE), title


@pytest.mark.slow
def test_the_commands_of_the_readme_do_so_too(place, tmp_path):
    for name in ("week.csv", "audio", "declared", "bin", "home"):
        copy = shutil.copytree if (place / name).is_dir() else shutil.copy
        copy(place / name, tmp_path / name)
    (tmp_path / "chart.json").write_text(json.dumps(world.asker().plain))
    (block,) = (b for b in documents.blocks(README) if b.heading == "Audit a chart")

    done = [prov(tmp_path, line) for line in documents.commands(block)]

    assert [one.returncode for one in done] == [0, 0, 0], [one.stderr for one in done]
    assert "not stated" in done[0].stdout
    assert "unchanged" in done[1].stdout
    assert ": the same" in done[2].stdout


def test_the_columns_that_the_guide_names_are_those_that_there_are():
    text = GUIDE.read_text(encoding="utf-8")

    assert all(f"`{name}`" in text for name in names())
    for header in ("pos", "tw", "placering", "platz", "順位", "lw", "förraveckan", "woc", "veckor"):
        assert header in known("also")
