"""Verifying one item of many: always a report (spec 26.2)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from provenance.bulk.items import Item, is_address
from provenance.bulk.settings import Settings, context_of, given_of
from provenance.files.opening import input_error
from provenance.model.errors import ProvError, UsageError
from provenance.model.identifiers import normalise_isrc
from provenance.model.verdict import Verdict
from provenance.reports.as_json import due_to, error_report, is_verified, report, size_in
from provenance.verify.outcome import Context, Outcome
from provenance.verify.stages import Stages, done
from provenance.wire.addresses import without_secrets

_MOST_SHOWN = 60
_ISRC_HINT = "Write it like GBXYZ2600123, or leave it out."


def verify_item(item: Item, settings: Settings) -> dict[str, Any]:
    """The report of one item (``report.schema.json``): ERROR where it cannot be looked at.

    Never raises for what the file or the world is like. Raises ``ProvError`` for settings that
    cannot be used, which ``context_of`` shows beforehand.
    """
    return done(verify_in_stages(item, settings))


def verify_in_stages(item: Item, settings: Settings) -> Stages[dict[str, Any]]:
    """``verify_item`` in stages."""
    context = context_of(settings)
    try:
        _require_isrc(item)
        if item.fault is not None:
            raise item.fault
        verdict = yield from _verdict(item.name, settings, context)
    except (ProvError, OSError) as fault:
        error = input_error(item.name, fault) if isinstance(fault, OSError) else fault
        return failed(item, str(error), error.hint, settings, error)
    return completed(report(item.name, verdict, context), item, verdict, settings)


def _require_isrc(item: Item) -> None:
    if item.isrc is not None and normalise_isrc(item.isrc) is None:
        said = f"{without_secrets(item.name)}: '{item.isrc[:_MOST_SHOWN]}' is no ISRC to expect"
        raise UsageError(said, hint=_ISRC_HINT)


def failed(
    item: Item, said: str, hint: str, settings: Settings, error: BaseException
) -> dict[str, Any]:
    """The report of an item that could not be looked at: ERROR, with what happened, what to do.

    What that is due to, and how large the item is, the ``error`` tells (VDT-020).
    """
    found = due_to(error), size_in(error)
    made = error_report(item.name, said, hint, context_of(settings), *found)
    return completed(made, item, None, settings)


def _verdict(name: str, settings: Settings, context: Context) -> Stages[Verdict]:
    if is_address(name):
        from provenance.bulk.objects import verify_object

        return verify_object(name, settings.stores, context, given_of(settings))
    from provenance.workspace.verifying import verifying_path

    return (yield from verifying_path(Path(name), context, given_of(settings)))


def completed(
    made: dict[str, Any], item: Item, verdict: Verdict | None, settings: Settings
) -> dict[str, Any]:
    """The report with what was expected, and what profiles and the policy at ingest make of it."""
    made = with_expected(made, item, verdict)
    if settings.ingest is None and not settings.profiles:
        return made
    from provenance.bulk.judging import judged

    return judged(made, verdict, settings, context_of(settings))


def with_expected(made: dict[str, Any], item: Item, verdict: Verdict | None) -> dict[str, Any]:
    """The report with what the caller expected beside what was found, if anything was expected.

    ``matches`` is None where neither a declaration that holds nor a tag says an ISRC (BLK-013).
    """
    if item.isrc is None:
        return made
    expected = normalise_isrc(item.isrc) or item.isrc
    declared, tag = _found(verdict)
    said = [isrc for isrc in (declared, tag) if isrc is not None]
    made["expected"] = {
        "isrc": expected,
        "declared": declared,
        "tag": tag,
        "matches": all(isrc == expected for isrc in said) if said else None,
    }
    return made


def _found(verdict: Verdict | None) -> tuple[str | None, str | None]:
    """The ISRC that is declared, where the signature holds, and that of the file's tags."""
    outcome = verdict.subject if verdict is not None else None
    if verdict is None or not isinstance(outcome, Outcome):
        return None, None
    selected = outcome.selected
    manifest = selected.manifest if selected is not None and is_verified(verdict) else None
    tags = outcome.scan.tags.isrc if outcome.scan is not None else ()
    tag = (normalise_isrc(tags[0]) or tags[0][:200]) if tags else None
    return (manifest.subject.isrc if manifest is not None else None), tag
