"""What belongs to a recording, by what and how sure (spec 25.3)."""

import hashlib
from itertools import product

import pytest
from provenance.audit.joining import items_of
from provenance.audit.model import Entry, Item, Keys
from provenance.audit.store import opened

from support.evidence import read
from support.samples import third_party
from threats.world import BY_LABEL, LABEL, S, V, asker, file

ISRC, OTHER = "QZZZZ2600001", "QZZZZ2600002"
FILE, ESSENCE = "sha-256:" + "f" * 43, "sha-256:" + "e" * 43


@pytest.fixture
def store(tmp_path):
    with opened(tmp_path) as made:
        yield made


def chart(store, isrc=ISRC, title="Song", artist="Band"):
    store.add_entries([Entry(1, 2, "2025-11-08", 1, title, artist, isrc)])
    store.number_recordings()
    return list(store.recordings())[-1]


def add(store, kind, says=(), **keys):
    return store.add_item(Item(kind, 1, "", Keys(**keys), dict(says)))


def track(store, *, tag=None, declared=None, binding=None, essence=ESSENCE, **keys):
    axes = {"binding": binding} if binding else {}
    says = {"tags": {"isrc": tag}, "declaredIsrc": declared, "essence": essence,
            "status": "PASSED", "_report": {"axes": axes}}  # fmt: skip
    return add(store, "track", says, **keys)


def joined(store, recording):
    return {item.number: (by, sure.value) for item, by, sure, _ in items_of(recording, store)}


@pytest.mark.requirement("AUD-032")
@pytest.mark.parametrize(
    ("tag", "declared", "binding", "expected"),
    [
        (None, ISRC, "binding.exact", ("isrc", "certain")),
        (ISRC, ISRC, "binding.exact", ("isrc", "certain")),
        (None, ISRC, "binding.lossless", ("samples", "certain")),
        (None, ISRC, "binding.similar", ("fingerprint", "weak")),
        (ISRC, ISRC, "binding.similar", ("isrc", "likely")),
        (None, ISRC, "binding.altered", ("fingerprint", "weak")),
        (ISRC, ISRC, "binding.altered", ("isrc", "likely")),
        (None, ISRC, "binding.not-checked", ("isrc", "likely")),
        (ISRC, ISRC, "binding.mismatch", ("isrc", "likely")),
        (None, ISRC, "binding.mismatch", ("declaration", "weak")),
        (OTHER, ISRC, "binding.mismatch", ("declaration", "weak")),
        (ISRC, OTHER, "binding.exact", ("isrc", "likely")),
        ("x; QZ-ZZZ-26-00001", None, None, ("isrc", "likely")),
        (None, None, None, ("fileName", "weak")),
    ],
)
def test_a_track_is_as_sure_as_what_names_it(store, tag, declared, binding, expected):
    number = track(store, tag=tag, declared=declared, binding=binding, isrcs=(ISRC,))

    assert joined(store, chart(store)) == {number: expected}


@pytest.mark.requirement("AUD-032")
@pytest.mark.parametrize(
    ("kind", "sure"),
    [("manifest", "certain"), ("ern", "likely"), ("detector", "likely"), ("credits", "likely")],
)
def test_other_kinds_join_by_the_isrc(store, kind, sure):
    number = add(store, kind, isrcs=(ISRC,))
    add(store, kind, isrcs=(OTHER,))

    assert joined(store, chart(store)) == {number: ("isrc", sure)}


@pytest.mark.requirement("AUD-033")
@pytest.mark.parametrize(("tag", "sure"), [(ISRC, "likely"), (None, "weak")])
def test_a_score_for_a_file_is_no_surer_than_the_file(store, tag, sure):
    audio = track(store, tag=tag, isrcs=(ISRC,), files=(FILE,))
    score = add(store, "detector", files=(FILE,))
    add(store, "detector", files=("sha-256:" + "0" * 43,))
    by = "isrc" if tag else "fileName"

    assert joined(store, chart(store)) == {audio: (by, sure), score: ("fileHash", sure)}


@pytest.mark.requirement("AUD-033")
def test_a_declaration_with_the_isrc_brings_audio_without_tags_and_what_is_said_of_it(store):
    manifest = add(store, "manifest", isrcs=(ISRC,), essences=(ESSENCE,))
    audio = track(store, essences=(ESSENCE,), files=(FILE,))
    score = add(store, "detector", files=(FILE,))

    assert joined(store, chart(store)) == {
        manifest: ("isrc", "certain"),
        audio: ("essence", "certain"),
        score: ("fileHash", "certain"),
    }


@pytest.mark.requirement("AUD-033")
@pytest.mark.parametrize(
    ("binding", "expected"),
    [("binding.similar", ("fingerprint", "weak")), ("binding.lossless", ("samples", "certain"))],
)
def test_audio_that_only_sounds_like_it_is_weak(store, binding, expected):
    """The track has its own essence, and the one that the declaration recorded."""
    manifest = add(store, "manifest", isrcs=(ISRC,), essences=(ESSENCE,))
    own = "sha-256:" + "1" * 43
    audio = track(store, essence=own, binding=binding, essences=(own, ESSENCE))

    found = joined(store, chart(store))
    assert found == {manifest: ("isrc", "certain"), audio: expected}


@pytest.mark.requirement("AUD-032")
def test_the_surest_way_counts_whatever_was_read_first(store):
    """Weak by its file's name, and certain through a manifest: certain, once."""
    audio = track(store, isrcs=(ISRC,), essences=(ESSENCE,))
    manifest = add(store, "manifest", isrcs=(ISRC,), essences=(ESSENCE,))

    found = list(items_of(chart(store), store))
    assert {i.number: s.value for i, _, s, _ in found} == {audio: "certain", manifest: "certain"}
    assert len(found) == 2


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("Beyonc\u00e9", "BEYONCE\u0301", True),
        ("Ti\u1ebfng Vi\u1ec7t", "tieng viet", True),
        ("\u2764\ufe0f you", "\u2764 You!", True),
        ("\uff76\uff9e\uff70\uff99", "\u30ac\u30fc\u30eb", True),
        ("\u05e9\u05c1\u05c7\u05dc\u05d5\u05b9\u05dd", "\u05e9\u05dc\u05d5\u05dd", True),
        ("\u0926\u093f\u0932", "\u0926\u0932", False),
        ("\u0e01\u0e34\u0e19", "\u0e01\u0e31\u0e19", False),
        ("\u304b\u304e", "\u304b\u304d", False),
        ("\u00f7", "\u00d7", False),
        ("!!!", "!!!", True),
        ("", "?", False),
    ],
)
def test_entries_without_isrc_are_one_recording_by_what_their_names_spell(
    store, one, other, are_one
):
    """Accents and case tell no songs apart; vowels, voicing and bare punctuation do."""
    rows = [Entry(1, n, "2025-11-08", n, title, "Band") for n, title in enumerate((one, other), 2)]
    store.add_entries(rows)

    assert store.number_recordings() == (1 if are_one else 2)


@pytest.mark.requirement("AUD-034")
@pytest.mark.requirement("AUD-035")
@pytest.mark.parametrize(
    ("names", "isrcs", "is_joined"),
    [
        ((("Band", "Song"),), (), True),
        ((("B\u00c1ND", " s-o-n-g! "),), (), True),
        ((("Band", "Song"),), (OTHER,), False),
        ((("Band", "Song (Remix)"),), (), False),
        ((("Band", ""),), (), False),
        ((("Other", "Song"),), (), False),
    ],
)
def test_names_join_weakly_and_never_over_an_identifier(store, names, isrcs, is_joined):
    number = add(store, "detector", names=names, isrcs=isrcs)
    found = list(items_of(chart(store, title="Song", artist="Band"), store))

    assert [(i.number, by, s.value, d) for i, by, s, d in found] == (
        [(number, "name", "weak", {"artist": "Band", "title": "Song"})] if is_joined else []
    )


@pytest.mark.requirement("AUD-035")
def test_names_that_are_only_signs_join_nothing(store):
    add(store, "detector", names=(("!!!", "???"),))
    add(store, "crowdList", names=(("***", ""),))

    assert joined(store, chart(store, title="...", artist="!!!")) == {}


@pytest.mark.requirement("AUD-035")
@pytest.mark.parametrize(
    ("artist", "listed", "is_joined"),
    [
        ("Rusty Circuits", "rusty circuits", True),
        ("Ann feat. Rusty Circuits", "Rusty Circuits", True),
        ("Ann (ft Rusty Circuits)", "Rusty Circuits", True),
        ("Ann & Rusty Circuits", "Rusty Circuits", False),
        ("Earth, Wind & Fire", "Earth", False),
        ("Feature Films", "Feature", False),
    ],
)
def test_a_crowd_list_joins_by_the_artist_alone_and_weakly(store, artist, listed, is_joined):
    number = add(store, "crowdList", names=((listed, ""),))
    other = add(store, "detector", names=((listed, ""),))
    found = joined(store, chart(store, artist=artist))

    assert found == ({number: ("artist", "weak")} if is_joined else {})
    assert other not in found


@pytest.mark.requirement("AUD-032")
def test_an_entry_without_an_isrc_is_joined_by_name_and_then_by_what_that_has(store):
    audio = track(store, tag=ISRC, isrcs=(ISRC,), files=(FILE,), names=(("Band", "Song"),))
    score = add(store, "detector", files=(FILE,), isrcs=(ISRC,))

    assert joined(store, chart(store, isrc=None)) == {
        audio: ("name", "weak"),
        score: ("fileHash", "weak"),
    }


@pytest.mark.requirement("AUD-037")
def test_what_is_said_of_the_isrc_of_what_was_found_by_name_is_joined_and_no_declaration(store):
    """Neither a declaration of that ISRC, nor through a score's file."""
    names = (("Band", "Song"),)
    claims = add(store, "credits", isrcs=(ISRC,), names=names)
    score = add(store, "detector", isrcs=(ISRC,), files=(FILE,))
    message = add(store, "ern", isrcs=(ISRC,))
    add(store, "detector", isrcs=(OTHER,))
    add(store, "manifest", isrcs=(ISRC,))
    track(store, tag=ISRC, isrcs=(ISRC,), files=(FILE,))
    found = joined(store, chart(store, isrc=None))

    assert found == {
        claims: ("name", "weak"),
        score: ("isrc", "weak"),
        message: ("isrc", "weak"),
    }
    with_isrc = joined(store, chart(store, isrc=OTHER, title="Another"))
    assert score not in with_isrc


def test_the_order_does_not_depend_on_what_else_is_there(store):
    for n, kind in product(range(3), ("credits", "detector", "manifest")):
        add(store, kind, {"n": n}, isrcs=(ISRC,))
    recording = chart(store)
    one = [(i.number, by) for i, by, *_ in items_of(recording, store)]

    assert one == [(i.number, by) for i, by, *_ in items_of(recording, store)]
    assert [number for number, _ in one] == [3, 6, 9, 1, 2, 4, 5, 7, 8]


def test_real_items_join_end_to_end(tmp_path):
    """A declared file, a detector's row by its hash alone, a name on a list: one recording."""
    audio = tmp_path / "song.wav"
    audio.write_bytes(file(BY_LABEL))
    digest = hashlib.sha256(file(BY_LABEL)).hexdigest()
    scores = tmp_path / "scores.csv"
    scores.write_text(f"tool,version,score,date,file_sha256\nD,1,0.97,2025-11-10,{digest}\n")
    listed = tmp_path / "list.json"
    listed.write_text('{"list": "L", "licence": "CC0-1.0", "artists": [{"name": "vector ARTIST"}]}')
    sources = [("tracks", audio), ("detector", scores), ("crowd-list", listed)]
    with read(tmp_path / "store", sources, asker().context()) as made:
        found = [
            (i.kind, by, sure.value)
            for i, by, sure, _ in items_of(made.recording("QZZZZ2600001"), made.store)
        ]

    assert found == [
        ("track", "isrc", "certain"),
        ("detector", "fileHash", "certain"),
        ("crowdList", "artist", "weak"),
    ]
    assert V.essence("pcm-le", 16, S.PCM) in made.one("track").keys.essences


@pytest.mark.requirement("AUD-117")
@pytest.mark.parametrize(
    ("tags", "by_isrc", "by_name"),
    [
        ([], "declaration weak", "declaration weak"),
        ([("TSRC", "QZZZZ2600009"), ("TIT2", "Other"), ("TPE1", "Else")], *["declaration weak"] * 2),
        ([("TIT2", "Vector song!"), ("TPE1", "vector artist")], "declaration weak", "name weak"),
        ([("TSRC", "QZ-ZZZ-26-00001")], "isrc likely", "name weak"),
    ],
    ids=["nothing", "of another", "named", "tagged"],
)  # fmt: skip
def test_other_audio_with_a_copied_declaration_is_tied_by_its_own_tags_alone(
    tmp_path, tags, by_isrc, by_name
):
    """Nothing is joined through it but what is said of the statement: no score, no copy of it."""
    named = {"title": "Vector Song", "artists": [{"name": "Vector Artist"}], "isrc": ISRC}
    said = V.token(S.manifest(subject={**named, "bindings": V.bindings(S.SONG, "essence")}), LABEL)
    folder, scores = tmp_path / "in", tmp_path / "scores.csv"
    folder.mkdir()
    astray = V.wav(V.le16(S.SECOND), [*tags, ("MUSICPROV", said.decode())])
    (folder / "astray.wav").write_bytes(astray)
    (folder / "same.wav").write_bytes(V.wav(V.le16(S.SECOND)))
    (folder / "song.wav").write_bytes(file(said))
    digest = hashlib.sha256(astray).hexdigest()
    rows = f"D,1,0.97,2025-11-10,{digest},\nD,1,0.97,2025-11-10,,QZZZZ2600009\n"
    scores.write_text(f"tool,version,score,date,file_sha256,isrc\n{rows}")
    (tmp_path / "withdrawn.musicprov.jws").write_bytes(S.withdraw(said, LABEL, LABEL))
    sources = [("tracks", folder), ("detector", scores), ("manifests", tmp_path)]
    for isrc, expected in ((ISRC, by_isrc), (None, by_name)):
        with read(tmp_path / "store", sources, asker().context()) as made:
            found = items_of(made.recording(isrc), made.store)
            joins = {made.named(i): (i.kind, f"{by} {sure.value}") for i, by, sure, _ in found}

        assert joins.pop("astray.wav") == ("track", expected)
        assert joins.pop("song.wav")[1] == ("isrc certain" if isrc else "name weak")
        assert joins.pop("withdrawn.musicprov.jws")[1].startswith("statement")
        assert set(joins) == (
            set() if expected.startswith("declaration") else {"same.wav", "scores.csv"}
        )


def test_the_persona_of_the_case_is_found_in_the_list_by_its_name(tmp_path):
    path = third_party("soul-over-ai/artists.json")
    with read(tmp_path / "store", [("crowd-list", path)]) as made:
        recording = made.recording(title="Walk My Walk", artist="Breaking Rust")
        found = [(i.says["artist"], by, s.value) for i, by, s, _ in items_of(recording, made.store)]

    assert found == [("Breaking Rust", "artist", "weak")]
