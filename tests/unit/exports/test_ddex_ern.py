"""The export ddex-ern: elements, a whole message, and putting a declaration into one that exists."""

import json
import re
from pathlib import Path

import pytest
from provenance.exports import load
from provenance.exports._reading import leaves
from provenance.exports.base import Exported, Source
from provenance.imports import load as load_import
from provenance.model.errors import InputError, UsageError
from provenance.wire import ern
from provenance.wire.crosswalks import crosswalk
from provenance.wire.decode import decode_declaration
from provenance.wire.encode import to_plain
from provenance.wire.registries import terms

from support import ern_table, regimes
from support.message import contributor, message, recording
from support.unchecked import unchecked

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "contracts" / "golden" / "exports" / "ddex-ern"
EXAMPLES = sorted(p.parent.name for p in ROOT.glob("examples/*/declaration.json"))
ISRC = "QZZZZ2600001"
WHOLE = {
    "form": "message",
    "sender": "Example Label",
    "sender-dpid": "PADPIDA2007050901U",
    "recipient": "Example Shop",
    "recipient-dpid": "PADPIDA2007050901U",
    "created": "2026-11-26T08:00:00Z",
    "message-id": "M1",
    "duration": "PT3M23S",
    "genre": "Country",
}
PEOPLE = [{"ref": "a", "name": "Ann Lind"}, {"ref": "b", "name": "Bob Ék"}]


def manifest_of(plain):
    found, wrong = decode_declaration(json.dumps(plain).encode())
    assert found is not None, wrong
    return found


def example(name):
    return manifest_of(json.loads((ROOT / "examples" / name / "declaration.json").read_bytes()))


def entry(area, level, *people, tool=None, **more):
    agents = [{"person": p} for p in people] + ([{"tool": tool}] if tool else [])
    return {"area": area, "level": level, **({"agents": agents} if agents else {}), **more}


def declaration(*contributions, **more):
    named = {a["person"] for c in contributions for a in c.get("agents", ()) if "person" in a}
    found = {"subject": {"isrc": ISRC}, "contributions": list(contributions), **more}
    people = [p for p in PEOPLE if p["ref"] in named]
    return {"people": people, **found} if people else found


def export(plain, into=None, **options):
    names = {name.replace("_", "-"): value for name, value in options.items()}
    return load("ddex-ern").render(Source(manifest_of(plain), options=names, into=into))


def said(document):
    """Contributors, ContainsAI and voice flags of the first recording of a message."""
    one = ern.read([document]).recordings[0]
    listed = [
        (c.party or c.special, tuple(r.value for r in c.roles), c.ai) for c in one.contributors
    ]
    return listed, one.contains_ai, one.vocal, one.foreground_vocal


@pytest.mark.requirement("EXP-001")
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_exported_as_it_was_written_down(name):
    made = load("ddex-ern").render(Source(example(name)))

    assert made.data == (GOLDEN / f"{name}.xml").read_bytes()
    losses = [[loss.pointer, loss.reason] for loss in made.losses]
    assert losses == json.loads((GOLDEN / f"{name}.losses.json").read_bytes())


@pytest.mark.parametrize("level", ["none", "utility", "assisted", "partial", "predominant"])
def test_a_person_has_the_answer_that_the_crosswalk_gives_for_the_level(level):
    answer = crosswalk("ddex-ern")["levels"]["words"][level]
    made = export(declaration(entry("leadVocals", level, "a")))

    assert said(made.data)[0] == [("Pa", ("LeadVocalist",), answer)]
    reason = {"assisted": "decided"}.get(level, "coarser")
    assert [loss.reason for loss in made.losses if loss.pointer == "/contributions/0/level"] == [
        reason
    ]


def test_what_ai_made_alone_is_a_contributor_that_is_generative_ai():
    tools = [{"ref": "t", "system": "SongMaker", "version": "5"}]
    made = export(declaration(entry("leadVocals", "full", tool="t"), tools=tools))

    assert said(made.data)[0] == [("GenerativeAI", ("LeadVocalist",), None)]
    losses = {loss.pointer: loss.reason for loss in made.losses}
    assert losses["/contributions/0/agents/0/tool"] == "coarser"
    assert losses["/tools/0/system"] == losses["/tools/0/version"] == "no-field"


def test_what_assisted_is_can_be_set():
    plain = declaration(entry("lyrics", "assisted", "a"))

    assert said(export(plain).data)[0][0][2] == "None"
    assert said(export(plain, assisted="Partly").data)[0][0][2] == "Partly"
    with pytest.raises(UsageError):
        export(plain, assisted="All")


def test_consent_licence_and_what_else_has_no_place_is_a_loss():
    made = load("ddex-ern").render(Source(example("unlicensed-third-party-clone")))
    manifest = to_plain(example("unlicensed-third-party-clone"))
    losses = {loss.pointer: loss.reason for loss in made.losses}

    for pointer, _ in leaves(manifest):
        if pointer.startswith(("/voices/", "/tools/", "/evidence/", "/declarant/")):
            assert losses[pointer] == "no-field", pointer


ALL = ("lyrics", "composition", "leadVocals", "instrumentation")
CORE = (*ALL, "mixing", "mastering")


@pytest.mark.parametrize(
    ("areas", "more", "expected"),
    [
        (dict.fromkeys(ALL, "full"), {}, "All"),
        (dict.fromkeys(ALL[:3], "full"), {}, "Partly"),
        (dict.fromkeys(CORE, "none"), {}, "None"),
        (dict.fromkeys(CORE, "utility"), {}, "None"),
        (dict.fromkeys(ALL, "none"), {}, None),
        ({**dict.fromkeys(CORE, "none"), "lyrics": "partial"}, {}, "Partly"),
        ({"lyrics": "full", "composition": "none"}, {}, "Partly"),
        ({"composition": "full", "instrumentation": "full"}, {"language": "zxx"}, "All"),
        ({"composition": "full", "instrumentation": "full"}, {"language": "ZXX"}, "All"),
        ({"artwork": "full"}, {}, None),
        ({}, {}, None),
    ],
)
def test_contains_ai_never_speaks_for_what_is_not_declared(areas, more, expected):
    plain = declaration(*(entry(a, level) for a, level in areas.items()))
    plain["subject"] = {**plain["subject"], **more}
    if not areas:
        del plain["contributions"]

    made = export(plain)

    assert said(made.data)[1] == expected
    declared = {a for a in areas if a != "artwork"}
    assert bool(made.warnings) == (
        bool(declared) and expected in {None, "Partly"} and len(set(areas.values())) == 1
    )


def test_all_is_not_said_where_people_are_credited():
    people = [{"ref": "a", "name": "Ann Lind", "roles": ["Mixer"]}]
    made = export(declaration(*(entry(a, "full") for a in ALL), people=people))

    assert said(made.data)[1] == "Partly"
    assert "Ann Lind" in made.warnings[0]


def test_a_person_who_is_not_named_is_not_written_and_is_a_loss():
    people = [{"ref": "a", "withheld": True}]
    plain = {**declaration(entry("mixing", "none", "a")), "people": people}
    made = export(plain)

    assert said(made.data)[0] == []
    assert "/contributions/0/agents/0/person" in {loss.pointer for loss in made.losses}


def test_a_whole_message_says_what_is_missing_and_invents_nothing():
    with pytest.raises(UsageError) as caught:
        export(declaration(entry("lyrics", "none")), form="message")

    for name in ("subject.title", "--set genre=", "--set recipient-dpid=", "--set duration="):
        assert name in str(caught.value)
    assert "isrc" not in str(caught.value)


def full():
    plain = to_plain(regimes.example("every-member"))
    unsigned = ("id", "issued", "sequence", "supersedes")
    plain = {k: v for k, v in plain.items() if k not in unsigned}
    plain["subject"] = {k: v for k, v in plain["subject"].items() if k != "bindings"}
    return plain


def test_a_whole_message_reads_back_as_what_it_says():
    made = load("ddex-ern").render(Source(manifest_of(full()), options=WHOLE))
    found = ern.read([made.data])
    (release,) = found.releases

    assert (found.version, found.sender) == ("4.3.2", "Example Label")
    assert found.recordings[0].isrcs == ("QZZZZ2600199",)
    assert found.recordings[0].duration == "PT3M23S"
    assert release.icpn == "036000291452"
    assert release.resources == {r.reference for r in found.resources}
    names = {name for party in found.parties.values() for name in party.names}
    assert {"Ada Example", "Persona", "Example Label"} <= names


# --- Into a message that exists


AI = re.compile(
    rb"\s*<(AiContribution|ContainsAI|HasVocalPerformance|HasForegroundVocalPerformance)>[^<]*</\1>"
)
GENERATED = re.compile(
    rb"\s*<Contributor>\s*<SpecialContributor>GenerativeAI<.*?</Contributor>", re.DOTALL
)


def without_ai(document):
    """A message without its AI elements, as bytes."""
    return AI.sub(b"", GENERATED.sub(b"", document))


def test_everything_else_stays_byte_by_byte():
    other = recording(contributor("PBob", "Mixer"), reference="A2", isrc="QZZZZ2600002")
    before = message(
        recording(contributor("PAnn", "LeadVocalist"), contributor("PBob", "Mixer")), other
    )
    plain = declaration(
        entry("leadVocals", "none", "a"),
        entry("mixing", "partial", "b"),
        entry("instrumentation", "full"),
        facts={"humanVoice": True, "humanLeadVoice": True},
    )

    made = export(plain, into=before)

    assert said(made.data) == (
        [
            ("PAnn", ("LeadVocalist",), "None"),
            ("PBob", ("Mixer",), "Partly"),
            ("GenerativeAI", ("Musician",), None),
        ],
        "Partly",
        True,
        True,
    )
    assert without_ai(made.data) == before
    assert made.data.count(b"Bob &#201;k") == 1
    assert other.encode() in made.data
    assert made.warnings == ()


def test_doing_it_again_changes_nothing():
    before = message(recording(contributor("PAnn", "LeadVocalist", "Lyricist")))
    plain = declaration(
        entry("leadVocals", "partial", "a"),
        entry("lyrics", "none", "a"),
        entry("mixing", "none", "b"),
        entry("instrumentation", "full", instrument="Kazoo of mine"),
    )
    once = export(plain, into=before)

    assert export(plain, into=once.data) == once


def test_roles_of_one_contributor_with_different_answers_are_told_apart():
    more = "<HasMadeFeaturedContribution>true</HasMadeFeaturedContribution>"
    before = message(
        recording(contributor("PAnn", "LeadVocalist", "Lyricist", "Arranger", more=more))
    )
    plain = declaration(entry("leadVocals", "partial", "a"), entry("lyrics", "none", "a"))

    made = export(plain, into=before)

    assert said(made.data)[0] == [
        ("PAnn", ("LeadVocalist",), "Partly"),
        ("PAnn", ("Lyricist",), "None"),
        ("PAnn", ("Arranger",), None),
    ]
    assert made.data.count(more.encode()) == 3


def test_old_answers_are_replaced_and_stale_ones_removed_aloud():
    before = message(
        recording(
            contributor("PAnn", "LeadVocalist", ai="Partly"),
            contributor("PBob", "Mixer", ai="Partly"),
            contributor("GenerativeAI", "Lyricist"),
            contributor("GenerativeAI", "Mixer", ai="None"),
            flags="<ContainsAI>All</ContainsAI><IsCover>false</IsCover>",
        )
    )
    plain = declaration(entry("leadVocals", "none", "a"), entry("composition", "full"))

    made = export(plain, into=before)

    assert said(made.data)[:2] == (
        [
            ("PAnn", ("LeadVocalist",), "None"),
            ("PBob", ("Mixer",), None),
            ("GenerativeAI", ("Composer",), None),
        ],
        "Partly",
    )
    assert without_ai(made.data) == without_ai(before)
    assert len(made.warnings) == 1


def test_contains_ai_is_removed_where_the_declaration_leaves_it_open():
    before = message(recording(flags="<ContainsAI>All</ContainsAI>"))

    made = export(declaration(entry("leadVocals", "none", "a")), into=before)

    assert said(made.data)[1] is None
    assert any("ContainsAI All is removed" in w for w in made.warnings)


def test_all_is_not_written_beside_people_whom_the_message_credits():
    before = message(recording(contributor("PAnn", "Artist")))

    made = export(declaration(*(entry(a, "full") for a in ALL)), into=before)

    assert said(made.data)[1] == "Partly"
    assert any("credits contributors who are not AI" in w for w in made.warnings)


def test_flags_that_are_not_declared_are_left_as_they_are():
    before = message(recording(flags="<HasVocalPerformance>true</HasVocalPerformance>"))

    assert export(declaration(entry("lyrics", "none")), into=before).data == before


def test_people_are_found_by_identifier_before_name_and_added_where_they_are_missing():
    before = message(recording(contributor("PAnn", "LeadVocalist")))
    people = [
        {"ref": "a", "name": "A. Lind-Berg", "ids": {"isni": "0000000121032683"}},
        {"ref": "Ann", "name": "Cy Oak", "ids": {"ipi": "00014107338"}},
    ]
    plain = {
        "subject": {"isrc": ISRC},
        "people": people,
        "contributions": [entry("leadVocals", "none", "a"), entry("mixing", "none", "Ann")],
    }

    made = export(plain, into=before)

    assert said(made.data)[0] == [
        ("PAnn", ("LeadVocalist",), "None"),
        ("PAnn_2", ("Mixer",), "None"),
    ]
    party = ern.read([made.data]).parties["PAnn_2"]
    assert (party.names, dict(party.ids)) == (("Cy Oak",), {"ipi": "00014107338"})


def test_it_asks_where_several_parties_may_be_meant():
    twin = (
        "<Party><PartyReference>PTwin</PartyReference><PartyName><FullName>ann  LIND</FullName>"
        "</PartyName></Party>"
    )

    with pytest.raises(UsageError, match="PAnn, PTwin"):
        export(declaration(entry("lyrics", "none", "a")), into=message(recording(), parties=twin))


def test_the_recording_is_found_by_its_isrc_or_not_at_all():
    here = declaration(entry("lyrics", "none"))
    one, other = recording(), recording(reference="A2", isrc="QZZZZ2600002")
    written = recording(isrc="QZ-ZZZ-26-00001")

    assert export(here, into=message(written)).data == message(written)
    with pytest.raises(UsageError, match=r"no sound recording.*QZZZZ2600002"):
        export(here, into=message(other))
    with pytest.raises(UsageError, match=r"several sound recordings.*A1, A1"):
        export(here, into=message(one, one))
    with pytest.raises(UsageError, match="no ISRC"):
        export({"contributions": [entry("lyrics", "none")]}, into=message(one))
    assert export(here, into=message(other), isrc="QZZZZ2600002").data == message(other)


@pytest.mark.parametrize(
    ("digits", "what"),
    [
        ("43", "Lift it to ERN 4.3.2"),
        ("42", "Lift it"),
        ("383", "made anew"),
        ("431", "4.3.2"),
        ("44", "4.3.2"),
    ],
)
def test_other_versions_are_refused_with_what_to_do(digits, what):
    before = message(recording(), digits=digits)
    version = ".".join(digits)

    with pytest.raises(InputError, match=f"ERN {version} has no AI elements") as caught:
        export(declaration(entry("lyrics", "none")), into=before)

    assert what in caught.value.hint


def test_what_is_no_message_is_refused():
    for document in (b"<a/>", b"{}", b"", b"<!DOCTYPE a><a/>"):
        with pytest.raises(InputError):
            export(declaration(entry("lyrics", "none")), into=document)


@pytest.mark.parametrize("layout", ["crlf", "one line", "tabs", "bom"])
def test_the_layout_of_the_message_is_kept(layout):
    before = message(recording(contributor("PAnn", "LeadVocalist")))
    before = {
        "crlf": before.replace(b"\n", b"\r\n"),
        "one line": re.sub(rb">\s+<", b"><", before),
        "tabs": before.replace(b"   ", b"\t"),
        "bom": b"\xef\xbb\xbf" + before,
    }[layout]
    plain = declaration(entry("leadVocals", "none", "a"), entry("instrumentation", "full"))

    made = export(plain, into=before)

    assert without_ai(made.data) == before
    assert said(made.data)[0][0] == ("PAnn", ("LeadVocalist",), "None")
    if layout == "crlf":
        assert re.search(rb"[^\r]\n", made.data) is None
    if layout == "one line":
        assert b"\n" not in made.data.rstrip()


def test_text_is_escaped():
    plain = declaration(entry("lyrics", "none", "x", role="Lyricist"))
    plain["people"] = [{"ref": "x", "name": '<A & "B">'}]

    made = export(plain, into=message(recording()))

    assert b'&lt;A &amp; "B"&gt;' in made.data
    assert ern.read([made.data]).parties["Px"].names == ('<A & "B">',)


def test_every_role_of_the_registry_has_an_area_to_come_from():
    roles = crosswalk("ddex-ern")["roles"]
    known = {t["term"]: t["areas"] for t in terms("roles")}

    assert list(roles) == [t["term"] for t in terms("areas")]
    assert [area for area, role in roles.items() if known[role] != [area]] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_exported_is_imported_as_the_same_as_far_as_it_goes(name):
    made = load("ddex-ern").render(Source(example(name)))
    (draft,) = load_import("ddex-ern").read(made.data)
    lost = {loss.pointer for loss in made.losses}
    wanted = {
        (c.role or crosswalk("ddex-ern")["roles"][c.area], c.level.value)
        for n, c in enumerate(example(name).contributions)
        if f"/contributions/{n}/level" not in lost
    }
    found = {(c["role"], c["level"]) for c in draft.declaration.get("contributions", ())}

    assert wanted <= found


def test_the_page_has_the_tables_of_the_data():
    from provenance.profiles.judging import rules_of

    page = (ROOT / "spec" / "regimes" / "ddex-ern.md").read_text(encoding="utf-8")
    data = crosswalk("ddex-ern")
    rows = [f"| `{area}` | `{role}` |" for area, role in data["roles"].items()]
    rows += [f"| {said} | `{term}` |" for said, term in data["instruments"].items()]
    rows += [f"| `{r['id']}` | {r['outcome']} | {r['clause']} |" for r in rules_of("ddex")["rules"]]
    rows += [", ".join(data["rollUp"][name]) for name in ("all", "none", "withoutWords")]

    assert [row for row in rows if row not in page] == []
    assert page.count("\n| `ddex-") == len(rules_of("ddex")["rules"])


def other(pointer, value):
    """A value that the model could have in place of this one."""
    member = pointer.rsplit("/", 1)[-1]
    if value is True or value is False:
        return not value
    if type(value) is int:
        return value + 1
    if member == "level":
        return "none" if value != "none" else "full"
    if member == "area":
        return "mixing" if value != "mixing" else "mastering"
    if member in {"person", "tool", "ref"}:
        return "other"
    return {"isrc": "QZZZZ2600198", "created": "2020-01-01", "date": "2020-01-01"}.get(
        member, f"{value}x"
    )


def changed(plain, pointer):
    made = json.loads(json.dumps(plain))
    *path, last = (t.replace("~1", "/").replace("~0", "~") for t in pointer.split("/")[1:])
    at = made
    for token in path:
        at = at[int(token)] if isinstance(at, list) else at[token]
    key = int(last) if isinstance(at, list) else last
    at[key] = other(pointer, at[key])
    return unchecked(made)


INTO = message(
    recording(
        contributor("PAnn", "LeadVocalist", "Musician"),
        contributor("PBob", "Mixer"),
        isrc="QZZZZ2600199",
    ),
    parties=(
        "<Party><PartyReference>PAda</PartyReference><PartyName><FullName>Ada Example</FullName>"
        "</PartyName></Party>"
    ),
)


@pytest.mark.requirement("EXP-002")
@pytest.mark.parametrize("form", ["message", "into"])
@pytest.mark.parametrize("which", ["every-member", "bass", *EXAMPLES])
def test_whatever_is_changed_shows_or_is_a_loss(form, which):
    if which == "every-member":
        plain = to_plain(regimes.example(which))
    elif which == "bass":
        plain = declaration(
            entry("instrumentation", "none", "a", instrument="Bass"),
            entry("leadVocals", "partial", "a"),
            entry("mixing", "none", "b"),
            entry("instrumentation", "full", instrument="Guitar"),
        )
        plain["people"][0]["ids"] = {"isni": "0000000121032683", "ipi": "00014107338"}
    else:
        plain = to_plain(example(which))
    plain["subject"]["isrc"] = "QZZZZ2600199"
    plain["subject"].setdefault("title", "Sample")
    plain["subject"].setdefault("artists", [{"name": "Ann Lind"}])
    options = {**WHOLE, "label": "L"} if form == "message" else {}
    plain["subject"].setdefault("release", {}).setdefault("upc", "036000291452")
    into = None if form == "message" else INTO

    def render(manifest):
        try:
            source = Source(manifest, options=options, into=into)
            return load("ddex-ern").render(source)
        except UsageError as error:
            return Exported(str(error).encode())

    before = render(unchecked(plain))
    lost = {loss.pointer for loss in before.losses}
    assert lost
    kept = [pointer for pointer, _ in leaves(plain) if pointer not in lost]

    assert [p for p in kept if render(changed(plain, p)).data == before.data] == []


def test_the_page_has_the_six_examples():
    page = (ROOT / "spec" / "regimes" / "ddex-ern.md").read_text(encoding="utf-8")

    assert [row for row in ern_table.rows() if row not in page] == []


def test_a_role_that_the_message_has_twice_is_answered_twice():
    edition = contributor("PBob", "Mixer").replace("Contributor>", "EditionContributor>", 1)
    edition = edition.replace("</Contributor>", "</EditionContributor>")
    before = message(recording(contributor("PBob", "Mixer"), file=edition))

    made = export(declaration(entry("mixing", "partial", "b")), into=before)

    assert said(made.data)[0] == [("PBob", ("Mixer",), "Partly")] * 2
    assert made.data.count(b"AiContribution>Partly<") == 2


@pytest.mark.parametrize(
    "broken",
    [
        message(recording()).replace(b"<Party>", b"<Brand>").replace(b"</Party>", b"</Brand>"),
        re.sub(
            rb"<SoundRecording>.*</SoundRecording>",
            b"<SoundRecording><ResourceId><ISRC>QZZZZ2600001</ISRC></ResourceId></SoundRecording>",
            message(recording()),
            flags=re.DOTALL,
        ),
        message(
            recording(
                "<Contributor><ContributorPartyReference>PAnn</ContributorPartyReference>"
                "<AiContribution>None</AiContribution><Role><Value>Lyricist</Value></Role>"
                "<Role><Value>LeadVocalist</Value></Role></Contributor>"
            )
        ),
    ],
    ids=["no party", "no edition", "answer before the role"],
)
def test_what_is_not_as_the_schema_wants_it_is_refused(broken):
    plain = declaration(entry("lyrics", "none", "a"), entry("leadVocals", "partial", "a"))

    with pytest.raises(InputError, match="schema"):
        export(plain, into=broken)


def test_a_message_that_holds_too_much_is_refused(monkeypatch):
    document = message(recording(contributor("PAnn", "Mixer"), contributor("PBob", "Mixer")))
    monkeypatch.setattr(ern, "MAX_HELD", 6)
    with pytest.raises(InputError, match="more than 6"):
        ern.read([document])
    monkeypatch.setattr(ern, "MAX_HELD", 7 + 1)
    ern.read([document])


def test_somebody_new_with_two_answers_is_one_party():
    plain = declaration(entry("lyrics", "none", "c"), entry("leadVocals", "partial", "c"))
    plain["people"] = [{"ref": "c", "name": "Cy Oak"}]

    made = export(plain, into=message(recording()))

    assert made.data.count(b"<FullName>Cy Oak</FullName>") == 1
    assert said(made.data)[0] == [
        ("Pc", ("Lyricist",), "None"),
        ("Pc", ("LeadVocalist",), "Partly"),
    ]


def test_a_signed_statement_brings_its_own_duration_time_and_name():
    options = {k: v for k, v in WHOLE.items() if k not in {"duration", "created", "message-id"}}
    plain = to_plain(regimes.example("every-member"))
    plain["subject"]["bindings"].append({"tier": "fingerprint", "durationMs": 203450})
    manifest = unchecked(plain)

    exported = load("ddex-ern").render(Source(manifest, options=options))
    made = exported.data.decode()

    assert not {"/id", "/issued"} & {loss.pointer for loss in exported.losses}
    assert f"<MessageCreatedDateTime>{manifest.issued}<" in made
    assert f"<MessageId>{manifest.id}<" in made
    assert "<Duration>PT203.45S<" in made
