"""Hostile reports, tokens, texts and parameters; nothing outside the history can be reached."""

import json
import socket
from contextlib import ExitStack

import pytest
from provenance.audit.questions import catalogue, graph, history, reports, tables
from provenance.audit.questions.asking import loaded, write
from provenance.audit.questions.history import facts
from provenance.audit.questions.reports import opened
from provenance.audit.questions.vocabulary import context, namespace
from provenance.model.errors import InputError, MissingExtraError, RefusedError, UsageError
from provenance.wire.schemas import load_json

from support import histories
from support.asking import QUIET, both

WEEK = "2026-01-03"
NONE, FULL = {"leadVocals": "none"}, {"leadVocals": "full"}


def asked(tmp_path, *recordings):
    made = histories.report(
        {WEEK: [(n, one) for n, one in enumerate(recordings, 1)]}, "2026-02-01T00:00:00Z"
    )
    return histories.write(made, tmp_path / "report")


# ---- the form of a report ------------------------------------------------------------------


def spoiled(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


SPOILS = {
    "another form": ("{\n", "{ "),
    "another kind": ("musicprov-audit/1", "musicprov-audit/2"),
    "no id": ('"id": "sha-256:', '"id": "sha-512:'),
    "no time": ("2026-02-01T00:00:00Z", "2026-02-31T00:00:00Z"),
    "a title that is none": ('"title": "Test Chart"', '"title": ["Test Chart"]'),
    "a week that is none": ('"week": "2026-01-03"', '"week": "2026-01-99"'),
    "a week out of the head": ('\n{"week": "2026-01-03"', '\n{"week": "2026-01-10"'),
    "a rank of text": ('"rank": 1', '"rank": "1"'),
    "a rank of a fraction": ('"rank": 1', '"rank": 1.5'),
    "a rank that is true": ('"rank": 1', '"rank": true'),
    "a rank too large": ('"rank": 1', '"rank": 9007199254740993'),
    "not a number": ('"rank": 1', '"rank": NaN'),
    "no title": ('"title": "A"', '"title": null'),
    "a number of another exhibit": ('"exhibit": 1,"audit"', '"exhibit": 2,"audit"'),
    "an exhibit of text": ('"exhibit": 1,"state"', '"exhibit": "1","state"'),
    "declarations of text": ('"declarations": [', '"declarations": ["d1", '),
    "a level that is none": ('"areas": {"leadVocals": "none"}', '"areas": {"leadVocals": "some"}'),
    "an area with a bracket": ('"areas": {"leadVocals": "none"}', '"areas": {"a> <b": "none"}'),
    "an id with a bracket": ('"id": "d1","evidence"', '"id": "d1> <b","evidence"'),
    "a list without its beginning": ('\n"exhibits": [', ""),
    "a list twice": ('\n"exhibits": [', '\n"entries": [\n],\n"exhibits": ['),
    "cut off": ("\n]\n}\n", "\n]"),
    "more behind it": ("\n]\n}\n", "\n]\n}\n{}"),
    "deep": ('"rank": 1', '"rank": ' + "[" * 5000),
}  # fmt: skip


@pytest.mark.requirement("AUD-102")
@pytest.mark.parametrize("spoil", SPOILS)
def test_what_has_not_the_form_of_a_report_is_refused(tmp_path, spoil):
    known = histories.declared(histories.token("Alfa", 1, NONE), NONE)
    folder = asked(tmp_path, histories.recording("A", "B", "C", known))
    with opened([folder]) as good:
        assert len(list(facts(good, QUIET))) > 5
    spoiled(folder / "report.json", *SPOILS[spoil])

    with pytest.raises(RefusedError) as refused, opened([folder]) as found:
        list(facts(found, QUIET))
    assert refused.value.rule == "audit.report-form"


@pytest.mark.requirement("AUD-102")
@pytest.mark.parametrize(
    "data", [b"", b"{}", b"\xff\xfe{", b"{\n", b"{\n}\n", b"[1]\n", b"{\n1\n}\n", b"\x00" * 100]
)
def test_a_file_that_is_no_report_is_refused(tmp_path, data):
    (tmp_path / "report.json").write_bytes(data)

    with pytest.raises(RefusedError, match="as 'prov audit' writes it"), opened([tmp_path]):
        pass


@pytest.mark.requirement("AUD-102")
def test_a_line_has_an_end(tmp_path, monkeypatch):
    folder = asked(tmp_path, histories.recording("A" * 5000, "B", "C"))
    monkeypatch.setattr(reports, "LINE_BYTES", 4000)

    with pytest.raises(RefusedError) as refused, opened([folder]) as found:
        list(facts(found, QUIET))
    assert refused.value.rule == "audit.report-form"


@pytest.mark.slow
@pytest.mark.requirement("AUD-102")
def test_an_archive_that_makes_another_report_now_is_refused(tmp_path, monkeypatch):
    from support import audit_world

    made = audit_world.inputs(tmp_path / "inputs")
    archive = _archive(made, tmp_path)
    with ExitStack() as stack:
        assert both(stack, [archive]).ask("states-by-week")[0]["entries"] == 4

    from provenance.audit import document

    plain = document.line
    monkeypatch.setattr(document, "line", lambda value: plain(value).replace("Nobody", "Another"))
    with pytest.raises(RefusedError) as refused, opened([archive]):
        pass
    assert refused.value.rule == "audit.report-differs"


def _archive(inputs, tmp_path):
    """A real audit's archive, as ``prov audit`` leaves it in the report's folder."""
    from support.command import prov

    prov(tmp_path, "audit", inputs / "chart.csv", "--tracks", inputs / "tracks", "--trust",
         inputs / "policy.json", "--at", "2027-01-01T00:00:00Z", "--out", tmp_path / "made",
         "--no-pdf")  # fmt: skip
    return tmp_path / "made" / "archive.zip"


# ---- claims --------------------------------------------------------------------------------


def persona(number, name="P", **artist):
    return histories.token(
        "Alfa", number, FULL, tools=histories.TOOLS, by={"leadVocals": "t1"},
        artists=[{"name": name, "identity": "aiPersona", **artist}],
        people=[{"ref": "p1", "name": "W"}],
    )  # fmt: skip


def rows_of(tmp_path, known):
    with ExitStack() as stack:
        found = both(stack, [asked(tmp_path, histories.recording("A", "B", "C", known))])
        return found.ask("tools-by-area"), found.ask("composer-across-personas", "personas=0")


@pytest.mark.requirement("AUD-104")
def test_a_claim_is_taken_from_a_token_that_holds(tmp_path):
    made = persona(1)

    tools, composers = rows_of(tmp_path, histories.declared(made, FULL))

    assert [row["system"] for row in tools] == ["SongMaker"]
    assert [row["composer"] for row in composers] == ["W"]


@pytest.mark.requirement("AUD-104")
@pytest.mark.parametrize(
    "spoil", ["signature", "other statement", "no token", "no statement", "no JWS"]
)
def test_a_report_puts_no_words_into_a_signers_mouth(tmp_path, spoil):
    known = histories.declared(persona(1), FULL)
    token = known["token"]
    known |= {
        "signature": {"token": token[:-6] + ("AAAAAA" if token[-6:] != "AAAAAA" else "BBBBBB")},
        "other statement": {"token": persona(2).decode()},
        "no token": {"token": None},
        "no statement": {"statement": None},
        "no JWS": {"token": "\u00e9.a.b"},
    }[spoil]

    assert rows_of(tmp_path, known) == ([], [])


@pytest.mark.requirement("AUD-106")
@pytest.mark.parametrize(
    ("public", "rows"), [({}, 1), ({"identityPublic": True}, 1), ({"identityPublic": False}, 0)]
)
def test_an_identity_that_is_kept_from_the_public_is_not_used(tmp_path, public, rows):
    made = persona(1, **public)
    none = histories.declared(histories.token("Beta", 2, NONE), NONE, "Beta", counts=False)
    known = histories.declared(made, FULL)
    with ExitStack() as stack:
        found = both(stack, [asked(tmp_path, histories.recording("A", "B", "C", known, none))])

        assert len(found.ask("composer-across-personas", "personas=0")) == rows
        assert len(found.ask("synthetic-voice-without-ai")) == rows


@pytest.mark.requirement("AUD-105")
def test_two_statements_with_one_id_are_not_merged(tmp_path):
    """One says SongMaker, the other says nothing of a tool, under the same name."""
    one = histories.declared(persona(1), FULL)
    other = histories.declared(histories.token("Beta", 1, FULL), FULL, "Beta")
    folder = asked(
        tmp_path,
        histories.recording("A", "B", "C", one, isrc="SEABC2600001"),
        histories.recording("D", "B", "C", other, isrc="SEABC2600002"),
    )
    with ExitStack() as stack:
        (row,) = both(stack, [folder]).ask("tools-by-area")

    assert (row["recordings"], row["entries"]) == (1, 1)


@pytest.mark.requirement("AUD-105")
def test_findings_and_claims_stand_in_different_graphs(world, tmp_path):
    write(world, tmp_path / "history.nq", QUIET)
    lines = (tmp_path / "history.nq").read_text(encoding="utf-8").split("\n")[:-1]

    mine = f"<{namespace()}"
    kinds = {
        (mine in line, line.endswith(" .") and "> <ni:///sha-256;" in line[-80:]) for line in lines
    }
    assert any("<https://musicprov.org/ns/1#contributions>" in line for line in lines)
    for line in lines:
        in_graph = line.removesuffix(" .").split(" ")[-1].startswith("<ni:///") and "ns/audit/1#" not in line \
            and "www.w3.org/ns/prov#used" not in line  # fmt: skip
        if f"<{namespace()}" in line:
            assert not in_graph
        if "<https://musicprov.org/ns/1#" in line:
            assert in_graph
    assert kinds


@pytest.mark.requirement("AUD-105")
def test_what_is_written_is_rdf_for_others(world, tmp_path):
    import rdflib

    write(world, tmp_path / "history.nq", QUIET)
    read = rdflib.Dataset()
    read.parse(tmp_path / "history.nq", format="nquads")
    mpa = rdflib.Namespace(namespace())

    verified = list(read.subjects(rdflib.RDF.type, mpa.Verification))
    assert len(verified) > 5
    for node in verified:
        claim = read.value(node, mpa.statement)
        assert (node, rdflib.PROV.used, claim) in read
        (disclosure,) = read.graph(claim).subjects(
            rdflib.RDF.type, rdflib.URIRef("https://musicprov.org/ns/1#Disclosure")
        )
        assert read.graph(claim).value(disclosure, rdflib.PROV.alternateOf) == claim


def test_the_context_is_that_of_the_tables():
    assert load_json("context/audit-1.0.jsonld") == context()


def test_terms_are_none_of_chapter_24():
    from provenance.wire import linked

    assert not namespace().startswith(linked.NAMESPACE)


# ---- texts and parameters ------------------------------------------------------------------

TEXTS = [
    "'; DROP TABLE entry; --", '" . <a> <b> <c> . "', "a\nb\r\u2028\x85c\t", "\\u0041\\n\\", "\x00\x01\x7f",
    "\ufffe\uffff\U0010ffff", "\u202eabc", "{x} $level ?chart", "=cmd|'/c'!A1", "\U0001f3b5" * 500, "",
]  # fmt: skip


@pytest.mark.requirement("AUD-100", "AUD-103")
@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_any_text_comes_through_both(tmp_path, text):
    with ExitStack() as stack:
        found = both(stack, [asked(tmp_path, histories.recording(text, text, text))])
        (row,) = found.ask("not-stated-by-label")

    assert row["label"] == text.replace("\x00", "\ufffd")


def test_half_a_character_comes_through_both(tmp_path):
    folder = asked(tmp_path, histories.recording("A", "B", "HALF"))
    spoiled(folder / "report.json", '"label": "HALF"', '"label": "\\ud800"')
    with ExitStack() as stack:
        (row,) = both(stack, [folder]).ask("not-stated-by-label")

    assert row["label"] == "\ufffd"


@pytest.mark.requirement("AUD-103")
@pytest.mark.parametrize(
    "setting",
    ["entries=", "entries", "entries=-1", "entries=1.5", "entries=1 OR 1=1", "entries=٣", "entries=99999999999",
     "nothing=1", "=1", "entries=1000001"],
)  # fmt: skip
def test_a_parameter_that_is_no_value_is_refused(setting):
    assert catalogue.question("not-stated-by-label").values(["entries=0"]) == {"entries": 0}
    with pytest.raises(UsageError):
        catalogue.question("not-stated-by-label").values([setting])


def test_a_level_is_bound_as_a_number():
    question = catalogue.question("generated-vocals")

    assert question.values(["level=full"]) == {"level": 5}
    with pytest.raises(UsageError) as refused:
        question.values(["level=3"])
    assert "none, utility" in refused.value.hint


@pytest.mark.requirement("AUD-103")
@pytest.mark.parametrize(
    "name", ["", "..", "../../profiles/norway", "states-by-week.sql", "SELECT 1"]
)
def test_nothing_is_run_but_what_is_shipped(name):
    with pytest.raises(UsageError, match="no question"):
        catalogue.question(name)


@pytest.mark.requirement("AUD-103")
@pytest.mark.parametrize(
    "sql",
    ["SELECT * FROM read_text('{file}')", "SELECT * FROM '{file}'", "COPY entry TO '{file}.csv'", "ATTACH '{file}.db'",
     "SET enable_external_access = true", "INSTALL httpfs", "LOAD httpfs", "SELECT * FROM read_csv('https://example.invalid/')"],
)  # fmt: skip
def test_sql_reaches_nothing_outside(world, tmp_path, sql):
    import duckdb

    file = tmp_path / "secret.csv"
    file.write_text("a,b\n1,2\n")
    with opened(world) as found, loaded(facts(found, QUIET), "sql") as engine:
        assert len(list(engine.ask("SELECT node FROM entry", {}))) > 5
        with pytest.raises(duckdb.Error):
            list(engine.ask(sql.format(file=file), {}))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["secret.csv"]


@pytest.mark.requirement("AUD-103")
def test_values_of_a_question_are_gone_after_it(world):
    count = "SELECT (COUNT(*) AS ?n) WHERE { <https://musicprov.org/ns/audit/1#asked> ?p ?o }"
    with opened(world) as found, loaded(facts(found, QUIET), "sparql") as engine:
        question = catalogue.question("generated-vocals")
        inside = list(engine.ask(count, {"level": 3}))
        list(engine.ask(question.query("sparql"), {"level": 3}))

        assert [row["n"] for row in inside] == [1]
        assert [row["n"] for row in engine.ask(count, {})] == [0]


@pytest.mark.requirement("AUD-103")
def test_no_socket_is_opened(world, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a socket")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    with ExitStack() as stack:
        assert both(stack, world).all() > 15


# ---- extras, files -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "door", "extra"), [("duckdb", tables, "catalog"), ("oxrdflib", graph, "graph")]
)
def test_a_missing_extra_is_one_line(monkeypatch, module, door, extra):
    monkeypatch.setitem(__import__("sys").modules, module, None)

    with pytest.raises(MissingExtraError, match=f"extra '{extra}'") as missing, door.loaded([]):
        pass
    assert f"musicprov[{extra}]" in missing.value.hint


def test_a_history_is_written_for_others_once(world, tmp_path):
    import duckdb

    file = tmp_path / "history.duckdb"
    write(world, file, QUIET)

    with duckdb.connect(str(file), read_only=True) as engine:
        assert engine.execute("SELECT count(*) FROM entry").fetchone() == (11,)
    with pytest.raises(InputError, match="exists already"):
        write(world, file, QUIET)
    with pytest.raises(InputError, match="none: is no folder"):
        write(world, tmp_path / "none" / "history.nq", QUIET)


@pytest.mark.parametrize("name", ["history.nq", "history.duckdb"])
def test_half_a_history_is_not_left_behind(tmp_path, name):
    folder = asked(tmp_path, *(histories.recording(f"{n}", "B", "C") for n in range(3)))
    spoiled(folder / "report.json", '"exhibit": 3,"audit"', '"exhibit": 4,"audit"')
    (tmp_path / "out").mkdir()

    with pytest.raises(RefusedError, match="as 'prov audit' writes it"):
        write([folder], tmp_path / "out" / name, QUIET)
    assert list((tmp_path / "out").iterdir()) == []


def test_memory_is_not_that_of_the_reports(tmp_path):
    """Rows are made one exhibit at a time."""
    folder = asked(tmp_path, *(histories.recording(f"{n}", "B", "C") for n in range(50)))
    with opened([folder]) as found:
        stream = history.facts(found, QUIET)
        first = next(stream)

    assert first.table == "audit"
    assert json.loads((folder / "report.json").read_text())["entries"]
