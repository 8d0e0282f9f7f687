"""Limits of time that hold on a quick machine as well as on a slow or busy one."""

import hashlib
import math
import time
from contextlib import contextmanager
from functools import cache
from statistics import fmean

WORK_SECONDS = 0.04
"""What ``work`` takes on the machine for which limits are written."""


def work(clock=time.process_time):
    """The processor's time (s) of something that is always the same: look-ups, and a hash."""
    begin, table = clock(), {}
    for number in range(200_000):
        table[number & 1023] = table.get(number * 7 & 1023, number) + 1
    hashlib.sha256(bytes(1 << 24)).digest()
    return clock() - begin


@cache
def slower():
    """How many times slower this machine is now on the clock, at least 1: for times to wait."""
    return max(1, math.ceil(fmean(work(time.monotonic) for _ in range(9)) / WORK_SECONDS))


@contextmanager
def under(seconds, clock=time.process_time):
    """What is done within takes the processor less than that, on the machine meant.

    What takes more is held against what ``work`` takes here now on the average. Where others are
    waited for, ``time.monotonic`` is the clock.
    """
    begin = clock()
    yield
    taken = clock() - begin
    if taken >= seconds:
        allowed = seconds * max(1.0, fmean(work(clock) for _ in range(9)) / WORK_SECONDS)
        assert taken < allowed, f"took {taken:.2f} s, of {allowed:.2f} s"
