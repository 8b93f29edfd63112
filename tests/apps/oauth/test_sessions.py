"""Who is signed in in which browser: one cookie of the address's own, another text for each sign-in, ends for all."""

from datetime import timedelta
from http.cookies import SimpleCookie
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from actionstudio.apps.oauth import sessions, tenancy
from actionstudio.apps.oauth.models import EndUser, EndUserSession, Provider
from actionstudio.apps.oauth.sessions import Browser
from actionstudio.apps.publishing.source import DatabaseSource
from tests.apps.oauth import entering

pytestmark = pytest.mark.django_db
OWN, BELOW = -2, -1


@pytest.fixture
def shop():
    return entering.shop()


@pytest.fixture
def mina(shop):
    return EndUser.objects.create(project=shop, username="mina")


def tenant(slug="shop", base=OWN):
    return tenancy.Tenant(DatabaseSource().load(slug), base)


def kept(browser) -> SimpleCookie:
    response = HttpResponse()
    browser.keep(response)
    return response.cookies


def signed_in(user, slug="shop", base=OWN) -> str:
    """The text of the cookie of a browser in which ``user`` is signed in."""
    browser = Browser(tenant(slug, base), "")
    browser.sign_in(user, "Firefox")
    (morsel,) = kept(browser).values()
    return morsel.value


def test_who_has_signed_in_is_known_by_the_cookie(mina):
    text = signed_in(mina)
    assert Browser(tenant(), text).user == mina
    assert Browser(tenant(), text[:-1] + ("E" if text.endswith("A") else "A")).user is None
    mina.refresh_from_db()
    assert mina.last_login is not None


def test_the_row_holds_no_text_that_could_be_used(mina):
    text = signed_in(mina)
    assert text not in str(EndUserSession.objects.values().get())
    assert Browser(tenant(), EndUserSession.objects.get().digest).user is None


def test_the_cookie_is_for_this_host_and_no_script(mina):
    browser = Browser(tenant(), "")
    browser.sign_in(mina, "")
    (morsel,) = kept(browser).values()
    assert (morsel.key, morsel["path"], morsel["domain"]) == ("eu", "/", "")
    assert morsel["httponly"] and morsel["samesite"] == "Lax" and not morsel["secure"]
    assert morsel["max-age"] == 30 * 24 * 3600


def test_over_tls_no_other_host_can_have_set_it(mina, settings):
    settings.STUDIO_LIVE_SCHEME = "https"
    browser = Browser(tenant(), "")
    browser.sign_in(mina, "")
    (morsel,) = kept(browser).values()
    assert morsel.key == "__Host-eu" and morsel["secure"] and morsel["path"] == "/"


def test_below_live_each_address_has_its_own(mina):
    browser = Browser(tenant(base=BELOW), "")
    browser.sign_in(mina, "")
    (morsel,) = kept(browser).values()
    assert (morsel.key, morsel["path"]) == ("eu_shop", "/live/shop/")


def test_a_cookie_of_another_project_is_nobodys(mina):
    entering.shop("other")
    assert Browser(tenant("other"), signed_in(mina)).user is None


def test_signing_in_takes_another_text_than_the_browser_came_with(mina):
    planted = "x" * 43
    browser = Browser(tenant(), planted)
    browser.sign_in(mina, "")
    assert Browser(tenant(), planted).user is None
    assert kept(browser)["eu"].value != planted


def test_signing_in_again_ends_the_session_that_was_there(mina):
    text = signed_in(mina)
    Browser(tenant(), text).sign_in(mina, "")
    assert Browser(tenant(), text).user is None and EndUserSession.objects.count() == 1


def test_signing_out_ends_it_for_whoever_has_the_cookie(mina):
    text = signed_in(mina)
    browser = Browser(tenant(), text)
    browser.sign_out()
    assert Browser(tenant(), text).user is None
    assert kept(browser)["eu"].value != text


@pytest.mark.parametrize(("field", "ago"), [("seen", timedelta(days=14, minutes=1)), ("expires", timedelta(minutes=1))])
def test_a_session_ends_by_itself(mina, field, ago):
    text = signed_in(mina)
    EndUserSession.objects.update(**{field: timezone.now() - ago})
    assert Browser(tenant(), text).user is None and not sessions.live(mina).exists()
    assert sessions.sweep() == 1


def test_a_test_user_without_a_password_is_signed_in_nowhere_once_development_is_over(shop):
    provider = Provider.of(shop)
    alice = EndUser.objects.get(username="alice")
    text = signed_in(alice)
    assert Browser(tenant(), text).user == alice
    provider.development = False
    provider.save()
    assert Browser(tenant(), text).user is None
    alice.set_password("correct horse battery")
    alice.save()
    assert Browser(tenant(), text).user == alice


def test_a_closed_account_is_signed_in_nowhere(mina):
    text = signed_in(mina)
    EndUser.objects.update(is_active=False)
    assert Browser(tenant(), text).user is None


def test_using_it_keeps_it_alive_for_one_write_in_five_minutes(mina, django_assert_num_queries):
    text = signed_in(mina)
    at = tenant()
    EndUserSession.objects.update(seen=timezone.now() - timedelta(days=13))
    with django_assert_num_queries(2):
        Browser(at, text)
    with django_assert_num_queries(1):
        Browser(at, text)
    with django_assert_num_queries(0):
        Browser(at, "")


def test_somebody_is_signed_in_in_so_many_browsers_at_most(mina, monkeypatch):
    monkeypatch.setattr(sessions, "MOST", 3)
    texts = [signed_in(mina) for _ in range(5)]
    assert [Browser(tenant(), text).user for text in texts] == [None, None, mina, mina, mina]


def test_everywhere_else_can_be_signed_out(mina):
    here, there = signed_in(mina), signed_in(mina)
    assert sessions.end_others(mina, Browser(tenant(), here).session) == 1
    assert Browser(tenant(), here).user == mina and Browser(tenant(), there).user is None


def post(browser, token="", **headers):
    data = {sessions.FIELD: token or browser.token()}
    request = RequestFactory().post("/", data, **headers)
    request.browser, request.tenant = browser, SimpleNamespace(issuer="http://shop.live.localhost:8000")
    return request


def known():
    """A browser that was here before."""
    return Browser(tenant(), "k" * 43)


def test_a_form_of_our_own_page_is_theirs(shop):
    assert sessions.forged(post(known())) == ""
    assert sessions.forged(post(known(), HTTP_ORIGIN="http://shop.live.localhost:8000")) == ""
    assert sessions.forged(post(known(), HTTP_REFERER="http://shop.live.localhost:8000/oauth/login?a=b")) == ""


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_ORIGIN": "https://evil.test"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "https://["},
        {"HTTP_REFERER": "http://[::1"},
        {"HTTP_REFERER": "http://a]b/"},
        {"HTTP_ORIGIN": "https://shop.live.localhost:8000"},
        {"HTTP_ORIGIN": "http://other.live.localhost:8000"},
        {"HTTP_REFERER": "http://shop.live.localhost:8000.evil.test/"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
    ],
)
def test_a_form_of_another_site_is_not(shop, headers):
    assert sessions.forged(post(known(), **headers)) == "origin"


def test_a_token_is_good_in_the_browser_that_was_shown_it_alone(mina):
    other = Browser(tenant(), "o" * 43)
    assert sessions.forged(post(known(), other.token())) == "changed"
    assert sessions.forged(post(Browser(tenant(), ""), known().token())) == "token"
    before = known()
    token = before.token()
    before.sign_in(mina, "")
    assert sessions.forged(post(before, token)) == "token"


def test_a_token_of_another_project_is_not_good_here(shop):
    entering.shop("other")
    assert sessions.forged(post(known(), Browser(tenant("other"), "k" * 43).token())) == "changed"
