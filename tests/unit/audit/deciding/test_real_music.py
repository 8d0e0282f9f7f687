"""Real music through sources, joins and states: signed, reported by a detector, and put astray."""

import dataclasses
import hashlib
import json
import shutil
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from provenance.audit.asked import Asked, context_of
from provenance.audit.assembling import assemble
from provenance.audit.model import Entry
from provenance.cli.main import cli
from provenance.wire.schemas import check

from support import samples
from support.evidence import read
from support.exhibits import AUDIT, flags, reasons, said

ISRCS = ("QZZZZ2600001", "QZZZZ2600002", "QZZZZ2600003")
RULES = ("sverigetopplistan", "norway")


def run(tmp_path, *words):
    env = {"MUSICPROV_HOME": str(tmp_path / "home")}
    done = CliRunner().invoke(cli, [str(word) for word in words], env=env)
    assert done.exit_code == 0, done.output


def signed(tmp_path, source, target, isrc, level, title="T"):
    """A copy of a track with a declaration of one level in it."""
    declaration = tmp_path / f"{isrc}.json"
    declaration.write_text(json.dumps({
        "declarant": {"role": "label", "name": "Real Records"},
        "subject": {"title": title, "isrc": isrc},
        "contributions": said(level),
    }))  # fmt: skip
    shutil.copy(source, target)
    words = ("--manifest", declaration, "--key", tmp_path / "k.pem", "-y")
    run(tmp_path, "sign", target, *words)


def audited(tmp_path, context, **sources):
    """The exhibits of three recordings over these sources."""
    named = [(kind.replace("_", "-"), path) for kind, path in sources.items()]
    with read(tmp_path / "store", named, context) as made:
        rows = [
            Entry(1, n + 2, "2030-01-05", n + 1, f"Song {n}", "Somebody", isrc, "Real Records")
            for n, isrc in enumerate(ISRCS)
        ]
        made.store.add_entries(rows)
        made.store.number_recordings()
        asked = Asked((), context, rules=RULES)
        return [assemble(one, asked, made.store, AUDIT) for one in made.store.recordings()]


@pytest.mark.slow
@pytest.mark.corpus
def test_real_music_has_the_states_that_its_evidence_gives(tmp_path):
    first, second, third = samples.corpus("flac5")[:3]
    run(tmp_path, "keygen", "--no-passphrase", "--out", tmp_path / "k.pem")
    folder = tmp_path / "in"
    folder.mkdir()
    signed(tmp_path, first, folder / "one.flac", ISRCS[0], "none")
    signed(tmp_path, second, folder / "two.flac", ISRCS[1], "full", "Song 1")
    shutil.copy(third, folder / f"{ISRCS[2]}.flac")
    digest = hashlib.sha256((folder / "one.flac").read_bytes()).hexdigest()
    scores = tmp_path / "detector.csv"
    scores.write_text(f"tool,version,score,date,file_sha256\nD,1,0.97,2026-11-25,{digest}\n")
    context = context_of(None, [tmp_path / "k.pub.jwk"], datetime(2030, 1, 6, tzinfo=UTC))

    one, two, three = audited(tmp_path, context, tracks=folder, detector=scores)

    assert [made["state"] for made in (one, two, three)] == [
        "contradicted", "declared", "undeclared",
    ]  # fmt: skip
    assert reasons(two) == ["holds"]
    assert two["declarations"][0]["binding"] == "exact"
    assert [p["outcome"] for p in one["rules"]] == ["review", "review"]
    assert [p["outcome"] for p in two["rules"]] == ["ineligible", "ineligible"]
    assert [p["outcome"] for p in three["rules"]] == ["review", "review"]
    assert "detected" in flags(one)
    assert "joinedByName" in flags(three)
    for made in (one, two, three):
        assert [str(fault) for fault in check(made, "audit-exhibit")] == []

    run(
        tmp_path,
        "extract",
        folder / "two.flac",
        "--out",
        folder / f"{ISRCS[2]}.flac.musicprov.json",
    )
    hasty = dataclasses.replace(context, decode="never")
    one, two, three = audited(tmp_path, context, tracks=folder)
    _, undecoded, _ = audited(tmp_path, hasty, tracks=folder)

    assert [made["state"] for made in (one, two, three)] == [
        "declared", "declared", "undeclared",
    ]  # fmt: skip
    assert reasons(two) == ["holds", "copyAudioDiffers"]
    assert reasons(three)[0] == "nothingFound"
    assert undecoded["state"] == "declared"
    assert "trackNotCompared" in reasons(undecoded, "notChecked")


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.requirement("AUD-039 AUD-108")
def test_real_music_by_a_name_or_likeness_changes_nothing_and_is_told(tmp_path):
    """The declaration of a FLAC was sent alone; files are of its ISRC by their names only."""
    flac, other = samples.corpus("flac5")[:2]
    mp3 = next(p for p in samples.corpus("mp3_320") if p.stem == flac.stem)
    wav = next(p for p in samples.corpus("wav16") if p.stem == flac.stem)
    run(tmp_path, "keygen", "--no-passphrase", "--out", tmp_path / "k.pem")
    signed(tmp_path, flac, tmp_path / "signed.flac", ISRCS[0], "none")
    manifests = tmp_path / "m"
    manifests.mkdir()
    out = ("--out", manifests / "one.musicprov.jws")
    run(tmp_path, "extract", tmp_path / "signed.flac", *out)
    context = context_of(None, [tmp_path / "k.pub.jwk"], datetime(2030, 1, 6, tzinfo=UTC))

    def why(source):
        folder = tmp_path / source.parent.name / source.stem
        folder.mkdir(parents=True)
        shutil.copy(source, folder / f"{ISRCS[0]}{source.suffix}")
        made = audited(tmp_path, context, tracks=folder, manifests=manifests)[0]
        assert made["state"] == "declared"
        return [(one["reason"], one["detail"].get("code")) for one in made["why"]]

    alone = ("holdsWithoutAudio", None)
    assert why(other) == [alone, ("weakAudioDiffers", "binding.mismatch")]
    assert why(mp3) == [alone, ("weakAudioAlike", "binding.similar")]
    assert why(flac) == [("holds", "binding.exact")]
    assert why(wav) == [("holds", "binding.lossless")]
