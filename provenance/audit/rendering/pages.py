"""The report as pages: self-contained, nothing in them executes but one known script (spec 25.6).

Templates escape everything (AUD-063; spec/decisions/0021), and no page needs its script (AUD-064)
or anything from elsewhere (AUD-061). A policy in each page names the digests of its
style and script, so that a browser runs and loads nothing else. Rows are written as they come:
memory does not grow with the weeks.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from provenance.audit.document import EXHIBITS, exhibit_name
from provenance.audit.model import Flag
from provenance.audit.rendering import exhibits as shown_exhibits
from provenance.audit.rendering import markup
from provenance.audit.rendering.counts import said_of_states
from provenance.audit.rendering.markup import TEMPLATES, Environment, Markup
from provenance.audit.rendering.palette import DARK, LIGHT, STATES, classes, variables
from provenance.audit.rendering.plots import files_of, plots_of
from provenance.audit.rendering.words import Words, isolated
from provenance.audit.report import AuditReport, is_apart, rules_of
from provenance.profiles.judging import OUTCOMES

Tick = Callable[[str, int, int | None], None]
MAX_ROWS = 10_000
"""Rows of one table; the others stand in ``entries.csv`` and have exhibits (AUD-065)."""
MAX_RULES = 4
"""Rule sets that have a column in a table."""
MAX_INPUTS = 2_000
_KEPT = 4_096


def write_pages(report: AuditReport, folder: Path, tick: Tick, key: str | None = None) -> None:
    """Write ``index.html``, ``method.html``, ``weeks/``, ``exhibits/*.html`` and ``plots/``.

    ``key`` is the thumbprint of the key that seals the report. Raises ``MissingExtraError``
    without the extra ``report``, ``UsageError`` for a language that there is no report in.
    """
    pages = _Pages(report, folder, key)
    pages.write_plots()
    pages.write_index()
    pages.write_method()
    pages.write_weeks(tick)
    pages.write_exhibits(tick)


def environment(report: AuditReport, words: Words) -> Environment:
    """The templates with what every page needs."""
    made = markup.environment()
    made.filters["bdi"] = isolated
    made.globals.update(_globals(report.head, words))
    made.globals.update(shown_exhibits.views(report.head, words))
    return made


def _globals(head: Mapping[str, Any], words: Words) -> dict[str, Any]:
    style, script = (_asset(name) for name in ("style.css", "table.js"))
    style = (
        f":root{{color-scheme:light dark;{variables(LIGHT)}}}{classes(LIGHT)}"
        f"@media (prefers-color-scheme:dark){{:root{{{variables(DARK)}}}{classes(DARK)}}}"
        f"@media print{{:root{{color-scheme:light;{variables(LIGHT)}}}{classes(LIGHT)}}}\n{style}"
    )
    return {
        "w": words,
        "head": head,
        "summary": head["summary"],
        "said_of_states": list(said_of_states(head["summary"], words)),
        "weeks": head["weeks"],
        "states": STATES,
        "state_marks": {name: _state_mark(name, words) for name in STATES},
        "flag_marks": {str(f): Markup("<li>{}</li>").format(words.flag(str(f))) for f in Flag},
        "flag_names": [str(flag) for flag in Flag if head["summary"]["flags"].get(str(flag))],
        "outcomes": [o for o in OUTCOMES if _is_used(head, o)],
        "max_inputs": MAX_INPUTS,
        "tools_shown": words.raw("tools.shown"),
        "style": Markup(style),
        "script": Markup(script),
        "policies": {"none": _policy(style, None), "table": _policy(style, script)},
    }


def _state_mark(name: str, words: Words) -> Markup:
    made = Markup('<span class="state state-{}"><i aria-hidden="true"></i>{}</span>')
    return made.format(name, words.state(name))


def _is_used(head: Mapping[str, Any], outcome: str) -> bool:
    return any(counts.get(outcome) for counts in head["summary"]["rules"].values())


def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str | None) -> str:
    """A Content-Security-Policy that lets in this style and this script alone (AUD-062)."""
    scripts = "'none'" if script is None else _source(script)
    return (
        f"default-src 'none'; style-src {_source(style)}; script-src {scripts}; "
        "base-uri 'none'; form-action 'none'"
    )


def _source(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{b64encode(digest).decode('ascii')}'"


class _Pages:
    """The pages of one report in one folder."""

    def __init__(self, report: AuditReport, folder: Path, key: str | None = None) -> None:
        self._report = report
        self._folder = folder
        self._head = report.head
        self._words = Words(report.head["audit"]["language"])
        self._environment = environment(report, self._words)
        digest = Markup('<span class="code digest">{}</span>')
        self._environment.globals["sealed_by"] = digest.format(key) if key else None
        self._plots = plots_of(self._head, self._words)
        self._rules = self._head["rules"][:MAX_RULES]
        self._outcomes = lru_cache(maxsize=_KEPT)(self._outcomes_of)

    def write_plots(self) -> None:
        """Each plot as a file of its own."""
        place = self._folder / "plots"
        place.mkdir()
        for name, text in files_of(self._plots, self._words.language):
            _write(place / name, [text])

    def write_index(self) -> None:
        """The report itself: summary, plots, rules, the table, problems."""
        many = len(self._head["weeks"]) > 1
        caption = self._words.text(f"table.caption.{'recordings' if many else 'entries'}")
        size = self._head["summary"]["recordings" if many else "entries"]
        rows = self._recording_rows() if many else self._entry_rows(None)
        self._page(
            "index",
            "index.html",
            "",
            policy=self._policy_of("table"),
            plots=self._plots,
            span=self._span(),
            policy_line=self._policy_line(),
            table=self._table(rows, size, caption, many=many),
        )

    def write_method(self) -> None:
        """Method, inputs and limits."""
        self._page("method", "method.html", "", policy=self._policy_of("none"))

    def write_weeks(self, tick: Tick) -> None:
        """A page for each week, where there are several."""
        weeks = self._head["weeks"]
        if len(weeks) < 2:
            return
        (self._folder / "weeks").mkdir()
        names = ["", *(one["week"] for one in weeks), ""]
        for place, week in enumerate(weeks):
            tick("Weeks", place, len(weeks))
            caption = self._words.text("table.caption.week", week=week["week"])
            self._page(
                "week",
                f"weeks/{week['week']}.html",
                "../",
                policy=self._policy_of("table"),
                week=week,
                before=names[place],
                after=names[place + 2],
                table=self._table(self._entry_rows(week["week"]), week["entries"], caption),
            )

    def write_exhibits(self, tick: Tick) -> None:
        """A page for each recording (AUD-070)."""
        (self._folder / EXHIBITS).mkdir(exist_ok=True)
        total = self._head["summary"]["recordings"]
        for done, one in enumerate(self._report.exhibits()):
            tick("Exhibits", done, total)
            number = one["exhibit"]
            self._page(
                "exhibit",
                f"{EXHIBITS}/{exhibit_name(number)}.html",
                "../",
                policy=self._policy_of("none"),
                x=one,
                number=exhibit_name(number),
                counted=shown_exhibits.counted(one),
                before=exhibit_name(number - 1) if number > 1 else "",
                after=exhibit_name(number + 1) if number < total else "",
                json_link=_link(f"{exhibit_name(number)}.json", f"{exhibit_name(number)}.json"),
                report_link=_link("../report.json", "report.json"),
                csv_link=_link("../entries.csv", "entries.csv"),
            )

    def _page(self, template: str, name: str, root: str, **values: Any) -> None:
        made = self._environment.get_template(f"{template}.html").generate(
            root=root,
            current=lambda page: _current() if page == template else "",
            method_link=_link(f"{root}method.html", self._words.text("nav.method")),
            **values,
        )
        _write(self._folder / name, made)

    def _policy_of(self, kind: str) -> str:
        policies: Any = self._environment.globals["policies"]
        return str(policies[kind])

    def _table(
        self, rows: Iterable[Mapping[str, Any]], size: int, caption: str, *, many: bool = False
    ) -> dict[str, Any]:
        return {
            "many": many,
            "caption": caption,
            "rules": self._rules,
            "rows": rows,
            "notes": list(self._notes(size)),
        }

    def _notes(self, size: int) -> Iterator[Markup]:
        if size > MAX_ROWS:
            yield self._words.html("table.more", shown=MAX_ROWS, all=size, file="entries.csv")
        if len(self._head["rules"]) > MAX_RULES:
            yield self._words.html("table.rulesLeft")

    def _entry_rows(self, week: str | None) -> Iterator[dict[str, Any]]:
        for _, one in zip(range(MAX_ROWS), self._report.entries(week), strict=False):
            yield {
                **self._row(one, one["exhibit"], one["rank"]),
                "flags": one["flags"],
                "last": self._last_week(one),
                "on": one["weeksOnChart"],
                "outcomes": self._outcomes(one["exhibit"], is_apart(one)) if self._rules else (),
            }

    def _last_week(self, one: Mapping[str, Any]) -> int | str | None:
        """The place in the week before, or in a word that it was none."""
        place: int | None = one["lastWeek"]
        if place is None and one["entered"]:
            return self._words.one_of("entered", one["entered"])
        return place

    def _recording_rows(self) -> Iterator[dict[str, Any]]:
        for _, one in zip(range(MAX_ROWS), self._report.exhibits(), strict=False):
            ranks = [a["rank"] for a in one["appearances"] if a["rank"] is not None]
            yield {
                **self._row({**one["recording"], **one}, one["exhibit"], min(ranks, default=None)),
                "flags": [flag["flag"] for flag in one["flags"]],
                "weeks": len({a["week"] for a in one["appearances"]}),
                "first": one["appearances"][0]["week"],
                "outcomes": self._words_of_outcomes(
                    rules_of(one, apart=one["appearances"][-1]["namesDiffer"])
                ),
            }

    def _row(self, one: Mapping[str, Any], exhibit: int, rank: int | None) -> dict[str, Any]:
        number = self._words.text("table.noRank") if rank is None else self._words.number(rank)
        taken = {member: one[member] for member in ("title", "artist", "label", "state")}
        return {**taken, "rank": rank, "rank_text": number, "page": exhibit_name(exhibit)}

    def _outcomes_of(self, number: int, apart: bool) -> tuple[tuple[str, str], ...]:
        return self._words_of_outcomes(rules_of(self._report.exhibit(number), apart=apart))

    def _words_of_outcomes(self, rules: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
        """The rule sets that have a column, each with its outcome."""
        found = {p["profile"]: p["outcome"] for p in rules}
        return tuple(
            (rule["title"], self._words.one_of("outcome", found[rule["profile"]]))
            for rule in self._rules
        )

    def _span(self) -> str:
        weeks = self._head["weeks"]
        if len(weeks) < 2:
            return weeks[0]["week"] if weeks else self._words.text("notStated")
        size = self._words.count("weeks", len(weeks))
        return f"{weeks[0]['week']} \u2013 {weeks[-1]['week']} ({size})"

    def _policy_line(self) -> Markup:
        policy = self._head["policy"]
        if policy["sha256"] is None:
            return self._words.html("meta.noPolicy" if policy["keys"] else "meta.nobody")
        if policy["version"] is None:
            return isolated(policy["id"])
        version = str(policy["version"])
        return self._words.html("meta.policyVersion", id=policy["id"], version=version)


def _current() -> Markup:
    return Markup(' aria-current="page"')


def _link(target: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(target, text)


def _write(path: Path, pieces: Iterable[str]) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as out:
        out.writelines(pieces)
