"""Each question over a world whose answers were worked out by hand, by both engines."""

from contextlib import ExitStack

import pytest
from provenance.audit.questions import catalogue
from provenance.audit.questions.vocabulary import tables
from provenance.profiles.judging import rules_of

from support import histories
from support.asking import both
from threats.world import STRANGER

FIRST, AGAIN, THIRD = "2026-01-11T00:00:00Z", "2026-01-13T00:00:00Z", "2026-03-18T00:00:00Z"
TWICE = ("SEABC2600003", "Twice", "Ann")
EXPECTED = {
    # the week of 10 January is that of the second report; the third has a recording without levels
    ("generated-vocals",): [
        ("Test Chart", "2026-01-03", 4, 1, 1, 250, None),
        ("Test Chart", "2026-01-10", 3, 1, 0, 333, 83),
        ("Test Chart", "2026-01-17", 4, 2, 1, 500, 167),
    ],
    ("generated-vocals", "level=none"): [
        ("Test Chart", "2026-01-03", 4, 3, 1, 750, None),
        ("Test Chart", "2026-01-10", 3, 3, 0, 1000, 250),
        ("Test Chart", "2026-01-17", 4, 3, 1, 750, -250),
    ],
    ("states-by-week",): [
        ("Test Chart", "2026-01-03", 4, 3, 0, 0, 1),
        ("Test Chart", "2026-01-10", 3, 2, 1, 0, 0),
        ("Test Chart", "2026-01-17", 4, 2, 1, 1, 0),
    ],
    ("synthetic-voice-without-ai",): [
        (*TWICE, "selfClone", "leadVocals", "Alfa", "Alfa", "Beta", "Beta", THIRD),
    ],
    ("tools-by-area",): [("SongMaker", "Example AI", "leadVocals", 3, 4)],
    ("tools-by-area", "level=utility"): [
        ("Master <b>&\u2028\"\\'", "", "mixing", 3, 4),
        ("SongMaker", "Example AI", "leadVocals", 3, 4),
    ],
    ("disagreeing-declarations",): "by-identity",
    ("signer-not-label",): [
        ("Test Chart", "2026-01-03", 4, "SEABC2600005", "Late", "Cid", "Gamma", "Shop", "Shop", "party"),
    ],
    ("declared-late",): [
        ("SEABC2600005", "Late", "Cid", "Gamma", "2026-01-03", 3, "2026-01-09", 6, True, "Shop", "Shop", FIRST),
    ],
    ("declared-late", "days=7"): [],
    # a person who mixes is no writer; one song is 59 days after the first
    ("composer-across-personas",): [],
    ("composer-across-personas", "personas=1"): [("ÅSA  Oberg", "2026-01-01", 2, 2)],
    ("composer-across-personas", "personas=1", "days=9"): [],
    ("composer-across-personas", "personas=1", "days=10"): [("ÅSA  Oberg", "2026-01-01", 2, 2)],
    ("composer-across-personas", "personas=1", "days=365"): [
        ("ÅSA  Oberg", "2026-01-01", 3, 3),
        ("ÅSA  Oberg", "2026-01-10", 2, 2),
    ],
    ("composer-across-personas", "personas=2", "days=59"): [],
    ("composer-across-personas", "personas=2", "days=60"): [("ÅSA  Oberg", "2026-01-01", 3, 3)],
    ("rule-outcomes",): [
        ("norway", "norway Ltd", "no-1", "ineligible", 4, 3, "A clause."),
        ("norway", "norway Ltd", "no-1", "review", 3, 2, "A clause."),
        ("norway", "norway Ltd", "no-1", "clear", 2, 1, "A clause."),
    ],
    ("revoked-key",): [
        ("SEABC2600006", "Revoked", "Dee", "Gamma", STRANGER.thumbprint, "Stranger", STRANGER.thumbprint,
         "identity.revoked-no-poe", "INDETERMINATE", False, THIRD),
    ],
    ("not-stated-by-label",): [
        ("", 1, 1, 1000), ("Alfa", 4, 0, 0), ("Beta", 4, 0, 0), ("Gamma", 2, 0, 0),
    ],
    ("not-stated-by-label", "entries=4"): [("Alfa", 4, 0, 0), ("Beta", 4, 0, 0)],
}  # fmt: skip
"""Question and settings to rows, worked out from ``tests/support/histories.py``."""


@pytest.fixture(scope="module")
def history(world):
    with ExitStack() as stack:
        yield both(stack, world)


@pytest.mark.requirement("AUD-100", "AUD-101")
@pytest.mark.parametrize("asked", EXPECTED, ids=" ".join)
def test_answer_is_the_one_that_was_worked_out(history, asked):
    found = [tuple(row.values()) for row in history.ask(*asked)]
    expected = EXPECTED[asked]
    if expected == "by-identity":  # who comes first is by the identities of the statements
        one = ("leadVocals", "Beta", "Beta", "none", "Alfa", "Alfa", "full", THIRD)
        other = ("leadVocals", "Alfa", "Alfa", "full", "Beta", "Beta", "none", THIRD)
        expected = [(*TWICE, *one)] if found[0][4] == "Beta" else [(*TWICE, *other)]

    assert found == expected


@pytest.mark.parametrize("asked", ["disagreeing-declarations", "synthetic-voice-without-ai"])
def test_a_name_that_nobody_vouches_for_is_never_the_signer(tmp_path, asked):
    voices = [{"kind": "selfClone", "area": "leadVocals"}]
    levels = ({"leadVocals": "full"}, {"leadVocals": "none"})
    tokens = (
        histories.token("Stranger", 1, levels[0], voices=voices),
        histories.token("Alfa", 2, levels[1]),
    )
    said = zip(tokens, levels, ("Stranger", "Alfa"), strict=True)
    one = histories.recording("T", "A", "L", *(histories.declared(*each) for each in said))
    folder = histories.write(histories.report({"2026-01-03": [(1, one)]}, FIRST), tmp_path / "r")
    with ExitStack() as stack:
        (row,) = both(stack, [folder]).ask(asked)

    known = {row["signer"]: row["callsItself"], row["otherSigner"]: row["otherCallsItself"]}
    assert known == {STRANGER.thumbprint: "Stranger", "Alfa": "Alfa"}


def test_of_several_labels_each_is_listed_and_an_entry_without_one_is_not(tmp_path):
    one = histories.declared(histories.token("Alfa", 1, histories.NONE), histories.NONE)
    flags = [histories.audits.flag("signerNotLabel", "e1", signer="Alfa", label="Omega")]
    song = histories.recording("T", "A", "Omega", one, flags=flags)
    days = ("2026-01-03", "2026-01-10", "2026-01-17")
    made = histories.report({day: [(1, song)] for day in days}, FIRST)
    labels = zip(made.entries(), ("Alfa", "", "Omega"), strict=True)
    entries = [entry | {"label": label} for entry, label in labels]
    made = histories.audits.Sample(made.head, entries, list(made.exhibits()))
    with ExitStack() as stack:
        rows = both(stack, [histories.write(made, tmp_path / "r")]).ask("signer-not-label")

    assert [(row["week"], row["label"]) for row in rows] == [(days[0], "Alfa"), (days[2], "Omega")]


def test_every_question_has_an_answer_that_was_worked_out():
    assert {name for name, *_ in EXPECTED} == set(catalogue.names())


@pytest.mark.requirement("AUD-101")
def test_a_week_counts_from_its_latest_report_whatever_the_order(world):
    with ExitStack() as stack:
        forward, backward = both(stack, world), both(stack, [*reversed(world), world[1]])

        assert forward.ask("states-by-week") == backward.ask("states-by-week")


@pytest.mark.requirement("AUD-101")
def test_other_titles_are_other_charts(tmp_path):
    rows = {"2026-01-03": [(1, histories.recording("A", "B", "C"))]}
    made = [histories.report(rows, FIRST, chart=title) for title in ("One", "Other")]
    with ExitStack() as stack:
        found = both(stack, [histories.write(m, tmp_path / str(n)) for n, m in enumerate(made)])

        assert [row["chart"] for row in found.ask("states-by-week")] == ["One", "Other"]


@pytest.mark.parametrize("name", catalogue.names())
def test_a_question_says_what_it_is(name):
    question = catalogue.question(name)
    columns = set(question.columns)

    assert question.title
    assert question.answers.endswith(".")
    assert question.caveat.endswith(".")
    assert {column.removeprefix("-") for column in question.order} <= columns
    assert all(
        said["means"] for said in [*question.columns.values(), *question.parameters.values()]
    )
    assert all(f"${p}" in question.query("sql") for p in question.parameters)
    assert all(f"mpa:asked mpa:{p} " in question.query("sparql") or f"; mpa:{p} " in
               question.query("sparql") for p in question.parameters)  # fmt: skip
    for word in ("SERVICE", "LOAD", "INSERT", "FROM <", "read_", "COPY", "ATTACH"):
        assert word not in question.query("sql") + question.query("sparql")


def test_columns_have_the_kinds_that_they_say(history):
    kinds = {"text": str, "integer": int, "boolean": bool}
    for name, *settings in EXPECTED:
        columns = catalogue.question(name).columns
        for row in history.ask(name, *settings):
            for column, value in row.items():
                said = columns[column]
                assert type(value) is kinds[said["kind"]] or (
                    value is None and said.get("optional")
                )


def test_the_clauses_of_real_rules_are_text_of_the_profiles(tmp_path):
    from support import audits

    with ExitStack() as stack:
        found = both(stack, [histories.write(audits.sample(12), tmp_path / "r")])
        clauses = {row["rule"]: row["clause"] for row in found.ask("rule-outcomes")}

    known = {r["id"]: r["clause"] for p in audits.PROFILES for r in rules_of(p)["rules"]}
    assert clauses == known


def test_tables_are_described():
    assert all(table.columns for table in tables().values())


def test_not_stated_means_one_thing_in_all_questions():
    """A level that is not declared is not a state (AUD-055)."""
    states = catalogue.question("states-by-week").columns
    vocals = catalogue.question("generated-vocals")

    assert "notStated" in states
    assert "notStated" not in vocals.columns
    assert "noLevel" in vocals.columns
    assert "by name or likeness alone" in vocals.caveat
