"""One call of a project's own action: asked for, refused, made; what the log and the model get of it."""

import datetime
import json

import pytest

from actionstudio.apps.simulator.calling import acting, performing
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.chatgpt import identity
from actionstudio.core.contract import Body, Media, Parameter, Response
from tests import make

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 27)
WHO = identity.identity("g-" + "1" * 32, identity.conversation_id("x"), "ann", TODAY)


def items():
    title = {"type": "object", "properties": {"title": {"type": "string"}}}
    return make.project(
        value=make.contract(
            make.operation("GET", "/items", parameters=(Parameter("tag", "query", schema={"type": "string"}),)),
            make.operation("POST", "/items", body=Body(content=(Media("application/json", title),))),
        )
    )


def perform(project, operation_id, arguments=None, **wishes):
    found = acting.of_project(project)
    return performing.perform(found, operation_id, json.dumps(arguments or {}), identity=WHO, **wishes)


def test_a_call_that_was_allowed_is_made_and_logged_as_the_simulators():
    done = perform(items(), "getItems", {"tag": "a"}, consent="allow")
    assert (done.state, done.code, json.loads(done.told)) == ("sent", "", {"ok": True})
    row = Exchange.objects.get()
    assert (row.source, row.status, row.query) == ("simulator", 200, "tag=a")
    assert (row.conversation_id, row.user_id, row.gpt_id) == (WHO.conversation, WHO.user, WHO.gpt)
    assert done.last and done.last.exchange == row.public_id


def test_without_a_choice_nothing_is_sent_and_the_card_is_shown():
    done = perform(items(), "postItems", {"title": "Milk"})
    assert (done.state, done.card.kind, done.attempts) == ("asks", "confirm", ())
    assert json.loads(done.told)["message"] == "The requested action requires approval"
    assert not Exchange.objects.exists()


def test_a_declined_call_is_not_made():
    done = perform(items(), "postItems", {"title": "Milk"}, consent="deny")
    assert (done.state, done.code) == ("refused", "declined")
    assert not Exchange.objects.exists()


def test_an_undeclared_argument_is_refused_before_anybody_is_asked():
    done = perform(items(), "postItems", {"name": "Milk"})
    assert (done.state, done.told) == ("refused", "UnrecognizedKwargsError: name")


def test_a_domain_that_is_allowed_for_good_is_not_asked_for_again():
    assert perform(items(), "getItems", always=True).state == "sent"


@pytest.mark.parametrize(("mode", "told"), [("reported", "ClientResponseError"), ("lenient", '{"ok":true}')])
def test_of_an_error_the_model_is_told_its_name_or_its_body(mode, told):
    answer = Response("404", "", content=(Media("application/json", {"type": "object"}, examples=()),))
    project = items()
    broken = make.project("broken", value=make.contract(make.operation(responses=(answer,))))
    assert project
    done = perform(broken, "getItems", consent="allow", mode=mode)
    assert done.code == "status"
    assert (done.told == told) or mode == "lenient"


def test_what_came_is_plain_json():
    done = perform(items(), "getItems", {"tag": "a"}, consent="allow").plain()
    assert json.loads(json.dumps(done)) == done
