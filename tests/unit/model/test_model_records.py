"""What all records of the model have in common."""

import dataclasses
import subprocess
import sys

import pytest
from provenance.model import contribution, facts, manifest, parties, recording, tools, voices
from provenance.model.contribution import Contribution
from provenance.model.levels import Level
from provenance.model.manifest import Manifest

MODULES = (contribution, facts, manifest, parties, recording, tools, voices)
RECORDS = sorted(
    {
        kind
        for module in MODULES
        for kind in vars(module).values()
        if dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__
    },
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_a_record_is_frozen_takes_keywords_only_and_keeps_what_it_does_not_know(kind):
    made = {f.name: f for f in dataclasses.fields(kind)}

    assert kind.__dataclass_params__.frozen
    assert all(f.kw_only for f in made.values())
    assert list(made)[-1] == "unknown"
    assert "__slots__" not in vars(kind)  # a slotted class costs twice as long to import


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
@pytest.mark.requirement("WIR-023")
def test_nothing_is_declared_unless_somebody_says_so(kind):
    for field in dataclasses.fields(kind):
        if field.default is not dataclasses.MISSING:
            assert field.default in {None, ()}
        elif field.default_factory is not dataclasses.MISSING:
            assert field.default_factory in {dict, recording.Subject}


def test_records_are_equal_by_value():
    first = Contribution(area="lyrics", level=Level.NONE, unknown={"x": 1})
    second = Contribution(area="lyrics", level=Level.NONE, unknown={"x": 1})

    assert first == second
    assert first != dataclasses.replace(second, level=Level.FULL)
    assert Manifest() == Manifest()


def test_two_records_do_not_share_what_they_keep():
    assert Manifest().unknown is not Manifest().unknown


def test_the_model_imports_nothing_from_outside():
    code = (
        "import sys; from provenance.model import manifest, levels, identifiers; "
        "known = sys.stdlib_module_names | {'provenance', '__main__'}; "
        "print(sorted({n.split('.')[0] for n in sys.modules} - known))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]", done.stderr
