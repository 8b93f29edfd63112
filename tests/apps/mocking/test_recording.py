"""Record: what an upstream answered becomes examples or rules of the operation, so that the mock can take its place."""

from dataclasses import replace

import orjson
import pytest

from actionstudio.apps.design import editing, load
from actionstudio.apps.mocking import recording
from actionstudio.apps.publishing import secrets
from actionstudio.core.behaviour import Backend, Proxy, Rules, Upstream
from actionstudio.core.call import Call
from actionstudio.core.contract import Media, Parameter, Response
from actionstudio.runtime.app import frontdoor
from actionstudio.runtime.forwarding import recording as forwarding
from actionstudio.runtime.forwarding.recording import Place
from tests import make
from tests.runtime.upstream import Upstream as Server
from tests.runtime.upstream import answer

JSON = "application/json"
SECRET = "edd1c9f034335f136f87"
PETS = Place(0, "GET", "/pets/{id}")


def reply(seen):
    number = seen.target.rpartition("/")[2].partition("?")[0]
    if number == "9":
        return answer(b'{"detail": "none"}', "404 Not Found", f"Content-Type: {JSON}")
    return answer(orjson.dumps({"id": int(number), "token": "abcdefghijklmnop"}), "200 OK", f"Content-Type: {JSON}")


@pytest.fixture
def heard():
    places: list[Place] = []
    forwarding.listen(places.append)
    yield places
    forwarding.listen(recording.noticed)


@pytest.fixture
def world(ann, heard):
    with Server(reply) as server:
        yield make.project("items", ann), server


def proxied(project, server, record="examples", **fields):
    operation = make.operation(
        "GET",
        "/pets/{id}",
        operation_id="getPet",
        parameters=(Parameter("id", "path", required=True, schema={"type": "integer"}),),
        responses=(Response("200", content=(Media(JSON, {"type": "object"}),)),),
        behaviour=Proxy("up", record=record, fall_back_on=("unreachable",), **fields),
    )
    upstream = Upstream("up", (Backend(server.url),), secret="key one")
    secrets.keep(project, "key one", SECRET)
    value = replace(load.contract(project), operations=(operation,), upstreams=(upstream,))
    editing.replace(project, value)


def call(path="/pets/1"):
    return frontdoor().call_blocking("items", Call("GET", path)).reply


def kept(project, since=0):
    revision = recording.keep(Place(project.pk, "GET", "/pets/{id}"), since)
    (operation,) = load.contract(project).operations
    return revision, operation


def examples(operation):
    return {one.status: list(one.content[0].examples) for one in operation.responses}


def test_answers_become_examples_once_each_in_one_version(world, heard):
    project, server = world
    proxied(project, server)
    for path in ("/pets/1", "/pets/2", "/pets/1", "/pets/9"):
        call(path)
    assert heard[0] == Place(project.pk, "GET", "/pets/{id}")
    revision, operation = kept(project)
    assert "3" in revision.note
    found = examples(operation)
    assert [one.value["id"] for one in found["200"]] == [1, 2]
    assert [one.value for one in found["404"]] == [{"detail": "none"}]
    assert len({one.key for one in found["200"]}) == 2
    assert kept(project)[0] is None


def test_the_mock_answers_the_same_call_the_same_when_the_upstream_has_gone(world):
    project, server = world
    proxied(project, server)
    for path in ("/pets/1", "/pets/2"):
        call(path)
    kept(project)
    value = load.contract(project)
    gone = replace(value.upstreams[0], backends=(Backend("http://127.0.0.1:9"),))
    editing.replace(project, replace(value, upstreams=(gone,)))
    assert [orjson.loads(call(path).body)["id"] for path in ("/pets/2", "/pets/1")] == [2, 1]


def test_what_the_log_hides_and_the_secret_are_in_no_example(world):
    project, server = world
    proxied(project, server)
    call()
    _revision, operation = kept(project)
    assert "abcdefghijklmnop" not in repr(operation)
    assert SECRET not in repr(operation)


def test_answers_become_rules_of_what_stands_in(world):
    project, server = world
    proxied(project, server, record="rules")
    for path in ("/pets/1", "/pets/2", "/pets/1"):
        call(path)
    _revision, operation = kept(project)
    otherwise = operation.behaviour.otherwise
    assert isinstance(otherwise, Rules)
    assert [rule.conditions[0].value for rule in otherwise.rules] == ["1", "2"]
    assert kept(project)[0] is None


def test_an_operation_keeps_only_so_many_by_itself(world, monkeypatch):
    project, server = world
    monkeypatch.setattr(recording, "MOST", 2)
    proxied(project, server)
    for number in range(1, 6):
        call(f"/pets/{number}")
    _revision, operation = kept(project)
    assert len(examples(operation)["200"]) == 2


def test_only_what_came_since_is_looked_at_and_nothing_without_the_switch(world, heard):
    project, server = world
    proxied(project, server)
    call()
    assert kept(project, since=2**62)[0] is None
    proxied(project, server, record="")
    heard.clear()
    call("/pets/3")
    assert not heard
    assert not any(one.value["id"] == 3 for one in examples(kept(project)[1])["200"])


def test_a_project_or_an_operation_that_has_gone_is_passed_over(world):
    project, _server = world
    assert recording.keep(Place(999_999, "GET", "/x"), 0) is None
    assert recording.keep(Place(project.pk, "GET", "/none"), 0) is None


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_it_is_kept_by_itself_a_moment_later(ann, monkeypatch):
    seen = []
    monkeypatch.setattr(recording, "SECONDS", 0.05)
    monkeypatch.setattr(recording, "keep", lambda place, since: seen.append(place))
    recording.noticed(Place(7, "GET", "/a"))
    recording.noticed(Place(7, "GET", "/a"))
    recording.noticed(Place(7, "GET", "/b"))
    timer = recording._timer
    timer.join(5)
    assert seen == [Place(7, "GET", "/a"), Place(7, "GET", "/b")]
    assert recording._timer is None
