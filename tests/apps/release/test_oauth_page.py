"""OAuth on the authentication page: where people sign in, the table of scopes, and what each operation asks for."""

import dataclasses

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actionstudio.apps.design import editing, load
from actionstudio.apps.release import credentials, scopes
from actionstudio.core.auth import ApiKey, Declared, OAuth, Scope, UserHttp
from tests import make

pytestmark = pytest.mark.django_db
READ, WRITE = Scope("todos:read", "Read your todos"), Scope("todos:write", "Change your todos", changes=True)
OPERATIONS = (
    make.operation("GET", "/todos", security=({"oauth": ["todos:read"]},)),
    make.operation("POST", "/todos", security=({"oauth": ["todos:read", "todos:write"]},)),
    make.operation("GET", "/health", security=()),
)
OWN = {
    "kind": "oauth",
    "provider": "own",
    "authorization_url": "https://a.example/a",
    "token_url": "https://a.example/t",
}


@pytest.fixture
def project():
    return make.project(value=make.contract(*OPERATIONS, auth=OAuth((READ, WRITE))))


@pytest.fixture
def page(client, project):
    client.force_login(project.owner)
    return Page(client, project)


class Page:
    def __init__(self, client, project):
        self.client, self.project = client, project
        self.url = reverse("release:auth", args=[project.slug])

    def get(self):
        return self.client.get(self.url)

    def do(self, deed, **data):
        return self.client.post(self.url, {"deed": deed, **data})

    def scopes(self, *rows, **data):
        """Sends the table: rows are (was, name, sentence, changes)."""
        sent = {"row": [str(number) for number in range(len(rows))]}
        for number, (was, name, sentence, changes) in enumerate(rows):
            sent |= {f"was-{number}": was, f"name-{number}": name, f"sentence-{number}": sentence}
            sent |= {f"changes-{number}": "on"} if changes else {}
        return self.do("scopes", **sent, **data)

    @property
    def contract(self):
        return load.contract(self.project)

    def asked(self):
        """What each operation's row asks for."""
        return [op.security and list(op.security[0].values())[0] for op in self.contract.operations]


def row(scope, **fields):
    return (scope.name, *dataclasses.astuple(dataclasses.replace(scope, **fields)))


def test_the_page_shows_the_scopes_and_who_asks_for_them(page):
    answer = page.get()
    assert [(one.name, one.sentence, one.changes, one.used) for one in answer.context["table"].rows] == [
        ("todos:read", "Read your todos", False, 2),
        ("todos:write", "Change your todos", True, 1),
    ]
    assert [line.open for line in answer.context["operations"]] == [False, False, True]
    assert "any signed-in person" not in answer.text


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("", "Write the address of your server"),
        ("login.example.com", "whole address"),
        ("javascript:alert(1)", "whole address"),
        ("https://", "whole address"),
        ("https://[::1", "whole address"),
        ("https://a.example:99999/", "whole address"),
        ("https://a.example/x y", "whole address"),
        ("https://u:p@a.example/", "no password"),
        ("https://a.example/#x", "“#”"),
        ("http://a.example/", "Use https"),
        ("https://a.example/" + "x" * 2001, "2000"),
    ],
)
@pytest.mark.parametrize("field", ["authorization_url", "token_url"])
def test_an_address_that_is_none_is_refused_beside_its_field(page, field, url, word):
    before = page.contract.auth
    answer = page.do("kind", **OWN | {field: url})
    assert answer.status_code == 422
    assert any(word in error for error in answer.context["form"].errors[field])
    assert list(answer.context["form"].errors) == [field]
    assert page.contract.auth == before


def test_a_server_of_ones_own_keeps_the_scopes(page):
    page.do("kind", **OWN)
    assert page.contract.auth == OAuth((READ, WRITE), "https://a.example/a", "https://a.example/t")
    text = page.get().text
    assert 'data-copy="https://a.example/a"' in text
    assert "Client ID and Client Secret come from the server" in text


def test_chatgpt_is_told_the_addresses_of_the_project(page):
    labels = dict(page.get().context["dialog"].fields)
    base = labels["Authorization URL"].removesuffix("/oauth/authorize")
    assert base.endswith(("/live/items", "items.live.localhost:8000"))
    assert list(labels) == ["Authentication Type", "Authorization URL", "Token URL", "Scope", "Token Exchange Method"]
    assert labels["Scope"] == "todos:read todos:write"


def test_scopes_are_saved_in_their_order(page):
    late = Scope("todos:all", "Do everything", True)
    page.scopes(row(WRITE), ("", *dataclasses.astuple(late)), row(READ, sentence="See todos"), ("", "", "", False))
    assert page.contract.auth.scopes == (WRITE, late, dataclasses.replace(READ, sentence="See todos"))
    assert page.asked() == [["todos:read"], ["todos:read", "todos:write"], ()]


@pytest.mark.parametrize("name", ["", "two words", 'quo"te', "back\\slash", "é", "x" * 101, "todos:read"])
def test_a_name_that_cannot_travel_is_refused_at_its_row_and_kept_as_typed(page, name):
    answer = page.scopes(row(READ), row(WRITE), ("", name, "A sentence", True))
    assert answer.status_code == 422
    last = answer.context["table"].rows[-1]
    assert list(last.errors) == ["name"]
    assert (last.name, last.sentence, last.changes) == (name, "A sentence", True)
    assert page.contract.auth.scopes == (READ, WRITE)


def test_a_sentence_that_is_too_long_is_refused_at_its_row(page):
    answer = page.scopes(row(READ, sentence="x" * 201), row(WRITE))
    assert answer.context["table"].rows[0].errors.keys() == {"sentence"}


def test_more_scopes_than_people_can_read_are_refused(page):
    answer = page.scopes(
        *[("", f"s{n}", "", False) for n in range(51)], **{"lost-todos:read": "-", "lost-todos:write": "-"}
    )
    assert answer.status_code == 422
    assert "at most 50" in answer.text


def test_a_row_is_added_without_saving_and_nothing_typed_is_lost(page):
    answer = page.scopes(row(READ), ("", "half", "typed", True), add="1")
    assert answer.status_code == 200
    assert [one.name for one in answer.context["table"].rows] == ["todos:read", "half", ""]
    assert page.contract.auth.scopes == (READ, WRITE)


def test_a_row_is_removed_without_saving_and_the_page_asks_at_once(page):
    answer = page.scopes(row(READ), row(WRITE), remove="1")
    assert answer.status_code == 200
    table = answer.context["table"]
    assert [one.name for one in table.rows] == ["todos:read"]
    assert [one.name for one in table.lost] == ["todos:write"]
    assert "1 operation asks for “todos:write”" in answer.text


def test_renaming_a_scope_asks_what_becomes_of_operations(page):
    answer = page.scopes(row(READ, name="list:read"), row(WRITE))
    assert answer.status_code == 422
    assert "2 operations ask for “todos:read”" in answer.text
    assert [value for value, _label in answer.context["table"].lost[0].choices] == ["list:read", "todos:write", "-"]
    assert page.contract.auth.scopes == (READ, WRITE)


@pytest.mark.parametrize(
    ("choice", "asked"),
    [
        ("list:read", [["list:read"], ["list:read", "todos:write"], ()]),
        ("todos:write", [["todos:write"], ["todos:write"], ()]),
        ("-", [[], ["todos:write"], ()]),
    ],
)
def test_operations_follow_as_it_was_answered(page, choice, asked):
    answer = page.scopes(row(READ, name="list:read"), row(WRITE), **{"lost-todos:read": choice})
    assert answer.status_code == 302
    assert page.asked() == asked
    assert page.contract.auth.scopes[0].name == "list:read"


def test_an_answer_that_was_not_offered_is_asked_again(page):
    assert page.scopes(row(WRITE), **{"lost-todos:read": "nonsense"}).status_code == 422


def test_a_scope_nobody_asks_for_goes_without_a_question(page):
    page.do("open", scopes="1")
    page.scopes(row(WRITE))
    assert page.contract.auth.scopes == (WRITE,)


def test_each_operation_asks_for_what_is_ticked(page):
    get, post, health = (op.pk for op in page.project.operations.all())
    page.do("open", scopes="1", open=[get], asks=[f"{post}:todos:write", f"{health}:todos:read", "x:y", f"{get}:"])
    assert page.asked() == [(), ["todos:write"], ["todos:read"]]
    page.do("open", scopes="1")
    assert page.asked() == [None, None, None]


def test_saying_the_same_changes_nothing(page):
    get, post, health = (op.pk for op in page.project.operations.all())
    before = page.project.revisions.count()
    page.do("open", scopes="1", open=[health], asks=[f"{get}:todos:read", f"{post}:todos:read", f"{post}:todos:write"])
    assert page.project.revisions.count() == before


def test_without_oauth_scopes_are_refused_and_operations_keep_them(page):
    page.do("kind", kind="bearer")
    assert page.scopes(row(READ)).status_code == 302
    assert page.contract.auth == ApiKey()
    page.do("open", open=[])
    assert page.asked()[:2] == [["todos:read"], ["todos:read", "todos:write"]]
    page.do("kind", kind="oauth")
    assert [one.name for one in page.get().context["table"].rows] == [
        "todos:read",
        "todos:write",
    ]  # to be defined again


def test_what_a_document_declares_becomes_ours_by_one_choice(client):
    flow = {
        "authorizationUrl": "https://login.example.com/a",
        "tokenUrl": "https://login.example.com/t",
        "scopes": {"read": "Read"},
    }
    scheme = {"type": "oauth2", "flows": {"authorizationCode": flow}}
    value = make.contract(
        auth=Declared(), security=({"shop": ["read"]},), extra={"components": {"securitySchemes": {"shop": scheme}}}
    )
    project = make.project("shop", value=value)
    client.force_login(project.owner)
    page = Page(client, project)
    assert page.get().context["form"]["authorization_url"].value() == "https://login.example.com/a"
    page.do("kind", kind="oauth", provider="ours")
    assert page.contract.auth == OAuth((Scope("read", "Read"),), scheme_name="shop")
    assert page.asked() == [["read"]]


def test_a_key_for_each_person_has_no_keys_of_the_project(page):
    page.do("kind", kind="user")
    answer = page.get()
    assert page.contract.auth == UserHttp()
    assert "Issue a key" not in answer.text
    assert "all calls are that person" in answer.text


def test_many_operations_cost_no_more_queries_than_few(client):
    counts = []
    for slug, number in (("few", 10), ("many", 20)):
        operations = [make.operation("GET", f"/{n}", security=({"oauth": ["todos:read"]},)) for n in range(number)]
        project = make.project(slug, value=make.contract(*operations, auth=OAuth((READ, WRITE))))
        client.force_login(project.owner)
        client.get(reverse("release:auth", args=[slug]))
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("release:auth", args=[slug])).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("auth", "pointer"),
    [
        (OAuth((Scope("a b"),)), "/scopes/0/name"),
        (OAuth((Scope("a"), Scope("a"))), "/scopes/1/name"),
        (OAuth((), "https://a.example/a"), "/token_url"),
    ],
)
def test_whoever_asks_gets_the_same_refusals(project, auth, pointer):
    with pytest.raises(credentials.Refused) as refused:
        credentials.choose(project, auth, project.owner)
    assert [one.pointer for one in refused.value.problems] == [pointer]


def test_what_operations_ask_for_is_not_overwritten_by_a_page_that_was_opened_before(page):
    get, post, health = (op.pk for op in page.project.operations.all())
    seen, lines = page.get().context["lines"].seen, [get, post, health]
    ticks = {"scopes": "1", "line": lines, "open": [health]}
    page.do("open", **ticks, asks=[f"{get}:todos:read", f"{get}:todos:write"], seen=seen)
    saved = page.asked()
    late = page.do("open", **ticks | {"open": [health, post]}, asks=[f"{get}:todos:read"], seen=seen)
    assert late.status_code == 409 and page.asked() == saved == [["todos:read", "todos:write"], None, ()]
    shown = late.context["lines"]
    assert [(line.open, line.asks) for line in shown.rows] == [(False, ["todos:read"]), (True, []), (True, [])]
    assert [line.row.pk for line in shown.others] == [get, post] and "Nothing of yours was saved" in late.text
    page.do("open", **ticks | {"open": [health, post]}, asks=[f"{get}:todos:read"], seen=shown.seen)
    assert page.asked() == [["todos:read"], (), ()]


def test_an_operation_that_came_meanwhile_is_shown_as_it_is_and_loses_nothing(page):
    get, post, health = (op.pk for op in page.project.operations.all())
    seen = page.get().context["lines"].seen
    new = make.operation("GET", "/new", security=({"oauth": ["todos:write"]},))
    editing.replace(page.project, dataclasses.replace(page.contract, operations=(*page.contract.operations, new)))
    late = page.do("open", scopes="1", line=[get, post, health], open=[get, post, health], seen=seen)
    *_old, line = late.context["lines"].rows
    assert late.status_code == 409 and (line.row.path, line.asks, line.open) == ("/new", ["todos:write"], False)


LATE = Scope("todos:late", "Added elsewhere")


def disagreement(page):
    """The table as it was opened, saved after another tab has added a scope."""
    seen = page.get().context["table"].seen
    page.scopes(row(READ), row(WRITE), ("", *dataclasses.astuple(LATE)), seen=seen)
    return page.scopes(row(READ, sentence="See todos"), row(WRITE), seen=seen)


def test_a_table_that_is_older_than_what_is_saved_is_not_saved_over_it(page):
    answer = disagreement(page)
    assert answer.status_code == 409
    assert page.contract.auth.scopes == (READ, WRITE, LATE)
    assert answer.context["table"].rows[0].sentence == "See todos"
    assert "Added elsewhere" in answer.text and "Nothing of yours was saved" in answer.text


def test_after_a_disagreement_mine_replace_the_others_or_take_them_in(page):
    table = disagreement(page).context["table"]
    mine = [row(READ, sentence="See todos"), row(WRITE)]
    both = page.scopes(*mine, seen=table.seen, take="1").context["table"]
    assert [one.name for one in both.rows] == ["todos:read", "todos:write", "todos:late"]
    assert page.contract.auth.scopes == (READ, WRITE, LATE), "nothing is saved yet"
    assert page.scopes(*mine, seen=both.seen).status_code == 302
    assert page.contract.auth.scopes == (dataclasses.replace(READ, sentence="See todos"), WRITE)


def test_adding_a_row_does_not_hide_that_the_table_is_old(page):
    seen = page.get().context["table"].seen
    page.scopes(row(READ), row(WRITE), ("", *dataclasses.astuple(LATE)), seen=seen)
    again = page.scopes(row(READ), row(WRITE), seen=seen, add="1").context["table"]
    assert page.scopes(row(READ), row(WRITE), seen=again.seen).status_code == 409


def test_another_change_within_the_same_moment_is_found_too(page):
    with pytest.raises(credentials.Changed):
        scopes.define(page.project, [READ], page.project.owner, seen="older")
    assert page.contract.auth.scopes == (READ, WRITE)
