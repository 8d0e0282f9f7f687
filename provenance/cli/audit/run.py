"""``prov audit run``, and ``prov audit CHART``."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provenance.cli._options import FILES, home_of, key_options, processors, say, signer_of
from provenance.cli.audit._progress import ticking
from provenance.model.errors import UsageError
from provenance.workspace.asking import policy_of

if TYPE_CHECKING:
    from provenance.audit.asked import Asked, Source
    from provenance.signing.signer import Signer
    from provenance.verify.outcome import Context

_EPILOG = """\b
Examples:
  prov audit run week.csv --tracks audio/ --out report/
  prov audit run weeks/*.csv --manifests declared/ --no-pdf --out year/
  prov audit run week.csv --trust chart.json --rules norway,billboard --out r/
  prov audit run odd.xlsx --map rank=Pts --week 2025-11-08 --out report/
  prov audit run week.csv --detector scores.csv --ern delivered/ --out r/
\b
Exit codes: 0 the report is written, whatever it says; 1 a chart is refused
            (row or column is named), 2 usage, 5 disk, key or a missing extra,
            70 a bug.
"""
_SOURCES = {
    "tracks": "Folder or file of audio.",
    "manifests": "Folder or file of declarations, endorsements, sidecars.",
    "ern": "DDEX release message, or a folder of them.",
    "detector": "CSV of a detector's scores (see the guide).",
    "crowd-list": "Crowd list of AI artists: shown as such, never taken for proof.",
    "credits": "CSV of credits: isrc, name, role.",
}


def _source_options(function: Any) -> Any:
    for name, text in reversed(_SOURCES.items()):
        function = click.option(f"--{name}", multiple=True, type=FILES, help=text)(function)
    return function


@click.command("run", epilog=_EPILOG)
@click.argument("charts", nargs=-1, required=True, type=FILES, metavar="CHART...")
@_source_options
@click.option("--trust", type=FILES,
              help="Trust policy. Without it and --known-key: yours (prov trust use).")  # fmt: skip
@click.option("--known-key", "keys", multiple=True, type=FILES, help="A public key you know (JWK).")
@click.option("--rules", multiple=True, metavar="PROFILE,...", help="Judge by: norway, or all.")
@click.option("--set", "settings", multiple=True, metavar="RULE.PARAM=VALUE", help="As 'check'.")
@click.option("--map", "columns", multiple=True, metavar="COLUMN=HEADER", help="rank=Pos ...")
@click.option("--week", help="The week of a chart that does not say it: 2025-11-08.")
@click.option("--threshold", type=click.FloatRange(0, 1), default=0.9, show_default=True,
              help="The score from which a detector counts as 'detected'.")  # fmt: skip
@click.option("--title", default="", help="Title of the report.")
@click.option("--auditor", default="", help="Who audits, as the report says it.")
@click.option("--lang", "language", default="en", show_default=True, help="en or sv.")
@click.option("--at", metavar="TIME", help="The time to audit as of: 2025-11-15T12:00:00Z.")
@click.option("--out", required=True, type=FILES, help="Folder to make for the report.")
@click.option("--decode", type=click.Choice(["auto", "never"]), default="auto", help="As 'verify'.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Processes. Default: one a CPU.")
@click.option("--no-pdf", is_flag=True, help="Leave the PDF out.")
@click.option("--no-letters", is_flag=True, help="Leave the drafts of letters out.")
@click.option("--no-archive", is_flag=True, help="Leave the archive out: no rerun later.")
@click.option("--archive-audio", is_flag=True, help="Put the audio into the archive too.")
@click.option("--unsigned", is_flag=True, help="Do not sign the report.")
@key_options
def command(charts: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Audit charts: join each entry to what is declared and known, and write a report.

    Whose signatures count is said by the trust policy and --known-key alone: your own key and
    those that you pinned do not count here, so that a report is the same whoever makes it. Report
    and terminal say which policy and keys these were; with a policy, it decides what a known key
    is worth. Never uses the network. A report says who declared what; never whether that is true.
    """
    asked = _asked(charts, options)
    signer = None if options["unsigned"] else _signer(options)
    with ticking() as tick:
        head = _write(asked, out, signer, tick, options)
    _tell(head, out, is_default=asked.trust is not None and options["trust"] is None)
    if signer is None and not options["unsigned"]:
        none = "you have none ('prov keygen' makes one)"
        why = "the private half of yours is missing" if home_of().half_a_key() else none
        say(f"Not signed: no key is named, and {why}.")


def _asked(charts: tuple[Path, ...], options: Mapping[str, Any]) -> Asked:
    from provenance.audit.asked import Asked, Source
    from provenance.audit.judging import require_rules
    from provenance.profiles.judging import every

    rules = [name for text in options["rules"] for name in text.split(",") if name]
    rules = [one for name in rules for one in (every() if name == "all" else (name,))]
    require_rules(rules, options["settings"])
    sources: list[Source] = []
    for name in _SOURCES:
        sources += [Source(name, path) for path in options[name.replace("-", "_")]]
    trust = _trust(options)
    return Asked(
        charts=charts,
        context=_context(trust, options),
        trust=trust,
        keys=options["keys"],
        sources=tuple(sources),
        columns=_columns(options["columns"]),
        week=options["week"],
        rules=tuple(dict.fromkeys(rules)),
        settings=options["settings"],
        threshold=options["threshold"],
        title=options["title"],
        auditor=options["auditor"],
        language=options["language"],
    )


def _trust(options: Mapping[str, Any]) -> Path | None:
    """The policy that is named, else the user's default; where keys are named, they alone count."""
    if options["trust"] is None and options["keys"]:
        return None
    return policy_of(home_of(), options["trust"])


def _context(trust: Path | None, options: Mapping[str, Any]) -> Context:
    """The policy and the keys that are named here; never the user's own keyring (spec 25.3)."""
    from provenance.audit.asked import context_of

    return context_of(trust, options["keys"], _at(options["at"]), options["decode"])


def _at(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise UsageError(f"--at: '{text}' is no time", hint="Write 2025-11-15T12:00:00Z.") from None


def _columns(settings: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for setting in settings:
        column, equals, header = setting.partition("=")
        if not equals:
            raise UsageError(f"--map: '{setting}' is no pair", hint="Write COLUMN=HEADER.")
        found[column] = header
    return found


def _signer(options: Mapping[str, Any]) -> Signer | None:
    """The auditor's signer; None without a key, on a terminal or off: no report is signed then."""
    home = home_of()
    if not any(options[name] for name in ("key", "sign_command")) and home.default_key() is None:
        return None
    return signer_of(home, options)


def _write(
    asked: Asked, out: Path, signer: Signer | None, tick: Any, options: Mapping[str, Any]
) -> Mapping[str, Any]:
    from provenance.audit.archive import Keeper, write_archive
    from provenance.audit.auditing import run
    from provenance.audit.sealing import seal
    from provenance.audit.store import opened
    from provenance.audit.writing import Forms, new_folder, require, write

    jobs = options["jobs"] or processors()
    key = None if signer is None else signer.public.thumbprint
    forms = Forms(pdf=not options["no_pdf"], letters=not options["no_letters"], key=key)
    require(forms, asked.language)
    with (
        new_folder(out) as folder,
        tempfile.TemporaryDirectory(prefix="musicprov-audit-") as work,
        opened(Path(work)) as store,
    ):
        keeper = Keeper(Path(work))
        report = run(asked, store, tick, jobs=jobs, readers=keeper.readers(asked))
        contents = write(report, folder, tick, forms)
        if not options["no_archive"]:
            write_archive(report, asked, keeper, folder, audio=options["archive_audio"])
        seal(folder, report, signer, contents)
        return report.head


def _tell(head: Mapping[str, Any], out: Path, *, is_default: bool) -> None:
    from provenance.cli.audit._telling import summary

    for line in summary(head, is_default=is_default):
        click.echo(line)
    say(f"Report: {out / 'index.html'}")
    say(f"Check it with: prov audit check {out}")
