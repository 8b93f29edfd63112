"""What a token is worth, told to the clients of its own project only."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actionstudio.apps.oauth.models import AccessToken, Client, EndUser, RefreshToken
from tests.apps.oauth import flows
from tests.apps.oauth.entering import BELOW_LIVE, ask, shop

pytestmark = pytest.mark.django_db
PATH = "/oauth/introspect"
INACTIVE = {"active": False}


@pytest.fixture
def project():
    return shop()


def told(project, who, token, **more):
    sent = {"client_id": who.id, "client_secret": who.secret, "token": token} | more
    return ask(project, "POST", PATH, form={name: value for name, value in sent.items() if value is not None})


def test_an_access_token_is_told_whole(project):
    gpt, user = flows.client(project), flows.person(project, "alice")
    answer = flows.signed_in(project, gpt, user, scope="orders:read")
    said = told(project, gpt, answer["access_token"])
    row = AccessToken.objects.get()
    assert said.json == {
        "active": True,
        "iss": "http://shop.live.localhost:8000",
        "sub": str(user.sub),
        "aud": ["http://shop.live.localhost:8000"],
        "scope": "orders:read",
        "client_id": gpt.id,
        "username": "alice",
        "token_type": "Bearer",
        "iat": int(row.created.timestamp()),
        "exp": int(row.expires.timestamp()),
    }
    assert said.headers["cache-control"] == "no-store"


def test_the_audience_is_what_it_was_issued_for(project):
    resource = "http://shop.live.localhost:8000/mcp"
    gpt = flows.client(project)
    answer = flows.signed_in(project, gpt, resource=resource)
    assert told(project, gpt, answer["access_token"]).json["aud"] == [resource]


def test_a_refresh_token_is_told_until_it_is_used(project):
    gpt = flows.client(project)
    text = flows.signed_in(project, gpt)["refresh_token"]
    said = told(project, gpt, text).json
    assert said["active"] and said["token_type"] == "refresh_token" and "exp" not in said
    flows.refresh(project, gpt, text)
    assert told(project, gpt, text).json == INACTIVE


def test_a_client_that_acts_for_itself_is_its_own_subject(project):
    machine = flows.client(project, grants=["client_credentials"])
    _status, answer = flows.token(project, machine, grant_type="client_credentials")
    said = told(project, machine, answer["access_token"]).json
    assert said["sub"] == said["client_id"] == machine.id
    assert "username" not in said


def test_another_client_of_the_project_is_told_as_well(project):
    answer = flows.signed_in(project, flows.client(project))
    backend = flows.client(project, token_method="client_secret_basic", grants=["client_credentials"])
    said = ask(
        project, "POST", PATH, form={"token": answer["access_token"]}, **dict([flows.basic(backend)]), base=BELOW_LIVE
    )
    assert said.json["active"] is True


def test_of_another_projects_token_nobody_learns_anything(project):
    theirs = shop("theirs")
    answer = flows.signed_in(theirs, flows.client(theirs))
    mine = flows.client(project)
    for name in ("access_token", "refresh_token"):
        assert told(project, mine, answer[name]).json == INACTIVE


def test_a_client_of_another_project_is_no_client(project):
    gpt = flows.client(project)
    answer = flows.signed_in(project, gpt)
    said = told(project, flows.client(shop("theirs")), answer["access_token"])
    assert (said.status, said.json["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "ended",
    [
        lambda: AccessToken.objects.update(revoked="2026-01-01T00:00:00Z"),
        lambda: AccessToken.objects.update(expires="2026-01-01T00:00:00Z"),
        lambda: EndUser.objects.update(is_active=False),
        lambda: Client.objects.exclude(name="backend").update(enabled=False),
        lambda: Client.objects.exclude(name="backend").update(lapses="2026-01-01T00:00:00Z"),
    ],
)
def test_what_ends_access_makes_it_inactive(project, ended):
    answer = flows.signed_in(project, flows.client(project))
    backend = flows.client(project, name="backend")
    ended()
    assert told(project, backend, answer["access_token"]).json == INACTIVE


def test_an_id_token_is_not_active(project):
    gpt = flows.client(project)
    answer = flows.signed_in(project, gpt, scope="openid")
    assert told(project, gpt, answer["id_token"]).json == INACTIVE


@pytest.mark.parametrize("token", ["ey.ey.ey", "x", "ä", "asat_" + "x" * 5000])
def test_junk_is_not_active(project, token):
    assert told(project, flows.client(project), token).json == INACTIVE


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"client_secret": None}, 401),
        ({"client_secret": flows.wrong_secret()}, 401),
        ({"client_id": "asc_nobody"}, 401),
        ({"client_id": None, "client_secret": None}, 400),
        ({"token": None}, 400),
        ({"token": "a\0b"}, 400),
    ],
)
def test_who_does_not_prove_who_it_is_is_told_nothing(project, more, status):
    gpt = flows.client(project)
    text = flows.signed_in(project, gpt)["access_token"]
    said = told(project, gpt, **{"token": text, **more})
    assert said.status == status
    assert set(said.json) == {"error", "error_description"}


def test_a_public_client_may_not_ask(project):
    public = flows.client(project, token_method="none", pkce="off")
    said = told(project, public, flows.signed_in(project, public)["access_token"], client_secret=None)
    assert (said.status, said.json["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_it_is_asked_by_post_alone(project, method):
    gpt = flows.client(project)
    text = flows.signed_in(project, gpt)["access_token"]
    said = ask(project, method, f"{PATH}?token={text}", **dict([flows.basic(gpt)]))
    assert (said.status, said.headers["allow"]) == (405, "POST")
    assert "active" not in said.json
    assert told(project, gpt, None).status == 400


def test_a_token_in_the_url_is_refused(project):
    gpt = flows.client(project)
    text = flows.signed_in(project, gpt)["access_token"]
    sent = {"client_id": gpt.id, "client_secret": gpt.secret, "token": text}
    assert ask(project, "POST", f"{PATH}?token={text}", form=sent).status == 400


def test_a_refresh_token_that_was_not_used_for_too_long_is_not_active(project):
    gpt = flows.client(project)
    text = flows.signed_in(project, gpt)["refresh_token"]
    assert told(project, gpt, text).json["active"] is True
    RefreshToken.objects.update(created=timezone.now() - timedelta(days=31))
    assert told(project, gpt, text).json == INACTIVE


def test_a_client_that_registered_itself_is_told_about_its_own_tokens_alone(project):
    """Anybody can register one."""
    gpt = flows.client(project)
    stranger = flows.client(project, registration_source=Client.RegistrationSource.DCR)
    for name in ("access_token", "refresh_token"):
        assert told(project, stranger, flows.signed_in(project, gpt)[name]).json == INACTIVE
        assert told(project, stranger, flows.signed_in(project, stranger)[name]).json["active"] is True
        assert told(project, gpt, flows.signed_in(project, stranger)[name]).json["active"] is True
