"""The list, the seals and the checker of reports (spec 25.7)."""

import json
import os
from datetime import UTC, datetime

import pytest
from provenance.audit import document
from provenance.audit.checking import check, seal_from
from provenance.audit.sealing import SEAL_CTY, SEAL_TYP, seal
from provenance.model.codes import Code
from provenance.model.errors import InputError, RefusedError
from provenance.signing import envelope
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner
from provenance.trust.identity import NO_KEYS, Keyring
from provenance.verify.outcome import Context, Given
from provenance.verify.procedure import verify
from provenance.wire import schemas
from provenance.wire.digests import digest_of

from support.audits import sample

SIGNER = FileSigner(generate())
OTHER = FileSigner(generate())
INDEX = digest_of(b"<p>all")
KNOWN = Keyring(pinned={SIGNER.public.thumbprint: "the bureau"})


def written(folder, signer=SIGNER, recordings=3):
    """A report's folder with what the list is about; the pages are stand-ins."""
    report = sample(recordings)
    folder.mkdir()
    document.write_report(report, folder / "report.json")
    document.write_exhibits(report, folder)
    for number in range(1, recordings + 1):
        (folder / f"exhibits/{number:04}.html").write_text(f"<p>{number}")
    (folder / "index.html").write_text("<p>all")
    seal(folder, report, signer)
    return folder


@pytest.fixture
def report(tmp_path):
    return written(tmp_path / "report")


def listing(folder):
    return json.loads((folder / "files.json").read_bytes())


@pytest.mark.requirement("AUD-080")
def test_every_file_is_listed_and_the_list_has_its_form(report):
    found = listing(report)

    assert list(schemas.check(found, "audit-files")) == []
    names = {p.relative_to(report).as_posix() for p in report.rglob("*") if p.is_file()}
    seals = {n for n in names if n.endswith(".jws")}
    assert [one["name"] for one in found["files"]] == sorted(names - seals - {"files.json"})
    assert seals == {"report.jws", *(f"exhibits/{n:04}.jws" for n in (1, 2, 3))}
    sizes = {one["name"]: one["size"] for one in found["files"]}
    assert sizes["index.html"] == len("<p>all")
    assert found["counts"] == {"entries": 3, "exhibits": 3}


@pytest.mark.requirement("AUD-080")
def test_a_folder_without_a_list_is_no_report(report):
    (report / "files.json").unlink()

    with pytest.raises(RefusedError) as caught:
        check(report)
    assert caught.value.rule == "audit.no-list"


@pytest.mark.requirement("AUD-080")
@pytest.mark.parametrize(
    "change",
    [
        lambda one: one["files"].append(one["files"][0]),
        lambda one: one["files"].append({**one["files"][0], "name": "files.json"}),
        lambda one: one["files"].append({**one["files"][0], "sha256": "sha-256:x"}),
        lambda one: one.pop("audit"),
    ],
)
def test_a_list_that_is_none_is_refused(report, change):
    found = listing(report)
    change(found)
    (report / "files.json").write_text(json.dumps(found))

    with pytest.raises(RefusedError) as caught:
        check(report)
    assert caught.value.rule == "audit.no-list"


def test_a_report_that_is_whole_is_said_to_be(report):
    found = check(report, KNOWN)

    assert found.is_whole
    assert found.intact == 8
    assert (found.seal.holds, found.seal.known_as) == (True, "the bureau")
    assert found.audit["title"] == "Country Digital Song Sales"


def test_a_key_that_is_not_known_is_said_to_be_that(report):
    found = check(report)

    assert found.is_whole
    assert (found.seal.is_known, found.seal.known_as) == (False, None)
    assert found.seal.key == SIGNER.public.thumbprint


def test_without_a_signer_the_list_alone_is_checked(tmp_path):
    folder = written(tmp_path / "r", signer=None)

    assert not list(folder.rglob("*.jws"))
    assert check(folder).seal is None
    assert check(folder).is_whole
    (folder / "index.html").write_text("<p>ALL")
    assert check(folder).changed == ("index.html",)


def test_the_same_report_gives_the_same_list(tmp_path):
    first, second = (written(tmp_path / name) for name in "ab")

    assert (first / "files.json").read_bytes() == (second / "files.json").read_bytes()


@pytest.mark.requirement("AUD-083")
def test_what_is_changed_missing_or_extra_is_named(report):
    (report / "index.html").write_text("<p>none")
    (report / "exhibits/0002.html").unlink()
    (report / "exhibits/0004.html").write_text("<p>4")
    (report / "notes.txt").write_text("mine")

    found = check(report)

    assert not found.is_whole
    assert found.changed == ("index.html",)
    assert found.missing == ("exhibits/0002.html",)
    assert found.extra == ("exhibits/0004.html", "notes.txt")


@pytest.mark.requirement("AUD-083")
def test_links_and_names_that_lead_out_are_not_followed(report, tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "index.html").write_text("<p>all")
    (report / "index.html").unlink()
    (report / "index.html").symlink_to(secret / "index.html")
    (report / "there").symlink_to(secret)
    found = listing(report)
    found["files"].append({**found["files"][0], "name": "../secret/index.html"})
    (report / "files.json").write_text(json.dumps(found))

    result = check(report)

    assert result.changed == ("files.json", "index.html")
    assert result.missing == ("../secret/index.html",)
    assert result.extra == ("there",)


@pytest.mark.requirement("AUD-083")
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(report):
    for name in ("index.html", "exhibits/0001.jws"):
        (report / name).unlink()
        os.mkfifo(report / name)

    assert check(report).changed == ("exhibits/0001.jws", "index.html")


@pytest.mark.requirement("AUD-081")
def test_a_list_that_was_made_to_fit_a_change_does_not_fit_the_seal(report):
    (report / "index.html").write_text("<p>ALL")
    unsigned = sample(3)
    seals = {path: path.read_bytes() for path in report.rglob("*.jws")}
    seal(report, unsigned, None)
    assert all(path.read_bytes() == data for path, data in seals.items())

    assert check(report).changed == ("files.json",)


@pytest.mark.requirement("AUD-081")
def test_a_seal_that_was_tampered_with_does_not_hold(report):
    token = (report / "report.jws").read_text()
    head, payload, signature = token.split(".")
    other = "A" if signature[5] != "A" else "B"
    (report / "report.jws").write_text(f"{head}.{payload}.{signature[:5]}{other}{signature[6:]}")

    found = check(report, KNOWN)
    assert not found.seal.holds
    assert not found.is_whole


@pytest.mark.requirement("AUD-081")
def test_the_seals_of_exhibits_are_by_the_same_key_and_over_the_same_files(report, tmp_path):
    strange = written(tmp_path / "strange", OTHER)
    (report / "exhibits/0001.jws").write_bytes((strange / "exhibits/0001.jws").read_bytes())
    (report / "exhibits/0002.jws").write_bytes((report / "report.jws").read_bytes())
    (report / "exhibits/0003.jws").unlink()
    (report / "exhibits/0009.jws").write_bytes(b"?")

    found = check(report)

    assert found.changed == ("exhibits/0001.jws", "exhibits/0002.jws")
    assert found.missing == ("exhibits/0003.jws",)
    assert found.extra == ("exhibits/0009.jws",)


@pytest.mark.requirement("AUD-081", "AUD-083")
def test_the_seal_of_one_exhibit_does_not_stand_for_another(report):
    first, second = report / "exhibits/0001.jws", report / "exhibits/0002.jws"
    second.write_bytes(first.read_bytes())

    assert check(report).changed == ("exhibits/0002.jws",)
    assert check(second).changed == ("0002.jws",)
    assert check(second.with_suffix(".html")).changed == ("0002.html",)
    assert check(first).is_whole


@pytest.mark.requirement("AUD-081")
@pytest.mark.parametrize(
    "change",
    [
        lambda said: {**said, "exhibit": 2},
        lambda said: {**said, "files": {"exhibits/0001.html": said["files"]["exhibits/0001.html"]}},
        lambda said: {**said, "files": {**said["files"], "index.html": INDEX}},
    ],
    ids=["another number", "not all of it", "more than it"],
)
def test_the_seal_of_an_exhibit_is_over_its_files_and_no_others(report, change):
    place = report / "exhibits/0001.jws"
    token, _ = envelope.read(place.read_bytes(), types={SEAL_TYP: SEAL_CTY})
    place.write_bytes(token_over(change(json.loads(token.payload))))

    assert check(report).changed == ("exhibits/0001.jws",)


def token_over(payload, typ=SEAL_TYP, cty=SEAL_CTY):
    data = json.dumps(payload).encode()
    at = datetime(2026, 1, 15, tzinfo=UTC)
    return envelope.write(data, SIGNER, typ=typ, cty=cty, issued_at=at).encode()


@pytest.mark.requirement("AUD-081")
def test_a_token_of_another_type_or_with_another_payload_is_no_seal(report):
    good = envelope.read((report / "report.jws").read_bytes(), types={SEAL_TYP: SEAL_CTY})[0]
    payload = json.loads(good.payload)

    assert seal_from(token_over(payload), "x", NO_KEYS).holds
    disclosure = token_over(payload, envelope.DISCLOSURE_TYP, envelope.DISCLOSURE_CTY)
    assert not seal_from(disclosure, "x", NO_KEYS).holds
    assert not seal_from(token_over({**payload, "more": 1}), "x", NO_KEYS).holds
    assert not seal_from(token_over([]), "x", NO_KEYS).holds
    assert not seal_from(b"", "x", NO_KEYS).holds


@pytest.mark.requirement("AUD-082")
def test_a_seal_is_no_statement_about_a_recording(report):
    value = (report / "report.jws").read_bytes()
    context = Context(now=datetime(2026, 1, 15, tzinfo=UTC), keyring=KNOWN)

    verdict = verify(None, None, context, [Given("report.jws", value)])

    codes = {found.code for found in verdict.findings}
    assert Code.JWS_TYP_UNSUPPORTED in codes
    assert Code.SIGNATURE_VALID not in codes
    assert verdict.status.value != "PASSED"


# one exhibit alone


@pytest.fixture
def alone(report, tmp_path):
    """An exhibit in a folder of its own."""
    place = tmp_path / "alone"
    place.mkdir()
    for suffix in ("json", "html", "jws"):
        (place / f"0002.{suffix}").write_bytes((report / f"exhibits/0002.{suffix}").read_bytes())
    return place


@pytest.mark.requirement("AUD-083")
@pytest.mark.parametrize("suffix", ["json", "html", "jws"])
def test_an_exhibit_is_checked_alone(alone, suffix):
    found = check(alone / f"0002.{suffix}", KNOWN)

    assert found.is_whole
    assert found.intact == 2
    assert found.seal.known_as == "the bureau"
    assert found.seal.payload["exhibit"] == 2


@pytest.mark.requirement("AUD-083")
def test_an_exhibit_that_was_changed_is_said_to_be(alone):
    (alone / "0002.json").write_text("{}")

    found = check(alone / "0002.json")

    assert not found.is_whole
    assert found.changed == ("0002.json",)
    assert found.intact == 1


@pytest.mark.requirement("AUD-083")
def test_an_exhibit_under_another_number_is_not_the_sealed_one(alone):
    for suffix in ("json", "html", "jws"):
        (alone / f"0002.{suffix}").rename(alone / f"0007.{suffix}")

    assert check(alone / "0007.json").changed == ("0007.json",)


@pytest.mark.requirement("AUD-083")
def test_an_exhibit_without_its_seal_or_with_the_reports_is_refused_or_said(alone, report):
    (alone / "0002.jws").write_bytes((report / "report.jws").read_bytes())
    assert not check(alone / "0002.json").seal.holds
    (alone / "0002.jws").unlink()
    with pytest.raises(RefusedError) as caught:
        check(alone / "0002.json")
    assert caught.value.rule == "audit.no-seal"
    (alone / "song.flac").write_bytes(b"fLaC")
    with pytest.raises(RefusedError):
        check(alone / "song.flac")
    (alone / "0002.json").unlink()
    with pytest.raises(InputError):
        check(alone / "0002.json")
