"""A Dask cluster on this machine: a scheduler and workers, each a process, with nannies."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from support.samples import CHECKOUT
from support.stores import free_port


class Cluster:
    """A scheduler at ``address``; ``start`` adds a worker of one thread."""

    def __init__(self, folder, **settings):
        self.folder, self._processes = folder, []
        self._settings = {f"DASK_DISTRIBUTED__{k.upper()}": str(v) for k, v in settings.items()}
        port = free_port()
        self.place = f"127.0.0.1:{port}"
        self.address = f"dask://{self.place}"
        host = ("--host", "127.0.0.1", "--port", str(port))
        self.scheduler = self._run("scheduler", *host, "--no-dashboard", "--no-show")

    def start(self, *paths):
        """Start a worker; modules are found in ``paths`` first."""
        scratch = ("--local-directory", str(self.folder))
        limits = ("--nthreads", "1", "--memory-limit", "0", "--no-dashboard")
        return self._run("worker", self.place, *limits, *scratch, paths=paths)

    def _run(self, what, *arguments, paths=()):
        found = [*paths, CHECKOUT / "tests", CHECKOUT]
        env = {**os.environ, **self._settings, "TMPDIR": str(self.folder)}
        env["PYTHONPATH"] = ":".join(map(str, found))
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments]
        with (self.folder / "cluster.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=self.folder, env=env, stdout=log, stderr=log)
        self._processes.append(process)
        return process

    def stop(self):
        """End the workers, then the scheduler: without it they would wait for it."""
        for processes in (self._processes[1:], self._processes[:1]):
            for process in processes:
                process.terminate()
            for process in processes:
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


@contextmanager
def cluster(folder, workers=2, paths=(), **settings):
    """A cluster whose workers start elsewhere than the caller; ``settings`` are Dask's.

    Modules of the workers are found in ``paths`` first.
    """
    pytest.importorskip("distributed", reason="the extra 'catalog' is not installed")
    folder.mkdir(exist_ok=True)
    made = Cluster(folder, **settings)
    try:
        for _ in range(workers):
            made.start(*paths)
        yield made
    finally:
        made.stop()


class Watch:
    """What the workers of a cluster are and have in hand."""

    def __init__(self, client):
        self._client = client

    def kill_the_busiest(self):
        """Kill the worker process with the most tasks; its nanny starts another.

        The process that is gone, and how many tasks it had.
        """
        pids, tasks = self._client.run(os.getpid), self._client.processing()
        worker = max(pids, key=lambda name: len(tasks.get(name, ())))
        os.kill(pids[worker], signal.SIGKILL)
        return pids[worker], len(tasks.get(worker, ()))


@contextmanager
def watched(address, at_least=1):
    """A second look at a cluster, once it has so many workers."""
    from distributed import Client

    scheduler = address.replace("dask:", "tcp:")
    with Client(scheduler, timeout=600, set_as_default=False) as client:
        client.wait_for_workers(at_least, timeout=600)
        yield Watch(client)


def kill_a_worker(address):
    """Kill one worker process; its nanny starts another. The process that is gone."""
    with watched(address) as watch:
        return watch.kill_the_busiest()[0]


def wait_until(is_so, seconds=120):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
