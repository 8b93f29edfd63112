"""A prompt suite asks the scripted model, and models over HTTP: a strict server takes every request of ours."""

import json

import pytest

from actionstudio.apps.simulator.endpoints import keeping as keys
from actionstudio.apps.simulator.models import Endpoint, PromptCase
from actionstudio.apps.simulator.prompts import beginning, keeping, results, running
from actionstudio.apps.simulator.prompts.starting import Wish
from tests import make, openai_server
from tests.apps.simulator.prompts.test_prompt_running import contract
from tests.openai_server import Turn

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS = True
    with openai_server.serving() as server:
        yield server
        assert server.refused == [], "every request of ours is one that the published schema allows"


@pytest.fixture
def suite(ann):
    made = keeping.suite(make.project("todo", ann, contract()), None, {"name": "First", "rate": 50})
    row = PromptCase(suite=made)
    keeping.case(keeping.fill(row, {"turns": ["Do both"], "calls": ["listTodos", "addTodo"], "ordered": True}))
    return made


@pytest.mark.parametrize("protocol", ["chat", "responses"])
def test_a_model_over_http_is_asked_told_and_judged(suite, server, ann, protocol):
    endpoint = Endpoint.objects.create(
        user=ann, name="Local", model="gpt-test", base_url=server.base_url, protocol=protocol, price_in=2, price_out=8
    )
    keys.keep(endpoint, openai_server.KEY)
    server.turns = [Turn(calls=(("listTodos", "{}"),)), Turn(calls=(("addTodo", '{"title": "Milk"}'),))]
    run = running.through(suite, Wish(models=["Local"], temperature=0.0))
    outcome = run.outcomes.get()
    assert (outcome.verdict, [one.operation for one in outcome.calls]) == ("passed", ["listTodos", "addTodo"])
    assert (outcome.tokens_in, outcome.tokens_out) == (240, 60)
    assert outcome.dollars == pytest.approx((240 * 2 + 60 * 8) / 1_000_000)
    kept = json.dumps([outcome.trace, outcome.called, outcome.why, outcome.text])
    assert openai_server.KEY not in kept and "Adds a todo" not in kept, "no key, and the tools stand in the run"
    assert results.of_run(run)[0].result.tokens_in == 240


def test_the_scripted_model_does_what_the_starters_of_a_project_say(ann):
    project = make.project("todo", ann, contract())
    suite = keeping.suite(project, None, {"name": "Starters", "rate": 50})
    beginning.keep(suite, beginning.proposed(suite))
    run = running.through(suite)
    assert run.passed, [(row.name, row.called) for row in run.outcomes.exclude(verdict="passed")]
    assert run.outcomes.first().why, "it says how it came to its choice"
