"""RDF from strangers: no context but ours, nothing fetched, bounded; each trap of processors."""

import json
import socket
import sys
import threading
from pathlib import Path

import pytest
import rdflib
from provenance.exports.base import Source
from provenance.exports.rdf import EXPORT
from provenance.imports import load, names
from provenance.imports.rdf import declarations, parse
from provenance.model.errors import InputError
from provenance.wire import linked
from provenance.wire.decode import decode, decode_declaration
from provenance.wire.encode import to_plain

ROOT = Path(__file__).parents[3]
FULL = ROOT / "tests" / "vectors" / "exports" / "every-member.json"
MP = linked.NAMESPACE
SEEN = []
WATCHING = []


def hook(event, arguments):
    if WATCHING and event in {"open", "socket.connect", "socket.getaddrinfo", "urllib.Request"}:
        SEEN.append((event, str(arguments)))


sys.addaudithook(hook)


@pytest.fixture
def watched():
    """Everything that is opened, resolved or connected to while a test runs."""
    SEEN.clear()
    WATCHING.append(True)
    yield SEEN
    WATCHING.clear()


@pytest.fixture
def server():
    """A web server that counts who comes."""
    visitors = []
    listening = socket.create_server(("127.0.0.1", 0))
    body = json.dumps({"@context": {"name": "http://attacker.example/name"}}).encode()

    def serve():
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            visitors.append(connection.recv(9999))
            head = b"HTTP/1.0 200 OK\r\nContent-Type: application/ld+json\r\n\r\n"
            connection.sendall(head + body)
            connection.close()

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/context.jsonld", visitors
    listening.close()


def exported(manifest, form):
    return EXPORT.render(Source(manifest, options={"format": form})).data


def document(**members):
    manifest, _ = decode_declaration(json.dumps({"subject": {"title": "A"}, **members}).encode())
    return json.loads(exported(manifest, "json-ld"))


def refused(plain):
    with pytest.raises(InputError) as error:
        load("rdf").read(plain if isinstance(plain, bytes) else json.dumps(plain).encode())
    return f"{error.value} {error.value.hint}"


def test_there_is_such_an_import():
    assert "rdf" in names()


@pytest.mark.requirement("EXP-011")
@pytest.mark.parametrize("form", EXPORT.formats)
def test_a_draft_is_unsigned_and_says_where_it_was_read(form):
    manifest, _ = decode(FULL.read_bytes(), strict=True)
    plain = to_plain(manifest)

    (draft,) = load("rdf").read(exported(manifest, form))

    wanted = {m: v for m, v in plain.items() if m not in {"type", "specVersion", "id", "issued"}}
    del wanted["sequence"], wanted["supersedes"]
    wanted["subject"] = {m: v for m, v in plain["subject"].items() if m != "bindings"}
    assert draft.declaration == wanted
    assert draft.source == f"rdf {plain['id']}"
    assert draft.said_by == plain["declarant"]["name"]
    assert {text.split(":")[0] for text in draft.left_out} == {
        *{"type", "specVersion", "id", "issued", "sequence", "supersedes", "subject.bindings"}
    }
    again, found = decode_declaration(json.dumps(draft.declaration).encode())
    assert again is not None, found


def test_a_graph_of_several_gives_several_drafts():
    first, second = ({"subject": {"title": title}} for title in "AB")
    made = b"".join(
        exported(decode_declaration(json.dumps(p).encode())[0], "n-triples")
        for p in (first, second)
    )

    drafts = load("rdf").read(made)

    assert sorted(d.declaration["subject"]["title"] for d in drafts) == ["A", "B"]


@pytest.mark.requirement("EXP-012")
def test_what_a_graph_does_not_say_is_left_out():
    (draft,) = load("rdf").read(f"<urn:x:1> a <{MP}Declaration> .".encode())

    assert draft.declaration == {}


@pytest.mark.requirement("RDF-006")
def test_nothing_is_taken_from_what_is_derived():
    plain = {
        "subject": {"title": "A"},
        "tools": [{"ref": "t1"}],
        "contributions": [{"area": "lyrics", "level": "full", "agents": [{"tool": "t1"}]}],
    }
    manifest, _ = decode_declaration(json.dumps(plain).encode())
    graph = rdflib.Graph().parse(data=exported(manifest, "turtle"), format="turtle")
    for prov in {p for p in graph.predicates() if str(p).startswith("http://www.w3.org/ns/prov#")}:
        graph.remove((None, prov, None))
    graph.add((rdflib.URIRef("urn:x:1"), rdflib.URIRef(MP + "title"), rdflib.Literal("B")))

    ((_, read),) = declarations(graph.serialize(format="turtle").encode())

    assert read == plain


# Traps of processors, each as the study of them names it.


@pytest.mark.requirement("RDF-010, RDF-011")
def test_a_context_by_http_is_refused_and_nobody_asks_for_it(server, watched):
    address, visitors = server
    message = refused({**document(), "@context": address})

    assert linked.CONTEXT in message
    assert [event for event in watched if event[0] != "open"] == []
    assert visitors == []


@pytest.mark.requirement("RDF-010, RDF-011")
def test_a_context_by_file_is_refused_and_not_opened(tmp_path, watched):
    context = tmp_path / "context.jsonld"
    context.write_text(json.dumps({"@context": dict(linked.context())}))
    SEEN.clear()

    for named in (context.as_uri(), str(context), "context.jsonld"):
        refused({**document(), "@context": named})

    assert [event for event in watched if "context.jsonld" in event[1]] == []


def test_rdflib_itself_would_read_it(tmp_path, server):
    """Else the tests above could not fail."""
    address, visitors = server
    context = tmp_path / "context.jsonld"
    context.write_text(json.dumps({"@context": {"name": "http://attacker.example/name"}}))
    for named in (address, context.as_uri()):
        text = json.dumps({"@context": named, "@id": "urn:x:1", "name": "A"})
        assert len(rdflib.Graph().parse(data=text, format="json-ld")) == 1
    assert len(visitors) == 1


@pytest.mark.requirement("RDF-010")
@pytest.mark.parametrize(
    "near",
    [
        linked.CONTEXT + "#",
        linked.CONTEXT.replace("https", "http"),
        linked.CONTEXT.upper(),
        " " + linked.CONTEXT,
        linked.CONTEXT.replace("1.0", "1.0.1"),
        [linked.CONTEXT],
        [linked.CONTEXT, {"name": "http://attacker.example/name"}],
        {**linked.context(), "level": "mp:basis"},
        {**linked.context(), "@import": linked.CONTEXT},
        {**linked.context(), "@protected": True},
        {"@vocab": MP},
        {},
        None,
        1,
        True,
    ],
    ids=lambda value: json.dumps(value)[:40],
)
def test_a_context_that_is_nearly_ours_is_another(near):
    assert "context" in refused({**document(), "@context": near})


@pytest.mark.requirement("RDF-010")
@pytest.mark.parametrize("word", ["@context", "@import"])
@pytest.mark.parametrize(
    "place", ["subject", "@graph", "@included", "@nest", "contributions", "https://a.example/x"]
)
@pytest.mark.parametrize("deep", [False, True])
def test_a_context_inside_a_document_is_refused(word, place, deep):
    inner = {"id": "urn:x:1", word: {"level": f"{MP}basis"}}
    inner = [[{"name": inner}]] if deep else inner

    assert "inside" in refused({**document(), place: inner})
    assert "inside" in refused({place: inner})
    assert "inside" in refused([{place: inner}])


@pytest.mark.requirement("RDF-010")
@pytest.mark.parametrize("opaque", sorted(linked.JSON_VALUES))
def test_json_values_are_opaque_only_in_our_context(opaque, watched):
    """Without the context a key of that name could be anything."""
    inner = {"@context": "http://127.0.0.1:1/c"}

    assert "inside" in refused({opaque: inner})
    assert "inside" in refused({"@graph": [{opaque: [inner]}]})
    assert [event for event in watched if event[0] != "open"] == []


@pytest.mark.slow
@pytest.mark.requirement("RDF-005, RDF-010")
@pytest.mark.parametrize("form", EXPORT.formats)
@pytest.mark.parametrize(
    "name", ["@context", "@id", "@type", "@graph", "@import", "@value", "mp", "order"]
)
def test_a_keyword_in_a_manifest_is_data(form, name, watched):
    """Unknown members and extensions may be called anything; they come back as they were."""
    plain = json.loads(FULL.read_bytes())
    plain[name] = "http://127.0.0.1:1/c"
    plain["subject"][name] = {"@context": ["file:///etc/hosts"]}
    plain["subject"]["bindings"][0][name] = [None, 1]
    plain["extensions"]["org.example.linked"] = {name: {"@context": "http://127.0.0.1:1/c"}}
    manifest, found = decode(json.dumps(plain).encode())
    assert manifest is not None, found

    ((_, read),) = declarations(exported(manifest, form))

    assert read == to_plain(manifest) == plain
    assert [e for e in watched if e[0] != "open" or "/etc/hosts" in e[1]] == []


@pytest.mark.requirement("RDF-010")
def test_a_context_that_defines_itself_in_a_circle_is_refused_in_words():
    circle = {"a": "b:x", "b": "a:x"}

    assert "context" in refused({"@context": circle, "a": "x"})


@pytest.mark.requirement("RDF-010, RDF-012")
def test_a_term_that_is_protected_and_defined_again_is_refused():
    """Rdflib keeps the outer meaning in silence, others the inner one."""
    scoped = {"@protected": True, "tools": {"@id": "mp:tools", "@context": {"name": "mp:ref"}}}

    assert "context" in refused({**document(), "@context": {**linked.context(), **scoped}})


@pytest.mark.requirement("RDF-010, RDF-012")
def test_a_container_of_graphs_is_refused():
    container = {"tools": {"@id": "mp:tools", "@container": "@graph"}}

    assert "context" in refused({**document(), "@context": {**linked.context(), **container}})


@pytest.mark.requirement("RDF-012")
@pytest.mark.parametrize("number", ["182.4", "90.0", "1e2", "1E400", "NaN"])
def test_a_fraction_is_refused(number):
    text = json.dumps({**document(), "share": "NUMBER"}).replace('"NUMBER"', number)

    assert "JSON-LD" in refused(text.encode())


@pytest.mark.requirement("RDF-003")
def test_a_time_stays_as_it_is_written_though_stores_rewrite_typed_ones():
    plain = json.loads(FULL.read_bytes()) | {"issued": "2026-11-24T12:00:00.123456789Z"}
    manifest, _ = decode(json.dumps(plain).encode())
    typed = rdflib.URIRef("http://www.w3.org/ns/prov#generatedAtTime")
    graph = rdflib.Graph().parse(data=exported(manifest, "json-ld"), format="json-ld")
    rewritten = str(graph.value(rdflib.URIRef(plain["id"]), typed))

    ((_, read),) = declarations(graph.serialize(format="turtle").encode())

    assert rewritten == "2026-11-24T12:00:00.123456+00:00"
    assert read["issued"] == "2026-11-24T12:00:00.123456789Z"


@pytest.mark.requirement("RDF-011")
def test_what_a_graph_names_is_not_fetched(server, tmp_path, watched):
    address, visitors = server
    text = (
        f"@base <{address}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        f"<> owl:imports <{address}>, <{tmp_path.as_uri()}/x.ttl> .\n"
        f"<urn:x:1> a <{MP}Declaration> ; <{MP}subject> <{address}> ."
    )

    (draft,) = load("rdf").read(text.encode())

    assert draft.declaration == {"subject": {}}
    assert visitors == []
    assert [e for e in watched if e[0] != "open" or "x.ttl" in e[1]] == []


# Bounds.


def turtle(text):
    return f"@prefix mp: <{MP}> .\n{text}".encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no mp:Declaration"),
        (b"<urn:x:1> a <urn:x:2> .", "no mp:Declaration"),
        (b"{}", "no mp:Declaration"),
        (b"[]", "no mp:Declaration"),
        (b"\xff\xfe", "UTF-8"),
        (b"{\xff", "JSON-LD"),
        (b'{"a":1,"a":2}', "JSON-LD"),
        (b"<urn:x:1> a", "not turtle"),
        (b"MThd\0\0\0\6", "not turtle"),
        (b" " * (1 << 19) + b".", "512 KiB"),
        (b"[" * 5000, "JSON-LD"),
        (b"<urn:x:1> <urn:x:2> " + b"[<urn:x:2> " * 5000, "brackets"),
        (b"<urn:x:1> <urn:x:2> " + b"(1 " * 90_000, "brackets"),
        (turtle("<urn:x:1> a mp:Declaration ; mp:subject <urn:x:1> ."), "without end"),
        (
            turtle(
                "<urn:x:1> a mp:Declaration ; mp:position 0 ;"
                " mp:tools <urn:x:1> ; mp:people <urn:x:1> ; mp:voices <urn:x:1> ."
            ),
            "without end",
        ),
        (turtle("<urn:x:1> a mp:Declaration ; mp:tools <urn:x:2> ."), "mp:position"),
        (turtle("<urn:x:1> a mp:Declaration ; mp:specVersion 'a', 'b' ."), "stands twice"),
        (turtle("<urn:x:1> a mp:Declaration ; mp:specVersion <urn:x:2> ."), "no literal"),
        (turtle("<urn:x:1> a mp:Declaration ; mp:extensions 'x' ."), "JSON"),
        (turtle("<urn:x:1> a mp:Declaration ; mp:extensions '[]' ."), "JSON"),
        (turtle("<urn:x:1> a mp:Declaration ; mp:extensions '{}', '{\"a\":1}' ."), "JSON"),
        (
            turtle(
                "<urn:x:1> a mp:Declaration ; mp:mustUnderstand 'a', 'b' ;"
                ' mp:order \'{"mustUnderstand":["a","c"]}\' .'
            ),
            "mp:order",
        ),
    ],
    ids=range(22),
)
def test_what_cannot_be_read_is_refused_in_words(data, said):
    assert said in refused(data)


ROOT_NODE = "<urn:x:1> a mp:Declaration ; "
RECORDING = f"{ROOT_NODE}mp:subject <urn:x:s> . <urn:x:s> mp:title 'T' ; "
ISNI = "mp:scheme 'isni' ; mp:identifier '7'"
FIRST = "mp:position 0"


@pytest.mark.requirement("RDF-007")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{ROOT_NODE}mp:subject 'A song' .", "mp:subject is a text"),
        (f"{ROOT_NODE}mp:tools 'Singer' .", "mp:tools is a text"),
        (f"{RECORDING}mp:ids 'isni' .", "mp:ids is a text"),
        (f"{RECORDING}mp:iswc <urn:x:T0345246801> .", "no literal"),
        (f"{RECORDING}mp:ids <urn:x:i> . <urn:x:i> mp:identifier '7' .", "mp:scheme"),
        (f"{RECORDING}mp:ids <urn:x:i> . <urn:x:i> mp:scheme 'isni' .", "mp:identifier"),
        (
            f"{RECORDING}mp:ids <urn:x:i> . <urn:x:i> {ISNI}, '8' .",
            "mp:identifier",
        ),
        (
            f"{RECORDING}mp:ids <urn:x:i>, <urn:x:j> . <urn:x:i> {ISNI} . <urn:x:j> {ISNI} .",
            "isni stands twice",
        ),
        (f"{ROOT_NODE}mp:tools <urn:x:t> . <urn:x:t> {FIRST}, 1 .", "mp:position"),
        (f"{ROOT_NODE}mp:tools <urn:x:t> . <urn:x:t> mp:position 'first' .", "mp:position"),
        (
            f"{ROOT_NODE}mp:tools <urn:x:t>, <urn:x:u> . <urn:x:t> {FIRST} . <urn:x:u> {FIRST} .",
            "mp:position in mp:tools: 0 stands twice",
        ),
        (
            f"{ROOT_NODE}mp:specVersion '1.0' ; mp:otherMembers '{{\"specVersion\":\"2.0\"}}' .",
            "mp:specVersion stands twice",
        ),
    ],
    ids=range(12),
)
def test_what_is_not_said_once_and_in_the_form_of_the_standard_is_refused(text, said):
    assert said in refused(turtle(text))


@pytest.mark.requirement("RDF-007")
def test_a_number_may_stand_for_an_identifier_as_turtle_writes_it():
    (found,) = load("rdf").read(
        turtle(
            f"{RECORDING}mp:ids <urn:x:i> . <urn:x:i> mp:scheme 'ipi' ; mp:identifier 14107338 ."
        )
    )

    assert found.declaration["subject"]["ids"] == {"ipi": "14107338"}


@pytest.mark.parametrize(
    "text",
    [
        f'{ROOT_NODE}mp:otherMembers \'{{"declarant":"x"}}\' .',
        f"{ROOT_NODE}mp:otherMembers '{{\"subject\":5}}' .",
        f"{ROOT_NODE}mp:declarant <urn:x:d> . <urn:x:d> mp:name true .",
    ],
)
def test_members_of_another_form_are_drafted_as_they_stand(text):
    (found,) = load("rdf").read(turtle(text))

    assert found.said_by is None
    assert found.declaration


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xef\xbb\xbf{}", "without BOM"),
        (b"\xef\xbb\xbf<urn:x:1> a <urn:x:2> .", "without BOM"),
        (b'<?xml version="1.0"?><rdf:RDF/>', "JSON-LD, Turtle or N-Triples"),
        (b"\n<rdf:RDF xmlns:rdf='http://example.com/'/>", "JSON-LD, Turtle or N-Triples"),
    ],
)
def test_what_is_saved_in_another_form_is_told_which_form_is_read(data, said):
    assert said in refused(data)


def test_a_refusal_says_nothing_on_the_error_stream(capfd):
    parse(b'<urn:x:1> <urn:x:2> "x"^^<http://www.w3.org/2001/XMLSchema#integer> .')

    assert capfd.readouterr() == ("", "")


def test_an_integer_beyond_the_wire_form_is_text():
    huge = "9" * 4000
    (draft,) = load("rdf").read(turtle(f"<urn:x:1> a mp:Declaration ; mp:share {huge} ."))

    assert draft.declaration == {"share": huge}


TITLES = (
    "A (live) [x]",
    '"(',
    "'''(",
    '"""(',
    "\\",
    '\\"(',
    "<(",
    "# (",
    'a\\\\"[',
    "it's (",
)


@pytest.mark.parametrize("form", EXPORT.formats)
@pytest.mark.parametrize("title", TITLES)
def test_brackets_in_texts_are_texts(title, form):
    plain = {
        "subject": {"title": title},
        "people": [{"ref": "p1", "name": f"{title} ["}],
        "evidence": [{"kind": "other", "description": f"{title}\n{title}"}],
    }
    manifest, _ = decode_declaration(json.dumps(plain).encode())

    ((_, read),) = declarations(exported(manifest, form))

    assert read == plain


@pytest.mark.parametrize(
    "objects",
    [
        "(1 1) .",
        "[] .",
        "'a', (1) .",
        r'"a\"", (1) .',
        r'"""a\"""", (1) .',
        r"'''a''b''', (1) .",
        "'a' . # it's\n<urn:x:1> <urn:x:2> (1) .",
        '"it\'s", (1) .',
        "<urn:x:(1> .",
    ],
)
def test_brackets_between_texts_are_refused_before_rdflib_spends_hours(objects):
    assert "brackets" in refused(f"<urn:x:1> <urn:x:2> {objects}".encode())


# What a few bytes may cost.

HUGE = {
    "http://www.w3.org/2001/XMLSchema#decimal": "1E99999",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML": "<b>",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral": "<b/>",
}


@pytest.mark.requirement("SEC-002")
@pytest.mark.parametrize("kind", HUGE)
@pytest.mark.parametrize("form", ["turtle", "@type", "type", "list", "inside", "no context"])
def test_no_value_is_made_of_a_foreign_data_type(kind, form):
    """rdflib would write a decimal of eleven bytes out as gigabytes of digits."""
    text = HUGE[kind]
    value = {"@value": text, "type" if form == "type" else "@type": kind}
    held = {"list": [[value]], "inside": {"id": "urn:x:3", "urn:x:2": value}}.get(form, value)
    plain = {"@context": linked.CONTEXT, "@id": "urn:x:1", "urn:x:2": held}
    if form == "no context":
        del plain["@context"]
    turtle_of_it = f'<urn:x:1> <urn:x:2> "{text}"^^<{kind}> .'

    graph = parse((turtle_of_it if form == "turtle" else json.dumps(plain)).encode())

    (literal,) = {o for o in graph.objects() if isinstance(o, rdflib.Literal)}
    assert (str(literal), literal.datatype) == (text, None)
    assert literal.value == text


@pytest.mark.parametrize("form", EXPORT.formats)
def test_the_data_types_of_the_standard_stay(form):
    manifest, _ = decode(FULL.read_bytes(), strict=True)

    graph = parse(exported(manifest, form))

    kinds = {o.datatype for o in graph.objects() if isinstance(o, rdflib.Literal)}
    assert {str(kind) for kind in kinds - {None}} == linked.DATA_TYPES


def test_what_looks_like_a_typed_value_in_a_json_value_is_data():
    made = document(extensions={"a.example": {"@value": "1", "@type": "xsd:decimal"}})

    ((_, read),) = declarations(json.dumps(made).encode())

    assert read["extensions"] == {"a.example": {"@value": "1", "@type": "xsd:decimal"}}


@pytest.mark.requirement("SEC-002")
@pytest.mark.parametrize(
    "text",
    [
        f"@prefix p: <urn:x:{'a' * 100_000}> . p:a p:b {','.join(f'p:{n}' for n in range(100))} .",
        f"@base <http://x.example/{'a' * 100_000}/> . <a> <b> {','.join('<c>' * 100)} .",
        "@base <http://x.example/> . " + "".join(f"@base <{'a' * 999}/> . " for _ in range(200)),
    ],
    ids=["prefix", "base", "growing base"],
)
def test_names_that_grow_when_they_are_written_out_are_refused(text):
    assert "8 MiB" in refused(text.encode())


@pytest.mark.requirement("SEC-002")
@pytest.mark.parametrize(
    "data",
    [
        b"<urn:x:1> <urn:x:2> " + b"1," * 20_001 + b"1 .",
        b"<urn:x:1> <urn:x:2> 1 ." * 20_001,
        b"<urn:x:1> <urn:x:2> 1 " + b"; <urn:x:2> 1 " * 20_001 + b".",
        json.dumps({"@id": "urn:x:1", f"{MP}roles": ["a"] * 20_001}).encode(),
    ],
    ids=["objects", "statements", "predicates", "values"],
)
def test_too_many_statements_are_refused_before_rdflib_reads_them(data, monkeypatch):
    monkeypatch.setattr(rdflib.Graph, "parse", None)
    monkeypatch.setattr("provenance.imports._turtle.read_turtle", None)

    assert "20000 statements" in refused(data)


@pytest.mark.requirement("SEC-002")
def test_an_object_that_everything_leads_to_is_not_read_for_ever():
    roots = "".join(f"<urn:x:{n}> a mp:Declaration ; mp:subject <urn:x:s> ." for n in range(900))

    said = refused(turtle(f'{roots} <urn:x:s> mp:extensions \'{{"a":"{"x" * 100_000}"}}\' .'))

    assert "without end" in said


@pytest.mark.parametrize("path", ["<urn:x:1>!<urn:x:2>", "<urn:x:1>^<urn:x:2>", '<a "> (1) . # "'])
def test_paths_and_hidden_lists_are_refused(path):
    assert "brackets" in refused(f"<urn:x:1> <urn:x:2> {path} .".encode())


def test_too_little_memory_is_no_fault_of_the_document(monkeypatch):
    def full(_):
        raise MemoryError

    monkeypatch.setattr("provenance.imports._turtle.read_turtle", full)

    with pytest.raises(MemoryError):
        parse(b"<urn:x:1> <urn:x:2> 1 .")
