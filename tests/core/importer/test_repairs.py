"""Each optional repair: what it makes of an operation, and which steps lead a call back."""

import pytest

from actionstudio.core.arguments import Encode, Move, Parse, Rename, Unwrap
from actionstudio.core.auth import Declared
from actionstudio.core.contract import Body, Component, Contract, Media, Operation, Parameter, Response
from actionstudio.core.importer.profile import applicable, enabled, profile
from actionstudio.core.importer.repairs.shorten_texts import shortened

STRING, NUMBER = {"type": "string"}, {"type": "integer"}


def obj(*required, **properties):
    out = {"type": "object", "properties": properties}
    return {**out, "required": list(required)} if required else out


def body(schema, kind="application/json", required=True):
    return Body(required, content=(Media(kind, schema),))


def post(schema=None, *parameters, path="/a", kind="application/json", **fields):
    return Operation("POST", path, "a", parameters=parameters, body=schema and body(schema, kind), **fields)


def mended(code, *operations, options=None, **fields):
    """The profile with one optional repair on, which must have had something to do."""
    contract = Contract(operations=operations, **fields)
    assert code in [one.code for one in applicable(contract)]
    return profile(enabled(contract, [code], options and {code: options}))


def schema_of(made):
    (op,) = made.contract.operations
    (media,) = op.body.content
    assert media.media_type == "application/json"
    return media.schema


def test_a_list_as_body_is_wrapped_and_taken_out_again():
    made = mended("wrap-body", post({"type": "array", "items": STRING}))
    assert schema_of(made)["properties"] == {"items": {"type": "array", "items": STRING}}
    assert schema_of(made)["required"] == ["items"]
    assert made.steps == {("POST", "/a"): (Unwrap("items"),)}


def test_the_key_of_a_wrapped_body_is_nobody_elses():
    choice = {"oneOf": [obj(body=STRING), STRING]}
    made = mended("wrap-body", post(choice, Parameter("body_2")))
    assert list(schema_of(made)["properties"]) == ["body_3"]


def test_parts_of_a_body_are_joined_without_a_step():
    parts = {"allOf": [{"$ref": "#/components/schemas/Base"}, obj("b", b=NUMBER), {"required": ["a"]}]}
    made = mended("merge-all-of", post(parts), components=(Component("Base", obj(a=STRING)),))
    assert schema_of(made) == obj("b", a=STRING, b=NUMBER)
    assert not made.steps


def test_fields_inside_parts_beside_a_type_are_shown_too():
    made = mended("merge-all-of", post({"type": "object", "allOf": [obj(a=STRING)]}))
    assert schema_of(made) == obj(a=STRING)


def test_alternatives_are_joined_and_need_what_all_need():
    cat = obj("kind", "claws", kind={"type": "string", "const": "cat"}, claws=NUMBER)
    dog = obj("kind", kind={"type": "string", "const": "dog"}, claws=STRING)
    made = mended("flatten-union", post({"oneOf": [cat, dog, {"type": "null"}]}))
    kind = {"type": "string", "enum": ["cat", "dog"]}
    assert schema_of(made) == obj("kind", kind=kind, claws={"anyOf": [NUMBER, STRING]})
    assert not made.steps and made.notes[-1].review


def test_a_choice_of_required_fields_is_no_reason_to_change_a_body():
    schema = {**obj(a=STRING, b=STRING), "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}
    assert applicable(Contract(operations=(post(schema),))) == ()


def test_headers_and_cookies_come_by_the_query():
    given = (Parameter("X-Plan", "header", True, schema=STRING), Parameter("q", "cookie"), Parameter("q", "query"))
    made = mended("header-parameters", post(None, *given))
    found = made.contract.operations[0].parameters
    assert [(one.name, one.in_, one.required) for one in found] == [
        ("X-Plan", "query", True),
        ("cookie_q", "query", False),
        ("q", "query", False),
    ]
    assert made.steps["POST", "/a"] == (Move("cookie_q", "cookie", "q"), Move("X-Plan", "header", "X-Plan"))


def test_the_header_of_the_credential_stays_out_of_the_query():
    schemes = {"securitySchemes": {"k": {"type": "apiKey", "in": "header", "name": "X-Key"}}}
    op = post(None, Parameter("x-key", "header"), Parameter("Accept", "header"))
    assert applicable(Contract(operations=(op,), auth=Declared(), extra={"components": schemes})) == ()


def test_headers_that_programs_set_stay_out_unless_they_must_be_there():
    given = [Parameter("X-Request-ID", "header"), Parameter("If-Match", "header", True), Parameter("X-Plan", "header")]
    made = mended("header-parameters", post(None, *given))
    assert [one.name for one in made.contract.operations[0].parameters] == ["If-Match", "X-Plan"]
    made = mended("header-parameters", post(None, *given), options={"only": "required"})
    assert [one.name for one in made.contract.operations[0].parameters] == ["If-Match"]


def test_a_path_gets_another_name_for_all_its_operations_and_no_step():
    one = Parameter("id", "path", True, schema=STRING)
    put = Operation("PUT", "/a/{id}", "put", parameters=(one,), body=body(obj(id=STRING)))
    made = mended("rename-duplicates", put, Operation("GET", "/a/{id}", "get", parameters=(one,)))
    assert [op.path for op in made.contract.operations] == ["/a/{path_id}"] * 2
    assert [op.parameters[0].name for op in made.contract.operations] == ["path_id"] * 2
    assert made.place("GET", "/a/{id}") == ("GET", "/a/{path_id}")
    assert not made.steps
    assert not applicable(Contract(operations=(put,)))[0].shapes


def test_a_field_that_is_needed_but_described_nowhere_counts_too():
    one = Parameter("id", "path", True, schema=STRING)
    put = Operation("PUT", "/a/{id}", "put", parameters=(one,), body=body(obj("id", b=STRING)))
    made = mended("rename-duplicates", put).contract.operations[0]
    assert made.path == "/a/{path_id}" and list(made.body.content[0].schema["properties"]) == ["b", "id"]


def test_a_query_parameter_called_as_a_field_gets_another_name():
    made = mended("rename-duplicates", post(obj(q=STRING), Parameter("q"), Parameter("query_q")))
    assert [one.name for one in made.contract.operations[0].parameters] == ["query_q_2", "query_q"]
    assert made.steps == {("POST", "/a"): (Rename("query", "query_q_2", "q"),)}


def test_maps_are_one_text_wherever_they_are():
    map_ = {"type": "object", "additionalProperties": NUMBER}
    thing = obj(tags=map_, deep=obj(list={"type": "array", "items": {"$ref": "#/components/schemas/Map"}}))
    answer = (Response("200", content=(Media("application/json", {"$ref": "#/components/schemas/Map"}),)),)
    op = post({"$ref": "#/components/schemas/Thing"}, responses=answer)
    made = mended("free-form-maps", op, components=(Component("Thing", thing), Component("Map", map_)))
    schema = schema_of(made)
    assert schema["properties"]["tags"]["type"] == "string"
    assert schema["properties"]["deep"]["properties"]["list"]["items"]["type"] == "string"
    assert set(made.steps["POST", "/a"]) == {Parse(("tags",)), Parse(("deep", "list", "*"))}
    assert made.contract.schemas() == {"Map": {**map_, "properties": {}}}


def test_a_body_that_is_a_map_is_wrapped_too():
    made = mended("free-form-maps", post({"type": "object"}))
    assert schema_of(made)["properties"]["entries"]["type"] == "string"
    assert made.steps["POST", "/a"] == (Parse(("entries",)), Unwrap("entries"))


def test_a_circle_of_maps_ends():
    node = obj(next={"$ref": "#/components/schemas/Node"}, any={"type": "object"})
    op = post({"$ref": "#/components/schemas/Node"})
    made = mended("free-form-maps", op, components=(Component("Node", node),))
    assert made.steps["POST", "/a"] == (Parse(("any",)),)


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data", "application/vnd.api+json"]
)
def test_other_bodies_are_offered_as_json(kind):
    made = mended("json-bodies", post(obj(a=STRING), kind=kind))
    assert schema_of(made) == obj(a=STRING)
    assert made.steps == {("POST", "/a"): (Encode(kind),)}


def test_a_text_as_body_is_a_field():
    made = profile(enabled(Contract(operations=(post(obj(a=STRING), kind="application/xml"),)), None))
    assert schema_of(made)["properties"]["text"]["type"] == "string"
    assert made.steps["POST", "/a"] == (Unwrap("text"), Encode("application/xml"))


def test_files_are_left_out_of_forms_and_an_upload_stays_as_it_is():
    form = obj("a", a=STRING, photo={"type": "string", "format": "binary"})
    made = mended("json-bodies", post(form, kind="multipart/form-data"))
    assert schema_of(made) == obj("a", a=STRING)
    assert made.notes[-1].review and "photo" in made.notes[-1].message
    file = post(obj("f", f={"type": "string", "format": "binary"}), kind="multipart/form-data")
    assert applicable(Contract(operations=(file,))) == (), "it is not offered where it changes nothing"
    upload = profile(enabled(Contract(operations=(file,)), ["json-bodies"]))
    assert upload.contract.operations[0].body.content[0].media_type == "multipart/form-data"
    assert not upload.steps and upload.notes[-1].review


def test_circles_are_written_out_to_a_depth():
    tree = obj(name=STRING, children={"type": "array", "items": {"$ref": "#/components/schemas/Tree"}})
    op = post({"$ref": "#/components/schemas/Tree"})
    made = mended("break-circles", op, options={"depth": 2}, components=(Component("Tree", tree),)).contract.schemas()
    assert made["Tree"]["properties"]["children"]["items"] == {"$ref": "#/components/schemas/Tree_2"}
    below = "A deeper Tree, whose fields are not written out."
    assert made["Tree_2"]["properties"]["children"]["items"] == {
        "type": "object",
        "description": below,
        "properties": {},
    }


def test_a_circle_of_several_keeps_its_way_down():
    a, b = obj(b={"$ref": "#/components/schemas/B"}), obj(a={"$ref": "#/components/schemas/A"})
    op = post({"$ref": "#/components/schemas/B"})
    made = mended("break-circles", op, components=(Component("A", a), Component("B", b))).contract.schemas()
    assert list(made) == ["A", "B", "A_2", "B_2", "A_3", "B_3"]
    assert made["B"] == b and made["A"]["properties"]["b"] == {"$ref": "#/components/schemas/B_2"}


def test_a_text_keeps_what_the_document_says_of_it():
    made = mended("json-bodies", post({**STRING, "maxLength": 9, "format": "binary"}, kind="text/plain"))
    (media,) = made.contract.operations[0].body.content
    assert media.schema == {**STRING, "maxLength": 9, "description": "The whole body as text (text/plain)"}


def test_a_multipart_body_without_named_parts_is_not_offered():
    upload = profile(enabled(Contract(operations=(post(STRING, kind="multipart/form-data"),)), ["json-bodies"]))
    assert upload.steps == {} and upload.notes[-1].review


def test_a_parameter_of_json_is_a_text_that_tells_what_is_in_it():
    media = (Media("application/json", obj("a", a=STRING, b={"type": "array", "items": NUMBER})),)
    one = Parameter("q", description="A filter.", content=media)
    (shown,) = profile(Contract(operations=(post(None, one),))).contract.operations[0].parameters
    assert shown.schema == STRING and shown.content == ()
    assert shown.description == "A filter. As JSON text: { a: string, b?: number[] }"


def test_a_map_tells_what_its_values_are():
    values = {"type": "object", "additionalProperties": obj(size=NUMBER)}
    told = schema_of(mended("free-form-maps", post(obj(m=values))))["properties"]["m"]["description"]
    assert told == "One object as JSON text, with names as needed: { [name]: { size?: number } }"


def test_a_map_of_itself_tells_no_more_than_that_it_is_one():
    itself = {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/M"}}
    made = mended("free-form-maps", post(obj(m=itself)), components=(Component("M", itself),))
    assert schema_of(made)["properties"]["m"]["description"] == "One object as JSON text, with names as needed."


def test_texts_end_at_a_sentence_and_are_marked_for_review():
    text = "The first sentence. " * 20
    made = mended("shorten-texts", post(None, Parameter("q", description="word " * 200), description=text))
    (op,) = made.contract.operations
    assert op.description == ("The first sentence. " * 15).strip()
    assert op.parameters[0].description.endswith("word…") and len(op.parameters[0].description) <= 700
    assert [note.pointer for note in made.notes if note.review] == [
        "/paths/~1a/post/description",
        "/paths/~1a/post/parameters/query/q/description",
    ]


def test_a_short_text_of_ones_own_takes_the_place_of_the_long_one():
    options = {"texts": {"/paths/~1a/post/description": "Short."}}
    made = mended("shorten-texts", post(None, description="x" * 301), options=options)
    assert made.contract.operations[0].description == "Short."
    assert not made.notes[0].review


@pytest.mark.parametrize(
    "text", ["x" * 500, "a b " * 200, "One. " + "y" * 400, "Über. " * 100, "\n\n" * 200 + "z" * 301]
)
def test_no_text_is_longer_than_asked_for(text):
    made = shortened(text, 300)
    assert 0 < len(made) <= 300


def test_what_may_be_left_out_need_not_be_null():
    optional = {"anyOf": [STRING, {"type": "null"}], "title": "A", "default": None}
    made = mended("plain-nulls", post(obj("b", a=optional, b=optional), Parameter("q", schema=optional)))
    assert schema_of(made) == obj("b", a={**STRING, "title": "A"}, b=optional)
    assert made.contract.operations[0].parameters[0].schema == {**STRING, "title": "A"}


def test_repairs_work_together_and_each_step_undoes_its_own():
    maps = {"type": "array", "items": {"type": "object"}}
    op = post(maps, Parameter("items", "header", True, schema=STRING), Parameter("id"), path="/a")
    made = profile(enabled(Contract(operations=(op,)), None))
    assert made.steps["POST", "/a"] == (
        Move("items", "header", "items"),
        Parse(("items_2", "*")),
        Unwrap("items_2"),
    )


def test_what_references_point_into_becomes_a_shared_schema_of_its_own():
    inside = {"$ref": "#/components/schemas/Pet/properties/owner"}
    again = {"$ref": "#/paths/~1a/post/requestBody/content/application~1json/schema/properties/it"}
    shared = Component("Pet", obj(owner=obj(name={"type": "string"}, pets={"type": "array", "items": again})))
    made = profile(Contract(operations=(post(obj(it=inside)), post(obj(it=again), path="/b")), components=(shared,)))
    owner = made.contract.schemas()["Pet_owner"]
    assert owner["properties"]["pets"]["items"] == {"$ref": "#/components/schemas/Pet_owner"}
    for op in made.contract.operations:
        assert op.body.content[0].schema["properties"]["it"] == {"$ref": "#/components/schemas/Pet_owner"}


def test_references_into_each_other_cost_no_more_than_they_are_many():
    def into(name):
        return {"$ref": f"#/components/schemas/{name}/properties/it"}

    names = [f"S{n}" for n in range(40)]
    everything = {name: obj(**{f"f{other}": into(other) for other in names}) for name in names}
    shared = tuple(Component(name, obj(it=schema)) for name, schema in everything.items())
    made = profile(Contract(operations=(post(obj(a=into("S0"))),), components=shared))
    assert len(made.contract.components) == 40


BEARER, TENANT = {"type": "http", "scheme": "bearer"}, {"type": "apiKey", "in": "header", "name": "X-Tenant"}
IN_QUERY, IN_COOKIE = ({"type": "apiKey", "in": place, "name": "api_key"} for place in ("query", "cookie"))


def asking(*ways, **schemes):
    return {"security": ways, "auth": Declared(), "extra": {"components": {"securitySchemes": schemes}}}


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        (asking({"k": [], "b": []}, k=IN_QUERY, b=BEARER), BEARER),
        (asking({"t": [], "b": []}, t=TENANT, b=BEARER), TENANT),
        (asking({"k": []}, k=IN_QUERY), {**IN_QUERY, "in": "header"}),
        (asking({"k": []}, k=IN_COOKIE), {**IN_COOKIE, "in": "header"}),
        (asking({"k": []}, k={**IN_QUERY, "name": "Host"}), {**IN_QUERY, "in": "header", "name": "X-Host"}),
        (asking({"k": []}, k={**IN_QUERY, "name": "a[b]"}), {**IN_QUERY, "in": "header", "name": "a-b-"}),
        (asking({"d": []}, d={"type": "http", "scheme": "digest"}), BEARER),
    ],
)
def test_one_credential_in_a_header_does(fields, sent):
    made = mended("one-credential", Operation("GET", "/a", "a"), Operation("GET", "/open", "o", security=()), **fields)
    (scheme,) = made.contract.extra["components"]["securitySchemes"].values()
    assert scheme == sent
    asked, free = made.contract.operations
    assert (len(asked.security), free.security) == (1, ())
    assert [place for place, one in made.accepts.items() if one.sent == sent] == [("GET", "/a")]
    (note,) = [one for one in made.notes if one.code == "one-credential"]
    assert note.review and note.pointer == "/paths/~1a/get"


@pytest.mark.parametrize(
    "fields",
    [
        asking({"b": []}, b=BEARER),
        asking({"k": []}, {"b": []}, k=IN_QUERY, b=BEARER),
        asking({"m": [], "b": []}, m={"type": "mutualTLS"}, b=BEARER),
        asking({}, {"k": []}, k=IN_QUERY),
        asking({"gone": [], "b": []}, b=BEARER),
    ],
)
def test_where_one_credential_does_already_nothing_is_changed(fields):
    found = applicable(Contract(operations=(Operation("GET", "/a", "a"),), **fields))
    assert "one-credential" not in [one.code for one in found]


def test_several_credentials_by_operation_become_the_one_that_opens_most():
    operations = [Operation("GET", f"/{name}", name, security=({name[0]: []},)) for name in ("a1", "b1", "b2")]
    made = mended("one-credential", *operations, **asking(a=BEARER, b=TENANT))
    assert [op.security for op in made.contract.operations] == [({"b": []},)] * 3
    assert list(made.accepts) == [("GET", "/a1")]


def test_a_required_header_that_is_not_offered_is_said_to_cost_calls_unless_programs_set_it():
    headers = [Parameter(name, "header", required=True) for name in ("X-Plan", "Authorization")]
    made = profile(Contract(operations=(Operation("GET", "/a", "a", parameters=tuple(headers)),)))
    told = {note.message.split()[3]: note.review for note in made.notes if note.code == "hidden-parameters"}
    assert told == {"X-Plan": True, "Authorization": False}
