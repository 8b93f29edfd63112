"""A collection under many hands: several workers, two processes on one file, a server that is killed.

No change is lost, no id is given twice, and the log has exactly the calls that changed something.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time

import pytest

from tests import postgres
from tests.stories.hammer import Writer, under_way
from tests.studio import ROOT, Studio, free_port

MAKE = """
from tests import make
from tests.stories import pets
make.project({slug!r}, make.user("ann"), pets.CONTRACT)
"""
KEPT = """
import json
from actionstudio.apps.mocking.models import Row, State
from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.projects.models import Project
project = Project.objects.get(slug={slug!r})
state = State.objects.get(project_id=project.pk)
rows = [json.loads(text) for text in Row.objects.filter(state=state).values_list("value", flat=True)]
calls = Exchange.objects.filter(address={slug!r}, method="POST", status=201)
logged = [[json.loads(bytes(sent))["n"], json.loads(bytes(answered))["id"]]
          for sent, answered in calls.values_list("request_body", "response_body")]
patched = Exchange.objects.filter(address={slug!r}, method="PATCH", status=200).count()
print(json.dumps([state.rows, rows, logged, patched]))
"""
CONNECTIONS = 24


def adds_and_patches(number):
    """Each connection adds rows, and in every fourth call writes its own field of the first row."""
    turn, one = divmod(number, CONNECTIONS)
    if turn % 4 == 3:
        return "PATCH", "/pets/1", {f"by{one}": number}
    return "POST", "/pets", {"n": number}


def agree(studio, slug, answers, killed=False):
    """The rows, the log and the answers tell the same story. Those on their way when a server died may be missing in
    the answers, but then they are in the log and in the rows, or in neither."""
    count, rows, logged, patched = json.loads(studio.shell(KEPT.format(slug=slug)).splitlines()[-1])
    assert {status for status, _ in answers.values()} <= {200, 201}
    told = {number: body["id"] for number, (status, body) in answers.items() if status == 201}
    kept = {row["n"]: row["id"] for row in rows if "n" in row}
    assert len(kept) == len(rows) - 1 == count - 1
    assert len(set(kept.values())) == len(kept)
    assert kept == dict(logged)
    assert len(logged) == len(kept)
    assert told.items() <= kept.items()
    mine = [(number, body) for number, (status, body) in answers.items() if status == 200]
    assert len(mine) <= patched
    (first,) = [row for row in rows if row["id"] == 1]
    for one in range(CONNECTIONS):
        last = max((number for number, _ in mine if number % CONNECTIONS == one), default=None)
        if last is not None:
            assert first[f"by{one}"] >= last
    if not killed:
        assert len(told) == len(kept)
        assert len(mine) == patched
    return len(kept)


def test_nothing_is_lost_when_many_write_at_once(studio):
    studio.shell(MAKE.format(slug="busy"))
    writer = Writer([studio.port], "busy", adds_and_patches)
    asyncio.run(writer.run(1200, CONNECTIONS))
    assert len(writer.answers) == 1200
    assert agree(studio, "busy", writer.answers) == 912
    listed = studio.call("busy", "GET", "/pets?n_gte=1199")
    assert listed.headers["x-total-count"] == "913"


def test_after_kill_9_every_answered_change_is_there_and_none_without_its_log_entry(studio):
    studio.shell(MAKE.format(slug="hurt"))
    writer = Writer([studio.port], "hurt", adds_and_patches)

    def kill():
        under_way(writer.answers, 50, 1)
        studio.kill9()

    asyncio.run(writer.run(9000, CONNECTIONS, kill))
    studio.start()
    assert len(writer.answers) > 50
    number = agree(studio, "hurt", writer.answers, killed=True)
    assert studio.call("hurt", "GET", "/pets").headers["x-total-count"] == str(number + 1)
    made = studio.call("hurt", "POST", "/pets", json={"n": -1})
    assert made.json()["id"] == number + 2


@pytest.fixture(scope="module")
def workers():
    """The product with two workers, on the PostgreSQL of DATABASE_URL or one of its own."""
    with contextlib.ExitStack() as stack:
        url = os.environ.get("DATABASE_URL", "")
        if not url:
            if postgres.binaries() is None:
                if os.environ.get("CI"):
                    pytest.fail("PostgreSQL is not installed")
                pytest.skip("PostgreSQL is not installed")
            url = stack.enter_context(postgres.cluster())
        yield stack.enter_context(Studio(workers=2, database_url=url))


def test_two_workers_on_postgresql_keep_one_list(workers):
    workers.shell(MAKE.format(slug="shared"))
    writer = Writer([workers.port], "shared", adds_and_patches)
    asyncio.run(writer.run(1200, CONNECTIONS))
    assert len(writer.answers) == 1200
    assert agree(workers, "shared", writer.answers) == 912
    totals = {workers.call("shared", "GET", "/pets").headers["x-total-count"] for _ in range(8)}
    assert totals == {"913"}


def test_a_killed_pair_of_workers_has_logged_every_change_it_kept(workers):
    workers.shell(MAKE.format(slug="pair"))
    writer = Writer([workers.port], "pair", adds_and_patches)

    def kill():
        under_way(writer.answers, 100, 1)
        workers.kill9()

    asyncio.run(writer.run(9000, CONNECTIONS, kill))
    workers.start()
    assert len(writer.answers) > 100
    agree(workers, "pair", writer.answers, killed=True)


@contextlib.contextmanager
def beside(studio):
    """The port of a second process on the same data folder, as when planes run apart: the ordinary way through ASGI."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--interface", "asgi3", "--lifespan", "on"]
    with (studio.folder / "second.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "actionstudio.asgi:runtime"], cwd=ROOT, env=studio.environment, stdout=log, stderr=log
        )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            with contextlib.suppress(OSError):
                asyncio.run(_open(port))
                break
            time.sleep(0.1)
        else:
            raise RuntimeError((studio.folder / "second.log").read_text())
        yield port
    finally:
        process.terminate()
        process.wait(20)


async def _open(port):
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


@pytest.mark.sqlite_alone
def test_two_processes_on_one_sqlite_file_keep_one_list():
    with Studio() as studio, beside(studio) as other:
        studio.shell(MAKE.format(slug="both"))
        writer = Writer([studio.port, other], "both", adds_and_patches)
        asyncio.run(writer.run(1200, CONNECTIONS))
        assert len(writer.answers) == 1200
        assert agree(studio, "both", writer.answers) == 912
        seen = Writer([studio.port, other], "both", lambda number: ("GET", f"/pets/{number + 1}", None))
        asyncio.run(seen.run(100, CONNECTIONS))
        assert {status for status, _ in seen.answers.values()} == {200}
