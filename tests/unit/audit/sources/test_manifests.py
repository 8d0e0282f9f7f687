"""Manifests that stand by themselves (spec 25.3): verified without audio, by what is at hand."""

import io
import json
import os

import pytest
from provenance.audit import joining
from provenance.audit.joining import items_of
from provenance.containers import load
from provenance.model.limits import DEFAULT_LIMITS
from provenance.wire import schemas

from support.evidence import read
from threats.world import (
    ACCEPTED_TSA,
    BY_LABEL,
    CHART,
    LABEL,
    SHOP,
    STRANGER,
    TSA_FILES,
    S,
    V,
    asker,
    stamped,
)  # fmt: skip

WHO = asker()
ISRC = "QZZZZ2600001"
NONE = [{"asset": "recording", "area": "leadVocals", "level": "none"}]


def written(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def audit(tmp_path, files, context=None, more=()):
    folder = written(tmp_path / "m", files)
    sources = [("manifests", folder), *more]
    with read(tmp_path / "store", sources, context or WHO.context()) as made:
        return made


def codes(item):
    return {check["code"] for check in item.says["_report"]["checks"]}


def subject(values, isrc):
    return {"title": "Another", "isrc": isrc, "bindings": V.bindings(values, "essence")}


def test_a_manifest_says_what_is_declared_without_audio(tmp_path):
    made = audit(tmp_path, {"a.musicprov.jws": BY_LABEL})

    item = made.one("manifest")
    says = {name: value for name, value in item.says.items() if name[0] != "_"}
    wanted = schemas.load_json("1.0/audit-exhibit.schema.json")["$defs"]["manifest"]
    assert set(says) == set(wanted["required"])
    assert says == {
        "statements": 1,
        "status": "INDETERMINATE",
        "code": "binding.not-checked",
        "declaredIsrc": ISRC,
    }
    assert item.keys.isrcs == (ISRC,)
    assert item.keys.essences == (V.essence("pcm-le", 16, S.PCM),)
    assert item.says["_tokens"] == [BY_LABEL.decode()]
    assert list(schemas.check(item.says["_report"], "report")) == []
    assert item.says["_report"]["declaration"]["areas"] == {
        "leadVocals": "full",
        "mixing": "utility",
    }


@pytest.mark.requirement("AUD-023")
@pytest.mark.parametrize("spoil", [S.damaged, lambda token: token[:-40], lambda token: b"eyJ.e.x"])
def test_what_nobody_signed_is_joined_to_nothing(tmp_path, spoil):
    files = {"good.musicprov.jws": BY_LABEL, "bad.musicprov.jws": spoil(BY_LABEL)}
    folder = written(tmp_path / "m", files)
    with read(tmp_path / "store", [("manifests", folder)], WHO.context()) as made:
        joined = [made.named(i) for i, *_ in items_of(made.recording(), made.store)]

    bad, good = made.of("manifest")
    assert joined == ["good.musicprov.jws"]
    assert bad.says["status"] in {"FAILED", "INDETERMINATE"}
    assert (bad.says["declaredIsrc"], bad.keys.isrcs, bad.keys.names) == (None, (), ())
    assert made.rules() == ["audit.statement-broken"]
    assert made.problems[0].value == "bad.musicprov.jws"
    assert good.keys.isrcs == (ISRC,)


@pytest.mark.requirement("AUD-024")
def test_what_stands_in_other_files_about_a_statement_counts(tmp_path):
    files = {
        "a/disputed.musicprov.jws": S.endorse(BY_LABEL, LABEL, CHART, "disputes"),
        "b/endorsed.musicprov.jws": S.endorse(BY_LABEL, LABEL, SHOP),
        "c/song.musicprov.jws": BY_LABEL,
        "d/taken-back.musicprov.jws": S.withdraw(BY_LABEL, LABEL, LABEL),
    }
    items = {made.where or n: made for n, made in enumerate(audit(tmp_path, files).of("manifest"))}

    song = items[2]
    assert {"currency.withdrawn", "endorsement.valid", "endorsement.dispute"} <= codes(song)
    assert len(song.says["_tokens"]) == 4
    assert song.says["statements"] == 1
    assert [items[n].says["status"] for n in (0, 1, 3)] == ["ABSENT"] * 3


@pytest.mark.requirement("AUD-024")
def test_a_key_binding_in_another_file_says_whose_key_it_is(tmp_path):
    parties = [S.party("label", LABEL), S.party("shop", SHOP)]
    who = asker(parties, [S.VOUCHED, S.may_vouch("shop", "isni")])
    vouched = V.token(S.manifest(), S.ARTIST)
    files = {"k.musicprov.jws": S.bind(SHOP, S.ARTIST), "s.musicprov.jws": vouched}

    _binding, song = audit(tmp_path, files, who.context()).of("manifest")
    assert song.says["_report"]["signer"]["rung"] == "vouched"
    (tmp_path / "m" / "k.musicprov.jws").unlink()
    alone = audit(tmp_path, {}, who.context()).one("manifest")
    assert alone.says["_report"]["signer"]["rung"] == "unknown"


@pytest.mark.requirement("AUD-024")
def test_rivals_in_other_files_take_nothing_away(tmp_path):
    rival = V.token(S.manifest(contributions=NONE), STRANGER)
    a, b = audit(tmp_path, {"a.musicprov.jws": BY_LABEL, "b.musicprov.jws": rival}).of("manifest")

    assert "carrier.conflict" not in codes(a) | codes(b)
    assert a.says["_report"]["signer"]["party"] == "label"
    assert b.says["_report"]["signer"]["party"] is None


def test_a_bundle_of_several_recordings_is_an_item_for_each(tmp_path):
    second = V.token(S.manifest(S.SECOND, subject=subject(S.SECOND, "QZZZZ2600002")), LABEL)
    made = audit(tmp_path, {"all.musicprov.json": S.bundle(BY_LABEL, second)})

    assert [(i.where, i.keys.isrcs) for i in made.items] == [
        ("/0", (ISRC,)),
        ("/1", ("QZZZZ2600002",)),
    ]
    assert all("carrier.conflict" not in codes(i) for i in made.items)


def test_a_later_statement_in_the_same_bundle_counts(tmp_path):
    newer = S.later(BY_LABEL, LABEL)
    made = audit(tmp_path, {"all.musicprov.json": S.bundle(BY_LABEL, newer)})

    assert made.one("manifest").says["_report"]["statement"]["sid"] == V.sid(newer)


def test_time_stamps_are_kept_for_what_is_verified_elsewhere(tmp_path):
    audio = stamped(BY_LABEL, "2026-11-03T00:00:00Z")
    scan = load("wav").scan(io.BytesIO(audio), DEFAULT_LIMITS, False)
    value = scan.named("MUSICPROV")[0].value
    who = asker(files=TSA_FILES, more=ACCEPTED_TSA)
    folder = written(tmp_path / "in", {"song.wav": V.wav(S.PCM)})
    made = audit(tmp_path, {"a.json": value}, who.context(), [("tracks", folder)])

    track, manifest = made.one("track"), made.one("manifest")
    for item in (track, manifest):
        assert item.says["_report"]["time"]["best"] == "2026-11-03T00:00:00Z"


def test_anything_that_has_the_form_of_a_statement_is_read_and_nothing_else(tmp_path):
    files = {
        "a.txt": BY_LABEL + b"\n",
        "b.json": S.bundle(BY_LABEL),
        "c.json": b'{"name": "package"}',
        "d.txt": b"eyes only",
        "e.wav": V.wav(S.PCM),
        "f.json": b"{" * 100_000,
        "g.json": b'{"bundle": "musicprov-bundle/9", "statements": []}',
    }
    made = audit(tmp_path, files)

    assert [made.named(i) for i in made.items] == ["a.txt", "b.json"]
    assert made.problems == []


@pytest.mark.requirement("AUD-022")
def test_a_manifest_larger_than_a_bundle_is_named(tmp_path):
    files = {"a.musicprov.json": b"{" + b" " * (1 << 20), "b.musicprov.jws": BY_LABEL}
    made = audit(tmp_path, files)

    assert made.rules() == ["audit.too-large"]
    assert len(made.items) == 1


def test_two_folders_of_manifests_know_of_each_other(tmp_path):
    other = written(tmp_path / "other", {"d.musicprov.jws": S.endorse(BY_LABEL, LABEL, SHOP)})
    made = audit(tmp_path, {"a.musicprov.jws": BY_LABEL}, None, [("manifests", other)])

    assert "endorsement.valid" in codes(made.items[0])


@pytest.mark.requirement("AUD-022")
def test_a_flood_of_manifests_for_one_isrc_is_bounded_and_told_of(tmp_path, monkeypatch):
    """Strangers flood one ISRC: the label's is still found, and the flood is named."""
    count, bound = (3_000, joining.MAX_JOINED) if os.environ.get("MUSICPROV_TEST_FULL") else (60, 8)
    monkeypatch.setattr(joining, "MAX_JOINED", bound)
    flood = {
        f"{n:04d}.musicprov.jws": V.token(
            S.manifest(id=f"urn:uuid:6f1c2a4e-3b5d-4c7e-8f90-{n:012d}"), STRANGER
        )
        for n in range(count)
    }
    folder = written(tmp_path / "m", {**flood, "zz.musicprov.jws": BY_LABEL})
    tracks = written(tmp_path / "in", {"song.wav": V.wav(S.PCM)})
    sources = [("manifests", folder), ("tracks", tracks)]
    with read(tmp_path / "store", sources, WHO.context()) as made:
        joined = [made.named(i) for i, *_ in items_of(made.recording(), made.store)]
        rules = {p.rule for p in made.store.problems()}

    assert {"song.wav", "zz.musicprov.jws"} <= set(joined)
    assert len(joined) <= bound + 2
    assert rules == {"audit.too-many-joined"}
    assert made.one("track").says["status"] == "PASSED"
    assert len(json.dumps(made.one("track").says)) < 100_000
