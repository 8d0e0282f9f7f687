"""Stores of a test's own: a bucket of moto's S3 server as a process, and a web server."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
BUCKET = "music"
AZURITE = (
    "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey="
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
)
"""What everybody's Azurite knows; it is printed in its documentation."""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def require_libraries():
    for name in ("fsspec", "s3fs", "aiohttp"):
        pytest.importorskip(name, reason="the extra 'catalog' is not installed")


@contextmanager
def s3_server(folder):
    """A server of S3 with an empty bucket ``music``: its endpoint, and a file system of it."""
    require_libraries()
    pytest.importorskip("moto", reason="moto is not installed")
    import s3fs

    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with (
        (folder / "moto.log").open("wb") as log,
        _started(command, log, folder, port),
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in KEYS.items():
            patch.setenv(name, value)
        fs = s3fs.S3FileSystem(endpoint_url=endpoint, use_listings_cache=False)
        fs.mkdir(BUCKET)
        yield endpoint, fs


@contextmanager
def gs_server(folder):
    """A server of Google Cloud Storage with an empty bucket ``music``: options, and a file system.

    ``gcp-storage-emulator`` and ``gcsfs`` are in no extra: they bring gRPC, some 90 MB.
    """
    port = free_port()
    start = (
        "import sys; from gcp_storage_emulator.__main__ import main;"
        f"main(['start', '--host', '127.0.0.1', '--port', '{port}', '--in-memory'])"
    )
    with pytest.MonkeyPatch.context() as patch, (folder / "gs.log").open("wb") as log:
        patch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{port}")
        patch.setenv("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")  # asks by gRPC what a bucket is
        for name in ("fsspec", "gcp_storage_emulator", "gcsfs"):
            pytest.importorskip(name, reason=f"{name} is not installed: gs:// is not tried")
        import gcsfs

        with _started([sys.executable, "-c", start], log, folder, port):
            fs = gcsfs.GCSFileSystem(token="anon", project="test", use_listings_cache=False)
            fs.mkdir(BUCKET)
            yield ["gs.token=anon"], fs


@contextmanager
def azure_server(folder):
    """Azurite, a server of Azure's blobs, with an empty container ``music``: options, file system.

    A program of npm (``npm install azurite``); the account and key are the ones that it has.
    """
    for name in ("fsspec", "adlfs"):
        pytest.importorskip(name, reason=f"{name} is not installed: abfs:// is not tried")
    program = shutil.which("azurite-blob")
    if program is None:
        pytest.skip("azurite-blob is not installed: abfs:// is not tried")
    import adlfs

    port = free_port()
    command = [program, "--inMemoryPersistence", "--blobHost", "127.0.0.1", "--disableTelemetry"]
    command += ["--blobPort", str(port), "--skipApiVersionCheck"]
    told = f"{AZURITE}BlobEndpoint=http://127.0.0.1:{port}/devstoreaccount1;"
    with (
        (folder / "azure.log").open("wb") as log,
        _started(command, log, folder, port),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("AZURE_STORAGE_CONNECTION_STRING", told)
        fs = adlfs.AzureBlobFileSystem(connection_string=told)
        fs.mkdir(BUCKET)
        yield [], fs


@contextmanager
def _started(command, log, folder, port):
    process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        _wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server of the store did not start")


@dataclass
class Page:
    """What a path answers with; ``ranges`` False for a server that knows none."""

    data: bytes = b""
    tag: str | None = '"1"'
    ranges: bool = True
    status: int | None = None
    location: str | None = None
    length: bool = True
    behave: object = None
    """A function of the handler that answers in place of all this."""


@dataclass
class Web:
    """A web server on ``localhost``; ``asked`` are method, path and Range of each request."""

    chain: object = None
    pages: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    def __enter__(self):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        if self.chain is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(self.chain)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        scheme = "http" if self.chain is None else "https"
        self.at = f"{scheme}://localhost:{self._server.server_address[1]}"
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


def _handler(web):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def handle(self):
            try:
                super().handle()
            except (OSError, ssl.SSLError):
                self.close_connection = True

        def do_HEAD(self):
            self.do_GET()

        def do_GET(self):
            web.asked.append((self.command, self.path, self.headers.get("Range")))
            page = web.pages.get(self.path, Page(status=404))
            if page.behave is not None:
                page.behave(self)
            elif page.status is not None:
                self.say(page.status, b"no", [("Location", page.location)])
            elif self.headers.get("If-Match", page.tag) != page.tag:
                self.say(412, b"")
            else:
                self._give(page)

        def _give(self, page):
            span = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
            if span is None or not page.ranges:
                self.say(200, page.data, [("ETag", page.tag)], length=page.length)
                return
            start, end = int(span[1]), min(int(span[2]) + 1, len(page.data))
            if start >= len(page.data):
                self.say(416, b"", [("Content-Range", f"bytes */{len(page.data)}")])
                return
            told = f"bytes {start}-{end - 1}/{len(page.data)}"
            self.say(206, page.data[start:end], [("Content-Range", told), ("ETag", page.tag)])

        def say(self, status, body, headers=(), *, length=True):
            self.send_response(status)
            for name, value in headers:
                if value is not None:
                    self.send_header(name, value)
            if length:
                self.send_header("Content-Length", str(len(body)))
            else:
                self.send_header("Connection", "close")
                self.close_connection = True
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    return Handler
