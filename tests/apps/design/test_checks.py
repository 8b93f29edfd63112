"""The page of checks: findings by what they do, for each target, with places, reasons and cures."""

import dataclasses

import pytest

from actionstudio.apps.design import editing, inspecting, waiving
from actionstudio.core import lint
from actionstudio.core.contract import Component, Parameter, Waiver
from actionstudio.core.problem import Refused
from tests import make

pytestmark = pytest.mark.django_db
PAGE = "/projects/items/checks/"
BOLD = {"code": "markup-in-text", "pointer": "/paths/~1items/get/summary"}


@pytest.fixture
def project(client):
    bold = make.operation(operation_id="get-items", summary="Lists <b>items</b> here")
    long = make.operation("POST", "/long", description="Does a thing. " * 30)
    made = make.project(value=make.contract(bold, long, components=(Component("Old", {"type": "object"}),)))
    client.force_login(made.owner)
    return made


def codes(page):
    return {group.page.rule.code for group in page.context["groups"]}


def test_eve_sees_nothing(client, eve, project):
    client.force_login(eve)
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {**BOLD, "reason": "x"}).status_code == 404
    assert waiving.waivers(project) == ()


@pytest.mark.parametrize("target", [*lint.TARGETS, "none"])
def test_every_target_has_a_tab_with_its_findings(client, project, target):
    page = client.get(PAGE, {"target": target})
    wanted = target if target in lint.TARGETS else "gpt"
    assert codes(page) == {one.code for one in inspecting.findings(project, wanted)}
    assert page.text.count("aria-current") >= 2


def test_the_worst_comes_first_and_says_where_why_and_what_mends_it(client, project):
    page = client.get(PAGE)
    first = page.context["groups"][0]
    assert first.page.rule.code == "text-length"
    assert "/projects/items/endpoints/postLong/" in page.text
    assert 'href="/help/rules/text-length/"' in page.text
    assert "/projects/items/gpt/repair/?code=shorten-texts" in page.text
    assert "has length 420 exceeding limit of 300" in page.text
    assert "/projects/items/schemas/Old/" in page.text


def test_a_finding_is_waived_with_a_reason_and_taken_back(client, project):
    answer = client.post(PAGE, {**BOLD, "reason": "They like it bold", "deed": "waive"})
    assert answer.status_code == 302
    page = client.get(PAGE)
    assert "markup-in-text" not in codes(page)
    assert "They like it bold" in page.text
    assert project.revisions.first().contract().waivers == (Waiver(*BOLD.values(), "They like it bold"),)
    client.post(PAGE, {**BOLD, "deed": "take-back"})
    assert "markup-in-text" in codes(client.get(PAGE))
    assert project.revisions.count() == 3


def test_a_waiver_without_a_reason_is_refused_and_nothing_is_lost(client, project):
    page = client.post(PAGE, {**BOLD, "reason": "  ", "deed": "waive"})
    assert page.status_code == 422
    assert "Say why" in page.text and '<details class="fold" open>' in page.text
    long = "because " * 100
    assert long in client.post(PAGE, {**BOLD, "reason": long, "deed": "waive"}).text
    assert project.revisions.count() == 1


def test_a_whole_rule_can_be_waived(client, project):
    client.post(PAGE, {"code": "parameter-without-text", "pointer": "", "reason": "Self-evident"})
    assert waiving.waivers(project) == (Waiver("parameter-without-text", "", "Self-evident"),)
    assert "stale-waiver" in codes(client.get(PAGE)), "there is no such finding"


def test_a_waiver_that_is_not_there_cannot_be_taken_back(project):
    with pytest.raises(Refused):
        waiving.take_back(project, "text-length", "")
    assert project.revisions.count() == 1


def many(project, count=130):
    parameters = tuple(Parameter(f"q{n}", schema={"type": "string"}) for n in range(count))
    value = make.contract(make.operation(summary="Finds one thing here", parameters=parameters))
    editing.replace(project, value)


def test_many_findings_of_a_rule_are_shown_page_by_page(client, project):
    many(project)
    page = client.get(PAGE)
    (group,) = [one for one in page.context["groups"] if one.page.rule.code == "parameter-without-text"]
    assert (len(group.rows), group.more) == (5, 125)
    url = "?target=gpt&amp;code=parameter-without-text"
    assert url in page.text
    assert [len(one.rows) for one in client.get(PAGE, {"code": "parameter-without-text"}).context["groups"]] == [100]
    last = client.get(PAGE, {"code": "parameter-without-text", "page": "2"})
    assert [len(one.rows) for one in last.context["groups"]] == [30]


def test_the_page_costs_the_same_for_many_findings(client, project, django_assert_max_num_queries):
    many(project)
    with django_assert_max_num_queries(18):
        client.get(PAGE)


def test_findings_are_made_once_for_a_revision(client, project, monkeypatch):
    found = inspecting.findings(project)
    monkeypatch.setattr(inspecting, "check", None)
    assert inspecting.findings(project) is found


def test_a_sound_project_is_told_so(client, project):
    sound = make.contract(make.operation(summary="Lists the items here"), description="x", privacy="x")
    answers = dataclasses.replace(sound.operations[0].responses[0], description="The items")
    operation = dataclasses.replace(sound.operations[0], responses=(answers,))
    editing.replace(project, dataclasses.replace(sound, operations=(operation,), contact_email="a@b.test"))
    assert "Nothing to complain about." in client.get(PAGE).text


def test_the_overview_counts_what_is_open_and_leads_here(client, project):
    page = client.get("/projects/items/")
    assert f'href="{PAGE}"' in page.text and 'href="/help/rules/text-length/"' in page.text
    before = page.context["readiness"].total
    waiving.waive(project, Waiver("text-length", "", "Soon"))
    assert client.get("/projects/items/").context["readiness"].total < before + 1
    assert not any(item.kind == "e" for item in client.get("/projects/items/").context["readiness"].items)
