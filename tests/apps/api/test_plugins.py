"""Plugins of 2023 for programs: the whole way, and what is refused."""

import json

import pytest

from actionstudio.apps.accounts.models import ApiToken
from actionstudio.apps.simulator.models import PluginInstall
from tests import make
from tests.apps.simulator.plugins.fake import Plugin

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
URL = "/api/v1/projects/items/simulator/plugins/"


@pytest.fixture
def send(client, ann):
    make.project("items", ann)
    _row, token = ApiToken.mint(ann, "mine")

    def send(method, url, data=None, status=200):
        body = {} if data is None else {"data": json.dumps(data), "content_type": "application/json"}
        answer = getattr(client, method)(url, headers={"authorization": f"Bearer {token}"}, **body)
        assert answer.status_code == status, answer.content
        return json.loads(answer.content or b"null")

    return send


@pytest.fixture
def other():
    with Plugin() as found:
        yield found


def test_a_program_goes_the_whole_way(send, other):
    other.manifest["auth"] = {"type": "service_http", "authorization_type": "bearer", "verification_tokens": {}}
    made = send("post", URL, {"domain": other.domain}, 201)
    at = f"{URL}{made['key']}/"
    assert (made["root"], made["lacks"], made["secret_set"]) == ("127.0.0.1", ["token", "secret"], False)
    assert made["operations"] == ["listTodos", "addTodo"] and "namespace todo {" in made["namespace"]
    assert send("post", f"{at}install/", status=400)["errors"]
    problem = send("post", f"{at}token/", status=400)
    assert problem["errors"][0]["pointer"] == "/token"
    other.manifest["auth"]["verification_tokens"] = {"openai": made["token"]}
    assert send("post", f"{at}token/")["lacks"] == ["secret"]
    given = send("patch", at, {"secret": "service-key"})
    assert given["lacks"] == [] and given["secret_set"] and "service-key" not in json.dumps(given)
    assert send("post", f"{at}install/")["installed"]
    other.key = "Bearer service-key"
    done = send("post", f"{at}calls/", {"operation_id": "addTodo", "arguments": {"todo": "milk"}})
    assert (done["state"], json.loads(done["told"]), done["gpt_id"]) == ("sent", {"added": "milk"}, made["key"])
    again = send("post", f"{at}calls/", {"operation_id": "listTodos", "conversation_id": done["conversation_id"]})
    assert again["conversation_id"] == done["conversation_id"] and "service-key" not in json.dumps(again)
    assert send("post", f"{at}calls/", {"operation_id": "addTodo", "arguments": "{"})["refusal"]["code"]
    assert len(send("get", URL)["results"]) == 1 and send("get", at)["key"] == made["key"]
    send("delete", at, status=204)
    assert not PluginInstall.objects.exists()


def test_flaws_and_the_converters_words_are_told(send, other):
    other.manifest["name_for_human"] = "n" * 51
    other.document["components"] = {"schemas": []}
    made = send("post", URL, {"domain": other.domain}, 201)
    flaw = made["flaws"][0]
    assert (flaw["rule"], flaw["level"], flaw["pointer"]) == ("PL-02", "fatal", "/name_for_human")
    assert made["error"].startswith("Error getting system message") and made["messages"] and made["lacks"] == ["flawed"]


def test_what_cannot_be_found_or_is_not_ours_is_a_problem(send, other):
    other.manifest = None
    problem = send("post", URL, {"domain": other.domain}, 400)
    assert problem["errors"][0]["pointer"] == "/domain" and "404" in problem["errors"][0]["message"]
    send("post", URL, {}, 400)
    send("get", f"{URL}nothing/", status=404)


def test_the_projects_own_plugin_gets_its_token_and_key_by_itself(send, ann):
    from actionstudio.apps.simulator.plugins import own
    from actionstudio.core.auth import ServiceHttp

    mine = make.project("mine", ann, make.contract(auth=ServiceHttp("bearer")))
    url = URL.replace("items", "mine")
    at = f"{url}{send('post', url, {'domain': own.domains(mine)[0]}, 201)['key']}/"
    send("put", f"{at}token/")
    send("post", f"{at}token/")
    assert send("patch", at, {"automatic": True})["lacks"] == []
    send("post", f"{at}install/")
    assert json.loads(send("post", f"{at}calls/", {"operation_id": "getItems"})["told"]) == {"ok": True}


def test_a_sign_in_is_begun_and_ended(send, other):
    auth = {"type": "oauth", "client_url": "https://id.example/a", "authorization_url": "https://id.example/t"}
    other.manifest["auth"] = auth
    at = f"{URL}{send('post', URL, {'domain': other.domain}, 201)['key']}/"
    send("post", f"{at}sign-in/", status=400)
    assert send("patch", at, {"client_id": "me", "secret": "s"})["signed_in"] is False
    assert send("post", f"{at}sign-in/")["authorization_url"].startswith("https://id.example/a?response_type=code&")
    send("delete", f"{at}sign-in/", status=204)
