"""What a request to the provider asks the database: little, and the same however many clients and tokens there are."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from actionstudio.apps.oauth.address.token import token
from tests.apps.oauth import flows
from tests.apps.oauth.entering import shop

pytestmark = pytest.mark.django_db


def counted(project, deed) -> int:
    """The queries of a deed at the project's address, without those that make savepoints."""
    with (
        flows.at(project) as request_to,
        CaptureQueriesContext(
            connection,
        ) as caught,
    ):
        deed(request_to)
    return len([one for one in caught if "SAVEPOINT" not in one["sql"]])


def asking(**sent):
    """A token request, as a deed."""

    def deed(_request_to):
        body = urlencode(sent)
        response = token(RequestFactory().post("/oauth/token", body, content_type=flows.FORM))
        assert response.status_code == 200, response.content

    return deed


def costs(project, gpt, machine) -> dict[str, int]:
    person = flows.person(project)
    own = {"client_id": gpt.id, "client_secret": gpt.secret}
    text = flows.signed_in(project, gpt, person)["refresh_token"]
    code = flows.allowed(project, gpt, person)["code"]
    refresh = asking(grant_type="refresh_token", refresh_token=text, **own)
    alone = {"client_id": machine.id, "client_secret": machine.secret}
    return {
        "code": counted(
            project, asking(grant_type="authorization_code", code=code, redirect_uri=flows.CALLBACK, **own)
        ),
        "refresh": counted(project, refresh),
        "refresh again": counted(project, refresh),
        "client": counted(project, asking(grant_type="client_credentials", **alone)),
    }


def test_they_are_few_and_as_many_for_twenty_as_for_one():
    project = shop()
    gpt, machine = flows.client(project), flows.client(project, grants=["client_credentials"])
    costs(project, gpt, machine)  # notes of when something was used last are made once a minute
    first = costs(project, gpt, machine)
    for _ in range(20):
        flows.signed_in(project, gpt)
        flows.client(project)
    assert costs(project, gpt, machine) == first
    assert first == {"code": 8, "refresh": 7, "refresh again": 6, "client": 4}
