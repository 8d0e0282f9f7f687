"""A page and the PDF say which file's audio a declaration was compared with (AUD-070)."""

import re

import pytest
from provenance.audit.rendering.pages import write_pages
from provenance.audit.rendering.printed_exhibits import Exhibits
from provenance.audit.rendering.words import Words

from support.audits import sample


@pytest.mark.requirement("AUD-070")
@pytest.mark.parametrize("number", [2, 6])
def test_the_file_that_was_compared_is_named(tmp_path, number):
    report = sample()
    write_pages(report, tmp_path, lambda *_: None)
    body = report.exhibit(number)
    compared = [one["comparedWith"] for one in body["declarations"] if one["comparedWith"]]
    page = (tmp_path / f"exhibits/{number:04}.html").read_text(encoding="utf-8")
    printed = str(Exhibits(Words("en"), {}).view(body)["parts"][0])

    assert re.findall(r'compared with <a href="#(e\d)">\1</a>\)', page) == compared
    assert re.findall(r"compared with (e\d)\)", printed) == compared
    assert compared
