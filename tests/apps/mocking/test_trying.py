"""Try it: the form of an endpoint, what it sends, and what it shows of the answer."""

import json
import re
from html import unescape

import pytest

from actionstudio.apps.design import editing
from actionstudio.apps.publishing.models import Key
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.auth import ApiKey
from actionstudio.core.behaviour import Around, Latency
from actionstudio.core.contract import Body, Example, Media, Parameter, Response
from tests import make

pytestmark = pytest.mark.django_db
URL = "/projects/shop/endpoints/addPet/try/"
PET = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer"},
        "tame": {"type": "boolean"},
        "home": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}


def operation(**fields):
    fields.setdefault("body", Body(True, content=(Media("application/json", PET, (Example("", {"name": "Rex"}),)),)))
    answer = Media("application/json", PET, (Example("cat", {"name": "Tom"}), Example("dog", {"name": "Rex"})))
    return make.operation(
        "POST",
        "/shops/{shop}/pets",
        operation_id="addPet",
        parameters=(
            Parameter("shop", "path", True, schema={"type": "string"}, examples=(Example("", "north"),)),
            Parameter("loud", "query", schema={"type": "boolean"}),
        ),
        responses=(Response("201", "Made", content=(answer,)), Response("404", "No such shop")),
        **fields,
    )


@pytest.fixture
def project(ann):
    return make.project("shop", ann, make.contract(operation(), auth=ApiKey()))


@pytest.fixture
def page(client, project):
    client.force_login(project.owner)
    return client


ENDS = r"(?=<(?:input|textarea|select|/form)\b|</select>|</textarea>)"
FIELD = re.compile(rf"<(input|textarea|select)\b([^>]*)>(.*?){ENDS}", re.S)


def fields_of(html: str) -> dict[str, str]:
    """What a browser would post of the page's form."""
    form = html[html.index('id="try"') :]
    out = {}
    for tag, attributes, inside in FIELD.findall(form[: form.index("</form>")]):
        name = re.search(r'\bname="([^"]*)"', attributes)
        if not name or 'type="checkbox"' in attributes and " checked" not in attributes:
            continue
        value = re.search(r'\bvalue="([^"]*)"', attributes)
        if tag == "select":
            options = re.findall(r"<option([^>]*)>([^<]*)", inside)
            chosen = next((one for one in options if "selected" in one[0]), options[0])
            said = re.search(r'value="([^"]*)"', chosen[0])
            out[name[1]] = unescape(said[1] if said else chosen[1])
        else:
            out[name[1]] = unescape(inside.removeprefix("\n") if tag == "textarea" else value[1] if value else "on")
    return out


def post(page, changes=None, deed="send", url=URL):
    before = fields_of(page.get(url).content.decode())
    return page.post(url, {**before, **(changes or {}), "_op": deed})


def sent() -> Exchange:
    return Exchange.objects.get(source="try")


def test_the_form_begins_with_the_examples(page):
    fields = fields_of(page.get(URL).content.decode())
    assert fields["path.shop"] == "north"
    assert fields["query.loud"] == ""
    assert fields["body/name"] == "Rex"
    assert fields["credential"] == "any"


def test_send_makes_the_call_and_shows_answer_request_and_decisions(page, project):
    key, _text = Key.mint(project, "tester")
    html = post(page, {"query.loud": "true", "body/age": "3", "credential": str(key.pk)}).content.decode()
    row = sent()
    assert (row.method, row.path, row.query, row.status, row.key_id) == (
        "POST", "/shops/north/pets", "loud=true", 201, key.pk,
    )  # fmt: skip
    assert json.loads(row.request_body) == {"name": "Rex", "age": 3}
    assert "POST /shops/north/pets?loud=true HTTP/1.1" in html
    assert "Why this answer?" in html
    assert f"/projects/shop/log/{row.public_id}/" in html
    assert fields_of(html)["body/age"] == "3", "what was typed stays"


def test_a_wrong_value_goes_out_and_the_mock_says_what_is_wrong(page):
    html = post(page, {"body/age": "old"}).content.decode()
    assert sent().status == 422
    assert "body.age" in html


def test_without_a_credential_it_is_refused_as_chatgpt_would_be(page):
    post(page, {"credential": "none"})
    assert sent().status == 401


def test_the_answer_can_be_asked_for(page):
    html = post(page, {"code": "201", "example": "dog", "more_query": "colour=red", "more_headers": "X-Extra: 1"})
    row = sent()
    assert json.loads(row.response_body) == {"name": "Rex"}
    assert row.query == "colour=red"
    assert ["prefer", "code=201, example=dog"] in row.headers_in
    assert ["x-extra", "1"] in row.headers_in
    assert html.status_code == 200


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"path.shop": ""}, "A path needs a value"),
        ({"as": "text", "body": "{"}, "Not JSON, line 1"),
        ({"more_headers": "nonsense"}, "Line 1 is not name: value"),
        ({"credential": "typed", "typed_name": "A B", "typed_value": "x"}, "Use letters"),
        ({"credential": "typed", "typed_value": ""}, "Type the credential"),
        ({"credential": "987"}, "no such key"),
    ],
)
def test_what_cannot_be_sent_is_said_beside_its_field_and_nothing_is_lost(page, changes, words):
    answer = post(page, {**changes, "query.loud": "true"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    assert fields_of(html)["query.loud"] == "true"
    assert not Exchange.objects.exists()


def test_a_body_that_is_no_json_goes_out_when_that_is_wanted(page):
    post(page, {"as": "text", "body": "{", "broken": "on"})
    assert bytes(sent().request_body) == b"{"


def test_the_body_turns_from_fields_to_text_and_back(page):
    html = post(page, {"body/home/city": "Oslo"}, "as:text").content.decode()
    assert json.loads(fields_of(html)["body"]) == {"name": "Rex", "home": {"city": "Oslo"}}
    before = fields_of(html)
    html = page.post(URL, {**before, "_op": "as:fields"}).content.decode()
    assert fields_of(html)["body/home/city"] == "Oslo"
    answer = page.post(URL, {**before, "body": '{"name": "Rex", "colour": "red"}', "_op": "as:fields"})
    assert answer.status_code == 422
    assert "no field of its own" in answer.content.decode()


def test_the_form_is_filled_with_made_up_values_or_emptied(page):
    made = fields_of(post(page, deed="fill:made").content.decode())
    assert made["path.shop"]
    assert made["body/age"].lstrip("-").isdigit()
    empty = fields_of(post(page, deed="fill:empty").content.decode())
    assert empty["path.shop"] == empty["body/name"] == ""


def test_an_earlier_try_and_any_logged_call_fill_the_form_again(page, project):
    row = make.exchange(
        project,
        "POST",
        "/shops/so%20uth/pets",
        query="loud=true",
        operation_id="addPet",
        request_headers=[["content-type", "application/json"], ["authorization", "Bearer ••••1234 (20 characters)"]],
        request_body={"name": "Ali", "tame": False},
    )
    fields = fields_of(page.get(f"{URL}?of={row.public_id}").content.decode())
    assert fields["path.shop"] == "so uth"
    assert (fields["query.loud"], fields["body/name"], fields["body/tame"]) == ("true", "Ali", "false")
    assert "••••" not in str(fields)


def test_what_the_log_hides_never_comes_back_into_the_form(page, project):
    body = {"name": "••••ab12 (9 characters)"}
    row = make.exchange(project, "POST", "/shops/a/pets", operation_id="addPet", request_body=body)
    fields = fields_of(page.get(f"{URL}?of={row.public_id}").content.decode())
    assert "••••" not in str(fields)


def test_the_last_tries_are_listed_and_cost_no_query_each(page, project, django_assert_max_num_queries):
    for _ in range(3):
        post(page)
    with django_assert_max_num_queries(22):
        html = page.get(URL).content.decode()
    assert html.count('class="lr-s"') == 3


def test_an_operation_that_the_address_does_not_serve_yet_is_said_to_be_so(page, project):
    address = project.addresses.get()
    address.pinned = project.revisions.get()
    address.save()
    from actionstudio.apps.design import editing

    editing.replace(project, make.contract(operation(), make.operation("GET", "/new")))
    html = page.get("/projects/shop/endpoints/getNew/try/").content.decode()
    assert "serves v1" in html
    project.addresses.all().delete()
    assert "no address" in page.get(URL).content.decode()


@pytest.mark.parametrize(
    ("media_type", "body"),
    [("application/x-www-form-urlencoded", b"name=Rex"), ("text/plain", b"hello")],
)
def test_other_media_types_are_written_as_they_are(client, ann, media_type, body):
    schema, value = (PET, {"name": "Rex"}) if "form" in media_type else ({"type": "string"}, "hello")
    content = (Media(media_type, schema, (Example("", value),)),)
    client.force_login(make.project("shop", ann, make.contract(operation(body=Body(True, content=content)))).owner)
    post(client)
    assert bytes(sent().request_body) == body
    assert sent().status == 201


def test_htmx_gets_the_form_alone(page):
    headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}
    assert page.get(URL, **headers).content.decode().lstrip().startswith("<form")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (46, "Try it does not wait: ChatGPT would have waited 46 s and given up after 45."),
        (2, "Try it does not wait: ChatGPT would have waited 2 s."),
    ],
)
def test_a_wait_that_is_left_out_is_told_as_chatgpt_would_see_it(page, project, seconds, words):
    slow = Latency("fixed", seconds * 1000)
    editing.replace(project, make.contract(operation(around=Around(latency=slow)), auth=ApiKey()))
    html = post(page).content.decode()
    assert words in html
    assert f"Others wait {seconds * 1000} ms for this answer" in html and "The answer waited" not in html


def test_without_a_wait_nothing_is_said_of_one(page):
    assert "does not wait" not in post(page).content.decode()
