"""A model's calls against what a case expects."""

import json

from actionstudio.core.prompting import Called, Case, Matcher, Turn, Wanted, dump, load, problems, score, scoring

SAY = (Turn("Add milk"),)


def call(operation, consent=None, **arguments):
    return Called(operation, json.dumps(arguments), consent)


def codes(made):
    return [miss.code for miss in made.misses]


def expecting(*calls, **fields):
    return Case(SAY, tuple(one if isinstance(one, Wanted) else Wanted(one) for one in calls), **fields)


def test_the_right_call_with_the_right_arguments_passes():
    case = expecting(Wanted("addTodo", {"title": Matcher("contains", "milk")}), consent=True)
    made = score(case, [call("addTodo", True, title="Milk", done=False)])
    assert made.passed and made.chosen and made.pairs == (("addTodo", "addTodo"),)
    assert made.arguments == (("addTodo", "title", True),)


def test_another_operation_is_wrong_and_stands_in_the_matrix():
    made = score(expecting("addTodo"), [call("listTodos")])
    assert codes(made) == ["wrong"] and made.pairs == (("addTodo", "listTodos"),) and not made.chosen


def test_no_call_where_one_is_expected_is_missing():
    made = score(expecting("addTodo"), [])
    assert codes(made) == ["missing"] and made.pairs == (("addTodo", ""),)


def test_a_call_where_none_is_expected_is_one_too_many():
    made = score(expecting(kind="negative"), [call("addTodo")])
    assert codes(made) == ["extra"] and made.pairs == (("", "addTodo"),)
    assert score(expecting(kind="negative"), []).pairs == (("", ""),)


def test_choosing_and_filling_in_are_judged_apart():
    made = score(expecting(Wanted("addTodo", {"title": Matcher("equals", "milk")})), [call("addTodo", title="eggs")])
    assert made.chosen and not made.passed
    miss = made.misses[0]
    assert (miss.code, miss.argument, miss.expected, miss.found) == ("argument", "title", '"milk"', '"eggs"')


def test_an_argument_that_is_not_expected_counts_in_a_closed_case_alone():
    calls = [call("addTodo", title="milk", colour="red")]
    wanted = Wanted("addTodo", {"title": Matcher("equals", "milk")})
    assert score(expecting(wanted), calls).passed
    assert codes(score(expecting(wanted, closed=True), calls)) == ["undeclared"]


def test_calls_meet_in_any_order_unless_the_case_says_otherwise():
    calls = [call("b"), call("a")]
    assert score(expecting("a", "b"), calls).passed
    assert codes(score(expecting("a", "b", ordered=True), calls)) == ["order"]
    assert score(expecting("b", "a", ordered=True), calls).passed


def test_two_calls_of_one_operation_meet_those_that_fit():
    case = expecting(
        Wanted("add", {"title": Matcher("equals", "milk")}), Wanted("add", {"title": Matcher("equals", "eggs")})
    )
    assert score(case, [call("add", title="eggs"), call("add", title="milk")]).passed
    assert codes(score(case, [call("add", title="eggs"), call("add", title="eggs")])) == ["argument"]


def test_the_same_call_twice_is_one_too_many():
    made = score(expecting("add"), [call("add"), call("add")])
    assert codes(made) == ["extra"] and made.pairs == (("add", "add"), ("", "add"))


def test_further_calls_do_no_harm_where_they_may_unless_they_are_forbidden():
    case = expecting("add", others=True, never=("wipe",))
    assert score(case, [call("list"), call("add")]).passed
    assert codes(score(case, [call("add"), call("wipe")])) == ["forbidden"]
    assert codes(score(case, [call("wipe")])) == ["wrong", "forbidden"]


def test_consent_is_judged_by_the_expected_calls():
    assert codes(score(expecting("add", consent=False), [call("add", True)])) == ["consent"]
    assert score(expecting("add", consent=True), [call("add", None)]).passed


def test_arguments_that_are_no_json_and_names_that_are_not_there_are_told():
    case = expecting(Wanted("add", {"title": Matcher("present")}))
    made = score(case, [Called("add", "{title")])
    assert codes(made) == ["syntax"] and made.arguments == (("add", "title", False),)
    assert codes(score(case, [Called("made_up", unknown=True)])) == ["wrong", "unknown"]


def test_a_score_and_a_case_survive_the_way_to_json_and_back():
    case = expecting(Wanted("add", {"n": Matcher("near", 2, 1.0)}), never=("wipe",), consent=True, ordered=True)
    assert load(json.loads(json.dumps(dump(case)))) == case
    made = score(case, [call("wipe")])
    assert scoring.read(json.loads(json.dumps(scoring.plain(made)))) == made


def test_what_is_no_case_is_told_beside_its_field():
    known = frozenset({"add"})
    case = load({"turns": ["", {"role": "assistant", "text": "x"}], "calls": ["gone", ""], "kind": "odd"})
    assert {one.pointer for one in problems(case, known)} == {
        "/turns", "/turns/0", "/kind", "/calls/0/operation", "/calls/1/operation",
    }  # fmt: skip
    both = load({"turns": ["hi"], "calls": ["add"], "never": ["add"]})
    assert [one.pointer for one in problems(both, known)] == ["/never/0"]
    assert [one.pointer for one in problems(load({"turns": ["hi"], "consent": True}))] == ["/consent"]
    assert list(problems(load({"turns": ["hi"], "calls": ["add"]}), known)) == []


TALK = (Turn("List my orders"), Turn("And the tickets?"))


def of_turn(turn, *names):
    return [Called(name, turn=turn) for name in names]


def test_what_is_expected_is_expected_of_the_last_turn():
    case = Case(TALK, (Wanted("listTickets"),))
    made = score(case, [*of_turn(0, "listOrders"), *of_turn(1, "listTickets")])
    assert made.passed and made.pairs == (("listTickets", "listTickets"),), "a call of the first turn is no fault"
    assert codes(score(case, of_turn(0, "listTickets"))) == ["missing"], "the answer came before it was asked for"
    assert codes(score(Case(TALK, (Wanted("b"),), never=("a",)), [*of_turn(0, "a"), *of_turn(1, "b")])) == ["forbidden"]
    assert score(Case(TALK, kind="negative"), of_turn(0, "listOrders")).passed
    assert codes(score(Case(TALK, kind="negative"), of_turn(1, "listOrders"))) == ["extra"]


def test_several_calls_may_be_made_in_any_turn():
    case = Case(TALK, (Wanted("listOrders"), Wanted("listTickets")), ordered=True)
    assert score(case, [*of_turn(0, "listOrders"), *of_turn(1, "listTickets")]).passed


def test_what_cannot_be_called_is_told_apart_from_what_was_not():
    made = score(expecting("getOrder"), [call("fetchOrder")], {"fetchOrder"})
    assert codes(made) == ["gone"] and not made.passed and made.pairs == (), "no row for what there is not"
    assert score(expecting("fetchOrder"), [call("fetchOrder")], {"fetchOrder"}).passed


def test_a_negative_prompt_expects_no_call():
    assert [one.pointer for one in problems(expecting("addTodo", kind="negative"))] == ["/kind"]
