"""A newer document meets a project that has grown: a plan by item, hand edits kept, nothing done unasked."""

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from actionstudio.core.auth import ApiKey, NoAuth
from actionstudio.core.behaviour import Generated
from actionstudio.core.contract import Component, Contract, Example, Media, Operation, Parameter, Response, Server
from actionstudio.core.reimport import apply, plan

TODO = {"type": "object", "properties": {"title": {"type": "string"}}}
REF = {"$ref": "#/components/schemas/Todo"}
ANSWER = (Response("200", "OK", content=(Media("application/json", REF, (Example("", {"title": "Milk"}),)),)),)
LIST = Operation("GET", "/todos", "list", "List", parameters=(Parameter("q", schema={"type": "string"}),))
LIST = dataclasses.replace(LIST, responses=ANSWER)
ADD = Operation("POST", "/todos", "add", "Add")
BASE = Contract(title="Todos", operations=(LIST, ADD), components=(Component("Todo", TODO),))


def with_(value, **fields):
    return dataclasses.replace(value, **fields)


def ops(*operations, of=BASE):
    return with_(of, operations=operations)


def told(found):
    return [(item.kind, item.what, item.id, item.label) for item in found.items]


def test_nothing_new_is_an_empty_plan():
    mine = with_(BASE, title="Mine", operations=(with_(LIST, behaviour=Generated()), ADD))
    found = plan(mine, BASE, BASE)
    assert found.items == ()
    assert found.kept == ("Title and description: title", "GET /todos: behaviour")
    assert apply(mine, BASE, None, BASE) == mine


def test_what_came_went_and_changed():
    new = Operation("GET", "/lists", "lists")
    theirs = ops(with_(LIST, summary="All"), new, of=with_(BASE, servers=(Server("https://a.test"),)))
    found = plan(BASE, theirs, BASE)
    assert told(found) == [
        ("changed", "document", "servers", "Servers"),
        ("changed", "operation", "operation:GET /todos", "GET /todos"),
        ("added", "operation", "operation:GET /lists", "GET /lists"),
        ("removed", "operation", "operation:POST /todos", "POST /todos"),
    ]
    changed = found.items[1]
    assert (changed.details, changed.breaking, changed.pointer) == (("summary",), False, "/paths/~1todos/get")
    assert changed.after["summary"] == "All"
    assert found.items[3].breaks == ("Callers lose POST /todos.",)
    assert found.breaking == 1


def test_only_what_is_accepted_is_done():
    theirs = ops(with_(LIST, summary="All"))
    assert apply(BASE, theirs, ["operation:GET /todos"], BASE) == ops(with_(LIST, summary="All"), ADD)
    assert apply(BASE, theirs, ["operation:POST /todos"], BASE) == ops(LIST)
    assert apply(BASE, theirs, [], BASE) == apply(BASE, theirs, ["nonsense"], BASE) == BASE


def test_hand_edits_stay_where_the_source_changed_other_things():
    example = dataclasses.replace(ANSWER[0].content[0], examples=(Example("", {"title": "Bread"}),))
    mine = with_(LIST, summary="Mine", exposed=False, responses=(with_(ANSWER[0], content=(example,)),))
    theirs = with_(LIST, parameters=(), responses=(with_(ANSWER[0], description="Fine"),))
    (item,) = plan(ops(mine, ADD), ops(theirs, ADD), BASE).items
    assert item.suggested
    assert item.kept == ("summary", "exposed to GPT", "answer 200 content")
    merged = apply(ops(mine, ADD), ops(theirs, ADD), None, BASE).operations[0]
    assert merged == with_(mine, parameters=(), responses=(with_(mine.responses[0], description="Fine"),))


def test_the_same_changed_twice_is_a_choice_and_ours_unless_chosen():
    mine, theirs = ops(with_(LIST, summary="Mine"), ADD), ops(with_(LIST, summary="Theirs", deprecated=True), ADD)
    (item,) = plan(mine, theirs, BASE).items
    (choice,) = item.choices
    assert (choice.id, choice.label) == ("operation:GET /todos#summary", "summary")
    assert (choice.ours, choice.theirs) == ("Mine", "Theirs")
    assert apply(mine, theirs, None, BASE).operations[0] == with_(LIST, summary="Mine", deprecated=True)
    assert apply(mine, theirs, [choice.id], BASE).operations[0] == with_(LIST, summary="Theirs", deprecated=True)


def test_an_item_that_is_all_choices_is_not_suggested():
    mine, theirs = ops(with_(LIST, summary="Mine"), ADD), ops(with_(LIST, summary="Theirs"), ADD)
    (item,) = plan(mine, theirs, BASE).items
    assert (item.takes, item.suggested) == (False, False)
    assert apply(mine, theirs, None, BASE) == mine


def test_what_was_edited_here_goes_only_when_named():
    mine = ops(LIST, with_(ADD, summary="Mine"))
    (item,) = plan(mine, ops(LIST), BASE).items
    assert (item.kind, item.suggested, item.lost) == ("removed", False, ("summary",))
    assert apply(mine, ops(LIST), None, BASE) == mine
    assert apply(mine, ops(LIST), [item.id], BASE) == ops(LIST)


def test_what_was_removed_here_comes_back_only_when_named():
    theirs = ops(LIST, with_(ADD, summary="More"))
    (item,) = plan(ops(LIST), theirs, BASE).items
    assert (item.kind, item.suggested) == ("added", False)
    assert apply(ops(LIST), theirs, None, BASE) == ops(LIST)
    assert apply(ops(LIST), theirs, [item.id], BASE) == theirs
    assert plan(ops(LIST), BASE, BASE).kept == ("POST /todos: removed",)


def test_an_operation_that_moved_keeps_its_behaviour():
    mine = ops(with_(LIST, behaviour=Generated(seed=7)), ADD)
    (item,) = plan(mine, ops(with_(LIST, path="/tasks"), ADD), BASE).items
    assert (item.kind, item.label, item.id) == ("changed", "GET /todos → GET /tasks", "operation:GET /tasks")
    assert item.breaks == ("The address changes: callers of GET /todos get 404.",)
    moved = apply(mine, ops(with_(LIST, path="/tasks"), ADD), None, BASE).operations[0]
    assert (moved.path, moved.behaviour) == ("/tasks", Generated(seed=7))


def test_a_name_given_here_stays():
    mine, theirs = ops(with_(LIST, operation_id="mine"), ADD), ops(with_(LIST, path="/tasks"), ADD)
    assert apply(mine, theirs, None, BASE).operations[0] == with_(LIST, operation_id="mine", path="/tasks")


def test_an_operation_that_both_made_at_one_place_is_a_choice():
    mine = ops(LIST, ADD, Operation("GET", "/lists", "mine"))
    theirs = ops(LIST, ADD, Operation("GET", "/lists", "lists"))
    (item,) = plan(mine, theirs, BASE).items
    assert (item.kind, item.takes, [choice.label for choice in item.choices]) == ("changed", False, ["all of it"])
    assert apply(mine, theirs, None, BASE) == mine
    assert apply(mine, theirs, [item.choices[0].id], BASE) == theirs


def test_two_that_moved_to_different_places_are_one_choice():
    mine, theirs = ops(with_(LIST, path="/mine"), ADD), ops(with_(LIST, method="PUT", path="/new"), ADD)
    (item,) = plan(mine, theirs, BASE).items
    assert [(choice.label, choice.ours, choice.theirs) for choice in item.choices] == [
        ("method and path", ["GET", "/mine"], ["PUT", "/new"])
    ]
    assert apply(mine, theirs, [item.choices[0].id], BASE) == theirs


def test_what_an_accepted_item_refers_to_comes_along():
    theirs = ops(
        with_(LIST, responses=(Response("200", ref="#/components/responses/Found"),)),
        ADD,
        of=with_(
            BASE,
            components=(*BASE.components, Component("Page", {"items": {"$ref": "#/components/schemas/Line"}}),
                        Component("Line", {})),
            extra={"components": {"responses": {
                "Found": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}}}}},
        ),
    )  # fmt: skip
    after = apply(BASE, theirs, ["operation:GET /todos"], BASE)
    assert [component.name for component in after.components] == ["Todo", "Page", "Line"]
    assert after.extra == theirs.extra


def test_what_something_that_stays_refers_to_does_not_go():
    mine = ops(with_(LIST, summary="Mine"), ADD)
    theirs = with_(BASE, operations=(ADD,), components=())
    after = apply(mine, theirs, None, BASE)  # the edited operation stays, as nobody named it
    assert after == mine
    assert apply(mine, theirs, [item.id for item in plan(mine, theirs, BASE).items], BASE) == theirs


def test_without_a_base_what_no_document_says_stays():
    mine = with_(BASE, validation="off", privacy="# P", operations=(with_(LIST, exposed=False), ADD))
    theirs = ops(with_(LIST, summary="All"), ADD)
    (item,) = plan(mine, theirs).items
    assert item.id == "operation:GET /todos"
    assert apply(mine, theirs) == with_(mine, operations=(with_(LIST, summary="All", exposed=False), ADD))


def test_another_credential_breaks():
    (item,) = plan(BASE, with_(BASE, auth=ApiKey()), BASE).items
    assert (item.id, item.breaks) == ("security", ("Callers must prove who they are in another way.",))
    (item,) = plan(with_(BASE, auth=ApiKey()), BASE, with_(BASE, auth=ApiKey())).items
    assert item.breaks == ()
    assert apply(with_(BASE, auth=ApiKey()), with_(BASE, auth=NoAuth()), None, with_(BASE, auth=ApiKey())) == BASE


SCHEMAS = st.sampled_from([TODO, REF, {"type": "string"}, {"type": "object", "properties": {}, "title": "x"}])
OPERATIONS = st.builds(
    Operation,
    st.sampled_from(["GET", "POST"]),
    st.sampled_from(["/a", "/b", "/c"]),
    st.sampled_from(["", "x", "y", "z"]),
    summary=st.sampled_from(["", "one", "two"]),
    exposed=st.booleans(),
    parameters=st.lists(st.builds(Parameter, st.sampled_from("pq"), schema=SCHEMAS), max_size=2).map(tuple),
    responses=st.builds(lambda schema: (Response("200", content=(Media("a/b", schema),)),), SCHEMAS),
)
CONTRACTS = st.builds(
    lambda title, operations, schemas, extra, paths: Contract(
        title,
        operations=tuple({(op.method, op.path): op for op in operations}.values()),
        components=tuple(Component(name, schema) for name, schema in schemas.items()),
        extra=extra,
        path_items=paths,
    ),
    st.sampled_from(["A", "B"]),
    st.lists(OPERATIONS, max_size=4),
    st.dictionaries(st.sampled_from(["Todo", "Line"]), SCHEMAS, max_size=2),
    st.sampled_from([
        {}, {"info": {"x": 1}, "x-a": 1},
        {"components": {"parameters": {"p": {"name": "p"}}, "securitySchemes": {}, "responses": {}}},
    ]),
    st.dictionaries(st.sampled_from(["/a", "/d"]), st.just({"summary": "s"}), max_size=2),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(CONTRACTS, CONTRACTS)
def test_all_of_it_without_hand_edits_is_the_new_document(before, after):
    assert apply(before, after, None, before) == after
    assert apply(after, after, None, before) == after


@settings(max_examples=300, deadline=None)
@given(CONTRACTS, CONTRACTS, CONTRACTS)
def test_any_part_of_it_can_be_taken_and_then_nothing_is_left(base, mine, theirs):
    found = plan(mine, theirs, base)
    assert apply(mine, theirs, [], base) == mine
    for accept in (None, found.ids, sorted(found.ids)[::2]):
        once = apply(mine, theirs, accept, base)
        assert len({(op.method, op.path) for op in once.operations}) == len(once.operations)
        assert plan(once, theirs, theirs).items == ()
        assert apply(once, theirs, None, theirs) == once


def numbered(*numbers: int, shown: int = 100) -> Contract:
    """GET /x/0 and on, the first ``shown`` of them offered to ChatGPT."""
    return Contract(operations=tuple(Operation("GET", f"/x/{n}", f"x{n}", exposed=n < shown) for n in numbers))


def test_where_somebody_chose_what_is_added_arrives_hidden_when_there_is_no_room():
    base, current = numbered(*range(35)), numbered(*range(35), shown=30)
    incoming = numbered(*range(35), 90, 91)
    found = plan(current, incoming, base)
    assert [(item.id, item.hidden) for item in found.items] == [
        ("operation:GET /x/90", True),
        ("operation:GET /x/91", True),
    ]
    made = apply(current, incoming, None, base)
    assert made == found.after
    assert [op.path for op in made.operations if op.exposed] == [f"/x/{n}" for n in range(30)]
    assert plan(made, incoming, incoming).items == ()


def test_where_there_is_room_or_nobody_chose_what_is_added_is_offered():
    room = plan(numbered(*range(35), shown=29), numbered(*range(35), 90), numbered(*range(35)))
    assert not any(item.hidden for item in room.items)
    unchosen = plan(numbered(*range(30)), numbered(*range(30), 90), numbered(*range(30)))
    assert not any(item.hidden for item in unchosen.items)


def test_what_arrives_hidden_depends_on_what_is_accepted():
    base, current = numbered(*range(35)), numbered(*range(35), shown=30)
    incoming = numbered(*range(1, 35), 90)
    both = plan(current, incoming, base)
    assert [(item.kind, item.hidden) for item in both.items] == [("removed", False), ("added", False)]
    (added,) = (item for item in plan(current, incoming, base, ["operation:GET /x/90"]).items if item.kind == "added")
    assert added.hidden
