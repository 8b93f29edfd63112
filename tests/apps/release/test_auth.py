"""The authentication page: kind of sign-in, keys shown once, open operations."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from actionstudio.apps.design import load
from actionstudio.apps.publishing.models import Key
from actionstudio.apps.publishing.source import DatabaseSource
from actionstudio.apps.release import credentials
from actionstudio.core.auth import ApiKey, Declared, NoAuth, OAuth, ServiceHttp, UserHttp
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make.project()


@pytest.fixture
def page(client, project):
    client.force_login(project.owner)
    return Page(client, reverse("release:auth", args=[project.slug]))


class Page:
    def __init__(self, client, url):
        self.client, self.url = client, url

    def get(self):
        return self.client.get(self.url)

    def do(self, deed, **data):
        return self.client.post(self.url, {"deed": deed, **data})

    def minted(self, **data):
        """The page that shows the new key."""
        self.do("mint", **data)
        return self.get()


def test_eve_sees_nothing(client, eve, project):
    client.force_login(eve)
    assert client.get(reverse("release:auth", args=[project.slug])).status_code == 404


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ({"kind": "none"}, NoAuth()),
        ({"kind": "bearer"}, ApiKey("bearer")),
        ({"kind": "basic"}, ApiKey("basic")),
        ({"kind": "header", "header": "X-Secret"}, ApiKey("header", "X-Secret")),
        ({"kind": "service", "verification_tokens": "openai: abc\n"}, ServiceHttp("bearer", {"openai": "abc"})),
        ({"kind": "service", "authorization_type": "basic"}, ServiceHttp("basic")),
        ({"kind": "declared"}, Declared()),
        ({"kind": "oauth"}, OAuth()),
        ({"kind": "user"}, UserHttp()),
        ({"kind": "user", "user_type": "basic", "user_tokens": "openai: abc"}, UserHttp("basic", {"openai": "abc"})),
        (
            {
                "kind": "oauth",
                "provider": "ours",
                "authorization_url": "https://left.over.example/a",
                "token_exchange": "basic_auth_header",
                "content_type": "application/json",
                "oauth_tokens": "openai: abc",
            },
            OAuth(
                token_exchange="basic_auth_header",
                content_type="application/json",
                verification_tokens={"openai": "abc"},
            ),
        ),
        (
            {
                "kind": "oauth",
                "provider": "own",
                "authorization_url": " https://login.example.com/a ",
                "token_url": "http://localhost:9000/t",
            },
            OAuth((), "https://login.example.com/a", "http://localhost:9000/t"),
        ),
    ],
)
def test_each_kind_is_kept_as_its_value(page, project, data, value):
    page.do("kind", **{"kind": "bearer"} if data["kind"] == "none" else {"kind": "none"})
    assert page.do("kind", **data).status_code == 302
    assert load.contract(project).auth == value
    assert page.get().status_code == 200


@pytest.mark.parametrize("name", ["X Key", "Clé", "a:b", "Host", "content-length"])
def test_a_header_that_cannot_carry_a_key_is_refused(page, project, name):
    answer = page.do("kind", kind="header", header=name)
    assert answer.status_code == 422
    assert name in answer.text
    assert load.contract(project).auth == NoAuth()


def test_an_unknown_kind_is_refused(page):
    assert page.do("kind", kind="saml").status_code == 422


def test_a_verification_token_needs_a_service(page):
    assert "Line 2" in page.do("kind", kind="service", verification_tokens="a: b\nrubbish").text


def test_choosing_a_kind_keeps_the_scheme_name_of_the_document(page, project):
    credentials.choose(project, ApiKey("bearer", scheme_name="myKey"), project.owner)
    page.do("kind", kind="basic")
    assert load.contract(project).auth == ApiKey("basic", scheme_name="myKey")


def test_no_table_holds_the_text_of_a_key_between_issuing_and_showing_it(page, project):
    page.do("mint", name="My GPT", text="my-own-secret")
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert kept and "my-own-secret" not in str(kept)
    assert "my-own-secret" in page.get().text


def test_a_minted_key_is_shown_once_and_works_at_once(page, project):
    assert page.do("mint", name="My GPT").status_code == 302  # reloading what follows issues nothing
    answer = page.get()
    text = answer.context["minted_text"]
    assert text.startswith("ask_")
    assert text in answer.text
    assert answer["Cache-Control"] == "no-store"
    again = page.get()
    assert text not in again.text
    assert f"••••{text[-4:]}" in again.text
    assert [key.name for key in DatabaseSource().load(project.slug).keys] == ["My GPT"]


def test_a_key_is_not_shown_with_another_project(page, client, project):
    page.do("mint", name="My GPT", text="my-own-secret")
    other = make.project("other")
    assert "my-own-secret" not in client.get(reverse("release:auth", args=[other.slug])).text
    assert "my-own-secret" in page.get().text


def test_a_key_may_be_typed(page):
    assert "my-own-secret" in page.minted(name="typed", text="my-own-secret").text
    assert Key.objects.get().last4 == "cret"


def test_basic_offers_the_encoded_text(page):
    page.do("kind", kind="basic")
    assert "dXNlcjpwYXNzd29yZA==" in page.minted(name="k", text="user:password").text
    coded = page.minted(name="k2", text="user:password2", encode="on")
    assert coded.context["minted_text"] == "dXNlcjpwYXNzd29yZDI="


@pytest.mark.parametrize("text", ["short", "with blank at end ", "schlüssel-schlüssel", "new\nline-in-key", "\x00" * 9])
def test_a_key_that_cannot_travel_is_refused(page, text):
    assert page.do("mint", name="k", text=text).status_code == 422
    assert not Key.objects.exists()


def test_two_living_keys_never_share_name_or_text(page):
    page.do("mint", name="k", text="the-same-text")
    assert page.do("mint", name="k").status_code == 422
    assert page.do("mint", name="other", text="the-same-text").status_code == 422
    assert Key.objects.count() == 1


def test_a_revoked_key_is_gone_from_the_data_plane_and_stays_in_the_list(page, project):
    page.do("mint", name="k")
    before = project.addresses.get().version
    page.do("revoke", key=Key.objects.get().pk)
    assert DatabaseSource().load(project.slug).keys == ()
    assert project.addresses.get().version > before
    assert "revoked" in page.get().text


@pytest.mark.parametrize("pk", ["", "x", "999999", "9" * 40])
def test_revoking_what_is_not_there_says_so(page, pk):
    assert page.do("revoke", key=pk).status_code == 302


def test_a_key_of_another_project_cannot_be_revoked(page):
    key, _text = Key.mint(make.project("other", make.user("bob")), "bobs")
    page.do("revoke", key=key.pk)
    key.refresh_from_db()
    assert key.revoked is None


def test_operations_can_be_opened_and_closed(page, project):
    row = project.operations.get()
    page.do("open", open=[row.pk])
    assert load.contract(project).operations[0].security == ()
    page.do("open")
    assert load.contract(project).operations[0].security is None


def test_chatgpt_is_told_the_header_name(page):
    page.do("kind", kind="header", header="X-Todo-Key")
    text = page.get().text
    assert "Custom Header Name" in text
    assert 'data-copy="X-Todo-Key"' in text
