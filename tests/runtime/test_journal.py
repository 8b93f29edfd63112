"""The log's writer: one write a turn, answers only after it, nothing dropped."""

import asyncio
import threading
import time

import pytest

from actionstudio.runtime.journal import Ids, Journal
from tests.runtime.house import Kept


class Slow(Kept):
    """A sink for the writer's thread."""

    inline = False

    def write(self, records):
        time.sleep(0.02)
        super().write(records)


class Broken(Kept):
    def write(self, records):
        raise OSError("disk full")


def run(sink, deed):
    async def main():
        journal = Journal(sink)
        journal.start(asyncio.get_running_loop())
        result = await deed(journal)
        await journal.stop()
        return result, journal

    return asyncio.run(main())


def test_the_records_of_one_turn_are_written_together():
    async def deed(journal):
        await asyncio.gather(*[journal.add(number) for number in range(50)])

    sink = Kept()
    run(sink, deed)
    assert (sink.records, sink.writes) == (list(range(50)), [50])


def test_a_slow_sink_gathers_what_comes_meanwhile_and_loses_nothing():
    async def one(journal, number):
        await asyncio.sleep(number / 1000)
        await journal.add(number)
        return number in journal._sink.records

    async def deed(journal):
        return await asyncio.gather(*[one(journal, number) for number in range(60)])

    sink = Slow()
    written, _ = run(sink, deed)
    assert all(written)
    assert sorted(sink.records) == list(range(60))
    assert len(sink.writes) < 20


def test_a_caller_that_goes_away_does_not_disturb_the_others():
    async def deed(journal):
        gone = asyncio.ensure_future(journal.add(1))
        stays = journal.add(2)
        gone.cancel()
        await asyncio.wait_for(stays, 1)

    sink = Kept()
    run(sink, deed)
    assert sink.records == [1, 2]


def test_when_the_log_fails_calls_are_answered_and_counted():
    async def deed(journal):
        await asyncio.wait_for(journal.add(1), 1)

    _, journal = run(Broken(), deed)
    assert journal.lost == 1


@pytest.mark.parametrize("sink", [Kept(), Slow()])
def test_threads_write_through_the_same_door(sink):
    async def deed(journal):
        await asyncio.to_thread(journal.write, 7)

    run(sink, deed)
    assert sink.records == [7]


def test_without_a_loop_the_record_is_written_at_once():
    sink = Kept()
    Journal(sink).write(3)
    assert sink.records == [3]


def test_ids_hold_the_time_and_never_repeat():
    clock = iter([5_000_000, 5_000_000, 4_000_000, 6_000_000]).__next__
    ids = Ids(3, clock)
    made = [ids.next() for _ in range(4)]
    assert made == sorted(set(made))
    assert [number >> 20 for number in made] == [5, 5, 5, 6]
    assert {(number >> 14) & 63 for number in made} == {3}


def test_more_calls_than_fit_a_millisecond_borrow_the_next():
    ids = Ids(63, lambda: 1_000_000)
    made = [ids.next() for _ in range(40_000)]
    assert len(set(made)) == 40_000 and {(number >> 14) & 63 for number in made} == {63}


def test_ids_of_threads_differ():
    ids, made = Ids(1), []
    threads = [threading.Thread(target=lambda: made.extend(ids.next() for _ in range(2000))) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(set(made)) == 8000
