"""The live tail shows every new call once, whatever order the workers finish in, and ends where it must."""

import asyncio

import pytest
from django.test import AsyncClient
from django.urls import reverse

from actionstudio.apps.traffic import tailing
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import SHIFT
from tests import make

pytestmark = pytest.mark.django_db
NOW = 1_800_000_000_000


def paths(rows) -> list[str]:
    return [row.path for row in rows]


def test_each_look_gives_what_is_new_newest_first():
    project = make.project()
    make.exchange(project, path="/old", at=NOW - 5_000)
    tail = tailing.Tail(project.pk, Filter(), NOW << SHIFT)
    make.exchange(project, path="/a", at=NOW + 10)
    make.exchange(project, path="/b", at=NOW + 20)
    assert paths(tail.look()) == ["/b", "/a"]
    assert tail.look() == []
    make.exchange(project, path="/c", at=NOW + 30)
    assert paths(tail.look()) == ["/c"]


def test_a_call_that_is_committed_late_is_not_missed_and_none_comes_twice():
    project = make.project()
    tail = tailing.Tail(project.pk, Filter(), NOW << SHIFT)
    make.exchange(project, path="/second", at=NOW + 100)
    assert paths(tail.look()) == ["/second"]
    make.exchange(project, path="/first", at=NOW + 50)
    assert paths(tail.look()) == ["/first"]
    assert tail.look() == []


def test_what_was_committed_late_before_the_reader_came_is_still_shown():
    project = make.project()
    tail = tailing.Tail(project.pk, Filter(), NOW << SHIFT)
    make.exchange(project, path="/late", at=NOW - 500)
    assert paths(tail.look()) == ["/late"]


def test_the_tail_follows_the_filter_and_the_project():
    project, other = make.project(), make.project("other")
    tail = tailing.Tail(project.pk, Filter(status="4", q="milk"), NOW << SHIFT)
    make.exchange(project, path="/milk", at=NOW + 1)
    make.exchange(project, path="/tea", at=NOW + 2, status=404)
    make.exchange(other, path="/milk", at=NOW + 3, status=404)
    make.exchange(project, path="/milk/4", at=NOW + 4, status=404)
    assert paths(tail.look()) == ["/milk/4"]


def test_a_flood_shows_its_newest_rows():
    project = make.project()
    tail = tailing.Tail(project.pk, Filter(), NOW << SHIFT)
    for n in range(tailing.MOST + 20):
        make.exchange(project, path=f"/{n}", at=NOW + 1 + n)
    assert paths(tail.look())[0] == f"/{tailing.MOST + 19}"


def test_an_event_says_where_to_resume():
    assert tailing.event(7, "<a>\n\n<b>") == "id: 7\nretry: 1500\ndata: <a>\ndata: <b>\n\n"


def streamed(tail, seconds: float, **more) -> list[str]:
    """What a stream says while a clock without waiting passes."""
    time = [0.0]

    async def sleep(delay):
        time[0] += delay

    async def run():
        return [text async for text in tailing.stream(tail, lambda rows: "row", sleep, lambda: time[0])]

    return asyncio.run(run())


@pytest.mark.django_db(transaction=True)
def test_a_silent_stream_shows_signs_of_life_and_ends_after_ten_minutes(monkeypatch):
    monkeypatch.setattr(tailing, "EVERY", 5.0)
    tail = tailing.Tail(1, Filter(), 0)
    said = streamed(tail, 600)
    assert said.count(": still here\n\n") == 39
    assert said[0].startswith(": hello")


def test_under_wsgi_the_answer_is_finite(client, ann):
    client.force_login(ann)
    project = make.project()
    row = make.exchange(project, path="/new", at=NOW)
    url = reverse("traffic:tail", args=["items"])
    answer = client.get(url, {"after": (NOW - 1) << SHIFT})
    text = answer.content.decode()
    assert answer["Content-Type"] == "text/event-stream"
    assert answer["Cache-Control"] == "no-store"
    assert f"id: {row.pk}\n" in text and f'id="{row.public_id}"' in text
    again = client.get(url, headers={"Last-Event-ID": str(row.pk)}).content.decode()
    assert again == f"id: {row.pk}\nretry: 1500\ndata:\n\n"


@pytest.mark.django_db(transaction=True)
def test_under_asgi_it_streams(ann):
    project = make.project()
    make.exchange(project, path="/new", at=NOW)

    async def first_rows():
        client = AsyncClient()
        await client.aforce_login(ann)
        answer = await client.get(reverse("traffic:tail", args=["items"]), {"after": (NOW - 1) << SHIFT})
        assert answer.streaming
        async for chunk in answer.streaming_content:
            if b"data:" in chunk:
                return chunk.decode()

    assert "/new" in asyncio.run(asyncio.wait_for(first_rows(), 10))
