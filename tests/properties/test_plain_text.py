"""What is cleared as one text has nothing that the walk over every string would find (WIR-010)."""

import json

import hypothesis.strategies as st
import pytest
from hypothesis import example, given
from provenance.wire import text_rules
from provenance.wire.strict_json import JsonError, is_plain, parse

ODD = (
    "e\u0301", "\u0301", "\u0338", "<\u0338", "\x7f", "\x85", "\x1f", "\n", "\t", "\u202e", "\ufeff",
    "\u200e", "\u200b", "a\u200d", "\u0430pple", "Bj\u00f6rk", "\u266d", "\u3042", "\\", '"', "\ufffe",
    "\U000e0041", "\u1100\u1161", "p\u0430", "plain",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(ODD) | st.text(max_size=4), max_size=4).map("".join)
VALUES = st.recursive(
    TEXTS | st.integers(0, 9) | st.booleans() | st.none(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(TEXTS | st.just("name"), below),
    max_leaves=8,
)
BOUNDS = {"max_bytes": 10**6, "max_depth": 32}


@pytest.mark.slow
@given(
    value=st.dictionaries(TEXTS | st.just("name"), VALUES),
    escaped=st.booleans(),
    indent=st.none() | st.just("\t"),
)
@example(value={"name": "\u0338"}, escaped=False, indent=None)
@example(value={"name": "p\u0430"}, escaped=False, indent=None)
@example(value={"name": "p\u0430"}, escaped=True, indent=None)
@example(value={"\u0301": "\x7f"}, escaped=False, indent=None)
def test_nothing_is_found_in_what_is_cleared_as_one_text(value, escaped, indent):
    data = json.dumps(value, ensure_ascii=escaped, indent=indent).encode("utf-8", "surrogatepass")
    try:
        plain = parse(data, **BOUNDS)
    except JsonError:
        return

    assert not is_plain(data) or not list(text_rules.check(plain))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"name": "Bjork"}', True),
        ('{\n\t"name": "Bj\u00f6rk", "title": "\u0416\u0435\u043b\u0442\u044b\u0439"}', True),
        ('{"name": "e\u0301"}', False),
        ('{"name": "\u0338"}', True),
        ('{"name": "p\u0430ypal"}', False),
        ('{"name": "a\u202eb"}', False),
        ('{"name": "\x7f"}', False),
        ('{"name": "\x85"}', False),
        ('{"name": "\\u0041"}', False),
    ],
)
def test_what_is_cleared(text, wanted):
    assert is_plain(text.encode()) is wanted


@given(depth=st.integers(1, 8), limit=st.integers(1, 8), is_list=st.booleans())
def test_objects_and_lists_lie_in_one_another_as_deep_as_the_limit(depth, limit, is_list):
    opened, closed = ("[", "]") if is_list else ('{"a":', "}")
    data = (opened * depth + "1" + closed * depth).encode()

    if depth <= limit:
        parse(data, max_bytes=10**6, max_depth=limit)
    else:
        with pytest.raises(JsonError, match="too-deep"):
            parse(data, max_bytes=10**6, max_depth=limit)
