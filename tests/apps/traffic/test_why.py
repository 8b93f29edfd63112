"""Why this answer: every decision of a logged call in words."""

import pytest

from actionstudio.apps.traffic import decisions, trails, why
from actionstudio.core.behaviour import Condition, Rule, Rules
from tests import make

pytestmark = pytest.mark.django_db

TRAIL = [
    ({"what": "template", "values": {"query.name": "Ann"}, "notes": ["query.age is not there"]}, "template"),
    (
        {"what": "collection", "name": "pets", "partition": "ann", "action": "read", "key": "7", "found": False,
         "rows": 3},
        "“pets” has no row with this id.",
    ),
    ({"what": "collection", "name": "pets", "action": "create", "before": 3, "after": 4}, "A row was added to “pets”."),
    (
        {"what": "upstream", "name": "dns", "url": "http://127.0.0.1:1/x", "attempt": 2, "status": None, "us": 1500,
         "error": "connection refused"},
        "“dns” could not answer: connection refused",
    ),
    ({"what": "upstream", "name": "dns", "attempt": 1, "status": 404, "cache": "miss"}, "“dns” answered 404 Not F"),
    ({"what": "upstream", "name": "dns", "status": 200, "cache": "hit"}, "its answer 200 OK was kept"),
    ({"what": "fallback", "because": "unreachable"}, "The mock answered instead: unreachable."),
    ({"what": "template", "error": "no such value"}, "The template could not be filled in: no such value"),
    ({"what": "collection", "name": "pets", "action": "create", "taken": True, "key": "1"}, "has a row with this id"),
    ({"what": "collection", "name": "pets", "action": "create", "refused": "id is missing"}, "refused it: id is miss"),
    ({"what": "collection", "name": "pets", "action": "list", "rows": 9, "filtered": 4, "shown": 2}, "were listed"),
    (
        {"what": "collection", "name": "todos", "action": "delete", "key": "9", "found": False, "kept": True},
        "Nothing was changed: the endpoint is set to answer anyway.",
    ),
    ({"what": "callback", "name": "onPaid", "url": "https://x.test/", "status": 500}, "was answered 500"),
    ({"what": "callback", "name": "onPaid", "url": "https://x.test/", "error": "refused"}, "was not sent: refused"),
    ({"what": "fault", "fault": "truncated", "when": "every", "n": 3}, "The body was cut off on purpose."),
    ({"what": "latency", "ms": 250}, "The answer waited 250 ms."),
    ({"what": "limit", "name": "all", "left": 9, "reset": 42}, "9 calls are left for 42 s"),
    ({"what": "limit", "allowed": False, "left": 0, "reset": 5}, "more are let in after 5 s"),
    ({"what": "callback", "name": "onPaid", "url": "https://x.test/", "delay": 2.5}, "“onPaid” goes to https://x.test/"),
    ({"what": "pairing", "key": "dog"}, "carries the example “dog”"),
    ({"what": "rules", "mode": "first", "matched": 1, "call": 4, "values": {"query.id": 5}}, "Rule 2 answered."),
    ({"what": "rules", "mode": "first", "matched": None, "otherwise": True, "call": 1}, "No rule held"),
]  # fmt: skip


def steps(ann, trail, **fields):
    project = make.project("items", ann)
    decisions = {"route": "GET /items", "guard": "open", "validation": "strict", "response": "200, example", **fields}
    row = make.exchange(project, operation_id="getItems", revision=1, decisions={**decisions, "trail": trail})
    return why.steps(project, row)


@pytest.mark.parametrize(("entry", "words"), TRAIL)
def test_every_kind_of_decision_has_its_own_words(ann, entry, words):
    step = steps(ann, [entry])[3]
    assert words in f"{step.words} {step.title.lower()}"
    told = " ".join([step.words, *(f"{name} {value}" for name, value in step.facts), *(one.text for one in step.lines)])
    for value in (one for one in entry.values() if isinstance(one, str) and one[:1].isalpha()):
        known = value in told or value in (entry["what"], entry.get("action"), entry.get("fault"), entry.get("when"))
        assert known or entry["what"] == "rules", value


def test_every_known_kind_is_tried_here():
    assert {entry["what"] for entry, _words in TRAIL} == set(trails.PRESENTERS)


def test_the_stages_come_first_and_lead_to_where_one_would_go_next(ann):
    found = steps(ann, [])
    assert [step.title for step in found] == ["Route", "Credential", "Check of the request", "Answer"]
    assert found[0].links == [("Endpoint", "/projects/items/endpoints/getItems/")]


def test_an_unknown_kind_is_shown_with_all_it_says(ann):
    step = steps(ann, [{"what": "oracle", "said": "maybe", "sure": False, "deep": {"a": [1]}}])[3]
    assert step.title == "oracle"
    assert step.facts == [("said", "maybe"), ("sure", "no"), ("deep", '{"a": [1]}')]


@pytest.mark.parametrize("what", sorted(trails.PRESENTERS))
def test_a_step_that_says_nothing_or_nonsense_does_not_take_the_page_down(ann, what):
    odd = [{"what": what}, {"what": what, "us": "soon", "matched": "x", "values": 7, "status": [], "name": {}}]
    assert len(steps(ann, odd)) == 6


def test_a_row_without_decisions_still_shows(ann):
    project = make.project("items", ann)
    assert why.steps(project, make.exchange(project)) == []


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("strict", "ok", "as declared"),
        ("off", "", "Switched off"),
        ("not reached", "", "what stands around the endpoint answered first"),
        ("strict: 1 violation", "bad", "1 thing is not as declared, so the call was refused"),
        ("report: 1 violation", "warn", "answered all the same"),
    ],
)
def test_the_check_of_the_request_is_told_by_its_outcome(ann, said, kind, words):
    project = make.project("items", ann)
    row = make.exchange(project, violations=[{"location": ["query", "a"]}], decisions={"validation": said})
    (step,) = why.steps(project, row)
    assert step.kind == kind
    assert words in step.words


def test_a_long_value_is_cut(ann):
    step = steps(ann, [{"what": "oracle", "said": "x" * 5000}])[3]
    assert len(step.facts[0][1]) == decisions.LONGEST + 1


def test_rules_are_told_rule_by_rule_from_the_revision_that_answered(ann):
    first = Rule((Condition("query", "status", value="sold"),), name="sold")
    second = Rule((Condition("query", "limit", "greater", 5), Condition("body", "/name", "exists")))
    rules = Rules((first, second, Rule()))
    project = make.project("items", ann, make.contract(make.operation(behaviour=rules)))
    trail = [
        {"what": "rules", "mode": "first", "matched": 1, "call": None, "otherwise": False, "ended": {"0": 0},
         "values": {"query.status": "new", "query.limit": "9", "body./name": "Rex"}},
    ]  # fmt: skip
    row = make.exchange(project, operation_id="getItems", revision=1, decisions={"trail": trail})
    (step,) = why.steps(project, row)
    assert step.words == "Rule 2 answered."
    assert [(line.mark, line.text, line.depth) for line in step.lines] == [
        ("no", "Rule 1, “sold”: does not hold", 0),
        ("no", 'the query parameter “status” is sold (it is "new")', 1),
        ("yes", "Rule 2: answers", 0),
        ("yes", 'the query parameter “limit” is greater than 5 (it is "9")', 1),
        ("yes", 'the body at /name is there (it is "Rex")', 1),
        ("", "Rule 3: not reached", 0),
    ]


def test_the_rule_that_answered_is_told_however_many_come_before_it(ann):
    many = tuple(Rule((Condition("query", "n", value="{{ path.id }}" if n == 39 else n),)) for n in range(60))
    project = make.project("items", ann, make.contract(make.operation(behaviour=Rules(many))))
    trail = [
        {"what": "rules", "mode": "first", "matched": 39, "values": {"query.n": "7"}, "filled": {"{{ path.id }}": "7"}}
    ]
    (step,) = why.steps(
        project, make.exchange(project, operation_id="getItems", revision=1, decisions={"trail": trail})
    )
    assert [line.text for line in step.lines[-3:]] == [
        "… and 29 more rules.",
        "Rule 40: answers",
        'the query parameter “n” is 7 (it is "7")',
    ]
    assert step.facts == []


def test_rules_that_the_revision_does_not_hold_are_told_by_their_values(ann):
    trail = [{"what": "rules", "mode": "first", "matched": 0, "values": {"query.a": "1"}}]
    (step,) = [one for one in steps(ann, trail) if one.title == "Rules"]
    assert step.lines[0].text == 'query.a = "1"'


def test_what_was_answered_before_it_was_read_says_so(ann):
    found = steps(ann, [], validation="not reached", wait="the caller hung up after 2 s of 46 s; nothing was sent")
    told = {step.title: step.words for step in found}
    assert told["Check of the request"] == "Not looked at: what stands around the endpoint answered first."
    assert told["Wait"].startswith("the caller hung up")


def test_what_of_a_question_had_no_effect_is_told_with_the_reason(ann):
    entry = {"what": "collection", "name": "pets", "action": "list", "rows": 3}
    step = steps(ann, [{**entry, "ignored": [["sort", "age"], ["filter", "status"], "odd", ["more"]]}])[3]
    told = [words for name, words in step.facts if name == "Ignored"]
    assert told == [
        "The order by “age”: no row has this field.",
        "“status”: the endpoint declares no such parameter. status_eq filters by it.",
    ]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            {"what": "upstream", "name": "x", "error": "[Errno 111] refused", "reason": "connect"},
            "nobody listens there",
        ),
        ({"what": "upstream", "name": "x", "error": "[Errno 111] refused", "reason": "connect"}, "[Errno 111] refused"),
        ({"what": "upstream", "name": "x", "status": 200, "record": "examples"}, "Recorded as"),
        ({"what": "template", "changed": ["headers"], "values": {"a": 1}}, "from templates: headers."),
        ({"what": "rules", "mode": "random", "matched": 0}, "one by chance, by its weight"),
    ],
)
def test_what_it_says_is_told_in_words_for_everybody(ann, entry, words):
    step = steps(ann, [entry])[3]
    assert words in " ".join([step.words, *(f"{name} {value}" for name, value in step.facts)])
