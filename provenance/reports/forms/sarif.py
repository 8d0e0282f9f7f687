"""SARIF 2.1.0 (OASIS): a result for each input that did not pass or counts against the run.

Each rule by which the policy at ingest does not accept such an input is a result of its own, and
of what passed nothing else is one: its code says what is well.

Results are written as they arrive; the tool with its rules comes after them, for only then is
known which there are (the order of members in JSON says nothing). ``level`` is ``error`` for
what failed, ``warning`` for what else counts against the run, ``note`` for the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import IO, Any

from provenance.reports.as_json import tool
from provenance.reports.escaping import shown
from provenance.reports.forms._asks import deciding, level_of, named, result, told
from provenance.reports.forms._counting import passed_over
from provenance.reports.forms._pieces import Pieces
from provenance.reports.forms.base import Form, Layout, Report
from provenance.wire.addresses import WEB, parted, scheme_of
from provenance.wire.registries import codes

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_START = f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{{"results": ['
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
_OF_HOSTS = _PLAIN | frozenset(b"%:@[]")
_OF_URLS = _PLAIN | frozenset(b"%:@?!$&'()*+,;=")
_OF_VERSIONS = _PLAIN | frozenset(b"?#&=")
_STRAY = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MOST = 2000
"""Characters of a message."""
_ERROR = {
    "meaning": "The input could not be looked at.",
    "fix": "See the message: it says what is wrong with the path, or with the file.",
}


class _Sarif:
    def __init__(self, out: IO[bytes], layout: Layout) -> None:
        self._fails, self._links = layout.fails, layout.links
        self._rules: dict[str, dict[str, Any]] = {}
        self._unread = 0
        self._pieces = Pieces(out, state=False)
        """Whether it is begun."""

    def each(self, name: str, report: Report) -> None:
        fails = self._fails(report)
        self._unread += report["status"] == "ERROR"
        if report["status"] == "PASSED" and not fails:
            return
        before = ",\n" if self._pieces.state else f"{_START}\n"
        level = level_of(report, fails=fails)
        found = [
            json.dumps(_result(name, report, self._index(rule), rule["id"], text, level))
            for rule, text in _reasons(report)
        ]
        self._pieces.write((before + ",\n".join(found)).encode(), state=True)

    def _index(self, rule: dict[str, Any]) -> int:
        self._rules.setdefault(rule["id"], rule)
        return list(self._rules).index(rule["id"])

    def end(self) -> None:
        self._close(is_good=True)

    def break_off(self, why: str) -> None:
        said = f"The run broke off, and not all inputs were verified: {why}"
        self._pieces.finish()
        self._close({"level": "error", "message": {"text": shown(said, _MOST)}}, is_good=False)

    def _close(self, *notes: dict[str, Any], is_good: bool) -> None:
        driver: dict[str, Any] = {
            "name": tool()["name"],
            "version": tool()["version"],
            "informationUri": "https://musicprov.org/",
            "rules": list(self._rules.values()),
        }
        if self._unread:
            notes = (*notes, {"level": "error", "message": {"text": _unread(self._unread)}})
        passed = passed_over(self._links())
        if passed:
            notes = (*notes, {"level": "warning", "message": {"text": passed}})
        invocation: dict[str, Any] = {"executionSuccessful": is_good}
        if notes:
            invocation["toolExecutionNotifications"] = list(notes)
        rest = {
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation],
        }
        start = "" if self._pieces.state else _START
        self._pieces.write(f"{start}],\n{json.dumps(rest)[1:]}]}}\n".encode(), state=True)


def _unread(count: int) -> str:
    """That the results are not of all inputs, in a run that was whole (SARIF 2.1.0, appendix I)."""
    what = "1 input" if count == 1 else f"{count:,} inputs"
    return f"{what} could not be looked at: see the results with the rule 'error'."


def _reasons(report: Report) -> Iterator[tuple[dict[str, Any], str]]:
    """Why a result is told of: the rule of SARIF that each reason is, and what to say (ING-014)."""
    rules = deciding(report)
    if report["status"] != "PASSED" or not rules:
        yield _rule(report["code"]), told(report)
    for rule, says in rules.items():
        yield _of_policy(rule, report["decision"]["policy"]["id"]), f"{says} ({result(report)})"


def _result(
    name: str, report: Report, index: int, rule: str, text: str, level: str
) -> dict[str, Any]:
    place = artifact(name)
    made: dict[str, Any] = {
        "ruleId": rule,
        "ruleIndex": index,
        "level": level,
        "message": {"text": shown(text, _MOST)},
        "locations": [{"physicalLocation": {"artifactLocation": place}}],
        "partialFingerprints": {"nameAndCode/v1": _print(place["uri"], rule)},
        "properties": {"status": report["status"]},
    }
    if "decision" in report:
        made["properties"]["decision"] = report["decision"]["outcome"]
    return made


def _print(uri: str, code: str) -> str:
    return sha256(f"{uri}\n{code}".encode()).hexdigest()


def artifact(name: str) -> dict[str, str]:
    """Where the input is: a URI (RFC 3986) of a path or URL, whatever characters are in it."""
    scheme = scheme_of(name)
    if scheme:
        return {"uri": scheme + _encoded_address(scheme, *parted(name))}
    if name.startswith("/"):
        return {"uri": f"file://{_encoded(name)}"}
    return {"uri": _encoded(name), "uriBaseId": "%SRCROOT%"}


def _encoded_address(scheme: str, place: str, rest: str) -> str:
    """An address after its scheme: a URL as it is, of a store the key like a path's bytes."""
    host, slash, path = place.removeprefix(scheme).partition("/")
    start = _encoded(host, _OF_HOSTS) + slash
    if scheme.lower().removesuffix("://") not in WEB:
        return start + _encoded(path) + _encoded(rest, _OF_VERSIONS)
    query, sign, fragment = rest.partition("#")
    url = _encoded(path + query, _OF_URLS) + sign + _encoded(fragment, _OF_URLS)
    return start + _STRAY.sub("%25", url)


def _encoded(path: str, plain: frozenset[int] = _PLAIN) -> str:
    """A path with the bytes that its file system has, the undecodable ones too."""
    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a pair, from JSON: no file system has it
        data = path.encode("utf-8", "replace")
    return "".join(chr(byte) if byte in plain else f"%{byte:02X}" for byte in data)


def _rule(code: str) -> dict[str, Any]:
    entry = codes().get(code, _ERROR)
    return {
        "id": code,
        "shortDescription": {"text": entry["meaning"]},
        "help": {"text": entry["fix"]},
    }


def _of_policy(rule: str, policy: str) -> dict[str, Any]:
    return {
        "id": named(rule),
        "shortDescription": {"text": f"Rule '{rule}' of the policy at ingest '{policy}' applies."},
        "help": {"text": "See the message: it is what the policy tells whoever sent the file."},
    }


FORM = Form("SARIF 2.1.0, for what did not pass", _Sarif)
