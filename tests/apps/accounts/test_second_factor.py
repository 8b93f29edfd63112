"""The pages of the second factor speak of passkeys, and every one of them opens."""

import pytest
from allauth.account.internal.flows import reauthentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

PAGES = ("", "webauthn/", "webauthn/add/", "totp/activate/", "totp/deactivate/", "recovery-codes/generate/")
THEIRS = ("security key", "two-factor", "passwordless operation", "master key")


@pytest.fixture
def sure(client, ann, monkeypatch):
    """Ann, who has just proved who she is."""
    monkeypatch.setattr(reauthentication, "did_recently_reauthenticate", lambda request: True)
    client.force_login(ann)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_our_words(sure, ann, page):
    if page in ("totp/deactivate/", "recovery-codes/generate/"):
        TOTP.activate(ann, "JBSWY3DPEHPK3PXP")
    answer = sure.get(f"/accounts/2fa/{page}")
    text = answer.content.decode()
    assert answer.status_code == 200 and not [word for word in THEIRS if word in text.lower()]


def test_the_recovery_codes_say_why_one_is_there(sure, ann):
    TOTP.activate(ann, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(ann)
    text = sure.get("/accounts/2fa/recovery-codes/").content.decode()
    assert "You have a second factor now." in text and "10 of 10 codes are left." in text


def test_a_passkey_can_be_added_from_the_second_factor(sure):
    assert 'href="/accounts/2fa/webauthn/add/"' in sure.get("/accounts/2fa/").content.decode()
    assert 'value="Passkey 1"' in sure.get("/accounts/2fa/webauthn/add/").content.decode()


def test_a_passkey_is_renamed_and_removed(sure, ann):
    row = Authenticator.objects.create(user=ann, type="webauthn", data={"name": "Phone", "credential": {}})
    assert "Rename the passkey" in sure.get(f"/accounts/2fa/webauthn/keys/{row.pk}/edit/").content.decode()
    assert "Remove the passkey" in sure.get(f"/accounts/2fa/webauthn/keys/{row.pk}/remove/").content.decode()
    page = sure.post(f"/accounts/2fa/webauthn/keys/{row.pk}/remove/", follow=True).content.decode()
    assert "The passkey was removed." in page


@pytest.mark.parametrize("page", ["email", "password/change", "reauthenticate"])
def test_the_other_account_pages_open(sure, ann, page):
    ann.set_password("correct horse battery")
    ann.save()
    sure.force_login(ann)
    assert sure.get(f"/accounts/{page}/").status_code == 200
