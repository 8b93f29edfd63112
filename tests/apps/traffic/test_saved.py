"""Saved views: kept under a name, shared, opened first, changed, deleted; on pages and through the API."""

import pytest
from django.urls import reverse

from actionstudio.apps.accounts.models import ApiToken
from actionstudio.apps.traffic import pruning
from actionstudio.apps.traffic.models import Exchange, SavedView
from actionstudio.apps.traffic.saved import keeping
from actionstudio.core.problem import Refused
from tests import make

pytestmark = pytest.mark.django_db
GOOD = {"name": "Errors", "q": "status:>=400"}


@pytest.fixture
def project(ann, client):
    client.force_login(ann)
    return make.project()


def url(name: str, *args) -> str:
    return reverse(f"traffic:{name}", args=["items", *args])


def test_a_question_is_kept_and_stands_in_the_menu(client, project):
    answer = client.post(url("views"), GOOD)
    assert answer["Location"] == "/projects/items/log/?q=status%3A%3E%3D400"
    page = client.get(url("log")).content.decode()
    assert client.get(url("log")).context["views"] == [("Errors", "q=status%3A%3E%3D400", False)]
    assert ">Errors</span></a>" in page


def test_the_page_opens_with_the_first_one_and_all_can_still_be_asked_for(client, project):
    client.post(url("views"), {**GOOD, "first": "on"})
    assert client.get(url("log"))["Location"].endswith("?q=status%3A%3E%3D400")
    assert client.get(url("log"), {"q": ""}).status_code == 200
    client.post(url("views"), {"name": "Mine", "q": "is:replay", "first": "on"})
    assert client.get(url("log"))["Location"].endswith("?q=is%3Areplay")
    assert SavedView.objects.filter(first=True).count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": " ", "q": "x"}, "Give the view a name."),
        ({"name": "n" * 81, "q": "x"}, "A name may have 80 characters."),
        ({"name": "A", "q": "status:4oo"}, "Write a status such as 404"),
        ({"name": "A", "q": "x" * 1001}, "A question may have 1000 characters."),
        (GOOD, "You have a view of this name"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(client, project, ann, data, words):
    keeping.keep(project, ann, **GOOD)
    answer = client.post(url("views"), data)
    assert answer.status_code == 422
    assert words in answer.content.decode() and f'value="{data["q"]}"' in answer.content.decode().replace("&gt;", ">")
    assert SavedView.objects.count() == 1


def test_a_view_is_renamed_and_deleted(client, project, ann):
    row = keeping.keep(project, ann, **GOOD)
    assert client.get(url("view", row.pk)).status_code == 200
    assert client.post(url("view", row.pk), {"name": "Bad", "q": "status:5xx", "shared": "on"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.q, row.shared, row.first) == ("Bad", "status:5xx", True, False)
    assert client.get(url("view-delete", row.pk)).status_code == 405
    client.post(url("view-delete", row.pk))
    assert not SavedView.objects.exists()


def test_others_see_what_is_shared_and_change_none_of_it(project, ann, eve):
    shared = keeping.keep(project, ann, **GOOD, shared=True, first=True)
    keeping.keep(project, ann, name="Own", q="")
    assert keeping.seen(project, eve) == [shared]
    assert keeping.opening([shared], eve) is None
    assert keeping.own(project, eve, shared.pk) is None
    assert keeping.keep(project, eve, **GOOD).pk != shared.pk


def test_there_is_a_bound(project, ann, monkeypatch):
    monkeypatch.setattr(keeping, "MOST", 1)
    keeping.keep(project, ann, **GOOD)
    with pytest.raises(Refused, match="delete one first"):
        keeping.keep(project, ann, name="B", q="")


def test_eve_finds_none_of_it(client, project, ann, eve):
    row = keeping.keep(project, ann, **GOOD, shared=True)
    client.force_login(eve)
    for path in (url("views"), url("view", row.pk), url("view-delete", row.pk), url("complete")):
        assert client.get(path).status_code in (404, 405), path
        assert client.post(path, GOOD).status_code == 404, path
    assert SavedView.objects.count() == 1


def test_views_go_with_their_project(project, ann):
    keeping.keep(project, ann, **GOOD)

    class Job:
        input = {"project_id": project.pk}
        result = None

    class Progress:
        job = Job()

        def finishing(self):
            return self

        def __enter__(self):
            return self.job

        def __exit__(self, *args):
            return None

        def step(self, *args):
            return None

    pruning.forget(Progress())
    assert not SavedView.objects.exists()


def test_the_api_does_the_same(client, project, ann):
    client.logout()
    _, token = ApiToken.mint(ann, "mine")
    call = {"content_type": "application/json", "HTTP_AUTHORIZATION": f"Bearer {token}"}
    base = "/api/v1/projects/items/views/"
    made = client.post(base, {**GOOD, "first": True}, **call)
    assert made.status_code == 201
    one = f"{base}{made.json()['number']}/"
    assert client.get(one, **call).json()["mine"] is True
    assert client.patch(one, {"name": "Worse", "shared": True}, **call).json()["name"] == "Worse"
    assert [view["first"] for view in client.get(base, **call).json()] == [True]
    refused = client.post(base, {"name": "Worse", "q": "status:4oo"}, **call)
    assert refused.status_code == 400 and refused["Content-Type"] == "application/problem+json"
    assert client.delete(one, **call).status_code == 204
    assert client.get(one, **call).status_code == 404


def test_completion_says_whether_the_question_can_be_read(client, project, ann):
    make.exchange(project, conversation_id="talk")
    said = client.get(url("complete"), {"q": "😀 conversation:ta", "at": "17"}).json()
    assert said["readable"] is True
    assert said["offers"] == [
        {"label": "conversation:talk", "help": "", "text": "😀 conversation:talk ", "caret": 20, "more": False}
    ]
    assert client.get(url("complete"), {"q": "status:4oo", "at": "x"}).json() == {"offers": [], "readable": False}


def test_what_an_account_has_saved_goes_with_it_and_so_do_the_logs_of_its_projects(
    project, ann, eve, django_capture_on_commit_callbacks
):
    eves = make.project("eves", eve)
    for one, author in ((project, eve), (project, ann), (eves, ann)):
        keeping.keep(one, author, name="Mine", q="milk", shared=True)
        make.exchange(one)
    with django_capture_on_commit_callbacks(execute=True):
        eve.delete()
    assert [(row.project_id, row.author_id) for row in SavedView.objects.all()] == [(project.pk, ann.pk)]
    assert {row.project_id for row in Exchange.objects.all()} == {project.pk}
