"""One call by hand: the form, the card, what was sent, and what the model is told."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from actionstudio.apps.design import editing
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.simulator import actions, setting
from actionstudio.apps.simulator.actions import Given
from actionstudio.apps.simulator.calling import acting
from actionstudio.apps.simulator.models import Allowed
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.contract import Body, Example, Media, Parameter
from tests import make

pytestmark = pytest.mark.django_db(databases="__all__")
URL = "/projects/items/simulator/calls/"
FIELDS = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "openaiFileIdRefs": {"type": "array", "items": {"type": "string"}}},
    "required": ["title"],
}


@pytest.fixture
def page(client, ann):
    shop = Parameter("shop", "query", True, schema={"type": "string", "example": "north"})
    post = make.operation("POST", "/items", body=Body(content=(Media("application/json", FIELDS),)))
    make.project("items", ann, make.contract(make.operation(parameters=(shop,)), post))
    client.force_login(ann)
    return client


def post(page, status=200, **data):
    answer = page.post(URL, data)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode()


def test_the_form_begins_with_an_operation_and_arguments_for_it(page):
    html = page.get(URL).content.decode()
    assert '<option value="getItems" selected>' in html
    assert "&quot;shop&quot;: &quot;north&quot;" in html
    other = post(page, pick="operation", operation="postItems", arguments="{}")
    assert "&quot;title&quot;" in other
    assert 'name="files"' in other


def test_a_call_asks_first_and_is_made_when_somebody_agrees(page):
    asked = post(page, call="1", operation="getItems", arguments='{"shop": "south"}')
    assert "Items wants to talk to items.live.localhost" in asked
    assert re.findall(r'name="consent" value="(\w+)"', asked) == ["allow", "always", "decline"]
    assert not Exchange.objects.exists()
    done = post(page, consent="allow", operation="getItems", arguments='{"shop": "south"}')
    row = Exchange.objects.get()
    assert (row.source, row.query) == ("simulator", "shop=south")
    assert f"/projects/items/requests/{row.public_id}" in done or row.public_id in done
    assert "x-openai-originator" in done
    assert "{&quot;ok&quot;:true}" in done


def test_the_next_call_of_the_page_belongs_to_the_same_conversation(page):
    done = post(page, consent="allow", operation="getItems", arguments='{"shop": "a"}')
    talk = re.search(r'name="conversation" value="([0-9a-f-]{36})"', done)[1]
    post(page, call="1", operation="getItems", arguments='{"shop": "b"}', conversation=talk)
    assert {row.conversation_id for row in Exchange.objects.all()} == {talk}


def test_always_is_remembered_and_a_call_that_changes_something_asks_each_time(page):
    post(page, consent="always", operation="getItems", arguments='{"shop": "a"}')
    assert Allowed.objects.count() == 1
    assert re.findall(
        r'name="consent" value="(\w+)"', post(page, operation="postItems", arguments='{"title": "a"}')
    ) == [
        "confirm",
        "deny",
    ]


def test_what_chatgpt_refuses_stands_in_its_words_and_the_text_stays(page):
    html = post(page, consent="confirm", operation="postItems", arguments='{"title": 1')
    assert "ApiSyntaxError: Could not parse API call kwargs as JSON" in html
    assert "{&quot;title&quot;: 1" in html
    assert "UnrecognizedKwargsError: nmae" in post(page, operation="postItems", arguments='{"nmae": 1}')


def test_a_file_is_kept_and_its_id_stands_in_the_arguments(page):
    one = SimpleUploadedFile("a.csv", b"1,2", "text/csv")
    asked = post(page, operation="postItems", arguments='{"title": "a"}', files=one)
    key = re.search(r"file-\w{24}", asked)[0]
    arguments = json.dumps({"title": "a", "openaiFileIdRefs": [key]})
    post(page, operation="postItems", arguments=arguments, consent="confirm")
    sent = json.loads(bytes(Exchange.objects.get().request_body))
    assert sent["openaiFileIdRefs"][0]["name"] == "a.csv"


def test_a_file_without_an_object_to_write_it_into_is_refused_beside_its_field(page):
    one = SimpleUploadedFile("a.csv", b"1,2", "text/csv")
    html = post(page, 422, operation="postItems", arguments="[", files=one)
    assert 'id="e-files"' in html


def test_a_document_that_cannot_be_read_is_told_beside_its_field(page):
    html = post(page, 422, operation="getItems", arguments="{}", url="ftp://nowhere")
    assert 'id="e-url"' in html
    assert 'value="ftp://nowhere"' in html
    kept = post(page, 422, pick="document", operation="getItems", arguments='{"shop": "mine"}', url="ftp://nowhere")
    assert 'name="arguments" value="{&quot;shop&quot;: &quot;mine&quot;}"' in kept
    back = post(page, pick="document", operation="getItems", arguments='{"shop": "mine"}', url="")
    assert "{&quot;shop&quot;: &quot;mine&quot;}" in back


def test_another_document_and_a_key_of_ones_own(page, ann):
    make.project("other", ann, make.contract(make.operation("GET", "/others")))
    form = {
        "url": "http://other.live.localhost:8000/openapi.json",
        "kind": "custom",
        "header": "X-Mine",
        "secret": "sk-1",
    }
    done = post(page, consent="allow", operation="getOthers", arguments="{}", **form)
    assert "x-mine" in done.lower()
    assert Exchange.objects.get(path="/others").project_id
    assert 'id="e-header"' in post(page, 422, **{**form, "header": "a b"}, operation="getOthers", arguments="{}")


def test_a_project_without_an_address_says_so(client, ann):
    project = make.project("items", ann)
    project.addresses.all().delete()
    client.force_login(ann)
    answer = client.get(URL)
    assert "no address" in answer.content.decode()


def test_a_stranger_finds_nothing(page, eve):
    page.force_login(eve)
    assert (page.get(URL).status_code, page.post(URL, {}).status_code) == (404, 404)


def test_a_logged_call_fills_the_form_and_sends_nothing(page):
    row = make.exchange(Project.objects.get(), query="shop=east", operation_id="getItems")
    html = page.get(URL, {"call": row.public_id}).content.decode()
    assert '<option value="getItems" selected>' in html and "&quot;shop&quot;: &quot;east&quot;" in html
    assert f"Filled with the logged call {row.public_id}" in html and Exchange.objects.count() == 1
    there = page.get(f"/projects/items/log/{row.public_id}/").content.decode()
    assert f'href="{URL}?call={row.public_id}"' in there
    assert 'href="/projects/items/simulator/?endpoint=getItems"' in there


def test_what_the_log_hides_of_a_call_is_left_out_and_told_of(page):
    body = {"title": "••••WXYZ (24 characters)"}
    row = make.exchange(Project.objects.get(), "POST", request_body=body, operation_id="postItems")
    html = page.get(URL, {"call": row.public_id}).content.decode()
    assert "fill in what is missing" in html and "WXYZ" not in html


def test_a_logged_call_that_chatgpt_would_not_make_says_why(page):
    row = make.exchange(Project.objects.get(), operation_id="deleteItems")
    html = page.get(URL, {"call": row.public_id}).content.decode()
    assert "ChatGPT would not make this call" in html


@pytest.mark.parametrize("which", ["req_0", "nonsense", "req_zzzzzzzzzzzzzzzzzzzzzz", "\0"])
def test_a_call_that_the_log_has_not_is_not_there(page, which):
    assert page.get(URL, {"call": which}).status_code == 404


def test_another_projects_call_is_not_there(page):
    row = make.exchange(make.project("hers", make.user("bea")), operation_id="getItems")
    assert page.get(URL, {"call": row.public_id}).status_code == 404


def test_the_arguments_begin_with_the_operations_own_examples(page):
    number = Parameter("item_id", "path", True, schema={"type": "integer"}, examples=(Example("mug", 17),))
    media = Media("application/json", FIELDS, (Example("lamp", {"title": "The lamp flickers"}),))
    get = make.operation(path="/items/{item_id}", parameters=(number,), operation_id="getItem")
    post_ = make.operation("POST", "/items", body=Body(content=(media,)))
    editing.replace(Project.objects.get(), make.contract(get, post_))
    assert "&quot;item_id&quot;: 17" in page.get(URL).content.decode()
    assert "The lamp flickers" in page.get(URL, {"operation": "postItems"}).content.decode()
    chosen = post(page, pick="operation", operation="postItems", arguments="{}")
    assert 'data-submit="#f-pick"' in chosen and "The lamp flickers" in chosen


def other(monkeypatch, document):
    text = document if isinstance(document, str) else json.dumps(document)
    monkeypatch.setattr(acting, "fetched", lambda _project, _url: text)
    return {"url": "https://other.example/openapi.json", "operation": "", "arguments": ""}


def document(**more):
    answers = {"responses": {"200": {"description": "All"}}}
    paths = {"/one": {"get": {"operationId": "one", **answers}}, "/two": {"get": {"operationId": "two", **answers}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Other", "version": "1"},
        "servers": [{"url": "https://other.example"}],
        "paths": paths,
        **more,
    }


def test_what_the_editor_says_of_another_document_stands_on_the_page(page, monkeypatch):
    long = document()
    long["paths"]["/one"]["get"]["description"] = "x" * 400
    html = post(page, pick="document", **other(monkeypatch, long))
    assert "has length 400 exceeding limit of 300" in html and "/projects/items/import/" not in html.split("<main")[1]
    elsewhere = document(servers=[{"url": "https://other.example:8443"}])
    assert 'class="redlines"' in post(page, pick="document", **other(monkeypatch, elsewhere))
    assert 'class="redlines"' in post(page, pick="document", **other(monkeypatch, "<!doctype html><p>Hello"))


def test_the_reasons_of_what_is_dropped_of_another_document_are_told(page, monkeypatch):
    partly = document()
    partly["paths"]["/two"]["get"].pop("operationId")
    html = post(page, pick="document", **other(monkeypatch, partly))
    assert 'href="#h-import"' in html and 'id="h-import"' in html and "1 is not imported" in html


def test_where_several_actions_could_call_one_is_chosen(page, ann):
    project = Project.objects.get(slug="items")
    assert 'name="action"' not in page.get(URL).content.decode()
    second = setting.make(project, {"name": "Second"})
    make.project("other", ann, make.contract(make.operation("GET", "/others")))
    other = actions.save(second, Given(Address.objects.get(name="other")))
    own = second.actions.first()
    html = page.get(URL).content.decode()
    labels = re.findall(r'<option value="g-[^"]+">([^<]+)<', html)
    assert [label.partition(" · ")[0] for label in labels] == ["Items", "Second", "Second"] and "other.live" in labels[
        2
    ]
    talk = "01234567-89ab-4def-8123-456789abcdef"
    chosen = post(page, pick="action", action=other.key, operation="getItems", arguments="{}", conversation=talk)
    assert f'<option value="{other.key}" selected>' in chosen and '<option value="getOthers" selected>' in chosen
    assert talk not in chosen  # a conversation belongs to one GPT
    done = post(page, call="1", action=own.key, operation="getItems", arguments='{"shop": "south"}', consent="allow")
    assert second.key in done
    assert "has an action of this key" in post(page, 422, action="g-0", operation="getItems")
