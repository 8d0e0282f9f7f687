"""Damaged and hostile files of every kind: items or problems, never an exception, always JSON."""

import json
import os
import random

import pytest
from provenance.audit.model import Item, Problem
from provenance.audit.sources import ORDER, load, names
from provenance.wire.registries import rules

from support.evidence import read
from support.message import contributor, delivered, message, recording
from threats.world import BY_LABEL, CHART, LABEL, S, asker, file

ROUNDS = 2_000 if os.environ.get("MUSICPROV_TEST_FULL") else 40
DETECTOR = b"tool,version,score,date,isrc,verdict\nD,1,0.5,2025-11-10,QZZZZ2600001,\xc3\xa9\n" * 3
ROW = {"tool": "D", "version": "1", "score": 0.5, "date": "2025-11-10", "isrc": "QZZZZ2600001"}
SEEDS = {
    "manifests": [
        ("a.musicprov.jws", BY_LABEL),
        ("b.musicprov.json", S.bundle(BY_LABEL, S.endorse(BY_LABEL, LABEL, CHART, "disputes"))),
    ],
    "tracks": [("a.wav", file(BY_LABEL))],
    "ern": [("a.xml", message(recording(contributor("PAnn", "Lyricist", ai="Partly"),
                                        file=delivered("a", "SHA-256", "e3b0"))))],
    "detector": [
        ("a.csv", DETECTOR),
        ("b.json", json.dumps([ROW, ROW]).encode()),
        ("c.ndjson", json.dumps(ROW).encode() + b"\n"),
    ],
    "crowd-list": [("a.json", json.dumps([{"name": "A", "removed": False, "markers": ["x"]}]).encode())],
    "credits": [("a.csv", b"isrc,name,role\nQZZZZ2600001,Ann,Composer\n" * 3)],
}  # fmt: skip
BITS = (b"\x00", b"\xff\xfe", b'"', b"\n" * 50, b"=cmd|'/c'!A1", b"{" * 3_000, b"[" * 3_000, b"9" * 5_000,
        "\u202e<script>\u2028".encode(), b"\\ud800", b"<!DOCTYPE a>", b"&x;", b",,,,", b"e3", b"\x1b[31m")  # fmt: skip


def spoiled(data, dice):
    """The bytes with something cut, turned, doubled or put in."""
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(data) + 1)
        to = min(len(data), at + dice.randint(0, 40))
        how = dice.randrange(4)
        if how == 0:
            data = data[:at] + data[to:]
        elif how == 1:
            data = data[:at] + dice.choice(BITS) + data[at:]
        elif how == 2:
            data = data[:at] + bytes(b ^ (1 << dice.randrange(8)) for b in data[at:to]) + data[to:]
        else:
            data = data[:to] + data[at:]
    return data


def test_every_kind_has_its_place_in_the_order():
    assert sorted(ORDER) == list(names()) == sorted(SEEDS)
    assert all(load(name).title for name in ORDER)


@pytest.mark.requirement("AUD-021")
@pytest.mark.parametrize("kind", ORDER)
def test_spoiled_files_are_items_or_problems(tmp_path, kind):
    dice = random.Random(f"musicprov {kind}")
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(ROUNDS):
        name, data = dice.choice(SEEDS[kind])
        (folder / f"{n:04d}-{name}").write_bytes(spoiled(data, dice))
    with read(tmp_path / "store", [(kind, folder)], asker().context()) as made:
        found = [*made.items, *made.store.problems()]

    assert {type(one) for one in found} <= {Item, Problem}
    assert len(found) >= ROUNDS // 4
    assert set(made.rules()) <= rules().keys()
    for item in made.items:
        json.dumps(item.says, ensure_ascii=False).encode()
        assert str(tmp_path) not in json.dumps(item.says)


def test_a_spoiled_statement_never_gives_a_key(tmp_path):
    """Whatever was turned in a signed statement, what is joined was signed by the label."""
    dice = random.Random("musicprov keys")
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(ROUNDS):
        (folder / f"{n:04d}.musicprov.jws").write_bytes(spoiled(BY_LABEL, dice))
    with read(tmp_path / "store", [("manifests", folder)], asker().context()) as made:
        keyed = [item for item in made.items if item.keys.isrcs]

    assert len(made.items) == ROUNDS
    assert all(item.says["_tokens"] == [BY_LABEL.decode()] for item in keyed)
