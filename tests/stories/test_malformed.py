"""Whatever somebody throws at the import: a clear word, nothing half-created, and the product goes on."""

import json

import pytest

from tests.stories.visitor import Page


@pytest.fixture(scope="module")
def ann(studio):
    """Somebody signed in."""
    with studio.client("ann") as client:
        yield client


def upload(studio, client, **sent):
    """The new project form, sent; the page that comes back."""
    from tests.stories.visitor import Visitor

    visitor = Visitor.__new__(Visitor)
    visitor.studio, visitor.client = studio, client
    client.follow_redirects = True
    page = visitor.open("/projects/new/")
    form = page.form("source")
    files = sent.pop("files", None)
    data = [(name, value) for name, value in form.fields if name not in sent]
    grouped = {**dict(data), **sent}
    response = client.post("/projects/new/", data=grouped, files=files, headers={"origin": studio.url})
    return Page(response)


def projects(client):
    return client.get("/api/v1/projects/").json()["results"]


def document(paths=None, **more):
    return json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths or {}, **more})


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(9)
)
OK = {"responses": {"200": {"description": "OK"}}}

REFUSED = {
    "half a document": ('{"openapi": "3.1.0", "info": ', "line 1"),
    "not a document": ("The quick brown fox", ""),
    "a web page": ("<!doctype html><html><body>Hi</body></html>", "web page"),
    "a YAML bomb": (BOMB, ""),
    "nested without end": ("[" * 50_000, ""),
    "the same key twice": ("openapi: 3.1.0\nopenapi: 3.0.0\n", "line 2"),
    "Swagger 1": ("swagger: '1.2'\ninfo: {title: A, version: '1'}\npaths: {}\n", "Swagger 1.2"),
    "every path with //": (document({"//a": {"get": OK}}), "two slashes"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_unusable_document_is_refused_in_words(studio, ann, name):
    source, words = REFUSED[name]
    page = upload(studio, ann, source=source)
    assert page.status == 422, page.text[:500]
    assert words.lower() in page.text.lower()
    assert projects(ann) == []


def test_a_50_mb_upload_is_stopped(studio, ann):
    files = {"file": ("huge.json", b"[" + b" " * (50 * 1024 * 1024), "application/json")}
    try:
        page = upload(studio, ann, files=files)
    except Exception as error:  # the server may hang up while we are still sending
        assert "Transport" in type(error).__mro__[1].__name__ or "Error" in type(error).__name__
    else:
        assert page.status == 413
        assert "large" in page.text.lower() or "mb" in page.text.lower()
    assert projects(ann) == []
    assert studio.get("/healthz/ready").status_code == 200


def test_an_emoji_as_address_is_refused_and_as_name_is_taken(studio, ann):
    page = upload(studio, ann, source=document({"/a": {"get": OK}}), slug="🎉")
    assert page.status == 422
    assert "letters a to z" in page.text
    assert projects(ann) == []
    upload(studio, ann, source=document({"/a": {"get": OK}}), name="🎉")
    assert [row["name"] for row in projects(ann)] == ["🎉"]
    slug = projects(ann)[0]["slug"]
    assert studio.call(slug, "GET", "/openapi.json").status_code == 200


SURVIVED = {
    "loop": (
        document(
            {"/a": {"get": {"responses": {"200": {"description": "OK", "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}}}}},
            components={"schemas": {"A": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/A"}}}}},
        ),
        "",
    ),
    "twins": (document({"/a": {"get": {"operationId": "x", **OK}}, "/b": {"get": {"operationId": "x", **OK}}}), "x_2"),
    "slashes": (document({"//a": {"get": OK}, "/b": {"get": OK}}), "two slashes"),
}  # fmt: skip


@pytest.mark.parametrize("name", SURVIVED)
def test_what_can_be_used_is_kept_and_the_rest_is_told(studio, ann, name):
    source, words = SURVIVED[name]
    page = upload(studio, ann, source=source, slug=name)
    assert page.status == 200
    assert words in page.text
    assert studio.call(name, "GET", "/b" if name == "slashes" else "/a").status_code == 200
    assert ann.get(f"/projects/{name}/").status_code == 200
    assert ann.get(f"/projects/{name}/endpoints/").status_code == 200
