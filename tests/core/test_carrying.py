"""What an earlier answer made anew is told in later requests instead of what it was then."""

import orjson

from actionstudio.core.call import Call
from actionstudio.core.carrying import Carrier
from actionstudio.core.compare import Answer


def answer(body, headers=()):
    return Answer(200, headers, orjson.dumps(body), "application/json")


def learned(old, new):
    carrier = Carrier()
    carrier.learn(answer(old), answer(new))
    return carrier


def test_an_id_is_carried_into_path_query_headers_and_body():
    carrier = learned({"data": {"id": "ord_1a2b"}}, {"data": {"id": "ord_9z8y"}})
    call = Call(
        "POST", "/orders/ord_1a2b", "of=ord_1a2b&x=1", (("x-order", "ord_1a2b"),), b'{"l":[{"order":"ord_1a2b"}]}'
    )
    made, told = carrier.carry(call)
    assert made == Call(
        "POST", "/orders/ord_9z8y", "of=ord_9z8y&x=1", (("x-order", "ord_9z8y"),), b'{"l":[{"order":"ord_9z8y"}]}'
    )
    assert [one.place for one in told] == ["path", "query.of", "header:x-order", "$.l[0].order"]


def test_only_whole_values_are_carried():
    carrier = learned({"id": "abc123"}, {"id": "xyz789"})
    call = Call("GET", "/abc1234/x", "q=abc123+more", (), b'{"abc123":"see abc123"}')
    assert carrier.carry(call) == (call, [])


def test_a_small_number_is_carried_where_an_id_stands_only():
    carrier = learned({"id": 17, "count": 4711, "size": 12}, {"id": 18, "count": 4712, "size": 13})
    call = Call("POST", "/orders/17/12", "page=17&order_id=17", (), b'{"quantity":17,"orderId":17,"n":4711,"t":"4711"}')
    made, _told = carrier.carry(call)
    assert (made.path, made.query) == ("/orders/18/12", "page=17&order_id=18")
    assert made.body == b'{"quantity":17,"orderId":18,"n":4712,"t":"4712"}'


def test_words_and_sentences_are_not_carried():
    carrier = learned({"status": "pending", "note": "see order 5"}, {"status": "open", "note": "see order 6"})
    call = Call("GET", "/pending", "status=pending&note=see+order+5")
    assert carrier.carry(call) == (call, [])


def test_a_value_that_became_several_is_carried_only_by_the_name_of_an_id():
    assert learned({"a": "tok12345", "b": "tok12345"}, {"a": "x", "b": "y"}).carry(Call("GET", "/tok12345"))[1] == []
    made, _told = learned({"id": "tok12345", "b": "tok12345"}, {"id": "x1", "b": "y"}).carry(Call("GET", "/tok12345"))
    assert made.path == "/x1"


def test_where_a_new_thing_is_said_to_be_counts_too():
    carrier = Carrier()
    old, new = answer(None, [("Location", "/orders/1001")]), answer(None, [("location", "https://x/orders/2002")])
    assert carrier.learn(old, new) == 1
    assert carrier.carry(Call("GET", "/orders/1001"))[0].path == "/orders/2002"


def test_what_is_learned_later_goes_before():
    carrier = learned({"id": "abc123"}, {"id": "xyz789"})
    carrier.learn(answer({"id": "abc123"}), answer({"id": "new/4 5"}))
    assert carrier.carry(Call("GET", "/o/abc123"))[0].path == "/o/new%2F4%205"


def test_bodies_that_are_no_json_teach_nothing_and_stay():
    carrier = Carrier()
    assert carrier.learn(Answer(200, (), b"<p>"), answer({"id": "x12345"})) == 0
    carrier = learned({"id": "abc123"}, {"id": "xyz789"})
    assert carrier.carry(Call("POST", "/", "", (), b"abc123"))[0].body == b"abc123"
