"""What somebody has connected, and how they end it: apps, keys, browsers, their password. Nobody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actionstudio.apps.oauth import people
from actionstudio.apps.oauth.models import AccessToken, Consent, EndUser, EndUserSession, UserKey
from actionstudio.apps.projects.models import Project
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.auth import UserHttp
from actionstudio.core.call import Call
from actionstudio.runtime.app import frontdoor
from tests import make
from tests.apps.oauth import entering
from tests.apps.oauth.address.visiting import Visitor, asking, gpt

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return entering.shop()


@pytest.fixture
def mina(shop):
    return people.make(shop, "mina", password="correct horse")


@pytest.fixture
def visitor(mina):
    made = Visitor()
    made.sign_in()
    made.visit("/connected")
    return made


def connect(user, client, text="asat_1"):
    Consent.objects.create(user=user, client=client, scopes=["orders:read", "gone"], hosts=["chatgpt.com"])
    return AccessToken.objects.create(
        user=user, application=client, token=text, scope="orders:read", expires=timezone.now() + timedelta(hours=1)
    )


def test_an_app_is_shown_with_what_it_may_do_and_can_be_disconnected(visitor, shop, mina):
    token = connect(mina, gpt(shop))
    page = visitor.visit("/connected")
    assert "Acme Support GPT Read your orders · gone allowed just now" in page.text
    sent = visitor.send(deed="disconnect", client=str(token.application_id))
    assert sent.status == 303 and sent.to == "/connected?done=disconnected"
    assert "Disconnected." in visitor.visit(sent.to).text and "None." in visitor.page.text
    token.refresh_from_db()
    assert token.revoked is not None and not Consent.objects.exists()


def test_nobody_ends_what_is_not_theirs(visitor, shop, mina):
    otto = people.make(shop, "otto")
    theirs = connect(otto, gpt(shop))
    other = gpt(entering.shop("other"))
    for number in (str(theirs.application_id), str(other.pk), "0", "x", "9" * 30, ""):
        page = visitor.send(deed="disconnect", client=number)
        assert page.status == 404 and "That app was not connected any more." in page.text
    assert Consent.objects.filter(user=otto).exists()


def test_a_form_of_another_site_ends_nothing(visitor, shop, mina):
    token = connect(mina, gpt(shop))
    sent = visitor.send(deed="disconnect", client=str(token.application_id), headers=(("origin", "https://evil.test"),))
    assert sent.status == 403 and Consent.objects.exists()


def test_other_browsers_can_be_signed_out(visitor, mina):
    Visitor().sign_in()
    assert "Sign out everywhere else" in visitor.visit("/connected").text
    assert visitor.send(deed="sign-out-others").to == "/connected?done=signed-out"
    assert EndUserSession.objects.count() == 1
    assert "You are signed out everywhere else." in visitor.visit("/connected?done=signed-out").text


def test_the_password_is_changed_by_who_knows_it_and_ends_other_browsers(visitor, mina):
    other = Visitor()
    other.sign_in()
    sent = visitor.send(deed="password", old_password="correct horse", password="another long one")
    assert sent.to == "/connected?done=password"
    assert "Signed in as mina" in visitor.visit(sent.to).text
    assert other.visit("/connected").to == "/oauth/login"
    mina.refresh_from_db()
    assert mina.check_password("another long one")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("wrong", "another long one", "That is not your current password."),
        ("correct horse", "short", "too short"),
        ("correct horse", "", "required"),
    ],
)
def test_a_password_that_cannot_be_changed_says_why(visitor, mina, old, new, words):
    page = visitor.send(deed="password", old_password=old, password=new)
    assert page.status == 422 and words in page.text
    mina.refresh_from_db()
    assert mina.check_password("correct horse")


def test_the_present_password_has_as_many_tries_as_at_the_door(visitor, mina):
    for _ in range(5):
        visitor.send(deed="password", old_password="wrong", password="another long one")
    page = visitor.send(deed="password", old_password="correct horse", password="another long one")
    assert page.status == 429 and "Too many tries." in page.text


def test_nothing_typed_there_is_in_the_log(visitor, mina):
    visitor.send(deed="password", old_password="correct horse", password="another long one")
    kept = " ".join(str(row) for row in Exchange.objects.values())
    assert "correct" not in kept and "another" not in kept


def test_who_has_no_password_is_not_asked_for_one(visitor, mina):
    token = visitor.page.token
    EndUser.objects.update(password="")
    assert "Change your password" not in visitor.visit("/connected").text
    assert visitor.send(deed="password", old_password="", password="another long one", csrf=token).status == 422


def test_keys_are_for_projects_where_people_have_keys(visitor, mina):
    assert "Your keys" not in visitor.page.text
    assert visitor.send(deed="issue", name="x").status == 422 and not UserKey.objects.exists()


@pytest.fixture
def keeper(db):
    """Somebody at a project where people have keys."""
    project = make.project("keys", value=make.contract(auth=UserHttp()))
    people.make(project, "mina", password="correct horse")
    made = Visitor("keys")
    made.sign_in()
    made.visit("/connected")
    return made


def status(key: str) -> int:
    """Of a call with that key."""
    call = Call("GET", "/items", "", (("authorization", f"Bearer {key}"),))
    return frontdoor().call_blocking("keys", call).reply.status


def test_a_key_is_shown_once_and_works_until_it_is_revoked(keeper, django_capture_on_commit_callbacks):
    page = keeper.send(deed="issue", name="my assistant")
    key = UserKey.objects.get()
    text = page.html.partition('<code class="once">')[2].partition("</code>")[0]
    assert page.status == 200 and text.startswith("asuk_") and text.endswith(key.last4)
    assert text not in keeper.visit("/connected").html and "my assistant ••••" in keeper.page.text
    assert status(text) == 200
    keeper.visit("/connected")
    with django_capture_on_commit_callbacks(execute=True):
        assert keeper.send(deed="revoke", key_id=str(key.pk)).to == "/connected?done=revoked"
    assert status(text) == 401
    keeper.visit("/connected")
    assert keeper.send(deed="revoke", key_id=str(key.pk)).status == 404


def test_no_app_signs_in_where_people_have_keys(keeper):
    app = gpt(Project.objects.get(slug="keys"))
    page = keeper.visit(asking(app))
    assert page.status == 404 and "Apps do not sign in here" in page.text
    assert "to continue to" not in keeper.visit(asking(app).replace("authorize", "login")).text


def test_what_is_wrong_with_a_key_stands_beside_its_name(keeper):
    keeper.send(deed="issue", name="one")
    page = keeper.send(deed="issue", name="one")
    assert page.status == 422 and "There is a key of that name." in page.text and 'value="one"' in page.html
    assert "Give the key a name" in keeper.send(deed="issue", name="").text


def test_the_log_does_not_keep_the_text_of_a_key(keeper):
    page = keeper.send(deed="issue", name="one")
    text = page.html.partition('<code class="once">')[2].partition("</code>")[0]
    assert text and text not in " ".join(str(row) for row in Exchange.objects.values())


def test_ten_apps_cost_as_many_queries_as_twenty(visitor, shop, mina):
    counted = []
    for number in range(20):
        connect(mina, gpt(shop, name=f"GPT {number}"), f"asat_{number}")
        if number in (9, 19):
            with CaptureQueriesContext(connection) as queries:
                visitor.visit("/connected")
            counted.append(len(queries))
    assert counted[0] == counted[1]
