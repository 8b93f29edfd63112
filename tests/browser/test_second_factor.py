"""A second factor from end to end: an authenticator app, recovery codes, a passkey, each page under axe and the CSP."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.browser import kit
from tests.browser.test_pages import RUN

PASSWORD = "correct horse battery"


@pytest.fixture
def page(window, studio, request):
    """Somebody with a password, not signed in."""
    opened = window("")
    opened.somebody = studio.user(f"u{abs(hash(request.node.name))}", PASSWORD)
    opened.said = []
    opened.on("console", lambda message: opened.said.append(message.text) if message.type == "error" else None)
    return opened


def look(page):
    """Nothing for axe, nothing blocked, on the page that is open."""
    page.evaluate(kit.AXE.read_text())
    assert page.evaluate(RUN) == []
    assert [text for text in page.said if "status of 4" not in text] == []


def sign_in(page):
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(f"{page.somebody}@example.test")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def confirm(page):
    """Types the password once more where the page asks for it."""
    if "/reauthenticate/" in page.url:
        look(page)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()


def test_an_authenticator_app_guards_the_sign_in(page):
    sign_in(page)
    page.goto("/accounts/2fa/totp/activate/")
    confirm(page)
    look(page)
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("input[name=code]").fill(code(secret))
    page.get_by_role("button", name="Activate").click()
    page.get_by_role("heading", level=1).wait_for()
    for path in ("/accounts/2fa/", "/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/generate/"):
        page.goto(path)
        confirm(page)
        look(page)
    page.goto("/accounts/2fa/recovery-codes/")
    recovery = page.locator("textarea").input_value().split()[0]
    page.get_by_role("button", name="Sign out").click()
    sign_in(page)
    page.wait_for_url("**/2fa/authenticate/**")
    look(page)
    page.locator("input[name=code]").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_text("Incorrect code").wait_for()
    page.locator("input[name=code]").fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/projects/")


def test_a_passkey_signs_in_without_a_password(page):
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page)
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page)
    look(page)
    page.locator("input[name=name]").fill("Laptop")
    page.locator("input[name=passwordless]").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(lambda url: "/add/" not in url)
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_text("Laptop").wait_for()
    look(page)
    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/projects/")
