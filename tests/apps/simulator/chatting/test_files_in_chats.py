"""Files in a chat: attached, handed on as links, brought back, opened; gone with the chat."""

import base64
import json
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actionstudio.apps.simulator.calling import filing
from actionstudio.apps.simulator.calling.filing import Given
from actionstudio.apps.simulator.chatting import branching, exporting, opening, turning
from actionstudio.apps.simulator.models import Chat, File
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.contract import Body, Example, Media, Response
from actionstudio.core.problem import Refused
from tests import make
from tests.apps.simulator.chatting.puppet import wish

pytestmark = pytest.mark.django_db(transaction=True)
REPORT = Given("report.csv", "text/csv", b"a,b\n1,2\n")
BROUGHT = {
    "ok": True,
    "openaiFileResponse": [
        {"name": "sum.txt", "mime_type": "text/plain", "content": base64.b64encode(b"three").decode()},
        {"name": "graph.png", "mime_type": "image/png", "content": base64.b64encode(b"x").decode()},
    ],
}


@pytest.fixture
def reports(ann) -> Chat:
    """A chat whose GPT sends files to a server that answers with one."""
    refs = {"type": "array", "items": {"type": "string"}, "description": "The reports"}
    schema = {"type": "object", "properties": {"openaiFileIdRefs": refs}, "required": ["openaiFileIdRefs"]}
    body = Body(required=True, content=(Media("application/json", schema),))
    shown = Media("application/json", {"type": "object"}, (Example("", BROUGHT),))
    answer = (Response("200", "OK", content=(shown,)),)
    told = {"operation_id": "uploadReports", "summary": "Upload reports", "body": body, "responses": answer}
    project = make.project("items", ann, make.contract(make.operation(), make.operation("POST", "/reports", **told)))
    gpt = project.gpts.create(name="Reports")
    gpt.actions.create(address=project.addresses.get())
    return opening.open(gpt, ann)


def fresh(chat: Chat) -> Chat:
    return Chat.objects.get(pk=chat.pk)


def confirm(chat: Chat) -> None:
    turning.choose(turning.waiting(fresh(chat)), "confirm")


def test_the_scripted_model_hands_on_what_was_attached_and_the_answer_brings_a_file(reports, client, ann):
    turning.say(reports, "Upload this report, please", [REPORT])
    confirm(reports)
    (reference,) = json.loads(bytes(Exchange.objects.get().request_body))["openaiFileIdRefs"]
    assert (reference["name"], reference["mime_type"]) == ("report.csv", "text/csv")
    assert client.get(urlsplit(reference["download_link"]).path).content == b"a,b\n1,2\n"
    call = [one for one in branching.shown(fresh(reports)) if one.role == "call"][0]
    assert call.data["told_code"] == "", call.data["attempts"][0]["response_body"]
    good, bad = call.data["files"]
    assert (good["name"], bad["problem"]) == ("sum.txt", "Images and videos are not taken.")
    assert set(File.objects.values_list("chat", "brought")) == {(reports.pk, False), (reports.pk, True)}
    client.force_login(ann)
    page = client.get(reverse("simulator:chat", args=["items", reports.key])).content.decode()
    for key in (reference["id"], good["key"]):
        way = reverse("simulator:file", args=["items", key])
        assert f'href="{way}" download' in page and client.get(way).status_code == 200
    assert "Images and videos are not taken." in page
    told = exporting.markdown(fresh(reports))
    assert "- report.csv (text/csv, 8 B)" in told and "- sum.txt (text/plain, 5 B)" in told


def test_without_a_file_the_scripted_model_asks_for_one_and_takes_the_next(reports):
    turning.say(reports, "Upload the reports")
    assert "attach them" in branching.shown(fresh(reports))[-1].text
    turning.say(fresh(reports), "Here it is", [REPORT])
    call = branching.shown(fresh(reports))[-1]
    assert json.loads(call.data["arguments"]) == {"openaiFileIdRefs": [File.objects.get().key]}


def test_a_file_that_came_before_is_there_for_a_later_wish(reports):
    turning.say(reports, "This is what I have", [REPORT])
    chat = fresh(reports)
    while waits := turning.waiting(chat):
        turning.choose(waits, "deny")
        chat = fresh(chat)
    turning.say(chat, "Upload the reports")
    call = branching.shown(fresh(reports))[-1]
    assert json.loads(call.data["arguments"]) == {"openaiFileIdRefs": [File.objects.get().key]}


def test_a_file_that_an_answer_brought_can_be_handed_on(reports):
    turning.say(reports, "Upload this report, please", [REPORT])
    confirm(reports)
    turning.say(fresh(reports), "Upload the reports")
    call = branching.shown(fresh(reports))[-1]
    assert json.loads(call.data["arguments"]) == {"openaiFileIdRefs": [File.objects.get(brought=True).key]}


def test_a_real_model_is_told_the_ids(reports, model):
    puppet = model("I see.")
    turning.say(reports, "Look", [REPORT])
    (said,) = puppet.asked[0].messages
    assert said.whole == f"Look\n\nFiles attached:\n- {File.objects.get().key}: report.csv (text/csv)"


def test_an_edited_message_keeps_its_files(reports, model):
    model("One.", "Two.")
    turning.say(reports, "Look", [REPORT])
    first = branching.shown(fresh(reports))[0]
    turning.edit(first, "Look again", [Given("b.txt", "text/plain", b"b")])
    names = [one["name"] for one in branching.shown(fresh(reports))[0].data["files"]]
    assert names == ["report.csv", "b.txt"] and File.objects.count() == 2


@pytest.mark.parametrize(
    ("files", "why"),
    [([Given("a", "text/plain", b"x" * 10_000_001)], "10 MB"), ([REPORT] * 11, "at most 10 files")],
)
def test_what_is_too_big_or_too_many_is_refused_and_nothing_is_kept(reports, files, why):
    with pytest.raises(Refused, match=why):
        turning.say(reports, "Look", files)
    assert not File.objects.exists() and not reports.messages.exists()


def test_a_refused_turn_keeps_no_file(reports, model):
    model("One.")
    turning.say(reports, "Look")
    with pytest.raises(Refused):
        turning.say(reports, " ", [REPORT])
    assert not File.objects.exists()


def test_the_oldest_files_go_when_a_project_has_too_many(reports, monkeypatch):
    monkeypatch.setattr(filing, "MOST", 20)
    filing.attach(reports, [Given(name, "text/plain", b"123456789") for name in ("a", "b", "c")])
    assert set(File.objects.values_list("name", flat=True)) == {"b", "c"}


def test_a_file_that_is_gone_is_named_without_a_link(reports, model, client, ann):
    model("One.")
    turning.say(reports, "Look", [REPORT])
    File.objects.all().delete()
    client.force_login(ann)
    page = client.get(reverse("simulator:chat", args=["items", reports.key])).content.decode()
    assert "report.csv" in page and "not kept any more" in page


def test_a_chats_files_go_with_it(reports, model):
    model([wish("uploadReports", openaiFileIdRefs=[])])
    turning.say(reports, "Look", [REPORT])
    confirm(reports)
    assert File.objects.count() == 2
    fresh(reports).delete()
    assert not File.objects.exists()


def test_files_come_with_the_form_of_the_page(reports, model, client, ann):
    model("One.", "Two.")
    client.force_login(ann)
    sent = SimpleUploadedFile("a.txt", b"a", "text/plain")
    report = SimpleUploadedFile(REPORT.name, REPORT.content, REPORT.mime_type)
    client.post(reverse("simulator:chat-say", args=["items", reports.key]), {"text": "Look", "files": [sent]})
    client.post(reverse("simulator:start", args=["items"]), {"text": "Look", "files": [report]})
    assert set(File.objects.values_list("name", "chat")) == {
        ("a.txt", reports.pk),
        ("report.csv", Chat.objects.exclude(pk=reports.pk).get().pk),
    }


def test_too_many_files_are_told_above_the_field_and_the_text_stays(reports, client, ann):
    client.force_login(ann)
    files = [SimpleUploadedFile(f"{n}.txt", b"a") for n in range(11)]
    answer = client.post(reverse("simulator:chat-say", args=["items", reports.key]), {"text": "Look", "files": files})
    page = answer.content.decode()
    assert answer.status_code == 422 and "at most 10 files" in page and "Look</textarea>" in page
    assert "choose the files again" in page


def test_a_refusal_tells_to_choose_the_files_again_only_where_some_were_chosen(reports, client, ann):
    client.force_login(ann)
    for place in (
        reverse("simulator:chat-say", args=["items", reports.key]),
        reverse("simulator:start", args=["items"]),
    ):
        sent = {"text": " ", "files": [SimpleUploadedFile("a.txt", b"a")]}
        assert "choose the files again" in client.post(place, sent).content.decode()
        assert "choose the files again" not in client.post(place, {"text": " "}).content.decode()
