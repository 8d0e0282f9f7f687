"""Asking both engines at once: the same rows, or the test fails."""

from provenance.audit.questions import catalogue
from provenance.audit.questions.asking import ENGINES, loaded
from provenance.audit.questions.history import facts
from provenance.audit.questions.reports import opened

QUIET = lambda _what, _done: None  # noqa: E731


class Both:
    """A history in both engines, asked many times."""

    def __init__(self, engines):
        self.engines = engines

    def ask(self, name, *settings):
        question = catalogue.question(name)
        values = question.values(settings)
        sql, sparql = (
            question.ordered(self.engines[e].ask(question.query(e), values)) for e in ENGINES
        )
        assert sql == sparql, name
        return sql

    def all(self):
        """Every question; how many rows there are in all."""
        return sum(len(self.ask(name)) for name in catalogue.names())


def both(stack, paths):
    reports = stack.enter_context(opened(paths))
    return Both({e: stack.enter_context(loaded(facts(reports, QUIET), e)) for e in ENGINES})
