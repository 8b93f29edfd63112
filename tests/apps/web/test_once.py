"""A secret on its way to the one page that shows it: once, there, and in no database."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpResponse

from actionstudio.apps.web import once
from actionstudio.runtime import jar

pytestmark = pytest.mark.django_db
URL, TEXT = "/projects/items/oauth/clients/asc_1/", "ascs_a-very-secret-text"


@pytest.fixture
def session():
    return SessionStore()


def request(rf, session, url=URL, cookie="", method="get"):
    made = getattr(rf, method)(url)
    made.session = session
    if cookie:
        made.COOKIES[once.NAME] = cookie
    return made


@pytest.fixture
def pad(rf, session):
    response = once.show_next(request(rf, session), URL, 7, TEXT)
    assert response.url == URL
    cookie = response.cookies[once.NAME]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (URL, True, "Strict")
    return cookie.value


def test_the_page_shows_it_once(rf, session, pad):
    assert once.shown(request(rf, session, cookie=pad)) == (7, TEXT)
    assert once.shown(request(rf, session, cookie=pad)) == (None, "")


def test_neither_the_database_nor_the_cookie_holds_it(session, pad):
    session.save()
    assert TEXT not in str([row.get_decoded() for row in Session.objects.all()]) + pad
    assert TEXT.encode().hex() not in str(session.items()) + pad


@pytest.mark.parametrize("change", [{"url": "/projects/other/"}, {"method": "post"}])
def test_another_page_or_a_form_does_not_take_it_away(rf, session, pad, change):
    assert once.shown(request(rf, session, cookie=pad, **change)) == (None, "")
    assert once.shown(request(rf, session, cookie=pad)) == (7, TEXT)


@pytest.mark.parametrize("cookie", ["", "zz", "00", "0" * 2000])
def test_without_the_pad_there_is_nothing_to_show(rf, session, pad, cookie):
    assert once.shown(request(rf, session, cookie=cookie)) == (None, "")


def test_a_page_that_showed_it_is_not_stored(rf, session):
    response = once.forget(request(rf, session), HttpResponse())
    assert response["Cache-Control"] == "no-store"
    assert response.cookies[once.NAME]["max-age"] == 0


def test_no_operation_below_live_sees_the_pad():
    assert once.NAME in jar.STUDIO
