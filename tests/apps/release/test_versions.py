"""Versions: every save in a list, two compared, an old one restored."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionstudio.apps.design import editing, load
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(client):
    made = make.project()
    editing.replace(made, make.contract(make.operation(summary="<b>List</b>")), made.owner, "Summary")
    client.force_login(made.owner)
    return made


def url(name, project, *args):
    return reverse(f"release:{name}", args=[project.slug, *args])


@pytest.mark.parametrize(("name", "args"), [("versions", ()), ("compare", (1, 2)), ("compare-chosen", ())])
def test_eve_sees_nothing(client, eve, project, name, args):
    client.force_login(eve)
    assert client.get(url(name, project, *args)).status_code == 404


def test_eve_restores_nothing(client, eve, project):
    client.force_login(eve)
    assert client.post(url("restore", project, 1)).status_code == 404
    assert project.revisions.count() == 2


def test_the_list_says_who_and_what(client, project):
    text = client.get(url("versions", project)).text
    assert "Summary" in text
    assert "GET /items" in text
    assert project.owner.email in text


def test_old_versions_are_on_the_next_page(client, project, monkeypatch):
    monkeypatch.setattr("actionstudio.apps.release.views.PAGE", 1)
    assert "?before=2" in client.get(url("versions", project)).text
    assert "before=" not in client.get(url("versions", project) + "?before=2").text


@pytest.mark.parametrize("before", ["x", "-1", "9" * 50, "²"])
def test_rubbish_in_the_paging_is_ignored(client, project, before):
    assert client.get(url("versions", project), {"before": before}).status_code == 200


def test_the_list_costs_the_same_queries_for_one_and_many(client, project, django_assert_num_queries):
    client.get(url("versions", project))
    with CaptureQueriesContext(connection) as few:
        client.get(url("versions", project))
    for number in range(10):
        editing.replace(project, make.contract(make.operation(summary=str(number))), project.owner)
    with django_assert_num_queries(len(few)):
        client.get(url("versions", project))


def test_two_versions_side_by_side(client, project):
    text = client.get(url("compare", project, 1, 2)).text
    assert "GET /items" in text
    assert "&lt;b&gt;List&lt;/b&gt;" in text
    assert "<b>List</b>" not in text


def test_what_is_folded_opens_without_a_script(client, project):
    text = client.get(url("compare", project, 1, 2)).text
    assert re.search(r"<details><summary>.*?\d+ equal lines</summary><pre>", text, re.DOTALL)


def test_a_version_compared_with_itself_is_the_same(client, project):
    assert "say the same" in client.get(url("compare", project, 2, 2)).text


def test_a_version_that_is_not_there_is_404(client, project):
    assert client.get(url("compare", project, 1, 99)).status_code == 404
    assert client.post(url("restore", project, 99)).status_code == 404


def test_the_two_chosen_are_compared_in_order(client, project):
    answer = client.get(url("compare-chosen", project), {"a": "2", "b": "1"})
    assert answer["Location"] == url("compare", project, 1, 2)


@pytest.mark.parametrize("query", [{}, {"a": "x", "b": "1"}, {"a": "-1", "b": "1"}])
def test_choosing_rubbish_is_404(client, project, query):
    assert client.get(url("compare-chosen", project), query).status_code == 404


def test_restoring_is_a_new_version_that_is_live(client, project):
    assert client.post(url("restore", project, 1)).status_code == 302
    assert load.contract(project).operations[0].summary == ""
    assert str(project.revisions.first()) == "v3"
    assert "Restored v1" in client.get(url("versions", project)).text


def test_restoring_what_is_there_makes_no_version(client, project):
    client.post(url("restore", project, 2))
    assert project.revisions.count() == 2


def test_restoring_asks_for_a_post(client, project):
    assert client.get(url("restore", project, 1)).status_code == 405
