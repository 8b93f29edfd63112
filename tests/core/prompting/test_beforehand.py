"""What is known before a model runs: hints about tools, starter cases, examples that are told."""

import json

import pytest

from actionstudio.core.contract import Example, Media, Response
from actionstudio.core.importer.serving import served
from actionstudio.core.prompting import Case, Matcher, Turn, Wanted, examples, problems, score
from actionstudio.core.prompting.fields import Sheet
from actionstudio.core.prompting.hints import gone, hints, likeness, shared, unfit
from actionstudio.core.prompting.scoring import Called
from actionstudio.core.prompting.starters import language_of, starters, tongue
from tests import make


def sheet(operation, description="", required=(), **properties):
    return Sheet(
        operation, description, {"type": "object", "properties": properties, "required": list(required)}, operation
    )


def test_operations_that_read_alike_are_told_and_others_are_not():
    orders = sheet("listOrders", "Returns all orders of the signed-in user with their state")
    invoices = sheet("listInvoices", "Returns all invoices of the signed-in user with their state")
    weather = sheet("getForecast", "Tells the weather of a town for the next five days")
    found = [one for one in hints([orders, invoices, weather]) if one.code in ("alike", "same-verb")]
    assert [one.operations for one in found] == [("listOrders", "listInvoices")]
    values = likeness([orders, invoices, weather])
    assert values["listOrders", "listInvoices"] > 3 * values["listOrders", "getForecast"]
    assert {"return", "user", "state"} <= set(shared(orders, invoices))


def test_chinese_and_korean_texts_are_compared_too():
    one, other = sheet("a", "查询用户的全部订单和状态"), sheet("b", "查询用户的全部发票和状态")
    far = sheet("c", "获取城市的天气预报信息")
    values = likeness([one, other, far])
    assert values["a", "b"] > 0.3 > values["a", "c"]
    values = likeness([sheet("a", "사용자의 모든 주문을 조회"), sheet("b", "사용자의 모든 청구서를 조회")])
    assert values["a", "b"] > 0.3


def test_short_long_and_silent_texts_are_told():
    found = hints(
        [sheet("a", "Adds"), sheet("b", "x" * 301), sheet("c", "Finds a book by its title", n={"type": "string"})]
    )
    assert [(one.code, one.operations, one.argument) for one in found] == [
        ("short", ("a",), ""),
        ("long", ("b",), ""),
        ("silent", ("c",), "n"),
    ]
    assert hints([sheet("find", "Finds a book by its title", n={"type": "string", "description": "Title"})]) == []
    assert hints([]) == []


def test_starters_say_what_an_operation_needs_and_expect_it():
    add = sheet("addTodo", "Adds a todo. More words.", ["title"], title={"type": "string", "examples": ["Milk"]})
    find = sheet("findTodos", "Finds todos", status={"type": "string", "enum": ["open", "done"]})
    found = starters([add, find], ["Find my todos for today"])
    assert [(one.of, one.case.utterance, one.case.operations) for one in found] == [
        ("starter", "Find my todos for today", ("findTodos",)),
        ("sentence", "Please add a todo, with the title “Milk”.", ("addTodo",)),
        ("sentence", "Please find todos.", ("findTodos",)),
        ("sentence", "I would like to see todos.", ("findTodos",)),
        ("enum", "Please find todos, with the status “open”.", ("findTodos",)),
        ("enum", "Please find todos, with the status “done”.", ("findTodos",)),
        ("nothing", "Thank you, that is all.", ()),
        ("nothing", "Tell me a joke about cats.", ()),
        ("nothing", "What is 17 times 23?", ()),
    ]
    said = next(one.case for one in found if one.of == "sentence")
    assert score(said, [Called("addTodo", json.dumps({"title": "milk"}))]).passed
    assert [list(problems(one.case, frozenset({"addTodo", "findTodos"}))) for one in found] == [[]] * 9


def test_starters_say_the_values_of_the_documents_examples():
    ticket = sheet("openTicket", "Asks the support team.", ["subject"], subject={"type": "string"})
    found = starters([ticket], given={"openTicket": {"subject": "The lamp flickers"}})
    assert found[0].case.utterance == "Please ask the support team, with the subject “The lamp flickers”."
    assert found[0].case.calls[0].arguments["subject"].value == "The lamp flickers"
    assert starters([sheet("x", "Todos of today")])[0].case.utterance == "Please show me todos of today."
    assert starters([sheet("x", "查询订单")])[0].case.utterance == "请帮我：查询订单"


@pytest.mark.parametrize(
    "operation, description, title, expected",
    [
        ("getOrder", "The lines and total of one order.", "Get one order", "Please get one order."),
        ("getOrder", "The lines and total of one order.", "", "Please get order."),
        ("x", "Changes the state of a ticket, or adds a note to it.", "", "Please change the state of a ticket."),
        ("x", "Lists tickets and orders of a customer.", "", "Please list tickets and orders of a customer."),
        ("x", "Gives back a part of what was paid.", "", "Please give back a part of what was paid."),
        ("x", "Answers each question with a passage.", "", "Please answer each question with a passage."),
    ],
)
def test_starters_ask_for_one_deed_in_the_words_that_begin_with_a_verb(operation, description, title, expected):
    found = starters([sheet(operation, description)], titles={operation: title})

    assert [one.case.utterance for one in found if one.of == "sentence" and one.case.kind == "direct"] == [expected]
    wishes = [one.case.utterance for one in found if one.case.kind == "indirect"]
    assert wishes == (["I would like to see tickets and orders of a customer."] if "Lists" in description else [])


def test_a_title_that_says_no_more_than_another_operations_gives_way_to_the_description():
    put = sheet("putRoute", "Makes the route of this id, or replaces it as a whole.", ["id"], id={"type": "integer"})
    patch = sheet("patchRoute", "Changes fields of a route.", ["id"], id={"type": "integer"})
    found = starters([put, patch], titles={"putRoute": "Set a route"}, given={"putRoute": {"id": 7}})

    assert found[0].case.utterance == "Please make the route of this id, with the id 7."


def test_a_conversation_starter_is_direct_by_the_operations_words_and_expects_the_values_that_it_names():
    get = sheet("getOrder", "The lines of one order.", ["order_id"], order_id={"type": "string"})
    found = starters([get], ["Get one order (order_id: A-10482)"], given={"getOrder": {"order_id": "A-10482", "n": 1}})

    assert found[0].of == "starter" and found[0].case.kind == "direct"
    assert found[0].case.calls[0].arguments["order_id"].value == "A-10482"
    assert set(found[0].case.calls[0].arguments) == {"order_id"}


def test_a_conversation_starter_that_could_be_two_things_is_left_to_the_person():
    assert [one.of for one in starters([sheet("a", "Show todos"), sheet("b", "Show todos")], ["Show todos"])][
        0
    ] != "starter"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("할 일 목록", "ko"),
        ("列出所有待办事项", "zh-Hans"),
        ("やることの一覧", "ja"),
        ("Donne la liste des tâches et les dates", "fr"),
        ("Lists all todos", "en"),
        ("", "en"),
    ],
)
def test_the_language_is_guessed_by_the_script(text, language):
    assert language_of(text) == language


def test_what_is_told_instead_of_a_call_is_the_operations_example_or_one_that_fits_its_schema():
    shape = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
    given = Response("200", "OK", content=(Media("application/json", shape, (Example("", {"id": 7}),)),))
    made_up = Response("201", "OK", content=(Media("application/json", shape),))
    contract = make.contract(
        make.operation(operation_id="given", responses=(given,)),
        make.operation("POST", operation_id="madeUp", responses=(made_up,)),
        make.operation("DELETE", operation_id="silent", responses=(Response("204", "Gone"),)),
    )
    imported = served(contract, "https://api.example.com")
    found = examples.answers(imported, contract)
    assert found["given"] == '{"id": 7}' and found["silent"] == "{}"
    assert isinstance(json.loads(found["madeUp"])["id"], int)
    assert found == examples.answers(imported, contract), "the same each time"
    assert set(examples.answers(imported)) == {"given", "madeUp", "silent"}


def test_operations_that_there_are_no_more_are_told_with_how_many_cases_speak_of_them():
    cases = [Case((Turn("x"),), (Wanted("getOrder"),)), Case((Turn("y"),), never=("getOrder",)), Case((Turn("z"),))]
    (found,) = gone(cases, {"fetchOrder"})
    assert (found.code, found.operations) == ("gone", ("getOrder",)) and found.message.endswith(": 2.")


@pytest.mark.parametrize(
    "name, matcher, words",
    [
        ("nope", Matcher("equals", 1), "refund has no argument nope."),
        ("nope", Matcher("absent"), ""),
        ("amount", Matcher("equals", "abc"), 'amount is of type number, never "abc".'),
        ("amount", Matcher("equals", True), "amount is of type number, never true."),
        ("amount", Matcher("equals", 12), ""),
        ("amount", Matcher("near", 12), ""),
        ("amount", Matcher("any-of", ["abc", 12.5]), ""),
        ("count", Matcher("equals", 1.5), "count is of type integer | null, never 1.5."),
        ("count", Matcher("equals", 2.0), ""),
        ("count", Matcher("equals", None), ""),
        ("state", Matcher("any-of", ["gone", "lost"]), 'state is one of open, done, never any of ["gone", "lost"].'),
        ("state", Matcher("equals", "Open"), ""),
        ("free", Matcher("equals", {"a": 1}), ""),
    ],
)
def test_what_a_case_wants_and_the_document_does_not_allow_is_told(name, matcher, words):
    refund = sheet(
        "refund",
        amount={"type": "number"},
        count={"type": ["integer", "null"]},
        state={"type": "string", "enum": ["open", "done"]},
        free={},
    )
    case = Case((Turn("x"),), (Wanted("refund", {name: matcher}), Wanted("elsewhere", {name: matcher})))
    said = [one.message for one in unfit([("Mine", case)], [refund])]
    assert said == ([f"The case “Mine” wants what is not allowed: {words}"] if words else [])


@pytest.mark.parametrize(
    ("told", "description", "spoken", "idle"),
    [
        ("", "Adds a todo to the list of somebody", "en", "en"),
        ("zh-Hans", "Adds a todo to the list of somebody", "en", "zh-Hans"),
        ("ko", "Adds a todo to the list of somebody", "en", "ko"),
        ("fr", "Adds a todo to the list of somebody", "en", "fr"),
        ("fr", "Ajoute une t\u00e2che", "fr", "fr"),
        ("en", "\u67e5\u8be2\u8ba2\u5355", "zh-Hans", "en"),
        ("ja", "\u6ce8\u6587\u691c\u7d22", "ja", "en"),
    ],
)
def test_a_case_is_of_the_language_that_its_words_are_in(told, description, spoken, idle):
    found = starters([sheet("addTodo", description)], language=told)
    direct = [one.case for one in found if one.of == "sentence" and one.case.kind == "direct"]
    assert [case.language for case in direct] == [spoken]
    assert {one.case.language for one in found if one.of == "nothing"} == {idle}


def test_languages_are_told_by_any_of_their_tags():
    assert [tongue(tag) for tag in ("zh", "zh-CN", "ZH-hans", "fr-CA", "en")] == ["zh-Hans"] * 3 + ["fr", "en"]
    with pytest.raises(KeyError):
        tongue("xx")
