"""What fails is told at once: a run that is cut off has said what it found.

What tests start can be stopped by Ctrl-C, wherever they are started themselves.
"""

import signal


class _AtOnce:
    def __init__(self, config):
        self._config = config

    def pytest_runtest_logreport(self, report):
        if report.failed:
            terminal = self._config.pluginmanager.get_plugin("terminalreporter")
            terminal.ensure_newline()
            terminal.write_line(f"\nFAILED at {report.when}: {report.nodeid}", red=True)
            terminal.write_line(report.longreprtext[-2000:])


def pytest_configure(config):
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # in the background of a shell
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):  # in the process that prints
        config.pluginmanager.register(_AtOnce(config))
