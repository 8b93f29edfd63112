"""A query whose SQL is kept says and does the same as one of the ORM, for whatever it is asked next."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actionstudio.apps.oauth.models import Attempt, Client, EndUser, Grant, RefreshToken
from actionstudio.apps.oauth.prepared import Change, Rows, Slot, insert
from tests.apps.oauth import flows
from tests.apps.oauth.entering import shop

pytestmark = pytest.mark.django_db
CODE = Rows(lambda: Grant.objects.select_related("user").filter(code=Slot("code"), expires__gt=Slot("now")).order_by())
CLIENTS = Rows(
    lambda: (
        Client.objects.filter(project_id=Slot("project")).order_by("pk").values_list("name", "created", "grants")[:10]
    )
)
USED = Change(lambda: Grant.objects.filter(pk=Slot("pk"), consumed=None), consumed=Slot("now"))


def grant(text: str, **fields) -> Grant:
    project = shop(f"shop-{uuid.uuid4().hex[:8]}")
    facts = {
        "user": flows.person(project),
        "application": flows.client(project).row,
        "code": text,
        "expires": timezone.now() + timedelta(minutes=1),
        "resource": ["https://a.example/ä"],
        "nonce": "n\"'%s",
        **fields,
    }
    return insert(Grant(**facts))


def fields(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_row_is_the_orms_with_those_beside_it(django_assert_num_queries):
    for text in ("one", "two"):
        kept = grant(text)
        with django_assert_num_queries(1):
            found = CODE.first(code=text, now=timezone.now())
            assert found.user == kept.user
        assert fields(found) == fields(Grant.objects.get(pk=kept.pk)) == fields(kept)
        assert not found._state.adding and not kept._state.adding
    assert CODE.first(code="three", now=timezone.now()) is None
    assert CODE.first(code="one", now=timezone.now() + timedelta(hours=1)) is None


def test_tuples_are_as_values_list_gives_them():
    projects = [shop("shop-a"), shop("shop-b")]
    for number, project in enumerate(projects):
        for name in range(number + 1):
            flows.client(project, name=f"{number}-{name}")
        rows = Client.objects.filter(project=project).order_by("pk").values_list("name", "created", "grants")
        assert CLIENTS.all(project=project.pk) == list(rows)
    assert CLIENTS.all(project=0) == []


def test_a_change_changes_what_its_query_finds_and_counts_it():
    kept, other, now = grant("one"), grant("two"), timezone.now()
    assert [USED.run(pk=kept.pk, now=now), USED.run(pk=kept.pk, now=timezone.now())] == [1, 0]
    assert Grant.objects.get(pk=kept.pk).consumed == now
    assert Grant.objects.get(pk=other.pk).consumed is None


def test_a_change_may_be_reckoned_by_the_database():
    more = Change(lambda: Attempt.objects.filter(name=Slot("name")), count=F("count") + Slot("more"))
    Attempt.objects.create(name="a", count=1)
    assert [more.run(name="a", more=2), more.run(name="a", more=3)] == [1, 1]
    assert Attempt.objects.get(name="a").count == 6


def test_its_sql_is_written_once():
    asked = []
    rows = Rows(lambda: asked.append(1) or EndUser.objects.filter(sub=Slot("sub")))
    person = flows.person(shop())
    with CaptureQueriesContext(connection) as caught:
        assert [rows.first(sub=person.sub), rows.first(sub=uuid.uuid4())] == [person, None]
    assert asked == [1]
    assert len(caught) == 2


def test_a_slot_left_empty_is_a_fault():
    with pytest.raises(KeyError):
        CODE.first(code="one")


def test_a_row_that_must_not_be_there_twice_is_refused_and_undone():
    kept = grant("one")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Grant(user=kept.user, application=kept.application, code="one", expires=timezone.now()))
    assert Grant.objects.count() == 1


def test_an_insert_keeps_what_save_keeps():
    kept = grant("one")
    facts = {"user": kept.user, "application": kept.application, "token": "", "scope": "a b", "resource": []}
    ours = insert(RefreshToken(token_checksum="1" * 64, token_family=kept.family, **facts))
    theirs = RefreshToken.objects.create(token_checksum="2" * 64, token_family=kept.family, **facts)
    differ = {"id", "token_checksum", "created", "updated"}
    found = [RefreshToken.objects.get(pk=one.pk) for one in (ours, theirs)]
    assert {name for name, value in fields(found[0]).items() if value != fields(found[1])[name]} == differ
    assert timezone.now() - found[0].created < timedelta(minutes=1)
