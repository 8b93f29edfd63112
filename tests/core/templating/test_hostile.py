"""Templates and calls that mean harm: each ends soon, within its bounds, and says which."""

import json
import time
import tracemalloc

import pytest

from actionstudio.core.problem import Refused
from actionstudio.core.templating import Missing, OverBound, Plain, Rows, compile, problems
from actionstudio.core.templating.bounds import LONGEST, NESTING, OUTPUT, STEPS

BIG = [{"name": "x" * 50, "tags": list(range(10))} for _ in range(2_000)]
DEEP = json.loads("[" * 900 + "]" * 900)
LONG = "ab" * 200_000
SCOPE = Plain({
    "body": {"big": BIG, "deep": DEEP, "long": LONG, "digits": "9" * 30, "huge": 1e308, "many": [""] * 100_000},
    "query": {"x": '"], "evil": true, "y": ["', "n": "1e309", "zeros": "0" * 39, "pad": "%1000000000d"},
    "header": {"x-key": Missing("header.x-key carries a credential")},
    "collection": {"pets": Rows("pets", {str(n): {"id": n} for n in range(10_000)})},
})  # fmt: skip
SECONDS = 1.0  # generous: the machines that run tests are slow; the bounds themselves are counted
MEMORY = 40_000_000

LOOP = "{{#repeat 50000}}%s{{/repeat}}"
NESTED = "{{#each body.big as a%d}}" * 8 % tuple(range(8)) + "x" + "{{/each}}" * 8
GROWING = "{{ body.long" + " | replace 'a' 'aaaaaaaaaa'" * 40 + " }}"
ATTACKS = [
    LOOP % "x" * 20,
    "{{#repeat 999999999}}x{{/repeat}}",
    "{{#repeat 50000}}{{#repeat 50000}}{{/repeat}}{{/repeat}}",
    LOOP % "{{ body.big | json }}",
    LOOP % "{{ body.big | json | length }}",
    LOOP % "{{ body.long | upper | length }}",
    LOOP % "{{ body.long | slug | length }}",
    LOOP % "{{ body.long | title | length }}",
    LOOP % "{{ body.long | base64 | length }}",
    LOOP % "{{ body.long | urlencode | length }}",
    LOOP % "{{ body.long | split 'a' | count }}",
    LOOP % "{{ body.long | split '' | count }}",
    LOOP % "{{ body.many | join '' | length }}",
    LOOP % "{{ body.long == body.long }}",
    LOOP % "{{#if body.long > body.long}}{{/if}}",
    LOOP % "{{ collection.pets | json | length }}",
    LOOP % "{{ collection.pets | join | length }}",
    LOOP % "{{#each collection.pets}}{{/each}}",
    LOOP % "{{ collection.pets | last | json | length }}",
    LOOP % "{{ body.deep | json | length }}",
    LOOP % "{{#each body.deep}}{{#each this}}{{/each}}{{/each}}",
    LOOP % "{{ faker.email }}{{ uuid }}{{ pick body.many }}",
    LOOP % "{{ now | plus '999999 years' }}{{ now | date '%Y%m%d%H%M%S%A%B' }}",
    NESTED,
    GROWING,
    "{{ body.long | replace 'a' body.long }}",
    "{{ body.many | join body.long }}",
    "{{ 'a' " + "| replace 'a' 'aaaaaaaaaaaaaaaaaaaa' " * 45 + "}}",
]


@pytest.mark.parametrize("json_", [False, True], ids=["text", "json"])
@pytest.mark.parametrize("template", ATTACKS, ids=range(len(ATTACKS)))
def test_an_attack_ends_at_a_bound(template, json_):
    try:
        compiled = compile(f"[{template}]" if json_ else template, json=json_)
    except Refused:  # text between a list's brackets that is no JSON: as good
        assert json_
        return
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(OverBound) as caught:
            compiled.render(SCOPE)
    finally:
        took, most = time.process_time() - began, tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert caught.value.bound in ("steps", "output")
    assert took < SECONDS * 5  # tracing memory costs several times the work
    assert most < MEMORY


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ body.digits | times 99999 }}", ""),
        ("{{ body.huge | times 10 }}{{ body.huge | plus 1 }}{{ query.n | number }}", ""),
        ("{{ body.huge | round 15 }}", ""),
        ("{{ query.zeros | plus 1 }}", "1"),
        ("{{ body.big.__class__ }}{{ body.big.__len__ }}{{ body.__init__.__globals__ }}", ""),
        ("{{ body.long.upper }}{{ body.long.0 }}{{ body.big.-1 }}{{ body.big.append }}", ""),
        ("{{ collection.pets.__class__ }}{{ collection.pets.rows }}{{ collection.__init__ }}", ""),
        ("{{ query.pad }}{{ query.pad | date }}", "%1000000000d"),
        ("{{ now | date query.pad }}", "%1000000000d"),
        ("{{ now | plus query.x }}{{ 'a' | plus query.x }}{{ body.big | plus 1 }}{{ null | date }}", ""),
        ("{{ 1e5 or 1 }}".replace("1e5", "'1e5'"), "1e5"),
        ("{{ 99999999999999999999 | date }}".replace("99999999999999999999", "'99999999999999999999'"), ""),
        ("{{ -999999999999999 | date }}", ""),
        ("{{ body.big | upper | length }}", "182001"),
        ("{{ query.x | unbase64 }}", ""),
        ("{{ header.x-key }}{{ header.x-key.0 }}", ""),
        ("{{ integer body.huge 3 }}{{ number query.n 2 }}{{ integer 'a' 'b' }}{{ pick null }}", ""),
        ("{{ 5 | round 999999 }}{{ 5.55 | round -9 }}", "56"),
        ("{{#each body.long}}x{{/each}}{{#repeat body}}x{{/repeat}}", ""),
    ],
)
def test_odd_values_are_nothing_never_an_error(template, text):
    assert compile(template).render(SCOPE).text == text


@pytest.mark.parametrize(
    "template",
    [
        "x" * (LONGEST + 1),
        "{{#if query.a}}" * (NESTING + 1) + "{{/if}}" * (NESTING + 1),
        "{{ " + "(" * (NESTING + 1) + "1" + ")" * (NESTING + 1) + " }}",
        "{{1}}" * 6_000,
        "{{ 1 " + "or 1 " * 1_000 + "}}",
        "{{ pick " + "1 " * 60 + "}}",
        "{{ 9999999999999999999999 }}",
        "{{ '" + "x" * 3_000 + "' }}",
        "{{ " * 5_000,
        "{{ ' " * 5_000,
        "{{ ' }} " * 4_999,
        "{{#each body}}" * 5_000,
        "{{ not " * 500,
        "}}{{" * 5_000,
        '{{ "' * 9_000 + "}}",
    ],
    ids=range(15),
)
def test_templates_too_large_to_be_honest_are_refused_soon(template):
    began = time.process_time()
    assert problems(template)
    assert problems(template, json=True)
    assert time.process_time() - began < SECONDS


def test_what_a_call_carries_is_never_read_as_a_template():
    scope = Plain({"query": {"a": "{{ body.secret }}", "b": "{{#repeat 9}}x{{/repeat}}"}, "body": {"secret": "s"}})
    assert compile("{{ query.a }}{{ query.b }}").render(scope).text == "{{ body.secret }}{{#repeat 9}}x{{/repeat}}"


def test_a_value_cannot_leave_its_text_in_json():
    made = compile('{"x": ["a {{ query.x }} b"], "y": "{{ query.x }}"}', json=True).render(SCOPE)
    assert made.value == {"x": [f"a {SCOPE.roots['query']['x']} b"], "y": SCOPE.roots["query"]["x"]}


def test_what_fits_is_rendered():
    made = compile("{{#each body.big}}{{ this.name }}{{ this.tags.3 }}{{/each}}").render(SCOPE)
    assert len(made.text) == 2_000 * 51
    assert len(compile("{{#repeat 15000}}x{{/repeat}}").render(SCOPE).text) == 15_000
    assert STEPS == 50_000 and OUTPUT == 1_000_000
