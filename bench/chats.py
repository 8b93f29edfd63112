"""Ten chats stream at once while pages are loaded: how soon text comes, how often, and what pages cost meanwhile.

    .venv/bin/python bench/chats.py [chats] [sqlite|postgresql ...]

The model is a server on this computer that says a word every 0.2 s; it runs in this process and takes its share. So do
other programs: compare what was measured in one go.
"""

import argparse
import contextlib
import itertools
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests import openai_server, postgres
from tests.stories.talker import SLOW, Listener, Talker
from tests.studio import Studio


def loaded(client, seconds: float) -> list[float]:
    """How long each of as many pages took as fit into so many seconds."""
    found, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        assert client.get("/projects/").status_code == 200
        found.append(time.monotonic() - began)
    return found


def told(name: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    middle, late = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    print(f"{name:34} n {len(ordered):4}  median {middle * 1000:7.1f} ms  p95 {late * 1000:7.1f} ms")


def measured(many: int, database: str) -> None:
    """One line for each thing that somebody waits for."""
    env = {"STUDIO_ALLOW_PRIVATE_UPSTREAMS": "1"}
    with openai_server.serving() as server, Studio(database_url=database, env=env) as studio:
        server.turns = [SLOW]
        talker = Talker(studio, server, "bench")
        with studio.client("ann") as client:
            loaded(client, 1)
            told("pages alone", loaded(client, 3))
            began = time.monotonic()
            ears = []
            for n in range(many):
                ears.append(Listener(talker, talker.open(f"Number {n}")["key"]))
                ears[-1].start()
            told(f"pages beside {many} chats", loaded(client, 3))
            for ear in ears:
                ear.join(60)
        firsts = [next(at for at, name, _ in ear.events if name in ("text", "message")) - began for ear in ears]
        gaps = []
        for ear in ears:
            times = [at for at, name, _ in ear.events if name == "text"]
            gaps += [later - sooner for sooner, later in itertools.pairwise(times)]
        told("first sign of an answer", firsts)
        told("between two pieces of text", gaps)
        told("whole answers", [ear.events[-1][0] - began for ear in ears])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("chats", nargs="?", type=int, default=10)
    parser.add_argument("databases", nargs="*", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    wanted = parser.parse_args()
    for name in wanted.databases:
        with contextlib.ExitStack() as stack:
            print(name)
            measured(wanted.chats, stack.enter_context(postgres.cluster()) if name == "postgresql" else "")


if __name__ == "__main__":
    main()
