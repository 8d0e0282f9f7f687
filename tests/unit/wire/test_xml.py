"""XML from strangers: what is read, what is refused, how much memory it takes."""

import itertools
import os
import tracemalloc

import pytest
from provenance.wire import xml
from provenance.wire.xml import XmlError, XmlLimits

WANTED = frozenset({"Header", "List/Item"})
ITEM = b"<Item><Name>A &amp; B</Name><Empty/></Item>"


def read(*chunks, wanted=WANTED, limits=xml.DEFAULT_XML_LIMITS):
    return list(xml.parts(chunks, wanted, limits))


def reason(*chunks, **options):
    with pytest.raises(XmlError) as caught:
        read(*chunks, **options)
    assert str(caught.value)
    assert caught.value.hint
    return caught.value.reason


def test_the_root_and_the_wanted_parts_are_read_and_nothing_else():
    root, first, second = read(b"<r><Other>x</Other><List>", ITEM, b"<Skip/>", ITEM, b"</List></r>")

    assert (root.name, root.children) == ("r", [])
    assert first.said("Name") == "A & B"
    assert [node.name for node in second.walk()] == ["Item", "Name", "Empty"]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_chunks_do_not_matter(size):
    document = b"<r><List>" + ITEM * 3 + b"</List></r>"
    chunks = [document[n : n + size] for n in range(0, len(document), size)]

    assert [n.said("Name") for n in read(*chunks)[1:]] == ["A & B"] * 3


def test_every_element_has_its_exact_bytes():
    document = (
        '<?xml version="1.0"?><!-- ü --><r>\n<Header a="&lt;1>2/"></Header><List><Item>ü<B/>'
        "</Item\n><Item>/></Item><Item/><Item ></Item></List></r>"
    ).encode()

    spans = [document[slice(*xml.span(document, n))].decode() for n in read(document)[1:]]

    assert spans == [
        '<Header a="&lt;1>2/"></Header>',
        "<Item>ü<B/></Item\n>",
        "<Item>/></Item>",
        "<Item/>",
        "<Item ></Item>",
    ]


def test_names_in_a_namespace_are_told_from_names_in_none():
    document = b'<r xmlns="urn:x"><Header/></r>'

    assert [n.name for n in read(document)] == ["urn:x r"]
    assert [n.name for n in read(document, wanted=frozenset({"urn:x Header"}))][1:] == [
        "urn:x Header"
    ]


BOMB = (
    b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    b"<r><Header>&c;</Header></r>"
)
HOSTILE = {
    "bomb": (BOMB, "doctype"),
    "external entity": (
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><Header>&x;</Header></r>',
        "doctype",
    ),
    "external subset": (b'<!DOCTYPE r SYSTEM "http://host.example/r.dtd"><r/>', "doctype"),
    "parameter entity": (b'<!DOCTYPE r [<!ENTITY % p SYSTEM "p.dtd"> %p;]><r/>', "doctype"),
    "empty doctype": (b"<!DOCTYPE r><r/>", "doctype"),
    "undefined entity": (b"<r><Header>&x;</Header></r>", "not-well-formed"),
    "deep": (b"<r>" * 100_000, "depth"),
    "deep in a part": (b"<r><Header>" + b"<a>" * 1000, "depth"),
    "utf-16 le": ("<r/>".encode("utf-16"), "encoding"),
    "utf-16 be": (b"\xfe\xff" + "<r/>".encode("utf-16-be"), "encoding"),
    "utf-16 without a mark": ("<r/>".encode("utf-16-le"), "encoding"),
    "utf-32": ("<r/>".encode("utf-32-le"), "encoding"),
    "latin-1": (b'<?xml version="1.0" encoding="ISO-8859-1"?><r>\xfc</r>', "encoding"),
    "latin-1, unsaid": (b"<r>\xfc</r>", "not-well-formed"),
    "nothing": (b"", "not-well-formed"),
    "cut": (b"<r><Header>", "not-well-formed"),
    "two roots": (b"<r/><r/>", "not-well-formed"),
    "no xml": (b"{}", "not-well-formed"),
    "twice the same attribute": (b'<r a="1" a="2"/>', "not-well-formed"),
    "a tag without end": (b'<r a="' + b"x" * (3 << 20), "token"),
    "a comment without end": (b"<r><!--" + b"x" * (3 << 20), "token"),
    "a long namespace": (b'<r xmlns:a="' + b"x" * 257 + b'"/>', "namespace"),
    "a long default namespace": (b'<r><s xmlns="' + b"x" * 257 + b'"/></r>', "namespace"),
    "a comment before the root": (b"<!--" + b"x" * (3 << 20) + b"--><r/>", "token"),
}


@pytest.mark.requirement("PRF-043")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_refused_by_name(name):
    document, why = HOSTILE[name]

    assert reason(document) == why


def test_inclusions_and_schema_locations_are_plain_data():
    document = (
        b'<r xmlns:xi="http://www.w3.org/2001/XInclude" '
        b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        b'xsi:noNamespaceSchemaLocation="http://host.example/x.xsd"><?xml-stylesheet href="x"?>'
        b'<Header><xi:include href="file:///etc/passwd" parse="text"/></Header></r>'
    )

    (include,) = read(document)[1].children

    assert include.name == "http://www.w3.org/2001/XInclude include"
    assert include.text == ""


def test_bounds_can_be_set_and_are_held():
    document = b"<r><Header>" + b"<a>x</a>" * 100 + b"</Header></r>"

    assert reason(document, limits=XmlLimits(total_bytes=100)) == "too-large"
    assert reason(document, limits=XmlLimits(depth=2)) == "depth"
    assert reason(document, limits=XmlLimits(part_elements=99)) == "part"
    assert reason(document, limits=XmlLimits(part_text=99)) == "part"
    assert len(read(document, limits=XmlLimits(part_elements=100, part_text=100))) == 2


MEBIBYTES = 1024 if os.environ.get("MUSICPROV_TEST_FULL") else 50


@pytest.mark.slow
@pytest.mark.requirement("PRF-043")
def test_a_large_message_is_read_in_bounded_memory():
    deal = (
        b"<Deal><Terms>" + b"<TerritoryCode>SE</TerritoryCode>" + b" " * 4000 + b"</Terms></Deal>\n"
    )
    part = b"<Item>" + b"<Name>A</Name>" * 20 + b"</Item>"
    block = deal * 240 + part * 40
    blocks = (MEBIBYTES << 20) // len(block) + 1
    chunks = itertools.chain([b"<r><List>"], itertools.repeat(block, blocks), [b"</List></r>"])

    tracemalloc.start()
    found = sum(1 for _ in xml.parts(chunks, WANTED))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found == 1 + 40 * blocks
    assert peak < 8 << 20
