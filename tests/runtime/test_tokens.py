"""Tokens are at hand for a quarter of a second, and what is revoked is obeyed within that time."""

import asyncio
import threading

import pytest

from actionstudio.runtime import tokens
from actionstudio.runtime.answers import Unmade
from actionstudio.runtime.ports import Token
from actionstudio.runtime.tokens import FRESH, Wallet

DIGEST = b"d" * 32


class Issuer:
    """runtime.ports.Tokens: one token, and how often it was asked for."""

    def __init__(self):
        self.token = Token(DIGEST, "ok", "sub-1")
        self.asked = 0
        self.seen = threading.Event()

    def find(self, project_id, digest):
        self.asked += 1
        self.seen.set()
        return self.token


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def issuer():
    return Issuer()


@pytest.fixture
def wallet(issuer, clock):
    made = Wallet(issuer, clock)
    yield made
    made.close()


def test_the_database_is_asked_once_while_a_token_is_fresh(wallet, issuer, clock):
    first = wallet.find(7, DIGEST)
    clock.now += FRESH / 4
    assert wallet.find(7, DIGEST) is first
    assert issuer.asked == 1


def test_after_a_quarter_of_a_second_it_is_asked_again_and_obeyed(wallet, issuer, clock):
    wallet.find(7, DIGEST)
    issuer.token = issuer.token._replace(state="revoked")
    clock.now += FRESH
    assert wallet.find(7, DIGEST).state == "revoked"


def test_a_token_in_use_is_looked_at_beside_the_calls(wallet, issuer, clock):
    first = wallet.find(7, DIGEST)
    issuer.seen.clear()
    clock.now += FRESH * 0.6
    assert wallet.find(7, DIGEST) is first
    assert issuer.seen.wait(5)
    wallet.close()
    clock.now += FRESH * 0.6
    assert wallet.find(7, DIGEST) is first
    assert issuer.asked == 2


def test_what_this_process_has_revoked_is_obeyed_at_once(wallet, issuer):
    wallet.find(7, DIGEST)
    issuer.token = None
    tokens.forget(8)
    assert wallet.find(7, DIGEST) is not None
    tokens.forget(7)
    assert wallet.find(7, DIGEST) is None


def test_what_is_revoked_while_the_database_answers_is_not_kept(wallet, issuer):
    def find(project_id, digest):
        tokens.forget(7)
        return issuer.token

    wallet._tokens = type("Slow", (), {"find": staticmethod(find)})
    wallet.find(7, DIGEST)
    wallet._tokens = issuer
    issuer.token = None
    assert wallet.find(7, DIGEST) is None


def test_the_event_loop_never_waits_for_the_database(wallet, issuer):
    async def look():
        with pytest.raises(Unmade):
            wallet.find(7, DIGEST)
        await asyncio.to_thread(wallet.find, 7, DIGEST)
        return wallet.find(7, DIGEST)

    assert asyncio.run(look()) is issuer.token


def test_junk_does_not_fill_the_memory(wallet, issuer, monkeypatch):
    monkeypatch.setattr(tokens, "KEPT", 10)
    issuer.token = None
    for number in range(50):
        wallet.find(7, number.to_bytes(32))
    assert len(wallet._held) == 10
