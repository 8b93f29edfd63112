"""The pages of collections: which there are, their rows as a table, import and export, snapshots, and what they are."""

import json
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from actionstudio.apps.mocking import rows
from actionstudio.apps.oauth.models import EndUser
from actionstudio.apps.publishing.models import Key
from actionstudio.core.behaviour import Collection, Examples, Generated, Seed, Stateful
from actionstudio.core.contract import Component, Media, Parameter, Response
from actionstudio.runtime.app import frontdoor
from actionstudio.runtime.ports import Place, Write
from tests import make

pytestmark = pytest.mark.django_db
URL = "/projects/shop/collections/"
PETS = Collection(
    "pets",
    {"$ref": "#/components/schemas/Pet"},
    seeds=(Seed(({"id": 1, "name": "Rex", "age": 3}, {"id": 2, "name": "Tom"})),),
)
TODOS = Collection("todos", {"type": "string"}, "", partition="path.username", seeds=(Seed(("milk",), "ann"),))
PET = {
    "type": "object",
    "required": ["name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "age": {"type": "integer"}},
}


def contract(*collections, **fields):
    listed = Response("200", content=(Media("application/json", {"type": "array", "items": PETS.schema}),))
    made = Response("201", content=(Media("application/json", PETS.schema),))
    one = Parameter("petId", "path", True, schema={"type": "integer"})
    return make.contract(
        make.operation("GET", "/pets", operation_id="listPets", responses=(listed,), behaviour=Stateful("pets")),
        make.operation("POST", "/pets", operation_id="addPet", responses=(made,)),
        make.operation("DELETE", "/pets/{petId}", operation_id="dropPet", parameters=(one,)),
        components=(Component("Pet", PET),),
        collections=collections,
        **fields,
    )


@pytest.fixture
def project(ann):
    return make.project("shop", ann, contract(PETS, TODOS))


@pytest.fixture
def page(project, client, ann):
    client.force_login(ann)
    return client


def table(project, collection=PETS, partition=""):
    return dict(rows.store().read(rows.place(project, collection, partition)).rows)


def text(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_the_list_names_each_collection_its_rows_and_who_uses_it(page):
    shown = text(page.get(URL))
    assert re.search(r"pets 2 one, shared GET", shown)
    assert "by path.username" in shown
    assert "Collections 2 " in shown


def test_a_new_collection_is_made_with_its_first_version(page, project):
    sent = {"deed": "make", "name": "orders", "id_field": "no", "id_kind": "integer", "partition_in": "path"}
    refused = page.post(URL, sent)
    assert refused.status_code == 422
    assert "Say whose value it is" in text(refused)
    assert 'value="orders"' in refused.content.decode()
    assert page.post(URL, sent | {"partition_by": "org, repo"}).status_code == 302
    made = project.revisions.first().contract().collections[-1]
    assert made == Collection("orders", id_field="no", partition="path.org,path.repo")
    assert "already" in text(page.post(URL, sent | {"partition_by": "org"}))


@pytest.mark.parametrize("name", ["", "a b", "ä", "../x"])
def test_a_name_that_cannot_stand_in_a_url_is_refused(page, name):
    answer = page.post(URL, {"deed": "make", "name": name, "id_kind": "integer"})
    assert answer.status_code == 422


def test_endpoints_that_belong_together_are_offered_and_bound_at_once(ann, client):
    free = contract()
    free = make.contract(
        *(op if op.operation_id != "listPets" else make.operation(
            "GET", "/pets", operation_id="listPets", responses=op.responses, behaviour=Examples()
        ) for op in free.operations),
        components=free.components,
    )  # fmt: skip
    project = make.project("shop", ann, free)
    client.force_login(ann)
    before = text(client.get(URL))
    assert "Let them share rows" in before
    assert "Answers otherwise now" not in before
    assert re.search(r"It begins with 3 rows \[ \{ .*name", before)
    answer = client.post(URL, {"deed": "bind", "method": "GET", "path": "/pets"})
    assert answer["location"].startswith("/projects/shop/collections/pets/")
    after = project.revisions.first().contract()
    assert [op.behaviour.action for op in after.operations] == ["list", "create", "delete"]
    assert client.post(URL, {"deed": "bind", "method": "GET", "path": "/nowhere"}).status_code == 422


def test_an_offer_says_what_it_would_replace(ann, client):
    listed = contract().operations[0].responses
    lists = make.operation("GET", "/pets", operation_id="listPets", responses=listed, behaviour=Generated())
    free = contract()
    make.project("shop", ann, make.contract(lists, *free.operations[1:], components=free.components))
    client.force_login(ann)
    assert "Answers otherwise now" in text(client.get(URL))


def test_the_table_shows_rows_by_the_schemas_fields(page):
    body = page.get(f"{URL}pets/").content.decode()
    assert [unescape(name) for name in re.findall(r'name="c\.(\w+)" value="Rex"', body)] == ["name"]
    assert 'value="3"' in body
    assert "/endpoints/listPets/mock/" in body


def test_a_cell_is_changed_in_place(page, project):
    before = project.revisions.count()
    assert page.post(f"{URL}pets/", {"key": "1", "deed": "put", "c.name": "Max", "c.age": "4"}).status_code == 302
    assert table(project)["1"] == {"id": 1, "name": "Max", "age": 4}
    assert project.revisions.count() == before
    assert "Max" in page.get(f"{URL}pets/").content.decode()


def test_a_wrong_cell_is_told_beside_it_and_keeps_what_was_typed(page, project):
    answer = page.post(f"{URL}pets/", {"key": "1", "c.name": "Max", "c.age": "four"})
    assert answer.status_code == 422
    assert 'value="four"' in answer.content.decode()
    assert "whole number" in text(answer)
    assert table(project)["1"]["name"] == "Rex"


def test_a_row_is_added_and_deleted(page, project):
    page.post(f"{URL}pets/", {"deed": "add", "c.id": "", "c.name": "Kit", "c.age": ""})
    assert table(project)["3"] == {"id": 3, "name": "Kit"}
    taken = page.post(f"{URL}pets/", {"deed": "add", "c.id": "3", "c.name": "Again"})
    assert taken.status_code == 422
    assert "already" in text(taken)
    page.post(f"{URL}pets/", {"key": "3", "deed": "delete"})
    assert "3" not in table(project)
    assert page.post(f"{URL}pets/", {"key": "3", "deed": "put", "c.name": "x"}).status_code == 302


def test_a_new_row_without_what_it_needs_is_refused_beside_the_cell(page, project):
    answer = page.post(f"{URL}pets/", {"deed": "add", "c.id": "", "c.name": "", "c.age": "4"})
    assert answer.status_code == 422
    new = answer.content.decode().partition('id="r-new"')[2]
    assert "is required" in new.partition('name="c.age"')[0]
    assert 'value="4"' in new
    assert len(table(project)) == 2


def test_a_row_that_a_call_left_incomplete_can_be_changed_elsewhere(page, project):
    rows.add_all(rows.place(project, PETS), [{"id": 7, "age": 1}])
    assert page.post(f"{URL}pets/", {"key": "7", "deed": "put", "c.name": "", "c.age": "2"}).status_code == 302
    assert table(project)["7"] == {"id": 7, "age": 2}
    refused = page.post(f"{URL}pets/", {"key": "1", "deed": "put", "c.name": "Rex", "c.age": "2.5"})
    assert refused.status_code == 422


def test_what_takes_rows_away_asks_first_and_says_what_goes(page, project):
    page.post(f"{URL}pets/", {"deed": "snapshot", "name": "before"})
    for url in (f"{URL}pets/", f"{URL}todos/?list=ann"):
        body = page.get(url).content.decode()
        asking = "".join(re.findall(r'<details class="confirm">.*?</details>', body, re.DOTALL))
        bare = re.sub(r'<details class="confirm">.*?</details>', "", body, flags=re.DOTALL)
        for deed in ("reset", "reset-all", "restore", "forget", "delete"):
            assert f'value="{deed}"' not in bare
        assert 'value="reset"' in asking
        assert "imported, edited or changed by calls" in asking


def test_the_first_list_with_rows_is_open(page, project):
    body = page.get(f"{URL}todos/").content.decode()
    assert 'value="milk"' in body
    assert 'aria-current="page">ann' in body
    assert 'value="milk"' not in page.get(f"{URL}todos/?list=").content.decode()
    assert page.post(f"{URL}todos/?list=", {"deed": "add", "c.": "tea"})["location"].endswith("todos/?list=")


def test_lists_of_texts_by_partition(page, project):
    shown = page.get(f"{URL}todos/?list=ann")
    assert "milk" in shown.content.decode()
    page.post(f"{URL}todos/?list=bob", {"deed": "add", "c.": "bread"})
    assert list(table(project, TODOS, "bob").values()) == ["bread"]
    assert list(table(project, TODOS, "ann").values()) == ["milk"]
    assert "bob" in text(page.get(f"{URL}todos/?list=ann"))


def test_rows_come_from_csv_and_json_and_go_again(page, project):
    answer = page.post(f"{URL}pets/", {"deed": "import", "how": "add", "text": "name,age\nKit,1\nZoe,2\n"})
    assert answer.status_code == 302
    assert [row["name"] for row in table(project).values()] == ["Rex", "Tom", "Kit", "Zoe"]
    file = SimpleUploadedFile("pets.json", b'[{"id": 9, "name": "Solo"}]')
    page.post(f"{URL}pets/", {"deed": "import", "how": "replace", "file": file})
    assert table(project) == {"9": {"id": 9, "name": "Solo"}}
    assert json.loads(page.get(f"{URL}pets/rows?as=json").content) == [{"id": 9, "name": "Solo"}]
    assert page.get(f"{URL}pets/rows?as=csv").content.decode().splitlines() == ["id,name", "9,Solo"]


def test_a_file_that_does_not_fit_changes_nothing_and_says_where(page, project):
    answer = page.post(f"{URL}pets/", {"deed": "import", "how": "add", "text": "name,age\nKit,old\n"})
    assert answer.status_code == 422
    assert "Kit,old" in answer.content.decode()
    assert len(table(project)) == 2
    empty = page.post(f"{URL}pets/", {"deed": "import", "how": "add", "text": " "})
    assert "Paste the rows" in text(empty)


def test_an_import_never_overwrites_a_row_unasked(page, project):
    sent = {"deed": "import", "how": "add", "text": "id,name\n7,Kit\n2,Other\n"}
    answer = page.post(f"{URL}pets/", sent)
    assert answer.status_code == 422
    assert "Line 3: there is a row 2 already." in text(answer)
    assert [row["name"] for row in table(project).values()] == ["Rex", "Tom"]
    done = page.post(f"{URL}pets/", sent | {"how": "merge"}, follow=True)
    assert "1 row is added. 1 row is replaced." in text(done)
    assert [row["name"] for row in table(project).values()] == ["Rex", "Other", "Kit"]


@pytest.mark.parametrize(("used", "words"), [("text", "nope"), ("file", "nope"), ("text", '[{"name": 1}]')])
def test_what_is_wrong_with_rows_stands_beside_the_field_that_was_used(page, used, words):
    value = words if used == "text" else SimpleUploadedFile("pets.csv", b"name,age\nKit,old\n")
    if words == "nope" and used == "text":
        value = "[nope"
    body = page.post(f"{URL}pets/", {"deed": "import", "how": "add", used: value}).content.decode()
    assert f'id="id_{used}-err"' in body
    assert f'id="id_{"file" if used == "text" else "text"}-err"' not in body


def test_reset_and_a_new_beginning(page, project):
    page.post(f"{URL}pets/", {"key": "1", "deed": "delete"})
    page.post(f"{URL}pets/", {"deed": "reset"})
    assert list(table(project)) == ["1", "2"]
    page.post(f"{URL}pets/", {"key": "1", "deed": "delete"})
    page.post(f"{URL}pets/", {"deed": "seed"})
    assert project.revisions.first().contract().collections[0].seeds == (Seed(({"id": 2, "name": "Tom"},)),)


def test_snapshots_are_taken_restored_and_deleted(page, project):
    page.post(f"{URL}pets/", {"deed": "snapshot", "name": "before"})
    page.post(f"{URL}pets/", {"key": "1", "deed": "delete"})
    (kept,) = rows.snapshots(project, PETS)
    assert "before" in text(page.get(f"{URL}pets/"))
    page.post(f"{URL}pets/", {"deed": "restore", "snapshot": kept.pk})
    assert list(table(project)) == ["1", "2"]
    page.post(f"{URL}pets/", {"deed": "forget", "snapshot": kept.pk})
    assert rows.snapshots(project, PETS) == []
    assert page.post(f"{URL}pets/", {"deed": "restore", "snapshot": "x"}).status_code == 302


def test_a_collection_in_use_is_not_removed(page, project):
    assert page.post(f"{URL}pets/", {"deed": "remove"}).status_code == 422
    assert page.post(f"{URL}todos/", {"deed": "remove"}).status_code == 302
    assert [one.name for one in project.revisions.first().contract().collections] == ["pets"]


def test_its_id_and_lists_are_changed_as_a_version(page, project):
    sent = {"deed": "define", "id_field": "id", "id_kind": "uuid", "partition_in": "user"}
    assert page.post(f"{URL}pets/", sent).status_code == 302
    after = project.revisions.first().contract().collections[0]
    assert (after.id_kind, after.partition, after.seeds) == ("uuid", "user", PETS.seeds)


def test_long_lists_are_paged_and_searched(page, project):
    rows.add_all(rows.place(project, PETS), [{"name": f"Pet{n:03}"} for n in range(120)])
    first = page.get(f"{URL}pets/")
    assert "Pet047" in first.content.decode()
    assert "Pet048" not in first.content.decode()
    after = re.search(r"after=(\w+)\"", first.content.decode())[1]
    assert "Pet048" in page.get(f"{URL}pets/?after={after}").content.decode()
    found = page.get(f"{URL}pets/?q=pet119")
    assert "1 fits" in text(found)
    form = re.search(r'<form[^>]*role="search".*?</form>', found.content.decode(), re.DOTALL)[0]
    assert "input delay" in form
    assert "<noscript><button" in form


@pytest.mark.parametrize("count", [10, 20])
def test_the_pages_cost_the_same_for_many_rows(page, project, count, django_assert_max_num_queries):
    rows.add_all(rows.place(project, PETS), [{"name": f"Pet{n}"} for n in range(count)])
    page.get(f"{URL}pets/")
    with django_assert_max_num_queries(16):  # on PostgreSQL the log is asked through the same connection
        page.get(f"{URL}pets/")
    with django_assert_max_num_queries(16):  # on PostgreSQL the log is asked through the same connection
        page.get(URL)


def test_an_unknown_collection_is_not_there(page):
    assert page.get(f"{URL}ghosts/").status_code == 404


@pytest.mark.parametrize(
    ("place", "name", "warned"), [("query", "team", True), ("path", "x", True), ("header", "X-A", False)]
)
def test_lists_by_a_parameter_that_no_endpoint_has_are_warned_of(client, ann, project, place, name, warned):
    client.force_login(ann)
    sent = {"deed": "define", "id_field": "id", "id_kind": "integer", "partition_in": place, "partition_by": name}
    shown = client.post(f"{URL}pets/", sent, follow=True).content.decode()
    assert (f"None of its endpoints has {place}.{name}" in shown) == warned


def test_lists_of_a_collection_that_nothing_uses_are_not_warned_of(client, ann, project):
    client.force_login(ann)
    assert "None of its endpoints" not in client.get(f"{URL}todos/").content.decode()


def test_a_list_of_somebody_who_signed_in_bears_their_name(client, ann):
    people = Collection("people", partition="user")
    project = make.project("shop", ann, make.contract(collections=(people,)))
    alice = EndUser.objects.create(project=project, username="alice")
    key, _text = Key.mint(project, "My GPT")
    for partition in (f"user {alice.sub}", f"key {key.pk}", "user nobody", "key 99999999999999999999999"):
        frontdoor().store.change(Place(project.pk, people, partition), lambda table: (Write({"1": {"id": 1}}), None))
    client.force_login(ann)
    page = client.get("/projects/shop/collections/people/").content.decode()
    chips = re.findall(r'<a class="chip[^>]*>([^<]*) <', page)
    assert sorted(chips) == ["My GPT", "alice", "key 99999999999999999999999", "user nobody"]
