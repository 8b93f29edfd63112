"""Templates by example: what is written becomes what."""

import pytest

from actionstudio.core.problem import Refused
from actionstudio.core.templating import Missing, Plain, Rows, compile, names, problems, roots

PETS = Rows("pets", {"3": {"id": 3, "name": "Rex"}, "4": {"id": 4, "name": "Tom"}})
ROOTS = {
    "query": {"limit": "5", "tags": ["a", "b"], "empty": "", "zero": 0, "no": False, "name": 'Ada "the" 1st'},
    "path": {"id": 7},
    "header": {"x-request-id": "abc", "authorization": Missing("no")},
    "cookie": {"sid": "s1"},
    "method": "POST",
    "url": "http://todo.test/pets?limit=5",
    "call": 3,
    "collection": {"pets": PETS},
    "body": {
        "items": [{"name": "lamp", "price": 9.5, "in": True}, {"name": "rug", "price": 20, "in": False}],
        "first name": "Ada",
        "a/b": {"~": 1},
        "nested": {"null": None, "__class__": "plain key"},
        "at": "2026-01-31",
    },
}


def rendered(text: str, json: bool = False, **fields):
    return compile(text, json=json).render(Plain(ROOTS, **fields))


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("plain", "plain"),
        ("", ""),
        ("Hi {{ query.limit }}!", "Hi 5!"),
        ("{{query.limit}}{{ path.id }}", "57"),
        ("{{ query.nothing }}", ""),
        ("{{ query.nothing or 10 }}", "10"),
        ("{{ query.empty or query.nothing or 'x' }}", "x"),
        ("{{ query.zero or 10 }} {{ query.no or true }}", "0 false"),
        ("{{ body.items.0.name }} {{ body.items[1].name }} {{ body./items/0/price }}", "lamp rug 9.5"),
        ('{{ body["first name"] }} {{ body[\'first name\'] }} {{ body./a~1b/~0 }}', "Ada Ada 1"),
        ("{{ header.X-Request-Id }} {{ cookie.sid }} {{ method }} {{ url }}", "abc s1 POST http://todo.test/pets?limit=5"),
        ("{{ body.nested.null }}|{{ body.items.0.in }}", "|true"),
        ("{{ body.nested.__class__ }}", "plain key"),
        ("{{ collection.pets.3.name }} {{ collection.pets | count }} {{ call }}", "Rex 2 3"),
        ("{{ collection.pets | first }}", '{"id":3,"name":"Rex"}'),
        ("{{ (collection.pets | last) }}", '{"id":4,"name":"Tom"}'),
        ("{{! a remark }}x", "x"),
        ('{{ "}}" }}{{ "{{" }}', "}}{{"),
        ("{{{ path.id }}}", "{7}"),
        ("{{ 1 }} {{ -2.5 }} {{ true }} {{ null }}", "1 -2.5 true "),
        ("{{ now }} {{ now | date '%d.%m.%Y' }}", "2026-01-31T12:00:00Z 31.01.2026"),
        ('{{ now | plus "2 days" | date }} {{ now | minus "90 minutes" }}', "2026-02-02 2026-01-31T10:30:00Z"),
        ('{{ body.at | plus "1 month" }} {{ body.at | plus "1 year" }}', "2026-02-28 2027-01-31"),
        ('{{ now | date "unix" }} {{ now | date "http" }}', "1769860800 Sat, 31 Jan 2026 12:00:00 GMT"),
        ('{{ 0 | date "%A %e %B %j %I%p %% %L" }}', "Thursday 1 January 001 12AM % 000"),
        ("{{ query.limit | plus 1 }} {{ 9.5 | times 2 }} {{ 5 | minus 7 }}", "6 19.0 -2"),
        ("{{ 2.345 | round 2 }} {{ 2.5 | round }} {{ '7' | round }}", "2.35 2 7"),
        ("{{ 'aBc d' | upper }} {{ 'ABC' | lower }} [{{ ' x ' | trim }}]", "ABC D abc [x]"),
        ("{{ \"o'neill jones\" | title }}", "O'neill Jones"),
        ("{{ 'Héllo, Wörld!' | slug }} {{ 'a-b-a' | replace 'a' 'xx' }} {{ 'abc' | length }}", "héllo-wörld xx-b-xx 3"),
        ("{{ query.tags | join '; ' }} {{ 'a, b' | split | last }} {{ query.tags | count }}", "a; b b 2"),
        ("{{ 'a b&c' | urlencode }} {{ '<a>' | escape }}", "a%20b%26c &lt;a&gt;"),
        ("{{ 'hé' | base64 }} {{ 'aMOp' | unbase64 }} {{ 'aMO' | unbase64 }}", "aMOp hé h\ufffd"),
        ("{{ body.items | json | length }}", "76"),
        ("{{ query.no | default 'x' }} {{ query.nothing | default 'x' }}", "false x"),
        ("{{ '12' | number | plus 1 }} {{ 'off' | boolean }} {{ 12 | text | length }}", "13 false 2"),
        ("{{ query.name or 'x' | upper }}", 'ADA "THE" 1ST'),
        ("{{#if query.limit}}a{{else}}b{{/if}}", "a"),
        ("{{#if query.nothing}}a{{else if query.limit == 5}}b{{else}}c{{/if}}", "b"),
        ("{{#if query.limit > 10}}a{{else if query.limit >= 6}}b{{else}}c{{/if}}", "c"),
        ("{{#if not query.no and query.limit != '6'}}a{{/if}}", "a"),
        ("{{#if query.no or query.limit}}a{{/if}}", "a"),
        ("{{#if query.no == 'false'}}a{{/if}}", "a"),
        ("{{#if body.items == body.items}}a{{else}}b{{/if}}", "b"),
        ("{{#each body.items}}{{@index}}:{{this.name}}{{#if not @last}}, {{/if}}{{/each}}", "0:lamp, 1:rug"),
        ("{{#each body.items as i}}{{#each query.tags as t}}{{i.name}}{{t}}{{/each}}{{/each}}", "lampalampbrugarugb"),
        ("{{#each query.nothing}}x{{else}}none{{/each}}", "none"),
        ("{{#each body.nested}}{{@key}};{{/each}}", "null;__class__;"),
        ("{{#each collection.pets}}{{@key}}={{this.name}} {{/each}}", "3=Rex 4=Tom "),
        ("{{#repeat 3}}{{this}}{{@index}} {{/repeat}}", "10 21 32 "),
        ("{{#repeat query.limit as n}}{{n}}{{/repeat}}", "12345"),
        ("{{#repeat -1}}x{{/repeat}}{{#repeat 'a'}}x{{/repeat}}", ""),
    ],
)  # fmt: skip
def test_what_is_written_becomes(template, text):
    assert rendered(template).text == text


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ('{"a": "{{ body.items.0.price }}"}', {"a": 9.5}),
        ('{"a": "{{ body.items.0 }}"}', {"a": ROOTS["body"]["items"][0]}),
        ('{"a": "{{ path.id }} items"}', {"a": "7 items"}),
        ('{"a": "{{ path.id | text }}"}', {"a": "7"}),
        ('{"a": {{ path.id }}, "b": {{ query.name }}}', {"a": 7, "b": ROOTS["query"]["name"]}),
        ('{"a": {{ query.nothing }}}', {"a": None}),
        ('{"a": "{{ query.nothing }}", "{{ cookie.sid }}": 1}', {"a": "", "s1": 1}),
        ('{"a": "say {{ query.name }}"}', {"a": 'say Ada "the" 1st'}),
        ('"{{ query.nothing or \\"x\\" }}"', "x"),
        ('"{{ query.nothing or "x" }}"', "x"),
        ("{{ query.tags }}", ["a", "b"]),
        ('["{{ query.tags.0 }}""{{ query.tags.1 }}"]'.replace('""', '", "'), ["a", "b"]),
        ('[{{#each body.items}}{"n": "{{ this.name }}"}{{/each}}]', [{"n": "lamp"}, {"n": "rug"}]),
        ('[{{#each body.items}}{"n": "{{ this.name }}"}, {{/each}}]', [{"n": "lamp"}, {"n": "rug"}]),
        ('[{{#each body.items}}{{#if not @first}},{{/if}}{{ this.name }}{{/each}}]', ["lamp", "rug"]),
        ('[1, {{#each query.nothing}}2{{/each}}]', [1]),
        ('[{{#each query.nothing}}2{{/each}}, 1]', [1]),
        ('[0{{#each query.tags}}, "{{ this }}"{{/each}}]', [0, "a", "b"]),
        ('{"a": 1{{#if query.nothing}}, "b": 2{{/if}}{{#if path.id}}, "c": 3{{/if}}}', {"a": 1, "c": 3}),
        ('{ {{#each query.tags}}"{{ this }}": {{ @index }}{{/each}} }', {"a": 0, "b": 1}),
        ('{"list": "{{#each query.tags}}{{ this }};{{/each}}"}', {"list": "a;b;"}),
        ('[{{#repeat 2}}[{{#repeat 2}}{{ this }}{{/repeat}}]{{/repeat}}]', [[1, 2], [1, 2]]),
        ('{"rows": {{ collection.pets }}}', {"rows": [{"id": 3, "name": "Rex"}, {"id": 4, "name": "Tom"}]}),
        ('{"\\u00e9": "\\"{{ path.id }}"}', {"é": '"7'}),
        ("", ""),
    ],
)  # fmt: skip
def test_json_keeps_types_and_stays_json(template, value):
    assert rendered(template, json=True).value == value


@pytest.mark.parametrize(
    ("template", "where", "message"),
    [
        ("{{ foo }}", (1, 4), "There is no “foo”"),
        ("a\n  {{ querry.x }}", (2, 6), "Write query"),
        ("{{ query.x | uper }}", (1, 14), "Write upper"),
        ("{{ query.x", (1, 1), "“}}” is missing"),
        ("{{ 'x }}", (1, 4), "not closed"),
        ("{{ }}", (1, 4), "A value is missing here"),
        ("{{ query.a query.b }}", (1, 12), "not expected here"),
        ("{{ query.a + 1 }}", (1, 12), "“+” cannot stand here"),
        ("{{ (query.a }}", (1, 4), "bracket is not closed"),
        ("{{ query.a | replace 'a' }}", (1, 14), "replace \"a\" \"b\""),
        ("{{ integer 1 2 3 }}", (1, 4), "integer 1 100"),
        ("{{ now | date '%1000000Y' }}", (1, 15), "“%1” is no part of a date"),
        ("{{ now | plus 'soon' }}", (1, 15), "2 days"),
        ("{{ secret.GITHUB }}", (1, 4), "Secrets are for upstreams alone"),
        ("{{ header.Authorization }}", (1, 4), "credential"),
        ("{{ faker.emial }}", (1, 4), "faker.email"),
        ("{{ method.upper }}", (1, 4), "one value"),
        ("{{ upper }}", (1, 4), "is a filter"),
        ("{{ params.id }}", (1, 4), "Write “path”"),
        ("{{ this.a }}", (1, 4), "inside {{#each}} only"),
        ("{{#each body}}{{ name }}{{/each}}", (1, 18), "Write this.name"),
        ("{{#if a}}x{{/if}}", (1, 7), "There is no “a”"),
        ("{{#if query.a}}x", (1, 1), "write {{/if}}"),
        ("{{#if query.a}}x{{/each}}", (1, 19), "close it first with {{/if}}"),
        ("x{{/if}}", (1, 4), "no block is open"),
        ("{{else}}", (1, 3), "belongs inside"),
        ("{{#if query.a}}{{else}}{{else}}{{/if}}", (1, 26), "already"),
        ("{{#unless query.a}}{{/unless}}", (1, 1), "{{#if not …}}"),
        ("{{#with query}}{{/with}}", (1, 1), "There is no block “with”"),
        ("{{#each body as query}}{{/each}}", (1, 17), "a name of your own"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place_and_a_cure(template, where, message):
    found = problems(template)
    assert (found[0].line, found[0].column) == where
    assert message in found[0].message
    assert found[0].message.startswith(f"Line {where[0]}, column {where[1]}: ")
    with pytest.raises(Refused):
        compile(template)


@pytest.mark.parametrize(
    ("template", "where", "message"),
    [
        ('{"a": 1,}', (1, 8), "not JSON"),
        ('{"a": {{ path.id }}', (1, 20), "not JSON"),
        ('{\n"a": {{ path.id }} "b": 1}', (2, 20), "not JSON"),
        ('{"a": "x}', (1, 10), "is not closed"),
        ('{"a": "{{#if path.id}}"{{/if}}}', (1, 8), "same side"),
        ('{"a": "\\{{ path.id }}"}', (1, 8), "backslash"),
        ('{"a": "\\u00{{ path.id }}"}', (1, 8), "backslash"),
        ("{ {{ path.id }}: 1}", (1, 3), "not JSON"),
        ('[1 {{#if path.id}} 2 {{/if}}]', (1, 20), "not JSON"),
    ],
)  # fmt: skip
def test_json_around_the_values_is_checked_before_any_call(template, where, message):
    found = problems(template, json=True)
    assert [((one.line, one.column), message in one.message) for one in found] == [(where, True)]
    assert not problems(template)


def test_several_things_that_are_wrong_are_told_together():
    assert [one.line for one in problems("{{ foo }}\n{{#if bar}}\n{{ query.a | nope }}{{/if}}")] == [1, 2, 3]


def test_what_is_read_can_be_listed():
    text = "{{ query.limit or 10 }} {{ body.items.0.name }} {{ query.limit }} {{ random.uuid }} {{ faker.email }}"
    assert names(text) == ["query.limit", "body.items.0.name", "random.uuid", "faker.email"]
    assert roots(text) == {"query", "body", "random", "made"}
    assert names("{{ foo }} {{ query.a }}") == ["query.a"]
    assert compile("{{ 'a' | upper }} b").constant
    assert not compile("{{ now }}").constant


def test_what_was_read_and_what_was_missing_is_kept_for_the_trail():
    made = rendered(
        "{{ query.limit }} {{ query.foo }} {{ body.items }} {{ query.bar or 1 }} {{ collection.pets.9.name }}"
    )
    assert made.values == {
        "query.limit": "5",
        "query.foo": None,
        "body.items": "[2 entries]",
        "query.bar": None,
        "collection.pets.9.name": None,
    }
    assert made.notes == ("query.foo was not sent", "collection.pets has no row “9”")


def test_what_is_made_up_is_the_same_for_the_same_seed():
    text = "{{ uuid }} {{ id }} {{ integer 1 1000000 }} {{ pick 'a' 'b' 'c' }} {{ number 0 1 9 }} {{ faker.email }}"
    assert rendered(text, seed=5).text == rendered(text, seed=5).text != rendered(text, seed=6).text


def test_behind_random_it_is_new_each_time():
    made = compile("{{ random.uuid }}{{ random.integer 1 9 }}{{ random.faker.city }}")
    scope = Plain()
    assert made.render(scope).text != made.render(scope).text


@pytest.mark.parametrize(
    ("template", "check"),
    [
        ("{{ integer 3 5 }}", lambda value: 3 <= value <= 5 and isinstance(value, int)),
        ("{{ integer 5 3 }}", lambda value: 3 <= value <= 5),
        ("{{ number 1 2 3 }}", lambda value: 1 <= value <= 2),
        ("{{ boolean }}", lambda value: value in (True, False)),
        ("{{ pick query.tags }}", lambda value: value in ("a", "b")),
        ("{{ faker.price }}", lambda value: isinstance(value, float)),
        ("{{ faker.internet.email }}", lambda value: "@" in value),
        ("{{ faker.firstName }}", lambda value: value.isalpha()),
        ("{{ faker.date-time | date '%Y' }}", lambda value: value == "2026"),
        ("{{ uuid }}", lambda value: len(value) == 36 and value[14] == "4"),
    ],
)
def test_made_up_values_are_what_they_say(template, check):
    assert check(rendered(template).value)


def test_a_template_of_one_tag_keeps_the_type_of_its_value():
    assert rendered("{{ query.tags }}").value == ["a", "b"]
    assert rendered("{{ query.tags }} ").value == '["a","b"] '
