"""A name that stands in evidence which failed is the key's, not that of whoever signed."""

import copy

import html5lib
import pytest
from provenance.audit.known import known_lines
from provenance.audit.rendering.pages import write_pages
from provenance.audit.rendering.printed_exhibits import Exhibits
from provenance.audit.rendering.words import Words

from support import audits
from support.audits import sample

NAME = "Northern Lights"
KEYS = {"en": f"a key of {NAME}", "sv": f"en nyckel för {NAME}"}
NOT_SHOWN = {"en": "who used it is not shown", "sv": "vem som använde den är inte visat"}


def signed_by(rung, language="en"):
    """A report, and an exhibit whose first declaration and endorser are this name's by a rung."""
    report = sample(language=language)
    body = copy.deepcopy(report.exhibit(2))
    who = {"name": NAME, "rung": rung}
    body["declarations"][0]["signer"] |= who
    body["declarations"][0]["endorsements"] = [{**audits.endorsement(), **who}]
    return report, body


def shown(monkeypatch, tmp_path, rung, language):
    """The text of the page, of the printed lines and of the letter."""
    report, body = signed_by(rung, language)
    monkeypatch.setattr(report, "exhibits", lambda: iter([body]))
    write_pages(report, tmp_path, lambda *_: None)
    page = html5lib.parse(
        (tmp_path / "exhibits/0002.html").read_text(encoding="utf-8"), namespaceHTMLElements=False
    )
    lines = Exhibits(Words(language), {}).view(body)["parts"][0].lines
    letter = known_lines(body, {}, language, lambda _key, **values: f"{values}")
    return [
        plain("".join(page.find("body").itertext())),
        *plain_lines(lines),
        plain("\n".join(letter)),
    ]


def plain_lines(lines):
    found = [plain(line.text) for line in lines if NAME in line.text]
    assert len(found) > 1
    return found


def plain(text):
    return text.replace("\u2068", "").replace("\u2069", "")


@pytest.mark.requirement("AUD-116")
@pytest.mark.parametrize("language", ["en", "sv"])
def test_it_is_given_as_that_of_the_key_and_who_signed_as_not_shown(
    monkeypatch, tmp_path, language
):
    page, *printed, letter = shown(monkeypatch, tmp_path, "unknown", language)

    for text in (page, *printed, letter):
        assert text.count(NAME) == text.count(KEYS[language])
    for text in (page, printed[0], letter):
        assert NOT_SHOWN[language] in text


@pytest.mark.requirement("AUD-116")
def test_by_evidence_that_holds_it_is_the_name_of_who_signed(monkeypatch, tmp_path):
    for text in shown(monkeypatch, tmp_path, "party", "en"):
        assert NAME in text
        assert KEYS["en"] not in text
        assert NOT_SHOWN["en"] not in text
