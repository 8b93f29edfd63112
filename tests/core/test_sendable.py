"""Whether ChatGPT would still make a logged call against another contract, in its own words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionstudio.core.call import Call
from actionstudio.core.contract import Body, Contract, Media, Operation, Parameter, Server
from actionstudio.core.importer.profile import enabled
from actionstudio.core.sendable import Sender, refusal, translated

JSON = (("content-type", "application/json"),)
TEXT = {"type": "string"}


def body(**properties):
    return Body(content=(Media("application/json", {"type": "object", "properties": properties}),))


GET = Operation(
    "GET",
    "/orders/{id}",
    "getOrder",
    parameters=(
        Parameter("id", "path", True, schema=TEXT),
        Parameter("tag", "query", schema={"type": "array", "items": TEXT}),
        Parameter("X-Tenant", "header", schema=TEXT),
    ),
)
POST = Operation("POST", "/orders", "makeOrder", body=body(sku=TEXT, n={"type": "integer"}))
CONTRACT = Contract(operations=(GET, POST))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (Call("GET", "/orders/7", "tag=a&tag=b"), "getOrder"),
        (Call("GET", "/orders/a%2Fb", headers=(("x-tenant", "1"), ("x-else", "2"))), "getOrder"),
        (Call("POST", "/orders", "", JSON, b'{"sku":"a"}'), "makeOrder"),
        (Call("POST", "/orders"), "makeOrder"),
    ],
)
def test_a_call_that_fits_would_be_made(call, name):
    assert refusal(CONTRACT, call, name) is None
    assert translated(CONTRACT, call, name) is call


@pytest.mark.parametrize(
    ("call", "name", "code", "text"),
    [
        (Call("GET", "/orders/7", "env=a"), "getOrder", "unknown", "UnrecognizedKwargsError: env"),
        (
            Call("POST", "/orders", "a=1", JSON, b'{"sku":"x","Field Name":1}'),
            "makeOrder",
            "unknown",
            "UnrecognizedKwargsError: ('a', 'Field Name')",
        ),
        (
            Call("POST", "/orders", "", JSON, b'{"sku" "x"}'),
            "makeOrder",
            "syntax",
            "ApiSyntaxError: Could not parse API call kwargs as JSON: "
            "exception=Expecting ':' delimiter: line 1 column 8 (char 7)",
        ),
        (Call("GET", "/x"), "dropOrder", "gone", "There is no operation called dropOrder any more."),
        (Call("POST", "/orders", "", JSON, b'{"sku":"%s"}' % (b"x" * 99_990)), "makeOrder", "too-large", None),
    ],
)
def test_a_call_that_would_not_be_made_says_why(call, name, code, text):
    found = refusal(CONTRACT, call, name)
    assert found.code == code and text in (None, found.message)
    assert translated(CONTRACT, call, name) is None


def test_an_operation_that_the_import_drops_is_told_in_its_words():
    dropped = Operation("POST", "/l", "sendList", body=Body(content=(Media("application/json", {"type": "array"}),)))
    found = refusal(Contract(operations=(GET, dropped)), Call("POST", "/l", "", JSON, b"[]"), "sendList")
    assert found.code == "dropped" and "request body schema is not an object schema; skipping" in found.message


def test_more_than_thirty_operations_refuse_every_call():
    many = tuple(Operation("GET", f"/o{n}", f"o{n}") for n in range(31))
    found = refusal(Contract(operations=many), Call("GET", "/o1"), "o1")
    assert found.code == "fatal" and "maximum of 30 operations" in found.message


def test_an_operation_that_is_hidden_is_told_so():
    hidden = Operation("GET", "/h", "hidden", exposed=False)
    assert refusal(Contract(operations=(GET, hidden)), Call("GET", "/h"), "hidden").code == "hidden"


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/orders/7", "getOrder"),
        ("GET", "/orders/latest", "latestOrder"),
        ("GET", "/api/orders/7", "getOrder"),
        ("GET", "/ping", "GET /ping"),
        ("DELETE", "/orders/7", ""),
        ("GET", "/orders/7/", ""),
        ("GET", "/nosuch", ""),
    ],
)
def test_a_call_that_nothing_answered_is_named_by_the_operation_at_its_place(method, path, name):
    latest, ping = Operation("GET", "/orders/latest", "latestOrder"), Operation("GET", "/ping")
    contract = Contract(operations=(GET, latest, ping, POST), servers=(Server("https://shop.example/api"),))
    assert Sender(contract).name_of(Call(method, path)) == name


def test_a_call_for_which_there_is_no_operation_would_not_be_made():
    found = refusal(CONTRACT, Call("GET", "/nosuch"), "")
    assert (found.code, found.confidence) == ("nowhere", "A")
    assert found.message == "No operation has this method and path: ChatGPT has no action to send the call by."


def test_an_operation_without_a_name_is_called_by_the_one_that_it_is_served_with():
    assert refusal(Contract(operations=(GET, Operation("GET", "/ping"))), Call("GET", "/ping"), "GET /ping") is None


def test_an_operation_that_moved_is_sent_as_the_new_call():
    moved = Operation(
        "PUT",
        "/v2/orders/{order}",
        "getOrder",
        parameters=(Parameter("order", "path", True, schema=TEXT),),
        body=body(tag=TEXT),
    )
    call = Call("GET", "/orders/7", "tag=a", (("accept", "*/*"),))
    made = Sender(Contract(operations=(moved,)), then=CONTRACT).translated(call, "getOrder")
    assert made == Call("PUT", "/v2/orders/7", "", (("accept", "*/*"), *JSON), b'{"tag":"a"}')


def test_an_argument_that_moved_into_the_body_gets_its_type():
    moved = Operation("POST", "/orders", "makeOrder", body=body(n={"type": "integer"}, on={"type": "boolean"}))
    made = translated(Contract(operations=(moved,)), Call("GET", "/orders", "n=3&on=true"), "makeOrder")
    assert made.body == b'{"n":3,"on":true}'


def test_a_path_that_needs_a_value_nobody_gave_cannot_be_made():
    moved = Operation(
        "GET", "/shops/{shop}/orders", "makeOrder", parameters=(Parameter("shop", "path", True, schema=TEXT),)
    )
    assert refusal(Contract(operations=(moved,)), Call("GET", "/orders"), "makeOrder").code == "unfillable"


@pytest.mark.parametrize(
    ("path", "sent"),
    [("/v0/orders/7", "/orders/7"), ("/orders/7/more", "/orders/7"), ("/7/order", None)],
)
def test_a_path_of_a_template_that_nobody_knows_is_read_by_elimination(path, sent):
    made = translated(CONTRACT, Call("GET", path), "getOrder")
    assert (made and made.path) == sent


def test_calls_in_the_documents_own_shape_are_read_as_the_profile_has_them():
    items = Body(content=(Media("application/json", {"type": "array", "items": {"type": "integer"}}),))
    tenant = Parameter("X-Tenant", "header", True, schema=TEXT)
    contract = Contract(operations=(Operation("POST", "/sum", "sum", parameters=(tenant,), body=items),))
    contract = enabled(contract, None)
    plain = Call("POST", "/sum", "", (*JSON, ("x-tenant", "a")), b"[1, 2]")
    sender = Sender(contract)
    assert sender.refusal(plain, "sum") is None
    assert sender.refusal(Call("POST", "/sum", "", JSON, b'{"list": [1]}'), "sum").code == "unknown"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=20), st.text(max_size=20), st.binary(max_size=20), st.sampled_from(["getOrder", ""]))
def test_no_call_makes_it_raise(path, query, body, name):
    call = Call("POST", "/" + path, query, JSON, body)
    sender = Sender(CONTRACT, then=CONTRACT)
    assert (sender.refusal(call, name) is None) is (sender.translated(call, name) is not None)
