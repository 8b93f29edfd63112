"""How long a question to a log of 5,000,000 calls takes, on SQLite and on PostgreSQL. Makes both, prints a table each.

    python bench/log_search.py [rows] [sqlite|postgresql ...] [--keep FOLDER]

The log is made-up but like one: 30 days, five projects (the first has half of the calls), 200 conversations a day,
2,000 end users, keys, 2 % of the requests against the contract, bodies of about 500 bytes, some in Chinese. Each kind
of question is asked in many variants, through the same functions as the page; the 50th and the 95th percentile count.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

DAYS = 30
SHARES = (50, 20, 15, 10, 5)  # of each project, in hundredths
BATCH = 5_000
COPIES = 20  # parts of the log: the first is made here, the others by the database from it
ASKED = 40  # variants of each kind of question
ENDPOINTS = 40
SIGNS = "退款失败订单号码客户服务支付完成取消地址运输时间价格优惠券会员积分"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=5_000_000)
    parser.add_argument("databases", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--keep", help="a folder with a log made before, or to leave one in (SQLite)")
    options = parser.parse_args()
    for name in options.databases:
        if os.fork() == 0:  # Django is set up once a process
            measure(name, options.rows, options.keep)
            os._exit(0)
        _pid, status = os.wait()
        if status:
            raise SystemExit(f"{name} failed")


def measure(name: str, rows: int, keep: str | None) -> None:
    """Makes the log and its word index, asks, prints."""
    with ExitStack() as stack:
        folder = keep or stack.enter_context(tempfile.TemporaryDirectory(prefix="log-search-"))
        Path(folder).mkdir(exist_ok=True)
        os.environ |= {"STUDIO_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "actionstudio.settings"}
        for variable in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(variable, None)
        if name == "postgresql":
            from tests import postgres

            os.environ["DATABASE_URL"] = stack.enter_context(postgres.cluster())
        import django

        django.setup()
        made = prepare(name, rows)
        print(f"\n{name}, {rows:,} calls\n" + "\n".join(f"- {line}" for line in made), flush=True)
        table(name, rows)


def prepare(name: str, rows: int) -> list[str]:
    """The log and the word index; what they cost, in words."""
    from django.core.management import call_command

    from actionstudio.apps.traffic.models import Exchange

    for database in ("default", "log") if name == "sqlite" else ("default",):
        call_command("migrate", database=database, verbosity=0)
    told = []
    if not Exchange.objects.exists():
        started = time.perf_counter()
        (fill_sqlite if name == "sqlite" else fill_postgresql)(rows)
        told.append(f"written at {(time.perf_counter() - started) / rows * 1e6:.0f} µs a call")
    return told + index(rows)


def index(rows: int) -> list[str]:
    """Feeds the word index until it has everything."""
    from actionstudio.apps.traffic.words import feeding, shelf

    started, done = time.perf_counter(), 0
    feeding.BATCH = 2_000
    while fed := feeding.feed(rest=0.0):
        done += fed
    spent = time.perf_counter() - started
    told = [f"words indexed at {spent / done * 1e6:.0f} µs a call"] if done else []
    return [*told, f"the word index takes {shelf.open_shelf().size() / rows:.0f} bytes a call"]


def calls(rows: int, seed: int = 7) -> Iterator[tuple]:
    """The rows, oldest first, as the log's writer makes them."""
    from actionstudio.apps.traffic.models import SHIFT

    dice, now = random.Random(seed), int(time.time() * 1000)
    projects = [n + 1 for n, share in enumerate(SHARES) for _ in range(share)]
    bodies = [text(dice) for _ in range(4_000)]
    asked = json.dumps([["host", "many.live.localhost"], ["user-agent", "ChatGPT-User/1.0"], ["accept", "*/*"]])
    sent = json.dumps([["content-type", "application/json"]])
    step = DAYS * 86_400_000 / rows
    last = 0
    for n in range(rows):
        ago = (rows - n) * step
        last = max(last + 1, int(now - ago) << SHIFT)
        status = dice.choices((200, 201, 404, 422, 401, 500), (700, 200, 50, 30, 10, 2))[0]
        project = dice.choice(projects)
        talks = dice.random() < 0.15
        talk = f"{int(ago // 86_400_000)}-{dice.randrange(200)}-{project}" if talks else ""
        user = f"user-{dice.randrange(2000)}" if talks else ""
        body = (dice.choice(bodies) % n).encode()
        flawed = '[{"location":["body","name"],"side":"request","message":"is required","code":"required"}]'
        yield (
            last, project, f"many{project}", 1 + n * 20 // rows, "gpt" if talks else dice.choice(("client", "replay")),
            "refused" if status == 401 else "mock", dice.choice(("GET", "GET", "POST", "DELETE")),
            f"/orders/{n % 50_000}", f"page={n % 7}", status, f"op{dice.randrange(ENDPOINTS)}",
            1_500_000 if dice.random() < 0.005 else dice.randrange(300, 90_000), '[["guard",10],["respond",30]]',
            asked, body if status == 201 else b"", len(body), sent, body, len(body),
            flawed if status == 422 else "[]", '{"route":"op","response":"200"}', "missing" if status == 401 else "ok",
            dice.randrange(1, 4) if dice.random() < 0.3 else None, f"10.0.{n % 4}.{n % 9}",
            "g-one" if talks else "", talk, user, "", 0,
        )  # fmt: skip


def text(dice: random.Random) -> str:
    """A body of about 500 bytes with words as people use them: few often, many seldom. %d stands for the call."""
    words = [f"word{int(dice.paretovariate(0.6)) % 200_000}" for _ in range(28)]
    note = "".join(dice.choice(SIGNS) for _ in range(12)) if dice.random() < 0.1 else "as agreed"
    body = {"id": 0, "customer": " ".join(words[:4]), "note": note, "lines": words[4:], "done": False}
    return json.dumps(body, ensure_ascii=False).replace("%", "").replace('"id": 0', '"id": "order%d"')


def fill_sqlite(rows: int) -> None:
    """One part written row by row, its copies by the database, the indexes last."""
    import sqlite3

    from django.conf import settings
    from django.db import connections

    from actionstudio.apps.traffic.sink import COLUMNS

    connections.close_all()
    log = sqlite3.connect(settings.DATABASES["log"]["NAME"], isolation_level=None)
    log.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-400000")
    kept = log.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'traffic_exchange' AND sql IS NOT NULL"
    ).fetchall()
    for name, _sql in kept:
        log.execute(f"DROP INDEX {name}")
    insert = f"INSERT INTO traffic_exchange ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
    for batch in batches(calls(rows), rows // COPIES):
        log.execute("BEGIN")
        log.executemany(insert, batch)
        log.execute("COMMIT")
    low, high = log.execute("SELECT min(id), max(id) FROM traffic_exchange").fetchone()
    for number in range(1, COPIES):
        log.execute(copied(low, high, number))
    for _name, sql in kept:
        log.execute(sql)
    log.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    log.close()


def fill_postgresql(rows: int) -> None:
    """The same."""
    from django.db import connection

    from actionstudio.apps.traffic.sink import COLUMNS

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'traffic_exchange' "
            "AND indexname NOT LIKE '%%pkey'"
        )
        kept = cursor.fetchall()
        for name, _sql in kept:
            cursor.execute(f'DROP INDEX "{name}"')
        for batch in batches(calls(rows), rows // COPIES):
            with cursor.copy(f"COPY traffic_exchange ({', '.join(COLUMNS)}) FROM STDIN") as out:
                for row in batch:
                    out.write_row(row)
        cursor.execute("SELECT min(id), max(id) FROM traffic_exchange")
        low, high = cursor.fetchone()
        for number in range(1, COPIES):
            cursor.execute(copied(low, high, number))
        for _name, sql in kept:
            cursor.execute(sql)
        cursor.execute("VACUUM ANALYZE traffic_exchange")


def copied(low: int, high: int, number: int) -> str:
    """The statement that writes the first part once more, as the time after it, with other conversations."""
    from actionstudio.apps.traffic.models import SHIFT
    from actionstudio.apps.traffic.sink import COLUMNS

    later = ((high >> SHIFT) - (low >> SHIFT) + 1) << SHIFT
    made = {
        "id": f"id + {later * number}",
        "conversation_id": f"CASE WHEN conversation_id = '' THEN '' ELSE conversation_id || '-{number}' END",
    }
    columns = ", ".join(made.get(name, name) for name in COLUMNS)
    return (
        f"INSERT INTO traffic_exchange ({', '.join(COLUMNS)}) SELECT {columns} FROM traffic_exchange "
        f"WHERE id >= {low} AND id <= {high} ORDER BY id"
    )


def batches(rows: Iterator[tuple], most: int) -> Iterator[list[tuple]]:
    """The first rows, in pieces."""
    first = itertools.islice(rows, most)
    while batch := [*itertools.islice(first, BATCH)]:
        yield batch


QUESTIONS: dict[str, list[str]] = {
    "newest": [""],
    "status class": ["status:4xx", "status:5xx", "status:2xx"],
    "status range": ["status:>=400", "status:400..404", "-status:2xx"],
    "status nobody got": ["status:599", "status:418"],
    "endpoint": ["op:op{n}"],
    "endpoint, errors": ["op:op{n} status:>=400"],
    "conversation": ["conversation:29-{talk}-1", "conversation:29-{talk}-1-{copy}"],
    "conversation, errors": ["conversation:29-{talk}-1-{copy} is:failed"],
    "user": ["user:user-{user}"],
    "user, against the contract": ["user:user-{user} violation:body"],
    "user nobody is": ["user:nobody"],
    "against the contract": ["violation:body", "is:violating", 'violation:"is required"'],
    "slow": ["took:>1s", "is:slow", "took:>1s method:POST"],
    "key": ["key:{key}"],
    "path, common": ["path~orders"],
    "path, rare": ["path:/orders/4{n}"],
    "header nobody sent": ["header:x-nothing"],
    "auth missing": ["auth:missing"],
    "an hour": ["since:{day}d until:{day}d status:>=400"],
    "several": ["source:gpt method:POST -status:2xx took:<40ms"],
}
WORDS: dict[str, list[str]] = {
    "a word, common": ["agreed", "word1", "word2"],
    "a word, middling": ["word{n}1"],
    "a word, rare": ["word{rare}", "order{id}"],
    "a word nobody wrote": ["nowhere{n}"],
    "a beginning": ["wor", "ord", "order12"],
    "a phrase": ['"as agreed"', '"agreed lines"'],
    "Chinese": ["退款", "订单号", "退款失败"],
    "words and terms": ["agreed status:5xx", "word1 op:op{n}", "body~agreed user:user-{user}"],
    "several words": ["word1 word2", "agreed order{id}"],
}


def table(name: str, rows: int) -> None:
    """Asks everything, prints the percentiles."""
    head = ("question", "page", "deep page", "tail", "counts", "bars")
    print(f"\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for family, questions in (("", QUESTIONS), ("words: ", WORDS)):
        for kind, variants in questions.items():
            cells = asked(variants, rows, counted=not family)
            print(f"| {family}{kind} | {' | '.join(cells)} |", flush=True)


def asked(variants: list[str], rows: int, counted: bool) -> list[str]:
    """The 50th and 95th percentile of each kind of look, in milliseconds."""
    dice = random.Random(3)
    times: dict[str, list[float]] = {}
    for n in range(ASKED):
        question = variants[n % len(variants)].format(
            n=dice.randrange(ENDPOINTS), day=dice.randrange(1, DAYS), copy=dice.randrange(1, COPIES), key=1 + n % 3,
            talk=dice.randrange(200), user=dice.randrange(2000), id=dice.randrange(rows), rare=dice.randrange(200_000),
        )  # fmt: skip
        now = int(time.time() * 1000)
        for look, deed in looks(question, now, now - dice.randrange(DAYS * 86_400_000), counted).items():
            started = time.perf_counter()
            deed()
            times.setdefault(look, []).append((time.perf_counter() - started) * 1000)
    return [cell(sorted(times[look])) if look in times else "–" for look in ("page", "deep", "tail", "counts", "bars")]


def looks(question: str, now: int, deep: int, counted: bool) -> dict[str, Callable[[], Any]]:
    """What a page asks of a question."""
    from actionstudio.apps.traffic import searching, tailing, walking
    from actionstudio.apps.traffic.charting import histogram
    from actionstudio.apps.traffic.filters import Filter
    from actionstudio.apps.traffic.models import SHIFT

    filter = Filter.read({"q": question})
    classes = [Filter(q=question, status=one) for one in ("", "2", "3", "4", "5")]
    made = {
        "page": lambda: searching.page(1, filter),
        "deep": lambda: searching.page(1, filter, deep << SHIFT),
        "tail": lambda: tailing.Tail(1, filter, (now - 2_000) << SHIFT).look(),
        "bars": lambda: histogram(1, filter, now << SHIFT, now),
    }
    return made | ({"counts": lambda: walking.counts(1, classes)} if counted else {})


def cell(spent: list[float]) -> str:
    return f"{spent[len(spent) // 2]:.1f} / {spent[int(len(spent) * 0.95)]:.1f}"


if __name__ == "__main__":
    main()
