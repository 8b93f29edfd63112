"""A call to the provider's paths reaches Django without the studio's middleware, and is logged as a sign-in."""

import pytest
from django.db import connection, transaction
from django.urls import reverse

from actionstudio.core.auth import NoAuth, OAuth, Scope
from actionstudio.core.call import Call
from actionstudio.runtime.app import frontdoor
from tests import make

pytestmark = pytest.mark.django_db

ORDERS = OAuth((Scope("orders:read", "Read your orders"),))


def test_only_where_people_sign_in(settings):
    make.project("shop", value=make.contract(auth=ORDERS))
    make.project("open", value=make.contract(auth=NoAuth()))
    ours = frontdoor().call_blocking("shop", Call("GET", "/oauth/no-such-page"))
    theirs = frontdoor().call_blocking("open", Call("GET", "/oauth/no-such-page"))
    assert (ours.record.kind, theirs.record.kind) == ("oauth", "refused")
    assert ours.reply.status == theirs.reply.status == 404


def test_a_page_of_the_studio_that_calls_an_address_makes_its_own_urls_afterwards():
    make.project("shop", value=make.contract(auth=ORDERS))
    before = reverse("projects:list")
    frontdoor().call_blocking("shop", Call("GET", "/oauth/login"))
    assert reverse("projects:list") == before


def test_an_operation_whose_name_begins_like_a_page_of_the_provider_is_answered():
    operations = [make.operation("GET", path) for path in ("/connected-devices", "/connected/devices")]
    make.project("shop", value=make.contract(*operations, auth=ORDERS))
    kinds = [
        frontdoor().call_blocking("shop", Call("GET", path)).record.operation_id
        for path in ("/connected-devices", "/connected/devices", "/connected", "/connected/")
    ]
    assert kinds == ["getConnectedDevices", "getConnectedDevices", "", ""]


def test_an_answer_leaves_the_callers_transaction_as_it_is_and_a_file_open():
    make.project("shop", value=make.contract(auth=ORDERS))
    with transaction.atomic():
        before = connection.connection
        frontdoor().call_blocking("shop", Call("POST", "/oauth/token"))
        assert connection.connection is before and connection.is_usable()
