"""Whatever a model gives in the shape of the GPT profile arrives as the document has it, value by value."""

from urllib.parse import parse_qsl, unquote

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actionstudio.core.contract import Body, Component, Contract, Media, Operation, Parameter
from actionstudio.core.importer import simulate_document
from actionstudio.core.importer.profile import enabled, profile
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas.forms import FormReader
from actionstudio.core.schemas.validate import compile_validator
from actionstudio.core.specs import openapi
from actionstudio.runtime.guard import cookies
from actionstudio.runtime.translate import Translator
from actionstudio.runtime.visit import Visit
from tests.corpus.calling import call_of
from tests.runtime.house import ask

HOST = "https://todo.live.example"
JSON_KINDS = ("application/json", "application/vnd.api+json")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
STRING, NUMBER, FLAG = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
MAP = {"type": "object", "additionalProperties": STRING}
FREE = {"type": "object"}
TREE = {"$ref": "#/components/schemas/Tree"}
LINE = {"type": "object", "properties": {"sku": STRING, "attributes": MAP, "more": {"type": "array", "items": MAP}}}
SHARED = {
    "Tree": {
        "type": "object",
        "properties": {"name": STRING, "tags": MAP, "below": {"type": "array", "items": TREE}},
    },
    "Map": MAP,
}
NULLABLE = {"anyOf": [MAP, {"type": "null"}]}

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ["", "{}", "[1]", "null", "a&b"]
)
NUMBERS = st.integers(-(2**53), 2**53)
MAPS = st.dictionaries(TEXTS, TEXTS, max_size=3)
ANYTHING = st.dictionaries(
    TEXTS, st.recursive(st.none() | st.booleans() | NUMBERS | TEXTS, lambda one: st.lists(one, max_size=2)), max_size=3
)


def some(**fields):
    """Objects with some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


TREES = st.recursive(
    some(name=TEXTS, tags=MAPS),
    lambda below: some(name=TEXTS, tags=MAPS, below=st.lists(below, max_size=2)),
    max_leaves=5,
)
LINES = some(sku=TEXTS, attributes=MAPS, more=st.lists(MAPS, max_size=2))
FIELDS = {  # name -> schema and values
    "text": (STRING, TEXTS),
    "id": (NUMBER, NUMBERS),
    "on": (FLAG, st.booleans()),
    "tags": (MAP, MAPS),
    "free": (FREE, ANYTHING),
    "shared": ({"$ref": "#/components/schemas/Map"}, MAPS),
    "maybe": (NULLABLE, MAPS | st.none()),
    "rows": ({"type": "array", "items": FREE}, st.lists(ANYTHING, max_size=2)),
    "grid": (
        {"type": "array", "items": {"type": "array", "items": MAP}},
        st.lists(st.lists(MAPS, max_size=2), max_size=2),
    ),
    "lines": ({"type": "array", "items": LINE}, st.lists(LINES, max_size=2)),
    "line": (LINE, LINES),
    "tree": (TREE, TREES),
    # In a form a lone text that is itself a JSON list of texts is taken for that list: nothing tells them apart.
    "words": ({"type": "array", "items": STRING}, st.lists(TEXTS, max_size=3).filter(lambda words: words != ["[]"])),
}


@st.composite
def objects(draw):
    """A schema of an object, in one piece or several, and a value of it."""
    names = draw(st.lists(st.sampled_from(sorted(FIELDS)), unique=True, min_size=1, max_size=5))
    value = {name: draw(FIELDS[name][1]) for name in names if draw(st.booleans())}
    cut = draw(st.integers(0, len(names)))
    parts = [
        {"type": "object", "properties": {name: FIELDS[name][0] for name in some}}
        for some in (names[:cut], names[cut:])
    ]
    whole = {"type": "object", "properties": {name: FIELDS[name][0] for name in names}}
    return draw(st.sampled_from([whole, {"allOf": parts}, {"anyOf": [whole, *parts]}])), value


BODIES = st.one_of(
    objects(),
    *(
        st.tuples(st.just(schema), values)
        for schema, values in (*FIELDS.values(), ({"type": "array", "items": NULLABLE}, st.lists(MAPS | st.none())))
    ),
)


def document(schema, kind, *parameters, path="/a"):
    """A contract of one operation, with all repairs on."""
    op = Operation("POST", path, "a", parameters=parameters, body=Body(True, content=(Media(kind, schema),)))
    components = tuple(Component(name, one) for name, one in SHARED.items())
    return enabled(Contract(operations=(op,), components=components), None)


def seen_by_chatgpt(contract):
    """The operation as ChatGPT has it, and the shared schemas of its document."""
    found = simulate_document(openapi.render(contract, profile="gpt", servers=[HOST]), root=HOST)
    (op,) = found.kept
    return op, found.schemas


def told(value, schema, schemas):
    """The value as a model gives it that reads the imported document: JSON text where that wants a text."""
    while isinstance(schema, dict) and "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    parts = [schema, *(part for key in ("allOf", "anyOf", "oneOf") for part in schema.get(key, ()))]
    parts += [schemas[part["$ref"].rpartition("/")[2]] for part in parts if "$ref" in part]
    if isinstance(value, dict):
        if any(part.get("type") == "string" for part in parts):
            return orjson.dumps(value).decode()
        known = {name: one for part in parts for name, one in (part.get("properties") or {}).items()}
        return {name: told(item, known[name], schemas) for name, item in value.items()}
    if isinstance(value, list):
        items = next((part["items"] for part in parts if isinstance(part.get("items"), dict)), {})
        return [told(item, items, schemas) for item in value]
    return value


def arguments(op, schemas, value, whole):
    """The body's arguments of a call that is to bring ``value``; ``whole``: it is one object with the named fields."""
    fields = {one.name: one.schema for one in op.arguments if one.in_ == "body"}
    if whole:
        return {name: told(item, fields[name], schemas) for name, item in value.items()}
    ((key, schema),) = fields.items()
    return {key: told(value, schema, schemas)}


def arrived(contract, call):
    """The call after its translation, as the reader gets it."""
    (op,) = contract.operations
    found = profile(contract)
    visit = Visit(call)
    steps = found.steps.get((op.method, op.path), ())
    translation = Translator(steps, {}, op, Resolver(contract)).translate(visit)
    return visit.call, visit.headers, translation


SLOW = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(BODIES, st.sampled_from(JSON_KINDS))
def test_every_json_body_arrives_as_it_was_meant(body, kind):
    schema, value = body
    contract = document(schema, kind)
    op, schemas = seen_by_chatgpt(contract)
    whole = isinstance(value, dict) and any(key in schema for key in ("properties", "allOf", "$ref", "anyOf"))
    whole = whole and schema not in (FIELDS["shared"][0], NULLABLE)
    call, headers, _said = arrived(contract, call_of(op, arguments(op, schemas, value, whole)))
    assert orjson.loads(call.body) == value
    if kind != "application/json":
        assert headers["content-type"] == kind
    assert compile_validator(schema, SHARED).ok(value)
    assert ask(contract, call.method, "/a", call.body, content_type=kind).reply.status < 300


@SLOW
@given(objects(), st.sampled_from(FORMS))
def test_every_form_arrives_as_it_was_meant(body, kind):
    schema, value = body
    contract = document(schema, kind)
    op, schemas = seen_by_chatgpt(contract)
    call, headers, _said = arrived(contract, call_of(op, arguments(op, schemas, value, True)))
    reader = FormReader(schema, SHARED)
    made = reader.read(call.body) if kind == FORMS[0] else reader.read_multipart(call.body, headers["content-type"])
    said = [name for name, item in value.items() if not _unsaid(item)]
    assert [made.get(name) for name in said] == [value[name] for name in said]
    assert made.keys() <= value.keys()


def _unsaid(item):
    """What a form has no words for: nothing, a list that holds nothing but "", and one that holds a single text which
    is itself a list written as JSON."""
    return item in (None, [], [""]) or (isinstance(item, list) and len(item) == 1 and str(item[0]).strip()[:1] == "[")


WORDS = TEXTS.map(lambda text: " ".join(text.replace("\0", "").split()))


@SLOW
@given(TEXTS, TEXTS, st.lists(WORDS.map(lambda text: text.replace(",", "")), min_size=1, max_size=3), TEXTS, NUMBERS)
def test_what_is_no_body_arrives_at_its_place(query, cookie, header, path, number):
    parameters = (
        Parameter("id", "path", True, schema=STRING),
        Parameter("id", "query", schema=STRING),
        Parameter("text", "query", schema=STRING),
        Parameter("X-Words", "header", schema={"type": "array", "items": STRING}),
        Parameter("sid", "cookie", schema=STRING),
    )
    contract = document(
        {"type": "object", "properties": {"id": NUMBER, "text": STRING}},
        "application/json",
        *parameters,
        path="/a/{id}",
    )
    op, _schemas = seen_by_chatgpt(contract)
    names = [one.name for one in op.arguments]
    assert names == ["path_id", "query_id", "query_text", "X-Words", "sid", "id", "text"]
    given = dict(zip(names, (path or "x", query, query, header, cookie, number, query), strict=True))
    call, headers, translation = arrived(contract, call_of(op, given))
    assert unquote(call.path) == f"/a/{path or 'x'}"
    assert parse_qsl(call.query, keep_blank_values=True) == [("id", query), ("text", query)]
    assert headers["x-words"] == ",".join(header)
    assert unquote(cookies(headers["cookie"])["sid"]) == cookie
    assert orjson.loads(call.body) == {"id": number, "text": query}
    assert len(translation.taken) == 4
