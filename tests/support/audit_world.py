"""A small audit over real files: a chart, signed audio, declarations, a policy; and its report."""

import zipfile
from datetime import UTC, datetime

from provenance.audit.archive import Keeper, write_archive
from provenance.audit.asked import Asked, Source, context_of
from provenance.audit.auditing import run
from provenance.audit.packing import add_bytes
from provenance.audit.sealing import seal
from provenance.audit.store import opened
from provenance.audit.writing import Forms, write
from provenance.signing.keys import generate
from provenance.signing.signer import FileSigner

from threats import world

AUDITOR = FileSigner(generate())
NOW = datetime(2027, 1, 1, tzinfo=UTC)
CHART = """rank,title,artist,isrc,label,week
1,Vector Song,Vector Artist,QZZZZ2600001,Vector Label,2026-12-26
2,Grüße & "Håll",Älva,QZZZZ2600002,=Bolaget,2026-12-26
3,Vector Song (live),Vector Artist,,Vector Label,2026-12-26
4,Nobody,,bad,,2026-12-26
"""
DETECTOR = "tool,version,score,date,isrc\nExample,2.1,0.97,2026-12-27,QZZZZ2600002\n"
QUIET = lambda _what, _done, _total: None  # noqa: E731


def inputs(folder):
    """The files of an audit below a folder: what an auditor would have at hand."""
    for name in ("tracks", "declared", "empty"):
        (folder / name).mkdir(parents=True)
    (folder / "chart.csv").write_text(CHART, encoding="utf-8")
    (folder / "scores.csv").write_text(DETECTOR, encoding="utf-8")
    (folder / "policy.json").write_bytes(world.json.dumps(world.asker().plain).encode())
    (folder / "tracks/song.wav").write_bytes(world.file(world.BY_LABEL))
    other = world.V.le16(world.S.SECOND)
    (folder / "tracks/plain Ö.wav").write_bytes(world.V.wav(other))
    (folder / "tracks/note.txt").write_text("no audio")
    (folder / "declared/song.musicprov.jws").write_bytes(world.BY_LABEL)
    return folder


def asked(folder, **more):
    """What is asked over these files."""
    trust = folder / "policy.json"
    sources = (
        ("tracks", "tracks"),
        ("manifests", "declared"),
        ("manifests", "empty"),
        ("detector", "scores.csv"),
    )
    known = {
        "charts": (folder / "chart.csv",),
        "context": context_of(trust, (), NOW),
        "trust": trust,
        "sources": tuple(Source(kind, folder / name) for kind, name in sources),
        "rules": ("norway", "sverigetopplistan"),
        "settings": ("se-1.mainly=0.4",),
        "title": "Prövning",
        "auditor": "The Bureau",
        "language": "sv",
    }
    return Asked(**{**known, **more})


def audited(wanted, folder, signer=AUDITOR, *, audio=False, pdf=False, jobs=1):
    """Audit, and write the whole report into a new folder; the folder."""
    work = folder.parent / f"{folder.name}-work"
    work.mkdir()
    folder.mkdir()
    with opened(work) as store:
        keeper = Keeper(work)
        report = run(wanted, store, QUIET, jobs=jobs, readers=keeper.readers(wanted))
        key = None if signer is None else signer.public.thumbprint
        contents = write(report, folder, QUIET, Forms(pdf, key=key))
        write_archive(report, wanted, keeper, folder, audio=audio)
        seal(folder, report, signer, contents)
    return folder


def members(archive):
    """The members of an archive by name, in their order."""
    with zipfile.ZipFile(archive) as packed:
        return {info.filename: packed.read(info) for info in packed.infolist()}


def packed(path, content):
    """An archive of these members, in the form that archives have."""
    with zipfile.ZipFile(path, "x") as archive:
        for name, data in content.items():
            add_bytes(archive, name, data)
    return path


def jwk(signer):
    """A signer's public key as a file has it."""
    return world.json.dumps(dict(signer.public.jwk)).encode()
