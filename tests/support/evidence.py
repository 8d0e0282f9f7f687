"""Sources of evidence read into a store, as an audit reads them, and what came out."""

import hashlib
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from provenance.audit.asked import Asked, Source
from provenance.audit.model import Entry, Input, Item, Problem
from provenance.audit.sources import ORDER, load
from provenance.audit.sources.base import Reading
from provenance.audit.store import opened
from provenance.files.opening import open_regular
from provenance.verify.outcome import Context
from provenance.wire.digests import spell

NOW = datetime(2027, 1, 1, tzinfo=UTC)


@dataclass
class Read:
    """A store that is filled, and what went into it."""

    store: object
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)

    def of(self, kind):
        return [item for item in self.items if item.kind == kind]

    def rules(self):
        return [problem.rule for problem in self.problems]

    def one(self, kind):
        (item,) = self.of(kind)
        return item

    def named(self, item):
        return next(i.name for i in self.inputs if i.number == item.input)

    def recording(self, isrc="QZZZZ2600001", title="Vector Song", artist="Vector Artist"):
        """The recording of a chart with one entry."""
        self.store.add_entries([Entry(1, 2, "2025-11-08", 1, title, artist, isrc)])
        self.store.number_recordings()
        return list(self.store.recordings())[-1]


@contextmanager
def read(folder, sources, context=None, jobs=1, entries=()):
    """Read sources, given as kind and path, in the order of an audit: after its charts."""
    folder.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=folder))
    found = tuple(Source(kind, Path(path)) for kind, path in sources)
    asked = Asked((), context or Context(now=NOW), sources=found)
    with opened(folder) as store:
        made = Read(store)
        store.add_entries(entries)

        def register(role, path, name):
            with open_regular(path) as stream:
                digest = hashlib.file_digest(stream, "sha256").digest()
                size = stream.tell()
            one = Input(len(made.inputs) + 1, role, name, size, spell(digest))
            store.add_input(one)
            made.inputs.append(one)
            return one

        reading = Reading(asked, store, register, jobs)
        for kind in ORDER:
            for source in (s for s in found if s.kind == kind):
                for one in load(kind).read(source.path, reading):
                    if isinstance(one, Problem):
                        made.problems.append(one)
                        store.add_problem(one)
                    else:
                        store.add_item(one)
        made.items = list(store.items())
        yield made


def once(folder, kind, path, **more):
    """Items and problems of one source."""
    with read(folder, [(kind, path)], **more) as made:
        return made
