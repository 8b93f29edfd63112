"""Answers of upstreams kept as RFC 9111 allows: who is given what, for how long, and what ends it."""

from email.utils import formatdate

import pytest

from actionstudio.core.auth import ApiKey
from actionstudio.runtime.forwarding import cache
from tests.runtime.house import key
from tests.runtime.proxying import door, proxied, send, trail
from tests.runtime.upstream import answer

NOW = 1_800_000_000.0


@pytest.fixture
def clock(monkeypatch):
    now = [NOW]
    monkeypatch.setattr(cache, "clock", lambda: now[0])
    return now


def counting(upstream, *headers, status="200 OK"):
    """The upstream answers its own count, with these headers."""
    upstream.reply = lambda seen: answer(str(len(upstream.seen)).encode(), status, *headers)


def ask(where, *headers, url="/things/1", method="GET", **more):
    return send(where, method, url, headers=headers, **more).reply


def twice(upstream, *headers, sent=(), status="200 OK", **fields):
    """Whether a second call is answered from the cache, which is empty before the first."""
    cache.CACHE.clear()
    upstream.seen.clear()
    counting(upstream, *headers, status=status)
    where = door(proxied(upstream.url, cache=True, **fields))
    ask(where, *sent)
    return ask(where, *sent).body == b"1"


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        (["Cache-Control: max-age=60"], True),
        (["Cache-Control: public, max-age=60"], True),
        (["Cache-Control: s-maxage=60, max-age=0"], True),
        (["Cache-Control: s-maxage=0, max-age=60"], False),
        (["Cache-Control: max-age=0"], False),
        (["Cache-Control: no-store, max-age=60"], False),
        (["Cache-Control: private, max-age=60"], False),
        (['Cache-Control: private="x-a, x-b", max-age=60'], False),
        (["Cache-Control: no-cache, max-age=60"], False),
        ([f"Expires: {formatdate(NOW + 60, usegmt=True)}"], True),
        ([f"Expires: {formatdate(NOW - 60, usegmt=True)}"], False),
        (["Expires: 0"], False),
        (["Expires: 0", "Cache-Control: max-age=60"], True),
        ([f"Expires: {formatdate(NOW, usegmt=True)}", f"Date: {formatdate(NOW - 60, usegmt=True)}"], False),
        (["Cache-Control: max-age=60", "Age: 61"], False),
        (["Cache-Control: max-age=60", "Age: 10"], True),
        (["Cache-Control: max-age=60", "Vary: *"], False),
        ([], False),
        (["Last-Modified: Tue, 15 Nov 1994 12:45:26 GMT"], False),
    ],
)
def test_what_the_upstream_says_is_done(upstream, clock, headers, kept):
    assert twice(upstream, *headers) is kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (("cache-control", "no-cache"), False),
        (("cache-control", "no-store"), False),
        (("cache-control", "max-age=0"), True),
        (("pragma", "no-cache"), False),
        (("cache-control", "min-fresh=100"), False),
        (("cache-control", "min-fresh=10"), True),
        (("range", "bytes=0-1"), False),
    ],
)
def test_what_the_caller_says_is_done(upstream, clock, sent, kept):
    assert twice(upstream, "Cache-Control: max-age=60", sent=[sent]) is kept


def test_without_the_switch_nothing_is_kept(upstream):
    counting(upstream, "Cache-Control: max-age=60")
    where = door(proxied(upstream.url))
    ask(where)
    assert ask(where).body == b"2"


def test_a_kept_answer_grows_old_and_says_how_old_it_is(upstream, clock):
    counting(upstream, "Cache-Control: max-age=60", "Age: 5")
    where = door(proxied(upstream.url, cache=True))
    assert ask(where).header("age") == "5"
    clock[0] += 30
    reply = ask(where)
    assert (reply.body, reply.header("age")) == (b"1", "35")
    clock[0] += 30
    assert ask(where).body == b"2"


def test_an_older_answer_is_taken_by_who_says_so(upstream, clock):
    counting(upstream, "Cache-Control: max-age=60")
    where = door(proxied(upstream.url, cache=True))
    ask(where)
    clock[0] += 90
    assert ask(where, ("cache-control", "max-stale=60")).body == b"1"
    assert ask(where, ("cache-control", "max-stale=10")).body == b"2"
    clock[0] += 30
    assert ask(where, ("cache-control", "max-age=10")).body == b"3"


def test_who_takes_only_kept_answers_is_told_when_there_is_none(upstream, clock):
    counting(upstream, "Cache-Control: max-age=60")
    where = door(proxied(upstream.url, cache=True))
    assert ask(where, ("cache-control", "only-if-cached")).status == 504
    assert not upstream.seen
    ask(where)
    assert ask(where, ("cache-control", "only-if-cached")).body == b"1"


def test_answers_vary_by_the_headers_that_they_name(upstream, clock):
    counting(upstream, "Cache-Control: max-age=60", "Vary: Accept-Language, X-Kind")
    where = door(proxied(upstream.url, cache=True))
    fr, en = ("accept-language", "fr"), ("accept-language", "en")
    assert [ask(where, one).body for one in (fr, en, fr, en)] == [b"1", b"2", b"1", b"2"]
    assert ask(where, fr, ("x-kind", "1")).body == b"3"
    assert ask(where, fr, ("x-other", "1")).body == b"1"


def test_queries_are_kept_apart(upstream, clock):
    counting(upstream, "Cache-Control: max-age=60")
    where = door(proxied(upstream.url, cache=True))
    urls = ["/things/1?a=1", "/things/1?a=2", "/things/2", "/things/1?a=1"]
    assert [ask(where, url=url).body for url in urls] == [b"1", b"2", b"3", b"1"]


@pytest.mark.parametrize("validator", [("ETag", '"e1"', "if-none-match"), ("Last-Modified", "x", "if-modified-since")])
def test_a_stale_answer_is_confirmed_without_being_sent_again(upstream, clock, validator):
    name, value, condition = validator
    value = formatdate(NOW - 9999, usegmt=True) if value == "x" else value

    def reply(seen):
        if seen.header(condition) == value:
            return answer(b"", "304 Not Modified", "Cache-Control: max-age=10", "X-Round: 2", length=False)
        return answer(b"one", "200 OK", "Cache-Control: max-age=60", f"{name}: {value}", "X-Round: 1")

    upstream.reply = reply
    where = door(proxied(upstream.url, cache=True))
    ask(where)
    clock[0] += 61
    made = send(where)
    assert (made.reply.status, made.reply.body, made.reply.header("x-round")) == (200, b"one", "2")
    assert trail(made)[-1]["cache"].startswith("revalidate")
    clock[0] += 5
    ask(where)
    assert len(upstream.seen) == 2
    clock[0] += 6
    ask(where)
    assert len(upstream.seen) == 3


def test_a_stale_answer_that_has_changed_is_replaced(upstream, clock):
    counting(upstream, "Cache-Control: no-cache", 'ETag: "old"')
    where = door(proxied(upstream.url, cache=True))
    assert [ask(where).body for _ in range(3)] == [b"1", b"2", b"3"]
    assert upstream.last.header("if-none-match") == '"old"'


def test_a_caller_that_has_the_answer_already_is_told_so(upstream, clock):
    counting(upstream, "Cache-Control: max-age=60", 'ETag: "e1"')
    where = door(proxied(upstream.url, cache=True))
    ask(where)
    reply = ask(where, ("if-none-match", '"x", W/"e1"'))
    assert (reply.status, reply.body, reply.header("etag")) == (304, b"", '"e1"')
    assert ask(where, ("if-none-match", '"x"')).body == b"1"
    assert len(upstream.seen) == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_an_unsafe_call_that_went_well_ends_what_was_kept(upstream, clock, method):
    counting(upstream, "Cache-Control: max-age=60")
    where = door(proxied(upstream.url, cache=True))
    ask(where)
    ask(where, url="/things/2")
    ask(where, method=method)
    assert ask(where).body == b"4"
    assert ask(where, url="/things/2").body == b"2"


def test_an_unsafe_call_that_failed_ends_nothing(upstream, clock):
    counting(upstream, "Cache-Control: max-age=60")
    where = door(proxied(upstream.url, cache=True))
    ask(where)
    upstream.reply = lambda seen: answer(b"{}", "409 No")
    ask(where, method="PUT")
    assert ask(where).body == b"1"


def test_what_one_key_brought_is_not_given_to_another(upstream, clock):
    counting(upstream, "Cache-Control: public, max-age=60")
    contract = proxied(upstream.url, cache=True, auth=ApiKey("bearer"))
    where = door(contract, keys=(key("first-key-1", 1), key("second-key-1", 2)))
    first, second = ("authorization", "Bearer first-key-1"), ("authorization", "Bearer second-key-1")
    assert [ask(where, one).body for one in (first, second, first, second)] == [b"1", b"2", b"1", b"2"]


def test_what_one_secret_brought_is_not_given_under_another(upstream, clock):
    counting(upstream, "Cache-Control: public, max-age=60")
    contract = proxied(upstream.url, cache=True, secret="gate", secret_in="header", secret_name="x-key")
    assert ask(door(contract, secrets={"gate": "first-secret"})).body == b"1"
    assert ask(door(contract, secrets={"gate": "second-secret"})).body == b"2"
    assert ask(door(contract, secrets={"gate": "first-secret"})).body == b"1"


@pytest.mark.parametrize(
    ("said", "kept"),
    [("max-age=60", False), ("public, max-age=60", True), ("s-maxage=60", True), ("must-revalidate, max-age=60", True)],
)
def test_answers_to_authorization_are_kept_only_when_they_may_be_shared(upstream, clock, said, kept):
    counting(upstream, f"Cache-Control: {said}")
    where = door(proxied(upstream.url, cache=True, secret="gate"), secrets={"gate": "gate-secret"})
    ask(where)
    assert (ask(where).body == b"1") is kept


def test_the_builders_word_holds_where_the_upstream_says_nothing(upstream, clock):
    assert twice(upstream, keep=30)
    assert twice(upstream, "Cache-Control: max-age=0", keep=30) is False
    assert twice(upstream, "Cache-Control: no-store", keep=30) is False
    assert twice(upstream, "Set-Cookie: a=1", keep=30) is False
    assert twice(upstream, status="404 No", keep=30) is False
    cache.CACHE.clear()
    upstream.seen.clear()
    counting(upstream)
    where = door(proxied(upstream.url, cache=True, keep=30))
    ask(where)
    clock[0] += 31
    assert ask(where).body != b"1"


@pytest.mark.parametrize(("status", "kept"), [(200, 1), (404, 1), (301, 1), (206, 0), (500, 1), (302, 1)])
def test_errors_and_redirects_are_kept_when_the_upstream_says_so(upstream, clock, status, kept):
    assert twice(upstream, "Cache-Control: max-age=60", status=f"{status} Said") is bool(kept)


def test_a_head_is_answered_from_what_a_get_brought(upstream, clock):
    counting(upstream, "Cache-Control: max-age=60")
    where = door(proxied(upstream.url, cache=True))
    ask(where)
    reply = ask(where, method="HEAD")
    assert (reply.header("content-length"), reply.body, len(upstream.seen)) == ("1", b"", 1)


def test_the_trail_says_whether_and_why(upstream, clock):
    counting(upstream, "Cache-Control: private")
    where = door(proxied(upstream.url, cache=True))
    assert trail(send(where))[-1]["cache"] == "not kept: the upstream says private"
    counting(upstream, "Cache-Control: max-age=60")
    assert trail(send(where))[-1]["cache"] == "miss, kept for 60 s"
    made = send(where)
    assert trail(made)[-1]["cache"] == "hit"
    assert "from the cache" in made.record.decisions["response"]


def test_what_is_kept_is_bounded(clock):
    from actionstudio.runtime.forwarding.answer import Answer

    small = cache.Cache(most=20_000)
    for number in range(100):
        body = b"x" * 1000
        small.put(cache.Key(1, str(number), 0, ""), (), Answer(200, (), body, body), 60, NOW)
    assert small._size <= 20_000
    assert small.find(cache.Key(1, "99", 0, ""), ()) is not None
    assert small.find(cache.Key(1, "0", 0, ""), ()) is None
    large = b"x" * (cache.ONE + 1)
    small.put(cache.Key(1, "large", 0, ""), (), Answer(200, (), large, large), 60, NOW)
    assert small.find(cache.Key(1, "large", 0, ""), ()) is None
    for number in range(100):
        one = Answer(200, (("vary", "x-a"),), b"", b"")
        small.put(cache.Key(1, "vary", 0, ""), (("x-a", str(number)),), one, 60, NOW)
    assert len(small._entries[cache.Key(1, "vary", 0, "")]) == cache.MOST_VARIANTS
    small.invalidate(1, "vary")
    small.clear()
    assert small._size == 0
