"""Rules as clients see them, through the real server: turns and counted calls are exact, whatever arrives at once."""

import asyncio
import contextlib
import json
import os
from collections import Counter

import httpx2
import pytest

from tests import postgres
from tests.studio import Studio

MAKE = """
import dataclasses
from actionstudio.core.behaviour import Collection, Condition, Examples, Rule, Rules, Seed
from actionstudio.core.contract import Body, Example, Media, Parameter, Response
from tests import make
def answer(status, *keys):
    examples = tuple(Example(key, {"is": key}) for key in keys)
    return Response(status, content=(Media("application/json", None, examples),))
answers = (answer("200", "usual", "a", "b", "c"), answer("404", "gone"))
def says(key, *conditions, **fields):
    return Rule(conditions, Examples("200", key), **fields)
rules = {
    "/turns": Rules(tuple(map(says, "abc")), "sequential"),
    "/tenth": Rules((says("a", Condition("call", operator="equals", value=10)),)),
    "/some": Rules((says("a", Condition("query", "n", "less", 5)),
                    says("b", Condition("header", "x-team", "in", ["red"])))),
    "/rows": Rules((says("a", Condition("collection", "pets/{{ query.id }}", "exists")),
                    says("b", Condition("collection", "pets", "greater", 1)))),
}
body = Body(content=(Media("application/json"),))
operations = [make.operation("GET", path, behaviour=one, responses=answers) for path, one in rules.items()]
member = Condition("body", "$.items[?@.n > 1]", "exists")
operations.append(make.operation("POST", "/body", body=body, responses=answers, behaviour=Rules((says("a", member),))))
paired = Parameter("id", "path", True, examples=(Example("a", 1), Example("gone", 404)))
operations.append(make.operation("GET", "/pairs/{id}", parameters=(paired,), responses=answers))
pets = Collection("pets", seeds=(Seed(({"id": 1}, {"id": 2})),))
made = make.contract(*operations, collections=(pets,))
make.project("ruled", make.user("ann"), made)
"""
TRAIL = """
from actionstudio.apps.traffic.models import Exchange
print(Exchange.objects.filter(address="ruled", path={path!r}).latest("id").decisions)
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


def said(studio, path, method="GET", **sent):
    answer = studio.call("ruled", method, path, **sent)
    return answer.status_code, answer.json()["is"]


async def at_once(studio, path, number):
    """What ``number`` calls are told that are under way together."""
    limits = httpx2.Limits(max_connections=20)
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{studio.port}", limits=limits, timeout=60) as client:
        headers = {"Host": f"ruled.live.localhost:{studio.port}"}
        answers = await asyncio.gather(*(client.get(path, headers=headers) for _ in range(number)))
    return Counter(answer.json()["is"] for answer in answers)


def test_turns_are_exact_when_many_call_at_once(studio):
    assert asyncio.run(at_once(studio, "/turns", 300)) == {"a": 100, "b": 100, "c": 100}
    assert [said(studio, "/turns")[1] for _ in range(4)] == ["a", "b", "c", "a"]


def test_one_call_is_the_tenth(studio):
    assert asyncio.run(at_once(studio, "/tenth", 60)) == {"usual": 59, "a": 1}


def test_conditions_choose_and_the_log_says_which(studio):
    assert said(studio, "/some?n=4.5") == (200, "a")
    assert said(studio, "/some?n=5", headers={"X-Team": "red"}) == (200, "b")
    assert said(studio, "/some?n=x", headers={"X-Team": "Red"}) == (200, "usual")
    (entry,) = json.loads(studio.shell(TRAIL.format(path="/some")).splitlines()[-1])["trail"]
    assert entry["values"] == {"query.n": "x", "header.x-team": "Red"} and entry["otherwise"] is True


def test_bodies_rows_and_pairs_choose(studio):
    assert said(studio, "/body", "POST", json={"items": [{"n": 1}, {"n": 2}]}) == (200, "a")
    assert said(studio, "/body", "POST", json={"items": [{"n": 1}]}) == (200, "usual")
    assert [said(studio, f"/rows?id={number}")[1] for number in (1, 2, 3)] == ["a", "a", "b"]
    assert [said(studio, f"/pairs/{number}") for number in (1, 2, 404)] == [(200, "a"), (200, "usual"), (404, "gone")]
