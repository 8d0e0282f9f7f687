"""A service as a process of its own, and a small client that can be as rude as a test wants."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from support.samples import CHECKOUT

VECTORS = CHECKOUT / "tests" / "vectors" / "verify"
SIGNED = VECTORS / "passed-own-key" / "input.wav"
TOKEN = (VECTORS / "bare-token" / "given.jws").read_text(encoding="ascii").strip()

_RUN = """
import json, sys
from pathlib import Path
from provenance.bulk.settings import Settings
from provenance.network.fetching import Route
from provenance.service.answers import Fetching
from provenance.service.limits import ServiceLimits
from provenance.service.running import Serving, serve
a = json.loads(sys.argv[1])
limits = ServiceLimits(**a["limits"])
ca = Path(a["ca"]) if a["ca"] else None
routes = {host: Route(tuple(at) if at else None, ca) for host, at in a["routes"].items()}
fetching = Fetching(routes, limits.body_bytes, limits.verify_seconds)
settings = Settings(home=a["home"], **{"decode": "never", **a["settings"]})
serve(Serving(settings, fetching, limits, a["jobs"], port=0, spool=Path(a["spool"])))
"""


class Answer:
    """A status, headers in lower case, and the body, which may be JSON."""

    def __init__(self, status, headers, body):
        self.status, self.body = status, body
        self.headers = {name.lower(): value for name, value in headers}

    @property
    def json(self):
        return json.loads(self.body)


class Service:
    """A running service; ``log`` are its lines so far."""

    def __init__(self, place, process):
        self.place, self.process, self.log = place, process, []
        self.spool = place / "spool"
        self._listening = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._listening.wait(120), "the service did not come up"

    def _read(self):
        for line in self.process.stderr:
            self.log.append(json.loads(line))
            if self.log[-1]["event"] == "listening":
                self.port = self.log[-1]["port"]
                self._listening.set()

    def ask(self, method, path, body=None, headers=None, timeout=600):
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            return _answer(connection)
        finally:
            connection.close()

    def post(self, path, value, **headers):
        """A request of JSON."""
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return self.ask("POST", path, body, {"Content-Type": "application/json", **headers})

    def upload(self, data, kind="audio/wav", **headers):
        """An upload as the body."""
        return self.ask("POST", "/v1/verify", data, {"Content-Type": kind, **headers})

    def connect(self, data=b""):
        """A bare connection on which some bytes were sent."""
        made = socket.create_connection(("127.0.0.1", self.port), timeout=600)
        made.sendall(data)
        return made

    def wait_ready(self):
        until = time.monotonic() + 120
        while self.ask("GET", "/readyz").status != 200:
            assert time.monotonic() < until, "the service did not become ready"
            time.sleep(0.05)
        return self

    def uploads(self):
        """Files of uploads that lie on disk."""
        return [p for p in self.spool.rglob("*") if p.is_file() and p.name != "lock"]

    def lines(self, count, event="request"):
        """So many lines of the log of this event, once they are there."""
        until = time.monotonic() + 120
        while True:
            found = [line for line in self.log if line["event"] == event]
            if len(found) >= count or time.monotonic() > until:
                return found
            time.sleep(0.02)

    def stop(self, timeout=600):
        """Ask it to stop; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout)


def _answer(connection):
    response = connection.getresponse()
    return Answer(response.status, response.getheaders(), response.read())


def read_answer(raw):
    """What came on a bare connection, as an answer; None where nothing did."""
    raw.settimeout(120)
    response = http.client.HTTPResponse(raw)
    try:
        response.begin()
    except (http.client.HTTPException, OSError):
        return None
    return Answer(response.status, response.getheaders(), response.read())


_HOOK = """
import os, pickle, signal, sys
loads = pickle.loads

def ending(data):
    is_worker = sys.argv[1:2] and sys.argv[1].replace(".", "").isdigit()
    if is_worker and os.path.exists({flag!r}):
        os.kill(os.getpid(), signal.SIGKILL)
    return loads(data)

pickle.loads = ending
"""
"""What every process of a service begins with: one that verifies ends while a file is there.

It reads what it was given only after it said that it took it.
"""


@contextmanager
def running(*, jobs=2, limits=None, settings=None, routes=None, ca=None, home=None):
    """A service with these limits, stopped at the end; nothing of it may be left then."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "spool").mkdir()
        (place / "hook").mkdir()
        hook = _HOOK.format(flag=str(place / "ends"))
        (place / "hook" / "sitecustomize.py").write_text(hook)
        arguments = {
            "jobs": jobs, "limits": limits or {}, "settings": settings or {},
            "routes": routes or {}, "ca": str(ca) if ca else None,
            "home": str(home or place / "home"), "spool": str(place / "spool"),
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-c", _RUN, json.dumps(arguments)],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": f"{place / 'hook'}{os.pathsep}{CHECKOUT}"},
            text=True,
        )
        try:
            yield Service(place, process).wait_ready()
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(20)
        assert list((place / "spool").iterdir()) == []


def form(*parts, boundary="b0undary"):
    """A multipart body of (name, file name or None, bytes), and its media type."""
    lines = []
    for name, filename, data in parts:
        also = f'; filename="{filename}"' if filename is not None else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{also}\r\n\r\n'
        lines.append(head.encode("utf-8", "surrogateescape") + data + b"\r\n")
    body = b"".join(lines) + f"--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"
