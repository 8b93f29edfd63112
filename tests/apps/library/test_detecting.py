"""What somebody pasted is named, also when it cannot be used."""

import pytest

from actionstudio.apps.library import detecting
from actionstudio.core.problem import Refused


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
        ("curl https://api.example.com/orders", "curl"),
        ("$ curl -X POST x", "curl"),
        ("<!doctype html><html>", "web page"),
        ("<openapi/>", "web page or XML"),
    ],
)
def test_other_texts_are_named(text, says):
    with pytest.raises(Refused, match=says):
        detecting.refuse_text(text)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ([], "must be an object"),
        ("text", "must be an object"),
        ({}, "no OpenAPI document"),
        ({"order_id": "A-1"}, "no OpenAPI document"),
        ({"swagger": "2.0", "paths": {}}, "Swagger 2.0"),
        ({"schema_version": "v1", "api": {"url": "https://a.example/openapi.yaml"}}, "https://a.example/openapi.yaml"),
        ({"schema_version": "v1", "api": None}, "plugin manifest"),
        ({"log": {"entries": []}}, "HAR"),
        ({"info": {"_postman_id": "x"}, "item": []}, "Postman"),
        ({"asyncapi": "3.0.0"}, "AsyncAPI"),
    ],
)
def test_other_documents_are_named(document, says):
    with pytest.raises(Refused, match=says):
        detecting.refuse_document(document)


def test_openapi_passes():
    detecting.refuse_document({"openapi": "3.0.3"})
    detecting.refuse_text("openapi: 3.1.0")
