"""Files into a call as links that hold for five minutes, and those that an answer brings."""

import base64
import datetime
import json
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from actionstudio.apps.simulator.calling import acting, filing, performing
from actionstudio.apps.simulator.models import File
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.chatgpt import identity
from actionstudio.core.contract import Body, Example, Media, Response
from actionstudio.core.problem import Refused
from tests import make

pytestmark = pytest.mark.django_db
WHO = identity.identity("g-" + "1" * 32, identity.conversation_id("x"), "ann", datetime.date(2026, 11, 27))
REFS = {
    "type": "object",
    "properties": {"openaiFileIdRefs": {"type": "array", "items": {"type": "string"}}, "note": {"type": "string"}},
}


def test_a_name_with_quotation_marks_is_kept_as_it_is():
    sent = SimpleUploadedFile("ünï %22q%22.txt", b"hello", "text/plain")
    assert filing.uploaded([sent]) == [filing.Given('ünï "q".txt', "text/plain", b"hello")]


def sender(answer=None):
    shown = Media("application/json", {"type": "object"}, (Example("", answer or {"ok": True}),))
    body = Body(content=(Media("application/json", REFS),))
    op = make.operation("POST", "/files", body=body, responses=(Response("200", "OK", content=(shown,)),))
    return make.project("files", value=make.contract(op))


def perform(project, **arguments):
    found = acting.of_project(project)
    return performing.perform(found, "postFiles", json.dumps(arguments), identity=WHO, consent="confirm")


def path_of(link: str) -> str:
    return urlsplit(link).path


def test_an_id_goes_out_as_a_link_that_anybody_can_fetch(client):
    project = sender()
    row = filing.keep(project, "sales é.csv", "text/csv; charset=utf-8", b"a,b")
    perform(project, openaiFileIdRefs=[row.key, "file-unknown"], note="x")
    sent = json.loads(bytes(Exchange.objects.get().request_body))
    first, second = sent["openaiFileIdRefs"]
    assert {name: first[name] for name in ("name", "id", "mime_type")} == {
        "name": "sales é.csv",
        "id": row.key,
        "mime_type": "text/csv",
    }
    assert (second, sent["note"]) == ("file-unknown", "x")
    answer = client.get(path_of(first["download_link"]))
    assert (answer.status_code, answer.content, answer["content-type"]) == (200, b"a,b", "text/csv")
    assert answer["content-disposition"] == "attachment; filename*=UTF-8''sales%20%C3%A9.csv"
    assert "sandbox" in answer["content-security-policy"]


def test_after_five_minutes_the_link_is_refused(client, monkeypatch):
    path = path_of(filing.link(filing.keep(sender(), "a.txt", "text/plain", b"a").key, "a.txt"))
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 299)
    assert client.get(path).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: now + 302)
    assert client.get(path).status_code == 403


def test_a_link_that_was_changed_is_refused(client):
    path = path_of(filing.link(filing.keep(sender(), "a.txt", "text/plain", b"a").key, "a.txt"))
    assert client.get(path.replace("file-", "file-0", 1)).status_code == 403


def test_another_projects_file_is_handed_on_by_nobody():
    project = sender()
    strange = filing.keep(make.project("other"), "a.txt", "text/plain", b"a")
    perform(project, openaiFileIdRefs=[strange.key])
    assert json.loads(bytes(Exchange.objects.get().request_body)) == {"openaiFileIdRefs": [strange.key]}


def test_a_file_that_is_too_big_is_not_kept():
    with pytest.raises(Refused, match="10 MB"):
        filing.keep(sender(), "a.bin", "application/zip", b"x" * 10_000_001)


def test_files_of_an_answer_are_kept_and_the_model_is_told_their_names(client, ann):
    content = base64.b64encode(b"hello").decode()
    brought = [
        {"name": "a.txt", "mime_type": "text/plain", "content": content},
        {"name": "b.png", "mime_type": "image/png", "content": content},
    ]
    done = perform(sender({"done": True, "openaiFileResponse": brought}))
    told = [{"name": "a.txt", "mime_type": "text/plain"}, {"name": "b.png", "mime_type": "image/png"}]
    assert json.loads(done.told) == {"done": True, "openaiFileResponse": told}
    good, bad = done.files
    assert (good["name"], good["size"], good["problem"]) == ("a.txt", 5, "")
    assert bad["problem"] == "Images and videos are not taken."
    client.force_login(ann)
    assert client.get(f"/projects/files/simulator/files/{good['key']}/").content == b"hello"


def test_a_file_behind_a_link_is_fetched_through_the_same_door():
    project = sender({"openaiFileResponse": ["http://files.live.localhost:8000/openapi.json", "http://127.0.0.1:1/x"]})
    done = perform(project)
    document, nothing = done.files
    assert "Content-Disposition" in document["problem"]  # our own documents have none
    assert nothing["problem"].startswith("The link could not be fetched")


def test_files_of_days_past_are_removed():
    project = sender()
    old, new = (filing.keep(project, name, "text/plain", b"a") for name in ("old", "new"))
    File.objects.filter(pk=old.pk).update(created=timezone.now() - datetime.timedelta(days=1, minutes=1))
    assert filing.prune() == 1
    assert [*File.objects.all()] == [new]
