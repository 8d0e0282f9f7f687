"""The picture: accessible SVG, light and dark, no colour needed to read it (spec 11.4, LBL).

Each area is a row: its name, five boxes filled from the left as far as the level goes, and the
level in words. Below stand the artists who are no persons, the synthetic voices, who declares,
and whether it is signed and verified. ``title`` and ``desc`` carry the same for screen readers.
No script, no link, no font or picture from outside.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from provenance.labels.messages import catalogue
from provenance.labels.sentence import about_artists, about_voices, levels_of, sentence
from provenance.labels.standing import Standing
from provenance.model.levels import CORE_AREAS

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest

_STEPS = ("none", "utility", "assisted", "partial", "predominant", "full")
_WIDTH, _ROW, _TOP, _LINE, _BOX = 460, 24, 48, 16, 14
_LETTERS = 58
"""What a line holds, in small letters (LBL-036)."""
_LIGHT = {"ground": "#ffffff", "ink": "#1a1a1a", "soft": "#595959", "fill": "#1f4e79",
          "line": "#6b6b6b"}  # fmt: skip
_DARK = {"ground": "#16181c", "ink": "#f2f2f2", "soft": "#c3c3c3", "fill": "#8ec5ff",
         "line": "#a0a0a0"}  # fmt: skip
"""Plain colours and no CSS variables: small renderers know none."""
_UNPRINTABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "�")


def svg(manifest: Manifest, language: str, theme: str = "auto", *, standing: Standing) -> str:
    """The label as an SVG document; ``theme`` is ``auto``, ``light`` or ``dark``.

    What is not signed, or not verified, is called so, in sight and in ``desc`` (LBL-037, LBL-052).
    """
    words = catalogue(language)
    note = words["svg"][standing]
    levels = levels_of(manifest)
    core = [str(a) for a in CORE_AREAS]
    areas = [a for a in words["areas"] if a in levels or a in core]
    top = [_cut(one) for one in _recording(manifest)]
    rows_at = _TOP + _LINE * len(top) + 4
    said_at = rows_at + _ROW * len(areas) + 16
    said = list(_said(manifest, language))
    foot = list(_foot(manifest, words, standing))
    foot_at = said_at + _LINE * len(said) + (8 if said else 0)
    height = foot_at + _LINE * len(foot) - 2
    return "\n".join(
        [
            _root(language, height),
            f'<title id="t">{_text(words["svg"]["title"])}</title>',
            f'<desc id="d">{_text(f"{sentence(manifest, language)} {note}")}</desc>',
            _style(theme),
            f'<rect class="g" width="{_WIDTH}" height="{height}" rx="8"/>',
            f'<text class="h" x="16" y="28">{_text(words["svg"]["title"])}</text>',
            *_lines(top, _TOP),
            *(_row(rows_at + _ROW * n, a, levels.get(a), words) for n, a in enumerate(areas)),
            *_lines(said, said_at, "n"),
            *_lines(foot, foot_at),
            "</svg>",
            "",
        ]
    )


def _recording(manifest: Manifest) -> Iterator[str]:
    """Its title and its artists: a line each, so that neither pushes out the other."""
    artists = ", ".join(a.name for a in manifest.subject.artists if a.name)
    yield from (one for one in (manifest.subject.title, artists) if one)


def _said(manifest: Manifest, language: str) -> Iterator[str]:
    """Who the artists are and whose voices are imitated, as in the sentence (LBL-035)."""
    for part in (*about_artists(manifest, language), *about_voices(manifest, language)):
        yield from _folded(part)


def _foot(
    manifest: Manifest, words: dict[str, dict[str, str]], standing: Standing
) -> Iterator[str]:
    name = manifest.declarant.name if manifest.declarant else None
    if name:
        by = "claimedBy" if standing is Standing.UNVERIFIED else "declaredBy"
        yield _cut(words["svg"][by].format(name=name))
    yield words["svg"][standing]


def _lines(texts: list[str], y: int, kind: str = "s") -> Iterator[str]:
    for n, text in enumerate(texts):
        yield f'<text class="{kind}" x="16" y="{y + _LINE * n}">{_text(text)}</text>'


def _root(language: str, height: int) -> str:
    size = f'width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}"'
    about = f'role="img" lang={quoteattr(language)} aria-labelledby="t d"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {about} {size}>'


def _style(theme: str) -> str:
    sheet = {
        "light": _colours(_LIGHT),
        "dark": _colours(_DARK),
        "auto": f"{_colours(_LIGHT)}@media (prefers-color-scheme:dark){{{_colours(_DARK)}}}",
    }[theme]
    return (
        "<style>text{font-family:system-ui,sans-serif;font-size:13px}"
        ".h{font-size:16px;font-weight:600}.n,.s{font-size:12px}.u{stroke-dasharray:3 3}"
        f"{sheet}</style>"
    )


def _colours(theme: dict[str, str]) -> str:
    ground, ink, soft, fill, line = theme.values()
    return (
        f".g{{fill:{ground};stroke:{line}}}text{{fill:{ink}}}.s{{fill:{soft}}}"
        f".b,.u{{fill:{ground};stroke:{line}}}.f{{fill:{fill};stroke:{fill}}}"
    )


def _row(y: int, area: str, level: str | None, words: dict[str, dict[str, str]]) -> str:
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


def _cut(text: str) -> str:
    """As much of a text as one line holds; an ellipsis says that there is more."""
    fits = _fitting(text)
    return text if fits == len(text) else text[: _fitting(text, less=1)] + "\u2026"


def _folded(text: str) -> Iterator[str]:
    """All of a text in lines, broken at spaces, and within a word that fills a line."""
    while (fits := _fitting(text)) < len(text):
        space = text.rfind(" ", 1, fits + 1)
        end = fits if space < 0 else space
        yield text[:end]
        text = text[end:].removeprefix(" ")
    yield text


def _fitting(text: str, *, less: int = 0) -> int:
    """How many characters of a text fit into a line that is some letters shorter."""
    left = 3 * (_LETTERS - less)
    for n, char in enumerate(text):
        left -= _thirds(char)
        if left < 0:
            return n
    return len(text)


def _thirds(char: str) -> int:
    """The width of a character, in thirds of a small letter."""
    if unicodedata.combining(char):
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return 6
    return 4 if char.isupper() else 3


def _text(text: str) -> str:
    return escape(text.translate(_UNPRINTABLE).encode("utf-8", "replace").decode())
