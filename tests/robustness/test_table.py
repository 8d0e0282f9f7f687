"""The table of robustness: real tools edit signed files; each row must show what it must.

Run as a program it prints the table with counts: ``python tests/robustness/test_table.py``.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from robustness.edits import ALL_KINDS, EDITS
from support import samples

FORMATS = {
    "flac": ("flac5", "flac"), "wav": ("wav16", "wav"), "rf64": ("rf64", "wav"),
    "aiff": ("aiff16", "aiff"), "alac": ("alac16", "m4a"), "oggflac": ("oggflac", "oga"),
    "mp3": ("mp3_320", "mp3"), "aac": ("aac_256", "m4a"), "vorbis": ("vorbis_q5", "ogg"),
    "opus": ("opus_96", "opus"),
}  # fmt: skip

# Presentation edits leave the coded audio: they may be exact, but never without a remark.
REMARKED = {"Opus output gain -6 dB", "LAME delay +256 samples"}


class Signed:
    """One signed file of a kind, its extracted bundle, and a context that knows the key."""

    def __init__(self, kind, folder):
        from provenance.issuing.sign import Wishes, draft, issue
        from provenance.signing.keys import generate
        from provenance.signing.signer import FileSigner
        from provenance.trust.identity import Keyring
        from provenance.verify.outcome import Context

        built, suffix = FORMATS[kind]
        source = samples.corpus(built)[0]
        self.path = folder / f"song.{suffix}"
        shutil.copyfile(source, self.path)
        _tag(self.path, kind)
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


def _tag(path, kind):
    """Ordinary tags before signing, as a label's file has them."""
    if kind == "rf64":
        return
    code = (
        "import mutagen, sys\n"
        "f = mutagen.File(sys.argv[1], easy=True)\n"
        "try:\n"
        "    if f.tags is None: f.add_tags()\n"
        "    f['title'] = 'The song'; f['artist'] = 'Somebody'; f.save()\n"
        "except TypeError:\n"
        "    from mutagen.id3 import TIT2, TPE1\n"
        "    f = mutagen.File(sys.argv[1])\n"
        "    if f.tags is None: f.add_tags()\n"
        "    f.tags.add(TIT2(text='The song')); f.tags.add(TPE1(text='Somebody')); f.save()\n"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True)


@pytest.fixture(scope="module", params=ALL_KINDS)
def signed(request, tmp_path_factory):
    return request.param, Signed(request.param, tmp_path_factory.mktemp(request.param))


def judge(signed_file, edit, kind, folder):
    """(how the manifest came, shown code, whether the row's expectation is met)."""
    path = edit.do(signed_file.path, folder)
    if path is None:
        return "-", "not applicable", True
    verdict = signed_file.verdict(path)
    way = "in file"
    if verdict.subject.selected is None:
        verdict, way = signed_file.verdict(path, given=True), "--manifest"
    shown = verdict.axes.get("binding", "?")
    met = shown in edit.expect
    if edit.name in REMARKED:
        met = met and "presentation.changed" in {f.code.slug for f in verdict.findings}
    if edit.same_sound and shown in {"binding.exact", "binding.lossless"}:
        met = met and verdict.status.value == "PASSED"
    if not edit.same_sound and edit.name not in REMARKED:
        met = met and verdict.status.value != "PASSED"
    return way, f"{shown} {verdict.status.value}", met


def applicable(edit, kind):
    return kind in edit.kinds and (edit.tool is None or shutil.which(edit.tool))


@pytest.mark.corpus
def test_every_row_shows_what_it_must(signed, tmp_path):
    kind, file = signed
    wrong = []
    for number, edit in enumerate(EDITS):
        if not applicable(edit, kind):
            continue
        folder = tmp_path / str(number)
        folder.mkdir()
        way, shown, met = judge(file, edit, kind, folder)
        if not met:
            wrong.append(f"{edit.name}: {shown} ({way}), should be {sorted(edit.expect)}")

    assert wrong == []


def main():
    kinds = sys.argv[1:] or list(ALL_KINDS)
    counts = {"rows": 0, "met": 0, "same": 0, "same_met": 0, "changed": 0, "accepted": 0, "file": 0}
    for kind in kinds:
        with tempfile.TemporaryDirectory() as name:
            file = Signed(kind, Path(name))
            for edit in EDITS:
                if not applicable(edit, kind):
                    continue
                folder = Path(tempfile.mkdtemp(dir=name))
                try:
                    way, shown, met = judge(file, edit, kind, folder)
                except subprocess.CalledProcessError as error:
                    print(
                        f"{kind:8} {edit.name:28} TOOL FAILED {error.cmd[0]} {error.stderr[-120:]}"
                    )
                    continue
                finally:
                    shutil.rmtree(folder)
                if way == "-":
                    continue
                counts["rows"] += 1
                counts["met"] += met
                counts["file"] += way == "in file"
                counts["same" if edit.same_sound else "changed"] += 1
                counts["same_met"] += met and edit.same_sound
                counts["accepted"] += (
                    (not edit.same_sound) and "PASSED" in shown and edit.name not in REMARKED
                )
                sound = "same" if edit.same_sound else "other"
                print(
                    f"{kind:8} {edit.name:28} {sound:6} {way:11} {shown:36} {'ok' if met else 'WRONG'}"
                )
    print(
        f"\n{counts['met']} of {counts['rows']} rows as expected; sound-identical {counts['same_met']} of "
        f"{counts['same']}; sound-changing accepted as exact or lossless {counts['accepted']} of "
        f"{counts['changed']}; manifest in the file in {counts['file']}"
    )
    return counts["rows"] != counts["met"]


if __name__ == "__main__":
    os.environ.setdefault("MUSICPROV_TEST_CORPUS", str(samples.CHECKOUT / ".corpus"))
    sys.exit(main())
