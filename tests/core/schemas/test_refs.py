"""References between shared schemas are found, followed, renamed and watched for circles."""

from actionstudio.core.schemas import refs


def to(name):
    return {"$ref": refs.ref_to(name)}


def test_refs_names_what_a_schema_refers_to_itself():
    schema = {"properties": {"a": to("A"), "b": {"items": to("B/C")}}, "example": to("X"), "enum": [to("Y")]}
    assert refs.refs(schema) == {"A", "B/C"}


def test_reachable_follows_others_and_skips_what_is_missing():
    shared = {"A": {"items": to("B")}, "B": to("Gone"), "C": {}}
    assert set(refs.reachable(to("A"), shared)) == {"A", "B"}
    assert refs.missing(to("A"), shared) == {"Gone"}


def test_a_circle_is_shown_as_a_path():
    shared = {"Customer": {}, "Order": {"items": to("Line")}, "Line": {"properties": {"order": to("Order")}}}
    assert refs.find_cycle(shared) == ["Order", "Line", "Order"]
    assert refs.find_cycle({"Order": {"items": to("Line")}, "Line": {}}) is None


def test_resolve_follows_references_and_survives_circles():
    assert refs.resolve(to("A"), {"A": to("B"), "B": {"type": "string"}}) == {"type": "string"}
    assert refs.resolve({**to("A"), "title": "x"}, {"A": {"title": "a", "type": "null"}})["title"] == "x"
    refs.resolve(to("A"), {"A": to("B"), "B": to("A")})


def test_rename_changes_references_and_discriminators_only():
    schema = {"oneOf": [to("A"), {"$ref": "#/components/schemas/A/properties/x"}], "default": to("A")}
    schema["discriminator"] = {"propertyName": "kind", "mapping": {"a": "#/components/schemas/A", "b": "B"}}
    renamed = refs.rename_ref(schema, "A", "Z")
    assert renamed["oneOf"] == [to("Z"), {"$ref": "#/components/schemas/Z/properties/x"}]
    assert renamed["default"] == to("A")
    assert renamed["discriminator"]["mapping"] == {"a": "#/components/schemas/Z", "b": "B"}
    assert schema["oneOf"][0] == to("A")
