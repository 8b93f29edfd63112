"""The API of a project's sign-in: clients, end users, one-shot failures, minted tokens, callbacks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actionstudio.apps.oauth import callbacks, people, secrets
from actionstudio.apps.oauth.models import AccessToken, Client, ClientSecret, Consent, EndUser
from actionstudio.core.auth import ApiKey, OAuth, Scope, UserHttp
from actionstudio.core.call import Call
from actionstudio.runtime.app import frontdoor
from tests import make
from tests.apps.api.test_api import Api, errors

pytestmark = pytest.mark.django_db
P = "projects/shop/oauth/"
ORDERS = OAuth((Scope("orders:read", "Read your orders"), Scope("orders:write", "Change your orders", True)))
READ = make.operation("GET", "/orders", security=({"oauth": ["orders:read"]},))
GPT = "https://chat.openai.com/aip/g-abc/oauth/callback"


@pytest.fixture
def shop(ann):
    return make.project("shop", ann, make.contract(READ, auth=ORDERS))


@pytest.fixture
def api(ann, shop):
    return Api(ann)


@pytest.fixture
def mia(shop):
    return people.make(shop, "mia", name="Mia")


def call(text: str):
    """A call with a token, as anybody would make it."""
    sent = Call("GET", "/orders", headers=(("authorization", f"Bearer {text}"),))
    return frontdoor().call_blocking("shop", sent).record


def listed(api, path: str) -> list:
    found, answer = [], api("GET", path).json()
    while True:
        found += answer["results"]
        if not answer["next"]:
            return found
        answer = api("GET", answer["next"].partition("/api/v1/")[2]).json()


def queries(api, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert api("GET", path).status_code == 200
    return len(found)


def test_a_client_is_made_with_a_secret_that_is_shown_once(api):
    made = api("POST", f"{P}clients/", {"name": "Support", "preset": "gpt", "redirect_uris": [GPT]})
    told = made.json()
    assert made.status_code == 201 and told["client_secret"].startswith("ascs_")
    assert (told["preset"], told["pkce"], told["grants"]) == (
        "gpt",
        "optional",
        ["authorization_code", "refresh_token"],
    )
    one = api("GET", f"{P}clients/{told['client_id']}/")
    assert told["client_secret"] not in one.content.decode()
    assert one.json()["secrets"][0]["last4"] == told["client_secret"][-4:]
    client = Client.objects.get()
    assert secrets.check(client, told["client_secret"]) is secrets.Checked.RIGHT


def test_a_public_client_has_no_secret(api):
    told = api("POST", f"{P}clients/", {"name": "Connector", "preset": "mcp"}).json()
    assert told["client_secret"] is None and told["secrets"] == []
    assert api("POST", f"{P}clients/{told['client_id']}/secrets/", {}).status_code == 409
    assert not ClientSecret.objects.exists()


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({}, "/name"),
        ({"name": " "}, "/name"),
        ({"name": "A", "preset": "nothing"}, "/preset"),
        ({"name": "A", "redirect_uris": ["http://evil.test/cb"]}, "/redirect_uris"),
        ({"name": "A", "redirect_uris": "https://a.test"}, "/redirect_uris"),
        ({"name": "A", "preset": "gpt", "scopes": ["orders:fly"]}, "/scopes"),
        ({"name": "A", "preset": "gpt", "grants": []}, "/grants"),
        ({"name": "A", "preset": "mcp", "pkce": "off"}, "/pkce"),
        ({"name": "A", "client_id": "asc_mine"}, "/client_id"),
        ({"name": "A", "secret": "x"}, "/secret"),
    ],
)
def test_what_is_wrong_with_a_client_is_told_with_its_place(api, wish, pointer):
    answer = api("POST", f"{P}clients/", wish)
    assert answer.status_code == 400 and pointer in [place for place, _code in errors(answer)]
    assert not Client.objects.exists()


def test_a_client_is_changed_switched_off_and_taken_away(api):
    told = api("POST", f"{P}clients/", {"name": "Support", "preset": "gpt"}).json()
    one = f"{P}clients/{told['client_id']}/"
    changed = api("PATCH", one, {"name": "Help", "scopes": ["orders:read"], "enabled": False}).json()
    assert (changed["name"], changed["scopes"], changed["enabled"]) == ("Help", ["orders:read"], False)
    assert api("PATCH", one, {"enabled": True}).json()["enabled"] is True
    assert errors(api("PATCH", one, {"preset": "mcp"})) == [("/preset", "read_only")]
    assert api("PATCH", one, {"redirect_uris": ["nothing"]}).status_code == 400
    assert api("DELETE", one).status_code == 204 and api("GET", one).status_code == 404


@pytest.mark.parametrize("text", ["g-abc", GPT])
def test_the_id_of_a_gpt_registers_its_callbacks_on_both_hosts(api, text):
    both = {GPT, GPT.replace("chat.openai.com", "chatgpt.com")}
    made = api("POST", f"{P}clients/", {"name": "Support", "preset": "gpt", "gpt_id": text}).json()
    assert (made["gpt_id"], set(made["redirect_uris"])) == ("g-abc", both)
    later = api("POST", f"{P}clients/", {"name": "Later", "preset": "gpt"}).json()
    there = f"{P}clients/{later['client_id']}/"
    assert set(api("PATCH", there, {"gpt_id": text}).json()["redirect_uris"]) == both
    assert api("PATCH", there, {"redirect_uris": [GPT], "gpt_id": "g-abc"}).json()["redirect_uris"] == [GPT]
    assert errors(api("PATCH", there, {"gpt_id": "abc"})) == [("/gpt_id", "gpt_id")]


def test_a_callback_that_is_registered_is_not_refused(api):
    told = api("POST", f"{P}clients/", {"name": "Support", "preset": "gpt"}).json()
    row = callbacks.noticed(Client.objects.get(), GPT)
    api("PATCH", f"{P}clients/{told['client_id']}/", {"gpt_id": GPT})
    assert listed(api, f"{P}callbacks/") == []
    assert errors(api("PATCH", f"{P}callbacks/{row.pk}/", {"state": "refused"})) == [("/state", "used")]


def test_a_secret_is_rotated_with_an_overlap(api):
    told = api("POST", f"{P}clients/", {"name": "Support", "preset": "gpt"}).json()
    client = Client.objects.get()
    new = api("POST", f"{P}clients/{told['client_id']}/secrets/", {"overlap_seconds": 60})
    assert new.status_code == 201 and new.json()["expires"] is None
    assert secrets.check(client, new.json()["client_secret"]) is secrets.Checked.RIGHT
    assert secrets.check(client, told["client_secret"]) is secrets.Checked.RIGHT
    at_once = api("POST", f"{P}clients/{told['client_id']}/secrets/", {"overlap_seconds": 0}).json()
    assert secrets.check(client, new.json()["client_secret"]) is secrets.Checked.EXPIRED
    assert secrets.check(client, at_once["client_secret"]) is secrets.Checked.RIGHT
    assert api("POST", f"{P}clients/{told['client_id']}/secrets/", {"overlap_seconds": -1}).status_code == 400


def test_a_callback_that_waits_is_allowed_or_refused(api, shop):
    told = api("POST", f"{P}clients/", {"name": "Support", "preset": "gpt"}).json()
    client = Client.objects.get()
    row = callbacks.noticed(client, GPT)
    assert [one["uri"] for one in listed(api, f"{P}callbacks/")] == [GPT]
    allowed = api("PATCH", f"{P}callbacks/{row.pk}/", {"state": "allowed"}).json()
    assert (allowed["state"], allowed["client_id"]) == ("allowed", told["client_id"])
    assert GPT in api("GET", f"{P}clients/{told['client_id']}/").json()["redirect_uris"]
    other = callbacks.noticed(client, GPT.replace("abc", "def"))
    assert api("PATCH", f"{P}callbacks/{other.pk}/", {"state": "refused"}).json()["state"] == "refused"
    assert listed(api, f"{P}callbacks/") == []
    assert api("PATCH", f"{P}callbacks/{other.pk}/", {"state": "waiting"}).status_code == 400
    assert api("PATCH", f"{P}callbacks/0/", {"state": "allowed"}).status_code == 404


def test_the_test_users_are_there_from_the_beginning(api):
    found = listed(api, f"{P}end-users/?limit=2")
    assert [one["username"] for one in found] == ["lou", "dana", "bob", "alice"]
    assert [one["active"] for one in found] == [False, True, True, True]
    assert [one["username"] for one in listed(api, f"{P}end-users/?q=ALI")] == ["alice"]


def test_where_nobody_signs_in_there_are_none(ann):
    make.project("open", ann)
    assert listed(Api(ann), "projects/open/oauth/end-users/") == []
    assert not EndUser.objects.exists()


def test_an_account_is_made_changed_closed_and_deleted(api, shop):
    wish = {"username": "Mia", "groups": ["staff"], "claims": {"plan": "gold"}, "password": "correct horse battery"}
    made = api("POST", f"{P}end-users/", wish)
    told = made.json()
    assert made.status_code == 201 and told["username"] == "mia" and told["has_password"] is True
    assert "password" not in told and "correct" not in made.content.decode()
    one = f"{P}end-users/{told['sub']}/"
    changed = api("PATCH", one, {"name": "Mia", "claims": {}, "active": False, "password": ""}).json()
    assert (changed["name"], changed["claims"], changed["active"], changed["has_password"]) == ("Mia", {}, False, False)
    assert changed["groups"] == ["staff"]
    assert api("PATCH", one, {"active": True}).json()["active"] is True
    assert api("DELETE", one).status_code == 204 and api("GET", one).status_code == 404


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({}, "/username"),
        ({"username": "a b"}, "/username"),
        ({"username": "alice"}, "/username"),
        ({"username": "mia", "email": "nobody"}, "/email"),
        ({"username": "mia", "claims": {"sub": "x"}}, "/claims"),
        ({"username": "mia", "claims": []}, "/claims"),
        ({"username": "mia", "password": "short"}, "/password"),
        ({"username": "mia", "groups": "staff"}, "/groups"),
        ({"username": "mia", "sub": "x"}, "/sub"),
    ],
)
def test_what_is_wrong_with_an_account_is_told_with_its_place(api, shop, wish, pointer):
    people.test_users(shop)
    answer = api("POST", f"{P}end-users/", wish)
    assert answer.status_code == 400 and pointer in [place for place, _code in errors(answer)]
    assert shop.end_users.count() == 4


def test_all_that_is_wrong_with_an_account_is_told_at_once(api):
    wish = {"username": "a b", "email": "nobody", "groups": [1], "claims": {"sub": "x"}, "password": "short"}
    pointers = {pointer for pointer, _code in errors(api("POST", f"{P}end-users/", wish))}
    assert pointers == {"/username", "/email", "/groups/0", "/claims", "/password"}


def test_numbers_and_texts_out_of_bounds_are_told_in_the_studios_words(api):
    told = api("PATCH", f"{P}provider/", {"access_seconds": 58}).json()["errors"][0]["message"]
    assert told == "Use a number from 59 on."
    told = api("POST", f"{P}end-users/", {"username": "x" * 151}).json()["errors"][0]["message"]
    assert told == "Use at most 150 characters."


def test_a_change_that_is_half_wrong_changes_nothing(api, mia):
    answer = api("PATCH", f"{P}end-users/{mia.sub}/", {"name": "Changed", "password": "short", "active": False})
    mia.refresh_from_db()
    assert answer.status_code == 400 and (mia.name, mia.is_active) == ("Mia", True)


def test_keys_are_shown_once_and_revoked(api, shop, mia):
    keys = f"{P}end-users/{mia.sub}/keys/"
    told = api("POST", keys, {"name": "curl"}).json()
    assert told["text"].startswith("asuk_") and told["text"] not in api("GET", keys).content.decode()
    assert errors(api("POST", keys, {"name": "curl"})) == [("/name", "name")]
    assert api("DELETE", f"{keys}{told['id']}/").status_code == 204
    assert api("DELETE", f"{keys}{told['id']}/").status_code == 404
    assert listed(api, keys)[0]["revoked"]


def test_apps_are_disconnected_one_and_all(api, shop, mia):
    clients = [Client.objects.create(project=shop, name=name) for name in ("A", "B", "C")]
    for client in clients:
        Consent.objects.create(user=mia, client=client, scopes=["orders:read"])
    apps = f"{P}end-users/{mia.sub}/connections/"
    assert [(one["name"], one["scopes"]) for one in listed(api, apps)] == [(name, ["orders:read"]) for name in "ABC"]
    assert api("DELETE", f"{apps}{clients[0].client_id}/").status_code == 204
    assert api("DELETE", f"{apps}{clients[0].client_id}/").status_code == 404
    assert api("DELETE", apps).status_code == 204 and listed(api, apps) == []


def test_browsers_are_listed_and_signed_out(api, mia):
    mia.sessions.create(digest="s", agent="Firefox", expires=timezone.now() + timedelta(days=1))
    browsers = f"{P}end-users/{mia.sub}/sessions/"
    assert [one["agent"] for one in listed(api, browsers)] == ["Firefox"]
    assert api("DELETE", browsers).status_code == 204 and listed(api, browsers) == []


def test_failures_are_set_listed_and_taken_back(api, shop, mia):
    made = api("POST", f"{P}faults/", {"kind": "token-500", "times": 2})
    assert made.status_code == 201 and made.json()["left"] == 2
    assert [one["kind"] for one in listed(api, f"{P}faults/")] == ["token-500"]
    assert api("DELETE", f"{P}faults/{made.json()['id']}/").status_code == 204
    assert api("DELETE", f"{P}faults/{made.json()['id']}/").status_code == 404
    api("POST", f"{P}faults/", {"kind": "wrong-state"})
    assert api("DELETE", f"{P}faults/").status_code == 204 and listed(api, f"{P}faults/") == []
    assert errors(api("POST", f"{P}faults/", {"kind": "nothing"})) == [("/kind", "invalid_choice")]
    assert errors(api("POST", f"{P}faults/", {"kind": "revoke-now", "times": 2})) == [("/times", "mixed")]


def test_tokens_can_be_revoked_at_once(api, shop, mia):
    client = Client.objects.create(project=shop, name="App")
    text = api("POST", f"{P}tokens/", {"end_user": "mia", "client_id": client.client_id}).json()["access_token"]
    assert call(text).status == 200
    done = api("POST", f"{P}faults/", {"kind": "revoke-now"})
    assert (done.status_code, done.json()) == (200, {"kind": "revoke-now", "tokens": 1})
    assert AccessToken.objects.get().revoked


def test_a_minted_token_opens_what_its_scopes_allow(api, mia):
    whole = api("POST", f"{P}tokens/", {"end_user": str(mia.sub)})
    told = whole.json()
    assert whole.status_code == 201 and told["token_type"] == "Bearer" and told["expires_in"] == 600
    assert "orders:write" in told["scope"].split() and told["end_user"] == str(mia.sub) and told["client_id"] is None
    record = call(told["access_token"])
    assert (record.status, record.decisions["signed_in"]["who"]) == (200, "Mia")
    few = api("POST", f"{P}tokens/", {"end_user": "mia", "scopes": ["orders:write"], "seconds": 5}).json()
    assert (few["scope"], few["expires_in"]) == ("orders:write", 5)
    assert call(few["access_token"]).status == 403
    assert told["access_token"] not in str(AccessToken.objects.order_by("pk").first().__dict__)


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({}, "/end_user"),
        ({"end_user": "nobody"}, "/end_user"),
        ({"end_user": "lou"}, "/end_user"),
        ({"client_id": "asc_nothing"}, "/client_id"),
        ({"end_user": "alice", "scopes": ["orders:fly"]}, "/scopes/0"),
        ({"end_user": "alice", "seconds": 0}, "/seconds"),
        ({"end_user": "alice", "seconds": 86401}, "/seconds"),
        ({"end_user": "alice", "scopes": ["a b"]}, "/scopes/0"),
    ],
)
def test_a_token_that_cannot_be_minted_says_why(api, shop, wish, pointer):
    people.test_users(shop)
    answer = api("POST", f"{P}tokens/", wish)
    assert answer.status_code == 400 and pointer in [place for place, _code in errors(answer)]
    assert not AccessToken.objects.exists()


def test_a_client_mints_no_scope_that_it_may_not_ask_for(api, shop):
    client = Client.objects.create(project=shop, name="App", scopes=["orders:read"])
    told = api("POST", f"{P}tokens/", {"client_id": client.client_id}).json()
    assert (told["scope"], told["end_user"]) == ("orders:read", None)
    wish = {"client_id": client.client_id, "scopes": ["orders:write"]}
    assert errors(api("POST", f"{P}tokens/", wish)) == [("/scopes/0", "scope")]
    Client.objects.update(enabled=False)
    assert errors(api("POST", f"{P}tokens/", {"client_id": client.client_id})) == [("/client_id", "disabled")]


@pytest.mark.parametrize(
    "auth", [ApiKey(), UserHttp(), OAuth(token_url="https://theirs.test", authorization_url="https://theirs.test")]
)
def test_where_nobody_signs_in_with_oauth_there_are_no_tokens(ann, auth):
    project = make.project("other", ann, make.contract(auth=auth))
    people.make(project, "mia")
    assert Api(ann)("POST", "projects/other/oauth/tokens/", {"end_user": "mia"}).status_code == 409


def test_nothing_of_another_project_is_found(api, ann):
    other = make.project("other", ann, make.contract(auth=ORDERS))
    zoe = people.make(other, "zoe")
    client = Client.objects.create(project=other, name="Theirs")
    places = [f"clients/{client.client_id}/", f"end-users/{zoe.sub}/", f"end-users/{zoe.sub}/keys/"]
    for place in places:
        assert api("GET", P + place).status_code == 404
    for place in places[:2]:
        assert api("DELETE", P + place).status_code == 404
    for wish in ({"end_user": "zoe"}, {"end_user": str(zoe.sub)}, {"client_id": client.client_id}):
        assert api("POST", f"{P}tokens/", wish).status_code == 400


def test_long_lists_ask_no_more_of_the_database(api, shop, mia):
    listed(api, f"{P}end-users/")
    for n in range(5):
        secrets.mint(Client.objects.create(project=shop, name=f"App {n}"))
        people.make(shop, f"user{n}")
    few = queries(api, f"{P}clients/"), queries(api, f"{P}end-users/")
    for n in range(5, 15):
        secrets.mint(Client.objects.create(project=shop, name=f"App {n}"))
        people.make(shop, f"user{n}")
    assert (queries(api, f"{P}clients/"), queries(api, f"{P}end-users/")) == few


def test_an_operation_is_tried_as_somebody(api, mia):
    path = "projects/shop/operations/getOrders/try/"
    told = api("POST", path, {"end_user": "mia"}).json()
    assert (told["status"], told["decisions"]["signed_in"]["user"]) == (200, str(mia.sub))
    assert api("POST", path, {"end_user": str(mia.sub), "scopes": []}).json()["status"] == 403
    assert api("POST", path, {}).json()["status"] == 401
    assert errors(api("POST", path, {"end_user": "mia", "key_id": -1})) == [("/key_id", "mixed")]
    assert errors(api("POST", path, {"scopes": []})) == [("/scopes", "mixed")]
    assert errors(api("POST", path, {"end_user": "nobody"})) == [("/end_user", "unknown")]


def test_calls_are_replayed_as_whose_they_were_or_as_somebody_else(api, shop, mia):
    first = api("POST", "projects/shop/operations/getOrders/try/", {"end_user": "mia"}).json()
    people.make(shop, "zoe")

    def replayed(**more) -> str:
        made = api("POST", "projects/shop/replays/", {"exchanges": [first["id"]], **more}).json()["results"][0]
        return api("GET", f"projects/shop/exchanges/{made['result_exchange']}/").json()["decisions"]["signed_in"]["who"]

    assert (replayed(), replayed(end_user="zoe")) == ("Mia", "zoe")
    answer = api("POST", "projects/shop/replays/", {"exchanges": [first["id"]], "end_user": "nobody"})
    assert errors(answer) == [("/end_user", "unknown")]


@pytest.mark.parametrize(
    ("security", "found"),
    [
        ([{"wrongname": ["orders:read"]}], ("/security/0/wrongname", "scheme")),
        ([{"oauth": []}, {"a/b": []}], ("/security/1/a~1b", "scheme")),
        ([{"oauth": ["orders:read", "bogus:scope"]}], ("/security/0/oauth/1", "scope")),
    ],
)
def test_what_nothing_declares_cannot_be_asked_for(api, security, found):
    there = "projects/shop/operations/getOrders/"
    assert errors(api("PATCH", there, {"security": security})) == [found]
    assert api("GET", there).json()["security"] == [{"oauth": ["orders:read"]}]
    for right in ([{"oauth": ["orders:write"]}], [{"oauth": []}], [], None):
        assert api("PATCH", there, {"security": right}).json()["security"] == right


def test_what_a_document_asked_for_already_stays(ann):
    old = make.operation("GET", "/old", security=({"oauth": ["gone"]}, {"other": []}))
    make.project("old", ann, make.contract(old, auth=ORDERS, extra={"components": {"securitySchemes": {"key": {}}}}))
    api, there = Api(ann), "projects/old/operations/getOld/"
    assert api("PATCH", there, {"summary": "Old"}).status_code == 200
    for right in ([{"oauth": ["gone", "orders:read"]}], [{"key": []}]):
        assert api("PATCH", there, {"security": right}).status_code == 200


def test_the_provider_is_read_and_changed(api, shop):
    told = api("GET", f"{P}provider/").json()
    assert (told["development"], told["access_seconds"], told["colour"]) == (True, 3600, "")
    assert told["issuers"][0].endswith("//shop.live.localhost:8000")
    assert not EndUser.objects.exists(), "looking makes nothing"
    changed = api("PATCH", f"{P}provider/", {"development": False, "access_seconds": 59, "colour": "#4f46e5"}).json()
    assert (changed["development"], changed["access_seconds"], changed["colour"]) == (False, 59, "#4f46e5")
    assert api("GET", f"{P}provider/").json() == changed
    assert api("PATCH", f"{P}provider/", {"colour": ""}).json()["colour"] == ""


@pytest.mark.parametrize(
    "wish", [{"access_seconds": 58}, {"code_seconds": 601}, {"colour": "red"}, {"signup": "yes"}, {"scopes": []}]
)
def test_a_setting_that_cannot_be_is_told_with_its_place(api, wish):
    answer = api("PATCH", f"{P}provider/", wish)
    assert answer.status_code == 400 and [place for place, _code in errors(answer)] == [f"/{next(iter(wish))}"]


def test_all_settings_that_cannot_be_are_told_at_once(api):
    answer = api("PATCH", f"{P}provider/", {"colour": "red", "access_seconds": 1})
    assert sorted(errors(answer)) == [("/access_seconds", "min_value"), ("/colour", "colour")]
