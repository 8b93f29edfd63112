"""What somebody pasted is named, also when it cannot be used."""

import pytest

from actionstudio.apps.library import detecting
from actionstudio.core.problem import Refused
from actionstudio.core.specs.readers import READERS


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (" https://api.example.com/openapi.json\n", "https://api.example.com/openapi.json"),
        ("HTTP://x.example/a?b=c", "HTTP://x.example/a?b=c"),
        ("https://", ""),
        ("openapi: 3.1.0\nservers: [{url: https://a.example}]", ""),
        ("https://a.example https://b.example", ""),
        ("ftp://a.example/x", ""),
        ("", ""),
    ],
)
def test_a_link_is_a_link_only_when_it_stands_alone(text, url):
    assert detecting.link(text) == url


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Paste"),
        ("  \n", "Paste"),
        ("wget https://api.example.com/orders", "curl"),
        ("$ http POST example.com a=1", "curl"),
        ("<!doctype html><html>", "web page"),
        ("<openapi/>", "web page or XML"),
    ],
)
def test_other_texts_are_named(text, says):
    with pytest.raises(Refused, match=says):
        detecting.refuse_text(text)


@pytest.mark.parametrize(
    ("text", "document", "says"),
    [
        ("[]", [], "nothing that can be imported"),
        ("text", "text", "nothing that can be imported"),
        ("{}", {}, "nothing in this document"),
        ("a: 1", {"a": 1}, "no OpenAPI document"),
        ("- a", ["a"], "nothing that can be imported"),
        ('{"asyncapi"', {"asyncapi": "3.0.0"}, "AsyncAPI"),
        ("paths:", {"paths": {}}, "add “openapi: 3.1.0”"),
        ('{"$schema"', {"$schema": "x"}, "JSON Schema"),
    ],
)
def test_other_documents_are_named(text, document, says):
    with pytest.raises(Refused, match=says):
        detecting.recognised(document, text)


@pytest.mark.parametrize(
    ("text", "document", "key"),
    [
        ("openapi:", {"openapi": "3.0.3"}, "openapi"),
        ("swagger:", {"swagger": "2.0"}, "swagger2"),
        ("{", {"order_id": "A-1"}, "json-sample"),
        ("\ufeff [", [{"order_id": "A-1"}], "json-sample"),
        ("{", {"log": {"entries": []}}, "har"),
    ],
)
def test_known_documents_are_recognised(text, document, key):
    assert detecting.recognised(document, text) == key


def test_every_reader_has_a_label():
    assert set(detecting.LABELS) == {"auto", *READERS}


def test_curl_commands_are_texts_and_nothing_else_is():
    assert detecting.is_text_format("# mine\n$ curl https://a.example")
    assert detecting.is_text_format("anything", "curl")
    assert not detecting.is_text_format("curl: a key")
    assert not detecting.is_text_format("curl https://a.example", "openapi")
