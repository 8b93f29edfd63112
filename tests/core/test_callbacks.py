"""Callbacks as documents declare them, and where their runtime expressions lead."""

import pytest

from actionstudio.core.callbacks import declared, expanded, value_of
from actionstudio.core.resolve import Resolver
from actionstudio.core.templating import Missing
from tests import make

ROOTS = {
    "url": "https://api.test/subscribe?q=a",
    "method": "POST",
    "query": {"queryUrl": "https://hooks.test/a?b=1", "key": Missing("query.key carries a credential")},
    "path": {"id": 7},
    "header": {"x-hook": "https://hooks.test/h"},
    "body": {"url": "https://hooks.test/x", "a/b": {"~": "t"}, "list": ["one"], "n": 5, "yes": True, "none": None},
    "response": {"status": 201, "header": {"location": "https://hooks.test/9"}, "body": {"id": 9}},
}


@pytest.mark.parametrize(
    ("expression", "url"),
    [
        ("{$request.body#/url}", "https://hooks.test/x"),
        ("$request.body#/url", "https://hooks.test/x"),
        ("{$request.query.queryUrl}/data", "https://hooks.test/a?b=1/data"),
        ("$request.header.X-Hook", "https://hooks.test/h"),
        ("https://hooks.test/{$request.path.id}/{$response.body#/id}", "https://hooks.test/7/9"),
        ("https://hooks.test?u={$request.body#/url}", "https://hooks.test?u=https%3A%2F%2Fhooks.test%2Fx"),
        ("https://hooks.test/{$method}/{$statusCode}?u={$url}", "https://hooks.test/POST/201?u=https%3A%2F%2Fapi.test%2Fsubscribe%3Fq%3Da"),
        ("{$response.header.Location}", "https://hooks.test/9"),
        ("https://hooks.test/{$request.body#/a~1b/~0}/{$request.body#/list/0}", "https://hooks.test/t/one"),
        ("https://hooks.test/{$request.body#/n}/{$request.body#/yes}", "https://hooks.test/5/true"),
        ("https://hooks.test/fixed", "https://hooks.test/fixed"),
    ],
)  # fmt: skip
def test_an_expression_becomes_a_url(expression, url):
    assert expanded(expression, ROOTS.__getitem__) == url


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("{$request.body#/nothing}", "$request.body#/nothing is not in the body"),
        ("{$request.query.nothing}", "$request.query.nothing was not sent"),
        ("{$request.query.key}", "query.key carries a credential"),
        ("{$request.body#/list}", "$request.body#/list is no text"),
        ("{$request.body#/none}", "$request.body#/none is no text"),
        ("{$response.query.a}", "$response.query.a: an answer has no query"),
        ("{$nonsense}", "$nonsense is no runtime expression"),
        ("{$request.body#/url.__class__}", "$request.body#/url.__class__ is not in the body"),
    ],
)
def test_what_an_expression_does_not_find_is_told(expression, why):
    found = expanded(expression, ROOTS.__getitem__)
    assert isinstance(found, Missing) and found.why == why


def test_a_value_further_on_stays_one_part_of_the_url():
    roots = {**ROOTS, "body": {"x": "a/../b?c=d#e@f"}}
    assert expanded("https://hooks.test/{$request.body#/x}", roots.__getitem__) == (
        "https://hooks.test/a%2F..%2Fb%3Fc%3Dd%23e%40f"
    )
    assert value_of("$request.body#/x", roots.__getitem__) == "a/../b?c=d#e@f"


def test_what_is_declared_is_found_with_its_references():
    item = {"post": {"requestBody": {"$ref": "#/components/requestBodies/Event"}}, "summary": "x"}
    operation = make.operation(
        "POST",
        extra={
            "callbacks": {
                "onEvent": {"{$request.body#/url}": item, "x-note": {"post": {}}},
                "shared": {"$ref": "#/components/callbacks/Shared"},
                "dead": {"$ref": "#/components/callbacks/Nowhere"},
                "odd": "text",
            }
        },
    )
    event = {"content": {"application/json": {"schema": {"type": "object"}, "example": {"a": 1}}}}
    components = {
        "requestBodies": {"Event": event},
        "callbacks": {"Shared": {"https://hooks.test": {"$ref": "#/components/pathItems/Hook"}}},
        "pathItems": {"Hook": {"put": {}, "get": {}}},
    }
    contract = make.contract(operation, extra={"components": components})
    found = declared(Resolver(contract), operation)
    assert [(one.name, one.expression, one.operation.method) for one in found] == [
        ("onEvent", "{$request.body#/url}", "POST"),
        ("shared", "https://hooks.test", "PUT"),
        ("shared", "https://hooks.test", "GET"),
    ]
    assert found[0].body.content[0].examples[0].value == {"a": 1}
