import pytest
from provenance.audit import document
from provenance.audit.rendering.pages import write_pages
from provenance.audit.rendering.tables import write_csv

from support.audits import sample


def written(report, folder):
    """A report's JSON, CSV and pages in a folder."""
    folder.mkdir(parents=True)
    document.write_report(report, folder / "report.json")
    document.write_exhibits(report, folder)
    write_csv(report, folder / "entries.csv")
    write_pages(report, folder, lambda *_: None)
    return folder


@pytest.fixture(scope="session")
def reports(tmp_path_factory):
    """The same report in English and Swedish, and one over several weeks."""
    root = tmp_path_factory.mktemp("pages")
    return {
        "en": written(sample(), root / "en"),
        "sv": written(sample(language="sv"), root / "sv"),
        "weeks": written(sample(16, 3), root / "several"),
    }
