"""Clients that register themselves: where it is on, within bounds, and theirs alone to change."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actionstudio.apps.oauth import joining, registering
from actionstudio.apps.oauth.address import register
from actionstudio.apps.oauth.models import AccessToken, Client, ClientSecret, Provider
from tests import make
from tests.apps.oauth import flows
from tests.apps.oauth.entering import BELOW_LIVE, ask, shop

pytestmark = pytest.mark.django_db
PATH = "/oauth/register"
CLAUDE = {
    "client_name": "Claude",
    "redirect_uris": ["https://claude.ai/api/mcp/auth_callback"],
    "grant_types": ["authorization_code", "refresh_token"],
    "response_types": ["code"],
    "token_endpoint_auth_method": "none",
}


@pytest.fixture
def project():
    project = shop()
    Provider.objects.create(project=project, registration=True)
    return project


def joined(project, client="203.0.113.9", **more):
    value = {name: value for name, value in {**CLAUDE, **more}.items() if value is not None}
    return ask(project, "POST", PATH, value=value, client=client)


def own(project, made, method="GET", value=None, token=None):
    path = f"{PATH}/{made['client_id']}"
    bearer = made["registration_access_token"] if token is None else token
    return ask(project, method, path, value=value, authorization=f"Bearer {bearer}")


def test_a_public_client_joins_and_a_person_can_sign_in_with_it(project):
    said = joined(project)
    assert said.status == 201
    assert said.headers["cache-control"] == "no-store"
    made = said.json
    assert {name: made[name] for name in CLAUDE} == CLAUDE
    assert made["application_type"] == "web"
    assert made["scope"] == "orders:read orders:write openid profile email groups"
    assert "client_secret" not in made
    who = flows.Registered(Client.objects.get(client_id=made["client_id"]))
    uri = CLAUDE["redirect_uris"][0]
    code = flows.allowed(
        project,
        who,
        flows.person(project),
        redirect_uri=uri,
        code_challenge=flows.CHALLENGE,
        code_challenge_method="S256",
    )["code"]
    status, answer = flows.redeem(project, who, code, redirect_uri=uri, code_verifier=flows.VERIFIER)
    assert status == 200
    assert "refresh_token" in answer


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", None])
def test_a_client_with_a_secret_gets_one_that_works(project, method):
    made = joined(project, token_endpoint_auth_method=method).json
    assert made["token_endpoint_auth_method"] == (method or "client_secret_basic")
    assert made["client_secret_expires_at"] == 0
    assert made["client_secret"].startswith("ascs_")
    assert made["client_secret"] not in str(ClientSecret.objects.values_list())


def test_it_always_uses_pkce_and_acts_for_people_only(project):
    for method in joining.METHODS:
        row = Client.objects.get(client_id=joined(project, token_endpoint_auth_method=method).json["client_id"])
        assert (row.pkce, row.grants) == ("required", ["authorization_code", "refresh_token"])
        assert (row.preset, row.registration_source) == ("mcp", "dcr")


def test_people_are_always_asked_by_a_program_that_any_other_can_pretend_to_be(project):
    here = joined(project, redirect_uris=["http://127.0.0.1:33418/callback"], application_type="native").json
    assert here["application_type"] == "native"
    assert Client.objects.get(client_id=here["client_id"]).consent == "always"
    assert Client.objects.get(client_id=joined(project).json["client_id"]).consent == "remember"


def test_only_what_was_asked_for_is_granted(project):
    made = joined(project, grant_types=None, scope="orders:read offline_access").json
    assert made["grant_types"] == ["authorization_code"]
    assert made["scope"] == "orders:read"
    assert Client.objects.get().scopes == ["orders:read"]


def test_without_a_name_it_is_called_after_where_people_return(project):
    assert joined(project, client_name=None).json["client_name"] == "claude.ai"


@pytest.mark.parametrize(
    ("more", "error", "field"),
    [
        ({"redirect_uris": None}, "invalid_redirect_uri", "redirect_uris"),
        ({"redirect_uris": []}, "invalid_redirect_uri", "redirect_uris"),
        ({"redirect_uris": "https://a.example"}, "invalid_redirect_uri", "redirect_uris"),
        ({"redirect_uris": [1]}, "invalid_redirect_uri", "redirect_uris"),
        ({"redirect_uris": ["http://a.example/cb"]}, "invalid_redirect_uri", "redirect_uris"),
        ({"redirect_uris": ["com.example.app:/cb"]}, "invalid_redirect_uri", "redirect_uris"),
        ({"redirect_uris": ["https://a.example/cb#x"]}, "invalid_redirect_uri", "redirect_uris"),
        ({"redirect_uris": ["https://*.example/cb"]}, "invalid_redirect_uri", "redirect_uris"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri", "redirect_uris"),
        ({"redirect_uris": ["https://a.example/\0"]}, "invalid_redirect_uri", "redirect_uris"),
        ({"redirect_uris": [f"https://a.example/{n}" for n in range(21)]}, "invalid_redirect_uri", "redirect_uris"),
        (
            {"redirect_uris": ["http://127.0.0.1/cb"], "application_type": "web"},
            "invalid_redirect_uri",
            "redirect_uris",
        ),
        ({"application_type": "toaster"}, "invalid_client_metadata", "application_type"),
        ({"client_name": "x" * 81}, "invalid_client_metadata", "client_name"),
        ({"client_name": "a\0b"}, "invalid_client_metadata", "client_name"),
        ({"client_name": ["x"]}, "invalid_client_metadata", "client_name"),
        ({"token_endpoint_auth_method": "private_key_jwt"}, "invalid_client_metadata", "token_endpoint_auth_method"),
        ({"token_endpoint_auth_method": ["none"]}, "invalid_client_metadata", "token_endpoint_auth_method"),
        ({"grant_types": ["client_credentials"]}, "invalid_client_metadata", "grant_types"),
        ({"grant_types": ["authorization_code", "client_credentials"]}, "invalid_client_metadata", "grant_types"),
        ({"grant_types": ["authorization_code", "implicit"]}, "invalid_client_metadata", "grant_types"),
        ({"grant_types": ["refresh_token"]}, "invalid_client_metadata", "grant_types"),
        ({"grant_types": [{}, "authorization_code"]}, "invalid_client_metadata", "grant_types"),
        ({"response_types": ["token"]}, "invalid_client_metadata", "response_types"),
        ({"scope": ["orders:read"]}, "invalid_client_metadata", "scope"),
        ({"scope": "nothing of this"}, "invalid_client_metadata", "scope"),
        ({"id_token_signed_response_alg": "none"}, "invalid_client_metadata", "id_token_signed_response_alg"),
    ],
)
def test_what_is_wrong_is_said_of_its_field_and_nothing_is_kept(project, more, error, field):
    said = joined(project, **more)
    assert (said.status, said.json["error"]) == (400, error)
    assert said.json["error_description"].startswith(f"{field}: ")
    assert said.json["error_description"].isascii()
    assert not Client.objects.exists()


def test_signs_that_a_description_cannot_have_become_plain_ones(project):
    said = joined(project, redirect_uris=["https://a.example/cb#x"]).json["error_description"]
    assert "Leave out the '#' and what follows" in said
    said = joined(project, redirect_uris=["http://a.example/cb"]).json["error_description"]
    assert "(http://127.0.0.1/...)" in said


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b"{", b'"x"', b"[" * 50_000, b"\xff", b" " * 70_000 + b"{}"])
def test_a_body_that_is_no_metadata_is_refused(project, body):
    said = ask(project, "POST", PATH, value=body)
    assert (said.status, said.json["error"]) == (400, "invalid_client_metadata")


def test_where_it_is_off_nobody_joins():
    said = joined(shop())
    assert (said.status, said.json["error"]) == (403, "access_denied")
    assert joined(make.project("keys", value=make.contract())).status == 403


def test_from_one_place_so_many_an_hour_and_from_all_so_many(project, monkeypatch):
    monkeypatch.setattr(register, "EACH", 2)
    monkeypatch.setattr(register, "MOST", 3)
    assert [joined(project).status for _ in range(3)] == [201, 201, 429]
    assert [joined(project, client="198.51.100.7").status for _ in range(2)] == [201, 429]
    assert 0 < int(joined(project).headers["retry-after"]) <= 3600


def test_the_addresses_of_one_household_cannot_use_up_what_all_may_do_together(project, monkeypatch):
    monkeypatch.setattr(register, "EACH", 2)
    monkeypatch.setattr(register, "MOST", 4)
    assert [joined(project, client=f"2001:db8:1:2::{n:x}").status for n in range(6)] == [201, 201, *[429] * 4]
    assert joined(project, client="198.51.100.7").status == 201


def test_there_are_only_so_many_and_those_that_nobody_used_give_way(project, monkeypatch):
    monkeypatch.setattr(joining, "MOST", 2)
    first, second = (joined(project).json["client_id"] for _ in range(2))
    assert joined(project).status == 503
    Client.objects.update(created=timezone.now() - 2 * joining.YOUNG)
    Client.objects.filter(client_id=first).update(last_used=timezone.now())
    assert joined(project).status == 201
    assert first in set(Client.objects.values_list("client_id", flat=True))
    assert second not in set(Client.objects.values_list("client_id", flat=True))


def test_it_lapses_when_nobody_uses_it_and_lives_on_when_somebody_does(project):
    made = joined(project, token_endpoint_auth_method="client_secret_post").json
    row = Client.objects.get()
    assert timedelta(days=29) < row.lapses - timezone.now() <= timedelta(days=30)
    Client.objects.update(lapses=timezone.now() + timedelta(days=1))
    who = flows.Registered(row, made["client_secret"])
    flows.token(project, who, grant_type="refresh_token", refresh_token="asrt_" + "x" * 43)
    assert Client.objects.get().lapses - timezone.now() > timedelta(days=29)
    Client.objects.update(lapses=timezone.now())
    status, said = flows.token(project, who, grant_type="refresh_token", refresh_token="asrt_" + "x" * 43)
    assert (status, said["error"]) == (401, "invalid_client")
    assert own(project, made).status == 401
    joined(project)
    assert not Client.objects.filter(pk=row.pk).exists()


def test_a_builders_clients_do_not_count_and_do_not_give_way(project, monkeypatch):
    monkeypatch.setattr(joining, "MOST", 1)
    gpt = flows.client(project)
    Client.objects.update(created=timezone.now() - 2 * joining.YOUNG)
    assert [joined(project).status for _ in range(2)] == [201, 503]
    assert Client.objects.filter(pk=gpt.row.pk).exists()


def test_it_reads_changes_and_ends_what_it_registered(project):
    made = joined(project).json
    assert own(project, made).json == made
    value = {
        **CLAUDE,
        "client_id": made["client_id"],
        "client_name": "Claude 2",
        "redirect_uris": ["https://b.example/cb"],
    }
    said = own(project, made, "PUT", value)
    assert said.status == 200
    assert (said.json["client_name"], said.json["redirect_uris"]) == ("Claude 2", ["https://b.example/cb"])
    assert own(project, made, "DELETE").status == 204
    assert not Client.objects.exists()
    assert own(project, made).status == 401


def changing(project, made, **more):
    """What becomes of a client that changes itself: the answer, and the row."""
    said = own(project, made, "PUT", {**CLAUDE, "client_id": made["client_id"], **more})
    return said, Client.objects.get(client_id=made["client_id"])


def test_what_the_builder_has_decided_it_does_not_undo(project):
    made = joined(project, scope="orders:read orders:write").json
    row = Client.objects.get()
    grants = ["authorization_code"]
    registering.change(row, scopes=["orders:read"], consent=Client.Consent.ALWAYS, grants=grants)
    for scope in ("orders:read orders:write", "orders:write", ""):
        said, row = changing(project, made, scope=scope)
        assert (said.status, said.json["scope"], said.json["grant_types"]) == (200, "orders:read", grants)
        assert (row.scopes, row.consent, row.grants) == (["orders:read"], Client.Consent.ALWAYS, grants)


def test_a_client_for_which_people_are_not_asked_cannot_become_one_that_anybody_can_pretend_to_be(project):
    made = joined(project, token_endpoint_auth_method="client_secret_post").json
    registering.change(Client.objects.get(), consent=Client.Consent.SKIP, pkce=Client.Pkce.OFF)
    _said, row = changing(project, made, token_endpoint_auth_method="client_secret_post")
    assert (row.consent, row.pkce) == (Client.Consent.SKIP, Client.Pkce.OFF)
    _said, row = changing(project, made)
    assert (row.consent, row.pkce) == (Client.Consent.REMEMBER, Client.Pkce.REQUIRED)


def test_until_the_builder_has_saved_it_its_scopes_are_its_own_to_choose(project):
    made = joined(project, scope="orders:read").json
    _said, row = changing(project, made, scope="orders:read orders:write")
    assert row.scopes == ["orders:read", "orders:write"]


def test_one_that_is_switched_off_reads_what_it_registered_and_changes_nothing(project):
    made = joined(project).json
    registering.switch(Client.objects.get(), False)
    said, row = changing(project, made, client_name="Another")
    assert (said.status, said.json["error"], row.name) == (403, "access_denied", "Claude")
    assert own(project, made, "DELETE").status == 403
    assert own(project, made).json == made


def test_ending_it_ends_its_tokens(project):
    made = joined(project, token_endpoint_auth_method="client_secret_post").json
    who = flows.Registered(Client.objects.get(), made["client_secret"])
    uri = CLAUDE["redirect_uris"][0]
    asked = {"redirect_uri": uri, "code_challenge": flows.CHALLENGE, "code_challenge_method": "S256"}
    code = flows.allowed(project, who, flows.person(project), **asked)["code"]
    flows.redeem(project, who, code, redirect_uri=uri, code_verifier=flows.VERIFIER)
    assert AccessToken.objects.exists()
    own(project, made, "DELETE")
    assert not AccessToken.objects.exists()


def test_a_change_of_the_method_gives_it_a_secret_or_takes_it_away(project):
    made = joined(project).json
    value = {**CLAUDE, "client_id": made["client_id"], "token_endpoint_auth_method": "client_secret_post"}
    secret = own(project, made, "PUT", value).json["client_secret"]
    again = own(project, made, "PUT", {**value, "client_secret": secret})
    assert again.status == 200
    assert "client_secret" not in again.json
    own(project, made, "PUT", {**value, "token_endpoint_auth_method": "none"})
    assert not ClientSecret.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"client_id": None}, "client_id"),
        ({"client_id": "asc_other"}, "client_id"),
        ({"client_secret": "chosen"}, "client_secret"),
        ({"client_secret": 1}, "client_secret"),
        ({"registration_access_token": "x"}, "registration_access_token"),
        ({"client_id_issued_at": 1}, "client_id_issued_at"),
        ({"redirect_uris": []}, "redirect_uris"),
    ],
)
def test_a_change_that_is_wrong_changes_nothing(project, more, field):
    made = joined(project).json
    value = {**CLAUDE, "client_id": made["client_id"], "client_name": "Changed", **more}
    said = own(project, made, "PUT", value)
    assert said.status == 400
    assert f"{field}: " in said.json["error_description"]
    assert own(project, made).json["client_name"] == "Claude"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_nobody_else_may(project, method):
    made, other = joined(project).json, joined(project).json
    for token in ("", "asrg_" + "x" * 43, other["registration_access_token"], "ä"):
        said = own(project, made, method, CLAUDE if method == "PUT" else None, token=token)
        assert (said.status, said.json["error"]) == (401, "invalid_token")
        assert said.headers["www-authenticate"].startswith("Bearer")
    elsewhere = shop("elsewhere")
    assert own(elsewhere, made, method, CLAUDE if method == "PUT" else None).status == 401
    assert Client.objects.filter(client_id=made["client_id"]).exists()


def test_a_client_of_the_builder_cannot_be_changed_this_way(project):
    gpt = flows.client(project)
    for token in ("", "x"):
        assert own(project, {"client_id": gpt.id}, token=token).status == 401


def test_below_live_it_is_told_to_come_back_there(project):
    value = ask(project, "POST", PATH, value=CLAUDE, base=BELOW_LIVE).json
    assert value["registration_client_uri"].startswith("http://localhost:8000/live/shop/oauth/register/asc_")


def test_any_page_may_register_and_none_with_cookies(project):
    said = ask(project, "OPTIONS", PATH, origin="http://localhost:6274")
    assert said.headers["access-control-allow-origin"] == "*"
    assert said.headers["access-control-allow-methods"] == "POST, OPTIONS"
    assert "access-control-allow-credentials" not in said.headers
    assert ask(project, "GET", PATH).status == 405
