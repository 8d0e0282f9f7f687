"""``prov sheet sign``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provenance.cli._options import (
    FILES,
    OUT,
    context_of,
    home_of,
    is_terminal,
    key_options,
    say,
    signer_of,
)
from provenance.cli.sheet import _telling
from provenance.reports.escaping import shown

if TYPE_CHECKING:
    from provenance.sheets.checking import Asked, Checked, Fault
    from provenance.sheets.signing import Signed
    from provenance.signing.signer import Signer

_EPILOG = """\b
Examples:
  prov sheet sign sheet.xlsx
  prov sheet sign sheet.csv --dry-run
  prov sheet sign sheet.csv --key label.pem --errors errors.csv -y
  prov sheet sign sheet.csv --replace
\b
Exit codes: 0 every row is signed, 1 some are not (row and rule are named) or
            the sheet is refused, 2 usage, 5 disk or key, 70 a bug, 130
            stopped: run it again to go on.
"""
EXIT_STOPPED = 130


@click.command("sign", epilog=_EPILOG)
@click.argument("sheet", type=FILES)
@key_options
@click.option("--folder", type=FILES, help="Where the paths begin. Default: where the sheet is.")
@click.option("--errors", type=OUT, help="Write what is wrong there, as a sheet.")
@click.option("--replace", is_flag=True, help="Supersede what you declared in the files before.")
@click.option("--no-fingerprint", is_flag=True, help="Leave fingerprints out (no decoder runs).")
@click.option("--dry-run", is_flag=True, help="Say what would be signed; write no audio file.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before signing.")
def command(sheet: Path, folder: Path | None, errors: Path | None, **options: Any) -> None:
    """Sign every good row into its file, after saying how many that are.

    Bad rows and their files stay as they are, and are named. Rows that are signed already are
    passed over, so the same command goes on where it was stopped.
    """
    from provenance.sheets.checking import Asked
    from provenance.sheets.writing import require_suffix

    if errors is not None:
        require_suffix(errors)
    table = _telling.read(sheet)
    home = home_of()
    signer = signer_of(home, options)
    key = signer.public.thumbprint
    asked = Asked(_telling.folder_of(sheet, folder), key, context_of(home), _wishes(options))
    found = _telling.checked(table, asked)
    _preview(found)
    if options["dry_run"]:
        _telling.write_errors(errors, found.faults)
        _telling.end(found.bad)
        return
    if found.count("new") + found.count("replaces") and is_terminal() and not options["yes"]:
        _confirm()
    faults = _sign(found, signer, asked)
    _telling.write_errors(errors, [*found.faults, *faults])
    _telling.end(found.bad + len(faults))


def _wishes(options: dict[str, Any]) -> Any:
    from provenance.issuing.sign import ALL_TIERS, Wishes

    without = {"fingerprint"} if options["no_fingerprint"] else set()
    return Wishes(replace="own" if options["replace"] else "no", tiers=ALL_TIERS - without)


def _preview(found: Checked) -> None:
    for line in _telling.lines_of(found.faults):
        say(line)
    for note in found.notes:
        say(f"Note: {shown(note, 300)}")
    replacing = found.count("replaces")
    more = f" ({replacing} replace what you declared before)" if replacing else ""
    say(
        f"{found.count('new') + replacing} to sign{more}, "
        f"{found.count('unchanged')} signed already, {found.bad} bad."
    )


def _confirm() -> None:
    if not click.confirm("Sign them?", default=True, err=True):
        say("Not signed; no file was changed.")
        raise click.exceptions.Exit(EXIT_STOPPED)


def _sign(found: Checked, signer: Signer, asked: Asked) -> list[Fault]:
    """Sign the good rows; whatever ends it, the counts are said."""
    from provenance.cli.sheet._progress import ticking
    from provenance.sheets.signing import sign_rows

    states = {"signed": 0, "unchanged": 0, "bad": found.bad}
    faults: list[Fault] = []
    warnings: list[str] = []
    try:
        with ticking("Signing", len(found.good)) as tick:
            for result in sign_rows(found.good, signer, asked, lambda: datetime.now(UTC)):
                states[result.state] += 1
                faults += [result.fault] if result.fault else []
                warnings += _warning(result)
                tick()
    except KeyboardInterrupt:
        say("Stopped. Every file is whole; the same command goes on.")
        raise click.exceptions.Exit(EXIT_STOPPED) from None
    finally:
        for line in (*_telling.lines_of(faults), *warnings):
            say(line)
        say(
            f"{states['signed']} signed, {states['unchanged']} signed already, "
            f"{states['bad']} bad and left as they are."
        )
    return faults


def _warning(result: Signed) -> list[str]:
    """What is said of a file that was signed though it looks damaged."""
    if not result.damaged:
        return []
    where = f"row {result.row.row}, {shown(result.row.file, 300)}"
    return [f"Warning: {where}: signed, but looks damaged or incomplete: {result.damaged}."]
