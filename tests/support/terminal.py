"""Running a command on a terminal of its own, as a person does: reads, answers, interrupts."""

import os
import pty
import select
import signal
import sys
import termios
import time
from dataclasses import dataclass, field

from support import warm

INTERRUPT = "\x03"
END = "\x04"
WAIT_SECONDS = 600
PROV = (sys.executable, "-m", "provenance")
"""It is forked where it can be (``support.warm``); under any other name it is started."""


def answer_as_a_person(shown):
    """What somebody types who signs where they are asked, and answers '1' to every question."""
    question = shown.rsplit("\n", 1)[-1]
    if shown.endswith(("[Y/n]: ", "none: ", "again: ")) or "no more" in question:
        return "\n"
    if question.startswith("ISRC"):
        return "\n"
    return "1\n"


@dataclass
class Session:
    """One command on a terminal of 80 columns; ``text`` is all that it has shown."""

    arguments: list
    environment: dict
    place: object
    columns: int = 80
    text: str = field(default="", init=False)
    shown: bytes = field(default=b"", init=False)
    seen: int = field(default=0, init=False)

    def __post_init__(self):
        self.status = forked = None
        if tuple(self.arguments[:3]) == PROV:
            forked = warm.on_terminal(
                self.place, self.arguments[3:], self.environment, self.columns
            )
        if forked:
            self.child, self.end, self._wait = forked
        else:
            self._start()

    def _start(self):
        self.child, self.end = pty.fork()
        if self.child == 0:
            try:
                os.chdir(self.place)
                os.execvpe(self.arguments[0], [str(a) for a in self.arguments], self.environment)
            finally:
                os._exit(127)
        termios.tcsetwinsize(self.end, (warm.LINES, self.columns))

    def _wait(self):
        _, status = os.waitpid(self.child, 0)
        return os.waitstatus_to_exitcode(status)

    def read_until(self, words):
        """Read on until the words have been shown; fails when the command ends before."""
        deadline = time.monotonic() + WAIT_SECONDS
        while words not in self.text[self.seen :]:
            if not self._read(deadline):
                raise AssertionError(f"never showed {words!r}:\n{self.text}")
        self.seen = self.text.index(words, self.seen) + len(words)

    def send(self, keys):
        """Type something."""
        os.write(self.end, keys.encode())

    def answer(self, words, keys):
        """Wait for a question, then type the answer."""
        self.read_until(words)
        self.send(keys)

    def run(self, answer=answer_as_a_person):
        """Answer every question until the command ends; the exit code."""
        deadline = time.monotonic() + WAIT_SECONDS
        asked = 0
        while self._read(deadline, pause=0.15):
            if self.text[asked:].endswith(": ") and not self._readable(0.15):
                asked = len(self.text)
                self.send(answer(self.text))
        return self.finish()

    def finish(self):
        """Read to the end; the exit code (128 and the number for a signal)."""
        deadline = time.monotonic() + WAIT_SECONDS
        while self._read(deadline):
            pass
        if self.status is None:
            self.status = self._wait()
            os.close(self.end)
        return self.status if self.status >= 0 else 128 - self.status

    def _readable(self, seconds):
        return bool(select.select([self.end], [], [], seconds)[0])

    def _read(self, deadline, pause=1.0):
        """Read what there is; False at the end of the command."""
        if time.monotonic() > deadline:
            os.kill(self.child, signal.SIGKILL)
            raise AssertionError(f"still running:\n{self.text}")
        if self.status is not None:
            return False
        if not self._readable(pause):
            return True
        try:
            found = os.read(self.end, 65536)
        except OSError:  # Linux: the other end is closed
            return False
        self.shown += found  # a character, and the end of a line, may come in two pieces
        self.text = self.shown.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(found)


def prov(place, *arguments, home="home", program=PROV, **environment):
    """``prov`` on a terminal, in a folder, with a home below it."""
    variables = {**os.environ, "MUSICPROV_HOME": str(place / home), "TERM": "xterm", **environment}
    return Session([*program, *arguments], variables, place)
