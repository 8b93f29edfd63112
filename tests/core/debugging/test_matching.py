"""What ChatGPT says it sent is set beside what arrived."""

from actionstudio.core.debugging import arguments, matching
from actionstudio.core.debugging.matching import Arrived
from actionstudio.core.debugging.reading import Block

HOSTS = {"shop.live.localhost:8000"}


def said(operation: str = "getOrder", params: dict | None = None, **fields) -> Block:
    fields.setdefault("domain", "shop.live.localhost")
    return Block(1, operation=operation, params={"id": "1"} if params is None else params, answered=True, **fields)


def came(id: str, operation: str = "getOrder", arguments: dict | None = None, status: int = 200, **fields) -> Arrived:
    given = {"id": "1"} if arguments is None else arguments
    return Arrived(id, fields.pop("method", "GET"), fields.pop("path", "/orders/1"), operation, status, given, **fields)


def pairs(blocks, calls, operations=frozenset({"getOrder", "pay"})):
    found = matching.match(blocks, calls, HOSTS, operations)
    return [(blocks.index(one.block) if one.block else None, one.call.id if one.call else None) for one in found]


def reason(block: Block) -> str:
    return matching.match([block], [], HOSTS, {"getOrder"})[0].reason


def test_calls_are_matched_in_their_order():
    assert pairs([said(), said("pay")], [came("a"), came("b", "pay")]) == [(0, "a"), (1, "b")]


def test_what_is_on_one_side_only_stands_where_it_happened():
    blocks = [said(), said("pay", error="UnrecognizedKwargsError: env"), said(params={"id": "2"})]
    calls = [came("a"), came("b", "lookUp"), came("c", arguments={"id": "2"})]
    assert pairs(blocks, calls) == [(0, "a"), (None, "b"), (1, None), (2, "c")]


def test_the_call_whose_arguments_fit_is_taken():
    calls = [came("a", arguments={"id": "7"}), came("b", arguments={"id": "1"})]
    assert pairs([said()], calls) == [(None, "a"), (0, "b")]


def test_the_call_whose_status_fits_is_taken():
    assert pairs([said(status=200)], [came("a", status=500), came("b")]) == [(None, "a"), (0, "b")]


def test_calls_made_together_may_be_logged_the_other_way_round():
    blocks = [said(params={"id": "1"}), said(params={"id": "2"})]
    found = pairs(blocks, [came("b", arguments={"id": "2"}), came("a", arguments={"id": "1"})])
    assert sorted(found) == [(0, "a"), (1, "b")]


def test_calls_without_details_are_matched_by_order_alone():
    assert pairs([Block(1), Block(2)], [came("a"), came("b", "pay")]) == [(0, "a"), (1, "b")]


def test_the_path_is_enough_where_the_operation_is_not_told():
    block = said("", path="/orders/{id}", method="GET")
    assert pairs([block], [came("x", "list", path="/orders"), came("a")]) == [(None, "x"), (0, "a")]


def test_each_reason_why_a_call_did_not_arrive():
    assert reason(said(error="UnrecognizedKwargsError: env")) == "kwargs"
    assert reason(said(error="ApiSyntaxError: Could not parse API call kwargs as JSON")) == "syntax"
    assert reason(said(error="ClientResponseError")) == "transport"
    assert reason(said(error="ResponseTooLarge")) == "large"
    assert reason(said(approval=True)) == "approval"
    assert reason(said(declined=True)) == "declined"
    assert reason(said(domain="other.example")) == "domain"
    assert reason(said("nothing")) == "operation"
    assert reason(said()) == "elsewhere"
    assert reason(Block(1, "shop.live.localhost", operation="getOrder")) == "unanswered"


def test_a_call_that_was_never_sent_is_matched_with_none():
    for block in (said(error="UnrecognizedKwargsError: a"), said(approval=True), said(domain="other.example")):
        assert pairs([block], [came("a")]) == [(None, "a"), (0, None)]


def test_differences_of_arguments_are_marked():
    block = said(params={"id": 5, "dry": True, "amount": 2, "gone": 1, "key": "••••abcd (20 characters)"})
    arrived = {"id": "5", "dry": "true", "amount": 3, "more": 1, "key": "••••wxyz (21 characters)"}
    kinds = {one.name: one.kind for one in matching.compared(block, came("a", arguments=arrived))}
    assert kinds == {
        "id": "same", "dry": "same", "amount": "changed", "gone": "missing", "more": "extra", "key": "hidden",
    }  # fmt: skip


def test_in_a_body_numbers_and_texts_are_not_the_same():
    def kind(one, other):
        return matching.compared(said(params={"x": one}), came("a", arguments={"x": other}))[0].kind

    assert kind("5", 5) == "changed"
    assert kind(True, 1) == "changed"
    assert kind(1, 1.0) == "same"
    assert kind(["a", 5], ["a", "5"]) == "same"
    assert kind(["a"], "a") == "same"
    assert kind(None, "null") == "changed"


def test_what_was_cut_is_no_difference():
    call = came("a", arguments={"id": "1"}, cut=True)
    assert [one.kind for one in matching.compared(said(params={"id": "1", "text": "long"}), call)] == ["same", "hidden"]
    block = said(params={"id": "1"}, cut=True)
    assert [one.kind for one in matching.compared(block, came("a", arguments={"id": "1", "x": 2}))] == [
        "same",
        "hidden",
    ]


def test_a_pair_differs_by_status_or_argument():
    one, other = matching.match([said(status=200)], [came("a")], HOSTS, ()), [said(status=500)]
    assert not one[0].differs
    assert matching.match(other, [came("a")], HOSTS, ())[0].differs
    changed = said(params={"id": "1", "note": "x"}), came("a", arguments={"id": "1", "note": "y"})
    assert matching.match([changed[0]], [changed[1]], HOSTS, ())[0].differs


def test_a_call_with_other_arguments_is_another_call():
    paid = came("a", "pay", {"id": "77", "amount": 500, "currency": "EUR"}, path="/orders/77/refund", method="POST")
    told = {"path": "/orders/{id}/refund", "method": "POST"}
    assert pairs([said("pay", {"id": "99", "amount": 7, "currency": "EUR"})], [paid]) == [(None, "a"), (0, None)]
    assert pairs([said("pay", {"id": "99", "amount": 500, "currency": "EUR"}, **told)], [paid]) == [
        (None, "a"),
        (0, None),
    ], "what stands in the path is never another"
    assert pairs([said("pay", {"id": "77", "amount": 7, "currency": "EUR"}, **told)], [paid]) == [(0, "a")]
    assert reason(said(params={"id": "99"})) == "elsewhere"


def test_a_call_that_cannot_be_read_is_beside_none():
    assert pairs([Block(1, cut=True)], [came("a")]) == [(None, "a"), (0, None)]
    assert reason(Block(1, cut=True, answered=True)) == "unreadable"


def test_answers_are_held_against_each_other_around_what_is_hidden():
    mark = "••••abcd (20 characters)"
    assert matching.same_answer({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}) is True
    assert matching.same_answer({"orders": []}, {"orders": [{"key": mark}]}) is False
    assert matching.same_answer({"a": "x", "key": "y"}, {"a": "x", "key": mark}) is None
    assert matching.same_answer({"a": "x", "key": "y"}, {"a": "z", "key": mark}) is False
    assert matching.same_answer({"a": 1}, {"a": True}) is False


def test_every_block_and_every_call_stands_there_once():
    blocks = [said(params={"id": str(n % 4)}) for n in range(30)]
    calls = [came(str(n), arguments={"id": str(n % 3)}) for n in range(40)]
    found = matching.match(blocks, calls, HOSTS, ())
    assert sorted(one.call.id for one in found if one.call) == sorted(call.id for call in calls)
    assert len([one for one in found if one.block]) == 30
    assert [one.call.id for one in found if one.call] == [call.id for call in calls]


def test_a_body_that_cannot_be_read_is_less_like_than_one_that_can():
    told = said("pay", {"pet": "Rex", "date": "2026-12-01", "price": 13}, path="/visits", method="POST")
    broken = came("broken", "pay", {arguments.WHOLE: "{"}, 422, method="POST", path="/visits")
    right = came(
        "right", "pay", {"pet": "Rex", "date": "2026-12-01", "price": 12.5}, 201, method="POST", path="/visits"
    )
    alone, pair = matching.match([told], [broken, right], HOSTS, {"pay"})
    assert (alone.block, alone.call.id) == (None, "broken")
    assert (pair.call.id, [one.kind for one in pair.arguments]) == ("right", ["same", "same", "changed"])
