"""The lists: endpoints in order, shared schemas with their users, the document."""

import pytest

from actionstudio.core.contract import Body, Component, Media, Response
from tests import make

pytestmark = pytest.mark.django_db
LIST = "/projects/items/endpoints/"
PET = {"$ref": "#/components/schemas/Pet"}


@pytest.fixture
def project(client):
    operations = (
        make.operation("GET", "/a", operation_id="a", tags=("One",)),
        make.operation(
            "POST", "/b", operation_id="b", tags=("Two",), body=Body(content=(Media("application/json", PET),))
        ),
        make.operation("GET", "/c", operation_id="c", tags=("One",), security=()),
    )
    components = (
        Component("Pet", {"type": "object", "properties": {"owner": {"$ref": "#/components/schemas/Owner"}}}),
        Component("Owner", {"type": "object", "properties": {"name": {"type": "string"}}}),
        Component("Lonely", {"type": "object"}),
    )
    made = make.project(value=make.contract(*operations, components=components))
    client.force_login(made.owner)
    return made


def paths(project):
    return [op.path for op in project.revisions.first().contract().operations]


def test_endpoints_are_grouped_by_tag(client, project):
    html = client.get(LIST).content.decode()
    assert html.index(">/a<") < html.index(">/c<") < html.index(">/b<")
    assert "no sign-in" in html


def test_a_dragged_row_orders_the_document(client, project):
    keys = {row.path: str(row.pk) for row in project.operations.all()}
    client.post(LIST, {"o": [keys["/c"], keys["/a"], keys["/b"]]})
    assert paths(project) == ["/c", "/a", "/b"]


def test_a_row_moves_up_within_its_group(client, project):
    client.post(LIST, {"_op": f"up:{project.operations.get(path='/c').pk}"})
    assert paths(project) == ["/c", "/a", "/b"]


def test_a_removal_can_be_taken_back(client, project):
    row = project.operations.get(path="/b")
    html = client.post(LIST, {"_op": f"del:{row.pk}"}).content.decode()
    assert paths(project) == ["/a", "/c"]
    undo = html.split('name="_op" value="restore:')[1].split('"')[0]
    client.post(LIST, {"_op": f"restore:{undo}"})
    assert paths(project) == ["/a", "/b", "/c"]


def test_a_duplicate_gets_a_path_and_a_name_of_its_own(client, project):
    row = project.operations.get(path="/a")
    client.post(LIST, {"_op": f"duplicate:{row.pk}"})
    copy = project.operations.get(path="/a-copy")
    assert (copy.operation_id, copy.responses) == ("aCopy", row.responses)


def test_hidden_is_a_matter_of_one_click(client, project):
    client.post(LIST, {"_op": f"expose:{project.operations.get(path='/a').pk}"})
    assert project.revisions.first().contract().operations[0].exposed is False


def test_findings_are_counted(client, project):
    html = client.get(f"{LIST}?checked=1").content.decode()
    assert "warnings" in html or "errors" in html


def test_schemas_say_who_uses_them(client, project):
    html = client.get("/projects/items/schemas/").content.decode()
    assert html.count("unused") == 1
    assert "POST /b" in client.get("/projects/items/schemas/Pet/").content.decode()


def test_a_used_schema_is_not_removed(client, project):
    pet = project.components.get(name="Pet")
    answer = client.post("/projects/items/schemas/", {"_op": f"del:{pet.pk}"})
    assert answer.status_code == 422
    assert "POST /b" in answer.content.decode()
    lonely = project.components.get(name="Lonely")
    assert client.post("/projects/items/schemas/", {"_op": f"del:{lonely.pk}"}).status_code == 302
    assert "Lonely" not in project.revisions.first().contract().schemas()


def test_a_new_schema_needs_a_name_of_its_own(client, project):
    for name, words in (("Pet", "already a shared schema"), ("a b", "Use letters"), ("", "Use letters")):
        answer = client.post("/projects/items/schemas/", {"_op": "add", "name": name})
        assert answer.status_code == 422 and words in answer.content.decode()
    assert client.post("/projects/items/schemas/", {"_op": "add", "name": "Money"}).status_code == 302


def posted(client, schema: str, **typed):
    from tests.apps.design.test_endpoint_page import Browser

    page = Browser(client, f"/projects/items/schemas/{schema}/")
    return page, page.press("save", **typed)


def test_a_renamed_schema_takes_its_references_along(client, project):
    page, answer = posted(client, "Pet", name="Animal")
    assert answer.status_code == 302
    contract = project.revisions.first().contract()
    assert "Animal" in contract.schemas()
    assert contract.operations[1].body.content[0].schema == {"$ref": "#/components/schemas/Animal"}


def test_a_circle_is_refused_with_its_path(client, project):
    from tests.apps.design.test_endpoint_page import Browser

    page = Browser(client, "/projects/items/schemas/Owner/")
    media = page.fields["rows.a0"][0] if "rows.a0" in page.fields else None
    key = media or page.keys("rows")[0]
    page.press(**{f"{key}.kind": "ref"})
    answer = page.press("save", **{f"{key}.ref": "Pet"})
    assert answer.status_code == 422
    assert "Owner → Pet → Owner" in page.html


def test_the_document_is_shown_and_downloaded(client, project):
    html = client.get("/projects/items/spec/").content.decode()
    assert "operationId" in html
    whole = client.get("/projects/items/spec/download/?format=json&profile=full")
    assert whole.json()["paths"]["/a"]["get"]["operationId"] == "a"
    assert "attachment" in whole["Content-Disposition"]


@pytest.mark.parametrize("page", ["endpoints/", "schemas/", "schemas/Pet/", "spec/", "spec/download/"])
def test_eve_sees_nothing(client, project, eve, page):
    client.force_login(eve)
    assert client.get(f"/projects/items/{page}").status_code == 404
    assert client.post(f"/projects/items/{page}", {"_op": "add", "name": "X"}).status_code in (404, 405)


@pytest.mark.parametrize("page", ["endpoints/", "schemas/"])
def test_lists_ask_a_constant_number_of_queries(client, django_assert_max_num_queries, page):
    many = [make.operation("GET", f"/x{n}", operation_id=f"x{n}") for n in range(40)]
    components = tuple(Component(f"C{n}", {"type": "object"}) for n in range(40))
    project = make.project(value=make.contract(*many, components=components))
    client.force_login(project.owner)
    with django_assert_max_num_queries(20):
        client.get(f"/projects/items/{page}")


def test_a_response_without_a_body_stays_without(client, project):
    from tests.apps.design.test_endpoint_page import Browser

    op = make.operation("DELETE", "/d", operation_id="d", responses=(Response("204", "Gone"),))
    other = make.project("other", value=make.contract(op))
    page = Browser(client, "/projects/other/endpoints/d/")
    page.press("save", summary="Removes it")
    assert other.revisions.first().contract().operations[0].responses == (Response("204", "Gone"),)


def test_a_new_endpoint_that_was_begun_is_in_the_list(client, project):
    from tests.apps.design.test_endpoint_page import Browser

    assert 'id="begun"' not in client.get(LIST).content.decode()
    Browser(client, f"{LIST}new/").press(method="POST", path="/orders")
    for row in list(project.operations.all()):
        assert "POST /orders" in client.get(LIST).content.decode()
        row.delete()
    assert "POST /orders" in client.get(LIST).content.decode()
    assert "Draft discarded" in client.post(LIST, {"_op": "forget"}).content.decode()
    assert not project.drafts.exists()
