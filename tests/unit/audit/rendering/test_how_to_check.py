"""How a third person checks a report: commands that work as they stand, and whose key it is."""

import html
import re
import shlex

import pytest
from click.testing import CliRunner
from provenance.audit.rendering.printed import Printed
from provenance.audit.rendering.words import Words
from provenance.cli.main import cli

from support import audit_world as w
from support.audits import sample

THUMBPRINT = w.AUDITOR.public.thumbprint
COMMAND = re.compile(r"<pre><code>(prov [^<]*)</code></pre>")


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("signed")
    made = w.audited(w.asked(w.inputs(folder / "in")), folder / "report")
    (made.parent / "auditor.pub.jwk").write_bytes(w.jwk(w.AUDITOR))
    return made


@pytest.fixture(scope="module")
def unsigned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unsigned")
    return w.audited(w.asked(w.inputs(folder / "in")), folder / "report", None)


def text(path):
    return path.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.requirement("AUD-113")
@pytest.mark.parametrize("page", ["method.html", "exhibits/0001.html", "exhibits/0003.html"])
def test_the_commands_of_a_page_check_it_and_name_the_key(signed, tmp_path, monkeypatch, page):
    found = text(signed / page)
    commands = [html.unescape(one) for one in COMMAND.findall(found)]
    assert THUMBPRINT in found
    assert any(line.startswith("prov audit check ") for line in commands)

    monkeypatch.chdir(signed)
    monkeypatch.setenv("MUSICPROV_HOME", str(tmp_path))
    for line in commands:
        words = shlex.split(line)[1:]
        assert "check" not in words or "--known-key" in words
        done = CliRunner().invoke(cli, words)
        assert (done.exit_code, "auditor.pub.jwk" in done.output) == (0, "check" in words)


@pytest.mark.requirement("AUD-113")
def test_a_report_that_nobody_signed_says_that_and_no_more(unsigned):
    method = text(unsigned / "method.html")
    assert "Ingen har undertecknat rapporten" in method
    assert COMMAND.findall(method) == ["prov audit check .", "prov audit rerun archive.zip"]
    assert COMMAND.findall(text(unsigned / "exhibits/0001.html")) == []
    assert "auditor.pub.jwk" not in method


@pytest.mark.requirement("AUD-113")
@pytest.mark.parametrize(
    ("key", "shown"), [(THUMBPRINT, True), (None, False)], ids=["signed", "unsigned"]
)
def test_the_pdf_says_it_too(key, shown):
    lines = "\n".join(Printed(sample(3), Words("en"), None, key).back()["checking"])

    assert (f"thumbprint {THUMBPRINT} (RFC 7638)" in lines) is shown
    assert ("prov audit check . --known-key ../auditor.pub.jwk" in lines) is shown
    assert ("auditor.pub.jwk is the auditor’s public key" in lines) is shown
    assert ("Nobody signed this report." in lines) is not shown
