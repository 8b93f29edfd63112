"""Models through the API: keys only in, one's own and everybody's, tried out for real."""

import pytest

from actionstudio.apps.simulator.endpoints import keeping
from actionstudio.apps.simulator.models import Endpoint
from tests import make, openai_server
from tests.apps.api.test_api import Api, errors
from tests.openai_server import KEY, Turn

pytestmark = pytest.mark.django_db
MINE = {"name": "Mine", "base_url": "https://api.example.com/v1", "model": "gpt-test", "key": KEY}


@pytest.fixture
def api(ann):
    return Api(ann)


def test_a_model_is_added_changed_and_deleted(api):
    made = api("POST", "models/", MINE)
    assert made.status_code == 201 and KEY not in made.content.decode()
    one = made.json()
    assert one == {
        "id": one["id"], "name": "Mine", "base_url": MINE["base_url"], "model": "gpt-test", "protocol": "chat",
        "shared": False, "environment": False, "changeable": True, "key_set": True, "last4": KEY[-4:],
        "temperature": None, "max_tokens": None, "seconds": 60, "stream": True, "price_in": None, "price_out": None,
        "tested": None, "fault": "",
    }  # fmt: skip
    path = f"models/{one['id']}/"
    changed = api("PATCH", path, {"protocol": "responses", "price_in": 0.25, "price_out": 2}).json()
    assert (changed["protocol"], changed["price_in"], changed["key_set"]) == ("responses", 0.25, True)
    assert api("GET", path).json() == changed and api("GET", "models/").json()["results"] == [changed]
    assert keeping.target(Endpoint.objects.get()).key == KEY
    assert api("PATCH", path, {"key": ""}).json()["key_set"] is False
    assert api("DELETE", path).status_code == 204 and api("GET", path).status_code == 404


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({**MINE, "name": ""}, "/name"),
        ({**MINE, "base_url": "ftp://x"}, "/base_url"),
        ({**MINE, "temperature": 3}, "/temperature"),
        ({**MINE, "temperature": "1"}, "/temperature"),
        ({**MINE, "seconds": True}, "/seconds"),
        ({**MINE, "price_in": 1}, "/price_out"),
        ({**MINE, "key": "a b"}, "/key"),
        ({**MINE, "protocol": "smoke"}, "/protocol"),
        ({**MINE, "user": 1}, "/user"),
        ({}, "/model"),
        ([], ""),
    ],
)
def test_what_is_wrong_is_told_with_its_place(api, wish, pointer):
    answered = api("POST", "models/", wish)
    assert answered.status_code == 400 and pointer in [found[0] for found in errors(answered)]
    assert KEY not in answered.content.decode() and not Endpoint.objects.exists()


def test_a_key_goes_to_no_other_server_by_itself(api):
    number = api("POST", "models/", MINE).json()["id"]
    assert errors(api("PATCH", f"models/{number}/", {"base_url": "https://evil.example"})) == [("/key", "again")]
    assert Endpoint.objects.get().base_url == MINE["base_url"]


def test_a_test_tells_what_the_model_can(api, settings):
    settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS = True
    with openai_server.serving() as server:
        server.turns = [Turn((), (("getWeather", '{"city": "Paris"}'),))]
        one = api("POST", "models/", {**MINE, "base_url": server.base_url, "protocol": "responses"}).json()
        tested = api("POST", f"models/{one['id']}/test/")
        assert tested.status_code == 200, tested.content
        found = tested.json()
        assert found["ok"] and found["calls"] and found["streamed"] and found["prompt_tokens"] == 120
        assert server.refused == []
        api("PATCH", f"models/{one['id']}/", {"model": "gpt-none"})
        found = api("POST", f"models/{one['id']}/test/").json()
        assert (found["ok"], found["code"], found["models"]) == (False, "model", ["gpt-other", "gpt-test"])
        assert "does not know" in api("GET", f"models/{one['id']}/").json()["fault"]


def test_eve_finds_nothing_and_shares_nothing(api, eve):
    number = api("POST", "models/", MINE).json()["id"]
    hers = Api(eve)
    assert hers("GET", "models/").json()["results"] == []
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "test/")):
        assert hers(method, f"models/{number}/{path}", {} if method == "PATCH" else None).status_code == 404
    assert hers("POST", "models/", {**MINE, "shared": True}).status_code == 403


def test_everybody_may_ask_a_shared_model_and_staff_alone_change_it(api, ann):
    root = Api(make.user("root", is_staff=True))
    number = root("POST", "models/", {**MINE, "shared": True}).json()["id"]
    seen = api("GET", f"models/{number}/").json()
    assert (seen["shared"], seen["changeable"], seen["last4"], seen["key_set"]) == (True, False, "", True)
    for method, path in (("PATCH", ""), ("DELETE", ""), ("POST", "test/")):
        assert api(method, f"models/{number}/{path}", {} if method == "PATCH" else None).status_code == 404
    assert root("PATCH", f"models/{number}/", {"name": "Ours"}).json()["name"] == "Ours"


def test_the_environments_model_is_not_deleted_here(settings):
    settings.OPENAI_API_KEY = KEY
    root = Api(make.user("root", is_staff=True))
    (one,) = root("GET", "models/").json()["results"]
    assert one["environment"] and one["base_url"] == keeping.OPENAI and one["key_set"] and KEY not in str(one)
    assert root("DELETE", f"models/{one['id']}/").status_code == 409
    assert errors(root("PATCH", f"models/{one['id']}/", {"key": "sk-mine-1234567"})) == [("/key", "environment")]
