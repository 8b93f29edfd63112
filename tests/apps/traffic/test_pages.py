"""The Requests page, one request, and the parts other pages show: what they say, and to whom."""

import datetime
import json

import pytest
from django.db import connections, router
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionstudio.apps.publishing.models import Key
from actionstudio.apps.traffic import exporting, searching, walking
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import Exchange
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(ann, client):
    client.force_login(ann)
    return make.project()


def url(name: str, *args) -> str:
    return reverse(f"traffic:{name}", args=args)


def test_the_page_lists_calls_newest_first(client, project):
    make.exchange(project, path="/first", at=1_000_000)
    make.exchange(project, "POST", "/second", 422, at=2_000_000)
    text = client.get(url("log", "items")).content.decode()
    assert text.index("/second") < text.index("/first")
    assert "422" in text


def test_an_empty_log_says_what_to_call(client, project):
    text = client.get(url("log", "items")).content.decode()
    assert "No request has come in yet" in text
    assert "curl -i http://items.live.localhost" in text


def test_no_match_is_not_the_same_as_nothing_yet(client, project):
    make.exchange(project)
    text = client.get(url("log", "items"), {"status": "5"}).content.decode()
    assert "No request matches these filters" in text


def test_filters_narrow_the_list_and_stay_in_every_link(client, project):
    make.exchange(project, path="/good")
    bad = make.exchange(project, path="/bad", status=404)
    text = client.get(url("log", "items"), {"status": "4", "method": "GET"}).content.decode()
    assert "/good" not in text
    assert f"/log/{bad.public_id}/?q=status%3A4xx+method%3AGET" in text
    assert "tail?after=" in text and "&amp;q=status%3A4xx+method%3AGET" in text


def test_older_requests_have_a_page_of_their_own(client, project):
    for n in range(105):
        make.exchange(project, path=f"/p{n}.", at=1_000_000 + n)
    first = client.get(url("log", "items"))
    assert b"/p104." in first.content and b"/p4." not in first.content
    older = client.get(url("log", "items"), {"before": first.context["page"].older})
    assert b"/p4." in older.content and b"/p5." not in older.content
    assert b"hx-sse:connect" not in older.content


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("op:nosuch", "No endpoint has the name “nosuch”."),
        ("op:additem", "No endpoint has the name “additem”. Did you mean addItem?"),
        ("key:Produktion", "No key has the name “Produktion”. Did you mean production?"),
        ("key:9999", "No key has the name “9999”."),
        ("address:itmes", "No address has the name “itmes”. Did you mean items?"),
    ],
)
def test_a_name_that_the_project_does_not_have_is_told_where_nothing_is_found(client, ann, q, words):
    project = make.project("items", ann, make.contract(make.operation(operation_id="addItem")))
    key = Key.objects.create(project=project, name="production", digest="0" * 64)
    make.exchange(project, operation_id="oldItem")
    client.force_login(ann)
    assert words in client.get(url("log", "items"), {"q": q}).text
    there = ("op:addItem", "-op:nosuch zebra", "key:Production", f"key:{key.pk}", "address:Items zebra", "op:oldItem")
    for known in there:
        assert "has the name" not in client.get(url("log", "items"), {"q": known}).text, known


def test_the_chips_do_not_contradict_each_other(client, project, monkeypatch):
    for status in (200, 200, 302, 404):
        make.exchange(project, status=status)
    told = [walking.Count(number, True) for number in (1, 2, 0, 1, 0)]
    monkeypatch.setattr(walking, "counts", lambda *_: told)
    asked = client.get(url("counts", "items"), {"q": "took:>0ms"}).json()
    assert (asked[""], asked["2xx"], asked["4xx"]) == ("3+", "2+", "1+")


def test_a_name_that_is_not_there_is_told_as_soon_as_a_page_is_empty(client, project, monkeypatch):
    monkeypatch.setattr(searching, "page", lambda *_args, **_more: walking.Page([], 1 << 40, complete=False))
    page = client.get(url("log", "items"), {"q": "address:nope"}).text
    assert "Searched back to" in page and "No address has the name “nope”." in page


def test_the_counts_of_the_chips_are_asked_anew_in_one_statement(client, project, django_assert_num_queries):
    for status in (200, 200, 302, 404):
        make.exchange(project, status=status)
    ask = {"q": "status:4xx"}
    page = client.get(url("log", "items"), ask).text
    assert f'data-counts="{url("counts", "items")}?q=status%3A4xx"' in page
    with django_assert_num_queries(1, using=router.db_for_read(Exchange)):
        assert client.get(url("counts", "items"), ask).json() == {
            "": "4",
            "2xx": "2",
            "3xx": "1",
            "4xx": "1",
            "5xx": "0",
        }
    assert client.get(url("counts", "items"), {"q": "milk"}).json() == {}, "words are not counted"
    words = client.get(url("log", "items"), {"q": "milk"}).text
    assert "data-counts" not in words and "Not counted, because words are asked for" in words
    assert "Not counted" not in client.get(url("log", "items"), {"q": "status:nope"}).text


def test_a_number_without_a_unit_is_told_beside_the_field(client, project):
    make.exchange(project, duration_us=3_000)
    text = client.get(url("log", "items"), {"q": "took:>2"}).text
    assert "“took:&gt;2” is taken for milliseconds; took:&gt;2s asks for seconds." in text
    assert 'aria-describedby="log-q-note"' in text
    assert "log-q-note" not in client.get(url("log", "items"), {"q": "took:>2ms"}).text


def test_a_long_question_stays_typed_and_is_told_to_be_too_long(client, project):
    make.exchange(project)
    text = client.get(url("log", "items"), {"q": "zebra " * 20 + "x" * 2000}).text
    assert (
        "may have 1000 characters" in text
        and "x" * 2000 in text
        and "maxlength" not in text.partition("log-q")[2][:200]
    )


def test_htmx_gets_the_log_alone(client, project):
    make.exchange(project)
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = client.get(url("log", "items"), headers=headers)
    assert b"<html" not in answer.content
    assert "HX-Request-Type" in answer["Vary"]


def test_a_request_says_what_happened_and_why(client, project):
    row = make.exchange(
        project,
        "POST",
        "/todos",
        422,
        operation_id="addTodo",
        kind="refused",
        revision=3,
        request_body={"todo": 1},
        response_body={"title": "Invalid"},
        violations=[{"location": ["body", "todo"], "code": "type", "message": "must be a text", "side": "request"}],
        decisions={"route": "POST /todos", "validation": "strict: 1 violation"},
    )
    text = client.get(url("exchange", "items", row.public_id)).content.decode()
    assert "Refused: the request does not fit the contract." in text
    assert "<code>body.todo</code> must be a text" in text
    assert "addTodo of version 3" in text
    assert "1 thing is not as declared, so the call was refused." in text


def test_a_call_that_was_translated_says_how(client, project):
    told = "the shape of the GPT profile: the field items is the whole body"
    row = make.exchange(project, "POST", "/todos", decisions={"route": "POST /todos", "translation": told})
    text = client.get(url("exchange", "items", row.public_id)).content.decode()
    detail = text.partition('id="detail"')[2]
    assert told in detail.partition("Translated")[2]
    assert detail.index("Translated") < detail.index('<details class="card'), "nothing has to be unfolded to see it"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Matches the contract."),
        ({"status": 401, "auth": "missing", "kind": "refused"}, "No credential was sent."),
        (
            {"status": 401, "auth": "missing", "request_headers": [["x-api-key", "••••5b4a (25 characters)"]]},
            "The credential came in the wrong place.",
        ),
        ({"status": 401, "auth": "revoked", "kind": "refused"}, "The key was revoked."),
        ({"status": 404, "kind": "refused"}, "No endpoint has this path."),
        ({"status": 405, "kind": "refused"}, "The path is known, the method is not."),
        ({"kind": "document", "path": "/openapi.json"}, "Served a document."),
        (
            {"status": 413, "kind": "refused", "decisions": {"gate": "the body is too large"}},
            "Refused before it was read.",
        ),
        ({"operation_id": "x", "violations": [{"side": "response", "message": "m"}]}, "the answer does not fit"),
        ({"operation_id": "x", "violations": [{"side": "request", "message": "m"}]}, "Answered, though"),
    ],
)
def test_every_outcome_has_its_verdict(client, project, fields, words):
    row = make.exchange(project, **fields)
    assert words in client.get(url("exchange", "items", row.public_id)).content.decode()


def test_a_near_miss_is_named(client, project):
    near = [{"method": "GET", "path": "/pets", "differences": ["segment 1: pet, wanted pets"]}]
    row = make.exchange(project, path="/pet", status=404, kind="refused", decisions={"near_misses": near})
    assert "segment 1: pet, wanted pets" in client.get(url("exchange", "items", row.public_id)).content.decode()


@pytest.mark.parametrize("tab", ["overview", "timing", "replays"])
def test_every_tab_opens(client, project, tab):
    row = make.exchange(project, timings=[["guard", 40], ["read", 100], ["respond", 20]], duration_us=1900)
    assert client.get(url("exchange", "items", row.public_id), {"tab": tab}).status_code == 200


def test_the_waterfall_accounts_for_all_of_the_time(client, project):
    row = make.exchange(project, timings=[["guard", 40], ["respond", 60]], duration_us=1100)
    answer = client.get(url("exchange", "items", row.public_id), {"tab": "timing"})
    assert [(stage.us, stage.start) for stage in answer.context["stages"]] == [
        (40, "0.0"),
        (60, "36.4"),
        (1000, "90.9"),
    ]


@pytest.mark.parametrize(
    ("status", "decisions", "words"),
    [
        (503, {"trail": [{"what": "fault", "fault": "status", "when": "once", "n": 0}]}, "Misbehaved on purpose"),
        (429, {"trail": [{"what": "limit", "name": "project", "left": 0, "allowed": False}]}, "than the rate limit"),
        (499, {"wait": "the caller hung up after 1 s of 46 s; nothing was sent"}, "The caller hung up while"),
        (503, {"trail": [{"what": "limit", "name": "project", "left": 1}]}, "an error of the server"),
    ],
)
def test_what_was_asked_for_is_told_as_such(client, project, status, decisions, words):
    row = make.exchange(project, status=status, operation_id="getItems", decisions=decisions, timings=[["wait", 9]])
    page = client.get(url("exchange", "items", row.public_id)).content.decode()
    assert words in page
    assert "Wait on purpose" in client.get(url("exchange", "items", row.public_id), {"tab": "timing"}).content.decode()


@pytest.mark.parametrize("view", ["pretty", "tree", "raw"])
def test_bodies_are_shown_three_ways(client, project, view):
    row = make.exchange(project, response_body={"todo": "<b>milk</b>"})
    text = client.get(url("exchange", "items", row.public_id), {"response": view}).content.decode()
    assert "&lt;b&gt;milk" in text and "<b>milk" not in text


def test_hidden_and_cut_are_marked(client, project):
    row = make.exchange(
        project,
        request_headers=[["authorization", "Bearer ••••cdef (40 characters)"]],
        response_body=b"x" * 10,
        response_size=900_000,
        cut=2,
    )
    text = client.get(url("exchange", "items", row.public_id)).content.decode()
    assert "hidden" in text and "Cut: the log keeps the first 10 B of 900 kB" in text


def test_curl_names_the_key_instead_of_the_mask(client, project):
    row = make.exchange(
        project,
        "POST",
        "/todos",
        query="q=a b",
        request_headers=[
            ["authorization", "Bearer ••••cdef (40 characters)"],
            ["host", "x"],
            ["content-type", "application/json"],
        ],
        request_body={"who": "it's me"},
    )
    curl = client.get(url("exchange", "items", row.public_id)).context["curl"]
    assert """'authorization: Bearer '"$KEY" """.strip() in curl
    assert "host: x" not in curl
    assert "-X POST" in curl and """'{"who": "it'"'"'s me"}'""" in curl


def test_a_har_file_holds_the_call(client, project):
    row = make.exchange(project, "POST", "/todos", 201, query="a=1", request_body={"x": 1}, response_body=b"\xff\0")
    har = json.loads(client.get(url("exchange-har", "items", row.public_id)).content)
    [entry] = har["log"]["entries"]
    assert entry["request"]["url"].endswith("/todos?a=1")
    assert entry["request"]["postData"]["text"] == '{"x": 1}'
    assert entry["response"]["content"]["encoding"] == "base64"
    assert entry["response"]["statusText"] == "Created"


def test_the_export_follows_the_filter_and_is_bounded(client, project, monkeypatch):
    monkeypatch.setattr("actionstudio.apps.traffic.exporting.calls.MOST", 2)
    for n in range(4):
        make.exchange(project, path=f"/p{n}", at=1000 + n, status=404 if n else 200)
    har = json.loads(client.get(url("export", "items"), {"status": "4"}).content)
    assert [entry["request"]["url"].rpartition("/")[2] for entry in har["log"]["entries"]] == ["p3", "p2"]


def test_a_body_is_downloaded_and_never_shown(client, project):
    row = make.exchange(
        project, response_body=b"<script>alert(1)</script>", response_headers=[["content-type", "text/html"]]
    )
    answer = client.get(url("body", "items", row.public_id, "response"))
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert "attachment" in answer["Content-Disposition"]


def test_a_large_tree_loads_its_branches(client, project):
    row = make.exchange(project, response_body={"items": [{"id": n} for n in range(2100)]})
    page = client.get(url("exchange", "items", row.public_id), {"response": "tree"}).content.decode()
    assert "at=%2Fitems" in page and page.count("<li>") < 50
    part = client.get(
        url("tree", "items", row.public_id, "response"), {"at": "/items", "from": "2000"}
    ).content.decode()
    assert "at=%2Fitems%2F2099" in part
    assert client.get(url("tree", "items", row.public_id, "response"), {"at": "/nope"}).status_code == 404


def test_a_request_that_retention_removed_says_so(client, project):
    answer = client.get(url("exchange", "items", Exchange(pk=123456).public_id))
    assert answer.status_code == 404
    assert b"Requests are kept for 30 days" in answer.content


@pytest.mark.parametrize("bad", ["nonsense", "req_", "req_***", "req_" + "z" * 40])
def test_a_bad_id_is_a_404(client, project, bad):
    assert client.get(f"/projects/items/log/{bad}/").status_code == 404


def test_parts_for_other_pages(client, project):
    for n in range(12):
        make.exchange(project, path=f"/p{n}.", status=500 if n < 3 else 200, duration_us=1000 * n)
    latest = client.get(url("latest", "items")).content.decode()
    assert latest.count('class="lr mini"') == 8
    cards = client.get(url("stats", "items"), {"as": "cards"})
    assert (cards.context["day"].calls, cards.context["day"].failed) == (12, 3)
    assert cards.context["day"].median_us == 6000
    assert b"25" in cards.content
    assert client.get(url("stats", "items"), {"as": "histogram"}).content.count(b'class="hb"') == 48
    assert client.get(url("stats", "items"), {"as": "pie"}).status_code == 404


def test_eve_sees_none_of_it(client, eve):
    row = make.exchange(make.project())
    client.force_login(eve)
    for name in ("log", "tail", "latest", "stats", "export"):
        assert client.get(url(name, "items")).status_code == 404, name
    for name, *more in (("exchange",), ("exchange-har",), ("body", "response"), ("tree", "response")):
        assert client.get(url(name, "items", row.public_id, *more)).status_code == 404, name


def test_nobody_sees_another_projects_request_through_their_own(client, project):
    theirs = make.exchange(make.project("other", make.user("bob")))
    assert client.get(url("exchange", "items", theirs.public_id)).status_code == 404


def test_twenty_rows_cost_as_many_queries_as_ten(client, project):
    def cost() -> int:
        counted = [CaptureQueriesContext(connections[name]) for name in connections]
        for each in counted:
            each.__enter__()
        client.get(url("log", "items"))
        for each in counted:
            each.__exit__(None, None, None)
        return sum(len(each) for each in counted)

    for n in range(10):
        make.exchange(project, path=f"/{n}")
    cost()  # what the first request alone costs, such as the language's files
    ten = cost()
    for n in range(10):
        make.exchange(project, path=f"/{n}")
    assert cost() == ten


@pytest.mark.parametrize(("timings", "began"), [([["wait", 46_000_000]], 0), ([["unwaited", 46_000_000]], 46_000)])
def test_the_time_of_a_call_is_when_it_began(client, project, timings, began):
    """The id is given at the end: the whole duration earlier, but for a wait that had not passed by then."""
    noon = int(datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC).timestamp() * 1000)
    row = make.exchange(project, at=noon + 46_500, duration_us=46_500_000, timings=timings)
    assert row.at.timestamp() * 1000 == noon + began
    told = f"2026-03-01T12:00:{began // 1000:02}.000+00:00"
    assert json.loads("".join(exporting.har([row])))["log"]["entries"][0]["startedDateTime"] == told
    assert walking.page(project.pk, Filter()).rows[0].at == row.at
