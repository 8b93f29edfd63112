"""Whatever is asked, the log answers what a plain look at every row would: pages, counts, bars and the tail alike."""

import datetime
import json
import random
import re
import time
from types import SimpleNamespace

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actionstudio.apps.publishing.models import Key
from actionstudio.apps.traffic import searching, tailing, walking
from actionstudio.apps.traffic.asking import times
from actionstudio.apps.traffic.asking.terms import path
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import SHIFT, Exchange
from actionstudio.apps.traffic.words import feeding, segments, shelf
from actionstudio.apps.traffic.words.lite import LiteShelf
from tests import make

pytestmark = pytest.mark.django_db(databases="__all__")

NOW = int(time.time() * 1000)
HOUR = 3_600_000
VIOLATIONS = (
    [],
    [],
    [{"location": ["body", "name"], "side": "request", "message": "is a required property", "code": "required"}],
    [{"location": ["query", "page"], "side": "request", "message": "is not a number", "code": "type"}],
    [{"location": ["body", "id"], "side": "response", "message": "is not a number", "code": "type"}],
)
WORDS = ("milk", "refund", "refunded", "card declined", "退款失败", "Grün", "c3po")


def one(dice, at):
    """A row of the made-up log."""
    body = {"note": dice.choice(WORDS)} if dice.random() < 0.5 else {}
    return {
        "method": dice.choice(("GET", "POST", "DELETE")),
        "path": dice.choice(("/orders/7", "/orders/77", "/a%20b", "/Items")),
        "query": dice.choice(("", "page=2", "tag=b%20c")),
        "status": dice.choice((200, 201, 302, 404, 422, 500, 0)),
        "operation_id": dice.choice(("", "addTodo", "getOrder")),
        "source": dice.choice(("gpt", "client", "simulator", "replay", "try")),
        "kind": dice.choice(("mock", "mock", "document", "refused", "callback", "oauth")),
        "revision": dice.choice((0, 1, 2, 12)),
        "duration_us": dice.choice((300, 49_999, 50_000, 50_001, 999_999, 1_000_000, 2_000_000, 2_000_001)),
        "auth": dice.choice(("none", "ok", "missing", "wrong", "expired", "scope", "open", "revoked")),
        "client": dice.choice(("", "10.0.0.1")),
        "gpt_id": dice.choice(("", "g-1")),
        "conversation_id": dice.choice(("", "talk-1", "talk-2")),
        "user_id": dice.choice(("", "u-1", "u-2")),
        "sign_in": dice.choice(("", "s1")),
        "request_headers": json.dumps([["accept", dice.choice(("application/json", "text/plain"))]]),
        "response_headers": json.dumps([["x-one", "Two"]] if dice.random() < 0.5 else []),
        "request_body": json.dumps(body, ensure_ascii=dice.random() < 0.5).encode() if body else b"",
        "response_body": json.dumps({"said": dice.choice(WORDS)}, ensure_ascii=False).encode(),
        "response_size": dice.choice((0, 40, 99_999, 100_001)),
        "request_size": len(body) and 200,
        "cut": dice.choice((0, 0, 1, 2, 3)),
        "violations": json.dumps(dice.choice(VIOLATIONS), separators=(",", ":")) if dice.random() < 0.5 else "[]",
        "id": at << SHIFT | dice.randrange(1 << 20),
    }


def words(row):
    """All the text of a row in small letters, the naive way."""
    bodies = [
        json.dumps(json.loads(body), ensure_ascii=False) for body in (row.request_body, row.response_body) if body
    ]
    ids = (row.operation_id, row.gpt_id, row.conversation_id, row.user_id, row.public_id)
    return " ".join((row.path, row.query.replace("%20", " "), *ids, *bodies)).lower()


def sides(row, test):
    return any(test(item, item["location"][0]) for item in json.loads(row.violations))


def decoded(row, *names):
    return " ".join(
        json.dumps(json.loads(bytes(body)), ensure_ascii=False)
        for body in (getattr(row, f"{name}_body") for name in names)
        if bytes(body)
    ).lower()


AGO = (NOW - 5 * HOUR) << SHIFT
REFUSED = ("missing", "wrong", "revoked", "expired", "scope")
NAIVE = {
    "status:404": lambda r: r.status == 404,
    "status:4xx": lambda r: 400 <= r.status < 500,
    "status:>=400": lambda r: r.status >= 400,
    "status:400..499": lambda r: 400 <= r.status <= 499,
    "status:<300": lambda r: r.status < 300,
    "status:none": lambda r: r.status == 0,
    "method:post": lambda r: r.method == "POST",
    "op:addTodo": lambda r: r.operation_id == "addTodo",
    "path~orders": lambda r: "orders" in r.path,
    "path:/orders/7": lambda r: r.path == "/orders/7",
    "path:/orders/*": lambda r: r.path.startswith("/orders/"),
    'path~"a b"': lambda r: r.path == "/a%20b",
    "query~PAGE=": lambda r: "page=" in r.query,
    "body~refund": lambda r: re.search(r"\brefund", decoded(r, "request", "response")),
    'body~"refund"': lambda r: re.search(r"\brefund\b", decoded(r, "request", "response")),
    'request~"card declined"': lambda r: "card declined" in decoded(r, "request"),
    "response~退款": lambda r: "退款" in decoded(r, "response"),
    "header:accept": lambda r: True,
    "header:accept=json": lambda r: "json" in r.request_headers,
    "header~two": lambda r: "Two" in r.response_headers,
    "conversation:talk-1": lambda r: r.conversation_id == "talk-1",
    "user:u-2": lambda r: r.user_id == "u-2",
    "gpt:g-1": lambda r: r.gpt_id == "g-1",
    "key:main": lambda r: r.key_id == KEYS["main"],
    "client:10.0.0.1": lambda r: r.client == "10.0.0.1",
    "address:items": lambda r: r.address == "items",
    "revision:>=2": lambda r: r.revision >= 2,
    "source:gpt": lambda r: r.source == "gpt",
    "kind:oauth": lambda r: r.kind == "oauth",
    "auth:missing": lambda r: r.auth == "missing",
    "auth:failed": lambda r: r.auth in REFUSED,
    "violation:any": lambda r: r.violations != "[]",
    "violation:body": lambda r: sides(r, lambda item, place: place == "body" and item["side"] == "request"),
    "violation:query": lambda r: sides(r, lambda item, place: place == "query"),
    "violation:response": lambda r: sides(r, lambda item, place: item["side"] == "response"),
    'violation:"not a number"': lambda r: "not a number" in r.violations,
    "took:>2s": lambda r: r.duration_us > 2_000_000,
    "took:>=1s": lambda r: r.duration_us >= 1_000_000,
    "took:<50ms": lambda r: r.duration_us < 50_000,
    "took:50ms..2s": lambda r: 50_000 <= r.duration_us <= 2_000_000,
    "size:>100kB": lambda r: r.response_size > 100_000,
    "since:5h": lambda r: r.id >= AGO,
    "until:5h": lambda r: r.id < AGO,
    "sign-in:s1": lambda r: r.sign_in == "s1",
    "is:failed": lambda r: r.status >= 400,
    "is:slow": lambda r: r.duration_us >= 1_000_000,
    "is:violating": lambda r: sides(r, lambda item, place: item["side"] == "request"),
    "is:flawed": lambda r: r.violations != "[]",
    "is:cut": lambda r: r.cut > 0,
    "is:unknown": lambda r: r.kind in ("mock", "refused") and not r.operation_id and r.status in (404, 405),
    "is:replay": lambda r: r.source == "replay",
    "is:callback": lambda r: r.kind == "callback",
    "has:body": lambda r: r.request_size > 0,
    "has:key": lambda r: r.key_id is not None,
    "has:user": lambda r: r.user_id != "",
    "milk": lambda r: "milk" in words(r),
    "MIL": lambda r: "milk" in words(r),
    '"mil"': lambda r: False,
    "ilk": lambda r: False,
    "grün": lambda r: "grün" in words(r),
    '"card declined"': lambda r: "card declined" in words(r),
    "款失": lambda r: "款失" in words(r),
    "/orders/7": lambda r: r.path == "/orders/7",
    "tag=b": lambda r: "tag=b" in words(r),
    "talk-2": lambda r: r.conversation_id == "talk-2",
    "{": lambda r: True,
}
KEYS: dict[str, int] = {}


@pytest.fixture(params=["read", "indexed", "half indexed"])
def log(request, tmp_path, monkeypatch):
    """A log of a hundred rows and another project's, which is never found."""
    monkeypatch.setattr(segments, "ROWS", 40)
    monkeypatch.setattr(feeding, "BATCH", 17)
    for where, what in ((walking, "SECONDS"), (searching, "BARS")):
        monkeypatch.setattr(where, what, 20.0)  # a busy machine must not end a look early here
    monkeypatch.setattr(
        times, "time", SimpleNamespace(time=lambda: NOW / 1000)
    )  # a suite takes longer than a row's gap
    dice = random.Random(5)
    project, other = make.project("items"), make.project("other")
    KEYS["main"] = Key.mint(project, "main")[0].pk
    Key.mint(other, "main")
    rows = [one(dice, NOW - n * HOUR // 6 - HOUR // 12) for n in range(100)]
    for whose in (project, other):
        made = [Exchange(project_id=whose.pk, address=whose.slug, **row) for row in rows]
        for n, row in enumerate(made):
            row.id += (whose is other) * HOUR << 12
            row.key_id = (KEYS["main"], None, -3)[n % 3]
        Exchange.objects.bulk_create(made)
    index(request.param, tmp_path)
    yield project
    shelf.use(None)


def index(how, folder):
    """The word index of the log: none, all of it, or of its older half."""
    if connection.vendor == "sqlite":
        shelf.use(LiteShelf(folder / "search.sqlite3"))
    if how != "read":
        until = time.time() + 20 if how == "indexed" else NOW / 1000 - 8 * 3600
        while feeding.feed(rest=0, now=until):
            pass


def told(project, text, size=7):
    """All ids of a question, page by page."""
    seen, before = [], None
    while True:
        page = searching.page(project.pk, Filter(q=text), before, size)
        seen += [row.pk for row in page.rows]
        before = page.older
        if before is None:
            return seen


def naive(project, tests):
    rows = Exchange.objects.filter(project_id=project.pk).order_by("-pk")
    return [row.pk for row in rows if all(test(row) for test in tests)]


def test_every_term_and_its_opposite_find_what_a_look_at_every_row_finds(log):
    for text in NAIVE:  # the log is made once for all of them
        _answers(log, text)


def _answers(log, text):
    yes = naive(log, [NAIVE[text]])
    no = naive(log, [lambda row: not NAIVE[text](row)])
    assert told(log, text) == yes, text
    assert told(log, f"-{text}") == no, text
    [count, rest] = walking.counts(log.pk, [Filter(q=text), Filter(q=f"-{text}")])
    assert (count, rest) == (walking.Count(len(yes), False), walking.Count(len(no), False)), text
    since = NOW - 20 * HOUR
    bars = searching.histogram(log.pk, Filter(q=text), since, NOW)
    assert sum(bar.total for bar in bars) == len(yes), text
    failed = Exchange.objects.filter(pk__in=yes, status__gte=400).count()
    assert sum(bar.failed for bar in bars) == failed, text
    tail = tailing.Tail(log.pk, Filter(q=text), after=since << SHIFT)
    assert [row.pk for row in tail.look()] == yes, text


def test_every_term_is_compared():
    from actionstudio.apps.traffic.asking.term import TERMS

    assert {re.split("[:~]", text)[0] for text in NAIVE} >= TERMS.keys()


def test_terms_together_find_what_a_look_at_every_row_finds(log):
    dice = random.Random(5)
    for _ in range(72):
        picked = dice.sample(list(NAIVE), dice.randint(2, 4))
        parts = [(text, dice.random() < 0.3) for text in picked]
        tests = [(lambda row, t=NAIVE[text], no=no: bool(t(row)) != no) for text, no in parts]
        text = " ".join(f"-{text}" if no else text for text, no in parts)
        assert told(log, text) == naive(log, tests), text


@given(st.text(max_size=40))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_typed_breaks_the_page(log, text):
    filter = Filter.read({"q": text})
    searching.page(log.pk, filter)
    walking.counts(log.pk, [filter])
    searching.histogram(log.pk, filter, NOW - HOUR, NOW)


def test_what_cannot_be_read_finds_nothing_and_says_why(log):
    filter = Filter.read({"q": "colour:red", "status": "4"})
    assert not searching.page(log.pk, filter).rows
    assert "colour:red" in filter.problems[0].message


def test_a_path_with_many_stars_is_looked_for_in_time_that_grows_with_the_path_alone():
    wanted = path.read(":", "*a" * 25 + "*b", False)
    assert not wanted.holds(SimpleNamespace(path="/" + "a" * 4_000))
    assert wanted.holds(SimpleNamespace(path="/" + "a" * 25 + "b"))
    assert path.read(":", "/a*a", False).holds(SimpleNamespace(path="/a/a/a"))
    assert not path.read(":", "/a*a", False).holds(SimpleNamespace(path="/a"))


def test_a_day_goes_from_midnight_to_midnight(log):
    zone = datetime.UTC
    midnight = datetime.datetime(2026, 3, 1, tzinfo=zone)
    for hours in (-1, 0, 23, 24):
        make.exchange(log, path=f"/h{hours}", at=int((midnight.timestamp() + hours * 3600) * 1000))
    page = searching.page(log.pk, Filter(q="since:2026-03-01 until:2026-03-01"))
    assert [row.path for row in page.rows] == ["/h23", "/h0"]
