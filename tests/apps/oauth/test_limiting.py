"""A limit holds for all who count with it, ends with its window, and keeps few rows and no names."""

import threading

import pytest
from django.db import connection

from actionstudio.apps.oauth import limiting
from actionstudio.apps.oauth.models import Attempt


@pytest.fixture
def clock(monkeypatch):
    now = [1_000_000.0]
    monkeypatch.setattr(limiting.time, "time", lambda: now[0])
    return now


pytestmark = pytest.mark.django_db


def test_so_many_tries_and_then_the_time_that_is_left(clock):
    assert [limiting.allowed("login:ann", 3, 60) for _ in range(3)] == [0, 0, 0]
    clock[0] += 20
    assert limiting.allowed("login:ann", 3, 60) == 40
    assert limiting.allowed("login:bob", 3, 60) == 0


def test_the_window_ends_and_another_begins(clock):
    for _ in range(3):
        limiting.allowed("login:ann", 3, 60)
    clock[0] += 60
    assert [limiting.allowed("login:ann", 3, 60) for _ in range(4)] == [0, 0, 0, 60]


def test_who_was_right_has_all_tries_again(clock):
    for _ in range(3):
        limiting.allowed("login:ann", 3, 60)
    limiting.forgive("login:ann")
    assert limiting.allowed("login:ann", 3, 60) == 0


def test_a_try_can_be_given_back(clock):
    for _ in range(3):
        limiting.allowed("login:ann", 3, 60)
    limiting.give_back("login:ann")
    assert [limiting.allowed("login:ann", 3, 60) for _ in range(2)] == [0, 60]
    limiting.give_back("login:nobody")
    assert not Attempt.objects.filter(name__contains="nobody").exists()


def test_a_row_does_not_tell_who(clock):
    limiting.allowed("login:7:ann@example.test", 3, 60)
    assert [row.name.partition(":")[0] for row in Attempt.objects.all()] == ["login"]
    assert not Attempt.objects.filter(name__contains="ann").exists()


@pytest.mark.parametrize("seconds", [0, -1, 86_401])
def test_a_window_is_a_day_at_most(seconds):
    with pytest.raises(ValueError, match="1 to 86400"):
        limiting.allowed("login:ann", 3, seconds)


def test_windows_that_are_over_are_removed_and_the_oldest_of_too_many(clock, monkeypatch):
    monkeypatch.setattr(limiting, "MOST_ROWS", 5)
    limiting.allowed("old:1", 1, 60)
    clock[0] += limiting.LONGEST + 1
    for n in range(8):
        clock[0] += 1
        limiting.allowed(f"new:{n}", 1, 60)
    limiting.sweep(clock[0])
    assert Attempt.objects.count() == 5
    assert limiting.allowed("new:7", 1, 60) > 0, "the newest ones are still counted"


def test_a_flood_of_one_kind_washes_no_other_away(clock, monkeypatch):
    monkeypatch.setattr(limiting, "MOST_ROWS", 5)
    limiting.allowed("register:1", 1, 600)
    for n in range(20):
        clock[0] += 1
        limiting.allowed(f"signup-ip:{n}", 1, 600)
    limiting.sweep(clock[0])
    assert Attempt.objects.filter(name__startswith="signup-ip:").count() == 5
    assert limiting.allowed("register:1", 1, 600) > 0


@pytest.mark.parametrize("kind", sorted(limiting.GUARDS))
def test_what_guards_passwords_and_secrets_stays_until_its_window_is_over(clock, monkeypatch, kind):
    monkeypatch.setattr(limiting, "MOST_ROWS", 5)
    for n in range(8):
        clock[0] += 1
        limiting.allowed(f"{kind}:{n}", 1, 60)
    limiting.sweep(clock[0])
    assert limiting.allowed(f"{kind}:0", 1, 60) > 0
    limiting.sweep(clock[0] + 60)
    assert not Attempt.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("sqlite_file")
def test_of_many_at_once_exactly_so_many_get_through():
    got, start = [], threading.Barrier(8)

    def try_it():
        start.wait()
        try:
            got.extend(limiting.allowed("login:ann", 10, 60) for _ in range(4))
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 32 and got.count(0) == 10
