"""Calls of one chat are one conversation: counted once, found at once, corrected when calls go."""

import time

import pytest
from django.db import connections, router
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.conversations import correcting, feeding, listing, members, timeline
from actionstudio.apps.traffic.models import SHIFT, Conversation, Counted, DebugText, Exchange
from tests import make
from tests.apps.api.test_api import Api, errors

pytestmark = pytest.mark.django_db(databases="__all__")
NOW = 1_700_000_000_000
MINUTE = 60_000
TALK = {"source": "gpt", "gpt_id": "g-1", "conversation_id": "talk-1", "user_id": "u-1"}


@pytest.fixture
def items(ann):
    return make.project("items", ann)


def numbers(talk) -> tuple[int, ...]:
    return talk.calls, talk.failed, talk.refused, talk.callbacks


def test_calls_with_the_same_id_are_one_conversation_however_long_it_pauses(items):
    first = make.exchange(items, at=NOW, **TALK, revision=1)
    make.exchange(items, at=NOW + 5 * 3_600_000, status=500, **TALK, revision=2)
    make.exchange(items, at=NOW + 6, status=401, auth="missing", **TALK)
    make.exchange(items, at=NOW + 7, kind="callback", status=200, **TALK)
    feeding.work()
    talk = Conversation.objects.get()
    assert numbers(talk) == (3, 2, 1, 1)
    assert (talk.first_id, talk.revisions, talk.gpt_id, talk.user_id) == (first.pk, [1, 2], "g-1", "u-1")


def test_counting_twice_is_impossible(items):
    for n in range(7):
        make.exchange(items, at=NOW + n, **TALK)
    while feeding.step(size=3):
        pass
    feeding.work()
    assert Conversation.objects.get().calls == 7


def test_who_is_killed_between_counters_and_mark_has_counted_nothing(items, monkeypatch):
    make.exchange(items, at=NOW, **TALK)

    def die(stretches, keep=feeding.keep):
        keep(stretches)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(feeding, "keep", die)
        feeding.step()
    assert not Conversation.objects.exists() and feeding.mark() == 0
    feeding.step()
    assert Conversation.objects.get().calls == 1


def test_a_process_that_was_overtaken_writes_nothing(items, monkeypatch):
    make.exchange(items, at=NOW, **TALK)
    feeding.step()
    make.exchange(items, at=NOW + 1, **TALK)
    behind = feeding.mark()
    feeding.step()
    monkeypatch.setattr(feeding, "mark", lambda: behind)
    assert feeding.step() == 0
    assert Conversation.objects.get().calls == 2


def test_calls_that_may_still_be_overtaken_by_older_ones_are_not_counted_yet(items):
    make.exchange(items, **TALK)
    assert feeding.work() == 0
    assert feeding.step(now=time.time() + 2 * feeding.LAG / 1000) == 1


def test_the_list_knows_the_newest_seconds_and_older_counts_together(items):
    make.exchange(items, at=NOW, **TALK)
    feeding.work()
    make.exchange(items, **TALK, status=404)
    make.exchange(items, **TALK | {"conversation_id": "talk-2"})
    page = listing.page(items.pk)
    assert [(row.conversation_id, row.calls, row.failed) for row in page.rows] == [("talk-2", 1, 0), ("talk-1", 2, 1)]
    assert Conversation.objects.get().calls == 1, "a page writes nothing"


def test_without_an_id_a_pause_of_half_an_hour_ends_a_conversation(items):
    plain = TALK | {"conversation_id": ""}
    for minutes in (0, 20, 49, 80):
        make.exchange(items, at=NOW + minutes * MINUTE, **plain)
    make.exchange(items, at=NOW + 50 * MINUTE, **plain | {"gpt_id": "g-2"})
    feeding.work()
    assert [row.calls for row in Conversation.objects.order_by("first_id")] == [3, 1, 1]


def test_a_script_that_never_pauses_begins_anew_every_day(items):
    for hours in range(0, 30):
        for half in (0, 29):
            make.exchange(items, at=NOW + hours * 3_600_000 + half * MINUTE, client="192.0.2.1")
    feeding.work()
    assert Conversation.objects.count() > 1


def test_calls_of_one_person_are_together_over_two_sign_ins(items):
    told = {"signed_in": {"user": "sub-1", "who": "Alice", "app": "My GPT", "scopes": []}}
    for n, key in enumerate(("a" * 20, "b" * 20)):
        make.exchange(items, at=NOW + n, sign_in=key, decisions=told, client=f"192.0.2.{n}")
    feeding.work()
    talk = Conversation.objects.get()
    assert (talk.kind, talk.person, talk.who, talk.sign_ins) == ("person", "sub-1", "Alice", ["a" * 20, "b" * 20])
    assert len(members.ids_after(talk).ids) == 2


def test_replays_tries_documents_and_calls_of_nobody_belong_to_none(items):
    make.exchange(items, at=NOW, **TALK | {"source": "replay"})
    make.exchange(items, at=NOW, **TALK | {"source": "try"})
    make.exchange(items, at=NOW, kind="document", client="192.0.2.1")
    make.exchange(items, at=NOW)
    feeding.work()
    assert not Conversation.objects.exists()


def test_ids_of_two_projects_never_meet(items, ann):
    other = make.project("other", ann)
    for project in (items, other):
        make.exchange(project, at=NOW, **TALK)
    feeding.work()
    assert sorted(Conversation.objects.values_list("project_id", "calls")) == sorted([(items.pk, 1), (other.pk, 1)])
    assert len(listing.page(items.pk).rows) == 1


def test_counted_again_it_is_the_same_with_the_same_keys(items):
    plain = TALK | {"conversation_id": ""}
    for n in range(5):
        make.exchange(items, at=NOW + n * 40 * MINUTE, **(TALK if n % 2 else plain))
    feeding.work()
    what = [field.name for field in Conversation._meta.fields if field.name != "id"]
    before = sorted(Conversation.objects.values_list(*what))
    feeding.again()
    feeding.work()
    assert sorted(Conversation.objects.values_list(*what)) == before


def test_calls_that_are_written_into_the_past_are_counted_anew(items):
    make.exchange(items, at=NOW, **TALK)
    feeding.work()
    make.exchange(items, at=NOW - 5, **TALK)
    make.exchange(items, at=NOW - 9, **TALK | {"conversation_id": "older"})
    feeding.anew(items.pk)
    feeding.anew(items.pk)
    assert [(row.conversation_id, row.calls) for row in listing.page(items.pk).rows] == [("talk-1", 2), ("older", 1)]


def test_deleted_calls_leave_the_counts_and_the_ends_move(items):
    rows = [make.exchange(items, at=NOW + n, status=500 if n < 2 else 200, **TALK) for n in range(5)]
    feeding.work()
    gone = [rows[0].pk, rows[1].pk, rows[4].pk]
    correcting.forget(items.pk, gone)
    Exchange.objects.filter(pk__in=gone).delete()
    talk = Conversation.objects.get()
    assert numbers(talk) == (2, 0, 0, 0)
    assert (talk.first_id, talk.last_id) == (rows[2].pk, rows[3].pk)
    assert list(members.ids_after(talk).ids) == [rows[2].pk, rows[3].pk]


def test_with_its_last_call_a_conversation_goes_and_its_text_too(items):
    rows = [make.exchange(items, at=NOW + n, **TALK) for n in range(2)]
    feeding.work()
    DebugText.objects.create(project_id=items.pk, key=Conversation.objects.get().key, text="x")
    correcting.forget(items.pk, [row.pk for row in rows])
    assert not Conversation.objects.exists() and not DebugText.objects.exists()


def test_forgetting_calls_that_are_not_counted_yet_changes_no_count(items):
    make.exchange(items, at=NOW, **TALK)
    feeding.work()
    new = make.exchange(items, **TALK)
    correcting.forget(items.pk, [new.pk])
    assert Conversation.objects.get().calls == 1


def test_a_recount_says_what_the_log_says(items):
    rows = [make.exchange(items, at=NOW + n, status=404, **TALK) for n in range(3)]
    feeding.work()
    talk = Conversation.objects.get()
    rows[0].delete()
    correcting.recount(items.pk, [talk.key])
    talk.refresh_from_db()
    assert (numbers(talk), talk.first_id) == ((2, 2, 0, 0), rows[1].pk)
    Exchange.objects.all().delete()
    correcting.recount(items.pk, [talk.key])
    assert not Conversation.objects.exists()


def test_the_keys_of_some_calls_are_those_of_their_conversations(items):
    rows = [make.exchange(items, at=NOW + n, **TALK | {"conversation_id": f"t{n}"}) for n in range(3)]
    feeding.work()
    keys = correcting.keys_of(items.pk, [rows[0].pk, rows[2].pk])
    assert sorted(keys) == sorted(Conversation.objects.exclude(conversation_id="t1").values_list("key", flat=True))


def test_pages_of_the_list_hold_each_conversation_once(items):
    for n in range(12):
        make.exchange(items, at=NOW + n, **TALK | {"conversation_id": f"t{n}"})
    feeding.work()
    make.exchange(items, **TALK | {"conversation_id": "t3"})
    seen, before = [], None
    while True:
        page = listing.page(items.pk, before, size=5)
        seen += [row.conversation_id for row in page.rows]
        before = page.older
        if before is None:
            break
    assert seen == ["t3", *[f"t{n}" for n in range(11, -1, -1) if n != 3]]


@pytest.mark.parametrize("q", ["talk-1", "lk-1", "u-1", "g-1", "G-1"])
def test_a_search_finds_ids_and_parts_of_them(items, q):
    make.exchange(items, at=NOW, **TALK)
    make.exchange(items, at=NOW, source="gpt", gpt_id="g-9", conversation_id="other", user_id="someone")
    for _ in ("counted", "not counted yet"):
        assert [row.conversation_id for row in listing.page(items.pk, q=q).rows] == ["talk-1"]
        feeding.work()


def test_a_search_finds_the_conversation_of_a_request(items):
    row = make.exchange(items, at=NOW, **TALK)
    feeding.work()
    assert [found.conversation_id for found in listing.page(items.pk, q=row.public_id).rows] == ["talk-1"]
    assert listing.page(items.pk, q="req_nothing").rows == []


def test_signs_of_a_pattern_are_searched_as_they_are(items):
    make.exchange(items, at=NOW, **TALK)
    feeding.work()
    assert not listing.page(items.pk, q="%").rows and not listing.page(items.pk, q="talk_1").rows


def test_a_text_that_is_too_long_to_search_for_is_told_and_never_cut(client, items):
    make.exchange(items, at=NOW, **TALK)
    client.force_login(items.owner)
    page, long = reverse("traffic:conversations", args=["items"]), "talk-1" + "x" * 300
    text = client.get(page, {"q": long}).text
    assert "A search may have 200 characters; leave out the rest." in text
    assert f'value="{long}"' in text and "No conversation fits" not in text and "maxlength" not in text
    assert 'id="talks-q-err" role="alert"></p>' in client.get(page, {"q": "talk-1"}).text
    refused = Api(items.owner)("GET", f"projects/items/conversations/?q={long}")
    assert errors(refused) == [("?q", "long")]


def test_a_request_knows_its_conversation_before_and_after_it_is_counted(items):
    row = make.exchange(items, at=NOW, **TALK | {"conversation_id": ""})
    key = listing.of(row)
    assert key and listing.find(items.pk, key).first_id == row.pk
    feeding.work()
    assert listing.of(row) == key == Conversation.objects.get().key


def test_a_key_whose_first_call_is_gone_still_leads_somewhere(items):
    rows = [make.exchange(items, at=NOW + n * MINUTE, **TALK | {"conversation_id": ""}) for n in range(3)]
    feeding.work()
    key = f"s-{rows[1].public_id[4:]}"
    assert listing.find(items.pk, key).first_id == rows[0].pk


def test_a_timeline_has_documents_before_it_the_legs_of_its_sign_in_and_its_callbacks(items):
    key = "a" * 20
    kinds = [
        make.exchange(items, path="/openapi.json", kind="document", at=NOW - 50),
        make.exchange(items, path="/oauth/token", kind="oauth", sign_in=key, at=NOW - 40),
        make.exchange(items, at=NOW, sign_in=key, **TALK),
        make.exchange(items, at=NOW + 5, kind="callback", **TALK),
        make.exchange(items, at=NOW + 9, kind="refused", status=413, **TALK),
    ]
    make.exchange(items, path="/oauth/token", kind="oauth", sign_in="b" * 20, at=NOW + 2)
    feeding.work()
    page = timeline.page(items, Conversation.objects.get())
    assert [entry.row.pk for entry in page.entries] == [row.pk for row in kinds]
    assert [entry.kind for entry in page.entries] == ["document", "leg", "call", "callback", "refused"]


def test_the_same_call_soon_after_a_failure_is_its_retry(items):
    body = {"request_body": {"amount": 1}, "method": "POST"}
    first = make.exchange(items, at=NOW, status=500, **body, **TALK)
    second = make.exchange(items, at=NOW + 2_000, status=500, **body, **TALK)
    make.exchange(items, at=NOW + 3_000, **body, **TALK)
    make.exchange(items, at=NOW + 4_000, **body, **TALK)
    make.exchange(items, at=NOW + 5_000, method="POST", request_body={"amount": 2}, **TALK)
    feeding.work()
    entries = timeline.page(items, Conversation.objects.get()).entries
    assert [entry.retry_of for entry in entries] == ["", first.public_id, second.public_id, "", ""]
    assert [entry.attempt for entry in entries] == [1, 2, 3, 1, 1]


def test_pauses_are_told_and_bars_stay_inside_the_picture(items):
    for at, took in ((0, 1_000), (90_000, 2_000_000), (92_500, 10)):
        make.exchange(items, at=NOW + at, duration_us=took, **TALK)
    feeding.work()
    entries = timeline.page(items, Conversation.objects.get()).entries
    assert [entry.gap > 0 for entry in entries] == [False, True, False]
    assert all(entry.x >= 0 and entry.x + entry.width <= timeline.WIDE for entry in entries)
    assert [entry.x for entry in entries] == sorted(entry.x for entry in entries)


def test_arguments_of_path_query_and_body_stand_in_one_line(ann):
    value = make.contract(make.operation("POST", "/orders/{id}", operation_id="pay"))
    project = make.project("shop", ann, value)
    make.exchange(
        project,
        "POST",
        "/orders/A-1",
        operation_id="pay",
        query="dry=true",
        request_body={"amount": 2.5},
        at=NOW,
        **TALK,
    )
    feeding.work()
    assert timeline.page(project, Conversation.objects.get()).entries[0].arguments == "id: A-1, dry: true, amount: 2.5"


def test_a_long_conversation_is_walked_in_pages_from_both_ends(items):
    Exchange.objects.bulk_create(
        Exchange(
            id=NOW + n << SHIFT, project_id=items.pk, address="items", kind="mock", method="GET", path="/", status=200,
            **TALK,
        )
        for n in range(1_050)
    )  # fmt: skip
    feeding.work()
    talk, seen, after = Conversation.objects.get(), [], None
    while True:
        page = timeline.page(items, talk, after)
        seen += [entry.row.pk for entry in page.entries]
        after = page.newer
        if after is None:
            break
    assert seen == [NOW + n << SHIFT for n in range(1_050)]
    newest = timeline.page(items, talk, before=(1 << 63) - 1)
    assert [entry.row.pk for entry in newest.entries] == seen[-members.PAGE :] and newest.newer is None
    assert timeline.page(items, talk, before=newest.older).entries[-1].row.pk == seen[-members.PAGE - 1]


def test_a_link_to_a_call_opens_the_page_that_has_it(items, client, ann):
    client.force_login(ann)
    rows = [make.exchange(items, at=NOW + n, **TALK) for n in range(130)]
    feeding.work()
    url = reverse("traffic:conversation", args=["items", listing.of(rows[0])])
    for row in (rows[120], rows[5]):
        assert f'id="{row.public_id}"' in client.get(url, {"at": row.public_id}).content.decode()
    assert f'id="{rows[120].public_id}"' not in client.get(url).content.decode()
    for odd in ("req_", "req_%", "req_" + "z" * 30, "1"):
        assert client.get(url, {"at": odd}).status_code == 200
        assert client.get(url, {"after": odd, "before": "9" * 19}).status_code == 200


def test_a_walk_that_is_cut_short_goes_on_where_it_stopped(items):
    plain = {"client": "192.0.2.1"}
    mine = []
    for n in range(40):
        make.exchange(items, at=NOW + n * 10, **TALK)
        if n % 10 == 0:
            mine.append(make.exchange(items, at=NOW + n * 10 + 5, **plain).pk)
    feeding.work()
    talk = Conversation.objects.get(kind="client")
    for walk in (members.ids_after, members.ids_before):
        seen, at = [], None
        while True:
            found = walk(talk, at, 3, 7)
            seen += found.ids
            at = found.end if found.end is not None else None
            if at is None:
                break
        assert sorted(seen) == mine


@pytest.mark.parametrize("kind", ["id", "user", "person", "client"])
def test_every_walk_reads_ranges_of_one_index(items, kind, monkeypatch):
    if connections[router.db_for_read(Exchange)].vendor != "sqlite":
        pytest.skip("PostgreSQL plans by its statistics; an empty table says nothing")
    seen, run = [], walking.run
    monkeypatch.setattr(walking, "run", lambda sql, params: seen.append((sql, params)) or run(sql, params))
    talk = Conversation(
        project_id=1, kind=kind, key="k", actor="a", conversation_id="c", user_id="u", client="x", gpt_id="g",
        sign_ins=["a", "b"], first_id=1, last_id=9,
    )  # fmt: skip
    members.ids_after(talk)
    members.ids_before(talk)
    members.documents(talk)
    members.legs(talk)
    listing.page(1, q="x")
    feeding.step()
    assert len(seen) > 5
    monkeypatch.undo()
    for sql, params in seen:
        steps = walking.explain(sql, params)
        tables = [step for step in steps if "traffic_" in step]
        assert tables and all(step.startswith("SEARCH") for step in tables), steps
        assert not any("TEMP B-TREE FOR ORDER BY" in step and "traffic_" in step for step in steps), steps


def test_a_deleted_project_takes_its_conversations_along(items):
    make.exchange(items, at=NOW, **TALK)
    feeding.work()
    DebugText.objects.create(project_id=items.pk, key="k", text="x")
    assert correcting.forget_project(items.pk) == 1
    assert not DebugText.objects.exists()


def test_ten_and_twenty_rows_cost_the_same(items, client, ann):
    client.force_login(ann)

    def cost(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connections["default"]) as one:
            if "log" in connections:
                with CaptureQueriesContext(connections["log"]) as two:
                    assert client.get(url).status_code == 200
                return len(one) + len(two)
            assert client.get(url).status_code == 200
        return len(one)

    def fill(start: int, end: int) -> None:
        for n in range(start, end):
            make.exchange(items, at=NOW + n, **TALK | {"conversation_id": f"t{n}"}, key_id=n, auth="ok")
            make.exchange(items, at=NOW + 1_000 + n, **TALK, key_id=n, auth="ok")
        feeding.work()

    fill(0, 10)
    urls = [reverse("traffic:conversations", args=["items"])]
    urls.append(reverse("traffic:conversation", args=["items", Conversation.objects.get(conversation_id="talk-1").key]))
    before = [cost(url) for url in urls]
    fill(10, 20)
    assert [cost(url) for url in urls] == before
    assert max(before) < 30


def test_the_list_without_conversations_says_when_ids_come(items, client, ann):
    client.force_login(ann)
    text = client.get(reverse("traffic:conversations", args=["items"])).content.decode()
    assert "openai-conversation-id" in text and reverse("gpt:connect", args=["items"]) in text


def test_what_has_not_changed_is_not_sent_again(items, client, ann):
    client.force_login(ann)
    make.exchange(items, at=NOW, **TALK)
    feeding.work()
    talk = Conversation.objects.get()
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    for url, seen in (
        (reverse("traffic:conversations", args=["items"]), f"{talk.last_id}-{talk.calls}"),
        (reverse("traffic:conversation", args=["items", talk.key]), f"{talk.last_id}-1-0"),
    ):
        assert client.get(url, {"seen": seen}, headers=headers).status_code == 204
        assert client.get(url, {"seen": "0"}, headers=headers).status_code == 200


def test_a_request_links_to_its_conversation(items, client, ann):
    client.force_login(ann)
    row = make.exchange(items, at=NOW, **TALK)
    text = client.get(reverse("traffic:conversation-of", args=["items", row.public_id])).content.decode()
    assert reverse("traffic:conversation", args=["items", listing.of(row)]) in text
    alone = make.exchange(items, at=NOW)
    assert client.get(reverse("traffic:conversation-of", args=["items", alone.public_id])).content.strip() == b""


def test_the_mark_is_one_row(items):
    make.exchange(items, at=NOW, **TALK)
    feeding.work()
    assert Counted.objects.get().upto == Exchange.objects.get().pk


def test_it_begins_when_its_first_call_came_in_and_lasts_until_the_last_one_was_answered(items, client, ann):
    client.force_login(ann)
    make.exchange(items, at=NOW + 50_000, duration_us=50_000_000, **TALK)
    feeding.work()
    talk = Conversation.objects.get()
    (first, last) = listing.spans([talk])[talk.key]
    assert (first.timestamp() * 1000, (last - first).total_seconds()) == (NOW, 50)
    pages = [
        reverse("traffic:conversations", args=["items"]),
        reverse("traffic:conversation", args=["items", talk.key]),
    ]
    for text in (client.get(url).text for url in pages):
        assert "22:13:20" in text and ">50 s<" in text
    Exchange.objects.all().delete()
    assert listing.spans([talk])[talk.key] == (last, last), "its first call is gone: what its id says"
