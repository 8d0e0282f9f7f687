"""Limits of time that hold on a quick machine as well as on a slow or busy one."""

import hashlib
import time
from contextlib import contextmanager
from functools import cache
from statistics import fmean

WORK_SECONDS = 0.04
"""What ``work`` takes on the machine for which limits are written."""


def work(clock=time.process_time):
    """What something that is always the same takes by a clock (s): look-ups, and a hash."""
    begin, table = clock(), {}
    for number in range(200_000):
        table[number & 1023] = table.get(number * 7 & 1023, number) + 1
    hashlib.sha256(bytes(1 << 24)).digest()
    return clock() - begin


def ratio(clock=time.process_time, of=fmean):
    """How many times longer than on the machine meant ``work`` takes now; at least 1.

    ``of`` the nine times that are taken: their mean, or their ``max`` where what is held against it
    must not fail on a machine that stands still now and then, which its own clock does not show.
    """
    return max(1.0, of([work(clock) for _ in range(9)]) / WORK_SECONDS)


@cache
def slower():
    """What the seconds of a test are multiplied by: the ratio on the wall clock, measured once."""
    return round(ratio(time.monotonic), 1)


@contextmanager
def under(seconds, clock=time.process_time):
    """What is done within takes the processor less than that, on the machine meant.

    What takes more is held against the most that ``work`` takes here now. Where others are waited
    for, ``time.monotonic`` is the clock.
    """
    begin = clock()
    yield
    taken = clock() - begin
    if taken >= seconds:
        allowed = seconds * ratio(clock, max)
        assert taken < allowed, f"took {taken:.2f} s, of {allowed:.2f} s"
