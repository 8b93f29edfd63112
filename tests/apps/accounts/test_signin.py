"""Signing in: by address, limited, told how long to wait; the profile; the pages around it."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.cache import cache

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def signed_up(ann):
    ann.password = make_password(PASSWORD)
    ann.save()
    EmailAddress.objects.create(user=ann, email=ann.email, verified=True, primary=True)
    return ann


def sign_in(client, password=PASSWORD, email="ann@example.test"):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_the_right_password_signs_in(client, signed_up):
    assert sign_in(client).url == "/projects/"


def test_a_wrong_password_and_a_wrong_address_look_the_same(client, signed_up):
    wrong = sign_in(client, "wrong password").content.decode()
    nobody = sign_in(client, email="nobody@example.test").content.decode()
    text = "not correct"
    assert text in wrong and text in nobody


def test_too_many_failures_say_how_long_to_wait_beside_the_form(client, signed_up):
    for _try in range(5):
        sign_in(client, "wrong password")
    answer = sign_in(client)
    page = answer.content.decode()
    assert "Try again in 5 minutes." in page and 'name="password"' in page
    assert client.get("/account/").status_code == 302, "the right password does not get around it"


def test_even_the_outer_limit_shows_the_form(client, signed_up):
    answers = [sign_in(client, "wrong password", f"x{number}@example.test") for number in range(31)]
    assert answers[-1].status_code == 429
    page = answers[-1].content.decode()
    assert 'name="password"' in page and "Try again in 1 minute." in page


def test_a_forgotten_password_is_reset_by_mail(client, signed_up):
    client.post("/accounts/password/reset/", {"email": "ann@example.test"})
    assert "/accounts/password/reset/key/" in mail.outbox[0].body


def test_a_stranger_is_sent_no_mail(client, signed_up):
    answer = client.post("/accounts/password/reset/", {"email": "nobody@example.test"})
    assert answer.status_code == 302 and mail.outbox == []


def test_sign_out_ends_the_session(client, signed_up):
    sign_in(client)
    client.post("/accounts/logout/")
    assert client.get("/account/").status_code == 302


def test_the_profile_is_kept_and_the_theme_goes_into_its_cookie(client, ann):
    client.force_login(ann)
    data = {"first_name": "Ann", "language": "fr", "theme": "dark", "timezone": "Europe/Paris"}
    answer = client.post("/account/", data)
    assert answer.url == "/account/" and answer.cookies["theme"].value == "dark"
    ann.refresh_from_db()
    assert (ann.first_name, ann.language, ann.theme, ann.timezone) == ("Ann", "fr", "dark", "Europe/Paris")
    assert ann.shortcuts is False, "an unticked box"
    assert b'data-shortcuts="off"' in client.get("/account/").content


def test_a_made_up_language_or_zone_is_refused(client, ann):
    client.force_login(ann)
    answer = client.post("/account/", {"language": "tlh", "timezone": "Mars/Olympus"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "path",
    ["email/", "password/change/", "2fa/", "2fa/webauthn/", "sessions/", "reauthenticate/", "logout/"],
)
def test_allauths_pages_wear_our_frame(client, signed_up, path):
    sign_in(client)
    page = client.get(f"/accounts/{path}").content.decode()
    assert "css/tokens.css" in page and "<h1" in page


def test_a_second_factor_is_only_added_right_after_signing_in(client, signed_up):
    client.force_login(signed_up)
    assert "reauthenticate" in client.get("/accounts/2fa/totp/activate/").url


def test_passkeys_may_be_added_after_the_password_was_asked_again(client, signed_up):
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/webauthn/add/").content.decode()
    assert "mfa/js/webauthn.js" in page and "creation_options" in page


def test_passwords_are_hashed_with_argon2_in_19_mebibytes():
    from actionstudio.apps.accounts.hashers import SmallArgon2

    assert SmallArgon2().encode("correct horse", "saltsaltsalt").startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
