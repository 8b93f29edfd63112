"""The page "Answer" without JavaScript: choose a way, fill in its form, save; what is wrong stands beside its field."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actionstudio.apps.design import answer_words, load
from actionstudio.apps.design.answer_offers import offers
from actionstudio.apps.design.answer_samples import samples
from actionstudio.apps.design.models import Draft
from actionstudio.core import templating
from actionstudio.core.answer_choices import CHOICES
from actionstudio.core.behaviour import (
    ACTIONS,
    BEHAVIOUR_KINDS,
    FAULTS,
    OPERATORS,
    RULE_MODES,
    TARGETS,
    Around,
    Callback,
    Change,
    Collection,
    Condition,
    Examples,
    Fault,
    Generated,
    Latency,
    Limit,
    Proxy,
    Rule,
    Rules,
    Stateful,
    Template,
)
from actionstudio.core.contract import Body, Media, Response
from tests import make
from tests.apps.design.test_endpoint_page import Browser
from tests.core.test_answering import OP, RIGHT, WHOLE

pytestmark = pytest.mark.django_db
TABLES = [
    ("WAYS", BEHAVIOUR_KINDS),
    ("TARGETS", TARGETS),
    ("OPERATORS", OPERATORS),
    ("MODES", RULE_MODES),
    ("ACTIONS", ACTIONS),
    ("FAULTS", FAULTS),
    ("MATCHES", CHOICES[Rule]["match"]),
    ("BY", CHOICES[Stateful]["by"]),
    ("ANSWERS", CHOICES[Stateful]["answer"]),
    ("RECORDS", CHOICES[Proxy]["record"]),
    ("SHAPES", CHOICES[Latency]["shape"]),
    ("WHENS", CHOICES[Fault]["when"]),
    ("PER", CHOICES[Limit]["per"]),
]
URL = "/projects/items/endpoints/getPetsPetid/mock/"


def project(ann, **fields):
    return make.project("items", ann, replace(WHOLE, operations=(replace(OP, **fields),)))


@pytest.fixture
def page(client, ann):
    made = project(ann)
    client.force_login(ann)
    browser = Browser(client, URL)
    browser.project = made
    return browser


def answer(page):
    return load.operation(page.project.operations.get()).behaviour


def around(page):
    return load.operation(page.project.operations.get()).around


@pytest.mark.parametrize("value", RIGHT, ids=lambda value: type(value).__name__)
def test_saving_what_was_not_touched_changes_nothing(client, ann, value):
    made = project(ann, behaviour=value)
    client.force_login(ann)
    page = Browser(client, URL)
    assert page.press("save").status_code == 302, page.html
    assert made.revisions.count() == 1
    assert load.operation(made.operations.get()).behaviour == value


def test_a_way_is_chosen_and_saved_live(page):
    page.press("kind:a0:generated")
    page.press("", seed="7", status="200")
    assert page.press("save").status_code == 302
    assert answer(page) == Generated("200", 7)
    assert page.project.revisions.first().number == 2


def test_trying_another_way_loses_nothing(page):
    page.press("kind:a0:template")
    page.press("", body="Hello {{ path.petId }}")
    page.press("kind:a0:examples")
    page.press("kind:a0:template")
    assert page.fields[page.name("body")] == ["Hello {{ path.petId }}"]


def test_a_rule_with_two_conditions_and_its_own_answer(page):
    page.press("kind:a0:rules")
    page.press(f"add:{key(page, 'rules')}:rules")
    rule = page.keys("rows")[0]
    page.press(f"add:{rule}:conditions")
    first, second = [k for k in page.keys("rows") if k != rule]
    typed = {f"{rule}.match": "any", f"{rule}.name": "unknown pets", f"{first}.target": "path"}
    typed |= {f"{first}.name": "petId", f"{first}.operator": "in", f"{first}.value": "1, 2", f"{first}.invert": "on"}
    typed |= {f"{second}.target": "query", f"{second}.name": "q", f"{second}.value": "cat"}
    fill(page, typed)
    fill(page, {name(page, rule, "status", after=second): "404"})
    assert page.press("save").status_code == 302, page.html
    conditions = (Condition("path", "petId", "in", ["1", "2"], invert=True), Condition("query", "q", value="cat"))
    assert answer(page) == Rules((Rule(conditions, Examples("404"), "unknown pets", "any"),))


def key(page, field: str) -> str:
    """The key of the row whose list ``field`` a button adds to."""
    import re

    return re.search(rf'value="add:(\w+):{field}"', page.html)[1]


def fill(page, typed: dict[str, str], deed: str = "") -> None:
    for field, value in typed.items():
        page.fields[field] = [value]
    page.press(deed)


def name(page, rule: str, field: str, after: str) -> str:
    """The first field of that name that the form shows behind the row ``after``."""
    names = list(page.fields)
    start = max(place for place, one in enumerate(names) if one.startswith(f"{after}."))
    return next(one for one in names[start:] if one.endswith(f".{field}"))


def test_rules_are_moved_doubled_and_removed(client, ann):
    made = project(ann, behaviour=Rules(tuple(Rule((), Examples("404"), word) for word in "ab")))
    client.force_login(ann)
    page = Browser(client, URL)
    first, second = page.keys("rows")[:2]
    page.press(f"down:{first}")
    page.press(f"copy:{second}")
    page.press(f"del:{first}")
    page.press("save")
    rules = load.operation(made.operations.get()).behaviour.rules
    assert [rule.name for rule in rules] == ["b", "b"]
    assert rules[1].answer == Examples("404")


def test_a_collection_and_an_upstream_are_chosen_from_those_that_there_are(page):
    page.press("kind:a0:collection")
    page.press("", collection="pets", action="read")
    page.press("save")
    assert answer(page) == Stateful("pets", "read", "path.petId")
    page = again(page)
    page.press("kind:a0:proxy")
    page.press("", upstream="shop", fall_back_on="501, 5XX, unreachable")
    page.press("save")
    before = Stateful("pets", "read", "path.petId")
    assert answer(page) == Proxy("shop", fall_back_on=("501", "5XX", "unreachable"), otherwise=before)


def pair(ann, *shown: str):
    """A project with a list and its rows, whose endpoint of one row is asked about; ``shown`` are names of fields."""
    row = {"type": "object", "properties": {"id": {"type": "integer"}, **{name: {"type": "string"} for name in shown}}}
    one = (Response("200", content=(Media("application/json", row),)),)
    many = (Response("200", content=(Media("application/json", {"type": "array", "items": row}),)),)
    whole = replace(
        WHOLE,
        operations=(replace(OP, responses=one), replace(OP, path="/pets", operation_id="listPets", responses=many)),
        collections=(Collection("pets", row),),
    )
    return make.project("items", ann, whole)


def test_what_a_call_does_with_rows_follows_from_method_and_path(client, ann):
    made = pair(ann, "name")
    client.force_login(ann)
    page = Browser(client, URL)
    page.press("kind:a0:collection")
    assert page.fields[page.name("action")] == ["read"]
    assert "The answer cannot show this" not in page.html
    page.press("save")
    row = made.operations.get(path="/pets/{petId}")
    assert load.operation(row).behaviour == Stateful("pets", "read", "path.petId")


def test_it_follows_in_the_answer_of_a_rule_too(client, ann):
    pair(ann, "name")
    client.force_login(ann)
    page = Browser(client, URL)
    page.press("kind:a0:rules")
    page.press(f"add:{key(page, 'rules')}:rules")
    answers = [one for one in page.fields if one.endswith(".kind")]
    fill(page, {answers[0]: "collection"})
    assert page.fields[page.name("action")] == ["read"]
    fill(page, {page.name("action"): "delete"})
    assert page.fields[page.name("action")] == ["delete"]


def test_an_action_that_the_answer_cannot_show_is_warned_of_beside_it(client, ann):
    pair(ann, "name")
    client.force_login(ann)
    page = Browser(client, URL)
    page.press("kind:a0:collection")
    page.press("", action="list")
    assert "The answer cannot show this: the answer&#x27;s schema has no list." in page.html
    assert page.press("save").status_code == 302


def test_a_key_or_a_list_by_a_parameter_that_the_endpoint_has_not_is_warned_of(client, ann):
    whole = replace(WHOLE, operations=(OP,), collections=(Collection("pets", partition="path.org"),))
    make.project("items", ann, whole)
    client.force_login(ann)
    page = Browser(client, URL)
    page.press("kind:a0:collection")
    page.press("", key="query.nr")
    assert "This endpoint has no path.org." in page.html
    assert "This endpoint has no query.nr." in page.html
    page.press("", key="path.petId")
    assert "This endpoint has no query.nr." not in page.html


def test_rules_begin_with_what_answered_before_and_give_it_back(page):
    page.press("kind:a0:template")
    page.press("", body="Hello", status="202")
    page.press("kind:a0:rules")
    page.press("save")
    assert answer(page) == Rules(otherwise=Template("202", body="Hello"))
    page = again(page)
    fill(page, {page.name("body"): "Bye"})
    page.press("kind:a0:template")
    page.press("save")
    assert answer(page) == Template("202", body="Bye")


def test_forwarding_falls_back_on_what_answered_before(page):
    page.press("kind:a0:fault")
    page.press("", what="html")
    page.press("kind:a0:proxy")
    page.press("save")
    assert answer(page) == Proxy("shop", otherwise=Fault("html"))


def test_forwarding_may_fall_back_on_rules(client, ann):
    project(ann, behaviour=Rules((Rule(),)))
    client.force_login(ann)
    page = Browser(client, URL)
    page.press("kind:a0:proxy")
    page.press("", fall_back_on="5XX")
    assert '<option value="rules" selected>Rules</option>' in page.html
    page.press("kind:a0:rules")
    assert 'aria-label="Rule 1"' in page.html


def test_rules_that_fall_back_on_something_else_keep_it_while_another_way_is_tried(page):
    page.press("kind:a0:rules")
    fill(page, {next(one for one in page.fields if one.endswith(".kind")): "generated"})
    page.press("kind:a0:fault")
    page.press("kind:a0:rules")
    page.press("save")
    assert answer(page) == Rules(otherwise=Generated())


def test_where_the_answer_holds_its_rows_is_told(client, ann):
    schema = {"type": "object", "properties": {"items": {"type": "array", "items": {"type": "object"}}}}
    listed = (Response("200", content=(Media("application/json", schema),)),)
    project(ann, behaviour=Stateful("pets", "list"), responses=listed)
    client.force_login(ann)
    assert "The answer holds the rows at <code>/items</code>" in client.get(URL).content.decode()


def again(page):
    made = Browser(page.client, URL)
    made.project = page.project
    return made


def test_a_forwarded_call_is_changed_on_both_sides(page):
    page.press("kind:a0:proxy")
    page.press("", upstream="shop")
    row = page.name("path").partition(".")[0]
    page.press(f"add:{row}:query")
    page.press("", **{"name": "team", "value": "{{ header.x-team }}"})
    page.press("save")
    assert answer(page).request == Change(query=(("team", "{{ header.x-team }}"),))


def test_latency_limit_faults_and_callbacks_stand_around_any_answer(page):
    row = key(page, "faults")
    for what in ("latency", "limit"):
        page.press("", **{page_on(page, what): "on"})
    page.press(f"add:{row}:faults")
    page.press("", what="too-many-requests", when="every")
    made = page.keys("rows")[0]
    page.press("", low="100", calls="9", **{f"{made}.number": "3", f"{made}.seconds": "5"})
    page.press(f"add:{row}:callbacks")
    page.press("", name="shipped", delay="2")
    fill(page, {}, "save")
    fault = Fault("too-many-requests", seconds=5, when="every", number=3)
    latency = Latency(low=100, high=2000)
    assert around(page) == Around(latency, Limit(9), (fault,), (Callback("shipped", delay=2),))


def page_on(page, what: str) -> str:
    """The field of the switch of latency or of the limit: the first and the second one that the form shows."""
    switches = [one for one in page.fields if one.endswith(".on")]
    return switches[-2] if what == "latency" else switches[-1]


@pytest.mark.parametrize(
    ("way", "typed", "says"),
    [
        ("examples", {"status": "302"}, "No response 302 is declared. There are: 200, 4XX."),
        ("generated", {"seed": "many"}, "Write a whole number, such as 3."),
        ("template", {"status": "1"}, "A status is a number from 200 to 599."),
        ("collection", {"collection": ""}, "Choose a collection. There are: pets."),
        ("proxy", {"upstream": ""}, "Choose an upstream. There are: shop."),
        ("fault", {"when": "every"}, "Say every how many calls: 2 is every second one."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(page, way, typed, says):
    page.press(f"kind:a0:{way}")
    page.press("", **typed)
    assert page.press("save").status_code == 422
    assert says in page.html
    assert 'aria-invalid="true"' in page.html
    assert answer(page) == Examples()
    for field, value in typed.items():
        assert page.fields[page.name(field)] == [value]


def test_the_same_as_json_and_back(page):
    page.press("kind:a0:template")
    page.press("", body="Hello")
    page.press("json.open")
    assert '"kind": "template"' in page.fields["text"][0]
    page.press("", text='{"behaviour": {"kind": "template", "body": "\\"Bye\\""}}')
    page.press("json.close")
    assert page.fields[page.name("body")] == ['"Bye"']
    page.press("save")
    assert answer(page) == Template(body='"Bye"')


def test_json_is_saved_as_it_stands(page):
    page.press("json.open")
    page.press("save", text='{"behaviour": {"kind": "generated"}, "around": {"limit": {"calls": 3}}}')
    assert (answer(page), around(page)) == (Generated(), Around(limit=Limit(3)))


def test_json_may_be_a_way_to_answer_alone(page):
    page.press("json.open")
    page.press("save", text='{"kind": "fault", "status": "503"}')
    assert (answer(page), around(page)) == (Fault(status=503), Around())
    page.press("json.close")
    assert page.fields[page.name("status")] == ["503"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"kind": "examples",\n\n"staus": "200"}', "“staus” is not known here"),
        ("{", "This is not JSON"),
        ("[]", "This is an object with “behaviour” and “around”."),
        ('{"behavior": {}}', "Only “behaviour” and “around” stand here."),
        ('{"behaviour": {\n"kind": "examples",\n"staus": "200"}}', "“staus” is not known here"),
        ('{"behaviour":\n{"kind": "examples",\n"example": "bird"}}', "There is no example “bird” here."),
    ],
)
def test_wrong_json_is_kept_and_refused_at_its_line(page, text, says):
    page.press("json.open")
    assert page.press("save", text=text).status_code == 422
    assert says in page.html
    if "\n" in text:
        assert "Line 3:" in page.html
    assert page.fields["text"] == [text]
    assert answer(page) == Examples()


def test_json_that_has_no_shape_stays_json(page):
    page.press("json.open")
    page.press("json.close", text='{"behaviour": {"kind": "magic"}}')
    assert "The form cannot show this yet" in page.html
    assert page.fields["text"] == ['{"behaviour": {"kind": "magic"}}']


def test_a_draft_survives_a_reload_and_can_be_undone_and_discarded(page):
    page.press("kind:a0:fault")
    page = again(page)
    assert "What goes wrong" in page.html
    page.press("undo")
    assert "What goes wrong" not in page.html
    page.press("redo")
    page.press("discard")
    assert not Draft.objects.exists()


def test_two_tabs_that_disagree_are_asked(page):
    other = again(page)
    page.press("kind:a0:fault", tab="one")
    assert other.press("kind:a0:template", tab="two").status_code == 409


def test_a_new_condition_asks_for_something_that_the_operation_has(client, ann):
    fields = {"type": "object", "properties": {"reason": {"type": "string"}}}
    made = project(ann, body=Body(content=(Media("application/json", fields),)))
    client.force_login(ann)
    page = Browser(client, URL)
    page.press("kind:a0:rules")
    page.press(f"add:{key(page, 'rules')}:rules")
    page.press("save")
    [rule] = load.operation(made.operations.get()).behaviour.rules
    assert rule.conditions == (Condition("body", "/reason", value=""),)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/price", "/price"),
        ("$.price", "$.price"),
        ("body.price", "/price"),
        (" price", "/price"),
        ("items.0.price", "/items/0/price"),
        ("body.items[0].price", "/items/0/price"),
        ("items[*].price", "$.items[*].price"),
        ("", ""),
    ],
)
def test_a_field_of_the_body_may_be_written_as_people_write_it(client, ann, typed, kept):
    made = project(ann, behaviour=Rules((Rule((Condition("body", "/a", value="x"),)),)))
    client.force_login(ann)
    page = Browser(client, URL)
    condition = next(one.partition(".")[0] for one in page.fields if one.endswith(".operator"))
    fill(page, {f"{condition}.name": typed})
    assert page.fields[f"{condition}.name"] == [typed]
    assert page.press("save").status_code == 302, page.html
    assert load.operation(made.operations.get()).behaviour.rules[0].conditions[0].name == kept
    assert Browser(client, URL).fields[f"{condition}.name"] == [kept]


def test_what_is_still_to_be_chosen_is_no_fault_before_saving(client, ann):
    whole = replace(WHOLE, operations=(OP,), upstreams=(), collections=())
    made = make.project("items", ann, whole)
    client.force_login(ann)
    page = Browser(client, URL)
    page.press("kind:a0:proxy")
    assert "Choose an upstream." not in page.html
    assert 'href="/projects/items/upstreams/"' in page.html
    assert page.press("save").status_code == 422
    assert "Choose an upstream. There are: none yet." in page.html
    assert load.operation(made.operations.get()).behaviour == Examples()


def test_the_next_call_answers_503_at_the_press_of_a_button_and_is_taken_back_there(page):
    switches = f"{URL}switches/"
    assert 'form="next-503" name="deed" value="fault"' in page.html
    sent = {"deed": "fault", "what": "status", "number": "503", "calls": "1", "back": "answer"}
    assert page.client.post(switches, sent).url == URL
    waiting = page.project.switches.get()
    assert waiting.fault == {"kind": "fault", "status": 503}
    shown = page.client.get(URL).content.decode()
    assert f'form="cancel-next" name="switch" value="{waiting.pk}"' in shown
    assert page.client.post(switches, {"deed": "cancel", "switch": waiting.pk, "back": "answer"}).url == URL
    assert not page.project.switches.exists()


def test_the_limits_of_the_project_are_linked_and_saving_is_quiet_while_nothing_changed(page):
    assert 'href="/projects/items/settings/limits/"' in page.html
    assert 'class="btn primary" name="_op" value="save"' not in page.html
    page.press("", status="404")
    assert 'class="btn primary" name="_op" value="save"' in page.html


def test_what_is_stateful_already_is_not_offered_to_be_made_so(client, ann):
    project(ann, behaviour=Stateful("pets", "read"))
    client.force_login(ann)
    assert "Make them stateful" not in client.get(URL).content.decode()


def test_a_template_says_its_flaws_by_line_and_what_may_be_used(page):
    page.press("kind:a0:template")
    page.press("", body='{"a":\n {{ query.x | uper }}}')
    assert "Write upper" in page.html
    assert '"line": 2' in page.html
    assert "{{ path.petId }}" in page.html


def test_every_sample_that_is_offered_can_be_used():
    offered = offers(WHOLE, OP) | {"header": ["X-Team"], "query": ["page size"], "body": ["/items/0"]}
    for _title, found in samples(offered):
        for text, _words in found:
            assert templating.problems(text) == [], text


def test_what_the_definition_left_behind_is_told_on_the_page(client, ann):
    project(ann, behaviour=Examples("302"))
    client.force_login(ann)
    assert "No response 302 is declared." in client.get(URL).content.decode()


def test_a_new_name_of_a_path_parameter_is_followed(client, ann):
    made = project(ann, behaviour=Rules((Rule((Condition("path", "petId", value="7"),)),)))
    client.force_login(ann)
    page = Browser(client, URL.removesuffix("mock/"))
    page.press("save", path="/pets/{id}")
    op = load.operation(made.operations.get())
    assert op.path == "/pets/{id}"
    assert op.behaviour == Rules((Rule((Condition("path", "id", value="7"),)),))


def test_the_list_and_the_definition_say_how_an_endpoint_answers_and_lead_here(client, ann):
    project(ann, behaviour=Rules((Rule(),)), around=Around(limit=Limit(5)))
    client.force_login(ann)
    listed = client.get("/projects/items/endpoints/").content.decode()
    assert f'href="{URL}"' in listed
    assert "1 rule" in listed
    assert "5 calls in 60 s" in listed
    definition = client.get("/projects/items/endpoints/getPetsPetid/").content.decode()
    assert "How it answers: 1 rule" in definition


@pytest.mark.parametrize(("table", "values"), TABLES, ids=[name for name, _values in TABLES])
def test_every_choice_has_its_words(table, values):
    assert set(getattr(answer_words, table)) == set(values)


def test_an_unknown_deed_or_row_changes_nothing(page):
    for deed in (
        "kind:zz:fault",
        "kind:a0:magic",
        "add:a0:kind",
        "del:zz",
        "up:",
        "fly:a0",
        "mend:a0.k:x",
        "add:a0:of",
    ):
        assert page.press(deed).status_code == 200
    page.press("save")
    assert answer(page) == Examples()


def test_the_page_costs_as_many_queries_for_many_rules_as_for_one(client, ann):
    client.force_login(ann)
    counts = []
    for slug, count in (("one", 1), ("many", 40)):
        rules = Rules(tuple(Rule((Condition("query", "q", value="a"),)) for _ in range(count)))
        make.project(slug, ann, replace(WHOLE, operations=(replace(OP, behaviour=rules),)))
        client.get(URL.replace("items", slug))
        with CaptureQueriesContext(connection) as queries:
            client.get(URL.replace("items", slug))
        counts.append(len(queries))
    assert counts[0] == counts[1] < 20


def test_many_rules_are_told_in_a_sentence_and_opened_on_demand(client, ann):
    rules = Rules(tuple(Rule((Condition("query", "q", value=f"v{n}"),), Examples("404")) for n in range(13)))
    made = project(ann, behaviour=rules)
    client.force_login(ann)
    page = Browser(client, URL)
    assert "the query parameter “q” is v7" in page.html
    assert not [one for one in page.fields if one.endswith(".match") or one.endswith(".value")]
    assert page.press("save").status_code == 302
    assert made.revisions.count() == 1
    page = Browser(client, URL)
    page.press(f"open:{page.keys('rows')[4]}")
    page.press("save", value="other")
    found = load.operation(made.operations.get()).behaviour.rules
    assert [rule.conditions[0].value for rule in found[3:6]] == ["v3", "other", "v5"]


def test_a_folded_rule_that_is_wrong_opens_by_itself(client, ann):
    rules = Rules(tuple(Rule((), Examples("302" if n == 9 else "404")) for n in range(13)))
    project(ann, behaviour=rules)
    client.force_login(ann)
    html = client.get(URL).content.decode()
    assert html.count("No response 302 is declared.") >= 1
    assert 'value="302"' in html


def test_a_stranger_finds_nothing(client, ann, eve):
    project(ann)
    client.force_login(eve)
    assert client.get(URL).status_code == 404
    assert client.post(URL, {"_op": "save"}).status_code == 404
