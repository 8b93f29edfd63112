"""A prompt run in the real product: several requests at once, killed in the middle, gone on with; nothing is lost."""

import os
import time

import httpx2
import pytest

from tests import openai_server, postgres
from tests.openai_server import Turn
from tests.studio import Studio

CASES = 16
SETUP = """
from actionstudio.apps.accounts.models import ApiToken, User
from actionstudio.apps.simulator.endpoints import keeping as keys
from actionstudio.apps.simulator.models import Endpoint, PromptCase
from actionstudio.apps.simulator.prompts import keeping
from tests import make

ann = User.objects.get(username="ann")
project = make.project("shop", ann)
endpoint = Endpoint.objects.create(user=ann, name="Local", model="gpt-test", base_url={base_url!r})
keys.keep(endpoint, {key!r})
suite = keeping.suite(project, None, {{"name": "Many", "asks": ["Local"], "concurrency": 4, "rate": 50}}, ann)
for n in range({cases}):
    keeping.case(keeping.fill(PromptCase(suite=suite), {{"turns": [f"What is there {{n}}?"], "calls": ["getItems"]}}))
print(suite.pk, ApiToken.mint(ann, "story")[1])
"""


@pytest.fixture
def studio():
    """An installation that may ask a model on its own computer."""
    database = os.environ.get("DATABASE_URL", "")
    workers = int(os.environ.get("STUDIO_WORKERS", "1")) if database else 1
    env = {**postgres.shared_cache(), "STUDIO_ALLOW_PRIVATE_UPSTREAMS": "true"}
    with Studio(workers=workers, database_url=database, env=env) as running:
        yield running


@pytest.fixture
def model():
    """A model that takes its time and counts how many ask at once."""
    with openai_server.serving() as server:
        server.turns = [Turn(calls=(("getItems", "{}"),), mute=0.5)]
        yield server
        assert server.refused == []


def ask(studio, token: str, method: str, path: str, **options) -> dict:
    url = f"http://127.0.0.1:{studio.port}/api/v1/projects/shop/prompts/{path}"
    headers = {"authorization": f"Bearer {token}"}
    return httpx2.request(method, url, headers=headers, trust_env=False, timeout=30, **options).json()


def until(studio, token: str, where: str, happened, seconds: float = 90.0) -> dict:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        run = ask(studio, token, "GET", where)
        if happened(run):
            return run
        time.sleep(0.2)
    raise AssertionError(f"it did not happen: {run}\n{studio.output()[-2000:]}")


def test_a_killed_run_goes_on_and_every_case_is_judged_once(studio, model):
    studio.user("ann")
    setup = SETUP.format(base_url=model.base_url, key=openai_server.KEY, cases=CASES)
    suite, token = studio.shell(setup).splitlines()[-1].split()
    run = ask(studio, token, "POST", f"{suite}/runs/", json={})
    assert run["total"] == CASES
    where = f"{suite}/runs/{run['id'].removeprefix('prun_')}/"
    until(studio, token, where, lambda one: one["results"][0]["passed"]["of"] > CASES / 6)
    studio.kill9()
    studio.age()
    studio.start()
    over = until(studio, token, where, lambda one: one["state"] == "done")
    assert over["counts"] == {"passed": CASES} and over["share"] == 1.0
    assert CASES <= len(model.asked) <= CASES + 4, "at most those on their way were asked a second time"
