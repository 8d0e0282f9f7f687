"""The desk alone: a fault of its own costs a request, is told as such and is logged (SRV-001)."""

import asyncio
import io
import json
import logging
from concurrent.futures import Executor, Future, ThreadPoolExecutor

import pytest
from provenance.bulk.settings import Settings
from provenance.service import app
from provenance.service.answers import Answer, Fetching
from provenance.service.desk import Desk, Means
from provenance.service.limits import ServiceLimits
from provenance.service.logs import Log
from provenance.service.spool import Spool
from starlette.requests import Request

SECRET = "Working Title"


@pytest.fixture
def log():
    return io.StringIO()


@pytest.fixture
def desk(tmp_path, log):
    with ThreadPoolExecutor(1) as pool:
        limits = ServiceLimits(wait_seconds=0.2, requests=1)
        settings = Settings(home=str(tmp_path))
        yield Desk(
            Means(settings, limits, Fetching({}, 1, 1), pool, Spool(tmp_path, 1), Log(log), 1)
        )


def request():
    scope = {
        "type": "http",
        "method": "GET",
        "headers": [],
        "client": ("192.0.2.1", 1),
        "path": "/",
    }
    return Request(scope)


def answered(desk, work):
    answer = asyncio.run(desk.answered("verify", request(), work))
    return answer.status_code, json.loads(answer.body), answer.headers


@pytest.mark.requirement("SRV-030")
@pytest.mark.requirement("SRV-040")
def test_a_bug_is_a_problem_with_a_number_and_its_place_is_in_the_log(desk, log):
    async def work(request, number):
        raise KeyError(SECRET)

    status, problem, headers = answered(desk, work)
    line = json.loads(log.getvalue())

    assert (status, problem["code"]) == (500, "service.fault")
    assert headers["x-request-id"] == problem["request"] == line["request"]
    assert line["fault"] == "KeyError"
    assert "in work" in "".join(line["trace"])
    assert SECRET not in log.getvalue() + json.dumps(problem)
    assert "192.0.2.1" not in log.getvalue()


@pytest.mark.requirement("SRV-032")
def test_one_who_waits_too_long_and_one_too_many_are_told_to_come_back(desk):
    import time

    async def slow(request, number):
        return await desk._done(lambda: time.sleep(0.5))

    async def two():
        async def waiting(request, number):
            await asyncio.sleep(0.1)
            return Answer(b"{}")

        return await asyncio.gather(
            *(desk.answered("verify", request(), waiting) for _ in range(2))
        )

    status, problem, headers = answered(desk, slow)
    first, second = asyncio.run(two())

    assert (status, problem["code"], headers["retry-after"]) == (503, "service.busy", "5")
    assert (first.status_code, second.status_code) == (200, 503)
    assert second.headers["retry-after"] == "5"


class _Waiting(Executor):
    """Begins what it is given, and is told when that is done."""

    def __init__(self):
        self.begun = []

    def submit(self, fn, /, *args, **kwargs):
        self.begun.append(Future())
        return self.begun[-1]


@pytest.mark.parametrize("ends_well", [True, False])
def test_it_is_ready_when_each_process_has_verified_something(tmp_path, log, ends_well):
    pool = _Waiting()
    desk = Desk(
        Means(Settings(home=str(tmp_path)), ServiceLimits(), Fetching({}, 1, 1), pool,
              Spool(tmp_path, 1), Log(log), 2)
    )  # fmt: skip

    def ready():
        return asyncio.run(app._ready(desk)(request())).status_code

    seen = [ready()]
    pool.begun[0].set_result(None)
    seen.append(ready())
    if ends_well:
        pool.begun[1].set_result(None)
    else:
        pool.begun[1].set_exception(OSError("no"))

    assert seen == [503, 503]
    assert ready() == (200 if ends_well else 503)


@pytest.mark.requirement("SRV-040")
def test_what_a_library_logs_of_a_fault_is_its_kind_and_not_its_words(log):
    Log(log).takes("musicprov-test", logging.ERROR)
    theirs = logging.getLogger("musicprov-test")

    theirs.info("got %s", SECRET)
    theirs.error("Exception in application\n%s", SECRET, exc_info=KeyError(SECRET))

    line = json.loads(log.getvalue())
    assert (line["says"], line["fault"]) == ("Exception in application", "KeyError")
    assert SECRET not in log.getvalue()


@pytest.mark.requirement("SRV-028")
def test_after_the_end_nothing_is_begun(desk):
    desk.means.executor.shutdown()

    async def work(request, number):
        return await desk._done(lambda: None)

    assert answered(desk, work)[:2][1]["code"] == "service.stopping"
