"""``prov serve`` and ``prov worker`` as commands: how they start, refuse and end."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys

import pytest
from click.testing import CliRunner
from provenance.cli import serve
from provenance.cli._serving import routes_of
from provenance.model.errors import UsageError
from provenance.service import running
from provenance.service.limits import ServiceLimits

from support.command import prov
from support.samples import CHECKOUT
from support.service import SIGNED

NO_EXTRA = """
import sys
sys.modules["uvicorn"] = None
sys.argv[:] = ["prov", "serve"]
from provenance.cli.main import main
main()
"""


@pytest.mark.requirement("SRV-028")
def test_it_serves_until_it_is_told_to_stop_and_says_only_json(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "provenance", "serve", "--port", "0", "--jobs", "1",
         "--spool", str(tmp_path), "--max-mib", "1"],
        env={**os.environ, "MUSICPROV_HOME": str(tmp_path / "home")},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    port = json.loads(process.stderr.readline())["port"]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("POST", "/v1/verify", SIGNED.read_bytes())
    answer = json.loads(connection.getresponse().read())
    connection.request("POST", "/v1/verify", b"x" * ((1 << 20) + 1))
    refused = json.loads(connection.getresponse().read())
    process.send_signal(signal.SIGTERM)
    out, said = process.communicate(timeout=600)

    assert answer["status"] == "INDETERMINATE"
    assert refused["code"] == "request.too-large"
    assert (process.returncode, out) == (0, "")
    assert [json.loads(line)["event"] for line in said.splitlines()][-1] == "stopped"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.requirement("SRV-031")
@pytest.mark.parametrize(
    ("options", "limits"),
    [
        ([], ServiceLimits()),
        (
            ["--max-mib", "2", "--spool-mib", "3", "--requests", "4", "--client-requests", "5",
             "--timeout", "200"],
            ServiceLimits(body_bytes=2 << 20, spool_bytes=3 << 20, requests=4, client_requests=5,
                          verify_seconds=200.0, wait_seconds=400.0),
        ),
    ],
)  # fmt: skip
def test_the_bounds_that_are_named_are_those_of_the_service(monkeypatch, tmp_path, options, limits):
    taken = []
    monkeypatch.setattr(running, "serve", taken.append)
    monkeypatch.setenv("MUSICPROV_HOME", str(tmp_path))

    done = CliRunner().invoke(serve.command, options)

    assert done.exit_code == 0, done.output
    assert taken[0].limits == limits
    assert (taken[0].fetching.most, taken[0].fetching.seconds) == (
        limits.body_bytes,
        limits.verify_seconds,
    )


def test_the_container_file_starts_it_with_options_that_there_are(monkeypatch, tmp_path):
    text = (CHECKOUT / "examples/service/Containerfile").read_text(encoding="utf-8")
    program, verb, *options = json.loads(re.search(r"^ENTRYPOINT (.*)$", text, re.MULTILINE)[1])
    extras = re.search(r"'\.\[([a-z,]+)\]'", text)[1].split(",")
    taken = []
    monkeypatch.setattr(running, "serve", taken.append)
    monkeypatch.setenv("MUSICPROV_HOME", str(tmp_path))

    done = CliRunner().invoke(serve.command, options)

    assert done.exit_code == 0, done.output
    assert (program, verb) == ("/opt/prov/bin/prov", "serve")
    assert (taken[0].host, taken[0].port, str(taken[0].spool)) == ("0.0.0.0", 8765, "/spool")
    assert "service" in extras


def test_an_address_that_is_taken_is_the_worlds_fault(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = prov(tmp_path, "serve", "--port", port, expect=5)

    assert f"127.0.0.1:{port}: another program listens there. " in done.stderr
    assert "--port" in done.stderr


def test_an_address_of_another_machine_is_told_with_the_option(tmp_path):
    done = prov(tmp_path, "serve", "--host", "192.0.2.1", expect=5)

    said = "192.0.2.1:8765: this machine does not have that address. --host is an address"
    assert said in " ".join(done.stderr.split())


def test_without_the_extra_one_line_says_how_to_get_it(tmp_path):
    done = subprocess.run([sys.executable, "-c", NO_EXTRA], capture_output=True, text=True,
                          env={**os.environ, "MUSICPROV_HOME": str(tmp_path)}, check=False)  # fmt: skip

    assert done.returncode == 5
    assert "pip install 'musicprov[service]'" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.requirement("SRV-023")
@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "a.example/x", "a.example=10.0.0.1", "a.example=b.example:443",
     "a.example=10.0.0.1:99999", "a.example=", "", "*"],
)  # fmt: skip
def test_a_host_is_named_by_its_name_alone(host):
    with pytest.raises(UsageError) as caught:
        routes_of((host,), None)
    assert "directory" not in caught.value.hint

    assert set(routes_of(("A.example", "b.example=10.0.0.1:8443"), None)) == {
        "a.example",
        "b.example",
    }


@pytest.mark.parametrize(
    ("verb", "option", "value", "code"),
    [("serve", "--policy", "none.json", 5), ("worker", "--trust", "none.json", 5),
     ("worker", "--host-ca", "none.pem", 5), ("serve", "--host-ca", "none.pem", 5),
     ("serve", "--require", "colour", 2), ("worker", "--decode", "always", 2)],
)  # fmt: skip
def test_what_cannot_be_used_is_said_before_anything_is_served(tmp_path, verb, option, value, code):
    prov(tmp_path, verb, option, value, expect=code)
