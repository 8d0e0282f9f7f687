"""Counts over entries: those of the exhibits, and nothing else (spec 25.4)."""

from collections import Counter

import pytest
from provenance.audit.model import Entry, Recording, Sure
from provenance.audit.store import opened
from provenance.audit.summary import summarise

from support.exhibits import (
    S,
    at_two_songs,
    cut_short,
    detector,
    disclosure,
    exhibit,
    manifest,
    recording,
    said,
    track,
)

WEEKS = ("2026-12-05", "2026-12-12", "2026-12-19")
RULES = ("norway", "billboard")
KINDS = (
    [track(disclosure("none"))],
    [manifest(disclosure("full"))],
    [track(disclosure("none")), detector()],
    [track(disclosure(contributions=said("assisted", ["artwork", "lyrics"])))],
    [],
    [track(disclosure("none"), pcm=b"\0\0" * 100)],
)
"""What is known of a recording, by its number: one state or another."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("audit")


@pytest.fixture(scope="module")
def audited(folder):
    """A store with twelve recordings over three weeks, the later ones not in the first."""
    with opened(folder) as store:
        entries = [
            Entry(1, n + 2, week, n, f"Vector Song {n}", "", f"QZZZZ26{n:05}", f"Label {n % 4}" if n % 4 else "")
            for w, week in enumerate(WEEKS)
            for n in range(1, 13)
            if not (w == 0 and n > 6)
        ]  # fmt: skip
        store.add_entries(entries)
        store.number_recordings()
        for one in store.recordings():
            number = int(one.isrc[-5:])
            made = exhibit(*KINDS[number % 6], rules=RULES, about=_alike(one))
            store.put_exhibit(one.number, made)
        yield store


def _alike(one):
    """The recording with an ISRC that the statements here are signed for."""
    return recording(number=one.number, entries=one.entries, label=one.label)


def counted(entries, of):
    return dict(sorted(Counter(of(e) for e in entries).items()))


@pytest.mark.requirement("AUD-054")
def test_the_counts_are_those_of_the_entries(audited):
    weeks, summary = summarise(audited)
    rows = list(audited.rows())

    assert [week["week"] for week in weeks] == list(WEEKS)
    assert [week["entries"] for week in weeks] == [6, 12, 12]
    assert (summary["entries"], summary["recordings"]) == (30, 12)
    for week in weeks:
        mine = [row for row in rows if row["week"] == week["week"]]
        assert dict(sorted(week["states"].items())) == counted(mine, lambda row: row["state"])
        flags = Counter(flag for row in mine for flag in row["flags"])
        assert dict(sorted(week["flags"].items())) == dict(sorted(flags.items()))
    assert summary["states"] == {
        "declared": 15, "contradicted": 5, "unverifiable": 5, "undeclared": 5,
    }  # fmt: skip


@pytest.mark.requirement("AUD-055")
def test_what_does_not_count_is_undeclared_and_never_none(audited):
    weeks, summary = summarise(audited)
    areas = summary["areas"]

    assert areas["leadVocals"] == {"none": 10, "full": 5, "undeclared": 15}
    assert areas["lyrics"] == {"none": 10, "assisted": 5, "full": 5, "undeclared": 10}
    assert areas["artwork"] == {"assisted": 5, "undeclared": 25}
    assert areas["mixing"] == {"undeclared": 30}
    assert "video" not in areas
    for counts in (*areas.values(), *(a for w in weeks for a in w["areas"].values())):
        assert sum(counts.values()) in {6, 12, 30}


@pytest.mark.requirement("AUD-054")
def test_what_rests_on_no_audio_or_on_a_name_is_counted(audited, tmp_path):
    _, summary = summarise(audited)
    nothing = {"withoutAudio": 0, "byName": 0, "declaredByName": 0, "unread": 0}
    assert summary["counted"] == {**nothing, "withoutAudio": 5}

    weak = {"by": "name", "sure": Sure.WEAK}
    kinds = (
        [manifest(disclosure("none"), **weak)],
        [track(disclosure("none"), **weak)],
        [manifest(disclosure("none")), detector()],
        [track(disclosure("none"), pcm=b"\0\0" * 100, **weak)],
        [track(disclosure("none"), **weak), detector(**weak)],
        [cut_short(), detector()],
        [cut_short(), manifest(S.damaged(disclosure("none")))],
        [cut_short(), manifest(disclosure("none"))],
    )
    with opened(tmp_path) as store:
        store.add_entries(
            Entry(1, n, WEEKS[0], n, f"Song {n}", "Artist", None, "Label") for n in range(1, 9)
        )
        store.number_recordings()
        for one, found in zip(list(store.recordings()), kinds, strict=True):
            store.put_exhibit(one.number, exhibit(*found, about=_alike(one)))
        _, summary = summarise(store)

    assert summary["states"] == {"declared": 3, "contradicted": 2, "unverifiable": 3}
    assert summary["counted"] == {
        "withoutAudio": 2, "byName": 3, "declaredByName": 2, "unread": 1,
    }  # fmt: skip


def test_labels_and_rules(audited):
    _, summary = summarise(audited)
    labels = {one["label"]: one["entries"] for one in summary["labels"]}

    assert sum(labels.values()) == 30
    assert set(labels) == {"", "Label 1", "Label 2", "Label 3"}
    assert [one["entries"] for one in summary["labels"]] == sorted(labels.values(), reverse=True)
    assert sum(sum(one["states"].values()) for one in summary["labels"]) == 30
    assert summary["otherLabels"] == 0
    assert summary["rules"] == {
        "norway": {"clear": 5, "review": 20, "ineligible": 5},
        "billboard": {"eligible": 30},
    }


def test_many_labels_are_counted_together(tmp_path):
    with opened(tmp_path) as store:
        store.add_entries(
            Entry(1, n + 2, WEEKS[0], n, f"Song {n}", "Artist", None, f"Label {n:03}")
            for n in range(1, 41)
        )
        store.number_recordings()
        for one in store.recordings():
            store.put_exhibit(one.number, exhibit(about=one))
        _, summary = summarise(store)

    assert [one["label"] for one in summary["labels"]] == [f"Label {n:03}" for n in range(1, 31)]
    assert summary["otherLabels"] == 10


def test_a_chart_without_entries(tmp_path):
    with opened(tmp_path) as store:
        store.number_recordings()
        assert summarise(store) == ([], {
            "entries": 0, "states": {}, "flags": {}, "areas": {}, "recordings": 0,
            "labels": [], "otherLabels": 0, "rules": {},
            "counted": {"withoutAudio": 0, "byName": 0, "declaredByName": 0, "unread": 0},
        })  # fmt: skip


def test_it_can_be_asked_again(audited):
    assert summarise(audited) == summarise(audited)
    assert isinstance(next(audited.recordings()), Recording)


@pytest.mark.requirement("AUD-054")
def test_only_the_entry_that_is_not_named_is_counted_as_that(tmp_path):
    about = at_two_songs()
    with opened(tmp_path) as store:
        store.add_entries(about.entries)
        store.number_recordings()
        none = track(disclosure("none", facts={"humanVoice": True}))
        store.put_exhibit(1, exhibit(none, rules=("norway",), about=about))
        _, summary = summarise(store)
        rows = list(store.rows())

    assert [row["flags"] for row in rows] == [
        ["chartNamesDiffer"], ["namesDiffer", "chartNamesDiffer"],
    ]  # fmt: skip
    assert summary["flags"] == {"namesDiffer": 1, "chartNamesDiffer": 2}
    assert summary["rules"] == {"norway": {"clear": 1, "review": 1}}


def test_entries_of_one_isrc_under_many_names_are_gone_through_once(tmp_path):
    many, ticks = 1_000, []
    names = [{"title": f"Song {n}", "artist": "X", "namesDiffer": n > 0} for n in range(many)]
    body = {"state": "declared", "flags": [{"flag": "namesDiffer"}], "appearances": names}
    with opened(tmp_path) as store:
        store.add_entries(
            Entry(1, n, WEEKS[0], n, one["title"], "X", S.ISRC) for n, one in enumerate(names)
        )
        store.number_recordings()
        store._db.set_progress_handler(lambda: ticks.append(1), 1_000)
        store.put_exhibit(1, body)
        store._db.set_progress_handler(None, 0)
        apart = [row["flags"] for row in store.rows()]

    assert apart == [[], *[["namesDiffer"]] * (many - 1)]
    assert len(ticks) < many / 10, "of a thousand steps each"
