"""What a filter chooses, what it leaves out, and what the form of a run refuses."""

import re

import pytest

from actionstudio.apps.publishing import source
from actionstudio.apps.publishing.models import Key
from actionstudio.apps.replay import rehiding, sending
from actionstudio.apps.replay.models import Run
from actionstudio.apps.replay.runs import selecting, starting
from actionstudio.apps.replay.runs.options import Options
from actionstudio.apps.traffic.filters import Filter
from actionstudio.core.auth import ApiKey
from tests import make
from tests.apps.replay.runs.test_pages import called, contract, form, project, url  # noqa: F401
from tests.runtime.upstream import Upstream as Server

pytestmark = pytest.mark.django_db


def chosen(project, q="", **fields):  # noqa: F811
    found = selecting.filtered(project, Filter.read({"q": q, **fields}))
    return len(found.calls), found.left_out


@pytest.fixture
def mixed(project):  # noqa: F811
    """Two calls, three replays of them, and a document fetched by ChatGPT."""
    for source_, kind in [("gpt", "mock")] * 2 + [("replay", "mock")] * 3 + [("gpt", "document")]:
        make.exchange(project, source=source_, kind=kind, conversation_id="talk-1")
    return project


@pytest.mark.parametrize(
    ("q", "calls", "left_out"),
    [
        ("", 2, {"replay": 3, "document": 1}),
        ("source:gpt", 2, {"document": 1}),
        ("conversation:talk-1", 2, {"replay": 3, "document": 1}),
        ("is:replay", 3, {}),
        ('source:"replay"', 3, {}),
        ("kind:document", 1, {}),
        ("-is:replay", 2, {"document": 1}),
    ],
)
def test_a_filter_leaves_out_replays_and_documents_that_it_does_not_name(mixed, q, calls, left_out):
    assert chosen(mixed, q) == (calls, left_out)


def test_the_fields_of_the_log_name_them_too_and_picked_rows_stay(mixed):
    assert chosen(mixed, source="replay") == (3, {})
    assert chosen(mixed, kind="document") == (1, {})
    every = [one.public_id for one in mixed_rows(mixed)]
    assert len(selecting.picked(mixed, every)) == 6


def test_replays_take_no_room_of_calls_and_what_is_older_is_counted(client, project, monkeypatch):  # noqa: F811
    monkeypatch.setattr(selecting, "MOST", 4)
    monkeypatch.setattr(selecting, "AT_ONCE", 3)
    old = [make.exchange(project, path=f"/items/{n}") for n in range(6)]
    for _n in range(5):
        make.exchange(project, source="replay")
    found = selecting.filtered(project, Filter.read({}))
    assert [call.pk for call in found.calls] == [call.pk for call in old[2:]]
    assert (found.left_out, found.more) == ({"replay": 5, "older": 2}, True)
    shown = client.get(url("new"), {"q": ""}).text
    assert "Replay 4 calls" in shown and "5 replays of calls" in shown and "2 older calls" in shown
    run = starting.start(project, found, by=project.owner)
    assert "2 older calls" in client.get(url("run", run.pk)).text


def mixed_rows(project):  # noqa: F811
    from actionstudio.apps.traffic.models import Exchange

    return Exchange.objects.filter(project_id=project.pk)


def test_the_pages_say_what_is_left_out(client, mixed):
    for name in ("new", "suite-add"):
        page = client.get(url(name), {"conversation": "talk-1"}).text
        assert "3 replays of calls" in page and "1 fetch of a document" in page


def test_the_button_says_how_many_calls_would_leave(client, project):  # noqa: F811
    good, odd = called(1), [make.exchange(project, operation_id="gone", path="/gone", method="DELETE")]
    shown = client.get(url("new"), {"pick": [one.public_id for one in good + odd]}).text
    assert "1 of 2 calls would be refused" in shown and "Send 1 call<" in shown
    wish = {**form(good + odd), "look": "1", "send_refused": "on"}
    del wish["go"]
    assert "Send 2 calls" in client.post(url("new"), wish).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"typed_name": "X-Key"}, "Type the value of this header"),
        ({"typed_name": "Host", "typed_value": "a.example"}, "Host follows from where the call goes"),
        ({"typed_name": "Content-Length", "typed_value": "1"}, "made by the connection"),
        ({"set_headers": "host: a.example"}, "Host follows from where the call goes"),
        ({"base": "https://a.example"}, "Choose “Another server”"),
    ],
)
def test_what_would_be_ignored_is_refused_beside_its_field(client, project, fields, words):  # noqa: F811
    answer = client.post(url("new"), form(called(1), **fields))
    assert answer.status_code == 422 and words in answer.text
    assert not Run.objects.exists()


def test_the_projects_own_address_is_the_live_one(project):  # noqa: F811
    for base in source.base_urls("shop"):
        assert str(sending.target(f"{base}/", project)) == "live"
    assert str(sending.target("http://other.example", project)) == "http://other.example"


def test_a_row_tells_its_own_values_not_those_of_its_group(client, project):  # noqa: F811
    from actionstudio.apps.design import editing

    calls = called(2)
    for one, price in zip(calls, (5, 7), strict=True):
        one.response_body = f'{{"id":1,"price":{price}}}'.encode()
        one.response_size = len(one.response_body)
        one.save()
    editing.replace(project, contract({"id": 1, "price": 3}))
    page = client.get(client.post(url("new"), form(calls)).url).text
    rows = page.partition("<tbody>")[2]
    assert "instead of 5" in rows and "instead of 7" in rows


def test_noise_is_marked_as_noise_in_a_row(client, project):  # noqa: F811
    from actionstudio.apps.design import editing

    editing.replace(project, contract({"created_at": "2026-03-01T10:00:00Z"}))
    calls = called(1)
    editing.replace(project, contract({"created_at": "2026-03-01T10:00:07Z"}))
    page = client.get(client.post(url("new"), form(calls)).url).text
    assert "1 place is noise" in page


SECRET = "MYREALSECRET12345"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"set_headers": f"Authorization: Bearer {SECRET}"}, "“Authorization” carries a credential"),
        ({"set_headers": f"X-Team: blue\nX-Api-Key: {SECRET}"}, "“X-Api-Key” carries a credential"),
        ({"set_headers": f"Cookie: sid={SECRET}"}, "“Cookie” carries a credential"),
        ({"set_headers": f"X-Own-Mask: {SECRET}"}, "“X-Own-Mask” carries a credential"),
        ({"set_headers": f'X-Api-Key: {{{{uuid | default: "{SECRET}"}}}}'}, "“X-Api-Key” carries a credential"),
        ({"set_headers": "Authorization: Bearer •••• (17 characters)"}, "“Authorization” carries a credential"),
        ({"set_values": f"query.api_key = {SECRET}"}, "The log hides what stands in “query.api_key”"),
        ({"set_values": f"$.user.password = {SECRET}"}, "The log hides what stands in “$.user.password”"),
    ],
)
@pytest.mark.parametrize("button", ["go", "look"])
def test_a_credential_among_the_edits_is_refused_and_kept_nowhere(client, project, fields, words, button):  # noqa: F811
    project.masks = ["X-Own-Mask"]
    project.save()
    wish = {**form(called(1), **fields), button: "1"}
    answer = client.post(url("new"), {name: value for name, value in wish.items() if name == button or name != "go"})
    assert answer.status_code == 422 and words in answer.text
    assert SECRET not in answer.text.partition("The first calls as they would go out")[2]
    assert not Run.objects.exists()


def test_a_template_that_only_names_something_is_no_credential(client, project):  # noqa: F811
    wish = form(
        called(1), set_headers="X-Api-Key: {{uuid}}\nX-Team: blue", set_values="query.limit = 5", send_refused=1
    )
    assert client.post(url("new"), wish).status_code == 302
    assert Run.objects.get().state == "done"


def test_a_credential_that_an_older_run_holds_is_hidden(client, project):  # noqa: F811
    edits = {"set_headers": [["Authorization", f"Bearer {SECRET}"]], "set_values": [["query.token", SECRET]]}
    calls = called(1)
    old = Run.objects.create(project=project, options=Options(edits=edits).plain(), state="done")
    page = client.get(url("new"), {"pick": [calls[0].public_id], "run": old.pk}).text
    assert SECRET not in page and "Authorization: Bearer •••• (17 characters)" in page
    again = client.post(url("run-again", old.pk)).url
    assert Run.objects.count() == 1 and SECRET not in client.get(again).text
    assert rehiding.again(project, frozenset()) == 1
    assert SECRET not in str(Run.objects.values("options").get())


def test_the_header_of_a_run_counts_before_the_credential_of_the_logged_calls(client, ann):
    client.force_login(ann)
    guarded = make.project("shop", ann, make.contract(make.operation(), auth=ApiKey(), security=({"apiKey": []},)))
    _key, text = Key.mint(guarded, "production")
    calls = called(1, headers=(("authorization", f"Bearer {text}"),))
    typed = {"typed_name": "Authorization", "typed_value": "Bearer certainly-wrong-key"}
    client.post(url("new"), form(calls, **typed))
    row = Run.objects.get().replays.get()
    assert (row.before["status"], row.after["status"], row.same) == (200, 401, False)


def bound(page: str, **fields) -> dict:
    """What a browser would post of a form that came back: its hidden fields, and what is typed now."""
    hidden = re.findall(r'<input type="hidden" name="([^"]+-sealed)" value="([^"]+)">', page)
    return {**dict(hidden), **fields}


@pytest.mark.parametrize("first", [{"concurrency": 77}, {"look": "1"}])
def test_the_header_of_a_run_is_not_lost_when_its_form_comes_back(client, project, first):  # noqa: F811
    calls = called(1)
    wish = form(calls, typed_name="X-Extra", typed_value=SECRET, **first)
    if "look" in first:
        del wish["go"]
    page = client.post(url("new"), wish).text
    assert SECRET not in page and "Kept. Type to replace it." in page
    with Server() as server:
        fields = {"target": "base", "base": server.url, "typed_name": "X-Extra", "typed_value": ""}
        client.post(url("new"), bound(page, **form(calls, **fields)))
        assert server.last.header("x-extra") == SECRET
        client.post(url("new"), bound(page, **form(calls, **fields | {"typed_value": "another"})))
        assert server.last.header("x-extra") == "another"
        made = client.post(url("new"), bound(page, **form(calls, **fields | {"typed_name": ""})))
        assert made.status_code == 302 and "x-extra" not in server.last.names
        lost = client.post(url("new"), {**form(calls, **fields), "typed_value-sealed": "nonsense"})
        assert lost.status_code == 422 and "Type the value of this header" in lost.text
