"""What signing does to a file that carries a statement (spec 6.7): every cell of the table."""

import importlib.util
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from provenance.issuing import beside
from provenance.issuing.carrying import statements_of
from provenance.issuing.preparing import prepare as look
from provenance.issuing.sign import Wishes, draft, issue
from provenance.model.errors import RefusedError, UsageError
from provenance.model.statements import Withdrawal
from provenance.signing.bundle import compact_of, write_bundle
from provenance.signing.envelope import DISCLOSURE_CTY, DISCLOSURE_TYP, read, write
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner
from provenance.trust.identity import Keyring
from provenance.verify.outcome import Context

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
NOW = datetime(2027, 1, 1, tzinfo=UTC)
ME, MINE_TOO, OTHER = (FileSigner(generate()) for _ in range(3))
OWN = Keyring(own=dict.fromkeys([ME.public.thumbprint, MINE_TOO.public.thumbprint]))
TIERS = frozenset({"essence", "samples"})
REPLACE = ("no", "own", "foreign")


def _builder():
    spec = importlib.util.spec_from_file_location("verify_build", VECTORS / "verify" / "build.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["verify_build"] = module
    spec.loader.exec_module(module)
    return module


V = _builder()
AUDIO = V.le16(V.SONG)


def declaration(level="full", **more):
    return {
        "declarant": {"role": "artist", "name": "Somebody"},
        "subject": {"title": "Song"},
        "contributions": [{"area": "leadVocals", "level": level}],
        **more,
    }


def context(now=NOW, keyring=OWN):
    return Context(now=now, keyring=keyring, decode="never")


def sign(paths, declared=None, signer=ME, *, now=NOW, keyring=OWN, **wishes):
    paths = [paths] if isinstance(paths, Path) else paths
    wished = Wishes(tiers=TIERS, **wishes)
    where = context(now, keyring)
    made = draft(paths, declared or declaration(), signer.public.thumbprint, where, wished)
    return issue(made, signer, where, wished)


def values(path):
    """The MUSICPROV values in the file, in order."""
    from provenance.containers import load

    with path.open("rb") as stream:
        scan = load("wav" if path.suffix == ".wav" else "aiff").scan(stream, context().limits, True)
    return [c.value.decode() for c in scan.named("MUSICPROV")]


def manifest_of(token):
    return json.loads(read(token.encode())[0].payload)


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "song.wav"
    path.write_bytes(V.wav(AUDIO))
    return path


def carrying(path, *tokens):
    """The song with exactly these values in its tag."""
    path.write_bytes(V.wav(AUDIO, [("MUSICPROV", t) for t in tokens]))
    return path


def statement(signer, level="partial", sequence=1, **more):
    """An intact statement about the song that says something else than ``declaration()``."""
    plain = V.manifest(sequence=sequence, **({"supersedes": "A" * 43} if sequence > 1 else {}))
    plain |= {"contributions": [{"area": "leadVocals", "level": level}], **more}
    payload = json.dumps(plain).encode()
    return write(payload, signer, typ=DISCLOSURE_TYP, cty=DISCLOSURE_CTY, issued_at=NOW)


def broken():
    head, payload, signature = statement(ME).split(".")
    return ".".join((head, payload, ("A" if signature[0] != "A" else "B") + signature[1:]))


def of_version_2():
    typ = "vnd.musicprov.disclosure.v2+jwt"
    return write(b"{}", ME, typ=typ, cty=DISCLOSURE_CTY, issued_at=NOW)


BROKEN = {
    "a broken signature": broken,
    "no token": lambda: "eyJhbGciOiJFUzI1NiJ9",
    "no text of ours": lambda: "hello",
    "another type": of_version_2,
    "another version of the content": lambda: statement(ME, specVersion="2.0"),
    "a bundle of another version": lambda: '{"bundle":"musicprov-bundle/2","statements":[{}]}',
    "an empty bundle": lambda: '{"bundle":"musicprov-bundle/1","statements":[]}',
    "a bundle that is too large": lambda: '{"bundle":"' + "x" * (1 << 20) + '"}',
    "a broken one in a bundle with a good one": lambda: write_bundle([statement(ME), broken()]).decode(),
}  # fmt: skip


def snapshot(path):
    found = path.stat()
    return path.read_bytes(), found.st_mtime_ns, found.st_ino


# ---- row 1: the same declaration by the same key ------------------------------------------


@pytest.mark.requirement("CAR-045")
@pytest.mark.parametrize("replacing", REPLACE)
def test_the_same_again_writes_nothing(song, replacing):
    (first,) = sign(song)
    before = snapshot(song)

    (again,) = sign(song, now=NOW + timedelta(days=3), replace=replacing)

    assert (first.state, again.state) == ("signed", "unchanged")
    assert again.token == first.token
    assert snapshot(song) == before


SAME = {
    "members in another order": dict(reversed(declaration().items())),
    "letters that are composed": declaration(declarant={"role": "artist", "name": "Bj\u00f6rk"}),
    "the same letters, decomposed": declaration(
        declarant={"role": "artist", "name": "Bjo\u0308rk"}
    ),
}


@pytest.mark.requirement("CAR-045")
@pytest.mark.requirement("WIR-011")
@pytest.mark.parametrize("declared", SAME.values(), ids=SAME)
def test_what_is_signed_from_one_text_is_the_same_from_that_text(song, declared):
    sign(song, declared)

    assert [r.state for r in sign(song, declared)] == ["unchanged"]


@pytest.mark.requirement("CAR-045")
def test_a_set_that_was_left_half_done_is_finished_with_the_same_statement(song, tmp_path):
    other = tmp_path / "song.aiff"
    other.write_bytes(V.aiff(V.be16(V.SONG), []))
    untagged = other.read_bytes()
    first = sign([song, other])
    other.write_bytes(untagged)
    before = snapshot(song)

    results = sign([song, other])

    assert [r.state for r in results] == ["unchanged", "signed"]
    assert {r.token for r in results} == {first[0].token}
    assert values(song) == values(other) == [first[0].token]
    assert snapshot(song) == before


@pytest.mark.requirement("CAR-045")
def test_the_same_sidecar_is_not_written_again(song):
    sign(song, sidecar=True)
    beside = song.with_name("song.wav.musicprov.json")
    before = snapshot(beside), snapshot(song)

    (again,) = sign(song, sidecar=True)

    assert again.state == "unchanged"
    assert (snapshot(beside), snapshot(song)) == before
    assert values(song) == []


@pytest.mark.requirement("CAR-040")
def test_the_same_declaration_by_another_own_key_is_another_statement(song):
    sign(song)

    with pytest.raises(RefusedError) as refusal:
        sign(song, signer=MINE_TOO)

    assert refusal.value.rule == "replace.not-asked"


# ---- row 2: another declaration by one of the signer's own keys ---------------------------


@pytest.mark.requirement("CAR-040")
@pytest.mark.requirement("CAR-043")
@pytest.mark.parametrize("replacing", REPLACE)
@pytest.mark.parametrize("signer", [ME, MINE_TOO], ids=["this key", "another own key"])
def test_another_declaration_of_mine_is_superseded_when_asked(song, replacing, signer):
    old = statement(signer, sequence=4)
    before = snapshot(carrying(song, old))

    if replacing == "no":
        with pytest.raises(RefusedError) as refusal:
            sign(song)
        assert refusal.value.rule == "replace.not-asked"
        assert snapshot(song) == before
        return
    (done,) = sign(song, replace=replacing)

    assert values(song) == [done.token]
    new = manifest_of(done.token)
    assert (new["sequence"], new["supersedes"]) == (5, read(old.encode())[0].sid)


@pytest.mark.requirement("CAR-043")
def test_of_several_statements_the_latest_is_superseded(song):
    olds = [statement(ME, sequence=n) for n in (2, 7, 3)]
    carrying(song, *olds)

    (done,) = sign(song, replace="own")

    new = manifest_of(done.token)
    assert (new["sequence"], new["supersedes"]) == (8, read(olds[1].encode())[0].sid)
    assert values(song) == [done.token]


@pytest.mark.requirement("CAR-043")
def test_the_first_statement_supersedes_nothing(song):
    new = manifest_of(sign(song)[0].token)

    assert new["sequence"] == 1
    assert "supersedes" not in new


# ---- row 3: broken, or not understood -----------------------------------------------------


@pytest.mark.requirement("CAR-040")
@pytest.mark.parametrize("made", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_understood_is_not_written_over_unasked(song, made):
    before = snapshot(carrying(song, made()))

    with pytest.raises(RefusedError) as refusal:
        sign(song)

    assert refusal.value.rule == "replace.not-asked"
    assert snapshot(song) == before


@pytest.mark.requirement("CAR-040")
@pytest.mark.parametrize("replacing", ["own", "foreign"])
@pytest.mark.parametrize(
    "made", [m for name, m in BROKEN.items() if "good one" not in name],
    ids=[name for name in BROKEN if "good one" not in name],
)  # fmt: skip
def test_what_cannot_be_understood_is_removed_when_asked(song, made, replacing):
    carrying(song, made())

    (done,) = sign(song, replace=replacing)

    assert values(song) == [done.token]
    new = manifest_of(done.token)
    assert new["sequence"] == 1
    assert "supersedes" not in new


@pytest.mark.requirement("CAR-040")
@pytest.mark.parametrize("made", BROKEN.values(), ids=BROKEN)
def test_a_sidecar_that_cannot_be_understood_is_not_written_over_unasked(song, made):
    beside = song.with_name("song.wav.musicprov.json")
    beside.write_text(made(), encoding="utf-8")
    before = snapshot(beside)

    with pytest.raises(RefusedError) as refusal:
        sign(song, sidecar=True)

    assert refusal.value.rule == "replace.not-asked"
    assert snapshot(beside) == before


@pytest.mark.requirement("CAR-040")
def test_a_link_in_place_of_the_sidecar_is_not_replaced_unasked(song, tmp_path):
    beside = song.with_name("song.wav.musicprov.json")
    beside.symlink_to("elsewhere")

    with pytest.raises(RefusedError) as refusal:
        sign(song, sidecar=True)

    assert refusal.value.rule == "replace.not-asked"
    assert beside.readlink() == Path("elsewhere")


# ---- row 4: an intact statement by another key --------------------------------------------


@pytest.mark.requirement("CAR-041")
@pytest.mark.parametrize("replacing", ["no", "own"])
@pytest.mark.parametrize("more", [(), (broken,), (lambda: statement(ME),)])
def test_another_signers_statement_stays_unless_exactly_that_is_asked(song, replacing, more):
    before = snapshot(carrying(song, statement(OTHER), *(m() for m in more)))

    with pytest.raises(RefusedError) as refusal:
        sign(song, replace=replacing)

    assert refusal.value.rule == "replace.other-signer"
    assert snapshot(song) == before


@pytest.mark.requirement("CAR-041")
@pytest.mark.requirement("CAR-043")
def test_another_signers_statement_is_superseded_by_name(song):
    old = statement(OTHER, sequence=2)
    carrying(song, old)

    (done,) = sign(song, replace="foreign")

    assert values(song) == [done.token]
    new = manifest_of(done.token)
    assert (new["sequence"], new["supersedes"]) == (3, read(old.encode())[0].sid)


@pytest.mark.requirement("CAR-041")
def test_a_pinned_key_is_another_signer(song):
    carrying(song, statement(OTHER))
    keyring = Keyring(own=OWN.own, pinned={OTHER.public.thumbprint: "A friend"})

    with pytest.raises(RefusedError) as refusal:
        sign(song, keyring=keyring, replace="own")

    assert refusal.value.rule == "replace.other-signer"


@pytest.mark.requirement("CAR-041")
def test_the_same_words_by_another_key_are_not_the_same_declaration(song):
    sign(song, signer=OTHER)
    before = snapshot(song)

    with pytest.raises(RefusedError) as refusal:
        sign(song)

    assert refusal.value.rule == "replace.other-signer"
    assert snapshot(song) == before


@pytest.mark.requirement("CAR-041")
@pytest.mark.requirement("VER-130")
def test_one_file_of_a_set_with_another_signer_keeps_all_unwritten(song, tmp_path):
    other = tmp_path / "song.aiff"
    other.write_bytes(V.aiff(V.be16(V.SONG), [("MUSICPROV", statement(OTHER))]))
    before = snapshot(song), snapshot(other)

    with pytest.raises(RefusedError):
        sign([song, other], replace="own")

    assert (snapshot(song), snapshot(other)) == before


# ---- what stands beside the same declaration ----------------------------------------------


def assert_left_alone(held, *arguments, **wishes):
    """Signing with these arguments says that nothing is to do, and leaves the file as it is."""
    before = snapshot(held)

    (again,) = sign(*arguments, **wishes)

    assert again.state == "unchanged"
    assert snapshot(held) == before


def cosigned(path, signer=OTHER):
    """The file with one more signature under the very words of its statement; both tokens."""
    mine = read(values(path)[0].encode())[0]
    theirs = write(mine.payload, signer, typ=DISCLOSURE_TYP, cty=DISCLOSURE_CTY, issued_at=NOW)
    carrying(path, write_bundle([mine.compact, theirs]).decode())
    return mine.compact, theirs


def carried(path):
    """The statements in the file, each as a compact token."""
    found = look(path, context(), tiers=TIERS)
    return [compact_of(s) for s in statements_of(found)]


@pytest.mark.requirement("CAR-041")
@pytest.mark.requirement("CAR-045")
@pytest.mark.parametrize("replacing", ["no", "own"])
@pytest.mark.parametrize("signer", [OTHER, MINE_TOO], ids=["another key", "another own key"])
def test_what_was_co_signed_stays_when_the_same_is_signed_again(song, replacing, signer):
    sign(song)
    cosigned(song, signer)

    assert_left_alone(song, song, replace=replacing)


@pytest.mark.requirement("CAR-041")
@pytest.mark.requirement("CAR-045")
def test_a_co_signature_goes_when_exactly_that_is_asked(song):
    sign(song)
    mine, _ = cosigned(song)

    (done,) = sign(song, replace="foreign")

    assert (done.state, done.token, done.gone.declarations) == ("signed", mine, 1)
    assert values(song) == [mine]


@pytest.mark.requirement("CAR-041")
@pytest.mark.parametrize("replacing", REPLACE)
def test_a_co_signature_is_in_the_copy_unless_it_may_go(song, tmp_path, replacing):
    sign(song)
    both = cosigned(song)
    copy = tmp_path / "copy.wav"

    sign(song, out=copy, replace=replacing)

    assert tuple(carried(copy)) == (both if replacing != "foreign" else both[:1])
    assert tuple(carried(song)) == both


@pytest.mark.requirement("CAR-041")
def test_a_co_signature_in_a_sidecar_stays(song):
    sign(song, sidecar=True)
    beside = song.with_name("song.wav.musicprov.json")
    mine = json.loads(beside.read_bytes())["statements"][0]
    payload = read(json.dumps(mine).encode())[0].payload
    theirs = write(payload, OTHER, typ=DISCLOSURE_TYP, cty=DISCLOSURE_CTY, issued_at=NOW)
    beside.write_bytes(write_bundle([mine, theirs]))

    assert_left_alone(beside, song, sidecar=True)


@pytest.mark.requirement("CAR-041")
@pytest.mark.requirement("CAR-045")
def test_a_set_of_which_one_file_is_co_signed_stays_and_is_finished(song, tmp_path):
    other = tmp_path / "song.aiff"
    other.write_bytes(V.aiff(V.be16(V.SONG), []))
    untagged = other.read_bytes()
    sign([song, other])
    mine, _ = cosigned(song)
    before = snapshot(song), snapshot(other)

    again = sign([song, other])
    between = snapshot(song), snapshot(other)
    other.write_bytes(untagged)
    finished = sign([song, other])

    assert [r.state for r in again] == ["unchanged", "unchanged"]
    assert between == before
    assert [r.state for r in finished] == ["unchanged", "signed"]
    assert snapshot(song) == before[0]
    assert values(other) == [mine]


@pytest.mark.requirement("CAR-041")
def test_the_missing_signature_goes_beside_a_co_signature(song, tmp_path):
    other = tmp_path / "song.aiff"
    other.write_bytes(V.aiff(V.be16(V.SONG), []))
    sign([song, other])
    mine, theirs = cosigned(song)
    other.write_bytes(V.aiff(V.be16(V.SONG), [("MUSICPROV", theirs)]))

    results = sign([song, other])

    assert [r.state for r in results] == ["unchanged", "signed"]
    assert carried(other) == [mine, theirs]


@pytest.mark.requirement("CAR-041")
@pytest.mark.parametrize("replacing", REPLACE)
def test_a_set_is_not_finished_over_what_another_key_declares(song, tmp_path, replacing):
    other = tmp_path / "song.aiff"
    other.write_bytes(V.aiff(V.be16(V.SONG), []))
    sign([song, other])
    other.write_bytes(V.aiff(V.be16(V.SONG), [("MUSICPROV", statement(OTHER))]))
    before = snapshot(other)

    if replacing == "foreign":
        assert sign([song, other], replace=replacing)[1].gone.declarations == 1
        assert values(other) == values(song)
        return
    with pytest.raises(RefusedError) as refusal:
        sign([song, other], replace=replacing)

    assert refusal.value.rule == "replace.other-signer"
    assert str(other) in str(refusal.value)
    assert snapshot(other) == before


@pytest.mark.requirement("CAR-040")
def test_a_set_is_finished_over_what_is_superseded_only_when_asked(song, tmp_path):
    other = tmp_path / "song.aiff"
    other.write_bytes(V.aiff(V.be16(V.SONG), []))
    sign([song, other])
    left = other.read_bytes()
    (new, _) = sign([song, other], declaration("none"), replace="own")
    other.write_bytes(left)

    with pytest.raises(RefusedError) as refusal:
        sign([song, other], declaration("none"))
    results = sign([song, other], declaration("none"), replace="own")

    assert refusal.value.rule == "replace.not-asked"
    assert [r.state for r in results] == ["unchanged", "signed"]
    assert values(other) == values(song) == [new.token]


@pytest.mark.requirement("CAR-041")
@pytest.mark.parametrize("replacing", REPLACE)
def test_another_declaration_supersedes_what_is_co_signed_only_when_that_is_asked(song, replacing):
    sign(song)
    mine, _ = cosigned(song)
    before = snapshot(song)

    if replacing == "foreign":
        (done,) = sign(song, declaration("none"), replace=replacing)
        assert done.gone.declarations == 1
        assert manifest_of(done.token)["supersedes"] == read(mine.encode())[0].sid
        return
    with pytest.raises(RefusedError) as refusal:
        sign(song, declaration("none"), replace=replacing)

    assert refusal.value.rule == "replace.other-signer"
    assert snapshot(song) == before


def both_of_mine(song):
    """A declaration of mine and the one that supersedes it, in one file; both tokens."""
    (old,) = sign(song)
    (new,) = sign(song, declaration("none"), replace="own")
    carrying(song, write_bundle([old.token, new.token]).decode())
    return old.token, new.token


@pytest.mark.requirement("CAR-045")
@pytest.mark.parametrize("replacing", REPLACE)
def test_what_it_supersedes_may_stand_beside_the_same_declaration(song, replacing):
    both_of_mine(song)

    assert_left_alone(song, song, declaration("none"), replace=replacing)


@pytest.mark.requirement("CAR-040")
@pytest.mark.requirement("CAR-043")
@pytest.mark.parametrize("linked", [True, False], ids=["superseded", "beside another"])
def test_a_declaration_that_does_not_count_any_more_is_not_the_same(song, linked):
    if linked:
        _, last = both_of_mine(song)
    else:
        (first,) = sign(song)
        last = statement(ME, sequence=4)
        carrying(song, first.token, last)
    before = snapshot(song)

    with pytest.raises(RefusedError) as refusal:
        sign(song)
    unchanged = snapshot(song)
    (done,) = sign(song, replace="own")

    assert refusal.value.rule == "replace.not-asked"
    assert unchanged == before
    assert manifest_of(done.token)["supersedes"] == read(last.encode())[0].sid
    assert values(song) == [done.token]


def taken_back(path, signer):
    """The declaration in the file, with a withdrawal of it by ``signer`` beside it."""
    where = context()
    (meant,) = beside.look(path, where).disclosures
    about = beside.reference_to(meant)
    said = Withdrawal(type="Withdrawal", **beside.head(NOW), of=about, reason="error")
    beside.add(path, [beside.make(said, signer, where)], where, beside.Place())
    return meant.token


@pytest.mark.requirement("CAR-040")
@pytest.mark.requirement("CAR-045")
def test_a_declaration_that_was_taken_back_is_made_again_when_asked(song):
    sign(song)
    old = taken_back(song, ME)
    before = snapshot(song)

    with pytest.raises(RefusedError) as refusal:
        sign(song)
    unchanged = snapshot(song)
    (done,) = sign(song, replace="own")

    assert refusal.value.rule == "replace.not-asked"
    assert unchanged == before
    assert manifest_of(done.token)["supersedes"] == old.sid
    assert done.gone.own == 1
    assert values(song) == [done.token]


@pytest.mark.requirement("CAR-045")
def test_a_strangers_withdrawal_takes_nothing_back(song):
    sign(song)
    taken_back(song, OTHER)

    assert_left_alone(song, song)


@pytest.mark.requirement("CAR-045")
@pytest.mark.parametrize("replacing", REPLACE)
def test_what_is_broken_beside_it_goes_only_when_asked(song, replacing):
    sign(song)
    mine, theirs = cosigned(song)
    carrying(song, write_bundle([mine, broken(), theirs]).decode())
    before = snapshot(song)

    (again,) = sign(song, replace=replacing)

    assert again.state == ("unchanged" if replacing == "no" else "signed")
    if replacing == "no":
        assert snapshot(song) == before
    else:
        assert carried(song) == [mine, theirs][: 2 if replacing == "own" else 1]
        assert again.token == mine


@pytest.mark.requirement("CAR-045")
def test_a_copy_keeps_what_is_intact_beside_it(song, tmp_path):
    sign(song)
    both = cosigned(song)
    carrying(song, write_bundle([both[0], broken(), both[1]]).decode())
    before = snapshot(song)

    sign(song, out=tmp_path / "copy.wav")

    assert tuple(carried(tmp_path / "copy.wav")) == both
    assert snapshot(song) == before


# ---- one recording ------------------------------------------------------------------------


@pytest.mark.requirement("BND-060")
@pytest.mark.requirement("BND-050")
def test_one_statement_binds_every_file_of_a_recording(song, tmp_path):
    other = tmp_path / "song.aiff"
    other.write_bytes(V.aiff(V.be16(V.SONG), []))

    results = sign([song, other])

    assert len({r.token for r in results}) == 1
    bound = manifest_of(results[0].token)["subject"]["bindings"]
    assert [b["tier"] for b in bound] == ["essence", "essence", "samples"]
    assert bound[0]["digest"] == V.essence("pcm-le", 16, AUDIO)
    assert bound[1]["digest"] == V.essence("pcm-be", 16, V.be16(V.SONG))
    assert bound[2]["digest"] == V.pcm_hash(V.SONG)


@pytest.mark.requirement("BND-060")
@pytest.mark.requirement("VER-130")
def test_files_that_are_not_shown_to_be_one_recording_are_refused_together(song, tmp_path):
    other = tmp_path / "other.wav"
    other.write_bytes(V.wav(V.le16(V.SECOND)))
    before = snapshot(song), snapshot(other)

    with pytest.raises(RefusedError) as refusal:
        sign([song, other])

    assert refusal.value.rule == "sign.not-one-recording"
    assert f"{song} and {other}: " in str(refusal.value)
    assert (snapshot(song), snapshot(other)) == before


@pytest.mark.requirement("BND-060")
def test_the_user_can_say_that_they_are_one_recording(song, tmp_path):
    other = tmp_path / "other.wav"
    other.write_bytes(V.wav(V.le16(V.SECOND)))

    results = sign([song, other], same_recording=True)

    assert [r.state for r in results] == ["signed", "signed"]
    assert values(song) == values(other) == [results[0].token]
    bound = manifest_of(results[0].token)["subject"]["bindings"]
    assert len({b["digest"] for b in bound}) == len(bound) == 4


@pytest.mark.requirement("MOD-060")
@pytest.mark.parametrize(
    "more",
    [
        {"id": "urn:uuid:6f1c2a4e-3b5d-4c7e-8f90-a1b2c3d4e5f6"},
        {"issued": "2027-01-01T00:00:00Z"},
        {"sequence": 2},
        {"supersedes": "A" * 43},
        {"subject": {"title": "Song", "bindings": []}},
    ],
    ids="-".join,
)
def test_a_declaration_does_not_state_what_the_tool_writes(song, more):
    before = snapshot(song)

    with pytest.raises(UsageError):
        sign(song, declaration(**more))

    assert snapshot(song) == before


@pytest.mark.requirement("CAR-045")
def test_showing_what_would_be_done_writes_nothing(song):
    before = snapshot(song)

    (planned,) = sign(song, dry_run=True)

    assert planned.state == "planned"
    assert snapshot(song) == before
