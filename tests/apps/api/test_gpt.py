"""The API on ChatGPT's side: its import simulated, repairs applied and taken back, any text checked."""

import pytest

from actionstudio.apps.design import load
from actionstudio.apps.library import importing
from actionstudio.apps.projects.models import Project
from actionstudio.core.problem import Problem, Refused
from tests import make
from tests.apps.api.test_api import Api, errors
from tests.apps.gpt.documents import CLEAN, WRONG, troubled

pytestmark = pytest.mark.django_db
IMPORT = "projects/items/chatgpt-import/"
REPAIR = "projects/items/repair/"


@pytest.fixture
def project(ann):
    return make.project(value=troubled())


@pytest.fixture
def api(ann, project):
    return Api(ann)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", IMPORT, None),
        ("POST", IMPORT, {"source": CLEAN}),
        ("GET", REPAIR, None),
        ("POST", REPAIR, {"codes": "all"}),
        ("DELETE", REPAIR, None),
    ],
)
def test_eve_finds_nothing(project, eve, method, path, body):
    assert Api(eve)(method, path, body).status_code == 404
    assert load.contract(project).repairs == {}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_import_of_the_projects_own_document(api, method):
    found = api(method, IMPORT).json()
    assert set(found) == {
        "fatal", "messages", "silent", "more", "operations", "typescript", "characters", "tokens",
    }  # fmt: skip
    assert found["fatal"] is False
    assert set(found["messages"][0]) == {
        "text", "level", "layer", "rule", "pointer", "explanation", "confidence", "cause", "repair",
    }  # fmt: skip
    lost = {op["operationId"]: op["kept"] for op in found["operations"]}
    assert lost == {"getPlain": True, "getHeaded": True, "postListed": False}
    assert "getPlain" in found["typescript"]
    assert found["characters"] == len(found["typescript"])
    assert 0 < found["tokens"] < found["characters"]


def test_the_whole_document_loses_the_header(api):
    found = api("GET", IMPORT + "?profile=full").json()
    assert {op["operationId"]: op["dropped_parameters"] for op in found["operations"]}["getHeaded"] == ["X-Plan"]


def test_another_profile_is_refused_with_those_there_are(api):
    refused = api("GET", IMPORT + "?profile=half")
    assert errors(refused) == [("?profile", "unknown-profile")]
    assert "gpt, full" in refused.json()["errors"][0]["message"]


def test_any_text_is_imported(api):
    found = api("POST", IMPORT, {"source": WRONG}).json()
    assert found["fatal"] is True
    texts = [message["text"] for message in found["messages"]]
    assert "In components section, schemas subsection is not an object" in texts
    assert [op["kept"] for op in found["operations"]] == [False, False]
    assert found["typescript"] == ""


def test_a_link_is_fetched_and_one_that_leads_nowhere_is_422(api, monkeypatch):
    monkeypatch.setattr(importing, "fetched", lambda url: CLEAN.encode())
    assert api("POST", IMPORT, {"url": "https://a.example/x"}).json()["messages"] == []

    def refuse(url):
        raise Refused(Problem("/source", "no", "fetch"))

    monkeypatch.setattr(importing, "fetched", refuse)
    refused = api("POST", IMPORT, {"url": "https://a.example/x"})
    assert (refused.status_code, errors(refused)) == (422, [("/source", "fetch")])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"source": "a", "url": "https://a.example"}, ""), ({"text": "a"}, "/text"), ({"source": 5}, "/source")],
)
def test_a_wish_that_makes_no_sense_is_refused(api, body, pointer):
    assert errors(api("POST", IMPORT, body))[0][0] == pointer


def test_repairs_are_listed_applied_and_taken_back(api, project):
    listed = api("GET", REPAIR).json()
    applicable = {item["code"]: item for item in listed["applicable"]}
    assert applicable["header-parameters"]["shapes"] is True
    assert applicable["header-parameters"]["count"] == 1
    assert listed["active"] == []

    done = api("POST", REPAIR, {"codes": ["header-parameters"]}).json()
    assert (done["revision"], done["applied"], done["undone"]) == (2, ["header-parameters"], [])
    assert [note["code"] for note in done["notes"]] == ["header-parameters"]
    assert {message["rule"] for message in done["remaining"]} == {"OP-07"}
    assert [item["code"] for item in api("GET", REPAIR).json()["active"]] == ["header-parameters"]

    done = api("POST", REPAIR, {"undo": ["header-parameters"]}).json()
    assert (done["revision"], done["applied"], done["undone"]) == (3, [], ["header-parameters"])
    assert load.contract(project).repairs == {}


def test_all_of_them_leave_nothing_to_say(api, project):
    done = api("POST", REPAIR, {"codes": "all"}).json()
    assert set(done["applied"]) == {"header-parameters", "wrap-body"}
    assert done["remaining"] == []
    assert api("GET", IMPORT).json()["messages"] == []
    assert api("POST", REPAIR, {"codes": "all"}).json()["revision"] is None


def test_everything_is_taken_back_at_once(api, project):
    api("POST", REPAIR, {"codes": "all"})
    done = api("DELETE", REPAIR).json()
    assert set(done["undone"]) == {"header-parameters", "wrap-body"}
    assert load.contract(project).repairs == {}


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"codes": ["no-such"]}, ("/codes", "unknown-repair")),
        ({"codes": []}, ("/codes", "codes")),
        ({"codes": "some"}, ("/codes", "codes")),
        ({"undo": ["wrap-body"]}, ("/undo", "not-on")),
        ({"codes": "all", "undo": ["wrap-body"]}, ("", "codes-or-undo")),
        ({}, ("", "codes-or-undo")),
        ({"codes": "all", "options": {"no-such": {}}}, ("/codes", "unknown-repair")),
    ],
)
def test_a_repair_that_makes_no_sense_is_refused_and_changes_nothing(api, project, body, error):
    assert errors(api("POST", REPAIR, body)) == [error]
    assert project.revisions.count() == 1


def test_any_text_is_checked_and_what_would_remain_is_told(api):
    found = api("POST", "check/", {"source": WRONG}).json()
    assert found["fatal"] is True
    assert found["format"].startswith("OpenAPI 3.0")
    assert found["after"]["messages"] == []
    assert [op["kept"] for op in found["after"]["operations"]] == [True, True]
    assert found["problems"] == []
    assert Project.objects.count() == 1


def test_another_format_is_judged_by_the_document_made_of_it(api):
    found = api("POST", "check/", {"source": "curl https://a.example/orders"}).json()
    assert (found["converted"], found["fatal"], found["as_it_is"]["fatal"]) == (True, False, True)
    assert [op["kept"] for op in found["operations"]] == [True]
    plain = api("POST", "check/", {"source": CLEAN}).json()
    assert (plain["converted"], plain["as_it_is"]) == (False, None)


def test_a_text_that_is_no_api_is_checked_too(api):
    found = api("POST", "check/", {"source": "openapi: 3.1.0\ninfo: ["}).json()
    assert [message["rule"] for message in found["messages"]] == ["DOC-01"]
    assert found["after"] is None
    assert found["problems"][0]["message"]


def test_checking_asks_for_a_token_too(client, ann):
    assert client.post("/api/v1/check/", {"source": CLEAN}, content_type="application/json").status_code == 401


def test_what_the_choice_hides_is_told_in_the_answer(api, ann):
    operations = (make.operation(path=f"/t{n:03}", operation_id=f"t{n}", summary="x") for n in range(65))
    make.project("many", ann, value=make.contract(*operations))
    notes = api("POST", "projects/many/repair/", {"codes": "all"}).json()["notes"]
    hidden = [note["message"] for note in notes if note["code"] == "choose-operations"]
    assert hidden[0] == "GET /t030 is hidden."
    assert hidden[30:] == ["and 5 more endpoints are hidden."]
