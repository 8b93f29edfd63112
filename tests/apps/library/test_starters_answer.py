"""Every starter answers as its tutorial says, through the front door of any other call, and keeps what it is told."""

import dataclasses
from urllib.parse import parse_qsl, quote

import orjson
import pytest

from actionstudio.apps.library.starters import STARTERS, starter
from actionstudio.core.behaviour import Backend
from actionstudio.core.specs import typescript
from tests.runtime.house import ask, front
from tests.runtime.test_bearer import Issuer, token
from tests.runtime.upstream import Upstream, answer


class Caller:
    """Calls one starter as ChatGPT would, with a good credential unless told otherwise."""

    def __init__(self, key):
        self.door = front(starter(key))

    def __call__(self, method, path, body=None, assume=-1, **headers):
        raw = b"" if body is None else orjson.dumps(body)
        headers |= {} if body is None else {"content_type": "application/json"}
        found = ask(self.door, method, path, raw, assume=assume, **headers)
        self.reply = found.reply
        assert [one for one in found.record.violations if one["side"] == "response"] == []
        json = "json" in self.reply.header("content-type") and self.reply.body
        return self.reply.status, orjson.loads(self.reply.body) if json else self.reply.body


def test_the_todo_list_is_kept_for_each_person_and_goes_by_place():
    call = Caller("todo")
    assert call("GET", "/todos/ann") == (200, ["Water the plants", "Answer Bob's letter", "Buy bread"])
    assert call("GET", "/todos/carol") == (200, [])
    assert call("POST", "/todos/carol", {"todo": "Sleep"}) == (200, b"OK")
    assert call("GET", "/todos/carol") == (200, ["Sleep"])
    assert call("DELETE", "/todos/ann", {"todo_idx": 1}) == (200, b"OK")
    assert call("DELETE", "/todos/ann", {"todo_idx": 2}) == (200, b"OK")
    assert call("GET", "/todos/ann") == (200, ["Water the plants", "Buy bread"])
    assert call("POST", "/todos/ann", {})[0] in (400, 422)
    assert call("DELETE", "/todos/ann", {"todo_idx": -1})[0] in (400, 422)


def test_the_weather():
    call = Caller("weather")
    assert call("GET", "/location?location=Lisbon")[1]["sky"] == "sunny"
    assert call("GET", "/location?location=Oslo,%20Norway")[1]["temperature"] == 11
    for place in ("Paris", "Cairo", 'The "Hague"'):
        status, found = call("GET", f"/location?location={quote(place)}")
        assert (status, found["location"]) == (200, place)
        assert call("GET", f"/location?location={quote(place)}")[1] == found, "the same place has the same weather"
    assert call("GET", "/location")[0] in (400, 422)


def test_the_items_shop_numbers_what_is_added():
    call = Caller("items")
    assert [call("GET", f"/items/{number}")[1]["name"] for number in (1, 2)] == ["Enamel mug", "Reading lamp"]
    assert call("GET", "/items/3") == (404, {"detail": "Item not found"})
    made = {"id": 3, "name": "Notebook", "price": 7.25}
    assert call("POST", "/items", {"name": "Notebook", "price": 7.25}) == (201, made)
    assert call("GET", "/items/3") == (200, made)
    assert call("POST", "/items", {"name": "Pen", "price": 1, "tax": 0.2})[1]["id"] == 4
    assert call("POST", "/items", {"name": "Pen"})[0] in (400, 422)


def test_the_pet_store():
    call = Caller("petstore")
    assert [pet["name"] for pet in call("GET", "/pets")[1]] == ["Mimi", "Rolf"]
    assert call("POST", "/pets", {"id": 3, "name": "Coco"}) == (201, b"")
    assert call("GET", "/pets/3") == (200, {"id": 3, "name": "Coco"})
    assert call("POST", "/pets", {"id": 3, "name": "Coco"})[0] == 409
    assert call("GET", "/pets/9") == (404, {"code": 404, "message": "There is no pet of that number."})
    assert [pet["id"] for pet in call("GET", "/pets?limit=2")[1]] == [1, 2]
    assert call.reply.header("x-next") == "/pets?limit=2&page=2"


def test_the_orders():
    call = Caller("acme")
    assert call("GET", "/orders/A-10479")[1]["lines"][0]["name"] == "Enamel mug"
    assert call("GET", "/orders/A-99999") == (404, {"code": "not_found", "message": "There is nothing of that number."})
    paid = call("GET", "/orders?status=paid")[1]
    assert ([order["id"] for order in paid["orders"]], paid["more"]) == (["A-10479"], False)
    assert len(call("GET", "/orders?customer=mina@acme.test")[1]["orders"]) == 2
    assert call("GET", "/orders?limit=1")[1]["more"] is True
    status, given = call("POST", "/orders/A-10479/refunds", {"amount": 10, "reason": "late"})
    assert (status, given["order_id"], given["amount"]) == (201, "A-10479", {"amount": 10, "currency": "EUR"})
    for path in ("/orders/A-10455/refunds", "/orders/A-10479/refunds?__code=409"):
        again = call("POST", path, {"amount": 1, "reason": "late"})
        assert (again[0], again[1]["code"]) == (409, "already_refunded")
    assert call("POST", "/orders/A-10482/refunds", {"amount": -1})[0] in (400, 422)


def test_tickets_are_opened_and_updated():
    call = Caller("acme")
    opened = call("POST", "/tickets", {"subject": "Where is it?", "text": "It is late."})
    assert opened == (201, {"id": "T-732", "subject": "Where is it?", "state": "open"})
    assert call("PATCH", "/tickets/T-732", {"state": "solved", "note": "Found."})[1]["state"] == "solved"
    assert [one["id"] for one in call("GET", "/tickets?state=solved")[1]["tickets"]] == ["T-732"]
    assert call("PATCH", "/tickets/T-1", {"state": "solved"})[0] == 404
    assert call("PATCH", "/tickets/729", {"state": "solved"})[0] in (400, 422)


def test_the_conference_shows_what_belongs_to_a_speaker():
    call = Caller("conference")
    sessions = call("GET", "/speaker/1/sessions")[1]
    assert [one["id"] for one in sessions] == [101, 104]
    assert {one["speaker_id"] for one in sessions} == {1}
    assert [one["name"] for one in call("GET", "/speaker/2/topics")[1]] == ["Remote sensing", "Water"]
    assert call("GET", "/speaker/9/topics") == (200, [])
    assert call("GET", "/speaker/nobody/topics")[0] == 400


NOBODY = [
    ("items-basic", "/items/1"),
    ("items-header", "/items/1"),
    ("items-oauth", "/items/1"),
    ("todo-oauth", "/todos/ann"),
]


@pytest.mark.parametrize(("key", "path"), NOBODY)
def test_every_sign_in_keeps_strangers_out(key, path):
    assert Caller(key)("GET", path, assume=None)[0] == 401


class Signed(Caller):
    """Calls one starter as people who signed in, each with the scopes named."""

    def __init__(self, key, **people):
        known = [token(name, user=name, who=name, scopes=frozenset(scopes)) for name, scopes in people.items()]
        self.door = front(starter(key), tokens=Issuer(*known))

    def as_(self, name, method, path, body=None):
        return self(method, path, body, assume=None, authorization=f"Bearer {name}")


def test_the_items_are_for_people_who_allowed_it():
    call = Signed("items-oauth", alice=["profile"], bob=[])
    assert call.as_("alice", "GET", "/items/1")[1]["name"] == "Enamel mug"
    assert call.as_("alice", "POST", "/items", {"name": "Pen", "price": 1})[1]["id"] == 3
    assert call.as_("bob", "GET", "/items/1")[0] == 403
    assert 'scope="profile"' in call.reply.header("www-authenticate")


def test_people_who_signed_in_see_their_own_todos_only():
    call = Signed("todo-oauth", alice=["todos:read", "todos:write"], bob=["todos:read"])
    usual = ["Water the plants", "Answer Bob's letter", "Buy bread"]
    assert call.as_("alice", "GET", "/todos/me") == (200, usual)
    assert call.as_("alice", "POST", "/todos/me", {"todo": "Sleep"}) == (200, b"OK")
    assert call.as_("alice", "DELETE", "/todos/me", {"todo_idx": 0}) == (200, b"OK")
    assert call.as_("alice", "GET", "/todos/bob") == (200, [*usual[1:], "Sleep"])
    assert call.as_("bob", "GET", "/todos/alice") == (200, usual)
    assert call.as_("bob", "POST", "/todos/bob", {"todo": "No"})[0] == 403


def ask_for(call, **query):
    """The documents that a query answers with."""
    (result,) = call("POST", "/query", {"queries": [{"query": "What?", **query}]})[1]["results"]
    assert result["query"] == "What?"
    return [chunk["metadata"]["document_id"] for chunk in result["results"]]


def test_documents_are_put_in_looked_up_and_taken_out():
    call = Caller("retrieval")
    assert ask_for(call) == ["handbook", "travel", "printer"]
    assert ask_for(call, top_k=1) == ["handbook"]
    status, made = call("POST", "/upsert", {"documents": [{"text": "one"}, {"id": "two", "text": 'say "hi"'}]})
    assert (status, made["ids"][1], len(made["ids"])) == (200, "two", 2)
    assert ask_for(call, top_k=20)[3:] == made["ids"]
    assert call("POST", "/upsert", {"documents": [{"id": "two", "text": "again"}]})[0] == 409
    assert call("DELETE", "/delete", {"ids": ["two"]}) == (200, {"success": True})
    assert "two" not in ask_for(call, top_k=20)
    assert call("DELETE", "/delete", {"delete_all": True}) == (200, {"success": True})
    assert ask_for(call) == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"source": "email"}, ["travel"]),
        ({"author": "Coco"}, ["printer"]),
        ({"document_id": "handbook", "source": "file"}, ["handbook"]),
        ({"source_id": "nothing"}, []),
        ({"start_date": "2026-03-01T00:00:00Z"}, ["travel", "printer"]),
        ({"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-04-01T00:00:00Z"}, ["travel"]),
    ],
)
def test_documents_are_narrowed_down(wanted, found):
    assert ask_for(Caller("retrieval"), filter=wanted) == found


@pytest.mark.parametrize("body", [{}, {"delete_all": False}])
def test_deleting_nothing_is_refused(body):
    assert Caller("retrieval")("DELETE", "/delete", body)[0] == 400


@pytest.mark.parametrize("body", [{"ids": ["a", "b"]}, {"filter": {"author": "Mina"}}])
def test_what_this_mock_cannot_delete_it_says(body):
    call = Caller("retrieval")
    assert call("DELETE", "/delete", body)[0] == 422
    assert len(ask_for(call)) == 3


@pytest.mark.parametrize(
    ("path", "body"), [("/query", {"queries": []}), ("/query", {}), ("/upsert", {"documents": [{}]})]
)
def test_what_is_not_as_declared_is_422(path, body):
    assert Caller("retrieval")("POST", path, body)[0] == 422


def test_each_person_has_documents_of_their_own():
    call = Signed("retrieval-oauth", alice=["search:read", "search:write"], bob=["search:read"])
    assert call.as_("alice", "DELETE", "/delete", {"delete_all": True})[0] == 200
    queries = {"queries": [{"query": "x"}]}
    assert call.as_("alice", "POST", "/query", queries)[1]["results"][0]["results"] == []
    assert len(call.as_("bob", "POST", "/query", queries)[1]["results"][0]["results"]) == 3
    assert call.as_("bob", "DELETE", "/delete", {"delete_all": True})[0] == 403


@pytest.mark.parametrize(("key", "path"), [("acme", "/orders"), ("items", "/items/1"), ("todo-token", "/todos/ann")])
def test_what_is_behind_a_key_is_refused_without_one(key, path):
    assert Caller(key)("GET", path, assume=None)[0] == 401


@pytest.mark.parametrize("key", [one.key for one in STARTERS])
def test_the_model_sees_every_operation(key):
    shown = typescript.namespace(starter(key), "x.live.example")
    assert all((f"type {op.operation_id} = (" in shown) is op.exposed for op in starter(key).operations)


def test_sport_stats_answer_from_examples_until_an_upstream_is_named():
    call = Caller("sport")
    for path in (
        "/players?query=lind",
        "/teams",
        "/games?seasons[]=2025",
        "/stats?limit=5",
        "/season_averages?season=2025",
    ):
        status, said = call("GET", path)
        assert status == 200
        assert said["data"]
    assert "has no server yet" in call.door.journal._sink.records[-1].decisions["response"]


def test_the_gateways_reads_answer_from_examples_and_its_changes_do_not_until_its_key_is_known():
    call = Caller("gateway")
    assert call("GET", "/apisix/admin/routes")[1]["total"] == 1
    assert "key-auth" in call("GET", "/apisix/admin/plugins/list")[1]
    assert call("PUT", "/apisix/admin/routes/1", {"uri": "/get"})[0] == 502
    assert call("DELETE", "/apisix/admin/consumers/jack")[0] == 502


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/players", [("page", "0"), ("per_page", "100")]),
        ("/players?query=le+b%26r", [("page", "0"), ("per_page", "100"), ("search", "le b&r")]),
        ("/teams", [("page", "0"), ("per_page", "100")]),
        (
            "/games?limit=5&seasons[]=2024&seasons[]=2025&team_ids[]=14&start_date=2026-01-01",
            [
                ("page", "0"), ("per_page", "5"), ("seasons[]", "2024"), ("seasons[]", "2025"), ("team_ids[]", "14"),
                ("start_date", "2026-01-01"),
            ],
        ),
        (
            "/stats?player_ids[]=237&game_ids[]=1&game_ids[]=2&end_date=2026-01-31",
            [
                ("page", "0"), ("per_page", "100"), ("player_ids[]", "237"), ("game_ids[]", "1"), ("game_ids[]", "2"),
                ("end_date", "2026-01-31"),
            ],
        ),
        ("/season_averages?season=2025&player_ids[]=237", [("season", "2025"), ("player_ids[]", "237")]),
    ],
)  # fmt: skip
def test_sport_stats_ask_their_upstream_in_its_own_words(path, wanted):
    with Upstream() as server:
        contract = starter("sport")
        named = dataclasses.replace(contract.upstreams[0], backends=(Backend(server.url),))
        door = front(dataclasses.replace(contract, upstreams=(named,)), extra={"private": True})
        assert ask(door, "GET", path).reply.status == 200
        place, _mark, query = server.last.target.partition("?")
        assert place == f"/api/v1{path.partition('?')[0]}"
        assert parse_qsl(query, keep_blank_values=True, strict_parsing=True) == wanted


def test_the_gateway_is_asked_as_it_is_and_with_its_key():
    replies = {"PUT": answer(b'{"key": "/apisix/routes/1"}', "201 Created", "X-Ratelimit: 7")}
    with Upstream(lambda seen: replies.get(seen.method, answer(b'{"error_msg": "no"}', "400 Bad"))) as server:
        contract = starter("gateway")
        named = dataclasses.replace(contract.upstreams[0], backends=(Backend(server.url),))
        contract = dataclasses.replace(contract, upstreams=(named,))
        door = front(contract, secrets={"APISIX admin key": "edd1c9f034335f136f87"}, extra={"private": True})
        made = ask(door, "PUT", "/apisix/admin/routes/1", b'{"uri": "/get"}', content_type="application/json").reply
        assert (made.status, made.body, made.header("x-ratelimit")) == (201, b'{"key": "/apisix/routes/1"}', "7")
        assert (server.last.method, server.last.body) == ("PUT", b'{"uri": "/get"}')
        assert server.last.header("x-api-key") == "edd1c9f034335f136f87"
        for method in ("POST", "PATCH", "DELETE"):
            path = "/apisix/admin/routes" + ("" if method == "POST" else "/1")
            body = b"" if method == "DELETE" else b"{}"
            assert ask(door, method, path, body, content_type="application/json").reply.status == 400
            assert server.last.method == method


def test_two_versions_go_to_servers_of_their_own_and_are_kept_for_a_minute():
    def named(text):
        return lambda seen: answer(text + seen.target.encode(), "200 OK", "Content-Type: application/json")

    with Upstream(named(b"one ")) as one, Upstream(named(b"two ")) as two:
        contract = starter("versions")
        pairs = zip(contract.upstreams, (one, two), strict=True)
        servers = tuple(dataclasses.replace(upstream, backends=(Backend(it.url),)) for upstream, it in pairs)
        door = front(dataclasses.replace(contract, upstreams=servers), extra={"private": True})
        for _ in range(3):
            assert ask(door, "GET", "/v1/speaker/7/sessions").reply.body == b"one /speaker/7/sessions"
            assert ask(door, "GET", "/v2/speaker/7/sessions").reply.body == b"two /speaker/7/sessions"
        assert (len(one.seen), len(two.seen)) == (1, 1)


def test_two_versions_answer_from_examples_and_within_their_limit():
    call = Caller("versions")
    assert call("GET", "/v1/speaker/1/topics") == (200, ["Cartography", "Paper"])
    assert call("GET", "/v2/speaker/1/topics")[1]["total"] == 1
    statuses = [call("GET", "/v2/speaker/1/sessions")[0] for _ in range(60)]
    assert statuses[-1] == 429
