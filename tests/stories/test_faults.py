"""Faults, rate limits and switches as a client sees them, through the real server: exact, whatever arrives at once."""

import asyncio
import contextlib
import os
import threading
import time
from collections import Counter

import httpx2
import pytest

from tests import postgres
from tests.studio import Studio

MAKE = """
from actionstudio.core.behaviour import Around, Fault, Limit
from tests import make
around = {
    "/cut": Around(faults=(Fault("truncated"),)),
    "/long": Around(faults=(Fault("over-long", characters=100_001),)),
    "/limited": Around(limit=Limit(20, 3600)),
    "/each": Around(limit=Limit(5, 3600, "credential")),
    "/late": Around(faults=(Fault("delay", seconds=300),)),
    "/third": Around(faults=(Fault("status", status=503, when="every", number=3),)),
}
operations = [make.operation("GET", path, around=one) for path, one in around.items()]
make.project("bad", make.user("ann"), make.contract(make.operation("GET", "/plain"), *operations))
"""
SET = """
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing import switching
from actionstudio.core.behaviour import Fault
switching.set_switch(Project.objects.get(slug="bad"), "GET", "/plain", Fault("status", status=503), 7)
"""
COUNT = """
from actionstudio.apps.publishing.models import Switch
from actionstudio.apps.traffic.models import Exchange
print(Exchange.objects.filter(path="{path}").count(), Switch.objects.count())
"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def studio(request):
    """One process on SQLite, and two workers on PostgreSQL."""
    with contextlib.ExitStack() as stack:
        url = os.environ.get("DATABASE_URL", "") if request.param == "postgresql" else ""
        if request.param == "postgresql" and not url:
            if postgres.binaries() is None:
                if os.environ.get("CI"):
                    pytest.fail("PostgreSQL is not installed")
                pytest.skip("PostgreSQL is not installed")
            url = stack.enter_context(postgres.cluster())
        running = stack.enter_context(Studio(workers=2 if url else 1, database_url=url))
        running.shell(MAKE)
        yield running


def statuses(studio, path: str, calls: int, headers: list[dict] | None = None) -> Counter:
    """What so many calls at once get, each on a connection of its own."""

    async def one(number: int) -> int:
        host = {"host": f"bad.live.localhost:{studio.port}", **(headers or [{}])[number % len(headers or [{}])]}
        async with httpx2.AsyncClient(trust_env=False, headers=host, timeout=60) as client:
            return (await client.get(f"http://127.0.0.1:{studio.port}{path}")).status_code

    async def main():
        return await asyncio.gather(*(one(number) for number in range(calls)))

    return Counter(asyncio.run(main()))


def test_a_rate_limit_lets_in_exactly_as_many_as_it_says(studio):
    assert statuses(studio, "/limited", 60) == {200: 20, 429: 40}


def test_each_credential_has_its_own_window(studio):
    callers = [{"authorization": "Bearer one"}, {"authorization": "Bearer two"}]
    assert statuses(studio, "/each", 30, callers) == {200: 10, 429: 20}


def test_every_third_call_is_counted_by_all_workers_together(studio):
    assert statuses(studio, "/third", 30) == {200: 20, 503: 10}


def test_each_call_of_a_switch_is_claimed_exactly_once(studio):
    studio.shell(SET)
    assert statuses(studio, "/plain", 50) == {503: 7, 200: 43}
    assert studio.shell(COUNT.format(path="/plain")).split() == ["50", "0"]


def test_a_client_sees_the_body_break_off_and_the_next_call_works(studio):
    host = {"host": f"bad.live.localhost:{studio.port}"}
    with httpx2.Client(trust_env=False, headers=host, base_url=f"http://127.0.0.1:{studio.port}") as client:
        for _ in range(3):
            with pytest.raises(httpx2.RemoteProtocolError):
                client.get("/cut")
        assert len(client.get("/long").text) == 100_001
        assert client.get("/plain").status_code == 200
    assert studio.shell(COUNT.format(path="/cut")).split()[0] == "3"


def test_a_server_that_is_stopped_does_not_wait_for_answers_that_wait(studio):
    found = []
    caller = threading.Thread(target=lambda: found.append(statuses(studio, "/late", 5)))
    caller.start()
    time.sleep(2)
    began = time.monotonic()
    studio.stop()
    caller.join(30)
    assert time.monotonic() - began < 30
    assert found == [{200: 5}], "who waited gets the answer, only sooner"
    studio.start()
    assert studio.shell(COUNT.format(path="/late")).split()[0] == "5"
