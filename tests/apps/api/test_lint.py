"""The checks over the API: findings for each target, and waivers."""

import pytest

from actionstudio.core import lint
from tests import make
from tests.apps.api.test_api import api  # noqa: F401

pytestmark = pytest.mark.django_db
LINT, WAIVERS = "projects/items/lint/", "projects/items/waivers/"


@pytest.fixture
def project():
    return make.project(
        value=make.contract(make.operation(operation_id="get-items", summary="Lists <b>items</b> here"))
    )


def found(api, target="gpt"):  # noqa: F811
    return api("GET", f"{LINT}?target={target}").json()


@pytest.mark.parametrize("target", lint.TARGETS)
def test_every_target_has_its_findings_and_counts(api, project, target):  # noqa: F811
    body = found(api, target)
    assert set(body["counts"]) == set(lint.LEVELS)
    assert sum(body["counts"].values()) == len(body["findings"])
    for one in body["findings"]:
        assert set(one) == {"code", "level", "pointer", "message", "said", "fix", "waived", "help"}
        assert one["help"].endswith(f"/help/rules/{one['code']}/")
        assert target in lint.RULES[one["code"]].targets


def test_a_finding_names_the_repair(api, project):  # noqa: F811
    (one,) = [one for one in found(api)["findings"] if one["code"] == "operation-id-characters"]
    assert one["fix"] == "operation-names"


def test_findings_cost_few_queries(api, project, django_assert_max_num_queries):  # noqa: F811
    found(api)
    with django_assert_max_num_queries(4):
        found(api)


def test_a_finding_is_waived_and_taken_back(api, project):  # noqa: F811
    wish = {"code": "markup-in-text", "pointer": "/paths/~1items/get", "reason": "They like it bold"}
    before = found(api)["counts"]["advice"]
    assert api("POST", WAIVERS, wish).status_code == 201
    assert api("GET", WAIVERS).json() == [wish]
    body = found(api)
    (one,) = [one for one in body["findings"] if one["waived"]]
    assert (one["code"], one["waived"]) == ("markup-in-text", "They like it bold")
    assert body["counts"]["advice"] == before - 1
    assert project.revisions.count() == 2
    assert api("DELETE", f"{WAIVERS}?code=markup-in-text&pointer=/paths/~1items/get").status_code == 204
    assert api("GET", WAIVERS).json() == []
    assert found(api)["counts"]["advice"] == before


def test_a_second_reason_takes_the_place_of_the_first(api, project):  # noqa: F811
    for reason in ("One", "Two"):
        api("POST", WAIVERS, {"code": "markup-in-text", "reason": reason})
    assert [one["reason"] for one in api("GET", WAIVERS).json()] == ["Two"]


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({"code": "no-such-rule", "reason": "x"}, "/code"),
        ({"code": "markup-in-text"}, "/reason"),
        ({"code": "markup-in-text", "reason": " "}, "/reason"),
        ({"code": "markup-in-text", "reason": "x" * 501}, "/reason"),
        ({"code": "markup-in-text", "reason": "x", "pointer": "paths"}, "/pointer"),
        ({"code": "markup-in-text", "reason": "x", "until": "2030"}, "/until"),
    ],
)
def test_a_waiver_that_cannot_be_is_refused(api, project, wish, pointer):  # noqa: F811
    answer = api("POST", WAIVERS, wish)
    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    assert project.revisions.count() == 1


def test_what_is_not_waived_cannot_be_taken_back(api, project):  # noqa: F811
    assert api("DELETE", f"{WAIVERS}?code=markup-in-text").status_code in (400, 404, 422)
