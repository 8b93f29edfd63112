"""The page of ChatGPT's import: verdict, red lines, what they mean, and what mends them."""

import dataclasses
import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from actionstudio.apps.design import editing
from actionstudio.apps.gpt import repairing, simulating
from actionstudio.apps.release import reach
from actionstudio.core.auth import Declared
from actionstudio.core.contract import Body, Media
from actionstudio.core.importer import Import, Message
from actionstudio.core.importer.profile import enabled
from tests import make
from tests.apps.gpt.documents import troubled

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(client):
    made = make.project(value=troubled())
    client.force_login(made.owner)
    return made


def url(project, query: str = "") -> str:
    return reverse("gpt:import", args=[project.slug]) + query


def test_eve_sees_nothing(client, eve, project):
    client.force_login(eve)
    assert client.get(url(project)).status_code == 404


def test_a_clean_document_is_said_to_be_clean(client):
    project = make.project("clean", value=make.contract(make.operation(summary="x")))
    client.force_login(project.owner)
    page = client.get(url(project))
    assert "ChatGPT imports this in silence: 1 operation, no message." in page.text
    assert page.context["sight"].imported.messages == ()


def test_the_lines_stand_as_chatgpt_prints_them_with_their_meaning(client, project):
    text = client.get(url(project)).text
    line = "In path /listed, method post, operationId postListed, request body schema is not an object schema; skipping"
    assert f"<li>{line}</li>" in text
    assert "1 of 3 operations is lost." in text
    assert "Operation lost" in text
    assert "1 defect, 2 lines" in text
    assert "several independent reports" in text
    assert reverse("design:endpoint", args=[project.slug, "postListed"]) in text


def test_the_actions_say_which_arrive(client, project):
    text = client.get(url(project)).text
    rows = re.findall(r'<td class="mono wrap-anywhere">(\w+)</td>.*?badge (\w+)', text, re.DOTALL)
    assert rows == [("getPlain", "ok"), ("getHeaded", "ok"), ("postListed", "bad")]


def test_the_whole_document_shows_what_the_profile_mends_already(client, project):
    page = client.get(url(project, "?profile=full"))
    states = {trouble.defect.first.rule: trouble.state for trouble in page.context["sight"].troubles}
    assert states["SCH-01"] == "mended"
    assert states["PAR-02"] == "offered"
    assert "Mended at this address: Add missing properties" in page.text
    assert reverse("gpt:repair", args=[project.slug]) + "?code=header-parameters" in page.text
    assert "without</span>" not in page.text
    assert "without X-Plan" in page.text


def test_a_defect_of_one_report_is_called_uncertain_and_many_lines_are_folded():
    lines = tuple(Message(f"line {n}", "degrades", "converter", "DOC-09", "", "Why.", "D", "one") for n in range(14))
    trouble = simulating.sight(Import(messages=lines)).troubles[0]
    text = render_to_string("gpt/trouble.html", {"trouble": trouble})
    assert "not certain</span> one report" in text
    assert "1 defect, 14 lines" in text
    assert "10 more lines of this defect" in text


def test_the_same_defect_at_many_places_is_one_card():
    lines = [Message(f"In path /{n}", "drops-op", "converter", "OP-02", f"/paths/~1{n}/get", "Why.") for n in range(28)]
    sight = simulating.sight(Import(messages=(*lines, Message("other", "drops-op", "converter", "OP-03", "", "No."))))
    assert [len(group.troubles) for group in sight.groups] == [28, 1]
    text = render_to_string("gpt/trouble.html", {"trouble": sight.groups[0].first, "group": sight.groups[0]})
    assert "28 × the same, first at GET /0" in text
    assert "28 defects" in text and "28 lines" in text
    assert "27 more places" in text and "In path /27" in text
    assert text.count("Why.") == 1


def test_what_no_repair_mends_offers_none_and_leads_to_the_place():
    line = Message("said", "drops-op", "converter", "OP-03", "/paths/~1x/get", "Why.")
    trouble = simulating.sight(Import(messages=(line,)), lambda _defect: "/there/", ["wrap-body"]).troubles[0]
    text = render_to_string("gpt/trouble.html", {"trouble": trouble, "project": object()})
    assert "GET /x" in text and 'href="/there/"' in text
    assert "sparkles" not in text


def test_a_message_of_the_document_is_escaped(client, project):
    editing.replace(project, make.contract(make.operation("POST", "/a<b>", body=troubled().operations[2].body)))
    text = client.get(url(project)).text
    assert "In path /a&lt;b&gt;" in text
    assert "/a<b>" not in text


def test_a_pinned_address_is_said(client, project):
    assert "pinned to" not in client.get(url(project)).text
    project.addresses.update(pinned=project.revisions.first())
    assert "pinned to v1" in client.get(url(project)).text


def test_it_costs_the_same_for_many_operations(client, project, django_assert_max_num_queries):
    value = make.contract(*(make.operation(path=f"/t{n}", operation_id=f"t{n}") for n in range(29)))
    editing.replace(project, value)
    with django_assert_max_num_queries(20):
        client.get(url(project))


def test_it_is_in_the_sidebar_and_answers_no_post(client, project):
    overview = client.get(reverse("library:overview", args=[project.slug])).text
    assert url(project) in overview
    assert client.post(url(project)).status_code == 405


def test_the_overview_tells_it_in_one_line_with_the_button(client, project):
    overview = client.get(reverse("library:overview", args=[project.slug])).text
    part = reverse("gpt:brief", args=[project.slug])
    assert f'hx-get="{part}"' in overview and f'href="{url(project)}"' in overview
    text = client.get(part).text
    assert "1 of 3 operations is lost." in text
    assert "Make it import cleanly" in text


def test_a_clean_project_is_offered_no_repair_on_the_overview(client):
    project = make.project("clean", value=make.contract(make.operation(summary="x")))
    client.force_login(project.owner)
    assert "Make it import cleanly" not in client.get(reverse("gpt:brief", args=[project.slug])).text


def test_the_line_of_the_overview_is_made_once_a_revision(client, project, monkeypatch):
    part = reverse("gpt:brief", args=[project.slug])
    assert "is lost" in client.get(part).text
    with monkeypatch.context() as patched:
        patched.delattr(simulating, "served")
        assert "is lost" in client.get(part).text
    repairing.apply(project, None)
    assert "in silence" in client.get(part).text


def test_what_the_profile_leaves_out_is_told_with_the_repair_that_brings_it(client, project):
    value = troubled()
    editing.replace(project, dataclasses.replace(value, operations=(*value.operations, make.operation("TRACE", "/t"))))
    page = client.get(url(project))
    assert [(group.code, len(group.items)) for group in page.context["left"]] == [
        ("unknown-methods", 1),
        ("hidden-parameters", 1),
    ]
    assert "TRACE /t is not for ChatGPT." in page.text
    assert "The header parameter X-Plan is required, but not offered" in page.text
    assert reverse("gpt:repair", args=[project.slug]) + "?code=header-parameters" in page.text
    assert "Left out on the way" not in client.get(url(project, "?profile=full")).text


def test_what_a_repair_brings_is_not_left_out(client, project):
    repairing.apply(project, ["header-parameters"])
    assert client.get(url(project)).context["left"] == []


def test_cut_texts_are_told_with_the_way_to_say_them_better(client):
    project = make.project("long", value=make.contract(make.operation(summary="A text. " * 60)))
    client.force_login(project.owner)
    repairing.apply(project, ["shorten-texts"])
    page = client.get(url(project))
    assert [group.code for group in page.context["left"]] == ["shorten-texts"]
    assert reverse("gpt:repair", args=[project.slug]) + "#review" in page.text


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("http://localhost:8000", "known on this machine only; ChatGPT would refuse it (SRV-02)"),
        ("http://studio.acme.com", "not https; ChatGPT would refuse it (SRV-02)"),
        ("https://studio.acme.com:8443", "not on port 443"),
        ("https://studio.acme.com", ""),
    ],
)
def test_an_address_that_chatgpt_cannot_reach_is_said_with_the_way_out(client, project, monkeypatch, address, says):
    monkeypatch.setattr(reach, "base_urls", lambda *_names: (f"{address}/live/items",))
    for page in ("gpt:import", "gpt:repair"):
        text = client.get(reverse(page, args=[project.slug])).text
        assert says in text
        assert ("at a public https address" in text) == bool(says)
        assert (reverse("gpt:connect", args=[project.slug]) + "#address" in text) == bool(says)


def test_an_upload_is_told_to_be_called_without_its_file(client):
    schema = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
    upload = Body(content=(Media("multipart/form-data", schema),))
    made = make.project("files", value=make.contract(make.operation("POST", "/upload", summary="x", body=upload)))
    client.force_login(made.owner)
    text = client.get(reverse("gpt:import", args=["files"])).text
    assert "called without the file" in text
    assert "holds a file (multipart/form-data), which ChatGPT cannot send" in text
    assert "?code=json-bodies" not in text


def test_calls_that_are_all_refused_are_said_and_the_repair_is_offered(client, project):
    key = {"type": "apiKey", "in": "query", "name": "key"}
    contract = make.contract(
        auth=Declared(), security=({"k": []},), extra={"components": {"securitySchemes": {"k": key}}}
    )
    editing.replace(project, contract, by=project.owner)
    text = client.get(url(project)).text
    assert "will be refused with 401" in text
    assert "?code=one-credential" in text
    assert "Make it import cleanly" in text
    editing.replace(project, enabled(contract, None), by=project.owner)
    assert "will be refused with 401" not in client.get(url(project)).text
