"""``prov`` without its start: a process that has loaded it forks for every run.

Loading the program takes many times what most commands of a test take. A run here is a process of
its own with the exit code, output, folder and environment that it would have; what it does not
show is how the program starts. The guides' commands, and tests about starting, start it anew, and
``MUSICPROV_TEST_COLD=1`` does so everywhere.
"""

import atexit
import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import runpy
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import time
from fcntl import ioctl
from functools import cache
from pathlib import Path

LOADED = (
    "cryptography.hazmat.primitives.asymmetric.ec",
    "cryptography.hazmat.primitives.serialization",
    "cryptography.x509",
    "jsonschema",
    "jsonschema_rs",
    "mutagen.flac",
    "mutagen.mp3",
    "mutagen.mp4",
    "rich.console",
    "rich.table",
    "jinja2",
    "openpyxl",
    "xlsxwriter",
    "rdflib",
)
"""What the program loads late, beside its own modules."""

AT_THE_START = ("PYTHON", "LC_", "LANG", "LD_")
"""Variables that a program reads once, before its first line."""

LINES = 50
"""Of a terminal."""

COLD = bool(os.environ.get("MUSICPROV_TEST_COLD")) or sys.platform != "linux"
_HEAD = 4


def run(place, arguments, environment, *, data=b"", timeout):
    """Run ``prov`` in ``place``; a ``CompletedProcess`` of bytes, as ``subprocess.run`` gives.

    Raises ``subprocess.TimeoutExpired`` when it took longer (s); it is killed then.
    """
    command = [sys.executable, "-m", "provenance", *arguments]
    if COLD or _at_the_start(environment) != _at_the_start(os.environ):
        return subprocess.run(
            command, cwd=place, env=environment, input=data,
            capture_output=True, timeout=timeout, check=False,
        )  # fmt: skip
    with contextlib.ExitStack() as kept:
        streams = [kept.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        streams[0].write(data)
        streams[0].seek(0)
        asked, pid = _ask(place, arguments, environment, [s.fileno() for s in streams])
        kept.enter_context(asked)
        asked.settimeout(timeout)
        try:
            ended = _ended(asked)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            raise subprocess.TimeoutExpired(command, timeout) from None
        for stream in streams:
            stream.seek(0)
        return subprocess.CompletedProcess(command, ended, streams[1].read(), streams[2].read())


def on_terminal(place, arguments, environment, columns):
    """Start ``prov`` in ``place`` on a terminal of its own, of so many columns.

    Its process, the end of the terminal where somebody sits, and what waits for its exit code
    (negative for a signal); nothing where it has to be started anew.
    """
    if COLD or _at_the_start(environment) != _at_the_start(os.environ):
        return None
    ours, its = os.openpty()
    try:
        termios.tcsetwinsize(ours, (LINES, columns))
        asked, pid = _ask(place, arguments, environment, [its] * 3)
    finally:
        os.close(its)
    return pid, ours, lambda: _ended(asked)


def _at_the_start(environment):
    return {k: v for k, v in environment.items() if k.startswith(AT_THE_START)}


def _ask(place, arguments, environment, streams):
    """Have it run; the connection on which its end is told, and its process."""
    asked = socket.socket(socket.AF_UNIX)
    asked.connect(_server())
    told = [str(Path(place).absolute()), list(map(str, arguments)), dict(environment)]
    request = json.dumps(told).encode()
    socket.send_fds(asked, [len(request).to_bytes(_HEAD, "big")], streams)
    asked.sendall(request)
    return asked, int.from_bytes(_exactly(asked, _HEAD), "big")


def _ended(asked):
    return os.waitstatus_to_exitcode(int.from_bytes(_exactly(asked, _HEAD), "big"))


def _exactly(connection, size):
    found = b""
    while len(found) < size:
        more = connection.recv(size - len(found))
        if not more:
            message = "the process that forks went away"
            raise ConnectionError(message)
        found += more
    return found


@cache
def _server():
    """The address of a process that has loaded the program; it ends when this one does."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(f"\0prov-warm-{secrets.token_hex(16)}")  # on Linux: no file
    listening.listen(64)
    alive, ours = os.pipe()
    started = subprocess.Popen(
        [sys.executable, "-P", __file__, str(listening.fileno()), str(alive)],
        pass_fds=[listening.fileno(), alive], stdin=subprocess.DEVNULL,
    )  # fmt: skip
    address = listening.getsockname()
    listening.close()
    os.close(alive)

    def end():
        os.close(ours)
        started.wait()

    atexit.register(end)
    return address


# ---- the process that forks ------------------------------------------------------------------


def serve(listening, alive):
    """Fork for everyone who asks, until nobody is there who could."""
    _load()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        ready, _, _ = select.select([listening, alive], [], [])
        if alive in ready:
            os._exit(0)
        connection, _ = listening.accept()
        if not os.fork():
            os.close(alive)
            listening.close()
            _handle(connection)
        connection.close()


def _load():
    import provenance

    names = [m.name for m in pkgutil.walk_packages(provenance.__path__, "provenance.")]
    for name in (*LOADED, *names):
        if not name.endswith(("__main__", "bindings._child")):  # decoders are the child's alone
            with contextlib.suppress(ImportError):
                importlib.import_module(name)


def _handle(connection):
    """One run in a process of its own; who asks is told its number, then how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    head, streams, _, _ = socket.recv_fds(connection, _HEAD, 3)
    place, arguments, environment = json.loads(_exactly(connection, int.from_bytes(head, "big")))
    pid = os.fork()
    if not pid:
        connection.close()
        _become(place, arguments, environment, streams)
    for stream in streams:
        os.close(stream)
    connection.sendall(pid.to_bytes(_HEAD, "big"))
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(OSError):
        connection.sendall(status.to_bytes(_HEAD, "big"))
    os._exit(0)


def _become(place, arguments, environment, streams):
    """What ``python -m provenance`` is from its first line to its end."""
    code = 1
    try:
        os.chdir(place)
        os.environ.clear()
        os.environ.update(environment)
        time.tzset()
        if os.isatty(streams[0]):
            os.setsid()
            ioctl(streams[0], termios.TIOCSCTTY, 0)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        _open_streams()
        sys.argv[:] = ["prov", *arguments]
        runpy.run_module("provenance", run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as leave:
        code = leave.code if isinstance(leave.code, int) else int(leave.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        threading._shutdown()
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)


def _open_streams():
    encoding = sys.stdout.encoding
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        raw = os.fdopen(number, "wb" if number else "rb", closefd=False)
        errors = "backslashreplace" if name == "stderr" else "strict"
        by_line = name == "stderr" or raw.isatty()
        stream = io.TextIOWrapper(raw, encoding, errors, line_buffering=by_line)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
