"""The same job by API alone: a token from the command line, then create, import, call, look, replay."""

import httpx2
import pytest

from tests.stories.test_main_job import TODO


@pytest.fixture(scope="module")
def api(studio):
    token = studio.manage("studio_token", "robot@example.test", "--create").strip()
    with httpx2.Client(
        base_url=f"{studio.url}/api/v1/", headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=60
    ) as client:
        yield client


def made(response, status=201):
    assert response.status_code == status, response.text
    return response.json()


def test_from_token_to_diff(studio, api):
    project = made(api.post("projects/import/", json={"source": TODO, "slug": "todo"}))
    assert project["report"]["operations_kept"] == 3
    made(api.put("projects/todo/auth/", json={"kind": "api_key", "scheme": "bearer"}), 200)
    key = made(api.post("projects/todo/auth/keys/", json={"name": "robot"}))["text"]

    headers = {"authorization": f"Bearer {key}"}
    assert studio.call("todo", "GET", "/todos/ann").status_code == 401
    assert studio.call("todo", "GET", "/todos/ann", headers=headers).json() == {"todos": ["buy milk"]}

    found = made(api.get("projects/todo/exchanges/?op=getTodos&status=200"), 200)["results"]
    assert len(found) == 1
    whole = made(api.get(f"projects/todo/exchanges/{found[0]['id']}/"), 200)
    assert whole["response"]["body"]["text"] == '{"todos":["buy milk"]}'
    assert whole["auth"] == "ok"
    assert key not in str(whole)
    assert made(api.get(f"projects/todo/exchanges/{found[0]['id']}/curl/"), 200)["curl"].startswith("curl")
    assert len(made(api.get("projects/todo/exchanges.har"), 200)["log"]["entries"]) == 2

    example = {"status": "200", "media_type": "application/json", "name": "", "value": {"todos": ["walk the dog"]}}
    made(api.patch("projects/todo/operations/getTodos/", json={"examples": [example]}), 200)
    sent = made(api.post("projects/todo/replays/", json={"exchanges": [found[0]["id"]]}), 202)["results"]
    assert (sent[0]["same"], sent[0]["error"]) == (False, "")
    result = made(api.get(f"projects/todo/replays/{sent[0]['id']}/"), 200)
    assert ("$.todos[0]", '"buy milk"', '"walk the dog"') in [
        (item["path"], item["before"], item["after"]) for item in result["differences"]
    ]

    back = {"exchanges": [found[0]["id"]], "target": "revision:1"}
    made(api.post("projects/todo/replays/", json={**back, "ignore": ["$.todos"]}), 202)
    assert api.post("projects/todo/replays/", json={**back, "target": "revision:99"}).status_code == 400


def test_a_page_of_the_log_leads_to_the_next(studio, api):
    for _ in range(3):
        studio.call("todo", "GET", "/openapi.json")
    first = made(api.get("projects/todo/exchanges/?kind=document&limit=2"), 200)
    assert len(first["results"]) == 2
    rest = made(api.get(first["next"]), 200)
    assert len(rest["results"]) == 1
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in rest["results"]}


def test_filters_that_mean_nothing_are_refused(api):
    for query in ("status=abc", "kind=dog", "from=yesterday", "limit=0", "before=1"):
        assert api.get(f"projects/todo/exchanges/?{query}").status_code == 400


def test_a_pinned_address_keeps_answering_the_old_way(studio, api):
    made(api.post("projects/", json={"name": "Pinned", "template": "weather"}))
    made(api.patch("projects/pinned/addresses/pinned/", json={"pinned": 1}), 200)
    before = studio.call("pinned", "GET", "/openapi.json").json()
    made(api.patch("projects/pinned/document/", json={"title": "Changed"}), 200)
    assert studio.call("pinned", "GET", "/openapi.json").json() == before
    made(api.patch("projects/pinned/addresses/pinned/", json={"pinned": None}), 200)
    titles = [_title_after(studio) for _ in range(1)]
    assert titles == ["Changed"]


def _title_after(studio, seconds=2.0):
    """Another worker sees an edit within a quarter of a second."""
    import time

    until = time.monotonic() + seconds
    while True:
        title = studio.call("pinned", "GET", "/openapi.json").json()["info"]["title"]
        if title == "Changed" or time.monotonic() > until:
            return title
        time.sleep(0.05)
