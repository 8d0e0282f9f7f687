"""The plots of a report: SVG made by hand from the summary, and the same numbers as a table.

Nothing but integers, fixed fonts and fixed places goes in, so that the same summary gives the same
bytes (AUD-060; spec/decisions/0020). A plot is 380 units wide: readable on a phone as it is.
States and levels have a pattern each, bars have outlines, and numbers stand beside them (AUD-066).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from provenance.audit.model import State
from provenance.audit.rendering.markup import Markup
from provenance.audit.rendering.palette import DARK, LEVELS, LIGHT, ON_DARK, STATES, classes
from provenance.model.records import dataclass
from provenance.reports.escaping import shown

if TYPE_CHECKING:
    from provenance.audit.rendering.words import Words

WIDTH = 380
MAX_LABELS = 12
"""Labels that are drawn; the table has all that the summary has."""
_BAR, _ROW, _TEXT, _MIN_INSIDE = 20, 46, 13, 24
_WEEKS_HEIGHT, _WEEKS_LEFT, _WEEK_NAME = 170, 40, 76
_MARGIN, _THIN = 12, 12
_STYLE = (
    "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;"
    "font-size:13px}.small{font-size:11px}.edge{stroke-width:1}.thin{stroke-width:.4}"
)
Segment = tuple[str, int]
"""What is counted, and how many."""


@dataclass(frozen=True)
class Plot:
    """One plot: what it shows in words, as a table, and as a drawing."""

    name: str
    title: str
    description: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The first cell of a row is its header."""
    height: int
    drawing: str
    note: str = ""
    """What the numbers do not show; the description has it too."""

    def document(self, language: str, theme: str = "auto") -> str:
        """A file of its own; ``theme`` is ``auto``, ``light`` or ``dark``."""
        sheet = {
            "light": classes(LIGHT),
            "dark": classes(DARK),
            "auto": f"{classes(LIGHT)}@media (prefers-color-scheme:dark){{{classes(DARK)}}}",
        }[theme]
        size = f'width="{WIDTH + 2 * _MARGIN}" height="{self.height + 2 * _MARGIN}"'
        ground = f'<rect class="ground" x="-{_MARGIN}" y="-{_MARGIN}" {size}/>'
        begin = f"<style>{_STYLE}{sheet}</style>{ground}"
        return self._root(language, begin, _MARGIN) + "\n"

    def inline(self, language: str) -> Markup:
        """The same for a page that has the classes."""
        return Markup(self._root(language, ""))

    def _root(self, language: str, begin: str, margin: int = 0) -> str:
        width, height = WIDTH + 2 * margin, self.height + 2 * margin
        title, about = f"{self.name}-t", f"{self.name}-d"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" lang="{language}"'
            f' class="plot" aria-labelledby="{title} {about}" width="{width}"'
            f' height="{height}" viewBox="{-margin} {-margin} {width} {height}">'
            f'<title id="{title}">{_text(self.title)}</title>'
            f'<desc id="{about}">{_text(self.description)}</desc>'
            f"{begin}{_patterns(self.name)}{self.drawing}</svg>"
        )


def plots_of(head: Mapping[str, Any], words: Words) -> list[Plot]:
    """The plots that a report has: those for which it has numbers."""
    summary = head["summary"]
    if not summary["entries"]:
        return []
    made = [states(summary, words), labels(summary, words), areas(summary, words)]
    return [*made, weeks(head["weeks"], words)] if len(head["weeks"]) > 1 else made


def states(summary: Mapping[str, Any], words: Words) -> Plot:
    """Entries by state: a bar each."""
    whole = summary["entries"]
    counts = {name: summary["states"].get(name, 0) for name in STATES}
    most = max(counts.values()) or 1
    parts = []
    rows = []
    for place, (name, count) in enumerate(counts.items()):
        share = words.share(count, whole)
        label = f"{words.number(count)} ({share})"
        bar = _segments("states", [(name, count)], most, place * _ROW + 20, _no_numbers)
        parts.append(_line(place * _ROW, words.state(name), label) + bar)
        rows.append((words.state(name), words.number(count), share))
    numbers = "; ".join(f"{name}: {count} ({share})" for name, count, share in rows) + "."
    head = tuple(words.text(f"plot.states.{key}") for key in ("state", "entries", "share"))
    about = words.text("plot.states.desc", numbers=numbers)
    drawing = "".join(parts)
    return _plot("states", words, about, head, tuple(rows), (len(counts) * _ROW, drawing))


def areas(summary: Mapping[str, Any], words: Words) -> Plot:
    """For each area the share of entries with each level."""
    top, parts = _legend("areas", [(name, words.level(name)) for name in LEVELS])
    rows = []
    for place, (area, found) in enumerate(summary["areas"].items()):
        counts = [(name, found.get(name, 0)) for name in LEVELS]
        whole = sum(count for _, count in counts)
        y = top + place * _ROW
        name = _capital(words.area(area))
        parts += _line(y, name, "")
        parts += _segments("areas", counts, whole, y + 20, words.number)
        rows.append((name, *(words.number(count) for _, count in counts)))
    head = (words.text("plot.areas.area"), *(words.level(name) for name in LEVELS))
    note = " ".join(_counted_though(summary, words))
    about = f"{words.text('plot.areas.desc')} {note}".rstrip()
    drawn = (top + len(rows) * _ROW, parts)
    return replace(_plot("areas", words, about, head, tuple(rows), drawn), note=note)


def _counted_though(summary: Mapping[str, Any], words: Words) -> Iterator[str]:
    """How many of the entries are counted as declared, and are contradicted or found by name."""
    contradicted = summary["states"].get(State.CONTRADICTED, 0)
    for key, number in (("counted", contradicted), ("byName", summary["counted"]["byName"])):
        if number:
            yield words.text(f"plot.areas.{key}", n=words.count("entries", number))


def labels(summary: Mapping[str, Any], words: Words) -> Plot:
    """The labels with the most entries, with the states of these."""
    top, parts = _legend("labels", [(name, words.state(name)) for name in STATES])
    most = max((one["entries"] for one in summary["labels"]), default=1) or 1
    rows = []
    for place, one in enumerate(summary["labels"]):
        counts = [(name, one["states"].get(name, 0)) for name in STATES]
        name = one["label"] or words.text("plot.labels.none")
        if place < MAX_LABELS:
            y = top + place * _ROW
            parts += _line(y, shown(name, 38), words.number(one["entries"]))
            parts += _segments("labels", counts, most, y + 20, words.number)
        rows.append((name, words.number(one["entries"]), *(words.number(n) for _, n in counts)))
    head = (
        words.text("plot.labels.label"),
        words.text("plot.labels.entries"),
        *(words.state(name) for name in STATES),
    )
    drawn = min(len(rows), MAX_LABELS)
    about = words.text("plot.labels.desc")
    if summary["otherLabels"]:
        about += " " + words.text("plot.labels.other", n=summary["otherLabels"])
    return _plot("labels", words, about, head, tuple(rows), (top + drawn * _ROW, parts))


def weeks(found: Sequence[Mapping[str, Any]], words: Words) -> Plot:
    """For each week the entries by state, one on the other."""
    top, parts = _legend("weeks", [(name, words.state(name)) for name in STATES])
    most = _round_up(max(one["entries"] for one in found))
    parts += _axis(top, most, words)
    step = (WIDTH - _WEEKS_LEFT) * 100 // len(found)
    width = max(step - max(step // 8, 20), 100)
    rows = []
    for place, one in enumerate(found):
        counts = [(name, one["states"].get(name, 0)) for name in STATES]
        x = _WEEKS_LEFT * 100 + place * step
        parts += _column("weeks", counts, most, (x, width, top))
        rows.append((one["week"], *(words.number(n) for _, n in counts)))
    parts += _week_names([one["week"] for one in found], step, top)
    about = words.text("plot.weeks.desc", first=found[0]["week"], last=found[-1]["week"])
    head = (words.text("plot.weeks.week"), *(words.state(name) for name in STATES))
    return _plot("weeks", words, about, head, tuple(rows), (top + _WEEKS_HEIGHT + 28, parts))


def _plot(
    name: str,
    words: Words,
    about: str,
    head: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    drawn: tuple[int, str],
) -> Plot:
    return Plot(name, words.text(f"plot.{name}.title"), about, head, rows, drawn[0] + 4, drawn[1])


# parts of a drawing


def _line(y: int, left: str, right: str) -> str:
    end = f'<text class="ink" x="{WIDTH}" y="{y + 14}" text-anchor="end">{_text(right)}</text>'
    return f'<text class="ink" x="0" y="{y + 14}">{_text(left)}</text>' + (end if right else "")


def _segments(
    plot: str, counts: Iterable[Segment], whole: int, y: int, number: Callable[[int], str]
) -> str:
    """A bar from the left: a segment for each count, with its number where it has room."""
    made, before, room = [], 0, WIDTH - 2
    for name, count in counts:
        left = 1 + before * room // max(whole, 1)
        before += count
        width = 1 + before * room // max(whole, 1) - left
        if count:
            made.append(_box(plot, name, (str(left), str(y), str(max(width, 2)), str(_BAR))))
            text = number(count)
            if text and width >= max(_MIN_INSIDE, 9 * len(text)):
                made.append(_number(name, left + width // 2, y + 15, text))
    return "".join(made)


def _box(plot: str, name: str, place: tuple[str, str, str, str]) -> str:
    x, y, width, height = place
    thin = " thin" if float(width) < _THIN else ""
    return (
        f'<rect class="edge{thin}" x="{x}" y="{y}" width="{width}" height="{height}"'
        f' fill="url(#{plot}-p-{name})"/>'
    )


def _number(name: str, x: int, y: int, text: str) -> str:
    """A number on a segment, on a plate of its own where there is a pattern below."""
    if name in {"contradicted", "unverifiable", "undeclared"}:
        half = 4 + 4 * len(text)
        plate = f'<rect class="ground" x="{x - half}" y="{y - 12}" width="{2 * half}" height="16"/>'
        return f'{plate}<text class="ink small" x="{x}" y="{y}" text-anchor="middle">{text}</text>'
    kind = "on-dark" if name in ON_DARK or name == "declared" else "on-light"
    return f'<text class="{kind} small" x="{x}" y="{y}" text-anchor="middle">{text}</text>'


def _legend(plot: str, names: Sequence[tuple[str, str]]) -> tuple[int, str]:
    """What each pattern stands for, in two columns; how high that is."""
    parts = []
    for place, (name, title) in enumerate(names):
        x, y = (place % 2) * (WIDTH // 2), (place // 2) * 22
        parts.append(_box(plot, name, (str(x + 1), str(y + 2), "16", "14")))
        parts.append(f'<text class="ink" x="{x + 24}" y="{y + 14}">{_text(title)}</text>')
    return (len(names) + 1) // 2 * 22 + 10, "".join(parts)


def _column(plot: str, counts: Iterable[Segment], most: int, place: tuple[int, int, int]) -> str:
    x, width, top = place
    made, below = [], 0
    for name, count in counts:
        low = below * _WEEKS_HEIGHT // most
        below += count
        high = below * _WEEKS_HEIGHT // most
        if count:
            box = (_hundredths(x), str(top + _WEEKS_HEIGHT - high), _hundredths(width))
            made.append(_box(plot, name, (*box, str(max(high - low, 1)))))
    return "".join(made)


def _axis(top: int, most: int, words: Words) -> str:
    made = []
    for part in (0, 1, 2):
        y = top + _WEEKS_HEIGHT - part * _WEEKS_HEIGHT // 2
        made.append(f'<path class="rule" d="M{_WEEKS_LEFT - 4} {y}H{WIDTH}"/>')
        text = words.number(most * part // 2)
        made.append(
            f'<text class="soft small" x="{_WEEKS_LEFT - 8}" y="{y + 4}"'
            f' text-anchor="end">{_text(text)}</text>'
        )
    return "".join(made)


def _week_names(names: Sequence[str], step: int, top: int) -> str:
    """The weeks below the columns: as many as have room, the first always."""
    every = -(-_WEEK_NAME * 100 // step)
    made = []
    for place in range(0, len(names), every):
        x = _WEEKS_LEFT * 100 + place * step
        if x <= (WIDTH - _WEEK_NAME + 10) * 100:
            where = f'x="{_hundredths(x)}" y="{top + _WEEKS_HEIGHT + 16}"'
            made.append(f'<text class="soft small" {where}>{_text(names[place])}</text>')
    return "".join(made)


def _patterns(plot: str) -> str:
    """One pattern for each state or level that a plot can have."""
    names = LEVELS if plot == "areas" else STATES
    return f"<defs>{''.join(_pattern(plot, name) for name in names)}</defs>"


def _pattern(plot: str, name: str) -> str:
    ground = "open" if plot == "areas" and name == "undeclared" else name
    return (
        f'<pattern id="{plot}-p-{name}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect class="p-{ground}" width="8" height="8"/>{_mark(plot, name)}</pattern>'
    )


def _mark(plot: str, name: str) -> str:
    """What is drawn over the colour of a pattern: stripes, dots, lines or nothing."""
    if plot == "areas":
        stripes = '<path class="hatch" d="M-2 2L2 -2M0 8L8 0M6 10L10 6" stroke-width="1"/>'
        return stripes if name == "undeclared" else ""
    return {
        "contradicted": '<path class="mark" d="M-2 2L2 -2M0 8L8 0M6 10L10 6" stroke-width="2"/>',
        "unverifiable": '<circle class="dot" cx="4" cy="4" r="1.5"/>',
        "undeclared": '<path class="hatch" d="M0 4H8" stroke-width="1"/>',
    }.get(name, "")


def _no_numbers(_: int) -> str:
    return ""


def _hundredths(value: int) -> str:
    """Hundredths of a unit as a decimal number, without a float."""
    whole, rest = divmod(value, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)


def _round_up(value: int) -> int:
    """The next even 'round' number: the top of an axis."""
    step = 2
    while step * 10 < value:
        step *= 10
    return -(-value // step) * step or 2


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _text(text: str) -> str:
    return escape(shown(text, 600))


def files_of(plots: Iterable[Plot], language: str) -> Iterator[tuple[str, str]]:
    """The name and the content of each plot's own file."""
    for plot in plots:
        yield f"{plot.name}.svg", plot.document(language)
