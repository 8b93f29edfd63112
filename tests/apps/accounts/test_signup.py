"""Who may sign up: STUDIO_SIGNUP open, invite or closed."""

import datetime
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from actionstudio.apps.accounts import invitations
from actionstudio.apps.accounts.models import Invitation, User

NEW = {"email": "new@example.test", "password1": "correct horse battery"}


def sign_up(browser: Client):
    browser.post("/accounts/signup/", NEW)
    return User.objects.filter(email=NEW["email"]).first()


def test_open_lets_anybody_in(client, ann, settings):
    settings.STUDIO_SIGNUP = "open"
    assert sign_up(client)
    assert client.get("/account/").status_code == 200, "signed in without confirming the address first"


@pytest.mark.parametrize("policy", ["invite", "closed"])
def test_without_an_invitation_nobody_gets_in(client, ann, settings, policy):
    settings.STUDIO_SIGNUP = policy
    assert sign_up(client) is None
    assert "closed" in client.get("/accounts/signup/").content.decode()


def test_an_invitation_works_once(client, ann, settings):
    settings.STUDIO_SIGNUP = "invite"
    client.force_login(ann)
    page = client.post("/account/invitations/", {"email": ""}).content.decode()
    path = re.search(r"<code>https?://[^/]+(/invited/[^<]+)</code>", page)[1]
    assert path.split("/")[2] not in client.get("/account/invitations/").content.decode(), "shown once"
    guest, late = Client(), Client()
    assert guest.get(path).url == "/accounts/signup/"
    assert late.get(path).url == "/accounts/signup/"
    made = sign_up(guest)
    assert made and Invitation.objects.get().used_by == made
    User.objects.filter(pk=made.pk).update(email="other@example.test")
    assert sign_up(late) is None
    assert Client().get(path).status_code == 404


def test_an_invitation_with_an_address_is_mailed(client, ann, settings):
    settings.STUDIO_SIGNUP = "invite"
    client.force_login(ann)
    client.post("/account/invitations/", {"email": "bob@example.test"})
    assert mail.outbox[0].to == ["bob@example.test"] and "/invited/" in mail.outbox[0].body


def test_old_taken_back_and_closed_invitations_do_not_work(client, ann, settings):
    settings.STUDIO_SIGNUP = "invite"
    row, link = invitations.mint(ann)
    path = link.removeprefix(settings.STUDIO_PUBLIC_URL)
    settings.STUDIO_SIGNUP = "closed"
    assert client.get(path).status_code == 404
    settings.STUDIO_SIGNUP = "invite"
    Invitation.objects.update(expires=timezone.now() - datetime.timedelta(seconds=1))
    assert client.get(path).status_code == 404
    client.force_login(ann)
    client.post(f"/account/invitations/{row.pk}/revoke/")
    assert not Invitation.objects.exists()


def test_eve_cannot_take_anns_invitation_back(client, ann, eve):
    row, _link = invitations.mint(ann)
    client.force_login(eve)
    assert client.post(f"/account/invitations/{row.pk}/revoke/").status_code == 404
    assert Invitation.objects.exists()
