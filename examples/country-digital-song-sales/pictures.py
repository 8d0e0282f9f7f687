#!/usr/bin/env python3
"""The pictures of the guide, taken of the case's report in a browser without a window.

    python examples/country-digital-song-sales/build.py case contradicted
    python examples/country-digital-song-sales/pictures.py case/contradicted/report

Needs Chromium and the extras ``report`` and ``test``; writes spec/images/audit-*.png.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.browser import browser  # noqa: E402

IMAGES = ROOT / "spec" / "images"
DESK, PHONE = 1280, 375
COLOURS = 256
MOST_BYTES = 250_000
Box = tuple[str, int, str, int]
"""A page, its width, the element that the part begins at, its height in pixels."""
PICTURES: dict[str, tuple[Box, ...]] = {
    "audit-index.png": (("index.html", DESK, "body", 836), ("index.html", DESK, "#figures", 1050)),
    "audit-entries.png": (("index.html", DESK, "#table", 900),),
    "audit-exhibit.png": (("exhibits/0001.html", DESK, "body", 1700),),
    "audit-phone.png": (
        ("index.html", PHONE, "#summary", 1000),
        ("index.html", PHONE, "table[data-tools]", 1000),
        ("exhibits/0001.html", PHONE, "h1", 1000),
    ),
}
GAP, MARGIN = 24, 24


def taken(page: Any, report: Path, box: Box, work: Path) -> Image.Image:
    """One part of a page."""
    name, width, at, height = box
    page.open(report / name, width=width)
    found = f"(document.querySelector('{at}') || document.body).getBoundingClientRect().top"
    top = max(0, round(page.run(f"{found} + window.scrollY")) - MARGIN)
    page.picture(work / "page.png")
    with Image.open(work / "page.png") as whole:
        return whole.convert("RGB").crop((0, top, width, min(top + height, whole.height)))


def together(parts: list[Image.Image]) -> Image.Image:
    """Parts of a wide page below each other, of a narrow one beside each other."""
    is_wide = parts[0].width > PHONE
    places, at = [], 0
    for part in parts:
        places.append((0, at) if is_wide else (at, 0))
        at += GAP + (part.height if is_wide else part.width)
    most = max(part.width if is_wide else part.height for part in parts)
    made = Image.new("RGB", (most, at - GAP) if is_wide else (at - GAP, most), "#d0d0d0")
    for part, place in zip(parts, places, strict=True):
        made.paste(part, place)
    return made


def main(arguments: list[str]) -> int:
    """Take all pictures of a report."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    report = Path(arguments[0])
    with browser() as page, tempfile.TemporaryDirectory() as work:
        for name, boxes in PICTURES.items():
            made = together([taken(page, report, box, Path(work)) for box in boxes])
            few = made.quantize(
                COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
            )
            few.save(IMAGES / name, optimize=True)
            size = (IMAGES / name).stat().st_size
            print(f"{name}: {made.width} x {made.height}, {size:,} bytes")
            if size > MOST_BYTES:
                print(f"{name}: larger than {MOST_BYTES:,} bytes", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
