"""What others signed about a declaration: whose key, when as they claim, what is proven, token."""

import copy

import html5lib
import pytest
from provenance.audit.rendering.pages import write_pages
from provenance.audit.rendering.printed_exhibits import Exhibits
from provenance.audit.rendering.words import Words

from support import audits
from support.audits import sample

STRANGE = {"name": None, "rung": "unknown", "party": None, "code": "endorsement.unknown-endorser"}


@pytest.mark.requirement("AUD-070")
@pytest.mark.parametrize(
    ("more", "proven", "printed"),
    [
        ({**STRANGE, "proven": None}, "not proven", "Signed at, as it claims: 2025-10-30 12:00:00 UTC"),
        ({}, "2025-10-30 12:00:05 UTC", "Proven to exist at: 2025-10-30 12:00:05 UTC"),
        ({"act": "accepted"}, "2025-10-30 12:00:05 UTC", "STIM: accepted it"),
    ],
    ids=["a stranger", "a party", "another act"],
)  # fmt: skip
def test_it_is_shown_as_what_was_signed_against(monkeypatch, tmp_path, more, proven, printed):
    one = {**audits.endorsement(), **more}
    report = sample()
    body = copy.deepcopy(report.exhibit(2))
    body["declarations"][0]["endorsements"] = [one]
    monkeypatch.setattr(report, "exhibits", lambda: iter([body]))
    write_pages(report, tmp_path, lambda *_: None)
    page = html5lib.parse(
        (tmp_path / "exhibits/0002.html").read_text(), namespaceHTMLElements=False
    )
    caption = "What others have signed about declaration d1"
    table = next(t for t in page.iter("table") if t.findtext("caption") == caption)
    (row,) = table.find("tbody")
    who, *cells = ["".join(cell.itertext()) for cell in row]

    other = f"verified who holds another key that signed it ({one['of']['key']})"
    act = other if one["act"] == "verified-signer" else "accepted it"
    assert act in cells[0]
    assert who == (one["name"] or "nobody that can be named") + one["key"]
    assert "Signed at, as it claims" in "".join(table.find("thead").itertext())
    assert cells[2:4] == ["2025-10-30 12:00:00 UTC", proven]
    assert one["token"] in [code.text for code in page.iter("code")]
    lines = Exhibits(Words("en"), {}).view(body)["parts"][0].lines
    assert any(act in line.text for line in lines)
    assert any(printed in line.text and (one["name"] or one["key"]) in line.text for line in lines)
