"""The report as a tagged PDF for paper and file (spec 25.6; spec/decisions/0023).

WeasyPrint lays out a template of its own; nothing is fetched while it does. The document has the
latest week, or the one asked for, with its exhibits; what more there is stands in the other
forms, and the document says so. Its identifier is the digest of the tagged text that it was laid
out from, so that two documents can be compared by what they say.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from provenance.audit.rendering.markup import TEMPLATES, Markup, environment
from provenance.audit.rendering.plots import Plot, plots_of
from provenance.audit.rendering.printed import Printed
from provenance.audit.rendering.words import Words
from provenance.audit.report import AuditReport
from provenance.model.errors import MissingExtraError
from provenance.wire.digests import spell

_VARIANT = "pdf/ua-1"
_TAIL_BYTES = 2048
_START = re.compile(rb"startxref\s+([0-9]{1,12})\s+%%EOF\s*\Z")
_ID = re.compile(rb"/ID ?\[ ?[<(]([0-9A-Fa-f]{64})[>)]")


def write_pdf(
    report: AuditReport, path: Path, week: str | None = None, key: str | None = None
) -> None:
    """Write the PDF; ``week`` is one of the report's, by default the latest.

    ``key`` is the thumbprint of the key that seals the report. Raises ``MissingExtraError``
    without the extra 'report' or the libraries that it draws with.
    """
    weasyprint = require_library()
    words = Words(report.head["audit"]["language"])
    plots = {one.name: one for one in plots_of(report.head, words)}
    drawn = {name: one.document(words.language, "light") for name, one in plots.items()}
    text = _html(report, words, list(plots.values()), week, key)
    digest = hashlib.sha256("\0".join([text, *drawn.values()]).encode("utf-8")).digest()
    fetcher = _fetcher(drawn)
    document = weasyprint.HTML(string=text, base_url=None, url_fetcher=fetcher)
    document.write_pdf(
        path,
        pdf_variant=_VARIANT,
        pdf_tags=True,
        pdf_identifier=digest.hex().encode("ascii"),
        full_fonts=False,
        presentational_hints=False,
    )


def content_of(path: Path) -> str | None:
    """The digest of what one of our PDFs was laid out from; None for any other file."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _TAIL_BYTES))
        tail = stream.read()
        start = _START.search(tail)
        stream.seek(int(start[1]) if start and int(start[1]) < size else size)
        found = _ID.search(stream.read(_TAIL_BYTES) + tail)
    return spell(bytes.fromhex(found[1].decode("ascii"))) if found else None


def require_library() -> Any:
    """WeasyPrint; raises ``MissingExtraError`` where it, or what it draws with, is missing."""
    try:
        import weasyprint
    except ImportError as error:
        raise MissingExtraError(
            "the PDF needs the extra 'report'",
            hint="Install it with: pip install 'musicprov[report]'; or leave it out: --no-pdf.",
        ) from error
    except OSError as error:
        raise MissingExtraError(
            "the PDF needs the library Pango",
            hint="Install it (Debian: libpango-1.0-0 libpangoft2-1.0-0); or use --no-pdf.",
        ) from error
    return weasyprint


def _fetcher(drawn: Mapping[str, str]) -> Any:
    """Gives the plots, and refuses everything else: no file and no host is ever asked."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Plots(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002 - theirs
            name = url.removeprefix("plot:")
            if name == url or name not in drawn:
                raise ValueError(f"not fetched: {url[:80]!a}")
            return URLFetcherResponse(url, drawn[name], {"Content-Type": "image/svg+xml"})

    return Plots(fail_on_errors=True)


def _html(
    report: AuditReport,
    words: Words,
    plots: Sequence[Plot],
    week: str | None,
    key: str | None = None,
) -> str:
    view = Printed(report, words, week, key)
    style = (TEMPLATES / "print.css").read_text(encoding="utf-8")
    return (
        environment()
        .get_template("report.pdf.html")
        .render(
            t=words.text,
            language=words.language,
            style=Markup(style),
            plots=plots,
            **view.front(),
            **view.table(),
            **view.back(),
        )
    )
