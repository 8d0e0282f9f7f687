"""``prov audit check`` and ``prov audit rerun``: what they say, and their exit codes."""

import contextlib
import io
import json
import os
import shutil
import sys
from types import SimpleNamespace
from unittest import mock

import pytest
from provenance.cli.main import main
from provenance.profiles.judging import every
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner

from support import audit_world as w


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A sealed report over a small audit."""
    folder = tmp_path_factory.mktemp("audit")
    w.inputs(folder / "in")
    return w.audited(w.asked(folder / "in"), folder / "report")


@pytest.fixture
def copy(report, tmp_path):
    """The same, to be damaged."""
    return shutil.copytree(report, tmp_path / "report")


def prov(*arguments, home, expect):
    """The command line in this process, which spares the start of another for each call."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, MUSICPROV_HOME=str(home)),
        mock.patch.object(sys, "argv", ["prov", *map(str, arguments)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as left,
    ):
        main()
    done = SimpleNamespace(stdout=out.getvalue(), stderr=err.getvalue())
    assert left.value.code == expect, done.stdout + done.stderr
    return done


@pytest.fixture
def known(tmp_path):
    """The auditor's public key in a file."""
    path = tmp_path / "bureau.pub.jwk"
    path.write_text(json.dumps(dict(w.AUDITOR.public.jwk)))
    return path


@pytest.mark.slow
def test_a_whole_report_is_said_to_be_and_whose_it_is(report, known, tmp_path):
    done = prov("audit", "check", report, "--known-key", known, home=tmp_path, expect=0)

    assert "Prövning" in done.stdout
    assert "Signed by bureau.pub.jwk" in done.stdout
    assert "unchanged" in done.stdout
    assert "Changed" not in done.stdout


@pytest.mark.slow
def test_a_key_that_the_user_does_not_know_is_said_to_be_that(report, tmp_path):
    done = prov("audit", "check", report, home=tmp_path, expect=0)

    assert "a key that you do not know" in done.stdout


@pytest.fixture(scope="module")
def forged(tmp_path_factory):
    """A report of the same name over another chart, by whoever has a key of their own."""
    folder = tmp_path_factory.mktemp("forged")
    chart = w.inputs(folder / "in") / "chart.csv"
    chart.write_text(w.CHART.replace("Nobody", "Anybody"), encoding="utf-8")
    return w.audited(w.asked(folder / "in"), folder / "report", FileSigner(generate()))


@pytest.mark.parametrize("name", ["", "exhibits/0001.html", "exhibits/0001.jws"])
def test_what_a_forger_sealed_does_not_pass_where_the_auditors_key_is_named(
    report, forged, known, tmp_path, name
):
    prov("audit", "check", report / name, "--known-key", known, home=tmp_path, expect=0)
    done = prov("audit", "check", forged / name, "--known-key", known, home=tmp_path, expect=3)

    assert "NOT signed by bureau.pub.jwk" in done.stdout
    assert "a key that you do not know" in done.stdout


def test_a_key_that_the_user_has_pinned_does_not_stand_in_for_the_one_that_is_named(
    report, tmp_path
):
    path = tmp_path / "other.pub.jwk"
    path.write_text(json.dumps(dict(generate().public.jwk)))
    bureau = tmp_path / "bureau.pub.jwk"
    bureau.write_text(json.dumps(dict(w.AUDITOR.public.jwk)))
    prov("trust", "pin", bureau, "--name", "Bureau", home=tmp_path, expect=0)

    done = prov("audit", "check", report, "--known-key", path, home=tmp_path, expect=3)
    assert "Signed by Bureau" in done.stdout
    assert "NOT signed by other.pub.jwk" in done.stdout
    both = ("--known-key", path, "--known-key", bureau)
    prov("audit", "check", report, *both, home=tmp_path, expect=0)


def test_a_report_whose_seals_were_taken_off_is_not_one_that_nobody_signed(copy, known, tmp_path):
    for seal_file in copy.rglob("*.jws"):
        seal_file.unlink()

    for more in ((), ("--known-key", known)):
        done = prov("audit", "check", copy, *more, home=tmp_path, expect=1)
        assert "Not signed" in done.stdout
        assert "archive.zip/exhibits/0002.jws" in done.stdout


def test_a_report_that_nobody_signed_is_not_that_of_a_named_key(known, tmp_path):
    chart, out = tmp_path / "chart.csv", tmp_path / "out"
    chart.write_text(w.CHART, encoding="utf-8")
    more = ("--no-pdf", "--no-letters", "--jobs", 1, "--unsigned", "--out", out)
    prov("audit", chart, *more, home=tmp_path / "home", expect=0)

    done = prov("audit", "check", out, "--known-key", known, home=tmp_path, expect=3)
    assert "Not signed" in done.stdout
    prov("audit", "check", out, home=tmp_path, expect=0)
    (out / "index.html").write_text("x")
    prov("audit", "check", out, "--known-key", known, home=tmp_path, expect=1)


def test_a_rerun_says_too_that_the_named_key_signed_nothing(report, known, tmp_path):
    path = tmp_path / "other.pub.jwk"
    path.write_text(json.dumps(dict(generate().public.jwk)))

    done = prov("audit", "rerun", report, "--jobs", 1, "--known-key", path, home=tmp_path, expect=3)
    assert ": the same" in done.stdout
    assert "NOT signed by other.pub.jwk" in done.stdout


def test_that_a_report_is_not_signed_is_said_of_one_that_is_written(tmp_path):
    chart = tmp_path / "chart.csv"
    chart.write_text(w.CHART, encoding="utf-8")
    more = ("--no-pdf", "--no-letters", "--jobs", 1, "--out", tmp_path / "out")

    done = prov("audit", chart, *more, home=tmp_path / "home", expect=0)
    assert "Not signed: no key is named, and you have none" in done.stderr
    assert not list((tmp_path / "out").rglob("*.jws"))
    done = prov("audit", chart, *more, home=tmp_path / "home", expect=2)
    assert "Not signed" not in done.stderr
    unsigned = (*more[:-1], tmp_path / "other", "--unsigned")
    done = prov("audit", chart, *unsigned, home=tmp_path / "home", expect=0)
    assert "Not signed" not in done.stderr
    prov("keygen", "--no-passphrase", home=tmp_path / "home", expect=0)
    (tmp_path / "home" / "keys" / "default.pem").unlink()
    third = (*more[:-1], tmp_path / "third")
    done = prov("audit", chart, *third, home=tmp_path / "home", expect=0)
    assert "no key is named, and the private half of yours is missing" in done.stderr


def test_all_rules_are_those_that_check_takes_for_all_and_none_that_there_is_not(tmp_path):
    chart = tmp_path / "chart.csv"
    chart.write_text(w.CHART, encoding="utf-8")
    more = ("--no-pdf", "--no-letters", "--unsigned", "--jobs", 1, "--out", tmp_path / "out")

    done = prov("audit", chart, *more, "--rules", "all,nobody", home=tmp_path / "home", expect=2)
    assert "nobody" in done.stderr
    prov("audit", chart, *more, "--rules", "norway,all", home=tmp_path / "home", expect=0)

    rules = json.loads((tmp_path / "out" / "report.json").read_bytes())["rules"]
    named = [rule["profile"] for rule in rules]
    assert sorted(named) == sorted(every())
    assert "eu" in named
    assert "ddex" not in named


def test_a_report_without_its_archive_is_not_whole(copy, tmp_path):
    (copy / "archive.zip").unlink()

    done = prov("audit", "check", copy, home=tmp_path, expect=1)

    assert "Missing: 1" in done.stdout
    assert "archive.zip is not here: the report cannot be made again" in done.stdout


def test_what_is_changed_is_listed_and_the_exit_code_says_so(copy, tmp_path):
    (copy / "entries.csv").write_text("x")
    (copy / "index.html").unlink()
    (copy / "new\x1b[31m.txt").write_text("x")

    done = prov("audit", "check", copy, home=tmp_path, expect=1)

    assert "entries.csv" in done.stdout
    assert "Missing: 1" in done.stdout
    assert "\x1b" not in done.stdout


def test_an_exhibit_is_checked_alone(copy, tmp_path):
    done = prov("audit", "check", copy / "exhibits/0001.html", home=tmp_path, expect=0)
    assert "2 files are unchanged" in done.stdout

    (copy / "exhibits/0001.html").write_text("x")
    done = prov("audit", "check", copy / "exhibits/0001.html", home=tmp_path, expect=1)
    assert "0001.html" in done.stdout


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [("in", 1, "audit.no-list"), ("nowhere", 5, "no such file")],
)
def test_what_is_no_report_is_one_line(report, tmp_path, name, code, said):
    done = prov("audit", "check", report.parent / name, home=tmp_path, expect=code)

    assert said in done.stderr
    assert len(done.stderr.splitlines()) <= 2


def test_a_rerun_says_that_it_is_the_same(report, known, tmp_path):
    out = tmp_path / "again"
    done = prov(
        "audit", "rerun", report / "archive.zip", "--out", out, "--known-key", known,
        "--tracks", report.parent / "in/tracks", "--jobs", 1, home=tmp_path, expect=0,
    )  # fmt: skip

    assert "the same" in done.stdout
    assert "Signed by bureau.pub.jwk" in done.stdout
    assert "2 audio files verified anew" in done.stdout
    prov("audit", "check", out, home=tmp_path, expect=0)
    assert (out / "archive.zip").read_bytes() == (report / "archive.zip").read_bytes()
    prov("audit", "rerun", report / "archive.zip", "--out", out, home=tmp_path, expect=2)


@pytest.mark.slow
def test_a_rerun_takes_the_folder_of_a_report_too(report, tmp_path):
    done = prov("audit", "rerun", report, "--jobs", 1, home=tmp_path, expect=0)
    assert ": the same" in done.stdout

    done = prov("audit", "rerun", tmp_path, home=tmp_path, expect=5)
    assert "archive.zip: no such file" in done.stderr


def test_a_rerun_that_differs_names_what(report, tmp_path, monkeypatch):
    from provenance.audit.rendering import tables

    monkeypatch.setattr(tables, "write_csv", lambda _, path: path.write_text("other"))

    done = prov("audit", "rerun", report / "archive.zip", "--jobs", 1, home=tmp_path, expect=1)

    assert "NOT the same" in done.stdout
    assert "entries.csv" in done.stdout


def test_an_archive_that_was_changed_is_refused_by_name(copy, tmp_path):
    data = (copy / "archive.zip").read_bytes()
    (copy / "archive.zip").write_bytes(data.replace(b"Vector Song", b"Other! Song", 1))

    done = prov("audit", "rerun", copy / "archive.zip", home=tmp_path, expect=1)

    assert "audit.archive-" in done.stderr
    done = prov("audit", "rerun", copy / "report.json", home=tmp_path, expect=1)
    assert "audit.archive-form" in done.stderr
