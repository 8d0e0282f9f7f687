"""A release folder as a distributor receives it: every mismatch has its row, and nothing else."""

import hashlib
import json
import shutil
from datetime import UTC, datetime

import pytest
from mutagen.flac import FLAC
from provenance.exports import load
from provenance.exports.base import Source
from provenance.issuing.sign import Wishes, draft, issue
from provenance.model.errors import UsageError
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner
from provenance.trust.identity import Keyring
from provenance.verify.outcome import Context
from provenance.wire.decode import decode_declaration
from provenance.workspace.release_folder import (
    Row,
    as_json,
    as_text,
    check_folder,
    check_message,
    is_message,
    worst,
)

from support.message import contributor, delivered, message, recording
from support.samples import made

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
DECLARED = {
    "subject": {"isrc": "QZZZZ2600001", "title": "Sample"},
    "contributions": [
        {"area": "leadVocals", "level": "none", "agents": [{"person": "a"}]},
        {"area": "instrumentation", "level": "full"},
    ],
    "people": [{"ref": "a", "name": "Ann Lind"}],
    "facts": {"humanVoice": True},
}
PARTLY = "<ContainsAI>Partly</ContainsAI>"
SUNG = "<HasVocalPerformance>true</HasVocalPerformance>"
ANN = contributor("PAnn", "LeadVocalist", ai="None")
AI = contributor("GenerativeAI", "Musician")


@pytest.fixture(scope="module")
def key():
    return FileSigner(generate("ES256"))


@pytest.fixture
def context(key):
    return Context(now=NOW, keyring=Keyring({key.public.thumbprint: None}), decode="never")


@pytest.fixture
def place(tmp_path, key, context):
    """A folder with one signed track in ``resources``."""
    song = tmp_path / "resources" / "a.flac"
    song.parent.mkdir()
    shutil.copy(made("flac"), song)
    tags = FLAC(song)
    tags["ISRC"] = "QZ-ZZZ-26-00001"
    tags.save()
    wishes = Wishes(tiers=frozenset({"essence"}))
    prepared = draft([song], DECLARED, key.public.thumbprint, context, wishes)
    issue(prepared, key, context, wishes)
    return tmp_path


def md5(path):
    return hashlib.md5(path.read_bytes()).hexdigest()


def put(place, *contributors, document=None, flags=PARTLY + SUNG, **more):
    """Write the message; by default one that agrees with the track."""
    song = place / "resources" / "a.flac"
    more = {"file": delivered("a.flac", "MD5", md5(song)), "flags": flags, **more}
    made_of = document or message(recording(*(contributors or (ANN, AI)), **more))
    (place / "message.xml").write_bytes(made_of)


def rows(place, context):
    return [(r.rule, r.outcome, r.where) for r in check_folder(place, context)]


ONE = "SoundRecording A1 (QZZZZ2600001)"
FILE = "resources/a.flac"


def test_what_agrees_has_no_row(place, context):
    put(place)

    assert rows(place, context) == []
    assert worst(()) == "clear"
    assert as_text([]) == "Nothing contradicts anything."


def test_what_is_exported_into_a_message_agrees_with_what_was_signed(place, context):
    put(place, contributor("PAnn", "LeadVocalist"), flags="")
    manifest, _ = decode_declaration(json.dumps(DECLARED).encode())
    target = place / "message.xml"
    target.write_bytes(load("ddex-ern").render(Source(manifest, into=target.read_bytes())).data)

    assert rows(place, context) == []


@pytest.mark.parametrize(
    ("contributors", "flags", "expected"),
    [
        ((ANN, AI), "<ContainsAI>All</ContainsAI>" + SUNG, {("ddex-4", "error", ONE), ("folder-ai", "error", ONE)}),
        ((ANN, AI), SUNG, {("ddex-5", "warning", ONE), ("folder-ai", "warning", ONE)}),
        ((ANN,), PARTLY + SUNG, {("folder-ai", "warning", ONE)}),
        ((ANN, AI, contributor("GenerativeAI", "Lyricist")), PARTLY, {("folder-ai", "error", ONE)}),
        ((contributor("PAnn", "LeadVocalist", ai="Partly"), AI), PARTLY, {("folder-ai", "error", ONE)}),
        ((ANN, AI), PARTLY + SUNG.replace("true", "false"), {("folder-ai", "error", ONE)}),
    ],
)  # fmt: skip
def test_the_message_against_the_declaration(place, context, contributors, flags, expected):
    put(place, *contributors, flags=flags)

    assert set(rows(place, context)) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"file": delivered("b.flac")}, None),
        ({"isrc": "QZZZZ2600009"}, [("folder-isrc", "error", FILE)] * 2),
        ({"duration": "PT9S"}, [("folder-duration", "warning", FILE)]),
        ({"duration": "PT0M2.4S"}, []),
        ({"file": delivered("a.flac", "MD5", "0" * 32)}, [("folder-hash", "error", FILE)]),
        ({"file": delivered("a.flac", "MD6", "0" * 32)}, [("folder-hash", "notStated", FILE)]),
    ],
)
def test_the_message_against_the_file(place, context, more, expected):
    put(place, **more)

    found = rows(place, context)

    if expected is None:  # it is found by its ISRC, whatever its name
        assert found == []
    else:
        assert found == expected


def test_a_file_that_is_missing_and_one_too_many(place, context):
    put(place)
    song = place / "resources" / "a.flac"
    shutil.copy(song, place / "extra.flac")
    song.unlink()
    shutil.move(place / "extra.flac", place / "resources" / "other.flac")
    put_message = message(
        recording(file=delivered("a.flac"), isrc="QZZZZ2600008"),
        recording(reference="A2", isrc="QZZZZ2600007"),
    )
    (place / "message.xml").write_bytes(put_message)

    assert rows(place, context) == [
        ("folder-audio", "error", "SoundRecording A1 (QZZZZ2600008)"),
        ("folder-audio", "warning", "SoundRecording A2 (QZZZZ2600007)"),
        ("folder-audio", "warning", "resources/other.flac"),
    ]


def test_a_file_without_a_declaration_is_told_and_not_taken_for_no_ai(place, context):
    shutil.copy(made("flac"), place / "resources" / "a.flac")
    put(place, contributor("PAnn", "LeadVocalist"), flags="<ContainsAI>None</ContainsAI>")

    found = rows(place, context)

    assert ("folder-declaration", "notStated", FILE) in found
    assert not [row for row in found if row[0] == "folder-ai"]


def test_a_declaration_that_does_not_hold_is_an_error_and_is_not_compared(place, context):
    song = place / "resources" / "a.flac"
    data = bytearray(song.read_bytes())
    data[-100] ^= 1  # in the last audio frame
    song.write_bytes(data)
    put(place, flags="<ContainsAI>All</ContainsAI>")

    found = rows(place, context)

    assert ("folder-declaration", "error", FILE) in found
    assert not [row for row in found if row[0] == "folder-ai"]


def test_a_strangers_declaration_is_compared_and_to_be_reviewed(place, context):
    put(place, ANN)
    stranger = Context(now=NOW, decode="never")

    assert rows(place, stranger) == [
        ("folder-declaration", "review", FILE),
        ("folder-ai", "warning", ONE),
    ]


def test_what_the_declaration_leaves_open_is_told_and_no_contradiction(tmp_path, key, context):
    song = tmp_path / "a.flac"
    shutil.copy(made("flac"), song)
    declared = {"contributions": [{"area": "lyrics", "level": "none"}]}
    wishes = Wishes(tiers=frozenset({"essence"}))
    issue(draft([song], declared, key.public.thumbprint, context, wishes), key, context, wishes)
    flags = "<ContainsAI>None</ContainsAI>"
    (tmp_path / "m.xml").write_bytes(message(recording(file=delivered("a.flac"), flags=flags)))

    assert rows(tmp_path, context) == [("folder-ai", "notStated", ONE)]


def test_a_message_that_is_too_old_for_what_is_declared(place, context):
    document = message(recording(file=delivered("a.flac")), digits="43")
    put(place, document=document)

    assert rows(place, context) == [("ddex-8", "warning", FILE)]


def test_there_is_one_message_in_a_folder(place, context):
    put(place)
    (place / "notes.xml").write_bytes(b"<notes/>")
    assert rows(place, context) == []
    (place / "second.xml").write_bytes((place / "message.xml").read_bytes())
    with pytest.raises(UsageError, match=r"message\.xml, second\.xml"):
        check_folder(place, context)
    (place / "message.xml").unlink()
    (place / "second.xml").unlink()
    with pytest.raises(UsageError, match="none"):
        check_folder(place, context)


def test_a_message_alone_is_checked_with_or_without_a_declaration(tmp_path):
    path = tmp_path / "m.xml"
    path.write_bytes(message(recording(contributor("PAnn", "Mixer", ai="All")), digits="43"))
    manifest, _ = decode_declaration(json.dumps(DECLARED).encode())

    assert is_message(path)
    assert not is_message(tmp_path / "none.xml")
    alone = check_message(path)
    assert [(r.rule, r.outcome, r.where) for r in alone] == [
        ("ddex-1", "error", ONE),
        ("ddex-5", "warning", ONE),
        ("ddex-8", "notStated", "message"),
    ]
    assert [(r.rule, r.outcome) for r in check_message(path, manifest)] == [
        ("ddex-1", "error"),
        ("ddex-5", "warning"),
        ("ddex-8", "warning"),
    ]


def test_rows_are_shown_worst_first_and_foreign_text_is_escaped():
    found = (
        Row("folder-hash", "warning", "b", "text"),
        Row("ddex-1", "error", "a\x1b[31m", "text"),
    )

    assert worst(found) == "error"
    first, second = as_text(as_json(found)).split("\n")
    assert first.startswith("error")
    assert "\x1b" not in first
    assert second.startswith("warning")
    plain = as_json(found)
    assert plain[1]["where"] == "a\x1b[31m"
    assert plain[1]["confidence"] == "primary"
    assert "clause" not in plain[0]
