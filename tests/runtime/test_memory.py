"""The store that forgets keeps the promises of the others."""

import threading

import pytest

from actionstudio.runtime.memory import MemoryStore
from tests.runtime.promises import Clock, Promises


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(clock):
    return MemoryStore(clock)


class TestMemory(Promises):
    pass


def test_a_switch_lets_so_many_calls_be_claimed(store):
    store.switches[3] = 2
    assert [store.claim(3) for _ in range(3)] == [True, True, False]


def test_nobody_else_changes_anything_while_a_transaction_has(store):
    order = []
    other = threading.Thread(target=lambda: order.append(store.count(7, "a")))
    with store.transaction():
        store.count(7, "a")
        other.start()
        other.join(0.05)
        order.append("inside")
    other.join(5)
    assert order == ["inside", 2]
