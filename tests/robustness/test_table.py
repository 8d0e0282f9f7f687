"""The table of robustness: real tools edit signed files; each row must show what it must.

Run as a program it prints the table with counts, and measures whether the sound is the same::

    MUSICPROV_TEST_CORPUS=... python tests/robustness/test_table.py --tracks 3
    MUSICPROV_TEST_CORPUS=... python tests/robustness/test_table.py --all-formats flac wav mp3

The test of the default run takes one track a kind, and each dear row of the whole table on
every second kind; ``MUSICPROV_TEST_FULL=1`` takes three tracks, every row, and measures.
"""

import argparse
import functools
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from robustness import rows_appended, rows_presentation, rows_remux, rows_sound, rows_tags
from robustness.edits import ALL_KINDS, seconds, tool
from support import samples

FULL = bool(os.environ.get("MUSICPROV_TEST_FULL"))

EDITS = (
    *rows_remux.ROWS,
    *rows_tags.ROWS,
    *rows_appended.ROWS,
    *rows_presentation.ROWS,
    *rows_sound.ROWS,
)

FORMATS = {
    "flac": ("flac5", "flac24"), "wav": ("wav16", "wav24", "bwf"), "rf64": ("rf64",),
    "aiff": ("aiff16", "aiff24"), "alac": ("alac16", "alac24"), "oggflac": ("oggflac",),
    "mp3": ("mp3_320", "mp3_v0"), "aac": ("aac_256",), "vorbis": ("vorbis_q5",),
    "opus": ("opus_96",),
}  # fmt: skip

_TAG = """
import mutagen, sys
f = mutagen.File(sys.argv[1])
if f.tags is None:
    f.add_tags()
kind = type(f.tags).__name__
if 'ID3' in [c.__name__ for c in type(f.tags).__mro__]:
    from mutagen.id3 import TIT2, TPE1
    f.tags.add(TIT2(text='The song')); f.tags.add(TPE1(text='Somebody'))
elif kind == 'MP4Tags':
    f.tags['\\xa9nam'] = ['The song']; f.tags['\\xa9ART'] = ['Somebody']
else:
    f.tags['title'] = 'The song'; f.tags['artist'] = 'Somebody'
f.save()
"""


class Signed:
    """One signed file of a kind, its statement, and a context that knows the key."""

    def __init__(self, kind, source, folder):
        from provenance.issuing.sign import Wishes, draft, issue
        from provenance.signing.keys import generate
        from provenance.signing.signer import FileSigner
        from provenance.trust.identity import Keyring
        from provenance.verify.outcome import Context

        self.kind = kind
        inner = Path(folder) / kind
        inner.mkdir()
        self.path = inner / f"song{source.suffix}"
        shutil.copyfile(source, self.path)
        if kind != "rf64":  # ordinary tags before signing, as a label's file has them
            subprocess.run([sys.executable, "-c", _TAG, self.path], check=True)
        signer = FileSigner(generate("ES256"))
        key = signer.public.thumbprint
        self.context = Context(now=datetime.now(UTC), keyring=Keyring({key: None}))
        declaration = {
            "contributions": [{"asset": "recording", "area": "mixing", "level": "utility"}]
        }
        made = draft([self.path], declaration, key, self.context, Wishes())
        self.token = issue(made, signer, self.context, Wishes())[0].token.encode()

    def verdict(self, path, *, given=False):
        from provenance.verify.outcome import Given
        from provenance.workspace.verifying import verify_path

        beside = (Given("given", self.token),) if given else ()
        return verify_path(path, self.context, beside)


def judge(signed, edit, folder):
    """(the edited file, how the manifest came, what is shown, what is wrong about it or None)."""
    path = edit.do(signed.path, folder)
    verdict, way = signed.verdict(path), "in file"
    if verdict.subject.selected is None:
        verdict, way = signed.verdict(path, given=True), "--manifest"
    shown = Shown(verdict)
    return path, way, str(shown), shown.fault(edit.expect[signed.kind])


class Shown:
    """What of a verdict the table looks at."""

    def __init__(self, verdict):
        codes = {f.code.slug for f in verdict.findings}
        self.codes = codes
        self.binding = sorted(c for c in codes if c.startswith("binding."))
        self.remarks = {c for c in codes if c.startswith("presentation.")}
        self.rules = {
            f.detail["rule"] for f in verdict.findings if f.code.slug == "essence.refused"
        }
        self.status = verdict.status.value

    def __str__(self):
        return " ".join([*self.binding, *sorted(self.remarks), *sorted(self.rules), self.status])

    def fault(self, expect):
        """What is not as it must be, or None."""
        checks = {
            f"one of {sorted(expect.bindings)}": len(self.binding) == 1
            and {*self.binding} <= expect.bindings,
            f"status {expect.status}": self.status == expect.status
            or (expect.status == "any" and self.status != "PASSED"),
            f"rule {expect.rule}": self.rules == {expect.rule} - {None},
            f"{expect.also} too": expect.also is None or expect.also in self.codes,
            f"remarks {sorted(expect.remarks or ())}": self.remarks == expect.remarks
            or (expect.remarks is None and self.remarks <= {"presentation.changed"}),
        }
        return "; ".join(name for name, met in checks.items() if not met) or None


def rows(kind):
    return [e for e in EDITS if kind in e.expect and (e.tool is None or tool(e.tool))]


def is_for_now(kind, edit):
    """Whether the default run takes this row: one that re-encodes all kinds, on half of them."""
    dear = edit.sound == "other" and set(ALL_KINDS) <= set(edit.expect)
    return FULL or not dear or (ALL_KINDS.index(kind) + EDITS.index(edit)) % 2 == 0


LEAST_SECONDS = 39.9
"""So that a cut to 32.8 seconds takes more than the seven that tier 3 overlooks."""


def sources(form, count):
    """Tracks of this format that are long enough, spread over the corpus."""
    found = samples.corpus(form)
    step = max(1, len(found) // count)
    spread = (p for first in range(step) for p in found[first::step])
    return list(itertools.islice((p for p in spread if seconds(p) >= LEAST_SECONDS), count))


@functools.cache
def sound(path):
    """A digest of what a decoder plays, as 32-bit samples; None when it gives up."""
    done = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "quiet", "-i", str(path), "-map", "0:a",
         "-c:a", "pcm_s32le", "-f", "md5", "-"],
        capture_output=True, check=False,
    )  # fmt: skip
    return done.stdout if done.returncode == 0 and done.stdout else None


def misheard(signed, edit, path):
    """Why the row's word about the sound does not agree with what a decoder plays, or None."""
    if edit.sound not in {"same", "other"}:
        return None
    same = sound(signed.path) == sound(path)
    return None if same == (edit.sound == "same") else f"the sound is not {edit.sound}"


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.parametrize("kind", ALL_KINDS)
def test_every_row_shows_what_it_must(kind, tmp_path):
    wrong = []
    for number, source in enumerate(sources(FORMATS[kind][0], 3 if FULL else 1)):
        folder = tmp_path / str(number)
        folder.mkdir()
        signed = Signed(kind, source, folder)
        for row, edit in enumerate(e for e in rows(kind) if is_for_now(kind, e)):
            inner = folder / str(row)
            inner.mkdir()
            path, way, shown, fault = judge(signed, edit, inner)
            fault = fault or (misheard(signed, edit, path) if FULL else None)
            shutil.rmtree(inner)
            if fault:
                wrong.append(f"{source.name}, {edit.name}: {shown} ({way}), should be {fault}")

    assert wrong == []


def test_every_tool_of_the_table_is_there():
    missing = sorted({e.tool for e in EDITS if e.tool and not tool(e.tool)})
    left_out = sum(len(e.expect) for e in EDITS if e.tool in missing)
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}; {left_out} rows left out")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=ALL_KINDS)
    parser.add_argument("--tracks", type=int, default=1)
    parser.add_argument("--all-formats", action="store_true")
    parser.add_argument("--only", default="", help="rows whose name contains this")
    asked = parser.parse_args()
    counts = Counter()
    for kind in asked.kinds:
        for form in FORMATS[kind] if asked.all_formats else FORMATS[kind][:1]:
            for source in sources(form, asked.tracks):
                with tempfile.TemporaryDirectory() as folder:
                    signed = Signed(kind, source, folder)
                    for edit in rows(kind):
                        if asked.only in edit.name:
                            counts += one_row(form, signed, edit, folder)
                sound.cache_clear()
    print(
        f"\n{counts['met']} of {counts['rows']} rows as expected "
        f"({counts['in file']} with the manifest in the file, {counts['--manifest']} with the "
        f"extracted one); same sound: {counts['same passed']} of {counts['same']} passed, the others "
        f"by a rule's name; other sound: {counts['other passed']} of {counts['other']} passed, "
        f"{counts['other remarked']} with a remark on the presentation; "
        f"{len({e.name for e in EDITS})} edits"
    )
    return counts["rows"] != counts["met"]


def one_row(form, signed, edit, folder):
    """Do one edit, print its row, and count it."""
    inner = Path(tempfile.mkdtemp(dir=folder))
    try:
        path, way, shown, fault = judge(signed, edit, inner)
        fault = fault or misheard(signed, edit, path)
    except subprocess.CalledProcessError as error:
        way, shown = "-", f"{error.cmd[0]} failed"
        fault = (error.stderr or b"")[-200:].decode("utf-8", "replace")
    finally:
        shutil.rmtree(inner)
    words = f"{form:10} {edit.name:42} {edit.sound:6} {way:11} {shown:50}"
    print(words, "ok" if fault is None else f"WRONG: {fault}", flush=True)
    passed = "PASSED" in shown
    return Counter({
        "rows": 1, "met": fault is None, way: 1, edit.sound: 1, f"{edit.sound} passed": passed,
        f"{edit.sound} remarked": passed and "presentation" in shown,
    })  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
