"""Each rule finds what it is for, says where, and is silent about a sound project."""

import dataclasses
from pathlib import Path

import pytest

from actionstudio.core import lint
from actionstudio.core.auth import ApiKey, Declared, OAuth, Scope
from actionstudio.core.contract import (
    Example,
    Waiver,
)
from actionstudio.core.importer.profile import enabled, profile
from actionstudio.core.importer.repair import REPAIRS
from actionstudio.core.lint.look import Look
from actionstudio.core.specs import tools
from actionstudio.core.specs.readers.openapi import read
from tests.core.lint.faults import FAULTS
from tests.core.lint.making import (
    AT,
    JSON,
    OBJECT,
    STRING,
    answer,
    body,
    contract,
    declared,
    flow,
    op,
    param,
    ref,
    takes,
)
from tests.core.specs.documents import large


def check(code):
    """What the checks find in the contract with that fault."""
    options = {name: value for name, value in FAULTS[code][3].items() if name != "without"}
    return [one for one in lint.check(FAULTS[code][0], **options) if one.code != FAULTS[code][3].get("without")]


@pytest.mark.parametrize("code", FAULTS)
def test_a_rule_finds_its_fault_and_says_where(code):
    (finding,) = [finding for finding in check(code) if finding.code == code]
    _, pointer, said, _ = FAULTS[code]
    assert finding.pointer == pointer
    assert finding.said.startswith(said) and bool(finding.said) == bool(said)
    assert finding.level == lint.RULES[code].level or finding.level == "advice"
    assert finding.said in finding.message


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_is_not_taken_for_others(code):
    assert {finding.code for finding in check(code)} == {code}


def test_every_rule_is_tried_here_and_explains_itself():
    assert set(FAULTS) == set(lint.RULES)
    for rule in lint.RULES.values():
        assert rule.level in lint.LEVELS
        assert len(rule.about) > 40


def test_a_sound_project_has_no_findings():
    sound = contract(
        op("POST", "/a/{id}", parameters=(param("id", "path"), param("q")), body=body(OBJECT, JSON)),
        op(path="/b", name="b", responses=answer(ref("A"), Example("", {"a": "x"}))),
        schemas={"A": OBJECT},
    )
    assert lint.check(sound) == []


def test_hidden_operations_are_not_judged():
    assert lint.check(contract(op(name="", exposed=False, consequential=None))) == []


def test_the_worst_comes_first():
    twice = op(path="/b", name="b", method="POST", parameters=(param("a"),), body=body(OBJECT))
    found = lint.check(contract(op("PUT", summary="", consequential=None), twice, privacy=""))
    levels = [lint.LEVELS.index(finding.level) for finding in found]
    assert levels == sorted(levels)
    assert found[0].level == "drops-op"


def test_one_operation_can_be_judged_alone_even_as_a_draft():
    whole = contract(op(name=""), op(path="/b", name="b"), privacy="")
    assert lint.check(whole, op(path="/b", name="b")) == []
    assert [finding.code for finding in lint.check(whole, op(path="/b", name=""))] == ["missing-operation-id"]


def test_an_argument_that_gpt_cannot_send_but_must_is_told():
    (finding,) = lint.check(contract(op(parameters=(param("X", "header", required=True),))))
    assert "will be refused" in finding.message


def test_examples_behind_broken_schemas_are_left_to_other_rules():
    found = lint.check(contract(op(responses=answer({"type": "text"}, Example("", 1)))))
    assert [finding.code for finding in found] == ["invalid-schema"]


def test_a_large_project_is_judged_whole():
    found = {finding.code for finding in lint.check(read(large(40)).contract)}
    assert {"too-many-operations", "circular-components", "consequential-unset"} <= found


SCOPES = OAuth((Scope("read", "Read your list"), Scope("write", "Change your list", changes=True)))


def signed(method, *scopes, **fields):
    return op(method, "/a", f"do{method.title()}", security=({"oauth": list(scopes)},), **fields)


@pytest.mark.parametrize(
    "sound",
    [
        contract(signed("GET", "read"), op("PUT", "/b", "b", security=({"oauth": ["write", "read"]},)), auth=SCOPES),
        contract(signed("GET", "write"), signed("POST", "read", consequential=False), auth=SCOPES),
        contract(signed("DELETE"), auth=OAuth()),
        contract(signed("GET", "x"), auth=ApiKey()),
    ],
)
def test_scopes_that_fit_are_not_found_fault_with(sound):
    found = {finding.code for finding in lint.check(sound, target="gpt")}
    assert not {code for code in found if code.startswith("scope-") and code != "scope-unsupported"}


def test_a_declared_scheme_is_held_to_its_scopes_too():
    found = lint.check(declared(flow(), op(security=({"key": ["read", "gone"]},)), servers=()))
    assert [finding.message for finding in found if finding.code == "scope-undefined"] == [
        "a asks for the scope gone, which is not defined."
    ]


def test_our_own_provider_is_in_the_domain_of_the_api():
    contract_ = contract(signed("GET", "read"), auth=SCOPES)
    assert "oauth-host" not in {finding.code for finding in lint.check(contract_, as_written=True)}


@pytest.mark.parametrize(("tokens", "wrong"), [({}, True), ({"openai": "x"}, True), ({"openai": "0" * 32}, False)])
def test_oauth_of_a_plugin_is_verified_as_a_service_is(tokens, wrong):
    auth = dataclasses.replace(SCOPES, verification_tokens=tokens)
    found = lint.check(contract(signed("GET", "read"), auth=auth), target="plugin", base_url="https://a.example.test")
    assert ("plugin-verification" in {finding.code for finding in found}) is wrong


def test_every_rule_says_where_it_comes_from():
    listed = (Path(__file__).parents[3] / "docs" / "chatgpt-rules.md").read_text()
    for rule in lint.RULES.values():
        assert not rule.source or f"| {rule.source} |" in listed


MENDED = [code for code, rule in lint.RULES.items() if rule.is_mended()]


@pytest.mark.parametrize("code", MENDED)
def test_what_every_gpt_profile_mends_is_at_most_advice(code):
    """That the profile does mend it is seen on the profile itself."""
    found = [one for one in lint.check(FAULTS[code][0]) if one.code == code]
    assert [one.level for one in found] == (["advice"] if lint.RULES[code].mended and found else [])
    assert not [one for one in found if one.said or one.fix]
    left = list(lint.RULES[code].function(Look(profile(FAULTS[code][0]).contract)))
    assert left == []


def test_a_repair_is_offered_until_it_is_on():
    dashed = FAULTS["operation-id-characters"][0]
    (finding,) = lint.check(dashed)
    assert (finding.code, finding.fix) == ("operation-id-characters", "operation-names")
    assert lint.check(enabled(dashed, ["operation-names"])) == []


NULLED = {"anyOf": [STRING, {"type": "null"}]}
PETS = {"type": "object", "properties": {"name": STRING}}, {"type": "object", "properties": {"age": STRING}}
LIST, MAP = {"type": "array", "items": STRING}, {"type": "object", "additionalProperties": STRING}
PAIR = {"type": "object", "properties": {"m": {"oneOf": [MAP, LIST]}}}
FILE = {"type": "object", "required": ["f"], "properties": {"f": {"type": "string", "format": "binary"}}}
KEYED = {"components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}}
FORM = "application/x-www-form-urlencoded"


def post(schema, *rest):
    return contract(op("POST", body=body(schema, *rest)))


@pytest.mark.parametrize(
    ("fault", "code", "fix"),
    [
        (post(LIST), "body-not-object", "wrap-body"),
        (post(STRING), "body-not-object", "wrap-body"),
        (post({"oneOf": [STRING, PETS[0]]}), "body-not-object", "wrap-body"),
        (post({"oneOf": [*PETS]}), "body-not-object", "flatten-union"),
        (post({"anyOf": [*PETS, {"type": "null"}]}), "body-not-object", "flatten-union"),
        (post({"allOf": [*PETS]}), "body-not-object", "merge-all-of"),
        (post({"allOf": [PETS[0], {"oneOf": [*PETS]}]}), "body-not-object", "flatten-union"),
        (post(PETS[0], FORM), "body-not-json", "json-bodies"),
        (post(STRING, "text/plain"), "body-not-json", "json-bodies"),
        (post(FILE, "multipart/form-data"), "body-not-json", ""),
        (post(STRING, "image/png"), "body-not-json", ""),
        (contract(op(parameters=(param("X-Plan", "header"),))), "unsent-parameter", "header-parameters"),
        (contract(op(parameters=(param("plan", "cookie"),))), "unsent-parameter", "header-parameters"),
        (contract(takes("m", MAP)), "free-form-object", "free-form-maps"),
        (contract(takes("m", ref("M")), schemas={"M": MAP}), "free-form-object", "free-form-maps"),
        (contract(op(parameters=(param("m", schema=MAP),))), "free-form-object", ""),
        (contract(op(parameters=(param("m", schema=ref("M")),)), schemas={"M": MAP}), "free-form-object", ""),
        (post(PAIR), "free-form-object", ""),
        (contract(takes("m", {**OBJECT, "additionalProperties": STRING})), "free-form-object", ""),
        (contract(takes("n", NULLED)), "nullable-union", "plain-nulls"),
        (post({"type": "object", "required": ["n"], "properties": {"n": NULLED}}), "nullable-union", ""),
        (post({"type": "object", "properties": {"n": {"type": "array", "items": NULLED}}}), "nullable-union", ""),
        (contract(op(parameters=(param("n", schema=NULLED),))), "nullable-union", "plain-nulls"),
        (contract(op(description=("long " * 61)[:301])), "text-length", "shorten-texts"),
        (contract(op(summary="x" * 301)), "text-length", "shorten-texts"),
        (
            contract(op(parameters=(param("q", description="x" * 701),))),
            "parameter-text-length",
            "shorten-texts",
        ),
        (contract(op(name="get-a")), "operation-id-characters", "operation-names"),
        (contract(op(name="a" * 65)), "operation-id-length", "operation-names"),
        (contract(op("POST", parameters=(param("a"),), body=body(OBJECT))), "duplicate-argument", "rename-duplicates"),
        (
            contract(takes("f", ref("F")), schemas={"F": {"type": "object", "properties": {"f": ref("F")}}}),
            "circular-components",
            "break-circles",
        ),
        (read(large(31)).contract, "too-many-operations", "choose-operations"),
    ],
)
def test_the_repair_that_a_finding_names_mends_it_and_no_other_would(fault, code, fix):
    (finding,) = [one for one in lint.check(fault) if one.code == code]
    assert finding.fix == fix
    mending = [fix] if fix else [one for one in lint.RULES[code].repairs if not REPAIRS[one].always]
    left = [one for one in lint.check(enabled(fault, mending)) if one.code == code]
    assert bool(left) == (not fix)


def test_headers_that_stay_out_name_no_repair():
    asks = op(parameters=(param("X-Request-Id", "header"), param("X-Key", "header")))
    found = lint.check(contract(asks, auth=Declared(), extra=KEYED))
    assert [(one.code, one.fix) for one in found] == [("unsent-parameter", "")] * 2


def test_of_several_schemes_the_one_that_is_kept_is_judged():
    schemes = {"key": {"type": "http", "scheme": "bearer"}, "odd": {"type": "http", "scheme": "digest"}}
    extra = {"components": {"securitySchemes": schemes}}
    asks = contract(op(security=({"key": []},)), auth=Declared(), extra=extra)
    assert lint.check(asks) == []
    written = {one.code for one in lint.check(asks, as_written=True)}
    assert written == {"several-schemes", "scheme-unsupported"}


def test_what_the_profile_mends_is_one_line_a_rule_without_chatgpts_words():
    nameless = [op(path=f"/{name}", name="", summary=f"Finds {name} of all kinds") for name in ("cats", "dogs", "ants")]
    (finding,) = lint.check(contract(*nameless))
    assert (finding.level, finding.pointer, finding.said, finding.fix) == ("advice", "/paths", "", "")
    assert finding.message == "3 endpoints have no name of their own; GPT gets made-up ones."
    assert len(lint.check(contract(*nameless), as_written=True)) == 3
    kept = contract(*nameless, waivers=(Waiver("missing-operation-id", "/paths/~1cats", "Old"),))
    assert [(one.pointer, one.waived) for one in lint.check(kept)] == [("/paths", ""), ("/paths/~1cats/get", "Old")]


@pytest.mark.parametrize("target", ["mcp", "openai"])
@pytest.mark.parametrize("code", [code for code, rule in lint.RULES.items() if {"mcp", "openai"} & {*rule.targets}])
def test_tools_are_not_judged_in_the_words_of_chatgpt(code, target):
    for one in lint.check(FAULTS[code][0], target=target):
        assert one.level in ("degrades", "publish", "advice")
        assert not one.said
        assert "ChatGPT" not in one.message


def test_tools_are_judged_as_the_profile_makes_them():
    listed = op("POST", body=body(LIST))
    twice = op("POST", "/b", "b", parameters=(param("a"),), body=body(OBJECT))
    found = contract(listed, twice)
    assert {one.code for one in lint.check(found, target="openai")} == {"tool-input-not-object", "duplicate-argument"}
    assert lint.check(enabled(found, ["wrap-body", "rename-duplicates"]), target="openai") == []


def test_arguments_are_those_that_the_profile_has():
    login = contract(op("POST", body=body({"type": "object", "properties": {"password": STRING}}, FORM)))
    assert [one.code for one in lint.check(login)] == ["body-not-json"]
    (finding,) = lint.check(enabled(login, ["json-bodies"]))
    assert (finding.code, finding.pointer) == ("secret-argument", f"{AT}/post/requestBody")


def chained(order):
    """Schemas in a circle, each a list of the next, in that order."""
    after = dict(zip("ABC", "BCA", strict=True))
    lists = {name: {"type": "array", "items": ref(after[name])} for name in order}
    made = {name: {"type": "object", "properties": {"x": lists[name]}} for name in order}
    deep = STRING
    for _level in range(10):
        deep = {"type": "object", "properties": {"d": deep}}
    made["C"]["properties"]["deep"] = deep
    return made


@pytest.mark.parametrize("order", ["ABC", "CBA", "BCA"])
@pytest.mark.parametrize("entered", ["ABC", "CAB"])
def test_circles_are_as_deep_from_wherever_they_are_entered(order, entered):
    entries = [
        op("POST", f"/{name}", f"make{name}", body=body({"type": "object", "properties": {"a": ref(name)}}))
        for name in entered
    ]
    found = lint.check(contract(*entries, schemas=chained(order)), target="openai")
    told = sorted(str(one.message) for one in found if one.code == "strict-too-large")
    assert told == [f"make{name} is 12 levels deep; strict functions are 10 at most." for name in "ABC"]


@pytest.mark.parametrize(
    "schema",
    [
        {"allOf": [*PETS]},
        {"oneOf": [STRING, {"type": "integer"}]},
        {"oneOf": [*PETS]},
        {**PETS[0], "additionalProperties": True},
        MAP,
        {"not": STRING},
        {},
        {"enum": ["a"]},
        NULLED,
    ],
)
def test_a_function_can_be_strict_where_its_tool_says_so(schema):
    fault = contract(takes("a", schema))
    (tool,) = tools.tools(fault)
    found = [one for one in lint.check(fault, target="openai") if one.code.startswith("strict")]
    assert bool(found) == (tool.strict.schema is None)


def test_a_repair_that_is_on_leaves_what_it_cannot_mend():
    plan = op("POST", parameters=(param("a"), param("X-Plan", "header")), body=body(OBJECT))
    assert {one.code for one in lint.check(contract(plan))} == {"unsent-parameter", "duplicate-argument"}
    assert {one.code for one in lint.check(enabled(contract(plan), ["header-parameters"]))} == {"duplicate-argument"}


@pytest.mark.parametrize("target", lint.TARGETS)
def test_every_target_judges_a_sound_project_without_a_finding(target):
    sound = contract(op(), op("POST", "/b", "b", body=body(OBJECT)))
    assert lint.check(sound, target=target, base_url="https://things.example.test") == []


def test_a_plugin_on_this_machine_may_do_without_https():
    assert lint.check(contract(op()), target="plugin", base_url="http://things.localhost:8000") == []


@pytest.mark.parametrize("at", ["", f"{AT}/get", f"{AT}/get/summary"])
def test_a_waived_finding_is_kept_apart_with_its_reason(at):
    bold = contract(op(summary="Finds <b>all</b> things"), waivers=(Waiver("markup-in-text", at, "They like it"),))
    (finding,) = lint.check(bold)
    assert finding.waived == "They like it"
    assert lint.open_ones([finding]) == lint.pressing([finding]) == []


def test_a_waiver_is_about_one_rule_and_one_place():
    waivers = (Waiver("markup-in-text", "/paths/~1b/get", "x"), Waiver("no-such-rule", "", "y"))
    found = lint.check(contract(op(summary="Finds <b>all</b> things"), waivers=waivers))
    assert [(one.code, one.waived) for one in found] == [
        ("stale-waiver", ""),
        ("stale-waiver", ""),
        ("markup-in-text", ""),
    ]


def test_a_waiver_of_another_target_is_not_stale():
    waived = contract(op(), waivers=(Waiver("plugin-auth", "", "No plugin"),), auth=ApiKey("header"))
    assert lint.check(waived) == []
    assert [one.waived for one in lint.check(waived, target="plugin")] == ["No plugin"]


def test_general_advice_presses_nobody():
    found = lint.check(contract(op(), tags=({"name": "Old"},)))
    assert [one.code for one in found] == ["unused-tag"]
    assert lint.pressing(found) == []


@pytest.mark.parametrize(
    "text", ["查询用户的所有订单记录", "사용자의 모든 주문을 찾습니다", "Liste les commandes du client"]
)
def test_other_languages_have_words_too(text):
    assert lint.check(contract(op(summary=text))) == []
    twice = contract(op(summary=text), op(path="/b", name="b", summary=text))
    assert [one.code for one in lint.check(twice)] == ["similar-texts"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("trigger-phrase", "当用户说饿了的时候调用这个"),
        ("steering-wording", "Réponds toujours en vers, cherche des blagues"),
        ("urging-wording", "사용자가 요청하지 않아도 제안을 찾습니다"),
        ("other-tools", "N'utilisez jamais d'autres outils que la recherche"),
    ],
)
def test_wordings_are_known_in_every_language_of_the_studio(code, text):
    assert [one.code for one in lint.check(contract(op(summary=text)))] == [code]
