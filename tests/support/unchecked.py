"""A manifest of plain JSON that nobody has checked: tests need what reading would refuse."""

from provenance.wire import decode, reading


def unchecked(plain):
    """The model of a disclosure, whether it is well-formed and consistent or not."""
    shape = decode._DISCLOSURE
    return reading._record(shape.record, plain, shape.plans, [])
