"""Our quick frozen dataclass is the standard one in all that can be seen."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Mapping

import pytest
from provenance.model import records


def pair(**options):
    """The same class, made by the standard decorator and by ours."""

    class Sample:
        """A record with every kind of field that we use."""

        first: int
        second: str
        third: tuple[int, ...] = ()
        fourth: Mapping[str, int] = dataclasses.field(default_factory=dict)
        fifth: int | None = None

        @property
        def doubled(self):
            return self.first * 2

    kept = {name: value for name, value in vars(Sample).items() if name != "__dict__"}
    made = []
    for decorator in (dataclasses.dataclass, records.dataclass):
        copied = type("Sample", (), {k: v for k, v in kept.items() if k != "__weakref__"})
        copied.__qualname__ = "Sample"
        made.append(decorator(frozen=True, **options)(copied))
    return made


@pytest.mark.parametrize("options", [{}, {"kw_only": True}])
def test_parameters_and_defaults_are_those_of_the_standard_decorator(options):
    signatures = [
        [
            (p.name, p.kind, p.default is not p.empty)
            for p in inspect.signature(c).parameters.values()
        ]
        for c in pair(**options)
    ]

    assert signatures[0] == signatures[1]


def test_values_text_fields_and_copies_are_those_of_the_standard_decorator():
    seen = []
    for kind in pair():
        one = kind(1, "a", fifth=5)
        other = dataclasses.replace(one, second="b", fourth={"x": 1})
        seen.append(
            (
                [repr(one), repr(other), other.doubled, vars(one), vars(other)],
                [f.name for f in dataclasses.fields(kind)],
                [dataclasses.is_dataclass(one), dataclasses.asdict(other), kind.__match_args__],
                copy.copy(one) == one,
                [p for p in ("frozen", "init") if getattr(kind.__dataclass_params__, p)][:1],
            )
        )

    assert seen[0] == seen[1]


def test_each_instance_has_its_own_made_default():
    kind = pair()[1]

    assert kind(1, "a").fourth is not kind(1, "a").fourth


def test_equal_means_same_class_and_same_values():
    standard, ours = pair()

    assert ours(1, "a") == ours(1, "a")
    assert ours(1, "a") != ours(1, "b")
    assert ours(1, "a") != standard(1, "a")
    assert ours(1, "a") != (1, "a", (), {}, None)


@records.dataclass(frozen=True)
class Hashed:
    """A record of hashable values, at the top of a module so that it can be pickled."""

    first: int
    second: tuple[str, ...] = ()


def test_equal_values_have_equal_hashes_and_unhashable_ones_none():
    assert len({Hashed(1), Hashed(1, ()), Hashed(2)}) == 2
    with pytest.raises(TypeError, match="unhashable"):
        hash(pair()[1](1, "a"))


def test_what_was_pickled_comes_back_equal():
    assert pickle.loads(pickle.dumps(Hashed(3, ("x",)))) == Hashed(3, ("x",))


@pytest.mark.parametrize("kind", pair())
def test_nothing_can_be_assigned_or_deleted(kind):
    one = kind(1, "a")

    for change in (
        lambda: setattr(one, "first", 2),
        lambda: setattr(one, "other", 2),
        lambda: delattr(one, "first"),
    ):
        with pytest.raises(dataclasses.FrozenInstanceError):
            change()
    assert one.first == 1


@pytest.mark.parametrize("arguments", [(), (1,), (1, "a", (), {}, None, 7)])
def test_wrong_numbers_of_arguments_are_refused(arguments):
    with pytest.raises(TypeError):
        pair()[1](*arguments)


def test_a_class_keeps_the_methods_that_it_writes_itself():
    @records.dataclass(frozen=True)
    class Odd:
        value: int

        def __repr__(self):
            return "odd"

        def __eq__(self, other):
            return True

        __hash__ = None

    assert repr(Odd(1)) == "odd"
    assert Odd(1) == Odd(2)
    assert Odd.__hash__ is None


def test_only_frozen_records_are_made():
    with pytest.raises(TypeError, match="mutable"):
        records.dataclass(frozen=False)
