"""A credential of one kind of sign-in is none of another, and ends when what it hangs on ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actionstudio.apps.oauth import minting, people
from actionstudio.apps.oauth.models import Client, EndUser
from actionstudio.core.auth import UserHttp
from actionstudio.core.call import Call
from actionstudio.runtime import tokens
from actionstudio.runtime.app import frontdoor
from tests import make
from tests.apps.oauth.attacking import AUTH, CALLBACK, Target

pytestmark = pytest.mark.django_db


def called(project, text):
    tokens.forget(project.pk)
    call = Call("GET", "/me", "", (("authorization", f"Bearer {text}"),))
    return frontdoor().call_blocking(project.slug, call).record


def of_both(auth):
    """A project, and the key and the access token of a person there."""
    me = make.operation("GET", "/me", security=({"oauth": []},))
    project = make.project("both", value=make.contract(me, auth=auth))
    mina = EndUser.objects.create(project=project, username="mina")
    return project, people.mint_key(mina, "Laptop")[1], minting.mint(project, mina, None, ["read"], 3600)[1]


def test_a_key_of_a_person_is_no_access_token():
    project, key, token = of_both(AUTH)
    refused = called(project, key)
    assert (refused.status, called(project, token).status) == (401, 200)
    assert "a key of a person" in refused.decisions["guard"]


def test_an_access_token_is_no_key_of_a_person():
    project, key, token = of_both(UserHttp())
    refused = called(project, token)
    assert (refused.status, called(project, key).status) == (401, 200)
    assert "an access token" in refused.decisions["guard"]


def test_a_token_of_a_client_that_has_lapsed_is_refused():
    shop = Target("shop", 0)
    token = shop.tokens()["access_token"]
    Client.objects.filter(pk=shop.client.pk).update(lapses=timezone.now() - timedelta(seconds=1))
    assert shop.call("GET", "/things", token).status == 401


def test_where_each_person_has_a_key_no_app_signs_in():
    project = make.project("plugin", value=make.contract(auth=UserHttp()))
    client = Client.objects.create(project=project, name="Of the time of OAuth", redirect_uris=CALLBACK)
    for method, path in (("POST", "token"), ("POST", "revoke"), ("POST", "introspect"), ("GET", "userinfo")):
        record = frontdoor().call_blocking("plugin", Call(method, f"/oauth/{path}")).record
        assert (record.status, record.decisions["oauth"]["code"]) == (404, "no_apps"), path
    asked = f"client_id={client.client_id}&response_type=code&redirect_uri={CALLBACK}"
    assert frontdoor().call_blocking("plugin", Call("GET", "/oauth/authorize", asked)).record.status == 404
    assert frontdoor().call_blocking("plugin", Call("POST", "/oauth/register")).record.status == 403
    assert frontdoor().call_blocking("plugin", Call("GET", "/oauth/login")).record.status == 200
