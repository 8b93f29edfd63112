"""What ChatGPT gets of a contract, and which repairs make it so."""

import dataclasses

import pytest

from actionstudio.core.auth import Declared
from actionstudio.core.contract import Body, Component, Contract, Media, Operation, Parameter, Response, Server
from actionstudio.core.importer.profile import applicable, disabled, elsewhere, enabled, profile
from actionstudio.core.importer.repair import REPAIRS
from actionstudio.core.importer.repairs import choose_operations
from actionstudio.core.problem import Refused

STRING = {"type": "string"}


BEARER = {"type": "http", "scheme": "bearer"}


def json_body(schema, required=True):
    return Body(required, content=(Media("application/json", schema),))


def answer(schema):
    return (Response("200", "OK", content=(Media("application/json", schema),)),)


def api(*operations, **fields):
    return Contract(operations=operations, **fields)


def only(contract):
    (found,) = profile(contract).contract.operations
    return found


def test_an_ordinary_contract_is_its_own_profile():
    body = json_body({"type": "object", "properties": {"name": STRING}})
    op = Operation("POST", "/items/{id}", "add", parameters=(Parameter("id", "path", True, schema=STRING),), body=body)
    contract = api(op, title="Items")
    made = profile(contract)
    assert made.contract == contract
    assert made.contract.operations[0] is op
    assert not made.notes and not made.steps and not made.moved
    assert applicable(contract) == ()
    assert enabled(contract, None) is contract


def test_the_profile_of_a_contract_is_made_once():
    contract = api(Operation("GET", "/a", "a"))
    assert profile(contract) is profile(contract)


def test_every_repair_tells_people_what_it_does():
    assert all(one.title and len(one.about) > 40 for one in REPAIRS.values())


def test_a_repair_that_does_not_exist_is_refused():
    with pytest.raises(Refused, match="no repair called magic"):
        enabled(api(), ["magic"])


def test_a_reference_to_a_parameter_is_written_out():
    extra = {"components": {"parameters": {"Limit": {"name": "limit", "in": "query", "schema": STRING}}}}
    op = Operation("GET", "/a", "a", parameters=(Parameter("limit", ref="#/components/parameters/Limit"),))
    assert only(api(op, extra=extra)).parameters == (Parameter("limit", schema=STRING),)


def test_a_path_gives_its_parameters_to_its_operations():
    items = {"/a/{x}": {"parameters": [{"name": "x", "in": "path", "required": True, "schema": {"type": "integer"}}]}}
    made = profile(api(Operation("GET", "/a/{x}", "a"), path_items=items))
    assert made.contract.operations[0].parameters == (Parameter("x", "path", True, schema={"type": "integer"}),)
    assert made.contract.path_items == {}
    assert [note.code for note in made.notes] == ["path-parameters"]


def test_a_name_in_the_path_that_nobody_describes_is_a_text():
    gone = Parameter("y", "path", True, schema=STRING)
    found = only(api(Operation("GET", "/a/{x}", "a", parameters=(gone,)))).parameters
    assert found == (Parameter("x", "path", True, schema=STRING),)


def test_methods_that_chatgpt_does_not_know_are_left_out():
    made = profile(api(Operation("HEAD", "/a", "h"), Operation("GET", "/a", "g")))
    assert [op.operation_id for op in made.contract.operations] == ["g"]
    assert made.notes[0].code == "unknown-methods"


def test_two_operations_never_share_a_name():
    made = profile(api(Operation("GET", "/a", "x"), Operation("GET", "/b", "x"), Operation("GET", "/c")))
    assert [op.operation_id for op in made.contract.operations] == ["x", "x_2", "get_c"]


def test_the_first_server_that_chatgpt_takes_is_kept():
    servers = (Server("http://localhost:1"), Server("https://API.example.com"), Server("https://api.example.com/v1"))
    assert profile(api(servers=servers)).contract.servers == servers[2:]


def test_one_security_scheme_is_kept_and_open_operations_stay_open():
    schemes = {"a": {"type": "http", "scheme": "basic"}, "b": {"type": "oauth2", "flows": {}}}
    operations = (
        Operation("GET", "/1", "one", security=({"a": []}, {"b": ["read"]})),
        Operation("GET", "/2", "two", security=({"b": ["write"]},)),
        Operation("GET", "/3", "three", security=({}, {"b": []})),
    )
    contract = api(*operations, auth=Declared(), extra={"components": {"securitySchemes": schemes}})
    made = profile(contract).contract
    assert list(made.extra["components"]["securitySchemes"]) == ["b"]
    assert [op.security for op in made.operations] == [({"b": ["read"]},), ({"b": ["write"]},), ()]
    chosen = profile(enabled(contract, ["one-credential"], {"one-scheme": {"scheme": "a"}})).contract
    assert list(chosen.extra["components"]["securitySchemes"]) == ["a"]


def test_what_one_credential_does_not_open_keeps_what_it_asks_for():
    schemes = {"a": BEARER, "b": {"type": "apiKey", "in": "header", "name": "X-B"}, "c": BEARER}
    operations = (
        Operation("GET", "/1", "one", security=({"a": []},)),
        Operation("GET", "/2", "two", security=({"a": [], "b": []},)),
    )
    contract = api(*operations, auth=Declared(), extra={"components": {"securitySchemes": schemes}})
    made = profile(contract).contract
    assert list(made.extra["components"]["securitySchemes"]) == ["a", "b"]
    assert [op.security for op in made.operations] == [({"a": []},), ({"a": [], "b": []},)]


def test_shared_schemas_that_nobody_uses_are_left_out_and_odd_names_are_changed():
    ref = {"$ref": "#/components/schemas/List%C2%ABPet%C2%BB"}
    contract = api(
        Operation("GET", "/a", "a", responses=answer(ref)),
        components=(Component("List«Pet»", {"type": "string"}), Component("Unused", {})),
    )
    made = profile(contract).contract
    assert [one.name for one in made.components] == ["List_Pet"]
    assert made.operations[0].responses[0].content[0].schema == {"$ref": "#/components/schemas/List_Pet"}


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ({"type": "object"}, {"type": "object", "properties": {}}),
        ({"type": "array", "items": {}}, {"type": "array", "items": {"description": "Any value"}}),
        (
            {"type": "array", "prefixItems": [STRING, STRING]},
            {"type": "array", "prefixItems": [STRING] * 2, "items": STRING},
        ),
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "number", "minimum": 1, "exclusiveMinimum": True}, {"type": "number", "exclusiveMinimum": 1}),
        ({"type": "string", "enum": [], "required": True}, STRING),
        ({"type": "strange"}, {}),
        ({"$ref": "#/components/schemas/Gone", "title": "T"}, {"title": "T"}),
        ({"properties": {"a": True, "b": {"not": False}}}, {"properties": {"a": {}, "b": {"not": {"not": {}}}}}),
        (False, {"not": {}}),
    ],
)
def test_schemas_become_what_the_editor_takes(written, made):
    assert only(api(Operation("GET", "/a", "a", responses=answer(written)))).responses == answer(made)


def test_thirty_operations_are_chosen_the_called_ones_first():
    operations = [Operation("GET" if n % 2 else "DELETE", f"/x/{n}", f"op{n}", tags=("t",)) for n in range(40)]
    contract = api(*operations)
    (choice,) = applicable(contract)
    assert (choice.code, choice.count, choice.review) == ("choose-operations", 10, 10)
    made = enabled(contract, None, {"choose-operations": {"counts": {"DELETE /x/38": 7}}})
    shown = [op.operation_id for op in made.operations if op.exposed]
    assert shown == [*(f"op{n}" for n in range(29)), "op38"], "called ones first, then as the document has them"
    assert len(made.operations) == 40
    assert applicable(made) == ()


def test_without_tags_the_core_at_the_top_stays_whatever_its_methods():
    core = [Operation("POST", "/orders", "a"), Operation("PUT", "/orders/{id}", "b"), Operation("POST", "/login", "c")]
    things = [Operation("GET", f"/things{n}", f"t{n}") for n in range(30)]
    assert [path for _method, path in choose_operations.proposal(api(*core, *things))] == [
        *("/orders", "/orders/{id}", "/login"),
        *(f"/things{n}" for n in range(27)),
    ]


def test_with_tags_every_tag_has_its_turn_and_deprecated_ones_come_last():
    many = [Operation("GET", f"/a/{n}", f"a{n}", tags=("a",)) for n in range(40)]
    few = [Operation("DELETE", f"/b/{n}", f"b{n}", tags=("b",), deprecated=n == 0) for n in range(3)]
    found = [path for _method, path in choose_operations.proposal(api(*many, *few))]
    assert found[:5] == ["/a/0", "/b/1", "/a/1", "/b/2", "/a/2"]
    assert found[5] == "/b/0"


def test_what_a_person_chose_stays_before_what_was_added():
    operations = [Operation("GET", f"/x/{n}", f"op{n}") for n in range(40)]
    chosen = [f"GET /x/{n}" for n in range(39, 9, -1)]
    found = choose_operations.proposal(api(*operations), {"chosen": chosen, "counts": {"GET /x/0": 1}})
    assert found[:2] == (("GET", "/x/0"), ("GET", "/x/39"))
    assert {path for _method, path in found} == {"/x/0", *(f"/x/{n}" for n in range(11, 40))}


def test_what_is_hidden_is_named_up_to_thirty():
    before = api(*(Operation("GET", f"/x/{n}", f"op{n}") for n in range(65)))
    notes = choose_operations.told(choose_operations.hidden(before, enabled(before, None)))
    assert len(notes) == 31
    assert notes[0].message == "GET /x/30 is hidden." and notes[0].pointer == "/paths/~1x~130/get"
    assert notes[-1].message == "and 5 more endpoints are hidden."


def test_a_repair_that_is_asked_for_applies_to_what_the_choice_would_hide():
    contract = api(*(Operation("GET", f"/x/{n}", f"op{n}" if n < 35 else "not-a-name") for n in range(36)))
    assert [one.code for one in applicable(contract)] == ["choose-operations"]
    assert [one.code for one in applicable(contract, ["operation-names"])] == ["choose-operations", "operation-names"]
    assert elsewhere(contract) == ("operation-names",)
    assert elsewhere(enabled(contract, None)) == ("operation-names",)
    assert elsewhere(api(Operation("GET", "/a", "not-a-name"))) == ()


def test_what_changes_nothing_does_not_apply():
    upload = {"type": "object", "properties": {"f": {"type": "string", "format": "binary"}}}
    body = Body(content=(Media("multipart/form-data", upload),))
    assert applicable(api(Operation("POST", "/a", "a", body=body))) == ()


def test_a_repair_shapes_calls_only_where_it_has_to():
    in_path = (Parameter("id", "path", True, schema=STRING), Parameter("id", "query", schema=STRING))
    path = enabled(api(Operation("GET", "/a/{id}", "a", parameters=in_path)), ["rename-duplicates"])
    assert profile(path).notes and not profile(path).shaping
    body = json_body({"type": "object", "properties": {"id": STRING}})
    query = enabled(api(Operation("POST", "/a", "a", parameters=in_path[1:], body=body)), ["rename-duplicates"])
    assert profile(query).shaping == {"rename-duplicates"}


def test_a_repair_that_is_on_does_not_apply_again_and_can_go_off():
    contract = api(Operation("GET", "/a", "get-it"))
    assert [one.code for one in applicable(contract)] == ["operation-names"]
    mended = enabled(contract, ["operation-names"])
    assert applicable(mended) == ()
    assert only(mended).operation_id == "get_it"
    assert dataclasses.replace(mended, repairs={}) == contract
    assert disabled(mended, ["operation-names"]) == contract
