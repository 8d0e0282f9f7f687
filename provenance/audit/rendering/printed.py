"""What the PDF says of a report, part by part: texts alone, made harmless (spec 25.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from provenance.audit import reasons
from provenance.audit.model import Sure
from provenance.audit.rendering.counts import said_of_states
from provenance.audit.rendering.palette import STATES
from provenance.audit.rendering.printed_exhibits import Exhibits
from provenance.audit.rendering.words import Words
from provenance.audit.report import AuditReport, is_apart, rules_of
from provenance.reports.escaping import shown

MAX_ROWS, MAX_EXHIBITS, MAX_INPUTS, MAX_PROBLEMS = 250, 200, 300, 100
"""What is printed of each, for every page stays in memory until the end (spec/decisions/0023);
beyond that the other forms of the report have it all."""
_MAX_OUTCOMES = 3


class Printed:
    """What the template takes; ``week`` is by default the latest, ``key`` seals the report."""

    def __init__(
        self, report: AuditReport, words: Words, week: str | None, key: str | None = None
    ) -> None:
        self._report = report
        self._words = words
        self._head = report.head
        self._key = key
        weeks = [one["week"] for one in self._head["weeks"]]
        self._week = week or (weeks[-1] if weeks else None)
        self._names = {one["number"]: one["name"] for one in self._head["inputs"]}

    def front(self) -> dict[str, Any]:
        """Cover, contents, summary."""
        head, words, t = self._head, self._words, self._words.text
        audit, summary = head["audit"], head["summary"]
        weeks = [one["week"] for one in head["weeks"]]
        span = weeks[0] if len(weeks) == 1 else f"{weeks[0]} \u2013 {weeks[-1]}" if weeks else ""
        rules = words.listed([shown(one["title"]) for one in head["rules"]])
        return {
            "audit": audit,
            "title": shown(audit["title"]),
            "auditor": shown(audit["auditor"]),
            "tool": head["tool"],
            "cover": [
                (t("meta.auditor"), shown(audit["auditor"]) or t("meta.auditorNotSaid")),
                (t("meta.at"), words.time(audit["at"])),
                (t("meta.week") if len(weeks) == 1 else t("meta.weeks"), span),
                (t("meta.entries"), words.number(summary["entries"])),
                (t("meta.recordings"), words.number(summary["recordings"])),
                (t("meta.rules"), rules or t("meta.noRules")),
                (t("foot.id"), audit["id"]),
            ],
            "contents": [
                ("summary", t("summary.title")),
                ("week", self._table_title()),
                ("exhibits", t("pdf.exhibits")),
                ("method", t("method.title")),
                ("inputs", t("inputs.title")),
            ],
            "summary": list(self._summary()),
            **self._counts(),
            "limits": [words.said(reasons.reason(key)) for key in head["notSaid"]],
        }

    def _summary(self) -> Iterator[str]:
        words, summary = self._words, self._head["summary"]
        whole = summary["entries"]
        if not whole:
            yield words.text("summary.empty")
            return
        yield words.text(
            "summary.size",
            entries=words.count("entries", whole),
            recordings=words.count("recordings", summary["recordings"]),
            weeks=words.count("weeks", len(self._head["weeks"])),
        )
        yield from said_of_states(summary, words)

    def _counts(self) -> dict[str, Any]:
        """Rule sets and flags, with how many entries have what."""
        words, summary, t = self._words, self._head["summary"], self._words.text
        outcomes = list(
            dict.fromkeys(o for found in summary["rules"].values() for o, n in found.items() if n)
        )
        titles = {one["profile"]: shown(one["title"]) for one in self._head["rules"]}
        rows = [
            [titles.get(name, name), *(words.number(found.get(o, 0)) for o in outcomes)]
            for name, found in summary["rules"].items()
        ]
        flags = [
            [words.flag(name), words.meaning("flags", name), words.number(count)]
            for name, count in summary["flags"].items()
            if count
        ]
        return {
            "rule_head": [t("rules.profile"), *(words.one_of("outcome", o) for o in outcomes)],
            "rule_rows": rows,
            "flag_head": [t("flags.flag"), t("flags.meaning"), t("flags.entries")],
            "flag_rows": flags,
        }

    def _table_title(self) -> str:
        if self._week is None:
            return self._words.text("table.entries")
        return self._words.text("table.caption.week", week=self._week)

    def table(self) -> dict[str, Any]:
        """The week's entries, and the exhibits of these."""
        words, t = self._words, self._words.text
        entries = list(islice(self._report.entries(self._week), MAX_ROWS))
        numbers = sorted({one["exhibit"] for one in entries})
        printed = numbers[:MAX_EXHIBITS]
        whole = next((w["entries"] for w in self._head["weeks"] if w["week"] == self._week), 0)
        bodies = {number: self._report.exhibit(number) for number in printed}
        views = Exhibits(words, self._names)
        notes = []
        if len(self._head["weeks"]) > 1:
            notes.append(t("pdf.otherWeeks"))
        if whole > len(entries):
            notes.append(t("table.more", shown=len(entries), all=whole, file="entries.csv"))
        cut = t("pdf.exhibitsCut", n=len(printed), all=len(numbers))
        return {
            "table_title": self._table_title(),
            "table_note": " ".join(notes),
            "table_head": [
                t("table.rank"),
                t("table.track"),
                t("table.label"),
                t("table.state"),
                t("rules.title"),
                t("table.exhibit"),
            ],
            "rows": [self._row(one, bodies.get(one["exhibit"])) for one in entries],
            "exhibits": [views.view(bodies[number]) for number in printed],
            "exhibits_cut": cut if len(printed) < len(numbers) else "",
        }

    def _row(self, one: Mapping[str, Any], body: Mapping[str, Any] | None) -> dict[str, Any]:
        words = self._words
        rules = [] if body is None else rules_of(body, apart=is_apart(one))[:_MAX_OUTCOMES]
        return {
            "rank": words.text("table.noRank") if one["rank"] is None else str(one["rank"]),
            "title": shown(one["title"], 120),
            "artist": shown(one["artist"], 120),
            "label": shown(one["label"], 80) or words.text("notStated"),
            "state": one["state"],
            "state_title": words.state(one["state"]),
            "flags": words.listed([words.flag(flag) for flag in one["flags"]]),
            "outcomes": [(r["profile"], words.one_of("outcome", r["outcome"])) for r in rules],
            "exhibit": one["exhibit"],
            "linked": body is not None,
        }

    def back(self) -> dict[str, Any]:
        """Method, policy, rules, columns, problems, inputs."""
        words, t = self._words, self._words.text
        return {
            "method": [t(f"method.step{n}") for n in range(1, 6)],
            "state_head": [t("method.state"), t("method.meaning")],
            "state_rows": [[words.state(n), words.meaning("states", n)] for n in STATES],
            "sure_head": [t("method.sure"), t("method.meaning")],
            "sure_rows": [[t(f"sure.{n}"), t(f"sure.{n}.means")] for n in Sure],
            "policy": list(self._policy()),
            **self._rules(),
            "column_head": [t("columns.column"), t("columns.header")],
            "columns": [
                (number, t("columns.caption", name=self._names[int(number)]), _pairs(found))
                for number, found in self._head["columns"].items()
            ],
            **self._problems(),
            **self._inputs(),
            "checking": list(self._checking()),
        }

    def _checking(self) -> Iterator[str]:
        t = self._words.text
        yield t("verify.hash")
        yield t("verify.where")
        if self._key is None:
            yield f"{t('verify.notSigned')} prov audit check ."
        else:
            yield t("verify.keyFile")
            yield f"{t('verify.signature')} prov audit check . --known-key ../auditor.pub.jwk"
            yield t("verify.key", thumbprint=self._key)
            yield t("verify.exhibit")
        yield f"{t('verify.rerun')} prov audit rerun archive.zip"

    def _policy(self) -> Iterator[tuple[str, str]]:
        words, policy = self._words, self._head["policy"]
        name = shown(policy["id"])
        is_named = policy["sha256"] is not None
        yield words.text("policy.id"), name if is_named else words.text("policy.none", id=name)
        yield words.text("policy.version"), words.value(policy["version"])
        yield words.text("policy.sha256"), words.value(policy["sha256"])
        needs = [f"{axis}: {shown(str(value))}" for axis, value in policy["require"].items()]
        yield words.text("policy.requires"), words.listed(needs) or words.text("policy.nothing")
        keys = [words.text("policy.key", **one) for one in policy["keys"]]
        yield words.text("policy.keys"), "; ".join(keys) or words.text("none")

    def _rules(self) -> dict[str, Any]:
        words, t = self._words, self._words.text
        heads = ("profile", "issuer", "source", "confidence", "settings")
        rows = [
            [
                shown(one["title"]),
                shown(one["issuer"]),
                shown(words.value(one["source"]), 400),
                words.one_of("confidence", one["confidence"]),
                words.listed([shown(s) for s in one["settings"]]),
            ]
            for one in self._head["rules"]
        ]
        return {
            "rule_source_head": [t(f"rules.{name}") for name in heads],
            "rule_sources": rows,
        }

    def _problems(self) -> dict[str, Any]:
        t, seen = self._words.text, self._head["problemsSeen"]
        found = self._head["problems"][:MAX_PROBLEMS]
        key = "none" if not seen else "all" if len(found) == seen else "intro"
        heads = ("file", "row", "problem", "value", "fix")
        rows = [
            [
                shown(self._names.get(one["input"], ""), 80),
                t("problems.wholeFile") if one["row"] is None else str(one["row"]),
                one["says"],
                shown(one["value"], 80),
                one["fix"],
            ]
            for one in found
        ]
        return {
            "problems_intro": t(f"problems.{key}", n=seen, shown=len(found)),
            "problem_head": [t(f"problems.{name}") for name in heads],
            "problem_rows": rows,
        }

    def _inputs(self) -> dict[str, Any]:
        words, t, whole = self._words, self._words.text, self._head["inputs"]
        found = whole[:MAX_INPUTS]
        heads = ("number", "role", "name", "size", "sha256")
        cut = t("inputs.more", shown=len(found), all=len(whole), file="report.json")
        return {
            "inputs_cut": cut if len(found) < len(whole) else "",
            "input_head": [t(f"inputs.{name}") for name in heads],
            "input_rows": [
                [
                    str(one["number"]),
                    words.one_of("role", one["role"]),
                    shown(one["name"], 200),
                    words.number(one["size"]),
                    one["sha256"].removeprefix("sha-256:"),
                ]
                for one in found
            ],
        }


def _pairs(found: Mapping[str, str]) -> list[list[str]]:
    return [[column, shown(header, 120)] for column, header in found.items()]
