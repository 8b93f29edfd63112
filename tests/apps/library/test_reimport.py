"""A newer document for a project that has grown: read, looked at as a plan, taken over as far as it was ticked."""

import io
import json
import re
import uuid

import pytest
from django.urls import reverse
from PIL import Image

from actionstudio.apps.design import editing, load
from actionstudio.apps.library import bundle, configuring, importing, logo, reimporting, sources
from actionstudio.apps.projects.models import Job
from actionstudio.core.contract import Contract
from actionstudio.core.problem import Refused
from actionstudio.runtime.outbound import Fetched, OutboundRefused
from tests import make

pytestmark = pytest.mark.django_db

URL = "https://api.example.com/openapi.json"


def document(*, title="Todos", **paths) -> bytes:
    """A document with these operations: ``list=("/todos", {…})`` is GET /todos with that name."""
    found = {}
    for name, (path, fields) in paths.items():
        found[path] = {"get": {"operationId": name, "responses": {"200": {"description": "OK"}}, **fields}}
    return json.dumps({"openapi": "3.1.0", "info": {"title": title, "version": "1"}, "paths": found}).encode()


OLD = document(list=("/todos", {"summary": "List"}), one=("/todos/{id}", {"summary": "One"}))
NEW = document(list=("/todos", {"summary": "All of them", "tags": ["t"]}), more=("/more", {}))


@pytest.fixture
def outside(monkeypatch):
    """What is behind links: set ``body`` or ``error``; ``asked`` are the URLs."""

    class Outside:
        body, error = OLD, None

        def __init__(self):
            self.asked = []

        def fetch(self, method, url, headers=(), **options):
            self.asked.append(url)
            if self.error:
                raise self.error
            return Fetched(200, (), self.body, url, 1)

    made = Outside()
    monkeypatch.setattr(importing.outbound, "fetch", made.fetch)
    return made


@pytest.fixture
def project(ann, client, outside):
    client.force_login(ann)
    job = importing.begin(ann, url=URL, name="Todos", slug="todos")
    return Job.objects.get(pk=job.pk).project


def page(project):
    return reverse("library:reimport", args=[project.slug])


def edit(project, name, **fields):
    """Changes one operation by hand."""
    with editing.editing(project):
        project.operations.filter(operation_id=name).update(**fields)


def planned(client, project, data=NEW) -> str:
    """The address of the plan for that document."""
    answer = client.post(page(project), {"source": data.decode()})
    assert answer.status_code == 302, answer.text
    return answer["Location"]


def against(text) -> str:
    return re.search(r'name="against" value="(\d+)"', text)[1]


def ticked(text) -> list[str]:
    return re.findall(r'name="accept" value="([^"]+)" checked', text)


def test_a_strangers_project_is_not_there(client, eve, project):
    where = planned(client, project)
    client.force_login(eve)
    for url in (page(project), where, f"{where}cancel/"):
        assert client.post(url).status_code == 404
        assert client.get(url).status_code in (404, 405)


def test_another_projects_plan_is_not_here(client, ann, project):
    where = planned(client, project)
    other = make.project("other", ann)
    assert client.get(where.replace("/todos/", "/other/")).status_code == 404
    assert client.get(f"{page(other)}{uuid.uuid4()}/").status_code == 404


def test_every_import_is_remembered(project):
    found = sources.of(project)
    assert (found.url, found.format, found.revision.number) == (URL, "OpenAPI 3.1.0", 1)
    assert sources.base_contract(project) == load.contract(project)
    assert sources.of(make.project("other")) is sources.base_contract(make.project("another")) is None


def test_the_page_offers_what_was_imported_last(client, project):
    text = client.get(page(project)).text
    assert URL in text
    assert "Fetch it again" in text
    fresh = client.get(page(make.project("mine"))).text
    assert "Fetch it again" not in fresh
    assert "was not imported" in fresh


def test_from_the_link_to_the_plan_to_the_new_version(client, project, outside):
    outside.body = NEW
    answer = client.post(page(project), {"deed": "fetch"})
    assert outside.asked == [URL, URL]
    where = answer["Location"]
    text = client.get(where).text
    assert project.revisions.count() == 1, "nothing is changed before"
    assert ticked(text) == ["operation:GET /more", "operation:GET /todos", "operation:GET /todos/{id}"]
    assert "Callers lose GET /todos/{id}." in text
    assert "All of them" in text
    accept = ["operation:GET /more", "operation:GET /todos"]
    answer = client.post(where, {"accept": accept, "against": against(text)})
    assert answer["Location"] == reverse("release:versions", args=["todos"])
    found = {op.operation_id: op for op in load.contract(project).operations}
    assert set(found) == {"list", "one", "more"}
    assert found["list"].summary == "All of them"
    newest = project.revisions.first()
    assert (newest.number, newest.note) == (2, f"Imported again from {URL}")
    assert sources.of(project).revision == newest
    done = client.get(where).text
    assert "live as v2" in done
    assert "accept" not in done


def test_what_was_left_is_not_asked_again(client, project):
    where = planned(client, project)
    client.post(where, {"accept": ["operation:GET /more"], "against": "1"})
    text = client.get(planned(client, project)).text
    assert "Nothing to take over" in text
    assert "GET /todos: summary" in text, "what differs is said to stay"


def test_hand_edits_stay_and_clashes_are_a_choice(client, project):
    edit(project, "list", summary="Mine", exposed=False)
    where = planned(client, project)
    text = client.get(where).text
    assert "Your own stays: exposed to GPT." in text
    assert "operation:GET /todos#summary" in text
    assert "operation:GET /todos#summary" not in ticked(text)
    client.post(where, {"accept": ticked(text), "against": "2"})
    (first, *_rest) = load.contract(project).operations
    assert (first.summary, first.exposed, first.tags) == ("Mine", False, ("t",))


def test_theirs_is_taken_where_it_was_ticked(client, project):
    edit(project, "list", summary="Mine")
    where = planned(client, project)
    client.post(where, {"accept": ["operation:GET /todos#summary"], "against": "2"})
    assert load.contract(project).operations[0].summary == "All of them"


def test_a_removed_operation_that_was_edited_is_not_ticked(client, project):
    edit(project, "one", description="By hand")
    text = client.get(planned(client, project)).text
    assert "operation:GET /todos/{id}" not in ticked(text)
    assert "You changed this here (description)." in text


def test_two_tabs_the_second_sees_a_new_plan(client, project):
    first, second = planned(client, project), planned(client, project)
    assert client.post(first, {"accept": ["operation:GET /more"], "against": "1"}).status_code == 302
    answer = client.post(second, {"accept": ["operation:GET /todos"], "against": "1"})
    assert answer.status_code == 409
    assert "was changed since this plan was made" in answer.text
    assert project.revisions.count() == 2
    assert against(answer.text) == "2"


def test_a_change_in_another_tab_keeps_what_was_ticked(client, project):
    where = planned(client, project)
    edit(project, "one", description="By hand")
    answer = client.post(where, {"accept": ["operation:GET /more", "operation:GET /todos"], "against": "1"})
    assert answer.status_code == 409
    assert ticked(answer.text) == ["operation:GET /more", "operation:GET /todos"]
    accept = {"accept": ticked(answer.text), "against": against(answer.text)}
    assert client.post(where, accept).status_code == 302
    assert project.revisions.first().number == 3


def test_nothing_ticked_changes_nothing_and_says_so(client, project):
    answer = client.post(planned(client, project), {"against": "1"})
    assert answer.status_code == 422
    assert "Tick what is to be taken over." in answer.text
    assert project.revisions.count() == 1


@pytest.mark.parametrize("number", ["", "x", "-1", "²", "9" * 30])
def test_a_plan_without_a_version_is_stale(client, project, number):
    answer = client.post(planned(client, project), {"accept": ["operation:GET /more"], "against": number})
    assert answer.status_code == 409


def test_a_strange_id_changes_nothing(client, project):
    answer = client.post(planned(client, project), {"accept": ["operation:GET /nope"], "against": "1"})
    assert answer.status_code == 422
    assert "There is no “operation:GET /nope” in the plan." in answer.text
    assert project.revisions.count() == 1


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "Paste the newer document"),
        ("{", "Line 1"),
        ("<html>", "web page"),
        (json.dumps({"openapi": "3.1.0", "info": {}}), "paths"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(client, project, source, said):
    answer = client.post(page(project), {"source": source})
    assert answer.status_code == 422
    assert said in answer.text
    assert not Job.objects.filter(project=project, kind=reimporting.KIND).exists()


def test_a_link_that_fails_says_why_and_comes_back(client, project, outside):
    outside.error = OutboundRefused("it does not answer")
    where = client.post(page(project), {"source": "https://else.example.com/a.json"})["Location"]
    text = client.get(where).text
    assert "it does not answer" in text
    again = re.search(r'href="([^"]+again=[^"]+)"', text)[1]
    assert "https://else.example.com/a.json" in client.get(again).text


def test_an_uploaded_file_is_named(client, project, tmp_path):
    (tmp_path / "todos.json").write_bytes(NEW)
    with (tmp_path / "todos.json").open("rb") as file:
        where = client.post(page(project), {"file": file})["Location"]
    client.post(where, {"accept": ["operation:GET /more"], "against": "1"})
    assert project.revisions.first().note == "Imported again from todos.json"
    assert sources.of(project).filename == "todos.json"


def test_a_large_document_is_read_by_a_job(client, project, monkeypatch):
    monkeypatch.setattr(importing, "SMALL", 10)
    where = planned(client, project)
    job = Job.objects.get(project=project, kind=reimporting.KIND)
    assert (job.state, job.payload) == ("done", None)
    assert ticked(client.get(where).text)


def test_while_it_is_read_there_is_progress_and_cancel(client, project):
    job = Job.objects.create(
        owner=project.owner, project=project, kind=reimporting.KIND, input={"url": URL, "filename": ""}, step="Reading"
    )
    where = f"{page(project)}{job.pk}/"
    text = client.get(where).text
    assert "Reading" in text
    assert f'hx-get="{where}"' in text
    client.post(f"{where}cancel/")
    assert "Nothing was changed" in client.get(where).text
    assert project.revisions.count() == 1


def test_the_waiting_page_goes_on_to_the_plan(client, project):
    where = planned(client, project)
    answer = client.get(where, HTTP_HX_REQUEST="true", HTTP_HX_REQUEST_TYPE="partial")
    assert answer["HX-Redirect"] == where


def test_a_difference_that_is_too_long_opens_by_its_button(client, project, monkeypatch):
    monkeypatch.setattr("actionstudio.apps.library.reimport_views.ROWS", 0)
    where = planned(client, project)
    assert "All of them" not in client.get(where).text
    answer = client.post(where, {"show": "operation:GET /todos", "accept": ["operation:GET /more"], "against": "1"})
    assert (answer.status_code, ticked(answer.text)) == (200, ["operation:GET /more"])
    assert "All of them" in answer.text
    assert project.revisions.count() == 1


def test_a_logo_given_here_stays_and_that_of_a_project_file_comes(project, ann):
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    configuring.change_logo(project, logo.checked(picture.getvalue()), ann)
    mine = load.contract(project)
    assert mine.logo
    arrival = reimporting.arrival(importing.read(NEW))
    assert reimporting.take(project, arrival, None, by=ann)
    assert load.contract(project).logo == mine.logo
    file = bundle.pack(project, load.contract(project))
    other = make.project("other", ann, Contract(title="Other"))
    arrival = reimporting.arrival(importing.read(file))
    assert arrival.format == "Action Studio project"
    reimporting.take(other, arrival, None, by=ann)
    assert load.contract(other).logo == mine.logo
    assert other.logos.count() == 1


def test_a_plan_is_no_new_project(client, project):
    job_id = planned(client, project).rstrip("/").rpartition("/")[2]
    assert client.get(reverse("library:import", args=[job_id])).status_code == 404


def test_a_manifest_is_followed_by_a_job(client, project, outside):
    manifest = {"schema_version": "v1", "name_for_model": "todos", "api": {"type": "openapi", "url": URL}}
    outside.body = NEW
    text = client.get(planned(client, project, json.dumps(manifest).encode())).text
    assert "operation:GET /more" in ticked(text)


def test_a_few_calls_only_add(client, project):
    where = planned(client, project, b"curl https://api.example.com/more?x=1")
    text = client.get(where).text
    assert ticked(text) == ["operation:GET /more"]
    client.post(where, {"accept": ticked(text), "against": "1"})
    assert [op.path for op in load.contract(project).operations] == ["/todos", "/todos/{id}", "/more"]
    assert sources.of(project).url == URL, "that is where the project comes from"


def test_a_stale_plan_is_refused_whoever_asks(project, ann):
    arrival = reimporting.arrival(importing.read(NEW))
    edit(project, "one", description="By hand")
    with pytest.raises(reimporting.Stale):
        reimporting.take(project, arrival, None, by=ann, against=1)
    with pytest.raises(Refused):
        reimporting.take(project, arrival, ["nonsense"], by=ann)
    assert project.revisions.count() == 2


def test_the_number_of_queries_does_not_grow(client, project, django_assert_max_num_queries):
    many = document(**{f"op{n}": (f"/x{n}", {}) for n in range(60)})
    where = planned(client, project, many)
    with django_assert_max_num_queries(22):
        client.get(where)
    with django_assert_max_num_queries(16):
        client.get(page(project))


def numbered(*numbers: int) -> bytes:
    return document(**{f"x{n}": (f"/x/{n}", {"summary": "One"}) for n in numbers})


@pytest.fixture
def chosen(ann, client):
    """A project of 33 operations, of which ChatGPT gets 30."""
    client.force_login(ann)
    made = Job.objects.get(pk=importing.begin(ann, data=numbered(*range(33)), name="Chosen", slug="chosen").pk).project
    with editing.editing(made):
        made.operations.filter(operation_id__in=["x30", "x31", "x32"]).update(exposed=False)
    return made


def test_a_choice_stays_and_the_plan_says_what_arrives_hidden(client, chosen):
    where = planned(client, chosen, numbered(*range(33), 90))
    text = client.get(where).text
    assert "Arrives hidden from ChatGPT: 30 operations are chosen already." in text
    assert "30 operations arrive now, 30 then" in text
    answer = client.post(where, {"accept": ticked(text), "against": against(text)})
    assert answer["Location"] == reverse("release:versions", args=["chosen"])
    shown = {op.operation_id for op in load.contract(chosen).operations if op.exposed}
    assert shown == {f"x{n}" for n in range(30)}


def test_the_plan_says_before_and_the_way_back_after_that_it_does_not_import(client, ann):
    client.force_login(ann)
    made = Job.objects.get(pk=importing.begin(ann, data=numbered(*range(30)), slug="full").pk).project
    where = planned(client, made, numbered(*range(31)))
    text = client.get(where).text
    assert "30 operations arrive now, 0 then" in text
    assert "ChatGPT refuses this document: no operation arrives." in text
    answer = client.post(where, {"accept": ticked(text), "against": against(text)})
    assert answer["Location"] == reverse("gpt:import", args=["full"])
    assert "ChatGPT refuses this document" in client.get(answer["Location"]).text


def test_the_forecast_follows_the_ticks(client, project):
    where = planned(client, project)
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    part = client.post(where, {"forecast": "1", "accept": "operation:GET /more"}, headers=headers).text
    assert part.lstrip().startswith('<div id="forecast"')
    assert "2 operations arrive now, 3 then" in part
    whole = client.post(where, {"forecast": "1", "accept": "operation:GET /more"}).text
    assert ticked(whole) == ["operation:GET /more"]
    assert project.revisions.count() == 1


def test_the_heading_counts_what_breaks(client, project):
    assert "1 breaks callers" in client.get(planned(client, project)).text
