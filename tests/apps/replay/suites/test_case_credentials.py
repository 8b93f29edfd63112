"""A case's credential goes by reference: no variable for its text holds a run up, unless another server needs it."""

import pytest

from actionstudio.apps.publishing.models import Key
from actionstudio.apps.replay.models import Case
from actionstudio.apps.replay.suites import saving
from actionstudio.core.auth import ApiKey
from tests import make
from tests.apps.api.test_api import Api, errors
from tests.apps.replay.suites.test_suite_pages import at, empty_sets
from tests.apps.replay.suites.test_suite_running import called, contract, only, run
from tests.runtime.upstream import Upstream as Server

pytestmark = pytest.mark.django_db


@pytest.fixture
def suite(ann):
    """A suite whose one case was saved from a call that carried a key."""
    project = make.project("shop", ann, contract({"a": 1}, auth=ApiKey()))
    _key, text = Key.mint(project, "GPT")
    exchange = called(project, headers=(("authorization", f"Bearer {text}"),))
    assert (exchange.auth, exchange.status) == ("ok", 200)
    made = saving.create(project, "Orders", ann)
    proposals, _cut = saving.proposed(project, [exchange])
    assert proposals[0].elsewhere == ["authorization"]
    saving.add(made, proposals)
    return made


def test_it_runs_at_the_live_address_without_the_variable(suite, client, ann):
    assert ["authorization", "Bearer {{authorization}}"] in suite.cases.get().headers
    outcome = only(run(suite))
    assert (outcome.verdict, outcome.reason) == ("passed", "")
    client.force_login(ann)
    assert "have no value yet" not in client.get(at("suite", "orders")).text


def test_another_server_needs_it_and_that_is_told(suite, client, ann):
    with Server() as server:
        outcome = only(run(suite, target=server.url))
    assert outcome.verdict == "error" and "authorization" in outcome.reason
    suite.target = "http://other.example"
    suite.save()
    client.force_login(ann)
    assert "have no value yet" in client.get(at("suite", "orders")).text


def test_a_variable_is_needed_where_the_case_has_no_credential(suite):
    Case.objects.update(credential="none")
    outcome = only(run(suite))
    assert outcome.verdict == "error" and "authorization" in outcome.reason


def test_one_cause_is_one_group_whatever_was_called(suite, client, ann):
    Case.objects.update(credential="none")
    one = suite.cases.get()
    Case.objects.create(
        suite=suite, name="odd", method="GET", path="/odd", headers=one.headers, credential="none", position=9
    )
    made = run(suite)
    client.force_login(ann)
    page = client.get(at("suite-run", "orders", made.pk)).text
    assert "2 cases" in page and page.count("1 case<") == 0


def test_a_credential_in_clear_text_is_refused_with_its_cure(suite, client, ann):
    client.force_login(ann)
    typed = {"name": "x", "method": "GET", "path": "/items", "credential": "none", "status": 401, **empty_sets()}
    answer = client.post(at("case-new", "orders"), {**typed, "headers": "x-api-key: MYREALSECRET12345"})
    assert answer.status_code == 422 and "Write {{x_api_key}} in its place" in answer.text
    refused = Api(ann)("POST", f"projects/shop/suites/{suite.pk}/cases/", CLEAR)
    assert errors(refused) == [("/headers/0", "secret")]
    assert suite.cases.count() == 1


CLEAR = {"name": "x", "method": "GET", "path": "/items", "headers": [["authorization", "Bearer MYREALSECRET12345"]]}


def test_one_that_an_older_case_holds_is_hidden_and_still_sent(suite, client, ann):
    old = Case.objects.create(suite=suite, position=9, credential="none", whole=False, **CLEAR)
    client.force_login(ann)
    shown = client.get(at("case", "orders", old.pk)).text
    cases = Api(ann)("GET", f"projects/shop/suites/{suite.pk}/cases/")
    assert "MYREALSECRET" not in shown + cases.text and "authorization: Bearer •••• (17 characters)" in shown
    with Server() as server:
        suite.cases.exclude(pk=old.pk).delete()
        run(suite, target=server.url)
        assert server.last.header("authorization") == "Bearer MYREALSECRET12345"
