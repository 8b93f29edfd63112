"""The page for new projects: every way in, and every way that fails with what was typed kept."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actionstudio.apps.design import load
from actionstudio.apps.library import importing, starters
from actionstudio.apps.projects.models import Job, Project
from actionstudio.core import codec
from tests import make
from tests.apps.library.test_importing import BOMB, SMALL, large

pytestmark = pytest.mark.django_db
URL = "/projects/new/"


@pytest.fixture(autouse=True)
def ann_is_here(client, ann):
    client.force_login(ann)


def upload(data: bytes, name="openapi.yaml"):
    return SimpleUploadedFile(name, data)


def test_the_page_offers_every_example(client):
    text = client.get(URL).text
    for starter in starters.STARTERS:
        assert f'value="{starter.key}"' in text


@pytest.mark.parametrize("key", [starter.key for starter in starters.STARTERS])
def test_an_example_becomes_a_project_that_is_live(client, key):
    answer = client.post(URL, {"starter": key, "name": "Mine" if key == starters.BLANK else ""})
    project = Project.objects.get()
    assert answer["Location"] == reverse("library:overview", args=[project.slug])
    assert project.revisions.count() == 1
    assert client.get(answer["Location"]).status_code == 200


def test_a_blank_project_asks_for_its_name(client):
    answer = client.post(URL, {"starter": "blank", "slug": "mine"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["name"]
    assert answer.context["form"]["slug"].value() == "mine"


def test_name_and_address_count_for_examples_too(client):
    client.post(URL, {"starter": "todo", "name": "Chores", "slug": "chores-of-ann"})
    project = Project.objects.get()
    assert (project.name, project.slug, project.document.title) == ("Chores", "chores-of-ann", "Chores")


def test_an_example_that_is_not_there_is_said(client):
    assert client.post(URL, {"starter": "nope"}).status_code == 422


def test_a_pasted_document_becomes_a_project(client):
    answer = client.post(URL, {"source": SMALL.decode(), "name": "会议室", "slug": "rooms"})
    assert answer["Location"] == "/projects/rooms/"
    assert Project.objects.get().name == "会议室"


def test_an_uploaded_document_becomes_a_project(client):
    client.post(URL, {"file": upload(SMALL)})
    assert Project.objects.get().slug == "todo"


def test_a_large_document_shows_its_report(client):
    answer = client.post(URL, {"file": upload(large(60))})
    job = Job.objects.get()
    assert answer["Location"] == reverse("library:import", args=[job.pk])
    page = client.get(answer["Location"]).text
    assert "60 of 60" in page
    assert reverse("gpt:choose", args=[job.project.slug]) in page


CURL = "curl -H 'Authorization: Bearer topsecret' https://api.shop.example/orders/17"


def test_a_curl_command_becomes_a_project_and_the_page_says_what_it_was(client):
    answer = client.post(URL, {"source": CURL})
    job = Job.objects.get()
    assert answer["Location"] == reverse("library:import", args=[job.pk])
    page = client.get(answer["Location"]).text
    assert "Detected: curl, 1 of 1 operations" in page
    assert "the answer is not known" in page
    assert "Line 1" in page
    assert "gpt/choose" not in page
    assert job.project.operations.get().path == "/orders/{order_id}"
    assert "topsecret" not in str(job.result) + str(codec.dump(load.contract(job.project)))


def test_the_report_says_how_many_secrets_were_left_out_and_asks_what_chatgpt_says(client):
    source = "curl -H 'Authorization: Bearer sesame-open-1234' -H 'X-Api-Key: opensesame' https://a.example/orders"
    client.post(reverse("library:new"), {"source": source})
    job = Job.objects.get()
    text = client.get(reverse("library:import", args=[job.pk])).text
    assert "2 keys and passwords were left out." in text
    assert "sesame" not in text
    assert f'hx-get="{reverse("gpt:brief", args=[job.project.slug])}"' in text


def test_a_format_may_be_chosen(client):
    client.post(URL, {"source": '{"swagger": "yes"}', "format": "json-sample"})
    assert Project.objects.get().operations.get().path == "/item"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "Paste an OpenAPI document"),
        ({"source": "curl -X POST"}, "names no URL"),
        ({"source": "wget https://x.example"}, "only those of curl"),
        ({"source": '{"a": 1}', "format": "postman"}, "not a Postman collection"),
        ({"source": '{"a": 1}', "format": "nonsense"}, "nonsense"),
        ({"source": "openapi: 3.1.0\ninfo: ["}, "not valid YAML"),
        ({"source": BOMB.decode()}, "unfolds to more than"),
        ({"source": "hello"}, "nothing that can be imported"),
        ({"source": SMALL.decode(), "slug": "🍕"}, "letters a to z"),
        ({"source": SMALL.decode(), "slug": "new"}, "reserved"),
        ({"source": SMALL.decode(), "name": "x" * 121}, "120"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_used_is_said_and_kept(client, data, says):
    answer = client.post(URL, data)
    assert answer.status_code == 422
    assert says in answer.text
    if data.get("source"):
        assert answer.context["form"]["source"].value() == data["source"]
    assert "Error:" in answer.text
    assert not Project.objects.exists()
    assert not Job.objects.exists()


def test_a_file_that_is_too_large_is_refused_beside_its_field(client, monkeypatch):
    monkeypatch.setattr(importing, "LARGEST", 100)
    answer = client.post(URL, {"file": upload(b"x" * 200), "name": "Kept"})
    assert answer.status_code == 422
    assert "larger than 10 MB" in answer.text
    assert "file" in answer.context["form"].errors
    assert answer.context["form"]["name"].value() == "Kept"


def test_an_upload_of_fifty_megabytes_creates_nothing(client):
    answer = client.post(URL, {"file": upload(b"x" * 50_000_000)})
    assert answer.status_code == 422
    assert not Project.objects.exists()


def test_an_empty_file_is_said(client):
    assert client.post(URL, {"file": upload(b"")}).status_code == 422


def test_a_broken_upload_names_the_file_field(client):
    answer = client.post(URL, {"file": upload(b"\x00\x01\x02")})
    assert answer.status_code == 422
    assert "file" in answer.context["form"].errors


@pytest.fixture
def failed(ann):
    return Job.objects.create(
        owner=ann,
        kind="x",
        state="failed",
        error="The server answered 404.",
        input={"url": "https://a.example/x", "name": "Kept", "slug": ""},
        result={"problems": [{"pointer": "/source", "message": "The server answered 404.", "code": "fetch"}]},
    )


def test_a_failed_import_says_why_and_can_be_tried_again(client, failed):
    text = client.get(reverse("library:import", args=[failed.pk])).text
    assert "The server answered 404." in text
    again = client.get(URL, {"again": str(failed.pk)})
    assert again.context["form"]["source"].value() == "https://a.example/x"
    assert again.context["form"]["name"].value() == "Kept"


@pytest.mark.parametrize("again", ["x", "3f11acd6-b7aa-48b3-8b1c-a4fc9a475ef3", ""])
def test_rubbish_in_again_is_ignored(client, again):
    assert client.get(URL, {"again": again}).status_code == 200


def test_eve_sees_no_import_of_anns(client, eve, failed):
    client.force_login(eve)
    page = reverse("library:import", args=[failed.pk])
    assert client.get(page).status_code == 404
    assert client.post(f"{page}cancel/").status_code == 404
    assert client.get(URL, {"again": str(failed.pk)}).context["form"]["source"].value() is None


def test_a_running_import_polls_and_a_finished_one_does_not(client, failed):
    page = reverse("library:import", args=[failed.pk])
    assert "every 1s" not in client.get(page).text
    Job.objects.update(state="running", step="Reading the text", done=1)
    running = client.get(page, headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    assert "every 1s" in running
    assert "Reading the text" in running
    assert "<html" not in running
    assert "http-equiv" in client.get(page).text


def test_a_running_import_can_be_cancelled(client, failed):
    Job.objects.update(state="ready")
    page = reverse("library:import", args=[failed.pk])
    assert client.post(f"{page}cancel/")["Location"] == page
    assert "Cancelled" in client.get(page).text


def test_another_kind_of_job_has_no_import_page(client, ann):
    job = Job.objects.create(owner=ann, kind="x")
    page = reverse("library:import", args=[job.pk])
    assert client.get(page).status_code == 404
    assert client.post(f"{page}cancel/").status_code == 404
    job.refresh_from_db()
    assert not job.cancel


def test_a_project_file_comes_in_through_the_same_door(client, ann):
    from actionstudio.apps.library import exporting

    original = make.project("mine")
    file = exporting.FORMATS["bundle"](original)
    client.post(URL, {"file": upload(file.content, file.name)})
    assert Project.objects.filter(slug="mine-2").exists()
    assert io.BytesIO(file.content).read(2) == b"PK"
