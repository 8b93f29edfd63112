"""From a logged call to the definition: additions as one revision, and the draft of a new endpoint."""

import json
from dataclasses import replace

import pytest

from actionstudio.apps.design import drafting, editing, load
from actionstudio.apps.projects.models import Project
from actionstudio.apps.traffic import adopting
from actionstudio.core.adopting import KINDS
from actionstudio.core.behaviour import Collection, Seed, Stateful
from actionstudio.core.call import Call
from actionstudio.core.contract import Body, Example, Media, Response, Server
from actionstudio.core.problem import Refused
from actionstudio.runtime.app import frontdoor
from tests import make
from tests.apps.design.test_endpoint_page import Browser

pytestmark = pytest.mark.django_db
PET = {"type": "object", "additionalProperties": False, "properties": {"name": {"type": "string"}}}


@pytest.fixture
def project(ann):
    op = make.operation(
        "POST",
        "/pets",
        operation_id="addPet",
        body=Body(True, content=(Media("application/json", PET),)),
        responses=(Response("200", "OK", content=(Media("application/json", PET, (Example("", {"name": "a"}),)),)),),
    )
    return make.project("shop", ann, make.contract(op, make.operation("GET", "/pets/{petId}", operation_id="getPet")))


@pytest.fixture
def page(client, project):
    client.force_login(project.owner)
    return client


def logged(project, **fields):
    fields = {
        "request_body": {"name": "Rex", "colour": "red"},
        "response_body": {"name": "Rex", "age": 3},
        "query": "page=2",
        "operation_id": "addPet",
        "violations": [{"location": ["body", "colour"], "message": "is not declared", "side": "request"}],
        **fields,
    }
    return make.exchange(project, "POST", fields.pop("path", "/pets"), fields.pop("status", 200), **fields)


def url(row, what="adopt"):
    return f"/projects/shop/log/{row.public_id}/{what}/"


def newest(project):
    return project.revisions.first().contract().operations[0]


def test_a_click_shows_what_would_change_and_a_second_one_makes_it_one_revision(page, project):
    row = logged(project)
    html = page.get(url(row)).content.decode()
    assert "Declare the query parameter “page” (integer)" in html
    assert "Declare the field /colour of the request body (string)" in html
    assert "Declare the field /age of the answer (integer)" in html
    assert "POST /pets: parameters, request body, responses" in html
    assert project.revisions.count() == 1, "looking changes nothing"
    take = ["query:page", "request-field:/colour", "answer-field:/age"]
    answer = page.post(url(row), {"take": take, "_op": "save"})
    assert answer.status_code == 302
    assert project.revisions.count() == 2
    op = newest(project)
    assert [one.name for one in op.parameters] == ["page"]
    assert "colour" in op.body.content[0].schema["properties"]
    assert "age" in op.responses[0].content[0].schema["properties"]
    assert project.revisions.first().note == f"From the log, {row.public_id}"


def test_only_what_is_ticked_is_added(page, project):
    row = logged(project)
    page.post(url(row), {"take": ["query:page"], "_op": "save"})
    assert "colour" not in newest(project).body.content[0].schema["properties"]


def test_a_look_at_other_ticks_changes_nothing(page, project):
    row = logged(project)
    html = page.post(url(row), {"take": ["query:page"], "_op": "look"}).content.decode()
    assert "POST /pets: parameters" in html
    assert "request body, responses" not in html
    assert project.revisions.count() == 1


@pytest.mark.parametrize("take", [[], ["request-field:/other"], ["nonsense"]])
def test_what_the_call_does_not_propose_is_refused_with_the_reason(page, project, take):
    answer = page.post(url(logged(project)), {"take": take, "_op": "save"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert project.revisions.count() == 1


def test_the_answer_becomes_an_example_without_what_the_log_hides(page, project):
    row = logged(project, response_body={"name": "Rex"}, status=200)
    html = page.get(url(row) + "?only=example").content.decode()
    assert html.count(" checked") == 1
    page.post(url(row), {"take": ["example:200"], "_op": "save"})
    examples = newest(project).responses[0].content[0].examples
    assert [one.value for one in examples] == [{"name": "a"}, {"name": "Rex"}]
    body = json.dumps({"name": "Ali", "token": "••••ab12 (9 characters)"}, ensure_ascii=False).encode()
    headers = [["content-type", "application/json"]]
    row = logged(project, response_body=body, response_headers=headers)
    adopting.adopt(project, row, ["example:200"])
    assert newest(project).responses[0].content[0].examples[-1].value == {"name": "Ali"}


def test_an_answer_that_the_log_cut_or_that_the_operation_did_not_give_is_no_example(project):
    cut = logged(project, response_size=10_000, cut=2)
    refused = logged(project, kind="refused", status=422)
    for row in (cut, refused):
        assert not [one for one in adopting.offer(project, row).proposals if one.kind.startswith(("answer", "example"))]


def test_a_call_whose_endpoint_is_gone_has_nothing_to_offer(page, project):
    row = logged(project, operation_id="goneAway")
    assert page.get(url(row)).status_code == 404
    assert "Add to the definition" not in page.get(url(row).replace("adopt/", "")).content.decode()


def test_what_is_declared_by_now_is_said_to_be_so(page, project):
    row = logged(project, request_body=b"", response_body=b"", query="", response_headers=[])
    assert "Everything in this call" in page.get(url(row)).content.decode()


def test_every_kind_of_proposal_has_its_words():
    assert set(adopting.LABELS) == set(KINDS)


def test_the_page_costs_the_same_for_many_proposals(page, project, django_assert_max_num_queries):
    page.get(url(logged(project)))
    row = logged(project, query="&".join(f"q{n}=1" for n in range(30)))
    with django_assert_max_num_queries(20):
        page.get(url(row))


def lost(project, **fields):
    fields = {"path": "/v1/shops/17/pets", "operation_id": "", "kind": "refused", "status": 404, **fields}
    return logged(project, violations=[], **fields)


def drafted(project):
    return project.drafts.get(target="operation:new").state


def test_an_unmatched_call_becomes_the_draft_of_a_new_endpoint(page, project):
    row = lost(project, query="limit=5&token=••••ab (9 characters)")
    assert "Create endpoint from this request" in page.get(url(row).replace("adopt/", "")).content.decode()
    answer = page.post(url(row, "endpoint"))
    assert answer.status_code == 302
    assert answer["Location"] == "/projects/shop/endpoints/new/"
    html = page.get("/projects/shop/endpoints/new/").content.decode()
    assert 'value="/v1/shops/{shop_id}/pets"' in html
    state = drafted(project)
    assert (state["method"], state["responses"][0]["status"]) == ("POST", "200")
    assert [one["name"] for one in state["params"]] == ["shop_id", "limit"]
    assert json.loads(state["body"]["media"][0]["examples"][0]["text"]) == {"name": "Rex", "colour": "red"}
    assert "••••" not in json.dumps(state, ensure_ascii=False)
    assert project.revisions.count() == 1, "a draft is not saved"


def test_the_draft_can_be_saved_and_then_answers_the_call(page, project):
    page.post(url(lost(project), "endpoint"))
    browser = Browser(page, "/projects/shop/endpoints/new/")
    browser.fields["operation_id"] = ["addShopPet"]
    answer = browser.client.post(browser.url, {**browser.fields, "_op": "save"})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert project.operations.filter(operation_id="addShopPet", path="/v1/shops/{shop_id}/pets").exists()


def test_the_names_of_a_path_that_is_there_and_a_servers_base_path_are_kept(project):
    editing.replace(project, replace(load.contract(project), servers=(Server("https://x.test/v1"),)))
    project = Project.objects.get(pk=project.pk)
    made = adopting.sketch(project, lost(project, path="/v1/pets/7", status=405))
    assert (made.method, made.path) == ("POST", "/pets/{petId}")


def test_a_masked_value_is_no_example(project):
    body = json.dumps({"name": "Rex", "pin": "••••12 (4 characters)"}, ensure_ascii=False).encode()
    row = lost(project, request_body=body, request_headers=[["content-type", "application/json"]])
    made = adopting.sketch(project, row)
    assert made.body.content[0].schema["properties"].keys() == {"name", "pin"}
    assert made.body.content[0].examples[0].value == {"name": "Rex"}


def test_a_draft_that_is_there_is_not_overwritten_unasked(page, project):
    page.post(url(lost(project), "endpoint"))
    other = lost(project, path="/other")
    answer = page.post(url(other, "endpoint"))
    assert answer.status_code == 409
    assert "being drafted already" in answer.content.decode()
    assert drafted(project)["path"] == "/v1/shops/{shop_id}/pets"
    assert page.post(url(other, "endpoint"), {"force": "1"}).status_code == 302
    assert drafted(project)["path"] == "/other"
    kept = project.drafts.get(target="operation:new")
    assert drafting.undo(kept)
    assert kept.state["path"] == "/v1/shops/{shop_id}/pets"


def test_an_untouched_draft_gives_way(page, project):
    page.get("/projects/shop/endpoints/new/")
    assert page.post(url(lost(project), "endpoint")).status_code == 302


@pytest.mark.parametrize("what", ["adopt", "endpoint"])
def test_a_call_that_retention_took_away_is_said_to_be_gone(page, project, what):
    row = lost(project)
    row.delete()
    answer = (page.get if what == "adopt" else page.post)(f"/projects/shop/log/req_1abc/{what}/")
    assert answer.status_code == 404


def test_refused_names_the_proposal(project):
    with pytest.raises(Refused, match="nothing-like-it"):
        adopting.adopt(project, logged(project), ["nothing-like-it"])


def test_a_value_in_the_path_becomes_the_example_of_its_parameter(project):
    (parameter,) = adopting.sketch(project, lost(project, path="/owners/42", query="")).parameters
    assert (parameter.name, parameter.in_, parameter.examples) == ("owner_id", "path", (Example("", 42),))


def test_a_call_becomes_a_rule_that_gives_its_answer_again(page, project):
    row = logged(project, request_body={"name": "Rex"}, query="", response_body={"name": "Ali"})
    html = page.get(url(row) + "?only=rule").content.decode()
    assert html.count(" checked") == 1
    page.post(url(row), {"take": ["rule:200"], "_op": "save"})
    door = frontdoor()
    json_type = (("content-type", "application/json"),)
    same, other = (Call("POST", "/pets", "", json_type, body) for body in (b'{"name": "Rex"}', b'{"name": "b"}'))
    assert json.loads(door.call_blocking("shop", same).reply.body) == {"name": "Ali"}
    assert json.loads(door.call_blocking("shop", other).reply.body) == {"name": "a"}


def test_a_rule_is_shown_in_words_before_it_goes_live(page, project):
    row = logged(project, violations=[])
    html = page.get(url(row) + "?only=rule").content.decode()
    assert "The new rule" in html and "the body at /name is" in html and "Rex" in html
    assert "equal lines" not in html and "Nothing is ticked" not in html
    assert "What will change" in page.get(url(row)).content.decode()


def test_both_bodies_are_kept_as_examples_without_what_the_log_hides(page, project):
    body = {"name": "Rex", "password": "••••cdef (40 characters)"}
    row = logged(project, request_body=body)
    offered = {one.kind: one.id for one in adopting.offer(project, row).proposals}
    page.post(url(row), {"take": [offered["request-example"], offered["example"]], "_op": "save"})
    op = newest(project)
    assert op.body.content[0].examples[-1].value == {"name": "Rex"}
    assert op.responses[0].content[0].examples[-1].value == {"name": "Rex", "age": 3}


def test_an_answer_of_a_collection_is_kept_as_a_row(page, ann):
    pet = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
    answers = (Response("200", "OK", content=(Media("application/json", pet),)),)
    op = make.operation(
        "GET", "/pets/{id}", operation_id="getPet", responses=answers, behaviour=Stateful("pets", "read")
    )
    contract = replace(make.contract(op), collections=(Collection("pets", pet, seeds=(Seed(({"id": 1},)),)),))
    project = make.project("zoo", ann, contract)
    row = make.exchange(project, "GET", "/pets/7", 200, operation_id="getPet", response_body={"id": 7, "name": "Rex"})
    place = f"/projects/zoo/log/{row.public_id}/adopt/"
    html = page.get(place, {"only": "row"}).content.decode()
    assert "Let the lists of the collection “pets” begin with the rows of the answer" in html
    assert "Nothing is ticked" not in html
    assert page.post(place, {"take": ["row:pets"], "_op": "save"}).status_code == 302
    [pets] = project.revisions.first().contract().collections
    assert pets.seeds[0].rows == ({"id": 1}, {"id": 7, "name": "Rex"})
