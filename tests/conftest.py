"""What fails is told at once, and what takes long comes last.

A run that is cut off has said what it found. Tests that are marked ``slow`` begin after all
others, and none of them begins after ``MUSICPROV_TEST_UNTIL`` (seconds since 1970; not set: no
such bound), so that a slow machine ends with what matters most; what was left out is named, and
``MUSICPROV_TEST_FULL=1`` leaves nothing out. What tests start can be stopped by Ctrl-C, wherever
they are started themselves. No example of a property has a deadline: the machine's clock is no
property.
"""

import gc
import os
import signal
import time
from collections import Counter

import pytest
from hypothesis import settings

_LEFT_OUT = "slow, and it is late: MUSICPROV_TEST_FULL=1 runs it"


class _Telling:
    def __init__(self, config):
        self._config = config
        self._left_out = Counter()

    def pytest_runtest_logreport(self, report):
        if report.failed:
            terminal = self._config.pluginmanager.get_plugin("terminalreporter")
            terminal.ensure_newline()
            terminal.write_line(f"\nFAILED at {report.when}: {report.nodeid}", red=True)
            terminal.write_line(report.longreprtext[-2000:])
        if report.skipped and _LEFT_OUT in str(report.longrepr):
            self._left_out[report.nodeid.partition("[")[0]] += 1

    def pytest_terminal_summary(self, terminalreporter):
        if self._left_out:
            terminalreporter.section(f"{self._left_out.total()} slow tests were left out")
            for name, count in sorted(self._left_out.items()):
                terminalreporter.write_line(f"{name} ({count} cases)" if count > 1 else name)


def pytest_configure(config):
    settings.register_profile("musicprov", deadline=None)
    settings.load_profile("musicprov")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # in the background of a shell
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):  # in the process that prints
        config.pluginmanager.register(_Telling(config))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=_is_slow)


def pytest_collection_finish():
    gc.freeze()  # ten thousand tests and what they import are looked through again and again


def pytest_runtest_setup(item):
    if _is_slow(item) and not os.environ.get("MUSICPROV_TEST_FULL"):
        until = float(os.environ.get("MUSICPROV_TEST_UNTIL") or "inf")
        if time.time() > until:
            pytest.skip(_LEFT_OUT)


def _is_slow(item):
    return item.get_closest_marker("slow") is not None
