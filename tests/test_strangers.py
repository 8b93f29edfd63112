"""Whatever the URLconf knows about a project is not there for anybody but its owner: pages, parts, files, the API."""

import uuid

import pytest
from django.http import HttpResponseNotFound
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from actionstudio.apps.accounts.models import ApiToken
from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.prompts import keeping as prompts
from actionstudio.apps.traffic.conversations import listing
from actionstudio.core.behaviour import Collection
from tests import make
from tests.apps.simulator import talks

METHODS = ("get", "post", "put", "patch", "delete", "head")
PARTS = ({}, {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"})  # a page whole, and what htmx asks of it
REFUSED = (404, 405)  # 405: nobody at all may use this method here


def places(resolver=None, app: str = "") -> list[tuple[str, tuple[str, ...]]]:
    """(name, arguments) of every URL that names a project or something of one."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        if not isinstance(entry, URLPattern):
            found += places(entry, f"{app}{entry.namespace}:" if entry.namespace else app)
        elif entry.name and entry.pattern.converters.keys() | _converters(resolver):
            found.append((app + entry.name, tuple(entry.pattern.converters.keys() | _converters(resolver))))
    return [place for place in found if place[0] not in PUBLIC]


def _converters(resolver) -> set[str]:
    return set(resolver.pattern.converters) if resolver else set()


PUBLIC = {
    "simulator:file-link",  # signed, and for five minutes
    "web:help-topic",
    "web:help-rule",
    "accounts:invited",
    "account_confirm_email",
    "account_reset_password_from_key",
}
OWN = {"accounts:token-revoke", "accounts:invitation-revoke", "models:one"}  # lists of one's own: tested with the pages


@pytest.fixture
def things(ann) -> dict:
    """Ann's project, and every argument a URL may take about it."""
    project = make.project("items", ann, make.contract(collections=(Collection("items"),)))
    call = make.exchange(project, request_body={"a": 1}, response_body={"ok": True}, conversation_id="talk")
    pk = project.addresses.get().pk
    suite = prompts.suite(project, None, {"name": "Mine"})
    suite.cases.create(pk=pk, name="Hello", turns=["Hello"])
    suite.runs.create(pk=pk, asks=[{"model": "scripted", "label": "Scripted"}]).outcomes.create(pk=1, n=0, name="Hello")
    return {
        "slug": "items", "ref": "getItems", "name": "items", "number": 1, "pk": pk, "a": 1,
        "b": 1, "public_id": call.public_id, "side": "request", "section": "danger", "job_id": uuid.uuid4(), "key": "1",
        "action": "1", "user": "u1", "domain": "api.example.com",
        "talk": listing.of(call), "form": "hurl",
        "suite": project.suites.create(name="Mine", slug="mine").slug, "n": 1, "case": 1, "run": 1,
        "client_id": project.clients.create(name="My GPT").client_id,
        "sub": project.end_users.create(username="alice").sub,
        "chat_key": talks.chat(project, ann, talks.user("Hello")).key,
        "file_key": project.files.create(name="a.txt", mime_type="text/plain", content=b"a").key,
        "digest": project.logos.create(digest="d" * 64, image=b"png").digest,
    }  # fmt: skip


def urls(things: dict) -> list[str]:
    found = []
    for name, arguments in places():
        if name not in OWN and set(arguments) <= set(things):
            found.append(reverse(name, kwargs={key: things[key] for key in arguments}))
    return sorted(set(found))


def test_every_place_of_a_project_is_known_to_this_test(things):
    strange = [name for name, arguments in places() if not set(arguments) <= set(things) and name not in OWN]
    assert strange == [], "give `things` the argument of a new URL"
    assert len(urls(things)) > 45


@pytest.fixture
def plain(monkeypatch):
    """Drawing the page that says "not found" costs more than to find nothing."""
    resolver = type(get_resolver())
    monkeypatch.setattr(resolver, "resolve_error_handler", lambda *_: lambda request, exception: HttpResponseNotFound())


@pytest.mark.parametrize("method", METHODS)
def test_a_stranger_finds_nothing_anywhere(things, plain, eve, method):
    _, token = ApiToken.mint(eve, "mine")
    make.project("hers", eve)
    before = Project.objects.get(slug="items")
    client = Client()
    client.force_login(eve)
    seen = {}
    for url in urls(things):
        extra = {"HTTP_AUTHORIZATION": f"Bearer {token}"} if url.startswith("/api/") else {}
        for part in PARTS if method in ("get", "post") else PARTS[:1]:
            answer = getattr(client, method)(url, **extra, **part)
            if answer.status_code not in REFUSED:
                seen[url] = answer.status_code
    assert seen == {}
    after = Project.objects.get(slug="items")
    assert (after.name, after.updated) == (before.name, before.updated)


@pytest.mark.parametrize("method", METHODS)
def test_nobody_who_is_not_signed_in_finds_more_than_the_way_to_sign_in(things, method):
    seen = {}
    for url in urls(things):
        answer = getattr(Client(), method)(url)
        if answer.status_code not in (302, 401, 403, 405, 404):
            seen[url] = answer.status_code
        if answer.status_code == 302 and "/login/" not in answer["Location"]:
            seen[url] = answer["Location"]
    assert seen == {}
