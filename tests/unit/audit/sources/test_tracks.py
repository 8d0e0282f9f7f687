"""Audio files as evidence (spec 25.3): own statements, sidecars, manifests at hand, damage."""

import dataclasses
import json
import os
import shutil
import socket

import pytest
from click.testing import CliRunner
from provenance.audit.joining import items_of
from provenance.audit.model import Entry
from provenance.audit.sources import _files, _judging, tracks
from provenance.bindings import _decoder
from provenance.cli.main import cli
from provenance.model.errors import InputError
from provenance.wire import schemas

from support import evidence, samples
from support.evidence import once, read
from threats.world import BY_LABEL, CHART, LABEL, SHOP, STRANGER, S, V, asker, file

WHO = asker()
STRANGERS = V.token(S.manifest(contributions=[{"asset": "recording", "area": "leadVocals", "level": "none"}]), STRANGER)  # fmt: skip
TAGGED = [("TSRC", "QZZZZ2600001"), ("TIT2", "Vector Song"), ("TPE1", "Vector Artist")]
OTHER_PCM = V.le16(S.SECOND)


def context():
    return WHO.context()


def written(folder, **files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(data)
    return folder


def audit(tmp_path, sources, **more):
    with read(tmp_path / "store", sources, context(), **more) as made:
        return made


def shaped(item):
    """What a report shows of an item, judged by the schema of its kind."""
    says = {name: value for name, value in item.says.items() if name[0] != "_"}
    whole = schemas.load_json("1.0/audit-exhibit.schema.json")
    wanted = whole["$defs"][item.kind]
    assert set(says) == set(wanted["required"]) == set(wanted["properties"])
    return says


def test_a_track_says_what_it_carries_and_who_signed_it(tmp_path):
    folder = written(tmp_path / "in", song__wav=file(BY_LABEL))
    made = audit(tmp_path, [("tracks", folder)])

    item = made.one("track")
    says = shaped(item)
    assert (says["status"], says["declaredIsrc"]) == ("PASSED", "QZZZZ2600001")
    assert says["container"] == "wav"
    assert says["size"] == len(file(BY_LABEL))
    assert says["sha256"] == made.inputs[0].sha256 == item.keys.files[0]
    assert says["essence"] == V.essence("pcm-le", 16, S.PCM) == item.keys.essences[0]
    assert item.says["_tokens"] == [BY_LABEL.decode()]
    assert item.says["_report"]["input"]["name"] == "song.wav"
    assert made.problems == []
    schemas_faults = list(schemas.check(item.says["_report"], "report"))
    assert schemas_faults == []


def test_a_sidecar_is_read_with_its_track_and_is_an_input_of_its_own(tmp_path):
    folder = written(tmp_path / "in", song__wav=V.wav(S.PCM))
    (folder / "song.wav.musicprov.json").write_bytes(S.bundle(BY_LABEL))
    made = audit(tmp_path, [("tracks", folder)])

    assert made.one("track").says["status"] == "PASSED"
    assert [(i.role, i.name) for i in made.inputs] == [
        ("track", "song.wav"),
        ("manifest", "song.wav.musicprov.json"),
    ]


@pytest.mark.requirement("AUD-025")
@pytest.mark.parametrize(
    ("tags", "pcm", "status", "axis"),
    [
        ([], S.PCM, "PASSED", "binding.exact"),
        (TAGGED, S.PCM, "PASSED", "binding.exact"),
        (TAGGED, OTHER_PCM, "FAILED", "binding.mismatch"),
        ([], OTHER_PCM, "ABSENT", None),
    ],
    ids=["by essence", "by both", "by the ISRC alone", "by nothing"],
)
def test_a_track_that_carries_nothing_is_verified_with_what_is_at_hand(
    tmp_path, tags, pcm, status, axis
):
    manifests = written(tmp_path / "m", a__musicprov__jws=BY_LABEL)
    folder = written(tmp_path / "in", song__wav=V.wav(pcm, tags))
    made = audit(tmp_path, [("tracks", folder), ("manifests", manifests)])

    track = made.one("track")
    assert track.says["status"] == status
    assert track.says["_report"]["axes"].get("binding") == axis
    at_hand = [BY_LABEL.decode()] if status != "ABSENT" else []
    assert track.says["_tokens"] == at_hand


@pytest.mark.requirement("AUD-025")
def test_a_strangers_manifest_takes_nothing_away_from_the_labels(tmp_path):
    stripped = written(tmp_path / "in", song__wav=V.wav(S.PCM))
    both = written(tmp_path / "m", a__musicprov__jws=STRANGERS, b__musicprov__jws=BY_LABEL)

    made = audit(tmp_path, [("tracks", stripped), ("manifests", both)])
    assert made.one("track").says["status"] == "PASSED"

    (both / "b.musicprov.jws").unlink()
    alone = audit(tmp_path, [("tracks", stripped), ("manifests", both)])
    assert alone.one("track").says["status"] == "INDETERMINATE"
    assert alone.one("track").says["code"] == "identity.unknown"


@pytest.mark.requirement("AUD-025")
@pytest.mark.parametrize("may_vouch", [True, False])
def test_a_signer_who_is_vouched_for_in_another_file_is_known(tmp_path, may_vouch):
    parties = [S.party("label", LABEL), S.party("shop", SHOP)]
    grants = [S.VOUCHED, *([S.may_vouch("shop", "isni")] if may_vouch else [])]
    who = asker(parties, grants, identity="vouched")
    folder = written(tmp_path / "in", song__wav=V.wav(S.PCM))
    manifests = written(
        tmp_path / "m",
        a__musicprov__jws=STRANGERS,
        b__musicprov__jws=V.token(S.manifest(), S.ARTIST),
        c__musicprov__jws=S.bind(SHOP, S.ARTIST),
    )
    sources = [("manifests", manifests), ("tracks", folder)]
    with read(tmp_path / "store", sources, who.context()) as made:
        report = made.one("track").says["_report"]

    assert report["status"] == ("PASSED" if may_vouch else "INDETERMINATE")
    assert report["signer"]["rung"] == ("vouched" if may_vouch else "unknown")


@pytest.mark.requirement("AUD-025")
def test_a_track_with_its_own_declaration_is_verified_with_what_continues_it(tmp_path):
    newer = S.later(BY_LABEL, LABEL)
    rival = V.token(S.manifest(contributions=[{"asset": "recording", "area": "leadVocals", "level": "none"}]), LABEL)  # fmt: skip
    folder = written(tmp_path / "in", song__wav=file(BY_LABEL))
    manifests = written(
        tmp_path / "m",
        newer__musicprov__jws=newer,
        rival__musicprov__jws=rival,
        stranger__musicprov__jws=S.later(BY_LABEL, STRANGER),
    )
    made = audit(tmp_path, [("tracks", folder), ("manifests", manifests)])

    track = made.one("track")
    assert track.says["status"] == "PASSED"
    assert track.says["_report"]["statement"]["sid"] == V.sid(newer)
    codes = {check["code"] for check in track.says["_report"]["checks"]}
    assert "currency.superseded" in codes
    assert "carrier.conflict" not in codes
    assert sorted(track.says["_tokens"]) == sorted([BY_LABEL.decode(), newer.decode()])


@pytest.mark.requirement("AUD-025")
def test_two_of_the_labels_own_that_disagree_are_a_conflict(tmp_path):
    rival = V.token(S.manifest(contributions=[{"asset": "recording", "area": "leadVocals", "level": "none"}]), LABEL)  # fmt: skip
    folder = written(tmp_path / "in", song__wav=V.wav(S.PCM))
    manifests = written(tmp_path / "m", a__musicprov__jws=BY_LABEL, b__musicprov__jws=rival)
    made = audit(tmp_path, [("tracks", folder), ("manifests", manifests)])

    assert made.one("track").says["code"] == "carrier.conflict"


@pytest.mark.requirement("AUD-024")
def test_what_others_say_in_other_files_counts_for_the_track(tmp_path):
    disputes = S.endorse(BY_LABEL, LABEL, CHART, "disputes")
    endorses = S.endorse(BY_LABEL, LABEL, SHOP)
    folder = written(tmp_path / "in", song__wav=file(BY_LABEL), other__wav=V.wav(OTHER_PCM))
    manifests = written(tmp_path / "m", d__musicprov__jws=disputes, e__musicprov__jws=endorses)
    made = audit(tmp_path, [("tracks", folder), ("manifests", manifests)])

    other, song = made.of("track")
    acts = [one["act"] for one in song.says["_report"]["endorsements"]]
    assert sorted(acts) == ["disputes", "verified-signer"]
    assert other.says["_report"]["endorsements"] == []


@pytest.mark.requirement("AUD-024")
def test_a_withdrawal_at_hand_comes_before_a_flood_of_strangers(tmp_path):
    taken_back = S.withdraw(BY_LABEL, LABEL, LABEL)
    folder = written(tmp_path / "in", song__wav=file(BY_LABEL))
    manifests = tmp_path / "m"
    manifests.mkdir()
    for n in range(60):
        said = S.endorse(BY_LABEL, LABEL, STRANGER, issued=f"2026-11-02T10:00:{n:02d}Z")
        (manifests / f"{n:02d}.musicprov.jws").write_bytes(said)
    (manifests / "zz.musicprov.jws").write_bytes(taken_back)
    made = audit(tmp_path, [("tracks", folder), ("manifests", manifests)])

    checks = {check["code"] for check in made.one("track").says["_report"]["checks"]}
    assert "currency.withdrawn" in checks
    assert made.rules().count("audit.too-many-statements") == 1


@pytest.mark.requirement("AUD-025")
@pytest.mark.parametrize("most", [16, 17])
def test_declarations_that_were_not_held_against_the_audio_are_told_of(tmp_path, most):
    """Beside a file with a declaration of its own, as for one without."""
    folder = written(tmp_path / "in", song__wav=file(STRANGERS), bare__wav=V.wav(S.PCM, TAGGED))
    manifests = tmp_path / "m"
    manifests.mkdir()
    for n in range(most):
        said = V.token(S.manifest(issued=f"2026-11-02T10:00:{n:02d}Z"), LABEL)
        (manifests / f"{n:02d}.musicprov.jws").write_bytes(said)
    made = audit(tmp_path, [("tracks", folder), ("manifests", manifests)])

    assert made.rules().count("audit.too-many-statements") == (2 if most > 16 else 0)
    (song,) = (t for t in made.of("track") if made.named(t).endswith("song.wav"))
    assert len(song.says["_compared"]["tokens"]) == 16


def compared_thrice(tmp_path, monkeypatch, song, own_tiers, at_hand_tiers):
    """For which tiers a file is decoded that is other audio than all that is declared of it.

    It carries a declaration, and one of later than the audit; another is at hand.
    """

    def token(key, tiers, **changed):
        made = {"title": "Vector Song", "isrc": "QZZZZ2600001"}
        made["bindings"] = V.bindings(S.SONG, *tiers)
        return V.token(S.manifest(subject=made, **changed), key)

    own = token(STRANGER, own_tiers)
    later = token(STRANGER, own_tiers, issued="2028-01-01T00:00:00Z")
    at_hand = token(LABEL, at_hand_tiers)
    folder = written(tmp_path / "in", **{song.replace(".", "__"): audio_of(song)})
    (folder / f"{song}.musicprov.json").write_bytes(S.bundle(own, later))
    manifests = written(tmp_path / "m", a__musicprov__jws=at_hand)
    decode, decoded = _decoder.decode, []
    monkeypatch.setattr(
        _decoder, "decode", lambda *words: decoded.append(words[3]) or decode(*words)
    )
    as_of = dataclasses.replace(context(), until=context().now)
    with read(tmp_path / "store", [("tracks", folder), ("manifests", manifests)], as_of) as made:
        track = made.one("track")
    assert track.says["_later"] == [later.decode()]
    assert track.says["_compared"]["tokens"] == [at_hand.decode()]
    return decoded


def audio_of(song):
    if song.endswith(".wav"):
        return V.wav(OTHER_PCM)
    return samples.corpus("flac5")[0].read_bytes()


@pytest.mark.requirement("BND-071")
def test_a_track_is_decoded_once_however_often_it_is_verified(tmp_path, monkeypatch):
    tiers = ("fingerprint",)
    assert compared_thrice(tmp_path, monkeypatch, "song.wav", tiers, tiers) == [{"fingerprint"}]


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.requirement("BND-071")
def test_real_music_is_decoded_once_for_all_tiers_that_are_recorded(tmp_path, monkeypatch):
    decoded = compared_thrice(tmp_path, monkeypatch, "song.flac", ("samples",), ("fingerprint",))
    assert decoded == [{"samples", "fingerprint"}]


SUBJECT = {"title": "Vector Song", "bindings": V.bindings(S.SONG, "essence")}
WITH_ISRC = V.token(S.manifest(subject={**SUBJECT, "isrc": "QZZZZ2600001"}), LABEL)
WITH_NAMES = V.token(S.manifest(subject={**SUBJECT, "artists": [{"name": "VECTOR artist"}]}), LABEL)
NAMES = TAGGED[1:]
MISMATCH = "binding.mismatch"


@pytest.mark.requirement("AUD-039")
@pytest.mark.parametrize(
    ("name", "tags", "said", "told"),
    [
        ("QZ-ZZZ-26-00001.wav", [], WITH_ISRC, True),
        ("QZ-ZZZ-26-00001.wav", [("TSRC", "QZZZZ2600009")], WITH_ISRC, True),
        ("QZ-ZZZ-26-00002.wav", NAMES, WITH_ISRC, False),
        ("song.wav", NAMES, WITH_ISRC, True),
        ("song.wav", NAMES, WITH_NAMES, True),
        ("song.wav", [("TSRC", "QZZZZ2600009"), *NAMES], WITH_ISRC, False),
        ("song.wav", [("TSRC", "QZZZZ2600009"), *NAMES], WITH_NAMES, False),
        ("song.wav", [("TIT2", "Vector Song"), ("TPE1", "...")], WITH_ISRC, False),
        ("song.wav", [], WITH_ISRC, False),
    ],
)
def test_a_track_is_compared_with_what_only_a_name_ties_to_it(tmp_path, name, tags, said, told):
    manifests = written(tmp_path / "m", a__musicprov__jws=said)
    folder = written(tmp_path / "in")
    (folder / name).write_bytes(V.wav(OTHER_PCM, tags))
    entry = Entry(1, 2, "2025-11-08", 1, "Vector song!", "Vector Artist", "QZZZZ2600001")
    sources = [("tracks", folder), ("manifests", manifests)]

    track = audit(tmp_path, sources, entries=[entry]).one("track")
    assert track.says["_named"] == ([{"sid": V.sid(said), "code": MISMATCH}] if told else [])
    assert (track.says["status"], track.says["_tokens"]) == ("ABSENT", [])
    shaped(track)


@pytest.mark.requirement("AUD-039")
def test_what_is_tied_by_more_than_a_name_is_not_compared_by_name(tmp_path):
    """A file with the label's audio, and the label's older declaration about other audio."""
    older = V.token(S.manifest(S.SECOND, subject={**SUBJECT, "isrc": "QZZZZ2600001",
        "bindings": V.bindings(S.SECOND, "essence")}), LABEL)  # fmt: skip
    manifests = written(tmp_path / "m", a__musicprov__jws=WITH_ISRC, b__musicprov__jws=older)
    folder = written(tmp_path / "in", QZZZZ2600001__wav=V.wav(S.PCM))

    track = audit(tmp_path, [("tracks", folder), ("manifests", manifests)]).one("track")
    assert (track.says["status"], track.says["_named"]) == ("PASSED", [])


@pytest.mark.requirement("AUD-039")
@pytest.mark.parametrize("own", [False, True], ids=["carries nothing", "carries another's"])
def test_what_has_the_samples_belongs_to_the_track(tmp_path, own):
    """Nothing at hand is of its coded audio: what is bound to its samples alone is."""
    bound = {"title": "Vector Song", "isrc": "QZZZZ2600001"}
    bound["bindings"] = V.bindings(S.SONG, "samples")
    said = V.token(S.manifest(subject=bound), LABEL)
    nameless = V.token(S.manifest(subject=SUBJECT), STRANGER)
    manifests = written(tmp_path / "m", a__musicprov__jws=said)
    data = file(nameless) if own else V.wav(S.PCM)
    folder = written(tmp_path / "in", QZZZZ2600001__wav=data)

    track = audit(tmp_path, [("tracks", folder), ("manifests", manifests)]).one("track")
    about = track.says["_compared"]["report"] if own else track.says["_report"]
    assert (about["statement"]["sid"], about["axes"]["binding"]) == (
        V.sid(said),
        "binding.lossless",
    )
    assert track.says["_named"] == []


@pytest.mark.requirement("AUD-039")
def test_a_strangers_declaration_is_not_held_against_a_name_beside_the_labels(tmp_path):
    bound = {**SUBJECT, "isrc": "QZZZZ2600001"}
    strangers = [
        V.token(S.manifest(subject=bound, issued=f"2026-11-02T10:00:{n:02d}Z"), STRANGER)
        for n in range(17)
    ]
    folder = written(tmp_path / "in", QZZZZ2600001__wav=V.wav(OTHER_PCM))
    manifests = written(tmp_path / "m", zz__musicprov__jws=WITH_ISRC)
    for n, said in enumerate(strangers):
        (manifests / f"{n:02d}.musicprov.jws").write_bytes(said)
    sources = [("tracks", folder), ("manifests", manifests)]
    both = audit(tmp_path, sources)
    (manifests / "zz.musicprov.jws").unlink()
    alone = audit(tmp_path, sources)
    of_this_audio = {"title": "Another", "bindings": V.bindings(S.SECOND, "essence")}
    (manifests / "zz.musicprov.jws").write_bytes(WITH_ISRC)
    (manifests / "x.musicprov.jws").write_bytes(
        V.token(S.manifest(subject=of_this_audio), STRANGER)
    )
    beside = audit(tmp_path, sources)

    assert beside.one("track").says["code"] == "identity.unknown"
    assert beside.one("track").says["_named"] == both.one("track").says["_named"]
    assert both.one("track").says["_named"] == [{"sid": V.sid(WITH_ISRC), "code": MISMATCH}]
    assert "audit.too-many-statements" not in both.rules()
    assert len(alone.one("track").says["_named"]) == 16
    assert alone.rules().count("audit.too-many-statements") == 1


@pytest.mark.requirement("AUD-026")
def test_a_track_of_which_nothing_is_known_is_found_by_its_samples(tmp_path):
    bound = V.token(S.manifest(S.SECOND, subject={
        "title": "Vector Song", "isrc": "QZZZZ2600001", "bindings": V.bindings(S.SECOND, "samples")}),
        LABEL)  # fmt: skip
    manifests = written(tmp_path / "m", a__musicprov__jws=bound)
    folder = written(tmp_path / "in", same__wav=V.wav(OTHER_PCM), none__wav=V.wav(S.PCM))
    made = audit(tmp_path, [("tracks", folder), ("manifests", manifests)])

    none, same = made.of("track")
    assert (none.says["status"], same.says["_report"]["axes"]["binding"]) == (
        "ABSENT",
        "binding.lossless",
    )
    assert same.keys.isrcs == ("QZZZZ2600001",)
    assert none.keys.isrcs == ()


@pytest.mark.requirement("AUD-022")
@pytest.mark.requirement("AUD-026")
def test_only_so_many_tracks_are_searched_for_and_the_others_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(tracks, "MAX_SEARCHED", 1)
    bound = V.token(S.manifest(S.SECOND, subject={
        "title": "Vector Song", "isrc": "QZZZZ2600001", "bindings": V.bindings(S.SECOND, "samples")}),
        LABEL)  # fmt: skip
    manifests = written(tmp_path / "m", a__musicprov__jws=bound)
    folder = written(tmp_path / "in", a__wav=V.wav(OTHER_PCM), b__wav=V.wav(OTHER_PCM))
    made = audit(tmp_path, [("tracks", folder), ("manifests", manifests)])

    assert [t.says["status"] for t in made.of("track")] == ["INDETERMINATE", "ABSENT"]
    assert made.rules() == ["audit.not-searched"]


@pytest.mark.requirement("AUD-027")
def test_an_isrc_in_a_files_name_is_a_hint(tmp_path):
    folder = written(tmp_path / "in")
    (folder / "01 QZ-ZZZ-26-00001 song.wav").write_bytes(V.wav(S.PCM))
    (folder / "ABQZZZZ2600001.wav").write_bytes(V.wav(S.PCM))
    (folder / "tagged.wav").write_bytes(V.wav(S.PCM, TAGGED))
    with read(tmp_path / "store", [("tracks", folder)], context()) as made:
        joins = {made.named(i): (by, sure) for i, by, sure, _ in items_of(made.recording(), made.store)}  # fmt: skip

    assert joins["01 QZ-ZZZ-26-00001 song.wav"][0] != "isrc"
    assert joins["tagged.wav"] == ("isrc", "likely")
    assert [i.keys.isrcs for i in made.of("track")][1] == ()


@pytest.mark.requirement("AUD-020")
def test_a_folder_is_read_in_the_order_of_bytes_and_never_left(tmp_path):
    song = V.wav(S.PCM)
    outside = written(tmp_path / "out", secret__wav=song)
    folder = tmp_path / "in"
    for name in ("b.wav", "a/z.wav", "a.wav", "a-.wav", "\u00e4.wav", ".hidden.wav", ".h/x.wav"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(song)
    (folder / os.fsdecode(b"c\xff.wav")).write_bytes(song)
    (folder / "link.wav").symlink_to(outside / "secret.wav")
    (folder / "linked").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.wav")
    with socket.socket(socket.AF_UNIX) as made_socket:
        made_socket.bind(str(folder / "s.wav"))
        made = audit(tmp_path, [("tracks", folder)])

    names = [i.name for i in made.inputs]
    assert names == ["a-.wav", "a.wav", "a/z.wav", "b.wav", "c\\xff.wav", "\u00e4.wav"]
    json.dumps([i.says for i in made.items], ensure_ascii=False).encode()


@pytest.mark.requirement("AUD-021")
def test_a_damaged_file_is_named_and_the_next_is_read(tmp_path):
    folder = written(
        tmp_path / "in", cut__flac=b"fLaC" + bytes(80), song__wav=file(BY_LABEL), notes__txt=b"hello" * 50
    )  # fmt: skip
    (folder / "song.wav.musicprov.json").write_bytes(b"x" * 10)
    made = audit(tmp_path, [("tracks", folder)])

    assert [made.named(i) for i in made.of("track")] == ["cut.flac", "song.wav"]
    assert made.of("track")[1].says["status"] == "PASSED"
    shaped(made.of("track")[0])


@pytest.mark.requirement("AUD-021")
def test_files_and_folders_that_cannot_be_opened_are_named_and_the_next_is_read(
    tmp_path, monkeypatch
):
    """Permissions do not bind whoever runs the tests, so the refusals are made up."""
    folder = written(tmp_path / "in", locked__wav=file(BY_LABEL), song__wav=file(BY_LABEL))
    written(folder / "shut", x__wav=file(BY_LABEL))
    opening, entries = evidence.open_regular, _files._entries

    def refusing(path):
        if path.name == "locked.wav":
            raise InputError(f"{path}: not readable")
        return opening(path)

    def shut(place, name):
        if name == b"shut/":
            raise PermissionError
        return entries(place, name)

    monkeypatch.setattr(evidence, "open_regular", refusing)
    monkeypatch.setattr(_files, "_entries", shut)
    made = audit(tmp_path, [("tracks", folder)])

    assert [(p.rule, p.value) for p in made.problems] == [
        ("audit.unreadable", "locked.wav"),
        ("audit.unreadable", "shut/"),
    ]
    assert [made.named(i) for i in made.items] == ["song.wav"]


@pytest.mark.requirement("AUD-021")
def test_a_file_that_cannot_be_read_is_an_item_that_says_so(tmp_path, monkeypatch):
    def broken(*_):
        raise EOFError("the file became shorter while it was read")

    folder = written(tmp_path / "in", song__wav=file(BY_LABEL))
    monkeypatch.setattr(_judging.steps, "with_digest", broken)
    made = audit(tmp_path, [("tracks", folder)])

    item = made.one("track")
    assert (item.says["status"], item.says["code"]) == ("ERROR", "error")
    assert item.says["tags"] is item.says["marks"] is None
    assert shaped(item)["sha256"] == made.inputs[0].sha256
    assert made.rules() == ["audit.audio-unreadable"]
    assert str(tmp_path) not in json.dumps(item.says)
    assert list(schemas.check(item.says["_report"], "report")) == []


@pytest.mark.requirement("AUD-021")
def test_only_what_was_named_itself_and_is_not_there_ends_the_audit(tmp_path):
    with pytest.raises(InputError):
        audit(tmp_path, [("tracks", tmp_path / "nowhere")])
    empty = tmp_path / "empty"
    empty.mkdir()

    assert audit(tmp_path, [("tracks", empty)]).rules() == ["audit.source-empty"]


@pytest.mark.requirement("AUD-022")
def test_a_folder_of_too_many_files_is_read_as_far_as_the_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(_files, "MAX_FILES", 2)
    folder = written(tmp_path / "in", a__wav=V.wav(S.PCM), b__wav=V.wav(S.PCM), c__wav=V.wav(S.PCM))
    made = audit(tmp_path, [("tracks", folder)])

    assert len(made.of("track")) == 2
    assert made.rules() == ["audit.too-many-files"]


def test_tags_that_no_text_file_can_hold_do_no_harm(tmp_path):
    # an ID3v2.3 frame in UTF-16 with a lone surrogate, by hand
    text = b"\x01\xff\xfe" + b"\x00\xd8" + "A".encode("utf-16-le")
    frame = b"TIT2" + len(text).to_bytes(4, "big") + b"\0\0" + text
    tag = b"ID3\x03\0\0" + V.synchsafe(len(frame)) + frame
    folder = written(tmp_path / "in", song__wav=V.wav(S.PCM, extra=V.chunk(b"id3 ", tag)))
    made = audit(tmp_path, [("tracks", folder)])

    json.dumps(made.one("track").says, ensure_ascii=False).encode()
    assert "A" in made.one("track").says["tags"]["title"]


@pytest.mark.requirement("AUD-112")
@pytest.mark.parametrize(
    ("data", "tags", "code"),
    [
        (V.wav(S.PCM), dict.fromkeys(_judging._TAGS), "carrier.absent"),
        (V.wav(S.PCM)[:-8], None, "carrier.scan-incomplete"),
        (V.wav(S.PCM, TAGGED[:1])[:-8], None, "carrier.scan-incomplete"),
    ],
    ids=["whole", "cut", "cut in its tags"],
)
def test_what_could_not_be_read_is_not_none(tmp_path, data, tags, code):
    folder = written(tmp_path / "in", song__wav=data)
    says = shaped(audit(tmp_path, [("tracks", folder)]).one("track"))

    assert says["code"] == code
    assert says["tags"] == tags
    assert says["marks"] == (None if tags is None else [])


@pytest.mark.slow
@pytest.mark.requirement("AUD-036")
def test_processes_give_what_one_gives(tmp_path, monkeypatch):
    folder = written(
        tmp_path / "in", **{f"{n}__wav": file(BY_LABEL) if n % 3 else V.wav(S.PCM) for n in range(11)}
    )  # fmt: skip
    (folder / "5a.wav").write_bytes(b"RIFF" + bytes(100))
    (folder / "5a.wav.musicprov.json").write_bytes(b"no statement")
    opening = evidence.open_regular

    def refusing(path):
        if path.name in {"1.wav", "6.wav"}:
            raise InputError(f"{path}: not readable")
        return opening(path)

    monkeypatch.setattr(evidence, "open_regular", refusing)
    manifests = written(tmp_path / "m", a__musicprov__jws=BY_LABEL)
    sources = [("tracks", folder), ("manifests", manifests)]

    one, two = audit(tmp_path, sources), audit(tmp_path, sources, jobs=2)

    assert [(i.kind, i.input, i.keys, i.says) for i in one.items] == [
        (i.kind, i.input, i.keys, i.says) for i in two.items
    ]
    assert one.inputs == two.inputs
    assert one.problems == two.problems != []
    assert len(one.of("track")) == 9


@pytest.mark.slow
@pytest.mark.corpus
def test_real_music_is_found_by_what_it_sounds_like_and_by_nothing_else(tmp_path, monkeypatch):
    """A FLAC is signed beside itself; its MP3 without tags is found, another track is not."""
    flac = samples.corpus("flac5")[1]
    mp3 = next(p for p in samples.corpus("mp3_320") if p.stem == flac.stem)
    other = next(p for p in samples.corpus("mp3_320") if p.stem != flac.stem)
    home = {"MUSICPROV_HOME": str(tmp_path / "home")}
    declaration = tmp_path / "d.json"
    declaration.write_text(json.dumps({
        "declarant": {"role": "artist", "name": "A"},
        "subject": {"title": "T", "isrc": "QZZZZ2600001"},
        "contributions": [{"area": "leadVocals", "level": "none"}],
    }))  # fmt: skip
    key = tmp_path / "k.pem"
    work = tmp_path / "work.flac"
    shutil.copy(flac, work)
    for words in (
        ["keygen", "--no-passphrase", "--out", key],
        ["sign", work, "--manifest", declaration, "--key", key, "--sidecar", "-y"],
    ):
        done = CliRunner().invoke(cli, [str(w) for w in words], env=home)
        assert done.exit_code == 0, done.output
    manifests = tmp_path / "m"
    manifests.mkdir()
    shutil.move(tmp_path / "work.flac.musicprov.json", manifests / "work.musicprov.json")
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(mp3, folder / "a.mp3")
    shutil.copy(other, folder / "b.mp3")
    shutil.copy(flac, folder / "c.flac")

    decode, decoded = _decoder.decode, []
    monkeypatch.setattr(
        _decoder, "decode", lambda *words: decoded.append(words[1].container) or decode(*words)
    )
    with read(tmp_path / "store", [("tracks", folder), ("manifests", manifests)]) as made:
        joins = {
            made.named(i): (by, sure)
            for i, by, sure, _ in items_of(made.recording(title="?", artist="?"), made.store)
        }

    codes = [t.says["_report"]["axes"].get("binding") for t in made.of("track")]
    assert codes == ["binding.similar", None, "binding.exact"]
    assert decoded == ["mp3", "mp3"]  # each once, and the exact one never
    assert joins == {
        "work.musicprov.json": ("isrc", "certain"),
        "c.flac": ("isrc", "certain"),
        "a.mp3": ("fingerprint", "weak"),
    }


def test_a_source_can_be_read_one_by_one(tmp_path):
    path = tmp_path / "song.wav"
    path.write_bytes(file(BY_LABEL))

    assert once(tmp_path / "s", "tracks", path).one("track").says["status"] == "INDETERMINATE"
