"""Repeated work belongs to one process at a time."""

import datetime

import pytest
from django.db import IntegrityError
from django.utils import timezone

from actionstudio.apps.projects import leases
from actionstudio.apps.projects.models import Lease

pytestmark = pytest.mark.django_db


def test_one_of_two_processes_gets_the_lease_and_keeps_it():
    assert leases.hold("index", holder="a")
    assert not leases.hold("index", holder="b")
    assert leases.hold("index", holder="a")
    assert leases.hold("other work", holder="b")


def test_the_lease_of_a_process_that_died_is_taken_over_once():
    leases.hold("index", holder="a")
    Lease.objects.update(until=timezone.now() - datetime.timedelta(seconds=1))
    assert leases.hold("index", holder="b")
    assert not leases.hold("index", holder="a")


def test_a_lease_given_back_is_free_at_once():
    leases.hold("index", holder="a")
    leases.release("index", holder="b")
    assert not leases.hold("index", holder="b")
    leases.release("index", holder="a")
    assert leases.hold("index", holder="b")


def test_a_lease_that_another_took_and_gave_back_in_one_moment_is_not_ours_and_no_error(monkeypatch):
    def too_late(*_args, **_kwargs):
        raise IntegrityError("duplicate key")

    monkeypatch.setattr(Lease, "save", too_late)
    assert not leases.hold("index", holder="a")
