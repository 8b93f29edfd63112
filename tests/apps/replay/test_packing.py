"""A run's replays are kept small, and read like any other."""

import base64
import json

import pytest
from django.db import connection

from actionstudio.apps.replay.models import Item, Replay, Run
from tests import make

pytestmark = pytest.mark.django_db


def reply(body: bytes, status: int = 200) -> dict:
    return {"status": status, "headers": [["content-type", "application/json"]], "body": coded(body), "size": len(body)}


def coded(body: bytes) -> str:
    return base64.b64encode(body).decode()


@pytest.fixture
def run(ann):
    return Run.objects.create(project=make.project("shop", ann), total=1)


def kept(run, **fields) -> Replay:
    call = {"method": "POST", "path": "/items", "query": "", "headers": [], "body": coded(b'{"n": 1}')}
    return Replay.objects.create(project=run.project, run=run, exchange_id=1, **{"call": call, **fields})


def test_a_packed_replay_is_read_as_it_was_written(run):
    row = kept(run, before=reply(b'{"a": 1}'), after=reply(b"\x00\xff", 500), again=reply(b""))
    assert row.before["body"] == coded(b'{"a": 1}')
    read = Replay.objects.get(pk=row.pk)
    assert (read.call, read.before, read.after, read.again) == (row.call, row.before, row.after, row.again)


def test_one_that_got_no_answer_has_none_when_it_is_read(run):
    read = Replay.objects.get(pk=kept(run, before=reply(b"x"), error="gone").pk)
    assert (read.after, read.again, read.before["body"]) == ({}, None, coded(b"x"))


def test_what_came_back_unchanged_is_kept_once_and_compressed(run):
    answer = json.dumps([{"id": n, "name": f"Item number {n}"} for n in range(2000)]).encode()
    row = kept(run, before=reply(answer), after=reply(answer))
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(packed), length(CAST(before AS text)) FROM replay_replay WHERE id = %s", [row.pk])
        packed, before = cursor.fetchone()
    assert packed < len(answer) / 5
    assert before <= len("{}")


def test_lists_leave_the_bodies_in_the_database_and_know_the_call(run):
    pk = kept(run, before=reply(b"x"), after=reply(b"x")).pk
    row = Replay.objects.defer("before", "after", "again", "packed").get(pk=pk)
    assert (row.call["method"], row.call["path"], row.call["body"]) == ("POST", "/items", "")


def test_a_single_replay_is_kept_as_before(run):
    row = Replay.objects.create(project=run.project, exchange_id=1, before=reply(b"x"), after=reply(b"y"))
    read = Replay.objects.get(pk=row.pk)
    assert (read.packed, read.after["body"]) == (None, coded(b"y"))


def test_a_run_that_is_deleted_takes_its_calls_and_replays_along(run):
    Item.objects.create(run=run, n=1, exchange_id=1, method="GET", path="/", replay=kept(run, before=reply(b"x")))
    run.delete()
    assert not Replay.objects.exists() and not Item.objects.exists()
