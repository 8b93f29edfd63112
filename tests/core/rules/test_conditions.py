"""Every target with every operator: what holds and what does not."""

import orjson
import pytest

from actionstudio.core.behaviour import OPERATORS, TARGETS, Condition, Rule, Rules
from actionstudio.core.call import Call
from actionstudio.core.rules import Compiled, Facts, problems
from actionstudio.core.rules.operators import _MAKERS as OPERATOR_MAKERS
from actionstudio.core.rules.targets import _MAKERS as TARGET_MAKERS
from actionstudio.core.rules.words import OPERATORS as OPERATOR_WORDS
from actionstudio.core.rules.words import TARGETS as TARGET_WORDS

BODY = {
    "name": "Rex",
    "age": 7,
    "price": 9.5,
    "sold": True,
    "owner": None,
    "born": "2026-03-04",
    "seen": "2026-03-04T10:00:00+02:00",
    "tags": ["red", "big", 3],
    "home": {"city": "Oslo", "rooms": [1, 2]},
    "items": [{"sku": "a", "n": 1}, {"sku": "b", "n": 20}],
    "odd/key": 1,
}


class Behind:
    def count(self):
        return 3

    def rows(self, name, facts):
        return {"7": {"id": 7, "name": "Rex"}, "8": {"id": 8}} if name == "pets" else None


def facts(body=BODY, kind="application/json", query="id=5&tag=a&tag=b&q=x%20y&empty=&yes=true"):
    sent = body if isinstance(body, bytes) else orjson.dumps(body)
    headers = (
        ("content-type", kind),
        ("x-count", "12"),
        ("x-list", "one"),
        ("x-list", "two"),
        ("cookie", "sid=abc; theme=dark%20blue"),
    )
    made = Facts(Call("POST", "/pets/7", query, headers, sent), {"id": "7", "name": "Rex"}, None, Behind())
    made.caller = {"sub": "s-1", "name": "alice", "app": "Acme GPT", "scopes": ["openid", "orders:read"]}
    return made


def holds(condition, given=None):
    assert not problems(Rules((Rule((condition,)),)))
    return Compiled(Rules((Rule((condition,)),))).decide(given or facts(), len, float).matched == 0


CASES = [
    # target, name, operator, value, holds
    ("query", "id", "equals", 5, True),
    ("query", "id", "equals", "5", True),
    ("query", "id", "equals", 5.0, True),
    ("query", "id", "equals", "05", False),
    ("query", "id", "equals", "5.0", False),
    ("query", "tag", "equals", "b", True),
    ("query", "tag", "equals", "B", False),
    ("query", "tag", "equals", "ab", False),
    ("query", "q", "equals", "x y", True),
    ("query", "empty", "equals", "", True),
    ("query", "yes", "equals", True, True),
    ("query", "yes", "equals", "true", True),
    ("query", "none", "equals", "", False),
    ("query", "q", "contains", "x", True),
    ("query", "q", "contains", "", True),
    ("query", "tag", "contains", "c", False),
    ("query", "id", "contains", 5, True),
    ("query", "q", "regex", "^x.y$", True),
    ("query", "q", "regex", "^y", False),
    ("query", "q", "regex", "(?i)X", True),
    ("query", "tag", "regex", "^b$", True),
    ("query", "empty", "exists", None, True),
    ("query", "none", "exists", None, False),
    ("query", "none", "null", None, True),
    ("query", "empty", "null", None, False),
    ("query", "id", "greater", 4, True),
    ("query", "id", "greater", "4.9", True),
    ("query", "id", "greater", 5, False),
    ("query", "id", "greater-equal", 5, True),
    ("query", "id", "less", 5, False),
    ("query", "id", "less-equal", 5, True),
    ("query", "q", "less", 5, False),
    ("query", "none", "less", 5, False),
    ("query", "tag", "in", ["x", "b"], True),
    ("query", "id", "in", [5], True),
    ("query", "tag", "in", [], False),
    ("query", "tag", "schema", {"type": "array", "maxItems": 2}, True),
    ("query", "tag", "schema", {"type": "array", "maxItems": 1}, False),
    ("query", "id", "schema", {"type": "integer", "maximum": 5}, True),
    ("query", "id", "schema", {"type": "string"}, True),
    ("query", "yes", "schema", {"type": "boolean"}, True),
    ("query", "none", "schema", True, False),
    ("path", "id", "equals", 7, True),
    ("path", "name", "equals", "Rex", True),
    ("path", "name", "contains", "ex", True),
    ("path", "name", "regex", "^R", True),
    ("path", "id", "exists", None, True),
    ("path", "no", "null", None, True),
    ("path", "id", "less", 8, True),
    ("path", "id", "in", [1, 7], True),
    ("path", "id", "schema", {"type": "integer"}, True),
    ("header", "X-Count", "equals", 12, True),
    ("header", "x-count", "equals", "12", True),
    ("header", "X-List", "equals", "one", True),
    ("header", "X-List", "equals", "two", True),
    ("header", "X-List", "contains", "wo", True),
    ("header", "X-Count", "regex", r"^\d+$", True),
    ("header", "X-None", "exists", None, False),
    ("header", "X-None", "null", None, True),
    ("header", "X-Count", "greater", 11, True),
    ("header", "X-List", "in", ["two"], True),
    ("header", "X-List", "schema", {"type": "array", "minItems": 2}, True),
    ("cookie", "sid", "equals", "abc", True),
    ("cookie", "theme", "equals", "dark blue", True),
    ("cookie", "theme", "contains", "blue", True),
    ("cookie", "sid", "regex", "^a", True),
    ("cookie", "none", "exists", None, False),
    ("cookie", "none", "null", None, True),
    ("cookie", "sid", "greater", 1, False),
    ("cookie", "sid", "in", ["abc"], True),
    ("cookie", "sid", "schema", {"type": "string", "maxLength": 3}, True),
    ("method", "", "equals", "POST", True),
    ("method", "", "contains", "OS", True),
    ("method", "", "regex", "^P", True),
    ("method", "", "exists", None, True),
    ("method", "", "null", None, False),
    ("method", "", "less", 3, False),
    ("method", "", "in", ["GET", "POST"], True),
    ("method", "", "schema", {"enum": ["POST"]}, True),
    ("call", "", "equals", 3, True),
    ("call", "", "equals", "3", True),
    ("call", "", "contains", 3, True),
    ("call", "", "regex", "^3$", True),
    ("call", "", "exists", None, True),
    ("call", "", "null", None, False),
    ("call", "", "greater", 2, True),
    ("call", "", "less-equal", 2, False),
    ("call", "", "in", [1, 2], False),
    ("call", "", "schema", {"multipleOf": 3}, True),
    ("collection", "pets", "equals", 2, True),
    ("collection", "pets", "greater", 1, True),
    ("collection", "none", "exists", None, False),
    ("collection", "none", "null", None, True),
    ("collection", "pets/7", "exists", None, True),
    ("collection", "pets/9", "exists", None, False),
    ("collection", "pets/{{ path.id }}", "exists", None, True),
    ("collection", "pets/{{path.id}}", "contains", "name", True),
    ("collection", "pets/{{ query.id }}", "exists", None, False),
    ("collection", "pets/{{ body./age }}", "equals", {"name": "Rex", "id": 7.0}, True),
    ("collection", "pets/7", "regex", '"Rex"', True),
    ("collection", "pets", "in", [2], True),
    ("collection", "pets/7", "schema", {"required": ["id"]}, True),
    ("body", "/name", "equals", "Rex", True),
    ("body", "/name", "equals", "rex", False),
    ("body", "/age", "equals", 7, True),
    ("body", "/age", "equals", "7", True),
    ("body", "/age", "equals", 7.0, True),
    ("body", "/age", "equals", True, False),
    ("body", "/sold", "equals", True, True),
    ("body", "/sold", "equals", 1, False),
    ("body", "/sold", "equals", "true", True),
    ("body", "/owner", "equals", None, True),
    ("body", "/nobody", "equals", None, False),
    ("body", "/home", "equals", {"rooms": [1.0, 2], "city": "Oslo"}, True),
    ("body", "/home", "equals", {"rooms": [2, 1], "city": "Oslo"}, False),
    ("body", "", "equals", BODY, True),
    ("body", "/odd~1key", "equals", 1, True),
    ("body", "/tags/0", "equals", "red", True),
    ("body", "/tags/3", "exists", None, False),
    ("body", "/tags", "contains", "red", True),
    ("body", "/tags", "contains", 3, True),
    ("body", "/tags", "contains", "re", False),
    ("body", "/home", "contains", "city", True),
    ("body", "/home", "contains", "Oslo", False),
    ("body", "/home", "contains", {"city": "Oslo"}, True),
    ("body", "/home", "contains", {"city": "Rome"}, False),
    ("body", "/items", "contains", {"n": 1, "sku": "a"}, True),
    ("body", "", "contains", "name", True),
    ("body", "/owner", "contains", "", False),
    ("body", "", "regex", '"name":"R', True),
    ("body", "/age", "regex", "^7$", True),
    ("body", "/tags", "regex", "red", True),
    ("body", "/owner", "exists", None, True),
    ("body", "/nobody", "exists", None, False),
    ("body", "/owner", "null", None, True),
    ("body", "/nobody", "null", None, True),
    ("body", "/name", "null", None, False),
    ("body", "/price", "greater", 9, True),
    ("body", "/price", "less-equal", "9.5", True),
    ("body", "/born", "greater", "2026-03-03", True),
    ("body", "/born", "less", "2026-03-10", True),
    ("body", "/born", "less", "2026-03-04", False),
    ("body", "/seen", "less", "2026-03-04T09:00:00Z", True),
    ("body", "/seen", "greater-equal", "2026-03-04", True),
    ("body", "/name", "greater", "2026-03-04", False),
    ("body", "/age", "greater", "2026-03-04", False),
    ("body", "/name", "in", ["Rex", "Rover"], True),
    ("body", "/home", "in", [{"city": "Oslo", "rooms": [1, 2]}], True),
    ("body", "", "schema", {"required": ["name", "age"]}, True),
    ("body", "/age", "schema", {"type": "integer", "minimum": 8}, False),
    ("body", "$.name", "equals", "Rex", True),
    ("body", "$.items[*].sku", "equals", "b", True),
    ("body", "$.items[*].sku", "equals", "c", False),
    ("body", "$.items[*].n", "greater", 10, True),
    ("body", "$..n", "schema", {"type": "array", "minItems": 2}, True),
    ("body", "$.items[-1].sku", "equals", "b", True),
    ("body", "$['odd/key']", "equals", 1, True),
    ("body", "$.items[5]", "exists", None, False),
    ("body", "$.items[0:1].sku", "contains", "b", False),
    ("caller", "name", "equals", "alice", True),
    ("caller", "sub", "equals", "somebody", False),
    ("caller", "scopes", "equals", "orders:read", True),
    ("caller", "scopes", "equals", "orders:write", False),
]


@pytest.mark.parametrize(("target", "name", "operator", "value", "wanted"), CASES)
def test_a_condition_holds_or_does_not_and_the_reverse_when_inverted(target, name, operator, value, wanted):
    assert holds(Condition(target, name, operator, value)) is wanted
    assert holds(Condition(target, name, operator, value, invert=True)) is not wanted


def test_every_target_and_every_operator_is_known_and_has_words_and_cases():
    assert set(TARGETS) == set(TARGET_MAKERS) == set(TARGET_WORDS) == {case[0] for case in CASES}
    assert set(OPERATORS) == set(OPERATOR_MAKERS) == set(OPERATOR_WORDS) == {case[2] for case in CASES}


@pytest.mark.parametrize(
    ("kind", "body", "name", "value"),
    [
        ("application/x-www-form-urlencoded", b"name=Rex&tag=a&tag=b&n=5", "/name", "Rex"),
        ("application/x-www-form-urlencoded; charset=utf-8", b"name=Rex&tag=a&tag=b&n=5", "/tag/1", "b"),
        ("application/x-www-form-urlencoded", b"n=5", "$.n", 5),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n',
         "/a", 1),
        ("text/plain", b"hello", "", "hello"),
        ("text/plain", b'{"a": 1}', "", '{"a": 1}'),
        ("", b'{"a": 1}', "/a", 1),
        ("application/vnd.x+json", b"5", "", 5),
        ("application/json", b"not json", "", "not json"),
    ],
)  # fmt: skip
def test_bodies_are_read_by_their_content_type(kind, body, name, value):
    assert holds(Condition("body", name, "equals", value), facts(body, kind))


@pytest.mark.parametrize(
    ("target", "name", "operator", "value", "wanted"),
    [
        ("path", "id", "equals", "{{ body./age }}", True),
        ("path", "id", "equals", "{{ body.age }}", True),
        ("path", "id", "equals", "{{ query.id }}", False),
        ("body", "/tags/0", "equals", "{{ query.none }}", False),
        ("query", "none", "equals", "{{ query.none }}", False),
        ("query", "q", "contains", "{{ path.id }}", False),
        ("query", "q", "contains", "{{ query.q }}", True),
        ("body", "/home", "equals", "{{ body./home }}", True),
        ("body", "/tags", "contains", "{{ body.tags | first }}", True),
        ("body", "/name", "equals", "{{ path.name }}", True),
        ("body", "/name", "equals", "{{ path.name | upper }}", False),
        ("body", "/name", "equals", "R{{ header.x-none or 'ex' }}", True),
        ("path", "name", "equals", "{{ body./name }}{{ query.none }}", True),
        ("body", "/price", "greater", "{{ body./age }}", True),
        ("body", "/price", "less-equal", "{{ body.age | plus 3 }}", True),
        ("body", "/price", "greater", "{{ body./name }}", False),
        ("body", "/born", "less", "{{ now | plus '1 day' }}", False),
        ("body", "/born", "greater", "{{ now }}", True),
        ("query", "q", "equals", '{{ "{{" }}', False),
    ],
)
def test_the_value_may_come_from_the_call(target, name, operator, value, wanted):
    """Without anything behind the call it is the last day of January 2026."""
    plain = facts()
    plain._behind = None
    assert holds(Condition(target, name, operator, value), plain) is wanted


def test_a_pattern_and_a_list_are_taken_to_the_letter():
    assert holds(Condition("query", "q", "regex", "^x{{0,1} y$"), facts(query="q=x{+y"))
    assert holds(Condition("query", "q", "in", ["{{ path.id }}"]), facts(query="q={{ path.id }}"))


@pytest.mark.parametrize("operator", OPERATORS)
def test_without_a_body_nothing_is_there(operator):
    value = {"in": [1], "regex": "", "schema": {}, "greater": 1, "greater-equal": 1, "less": 1, "less-equal": 1}
    condition = Condition("body", "/a", operator, value.get(operator))
    assert holds(condition, facts(b"")) is (operator == "null")


def test_a_schema_may_use_the_shared_ones():
    condition = Condition("body", "", "schema", {"$ref": "#/components/schemas/Pet"})
    rules, shared = Rules((Rule((condition,)),)), {"Pet": {"required": ["name"]}}
    assert problems(rules, shared) == []
    assert Compiled(rules, shared).decide(facts(), len, float).matched == 0
    assert Compiled(rules, shared).decide(facts({"age": 1}), len, float).matched is None
