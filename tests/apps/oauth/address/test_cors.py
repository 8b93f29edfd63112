"""Which pages may read what the provider answers to a client."""

import pytest
from django.http import JsonResponse
from django.test import RequestFactory

from actionstudio.apps.oauth.address import cors
from actionstudio.apps.oauth.models import Client
from tests import make
from tests.apps.oauth.entering import request, shop

pytestmark = pytest.mark.django_db


@cors.apps("POST")
def token(request):
    return JsonResponse({"access_token": "…"})


def answered(project, origin, method="POST"):
    with request(project):
        return token(RequestFactory().generic(method, "/oauth/token", headers={"origin": origin} if origin else {}))


@pytest.fixture
def project():
    project = shop()
    uris = "https://app.example/callback http://localhost:5173/cb http://[::1]:8080/cb"
    Client.objects.create(project=project, name="A page", token_method="none", redirect_uris=uris)
    Client.objects.create(project=project, name="GPT", token_method="any", redirect_uris="https://chatgpt.com/aip/g-1")
    Client.objects.create(
        project=project, name="Off", token_method="none", redirect_uris="https://off.example/cb", enabled=False
    )
    Client.objects.create(
        project=make.project("other"), name="Theirs", token_method="none", redirect_uris="https://theirs.example/cb"
    )
    return project


@pytest.mark.parametrize("origin", ["https://app.example", "http://localhost:5173", "http://[::1]:8080"])
def test_a_page_to_which_a_public_client_returns_may_ask(project, origin):
    said = answered(project, origin)
    assert said.headers["access-control-allow-origin"] == origin
    assert answered(project, origin, "OPTIONS").headers["access-control-allow-methods"] == "POST, OPTIONS"


@pytest.mark.parametrize(
    "origin",
    [
        "https://chatgpt.com",
        "https://off.example",
        "https://theirs.example",
        "https://evil.example",
        "http://app.example",
        "https://app.example:8443",
        "https://app.example.evil.example",
        "https://app.exampl",
        "https://sub.app.example",
        "http://localhost:5174",
        "https://app.example/",
        "https://app.example/callback",
        "HTTPS://app.example",
        "null",
        "*",
        "",
        "https://",
        "https://[",
        "https://app.example:x",
    ],
)
def test_no_other_page_may(project, origin):
    said = answered(project, origin)
    assert "access-control-allow-origin" not in said.headers
    assert said.headers["vary"] == "Origin"


@pytest.mark.parametrize("origin", ["https://app.example", "https://evil.example", ""])
@pytest.mark.parametrize("method", ["POST", "OPTIONS", "GET"])
def test_cookies_are_never_let_in(project, origin, method):
    assert "access-control-allow-credentials" not in answered(project, origin, method).headers


def test_an_error_can_be_read_as_well(project):
    said = answered(project, "https://app.example", "GET")
    assert (said.status_code, said.headers["access-control-allow-origin"]) == (405, "https://app.example")


@pytest.mark.parametrize(
    ("uri", "origin"),
    [
        ("https://a.example:443/x", "https://a.example"),
        ("http://A.example:80", "http://a.example"),
        ("com.example.app:/cb", ""),
        ("https://user@a.example/x", "https://a.example"),
    ],
)
def test_an_origin_is_what_browsers_send(uri, origin):
    assert cors.origin_of(uri) == origin
