"""``prov endorse``, ``vouch``, ``withdraw``, ``supersede``: tried on a file as people would."""

from __future__ import annotations

import json
import math
import shlex
import shutil
import struct
import wave
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from provenance.cli.main import cli, show_error
from provenance.model.errors import ProvError, RefusedError

from support.tsa import PythonTsa, served

DECLARED = {
    "declarant": {"role": "artist", "name": "Vector Artist"},
    "subject": {"title": "Vector Song", "isrc": "QZZZZ2600001"},
    "contributions": [{"area": "leadVocals", "level": "full"}],
}
LIMITS = ("--limits", "Nothing else was looked at.")


def wav(path, seconds=1):
    """A short tone, of another length another recording."""
    rate = 8000
    tone = (int(9000 * math.sin(n * seconds / 9)) for n in range(rate * seconds))
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, rate, 0, "NONE", ""))
        out.writeframes(b"".join(struct.pack("<h", value) for value in tone))
    return path


class Person:
    """Somebody with a folder and a key, who runs prov."""

    def __init__(self, place, name):
        self.place, self.name = place, name
        self.key, self.public = place / f"{name}.pem", place / f"{name}.pub.jwk"

    def prov(self, *arguments, expect=0):
        """Run one call; what it printed."""
        env = {"MUSICPROV_HOME": str(self.place / f"home of {self.name}")}
        done = CliRunner().invoke(cli, [str(a) for a in arguments], env=env)
        code, said = done.exit_code, done.output
        if isinstance(done.exception, ProvError):
            code = show_error(done.exception)
            said += str(done.exception)
            if isinstance(done.exception, RefusedError):
                said += done.exception.rule
        elif done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert code == expect, said
        return said

    def signs(self, verb, *arguments, expect=0):
        """Run a call that signs with this person's key."""
        return self.prov(verb, *arguments, "--key", self.key, expect=expect)

    def sees(self, file, *knowing, more=()):
        """What somebody who knows these people's keys finds: the report of one file."""
        keys = [word for who in knowing for word in ("--key", who.public)]
        env = {"MUSICPROV_HOME": str(self.place / "nobody")}
        words = ["verify", str(file), *map(str, keys), *map(str, more), "--format", "json"]
        done = CliRunner().invoke(cli, words, env=env)
        return json.loads(done.stdout)["results"][0]


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    place = tmp_path_factory.mktemp("people")
    made = {name: Person(place, name) for name in ("artist", "shop", "chart")}
    for person in made.values():
        person.prov("keygen", "--no-passphrase", "--out", person.key)
    return made


@pytest.fixture(scope="module")
def signed(people, tmp_path_factory):
    place = tmp_path_factory.mktemp("signed")
    track = wav(place / "track.wav")
    declaration = place / "declaration.json"
    declaration.write_text(json.dumps(DECLARED))
    people["artist"].signs("sign", track, "--manifest", declaration, "--no-fingerprint", "-y")
    return track


@pytest.fixture
def track(signed, tmp_path):
    return Path(shutil.copy(signed, tmp_path / "track.wav"))


def codes(report):
    return {check["code"] for check in report["checks"]}


def carried(track, people):
    """What a file carries, as inspecting shows it: (type, sid) in order."""
    found = json.loads(people["artist"].prov("inspect", track, "--format", "json"))
    rows = [c for c in found["files"][0]["carriers"] if c["name"] == "MUSICPROV"]
    return [(row["content"]["type"], row["sid"], row["content"]) for row in rows]


def test_an_endorsement_stands_beside_the_declaration(track, people):
    before = carried(track, people)
    people["shop"].signs("endorse", track, "--act", "verified-signer", *LIMITS)

    kinds = carried(track, people)

    assert [kind for kind, *_ in kinds] == ["Disclosure", "Endorsement"]
    assert kinds[0] == before[0]
    report = people["chart"].sees(track, people["artist"], people["shop"])
    assert report["status"] == "PASSED"
    assert "endorsement.valid" in codes(report)
    assert "carrier.multiple" not in codes(report)
    assert "endorsement.unknown-endorser" in codes(people["chart"].sees(track, people["artist"]))


@pytest.mark.requirement("STM-037")
@pytest.mark.requirement("STM-038")
def test_what_is_said_of_a_co_signature_names_it(track, people):
    """The shop has verified the artist, and not whoever else signs the same."""
    artist, shop, label = people["artist"], people["shop"], people["chart"]
    limits = ("--limits", "Only the key.")
    shop.signs("endorse", track, "--act", "verified-signer", *limits)
    alone = label.sees(track, artist, shop)
    label.signs("cosign", track, "-y")
    (first, *_, second) = [sid for kind, sid, _ in carried(track, people) if kind == "Disclosure"]
    keys = [word for who in (label, shop) for word in ("--key", who.public)]

    seen, text = label.sees(track, label, shop), label.prov("verify", track, *keys)
    strange = label.prov("verify", track, "--key", label.public)
    (said,) = seen["endorsements"]
    (check,) = (c for c in seen["checks"] if c["code"] == "endorsement.valid")
    key = alone["signer"]["key"]
    assert alone["endorsements"][0]["of"] == said["of"] == {"sid": first, "key": key}
    assert (seen["statement"]["sid"], seen["signer"]["key"] != key) == (second, True)
    assert (check["detail"]["of"], check["detail"]["coSigner"]) == (first, key)
    other = f'verified who holds another key that signed it ({key[:12]}\u2026) ("Only the key.")'
    assert other in text
    assert other in strange
    whole = label.prov("verify", track, "--key", artist.public, "--key", shop.public)
    assert 'verified who signed it ("Only the key.")' in whole

    artist.signs("withdraw", track, "--sid", first, "--reason", "error")
    after = label.sees(track, label, shop)
    assert (after["status"], after["endorsements"]) == ("PASSED", [])
    assert {"endorsement.orphan", "currency.co-signature-withdrawn"} <= codes(after)


@pytest.mark.requirement("STM-013")
def test_an_endorsement_repeats_the_recording_and_what_was_compared(track, people):
    people["shop"].signs("endorse", track, "--act", "verified-binding", *LIMITS)

    declared, said = (content for _, _, content in carried(track, people))

    digests = [b["digest"] for b in declared["subject"]["bindings"] if b["tier"] == "essence"]
    assert said["subject"] == {"isrc": "QZZZZ2600001", "essence": digests}
    assert {"check": "binding", "result": "exact"} in said["basis"]


@pytest.mark.requirement("STM-062")
def test_adding_keeps_what_is_there_byte_for_byte(track, people):
    people["shop"].signs("endorse", track, "--act", "received", *LIMITS)
    first = json.loads(people["shop"].prov("extract", track, "--out", "-"))
    people["chart"].signs("endorse", track, "--act", "accepted", *LIMITS)
    second = json.loads(people["shop"].prov("extract", track, "--out", "-"))

    assert second["statements"][:2] == first["statements"]
    assert len(second["statements"]) == 3


def test_one_of_several_statements_is_extracted_by_its_sid(track, people):
    people["shop"].signs("endorse", track, "--act", "received", *LIMITS)
    (_, _, declared), (_, sid, said) = carried(track, people)

    refused = people["shop"].prov("extract", track, "--payload", "--out", "-", expect=1)
    payload = people["shop"].prov("extract", track, "--payload", "--out", "-", "--sid", sid[:10])

    assert "extract.several" in refused
    assert json.loads(payload) == said != declared
    people["shop"].prov("extract", track, "--out", "-", "--sid", "nothing", expect=4)


def test_a_dispute_blocks_for_whoever_knows_its_signer(track, people):
    people["chart"].signs("endorse", track, "--act", "disputes", *LIMITS)

    known = people["shop"].sees(track, people["artist"], people["chart"])

    assert (known["status"], known["code"]) == ("INDETERMINATE", "endorsement.dispute")
    assert people["shop"].sees(track, people["artist"])["status"] == "PASSED"


@pytest.mark.requirement("STM-060")
def test_one_statement_is_meant_and_no_other(track, people, tmp_path):
    bare = wav(tmp_path / "bare.wav")
    said = people["shop"].signs("endorse", bare, "--act", "received", *LIMITS, expect=1)
    assert "statement.none" in said

    other = people["artist"]
    rival = tmp_path / "rival.json"
    rival.write_text(
        json.dumps({**DECLARED, "contributions": [{"area": "lyrics", "level": "none"}]})
    )
    second = wav(tmp_path / "second.wav")
    other.signs("sign", second, "--manifest", rival, "--no-fingerprint", "-y")
    bundles = [json.loads(other.prov("extract", f, "--out", "-")) for f in (track, second)]
    both = tmp_path / "both.musicprov.json"
    statements = [s for b in bundles for s in b["statements"]]
    both.write_text(json.dumps({"bundle": "musicprov-bundle/1", "statements": statements}))

    out = ("--out", tmp_path / "word.jws")
    said = people["shop"].signs("endorse", both, "--act", "received", *LIMITS, *out, expect=1)
    assert "statement.several" in said
    sid = carried(second, people)[0][1]
    people["shop"].signs("endorse", both, "--act", "received", *LIMITS, *out, "--sid", sid[:12])
    people["shop"].signs("endorse", both, "--act", "received", *LIMITS, "--sid", sid[:12])
    assert [kind for kind, *_ in carried(both, people)] == [*2 * ["Disclosure"], "Endorsement"]
    assert carried(out[1], people)[0][2]["of"]["sid"] == sid


@pytest.mark.requirement("STM-061")
def test_what_does_not_belong_to_the_audio_is_only_disputed(track, people, tmp_path):
    other = wav(tmp_path / "other.wav", seconds=2)
    people["artist"].prov("extract", track, "--out", tmp_path / "other.wav.musicprov.json")

    said = people["shop"].signs("endorse", other, "--act", "accepted", *LIMITS, expect=1)
    assert "endorse.not-standing" in said
    people["shop"].signs("endorse", other, "--act", "disputes", *LIMITS, "--sidecar")

    assert "Endorsement" in {kind for kind, *_ in carried(other, people)}


def use_policy(reader, artist, place, *, grants=None, revoked=None, **require):
    """Make a person ask by a policy that knows the key which signed the track in a folder."""
    found = json.loads(artist.prov("inspect", place / "track.wav", "--format", "json"))
    key = {"key": found["files"][0]["carriers"][0]["key"]}
    if revoked is not None:
        key["revoked"] = revoked
    written = {
        "policy": "musicprov-trust-policy/1",
        "id": "urn:example:test",
        "version": 1,
        "issued": "2026-01-01T00:00:00Z",
        "require": {"binding": "exact", "identity": "party", "authority": "granted", **require},
        "parties": [{"id": "ana", "name": "Ana", "keys": [key]}],
    }
    if grants is not None:
        written["grants"] = [{"party": "ana", "act": "declare", "over": {"isrc": [grants]}}]
    policy = place / "policy.json"
    policy.write_text(json.dumps(written))
    reader.prov("trust", "use", policy)


@pytest.mark.requirement("STM-061")
def test_what_a_revoked_key_signed_is_not_endorsed(track, people, tmp_path):
    reader = Person(tmp_path, "reader")
    reader.prov("keygen", "--no-passphrase", "--out", reader.key)
    reader.signs("endorse", track, "--act", "received", *LIMITS, "--out", tmp_path / "before.jws")
    revoked = {"at": "2026-01-01T00:00:00Z", "reason": "keyCompromise"}
    use_policy(reader, people["artist"], tmp_path, revoked=revoked, authority="any")

    said = reader.signs("endorse", track, "--act", "received", *LIMITS, expect=1)

    assert "identity.revoked" in said


@pytest.mark.requirement("STM-061")
@pytest.mark.requirement("STM-073")
def test_what_was_taken_back_is_only_disputed(track, people):
    people["artist"].signs("withdraw", track, "--reason", "error")

    for words in (("endorse", track, "--act", "accepted", *LIMITS), ("cosign", track)):
        said = people["shop"].signs(*words, expect=1)
        assert "endorse.not-standing" in said
        assert "currency.withdrawn (reason: error)" in said
    people["shop"].signs("endorse", track, "--act", "disputes", *LIMITS)

    kinds = [kind for kind, *_ in carried(track, people)]
    assert kinds == ["Disclosure", "Withdrawal", "Endorsement"]


@pytest.mark.requirement("STM-061")
def test_who_took_a_co_signature_back_does_not_keep_others_from_signing(track, people):
    artist, shop, chart = people.values()
    sid = carried(track, people)[0][1]
    shop.signs("cosign", track)
    artist.signs("withdraw", track, "--reason", "error", "--sid", sid)

    named = chart.signs("endorse", track, "--act", "received", *LIMITS, "--sid", sid, expect=1)
    assert "currency.withdrawn" in named
    chart.signs("endorse", track, "--act", "received", *LIMITS)
    said = chart.signs("cosign", track)

    (note,) = lines(said, "Note:")
    assert note.endswith("signed the same declaration; that was taken back: it was wrong")


@pytest.mark.requirement("STM-061")
@pytest.mark.parametrize("act", ["received", "accepted", "attests-accurate"])
def test_what_ones_own_policy_does_not_pass_is_only_disputed(track, people, tmp_path, act):
    reader = Person(tmp_path, "reader")
    reader.prov("keygen", "--no-passphrase", "--out", reader.key)
    use_policy(reader, people["artist"], tmp_path, grants="GBXYZ*")

    said = reader.signs("endorse", track, "--act", act, *LIMITS, expect=1)
    assert "your policy requires authority, this shows authority.not-granted" in said
    reader.signs("endorse", track, "--act", "disputes", *LIMITS)

    use_policy(reader, people["artist"], tmp_path, grants="QZ*", endorsement="valid")
    reader.signs("endorse", track, "--act", act, *LIMITS)


@pytest.mark.requirement("STM-061")
def test_a_policy_does_not_ask_a_bare_statement_for_its_audio(track, people, tmp_path):
    reader = Person(tmp_path, "reader")
    reader.prov("keygen", "--no-passphrase", "--out", reader.key)
    use_policy(reader, people["artist"], tmp_path, grants="QZ*")
    bare = tmp_path / "bare.musicprov.jws"
    people["artist"].prov("extract", track, "--out", bare)

    reader.signs("endorse", bare, "--act", "received", *LIMITS)

    assert [kind for kind, *_ in carried(bare, people)] == ["Disclosure", "Endorsement"]


def test_a_bare_statement_behind_a_link_stays_as_it_is(track, people, tmp_path):
    bare, link = tmp_path / "bare.musicprov.jws", tmp_path / "link.musicprov.jws"
    people["artist"].prov("extract", track, "--out", bare)
    link.symlink_to(bare.name)
    before = bare.read_bytes()

    said = people["artist"].signs("withdraw", link, "--reason", "error", expect=5)

    assert f"{link}: is a symbolic link" in said
    assert link.is_symlink()
    assert bare.read_bytes() == before


@pytest.mark.requirement("STM-064")
@pytest.mark.parametrize(
    ("who", "words", "other"),
    [
        ("artist", ("withdraw", "--reason", "error"), ("--reason", "key-compromise")),
        ("shop", ("endorse", "--act", "received", *LIMITS), ("--limits", "Unread.")),
    ],
)
def test_the_same_is_not_said_twice(track, people, who, words, other):
    verb, *more = words
    people[who].signs(verb, track, *more)
    before = track.read_bytes()

    said = people[who].signs(verb, track, *more)
    stamped = people[who].signs(verb, track, *more, "--tsa", "http://127.0.0.1:9/?a=1&b=2")

    assert f"Nothing to do, you have said so already: {track}" in said
    assert "Added to" not in said
    assert f"prov timestamp {track} --tsa 'http://127.0.0.1:9/?a=1&b=2'" in stamped
    assert track.read_bytes() == before
    if who == "shop":
        people["chart"].signs(verb, track, *more)
        sid = carried(track, people)[1][1]
        people[who].signs("withdraw", track, "--reason", "error", "--sid", sid)
        people[who].signs(verb, track, *more)
        assert len(carried(track, people)) == 5
    else:
        people[who].signs(verb, track, *more, *other)
        assert len(carried(track, people)) == 3


@pytest.mark.requirement("STM-064")
def test_what_is_said_in_the_file_can_be_said_beside_it_and_alone(track, people, tmp_path):
    words = ("withdraw", track, "--reason", "error")
    people["artist"].signs(*words)

    for more in (("--out", tmp_path / "one.jws"), ("--out", tmp_path / "two.jws"), ("--sidecar",)):
        assert "Nothing to do" not in people["artist"].signs(*words, *more)
    assert "Nothing to do" in people["artist"].signs(*words, "--sidecar")


@pytest.mark.parametrize(
    ("act", "hint"), [("accepted", "what you did not check"), ("disputes", "what you dispute")]
)
def test_what_an_act_needs_is_asked_in_its_words(track, people, capsys, act, hint):
    people["shop"].signs("endorse", track, "--act", act, expect=2)

    assert f"--act {act} needs --limits. Say {hint}" in " ".join(capsys.readouterr().err.split())


def check_told(said):
    """The command that is told to check what was signed."""
    (command,) = [one for one in said.splitlines() if one.startswith("Check it with: prov ")]
    return shlex.split(command.removeprefix("Check it with: prov "))


@pytest.mark.parametrize(
    ("who", "words", "expect", "code"),
    [
        ("shop", ("cosign",), 0, "identity.pinned"),
        ("shop", ("endorse", "--act", "received", *LIMITS), 3, "endorsement.valid"),
        ("artist", ("withdraw", "--reason", "error"), 3, "identity.pinned"),
    ],
)
def test_the_check_that_is_told_knows_the_key_that_signed(track, people, who, words, expect, code):
    person = people[who]
    verb, *more = words

    told = check_told(person.signs(verb, track, *more))

    assert told == ["verify", "--key", str(person.public), str(track)]
    found = json.loads(person.prov(*told, "--format", "json", expect=expect))
    assert code in codes(found["results"][0])
    without = json.loads(person.prov("verify", track, "--format", "json", expect=3))
    assert code not in codes(without["results"][0])


@pytest.mark.parametrize("words", [("cosign",), ("endorse", "--act", "received", *LIMITS)])
def test_the_check_names_no_key_that_is_your_own_one(track, tmp_path, words):
    reader = Person(tmp_path, "reader")
    reader.prov("keygen", "--no-passphrase")

    assert check_told(reader.prov(words[0], track, *words[1:])) == ["verify", str(track)]


def test_a_withdrawal_reaches_who_sees_it(track, people, tmp_path):
    out = tmp_path / "gone.jws"
    people["artist"].signs("withdraw", track, "--reason", "error", "--out", out)

    assert people["shop"].sees(track, people["artist"])["status"] == "PASSED"
    told = people["shop"].sees(track, people["artist"], more=("--statement", out))
    assert (told["status"], told["code"]) == ("INDETERMINATE", "currency.withdrawn")
    known = ("--statement", out, "--key", people["artist"].public)
    assert "taken back: it was wrong" in people["shop"].prov("verify", track, *known, expect=3)


@pytest.mark.requirement("STM-005")
@pytest.mark.parametrize(
    ("who", "words", "held"),
    [
        ("artist", ("withdraw", "--reason", "error"), "what takes a declaration back"),
        ("shop", ("endorse", "--act", "received", *LIMITS), "what somebody says about a declar"),
    ],
)
def test_a_statement_alone_is_told_for_what_it_is(track, people, tmp_path, who, words, held):
    out = tmp_path / "alone.musicprov.jws"
    verb, *more = words
    said = people[who].signs(verb, track, *more, "--out", out)
    assert f"they run: prov verify --statement {out} FILE" in said

    told = people["chart"].prov("verify", out, expect=4)

    assert told.startswith("ABSENT")
    (note,) = lines(told, "Note:")
    assert note.startswith(f"Note:   it holds {held}")
    (fix,) = lines(told, "Next:")
    assert "prov verify --statement THIS FILE" in fix
    (found,) = (
        check["detail"]
        for check in people["chart"].sees(out)["checks"]
        if check["code"] == "carrier.statement-alone"
    )
    assert found["of"] == carried(track, people)[0][1]
    shown = people["chart"].sees(track, more=("--statement", out))
    assert "carrier.statement-alone" not in codes(shown)


def test_what_you_took_back_yourself_is_not_asked_of_a_signer(track, tmp_path):
    reader = Person(tmp_path, "reader")
    reader.prov("keygen", "--no-passphrase")
    own = wav(tmp_path / "my own.wav", seconds=2)
    (tmp_path / "d.json").write_text(json.dumps(DECLARED))
    reader.prov("sign", own, "--manifest", tmp_path / "d.json", "--no-fingerprint", "-y")
    reader.prov("withdraw", own, "--reason", "error")

    told = reader.prov("verify", own, expect=3)
    other = Person(tmp_path, "other").prov("verify", own, expect=3)

    (says,) = lines(told, "Says:")
    assert says.startswith("Says:   (taken back; unverified claim) Lead vocals")
    (fix,) = lines(told, "Next:")
    assert f"prov declare '{own}', then prov sign --replace '{own}'" in fix
    assert "Ask the signer" not in fix
    assert "Ask the signer" in lines(other, "Next:")[0]


def test_an_endorsement_is_taken_back_by_its_sid(track, people):
    people["chart"].signs("endorse", track, "--act", "disputes", *LIMITS)
    sid = carried(track, people)[1][1]
    people["chart"].signs("withdraw", track, "--reason", "error", "--sid", sid)

    report = people["shop"].sees(track, people["artist"], people["chart"])

    assert report["status"] == "PASSED"
    assert "endorsement.dispute" not in codes(report)


def withdrawn(track, people):
    """The ``sid`` that each withdrawal in a file is about, in order."""
    return [said["of"]["sid"] for kind, _, said in carried(track, people) if kind == "Withdrawal"]


@pytest.mark.requirement("STM-065")
def test_what_one_signed_oneself_is_taken_back_unnamed(track, people):
    artist, _, chart = people.values()
    chart.signs("endorse", track, "--act", "disputes", *LIMITS)
    declaration, dispute = (sid for _, sid, _ in carried(track, people))

    said = chart.signs("withdraw", track, "--reason", "error")
    again = chart.signs("withdraw", track, "--reason", "error")

    assert "About: Endorsement" in said
    assert "Another key signed it" not in said
    assert "Nothing to do" in again
    assert withdrawn(track, people) == [dispute]
    artist.signs("withdraw", track, "--reason", "error")
    assert withdrawn(track, people) == [dispute, declaration]


@pytest.mark.requirement("STM-065")
def test_who_signed_several_names_one_or_means_the_declaration(track, people):
    artist, shop, _ = people.values()
    for person in (artist, shop):
        person.signs("endorse", track, "--act", "received", *LIMITS)
        person.signs("endorse", track, "--act", "accepted", *LIMITS)
    sids = [sid for _, sid, _ in carried(track, people)]

    refused = shop.signs("withdraw", track, "--reason", "error", expect=1)
    artist.signs("withdraw", track, "--reason", "error")
    shop.signs("withdraw", track, "--reason", "error", "--sid", sids[3])
    shop.signs("withdraw", track, "--reason", "error")

    assert "statement.several" in refused
    assert f"{sids[3]} (Endorsement), {sids[4]} (Endorsement)" in refused
    assert sids[0] not in refused
    assert withdrawn(track, people) == [sids[0], sids[3], sids[4]]


@pytest.mark.requirement("STM-065")
def test_who_says_it_twice_takes_nothing_else_back(track, people):
    artist = people["artist"]
    artist.signs("endorse", track, "--act", "received", *LIMITS)
    declaration = carried(track, people)[0][1]

    artist.signs("withdraw", track, "--reason", "error")
    again = artist.signs("withdraw", track, "--reason", "error")

    assert "Nothing to do" in again
    assert withdrawn(track, people) == [declaration]


@pytest.mark.requirement("STM-065")
def test_who_signed_the_same_takes_back_its_own_signature(track, people):
    people["shop"].signs("cosign", track)
    _, (_, mine, _) = carried(track, people)

    people["shop"].signs("withdraw", track, "--reason", "error")

    assert withdrawn(track, people) == [mine]


@pytest.mark.requirement("STM-065")
@pytest.mark.parametrize("who", ["shop", "chart"])
def test_the_only_statement_of_a_file_is_taken_back_unnamed(people, tmp_path, who):
    word = tmp_path / "ana.musicprov.jws"
    people["shop"].signs(
        "vouch", people["artist"].public, "--name", "Ana", "--basis", "contract", "--out", word
    )
    ((_, vouch, _),) = carried(word, people)

    said = people[who].signs("withdraw", word, "--reason", "error")

    assert "About: KeyBinding" in said
    assert withdrawn(word, people) == [vouch]


@pytest.mark.requirement("STM-065")
def test_a_key_that_signed_nothing_there_takes_back_the_declaration(track, people):
    people["chart"].signs("endorse", track, "--act", "received", *LIMITS)

    said = people["shop"].signs("withdraw", track, "--reason", "error")

    assert "Another key signed it" in said
    assert withdrawn(track, people) == [carried(track, people)[0][1]]


def summaries(track, people):
    """The lines for players that a file has."""
    found = json.loads(people["artist"].prov("inspect", track, "--format", "json"))
    rows = found["files"][0]["carriers"]
    return [row["content"] for row in rows if row["name"] == "AI_DISCLOSURE"]


@pytest.mark.requirement("CAR-059")
def test_the_line_for_players_goes_with_what_is_taken_back(track, people):
    people["chart"].signs("withdraw", track, "--reason", "error")
    assert summaries(track, people) == ["leadVocals=full"]

    people["artist"].signs("withdraw", track, "--reason", "error")
    assert summaries(track, people) == []
    people["chart"].signs("endorse", track, "--act", "disputes", *LIMITS)
    assert summaries(track, people) == []
    assert "content.summary-differs" not in codes(people["shop"].sees(track, people["artist"]))


@pytest.mark.requirement("CAR-059")
def test_the_line_for_players_stays_with_a_signature_that_stays(track, people):
    people["shop"].signs("cosign", track)

    people["artist"].signs("withdraw", track, "--reason", "error")
    assert summaries(track, people) == ["leadVocals=full"]
    people["shop"].signs("withdraw", track, "--reason", "error")
    assert summaries(track, people) == []


@pytest.mark.requirement("STM-063")
def test_what_others_said_goes_with_the_declaration_that_is_replaced(track, people, tmp_path):
    people["shop"].signs("endorse", track, "--act", "accepted", *LIMITS)
    people["shop"].signs(
        "vouch", people["artist"].public, "--name", "Artist", "--basis", "contract",
        "--into", track,
    )  # fmt: skip
    old = carried(track, people)[0][1]
    corrected = tmp_path / "corrected.json"
    partly = [{"area": "leadVocals", "level": "partial"}]
    corrected.write_text(json.dumps({**DECLARED, "contributions": partly}))

    said = people["artist"].signs(
        "supersede", track, "--manifest", corrected, "--no-fingerprint", "-y"
    )

    kinds = carried(track, people)
    assert "1 statement of somebody else" in said
    assert [kind for kind, *_ in kinds] == ["Disclosure", "KeyBinding"]
    assert (kinds[0][2]["sequence"], kinds[0][2]["supersedes"]) == (2, old)


@pytest.mark.requirement("STM-063")
def test_what_i_said_myself_is_not_said_to_be_somebody_elses(track, people, tmp_path):
    people["artist"].signs("withdraw", track, "--reason", "error")
    corrected = tmp_path / "corrected.json"
    corrected.write_text(json.dumps({**DECLARED, "subject": {"title": "Another"}}))

    said = people["artist"].signs(
        "supersede", track, "--manifest", corrected, "--no-fingerprint", "-y"
    )

    assert [kind for kind, *_ in carried(track, people)] == ["Disclosure"]
    assert "1 statement of your own" in said
    assert "somebody else" not in said


@pytest.mark.requirement("CAR-041")
def test_a_co_signature_stays_when_the_same_is_signed_again(track, people, tmp_path):
    declaration = tmp_path / "declaration.json"
    declaration.write_text(json.dumps(DECLARED))
    people["shop"].signs("cosign", track)
    before = track.read_bytes()
    again = ("sign", track, "--manifest", declaration, "--no-fingerprint", "-y")

    said = people["artist"].signs(*again)
    unchanged = track.read_bytes()
    removed = people["artist"].signs(*again, "--replace=foreign")

    assert "Nothing to do, already signed" in said
    assert unchanged == before
    assert "1 declaration signed by another key went" in removed
    assert len(carried(track, people)) == 1


def lines(said, label):
    """The lines of a report for people that begin with a label."""
    return [line.strip() for line in said.splitlines() if line.strip().startswith(label)]


@pytest.mark.requirement("STM-072")
def test_who_signed_the_same_declaration_is_told(track, people):
    artist, shop, chart = people.values()
    shop.signs("cosign", track)

    both = ("--key", artist.public, "--key", shop.public)
    told = chart.prov("verify", track, *both)
    assert len(lines(told, "Also:   a key that you named or pinned (")) == 1
    assert "signed the same declaration" in told
    assert "carrier.multiple" not in told
    report = chart.sees(track, artist, shop)
    (found,) = (c["detail"] for c in report["checks"] if c["code"] == "carrier.co-signed")
    assert found["rung"] == "pinned"
    both_signed = {sid for _, sid, _ in carried(track, people)}
    assert {found["sid"], report["statement"]["sid"]} == both_signed
    assert found["key"] != report["signer"]["key"]

    one = chart.prov("verify", track, "--key", artist.public)
    assert lines(one, "Also:") == []
    (note,) = lines(one, "Note:")
    assert note.startswith("Note:   a key you have not been told about (")
    assert note.endswith("signed the same declaration [carrier.co-signed]")


@pytest.mark.requirement("STM-055")
def test_a_signature_that_stays_does_not_hide_that_the_other_was_taken_back(track, people):
    artist, shop, chart = people.values()
    shop.signs("cosign", track)
    artist.signs("withdraw", track, "--reason", "error", "--sid", carried(track, people)[0][1])

    told = chart.prov("verify", track, "--key", artist.public, "--key", shop.public)

    assert told.startswith("PASSED")
    (also,) = lines(told, "Also:")
    assert also.endswith("signed the same declaration; that was taken back: it was wrong")
    stranger = chart.prov("verify", track, "--key", shop.public)
    (note,) = lines(stranger, "Note:")
    assert note.endswith("it was wrong [currency.co-signature-withdrawn]")


@pytest.mark.requirement("STM-052")
def test_an_old_file_is_known_where_the_newer_statement_is_at_hand(track, people, tmp_path):
    remix = wav(tmp_path / "remix.wav", seconds=2)
    people["artist"].prov("extract", track, "--out", f"{remix}.musicprov.json")
    corrected = tmp_path / "corrected.json"
    partly = [{"area": "leadVocals", "level": "partial"}]
    corrected.write_text(json.dumps({**DECLARED, "contributions": partly}))
    people["artist"].signs("supersede", remix, "--manifest", corrected, "--no-fingerprint", "-y")
    newer = tmp_path / "newer.musicprov.json"
    people["artist"].prov("extract", remix, "--out", newer)

    report = people["shop"].sees(track, people["artist"], more=("--statement", newer))

    assert (report["status"], report["code"]) == ("INDETERMINATE", "currency.rollback")


def test_nothing_is_superseded_where_nothing_is(people, tmp_path):
    bare = wav(tmp_path / "bare.wav")
    declaration = tmp_path / "declaration.json"
    declaration.write_text(json.dumps(DECLARED))

    said = people["artist"].signs("supersede", bare, "--manifest", declaration, "-y", expect=1)

    assert "statement.none" in said


def test_a_voucher_gives_exact_identifiers(people, tmp_path):
    out = tmp_path / "binding.jws"
    name = ("--name", "Vector Artist", "--basis", "account-kyc")
    ids = ("--isni", "0000 0001 2103 2683", "--from", "2026-01-01")
    people["shop"].signs("vouch", people["artist"].public, *name, *ids, "--out", out)

    content = carried(out, people)[0][2]

    assert content["party"] == {"name": "Vector Artist", "ids": {"isni": "0000000121032683"}}
    assert content["from"] == "2026-01-01T00:00:00Z"
    wrong = ("--isni", "0000 0001 2103 2684")
    out = ("--out", tmp_path / "wrong.jws")
    people["shop"].signs("vouch", people["artist"].public, *name, *wrong, *out, expect=2)
    assert not out[1].exists()


@pytest.mark.parametrize("verb", ["endorse", "withdraw", "vouch"])
def test_what_is_said_can_be_time_stamped(track, people, verb):
    authority = PythonTsa()
    words = {
        "endorse": ("endorse", track, "--act", "received", *LIMITS),
        "withdraw": ("withdraw", track, "--reason", "error"),
        "vouch": ("vouch", people["artist"].public, "--name", "A", "--basis", "contract",
                  "--into", track),
    }  # fmt: skip
    answer = lambda query, _: authority.reply(query, datetime.now(UTC).replace(microsecond=0))  # noqa: E731

    with served(answer) as url:
        people["shop"].signs(*words[verb], "--tsa", url)

    found = json.loads(people["shop"].prov("extract", track, "--out", "-"))["statements"]
    assert ["header" in statement for statement in found] == [False, True]
