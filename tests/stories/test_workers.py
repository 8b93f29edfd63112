"""Two workers on PostgreSQL serve the same thing: an edit is live in both within a quarter of a second."""

import asyncio
import contextlib
import os
import time

import httpx2
import pytest

from tests import postgres
from tests.stories.hammer import Hammer
from tests.studio import Studio

EDIT = """
from tests import make
from actionstudio.apps.design import editing
from actionstudio.apps.projects.models import Project
project = Project.objects.filter(slug="shared").first() or make.project("shared", make.user("ann"))
import time
editing.replace(project, make.contract(make.operation("GET", "/v{number}")))
print(time.time())
"""
ISSUE = """
from tests import make
from actionstudio.apps.oauth import minting, people
from actionstudio.core.auth import OAuth, Scope
project = make.project("people", make.user("ann"), make.contract(auth=OAuth((Scope("read", "Read"),))))
alice = people.make(project, "alice")
print(minting.mint(project, alice, None, ["read"], 600)[1])
"""
END = """
import time
from actionstudio.apps.oauth import revoking
from actionstudio.apps.oauth.models import EndUser
revoking.user(EndUser.objects.get(username="alice"))
print(time.time())
"""
COUNT = "from actionstudio.apps.traffic.models import Exchange; print(Exchange.objects.filter(path={path!r}).count())"


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


def test_an_edit_is_live_in_every_worker_within_a_quarter_of_a_second(workers):
    workers.shell(EDIT.format(number=1))
    host = {"host": f"shared.live.localhost:{workers.port}"}
    with contextlib.ExitStack() as stack:
        # Each connection stays with one worker; with twelve of them both are surely reached.
        clients = [stack.enter_context(httpx2.Client(trust_env=False, headers=host)) for _ in range(12)]
        url = f"http://127.0.0.1:{workers.port}"
        assert {client.get(f"{url}/v1").status_code for client in clients} == {200}
        saved = float(workers.shell(EDIT.format(number=2)).splitlines()[-1])
        time.sleep(max(0.0, saved + 0.3 - time.time()))
        assert {client.get(f"{url}/v2").status_code for client in clients} == {200}
        assert {client.get(f"{url}/v1").status_code for client in clients} == {404}


def test_a_revoked_token_is_refused_by_every_worker_within_a_quarter_of_a_second(workers):
    token = workers.shell(ISSUE).split()[-1]
    headers = {"host": f"people.live.localhost:{workers.port}", "authorization": f"Bearer {token}"}
    url = f"http://127.0.0.1:{workers.port}/items"
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(httpx2.Client(trust_env=False, headers=headers)) for _ in range(12)]
        for _ in range(5):  # the token is at hand in both workers, and stays so while it is in use
            assert {client.get(url).status_code for client in clients} == {200}
        ended = float(workers.shell(END).split()[-1])
        time.sleep(max(0.0, ended + 0.3 - time.time()))
        assert {client.get(url).status_code for client in clients} == {401}


def test_both_workers_log_completely_and_no_two_rows_share_an_id(workers):
    workers.shell(EDIT.format(number=3))
    workers.settle()
    hammer = Hammer(workers.port, "shared", "/v3", connections=24)
    asyncio.run(hammer.run(3))
    assert hammer.statuses == {200}
    assert int(workers.shell(COUNT.format(path="/v3"))) == len(hammer.answered) > 100


def test_those_who_follow_the_log_leave_the_pages_their_database_connections(workers):
    workers.shell(EDIT.format(number=4))
    accept = {"accept": "text/event-stream"}
    with contextlib.ExitStack() as stack:
        client = stack.enter_context(workers.client("ann"))
        for _ in range(17):  # the pools of both workers have sixteen
            tail = stack.enter_context(client.stream("GET", "/projects/shared/log/tail", headers=accept))
            assert tail.status_code == 200
        for _ in range(12):
            other = stack.enter_context(httpx2.Client(base_url=workers.url, cookies=client.cookies, trust_env=False))
            assert other.get("/projects/", timeout=30).status_code == 200


def test_a_killed_pair_of_workers_has_logged_what_it_answered(workers):
    workers.shell(EDIT.format(number=5))
    workers.settle()
    hammer = Hammer(workers.port, "shared", "/v5", connections=24)

    def kill():
        time.sleep(1)
        workers.kill9()

    asyncio.run(hammer.run(20, kill))
    workers.start()
    logged = int(workers.shell(COUNT.format(path="/v5")))
    assert len(hammer.answered) <= logged <= len(hammer.answered) + 24


@pytest.mark.sqlite_alone
def test_several_workers_on_sqlite_are_refused_with_the_cure(tmp_path):
    studio = Studio(workers=2)
    try:
        with pytest.raises(RuntimeError, match="Several workers need PostgreSQL"):
            studio._prepare()
            studio.start()
    finally:
        studio.__exit__()
