"""Signing all good rows: what fails after the check keeps nobody else (SHT-024)."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from provenance.issuing.sign import Wishes
from provenance.model.errors import SignerError
from provenance.sheets.checking import Asked, check_sheet
from provenance.sheets.reading import read_sheet
from provenance.sheets.signing import sign_rows
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner
from provenance.trust.identity import Keyring
from provenance.verify.outcome import Context

WAV = Path(__file__).parents[2] / "vectors" / "containers" / "wav" / "plain" / "input.wav"
NOW = datetime(2026, 11, 25, tzinfo=UTC)
NAMES = ("a.wav", "b.wav", "c.wav")


@pytest.fixture
def signer():
    return FileSigner(generate("ES256"))


@pytest.fixture
def asked(tmp_path, signer):
    for name in NAMES:
        shutil.copyfile(WAV, tmp_path / name)
    rows = "".join(f"{name},none\n" for name in NAMES)
    (tmp_path / "sheet.csv").write_text(f"file,lyrics\n{rows}")
    context = Context(now=NOW, keyring=Keyring({}, {}), required={})
    wishes = Wishes(tiers=frozenset({"essence"}))
    return Asked(tmp_path, signer.public.thumbprint, context, wishes)


def checked(asked):
    steps = []
    found = check_sheet(read_sheet(asked.folder / "sheet.csv"), asked, lambda: steps.append(1))
    assert len(steps) == len(NAMES)
    return found


@pytest.mark.requirement("SHT-024")
def test_a_file_that_changes_after_the_check_is_named_and_the_rest_is_signed(asked, signer):
    found = checked(asked)
    (asked.folder / "a.wav").unlink()
    (asked.folder / "b.wav").write_bytes(b"RIFF no more")

    results = list(sign_rows(found.good, signer, asked, lambda: NOW))

    assert [r.state for r in results] == ["bad", "bad", "signed"]
    assert [(r.fault.row, r.fault.file) for r in results[:2]] == [(2, "a.wav"), (3, "b.wav")]
    assert (asked.folder / "b.wav").read_bytes() == b"RIFF no more"
    assert b"MUSICPROV" in (asked.folder / "c.wav").read_bytes()


def test_each_statement_says_when_it_was_made_itself(asked, signer):
    times = iter([datetime(2026, 11, 25, 0, 0, n, tzinfo=UTC) for n in range(3)])

    list(sign_rows(checked(asked).good, signer, asked, lambda: next(times)))
    again = checked(asked)

    assert [row.state for row in again.good] == ["unchanged"] * 3


def test_a_key_that_fails_ends_it(asked, signer):
    class Broken:
        public, alg, certificates = signer.public, signer.alg, ()

        def sign(self, data):
            raise SignerError("the token was taken out")

    before = [(asked.folder / name).read_bytes() for name in NAMES]

    with pytest.raises(SignerError):
        list(sign_rows(checked(asked).good, Broken(), asked, lambda: NOW))
    assert [(asked.folder / name).read_bytes() for name in NAMES] == before
