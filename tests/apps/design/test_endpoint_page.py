"""The endpoint editor without JavaScript: every button is a post that answers with the whole page."""

import json
import re

import pytest

from actionstudio.apps.design.models import Draft
from actionstudio.core.auth import OAuth, Scope
from actionstudio.core.contract import Body, Media, Parameter
from tests import make

pytestmark = pytest.mark.django_db
URL = "/projects/items/endpoints/getItems/"


def form_of(html: str) -> dict[str, list[str]]:
    """The fields a browser would post from the editor's form."""
    body = html[html.index('id="ep"') :]
    fields: dict[str, list[str]] = {}
    pattern = r"<input\b[^>]*>|<select\b.*?</select>|<textarea\b[^>]*>.*?</textarea>"
    for tag in re.findall(pattern, body, re.S):
        name = re.search(r'name="([^"]*)"', tag)
        if not name or " disabled" in tag.split(">")[0]:
            continue
        if tag.startswith("<select"):
            options = re.findall(r"<option([^>]*)>([^<]*)", tag)
            chosen = next((o for o in options if "selected" in o[0]), options[0])
            value = re.search(r'value="([^"]*)"', chosen[0])
            value = value[1] if value else chosen[1]
        elif tag.startswith("<textarea"):
            value = re.sub(r"^\n", "", re.search(r">(.*)</textarea>", tag, re.S)[1])
        else:
            if re.search(r'type="(checkbox|radio)"', tag) and " checked" not in tag:
                continue
            value = re.search(r'value="([^"]*)"', tag)
            value = value[1] if value else "on" if "checkbox" in tag else ""
        fields.setdefault(name[1], []).append(unescape(value))
    return fields


def unescape(text: str) -> str:
    import html

    return html.unescape(text)


class Browser:
    """A browser without JavaScript on one page."""

    def __init__(self, client, url: str) -> None:
        self.client, self.url = client, url
        self.answer = client.get(url)
        assert self.answer.status_code == 200, self.answer.status_code
        self.read()

    def read(self) -> None:
        self.html = self.answer.content.decode()
        if 'id="ep"' in self.html:
            self.fields = form_of(self.html)

    def press(self, deed: str = "", **typed: str):
        """Types into fields (by the name they end with) and presses a button."""
        for name, value in typed.items():
            self.fields[self.name(name)] = [value]
        self.answer = self.client.post(self.url, {**self.fields, "_op": deed})
        self.read()
        return self.answer

    def name(self, end: str) -> str:
        return next(n for n in self.fields if n == end or n.endswith(f".{end}"))

    def keys(self, of: str) -> list[str]:
        return [v for name, values in self.fields.items() if name.split(".")[0] == of for v in values]


@pytest.fixture
def project():
    fields = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}
    op = make.operation(
        parameters=(Parameter("q", "query", schema={"type": "string"}),),
        body=Body(True, content=(Media("application/json", fields),)),
    )
    return make.project(value=make.contract(op))


@pytest.fixture
def page(client, project):
    client.force_login(project.owner)
    return Browser(client, URL)


def contract(project):
    return project.revisions.first().contract()


def test_typing_keeps_a_draft_and_changes_nothing_live(page, project):
    page.press(summary="List them")
    assert Draft.objects.get().state["summary"] == "List them"
    assert project.revisions.count() == 1
    assert 'value="List them"' in Browser(page.client, URL).html


def test_save_writes_a_revision_that_is_live(page, project):
    answer = page.press("save", summary="List them")
    assert answer.status_code == 302
    assert contract(project).operations[0].summary == "List them"
    assert not Draft.objects.filter(clean=False).exists()


def test_saving_what_nobody_touched_changes_nothing(page, project):
    before = contract(project)
    assert page.press("save").status_code == 302
    assert contract(project) == before
    assert project.revisions.count() == 1


def test_a_placeholder_brings_its_parameter(page, project):
    page.press(path="/items/{item_id}")
    page.press("save")
    first = contract(project).operations[0].parameters[0]
    assert (first.name, first.in_, first.required) == ("item_id", "path", True)


def test_a_renamed_placeholder_keeps_what_was_said_about_it(page, project):
    page.press(path="/items/{item_id}")
    key = page.keys("params")[0]
    page.press(**{f"{key}.description": "Which one"})
    page.press("save", path="/items/{number}")
    first = contract(project).operations[0].parameters[0]
    assert (first.name, first.description) == ("number", "Which one")


def test_a_removed_placeholder_offers_to_remove_its_parameter(page, project):
    page.press(path="/items/{item_id}")
    key = page.keys("params")[0]
    page.press(**{f"{key}.description": "Which one"})
    page.press(path="/items")
    assert "Remove this parameter or add it to the path" in page.html
    page.press(f"param.del:{key}")
    assert page.press("save").status_code == 302


def test_rows_are_added_moved_and_removed(page, project):
    media = page.keys("body")[0] and page.name("media_type").split(".")[0]
    page.press(f"row.add:{media}")
    new = page.keys("rows")[-1]
    page.press(f"row.up:{new}", **{f"{new}.name": "c", f"{new}.kind": "group"})
    page.press(f"row.child:{new}")
    child = next(k for k in page.keys("rows") if page.fields[f"{k}.name"] == [""])
    page.press("save", **{f"{child}.name": "deep"})
    schema = contract(project).operations[0].body.content[0].schema
    assert list(schema["properties"]) == ["a", "c", "b"]
    assert schema["properties"]["c"] == {"type": "object", "properties": {"deep": {"type": "string"}}}


def test_undo_takes_back_one_step_at_a_time_and_survives_a_reload(page, project):
    page.press(summary="one")
    page.press("param.add")
    assert len(page.keys("params")) == 2
    page = Browser(page.client, URL)
    page.press("undo")
    assert len(page.keys("params")) == 1
    assert page.fields["summary"] == ["one"]
    page.press("undo")
    assert page.fields["summary"] == [""]


def test_undo_ends_at_the_last_save(page, project):
    page.press(summary="")
    page.press("save", summary="one")
    page = Browser(page.client, URL)
    assert re.search(r'value="undo" disabled', page.html)
    page.press("undo")
    assert page.fields["summary"] == ["one"]


def test_typing_after_a_pause_is_a_step_of_its_own(page, project):
    from datetime import timedelta

    page.press(summary="one")
    page.press(summary="one and")
    Draft.objects.update(updated=Draft.objects.get().updated - timedelta(seconds=2))
    page.press(summary="one and two")
    page.press("undo")
    assert page.fields["summary"] == ["one and"]
    page.press("undo")
    assert page.fields["summary"] == [""]


def test_redo_does_again_what_was_undone_until_something_else_changes(page, project):
    page.press("param.add", summary="one")
    page.press("undo")
    page.press("undo")
    assert page.fields["summary"] == [""]
    page.press("redo")
    page.press("redo")
    assert (page.fields["summary"], len(page.keys("params"))) == (["one"], 2)
    page.press("undo")
    page.press(summary="two")
    assert re.search(r'value="redo"[^>]* disabled', page.html)


def test_a_clean_draft_gives_way_to_what_was_saved_elsewhere(page, project):
    from actionstudio.apps.design.editing import restore

    page.press("save", summary="one")
    page = Browser(page.client, URL)
    restore(project, 1)
    assert Browser(page.client, URL).fields["summary"] == [""]
    assert page.press("save", summary="two").status_code == 409


def test_discard_forgets_the_draft(page, project):
    page.press(summary="one")
    page.press("discard")
    assert page.fields["summary"] == [""]
    assert not Draft.objects.exists()


def test_make_shared_turns_a_group_into_a_component(page, project):
    key = page.keys("rows")[1]
    page.press(**{f"{key}.kind": "group"})
    page.press(f"row.child:{key}")
    child = next(k for k in page.keys("rows") if page.fields[f"{k}.name"] == [""])
    page.press(f"share:{key}", **{f"{child}.name": "street"})
    page.press("save")
    saved = contract(project)
    assert saved.schemas() == {"B": {"type": "object", "properties": {"street": {"type": "string"}}}}
    assert saved.operations[0].body.content[0].schema["properties"]["b"] == {"$ref": "#/components/schemas/B"}


def test_an_example_makes_the_schema(page, project):
    media = page.name("media_type").split(".")[0]
    page.press(f"sample.open:{media}")
    page.press(f"sample.use:{media}", **{f"{media}.sample": '{"amount": 3, "lines": [{"sku": "x"}]}'})
    page.press("save")
    schema = contract(project).operations[0].body.content[0].schema
    assert schema["properties"]["amount"]["type"] == "integer"
    assert schema["properties"]["lines"]["items"]["properties"]["sku"]["type"] == "string"


def test_the_json_tab_and_the_rows_are_the_same_draft(page, project):
    media = page.name("media_type").split(".")[0]
    page.press(f"mode.json:{media}")
    page.press(f"mode.rows:{media}", **{f"{media}.text": '{"type": "object", "properties": {"z": {"type": "number"}}}'})
    assert [page.fields[f"{k}.name"] for k in page.keys("rows")][:1] == [["z"]]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"path": "items"}, "A path begins with"),
        ({"path": "/a//b"}, "part of it is empty"),
        ({"path": "/a?b=1"}, "Add a query parameter"),
        ({"operation_id": "get items"}, "GPT cannot call this name"),
        ({"operation_id": "other"}, "already has this name"),
        ({"path": "/other"}, "already an endpoint GET /other"),
    ],
)
def test_what_cannot_be_saved_is_said_beside_the_field(client, typed, words):
    other = make.operation("GET", "/other", operation_id="other")
    project = make.project(value=make.contract(make.operation(), other))
    client.force_login(project.owner)
    page = Browser(client, URL)
    assert page.press("save", **typed).status_code == 422
    assert words in page.html
    assert project.revisions.count() == 1


def test_an_example_that_is_not_json_is_refused(page, project):
    example = page.keys("examples")[0]
    assert page.press("save", **{f"{example}.text": "{nope"}).status_code == 422
    assert "This is not JSON" in page.html
    assert "does not fit its schema" not in page.html


def test_a_call_that_always_asks_offers_no_always_allow(page, project):
    for method, consequential, offered in (
        ("POST", "", False),
        ("POST", "yes", False),
        ("POST", "no", True),
        ("GET", "", True),
        ("GET", "yes", False),
    ):
        page.press(method=method, consequential=consequential)
        assert ("<span>Always allow</span><span>Decline</span>" in page.html) is offered
        assert ("<span>Deny</span>" in page.html) is not offered


def test_a_new_reference_means_the_first_shared_schema(client):
    from actionstudio.core.contract import Component

    components = (Component("Pet", {"type": "object"}), Component("Cat", {"type": "object"}))
    body = Body(content=(Media("application/json", {"type": "object", "properties": {"a": {"type": "string"}}}),))
    project = make.project(value=make.contract(make.operation(body=body), components=components))
    client.force_login(project.owner)
    page = Browser(client, URL)
    key = page.keys("rows")[0]
    page.press(**{f"{key}.kind": "ref"})
    assert page.fields[f"{key}.ref"] == ["Cat"]
    assert "Choose a shared schema" not in page.html


def test_a_new_example_begins_with_a_sample(page, project):
    media = page.keys("media")[0]
    page.press(f"row.add:{media}")  # a field without a name is no reason to begin with nothing
    page.press(f"ex.add:{media}")
    example = page.fields[f"examples.{media}"][-1]
    assert set(json.loads(page.fields[f"{example}.text"][0])) >= {"a"}


def test_a_new_response_is_open(page, project):
    before = page.html.count(" open>")
    page.press("resp.add")
    assert page.html.count(" open>") == before + 1


def test_a_reference_to_nothing_is_refused(page, project):
    media = page.name("media_type").split(".")[0]
    page.press(f"mode.json:{media}")
    answer = page.press("save", **{f"{media}.text": '{"$ref": "#/components/schemas/Ghost"}'})
    assert answer.status_code == 422
    assert "There is no shared schema “Ghost”" in page.html


def test_two_tabs_meet_a_question_not_a_loss(page, project):
    other = Browser(page.client, URL)
    page.press(summary="mine")
    answer = other.press(summary="theirs")
    assert answer.status_code == 409
    assert "Another tab changed this" in other.html
    assert "mine" in other.html and "theirs" in other.html
    assert Draft.objects.get().state["summary"] == "mine"


def test_keep_mine_overrules(page, project):
    other = Browser(page.client, URL)
    page.press(summary="mine")
    other.press(summary="theirs")
    posted = {**other.fields, "rev": "1", "force": "1", "_op": ""}
    assert page.client.post(URL, posted).status_code == 200
    assert Draft.objects.get().state["summary"] == "theirs"


def test_somebody_else_is_called_so(client, page, project):
    from django.contrib.auth import get_user_model

    other = Browser(page.client, URL)
    page.press(summary="mine")
    Draft.objects.update(author=get_user_model().objects.create_user("eva@example.test"))
    other.press(summary="theirs")
    assert "Someone else changed this" in other.html


def test_changes_of_different_fields_are_both_kept(page, project):
    other = Browser(page.client, URL)
    page.press("save", summary="saved here", path="/things")
    other.fields["was"] = [json.dumps({"description": [""], "path": ["/items"]})]
    other.press(description="said there", path="/others")
    assert other.answer.status_code == 409
    listed = re.findall(r'<th scope="row">(.*?)</th>', other.html)
    assert listed == ["path"]
    posted = {**other.fields, "force": "1", "_op": "", "description": "said there", "path": "/others"}
    assert page.client.post(URL, posted).status_code == 200
    kept = Draft.objects.get().state
    assert (kept["summary"], kept["description"], kept["path"]) == ("saved here", "said there", "/others")


@pytest.mark.parametrize("was", ["", "{", "[]", '{"a": 1}', '{"ghost.name": ["x"]}', '{"path": [1]}'])
def test_any_nonsense_about_what_was_is_answered(page, project, was):
    other = Browser(page.client, URL)
    page.press(summary="one")
    other.fields["was"] = [was]
    assert other.press(summary="two").status_code == 409


def test_a_saved_change_elsewhere_is_not_overwritten(page, project):
    other = Browser(page.client, URL)
    page.press("save", summary="saved first")
    assert other.press("save", summary="second").status_code == 409
    assert contract(project).operations[0].summary == "saved first"


def test_a_late_request_of_the_same_tab_changes_nothing(page, project):
    page.fields["seq"] = ["5"]
    page.press(summary="new")
    page.fields["seq"] = ["4"]
    assert page.press(summary="old").status_code == 204
    assert Draft.objects.get().state["summary"] == "new"


def test_a_new_endpoint_exists_once_saved(page, project):
    fresh = Browser(page.client, "/projects/items/endpoints/new/")
    fresh.press(path="/todos/{who}", operation_id="getTodos")
    assert project.operations.count() == 1
    answer = fresh.press("save")
    assert answer.status_code == 302
    assert answer["Location"].endswith("/endpoints/getTodos/")
    assert [op.path for op in contract(project).operations] == ["/items", "/todos/{who}"]


def test_eve_sees_nothing(client, project, eve):
    client.force_login(eve)
    assert client.get(URL).status_code == 404
    assert client.post(URL, {"_op": "save"}).status_code == 404
    assert client.get("/projects/items/endpoints/new/").status_code == 404


def test_the_page_asks_a_constant_number_of_queries(client, django_assert_max_num_queries):
    many = [make.operation("GET", f"/x{n}", operation_id=f"x{n}") for n in range(60)]
    project = make.project(value=make.contract(make.operation(), *many))
    client.force_login(project.owner)
    with django_assert_max_num_queries(20):
        client.get(URL)


NASTY = [
    "5",
    "[1]",
    "null",
    '"text"',
    '{"properties": 5}',
    '{"type": {"a": 1}}',
    '{"type": ["string", 5]}',
    '{"type": "array", "items": [1]}',
    '{"type": "array", "items": {"type": ["string"]}}',
    '{"type": "object", "required": {"a": 1}, "properties": {"a": 5, "b": null, "": {}}}',
    '{"$ref": 5}',
    '{"$ref": "#/components/schemas/"}',
    '{"enum": "x"}',
    '{"type": "string", "enum": [[1]], "minimum": "x", "format": 5, "example": {"a": NaN}}',
    '{"oneOf": 5}',
    '{"allOf": [5]}',
    '{"type": "string", "pattern": "("}',
    '{"$dynamicRef": "#x"}',
    "{" * 300,
    '{"a":' * 3000,
]


@pytest.mark.parametrize("text", NASTY, ids=lambda text: text[:40])
def test_a_draft_may_hold_any_nonsense(page, text):
    media = page.name("media_type").split(".")[0]
    page.press(f"mode.json:{media}")
    assert page.press("", **{f"{media}.text": text}).status_code == 200
    assert page.press(f"mode.rows:{media}").status_code == 200
    assert page.press("param.add").status_code == 200
    assert page.press("save").status_code in (302, 422)


@pytest.mark.parametrize(
    "typed",
    [
        {"path": ""},
        {"path": "{"},
        {"path": "/{}/{a}/{a}"},
        {"path": "/emoji/🙂"},
        {"path": "no slash {x}"},
        {"operation_id": "🙂"},
        {"status": "abc"},
        {"status": ""},
        {"media_type": ""},
        {"tags": ",, ,"},
        {"description": "\0\r\nx"},
    ],
    ids=str,
)
def test_any_text_in_a_field_is_kept_and_answered(page, typed):
    assert page.press("", **typed).status_code == 200
    assert page.press("save").status_code in (302, 422)


@pytest.mark.parametrize(
    "deed", ["nonsense", "row.del:ghost", "share:ghost", "media.add:", "undo", "row.add:a0", "mode.json:a0"]
)
def test_an_unknown_deed_does_no_harm(page, deed):
    assert page.press(deed).status_code == 200


@pytest.mark.parametrize(
    ("name", "repairs", "words"),
    [
        ("X-Plan", {}, "GPT will never fill this in"),
        ("X-Plan", {"header-parameters": {}}, "GPT gets this as a query parameter"),
        ("X-Plan", {"header-parameters": {"only": "required"}}, "GPT will never fill this in"),
        ("X-Request-Id", {"header-parameters": {}}, "GPT will never fill this in"),
    ],
)
def test_a_header_parameter_says_how_gpt_gets_it(client, name, repairs, words):
    plan = Parameter(name, "header", schema={"type": "string"})
    value = make.contract(make.operation("GET", "/items", parameters=(plan,)), repairs=repairs)
    client.force_login(make.project("items", value=value).owner)
    html = client.get(URL).text
    said = {"GPT will never fill this in", "GPT gets this as a query parameter"}
    assert [one for one in said if one in html] == [words]


def test_a_text_that_the_profile_shortens_is_no_problem(client):
    long = Parameter("q", "query", description="x" * 701, schema={"type": "string"})
    for repairs, rejects in (({}, True), ({"shorten-texts": {}}, False)):
        value = make.contract(make.operation("GET", "/items", parameters=(long,)), repairs=repairs)
        project = make.project("items" if rejects else "short", value=value)
        client.force_login(project.owner)
        html = client.get(f"/projects/{project.slug}/endpoints/getItems/").text
        assert ("ChatGPT rejects" in html) == rejects


def test_the_pages_of_an_endpoint_are_one_click_from_each_other(page, client):
    html = page.html
    tabs = html.split('<nav class="tabs', 1)[1].split("</nav>", 1)[0]
    assert tabs.count('aria-current="page"') == 1
    assert "Definition" in tabs
    assert '<nav class="tabs' not in client.get("/projects/items/endpoints/new/").content.decode()


READ, WRITE = Scope("orders:read", "Read your orders"), Scope("orders:write", "Change your orders", True)
NEEDS = "/projects/sign-in/endpoints/orders/"


@pytest.fixture
def sign_in(client):
    asks = make.operation("GET", "/orders", operation_id="orders", security=({"oauth": ["orders:fly", "orders:read"]},))
    free = make.operation("GET", "/health", operation_id="health", security=())
    value = make.contract(asks, free, make.operation("GET", "/me", operation_id="me"), auth=OAuth((READ, WRITE)))
    project = make.project("sign-in", value=value)
    client.force_login(project.owner)
    return project


def needs(project) -> list:
    return [row.security for row in project.operations.order_by("pk")]


def test_the_scopes_that_it_asks_for_are_shown_with_the_place_where_all_are_chosen(client, sign_in):
    shown = {name: client.get(f"/projects/sign-in/endpoints/{name}/").text for name in ("orders", "health", "me")}
    assert all("/projects/sign-in/auth/#operations" in html for html in shown.values())
    ticked = {name: html.count('name="scopes" value="orders') for name, html in shown.items()}
    assert ticked == {"orders": 3, "health": 2, "me": 2} and shown["orders"].count(">not defined<") == 1
    assert "any signed-in person" in shown["me"] and "nothing is asked of anybody" in shown["health"]


def test_what_the_folded_settings_hold_ends_in_no_loose_point(client, sign_in):
    html = Browser(client, NEEDS).html
    summary = html[html.index('id="more-settings"') :].partition("</summary>")[0]
    assert "<span>orders:read</span>" in summary and "·" not in summary, "points stand between parts alone"


def test_the_scopes_that_it_asks_for_are_chosen_on_its_page(client, sign_in):
    editor = Browser(client, NEEDS)
    assert editor.fields["scopes"] == ["", "orders:read", "orders:fly"]
    editor.press("save")
    assert needs(sign_in)[0] == [{"oauth": ["orders:fly", "orders:read"]}], "nothing had changed"
    editor = Browser(client, NEEDS)
    editor.fields["scopes"] = ["", "orders:read", "orders:write"]
    editor.press()
    assert editor.fields["scopes"] == ["", "orders:read", "orders:write"], "the draft keeps it"
    editor.press("save")
    assert needs(sign_in) == [[{"oauth": ["orders:read", "orders:write"]}], [], None]
    editor = Browser(client, NEEDS)
    editor.fields["scopes"] = [""]
    editor.press("save")
    assert needs(sign_in)[0] is None


def test_a_new_endpoint_may_ask_for_scopes_at_once(client, sign_in):
    editor = Browser(client, "/projects/sign-in/endpoints/new/")
    editor.fields["scopes"] = ["", "orders:write"]
    editor.press("save", path="/new", operation_id="new")
    assert needs(sign_in)[-1] == [{"oauth": ["orders:write"]}]


def test_a_scope_that_the_project_does_not_have_is_refused_beside_the_boxes(client, sign_in):
    editor = Browser(client, NEEDS)
    editor.fields["scopes"] = ["", "orders:swim", "orders:fly"]
    answer = editor.press("save")
    assert answer.status_code == 422 and "The project has no scope “orders:swim”." in editor.html
    assert needs(sign_in)[0] == [{"oauth": ["orders:fly", "orders:read"]}]


def test_scopes_that_were_changed_elsewhere_meanwhile_are_not_overwritten(client, sign_in):
    editor = Browser(client, NEEDS)
    editor.fields["scopes"] = ["", "orders:write"]
    editor.press()
    sign_in.operations.filter(operation_id="orders").update(security=[])
    assert editor.press("save").status_code == 409 and needs(sign_in)[0] == []


def test_where_people_do_not_sign_in_with_oauth_there_are_no_scopes(page):
    assert 'name="scopes"' not in page.html
