"""What the text editor saves: the text is the truth, and what no document can say stays."""

import dataclasses

import pytest

from actionstudio.apps.library.starters import STARTERS, starter
from actionstudio.core.auth import ApiKey, Declared, NoAuth, OAuth, Scope, ServiceHttp, UserHttp
from actionstudio.core.behaviour import Generated
from actionstudio.core.contract import Component, Contract, Manifest, Operation, Parameter, Response, Waiver
from actionstudio.core.reimport import text_edit
from actionstudio.core.specs import openapi
from actionstudio.core.specs.readers import openapi as reader

LIST = Operation(
    "GET", "/todos", "list", exposed=False, validation="off", behaviour=Generated(seed=3), responses=(Response("200"),)
)
ADD = Operation("POST", "/todos", "add", consequential=True, responses=(Response("201"),))
HOUSE = Contract(
    title="Todos",
    operations=(LIST, ADD),
    components=(Component("Todo", {"type": "object"}),),
    validation="report",
    manifest=Manifest("Todos"),
    privacy="# Privacy",
    legal="# Legal",
    logo="a" * 64,
    repairs={"one-server": {}},
    waivers=(Waiver("missing-text", "/paths/~1todos/get", "known"),),
)


def edited(current, change=lambda doc: None):
    """``current`` after its full document was changed by ``change`` and saved."""
    doc = openapi.render(current)
    change(doc)
    return text_edit(current, reader.read(doc).contract)


def with_security(auth, *securities, **fields):
    operations = tuple(
        dataclasses.replace(op, security=security) for op, security in zip(HOUSE.operations, securities, strict=True)
    )
    return dataclasses.replace(HOUSE, auth=auth, operations=operations, **fields)


@pytest.mark.parametrize("key", [one.key for one in STARTERS])
def test_a_text_that_was_not_changed_changes_nothing(key):
    assert edited(starter(key)) == starter(key)


SCOPES = (Scope("read", "Read"), Scope("write", "Write", changes=True))
AUTHS = [
    NoAuth(),
    Declared(),
    ApiKey(),
    ApiKey("header", "X-K", "k"),
    ServiceHttp("bearer", {"openai": "t"}),
    UserHttp("basic", {"openai": "t"}),
    OAuth(SCOPES, token_exchange="basic_auth_header", content_type="application/json"),
    OAuth(SCOPES, "https://a.example/a", "https://a.example/t", verification_tokens={"openai": "t"}, scheme_name="k"),
]


@pytest.mark.parametrize("auth", AUTHS)
@pytest.mark.parametrize(
    "securities",
    [(None, None), ((), None), (({"k": []},), None), (({"k": []},), ()), (({"oauth": ["read"]},), ({"k": ["write"]},))],
)
@pytest.mark.parametrize("document", [None, (), ({"k": []},)])
def test_nor_does_it_whatever_the_auth_and_what_it_hides(auth, securities, document):
    schemes = {"components": {"securitySchemes": {"k": {"type": "apiKey", "in": "query", "name": "k"}}}}
    current = with_security(auth, *securities, security=document, extra=schemes)
    assert edited(current) == current
    assert edited(current, lambda doc: doc["paths"]["/todos"].pop("post")).operations == current.operations[:1]


def test_what_a_document_writes_otherwise_is_left_as_it_is():
    loose = Operation("GET", "/todos/{id}", parameters=(Parameter("id", "path"),), responses=(Response("200"),))
    current = dataclasses.replace(HOUSE, operations=(LIST, loose, ADD))  # written with required, and ADD beside LIST
    assert edited(current) == current


def test_the_text_wins_and_what_it_cannot_say_stays():
    def change(doc):
        doc["info"]["title"] = "Tasks"
        doc["paths"]["/todos"]["get"]["summary"] = "All"
        doc["paths"]["/todos"]["post"]["x-openai-isConsequential"] = False
        del doc["components"]

    after = edited(HOUSE, change)
    assert after.title == "Tasks"
    assert after.operations[0] == dataclasses.replace(LIST, summary="All")
    assert after.operations[1] == dataclasses.replace(ADD, consequential=False)
    assert after.components == ()
    for kept in ("validation", "manifest", "privacy", "legal", "logo", "repairs", "waivers"):
        assert getattr(after, kept) == getattr(HOUSE, kept)


def test_an_operation_that_moved_is_known_by_its_name():
    def change(doc):
        doc["paths"]["/tasks"] = {"get": doc["paths"]["/todos"].pop("get")}

    after = edited(HOUSE, change)
    assert after.operations == (ADD, dataclasses.replace(LIST, path="/tasks"))


def test_operations_come_go_and_change_their_order():
    def change(doc):
        doc["paths"] = {
            "/new": {"get": {"operationId": "new", "responses": {}}},
            "/todos": {"post": doc["paths"]["/todos"]["post"]},
        }

    after = edited(HOUSE, change)
    assert after.operations == (Operation("GET", "/new", "new"), ADD)

    def turn(doc):
        doc["paths"]["/todos"] = dict(reversed(doc["paths"]["/todos"].items()))

    assert edited(HOUSE, turn).operations == (ADD, LIST)


def test_true_is_not_one():
    def change(doc):
        doc["components"]["schemas"]["Todo"]["default"] = True

    current = dataclasses.replace(HOUSE, components=(Component("Todo", {"type": "object", "default": 1}),))
    assert edited(current, change).components[0].schema["default"] is True


def test_a_new_scheme_in_the_text_becomes_the_auth_and_nothing_hidden_comes_up():
    current = with_security(NoAuth(), ({"gone": []},), None)

    def change(doc):
        doc["security"] = [{"k": []}]
        doc["components"]["securitySchemes"] = {"k": {"type": "http", "scheme": "bearer"}}

    after = edited(current, change)
    assert after.auth == ApiKey("bearer", scheme_name="k")
    assert [op.security for op in after.operations] == [None, None]


def test_a_service_token_keeps_its_verification_tokens_under_another_name():
    current = dataclasses.replace(HOUSE, auth=ServiceHttp("bearer", {"openai": "t"}))

    def change(doc):
        doc["components"]["securitySchemes"] = {"mine": {"type": "http", "scheme": "bearer"}}
        doc["security"] = [{"mine": []}]

    assert edited(current, change).auth == ServiceHttp("bearer", {"openai": "t"}, "mine")


@pytest.mark.parametrize("auth", [one for one in AUTHS if isinstance(one, OAuth)])
def test_scopes_are_edited_as_text_and_what_no_document_says_of_oauth_stays(auth):
    def change(doc):
        flow = doc["components"]["securitySchemes"][auth.scheme_name]["flows"]["authorizationCode"]
        flow["scopes"] = {"write": "Write everything", "all": "All"}
        doc["paths"]["/todos"]["get"]["security"] = [{auth.scheme_name: ["all"]}]

    after = edited(dataclasses.replace(HOUSE, auth=auth), change)
    scopes = (Scope("write", "Write everything", changes=True), Scope("all", "All"))
    assert after.auth == dataclasses.replace(auth, scopes=scopes)
    assert after.operations[0].security == ({auth.scheme_name: ["all"]},)


def test_other_addresses_in_the_text_are_a_server_of_ones_own():
    def change(doc):
        flow = doc["components"]["securitySchemes"]["oauth"]["flows"]["authorizationCode"]
        flow |= {"authorizationUrl": "https://a.example/a", "tokenUrl": "https://a.example/t"}

    after = edited(dataclasses.replace(HOUSE, auth=OAuth(SCOPES)), change)
    assert after.auth == OAuth(SCOPES, "https://a.example/a", "https://a.example/t")


def test_each_persons_key_keeps_its_verification_tokens():
    current = dataclasses.replace(HOUSE, auth=UserHttp("bearer", {"openai": "t"}))
    after = edited(current, lambda doc: doc["paths"]["/todos"]["get"].update(security=[]))
    assert after.auth == current.auth
    assert after.operations[0].security == ()


def test_an_operation_without_a_key_opens_that_operation_only():
    current = dataclasses.replace(HOUSE, auth=ApiKey())
    after = edited(current, lambda doc: doc["paths"]["/todos"]["get"].update(security=[]))
    assert after.auth == ApiKey()
    assert [op.security for op in after.operations] == [(), None]
