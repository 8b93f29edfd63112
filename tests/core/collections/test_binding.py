"""One choice proposes the whole set: which rows, which id, whose list, what each operation does, and how it answers."""

import dataclasses

import pytest

from actionstudio.core import codec
from actionstudio.core.behaviour import Examples, Stateful
from actionstudio.core.collections import binding
from actionstudio.core.contract import Example, Parameter, Response
from actionstudio.core.problem import Refused
from tests.core.collections.documents import JSON, PET, answers, document, op, pets

TODOS = {"type": "array", "items": {"type": "string"}}
PETS = {"type": "array", "items": PET}


def deeds(bound):
    return {f"{one.method} {one.path}": one.behaviour.action for one in bound.bound}


def of(bound, method, path) -> binding.Bound:
    return next(one for one in bound.bound if (one.method, one.path) == (method, path))


def test_a_list_and_its_rows_are_bound_by_one_choice():
    for chosen in ("/pets", "/pets/{petId}"):
        bound = binding.bind(pets(), chosen)
        assert deeds(bound) == {
            "GET /pets": "list",
            "POST /pets": "create",
            "GET /pets/{petId}": "read",
            "PUT /pets/{petId}": "replace",
            "PATCH /pets/{petId}": "update",
            "DELETE /pets/{petId}": "delete",
        }
        made = bound.collection
        assert (made.name, made.schema, made.id_field, made.id_kind, made.partition) == (
            "pets",
            PET,
            "id",
            "integer",
            "",
        )
        assert of(bound, "GET", "/pets/{petId}").behaviour.key == "path.petId"


def test_applied_it_is_part_of_the_contract_and_survives_the_codec():
    made = binding.apply(pets(), binding.bind(pets(), "/pets"))
    assert [one.name for one in made.collections] == ["pets"]
    assert all(isinstance(one.behaviour, Stateful) for one in made.operations)
    assert codec.load(codec.dump(made)) == made
    again = binding.apply(made, binding.bind(made, "/pets"))
    assert again == made


def test_what_is_not_of_the_family_stays_as_it_is():
    other = op("GET", "/shops", answers({"type": "array", "items": {"type": "object"}}))
    contract = dataclasses.replace(pets(), operations=(*pets().operations, other))
    assert binding.apply(contract, binding.bind(contract, "/pets")).operations[-1].behaviour == Examples()


def test_a_second_collection_of_the_same_word_gets_a_number():
    nested = op("GET", "/users/{user}/pets", answers(PETS))
    contract = dataclasses.replace(pets(), operations=(*pets().operations, nested))
    contract = binding.apply(contract, binding.bind(contract, "/pets"))
    bound = binding.bind(contract, "/users/{user}/pets")
    assert (bound.collection.name, bound.collection.partition) == ("pets-2", "path.user")


def test_a_nested_pair_has_a_list_for_each_parent_that_is_no_field_of_the_row():
    contract = document(
        op("GET", "/users/{user}/pets", answers(PETS)),
        op("GET", "/users/{user}/pets/{petId}", answers(PET)),
    )
    bound = binding.bind(contract, "/users/{user}/pets/{petId}")
    assert bound.collection.partition == "path.user"
    assert bound.partitions == ("", "path.user", "user")
    assert of(bound, "GET", "/users/{user}/pets/{petId}").behaviour.key == "path.petId"


def test_a_parent_that_is_a_field_of_the_row_filters_one_shared_list():
    post = {"type": "object", "properties": {"id": {"type": "integer"}, "userId": {"type": "integer"}}}
    contract = document(op("GET", "/users/{userId}/posts", answers({"type": "array", "items": post})))
    assert binding.bind(contract, "/users/{userId}/posts").collection.partition == ""


def test_todos_are_texts_in_a_list_for_each_person_and_go_by_their_place():
    contract = document(
        op("GET", "/todos/{username}", answers({"type": "object", "properties": {"todos": TODOS}})),
        op("POST", "/todos/{username}", body={"type": "object", "properties": {"todo": {"type": "string"}}}),
        op("DELETE", "/todos/{username}", body={"type": "object", "properties": {"todo_idx": {"type": "integer"}}}),
    )
    bound = binding.bind(contract, "/todos/{username}")
    made = bound.collection
    assert (made.name, made.schema, made.id_field, made.partition) == ("todos", {"type": "string"}, "", "path.username")
    assert of(bound, "GET", "/todos/{username}").layout.pointer == "/todos"
    assert of(bound, "POST", "/todos/{username}").behaviour.item == "/todo"
    gone = of(bound, "DELETE", "/todos/{username}").behaviour
    assert (gone.action, gone.by, gone.key, gone.missing) == ("delete", "position", "body./todo_idx", "keep")


def test_an_example_that_bears_the_name_of_a_persons_example_is_that_persons_list():
    username = Parameter("username", "path", True, schema={}, examples=(Example("ann", "ann"), Example("bob", "Bob")))
    listing = op("GET", "/todos/{username}", answers(TODOS, ann=["a", "b"], bob=[], other=["c"]))
    bound = binding.bind(document(dataclasses.replace(listing, parameters=(username,))), "/todos/{username}")
    seeds = {seed.partition: seed.rows for seed in bound.collection.seeds}
    assert seeds == {"ann": ("a", "b"), "Bob": (), "": ("c",)}


def test_rows_begin_with_the_examples_and_what_others_know_of_them():
    contract = document(
        op("GET", "/pets", answers(PETS, some=[{"id": 1, "name": "Mimi"}, {"id": 2, "name": "Rolf"}], none=[])),
        op("GET", "/pets/{petId}", answers(PET, mimi={"id": 1, "name": "Mimi", "age": 3}, coco={"id": 9, "name": "C"})),
    )
    (seed,) = binding.bind(contract, "/pets").collection.seeds
    assert seed.rows == ({"id": 1, "name": "Mimi", "age": 3}, {"id": 2, "name": "Rolf"}, {"id": 9, "name": "C"})


def test_without_examples_rows_are_made_the_same_each_time():
    (seed,) = binding.bind(pets(), "/pets", generated=4).collection.seeds
    assert [row["id"] for row in seed.rows] == [1, 2, 3, 4]
    assert binding.bind(pets(), "/pets", generated=4).collection.seeds == (seed,)


@pytest.mark.parametrize(
    ("schema", "parameter", "id_field", "kind"),
    [
        ({"petId": {"type": "string", "format": "uuid"}}, "petId", "petId", "uuid"),
        ({"pet_id": {"type": "integer"}}, "petId", "pet_id", "integer"),
        ({"name": {"type": "string"}, "age": {"type": "integer"}}, "petName", "name", "text"),
        ({"id": {"type": "integer"}, "slug": {"type": "string"}}, "slug", "slug", "text"),
        ({"uuid": {"type": "string"}}, "id", "uuid", "uuid"),
        ({"colour": {"type": "string"}}, "id", "", "integer"),
    ],
)
def test_the_id_is_told_from_the_paths_parameter_and_the_schema(schema, parameter, id_field, kind):
    pet = {"type": "object", "properties": schema}
    contract = document(op("GET", f"/pets/{{{parameter}}}", answers(pet)), op("POST", "/pets", body=pet))
    made = binding.bind(contract, "/pets").collection
    assert (made.id_field, made.id_kind) == (id_field, kind)


def test_ids_that_are_texts_in_a_series_are_continued():
    pet = {"type": "object", "properties": {"id": {"type": "string"}}}
    contract = document(
        op("GET", "/pets", answers({"type": "array", "items": pet}, two=[{"id": "P-1"}, {"id": "P-2"}]))
    )
    assert binding.bind(contract, "/pets").collection.id_kind == "text"


def test_a_single_path_names_its_row_in_the_query_or_in_the_body():
    contract = document(
        op("GET", "/pet", answers(PET), query_id={"type": "integer"}),
        op("PUT", "/pet", answers(PET), body=PET),
        op("DELETE", "/pet", query_petId={"type": "integer"}),
    )
    get = dataclasses.replace(contract.operations[0].parameters[0], required=True)
    first = dataclasses.replace(contract.operations[0], parameters=(get,))
    bound = binding.bind(dataclasses.replace(contract, operations=(first, *contract.operations[1:])), "/pet")
    assert {one.method: (one.behaviour.action, one.behaviour.key) for one in bound.bound} == {
        "GET": ("read", "query.id"),
        "PUT": ("replace", "body./id"),
        "DELETE": ("delete", "query.petId"),
    }


def test_one_thing_without_a_list_is_the_only_row():
    settings = {"type": "object", "properties": {"theme": {"type": "string"}}}
    contract = document(
        op("GET", "/settings", answers(settings)), op("PATCH", "/settings", answers(settings), body=settings)
    )
    bound = binding.bind(contract, "/settings")
    assert {(one.behaviour.action, one.behaviour.by) for one in bound.bound} == {("read", "only"), ("update", "only")}


def test_lists_below_the_path_and_the_word_in_the_other_number_belong_to_it():
    contract = document(
        op("POST", "/pet", answers(PET), body=PET),
        op("GET", "/pet/findByStatus", answers(PETS), query_status={"type": "string"}),
        op("GET", "/pet/{petId}", answers(PET)),
        op("GET", "/pet/{petId}/photos", answers({"type": "array", "items": {"type": "string"}})),
        op("GET", "/pets", answers(PETS)),
    )
    assert deeds(binding.bind(contract, "/pet/{petId}")) == {
        "POST /pet": "create",
        "GET /pet/findByStatus": "list",
        "GET /pet/{petId}": "read",
    }
    assert "POST /pet" in deeds(binding.bind(contract, "/pets"))


@pytest.mark.parametrize(
    ("schema", "pointer", "places"),
    [
        (PETS, "", {}),
        ({"type": "object", "properties": {"pets": PETS}}, "/pets", {}),
        (
            {"type": "object", "properties": {"data": PETS, "total": {"type": "integer"}, "page": {"type": "integer"}}},
            "/data",
            {"/total": "total", "/page": "page"},
        ),
        (
            {"type": "object", "properties": {
                "pets": PETS, "errors": {"type": "array", "items": {"type": "string"}},
                "meta": {"type": "object", "properties": {"total_count": {"type": "integer"}}},
            }},
            "/pets",
            {"/meta/total_count": "total"},
        ),
        (
            {"type": "object", "properties": {"result": {"type": "object", "properties": {"items": PETS}}}},
            "/result/items",
            {},
        ),
        ({"allOf": [{"properties": {"results": PETS}}, {"properties": {"has_more": {"type": "boolean"}}}]}, "/results",
         {"/has_more": "more"}),
    ],
)  # fmt: skip
def test_the_envelope_of_a_list_is_told_from_its_schema(schema, pointer, places):
    layout = of(binding.bind(pets(schema), "/pets"), "GET", "/pets").layout
    assert (layout.kind, layout.pointer) == ("rows", pointer)
    assert {"/" + "/".join(place.way): place.role for place in layout.places} == places


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (answers({"type": "object", "properties": {"a": TODOS, "b": TODOS}}), "the answer has several lists: /a, /b"),
        (answers({"type": "object", "properties": {"ok": {"type": "boolean"}}}), "the answer's schema has no list"),
        (answers({"type": "string"}, kind="text/plain"), "the answer is text/plain, not JSON"),
        (Response("200"), "the answer has no body"),
    ],
)
def test_what_cannot_be_told_says_why(response, words):
    contract = document(op("GET", "/pets", response), op("GET", "/pets/{id}", answers(PET)))
    layout = of(binding.bind(contract, "/pets"), "GET", "/pets").layout
    assert (layout.kind, layout.why) == ("other", words)


def test_a_row_in_an_envelope_of_its_own():
    contract = document(
        op("GET", "/pets/{id}", answers({"type": "object", "properties": {"pet": PET}})),
        op("POST", "/pets", answers({"type": "object", "properties": {"data": PET}}, "201"),
           body={"type": "object", "properties": {"pet": PET}}),
    )  # fmt: skip
    bound = binding.bind(contract, "/pets")
    assert bound.collection.schema == PET
    assert of(bound, "GET", "/pets/{id}").layout.pointer == "/pet"
    created = of(bound, "POST", "/pets")
    assert (created.layout.pointer, created.behaviour.item) == ("/data", "/pet")


def test_another_id_or_partition_may_be_chosen():
    bound = binding.bind(pets(), "/pets")
    changed = binding.rebind(pets(), bound, "/pets", id_field="name", partition="user")
    assert (changed.collection.id_field, changed.collection.partition) == ("name", "user")
    assert binding.rebind(pets(), bound, "/pets") == bound


def test_without_a_list_for_each_person_all_examples_are_in_one():
    username = Parameter("username", "path", True, schema={}, examples=(Example("ann", "ann"), Example("bob", "bob")))
    listing = op("GET", "/todos/{username}", answers(TODOS, ann=["a"], bob=["b"]))
    contract = document(dataclasses.replace(listing, parameters=(username,)))
    changed = binding.rebind(contract, binding.bind(contract, "/todos/{username}"), "/todos/{username}", partition="")
    assert [(seed.partition, seed.rows) for seed in changed.collection.seeds] == [("", ("a", "b"))]


def test_which_fields_may_name_a_row():
    bound = binding.bind(pets(), "/pets")
    assert {"id", "name", "age", ""} == set(bound.id_fields)


def test_a_path_that_is_not_there_is_refused():
    with pytest.raises(Refused) as refused:
        binding.bind(pets(), "/cats")
    assert "The document has no path /cats." in str(refused.value)


def test_media_types_beside_json_do_not_hide_it():
    response = answers(PETS)
    both = dataclasses.replace(response, content=(*answers({}, kind="application/xml").content, *response.content))
    contract = document(op("GET", "/pets", both))
    assert of(binding.bind(contract, "/pets"), "GET", "/pets").layout.kind == "rows"
    assert both.content[1].media_type == JSON
