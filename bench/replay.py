"""Does a run of 2,000 replays survive a killed worker, how fast is it, and how large are its rows?

    python bench/replay.py [calls] [kills]

Starts the product, logs the calls (three of four make something), begins a run of all of them, ends every process with
SIGKILL as often as asked in the middle of it, and counts afterwards: the calls in the log by what they carried, the
states of the run, the bytes that its replays take.
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
CALLS = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 1
SIZES = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*), sum(length(packed)) FROM replay_replay")
    print(*cursor.fetchone())
"""


def main() -> None:
    from tests.stories import test_runs as story
    from tests.studio import Studio

    with Studio(database_url=os.environ.get("DATABASE_URL", "")) as studio:
        studio.user("ann")
        token = studio.shell(story.SETUP.format(calls=CALLS)).splitlines()[-1]
        began = time.monotonic()
        wish = {"filter": "", "rate": 200, "concurrency": 16}
        run = story.ask(studio, token, "POST", "replays/", json=wish)
        where = f"replays/{run['id']}/"
        print(f"begun after {time.monotonic() - began:.2f} s: {run['total']} calls")
        for kill in range(1, KILLS + 1):
            part = CALLS * kill / (KILLS + 2)
            story.until(studio, token, where, lambda one, part=part: one["total"] - one["left"] > part, 600)
            studio.kill9()
            killed = time.monotonic()
            studio.start()
            print(f"killed at {part:.0f} calls, ready again after {time.monotonic() - killed:.1f} s")
        over = story.until(studio, token, where, lambda one: one["state"] == "done", 1200)
        took = time.monotonic() - began
        posts, different, gets = map(int, studio.shell(story.REPLAYED).split())
        rows, size = map(int, studio.shell(SIZES).split())
        adds_up = sum(over["states"].values()) == over["total"]
        print(f"over after {took:.1f} s ({CALLS / took:.0f} calls a second, pauses of kills included)")
        print(f"states {over['states']}, {'which adds up' if adds_up else 'WHICH DOES NOT ADD UP'}")
        print(f"calls that make something: {posts} in the log, {posts - different} of them twice; others: {gets}")
        print(f"{rows} replays take {size / rows:.0f} bytes each, {size / 1_000_000:.1f} MB in all")


if __name__ == "__main__":
    main()
