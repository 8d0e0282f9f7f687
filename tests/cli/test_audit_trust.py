"""By which policy and keys an audit decides whose signatures count, and that it says so."""

import json

import pytest
from click.testing import CliRunner
from provenance.audit.rendering.printed import Printed
from provenance.audit.rendering.words import Words
from provenance.cli.main import cli
from provenance.signing.keys import load_public
from provenance.wire.schemas import validator

from support import audit_world as w
from support.audits import HOSTILE_LABEL, sample
from threats import world

LABEL = json.dumps(dict(world.LABEL.jwk))
THUMBPRINT = load_public(LABEL.encode()).thumbprint
STRICT = world.asker([world.S.party("shop", world.SHOP)], [])
"""A policy that lets parties alone declare, and does not name the label."""


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = w.inputs(tmp_path_factory.mktemp("audit") / "in")
    (folder / "label.jwk").write_text(LABEL)
    (folder / "strict.json").write_text(json.dumps(STRICT.plain))
    return folder


@pytest.fixture
def audit(inputs, tmp_path, monkeypatch):
    """Runs an audit of one signed file; the user's default policy is the strict one, or none."""
    monkeypatch.setenv("MUSICPROV_HOME", str(tmp_path / "home"))
    runner = CliRunner()

    def run(*more, has_default=True):
        if has_default:
            used = runner.invoke(cli, ["trust", "use", str(inputs / "strict.json")])
            assert used.exit_code == 0, used.output
        out = tmp_path / "report"
        done = runner.invoke(
            cli,
            ["audit", "run", str(inputs / "chart.csv"), "--tracks", str(inputs / "tracks"),
             "--at", "2027-01-01T00:00:00Z", "--no-pdf", "--no-letters", "--unsigned",
             "--jobs", "1", "--out", str(out), *map(str, more)],
        )  # fmt: skip
        assert done.exit_code == 0, done.output
        head = json.loads((out / "report.json").read_text(encoding="utf-8"))
        assert list(validator("audit").iter_errors(head)) == []
        first = json.loads((out / "exhibits/0001.json").read_text(encoding="utf-8"))
        page = (out / "method.html").read_text(encoding="utf-8")
        return done.stdout, head["policy"], first["state"], page, out

    return run


@pytest.mark.requirement("AUD-114")
@pytest.mark.parametrize("has_default", [True, False])
def test_where_keys_are_named_they_alone_count_whatever_the_users_default_is(
    audit, inputs, has_default
):
    told, policy, state, page, _ = audit(
        "--known-key", inputs / "label.jwk", has_default=has_default
    )

    assert state == "declared"
    assert (policy["id"], policy["sha256"]) == ("personal", None)
    assert policy["keys"] == [{"name": "label.jwk", "thumbprint": THUMBPRINT}]
    assert "Trust policy: none; the keys that --known-key names count" in told
    assert f"Known key: label.jwk ({THUMBPRINT})" in told
    assert "strict" not in told
    assert THUMBPRINT in page


@pytest.mark.requirement("AUD-114")
def test_a_default_policy_is_taken_where_nothing_is_named_and_is_said_to_be_that(audit):
    told, policy, state, page, _ = audit()

    assert state == "unverifiable"
    assert (policy["id"], policy["keys"]) == (STRICT.plain["id"], [])
    whole = f"'{policy['id']}', version {policy['version']}, {policy['sha256']}, your default"
    assert f"Trust policy: {whole}" in told
    assert policy["sha256"] in page


@pytest.mark.slow
@pytest.mark.requirement("AUD-114")
def test_a_policy_that_is_named_is_no_default_and_decides_what_a_known_key_is_worth(audit, inputs):
    more = ("--trust", inputs / "strict.json", "--known-key", inputs / "label.jwk")
    told, policy, state, page, out = audit(*more)

    assert state == "unverifiable"
    assert f"'{policy['id']}', version" in told
    assert "your default" not in told
    assert f"Known key: label.jwk ({THUMBPRINT})" in told
    assert policy["sha256"] in page
    assert THUMBPRINT in page
    again = CliRunner().invoke(cli, ["audit", "rerun", str(out / "archive.zip"), "--jobs", "1"])
    assert again.exit_code == 0, again.output


@pytest.mark.requirement("AUD-114")
def test_that_no_signature_counts_is_said(audit):
    told, policy, state, page, out = audit(has_default=False)

    assert state == "unverifiable"
    assert policy["keys"] == []
    assert "Trust policy: none, and no key is known: no signature counts (" in told
    assert "none: <bdi>personal</bdi>, which is built in" in page
    index = (out / "index.html").read_text(encoding="utf-8")
    assert "no key was named: nobody’s signature counts" in index


@pytest.mark.requirement("AUD-114")
@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_pdf_names_policy_and_keys(language):
    report = sample(3, language=language)
    rows = dict(Printed(report, Words(language), None).back()["policy"])

    policy = report.head["policy"]
    assert [policy["id"], str(policy["version"]), policy["sha256"]] == list(rows.values())[:3]
    (key,) = policy["keys"]
    assert key["name"] == HOSTILE_LABEL
    assert key["thumbprint"] in list(rows.values())[-1]
