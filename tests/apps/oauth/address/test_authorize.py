"""Asking and being asked: who is asked what, when they are not asked again, and what goes back to the client."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actionstudio.apps.oauth import people
from actionstudio.apps.oauth.models import Consent, EndUser, EndUserSession, Grant, Provider, SignIn
from tests import make
from tests.apps.oauth import entering
from tests.apps.oauth.address.visiting import CALLBACK, CHALLENGE, Visitor, asking, gpt

pytestmark = pytest.mark.django_db
LOCAL = "http://127.0.0.1:51004/callback"


@pytest.fixture
def shop():
    return entering.shop()


@pytest.fixture
def mina(shop):
    return people.make(shop, "mina", password="correct horse")


@pytest.fixture
def client(shop):
    return gpt(shop)


@pytest.fixture
def visitor(mina):
    """Mina's browser, in which she is signed in."""
    made = Visitor()
    made.sign_in()
    return made


def consent(user, client, scopes=("orders:read",), hosts=("chatgpt.com",)):
    return Consent.objects.create(user=user, client=client, scopes=list(scopes), hosts=list(hosts))


def public(shop, **fields):
    """A program on people's own computers."""
    return gpt(shop, redirect_uris="http://127.0.0.1/callback", client_type="public", token_method="none", **fields)


def at_home(client, **other):
    pkce = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    return asking(client, redirect_uri=LOCAL, **pkce, **other)


def test_the_question_says_who_asks_for_what_and_where_it_leads(visitor, client):
    page = visitor.visit(asking(client, scope="orders:read orders:write"))
    assert page.status == 200
    for words in (
        "Let “Acme Support GPT” use your Items account?",
        "Signed in as mina",
        "Not you?",
        "Read your orders",
        "orders:read",
        "Change your orders",
        "can change things",
        "ChatGPT asks you again before each change",
        "Requested by ChatGPT, OpenAI",
        "Returns you to chatgpt.com",
        "Until you disconnect it, or until nobody has used it for 30 days",
        "You can disconnect at any time",
    ):
        assert words in page.text
    assert 'href="/privacy"' in page.html and "note warn" not in page.html
    assert page.html.index('name="deny"') < page.html.index('name="allow"')
    assert "checked" not in page.html and "autofocus" not in page.html


@pytest.mark.parametrize(
    ("fields", "promised"),
    [
        ({"consequential": False}, False),
        ({"consequential": True}, True),
        ({}, True),
        ({"consequential": False, "exposed": False}, True),
        ({"consequential": False, "method": "GET"}, True),
    ],
)
def test_that_chatgpt_asks_again_is_promised_only_where_the_document_lets_it(fields, promised):
    needs = ({entering.ORDERS.scheme_name: ["orders:write"]},)
    mine = make.operation(**{"method": "POST", "path": "/orders", "security": needs, **fields})
    asks = make.operation("PUT", "/orders", security=needs)
    shop = make.project("shop", value=make.contract(mine, asks, auth=entering.ORDERS))
    people.make(shop, "mina", password="correct horse")
    visitor = Visitor()
    visitor.sign_in()
    page = visitor.visit(asking(gpt(shop), scope="orders:read orders:write"))
    assert "can change things" in page.text
    assert ("ChatGPT asks you again before each change" in page.text) is promised


def test_allow_leads_back_with_a_code(visitor, client, mina):
    visitor.visit(asking(client))
    page = visitor.send(allow="1")
    assert page.status == 303 and page.to.startswith(CALLBACK + "?")
    assert page.told["state"] == "s-1" and page.told["code"].startswith("asac_")
    assert page.told["iss"] == visitor.origin
    grant = Grant.objects.get()
    assert (grant.user, grant.scope, grant.redirect_uri) == (mina, "orders:read", CALLBACK)
    assert grant.authenticated == EndUserSession.objects.get().created
    kept = Consent.objects.get()
    assert (kept.user, kept.client, kept.scopes, kept.hosts) == (mina, client, ["orders:read"], ["chatgpt.com"])


def test_cancel_leads_back_with_an_error_and_keeps_nothing(visitor, client):
    visitor.visit(asking(client))
    page = visitor.send(deny="1")
    assert page.status == 303 and page.to.startswith(CALLBACK + "?")
    assert (page.told["error"], page.told["state"], page.told["iss"]) == ("access_denied", "s-1", visitor.origin)
    assert not Consent.objects.exists() and not Grant.objects.exists()
    run = SignIn.objects.get()
    assert (run.outcome, run.reason) == ("failed", "access_denied")


def test_a_form_with_neither_is_a_no(visitor, client):
    visitor.visit(asking(client))
    assert visitor.send().told["error"] == "access_denied"


def test_what_is_allowed_is_what_was_asked_whatever_the_form_says(visitor, client):
    visitor.visit(asking(client))
    page = visitor.send(allow="1", scope="orders:write", redirect_uri="https://evil.test/", client_id="x", state="y")
    assert page.to.startswith(CALLBACK) and page.told["state"] == "s-1"
    assert Grant.objects.get().scope == "orders:read"


@pytest.mark.parametrize("how", [{"csrf": ""}, {"csrf": "0" * 64}, {"headers": (("origin", "https://evil.test"),)}])
def test_no_other_site_can_say_yes(visitor, client, how):
    visitor.visit(asking(client))
    page = visitor.send(allow="1", **how)
    assert page.status == 403 and page.to == "" and "Nothing was done" in page.text
    assert not Grant.objects.exists() and visitor.send(allow="1").status == 303, "the page can be sent again"


def test_what_was_allowed_is_not_asked_again(visitor, client, mina):
    consent(mina, client)
    page = visitor.visit(asking(client))
    assert page.status == 302 and page.told["code"]


@pytest.mark.parametrize("parameter", [{"approval_prompt": "auto"}, {"prompt": "consent", "approval_prompt": "auto"}])
def test_a_client_cannot_wish_the_question_away(visitor, client, parameter):
    assert "Let “Acme Support GPT”" in visitor.visit(asking(client, **parameter)).text


def test_a_client_can_wish_it_back(visitor, client, mina):
    consent(mina, client)
    page = visitor.visit(asking(client, prompt="consent"))
    assert "You have allowed this app before." in page.text


def test_more_scopes_are_asked_for_and_marked(visitor, client, mina):
    consent(mina, client)
    page = visitor.visit(asking(client, scope="orders:read orders:write"))
    assert "It asks for more now" in page.text and page.html.count(">new<") == 1
    assert "Change your orders new" in page.text
    visitor.send(allow="1")
    assert Consent.objects.get().scopes == ["orders:read", "orders:write"]


def test_another_host_is_asked_about(visitor, shop, mina):
    client = gpt(shop, redirect_uris=f"{CALLBACK} {CALLBACK.replace('chatgpt.com', 'chat.openai.com')}")
    consent(mina, client)
    page = visitor.visit(asking(client, redirect_uri=CALLBACK.replace("chatgpt.com", "chat.openai.com")))
    assert "It returns to another place now." in page.text and "chat.openai.com" in page.text
    visitor.send(allow="1")
    assert Consent.objects.get().hosts == ["chatgpt.com", "chat.openai.com"]


def test_a_client_may_be_set_to_ask_always_or_never(visitor, shop, mina):
    always, never = gpt(shop, consent="always"), gpt(shop, consent="skip")
    consent(mina, always)
    assert visitor.visit(asking(always)).status == 200
    assert visitor.visit(asking(never)).told["code"]


@pytest.mark.parametrize("policy", ["always", "remember", "skip"])
def test_a_program_on_ones_own_computer_is_always_asked_about(visitor, shop, mina, policy):
    client = public(shop, consent=policy)
    consent(mina, client, hosts=["127.0.0.1"])
    page = visitor.visit(at_home(client))
    assert page.status == 200 and "It returns to a program on this computer." in page.text
    assert "Requested by A program on this computer Returns you to 127.0.0.1:51004" in page.text
    assert visitor.send(allow="1").to.startswith(LOCAL + "?")


def test_who_has_registered_itself_is_marked(visitor, shop):
    client = gpt(shop, registration_source="dcr", redirect_uris="https://app.test/back")
    page = visitor.visit(asking(client, redirect_uri="https://app.test/back"))
    assert "This app registered itself. Nobody at Items has checked it." in page.text
    assert "It returns to app.test, which is not ChatGPT." in page.text
    assert "Requested by An app that registered itself" in page.text and "OpenAI" not in page.text


def test_a_client_cannot_call_itself_chatgpt(visitor, shop):
    client = gpt(shop, name="ChatGPT", preset="gpt", redirect_uris="https://evil.test/back")
    page = visitor.visit(asking(client, redirect_uri="https://evil.test/back"))
    assert "ChatGPT, OpenAI" not in page.text and "which is not ChatGPT" in page.text


def test_the_drill_of_somebody_who_denies(client, shop, mina):
    Provider.of(shop)
    visitor = Visitor()
    visitor.visit(asking(client).replace("authorize", "login"))
    page = visitor.visit(visitor.send(test_user=EndUser.objects.get(username="dana").sub).to)
    assert page.told["error"] == "access_denied" and not Grant.objects.exists()
    assert SignIn.objects.get().reason == "drill_denied", "nobody pressed Cancel"
    login = visitor.visit(asking(client)).to
    assert "/oauth/login" in login, "another account can be chosen"
    visitor.visit(login)
    visitor.send(test_user=EndUser.objects.get(username="dana").sub)
    token = visitor.visit("/oauth/logout").token
    assert visitor.send(asking(client), csrf=token, allow="1").told["error"] == "access_denied"


def test_passing_through_is_no_new_consent(visitor, client, mina):
    before = consent(mina, client).granted
    assert visitor.visit(asking(client)).told["code"] and Consent.objects.get().granted == before


def test_prompt_none_never_shows_a_page(visitor, client, mina):
    assert Visitor().visit(asking(client, prompt="none")).told["error"] == "login_required"
    assert visitor.visit(asking(client, prompt="none")).told["error"] == "consent_required"
    consent(mina, client)
    assert visitor.visit(asking(client, prompt="none")).told["code"]


def test_prompt_login_asks_for_the_password_again_and_then_goes_on(visitor, client, mina):
    consent(mina, client)
    page = visitor.visit(asking(client, prompt="login"))
    assert page.to.startswith("/oauth/login?")
    page = visitor.visit(page.to)
    assert "Continue" not in page.text
    onward = visitor.send(username="mina", password="correct horse").to
    assert visitor.visit(onward).told["code"]
    assert visitor.visit(asking(client, prompt="login")).to.startswith("/oauth/login?"), "each time anew"
    assert Visitor().visit(onward).to.startswith("/oauth/login?"), "for nobody else"


def test_what_says_that_somebody_signed_in_is_good_for_that_request_alone(visitor, client, mina):
    consent(mina, client)
    visitor.visit(visitor.visit(asking(client, prompt="login")).to)
    proof = visitor.send(username="mina", password="correct horse").to.rpartition("&")[2]
    assert proof.startswith("signed_in=")
    assert visitor.visit(f"{asking(client, prompt='login', state='s-2')}&{proof}").to.startswith("/oauth/login?")
    assert visitor.visit(f"{asking(client, prompt='login')}&{proof[:-1]}x").to.startswith("/oauth/login?")


def test_max_age_asks_again_who_signed_in_too_long_ago(visitor, client, mina):
    consent(mina, client)
    EndUserSession.objects.update(created=timezone.now() - timedelta(seconds=90))
    assert visitor.visit(asking(client, max_age="100")).told["code"]
    page = visitor.visit(asking(client, max_age="60"))
    assert page.to.startswith("/oauth/login?")
    visitor.visit(page.to)
    assert visitor.visit(visitor.send(username="mina", password="correct horse").to).told["code"]
    EndUserSession.objects.update(created=timezone.now() - timedelta(seconds=1))
    assert visitor.visit(asking(client, max_age="0")).to.startswith("/oauth/login?")


@pytest.mark.parametrize("age", ["-5", "1.5", "soon", "٣"])
def test_a_max_age_that_is_no_number_of_seconds_is_told_to_the_client(visitor, client, mina, age):
    consent(mina, client)
    page = visitor.visit(asking(client, max_age=age))
    assert page.told["error"] == "invalid_request" and "max_age" in page.told["error_description"]
    assert not Grant.objects.exists()


def test_a_max_age_beyond_all_time_asks_nobody_again(visitor, client, mina):
    consent(mina, client)
    assert visitor.visit(asking(client, max_age="9" * 30)).told["code"]


def test_who_signed_in_again_elsewhere_meanwhile_is_told_so(visitor, client):
    before = visitor.visit(asking(client)).token
    visitor.sign_in()
    visitor.visit(asking(client))
    page = visitor.send(csrf=before, allow="1")
    assert page.status == 403 and "signed in or out in another window" in page.text and "cookies" not in page.text
    assert not Grant.objects.exists()
    assert visitor.send(allow="1").told["code"]


def test_somebody_may_be_asked_to_choose_who_they_are(visitor, client, mina):
    consent(mina, client)
    page = visitor.visit(visitor.visit(asking(client, prompt="select_account")).to)
    onward = page.html.partition('<a class="link" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert visitor.visit(onward).told["code"]


def test_a_session_that_has_ended_in_between_leads_to_the_login_page(visitor, client):
    visitor.visit(asking(client))
    EndUserSession.objects.all().delete()
    page = visitor.send(allow="1")
    assert page.status == 303 and page.to.startswith("/oauth/login?response_type=code")
    assert not Grant.objects.exists()


def test_somebody_else_who_signs_in_in_between_has_not_said_yes(visitor, client, shop):
    people.make(shop, "otto", password="correct horse")
    asked = visitor.visit(asking(client))
    visitor.sign_in("otto")
    visitor.visit(asking(client))
    page = visitor.send(allow="1", csrf=asked.token)
    assert page.status == 403 and "Signed in as otto" in page.text and not Grant.objects.exists()


def test_without_refresh_tokens_it_lasts_as_long_as_a_token(visitor, shop):
    client = gpt(shop, grants=["authorization_code"])
    assert "Lasts 1 hour, then you are asked to sign in again" in visitor.visit(asking(client)).text


def test_head_reads_only(visitor, mina, shop):
    client = gpt(shop, consent="remember")
    consent(mina, client)
    page = visitor.visit(asking(client), "HEAD")
    assert page.status == 200 and not page.to and not Grant.objects.exists() and not SignIn.objects.exists()
    assert "code" in visitor.visit(asking(client)).told


def test_the_way_back_is_shown_in_the_log_with_its_legs(visitor, client):
    visitor.visit(asking(client))
    visitor.send(allow="1")
    assert visitor.record.kind == "oauth" and visitor.record.sign_in == SignIn.objects.get().key
    assert [leg["leg"] for leg in visitor.record.decisions["oauth"]["legs"]] == ["allowed", "callback"]
    assert SignIn.objects.get().step == "callback"


def test_below_live_everything_leads_to_the_same_place(client, mina):
    from actionstudio.apps.oauth.door import AddressProvider
    from actionstudio.apps.publishing.source import DatabaseSource
    from actionstudio.core.call import Call

    path, _, query = asking(client).partition("?")
    hosted = DatabaseSource().load("shop")
    made = AddressProvider().answer(hosted, Call("GET", path, query), -1, "203.0.113.9")
    assert dict(made.reply.headers)["location"].startswith("/live/shop/oauth/login?response_type=code")
    made = AddressProvider().answer(hosted, Call("GET", "/oauth/login", query), -1, "203.0.113.9")
    page = made.reply.body.decode()
    assert 'href="/live/shop/oauth/static/css/tokens.css' in page and 'href="/live/shop/oauth/theme.css"' in page
    (cookie,) = [value for name, value in made.reply.headers if name == "set-cookie"]
    assert cookie.startswith("eu_shop=") and "Path=/live/shop/" in cookie and "HttpOnly" in cookie


def test_a_client_may_ask_with_a_form(visitor, client):
    body = asking(client).partition("?")[2].encode()
    form = [("content-type", "application/x-www-form-urlencoded"), ("origin", "https://chatgpt.com")]
    sent = visitor.visit("/oauth/authorize", "POST", body, form)
    assert sent.status == 303 and sent.to.startswith("/oauth/authorize?response_type=code")
    page = visitor.visit(sent.to)
    assert page.status == 200 and "Allow" in page.text and not Grant.objects.exists()


@pytest.mark.parametrize("body", [b"", b"client_id=a&client_id=b", b"\xff", b"allow=1"])
def test_a_form_that_asks_nothing_gets_nothing(visitor, body):
    form = [("content-type", "application/x-www-form-urlencoded")]
    page = visitor.visit("/oauth/authorize", "POST", body, form)
    page = visitor.visit(page.to) if page.status == 303 else page
    assert page.status == 400 and not Grant.objects.exists()
