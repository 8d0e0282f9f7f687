"""Links between the documents lead somewhere, headings included."""

import re

import pytest

from support import documents

NAMES = [str(p.relative_to(documents.CHECKOUT)) for p in documents.DOCUMENTS]


def _text(path):
    return re.sub(
        r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )


def _anchors(path):
    headings = re.findall(r"^#+ (.*)$", _text(path), flags=re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {words.strip().replace(" ", "-") for words in plain}


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_to_a_file_and_heading(name):
    path = documents.CHECKOUT / name
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", _text(path)):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        there = path.parent / file if file else path
        if not there.exists() or (anchor and anchor not in _anchors(there)):
            broken.append(target)

    assert broken == []
