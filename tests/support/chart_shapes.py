#!/usr/bin/env python3
"""Make the rules of charts and awards as SHACL shapes, from ``schemas/profiles``.

    python tests/support/chart_shapes.py            write schemas/shapes/charts/*.ttl
    python tests/support/chart_shapes.py --check    exit 1 where one is not what this makes

Clauses, outcomes and default parameters are the profiles' own. What a rule looks for is written
here once more, in SHACL, so that ``tests/unit/exports/test_chart_shapes.py`` compares two
implementations. A fact has three values: a shape for where it is so, another for where it is not;
where neither conforms it is not settled.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "schemas" / "shapes" / "charts"
NAMESPACE = "https://musicprov.org/schemas/shapes/charts/"
LEVELS = ("none", "utility", "assisted", "partial", "predominant", "full")
VOCALS = ("leadVocals", "backingVocals")
MUSIC = ("composition", "arrangement", "instrumentation", "production")
SEVERITY = {
    "ineligible": "Violation",
    "error": "Violation",
    "warning": "Warning",
    "review": "Warning",
}


@dataclass(frozen=True)
class Tri:
    """A fact as the names of two shapes: of what conforms where it is so, and where it is not."""

    yes: str
    no: str


UNKNOWN = Tri("rule:never", "rule:never")


def negated(fact):
    return Tri(fact.no, fact.yes)


class Shapes:
    """The shapes of one profile; the same shape is written once.

    What others are made of is asked once and kept in the graph, by a rule of SHACL (Advanced
    Features), so that validators neither ask it again and again nor go deep.
    """

    def __init__(self):
        self.made = {}
        self.kept = []

    def keep(self, shape, predicate="is", name=None):
        """What says that a shape conformed, for what is asked later."""
        if shape == "rule:never":
            return shape
        value = name or shape.removeprefix("rule:")
        one = (shape, predicate, value)
        if one not in self.kept:
            self.kept.append(one)
        return self.named(f'a sh:PropertyShape ; sh:path rule:{predicate} ; sh:hasValue "{value}"')

    def kept_fact(self, fact):
        return Tri(self.keep(fact.yes), self.keep(fact.no))

    def named(self, text, name=None):
        """The name of a shape."""
        if text not in self.made:
            self.made[text] = f"rule:{name or f's{len(self.made)}'}"
        return self.made[text]

    def either(self, names):
        left = list(dict.fromkeys(name for name in names if name != "rule:never"))
        if len(left) < 2:
            return (left or ["rule:never"])[0]
        return self.named(f"a sh:NodeShape ; sh:or ( {' '.join(left)} )")

    def both(self, names):
        left = list(dict.fromkeys(name for name in names if name != "rule:always"))
        if "rule:never" in left:
            return "rule:never"
        return (
            left[0]
            if len(left) == 1
            else self.named(f"a sh:NodeShape ; sh:and ( {' '.join(left)} )")
        )

    def isnt(self, name):
        if name == "rule:never":
            return "rule:always"
        return self.named(f"a sh:NodeShape ; sh:not {name}")

    def any_of(self, *facts):
        return self.kept_fact(
            Tri(self.either([f.yes for f in facts]), self.both([f.no for f in facts]))
        )

    def all_of(self, *facts):
        return self.kept_fact(
            Tri(self.both([f.yes for f in facts]), self.either([f.no for f in facts]))
        )

    def more_than(self, facts, share):
        """Whether more than a share of the facts is so."""
        needed = int(share * len(facts)) + 1
        return Tri(
            self._count([f.yes for f in facts], needed),
            self._count([f.no for f in facts], len(facts) - needed + 1),
        )

    def _count(self, shapes, number):
        predicate = f"counted{len(self.kept)}"
        for place, shape in enumerate(shapes):
            self.keep(shape, predicate, f"part{place}")
        return self.named(f"a sh:PropertyShape ; sh:path rule:{predicate} ; sh:minCount {number}")

    # entries of areas

    def some(self, path, *properties, name=None):
        """Whether there is something at a path that has some properties."""
        listed = " , ".join(f"[ {one} ]" for one in properties)
        kept = f"sh:qualifiedValueShape [ sh:property {listed} ] ; sh:qualifiedMinCount 1"
        return self.named(f"a sh:PropertyShape ; sh:path {path} ; {kept}", name)

    def entry(self, area, levels, *more, documented=False):
        """Whether an area has an entry of some levels."""
        properties = [f'sh:path mp:area ; sh:hasValue "{area}"', *more]
        if levels != LEVELS:
            properties.append(f"sh:path mp:level ; sh:in ( {quoted(levels)} )")
        if documented:
            properties.append(f"sh:path mp:basis ; sh:in ( {quoted(('declared', 'verified'))} )")
        return self.some("mp:contributions", *properties)

    def is_declared(self, area, *, documented=False):
        return self.entry(area, LEVELS, documented=documented)

    def reaches(self, area, least="partial", *, documented=False):
        """Whether the level of an area (spec 2.6) is ``least`` or above."""
        place = LEVELS.index(least)
        is_declared = self.is_declared(area, documented=documented)
        above = self.entry(area, LEVELS[place:], documented=documented)
        below = self.entry(area, LEVELS[:place], documented=documented)
        if least == "full":
            return self.kept_fact(Tri(self.both([is_declared, self.isnt(below)]), below))
        if least != "predominant":
            return self.kept_fact(Tri(above, self.both([is_declared, self.isnt(above)])))
        is_open = self.entry(
            area, LEVELS, "sh:path mp:share ; sh:maxCount 0", documented=documented
        )
        mostly = self.both([self.isnt(is_open), self.mostly(area, documented=documented)])
        yes = self.keep(self.both([above, self.either([self.isnt(below), mostly])]))
        clear = self.either([self.isnt(above), self.isnt(is_open)])
        return Tri(yes, self.keep(self.both([is_declared, self.isnt(yes), clear])))

    def mostly(self, area, *, documented=False):
        """Whether the shares that AI made are more than half of all."""
        kept = 'FILTER NOT EXISTS { ?c mp:basis "detected" }' if documented else ""
        name = f"{area}-mostly{'-documented' if documented else ''}"
        return self.named(MOSTLY.format(area=area, kept=kept), name)

    def any_reaches(self, areas, least="partial", *, documented=False):
        return self.any_of(*(self.reaches(area, least, documented=documented) for area in areas))

    def all_declared(self, areas):
        return self.both([self.is_declared(area) for area in areas])

    # other facts

    def fact(self, *path):
        """A fact that is true or false where it is stated."""
        steps = " ".join(f"mp:{step}" for step in ("facts", *path))
        text = f"a sh:PropertyShape ; sh:path ( {steps} ) ; sh:hasValue"
        return Tri(self.named(f"{text} true"), self.named(f"{text} false"))

    def mainly(self, p, *, documented=False):
        parts = [
            self.any_reaches(part.split("+"), "predominant", documented=documented)
            for part in p["core"]
        ]
        most = self.more_than(parts, p["mainly"])
        if not p["voiceAndMusic"]:
            return most
        voice = self.reaches("leadVocals", "full", documented=documented)
        return self.any_of(most, self.all_of(voice, self.any_reaches(MUSIC, documented=documented)))

    def part_is_ai(self, area, part, least):
        human = self.fact("humanExpression", part)
        generated, enough = self.reaches(area), self.reaches(area, least)
        surely = self.both([enough.yes, self.isnt(human.yes)])
        return self.kept_fact(
            Tri(
                self.both([generated.yes, self.either([human.no, surely])]),
                self.either([generated.no, self.both([generated.yes, enough.no, human.yes])]),
            )
        )

    def any_voice(self, kind):
        said = f'sh:path mp:kind ; sh:hasValue "{kind}"'
        unplaced = self.some("mp:voices", said, "sh:path mp:area ; sh:maxCount 0")
        facts = [Tri(unplaced, self.isnt(unplaced))]
        for area in VOCALS:
            silent = self.reaches(area).no
            heard = f'sh:path mp:area ; sh:hasValue "{area}"'
            one, some = self.some("mp:voices", said, heard), self.some("mp:voices", heard)
            others = self.both([some, self.isnt(one)])
            facts.append(Tri(self.both([self.isnt(silent), one]), self.either([silent, others])))
        return self.any_of(*facts)

    def has(self, member):
        return self.named(f"a sh:PropertyShape ; sh:path mp:{member} ; sh:minCount 1")


def quoted(terms):
    return " ".join(f'"{term}"' for term in terms)


MOSTLY = """a sh:NodeShape ; sh:sparql [
        sh:prefixes rule:prefixes ;
        sh:select '''
SELECT $this WHERE {{
    {{ SELECT $this (SUM(?share) AS ?whole) (SUM(?made) AS ?ai) WHERE {{
        $this mp:contributions ?c . ?c mp:area "{area}" ; mp:level ?level ; mp:share ?share . {kept}
        BIND (IF(?level IN ("predominant", "full"), ?share, 0) AS ?made)
    }} GROUP BY $this }}
    FILTER (2 * ?ai <= 1000 || 2 * ?ai <= ?whole)
}}
'''
    ]"""

# ---- what each rule looks for --------------------------------------------------------------


def se_1(q, p):
    return q.mainly(p)


def se_2(q, p):
    heard = q.fact("humanVoice")
    sung = q.either([q.is_declared(area) for area in VOCALS])
    return Tri(q.both([heard.no, sung]), heard.yes)


def no_1(q, p):
    found, documented = q.mainly(p), q.mainly(p, documented=True)
    return Tri(q.both([found.yes, documented.yes]), found.no)


GENERATED = ("partial", "predominant", "full")
BY_TOOL = "sh:path ( mp:agents prov:agent ) ; sh:qualifiedValueShape [ sh:class mp:Tool ] ;"


def siqa_1(q, p):
    lacking = " ".join(
        f"[ sh:not [ sh:path mp:{member} ; sh:qualifiedValueShape [ sh:minLength 1 ] ; sh:qualifiedMinCount 1 ] ]"
        for member in ("provider", "system")
    )
    bad_tool = (
        "sh:path ( mp:agents prov:agent ) ; sh:qualifiedMinCount 1 ;"
        f" sh:qualifiedValueShape [ sh:class mp:Tool ; sh:or ( {lacking} ) ]"
    )
    unnamed_tool = f"{BY_TOOL} sh:qualifiedMaxCount 0"
    bad = q.either([q.entry(area, GENERATED, bad_tool) for area in p["areas"]])
    unnamed = q.either([q.entry(area, GENERATED, unnamed_tool) for area in p["areas"]])
    bare = q.both([unnamed, q.isnt(q.has("tools"))])
    clear = q.both([q.all_declared(p["areas"]), q.isnt(bad), q.isnt(unnamed)])
    return Tri(q.either([bad, bare]), clear)


def siqa_2(q, p):
    by_people = q.either([q.entry(area, LEVELS[:-1]) for area in p["areas"]])
    human = Tri(by_people, q.both([q.all_declared(p["areas"]), q.isnt(by_people)]))
    people = q.has("people")
    return q.all_of(human, q.any_reaches(p["areas"]), Tri(q.isnt(people), people))


def siqa_3(q, p):
    return q.any_voice("thirdPartyClone")


def siqa_tier_full(q, p):
    also = []
    for area in p["also"]:
        wholly = q.reaches(area, "full")
        also.append(Tri(q.either([q.isnt(q.is_declared(area)), wholly.yes]), wholly.no))
    return q.all_of(*(q.reaches(area, "full") for area in p["areas"]), *also)


def siqa_tier_hybrid(q, p):
    return q.any_voice("selfClone")


def authored(q, p):
    return (
        q.part_is_ai("lyrics", "lyrics", p["deMinimis"]),
        q.part_is_ai("composition", "music", p["deMinimis"]),
    )


def gram_0(q, p):
    return q.all_of(*authored(q, p), negated(q.fact("humanPerformance")))


def gram_1(q, p):
    """The category is stated by no declaration."""
    return q.all_of(UNKNOWN, *authored(q, p))


def gram_2(q, p):
    voice = q.reaches("leadVocals", p["deMinimis"])
    return q.all_of(UNKNOWN, q.any_of(voice, negated(q.fact("humanPerformance"))))


def gram_3(q, p):
    return q.any_reaches(p["areas"])


RULES = {
    "grammy": (gram_0, gram_1, gram_2, gram_3),
    "norway": (no_1,),
    "siqa": (siqa_1, siqa_2, siqa_3, siqa_tier_full, siqa_tier_hybrid),
    "sverigetopplistan": (se_1, se_2),
}

# ---- Turtle --------------------------------------------------------------------------------

HEAD = """# The rules '{title}' as SHACL (spec 25.9). CC0-1.0.
# Made from schemas/profiles/{profile}.json by tests/support/chart_shapes.py: change them there.
# Issuer: {issuer}; source: {source}. {note}
@prefix mp: <https://musicprov.org/ns/1#> .
@prefix mps: <https://musicprov.org/schemas/shapes/1.0.ttl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rule: <{namespace}{profile}.ttl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

rule:prefixes sh:declare
    [ sh:prefix "mp" ; sh:namespace "https://musicprov.org/ns/1#"^^xsd:anyURI ] .
"""
RULE = """
rule:{name} a sh:NodeShape ;
    sh:targetClass mp:Declaration ;
    sh:not {shape} ;
    sh:severity sh:{severity} ;
    mps:outcome "{outcome}" ;
    sh:message {clause} .
"""


def turtle(profile):
    data = json.loads((ROOT / f"schemas/profiles/{profile}.json").read_bytes())
    known = {rule.__name__.replace("_", "-"): rule for rule in RULES[profile]}
    assert list(known) == [rule["id"] for rule in data["rules"]]
    source = f"{data['source']['url']}, {data['source']['date']}"
    text = HEAD.format(
        title=data["title"], profile=profile, issuer=data["issuer"], source=source,
        note=data.get("note", ""), namespace=NAMESPACE,
    ).replace(" \n", "\n")  # fmt: skip
    made = Shapes()
    rules = "".join(one for rule in data["rules"] for one in shapes(rule, known[rule["id"]], made))
    facts = "".join(f"\n{name} {text} .\n" for text, name in made.made.items())
    return f"{text}{rules}\n# What they look for.\n{facts}{kept(made)}"


def kept(made):
    """The rules that keep what is asked once, in their order."""
    if not made.kept:
        return ""
    rules = " ,\n        ".join(
        f"[ a sh:TripleRule ; sh:order {place} ; sh:condition {shape} ; sh:subject sh:this ;"
        f' sh:predicate rule:{predicate} ; sh:object "{value}" ]'
        for place, (shape, predicate, value) in enumerate(made.kept)
    )
    return f"\nrule:facts a sh:NodeShape ;\n    sh:targetClass mp:Declaration ;\n    sh:rule {rules} .\n"


def shapes(rule, look, made):
    """The shape of where a rule fires, and of where it is not settled."""
    parameters = {name: said["default"] for name, said in rule.get("parameters", {}).items()}
    found = made.kept_fact(look(made, parameters))
    is_open = made.both([made.isnt(found.yes), made.isnt(found.no)])
    for name, outcome, shape in (
        (rule["id"], rule["outcome"], found.yes),
        (f"{rule['id']}-unsettled", rule["unsettled"], is_open),
    ):
        if shape != "rule:never":
            yield RULE.format(
                name=name, severity=SEVERITY.get(outcome, "Info"), outcome=outcome, shape=shape,
                clause=json.dumps(rule["clause"], ensure_ascii=False),
            )  # fmt: skip


def main(arguments):
    made = {FOLDER / f"{profile}.ttl": turtle(profile) for profile in RULES}
    if arguments == ["--check"]:
        wrong = [
            path
            for path, text in made.items()
            if not path.exists() or path.read_text("utf-8") != text
        ]
        wrong += sorted(set(FOLDER.glob("*")) - set(made))
        for path in wrong:
            print(f"{path.relative_to(ROOT)} is not what this makes")
        return 1 if wrong else 0
    FOLDER.mkdir(exist_ok=True)
    for path, text in made.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
