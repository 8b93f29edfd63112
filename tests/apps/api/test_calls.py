"""The simulator's calls for programs: sent, asked for, refused, and what is wrong with the request."""

import base64
import json
import re

import pytest
from rest_framework.test import APIClient

from actionstudio.apps.simulator.models import Allowed, File
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.auth import ApiKey
from actionstudio.core.contract import Body, Media
from tests import make

pytestmark = pytest.mark.django_db
URL = "/api/v1/projects/items/simulator/calls/"
FIELDS = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "openaiFileIdRefs": {"type": "array", "items": {"type": "string"}}},
}


@pytest.fixture
def api(ann):
    post = make.operation("POST", "/items", body=Body(content=(Media("application/json", FIELDS),)))
    make.project("items", ann, make.contract(make.operation(), post))
    made = APIClient()
    made.force_authenticate(ann)
    return made


def call(api, operation_id="getItems", status=200, **more):
    answer = api.post(URL, {"operation_id": operation_id, **more}, format="json")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_call_that_is_allowed_tells_what_was_sent_what_came_and_what_the_model_is_told(api):
    found = call(api, consent="allow")
    assert (found["state"], found["code"], json.loads(found["told"])) == ("sent", "", {"ok": True})
    assert found["request"]["url"] == "http://items.live.localhost:8000/items"
    assert (found["response"]["status"], json.loads(found["response"]["body"])) == (200, {"ok": True})
    row = Exchange.objects.get()
    assert (found["exchange"], row.source) == (row.public_id, "simulator")
    assert (row.conversation_id, row.user_id, row.gpt_id) == (
        found["conversation_id"],
        found["user_id"],
        found["gpt_id"],
    )


def test_without_consent_nothing_is_sent_and_the_card_comes_back(api):
    found = call(api, "postItems", arguments={"title": "Milk"})
    assert (found["state"], found["card"]["buttons"]) == ("asks", ["confirm", "deny"])
    assert json.loads(found["told"])["message"] == "The requested action requires approval"
    assert (found["request"], found["exchange"]) == (None, "")
    assert call(api)["card"]["buttons"] == ["allow", "always", "decline"]
    assert not Exchange.objects.exists()


def test_always_is_remembered_for_the_domain(api):
    assert call(api, consent="always")["state"] == "sent"
    assert Allowed.objects.get().domain == "items.live.localhost"
    assert call(api)["state"] == "sent"
    assert call(api, "postItems")["state"] == "asks"


def test_allow_holds_for_the_conversation(api):
    first = call(api, consent="allow")
    assert call(api, conversation_id=first["conversation_id"])["state"] == "sent"
    assert call(api)["state"] == "asks"


def test_yes_and_no_do_for_either_card(api):
    assert call(api, "postItems", arguments={"title": "a"}, consent=True)["state"] == "sent"
    assert call(api, consent=False)["code"] == "declined"
    problem = call(api, "postItems", 400, consent="always")
    assert [one["pointer"] for one in problem["errors"]] == ["/consent"]


@pytest.mark.parametrize(("arguments", "told"), [
    ({"name": 1}, "UnrecognizedKwargsError: name"),
    ("{", "ApiSyntaxError: Could not parse API call kwargs as JSON: exception=Expecting property name enclosed in"),
])  # fmt: skip
def test_what_chatgpt_refuses_is_refused_in_its_words(api, arguments, told):
    found = call(api, "postItems", arguments=arguments, consent="confirm")
    assert found["state"] == "refused"
    assert found["told"].startswith(told)
    assert found["refusal"]["message"] == found["told"]
    assert not Exchange.objects.exists()


def test_an_operation_that_is_not_there_is_told_so(api):
    assert call(api, "nothing")["refusal"]["code"] == "gone"


@pytest.mark.parametrize(("more", "pointer"), [
    ({"consent": "yes"}, "/consent"),
    ({"arguments": [1]}, "/arguments"),
    ({"mode": "x"}, "/mode"),
    ({"retries": 11}, "/retries"),
    ({"conversation_id": "x"}, "/conversation_id"),
    ({"url": "ftp://x"}, "/url"),
    ({"auth": {"type": "user_http"}}, "/auth/type"),
    ({"auth": {"type": "service_http", "api_key": "a\nb"}}, "/auth/api_key"),
    ({"files": [{"name": "a", "mime_type": "text/plain", "content": "%"}]}, "/files/0/content"),
    ({"what": 1}, "/what"),
])  # fmt: skip
def test_a_request_that_makes_no_sense_is_refused_at_its_place(api, more, pointer):
    assert [one["pointer"] for one in call(api, status=400, **more)["errors"]] == [pointer]


def test_the_gpts_own_key_goes_along_and_is_shown_nowhere(ann):
    project = make.project("items", ann, make.contract(auth=ApiKey(scheme="bearer")))
    project.keys.model.mint(project, "Mine", "sk-known-to-ann-1234567890")
    api = APIClient()
    api.force_authenticate(ann)
    found = call(api, consent="allow")
    assert found["response"]["status"] == 200
    wrong = call(api, consent="allow", auth={"type": "service_http", "api_key": "sk-wrong-0123456789"})
    assert (wrong["response"]["status"], wrong["told"], wrong["code"]) == (401, "ClientResponseError", "status")
    assert "sk-wrong-0123456789" not in json.dumps(wrong)
    assert dict(wrong["request"]["headers"])["authorization"] == "Basic •••• (hidden)"
    assert json.loads(call(api, consent="allow", auth={"type": "none"}, mode="lenient")["told"])["status"] == 401


def test_files_are_given_and_handed_on_as_links(api):
    files = [{"name": "a.txt", "mime_type": "text/plain", "content": base64.b64encode(b"hello").decode()}]
    found = call(api, "postItems", arguments={"title": "x"}, consent="confirm", files=files)
    sent = json.loads(bytes(Exchange.objects.get().request_body))
    assert [one["id"] for one in sent["openaiFileIdRefs"]] == found["attached"]


def test_files_go_behind_the_ids_that_are_written_and_are_refused_where_there_is_no_place(api):
    files = [{"name": "a.txt", "mime_type": "text/plain", "content": base64.b64encode(b"hello").decode()}]
    found = call(api, "postItems", arguments={"openaiFileIdRefs": ["file-x"]}, consent="allow", files=files)
    sent = json.loads(bytes(Exchange.objects.get().request_body))
    assert sent["openaiFileIdRefs"][0] == "file-x" and sent["openaiFileIdRefs"][1]["id"] == found["attached"][0]
    for arguments in ('{"title": "x"}', {"openaiFileIdRefs": "file-x"}):
        body = {"operation_id": "postItems", "arguments": arguments, "files": files}
        assert call(api, **body, status=400)["errors"][0]["pointer"] == "/files"
    assert File.objects.count() == 1


def test_any_document_can_be_called_by_its_url(api, ann):
    make.project("other", ann, make.contract(make.operation("GET", "/others")))
    asked = json.loads(call(api, "getOthers", url="http://other.live.localhost:8000/openapi.json")["told"])
    assert re.fullmatch(r"g-[0-9a-f]{40}", asked["action_id"])
    found = call(api, "getOthers", consent="allow", url="http://other.live.localhost:8000/openapi.json")
    assert (found["response"]["status"], found["domain"]) == (200, "other.live.localhost")


def test_an_action_of_another_gpt_calls_with_its_own_key(api, ann):
    make.project("keyed", ann, make.contract(auth=ApiKey("bearer")))
    gpts = "/api/v1/projects/items/simulator/gpts/"
    gpt = api.post(gpts, {"name": "Second"}, format="json").json()["key"]
    there = f"{gpts}{gpt}/actions/"
    made = api.post(there, {"address": "keyed"}, format="json").json()
    found = call(api, action=made["key"], consent="allow")
    assert (found["gpt_id"], found["domain"]) == (gpt, "keyed.live.localhost")
    assert found["response"]["status"] == 200 and "authorization" in dict(found["request"]["headers"])
    assert call(api, consent="allow")["gpt_id"] != gpt
    answer = api.post(URL, {"operation_id": "getItems", "action": "g-0"}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/action")


def test_what_was_allowed_in_a_conversation_was_allowed_to_its_gpt(api):
    gpts = "/api/v1/projects/items/simulator/gpts/"
    gpt = api.post(gpts, {"name": "Second"}, format="json").json()
    talk = call(api, consent="allow")["conversation_id"]
    assert call(api, conversation_id=talk)["state"] == "sent"
    assert call(api, conversation_id=talk, action=gpt["actions"][0])["state"] == "asks"
