"""The builder's rows give every schema back as it was: hypothesis looks for one that comes back changed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from actionstudio.apps.design import shapes
from actionstudio.apps.design.problems import Problems


def meaning(schema):
    """A schema with what carries no meaning put in order."""
    if isinstance(schema, list):
        return [meaning(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: meaning(value) for key, value in schema.items()}
    for key in ("required", "type"):
        if isinstance(out.get(key), list) and all(isinstance(item, str) for item in out[key]):
            out[key] = sorted(set(out[key]))
    for key in ("description", "format"):
        if out.get(key) == "":
            del out[key]
    if out.get("required") == []:
        del out["required"]
    if out.get("properties") == {}:
        del out["properties"]
    return out


def properties(inner):
    names = st.sampled_from(["a", "b", "c d", "items", "properties", "$ref"])
    return st.fixed_dictionaries(
        {"type": st.just("object")},
        optional={
            "properties": st.dictionaries(names, inner, max_size=4),
            "required": st.lists(names, unique=True, max_size=3),
            "additionalProperties": st.booleans() | inner,
            "description": st.sampled_from(["", "x"]),
            "minProperties": st.integers(0, 3),
            "patternProperties": st.just({"^x": {}}),
        },
    )


def any_of_null(inner):
    outer = st.fixed_dictionaries(
        {}, optional={"title": st.just("t"), "description": st.just("d"), "minimum": st.just(1)}
    )
    pair = inner.map(lambda one: [one, {"type": "null"}]) | inner.map(lambda one: [{"type": "null"}, one])
    return st.tuples(pair, outer).map(lambda both: {"anyOf": both[0], **both[1]})


SCALAR = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(
            [
                "string",
                "integer",
                "number",
                "boolean",
                "null",
                "array",
                ["string", "null"],
                ["null", "integer"],
                ["string"],
            ]
            + [["string", "integer"]]
        ),
        "description": st.sampled_from(["", "words"]),
        "enum": st.sampled_from([["a"], ["a", None], [1, 2.5], [None], [], [True], ["a", 1]]),
        "format": st.sampled_from(["date", "int32", ""]),
        "minimum": st.sampled_from([0, 1.5, -1]),
        "maxLength": st.sampled_from([0, 3]),
        "pattern": st.sampled_from(["^a", ""]),
        "example": st.sampled_from([None, 1, "a", False]),
        "default": st.sampled_from([None, 0, ""]),
        "title": st.just("t"),
        "required": st.just(["q"]),
        "$ref": st.sampled_from(["#/components/schemas/A", "#/components/schemas/A/properties/b", "#/$defs/x"]),
        "items": st.just({"type": "string"}),
        "x-more": st.just({"a": 1}),
    },
)
SCHEMA = st.recursive(
    SCALAR | st.booleans(),
    lambda inner: (
        properties(inner)
        | any_of_null(inner | properties(inner))
        | st.fixed_dictionaries(
            {"type": st.just("array"), "items": inner | properties(inner)}, optional={"title": st.just("t")}
        )
        | inner.map(lambda one: {"oneOf": [one]})
        | properties(inner).map(lambda group: {key: value for key, value in group.items() if key != "type"})
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(SCHEMA | properties(SCHEMA))
def test_every_schema_comes_back_as_it_was(schema):
    problems = Problems()
    shape = {"k": "s", **shapes.of(schema)}
    assert meaning(shapes.schema(shape, problems)) == meaning(schema)
    assert not problems
