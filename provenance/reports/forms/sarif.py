"""SARIF 2.1.0 (OASIS): a result for each input that did not pass or counts against the run.

Results are written as they arrive; the tool with its rules comes after them, for only then is
known which there are (the order of members in JSON says nothing). ``level`` is ``error`` for
what failed, ``warning`` for what else counts against the run, ``note`` for the rest.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import IO, Any

from provenance.reports.as_json import tool
from provenance.reports.escaping import shown
from provenance.reports.forms._asks import level_of, told
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
_MOST = 1000
"""Characters of a message."""
_ERROR = {
    "meaning": "The input could not be looked at.",
    "fix": "See the message: it says what is wrong with the path, or with the file.",
}


class _Sarif:
    def __init__(self, out: IO[bytes], layout: Layout) -> None:
        self._fails, self._links = layout.fails, layout.links
        self._rules: dict[str, int] = {}
        self._unread = False
        self._pieces = Pieces(out, state=False)
        """Whether it is begun."""

    def each(self, name: str, report: Report) -> None:
        fails = self._fails(report)
        self._unread = self._unread or report["status"] == "ERROR"
        if report["status"] == "PASSED" and not fails:
            return
        before = ",\n" if self._pieces.state else f"{_START}\n"
        rule = self._rules.setdefault(report["code"], len(self._rules))
        result = _result(name, report, rule, level_of(report, fails=fails))
        self._pieces.write((before + json.dumps(result)).encode(), state=True)

    def end(self) -> None:
        self._close(is_good=not self._unread)

    def break_off(self, why: str) -> None:
        said = f"The run broke off, and not all inputs were verified: {why}"
        self._pieces.finish()
        self._close({"level": "error", "message": {"text": shown(said, _MOST)}}, is_good=False)

    def _close(self, *notes: dict[str, Any], is_good: bool) -> None:
        driver: dict[str, Any] = {
            "name": tool()["name"],
            "version": tool()["version"],
            "informationUri": "https://musicprov.org/",
            "rules": [_rule(code) for code in self._rules],
        }
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


def _result(name: str, report: Report, rule: int, level: str) -> dict[str, Any]:
    place = artifact(name)
    made = {
        "ruleId": report["code"],
        "ruleIndex": rule,
        "level": level,
        "message": {"text": shown(told(report), _MOST)},
        "locations": [{"physicalLocation": {"artifactLocation": place}}],
        "partialFingerprints": {"nameAndCode/v1": _print(place["uri"], report["code"])},
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


FORM = Form("SARIF 2.1.0, for what did not pass", _Sarif)
