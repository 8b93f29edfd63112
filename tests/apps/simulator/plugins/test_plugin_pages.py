"""The pages of a plugin's install: every step by its button, what is wrong, beside its field; nothing for strangers."""

import re

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from actionstudio.apps.simulator.models import PluginInstall
from actionstudio.core.auth import OAuth, ServiceHttp
from tests import make
from tests.apps.simulator.plugins.fake import Plugin

pytestmark = pytest.mark.django_db
LIST = "/projects/shop/simulator/plugin/"


@pytest.fixture
def page(client, ann):
    client.force_login(ann)
    return client


@pytest.fixture
def other():
    with Plugin() as found:
        yield found


def found(page, domain) -> str:
    answer = page.post(LIST, {"domain": domain})
    assert answer.status_code == 302, answer.text
    return answer["Location"]


def test_the_projects_own_plugin_goes_all_the_way_by_buttons(page, ann):
    make.project("shop", ann, make.contract(auth=ServiceHttp("bearer")))
    shown = page.get(LIST).text
    own = re.search(r'name="domain" value="([^"]+)"', shown).group(1)
    at = found(page, own)
    row = PluginInstall.objects.get()
    shown = page.get(at).text
    assert row.token in shown and "Put it into the project" in shown and "The steps above come first" in shown
    refused = page.post(at, {"deed": "verify"})
    assert refused.status_code == 422 and "no verification token" in refused.text
    for deed in ("place", "verify", "fill", "install"):
        assert page.post(at, {"deed": deed}).status_code == 302, deed
    shown = page.get(at).text
    assert "Install plugin" not in shown and "// " in shown and '<option value="getItems" selected>' in shown
    called = page.post(at, {"deed": "call", "operation": "getItems", "arguments": "{}"})
    assert called.status_code == 200 and "openai-subdivision-1-iso-code" in called.text
    assert "{&quot;ok&quot;:true}" in called.text and "installed" in page.get(LIST).text
    assert page.post(at, {"deed": "remove"}).status_code == 302 and not PluginInstall.objects.exists()


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(page, ann, other):
    make.project("shop", ann)
    wrong = page.post(LIST, {"domain": "shop.example.com/live"})
    assert wrong.status_code == 422 and "root of a host" in wrong.text and 'value="shop.example.com/live"' in wrong.text
    other.manifest["auth"] = {"type": "oauth", "client_url": "x", "authorization_url": "https://a.example/t"}
    at = found(page, other.domain)
    shown = page.get(at).text
    assert "PL-06" in shown and "must be the whole address where people sign in" in shown
    wrong = page.post(at, {"deed": "give", "client_id": "", "secret": "shh"})
    assert wrong.status_code == 422 and "e-client" in wrong.text and "shh" not in wrong.text
    assert page.get(f"{at}sign-in/").status_code == 302
    assert page.post(at, {"deed": "nothing"}).status_code == 404


def test_a_document_of_which_nothing_arrives_is_told_of(page, ann, other):
    make.project("shop", ann)
    at = found(page, other.domain)
    row = PluginInstall.objects.get()
    row.document = row.document.replace('"paths"', '"components": {"schemas": []}, "paths"')
    row.save()
    shown = page.get(at)
    assert shown.status_code == 200 and "/components/schemas" not in shown.text and "The document" in shown.text


def test_a_secret_that_is_kept_is_not_shown_and_an_empty_field_keeps_it(page, ann, other):
    make.project("shop", ann)
    other.manifest["auth"] = {"type": "user_http", "authorization_type": "bearer"}
    at = found(page, other.domain)
    assert page.post(at, {"deed": "give", "secret": "my-own-token"}).status_code == 302
    assert page.post(at, {"deed": "give", "secret": ""}).status_code == 302
    shown = page.get(at).text
    assert "my-own-token" not in shown and "Leave this empty to keep it" in shown
    other.key = "Bearer my-own-token"
    page.post(at, {"deed": "install"})
    assert "milk" in page.post(at, {"deed": "call", "operation": "listTodos", "arguments": "{}"}).text


def test_the_button_take_it_brings_the_arguments_of_another_operation(page, ann, other):
    make.project("shop", ann)
    at = found(page, other.domain)
    page.post(at, {"deed": "install"})
    data = "deed=call&operation=addTodo&deed=pick&arguments="
    shown = page.post(at, data, content_type="application/x-www-form-urlencoded").text
    assert '<option value="addTodo" selected>' in shown and "&quot;todo&quot;" in shown and not other.asked("/todos")


def test_the_sign_in_comes_back_to_the_page(page, ann):
    make.project("shop", ann, make.contract(auth=OAuth()))
    own = re.search(r'name="domain" value="([^"]+)"', page.get(LIST).text).group(1)
    at = found(page, own)
    for deed in ("place", "verify", "fill", "install"):
        assert page.post(at, {"deed": deed}).status_code == 302, deed
    there = page.get(f"{at}sign-in/")["Location"]
    state = re.search(r"state=([^&]+)", there).group(1)
    back = page.get(f"/simulator/callback/?error=access_denied&state={state}")
    assert back.status_code == 302 and back["Location"] == at and "access_denied" in page.get(at).text


def test_a_stranger_finds_none_of_it_and_nor_does_another_user_find_mine(page, ann, eve, other):
    make.project("shop", ann)
    at = found(page, other.domain)
    browser = Browser()
    browser.force_login(eve)
    make.project("hers", eve)
    for url in (LIST, at, f"{at}sign-in/", at.replace("/shop/", "/hers/")):
        assert browser.get(url).status_code == 404
    assert browser.post(at, {"deed": "remove"}).status_code == 404 and PluginInstall.objects.exists()


def test_many_plugins_cost_no_more_queries(page, ann):
    project = make.project("shop", ann)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert page.get(LIST).status_code == 200
        return len(seen)

    PluginInstall.objects.create(project=project, user=ann, domain="a.example", url="https://a.example/")
    queries()
    one = queries()
    for n in range(10):
        PluginInstall.objects.create(project=project, user=ann, domain=f"{n}.example", url=f"https://{n}.example/")
    assert queries() == one


def test_the_pages_lead_there(page, ann):
    make.project("shop", ann)
    assert LIST in page.get("/projects/shop/simulator/").text and LIST in page.get("/projects/shop/connect/").text


def test_a_manifest_full_of_faults_is_listed_as_faulty(page, ann, other):
    make.project("shop", ann)
    other.manifest = {"nonsense": True}
    found(page, other.domain)
    listed = page.get(LIST).text
    assert "faulty" in listed and ">found<" not in listed
