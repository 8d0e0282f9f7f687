"""Writing a finished audit into a folder: all of it, or nothing (spec 25.6).

The folder is made beside its place under a hidden name and renamed when it is whole; a folder
that is there already is never touched.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from provenance.audit import document
from provenance.audit.auditing import Tick
from provenance.audit.report import AuditReport
from provenance.model.errors import InputError, UsageError
from provenance.model.records import dataclass

PDF, LETTERS = "report.pdf", "letters"


@dataclass(frozen=True)
class Forms:
    """Which forms of the report are written beside JSON, CSV, HTML and SVG."""

    pdf: bool = True
    letters: bool = True
    key: str | None = None
    """The thumbprint of the key that will seal the report; None where none will."""


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder to fill, which becomes ``path`` when the block ends well.

    Raises ``UsageError`` where there is something already, ``InputError`` where none can be made.
    """
    if os.path.lexists(path):
        raise UsageError(f"{path}: is there already", hint="Name a folder that is not there yet.")
    try:
        making = Path(tempfile.mkdtemp(prefix=f".{path.name}.musicprov-", dir=path.parent))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", hint="Name another --out.") from error
    try:
        yield making
        making.chmod(0o755)
        making.rename(path)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def require(forms: Forms, language: str) -> None:
    """Raise what ``write`` would, before an audit is run for nothing.

    ``MissingExtraError`` for a form that needs what is not installed, ``UsageError`` for a
    language that there is no report in.
    """
    from provenance.audit.rendering.words import Words

    Words(language)
    if forms.pdf:
        from provenance.audit.rendering.pdf import require_library

        require_library()


def write(report: AuditReport, folder: Path, tick: Tick, forms: Forms) -> dict[str, str]:
    """Write every form of the report into an empty folder; what ``seal`` takes as ``contents``.

    Raises ``MissingExtraError`` when a form that is asked for needs what is not installed.
    """
    from provenance.audit.rendering.pages import write_pages
    from provenance.audit.rendering.tables import write_csv

    document.write_report(report, folder / "report.json")
    document.write_exhibits(report, folder)
    write_csv(report, folder / "entries.csv")
    write_pages(report, folder, tick, forms.key)
    if forms.letters:
        from provenance.audit.letters import write_letters

        write_letters(report, folder / LETTERS)
    if not forms.pdf:
        return {}
    from provenance.audit.rendering.pdf import content_of, write_pdf

    write_pdf(report, folder / PDF, key=forms.key)
    content = content_of(folder / PDF)
    return {} if content is None else {PDF: content}
