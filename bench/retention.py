"""How long calls wait while old ones are removed: a log of many calls, of which so many go, with a writer beside it.

    python bench/retention.py [rows] [remove] [sqlite|postgresql]

The log is that of bench/log_search.py. One thread writes a call every 2 ms, as the log's own writer does it, each in a
transaction of its own, and takes the time of each; meanwhile the calls older than a cutoff go, as the daily work does
it. Said is how long a step held the log, and how long a call took to be written, without and with it. "Beside"
removes from another process, as studio_prune does: there both wait for the file's own lock.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

worked: list[float] = []  # seconds of processor time of each step
EVERY = 0.002  # seconds between two calls
QUIET = 5.0  # seconds of writing alone, to compare


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=1_200_000)
    parser.add_argument("remove", nargs="?", type=int, default=1_000_000)
    parser.add_argument("database", nargs="?", default="sqlite")
    parser.add_argument("--beside", action="store_true", help="remove from another process")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="retention-"))
        os.environ |= {"STUDIO_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "actionstudio.settings"}
        os.environ.pop("DATABASE_URL", None)
        if options.database == "postgresql":
            from tests import postgres

            os.environ["DATABASE_URL"] = stack.enter_context(postgres.cluster())
        import django

        django.setup()
        measure(options)


def measure(options: Any) -> None:
    """Makes the log, writes alone, writes beside the removal, prints."""
    from django.core.management import call_command

    from bench import log_search

    for database in ("default", "log") if options.database == "sqlite" else ("default",):
        call_command("migrate", database=database, verbosity=0)
    log_search.fill_sqlite(options.rows) if options.database == "sqlite" else log_search.fill_postgresql(options.rows)
    quiet = Writer()
    quiet.run_for(QUIET)
    busy = Writer()
    busy.start()
    began = time.perf_counter()
    removed, held = beside(options.remove) if options.beside else remove(options.remove)
    spent = time.perf_counter() - began
    busy.stop()
    where = " from beside" if options.beside else ""
    print(f"{options.database}, {options.rows:,} calls, {removed:,} removed in {spent:.0f} s{where}")
    print(f"- {len(held):,} steps held the log {percentiles(held)} (50 % / 99 % / longest)")
    print(
        f"- and worked {percentiles(worked)} of that: the rest is other programs' time on a busy machine, and the disk"
    )
    print(f"- a call was written in {percentiles(quiet.times)} alone, in {percentiles(busy.times)} meanwhile")


def cutoff(count: int) -> int:
    """The id before which so many calls lie."""
    from actionstudio.apps.traffic import walking

    return walking.run("SELECT id FROM traffic_exchange ORDER BY id LIMIT 1 OFFSET %s", [count])[0][0]


def remove(count: int) -> tuple[int, list[float]]:
    """As the daily work does it; how many, and how long each step held the log."""
    from actionstudio.apps.traffic import erasing, storing

    held: list[float] = []

    class Watched(erasing.Pace):
        @contextlib.contextmanager
        def step(self) -> Iterator[None]:
            began = time.thread_time()
            with super().step():
                yield
            worked.append(time.thread_time() - began)

        def heed(self, took: float) -> None:
            held.append(took)
            super().heed(took)

    end = cutoff(count)
    return sum(erasing.erase_before(one, end, pace=Watched()) for one in storing.projects()), held


def beside(count: int) -> tuple[int, list[float]]:
    """From a process of its own, which has no writer."""
    file = Path(os.environ["STUDIO_DATA_DIR"]) / "beside.json"
    if os.fork() == 0:
        from django.db import connections

        from actionstudio.apps.traffic import sink

        connections.close_all()
        sink._here.clear()
        file.write_text(json.dumps([*remove(count), worked]))
        os._exit(0)
    os.wait()
    removed, held, worked[:] = json.loads(file.read_text())
    return removed, held


def percentiles(spent: list[float]) -> str:
    """Half of them, nearly all, the longest; in milliseconds."""
    found = sorted(spent)
    chosen = (found[len(found) // 2], found[int(len(found) * 0.99)], found[-1])
    return " / ".join(f"{one * 1000:.1f}" for one in chosen) + " ms"


class Writer:
    """Writes calls one by one and takes the time."""

    def __init__(self) -> None:
        from actionstudio.apps.traffic.sink import DatabaseSink
        from actionstudio.runtime.journal import Ids

        self._sink, self._ids, self._over, self.times = DatabaseSink(), Ids(1), threading.Event(), []
        self._thread = threading.Thread(target=self._write)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def run_for(self, seconds: float) -> None:
        self.start()
        time.sleep(seconds)
        self.stop()

    def _write(self) -> None:
        while not self._over.wait(EVERY):
            record = self._record()
            began = time.perf_counter()
            self._sink.write([record])
            self.times.append(time.perf_counter() - began)

    def _record(self) -> Any:
        from actionstudio.runtime.ports import Record

        return Record(
            self._ids.next(), 1, "many", 1, "gpt", "mock", "GET", "/items/1", "", 200, "getItem", 300, (("read", 1),),
            (("accept", "*/*"),), b"", 0, (("content-type", "application/json"),), b'{"ok":true}' * 40, 440, (), {},
            "ok", None, "10.0.0.1", "", "", "",
        )  # fmt: skip


if __name__ == "__main__":
    main()
