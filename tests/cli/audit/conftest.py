"""The case of November 2025, built and audited as its README says, by a user with a name."""

import importlib.util
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

CASE = Path(__file__).parents[3] / "examples/country-digital-song-sales/build.py"
USER, HOME = "zz-auditing-user", "zz-home-of-the-auditor"


def can_make_pdf():
    """Whether the extra and what it stands on are there."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


@pytest.fixture(scope="session")
def case():
    """``examples/country-digital-song-sales/build.py`` as a module."""
    found = importlib.util.spec_from_file_location("country_case", CASE)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def cases(case, tmp_path_factory):
    """The folders of the three cases by name, each audited; with a PDF that of the mark alone."""
    top = tmp_path_factory.mktemp("zz-folder-of-the-case")
    home = top / HOME
    home.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "HOME": home, "MUSICPROV_HOME": home / "musicprov", "USER": USER, "LOGNAME": USER,
            "TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "7",
        }.items():  # fmt: skip
            patch.setenv(name, str(value))
        for name in case.CASES:
            case.build(name, top / name)
            has_pdf = name == "contradicted" and can_make_pdf()
            case.audit(top / name, "--jobs", "1", *([] if has_pdf else ["--no-pdf"]))
    return SimpleNamespace(top=top, **{name: top / name for name in case.CASES}, uid=os.getuid())
