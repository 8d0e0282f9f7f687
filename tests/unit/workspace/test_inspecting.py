"""What ``prov inspect`` shows to a person, however much a file carries."""

from provenance.workspace.inspecting import as_text

CARRIER = {
    "name": "MUSICPROV",
    "where": "a",
    "sid": None,
    "key": None,
    "codes": [],
    "stamps": [],
    "content": None,
}
MARK = {"kind": "aigc", "where": "b", "strength": "stated", "says": None, "detail": {}}


def test_thousands_of_carriers_and_marks_are_not_all_shown():
    found = {
        "name": "a.flac",
        "container": "flac",
        "audio": None,
        "refusal": None,
        "tags": {},
        "carriers": [CARRIER] * 1_200,
        "marks": [MARK] * 102,
    }

    text = as_text(found)

    assert text.count("MUSICPROV at a") == text.count("Mark: aigc") == 100
    assert "And 1,100 more carriers (--format json shows all)" in text
    assert "And 2 more marks" in text
