"""Choosing the operations that ChatGPT gets: the proposal, the filters that forget no tick, the limit."""

import dataclasses
import re
import time

import pytest
from django.urls import reverse

from actionstudio.apps.design import editing, load, store
from actionstudio.apps.gpt import choosing
from actionstudio.core.problem import Refused
from tests import make

pytestmark = pytest.mark.django_db
DAY = 86_400_000


def many(number: int, **fields):
    """A project with that many operations, GET /t000 and on."""
    return make.project(value=make.contract(*(make.operation(path=f"/t{n:03}", **fields) for n in range(number))))


@pytest.fixture
def project(client):
    made = many(40)
    client.force_login(made.owner)
    return made


def url(project) -> str:
    return reverse("gpt:choose", args=[project.slug])


def keys(project, *numbers: int) -> list[int]:
    pks = list(project.operations.values_list("pk", flat=True))
    return [pks[number] for number in numbers]


def ticked(text: str) -> set[int]:
    return {int(pk) for pk in re.findall(r'name="o" id="o-\d+" value="(\d+)" checked', text)}


def offered(project) -> set[str]:
    return {op.path for op in load.contract(project).operations if op.exposed}


def test_eve_chooses_nothing(client, eve, project):
    client.force_login(eve)
    assert client.get(url(project)).status_code == 404
    assert client.post(url(project), {"o": keys(project, 0)}).status_code == 404
    assert len(offered(project)) == 40


def test_too_many_come_with_a_proposal_of_thirty_that_is_not_saved(client, project):
    page = client.get(url(project))
    assert page.context["choice"].proposed
    assert ticked(page.text) == set(keys(project, *range(30)))
    assert "30 of 30 chosen" in page.text
    assert "Nothing is saved yet" in page.text
    assert len(offered(project)) == 40


def test_what_is_called_most_is_proposed_first(project):
    for path, times in (("/t039", 3), ("/t035", 1)):
        for _ in range(times):
            make.exchange(project, path=path, operation_id=f"get{path[1:].title()}")
    choice = choosing.choice(project)
    rows = {row.path: row for row in choice.rows}
    assert (rows["/t039"].calls, rows["/t035"].calls, rows["/t000"].calls) == (3, 1, 0)
    assert rows["/t039"].chosen and rows["/t035"].chosen
    assert [path for path, row in rows.items() if not row.chosen] == [
        f"/t0{n}" for n in (28, 29, *range(30, 35), 36, 37, 38)
    ]


def test_calls_are_those_of_the_last_days_and_no_replays(project):
    now = int(time.time() * 1000)
    for fields in ({"at": now - 31 * DAY}, {"source": "replay"}, {"source": "try"}, {"kind": "refused"}, {}):
        make.exchange(project, operation_id="getT001", **fields)
    make.exchange(many_elsewhere(), operation_id="getT001")
    assert choosing.calls(project) == {"getT001": 1}


def many_elsewhere():
    return make.project("elsewhere")


def test_an_operation_without_a_name_counts_its_calls_too(client):
    project = make.project("bare", value=make.contract(make.operation(operation_id="")))
    make.exchange(project, operation_id="GET /items")
    assert choosing.choice(project).rows[0].calls == 1


def test_the_list_asks_two_questions_whatever_its_size(project, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        choosing.choice(project)


def test_the_page_of_five_hundred_stays_quick(client, django_assert_max_num_queries):
    project = many(500)
    client.force_login(project.owner)
    with django_assert_max_num_queries(16):
        assert client.get(url(project)).text.count('name="o"') == 500


def test_few_operations_come_as_they_are(client, project):
    project.operations.exclude(pk__in=keys(project, 1, 2)).update(exposed=False)
    page = client.get(url(project))
    assert not page.context["choice"].proposed
    assert ticked(page.text) == set(keys(project, 1, 2))


def test_saving_is_one_revision_that_says_so(client, project):
    answer = client.post(url(project), {"o": keys(project, 3, 5), "deed": "save"})
    assert answer.status_code == 302
    assert offered(project) == {"/t003", "/t005"}
    newest = project.revisions.first()
    assert (newest.number, newest.note, newest.author) == (2, "2 operations chosen for ChatGPT", project.owner)


def test_saving_the_same_again_is_no_revision(client, project):
    for _ in range(2):
        client.post(url(project), {"o": keys(project, 3), "deed": "save"})
    assert project.revisions.first().number == 2


def test_thirty_one_are_refused_with_the_cure_and_stay_ticked(client, project):
    chosen = keys(project, *range(31))
    page = client.post(url(project), {"o": chosen, "deed": "save"})
    assert page.status_code == 422
    assert "31 operations are chosen; ChatGPT takes at most 30. Untick 1 of them." in page.text
    assert "31 chosen, 30 at most" in page.text
    assert ticked(page.text) == set(chosen)
    assert len(offered(project)) == 40


def test_none_at_all_is_refused(client, project):
    page = client.post(url(project), {"deed": "save"})
    assert page.status_code == 422
    assert "Choose at least one" in page.text


def test_a_filter_without_scripts_hides_rows_and_forgets_no_tick(client, project):
    page = client.post(url(project), {"o": keys(project, 7, 21), "q": "t02", "deed": "filter"})
    choice = page.context["choice"]
    assert [row.path for row in choice.rows if row.shown] == [f"/t02{n}" for n in range(10)]
    assert ticked(page.text) == set(keys(project, 7, 21))
    assert page.text.count("hidden>") >= 30


@pytest.mark.parametrize(("deed", "number"), [("all", 11), ("none", 1)])
def test_what_is_shown_can_be_ticked_at_once(client, project, deed, number):
    page = client.post(
        url(project), {"o": keys(project, 7, 21)[: 2 if deed == "none" else 1], "q": "t02", "deed": deed}
    )
    assert page.context["choice"].chosen == number


@pytest.mark.parametrize(
    ("filter", "shown"),
    [
        ({"tag": "pets"}, ["/pets"]),
        ({"method": "POST"}, ["/orders"]),
        ({"q": "ORDER place"}, ["/orders"]),
        ({"q": "dog"}, []),
    ],
)
def test_tags_methods_and_words_narrow_the_list(filter, shown):
    value = make.contract(
        make.operation(path="/pets", tags=("pets",)),
        make.operation("POST", "/orders", tags=("shop",), summary="Place an order"),
    )
    choice = choosing.choice(make.project(value=value), choosing.Filter(**filter))
    assert [row.path for row in choice.rows if row.shown] == shown
    assert choice.tags == ["pets", "shop"]


def test_a_method_that_chatgpt_does_not_know_cannot_be_chosen(client):
    project = make.project(value=make.contract(make.operation(), make.operation("HEAD", "/items")))
    client.force_login(project.owner)
    assert "ChatGPT knows no HEAD" in client.get(url(project)).text
    choosing.save(project, set(project.operations.values_list("pk", flat=True)))
    assert choosing.choice(project).chosen == 1


def test_operations_of_another_project_are_not_touched(project):
    other = make.project("other")
    with pytest.raises(Refused):
        choosing.save(project, {other.operations.get().pk})
    assert other.operations.get().exposed


@pytest.mark.parametrize("odd", ["x", "-1", "9" * 40, "١٢"])
def test_odd_keys_are_passed_over(client, project, odd):
    assert client.post(url(project), {"o": [odd, *keys(project, 0)], "deed": "save"}).status_code == 302
    assert offered(project) == {"/t000"}


def test_an_empty_project_says_what_to_do(client, ann):
    project = make.project("empty", value=None)
    project.operations.all().delete()
    client.force_login(project.owner)
    assert "No endpoints yet" in client.get(url(project)).text


def test_what_was_chosen_stays_and_what_came_later_goes(project):
    choosing.save(project, set(keys(project, *range(10, 40))))
    with editing.editing(project):
        first = make.operation(path="/newer")
        value = load.contract(project)
        store.contract(project, dataclasses.replace(value, operations=(first, *value.operations)))
    assert len(offered(project)) == 31
    found = {row.path for row in choosing.choice(project).rows if row.chosen}
    assert found == offered(project) - {"/newer"}


def test_two_who_choose_at_once_do_not_add_up(project, monkeypatch):
    first, second = set(keys(project, *range(20))), set(keys(project, *range(20, 40)))
    project.operations.update(exposed=False)
    real = choosing.editing

    def overtaken(*given):
        """Somebody else saves just before our turn."""
        monkeypatch.setattr(choosing, "editing", real)
        choosing.save(project, first)
        return real(*given)

    monkeypatch.setattr(choosing, "editing", overtaken)
    choosing.save(project, second)
    assert offered(project) == {f"/t{n:03}" for n in range(20, 40)}
