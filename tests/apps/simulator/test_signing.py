"""A user signs in at an action in the middle of a chat: at another's provider, with a refresh, and when it fails."""

import datetime
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
import pytest
from django.test import Client as Browser
from django.utils import timezone

from actionstudio.apps.signin.wire import Heard
from actionstudio.apps.simulator import automatic, dialog, keeping, setting, signing
from actionstudio.apps.simulator.models import Grant
from actionstudio.core.auth import OAuth
from actionstudio.core.problem import Refused
from tests import make
from tests.provider import Elsewhere

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
BACK = "/projects/shop/"


@pytest.fixture
def other():
    with Elsewhere(automatic.callback_url()) as found:
        yield found


@pytest.fixture
def action(ann, other):
    """An action whose people sign in at a provider that is not ours."""
    made = setting.first(make.project("shop", ann)).actions.select_related("gpt__project").get()
    made.automatic = False
    made.auth = dialog.oauth(f"{other.url}/authorize", f"{other.url}/token", "read", client_id=other.client_id)
    keeping.put_secrets(made, {keeping.CLIENT_SECRET: other.client_secret})
    made.save()
    return made


def browse(url: str) -> str:
    """The query with which the provider sends the browser back."""
    answer = httpx2.get(url, follow_redirects=False, trust_env=False)
    assert answer.status_code == 302, answer.text
    return urlsplit(answer.headers["location"]).query


def sign_in(action, user) -> signing.Returned:
    return signing.returned(user, browse(signing.begin(action, user, BACK)))


def aged(action, seconds: int = 4000) -> None:
    """As if the token had been got that long ago."""
    for grant in Grant.objects.filter(action=action):
        Grant.objects.filter(pk=grant.pk).update(expires=grant.expires - datetime.timedelta(seconds=seconds))


def test_a_user_signs_in_as_chatgpt_does_and_calls_have_their_token(action, ann, other):
    assert signing.needed(action, ann) and signing.credential(action, ann) is None
    found = sign_in(action, ann)
    assert (found.back, found.fault) == (BACK, "")
    asked = parse_qsl(urlsplit(other.asked("/authorize")[0][1]).query, keep_blank_values=True)
    assert [name for name, _ in asked] == ["response_type", "client_id", "redirect_uri", "scope", "state"]
    token = signing.credential(action, ann)
    assert not signing.needed(action, ann) and token.access in other.access and token.scope == "read"
    assert timezone.now() < token.expires < timezone.now() + datetime.timedelta(seconds=3601)
    assert token.access not in repr(token) and token.access.encode() not in bytes(Grant.objects.get().sealed)


@pytest.mark.parametrize("exchange", [dialog.POST, dialog.HEADER])
def test_the_secret_goes_as_the_dialog_says(action, ann, other, exchange):
    action.auth["token_exchange_method"] = exchange
    action.save()
    sign_in(action, ann)
    _method, _path, heads, body = other.asked("/token")[0]
    assert ("Authorization" in heads) == (exchange == dialog.HEADER)
    assert (b"client_secret" in body) == (exchange == dialog.POST)


def test_an_expired_token_is_refreshed_before_it_is_used(action, ann, other):
    sign_in(action, ann)
    old = signing.credential(action, ann)
    aged(action)
    assert not signing.needed(action, ann)
    fresh = signing.credential(action, ann)
    assert fresh.access != old.access and fresh.access in other.access
    assert len(other.asked("/token")) == 2 and b"grant_type=refresh_token" in other.asked("/token")[1][3]
    assert signing.credential(action, ann) == fresh and len(other.asked("/token")) == 2


def test_a_refresh_that_brings_no_new_refresh_token_keeps_the_old_one(action, ann, other):
    sign_in(action, ann)
    other.faults |= {"no_rotation", "no_refresh"}
    for _ in range(2):
        aged(action)
        assert signing.credential(action, ann) is not None
    assert len(other.asked("/token")) == 3


def test_a_token_that_cannot_be_refreshed_asks_the_user_again(action, ann, other):
    sign_in(action, ann)
    other.fresh.clear()
    aged(action)
    assert signing.credential(action, ann) is None and signing.needed(action, ann)
    grant = Grant.objects.get()
    assert grant.state == Grant.State.FAILED and "invalid_grant" in grant.fault and not keeping.held(grant)
    assert sign_in(action, ann).fault == "" and not signing.needed(action, ann)


def test_without_a_refresh_token_an_expired_token_asks_the_user_again(action, ann, other):
    other.faults.add("no_refresh")
    sign_in(action, ann)
    aged(action)
    assert signing.needed(action, ann) and signing.credential(action, ann) is None


def test_a_token_without_an_end_is_used_for_ever(action, ann, other):
    other.faults |= {"no_expires", "no_refresh"}
    sign_in(action, ann)
    assert signing.credential(action, ann).expires is None and not signing.needed(action, ann)


def test_a_provider_that_is_down_for_a_while_signs_nobody_out(action, ann, other):
    sign_in(action, ann)
    old = signing.credential(action, ann)
    aged(action)
    other.faults.add("error500")
    assert signing.credential(action, ann).access == old.access and Grant.objects.get().fault
    other.faults.clear()
    assert signing.credential(action, ann).access != old.access and Grant.objects.get().fault == ""


def test_whoever_says_no_is_told_so_and_what_they_had_before_stays(action, ann, other):
    sign_in(action, ann)
    before = signing.credential(action, ann)
    other.faults.add("deny")
    assert sign_in(action, ann).fault and signing.credential(action, ann) == before
    signing.forget(action, ann)
    assert sign_in(action, ann).fault and signing.needed(action, ann)


def test_a_state_is_good_once_and_for_its_user_alone(action, ann, eve, other):
    query = browse(signing.begin(action, ann, BACK))
    assert signing.returned(eve, query) is None
    assert signing.returned(ann, query).fault == ""
    assert signing.returned(ann, query) is None and len(other.asked("/token")) == 1
    assert signing.returned(ann, "code=x") is None


def test_signing_out_ends_it_here(action, ann):
    sign_in(action, ann)
    assert signing.forget(action, ann) and signing.needed(action, ann) and not signing.forget(action, ann)


def test_whoever_waits_is_told(action, ann, monkeypatch):
    told = []
    monkeypatch.setattr(signing, "_FOLLOWERS", {})
    signing.follow("test", lambda *of: told.append(of))
    sign_in(action, ann)
    assert told == [(action, ann)]


def test_a_dialog_without_a_client_says_what_is_missing(action, ann):
    action.auth["oauth_client_id"] = ""
    with pytest.raises(Refused, match="Client ID"):
        signing.begin(action, ann, BACK)


def test_the_pages_lead_there_and_back(action, ann, other):
    page = Browser()
    page.force_login(ann)
    url = page.get(f"/projects/shop/simulator/actions/{action.key}/sign-in/?back=/projects/").headers["location"]
    assert url.startswith(f"{other.url}/authorize?response_type=code&")
    back = page.get(f"/simulator/callback/?{browse(url)}")
    assert (back.status_code, back.headers["location"]) == (302, "/projects/")
    assert page.get(f"/simulator/callback/?{urlsplit(url).query}").status_code == 400
    page.post(f"/projects/shop/simulator/actions/{action.key}/sign-out/")
    assert signing.needed(action, ann)


@pytest.mark.parametrize("back", ["https://evil.test/", "//evil.test/", "javascript:x", "/\\\\evil.test"])
def test_nobody_is_led_elsewhere_afterwards(action, ann, back):
    page = Browser()
    page.force_login(ann)
    url = page.get(f"/projects/shop/simulator/actions/{action.key}/sign-in/", {"back": back}).headers["location"]
    assert page.get(f"/simulator/callback/?{browse(url)}").headers["location"].startswith("/projects/shop/")


def test_a_token_that_its_server_has_ended_is_sent_on_and_the_page_offers_to_sign_in_again(ann):
    project = make.project("shop", ann, make.contract(make.operation(), auth=OAuth()))
    made = setting.first(project).actions.get()
    automatic.settle(made)
    automatic.settle(made)
    grant = Grant.objects.create(action=made, user=ann, state=Grant.State.GRANTED)
    keeping.put_held(grant, {"access": "asat_ended-before-its-time"})
    grant.save()
    page = Browser()
    page.force_login(ann)
    url = "/projects/shop/simulator/calls/"
    called = page.post(url, {"operation": "getItems", "arguments": "{}", "consent": "allow"}).content.decode()
    assert ">401<" in called and "Sign in again" in called
    assert f"/simulator/actions/{made.key}/sign-in/?back=/projects/shop/simulator/calls/" in called
    assert signing.credential(made, ann).access == "asat_ended-before-its-time", "as ChatGPT goes on (OA-10)"


def test_the_log_says_of_a_token_request_that_the_simulator_made_it(ann, monkeypatch):
    asked = []
    monkeypatch.setattr(signing, "Wire", lambda _project, source="try": asked.append(source) or Nobody())
    project = make.project("shop", ann, make.contract(make.operation(), auth=OAuth()))
    made = setting.first(project).actions.select_related("gpt__project").get()
    automatic.settle(made)
    query = urlsplit(signing.begin(made, ann, BACK)).query
    signing.returned(ann, f"code=x&state={parse_qs(query)['state'][0]}")
    assert asked == ["simulator"]


class Nobody:
    def send(self, *_args):
        return Heard(refused="time")
