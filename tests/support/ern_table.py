"""The six examples as ERN says them: the rows of a table in ``spec/regimes/ddex-ern.md``."""

from provenance.exports import load
from provenance.exports.base import Source
from provenance.wire import ern

from support import regimes


def rows():
    """One row a declaration: what is said of the whole, of AI, of people, and how much is lost."""
    for where in regimes.EXAMPLES:
        made = load("ddex-ern").render(Source(regimes.example(where)))
        (one,) = ern.read([made.data]).recordings
        generated = [r.value for c in one.contributors if c.generative for r in c.roles]
        partly = [r.value for c in one.contributors if c.ai == "Partly" for r in c.roles]
        yield (
            f"| [{where}](../../examples/{where}/README.md) | {one.contains_ai or 'left out'} "
            f"| {', '.join(generated) or '-'} | {', '.join(partly) or '-'} "
            f"| {regimes.counted('ddex-ern', where)} |"
        )
