"""A sign-in that cannot go on says so to the person, and leads them nowhere; the builder is led to the whole story."""

import re

import pytest

from actionstudio.apps.oauth.models import Callback, Provider, SignIn
from tests.apps.oauth import entering
from tests.apps.oauth.address.visiting import CALLBACK, Visitor, asking, gpt

pytestmark = pytest.mark.django_db
OTHER = "https://chatgpt.com/aip/g-0ther/oauth/callback"


@pytest.fixture
def shop():
    return entering.shop()


@pytest.fixture
def client(shop):
    return gpt(shop)


@pytest.fixture
def visitor(shop):
    return Visitor()


@pytest.mark.parametrize(
    ("other", "title"),
    [
        ({"client_id": None}, "The app did not say which one it is"),
        ({"client_id": "asc_nobody"}, "This app is not known here"),
        ({"redirect_uri": "https://evil.test/"}, "The app wants to go back to an address that is not registered"),
        ({"redirect_uri": CALLBACK + "/"}, "The app wants to go back to an address that is not registered"),
        ({"redirect_uri": "javascript:alert(1)"}, "The app wants to go back to an address that is not registered"),
        ({"redirect_uri": "x\0"}, "The link cannot be read"),
    ],
)
def test_what_is_wrong_is_said_on_a_page_that_leads_nowhere(visitor, client, other, title):
    page = visitor.visit(asking(client, **other))
    assert page.status == 400 and page.to == ""
    assert title in page.text and "Nothing was shared with anybody" in page.text
    assert not re.search(r'(href|src|action)="(https://evil|javascript)', page.html), "it is shown, and is no link"
    assert "http-equiv" not in page.html


def test_what_was_sent_and_what_is_registered_stand_there(visitor, client):
    page = visitor.visit(asking(client, redirect_uri="https://evil.test/back"))
    assert f"App Acme Support GPT It sent https://evil.test/back Registered {CALLBACK}" in page.text


def test_what_was_sent_is_text_and_nothing_else(visitor, client):
    page = visitor.visit(asking(client, redirect_uri="https://evil.test/<b>"))
    assert "It sent https://evil.test/<b>" in page.text and "<b>" not in page.html


def test_the_builder_is_led_to_this_sign_in(visitor, client):
    page = visitor.visit(asking(client, redirect_uri="https://evil.test/"))
    run = SignIn.objects.get()
    assert f'href="http://localhost:8000/projects/shop/oauth/handshake/{run.key}/"' in page.html
    assert (run.outcome, run.reason) == ("failed", "redirect_mismatch")


def test_a_callback_of_chatgpts_form_is_put_before_the_builder(visitor, client):
    page = visitor.visit(asking(client, redirect_uri=OTHER))
    assert "have been asked whether it is theirs" in page.text
    row = Callback.objects.get()
    assert (row.client, row.uri, row.state) == (client, OTHER, "waiting")
    visitor.visit(asking(client, redirect_uri=OTHER))
    assert Callback.objects.get().times == 2


def test_another_callback_is_not(visitor, client):
    page = visitor.visit(asking(client, redirect_uri="https://evil.test/"))
    assert "have been asked" not in page.text and not Callback.objects.exists()


def test_a_client_that_is_switched_off_is_named(visitor, shop):
    page = visitor.visit(asking(gpt(shop, enabled=False)))
    assert page.status == 400 and "This app is switched off" in page.text


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "orders:delete"}, "invalid_scope"),
        ({"code_challenge": "x" * 43, "code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_what_the_client_can_be_told_goes_back_to_it(visitor, client, other, error):
    page = visitor.visit(asking(client, **other))
    assert page.status == 302 and page.to.startswith(CALLBACK + "?")
    assert (page.told["error"], page.told["state"], page.told["iss"]) == (error, "s-1", visitor.origin)


def test_a_page_that_is_not_there_is_a_page_for_people_and_a_problem_for_programs(visitor):
    page = visitor.visit("/oauth/nothing")
    assert page.status == 404 and "Nothing here" in page.text and "Nothing was shared" not in page.text
    reply = visitor.visit("/oauth/nothing", headers=(("accept", "application/json"),)).reply
    assert reply.status == 404


def test_what_is_registered_is_nobodys_business_once_the_project_is_in_use(visitor, client, shop):
    Provider.of(shop)
    Provider.objects.update(development=False)
    page = visitor.visit(asking(client, redirect_uri="https://evil.test/back"))
    assert "It sent https://evil.test/back" in page.text and CALLBACK not in page.html


def test_one_thing_is_said_of_starting_again(visitor, client):
    for uri in ("https://evil.test/", OTHER):
        assert visitor.visit(asking(client, redirect_uri=uri)).text.count("start again") == 1


@pytest.mark.parametrize(
    ("sent", "said"), [("x" * 9000, "far too long"), ("a\0b", "control character"), ("a\nb", "control character")]
)
def test_a_value_that_cannot_be_one_is_said_to_be_what_it_is(visitor, client, sent, said):
    assert said in visitor.visit(asking(client, state=sent)).text
