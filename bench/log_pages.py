"""Is the Requests page as fast with 1,000,000 rows as with 100? Fills a log of its own, opens the page, prints a table.

    python bench/log_pages.py [rows]

Every question is asked as the page asks it, through Django's test client and with a signed-in user, 15 times; the
median counts. Questions nothing matches are the worst case: the walk must end by its own bound.
"""

import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
RUNS = 15
QUESTIONS = {
    "newest": "",
    "4xx": "status=4",
    "404": "status=404",
    "5xx (1 in 1,000)": "status=5",
    "599 (no match)": "status=599",
    "POST": "method=POST",
    "TRACE (no match)": "method=TRACE",
    "one endpoint": "op=op7",
    "one endpoint, 4xx": "op=op7&status=4",
    "one endpoint, TRACE (no match)": "op=op7&method=TRACE",
    "from ChatGPT, refused": "source=gpt&kind=refused",
    "an hour in the middle": "from={middle}&to={later}",
    "deep page": "before={deep}",
    "deep page, POST": "method=POST&before={deep}",
    "word in a path": "q=/items/77",
    "word in no path or body": "q=nowhere-to-be-found",
    "one request opened": None,
}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="log-pages-") as folder:
        os.environ |= {"STUDIO_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "actionstudio.settings"}
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
        import django

        django.setup()
        measure()


def measure() -> None:
    from django.core.management import call_command
    from django.test import Client

    from tests import make

    for database in ("default", "log"):
        call_command("migrate", database=database, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client(headers={"host": "localhost"})
    client.force_login(make.user("ann"))
    few, many = make.project("few"), make.project("many")
    fill(few.pk, 100)
    started = time.perf_counter()
    fill(many.pk, ROWS)
    spent = time.perf_counter() - started
    print(f"filled {ROWS:,} rows in {spent:.0f} s, {spent / ROWS * 1e6:.1f} µs a row")
    print(f"\n| page | 100 rows, ms | {ROWS:,} rows, ms |\n|---|---|---|")
    for name, question in QUESTIONS.items():
        small, large = (opened(client, project, question) for project in (few, many))
        print(f"| {name} | {small:.1f} | {large:.1f} |")


def opened(client, project, question) -> float:
    """The median time of the page, in milliseconds."""
    from actionstudio.apps.traffic.filters import write_time
    from actionstudio.apps.traffic.models import SHIFT, Exchange

    ids = Exchange.objects.filter(project_id=project.pk).order_by("id").values_list("id", flat=True)
    middle = ids[ids.count() // 2]
    if question is None:
        path = f"/projects/{project.slug}/log/{Exchange(pk=middle).public_id}/"
    else:
        at = middle >> SHIFT
        filled = question.format(middle=write_time(at), later=write_time(at + 3_600_000), deep=middle)
        path = f"/projects/{project.slug}/log/?{filled}"
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        answer = client.get(path)
        times.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    return statistics.median(times)


def fill(project_id: int, rows: int) -> None:
    """Rows as the data plane writes them: 30 days, 20 endpoints, 2 kB each, 1 in 1,000 a server's error."""
    from actionstudio.apps.traffic.models import SHIFT
    from actionstudio.apps.traffic.sink import DatabaseSink
    from actionstudio.runtime.ports import Record

    sink, chance = DatabaseSink(), random.Random(7)
    now = int(time.time() * 1000)
    step = 30 * 86_400_000 / rows
    headers = [("host", "many.live.localhost"), ("user-agent", "ChatGPT-User/1.0"), ("accept", "application/json")] * 3
    body = json.dumps({"items": [{"id": n, "name": f"Item {n}", "done": False} for n in range(12)]}).encode()
    batch = []
    for n in range(rows):
        status = 500 if n % 1000 == 0 else chance.choice((200, 200, 200, 201, 404, 422))
        batch.append(
            Record(
                id=int(now - (rows - n) * step) << SHIFT | n & 0xFFFFF,
                project_id=project_id,
                address="many",
                revision=1,
                source=chance.choice(("gpt", "client", "replay")),
                kind="refused" if status == 422 else "mock",
                method=chance.choice(("GET", "GET", "POST", "DELETE")),
                path=f"/items/{n % 5000}",
                query="page=1",
                status=status,
                operation_id=f"op{n % 20}",
                duration_us=300 + n % 900,
                timings=(("guard", 10), ("read", 40), ("respond", 30)),
                request_headers=headers,
                request_body=b"",
                request_size=0,
                response_headers=[("content-type", "application/json")],
                response_body=body,
                response_size=len(body),
                violations=(),
                decisions={"route": f"op{n % 20}", "response": "200"},
                auth="none",
                key_id=None,
                client="127.0.0.1",
                gpt_id="",
                conversation_id="",
                user_id="",
            )
        )
        if len(batch) == 500:
            sink.write(batch)
            batch.clear()
    sink.write(batch)


if __name__ == "__main__":
    main()
