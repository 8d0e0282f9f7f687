"""The declarations at hand for one recording, each with how it stands (spec 25.4; AUD-040 to 043).

Every disclosure is looked at by itself, under the asked policy: whether its signature holds, whose
it is, what others say about it. Where audio is at hand, the verification of that audio has the
last word. Statements with one payload, by one signer or several, are one declaration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from provenance.audit.evidence import Found
from provenance.audit.gathering import MAX_DECLARATIONS, Gathered, Statement
from provenance.audit.standing import COMPARED, TORN, Standing, binding_of, code_of, standing_of
from provenance.model.records import dataclass

if TYPE_CHECKING:
    from provenance.model.manifest import Manifest
    from provenance.verify.outcome import Candidate, Context

_MISMATCH = "binding.mismatch"
_AGAINST = frozenset({"currency.withdrawn", "endorsement.dispute"})
"""What a statement from elsewhere does, which the report of one file may not have seen."""


@dataclass(frozen=True)
class Declared:
    """One declaration at hand."""

    id: str
    at: tuple[Found, ...]
    """Where it was found, the surest join first."""
    token: str
    """The statement as it was signed."""
    report: Mapping[str, Any]
    """The verification report that counts for it (``report.schema.json``)."""
    status: str
    code: str
    standing: Standing
    sids: frozenset[str] = frozenset()
    """The statements that have this payload."""
    texts: frozenset[str] = frozenset()
    """The same as they were signed."""
    candidate: Candidate | None = None
    """What the procedure found about it alone; None where it is too broken."""
    alone: Mapping[str, Any] = field(default_factory=dict)
    """The report of verifying it by itself, with all that others have signed about it."""
    others: tuple[Candidate, ...] = field(default=())
    """Endorsements, key bindings and withdrawals that were looked at with it."""
    audio: Found | None = None
    """The track whose verification decides how it stands."""
    differing: Found | None = None
    """Audio at hand that is not what it is about."""
    aside: tuple[tuple[Found, str], ...] = ()
    """Audio that is tied to it too weakly to decide, with the code of comparing them."""

    @property
    def manifest(self) -> Manifest | None:
        """What it says; None where its signature does not hold or it cannot be read."""
        return self.candidate.manifest if self.candidate and self.candidate.counts else None

    @property
    def best(self) -> Found:
        """Where it was found by the surest join."""
        return self.at[0]

    @property
    def sid(self) -> str:
        """The statement that the report is about."""
        statement = self.report.get("statement")
        return str(statement["sid"]) if statement else ""

    @property
    def binding(self) -> str:
        """How it compares with the audio at hand, as exhibits spell it."""
        return binding_of(self.report, self.code)

    @property
    def compared(self) -> str | None:
        """The evidence that it was compared with; None where it was compared with no audio."""
        return self.audio.id if self.audio and self.binding in COMPARED else None

    @property
    def is_known(self) -> bool:
        """Whether it passes, or the asker at least knows whose it is."""
        who = self.report.get("signer") or {}
        return self.standing > Standing.FAILS or who.get("rung", "unknown") != "unknown"

    @property
    def signer(self) -> str:
        """Whose it is, as the asker knows them; else the key, for a name may be anybody's word."""
        who = self.report.get("signer")
        if who is None:
            return "?"
        return str(who["name"] or who["key"])


def declarations(
    evidence: Sequence[Found], context: Context
) -> tuple[tuple[Declared, ...], int | None]:
    """The declarations ``d1``, ``d2`` ... in the order of the evidence.

    Also the number that was passed, where there were more than are looked at.
    """
    gathered = Gathered(evidence, context)
    found = [
        one
        for group in gathered.groups[:MAX_DECLARATIONS]
        if (one := _examined(group, gathered, context)) is not None
    ]
    named = tuple(replace(one, id=f"d{n}") for n, one in enumerate(found, 1))
    return named, gathered.limit


def unreadable(evidence: Sequence[Found], known: Sequence[Declared]) -> Iterator[tuple[Found, str]]:
    """Files in which a declaration stands, or may stand, of which none could be read; the code."""
    read = {found.id for one in known for found in one.at}
    for found in evidence:
        report = found.report
        if report is None or found.id in read:
            continue
        if report["status"] in {"FAILED", "INDETERMINATE", "PASSED"}:
            yield found, str(report["code"])


# ---- one declaration -----------------------------------------------------------------------


def _examined(group: Sequence[Statement], gathered: Gathered, context: Context) -> Declared | None:
    """A declaration by itself, then by the verification of files that it was found with."""
    from provenance.reports.as_json import report
    from provenance.verify.outcome import Given, Outcome
    from provenance.verify.procedure import verify

    sids = frozenset(one.token.sid for one in group if one.token is not None)
    texts = [one.value for one in (*group, *gathered.beside(sids))]
    given = [
        Given(f"statement {n}", text.encode("utf-8", "replace")) for n, text in enumerate(texts, 1)
    ]
    verdict = verify(None, None, context, given)
    outcome = verdict.subject
    if not isinstance(outcome, Outcome):
        return None
    alone = report("", verdict, context)
    found = {f.id: f for one in group for f in one.at}
    at = sorted(found.values(), key=lambda f: (-f.rank, f.is_stray, int(f.id[1:])))
    selected = outcome.selected
    base = Declared(
        id="",
        at=tuple(at),
        token=_text_of(group, selected),
        report=alone,
        status=alone["status"],
        code=code_of(alone),
        standing=standing_of(alone),
        sids=sids,
        texts=frozenset(one.text for one in group),
        candidate=selected,
        alone=alone,
        others=outcome.others,
    )
    return _with_files(base, gathered.evidence)


def _text_of(group: Sequence[Statement], selected: Candidate | None) -> str:
    sid = selected.token.sid if selected is not None and selected.token is not None else None
    for one in group:
        if one.token is not None and one.token.sid == sid:
            return one.text
    return group[0].text


def _with_files(base: Declared, evidence: Sequence[Found]) -> Declared:
    """The same by what the verification of files says, where one was about it (AUD-041).

    Of the tracks that are joined more surely than by name or likeness; else of the others, which
    do not lower one that was found more surely itself (AUD-108), as strays do not lower one that
    was found elsewhere (AUD-117). Without a track, a manifest's.
    """
    if base.manifest is None:
        return base
    audio = [f for f in evidence if f.item.kind == "track" and f.report is not None]
    is_alone = base.best.is_stray
    tracks = [view for f in audio for view in f.views if is_alone or not f.is_stray]
    weak = [f for f in tracks if f.is_weak]
    aside = [(f, code) for f in audio for sid, code in f.named if sid in base.sids]
    if not is_alone:
        strays = (view for f in audio if f.is_stray for view in f.views)
        aside += [(f, _MISMATCH) for f in strays if _is_other(f, base.sids)]
    made = _by_tracks(base, [f for f in tracks if not f.is_weak])
    if made is None and base.best.is_weak:
        made = _by_tracks(base, weak)
    if made is None:
        made = _by_manifest(base, evidence)
        for found in (f for f in weak if _is_about(f, base)):
            told = _told(base, found)
            if told.standing > made.standing:
                made = told
            else:
                aside.append((found, str(_report(found)["axes"].get("binding"))))
    return replace(made, aside=tuple(aside))


def _by_tracks(base: Declared, tracks: Sequence[Found]) -> Declared | None:
    """By the verification of tracks, where one was about it.

    One whose audio is something else, before one in which it lost against another declaration,
    before the best.
    """
    about = [f for f in tracks if _is_about(f, base) or _is_torn(f, base)]
    differing = next((f for f in tracks if _differs(f, base.sids)), None)
    if differing is None and not about:
        differing = next((f for f in tracks if _refuses(f, base.sids)), None)
    if differing is not None:
        return _other_audio(base, differing)
    return _by_track(base, about) if about else None


def _by_track(base: Declared, about: Sequence[Found]) -> Declared:
    torn = [f for f in about if _is_torn(f, base)]
    best = torn or sorted(about, key=lambda f: (-standing_of(_report(f)), -f.rank))
    return _told(base, best[0])


def _other_audio(base: Declared, found: Found) -> Declared:
    made = _told(base, found) if _is_about(found, base) else base
    return replace(
        made,
        status="FAILED",
        code=_MISMATCH,
        standing=Standing.FAILS,
        audio=found,
        differing=found,
    )


def _by_manifest(base: Declared, evidence: Sequence[Found]) -> Declared:
    """By the report of a manifest, which has seen time-stamps that a bare token has lost."""
    manifests = [f for f in evidence if f.item.kind == "manifest"]
    torn = next((f for f in manifests if _is_torn(f, base)), None)
    if torn is not None:
        return _told(base, torn)
    about = [f for f in manifests if _is_about(f, base)]
    best = max(about, key=lambda f: (standing_of(_report(f)), f.rank), default=None)
    if best is None or standing_of(_report(best)) < base.standing:
        return base
    return _told(base, best)


def _told(base: Declared, found: Found) -> Declared:
    """By another report; what others said about it, and that report has not seen, stays."""
    report = _report(found)
    if not _is_about(found, base):
        code = next(check["code"] for check in report["checks"] if check["code"] in TORN)
        return replace(base, code=code, standing=min(base.standing, Standing.TORN))
    against = {c["code"] for c in base.report["checks"]} & _AGAINST
    if against - _codes(found):
        return base
    return replace(
        base,
        report=report,
        status=report["status"],
        code=code_of(report),
        standing=standing_of(report),
        audio=found if found.item.kind == "track" else None,
    )


def _is_torn(found: Found, base: Declared) -> bool:
    """Whether a declaration stands in a file whose verification chose none of several.

    One that was found to be about other audio is none of these (AUD-041).
    """
    if base.texts.isdisjoint(found.tokens) or _refuses(found, base.sids):
        return False
    return standing_of(_report(found)) is Standing.TORN


def _report(found: Found) -> Mapping[str, Any]:
    return found.report or {}


def _codes(found: Found) -> set[str]:
    return {check["code"] for check in _report(found)["checks"]}


def _is_about(found: Found, base: Declared) -> bool:
    """Whether a report is about the very statement that counts for a declaration.

    That of somebody else who signed the same payload says nothing about this signer.
    """
    statement = _report(found).get("statement")
    is_it = statement is not None and statement["sid"] == base.sid
    return is_it and "signature.valid" in _codes(found)


def _is_other(found: Found, sids: frozenset[str]) -> bool:
    """Whether a track's verification found it to be other audio than one of these is about."""
    return _differs(found, sids) or _refuses(found, sids)


def _differs(found: Found, sids: frozenset[str]) -> bool:
    """Whether a track is other audio than its statement, which has this payload, is about."""
    statement = _report(found).get("statement")
    return statement is not None and statement["sid"] in sids and _MISMATCH in _codes(found)


def _refuses(found: Found, sids: frozenset[str]) -> bool:
    """Whether a track's verification compared one of these statements and it was other audio."""
    return any(
        check["code"] == "carrier.unusable"
        and check["detail"].get("sid") in sids
        and check["detail"].get("reason") == _MISMATCH
        for check in _report(found)["checks"]
    )
