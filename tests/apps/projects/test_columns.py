"""What later apps say of each row of the list: calls, errors and median time; checks. A part for the whole page."""

import re
import time

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionstudio.apps.library import overview, verdicts
from actionstudio.apps.library.overview import Verdict
from actionstudio.apps.traffic import charting, walking
from tests import make

pytestmark = pytest.mark.django_db
PARTS = ("traffic:briefs", "library:checks")
NOW = int(time.time() * 1000)


@pytest.fixture(autouse=True)
def nothing_known():
    verdicts._known.clear()


@pytest.fixture
def signed_in(client, ann):
    client.force_login(ann)
    return client


def cells(client, part: str, *projects) -> dict[str, str]:
    """The text of each cell, by its id."""
    page = client.get(reverse(part), {"ids": ",".join(str(project.pk) for project in projects)}).text
    found = re.findall(r'<hx-partial hx-target="#([a-z]+-\d+)"[^>]*>(.*?)</hx-partial>', page, re.DOTALL)
    return {name: re.sub(r"<[^>]+>|\s+", " ", text).strip() for name, text in found}


def test_the_list_asks_once_for_all_its_rows(signed_in):
    one, two = make.project("one"), make.project("two")
    page = signed_in.get("/projects/").text
    for part in PARTS:
        assert f'hx-get="{reverse(part)}?ids={two.pk},{one.pk}"' in page
    for name in ("calls", "errors", "median", "checks"):
        assert page.count(f'id="{name}-{one.pk}"') == 1


def test_calls_errors_and_the_median(signed_in):
    busy, idle = make.project("busy"), make.project("idle")
    for number in range(30):
        make.exchange(busy, status=500 if number < 3 else 200, at=NOW - number * 60_000, duration_us=7_000)
    found = cells(signed_in, "traffic:briefs", busy, idle)
    assert found[f"errors-{busy.pk}"] == "10.0 %"
    assert found[f"median-{busy.pk}"] == "7.0 ms"
    assert found[f"calls-{busy.pk}"].endswith("30")
    assert (found[f"errors-{idle.pk}"], found[f"median-{idle.pk}"]) == ("–", "–")


@pytest.mark.parametrize(("failed", "loud"), [(1, False), (2, True)])
def test_more_than_five_per_cent_of_errors_is_loud(signed_in, failed, loud):
    project = make.project()
    for number in range(20):
        make.exchange(project, status=404 if number < failed else 200, at=NOW - number)
    page = signed_in.get(reverse("traffic:briefs"), {"ids": str(project.pk)}).text
    assert ('class="badge bad"' in page) is loud


def test_several_days_are_what_each_day_is(monkeypatch):
    monkeypatch.setattr(walking, "SAMPLE", 5)
    projects = [make.project(f"p{number}") for number in range(3)]
    for number in range(60):
        at = NOW - number * 1_500_000
        make.exchange(projects[number % 2], status=(200, 404, 201)[number % 3], at=at, duration_us=number * 10)
    for number in range(20):
        make.exchange(projects[0], at=NOW - number)
    ids = [project.pk for project in projects]
    assert charting.days(ids, NOW) == {pk: charting.day(pk, NOW) for pk in ids}
    assert charting.days(ids, NOW)[ids[0]].estimated
    assert charting.days([], NOW) == {}


def test_the_newest_calls_make_the_median():
    project = make.project()
    for number in range(9):
        make.exchange(project, at=NOW - number, duration_us=number)
    assert walking.durations_of([project.pk], NOW - 5, most=3) == {project.pk: [0, 1, 2]}


def test_the_bars_walk_the_index_alone():
    project = make.project()
    make.exchange(project)
    ran = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walking, "run", lambda sql, params: ran.append((sql, params)) or [])
        walking.hours([project.pk], NOW - 1000, NOW)
    plan = " ".join(walking.explain(*ran[0]))
    assert "exchange_newest" in plan or connections["default"].vendor != "sqlite"


def test_checks_are_counted_and_ready_is_said(signed_in):
    good = make.project("good", value=make.contract(make.operation(summary="List", description="All of them.")))
    bad = make.project("bad", value=make.contract(make.operation(description="All of them. " * 30)))
    wanted = {project.pk: overview.verdict(project.revisions.get().contract()) for project in (good, bad)}
    assert wanted[bad.pk].errors
    found = cells(signed_in, "library:checks", good, bad)
    assert found[f"checks-{bad.pk}"].startswith(f"{wanted[bad.pk].errors} wrong")
    verdicts._known[good.revisions.get().pk] = Verdict(0, 0)
    assert cells(signed_in, "library:checks", good)[f"checks-{good.pk}"] == "Ready"


def test_a_version_is_checked_once(signed_in, monkeypatch):
    project = make.project()
    first = cells(signed_in, "library:checks", project)
    monkeypatch.setattr(overview, "verdict", lambda contract: 1 / 0)
    assert cells(signed_in, "library:checks", project) == first


def test_what_takes_long_is_asked_for_again_and_always_gets_further(signed_in, monkeypatch):
    monkeypatch.setattr(verdicts, "MAY", -1)
    projects = [make.project(f"p{number}") for number in range(3)]
    url = reverse("library:checks") + "?ids="
    page = signed_in.get(url + ",".join(str(project.pk) for project in projects)).text
    again = re.findall(r'hx-get="([^"]+)"', page)
    assert len(again) == 2
    assert "hx-get" not in signed_in.get(again[0]).text
    assert len(verdicts._known) == 2


@pytest.mark.parametrize("part", PARTS)
def test_eve_learns_nothing(client, eve, part):
    project = make.project()
    make.exchange(project)
    client.force_login(eve)
    assert cells(client, part, project) == {}
    client.logout()
    assert "login" in client.get(reverse(part), {"ids": str(project.pk)})["Location"]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("ids", ["", "x", "1;2", "9" * 30, "-1", "\x00", "²", ",,,"])
def test_rubbish_is_passed_over(signed_in, part, ids):
    assert signed_in.get(reverse(part), {"ids": ids}).status_code == 200


@pytest.mark.parametrize("part", PARTS)
def test_twenty_rows_cost_as_many_queries_as_ten(signed_in, part):
    projects = [make.project(f"p{number}") for number in range(20)]
    cells(signed_in, part, *projects[:1])

    def queries(*asked) -> int:
        verdicts._known.clear()
        counted = [CaptureQueriesContext(connections[alias]) for alias in connections]
        for one in counted:
            one.__enter__()
        assert len(cells(signed_in, part, *asked)) >= len(asked)
        for one in counted:
            one.__exit__(None, None, None)
        return sum(map(len, counted))

    assert queries(*projects) == queries(*projects[:10]) < 12
