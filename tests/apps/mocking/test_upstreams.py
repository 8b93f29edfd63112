"""Upstreams and their secrets on the pages: kept as typed, used, asked, never shown."""

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from actionstudio.apps.design import editing, load
from actionstudio.apps.mocking import upstreams
from actionstudio.apps.publishing import secrets
from actionstudio.core.behaviour import Backend, Proxy, Upstream
from tests import make
from tests.runtime.upstream import Upstream as Server
from tests.runtime.upstream import answer

SECRET = "edd1c9f034335f136f87"
GOOD = {
    "deed": "save", "name": "gateway", "balance": "weighted",
    "servers": "https://a.example/v1\nhttps://b.example/v1/ 3\n",
    "health": "/up", "health_seconds": "20", "secret": "+new", "secret_new": "gateway key", "text": SECRET,
    "secret_in": "header", "secret_name": "X-API-KEY", "secret_prefix": "", "headers": "Accept-Language: en",
}  # fmt: skip


@pytest.fixture
def project(ann, client):
    client.force_login(ann)
    return make.project()


def page(client, project, at="", **data):
    args = [project.slug, at] if at else [project.slug]
    return client.post(reverse("mocking:upstream" if at else "mocking:upstream-new", args=args), {**GOOD, **data})


def make_one(project, **fields):
    value = Upstream("gateway", (Backend("https://a.example"),), **fields)
    operation = make.operation(behaviour=Proxy("gateway"))
    editing.replace(project, replace(load.contract(project), upstreams=(value,), operations=(operation,)))
    return value


def test_an_upstream_is_kept_as_it_was_typed(client, project):
    answered = page(client, project)
    assert answered.status_code == 302
    (kept,) = load.contract(project).upstreams
    assert kept == Upstream(
        "gateway", (Backend("https://a.example/v1"), Backend("https://b.example/v1", 3)), "weighted", "/up", 20,
        "gateway key", "header", "X-API-KEY", "", (("Accept-Language", "en"),),
    )  # fmt: skip
    assert secrets.texts(project) == {"gateway key": SECRET}
    assert project.revisions.count() == 2


def test_the_text_of_a_secret_is_on_no_page(client, project):
    page(client, project)
    for url in ("mocking:upstreams", "mocking:upstream"):
        args = [project.slug] if url == "mocking:upstreams" else [project.slug, "gateway"]
        shown = client.get(reverse(url, args=args)).content.decode()
        assert SECRET not in shown
        assert "gateway key" in shown
    refused = page(client, project, "gateway", text=SECRET, secret="gateway key", servers="not a url")
    assert refused.status_code == 422
    assert SECRET not in refused.content.decode()


def test_saving_without_a_text_keeps_the_text_there_is(client, project):
    page(client, project)
    assert page(client, project, "gateway", secret="gateway key", text="", secret_new="").status_code == 302
    assert secrets.texts(project) == {"gateway key": SECRET}
    page(client, project, "gateway", secret="gateway key", text="another-secret-1", secret_new="")
    assert secrets.texts(project) == {"gateway key": "another-secret-1"}


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": ""}, "name", "required"),
        ({"name": "a b"}, "name", "letters"),
        ({"servers": "https://a.example x y"}, "servers", "Line 1"),
        ({"servers": "https://a.example\nftp://b.example"}, "servers", "Entry 2"),
        ({"servers": "https://user:pw@a.example"}, "servers", "no user"),
        ({"servers": "https://a.example?q=1"}, "servers", "no query"),
        ({"servers": "https://a.example\nhttps://a.example"}, "servers", "twice"),
        ({"servers": "https://a.example 5000"}, "servers", "1000"),
        ({"health": "up"}, "health", "begins with"),
        ({"health_seconds": "0"}, "health_seconds", "1"),
        ({"secret_new": ""}, "secret_new", "name"),
        ({"text": ""}, "text", "paste"),
        ({"text": "short"}, "text", "6 characters"),
        ({"secret": "", "secret_new": ""}, "secret", "which secret"),
        ({"servers": ""}, "servers", "required"),
        ({"secret_name": ""}, "secret_name", "X-API-Key"),
        ({"headers": "no colon"}, "headers", "Line 1"),
        ({"headers": "Bad Name: x"}, "headers", "Entry 1"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_kept(client, project, typed, field, words):
    answered = page(client, project, **typed)
    assert answered.status_code == 422
    errors = answered.context["form"].errors
    assert words in " ".join(errors[field])
    assert not load.contract(project).upstreams
    assert not project.secrets.exists()
    kept = {**GOOD, **typed}
    for name in ("name", "servers", "headers", "secret_name"):
        if kept[name]:
            assert answered.context["form"][name].value() == kept[name]


def test_a_name_and_a_text_are_a_new_secret_whatever_is_chosen(client, project):
    assert page(client, project, secret="").status_code == 302
    assert secrets.texts(project) == {"gateway key": SECRET}
    assert load.contract(project).upstreams[0].secret == "gateway key"


def test_everything_that_is_wrong_is_told_at_once_and_that_the_secret_is_to_be_typed_again(client, project):
    wrong = {"name": "a b", "servers": "ftp://b.example", "health": "up", "headers": "no colon", "secret_name": ""}
    answered = page(client, project, **wrong)
    errors = answered.context["form"].errors
    assert set(errors) == {*wrong, "text"}
    assert all(len(each) == 1 for each in errors.values()) and "Type it again" in errors["text"][0]


def test_only_what_may_be_left_out_is_called_optional(client, project):
    html = client.get(reverse("mocking:upstream-new", args=[project.slug])).content.decode()
    labels = {label: "optional" in label for label in re.findall(r"<label [^>]*>(.*?)</label>", html, re.DOTALL)}
    optional = [label.split(" <")[0] for label, marked in labels.items() if marked]
    assert "Health path" in optional
    assert not {"Name", "Servers", "Its text", "Name of the new secret"} & set(optional)


def test_a_name_is_given_once(client, project):
    page(client, project)
    answered = page(client, project, secret="gateway key", text="", secret_new="")
    assert answered.status_code == 422
    assert "already" in " ".join(answered.context["form"].errors["name"])


def test_an_upstream_that_is_used_stays(client, project):
    make_one(project)
    url = reverse("mocking:upstream", args=[project.slug, "gateway"])
    answered = client.post(url, {"deed": "remove"})
    assert answered.status_code == 422
    assert "GET /items" in answered.content.decode()
    plain = replace(load.contract(project), operations=(make.operation(),))
    editing.replace(project, plain)
    assert client.post(url, {"deed": "remove"}).status_code == 302
    assert not load.contract(project).upstreams
    assert client.get(url).status_code == 404


def test_a_secret_that_is_used_stays(client, project):
    make_one(project, secret="key one")
    secrets.keep(project, "key one", SECRET)
    url = reverse("mocking:upstreams", args=[project.slug])
    assert client.post(url, {"deed": "forget", "secret": "key one"}).status_code == 422
    assert secrets.texts(project)
    upstreams.save(project, None, {"name": "gateway", "backends": [{"url": "https://a.example"}]}, "gateway")
    assert client.post(url, {"deed": "forget", "secret": "key one"}).status_code == 302
    assert not secrets.texts(project)


def test_what_is_still_to_be_filled_in_is_told(client, project):
    make_one(project, secret="key one")
    shown = client.get(reverse("mocking:upstreams", args=[project.slug])).content.decode()
    assert "to be filled in" in shown
    assert "secret missing" in shown


def test_asking_shows_the_answer_and_what_was_sent_without_the_secret(client, project):
    with Server(lambda seen: answer(repr(seen.headers).encode(), "203 Said", "Content-Type: text/plain")) as server:
        upstreams.save(project, None, {
            "name": "gateway", "backends": [{"url": server.url + "/api"}], "secret": "key one", "secret_in": "query",
            "secret_name": "apikey", "headers": [["X-Team", "red"]],
        }, text=SECRET)  # fmt: skip
        url = reverse("mocking:upstream", args=[project.slug, "gateway"])
        shown = client.post(url, {"deed": "ask", "path": "/ping?a=1"})
        assert server.last.target == f"/api/ping?a=1&apikey={SECRET}"
        asked = shown.context["asked"]
        assert (asked.status, asked.kind) == (203, "text/plain")
        assert ("x-team", "red") in asked.sent
        assert SECRET not in shown.content.decode()
        assert asked.url == f"{server.url}/api/ping?a=1&apikey=••••"


def test_asking_tells_what_is_missing(client, project, settings):
    make_one(project, secret="key one")
    url = reverse("mocking:upstream", args=[project.slug, "gateway"])
    assert "has no text yet" in client.post(url, {"deed": "ask", "path": "/"}).content.decode()
    secrets.keep(project, "key one", SECRET)
    assert "begins with" in client.post(url, {"deed": "ask", "path": "x"}).content.decode()
    settings.STUDIO_PUBLIC_URL, settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS = "https://studio.example", False
    upstreams.save(project, None, {"name": "gateway", "backends": [{"url": "http://127.0.0.1:9"}]}, "gateway")
    assert "private network" in client.post(url, {"deed": "ask", "path": "/"}).content.decode()
    upstreams.save(project, None, {"name": "gateway"}, "gateway")
    assert "no server to ask" in client.post(url, {"deed": "ask", "path": "/"}).content.decode()


def test_the_first_upstream_is_suggested_from_the_document(client, project):
    from actionstudio.core.contract import Server as DocumentServer

    editing.replace(project, replace(load.contract(project), servers=(DocumentServer("https://api.example.com/v1/"),)))
    shown = client.get(reverse("mocking:upstream-new", args=[project.slug]))
    assert shown.context["form"]["servers"].value() == "https://api.example.com/v1"


def test_ten_upstreams_cost_as_many_queries_as_twenty(client, project, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def fill(number):
        many = tuple(Upstream(f"u{n}", (Backend("https://a.example"),), secret=f"key {n}") for n in range(number))
        editing.replace(project, replace(load.contract(project), upstreams=many))
        for n in range(number):
            secrets.keep(project, f"key {n}", SECRET)

    url = reverse("mocking:upstreams", args=[project.slug])
    fill(10)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    fill(20)
    with django_assert_num_queries(len(few)):
        client.get(url)


def test_eve_finds_none_of_it(client, project, eve):
    make_one(project)
    client.force_login(eve)
    for url in (reverse("mocking:upstreams", args=["items"]), reverse("mocking:upstream", args=["items", "gateway"])):
        assert client.get(url).status_code == 404
        assert client.post(url, GOOD).status_code == 404
