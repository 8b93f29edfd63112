"""Answers by rules, through the whole data plane: which rule answers, and what the log says about it."""

import asyncio
import dataclasses
import random

import orjson
import pytest

from actionstudio.core.behaviour import Collection, Condition, Examples, Generated, Rule, Rules, Seed
from actionstudio.core.call import Call
from actionstudio.core.contract import Example, Media, Operation, Response
from actionstudio.core.rules import explained
from actionstudio.runtime.responders import rules as responder
from actionstudio.runtime.visit import Visit
from tests import make
from tests.runtime.house import ask, front

JSON = "application/json"
PETS = tuple(Example(key, {"is": key}) for key in ("usual", "a", "b", "c"))


def serving(behaviour, method="GET", **fields):
    found = Response("200", content=(Media(JSON, None, PETS),))
    gone = Response("404", content=(Media(JSON, None, (Example("gone", "gone"),)),))
    operation = Operation(method, "/pets/{id}", "pet", responses=(found, gone), behaviour=behaviour, **fields)
    return make.contract(operation, validation="off")


def says(key, *conditions, **fields):
    return Rule(conditions, Examples("200", key), **fields)


def asked(door, url="/pets/1", *, method="GET", body=b"", **headers):
    answer = ask(door, method, url, body, **headers)
    value = orjson.loads(answer.reply.body)
    return value["is"] if isinstance(value, dict) else value


def trail(door, url="/pets/1", **headers):
    return ask(door, "GET", url, **headers).record.decisions["trail"]


SOLD = Condition("query", "status", "equals", "sold")
BIG = Condition("path", "id", "greater", 100)


def test_the_first_rule_that_holds_answers():
    door = front(serving(Rules((says("a", SOLD, BIG), says("b", SOLD), says("c", BIG)))))
    assert asked(door, "/pets/101?status=sold") == "a"
    assert asked(door, "/pets/1?status=sold") == "b"
    assert asked(door, "/pets/101") == "c"
    assert asked(door) == "usual"


def test_any_of_the_conditions_may_do():
    door = front(serving(Rules((says("a", SOLD, BIG, match="any"),))))
    assert [asked(door, url) for url in ("/pets/1?status=sold", "/pets/101", "/pets/1")] == ["a", "a", "usual"]


def test_a_rule_without_conditions_always_holds():
    assert asked(front(serving(Rules((says("a"), says("b")))))) == "a"


def test_otherwise_answers_when_no_rule_holds():
    door = front(serving(Rules((says("a", SOLD),), otherwise=Examples("404"))))
    assert ask(door, "GET", "/pets/1").reply.status == 404


def test_answers_may_be_rules_themselves_and_the_trail_tells_both():
    inner = Rules((says("b", BIG),), otherwise=Examples("404"))
    door = front(serving(Rules((Rule((SOLD,), inner, "sold"),))))
    assert asked(door, "/pets/101?status=sold") == "b"
    outer, inside = trail(door, "/pets/7?status=sold")
    assert outer == {"what": "rules", "mode": "first", "matched": 0, "call": None, "values": {"query.status": "sold"},
                     "otherwise": False}  # fmt: skip
    assert (inside["matched"], inside["values"], inside["otherwise"]) == (None, {"path.id": "7"}, True)


def test_rules_take_turns_among_those_that_hold():
    door = front(serving(Rules((says("a"), says("b", SOLD), says("c")), mode="sequential")))
    assert [asked(door) for _ in range(4)] == ["a", "c", "a", "c"]
    assert [asked(door, "/pets/1?status=sold") for _ in range(4)] == ["a", "b", "c", "a"]
    assert [asked(door) for _ in range(2)] == ["a", "c"], "calls for which others hold have turns of their own"


def test_rules_that_stand_apart_take_turns_apart():
    turns = Rules((says("a"), says("b")), mode="sequential")
    door = front(serving(Rules((Rule((SOLD,), turns),), otherwise=Rules((says("c"), says("b")), mode="sequential"))))
    assert [asked(door, "/pets/1?status=sold"), asked(door), asked(door)] == ["a", "c", "b"]
    assert asked(door, "/pets/1?status=sold") == "b"


def test_random_draws_by_weight(monkeypatch):
    draws = iter([0.0, 0.24, 0.26, 0.99])
    behaviour = Rules((says("a", weight=1), says("b", weight=3), says("c", weight=0)), mode="random")
    door = front(serving(behaviour))
    served = door.registry.current("todo").router.routes["/pets/{id}"].methods["GET"]
    served.compile()
    served._respond = responder.compile(served, behaviour, lambda: next(draws))
    assert [asked(door) for _ in range(4)] == ["a", "a", "b", "b"]


def test_random_over_many_calls_gives_each_its_share():
    door = front(serving(Rules((says("a", weight=1), says("b", weight=4)), mode="random")))
    given = [asked(door) for _ in range(1000)]
    assert 130 < given.count("a") < 280 and set(given) == {"a", "b"}


def test_the_nth_call_is_another():
    third = Condition("call", operator="equals", value=3)
    later = Condition("call", operator="greater", value=4)
    door = front(serving(Rules((says("a", third), says("b", later)))))
    assert [asked(door) for _ in range(6)] == ["usual", "usual", "a", "usual", "b", "b"]
    (entry,) = trail(door)
    assert (entry["call"], entry["values"]) == (7, {"call": 7})


def test_rules_within_rules_count_a_call_once():
    third = Condition("call", operator="equals", value=3)
    door = front(serving(Rules((Rule((third,), Rules((says("b", third),))),))))
    assert [asked(door) for _ in range(3)] == ["usual", "usual", "b"]


def test_only_rules_that_count_or_look_at_collections_need_the_store():
    def stored(behaviour):
        return front(serving(behaviour)).registry.current("todo").router.routes["/pets/{id}"].methods["GET"].stored

    assert not stored(Rules((says("a", SOLD),)))
    assert stored(Rules((says("a", Condition("call", value=1)),)))
    assert stored(Rules((says("a", Condition("collection", "pets", "exists")),)))
    assert stored(Rules(otherwise=Rules(mode="sequential")))


def test_the_same_reason_is_the_same_answer():
    door = front(serving(Rules((says("a", SOLD),))))
    program = door.registry.current("todo")

    def reply(url, headers=()):
        path, _, query = url.partition("?")
        visit = Visit(Call("GET", path, query, headers))
        program.answer(visit)
        return visit.reply, visit.decisions

    first, again = reply("/pets/1?status=sold"), reply("/pets/2?status=sold&x=1")
    assert first[0] is again[0] and first[1] is again[1]
    other = reply("/pets/1?status=new")
    assert other[0] is not first[0] and other[0].body is reply("/pets/1")[0].body


def test_what_is_remembered_never_changes_an_answer():
    """Every call twice in one door, in an order that mixes them, and once in a door that remembers nothing."""
    some = (
        says("a", Condition("query", "q", "equals", 1)),
        says("b", BIG),
        says("c", Condition("header", "x-a", "regex", "z")),
        Rule((Condition("cookie", "s", "exists"),), Generated()),
        Rule((Condition("body", "/n", "greater", 5),), Examples("404")),
    )
    one = Rules(some, otherwise=Rules((says("b", Condition("method", "", "equals", "HEAD")),), "sequential"))
    made = serving(one, "POST")
    urls = [
        "/pets/1",
        "/pets/101",
        "/pets/1?q=1",
        "/pets/1?q=2&q=1",
        "/pets/1?q=" + "x" * 600,
        "/pets/1?q=1&__code=404",
    ]
    headers = [
        {},
        {"x_a": "z"},
        {"x_a": "z" * 600},
        {"cookie": "s=1"},
        {"accept": "image/png"},
        {"prefer": "example=c"},
    ]
    bodies = [b"", b'{"n": 6}', b'{"n": 5}', b'{"n": 6}' + b" " * 5000]
    kinds = [JSON, "text/plain", "application/x-www-form-urlencoded"]
    calls = [
        (url, body, {**some, "content_type": kind})
        for url in urls
        for some in headers
        for body in bodies
        for kind in kinds
    ]
    random.Random(7).shuffle(calls)
    door = front(made)

    def seen(place, url, body, some):
        answer = ask(place, "POST", url, body, **some)
        return answer.reply.status, answer.reply.body, answer.record.decisions.get("trail")

    for call in calls:
        first, again = seen(door, *call), seen(door, *call)
        assert first == again == seen(front(made), *call)


def test_the_memory_of_answers_has_a_bound():
    door = front(serving(Rules((says("a", Condition("path", "id", "greater", 0)),))))
    for number in range(600):
        (entry,) = trail(door, f"/pets/{number + 1}")
        assert entry["values"] == {"path.id": str(number + 1)}


def test_long_values_are_shortened_in_the_log():
    door = front(serving(Rules((says("a", Condition("header", "x-long", "contains", "z")),))))
    (entry,) = trail(door, x_long="y" * 900)
    assert len(entry["values"]["header.x-long"]) == 200


@pytest.mark.parametrize(
    ("target", "name", "headers", "url"),
    [
        ("header", "Authorization", {"authorization": "Bearer hush-hush"}, "/pets/1"),
        ("header", "Cookie", {"cookie": "sid=hush-hush"}, "/pets/1"),
        ("cookie", "sid", {"cookie": "sid=hush-hush"}, "/pets/1"),
        ("query", "api_key", {}, "/pets/1?api_key=hush-hush"),
        ("header", "X-Mine", {"x_mine": "hush-hush"}, "/pets/1"),
    ],
)
def test_secrets_of_the_call_choose_and_are_not_told(target, name, headers, url):
    rule = says("a", Condition(target, name, "contains", "hush"))
    door = front(serving(Rules((rule,))), masks=frozenset({"x-mine"}))
    answer = ask(door, "GET", url, **headers)
    assert orjson.loads(answer.reply.body) == {"is": "a"}
    assert "hush" not in repr(answer.record.decisions)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("/user/password", "hidden"),
        ("/user/x-mine", "hidden"),
        ("$.user['password']", "hidden"),
        ("$..password", "hidden"),
        ("$.user.*", ["…", "…"]),
        ("$.user[*]", ["…", "…"]),
        ("$.tags[*]", ["red", "big"]),
        ("$..[*]", [{"password": "hush", "x-mine": "hush"}, ["red", "big"], "…", "…", "…", "…"]),
    ],
)
def test_secrets_of_a_body_are_not_told(name, told):
    """What stands in an object is hidden by its name where the log is written."""
    body = {"user": {"password": "hush", "x-mine": "hush"}, "tags": ["red", "big"]}
    door = front(serving(Rules((says("a", Condition("body", name, "exists")),)), "POST"), masks=frozenset({"x-mine"}))
    answer = ask(door, "POST", "/pets/1", orjson.dumps(body), content_type=JSON)
    assert answer.record.decisions["trail"][0]["values"] == {f"body.{name}": told}


def test_the_body_of_a_call_chooses():
    behaviour = Rules(
        (says("a", Condition("body", "/kind", "equals", "cat")), says("b", Condition("body", "$..n", "in", [2])))
    )
    door = front(serving(behaviour, "POST"))
    kind = {"content_type": JSON, "method": "POST"}
    assert asked(door, body=b'{"kind":"cat"}', **kind) == "a"
    assert asked(door, body=b'{"kind":"dog","l":[{"n":1},{"n":2}]}', **kind) == "b"
    assert asked(door, body=b'{"kind":"dog"', **kind) == "usual"
    assert asked(door, body=b'{"kind":1}', **kind) == asked(door, body=b'{"kind":true}', **kind) == "usual"
    answer = ask(door, "POST", "/pets/1", b'{"kind":true}', content_type=JSON)
    assert answer.record.decisions["trail"][0]["values"]["body./kind"] is True


def test_two_parts_of_a_call_are_compared_and_the_log_says_with_what():
    behaviour = Rules((says("a", Condition("query", "again", "equals", "{{ path.id }}", invert=True)),))
    door = front(serving(behaviour))
    assert [asked(door, f"/pets/7?again={again}") for again in (7, 8)] == ["usual", "a"]
    (entry,) = trail(door, "/pets/7?again=8")
    assert entry["filled"] == {"{{ path.id }}": "7"}
    ((told,),) = explained(behaviour, [entry])
    assert (told.conditions[0].words, told.conditions[0].got) == ("the query parameter “again” is not 7", "8")


def test_what_a_condition_compares_with_may_be_a_template_of_the_house():
    late = Condition("query", "until", "less", "{{ now }}")
    crowded = Condition("path", "id", "greater", "{{ collection.pets | count }}")
    third = Condition("path", "id", "equals", "{{ call }}")
    behaviour = Rules((says("a", late), says("b", third), says("c", crowded)))
    made = serving(behaviour)
    door = front(dataclasses.replace(made, collections=(Collection("pets", seeds=(Seed(({"id": 1}, {"id": 2})),)),)))
    urls = ["/pets/9?until=2020-01-01", "/pets/2?until=2999-01-01", "/pets/1", "/pets/9"]
    assert [asked(door, url) for url in urls] == ["a", "b", "usual", "c"]
    served = door.registry.current("todo").router.routes["/pets/{id}"].methods["GET"]
    assert served.stored


@pytest.mark.parametrize(
    "value", ["{{ header.authorization }}", "{{ header.x-mine }}", "x{{ cookie.sid }}", "{{ body.password }}"]
)
def test_secrets_that_are_compared_with_are_not_told(value):
    door = front(
        serving(Rules((says("a", Condition("query", "x", "equals", value)),)), "POST"), masks=frozenset({"x-mine"})
    )
    answer = ask(door, "POST", "/pets/1?x=1", b'{"password": "hush"}', content_type=JSON, authorization="hush",
                 x_mine="hush", cookie="sid=hush")  # fmt: skip
    assert "hush" not in repr(answer.record.decisions)


def test_a_wish_of_the_caller_counts_within_the_answer():
    door = front(serving(Rules((says("a", SOLD),))))
    assert asked(door, "/pets/1?status=sold&__example=c") == "c"
    assert ask(door, "GET", "/pets/1?status=sold&__code=404").reply.status == 404


def test_the_log_explains_rule_by_rule():
    behaviour = Rules((says("a", SOLD, BIG, name="big and sold"), says("b", BIG, SOLD, match="any"), says("c")))
    door = front(serving(behaviour))
    (told,) = explained(behaviour, trail(door, "/pets/7?status=sold"))
    assert [one.outcome for one in told] == ["fails", "answers", "not-reached"]
    assert [(one.words, one.held, one.got) for one in told[0].conditions] == [
        ("the query parameter “status” is sold", True, "sold"),
        ("the path parameter “id” is greater than 100", False, "7"),
    ]
    assert [one.held for one in told[1].conditions] == [False, True]


@pytest.mark.parametrize("mode", ["first", "sequential", "random"])
def test_a_call_that_must_be_answered_again_in_a_thread_is_counted_once(mode):
    """The first answer of a schema is made in a thread: the event loop asks twice."""
    third = Condition("call", operator="equals", value=2)
    rule = Rule((third,), Generated())
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    operation = Operation("GET", "/pets/{id}", "pet", responses=(Response("200", content=(Media(JSON, schema),)),
                          Response("404", content=(Media(JSON, None, (Example("gone", "gone"),)),))),
                          behaviour=Rules((rule,), mode, Examples("404")))  # fmt: skip
    door = front(make.contract(operation))

    async def call():
        replies = []
        if door.quick("todo", Call("GET", "/pets/1", "", (("host", "todo.live.localhost"),)), "", replies.append):
            await asyncio.sleep(0)
            return replies[0].status
        sent = []

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/pets/1", "raw_path": b"/pets/1", "query_string": b"",
                 "headers": [(b"host", b"todo.live.localhost")]}  # fmt: skip
        await door.serve("todo", scope, None, send)
        return sent[0]["status"]

    async def calls():
        await door.registry.program("todo")
        return [await call() for _ in range(3)]

    assert asyncio.run(calls()) == [404, 200, 404]
