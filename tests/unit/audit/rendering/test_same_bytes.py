"""The same report gives the same bytes wherever it is written (AUD-060)."""

import hashlib
import os
import subprocess
import sys

import pytest

from support.audits import sample

from .conftest import written

PROGRAM = """
import sys, pathlib
sys.path[:0] = sys.argv[2:]
from support.audits import sample
from unit.audit.rendering.conftest import written
written(sample(12, 2, "sv"), pathlib.Path(sys.argv[1]) / "report")
"""


def digests(folder):
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file()
    }


@pytest.mark.slow
@pytest.mark.requirement("AUD-060")
def test_another_locale_time_zone_user_and_seed_make_the_same_bytes(tmp_path):
    here = digests(written(sample(12, 2, "sv"), tmp_path / "here" / "report"))
    tests = [path for path in sys.path if path.endswith("tests")][:1]
    for number, (seed, zone, locale) in enumerate(
        [("1", "Pacific/Kiritimati", "tr_TR.UTF-8"), ("77", "America/St_Johns", "C")]
    ):
        place = tmp_path / f"öther {number}"
        place.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "LANG": locale,
                       "HOME": str(place), "USER": "somebody", "PYTHONUTF8": "0"}  # fmt: skip
        line = [sys.executable, "-c", PROGRAM, str(place), *tests]
        subprocess.run(line, env=environment, cwd=place, check=True, timeout=600)
        assert digests(place / "report") == here
    assert len(here) == 12 * 2 + 2 + 2 + 4 + 2


@pytest.mark.requirement("AUD-060")
def test_another_report_makes_other_bytes(tmp_path):
    one, other = sample(), sample()
    other.head["audit"]["at"] = "2026-01-15T12:00:01Z"
    first, second = digests(written(one, tmp_path / "1")), digests(written(other, tmp_path / "2"))
    assert first["index.html"] != second["index.html"]
    assert first["entries.csv"] == second["entries.csv"]
