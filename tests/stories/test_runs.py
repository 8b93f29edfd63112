"""A run of replays in the real product: it is killed in the middle, resumes, and sends no call twice."""

import time

import httpx2
import pytest

CALLS = 300
SETUP = """
from actionstudio.apps.accounts.models import ApiToken, User
from actionstudio.core.behaviour import Collection, Stateful
from actionstudio.core.contract import Body, Media, Response
from tests import make

rows = {{"type": "object", "properties": {{"id": {{"type": "integer"}}, "n": {{"type": "integer"}}}}}}
media = (Media("application/json", rows),)
add = make.operation(
    "POST", "/orders", body=Body(True, content=media), behaviour=Stateful("orders", "create"),
    responses=(Response("201", "Made", content=media),),
)
read = make.operation("GET", "/items")
ann = User.objects.get(username="ann")
project = make.project("shop", ann, make.contract(add, read, collections=(Collection("orders", rows),)))
json = [["content-type", "application/json"]]
for n in range({calls}):
    if n % 4:
        make.exchange(project, "POST", "/orders", 201, operation_id="postOrders", request_body={{"n": n}})
    else:
        make.exchange(project, "GET", "/items", 200, operation_id="getItems", response_body={{"ok": True}})
print(ApiToken.mint(ann, "story")[1])
"""
REPLAYED = """
from actionstudio.apps.traffic.models import Exchange
import orjson
rows = Exchange.objects.filter(source="replay")
posts = [orjson.loads(bytes(row.request_body))["n"] for row in rows if row.method == "POST"]
print(len(posts), len(set(posts)), sum(row.method == "GET" for row in rows))
"""


def ask(studio, token: str, method: str, path: str, **options):
    headers = {"authorization": f"Bearer {token}", "prefer": "respond-async"}
    url = f"http://127.0.0.1:{studio.port}/api/v1/projects/shop/{path}"
    return httpx2.request(method, url, headers=headers, trust_env=False, timeout=30, **options).json()


def until(studio, token: str, where: str, happened, seconds: float = 90.0) -> dict:
    """Looks at the run until something has happened."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        run = ask(studio, token, "GET", where, params={"limit": 1})
        assert "states" in run, f"{run}\n{studio.output()[-4000:]}"
        if happened(run):
            return run
        time.sleep(0.1)
    raise AssertionError(f"it did not happen: {run}\n{studio.output()[-2000:]}")


@pytest.fixture
def token(studio):
    studio.user("ann")
    return studio.shell(SETUP.format(calls=CALLS)).splitlines()[-1]


def test_a_killed_run_goes_on_where_it_was_and_sends_no_call_twice(studio, token):
    wish = {"filter": "", "rate": 200, "concurrency": 8}
    run = ask(studio, token, "POST", "replays/", json=wish)
    where = f"replays/{run['id']}/"
    assert run["total"] == CALLS
    until(studio, token, where, lambda one: one["states"].get("done", 0) > CALLS / 6)
    studio.kill9()
    studio.age()
    studio.start()
    over = until(studio, token, where, lambda one: one["state"] == "done")
    states = over["states"]
    assert sum(states.values()) == CALLS
    assert set(states) <= {"done", "unknown"}
    assert states.get("unknown", 0) <= 8
    posts, different, gets = map(int, studio.shell(REPLAYED).split())
    known = CALLS * 3 // 4 - states.get("unknown", 0)
    assert posts == different, "a call that makes something was sent twice"
    assert known <= posts <= CALLS * 3 // 4
    assert CALLS // 4 <= gets <= CALLS // 4 + 8
    assert sum(over["verdicts"].values()) == states["done"]
