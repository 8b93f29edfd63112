"""Addresses and their programs: fresh at once in this process, within FRESH elsewhere."""

import asyncio

from actionstudio.runtime import registry as module
from actionstudio.runtime.registry import FRESH, Registry, announce
from tests import make
from tests.runtime.house import Memory


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def made(contract=None):
    source, clock = Memory(contract or make.contract()), Clock()
    return source, clock, Registry(source, clock)


def run(deed):
    return asyncio.run(deed)


def test_a_fresh_seat_asks_nobody():
    source, _, registry = made()

    async def deed():
        first = await registry.program("todo")
        assert registry.fresh("todo") is first
        return source.asked

    assert run(deed()) == 1


def test_an_older_seat_asks_for_the_version_and_reloads_only_when_it_differs():
    source, clock, registry = made()

    async def deed():
        first = await registry.program("todo")
        clock.now += FRESH
        assert registry.fresh("todo") is None
        assert await registry.program("todo") is first
        source.save(make.contract(make.operation("GET", "/new")))
        clock.now += FRESH
        assert (await registry.program("todo")).hosted.version == 2

    run(deed())
    assert (source.asked, source.loaded) == (3, 2)


def test_a_seat_past_half_its_time_is_looked_at_beside_the_call():
    source, clock, registry = made()

    async def deed():
        await registry.program("todo")
        source.save(make.contract(make.operation("GET", "/new")))
        clock.now += FRESH * 0.6
        assert registry.fresh("todo").hosted.version == 1
        await asyncio.sleep(0.05)
        assert registry.fresh("todo").hosted.version == 2

    run(deed())


def test_what_changed_in_this_process_is_served_at_once():
    source, _, registry = made()

    async def deed():
        await registry.program("todo")
        source.save(make.contract(make.operation("GET", "/new")))
        announce(["todo", "unknown"])
        assert registry.fresh("todo") is None
        return (await registry.program("todo")).hosted.version

    assert run(deed()) == 2


def test_a_change_announced_while_the_old_one_is_being_read_is_not_missed():
    source, _, registry = made()
    load = source.load

    def changing(address, revision=None):
        hosted = load(address, revision)
        if source.loaded == 1:
            source.save(make.contract(make.operation("GET", "/new")))
            announce([address])
        return hosted

    source.load = changing
    assert run(registry.program("todo")).hosted.version == 2


def test_many_first_calls_load_once():
    source, _, registry = made()

    async def deed():
        await asyncio.gather(*[registry.program("todo") for _ in range(50)])

    run(deed())
    assert source.loaded == 1


def test_guesses_are_remembered_within_bounds_and_push_out_nothing(monkeypatch):
    monkeypatch.setattr(module, "UNKNOWN", 10)
    source, _, registry = made()

    async def deed():
        await registry.program("todo")
        for number in range(50):
            assert await registry.program(f"guess{number}") is None
        assert await registry.program("guess49") is None

    run(deed())
    assert source.asked == 51
    assert len(registry._absent) <= 11
    assert registry.fresh("todo") is not None


def test_an_address_that_appears_is_found_when_it_is_announced():
    source, _, registry = made()

    async def deed():
        assert await registry.program("shop") is None
        source.save(make.contract(), "shop")
        announce(["shop"])
        assert await registry.program("shop") is not None

    run(deed())


def test_the_longest_unused_seats_make_room(monkeypatch):
    monkeypatch.setattr(module, "SEATS", 2)
    source, clock, registry = made()
    for name in ("a", "b", "c"):
        source.save(make.contract(), name)
        registry.current(name)
    assert list(registry._seats) == ["b", "c"]


def test_another_revision_is_compiled_for_one_call():
    _, _, registry = made()
    assert registry.at("todo", 3).hosted.revision == 3
    assert registry.at("todo", 9) is None


def test_what_a_thread_of_its_own_asked_with_goes_back_after_each_look():
    source, clock, registry = made()

    async def deed():
        await registry.program("todo")
        clock.now += FRESH * 2
        await registry.program("todo")
        await registry.address_of_domain("api.example.com")

    run(deed())
    assert source.rested == 3
    registry.current("todo")
    assert source.rested == 3, "who asks in a thread of their own keeps what is theirs"
