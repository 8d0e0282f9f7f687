"""The quick library accepts nothing that the one with the say refuses (decision 0030).

Over every value that the vectors bring to a schema, and over those values with one thing changed
into something nasty; and no finding of any vector depends on whether it is installed.
"""

import copy
import json
import sys
from functools import cache

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from provenance.conformance.cases import find_cases, vectors_root
from provenance.conformance.operations import perform
from provenance.wire import _quick, schemas

pytest.importorskip("jsonschema_rs", reason="the extra 'fast' is not installed")

SCHEMAS = sorted((schemas.schema_root() / "1.0").iterdir())
NASTY = [
    *(None, True, False, 0, 1, -1, 1.0, 1.5, 2**53, -(2**53), 10**30, 10**400),
    *("", "a", "a\n", " ", "\ud800", "1.٣", "１", "x" * 60_001, "A" * 43 + "\n", "😀" * 200),
    *("2026-02-30", "2026-11-23T08:00:00Z\n", "2026-11-23T24:00:00Z", "https://", "\u2028"),
    *([], {}, [1, 1], [1, True], [1, 1.0], [{}, {}], {"": 1}, {"a.b": None}, [[[[]]]]),
]


@cache
def asked():
    """Each value that is brought to a schema while all vectors run, and each case's answer."""
    values, answers = {}, {}
    with pytest.MonkeyPatch.context() as patch:
        before = schemas.is_valid

        def is_valid(value, schema):
            values.setdefault((schema, json.dumps(value)), copy.deepcopy(value))
            return before(value, schema)

        patch.setattr(schemas, "is_valid", is_valid)
        for case in find_cases(vectors_root()):
            answers[case.id] = perform(case)
    return [(schema, value) for (schema, _), value in values.items()], answers


def both(schema, value):
    """What the quick one says, and the other."""
    return schemas._quickly(schema)(value), schemas.validator(schema).is_valid(value)


@pytest.mark.slow
def test_they_say_the_same_of_every_value_of_the_vectors():
    values, _ = asked()
    said = [both(schema, value) for schema, value in values]

    assert {quick for quick, _ in said} == {True, False}
    assert len(said) > 200
    assert [
        value for value, (quick, other) in zip(values, said, strict=True) if quick != other
    ] == []


@pytest.mark.slow
def test_no_answer_to_a_vector_depends_on_what_is_installed(monkeypatch):
    _, with_quick = asked()
    monkeypatch.setattr(schemas, "_quickly", lambda schema: _quick.never)

    without = {case.id: perform(case) for case in find_cases(vectors_root())}

    assert without == with_quick


@pytest.mark.slow
@settings(max_examples=400)
@given(data=st.data())
def test_nothing_is_accepted_that_the_other_refuses(data):
    whole = [(schema, value) for schema, value in asked()[0] if value]
    schema, value = data.draw(st.sampled_from(whole))
    changed = copy.deepcopy(value)
    places = list(places_of(changed))
    for _ in range(data.draw(st.integers(1, 2))):
        holder, key = data.draw(st.sampled_from(places))
        change = data.draw(st.sampled_from([put, drop, add, twice]))
        change(holder, key, data.draw(st.sampled_from(NASTY)))

    quick, other = both(schema, changed)

    assert other or not quick
    assert schemas.is_valid(changed, schema) == other


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_every_schema_is_one_that_it_can_read(path):
    accepts = schemas._quickly(path.name.removesuffix(".schema.json"))

    assert accepts is not _quick.never
    assert not accepts("this is no object")


def test_a_long_count_is_the_same_count():
    accepts = _quick.quick({"pattern": "^[a-z]{1,100}$"}, schemas._named)

    assert [accepts("a" * n) for n in (0, 1, 100, 101)] == [False, True, True, False]
    assert not accepts("a" * 99 + "A")


def test_a_schema_from_elsewhere_is_asked_of_nobody_but_us():
    where = []

    def retrieve(uri):
        where.append(uri)
        raise KeyError(uri)

    with pytest.raises(Exception, match=r"elsewhere\.example"):
        _quick.quick({"$ref": "https://elsewhere.example/a.json"}, retrieve)

    assert where == ["https://elsewhere.example/a.json"]


def test_what_it_stumbles_over_is_left_to_the_other():
    """UTF-8 has no form for half a surrogate pair; the other library does not mind it."""
    accepts = _quick.quick({"maxLength": 3}, schemas._named)

    assert accepts("abc")
    assert not accepts("\ud800")


def test_where_it_is_not_installed_the_other_is_asked(monkeypatch):
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)

    assert _quick.quick({}, schemas._named) is _quick.never


def places_of(value):
    """Each place in a value, as what holds it and the key there."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places_of(value[key])


def put(holder, key, nasty):
    if isinstance(holder, dict) or key < len(holder):
        holder[key] = copy.deepcopy(nasty)


def drop(holder, key, _):
    if isinstance(holder, dict):
        holder.pop(key, None)
    elif key < len(holder):
        del holder[key]


def add(holder, _, nasty):
    if isinstance(holder, dict):
        holder["unheardOf"] = copy.deepcopy(nasty)
    else:
        holder.append(copy.deepcopy(nasty))


def twice(holder, key, _):
    if isinstance(holder, list) and key < len(holder):
        holder.append(copy.deepcopy(holder[key]))
