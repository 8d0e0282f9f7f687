"""The picture: accessible SVG, light and dark, no colour needed to read it (spec 11.4, LBL).

Each area is a row: its name, five boxes filled from the left as far as the level goes, and the
level in words. ``title`` and ``desc`` carry the same for screen readers. No script, no link, no
font or picture from outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from provenance.labels.messages import catalogue
from provenance.labels.sentence import levels_of, sentence
from provenance.model.levels import CORE_AREAS

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest

_STEPS = ("none", "utility", "assisted", "partial", "predominant", "full")
_WIDTH, _ROW, _TOP, _BOX = 460, 24, 66, 14
_LIGHT = {"ground": "#ffffff", "ink": "#1a1a1a", "soft": "#595959", "fill": "#1f4e79",
          "line": "#6b6b6b"}  # fmt: skip
_DARK = {"ground": "#16181c", "ink": "#f2f2f2", "soft": "#c3c3c3", "fill": "#8ec5ff",
         "line": "#a0a0a0"}  # fmt: skip
"""Plain colours and no CSS variables: small renderers know none."""
_UNPRINTABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "�")


def svg(manifest: Manifest, language: str, theme: str = "auto") -> str:
    """The label as an SVG document; ``theme`` is ``auto``, ``light`` or ``dark``."""
    words = catalogue(language)
    levels = levels_of(manifest)
    core = [str(a) for a in CORE_AREAS]
    rows = [a for a in words["areas"] if a in levels or a in core]
    height = _TOP + _ROW * len(rows) + 46
    body = [_row(n, area, levels.get(area), words) for n, area in enumerate(rows)]
    name = manifest.declarant.name if manifest.declarant else None
    foot = words["svg"]["declaredBy"].format(name=name) if name else ""
    subject = " \u2014 ".join(p for p in (manifest.subject.title, ", ".join(_names(manifest))) if p)
    y = height - 26
    return "\n".join(
        [
            _root(language, height),
            f'<title id="t">{_text(words["svg"]["title"])}</title>',
            f'<desc id="d">{_text(sentence(manifest, language))}</desc>',
            _style(theme),
            f'<rect class="g" width="{_WIDTH}" height="{height}" rx="8"/>',
            f'<text class="h" x="16" y="28">{_text(words["svg"]["title"])}</text>',
            f'<text class="s" x="16" y="48">{_text(_cut(subject, 58))}</text>',
            *body,
            f'<text class="s" x="16" y="{y}">{_text(_cut(foot, 58))}</text>',
            f'<text class="s" x="16" y="{y + 16}">{_text(words["svg"]["note"])}</text>',
            "</svg>",
            "",
        ]
    )


def _root(language: str, height: int) -> str:
    size = f'width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}"'
    about = f'role="img" lang={quoteattr(language)} aria-labelledby="t d"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {about} {size}>'


def _names(manifest: Manifest) -> list[str]:
    return [a.name for a in manifest.subject.artists if a.name]


def _style(theme: str) -> str:
    sheet = {
        "light": _colours(_LIGHT),
        "dark": _colours(_DARK),
        "auto": f"{_colours(_LIGHT)}@media (prefers-color-scheme:dark){{{_colours(_DARK)}}}",
    }[theme]
    return (
        "<style>text{font-family:system-ui,sans-serif;font-size:13px}"
        ".h{font-size:16px;font-weight:600}.s{font-size:12px}.u{stroke-dasharray:3 3}"
        f"{sheet}</style>"
    )


def _colours(theme: dict[str, str]) -> str:
    ground, ink, soft, fill, line = theme.values()
    return (
        f".g{{fill:{ground};stroke:{line}}}text{{fill:{ink}}}.s{{fill:{soft}}}"
        f".b,.u{{fill:{ground};stroke:{line}}}.f{{fill:{fill};stroke:{fill}}}"
    )


def _row(index: int, area: str, level: str | None, words: dict[str, dict[str, str]]) -> str:
    y = _TOP + _ROW * index
    steps = _STEPS.index(level) if level else 0
    boxes = "".join(
        f'<rect class="{_box(level, n < steps)}" x="{170 + n * (_BOX + 4)}" y="{y}" '
        f'width="{_BOX}" height="{_BOX}"/>'
        for n in range(5)
    )
    name, word = words["areas"][area], words["levelWords"][level or "undeclared"]
    kind = "" if level else ' class="s"'
    return (
        f'<g aria-hidden="true"><text x="16" y="{y + 12}">{_text(_capital(name))}</text>{boxes}'
        f'<text{kind} x="272" y="{y + 12}">{_text(word)}</text></g>'
    )


def _box(level: str | None, filled: bool) -> str:
    if level is None:
        return "u"
    return "f" if filled else "b"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "\u2026"


def _text(text: str) -> str:
    return escape(text.translate(_UNPRINTABLE).encode("utf-8", "replace").decode())
