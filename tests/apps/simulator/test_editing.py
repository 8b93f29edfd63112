"""The arguments of a call edited as fields and as JSON: nothing typed is lost, nothing is sent that is no object."""

import json

import pytest

from actionstudio.apps.simulator.pages.editing import Arguments

SCHEMA = {
    "type": "object",
    "properties": {
        "order_id": {"type": "string"},
        "amount": {"type": "number"},
        "urgent": {"type": "boolean"},
        "reason": {"type": "string", "enum": ["damaged", "late"]},
        "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}},
        "contact": {"$ref": "#/$defs/Contact"},
    },
    "required": ["order_id"],
    "additionalProperties": False,
    "$defs": {
        "Item": {"type": "object", "properties": {"sku": {"type": "string"}}},
        "Contact": {"type": "object", "properties": {"email": {"type": "string"}}},
    },
}
VALUE = {"order_id": "A-1", "amount": 19.9, "items": [{"sku": "C"}], "contact": {"email": "m@a.test"}}


@pytest.fixture
def arguments() -> Arguments:
    return Arguments(7, SCHEMA)


def posted(form) -> dict[str, str]:
    return {row.field.name: row.value for row in form.rows}


def test_fields_say_what_the_model_wrote_and_give_it_back(arguments):
    form = arguments.shown(json.dumps(VALUE), "fields")
    assert (form.how, form.has_fields) == ("fields", True)
    labels = [row.field.label for row in form.rows]
    assert labels == ["order_id", "amount", "urgent", "reason", "items", "contact", "email"]
    text, wrong = arguments.read("fields", posted(form))
    assert wrong is None and json.loads(text) == VALUE


def test_an_edited_field_becomes_a_value_of_its_type(arguments):
    form = arguments.shown(json.dumps(VALUE), "fields")
    typed = posted(form) | {"body/amount": "12.5", "body/urgent": "true", "body/reason": "late"}
    text, _wrong = arguments.read("fields", typed)
    assert json.loads(text) == VALUE | {"amount": 12.5, "urgent": True, "reason": "late"}


def test_a_field_that_is_no_json_says_so_beside_itself_and_stays_typed(arguments):
    form = arguments.shown(json.dumps(VALUE), "fields")
    _text, wrong = arguments.read("fields", posted(form) | {"body/items": "[{", "body/order_id": "A-2"})
    rows = {row.field.label: row for row in wrong.rows}
    assert "Not JSON" in rows["items"].error and rows["items"].value == "[{" and rows["order_id"].value == "A-2"


@pytest.mark.parametrize(("text", "told"), [("[1]", "one JSON object"), ("{'a': 1}", "Not JSON, line 1")])
def test_json_that_is_no_object_is_not_sent_and_stays_typed(arguments, text, told):
    made, wrong = arguments.read("json", {"arguments": text})
    assert made == "" and told in wrong.error and wrong.text == text


@pytest.mark.parametrize("written", ["{broken", "[1]", '{"order_id": "A", "unknown": 1}'])
def test_what_fields_cannot_say_is_edited_as_json(arguments, written):
    form = arguments.shown(written, "fields")
    assert (form.how, form.has_fields) == ("json", False)
    assert arguments.read("json", {"arguments": form.text})[0] in ("", form.text)


def test_without_a_schema_there_is_json():
    form = Arguments(1, None).shown('{"a": 1}', "fields")
    assert (form.how, json.loads(form.text)) == ("json", {"a": 1})


WRONG = {"body/order_id": "", "body/amount": "a lot"}


def test_what_the_document_does_not_allow_is_marked_before_it_is_sent(arguments):
    typed = posted(arguments.shown(json.dumps(VALUE), "fields")) | WRONG
    text, wrong = arguments.read("fields", typed)
    assert wrong is None
    form = arguments.doubted(text, "fields", typed)
    errors = {row.field.label: row.error for row in form.rows if row.error}
    assert errors == {"order_id": "order_id: is required", "amount": "amount: must be a number"}
    assert form.rows[1].value == "a lot" and "press the button again" in form.error
    assert arguments.doubted(text, "fields", typed | {"warned": form.warned}) is None
    other = arguments.read("fields", typed | {"body/amount": "more"})[0]
    assert arguments.doubted(other, "fields", typed | {"warned": form.warned}) is not None


def test_what_is_right_is_not_doubted(arguments):
    assert arguments.doubted(json.dumps(VALUE), "json", {}) is None
    assert Arguments(1, None).doubted('{"a": 1}', "json", {}) is None


def test_all_that_is_wrong_is_marked_beside_what_cannot_be_read(arguments):
    typed = posted(arguments.shown(json.dumps(VALUE), "fields")) | WRONG | {"body/items": "[oops"}
    _text, wrong = arguments.read("fields", typed)
    marked = {row.field.label: row.error for row in wrong.rows if row.error}
    assert set(marked) == {"order_id", "amount", "items"} and "Not JSON" in marked["items"]


def test_json_that_the_document_does_not_allow_says_why_and_goes_out_the_second_time(arguments):
    text = '{"amount": "a lot"}'
    form = arguments.doubted(text, "json", {"arguments": text})
    assert form.text == text and "order_id: is required" in form.error and "amount: must be a number" in form.error
    assert arguments.doubted(text, "json", {"arguments": text, "warned": form.warned}) is None
