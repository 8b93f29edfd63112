"""Without a mail server mail is printed to the terminal, and the pages say so."""

import io

from django.core.mail import EmailMessage

from actionstudio import settings as front
from actionstudio.apps.accounts.terminal import EmailBackend

LINK = "http://localhost:8000/accounts/password/reset/key/" + "a1-b2" * 20 + "/"


def printed(body: str) -> str:
    stream = io.StringIO()
    message = EmailMessage("Réinitialiser", body, "studio@localhost", ["ann@example.test"])
    assert EmailBackend(stream=stream).send_messages([message]) == 1
    return stream.getvalue()


def test_a_link_is_printed_on_one_line_that_can_be_clicked():
    text = printed(f"Bonjour, voilà le lien :\n\n{LINK}\n")
    assert LINK in text.splitlines() and "voilà" in text
    assert "Mail to ann@example.test: Réinitialiser" in text


def test_what_somebody_wrote_does_not_steer_the_terminal():
    assert "\x1b" not in printed("Hello \x1b[2J\x1b]0;owned\x07")


def test_without_a_mail_server_the_terminal_is_the_mailer():
    assert front._mailer("")["BACKEND"] == f"{EmailBackend.__module__}.EmailBackend"


def test_a_forgotten_password_says_where_the_link_is(client, ann, settings):
    settings.STUDIO_SENDS_MAIL = False
    page = client.get("/accounts/password/reset/done/").content.decode()
    assert "in the terminal" in page and "on its way" not in page
    settings.STUDIO_SENDS_MAIL = True
    page = client.get("/accounts/password/reset/done/").content.decode()
    assert "on its way" in page and "terminal" not in page
