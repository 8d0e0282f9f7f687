"""Chromium without a window, spoken to over its debugging pipe: what a page does in a browser.

The Chrome DevTools Protocol as JSON messages ended by a zero byte, over descriptors 3 and 4.
Nothing is listened on, and the browser is told to resolve no name.
"""

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

import pytest

PATIENCE = 120
"""Seconds that an answer may take."""
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run"
    " --disable-component-update --disable-sync --disable-dev-shm-usage --hide-scrollbars"
    " --no-default-browser-check --remote-debugging-pipe --host-resolver-rules=MAP\t*\t~NOTFOUND"
)


def program():
    """Where Chromium is; skips aloud without it."""
    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        pytest.skip("chromium is not installed: pages are not looked at in a browser")
    return found


class Page:
    """One tab: what it says on its console, what it asks for, what a script in it gives back."""

    def __init__(self, send, read):
        self._send, self._read, self._last = send, read, 0
        self.complaints, self.requests = [], []
        target = self("Target.createTarget", url="about:blank")["targetId"]
        self._session = None
        self._session = self("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self(f"{domain}.enable")

    def __call__(self, method, **parameters):
        self._last += 1
        message = {"id": self._last, "method": method, "params": parameters}
        if getattr(self, "_session", None):
            message["sessionId"] = self._session
        self._send(message)
        while True:
            answer = self._read()
            if answer.get("id") == self._last:
                assert "error" not in answer, answer
                return answer["result"]
            self._event(answer)

    def _event(self, event):
        method, about = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.complaints.append(about["exceptionDetails"])
        elif method == "Log.entryAdded" and about["entry"]["level"] in {"warning", "error"}:
            self.complaints.append(about["entry"])
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append(about)
        elif method == "Network.requestWillBeSent":
            self.requests.append(about["request"]["url"])

    def open(self, path, width=1280, height=900, theme="light"):
        """Load a file at a width, in a theme."""
        self(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": theme}],
        )
        self("Page.navigate", url=path.resolve().as_uri())
        end = time.monotonic() + PATIENCE
        while self.run("document.readyState") != "complete":
            assert time.monotonic() < end, "the page does not load"
            time.sleep(0.01)
        return self

    def run(self, script):
        """What a script in the page gives, as JSON."""
        found = self("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def picture(self, path):
        """The whole page as a PNG."""
        taken = self("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(taken["data"]))


@contextlib.contextmanager
def browser():
    """A fresh browser with one page."""
    read_here, write_there = os.pipe()
    read_there, write_here = os.pipe()
    with tempfile.TemporaryDirectory(
        ignore_cleanup_errors=True
    ) as profile:  # its children end later
        line = [program(), *FLAGS.replace("\t", "\u00a0").split(" "), f"--user-data-dir={profile}"]
        line = [part.replace("\u00a0", " ") for part in line]
        shell = f'exec "$@" 3<&{read_there} 4>&{write_there}'
        process = subprocess.Popen(
            ["bash", "-c", shell, "bash", *line],
            pass_fds=(read_there, write_there), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(read_there)
        os.close(write_there)
        with (
            os.fdopen(read_here, "rb") as incoming,
            os.fdopen(write_here, "wb", buffering=0) as outgoing,
        ):
            try:
                yield Page(
                    lambda m: outgoing.write(json.dumps(m).encode() + b"\0"), _reader(incoming)
                )
            finally:
                process.terminate()
                process.wait(10)


def _reader(stream):
    waiting = bytearray()

    def read():
        while b"\0" not in waiting:
            assert select.select([stream], [], [], PATIENCE)[0], "the browser does not answer"
            found = os.read(stream.fileno(), 1 << 16)
            assert found, "the browser went away"
            waiting.extend(found)
        message, _, rest = bytes(waiting).partition(b"\0")
        waiting[:] = rest
        return json.loads(message)

    return read
