"""Answers for htmx: part or page, toasts, redirects."""

import json

import pytest
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory

from actionstudio.apps.web import htmx
from actionstudio.apps.web.middleware import KitMiddleware

PART = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}


def request_of(rf, **headers):
    from django_htmx.middleware import HtmxDetails

    request = rf.get("/", **headers)
    request.htmx = HtmxDetails(request)
    return request


def test_htmx_asks_for_a_part_and_the_browser_for_the_whole(rf, monkeypatch):
    rendered = []
    monkeypatch.setattr(htmx, "render", lambda request, name, *a, **k: rendered.append(name) or HttpResponse())
    for headers in ({}, PART, {**PART, "HTTP_HX_REQUEST_TYPE": "full"}):
        answer = htmx.page(request_of(rf, **headers), "log.html", part="rows")
    assert rendered == ["log.html", "log.html#rows", "log.html"]
    assert answer["Vary"] == "HX-Request, HX-Request-Type"


def test_a_toast_carries_its_words_in_any_language():
    answer = htmx.toast("已保存 ✓", "warn")
    assert answer.status_code == 204
    assert json.loads(answer["HX-Trigger"])["toast"] == {"message": "已保存 ✓", "kind": "warn"}


@pytest.mark.parametrize(("headers", "status", "header"), [({}, 302, "Location"), (PART, 200, "HX-Redirect")])
def test_a_redirect_speaks_to_browser_and_htmx(rf, db, headers, status, header):
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.messages import get_messages
    from django.contrib.messages.storage.cookie import CookieStorage

    request = request_of(rf, **headers)
    request.user = AnonymousUser()
    request._messages = CookieStorage(request)
    answer = KitMiddleware(lambda request: htmx.redirect("/there/", "Done"))(request)
    assert (answer.status_code, answer[header]) == (status, "/there/")
    assert [str(message) for message in get_messages(request)] == ["Done"]


def test_the_kit_is_a_builtin_library():
    shown = engines["django"].from_string('{% icon "plus" %}{{ 404|scls }}').render({}, RequestFactory().get("/"))
    assert "icons.svg#plus" in shown and shown.endswith("s4")
